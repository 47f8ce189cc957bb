"""How certain each position is: a small model of what its stance rests on, learnt from the benchmark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from egdata.base.vocabulary import CERTAINTIES
from egdata.codebook.codebook import Codebook
from egdata.coding.chain import CHAIN
from egdata.coding.targets import CARRIED_OVER

if TYPE_CHECKING:
    from egdata.coding.positions import Finding

INTERCEPT = "always"
#: What the model weighs, each between 0 and about 1: the trace of a position → a number.
FEATURES: dict[str, str] = {
    INTERCEPT: "1 for every position",
    "by_chain": "the words that govern the target decide",
    "by_default": "nothing evaluates the target",
    "no_operator": "no word of the chain",
    "turned": "a word of the chain turns the sign",
    "turned_twice": "two do",
    "beside": "another idiom says the same",
    "conflicting": "an idiom or a chain says something else",
    "conditional": "a condition is heard",
    "weak": "no word of the chain judges",
    "carried_over": "it is about what was debated before",
    "taken_up": "another clause judges",
    "distance": "characters between target and cue, by hundreds",
    "length": "characters of the quote, by hundreds",
}


def trace_of(finding: Finding) -> dict[str, object]:
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


def features(trace: Mapping[str, object]) -> dict[str, float]:
    """What the model weighs of one position, from its row of :func:`egdata.position_traces`."""
    n_turns, n_conflicting, n_cues = int(trace["n_turns"]), int(trace["n_conflicting"]), int(trace["n_cues"])
    return {
        INTERCEPT: 1.0,
        "by_chain": float(trace["decided_by"] == CHAIN),
        "by_default": float(bool(trace["is_default"])),
        "no_operator": float(not trace["n_operators"]),
        "turned": float(n_turns > 0),
        "turned_twice": float(n_turns > 1),
        "beside": float(n_cues - n_conflicting > 1),
        "conflicting": min(n_conflicting, 2) / 2,
        "conditional": float(bool(trace["is_conditional"])),
        "weak": float(bool(trace["is_weak"])),
        "carried_over": float(bool(trace["is_carried_over"])),
        "taken_up": float(bool(trace["is_taken_up"])),
        "distance": min(float(trace["distance"]) / 100, 2.0),
        "length": min(float(trace["length"]) / 100, 2.0),
    }


def probability(trace: Mapping[str, object], weights: Mapping[str, float]) -> float:
    """How probable it is that a position is right, by the weights of its language."""
    found = features(trace)
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in found.items())))


def certainties(traces: Iterable[Mapping[str, object]], codebook: Codebook, lang: str) -> list[str]:
    """``sure``, ``likely`` or ``check`` for each position; empty where the codebook has no model for the language."""
    model, classes = codebook.tables["certainty"], codebook.tables["certainty_classes"]
    weights = {row.feature: float(row.weight) for row in model.itertuples() if row.lang == lang}
    bounds = [(row.certainty, float(row.at_least)) for row in classes.itertuples() if row.lang == lang]
    bounds.sort(key=lambda bound: CERTAINTIES.index(bound[0]))
    rated = [probability(trace, weights) for trace in traces]
    return [next((name for name, least in bounds if share >= least), "") for share in rated]
