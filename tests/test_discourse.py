"""Discourse networks against the formulae written out loop by loop, and by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from egdata.analysis import discourse
from egdata.analysis.discourse import AGGREGATIONS, NORMALIZATIONS, STANCE_SCALE, discourse_network, polarization
from egdata.base.errors import EgdataError

WHO = {"actor": "who", "concept": "what"}


CASES = [
    (mode, aggregation, normalization)
    for mode in AGGREGATIONS
    for aggregation, normalization in itertools.product(AGGREGATIONS[mode], NORMALIZATIONS[mode])
]


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


def same(network, wanted):
    assert list(network.index) == list(wanted.index)
    assert list(network.columns) == list(wanted.columns)
    np.testing.assert_allclose(network.to_numpy(), wanted.to_numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", QUALIFIERS)
@pytest.mark.parametrize(("mode", "aggregation", "normalization"), CASES)
def test_matrix_is_that_of_the_formulae(mode, aggregation, normalization, kind):
    @settings(max_examples=12, deadline=None)
    @given(frames(QUALIFIERS[kind]), st.sampled_from([None, "unit_id"]))
    def check(frame, duplicates):
        if kind == "number" and frame["yes"].isin([0, 1]).all():
            return  # taken for a boolean
        options = {"mode": mode, "aggregation": aggregation, "normalization": normalization}
        network = discourse_network(frame, **WHO, qualifier="yes", duplicates=duplicates or "include", **options)
        same(network, slow_network(frame, **options, duplicates=duplicates, kind=kind))

    check()


@settings(max_examples=40, deadline=None)
@given(frames(st.sampled_from([0, 1, 2])), st.sampled_from(NORMALIZATIONS["onemode"]))
def test_dense_and_sparse_products_agree(frame, normalization):
    options = {"mode": "onemode", "aggregation": "congruence", "normalization": normalization}
    wanted = discourse_network(frame, **WHO, qualifier="yes", **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discourse, "_WELL_FILLED", 2)  # always sparse
        assert_frame_equal(discourse_network(frame, **WHO, qualifier="yes", **options), wanted)
        patch.setattr(discourse, "_WELL_FILLED", 0)  # always dense, a column at a time
        patch.setattr(discourse, "_BLOCK", 1)
        assert_frame_equal(discourse_network(frame, **WHO, qualifier="yes", **options), wanted)


@settings(max_examples=40, deadline=None)
@given(frames(st.sampled_from([-1, 0, 4])), st.randoms())
def test_matrix_is_symmetric_and_blind_to_row_order(frame, random):
    options = {"mode": "onemode", "aggregation": "subtract", "normalization": "average"}
    network = discourse_network(frame, **WHO, qualifier="yes", **options)
    assert_frame_equal(network, network.T)
    assert not np.diag(network).any()
    order = list(range(len(frame)))
    random.shuffle(order)
    assert_frame_equal(discourse_network(frame.iloc[order], **WHO, qualifier="yes", **options), network)


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
        network = discourse_network(nothing, **WHO, qualifier="yes", **options)
        assert network.shape == (0, 0)
        assert (network.index.name, network.columns.name) == ("who", "what" if mode == "twomode" else "who")


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
    network = discourse_network(frame, **WHO, **options, aggregation="conflict")
    assert network.to_numpy().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


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


def test_polarization():
    frame = pd.DataFrame(
        [("A", "x", "for"), ("B", "x", "against"), ("A", "y", "for"), ("A", "y", "against"), ("B", "y", "neutral")],
        columns=["who", "what", "stance"],
    )
    concepts = polarization(frame, **WHO, qualifier="stance")
    wanted = pd.DataFrame({"concept": ["x", "y"], "n_actors": 2, "mean": 0.0, "polarization": [1.0, 0.0]})
    assert_frame_equal(concepts, wanted)
    with pytest.raises(EgdataError, match="give a scale"):
        polarization(frame.assign(stance="loud"), **WHO, qualifier="stance")
    assert polarization(frame.iloc[:0], **WHO, qualifier="stance").empty


def test_polarization_of_a_boolean_is_four_p_times_one_minus_p():
    frame = pd.DataFrame({"who": list("ABCD"), "what": "x", "yes": [1, 0, 0, 0]})
    assert polarization(frame, **WHO, qualifier="yes")["polarization"].tolist() == [4 * 0.25 * 0.75]
