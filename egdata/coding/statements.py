"""Who is said to speak, with which verb and modality; identity links and contrast."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egdata.base.frames import frame_of
from egdata.base.vocabulary import ANAPHOR, UNATTRIBUTED
from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import BLOCKED, Rule, Rules, all_matches, find_matches
from egdata.reading.report import spans_by_unit

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

# parts of holder_rules, as far as they are believed
_BEGIN = ("plural", "one", "pronoun", "strong", "clause", "clause-one")
_HEADS = ("head", "head-operative")  # believed where nothing but adjuncts stands before
#: The holder of an anaphor (他们, the speaker) that points back to nobody, by its part; of other parts somebody named.
_NOBODY = {"plural": "speakers", "clause": "speakers", "passive": "speakers", "one": "one"}
_COUNTED = {"one", "several", "some", "many", "other", "general"}
_PLURAL = {"some", "several", "many", "general", "other", "speakers"}


@dataclass
class Attribution:
    """The words that name a holder: their span, the reporting verb after them, and where their statement begins."""

    clause: int
    start: int
    end: int
    holder: str
    part: str
    verb_start: int
    verb_end: int
    rule_id: str


def statements_of(report: Report, codebook: Codebook) -> pd.DataFrame:
    """The statements of a report; :func:`egdata.find_statements` says what the columns hold."""
    grammar = read_grammar(codebook, report.lang)
    rank = {code: int(row["rank"]) if row["rank"] else None for code, row in codebook.codes("holders").items()}
    rows: list[dict] = []
    for unit_id, spans in spans_by_unit(report).items():
        unit: list[dict] = []
        is_enacted = unit_id in report.resolution_units  # a resolution speaks for itself
        for start, end, sentence_id in spans:
            text = report.text[start:end]
            clauses = split_clauses(text)
            stretches = [(0, len(text), None)] if is_enacted else split_statements(text, clauses, grammar)
            modality = find_modality(text, clauses, grammar, _main_stretch(text, clauses, stretches, grammar))
            for number, (first, last, found) in enumerate(stretches, start=1):
                statement_id = f"{sentence_id}/s{number}"
                antecedent = _antecedent(found, unit)
                holder = _holder(found, antecedent)
                unit.append(
                    {
                        "statement_id": statement_id,
                        "sentence_id": sentence_id,
                        "holder": holder,
                        "holder_rank": rank[holder],
                        "holder_start": found and start + found.start,
                        "holder_end": found and start + found.end,
                        "holder_quote": text[found.start : found.end] if found else "",
                        "group_id": antecedent["group_id"] if antecedent else statement_id,
                        "antecedent_id": antecedent["statement_id"] if antecedent else "",
                        "verb": _verb_of(text, found, grammar) if found else "",
                        "modality": modality,
                        "is_contrast": bool(found) and _is_contrast(text, clauses, found, grammar),
                        "start": start + first,
                        "end": start + last,
                        "quote": text[first:last],
                        "rule_id": found.rule_id if found else "",
                        "coded_by": "rules",
                    }
                )
        rows += unit
    columns = [
        "statement_id", "sentence_id", "holder", "holder_rank", "holder_start", "holder_end", "holder_quote",
        "group_id", "antecedent_id", "verb", "modality", "is_contrast", "start", "end", "quote", "rule_id", "coded_by",
    ]  # fmt: skip
    types = dict.fromkeys(("holder_rank", "holder_start", "holder_end"), "Int64")
    return frame_of(rows, columns, **types, start="int64", end="int64", is_contrast="bool")


# ---- grammar: the rules of one language, gathered once per codebook -------------------------------------------------


@dataclass(frozen=True)
class Grammar:
    """What the sentence coder needs of the codebook in one language."""

    subjects: Rules  # holder rules for the head of a clause
    reporting: Callable[[Rule], re.Pattern[str]]  # a rule of the part 'weak' with the reporting verb that must follow
    passive: Rules  # holder rules for anywhere in a sentence
    words: dict[str, re.Pattern[str]]
    begin: re.Pattern[str]  # what may stand in a clause before its subject: a connective, then 'lead'
    modality: dict[str, Rules]  # modality rules by part
    rank: dict[str, int]

    def word(self, name: str, text: str, start: int, end: int) -> int:
        """Where the word that begins at ``start`` ends; ``start`` if it does not stand there."""
        found = self.words[name].match(text, start, end)
        return found.end() if found else start


_WORDS = (
    "connective", "adjunct", "lead", "predicate", "acts_somehow", "say_chain", "no_view", "no_subject", "operative_end",
    "contrast", "adversative", "reply", "addition", "subordinate", "relative", "topic_verb", "that", "operative",
    "record", "procedure",
)  # fmt: skip


@functools.lru_cache(maxsize=8)
def read_grammar(codebook: Codebook, lang: str) -> Grammar:
    """Gather holder rules, modality rules and word classes of one language."""
    rank = {code: int(row["rank"]) for code, row in codebook.codes("modalities").items()}
    words = {name: codebook.pattern(name, lang) for name in _WORDS}
    holders = _by_part(codebook.rules("holder_rules", lang))

    @functools.cache
    def reporting(rule: Rule) -> re.Pattern[str]:
        return re.compile(f"(?P<subject>{rule.pattern.pattern}){words['predicate'].pattern}", rule.pattern.flags)

    subjects = Rules(rule for part in (*_BEGIN, "weak", *_HEADS, "joined") for rule in holders.get(part, ()))
    begin = re.compile(
        rf"(?:{words['connective'].pattern})?\s*(?P<lead>(?:{words['lead'].pattern})?)\s*", words["lead"].flags
    )
    parts = _by_part(codebook.rules("modality_rules", lang))
    modality = {part: Rules(parts.get(part, ())) for part in ("verb", "word")}
    return Grammar(subjects, reporting, Rules(holders.get("passive", ())), words, begin, modality, rank)


def _by_part(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    parts: dict[str, list[Rule]] = {}
    for rule in rules:
        parts.setdefault(rule.row["part"], []).append(rule)
    return parts


# ---- clauses --------------------------------------------------------------------------------------------------------

#: Commas and the like; in English also the blank in 'recalled its history and stressed that …'.
_MARK = "[，；：。,;:]"
_CLAUSE_END = re.compile(
    rf"{_MARK}| (?=(?:and|but|while|whereas) (?:\w+ly |also |further )?\w+(?:ed|id|ld|lt) that\b)| (?=and that\b)"
    r"| (?=(?:and|but) (?:\w+ly |also |instead )?(?:regarded|considered|viewed|called|preferred|supported|opposed"
    r"|rejected|welcomed|favoured|advocated|urged|endorsed|questioned|condemned|criticized|insisted|regretted|deplored"
    r"|saw (?:no|little))\b)"
)
#: What stands between two commas in English and ends no clause: 'it was, however, noted', 'would, for now, remain'.
_ASIDE = (
    r", (?:however|therefore|moreover|furthermore|nevertheless|nonetheless|accordingly|consequently|thus|instead"
    r"|inter alia|for example|for instance|in turn|too|(?:by|in) contrast|by comparison|conversely"
    r"|on the (?:contrary|other hand)|for (?:its|their|his|her) part),"
    r"|\b(?:that|and|is|are|was|were|be|been|has|have|had|would|should|could|must|may|remain\w*|not)"
    r", (?!in the (?:[\w’'-]+ )?(?:view|opinion|judge?ment|assessment|eyes|experience|understanding|words) of\b"
    r"|for (?:some|several|many|most|one|another|other|two|certain|a few|a number)\b)"
    r"(?:in|for|at|on|by|under|as|where|during|to) (?:[\w’'-]+ ){0,6}[\w’'-]+,"
    # the second member of a list: 'to focus on the resolution, the negotiation of a treaty and making use of …'
    r"|(?<! with)(?<! of)(?<! to)(?<! from), (?:the|an?|its|their) (?:(?!(?:should|was|were|is|are|had|has|have|would"
    r"|could|must|may|might|can|will|said|noted|that|which|who)\b)[\w’'-]+ ){1,8}?and (?=(?:the|an?|\w+ing)\b)"
)
_CLOSED = r"《[^《》]*》|“[^“”]*”|\"[^\"]*\"|（[^（）]*）|\([^()]*\)|,(?<=\d,)(?=\d)"
# whether a blank, and whether ', ' stands in the text
_ENDS = {False: re.compile(_MARK), True: _CLAUSE_END}
_NESTED = {False: re.compile(_CLOSED), True: re.compile(f"{_CLOSED}|{_ASIDE}")}


Clause = tuple[int, int]


def split_clauses(text: str) -> list[Clause]:
    """Cut a sentence at commas, semicolons and colons that stand outside titles, quotes and brackets.

    >>> split_clauses("会上指出，各国应合作；")  # 'it was noted that States should cooperate'
    [(0, 5), (5, 11)]
    """
    ends = [found.end() for found in _ENDS[" " in text].finditer(text)]
    for nested in _NESTED[", " in text].finditer(text):
        start, stop = nested.span()
        ends = [end for end in ends if not start < end <= stop]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(zip([0, *ends[:-1]], ends, strict=True))


# ---- holders --------------------------------------------------------------------------------------------------------

_SEMICOLON = "；;"


def find_attributions(text: str, clauses: list[Clause], grammar: Grammar) -> list[Attribution]:
    """The holders named in one sentence, in their order; none where the text itself speaks."""
    found: list[Attribution] = []
    # 'Encourages Member States', 'In its resolution 65/230, the Assembly requested', 'are as follows:' report nobody
    if not text.strip() or any(grammar.words[name].match(text) for name in ("operative", "record", "procedure")):
        return found
    subjects = _by_part(grammar.subjects.standing_in(text))
    only_adjuncts = True  # whether nothing but adjuncts stands before this clause since the last semicolon
    for index, (start, end) in enumerate(clauses):
        begin = grammar.begin.match(text, start, end)
        first = begin.start("lead")
        heads: Heads = {}
        for place in (first, begin.end()) if begin.end() > first else (first,):
            for part, rules in subjects.items():
                heads.setdefault(part, []).append((place, rules))
        hit = _at_head(text, clauses, index, heads, first, only_adjuncts, bool(found), grammar) if heads else None
        hit = hit or (found and _joined(text, clauses, index, heads, found[-1])) or None
        if hit and not (found and _continues(found[-1], hit)):
            found.append(hit)
        only_adjuncts = text[end - 1] in _SEMICOLON or (
            only_adjuncts and not hit and bool(grammar.words["adjunct"].match(text, start, end))
        )
    if not found:
        return _passive(text, clauses, len(text), grammar)
    before = _passive(text, clauses, clauses[found[0].clause][0], grammar) if found[0].clause else []
    if before and found[0].holder == ANAPHOR:  # 得到了许多代表团的支持，它们认为: 'they' are those named before
        return before
    if before and before[0].holder != "impersonal":  # 'was supported by several delegations, while others opposed it'
        found.insert(0, before[0])
    return found


def _continues(before: Attribution, hit: Attribution) -> bool:
    """Whether the holder before only speaks on: 会上指出…，会上还强调…; 一些代表团表示…，它们才会接受…"""
    return before.holder == hit.holder == "impersonal" or hit.holder == ANAPHOR or hit.part.startswith("head")


Heads = dict[str, list[tuple[int, list[Rule]]]]  # of each part the places that begin a clause, and what may match there


def _at_head(
    text: str,
    clauses: list[Clause],
    index: int,
    heads: Heads,
    first: int,
    only_adjuncts: bool,
    later: bool,
    grammar: Grammar,
) -> Attribution | None:
    start, end = clauses[index]
    for part in _BEGIN:
        for place, rules in heads.get(part, ()):
            rule, stop = _longest(rules, text, place, end)
            if rule is None:
                continue
            if rule.code == BLOCKED:
                return None
            verb = (place, stop) if part.startswith("clause") else _verb(text, stop, rule, clauses, index, grammar)
            if verb:
                return Attribution(index, place, stop, rule.code, part, *verb, rule.rule_id)
    # a body named inside what somebody else says is no new speaker, unless it is set against that speaker
    is_free = not later or bool(text[start:first].strip()) or text[start - 1] in _SEMICOLON
    for place, rules in heads.get("weak", ()):
        hit = _weak(rules, text, place, clauses, index, grammar)
        if hit and (is_free or _is_set_against(text, hit, grammar)):
            return hit
    for part in _HEADS if only_adjuncts else ():
        for place, rules in heads.get(part, ()):
            rule, stop = _longest(rules, text, place, end)
            # 'Welcoming …,' at the very head of a resolution's clause reports nobody
            if rule and not (part == "head-operative" and not place and grammar.words["operative_end"].search(text)):
                return Attribution(index, place, stop, rule.code, part, place, stop, rule.rule_id)
    return None


def _joined(text: str, clauses: list[Clause], index: int, heads: Heads, before: Attribution) -> Attribution | None:
    """A holder who joins the one before in the same words: 'The Chair, supported by some delegations, said'."""
    end = clauses[index][1]
    is_beside = before.clause == index - 1 or end == len(text) or text[end - 1] in _SEMICOLON
    for first, rules in heads.get("joined", ()) if is_beside else ():
        rule, stop = _longest(rules, text, first, end)
        if rule:
            return Attribution(before.clause, first, stop, rule.code, "joined", first, stop, rule.rule_id)
    return None


def _longest(rules: Iterable[Rule], text: str, start: int, end: int) -> tuple[Rule | None, int]:
    best, stop = None, start
    for rule in rules:
        found = rule.pattern.match(text, start, end)
        if found and found.end() > stop:
            best, stop = rule, found.end()
    return best, stop


def _is_set_against(text: str, hit: Attribution, grammar: Grammar) -> bool:
    """Whether a body speaks against or in answer to the speaker before: 埃及代表团则反对, 秘书处答复说."""
    is_against = any(grammar.words[name].search(text, hit.end, hit.verb_start) for name in ("contrast", "adversative"))
    return bool(is_against or grammar.words["reply"].match(text, hit.verb_start))


def _weak(
    rules: Iterable[Rule], text: str, start: int, clauses: list[Clause], index: int, grammar: Grammar
) -> Attribution | None:
    """A body that is a speaker only where a reporting verb follows, if need be after a comma: 委员会根据…，建议…"""
    # 'The Union, a party to it, welcomed': an English aside stands between two commas
    reach = 4 if text.endswith(",", 0, clauses[index][1]) else 1
    end = clauses[min(index + reach, len(clauses) - 1)][1]
    if grammar.words["no_subject"].match(text, start, end):
        return None
    for rule in rules:
        found = grammar.reporting(rule).match(text, start, end)
        if found and not grammar.words["no_view"].match(text, found.end("subject"), end):
            return Attribution(index, start, found.end("subject"), rule.code, "weak", *found.span("verb"), rule.rule_id)
    return None


def _verb(
    text: str, start: int, subject: Rule, clauses: list[Clause], index: int, grammar: Grammar
) -> tuple[int, int] | None:
    """The reporting verb of a subject that ends at ``start``; none if it does something else than speak.

    Who is counted among the speakers (one delegation) speaks, whatever the verb.
    """
    end = clauses[index][1]
    if grammar.words["no_view"].match(text, start, end):
        return None
    if predicate := grammar.words["predicate"].match(text, start, end):
        return predicate.span("verb")
    # in 'Norway, while not opposed to it, said that' the main clause reports
    later = sorted(
        clauses[index + 1 : index + 3], key=lambda clause: bool(grammar.words["subordinate"].match(text, *clause))
    )
    for first, last in ((start, end), *later):
        if found := grammar.words["say_chain"].search(text, first, last):
            return found.span("verb")
    does = subject.code in _COUNTED and grammar.words["acts_somehow"].match(text, start, end)
    return does.span("verb") if does else None


def _passive(text: str, clauses: list[Clause], end: int, grammar: Grammar) -> list[Attribution]:
    matches = all_matches(grammar.passive, text, 0, end)
    if not matches:
        return []
    match = min(matches, key=lambda match: (match.start, -match.end))
    index = next(index for index, (_, last) in enumerate(clauses) if match.start < last)
    span = match.start, match.end
    return [Attribution(index, *span, match.rule.code, "passive", *span, match.rule.rule_id)]


Stretch = tuple[int, int, Attribution | None]


def split_statements(text: str, clauses: list[Clause], grammar: Grammar) -> list[Stretch]:
    """Cut a sentence into the stretches that its holders govern."""
    found = find_attributions(text, clauses, grammar)
    if not found:
        return [(0, len(text), None)]
    starts = [clauses[hit.clause][0] for hit in found]
    stretches: list[Stretch] = []
    semicolon = max(text.rfind(mark, 0, starts[0]) for mark in _SEMICOLON)
    if found[0].part != "passive" and semicolon >= 0:
        stretches.append((0, semicolon + 1, None))
        starts[0] = semicolon + 1
    else:
        starts[0] = 0
    starts = [starts[0] if hit.clause == found[0].clause else start for hit, start in zip(found, starts, strict=True)]
    ends = [*starts, len(text)]
    for hit, start in zip(found, starts, strict=True):  # who joins the holder before governs the same stretch
        words = text[start : ends[bisect_right(starts, start)]].rstrip()
        stretches.append((start + len(words) - len(words.lstrip()), start + len(words), hit))
    return stretches


def _antecedent(found: Attribution | None, unit: list[dict]) -> dict | None:
    """The statement before in the unit that an anaphor points back to."""
    if found is None or found.holder != ANAPHOR:
        return None
    fits = _PLURAL if _NOBODY.get(found.part) == "speakers" else {"one", "named"}
    return next((row for row in reversed(unit) if row["holder"] in fits), None)


def _holder(found: Attribution | None, antecedent: dict | None) -> str:
    if found is None:
        return UNATTRIBUTED
    if found.holder != ANAPHOR:
        return found.holder
    if antecedent:
        return antecedent["holder"]
    return _NOBODY.get(found.part, "named")


def _verb_of(text: str, found: Attribution, grammar: Grammar) -> str:
    """The reporting verb alone: 指出 of 会上着重指出."""
    said = grammar.words["say_chain"].search(text, found.verb_start, found.verb_end)
    return said["verb"] if said else text[found.verb_start : found.verb_end]


def _is_contrast(text: str, clauses: list[Clause], found: Attribution, grammar: Grammar) -> bool:
    """Whether a marker sets the holder against one before: 但, 然而; 同时 or 另有 with no 还, 也 that adds it."""
    clause, end = clauses[max(found.clause - 1, 0)]
    if grammar.word("connective", text, clause, end) < end - 1:  # the clause before is more than 但是，
        clause = clauses[found.clause][0]
    if grammar.words["adversative"].search(text, clause, found.verb_start):
        return True
    marked = grammar.words["contrast"].search(text, clause, found.verb_start)
    return bool(marked) and not grammar.words["addition"].search(text, found.end, found.verb_start)


# ---- modality -------------------------------------------------------------------------------------------------------


def find_modality(text: str, clauses: list[Clause], grammar: Grammar, stretch: Stretch) -> str:
    """The strongest operative word that governs the main verb of a sentence.

    A reporting verb that itself proposes or encourages (建议, 呼吁) decides; otherwise the main clauses of what is
    reported are searched, without subordinate clauses and relative clauses.
    """
    start, _, first = stretch
    # 'if amendments are proposed, States must decide' proposes nothing
    is_told = first and not (first.part == "passive" and first.holder == "impersonal")
    verbs = _verb_codes(text, grammar) if is_told else None
    if verbs and (codes := verbs(range(first.verb_start, first.verb_end + 2))):  # 侧重于鼓励
        return codes[0]
    if first and first.part != "passive":
        start = first.verb_end
        if _is_afterthought(text, clauses, stretch[0], first, grammar):
            start = stretch[0]
    words = find_matches(grammar.modality["word"], text, start)
    found, is_first = ["none"], True
    for clause_start, end in clauses if words or verbs else ():
        at = max(clause_start, start)
        if not text[at:end].strip("，；：。,;: "):
            continue
        if at == clause_start and grammar.words["subordinate"].match(text, at, end):
            continue
        # 可考虑扩大管辖权，但须尊重主权: what limits a demand does not govern it
        if len(found) > 1 and at == clause_start and grammar.words["adversative"].match(text, at, end):
            continue
        # in 提到各国可采取的措施 it belongs to a noun, in 编写了指南，可供… it hangs on the clause before
        is_topic = 0 < at == start and grammar.words["topic_verb"].search(text, 0, at) is not None
        is_topic = is_topic and not grammar.words["that"].match(text, at)
        if verbs and at == clause_start > start:  # 强调…，并鼓励…: the holder goes on to encourage
            codes = verbs([grammar.begin.match(text, at, end).end()])
            found += [code for code in codes if code == "encourage"]  # who supports may be another: 包括…，支持…
        for hit in (word for word in words if at <= word.start < end):
            is_main = (is_first or hit.start > clause_start) and not is_topic
            if hit.rule.code == "may" and (not is_main or grammar.words["relative"].match(text, hit.start, end)):
                continue
            found.append(hit.rule.code)
        is_first = is_first and bool(grammar.words["adjunct"].match(text, at, end))
    return max(found, key=grammar.rank.__getitem__)


def _main_stretch(text: str, clauses: list[Clause], stretches: list[Stretch], grammar: Grammar) -> Stretch:
    """The first stretch, or what follows a concession: 'While many welcomed it, others saw no need.'"""
    first, *others = stretches
    _, end, hit = first
    if not hit or not grammar.words["subordinate"].match(text, *clauses[hit.clause]):
        return first
    if others:
        return others[0]
    after = clauses[hit.clause][1]
    return (after, end, None) if after < end else first


def _verb_codes(text: str, grammar: Grammar) -> Callable[[Iterable[int]], list[str]]:
    """For places of a text the modalities of the verbs that begin there, in the order of their rules."""
    rules = grammar.modality["verb"]
    standing = rules.standing_in(text)

    def codes(places: Iterable[int]) -> list[str]:
        found = [rule for at in places for rule in standing if rule.pattern.match(text, at)]
        return [rule.code for rule in sorted(found, key=rules.index)]

    return codes


def _is_afterthought(text: str, clauses: list[Clause], start: int, found: Attribution, grammar: Grammar) -> bool:
    """Whether what is reported begins before its holder is named: 'More training was needed, one speaker said.'"""
    before = [clause for clause in clauses[: found.clause] if clause[0] >= start]
    return any(not grammar.words["adjunct"].match(text, *clause) for clause in before)
