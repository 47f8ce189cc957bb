"""PDF → text as received: a line per line of the page, columns one after the other, rows of tables set apart."""

from __future__ import annotations

import io
import math
import re
import threading
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import ReportError
from egdata.base.frames import grouped
from egdata.reading.numbers import RAISED

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

Span = tuple[int, int]

MAX_PAGE_MEGABYTES = 5  # that draw one page: a page full of text has a seventieth
_PDFIUM = threading.Lock()  # PDFium may be used by one thread at a time

#: Radicals that PDF writers put for the character of that shape, paired as in Unicode's EquivalentUnifiedIdeograph.txt.
_RADICALS = "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
#: Those, other radicals, compatibility characters, the ligatures ﬀ to ﬆ: glyphs of a font, no characters of a text.
_CHARACTERS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0x2F00, 0x2FD5), (0xF900, 0xFAD9), (0xFB00, 0xFB06))
    for code in range(first, last + 1)
} | {ord(radical): character for radical, character in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
_BLANK = 0.15  # of the size of the letters: a gap between words; between letters are no more than 0.1
_BLANKS = frozenset(code for code in range(0x3001) if chr(code).isspace())
_HYPHENS = {2: "-", 0xFFFE: "-"}  # PDFium's mark for a hyphen at the end of a line
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class PdfPages(NamedTuple):
    """What was read of a PDF: text and rows of tables of each page, and what is wrong with it."""

    texts: list[str]
    tables: list[Sequence[Span]]  # half-open spans of the page's text
    notices: list[str]


def read_pdf(raw: bytes, name: str) -> PdfPages:
    """Read the pages of a PDF.

    Parameters
    ----------
    raw : bytes
        The file.
    name : str
        Its name, for messages.

    Returns
    -------
    PdfPages
        The lines of each page from top to bottom, columns one after the other; blanks set a line in, an empty line
        stands for a gap, and tabs stand between the cells of a row. A raised number stands right behind the word that
        it is an anchor of.

    Raises
    ------
    ReportError
        If the file is incomplete or damaged, needs a password, has no page, or a page is drawn with too much.

    Notes
    -----
    Text drawn as a picture, formulas and the order of vertical text are lost.
    """
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

    if b"%%EOF" not in raw[-2048:]:
        raise ReportError(f"{name}: an incomplete PDF, its end is missing; get the file again")
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(raw)
        except pypdfium2.PdfiumError as error:
            # the code may be that of a file before
            if error.err_code in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY) and b"/Encrypt" in raw:
                raise ReportError(f"{name}: a PDF with a password; save a copy without one") from None
            raise ReportError(f"{name}: a damaged PDF, or a PDF without pages; get the file again") from None
        with closing(document):
            return _read_pages(document, name)


class _Page(NamedTuple):
    """A page as read."""

    text: str = ""
    rows: Sequence[Span] = ()
    is_mixed: bool = False  # texts beside each other may stand between each other
    n_pictures: int = 0
    n_unread: int = 0  # texts in fonts that neither the file nor this machine has
    n_lost: int = 0  # of these, some in a row


def _read_pages(document: PdfDocument, name: str) -> PdfPages:
    streams = _page_streams(document)
    if len(streams) != len(document):  # the pages are not where they should be
        streams = [_Streams() for _ in range(len(document))]
    pages: list[_Page] = []
    notices: list[str] = []
    for number, drawn in enumerate(streams, start=1):
        if drawn.size > MAX_PAGE_MEGABYTES * 10**6:
            raise ReportError(
                f"{name}: page {number} is drawn with more than {MAX_PAGE_MEGABYTES} MB of instructions; leave that "
                "page out, or use the Word file"
            )
        page = _read_page(document, number, drawn)
        pages.append(page)
        notices += _page_notices(page, number, drawn)
    if not any(page.text.strip() for page in pages):
        raise ReportError(f"{name}: {_why_empty(pages, streams)}")
    mixed = [number for number, page in enumerate(pages, start=1) if page.is_mixed]
    if mixed:
        notices.append(
            f"{_pages(mixed)}: texts stand side by side, at heights of their own; compare the order of lines"
        )
    return PdfPages([page.text for page in pages], [page.rows for page in pages], notices)


