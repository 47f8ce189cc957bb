"""File → text as received: plain text in the encodings of UN reports, PDF, Word."""

from __future__ import annotations

import codecs
import hashlib
import io
import logging
import re
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import ReportError

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_MEGABYTES = 50  # of a file, and of a Word file unpacked; a report of eighty pages has about one
MAX_PAGE_MEGABYTES = 5  # that draw one page of a PDF: a page full of text has a seventieth, and every MB takes seconds
MAX_RATIO = 100  # of a Word file unpacked to packed: prose is packed to a tenth, hardly ever to a twentieth
MAX_STRANGE = 0.05  # of the characters; a sound text has one in a thousand, a text without a character map one in two


def read_file(path: str | Path) -> tuple[str, str, list[str]]:
    """Read the text of a report, as received.

    Parameters
    ----------
    path : path
        A text in UTF-8, UTF-16 or GB18030, a PDF that carries its text, or a Word file (``.docx``). What it is is
        told by its content, not by its name.

    Returns
    -------
    tuple of (str, str, list of str)
        The text; the SHA-256 of the file; what a reader should know: an encoding other than UTF-8, pages without
        text. Lines end in a line feed if the file is no plain text. Of a PDF the pages are set off by form feeds and
        wrapped lines, headers and footers are left as they are. Of a Word file each paragraph is a line, with its
        automatic number; headers, footers, deletions and tables of contents are left out.

    Raises
    ------
    ReportError
        If there is no such file, it is too large, is of another kind or damaged, needs a password, has no text, or
        its text is not what a reader sees: a wrong encoding, or fonts without a usable character map.

    Notes
    -----
    A PDF is read line by line as it stands on the page. Columns side by side are read one after the other only if
    most of the page is set so. Text drawn as a picture, formulas and the order of vertical text are lost. GB18030
    cannot be told from every other double-byte encoding (EUC-KR); the notice says what it was read as.
    """
    file = Path(path)
    raw = _read_bytes(file)
    name, suffix = file.name, file.suffix.lower()
    notices: list[str] = []
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in raw[:1024]):
        text, notices = _pdf_text(raw, name)
    elif raw.startswith(b"PK\x03\x04"):
        text = _word_text(raw, name)
    elif raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise ReportError(
            f"{name}: an old Word file (.doc) or one with a password; open it in Word and save it as .docx without one"
        )
    elif raw.startswith(b"{\\rtf"):
        raise ReportError(f"{name}: rich text (RTF); open it in Word and save it as .docx")
    elif suffix in (".pdf", ".docx", ".doc") and raw.strip():
        raise ReportError(f"{name}: its content is no {suffix} file; get it again, or name it .txt if it is text")
    else:
        text, encoding = _decode(raw, name)
        if encoding != "UTF-8":
            notices.append(f"read as {encoding}")
    if not text.strip(" \t\r\n\f\ufeff"):
        raise ReportError(f"{name}: the file is empty")
    return text, hashlib.sha256(raw).hexdigest(), notices


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
        line = raw.count(b"\n", 0, error.start) + 1
        raise ReportError(f"{name}:{line}: not UTF-8, nor UTF-16 or GB18030 throughout; save it as UTF-8") from None


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

