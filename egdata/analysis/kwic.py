"""Every place of a word, with the words around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.frames import records
from egdata.coding.coding import Coding, report_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


@over_reports
def kwic(report: Report | Coding, keyword: str, *, window: int = 12, regex: bool = False) -> pd.DataFrame:
    """Find every place of a word, with the words around it.

    Parameters
    ----------
    report : Report, Coding or list of them
    keyword : str
        A word or phrase; case is ignored. In Chinese it is found inside longer words too (公约 in 新公约), in English
        only as whole words.
    window : int
        How much to show on either side: characters in Chinese, words in English.
    regex : bool
        Whether the keyword is a regular expression. ``^`` and ``$`` are the ends of a sentence.

    Returns
    -------
    DataFrame
        One row per occurrence, in the order of the text:

        - ``left``, ``keyword``, ``right`` : str, as they stand there, cut at the ends of the sentence
        - ``sentence_id``, ``citation`` : str
        - ``start``, ``end`` : int, half-open code points of the keyword: ``report.text[start:end] == keyword``

        Empty if the keyword does not occur.

    Raises
    ------
    EgdataError
        If the keyword is empty, if the regular expression is broken or matches the empty text, or if the window is
        negative.

    Notes
    -----
    Sentences are searched, neither headings nor footnotes. Occurrences do not overlap.

    Examples
    --------
    'Some support a new convention, some oppose the new convention.'

    >>> from egdata.reading.report import sentences_report
    >>> frame = kwic(sentences_report(["有的支持新公约，有的反对新公约。"]), "新公约", window=2)
    >>> frame[["left", "keyword", "right", "start", "end"]].values.tolist()
    [['支持', '新公约', '，有', 4, 7], ['反对', '新公约', '。', 12, 15]]
    """
    import pandas as pd

    if window < 0:
        raise EgdataError(f"window={window!r}: it is 0 or more")
    report = report_of(report)
    pattern = _compiled(keyword, report.lang, regex)
    before, after = _around(report.lang, window)
    rows = []
    for sentence_id, unit_id, first, last in records(report.sentences, "sentence_id", "unit_id", "start", "end"):
        text = report.text[first:last]
        for match in pattern.finditer(text):
            if not match[0]:
                raise EgdataError(f"keyword {keyword!r} matches the empty text; put something into it that must occur")
            left, right = before.search(text[: match.start()])[0], after.match(text[match.end() :])[0]
            place = first + match.start(), first + match.end()
            rows.append((left, match[0], right, sentence_id, report.citation(unit_id), *place))
    names = ["left", "keyword", "right", "sentence_id", "citation"]
    frame = pd.DataFrame(rows, columns=[*names, "start", "end"])
    return frame.astype({**dict.fromkeys(names, str), "start": "int64", "end": "int64"})


def _compiled(keyword: str, lang: str, regex: bool) -> re.Pattern[str]:
    if not keyword.strip():
        raise EgdataError("the keyword is empty; name a word to look for")
    if not regex:
        whole = r"(?<!\w){}(?!\w)" if lang == "en" else "{}"
        return re.compile(whole.format(re.escape(keyword.strip())), re.IGNORECASE)
    try:
        return re.compile(keyword, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise EgdataError(f"keyword {keyword!r} is no regular expression: {error}") from None


def _around(lang: str, window: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of what stands before and after a keyword, up to the window."""
    if lang == "en":  # what sticks to the keyword (a bracket, a comma, e- of e-evidence) is no word of its own
        return re.compile(rf"(?:\S+\s+){{0,{window}}}\S*\Z"), re.compile(rf"\S*(?:\s+\S+){{0,{window}}}")
    return re.compile(rf".{{0,{window}}}\Z", re.DOTALL), re.compile(rf".{{0,{window}}}", re.DOTALL)