def _read_page(document: PdfDocument, number: int, drawn: _Streams) -> _Page:
    import pypdfium2

    try:
        with closing(document[number - 1]) as page:
            return _page_text(page)
    except pypdfium2.PdfiumError:
        drawn.damage = drawn.damage or "it cannot be loaded"
        return _Page()


def _page_notices(page: _Page, number: int, drawn: _Streams) -> Iterator[str]:
    n_characters = len("".join(page.text.split()))
    if drawn.damage:
        kept = f"only {n_characters} characters were read" if n_characters else "nothing was read"
        yield f"page {number} is damaged: {drawn.damage}; {kept}, get the file again"
    elif page.n_unread > 2 * n_characters:
        yield f"page {number}: {page.n_unread} texts are in fonts that are not in the file and are not read"
    elif page.n_lost:
        yield f"page {number}: {page.n_lost} characters in a row have no outline that can be read, and are left out"
    elif not n_characters:
        yield f"page {number} has no text" + (", but a picture; run OCR on it" if page.n_pictures else "")


def _why_empty(pages: list[_Page], streams: list[_Streams]) -> str:
    """Why no page has a text, and what to do."""
    damaged = next((number for number, drawn in enumerate(streams, start=1) if drawn.damage), None)
    if damaged is not None:
        return f"a damaged PDF (page {damaged}: {streams[damaged - 1].damage}); get the file again"
    n_unread = sum(page.n_unread for page in pages)
    if n_unread:
        return f"a PDF without its fonts, so that its {n_unread} texts cannot be read; use the Word file"
    return "a PDF without text, as a scanner makes it; run OCR on it, or use the Word file"


def _pages(numbers: list[int]) -> str:
    """'page 3', 'pages 3, 5 and 12 more'."""
    shown = ", ".join(map(str, numbers[:5]))
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"page{'s' * (len(numbers) > 1)} {shown}{more}"


# ---- damage: PDFium reads what it can and says nothing --------------------------------------------------------------

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\r?\n")
_LONGEST = 2**15 - 1  # bytes of one text that PDFium takes
_KIDS = re.compile(rb"/Kids\s*\[([^\]]*)\]")
_CONTENTS = re.compile(rb"/Contents\s*(?:\[([^\]]*)\]|(\d+ \d+ R))")
_REFERENCE = re.compile(rb"(\d+) \d+ R")


@dataclass
class _Streams:
    """The instructions that draw a page: their size, and what is wrong with them."""

    size: int = 0
    damage: str = ""


def _page_streams(document: PdfDocument) -> list[_Streams]:
    """Check what every page is drawn with, in a copy that PDFium writes: one object after the other, unencrypted."""
    from pypdfium2.raw import FPDF_REMOVE_SECURITY

    out = io.BytesIO()
    document.save(out, flags=FPDF_REMOVE_SECURITY)
    copy = out.getvalue()
    starts = [(int(match[1]), match.end()) for match in _OBJECT.finditer(copy)]
    ends = [start for _, start in starts[1:]] + [len(copy)]
    objects = {number: (start, end) for (number, start), end in zip(starts, ends, strict=True)}

    def head(number: int) -> bytes:
        start, end = objects.get(number, (0, 0))
        return copy[start : min(end, start + 10**6)].partition(b"stream")[0]

    def leaves(number: int, above: tuple[int, ...]) -> Iterator[int]:
        kids = _KIDS.search(head(number))
        if kids is None:
            yield number
        elif number not in above and len(above) < 50:
            for kid in _REFERENCE.findall(kids[1]):
                yield from leaves(int(kid), (*above, number))

    root = re.search(rb"/Root (\d+) 0 R", copy[copy.rfind(b"trailer") :])
    pages = re.search(rb"/Pages (\d+) \d+ R", head(int(root[1]))) if root else None
    streams = []
    for page in islice(leaves(int(pages[1]), ()), len(document) + 1) if pages else ():
        drawn = _Streams()
        contents = _CONTENTS.search(head(page))
        for number in map(int, _REFERENCE.findall(contents[1] or contents[2])) if contents else ():
            start, end = objects.get(number, (0, 0))
            array = re.match(rb"\[([^\]]*)\]", copy[start:end])
            for part in map(int, _REFERENCE.findall(array[1])) if array else (number,):
                _check_stream(copy[slice(*objects.get(part, (0, 0)))], drawn)
        streams.append(drawn)
    return streams


