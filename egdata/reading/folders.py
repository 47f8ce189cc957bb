"""Several files at once: each read as a report with an id of its own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from egdata.base.errors import ReportError
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
        If a file cannot be read, comes twice, or two files would have the same id. The message names them.

    Notes
    -----
    ``meta["report_id"]`` is the file's name up to its first dot, for a report in ``data/reports`` the id given there.
    Where two agree in that, as ``a.zh.txt`` and ``a.en.txt`` do, it is the name without its last suffix: ``a.zh`` and
    ``a.en``. Ids that differ only in case are the same, as they are on many disks.
    """
    files = report_files(paths)
    codebook = codebook or read_codebook()
    reports = [read_report(file, lang, codebook=codebook) for file in files]
    _raise_twice([report.meta["sha256"] for report in reports], files, "are the same file; name it once")
    taken = Counter(folded(report.meta[REPORT_ID]) for report in reports)
    ids = [
        report.meta[REPORT_ID] if taken[folded(report.meta[REPORT_ID])] == 1 else file.stem
        for report, file in zip(reports, files, strict=True)
    ]
    _raise_twice([folded(one) for one in ids], files, "would have the same report_id; rename one of them")
    named = zip(reports, ids, strict=True)
    return [replace(report, meta=report.meta | {REPORT_ID: report_id}) for report, report_id in named]


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


def _raise_twice(keys: list[str], files: list[Path], reason: str) -> None:
    first: dict[str, Path] = {}
    for key, file in zip(keys, files, strict=True):
        if key in first:
            raise ReportError(f"{first[key]} and {file} {reason}")
        first[key] = file
