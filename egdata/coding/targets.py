"""What a position is about: the words of a statement that name an issue, and the clauses that speak of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple

from egdata.base.frames import grouped
from egdata.codebook.matcher import BLOCKED, Match, longest
from egdata.coding.clauses import Clause

BACK_REFERENCE = "back-reference"  # the rule of a target that only points back
ANSWER = "answer"  # that of what another holder in the same sentence spoke of
TOPIC = "topic"  # that of what the statement before was about
CARRIED_OVER = (BACK_REFERENCE, ANSWER, TOPIC)  # which no rule of the codebook finds

Mention = tuple[int, int, str, str]  # of an instrument: start, end, entity, rule


class Target(NamedTuple):
    """What a position is about: an issue found at ``text[start:end]`` of a statement."""

    start: int
    end: int
    issue_id: str
    #: 'direct'; 'open': its own words say, too, what is to be done with it; 'inverse': approval of this target rejects
    #: the proposition; 'conditional': it points back to what was conditional, and so is approval; 'fixed': its words
    #: are the evaluation
    polarity: str
    default: str  # the stance where nothing evaluates it; 'none' for no position
    rule_id: str
    is_direction: bool = False  # says what is to be done with an issue that is named elsewhere


def find_targets(
    matches: list[Match], mentions: list[Mention], instruments: Mapping[str, tuple[str, str]]
) -> list[Target]:
    """Every target that the rules and the mentions name, in text order; of overlapping ones of an issue the longest.

    One whose words stand ``apart`` counts only where no other names its issue. Where an issue is named and a
    ``direction`` says what is to be done with it (延长, dissolve), the direction is the target.

    Parameters
    ----------
    matches : list of Match
        Of issue rules.
    mentions : list of Mention
        Of instruments in the statement.
    instruments : mapping of str to (str, str)
        For an instrument the issue that a mention of it is about, and its default stance.
    """
    # issue → its targets, and the words that are none of them
    about = grouped(
        (match.rule.row["blocks"] if match.rule.code == BLOCKED else match.rule.code, match) for match in matches
    )
    targets: list[Target] = []
    taken: defaultdict[str, set[int]] = defaultdict(set)
    for issue, group in about.items():
        blocked = [match for match in group if match.rule.code == BLOCKED]
        directions = [match for match in group if match.rule.row["form"] == "direction"]
        named = longest([match for match in group if match not in directions])
        kept = [match for match in named if match.rule.code != BLOCKED]
        kept = [match for match in kept if match.rule.row["form"] != "apart"] or kept
        taken[issue].update(at for match in (*blocked, *kept) for at in range(match.start, match.end))
        free = [
            direction for direction in directions if not any(no.start <= direction.start < no.end for no in blocked)
        ]
        targets += [_target(match, issue) for match in ((kept and longest(free)) or kept)]
    for first, last, entity, rule_id in mentions:
        issue, default = instruments.get(entity, ("", ""))
        if issue and taken[issue].isdisjoint(range(first, last)):
            targets.append(Target(first, last, issue, "direct", default, rule_id))
    return sorted(targets)


def _target(match: Match, issue: str) -> Target:
    row = match.rule.row
    is_direction = row["form"] == "direction"
    return Target(match.start, match.end, issue, row["polarity"], row["default"], match.rule.rule_id, is_direction)


# ---- the clauses that speak of a target -----------------------------------------------------------------------------

Subject = tuple[str, str]


def subject_of(target: Target) -> Subject:
    """Targets of one issue and polarity share their clauses."""
    return target.issue_id, target.polarity


def own_clause(target: Target, clauses: list[Clause]) -> Clause:
    """The clause in which a target begins."""
    return clauses[bisect_right(clauses, target.start, key=itemgetter(0)) - 1]


def told_of(target: Target, clauses: list[Clause], targets: list[Target]) -> Clause:
    """What a target is told of: its own clause and, unless approval of it rejects, those up to the next target's."""
    start, end = own_clause(target, clauses)
    if target.polarity != "inverse":
        firsts = (own_clause(other, clauses)[0] for other in targets)
        end = next((first for first in firsts if first > start), clauses[-1][1])
    return start, end


def scopes(text: str, clauses: list[Clause], targets: list[Target]) -> dict[Subject, list[Clause]]:
    """The clauses that speak about each subject: its own, those up to the next one, those before the first of all.

    What stands before the first target (会上提到正在谈判) is said of all of them, back to a semicolon that is
    none of a list.
    """
    holds: list[set[Subject]] = [set() for _ in clauses]
    for target in targets:
        first = bisect_right(clauses, target.start, key=itemgetter(0)) - 1
        for index in range(first, bisect_left(clauses, target.end, key=itemgetter(0))):
            holds[index].add(subject_of(target))
    owners: list[set[Subject]] = []
    for held in holds:
        owners.append(held or (owners[-1] if owners else set()))
    first_held = next(index for index, held in enumerate(holds) if held)
    ends = [text[last - 1] for _, last in clauses[:first_held]]
    semicolons = [index for index, end in enumerate(ends) if end in "；;"]
    is_list = any(end in "：:" for end in ends)
    begin = semicolons[-1] + 1 if semicolons and not is_list else 0
    spoken: dict[Subject, list[Clause]] = {subject_of(target): [] for target in targets}
    owners[begin:first_held] = [set(spoken)] * (first_held - begin)
    for clause, owner in zip(clauses, owners, strict=True):
        for subject in owner:
            spoken[subject].append(clause)
    return spoken