def _check_stream(stream: bytes, drawn: _Streams) -> None:
    head, _, body = stream.partition(b"stream\r\n")
    body = body[: body.rfind(b"\r\nendstream")]
    if not head:
        drawn.damage = "what draws it is missing"
    elif re.search(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])", head):
        inflater = zlib.decompressobj()
        size = len(body)
        try:
            body = inflater.decompress(body, MAX_PAGE_MEGABYTES * 10**6 + 1)
        except zlib.error:
            drawn.damage = f"what draws it, {size} bytes, cannot be unpacked"
            return
        if not inflater.eof and not inflater.unconsumed_tail:
            drawn.damage = f"what draws it, {size} bytes, breaks off"
    drawn.size += len(body)
    if re.search(rb"\([^)]{%d}|<[\s0-9A-Fa-f]{%d}" % (_LONGEST, 2 * _LONGEST), body):
        drawn.damage = f"a text in it is longer than {_LONGEST} bytes and cut there"


# ---- a page: characters → pieces ------------------------------------------------------------------------------------


_FAR = 15_000  # points: no page is larger, what is drawn farther off is damaged


class _Glyph(NamedTuple):
    """A character as it is drawn, in points, after the page was turned so that it reads from left to right."""

    character: str
    left: float
    right: float
    base: float
    size: float


_WORD_END = _Glyph(" ", 0.0, 0.0, 0.0, 0.0)


@dataclass(slots=True)
class _Piece:
    """Characters drawn one after the other on one base line, with no gap as wide as a letter is high."""

    text: str
    left: float
    right: float
    base: float
    size: float

    @property
    def low(self) -> float:
        return self.base - 0.2 * self.size

    @property
    def high(self) -> float:
        return self.base + 0.7 * self.size


class _Rule(NamedTuple):
    """A horizontal line."""

    left: float
    right: float
    height: float


class _Box(NamedTuple):
    """An object of a page, as PDFium has it, and its bounds."""

    drawn: object
    left: float
    bottom: float
    right: float
    top: float


def _page_text(page: PdfPage) -> _Page:
    texts, rules, n_pictures = _objects(page)
    turned = grouped(_glyphs(page, texts))
    lines: list[_Line] = []
    is_mixed = False
    for angle in sorted(turned, key=lambda angle: (-len(turned[angle]), angle)):
        pieces = _pieces(turned[angle])
        if angle == 0:
            pieces += _note_rules(pieces, rules)
        edge = min((piece.left for piece in pieces), default=0.0)
        for block, is_column in _ordered(pieces, rules if angle == 0 else []):
            bottom = min((line.main.base for line in lines), default=-math.inf)
            lines += _spaced(block, min(line.left for line in block) if is_column else edge, bottom)
            is_mixed = is_mixed or _is_mixed(block)
    flat = [text.right - text.left < 0.01 for text in texts]  # in a font that is nowhere, or a blank
    return _Page(*_written(lines), is_mixed, n_pictures, sum(flat), _n_in_a_row(texts, flat))


def _n_in_a_row(texts: list[_Box], flat: list[bool]) -> int:
    """How many texts without an outline stand one beside the other, as letters do and blanks do not."""
    runs = [1]
    for (before, is_flat), (text, is_flat_too) in pairwise(zip(texts, flat, strict=True)):
        is_beside = abs(text.bottom - before.bottom) < 1 and 5 <= text.left - before.left <= 20
        if is_flat and is_flat_too and is_beside:
            runs[-1] += 1
        else:
            runs.append(1)
    return sum(n for n in runs if n >= 4)


