"""File → :class:`Report`: canonical text, sections, units, sentences, footnotes, with a map back to the source."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.codebook import Codebook, read_codebook
from egdata.errors import ReportError
from egdata.files import read_file
from egdata.match import find_matches
from egdata.paths import data_path

if TYPE_CHECKING:
    import pandas as pd

BUNDLED = "eg4-2020-2"  # the report in data/reports that is read when no path is given


@dataclass
class Report:
    """One report as read.

    Attributes
    ----------
    text : str
        Canonical text: title, headings and units in their order, a line each, then the footnotes, a line each.
        Wrapped lines are joined, page furniture is gone, blanks beside Han characters are removed.
    source : str
        The text as received.
    lang : str
        ``zh`` or ``en``.
    meta : dict of str to str
        ``report_id``, ``symbol``, ``title``, ``lang``, ``sha256`` and what ``data/reports/reports.csv`` knows.
    sections, units, sentences, footnotes : DataFrame
        One row per heading (level 0 is the title), numbered paragraph or lettered item, sentence, footnote. ``start``
        and ``end`` are half-open code points into ``text``, and ``text[start:end]`` is the row's own ``text``.
    notices : list of str
        What a reader should know about the file: a footnote without an anchor, numbering that does not begin at 1.
    """

    text: str
    source: str
    lang: str
    meta: dict[str, str]
    sections: pd.DataFrame
    units: pd.DataFrame
    sentences: pd.DataFrame
    footnotes: pd.DataFrame
    notices: list[str] = field(default_factory=list)
    _map: Sequence[int] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Report({self.meta['symbol'] or self.meta['report_id']!r}, {self.lang}, {len(self.units)} units)"

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Lead a span of the canonical text back to the source.

        Parameters
        ----------
        start, end : int
            Half-open code points into ``text``, ``start < end``.

        Returns
        -------
        tuple of int
            Half-open code points into ``source``. The stretch may hold line wraps and page furniture between its ends.

        Raises
        ------
        ValueError
            If the span is empty or outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} is empty or outside the text of {len(self.text)} characters")
        return self._map[start], self._map[end - 1] + 1

    def citation(self, unit_id: str) -> str:
        """``UNODC/CCPCJ/EG.4/2020/2, para. 13(b)``"""
        return f"{self.meta['symbol'] or self.meta['report_id']}, para. {unit_id}"


def read_report(path: str | Path | None = None, lang: str | None = None, *, codebook: Codebook | None = None) -> Report:
    """Read a report into its canonical text and tables.

    Parameters
    ----------
    path : path, optional
        A text in UTF-8, UTF-16 or GB18030, a PDF that carries its text, or a Word file (``.docx``), as
        :func:`egdata.files.read_file` reads them; the report in ``data/reports`` if omitted.
    lang : {'zh', 'en'}, optional
        Found from the script if omitted.
    codebook : Codebook, optional
        Its ``voice_rules`` tell from the headings whose voice a section has.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        If no text can be had from the file, it has no numbered paragraph, or its numbering has a gap or a repeat. The
        message names file, line and what to do.
    """
    file = data_path("reports", f"{BUNDLED}.zh.txt") if path is None else Path(path)
    source, digest, notices = read_file(file)
    meta = {"report_id": file.name.split(".")[0], "symbol": "", "title": "", "lang": "", "sha256": digest}
    meta |= _known_meta(digest)
    try:
        report = parse_report(source, lang, meta=meta, codebook=codebook)
    except ReportError as error:
        raise ReportError(f"{file.name}: {error}") from None
    report.notices[:0] = notices
    return report


def _known_meta(digest: str) -> dict[str, str]:
    import csv

    with data_path("reports", "reports.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["sha256"] == digest:
                return {**row, "title": row[f"title_{row['lang']}"]}
    return {}


def detect_lang(text: str) -> str:
    """``zh`` if Han characters are at least a tenth of the letters, ``en`` otherwise."""
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    return "zh" if han * 10 > han + len(re.findall(r"[A-Za-z]", text)) else "en"


def sentences_report(texts: Iterable[str], lang: str = "zh") -> Report:
    """Wrap bare sentences in a :class:`Report`: each text is a unit and a sentence of its own, with its index as id.

    Parameters
    ----------
    texts : iterable of str
    lang : {'zh', 'en'}

    Returns
    -------
    Report
        Voice and section of every unit are empty. A number or letter before the text is left out of the sentence.
    """
    texts = list(texts)
    source = "\n".join(texts)
    pages = _Canonical(source, lang)
    units, sentences = [], []
    offset = 0
    for index, text in enumerate(texts):
        start, end = pages.add([(offset, offset + len(text))])
        offset += len(text) + 1
        body = pages.text(start, end)
        marker = re.match(r"(?:\d{1,3}\. |\d{1,3}\.(?!\d)|[(（][a-z]{1,3}[)）])\s*", body)
        units.append((str(index), "", 0, "", "", start, end, body))
        first = start + (marker.end() if marker else 0)
        sentences.append((str(index), str(index), first, end, pages.text(first, end)))
    meta = {"report_id": "sentences", "symbol": "", "title": "", "lang": lang}
    return _report(pages, meta, [], units, sentences, [], [])


def parse_report(
    source: str, lang: str | None = None, *, meta: dict[str, str] | None = None, codebook: Codebook | None = None
) -> Report:
    """Parse the text of a report; :func:`read_report` for text that is already in memory.

    Raises
    ------
    ReportError
        As :func:`read_report`, without the name of the file.
    """
    lang = lang or detect_lang(source)
    meta = {"report_id": "report", "title": "", **(meta or {})}
    lines, symbol = _read_lines(source, meta.get("symbol", ""))
    blocks, notices = _Structure(lines).blocks()
    if not any(block.kind == "para" for block in blocks):
        raise ReportError("no numbered paragraph found; a report needs paragraphs that begin with 1., 2., 3. …")
    meta |= {"lang": lang, "symbol": symbol}
    return _assemble(source, blocks, lang, meta, notices, codebook or read_codebook())


# ---- lines and page furniture ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    number: int
    start: int
    text: str
    furniture: str = ""  # 'url', 'page' (running symbol, footer), 'rule' (line above footnotes)

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


_JOB = r"[A-Z]{1,3}\.\d{2}-\d{4,6}(?:\s*\([A-Z]\))?"  # V.20-04479
_PAGE = r"\d{1,3}\s?/\s?\d{1,3}"  # 5/20
_FOOTER = re.compile(rf"(?:{_PAGE}\s+)?{_JOB}(?:\s+(?:{_PAGE}|\d{{6}}))*|\*\d{{7}}\*|-\s?\d{{1,3}}\s?-")
_URLS = re.compile(r"(?:https?://\S+\s*)+")
_SYMBOL = re.compile(r"[A-Z]+(?:\.\d+)?(?:/[A-Z0-9]+(?:\.[0-9]+)?(?:\([A-Z0-9]+\))?){2,}")
_RULE = re.compile(r"[_＿]{3,}")


def _read_lines(source: str, symbol: str) -> tuple[list[_Line], str]:
    """The lines that are not blank, page furniture marked, and the symbol that runs over the pages.

    A symbol alone on its line is text unless it runs: is the report's own, comes twice or stands beside a footer.
    """
    found = []
    for number, (start, raw) in enumerate(_physical_lines(source), start=1):
        text = raw.strip()
        if text.strip("\u200b\ufeff"):
            found.append(_Line(number, start + raw.index(text), text, _furniture(text)))
    symbols = Counter(line.text for line in found if _SYMBOL.fullmatch(line.text))
    beside = {
        line.text
        for before, line, after in zip([None, *found], found, [*found[1:], None], strict=False)
        if line.text in symbols and any(other and other.furniture == "page" for other in (before, after))
    }
    running = {symbol, *beside, *(one for one, n in symbols.items() if n > 1)} & set(symbols)
    marked = [replace(line, furniture="page") if line.text in running else line for line in found]
    pages = [
        replace(line, furniture="page") if re.fullmatch(_PAGE, line.text) and _beside_page(marked, index) else line
        for index, line in enumerate(marked)
    ]
    return pages, symbol or max(running, key=symbols.__getitem__, default="")


def _physical_lines(source: str) -> Iterator[tuple[int, str]]:
    """Every line with its offset, blank ones too, whatever ends it."""
    start = 0
    for end in re.finditer(r"\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z", source):
        yield start, source[start : end.start()]
        start = end.end()


def _furniture(text: str) -> str:
    if _URLS.fullmatch(text):
        return "url"
    if _RULE.fullmatch(text):
        return "rule"
    return "page" if _FOOTER.fullmatch(text) else ""


def _beside_page(lines: list[_Line], index: int) -> bool:
    """Whether page furniture stands beside a line: a page number where the footer has come apart."""
    return any(line.furniture == "page" for line in (*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2]))


# ---- structure ------------------------------------------------------------------------------------------------------


@dataclass
class _Block:
    kind: str  # 'title', 'heading', 'para', 'item', 'footnote'
    label: str
    line: int
    level: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0  # open quotes and brackets
    last: str = ""  # its last characters, to see whether it is complete

    def add(self, line: _Line) -> None:
        self.spans.append(line.span)
        self.depth += sum(_BRACKETS.get(character, 0) for character in line.text)
        self.last = (self.last + line.text)[-4:]

    @property
    def complete(self) -> bool:
        """Whether a new block may follow: it ends like a sentence or clause (。 ；2 ：”) and has no open quote."""
        return self.depth <= 0 and (self.kind in ("title", "heading") or bool(_COMPLETE.search(self.last)))


_BRACKETS = {**dict.fromkeys("“（(《「", 1), **dict.fromkeys("”）)》」", -1)}
_COMPLETE = re.compile(r"[。；：！？.;:!?…][”’）)》]?\d{0,2}$")
_COLON = re.compile(r"[：:]\d{0,2}$")  # an anchor may stand behind it
_PARA = re.compile(r"(\d{1,3})[.．、](?!\d)\s*(?=\S|\Z)")
_ITEM = re.compile(r"[(（]([a-z]{1,4})[)）]\s*(?=\S|\Z)")
_NO_ITEM = re.compile(r"[(（][a-z]{1,4}[)）]\s*(?:项|款|目|和|或|、|,|of\b)")  # 第32条 / (b)项
_HEADING_1 = re.compile(r"([一二三四五六七八九十]{1,3}|[IVXL]+)[.．、]\s*(?=\S)")
_HEADING_2 = re.compile(r"([A-Z])[.．、]\s*(?=\S)")
_ANNEX = re.compile(r"附件(?:[一二三四五六七八九十]{1,2})?|Annex(?:\s[IVX\d]{1,4})?", re.I)
_NOTE = re.compile(r"(\d{1,2})(?!\d)(?!\s?[年月日/.])\s*(?=\S)|(\*{1,3})\s*(?=\S)")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五")
_LONGEST_HEADING = 120


def next_item(label: str) -> str:
    """The letter after: ``z`` → ``aa``, ``zz`` → ``aaa``; ``''`` → ``a``.

    >>> next_item("z"), next_item("bb"), next_item("")
    ('aa', 'cc', 'a')
    """
    if not label:
        return "a"
    return "a" * (len(label) + 1) if label[0] == "z" else chr(ord(label[0]) + 1) * len(label)


class _Structure:
    """One pass over the lines: where each block begins is decided by its label and by what is open before it."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = [line for line in lines if line.furniture not in ("url",)]
        self.text_lines = [line for line in lines if not line.furniture]
        self.at = -1  # index of the line in text_lines
        self.found: list[_Block] = []
        self.notices: list[str] = []
        self.current = self.body = _Block("title", "", 1)  # what lines are added to; the last block that is no footnote
        self.para, self.item, self.note = 0, "", 0
        self.section, self.subsection = 0, 0
        self.nested: list[tuple[str, str]] = []  # open lists inside a unit: (style, next label)
        self.expects_note = False

    def blocks(self) -> tuple[list[_Block], list[str]]:
        for line in self.lines:
            if line.furniture:
                self._furniture(line)
                continue
            self.at += 1
            if not self._begin(line):
                self._continue(line)
            self.expects_note = False
        return self.found, self.notices

    def _furniture(self, line: _Line) -> None:
        if line.furniture == "rule":
            self.expects_note = True
        elif self.current.kind == "footnote" and not self.body.complete:
            self.current = self.body  # the page ends, and the paragraph that the footnote interrupted goes on

    def _following(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """The labels of the later lines that begin with one of this kind."""
        for index in range(self.at + 1, len(self.text_lines)):
            if found := pattern.match(self.text_lines[index].text):
                yield found[1]

    def _begin(self, line: _Line) -> bool:
        """Open a new block if the line begins one."""
        if self._begin_note(line):
            return True
        if line is self.text_lines[-1] and (_PARA.fullmatch(line.text) or _ITEM.fullmatch(line.text)):
            return False  # a label with nothing behind it
        if found := _PARA.match(line.text):
            return self._begin_para(line, found)
        if found := _ITEM.match(line.text):
            return self._begin_item(line, found)
        return self._begin_heading(line)

    def _begin_note(self, line: _Line) -> bool:
        found = _NOTE.match(line.text)
        inside = self.expects_note or (self.current.kind == "footnote" and self.current.complete)
        if not inside or not found or _PARA.match(line.text):
            return False
        if found[1] and int(found[1]) != self.note + 1:
            is_repeat = int(found[1]) <= self.note
            if self.expects_note or (not is_repeat and int(found[1]) == self.note + 2):
                self._broken("footnote", line, found[1], str(self.note + 1), is_repeat)
            return False
        self.note += bool(found[1])
        n_before = sum(block.label.startswith("*") for block in self.found if block.kind == "footnote")
        label = found[1] or (f"*{n_before + 1}" if n_before else "*")
        self._open(_Block("footnote", label, line.number), line, skip=found.end())
        return True

    def _begin_para(self, line: _Line, found: re.Match[str]) -> bool:
        number, expected = int(found[1]), self.para + 1
        is_listed = number != expected or self._is_listed(found[1], _PARA, lambda label: str(int(label) + 1))
        if is_listed and self._in_list("1", found[1], str(number + 1)):
            return False
        if number == expected or (not self.para and self.current.complete):
            if number != expected:
                self.notices.append(f"line {line.number}: the first paragraph is numbered {number}, not 1")
            self.para, self.item, self.nested = number, "", []
            self._open(_Block("para", str(number), line.number), line)
            return True
        if self.current.complete:
            self._broken("paragraph", line, str(number), str(expected), number <= self.para)
        return False

    def _is_listed(self, label: str, pattern: re.Pattern[str], successor: Callable[[str], str]) -> bool:
        """Whether a label that may go on with the units or with a list in one is the list's: it comes back."""
        last = label
        for later in self._following(pattern):
            if later == label:
                return True
            if later != successor(last):
                return False
            last = later
        return False

    def _begin_item(self, line: _Line, found: re.Match[str]) -> bool:
        label, expected = found[1], next_item(self.item)
        follows = next(self._following(_ITEM), "")
        after_colon = bool(_COLON.search(self.body.last))
        may_open = self.item or after_colon or (follows == "b" and self.body.complete)
        if not self.para or self.body.kind not in ("para", "item"):
            return False
        if not may_open:
            if label == "b" and follows == "c" and self.current.complete:
                self._broken("item", line, f"{self.para}(b)", f"{self.para}(a)", False)
            return False
        roman = _ROMAN.index(label.upper()) if label.upper() in _ROMAN[:-1] else None
        after_roman = "" if roman is None else _ROMAN[roman + 1].lower()
        if not self.current.complete and (_NO_ITEM.match(line.text) or self._is_listed(label, _ITEM, next_item)):
            return False
        is_item = label == expected and not (label == "i" and after_colon and follows == "ii")
        if is_item and self.nested:
            is_item = bool(self.item) and not self._is_listed(label, _ITEM, next_item)
        if is_item and self._may_begin(line):
            self.item, self.nested = label, []
            self._open(_Block("item", label, line.number), line)
            return True
        if not self.current.complete or (self.current.kind == "footnote" and not is_item):
            return False
        if self._in_list("i", label, after_roman) or self._in_list("a", label, next_item(label)):
            return False
        is_repeat = (len(label), label) < (len(expected), expected)
        self._broken("item", line, f"{self.para}({label})", f"{self.para}({expected})", is_repeat)
        return False

    def _may_begin(self, line: _Line) -> bool:
        """Whether an item may begin here: not inside quotes that close later, or a wrapped line of running text."""
        if self.current.complete:
            return True
        depth = self.current.depth
        for later in self.text_lines[self.at :]:
            if _PARA.match(later.text):
                break
            for character in later.text:
                depth += _BRACKETS.get(character, 0)
                if depth <= 0 < self.current.depth:
                    return False
        self.notices.append(f"line {line.number}: the item before {line.text[:6]!r} does not end like one")
        return True

    def _begin_heading(self, line: _Line) -> bool:
        if not (self.current.complete or self._heads_something(line)) or line.text.endswith(tuple("。；，;,")):
            return False
        if found := _HEADING_1.match(line.text):
            labels = _HAN if found[1][0] in _HAN else _ROMAN
            expected = labels[self.section] if self.section < len(labels) else ""
            if found[1] == expected:
                self.section, self.subsection, self.nested = self.section + 1, 0, []
                self._open(_Block("heading", _ROMAN[self.section - 1], line.number, level=1), line)
                return True
            is_sure = labels is _HAN or len(found[1]) > 1  # I. may be a subsection after H.
            if is_sure and found[1] in labels and len(line.text) < _LONGEST_HEADING:
                self._broken("heading", line, found[1], expected, labels.index(found[1]) < self.section)
        if found := _HEADING_2.match(line.text):
            expected = chr(ord("A") + self.subsection)
            if found[1] == expected:
                self.subsection, self.nested = self.subsection + 1, []
                self._open(_Block("heading", found[1], line.number, level=2), line)
                return True
            if self.section and len(line.text) < 40 and not _COMPLETE.search(line.text):
                self._broken("heading", line, found[1], expected, found[1] < expected)
        return False

    def _heads_something(self, line: _Line) -> bool:
        """Whether a line after a paragraph without its full stop is a heading: the next paragraph comes behind it."""
        following = self.text_lines[self.at + 1 : self.at + 2]
        found = following and _PARA.match(following[0].text)
        return bool(found) and int(found[1]) == self.para + 1 and not _COMPLETE.search(line.text)

    def _in_list(self, first: str, label: str, following: str) -> bool:
        """Whether the label goes on with a list inside the unit, or begins one after a colon."""
        for depth in range(len(self.nested) - 1, -1, -1):
            if self.nested[depth] == (first, label):
                self.nested[depth:] = [(first, following)]
                return True
        if label == first and self.body.kind in ("para", "item") and _COLON.search(self.current.last):
            self.nested.append((first, following))
            return True
        return False

    def _open(self, block: _Block, line: _Line, skip: int = 0) -> None:
        if self.current.kind == "footnote" and block.kind != "footnote" and not self.body.complete:
            self.notices.append(
                f"line {line.number}: a footnote interrupts paragraph {self.body.label}, which is not finished before "
                "it; what follows the footnote on that page was taken as its text"
            )
        block.add(replace(line, start=line.start + skip, text=line.text[skip:]))
        self.found.append(block)
        self.current = block
        if block.kind != "footnote":
            self.body = block

    def _continue(self, line: _Line) -> None:
        if self.expects_note:
            raise ReportError(
                f"line {line.number}: text after a footnote rule has no footnote number: {line.text[:20]!r}"
            )
        if _ANNEX.fullmatch(line.text) and self.current.complete and self.para:
            raise ReportError(f"line {line.number}: an annex begins, which has no numbered paragraphs; leave it out")
        if not self.current.spans:  # the title
            self.found.append(self.current)
        self.current.add(line)
        if self.current.kind == "heading":
            length = sum(end - start for start, end in self.current.spans)
            if length > _LONGEST_HEADING or line.text.endswith("。"):
                raise ReportError(
                    f"line {line.number}: text under the heading of line {self.current.line} has no paragraph number: "
                    f"{line.text[:30]!r}; number it, or mend the heading"
                )

    def _broken(self, what: str, line: _Line, label: str, expected: str, is_repeat: bool) -> None:
        problem = "repeats a number or comes out of order" if is_repeat else f"comes where {expected} is expected"
        raise ReportError(
            f"line {line.number}: {what} {label} {problem} ({line.text[:20]!r}…); "
            f"look for a lost or doubled {what} before this line"
        )


# ---- canonical text -------------------------------------------------------------------------------------------------


def _is_wide(character: str) -> bool:
    """Han characters and the punctuation of Chinese typesetting, beside which a blank means nothing."""
    return character >= "\u2e80" or character in "“”‘’—–…·"


def _keeps_blank(before: str, after: str, run: str, lang: str) -> bool:
    """Whether the white space ``run`` between two characters of the source stays, as one blank."""
    if before in "/-" and "\n" in run:
        return False
    if lang == "en":
        return True
    if _is_wide(before) or _is_wide(after) or before in "(/" or after in ")/":
        return False
    if run.strip("\n") == "":  # a wrap without a blank: between two words, unless it cuts a number (20/20, EG./4)
        return not (after.isdigit() and (before.isdigit() or before == "."))
    return True


class _Canonical:
    """The canonical text under construction: characters, and for each its offset in the source."""

    def __init__(self, source: str, lang: str) -> None:
        self.source, self.lang = source, lang
        self.characters: list[str] = []
        self.map = array("q")

    def text(self, start: int, end: int) -> str:
        return "".join(self.characters[start:end])

    def add(self, spans: list[tuple[int, int]], marker: re.Pattern[str] | None = None) -> tuple[int, int]:
        """Append the source spans as one line; returns its span. A marker at its head gets one blank after it."""
        if self.characters:
            self._append("\n", self.map[-1])
        start, end = len(self.characters), spans[0][0]
        found = marker.match(self.source, *spans[0]) if marker else None
        before = run = ""
        for first, last in spans:
            between = self.source[end:first]
            # furniture between the spans counts as the wrap that it stands in, an anchor as nothing
            run += " " * (between[:1].isspace() or between[-1:].isspace()) + "\n" * bool(_BREAK.search(between))
            for offset in range(first, last):
                character = self.source[offset]
                if character.isspace() or character in "\u200b\ufeff":
                    run += " "
                    continue
                is_body = found is not None and offset >= found.end()  # the first character after the marker
                if before and (is_body or (run and _keeps_blank(before, character, run, self.lang))):
                    self._append(" ", offset - 1)
                if is_body:
                    found = None
                self._append(character, offset)
                before, run = character, ""
            end = last
        return start, len(self.characters)

    def _append(self, character: str, offset: int) -> None:
        self.characters.append(character)
        self.map.append(offset)


_BREAK = re.compile(r"[\r\n\f\v\x85\u2028\u2029]")


def _assemble(
    source: str, blocks: list[_Block], lang: str, meta: dict[str, str], notices: list[str], codebook: Codebook
) -> Report:
    pages = _Canonical(source, lang)
    notes = [block for block in blocks if block.kind == "footnote"]
    anchors = _find_anchors(source, blocks, notices)
    sections, units, sentences, footnotes = [], [], [], []
    path, voices, para, anchored = [""], {0: "procedure"}, 0, {}
    for block in blocks:
        if block.kind == "footnote":
            continue
        marker = {"para": _PARA, "item": _ITEM, "heading": _HEADING_1 if block.level == 1 else _HEADING_2}.get(
            block.kind
        )
        start, end = pages.add(_without(block.spans, anchors.values()), marker)
        text = pages.text(start, end)
        if block.kind in ("title", "heading"):
            path = [*path[: block.level], *[""] * (block.level - len(path)), block.label] if block.level else [""]
            found = find_matches(codebook.rules("voice_rules", lang), text)
            voice = (
                found[0].rule.code if found else voices[max(level for level in voices if level < max(block.level, 1))]
            )
            voices = {level: known for level, known in voices.items() if level < block.level} | {block.level: voice}
            head = marker.match(text).end() if marker else 0
            section_id = ".".join(part for part in path if part) or "0"
            label = text[:head].rstrip().rstrip(".．、")
            sections.append((section_id, block.level, label, text[head:], voice, start, end, text))
            if not block.level:
                meta["title"] = meta["title"] or text
        else:
            para = int(block.label) if block.kind == "para" else para
            item = block.label if block.kind == "item" else ""
            unit_id = f"{para}({item})" if item else str(para)
            section_id = ".".join(part for part in path if part)
            units.append((unit_id, section_id, para, item, voices[max(voices)], start, end, text))
            first = start + marker.match(text).end()
            spans = split_sentences(text[first - start :], lang)
            sentences += [
                (f"{unit_id}#{n}", unit_id, first + s, first + e, text[first - start + s : first - start + e])
                for n, (s, e) in enumerate(spans, start=1)
            ]
        for number, (offset, _) in anchors.items():
            if any(first <= offset < last for first, last in block.spans):
                anchored[number] = (units[-1][0] if units else "", _canonical_offset(pages, start, end, offset))
    for note in notes:
        start, end = pages.add(note.spans)
        unit_id, anchor = anchored.get(note.label, ("", None))
        footnotes.append((note.label, unit_id, anchor, start, end, pages.text(start, end)))
    return _report(pages, meta, sections, units, sentences, footnotes, notices)


def _report(pages, meta, sections, units, sentences, footnotes, notices) -> Report:
    import pandas as pd

    def frame(rows: list[tuple], names: str) -> pd.DataFrame:
        columns = names.split()
        integers = {name: "int64" for name in ("level", "para", "start", "end") if name in columns}
        made = pd.DataFrame(rows, columns=columns).astype(integers)
        return made.astype({"anchor": "Int64"}) if "anchor" in columns else made

    return Report(
        "".join(pages.characters),
        pages.source,
        meta["lang"],
        meta,
        frame(sections, "section_id level label title voice start end text"),
        frame(units, "unit_id section_id para item voice start end text"),
        frame(sentences, "sentence_id unit_id start end text"),
        frame(footnotes, "footnote_id unit_id anchor start end text"),
        notices,
        pages.map,
    )


# ---- footnote anchors -----------------------------------------------------------------------------------------------

#: After a number that is no anchor: a measure word, more digits, a letter. Before one: 第, 项目 and the like.
_NO_ANCHOR_AFTER = r"(?!\s?[\d年月日号条款项次届个名位场段节页点时分至天周国种类份期起件万亿倍元人/%.．\-–A-Za-z])"
_ANCHOR = r"(?<=[\u3000-\u9fff。，；：”》）a-z.,;:!?)]){number}" + _NO_ANCHOR_AFTER
_NO_ANCHOR_BEFORE = re.compile(
    r"(?:第|项目|附件|表|图|附录|议程|约|近|方案|选项|备选|[每共有达至及]|[一二三四五六七八九十百千]|\d[.,]?)$"
)


def _find_anchors(source: str, blocks: list[_Block], notices: list[str]) -> dict[str, tuple[int, int]]:
    """For each footnote the source span of the number glued to a word before it; a notice where there is none."""
    anchors: dict[str, tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for index, block in enumerate(blocks):
        if block.kind != "footnote":
            continue
        before = [other for other in blocks[:index] if other.kind in ("para", "item")][-8:]
        for other in reversed(before):
            if found := _anchor_in(source, other.spans, "*" if block.label.startswith("*") else block.label, taken):
                taken.add(found)
                anchors[block.label] = found
                break
        else:
            notices.append(f"line {block.line}: footnote {block.label} has no anchor in the paragraphs before it")
    return anchors


def _anchor_in(
    source: str, spans: list[tuple[int, int]], number: str, taken: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The last glued number of a block, one at its end first."""
    pattern = re.compile(_ANCHOR.format(number=re.escape(number)))
    candidates = [
        (found.end() == spans[-1][1], found.span())
        for first, last in spans
        for found in pattern.finditer(source, first, last)
        if found.start() > first
        and found.span() not in taken
        and not _NO_ANCHOR_BEFORE.search(source, first, found.start())
    ]
    return max(candidates)[1] if candidates else None


def _without(spans: list[tuple[int, int]], holes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with the holes cut out."""
    for start, end in holes:
        spans = [
            piece
            for first, last in spans
            for piece in ([(first, start), (end, last)] if first <= start and end <= last else [(first, last)])
            if piece[0] < piece[1]
        ]
    return spans


def _canonical_offset(pages: _Canonical, start: int, end: int, offset: int) -> int:
    """The canonical offset of the first character of a line that comes from the source at or after ``offset``."""
    return next((at for at in range(start, end) if pages.map[at] >= offset), end)


# ---- sentences ------------------------------------------------------------------------------------------------------

_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "「": "」", "[": "]", '"': '"'}
_ABBREVIATION = re.compile(
    r"\b(?:art|arts|para|paras|No|Nos|p|pp|vol|Mr|Mrs|Ms|Dr|Prof|Add|Corr|Rev|cf|etc|vs|St|Inc|Ltd|[A-Za-z])\.$", re.I
)


def split_sentences(text: str, lang: str = "zh") -> list[tuple[int, int]]:
    """Cut a unit into sentences.

    Parameters
    ----------
    text : str
        The text of one unit, without its number.
    lang : {'zh', 'en'}
        In Chinese a sentence ends at ``。``, ``！`` or ``？`` or with the unit, in English at a full stop before a
        capital that is no abbreviation. ``；`` does not end it, nor does anything inside quotes or brackets.

    Returns
    -------
    list of (int, int)
        Half-open spans, in order, without blanks at their ends; none for a blank text.

    Examples
    --------
    'They noted this. The State said: "No. Never."'

    >>> split_sentences("会上指出这一点。各国应合作；“不得。”不再重复。")
    [(0, 8), (8, 24)]
    """
    closers = _closers(text)
    ends, stack = [], []
    for at, character in enumerate(text):
        if character in closers:
            if stack and stack[-1] == character:
                stack.pop()
            elif character in _PAIRS:
                stack.append(_PAIRS[character])
        if not stack and (_ends_sentence(text, at, lang)):
            ends.append(at + 1)
    spans, start = [], 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = end
    return spans


def _closers(text: str) -> set[str]:
    """The quotes and brackets that pair up in the text; a stray one must not swallow what follows it."""
    return {
        character
        for opening, closing in _PAIRS.items()
        if (text.count(opening) == text.count(closing) if opening != closing else text.count(opening) % 2 == 0)
        for character in (opening, closing)
    }


def _ends_sentence(text: str, at: int, lang: str) -> bool:
    if text[at] in "。！？":
        return text[at + 1 : at + 2] not in tuple("。！？”’）")  # stray closing marks stay with their sentence
    if lang != "en" or text[at] not in ".!?":
        return False
    after = text[at + 1 : at + 3]
    return (
        len(after) == 2
        and after[0] == " "
        and not after[1].islower()
        and not _ABBREVIATION.search(text[max(at - 12, 0) : at + 1])
    )
