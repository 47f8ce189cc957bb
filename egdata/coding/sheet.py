"""The codebook's flat coding sheet: one row a sentence, more where holders or issues differ."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.frames import grouped, records
from egdata.base.vocabulary import ANAPHOR
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of, joined, looked_up
from egdata.coding.corrections import NOTES, POSITION
from egdata.coding.scoring import CODES, JOINED, SID
from egdata.coding.several import over_reports
from egdata.reading.report import Report, sentences_report

if TYPE_CHECKING:
    import pandas as pd

XLSX = ".xlsx"


@over_reports
def coding_sheet(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Code a report into the codebook's flat sheet.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per sentence, holder and issue, in text order; a holder without a position keeps a row of its own. All
        columns are strings, several values joined by ``;``, empty for none: ``sid`` (``13(b)#4``), ``section``,
        ``holder``, ``issue``, ``stance``, ``instruments`` (in text order; only codes of the codebook), ``modality``,
        ``themes`` (most central first); ``statement``, the ids of the statements that the row is about; ``quote``, the
        words of the position, or of the statement without one (those of the first statement); ``text``, the sentence;
        ``certainty`` of the position; ``gloss_en``, the sentence in English where the file of glosses has it. Of
        corrections also what the person kept in ``decided`` and ``note``.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    positions = coding.positions[["statement_id", "issue_id", "stance", "quote", "certainty"]]
    sheet = coding.statements.merge(positions, on="statement_id", how="left", suffixes=("_statement", ""))
    sheet["quote"] = sheet["quote"].fillna(sheet["quote_statement"])
    sheet = sheet.fillna({"issue_id": "", "stance": "", "certainty": ""})
    key = ["sentence_id", "holder", "issue_id", "stance"]
    about = grouped(zip(records(sheet, *key), sheet["statement_id"].tolist(), strict=True))  # row → its statements
    sheet = sheet.drop_duplicates(key)
    coded = pd.DataFrame(
        {
            "sid": sheet["sentence_id"],
            "section": sheet["sentence_id"].map(coding.places["section_id"]),
            "holder": sheet["holder"],
            "issue": sheet["issue_id"].astype(object),
            "stance": sheet["stance"].astype(object),
            "instruments": looked_up(sheet["sentence_id"], coding.instruments),
            "modality": sheet["modality"],
            "themes": looked_up(sheet["sentence_id"], joined(coding.themes, "theme_id")),
            "statement": [";".join(ids) for ids in about.values()],
            "quote": sheet["quote"],
            "text": sheet["sentence_id"].map(coding.report.sentences.set_index("sentence_id")["text"]),
            "certainty": sheet["certainty"].astype(object),
            "gloss_en": looked_up(sheet["sentence_id"], coding.report.glosses),
        }
    ).reset_index(drop=True)
    return coded if coding.corrections is None else _with_notes(coded, coding.corrections)


def sheet_bytes(sheet: pd.DataFrame, file: Path, codebook: Codebook, excel: bool = False) -> bytes:
    """A coding sheet as the ending of a file says: ``.csv``, ``.tsv``, or ``.xlsx`` with lists to choose codes from.

    Raises
    ------
    TableError
        If it is another ending.
    """
    import pandas as pd

    from egdata.base.csv_files import frame_bytes
    from egdata.base.workbook import coding_workbook, xlsx_bytes

    if file.suffix.lower() != XLSX:
        return frame_bytes(sheet, file, excel)
    told = ["id", "label_en", "label_zh", "definition"]
    tables = {table: codebook.tables[table] for table in CODES.values()}
    codes = pd.concat(
        [frame[frame["id"] != ANAPHOR].reindex(columns=told).assign(table=name) for name, frame in tables.items()]
    )
    return xlsx_bytes(coding_workbook(sheet, codes[["table", *told]].fillna(""), CODES, free=JOINED))


def _with_notes(sheet: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """The sheet with what a person kept beside the same codes."""
    columns = [column for column in NOTES if column in corrections]
    keys = [column for column in (SID, *POSITION) if column in corrections]
    told = corrections[[*keys, *columns]].fillna("").drop_duplicates(keys)
    return sheet.merge(told, on=keys, how="left").fillna(dict.fromkeys(columns, ""))


def code_sentences(
    texts: Iterable[str] | pd.DataFrame, lang: str = "zh", codebook: Codebook | None = None
) -> pd.DataFrame:
    """Code bare sentences, without a report around them, into the sheet of :func:`coding_sheet`.

    Parameters
    ----------
    texts : iterable of str, Series or DataFrame
        One sentence each; of a frame its column ``text``.
    lang : {'zh', 'en'}
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        The columns of :func:`coding_sheet`; ``sid`` is the place of the text as a string, ``0`` for the first,
        whatever index a Series or frame has; ``section`` is empty.

    Raises
    ------
    EgdataError
        If a text is no string, or a frame has no column ``text``.
    """
    if hasattr(texts, "columns"):
        if "text" not in texts.columns:
            raise EgdataError(f"the frame has no column 'text'; it has {', '.join(map(str, texts.columns))}")
        texts = texts["text"]
    texts = [texts] if isinstance(texts, str) else list(texts)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise EgdataError(f"text {place} is {text!r}, which is no string; leave it out or put '' in its place")
    return coding_sheet(sentences_report(texts, lang), codebook)
