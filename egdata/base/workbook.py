"""Frames as Excel workbooks: text stays text, codes are chosen from lists."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from egdata.base.archives import undated
from egdata.base.vocabulary import REPORT_ID

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

CODES_SHEET, WRITTEN = "codes", "written"
WIDE, NARROW = 60, 16  # characters
LONG = 30  # characters; a column with more text in a cell is wide
REPLACED = "\ufffd"  # for control characters, which a workbook cannot hold


def frame_workbook(frame: pd.DataFrame, title: str = "table") -> Workbook:
    """The frame as a workbook with a frozen header and wrapped text, in which no text is calculated."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.title = title
    _fill(workbook.active, frame)
    return workbook


def coding_workbook(
    frame: pd.DataFrame, codes: pd.DataFrame, lists: Mapping[str, str], free: tuple[str, ...] = ()
) -> Workbook:
    """The frame as a workbook with lists to choose codes from.

    A hidden sheet keeps which sentences there were, so that a row that is taken away is known.

    Parameters
    ----------
    frame : DataFrame
    codes : DataFrame
        What the lists have, written as a second sheet: ``table``, ``id`` and what is known of the code; the rows of a
        table stand together.
    lists : mapping of str to str
        Column of the frame → table of the codes.
    free : tuple of str
        Columns of these that take other text, too: several codes.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = frame_workbook(frame, "coding")
    sheet = workbook.active
    _fill(workbook.create_sheet(CODES_SHEET), codes)
    written = workbook.create_sheet(WRITTEN)
    _fill(written, frame.iloc[:, : 1 + (REPORT_ID in frame)].drop_duplicates())
    written.sheet_state = "hidden"
    places = {table: rows.index + 2 for table, rows in codes.reset_index(drop=True).groupby("table", sort=False)}
    for column, table in lists.items():
        if column in frame.columns:
            rows = f"{CODES_SHEET}!$B${places[table][0]}:$B${places[table][-1]}"
            choice = DataValidation(type="list", formula1=rows, allow_blank=True, showErrorMessage=column not in free)
            choice.error = f"no code of the codebook's table {table}"
            letter = sheet.cell(1, frame.columns.get_loc(column) + 1).column_letter
            choice.add(f"{letter}2:{letter}{len(frame) + 1000}")  # for rows that a person adds
            sheet.add_data_validation(choice)
    return workbook


def xlsx_bytes(workbook: Workbook) -> bytes:
    """The workbook as a file; the same content gives the same bytes."""
    target = BytesIO()
    workbook.save(target)
    return undated(target.getvalue())


def read_xlsx(content: bytes) -> pd.DataFrame:
    """The first sheet of a workbook, every cell as text; ``attrs["written"]`` are the ids that it was written with.

    Raises
    ------
    ValueError
        If it is no workbook, or its first row names no columns.
    """
    import zlib
    from zipfile import BadZipFile

    import pandas as pd
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(BytesIO(content), data_only=True)
        sheet = workbook.worksheets[0]
    except (BadZipFile, zlib.error, SyntaxError, KeyError, IndexError, TypeError, ValueError, OSError) as error:
        raise ValueError(f"not an Excel workbook: {error}") from None
    rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    named = [number for number, name in enumerate(rows[0] if rows else ()) if name]
    if not named:
        raise ValueError("its first row is empty; the names of the columns stand there")
    header, *cells = ([row[number] for number in named] for row in rows)
    frame = pd.DataFrame(cells, columns=header, dtype=str)
    if WRITTEN in workbook.sheetnames:
        ids = workbook[WRITTEN].iter_rows(min_row=2, values_only=True)
        frame.attrs["written"] = [tuple(map(_text, row)) for row in ids]
    return frame


def _fill(sheet: Worksheet, frame: pd.DataFrame) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    sheet.append(list(frame.columns))
    sheet.freeze_panes = "B2"
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, name in enumerate(frame.columns, start=1):
        head = sheet.cell(1, number)
        head.font = Font(bold=True)
        values = frame[name].astype(object).where(frame[name].notna(), None)
        is_wide = any(isinstance(value, str) and len(value) > LONG for value in values)
        sheet.column_dimensions[head.column_letter].width = WIDE if is_wide else NARROW
        for row, value in enumerate(values, start=2):
            if isinstance(value, str):
                cell = sheet.cell(row, number, ILLEGAL_CHARACTERS_RE.sub(REPLACED, value))
                cell.data_type = "s"  # never a formula
                cell.quotePrefix = True  # nor when somebody edits it
            else:
                cell = sheet.cell(row, number, value)
            cell.alignment = wrapped


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
