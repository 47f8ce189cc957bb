"""Coders of any kind beside the rules: what they are given, and how their answers are checked against the text."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from egdata.base.errors import EgdataError
from egdata.base.frames import frame_of, grouped, records
from egdata.base.vocabulary import CERTAINTIES, CODER, NO_ANSWER, PERSON, REFUSED, RULES
from egdata.codebook.codebook import Codebook
from egdata.coding.answers import Said, read_answers, said_in
from egdata.coding.positions import COLUMNS
from egdata.coding.scoring import SHEETS, SID, read_sheet

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

Coder = str | Path | Callable[["pd.DataFrame", Codebook], "pd.DataFrame | list[dict]"]
ANSWER = ("issue", "stance", "quote", "certainty")  # what is said of a statement
REFUSALS = ("statement_id", "issue", "stance", "quote", "reason")
N_BEFORE = 2  # sentences of the unit that a coder sees before the one at hand


class Checked(NamedTuple):
    """What is left of an answer: positions that stand in the text, and what was refused and left out."""

    coder: str  # its name, for ``coded_by``
    positions: pd.DataFrame
    refused: pd.DataFrame
    left_out: dict[str, str]  # sentence → why it is uncoded
    notices: list[str]


def statements_to_code(report: Report, statements: pd.DataFrame) -> pd.DataFrame:
    """What a coder is given.

    Returns
    -------
    DataFrame
        One row per statement, in text order: ``statement_id``; ``text``, the stretch that its holder governs;
        ``before``, what the unit says before it, from two sentences before its own; ``holder``; ``unit_id``; ``voice``.
    """
    starts = report.sentences.groupby("unit_id", sort=False)["start"]
    first = starts.shift(N_BEFORE).fillna(starts.transform("first")).astype("int64")
    sentences = report.sentences[["sentence_id", "unit_id"]].assign(first=first)
    given = statements.merge(sentences, on="sentence_id").merge(report.units[["unit_id", "voice"]], on="unit_id")
    given = given.assign(before=[report.text[start:end].strip() for start, end in records(given, "first", "start")])
    given = given.rename(columns={"quote": "text"}).astype({"unit_id": str, "voice": str})  # also if there is none
    return given[["statement_id", "text", "before", "holder", "unit_id", "voice"]]


def checked_answer(coder: Coder, report: Report, codebook: Codebook, statements: pd.DataFrame) -> Checked:
    """Ask a coder, as :func:`egdata.code` takes it, and keep what the text and the codebook bear out.

    Raises
    ------
    EgdataError
        If the coder is none that ``code`` takes, cannot be read, or takes the name of another.
    """
    name, said = _ask(coder, report, codebook, statements)
    positions, refused = _check(name, said, report, codebook, statements)
    sentence_of = dict(records(statements, "statement_id", "sentence_id"))
    left_out = {sentence_of[row["statement_id"]]: REFUSED for row in refused if row["statement_id"] in sentence_of}
    unanswered = [statement_id for statement_id in sentence_of if statement_id not in said.answered]
    left_out |= {sentence_of[statement_id]: NO_ANSWER for statement_id in unanswered}
    notices = list(said.notices)
    if unanswered:
        notices.append(f"{name} left {len(unanswered)} of {len(sentence_of)} statements without an answer")
    if refused:
        reasons = Counter(row["reason"] for row in refused).most_common()
        told = ", ".join(f"{n} {reason}" for reason, n in reasons)
        n_given = len(said.rows) + len(said.refused)
        notices.append(f"{name}: refused {len(refused)} of {n_given} answers ({told})")
    return Checked(name, positions, frame_of(refused, REFUSALS), left_out, notices)


def statements_sha256(statements: pd.DataFrame) -> str:
    """The checksum of what answers are about: the statements with their words and holders."""
    rows = list(records(statements, "statement_id", "text", "holder"))
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode("utf-8", "backslashreplace")).hexdigest()


# ---- asking ---------------------------------------------------------------------------------------------------------


def _ask(coder: Coder, report: Report, codebook: Codebook, statements: pd.DataFrame) -> tuple[str, Said]:
    """The name of a coder, and what it says."""
    given = statements_to_code(report, statements)
    ending = Path(coder).suffix.lower() if isinstance(coder, (str, Path)) else ""
    if callable(coder):
        name = getattr(coder, "__name__", type(coder).__name__)
        said = Said(_rows(coder(given.copy(), codebook), name), set(given["statement_id"]), [], [])
    elif ending == ".jsonl":
        name, said = _recorded(Path(coder), given)
    elif ending in SHEETS:
        return PERSON, _persons(Path(coder), statements)
    else:
        kinds = "'rules', recorded answers (.jsonl), a coding sheet (.csv, .tsv, .xlsx) or a function"
        raise EgdataError(f"coder is {str(coder)!r}; it can be {kinds}")
    if name in (RULES, PERSON):
        raise EgdataError(f"a coder cannot be called {name!r}; that name tells who is none")
    return name, said


def _rows(returned: Any, name: str) -> list[dict[str, Any]]:
    """The rows that a function gave."""
    is_frame = hasattr(returned, "columns")
    rows = returned.astype(object).where(returned.notna(), None).to_dict("records") if is_frame else returned
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, dict) for row in rows):
        raise EgdataError(f"{name} gave {type(returned).__name__}; a coder gives a DataFrame or a list of dicts")
    return list(rows)


def _recorded(file: Path, given: pd.DataFrame) -> tuple[str, Said]:
    recorded = read_answers(file)
    said = said_in(recorded.calls)
    notices = [*recorded.notices, *(f"{file.name}: {notice}" for notice in said.notices)]
    if recorded.header["statements"] != statements_sha256(given):
        notices.append(f"{file.name}: was asked about another text, or about statements that the rules no longer find")
    return recorded.header["model"], said._replace(notices=notices)


def _persons(file: Path, statements: pd.DataFrame) -> Said:
    """A person's sheet as answers: each row goes to the statement that it names, or that of its holder."""
    sheet = read_sheet(file)
    missing = [column for column in (SID, "issue", "stance") if column not in sheet.columns]
    if missing:
        raise EgdataError(f"{file}: no column {missing[0]}; a coding sheet has sid, issue and stance")
    of_sentence = grouped((row["sentence_id"], row) for row in statements.to_dict("records"))
    rows, refused, answered = [], [], set()
    taken: Counter[tuple[str, str]] = Counter()  # one holder twice in a sentence may take two stances on an issue
    for row in sheet.to_dict("records"):
        own = of_sentence.get(row[SID].strip(), [])
        answered |= {statement["statement_id"] for statement in own}
        if not row["issue"] and not row["stance"]:
            continue
        named = row.get("statement") or ""
        holder = row.get("holder") or ""
        fitting = [
            candidate
            for candidate in own
            if named == candidate["statement_id"] or (not named and holder == candidate["holder"])
        ]
        if not named and not fitting and len(own) == 1:
            fitting = own  # holders stay those of the rules
        said = {name: row.get(name, "") for name in ANSWER}
        if not fitting:
            reason = "no statement of this holder" if own else "no such sentence"
            refused.append({"statement_id": named or row[SID], **said, "reason": reason})
            continue
        free = [candidate for candidate in fitting if not taken[candidate["statement_id"], row["issue"]]] or fitting
        statement = next((candidate for candidate in free if said["quote"] in candidate["quote"]), free[0])
        taken[statement["statement_id"], row["issue"]] += 1
        rows.append({**said, "quote": said["quote"] or statement["quote"], "statement_id": statement["statement_id"]})
    if len(sheet) and not answered:
        raise EgdataError(f"{file}: the report has none of its sentences; is it a sheet of another report?")
    return Said(rows, answered, refused, [])


