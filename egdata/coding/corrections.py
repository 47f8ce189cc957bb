"""A person's corrected coding sheet → the frames of the rules with what the person decided in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import EgdataError
from egdata.base.frames import grouped, records
from egdata.base.vocabulary import ANAPHOR, PERSON, REPORT_ID
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.positions import COLUMNS
from egdata.coding.scoring import CODES, JOINED, SID, read_sheet
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

FRAMES = ("statements", "positions", "mentions", "sentence_themes")
STATEMENT, QUOTE, ROW = "statement", "quote", "row"
ACTOR = "actor"
NOTES = (ACTOR, "decided", "note")  # columns that a person keeps beside the codes
POSITION = ("holder", "issue", "stance")

Row = dict  # one row of a frame; where a person adds one, without what it has no value for
Cells = dict[str, tuple[str, ...]]  # one row of the sheet: column → values


@one_report
def apply_corrections(
    uncorrected: dict[str, pd.DataFrame],
    sheet: pd.DataFrame | str | Path,
    report: Report,
    codebook: Codebook | None = None,
) -> dict[str, pd.DataFrame]:
    """Put a person's corrections of a coding sheet into what the rules found.

    Parameters
    ----------
    uncorrected : dict of str to DataFrame
        ``statements``, ``positions``, ``mentions`` and ``sentence_themes``, as those of a :class:`Coding`.
    sheet : DataFrame or path
        A coding sheet with changed cells or rows: ``sid``, ``statement`` and any of ``holder, issue, stance,
        instruments, modality, themes``. It may have only some of the sentences and columns, but of each sentence all
        rows; the rest stays as it is found. ``quote`` is read for what is added. A path is read as CSV, TSV or Excel
        workbook; of a workbook that egdata wrote, a sentence of which all rows are taken away loses its positions.
        Where rows name a ``report_id``, those of this report count.
    report : Report
    codebook : Codebook, optional

    Returns
    -------
    dict of str to DataFrame
        The same frames, ``coded_by`` a ``person`` in the rows that the person changed or added. Nothing changes where
        the sheet says what the rules say. A coding sheet of the result has what the person's has, but for the order of
        rows and instruments; put into what the rules found, it gives the result again.

    Raises
    ------
    EgdataError
        Names the row (as a spreadsheet counts them), sentence, column and value: a sentence or statement that the
        report lacks, an unknown code, an empty holder or modality, an issue without a stance, a holder, stance,
        modality, instruments or themes that differ between rows that say the same thing, words of a new statement that
        the sentence lacks. Also if the file cannot be read, or does not say whose statement of several it changes.

    Notes
    -----
    A row says what holds of the statements that it names. One that names none adds a statement, ``22#1/p1``, with the
    words in ``quote`` or the whole sentence. A statement that no row of its sentence names is dropped, and so is a
    position in no row; what is taken away leaves no mark. Where no row of a sentence names a statement, they are about
    its only one: those with its holder, or with the first one if none has it; the others add statements.

    A position whose stance changes keeps the words that the rules found. One that is added has those in ``quote`` if
    its statement has them, else all of its statement; an instrument that is added has those of its sentence. Their
    ``rule_id`` is ``person``. Changed themes are the person's as a whole list.

    A statement that pointed back to a dropped one, or is given another kind of holder than the one it points back
    to, introduces a group of its own.

    Examples
    --------
    >>> import pandas as pd
    >>> import egdata as eg
    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["各国应加强培训。"])  # States should enhance training
    >>> sheet = pd.DataFrame({"sid": ["0"], "statement": ["0/s1"], "holder": ["impersonal"]})
    >>> eg.code(report, corrections=sheet).statements[["holder", "coded_by"]].values.tolist()
    [['impersonal', 'person']]
    """
    codebook = codebook or read_codebook()
    where, corrections, emptied = _read(sheet, report, codebook)
    frames = {name: uncorrected[name] for name in FRAMES} | {"positions": uncorrected["positions"][list(COLUMNS)]}
    sentence_of = frames["statements"].set_index("statement_id")["sentence_id"]
    owners = {"positions": frames["positions"]["statement_id"].map(sentence_of)}
    rows = {
        name: grouped(zip(owners.get(name, frame.get("sentence_id")), frame.to_dict("records"), strict=True))
        for name, frame in frames.items()
    }
    ranks = codebook.ranks("holders")
    for row in report.sentences[["sentence_id", "unit_id", "start", "end"]].to_dict("records"):
        sid, start, end = row["sentence_id"], row["start"], row["end"]
        if sid in corrections:
            place = f"{where}: row {', '.join(cells[ROW][0] for cells in corrections[sid])}, {sid}"
            sentence = _Sentence(place, sid, start, report.text[start:end], report.citation(row["unit_id"]))
            mine = {name: rows[name].get(sid, []) for name in FRAMES}
            for name, changed in _corrected(sentence, corrections[sid], mine, ranks, codebook).items():
                rows[name][sid] = changed
        elif sid in emptied:
            rows["positions"].pop(sid, None)
    order = [*report.sentences["sentence_id"], ""]  # what stands in footnotes comes last
    ordered = {name: [row for sid in order for row in rows[name].get(sid, [])] for name in FRAMES}
    ordered["statements"] = _relinked(ordered["statements"], frames["statements"])
    known = {row["mention_id"] for row in ordered["mentions"]}
    ordered["mentions"] = [
        row if row.get("antecedent_id") in known else {**row, "antecedent_id": ""} for row in ordered["mentions"]
    ]
    return {**uncorrected, **{name: _frame(ordered[name], frames[name]) for name in FRAMES}}


def count_decided(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame], sheet: pd.DataFrame) -> int:
    """How many codes a person decided: those that differ before and after, and rows marked ``decided`` as they are."""
    changed = {code[:-1] for code in _codes(before) ^ _codes(after)}
    if "decided" not in sheet:
        return len(changed)
    rows = sheet[sheet["decided"].fillna("").astype(str).str.strip().ne("")].to_dict("records")
    kept = {
        ("stance", row.get(STATEMENT) or row[SID], row["issue"]) if row.get("issue") else
        ("holder", row.get(STATEMENT) or row[SID])
        for row in rows
        if row.get("issue") or row["decided"] != "changed"  # what a position left behind counts as that one
    }  # fmt: skip
    return len(changed | kept)


def decided_words(n_decided: int, lang: str = "en") -> str:
    """What a source line says of the codes that a person decided; empty if there are none.

    >>> decided_words(1), decided_words(2, "zh")
    ('A person decided 1 code.', '其中2项编码由人判定。')
    """
    if not n_decided:
        return ""
    many = "code" if n_decided == 1 else "codes"
    return {"en": f"A person decided {n_decided} {many}.", "zh": f"其中{n_decided}项编码由人判定。"}[lang]


def _codes(frames: dict[str, pd.DataFrame]) -> set[tuple]:
    """Every code with what it belongs to; the code itself stands last."""
    statements, positions, mentions, themes = (frames[name] for name in FRAMES)
    return {
        *(("stance", *row) for row in records(positions, "statement_id", "issue_id", "stance")),
        *((name, *row) for name in ("holder", "modality") for row in records(statements, "statement_id", name)),
        *(("instruments", *row) for row in records(mentions, "sentence_id", "entity_id")),
        *(("themes", sid, (rank, theme)) for sid, rank, theme in records(themes, "sentence_id", "rank", "theme_id")),
    }


# ---- the person's sheet ---------------------------------------------------------------------------------------------


def own_rows(sheet: pd.DataFrame | str | Path, report: Report) -> pd.DataFrame:
    """The rows of a sheet that are about a report, where a column says of which of several each is.

    Raises
    ------
    EgdataError
        If the sheet cannot be read, or all of it is about others.
    """
    table = read_sheet(sheet)
    if REPORT_ID not in table:
        return table
    report_id, written = report.meta[REPORT_ID], table.attrs.get("written", [])
    if report_id not in _ids_in(table):
        ids = ", ".join(sorted(_ids_in(table)))
        raise EgdataError(
            f"{_name(sheet)}: column {REPORT_ID}: no row is about {report_id!r}, but about {ids or 'none'}"
        )
    table = table.reset_index(drop=True)  # by which rows are told
    own = table[table[REPORT_ID].eq(report_id)]
    own.attrs["written"] = [keys for keys in written if keys[0] == report_id]
    return own


def reports_in(sheet: pd.DataFrame | str | Path, report_ids: Iterable[str]) -> set[str]:
    """Which of several reports a sheet is about.

    Raises
    ------
    EgdataError
        If it does not say, or names another one.
    """
    table = read_sheet(sheet)
    if REPORT_ID not in table:
        raise EgdataError(f"{_name(sheet)}: of several reports it needs a column {REPORT_ID}")
    strange = sorted(_ids_in(table).difference(report_ids))
    if strange:
        raise EgdataError(f"{_name(sheet)}: column {REPORT_ID}: no such report: {', '.join(map(repr, strange))}")
    return _ids_in(table)


def written_sids(sheet: pd.DataFrame) -> list[str]:
    """The sentences that a workbook was written with, whether or not they have rows still."""
    return [keys[-1] for keys in sheet.attrs.get("written", ())]


def _ids_in(table: pd.DataFrame) -> set[str]:
    return {*table[REPORT_ID].fillna("").astype(str), *(keys[0] for keys in table.attrs.get("written", ()))} - {""}


def _name(sheet: pd.DataFrame | str | Path) -> str:
    return Path(sheet).name if isinstance(sheet, (str, Path)) else "corrections"


def _read(
    sheet: pd.DataFrame | str | Path, report: Report, codebook: Codebook
) -> tuple[str, dict[str, list[Cells]], set[str]]:
    """The name of the sheet, its rows by sentence, each checked by itself, and sentences that have lost all rows."""
    where, table = _name(sheet), own_rows(sheet, report)
    sids = set(report.sentences["sentence_id"])
    columns = [column for column in CODES if column in table.columns]
    if SID not in table.columns or not columns:
        has = ", ".join(map(str, table.columns))
        raise EgdataError(f"{where}: it has the columns {has}; it needs {SID} and one of {', '.join(CODES)}")
    for column, other in (("issue", "stance"), ("stance", "issue")):
        if column in columns and other not in columns:
            raise EgdataError(f"{where}: column {other}: missing; {column} alone is no position")
    known = {
        column: {code for code in codebook.codes(CODES[column]) if code != ANAPHOR and not code.endswith("*")}
        for column in columns
    }
    columns += [column for column in (STATEMENT, QUOTE) if column in table.columns]
    numbers = [str(number + 2) for number in (table.index if REPORT_ID in table else range(len(table)))]
    table = table[[SID, *columns]].astype(object).where(table.notna(), "").astype(str).set_axis(numbers)
    rows: dict[str, list[Cells]] = {}
    for number, record in table.drop_duplicates().to_dict("index").items():
        sid, cells = record[SID].strip(), {column: _values(column, record[column]) for column in columns}
        if sid in sids:
            _check(f"{where}: row {number}, {sid}", cells, known)
            rows.setdefault(sid, []).append({**cells, ROW: (number,)})
        elif sid or any(cells.values()):  # spreadsheets leave blank rows at the end
            raise EgdataError(f"{where}: row {number}, {sid!r}: column {SID}: the report has no such sentence")
    return where, rows, sids.intersection(written_sids(table)) - rows.keys() if "issue" in columns else set()


def _values(column: str, cell: str) -> tuple[str, ...]:
    values = (value.strip() for value in (cell.split(";") if column in (*JOINED, STATEMENT) else [cell]))
    return tuple(dict.fromkeys(value for value in values if value))


def _check(where: str, cells: Cells, known: dict[str, set[str]]) -> None:
    for column, codes in known.items():
        for value in cells[column]:
            if value not in codes:
                reason = f"{value!r} is no code of the codebook's table {CODES[column]}"
                raise EgdataError(f"{where}: column {column}: {reason}")
        if not cells[column] and column in ("holder", "modality"):
            raise EgdataError(f"{where}: column {column}: empty; every row needs one")
    for column, other in (("issue", "stance"), ("stance", "issue")):
        if cells.get(column) and not cells[other]:
            raise EgdataError(f"{where}: column {other}: empty beside the {column} {cells[column][0]!r}")


def _agreed(where: str, rows: list[Cells], column: str, owner: str = "the sentence") -> tuple[str, ...] | None:
    """What rows say that must say the same; None if the sheet has no such column."""
    order = list if column == "themes" else sorted  # their order says which is most central
    for row in rows if column in rows[0] else ():
        if order(row[column]) != order(rows[0][column]):
            stand = " and ".join(f"{';'.join(cells[column])!r} in row {cells[ROW][0]}" for cells in (rows[0], row))
            raise EgdataError(f"{where}: column {column}: {stand}; it belongs to {owner}")
    return rows[0].get(column)


# ---- one sentence ---------------------------------------------------------------------------------------------------


class _Sentence(NamedTuple):
    """A sentence, and what a row that a person adds to it takes from it."""

    where: str  # the sheet, and the sentence in it
    sid: str
    start: int
    text: str
    citation: str

    def added(self, quote: str = "", within: Row | None = None) -> Row:
        """What every added row has: these words of the sentence, or of a row of it; all of it if they are not there."""
        start, text = (within["start"], within["quote"]) if within else (self.start, self.text)
        start, quote = (start + text.index(quote), quote) if quote and quote in text else (start, text)
        return {"start": start, "end": start + len(quote), "quote": quote, "rule_id": PERSON, "coded_by": PERSON}


def _corrected(
    sentence: _Sentence, rows: list[Cells], mine: dict[str, list[Row]], ranks: dict[str, int | None], codebook: Codebook
) -> dict[str, list[Row]]:
    """The rows of one sentence in the frames as the person has them."""
    modality, instruments, themes = (
        _agreed(sentence.where, rows, column) for column in ("modality", "instruments", "themes")
    )
    changed = dict(mine)
    if "holder" in rows[0] or "issue" in rows[0]:
        changed |= _restated(sentence, rows, mine["statements"], mine["positions"], ranks)
    if modality:
        changed["statements"] = [_changed(row, modality=modality[0]) for row in changed["statements"]]
    if instruments is not None:
        changed["mentions"] = _mentioning(sentence, instruments, mine["mentions"], set(codebook.codes("instruments")))
    if themes is not None and themes != tuple(row["theme_id"] for row in mine["sentence_themes"]):
        n_hits = {row["theme_id"]: row["n_hits"] for row in mine["sentence_themes"]}
        ranked = ((theme, {"rank": rank, "n_hits": n_hits.get(theme, 0)}) for rank, theme in enumerate(themes, start=1))
        made = {"sentence_id": sentence.sid, "coded_by": PERSON}
        changed["sentence_themes"] = [{**made, "theme_id": theme, **numbers} for theme, numbers in ranked]
    return changed


def _restated(
    sentence: _Sentence, rows: list[Cells], statements: list[Row], positions: list[Row], ranks: dict[str, int | None]
) -> dict[str, list[Row]]:
    """The statements and positions of one sentence."""
    place = {row["statement_id"]: at for at, row in enumerate(statements)}
    held = {name: [row for row in positions if row["statement_id"] == name] for name in place}
    kept, positions = [], []
    for statement_id, about in _by_statement(sentence, rows, statements, held).items():
        holder = _agreed(sentence.where, about, "holder", statement_id)
        if statement_id in place:
            row = statements[place[statement_id]]
            if holder:
                row = _changed(row, holder=holder[0], holder_rank=ranks[holder[0]])
        else:
            if not holder:
                raise EgdataError(f"{sentence.where}: column holder: missing; a statement that is added needs one")
            quote = "".join(about[0].get(QUOTE, ()))
            if quote not in sentence.text:
                raise EgdataError(f"{sentence.where}: column {QUOTE}: {quote!r} does not stand in the sentence")
            row = {"statement_id": statement_id, "sentence_id": sentence.sid, "group_id": statement_id}
            row |= {"holder": holder[0], "holder_rank": ranks[holder[0]], "is_contrast": False}
            row |= {"modality": statements[0]["modality"], **sentence.added(quote)}
        kept.append(row)
        positions += _settled(sentence, row, about, held.get(statement_id, []))
    kept.sort(key=lambda row: (row["start"], place.get(row["statement_id"], len(place))))
    order = [row["statement_id"] for row in kept]
    return {"statements": kept, "positions": sorted(positions, key=lambda row: order.index(row["statement_id"]))}


def _by_statement(
    sentence: _Sentence, rows: list[Cells], statements: list[Row], held: dict[str, list[Row]]
) -> dict[str, list[Cells]]:
    """The rows about each statement, found or new."""
    if not any(row.get(STATEMENT) for row in rows):
        rows = _named(sentence, rows, statements, held)
    claims: dict[str, list[Cells]] = {}
    taken = {statement_id for row in rows for statement_id in row.get(STATEMENT, ())}
    for row in rows:
        for statement_id in row.get(STATEMENT) or (_new_id(f"{sentence.sid}/p", taken),):
            if statement_id not in held and not re.fullmatch(rf"{re.escape(sentence.sid)}/p\d+", statement_id):
                reason = f"{statement_id!r} is no statement of this sentence; leave the cell empty to add one"
                raise EgdataError(f"{sentence.where}: column {STATEMENT}: {reason}")
            claims.setdefault(statement_id, []).append(row)
    return claims


def _named(sentence: _Sentence, rows: list[Cells], statements: list[Row], held: dict[str, list[Row]]) -> list[Cells]:
    """Rows that name no statement, with the names that can only be meant."""
    columns = [column for column in POSITION if column in rows[0]]
    shown: dict[tuple, list[str]] = {}  # what a sheet shows → of which statements
    for row in statements:
        for position in held[row["statement_id"]] or [{"issue_id": "", "stance": ""}]:
            cells = {"holder": row["holder"], "issue": position["issue_id"], "stance": position["stance"]}
            shown.setdefault(tuple(cells[column] for column in columns), []).append(row["statement_id"])
    said = [tuple("".join(row[column]) for column in columns) for row in rows]
    if set(said) == set(shown):
        return [{**row, STATEMENT: tuple(shown[cells])} for row, cells in zip(rows, said, strict=True)]
    if len(statements) > 1:
        ids = " and ".join(held)
        raise EgdataError(
            f"{sentence.where}: column {STATEMENT}: {'empty' if STATEMENT in rows[0] else 'missing'}; the sentence has "
            f"the statements {ids}, say which of them each row is about; egdata sheet writes a sheet that does"
        )
    holders = [row.get("holder") for row in rows]
    holder = (statements[0]["holder"],) if (statements[0]["holder"],) in holders else holders[0]
    return [{**row, STATEMENT: tuple(held)} if row.get("holder") == holder else row for row in rows]


def _settled(sentence: _Sentence, statement: Row, about: list[Cells], positions: list[Row]) -> list[Row]:
    """The positions of one statement."""
    if "issue" not in about[0]:
        return positions
    wanted = grouped((row["issue"][0], row) for row in about if row["issue"])
    name, by_issue = statement["statement_id"], {row["issue_id"]: row for row in positions}
    stances = {issue: _agreed(sentence.where, rows, "stance", f"{name}/{issue}")[0] for issue, rows in wanted.items()}
    kept = [_changed(row, stance=stances[issue]) for issue, row in by_issue.items() if issue in stances]
    for issue in [issue for issue in wanted if issue not in by_issue]:
        row = {"position_id": f"{name}/{issue}", "statement_id": name, "issue_id": issue, "stance": stances[issue]}
        quote = "".join(wanted[issue][0].get(QUOTE, ()))
        kept.append({**row, "citation": sentence.citation, "certainty": "", **sentence.added(quote, statement)})
    return kept


def _mentioning(sentence: _Sentence, wanted: tuple[str, ...], mentions: list[Row], shown: set[str]) -> list[Row]:
    """The mentions of one sentence with the instruments that the person lists and no other that the sheet shows."""
    kept = [row for row in mentions if row["entity_id"] in wanted or row["entity_id"] not in shown]
    taken = {row["mention_id"] for row in mentions}
    entities = {row["entity_id"] for row in kept}
    for entity in [entity for entity in wanted if entity not in entities]:
        row = {"mention_id": _new_id(f"{sentence.sid}/m", taken), "sentence_id": sentence.sid, "entity_id": entity}
        kept.append({**row, "kind": "instrument", "form": "named", **sentence.added()})
    return sorted(kept, key=lambda row: row["start"])


# ---- rows -----------------------------------------------------------------------------------------------------------


def _relinked(rows: list[Row], before: pd.DataFrame) -> list[Row]:
    """Cut links to statements that were dropped, and those of a changed holder to one of another kind."""
    holder = {row["statement_id"]: row["holder"] for row in rows}
    was = dict(zip(before["statement_id"], before["holder"], strict=True))
    group: dict[str, str] = {}  # of those that have another one now
    linked = []
    for row in rows:
        own, antecedent = row["statement_id"], row.get("antecedent_id")
        is_renamed = was.get(own, row["holder"]) != row["holder"]
        if antecedent and (antecedent not in holder or (is_renamed and holder[antecedent] != row["holder"])):
            row = {**row, "antecedent_id": ""}
            group[own] = own
        elif antecedent in group:
            group[own] = group[antecedent]
        elif row["group_id"] not in holder:
            group[own] = own
        linked.append({**row, "group_id": group.get(own, row["group_id"])})
    return linked


def _frame(rows: list[Row], like: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=like.columns)
    texts = [name for name in frame if pd.api.types.is_string_dtype(like.dtypes[name])]
    return frame.fillna(dict.fromkeys(texts, "")).astype(like.dtypes)


def _changed(row: Row, **values) -> Row:
    """The row with these values, marked if the first of them changes."""
    if row[next(iter(values))] == next(iter(values.values())):
        return row
    return {**row, **values, "coded_by": PERSON}


def _new_id(prefix: str, taken: set[str]) -> str:
    """The first id that is free, which is then taken."""
    new = next(name for number in count(1) if (name := f"{prefix}{number}") not in taken)
    taken.add(new)
    return new
