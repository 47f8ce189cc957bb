"""How certain each position is: how sure the learnt weights are of it, in three classes."""

from __future__ import annotations

from collections.abc import Iterable

from egdata.base.vocabulary import CERTAINTIES
from egdata.codebook.codebook import Codebook


def certainties(chances: Iterable[float | None], codebook: Codebook, lang: str) -> list[str]:
    """``sure``, ``likely`` or ``check`` for each chance; empty where the codebook has learnt nothing."""
    classes = [row for row in codebook.tables["certainty_classes"].itertuples() if row.lang == lang]
    classes.sort(key=lambda row: CERTAINTIES.index(row.certainty))

    def certainty(chance: float | None) -> str:
        return next((row.certainty for row in classes if chance is not None and chance >= float(row.at_least)), "")

    return [certainty(chance) for chance in chances]
