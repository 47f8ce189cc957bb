"""Which position each actor holds: speakers and those beside them the one that is stated, opponents its opposite."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import NO_HOLDER, OPPONENT, OPPOSITE

if TYPE_CHECKING:
    import pandas as pd

    from egdata.coding.coding import Coding

_ACTOR = ("actor_id", "node_type", "name_en", "name_zh", "role", "predicate_start")
COLUMNS = ("position_id", "statement_id", "issue_id", "stance", *_ACTOR[:-1])


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
    first. Supporters, and those with or for whom somebody speaks, hold the stance of the statement; opponents hold
    ``against`` where it is ``for`` and the reverse, and nothing where it is ``conditional`` or ``neutral``.
    """
    takers = _takers(coding)
    rows: list[dict] = []
    wanted = "position_id", "statement_id", "issue_id", "stance", "start"
    for position_id, statement_id, issue_id, stance, start in records(coding.positions, *wanted):
        for *who, role in _at(takers.get(statement_id, []), start):
            # what he thinks who opposes a condition, or somebody who takes no side, nobody can say
            held = OPPOSITE.get(stance, "") if role == OPPONENT else stance
            if held:
                rows.append(dict(zip(COLUMNS, (position_id, statement_id, issue_id, held, *who, role), strict=True)))
    return frame_of(rows, COLUMNS)


def _takers(coding: Coding) -> dict[str, list[tuple]]:
    """Everybody who takes part in each statement with a holder, in the order of the predicates."""
    holders = dict(records(coding.statements, "statement_id", "holder"))
    takers: dict[str, list[tuple]] = {}
    for statement_id, *actor in records(coding.actors, "statement_id", *_ACTOR):
        if holders[statement_id] not in NO_HOLDER:
            place = actor[-1] if isinstance(actor[-1], int) else 0  # without a verb
            takers.setdefault(statement_id, []).append((place, *actor[:-1]))
    return {statement_id: sorted(actors, key=lambda actor: actor[0]) for statement_id, actors in takers.items()}


def _at(takers: list[tuple], start: int) -> list[tuple]:
    """Those of the predicate that governs a place, each once."""
    if not takers:
        return []
    places = [place for place, *_ in takers]
    governing = places[max(bisect_right(places, start) - 1, 0)]
    return list({actor[0]: tuple(actor) for place, *actor in reversed(takers) if place == governing}.values())[::-1]
