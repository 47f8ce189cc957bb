"""Whose frame it is, so that a chart can name its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.coding.coding import Coding

if TYPE_CHECKING:
    import pandas as pd


def sign(frame: pd.DataFrame, coding: Coding) -> pd.DataFrame:
    """The frame itself; its ``attrs`` keep the symbol of the report, and how many codes a person decided."""
    frame.attrs |= {"symbol": coding.report.name, "n_decided": coding.n_decided}
    return frame
