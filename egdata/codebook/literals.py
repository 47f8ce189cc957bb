"""Words that a pattern stands or falls with, so that a rule is tried only where one of them stands."""

from __future__ import annotations

import functools
import re
from itertools import product
from re import _constants as op
from re import _parser
from typing import Any, NamedTuple

_MOST = 32  # words kept apart; a stretch of a pattern with more is told by another stretch
_MOST_FIRST = 4096  # beginnings kept apart, of which more do no harm
LONG = 4  # a word this long is rare enough

Words = frozenset[str]
_NOTHING: Words = frozenset({""})
_NONE: Words = frozenset()


class Literals(NamedTuple):
    """Words of a pattern, case folded; none where there are no such words."""

    first: Words  # every match begins with one of them
    needed: Words  # every match holds one of them, or has it behind it


@functools.lru_cache(maxsize=4096)  # a rule of stance stands in the rules of many issues
def read_literals(pattern: re.Pattern[str]) -> Literals:
    """Words with one of which every match begins, and words of which it holds one.

    >>> words = read_literals(re.compile("(?:一些|许多)发言者?.{0,9}支持"))  # 'some, many speakers … support'
    >>> sorted(words.first), sorted(words.needed)
    (['一些发言', '许多发言'], ['一些发言', '许多发言'])
    """
    read = _read(_parser.parse(pattern.pattern, pattern.flags))
    return Literals(_NONE if "" in read.first else _shortest(read.first), read.needed)


def fold(text: str) -> str:
    """Case folded to as many characters, so that all that a pattern may take for one letter is one; so is any digit."""
    if _CASELESS.fullmatch(text):
        return text
    folded = text.casefold()
    if len(folded) != len(text):  # ß becomes ss
        folded = "".join(character.casefold()[:1] for character in text)
    return _DIGIT.sub("0", folded.replace("ı", "i"))


_DIGIT = re.compile(r"\d")
_CASELESS = re.compile(r"[\u2010-\u2027\u3001-\u9fff！（），：；？]*")  # Han and its marks, without digits


class _Read(NamedTuple):
    exact: Words | None  # all strings that a stretch of a pattern matches; None if they are many
    first: Words  # as in Literals, but with "" where a match may begin with anything
    needed: Words


_ANY_DIGIT = (op.CATEGORY, op.CATEGORY_DIGIT)
_ANYTHING = _Read(None, _NOTHING, _NONE)


def _read(parts: Any) -> _Read:
    exact: Words | None = _NOTHING
    run, needed = _NOTHING, _NONE
    begun, closed = _NOTHING, _NONE  # beginnings that the next part goes on with, and those that are at their end
    for code, value in parts:
        one = _read_one(code, value)
        exact = _joined(exact, one.exact)
        needed = _better(needed, one.needed)
        joined = _joined(run, one.exact)
        if joined is None:
            needed = _better(needed, run)
            joined = one.exact or _NOTHING
        run = joined
        longer = _joined(begun, one.exact, _MOST_FIRST)
        if longer is None:
            closed |= _joined(begun, one.first, _MOST_FIRST) or begun
            longer = begun if code in _REPEATS and not value[0] else _NONE  # it may be left out
        begun = longer
    return _Read(exact, closed | begun, _better(needed, run))


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def _read_one(code: Any, value: Any) -> _Read:
    if code is op.LITERAL:
        return _just({fold(chr(value))})
    if code is op.IN and len(value) <= _MOST and all(one[0] is op.LITERAL or one == _ANY_DIGIT for one in value):
        return _just({"0" if one == _ANY_DIGIT else fold(chr(one[1])) for one in value})
    if code is op.ASSERT and value[0] > 0:  # it must stand behind, in the match or after it
        return _Read(_NOTHING, _NOTHING, _read(value[1]).needed)
    if code in (op.AT, op.ASSERT, op.ASSERT_NOT):  # what stands around a match is no part of it
        return _just({""})
    if code is op.SUBPATTERN:
        return _read(value[-1])
    if code is op.ATOMIC_GROUP:
        return _read(value)
    if code is op.BRANCH:
        branches = [_read(branch) for branch in value[1]]
        needed = [branch.needed for branch in branches]
        return _Read(
            _united([branch.exact for branch in branches]),
            _NONE.union(*(branch.first for branch in branches)),
            _NONE.union(*needed) if all(needed) else _NONE,
        )
    if code in _REPEATS:
        least, most, repeated = value
        one = _read(repeated)
        exact = {(0, 1): _united([one.exact, _NOTHING]), (1, 1): one.exact}.get((least, most))
        return _Read(exact, one.first, one.needed if least else _NONE)
    return _ANYTHING


def _shortest(words: Words) -> Words:
    """Without those that begin with another."""
    return frozenset(word for word in words if not any(word[:size] in words for size in range(1, len(word))))


def _just(words: set[str]) -> _Read:
    return _Read(frozenset(words), frozenset(words), _NONE)


def _joined(before: Words | None, after: Words | None, most: int = _MOST) -> Words | None:
    if before == _NOTHING:  # nothing to multiply
        return after
    if before is None or after is None or _worth(before)[0] == LONG or len(before) * len(after) > most:
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
