"""Web page → text as received: a line per paragraph, heading and row, numbers of lists written out."""

from __future__ import annotations

import codecs
import email
import re
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml.html import defs

from egdata.reading.numbers import NUMBER, format_number

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Span = tuple[int, int]

_DROPPED = {"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "canvas", "video", "audio"}
#: What leads to other pages, or asks: no text of this one.
_AROUND = {"nav", "footer", "form", "button", "select", "textarea", "input", "aside", "menu", "dialog"}
_BLOCKS = defs.block_tags | {
    *("body", "html", "main", "details", "summary", "legend", "caption", "dd", "dt", "li"),
    *("tbody", "td", "tfoot", "th", "thead", "tr"),
}
#: Kinds of numbers, as a list or its style names them.
_LISTS = {
    **{"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"},
    **{"lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter"},
    **{"upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman"},
    **{"decimal": "decimal", "decimal-leading-zero": "decimalZero"},
    **{"cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting"},
}
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.I)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(none|[a-z]+(?:-[a-z]+)+|decimal)\b", re.I)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w]{1,40})|<\?xml[^>]{0,100}encoding\s*=\s*["']([-\w]{1,40})""",
    re.IGNORECASE,
)
_DEEPEST = 120  # elements in elements: below that only their text is read
_LONGEST_CELL = 400  # characters: more is prose that a table only lays out


def declared_encoding(raw: bytes) -> str | None:
    """The encoding that a page names, as Python calls it; of the GB family always GB18030, which holds the others."""
    charset = _CHARSET.search(raw[:8192])
    if charset is None or raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        name = codecs.lookup((charset[1] or charset[2]).decode("ascii")).name
    except LookupError:
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)


