"""English glosses of the sentences of a report, which people write in a file beside it."""

from __future__ import annotations

from pathlib import Path

from egdata.base.errors import ReportError

SUFFIX = ".gloss.csv"
COLUMNS = ["sentence_id", "gloss_en"]


def read_glosses(report: Path) -> dict[str, str]:
    """The gloss of each sentence that has one, from ``report.gloss.csv`` beside ``report.txt``; none without that file.

    Raises
    ------
    ReportError
        If the file is no table with the columns ``sentence_id`` and ``gloss_en``.
    """
    import csv

    file = report.with_suffix(SUFFIX)
    if not file.is_file():
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if not set(COLUMNS) <= set(rows.fieldnames or ()):
                raise ReportError(f"{file.name}: has no columns {' and '.join(COLUMNS)}")
            return {row["sentence_id"]: row["gloss_en"] for row in rows if row["gloss_en"]}
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReportError(f"{file.name}: not a CSV table in UTF-8: {error}") from None
