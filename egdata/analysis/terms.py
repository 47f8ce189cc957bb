"""The terms that a report uses, and how often."""

from __future__ import annotations

import functools
import importlib.util
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import check_option
from egdata.base.frames import records
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

BY = {"section": "section_id", "voice": "voice", "report": None}


@over_reports
def term_frequencies(
    report: Report, *, by: str = "section", codebook: Codebook | None = None, stopwords: bool = True
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
    EgdataError
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
    check_option("by", by, tuple(BY))
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
    groups = dict(records(report.units, "unit_id", column)) if column else {}
    tokens: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for unit_id, start, end in records(report.sentences, "unit_id", "start", "end"):
        group = groups.get(unit_id, "")
        words = words_of(report.text[start:end], report.lang, codebook)
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


def words_of(text: str, lang: str, codebook: Codebook) -> list[str]:
    """The words, numbers and single characters of a text in lower case, punctuation left out."""
    terms = tuple(codebook.words("terms", lang))
    if lang == "en":
        return [word.casefold() for word in _english(terms).findall(text)]
    return [word.casefold() for word in _segmenter(terms).cut(text) if _WORD.search(word)]


@functools.lru_cache(maxsize=8)
def _english(terms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join([*(rf"\b{re.escape(term)}\b" for term in longest_first), r"\w+(?:[-'’]\w+)*"]), re.I)


# ---- Chinese --------------------------------------------------------------------------------------------------------


_BLOCK = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+|\r\n|.", re.DOTALL)  # what is cut, and what stands for itself
_LETTER = re.compile(r"[a-zA-Z0-9]")
_MOST = 4  # most words are no longer


class _Segmenter:
    """Cuts Chinese along the most probable words of jieba's dictionary, as jieba does without its hidden Markov model.

    jieba itself keeps its dictionary in a file of the shared temporary folder, and believes whatever stands there.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        words, self.total = _dictionary()
        self.frequency = words.copy()
        long = [word for word in words if len(word) > _MOST]
        self.longest = max(map(len, long))
        self.long_beginnings = {word[:_MOST] for word in long}
        for term in terms:  # as frequent as it must be to be kept whole
            share = math.prod(self.frequency.get(word, 1) / self.total for word in self.cut(term))
            self.frequency[term] = max(int(share * self.total) + 1, self.frequency.get(term, 0))
            self.total += self.frequency[term]
            self.longest = max(self.longest, len(term))
            self.long_beginnings.add(term[:_MOST])

    def cut(self, text: str) -> list[str]:
        return [word for block in _BLOCK.findall(text) for word in self._cut(block)]

    def _cut(self, block: str) -> Iterator[str]:
        end_of = self._path(block)
        start, letters = 0, ""
        while start < len(block):
            word = block[start : end_of[start]]
            start = end_of[start]
            if len(word) == 1 and _LETTER.match(word):  # what no word holds stays together
                letters += word
                continue
            if letters:
                yield letters
            letters = ""
            yield word
        if letters:
            yield letters

    def _path(self, block: str) -> list[int]:
        """Where the word that begins at each place ends, if the words from there on are the most probable."""
        frequency, size, total = self.frequency, len(block), math.log(self.total)
        scores, ends = [0.0] * (size + 1), list(range(1, size + 1))
        for start in range(size - 1, -1, -1):
            best = math.log(frequency.get(block[start], 1)) - total + scores[start + 1]
            reach = self.longest if block[start : start + _MOST] in self.long_beginnings else _MOST
            for end in range(start + 2, min(start + reach, size) + 1):
                if block[start:end] in frequency:
                    score = math.log(frequency[block[start:end]]) - total + scores[end]
                    if score >= best:  # of words as probable the longer one
                        best, ends[start] = score, end
            scores[start] = best
        return ends


@functools.lru_cache(maxsize=2)
def _segmenter(terms: tuple[str, ...]) -> _Segmenter:
    return _Segmenter(terms)


@functools.lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, int], int]:
    """The words of jieba's dictionary with their frequencies, and the sum of these."""
    package = importlib.util.find_spec("jieba")  # to import it takes longer than to read its dictionary
    fields = Path(package.origin).with_name("dict.txt").read_text("utf-8").split()  # word, frequency, part of speech
    frequencies = list(map(int, fields[1::3]))
    return dict(zip(fields[::3], frequencies, strict=True)), sum(frequencies)
