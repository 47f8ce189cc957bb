"""Statements → stance on the issues of the codebook: a target, and the cue that evaluates it."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import UNATTRIBUTED
from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import BLOCKED, Match, Rule, Rules, all_matches, find_matches, longest
from egdata.coding.chain import VERDICTS, Governors, find_operators, govern, is_aside, is_denied, read_governors
from egdata.coding.statements import Clause, split_clauses

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

COLUMNS = (
    "position_id", "statement_id", "issue_id", "stance", "start", "end", "quote", "rule_id", "citation", "coded_by",
)  # fmt: skip
BACK_REFERENCE = "back-reference"  # the rule of a target that only points back
ANSWER = "answer"  # that of what another holder in the same sentence spoke of
TOPIC = "topic"  # that of what the statement before was about
CARRIED_OVER = (BACK_REFERENCE, ANSWER, TOPIC)  # which no rule of the codebook finds
_EXTRACT = 20  # sentences; of fewer a share says little
_OPPOSITE = {"for": "against", "against": "for"}
#: Cues in the order in which they decide; within one strength the stances in the order of ``_DECIDES``.
#: A ``local`` cue says nothing about a target that comes only after its clause (鉴于…风险，应…).
_STRENGTHS = (("strong",), ("override",), ("question",), ("normal", "local"), ("describe",), ("weak",), ("neutral",))
_DECIDES = ("against", "conditional", "for", "neutral")


class Target(NamedTuple):
    """What a position is about: an issue found at ``text[start:end]`` of a statement."""

    start: int
    end: int
    issue_id: str
    #: 'direct'; 'inverse': approval of this target rejects the proposition; 'conditional': it points back to what was
    #: conditional, and so is approval; 'fixed': its words are the evaluation
    polarity: str
    default: str  # the stance where no cue evaluates it; 'none' for no position
    rule_id: str


class Finding(NamedTuple):
    """A stance with the words that carry it."""

    issue_id: str
    stance: str
    start: int
    end: int
    rule_id: str
    is_default: bool


class Context(NamedTuple):
    """What a statement may point back to."""

    known: Mapping[str, str]  # the stances of the last statement of its unit that took any
    debated: Collection[str]  # the issues of its unit so far
    answers: bool  # whether that statement stands in the same sentence
    goes_on: bool  # whether somebody is said to hold this statement, which may go on with what was said before


def positions_of(report: Report, codebook: Codebook, statements: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The positions of a report, without their holders; :func:`egdata.find_positions` says what the columns hold."""
    rules = read_rules(codebook, report.lang)
    if not is_on_subject(report, rules):  # only a paragraph may be
        paragraphs = Counter(report.sentences["unit_id"])
        counted = Counter(_on_subject(report, rules))
        chosen = [unit for unit, n in counted.items() if n * 3 >= paragraphs[unit]]
        statements = statements[statements["sentence_id"].str.rpartition("#")[0].isin(chosen)]
    # a clause of a resolution decides, a list's opening or an agenda item is about something: neither takes a side
    no_side = [codebook.pattern(name, report.lang) for name in ("operative", "procedure")]
    named = records(mentions, "kind", "start", "end", "entity_id", "rule_id")
    spans = sorted((span for kind, *span in named if kind == "instrument"), key=itemgetter(0))
    starts = [start for start, *_ in spans]
    units = dict(records(report.sentences, "sentence_id", "unit_id"))
    rows = []
    unit_before = sentence_before = ""  # of the last statement with a stance
    known: dict[str, str] = {}  # what it took which stance on
    debated: set[str] = set()  # the issues of its unit so far
    columns = ["statement_id", "sentence_id", "start", "end", "holder"]
    for statement_id, sentence_id, start, end, holder in records(statements, *columns):
        inside = spans[bisect_left(starts, start) : bisect_left(starts, end)]
        if unit_before != units[sentence_id]:
            known, debated = {}, set()
        context = Context(known, debated, sentence_id == sentence_before, holder != UNATTRIBUTED)
        takes_none = units[sentence_id] in report.resolution_units or any(
            pattern.match(report.text, start, end) for pattern in no_side
        )
        findings = [] if takes_none else evaluate(report.text, start, end, inside, rules, context)
        if findings:
            unit_before, sentence_before = units[sentence_id], sentence_id
            known = {found.issue_id: found.stance for found in findings}
            debated |= set(known)
        for found in findings:
            words = report.text[found.start : found.end].rstrip("，；：。,;:. \n")
            rows.append(
                {
                    "position_id": f"{statement_id}/{found.issue_id}",
                    "statement_id": statement_id,
                    "issue_id": found.issue_id,
                    "stance": found.stance,
                    "start": found.start,
                    "end": found.start + len(words),
                    "quote": words,
                    "rule_id": found.rule_id,
                    "citation": report.citation(units[sentence_id]),
                    "coded_by": "rules",
                }
            )
    return frame_of(rows, COLUMNS, start="int64", end="int64")


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
    cues: dict[str, Rules]  # issue → the cues that may evaluate it
    conditions: dict[str, Rules]  # issue → those of them that make a condition of it
    verdicts: dict[str, Rules]  # issue → those of them that judge what need not be named again
    concession: re.Pattern[str]
    turn: re.Pattern[str]
    back_reference: re.Pattern[str]
    view: re.Pattern[str]
    reactions: Rules  # cues that approve or reject whatever was said
    governors: Governors
    subject: re.Pattern[str] | None  # of the reports that the issues are about; None if the codebook names none


