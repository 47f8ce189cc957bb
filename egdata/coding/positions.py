"""Statements → stance on the issues of the codebook.

How a stance comes about. The **targets** of a statement are the words that name an issue (:mod:`.targets`): a rule of
``issue_rules.csv``, or the mention of an instrument. A statement without one may point back to what was debated
before. For each target three things are asked, in this order:

1. **Idioms that decide first**: rows of ``stance_rules.csv`` with the strength ``first``, words that mean one thing for
   one issue whatever stands around them ('must go through central authorities'), and conditions.
2. **The chain** (:mod:`.chain`): the words of the valence lists that govern the target, multiplied. An ``inverse``
   target (unilateral measures, attacks) turns the product round; in a ``fixed`` one the words of the target are the
   evaluation, and the chain may deny it.
3. **Idioms that then decide** (strength ``then``), a chain without a word that judges (a bare *should*), and words that
   only hint (strength ``last``).

Idioms count only where they belong to the target's clauses, and not where they stand in a reason or an aside; what is
only cited in order to be denied ('contested the claim that it was regional') is turned round. An approval or permission
beside a **condition** is conditional. Where nothing speaks the target's ``default`` remains.

So far the rules. **What was learnt** (:mod:`.classifier`) then weighs the words of the statement together with what
the rules say, and may take another stance, leave an issue out, or find one that no rule names.

Of several targets of an issue the one with an explicit stance counts; an issue that is only mentioned beside a stance
on another one is no position. :func:`egdata.explain` shows all of this for one row, :func:`egdata.position_traces` as
numbers for all.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import frame_of, grouped, records
from egdata.base.vocabulary import CERTAINTIES, OPPOSITE, UNATTRIBUTED
from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import Match, Rule, Rules, all_matches, find_matches
from egdata.coding.chain import (
    CHAIN,
    UNHEARD,
    Chain,
    Governors,
    Sentence,
    govern,
    govern_all,
    is_denied,
    is_outside,
    read_governors,
    read_sentence,
)
from egdata.coding.classifier import LEARNT, Classifier, Judgement, Verdict, Words, names_of, read_classifier
from egdata.coding.clauses import Clause, beginning_in, split_clauses, without_blanks
from egdata.coding.targets import (
    ANSWER,
    BACK_REFERENCE,
    CARRIED_OVER,
    TOPIC,
    Mention,
    Target,
    find_targets,
    own_clause,
    scopes,
    subject_of,
    told_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

COLUMNS = (
    "position_id", "statement_id", "issue_id", "stance", "start", "end", "quote", "rule_id", "citation", "coded_by",
    "certainty",
)  # fmt: skip
NO_RULE = (*CARRIED_OVER, CHAIN, LEARNT)
_EXTRACT = 20  # sentences; of fewer a share says little
_DECIDES = ("against", "conditional", "for", "neutral")  # of cues of one strength


class Finding(NamedTuple):
    """A stance with the words that carry it, and what was weighed."""

    issue_id: str
    stance: str
    start: int
    end: int
    rule_id: str
    is_default: bool
    target: Target
    chain: Chain
    decided_by: str  # 'idiom', 'chain', 'default', 'learnt'
    cues: tuple[Match, ...] = ()  # all that were heard, the one that decided first
    chance: float | None = None  # that it is right, by the weights that the codebook has learnt


class Context(NamedTuple):
    """What a statement may point back to."""

    known: Mapping[str, str]  # the stances of the last statement of its unit that took any
    debated: Collection[str]  # the issues of its unit so far
    answers: bool  # whether that statement stands in the same sentence
    goes_on: bool  # whether somebody is said to hold this statement, which may go on with what was said before


def positions_of(report: Report, codebook: Codebook, statements: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The positions of a report, without their holders; :func:`egdata.find_positions` says what the columns hold."""
    units = dict(records(report.sentences, "sentence_id", "unit_id"))
    findings = list(findings_of(report, codebook, statements, mentions))
    rated = certainties([finding.chance for _, finding in findings], codebook, report.lang)
    rows = []
    for (statement_id, finding), certainty in zip(findings, rated, strict=True):
        start, end = without_blanks(report.text, finding.start, finding.end)
        words = report.text[start:end].rstrip("，；：。,;:. \n")
        rows.append(
            {
                "position_id": f"{statement_id}/{finding.issue_id}",
                "statement_id": statement_id,
                "issue_id": finding.issue_id,
                "stance": finding.stance,
                "start": start,
                "end": start + len(words),
                "quote": words,
                "rule_id": finding.rule_id,
                "citation": report.citation(units[statement_id.rpartition("/")[0]]),
                "coded_by": "rules",
                "certainty": certainty,
            }
        )
    return frame_of(rows, COLUMNS, start="int64", end="int64")


