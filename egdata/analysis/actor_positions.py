"""Which position each actor holds: speakers and those beside them the one that is stated, opponents its opposite."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import NO_HOLDER, OPPONENT, OPPOSITE

if TYPE_CHECKING:
    import pandas as pd

    from egdata.coding.coding import Coding

_ACTOR = ("actor_id", "node_type", "name_en", "name_zh", "role")
COLUMNS = ("position_id", "statement_id", "issue_id", "stance", *_ACTOR)


def actor_positions(coding: Coding) -> pd.DataFrame:
    """Give every position of a holder to the actors who take part in it.

    Parameters
    ----------
    coding : Coding

    Returns
    -------
    DataFrame
        One row per position and actor, in the order of the positions: ``position_id``, ``statement_id``, ``issue_id``;
        ``stance`` of the actor; ``actor_id``, ``node_type``, ``name_en``, ``name_zh``, ``role`` as in
        :func:`egdata.find_actors`. No rows for statements that are impersonal or unattributed.

    Notes
    -----
    Of several predicates of a statement that is taken which begins last before the words of the position, or else the
    first. Where that is 'a proposal by Norway' and the stance ``against``, it is of those who oppose the proposal ('was
    opposed by Iran'), not of Norway. Supporters, and those with or for whom somebody speaks, hold the stance of the
    statement; opponents hold ``against`` where it is ``for`` and the reverse, and nothing where it is ``conditional``
    or ``neutral``.
    """
    takers = _takers(coding)
    rows: list[dict] = []
    wanted = "position_id", "statement_id", "issue_id", "stance", "start", "end"
    for position_id, statement_id, issue_id, stance, start, end in records(coding.positions, *wanted):
        for actor, held in _held(takers.get(statement_id, []), start, end, stance):
            rows.append(dict(zip(COLUMNS, (position_id, statement_id, issue_id, held, *actor), strict=True)))
    return frame_of(rows, COLUMNS)


class _Taker(NamedTuple):
    """An actor in one predicate."""

    place: int  # where the predicate begins; 0 without one
    is_proposal: bool  # and the predicate its noun
    actor: tuple[str, ...]


def _takers(coding: Coding) -> dict[str, list[_Taker]]:
    """Everybody who takes part in each statement with a holder, in the order of the predicates."""
    holders = dict(records(coding.statements, "statement_id", "holder"))
    noun = coding.codebook.pattern("favouring_noun", coding.report.lang)
    takers: dict[str, list[_Taker]] = {}
    for statement_id, predicate, place, *actor in records(
        coding.actors, "statement_id", "predicate", "predicate_start", *_ACTOR
    ):
        if holders[statement_id] not in NO_HOLDER:
            is_proposal = bool(noun.fullmatch(predicate))
            taker = _Taker(place if isinstance(place, int) else 0, is_proposal, tuple(actor))
            takers.setdefault(statement_id, []).append(taker)
    return {statement_id: sorted(actors, key=lambda taker: taker.place) for statement_id, actors in takers.items()}


def _held(takers: list[_Taker], start: int, end: int, stance: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Those of the predicate that governs a position, each once, with the stance of each."""
    if not takers:
        return
    governing = takers[max(bisect_right(takers, start, key=lambda taker: taker.place) - 1, 0)]
    verbs = [taker.place for taker in takers if governing.place < taker.place < end and not taker.is_proposal]
    places = {governing.place, *verbs[:1]} if governing.is_proposal else {governing.place}
    actors = {taker.actor[0]: taker for taker in reversed(takers) if taker.place in places}
    is_refused = governing.is_proposal and stance == "against"
    for place, _, actor in reversed(actors.values()):
        if is_refused:
            held = stance if place != governing.place or actor[-1] == OPPONENT else ""
        else:  # what he thinks who opposes a condition, or somebody who takes no side, nobody can say
            held = OPPOSITE.get(stance, "") if actor[-1] == OPPONENT else stance
        if held:
            yield actor, held