@functools.lru_cache(maxsize=8)
def read_rules(codebook: Codebook, lang: str) -> StanceRules:
    """Gather targets and cues of one language."""
    issues = codebook.codes("issues")
    targets = codebook.rules("issue_rules", lang)
    cues = codebook.rules("stance_rules", lang)
    conditions = [cue for cue in cues if (cue.code, cue.row["strength"]) == ("conditional", "strong")]
    verdicts = [cue for cue in cues if _is_verdict(cue)]
    return StanceRules(
        Rules(target for target in targets if target.row["form"] != "short"),
        Rules(target for target in targets if target.row["form"] == "short"),
        {row["instrument"]: (issue, row["mentioned"]) for issue, row in issues.items() if row["instrument"]},
        *(
            {issue: Rules(cue for cue in some if _speaks_of(cue.row["issue"], issue)) for issue in issues}
            for some in (cues, conditions, verdicts)
        ),
        codebook.pattern("concession", lang),
        codebook.pattern("turn", lang),
        codebook.pattern("back_reference", lang),
        codebook.pattern("view", lang),
        Rules(cue for cue in cues if _is_general(cue) and cue.code != BLOCKED),
        read_governors(codebook, lang),
        codebook.pattern("subject", lang) if "subject" in set(codebook.tables["lexicon"]["name"]) else None,
    )


def _is_general(cue: Rule) -> bool:
    return not cue.row["issue"] or cue.row["issue"].startswith("-")


def _is_verdict(cue: Rule) -> bool:
    """Whether a cue judges by itself: who supports or proposes something names it, and may have turned to another."""
    strength = cue.row["strength"]
    if cue.code in ("against", "conditional", BLOCKED):
        return strength != "weak"
    if cue.code == "neutral":
        return strength in ("question", "strong", "override")
    return strength in ("strong", "override") and not _is_general(cue)


def _speaks_of(listed: str, issue: str) -> bool:
    """Whether a cue evaluates the issue: one of ``a;b``, any but ``-a;b``, any at all for an empty cell."""
    if listed.startswith("-"):
        return issue not in listed[1:].split(";")
    return not listed or issue in listed.split(";")


# ---- one statement --------------------------------------------------------------------------------------------------


