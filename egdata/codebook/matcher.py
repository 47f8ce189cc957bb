"""The one matcher: the longest match wins, matches never overlap, blocked contexts count and are dropped."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import grouped
from egdata.codebook.notation import Words, fold

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

BLOCKED = "-"  # the code of a rule that only keeps its words from being matched: 发展中国家 is not 中国


@dataclass(frozen=True, eq=False)
class Rule:
    """One row of a rule table; its pattern is compiled when it is first tried."""

    rule_id: str
    code: str
    row: dict[str, str] = field(repr=False)
    needed: Words = field(repr=False)  # case folded, of which every match holds one; empty if it may do without
    text: str = field(repr=False)  # its pattern, not yet compiled
    compiled: Callable[[str], re.Pattern[str]] = field(repr=False)

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        return self.compiled(self.text)


class Match(NamedTuple):
    """A rule found at ``text[start:end]``; ``words`` are what stands there, with its groups."""

    start: int
    end: int
    rule: Rule
    words: re.Match[str]


_folded = functools.lru_cache(maxsize=4)(fold)  # a text is searched part by part, for one thing after another


class Rules(tuple[Rule, ...]):
    """Rules that know their words, so that only those are tried of which a word stands in the text."""

    @functools.cached_property
    def _words(self) -> tuple[AhoCorasick, list[list[int]], list[int]]:
        """Where to find the words, the numbers of the rules that need each, and of those that need none."""
        from ahocorasick_rs import AhoCorasick

        numbers = grouped((word, number) for number, rule in enumerate(self) for word in rule.needed)
        return AhoCorasick(numbers), list(numbers.values()), [n for n, rule in enumerate(self) if not rule.needed]

    def standing_in(self, text: str, start: int = 0, end: int | None = None) -> list[Rule]:
        """The rules that may match in ``text[start:end]``, in their order."""
        words, numbers, free = self._words
        matches = words.find_matches_as_indexes(_folded(text)[start:end], overlapping=True)
        possible = {number for word in {word for word, *_ in matches} for number in numbers[word]}
        return [self[number] for number in sorted(possible.union(free))]


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
        rules = rules.standing_in(text, start, end)
    return [
        Match(match.start(), match.end(), rule, match)
        for rule in rules
        for match in rule.pattern.finditer(text, start, end)
        if match.end() > match.start()
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