def _objects(page: PdfPage) -> tuple[list[_Box], list[_Rule], int]:
    """The texts of a page, its horizontal lines drawn as strokes or flat boxes, and how many pictures it has."""
    import ctypes

    import pypdfium2.raw as pdfium

    texts: list[_Box] = []
    rules: list[_Rule] = []
    n_pictures = 0
    bounds = [ctypes.c_float() for _ in range(4)]
    to_bounds = [ctypes.byref(bound) for bound in bounds]

    def visit(count: int, get: Callable, parent: object, depth: int) -> None:
        nonlocal n_pictures
        for index in range(count):
            drawn = get(parent, index)
            kind = pdfium.FPDFPageObj_GetType(drawn)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                n_pictures += 1
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 5:
                visit(pdfium.FPDFFormObj_CountObjects(drawn), pdfium.FPDFFormObj_GetObject, drawn, depth + 1)
            elif kind in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH):
                pdfium.FPDFPageObj_GetBounds(drawn, *to_bounds)
                left, bottom, right, top = (bound.value if abs(bound.value) < _FAR else 0.0 for bound in bounds)
                if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                    texts.append(_Box(drawn, left, bottom, right, top))
                elif top - bottom < 3 and right - left > 8:
                    rules.append(_Rule(left, right, (top + bottom) / 2))

    visit(pdfium.FPDFPage_CountObjects(page.raw), pdfium.FPDFPage_GetObject, page.raw, 0)
    return texts, rules, n_pictures


def _glyphs(page: PdfPage, texts: list[_Box]) -> list[tuple[int, _Glyph]]:
    """The characters in the order of drawing, blanks included, each with the quarter turns of its line."""
    import ctypes

    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    raw = textpage.raw
    x, y, box, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    to_x, to_y, to_box, to_matrix = map(ctypes.byref, (x, y, box, matrix))
    repeats = [
        (ctypes.addressof(again.drawn.contents), ctypes.addressof(first.drawn.contents), again, first)
        for again, first in _repeats(texts)
        if pdfium.FPDFTextObj_GetText(again.drawn, raw, None, 0) <= 2  # bytes, the end of the string among them
    ]
    glyphs: list[tuple[int, _Glyph]] = []
    of_text: dict[int, list[_Glyph]] = defaultdict(list)
    angle, size, before = 0, 0.0, (0.0, 0.0)
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in _BLANKS:  # drawn, or seen by PDFium in a gap
            glyph = _WORD_END
        else:
            pdfium.FPDFText_GetLooseCharBox(raw, index, to_box)
            pdfium.FPDFText_GetCharOrigin(raw, index, to_x, to_y)
            place = (y.value, box.top - box.bottom)
            if angle or place != before:  # on one line as high as the last: of the same size
                before = place
                pdfium.FPDFText_GetMatrix(raw, index, to_matrix)
                size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
                size = size if 0 < size < _FAR else 10.0
                angle = _quarter_turns(matrix.a, matrix.b)
            if angle == 0:
                left, right, base = x.value, box.right, y.value
            elif angle == 1:
                left, right, base = y.value, box.top, -x.value
            elif angle == 2:
                left, right, base = -x.value, -box.left, -y.value
            else:
                left, right, base = -y.value, -box.bottom, x.value
            if not (-_FAR < left < _FAR and -_FAR < right < _FAR and -_FAR < base < _FAR):
                left = right = base = 0.0
            glyph = _Glyph(_character(code), left, right, base, size)
        glyphs.append((angle, glyph))
        if repeats and angle == 0:
            drawn = pdfium.FPDFText_GetTextObject(raw, index)
            of_text[ctypes.addressof(drawn.contents) if drawn else 0].append(glyph)
    textpage.close()
    for lost, kept, again, first in repeats:
        across, up = again.left - first.left, again.bottom - first.bottom
        of_text[lost] = [
            glyph._replace(left=glyph.left + across, right=glyph.right + across, base=glyph.base + up)
            for glyph in of_text.get(kept, ())
        ]
        glyphs += [(0, glyph) for glyph in of_text[lost]]
    return glyphs


def _quarter_turns(across: float, up: float) -> int:
    """How often a line is turned by a right angle, from the first column of its matrix."""
    if not (abs(across) < _FAR and abs(up) < _FAR) or (up == 0 and across > 0):
        return 0
    return round(math.atan2(up, across) / (math.pi / 2)) % 4


