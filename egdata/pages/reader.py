"""The reader page: a report in one HTML file, to read with its coding, the evidence for it, and to correct it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from egdata.analysis.contested import find_contested, find_contrasts
from egdata.analysis.network import instrument_labels
from egdata.base.errors import EgdataError, check_option
from egdata.base.frames import grouped_records, records
from egdata.base.output import write_file
from egdata.base.vocabulary import ANAPHOR, LANGS, REPORT_ID, VOICES
from egdata.codebook.codebook import Codebook
from egdata.coding.alignment import align_sentences
from egdata.coding.coding import Coding, coding_of, report_of
from egdata.coding.corrections import NOTES, QUOTE, STATEMENT, decided_words, written_sids
from egdata.coding.scoring import CODES, SID
from egdata.coding.speakers_named import NAMED, SPEAKER
from egdata.pages.fonts import han_font
from egdata.pages.templates import asset, template
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import pandas as pd

#: What rows can be filtered by, in the order of the page, and the code table that has the labels, if one has.
FACETS = {
    "issue": "issues",
    "stance": "stances",
    "holder": "holders",
    "actor": "actors",
    "voice": "voices",
    "instrument": "instruments",
    "theme": "themes",
    "certainty": None,
    "opinion": None,
    "coder": None,
    "decided": None,
    "differs": None,
}
OPEN_FACETS = ("issue", "stance", "holder")
#: The keys of the page, with the word that says what they do.
SHORTCUTS = (
    (("j", "k"), "keyNext"),
    (("Enter",), "accept"),
    (("1", "2", "3", "4"), "keyStance"),
    (("h", "a", "i", "m", "e", "t", "c"), "keyField"),
    (("+",), "add"),
    (("d",), "others"),
    (("A",), "acceptAll"),
    (("x",), "away"),
    (("u",), "undo"),
    (("U",), "redo"),
    (("s",), "download"),
    (("S",), "downloadExcel"),
    (("o",), "open"),
    (("/",), "keySearch"),
    (("f",), "keyFilter"),
    (("Esc",), "keyClose"),
    (("?",), "keyHelp"),
)
#: The script of the page: modules, each after those that it imports.
_MODULES = ("dom", "sentences", "sheet", "workbook", "review", "queue", "editor", "page", "reader")
#: What a sheet may say of a row that the page shows.
_OF_SHEET = (SID, *CODES, STATEMENT, QUOTE, *NOTES)


class Parts(NamedTuple):
    """What the page is made of, for a file or a widget."""

    style: str
    script: str
    body: str
    data: dict[str, Any]


@one_report
def reader_page(
    report: Report | Coding,
    lang: str = "en",
    codebook: Codebook | None = None,
    *,
    others: Mapping[str, Coding] | None = None,
) -> str:
    """Make a page to read a report with its coding, and to correct it.

    Parameters
    ----------
    report : Report or Coding
        A coding that a person has corrected opens with these corrections.
    lang : {'en', 'zh'}
        Language of the page when it opens; a reader can change it.
    codebook : Codebook, optional
    others : dict of str to Coding, optional
        Codings of the same report by other coders, or of its version in another language, by their names. Where they
        differ stands first in the queue, with their words, and their side can be taken.

    Returns
    -------
    str
        HTML that needs nothing outside itself. The text of the report is escaped everywhere, and no other script than
        that of the page can run.

    Raises
    ------
    EgdataError
        If another coding is of another text in the same language.

    Notes
    -----
    Counts are statements, so that those of the facets agree: a statement has the themes and instruments of its
    sentence, as in a coding sheet.

    The page keeps corrections in the browser, by the text and the codes of the codebook, and saves them as the coding
    sheet that ``corrections`` of :func:`egdata.code` takes. Beside its columns stand ``actor``, ``note``, and
    ``decided``: ``right`` as it was found, ``changed``, or empty.
    """
    parts = reader_parts(report, lang, codebook, others)
    meta = report_of(report).meta
    data = _json(parts.data)
    style = han_font(parts.body + data).decode() + parts.style
    return template("reader.html").render(
        lang=lang,
        title=meta["symbol"] or meta["report_id"],
        body=parts.body,
        data=data,
        style=style,
        script=parts.script,
        hashes={"style": _hash(style), "script": _hash(parts.script)},
    )


@one_report
def write_reader(
    report: Report | Coding,
    file: str | Path,
    lang: str = "en",
    codebook: Codebook | None = None,
    *,
    others: Mapping[str, Coding] | None = None,
) -> None:
    """Write the page of :func:`reader_page` as one file.

    Raises
    ------
    EgdataError
        As :func:`reader_page` does.
    TableError
        If the file cannot be written. What stood there before is then whole.
    """
    write_file(Path(file), reader_page(report, lang, codebook, others=others).encode())


def reader_parts(
    source: Report | Coding,
    lang: str = "en",
    codebook: Codebook | None = None,
    others: Mapping[str, Coding] | None = None,
) -> Parts:
    """Style, script, body and data of the page of :func:`reader_page`."""
    check_option("lang", lang, LANGS)
    corrected = coding_of(source, codebook)
    coding = corrected.before or corrected
    report, codebook = coding.report, coding.codebook
    mentions = _mentions(report, coding.mentions)
    statements = _statements(coding, mentions)
    _link(statements, find_contrasts(coding))
    words = json.loads(asset("words.json"))
    others = others or {}
    _check_others(coding, others)
    contested = find_contested(coding)
    data = {
        "lang": lang,
        "key": _key(report, codebook),
        "report_id": report.meta[REPORT_ID],
        "words": {name: words[name] | {"byPerson": decided_words(corrected.n_decided, name)} for name in LANGS},
        "codes": words["codes"] | _codes(codebook),
        "entities": _entities(mentions, codebook),
        "statements": statements,
        "mentions": mentions,
        "sentences": _sentences(coding, dict(records(corrected.positions, "position_id", "second_opinion"))),
        "contested": list(contested.loc[contested["is_contested"], "issue_id"]),
        "coders": [coding.coder, *others],
        "opinions": {
            name: (_opinions if other.report.lang == report.lang else _opinions_of_version)(coding, other)
            for name, other in others.items()
        },
        "sheet": None if corrected.corrections is None else _records(corrected.corrections),
        "written": [] if corrected.corrections is None else written_sids(corrected.corrections),
    }
    body = template("body.html").render(
        report=report,
        blocks=_blocks(report, statements, mentions),
        facets=FACETS,
        open_facets=OPEN_FACETS,
        shortcuts=SHORTCUTS,
        status=[voice for voice in VOICES if voice in set(report.units["voice"])],
    )
    return Parts(asset("reader.css"), _script(), body, data)


def _script() -> str:
    """The modules as one, since a page on a disk may not load others."""
    text = "\n".join(asset(f"{name}.js") for name in _MODULES)
    return re.sub(r"^(?:import .*\n|export (?!default))", "", text, flags=re.MULTILINE)


# ---- data of the page ------------------------------------------------------------------------------------------------


def _mentions(report: Report, mentions: pd.DataFrame) -> list[dict[str, Any]]:
    """The mentions in text order, each with the place it is cited by."""
    units = report.sentences.set_index("sentence_id")["unit_id"].to_dict()
    notes = report.footnotes.set_index("footnote_id")["unit_id"].to_dict()
    rows = []
    for row in mentions.sort_values("start", kind="stable").to_dict("records"):
        unit = units.get(row["sentence_id"]) or notes.get(row["footnote_id"], "")
        note = f", footnote {row['footnote_id']}" if row["footnote_id"] else ""
        names = ("entity_id", "kind", "form", "locator", "quote", "rule_id", "start", "end")
        rows.append({name: row[name] for name in names} | {"citation": report.citation(unit) + note})
    return rows


def _statements(coding: Coding, mentions: list[dict]) -> list[dict[str, Any]]:
    """The statements in text order, with the evidence for them."""
    places = coding.places[["unit_id", "voice"]].to_dict("index")
    starts = [mention["start"] for mention in mentions]
    rows: list[dict[str, Any]] = []
    first: dict[tuple[int, int], int] = {}  # holders who join another have one stretch with them
    optional = ("holder_quote", "verb", "rule_id")
    ordered = coding.statements.sort_values("start", kind="stable").fillna(dict.fromkeys(optional, ""))
    for row in ordered.to_dict("records"):
        place = places[row["sentence_id"]]
        rows.append(
            {
                **{name: row[name] for name in ("statement_id", "quote", "start", "end", *optional)},
                "sid": row["sentence_id"],
                "voice": place["voice"],
                "citation": coding.report.citation(place["unit_id"]),
                "mentions": list(range(bisect_left(starts, row["start"]), bisect_left(starts, row["end"]))),
                "contrasts": [],
                "shown_at": first.setdefault((row["start"], row["end"]), len(rows)),
            }
        )
    return rows


def _sentences(coding: Coding, opinions: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sentences as the page lets them be changed: what belongs to each, and a row for each statement and position.

    Modality, instruments and themes are those of the sentence, as in a coding sheet. ``further`` are instruments that
    are no codes of the codebook. What a second coder says may be told of the corrected positions, by their ids.
    """
    positions: dict[str, list[dict]] = {}
    for row in coding.positions.to_dict("records"):
        row["second_opinion"] = row["second_opinion"] or opinions.get(row["position_id"], "")
        positions.setdefault(row["statement_id"], []).append(row)
    named = coding.actors[coding.actors["node_type"].isin(NAMED)]
    actors, beside = (
        part.groupby("statement_id", sort=False)["actor_id"].unique().map(list).to_dict()
        for part in (named[named["role"].eq(SPEAKER)], named[named["role"].ne(SPEAKER)])
    )
    themes = coding.themes.groupby("sentence_id", sort=False)["theme_id"].agg(list).to_dict()
    mentions = coding.mentions[coding.mentions["kind"].eq("instrument") & coding.mentions["entity_id"].ne("")]
    instruments = mentions.groupby("sentence_id", sort=False)["entity_id"].unique().to_dict()
    known = coding.codebook.codes("instruments")
    places = coding.places.to_dict("index")
    texts = coding.report.sentences.set_index("sentence_id")["text"].to_dict()
    sentences: dict[str, dict[str, Any]] = {}
    for statement in coding.statements.to_dict("records"):
        sid, name = statement["sentence_id"], statement["statement_id"]
        if sid not in sentences:
            spoken_of = list(instruments.get(sid, ()))
            sentences[sid] = {
                "sid": sid,
                "section": places[sid]["section_id"],
                "voice": places[sid]["voice"],
                "citation": coding.report.citation(places[sid]["unit_id"]),
                "text": texts[sid],
                "gloss_en": coding.report.glosses.get(sid, ""),
                "modality": statement["modality"],
                "instruments": [code for code in spoken_of if code in known],
                "further": [code for code in spoken_of if code not in known],
                "themes": themes.get(sid, []),
                "rows": [],
            }
        about = {"statement": name, "holder": statement["holder"], "actor": actors.get(name, [])}
        about["beside"] = beside.get(name, [])  # found by the filter, but no speakers to correct
        sentences[sid]["rows"] += [about | _row(row) for row in positions.get(name, [{"quote": statement["quote"]}])]
    return [sentences[sid] for sid in coding.report.sentences["sentence_id"] if sid in sentences]


