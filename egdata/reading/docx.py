"""Word file → text as received: a line per paragraph, with the numbers and footnotes that Word keeps apart."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: Deleted or moved away; the reading above a character; what older programs show in place of a drawing.
_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}rt", f"{_MC}Fallback"}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
#: Fields whose result is no text.
_GENERATED = re.compile(r"\s*(?:TOC|TOA|INDEX|PAGE|PAGEREF|NUMPAGES|SECTIONPAGES)\b", re.I)
#: How a paragraph begins that opens a unit or heading when its number is typed.
_LABEL = re.compile(r"(?:\d{1,3}|[A-Z]{1,5}|[一二三四五六七八九十]{1,3})[.．、]|[(（](?![ivx]+[)）])[a-z]{1,4}[)）]")
_RULE = "_" * 18
_COUNTING = ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "japaneseCounting", "ideographDigital")
_ROMAN = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


def word_text(raw: bytes) -> str:
    """Read a ``.docx`` file.

    Parameters
    ----------
    raw : bytes
        The file.

    Returns
    -------
    str
        A line per paragraph and a blank one between two; in tables a line per paragraph of a cell. Automatic numbers
        are written out. Footnotes and endnotes are numbered through: the number stands where the reference is, the note
        below a line of underscores before the next numbered paragraph. Headers, footers, deletions, hidden text, page
        numbers and tables of contents are left out.

    Raises
    ------
    Exception
        Whatever zipfile, lxml and python-docx raise for a damaged file.
    """
    from docx import Document

    return _Reader(Document(io.BytesIO(raw))).text()


class _Reader:
    """One pass over the paragraphs: numbers, open fields and notes are counted on the way."""

    def __init__(self, document: Document) -> None:
        parts = _related_parts(document)
        self.body = document.element.body
        self.styles = {style.get(f"{_W}styleId"): style for style in _all(parts.get("styles"), "style")}
        self.default_style = next(
            (
                key
                for key, style in self.styles.items()
                if style.get(f"{_W}default") in ("1", "true") and style.get(f"{_W}type") == "paragraph"
            ),
            None,
        )
        self.numbers = _Numbers(parts.get("numbering"), self.styles)
        self.notes = {
            (kind, note.get(f"{_W}id")): note
            for kind in ("footnote", "endnote")
            for note in _all(parts.get(f"{kind}s"), kind)
        }
        self.n_notes = 0
        self.pending: list[str] = []  # notes whose reference has been read
        self.fields: list[list] = []  # open fields: [code, whether its result has begun]
        self.boxes: list[_Element] = []  # text boxes anchored in the paragraph
        self.carried = ""  # text before a deleted paragraph mark
        self.in_cell = False
        self.lines: list[str] = []

    def text(self) -> str:
        self._blocks(self.body)
        self._place(self.pending)
        return "\n".join(self.lines)

    def _blocks(self, parent: _Element) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif isinstance(child.tag, str) and child.tag not in _OUT and not _is_left_out(child):
                self._blocks(child)

    def _paragraph(self, paragraph: _Element) -> None:
        is_generated = not self._shown
        due, self.pending = self.pending, []
        text = self.carried + self._inline(paragraph)
        boxes, self.boxes = self.boxes, []
        self.carried = ""
        if any(paragraph.find(f"{_W}pPr/{_W}rPr/{_W}{tag}") is not None for tag in ("del", "moveFrom")):
            self.carried, self.pending = text, due + self.pending
        else:
            label = "" if is_generated else self._label(paragraph)
            line = f"{label}{text.strip()}"
            if _LABEL.match(line):
                self._place(due)
            else:
                self.pending = due + self.pending
            in_cell = next(paragraph.iterancestors(f"{_W}tc"), None) is not None
            if self.lines and self.lines[-1] and not (in_cell and self.in_cell):
                self.lines.append("")
            self.in_cell = in_cell
            self.lines.append(line)
        for box in boxes:
            self._blocks(box)

    def _place(self, notes: list[str]) -> None:
        if notes:
            self.lines += [_RULE, *notes]
        notes.clear()

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
            if tag in (f"{_W}t", f"{_M}t"):
                text += (child.text or "") if self._shown else ""
            elif tag in _CHARACTERS:
                text += _CHARACTERS[tag] if self._shown else ""
            elif tag == f"{_W}fldChar":
                self._field(child.get(f"{_W}fldCharType"))
            elif tag == f"{_W}instrText":
                if self.fields:
                    self.fields[-1][0] += child.text or ""
            elif tag == f"{_W}fldSimple":
                self.fields.append([child.get(f"{_W}instr", ""), True])
                text += self._inline(child)
                self.fields.pop()
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                text += self._reference(child) if self._shown else ""
            elif tag == f"{_W}txbxContent":
                self.boxes.append(child)
            else:
                inner = self._inline(child)
                text += "" if tag == f"{_W}r" and _is_on(child.find(f"{_W}rPr/{_W}vanish")) else inner
        return text

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
        return number

    # ---- automatic numbers ----

    def _label(self, paragraph: _Element) -> str:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style_id = self.default_style if style is None else style.get(f"{_W}val")
        chain = [style_id, *_ancestors(style_id, self.styles)]
        found = [paragraph, *(self.styles[key] for key in chain if key in self.styles)]
        number = _first(found, "numId")
        if number is None:  # 0 switches a number off: there is no such list
            return ""
        level = _first(found, "ilvl")
        return self.numbers.next(number, self.numbers.level_of_style(number, chain) if level is None else int(level))


class _Numbers:
    """The counters of the numbered lists; lists with the same definition count together."""

    def __init__(self, numbering: _Element | None, styles: dict[str, _Element]) -> None:
        self.styles = styles
        self.definitions = {one.get(f"{_W}abstractNumId"): one for one in _all(numbering, "abstractNum")}
        self.lists = {one.get(f"{_W}numId"): one for one in _all(numbering, "num")}
        self.counts: dict[str, dict[int, int]] = {}  # definition → level → its last number
        self.used: set[tuple[str, int]] = set()

    def definition(self, number: str, depth: int = 0) -> str:
        """The key of the definition behind a list, through a list style if need be."""
        one = self.lists.get(number)
        key = _value(one, "abstractNumId") if one is not None else None
        link = _value(self.definitions.get(key), "numStyleLink")
        if link in self.styles and depth < 9:
            linked = _first([self.styles[link]], "numId")
            return self.definition(linked, depth + 1) if linked else ""
        return key or ""

    def levels(self, number: str) -> dict[int, _Element]:
        found = {int(one.get(f"{_W}ilvl")): one for one in _all(self.definitions.get(self.definition(number)), "lvl")}
        for override in _all(self.lists.get(number), "lvlOverride"):
            if (one := override.find(f"{_W}lvl")) is not None:
                found[int(override.get(f"{_W}ilvl"))] = one
        return found

    def level_of_style(self, number: str, chain: Iterable[str | None]) -> int:
        """The level that is tied to a style."""
        tied = {_value(one, "pStyle"): level for level, one in self.levels(number).items()}
        return next((tied[style] for style in chain if style and style in tied), 0)

    def next(self, number: str, level: int) -> str:
        """Count one paragraph further and write its label."""
        levels = self.levels(number)
        if level not in levels:
            return ""
        counts = self.counts.setdefault(self.definition(number), {})
        restart = next(
            (
                _value(override, "startOverride")
                for override in _all(self.lists[number], "lvlOverride")
                if override.get(f"{_W}ilvl") == str(level)
            ),
            None,
        )
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
    one = levels[level]
    if _value(one, "numFmt") == "bullet":
        label = "•"  # the character that Word has there belongs to a symbol font
    else:
        is_legal = _is_on(one.find(f"{_W}isLgl"))

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            if at not in levels:
                return ""
            style = "decimal" if is_legal and at < level else _value(levels[at], "numFmt")
            return format_number(counts.get(at, _start(levels[at])), style or "decimal")

        label = re.sub(r"%([1-9])", number, _value(one, "lvlText") or "")
    return f"{label} " if label and _value(one, "suff") != "nothing" else label


def format_number(number: int, style: str) -> str:
    """A number as Word writes it in a list.

    Parameters
    ----------
    number : int
    style : str
        Word's name: ``decimal``, ``lowerLetter``, ``upperRoman``, ``chineseCounting`` … An unknown one is decimal.

    Returns
    -------
    str

    Examples
    --------
    >>> format_number(28, "lowerLetter"), format_number(14, "upperRoman"), format_number(12, "chineseCounting")
    ('bb', 'XIV', '十二')
    """
    if style == "none":
        return ""
    if style == "decimalZero":
        return f"{number:02}"
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 780:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "lowerLetter" else letter.upper()
    if style in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        return _roman(number) if style == "lowerRoman" else _roman(number).upper()
    if style in _COUNTING and 0 < number < 100:
        tens, ones = divmod(number, 10)
        digits = "〇一二三四五六七八九"
        return (digits[tens] if tens > 1 else "") + "十" * (tens > 0) + (digits[ones] if ones else "")
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN.items():
        text += letters * (number // value)
        number %= value
    return text


# ---- the parts and properties of a file -----------------------------------------------------------------------------


def _related_parts(document: Document) -> dict[str, _Element]:
    """The parts beside the text by the last word of their relationship, parsed: styles, numbering, footnotes …"""
    from docx.oxml import parse_xml

    return {
        relation.reltype.rsplit("/", 1)[-1]: parse_xml(relation.target_part.blob)
        for relation in document.part.rels.values()
        if not relation.is_external and relation.reltype.endswith(("/styles", "/numbering", "/footnotes", "/endnotes"))
    }


def _all(parent: _Element | None, tag: str) -> list[_Element]:
    return [] if parent is None else parent.findall(f"{_W}{tag}")


def _value(parent: _Element | None, tag: str) -> str | None:
    child = None if parent is None else parent.find(f"{_W}{tag}")
    return None if child is None else child.get(f"{_W}val")


def _start(level: _Element) -> int:
    return int(_value(level, "start") or 0)


def _is_on(switch: _Element | None) -> bool:
    return switch is not None and switch.get(f"{_W}val") not in ("0", "false", "off")


def _first(carriers: Iterable[_Element], tag: str) -> str | None:
    """The nearest numbering property: of the paragraph itself, then of its styles."""
    values = (_value(one.find(f"{_W}pPr/{_W}numPr"), tag) for one in carriers)
    return next((value for value in values if value is not None), None)


def _ancestors(style: str | None, styles: dict[str, _Element]) -> list[str]:
    found: list[str] = []
    while (style := _value(styles.get(style), "basedOn")) and style not in found:
        found.append(style)
    return found


def _is_left_out(block: _Element) -> bool:
    """A deleted row, the continuation of a cell above, a table of contents."""
    if block.tag == f"{_W}tr":
        return block.find(f"{_W}trPr/{_W}del") is not None
    if block.tag == f"{_W}tc":
        merged = block.find(f"{_W}tcPr/{_W}vMerge")
        return merged is not None and merged.get(f"{_W}val") != "restart"
    gallery = block.find(f"{_W}sdtPr/{_W}docPartObj")
    return _value(gallery, "docPartGallery") == "Table of Contents"
