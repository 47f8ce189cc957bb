"""A person's corrected coding sheet → the frames of the rules with what the person decided in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import EgdataError
from egdata.base.frames import need_one
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.positions import COLUMNS
from egdata.coding.scoring import CODES, JOINED, SID, read_sheet
from egdata.coding.statements import ANAPHOR
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

RULES, PERSON = "rules", "person"  # who coded a row
FRAMES = ("statements", "positions", "mentions", "sentence_themes")
OF_SENTENCE = ("modality", "instruments", "themes")  # the same in every row of a sentence

Row = dict  # one row of a frame
Holding = tuple[str, str, str]  # holder, issue, stance; issue and stance empty for a holder without a position


@one_report
def apply_corrections(
    found: dict[str, pd.DataFrame],
    sheet: pd.DataFrame | str | Path,
    report: Report,
    codebook: Codebook | None = None,
) -> dict[str, pd.DataFrame]:
    """Put a person's corrections of a coding sheet into what the rules found.

    Parameters
    ----------
    found : dict of str to DataFrame
        ``statements``, ``positions``, ``mentions`` and ``sentence_themes``, as those of a :class:`Coding`.
    sheet : DataFrame or path
        A coding sheet with changed cells or rows: ``sid`` and any of ``holder, issue, stance, instruments,
        modality, themes``. It may have only some of the sentences and columns, but of each sentence all rows;
        the rest stays as it is found. A path is read as CSV or TSV.
    report : Report
    codebook : Codebook, optional

    Returns
    -------
    dict of str to DataFrame
        The same frames, ``coded_by`` a ``person`` in the rows that the person changed or added. Nothing changes where
        the sheet says what the rules say. A coding sheet of the result has what the person's has, but for the order of
        rows and instruments.

    Raises
    ------
    EgdataError
        Names the sentence, column and value: a sentence that the report lacks, an unknown code, an empty holder
        or modality, an issue without a stance, a modality, instruments or themes that differ between the rows of
        one sentence. Also if the file cannot be read, or without a column ``holder`` it is open whose position
        one is.

    Notes
    -----
    Holders whose rows are as found keep their statements. Of the other statements of the sentence the first gets the
    first of the other holders and so on, but where there are more or fewer holders than statements, or the same
    in another order, equal holders stay together first; what is left over is added with the whole sentence as
    its words, or dropped. A row of the sheet stands for all statements of its holder that it could come from.

    A position whose stance changes keeps the words that the rules found. One that is added has those of its statement,
    an instrument that is added those of its sentence; their ``rule_id`` is ``person``. A row without an issue beside
    rows with one says nothing. Changed themes are the person's as a whole list. What is taken away leaves no mark.

    A statement that pointed back to a dropped one, or is given another kind of holder than the one it points back
    to, introduces a group of its own.

    Examples
    --------
    >>> import pandas as pd
    >>> import egdata as eg
    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["各国应加强培训。"])  # States should enhance training
    >>> sheet = pd.DataFrame({"sid": ["0"], "holder": ["impersonal"]})
    >>> eg.code(report, corrections=sheet).statements[["holder", "coded_by"]].values.tolist()
    [['impersonal', 'person']]
    """
    codebook = codebook or read_codebook()
    frames = {name: found[name] for name in FRAMES}
    frames["positions"] = frames["positions"][list(COLUMNS)]
    spans = report.sentences.set_index("sentence_id")[["start", "end"]]
    units = dict(zip(report.sentences["sentence_id"], report.sentences["unit_id"], strict=True))
    corrections = _read(sheet, set(units), codebook)

    sentence_of = frames["statements"].set_index("statement_id")["sentence_id"]
    statements, mentions, themes = (
        _grouped(frames[name], frames[name]["sentence_id"]) for name in ("statements", "mentions", "sentence_themes")
    )
    positions = _grouped(frames["positions"], frames["positions"]["statement_id"].map(sentence_of))
    shown = set(codebook.codes("instruments"))  # what the sheet shows of the mentions
    ranks = {code: int(row["rank"]) if row["rank"] else None for code, row in codebook.codes("holders").items()}

    for sid, coding in corrections.items():
        start, end = spans.loc[sid]
        sentence = _Sentence(sid, int(start), int(end), report.text[start:end], report.citation(units[sid]))
        mine = statements[sid], positions.get(sid, [])
        holdings = coding.holdings and _with_holders(coding, sid, *mine)
        if holdings:
            statements[sid], positions[sid] = _restate(sentence, holdings, coding.has_positions, *mine, ranks)
        if coding.modality is not None:
            statements[sid] = [_changed(row, modality=coding.modality) for row in statements[sid]]
        if coding.instruments is not None:
            mentions[sid] = _mention(sentence, coding.instruments, mentions.get(sid, []), shown)
        if coding.themes is not None:
            themes[sid] = _rank(sid, coding.themes, themes.get(sid, []))

    order = list(units)
    rows = {
        "statements": _relinked(_in_order(statements, order), frames["statements"]),
        "positions": _in_order(positions, order),
        "mentions": _without_dangling(_in_order(mentions, [*order, ""])),  # those in footnotes last
        "sentence_themes": _in_order(themes, order),
    }
    return {**found, **{name: _frame(rows[name], frames[name]) for name in FRAMES}}


# ---- the person's sheet ---------------------------------------------------------------------------------------------


class _Coding(NamedTuple):
    """How a person codes one sentence; None for what the sheet has no column for."""

    holdings: list[Holding] | None
    has_holders: bool
    has_positions: bool
    modality: str | None
    instruments: tuple[str, ...] | None
    themes: tuple[str, ...] | None


def _read(sheet: pd.DataFrame | str | Path, sids: set[str], codebook: Codebook) -> dict[str, _Coding]:
    """The sheet, checked, by sentence."""
    where, table = "corrections", sheet
    if isinstance(sheet, (str, Path)):
        where, table = Path(sheet).name, read_sheet(sheet)
    need_one(table, where)
    columns = [column for column in CODES if column in table.columns]
    if SID not in table.columns or not columns:
        has = ", ".join(map(str, table.columns))
        raise EgdataError(f"{where}: it has the columns {has}; it needs {SID} and one of {', '.join(CODES)}")
    for column, other in (("issue", "stance"), ("stance", "issue")):
        if column in columns and other not in columns:
            raise EgdataError(f"{where}: column {other}: missing; {column} alone is no position")
    table = table[[SID, *columns]]
    table = table.astype(object).where(table.notna(), "").astype(str)
    known = _known(codebook)
    rows: dict[str, list[dict[str, tuple[str, ...]]]] = {}
    for record in table.to_dict("records"):
        cells = {column: _values(column, record[column]) for column in columns}
        sid = record[SID].strip()
        if sid or any(cells.values()):  # spreadsheets leave blank rows at the end
            if sid not in sids:
                raise EgdataError(f"{where}: {sid!r}: column {SID}: the report has no such sentence")
            _check(f"{where}: {sid}", cells, known)
            rows.setdefault(sid, []).append(cells)
    return {sid: _coding(f"{where}: {sid}", cells) for sid, cells in rows.items()}


def _known(codebook: Codebook) -> dict[str, set[str]]:
    """The codes that may stand in each column."""
    return {
        column: {code for code in codebook.codes(table) if code != ANAPHOR and not code.endswith("*")}
        for column, table in CODES.items()
    }


def _values(column: str, cell: str) -> tuple[str, ...]:
    values = (value.strip() for value in (cell.split(";") if column in JOINED else [cell]))
    return tuple(dict.fromkeys(value for value in values if value))


def _check(where: str, cells: dict[str, tuple[str, ...]], known: dict[str, set[str]]) -> None:
    for column, values in cells.items():
        for value in values:
            if value not in known[column]:
                reason = f"{value!r} is no code of the codebook's table {CODES[column]}"
                raise EgdataError(f"{where}: column {column}: {reason}")
        if not values and column in ("holder", "modality"):
            raise EgdataError(f"{where}: column {column}: empty; every row needs one")
    for column, other in (("issue", "stance"), ("stance", "issue")):
        if cells.get(column) and not cells[other]:
            raise EgdataError(f"{where}: column {other}: empty beside the {column} {cells[column][0]!r}")


def _coding(where: str, rows: list[dict[str, tuple[str, ...]]]) -> _Coding:
    """The rows of one sentence as one coding."""
    same: dict[str, tuple[str, ...] | None] = {}
    for column in OF_SENTENCE:
        if column not in rows[0]:
            same[column] = None
            continue
        values = [row[column] for row in rows]
        order = sorted if column == "instruments" else list  # only themes have an order that says something
        differing = [value for value in values if order(value) != order(values[0])]
        if differing:
            stand = f"{';'.join(values[0])!r} in one row and {';'.join(differing[0])!r} in another"
            raise EgdataError(f"{where}: column {column}: {stand}; it belongs to the sentence")
        same[column] = values[0]
    has_holders, has_positions = "holder" in rows[0], "issue" in rows[0]
    holdings = None
    if has_holders or has_positions:
        cells = ((row.get(column) or ("",) for column in ("holder", "issue", "stance")) for row in rows)
        holdings = _plain(tuple(cell[0] for cell in row) for row in cells)
    modality = same["modality"] and same["modality"][0]
    return _Coding(holdings, has_holders, has_positions, modality, same["instruments"], same["themes"])


def _plain(rows: Iterable[Holding]) -> list[Holding]:
    """Each once, without those that have no issue beside others of the holder that have one."""
    rows = list(dict.fromkeys(rows))
    with_issue = {holder for holder, issue, _ in rows if issue}
    return [row for row in rows if row[1] or row[0] not in with_issue]


def _holdings(statements: list[Row], positions: list[Row]) -> list[Holding]:
    """What the sheet shows of one sentence."""
    holder = {row["statement_id"]: row["holder"] for row in statements}
    held = ((holder[row["statement_id"]], row["issue_id"], row["stance"]) for row in positions)
    return _plain([*((row["holder"], "", "") for row in statements), *held])


def _with_holders(coding: _Coding, sid: str, statements: list[Row], positions: list[Row]) -> list[Holding] | None:
    """What the person says, with the only holder that it can be if the sheet names none; None if all is as found."""
    if coding.has_holders:
        return coding.holdings
    holders = sorted({row["holder"] for row in statements})
    stances = {(row["issue_id"], row["stance"]) for row in positions}
    if stances == {(issue, stance) for _, issue, stance in coding.holdings if issue}:
        return None
    if len(holders) > 1:
        reason = f"missing; the sentence has the holders {' and '.join(holders)}, say whose position each is"
        raise EgdataError(f"{sid}: column holder: {reason}")
    return [(holders[0], issue, stance) for _, issue, stance in coding.holdings]


# ---- statements and positions ---------------------------------------------------------------------------------------


class _Sentence(NamedTuple):
    """A sentence, and what a row that a person adds to it takes from it."""

    sid: str
    start: int
    end: int
    quote: str
    citation: str


def _restate(
    sentence: _Sentence,
    holdings: list[Holding],
    has_positions: bool,
    statements: list[Row],
    positions: list[Row],
    ranks: dict[str, int | None],
) -> tuple[list[Row], list[Row]]:
    """The statements and positions of one sentence as the person has them."""
    wanted, found = _by_holder(holdings), _by_holder(_holdings(statements, positions))
    same = {
        holder
        for holder in wanted
        if holder in found and (not has_positions or set(wanted[holder]) == set(found[holder]))
    }
    others = [row for row in statements if row["holder"] not in same]
    needed = _needed([row for row in holdings if row[0] not in same])
    given, missing = _give(needed, [row["holder"] for row in others])
    ids = {row["statement_id"] for row in statements}

    def added(holder: str) -> Row:
        statement_id = _new_id(f"{sentence.sid}/s", ids)
        ids.add(statement_id)
        return _new_statement(sentence, statement_id, holder, ranks[holder], statements[0]["modality"])

    kept = [row for row in statements if row["holder"] in same]
    kept += [
        row if holder == row["holder"] else _changed(row, holder=holder) | {"holder_rank": _missing(ranks[holder])}
        for row, holder in zip(others, given, strict=True)
        if holder
    ]
    kept += [added(holder) for holder in missing]
    held: dict[str, list[Row]] = {row["statement_id"]: [] for row in kept}
    for row in positions:
        if row["statement_id"] in held:
            held[row["statement_id"]].append(row)
    for holder in wanted if has_positions else ():
        if holder not in same:
            own = [row for row in kept if row["holder"] == holder]
            for stance in _settle(sentence, wanted[holder], own, held):
                own.append(added(holder))
                kept.append(own[-1])
                held[own[-1]["statement_id"]] = [_new_position(sentence, own[-1], *stance)]
    place = {row["statement_id"]: at for at, row in enumerate(statements)}
    kept.sort(key=lambda row: (row["start"], place.get(row["statement_id"], len(place))))
    return kept, [position for row in kept for position in held[row["statement_id"]]]


def _by_holder(holdings: list[Holding]) -> dict[str, list[tuple[str, str]]]:
    """The (issue, stance) of each holder; none for a holder without a position."""
    stances: dict[str, list[tuple[str, str]]] = {}
    for holder, issue, stance in holdings:
        stances.setdefault(holder, []).extend([(issue, stance)] if issue else [])
    return stances


def _needed(holdings: list[Holding]) -> list[str]:
    """The holder of each statement that is needed; one who takes two stances on an issue is two speakers."""
    needed: list[str] = []
    times: Counter[tuple[str, str]] = Counter()
    for holder, issue, _ in holdings:
        times[holder, issue] += 1
        if times[holder, issue] > needed.count(holder):
            needed.append(holder)
    return needed


def _give(needed: list[str], holders: list[str]) -> tuple[list[str | None], list[str]]:
    """For statements with these holders the ones they get, None for those to drop; and who has no statement yet."""
    if len(needed) == len(holders) and sorted(needed) != sorted(holders):
        return list(needed), []
    rest = list(needed)
    given: list[str | None] = [None] * len(holders)
    for at, holder in enumerate(holders):
        if holder in rest:
            rest.remove(holder)
            given[at] = holder
    for at, holder in enumerate(holders):
        if rest and holder not in needed:
            given[at] = rest.pop(0)
    renamed = {holder: new for holder, new in zip(holders, given, strict=True) if new}
    for at, holder in enumerate(holders):  # two 'one' may be one row of the sheet, and go together
        given[at] = given[at] or (holder if holder in needed else renamed.get(holder))
    return given, rest


def _settle(
    sentence: _Sentence, wanted: list[tuple[str, str]], statements: list[Row], held: dict[str, list[Row]]
) -> list[tuple[str, str]]:
    """Give the statements of one holder, in ``held``, the stances that the person wants; return what has no place."""
    issues: dict[str, list[str]] = {}
    for issue, stance in wanted:
        issues.setdefault(issue, []).append(stance)
    own = [row["statement_id"] for row in statements]
    before: dict[str, list[str]] = {}
    for statement_id in own:
        for row in held[statement_id]:
            before.setdefault(row["issue_id"], []).append(row["stance"])
    turned: dict[tuple[str, str], str] = {}
    homeless: list[tuple[str, str]] = []
    for issue in {**before, **issues}:
        stances = issues.get(issue, [])
        old = [stance for stance in dict.fromkeys(before.get(issue, [])) if stance not in stances]
        new = [stance for stance in stances if stance not in before.get(issue, [])]
        turned |= {(issue, stance): stance for stance in stances}
        turned |= {(issue, stance): other for stance, other in zip(old, new, strict=False)}
        homeless += [(issue, stance) for stance in new[len(old) :]]
    for statement_id in own:
        held[statement_id] = [
            _changed(row, stance=turned[row["issue_id"], row["stance"]])
            for row in held[statement_id]
            if (row["issue_id"], row["stance"]) in turned
        ]
    for issue, stance in list(homeless):
        free = (row for row in statements if issue not in {one["issue_id"] for one in held[row["statement_id"]]})
        if statement := next(free, None):
            held[statement["statement_id"]].append(_new_position(sentence, statement, issue, stance))
            homeless.remove((issue, stance))
    return homeless


def _new_statement(sentence: _Sentence, statement_id: str, holder: str, rank: int | None, modality: str) -> Row:
    return {
        "statement_id": statement_id,
        "sentence_id": sentence.sid,
        "holder": holder,
        "holder_rank": _missing(rank),
        "holder_start": _missing(None),
        "holder_end": _missing(None),
        "holder_quote": "",
        "group_id": statement_id,
        "antecedent_id": "",
        "verb": "",
        "modality": modality,
        "is_contrast": False,
        "start": sentence.start,
        "end": sentence.end,
        "quote": sentence.quote,
        "rule_id": PERSON,
        "coded_by": PERSON,
    }


def _new_position(sentence: _Sentence, statement: Row, issue: str, stance: str) -> Row:
    return {
        "position_id": f"{statement['statement_id']}/{issue}",
        "statement_id": statement["statement_id"],
        "issue_id": issue,
        "stance": stance,
        **{column: statement[column] for column in ("start", "end", "quote")},
        "rule_id": PERSON,
        "citation": sentence.citation,
        "coded_by": PERSON,
    }


def _relinked(rows: list[Row], before: pd.DataFrame) -> list[Row]:
    """Cut links to statements that were dropped, and those of a changed holder to one of another kind."""
    holder = {row["statement_id"]: row["holder"] for row in rows}
    was = dict(zip(before["statement_id"], before["holder"], strict=True))
    group: dict[str, str] = {}  # of those that have another one now
    linked = []
    for row in rows:
        own, antecedent = row["statement_id"], row["antecedent_id"]
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


# ---- mentions and themes --------------------------------------------------------------------------------------------


def _mention(sentence: _Sentence, wanted: tuple[str, ...], mentions: list[Row], shown: set[str]) -> list[Row]:
    """The mentions of one sentence with the instruments that the person lists and no other that the sheet shows."""
    kept = [row for row in mentions if row["entity_id"] in wanted or row["entity_id"] not in shown]
    ids = {row["mention_id"] for row in mentions}
    found = {row["entity_id"] for row in kept}
    for entity in wanted:
        if entity not in found:
            mention_id = _new_id(f"{sentence.sid}/m", ids)
            ids.add(mention_id)
            kept.append(_new_mention(sentence, mention_id, entity))
    return sorted(kept, key=lambda row: row["start"])


def _new_mention(sentence: _Sentence, mention_id: str, entity: str) -> Row:
    return {
        "mention_id": mention_id,
        "sentence_id": sentence.sid,
        "footnote_id": "",
        "entity_id": entity,
        "kind": "instrument",
        "form": "named",
        "locator": "",
        "antecedent_id": "",
        "start": sentence.start,
        "end": sentence.end,
        "quote": sentence.quote,
        "rule_id": PERSON,
        "coded_by": PERSON,
    }


def _without_dangling(rows: list[Row]) -> list[Row]:
    """Mentions that point back to none that has been dropped."""
    known = {row["mention_id"] for row in rows}
    return [row if row["antecedent_id"] in known else {**row, "antecedent_id": ""} for row in rows]


def _rank(sid: str, wanted: tuple[str, ...], themes: list[Row]) -> list[Row]:
    """The themes of one sentence in the order of the person's list."""
    if wanted == tuple(row["theme_id"] for row in themes):
        return themes
    hits = {row["theme_id"]: row["n_hits"] for row in themes}
    return [
        {"sentence_id": sid, "theme_id": theme, "rank": rank, "n_hits": hits.get(theme, 0), "coded_by": PERSON}
        for rank, theme in enumerate(wanted, start=1)
    ]


# ---- rows -----------------------------------------------------------------------------------------------------------


def _grouped(frame: pd.DataFrame, sids: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of each sentence, which may have none."""
    groups: dict[str, list[Row]] = {}
    for sid, row in zip(sids, frame.to_dict("records"), strict=True):
        groups.setdefault(sid, []).append(row)
    return groups


def _in_order(groups: dict[str, list[Row]], order: list[str]) -> list[Row]:
    return [row for sid in order for row in groups.get(sid, [])]


def _frame(rows: list[Row], like: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=like.columns).astype(like.dtypes)


def _changed(row: Row, **values) -> Row:
    """The row with these values, marked if that changes anything."""
    if all(row[column] == value for column, value in values.items()):
        return row
    return {**row, **values, "coded_by": PERSON}


def _missing(value: int | None):
    import pandas as pd

    return pd.NA if value is None else value


def _new_id(prefix: str, taken: set[str]) -> str:
    number = len(taken) + 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