def _repeats(texts: list[_Box]) -> list[tuple[_Box, _Box]]:
    """Texts that may be left out by PDFium, each with the one before that it may repeat.

    PDFium takes two texts of the same characters for one in bold print, drawn twice, if one stands no farther above
    the other than an eighth of their width: so the second of two lines, or of two rows, that say the same is lost.
    """
    repeats = []
    for at, again in enumerate(texts):
        width = again.right - again.left
        for first in reversed(texts[max(at - 6, 0) : at]):
            is_alike = abs(first.right - first.left - width) < 0.5 and abs(again.left - first.left) < width
            height = max(again.top - again.bottom, 4.0)
            if is_alike and 0.3 * height < abs(again.bottom - first.bottom) <= max(width, height) / 4:
                repeats.append((again, first))
                break
    return repeats


def _character(code: int) -> str:
    if code in _HYPHENS:
        return _HYPHENS[code]
    return chr(code) if 0 < code <= 0x10FFFF and chr(code) != RAISED else "\ufffd"


def _pieces(glyphs: Iterable[_Glyph]) -> list[_Piece]:
    """The pieces in the order of drawing. A blank is one that was drawn, or a gap."""
    pieces: list[_Piece] = []
    last: _Piece | None = None
    is_blank = False
    for character, left, right, base, size in glyphs:
        if character == " ":
            is_blank = True
            continue
        gap = left - last.right if last else 0.0
        if (
            last
            and abs(base - last.base) < 0.1 * last.size
            and 0.8 * last.size < size < 1.25 * last.size
            and -0.6 * size < gap < size
        ):
            last.text += " " * (gap > (0.05 if is_blank else _BLANK) * size) + character
            last.right = max(right, last.right)
        else:
            last = _Piece(character, left, right, base, size)
            pieces.append(last)
        is_blank = False
    return pieces


# ---- pieces → blocks of lines, in reading order ---------------------------------------------------------------------


_DIGITS = re.compile(r"\d{1,3}|[a-z*†‡]")


@dataclass
class _Line:
    """Pieces beside each other, from left to right."""

    pieces: list[_Piece]
    is_row: bool = False  # of a table
    after_gap: bool = False
    indent: int = 0

    @cached_property
    def main(self) -> _Piece:
        return max(self.pieces, key=lambda piece: (round(piece.size, 1), piece.right - piece.left))

    @cached_property
    def left(self) -> float:
        return min(piece.left for piece in self.pieces)

    @cached_property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @cached_property
    def cells(self) -> list[_Piece]:
        """Its pieces, those joined that no gap as wide as a letter is high sets apart."""
        cells: list[_Piece] = []
        for piece in self.pieces:
            last = cells[-1] if cells else None
            gap = piece.left - last.right if last else 0.0
            is_raised = piece.size < 0.8 * self.main.size and piece.base > self.main.base + 0.1 * self.main.size
            if last and is_raised and gap < self.main.size:
                is_number = last.text[-1].isdigit() and piece.text[0].isdigit()  # 2024 and an anchor 3 are not 20243
                raised = f"{RAISED}{piece.text}{RAISED}" if _DIGITS.fullmatch(piece.text) else piece.text
                text = last.text + " " * is_number + raised
            elif last and gap < max(piece.size, last.size):
                is_note = len(cells) == 1 and _DIGITS.fullmatch(last.text) and last.size < 0.8 * piece.size
                text = last.text + " " * bool(gap > _BLANK * piece.size or is_note) + piece.text
            else:
                cells.append(piece)
                continue
            cells[-1] = _Piece(text, last.left, max(last.right, piece.right), last.base, max(last.size, piece.size))
        return cells


def _lines(pieces: list[_Piece]) -> list[_Line]:
    """Pieces that stand at one height, by at least half of the lower of two, are a line; from top to bottom."""
    lines: list[tuple[_Piece, list[_Piece]]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.high, piece.left)):
        for at in range(len(lines) - 1, max(len(lines) - 4, -1), -1):
            main, members = lines[at]
            shared = min(main.high, piece.high) - max(main.low, piece.low)
            if shared > 0.5 * 0.9 * min(main.size, piece.size):
                members.append(piece)
                if piece.size > main.size:
                    lines[at] = piece, members
                break
        else:
            lines.append((piece, [piece]))
    joined = [_Line(sorted(members, key=lambda piece: piece.left)) for _, members in lines]
    return sorted(joined, key=lambda line: -line.main.base)