#: Radicals that PDF writers put for the character of that shape, paired as in Unicode's EquivalentUnifiedIdeograph.txt.
_RADICALS = "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
#: Those, other radicals, compatibility characters, the ligatures ﬀ to ﬆ: glyphs of a font, no characters of a text.
_GLYPHS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0x2F00, 0x2FD5), (0xF900, 0xFAD9), (0xFB00, 0xFB06))
    for code in range(first, last + 1)
} | {ord(radical): character for radical, character in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def _pdf_text(raw: bytes, name: str) -> tuple[str, list[str]]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    if b"%%EOF" not in raw[-2048:]:
        raise ReportError(f"{name}: an incomplete PDF, its end is missing; get the file again")
    pages: list[str] = []
    try:
        with _silent():
            reader = PdfReader(io.BytesIO(raw))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ReportError(f"{name}: a PDF with a password; save a copy without one")
            for page in reader.pages:
                contents = page.get_contents()
                if contents is not None and len(contents.get_data()) > MAX_PAGE_MEGABYTES * 10**6:
                    raise ReportError(
                        f"{name}: page {len(pages) + 1} is drawn with more than {MAX_PAGE_MEGABYTES} MB of "
                        "instructions; leave that page out, or use the Word file"
                    )
                pages.append(_page_text(page))
    except ReportError:
        raise
    except DependencyError:
        raise ReportError(
            f"{name}: an encrypted PDF that needs the package cryptography; install it, or save a copy not encrypted"
        ) from None
    except Exception as error:  # whatever pypdf stumbles over
        where = f"after page {len(pages)}" if pages else "at its beginning"
        raise ReportError(f"{name}: a damaged PDF, {where} ({_reason(error)}); get the file again") from None
    if not pages:
        raise ReportError(f"{name}: a PDF without pages; get the file again")
    return _checked_pages(pages, name)


def _checked_pages(pages: list[str], name: str) -> tuple[str, list[str]]:
    text = "\f".join(pages)
    if not text.strip():
        raise ReportError(f"{name}: a PDF without text, as a scanner makes it; run OCR on it, or use the Word file")
    share = strange_share(text)
    if share > MAX_STRANGE:
        raise ReportError(
            f"{name}: {share:.0%} of its characters are rare or no characters at all: the fonts of this PDF carry no "
            "usable character map (or it is neither English nor Chinese); run OCR on it, or use the Word file"
        )
    notices = []
    for number, page in enumerate(pages, start=1):
        if not page.strip():
            notices.append(f"page {number} has no text")
        elif strange_share(page) > MAX_STRANGE:
            notices.append(f"page {number}: {strange_share(page):.0%} of its characters are rare; compare it")
    return text, notices


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what pypdf would log or warn of off the screen."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _page_text(page: PageObject) -> str:
    """The lines of a page from top to bottom.

    pypdf has two ways to read a page. 'layout' sorts what was drawn into lines, 'plain' follows the order of drawing,
    which often has the header last. Each sees blanks within words that the other does not: a blank stands where both
    have one, and none before a raised number, the anchor of a footnote.
    """
    plain, raised = _plain_text(page)
    letters = "".join(plain.split())
    starts = _word_starts(plain) - raised
    lines = page.extract_text(extraction_mode="layout").split("\n")
    keys = ["".join(line.split()) for line in lines]
    n_found = sum(len(key) for key in keys if key in letters)
    # 'layout' leaves out turned text and what is drawn by reference, and reads across columns
    if sum(map(len, keys)) < len(letters) or n_found * 2 < len(letters):
        lines = plain.split("\n")
    text = re.sub(r"[\r\f]", "\n", "\n".join(_joined(line, letters, starts) for line in lines).translate(_GLYPHS))
    return _NO_TEXT.sub("\ufffd", re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text))


def _joined(line: str, letters: str, starts: set[int]) -> str:
    """A line without the blanks at which no word starts in the whole text, whose letters and word starts are given."""
    words = line.split()
    key = "".join(words)
    at = letters.find(key)
    if not key or at < 0:
        return line.rstrip()
    blanks = {start for start in _word_starts(line) if at + start in starts and start}
    indent = line[: line.index(words[0])]
    return indent + "".join(" " * (n in blanks) + letter for n, letter in enumerate(key))


def _plain_text(page: PageObject) -> tuple[str, set[int]]:
    """What pypdf reads in the order of drawing, and how many characters that are not blank precede each raised bit."""
    raised: set[int] = set()
    n, line, height = 0, 0.0, 0.0

    def visit(text: str, page_matrix: list, text_matrix: list, _font: object, size: float) -> None:
        nonlocal n, line, height
        if not text.strip():
            return
        at = text_matrix[4] * page_matrix[1] + text_matrix[5] * page_matrix[3] + page_matrix[5]
        high = abs(size * text_matrix[3] * page_matrix[3])
        if high < 0.8 * height and 0 < at - line < height:
            raised.add(n)
        else:
            line, height = at, high
        n += len("".join(text.split()))

    return page.extract_text(visitor_text=visit), raised


def _word_starts(text: str) -> set[int]:
    """How many characters that are not blank stand before each word."""
    starts, n = set(), 0
    for word in text.split():
        starts.add(n)
        n += len(word)
    return starts


# ---- Word -----------------------------------------------------------------------------------------------------------


def _word_text(raw: bytes, name: str) -> str:
    from egdata.reading.docx import word_text

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if "[Content_Types].xml" not in {part.filename for part in parts}:
            raise ReportError(f"{name}: a zip archive, no Word file; name the .docx, .pdf or .txt file in it")
        if unpacked > MAX_MEGABYTES * 10**6 or unpacked > MAX_RATIO * len(raw):
            raise ReportError(
                f"{name}: unpacks to {unpacked / 10**6:.0f} MB, {unpacked // len(raw)} times its size, more than any "
                f"report ({MAX_MEGABYTES} MB, {MAX_RATIO} times); save it as text, without pictures"
            )
        text = word_text(raw)
    except ReportError:
        raise
    except Exception as error:  # whatever zipfile, lxml or python-docx stumbles over
        raise ReportError(
            f"{name}: cannot be read as a Word file ({_reason(error)}); open it in Word and save it as .docx"
        ) from None
    if not text.strip():
        raise ReportError(f"{name}: a Word file without text")
    return text