def certainties(chances: Iterable[float | None], codebook: Codebook, lang: str) -> list[str]:
    """``sure``, ``likely`` or ``check`` for each chance; empty where the codebook has learnt nothing."""
    table = codebook.tables["certainty_classes"]
    at_least = dict(records(table[table["lang"].eq(lang)], "certainty", "at_least"))
    classes = [(name, at_least[name]) for name in CERTAINTIES if name in at_least]
    return [
        next((name for name, least in classes if chance is not None and chance >= float(least)), "")
        for chance in chances
    ]


def findings_of(
    report: Report, codebook: Codebook, statements: pd.DataFrame, mentions: pd.DataFrame
) -> Iterator[tuple[str, Finding]]:
    """The stances of a report with what was weighed, each with the id of its statement."""
    rules, classifier = read_rules(codebook, report.lang), read_classifier(codebook, report.lang)
    is_about_it = is_on_subject(report, rules)
    if not is_about_it:  # only a paragraph may be
        paragraphs = Counter(report.sentences["unit_id"])
        counted = Counter(_on_subject(report, rules))
        chosen = [unit for unit, n in counted.items() if n * 3 >= paragraphs[unit]]
        statements = statements[statements["sentence_id"].str.rpartition("#")[0].isin(chosen)]
    # a resolution in a report decides, a list's opening or an agenda item is about something: neither takes a side
    procedure = codebook.pattern("procedure", report.lang)
    instruments = records(mentions[mentions["kind"].eq("instrument")], "start", "end", "entity_id", "rule_id")
    spans = sorted(instruments, key=itemgetter(0))
    units = dict(records(report.sentences, "sentence_id", "unit_id"))
    unit_before = sentence_before = ""  # of the last statement with a stance
    known: dict[str, str] = {}  # what it took which stance on
    debated: set[str] = set()  # the issues of its unit so far
    opponent = codebook.pattern("opponent", report.lang)
    names = names_of(mentions)
    columns = ["statement_id", "sentence_id", "start", "end", "holder", "holder_start", "holder_end"]
    for statement_id, sentence_id, start, end, holder, *named_at in records(statements, *columns):
        inside = beginning_in(spans, start, end)
        if unit_before != units[sentence_id]:
            known, debated = {}, set()
        context = Context(known, debated, sentence_id == sentence_before, holder != UNATTRIBUTED)
        takes_none = units[sentence_id] in report.resolution_units or procedure.match(report.text, start, end)
        findings = [] if takes_none else evaluate(report.text, start, end, inside, rules, context)
        if classifier and not takes_none:
            words = classifier.read(report.text[start:end], names(start, end))
            findings = list(judge(words, start, findings, debated, classifier))
            if not is_about_it:  # elsewhere what only the weights find is about something else
                findings = [finding for finding in findings if finding.rule_id != LEARNT]
        if holder != UNATTRIBUTED and opponent.search(report.text, *map(int, named_at)):
            findings = [_opposed(finding, *named_at) for finding in findings]
        if findings:
            unit_before, sentence_before = units[sentence_id], sentence_id
            known = {finding.issue_id: finding.stance for finding in findings}
            debated |= set(known)
        yield from ((statement_id, finding) for finding in findings)


def _opposed(finding: Finding, start: int, end: int) -> Finding:
    """What '…, opposed by two delegations, …' says of what others propose, unless the chain has heard them."""
    if any(start <= operator.start < end for operator in finding.chain.operators):
        return finding
    return finding._replace(stance=OPPOSITE.get(finding.stance, finding.stance))


