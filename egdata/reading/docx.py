"""Word file → text as received: a line per paragraph, with the numbers and footnotes that Word keeps apart."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from egdata.reading.html import Span, page_text, row_spans
from egdata.reading.numbers import NUMBER, RAISED, format_number

if TYPE_CHECKING:
    from docx.opc.part import Part
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
#: Deleted or moved away; the reading above a character.
_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}rt"}
_TEXTS = {f"{_W}t", f"{_M}t", f"{_A}t"}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
#: Fields whose result is no text.
_GENERATED = re.compile(r"\s*(?:TOC|TOA|INDEX|PAGE|PAGEREF|NUMPAGES|SECTIONPAGES)\b", re.I)
#: How a paragraph begins that opens a unit or heading when its number is typed.
_LABEL = re.compile(r"(?:\d{1,3}|[A-Z]{1,5}|[一二三四五六七八九十]{1,3})[.．、]|[(（](?![ivx]+[)）])[a-z]{1,4}[)）]")
_RULE = "_" * 18
_STOPS = tuple(".:;。：；")
_LONGEST_LABEL = 120  # characters of a line in a text box that is no prose
_LONGEST_CELL = 1000  # characters: more is prose that a table of one or two rows only lays out
_CELL_PARAGRAPHS = 8
_FEWEST_ROWS = 3  # with prose beside prose


def _symbols() -> dict[tuple[str, int], str]:
    """The characters of the fonts Symbol and Wingdings that stand in reports, by font and code."""
    signs = {
        ("symbol", 0x20): " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_",
        ("symbol", 0x61): "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        ("symbol", 0xA0): "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…",
        ("symbol", 0xC4): "⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓",
        ("wingdings", 0x6C): "●❍■□",
        ("wingdings", 0x9E): "·•",
        ("wingdings", 0xA7): "▪◻",
        ("wingdings", 0xD8): "➢",
        ("wingdings", 0xDF): "←→↑↓",
        ("wingdings", 0xFB): "✗✓☒☑",
    }
    return {(font, code + n): sign for (font, code), text in signs.items() for n, sign in enumerate(text)}


_SYMBOLS = _symbols()


def word_text(raw: bytes) -> tuple[str, list[str], list[Span]]:
    """Read a ``.docx`` file.

    Parameters
    ----------
    raw : bytes
        The file.

    Returns
    -------
    tuple of (str, list of str, list of tuple)
        The text: a line per paragraph and a blank one between two; a row of a table is a line, with tabs between its
        cells. Automatic numbers are written out. Footnotes and endnotes are numbered through: the number stands where
        the reference is, the note below a line of underscores before the next numbered paragraph. Headers, footers,
        deletions, hidden text, page numbers and tables of contents are left out. Then what could not be read, with its
        size, and the spans of the rows.

    Raises
    ------
    Exception
        Whatever zipfile, lxml and python-docx raise for a damaged file.

    Notes
    -----
    A table before the first paragraph, one whose cells hold prose and one with numbers in its first column and a text
    in its second only lay out the page: their paragraphs are lines as any others.
    """
    from docx.opc.package import OpcPackage
    from docx.oxml import parse_xml

    part = OpcPackage.open(io.BytesIO(raw)).main_document_part
    root = part.element if hasattr(part, "element") else parse_xml(part.blob)  # with macros it is no part of its own
    body = root.find(f"{_W}body")
    if body is None:
        raise ValueError("no text in it that Word wrote")
    return _Reader(part, body).read()


class _Reader:
    """One pass over the paragraphs: numbers, open fields and notes are counted on the way."""

    def __init__(self, part: Part, body: _Element) -> None:
        parts = _related_parts(part)
        self.relations = part.rels
        self.body = body
        self.styles = {style.get(f"{_W}styleId"): style for style in _all(parts.get("styles"), "style")}
        paragraphs = {key: style for key, style in self.styles.items() if style.get(f"{_W}type") == "paragraph"}
        defaults = (key for key, style in paragraphs.items() if style.get(f"{_W}default") in ("1", "true"))
        self.default_style = next(defaults, None)
        self.numbers = _Numbers(parts.get("numbering"), self.styles)
        self.notes = {
            (kind, note.get(f"{_W}id")): note
            for kind in ("footnote", "endnote")
            for note in _all(parts.get(f"{kind}s"), kind)
        }
        self.unclosed = {mark for story in (body, *self.notes.values()) for mark in _unclosed_fields(story)}
        self.n_notes = 0
        self.pending: list[str] = []  # notes whose reference has been read
        self.fields: list[list] = []  # open fields: [code, whether its result has begun]
        self.boxes: list[_Element] = []  # text boxes anchored in the paragraph
        self.hides = False  # the style of the paragraph
        self.carried = ""  # text before a deleted paragraph mark
        self.in_row = False
        self.lines: list[str] = []
        self.rows: set[int] = set()  # which lines are rows of tables
        self.notices: list[str] = []
        self.n_unknown = 0  # characters of symbol fonts

    def read(self) -> tuple[str, list[str], list[Span]]:
        self._blocks(self.body)
        self._place(self.pending)
        self._drawings()
        n_fields = sum(mark.get(f"{_W}fldCharType") == "begin" for mark in self.unclosed)
        if n_fields:
            self.notices.append(f"fields without an end: {n_fields}; the text behind them is kept")
        if self.n_unknown:
            self.notices.append(f"characters of symbol fonts that are no letters: {self.n_unknown}, read as \ufffd")
        return "\n".join(self.lines), self.notices, row_spans(self.lines, self.rows)

    def _blocks(self, parent: _Element) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl" and not self.in_row and self._shown and self._is_data(child):
                self._table(child)
            elif child.tag == f"{_W}tr" and not self.in_row:
                self._layout_row(child)
            elif child.tag == f"{_W}altChunk":
                self._chunk(child)
            elif child.tag == f"{_W}subDoc":
                self._sub_document(child)
            elif isinstance(child.tag, str) and child.tag not in _OUT and not _is_left_out(child):
                self._blocks(child)

    def _paragraph(self, paragraph: _Element) -> None:
        is_generated = not self._shown
        due, self.pending = self.pending, []
        chain = self._style_chain(paragraph)
        self.hides = _hides(self.styles[key] for key in chain if key in self.styles)
        text = self.carried + self._inline(paragraph)
        boxes, self.boxes = self.boxes, []
        self.carried = ""
        if any(paragraph.find(f"{_W}pPr/{_W}rPr/{_W}{tag}") is not None for tag in ("del", "moveFrom")):
            self.carried, self.pending = text, due + self.pending
        else:
            is_hidden = self.hides and not text.strip()
            label = "" if is_generated or is_hidden else self._label(paragraph, chain)
            if not text.strip() and paragraph.getparent().tag != f"{_W}tc":
                label = ""  # it counts, but there is nothing that it numbers
            line = f"{label}{text.strip()}"
            if _LABEL.match(line) and not self.in_row:
                self._place(due)
            else:
                self.pending = due + self.pending
            if not is_hidden:
                self._line(line)
        for box in boxes:
            self._box(box)

    def _box(self, box: _Element) -> None:
        """A text box: what its paragraphs say, or a row, if it is but a label of a drawing."""
        texts = [line for line in self._apart(box) if line]
        if any(line.endswith(_STOPS) or len(line) > _LONGEST_LABEL for line in texts):
            for line in texts:
                self._line(line)
        elif texts:
            self._line("\t".join(texts))
            self.rows.add(len(self.lines) - 1)

    def _apart(self, element: _Element) -> list[str]:
        """What an element says, in lines of its own."""
        kept, self.lines, self.rows = (self.lines, self.rows), [], set()
        self._blocks(element)
        lines, (self.lines, self.rows) = self.lines, kept
        return lines

    def _line(self, line: str) -> None:
        if self.lines and self.lines[-1] and not self.in_row:
            self.lines.append("")
        self.lines.append(line)

    def _place(self, notes: list[str]) -> None:
        if notes:
            self.lines += [_RULE, *notes]
        notes.clear()

    # ---- tables, and what stands in other parts of the file ----

    def _is_data(self, table: _Element) -> bool:
        """Whether the rows of a table are lines: if not, it only lays out the page."""
        rows = [
            [["".join(text.itertext(f"{_W}t")) for text in cell.iter(f"{_W}p")] for cell in row.iter(f"{_W}tc")]
            for row in table.iterchildren(f"{_W}tr")
        ]
        filled = [[cell for cell in row if any(text.strip() for text in cell)] for row in rows]
        lengths = [sum(map(len, cell)) for row in filled for cell in row]
        is_beside = [len(row) > 1 for row in filled if row]
        if not any(self.lines) or not any(is_beside) or table.find(f".//{_W}tbl") is not None:
            return False
        is_prose = max(lengths) > _LONGEST_CELL or any(len(cell) > _CELL_PARAGRAPHS for row in filled for cell in row)
        if is_prose and sum(is_beside) < max(_FEWEST_ROWS, len(is_beside) / 2):
            return False
        return not all(len(row) == 2 and NUMBER.fullmatch("".join(row[0]).strip()) for row in filled if row)

    def _table(self, table: _Element) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.in_row = True
        for row in table.iterchildren(f"{_W}tr"):
            if _is_left_out(row):
                continue
            texts = ([] if _is_left_out(cell) else self._apart(cell) for cell in row.iter(f"{_W}tc"))
            cells = [" ".join(" ".join(lines).split()) for lines in texts]
            if any(cells):
                self.rows.add(len(self.lines))
                self.lines.append("\t".join(cells))
        self.in_row = False

    def _layout_row(self, row: _Element) -> None:
        """The cells one after the other; one that is but a number stands before the text of the next."""
        cells = [] if _is_left_out(row) else [cell for cell in _cells_of(row) if not _is_left_out(cell)]
        for cell in cells:
            n_lines = len(self.lines)
            self._blocks(cell)
            added = [line.strip() for line in self.lines[n_lines:] if line]
            if cell is not cells[-1] and len(added) == 1 and NUMBER.fullmatch(added[0]):
                del self.lines[n_lines:]
                self.carried = f"{added[0]} "

    def _part(self, element: _Element) -> tuple[str, bytes | None]:
        """The name of the part that an element stands for, and its content if it is in the file."""
        key = element.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
        relation = self.relations.get(key)
        if relation is None:
            return "", None
        if relation.is_external:
            return relation.target_ref.rpartition("/")[2], None
        return relation.target_part.partname.rpartition("/")[2], relation.target_part.blob

    def _chunk(self, chunk: _Element) -> None:
        """Another document that Word puts in at its next opening."""
        name, raw = self._part(chunk)
        if raw is None:
            self.notices.append(f"a document put in, {name or 'without a name'}, is not in the file; name it beside it")
            return
        text, notices = _chunk_text(raw)
        if text is None:
            self.notices.append(
                f"a document put in, {name} of {len(raw)} bytes, is not read; save the file in Word anew"
            )
            return
        self.notices += notices
        for line in text.split("\n"):
            if line.strip():
                self._line(line)

    def _sub_document(self, element: _Element) -> None:
        name, _ = self._part(element)
        self.notices.append(f"a sub-document, {name or 'without a name'}, is not read; name it as a file of its own")

    def _drawings(self) -> None:
        """Say how much text stands in diagrams and charts, which are parts of their own."""
        for relation in self.relations.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind not in ("diagramData", "chart") or relation.is_external:
                continue
            words = re.findall(rb"<(?:a:t|c:v)>([^<]+)</(?:a:t|c:v)>", relation.target_part.blob)
            length = sum(len(word.decode("utf-8", "replace")) for word in words)
            if length:
                kind = "diagram" if kind == "diagramData" else kind
                self.notices.append(f"a {kind} with {length} characters in it is not read")

    # ---- within a paragraph ----

    @property
    def _shown(self) -> bool:
        return all(in_result and not _GENERATED.match(code) for code, in_result in self.fields)

    def _inline(self, parent: _Element) -> str:
        text = ""
        for child in parent:
            tag = child.tag
            if not isinstance(tag, str) or tag in _OUT or tag == f"{_W}pPr":
                continue
            if tag in _TEXTS:
                text += (child.text or "") if self._shown else ""
            elif tag in _CHARACTERS:
                text += _CHARACTERS[tag] if self._shown else ""
            elif tag == f"{_W}sym":
                text += self._symbol(child) if self._shown else ""
            elif tag == f"{_V}textpath":
                text += child.get("string", "") if self._shown else ""
            elif tag == f"{_W}fldChar":
                if child not in self.unclosed:
                    self._field(child.get(f"{_W}fldCharType"))
            elif tag == f"{_W}instrText":
                if self.fields and not self.fields[-1][1]:
                    self.fields[-1][0] += child.text or ""
            elif tag == f"{_W}fldSimple":
                self.fields.append([child.get(f"{_W}instr", ""), True])
                text += self._inline(child)
                self.fields.pop()
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                text += self._reference(child) if self._shown else ""
            elif tag == f"{_W}txbxContent":
                self.boxes.append(child)
            elif tag == f"{_MC}AlternateContent":
                text += self._alternative(child)
            else:
                inner = self._inline(child)
                text += "" if tag == f"{_W}r" and self._is_hidden(child) else inner
        return text

    def _alternative(self, element: _Element) -> str:
        """What a drawing has in it; what older programs show in its place only if it has nothing."""
        text, n_boxes = "", len(self.boxes)
        for child in element:
            if child.tag != f"{_MC}Fallback" or not (text.strip() or len(self.boxes) > n_boxes):
                text += self._inline(child)
        return text

    def _is_hidden(self, run: _Element) -> bool:
        style = _value(run.find(f"{_W}rPr"), "rStyle")
        chain = _chain(style, self.styles) if style else []
        return _hides([run, *(self.styles[key] for key in chain if key in self.styles)], self.hides)

    def _symbol(self, symbol: _Element) -> str:
        """A character of a symbol font as the letter or sign that it shows."""
        code = int(symbol.get(f"{_W}char", "0"), 16)
        character = _SYMBOLS.get((symbol.get(f"{_W}font", "").split(" ")[0].lower(), code & 0xFF))
        if character is None and not 0xE000 <= code <= 0xF8FF:
            character = chr(code) if 32 <= code < 0xD800 else None
        self.n_unknown += character is None
        return character or "\ufffd"

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append(["", False])
        elif self.fields and kind == "separate":
            self.fields[-1][1] = True
        elif self.fields and kind == "end":
            self.fields.pop()

    def _reference(self, reference: _Element) -> str:
        kind = reference.tag.removeprefix(_W).removesuffix("Reference")
        note = self.notes.get((kind, reference.get(f"{_W}id")))
        if note is None:
            return ""
        has_mark = reference.get(f"{_W}customMarkFollows") in ("1", "true", "on")
        self.n_notes += not has_mark
        number = "" if has_mark else str(self.n_notes)
        text = "\n".join(self._inline(paragraph).strip() for paragraph in note.iter(f"{_W}p"))
        self.pending.append(f"{number} {text}".strip())
        return f"{RAISED}{number}{RAISED}"

    # ---- automatic numbers ----

    def _style_chain(self, paragraph: _Element) -> list[str | None]:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return _chain(self.default_style if style is None else style.get(f"{_W}val"), self.styles)

    def _label(self, paragraph: _Element, chain: list[str | None]) -> str:
        carriers = [paragraph, *(self.styles[key] for key in chain if key in self.styles)]
        number = _first(carriers, "numId")
        if number is None:  # 0 switches a number off: there is no such list
            return ""
        level = _first(carriers, "ilvl")
        return self.numbers.next(number, self.numbers.level_of_style(number, chain) if level is None else int(level))


class _Numbers:
    """The counters of the numbered lists; lists with the same definition count together."""

    def __init__(self, numbering: _Element | None, styles: dict[str, _Element]) -> None:
        self.styles = styles
        self.definitions = {
            definition.get(f"{_W}abstractNumId"): definition for definition in _all(numbering, "abstractNum")
        }
        self.lists = {instance.get(f"{_W}numId"): instance for instance in _all(numbering, "num")}
        self.counts: dict[str, dict[int, int]] = {}  # definition → level → its last number
        self.used: set[tuple[str, int]] = set()

    def definition(self, number: str, depth: int = 0) -> str:
        """The key of the definition behind a list, through a list style if need be."""
        key = _value(self.lists.get(number), "abstractNumId")
        link = _value(self.definitions.get(key), "numStyleLink")
        if link in self.styles and depth < 9:
            linked = _first([self.styles[link]], "numId")
            return self.definition(linked, depth + 1) if linked else ""
        return key or ""

    def levels(self, number: str) -> dict[int, _Element]:
        levels = {
            int(element.get(f"{_W}ilvl")): element
            for element in _all(self.definitions.get(self.definition(number)), "lvl")
        }
        for override in _all(self.lists.get(number), "lvlOverride"):
            if (element := override.find(f"{_W}lvl")) is not None:
                levels[int(override.get(f"{_W}ilvl"))] = element
        return levels

    def level_of_style(self, number: str, chain: Iterable[str | None]) -> int:
        """The level that is tied to a style."""
        tied = {_value(element, "pStyle"): level for level, element in self.levels(number).items()}
        return next((tied[style] for style in chain if style and style in tied), 0)

    def next(self, number: str, level: int) -> str:
        """Count one paragraph further and write its label."""
        levels = self.levels(number)
        if level not in levels:
            return ""
        counts = self.counts.setdefault(self.definition(number), {})
        overrides = (
            override for override in _all(self.lists[number], "lvlOverride") if override.get(f"{_W}ilvl") == str(level)
        )
        restart = _value(next(overrides, None), "startOverride")
        if restart is not None and (number, level) not in self.used:
            counts[level] = int(restart)
        else:
            counts[level] = counts[level] + 1 if level in counts else _start(levels[level])
        self.used.add((number, level))
        for deeper in [key for key in counts if key > level]:
            after = _value(levels.get(deeper), "lvlRestart")
            if after is None or level < int(after):
                del counts[deeper]
        return _write_label(levels, counts, level)


def _write_label(levels: dict[int, _Element], counts: dict[int, int], level: int) -> str:
    element = levels[level]
    if _value(element, "numFmt") == "bullet":
        label = "•"  # the character that Word has there belongs to a symbol font
    else:
        is_legal = _is_on(element.find(f"{_W}isLgl"))

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in levels:
                return ""
            style = "decimal" if is_legal and at < level else _value(levels[at], "numFmt")
            return format_number(counts.get(at, _start(levels[at])), style or "decimal")

        label = re.sub(r"%([1-9])", number, _value(element, "lvlText") or "")
    return f"{label} " if label and _value(element, "suff") != "nothing" else label


# ---- the parts and properties of a file -----------------------------------------------------------------------------


def _related_parts(part: Part) -> dict[str, _Element]:
    """The parts beside the text by the last word of their relationship, parsed: styles, numbering, footnotes …"""
    from docx.oxml import parse_xml

    return {
        relation.reltype.rsplit("/", 1)[-1]: parse_xml(relation.target_part.blob)
        for relation in part.rels.values()
        if not relation.is_external and relation.reltype.endswith(("/styles", "/numbering", "/footnotes", "/endnotes"))
    }


def _unclosed_fields(story: _Element) -> list[_Element]:
    """The marks of fields that never end, or whose code would reach into the next paragraph."""
    unclosed: list[_Element] = []
    opened: list[list[_Element]] = []  # the marks of each open field

    def is_code_only(marks: list[_Element], end: _Element) -> bool:
        return len(marks) == 1 and _paragraph_of(marks[0]) is not _paragraph_of(end)

    for mark in story.iter(f"{_W}fldChar"):
        kind = mark.get(f"{_W}fldCharType")
        if kind == "begin":
            opened.append([mark])
        elif kind in ("separate", "end"):
            while opened and is_code_only(opened[-1], mark):
                unclosed += opened.pop()
            if opened and kind == "separate":
                opened[-1].append(mark)
            elif opened:
                opened.pop()
    return unclosed + [mark for marks in opened for mark in marks]


def _paragraph_of(element: _Element) -> _Element | None:
    return next(element.iterancestors(f"{_W}p"), None)


def _chunk_text(raw: bytes) -> tuple[str | None, list[str]]:
    """The text of a document that is put in: Word, a web page or plain text; None for another kind."""
    if raw.startswith(b"PK"):
        text, notices, _ = word_text(raw)
        return text.replace(RAISED, ""), notices
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, []
    if text.startswith("{\\rtf") or text.startswith("MIME-Version"):
        return None, []
    return (page_text(text)[0] if "<" in text else text), []


def _all(parent: _Element | None, tag: str) -> list[_Element]:
    return [] if parent is None else parent.findall(f"{_W}{tag}")


def _value(parent: _Element | None, tag: str) -> str | None:
    child = None if parent is None else parent.find(f"{_W}{tag}")
    return None if child is None else child.get(f"{_W}val")


def _start(level: _Element) -> int:
    return int(_value(level, "start") or 0)


def _is_on(switch: _Element | None) -> bool:
    return switch is not None and switch.get(f"{_W}val") not in ("0", "false", "off")


def _hides(carriers: Iterable[_Element], otherwise: bool = False) -> bool:
    """Whether the nearest that says so, of the run itself and its styles, hides its text."""
    switches = (carrier.find(f"{_W}rPr/{_W}vanish") for carrier in carriers)
    return next((_is_on(switch) for switch in switches if switch is not None), otherwise)


def _first(carriers: Iterable[_Element], tag: str) -> str | None:
    """The nearest numbering property: of the paragraph itself, then of its styles."""
    values = (_value(carrier.find(f"{_W}pPr/{_W}numPr"), tag) for carrier in carriers)
    return next((value for value in values if value is not None), None)


def _chain(style: str | None, styles: dict[str, _Element]) -> list[str | None]:
    """A style and those that it is based on."""
    chain = [style]
    while (style := _value(styles.get(style), "basedOn")) and style not in chain:
        chain.append(style)
    return chain


def _cells_of(row: _Element) -> list[_Element]:
    """The cells of a row, without those of tables in them."""
    return [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]


def _is_left_out(block: _Element) -> bool:
    """A deleted row, the continuation of a cell above, a table of contents."""
    if block.tag == f"{_W}tr":
        return block.find(f"{_W}trPr/{_W}del") is not None
    if block.tag == f"{_W}tc":
        merged = block.find(f"{_W}tcPr/{_W}vMerge")
        return merged is not None and merged.get(f"{_W}val") != "restart"
    gallery = block.find(f"{_W}sdtPr/{_W}docPartObj")
    return _value(gallery, "docPartGallery") == "Table of Contents"
