"""Which charts stand as they would be drawn, so that they need not be drawn again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.fingerprints import Fingerprints, code_sha256, digest
from egdata.codebook.codebook import CODES, Codebook
from egdata.coding.benchmark import read_scores

if TYPE_CHECKING:
    import pandas as pd


class KnownFigures:
    """The charts of earlier builds with what they were drawn from: table, labels, scores, code and packages.

    Parameters
    ----------
    fingerprints : Fingerprints
        Where this is kept.
    codebook : Codebook
    packages : str
        The versions of what draws them.
    """

    def __init__(self, fingerprints: Fingerprints, codebook: Codebook, packages: str) -> None:
        self._fingerprints = fingerprints
        labels = [codebook.tables[name].to_csv() for name in (*CODES, "glossary")]
        scores = read_scores().to_csv()  # every chart says by them how far to trust it
        self._same_for_all = digest(packages, code_sha256("base", "codebook", "charts"), scores, *labels)
        self.drawn: list[str] = []  # names of charts that have been drawn; :meth:`keep` adds to it

    def entry(self, name: str, frame: pd.DataFrame) -> str | None:
        """What the gallery says of a chart that stands as it would be drawn from a table; None if it does not."""
        is_current = self._fingerprints.is_current(name, self._made_from(frame))
        return self._fingerprints.words(name) if is_current else None

    def keep(self, name: str, frame: pd.DataFrame, files: list[Path], entry: str) -> None:
        """Know a chart that has been drawn and written."""
        self.drawn.append(name)
        self._fingerprints.keep(name, self._made_from(frame), files, entry)

    def _made_from(self, frame: pd.DataFrame) -> str:
        return digest(self._same_for_all, frame.to_csv(), repr([*frame.dtypes]), repr(frame.attrs))