def evaluate(
    text: str,
    start: int,
    end: int,
    mentions: list[tuple[int, int, str, str]],
    rules: StanceRules,
    context: Context,
) -> list[Finding]:
    """The stances of one statement at ``text[start:end]``, at most one an issue.

    A statement that takes none by its own targets may point back: by a short form (此类接触) to an issue debated in
    its unit, by 这种做法 or 此举 to the issues of the statement before, and so does one that answers another holder in
    the same sentence (…，其他代表团则认为没有必要). Who shares a view (这一看法) takes the stance it was, who disputes
    it the opposite one. Who only judges ('Others would agree on condition that …') speaks of them as well, unless the
    sentence names another instrument.
    """
    targets = find_targets(all_matches(rules.targets, text, start, end), mentions, rules)
    if not targets and not context.known:
        return []
    clauses = [(start + first, start + last) for first, last in split_clauses(text[start:end])]
    findings = _evaluate_targets(text, targets, clauses, rules)
    if not findings and context.known:
        found = all_matches(rules.short_targets, text, start, end)
        short = find_targets([match for match in found if match.rule.code in context.debated], [], rules)
        findings = _evaluate_targets(text, short, clauses, rules)
        findings = findings or _evaluate_targets(text, _pointing_back(text, start, end, rules, context), clauses, rules)
        names_another = any(entity for _, _, entity, _ in mentions)
        if not findings and context.goes_on and not names_another:
            topics = [Target(start, start + 1, issue, "direct", "none", TOPIC) for issue in context.known]
            findings = _evaluate_targets(text, topics, clauses, rules)
    # the rest of the clause may say what there is no reason for
    return [found._replace(end=next(last for _, last in clauses if last >= found.end)) for found in findings]


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


def _evaluate_targets(text: str, targets: list[Target], clauses: list[Clause], rules: StanceRules) -> list[Finding]:
    """The stances that the cues of a statement give its targets, at most one an issue."""
    if len({target.issue_id for target in targets}) > 1:
        # an instrument that is only cited owns no clause, and what stands in a condition is not what is judged
        told = _without_conditions(text, targets, clauses, rules)
        is_live = functools.cache(lambda issue, told: _is_live(text, issue, told, rules))
        targets = [
            target
            for target in told or targets
            if target.default != "none"
            or target.rule_id == BACK_REFERENCE
            or is_live(target.issue_id, _told_of(target, clauses, targets))
            or (target.polarity == "inverse" and any(op.kind in VERDICTS or op.kind == "op_must" for op in find_operators(text, *_own(target, clauses), rules.governors)))
        ]
    main = [target for target in targets if not is_aside(text, target.start, -1, clauses, rules.governors)]
    said = {target.issue_id for target in main}
    targets = [target for target in targets if target in main or target.issue_id not in said]
    if not targets:
        return []
    scopes = _scopes(text, clauses, targets)
    alike: dict[tuple, list[Target]] = {}
    for target in targets:
        kind = (*_subject(target), target.default, target.rule_id == BACK_REFERENCE)
        alike.setdefault(kind, []).append(target)
    stances: dict[str, list[tuple]] = {target.issue_id: [] for target in targets}
    for some in alike.values():
        for target, finding in _judge(text, some, scopes[_subject(some[0])], rules, clauses):
            order = (finding.is_default, _DECIDES.index(finding.stance), target)
            stances[finding.issue_id].append((order, finding))
    findings = {issue: min(found)[1] for issue, found in stances.items() if found}
    # a matter that is only mentioned beside a stance on another issue is no position
    explicit = [finding for finding in findings.values() if not finding.is_default]
    return explicit or list(findings.values())


