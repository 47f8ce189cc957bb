"""Whole corpora: each report by itself, in processes or on a Dask cluster, written as Parquet files of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from egdata import __version__
from egdata.base.csv_files import csv_bytes, without_formulas
from egdata.base.errors import EgdataError, ReportError, TableError
from egdata.base.fingerprints import file_sha256
from egdata.base.frames import stack
from egdata.base.output import PREFIX, is_empty, write_file, write_files
from egdata.base.vocabulary import REPORT_ID
from egdata.codebook.codebook import codebook_sha256, read_codebook, tried_codebook
from egdata.coding.coding import code
from egdata.coding.corrections import reports_in
from egdata.reading.folders import folded, report_files, report_ids
from egdata.reading.report import read_report
from egdata.tables.build import build_tables, code_tables
from egdata.tables.fit import fitted
from egdata.tables.schema import OF_REPORT, SEVERAL, Table

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    import pandas as pd
    from distributed import Client

MANIFEST = "manifest.csv"
COLUMNS = ("report_id", "file", "sha256", "status", "error", "notices", "egdata", "codebook_sha256")
TEXTS = "texts"
REFUSED = "refused"
_STAMP, _NOTICES = b"egdata", b"egdata-notices"  # metadata of the partition of `reports`, which is written last


@dataclass(frozen=True)
class Task:
    """What a worker must know to write one report; paths are absolute."""

    report_id: str
    file: str
    sha256: str
    folder: str
    codebook: str | None
    codebook_sha256: str
    corrections: str | None  # a sheet that has rows of the report
    corrections_sha256: str

    @property
    def stamp(self) -> str:
        """What the tables of a report follow from; where it is the same they need not be made again."""
        return f"{self.sha256} {self.codebook_sha256} {self.corrections_sha256} {__version__}"


def write_corpus(
    paths: str | Path | Iterable[str | Path],
    folder: str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    codebook: str | Path | None = None,
    corrections: str | Path | None = None,
    tell: Callable[[int, int, str], None] | None = None,
) -> pd.DataFrame:
    """Write the tables of many reports as Parquet, a file for each table and report.

    Parameters
    ----------
    paths : path or iterable of path
        Reports, and folders of them, as for :func:`egdata.read_reports`.
    folder : path
        New, empty, or that of an earlier run: reports are passed over whose file, codebook, corrections and version of
        egdata are those of their tables.
    workers : int, optional
        Number of processes; one for each processor if omitted.
    scheduler : str, optional
        Address of a Dask scheduler, as ``tcp://10.0.0.1:8786``, whose workers are used instead. They need this egdata,
        and must see the reports, the codebook and the folder under the same paths.
    codebook : path, optional
        Folder of codebook tables; the bundled one if omitted.
    corrections : path, optional
        Coding sheet that a person has corrected, with a column ``report_id``, as :func:`egdata.coding_sheet` writes it
        for several reports. They need not all be in it.
    tell : function, optional
        Called with the number of reports that are ready, of all, and the id of the last.

    Returns
    -------
    DataFrame
        The manifest, which stands in ``manifest.csv``, too, there with an apostrophe before what a spreadsheet would
        calculate. One row per report, in the order given, all strings: ``report_id``, as :func:`egdata.read_reports`
        gives it; ``file``; ``sha256``; ``status``: ``read``, ``read with notices``, ``refused`` or, if the run was
        ended, ``waiting``; ``error``, why it was refused; ``notices``, what a reader should know about the file;
        ``egdata`` and ``codebook_sha256``, made with which.

    Raises
    ------
    EgdataError
        If codebook or corrections cannot be read, the corrections are of another report, the folder is not one of these
        or holds other reports, there is no such scheduler, or a package is not installed. What is wrong with one report
        stands in the manifest instead.

    Notes
    -----
    The files of ``positions`` are ``positions/<report_id>.parquet``, with ``report_id`` as the first column, and so for
    each table of a report; ``pandas.read_parquet("corpus/positions")`` reads those of all. The tables of codes are one
    file each, and the canonical texts are ``texts/<report_id>.txt``. All are the same bytes for any number of workers,
    interrupted or not. A report that ends the process that reads it, as one too large for the memory may, is tried once
    more by itself. Processes are spawned, so a script must call this under ``if __name__ == "__main__":``.
    Whether tables agree with the text is not asked here; ``egdata check`` asks it of those of ``egdata tables``.
    """
    _need("pyarrow", "corpus")
    if scheduler:
        _need("distributed", "distributed")
    folder = Path(folder).resolve()
    files = report_files(paths)
    if workers is not None and (workers < 1 or scheduler):
        raise EgdataError(
            f"workers is {workers}; it must be 1 or more, and left out with a scheduler, which has its own"
        )
    tasks, entries = _plan(files, folder, *map(_absolute, (codebook, corrections)))
    _check_folder(folder, {entry[REPORT_ID] for entry in entries})
    todo = {task: place for place, task in tasks.items() if entries[place]["status"] == "waiting"}
    workers = workers or os.cpu_count() or 1
    with _cluster(scheduler) if scheduler else _pool(workers, todo) as started:
        rules = read_codebook(codebook)
        _remove_unfinished(folder)
        try:
            _write_manifest(folder, entries)
            codes = code_tables(rules).items()
            files = {f"{name}/codebook.parquet": parquet_bytes(frame, SEVERAL[name]) for name, frame in codes}
            write_files(folder, files)
            kept = {folded(task.report_id) for task in tasks.values()}
            for entry in entries:
                if entry["status"] == REFUSED and folded(entry[REPORT_ID]) not in kept:
                    _remove(folder, entry[REPORT_ID])
            n_ready = len(entries) - len(todo)
            tell = tell or (lambda n_ready, n_reports, report_id: None)
            tell(n_ready, len(entries), "")
            for task, outcome in _on_cluster(started, todo) if scheduler else _in_processes(started, workers, todo):
                entries[todo[task]] |= outcome
                n_ready += 1
                tell(n_ready, len(entries), task.report_id)
        finally:
            _remove_unfinished(folder)
            manifest = _write_manifest(folder, entries)
    return manifest


# ---- planning --------------------------------------------------------------------------------------------------------


def _absolute(path: str | Path | None) -> str | None:
    return None if path is None else str(Path(path).resolve())


def _plan(
    files: list[Path], folder: Path, codebook: str | None, corrections: str | None
) -> tuple[dict[int, Task], list[dict[str, str]]]:
    """The manifest before the run, and the tasks by their place in it; a report without a task is refused already."""
    digest, ids = codebook_sha256(codebook), report_ids(files)
    sheets = dict.fromkeys(reports_in(corrections, ids), file_sha256(Path(corrections))) if corrections else {}
    tasks: dict[int, Task] = {}
    entries: list[dict[str, str]] = []
    first: dict[str, Path] = {}  # the file that has a checksum
    for place, (file, report_id) in enumerate(zip(files, ids, strict=True)):
        entry = dict.fromkeys(COLUMNS, "") | {"report_id": report_id, "file": file.as_posix(), "status": REFUSED}
        entry |= {"egdata": __version__, "codebook_sha256": digest}
        entries.append(entry)
        try:
            with file.open("rb") as content:
                entry["sha256"] = sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        except OSError as error:
            entry["error"] = f"cannot be read: {error.strerror}"
            continue
        if report_id.startswith(("_", ".")) or not report_id:
            entry["error"] = "readers of Parquet pass over names that begin with _ or a dot; rename it"
        elif sha256 in first:
            entry["error"] = f"is the same file as {first[sha256]}; name it once"
        else:
            first[sha256] = file
            sheet = (corrections, sheets[report_id]) if report_id in sheets else (None, "")
            task = Task(report_id, str(file.resolve()), sha256, str(folder), codebook, digest, *sheet)
            tasks[place] = task
            entry |= {"status": "waiting"} | _written(task)
    return tasks, entries


def _written(task: Task) -> dict[str, str]:
    """The outcome of a report whose tables stand in the folder; empty if they do not, or follow from something else."""
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(Path(task.folder, "reports", f"{task.report_id}.parquet")).metadata or {}
    except (OSError, ValueError):  # ArrowInvalid is a ValueError
        return {}
    if metadata.get(_STAMP) != task.stamp.encode():
        return {}
    return _outcome(metadata[_NOTICES].decode())


def _outcome(notices: str) -> dict[str, str]:
    return {"status": "read with notices" if notices else "read", "notices": notices}


def _check_folder(folder: Path, report_ids: set[str]) -> None:
    """Only a folder of these reports is written to."""
    if not folder.is_dir() or is_empty(folder):
        return
    try:
        header = (folder / MANIFEST).read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        header = ""
    if header != ",".join(COLUMNS):
        raise TableError(f"{folder}: is not empty and has no {MANIFEST} of egdata; choose another folder")
    there = {file.stem for name in ("reports", *OF_REPORT) for file in (folder / name).glob("*.parquet")}
    if others := sorted(there - report_ids):
        many = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise TableError(
            f"{folder}: holds the tables of {others[0]}{many}, not among these reports; name all, or another folder"
        )


def _remove(folder: Path, report_id: str) -> None:
    """Tables that follow from another file, codebook or version must not be taken for those of the report."""
    for name in ("reports", *OF_REPORT):
        (folder / name / f"{report_id}.parquet").unlink(missing_ok=True)
    (folder / TEXTS / f"{report_id}.txt").unlink(missing_ok=True)


def _remove_unfinished(folder: Path) -> None:
    """Remove what workers left that were killed while they wrote."""
    for left in folder.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


def _write_manifest(folder: Path, entries: list[dict[str, str]]) -> pd.DataFrame:
    import pandas as pd

    manifest = pd.DataFrame(entries, columns=list(COLUMNS)).astype(str)
    write_file(folder / MANIFEST, csv_bytes(without_formulas(manifest)))
    return manifest


# ---- one report ------------------------------------------------------------------------------------------------------


def write_one(task: Task) -> dict[str, str]:
    """Write the tables of one report, and say what came of it; it never raises, so that no report stops the others."""
    try:
        return _outcome(_write(task))
    except Exception as error:
        return _refused(error)


def _refused(error: BaseException) -> dict[str, str]:
    reason = str(error) if isinstance(error, EgdataError) else f"{type(error).__name__}: {error}"
    return {"status": REFUSED, "error": " ".join(reason.split())}


def _write(task: Task) -> str:
    """Write all partitions of a report, that of ``reports`` last: where it stands the others do, too."""
    import pandas as pd

    if outcome := _written(task):  # by a worker that was lost before it could say so
        return outcome["notices"]
    _remove(Path(task.folder), task.report_id)
    codebook = tried_codebook(task.codebook, task.codebook_sha256)
    report = read_report(task.file, codebook=codebook)
    if report.meta["sha256"] != task.sha256:
        raise ReportError(f"{Path(task.file).name}: changed during the run; run it again")
    report = replace(report, meta=report.meta | {REPORT_ID: task.report_id})
    text_file = f"{TEXTS}/{task.report_id}.txt"
    coding = code(report, codebook, task.corrections)
    tables = build_tables(coding)
    frames = {name: stack({task.report_id: tables[name]}) for name in OF_REPORT}
    files = {text_file: report.text.encode()}
    files |= {f"{name}/{task.report_id}.parquet": parquet_bytes(frames[name], SEVERAL[name]) for name in frames}
    notices = "; ".join(coding.notices)
    listed = pd.DataFrame([report.meta | {"text_file": text_file}]).reindex(columns=SEVERAL["reports"].names)
    listed = fitted({"reports": listed}, SEVERAL)["reports"]
    made = {_STAMP: task.stamp, _NOTICES: notices}
    files[f"reports/{task.report_id}.parquet"] = parquet_bytes(listed, SEVERAL["reports"], made)
    write_files(Path(task.folder), files)
    return notices


def parquet_bytes(frame: pd.DataFrame, table: Table, metadata: dict[bytes, str] | None = None) -> bytes:
    """The frame as Parquet, with the types of its table, so that partitions of one table always fit together."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    schema = pa.schema([(column.name, types[column.type]) for column in table.columns])
    made = pa.Table.from_pandas(frame, schema, preserve_index=False)
    made = made.replace_schema_metadata({**made.schema.metadata, **(metadata or {})})
    content = pa.BufferOutputStream()
    pq.write_table(made, content)
    return content.getvalue().to_pybytes()


