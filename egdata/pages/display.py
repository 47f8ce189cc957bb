"""Tables in a notebook as one reads them: left-aligned, their words wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LOOKS = {"text-align": "left", "vertical-align": "top", "white-space": "normal"}


@dataclass(frozen=True, repr=False)
class Wrapped:
    """What :func:`wrapped` returns: HTML in a notebook, columns between tabs elsewhere."""

    frame: pd.DataFrame

    def __repr__(self) -> str:
        return self.frame.to_csv(sep="\t", index=False).rstrip() if len(self.frame) else "No rows."

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return "<p>No rows.</p>"
        heads = [{"selector": "th", "props": list(LOOKS.items())}]
        short = dict.fromkeys(self.frame.select_dtypes("float"), "{:g}")  # 0.74, not 0.740000
        shown = self.frame.style.set_uuid("wrapped").hide(axis="index").format(short, na_rep="", escape="html")
        return shown.set_properties(**LOOKS).set_table_styles(heads).to_html()


def wrapped(frame: pd.DataFrame) -> Wrapped:
    """Show a frame with quotes so that they can be read: to the left, in as many lines as they need.

    Parameters
    ----------
    frame : DataFrame
        Without rows it says so; what is missing is blank. An index other than the numbers of the rows becomes columns.

    Returns
    -------
    Wrapped
    """
    is_numbered = frame.index.name is None and frame.index.nlevels == 1
    return Wrapped(frame.reset_index(drop=is_numbered))
