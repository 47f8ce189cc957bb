"""Networks: edges, nodes and policies on invented sentences and the bundled report."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from egdata.analysis.discourse import discourse_network
from egdata.analysis.graphs import actor_instrument_graph, network_measures
from egdata.analysis.network import (
    actor_instrument_edges,
    actor_instrument_nodes,
    event_list,
    network_tables,
    write_event_list,
)
from egdata.analysis.sensitivity import network_sensitivity, network_summary
from egdata.base.errors import EgdataError, TableError
from egdata.base.vocabulary import IDENTITIES, NO_HOLDER
from egdata.codebook.codebook import read_codebook
from egdata.coding.coding import code
from egdata.reading.report import sentences_report


def ties(edges):
    return list(edges[["actor_id", "instrument_id", "relation", "weight"]].itertuples(index=False, name=None))


def test_edges_of_invented_sentences(few):
    mention = ties(actor_instrument_edges(few))
    assert mention[:5] == [
        ("0/s1", "uncac", "speaks-of", 1),
        ("1/s1", "uncac", "speaks-of", 1),
        ("usa", "un-charter", "speaks-of", 1),
        ("3/s1", "un-charter", "speaks-of", 1),
        ("4/s1", "uncac", "speaks-of", 1),
    ]
    assert [actor for actor, _, relation, _ in mention if relation == "mentioned-with"] == ["usa", "chn", "jpn"]
    merged = ties(actor_instrument_edges(few, "merged", relations="speaks-of"))
    assert merged == [
        ("some", "uncac", "speaks-of", 2),
        ("usa", "un-charter", "speaks-of", 1),
        ("unattributed", "un-charter", "speaks-of", 1),
        ("impersonal", "uncac", "speaks-of", 1),
    ]
    held = ties(actor_instrument_edges(few, "merged", relations="speaks-of", exclude=NO_HOLDER))
    assert held == merged[:2]


def test_nodes_of_invented_sentences(few):
    nodes = actor_instrument_nodes(few, "unit", relations="speaks-of").set_index("node_id")
    assert list(nodes["node_type"]) == [
        "anonymous",
        "anonymous",
        "state",
        "unattributed",
        "impersonal",
        "instrument",
        "instrument",
    ]
    assert nodes.loc["some@0", ["code", "label_en", "label_zh"]].tolist() == ["some", "some (0)", "一些（0）"]
    assert nodes.loc["uncac", "n_statements"] == 3
    assert nodes.loc["usa", "label_zh"] == "美利坚合众国"


def test_a_named_holder_without_words_is_one_of_its_class():
    # China and Japan are parties to the Convention against Corruption: a person says that somebody named holds it
    report = sentences_report(["中国和日本是《联合国反腐败公约》缔约国。"])
    coding = code(report, corrections=pd.DataFrame({"sid": ["0"], "holder": ["named"]}))
    assert coding.statements["holder_start"].isna().all()
    nodes = actor_instrument_nodes(coding, "merged", relations="speaks-of")
    columns = ["node_id", "node_type", "code", "label_en", "label_zh"]
    assert nodes[columns].values.tolist()[0] == ["named", "named", "named", "named", "具名"]


def test_isolates_are_listed_on_demand():
    report = sentences_report(["许多发言者表示关切。"])  # many speakers were concerned
    assert actor_instrument_nodes(report, "merged").empty
    assert list(actor_instrument_nodes(report, "merged", isolates=True)["node_id"]) == ["many"]


def test_stance_only_towards_the_instrument_of_the_issue():
    # some speakers did not support a new convention and cited the Convention against Corruption
    report = sentences_report(["一些发言者不支持拟订一项新的联合国网络犯罪公约，并提到了《联合国反腐败公约》。"])
    coding = code(report, read_codebook().without_weights())
    edges = actor_instrument_edges(coding, "merged").set_index("instrument_id")
    assert edges.loc["new-convention", ["signed_weight", "n_against", "stances"]].tolist() == [-1, 1, "against"]
    assert edges.loc["uncac", ["signed_weight", "n_against", "stances"]].tolist() == [0, 0, ""]


def test_report_without_instruments(few):
    report = sentences_report(["会议于星期一开幕。"])  # the meeting opened on Monday
    edges, nodes = actor_instrument_edges(report), actor_instrument_nodes(report)
    assert edges.empty
    assert nodes.empty
    full = actor_instrument_edges(few)
    assert_frame_equal(full.iloc[:0].reset_index(drop=True), edges, check_dtype=False, check_index_type=False)
    assert len(actor_instrument_graph(report)) == 0
    assert event_list(report).empty
    assert len(network_summary(report)) == 6
    assert network_sensitivity(report)["is_robust"].all()
    assert network_measures(actor_instrument_graph(report)).empty


def test_no_sentences():
    assert event_list(sentences_report([])).empty
    assert actor_instrument_edges(sentences_report([])).empty


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"identity": "person"}, "identity is 'person'.*'mention', 'unit', 'merged'"),
        ({"exclude": "instrument"}, "exclude is 'instrument'.*'unattributed'"),
        ({"exclude": ["state", "nobody"]}, "'nobody'"),
        ({"relations": ["cites"]}, "relations is 'cites'"),
    ],
)
def test_wrong_choices_are_named(few, options, words):
    with pytest.raises(EgdataError, match=words):
        actor_instrument_edges(few, **options)


def test_unknown_instrument_is_an_error(few):
    coding = code(few)
    coding.__dict__["mentions"] = coding.mentions.replace({"entity_id": {"uncac": "rome-statute"}})
    with pytest.raises(TableError, match="'rome-statute'"):
        actor_instrument_edges(coding)


def test_resolutions_outside_the_codebook_have_names():
    report = sentences_report(["一些发言者回顾大会第55/63号决议。"])  # some speakers recalled resolution 55/63
    nodes = actor_instrument_nodes(report).set_index("node_id")
    assert nodes.loc["ga-55-63", ["label_en", "label_zh"]].tolist() == [
        "General Assembly resolution 55/63",
        "大会第55/63号决议",
    ]


def test_policies_only_ever_merge(real, real_coding):
    """From mention to unit to merged, an actor is never split, and no statement is lost or made."""
    edges = {identity: actor_instrument_edges(real_coding, identity) for identity in IDENTITIES}
    owners = {}
    for identity, frame in edges.items():
        assert frame["weight"].eq(frame["statement_ids"].str.count(";") + 1).all()
        assert frame["signed_weight"].eq(frame["n_for"] - frame["n_against"]).all()
        spoken = frame[frame["relation"] == "speaks-of"]
        owners[identity] = {
            (statement, row.instrument_id): row.actor_id
            for row in spoken.itertuples()
            for statement in row.statement_ids.split(";")
        }
    assert len({frozenset(owner) for owner in owners.values()}) == 1
    for narrow, wide in itertools.pairwise(IDENTITIES):
        together = {}
        for link, actor in owners[narrow].items():
            together.setdefault(actor, set()).add(owners[wide][link])
        assert all(len(actors) == 1 for actors in together.values())
        assert len(set(owners[narrow].values())) > len(set(owners[wide].values()))
    totals = [frame["weight"].sum() for frame in edges.values()]
    assert len(set(totals)) == 1


def test_tables_refer_to_each_other(real, real_coding):
    tables = network_tables(real_coding)
    edges, nodes = tables["edges"], tables["nodes"]
    assert not edges.duplicated(["identity", "actor_id", "instrument_id", "relation"]).any()
    assert not nodes.duplicated(["identity", "node_id"]).any()
    known = set(zip(nodes["identity"], nodes["node_id"], strict=True))
    for end in ("actor_id", "instrument_id"):
        assert set(zip(edges["identity"], edges[end], strict=True)) <= known
    statements = set(real_coding.statements["statement_id"])
    assert {statement for ids in edges["statement_ids"] for statement in ids.split(";")} <= statements
    assert edges["citations"].str.contains(", para. ").all()
    assert set(nodes.loc[nodes["node_type"] == "instrument", "code"]) <= set(real_coding.mentions["entity_id"])


def test_leaving_out_who_names_no_holder(real, real_coding):
    everything = actor_instrument_nodes(real_coding, "merged")
    held = actor_instrument_nodes(real_coding, "merged", exclude=NO_HOLDER)
    assert set(NO_HOLDER) <= set(everything["node_type"])
    assert not set(NO_HOLDER) & set(held["node_type"])
    assert not event_list(real_coding, exclude=NO_HOLDER)["holder"].isin(NO_HOLDER).any()


def test_event_list(real, real_coding, tmp_path):
    events = event_list(real_coding, count_retellings=True)
    assert len(events) >= len(real_coding.positions)
    for start, end, text in zip(events["start"], events["end"], events["text"], strict=True):
        assert real.text[start:end] == text
    assert events["agreement"].isna().eq(events["stance"].isin(["conditional", "neutral"])).all()
    write_event_list(real_coding, tmp_path / "events.csv", count_retellings=True)
    raw = (tmp_path / "events.csv").read_bytes()
    assert b"\r" not in raw
    again = pd.read_csv(tmp_path / "events.csv", dtype={"agreement": "Int64"}, keep_default_na=True)
    assert list(again.columns[:2]) == ["statement_id", "document"]
    network_of = {"actor": "organization", "concept": "concept", "qualifier": "stance", "aggregation": "subtract"}
    assert_frame_equal(discourse_network(again, **network_of), discourse_network(events, **network_of))
    signed = discourse_network(events, **network_of).to_numpy().sum()
    assert signed == events["stance"].eq("for").sum() - events["stance"].eq("against").sum()
