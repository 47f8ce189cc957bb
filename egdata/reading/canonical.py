"""Spans of the source → the canonical text: wrapped lines joined, blanks mended, with a map back."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left

from egdata.base.errors import ReportError
from egdata.reading.furniture import INVISIBLE, SOFT_HYPHEN


def _is_wide(character: str) -> bool:
    """Han characters and the punctuation of Chinese typesetting, beside which a blank means nothing."""
    return character >= "\u2e80" or character in "“”‘’—–…·"


def _keeps_blank(before: str, after: str, run: str, lang: str) -> bool:
    """Whether the white space ``run`` between two characters of the source stays, as one blank."""
    if before in "/-" and "\n" in run:
        return False
    return lang == "en" or not (_is_wide(before) or _is_wide(after) or before in "(/" or after in ")/")


class Canonical:
    """The canonical text under construction: characters, and for each its offset in the source."""

    def __init__(self, source: str, lang: str) -> None:
        if half := re.search("[\ud800-\udfff]", source):
            line = source.count("\n", 0, half.start()) + 1
            raise ReportError(f"line {line}: half a character, {half[0]!a}, which no file can hold; decode it anew")
        self.source, self.lang = source, lang
        self.characters: list[str] = []
        self.map = array("q")

    def text(self, start: int, end: int) -> str:
        return "".join(self.characters[start:end])

    def add(self, spans: list[tuple[int, int]], marker: re.Pattern[str] | None = None) -> tuple[int, int]:
        """Append the source spans as one line; returns its span. A marker at its head gets one blank after it."""
        if self.characters:
            self._append("\n", self.map[-1])
        start, end = len(self.characters), spans[0][0]
        match = marker.match(self.source, *spans[0]) if marker else None
        before, run, is_cut = "", "", False
        for first, last in spans:
            between = self.source[end:first]
            # furniture between the spans counts as the wrap that it stands in, an anchor as nothing
            run += " " * (between[:1].isspace() or between[-1:].isspace()) + "\n" * bool(_BREAK.search(between))
            for offset in range(first, last):
                character = self.source[offset]
                if character == SOFT_HYPHEN:
                    is_cut = True
                    continue
                if character in INVISIBLE:
                    continue
                if character.isspace():
                    run += " "
                    continue
                is_body = match is not None and offset >= match.end()  # the first character after the marker
                is_cut = is_cut and "\n" in run  # a word is cut at the end of the line
                if before and (is_body or (run and not is_cut and _keeps_blank(before, character, run, self.lang))):
                    self._append(" ", offset - 1)
                if is_body:
                    match = None
                self._append(character, offset)
                before, run, is_cut = character, "", False
            end = last
        return start, len(self.characters)

    def offset(self, start: int, end: int, offset: int) -> int:
        """The canonical offset of the first character of a line that comes from the source at or after ``offset``."""
        return bisect_left(self.map, offset, start, end)

    def _append(self, character: str, offset: int) -> None:
        self.characters.append(character)
        self.map.append(offset)


_BREAK = re.compile(r"[\r\n\f\v\x85\u2028\u2029]")