def judge(
    words: Words, start: int, findings: list[Finding], debated: Collection[str], classifier: Classifier
) -> Iterator[Finding]:
    """What the weights make of the findings of the rules: some fall away, some take another stance, some come new.

    Where a statement points back to what was debated, its own words do not say what it is about, and the rules are
    right to look further.
    """
    if any(finding.target.rule_id in CARRIED_OVER for finding in findings):
        yield from (finding._replace(chance=0.0) for finding in findings)
        return
    statement = (start, start + len(words.text))
    by_rules = {finding.issue_id: finding for finding in findings}
    verdicts = {issue: verdict_of(finding, start) for issue, finding in by_rules.items()}
    judged = dict(classifier.judge(words, verdicts))
    for issue in dict.fromkeys([*by_rules, *judged]):
        finding, said = by_rules.get(issue), judged.get(issue)
        if said is None:
            if issue in debated:
                yield finding._replace(chance=0.0)
        elif finding and finding.stance == said.stance:
            yield finding._replace(chance=said.chance)
        else:
            weighed = classifier.weighed(words, issue, said.stance if finding else "")
            first, last = next((span for _, _, span in weighed), (0, len(words.text)))
            clauses = split_clauses(words.text, words.governors.marks)
            clauses = [clause for clause in clauses if clause[1] > first and clause[0] < last]
            quoted = (start + clauses[0][0], start + clauses[-1][1]) if clauses else statement
            yield _by_weights(finding, issue, said, (start + first, start + last), quoted)


def _by_weights(finding: Finding | None, issue: str, said: Judgement, words: Clause, quoted: Clause) -> Finding:
    """A position that the weights decide, by the words that weighed most and the clauses that they stand in."""
    if finding is None:
        target = Target(*words, issue, "direct", "none", LEARNT)
        return Finding(issue, said.stance, *quoted, LEARNT, False, target, UNHEARD, LEARNT, chance=said.chance)
    return finding._replace(
        stance=said.stance, start=min(quoted[0], finding.start), end=max(quoted[1], finding.end),
        rule_id=f"{finding.target.rule_id}+{LEARNT}", is_default=False, decided_by=LEARNT, chance=said.chance,
    )  # fmt: skip


def verdict_of(finding: Finding, start: int) -> Verdict:
    """What the rules say of an issue, for the weights; the target counted from the start of the statement."""
    first, last = max(finding.target.start - start, 0), max(finding.target.end - start, 0)
    return Verdict(finding.stance, finding.decided_by, (first, last))


def is_on_subject(report: Report, rules: StanceRules) -> bool:
    """Whether at least one sentence in ten has a word of the codebook's subject.

    Bare sentences, and an extract without headings of fewer than ``_EXTRACT`` sentences, count as on it.
    """
    is_extract = report.sections.empty and len(report.sentences) < _EXTRACT
    if rules.subject is None or is_extract or report.units["voice"].eq("").all():
        return True
    return len(_on_subject(report, rules)) * 10 >= len(report.sentences)


def _on_subject(report: Report, rules: StanceRules) -> list[str]:
    """The unit of each sentence with a word of the subject."""
    texts = records(report.folded.sentences, "unit_id", "text")
    return [unit_id for unit_id, text in texts if rules.subject.search(text)]


# ---- rules ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StanceRules:
    """The rules of one language, gathered once per codebook."""

    targets: Rules
    short_targets: Rules  # words that stand for an issue only where it has been debated (此类接触, such contacts)
    instruments: dict[str, tuple[str, str]]  # entity → the issue that a mention of it is about, and its default stance
    cues: dict[str, Rules]  # issue → the idioms that may evaluate it
    conditions: dict[str, Rules]  # issue → those of them that make a condition of it
    verdicts: dict[str, Rules]  # issue → those of them that judge what need not be named again
    concession: re.Pattern[str]
    turn: re.Pattern[str]
    back_reference: re.Pattern[str]
    view: re.Pattern[str]
    governors: Governors
    subject: re.Pattern[str] | None  # of the reports that the issues are about; None if the codebook names none


@functools.lru_cache(maxsize=8)
def read_rules(codebook: Codebook, lang: str) -> StanceRules:
    """Gather targets and idioms of one language."""
    issues = codebook.codes("issues")
    targets = codebook.rules("issue_rules", lang)
    cues = codebook.rules("stance_rules", lang)
    conditions = [cue for cue in cues if _is_condition(cue) and cue.row["strength"] == "first"]
    verdicts = [cue for cue in cues if _is_verdict(cue)]
    return StanceRules(
        Rules(target for target in targets if target.row["form"] != "short"),
        Rules(target for target in targets if target.row["form"] == "short"),
        {row["instrument"]: (issue, row["mentioned"]) for issue, row in issues.items() if row["instrument"]},
        *(
            {issue: Rules(cue for cue in idioms if _speaks_of(cue.row["issue"], issue)) for issue in issues}
            for idioms in (cues, conditions, verdicts)
        ),
        codebook.pattern("concession", lang),
        codebook.pattern("turn", lang),
        codebook.pattern("back_reference", lang),
        codebook.pattern("view", lang),
        read_governors(codebook, lang),
        codebook.pattern("subject", lang) if codebook.has("subject") else None,
    )


