"""The one schema of every table, and what is generated from it: data package, dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from egdata.base.vocabulary import (
    ACTOR_TYPES,
    CERTAINTIES,
    IDENTITIES,
    KINDS,
    LANGS,
    LEFT_OUT,
    NO_HOLDER,
    OPINIONS,
    POLARITIES,
    RELATIONS,
    REPORT_ID,
    ROLES,
    TRENDS,
)

Schema = Mapping[str, "Table"]
TEXT_FILE = "report.txt"


@dataclass(frozen=True)
class Column:
    """One column: what it holds and what it may hold."""

    name: str
    type: str  # 'string', 'integer', 'number' or 'boolean', as in Frictionless
    meaning: str
    unit: str = ""
    required: bool = True
    minimum: int | None = None
    one_of: tuple[str, ...] = ()
    refers: str = ""  # the table whose key it names

    @property
    def dtype(self) -> str:
        """The dtype in a frame; only an integer that may be missing needs an extension type."""
        kinds = {"string": "str", "number": "float64", "boolean": "bool"}
        return kinds.get(self.type, "int64" if self.required else "Int64")


@dataclass(frozen=True)
class Table:
    """One table: its grain, key and columns, and how its spans of text lie."""

    row: str  # what one row is
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    spans: tuple[tuple[str, str, str], ...] = ()  # (start, end, column with the words between them)
    inside: tuple[str, ...] = ()  # reference columns whose row has a span that holds this row's span
    compound: tuple[tuple[tuple[str, ...], str], ...] = ()  # (columns, table) of references by several columns

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def references(self) -> list[tuple[tuple[str, ...], str]]:
        """The columns that together name the key of another table, and that table."""
        return [*(((column.name,), column.refers) for column in self.columns if column.refers), *self.compound]


def _text(name: str, meaning: str, **more) -> Column:
    return Column(name, "string", meaning, **more)


def _maybe(name: str, meaning: str, **more) -> Column:
    return Column(name, "string", meaning, required=False, **more)


def _count(name: str, meaning: str, unit: str, minimum: int = 0, required: bool = True) -> Column:
    return Column(name, "integer", meaning, unit, required, minimum)


def _measure(name: str, meaning: str, unit: str = "", minimum: int | None = None) -> Column:
    return Column(name, "number", meaning, unit, required=False, minimum=minimum)


def _span(words: Column, prefix: str = "", required: bool = True) -> tuple[Column, Column, Column]:
    """``start`` and ``end`` into report.txt, and the words between them."""
    return (
        _count(f"{prefix}start", "first code point in report.txt, from 0", "code points", 0, required),
        _count(f"{prefix}end", "code point after the last one", "code points", 1, required),
        words,
    )


_WORDS = _text("quote", "the words themselves, verbatim")
_SPAN = ("start", "end", "quote")
_RULE_ID = _text("rule_id", "the codebook's rule that found it; `person` where a person added it")
_VOICE = _text("voice", "status of the text: who answers for it", refers="voices")
_ROLES = (
    *("member-state", "observer-state", "organization", "observer", "panellist", "chair", "vice-chair"),
    "spoken-for",
)
_IDENTITY = _text(
    "identity",
    "policy, when two holders are one actor. `mention`: if an anaphor links them; `unit`: also if they are of one "
    "class and stand in one unit; `merged`: if they are of one class",
    one_of=IDENTITIES,
)
_BY_ANY = _text("coded_by", "who decided: `rules`, `person`, or the name of another coder")
_CODED_BY = _text("coded_by", "who decided: the rules, or a person's correction", one_of=("rules", "person"))


def _codes(row: str, *extra: Column) -> Table:
    labels = (
        _text("id", "the code"),
        _text("label_en", "name in English"),
        _text("label_zh", "name in Chinese"),
        _text("definition", "what is coded so"),
    )
    return Table(row, ("id",), (*labels, *extra))


#: Every table that is written, in the order in which the tables refer to one another for a reader.
SCHEMA: dict[str, Table] = {
    "sections": Table(
        "heading; the title is level 0",
        ("section_id",),
        (
            _text(
                "section_id",
                "labels from the top, Roman at level 1: `II.A`; named headings by name: `annex-I.rule-4`; "
                "headings without a label counted: `III.h1`; `0` is the title",
            ),
            _count("level", "depth of the heading; 0 is the title", "levels"),
            _maybe("label", "number or letter as printed"),
            _text("title", "heading without its label"),
            _VOICE,
            *_span(_text("text", "heading as it stands in report.txt")),
        ),
        spans=(("start", "end", "text"),),
    ),
    "units": Table(
        "paragraph or lettered item",
        ("unit_id",),
        (
            _text(
                "unit_id",
                "paragraph and letter as cited: `13(b)`; where the numbers begin again, behind their heading: "
                "`annex-I/3`; without a number, counted under its heading: `III.A/u2`, `0/u1` before any",
            ),
            _maybe("section_id", "section it stands in, if there is one", refers="sections"),
            _count("para", "number of the paragraph; 0 if it has none", "paragraphs"),
            _maybe("item", "letter of the item; empty for a paragraph"),
            _VOICE,
            *_span(_text("text", "its text with its number")),
        ),
        spans=(("start", "end", "text"),),
    ),
    "sentences": Table(
        "sentence; with the ledger that says how it is coded or why it is not",
        ("sentence_id",),
        (
            _text("sentence_id", "unit and place in it, from 1: `13(b)#2`"),
            _text("unit_id", "unit it stands in", refers="units"),
            *_span(_text("text", "its text without the number of the unit")),
            _text("status", "`coded` if it carries a position", one_of=("coded", "uncoded")),
            _maybe(
                "reason",
                "why it carries none. `no-issue`: it reports a view or asks for something, but on none of "
                "the issues; `list-head`: it only opens a list; `no-view`: it asks for nothing and reports nobody "
                "(a fact, an assessment, a procedure). Of a coder other than the rules also `no-answer`: it left a "
                "statement out; `refused`: its answer did not fit the codebook or the text",
                one_of=("", "no-issue", "list-head", "no-view", *LEFT_OUT),
            ),
        ),
        spans=(("start", "end", "text"),),
        inside=("unit_id",),
    ),
    "footnotes": Table(
        "footnote",
        ("footnote_id",),
        (
            _text("footnote_id", "number as printed; in an annex that begins again at 1, behind it: `annex-I/1`"),
            _maybe("unit_id", "unit that its anchor stands in, if there is one", refers="units"),
            _count("anchor", "where its anchor stood in report.txt", "code points", required=False),
            *_span(_text("text", "its text without its number")),
        ),
        spans=(("start", "end", "text"),),
    ),
    "mentions": Table(
        "mention of an instrument, body, State or group of States",
        ("mention_id",),
        (
            _text("mention_id", "sentence or footnote, and place in it: `21#1/m2`"),
            _maybe("sentence_id", "sentence it stands in; empty in a footnote", refers="sentences"),
            _maybe("footnote_id", "footnote it stands in; empty in a sentence", refers="footnotes"),
            _maybe(
                "entity_id",
                "what is mentioned: an id of `instruments` or `actors`; for a resolution outside the "
                "codebook organ and number (`ga-55-63`); `title-` and an unknown title; empty if unresolved",
            ),
            _text("kind", "what kind of thing that is", one_of=("instrument", "body", "state", "group")),
            _text("form", "how it is referred to", one_of=("named", "short", "generic", "anaphor")),
            _maybe("locator", "articles and paragraphs cited, `; ` between them: `art. 18(3)`"),
            _maybe("antecedent_id", "the mention that an anaphor points back to", refers="mentions"),
            *_span(_WORDS),
            _RULE_ID,
            _CODED_BY,
        ),
        spans=(_SPAN,),
        inside=("sentence_id", "footnote_id"),
    ),
    "statements": Table(
        "sentence × holder",
        ("statement_id",),
        (
            _text("statement_id", "sentence, and place in it"),
            _text("sentence_id", "sentence it stands in", refers="sentences"),
            _text("holder", "who is said to hold the view", refers="holders"),
            _count("holder_rank", "place on the scale from one to general, if any", "rank", 1, False),
            *_span(_maybe("holder_quote", "the words that name the holder"), "holder_", required=False),
            _maybe("group_id", "statement that introduced this group of speakers", refers="statements"),
            _maybe("antecedent_id", "statement whose holder an anaphor points back to", refers="statements"),
            _maybe("verb", "the reporting verb"),
            _text("modality", "strongest operative word of the sentence", refers="modalities"),
            Column("is_contrast", "boolean", "whether its words set the holder against one before"),
            *_span(_WORDS),
            _maybe(
                "rule_id",
                "the codebook's rule that found the holder; `learnt` where weights did, `person` for an added one",
            ),
            _CODED_BY,
        ),
        spans=(_SPAN, ("holder_start", "holder_end", "holder_quote")),
        inside=("sentence_id",),
    ),
    "actors_of_statements": Table(
        "statement × actor × predicate",
        ("statement_id", "actor_id", "role", "predicate_start"),
        (
            _text("statement_id", "statement that the actor takes part in", refers="statements"),
            _text("sentence_id", "sentence it stands in", refers="sentences"),
            _text(
                "actor_id",
                "an id of `actors`; the name as printed of whom the codebook does not know; for an anonymous class the "
                "statement that introduced the group",
            ),
            _text(
                "node_type", "what kind of actor", one_of=tuple(kind for kind in ACTOR_TYPES if kind not in NO_HOLDER)
            ),
            _text("name_en", "name in English"),
            _text("name_zh", "name in Chinese"),
            _text(
                "role",
                "`speaker`; `on-behalf-of` and `with`: for or with whom the speaker speaks; `supporter`; `opponent`",
                one_of=ROLES,
            ),
            *_span(_maybe("predicate", "verb of the statement, for supporters and opponents too"), "predicate_", False),
            _text("polarity", "of the predicate, reversed for an opponent", one_of=POLARITIES),
            _maybe("message", "the words of what is said"),
            *_span(_text("quote", "the words that name the actor; a pronoun where it points back")),
        ),
        spans=(_SPAN, ("predicate_start", "predicate_end", "predicate")),
        inside=("sentence_id",),
    ),
    "positions": Table(
        "statement × issue",
        ("position_id",),
        (
            _text("position_id", "statement and issue: `22#1/s1/new-convention`"),
            _text("statement_id", "statement that carries it", refers="statements"),
            _text("issue_id", "proposition it is about", refers="issues"),
            _text("stance", "stance towards the proposition", refers="stances"),
            *_span(_WORDS),
            _text(
                "rule_id",
                "the codebook's rules that found its subject and its stance, `+` between them; `answer`, "
                "`back-reference` and `topic` for a subject taken from a statement before, `chain` and `learnt` for a "
                "stance of the words that govern it or of learnt weights; `person` where a person "
                "added it, `coder` where another coder did",
            ),
            _text("citation", "how to cite it: symbol and paragraph"),
            _BY_ANY,
            _maybe(
                "certainty",
                "how sure the position is: of the rules, by a model learnt from coded sets",
                one_of=("", *CERTAINTIES),
            ),
            _maybe(
                "second_opinion",
                "whether a second coder has the same stance in the statement; empty if there is none",
                one_of=("", *OPINIONS),
            ),
        ),
        spans=(_SPAN,),
        inside=("statement_id",),
    ),
    "contested": Table(
        "issue; a view that `parallels` shows to be told in both voices counts once",
        ("issue_id",),
        (
            _text("issue_id", "proposition", refers="issues"),
            _count("n_for", "positions for it", "positions"),
            _count("n_conditional", "positions for it, or not against it, under a condition", "positions"),
            _count("n_neutral", "positions that take no side", "positions"),
            _count("n_against", "positions against it", "positions"),
            Column("is_contested", "boolean", "whether two positions that take a side differ"),
            _maybe(
                "kind",
                "`opposed` if one is for and one against, `qualified` otherwise; empty if not contested",
                one_of=("", "opposed", "qualified"),
            ),
        ),
    ),
    "contrasts": Table(
        "pair of statements set against each other × issue",
        ("from_id", "to_id", "issue_id"),
        (
            _text("from_id", "the statement with the marker", refers="statements"),
            _text("to_id", "the statement it is set against", refers="statements"),
            _text("issue_id", "issue on which they differ", refers="issues"),
            _text("marker", "the words that set them against each other"),
            *_span(_WORDS),
        ),
        spans=(_SPAN,),
    ),
    "parallels": Table(
        "pair of a sentence of the Chair's summary and one of a proposal that say the same",
        ("summary_id", "proposal_id"),
        (
            _text("summary_id", "the sentence of the summary", refers="sentences"),
            _text("proposal_id", "the sentence of the proposal", refers="sentences"),
            Column("score", "number", "how like they are, 1 for the same", "0 to 1", minimum=0),
            _maybe("shared", "what both have, `; ` between: positions, instruments, themes, the rarest words"),
        ),
    ),
    "sentence_themes": Table(
        "sentence × theme",
        ("sentence_id", "theme_id"),
        (
            _text("sentence_id", "sentence", refers="sentences"),
            _text("theme_id", "what it is about", refers="themes"),
            _count("rank", "1 for the most central theme of the sentence", "rank", 1),
            _count("n_hits", "matches of its rules; 0 where the sentence before or a person gave it", "matches"),
            _CODED_BY,
        ),
    ),
    "speakers": Table(
        "State, body or person said to have taken the floor or part",
        ("name_en", "role", "person", "unit_id"),
        (
            _text("name_zh", "name in Chinese"),
            _text("name_en", "name in English"),
            _maybe("iso3", "ISO 3166-1 alpha-3 code; empty for what is no State"),
            _text("role", "in which role; `spoken-for`: another State spoke for it", one_of=_ROLES),
            _maybe("person", "name of the person as printed"),
            _maybe("unit_id", "unit that says so, or that has the anchor of the footnote", refers="units"),
            *_span(_WORDS),
        ),
        spans=(_SPAN,),
    ),
    "terms": Table(
        "term × section",
        ("term", "section_id"),
        (
            _text("term", "word or expression, lower case"),
            _maybe("section_id", "section; empty for what stands in none", refers="sections"),
            _count("n", "occurrences in the sentences of the section", "occurrences", 1),
            Column("per_1000", "number", "occurrences per 1,000 tokens", "per 1,000 tokens", minimum=0),
            _count("n_rest", "occurrences in the sentences of all other sections", "occurrences"),
            Column("per_1000_rest", "number", "the same per 1,000 tokens", "per 1,000 tokens", minimum=0),
            _measure(
                "log_likelihood",
                "G² of the section against the rest of the report; like the next three empty for a term that the "
                "report has fewer than 3 times, and where there is no rest",
                minimum=0,
            ),
            _measure("log_ratio", "how much more frequent in the section, binary: 1 is twice, -1 half as frequent"),
            _measure("p", "of Fisher's exact test, two-sided", minimum=0),
            _measure("p_adjusted", "by Benjamini and Hochberg over the terms of the section", minimum=0),
        ),
    ),
    "edges": Table(
        "actor × instrument × relation, under each identity policy; a view told in both voices counts once",
        ("identity", "actor_id", "instrument_id", "relation"),
        (
            _IDENTITY,
            _text("actor_id", "who speaks or is named, a `node_id`"),
            _text("instrument_id", "the instrument, a `node_id`"),
            _text(
                "relation",
                "`speaks-of`: a statement of the holder refers to the instrument; `mentioned-with`: the State, group "
                "or body is named in a sentence with such a statement. The two overlap and must not be added up",
                one_of=RELATIONS,
            ),
            _count("weight", "statements that link the two", "statements", 1),
            Column("signed_weight", "integer", "positions for minus positions against", "positions"),
            _count("n_for", "positions for an issue that is about the instrument", "positions"),
            _count("n_conditional", "positions for it, or not against it, under a condition", "positions"),
            _count("n_neutral", "positions that take no side", "positions"),
            _count("n_against", "positions against it", "positions"),
            _maybe("stances", "those that occur, `;` between them; empty without a position on the instrument"),
            _text("statement_ids", "the statements, ids of `statements`, `;` between them"),
            _text("citations", "how to cite them, each once, `;` between them"),
        ),
        compound=((("identity", "actor_id"), "nodes"), (("identity", "instrument_id"), "nodes")),
    ),
    "nodes": Table(
        "actor or instrument of `edges`, under each identity policy",
        ("identity", "node_id"),
        (
            _IDENTITY,
            _text(
                "node_id",
                "a holder is `22#1/s1` (mention), `some@22` (unit) or `some` (merged); else an `entity_id`",
            ),
            _text(
                "node_type",
                "what it is: an `anonymous` holder, one `named` outside the codebook, a `state`, a `group` of "
                "States, a `body`; `impersonal` and `unattributed` statements, which have no holder; an `instrument`",
                one_of=(*ACTOR_TYPES, "instrument"),
            ),
            _text("code", "`node_id` without the place of a holder, the same under every policy"),
            _text("label_en", "name in English, with the place of an anonymous holder"),
            _text("label_zh", "name in Chinese, with the place of an anonymous holder"),
            _count("n_statements", "statements of the actor that speak of an instrument, or of this one", "statements"),
        ),
    ),
    "issues": _codes("issue: a proposition that positions are about"),
    "instruments": _codes("legal or policy text", _text("kind", "kind of text")),
    "actors": _codes(
        "State, group of States or body",
        _text("kind", "kind of actor", one_of=("state", "group", "body")),
        _maybe("iso3", "ISO 3166-1 alpha-3 code of a State"),
    ),
    "themes": _codes("theme"),
    "holders": _codes(
        "kind of holder", _count("rank", "place on the scale from one to general, if any", "rank", 1, False)
    ),
    "modalities": _codes("modality", _count("rank", "strength, the strongest highest", "rank", 0, False)),
    "stances": _codes("stance"),
    "voices": _codes("status of a part of the text"),
}
CODE_TABLES = tuple(name for name, table in SCHEMA.items() if table.key == ("id",))


# ---- several reports -------------------------------------------------------------------------------------------------


def _of_several(table: Table) -> Table:
    """The table with ``report_id`` in front: part of its key, and of every reference but those to codes."""
    own = [column for column in table.columns if column.refers and column.refers not in CODE_TABLES]
    columns = [
        replace(
            column,
            meaning=column.meaning.replace(TEXT_FILE, "the report's text"),
            refers="" if column in own else column.refers,
        )
        for column in table.columns
    ]
    compound = [*(((column.name,), column.refers) for column in own), *table.compound]
    return replace(
        table,
        key=(REPORT_ID, *table.key),
        columns=(_text(REPORT_ID, "report", refers="reports"), *columns),
        compound=tuple(((REPORT_ID, *columns), refers) for columns, refers in compound),
    )


#: Tables of one report alone, which have ``report_id`` in those of several.
OF_REPORT = tuple(name for name in SCHEMA if name not in CODE_TABLES)
#: The tables of several reports: those of one with ``report_id``, the list of the reports, and how they compare.
SEVERAL: dict[str, Table] = {
    "reports": Table(
        "report, in the order in which they are compared",
        (REPORT_ID,),
        (
            _text(REPORT_ID, "name of its file, or its id in data/reports"),
            _maybe("symbol", "document symbol"),
            _maybe("title", "title"),
            _text("lang", "language", one_of=LANGS),
            _text("text_file", "file with its canonical text, into which offsets point"),
            _maybe("sha256", "checksum of the file as received"),
        ),
    ),
    **{name: _of_several(SCHEMA[name]) for name in OF_REPORT},
    "comparison": Table(
        "report × issue, instrument or theme that at least one report has",
        (REPORT_ID, "kind", "id"),
        (
            _text(REPORT_ID, "report", refers="reports"),
            _text("kind", "what the code stands for", one_of=tuple(KINDS)),
            _text("id", "the code: an id of `issues`, `instruments` or `themes`"),
            _text("label_en", "name in English"),
            _text("label_zh", "name in Chinese"),
            _count(
                "n", "sentences with a position on the issue, a mention of the instrument, or the theme", "sentences"
            ),
            _count("n_sentences", "sentences of the report", "sentences"),
            _measure("share", "n / n_sentences; empty for a report without sentences", "share"),
            _measure("low", "lower end of Wilson's 95% interval of the share", "share"),
            _measure("high", "upper end of Wilson's 95% interval of the share", "share"),
            _measure("change", "share minus that in the report before; empty in the first", "share"),
            _measure("p", "of Fisher's exact test of the change; empty if not tested"),
            _measure("p_adjusted", "p by Benjamini and Hochberg over all rows"),
            _maybe(
                "trend",
                "`rises` or `falls` if p_adjusted is below 0.05, else `unclear`; empty if not tested",
                one_of=("", *TRENDS),
            ),
        ),
    ),
    **{name: SCHEMA[name] for name in CODE_TABLES},
}


# ---- what is generated from it ---------------------------------------------------------------------------------------


def data_package(metas: Sequence[Mapping[str, str]], excel: bool = False, schema: Schema = SCHEMA) -> dict:
    """The Frictionless descriptor of the tables of one report or several, generated from their schema."""
    resources = [
        {
            "name": name,
            "title": f"One row per {table.row}",
            "path": f"{name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8-sig" if excel else "utf-8",
            "schema": _frictionless_schema(name, schema),
        }
        for name, table in schema.items()
    ]
    sources = [" ".join(filter(None, (meta.get("symbol"), meta.get("title")))) or meta[REPORT_ID] for meta in metas]
    if schema is SCHEMA:
        name, about = metas[0][REPORT_ID], metas[0].get("symbol") or metas[0][REPORT_ID]
        texts = f"{TEXT_FILE}, the report's canonical text"
    else:
        name, about = "reports", f"{len(metas)} reports" if len(metas) > 1 else "1 report"
        texts = "the canonical text of the report, the text_file of reports.csv"
    return {
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-") or "report",
        "title": f"Positions in {about}",
        "description": f"Offsets are half-open code points into {texts}.",
        "generator": "egdata",
        "sources": [{"title": source} for source in sources],
        "resources": resources,
    }


def _frictionless_schema(name: str, schema: Schema) -> dict:
    table = schema[name]
    empty = {column.name for column in table.columns if not column.required}

    def field(column: Column) -> dict:
        constraints = {
            "required": column.required or None,
            "minimum": column.minimum,
            "enum": [value for value in column.one_of if value] or None,
        }
        made = {"name": column.name, "type": column.type, "description": column.meaning, "unit": column.unit}
        made["constraints"] = {rule: value for rule, value in constraints.items() if value is not None}
        return {part: value for part, value in made.items() if value}

    def reference(table_name: str) -> dict:
        # An empty resource is the table itself.
        resource = "" if table_name == name else table_name
        return {"resource": resource, "fields": list(schema[table_name].key)}

    return {
        "fields": [field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": list(columns), "reference": reference(refers)}
            for columns, refers in table.references
            if len(columns) == 1 or not empty & set(columns)  # Frictionless takes a cell beside an empty one for a key
        ],
    }


def data_dictionary() -> str:
    """Every table and column in Markdown, generated from ``SCHEMA``."""
    lines = [
        f"`start` and `end` are half-open positions in `{TEXT_FILE}`, the report's text without page furniture",
        "and without line breaks in a paragraph; they count code points. An empty cell",
        "says that there is nothing to say.",
        "",
        "| table | one row per |",
        "|---|---|",
        *(f"| [`{name}`](#{name}) | {table.row} |" for name, table in SCHEMA.items()),
        "",
    ]
    for name, table in SCHEMA.items():
        key = ", ".join(f"`{part}`" for part in table.key)
        lines += [f"### `{name}`", "", f"One row per {table.row}. Key: {key}.", ""]
        lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
        for column in table.columns:
            kind = column.type if column.required else f"{column.type}, may be empty"
            values = [f"`{value}`" for value in column.one_of if value]
            if all(value in column.meaning for value in values):
                values = []  # it says what each of them means
            refers = column.refers and f"see `{column.refers}`"
            notes = "; ".join(filter(None, (column.meaning, values and f"one of {', '.join(values)}", refers)))
            lines.append(f"| `{column.name}` | {kind} | {column.unit} | {notes} |")
        for columns, refers in table.compound:
            lines += ["", f"{' and '.join(f'`{column}`' for column in columns)} together name a row of `{refers}`."]
        lines.append("")
    return "\n".join(lines)