def unwrapped(raw: bytes) -> bytes:
    """The page in a file of a page with its pictures (MHTML), as browsers save it; any other file as it is."""
    if not re.match(rb"(?:From: |MIME-Version:|Content-Type: multipart)", raw, re.I):
        return raw
    message = email.message_from_bytes(raw)
    pages = (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html")
    return next(pages, None) or raw


def page_text(source: str) -> tuple[str, int, list[Span]]:
    """Read a web page.

    Parameters
    ----------
    source : str
        HTML.

    Returns
    -------
    tuple of (str, int, list of tuple)
        The text: a line per paragraph and a blank one between two; a row of a table is a line, with tabs between its
        cells. How many characters of menus, forms and hidden text were left out. The spans of rows.

    Notes
    -----
    Only what the page itself says is known: what a style sheet hides or numbers is not seen.
    """
    from lxml import etree, html

    source = re.sub(r"^\s*<\?xml[^>]*>", "", source.lstrip("\ufeff").replace("\x00", ""))
    try:
        document = html.document_fromstring(source, parser=html.HTMLParser(huge_tree=True))
    except etree.ParserError:  # nothing, or nothing but comments
        return "", 0, []
    body = next(iter(document.xpath("//body")), document)
    main = body.xpath("//main | //*[@role='main']")
    reader = _Reader()
    root = main[0] if len(main) == 1 else body
    if root is not body:
        reader.n_left_out = _n_characters(body) - _n_characters(root)
    reader.element(root)
    reader.end_line(is_block=True)
    return "\n".join(reader.lines).rstrip("\n"), reader.n_left_out, row_spans(reader.lines, reader.rows)


def row_spans(lines: list[str], rows: set[int]) -> list[Span]:
    """The spans of those of the lines that are rows, in a text of all lines."""
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    return [(starts[at], starts[at + 1] - 1) for at in range(len(lines)) if at in rows]


class _Reader:
    """One pass over the elements: lines so far, the line under way, the label that waits for its first word."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rows: set[int] = set()  # which lines are rows of tables
        self.line = ""
        self.label = ""
        self.n_left_out = 0
        self.depth = 0

    def add(self, text: str | None, is_pre: bool = False) -> None:
        if not text:
            return
        if is_pre:
            first, *others = text.split("\n")
            self.line += first
            for other in others:
                self.end_line()
                self.line = other
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", text)
        self.line += text.lstrip(" ") if not self.line or self.line.endswith(" ") else text

    def end_line(self, is_block: bool = False) -> None:
        """End the line; behind a block stands a blank one."""
        text, self.line = self.line.strip(" \n"), ""
        if text:
            label, self.label = self.label, ""
            self.lines.append(text if label and NUMBER.match(text) else label + text)
        if is_block and self.lines and self.lines[-1]:
            self.lines.append("")

    def element(self, element: HtmlElement, is_pre: bool = False) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _DROPPED:
            return
        if tag in _AROUND or _is_hidden(element) or _is_menu(element):
            self.n_left_out += _n_characters(element)
            return
        if tag == "br":
            self.end_line()
            return
        is_block = tag in _BLOCKS
        self.depth += 1
        if is_block:
            self.end_line(is_block=True)
        if self.depth > _DEEPEST:
            self.add(element.text_content())
        elif tag == "table" and _is_data(element):
            self.table(element)
        elif tag in ("ol", "ul"):
            self.list(element)
        elif tag == "tr":
            self.layout_row(element)
        else:
            self.inside(element, is_pre or tag == "pre")
        if is_block:
            self.end_line(is_block=True)
        self.depth -= 1

    def inside(self, element: HtmlElement, is_pre: bool = False) -> None:
        self.add(element.text, is_pre)
        for child in element:
            self.element(child, is_pre)
            self.add(child.tail, is_pre)

    def list(self, element: HtmlElement) -> None:
        items = [child for child in element if child.tag == "li"]
        number = _integer(element.get("start"), len(items) if "reversed" in element.attrib else 1)
        step = -1 if "reversed" in element.attrib else 1
        for child in element:
            if child.tag == "li":
                number = _integer(child.get("value"), number)
                self.label = _label(element, child, number)
                number += step
            self.element(child)
            self.label = ""

    def layout_row(self, row: HtmlElement) -> None:
        """The cells one after the other; one that is but a number stands before the text of the next."""
        for cell in row:
            if cell.tag in ("td", "th"):
                text = _flat(cell)
                if NUMBER.fullmatch(text) and cell.getnext() is not None:
                    self.label = f"{text} "
                    continue
            self.element(cell)
        self.label = ""

    def table(self, table: HtmlElement) -> None:
        for caption in table.iter("caption"):
            self.add(_flat(caption))
            self.end_line(is_block=True)
        for row in table.iter("tr"):
            cells = [_flat(cell) for cell in row if cell.tag in ("td", "th")]
            if any(cells):
                self.rows.add(len(self.lines))
                self.lines.append("\t".join(cells))


def _is_hidden(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def _is_menu(element: HtmlElement) -> bool:
    """Whether a list holds nothing but links."""
    if element.tag not in ("ul", "ol"):
        return False
    n_linked = sum(map(_n_characters, element.iterfind(".//a[@href]")))
    return 0 < n_linked == _n_characters(element)


def _flat(element: HtmlElement) -> str:
    """The text of an element in one line."""
    reader = _Reader()
    reader.inside(element)
    reader.end_line()
    return " ".join(" ".join(reader.lines).split())


def _n_characters(element: HtmlElement) -> int:
    """The characters of an element that a reader may see, blanks not counted."""
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return 0
    texts = element.xpath(
        ".//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
    )
    return sum(len("".join(text.split())) for text in texts)


def _is_data(table: HtmlElement) -> bool:
    """Whether a table holds data; one that only lays out a page has headings, tables, lists or prose in its cells."""
    if table.get("role") == "presentation" or table.xpath(".//table | .//h1 | .//h2 | .//h3 | .//h4 | .//ol | .//form"):
        return False
    rows = [[_flat(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if any(row)]
    has_prose = any(len(cell) > _LONGEST_CELL for row in rows for cell in row)
    if has_prose or not any(sum(map(bool, row)) > 1 for row in rows):
        return False
    return not all(len(row) == 2 and NUMBER.fullmatch(row[0]) for row in rows)


def _label(parent: HtmlElement, item: HtmlElement, number: int) -> str:
    styles = [item.get("style", ""), parent.get("style", "")]
    style = next((match[1].lower() for match in map(_LIST_STYLE.search, styles) if match), "")
    if style == "none":
        return ""
    kind = _LISTS.get(style) or _LISTS.get(item.get("type", "") or parent.get("type", ""))
    if parent.tag == "ul" and kind is None:
        return "• "
    return f"{format_number(number, kind or 'decimal')}. "


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*[-+]?\d{1,6}\s*", text) else otherwise