def _row(position: dict[str, Any]) -> dict[str, Any]:
    """One row of the page; of a statement without a position only its words are given."""
    told = ("stance", "quote", "rule_id", "certainty", "second_opinion")
    undecided = {"removed": False, "decided": False, "note": ""}
    return {"issue": position.get("issue_id", "")} | {name: position.get(name, "") for name in told} | undecided


def _check_others(coding: Coding, others: Mapping[str, Coding]) -> None:
    for name, other in others.items():
        if name == coding.coder:
            raise EgdataError(f"another coder is called {name!r}, which is who coded this; give it another name")
        if other.report.lang == coding.report.lang and other.report.text != coding.report.text:
            raise EgdataError(f"these are codings of two texts: {coding.report.name} and {other.report.name}")


Opinions = dict[str, dict[str, list[str]]]  # statement → issue → stance and words


def _opinions(_: Coding, other: Coding) -> Opinions:
    """What another coder says of the statements, without those of which it said nothing."""
    statements = records(other.statements, "statement_id", "sentence_id")
    said: Opinions = {name: {} for name, sid in statements if sid not in other.left_out}
    for name, issue, stance, quote in records(other.positions, "statement_id", "issue_id", "stance", "quote"):
        said.setdefault(name, {})[issue] = [stance, quote]
    return said