def _is_condition(cue: Rule) -> bool:
    return cue.code == "conditional"


def _is_verdict(cue: Rule) -> bool:
    """Whether an idiom judges by itself what need not be named again."""
    return cue.row["strength"] == "first" or (cue.row["strength"] == "then" and cue.code not in ("for", "neutral"))


def _speaks_of(listed: str, issue: str) -> bool:
    """Whether a cue evaluates the issue: one of ``a;b``, any but ``-a;b``, any at all for an empty cell."""
    if listed.startswith("-"):
        return issue not in listed[1:].split(";")
    return not listed or issue in listed.split(";")


# ---- one statement --------------------------------------------------------------------------------------------------


def evaluate(
    text: str, start: int, end: int, mentions: list[Mention], rules: StanceRules, context: Context
) -> list[Finding]:
    """The stances of one statement at ``text[start:end]``, at most one an issue.

    A statement that takes none by its own targets may point back: by a short form (此类接触) to an issue debated in
    its unit, by 这种做法 or 此举 to the issues of the statement before, and so does one that answers another holder in
    the same sentence (…，其他代表团则认为没有必要). Who shares a view (这一看法) takes the stance it was, who disputes
    it the opposite one. Who only judges ('Others would agree on condition that …') speaks of them as well, unless the
    sentence names another instrument.
    """
    targets = find_targets(all_matches(rules.targets, text, start, end), mentions, rules.instruments)
    if not targets and not context.known:
        return []
    clauses = [(start + first, start + last) for first, last in split_clauses(text[start:end], rules.governors.marks)]
    sentence = read_sentence(text, clauses, rules.governors)
    findings = _evaluate_targets(sentence, targets, rules)
    if not findings and context.known:
        matches = all_matches(rules.short_targets, text, start, end)
        short = find_targets([match for match in matches if match.rule.code in context.debated], [], rules.instruments)
        findings = _evaluate_targets(sentence, short, rules)
        findings = findings or _evaluate_targets(sentence, _pointing_back(text, start, end, rules, context), rules)
        names_another = any(entity for _, _, entity, _ in mentions)
        if not findings and context.goes_on and not names_another:
            topics = [Target(start, start + 1, issue, "direct", "none", TOPIC) for issue in context.known]
            findings = _evaluate_targets(sentence, topics, rules)
    # the rest of the clause may say what there is no reason for
    return [finding._replace(end=next(last for _, last in clauses if last >= finding.end)) for finding in findings]


def _pointing_back(text: str, start: int, end: int, rules: StanceRules, context: Context) -> list[Target]:
    if back := rules.back_reference.search(text, start, end):
        is_view = rules.view.search(text, *back.span()) is not None
        polarity = {"conditional": "conditional"} | ({"against": "inverse"} if is_view else {})
        return [
            Target(*back.span(), issue, polarity.get(stance, "direct"), "none", BACK_REFERENCE)
            for issue, stance in context.known.items()
        ]
    if context.answers:
        return [Target(start, start + 1, issue, "direct", "none", ANSWER) for issue in context.known]
    return []


def _evaluate_targets(sentence: Sentence, targets: list[Target], rules: StanceRules) -> list[Finding]:
    """The stances that a statement gives its targets, at most one an issue."""
    clauses = sentence.clauses
    if len({target.issue_id for target in targets}) > 1:
        # an instrument that is only cited owns no clause, and what stands in a condition is not what is judged
        told = _without_conditions(sentence, targets, rules) or targets
        targets = [target for target in told if _is_live(sentence, target, targets, rules)]
    main = {target.issue_id for target in targets if not is_outside(sentence, target.start)}
    targets = [target for target in targets if target.issue_id not in main or not is_outside(sentence, target.start)]
    if not targets:
        return []
    spoken = scopes(sentence.text, clauses, targets)
    alike = grouped(
        ((*subject_of(target), target.default, target.rule_id == BACK_REFERENCE), target) for target in targets
    )
    stances: dict[str, list[tuple]] = {target.issue_id: [] for target in targets}
    for group in alike.values():
        for finding in _judge(sentence, group, spoken[subject_of(group[0])], rules):
            is_weak = finding.decided_by == CHAIN and finding.chain.is_weak
            order = (finding.is_default, is_weak, _DECIDES.index(finding.stance), finding.target)
            stances[finding.issue_id].append((order, finding))
    findings = [min(ranked, key=itemgetter(0))[1] for ranked in stances.values() if ranked]
    # a matter that is only mentioned beside a stance on another issue is no position
    return [finding for finding in findings if not finding.is_default] or findings