# ---- many reports ----------------------------------------------------------------------------------------------------

Outcomes = Iterator[tuple[Task, dict[str, str]]]


def _in_processes(pool: Executor, workers: int, tasks: Iterable[Task], most: int | None = None) -> Outcomes:
    """What came of each report, as they become ready; ``most`` are handed out at a time."""
    from concurrent.futures.process import BrokenProcessPool

    waiting = deque(tasks)
    while waiting:
        running: dict[Future, Task] = {}
        try:
            with pool:
                _check(pool)
                yield from _keep_busy(pool, waiting, running, most or 2 * workers)
        except BrokenProcessPool:  # one of those handed out ended its process, and the others went with it
            if most != 1:
                yield from _in_processes(_pool(1, running.values()), 1, running.values(), most=1)
            else:
                lost = EgdataError("the process that read it was ended twice; is the memory too small for it?")
                yield from ((task, _refused(lost)) for task in running.values())
            pool = _pool(workers, waiting)


def _keep_busy(pool: Executor, waiting: deque[Task], running: dict[Future, Task], most: int) -> Outcomes:
    from concurrent.futures import FIRST_COMPLETED, wait

    while waiting or running:
        while waiting and len(running) < most:
            running[pool.submit(write_one, waiting[0])] = waiting[0]
            waiting.popleft()
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            outcome = future.result()
            yield running.pop(future), outcome