def _opinions_of_version(coding: Coding, version: Coding) -> Opinions:
    """What another language version says of the statements of the sentences that say the same.

    Of several statements that may be meant it is one with the same holder, or else with a position on the issue.
    """
    own = grouped_records(coding.statements, "sentence_id", "statement_id", "holder")
    held = set(records(coding.positions, "statement_id", "issue_id"))
    theirs = grouped_records(version.positions, "sentence_id", "holder", "issue_id", "stance", "quote")
    said: Opinions = {}
    for left, right in align_sentences(coding.report, version.report):
        meant = [statement for sid in left for statement in own.get(sid, ())] if right else []
        said |= {name: {} for name, _ in meant}
        for holder, issue, stance, quote in (row for sid in right if meant for row in theirs.get(sid, ())):
            name, _ = min(meant, key=lambda statement: (statement[1] != holder, (statement[0], issue) not in held))
            said[name].setdefault(issue, [stance, quote])
    return said


def _records(sheet: pd.DataFrame) -> list[dict[str, str]]:
    """A person's sheet, its cells as text."""
    table = sheet[[name for name in _OF_SHEET if name in sheet.columns]]
    return table.astype(object).where(table.notna(), "").astype(str).to_dict("records")


def _key(report: Report, codebook: Codebook) -> str:
    """Under what a browser keeps corrections: the text, and the codes that they are made of."""
    codes = [list(codebook.codes(table)) for table in CODES.values()]
    return hashlib.sha256(json.dumps([report.text, codes]).encode()).hexdigest()[:16]


