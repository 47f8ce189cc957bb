"""Coders side by side: how far they agree, how far each is right, and where they differ, in which words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import EgdataError
from egdata.base.frames import frame_of, records
from egdata.base.paths import data_path
from egdata.base.vocabulary import AGREES, DIFFERS, NO_ANSWER, REPORT_ID, RULES
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.benchmark import open_sets, read_gold, read_gold_text
from egdata.coding.coders import Coder
from egdata.coding.coding import Coding, code, with_coder
from egdata.coding.scoring import SHEETS, read_sheet, score
from egdata.coding.sheet import coding_sheet
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["sid", "holder", "issue", "stance"]
VARIABLES = ("issue", "stance", "position", "position+holder")
MEASURES = ("agreement", "alpha", "f1")
DIFFERENCES = (
    "coder_a", "coder_b", "statement_id", "sentence_id", "holder", "issue_id", "stance_a", "stance_b", "quote_a",
    "quote_b", "text",
)  # fmt: skip


class Comparison(NamedTuple):
    """What :func:`compare_coders` gives: three frames."""

    agreement: pd.DataFrame
    scores: pd.DataFrame
    differences: pd.DataFrame


def compare_coders(
    report: Report,
    coders: Sequence[Coder | Coding] | Mapping[str, Coder | Coding],
    gold: pd.DataFrame | str | Path | None = None,
    codebook: Codebook | None = None,
) -> Comparison:
    """Put the codings of one report by several coders side by side.

    Parameters
    ----------
    report : Report
    coders : list or mapping of str
        Two or more of what :func:`egdata.code` takes as ``coder``, or codings of the report; of a mapping by the names
        to call them, which tells several sheets apart.
    gold : DataFrame, path or str, optional
        A coding sheet to measure against, or the name of a set of ``data/gold``.
    codebook : Codebook, optional

    Returns
    -------
    Comparison
        - ``agreement``: one row per pair × variable × measure: ``coder_a, coder_b, variable, measure, n, value, low,
          high`` as :func:`egdata.score` gives them, over the sentences that both answered. Measures are ``agreement``,
          Krippendorff's ``alpha`` (of issue and stance) and ``f1``
        - ``scores``: one row per coder × variable × measure against the gold: ``coder, variable, measure, n, value,
          low, high`` with ``precision``, ``recall`` and ``f1``. Last come the pairs, as ``a & b``: of the positions on
          which both agree the precision says how far to trust them, the recall how much of the gold they cover. No
          rows without gold
        - ``differences``: one row per pair, statement and issue on which they differ, in text order: ``coder_a,
          coder_b, statement_id, sentence_id, holder, issue_id``; ``stance_a, stance_b``, empty for none, and their
          ``quote_a, quote_b``; ``text``, the sentence

    Raises
    ------
    EgdataError
        If there are fewer than two coders, or a coder or the gold cannot be read.

    Notes
    -----
    Holders are those of the rules in every coding, so that only positions are compared. A statement that one of the two
    left out, or whose answer was refused, is no difference; against the gold it is a position missed.
    """
    if len(coders) < 2:
        raise EgdataError(f"name two coders or more to compare, not {len(coders)}")
    listed = list(coders.values()) if isinstance(coders, Mapping) else coders
    rules = code(report, codebook)
    codings = [coder if isinstance(coder, Coding) else with_coder(rules, coder) for coder in listed]
    names = list(coders) if isinstance(coders, Mapping) else _names(codings)
    for coding in codings:
        _need_same_report(codings[0], coding)
    codebook = codings[0].codebook
    sheets = [coding_sheet(coding)[COLUMNS] for coding in codings]
    pairs = list(combinations(range(len(codings)), 2))
    agreement, differences, scores = [], [], []
    for a, b in pairs:
        told = {"coder_a": names[a], "coder_b": names[b]}
        silent = {sid for at in (a, b) for sid, why in codings[at].left_out.items() if why == NO_ANSWER}
        mine, yours = (sheets[at][~sheets[at]["sid"].isin(silent)] for at in (a, b))
        if len(mine):
            agreement += [told | row for row in _scored(mine, yours, codebook, MEASURES)]
        differences += [told | row for row in _differences(codings[a], codings[b])]
    if gold is not None:
        right = _gold(gold, report)
        both = [(f"{names[a]} & {names[b]}", _shared(sheets[a], sheets[b])) for a, b in pairs]
        for name, sheet in [*zip(names, sheets, strict=True), *both]:
            rows = _scored(sheet, right, codebook, ("precision", "recall", "f1"))
            scores += [{"coder": name} | row for row in rows]
    measured = ["variable", "measure", "n", "value", "low", "high"]
    types = {"n": "int64", "value": "float64", "low": "float64", "high": "float64"}
    return Comparison(
        frame_of(agreement, ["coder_a", "coder_b", *measured], **types),
        frame_of(scores, ["coder", *measured], **types),
        frame_of(differences, DIFFERENCES),
    )


@one_report
def recorded_answers(report: Report) -> Path:
    """The file of ``data/coders`` with the recorded answers of another coder for a report, by its ``report_id``.

    Parameters
    ----------
    report : Report
        The bundled one, or that of a coded set.

    Returns
    -------
    Path
        For ``coder`` of :func:`egdata.code`.

    Raises
    ------
    EgdataError
        If nothing is recorded for it.
    """
    file = _answers_file(report.meta[REPORT_ID])
    if not file.is_file():
        raise EgdataError(f"{report.name} has no recorded answers; ask a coder with egdata code")
    return file


def _answers_file(report_id: str) -> Path:
    return data_path("coders", f"{report_id}.jsonl")


def compare_on_gold(codebook: Codebook | None = None) -> pd.DataFrame:
    """Put the recorded answers of ``data/coders`` beside the rules on every open coded set that has them.

    Parameters
    ----------
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per set, language and coder (``rules``, the name of the other, and both as ``a & b``): ``set, lang,
        coder``; ``n``, sentences; ``precision``, ``recall``, ``f1`` of positions. Of both the positions count on which
        they agree. Codes that the codebook does not have are left out.

    Raises
    ------
    EgdataError
        If answers cannot be read.
    """
    codebook = codebook or read_codebook()
    rows: list[dict] = []
    for gold in open_sets():
        for lang in (lang for lang in gold.langs if _answers_file(f"{gold.name}.{lang}").is_file()):
            report = read_gold_text(gold.name, lang, codebook)
            coders = [RULES, recorded_answers(report)]
            scores = compare_coders(report, coders, read_gold(gold.name, lang, codebook), codebook).scores
            scores = scores[scores["variable"] == "position"]
            for coder, measures in scores.groupby("coder", sort=False):
                row = {"set": gold.name, "lang": lang, "coder": coder, "n": int(measures["n"].max())}
                rows.append(row | measures.set_index("measure")["value"].to_dict())
    measured = ["precision", "recall", "f1"]
    return frame_of(rows, ["set", "lang", "coder", "n", *measured], n="int64", **dict.fromkeys(measured, "float64"))


def with_second_opinion(coding: Coding, other: Coding) -> Coding:
    """The coding with a column ``second_opinion`` in its positions.

    Parameters
    ----------
    coding, other : Coding
        Two codings of one report.

    Returns
    -------
    Coding
        The first one. Of each position it says whether the other coder has the same stance in the statement
        (``agrees``) or another or none (``differs``); empty where the other did not answer, or not so that it could be
        believed. Positions that only the other has are in ``differences`` of :func:`compare_coders`.

    Raises
    ------
    EgdataError
        If they are codings of two reports.
    """
    _need_same_report(coding, other)
    theirs = _stances(other)

    def heard(statement_id: str, sentence_id: str, issue: str) -> Collection[str] | None:
        said = theirs.get((statement_id, issue), ())
        return None if not said and sentence_id in other.left_out else said[:1]

    return with_opinions(coding, heard)


def with_opinions(coding: Coding, heard: Callable[[str, str, str], Collection[str] | None]) -> Coding:
    """The coding with a column ``second_opinion`` in its positions.

    ``heard`` gives the stances of the other coder in a statement and its sentence on an issue; None if it is silent.
    """
    opinions = []
    for *place, stance in records(coding.positions, "statement_id", "sentence_id", "issue_id", "stance"):
        stances = heard(*place)
        opinions.append("" if stances is None else AGREES if stance in stances else DIFFERS)
    own = coding.positions.drop(columns=["sentence_id", "holder", "voice"])
    frames = {"statements": coding.statements, "mentions": coding.mentions}  # not to be found twice
    return replace(coding, _given={**coding._given, **frames, "positions": own.assign(second_opinion=opinions)})


def _need_same_report(coding: Coding, other: Coding) -> None:
    if coding.report.text != other.report.text:
        raise EgdataError(f"these are codings of two texts: {coding.report.name} and {other.report.name}")


def _names(codings: Sequence[Coding]) -> list[str]:
    """A name for each, with its number where a name stands twice."""
    names = [coding.coder for coding in codings]
    numbers = [names[:at].count(name) + 1 for at, name in enumerate(names)]
    return [name if number == 1 else f"{name}#{number}" for name, number in zip(names, numbers, strict=True)]


def _gold(gold: pd.DataFrame | str | Path, report: Report) -> pd.DataFrame:
    if isinstance(gold, str) and not gold.lower().endswith(SHEETS):
        gold = read_gold(gold, report.lang)
    sheet = read_sheet(gold)
    return sheet[[column for column in COLUMNS if column in sheet]]


def _scored(sheet: pd.DataFrame, right: pd.DataFrame, codebook: Codebook, measures: Sequence[str]) -> Iterator[dict]:
    scores = score(sheet, right, codebook)
    kept = scores[scores["variable"].isin(VARIABLES) & scores["measure"].isin(measures)]
    return iter(kept.to_dict("records"))


def _shared(mine: pd.DataFrame, yours: pd.DataFrame) -> pd.DataFrame:
    """The sheet with the positions that the other has too; a sentence without any keeps its row."""
    held = set(records(yours, *COLUMNS))
    sheet = mine.copy()
    sheet.loc[[row not in held for row in records(mine, *COLUMNS)], ["issue", "stance"]] = ""
    return sheet


def _stances(coding: Coding) -> dict[tuple[str, str], tuple[str, str]]:
    """Stance and quote of each statement and issue."""
    rows = records(coding.positions, "statement_id", "issue_id", "stance", "quote")
    return {(statement_id, issue): (stance, quote) for statement_id, issue, stance, quote in rows}


def _differences(a: Coding, b: Coding) -> Iterator[dict[str, str]]:
    mine, yours = _stances(a), _stances(b)
    issues = list(a.codebook.codes("issues"))
    texts = dict(records(a.report.sentences, "sentence_id", "text"))
    for statement_id, sentence_id, holder in records(a.statements, "statement_id", "sentence_id", "holder"):
        for issue in issues:
            (ours, our_words), (theirs, their_words) = (
                side.get((statement_id, issue), ("", "")) for side in (mine, yours)
            )
            silent = (not ours and sentence_id in a.left_out) or (not theirs and sentence_id in b.left_out)
            if ours != theirs and not silent:
                told = (statement_id, sentence_id, holder, issue, ours, theirs, our_words, their_words)
                yield dict(zip(DIFFERENCES[2:], (*told, texts[sentence_id]), strict=True))
