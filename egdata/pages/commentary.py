"""What a notebook says of a table, so that it stays true when the table changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from egdata.coding.coding import Coding
from egdata.coding.corrections import decided_words
from egdata.reading.languages import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Commentary:
    """What :func:`commentary` returns: Markdown in a notebook, its source elsewhere."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def commentary(text: str, about: pd.DataFrame | pd.Series, written_for: str) -> Commentary:
    """Typed words about a table, shown only where it is the one that it was written for.

    They are a person's reading of what it shows. Of another report, or after a correction, they may be
    wrong; then a note stands in their place, with the key of the table as it is now, for whoever reads it anew.

    Parameters
    ----------
    text : str
        Markdown.
    about : DataFrame or Series
        What they speak of, with its index.
    written_for : str
        The key of the table as it was read, from the note.

    Returns
    -------
    Commentary

    Examples
    --------
    >>> import pandas as pd
    >>> stances = pd.Series({"for": 3, "against": 1})
    >>> commentary("Most are for it.", stances, "0b1c")
    *No commentary: it was written for another table than this one (fdf725c2).*
    >>> commentary("Most are for it.", stances, "fdf725c2")
    Most are for it.
    """
    key = hashlib.sha256(about.to_csv(lineterminator="\n").encode()).hexdigest()[:8]
    if key == written_for:
        return Commentary(text)
    return Commentary(f"*No commentary: it was written for another table than this one ({key}).*")


def source_note(coding: Coding) -> Commentary:
    """What a notebook is about: the report, its language, who glossed it, and how many codes a person decided."""
    report = coding.report
    title = report.meta.get("title_en") or report.meta["title"]
    named = f"*{title}*, {report.name}" if title and title != report.name else report.name
    glossed = " Quotes are from the report, the English glosses are unofficial." if report.glosses else ""
    decided = f" {words}" if (words := decided_words(coding.n_decided)) else ""
    return Commentary(f"**Source.** {_as_text(named)}, {LANGUAGES[report.lang]} text.{glossed}{decided}")


def listed(names: Iterable[object]) -> str:
    """Names as a sentence of Markdown lists them.

    >>> listed(["22#1", "45#2", "13(b)#3"]), listed(["22#1"]), listed([])
    ('22#1, 45#2 and 13(b)#3', '22#1', 'none')
    """
    *before, last = [_as_text(str(name)) for name in names] or ["none"]
    return f"{', '.join(before)} and {last}" if before else last


def _as_text(words: str) -> str:
    """Words of a report in Markdown, which JupyterLab would take for markup, and run."""
    return escape(words, quote=False)
