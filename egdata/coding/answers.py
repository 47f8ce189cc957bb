"""Recorded answers of a coder that is asked call by call: a file of JSON lines, written as they come, read offline."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from egdata.base.errors import EgdataError

HEADER = ("egdata", "codebook", "prompt", "statements", "report", "model", "parameters", "date")

MOST_BROKEN = 100  # braces in a row that begin no object: so many, and nothing of the form comes any more


class Recorded(NamedTuple):
    """A file of answers: its header, its calls, and what a reader should know about the file."""

    header: dict[str, Any]
    calls: list[dict[str, Any]]  # each with ``ids``, the statements asked, and ``raw``, the answer as it came
    notices: list[str]


class Said(NamedTuple):
    """What a coder says, unchecked but for its form."""

    rows: list[dict[str, Any]]  # one per position: statement_id, issue, stance, quote, certainty
    answered: set[str]  # the statements that were answered, if only by an empty list of positions
    refused: list[dict[str, Any]]  # what has no statement or no form, with its ``reason``
    notices: list[str]


def read_answers(file: str | Path) -> Recorded:
    """Read a file of recorded answers.

    Raises
    ------
    EgdataError
        If it cannot be read, or its first line is no header. A later line that is no call, as a killed program leaves
        one, is passed over with a notice.
    """
    file = Path(file)
    try:
        first, *lines = file.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise EgdataError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise EgdataError(f"{file}: not UTF-8 text; answers are JSON lines as `egdata code` writes them") from None
    header = _object(first)
    missing = [name for name in HEADER if name not in (header or {})]
    if missing or not isinstance(header["model"], str) or not header["model"]:
        lacks = ", ".join(missing) or "a name in model"
        raise EgdataError(f"{file}:1: no header of answers as `egdata code` writes it; it lacks {lacks}")
    calls, notices = [], []
    for number, line in enumerate(lines, start=2):
        call = _object(line)
        if call and _is_texts(call.get("ids")) and isinstance(call.get("raw"), str):
            calls.append(call)
        elif line.strip():
            notices.append(f"{file.name}:{number}: no recorded call; passed over")
    return Recorded(header, calls, notices)


def write_header(file: Path, header: dict[str, Any]) -> None:
    """Begin a file of answers; one that is there already is never overwritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as handle:
        handle.write(_line(header))


def add_call(file: Path, call: dict[str, Any]) -> None:
    """Add a call at once, so that whoever breaks off keeps it."""
    with file.open("r+b") as handle:
        end = handle.seek(0, os.SEEK_END)
        if end:
            handle.seek(end - 1)
            broken = handle.read(1) != b"\n"  # a line that a killed program did not finish
        handle.write((b"\n" if end and broken else b"") + _line(call))
        handle.flush()
        os.fsync(handle.fileno())


def said_in(calls: Iterable[dict[str, Any]]) -> Said:
    """What the calls say. Where a statement was asked again, its last answer counts."""
    answers: dict[str, list[dict]] = {}
    refused: list[dict] = []
    notices = []
    for number, call in enumerate(calls, start=1):
        items = next((reply["answers"] for _, reply in replies_in(call["raw"])), None)
        if items is None:
            notices.append(f"call {number}: its answer is no JSON of the form that was asked for; not believed")
            continue
        asked, own = set(call["ids"]), {}
        for item in items:
            reason = _reason(item, asked)
            if reason:
                refused.append({"statement_id": item.get("id") if isinstance(item, dict) else item, "reason": reason})
            else:
                own.setdefault(item["id"], []).extend(item["positions"])
        answers |= own
    rows = []
    for statement_id, positions in answers.items():
        for position in positions:
            if isinstance(position, dict):
                rows.append({**position, "statement_id": statement_id})
            else:
                refused.append({"statement_id": statement_id, "quote": position, "reason": "no position"})
    return Said(rows, set(answers), refused, notices)


def _reason(item: Any, asked: set[str]) -> str:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        return "no statement named"
    if item["id"] not in asked:
        return "not asked"
    return "" if isinstance(item.get("positions"), list) else "no list of positions"


def replies_in(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON object with a list of ``answers`` in a text, as printed and as read."""
    decoder, at, n_broken = json.JSONDecoder(), 0, 0
    while (at := text.find("{", at)) >= 0 and n_broken < MOST_BROKEN:
        try:
            value, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            at, n_broken = max(at + 1, error.pos), n_broken + 1  # what is inside a broken object is broken
            continue
        except RecursionError:
            return
        if isinstance(value.get("answers"), list):
            yield text[at:end], value
        at, n_broken = end, 0


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _line(value: dict[str, Any]) -> bytes:
    # half a surrogate pair is no UTF-8, and its escape is JSON
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
