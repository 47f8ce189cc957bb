"""Tables as CSV files with a data package: written, read again and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.csv_files import csv_bytes, read_csv
from egdata.base.errors import TableError
from egdata.base.output import write_files
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import several
from egdata.tables.build import build_tables, codings_of
from egdata.tables.check import find_problems, problems_of_several
from egdata.tables.fit import as_typed, header_problems, raise_if, schema_problems
from egdata.tables.schema import SCHEMA, SEVERAL, TEXT_FILE, Schema, data_package

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


PACKAGE_FILE = "datapackage.json"


def write_tables(
    report: Report | Coding,
    folder: str | Path,
    codebook: Codebook | None = None,
    excel: bool = False,
    corrections: pd.DataFrame | str | Path | None = None,
) -> dict[str, pd.DataFrame]:
    """Write every table of a report, or of several, as CSV, with its text and a data package.

    Parameters
    ----------
    report : Report, Coding or list of them
        Of a list the text of each is written as ``<report_id>.txt``, that of a single report as ``report.txt``.
    folder : path
        Made if it does not exist. Other files in it are left alone.
    codebook : Codebook, optional
    excel : bool
        Begin each CSV file with a byte order mark, without which Excel garbles Chinese, and put an apostrophe before
        text that it would calculate: that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break.
        :func:`read_tables` takes it away again.
    corrections : DataFrame or path, optional
        As for :func:`egdata.code`; of several reports a sheet with ``report_id``.

    Returns
    -------
    dict of str to DataFrame
        What :func:`build_tables` gives.

    Raises
    ------
    TableError
        If a table does not fit its schema, or the folder cannot be written. What stood
        in the folder before is then whole: the files are moved in when all of them are ready.

    Notes
    -----
    Whether tables agree with one another and with the text is asked by :func:`check_tables` (``egdata check``).
    """
    folder = Path(folder)
    sources = several(report, "write_tables")
    codings = codings_of(sources, codebook, corrections) if sources else [coding_of(report, codebook, corrections)]
    reports, codebook = [coding.report for coding in codings], codings[0].codebook
    if sources is None:
        tables, schema, texts = build_tables(codings[0]), SCHEMA, {TEXT_FILE: reports[0].text}
    else:
        tables, schema = build_tables(codings), SEVERAL
        texts = dict(zip(tables["reports"]["text_file"], (document.text for document in reports), strict=True))
    described = data_package([document.meta for document in reports], excel, schema)
    if schema is SEVERAL:
        described["texts"] = list(texts)
    files = {f"{name}.csv": csv_bytes(frame, excel) for name, frame in tables.items()}
    files |= {name: text.encode() for name, text in texts.items()}
    package = json.dumps(_with_hashes(described, files, list(texts)), ensure_ascii=False, indent=2) + "\n"
    # first: it tells the files of two runs apart while they are moved in
    files = {PACKAGE_FILE: package.encode(), **files}
    _check_ours(folder, files, schema)
    write_files(folder, files)
    return tables


def _with_hashes(package: dict, files: dict[str, bytes], texts: list[str]) -> dict:
    """The data package with size and checksum of every file; a source is the text of a report."""

    def described(entry: dict, path: str) -> dict:
        return entry | {
            "path": path, "bytes": len(files[path]), "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        }  # fmt: skip

    return package | {
        "sources": [described(*pair) for pair in zip(package["sources"], texts, strict=True)],
        "resources": [described(entry, entry["path"]) for entry in package["resources"]],
    }


def _hash_problems(folder: Path) -> Iterator[str]:
    """Files that are not those that the data package was written with."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_bytes())
        hashes = {entry["path"]: entry["hash"] for part in ("resources", "sources") for entry in package[part]}
    except FileNotFoundError:
        yield f"{PACKAGE_FILE}: missing; write the tables anew"
        return
    except (OSError, ValueError, KeyError, TypeError):
        yield f"{PACKAGE_FILE}: not as egdata writes it; write the tables anew"
        return
    for name, known in hashes.items():
        file = folder / name
        if file.is_file() and f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" != known:
            yield f"{name}: changed, or of another run, one of which was broken off; write the tables anew"


