"""File → :class:`Report`: canonical text, sections, units, sentences, footnotes, with a map back to the source."""

from __future__ import annotations

import functools
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from egdata.base.errors import EgdataError, ReportError, check_option
from egdata.base.frames import grouped_records, records
from egdata.base.paths import data_path
from egdata.base.vocabulary import LANGS
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.codebook.matcher import find_matches
from egdata.reading.blocks import Block
from egdata.reading.canonical import Canonical
from egdata.reading.coverage import Coverage, furniture_notice
from egdata.reading.footnotes import Anchors, find_anchors, without
from egdata.reading.formats import read_file
from egdata.reading.furniture import INVISIBLE, read_lines, visible
from egdata.reading.glosses import read_glosses
from egdata.reading.labels import SPEAKS
from egdata.reading.languages import detect_lang, foreign_paragraphs, language_of, likely_language
from egdata.reading.sentences import split_sentences
from egdata.reading.structure import find_structure
from egdata.reading.traditional import n_traditional, simplified

if TYPE_CHECKING:
    import pandas as pd

Function = TypeVar("Function", bound=Callable)
BUNDLED = "eg4-2020-2"  # the report in data/reports that is read when no path is given
_CLAUSE = re.compile(r"\d{1,3}\. ?[^应。：]+；")  # of a resolution, numbered


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
        One row per heading (level 0 is the title), paragraph or lettered item, sentence, footnote; how their ids are
        made is told in :mod:`egdata.reading.structure`. ``para`` is 0 for a paragraph without a number, and for a
        table, whose rows are its sentences. ``start`` and ``end`` are half-open code points into ``text``, and
        ``text[start:end]`` is the row's own ``text``.
    notices : list of str
        What a reader should know about the file: numbers that do not follow from those before them, a footnote
        without an anchor, what was set aside as page furniture, paragraphs in another language.
    coverage : Coverage
        How much of the source was read, and as what.
    glosses : dict of str to str
        English glosses of sentences, from ``<name>.gloss.csv`` beside the file.
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
    coverage: Coverage = field(default_factory=Coverage)
    glosses: dict[str, str] = field(default_factory=dict, repr=False)
    _map: Sequence[int] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Report({self.name!r}, {self.lang}, {len(self.units)} units)"

    @property
    def name(self) -> str:
        """Its symbol; where it has none, the name of its file; its id where it is no file."""
        return self.meta["symbol"] or self.meta.get("file") or self.meta["report_id"]

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
        """A unit as it is cited: ``UNODC/CCPCJ/EG.4/2020/2, para. 13(b)``.

        Where its id is not a mere number, the heading that the id names stands before it: ``A/80/1, annex I, rule 4,
        para. 2`` for ``annex-I.rule-4/2``. A paragraph without a number is counted under its heading as printed:
        ``A/80/1, under “III. Way forward”, 2nd paragraph``.
        """
        scope, _, label = unit_id.rpartition("/")
        if table := re.fullmatch(r"table-(\d+)", label):
            return f"{self.name}, table {table[1]}"
        unnumbered = re.fullmatch(r"u(\d+)(?:-\d+)?(.*)", label)
        if not unnumbered:
            label = re.sub(r"(?<=\d)(?=bis|ter|qu|alt)", " ", label)
            return ", ".join([self.name, *_places(scope or self._annexes.get(unit_id, "")), f"para. {label}"])
        places = _places(scope)
        if printed := self._printed.get(scope):
            above = _places(scope.rpartition(".")[0])
            places = [*(place for place in above if not place.startswith("sect. ")), f"under “{printed}”"]
        return ", ".join([self.name, *places, f"{ordinal(int(unnumbered[1]))} paragraph{unnumbered[2]}"])

    @cached_property
    def folded(self) -> Report:
        """The report as the rules read it: in simplified characters, with the same offsets; itself if it is in them."""
        if self.lang != "zh" or simplified(self.text) == self.text:
            return self
        frames = {
            name: frame.assign(**{column: frame[column].map(simplified) for column in {"text", "title"} & set(frame)})
            for name in ("sections", "units", "sentences", "footnotes")
            for frame in (getattr(self, name),)
        }
        return replace(self, text=simplified(self.text), **frames)

    @cached_property
    def _printed(self) -> dict[str, str]:
        """The text of each heading but the title, by the id of its section."""
        rows = records(self.sections, "section_id", "level", "text")
        return {section: text for section, level, text in rows if level}

    @cached_property
    def resolution_units(self) -> frozenset[str]:
        """The units of rules of procedure and of resolutions: from 'The General Assembly,' to its section's end.

        A numbered clause that ends with a semicolon (9. 促请…；) is one of a resolution, too.
        """
        units, inside = set(), None
        for unit, section, text in records(self.units, "unit_id", "section_id", "text"):
            if SPEAKS.fullmatch(text):
                inside = section
            in_resolution = inside is not None and (not inside or f"{section}.".startswith(f"{inside}."))
            if in_resolution or re.search(r"(?:^|\.)rule-\d", section) or _CLAUSE.fullmatch(text):
                units.add(unit)
        return frozenset(units)

    @cached_property
    def _annexes(self) -> dict[str, str]:
        """The annex in which the first numbering of the document stands, for its units, if it does."""
        places = records(self.units, "unit_id", "section_id")
        return {unit: at.partition(".")[0] for unit, at in places if at.startswith(("annex", "appendix"))}


