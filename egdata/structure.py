"""Lines → blocks: title, headings, paragraphs, items and footnotes, by their labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from egdata.errors import ReportError
from egdata.layout import Line


@dataclass
class Block:
    kind: str  # 'title', 'heading', 'para', 'item', 'footnote'
    label: str
    line: int
    level: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0  # open quotes and brackets
    last: str = ""  # its last characters, to see whether it is complete

    def add(self, line: Line) -> None:
        self.spans.append(line.span)
        self.depth += sum(_BRACKETS.get(character, 0) for character in line.text)
        self.last = (self.last + line.text)[-4:]

    @property
    def complete(self) -> bool:
        """Whether a new block may follow: it ends like a sentence or clause (。 ；2 ：”) and has no open quote."""
        return self.depth <= 0 and (self.kind in ("title", "heading") or bool(_COMPLETE.search(self.last)))


_BRACKETS = {**dict.fromkeys("“（(《「", 1), **dict.fromkeys("”）)》」", -1)}
_COMPLETE = re.compile(r"[。；：！？.;:!?…][”’）)》]?\d{0,2}$")
_COLON = re.compile(r"[：:]\d{0,2}$")  # an anchor may stand behind it
PARA = re.compile(r"(\d{1,3})[.．、](?!\d)\s*(?=\S|\Z)")
ITEM = re.compile(r"[(（]([a-z]{1,4})[)）]\s*(?=\S|\Z)")
_NO_ITEM = re.compile(r"[(（][a-z]{1,4}[)）]\s*(?:项|款|目|和|或|、|,|of\b)")  # 第32条 / (b)项
HEADING_1 = re.compile(r"([一二三四五六七八九十]{1,3}|[IVXL]+)[.．、]\s*(?=\S)")
HEADING_2 = re.compile(r"([A-Z])[.．、]\s*(?=\S)")
_ANNEX = re.compile(r"附件(?:[一二三四五六七八九十]{1,2})?|Annex(?:\s[IVX\d]{1,4})?", re.I)
_NOTE = re.compile(r"(\d{1,2})(?!\d)(?!\s?[年月日/.])\s*(?=\S)|(\*{1,3})\s*(?=\S)")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五")
_LONGEST_HEADING = 120


def next_item(label: str) -> str:
    """The letter after: ``z`` → ``aa``, ``zz`` → ``aaa``; ``''`` → ``a``.

    >>> next_item("z"), next_item("bb"), next_item("")
    ('aa', 'cc', 'a')
    """
    if not label:
        return "a"
    return "a" * (len(label) + 1) if label[0] == "z" else chr(ord(label[0]) + 1) * len(label)


class Structure:
    """One pass over the lines: where each block begins is decided by its label and by what is open before it."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = [line for line in lines if line.furniture not in ("url",)]
        self.text_lines = [line for line in lines if not line.furniture]
        self.at = -1  # index of the line in text_lines
        self.found: list[Block] = []
        self.notices: list[str] = []
        self.current = self.body = Block("title", "", 1)  # what lines are added to; the last block that is no footnote
        self.para, self.item, self.note = 0, "", 0
        self.section, self.subsection = 0, 0
        self.nested: list[tuple[str, str]] = []  # open lists inside a unit: (style, next label)
        self.expects_note = False

    def blocks(self) -> tuple[list[Block], list[str]]:
        for line in self.lines:
            if line.furniture:
                self._furniture(line)
                continue
            self.at += 1
            if not self._begin(line):
                self._continue(line)
            self.expects_note = False
        return self.found, self.notices

    def _furniture(self, line: Line) -> None:
        if line.furniture == "rule":
            self.expects_note = True
        elif self.current.kind == "footnote" and not self.body.complete:
            self.current = self.body  # the page ends, and the paragraph that the footnote interrupted goes on

    def _following(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """The labels of the later lines that begin with one of this kind."""
        for index in range(self.at + 1, len(self.text_lines)):
            if found := pattern.match(self.text_lines[index].text):
                yield found[1]

    def _begin(self, line: Line) -> bool:
        """Open a new block if the line begins one."""
        if self._begin_note(line):
            return True
        if line is self.text_lines[-1] and (PARA.fullmatch(line.text) or ITEM.fullmatch(line.text)):
            return False  # a label with nothing behind it
        if found := PARA.match(line.text):
            return self._begin_para(line, found)
        if found := ITEM.match(line.text):
            return self._begin_item(line, found)
        return self._begin_heading(line)

    def _begin_note(self, line: Line) -> bool:
        found = _NOTE.match(line.text)
        inside = self.expects_note or (self.current.kind == "footnote" and self.current.complete)
        if not inside or not found or PARA.match(line.text):
            return False
        if found[1] and int(found[1]) != self.note + 1:
            is_repeat = int(found[1]) <= self.note
            if self.expects_note or (not is_repeat and int(found[1]) == self.note + 2):
                self._broken("footnote", line, found[1], str(self.note + 1), is_repeat)
            return False
        self.note += bool(found[1])
        n_before = sum(block.label.startswith("*") for block in self.found if block.kind == "footnote")
        label = found[1] or (f"*{n_before + 1}" if n_before else "*")
        self._open(Block("footnote", label, line.number), line, skip=found.end())
        return True

    def _begin_para(self, line: Line, found: re.Match[str]) -> bool:
        number, expected = int(found[1]), self.para + 1
        is_listed = number != expected or self._is_listed(found[1], PARA, lambda label: str(int(label) + 1))
        if is_listed and self._in_list("1", found[1], str(number + 1)):
            return False
        if number == expected or (not self.para and self.current.complete):
            if number != expected:
                self.notices.append(f"line {line.number}: the first paragraph is numbered {number}, not 1")
            self.para, self.item, self.nested = number, "", []
            self._open(Block("para", str(number), line.number), line)
            return True
        if self.current.complete:
            self._broken("paragraph", line, str(number), str(expected), number <= self.para)
        return False

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

    def _begin_item(self, line: Line, found: re.Match[str]) -> bool:
        label, expected = found[1], next_item(self.item)
        follows = next(self._following(ITEM), "")
        after_colon = bool(_COLON.search(self.body.last))
        may_open = self.item or after_colon or (follows == "b" and self.body.complete)
        if not self.para or self.body.kind not in ("para", "item"):
            return False
        if not may_open:
            if label == "b" and follows == "c" and self.current.complete:
                self._broken("item", line, f"{self.para}(b)", f"{self.para}(a)", False)
            return False
        roman = _ROMAN.index(label.upper()) if label.upper() in _ROMAN[:-1] else None
        after_roman = "" if roman is None else _ROMAN[roman + 1].lower()
        if not self.current.complete and (_NO_ITEM.match(line.text) or self._is_listed(label, ITEM, next_item)):
            return False
        is_item = label == expected and not (label == "i" and after_colon and follows == "ii")
        if is_item and self.nested:
            is_item = bool(self.item) and not self._is_listed(label, ITEM, next_item)
        if is_item and self._may_begin(line):
            self.item, self.nested = label, []
            self._open(Block("item", label, line.number), line)
            return True
        if not self.current.complete or (self.current.kind == "footnote" and not is_item):
            return False
        if self._in_list("i", label, after_roman) or self._in_list("a", label, next_item(label)):
            return False
        is_repeat = (len(label), label) < (len(expected), expected)
        self._broken("item", line, f"{self.para}({label})", f"{self.para}({expected})", is_repeat)
        return False

    def _may_begin(self, line: Line) -> bool:
        """Whether an item may begin here: not inside quotes that close later, or a wrapped line of running text."""
        if self.current.complete:
            return True
        depth = self.current.depth
        for later in self.text_lines[self.at :]:
            if PARA.match(later.text):
                break
            for character in later.text:
                depth += _BRACKETS.get(character, 0)
                if depth <= 0 < self.current.depth:
                    return False
        self.notices.append(f"line {line.number}: the item before {line.text[:6]!r} does not end like one")
        return True

    def _begin_heading(self, line: Line) -> bool:
        if not (self.current.complete or self._heads_something(line)) or line.text.endswith(tuple("。；，;,")):
            return False
        if found := HEADING_1.match(line.text):
            labels = _HAN if found[1][0] in _HAN else _ROMAN
            expected = labels[self.section] if self.section < len(labels) else ""
            if found[1] == expected:
                self.section, self.subsection, self.nested = self.section + 1, 0, []
                self._open(Block("heading", _ROMAN[self.section - 1], line.number, level=1), line)
                return True
            is_sure = labels is _HAN or len(found[1]) > 1  # I. may be a subsection after H.
            if is_sure and found[1] in labels and len(line.text) < _LONGEST_HEADING:
                self._broken("heading", line, found[1], expected, labels.index(found[1]) < self.section)
        if found := HEADING_2.match(line.text):
            expected = chr(ord("A") + self.subsection)
            if found[1] == expected:
                self.subsection, self.nested = self.subsection + 1, []
                self._open(Block("heading", found[1], line.number, level=2), line)
                return True
            if self.section and len(line.text) < 40 and not _COMPLETE.search(line.text):
                self._broken("heading", line, found[1], expected, found[1] < expected)
        return False

    def _heads_something(self, line: Line) -> bool:
        """Whether a line after a paragraph without its full stop is a heading: the next paragraph comes behind it."""
        following = self.text_lines[self.at + 1 : self.at + 2]
        found = following and PARA.match(following[0].text)
        return bool(found) and int(found[1]) == self.para + 1 and not _COMPLETE.search(line.text)

    def _in_list(self, first: str, label: str, following: str) -> bool:
        """Whether the label goes on with a list inside the unit, or begins one after a colon."""
        for depth in range(len(self.nested) - 1, -1, -1):
            if self.nested[depth] == (first, label):
                self.nested[depth:] = [(first, following)]
                return True
        if label == first and self.body.kind in ("para", "item") and _COLON.search(self.current.last):
            self.nested.append((first, following))
            return True
        return False

    def _open(self, block: Block, line: Line, skip: int = 0) -> None:
        if self.current.kind == "footnote" and block.kind != "footnote" and not self.body.complete:
            self.notices.append(
                f"line {line.number}: a footnote interrupts paragraph {self.body.label}, which is not finished before "
                "it; what follows the footnote on that page was taken as its text"
            )
        block.add(replace(line, start=line.start + skip, text=line.text[skip:]))
        self.found.append(block)
        self.current = block
        if block.kind != "footnote":
            self.body = block

    def _continue(self, line: Line) -> None:
        if self.expects_note:
            raise ReportError(
                f"line {line.number}: text after a footnote rule has no footnote number: {line.text[:20]!r}"
            )
        if _ANNEX.fullmatch(line.text) and self.current.complete and self.para:
            raise ReportError(f"line {line.number}: an annex begins, which has no numbered paragraphs; leave it out")
        if not self.current.spans:  # the title
            self.found.append(self.current)
        self.current.add(line)
        if self.current.kind == "heading":
            length = sum(end - start for start, end in self.current.spans)
            if length > _LONGEST_HEADING or line.text.endswith("。"):
                raise ReportError(
                    f"line {line.number}: text under the heading of line {self.current.line} has no paragraph number: "
                    f"{line.text[:30]!r}; number it, or mend the heading"
                )

    def _broken(self, what: str, line: Line, label: str, expected: str, is_repeat: bool) -> None:
        problem = "repeats a number or comes out of order" if is_repeat else f"comes where {expected} is expected"
        raise ReportError(
            f"line {line.number}: {what} {label} {problem} ({line.text[:20]!r}…); "
            f"look for a lost or doubled {what} before this line"
        )
