"""The lines of a text, and which of them are page furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from egdata.reading.labels import DATE, PARA

#: Marks that nobody sees: joiners, marks of direction, variation selectors, byte order marks.
INVISIBLE = frozenset(
    chr(code)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF))
    for code in range(first, last + 1)
)
SOFT_HYPHEN = "\xad"
_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001))))


def visible(text: str) -> int:
    """How many characters of a text are neither blank nor invisible."""
    return sum(not (character.isspace() or character in INVISIBLE or character == SOFT_HYPHEN) for character in text)


@dataclass(frozen=True)
class Line:
    """One line that is not blank.

    ``furniture`` is ``''`` for text, ``'url'``, ``'page'`` (running symbol, footer, head or foot of a page),
    ``'masthead'``, ``'contents'``, ``'rule'`` (the line above footnotes), ``'mark'`` (nothing but stars or a character
    of a symbol font) or ``'table'``, which is text, but no prose.
    """

    number: int
    start: int
    text: str
    page: int = 0  # form feeds before it
    indent: int = 0
    after_blank: bool = False  # a blank line stands between it and the text before it
    furniture: str = ""

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)

    def ends(self, pattern: re.Pattern[str]) -> bool:
        """Whether its last characters say so."""
        return pattern.search(self.text[-8:]) is not None


_JOB = r"(?:[A-Z]{1,3}\.\d{2}-\d{4,6}|\d{2}-\d{5})\*?(?:\s*\([A-Z]\))?"  # V.20-04479, 26-06383 (E)
_PAGE = r"\d{1,3}\s?/\s?\d{1,3}"  # 5/20
_FOOTER = re.compile(
    rf"(?:{_PAGE}\s+)?{_JOB}(?:\s+(?:{_PAGE}|\d{{1,6}}))*|\d{{1,3}}\s+{_JOB}|\*\d{{7}}[A-Z]?\*|[-–—]\s?\d{{1,3}}\s?[-–—]"
    r"|Page\s\d{1,3}(?:\s(?:of|/)\s\d{1,3})?|第\s?\d{1,3}\s?页"
)
#: What a browser prints above a page: date, time and title.
_PRINTED = re.compile(r"(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}/\d{1,2}/\d{1,2}),? \d{1,2}:\d{2}(?: ?[AP]M)?(?:\s.*)?")
_URLS = re.compile(rf"(?:https?://\S+(?:\s+|$))+(?:{_PAGE})?")  # a browser prints the page behind it
_LEADS_TO_URL = re.compile(r"\b(?:[Aa]t|[Ss]ee|[Ff]rom)$")  # 'available at', with the address on the next line
SYMBOL = re.compile(r"[A-Z]+(?:\.\d+)?(?:/[A-Z0-9]+(?:\.[0-9]+)?(?:\([A-Z0-9]+\))?){2,}")
_RULE = re.compile(r"[_＿]{3,}")
_MARK = re.compile(r"[\ue000-\uf8ff]+|(?:\*\s*){3,}")
_ENDS_BLOCK = ("", "masthead", "contents", "table", "mark")  # other furniture only interrupts its block


def read_lines(source: str, symbol: str, tables: Iterable[tuple[int, int]] = ()) -> tuple[list[Line], str]:
    """The lines that are not blank, page furniture and tables marked, and the symbol of the document.

    ``tables`` are spans of the source that are known to be rows of tables.

    A symbol alone on its line is text unless it runs: is the report's own, comes twice or stands beside a footer.
    """
    lines = list(_lines(source))
    lines = _marked(lines, _masthead(lines), "masthead")
    printed = next(
        (match[0] for line in lines if line.furniture == "masthead" for match in SYMBOL.finditer(line.text)), ""
    )
    symbols = Counter(line.text for line in lines if SYMBOL.fullmatch(line.text))
    beside = {line.text for index, line in enumerate(lines) if line.text in symbols and _beside_page(lines, index)}
    running = {symbol, printed, *beside, *(text for text, n in symbols.items() if n > 1)} & _apart(lines)
    lines = _marked(lines, (at for at, line in enumerate(lines) if line.text in running), "page")
    pages = [at for at, line in enumerate(lines) if re.fullmatch(_PAGE, line.text) and _beside_page(lines, at)]
    lines = _marked(lines, [*pages, *_page_series(lines)], "page")
    lines = _marked(lines, _contents(lines), "contents")
    lines = _marked(lines, _rows(lines, list(tables)), "table")
    lines = _marked(lines, _repeated_at_edges(lines), "page")
    lines = _marked(lines, _titles(lines), "page")
    after_furniture = {at for at in range(1, len(lines)) if lines[at - 1].furniture not in _ENDS_BLOCK}
    lines = [replace(line, after_blank=False) if at in after_furniture else line for at, line in enumerate(lines)]
    return lines, symbol or printed or max(running, key=symbols.__getitem__, default="")


def _marked(lines: list[Line], indices: Iterable[int], furniture: str) -> list[Line]:
    """The lines with those of the indices marked, unless they are already."""
    places = set(indices)
    return [
        replace(line, furniture=furniture) if at in places and not line.furniture else line
        for at, line in enumerate(lines)
    ]


def _lines(source: str) -> Iterator[Line]:
    """Every line that is not blank, whatever ends it."""
    start = page = 0
    is_blank, before = False, ""
    for number, end in enumerate(re.finditer(r"\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z", source), start=1):
        raw = source[start : end.start()]
        text = raw.strip(_BLANK)
        if not text.rstrip(SOFT_HYPHEN)[-1:].isalnum():  # a hyphen that cuts no word
            text = text.strip(_BLANK + SOFT_HYPHEN)
        if text:
            indent = raw.index(text)
            furniture = "" if _LEADS_TO_URL.search(before) else _furniture(text)
            yield Line(number, start + indent, text, page, indent, is_blank, furniture)
            before = text[-12:]
        is_blank = not text
        page += end[0] == "\f"
        start = end.end()


def _furniture(text: str) -> str:
    """What a line is by its own words."""
    if _URLS.fullmatch(text):
        return "url"
    if _RULE.fullmatch(text):
        return "rule"
    if _MARK.fullmatch(text):
        return "mark"
    return "page" if _FOOTER.fullmatch(text) or _PRINTED.fullmatch(text) else ""


_FEWEST_PAGES = 3


def _page_series(lines: list[Line]) -> list[int]:
    """Page numbers alone on their lines, in text that has lost its pages: 3/80, 4/80 …, or 2, 3, 4 …

    Where there are rules above footnotes, a number alone may be that of a footnote.
    """
    of_all = {at: line.text.split("/")[1].strip() for at, line in enumerate(lines) if re.fullmatch(_PAGE, line.text)}
    n_of = Counter(of_all.values())
    pages = [at for at, n_pages in of_all.items() if n_of[n_pages] >= _FEWEST_PAGES]
    alone, last = [], 0
    for at, line in enumerate(lines if all(line.furniture != "rule" for line in lines) else ()):
        if re.fullmatch(r"\d{1,3}", line.text) and 0 < int(line.text) - last <= 2:
            alone.append(at)
            last = int(line.text)
    return pages + (alone if len(alone) >= _FEWEST_PAGES else [])


def _apart(lines: list[Line]) -> set[str]:
    """The symbols alone on their lines that do not go on with one broken at a slash or bracket: E/ and CN.15/2011/7."""
    symbols: set[str] = set()
    before = ""
    for line in lines:
        if SYMBOL.fullmatch(line.text):
            if not before.endswith(("/", "(", "（")):
                symbols.add(line.text)
        elif not line.furniture:
            before = line.text
    return symbols


def _beside_page(lines: list[Line], index: int) -> bool:
    """Whether page furniture stands beside a line: a page number where the footer has come apart."""
    return any(line.furniture == "page" for line in (*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2]))


_ORIGINAL = re.compile(r"(?:Original|原文|原件)\s?[:：]")
_DISTR = re.compile(r"Distr\.|分发\s?[:：]")
_LANGUAGE = r"(?:Arabic|Chinese|English|French|Russian|Spanish|阿拉伯文|中文|英文|法文|俄文|西班牙文)"
_LANGUAGES = re.compile(rf"{_LANGUAGE}(?:(?:\s?[/,，、和]\s?|\s(?:and|only)?\s?){_LANGUAGE})*(?:\sonly)?")
_MASTHEAD = 12  # lines at most


def _masthead(lines: list[Line]) -> range:
    """The lines from the top to 'Original: English' or 'Distr.: General', if a distribution or a symbol is in them.

    The date below the distribution and further languages of the original belong to them.
    """
    head = lines[:_MASTHEAD]
    ends = (at for is_end in (_ORIGINAL.match, _DISTR.search) for at, line in enumerate(head) if is_end(line.text))
    last = next(ends, -1)
    is_one = any(_DISTR.search(line.text) or SYMBOL.search(line.text) for line in head[: last + 1])
    if not is_one or any(PARA.match(line.text) for line in head[: last + 1]):  # text may speak of originals
        return range(0)
    below = takewhile(lambda line: DATE.fullmatch(line.text) or _LANGUAGES.fullmatch(line.text), head[last + 1 :])
    return range(last + 1 + sum(1 for _ in below))


_CONTENTS = re.compile(r"(?:Table of )?contents|目\s*[录次]", re.I)
_LEADER = re.compile(r"(?:(?:\.\s?){4,}|…{2,}\s*)(?P<page>\d{0,3})$")
_ENTRY = re.compile(r"(?:\s|^)(?P<page>\d{1,3})$")  # with no dots, under the heading 'Contents'
_LONGEST_ENTRY = 300
_WRAPPED_ENTRY = 6  # lines from one page number to the next


def _contents(lines: list[Line]) -> Iterator[int]:
    """The lines of a table of contents: its heading and its entries, the wrapped lines between them too."""
    at = 0
    titles = Counter(_title(line.text) for line in lines)
    while at < len(lines):
        entries = _entries(lines, at, titles)
        last = lines[entries[-1]].text if len(entries) == 2 else ""
        if len(entries) > 2 or (last and (_LEADER.search(last) or titles[_title(last)] > 1)):
            yield from range(entries[0], entries[-1] + 1)
            at = entries[-1]
        at += 1


def _title(text: str) -> str:
    """A line as it may come back as a heading: without '(continued)' or '(A/75/176)'."""
    return re.sub(r"(?<!\s)\s*[(（][^()（）]*[)）]", "", text)


def _entries(lines: list[Line], start: int, titles: Counter[str]) -> list[int]:
    """The heading of a table of contents, or its first entry if it has none, and the entries behind it.

    Below a heading an entry has a page number at its end, or comes back in the text.
    """
    has_heading = bool(_CONTENTS.fullmatch(lines[start].text))
    entries: list[int] = []
    seen: set[str] = set()
    page = 0
    for at in range(start, len(lines)):
        text = lines[at].text
        is_long = len(text) > _LONGEST_ENTRY
        entry = None if is_long else _LEADER.search(text) or (has_heading and _ENTRY.search(text))
        title = _title(text[: entry.start()].rstrip(" .…") if entry else text)
        is_entry = entry or (has_heading and at > start and title and titles[title] > 1 and not is_long)
        number = int(entry["page"] or page) if entry else page
        is_back = number < page and not _LEADER.search(text)
        is_over = is_back or is_long or at - (entries or [at])[-1] > _WRAPPED_ENTRY
        if at > start and (is_over or title in seen or _title(text) in seen or (not is_entry and text[-1] in ".。;；")):
            break  # the text begins
        page = number
        if title:
            seen.add(title)
        if is_entry or (at == start and has_heading):
            entries.append(at)
        elif at == start:
            break
    return entries


_TAB = re.compile(r"\s*\t\s*|\s{3,}")  # or as many blanks
_FIGURE = re.compile(r"[\d\s.,%()–—-]+")
_FEWEST_CELLS = 3
_FEWEST_ROWS = 3


def _rows(lines: list[Line], spans: list[tuple[int, int]]) -> Iterator[int]:
    """The lines in the spans of tables, and runs of lines that tabs or bars cut into cells."""
    starts = sorted(spans)
    at = 0
    run: list[int] = []
    for n, line in enumerate(lines):
        while at < len(starts) and starts[at][1] <= line.start:
            at += 1
        if at < len(starts) and starts[at][0] <= line.start:
            yield n
        n_cells = 0 if line.furniture else _n_cells(line.text)
        if run and n_cells == _n_cells(lines[run[0]].text) and _is_row(line.text):
            run.append(n)
        else:
            may_begin = n == 0 or line.after_blank or lines[n - 1].text[-1] in "。：.:"
            run = [n] if n_cells >= _FEWEST_CELLS and may_begin and not PARA.match(line.text) else []
        if len(run) == _FEWEST_ROWS:
            yield from run
        elif len(run) > _FEWEST_ROWS:
            yield n


def _is_row(text: str) -> bool:
    """Whether a line below the head of a table is a row of it: set in bars, or with a figure in a cell."""
    return "|" in text or (not PARA.match(text) and any(_FIGURE.fullmatch(cell) for cell in _TAB.split(text)))


def _n_cells(text: str) -> int:
    """Into how many cells bars or tabs cut a line; prose has a stop at its end."""
    if text.count("|") > 1:
        return text.count("|") + 1
    return 0 if text[-1] in "。，；：、.,;:" else len(_TAB.split(text))


_EDGE = 2  # lines at the top and at the bottom of a page
_SHORTEST_REPEATED = 4
_HEAD = 40  # lines of the first page that its title may stand in
_SHORTEST_TITLE = 20


def _repeated_at_edges(lines: list[Line]) -> list[int]:
    """Lines at tops or bottoms of pages that come back, but for their digits, on a third of the pages or more."""
    edges: list[tuple[int, str]] = []
    n_pages = 1
    before: list[int] = []  # text lines since the last page end
    for at, line in enumerate(lines):
        above = lines[max(at - 1, 0)]
        if line.page != above.page or (above.furniture == "page" and line.furniture != "page"):
            n_pages += 1
            edges += _edges(lines, before)
            before = []
        if not line.furniture:
            before.append(at)
    edges += _edges(lines, before)
    counts = Counter(pattern for _, pattern in edges)
    return [at for at, pattern in edges if pattern and counts[pattern] >= max(3, n_pages / 3)]


def _edges(lines: list[Line], page: list[int]) -> Iterator[tuple[int, str]]:
    """The first and last lines of a page, as they may come back; the second of a head goes with the first."""
    for at in {*page[:_EDGE], *page[-_EDGE:]}:
        above = _pattern(lines[at - 1]) if at - 1 in page[:1] else ""
        pattern = _pattern(lines[at])
        yield at, pattern or (above and f"{above} {lines[at].text}")


def _titles(lines: list[Line]) -> Iterator[int]:
    """The lines at the tops of later pages that say what the title on the first page says, beside a symbol or not."""
    head = "".join(_without_symbols(line.text) for line in lines[:_HEAD] if not line.page and not line.furniture)
    for first in range(1, len(lines)):
        if not lines[first].page or lines[first].page == lines[first - 1].page:
            continue
        said, last = "", first
        for at in range(first, min(first + _EDGE + 2, len(lines))):
            said += _without_symbols(lines[at].text)
            if said not in head:
                break
            last = at + 1 if len(said) >= _SHORTEST_TITLE else last
        yield from range(first, last)


def _without_symbols(text: str) -> str:
    """The words of a line without blanks and without symbols of documents."""
    return "".join(word for word in text.split() if not SYMBOL.fullmatch(word))


def _pattern(line: Line) -> str:
    """A line with its digits replaced; empty for one that is too short to tell, or begins or ends like text."""
    pattern = re.sub(r"\d+", "#", line.text)
    is_text = re.match(r"#[\s.]|[(（a-z]", pattern) or pattern[-1] in ".,;:。，；："
    is_told = pattern == "#" or (len(pattern) >= _SHORTEST_REPEATED and not is_text)
    return pattern if is_told else ""
