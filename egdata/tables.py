"""Every table of one report or several: built, written as CSV with a data package, read again and checked."""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.codebook import Codebook, read_codebook
from egdata.compare import KINDS, compare_found
from egdata.corrections import PERSON
from egdata.errors import EgdataError, TableError
from egdata.labels import COMPOUND, DRAFT, INSERTED, ITEM, PARA
from egdata.output import write_file, write_files
from egdata.positions import CARRIED_OVER
from egdata.reports import REPORT_ID, for_each, several, stack
from egdata.schema import (
    CODE_TABLES,
    OF_REPORT,
    SCHEMA,
    SEVERAL,
    TEXT_FILE,
    Schema,
    Table,
    data_dictionary,
    data_package,
    pandera_schema,
)

if TYPE_CHECKING:
    import pandas as pd

    from egdata.report import Report

PACKAGE_FILE = "datapackage.json"


# ---- building --------------------------------------------------------------------------------------------------------


def build_tables(
    report: Report, codebook: Codebook | None = None, corrections: pd.DataFrame | str | Path | None = None
) -> dict[str, pd.DataFrame]:
    """Make every table of a report, or of several.

    Parameters
    ----------
    report : Report or list of Report
    codebook : Codebook, optional
    corrections : DataFrame or path, optional
        A coding sheet with cells that a person changed, of one report; see :func:`egdata.apply_corrections`.

    Returns
    -------
    dict of str to DataFrame
        The tables of ``SCHEMA`` by name, with exactly its columns, in document order. Of a list of reports those of
        ``SEVERAL``: each of the same tables holds all reports, one after the other, with ``report_id`` first in columns
        and keys; those of codes stay as they are; ``reports`` lists the reports, and ``comparison`` is that of
        :func:`egdata.compare_reports`.

    Raises
    ------
    TableError
        If a table does not fit its schema. The message names table, row, column and reason.
    EgdataError
        If there are corrections and several reports.
    """
    from egdata.contested import find_contested, find_contrasts
    from egdata.corrections import apply_corrections
    from egdata.network import network_tables
    from egdata.sheet import find_all
    from egdata.speakers import find_speakers
    from egdata.words import term_keyness

    codebook = codebook or read_codebook()
    if (reports := several(report, "build_tables")) is not None:
        return _of_several(reports, codebook, corrections)
    coded = find_all(report, codebook)
    if corrections is not None:
        coded = apply_corrections(coded, corrections, report, codebook)
    sides = {name: coded[name] for name in ("statements", "positions")}
    found = {
        "sections": report.sections,
        "units": report.units,
        "sentences": _with_ledger(report.sentences, **sides),
        "footnotes": report.footnotes,
        **coded,
        "contested": find_contested(report, codebook, **sides),
        "contrasts": find_contrasts(report, codebook, **sides),
        "speakers": find_speakers(report, codebook),
        "terms": term_keyness(report, codebook),
    }
    tables = fitted(found) | code_tables(codebook)
    tables |= fitted(network_tables(report, codebook, tables=tables))
    return {name: tables[name] for name in SCHEMA}


def checked_tables(
    report: Report, codebook: Codebook, corrections: pd.DataFrame | str | Path | None = None
) -> dict[str, pd.DataFrame]:
    """Make every table of one report and raise if one contradicts another, the text or the codebook."""
    tables = build_tables(report, codebook, corrections)
    _raise_if(find_problems(tables, report.text, report, codebook))
    return tables


