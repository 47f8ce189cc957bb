"""Lines → blocks: title, headings, paragraphs, items, unnumbered text, tables and footnotes, by their labels.

Every line is asked in turn what it begins; what begins nothing goes on with what is open. Numbers are evidence, not
law: one that does not fit is told of in a notice, and its text stays with the unit before it. The ids that blocks are
cited by are given here too:

========================  ==========================================================================================
``13``, ``13(b)``         paragraph and lettered item of the first numbering in the document
``12bis``                 put in behind 12
``18-2``                  the second paragraph that is numbered 18
``annex-I/3``             paragraph of a numbering that begins again: the heading under which it does stands in front
``III.A/u2``              second paragraph without a number under heading III.A; ``0/u1`` before any heading
``table-1``               first table
``II.E.1``                section: the labels of its headings from the top, Roman at the first level
``annex-I.II.rule-4``     annexes, parts, rules, articles … by their name; ``III.h1`` is the first heading without any
========================  ==========================================================================================
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, takewhile

from egdata.reading import headings, notes, numbering
from egdata.reading.blocks import Block, Reading
from egdata.reading.furniture import Line, visible
from egdata.reading.labels import (
    BULLETS,
    CLAUSE,
    COLON,
    COMPOUND,
    ITEM,
    PREAMBLE,
    SENTENCE,
    SPOKEN,
    TABLE_NOTE,
)
from egdata.reading.outlook import Outlook

_TITLE_LINES = 40
_BEGIN = (
    headings.begin_named,
    headings.begin_counted,
    headings.begin_parted,
    numbering.begin_paragraph,
    numbering.begin_item,
    numbering.begin_inserted,
    numbering.begin_compound,
    numbering.begin_draft,
    numbering.begin_meeting,
    headings.begin_lettered,
    headings.begin_opening,
    headings.begin_bare,
)  # in the order in which they are asked


@dataclass(frozen=True)
class Structure:
    """The blocks in the order of the text, and how much of the numbering was understood."""

    blocks: list[Block]
    notices: list[str]
    n_characters: Counter[str]  # by kind of block
    n_numbers: int  # that stand at line starts
    n_numbers_read: int  # of them: labels of units, headings and lists


def find_structure(lines: list[Line]) -> Structure:
    """Find what every line begins or goes on with.

    Parameters
    ----------
    lines : list of Line
        As :func:`egdata.reading.furniture.read_lines` gives them.
    """
    kept = [line for line in lines if line.furniture in ("", "page", "rule", "table")]
    text = [line for line in kept if not line.furniture]
    has_rules = any(above.furniture == "rule" and not below.furniture for above, below in pairwise(kept))
    reading = Reading(Outlook(text, has_rules))
    page, n_characters, n_numbers, n_read = 0, Counter(), 0, 0
    for line, after in zip(kept, [*kept[1:], None], strict=False):
        if line.page != page:
            notes.end_page(reading, is_sure=True)
            page, reading.is_top = line.page, True
        if line.furniture == "rule":
            reading.notes.expected = True
        elif line.furniture == "page":
            notes.end_page(reading, is_sure=False)
            reading.is_top = True
        elif line.furniture == "table":
            _add_row(reading, line)
            n_characters["table"] += visible(line.text)
        else:
            reading.at += 1
            is_foot = after is None or after.furniture == "page" or after.page != page
            if is_foot and line.text.startswith("*") and reading.current.kind not in ("title", "heading"):
                reading.notes.expected = True  # '* Reissued for technical reasons', with no rule above it
            has_number = reading.outlook.number(line) or COMPOUND.match(line.text)
            n_blocks, n_listed = len(reading.blocks), reading.numbering.n_listed
            if not _begin(reading, line):
                _continue(reading, line)
            if has_number and reading.current.kind != "footnote":
                n_numbers += 1
                n_read += len(reading.blocks) > n_blocks or reading.numbering.n_listed > n_listed
            n_characters[reading.current.kind] += visible(line.text)
            reading.notes.expected = reading.is_top = False
    blocks = [block for block in reading.blocks if block.spans]
    _widen_scopes(blocks)
    return Structure(blocks, [*reading.notices, *_summary(reading, blocks)], n_characters, n_numbers, n_read)


def _widen_scopes(blocks: list[Block]) -> None:
    """Name a numbering that goes on behind the section in which it began by what holds all its sections."""
    sections: dict[str, set[str]] = {}
    for block in blocks:
        scope, _, label = block.id.rpartition("/")
        if block.kind == "para" and scope and not label.startswith("u"):
            sections.setdefault(scope, set()).add(block.section)
    wider: dict[str, str] = {}
    for scope, inside in sections.items():
        parts = [section.split(".") for section in inside]
        common = ".".join(same[0] for same in takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False)))
        if scope.startswith(f"{common}.") and common not in {*sections, *wider.values()}:
            wider[scope] = common
    for block in blocks:
        scope, _, label = block.id.rpartition("/")
        if scope in wider and block.kind in ("para", "item") and not label.startswith("u"):
            block.id = f"{wider[scope]}/{label}"


def _begin(reading: Reading, line: Line) -> bool:
    """Open a new block if the line begins one."""
    if notes.begin_note(reading, line):
        return True
    labels = (*reading.outlook.styles, ITEM)
    if not reading.below and any(label.fullmatch(line.text) for label in labels):  # with nothing to number
        return False
    return any(begin(reading, line) for begin in _BEGIN)


def _continue(reading: Reading, line: Line) -> None:
    if reading.body.kind == "title" and not reading.blocks:
        reading.head_end = reading.outlook.end_of_head(reading.at, _TITLE_LINES, n_chunks=1, has_label=False)
        if reading.at < reading.head_end:
            reading.blocks.append(reading.body)
    body, current = reading.body, reading.current
    is_over = current.kind in ("title", "heading") and reading.at >= reading.head_end
    below_table = any(block.kind == "table" for block in reading.blocks[-1:])
    in_text = current is body and (body.kind == "text" or (body.item and not body.para))
    if is_over or (below_table and TABLE_NOTE.match(line.text)) or (in_text and _starts_paragraph(reading, line)):
        numbering.open_unnumbered(reading, "text", line)
    else:
        reading.add(line)


def _starts_paragraph(reading: Reading, line: Line) -> bool:
    """Whether a line of unnumbered text begins a paragraph: the one before ends, by its words and by its place."""
    before = reading.body_line
    stop = CLAUSE if reading.body.kind == "text" else SENTENCE
    if before.text.endswith(",") and line.text[0].isupper() and PREAMBLE.match(line.text):
        return True
    if line.text[0].islower() or not (before.ends(stop) or headings.follows_gap(reading, line)):
        return False
    is_short = not reading.outlook.is_full(before)
    return (
        line.after_blank
        or line.indent > before.indent
        or is_short
        or line.text[0] in BULLETS
        or bool(SPOKEN.match(line.text))
    )


def _add_row(reading: Reading, line: Line) -> None:
    """A row of a table; the paragraph that it interrupts may go on behind it."""
    before = reading.blocks[-1] if reading.blocks else None
    if before is not None and before.kind == "table":
        before.add(line)
        return
    if COLON.search(reading.body.last):
        reading.body.last = "."  # it led to the table
    n_tables = reading.ids["table", ""] = reading.ids["table", ""] + 1
    table = Block("table", line.number, f"table-{n_tables}", reading.path[-1].id)
    table.add(line)
    reading.blocks.append(table)


def _summary(reading: Reading, blocks: list[Block]) -> list[str]:
    state = reading.numbering
    notices = []
    units = [block for block in blocks if block.kind in ("para", "item", "text")]
    n_unnumbered = sum(not block.para and not block.item for block in units) - state.n_drafts
    if units and not any(block.para for block in units):
        notices.append("no paragraph is numbered; they are counted under their headings, as 0/u1 or I/u1")
    elif n_unnumbered:
        notices.append(f"paragraphs without a number: {n_unnumbered}; counted under their headings, as I/u1")
    if state.n_drafts:
        notices.append(
            f"paragraphs whose number is not given yet (xx.): {state.n_drafts}; counted under their headings"
        )
    if state.restarts:
        first = state.restarts[0]
        notices.append(
            f"line {first.line}: the paragraph numbers begin again at 1, in all {len(state.restarts)} times; "
            f"cited with their section: {first.id}"
        )
    return notices