def one_report(function: Function) -> Function:
    """Let a function that can only take one report say so if it is given several."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        for value in (*args, *kwargs.values()):
            if isinstance(value, (list, tuple)) and value and all(map(_is_report, value)):
                raise EgdataError(f"{function.__name__} takes one report at a time; call it for each of them")
        return function(*args, **kwargs)

    return call


def _is_report(value: Any) -> bool:
    return isinstance(value, Report) or isinstance(getattr(value, "report", None), Report)


def _places(section_id: str) -> list[str]:
    """The headings of a section as they are cited.

    >>> _places("annex-I.II.rule-4"), _places("II.E.1"), _places("0")
    (['annex I', 'sect. II', 'rule 4'], ['sect. II.E.1'], [])
    """
    places: list[str] = []
    for part in section_id.split("."):
        if re.match("(?:decision|resolution)-", part):
            places.append(re.sub(r"(\d)-([A-Z]+)-", r"\1/\2.", part.replace("-", " ", 1)))
        elif re.match("[a-z]{2}", part):
            places.append(part.replace("-", " "))
        elif places and places[-1].startswith("sect. "):
            places[-1] += f".{part}"
        elif part not in ("", "0"):
            places.append(f"sect. {part}")
    return places


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def read_report(path: str | Path | None = None, lang: str | None = None, *, codebook: Codebook | None = None) -> Report:
    """Read a report into its canonical text and tables.

    Parameters
    ----------
    path : path, optional
        A text in UTF-8, UTF-16, GB18030 or CP1252, a PDF that carries its text, a Word file (``.docx``) or a web page
        (see :func:`egdata.reading.formats.read_file`); the report in ``data/reports`` if omitted.
    lang : {'zh', 'en'}, optional
        Found by :func:`detect_lang` if omitted.
    codebook : Codebook, optional
        Its ``voice_rules`` tell from the headings whose voice a section has.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        If no text can be had from the file, it has no paragraph or is in a language without rules. The message names
        the file and what to do. Whatever else is odd about it is a notice.
    """
    file = data_path("reports", f"{BUNDLED}.zh.txt") if path is None else Path(path)
    received = read_file(file)
    meta = {"report_id": file.name.split(".")[0], "file": file.name, "sha256": received.sha256}
    meta |= _known_meta(received.sha256)
    try:
        report = parse_report(
            received.text, lang, meta=meta, codebook=codebook, tables=received.tables, raised=received.raised
        )
    except ReportError as error:
        raise ReportError(f"{file.name}: {error}") from None
    report.notices[:0] = received.notices
    report.glosses = read_glosses(file)
    return report


def _known_meta(digest: str) -> dict[str, str]:
    import csv

    with data_path("reports", "reports.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["sha256"] == digest:
                return row
    return {}


def spans_by_unit(report: Report) -> dict[str, list[tuple[int, int, str]]]:
    """Start, end and id of the sentences of each unit, in text order."""
    return grouped_records(report.sentences, "unit_id", "start", "end", "sentence_id")


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
    check_option("lang", lang, LANGS)
    texts = list(texts)
    source = "\n".join(texts)
    pages = Canonical(source, lang)
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
    source: str,
    lang: str | None = None,
    *,
    meta: dict[str, str] | None = None,
    codebook: Codebook | None = None,
    tables: Iterable[tuple[int, int]] = (),
    raised: Iterable[tuple[int, int]] = (),
) -> Report:
    """Parse the text of a report; :func:`read_report` for text that is already in memory.

    Parameters
    ----------
    source : str
    lang, codebook : optional
        As for :func:`read_report`.
    meta : dict of str to str, optional
        What is known of the report.
    tables : iterable of (int, int), optional
        Half-open spans of the source that are rows of tables. Plain text may have more, which tabs or bars tell.
    raised : iterable of (int, int), optional
        Spans that are raised numbers, the anchors of footnotes. Of others the text around them tells.

    Raises
    ------
    ReportError
        As :func:`read_report`, without the name of the file.
    """
    lang = lang or detect_lang(source)
    check_option("lang", lang, LANGS)
    meta = {"report_id": "report", "symbol": "", "title": "", **(meta or {})}
    # marks that nobody sees would part a number from its paragraph, and a word from the rule that it matches
    kept = array("q", (at for at, character in enumerate(source) if character not in INVISIBLE))
    text = "".join(source[at] for at in kept) if len(kept) < len(source) else source
    rows, marks = (
        [(bisect_left(kept, start), bisect_left(kept, end)) for start, end in spans] for spans in (tables, raised)
    )
    lines, symbol = read_lines(text, meta["symbol"], rows)
    structure = find_structure(lines)
    if not any(block.kind in ("para", "text", "table") for block in structure.blocks):
        raise ReportError("no paragraph found, only a title or headings; a report needs text under them")
    meta |= {"lang": lang, "symbol": symbol}
    anchors = find_anchors(text, structure.blocks, lang, structure.notices, marks)
    report = _assemble(text, structure.blocks, anchors, lang, meta, structure.notices, codebook or read_codebook())
    furniture = [line for line in lines if line.furniture not in ("", "table")]
    report.notices += [*_notices_of_language(report), *furniture_notice(furniture)]
    counts = structure.n_characters
    coverage = Coverage(
        units=counts["para"] + counts["item"] + counts["text"],
        headings=counts["title"] + counts["heading"],
        notes=counts["footnote"],
        tables=counts["table"],
        furniture=sum(visible(line.text) for line in furniture),
        numbers=structure.n_numbers,
        numbers_read=structure.n_numbers_read,
    )
    return replace(report, source=source, coverage=coverage, _map=[kept[at] for at in report._map])


def _notices_of_language(report: Report) -> list[str]:
    """Text in another language, and in traditional characters."""
    notices = []
    if report.lang == "en" and (language := likely_language(report.text)) and not language_of(report.text):
        notices.append(f"seems to be in {language}, but is too short to tell: read as English")
    foreign = foreign_paragraphs(list(records(report.units, "unit_id", "text")), report.lang)
    if foreign:
        languages = ", ".join(sorted({language for _, language in foreign}))
        notices.append(
            f"paragraphs in {languages}: {len(foreign)}, first {foreign[0][0]}; the rules of {report.lang} find little"
            " in them"
        )
    if report.lang == "zh" and (n := n_traditional(report.text)) * 20 > len(report.text):
        notices.append(f"in traditional characters ({n}): read by the rules as simplified ones, quoted as printed")
    return notices


# ---- assembling ------------------------------------------------------------------------------------------------------


def _assemble(
    source: str,
    blocks: list[Block],
    anchors: Anchors,
    lang: str,
    meta: dict[str, str],
    notices: list[str],
    codebook: Codebook,
) -> Report:
    pages = Canonical(source, lang)
    sections, units, sentences, footnotes = [], [], [], []
    voices, anchored = {0: UNKNOWN}, {}  # level → voice; index of a note → its unit and anchor
    for index, block in enumerate(blocks):
        if block.kind == "footnote":
            continue
        start, end = pages.add(without(block.spans, anchors[index].values()), block.marker)
        text = pages.text(start, end)
        head = block.marker.match(text).end() if block.marker else 0
        is_unit = block.kind not in ("title", "heading")
        if is_unit:
            rows = [pages.offset(start, end, first) - start for first, _ in block.spans if block.kind == "table"]
            units.append((block.id, block.section, block.para, block.item, voices[max(voices)], start, end, text))
            sentences += [
                (f"{block.id}#{n}", block.id, start + first, start + last, text[first:last])
                for n, (first, last) in enumerate(_spans(text, head, rows, lang), start=1)
            ]
        else:
            matches = find_matches(codebook.rules("voice_rules", lang), simplified(text) if lang == "zh" else text)
            above = voices[max(level for level in voices if level < max(block.level, 1))]
            voice = matches[0].rule.code if matches else above
            voices = {level: known for level, known in voices.items() if level < block.level} | {block.level: voice}
            if not block.level:
                voice = "procedure" if voice == UNKNOWN else voice  # a title is nobody's view, unlike what follows
                meta["title"] = meta["title"] or text
            label = text[:head].strip().strip("[.．、")
            title = text[head:] or text  # of a label alone on its page
            sections.append((block.id or "0", block.level, label, title, voice, start, end, text))
        for note, (offset, _) in anchors[index].items():
            anchored[note] = (block.id if is_unit else "", pages.offset(start, end, offset))
    for index, note in enumerate(blocks):
        if note.kind == "footnote":
            start, end = pages.add(note.spans)
            footnotes.append((note.id, *anchored.get(index, ("", None)), start, end, pages.text(start, end)))
    return _report(pages, meta, sections, units, sentences, footnotes, notices)


def _spans(text: str, head: int, rows: list[int], lang: str) -> list[tuple[int, int]]:
    """The sentences of a unit, behind its number; or the rows of a table, by where they begin."""
    if rows:
        return [(first, first + len(text[first:last].rstrip())) for first, last in pairwise([*rows, len(text)])]
    return [(head + first, head + last) for first, last in split_sentences(text[head:], lang)]


UNKNOWN = "unknown"  # the voice where no heading tells


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
        _map=pages.map,
    )