def _check_ours(folder: Path, names: Iterable[str], schema: Schema) -> None:
    """Only files that egdata wrote are replaced: a data package of ours stands beside them, of the same kind."""
    package = _package(folder)
    ours = {PACKAGE_FILE, *(f"{name}.csv" for name in schema), *package.get("texts", [TEXT_FILE])} if package else ()
    taken = [name for name in names if name not in ours and (folder / name).exists()]
    if taken:
        raise TableError(f"{folder / taken[0]}: exists and is not egdata's own; choose another folder")
    if package and _schema_of(package) is not schema:
        kind = "several reports" if schema is SCHEMA else "one report"
        raise TableError(f"{folder}: holds the tables of {kind}; choose another folder")


def _package(folder: Path) -> dict:
    """The data package of a folder; empty if there is none of ours."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_bytes())
        return package if package["generator"] == "egdata" else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _schema_of(package: dict) -> Schema:
    return SEVERAL if "texts" in package else SCHEMA


def read_tables(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Read the tables that :func:`write_tables` wrote, for Excel or not.

    Parameters
    ----------
    folder : path

    Returns
    -------
    dict of str to DataFrame
        As :func:`build_tables`.

    Raises
    ------
    TableError
        If the folder or a table is missing, or a table does not fit its schema.
    """
    tables, problems = _read(Path(folder))
    raise_if(problems)
    return tables


def check_tables(folder: str | Path, report: Report | None = None, codebook: Codebook | None = None) -> list[str]:
    """Check the tables in a folder against their schema, one another and the text beside them.

    Parameters
    ----------
    folder : path
        Written by :func:`write_tables`.
    report : Report or list of Report, optional
        If given, every span is also led back to the report's source. It may be one of several, or some.
    codebook : Codebook, optional
        The one that the tables were made with.

    Returns
    -------
    list of str
        One problem each, as ``positions.csv:5: column stance: …`` with the line in the file; empty if all is
        well.

    Raises
    ------
    TableError
        If there is no such folder.
    """
    folder = Path(folder)
    tables, problems = _read(folder)
    codebook = codebook or read_codebook()
    texts = {}
    for name in tables["reports"]["text_file"] if "reports" in tables else [TEXT_FILE]:
        try:
            texts[name] = (folder / name).read_bytes().decode()
        except FileNotFoundError:
            problems.append(f"{name}: missing; write the tables anew")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}: cannot be read: {error}")
    reports = [] if report is None else several(report, "check_tables") or [report]
    if not problems:
        if _schema_of(_package(folder)) is SEVERAL:
            problems = problems_of_several(tables, texts, reports, codebook)
        elif len(reports) > 1:
            problems = [f"{folder}: holds the tables of one report; name one"]
        else:
            problems = find_problems(tables, texts[TEXT_FILE], reports[0] if reports else None, codebook)
    return [*_hash_problems(folder), *problems]


def _read(folder: Path) -> tuple[dict[str, pd.DataFrame], list[str]]:
    schema = _schema_of(_package(folder))
    if not folder.is_dir():
        raise TableError(f"{folder}: no such folder; name one that `egdata tables` wrote")
    tables, problems = {}, []
    for name, table in schema.items():
        try:
            raw = read_csv((folder / f"{name}.csv").read_bytes())
        except FileNotFoundError:
            problems.append(f"{name}.csv: missing; write the tables anew")
            continue
        except (OSError, ValueError) as error:  # pandas' parser errors and UnicodeDecodeError are ValueErrors
            problems.append(f"{name}.csv: not a UTF-8 CSV table: {' '.join(str(error).split())}")
            continue
        wrong = header_problems(name, list(raw.columns), schema)
        if not wrong:
            tables[name], wrong = as_typed(name, raw[table.names], schema)
            wrong = wrong or schema_problems(name, tables[name], schema)
        problems += wrong
    return tables, problems
