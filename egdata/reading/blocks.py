"""What a document is made of, and the state of the one pass that finds it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from egdata.reading.furniture import Line
from egdata.reading.labels import CLAUSE, COMPLETE, bracket_depth
from egdata.reading.outlook import Outlook


@dataclass
class Block:
    """A stretch of the source that is one heading, paragraph, item, table or footnote."""

    kind: str  # 'title', 'heading', 'para', 'item', 'text', 'table', 'footnote'
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
        if line.text:
            self.spans.append(line.span)
            self.depth += bracket_depth(line.text)[0]
            self.last = (self.last + line.text)[-8:]

    @property
    def complete(self) -> bool:
        """Whether a new block may follow: it ends like a sentence or clause (。 ；2 ：”) and has no open quote."""
        stop = CLAUSE if self.kind == "text" else COMPLETE
        return self.depth <= 0 and (self.kind in ("title", "heading") or bool(stop.search(self.last)))


@dataclass
class Heading:
    """A heading that is open, or the document itself."""

    rank: float
    id: str
    is_named: bool
    counts: Counter[str] = field(default_factory=Counter)  # of the headings and units under it, by kind


@dataclass
class Numbering:
    """How far the numbers and letters of paragraphs, items and lists inside them have come."""

    para: int = 0  # the last paragraph's; 0 before the first of a numbering
    style: re.Pattern[str] | None = None  # the way in which it is numbered
    item: str = ""
    label: str = ""  # of the last paragraph, as it is cited
    section: str | None = None  # where the last numbered paragraph stands
    has_begun: bool = False
    scope: str = ""  # what stands in front of the numbers
    scopes: set[str] = field(default_factory=set)
    suspended: list[tuple[int, re.Pattern[str], str]] = field(default_factory=list)  # last number, style and scope
    lists: list[tuple[str, str]] = field(default_factory=list)  # open inside a unit: (style, next label)
    restarts: list[Block] = field(default_factory=list)  # the first paragraphs, numbered 1, of further numberings
    n_drafts: int = 0
    n_listed: int = 0  # labels of lists inside units


@dataclass
class Notes:
    """How far the footnotes have come."""

    number: int = 0
    scope: str = ""
    last: Block | None = None
    expected: bool = False  # below a rule


@dataclass
class Reading:
    """The one pass over the lines. :meth:`open` and :meth:`add` alone say what is open."""

    outlook: Outlook
    at: int = -1  # index of the line
    blocks: list[Block] = field(default_factory=list)
    current: Block = field(default_factory=lambda: Block("title", 1))  # what lines are added to
    body: Block = None  # the last block that is no footnote
    body_line: Line | None = None
    unit: str = ""  # id of the paragraph that is open
    path: list[Heading] = field(default_factory=lambda: [Heading(-1, "", False)])
    head_end: int = 0  # index of the line after an open heading
    is_top: bool = False  # at the top of a page
    numbering: Numbering = field(default_factory=Numbering)
    notes: Notes = field(default_factory=Notes)
    notices: list[str] = field(default_factory=list)
    ids: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.body = self.current

    def tell(self, line: Line, message: str) -> None:
        self.notices.append(f"line {line.number}: {message}")

    def unique(self, kind: str, name: str) -> str:
        """The id, with a number behind it if it is taken: ``18-2`` is the second paragraph 18."""
        self.ids[kind, name] += 1
        n = self.ids[kind, name]
        return name if n == 1 else self.unique(kind, f"{name}-{n}")

    def open(self, block: Block, line: Line, skip: int = 0) -> None:
        """Begin a block with a line, but for its first characters."""
        if self.current.kind == "footnote" and block.kind != "footnote" and not self.body.complete:
            self.tell(
                line,
                f"a footnote interrupts paragraph {self.body.id}, which is not finished before "
                "it; what follows the footnote on that page was taken as its text",
            )
        if block.kind != "heading":
            block.id = self.unique("footnote" if block.kind == "footnote" else "unit", block.id)
        block.add(replace(line, start=line.start + skip, text=line.text[skip:]))
        self.blocks.append(block)
        self.current = block
        if block.kind == "footnote":
            self.notes.last = block
        else:
            self.body, self.body_line = block, line
        if block.kind in ("para", "text"):
            self.unit = block.id

    def add(self, line: Line) -> None:
        """Go on with what is open."""
        self.current.add(line)
        if self.current is self.body:
            self.body_line = line

    # ---- where it stands ---------------------------------------------------------------------------------------------

    @property
    def below(self) -> Line | None:
        """The line below; None for the last one."""
        return next(iter(self.outlook.lines[self.at + 1 : self.at + 2]), None)

    @property
    def expected(self) -> int:
        """The number that the next paragraph has, if none is lost."""
        return self.numbering.para + 1 if self.numbering.has_begun else self.outlook.first_number

    @property
    def may_number(self) -> bool:
        """Whether a number may begin a block here: what is open is complete, or every line is a paragraph."""
        return self.current.complete or self.outlook.is_unwrapped

    @property
    def annex(self) -> str:
        """The id of the annex or appendix that is open; empty if there is none."""
        return next((heading.id for heading in reversed(self.path) if heading.rank in (1, 2)), "")

    def parent(self, rank: float) -> Heading:
        """The open heading under which one of this rank comes."""
        return next(heading for heading in reversed(self.path) if heading.rank < rank)

    def named_scope(self) -> str:
        return next((heading.id for heading in reversed(self.path) if heading.is_named), "")