def _is_live(sentence: Sentence, target: Target, targets: list[Target], rules: StanceRules) -> bool:
    """Whether a target is more than cited: some word evaluates it in what it is told of."""
    if target.default != "none" or target.rule_id == BACK_REFERENCE:
        return True
    told = told_of(target, sentence.clauses, targets)
    idioms = find_matches(rules.cues[target.issue_id], sentence.text, *told)
    start, end = own_clause(target, sentence.clauses)
    is_first = not any(start <= other.start < target.start and other.issue_id != target.issue_id for other in targets)
    last = end if target.polarity == "inverse" else target.start if is_first else start
    evaluated = (operator.start for operator in sentence.operators if operator.is_evaluative)
    return any(cue.rule.code != "neutral" for cue in idioms) or any(start <= place < last for place in evaluated)


def _without_conditions(sentence: Sentence, targets: list[Target], rules: StanceRules) -> list[Target]:
    """Leave out what only stands in a condition on something else: 前提是新公约不削弱《…公约》."""
    text, clauses = sentence.text, sentence.clauses
    start, end = clauses[0][0], clauses[-1][1]
    cues = {
        issue: sorted((cue.start, cue.end) for cue in all_matches(rules.conditions[issue], text, start, end))
        for issue in {target.issue_id for target in targets}
    }
    kept = []
    for target in targets:
        (first, last), spans = own_clause(target, clauses), cues[target.issue_id]
        before = range(bisect_left(spans, (first, 0)), bisect_right(spans, target.start, key=itemgetter(0)))
        is_inside = target.end <= last or target.end <= max((spans[index][1] for index in before), default=last)
        if not (before and is_inside):
            kept.append(target)
    return kept


def _judge(sentence: Sentence, targets: list[Target], scope: list[Clause], rules: StanceRules) -> Iterator[Finding]:
    """The stances of targets of one subject, by the idioms in scope and the chain of each."""
    not_conceded = [clause for clause in scope if not rules.concession.match(sentence.text, *clause)]
    runs = _runs(not_conceded or scope)
    idioms = (rules.verdicts if targets[0].rule_id == TOPIC else rules.cues)[targets[0].issue_id]
    cues = [cue for run in runs for cue in find_matches(idioms, sentence.text, *run)]
    for target in targets:
        heard = [cue for cue in cues if _is_heard(sentence, cue, target)]
        if finding := _weigh(sentence, target, heard, rules):
            yield finding


def _is_heard(sentence: Sentence, cue: Match, target: Target) -> bool:
    """Whether an idiom speaks of the target: a condition but for one in its own words, others in no reason."""
    if _is_condition(cue.rule):
        return not (target.polarity == "fixed" and target.start <= cue.start < target.end)
    return not is_outside(sentence, cue.start, but_for=target.start)


def _weigh(sentence: Sentence, target: Target, cues: list[Match], rules: StanceRules) -> Finding | None:
    """Ask idioms and chain in turn; see the head of this module."""
    chain = _chain_of(sentence, target, rules)
    composed = _composed(target, chain, cues)
    by_chain = functools.partial(_finding, target, chain, cues, CHAIN, composed, chain.start, chain.end)
    if composed and chain.is_taken_up and not chain.is_weak:
        return by_chain()
    for strength in ("first",) if target.polarity == "fixed" else ("first", "then", "last"):
        if strength == "then" and composed and not chain.is_weak:
            cited = _only_cited(sentence, target, chain, cues, rules)
            if not cited:
                return by_chain()
            cues = [cited, *(cue for cue in cues if cue is not cited)]
            stance = OPPOSITE[_stance(cited, target)]
            return _finding(target, chain, cues, cited.rule.rule_id, stance, cited.start, cited.end)
        if strength == "last" and composed:
            return by_chain()
        deciding = [cue for cue in cues if cue.rule.row["strength"] == strength]
        if chain.rejects:  # 'questioned whether'
            deciding = [cue for cue in deciding if cue.rule.code != "neutral"]
        if deciding:
            # after a turn (但, 而) inside the scope the cues behind it decide
            turned = [
                cue for before, cue in pairwise(deciding) if rules.turn.search(sentence.text, before.end, cue.start)
            ]
            cue = turned[-1] if turned else min(deciding, key=lambda cue: _DECIDES.index(_stance(cue, target)))
            stance = _stance(cue, target)
            if is_denied(sentence, (cue.start, cue.end), rules.governors):
                stance = OPPOSITE.get(stance, stance)
            others = [other for other in cues if other is not cue]
            return _finding(target, chain, [cue, *others], cue.rule.rule_id, stance, cue.start, cue.end)
    if composed and not chain.is_weak:
        return by_chain()
    if target.default == "none":
        return None
    return _finding(target, chain, cues, "", target.default, target.start, target.end)