def _link(statements: list[dict], contrasts: pd.DataFrame) -> None:
    """Tell both statements of a contrast of each other."""
    numbers = {statement["statement_id"]: number for number, statement in enumerate(statements)}
    pairs = contrasts[["from_id", "to_id"]].drop_duplicates().itertuples(index=False)
    for left, right in pairs:
        statements[numbers[left]]["contrasts"].append(numbers[right])
        statements[numbers[right]]["contrasts"].append(numbers[left])


def _codes(codebook: Codebook) -> dict[str, dict[str, dict[str, str]]]:
    """For each facet the codes that a person can choose, in the order of the codebook, with their labels."""
    tables = {facet: table for facet, table in FACETS.items() if table} | {"modality": "modalities"}
    by_facet = {facet: _labels(codebook, table) for facet, table in tables.items()}
    return {
        facet: {code: label for code, label in labels.items() if code != ANAPHOR and not code.endswith("*")}
        for facet, labels in by_facet.items()
    }


def _labels(codebook: Codebook, table: str) -> dict[str, dict[str, str]]:
    return {
        code: {"en": row["label_en"], "zh": row["label_zh"], "definition": row["definition"]}
        for code, row in codebook.codes(table).items()
    }


def _entities(mentions: list[dict], codebook: Codebook) -> dict[str, dict[str, str]]:
    """The labels of all that is mentioned."""
    labels = _labels(codebook, "actors")
    codes = dict.fromkeys(mention["entity_id"] for mention in mentions if mention["entity_id"])
    for code in codes.keys() - labels:
        english, chinese = instrument_labels(code, codebook)
        labels[code] = {"en": english, "zh": chinese, "definition": ""}
    return {code: labels[code] for code in codes}


