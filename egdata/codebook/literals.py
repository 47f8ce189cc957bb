"""Words that a pattern cannot do without, so that a rule is compiled and tried only where one of them stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import NamedTuple

_MOST = 32  # words kept apart; a stretch of a pattern with more is told by another stretch
_LONG = 4  # a word this long is rare enough

Words = frozenset[str]
_NOTHING: Words = frozenset({""})
NONE: Words = frozenset()


class Stretch(NamedTuple):
    """What a stretch of a pattern matches."""

    exact: Words | None  # all strings that it matches; None if they are many
    needed: Words  # whatever it matches holds one of these; empty if there are no such words


ANYTHING = Stretch(None, NONE)
_EMPTY = Stretch(_NOTHING, NONE)

_TOKEN = re.compile(
    r"[^\\\[(){|?*+.^$]+(?![?*+]|\{[\d,])"  # plain words, without the last letter if it is repeated
    r"|\\(?:\d+|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)"
    r"|\[\^?\]?(?:\\.|[^]\\])*\]"
    r"|\(\?P=\w+\)|\(\?#[^)]*\)|\(\?[a-zA-Z]+\)"  # a group named before, a comment, a flag
    r"|\((?:\?(?:P<\w+>|[a-zA-Z-]*:|<?[=!]|>|\(\w+\)))?"
    r"|\{[a-z_]\w*\}"
    r"|(?:[?*+]|\{(?:\d+(?:,\d*)?|,\d*)\})[?+]?"
    r"|.",
    re.DOTALL,
)
_REPEAT = re.compile(r"[?*+]|\{[\d,]")
_OPTIONAL = ("?", "*", "{0", "{,")
_LOOKS_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_FLAG = re.compile(r"\(\?[a-zA-Z]+\)")
_VERBOSE = re.compile(r"\(\?[a-zA-Z]*x")  # blanks of such a pattern are none of its words


def read_words(pattern: str, named: Callable[[str], Stretch]) -> Stretch:
    """The words of a pattern as a codebook writes it; what ``{name}`` stands for is asked of ``named``.

    What is not understood needs no words. Whether the pattern is in order, only Python says.

    'Some or many speakers … support':

    >>> sorted(read_words("(?:一些|许多)发言者?.{0,9}支持", dict).needed)
    ['一些发言', '许多发言']
    """
    if _VERBOSE.search(pattern):
        return ANYTHING
    tokens = _TOKEN.findall(pattern)[::-1]
    stretch = _read(tokens, named)
    return ANYTHING if tokens else stretch


def fold(text: str) -> str:
    """Case folded to as many characters, so that all that a pattern may take for one letter is one."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    if len(folded) != len(text):  # ß becomes ss
        folded = "".join(character.casefold()[:1] for character in text)
    return folded.replace("ı", "i")


def _read(tokens: list[str], named: Callable[[str], Stretch]) -> Stretch:
    """The alternatives up to the end of a group; takes its tokens, the next one last, off the list."""
    branches = [_sequence(tokens, named)]
    while tokens and tokens.pop() == "|":
        branches.append(_sequence(tokens, named))
    if len(branches) == 1:
        return branches[0]
    exact = [branch.exact for branch in branches]
    needed = [branch.needed for branch in branches]
    is_short = None not in exact and sum(map(len, exact)) <= _MOST
    return Stretch(NONE.union(*exact) if is_short else None, NONE.union(*needed) if all(needed) else NONE)


def _sequence(tokens: list[str], named: Callable[[str], Stretch]) -> Stretch:
    """What stands up to the next ``|`` or the end of the group."""
    exact: Words | None = _NOTHING
    run, needed = _NOTHING, NONE
    while tokens and tokens[-1] not in ("|", ")"):
        part = _part(tokens.pop(), tokens, named)
        if tokens and _REPEAT.match(tokens[-1]):
            part = _repeated(part, tokens.pop())
        exact = _joined(exact, part.exact)
        needed = max(needed, part.needed, key=_worth)
        longer = _joined(run, part.exact)
        if longer is None:
            needed = max(needed, run, key=_worth)
            longer = part.exact or _NOTHING
        run = longer
    return Stretch(exact, max(needed, run, key=_worth))


def _part(token: str, tokens: list[str], named: Callable[[str], Stretch]) -> Stretch:
    head = token[0]
    if token.startswith(("(?#", "(?P=")) or _FLAG.fullmatch(token):
        return ANYTHING if token[2] == "P" else _EMPTY
    if head == "(":
        group = _read(tokens, named)
        if token in _LOOKS_AROUND:  # what stands around a match is no part of it
            return _EMPTY
        return ANYTHING if token.startswith("(?(") else group
    if head == "[":
        is_listed = len(token) <= _MOST and not re.search(r"[\\^]|\S-\S", token)
        return _just(token[1:-1]) if is_listed else ANYTHING
    if head == "{" and len(token) > 1:
        return named(token[1:-1])
    if head == "\\":
        return _EMPTY if token[1] in "AbBZ" else ANYTHING if token[1].isalnum() else _just(token[1])
    if token in (".", "^", "$"):
        return ANYTHING if token == "." else _EMPTY
    word = frozenset({fold(token)})
    return Stretch(word, word)


def _just(letters: str) -> Stretch:
    words = frozenset(map(fold, letters))
    return Stretch(words, words)


def _repeated(part: Stretch, how: str) -> Stretch:
    if how.startswith(_OPTIONAL):
        return Stretch(part.exact | _NOTHING if how[0] == "?" and part.exact else None, NONE)
    return Stretch(None, part.needed)


def _joined(before: Words | None, after: Words | None) -> Words | None:
    if before == _NOTHING:  # nothing to multiply
        return after
    if before is None or after is None or _worth(before)[0] == _LONG or len(before) * len(after) > _MOST:
        return None
    return frozenset(a + b for a, b in product(before, after))


def _worth(words: Words) -> tuple[int, int]:
    """Long words are rare; of words as long, few are better."""
    return min((_LONG, *map(len, words))) if words else 0, -len(words)
