"""The terms that a report uses, and how often."""

from __future__ import annotations

import functools
import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING

from egdata.base.frames import records
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import jieba
    import pandas as pd

    from egdata.reading.report import Report

BY = {"section": "section_id", "voice": "voice", "report": None}


@over_reports
def term_frequencies(
    report: Report, by: str = "section", codebook: Codebook | None = None, *, stopwords: bool = True
) -> pd.DataFrame:
    """Count the terms of a report.

    Parameters
    ----------
    report : Report, Coding or list of them
    by : {'section', 'voice', 'report'}
        What is counted apart: the section a sentence stands in, the voice it speaks with, or nothing.
    codebook : Codebook, optional
        Its ``terms`` are kept whole (司法协助, not 司法 and 协助), its ``stopwords`` left out.
    stopwords : bool
        Whether to leave the stop words out.

    Returns
    -------
    DataFrame
        One row per term × section (or voice), the sections in the order of the report, within each the most
        frequent first, then by code point:

        - ``term`` : str, lower case
        - ``section_id`` : str; ``voice`` for ``by='voice'``; no such column for ``by='report'``
        - ``n`` : int, occurrences
        - ``per_1000`` : float, occurrences per 1,000 tokens of that section, rounded to 4 places

        A report without sentences gives an empty frame.

    Raises
    ------
    ValueError
        If ``by`` is none of the three.

    Notes
    -----
    Only sentences are counted, neither headings nor footnotes. Tokens, the base of ``per_1000``, are all
    words, numbers and single characters; punctuation is none. Of these, terms are the codebook's terms and
    the words of two characters or more without a digit, in Chinese text those of Han characters only.
    Chinese is cut by jieba's dictionary without its guesses at unknown words, so that every term is a word
    somebody wrote down.

    Examples
    --------
    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["电子证据和司法协助", "电子证据"])  # electronic evidence; legal assistance
    >>> term_frequencies(report, by="report").to_dict("list")
    {'term': ['电子证据', '司法协助'], 'n': [2, 1], 'per_1000': [500.0, 250.0]}
    """
    if by not in BY:
        raise ValueError(f"by={by!r}: it is one of {', '.join(BY)}")
    column = BY[by]
    coding = coding_of(report, codebook)
    frame = frequencies(*count_terms(coding.report, column, coding.codebook, stopwords), column or "group")
    return frame if column else frame.drop(columns="group")


def count_terms(
    report: Report, column: str | None, codebook: Codebook, stopwords: bool = True
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """For each group of sentences, by a column of their units or all in one, the terms and the number of tokens."""
    stop = set(codebook.words("stopwords", report.lang)) if stopwords else set()
    kept = {term.casefold() for term in codebook.words("terms", report.lang)}
    is_term = TERM[report.lang].fullmatch
    groups = _groups(report, column)
    tokens: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for (start, end), group in zip(records(report.sentences, "start", "end"), groups, strict=True):
        words = _words(report.text[start:end], report.lang, codebook)
        tokens[group] += len(words)
        counts.setdefault(group, Counter()).update(
            word for word in words if word not in stop and (word in kept or is_term(word))
        )
    return counts, tokens


def frequencies(counts: dict[str, Counter[str]], tokens: Counter[str], column: str) -> pd.DataFrame:
    """What was counted as a frame, the most frequent terms of each group first."""
    import pandas as pd

    rows = [
        (term, group, n, round(1000 * n / tokens[group], 4))
        for group, terms in counts.items()
        for term, n in sorted(terms.items(), key=lambda item: (-item[1], item[0]))
    ]
    frame = pd.DataFrame(rows, columns=["term", column, "n", "per_1000"])
    return frame.astype({"term": str, column: str, "n": int, "per_1000": float})


#: No digits; in Chinese no Latin letters either, which are from document symbols and foreign names.
TERM = {
    "zh": re.compile(r"[\u3400-\u9fff]{2,}"),
    "en": re.compile(r"[^\W\d_](?:[^\W\d_]|[-'’])*[^\W\d_]"),
}
_WORD = re.compile(r"\w")


def _groups(report: Report, column: str | None) -> list[str]:
    """For each sentence the section or voice of its unit."""
    if column is None:
        return [""] * len(report.sentences)
    groups = dict(records(report.units, "unit_id", column))
    return [groups[unit_id] for unit_id in report.sentences["unit_id"].tolist()]


def _words(text: str, lang: str, codebook: Codebook) -> list[str]:
    """The tokens of a text in lower case, punctuation left out."""
    terms = tuple(codebook.words("terms", lang))
    if lang == "en":
        return [word.casefold() for word in _english(terms).findall(text)]
    return [word.casefold() for word in _tokenizer(terms).cut(text, HMM=False) if _WORD.search(word)]


@functools.lru_cache(maxsize=8)
def _english(terms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join([*(rf"\b{re.escape(term)}\b" for term in longest_first), r"\w+(?:[-'’]\w+)*"]), re.I)


@functools.lru_cache(maxsize=8)
def _tokenizer(terms: tuple[str, ...]) -> jieba.Tokenizer:
    """A tokenizer of our own: user words in jieba's global one would change every other user's results."""
    import logging

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 imports pkg_resources and has invalid escape sequences
        import jieba
    level = jieba.default_logger.level
    jieba.setLogLevel(logging.WARNING)  # it reports how long its dictionary took
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for term in terms:
        tokenizer.add_word(term)
    jieba.setLogLevel(level)
    return tokenizer
