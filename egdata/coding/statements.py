"""Who is said to speak, with which verb and modality; identity links and contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import ANAPHOR, UNATTRIBUTED
from egdata.codebook.codebook import Codebook
from egdata.coding.chain import read_governors
from egdata.coding.classifier import LEARNT, names_of, read_holder_weights, read_words, who_holds
from egdata.coding.clauses import Clause, split_clauses
from egdata.coding.grammar import Grammar, read_grammar
from egdata.coding.holders import Attribution, split_statements
from egdata.coding.modality import find_modality, main_stretch
from egdata.coding.names import KNOWN
from egdata.reading.report import spans_by_unit

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

#: The holder of an anaphor (他们, the speaker) that points back to nobody, by its part; of other parts somebody named.
_NOBODY = {"plural": "speakers", "clause": "speakers", "passive": "speakers", "one": "one"}
_PLURAL = {"some", "several", "many", "general", "other", "speakers"}


def statements_of(report: Report, codebook: Codebook) -> pd.DataFrame:
    """The statements of a report; :func:`egdata.find_statements` says what the columns hold."""
    grammar = read_grammar(codebook, report.lang)
    rank = codebook.ranks("holders")
    rows: list[dict] = []
    for unit_id, spans in spans_by_unit(report).items():
        unit: list[dict] = []
        is_enacted = unit_id in report.resolution_units  # a resolution speaks for itself
        for start, end, sentence_id in spans:
            text = report.text[start:end]
            clauses = split_clauses(text, grammar.marks)
            stretches = [(0, len(text), None)] if is_enacted else split_statements(text, clauses, grammar)
            modality = find_modality(text, clauses, grammar, main_stretch(text, clauses, stretches, grammar))
            for number, (first, last, attribution) in enumerate(stretches, start=1):
                statement_id = f"{sentence_id}/s{number}"
                antecedent = _antecedent(attribution, unit, grammar)
                holder = (
                    "one" if _is_lone(text, clauses, unit, attribution, grammar) else _holder(attribution, antecedent)
                )
                unit.append(
                    {
                        "statement_id": statement_id,
                        "sentence_id": sentence_id,
                        "holder": holder,
                        "holder_rank": rank[holder],
                        "holder_start": attribution and start + attribution.start,
                        "holder_end": attribution and start + attribution.end,
                        "holder_quote": text[attribution.start : attribution.end] if attribution else "",
                        "group_id": antecedent["group_id"] if antecedent else statement_id,
                        "antecedent_id": antecedent["statement_id"] if antecedent else "",
                        "verb": _verb_of(text, attribution, grammar) if attribution else "",
                        "modality": modality,
                        "is_contrast": bool(attribution) and _is_contrast(text, clauses, attribution, grammar),
                        "start": start + first,
                        "end": start + last,
                        "quote": text[first:last],
                        "rule_id": attribution.rule_id if attribution else "",
                        "coded_by": "rules",
                    }
                )
        rows += unit
    columns = [
        "statement_id", "sentence_id", "holder", "holder_rank", "holder_start", "holder_end", "holder_quote",
        "group_id", "antecedent_id", "verb", "modality", "is_contrast", "start", "end", "quote", "rule_id", "coded_by",
    ]  # fmt: skip
    types = dict.fromkeys(("holder_rank", "holder_start", "holder_end"), "Int64")
    return frame_of(rows, columns, **types, start="int64", end="int64", is_contrast="bool")


def with_learnt_holders(
    report: Report, codebook: Codebook, statements: pd.DataFrame, positions: pd.DataFrame, mentions: pd.DataFrame
) -> pd.DataFrame:
    """The statements, and who holds a position in those in which the rules find nobody, by what was learnt.

    ``named`` is believed only where a State, group or body that the codebook knows is mentioned.
    """
    is_open = statements["holder"].eq(UNATTRIBUTED) & statements["statement_id"].isin(positions["statement_id"])
    weights = read_holder_weights(codebook, report.lang) if is_open.any() else None
    if weights is None:
        return statements
    governors, rank, text = read_governors(codebook, report.lang), codebook.ranks("holders"), report.text
    frame, names = statements.copy(), names_of(mentions)
    for row, (start, end) in zip(frame.index[is_open], records(frame[is_open], "start", "end"), strict=True):
        words = read_words(text[start:end], report.lang, governors, names(start, end))
        holder, (first, last) = who_holds(words, weights)
        told = (start + first, start + last)
        if holder == "named":
            inside = mentions[mentions["kind"].isin(KNOWN) & mentions["start"].between(start, end - 1)]
            told = min(records(inside, "start", "end"), key=lambda span: abs(span[0] - told[0]), default=())
        if holder != UNATTRIBUTED and told:
            columns = ["holder", "holder_rank", "holder_start", "holder_end", "holder_quote", "rule_id"]
            frame.loc[row, columns] = [holder, rank[holder], *told, text[slice(*told)], LEARNT]
    return frame


def _antecedent(attribution: Attribution | None, unit: list[dict], grammar: Grammar) -> dict | None:
    """The statement before in the unit that an anaphor points back to; 'they' may be two with a name."""
    if attribution is None or attribution.holder != ANAPHOR:
        return None
    is_plural = _NOBODY.get(attribution.part) == "speakers"
    fits = _PLURAL if is_plural else {"one", "named"}
    for row in reversed(unit):
        is_joint = is_plural and row["holder"] == "named" and grammar.words["joint"].search(row["holder_quote"])
        if row["holder"] in fits or is_joint:
            return row
    return None


def _is_lone(
    text: str, clauses: list[Clause], unit: list[dict], attribution: Attribution | None, grammar: Grammar
) -> bool:
    """Whether a pronoun is the first word of a unit but for adjuncts, so that nobody stands before it."""
    if unit or attribution is None or attribution.holder != ANAPHOR or attribution.part != "pronoun":
        return False
    # 'He reiterated the concern of the Cuban delegation'
    if grammar.words["own_delegation"].search(text, attribution.end):
        return False
    return all(grammar.words["adjunct"].match(text, *clause) for clause in clauses[: attribution.clause])


def _holder(attribution: Attribution | None, antecedent: dict | None) -> str:
    if attribution is None:
        return UNATTRIBUTED
    if attribution.holder != ANAPHOR:
        return attribution.holder
    if antecedent:
        return antecedent["holder"]
    return _NOBODY.get(attribution.part, "named")


def _verb_of(text: str, attribution: Attribution, grammar: Grammar) -> str:
    """The reporting verb alone: 指出 of 会上着重指出."""
    said = grammar.said.search(text, attribution.verb_start, attribution.verb_end)
    return said["verb"] if said else text[attribution.verb_start : attribution.verb_end]


def _is_contrast(text: str, clauses: list[Clause], attribution: Attribution, grammar: Grammar) -> bool:
    """Whether a marker sets the holder against one before: 但, 然而; 同时 or 另有 with no 还, 也 that adds it."""
    clause, end = clauses[max(attribution.clause - 1, 0)]
    if grammar.word("connective", text, clause, end) < end - 1:  # the clause before is more than 但是，
        clause = clauses[attribution.clause][0]
    if grammar.words["adversative"].search(text, clause, attribution.verb_start):
        return True
    marked = grammar.words["contrast"].search(text, clause, attribution.verb_start)
    return bool(marked) and not grammar.words["addition"].search(text, attribution.end, attribution.verb_start)
