"""Words without which a pattern cannot match, so that a rule is tried only where one of its words stands."""

from __future__ import annotations

import re
from itertools import product
from re import _constants as op
from re import _parser
from typing import Any

_MOST = 32  # words kept apart; a stretch of a pattern with more is told by another stretch
LONG = 3  # a word this long is rare enough

Words = frozenset[str]
_NOTHING: Words = frozenset({""})


def needed_words(pattern: re.Pattern[str]) -> Words:
    """Strings of which every match holds at least one, case folded; none if there are no such strings.

    >>> sorted(needed_words(re.compile("(?:一些|许多)发言者?.{0,9}支持")))  # 'some, many speakers … support'
    ['一些发', '许多发']
    """
    return _read(_parser.parse(pattern.pattern, pattern.flags))[1]


def fold(text: str) -> str:
    """Case folded, so that what a pattern takes for one letter whatever its case is one: Turkish ı and İ count as i."""
    return text.casefold().replace("i̇", "i").replace("ı", "i")


def _read(parts: Any) -> tuple[Words | None, Words]:
    """All strings that a stretch of a pattern matches, none if they are many; and the best words that it needs."""
    exact: Words | None = _NOTHING
    run, best = _NOTHING, frozenset()
    for code, value in parts:
        one, inner = _read_one(code, value)
        best = _better(best, inner)
        exact = _joined(exact, one)
        joined = _joined(run, one)
        if joined is None:
            best = _better(best, run)
            joined = one or _NOTHING
        run = joined
    return exact, _better(best, run)


def _read_one(code: Any, value: Any) -> tuple[Words | None, Words]:
    if code is op.LITERAL:
        return frozenset({fold(chr(value))}), frozenset()
    if code is op.IN and len(value) <= _MOST and all(kind is op.LITERAL for kind, _ in value):
        return frozenset(fold(chr(character)) for _, character in value), frozenset()
    if code in (op.AT, op.ASSERT, op.ASSERT_NOT):  # what stands around a match is no part of it
        return _NOTHING, frozenset()
    if code is op.SUBPATTERN:
        return _read(value[-1])
    if code is op.ATOMIC_GROUP:
        return _read(value)
    if code is op.BRANCH:
        branches = [_read(branch) for branch in value[1]]
        exact = [one for one, _ in branches]
        needed = [words for _, words in branches]
        return _united(exact), frozenset().union(*needed) if all(needed) else frozenset()
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, repeated = value
        one, needed = _read(repeated)
        exact = {(0, 1): _united([one, _NOTHING]), (1, 1): one}.get((least, most))
        return exact, needed if least else frozenset()
    return None, frozenset()


def _joined(before: Words | None, after: Words | None) -> Words | None:
    if before is None or after is None or _worth(before)[0] == LONG or len(before) * len(after) > _MOST:
        return None
    return frozenset(a + b for a, b in product(before, after))


def _united(many: list[Words | None]) -> Words | None:
    if None in many or sum(map(len, many)) > _MOST:
        return None
    return frozenset().union(*many)


def _better(one: Words, other: Words) -> Words:
    return max(one, other, key=_worth)


def _worth(words: Words) -> tuple[int, int]:
    """Long words are rare; of words as long, few are better."""
    return min((LONG, *map(len, words))) if words else 0, -len(words)
