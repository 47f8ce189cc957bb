"""Who takes part in each statement: one row per predicate and actor."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egdata.base.frames import frame_of, grouped, records
from egdata.base.vocabulary import AFFIRMED, NEGATED, NO_HOLDER, OPPONENT, PERSON, SPEAKER
from egdata.codebook.codebook import Codebook
from egdata.coding.clauses import beginning_in
from egdata.coding.names import Name, names_in, names_of_mentions
from egdata.coding.roles import ANONYMOUS, Participant, Said, find_said, read_grammar
from egdata.reading.report import spans_by_unit

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

COLUMNS = (
    "statement_id", "sentence_id", "actor_id", "node_type", "name_en", "name_zh", "role", "predicate",
    "predicate_start", "predicate_end", "polarity", "message", "start", "end", "quote",
)  # fmt: skip
_KEY = ("statement_id", "actor_id", "role", "predicate_start")
_STATEMENT = (
    "statement_id", "sentence_id", "group_id", "holder", "verb", "holder_start", "holder_end", "start", "end",
    "coded_by",
)  # fmt: skip
_AROUND = " \n,，:：;；.。"
_AND_CHINA = re.compile(r"(?:\s+and\s+|/|\s*[+和加及与]\s*)(?P<name>China|中国)\Z")


@dataclass(frozen=True)
class _Wording:
    """How one language words what is around names."""

    person: re.Pattern[str]  # 'Ms. Petrova (Bulgaria)', of whom summary records name the State
    short: re.Pattern[str]  # 'Group', 集团: after 'the' the one that was named before
    before_short: re.Pattern[str]
    before_class: re.Pattern[str]  # 一个次区域集团: a class
    description: re.Pattern[str]  # 'The Honduran delegation': no name
    around: re.Pattern[str]  # 如某委员会所建议的那样
    relative: re.Pattern[str]  # 'One State that has not signed,': what is said of somebody is no part of what he says
    negated: re.Pattern[str]


@functools.lru_cache(maxsize=8)
def _read_wording(codebook: Codebook, lang: str) -> _Wording:
    names = (
        "title", "capital_letter", "name_particle", "kind_of_body", "before_short_name", "before_class", "said_of_name",
        "words_before_holder", "words_after_holder",
    )  # fmt: skip
    title, letter, particle, body, before_short, before_class, relative, ahead, behind = (
        codebook.written(name, lang) for name in names
    )
    if lang == "en":
        person = rf"{title}\.?(?: (?:{letter}[^\s(),;]*|{particle})){{1,6}} \((?:the )?"
    else:
        person = rf"[^\s，。；：、（）与及请由]{{1,14}}{title}（"
    return _Wording(
        person=re.compile(person),
        short=re.compile(body),
        before_short=re.compile(rf"{before_short}\s*\Z", re.IGNORECASE),
        before_class=re.compile(rf"{before_class}\s*\Z", re.IGNORECASE),
        description=codebook.pattern("begins_description", lang),
        around=re.compile(rf"\A{ahead}|(?:{behind})?[，\s]*\Z"),
        relative=re.compile(rf"\A,?\s*{relative}.*(?:,|(?=\s\S+\s+\S+\s*\Z))", re.DOTALL),
        negated=codebook.pattern("negated_by", lang),
    )


def actors_of(report: Report, codebook: Codebook, statements: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The actors of every statement; :func:`egdata.find_actors` says what the columns hold."""
    listed = [dict(zip(_STATEMENT, row, strict=True)) for row in records(statements, *_STATEMENT)]
    first = {statement["statement_id"]: statement for statement in listed}
    held = {statement["sentence_id"] for statement in listed if statement["holder"] not in NO_HOLDER}
    wording = _read_wording(codebook, report.lang)
    said, names = _said_by_sentence(report, codebook, wording, mentions, held)
    pronoun = codebook.pattern("pronoun", report.lang)
    rows: list[dict] = []
    for sentence_id, spoken in grouped((statement["sentence_id"], statement) for statement in listed).items():
        here = said.get(sentence_id, ())
        actors = [row for predicate in here for row in _named_rows(report, predicate, spoken)]
        # whom a person says to be nobody with a name
        nameless = {
            statement["statement_id"]
            for statement in spoken
            if statement["coded_by"] == PERSON and statement["holder"] != "named"
        }
        actors = [row for row in actors if row["role"] != SPEAKER or row["statement_id"] not in nameless]
        for statement in spoken:
            holder = first[statement["group_id"] or statement["statement_id"]]  # whom an anaphor points back to
            if holder["holder"] in NO_HOLDER or (holder["holder"] == "named" and _is_told(statement, actors)):
                continue
            names_somebody = isinstance(holder["holder_start"], int)
            is_pronoun = names_somebody and pronoun.fullmatch(report.text, holder["holder_start"], holder["holder_end"])
            if not (is_pronoun and (holder["holder"] == "named" or _is_told(statement, actors))):
                actors += _holder_rows(
                    report, wording, statement, _holders(report, codebook, wording, holder, names), here
                )
        once = {tuple(row[name] for name in _KEY): row for row in actors}
        rows += sorted(once.values(), key=lambda row: (row["predicate_start"] or row["start"], row["start"]))
    types = dict.fromkeys(("predicate_start", "predicate_end"), "Int64")
    return frame_of(rows, COLUMNS, **types, start="int64", end="int64")