def _only_cited(
    sentence: Sentence, target: Target, chain: Chain, cues: list[Match], rules: StanceRules
) -> Match | None:
    """What an idiom says of the target, where the chain only denies it: 'contested the claim that it was regional'."""
    if any(operator.end > target.start for operator in chain.operators):
        return None  # the chain has a predicate of its own
    after = (cue for cue in cues if cue.rule.code in OPPOSITE and cue.start >= target.end)
    return next((cue for cue in after if is_denied(sentence, (cue.start, cue.end), rules.governors)), None)


def _finding(
    target: Target, chain: Chain, cues: list[Match], rule_id: str, stance: str, start: int, end: int
) -> Finding:
    return Finding(
        issue_id=target.issue_id,
        stance=stance,
        start=min(start, target.start),
        end=max(end, target.end),
        rule_id="+".join(filter(None, (target.rule_id, rule_id))),
        is_default=not rule_id and stance == "neutral",
        target=target,
        chain=chain,
        decided_by={"": "default", CHAIN: CHAIN}.get(rule_id, "idiom"),
        cues=tuple(cues),
    )


def _chain_of(sentence: Sentence, target: Target, rules: StanceRules) -> Chain:
    chain = govern(sentence, (target.start, target.end), rules.governors, target.polarity)
    if target.rule_id in (TOPIC, ANSWER) or (target.rule_id == BACK_REFERENCE and chain.is_weak):
        judged = govern_all(sentence, rules.governors)
        is_discussed = {operator.kind for operator in chain.operators} == {"chain_open"}
        return judged if judged.operators else chain._replace(is_weak=chain.is_weak or is_discussed)
    is_demand = any(operator.kind in ("chain_must", "chain_may", "chain_end") for operator in chain.operators)
    return chain._replace(is_weak=chain.is_weak and not (target.is_direction and is_demand))


def _composed(target: Target, chain: Chain, cues: list[Match]) -> str:
    """The stance that the chain of a target comes to; empty for none."""
    if target.polarity == "fixed":
        return OPPOSITE.get(target.default, "") if chain.stance == "against" and not chain.is_weak else ""
    is_plain = chain.stance == "for" and all(word.sign > 0 for word in chain.operators)
    if target.rule_id == TOPIC and (is_plain or chain.is_weak):
        return ""  # who supports or proposes something names it, and may have turned to another matter
    stance = OPPOSITE.get(chain.stance, chain.stance) if target.polarity == "inverse" else chain.stance
    if target.polarity == "conditional" and stance == "for":
        return "conditional"
    if chain.has_exception and chain.stance == stance == "against" and not chain.rejects:
        return "conditional"
    conditions = [cue for cue in cues if _is_condition(cue.rule)]
    if stance == "for" and conditions:
        return "conditional"
    if stance == "against" and not chain.rejects and any(cue.rule.row["strength"] == "first" for cue in conditions):
        return "conditional"
    return stance


def _stance(cue: Match, target: Target) -> str:
    """Towards an inverse target a cue speaks against the proposition: to support 单方面措施 rejects it.

    A cue of that issue alone is written for its proposition.
    """
    stance = cue.rule.code
    if target.polarity == "conditional" and stance == "for":
        return "conditional"
    if target.polarity == "inverse" and cue.rule.row["issue"] != target.issue_id:
        return OPPOSITE.get(stance, stance)
    return stance


def _runs(clauses: list[Clause]) -> list[Clause]:
    """Join clauses that follow each other, so that a cue may reach over a comma (如果…，则)."""
    runs: list[Clause] = []
    for first, last in clauses:
        if runs and runs[-1][1] == first:
            first = runs.pop()[0]
        runs.append((first, last))
    return runs
