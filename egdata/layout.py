"""The lines of a text, and which of them are page furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Line:
    number: int
    start: int
    text: str
    furniture: str = ""  # 'url', 'page' (running symbol, footer), 'rule' (line above footnotes)

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


_JOB = r"[A-Z]{1,3}\.\d{2}-\d{4,6}(?:\s*\([A-Z]\))?"  # V.20-04479
_PAGE = r"\d{1,3}\s?/\s?\d{1,3}"  # 5/20
_FOOTER = re.compile(rf"(?:{_PAGE}\s+)?{_JOB}(?:\s+(?:{_PAGE}|\d{{6}}))*|\*\d{{7}}\*|-\s?\d{{1,3}}\s?-")
_URLS = re.compile(r"(?:https?://\S+\s*)+")
_SYMBOL = re.compile(r"[A-Z]+(?:\.\d+)?(?:/[A-Z0-9]+(?:\.[0-9]+)?(?:\([A-Z0-9]+\))?){2,}")
_RULE = re.compile(r"[_＿]{3,}")


def read_lines(source: str, symbol: str) -> tuple[list[Line], str]:
    """The lines that are not blank, page furniture marked, and the symbol that runs over the pages.

    A symbol alone on its line is text unless it runs: is the report's own, comes twice or stands beside a footer.
    """
    found = []
    for number, (start, raw) in enumerate(_physical_lines(source), start=1):
        text = raw.strip()
        if text.strip("\u200b\ufeff"):
            found.append(Line(number, start + raw.index(text), text, _furniture(text)))
    symbols = Counter(line.text for line in found if _SYMBOL.fullmatch(line.text))
    beside = {
        line.text
        for before, line, after in zip([None, *found], found, [*found[1:], None], strict=False)
        if line.text in symbols and any(other and other.furniture == "page" for other in (before, after))
    }
    running = {symbol, *beside, *(one for one, n in symbols.items() if n > 1)} & set(symbols)
    marked = [replace(line, furniture="page") if line.text in running else line for line in found]
    pages = [
        replace(line, furniture="page") if re.fullmatch(_PAGE, line.text) and _beside_page(marked, index) else line
        for index, line in enumerate(marked)
    ]
    return pages, symbol or max(running, key=symbols.__getitem__, default="")


def _physical_lines(source: str) -> Iterator[tuple[int, str]]:
    """Every line with its offset, blank ones too, whatever ends it."""
    start = 0
    for end in re.finditer(r"\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z", source):
        yield start, source[start : end.start()]
        start = end.end()


def _furniture(text: str) -> str:
    if _URLS.fullmatch(text):
        return "url"
    if _RULE.fullmatch(text):
        return "rule"
    return "page" if _FOOTER.fullmatch(text) else ""


def _beside_page(lines: list[Line], index: int) -> bool:
    """Whether page furniture stands beside a line: a page number where the footer has come apart."""
    return any(line.furniture == "page" for line in (*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2]))