def _pool(workers: int, tasks: Collection[Task]) -> Executor:
    """Processes for some reports, which start at once."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    n_processes = min(workers, len(tasks)) or 1
    pool = ProcessPoolExecutor(n_processes, multiprocessing.get_context("spawn"), _end_with_parent)
    for task in islice(tasks, workers):
        pool.submit(_prepare, task)
    return pool


def _prepare(task: Task) -> None:
    """Load what every report needs, the slow package too."""
    tried_codebook(task.codebook, task.codebook_sha256)
    import_module("pyarrow.parquet")


def _check(pool: Executor) -> None:
    from concurrent.futures.process import BrokenProcessPool

    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool:
        raise EgdataError('no process can be started; in a script, call it under if __name__ == "__main__":') from None


def _end_with_parent() -> None:
    """Without this a worker would wait for ever for a parent that was killed."""
    import multiprocessing

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _cluster(address: str) -> Client:
    from distributed import Client

    try:
        return Client(address)
    except (OSError, ValueError) as error:
        raise EgdataError(f"no Dask scheduler at {address!r}: {error or 'no answer'}") from None


def _on_cluster(client: Client, tasks: Iterable[Task]) -> Outcomes:
    """As :func:`_in_processes`; Dask gives the reports of a worker that is lost to the others."""
    from distributed import as_completed

    tasks = list(tasks)
    futures = dict(zip(client.map(write_one, tasks, pure=False), tasks, strict=True))
    for future in as_completed(list(futures)):
        try:
            outcome = future.result()
        except Exception as error:  # such as KilledWorker
            outcome = _refused(error)
        yield futures.pop(future), outcome


def _need(package: str, extra: str) -> None:
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise EgdataError(f"this needs the package {package}: python -m pip install 'egdata[{extra}]'")
