"""The codebook's flat coding sheet: one row a sentence, more where holders or issues differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.frames import records
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of, joined, looked_up
from egdata.coding.several import over_reports
from egdata.reading.report import Report, sentences_report

if TYPE_CHECKING:
    import pandas as pd


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
        words of the position, or of the statement without one (those of the first statement); ``text``, the sentence.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    positions = coding.positions[["statement_id", "issue_id", "stance", "quote"]]
    sheet = coding.statements.merge(positions, on="statement_id", how="left", suffixes=("_statement", ""))
    sheet["quote"] = sheet["quote"].fillna(sheet["quote_statement"])
    sheet = sheet.fillna({"issue_id": "", "stance": ""})
    key = ["sentence_id", "holder", "issue_id", "stance"]
    about: dict[tuple, list[str]] = {}  # row → its statements
    for statement_id, *row in records(sheet, "statement_id", *key):
        about.setdefault(tuple(row), []).append(statement_id)
    sheet = sheet.drop_duplicates(key)
    return pd.DataFrame(
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
        }
    ).reset_index(drop=True)


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
