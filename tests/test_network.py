"""Networks: edges and policies on invented sentences, matrices against the formulae written out, graphs reopened."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from egdata import network
from egdata.codebook import read_codebook
from egdata.corrections import apply_corrections
from egdata.errors import EgdataError, TableError
from egdata.network import (
    AGGREGATIONS,
    IDENTITIES,
    NO_HOLDER,
    NORMALIZATIONS,
    STANCE_SCALE,
    actor_instrument_edges,
    actor_instrument_graph,
    actor_instrument_nodes,
    discourse_graph,
    discourse_network,
    disparity_backbone,
    event_list,
    find_clusters,
    network_edges,
    network_measures,
    network_sensitivity,
    network_summary,
    network_tables,
    polarization,
    write_event_list,
    write_graph,
)
from egdata.report import sentences_report
from egdata.sheet import find_all

WHO = {"actor": "who", "concept": "what"}
CASES = [
    (mode, aggregation, normalization)
    for mode in AGGREGATIONS
    for aggregation, normalization in itertools.product(AGGREGATIONS[mode], NORMALIZATIONS[mode])
]


@pytest.fixture(scope="module")
def found(real):
    return find_all(real)


# ---- discourse networks: the formulae, written out loop by loop -------------------------------------------------------


def slow_network(frame, mode, aggregation, normalization, duplicates=None, kind="boolean"):
    """Discourse Network Analyzer 3 by its definitions. ``frame`` has who, what, yes without gaps."""
    rows = []
    for row in frame.to_dict("records"):
        key = [row["who"], row["what"], *([] if aggregation == "ignore" else [row["yes"]])]
        key += [row[duplicates]] if duplicates else [len(rows)]
        if key not in [before for before, _ in rows]:
            rows.append((key, row))
        else:
            continue
    rows = [row for _, row in rows]
    actors, concepts = sorted({row["who"] for row in rows}), sorted({row["what"] for row in rows})
    values = [0, 1] if kind == "boolean" else sorted(set(frame["yes"]))
    span = max(values) - min(values) if kind != "category" and values else 0

    def n(a, c, k):
        return sum(row["who"] == a and row["what"] == c and row["yes"] == k for row in rows)

    def total(a, c):
        return sum(n(a, c, k) for k in values)

    def d(k, m):
        return abs(k - m) / span if span else 0

    def ms(a, b):
        m10 = sum(n(a, c, k) for c in concepts for k in values if not n(b, c, k))
        m01 = sum(n(b, c, k) for c in concepts for k in values if not n(a, c, k))
        return m10, m01, sum(n(a, c, k) * n(b, c, k) for c in concepts for k in values)

    def tie(a, b):
        if aggregation == "ignore":
            return sum(total(a, c) * total(b, c) for c in concepts)
        m10, m01, m11 = ms(a, b)
        if kind == "category":
            congruence, conflict = m11, m10 + m01
        else:
            pairs = [(c, k, m) for c in concepts for k in values for m in values]
            congruence = sum(n(a, c, k) * n(b, c, m) * (1 - d(k, m)) for c, k, m in pairs)
            conflict = sum(n(a, c, k) * n(b, c, m) * d(k, m) for c, k, m in pairs)
        return {"congruence": congruence, "conflict": conflict, "subtract": congruence - conflict}[aggregation]

    def said(a):
        return sum(total(a, c) for c in concepts)

    def denominator(a, b):
        return {
            "no": 1,
            "average": (said(a) + said(b)) / 2,
            "jaccard": sum(ms(a, b)),
            "cosine": math.sqrt(said(a) ** 2) * math.sqrt(said(b) ** 2),
        }[normalization]

    def cell(a, c):
        if aggregation == "ignore" or (aggregation == "subtract" and kind == "category"):
            return total(a, c)
        if aggregation == "combine":
            return sum(2 ** (len(values) - 1 - place) for place, k in enumerate(values) if n(a, c, k))
        if kind == "boolean":
            return n(a, c, 1) - n(a, c, 0)
        return sum(k * n(a, c, k) for k in values)

    def divided(value, by):
        return value / by if by else 0.0

    if mode == "onemode":
        cells = [[divided(tie(a, b), denominator(a, b)) if a != b else 0.0 for b in actors] for a in actors]
        return pd.DataFrame(np.reshape(cells, (len(actors),) * 2), actors, actors, dtype="float64")
    count = (lambda a, c: int(total(a, c) > 0)) if aggregation == "combine" else total
    rows_sum = {a: sum(count(a, c) for c in concepts) for a in actors}
    columns_sum = {c: sum(count(a, c) for a in actors) for c in concepts}
    by = {
        "no": lambda a, c: 1,
        "activity": lambda a, c: rows_sum[a],
        "prominence": lambda a, c: columns_sum[c],
    }[normalization]
    cells = [[divided(cell(a, c), by(a, c)) for c in concepts] for a in actors]
    return pd.DataFrame(np.reshape(cells, (len(actors), len(concepts))), actors, concepts, dtype="float64")


def frames(values):
    """Frames of statements with few actors and concepts, so that they meet."""
    row = st.tuples(st.sampled_from("ABCD"), st.sampled_from(["x", "y", "议题"]), values, st.sampled_from("12"))
    return st.lists(row, max_size=14).map(lambda rows: pd.DataFrame(rows, columns=["who", "what", "yes", "unit_id"]))


QUALIFIERS = {
    "boolean": st.sampled_from([0, 1]),
    "number": st.sampled_from([-2, -1, 0, 3, 7]),
    "category": st.sampled_from(["law", "money", "人权"]),
}


def same(found, wanted):
    assert list(found.index) == list(wanted.index)
    assert list(found.columns) == list(wanted.columns)
    np.testing.assert_allclose(found.to_numpy(), wanted.to_numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", QUALIFIERS)
@pytest.mark.parametrize(("mode", "aggregation", "normalization"), CASES)
def test_matrix_is_that_of_the_formulae(mode, aggregation, normalization, kind):
    @settings(max_examples=25, deadline=None)
    @given(frames(QUALIFIERS[kind]), st.sampled_from([None, "unit_id"]))
    def check(frame, duplicates):
        if kind == "number" and frame["yes"].isin([0, 1]).all():
            return  # taken for a boolean
        options = {"mode": mode, "aggregation": aggregation, "normalization": normalization}
        found = discourse_network(frame, **WHO, qualifier="yes", duplicates=duplicates or "include", **options)
        same(found, slow_network(frame, **options, duplicates=duplicates, kind=kind))

    check()


@settings(max_examples=40, deadline=None)
@given(frames(st.sampled_from([0, 1, 2])), st.sampled_from(NORMALIZATIONS["onemode"]))
def test_dense_and_sparse_products_agree(frame, normalization):
    options = {"mode": "onemode", "aggregation": "congruence", "normalization": normalization}
    wanted = discourse_network(frame, **WHO, qualifier="yes", **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_WELL_FILLED", 2)  # always sparse
        assert_frame_equal(discourse_network(frame, **WHO, qualifier="yes", **options), wanted)
        patch.setattr(network, "_WELL_FILLED", 0)  # always dense, a column at a time
        patch.setattr(network, "_BLOCK", 1)
        assert_frame_equal(discourse_network(frame, **WHO, qualifier="yes", **options), wanted)


@settings(max_examples=40, deadline=None)
@given(frames(st.sampled_from([-1, 0, 4])), st.randoms())
def test_matrix_is_symmetric_and_blind_to_row_order(frame, random):
    options = {"mode": "onemode", "aggregation": "subtract", "normalization": "average"}
    found = discourse_network(frame, **WHO, qualifier="yes", **options)
    assert_frame_equal(found, found.T)
    assert not np.diag(found).any()
    order = list(range(len(frame)))
    random.shuffle(order)
    assert_frame_equal(discourse_network(frame.iloc[order], **WHO, qualifier="yes", **options), found)


SAID = pd.DataFrame(
    [
        ("B", "y", 0, "1"),
        ("A", "x", 1, "1"),
        ("A", "x", 1, "1"),
        ("A", "y", 1, "2"),
        ("B", "x", 0, "2"),
        ("A", "x", 0, "1"),
    ],
    columns=["who", "what", "yes", "unit_id"],
)


def matrix(cells, names=("A", "B"), columns=("x", "y")):
    return pd.DataFrame(cells, pd.Index(list(names), name="who"), pd.Index(list(columns), name="what"), dtype="float64")


def test_two_mode_by_hand():
    assert_frame_equal(discourse_network(SAID, **WHO), matrix([[3, 1], [1, 1]]))
    options = {**WHO, "qualifier": "yes"}
    assert_frame_equal(discourse_network(SAID, **options, aggregation="subtract"), matrix([[1, 1], [-1, -1]]))
    combined = discourse_network(SAID, **options, aggregation="combine")
    assert combined.to_numpy().tolist() == [[3, 1], [2, 2]]
    assert combined.attrs["combinations"] == {1: [1], 2: [0], 3: [0, 1]}
    active = discourse_network(SAID, **options, aggregation="subtract", normalization="activity")
    assert active.to_numpy().tolist() == [[0.25, 0.25], [-0.5, -0.5]]


def test_one_mode_by_hand():
    def tie(aggregation, normalization="no"):
        options = {"mode": "onemode", "aggregation": aggregation, "normalization": normalization}
        return discourse_network(SAID, **WHO, qualifier="yes", **options).loc["A", "B"]

    assert [tie(aggregation) for aggregation in AGGREGATIONS["onemode"]] == [4, 1, 3, -2]
    # A and B make 4 and 2 statements; alone stand A's 2 on (x, 1) and 1 on (y, 1), and B's 1 on (y, 0)
    assert tie("ignore", "average") == 4 / 3
    assert tie("ignore", "cosine") == 4 / 8
    assert tie("conflict", "jaccard") == 3 / (3 + 1 + 1)


def test_duplicates():
    def counts(duplicates, **options):
        return discourse_network(SAID, **WHO, duplicates=duplicates, **options).to_numpy().tolist()

    assert counts("include") == [[3, 1], [1, 1]]
    assert counts("unit") == counts("unit_id") == counts("acrossrange") == [[1, 1], [1, 1]]
    signed = {"qualifier": "yes", "aggregation": "subtract"}  # the no of A on x is not its yes
    assert counts("unit", **signed) == [[0, 1], [-1, -1]]


def test_gaps_and_isolates():
    gaps = pd.DataFrame(
        [("A", "x", 1.0), ("B", None, 1.0), ("C", "y", None), ("", "z", 1.0), (None, "x", 0.0)],
        columns=["who", "what", "yes"],
    )
    options = {**WHO, "qualifier": "yes"}
    assert_frame_equal(discourse_network(gaps, **options, aggregation="subtract"), matrix([[1]], "A", "x"))
    assert_frame_equal(discourse_network(gaps, **options), matrix([[1, 0], [0, 1]], "AC", "xy"))
    all_there = discourse_network(gaps, **options, aggregation="subtract", isolates=True)
    assert_frame_equal(all_there, matrix([[1, 0, 0], [0, 0, 0], [0, 0, 0]], "ABC", "xyz"))
    for missing in (pd.NA, float("nan")):
        other = gaps.astype(object).where(gaps.notna(), missing)
        assert_frame_equal(discourse_network(other, **options), matrix([[1, 0], [0, 1]], "AC", "xy"))


def test_no_statements():
    nothing = SAID.iloc[:0]
    for mode, aggregation, normalization in CASES:
        options = {"mode": mode, "aggregation": aggregation, "normalization": normalization}
        found = discourse_network(nothing, **WHO, qualifier="yes", **options)
        assert found.shape == (0, 0)
        assert (found.index.name, found.columns.name) == ("who", "what" if mode == "twomode" else "who")


@pytest.mark.parametrize(
    "values",
    [
        [True, False, True],
        pd.array([True, False, True], dtype="boolean"),
        pd.Series([True, False, True], dtype=object),
        ["1", "0", "1"],
        ["True", "False", "True"],
        pd.array([1, 0, 1], dtype="Int64"),
        pd.Categorical([1, 0, 1]),
    ],
)
def test_ways_to_write_a_boolean(values):
    frame = pd.DataFrame({"who": ["A", "B", "C"], "what": "x", "yes": values})
    options = {"qualifier": "yes", "mode": "onemode"}
    found = discourse_network(frame, **WHO, **options, aggregation="conflict")
    assert found.to_numpy().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def test_stances_are_numbers_and_other_words_are_not():
    frame = pd.DataFrame({"who": list("ABCD"), "what": "x", "stance": ["for", "against", "conditional", "neutral"]})
    options = {**WHO, "qualifier": "stance"}
    assert discourse_network(frame, **options, aggregation="subtract")["x"].tolist() == [1, -1, 0, 0]
    conflict = discourse_network(frame, **options, mode="onemode", aggregation="conflict")
    assert conflict.loc["A"].tolist() == [0, 1, 0.5, 0.5]
    steps = discourse_network(frame, **options, aggregation="subtract", scale={**STANCE_SCALE, "conditional": 0.5})
    assert steps["x"].tolist() == [1, -1, 0.5, 0]
    frame["stance"] = frame["stance"].str.upper()
    words = discourse_network(frame, **options, mode="onemode", aggregation="conflict")
    assert words.loc["A"].tolist() == [0, 2, 2, 2]


def test_index_and_categories_do_not_matter():
    frame = SAID.set_index(pd.Index([7] * len(SAID))).astype({"who": "category", "what": "category"})
    assert_frame_equal(
        discourse_network(frame, **WHO, qualifier="yes"), discourse_network(SAID, **WHO, qualifier="yes")
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "threemode"}, "'threemode'"),
        ({"aggregation": "congruence"}, "aggregation of a twomode network is 'congruence'.*'combine'"),
        ({"mode": "onemode", "aggregation": "combine"}, "'combine'"),
        ({"normalization": "jaccard"}, "normalization of a twomode network is 'jaccard'.*'prominence'"),
        ({"aggregation": "subtract", "qualifier": None}, "'subtract' needs a qualifier"),
        ({"actor": "speaker"}, "actor is 'speaker'.*who, what, yes"),
        ({"concept": "issue"}, "concept is 'issue'"),
        ({"qualifier": "stance"}, "qualifier is 'stance'"),
        ({"concept": "who"}, "three columns"),
        ({"duplicates": "week"}, "'week'.*'acrossrange'"),
        ({"scale": {0: 1}}, "no number for 1 in column 'yes'"),
        ({"scale": {0: 1, 1: "much"}}, "finite numbers"),
        ({"scale": {0: 1, 1: math.inf}}, "finite numbers"),
        ({"scale": {0: 1}, "qualifier": None}, "scale needs a qualifier"),
    ],
)
def test_wrong_options_are_named(options, words):
    with pytest.raises(EgdataError, match=words):
        discourse_network(SAID, **{**WHO, "qualifier": "yes", **options})


def test_columns_that_cannot_be_used():
    with pytest.raises(EgdataError, match="column 'who' mixes int and str"):
        discourse_network(SAID.assign(who=["A", 1, "A", "B", "B", 2]), **WHO)
    with pytest.raises(EgdataError, match="column 'yes' holds inf"):
        discourse_network(SAID.assign(yes=math.inf), **WHO, qualifier="yes")
    many = pd.DataFrame({"who": "A", "what": "x", "yes": range(60)})
    with pytest.raises(EgdataError, match="60 values"):
        discourse_network(many, **WHO, qualifier="yes", aggregation="combine")


# ---- polarisation, clusters, backbone ---------------------------------------------------------------------------------


def test_polarization():
    frame = pd.DataFrame(
        [("A", "x", "for"), ("B", "x", "against"), ("A", "y", "for"), ("A", "y", "against"), ("B", "y", "neutral")],
        columns=["who", "what", "stance"],
    )
    found = polarization(frame, **WHO, qualifier="stance")
    wanted = pd.DataFrame({"concept": ["x", "y"], "n_actors": 2, "mean": 0.0, "polarization": [1.0, 0.0]})
    assert_frame_equal(found, wanted)
    with pytest.raises(EgdataError, match="give a scale"):
        polarization(frame.assign(stance="loud"), **WHO, qualifier="stance")
    assert polarization(frame.iloc[:0], **WHO, qualifier="stance").empty


def test_polarization_of_a_boolean_is_four_p_times_one_minus_p():
    frame = pd.DataFrame({"who": list("ABCD"), "what": "x", "yes": [1, 0, 0, 0]})
    assert polarization(frame, **WHO, qualifier="yes")["polarization"].tolist() == [4 * 0.25 * 0.75]


TRIANGLES = pd.DataFrame(
    [[0, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 0], [1, 1, 0, 0.1, 0, 0], [0, 0, 0.1, 0, 1, 0], [0, 0, 0, 1, 0, 0], [0] * 6],
    index=list("abcdef"),
    columns=list("abcdef"),
)


def test_clusters():
    found = find_clusters(TRIANGLES)
    wanted = {"actor": list("abcdef"), "cluster": [1, 1, 1, 2, 2, 3], "size": [3, 3, 3, 2, 2, 1]}
    assert_frame_equal(found, pd.DataFrame(wanted))
    assert find_clusters(TRIANGLES.iloc[:0, :0]).empty
    with pytest.raises(EgdataError, match="-1"):
        find_clusters(-TRIANGLES)
    with pytest.raises(EgdataError, match="onemode"):
        find_clusters(matrix([[1, 2], [3, 4]]))


def test_backbone_by_hand():
    edges = pd.DataFrame({"source": ["a", "a", "a", "b"], "target": ["x", "y", "z", "x"], "weight": [8, 1, 1, 8]})
    found = disparity_backbone(edges, alpha=0.05)
    # a–x: (1 − 8/10)² at a, (1 − 8/16)¹ at x; b has one edge and cannot tell
    assert_frame_equal(found, edges.iloc[:1].assign(p_value=(1 - 8 / 10) ** 2))
    everything = disparity_backbone(edges, alpha=1)
    np.testing.assert_allclose(everything["p_value"], [0.04, 0.81, 0.81, 0.5])
    assert disparity_backbone(edges.iloc[:0]).empty
    for alpha in (0, 1.5):
        with pytest.raises(EgdataError, match=str(alpha)):
            disparity_backbone(edges, alpha=alpha)
    with pytest.raises(EgdataError, match="weights above 0"):
        disparity_backbone(edges.assign(weight=0))
    with pytest.raises(EgdataError, match="'actor'"):
        disparity_backbone(edges, source="actor")


# ---- actors and instruments on invented sentences ---------------------------------------------------------------------

SENTENCES = [
    "一些发言者支持《联合国反腐败公约》。",  # some speakers support the Convention against Corruption
    "一些发言者指出《联合国反腐败公约》很重要。",  # some speakers noted that it is important
    "美利坚合众国代表团认为《联合国宪章》适用。",  # the United States delegation held that the Charter applies
    "各国应遵守《联合国宪章》。",  # States should observe the Charter: nobody is reported
    "会上指出，中国和日本是《联合国反腐败公约》缔约国。",  # it was noted that China and Japan are parties
]


@pytest.fixture(scope="module")
def few():
    return sentences_report(SENTENCES)


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
    found = apply_corrections(find_all(report), pd.DataFrame({"sid": ["0"], "holder": ["named"]}), report)
    assert found["statements"]["holder_start"].isna().all()
    nodes = actor_instrument_nodes(report, "merged", relations="speaks-of", tables=found)
    columns = ["node_id", "node_type", "code", "label_en", "label_zh"]
    assert nodes[columns].values.tolist()[0] == ["named", "named", "named", "named", "具名"]


def test_isolates_are_listed_on_demand():
    report = sentences_report(["许多发言者表示关切。"])  # many speakers were concerned
    assert actor_instrument_nodes(report, "merged").empty
    assert list(actor_instrument_nodes(report, "merged", isolates=True)["node_id"]) == ["many"]


def test_stance_only_towards_the_instrument_of_the_issue():
    # some speakers did not support a new convention and cited the Convention against Corruption
    report = sentences_report(["一些发言者不支持拟订一项新的联合国网络犯罪公约，并提到了《联合国反腐败公约》。"])
    edges = actor_instrument_edges(report, "merged").set_index("instrument_id")
    assert edges.loc["new-convention", ["signed_weight", "n_against", "stances"]].tolist() == [-1, 1, "against"]
    assert edges.loc["uncac", ["signed_weight", "n_against", "stances"]].tolist() == [0, 0, ""]


def test_report_without_instruments():
    report = sentences_report(["会议于星期一开幕。"])  # the meeting opened on Monday
    edges, nodes = actor_instrument_edges(report), actor_instrument_nodes(report)
    assert edges.empty
    assert nodes.empty
    full = actor_instrument_edges(sentences_report(SENTENCES[:1]))
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
    found = find_all(few)
    found["mentions"] = found["mentions"].replace({"entity_id": {"uncac": "rome-statute"}})
    with pytest.raises(TableError, match="'rome-statute'"):
        actor_instrument_edges(few, tables=found)


def test_resolutions_outside_the_codebook_have_names():
    report = sentences_report(["一些发言者回顾大会第55/63号决议。"])  # some speakers recalled resolution 55/63
    nodes = actor_instrument_nodes(report).set_index("node_id")
    assert nodes.loc["ga-55-63", ["label_en", "label_zh"]].tolist() == [
        "General Assembly resolution 55/63",
        "大会第55/63号决议",
    ]


# ---- the real report ---------------------------------------------------------------------------------------------------


def test_policies_only_ever_merge(real, found):
    """From mention to unit to merged, an actor is never split, and no statement is lost or made."""
    edges = {identity: actor_instrument_edges(real, identity, tables=found) for identity in IDENTITIES}
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


def test_tables_refer_to_each_other(real, found):
    tables = network_tables(real, tables=found)
    edges, nodes = tables["edges"], tables["nodes"]
    assert not edges.duplicated(["identity", "actor_id", "instrument_id", "relation"]).any()
    assert not nodes.duplicated(["identity", "node_id"]).any()
    known = set(zip(nodes["identity"], nodes["node_id"], strict=True))
    for end in ("actor_id", "instrument_id"):
        assert set(zip(edges["identity"], edges[end], strict=True)) <= known
    statements = set(found["statements"]["statement_id"])
    assert {statement for ids in edges["statement_ids"] for statement in ids.split(";")} <= statements
    assert edges["citations"].str.contains(", para. ").all()
    assert set(nodes.loc[nodes["node_type"] == "instrument", "code"]) <= set(found["mentions"]["entity_id"])


def test_leaving_out_who_names_no_holder(real, found):
    everything = actor_instrument_nodes(real, "merged", tables=found)
    held = actor_instrument_nodes(real, "merged", exclude=NO_HOLDER, tables=found)
    assert set(NO_HOLDER) <= set(everything["node_type"])
    assert not set(NO_HOLDER) & set(held["node_type"])
    assert not event_list(real, exclude=NO_HOLDER, tables=found)["holder"].isin(NO_HOLDER).any()


def test_event_list(real, found, tmp_path):
    events = event_list(real, tables=found)
    assert len(events) >= len(found["positions"])
    for start, end, text in zip(events["start"], events["end"], events["text"], strict=True):
        assert real.text[start:end] == text
    assert events["agreement"].isna().eq(events["stance"].isin(["conditional", "neutral"])).all()
    write_event_list(real, tmp_path / "events.csv", tables=found)
    raw = (tmp_path / "events.csv").read_bytes()
    assert b"\r" not in raw
    again = pd.read_csv(tmp_path / "events.csv", dtype={"agreement": "Int64"}, keep_default_na=True)
    assert list(again.columns[:2]) == ["statement_id", "document"]
    network_of = {"actor": "organization", "concept": "concept", "qualifier": "stance", "aggregation": "subtract"}
    assert_frame_equal(discourse_network(again, **network_of), discourse_network(events, **network_of))
    signed = discourse_network(events, **network_of).to_numpy().sum()
    assert signed == events["stance"].eq("for").sum() - events["stance"].eq("against").sum()


def test_policies_give_three_networks(real, found):
    summary = network_summary(real, tables=found)
    assert list(summary["identity"]) == [*IDENTITIES, *IDENTITIES]
    shapes = summary.loc[summary["has_no_holder"], ["n_actors", "n_edges", "density"]]
    assert len(shapes.drop_duplicates()) == 3
    for narrow, wide in ((0, 1), (1, 2)):
        assert summary["n_actors"][narrow] > summary["n_actors"][wide]
    assert (summary["weight"][:3] > summary["weight"][3:].to_numpy()).all()


def test_sensitivity(real, found):
    table = network_sensitivity(real, tables=found).set_index("result")
    assert set(table.index) == {
        "most_cited_instrument",
        "instrument_of_most_actors",
        "most_central_actor",
        "agreeing_holders",
        "opposed_holders",
        "n_clusters",
        "most_polarized_issue",
    }
    assert table.loc["most_cited_instrument", "survives_identity"]
    same_three = table["mention"].eq(table["unit"]) & table["mention"].eq(table["merged"])
    assert same_three.eq(table["survives_identity"]).all()
    assert table["is_robust"].eq(table["survives_identity"] & table["survives_no_holder"]).all()
    assert not table["is_robust"].all()
    chinese = network_sensitivity(real, lang="zh", tables=found).set_index("result")
    assert chinese["is_robust"].equals(table["is_robust"])
    label = read_codebook().codes("instruments")["new-convention"]["label_zh"]
    assert chinese.loc["most_cited_instrument", "mention"] == label


# ---- graphs ------------------------------------------------------------------------------------------------------------


def opened(path):
    read = nx.read_graphml if path.suffix == ".graphml" else nx.read_gexf
    return parts(read(path))


def parts(graph):
    """Nodes and edges with their attributes; the order of an edge's ends says nothing."""
    edges = [(frozenset((a, b)), tuple(sorted(data.items()))) for a, b, data in graph.edges(data=True)]
    return dict(graph.nodes(data=True)), sorted(edges, key=str)


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("identity", IDENTITIES)
def test_graph_files_reload(real, found, tmp_path, ending, lang, identity):
    graph = actor_instrument_graph(real, identity, lang=lang, tables=found)
    assert nx.is_bipartite(graph)
    assert graph.number_of_edges() == len(actor_instrument_edges(real, identity, tables=found))
    path = tmp_path / f"network{ending}"
    write_graph(graph, path)
    nodes, edges = opened(path)
    assert (nodes, edges) == parts(graph)
    assert nodes["budapest"]["label_zh"] == "《欧洲委员会网络犯罪公约》"
    assert "《欧洲委员会网络犯罪公约》" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
