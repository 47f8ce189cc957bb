"""The reader page: a report in one HTML file, with every statement and mention marked, filters, and the evidence."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egdata.analysis.contested import find_contrasts
from egdata.analysis.network import instrument_labels
from egdata.base.errors import check_option
from egdata.base.output import write_file
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.corrections import decided_words
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

#: What statements can be filtered by, in the order of the page, and the code table that has the labels.
FACETS = {
    "issue": "issues",
    "stance": "stances",
    "holder": "holders",
    "voice": "voices",
    "instrument": "instruments",
    "theme": "themes",
}
#: Voices whose status the page states, since nobody may take them for decisions.
STATUS = ("proposals", "chair-summary")
_PAGE = Path(__file__).parent / "assets"


@one_report
def reader_page(
    report: Report | Coding,
    lang: str = "en",
    codebook: Codebook | None = None,
) -> str:
    """Make a page to read a report with its coding.

    Parameters
    ----------
    report : Report or Coding
    lang : {'en', 'zh'}
        Language of the page when it opens; a reader can change it.
    codebook : Codebook, optional

    Returns
    -------
    str
        HTML that needs nothing outside itself. The text of the report is escaped everywhere, and no other script than
        that of the page can run.

    Notes
    -----
    Counts are statements, so that those of the facets agree: a statement has a theme if its sentence has it, and an
    instrument if it refers to it.
    """
    import jinja2

    check_option("lang", lang, ("en", "zh"))
    coding = coding_of(report, codebook)
    report, codebook = coding.report, coding.codebook
    style, script = ((_PAGE / name).read_text(encoding="utf-8") for name in ("reader.css", "reader.js"))
    mentions = _mentions(report, coding.mentions)
    statements = _statements(coding, mentions)
    _link(statements, find_contrasts(coding))
    words = json.loads((_PAGE / "words.json").read_text(encoding="utf-8"))
    data = {
        "lang": lang,
        "words": {name: told | {"decided": decided_words(coding.n_decided, name)} for name, told in words.items()},
        "facets": _facets(statements, codebook),
        "modalities": _labels(codebook, "modalities"),
        "entities": _entities(mentions, codebook),
        "statements": statements,
        "mentions": mentions,
    }
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((_PAGE / "reader.html").read_text(encoding="utf-8"))
    return template.render(
        lang=lang,
        report=report,
        blocks=_blocks(report, statements, mentions),
        data=_json(data),
        facets=FACETS,
        decided=coding.n_decided,
        status=[voice for voice in STATUS if voice in set(report.units["voice"])],
        style=style,
        script=script,
        hashes={"style": _hash(style), "script": _hash(script)},
    )


@one_report
def write_reader(report: Report | Coding, file: str | Path, lang: str = "en", codebook: Codebook | None = None) -> None:
    """Write the page of :func:`reader_page` as one file.

    Raises
    ------
    TableError
        If the file cannot be written. What stood there before is then whole.
    """
    write_file(Path(file), reader_page(report, lang, codebook).encode())


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
    """The statements in text order with all that the page filters by and shows."""
    places = coding.places[["unit_id", "voice"]].to_dict("index")
    themes = coding.themes.groupby("sentence_id", sort=False)["theme_id"].agg(list).to_dict()
    positions: dict[str, list[dict]] = {}
    for row in coding.positions.to_dict("records"):
        shown = {"issue": row["issue_id"], **{name: row[name] for name in ("stance", "quote", "rule_id", "citation")}}
        positions.setdefault(row["statement_id"], []).append(shown)
    starts = [mention["start"] for mention in mentions]
    rows: list[dict[str, Any]] = []
    first: dict[tuple[int, int], int] = {}  # holders who join another have one stretch with them
    for row in coding.statements.sort_values("start", kind="stable").to_dict("records"):
        place = places[row["sentence_id"]]
        inside = list(range(bisect_left(starts, row["start"]), bisect_left(starts, row["end"])))
        instruments = [mentions[number]["entity_id"] for number in inside if mentions[number]["kind"] == "instrument"]
        rows.append(
            {
                **{name: row[name] for name in ("statement_id", "holder", "modality", "quote", "start", "end")},
                **{name: _text(row[name]) for name in ("holder_quote", "verb", "rule_id")},
                "voice": place["voice"],
                "citation": coding.report.citation(place["unit_id"]),
                "positions": positions.get(row["statement_id"], []),
                "mentions": inside,
                "contrasts": [],
                "shown_at": first.setdefault((row["start"], row["end"]), len(rows)),
                "instrument": [entity for entity in dict.fromkeys(instruments) if entity],
                "theme": themes.get(row["sentence_id"], []),
            }
        )
    return rows


def _link(statements: list[dict], contrasts: pd.DataFrame) -> None:
    """Tell both statements of a contrast of each other."""
    numbers = {statement["statement_id"]: number for number, statement in enumerate(statements)}
    pairs = contrasts[["from_id", "to_id"]].drop_duplicates().itertuples(index=False)
    for one, other in pairs:
        statements[numbers[one]]["contrasts"].append(numbers[other])
        statements[numbers[other]]["contrasts"].append(numbers[one])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _facets(statements: list[dict], codebook: Codebook) -> dict[str, dict[str, dict[str, str]]]:
    """For each facet the codes that occur, in the order of the codebook, with their labels."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for facet, table in FACETS.items():
        codes = dict.fromkeys(code for statement in statements for code in _codes(statement, facet) if code)
        known = _labels(codebook, table)
        order = [code for code in known if code in codes] + [code for code in codes if code not in known]
        found[facet] = {code: known.get(code) or _instrument(code, codebook) for code in order}
    return found


def _codes(statement: dict, facet: str) -> Iterable[str]:
    if facet in ("issue", "stance"):
        return [position[facet] for position in statement["positions"]]
    value = statement[facet]
    return value if isinstance(value, list) else [value]


def _labels(codebook: Codebook, table: str) -> dict[str, dict[str, str]]:
    return {
        code: {"en": row["label_en"], "zh": row["label_zh"], "definition": row["definition"]}
        for code, row in codebook.codes(table).items()
    }


def _instrument(code: str, codebook: Codebook) -> dict[str, str]:
    english, chinese = instrument_labels(code, codebook)
    return {"en": english, "zh": chinese, "definition": ""}


def _entities(mentions: list[dict], codebook: Codebook) -> dict[str, dict[str, str]]:
    """The labels of all that is mentioned."""
    actors = _labels(codebook, "actors")
    codes = dict.fromkeys(mention["entity_id"] for mention in mentions if mention["entity_id"])
    return {code: actors.get(code) or _instrument(code, codebook) for code in codes}


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
        found: list[tuple[int | None, int, int]] = []
        for number in range(bisect_right(self.reach, start), bisect_left(self.starts, end)):
            first, last = max(self.starts[number], start), min(self.rows[number]["end"], end)
            if first < last:
                found += [(None, start, first), (number, first, last)]
                start = last
        return [stretch for stretch in (*found, (None, start, end)) if stretch[1] < stretch[2]]


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
