"""Which lines are numbered paragraphs and lettered items. A number is evidence: one that does not fit gets a notice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from egdata.reading.blocks import Block, Numbering, Reading
from egdata.reading.furniture import Line
from egdata.reading.labels import (
    COLON,
    COMPOUND,
    DATE,
    DRAFT,
    FIRST_ITEM,
    INSERTED,
    ITEM,
    MEETING,
    NO_ITEM,
    PARA,
    PREAMBLE,
    ROMAN,
    SPEAKS,
    YEARS,
    next_item,
)

_DEEPEST_LIST = 8
_MOST_SUSPENDED = 4  # numberings that may go on behind others
_AFTER_ROMAN = dict(pairwise(map(str.lower, ROMAN)))
_NEAR_ITEM = 3  # letters that may be lost before an item


@dataclass(frozen=True)
class Fit:
    """What a number is among those before and after it."""

    is_paragraph: bool
    why: str = ""  # for the reader, if it does not fit
    is_restart: bool = False
    is_next: bool = False
    resumes: bool = False  # a numbering that another one interrupted


# ---- paragraphs ------------------------------------------------------------------------------------------------------


def begin_paragraph(reading: Reading, line: Line) -> bool:
    """18., (18), 18 or 'para. 18:'."""
    pair = reading.outlook.number(line)
    if not pair:
        return False
    style, label = pair
    numbering, number = reading.numbering, int(label[1])
    fit = _fit(reading, style, number)
    may_be_listed = not fit.is_next or reading.outlook.is_listed(reading.at, label[1], style, _next_number)
    if may_be_listed and in_list(reading, "1", label[1], str(number + 1), style):
        return False
    if not (fit.is_paragraph or reading.may_number):
        return False
    if fit.why:
        kept = "" if fit.is_paragraph else f"; kept as text{_of_unit(reading)}"
        reading.tell(line, f"{fit.why}{kept}")
    if not fit.is_paragraph:
        return False
    begins_anew = numbering.has_begun and not fit.resumes and (not numbering.para or fit.is_restart)
    if fit.resumes:
        resumed = next(state for state in reversed(numbering.suspended) if state[:2] == (number - 1, style))
        del numbering.suspended[numbering.suspended.index(resumed) :]
        numbering.scope = resumed[2]
    elif begins_anew:
        suspend(numbering)
        numbering.scope = _new_scope(reading)
    numbering.para, numbering.style, numbering.has_begun = number, style, True
    _open_paragraph(reading, line, str(number), number, style, label.end())
    if begins_anew and number == 1:
        numbering.restarts.append(reading.current)
    return True


def suspend(numbering: Numbering) -> None:
    """Leave a numbering for another; it may go on behind it, as a report does behind what it quotes."""
    if numbering.para:
        interrupted = numbering.para, numbering.style, numbering.scope
        numbering.suspended = [*numbering.suspended, interrupted][-_MOST_SUSPENDED:]
    numbering.para = 0


def _next_number(label: str) -> str:
    return str(int(label) + 1)


def _of_unit(reading: Reading) -> str:
    return f" of {reading.body.id}" if reading.body.id else ""


def _fit(reading: Reading, style: re.Pattern[str], number: int) -> Fit:
    """Whether a number is that of a paragraph: it is the next, or those after it go on from it."""
    numbering, outlook, at = reading.numbering, reading.outlook, reading.at
    expected = numbering.para + 1
    is_own = numbering.style in (None, style) or not numbering.para
    if is_own and number == expected:
        return Fit(True, is_next=True)
    if not reading.may_number or number in YEARS:
        return Fit(False)
    is_interrupted = number > 2 and any(state[:2] == (number - 1, style) for state in numbering.suspended)
    if is_interrupted and (not numbering.para or not expected <= number <= expected + 1):
        return Fit(True, resumes=True)
    is_new_section = numbering.section != reading.path[-1].id
    if not numbering.para:
        return Fit(True, f"the first paragraph is numbered {number}, not 1")
    if is_own and number > expected:
        why = misfit(f"paragraph {number}", str(expected), is_repeat=False)
        return Fit(outlook.goes_on_from(at, number, style, expected), why)
    why = misfit(f"paragraph {number}", str(expected), is_repeat=True)
    if number == 1 and is_new_section:
        return Fit(True, is_restart=True)
    if not is_own:
        numbering.lists.append(("1", str(number)))  # 1. in a document that numbers (1), (2)
        return Fit(False)
    if number == 1 and outlook.returns_to(at, number, style, expected):
        numbering.lists.append(("1", "1"))  # a list that no colon leads to
        return Fit(False)
    if number == numbering.para:
        return Fit(True, why)
    return Fit(outlook.goes_on_from(at, number, style, expected), why, is_restart=True)


def in_list(reading: Reading, first: str, label: str, following: str, style: re.Pattern[str] = PARA) -> bool:
    """Whether the label goes on with a list inside the unit, or begins one after a colon."""
    lists = reading.numbering.lists
    for depth in range(len(lists) - 1, -1, -1):
        if lists[depth] == (first, label):
            lists[depth:] = [(first, following)]
            reading.numbering.n_listed += 1
            return True
    in_unit = len(lists) < _DEEPEST_LIST and reading.body.kind in ("para", "item")
    if not in_unit or not COLON.search(reading.current.last) or (label != first and first != "1"):
        return False
    outlook, at, expected = reading.outlook, reading.at, reading.numbering.para + 1
    if label != first:  # the items of the agenda that a meeting took up: 6. and 7.
        if int(label) == expected or outlook.goes_on_from(at, int(label), style, expected):
            return False
    elif first == "1" and not lists and outlook.starts_anew(at, style, expected):
        return False
    lists.append((first, following))
    reading.numbering.n_listed += 1
    return True


def begin_inserted(reading: Reading, line: Line) -> bool:
    """12 bis, behind 12."""
    match = INSERTED.match(line.text)
    para = reading.numbering.para
    if not match or not reading.current.complete or int(re.match(r"\d+", match[1])[0]) != para:
        return False
    _open_paragraph(reading, line, re.sub(r"\s", "", match[1]), para, INSERTED, match.end())
    return True


def begin_compound(reading: Reading, line: Line) -> bool:
    """13.4 or (ABS) 9.1., in documents that number so: others of the kind stand before or after it."""
    match = COMPOUND.match(line.text)
    if not match or line.text[match.end() : match.end() + 1].isdigit():
        return False
    label = re.sub(r"\s", "", match[1])
    head, _, last = label.rpartition(".")
    before = reading.numbering.label
    is_next = bool(head) and before == f"{head}.{int(last) - 1}"
    has_next = bool(head) and next(reading.outlook.following(reading.at, COMPOUND), "") == f"{head}.{int(last) + 1}"
    is_first = last == "1" and reading.outlook.is_parted  # a rule of one paragraph
    may_begin = reading.current.complete or (has_next and reading.body.kind == "text")
    is_one = may_begin and (label[0] in "([" or has_next or is_first or "." in before)
    if not (is_next or is_one):
        return False
    _open_paragraph(reading, line, label, int(re.search(r"\d+", label)[0]), COMPOUND, match.end())
    return True


def begin_draft(reading: Reading, line: Line) -> bool:
    """A paragraph whose number is not given yet."""
    match = DRAFT.match(line.text)
    is_heading = line.text.startswith("XX") and any(heading.counts["roman"] >= 19 for heading in reading.path)
    if not match or is_heading or not reading.current.complete:
        return False
    reading.numbering.n_drafts += 1
    open_unnumbered(reading, "para", line, DRAFT)
    return True


def begin_meeting(reading: Reading, line: Line) -> bool:
    """'The meeting rose at 1 p.m.', or 'The General Assembly,' before what it resolves."""
    below = reading.below
    is_one = (
        MEETING.fullmatch(line.text)
        or (below and DATE.fullmatch(line.text) and MEETING.fullmatch(below.text))
        or (below and SPEAKS.fullmatch(line.text) and (below.after_blank or PREAMBLE.match(below.text)))
    )
    if not reading.current.complete or not is_one:
        return False
    open_unnumbered(reading, "text", line)
    return True


def _new_scope(reading: Reading) -> str:
    """What stands in front of the numbers of a new numbering: the name of what it stands in, or the section."""
    scope, scopes = reading.named_scope(), reading.numbering.scopes
    if not scope or scope in scopes:
        scope = reading.path[-1].id or "0"
    scopes.add(scope)
    return scope


def _open_paragraph(reading: Reading, line: Line, label: str, number: int, marker: re.Pattern[str], head: int) -> None:
    numbering, section = reading.numbering, reading.path[-1].id
    numbering.item = "a" if FIRST_ITEM.match(line.text, head) else ""
    numbering.label, numbering.lists, numbering.section = label, [], section
    scope = numbering.scope if marker in reading.outlook.styles else reading.named_scope()
    name = f"{scope}/{label}" if scope else label
    reading.open(Block("para", line.number, name, section, para=number, marker=marker), line)


def open_unnumbered(reading: Reading, kind: str, line: Line, marker: re.Pattern[str] | None = None) -> None:
    """A paragraph that is counted under its heading."""
    heading, numbering = reading.path[-1], reading.numbering
    heading.counts["unit"] += 1
    numbering.item, numbering.lists = "", []
    numbering.label = f"{heading.id or '0'}/u{heading.counts['unit']}"
    reading.open(Block(kind, line.number, numbering.label, heading.id, marker=marker), line)


# ---- items -----------------------------------------------------------------------------------------------------------


def begin_item(reading: Reading, line: Line) -> bool:
    """(b), behind (a) or at the beginning of a list, and not of a list inside an item."""
    match = ITEM.match(line.text)
    if not match or reading.body.kind not in ("para", "item", "text"):
        return False
    numbering, outlook, is_complete = reading.numbering, reading.outlook, reading.current.complete
    label, expected = match[1], next_item(numbering.item)
    follows = next(outlook.following(reading.at, ITEM), "")
    after_colon = bool(COLON.search(reading.body.last))
    may_open = numbering.item or after_colon or (follows == "b" and reading.body.complete)
    is_listed = outlook.is_listed(reading.at, label, ITEM, next_item)
    if (
        not (may_open or (label == "b" and follows == "c" and is_complete))
        or (label == "a" and follows != "b" and outlook.is_run_in(reading.at))
        or (not is_complete and (is_listed or NO_ITEM.match(line.text)))
    ):
        return False
    begins_roman = label == "i" and follows == "ii"
    is_next = may_open and label == expected and not (begins_roman and after_colon)
    is_next = is_next and (not numbering.lists or (numbering.item and not is_listed))
    if is_next and _may_begin(reading, line):
        _open_item(reading, line, label)
        return True
    if not is_complete or _is_no_item(reading, label, begins_roman, is_next):
        return False
    is_repeat = (len(label), label) < (len(expected), expected)
    why = misfit(f"item {numbering.label}({label})", f"{numbering.label}({expected})", is_repeat)
    is_item = _is_near(label, expected) or label == numbering.item or follows == next_item(label)
    reading.tell(line, why if is_item else f"{why}; kept as text{_of_unit(reading)}")
    if is_item:
        _open_item(reading, line, label)
    return is_item


def _is_no_item(reading: Reading, label: str, begins_roman: bool, is_next: bool) -> bool:
    """Whether a letter belongs to a footnote, or to a list inside the unit."""
    lists = reading.numbering.lists
    if reading.current.kind == "footnote" and not is_next:
        if not any(following == label for _, following in lists):
            return True
        reading.current = reading.body  # the list inside the unit goes on
    if in_list(reading, "i", label, _AFTER_ROMAN.get(label, "")) or in_list(reading, "a", label, next_item(label)):
        return True
    if begins_roman:
        lists.append(("i", "ii"))
    return begins_roman


def misfit(label: str, expected: str, is_repeat: bool) -> str:
    """What is told of a label that is not the one expected."""
    return f"{label} {'repeats a number or comes out of order' if is_repeat else f'comes where {expected} is expected'}"


def _is_near(label: str, expected: str) -> bool:
    for _ in range(_NEAR_ITEM):
        expected = next_item(expected)
        if label == expected:
            return True
    return False


def _open_item(reading: Reading, line: Line, label: str) -> None:
    numbering = reading.numbering
    numbering.item, numbering.lists = label, []
    block = Block("item", line.number, f"{reading.unit}({label})", reading.path[-1].id, para=reading.body.para)
    block.item, block.marker = label, ITEM
    reading.open(block, line)


def _may_begin(reading: Reading, line: Line) -> bool:
    """Whether an item may begin here: not inside quotes that close later, or a wrapped line of running text."""
    if reading.current.complete:
        return True
    if 0 < reading.current.depth <= -reading.outlook.lowest[reading.at]:
        return False
    reading.tell(line, f"the item before {line.text[:6]!r} does not end like one")
    return True
