"""The codebook's flat coding sheet: one row a sentence, more where holders or issues differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from egdata.codebook import Codebook, read_codebook
from egdata.errors import EgdataError
from egdata.mentions import find_mentions
from egdata.positions import find_positions
from egdata.report import Report, sentences_report
from egdata.reports import one_report, over_reports
from egdata.statements import find_statements
from egdata.themes import find_themes

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("sid", "section", "holder", "issue", "stance", "instruments", "modality", "themes")


@over_reports
def coding_sheet(report: Report, codebook: Codebook | None = None) -> pd.DataFrame:
    """Code a report into the codebook's flat sheet.

    Parameters
    ----------
    report : Report or list of Report
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        All columns are strings, several codes joined by ``;``, empty for none: ``sid`` (``13(b)#4``), ``section``,
        ``holder``, ``issue``, ``stance``, ``instruments`` (in text order; only codes of the codebook), ``modality``,
        ``themes`` (most central first). One row per sentence, holder and issue, in text order; a holder without a
        position keeps a row of its own.
    """
    codebook = codebook or read_codebook()
    return sheet_of(report, find_all(report, codebook), codebook)


@one_report
def find_all(report: Report, codebook: Codebook | None = None) -> dict[str, pd.DataFrame]:
    """Find what the sheet shows, each once.

    Returns
    -------
    dict of str to DataFrame
        ``mentions``, ``statements``, ``positions`` and ``sentence_themes``, as the ``find_*`` functions give them.
    """
    codebook = codebook or read_codebook()
    mentions, statements = find_mentions(report, codebook), find_statements(report, codebook)
    positions = find_positions(report, codebook, statements=statements, mentions=mentions)
    return {
        "mentions": mentions,
        "statements": statements,
        "positions": positions,
        "sentence_themes": find_themes(report, codebook, positions=positions),
    }


def sheet_of(report: Report, found: dict[str, pd.DataFrame], codebook: Codebook) -> pd.DataFrame:
    """The coding sheet of what :func:`find_all` found."""
    import pandas as pd

    mentions = found["mentions"]
    known = mentions["entity_id"].isin(codebook.codes("instruments")) & mentions["sentence_id"].ne("")
    instruments = _joined(mentions[known], "entity_id")
    themes = _joined(found["sentence_themes"], "theme_id")
    sections = report.sentences.merge(report.units[["unit_id", "section_id"]], on="unit_id")

    stances = found["positions"][["statement_id", "issue_id", "stance"]]
    sheet = found["statements"].merge(stances, on="statement_id", how="left")
    sheet = sheet.merge(sections[["sentence_id", "section_id"]], on="sentence_id").drop_duplicates(
        ["sentence_id", "holder", "issue_id", "stance"]
    )
    return pd.DataFrame(
        {
            "sid": sheet["sentence_id"],
            "section": sheet["section_id"],
            "holder": sheet["holder"],
            "issue": sheet["issue_id"].astype(object).fillna(""),
            "stance": sheet["stance"].astype(object).fillna(""),
            "instruments": sheet["sentence_id"].map(instruments).astype(object).fillna(""),
            "modality": sheet["modality"],
            "themes": sheet["sentence_id"].map(themes).astype(object).fillna(""),
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


def _joined(frame: pd.DataFrame, column: str) -> pd.Series:
    """The distinct codes of each sentence, in their order, joined by ``;``."""
    distinct = frame[["sentence_id", column]].drop_duplicates()
    return distinct.groupby("sentence_id", sort=False)[column].agg(";".join)
