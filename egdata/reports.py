"""Several reports at once: read together, and asked together, with ``report_id`` in front of every row."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from egdata.codebook import Codebook, read_codebook
from egdata.errors import EgdataError, ReportError
from egdata.report import Report, read_report

if TYPE_CHECKING:
    import pandas as pd

Function = TypeVar("Function", bound=Callable)
REPORT_ID = "report_id"
SUFFIXES = (".txt", ".pdf", ".docx")  # what is read of a folder


# ---- reading ---------------------------------------------------------------------------------------------------------


def read_reports(
    paths: str | Path | Iterable[str | Path], lang: str | None = None, *, codebook: Codebook | None = None
) -> list[Report]:
    """Read several reports, each with an id of its own.

    Parameters
    ----------
    paths : path or iterable of path
        Files and folders. Of a folder every ``.txt``, ``.pdf`` and ``.docx`` file is read, by name; other files,
        hidden ones and folders in it are passed over.
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


# ---- asking ----------------------------------------------------------------------------------------------------------


def over_reports(function: Function) -> Function:
    """Let a function of one report that gives a frame take several, too.

    Frames that it is given beside the reports are those of the same reports: each report gets its own rows of them.
    """

    @functools.wraps(function)
    def call(report: Any, *args: Any, **kwargs: Any) -> pd.DataFrame:
        reports = several(report, function.__name__)
        if reports is None:
            return function(report, *args, **kwargs)

        def ask(one: Report) -> pd.DataFrame:
            return function(one, *args, **{name: _rows_of(value, one, name) for name, value in kwargs.items()})

        return stack(for_each(reports, ask))

    return call


def one_report(function: Function) -> Function:
    """Let a function that can only take one report say so if it is given several."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(value, (list, tuple)) and _all_reports(value) for value in (*args, *kwargs.values())):
            raise EgdataError(f"{function.__name__} takes one report at a time; call it for each of them")
        return function(*args, **kwargs)

    return call


def several(report: Any, what: str) -> list[Report] | None:
    """The reports as a list; None for a single one."""
    if isinstance(report, Report) or not isinstance(report, (Iterable, os.PathLike)):
        return None
    reports = None if isinstance(report, (str, os.PathLike)) else list(report)
    if reports == []:
        raise EgdataError(f"{what}: no reports given")
    if reports is None or not _all_reports(reports):
        raise TypeError(f"{what} takes a Report or several of them; read files with read_report or read_reports first")
    return reports


def for_each(reports: list[Report], function: Callable[[Report], Any]) -> dict[str, Any]:
    """What a function gives for each report, by ``report_id``; its errors name the report."""
    ids = [report.meta[REPORT_ID] for report in reports]
    for one, n in Counter(map(folded, ids)).items():
        if n > 1:
            raise EgdataError(f"{n} reports have the report_id {one!r}; read them together with read_reports")
    found = {}
    for report_id, report in zip(ids, reports, strict=True):
        try:
            found[report_id] = function(report)
        except EgdataError as error:
            raise type(error)(f"{report_id}: {error}") from None
    return found


def stack(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other, with ``report_id`` in front."""
    import pandas as pd

    named = [frame.assign(**{REPORT_ID: report_id}) for report_id, frame in frames.items()]
    # the columns of a frame without rows may have no proper dtype, and would spoil that of the others
    stacked = pd.concat([frame for frame in named if len(frame)] or named[:1], ignore_index=True)
    symbols = [frame.attrs["symbol"] for frame in named if "symbol" in frame.attrs]
    stacked.attrs = {"symbol": "; ".join(symbols)} if symbols else {}
    stacked = stacked.astype({REPORT_ID: str})
    return stacked[[REPORT_ID, *stacked.columns.drop(REPORT_ID)]]


def need_one(frame: pd.DataFrame, what: str) -> None:
    """Raise if the rows of a frame are of several reports, in which the same ids mean different things."""
    ids = list(frame[REPORT_ID].drop_duplicates()) if REPORT_ID in frame.columns else []
    if len(ids) > 1:
        raise EgdataError(
            f"{what} takes rows of one report, and these are of {len(ids)}, in which the same ids may mean different "
            f"things: choose with frame[frame['{REPORT_ID}'] == {ids[0]!r}]; or drop the column, if they do not"
        )


def _all_reports(values: Iterable) -> bool:
    return bool(values) and all(isinstance(value, Report) for value in values)


def _rows_of(value: Any, report: Report, name: str) -> Any:
    """Of a frame, or of each of several by name, the rows of one report; anything else as it is."""
    import pandas as pd

    if isinstance(value, Mapping):
        return {key: _rows_of(one, report, f"{name}[{key!r}]") for key, one in value.items()}
    if not isinstance(value, pd.DataFrame):
        return value
    if REPORT_ID not in value.columns:
        raise EgdataError(f"{name} has no column {REPORT_ID}; it must be of the same reports")
    rows = value[value[REPORT_ID] == report.meta[REPORT_ID]]
    return rows.drop(columns=REPORT_ID).reset_index(drop=True)
