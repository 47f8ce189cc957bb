"""The reader as a widget of JupyterLab: what a person corrects in it reaches the coding at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.csv_files import read_csv
from egdata.base.errors import EgdataError
from egdata.base.output import write_file
from egdata.coding.coding import Coding
from egdata.pages.reader import reader_parts

if TYPE_CHECKING:
    import anywidget


def review(
    coding: Coding,
    file: str | Path | None = None,
    lang: str = "en",
    *,
    others: Mapping[str, Coding] | None = None,
) -> anywidget.AnyWidget:
    """Show the page of :func:`reader_page` in a notebook, to correct a coding there.

    Parameters
    ----------
    coding : Coding
        It follows every correction: ``coding.corrections`` is the sheet, and all its frames are made anew.
    file : path, optional
        The coding sheet, CSV. One that exists is gone on with; every correction is written to it.
    lang : {'en', 'zh'}
    others : dict of str to Coding, optional
        As for :func:`reader_page`.

    Returns
    -------
    anywidget.AnyWidget
        Shown where it is the last line of a cell. ``notice`` says why the last correction did not reach the coding or
        the file; it is empty if it did.

    Raises
    ------
    EgdataError
        If anywidget is missing, or the file is no sheet of this report.

    Notes
    -----
    A file that something else has changed since is not written to: its changes would be lost. Call ``review`` again
    to go on with them.
    """
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise EgdataError(f"review needs {error.name}: python -m pip install 'egdata[notebooks]'") from None

    if not isinstance(coding, Coding):
        raise TypeError(f"review takes a Coding, not {type(coding).__name__}; make one with code")
    file = None if file is None else Path(file)
    if file and file.exists():
        coding.correct(file)
    parts = reader_parts(coding, lang, others=others)

    class Review(anywidget.AnyWidget):
        """The page, and what a person changes in it."""

        _esm = parts.script
        look = traitlets.Unicode(parts.style).tag(sync=True)  # style is taken by ipywidgets
        body = traitlets.Unicode(parts.body).tag(sync=True)
        data = traitlets.Dict(parts.data).tag(sync=True)
        edits = traitlets.Dict().tag(sync=True)
        sheet = traitlets.Unicode().tag(sync=True)
        notice = traitlets.Unicode().tag(sync=True)

    widget = Review()
    written = file.read_bytes() if file and file.exists() else None

    def follow(change: dict) -> None:
        nonlocal written
        content = change["new"].encode()
        try:
            coding.correct(read_csv(content))
            if file:
                _need_unchanged(file, written)
                write_file(file, content)
                written = content
        except (EgdataError, OSError) as error:
            widget.notice = str(error)
        else:
            widget.notice = ""

    widget.observe(follow, "sheet")
    return widget


def _need_unchanged(file: Path, written: bytes | None) -> None:
    """Raise if something else has written to the file since we read or wrote it."""
    if (file.read_bytes() if file.exists() else None) != written:
        raise EgdataError(f"{file}: something else has changed it since; call review again to go on with that")
