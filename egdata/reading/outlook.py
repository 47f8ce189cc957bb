"""What stands around a line: pure look-ahead over the lines of a text, which never change."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, pairwise, takewhile
from statistics import median

from egdata.reading.furniture import Line
from egdata.reading.labels import (
    BARE,
    BRACKETED,
    CLAUSE,
    CLOSING,
    COMPLETE,
    COMPOUND,
    DRAFT,
    HAN_STOP,
    HEADING_1,
    HEADING_2,
    HEADING_HAN,
    INSERTED,
    ITEM,
    ITS_ITEM,
    LEADS_ON,
    MEETING,
    NAMED,
    OPENING,
    PARA,
    SENTENCE,
    SPEAKS,
    STOP,
    TITLE,
    WORDED,
    YEARS,
    bracket_depth,
    starts_upper,
)

LONGEST_HEADING = 120  # of one labelled line; wrapped ones and titles may be longer
_LONGEST_HEAD = 480
_SHORTEST_CHAIN = 3  # numbers one after the other that show how a document numbers its paragraphs
_SOON = 12  # labels
_RUN_IN = re.compile(r"[;；]\s?(?:and\s|or\s|和|或|以及)?[(（]b[)）]")
_SENTENCE_LINES = 8
_MOST_HEADS = 4  # one below the other
_LONGEST_GAP = 30  # numbers that an extract may leave out before one that none follows
_SHORTEST_LINE = 30  # characters of one that goes on in the next
_UNWRAPPED = 0.6  # of the lines that are nearly full: in wrapped text one in five, as a rule, ends in a stop
_FEW = 50  # blank lines of which one may stand within a block


def is_named(text: str) -> bool:
    """Whether a line is 'Annex II' or 'Rule 4. Title'."""
    names = (pattern.match(text, text.startswith("[")) for _, _, pattern in NAMED)
    return any(match and (match.end() == len(text) or TITLE.fullmatch(text, match.end())) for match in names)


@dataclass(frozen=True)
class Outlook:
    """The lines that are text, with what can be known of each from those before and after it."""

    lines: list[Line]
    has_rules: bool = False  # above footnotes
    _labels: dict[re.Pattern[str], tuple[list[int], list[str]]] = field(default_factory=dict, repr=False)

    @cached_property
    def full(self) -> float:
        """The length of a full line: of one that breaks off in mid-sentence."""
        open_ended = [line.text for line in self.lines if not line.ends(CLAUSE)]
        return 0.85 * median(map(len, open_ended)) if open_ended else 0

    @cached_property
    def width(self) -> int:
        lengths = sorted(len(line.text) for line in self.lines)
        return lengths[len(lengths) * 9 // 10] if lengths else 0

    @cached_property
    def is_unwrapped(self) -> bool:
        """Whether a line is a paragraph: most long ones end in a stop."""
        longest = [line.text for line in self.lines if len(line.text) >= 0.8 * self.width]
        return sum(bool(CLAUSE.search(text[-8:])) for text in longest) >= _UNWRAPPED * len(longest)

    @cached_property
    def has_gaps(self) -> bool:
        """Whether blank lines set blocks apart; in some texts every line has one behind it, wrapped ones too."""
        first = next((at for at, line in enumerate(self.lines) if line.ends(CLAUSE)), 0)  # below the title
        apart = [(before.text, line.text) for before, line in pairwise(self.lines[first:]) if line.after_blank]
        return sum(self._is_torn(before, line) for before, line in apart) * _FEW < len(apart)

    def _is_torn(self, before: str, line: str) -> bool:
        """Whether a blank line between two lines stands within a block."""
        if CLAUSE.search(before[-8:]) or before[-1] in ")）":
            return False
        if line[0] in CLOSING or HAN_STOP.search(before) or bracket_depth(before)[0] > 0:
            return True
        is_full = len(before) >= 0.8 * self.width and not HEADING_1.match(before) and not self.is_label(line)
        return is_full or (line[0].islower() and line[:2].isalpha())  # not 'a Includes …', below a table

    @cached_property
    def styles(self) -> tuple[re.Pattern[str], ...]:
        """How paragraphs are numbered: 18. and 'para. 18:' anywhere, (18) and 18 where most numbers are such."""
        dotted, bracketed, bare = (self._longest_chain(style) for style in (PARA, BRACKETED, BARE))
        if bracketed >= _SHORTEST_CHAIN and bracketed > dotted:
            return PARA, WORDED, BRACKETED
        if bare >= _SHORTEST_CHAIN > max(dotted, bracketed) and not self.has_rules:
            return PARA, WORDED, BARE
        return PARA, WORDED

    def _longest_chain(self, style: re.Pattern[str]) -> int:
        """The most numbers of a style that follow one another."""
        reached: dict[int, int] = {}
        for line in self.lines:
            if match := style.match(line.text):
                number = int(match[1])
                reached[number] = max(reached.get(number, 0), reached.get(number - 1, 0) + 1)
        return max(reached.values(), default=0)

    @cached_property
    def has_annexes(self) -> bool:
        """Whether a line begins with the second annex."""
        pattern = next(pattern for _, name, pattern in NAMED if name == "annex")
        labels = (pattern.match(line.text) for line in self.lines)
        return any(label and label["n"] in ("II", "2", "二", "B") for label in labels)

    @cached_property
    def first_number(self) -> int:
        """The number of the first paragraph: that of an extract is not 1, though a heading may be '1. Lamps'."""
        numbers = [n for n in map(int, islice(self.following(-1, PARA), 2)) if n not in YEARS]
        if numbers[:1] == [1] and numbers[-1] > 2:
            numbers = numbers[1:]
        return numbers[0] if numbers else 1

    @cached_property
    def is_parted(self) -> bool:
        """Whether paragraphs have numbers in parts: three lines or more begin with one."""
        return sum(bool(COMPOUND.match(line.text)) for line in self.lines) >= _SHORTEST_CHAIN

    def number(self, line: Line) -> tuple[re.Pattern[str], re.Match[str]] | None:
        """The number of a paragraph with which a line may begin, and its style."""
        return next(((style, match) for style in self.styles if (match := style.match(line.text))), None)

    @cached_property
    def lowest(self) -> array:
        """For each line how far brackets that are open before it are closed from it to the next paragraph."""
        lowest = array("l", [0]) * (len(self.lines) + 1)
        for at in range(len(self.lines) - 1, -1, -1):
            if not PARA.match(self.lines[at].text):
                depth, inside = bracket_depth(self.lines[at].text)
                lowest[at] = min(inside, depth + lowest[at + 1])
        return lowest

    # ---- labels further on -------------------------------------------------------------------------------------------

    def following(self, at: int, pattern: re.Pattern[str]) -> Iterator[str]:
        """The labels of the later lines that begin with one of this kind."""
        if pattern not in self._labels:
            pairs = [(n, label[1]) for n, line in enumerate(self.lines) if (label := pattern.match(line.text))]
            if pattern is ITEM:  # a numbering in parts ends a list
                pairs = sorted([*pairs, *((n, "") for n, line in enumerate(self.lines) if COMPOUND.match(line.text))])
            self._labels[pattern] = [n for n, _ in pairs], [label for _, label in pairs]
        places, labels = self._labels[pattern]
        for index in range(bisect_right(places, at), len(labels)):
            yield labels[index]

    def is_listed(self, at: int, label: str, pattern: re.Pattern[str], successor: Callable[[str], str]) -> bool:
        """Whether a label that may go on with the units or with a list in one is the list's: it comes back."""
        last = label
        for later in self.following(at, pattern):
            if later == label:
                return True
            if later != successor(last):
                return False
            last = later
        return False

    def is_run_in(self, at: int) -> bool:
        """Whether the list whose (a) begins a line goes on within lines: (b) stands in one, and begins none."""
        below = takewhile(lambda line: not self.is_label(line.text), self.lines[at + 1 : at + _SOON])
        return any(_RUN_IN.search(line.text) for line in (self.lines[at], *below))

    def goes_on_from(self, at: int, number: int, style: re.Pattern[str], expected: int) -> bool:
        """Whether the numbers after a line go on from its own, which is none that is expected, and not from those."""
        later = [int(label) for label in islice(self.following(at, style), _SOON)]
        if number > expected:  # behind a lower number another numbering begins
            later = list(takewhile(lambda label: label >= expected, later))
        if expected in later and (number + 1 not in later or later.index(expected) < later.index(number + 1)):
            return False
        return number + 1 in later or number - expected < _LONGEST_GAP

    def returns_to(self, at: int, number: int, style: re.Pattern[str], expected: int) -> bool:
        """Whether the numbers from a line on are those of a list inside a paragraph: behind them it goes on."""
        last = number
        for label in self.following(at, style):
            if int(label) != last + 1:
                return int(label) == expected
            last += 1
        return False

    def starts_anew(self, at: int, style: re.Pattern[str], expected: int) -> bool:
        """Whether the numbers from a 1 on are no list: others follow, and the expected one does not come back."""
        later = [int(label) for label in islice(self.following(at, style), 4 * _SOON)]
        after = next((number for n, number in enumerate(later) if number != n + 2), None)
        return after is not None and expected not in later

    # ---- lines further on --------------------------------------------------------------------------------------------

    def is_label(self, text: str) -> bool:
        """Whether a line may begin a block by its label."""
        patterns = (*self.styles, ITEM, INSERTED, DRAFT, COMPOUND, HEADING_1, HEADING_2, HEADING_HAN)
        if any(pattern.match(text) for pattern in patterns):
            return True
        return len(text) <= LONGEST_HEADING and (bool(MEETING.fullmatch(text)) or is_named(text))

    def after_head(self, at: int) -> tuple[Line | None, int]:
        """The line after a heading that begins here, and of how many lines it would be; 0 if it were none."""
        length = 0
        for n in range(at, min(at + 5, len(self.lines))):
            line = self.lines[n]
            if n > at and (self.is_label(line.text) or line.after_blank):
                return line, n - at
            length += len(line.text)
            if line.ends(CLAUSE) or HAN_STOP.search(line.text) or length > _LONGEST_HEAD:
                break
        return None, 0

    def has_text_soon(self, at: int) -> bool:
        """Whether one of two lines, notes in brackets aside, ends like a sentence or is full; names do neither.

        Further headings, each set apart, may stand before them.
        """

        def is_text(line: Line) -> bool:
            return line.ends(CLAUSE) or len(line.text) >= 0.8 * self.width

        lines = [line for line in self.lines[at : at + _MOST_HEADS + 4] if not line.text.startswith("[")]
        heads = takewhile(
            lambda pair: pair[1].after_blank and not is_text(pair[0]) and not self.is_label(pair[0].text),
            islice(pairwise(lines), _MOST_HEADS),
        )
        return any(map(is_text, lines[sum(1 for _ in heads) :][:2]))

    def is_apart(self, at: int, following: Line) -> bool:
        """Whether blank lines set a line apart from the text that follows it."""
        is_set_off = self.has_gaps and self.lines[at].after_blank and following.after_blank
        return is_set_off and starts_upper(following.text.lstrip("(（")) and not self.is_label(following.text)

    def goes_on(self, at: int) -> bool:
        """Whether a line can only go on with the one before it: by a small letter, its last word or its length."""
        before, line = self.lines[at - 1], self.lines[at]
        if before.ends(SENTENCE):
            return False
        if line.text[0].islower() or before.text[-1] in "-,，、" or before.ends(LEADS_ON):
            return True
        return self.is_full(before)

    def is_sentence(self, at: int) -> bool:
        """Whether a line is the first of a sentence of several lines, which a label may have, but no heading."""
        if len(self.lines[at].text) < _SHORTEST_LINE:
            return False
        for n in range(at + 1, min(at + _SENTENCE_LINES, len(self.lines))):
            if self.lines[n].after_blank or self.is_label(self.lines[n].text) or not self.goes_on(n):
                return False
            if self.lines[n].ends(SENTENCE):
                return True
        return False

    def is_full(self, line: Line) -> bool:
        return self.full <= len(line.text) <= 1.4 * self.full

    def heads_paragraph(self, at: int, expected: int) -> bool:
        """Whether a line without a full stop stands before the next paragraph."""
        following = self.lines[at + 1 : at + 2]
        pair = following and self.number(following[0])
        return bool(pair) and int(pair[1][1]) == expected and not COMPLETE.search(self.lines[at].text)

    def end_of_head(self, start: int, n_lines: int, n_chunks: int, has_label: bool = True) -> int:
        """The index after the last line of the heading that begins here.

        It ends before the next label; before the paragraph of the first sentence; or, where neither comes soon, at a
        blank line: the first for ``n_chunks`` 1, the second for 2 ('Annex', a blank line and its title).
        """
        length, blanks = 0, []
        for at in range(start, min(start + n_lines, len(self.lines))):
            line = self.lines[at]
            if at > start and line.after_blank:
                blanks.append(at)
                if has_label and self.has_gaps and len(blanks) == n_chunks:
                    return at
            is_own = not has_label and ITS_ITEM.fullmatch(line.text)
            if (at > start and self.is_label(line.text) and not is_own) or SPEAKS.fullmatch(line.text):
                return at
            if at > start and not has_label and OPENING.fullmatch(line.text):
                return at
            if line.ends(STOP):
                return self._begin_of_sentence(start + has_label, at, blanks)
            length += len(line.text)
            if has_label and length > _LONGEST_HEAD:
                blanks = blanks or [self._begin_of_sentence(start + 1, at, [])]
                break
        else:
            at = min(start + n_lines, len(self.lines))
        return (blanks[n_chunks - 1 : n_chunks] or blanks[-1:] or [at])[0]

    def _begin_of_sentence(self, first: int, at: int, blanks: list[int]) -> int:
        """The first line of the paragraph that holds the sentence which ends on a line."""
        if blanks:
            at = blanks[-1]
        while at > first and self.goes_on(at) and not self.lines[at].after_blank:
            at -= 1
        return at
