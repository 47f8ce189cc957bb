"""Traditional characters → simplified ones, one to one, so that the rules match and offsets stay."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("traditional.txt")


@cache
def _table() -> dict[int, str]:
    _, traditional, simplified = _TABLE.read_text(encoding="utf-8").splitlines()
    return dict(zip(map(ord, traditional), simplified, strict=True))


def simplified(text: str) -> str:
    """The text in simplified characters, of equal length.

    Notes
    -----
    Each character by itself: words that differ between regions (資訊, 信息) stay different.

    Examples
    --------
    'Some speakers'

    >>> simplified("若干發言者")
    '若干发言者'
    """
    return text.translate(_table())


def n_traditional(text: str) -> int:
    """How many characters of a text are traditional."""
    return sum(ord(character) in _table() for character in text)