def find_targets(matches: list[Match], mentions: list[tuple[int, int, str, str]], rules: StanceRules) -> list[Target]:
    """Every target that the rules and the mentions name, in text order; of overlapping ones of an issue the longest.

    One whose words stand ``apart`` counts only where no other names its issue.
    """
    if not matches and not mentions:
        return []
    about: dict[str, list[Match]] = {}  # issue → its targets, and the words that are none of them
    for match in matches:
        is_blocked = match.rule.code == BLOCKED
        about.setdefault(match.rule.row["blocks"] if is_blocked else match.rule.code, []).append(match)
    found: list[Target] = []
    taken: defaultdict[str, set[int]] = defaultdict(set)
    for issue, some in about.items():
        blocked = [match for match in some if match.rule.code == BLOCKED]
        directions = [match for match in some if match.rule.row["form"] == "direction"]
        some = [match for match in some if match.rule.row["form"] != "direction"]
        kept = [match for match in longest(some) if match.rule.code != BLOCKED]
        kept = [match for match in kept if match.rule.row["form"] != "apart"] or kept
        taken[issue].update(at for match in (*blocked, *kept) for at in range(match.start, match.end))
        for first, last, rule, _ in kept:
            found.append(Target(first, last, issue, rule.row["polarity"], rule.row["default"], rule.rule_id))
        if directions and kept:  # what is said to be done with it stands for it
            found = [t for t in found if t.issue_id != issue]
            for first, last, rule, _ in longest(directions):
                if not taken[issue].isdisjoint(range(first, last)) and any(b.start <= first < b.end for b in blocked):
                    continue
                found.append(Target(first, last, issue, rule.row["polarity"], rule.row["default"], rule.rule_id))
    for first, last, entity, rule_id in mentions:
        issue, default = rules.instruments.get(entity, ("", ""))
        if issue and taken[issue].isdisjoint(range(first, last)):
            found.append(Target(first, last, issue, "direct", default, rule_id))
    return sorted(found)


Subject = tuple[str, str]


def _own(target: Target, clauses: list[Clause]) -> Clause:
    """The clause in which a target begins."""
    return clauses[bisect_right(clauses, target.start, key=itemgetter(0)) - 1]


def _told_of(target: Target, clauses: list[Clause], targets: list[Target]) -> Clause:
    """What a target is told of: its own clause and, unless approval of it rejects, those up to the next target's."""
    start, end = _own(target, clauses)
    if target.polarity == "inverse":
        return start, end
    end = next((first for first, _ in (_own(other, clauses) for other in targets) if first > start), clauses[-1][1])
    return start, end


def _scopes(text: str, clauses: list[Clause], targets: list[Target]) -> dict[Subject, list[Clause]]:
    """The clauses that speak about each subject: its own, those up to the next one, those before the first of all.

    What stands before the first target (会上提到正在谈判) is said of all of them, back to a semicolon that is
    none of a list.
    """
    holds: list[set[Subject]] = [set() for _ in clauses]
    for target in targets:
        first = bisect_right(clauses, target.start, key=itemgetter(0)) - 1
        for index in range(first, bisect_left(clauses, target.end, key=itemgetter(0))):
            holds[index].add(_subject(target))
    owners: list[set[Subject]] = []
    for held in holds:
        owners.append(held or (owners[-1] if owners else set()))
    first_held = next(index for index, held in enumerate(holds) if held)
    ends = [text[last - 1] for _, last in clauses[:first_held]]
    semicolons = [index for index, end in enumerate(ends) if end in "；;"]
    is_list = any(end in "：:" for end in ends)
    begin = semicolons[-1] + 1 if semicolons and not is_list else 0
    scopes: dict[Subject, list[Clause]] = {_subject(target): [] for target in targets}
    owners[begin:first_held] = [set(scopes)] * (first_held - begin)
    for clause, owner in zip(clauses, owners, strict=True):
        for subject in owner:
            scopes[subject].append(clause)
    return scopes


def _subject(target: Target) -> Subject:
    """Targets of one issue and polarity share their clauses."""
    return target.issue_id, target.polarity


def _is_live(text: str, issue: str, told: Clause, rules: StanceRules) -> bool:
    """Whether a cue other than a neutral one stands in what a target is told of."""
    return any(cue.rule.code != "neutral" for cue in find_matches(rules.cues[issue], text, *told))


