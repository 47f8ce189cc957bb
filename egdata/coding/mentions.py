"""Instruments, bodies and States mentioned: longest match first, anaphora resolved, articles located."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import ANAPHOR
from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import Match, Rules, find_matches
from egdata.reading.report import spans_by_unit

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

_EXAMPLES_FOLLOW = re.compile(
    r"[^。；《]{0,12}?[，,]?(?:例如|譬如|诸如|如|包括|特别是|尤其是|即|such as|including)[^，。；]{0,8}$"
    r"|[^.;]{0,60}?,? (?:such as|including|among them|namely|like|in particular|notably) (?:the )?$"
)
_NEAR = 120  # letters that a list of examples may be long
_AS_EXAMPLE = {
    "zh": re.compile(r"(?:包括|如|特别是|尤其是)(?:《[^《》]{1,60}》[、和及与]?){0,3}\Z"),
    "en": re.compile(
        r"(?:such as|including|notably|in particular) (?:the )?(?:[^.;,]{1,80}(?:,| and) (?:the )?){0,2}\Z"
    ),
}
_EXAMPLES_PRECEDE = re.compile(r"等|等等|之类的?|在内的?|这样的")


class _Mention(NamedTuple):
    start: int
    end: int
    entity_id: str
    kind: str
    form: str
    antecedent: int | None  # index of the mention pointed back to
    rule_id: str


def mentions_of(report: Report, codebook: Codebook) -> pd.DataFrame:
    """The mentions of a report; :func:`egdata.find_mentions` says what the columns hold."""
    rows = []
    for spans in spans_by_unit(report).values():
        rows += _rows(report, spans, "sentence_id", codebook)
    for start, end, note in records(report.footnotes, "start", "end", "footnote_id"):
        rows += _rows(report, [(start, end, note)], "footnote_id", codebook)
    columns = [
        "mention_id", "sentence_id", "footnote_id", "entity_id", "kind", "form", "locator", "antecedent_id", "start",
        "end", "quote", "rule_id", "coded_by",
    ]  # fmt: skip
    return frame_of(rows, columns, start="int64", end="int64")


def _rows(report: Report, spans: list[tuple[int, int, str]], key: str, codebook: Codebook) -> list[dict]:
    """The mentions of one unit or footnote as rows; ``spans`` are its sentences."""
    text = report.text
    named = [match for start, end, _ in spans for match in _named(text, start, end, report.lang, codebook)]
    mentions = _resolve(text, named, report.lang, codebook)
    starts = [start for start, _, _ in spans]
    owners = [bisect_right(starts, mention.start) - 1 for mention in mentions]
    counts: dict[int, int] = {}
    ids = []
    for owner in owners:
        counts[owner] = counts.get(owner, 0) + 1
        prefix = "fn" if key == "footnote_id" else ""
        ids.append(f"{prefix}{spans[owner][2]}/m{counts[owner]}")
    locators = _locators(text, mentions, owners, spans)
    return [
        {
            "mention_id": mention_id,
            "sentence_id": "",
            "footnote_id": "",
            key: spans[owner][2],
            "entity_id": mention.entity_id,
            "kind": mention.kind,
            "form": mention.form,
            "locator": locator,
            "antecedent_id": "" if mention.antecedent is None else ids[mention.antecedent],
            "start": mention.start,
            "end": mention.end,
            "quote": text[mention.start : mention.end],
            "rule_id": mention.rule_id,
            "coded_by": "rules",
        }
        for mention_id, mention, owner, locator in zip(ids, mentions, owners, locators, strict=True)
    ]


def _named(text: str, start: int, end: int, lang: str, codebook: Codebook) -> list[Match]:
    """Instrument and actor names in one pass, so that the longest of all wins."""
    matches = find_matches(_names(codebook, lang), text, start, end)
    return [match for index, match in enumerate(matches) if not _is_named_after(text, match, matches, index)]


@functools.lru_cache(maxsize=8)
def _names(codebook: Codebook, lang: str) -> Rules:
    return Rules((*codebook.rules("instrument_rules", lang), *codebook.rules("actor_rules", lang)))


def _is_named_after(text: str, match: Match, matches: list[Match], index: int) -> bool:
    """现有多边条约，例如《…》 and 《…》等现有条约: existing instruments that are named count under their names."""
    if match.rule.code != "existing-instruments":
        return False
    before = matches[index - 1] if index else None
    if before and _is_name(before) and _EXAMPLES_PRECEDE.fullmatch(text[before.end : match.start]):
        return True
    return any(
        later.rule.code != match.rule.code
        and _is_name(later)
        and _EXAMPLES_FOLLOW.fullmatch(text[match.end : later.start])
        for later in matches[index + 1 : index + 3]
    )


def _is_name(match: Match) -> bool:
    return match.rule.row["form"] in ("named", "short")


def _resolve(text: str, matches: list[Match], lang: str, codebook: Codebook) -> list[_Mention]:
    """Give every match its entity; anaphors look back over the mentions before them."""
    instruments, actors = codebook.codes("instruments"), codebook.codes("actors")
    mentions: list[_Mention] = []
    kinds: list[str] = []  # of which kind of instrument each mention is; empty for an actor
    named: dict[str, int] = {}  # of each kind the last mention with a name, or pointed back to before
    known: dict[str, int] = {}  # and the last of all
    for match in matches:
        code, row = match.rule.code, match.rule.row
        antecedent, of_kind = None, ""
        if code == ANAPHOR:
            wanted = row["kinds"].split(";")
            nearest = (max((seen[kind] for kind in wanted if kind in seen), default=None) for seen in (named, known))
            antecedent = next((index for index in nearest if index is not None), None)
            if antecedent is not None:
                of_kind = kinds[antecedent]
            entity, kind = ("" if antecedent is None else mentions[antecedent].entity_id), "instrument"
        elif code in actors:
            entity, kind = code, actors[code]["kind"]
        else:
            groups = [value for value in match.words.groups() if value]
            entity, kind = code.replace("*", "-".join(groups) or match.words[0].strip("《》")), "instrument"
            of_kind = row["kinds"] or instruments[code]["kind"]
        is_example = of_kind in named and _AS_EXAMPLE[lang].search(text, max(match.start - _NEAR, 0), match.start)
        if not is_example:  # what is spoken of goes on being the one before
            if row["form"] != "generic":
                named[of_kind] = len(mentions)
            known[of_kind] = len(mentions)
        kinds.append(of_kind)
        mentions.append(_Mention(match.start, match.end, entity, kind, row["form"], antecedent, match.rule.rule_id))
    return mentions


# ---- articles -------------------------------------------------------------------------------------------------------

_NUMBER = r"(\d{1,4}|[零一二三四五六七八九十百]+)"
_LOCATOR = re.compile(
    rf"第{_NUMBER}(?P<unit>条|段)(?:第{_NUMBER}款)?(?:第?[(（](?P<letter>[a-z]{{1,2}})[)）]项)?"
    r"|\b(?P<en>art(?:icle|\.)|para(?:graph|\.))\s?(?P<n>\d+)(?:\s?\((?P<p>\d+)\))?(?:\s?\((?P<l>[a-z])\))?"
)
_OF = re.compile(r",?\sof\s(?:the\s)?", re.I)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def _number(digits: str) -> int:
    """十八 → 18, 三十 → 30, 一百零五 → 105."""
    if digits.isdigit():
        return int(digits)
    total = rest = 0
    for digit in digits:
        if digit in "十百":
            total, rest = total + (rest or 1) * (10 if digit == "十" else 100), 0
        else:
            rest = _DIGITS[digit]
    return total + rest


def _locators(text: str, mentions: list[_Mention], owners: list[int], spans: list[tuple[int, int, str]]) -> list[str]:
    """For each mention the articles and paragraphs that the rest of its sentence cites before another instrument."""
    located: list[list[str]] = [[] for _ in mentions]
    at = 0
    instruments = [index for index, mention in enumerate(mentions) if mention.kind == "instrument"]
    for citation in _LOCATOR.finditer(text, spans[0][0], spans[-1][1]) if instruments else ():
        while at < len(instruments) and mentions[instruments[at]].end <= citation.start():
            at += 1
        owner = instruments[at - 1] if at else None
        if at < len(instruments) and _OF.fullmatch(text, citation.end(), mentions[instruments[at]].start):
            owner = instruments[at]  # article 18 (3) of the Convention
        if owner is not None and citation.end() <= spans[owners[owner]][1]:
            located[owner].append(_locator(citation))
    return ["; ".join(dict.fromkeys(locators)) if locators else "" for locators in located]


def _locator(citation: re.Match[str]) -> str:
    kind = "art." if (citation["unit"] or citation["en"]).startswith(("条", "a")) else "para."
    number, paragraph = citation["n"] or _number(citation[1]), citation["p"] or (citation[3] and _number(citation[3]))
    return f"{kind} {number}" + "".join(
        f"({part})" for part in (paragraph, citation["l"] or citation["letter"]) if part
    )