def test_one_mode_graph_files_reload(real, found, tmp_path, ending):
    events = event_list(real, tables=found)
    options = {"actor": "organization", "concept": "concept", "qualifier": "stance", "mode": "onemode"}
    ties = discourse_network(events, **options, aggregation="subtract", normalization="average")
    nodes = actor_instrument_nodes(real, isolates=True, tables=found)
    graph = discourse_graph(ties, nodes, lang="zh")
    assert all("label_en" in data for _, data in graph.nodes(data=True))
    write_graph(graph, tmp_path / f"ties{ending}")
    assert opened(tmp_path / f"ties{ending}") == parts(graph)


BYTES = """
import hashlib, sys
from pathlib import Path
from egdata.network import *
from egdata.network import _markup
from egdata.report import sentences_report
report = sentences_report(["一些发言者支持《联合国反腐败公约》。", "中国代表团支持《联合国宪章》。", "其他发言者反对新公约。"])
graph = actor_instrument_graph(report)
text = "".join(_markup(graph, Path("x" + ending)) for ending in (".graphml", ".gexf"))
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_graph_files_have_the_same_bytes_in_every_process():
    runs = {
        subprocess.run(
            [sys.executable, "-c", BYTES],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_graph_files_have_no_date(tmp_path, few):
    write_graph(actor_instrument_graph(few), tmp_path / "a.gexf")
    text = (tmp_path / "a.gexf").read_text(encoding="utf-8")
    assert "lastmodified" not in text
    assert "NetworkX" not in text


def test_graph_cannot_be_written(tmp_path, few):
    graph = actor_instrument_graph(few)
    with pytest.raises(EgdataError, match=r"a\.dot.*\.graphml or \.gexf"):
        write_graph(graph, tmp_path / "a.dot")
    (tmp_path / "file").touch()
    with pytest.raises(EgdataError, match="cannot be written"):
        write_graph(graph, tmp_path / "file" / "a.gexf")
    with pytest.raises(EgdataError, match="lang is 'fr'"):
        actor_instrument_graph(few, lang="fr")


def test_matrix_as_edges_and_graph():
    assert_frame_equal(
        network_edges(TRIANGLES).iloc[:2], pd.DataFrame({"source": "a", "target": ["b", "c"], "weight": 1.0})
    )
    graph = discourse_graph(matrix([[2, 0], [-1, 1]]))
    assert sorted(graph.edges(data="weight")) == [("A", "x", 2), ("B", "x", -1), ("B", "y", 1)]
    assert dict(graph.nodes(data="bipartite")) == {"A": 0, "B": 0, "x": 1, "y": 1}
    with pytest.raises(EgdataError, match="'x' is an actor and a concept"):
        discourse_graph(matrix([[1, 1], [1, 1]], names=("A", "x")))


def test_measures_by_hand():
    graph = nx.MultiGraph()
    graph.add_nodes_from("ab", bipartite=0)
    graph.add_nodes_from("xyz", bipartite=1)
    graph.add_weighted_edges_from([("a", "x", 2), ("a", "y", 1), ("a", "y", 3), ("b", "y", 1)])
    found = network_measures(graph).set_index("node_id")
    assert found["degree"].to_dict() == {"a": 2, "b": 1, "x": 1, "y": 2, "z": 0}
    assert found["weighted_degree"].to_dict() == {"a": 6, "b": 1, "x": 2, "y": 5, "z": 0}
    simple = nx.Graph(graph)
    assert found["betweenness"].to_dict() == nx.bipartite.betweenness_centrality(simple, ["a", "b"])


@pytest.mark.parametrize(("actors", "instruments"), [("a", "x"), ("a", "xyz"), ("abc", "x"), ("a", ""), ("", "")])
def test_betweenness_of_a_star(actors, instruments):
    graph = nx.complete_bipartite_graph(len(actors), len(instruments))
    found = network_measures(graph)["betweenness"]
    assert found.between(0, 1).all()
    assert found.max() == 1 if max(len(actors), len(instruments)) > 1 else not found.any()
