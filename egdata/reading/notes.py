"""Which lines are footnotes."""

from __future__ import annotations

import re

from egdata.reading.blocks import Block, Reading
from egdata.reading.furniture import Line
from egdata.reading.labels import COLON, NOTE, NOTE_ALONE, NOTES, PARA, starts_upper

_PAGE_LINES = 80
_FOOT_LINES = 16  # of the notes below a page
_MOST_SKIPPED = 10  # numbers of notes that are lost before one that is none


def end_page(reading: Reading, is_sure: bool) -> None:
    """What a footnote at the foot of the page interrupted goes on; unless only furniture tells of a page end."""
    goes_on = not reading.body.complete or COLON.search(reading.body.last)
    if reading.current.kind == "footnote" and (is_sure or goes_on):
        reading.current = reading.body


def begin_note(reading: Reading, line: Line) -> bool:
    """Open a footnote if the line begins one, or go on with the last one below a rule."""
    notes, current = reading.notes, reading.current
    match = NOTE.match(line.text) or NOTE_ALONE.fullmatch(line.text)
    is_below_heading = current.kind == "heading" and bool(NOTES.fullmatch(current.last))
    inside = notes.expected or is_below_heading or (current.kind == "footnote" and current.complete)
    inside = inside or (match is not None and _has_no_rule(reading, line, match))
    if not inside or not match or PARA.match(line.text):
        return _begin_unmarked(reading, line)
    if match[1]:
        number, scope = int(match[1]), reading.annex
        if number == 1 and notes.number and scope != notes.scope:  # an annex numbers its notes anew
            notes.number, notes.scope = 0, scope
        if number != notes.number + 1:
            is_near = 0 < number - notes.number <= _MOST_SKIPPED
            if not (notes.expected and (is_near or number <= notes.number)) and number != notes.number + 2:
                return False
            problem = "repeats a number" if number <= notes.number else f"comes where {notes.number + 1} is expected"
            reading.tell(line, f"footnote {number} {problem}")
        notes.number = number
    scope = notes.scope if match[1] else ""
    label = match[1] or "*"
    reading.open(Block("footnote", line.number, f"{scope}/{label}" if scope else label), line, skip=match.end())
    return True


def _has_no_rule(reading: Reading, line: Line, match: re.Match[str]) -> bool:
    """Whether the next note begins at the foot of a page whose rule was drawn and left no line of text.

    Its number is glued to a word above it on the page, and only lines without a label follow on the page.
    """
    lines, number = reading.outlook.lines, match[1]
    if not number or int(number) != reading.notes.number + 1 or not starts_upper(line.text[match.end() :] or "a"):
        return False
    if lines[-1].page == lines[0].page:
        return False  # nothing tells of pages
    anchor = re.compile(rf"[a-z\u3000-\u9fff.,;:)”]{number}(?![\d.,%])")
    above = lines[max(reading.at - _PAGE_LINES, 0) : reading.at]
    below = lines[reading.at + 1 : reading.at + _FOOT_LINES + 1]
    foot = [below_it for below_it in below if below_it.page == line.page]
    return (
        len(foot) < _FOOT_LINES
        and any(above_it.page == line.page and anchor.search(above_it.text) for above_it in above)
        and not any(reading.outlook.is_label(below_it.text) for below_it in foot)
    )


def _begin_unmarked(reading: Reading, line: Line) -> bool:
    """Text under a footnote rule: the rest of the last note, or a note whose mark is lost."""
    notes = reading.notes
    if not notes.expected or reading.outlook.is_label(line.text):
        return False
    if notes.last and not notes.last.complete:
        notes.last.add(line)
        reading.current = notes.last
        return True
    reading.tell(line, f"the footnote {line.text[:20]!r} has no number")
    reading.open(Block("footnote", line.number, "*"), line)
    return True
