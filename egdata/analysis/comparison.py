"""Reports side by side: which issues, instruments and themes rise and fall from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from egdata.analysis.statistics import compare_counts, with_interval
from egdata.base.vocabulary import KINDS, REPORT_ID
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import for_each, several
from egdata.reading.report import Report

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.05  # a share rises or falls if p_adjusted is below; the custom of the social sciences


def compare_reports(reports: Iterable[Report | Coding], codebook: Codebook | None = None) -> pd.DataFrame:
    """Compare how much of each report is about which issue, instrument and theme.

    Parameters
    ----------
    reports : iterable of Report or Coding
        In the order of time, as :func:`read_reports` gives them; each is compared with the one before it.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per report × code that at least one of the reports has, reports in the order given, codes in that of
        the codebook, zeros included:

        - ``report_id`` : str
        - ``kind`` : str, ``issue``, ``instrument`` or ``theme``
        - ``id``, ``label_en``, ``label_zh`` : str, the code and its names
        - ``n`` : int, sentences with a position on the issue, a reference to the instrument, or the theme
        - ``n_sentences`` : int, all sentences of the report
        - ``share`` : float, ``n / n_sentences``
        - ``low``, ``high`` : float, Wilson's 95 per cent interval of the share
        - ``change`` : float, the share minus that in the report before; missing in the first report
        - ``p`` : float, of Fisher's exact test, two-sided, that the two shares are one; missing in the first report and
          where neither of the two has the code
        - ``p_adjusted`` : float, by Benjamini and Hochberg over all tests of the frame
        - ``trend`` : str, ``rises`` or ``falls`` where ``p_adjusted`` is below 0.05, else ``unclear``; empty where
          nothing is tested

        Shares rounded to 6 places, ``p`` and ``p_adjusted`` to 4 digits.

    Raises
    ------
    EgdataError
        If no reports are given, or two have the same ``report_id``.

    Notes
    -----
    Sentences are counted in all three kinds, so that a long list of instruments in one sentence counts once for each
    and shares are comparable. An instrument is also referred to by anaphor (该公约); references in footnotes, and
    instruments that the codebook does not know, are left out.

    ``unclear`` is not 'steady': in a short report a large change may be chance. The tests take sentences for
    independent draws, which those of a report are not, so that ``p`` ranks and does not prove. A report in another
    language is coded by other rules, and one of another kind (a resolution) has other sentences: part of a difference
    may be theirs.

    How the sides on an issue shift, say from contested to general agreement, is told by :func:`find_contested` of the
    same reports: compare its ``kind``, ``n_for`` and ``n_against`` for one ``issue_id``.

    References
    ----------
    - Agresti, A. 2013. Categorical Data Analysis, 3rd ed., section 3.5 (Fisher's exact test). Wiley.
    - Wilson, E. B. 1927. Probable inference, the law of succession, and statistical inference. Journal of the American
      Statistical Association 22(158).
    - Benjamini, Y. and Y. Hochberg. 1995. Controlling the False Discovery Rate. J. R. Stat. Soc. B 57(1).

    Examples
    --------
    'States should step up training.' against 'The meeting was opened on Monday.'

    >>> from egdata.reading.report import parse_report
    >>> texts = {"2019": "1. 会议于星期一开幕。", "2020": "1. 各国应加强培训。"}
    >>> reports = [parse_report(text, meta={"report_id": year}) for year, text in texts.items()]
    >>> frame = compare_reports(reports)
    >>> frame[["report_id", "id", "n", "n_sentences", "change"]].values.tolist()
    [['2019', 'capacity-building', 0, 1, nan], ['2020', 'capacity-building', 1, 1, 1.0]]
    """
    listed = several(reports, "compare_reports")
    if listed is None:
        raise TypeError("compare_reports takes several reports, such as those of read_reports")
    codings = for_each(listed, lambda source: coding_of(source, codebook))
    frame = compare_tables(
        {name: _tables(coding) for name, coding in codings.items()}, next(iter(codings.values())).codebook.tables
    )
    symbols = dict.fromkeys(coding.report.name for coding in codings.values())
    n_decided = sum(coding.n_decided for coding in codings.values())
    frame.attrs |= {"symbol": "; ".join(symbols), "n_decided": n_decided}  # a chart names its sources
    return frame


def _tables(coding: Coding) -> dict[str, pd.DataFrame]:
    names = ("sentences", "mentions", "statements", "positions")
    return {name: getattr(coding, name) for name in names} | {"sentence_themes": coding.themes}


def compare_tables(
    by_report: Mapping[str, Mapping[str, pd.DataFrame]], codes: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """:func:`compare_reports` of the tables of each report, by its id, and those of the codes."""
    import pandas as pd

    frame = pd.concat([codes[table][["id", "label_en", "label_zh"]].assign(kind=kind) for kind, table in KINDS.items()])
    counts = {report_id: _sentences_with(tables) for report_id, tables in by_report.items()}
    occurring = set().union(*counts.values())
    frame = frame[[key in occurring for key in zip(frame["kind"], frame["id"], strict=True)]]
    frame = pd.DataFrame({REPORT_ID: pd.Series(list(by_report), dtype=str)}).merge(frame, how="cross")
    keys = zip(frame[REPORT_ID], frame["kind"], frame["id"], strict=True)
    sizes = {report_id: len(tables["sentences"]) for report_id, tables in by_report.items()}
    frame["n"] = pd.Series([counts[report_id].get((kind, code), 0) for report_id, kind, code in keys], dtype="int64")
    frame["n_sentences"] = frame[REPORT_ID].map(sizes).astype("int64")
    frame["share"] = frame["n"] / frame["n_sentences"]
    frame = _with_change(with_interval(frame))
    columns = [REPORT_ID, "kind", "id", "label_en", "label_zh", "n", "n_sentences", "share", "low", "high", "change"]
    return frame[[*columns, "p", "p_adjusted", "trend"]].round(dict.fromkeys(columns[-4:], 6))


def _sentences_with(tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], int]:
    """In how many sentences each code stands."""
    held = tables["positions"][["statement_id", "issue_id"]]
    held = held.merge(tables["statements"][["statement_id", "sentence_id"]], on="statement_id")
    mentions = tables["mentions"]
    coded = {
        "issue": (held, "issue_id"),
        "instrument": (mentions[mentions["sentence_id"] != ""], "entity_id"),
        "theme": (tables["sentence_themes"], "theme_id"),
    }
    return {
        (kind, code): int(n)
        for kind, (frame, column) in coded.items()
        for code, n in frame[["sentence_id", column]].drop_duplicates()[column].value_counts().items()
    }


def _with_change(frame: pd.DataFrame) -> pd.DataFrame:
    """What became of each share since the report before, and whether that may be chance."""
    import numpy as np

    before = frame.groupby(["kind", "id"], sort=False)[["n", "n_sentences", "share"]].shift()
    tested = (frame["n"] + before["n"]) > 0  # a comparison with no report before is False
    counts = (frame["n"], before["n"], frame["n_sentences"], before["n_sentences"])
    _, p, adjusted = compare_counts(*(column[tested].to_numpy() for column in counts))
    frame = frame.assign(change=frame["share"] - before["share"], p=np.nan, p_adjusted=np.nan)
    frame.loc[tested, "p"], frame.loc[tested, "p_adjusted"] = p, adjusted
    clear = np.where(frame["change"] > 0, "rises", "falls")
    trend = np.where(tested, np.where(frame["p_adjusted"] < LEVEL, clear, "unclear"), "")
    return frame.assign(trend=trend).astype({"trend": str})
