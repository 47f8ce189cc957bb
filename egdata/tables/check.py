"""Whether tables hold together: references, quotes, the ledger, counts, edges, and rules that a row names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from egdata.analysis.comparison import compare_tables
from egdata.analysis.parallels import retellings
from egdata.base.vocabulary import CODER, KINDS, LEFT_OUT, PERSON, REPORT_ID, STANCES
from egdata.codebook.codebook import Codebook
from egdata.coding.ledger import with_ledger
from egdata.coding.positions import NO_RULE
from egdata.reading.labels import UNIT_NUMBERS
from egdata.reading.report import one_report
from egdata.tables.fit import cell, fit
from egdata.tables.schema import CODE_TABLES, OF_REPORT, SCHEMA, SEVERAL, TEXT_FILE

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


@one_report
def find_problems(
    tables: dict[str, pd.DataFrame], text: str, report: Report | None = None, codebook: Codebook | None = None
) -> list[str]:
    """Check tables that fit the schema against one another and the text; see :func:`check_tables`."""
    problems = [
        *_reference_problems(tables),
        *_span_problems(tables, text),
        *_gap_problems(tables, text),
        *_ledger_problems(tables),
        *_count_problems(tables["contested"], _told_once(tables)),
        *_edge_problems(tables["edges"], set(tables["statements"]["statement_id"])),
    ]
    if codebook is not None:
        problems += [*_code_problems(tables, codebook), *_evidence_problems(tables, text, codebook)]
    if report is not None and not problems:
        problems += _source_problems(tables, text, report)
    return problems


def problems_of_several(
    tables: dict[str, pd.DataFrame], texts: Mapping[str, str], reports: Sequence[Report], codebook: Codebook
) -> list[str]:
    """The problems of each report by itself, with the lines of the tables of all, and of the comparison."""
    problems, by_report = [], {}
    listed = tables["reports"].to_dict("records")
    ids = tables["reports"][REPORT_ID]
    for name in (*OF_REPORT, "comparison"):
        strange = tables[name].loc[~tables[name][REPORT_ID].isin(ids), REPORT_ID]
        problems += [f"{cell(name, row, REPORT_ID)} {value!r} is not in reports.csv" for row, value in strange.items()]
    sources = {report.meta.get("sha256") or report.meta[REPORT_ID]: report for report in reports}
    for row in listed:
        report_id, text_file = row[REPORT_ID], row["text_file"]
        lines = {name: tables[name].index[tables[name][REPORT_ID] == report_id] for name in OF_REPORT}
        own = {name: tables[name].loc[lines[name]].drop(columns=REPORT_ID).reset_index(drop=True) for name in OF_REPORT}
        by_report[report_id] = own | {name: tables[name] for name in CODE_TABLES}
        source = sources.pop(row["sha256"], None) or sources.pop(report_id, None)
        for problem in find_problems(by_report[report_id], texts[text_file], source, codebook):
            problems.append(_in_several(problem, report_id, text_file, lines))
    problems += [f"reports.csv: {report.name} is not in it" for report in sources.values()]
    problems = list(dict.fromkeys(problems))  # what is wrong with the codes is so for every report
    return problems or list(_comparison_problems(tables, by_report))


def _in_several(problem: str, report_id: str, text_file: str, lines: Mapping[str, pd.Index]) -> str:
    """The problem of one report, as it is in the tables of several."""
    at = re.match(r"(\w+)\.csv:(\d+):", problem)
    if at and at[1] in lines:
        line = lines[at[1]][int(at[2]) - 2] + 2  # line 1 is the header
        problem = f"{at[1]}.csv:{line}:{problem[at.end() :]}"
    elif at is None and problem.partition(".csv:")[0] in lines:
        problem = f"{problem} (report {report_id})"
    return problem.replace(TEXT_FILE, text_file)


def _comparison_problems(
    tables: dict[str, pd.DataFrame], by_report: dict[str, dict[str, pd.DataFrame]]
) -> Iterator[str]:
    """What is compared follows from the other tables."""
    stands = tables["comparison"]
    wanted = fit("comparison", compare_tables(by_report, {name: tables[name] for name in KINDS.values()}), SEVERAL)
    if list(stands["id"]) != list(wanted["id"]) or list(stands[REPORT_ID]) != list(wanted[REPORT_ID]):
        yield "comparison.csv: column id: not the reports and codes of the other tables; write them anew"
        return
    for column in wanted.columns:
        for row, (value, right) in enumerate(zip(stands[column].tolist(), wanted[column].tolist(), strict=True)):
            if value != right and not (value != value and right != right):  # what is missing is not equal to itself
                yield f"{cell('comparison', row, column)} {value!r} should be {right!r} by the other tables"


def _reference_problems(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    for name, table in SCHEMA.items():
        for columns, refers in table.references:
            known = set(tables[refers][list(SCHEMA[refers].key)].itertuples(index=False, name=None))
            for row, key in enumerate(tables[name][list(columns)].itertuples(index=False, name=None)):
                if key not in known and all(key):  # an empty cell refers to nothing
                    where = cell(name, row, ", ".join(columns))
                    yield f"{where} {', '.join(map(repr, key))} is not in {refers}.csv"


def _spans(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, int, str, int, int, str]]:
    """(table, row, column, start, end, words) of every span; -1 for the ends of one that is missing."""
    for name, table in SCHEMA.items():
        for start, end, words in table.spans:
            frame = tables[name]
            starts, ends = frame[start].astype("Int64").fillna(-1), frame[end].astype("Int64").fillna(-1)
            for row, (first, last, quote) in enumerate(zip(starts, ends, frame[words], strict=True)):
                yield name, row, words, first, last, quote


def _span_problems(tables: dict[str, pd.DataFrame], text: str) -> Iterator[str]:
    for name, row, column, start, end, words in _spans(tables):
        stands = text[start:end] if start >= 0 else ""
        if stands != words:
            yield f"{cell(name, row, column)} {words!r}, but {TEXT_FILE} has {stands!r} at {start}:{end}"
    for name, table in SCHEMA.items():
        for column in table.inside:
            refers = next(field.refers for field in table.columns if field.name == column)
            holds = tables[refers].set_index(SCHEMA[refers].key[0])[["start", "end"]]
            frame = tables[name][tables[name][column].isin(holds.index)]
            outer = holds.loc[frame[column]]
            within = (frame["start"].to_numpy() >= outer["start"]) & (frame["end"].to_numpy() <= outer["end"])
            for row, fits in zip(frame.index, within, strict=True):
                if not fits:
                    yield f"{cell(name, row, 'start')} the span lies outside {column} {frame.loc[row, column]}"


_NUMBER = re.compile("|".join(pattern.pattern for pattern in UNIT_NUMBERS))


def _gap_problems(tables: dict[str, pd.DataFrame], text: str) -> Iterator[str]:
    """Every character stands in a heading, unit or footnote, and every one of a unit in a sentence."""

    def spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
        return sorted(zip(frame["start"], frame["end"], strict=True))

    pieces = [span for name in ("sections", "units", "footnotes") for span in spans(tables[name])]
    for gap in _gaps(sorted(pieces), 0, len(text), text):
        yield f"{TEXT_FILE}: {gap} stands in no heading, unit or footnote"
    sentences = {unit: spans(frame) for unit, frame in tables["sentences"].groupby("unit_id")}
    for row, unit in enumerate(tables["units"].to_dict("records")):
        number = _NUMBER.match(text, unit["start"], unit["end"])
        first = number.end() if number else unit["start"]
        for gap in _gaps(sentences.get(unit["unit_id"], []), first, unit["end"], text):
            yield f"{cell('units', row, 'text')} {gap} stands in no sentence"


def _gaps(spans: list[tuple[int, int]], start: int, end: int, text: str) -> Iterator[str]:
    for first, last in [*spans, (end, end)]:
        if text[start:first].strip():
            yield repr(text[start:first])
        start = max(start, last)


def _ledger_problems(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    sentences = tables["sentences"]
    left_out = sentences[sentences["reason"].isin(LEFT_OUT)].set_index("sentence_id")["reason"]  # no table shows why
    right = with_ledger(sentences, tables["statements"], tables["positions"], left_out)
    stated = set(tables["statements"]["sentence_id"])
    for row, sentence_id in enumerate(sentences["sentence_id"]):
        if sentence_id not in stated:
            yield f"{cell('sentences', row, 'sentence_id')} {sentence_id!r} has no row in statements.csv"
    for column in ("status", "reason"):
        for row, (stands, wanted) in enumerate(zip(sentences[column], right[column], strict=True)):
            if stands != wanted:
                yield f"{cell('sentences', row, column)} {stands!r} should be {wanted!r} by its positions"


def _told_once(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The positions, without those that only tell again what the other voice tells."""
    statements = tables["statements"][["statement_id", "sentence_id", "holder"]]
    positions = tables["positions"].merge(statements, on="statement_id")
    return positions[~positions["position_id"].isin(retellings(positions, tables["parallels"]))]


