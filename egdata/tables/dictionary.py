"""The data dictionary, generated from the schema into a Markdown file."""

from __future__ import annotations

from pathlib import Path

from egdata.base.output import write_file
from egdata.tables.schema import data_dictionary

_BEGIN, _END = (f"<!-- generated from egdata/tables/schema.py: {mark} -->" for mark in ("begin", "end"))


def write_dictionary(file: str | Path) -> None:
    """Put the data dictionary between its marks in a Markdown file; what people wrote around them stays."""
    file = Path(file)
    text = file.read_text(encoding="utf-8") if file.exists() else "# Data\n"
    if _BEGIN not in text:
        text = f"{text.rstrip()}\n\n## Tables\n\n{_BEGIN}\n{_END}\n"
    head, rest = text.split(_BEGIN, 1)
    tail = rest.split(_END, 1)[-1]
    write_file(file, f"{head}{_BEGIN}\n\n{data_dictionary()}\n{_END}{tail}".encode())
