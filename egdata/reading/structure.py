"""Lines → blocks: title, headings, paragraphs, items, unnumbered text and footnotes, by their labels.

Every line is asked in turn what it begins (:meth:`Structure._begin`); what begins nothing goes on with what is open.
The ids that blocks are cited by are given here too:

========================  ==========================================================================================
``13``, ``13(b)``         paragraph and lettered item of the first numbering in the document
``12bis``                 put in behind 12
``annex-I/3``             paragraph of a numbering that begins again: the heading under which it does stands in front
``III.A/u2``              second paragraph without a number under heading III.A; ``0/u1`` before any heading
``II.E.1``                section: the labels of its headings from the top, Roman at the first level
``annex-I.II.rule-4``     annexes, parts, rules, articles … by their name; ``III.h1`` is the first heading without any
========================  ==========================================================================================
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from statistics import median

from egdata.base.errors import ReportError
from egdata.reading.furniture import Line
from egdata.reading.labels import (
    CLAUSE,
    COLON,
    COMPLETE,
    COMPOUND,
    DATE,
    DRAFT,
    FIRST_ITEM,
    HAN,
    HEADING_1,
    HEADING_2,
    HEADING_HAN,
    INSERTED,
    ITEM,
    ITS_ITEM,
    LEADS_ON,
    LIST_NUMBER,
    MEETING,
    NAMED,
    NO_ITEM,
    NOTE,
    OPENING,
    PARA,
    PREAMBLE,
    ROMAN,
    SENTENCE,
    SPEAKS,
    STOP,
    bracket_depth,
    next_item,
    starts_upper,
)


@dataclass
class Block:
    """A stretch of the source that is one heading, paragraph, item or footnote."""

    kind: str  # 'title', 'heading', 'para', 'item', 'text', 'footnote'
    line: int
    id: str = ""
    section: str = ""  # id of the section that a unit stands in
    level: int = 0
    para: int = 0
    item: str = ""
    marker: re.Pattern[str] | None = None  # its label, at its head
    spans: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0  # open quotes and brackets
    last: str = ""  # its last characters, to see whether it is complete

    def add(self, line: Line) -> None:
        self.spans.append(line.span)
        self.depth += bracket_depth(line.text)[0]
        self.last = (self.last + line.text)[-8:]

    @property
    def complete(self) -> bool:
        """Whether a new block may follow: it ends like a sentence or clause (。 ；2 ：”) and has no open quote."""
        if self.kind in ("title", "heading"):
            return self.depth <= 0
        return self.depth <= 0 and bool((CLAUSE if self.kind == "text" else COMPLETE).search(self.last))


_RANK = {"roman": 4, "letter": 5, "number": 6, "item": 6.5, "none": 8}  # what stands lower belongs to what stands above
_LONGEST_HEADING = 120  # of one labelled line; wrapped ones and titles may be longer
_LONGEST_HEAD = 480
_HEAD_LINES = 12
_TITLE_LINES = 40
_DEEPEST_LIST = 8
_PAGE_LINES = 80
_FOOT_LINES = 16  # of the notes below a page


@dataclass
class _Heading:
    """A heading that is open, or the document itself."""

    rank: float
    id: str
    is_named: bool
    counts: dict[str, int] = field(default_factory=dict)  # of the headings and units under it, by kind


class Structure:
    """One pass over the lines: where each block begins is decided by its label and by what is open before it."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = [line for line in lines if line.furniture in ("", "page", "rule")]
        self.text = [line for line in lines if not line.furniture]
        self.at = -1  # index of the line in text
        self.body_line = None  # the last line of the body
        self.found: list[Block] = []
        self.notices: list[str] = []
        self.current = self.body = Block("title", 1)  # what lines are added to; the last block that is no footnote
        self.path = [_Heading(-1, "", False)]
        self.head_end = 0  # index in text of the line after an open heading
        self.para, self.item, self.label = 0, "", ""
        self.first = 1  # the number of the first paragraph, which of an extract is another
        self.unit = ""  # id of the paragraph that is open
        self.has_numbers = self.is_lenient = False
        self.scope, self.scopes = "", set()  # what stands in front of the numbers; those taken
        self.para_section = None  # of the last numbered paragraph
        self.note, self.note_scope, self.last_note = 0, "", None
        self.nested: list[tuple[str, str]] = []  # open lists inside a unit: (style, next label)
        self.expects_note = self.is_top = False
        self.ids: Counter[tuple[str, str]] = Counter()
        self.restarts: list[tuple[int, str]] = []
        self.n_drafts = 0
        self._labels: dict[re.Pattern[str], tuple[list[int], list[str]]] = {}
        stops = [line.text for line in self.text if not CLAUSE.search(line.text[-8:])]
        self.full = 0.85 * median(map(len, stops)) if stops else 0  # a line that breaks off in mid-sentence is full
        lengths = sorted(len(line.text) for line in self.text)
        self.width = lengths[len(lengths) * 9 // 10] if lengths else 0
        self.has_gaps = self._has_gaps()
        self.lowest = self._lowest_depths()

    def blocks(self) -> tuple[list[Block], list[str]]:
        """The blocks in the order of the text, and what a reader should know about them."""
        page = 0
        for line, after in zip(self.lines, [*self.lines[1:], None], strict=False):
            if line.page != page:
                self._end_page(is_sure=True)
                page, self.is_top = line.page, True
            if line.furniture == "rule":
                self.expects_note = True
            elif line.furniture:
                self._end_page(is_sure=False)
                self.is_top = True
            else:
                self.at += 1
                is_foot = after is None or after.furniture == "page" or after.page != page
                if is_foot and line.text.startswith("*") and self.current.kind not in ("title", "heading"):
                    self.expects_note = True  # '* Reissued for technical reasons', with no rule above it
                if not self._begin(line):
                    self._continue(line)
                self.expects_note = self.is_top = False
        self._tell()
        return self.found, self.notices

    def _end_page(self, is_sure: bool) -> None:
        """What a footnote at the foot of the page interrupted goes on; unless only furniture tells of a page end."""
        goes_on = not self.body.complete or COLON.search(self.body.last)
        if self.current.kind == "footnote" and (is_sure or goes_on):
            self.current = self.body

    def _tell(self) -> None:
        units = [block for block in self.found if block.kind in ("para", "item", "text")]
        n_unnumbered = sum(not block.para and not block.item for block in units) - self.n_drafts
        if units and not any(block.para for block in units):
            self.notices.append("no paragraph is numbered; they are counted under their headings, as 0/u1 or I/u1")
        elif n_unnumbered:
            self.notices.append(f"paragraphs without a number: {n_unnumbered}; counted under their headings, as I/u1")
        if self.n_drafts:
            self.notices.append(
                f"paragraphs whose number is not given yet (xx.): {self.n_drafts}; counted under their headings"
            )
        if self.restarts:
            line, first = self.restarts[0]
            self.notices.append(
                f"line {line}: the paragraph numbers begin again at 1, in all {len(self.restarts)} times; "
                f"cited with their section: {first}"
            )

    # ---- what a line begins -----------------------------------------------------------------------------------------

    def _begin(self, line: Line) -> bool:
        """Open a new block if the line begins one."""
        if self._begin_note(line):
            return True
        if line is self.text[-1] and (PARA.fullmatch(line.text) or ITEM.fullmatch(line.text)):
            return False  # a label with nothing behind it
        if self._begin_named_heading(line) or self._begin_counted_heading(line):
            return True
        if found := PARA.match(line.text):
            return self._begin_para(line, found)
        if found := ITEM.match(line.text):
            return self._begin_item(line, found)
        for begin in (self._begin_inserted, self._begin_compound, self._begin_draft, self._begin_meeting):
            if begin(line):
                return True
        return self._begin_heading(line) or self._begin_opening(line) or self._begin_bare_heading(line)

    def _begin_note(self, line: Line) -> bool:
        found = NOTE.match(line.text)
        inside = self.expects_note or (self.current.kind == "footnote" and self.current.complete)
        inside = inside or (found is not None and self._is_note_without_rule(line, found))
        if not inside or not found or PARA.match(line.text):
            return self._begin_unmarked_note(line)
        if found[1]:
            number, scope = int(found[1]), self._annex_scope()
            if number == 1 and self.note and scope != self.note_scope:  # an annex numbers its notes anew
                self.note, self.note_scope = 0, scope
            if number != self.note + 1:
                is_repeat = number <= self.note
                if self.expects_note or (not is_repeat and number == self.note + 2):
                    self._broken("footnote", line, found[1], str(self.note + 1), is_repeat)
                return False
            self.note = number
        scope = self.note_scope if found[1] else ""
        label = found[1] or "*"
        self._open(Block("footnote", line.number, f"{scope}/{label}" if scope else label), line, skip=found.end())
        return True

    def _is_note_without_rule(self, line: Line, found: re.Match[str]) -> bool:
        """Whether the next note begins at the foot of a page whose rule was drawn and left no line of text.

        Its number is glued to a word above it on the page, and only lines without a label follow on the page.
        """
        number = found[1]
        if not number or int(number) != self.note + 1 or not starts_upper(line.text[found.end() :]):
            return False
        if self.text[-1].page == self.text[0].page:
            return False  # nothing tells of pages
        anchor = re.compile(rf"[a-z\u3000-\u9fff.,;:)”]{number}(?![\d.,%])")
        above = self.text[max(self.at - _PAGE_LINES, 0) : self.at]
        below = self.text[self.at + 1 : self.at + _FOOT_LINES + 1]
        foot = [one for one in below if one.page == line.page]
        return (
            len(foot) < _FOOT_LINES
            and any(one.page == line.page and anchor.search(one.text) for one in above)
            and not any(self._is_label(one.text) for one in foot)
        )

    def _begin_unmarked_note(self, line: Line) -> bool:
        """Text under a footnote rule: the rest of the last note, or a note whose mark is lost."""
        if not self.expects_note or self._is_label(line.text):
            return False
        if self.last_note and not self.last_note.complete:
            self.last_note.add(line)
            self.current = self.last_note
            return True
        self.notices.append(f"line {line.number}: the footnote {line.text[:20]!r} has no number")
        self._open(Block("footnote", line.number, "*"), line)
        return True

    def _begin_para(self, line: Line, found: re.Match[str]) -> bool:
        number, expected = int(found[1]), self.para + 1
        is_listed = number != expected or self._is_listed(found[1], PARA, lambda label: str(int(label) + 1))
        if is_listed and self._in_list("1", found[1], str(number + 1)):
            return False
        is_first = not self.para and self.current.complete
        is_new = number == 1 and self.current.complete and self.para_section != self.path[-1].id
        is_jump = self.is_lenient and self.current.complete and number > expected
        if not (number == expected or is_first or is_new or is_jump):
            if self.current.complete:
                self._broken("paragraph", line, str(number), str(expected), number <= self.para)
            return False
        if is_first and number != expected:
            self.notices.append(f"line {line.number}: the first paragraph is numbered {number}, not 1")
        elif is_jump:
            self.notices.append(f"line {line.number}: paragraph {number} comes where {expected} is expected")
        if self.has_numbers and (not self.para or number < expected):
            self.scope = self._new_scope()
            self.restarts.append((line.number, f"{self.scope}/{number}"))
        self.para, self.has_numbers = number, True
        self._open_para(line, str(number), number, PARA, found.end())
        return True

    def _begin_inserted(self, line: Line) -> bool:
        """12 bis, behind 12."""
        found = INSERTED.match(line.text)
        if not found or not self.current.complete or int(re.match(r"\d+", found[1])[0]) != self.para:
            return False
        self._open_para(line, re.sub(r"\s", "", found[1]), self.para, INSERTED, found.end())
        return True

    def _begin_compound(self, line: Line) -> bool:
        """3.2 or (ABS) 9.1., in documents that number so: others of the kind stand before or after it."""
        found = COMPOUND.match(line.text)
        if not found or not self.current.complete or line.text[found.end()].isdigit():
            return False
        label = re.sub(r"\s", "", found[1])
        head, _, last = label.rpartition(".")
        has_next = next(self._following(COMPOUND), "") == f"{head}.{int(last) + 1}" if head else False
        if not (label[0] in "([" or has_next or "." in self.label):
            return False
        self._open_para(line, label, int(re.search(r"\d+", label)[0]), COMPOUND, found.end())
        return True

    def _begin_draft(self, line: Line) -> bool:
        found = DRAFT.match(line.text)
        if not found or not self.current.complete:
            return False
        self.n_drafts += 1
        self._open_unnumbered("para", line, DRAFT)
        return True

    def _begin_meeting(self, line: Line) -> bool:
        is_one = MEETING.fullmatch(line.text) or (
            DATE.fullmatch(line.text)
            and any(MEETING.fullmatch(one.text) for one in self.text[self.at + 1 : self.at + 2])
        )
        if not self.current.complete or not is_one:
            return False
        self._open_unnumbered("text", line)
        return True

    def _begin_item(self, line: Line, found: re.Match[str]) -> bool:
        label, expected = found[1], next_item(self.item)
        follows = next(self._following(ITEM), "")
        after_colon = bool(COLON.search(self.body.last))
        may_open = self.item or after_colon or (follows == "b" and self.body.complete)
        if self.body.kind not in ("para", "item", "text"):
            return False
        if not may_open:
            if label == "b" and follows == "c" and self.current.complete:
                self._broken("item", line, f"{self.label}(b)", f"{self.label}(a)", False)
            return False
        roman = ROMAN.index(label.upper()) if label.upper() in ROMAN[:-1] else None
        after_roman = "" if roman is None else ROMAN[roman + 1].lower()
        if not self.current.complete and (NO_ITEM.match(line.text) or self._is_listed(label, ITEM, next_item)):
            return False
        is_item = label == expected and not (label == "i" and after_colon and follows == "ii")
        if is_item and self.nested:
            is_item = bool(self.item) and not self._is_listed(label, ITEM, next_item)
        if is_item and self._may_begin(line):
            self.item, self.nested = label, []
            block = Block("item", line.number, f"{self.unit}({label})", self.path[-1].id, para=self.body.para)
            block.item, block.marker = label, ITEM
            self._open(block, line)
            return True
        if not self.current.complete:
            return False
        if self.current.kind == "footnote" and not is_item:
            if not any(following == label for _, following in self.nested):
                return False
            self.current = self.body  # the list inside the unit goes on
        if self._in_list("i", label, after_roman) or self._in_list("a", label, next_item(label)):
            return False
        is_repeat = (len(label), label) < (len(expected), expected)
        self._broken("item", line, f"{self.label}({label})", f"{self.label}({expected})", is_repeat)
        return False

    def _begin_named_heading(self, line: Line) -> bool:
        """'Annex II', 'Rule 4', 'Part one', alone on its line or with its title behind a colon or full stop."""
        if len(line.text) > _LONGEST_HEADING or SENTENCE.search(line.text):
            return False
        for rank, name, pattern in NAMED:
            # a signature has no full stop, and an annex may follow it
            may_begin = self.current.complete or (rank <= 2 and (self.is_top or self.body.kind == "text"))
            if not (may_begin and (found := pattern.fullmatch(line.text))):
                continue
            if self.body.kind == "title" and ITS_ITEM.fullmatch(line.text):
                return False
            groups = found.groupdict()
            number = groups["n"] or groups.get("m") or ""
            if name == "annex" and not number and self._is_annex:  # the annex of an annex
                rank = 2
            if number in HAN:
                number = ROMAN[HAN.index(number)]
            part = f"{name}-{number.replace(' ', '-')}" if number else name
            self._open_heading(line, rank, part, is_named=True)
            if rank <= 2:  # an annex has a numbering of its own, and drafts in annexes skip and insert numbers
                self.para, self.is_lenient = 0, self.has_numbers
            return True
        return False

    def _begin_counted_heading(self, line: Line) -> bool:
        """'1. First session' or '(a) Dates' before paragraph 15: short, without a full stop, not the next number."""
        number, letter = PARA.match(line.text), ITEM.match(line.text)
        is_listed = self.item if letter else any(style == "1" for style, _ in self.nested)
        if not (number or letter) or is_listed or not self._may_head(line):
            return False
        kind, label = ("number", number[1]) if number else ("item", letter[1])
        parent = self._parent(_RANK[kind])
        count = parent.counts.get(kind, 0)
        if label != (str(count + 1) if number else next_item("" if not count else chr(ord("a") + count - 1))):
            return False
        following, n_lines = self._after_head()
        heads = n_lines and (self._leads_to_para(self.at + n_lines) or self._is_apart(line, following))
        if number and self.para and int(label) == self.para + 1 and not self._is_next_para(following):
            heads = False
        goes_on = number and count and self.para_section != parent.id and int(label) != self.para + 1
        if not (heads or goes_on):
            return False
        parent.counts[kind] = count + 1
        self._open_heading(line, _RANK[kind], label, marker=PARA if number else ITEM)
        return True

    def _begin_heading(self, line: Line) -> bool:
        """'II. Title' or 'B. Title'."""
        if not (self.current.complete or self._heads_something(line)) or line.text.endswith(tuple("。；，;,")):
            return False
        if found := HEADING_HAN.match(line.text):
            return self._begin_han_heading(line, found[1])
        if found := HEADING_1.match(line.text):
            labels = HAN if found[1][0] in HAN else ROMAN
            parent = self._parent(_RANK["roman"])
            count = parent.counts.get("roman", 0)
            expected = labels[count] if count < len(labels) else ""
            if found[1] in labels[1:] and self._begins_extract(parent):
                count, expected = labels.index(found[1]), found[1]
                self.notices.append(f"line {line.number}: the first heading is numbered {expected}")
            follows_h = found[1] == "I" and self._parent(_RANK["letter"]).counts.get("letter") == 8
            if found[1] == expected and not follows_h:
                parent.counts["roman"] = count + 1
                self._open_heading(line, _RANK["roman"], ROMAN[count], marker=HEADING_1)
                return True
            is_sure = labels is HAN or len(found[1]) > 1  # I. may be a subsection after H.
            if is_sure and found[1] in labels and len(line.text) < _LONGEST_HEADING:
                self._broken("heading", line, found[1], expected, labels.index(found[1]) < count)
        if found := HEADING_2.match(line.text):
            parent = self._parent(_RANK["letter"])
            count = parent.counts.get("letter", 0)
            expected = chr(ord("A") + count)
            if self._begins_extract(parent):
                count, expected = ord(found[1]) - ord("A"), found[1]
            if found[1] == expected:
                parent.counts["letter"] = count + 1
                self._open_heading(line, _RANK["letter"], found[1], marker=HEADING_2)
                return True
            if parent.rank == _RANK["roman"] and len(line.text) < 40 and not COMPLETE.search(line.text):
                self._broken("heading", line, found[1], expected, found[1] < expected)
        return False

    def _begin_han_heading(self, line: Line, label: str) -> bool:
        """（一）and a title; with a stop behind it, or the next of its kind, it is an item of a list."""
        parent = self._parent(_RANK["letter"])
        count = parent.counts.get("letter", 0)
        following, n_lines = self._after_head()
        if not self._may_head(line) or (label,) != HAN[count : count + 1] or not n_lines or not following:
            return False
        if HEADING_HAN.match(following.text):
            return False
        parent.counts["letter"] = count + 1
        self._open_heading(line, _RANK["letter"], str(count + 1), marker=HEADING_HAN)
        return True

    def _begin_opening(self, line: Line) -> bool:
        """'Introduction' or 'Summary' below the title."""
        is_one = self.body.kind == "title" and self.found and self.current.complete and OPENING.fullmatch(line.text)
        if not is_one or line is self.text[-1]:
            return False
        self._open_bare(line, n_lines=1)
        return True

    def _begin_bare_heading(self, line: Line) -> bool:
        """A short line without a label or full stop that the next paragraph follows, or blank lines on both sides."""
        if self.body.kind == "title" or self.current is not self.body or not self._may_head(line):
            return False
        if self.at < self.head_end or not starts_upper(LIST_NUMBER.sub("", line.text)):
            return False
        if self._is_short(line):
            self._open_bare(line, n_lines=1)
            return True
        following, n_lines = self._after_head()
        if not n_lines or not following:
            return False
        is_apart = line.after_blank and following.after_blank and self._has_text_soon(self.at + n_lines)
        in_text = self.body.kind == "heading" or (
            (self._is_annex or not self.body.para) and bool(SENTENCE.search(self.body.last) or self._follows_gap(line))
        )
        if not (self._is_next_para(following) or (is_apart and in_text)):
            return False
        self._open_bare(line, n_lines)
        return True

    # ---- what stands around a line ----------------------------------------------------------------------------------

    def _following(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """The labels of the later lines that begin with one of this kind."""
        if pattern not in self._labels:
            found = [(at, label[1]) for at, line in enumerate(self.text) if (label := pattern.match(line.text))]
            if pattern is ITEM:  # a numbering in parts ends a list
                found = sorted([*found, *((at, "") for at, line in enumerate(self.text) if COMPOUND.match(line.text))])
            self._labels[pattern] = [at for at, _ in found], [label for _, label in found]
        places, labels = self._labels[pattern]
        for index in range(bisect_right(places, self.at), len(labels)):
            yield labels[index]

    def _is_listed(self, label: str, pattern: re.Pattern[str], successor: Callable[[str], str]) -> bool:
        """Whether a label that may go on with the units or with a list in one is the list's: it comes back."""
        last = label
        for later in self._following(pattern):
            if later == label:
                return True
            if later != successor(last):
                return False
            last = later
        return False

    def _in_list(self, first: str, label: str, following: str) -> bool:
        """Whether the label goes on with a list inside the unit, or begins one after a colon."""
        for depth in range(len(self.nested) - 1, -1, -1):
            if self.nested[depth] == (first, label):
                self.nested[depth:] = [(first, following)]
                return True
        may_open = label == first and len(self.nested) < _DEEPEST_LIST and self.body.kind in ("para", "item")
        if may_open and COLON.search(self.current.last):
            self.nested.append((first, following))
            return True
        return False

    def _has_gaps(self) -> bool:
        """Whether blank lines set blocks apart; in some texts every line has one behind it, wrapped ones too."""
        first = next((at for at, line in enumerate(self.text) if CLAUSE.search(line.text[-8:])), 0)  # below the title
        apart = [(before.text, line.text) for before, line in pairwise(self.text[first:]) if line.after_blank]
        return bool(apart) and not any(
            line[0].islower() or (len(before) >= 0.8 * self.width and not HEADING_1.match(before))
            for before, line in apart
            if not CLAUSE.search(before[-8:])
        )

    def _lowest_depths(self) -> array:
        """For each line how far brackets that are open before it are closed from it to the next paragraph."""
        lowest = array("l", [0]) * (len(self.text) + 1)
        for at in range(len(self.text) - 1, -1, -1):
            if not PARA.match(self.text[at].text):
                depth, inside = bracket_depth(self.text[at].text)
                lowest[at] = min(inside, depth + lowest[at + 1])
        return lowest

    def _may_begin(self, line: Line) -> bool:
        """Whether an item may begin here: not inside quotes that close later, or a wrapped line of running text."""
        if self.current.complete:
            return True
        if 0 < self.current.depth <= -self.lowest[self.at]:
            return False
        self.notices.append(f"line {line.number}: the item before {line.text[:6]!r} does not end like one")
        return True

    def _heads_something(self, line: Line) -> bool:
        """Whether a line after a paragraph without its full stop is a heading: the next paragraph comes behind it."""
        following = self.text[self.at + 1 : self.at + 2]
        found = following and PARA.match(following[0].text)
        return bool(found) and int(found[1]) == self.para + 1 and not COMPLETE.search(line.text)

    def _may_head(self, line: Line) -> bool:
        """Whether a line may be a heading by how it ends and by what stands before it."""
        return (
            (self.current.complete or self._follows_gap(line))
            and not (self.body.kind in ("para", "item") and COLON.search(self.body.last))
            and len(line.text) <= _LONGEST_HEADING
            and not CLAUSE.search(line.text[-8:])
        )

    def _after_head(self) -> tuple[Line | None, int]:
        """The line after a heading that begins here, and of how many lines it would be; 0 if it were none."""
        length = 0
        for at in range(self.at, min(self.at + 5, len(self.text))):
            line = self.text[at]
            if at > self.at and (self._is_label(line.text) or line.after_blank):
                return line, at - self.at
            length += len(line.text)
            if CLAUSE.search(line.text[-8:]) or length > _LONGEST_HEAD:
                break
        return None, 0

    def _is_next_para(self, line: Line | None) -> bool:
        """Whether a line begins the paragraph whose number is expected, or the first of a new numbering."""
        if not line:
            return False
        if found := PARA.match(line.text):
            expected = self.para + 1 if self.has_numbers else self.first
            return int(found[1]) == expected or (found[1] == "1" and self._is_annex)
        return bool(COMPOUND.match(line.text)) and self._is_annex

    def _leads_to_para(self, at: int) -> bool:
        """Whether the next paragraph begins at a line, or below further labelled headings ('1. Laws', '(a) Courts')."""
        for line in self.text[at : at + 3]:
            if self._is_next_para(line):
                return True
            is_head = (PARA.match(line.text) or ITEM.match(line.text)) and not CLAUSE.search(line.text[-8:])
            if not is_head or len(line.text) > _LONGEST_HEADING:
                break
        return False

    def _follows_gap(self, line: Line) -> bool:
        """Whether a blank line ends the text without a number that stands before a line; it may have no full stop."""
        return self.has_gaps and line.after_blank and self.current is self.body and self.body.kind == "text"

    def _is_short(self, line: Line) -> bool:
        """Whether a line of text without numbers ends far before the margin, between a full stop and a full line."""
        after = self.text[self.at + 1 : self.at + 2]
        return (
            not self.body.para
            and (self.body.kind == "heading" or bool(SENTENCE.search(self.body.last)))
            and len(line.text) < 0.6 * self.width
            and any(starts_upper(one.text) and len(one.text) >= 0.8 * self.width for one in after)
            and not self._is_label(after[0].text)
        )

    def _has_text_soon(self, at: int) -> bool:
        """Whether one of two lines, notes in brackets aside, ends like a sentence or is full; names do neither."""
        texts = [line.text for line in self.text[at : at + 4] if not line.text.startswith("[")]
        return any(CLAUSE.search(text[-8:]) or len(text) >= 0.8 * self.width for text in texts[:2])

    def _is_apart(self, line: Line, following: Line | None) -> bool:
        """Whether blank lines set a line apart from the text that follows it."""
        is_set_off = self.has_gaps and line.after_blank and following is not None and following.after_blank
        return is_set_off and starts_upper(following.text) and not self._is_label(following.text)

    def _begins_extract(self, parent: _Heading) -> bool:
        """Whether no heading or paragraph stands before this line and the first paragraph is not number 1."""
        if self.has_numbers or parent.counts:
            return False
        labels = [int(label) for label in islice(self._following(PARA), 2)]
        if labels[:1] == [1] and labels[-1] > 2:  # '1. Proceedings' is a heading, over paragraph 41
            labels = labels[1:]
        self.first = labels[0] if labels else 1
        return self.first != 1

    def _is_label(self, text: str) -> bool:
        """Whether a line may begin a block by its label."""
        patterns = (PARA, ITEM, INSERTED, DRAFT, COMPOUND, HEADING_1, HEADING_2, HEADING_HAN)
        whole = (MEETING, *(pattern for _, _, pattern in NAMED))
        return any(pattern.match(text) for pattern in patterns) or (
            len(text) <= _LONGEST_HEADING and any(pattern.fullmatch(text) for pattern in whole)
        )

    def _goes_on(self, at: int) -> bool:
        """Whether a line can only go on with the one before it: by a small letter, its last word or its length."""
        before, line = self.text[at - 1], self.text[at]
        if SENTENCE.search(before.text[-8:]):
            return False
        if line.text[0].islower() or before.text[-1] in "-,，、" or LEADS_ON.search(before.text[-8:]):
            return True
        return self.full <= len(before.text) <= 1.4 * self.full

    def _end_of_head(self, n_lines: int, n_chunks: int, has_label: bool = True) -> int:
        """The index after the last line of the heading that begins here.

        It ends before the next label; before the paragraph of the first sentence; or, where neither comes soon, at a
        blank line: the first for ``n_chunks`` 1, the second for 2 ('Annex', a blank line and its title).
        """
        length, blanks = 0, []
        for at in range(self.at, min(self.at + n_lines, len(self.text))):
            line = self.text[at]
            if at > self.at and line.after_blank:
                blanks.append(at)
                if has_label and self.has_gaps and len(blanks) == n_chunks:
                    return at
            is_own = not has_label and ITS_ITEM.fullmatch(line.text)
            if (at > self.at and self._is_label(line.text) and not is_own) or SPEAKS.fullmatch(line.text):
                return at
            if at > self.at and not has_label and OPENING.fullmatch(line.text):
                return at
            if STOP.search(line.text[-8:]):
                return self._begin_of_sentence(self.at + has_label, at, blanks)
            length += len(line.text)
            if has_label and length > _LONGEST_HEAD:
                break
        else:
            at = min(self.at + n_lines, len(self.text))
        return (blanks[n_chunks - 1 : n_chunks] or blanks[-1:] or [at])[0]

    def _begin_of_sentence(self, first: int, at: int, blanks: list[int]) -> int:
        """The first line of the paragraph that holds the sentence which ends on a line."""
        if blanks:
            at = blanks[-1]
        while at > first and self._goes_on(at) and not self.text[at].after_blank:
            at -= 1
        return at

    def _starts_paragraph(self, line: Line) -> bool:
        """Whether a line of unnumbered text begins a paragraph: the one before ends, by its words and by its place."""
        before = self.body_line
        stop = CLAUSE if self.body.kind == "text" else SENTENCE
        if before.text.endswith(",") and line.text[0].isupper() and PREAMBLE.match(line.text):
            return True
        if line.text[0].islower() or not (stop.search(before.text[-8:]) or self._follows_gap(line)):
            return False
        is_short = not self.full <= len(before.text) <= 1.4 * self.full
        return line.after_blank or line.indent > before.indent or is_short or line.text[0] in "•·–—"

    # ---- opening and adding -----------------------------------------------------------------------------------------

    @property
    def _is_annex(self) -> bool:
        return any(heading.rank in (1, 2) for heading in self.path)

    def _parent(self, rank: float) -> _Heading:
        """The open heading under which one of this rank comes."""
        return next(heading for heading in reversed(self.path) if heading.rank < rank)

    def _annex_scope(self) -> str:
        return next((heading.id for heading in reversed(self.path) if heading.rank in (1, 2)), "")

    def _named_scope(self) -> str:
        return next((heading.id for heading in reversed(self.path) if heading.is_named), "")

    def _new_scope(self) -> str:
        """What stands in front of the numbers of a new numbering: the name of what it stands in, or the section."""
        scope = self._named_scope()
        if not scope or scope in self.scopes:
            scope = self.path[-1].id or "0"
        self.scopes.add(scope)
        return scope

    def _unique(self, kind: str, name: str) -> str:
        """The id, with a number behind it if it is taken."""
        self.ids[kind, name] += 1
        n = self.ids[kind, name]
        return name if n == 1 else self._unique(kind, f"{name}-{n}")

    def _open_heading(
        self, line: Line, rank: float, part: str, is_named: bool = False, marker: re.Pattern[str] | None = None
    ) -> None:
        while self.path[-1].rank >= rank:
            self.path.pop()
        parent = self.path[-1].id
        name = self._unique("section", f"{parent}.{part}" if parent else part)
        self.path.append(_Heading(rank, name, is_named))
        self.item, self.nested = "", []
        self._open(Block("heading", line.number, name, level=len(self.path) - 1, marker=marker), line)
        below = self.text[self.at + 1 : self.at + 2]
        is_bare = is_named and not re.search(r"[.:：—–]\s?\S", line.text) and bool(below) and below[0].after_blank
        self.head_end = self._end_of_head(_HEAD_LINES, n_chunks=1 + is_bare)

    def _open_bare(self, line: Line, n_lines: int) -> None:
        parent = self._parent(_RANK["none"])
        parent.counts["none"] = parent.counts.get("none", 0) + 1
        self._open_heading(line, _RANK["none"], f"h{parent.counts['none']}")
        self.head_end = self.at + n_lines

    def _open_para(self, line: Line, label: str, number: int, marker: re.Pattern[str], head: int) -> None:
        self.item = "a" if FIRST_ITEM.match(line.text, head) else ""
        self.label, self.nested = label, []
        section = self.path[-1].id
        self.para_section = section
        scope = self.scope if marker is PARA else self._named_scope()
        name = f"{scope}/{label}" if scope else label
        self._open(Block("para", line.number, name, section, para=number, marker=marker), line)

    def _open_unnumbered(self, kind: str, line: Line, marker: re.Pattern[str] | None = None) -> None:
        heading = self.path[-1]
        heading.counts["unit"] = heading.counts.get("unit", 0) + 1
        self.item, self.nested = "", []
        self.label = f"{heading.id or '0'}/u{heading.counts['unit']}"
        self._open(Block(kind, line.number, self.label, heading.id, marker=marker), line)

    def _open(self, block: Block, line: Line, skip: int = 0) -> None:
        if self.current.kind == "footnote" and block.kind != "footnote" and not self.body.complete:
            self.notices.append(
                f"line {line.number}: a footnote interrupts paragraph {self.body.id}, which is not finished before "
                "it; what follows the footnote on that page was taken as its text"
            )
        if block.kind != "heading":
            block.id = self._unique("footnote" if block.kind == "footnote" else "unit", block.id)
        block.add(replace(line, start=line.start + skip, text=line.text[skip:]))
        self.found.append(block)
        self.current = block
        if block.kind == "footnote":
            self.last_note = block
            return
        self.body, self.body_line = block, line
        if block.kind in ("para", "text"):
            self.unit = block.id

    def _continue(self, line: Line) -> None:
        if self.body.kind == "title" and not self.found:
            self.head_end = self._end_of_head(_TITLE_LINES, n_chunks=1, has_label=False)
            if self.at < self.head_end:
                self.found.append(self.body)
        is_over = self.current.kind in ("title", "heading") and self.at >= self.head_end
        in_text = self.current is self.body and (self.body.kind == "text" or (self.body.item and not self.body.para))
        if is_over or (in_text and self._starts_paragraph(line)):
            self._open_unnumbered("text", line)
            return
        self.current.add(line)
        if self.current is self.body:
            self.body_line = line

    def _broken(self, what: str, line: Line, label: str, expected: str, is_repeat: bool) -> None:
        """Refuse a gap or a repeat; in an annex or under text without a number, which may be a draft, tell of it."""
        problem = "repeats a number or comes out of order" if is_repeat else f"comes where {expected} is expected"
        message = f"line {line.number}: {what} {label} {problem} ({line.text[:20]!r}…)"
        if not (self.is_lenient or (what == "item" and not self.body.para)):
            raise ReportError(f"{message}; look for a lost or doubled {what} before this line")
        self.notices.append(f"{message}; taken as text")