_NOTE = re.compile(r"(?:\d{1,3}|[a-z]|\*{1,3}|[†‡])\s\S")
_NOTE_RULE = (60, 220)  # points that the line above notes is long; Word draws 144


def _note_rules(pieces: list[_Piece], rules: list[_Rule]) -> list[_Piece]:
    """The short line above the notes of a page, if it is drawn, as the underscores that other pages have."""
    short = [rule for rule in rules if _NOTE_RULE[0] < rule.right - rule.left < _NOTE_RULE[1]]
    lines = _lines(pieces) if short else []
    for rule in short:
        above = [line for line in lines if line.main.base > rule.height]
        below = [line for line in lines if line.main.base < rule.height]
        is_left = below and abs(below[0].left - rule.left) < 2 * below[0].main.size
        if is_left and above and below[0].main.size < above[-1].main.size and _NOTE.match(below[0].cells[0].text):
            return [_Piece("_" * 18, rule.left, rule.right, rule.height, 1.0)]
    return []


_COLUMN_LINES = 4  # beside each other: fewer are a list or a table
_COLUMN_CHARACTERS = 15  # in the middle line of each: fewer are cells
_COLUMN_FILLED = 0.6  # of the width of a column by its middle line


def _ordered(
    pieces: list[_Piece], rules: list[_Rule], depth: int = 0, *, is_column: bool = False
) -> Iterator[tuple[list[_Line], bool]]:
    """Blocks of lines, and whether each is a column: one after the other, with what is above before, below after."""
    lines = _lines(pieces)
    columns = _columns(lines, rules) if depth < 4 else None
    if columns is None:
        if lines:
            yield lines, is_column
        return
    first, last, gutter = columns
    inside = _pieces_of(lines[first : last + 1])
    left = [piece for piece in inside if piece.right <= gutter]
    right = [piece for piece in inside if piece.right > gutter]
    yield from _ordered(_pieces_of(lines[:first]), rules, depth + 1, is_column=is_column)
    yield from _ordered(left, rules, depth + 1, is_column=True)
    yield from _ordered(right, rules, depth + 1, is_column=True)
    yield from _ordered(_pieces_of(lines[last + 1 :]), rules, depth + 1, is_column=is_column)


def _pieces_of(lines: list[_Line]) -> list[_Piece]:
    return [piece for line in lines for piece in line.pieces]


def _columns(lines: list[_Line], rules: list[_Rule], depth: int = 0) -> tuple[int, int, float] | None:
    """The first and last line of the tallest stretch that is set in columns, and the gap between two of them."""
    best: tuple[int, int, float] | None = None
    for gutter in _gutters(lines):
        first = 0
        for at in range(len(lines) + 1):
            if at < len(lines) and not any(piece.left < gutter < piece.right for piece in lines[at].pieces):
                continue
            stretch = _trimmed(lines, first, at, gutter)
            first = at + 1
            if stretch is None or (best and stretch[1] - stretch[0] <= best[1] - best[0]):
                continue
            if _is_columns(lines[stretch[0] : stretch[1] + 1], gutter, rules, depth):
                best = (*stretch, gutter)
    return best


def _gutters(lines: list[_Line]) -> list[float]:
    """Where gaps between pieces lie one below the other: the likeliest places of gaps between columns."""
    starts = Counter(round(cell.left) for line in lines for cell in line.cells[1:] or line.cells)
    return [at - 1.5 for at, n in starts.most_common(8) if n >= _COLUMN_LINES]


def _trimmed(lines: list[_Line], first: int, end: int, gutter: float) -> tuple[int, int] | None:
    """The stretch from where text stands on both sides to where it ends on one of them."""
    has_right = [at for at in range(first, end) if any(piece.left > gutter for piece in lines[at].pieces)]
    has_left = [at for at in range(first, end) if any(piece.left <= gutter for piece in lines[at].pieces)]
    if not has_right or not has_left:
        return None
    start = max(has_right[0], has_left[0])
    while start - 1 >= first and _is_close(lines[start - 1], lines[start]):
        start -= 1
    last = min(has_right[-1], has_left[-1])
    while last + 1 < end and _is_close(lines[last], lines[last + 1]):
        last += 1
    return (start, last) if start <= last else None


