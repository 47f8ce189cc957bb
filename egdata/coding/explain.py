"""Why a position has its stance: the words that were weighed, and what was overruled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.frames import frame_of
from egdata.codebook.codebook import Codebook
from egdata.coding.chain import CHAIN, Operator
from egdata.coding.classifier import LEARNT, names_of, read_classifier
from egdata.coding.coding import Coding, coding_of
from egdata.coding.positions import Finding, findings_of
from egdata.coding.several import over_reports
from egdata.coding.targets import CARRIED_OVER
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

PARTS = ("part", "words", "effect", "rule_id", "start", "end")
_MOST = 3  # words that are shown of those that were weighed
TRACE = (
    "position_id", "decided_by", "n_cues", "n_conflicting", "n_operators", "n_turns", "distance", "length",
    "is_carried_over", "is_default", "is_conditional", "is_weak", "is_taken_up",
)  # fmt: skip


@one_report
def explain(
    position: str | Mapping[str, object], report: Report | Coding, codebook: Codebook | None = None
) -> pd.DataFrame:
    """Show how one position came about.

    Parameters
    ----------
    position : str or mapping
        A ``position_id`` (``22#1/s1/new-convention``), or a row of :func:`find_positions`.
    report : Report or Coding
        What it was found in.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per word or phrase that was weighed, in the order in which it was asked. Columns: ``part``; ``words``,
        as printed; ``effect``; ``rule_id``, the rule or the word list; ``start``, ``end``. The parts:

        - ``target``: what the position is about; its effect is its polarity (``inverse``: to support it is to reject
          the proposition)
        - ``operator``: a word of the chain that governs it, which ``keeps`` or ``turns`` the sign
        - ``cue``: the idiom that decided, with its code
        - ``condition``: a condition that was heard; ``beside``: an idiom that says the same
        - ``overruled``: an idiom or a chain that said something else
        - ``outside``: a word with a valence in the same clauses that belongs to something else
        - ``weighs``: of the words with a learnt weight those that spoke most for the stance; its effect is the weight
        - ``stance``: what came of it; its rule is ``chain``, ``idiom``, ``default`` or ``learnt``

    Raises
    ------
    EgdataError
        If the rules find no such position.

    Examples
    --------
    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["Some regretted the absence of a new convention."], "en")
    >>> explain("0/s1/new-convention", report)[["part", "words", "effect"]].values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE, +ELLIPSIS
    [['target', 'a new convention', 'direct'], ['operator', 'regretted', 'turns'],
     ['operator', 'absence of', 'turns'], ..., ['stance', 'for', '']]
    """
    position_id = position if isinstance(position, str) else str(position["position_id"])
    coding = coding_of(report, codebook)
    for found_id, finding in _findings(coding):
        if found_id == position_id:
            *rows, stance = _parts(finding, coding.report.text)
            rows += [*_weighed(finding, found_id, coding), stance]
            return frame_of(rows, PARTS, start="int64", end="int64")
    raise EgdataError(f"{position_id!r}: no position that the rules find; name a position_id of find_positions")


@over_reports
def position_traces(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Say in numbers what each position rests on.

    Parameters
    ----------
    report : Report or Coding
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per position that is found, in their order:

        - ``position_id`` : str
        - ``decided_by`` : str, ``chain``, ``idiom``, ``default`` or ``learnt``
        - ``n_cues`` : int, idioms heard; ``n_conflicting``, those of them, and the chain, that say something else
        - ``n_operators`` : int, words of the chain; ``n_turns``, those that turn the sign (2: a double negation)
        - ``distance`` : int, characters between the target and the farthest word of the quote
        - ``length`` : int, characters of the quote
        - ``is_carried_over`` : bool, about what was debated before; ``is_default``, nothing evaluates the target
        - ``is_conditional`` : bool, a condition was heard; ``is_weak``, no word of the chain judges; ``is_taken_up``,
          another clause judges
    """
    rows = [{"position_id": name} | _trace_of(finding) for name, finding in _findings(coding_of(report, codebook))]
    flags = {name: "bool" for name in TRACE if name.startswith("is_")}
    counts = {name: "int64" for name in TRACE if name.startswith("n_") or name in ("distance", "length")}
    return frame_of(rows, TRACE, **flags, **counts)


