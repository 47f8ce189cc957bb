"""Frames as the tables of the schema that they are: columns, dtypes, row order, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.base.errors import TableError
from egdata.base.vocabulary import REPORT_ID
from egdata.tables.schema import SCHEMA, Column, Schema

if TYPE_CHECKING:
    import pandas as pd


def fitted(frames: dict[str, pd.DataFrame], schema: Schema = SCHEMA) -> dict[str, pd.DataFrame]:
    """The frames as the tables of the schema that they are; raises if one does not fit."""
    tables = {name: fit(name, frames[name], schema) for name in schema if name in frames}
    problems = [problem for name, frame in tables.items() for problem in schema_problems(name, frame, schema)]
    raise_if(problems)
    return tables


def fit(name: str, frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The frame with the columns, dtypes and row order of its table."""
    table = schema[name]
    raise_if(header_problems(name, list(frame.columns), schema))
    if "start" in table.names and REPORT_ID not in table.names:  # several reports are each in order
        frame = frame.sort_values("start", kind="stable")
    typed, problems = as_typed(name, frame.reset_index(drop=True)[table.names], schema)
    raise_if(problems)
    return typed


def cell(name: str, row: int, column: str) -> str:
    return f"{name}.csv:{row + 2}: column {column}:"  # line 1 is the header


def raise_if(problems: list[str]) -> None:
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise TableError(problems[0] + more)


def header_problems(name: str, columns: list[str], schema: Schema) -> list[str]:
    wanted = schema[name].names
    return [
        *(f"{name}.csv:1: column {column}: missing" for column in wanted if column not in columns),
        *(f"{name}.csv:1: column {column}: not in the schema" for column in columns if column not in wanted),
    ]


def as_typed(name: str, frame: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, list[str]]:
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
            f"{cell(name, row, column.name)} {raw[row]!r} is no {column.type}" if raw[row] != ""
            else f"{cell(name, row, column.name)} empty"
            for row in wrong[wrong].index
        ]  # fmt: skip
        typed[column.name] = values if wrong.any() else values.astype(column.dtype)
    return pd.DataFrame(typed), problems


def schema_problems(name: str, frame: pd.DataFrame, schema: Schema) -> list[str]:
    """What does not fit in a table whose columns have their dtypes: keys that stand twice, then cell by cell."""
    table = schema[name]
    key = list(table.key)
    problems = [
        f"{cell(name, row, ', '.join(key))} {', '.join(map(str, frame.loc[row, key]))!r} stands twice"
        for row in frame.index[frame.duplicated(key)]
    ]
    for column in table.columns:
        values = frame[column.name]
        is_empty = values.isna() | values.eq("")
        if column.required:
            problems += [f"{cell(name, row, column.name)} empty" for row in values.index[is_empty]]
        known = values[~is_empty]
        if column.one_of:
            reason = f"is not one of {', '.join(filter(None, column.one_of))}"
            problems += _cells(name, column, known[~known.isin(column.one_of)], reason)
        if column.minimum is not None:
            problems += _cells(name, column, known[known < column.minimum], f"is less than {column.minimum}")
    return problems


def _cells(name: str, column: Column, wrong: pd.Series, reason: str) -> list[str]:
    return [
        f"{cell(name, row, column.name)} {value!r} {reason}"
        for row, value in zip(wrong.index, wrong.tolist(), strict=True)
    ]
