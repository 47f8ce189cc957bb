"""File → text as received: plain text in the encodings of UN reports, PDF, Word, HTML; what else it is, is said."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import unicodedata
import zipfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from egdata.base.errors import ReportError
from egdata.reading.furniture import visible
from egdata.reading.languages import language_of
from egdata.reading.numbers import RAISED

Span = tuple[int, int]

MAX_MEGABYTES = 50  # of a file, and of a Word file unpacked; a report of eighty pages has about one
MAX_RATIO = 100  # of a Word file unpacked to packed: prose is packed to a tenth, hardly ever to a twentieth
MAX_STRANGE = 0.05  # of the characters; a sound text has one in a thousand, a text without a character map one in two

_BY_OCR = "run OCR on it and save the text"
_AS_DOCX = "open it in Word or LibreOffice and save it as .docx"
#: How files begin that hold no text as such: what they are and what to do.
_KINDS = [
    (rb"\x89PNG\r\n", "a picture (PNG)", _BY_OCR),
    (rb"\xff\xd8\xff", "a picture (JPEG)", _BY_OCR),
    (rb"GIF8[79]a", "a picture (GIF)", _BY_OCR),
    (rb"(?:II\*\0|MM\0\*)", "a picture (TIFF)", _BY_OCR),
    (rb"BM.{4}\0\0\0\0", "a picture (BMP)", _BY_OCR),
    (rb"RIFF.{4}WEBP", "a picture (WebP)", _BY_OCR),
    (rb".{4}ftyp(?:heic|heix|mif1|avif)", "a picture (HEIC)", _BY_OCR),
    (rb".{4}ftyp|ID3|OggS|RIFF.{4}(?:WAVE|AVI )|\x1aE\xdf\xa3", "a recording", "take its transcript"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word file (.doc) or one with a password", f"{_AS_DOCX} without one"),
    (rb"\{\\rtf", "rich text (RTF)", _AS_DOCX),
    (rb"%!PS", "PostScript", "make a PDF of it"),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b\x08|BZh\d|\xfd7zXZ", "an archive", "unpack it and name the report in it"),
]


class Received(NamedTuple):
    """A report as received.

    Attributes
    ----------
    text : str
        Lines end in a line feed if the file is no plain text.
    sha256 : str
        Of the file.
    notices : list of str
        What a reader should know: an encoding other than UTF-8, pages without text, what is damaged or left out.
    tables : list of tuple of (int, int)
        Rows of tables: half-open spans of ``text``, a line each, cells separated by tabs; in the order of the text.
    raised : list of tuple of (int, int)
        Raised numbers, as anchors of footnotes are: half-open spans of ``text``, in its order.
    """

    text: str
    sha256: str
    notices: list[str]
    tables: list[Span]
    raised: list[Span]


def read_file(path: str | Path) -> Received:
    """Read the text of a report, as received.

    Parameters
    ----------
    path : path
        A text in UTF-8, UTF-16, GB18030 or CP1252, a PDF that carries its text, a Word file (``.docx``) or a web page
        (HTML). What it is is told by its content, not by its name.

    Returns
    -------
    Received
        Of a PDF the pages are set off by form feeds and wrapped lines, headers and footers are left as they are. Of a
        Word file or a web page each paragraph is a line, with its automatic number; of Word headers, footers,
        deletions and tables of contents are left out, of a page scripts and navigation.

    Raises
    ------
    ReportError
        If there is no such file, it is too large, is of another kind or damaged, needs a password, has no text, or
        its text is not what a reader sees: a wrong encoding, or fonts without a usable character map.

    Notes
    -----
    A PDF is read line by line as it stands on the page, columns of prose one after the other. Text drawn as a picture,
    formulas and the order of vertical text are lost. GB18030 cannot be told from every other double-byte encoding
    (EUC-KR); the notice says what it was read as.
    """
    file = Path(path)
    raw = _read_bytes(file)
    text, notices, tables, raised = _text_of(raw, file.name, file.suffix.lower())
    if not visible(text):
        raise ReportError(f"{file.name}: the file is empty")
    return Received(text, hashlib.sha256(raw).hexdigest(), notices, tables, raised)


def _text_of(raw: bytes, name: str, suffix: str) -> tuple[str, list[str], list[Span], list[Span]]:
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in raw[:1024]):
        return _unmarked(*_pdf_text(raw, name))
    if raw.startswith(b"PK\x03\x04"):
        return _unmarked(*_word_text(raw, name))
    for begin, kind, cure in _KINDS:
        if re.match(begin, raw, re.DOTALL):
            raise ReportError(f"{name}: {kind}, no text; {cure}")
    if suffix in (".pdf", ".docx", ".doc") and raw.strip():
        raise ReportError(f"{name}: its content is no {suffix} file; get it again, or name it .txt if it is text")
    if is_html(raw) or (suffix in (".html", ".htm") and b"<" in raw):
        return *_html_text(raw, name), []
    text, encoding = _decode(raw, name)
    if re.match(r"\ufeff?\s*<\?xml", text):
        raise ReportError(f"{name}: XML, no report; open it in the program that made it and save it as text")
    return text, [] if encoding == "UTF-8" else [f"read as {encoding}"], [], []


def _unmarked(text: str, notices: list[str], rows: list[Span]) -> tuple[str, list[str], list[Span], list[Span]]:
    """The text without the marks about raised numbers, with the spans of its rows and of these numbers."""
    marks = [at for at, character in enumerate(text) if character == RAISED]

    def moved(spans: Iterable[Span]) -> list[Span]:
        return [(start - bisect_left(marks, start), end - bisect_left(marks, end)) for start, end in spans]

    raised = ((start + 1, end) for start, end in zip(marks[::2], marks[1::2], strict=True))
    return text.replace(RAISED, ""), notices, moved(rows), moved(raised)


def _read_bytes(file: Path) -> bytes:
    limit = MAX_MEGABYTES * 10**6
    try:
        if file.is_dir():
            raise ReportError(f"{file}: a directory, not a report; name one file")
        if not file.exists():
            raise ReportError(f"{file}: no such file")
        size = file.stat().st_size
        if size <= limit:
            with file.open("rb") as stream:
                raw = stream.read(limit + 1)  # a pipe or device has no size
            if len(raw) <= limit:
                return raw
    except OSError as error:
        raise ReportError(f"{file}: cannot be read: {error.strerror}") from None
    measured = f"{size / 10**6:.0f} MB" if size > limit else "endless"
    raise ReportError(f"{file.name}: {measured}, more than the {MAX_MEGABYTES} MB of the largest file that is read")


def _reason(error: Exception) -> str:
    said = re.sub(r" object at 0x\w+", "", " ".join(str(error).split()))
    return f"{type(error).__name__}: {said[:120]}".rstrip(": ")


_HTML = re.compile(
    rb"From: <Saved by |MIME-Version:[^\n]*\n(?:[^\n]+\n)*?Content-Type: multipart/related"
    rb"|\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def is_html(raw: bytes) -> bool:
    """Whether a file begins like a web page."""
    begin = raw[:4096].removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    return bool(_HTML.match(begin.replace(b"\x00", b"")))


# ---- plain text -----------------------------------------------------------------------------------------------------


def _decode(raw: bytes, name: str) -> tuple[str, str]:
    """The text and its encoding. Whatever is not certain is refused: a wrong encoding gives words nobody wrote."""
    has_mark = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if has_mark or b"\x00" in raw:
        for encoding in ("utf-16",) if has_mark else ("utf-16-le", "utf-16-be"):
            text = _decoded(raw, encoding)
            if text is not None and strange_share(text) <= MAX_STRANGE:
                return text, "UTF-16"
        if has_mark:
            raise ReportError(f"{name}: begins like UTF-16 but goes on otherwise; save it as UTF-8")
        raise ReportError(f"{name}: binary, not text (byte 0 at offset {raw.index(0)}); save it as UTF-8 text")
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        text = _decoded(raw, "gb18030")
        if text is not None and _is_chinese(text):
            return text, "GB18030"
        text = _decoded(raw, "cp1252")
        if text is not None and _is_western(text):
            return text, "CP1252"
        line = raw.count(b"\n", 0, error.start) + 1
        raise ReportError(
            f"{name}:{line}: not UTF-8, nor UTF-16, GB18030 or CP1252 throughout; save it as UTF-8"
        ) from None


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str) -> bool:
    """Whether a text decoded as GB18030 is Chinese: read so, é or ’ and a letter after it make one Han character."""
    glued = len(re.findall(r"[A-Za-z][\u4e00-\u9fff]|[\u4e00-\u9fff][A-Za-z]", text))
    n_han = len(re.findall(r"[\u4e00-\u9fff]", text))
    return strange_share(re.sub(r"[\x00-\x7f]", "", text)) <= MAX_STRANGE and glued * 2 <= n_han


def _is_western(text: str) -> bool:
    """Whether a text decoded as CP1252 (Windows) is prose in Latin letters, with their accents and marks of print."""
    is_strange = re.search(r"[^\x00-\x7f\xa0À-ÿŒœŠšŽžŸ‘’“”–—…•§°·«»©®£€½]", text)
    return not is_strange and language_of(text) not in ("", "another language")


def strange_share(text: str) -> float:
    """The share of characters that an English or Chinese report hardly ever has.

    Parameters
    ----------
    text : str

    Returns
    -------
    float
        0–1 of the characters that are not blank; 0 for a blank text. Strange are Han characters that are neither in
        GB2312 nor in the frequent half of Big5, letters of scripts that are not in GB2312 either, control characters,
        private and unassigned code points and U+FFFD.

    Examples
    --------
    'Report of the meeting', and what a PDF without a character map may give for it

    >>> strange_share("会议报告"), strange_share("䄵㶃㤙䈓")
    (0.0, 1.0)
    """
    counts = Counter("".join(text.split()))
    return sum(n for character, n in counts.items() if _is_strange(character)) / max(counts.total(), 1)


@cache
def _is_strange(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("Cc", "Co", "Cn", "Cs") or character == "\ufffd":
        return True
    if not category.startswith("L") or unicodedata.name(character, "").startswith("LATIN"):
        return False
    if character.encode("gb2312", "ignore"):
        return False
    return not b"\xa4" <= character.encode("big5", "ignore")[:1] <= b"\xc6"  # rows of Big5's frequent characters


# ---- PDF ------------------------------------------------------------------------------------------------------------


def _pdf_text(raw: bytes, name: str) -> tuple[str, list[str], list[Span]]:
    from egdata.reading.pdf import read_pdf

    pages = read_pdf(raw, name)
    text = "\f".join(pages.texts)
    share = strange_share(text.replace(RAISED, ""))
    if share > MAX_STRANGE:
        raise ReportError(
            f"{name}: {share:.0%} of its characters are rare or no characters at all: the fonts of this PDF carry no "
            "usable character map (or it is neither English nor Chinese); run OCR on it, or use the Word file"
        )
    notices = list(pages.notices)
    rows: list[Span] = []
    offset = 0
    for number, (page, spans) in enumerate(zip(pages.texts, pages.tables, strict=True), start=1):
        if (share := strange_share(page.replace(RAISED, ""))) > MAX_STRANGE:
            notices.append(f"page {number}: {share:.0%} of its characters are rare; compare it")
        rows += [(offset + start, offset + end) for start, end in spans]
        offset += len(page) + 1
    return text, notices, rows


# ---- HTML -----------------------------------------------------------------------------------------------------------


def _html_text(raw: bytes, name: str) -> tuple[str, list[str], list[Span]]:
    from egdata.reading.html import declared_encoding, page_text, unwrapped

    raw = unwrapped(raw)
    encoding, notices = declared_encoding(raw), []
    text = _decoded(raw, encoding) if encoding and b"\x00" not in raw else None
    if text is None:
        text, encoding = _decode(raw, name)
    if encoding.upper() != "UTF-8":
        notices.append(f"read as {encoding.upper()}")
    text, left_out, tables = page_text(text)
    if not text.strip():
        raise ReportError(f"{name}: a web page without text of its own; save the page as text, or print it to a PDF")
    if left_out:
        notices.append(f"left out of the page: menus, forms, footers and what it hides, {left_out} characters")
    return text, notices, tables


# ---- Word -----------------------------------------------------------------------------------------------------------

#: Archives that are documents, by a file in them.
_ARCHIVES = {
    "xl/workbook.xml": ("an Excel file", "save the sheet as text"),
    "ppt/presentation.xml": ("a PowerPoint file", "save its outline as text"),
    "META-INF/container.xml": ("an e-book (EPUB)", "save it as text"),
    "content.xml": ("an OpenDocument file (.odt)", _AS_DOCX),
}


def _word_text(raw: bytes, name: str) -> tuple[str, list[str], list[Span]]:
    from egdata.reading.docx import word_text

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        names = {part.filename for part in parts}
        for part, (kind, cure) in _ARCHIVES.items():
            if part in names:
                raise ReportError(f"{name}: {kind}; {cure}")
        if "[Content_Types].xml" not in names:
            raise ReportError(f"{name}: a zip archive, no Word file; name the .docx, .pdf or .txt file in it")
        if unpacked > MAX_MEGABYTES * 10**6 or unpacked > MAX_RATIO * len(raw):
            raise ReportError(
                f"{name}: unpacks to {unpacked / 10**6:.0f} MB, {unpacked // len(raw)} times its size, more than any "
                f"report ({MAX_MEGABYTES} MB, {MAX_RATIO} times); save it as text, without pictures"
            )
        text, notices, tables = word_text(raw)
    except ReportError:
        raise
    except Exception as error:  # whatever zipfile, lxml or python-docx stumbles over
        raise ReportError(f"{name}: cannot be read as a Word file ({_reason(error)}); {_AS_DOCX}") from None
    if not text.strip():
        raise ReportError(f"{name}: a Word file without text")
    return text, notices, tables