def _count_problems(contested: pd.DataFrame, positions: pd.DataFrame) -> Iterator[str]:
    counts = positions.groupby(["issue_id", "stance"]).size().to_dict()
    for row, issue in enumerate(contested.to_dict("records")):
        taken = {stance: counts.get((issue["issue_id"], stance), 0) for stance in STANCES}
        for column, n in ((f"n_{stance}", n) for stance, n in taken.items()):
            if issue[column] != n:
                yield f"{cell('contested', row, column)} {issue[column]}, but positions.csv has {n}"
        sides = {stance for stance, n in taken.items() if n and stance != "neutral"}
        kind = "opposed" if {"for", "against"} <= sides else "qualified" if len(sides) > 1 else ""
        if issue["kind"] != kind or issue["is_contested"] != bool(kind):
            yield f"{cell('contested', row, 'kind')} {issue['kind']!r} should be {kind!r} by the counts"
    missing = sorted({issue for issue, _ in counts} - set(contested["issue_id"]))
    yield from (f"contested.csv: column issue_id: {issue!r} has positions and no row" for issue in missing)


def _edge_problems(edges: pd.DataFrame, known: set[str]) -> Iterator[str]:
    """The weights and stances of edges follow from their statements and counts."""
    for row, edge in enumerate(edges.to_dict("records")):
        statements = edge["statement_ids"].split(";")
        unknown = [statement for statement in statements if statement not in known]
        if unknown:
            yield f"{cell('edges', row, 'statement_ids')} {unknown[0]!r} is not in statements.csv"
        follows = {
            "weight": len(statements),
            "signed_weight": edge["n_for"] - edge["n_against"],
            "stances": ";".join(stance for stance in STANCES if edge[f"n_{stance}"]),
        }
        for column, wanted in follows.items():
            if edge[column] != wanted:
                yield f"{cell('edges', row, column)} {edge[column]!r} should be {wanted!r} by the other columns"


