"""Several files at once: each read as a report with an id of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path

from egdata.base.errors import ReportError
from egdata.base.frames import grouped
from egdata.base.vocabulary import REPORT_ID
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.reading.report import Report, read_report

SUFFIXES = (".txt", ".pdf", ".docx", ".html", ".htm")  # what is read of a folder


def read_reports(
    paths: str | Path | Iterable[str | Path], lang: str | None = None, *, codebook: Codebook | None = None
) -> list[Report]:
    """Read several reports, each with an id of its own.

    Parameters
    ----------
    paths : path or iterable of path
        Files and folders. Of a folder every ``.txt``, ``.pdf``, ``.docx``, ``.html`` and ``.htm`` file is read,
        by name; other files, hidden ones and folders in it are passed over.
    lang : {'zh', 'en'}, optional
        Of all of them; found for each from its script if omitted.
    codebook : Codebook, optional
        As for :func:`read_report`.

    Returns
    -------
    list of Report
        In the order given. The functions that take one report and give a frame take the list, too: one frame with
        ``report_id`` as its first column, the rows of the first report first.

    Raises
    ------
    ReportError
        If a file cannot be read or comes twice. The message names it.

    Notes
    -----
    ``meta["report_id"]`` is the file's name up to its first dot, for a report in ``data/reports`` the id given there.
    Where two agree in that, :func:`report_ids` gives them others: ``a.zh.txt`` and ``a.en.txt`` are ``a.zh`` and
    ``a.en``.
    """
    files = report_files(paths)
    codebook = codebook or read_codebook()
    reports = [read_report(file, lang, codebook=codebook) for file in files]
    first: dict[str, Path] = {}
    for file, report in zip(files, reports, strict=True):
        if (same := first.setdefault(report.meta["sha256"], file)) is not file:
            raise ReportError(f"{same} and {file} are the same file; name it once")
    named = zip(reports, report_ids(files, [report.meta[REPORT_ID] for report in reports]), strict=True)
    return [replace(report, meta=report.meta | {REPORT_ID: report_id}) for report, report_id in named]


def report_ids(files: list[Path], short: list[str] | None = None) -> list[str]:
    """An id of its own for each file.

    Parameters
    ----------
    files : list of Path
    short : list of str, optional
        The ids that they have by themselves; the names up to the first dot if omitted.

    Returns
    -------
    list of str
        Where two agree, the name without its last suffix (``a.zh``, ``a.en``); if they agree in that, too, with the
        suffix behind a hyphen (``a-pdf``, ``a-docx``); else with a number (``a``, ``a-2``). Case makes no difference.
    """
    ids = short or [file.name.split(".")[0] for file in files]
    for longer in (lambda file: file.stem, lambda file: file.name.replace(file.suffix, file.suffix.replace(".", "-"))):
        for places in grouped((folded(own), place) for place, own in enumerate(ids)).values():
            names = [longer(files[place]) for place in places]
            if len(set(map(folded, names))) > 1:
                for place, name in zip(places, names, strict=True):
                    ids[place] = name
    taken: set[str] = set()
    for place, own in enumerate(ids):
        n = next(n for n in count(1) if folded(_numbered(own, n)) not in taken)
        ids[place] = _numbered(own, n)
        taken.add(folded(ids[place]))
    return ids


def _numbered(name: str, n: int) -> str:
    return name if n == 1 else f"{name}-{n}"


def report_files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """The files named, and of each folder those that are reports, by name."""
    files = []
    for path in map(Path, [paths] if isinstance(paths, (str, os.PathLike)) else paths):
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
            inside = [file for file in inside if file.suffix.lower() in SUFFIXES]
            if not inside:
                raise ReportError(f"{path}: no report in this folder; it needs {', '.join(SUFFIXES)} files")
            files += inside
        else:
            files.append(path)
    if not files:
        raise ReportError("no reports given; name files or a folder")
    return files


def folded(report_id: str) -> str:
    """What two ids have in common that are one name on many disks."""
    return report_id.casefold()