def _is_close(above: _Line, below: _Line) -> bool:
    return above.main.base - below.main.base < 1.6 * max(above.main.size, below.main.size)


def _is_columns(lines: list[_Line], gutter: float, rules: list[_Rule], depth: int) -> bool:
    """Whether both sides of a gap are prose, or columns of prose again, and no rule of a table crosses the gap."""
    top, bottom = lines[0].main.base, lines[-1].main.base
    if any(rule.left < gutter < rule.right and bottom < rule.height < top for rule in rules):
        return False
    leads = []
    for is_right in (False, True):
        side = _lines([piece for line in lines for piece in line.pieces if (piece.left > gutter) == is_right])
        if len(side) < _COLUMN_LINES:
            return False
        if _is_prose(side):
            leads.append(median(above.main.base - below.main.base for above, below in pairwise(side)))
        elif depth or not _columns(side, rules, depth + 1):
            return False
    return len(leads) < 2 or max(leads) < 1.5 * min(leads)


def _is_prose(lines: list[_Line]) -> bool:
    """Whether most lines go from one edge to the other without a wide gap."""
    width = max(line.right for line in lines) - min(line.left for line in lines)
    length = median(sum(1 + (c > "\u2e80") for piece in line.pieces for c in piece.text) for line in lines)
    is_filled = median(line.right - line.left for line in lines) >= _COLUMN_FILLED * width
    return is_filled and length >= _COLUMN_CHARACTERS and sum(len(line.cells) > 1 for line in lines) * 2 <= len(lines)


def _is_mixed(block: list[_Line]) -> bool:
    """Whether lines of two texts beside each other, at heights of their own, stand between each other in a block."""
    n_shifted = 0
    for above, below in pairwise(block):
        is_beside = not above.is_row and not below.is_row and (above.right < below.left or below.right < above.left)
        n_shifted += is_beside and above.main.base - below.main.base < 0.75 * min(above.main.size, below.main.size)
    return n_shifted >= _COLUMN_LINES


# ---- lines → tables, gaps, indents ----------------------------------------------------------------------------------

_TABLE_LINES = 3  # with cells one below the other
_TABLE_SHARE = 0.6  # of the lines of a table that have more than one cell below one another
_LABEL = re.compile(
    r"[(（]?(?:\d{1,3}(?:\.\d{1,2}){0,3}|[A-Za-z]|[ivxIVX]{1,6}|[一二三四五六七八九十]{1,3})[)）.．、]{0,2}|[\W_㈠-㈩①-⑳]|o"
)
_FIGURE_CELLS = 3
_FIGURE = re.compile(r"[–—-]|[(（]?[-–+]?[$€£¥]?\s?\d[\d\s.,]*%?[)）]?[a-z*]?")
_LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}")
_DEEPEST = 200  # blanks before a line
_PROSE = 90  # characters of a line that belongs to no cell