def _without_conditions(text: str, targets: list[Target], clauses: list[Clause], rules: StanceRules) -> list[Target]:
    """Leave out what only stands in a condition on something else: 前提是新公约不削弱《…公约》."""
    start, end = clauses[0][0], clauses[-1][1]
    cues = {
        issue: sorted((cue.start, cue.end) for cue in all_matches(rules.conditions[issue], text, start, end))
        for issue in {target.issue_id for target in targets}
    }
    kept = []
    for target in targets:
        (first, last), some = _own(target, clauses), cues[target.issue_id]
        before = range(bisect_left(some, (first, 0)), bisect_right(some, target.start, key=itemgetter(0)))
        is_inside = target.end <= last or target.end <= max((some[index][1] for index in before), default=last)
        if not (before and is_inside):
            kept.append(target)
    return kept


def _judge(
    text: str, targets: list[Target], scope: list[Clause], rules: StanceRules, clauses: list[Clause]
) -> Iterator[tuple[Target, Finding]]:
    """The stances that the cues in scope give targets of one subject; of those with the same cues the first one's."""
    runs = _runs(_without_concession(text, scope, rules))
    issue, rule_id = targets[0].issue_id, targets[0].rule_id
    specific = rules.verdicts[issue] if rule_id == TOPIC else rules.cues[issue]
    candidates = (rules.reactions, specific) if rule_id == BACK_REFERENCE else (specific,)
    cues = [[cue for run in runs for cue in find_matches(some, text, *run)] for some in candidates]
    local = sorted(cue.start for some in cues for cue in some if cue.rule.row["strength"] == "local")
    judged = set()
    for target in targets:
        own = _own(target, scope)[0]
        n_before = bisect_left(local, own)
        if n_before not in judged:
            judged.add(n_before)
            heard = [[cue for cue in some if cue.start >= own or cue.rule.row["strength"] != "local"] for some in cues]
            if rules.governors:
                heard = [[cue for cue in some if cue.rule.code == "conditional" or not is_aside(text, cue.start, target.start, clauses, rules.governors)] for some in heard]
            if finding := _evaluated(text, target, heard, rules, clauses):
                yield target, finding


import os
WEAK = int(os.environ.get("WEAK", "5"))
AT = int(os.environ.get("AT", "9"))
LOG = os.environ.get("LOG")


def _composed(text: str, target: Target, rules: StanceRules, clauses, cues, weak=False) -> Finding | None:
    operators = find_operators(text, clauses[0][0], clauses[-1][1], rules.governors)
    chain = govern(text, (target.start, target.end), clauses, operators, rules.governors, is_open=target.polarity == "open", is_direct=target.polarity in ("direct", "conditional"))
    if target.rule_id in (TOPIC, ANSWER):
        for _, stop in clauses:
            topic = govern(text, (stop - 1, stop), clauses, operators, rules.governors)
            if topic.operators and not topic.is_weak:
                chain = topic
                break
    if LOG:
        print("CHAIN", target.issue_id, target.polarity, repr(text[target.start:target.end]), chain.stance, chain.is_weak,
            [(text[o.start:o.end], o.kind) for o in chain.operators], [(text[o.start:o.end], o.kind) for o in chain.outside])
    if target.polarity == "fixed":
        if chain.is_weak:
            return None
        sign = 1
        for op in chain.operators:
            sign *= op.sign
        stance = target.default if sign > 0 else _OPPOSITE.get(target.default, target.default)
        if sign > 0: return None
        return Finding(target.issue_id, stance, chain.start, chain.end, target.rule_id + ("+chain-later" if chain.is_later else "+chain"), False)
    is_direction = target.rule_id.endswith(("later", "sooner", "prolong", "-end"))
    if is_direction and {op.kind for op in chain.operators} & {"op_must", "op_may", "op_end"}:
        chain = chain._replace(is_weak=False)
    if not chain.stance or chain.is_weak != weak:
        return None
    if target.rule_id in (TOPIC,) and chain.stance != "against" and all(op.sign > 0 for op in chain.operators):
        return None
    stance = _OPPOSITE.get(chain.stance, chain.stance) if target.polarity == "inverse" else chain.stance
    conditions = [cue for cue in cues if cue.rule.code == "conditional" and (cue.rule.row["strength"] == "strong" or stance == "for")]
    if chain.is_forbidden and chain.stance == "against" and target.polarity != "inverse" and not any(op.kind in ("op_against", "op_bad") for op in chain.operators):
        stance = "conditional"
    if stance != "neutral" and conditions and (stance == "for" or not any(op.kind in ("op_against", "op_bad") for op in chain.operators)):
        stance = "conditional"
    return Finding(target.issue_id, stance, chain.start, chain.end, target.rule_id + ("+chain-later" if chain.is_later else "+chain"), False)