def _code_problems(tables: dict[str, pd.DataFrame], codebook: Codebook) -> Iterator[str]:
    for name in CODE_TABLES:
        if list(tables[name]["id"]) != list(codebook.tables[name]["id"]):
            yield f"{name}.csv: column id: not the codes of this codebook; name the tables' own"


def _evidence_problems(tables: dict[str, pd.DataFrame], text: str, codebook: Codebook) -> Iterator[str]:
    """Every rule that a row names is in the codebook; those of a position find words in its quote."""
    for name in ("mentions", "statements", "positions"):
        frame = tables[name]
        rows = zip(frame["start"], frame["end"], frame["quote"], frame["rule_id"], strict=True)
        for row, (start, end, quote, rule_ids) in enumerate(rows):
            for rule_id in filter(None, rule_ids.split("+")):
                if rule_id in (PERSON, CODER, *NO_RULE):
                    continue
                rule = codebook.rule(rule_id)
                if rule is None:
                    yield f"{cell(name, row, 'rule_id')} {rule_id!r} is no rule of this codebook"
                elif name == "positions" and not _finds(rule.pattern, text, start, end):
                    yield f"{cell(name, row, 'quote')} {quote!r} has no words of rule {rule_id}"


def _finds(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether it matches inside the span, where lookaheads see the text behind the span or the span's end."""
    match = pattern.search(text, start)
    return bool(match and match.end() <= end) or bool(pattern.search(text, start, end))


def _source_problems(tables: dict[str, pd.DataFrame], text: str, report: Report) -> Iterator[str]:
    if text != report.text:
        yield f"{TEXT_FILE}: not the text of {report.name}; name the report that they were made from"
        return
    for name, row, column, start, end, words in _spans(tables):
        if start >= 0:
            first, last = report.locate(start, end)
            stretch = report.source[first:last]
            rest = iter(stretch)  # wraps and page furniture may lie between the characters
            holds = all(character in rest for character in words if not character.isspace())
            if not holds or (stretch[0], stretch[-1]) != (words[0], words[-1]):
                yield f"{cell(name, row, column)} {words!r} is not in the source at {first}:{last}"
