"""The one matcher: the longest match wins, matches never overlap, blocked contexts count and are dropped."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from egdata.literals import fold, read_literals

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

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


Span = tuple[int, int, Rule, re.Match[str]]  # the same, before it is known to stay

_folded = functools.lru_cache(maxsize=4)(fold)  # a text is searched part by part, for one thing after another


class _Index(NamedTuple):
    """Where to try which rules, told by their numbers."""

    words: AhoCorasick
    begun: list[list[int]]  # of each word the rules whose matches may begin with it
    holding: list[list[int]]  # and the rules that need it
    free: frozenset[int]  # rules that need no word but those they begin with
    open: list[int]  # rules whose matches may begin with anything


class Rules(tuple[Rule, ...]):
    """Rules that know their words, so that only those are tried whose words stand in a text, and only there."""

    @functools.cached_property
    def _index(self) -> _Index:
        from ahocorasick_rs import AhoCorasick

        words: dict[str, tuple[list[int], list[int]]] = {}
        free, opened = set(), []
        for number, rule in enumerate(self):
            first, needed = read_literals(rule.pattern)
            for word in first:
                words.setdefault(word, ([], []))[0].append(number)
            if not first:
                opened.append(number)
            is_implied = bool(first) and all(any(other in word for other in needed) for word in first)
            if is_implied or not needed:
                free.add(number)
            else:
                for word in needed:
                    words.setdefault(word, ([], []))[1].append(number)
        begun, holding = ([lists[which] for lists in words.values()] for which in (0, 1))
        return _Index(AhoCorasick(words), begun, holding, frozenset(free), opened)

    def _places(self, text: str, start: int, end: int) -> tuple[list[tuple[int, list[int]]], set[int]]:
        """The places at which matches of which rules may begin, and all rules whose needed words stand there."""
        words, begun, holding, free, _ = self._index
        places: list[tuple[int, list[int]]] = []
        possible = set(free)
        for word, place, _ in words.find_matches_as_indexes(_folded(text)[start:end], overlapping=True):
            if begun[word]:
                places.append((start + place, begun[word]))
            if holding[word]:
                possible.update(holding[word])
        return places, possible

    @functools.cached_property
    def _heads(self) -> tuple[dict[str, list[int]], Rules]:
        """One or two letters with the rules whose matches may begin with them; the rules that begin with anything."""
        heads: dict[str, list[int]] = {}
        for number, rule in enumerate(self):
            for letters in {word[:2] for word in read_literals(rule.pattern).first}:
                heads.setdefault(letters, []).append(number)
        return heads, Rules(self[number] for number in self._index.open)

    def starting(self, text: str) -> Callable[[int], list[Rule]]:
        """For any place of a text the rules that may match from there on, in their order."""
        heads, opened = self._heads
        folded = _folded(text)
        possible = opened._places(text, 0, len(text))[1]
        anywhere = [self._index.open[number] for number in possible]

        def starting_at(place: int) -> list[Rule]:
            one, two = heads.get(folded[place : place + 1], ()), heads.get(folded[place : place + 2], ())
            return [self[number] for number in sorted({*one, *two, *anywhere})] if one or two or anywhere else []

        return starting_at

    def find_spans(self, text: str, start: int, end: int) -> list[Span]:
        """Every match of every rule, overlapping ones of different rules too, rule by rule."""
        places, possible = self._places(text, start, end)
        found = [
            (number, place, hit)
            for place, numbers in places
            for number in numbers
            if number in possible and (hit := self[number].pattern.match(text, place, end))
        ]
        for number in self._index.open:
            if number in possible:
                found += [(number, hit.start(), hit) for hit in self[number].pattern.finditer(text, start, end)]
        found.sort(key=itemgetter(0, 1))
        spans: list[Span] = []
        before, free = -1, start
        for number, place, hit in found:
            if (number != before or place >= free) and (stop := hit.end()) > place:
                before, free = number, stop
                spans.append((place, stop, self[number], hit))
        return spans


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
    kept = longest(_spans(rules, text, start, end))
    return [Match._make(span) for span in kept if span[2].code != BLOCKED]


def all_matches(rules: Iterable[Rule], text: str, start: int = 0, end: int | None = None) -> list[Match]:
    """Every match of every rule, overlapping ones too, rule by rule."""
    return [Match._make(span) for span in _spans(rules, text, start, end)]


def _spans(rules: Iterable[Rule], text: str, start: int, end: int | None) -> list[Span]:
    end = len(text) if end is None else end
    if isinstance(rules, Rules):
        return rules.find_spans(text, start, end)
    return [
        (found.start(), found.end(), rule, found)
        for rule in rules
        for found in rule.pattern.finditer(text, start, end)
        if found.end() > found.start()
    ]


M = TypeVar("M", bound=Span)


def longest(matches: Sequence[M]) -> list[M]:
    """Drop from overlapping matches all but the longest; text order."""
    if len(matches) < 2:
        return list(matches)
    kept: list[M] = []
    base = min(match[0] for match in matches)
    taken = bytearray(max(match[1] for match in matches) - base)
    for match in sorted(matches, key=lambda match: (match[0] - match[1], match[0])):
        first, last = match[0] - base, match[1] - base
        if taken.find(1, first, last) < 0:
            taken[first:last] = b"\x01" * (last - first)
            kept.append(match)
    kept.sort(key=itemgetter(0))
    return kept