# ---- checking -------------------------------------------------------------------------------------------------------


def _check(
    name: str, said: Said, report: Report, codebook: Codebook, statements: pd.DataFrame
) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """The positions that hold, in text order, and what was refused, with the reason."""
    known = {row["statement_id"]: row for row in statements.to_dict("records")}
    rows = [{column: _cell(row.get(column)) for column in ("statement_id", *ANSWER)} for row in said.rows]
    rows = [row for row in rows if row["issue"] or row["stance"]]  # else it says: no position
    stances: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        stances[row["statement_id"], row["issue"]].add(row["stance"])
    places = {statement_id: place for place, statement_id in enumerate(known)}
    units = dict(records(report.sentences, "sentence_id", "unit_id"))
    refused = [{column: _cell(row.get(column)) for column in REFUSALS} for row in said.refused]
    kept: dict[tuple[str, str], dict] = {}
    for row in rows:
        key = row["statement_id"], row["issue"]
        statement = known.get(row["statement_id"])
        reason = _reason(row, statement, codebook, stances[key]) or ("said twice" if key in kept else "")
        if reason:
            refused.append({**{column: row[column] for column in REFUSALS[:-1]}, "reason": reason})
            continue
        start = statement["start"] + statement["quote"].index(row["quote"])
        kept[key] = {
            "position_id": "/".join(key),
            "statement_id": row["statement_id"],
            "issue_id": row["issue"],
            "stance": row["stance"],
            "start": start,
            "end": start + len(row["quote"]),
            "quote": row["quote"],
            "rule_id": PERSON if name == PERSON else CODER,
            "citation": report.citation(units[statement["sentence_id"]]),
            "coded_by": name,
            "certainty": row["certainty"],
        }
    ordered = sorted(kept.values(), key=lambda row: (places[row["statement_id"]], row["start"]))
    return frame_of(ordered, COLUMNS, start="int64", end="int64"), refused


def _reason(row: dict[str, str], statement: dict | None, codebook: Codebook, stances: Iterable[str]) -> str:
    """Why an answer is not believed; empty if it is."""
    if statement is None:
        return "no such statement"
    if row["issue"] not in codebook.codes("issues"):
        return "no such issue"
    if row["stance"] not in codebook.codes("stances"):
        return "no such stance"
    if not row["quote"]:
        return "no quote"
    if row["quote"] not in statement["quote"]:
        return "quote not in the statement"
    if len(set(stances)) > 1:
        return "two stances on one issue"
    return "no such certainty" if row["certainty"] not in ("", *CERTAINTIES) else ""


def _cell(value: Any) -> str:
    """A value of an answer as text, whatever it is."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode().strip()