def _trace_of(finding: Finding) -> dict[str, object]:
    """What a stance rests on, in the columns of :func:`egdata.position_traces`."""
    target, chain = finding.target, finding.chain
    n_others = sum(cue.rule.code != finding.stance for cue in finding.cues)
    n_others += finding.decided_by != CHAIN and bool(chain.stance) and not chain.is_weak
    return {
        "decided_by": finding.decided_by,
        "n_cues": len(finding.cues),
        "n_conflicting": n_others,
        "n_operators": len(chain.operators),
        "n_turns": sum(operator.sign < 0 for operator in chain.operators),
        "distance": max(target.start - finding.start, finding.end - target.end, 0),
        "length": finding.end - finding.start,
        "is_carried_over": target.rule_id in CARRIED_OVER,
        "is_default": finding.decided_by == "default",
        "is_conditional": any(cue.rule.code == "conditional" for cue in finding.cues),
        "is_weak": chain.is_weak,
        "is_taken_up": chain.is_taken_up,
    }


def _findings(coding: Coding) -> list[tuple[str, Finding]]:
    findings = findings_of(coding.report.folded, coding.codebook, coding.told, coding.mentions)
    return [(f"{statement_id}/{finding.issue_id}", finding) for statement_id, finding in findings]


def _weighed(finding: Finding, position_id: str, coding: Coding) -> Iterator[dict[str, object]]:
    """The words that weighed most for a stance, of those that were learnt."""
    report = coding.report.folded
    classifier = read_classifier(coding.codebook, report.lang)
    if classifier is None:
        return
    statement_id = position_id.rpartition("/")[0]
    statement = coding.statements[coding.statements["statement_id"] == statement_id].iloc[0]
    start, end = int(statement["start"]), int(statement["end"])
    names = names_of(coding.mentions)(start, end)
    weighed = classifier.weighed(classifier.read(report.text[start:end], names), finding.issue_id, finding.stance)
    for weight, words, (first, last) in weighed[:_MOST]:
        span = {"start": start + first, "end": start + last}
        yield {"part": "weighs", "words": words, "effect": f"{weight:.2f}", "rule_id": LEARNT} | span


def _parts(finding: Finding, text: str) -> list[dict[str, object]]:
    def part(name: str, start: int, end: int, effect: str, rule_id: str) -> dict[str, object]:
        words = text[start:end]
        return {"part": name, "words": words, "effect": effect, "rule_id": rule_id, "start": start, "end": end}

    def operator(name: str, word: Operator) -> dict[str, object]:
        return part(name, word.start, word.end, "turns" if word.sign < 0 else "keeps", word.kind)

    target, chain = finding.target, finding.chain
    rows = [part("target", target.start, target.end, target.polarity, target.rule_id)]
    is_conditioned = finding.stance == "conditional" and chain.stance == "for"
    by_chain = finding.decided_by == CHAIN or is_conditioned
    rows += [operator("operator" if by_chain else "overruled", word) for word in chain.operators]
    for number, cue in enumerate(finding.cues):
        if cue.rule.code == "conditional":
            name = "condition"
        elif finding.decided_by == "idiom" and not number:
            name = "cue"
        else:
            name = "beside" if cue.rule.code == finding.stance else "overruled"
        rows.append(part(name, cue.start, cue.end, cue.rule.code, cue.rule.rule_id))
    rows += [operator("outside", word) for word in chain.outside]
    stance = part("stance", finding.start, finding.end, "", finding.decided_by)
    return [*rows, stance | {"words": finding.stance}]
