"""The one matcher: the longest match wins, matches never overlap, blocked contexts count and are dropped."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from egdata.codebook.literals import fold, read_literals

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


_folded = functools.lru_cache(maxsize=4)(fold)  # a text is searched part by part, for one thing after another
_Try = tuple[int, Callable[[str, int, int], "re.Match[str] | None"]]  # a rule's number and how to match it


class _Word(NamedTuple):
    """What a word in a text says about rules."""

    begins: list[_Try]  # whose matches may begin with it
    begins_some: list[_Try]  # likewise, but they need another word besides
    needed_by: list[int]


class _Index(NamedTuple):
    """Where to try which rules."""

    words: AhoCorasick
    told: list[_Word]
    open: list[int]  # rules whose matches may begin with anything
    free: frozenset[int]  # those of them that need no word


ByPart = dict[str, list[Rule]]  # the column ``part`` of their rows → rules in their order


class Rules(tuple[Rule, ...]):
    """Rules that know their words, so that only those are tried whose words stand in a text, and only there."""

    @functools.cached_property
    def _index(self) -> _Index:
        from ahocorasick_rs import AhoCorasick

        words: defaultdict[str, _Word] = defaultdict(lambda: _Word([], [], []))
        opened, free = [], set()
        for number, rule in enumerate(self):
            first, needed = read_literals(rule.pattern)
            is_implied = bool(first) and all(any(other in word for other in needed) for word in first)
            if is_implied:
                needed = frozenset()
            for word in first:
                tries = words[word].begins_some if needed else words[word].begins
                tries.append((number, rule.pattern.match))
            for word in needed:
                words[word].needed_by.append(number)
            if not first:
                opened.append(number)
                if not needed:
                    free.add(number)
        return _Index(AhoCorasick(words), list(words.values()), opened, frozenset(free))

    @functools.cached_property
    def _starts(self) -> Callable[[str, frozenset[int]], ByPart]:
        """By two letters of a text the rules whose matches may begin with them, and others that are given, by part."""
        heads: dict[str, list[int]] = {}
        for number, rule in enumerate(self):
            for letters in {word[:2] for word in read_literals(rule.pattern).first}:
                heads.setdefault(letters, []).append(number)

        @functools.lru_cache(maxsize=4096)
        def starts(letters: str, anywhere: frozenset[int]) -> ByPart:
            parts: ByPart = {}
            for number in sorted({*heads.get(letters[:1], ()), *heads.get(letters, ()), *anywhere}):
                parts.setdefault(self[number].row["part"], []).append(self[number])
            return parts

        return starts

    @functools.cached_property
    def _open(self) -> Rules:
        return Rules(self[number] for number in self._index.open)

    def starting(self, text: str) -> Callable[[int], ByPart]:
        """For any place of a text the rules that may match from there on, of each part in their order."""
        starts, folded = self._starts, _folded(text)
        words, told, _, free = self._open._index
        possible = set(free)
        for word, _, _ in words.find_matches_as_indexes(folded, overlapping=True) if told else ():
            possible.update(told[word].needed_by)
        anywhere = frozenset(self._index.open[number] for number in possible)
        return lambda place: starts(folded[place : place + 2], anywhere)

    def find_all(self, text: str, start: int, end: int) -> list[Match]:
        """Every match of every rule, overlapping ones of different rules too, rule by rule."""
        words, told, opened, free = self._index
        found: list[tuple[int, int, re.Match[str]]] = []
        later: list[tuple[int, list[_Try]]] = []
        last = dict.fromkeys(free, end - start)  # where the last word that a rule needs ends
        for word, place, stop in words.find_matches_as_indexes(_folded(text)[start:end], overlapping=True):
            begins, begins_some, needed_by = told[word]
            for number, match in begins:
                if hit := match(text, start + place, end):
                    found.append((number, start + place, hit))
            if begins_some:
                later.append((place, begins_some))
            for number in needed_by:
                last[number] = stop
        for place, begins_some in later:
            for number, match in begins_some:
                if last.get(number, 0) > place and (hit := match(text, start + place, end)):
                    found.append((number, start + place, hit))
        for number in opened:
            if number in last:
                hits = self[number].pattern.finditer(text, start, end)
                found += [(number, place, hit) for hit in hits if hit.end() > (place := hit.start())]
        found.sort()  # no rule is found twice at one place
        matches: list[Match] = []
        before, free_from = -1, start
        for number, place, hit in found:
            if number != before or place >= free_from:
                before, free_from = number, hit.end()
                matches.append(Match(place, free_from, self[number], hit))
        return matches


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
    return [match for match in longest(all_matches(rules, text, start, end)) if match.rule.code != BLOCKED]


def all_matches(rules: Iterable[Rule], text: str, start: int = 0, end: int | None = None) -> list[Match]:
    """Every match of every rule, overlapping ones too, rule by rule."""
    end = len(text) if end is None else end
    if isinstance(rules, Rules):
        return rules.find_all(text, start, end)
    return [
        Match(found.start(), found.end(), rule, found)
        for rule in rules
        for found in rule.pattern.finditer(text, start, end)
        if found.end() > found.start()
    ]


def longest(matches: Sequence[Match]) -> list[Match]:
    """Drop from overlapping matches all but the longest; text order."""
    starts: list[int] = []
    ends: list[int] = []
    kept: list[Match] = []
    for size, start, number in sorted([(match[0] - match[1], match[0], n) for n, match in enumerate(matches)]):
        end, at = start - size, bisect_right(starts, start)
        if (not at or ends[at - 1] <= start) and (at == len(starts) or starts[at] >= end):
            starts.insert(at, start)
            ends.insert(at, end)
            kept.insert(at, matches[number])
    return kept
