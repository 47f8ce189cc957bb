"""A target in its sentence → the chain of words that govern it, and the stance that they multiply to."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import longest

#: Word lists of the lexicon whose words govern a target, and whether each turns what it governs round.
SIGNS = {
    "op_back": 1,
    "op_against": -1,
    "op_end": -1,
    "op_not": -1,
    "op_good": 1,
    "op_bad": -1,
    "op_must": 1,
    "op_may": 1,
    "op_harm": -1,
    "op_warn": -1,
    "op_worth": 1,
    "op_open": 1,
    "op_sole": 1,
    "op_matter": 1,
}
#: Those that say by themselves what is thought of the target; the others need one of them, or stand for little.
VERDICTS = ("op_back", "op_against", "op_end", "op_good", "op_bad", "op_harm", "op_warn", "op_worth")


class Operator(NamedTuple):
    """A word of a valence list at ``text[start:end]``."""

    start: int
    end: int
    kind: str

    @property
    def sign(self) -> int:
        return SIGNS[self.kind]


class Chain(NamedTuple):
    """What governs a target: ``stance`` is the product of its operators, read from the inside out."""

    stance: str  # 'for', 'against', 'neutral'; '' where nothing governs the target
    start: int
    end: int
    operators: tuple[Operator, ...]
    outside: tuple[Operator, ...]  # of the same clause, but of a reason, a concession, an aside or another predicate
    is_forbidden: bool  # a prohibition that says what it does not forbid
    is_later: bool  # the next clause takes the target up
    is_weak: bool  # no verdict among them: only a modal verb, with or without a negation


@dataclass(frozen=True)
class Governors:
    """The valence lists and joints of one language."""

    lists: tuple[tuple[str, re.Pattern[str]], ...]
    outside: re.Pattern[str]  # begins a reason, a comparison, an aside, up to the end of its clause
    goes_on: re.Pattern[str]  # at the head of a clause that goes on with the one before
    that: re.Pattern[str]
    auxiliary: re.Pattern[str]
    no_predicate: re.Pattern[str]  # between a target and an auxiliary that is not its own
    aside: re.Pattern[str]  # a clause that only says who speaks, between the parts of what is said
    unless: re.Pattern[str]  # what a prohibition does not forbid
    runs_on: re.Pattern[str]  # at the head of a clause that may hold the predicate of the clause before
    claim_after: re.Pattern[str]
    claim: re.Pattern[str]  # before a target in what somebody is said to hold: the view that
    topic: re.Pattern[str]  # at the head of a clause that names what the next one is about, or concedes something
    taken_up: re.Pattern[str]  # at the head of a clause that speaks of what the one before named
    told: re.Pattern[str]  # what an organ has decided before
    asked: re.Pattern[str]  # begins what is only asked: whether
    joint: re.Pattern[str]  # a coordinator with the form of what it joins, in groups named by the form
    forms: dict[str, re.Pattern[str]]


@functools.lru_cache(maxsize=8)
def read_governors(codebook: Codebook, lang: str) -> Governors:
    """Gather the valence lists and joints of one language."""
    names = ("outside", "goes_on", "that", "auxiliary", "no_predicate", "aside", "unless", "runs_on", "claim_after", "claim", "topic", "taken_up", "told", "asked", "joint")
    forms = ("to", "that", "ing", "finite")
    return Governors(
        tuple((kind, codebook.pattern(kind, lang)) for kind in SIGNS),
        *(codebook.pattern(f"chain_{name}", lang) for name in names),
        {form: codebook.pattern(f"chain_form_{form}", lang) for form in forms},
    )


def find_operators(text: str, start: int, end: int, governors: Governors) -> list[Operator]:
    """The words of the valence lists in ``text[start:end]``, in their order; of overlapping ones the longest."""
    found = [
        Operator(*match.span(), kind) for kind, pattern in governors.lists for match in pattern.finditer(text, start, end)
    ]
    return [op for op in longest(found) if op.kind != "op_matter"]


def govern(text, target, clauses, operators, governors, **how) -> Chain:
    """As below; where the clause of the target says nothing, the next one that does."""
    chain = _govern(text, target, clauses, operators, governors, **how)
    own = next(number for number, (_, stop) in enumerate(clauses) if target[0] < stop)
    is_topic = governors.topic.match(text, *clauses[own]) is not None
    for begin, stop in clauses[own + 1 :]:
        taken_up = governors.taken_up.match(text, begin, stop)
        if text[begin - 1] in "；;" or not (taken_up or is_topic):
            continue
        place = (taken_up.start(), taken_up.end()) if taken_up else (stop - 1, stop)
        later = _govern(text, place, clauses, operators, governors)
        if later.operators and not later.is_weak:
            return later._replace(start=target[0], is_later=taken_up is not None)
    if chain.operators or governors.runs_on.pattern == "(?!)":
        return chain
    for begin, stop in clauses:
        if (
            begin >= target[1]
            and text[begin - 1] not in "；;"
            and governors.runs_on.match(text, begin, stop)
            and not any(zone.start() <= begin for zone in _zones(text, begin, stop, governors))
        ):
            later = _govern(text, (begin, begin), clauses, operators, governors)
            return later._replace(start=target[0]) if later.operators and not later.is_weak else chain
    return chain


def _govern(
    text: str,
    target: tuple[int, int],
    clauses: list[tuple[int, int]],
    operators: list[Operator],
    governors: Governors,
    *,
    is_open: bool = False,
    is_direct: bool = False,
) -> Chain:
    """The chain that governs the target; of an open one its own words count, too."""
    first, last = target
    left, right = _reach(text, target, clauses, governors)
    heard = [op for op in operators if left <= op.start and op.end <= right]
    closed = [
        zone.span()
        for begin, stop in clauses
        if begin >= left and stop <= right
        for zone in _zones(text, begin, stop, governors)
        if not zone.start() <= first < zone.end()
    ]
    left = max([left, *(zone.start() for zone in _zones(text, left, right, governors) if zone.start() <= first < zone.end() and zone.lastgroup != "within")])
    inside = [op for op in heard if op.start >= left and not any(begin <= op.start < stop for begin, stop in closed)]
    joints = list(governors.joint.finditer(text, first, last)) if is_open else []
    first = joints[-1].end() if joints and governors.runs_on.pattern == "(?!)" else joints[-1].start(joints[-1].lastgroup) if joints else first
    if governors.runs_on.pattern != "(?!)":
        inside = _without_modifiers(text, first, inside)
    before = _open(text, left, first, [op for op in inside if op.end <= first or op.kind == "op_sole" and first <= op.start < first + 6], governors)
    sole = [op for op in before if op.kind == "op_sole"]
    joint = governors.joint.search(text, last, right)
    after = _predicate(text, left, last, right, [op for op in inside if last <= op.start < (joint.start() if joint else right)], governors)
    if not (sole and after and first - sole[-1].end < 12):
        before = [op for op in before if op.kind != "op_sole"]
    after = [op for op in after if op.kind != "op_sole"]
    if any(op.kind in VERDICTS for op in after):  # 'existing laws were no longer adequate and stricter ones were needed'
        before = _own_clause(text, left, first, before, governors)
    OWN = ("op_not", "op_end", "op_against") if is_open else ("op_against",) if is_direct else ()
    if before and any(op.kind in VERDICTS for op in after) and before[-1].kind in ("op_bad", "op_good") and first - before[-1].end < 3:
        before = before[:-1]  # 'excessive duties would do harm'
    own = [op for op in inside if first <= op.start < last and op.kind in OWN]
    chain = (*before, *own, *after)
    outside = tuple(op for op in heard if op not in chain)
    asked = governors.asked.search(text, left, right if governors.runs_on.pattern != "(?!)" else last)
    is_asked = asked is not None and not any(op.kind == "op_against" and op.end <= asked.start() for op in chain)
    told = governors.told.search(text, left, last)
    is_asked = is_asked or bool(told) and not any(op.kind in VERDICTS and not told.start() <= op.start < told.end() for op in chain)
    found = _multiply(target, chain, outside, is_asked=is_asked)
    harmless = [op.kind for op in after if op.kind in ("op_must", "op_not", "op_end", "op_harm")]
    is_bound = governors.runs_on.pattern != "(?!)" and harmless[-1:] == ["op_harm"] and len(harmless) > 1 and set(harmless[:-1]) & {"op_not", "op_end"} or [op.kind for op in after if op.kind != "op_may"][:3] in (["op_must", "op_not", "op_harm"], ["op_not", "op_not", "op_harm"]) or (
        [op.kind for op in after if op.kind in ("op_must", "op_not", "op_harm")][:4] == ["op_must", "op_not", "op_not", "op_harm"]
    )
    if is_bound:
        return found._replace(stance="conditional", is_weak=False)
    is_excepted = governors.unless.search(text, left, right) is not None and any(op.kind == "op_not" for op in chain)
    return found._replace(is_forbidden=is_excepted)


def is_denied(
    text: str, span: tuple[int, int], clauses: list[tuple[int, int]], operators: list[Operator], governors: Governors
) -> bool:
    """Whether what stands there is what somebody is said to hold, and is denied: 'contested the claim that …'."""
    left, right = _reach(text, span, clauses, governors)
    before = [op for op in operators if left <= op.start and op.end <= span[0]]
    after = [op for op in operators if span[1] <= op.start < right]
    if claim := governors.claim.search(text, left, span[0]):
        before = [op for op in before if op.start < claim.start()]
    elif claim := governors.claim_after.search(text, span[1] - 1, right):
        after = [op for op in after if op.start >= claim.end()]
    else:
        return False
    sign = 1
    for op in (*before, *after[:2]):
        sign *= op.sign if op.kind in ("op_against", "op_not", "op_bad") else 1
    return sign < 0


def is_aside(text: str, at: int, first: int, clauses: list[tuple[int, int]], governors: Governors) -> bool:
    """Whether what stands at ``at`` belongs to a reason, a comparison or an aside that the target is not part of."""
    return any(
        zone.start() <= at < zone.end() and not zone.start() <= first < zone.end()
        for begin, stop in clauses
        if begin <= at < stop
        for zone in _zones(text, begin, stop, governors)
    )


def _zones(text: str, start: int, end: int, governors: Governors) -> Iterator[re.Match[str]]:
    return governors.outside.finditer(text, start, end)


def _reach(
    text: str, target: tuple[int, int], clauses: list[tuple[int, int]], governors: Governors
) -> tuple[int, int]:
    index = next(number for number, (_, stop) in enumerate(clauses) if target[0] < stop)
    begin = index
    while begin and (
        governors.goes_on.match(text, *clauses[begin]) or governors.that.search(text, max(clauses[begin][0] - 7, 0), clauses[begin][0])
    ):
        begin -= 1
        if begin and governors.aside.fullmatch(text, *clauses[begin]):
            begin -= 1
    if begin > 1 and governors.aside.fullmatch(text, *clauses[begin - 1]):
        begin -= 2
    end = next(number for number, (_, stop) in enumerate(clauses) if target[1] <= stop and number >= index)
    if end + 2 < len(clauses) and governors.aside.fullmatch(text, *clauses[end + 1]):
        end += 2
    return clauses[begin][0], clauses[end][1]


def _open(text: str, left: int, first: int, before: list[Operator], governors: Governors) -> list[Operator]:
    """Those before the target that are not closed by the joint of a conjunct before: *dissolve* X or not to renew Y."""
    for joint in reversed(list(governors.joint.finditer(text, left, first + 1))):
        form = joint.lastgroup
        heads = [head.start() for head in governors.forms[form].finditer(text, left, joint.start())] if form else []
        if heads:
            begin = heads[0] if form == "finite" else heads[-1]
            before = [op for op in before if not begin <= op.start < joint.end() or op.start >= joint.start(form)]
    return before


def _without_modifiers(text: str, first: int, inside: list[Operator]) -> list[Operator]:
    """不符合国际法的单方面措施: what stands before 的 describes the target."""
    before = [op for op in inside if op.end <= first]
    at = text.rfind("的", max(0, first - 8), first)
    if at < 0 or not before:
        return inside
    kinds = ("op_not", "op_harm", "op_good", "op_bad", "op_may")
    dropped = []
    for op in reversed(before):
        if op.kind not in kinds or op.end > at + 1 or dropped and dropped[-1].start - op.end > 1:
            break
        dropped.append(op)
    if dropped and dropped[-1].kind == "op_not" and len(dropped) > 1 and dropped[-2].kind == "op_good":
        return inside
    return [op for op in inside if op not in dropped]


def _own_clause(text: str, left: int, first: int, before: list[Operator], governors: Governors) -> list[Operator]:
    """Without those of a clause before that a coordinator ends."""
    begin = max((text.rfind(f" {word} ", left, first) for word in ("and", "but")), default=-1)
    if begin < 0 or governors.that.search(text, left, begin) or not governors.auxiliary.search(text, left, begin):
        return before
    return [op for op in before if op.start >= begin]


def _predicate(text: str, left: int, last: int, right: int, after: list[Operator], governors: Governors) -> list[Operator]:
    """The predicate that follows a target: from its auxiliary to the first verdict."""
    auxiliary = governors.auxiliary.search(text, last, right)
    if not auxiliary:
        return []
    gap = text[last : auxiliary.start()]
    if governors.no_predicate.search(gap) and not governors.aside.search(gap[gap.find(",") + 1 :]):
        return []
    found: list[Operator] = []
    is_claim = any(pattern.search(text, *span) for pattern, span in ((governors.claim, (left, last)), (governors.claim_after, (last, right))))
    for op in after:
        if op.start < auxiliary.start():
            continue
        if op.kind == "op_worth":  # 公约的价值: it names what is judged
            continue
        if _judges(found):
            # 'the view that it was obsolete was rejected'
            if not is_claim or not (auxiliary := governors.auxiliary.search(text, found[-1].end, op.start)):
                break
            is_claim = False
        found.append(op)
    return found


def _judges(operators: list[Operator]) -> bool:
    return any(op.kind in VERDICTS or op.kind == "op_open" for op in operators)


def _multiply(
    target: tuple[int, int], chain: tuple[Operator, ...], outside: tuple[Operator, ...], *, is_asked: bool
) -> Chain:
    warn = next((op for op in chain if op.kind == "op_warn"), None)
    if warn and any(op.start > warn.start and (op.sign < 0 or op.kind in VERDICTS) for op in chain):
        chain = tuple(op for op in chain if op != warn)  # who warns that it would do harm says so
    kinds = {op.kind for op in chain}
    sign = 1
    for op in chain:
        sign *= op.sign
    judges = kinds & set(VERDICTS)
    if kinds == {"op_not", "op_must"} and chain[0].kind == "op_not" and target[0] - chain[0].end < 24 and chain[0].end <= target[0]:
        judges = {"no"}  # 'no further duties should be imposed'
    if is_asked:
        stance, judges = "neutral", {"asked"}
    elif not chain or kinds == {"op_not"}:
        stance = "against" if kinds else ""
    elif "op_open" in kinds and not judges and "op_must" not in kinds:
        stance = "neutral"
    else:
        stance = "for" if sign > 0 else "against"
    start = min([target[0], *(op.start for op in chain)])
    end = max([target[1], *(op.end for op in chain)])
    return Chain(stance, start, end, chain, outside, False, False, not judges)
