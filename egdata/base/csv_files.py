"""Frames as CSV (UTF-8, LF), or as the ending of a file says, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import TableError
from egdata.base.workbook import frame_workbook, xlsx_bytes

if TYPE_CHECKING:
    import pandas as pd

#: What a spreadsheet may take for a formula, with the apostrophes before it that keep it from that.
_FORMULA = re.compile(r"'*[=+@\-\t\r\n＝＋－＠]")  # the wide ones too, in Chinese and Japanese Excel
SEPARATORS = {".csv": ",", ".tsv": "\t"}  # between cells, by how a file ends
TABLES = (*SEPARATORS, ".xlsx")  # how the name of a file ends that a frame is written to


def csv_bytes(frame: pd.DataFrame, excel: bool = False, sep: str = ",") -> bytes:
    """The frame as CSV: UTF-8, LF, no index; for Excel with a byte order mark and no cell that it would calculate."""
    if excel:
        frame = without_formulas(frame)
    text = frame.to_csv(index=False, sep=sep, lineterminator="\n")
    if "\r" in text:  # which would be read as the end of a row
        text = frame.to_csv(index=False, sep=sep, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return text.encode("utf-8-sig" if excel else "utf-8")


def frame_bytes(frame: pd.DataFrame, file: Path, excel: bool = False) -> bytes:
    """The frame as the ending of a file says: ``.csv``, ``.tsv`` or ``.xlsx``."""
    need_table(file)
    if file.suffix.lower() == ".xlsx":
        return xlsx_bytes(frame_workbook(frame))
    return csv_bytes(frame, excel, SEPARATORS[file.suffix.lower()])


def need_table(file: Path) -> None:
    """Raise if the ending of a file is none of a table, before anything is made for it."""
    if file.suffix.lower() not in TABLES:
        raise TableError(f"{file.name}: a table can be written as .csv, .tsv or .xlsx")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would calculate."""
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell)


def read_csv(content: bytes, sep: str = ",") -> pd.DataFrame:
    """What :func:`csv_bytes` wrote, every cell as text; it was for Excel if there is a byte order mark."""
    import pandas as pd

    frame = pd.read_csv(BytesIO(content), sep=sep, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if content.startswith(BOM_UTF8):
        frame = frame.map(lambda cell: cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell)
    return frame
