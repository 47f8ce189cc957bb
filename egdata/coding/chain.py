"""What governs a target in its sentence: the chain of words around it, and the stance that they multiply to.

A position is found from its **target** outwards. 'Some delegations argued against any plan to dissolve the Expert
Group': the target is the Expert Group, *dissolve* governs it, and *argued against* governs *dissolve*. Each of these
words stands in a valence list of the codebook, and each list either keeps the sign of what it governs (approve, good,
must, may) or turns it round (reject, end, harm, not, bad). The stance is the product: against × dissolve = for.

Where a word stands decides whether it belongs to the chain.

*Before* the target, everything governs it that stands in its clause and in the clauses that this one goes on from
('denied that …', '…, it was stressed, obliged the Committee to wait'). A coordinator closes what was joined to it: in
'to dissolve the Group or not to renew its mandate' *dissolve* says nothing of the mandate.

*After* the target its predicate governs it: what follows its auxiliary (English) or stands in its clause (Chinese), up
to the first word that judges. In 'the view that it was obsolete was rejected' the second predicate judges the first.
A clause that only names a topic, or concedes something, leaves the predicate to the next one; a clause that takes the
target up again ('…, a practice that was hard to accept', 这种做法…) has the last word.

*Outside* of the chain stays what belongs to somebody or something else: reasons (because, given, 鉴于), conditions,
comparisons, asides ('opposed by two delegations'), and words that have a valence but belong to the matter (without
borders, 非法, 未经同意), which the list ``chain_matter`` swallows.

What is only asked, told or discussed is neutral, unless somebody doubts it ('questioned whether'). A prohibition that
names what it does not forbid (unless, without safeguards), and a duty to do no harm ('must not weaken existing
treaties'), is a condition. A chain without a word that judges, such as a bare *should*, is weak: idioms of the issue
are heard before it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import longest
from egdata.coding.clauses import Clause, ClauseMarks, read_clause_marks

CHAIN = "chain"  # the rule of a stance that the words governing the target decide, in place of an idiom
#: The valence lists, and whether a word of theirs keeps or turns the sign of what it governs.
SIGNS = {
    "chain_approve": 1,
    "chain_reject": -1,
    "chain_end": -1,
    "chain_harm": -1,
    "chain_warn": -1,
    "chain_good": 1,
    "chain_bad": -1,
    "chain_worth": 1,
    "chain_not": -1,
    "chain_must": 1,
    "chain_may": 1,
    "chain_open": 1,
    "chain_sole": 1,
}
MATTER = "chain_matter"  # words with a valence that belong to the matter
#: The lists whose words judge; the others only bend what is judged.
JUDGING = SIGNS.keys() - {"chain_not", "chain_must", "chain_may", "chain_open", "chain_sole"}
_REJECTING = {"chain_reject", "chain_bad"}  # who rejects or finds fault does not merely forbid
_DESCRIBING = {"chain_not", "chain_harm", "chain_good", "chain_bad", "chain_may"}  # may stand before a noun
_VALUES = {"chain_good", "chain_bad"}  # what something is said to be
#: Which of its own words govern a target, by its polarity; of an open one they say what is to be done with it.
_OWN = {
    "open": {"chain_not", "chain_end", "chain_reject"},
    "direct": {"chain_reject"},
    "conditional": {"chain_reject"},
    "inverse": {"chain_not"},  # 'that States must not attack'
}
_FORMS = ("to", "that", "ing", "finite")
_NEAR = 12  # characters: 'only a new convention', 'nothing short of a universal one'
_DETERMINED = 24  # characters between 'no' and its noun: 'no further binding duties'


class Operator(NamedTuple):
    """A word of a valence list at ``text[start:end]``."""

    start: int
    end: int
    kind: str

    @property
    def sign(self) -> int:
        return SIGNS[self.kind]

    @property
    def judges(self) -> bool:
        return self.kind in JUDGING

    @property
    def is_evaluative(self) -> bool:
        """Whether it judges or demands."""
        return self.judges or self.kind == "chain_must"


class Chain(NamedTuple):
    """What governs a target, and what comes of it."""

    stance: str  # 'for', 'against', 'conditional', 'neutral'; empty where nothing governs the target
    start: int
    end: int
    operators: tuple[Operator, ...]  # in text order
    outside: tuple[Operator, ...]  # words of the same clauses that do not belong to the chain
    is_weak: bool  # no word among them judges
    is_taken_up: bool = False  # another clause takes the target up and judges it
    has_exception: bool = False  # a prohibition that names what it does not forbid

    @property
    def rejects(self) -> bool:
        """Whether somebody rejects or finds fault, and does not merely forbid."""
        return any(operator.kind in _REJECTING for operator in self.operators)


UNHEARD = Chain("", 0, 0, (), (), False)  # nothing governs the target


@dataclass(frozen=True)
class Governors:
    """The valence lists and the joints of one language."""

    lists: tuple[tuple[str, re.Pattern[str]], ...]
    joints: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]  # a coordinator before a form, and that form
    aside: re.Pattern[str]  # a clause that only says who speaks, between the parts of what is said
    asked: re.Pattern[str]  # begins what is only asked
    asked_after: re.Pattern[str]  # the same where it may stand after the target: 新公约是否必要
    attribute: re.Pattern[str]  # joins what describes a noun to it: 不符合国际法的…
    auxiliary: re.Pattern[str]  # begins a predicate
    claim: re.Pattern[str]  # before what somebody is said to hold: 'the view that'
    claimed: re.Pattern[str]  # after it: 的看法
    complement_end: re.Pattern[str]  # after what a target is considered to be: 'considered it useless …'
    considered: re.Pattern[str]  # before a target and what it is considered to be
    example: re.Pattern[str]  # begins a comparison or an example, which may hold the target
    exception: re.Pattern[str]  # what a prohibition does not forbid
    follows: re.Pattern[str]  # at the head of a clause that may hold the predicate of the one before
    goes_on: re.Pattern[str]  # at the head of a clause that goes on with the one before
    no_predicate: re.Pattern[str]  # between a target and an auxiliary that is not its own
    reason: re.Pattern[str]  # begins what is outside of the chain, to the end of its clause
    taken_up: re.Pattern[str]  # at the head of a clause that speaks of what the one before named
    that: re.Pattern[str]
    told: re.Pattern[str]  # what an organ has decided before
    topic: re.Pattern[str]  # at the head of a clause that names a topic or concedes something
    marks: ClauseMarks


@functools.lru_cache(maxsize=8)
def read_governors(codebook: Codebook, lang: str) -> Governors:
    """Gather the valence lists and joints of one language."""
    names = [name for name in Governors.__dataclass_fields__ if name not in ("lists", "joints", "marks")]
    return Governors(
        lists=tuple((kind, codebook.pattern(kind, lang)) for kind in (*SIGNS, MATTER)),
        joints=tuple(
            (codebook.pattern(f"joint_and_{form}", lang), codebook.pattern(f"joint_form_{form}", lang))
            for form in _FORMS
        ),
        **{name: codebook.pattern(f"joint_{name}", lang) for name in names},
        marks=read_clause_marks(codebook, lang),
    )


class Sentence(NamedTuple):
    """A statement cut into clauses, with the words of the valence lists in it."""

    text: str
    clauses: list[Clause]
    operators: list[Operator]
    reasons: list[Clause]  # stretches outside of any chain: reasons, conditions, asides
    examples: list[Clause]  # comparisons and examples, which may hold the target


def read_sentence(text: str, clauses: list[Clause], governors: Governors) -> Sentence:
    """Find the words of the valence lists in the clauses, in their order; of overlapping ones the longest."""
    start, end = clauses[0][0], clauses[-1][1]
    matches = [
        Operator(*match.span(), kind)
        for kind, pattern in governors.lists
        for match in pattern.finditer(text, start, end)
    ]
    operators = [operator for operator in longest(matches) if operator.kind != MATTER]
    reasons, examples = (
        [zone.span() for clause in clauses for zone in pattern.finditer(text, *clause)]
        for pattern in (governors.reason, governors.example)
    )
    if text[max(start - 2, 0) : start].rstrip().endswith((",", ";")) and governors.topic.match(text, *clauses[0]):
        reasons = [zone for zone in reasons if zone[0] > start + 1]  # '…, whereas others opposed it' concedes nothing
    return Sentence(text, clauses, operators, reasons, examples)


# ---- the chain of a target ------------------------------------------------------------------------------------------


def govern(sentence: Sentence, target: Clause, governors: Governors, polarity: str = "") -> Chain:
    """The chain that governs a target at ``text[slice(*target)]``."""
    chain = _chain_at(sentence, target, governors, polarity)
    text, clauses = sentence.text, sentence.clauses
    own = next(number for number, (_, end) in enumerate(clauses) if target[0] < end)
    is_named = chain.is_weak or is_outside(sentence, target[0])  # by a topic, or in a concession
    is_topic = is_named and governors.topic.match(text, *clauses[own]) is not None
    later = [clause for clause in clauses[own + 1 :] if text[clause[0] - 1] not in "；;"]
    for start, end in later:
        taken_up = governors.taken_up.match(text, start, end)
        if taken_up or is_topic:
            place = taken_up.span() if taken_up else (end - 1, end)
            judged = _chain_at(sentence, place, governors)
            if judged.operators and not judged.is_weak:
                return judged._replace(start=target[0], is_taken_up=taken_up is not None)
    if not chain.operators:
        for start, end in later:
            if start >= target[1] and governors.follows.match(text, start, end) and not is_outside(sentence, start):
                judged = _chain_at(sentence, (start, start), governors)
                return judged._replace(start=target[0]) if judged.operators and not judged.is_weak else chain
    return chain


def govern_all(sentence: Sentence, governors: Governors) -> Chain:
    """The chain of what need not be named: that of the first clause in which a word judges."""
    chains = (_chain_at(sentence, (end - 1, end), governors) for _, end in sentence.clauses)
    # who only discusses something may have turned to another matter
    judged = (chain for chain in chains if any(operator.kind != "chain_open" for operator in chain.operators))
    return next((chain for chain in judged if not chain.is_weak), Chain("", 0, 0, (), (), True))


def _chain_at(sentence: Sentence, target: Clause, governors: Governors, polarity: str = "") -> Chain:
    text = sentence.text
    first, last = target
    left, right = _reach(sentence, target, governors)
    heard = [operator for operator in sentence.operators if left <= operator.start and operator.end <= right]
    if polarity == "open":  # what the last of its clauses says of it is nearest
        clauses = [start for start, _ in sentence.clauses if first < start < last]
        left, first = (clauses[-1], clauses[-1]) if clauses else (left, first)
    left = max([left, *(start for start, end in sentence.reasons if left <= start <= first < end)])
    inside = [
        operator
        for operator in heard
        if operator.start >= left and not is_outside(sentence, operator.start, but_for=first)
    ]
    if polarity == "open":
        first = max((and_.start() for and_, _ in _joints(text, first, last, governors)), default=first)
    inside = _without_attributes(text, first, inside, governors)
    before = _still_open(text, left, first, [operator for operator in inside if operator.end <= first], governors)
    after = _predicate(text, left, last, right, inside, governors)
    after = after or _complement(text, (left, first), (last, right), inside, governors)
    if not (after and before and before[-1].kind == "chain_sole" and first - before[-1].end < _NEAR):
        before = [operator for operator in before if operator.kind != "chain_sole"]
    if any(operator.judges for operator in after):
        before = _of_own_clause(text, left, first, before, governors)
        if before and before[-1].kind in _VALUES and first - before[-1].end < 3:
            before = before[:-1]  # 'excessive duties would do harm'
    own = _OWN.get(polarity, set())
    within = [operator for operator in inside if first <= operator.start < last and operator.kind in own]
    return _result(sentence, target, (left, right), heard, (before, within, after), governors)


def _reach(sentence: Sentence, target: Clause, governors: Governors) -> Clause:
    """The stretch of clauses that belong together with that of the target."""
    text, clauses = sentence.text, sentence.clauses
    own = next(number for number, (_, end) in enumerate(clauses) if target[0] < end)
    first = own
    while first and (
        text[slice(*clauses[first])].isspace()  # between a comma and what it joins
        or governors.goes_on.match(text, *clauses[first])
        or governors.that.search(text, max(clauses[first][0] - 7, 0), clauses[first][0])
    ):
        first -= 1
        if first and governors.aside.fullmatch(text, *clauses[first]):
            first -= 1
    if first > 1 and governors.aside.fullmatch(text, *clauses[first - 1]):
        first -= 2
    last = next(number for number, (_, end) in enumerate(clauses) if target[1] <= end and number >= own)
    if last + 2 < len(clauses) and governors.aside.fullmatch(text, *clauses[last + 1]):
        last += 2
    return clauses[first][0], clauses[last][1]


def _joints(text: str, start: int, end: int, governors: Governors) -> list[tuple[re.Match[str], re.Pattern[str]]]:
    """The coordinators before a form that stands before ``end``, each with the pattern of that form."""
    return [(and_, form) for joint, form in governors.joints for and_ in joint.finditer(text, start, end)]


def _still_open(text: str, left: int, first: int, before: list[Operator], governors: Governors) -> list[Operator]:
    """Those before the target that no coordinator has closed: *dissolve* the Group or not to renew its mandate."""
    for and_, form in _joints(text, left, first + 1, governors):
        heads = [head.start() for head in form.finditer(text, left, and_.start())]
        if heads:
            head = heads[0] if form is governors.joints[-1][1] else heads[-1]
            before = [operator for operator in before if not head <= operator.start < and_.start()]
    return before


def _of_own_clause(text: str, left: int, first: int, before: list[Operator], governors: Governors) -> list[Operator]:
    """Without those of a clause that a coordinator ends: 'laws were inadequate and stricter ones were needed'."""
    begin = max((text.rfind(f" {word} ", left, first) for word in ("and", "but")), default=-1)
    if begin < 0 or governors.that.search(text, left, begin) or not governors.auxiliary.search(text, left, begin):
        return before
    return [operator for operator in before if operator.start >= begin]


def _without_attributes(text: str, first: int, inside: list[Operator], governors: Governors) -> list[Operator]:
    """Without what describes the target: 不符合国际法的单方面措施, measures that are not in line with law."""
    joint = governors.attribute.search(text, max(0, first - 8), first)
    before = [operator for operator in inside if joint and operator.end <= joint.end()]
    described: list[Operator] = []
    last_of_list = text.rfind("、", 0, first) % (first + 1)  # past the noun where there is none
    for operator in reversed(before):
        is_listed = operator.start > last_of_list and operator.kind != "chain_not"  # 违反…、有碍…的措施
        is_apart = described and described[-1].start - operator.end > 1 and not is_listed
        if operator.kind not in _DESCRIBING or is_apart:
            break
        described.append(operator)
    if len(described) > 1 and described[-1].kind == "chain_not" and described[-2].kind == "chain_good":
        return inside  # 没有必要制定这样的文书: there is no need for it
    return [operator for operator in inside if operator not in described]


def _predicate(
    text: str, left: int, last: int, right: int, inside: list[Operator], governors: Governors
) -> list[Operator]:
    """The predicate after a target, from its auxiliary to the first word that judges."""
    auxiliary = governors.auxiliary.search(text, last, right)
    if not auxiliary:
        return []
    gap = text[last : auxiliary.start()]
    if governors.no_predicate.search(gap) and not governors.aside.search(gap[gap.find(",") + 1 :]):
        return []
    end = min((and_.start() for and_, _ in _joints(text, last, right, governors)), default=right)
    is_claim = bool(governors.claim.search(text, left, last) or governors.claimed.search(text, last, right))
    operators: list[Operator] = []
    for operator in inside:
        names_target = operator.kind == "chain_worth" and text[operator.start - 1] == "的"  # 公约的价值, its value
        if names_target or operator.kind == "chain_sole" or not auxiliary.start() <= operator.start < end:
            continue
        if any(other.judges or other.kind == "chain_open" for other in operators):
            # 'should avoid conflicts'; 'the view that it was obsolete was rejected'
            if operators[-1].kind == "chain_end" and operator.kind == "chain_harm":
                operators.append(operator)
                break
            if not is_claim or not governors.auxiliary.search(text, operators[-1].end, operator.start):
                break
            is_claim = False
        operators.append(operator)
    return operators


def _complement(
    text: str, before: Clause, after: Clause, inside: list[Operator], governors: Governors
) -> list[Operator]:
    """What somebody considers a target to be, and what denies it: 'found a new convention (not) necessary'."""
    if not governors.considered.search(text, *before):
        return []
    behind = [operator for operator in inside if operator.start >= after[0]]
    number = next((at for at, operator in enumerate(behind) if operator.kind in _VALUES), -1)
    if number < 0 or not governors.complement_end.match(text, behind[number].end, after[1]):
        return []
    return [operator for operator in behind[: number + 1] if operator.kind in {"chain_not", behind[number].kind}]


def _result(
    sentence: Sentence,
    target: Clause,
    reach: Clause,
    heard: list[Operator],
    parts: tuple[list[Operator], list[Operator], list[Operator]],
    governors: Governors,
) -> Chain:
    """Multiply the operators before, within and after the target."""
    before, _, after = parts
    text, last = sentence.text, target[1]
    begin = sentence.clauses[0][0]  # 'Except with the consent of the State, …' leads the sentence
    chain = [operator for part in parts for operator in part]
    warns = next((operator for operator in chain if operator.kind == "chain_warn"), None)
    if warns and any(operator.start > warns.start and (operator.sign < 0 or operator.judges) for operator in chain):
        chain.remove(warns)  # who warns that it would do harm says so
    kinds = {operator.kind for operator in chain}
    judges = any(operator.judges for operator in chain)
    # 'no further duties should be imposed'
    is_none = kinds == {"chain_not", "chain_must"} and 0 <= target[0] - chain[0].end < _DETERMINED
    is_weak = not (judges or is_none)
    if _is_only_named(text, chain, reach, last, governors):
        stance, is_weak = "neutral", False
    elif not chain:
        stance = ""
    elif _does_no_harm(after):
        stance, is_weak = "conditional", False
    elif before and before[-1].kind == "chain_open" and not after and kinds == {"chain_approve", "chain_open"}:
        stance, is_weak = "neutral", False  # who proposes to discuss it takes no side yet
    elif "chain_open" in kinds and not judges and not any(operator.kind == "chain_must" for operator in heard):
        stance = "neutral"
        # who discusses it, and does not recall that it …, nor has more to say of it
        is_weak = reach[1] < sentence.clauses[-1][1] or all(
            governors.that.search(text, word.end, target[0]) for word in chain if word.kind == "chain_open"
        )
    else:
        stance = "for" if prod(operator.sign for operator in chain) > 0 else "against"
    return Chain(
        stance,
        min([target[0], *(operator.start for operator in chain)]),
        max([last, *(operator.end for operator in chain)]),
        tuple(chain),
        tuple(operator for operator in heard if operator not in chain),
        is_weak,
        has_exception=("chain_not" in kinds and governors.exception.search(text, begin, reach[1]) is not None),
    )


def _is_only_named(text: str, chain: list[Operator], reach: Clause, last: int, governors: Governors) -> bool:
    """Whether it is asked, and nobody doubts it, or told as a decision of before, and nobody judges that."""
    left, right = reach
    if asked := governors.asked.search(text, left, last) or governors.asked_after.search(text, left, right):
        doubts = [word for word in chain if word.kind == "chain_reject" and word.end <= asked.start()]
        if not doubts:
            return True
    told = governors.told.search(text, left, last)
    return bool(told) and not any(word.judges and not told.start() <= word.start < told.end() for word in chain)


def _does_no_harm(after: list[Operator]) -> bool:
    """Whether a predicate forbids harm: must not weaken, should avoid conflicts."""
    kinds = [operator.kind for operator in after]
    before = kinds[: kinds.index("chain_harm")] if "chain_harm" in kinds else []
    return "chain_must" in before and not {"chain_not", "chain_end"}.isdisjoint(before)


# ---- what stands elsewhere ------------------------------------------------------------------------------------------


def is_denied(sentence: Sentence, span: Clause, governors: Governors) -> bool:
    """Whether what stands there is what somebody is said to hold, and is denied: 'contested the claim that …'."""
    text = sentence.text
    left, right = _reach(sentence, span, governors)
    before = [operator for operator in sentence.operators if left <= operator.start and operator.end <= span[0]]
    after = [operator for operator in sentence.operators if span[1] <= operator.start < right]
    if claim := governors.claim.search(text, left, span[0]):
        before = [operator for operator in before if operator.start < claim.start()]
    elif claim := governors.claimed.search(text, span[1] - 1, right):
        after = [operator for operator in after if operator.start >= claim.end()]
    else:
        return False
    denying = (operator for operator in (*before, *after[:2]) if operator.kind in _REJECTING | {"chain_not"})
    return prod(operator.sign for operator in denying) < 0


def is_outside(sentence: Sentence, at: int, but_for: int = -1) -> bool:
    """Whether what stands at ``at`` belongs to a reason, a condition, a comparison or an aside.

    One that holds what stands at ``but_for`` does not count.
    """
    return any(
        start <= at < end and not start <= but_for < end for start, end in (*sentence.reasons, *sentence.examples)
    )
