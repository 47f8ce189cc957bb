"""The names in a sentence: those of the codebook, and whatever else is written like a name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    from egdata.reading.report import Report

KNOWN = ("state", "group", "body")  # the kinds of mentions that are actors


class Name(NamedTuple):
    """Who is named, and where."""

    start: int
    end: int
    actor_id: str
    node_type: str
    name_en: str
    name_zh: str


_SHORT = r"(?:(?<=\b[A-Z])|(?<=\b[A-Z][a-z])|(?<=\b[A-Z][a-z]{2}))\.(?= [A-Z])"  # the full stop of J., Dr., Amb.


@functools.lru_cache(maxsize=8)
def _written(codebook: Codebook, lang: str) -> re.Pattern[str]:
    """What is written like a name: 'UNFCCC Executive Secretary Jane Doe', 'the Women and Gender Constituency'."""
    body = codebook.written("kind_of_body", lang)
    if lang == "en":
        letter = codebook.written("capital_letter", lang)
        word = rf"(?<![°\d]){letter}[\w&+]*(?:-\s?[\w&+]+)*(?:['’](?!s\b)\w+)?(?:{_SHORT})?"
        link = rf"(?:(?:of|on|{codebook.written('name_particle', lang)}|(?<![A-Z]{{2}} )for) (?:the )?)?"
        return re.compile(
            rf"(?<![\w’'/-])[“‘\"]?(?P<name>(?:{word}(?: {word})* and (?={word}(?: {word})* {body}))?"
            rf"{word}(?: {link}{word}| \d{{1,3}}\b)*(?i: {body})?)[”’\"]?"
        )
    others = r"[^，。；：、“”《》（）()和与及由经在\s]"
    return re.compile(
        rf"(?:(?<=[，。；：、和与及由经\s])|\A|(?<=代表)(?![代该本其各]))(?P<name>{others}{{0,16}}?"
        rf"(?:{codebook.written('office_of_body', lang)}|(?<=[^，。；：、\s]){body}))(?!的?(?:几|多|一些|各|成员))"
    )


def names_in(
    report: Report, start: int, end: int, codebook: Codebook, known: Iterable[Name], taken: Iterable[tuple[int, int]]
) -> list[Name]:
    """The names in a stretch of text, in their order: those ``known`` to the codebook, and what is written like one.

    A name outside the codebook has its own words as id and as name in both languages. An office-holder or a part of a
    body ('EU Commissioner Doe') is a name of its own. ``taken`` is what is mentioned and no actor, a convention.
    """
    text, lang = report.text, report.lang
    no_name, of_text = codebook.pattern("no_name", lang), codebook.pattern("document_name", lang)
    names = list(known)
    for match in _written(codebook, lang).finditer(text, start, end):
        first, last = match.span("name")
        while begin := no_name.match(text, first, last):
            first = after_blanks(text, begin.end())
        last_word = text.rfind(" ", first, last) + 1 or first
        if lang == "en" and not text[first:last][:1].isupper():  # the 3 of 'Article 3'
            continue
        if first >= last or of_text.fullmatch(text, max(first, last_word), last):
            continue
        if any(first < b and a < last for a, b in taken):
            continue
        inside = [name for name in names if name.start < last and first < name.end]
        if any((name.start <= first and last <= name.end) or name.start < first or name.end > last for name in inside):
            continue
        if inside and lang == "zh":  # 埃及代表阿拉伯集团: two names, since nothing but their words tells where one ends
            continue
        words = text[first:last]
        names = [name for name in names if name not in inside]
        names.append(Name(first, last, words, "named", words, words))
    return sorted(names)


def after_blanks(text: str, at: int) -> int:
    """The next place where no blank stands."""
    return at + len(text[at : at + 9]) - len(text[at : at + 9].lstrip())


def names_of_mentions(mentions: Iterable[tuple], codebook: Codebook) -> list[Name]:
    """The States, groups and bodies among mentions: rows of start, end, entity and kind."""
    known = codebook.codes("actors")
    return [
        Name(start, end, entity, kind, known[entity]["label_en"], known[entity]["label_zh"])
        for start, end, entity, kind in mentions
        if kind in KNOWN
    ]