# ---- text of the page ------------------------------------------------------------------------------------------------


def _blocks(report: Report, statements: list[dict], mentions: list[dict]) -> list[dict[str, Any]]:
    """Headings, units and footnotes in text order; the text of each is cut where something begins or ends."""
    blocks = []
    marks = _Marks(report, statements, mentions)
    for row in report.sections.to_dict("records"):
        if row["level"]:
            level = min(row["level"] + 1, 6)
            blocks.append({"kind": "section", "id": row["section_id"], "level": level, "start": row["start"]})
            blocks[-1]["pieces"] = [{"statement": None, "parts": [{"mention": None, "text": row["text"]}]}]
    for kind, table, key in (("unit", report.units, "unit_id"), ("footnote", report.footnotes, "footnote_id")):
        for row in table.to_dict("records"):
            name = row[key] if kind == "unit" else f"fn{row[key]}"
            blocks.append({"kind": kind, "id": name, "label": row[key], "start": row["start"]})
            blocks[-1] |= {"is_item": bool(row.get("item")), "pieces": marks.pieces(row["start"], row["end"])}
    return sorted(blocks, key=lambda block: block["start"])


class _Marks:
    """Where statements, mentions and the anchors of footnotes stand in the text."""

    def __init__(self, report: Report, statements: list[dict], mentions: list[dict]) -> None:
        self.text = report.text
        self.statements, self.mentions = _Rows(statements), _Rows(mentions)
        anchors = report.footnotes[["anchor", "footnote_id"]].dropna().itertuples(index=False)
        self.notes = {int(anchor): note for anchor, note in anchors}
        self.anchors = sorted(self.notes)

    def pieces(self, start: int, end: int) -> list[dict[str, Any]]:
        """Stretches of one statement or of none, each cut into stretches of one mention or of none.

        A stretch also ends at the anchor of a footnote, whose link stands behind it and is no part of the statement.
        """
        pieces = []
        for statement, first, last in self.statements.stretches(start, end):
            anchors = self.anchors[bisect_right(self.anchors, first) : bisect_left(self.anchors, last)]
            for begin, stop in itertools.pairwise([first, *anchors, last]):
                parts = [
                    {"mention": mention, "text": self.text[a:b]}
                    for mention, a, b in self.mentions.stretches(begin, stop)
                ]
                pieces.append({"statement": statement, "parts": parts, "note": self.notes.get(stop)})
        return pieces


class _Rows:
    """Rows in the order of their starts, so that those of a span are found without a look at the others."""

    def __init__(self, rows: list[dict]) -> None:
        self.rows = rows
        self.starts = [row["start"] for row in rows]
        self.reach = list(itertools.accumulate((row["end"] for row in rows), max))  # of each row and those before it

    def stretches(self, start: int, end: int) -> list[tuple[int | None, int, int]]:
        """A span cut into those of the rows and those of none between them; of rows that overlap the first counts."""
        stretches: list[tuple[int | None, int, int]] = []
        for number in range(bisect_right(self.reach, start), bisect_left(self.starts, end)):
            first, last = max(self.starts[number], start), min(self.rows[number]["end"], end)
            if first < last:
                stretches += [(None, start, first), (number, first, last)]
                start = last
        return [stretch for stretch in (*stretches, (None, start, end)) if stretch[1] < stretch[2]]


# ---- embedding -------------------------------------------------------------------------------------------------------


def _json(data: Any) -> str:
    """JSON for a script element: no text in it can end the element or begin another."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))


_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def _hash(content: str) -> str:
    """What the page's policy allows to run: this script and this style, no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