def _of_several(
    reports: list[Report], codebook: Codebook, corrections: pd.DataFrame | str | Path | None
) -> dict[str, pd.DataFrame]:
    import pandas as pd

    if corrections is not None:
        raise EgdataError("corrections are those of one report; write the tables of each corrected report by itself")
    found = for_each(reports, lambda report: build_tables(report, codebook))
    listed = []
    for report_id, report in zip(found, reports, strict=True):
        if Path(report_id).name != report_id:
            raise TableError(f"report_id {report_id!r}: no name for a file; it must not be empty or have a /")
        listed.append(report.meta | {"text_file": f"{report_id}.txt"})
    tables = fitted(
        {
            "reports": pd.DataFrame(listed).reindex(columns=SEVERAL["reports"].names),
            **{name: stack({report_id: tables[name] for report_id, tables in found.items()}) for name in OF_REPORT},
            "comparison": compare_found(found, codebook.tables),
        },
        SEVERAL,
    )
    return tables | code_tables(codebook)


def code_tables(codebook: Codebook) -> dict[str, pd.DataFrame]:
    """The tables of codes, which are the same for every report."""
    return {name: frame.copy() for name, frame in _code_tables(codebook).items()}


@functools.lru_cache(maxsize=8)
def _code_tables(codebook: Codebook) -> dict[str, pd.DataFrame]:
    return fitted({name: codebook.tables[name][SCHEMA[name].names] for name in CODE_TABLES})


def fitted(frames: dict[str, pd.DataFrame], schema: Schema = SCHEMA) -> dict[str, pd.DataFrame]:
    """The frames as the tables of the schema that they are; raises if one does not fit."""
    tables = {name: _fit(name, frames[name], schema) for name in schema if name in frames}
    _raise_if([problem for name, frame in tables.items() for problem in _schema_problems(name, frame, schema)])
    return tables


