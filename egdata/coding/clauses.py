"""A sentence cut into the clauses that one verb governs."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from typing import NamedTuple

from egdata.codebook.codebook import Codebook, flags_of

Clause = tuple[int, int]

#: Commas and the like.
_MARK = r"[,，.!?][”\"’'](?=\s?[\w一-龥])|[，；：。,;:]"
_CLOSED = r"《[^《》]*》|“[^“”]*”|\"[^\"]*\"|（[^（）]*）|\([^()]*\)|,(?<=\d,)(?=\d)"
_QUOTES = '”"'


class ClauseMarks(NamedTuple):
    """What tells clauses apart in one language."""

    ends: re.Pattern[str]
    nested: re.Pattern[str]  # stretches whose commas end none


@functools.lru_cache(maxsize=8)
def read_clause_marks(codebook: Codebook, lang: str) -> ClauseMarks:
    """Gather them: in English a clause may begin without a comma, and commas may hold an aside."""
    begins, no_clause = codebook.written("begins_clause", lang), codebook.written("no_clause", lang)
    return ClauseMarks(
        re.compile(rf"{_MARK}| (?={begins})", flags_of(lang)), re.compile(f"{_CLOSED}|{no_clause}", flags_of(lang))
    )


def split_clauses(text: str, marks: ClauseMarks) -> list[Clause]:
    """Cut a sentence at commas, semicolons and colons that stand outside titles, quotes and brackets.

    A comma inside a quotation that ends with it counts: '“That is late,” said the Chair'.

    >>> import egdata as eg
    >>> split_clauses("会上指出，各国应合作；", read_clause_marks(eg.read_codebook(), "zh"))  # 'it was noted that …'
    [(0, 5), (5, 11)]
    """
    ends = [mark.end() for mark in marks.ends.finditer(text)]
    for nested in marks.nested.finditer(text):
        start, stop = nested.span()
        last = stop - 1 if text[stop - 1] in _QUOTES else stop
        ends = [end for end in ends if not start < end <= last]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(zip([0, *ends[:-1]], ends, strict=True))


def without_blanks(text: str, start: int, end: int) -> Clause:
    """A stretch without the blanks at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def beginning_in(rows: list, start: int, end: int) -> list:
    """The rows, sorted by the start that stands first in them, that begin in a span."""
    return rows[bisect_left(rows, (start,)) : bisect_left(rows, (end,))]
