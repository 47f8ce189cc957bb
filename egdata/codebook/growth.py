"""How the time of a pattern grows with the length of a text: one whose time grows faster hangs on a long sentence."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

SHORT, LONG = 2000, 8000  # characters; beyond the windows that patterns look into
QUADRATIC, LINEAR = (LONG / SHORT) ** 2, LONG / SHORT
#: Halfway between the two, as ratios go.
LIMIT = (QUADRATIC * LINEAR) ** 0.5 * 1.2
MEASURABLE = 0.001  # seconds; what is faster cannot be measured
_PATIENCE = 0.02  # seconds, after which a text is long enough to see that a pattern would hang
_HANGS = LINEAR**4  # it takes so much longer for a text of four times the length

#: What many patterns begin with.
_COMMON = {
    "zh": ["的", "一", "各国", "，", "、", "（", "《", "“", "1", " ", "发言者", "代表", "国家和", "第1条"],
    "en": [" ", "a", "A", "the ", "of the ", "and ", "a, ", "(", "1", "1, ", "Some ", "State and ", "A/", "“", "very "],
}


def baits(example: str, lang: str) -> list[str]:
    """Beginnings, words and characters of an example, and what many patterns begin with; each is to be said again and
    again, the short ones first: of a long one no short text can be made.
    """
    words = re.findall(r"\S+\s*", example) if lang == "en" else list(example)
    heads = ["".join(words[:number]) for number in range(1, len(words) + 1, 1 + len(words) // 10)]
    common = _COMMON.get(lang) or [*_COMMON["zh"], *_COMMON["en"]]
    return sorted({*common, *heads, *words, *example}, key=lambda bait: (len(bait), bait))


def growth(search: Callable[[str], object], bait: str) -> float:
    """How much longer a search of 8,000 characters takes than one of 2,000; 0 if that is too fast to tell.

    A pattern that hangs is told by shorter texts, which grow so slowly that none of them takes it more than seconds.
    """

    def said(size: int) -> str:  # whole words: where one is cut a pattern may find what it does not find elsewhere
        return bait * max(size // len(bait), 1)

    size, seconds = 4, 0.0
    while size < SHORT:
        seconds = _seconds(search, said(size))
        if seconds > _PATIENCE and (ratio := seconds / max(_seconds(search, said(size // 4)), 1e-6)) > _HANGS:
            return ratio
        size = size * 2 if seconds < MEASURABLE / 4 else size * 5 // 4
    seconds = _seconds(search, said(SHORT))
    if seconds < MEASURABLE:
        return 0.0
    share = 4 if seconds > MEASURABLE * 400 else 1  # so slow that less will do
    short, long = said(SHORT // share), said(LONG // share)
    return least_ratio(lambda: _seconds(search, long), lambda: _seconds(search, short))


def least_ratio(long: Callable[[], float], short: Callable[[], float]) -> float:
    """The least seconds of the one in those of the other: of five runs, unless fewer show that it grows little.

    The machine may be busy with something else, which makes a run longer and never shorter.
    """
    longs: list[float] = []
    shorts: list[float] = []
    while len(longs) < 5:
        shorts.append(short())
        longs.append(long())
        if (ratio := min(longs) / max(min(shorts), 1e-6)) < LINEAR * 1.2:
            break
    return ratio


def _seconds(search: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    search(text)
    return time.process_time() - start
