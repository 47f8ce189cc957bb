"""The one matcher: the longest match wins, matches never overlap, blocked contexts count and are dropped."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from egdata.literals import fold, read_literals

if TYPE_CHECKING:
    from ahocorasick import Automaton

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


_fold_letter = functools.lru_cache(maxsize=1024)(fold)


class _Index(NamedTuple):
    """Where to try which rules."""

    words: Automaton  # word → its length less one, the rules whose matches begin with it, the rules that need it
    free: frozenset[int]  # rules that need no word beside those they begin with
    scanned: list[int]  # rules whose matches may begin with anything


class Rules(tuple[Rule, ...]):
    """Rules that know their words, so that only those are tried whose words stand in a text, and only there."""

    @functools.cached_property
    def _index(self) -> _Index:
        from ahocorasick import Automaton

        words: dict[str, tuple[list[int], list[int]]] = {}
        free, scanned = set(), []
        for number, rule in enumerate(self):
            first, needed = read_literals(rule.pattern)
            for word in first:
                words.setdefault(word, ([], []))[0].append(number)
            if not first:
                scanned.append(number)
            if not needed or any(word in other or other in word for word in first for other in needed):
                free.add(number)
            else:
                for word in needed:
                    words.setdefault(word, ([], []))[1].append(number)
        automaton = Automaton()
        for word, numbers in words.items():
            automaton.add_word(word, (len(word) - 1, *numbers))
        automaton.make_automaton()
        return _Index(automaton, frozenset(free), scanned)

    @functools.cached_property
    def _by_letter(self) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...]]:
        """The rules whose matches begin with a letter, and those for any other letter."""
        letters = [{word[0] for word in read_literals(rule.pattern).first} for rule in self]
        by_letter = {
            letter: tuple(rule for rule, own in zip(self, letters, strict=True) if not own or letter in own)
            for letter in set().union(*letters)
        }
        return by_letter, tuple(rule for rule, own in zip(self, letters, strict=True) if not own)

    def starting(self, text: str, place: int) -> tuple[Rule, ...]:
        """The rules that may match from a place of a text on, in their order."""
        by_letter, others = self._by_letter
        return by_letter.get(_fold_letter(text[place : place + 1]), others)

    def find_all(self, text: str, start: int, end: int) -> list[Match]:
        """Every match of every rule, overlapping ones of different rules too, rule by rule."""
        index = self._index
        begun: list[tuple[int, list[int]]] = []
        possible = set(index.free)
        for last, (back, beginning, holding) in index.words.iter(fold(text[start:end])) if index.words else ():
            if beginning:
                begun.append((start + last - back, beginning))
            if holding:
                possible.update(holding)
        found = [
            (number, place, hit)
            for place, numbers in begun
            for number in numbers
            if number in possible and (hit := self[number].pattern.match(text, place, end))
        ]
        for number in index.scanned:
            if number in possible:
                found += [(number, hit.start(), hit) for hit in self[number].pattern.finditer(text, start, end)]
        matches: list[Match] = []
        before, free = -1, start
        for number, place, hit in sorted(found, key=itemgetter(0, 1)):
            if (number != before or place >= free) and hit.end() > place:
                before, free = number, hit.end()
                matches.append(Match(place, free, self[number], hit))
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
    end = len(text) if end is None else end
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
    if len(matches) < 2:
        return list(matches)
    kept: list[Match] = []
    base = min(match.start for match in matches)
    taken = bytearray(max(match.end for match in matches) - base)
    for match in sorted(matches, key=lambda match: (match.start - match.end, match.start)):
        first, last = match.start - base, match.end - base
        if not any(taken[first:last]):
            taken[first:last] = b"\x01" * (last - first)
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)