def _is_told(statement: dict, rows: list[dict]) -> bool:
    """Whether the grammar found who is named as the holder of a statement."""
    start, end = statement["holder_start"], statement["holder_end"]
    if not isinstance(start, int):
        return any(row["statement_id"] == statement["statement_id"] for row in rows)
    return any(row["start"] < end and start < row["end"] for row in rows)


# ---- what the grammar finds -----------------------------------------------------------------------------------------


def _said_by_sentence(
    report: Report, codebook: Codebook, wording: _Wording, mentions: pd.DataFrame, held: set[str]
) -> tuple[dict[str, list[Said]], list[Name]]:
    """What is said in every sentence that has a name or a holder, and the names of the codebook in the report."""
    grammar = read_grammar(codebook, report.lang)
    mentioned = sorted(records(mentions[mentions["sentence_id"].ne("")], "start", "end", "entity_id", "kind"))
    names = _as_told(names_of_mentions(mentioned, codebook), report, codebook, wording)
    written: list[Name] = []
    others = [(start, end) for start, end, _, kind in mentioned if kind == "instrument"]
    said: dict[str, list[Said]] = {}
    for spans in spans_by_unit(report).values():
        earlier: list[Participant] = []
        before: list[Name] = []
        for start, end, sentence_id in spans:
            known, taken = beginning_in(names, start, end), beginning_in(others, start, end)
            here = _meant(names_in(report, start, end, codebook, known, taken), before, report, wording)
            written += (name for name in here if name.node_type != ANONYMOUS)
            if not here and not earlier and sentence_id not in held:
                continue
            said[sentence_id] = find_said(report.text, start, end, here, grammar, earlier)
            spoken = [predicate for predicate in said[sentence_id] if not predicate.is_embedded]
            earlier = spoken[-1].participants if spoken else earlier
    return said, sorted({*names, *written})


def _as_told(names: list[Name], report: Report, codebook: Codebook, wording: _Wording) -> list[Name]:
    """The names of mentions as actors: of 'the Group of 77 and China' two, of a person in a record the State."""
    china = next(iter(row for row in codebook.codes("actors").values() if row["iso3"] == "CHN"), None)
    persons = {person.end(): person.start() for person in wording.person.finditer(report.text)}
    told: list[Name] = []
    for name in names:
        joint = _AND_CHINA.search(report.text, name.start, name.end) if name.node_type == "group" and china else None
        if name.start in persons and report.text[name.end : name.end + 1] in (")", "）"):
            told.append(name._replace(start=persons[name.start], end=name.end + 1))
        elif joint:
            labels = china["label_en"], china["label_zh"]
            told.append(name._replace(end=joint.start()))
            told.append(Name(joint.start("name"), name.end, china["id"], china["kind"], *labels))
        else:
            told.append(name)
    return sorted(told)


