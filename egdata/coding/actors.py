"""Who the holders are: one row for each actor of a statement."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import NO_HOLDER
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

NAMES = ("state", "group", "body")  # the kinds of mentions that are actors
COLUMNS = (
    "statement_id", "sentence_id", "actor_id", "node_type", "name_en", "name_zh", "role", "predicate", "polarity",
    "message", "start", "end", "quote",
)  # fmt: skip
_NEGATION = {"zh": re.compile(r"不|没有|未|无法|并非"), "en": re.compile(r"\b(?:not|never|no longer)\b|n['’]t\b")}
_AROUND = " \n,，:：;；"


def actors_of(report: Report, codebook: Codebook, statements: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The actors of every statement; :func:`egdata.find_actors` says what the columns hold."""
    classes = codebook.codes("holders")
    columns = (
        "statement_id",
        "sentence_id",
        "group_id",
        "holder",
        "verb",
        "holder_start",
        "holder_end",
        "start",
        "end",
    )
    listed = [dict(zip(columns, row, strict=True)) for row in records(statements, *columns)]
    first = {statement["statement_id"]: statement for statement in listed}
    named = mentions[mentions["kind"].isin(NAMES) & mentions["sentence_id"].ne("")].sort_values("start", kind="stable")
    named = list(records(named, "start", "end", "entity_id", "kind"))
    rows: list[dict] = []
    for statement in listed:
        group = first[statement["group_id"] or statement["statement_id"]]  # whom an anaphor points back to
        if group["holder"] in NO_HOLDER:
            continue
        names = _names(report, codebook, group, named) if group["holder"] == "named" else []
        if not names:
            label = classes[group["holder"]]
            kind = "named" if group["holder"] == "named" else "anonymous"
            place = group["statement_id"].removesuffix("/s1")
            names = [(group["statement_id"], kind, f"{label['label_en']} ({place})", f"{label['label_zh']}（{place}）")]
        said = _said(report, statement)
        ids = {"statement_id": statement["statement_id"], "sentence_id": statement["sentence_id"]}
        for actor_id, kind, english, chinese in names:
            rows.append(
                {
                    **ids,
                    "actor_id": actor_id,
                    "node_type": kind,
                    "name_en": english,
                    "name_zh": chinese,
                    "role": "speaker",
                }
                | said
            )
    return frame_of(rows, COLUMNS, start="int64", end="int64")


def _names(report: Report, codebook: Codebook, holder: dict, named: list[tuple]) -> list[tuple[str, str, str, str]]:
    """Id, kind, English and Chinese name of everybody named in the words of a holder."""
    start, end = holder["holder_start"], holder["holder_end"]
    if not isinstance(start, int):  # a person's correction names no words
        return []
    known = codebook.codes("actors")
    names = {}
    for _, last, entity, kind in named[bisect_left(named, (start,)) : bisect_left(named, (end,))]:
        if last <= end:
            names[entity] = (entity, kind, known[entity]["label_en"], known[entity]["label_zh"])
    words = report.text[start:end]
    return list(names.values()) or [(words, "named", words, words)]


def _said(report: Report, statement: dict) -> dict:
    """Predicate, polarity and message of a statement, and the words that name its holder."""
    start, end = statement["start"], statement["end"]
    if isinstance(statement["holder_start"], int):
        start, after = statement["holder_start"], statement["holder_end"]
    else:  # a person's correction names no words
        after = start
    verb = report.text.find(statement["verb"], after, end) if statement["verb"] else -1
    begin = verb + len(statement["verb"]) if verb >= 0 else after
    is_negated = bool(_NEGATION[report.lang].search(report.text, after, begin))
    stop = after if after > start else end
    return {
        "predicate": statement["verb"],
        "polarity": "negated" if is_negated else "affirmed",
        "message": report.text[begin:end].strip(_AROUND),
        "start": start,
        "end": stop,
        "quote": report.text[start:stop],
    }
