"""How certain positions are: what the model weighs, and what it learns from coded sets."""

from types import SimpleNamespace

import pandas as pd
import pytest

import egdata as eg
from egdata.coding.certainty import FEATURES, INTERCEPT, certainties, features, probability
from egdata.coding.certainty_learning import learn_certainty

TRACE = {
    "decided_by": "chain", "n_cues": 0, "n_conflicting": 0, "n_operators": 2, "n_turns": 1, "distance": 50, "length": 40,
    "is_carried_over": False, "is_default": False, "is_conditional": False, "is_weak": False, "is_taken_up": False,
}  # fmt: skip


def test_features_are_those_that_are_described_and_stay_small():
    assert list(features(TRACE)) == list(FEATURES)
    assert max(features(TRACE | {"distance": 10_000, "length": 10_000, "n_conflicting": 9}).values()) == 2


def test_a_weight_moves_the_probability():
    assert probability(TRACE, {}) == 0.5
    assert probability(TRACE, {INTERCEPT: 1.0}) > 0.5 > probability(TRACE, {INTERCEPT: 1.0, "by_chain": -2.0})


@pytest.fixture(scope="module")
def rated():
    """Forty positions of three sets a language, of which those that contradict something are wrong."""
    rows = []
    for lang in ("zh", "en"):
        for number in range(40):
            is_wrong = number % 4 == 0
            values = features(TRACE | {"n_conflicting": 2 * is_wrong})
            known = {"set": f"s{number % 3}", "lang": lang, "position_id": str(number), "is_right": not is_wrong}
            rows.append(known | values)
    return pd.DataFrame(rows)


def test_what_goes_with_mistakes_is_learnt(rated):
    weights, classes = learn_certainty(rated)
    conflicting = weights.query("feature == 'conflicting'")["weight"].astype(float)
    assert list(weights["feature"]) == [*FEATURES, *FEATURES]
    assert (conflicting < 0).all()
    assert list(classes["certainty"]) == ["sure", "likely", "check"] * 2
    by_class = classes[classes["n"] != "0"].groupby("lang")["precision"].agg(["first", "last"]).astype(float)
    assert (by_class["first"] > by_class["last"]).all()


def test_positions_have_a_certainty_where_the_codebook_has_a_model():
    report = eg.parse_report("1. Some speakers supported a new convention on cybercrime.", lang="en")
    coding = eg.code(report)
    assert set(coding.positions["certainty"]) <= {"sure", "likely", "check"}
    blank = pd.DataFrame(columns=["lang", "feature", "weight", "certainty", "at_least"])
    no_model = SimpleNamespace(tables={"certainty": blank, "certainty_classes": blank})
    assert certainties([TRACE], no_model, "en") == [""]