def _meant(names: list[Name], before: list[Name], report: Report, wording: _Wording) -> list[Name]:
    """The names of a sentence, with classes marked; 'the Group' means the one named ``before`` it, which grows."""
    meant: list[Name] = []
    for name in names:
        words = name.actor_id
        if name.node_type == "named":
            ahead = report.text[max(name.start - 9, 0) : name.start]
            if wording.before_class.search(ahead):
                meant.append(name._replace(node_type=ANONYMOUS))
                continue
            if wording.short.fullmatch(words) and wording.before_short.search(ahead):
                label = f"name_{report.lang}"
                groups = (group for group in reversed(before) if words in getattr(group, label))
                group = next(groups, name)
                meant.append(group._replace(start=name.start, end=name.end))
                continue
        before.append(name)
        meant.append(name)
    return meant


def _named_rows(report: Report, said: Said, statements: list[dict]) -> list[dict]:
    """A row for everybody who is named and takes part in one predicate."""
    at = next((row for row in statements if row["start"] <= said.start < row["end"]), statements[0])
    named = {(who.name.actor_id, who.role): who for who in said.participants if who.name}
    return [_row(report, at, who.name, said, role=role, span=(who.start, who.end)) for (_, role), who in named.items()]


def _row(report: Report, statement: dict, name: Name, said: Said, role: str, span: tuple[int, int]) -> dict:
    return {
        "statement_id": statement["statement_id"],
        "sentence_id": statement["sentence_id"],
        "actor_id": name.actor_id,
        "node_type": name.node_type,
        "name_en": name.name_en,
        "name_zh": name.name_zh,
        "role": role,
        "predicate": report.text[said.start : said.end],
        "predicate_start": said.start if said.end > said.start else None,
        "predicate_end": said.end if said.end > said.start else None,
        "polarity": NEGATED if said.is_negated != (role == OPPONENT) else AFFIRMED,
        "message": said.message,
        "start": span[0],
        "end": span[1],
        "quote": report.text[slice(*span)],
    }


# ---- holders that are no names --------------------------------------------------------------------------------------


def _holders(report: Report, codebook: Codebook, wording: _Wording, holder: dict, names: list[Name]) -> list[Name]:
    """Who a holder is: those named in its words, or else its class in this place."""
    start, end = holder["holder_start"], holder["holder_end"]
    if holder["holder"] == "named" and isinstance(start, int):  # a person's correction names no words
        inside = {name.actor_id: name for name in beginning_in(names, start, end) if name.end <= end}
        words = report.text[start:end]
        if known := [name for name in inside.values() if name.node_type != "named"]:
            return known
        if report.lang == "zh":
            inside, words = {}, wording.around.sub("", words)
        elif wording.description.match(words):  # 'The Honduran delegation'
            inside = {}
        return list(inside.values()) or [Name(start, end, words, "named", words, words)]
    label = codebook.codes("holders")[holder["holder"]]
    kind = "named" if holder["holder"] == "named" else ANONYMOUS
    place = holder["statement_id"].removesuffix("/s1")
    labels = f"{label['label_en']} ({place})", f"{label['label_zh']}（{place}）"
    return [Name(holder["start"], holder["end"], holder["statement_id"], kind, *labels)]


def _holder_rows(
    report: Report, wording: _Wording, statement: dict, holders: list[Name], said: Iterable[Said]
) -> list[dict]:
    """The rows of a holder: of every predicate that it is found to take part in, or else of its statement."""
    start, end = statement["holder_start"], statement["holder_end"]
    if not isinstance(start, int):
        start, end = statement["start"], statement["end"]
    part = [
        (predicate, whole.role)
        for predicate in said
        for whole in predicate.participants
        if whole.start < end and start < whole.end
    ]
    part = part or [(_said_of(report, wording, statement), SPEAKER)]
    return [
        _row(report, statement, name, predicate, role=role, span=(start, end))
        for predicate, role in part
        for name in holders
    ]


def _said_of(report: Report, wording: _Wording, statement: dict) -> Said:
    """Predicate and message of a statement as its rule found them."""
    after, end = statement["holder_end"], statement["end"]
    if not isinstance(after, int):
        after = statement["start"]
    verb = report.text.find(statement["verb"], after, end) if statement["verb"] else -1
    begin, stop = (verb, verb + len(statement["verb"])) if verb >= 0 else (after, after)
    ahead = wording.relative.sub("", report.text[after:begin]) + report.text[begin:stop]
    is_negated = bool(wording.negated.search(ahead))
    message = report.text[stop:end].strip(_AROUND)
    return Said(after, begin, stop, is_negated, [], message=message)
