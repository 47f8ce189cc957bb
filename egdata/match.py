"""The one matcher: the longest match wins, matches never overlap, blocked contexts count and are dropped."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from egdata.literals import LONG, fold, needed_words

_FEW = 20  # so few rules are tried sooner than chosen
BLOCKED = "-"  # the code of a rule that only keeps its words from being matched: 发展中国家 is not 中国


class Rule(NamedTuple):
    """One row of a rule table, compiled."""

    rule_id: str
    code: str
    pattern: re.Pattern[str]
    row: dict[str, str]


class Match(NamedTuple):
    """A rule found at ``text[start:end]``; ``found`` has its groups."""

    start: int
    end: int
    rule: Rule
    found: re.Match[str]


class Rules(tuple[Rule, ...]):
    """Rules that know the words they need, so that only those are tried whose words stand in a text."""

    @functools.cached_property
    def _by_piece(self) -> dict[str, list[tuple[int, str]]]:
        """The first characters of a word → the rules that need it; under ``""`` those that may match anywhere."""
        found: dict[str, list[tuple[int, str]]] = {}
        for number, rule in enumerate(self):
            for word in needed_words(rule.pattern) or ("",):
                found.setdefault(word[:LONG], []).append((number, word))
        return found

    def likely(self, text: str) -> Iterator[Rule]:
        """The rules that may match in a text, in their order: all but those none of whose words stands in it."""
        if len(self) < _FEW:
            return iter(self)
        text, by_piece = fold(text), self._by_piece
        tails = [text[at:] for at in range(LONG)]
        pieces = {"", *text}.union(*(map("".join, zip(*tails[:size], strict=False)) for size in range(2, LONG + 1)))
        numbers = {number for piece in by_piece.keys() & pieces for number, word in by_piece[piece] if word in text}
        return (self[number] for number in sorted(numbers))


def find_matches(rules: Iterable[Rule], text: str, start: int = 0, end: int | None = None) -> list[Match]:
    """Find every non-overlapping match of the rules, in text order.

    Parameters
    ----------
    rules : iterable of Rule
        Of two overlapping matches the longer one stays; of two of one length the earlier one, then the one whose
        rule comes first. Rules with the code ``-`` take part and are dropped at the end.
    text : str
    start, end : int
        Only matches inside this half-open span; the text around it is still seen by lookarounds.

    Returns
    -------
    list of Match
    """
    end = len(text) if end is None else end
    return [match for match in longest(all_matches(rules, text, start, end)) if match.rule.code != BLOCKED]


def all_matches(rules: Iterable[Rule], text: str, start: int = 0, end: int | None = None) -> list[Match]:
    """Every match of every rule, overlapping ones too, rule by rule."""
    end = len(text) if end is None else end
    if isinstance(rules, Rules):
        rules = rules.likely(text[start:end])
    return [
        Match(found.start(), found.end(), rule, found)
        for rule in rules
        for found in rule.pattern.finditer(text, start, end)
        if found.end() > found.start()
    ]


def longest(matches: Sequence[Match]) -> list[Match]:
    """Drop from overlapping matches all but the longest; text order."""
    kept: list[Match] = []
    taken = bytearray(max((match.end for match in matches), default=0))
    for match in sorted(matches, key=lambda match: (match.start - match.end, match.start)):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\x01" * (match.end - match.start)
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)