def _spaced(lines: list[_Line], edge: float, above: float) -> list[_Line]:
    """The lines of a block with their rows of tables marked, and gaps and indents measured.

    Indents are measured from an edge, the gap before the first line from the lowest line above the block.
    """
    for first, last in _tables(lines):
        for line in lines[first : last + 1]:
            line.is_row = True
    gaps = sorted(
        (above.main.base - below.main.base) / max(above.main.size, below.main.size) for above, below in pairwise(lines)
    )
    usual = max(gaps[len(gaps) // 4], 1.0) if gaps else 1.0
    before: _Line | None = None
    for line in lines:
        size = max(before.main.size, line.main.size) if before else line.main.size
        line.after_gap = above - line.main.base > 1.3 * usual * size
        is_same = before is not None and abs(before.left - line.left) < 0.3 * line.main.size
        line.indent = before.indent if is_same else min(max(round((line.left - edge) / 5), 0), _DEEPEST)
        before, above = line, line.main.base
    return lines


def _tables(lines: list[_Line]) -> Iterator[tuple[int, int]]:
    """First and last line of each stretch of lines whose cells stand one below the other."""
    widths = [_row_cells(line) for line in lines]
    at = 0
    while at < len(lines):
        if len(widths[at]) < 2:
            at += 1
            continue
        last = _table_end(lines, widths, at)
        rows = [cells for cells in widths[at : last + 1] if len(cells) > 1]
        if any(map(_are_figures, rows)) or (len(rows) >= _TABLE_LINES and _are_aligned(rows)):
            while at > 0 and _is_head(lines, at - 1, at):
                at -= 1
            yield at, last
        at = last + 1


def _row_cells(line: _Line) -> list[_Piece]:
    """The cells of a line that may be a row: without the number of a paragraph, none of a table of contents."""
    cells = line.cells
    if any(_LEADER.search(cell.text) for cell in cells):
        return []
    return cells[1:] if len(cells) == 2 and _LABEL.fullmatch(cells[0].text) else cells


def _table_end(lines: list[_Line], widths: list[list[_Piece]], first: int) -> int:
    """The last line of a table that may begin with a line: lines with one short cell may stand between its rows."""
    last, n_single = first, 0
    left, right = lines[first].left, lines[first].right
    for at in range(first + 1, len(lines)):
        gap = lines[at - 1].main.base - lines[at].main.base
        if gap > 4 * lines[at].main.size:
            break
        if len(widths[at]) > 1:
            last, n_single = at, 0
            left, right = min(left, lines[at].left), max(right, lines[at].right)
            continue
        n_single += 1
        is_wide = lines[at].right - lines[at].left > 0.75 * (right - left)
        if n_single > 4 or (is_wide and sum(map(len, (cell.text for cell in lines[at].cells))) > _PROSE // 2):
            break
    edges = [cell.left for cell in widths[last][1:]]  # where cells of the last row may go on
    while last + 1 < len(lines) and _is_close(lines[last], lines[last + 1]):
        if all(abs(lines[last + 1].left - edge) > 0.3 * lines[last].main.size for edge in edges):
            break
        last += 1
    return last


def _are_figures(cells: list[_Piece]) -> bool:
    """Whether all cells but the first are figures, as only a row has them; one row may be all that a table has."""
    is_figure = [bool(_FIGURE.fullmatch(cell.text.replace(RAISED, ""))) for cell in cells]
    return len(cells) >= _FIGURE_CELLS and not is_figure[0] and all(is_figure[1:])


def _are_aligned(rows: list[list[_Piece]]) -> bool:
    """Whether most rows have a cell that begins, ends or has its middle where one of another row has it."""
    edges: Counter[tuple[str, int]] = Counter()
    of_row: list[set[tuple[str, int]]] = []
    for cells in rows:
        row_edges = set()
        for cell in cells[1:]:
            middle = (cell.left + cell.right) / 2
            for kind, at in (("left", cell.left), ("right", cell.right), ("middle", middle)):
                row_edges |= {(kind, round(at / 4)), (kind, round(at / 4 + 0.5) + 10**6)}
        of_row.append(row_edges)
        edges.update(row_edges)
    shared = {edge for edge, n in edges.items() if n >= max(2, len(rows) * 0.3)}
    return sum(bool(row_edges & shared) for row_edges in of_row) >= _TABLE_SHARE * len(rows)


def _is_head(lines: list[_Line], at: int, below: int) -> bool:
    """Whether a line is the head of the columns below it: 'Variance' over the last two."""
    line, row = lines[at], lines[below]
    is_near = line.main.base - row.main.base < 3 * row.main.size
    return is_near and len(line.cells) == 1 and line.left > row.cells[0].right and line.main.size <= row.main.size * 1.1


def _written(lines: list[_Line]) -> tuple[str, list[Span]]:
    rows: list[Span] = []
    parts: list[str] = []
    length = 0
    for number, line in enumerate(lines):
        text = ("\t" if line.is_row else " ").join(cell.text for cell in line.cells).translate(_CHARACTERS)
        text = _NO_TEXT.sub("\ufffd", re.sub(r"(?<=\.{4})(?=\d)", " ", text))  # dots that lead to a page number
        lead = "\n" * (bool(number) + line.after_gap) + " " * line.indent
        length += len(lead)
        if line.is_row:
            rows.append((length, length + len(text)))
        parts += [lead, text]
        length += len(text)
    return "".join(parts), rows
