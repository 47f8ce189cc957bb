"""A sentence cut into the clauses that one verb governs."""

from __future__ import annotations

import re
from bisect import bisect_left

Clause = tuple[int, int]

#: Commas and the like; in English also the blank in 'recalled its history and stressed that …'.
_MARK = r"[,，.!?][”\"’'](?=\s?[\w一-龥])|[，；：。,;:]"
_CLAUSE_END = re.compile(
    rf"{_MARK}| (?=(?:and|but|while|whereas) (?:\w+ly |also |further )?\w+(?:ed|id|ld|lt) that\b)| (?=and that\b)"
    r"| (?=(?:and|but|while|whereas) (?:the|some|several|many|others?) (?:[\w’'-]+ ){0,4}(?:\w+ed|said) that\b)"
    r"| (?=(?:and|but) (?:\w+ly |also |instead )?(?:regarded|considered|viewed|called|preferred|supported|opposed"
    r"|rejected|welcomed|favoured|advocated|urged|endorsed|questioned|condemned|criticized|insisted|regretted|deplored"
    r"|saw (?:no|little))\b)"
)
#: What stands between two commas in English and ends no clause: 'it was, however, noted', 'would, for now, remain'.
_ASIDE = (
    r", (?:however|therefore|moreover|furthermore|nevertheless|nonetheless|accordingly|consequently|thus|instead"
    r"|inter alia|for example|for instance|in turn|too|(?:by|in) contrast|by comparison|conversely"
    r"|on the (?:contrary|other hand)|for (?:its|their|his|her) part),"
    r"|\b(?:that|and|is|are|was|were|be|been|has|have|had|would|should|could|must|may|remain\w*|not)"
    r", (?!in the (?:[\w’'-]+ )?(?:view|opinion|judge?ment|assessment|eyes|experience|understanding|words) of\b"
    r"|for (?:some|several|many|most|one|another|other|two|certain|a few|a number)\b)"
    r"(?:in|for|at|on|by|under|as|where|during|to) (?:[\w’'-]+ ){0,6}[\w’'-]+,"
    # the second member of a list: 'to focus on the resolution, the negotiation of a treaty and making use of …'
    r"|(?<! with)(?<! of)(?<! to)(?<! from), (?:the|an?|its|their) (?:(?!(?:should|was|were|is|are|had|has|have|would"
    r"|could|must|may|might|can|will|said|noted|that|which|who)\b)[a-z][\w’'-]* ){1,8}?and (?=(?:the|an?|\w+ing)\b)"
)
_CLOSED = r"《[^《》]*》|“[^“”]*”|\"[^\"]*\"|（[^（）]*）|\([^()]*\)|,(?<=\d,)(?=\d)"
# whether a blank, and whether ', ' stands in the text
_ENDS = {False: re.compile(_MARK), True: _CLAUSE_END}
_NESTED = {False: re.compile(_CLOSED), True: re.compile(f"{_CLOSED}|{_ASIDE}")}
_QUOTES = '”"'


def split_clauses(text: str) -> list[Clause]:
    """Cut a sentence at commas, semicolons and colons that stand outside titles, quotes and brackets.

    A comma inside a quotation that ends with it counts: '“That is late,” said the Chair'.

    >>> split_clauses("会上指出，各国应合作；")  # 'it was noted that States should cooperate'
    [(0, 5), (5, 11)]
    """
    ends = [mark.end() for mark in _ENDS[" " in text].finditer(text)]
    for nested in _NESTED[", " in text].finditer(text):
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
