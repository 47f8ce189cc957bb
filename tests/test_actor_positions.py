"""Positions of actors: supporters hold what the speaker holds, opponents the opposite."""

from __future__ import annotations

import pytest

from egdata.analysis.actor_positions import actor_positions
from egdata.analysis.contested import find_contested
from egdata.analysis.network import actor_instrument_edges, event_list
from egdata.coding.coding import Coding, code
from egdata.reading.report import sentences_report

TEXT = "Peru, supported by Chile and opposed by Fiji, wanted a new convention."


def stated(stance: str) -> Coding:
    """The coding of TEXT by somebody who reads this stance in it."""

    def coder(statements, codebook):
        return [{"statement_id": "0/s1", "issue": "new-convention", "stance": stance, "quote": "a new convention"}]

    return code(sentences_report([TEXT], "en"), coder=coder)


CODING = stated("for")


def test_supporters_agree_and_opponents_disagree():
    positions = actor_positions(CODING)
    assert positions[["position_id", "actor_id", "role", "stance"]].values.tolist() == [
        ["0/s1/new-convention", "per", "speaker", "for"],
        ["0/s1/new-convention", "chl", "supporter", "for"],
        ["0/s1/new-convention", "fji", "opponent", "against"],
    ]


def test_nobody_knows_the_opposite_of_a_condition():
    positions = actor_positions(stated("conditional"))
    assert positions[["actor_id", "stance"]].values.tolist() == [["per", "conditional"], ["chl", "conditional"]]


@pytest.mark.parametrize(
    ("text", "stances"),
    [
        ("Norway's proposal to extend the mandate of the Expert Group was opposed by Iran.", {"irn": "against"}),
        ("Norway's proposal to extend the mandate of the Expert Group was supported by Chile.", {"nor": "for", "chl": "for"}),
        ("Iran opposed Norway's proposal to extend the mandate of the Expert Group.", {"irn": "against"}),
        ("Norway expressed opposition to extending the mandate of the Expert Group.", {"nor": "against"}),
    ],
)  # fmt: skip
def test_whoever_proposes_is_not_against_it(text, stances):
    positions = actor_positions(code(sentences_report([text], "en")))
    assert dict(zip(positions["actor_id"], positions["stance"], strict=True)) == stances


def test_an_unattributed_position_has_no_actor():
    text = "States should elaborate a new convention on cybercrime."
    assert actor_positions(code(sentences_report([text], "en"))).empty


def test_edges_and_events_name_actors_with_their_own_stance():
    edges = actor_instrument_edges(CODING, relations=("speaks-of",))
    assert edges[["actor_id", "n_for", "n_against"]].values.tolist() == [["per", 1, 0], ["chl", 1, 0], ["fji", 0, 1]]
    events = event_list(CODING)
    assert events[["organization", "concept", "agreement"]].values.tolist() == [
        ["per", "new-convention", 1],
        ["chl", "new-convention", 1],
        ["fji", "new-convention", 0],
    ]


def test_contested_by_actor():
    contested = find_contested(CODING, by="actor_id")
    assert contested[["issue_id", "actor_id", "n_for", "n_against", "is_contested"]].values.tolist() == [
        ["new-convention", "chl", 1, 0, False],
        ["new-convention", "fji", 0, 1, False],
        ["new-convention", "per", 1, 0, False],
    ]