def _evaluated(text: str, target: Target, heard: list[list[Match]], rules: StanceRules, clauses) -> Finding | None:
    for cues in heard:
        for number, strengths in enumerate(_STRENGTHS[:4] if target.polarity == "fixed" else _STRENGTHS):
            if number == 0 and (found := _composed(text, target, rules, clauses, cues, False)) and found.rule_id.endswith("later"):
                return found
            for at, weak in ((AT, False), (WEAK, True)):
                if number == at and (found := _composed(text, target, rules, clauses, cues, weak)):
                    return found
            deciding = [cue for cue in cues if cue.rule.row["strength"] in strengths and (target.polarity != "fixed" or number < 3)]
            if deciding:
                cue = _last_word(text, deciding, rules) or min(
                    deciding, key=lambda cue: _DECIDES.index(_stance(cue, target))
                )
                stance = _stance(cue, target)
                operators = find_operators(text, clauses[0][0], clauses[-1][1], rules.governors)
                if stance in _OPPOSITE and is_denied(text, (cue.start, cue.end), clauses, operators, rules.governors):
                    stance = _OPPOSITE[stance]
                return Finding(
                    target.issue_id,
                    stance,
                    min(cue.start, target.start),
                    max(cue.end, target.end),
                    f"{target.rule_id}+{cue.rule.rule_id}",
                    False,
                )
    if target.default == "none":
        return None
    is_passing = target.default == "neutral"
    return Finding(target.issue_id, target.default, target.start, target.end, target.rule_id, is_passing)


def _stance(cue: Match, target: Target) -> str:
    """Towards an inverse target a cue speaks against the proposition: to support 单方面措施 rejects it.

    A cue of that issue alone is written for its proposition.
    """
    stance = cue.rule.code
    if target.polarity == "conditional" and stance == "for":
        return "conditional"
    if target.polarity == "inverse" and cue.rule.row["issue"] != target.issue_id:
        return _OPPOSITE.get(stance, stance)
    return stance


def _without_concession(text: str, scope: list[Clause], rules: StanceRules) -> list[Clause]:
    """Leave out what is conceded (虽然…) where a main clause follows."""
    kept = [clause for clause in scope if not rules.concession.match(text, *clause)]
    return kept or scope


def _runs(clauses: list[Clause]) -> list[Clause]:
    """Join clauses that follow each other, so that a cue may reach over a comma (如果…，则)."""
    runs: list[Clause] = []
    for first, last in clauses:
        if runs and runs[-1][1] == first:
            first = runs.pop()[0]
        runs.append((first, last))
    return runs


def _last_word(text: str, cues: list[Match], rules: StanceRules) -> Match | None:
    """After a turn (但, 而) inside the scope the cues behind it decide."""
    turns = [cue for before, cue in pairwise(cues) if rules.turn.search(text, before.end, cue.start)]
    return turns[-1] if turns else None