def _fit(name: str, frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The frame with the columns, dtypes and row order of its table."""
    table = schema[name]
    _raise_if(_header_problems(name, list(frame.columns), schema))
    if "start" in table.names and REPORT_ID not in table.names:  # several reports are each in order
        frame = frame.sort_values("start", kind="stable")
    typed, problems = _typed(name, frame.reset_index(drop=True)[table.names], schema)
    _raise_if(problems)
    return typed


def _with_ledger(sentences: pd.DataFrame, statements: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """Say for each sentence how it is coded, or why it is not."""
    says = (statements["holder"] != "unattributed") | (statements["modality"] != "none")
    with_view = set(statements.loc[says, "sentence_id"])
    carrying = statements["statement_id"].isin(positions["statement_id"])
    coded = sentences["sentence_id"].isin(statements.loc[carrying, "sentence_id"])

    def reason(sentence_id: str, text: str, is_coded: bool) -> str:
        if is_coded:
            return ""
        if text.endswith(("：", ":")):
            return "list-head"
        return "no-issue" if sentence_id in with_view else "no-view"

    rows = zip(sentences["sentence_id"], sentences["text"], coded, strict=True)
    status = ["coded" if is_coded else "uncoded" for is_coded in coded]
    return sentences.assign(status=status, reason=[reason(*row) for row in rows])


# ---- writing and reading ---------------------------------------------------------------------------------------------


def write_tables(
    report: Report,
    folder: str | Path,
    codebook: Codebook | None = None,
    excel: bool = False,
    corrections: pd.DataFrame | str | Path | None = None,
) -> dict[str, pd.DataFrame]:
    """Write every table of a report, or of several, as CSV, with its text and a data package.

    Parameters
    ----------
    report : Report or list of Report
        Of a list the text of each is written as ``<report_id>.txt``, that of a single report as ``report.txt``.
    folder : path
        Made if it does not exist. Other files in it are left alone.
    codebook : Codebook, optional
    excel : bool
        Begin each CSV file with a byte order mark, without which Excel garbles Chinese, and put an apostrophe before
        text that it would calculate: that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break.
        :func:`read_tables` takes it away again.
    corrections : DataFrame or path, optional
        A coding sheet with cells that a person changed, of one report.

    Returns
    -------
    dict of str to DataFrame
        What :func:`build_tables` gives.

    Raises
    ------
    TableError
        If a table does not fit its schema or contradicts another, or the folder cannot be written. What stood
        in the folder before is then whole: the files are written beside it and take its place at the end.
    """
    folder = Path(folder)
    codebook = codebook or read_codebook()
    reports = several(report, "write_tables")
    if reports is None:
        tables = checked_tables(report, codebook, corrections)
        reports, schema, texts = [report], SCHEMA, {TEXT_FILE: report.text}
    else:
        tables, schema = build_tables(reports, codebook, corrections), SEVERAL
        texts = dict(zip(tables["reports"]["text_file"], (one.text for one in reports), strict=True))
        _raise_if(_problems_of_several(tables, texts, reports, codebook))
    described = data_package([one.meta for one in reports], excel, schema)
    if schema is SEVERAL:
        described["texts"] = list(texts)
    files = {f"{name}.csv": csv_bytes(frame, excel) for name, frame in tables.items()}
    files |= {name: text.encode() for name, text in texts.items()}
    package = json.dumps(_with_hashes(described, files, list(texts)), ensure_ascii=False, indent=2) + "\n"
    files = {
        PACKAGE_FILE: package.encode(),
        **files,
    }  # first: it tells the files of two runs apart while they are moved in
    _check_ours(folder, files, schema)
    write_files(folder, files, beside=folder.parent)
    return tables


#: What a spreadsheet may take for a formula, and such a cell as it is written for one.
_FORMULA = re.compile(r"'*[=+@\-\t\r\n＝＋－＠]")  # the wide ones too, in Chinese and Japanese Excel
_NO_FORMULA = re.compile(r"'+[=+@\-\t\r\n＝＋－＠]")


def csv_bytes(frame: pd.DataFrame, excel: bool = False, sep: str = ",") -> bytes:
    """The frame as CSV: UTF-8, LF, no index; for Excel with a byte order mark and no cell that it would calculate."""
    if excel:
        frame = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell)
    text = frame.to_csv(index=False, sep=sep, lineterminator="\n")
    if "\r" in text:  # which would be read as the end of a row
        text = frame.to_csv(index=False, sep=sep, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return text.encode("utf-8-sig" if excel else "utf-8")


def read_csv(content: bytes, sep: str = ",") -> pd.DataFrame:
    """What :func:`csv_bytes` wrote, every cell as text; it was for Excel if there is a byte order mark."""
    import pandas as pd

    frame = pd.read_csv(BytesIO(content), sep=sep, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if content.startswith(BOM_UTF8):
        frame = frame.map(lambda cell: cell[1:] if _NO_FORMULA.match(cell) else cell)
    return frame


def _with_hashes(package: dict, files: dict[str, bytes], texts: list[str]) -> dict:
    """The data package with size and checksum of every file; a source is the text of a report."""

    def described(one: dict, path: str) -> dict:
        return one | {
            "path": path, "bytes": len(files[path]), "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        }  # fmt: skip

    return package | {
        "sources": [described(*pair) for pair in zip(package["sources"], texts, strict=True)],
        "resources": [described(one, one["path"]) for one in package["resources"]],
    }


def _hash_problems(folder: Path) -> Iterator[str]:
    """Files that are not those that the data package was written with."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_bytes())
        hashes = {one["path"]: one["hash"] for part in ("resources", "sources") for one in package[part]}
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
    _raise_if(problems)
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
            problems = _problems_of_several(tables, texts, reports, codebook)
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
        wrong = _header_problems(name, list(raw.columns), schema)
        if not wrong:
            tables[name], wrong = _typed(name, raw[table.names], schema)
            wrong = wrong or _schema_problems(name, tables[name], schema)
        problems += wrong
    return tables, problems


# ---- checks ----------------------------------------------------------------------------------------------------------


def find_problems(
    tables: dict[str, pd.DataFrame], text: str, report: Report | None = None, codebook: Codebook | None = None
) -> list[str]:
    """Check tables that fit the schema against one another and the text; see :func:`check_tables`."""
    problems = [
        *_reference_problems(tables),
        *_span_problems(tables, text),
        *_gap_problems(tables, text),
        *_ledger_problems(tables),
        *_count_problems(tables["contested"], tables["positions"]),
        *_edge_problems(tables["edges"], set(tables["statements"]["statement_id"])),
    ]
    if codebook is not None:
        problems += [*_code_problems(tables, codebook), *_evidence_problems(tables, text, codebook)]
    if report is not None and not problems:
        problems += _source_problems(tables, text, report)
    return problems


def _problems_of_several(
    tables: dict[str, pd.DataFrame], texts: Mapping[str, str], reports: Sequence[Report], codebook: Codebook
) -> list[str]:
    """The problems of each report by itself, with the lines of the tables of all, and of the comparison."""
    problems, found = [], {}
    listed = tables["reports"].to_dict("records")
    ids = tables["reports"][REPORT_ID]
    for name in (*OF_REPORT, "comparison"):
        strange = tables[name].loc[~tables[name][REPORT_ID].isin(ids), REPORT_ID]
        problems += [f"{_at(name, row, REPORT_ID)} {one!r} is not in reports.csv" for row, one in strange.items()]
    sources = {one.meta.get("sha256") or one.meta[REPORT_ID]: one for one in reports}
    for row in listed:
        report_id, text_file = row[REPORT_ID], row["text_file"]
        lines = {name: tables[name].index[tables[name][REPORT_ID] == report_id] for name in OF_REPORT}
        own = {name: tables[name].loc[lines[name]].drop(columns=REPORT_ID).reset_index(drop=True) for name in OF_REPORT}
        found[report_id] = own | {name: tables[name] for name in CODE_TABLES}
        source = sources.pop(row["sha256"], None) or sources.pop(report_id, None)
        for problem in find_problems(found[report_id], texts[text_file], source, codebook):
            problems.append(_in_several(problem, report_id, text_file, lines))
    problems += [f"reports.csv: {report!r} is not in it" for report in sources.values()]
    problems = list(dict.fromkeys(problems))  # what is wrong with the codes is so for every report
    return problems or list(_comparison_problems(tables, found))


def _in_several(problem: str, report_id: str, text_file: str, lines: Mapping[str, pd.Index]) -> str:
    """The problem of one report, as it is in the tables of several."""
    at = re.match(r"(\w+)\.csv:(\d+):", problem)
    if at and at[1] in lines:
        line = lines[at[1]][int(at[2]) - 2] + 2  # line 1 is the header
        problem = f"{at[1]}.csv:{line}:{problem[at.end() :]}"
    elif at is None and problem.partition(".csv:")[0] in lines:
        problem = f"{problem} (report {report_id})"
    return problem.replace(TEXT_FILE, text_file)


def _comparison_problems(tables: dict[str, pd.DataFrame], found: dict[str, dict[str, pd.DataFrame]]) -> Iterator[str]:
    """What is compared follows from the other tables."""
    stands = tables["comparison"]
    wanted = _fit("comparison", compare_found(found, {name: tables[name] for name in KINDS.values()}), SEVERAL)
    if list(stands["id"]) != list(wanted["id"]) or list(stands[REPORT_ID]) != list(wanted[REPORT_ID]):
        yield "comparison.csv: column id: not the reports and codes of the other tables; write them anew"
        return
    for column in wanted.columns:
        for row, (value, right) in enumerate(zip(stands[column].tolist(), wanted[column].tolist(), strict=True)):
            if value != right and not (value != value and right != right):  # what is missing is not equal to itself
                yield f"{_at('comparison', row, column)} {value!r} should be {right!r} by the other tables"


def _at(name: str, row: int, column: str) -> str:
    return f"{name}.csv:{row + 2}: column {column}:"  # line 1 is the header


def _raise_if(problems: list[str]) -> None:
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise TableError(problems[0] + more)


def _header_problems(name: str, columns: list[str], schema: Schema) -> list[str]:
    wanted = schema[name].names
    return [
        *(f"{name}.csv:1: column {column}: missing" for column in wanted if column not in columns),
        *(f"{name}.csv:1: column {column}: not in the schema" for column in columns if column not in wanted),
    ]


def _typed(name: str, frame: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, list[str]]:
    """Give each column its dtype, and name the cells that cannot have it; they may be typed or text."""
    import pandas as pd

    typed, problems = {}, []
    for column in schema[name].columns:
        given = frame[column.name]
        may_be_empty = column.type != "string" and not column.required
        if given.dtype == column.dtype and (may_be_empty or not given.hasnans):
            typed[column.name] = given
            continue
        raw = given.astype(object).where(given.notna(), "")
        if column.type == "string":
            typed[column.name] = raw.astype(str)
            continue
        if column.type == "boolean":
            values = raw.astype(str).map({"True": True, "False": False}).astype("boolean")
        else:
            values = pd.to_numeric(raw.replace("", None), errors="coerce")
            if column.type == "integer":
                values = values.where(values % 1 == 0).astype("Int64")
        wrong = values.isna() & ((raw != "") | column.required)
        problems += [
            f"{_at(name, row, column.name)} {raw[row]!r} is no {column.type}" if raw[row] != ""
            else f"{_at(name, row, column.name)} empty"
            for row in wrong[wrong].index
        ]  # fmt: skip
        typed[column.name] = values if wrong.any() else values.astype(column.dtype)
    return pd.DataFrame(typed), problems


def _fits(frame: pd.DataFrame, table: Table) -> bool:
    """Whether pandera would find nothing wrong; to load it and to ask it takes longer than to make the table."""
    if list(frame.columns) != table.names or frame.duplicated(list(table.key)).any():
        return False
    for column in table.columns:
        values = frame[column.name]
        if values.dtype != column.dtype or (column.required and values.hasnans):
            return False
        known = values.dropna() if values.hasnans else values
        if column.type == "string" and column.required and known.eq("").any():
            return False
        if column.one_of and not known.isin(column.one_of).all():
            return False
        if column.minimum is not None and known.lt(column.minimum).any():
            return False
    return True


def _schema_problems(name: str, frame: pd.DataFrame, schema: Schema) -> list[str]:
    if _fits(frame, schema[name]):
        return []
    from pandera.errors import SchemaErrors

    try:
        pandera_schema(name, schema).validate(frame, lazy=True)
    except SchemaErrors as error:
        failures = error.failure_cases
    else:
        return []
    key = list(schema[name].key)
    problems = [
        f"{_at(name, row, ', '.join(key))} {', '.join(map(str, frame.loc[row, key]))!r} stands twice"
        for row in frame.index[frame.duplicated(key)]
    ]
    for failure in failures.to_dict("records"):
        if failure["check"] != "multiple_fields_uniqueness":
            at = _at(name, int(failure["index"]), failure["column"])
            value = "" if failure["check"] == "empty" else f"{failure['failure_case']!r} is "
            problems.append(f"{at} {value}{failure['check']}")
    return problems


def _reference_problems(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    for name, table in SCHEMA.items():
        for columns, refers in table.references:
            known = set(tables[refers][list(SCHEMA[refers].key)].itertuples(index=False, name=None))
            for row, key in enumerate(tables[name][list(columns)].itertuples(index=False, name=None)):
                if key not in known and all(key):  # an empty cell refers to nothing
                    at = _at(name, row, ", ".join(columns))
                    yield f"{at} {', '.join(map(repr, key))} is not in {refers}.csv"


def _spans(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, int, str, int, int, str]]:
    """(table, row, column, start, end, words) of every span; -1 for the ends of one that is missing."""
    for name, table in SCHEMA.items():
        for start, end, words in table.spans:
            frame = tables[name]
            starts, ends = frame[start].astype("Int64").fillna(-1), frame[end].astype("Int64").fillna(-1)
            for row, (first, last, quote) in enumerate(zip(starts, ends, frame[words], strict=True)):
                yield name, row, words, first, last, quote


def _span_problems(tables: dict[str, pd.DataFrame], text: str) -> Iterator[str]:
    for name, row, column, start, end, words in _spans(tables):
        stands = text[start:end] if start >= 0 else ""
        if stands != words:
            yield f"{_at(name, row, column)} {words!r}, but {TEXT_FILE} has {stands!r} at {start}:{end}"
    for name, table in SCHEMA.items():
        for column in table.inside:
            refers = next(one.refers for one in table.columns if one.name == column)
            holds = tables[refers].set_index(SCHEMA[refers].key[0])[["start", "end"]]
            frame = tables[name][tables[name][column].isin(holds.index)]
            outer = holds.loc[frame[column]]
            within = (frame["start"].to_numpy() >= outer["start"]) & (frame["end"].to_numpy() <= outer["end"])
            for row, fits in zip(frame.index, within, strict=True):
                if not fits:
                    yield f"{_at(name, row, 'start')} the span lies outside {column} {frame.loc[row, column]}"


_NUMBER = re.compile(r"|".join(pattern.pattern for pattern in (INSERTED, COMPOUND, PARA, DRAFT, ITEM)))


def _gap_problems(tables: dict[str, pd.DataFrame], text: str) -> Iterator[str]:
    """Every character stands in a heading, unit or footnote, and every one of a unit in a sentence."""

    def spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
        return sorted(zip(frame["start"], frame["end"], strict=True))

    pieces = [span for name in ("sections", "units", "footnotes") for span in spans(tables[name])]
    for gap in _gaps(sorted(pieces), 0, len(text), text):
        yield f"{TEXT_FILE}: {gap} stands in no heading, unit or footnote"
    sentences = {unit: spans(frame) for unit, frame in tables["sentences"].groupby("unit_id")}
    for row, unit in enumerate(tables["units"].to_dict("records")):
        number = _NUMBER.match(text, unit["start"], unit["end"])
        first = number.end() if number else unit["start"]
        for gap in _gaps(sentences.get(unit["unit_id"], []), first, unit["end"], text):
            yield f"{_at('units', row, 'text')} {gap} stands in no sentence"


def _gaps(spans: list[tuple[int, int]], start: int, end: int, text: str) -> Iterator[str]:
    for first, last in [*spans, (end, end)]:
        if text[start:first].strip():
            yield repr(text[start:first])
        start = max(start, last)


def _ledger_problems(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    sentences = tables["sentences"]
    right = _with_ledger(sentences, tables["statements"], tables["positions"])
    stated = set(tables["statements"]["sentence_id"])
    for row, sentence_id in enumerate(sentences["sentence_id"]):
        if sentence_id not in stated:
            yield f"{_at('sentences', row, 'sentence_id')} {sentence_id!r} has no row in statements.csv"
    for column in ("status", "reason"):
        for row, (stands, wanted) in enumerate(zip(sentences[column], right[column], strict=True)):
            if stands != wanted:
                yield f"{_at('sentences', row, column)} {stands!r} should be {wanted!r} by its positions"


_STANCES = ("for", "conditional", "neutral", "against")


def _count_problems(contested: pd.DataFrame, positions: pd.DataFrame) -> Iterator[str]:
    counts = positions.groupby(["issue_id", "stance"]).size().to_dict()
    for row, issue in enumerate(contested.to_dict("records")):
        taken = {stance: counts.get((issue["issue_id"], stance), 0) for stance in _STANCES}
        for column, n in ((f"n_{stance}", n) for stance, n in taken.items()):
            if issue[column] != n:
                yield f"{_at('contested', row, column)} {issue[column]}, but positions.csv has {n}"
        sides = {stance for stance, n in taken.items() if n and stance != "neutral"}
        kind = "opposed" if {"for", "against"} <= sides else "qualified" if len(sides) > 1 else ""
        if issue["kind"] != kind or issue["is_contested"] != bool(kind):
            yield f"{_at('contested', row, 'kind')} {issue['kind']!r} should be {kind!r} by the counts"
    missing = sorted({issue for issue, _ in counts} - set(contested["issue_id"]))
    yield from (f"contested.csv: column issue_id: {issue!r} has positions and no row" for issue in missing)


def _edge_problems(edges: pd.DataFrame, known: set[str]) -> Iterator[str]:
    """The weights and stances of edges follow from their statements and counts."""
    for row, edge in enumerate(edges.to_dict("records")):
        statements = edge["statement_ids"].split(";")
        unknown = [statement for statement in statements if statement not in known]
        if unknown:
            yield f"{_at('edges', row, 'statement_ids')} {unknown[0]!r} is not in statements.csv"
        follows = {
            "weight": len(statements),
            "signed_weight": edge["n_for"] - edge["n_against"],
            "stances": ";".join(stance for stance in _STANCES if edge[f"n_{stance}"]),
        }
        for column, wanted in follows.items():
            if edge[column] != wanted:
                yield f"{_at('edges', row, column)} {edge[column]!r} should be {wanted!r} by the other columns"


def _code_problems(tables: dict[str, pd.DataFrame], codebook: Codebook) -> Iterator[str]:
    for name in CODE_TABLES:
        if list(tables[name]["id"]) != list(codebook.tables[name]["id"]):
            yield f"{name}.csv: column id: not the codes of this codebook; name the tables' own"


def _evidence_problems(tables: dict[str, pd.DataFrame], text: str, codebook: Codebook) -> Iterator[str]:
    """Every rule that a row names is in the codebook; those of a position find words in its quote."""
    for name in ("mentions", "statements", "positions"):
        frame = tables[name]
        rows = zip(frame["start"], frame["end"], frame["quote"], frame["rule_id"], strict=True)
        for row, (start, end, quote, rule_ids) in enumerate(rows):
            for rule_id in filter(None, rule_ids.split("+")):
                if rule_id in (PERSON, *CARRIED_OVER):
                    continue
                rule = codebook.rule(rule_id)
                if rule is None:
                    yield f"{_at(name, row, 'rule_id')} {rule_id!r} is no rule of this codebook"
                elif name == "positions" and not _finds(rule.pattern, text, start, end):
                    yield f"{_at(name, row, 'quote')} {quote!r} has no words of rule {rule_id}"


def _finds(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether it matches inside the span, where lookaheads see the text behind the span or the span's end."""
    found = pattern.search(text, start)
    return bool(found and found.end() <= end) or bool(pattern.search(text, start, end))


def _source_problems(tables: dict[str, pd.DataFrame], text: str, report: Report) -> Iterator[str]:
    if text != report.text:
        yield f"{TEXT_FILE}: not the text of {report!r}; write the tables anew"
        return
    for name, row, column, start, end, words in _spans(tables):
        if start >= 0:
            first, last = report.locate(start, end)
            stretch = report.source[first:last]
            rest = iter(stretch)  # wraps and page furniture may lie between the characters
            holds = all(character in rest for character in words if not character.isspace())
            if not holds or (stretch[0], stretch[-1]) != (words[0], words[-1]):
                yield f"{_at(name, row, column)} {words!r} is not in the source at {first}:{last}"


# ---- data dictionary -------------------------------------------------------------------------------------------------


_BEGIN, _END = (f"<!-- generated from egdata/schema.py: {mark} -->" for mark in ("begin", "end"))


def write_dictionary(file: str | Path) -> None:
    """Put the data dictionary between its marks in a Markdown file; what people wrote around them stays."""
    file = Path(file)
    text = file.read_text(encoding="utf-8") if file.exists() else "# Data\n"
    if _BEGIN not in text:
        text = f"{text.rstrip()}\n\n## Tables\n\n{_BEGIN}\n{_END}\n"
    head, rest = text.split(_BEGIN, 1)
    tail = rest.split(_END, 1)[-1]
    write_file(file, f"{head}{_BEGIN}\n\n{data_dictionary()}\n{_END}{tail}".encode())
