"""Scores of tiny sheets, with values worked out by hand."""

import itertools

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import egdata as eg
from egdata.coding import scoring

COLUMNS = ["sid", "holder", "issue", "stance", "instruments", "modality", "themes"]


def _sheet(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


# Two holders in 1#1; two issues in 2#1; nothing in 3#1.
GOLD = _sheet(
    ("1#1", "some", "new-convention", "for", "untoc;uncac", "should", "treaty-making;standards"),
    ("1#1", "other", "new-convention", "against", "untoc;uncac", "should", "treaty-making;standards"),
    ("2#1", "one", "direct-cooperation", "neutral", "", "none", "service-providers"),
    ("2#1", "one", "transborder-access", "conditional", "", "none", "service-providers"),
    ("3#1", "unattributed", "", "", "budapest", "must", "human-rights"),
    ("4#1", "many", "new-regulation", "for", "", "may", "strategy-policy"),
)
SHEET = _sheet(
    ("1#1", "some", "new-convention", "for", "untoc", "should", "standards"),
    ("2#1", "one", "direct-cooperation", "neutral", "", "none", "service-providers"),
    ("2#1", "one", "transborder-access", "against", "", "none", "service-providers"),
    ("3#1", "impersonal", "state-conduct", "for", "budapest;uncac", "should", "human-rights"),
    ("4#1", "many", "new-regulation", "for", "", "may", "strategy-policy;data-preservation"),
    ("5#1", "one", "", "", "", "none", ""),  # not in the gold
)


def _values(scores: pd.DataFrame, variable: str) -> dict:
    return scores[scores["variable"] == variable].set_index("measure")["value"].to_dict()


def test_scores_are_those_worked_out_by_hand():
    scores = eg.score(SHEET, GOLD)
    counts = {
        # variable: in both, in the gold, in the sheet, sentences with the same set
        "holder": (3, 5, 4, 2),
        "issue": (4, 4, 5, 3),
        "stance": (3, 5, 5, 1),  # in both: for of 1#1, neutral of 2#1, for of 4#1
        "modality": (3, 4, 4, 3),
        "instruments": (2, 3, 3, 2),
        "themes": (4, 5, 5, 2),
        "position": (3, 5, 5, 1),
        "position+holder": (3, 5, 5, 1),
    }
    for variable, (both, gold, sheet, same) in counts.items():
        measured = _values(scores, variable)
        expected = {
            "n_gold": gold,
            "n_sheet": sheet,
            "agreement": same / 4,
            "precision": both / sheet,
            "recall": both / gold,
            "f1": 2 * both / (gold + sheet),
        }
        assert {name: measured[name] for name in expected} == pytest.approx(expected), variable
    assert list(scores.columns) == ["variable", "measure", "n", "value", "low", "high"]
    assert set(scores.loc[~scores["measure"].isin(["alpha", "macro_f1"]), "n"]) == {4}


def test_macro_f1_counts_neutral_and_averages_no_stance_that_never_occurs():
    # for: 2 in both, 2 and 3; against: 0, 1 and 1; neutral: 1, 1 and 1; conditional: 0, 1 and 0
    scores = eg.score(SHEET, GOLD)
    row = scores[scores["measure"] == "macro_f1"].iloc[0]
    assert row["value"] == pytest.approx((4 / 5 + 0 + 1 + 0) / 4)
    assert row["n"] == 5  # 1#1, 2#1 twice, 3#1, 4#1
    gold = GOLD[GOLD["sid"] == "4#1"]
    assert _values(eg.score(SHEET, gold), "stance")["macro_f1"] == 1.0


def test_alpha_of_stances_is_over_the_issues_that_both_have():
    # {for} against {for, against}; neutral, neutral; against, conditional; for, for
    row = eg.score(SHEET, GOLD).query("variable == 'stance' and measure == 'alpha'").iloc[0]
    assert row["n"] == 4
    assert row["value"] == pytest.approx(
        krippendorff.alpha([[0, 2, 3, 0], [1, 2, 4, 0]], level_of_measurement="nominal")
    )


def test_a_sheet_against_itself_is_perfect():
    scores = eg.score(GOLD, GOLD)
    shares = scores[~scores["measure"].str.startswith("n_")]
    assert (shares[["value", "low", "high"]] == 1).all(axis=None)


def test_whole_frame_for_one_variable():
    gold = pd.DataFrame({"sid": ["1#1", "2#1"], "modality": ["must", "must"]})
    expected = pd.DataFrame(
        [
            ("modality", "n_gold", 2, 2.0, np.nan, np.nan),
            ("modality", "n_sheet", 2, 2.0, np.nan, np.nan),
            ("modality", "agreement", 2, 1.0, 1.0, 1.0),
            ("modality", "alpha", 2, np.nan, np.nan, np.nan),  # with one value chance agrees as well
            ("modality", "precision", 2, 1.0, 1.0, 1.0),
            ("modality", "recall", 2, 1.0, 1.0, 1.0),
            ("modality", "f1", 2, 1.0, 1.0, 1.0),
        ],
        columns=["variable", "measure", "n", "value", "low", "high"],
    )
    assert_frame_equal(eg.score(gold, gold), expected)


def test_measures_without_a_base_are_missing():
    gold = pd.DataFrame({"sid": ["1#1", "2#1"], "instruments": ["untoc", ""]})
    measured = _values(eg.score(gold.assign(instruments=""), gold), "instruments")
    assert np.isnan(measured.pop("precision"))
    assert measured == {"n_gold": 1, "n_sheet": 0, "agreement": 0.5, "recall": 0, "f1": 0}


# ---- intervals -----------------------------------------------------------------------------------------------


def test_the_interval_is_that_of_resampled_sentences():
    # Half of 100 sentences agree: the share of a resample has the standard deviation 0.05.
    gold = pd.DataFrame({"sid": [f"{n}#1" for n in range(100)], "holder": "some"})
    scores = eg.score(gold.assign(holder=["some", "one"] * 50), gold).set_index("measure")
    assert scores.loc["agreement", "value"] == 0.5
    assert scores.loc["agreement", "low"] == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)
    assert scores.loc["agreement", "high"] == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)


def test_scores_are_the_same_on_every_run():
    assert_frame_equal(eg.score(SHEET, GOLD), eg.score(SHEET, GOLD))


values = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=12)


@given(values)
@settings(max_examples=50, deadline=None)
def test_resampled_alpha_is_that_of_the_package(pairs):
    ours, theirs = ([frozenset(value) for value in side] for side in zip(*pairs, strict=True))
    everything = np.ones((2, len(pairs)))
    package, formula = scoring._alpha(ours, theirs, everything)
    assert formula == pytest.approx(package, nan_ok=True)


@given(values)
@settings(max_examples=50, deadline=None)
def test_a_resample_counts_like_repeated_sentences(pairs):
    ours, theirs = ([frozenset(value) for value in side] for side in zip(*pairs, strict=True))
    weights = np.ones((2, len(pairs)))
    weights[1] = 2
    repeated = [list(itertools.chain(side, side)) for side in (ours, theirs)]
    doubled = scoring._alpha(*repeated, np.ones((1, 2 * len(pairs))))
    assert scoring._alpha(ours, theirs, weights)[1] == pytest.approx(doubled[0], nan_ok=True)


# ---- errors --------------------------------------------------------------------------------------------------


def test_errors_show_both_codes_and_the_sentence():
    errors = scoring.score_errors(SHEET, GOLD, {"3#1": "不得侵犯人权。"})  # 'Human rights must not be violated.'
    expected = pd.DataFrame(
        [
            ("1#1", "holder", "other;some", "some", ""),
            ("1#1", "instruments", "uncac;untoc", "untoc", ""),
            ("1#1", "themes", "standards;treaty-making", "standards", ""),
            ("1#1", "position", "new-convention against;new-convention for", "new-convention for", ""),
            (
                "2#1",
                "position",
                "direct-cooperation neutral;transborder-access conditional",
                "direct-cooperation neutral;transborder-access against",
                "",
            ),
            ("3#1", "holder", "unattributed", "impersonal", "不得侵犯人权。"),
            ("3#1", "modality", "must", "should", "不得侵犯人权。"),
            ("3#1", "instruments", "budapest", "budapest;uncac", "不得侵犯人权。"),
            ("3#1", "position", "", "state-conduct for", "不得侵犯人权。"),
            ("4#1", "themes", "strategy-policy", "data-preservation;strategy-policy", ""),
        ],
        columns=["sid", "variable", "gold", "sheet", "text"],
    )
    order = ["sid", "variable"]
    assert_frame_equal(errors.sort_values(order, ignore_index=True), expected.sort_values(order, ignore_index=True))
    assert list(errors["sid"]) == sorted(errors["sid"])


def test_no_errors_is_an_empty_frame():
    errors = scoring.score_errors(GOLD, GOLD)
    assert errors.empty
    assert list(errors.columns) == ["sid", "variable", "gold", "sheet", "text"]


def test_texts_may_be_a_series():
    texts = pd.Series({"4#1": "许多发言者。"})
    assert list(scoring.score_errors(SHEET, GOLD[GOLD["sid"] == "4#1"], texts)["text"]) == ["许多发言者。"]


# ---- sheets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "gold", "reason"),
    [
        (SHEET[SHEET["sid"] != "2#1"], GOLD, "the sheet has no sentence 2#1, which the gold has"),
        (SHEET.iloc[:1], GOLD, r"the sheet has no sentence 2#1 \(and 2 more\), which the gold has"),
        (SHEET.assign(holder="all"), GOLD, "sheet, 1#1: column holder: unknown code 'all'"),
        (SHEET, GOLD.assign(themes="standards;x"), "gold, 1#1: column themes: unknown code 'x'"),
        (SHEET, GOLD.assign(issue=""), "gold, 1#1: an issue needs a stance, and a stance an issue"),
        (SHEET.drop(columns="stance"), GOLD, "the sheet has no column stance, which the gold has"),
        (SHEET, GOLD.drop(columns="sid"), "the gold has no column sid; it has holder, issue"),
        (SHEET, GOLD.iloc[:0], "the gold has no coded sentence"),
        (SHEET, GOLD[["sid"]], "the gold has no coded sentence"),
    ],
)  # fmt: skip
def test_sheets_that_cannot_be_compared_raise(sheet, gold, reason):
    with pytest.raises(eg.EgdataError, match=f"^{reason}"):
        eg.score(sheet, gold)


def test_instruments_may_have_codes_that_the_rules_make():
    sheet = GOLD.assign(instruments="ga-55-63;title-某某战略")
    assert _values(eg.score(sheet, GOLD), "instruments")["n_sheet"] == 8
    with pytest.raises(eg.EgdataError, match="unknown code 'gaa-55-63'"):
        eg.score(GOLD.assign(instruments="gaa-55-63"), GOLD)


def test_missing_cells_are_empty_ones():
    sheet = SHEET.replace("", None)
    assert_frame_equal(eg.score(sheet, GOLD), eg.score(SHEET, GOLD))


def test_bare_sentences_have_numbers_for_ids():
    sheet = pd.DataFrame({"sid": [0, 1], "holder": ["some", "one"]})
    gold = sheet.assign(sid=["0", "1"])
    assert _values(eg.score(sheet, gold), "holder")["f1"] == 1


@pytest.mark.parametrize(
    ("name", "sep", "encoding"),
    [
        ("a.csv", ",", "utf-8"),
        ("a.tsv", "\t", "utf-8"),
        ("a.csv", "\t", "utf-8-sig"),
        ("a.csv", ";", "utf-8-sig"),
    ],
)
def test_files_are_read_by_what_is_in_them(tmp_path, name, sep, encoding):
    GOLD.to_csv(tmp_path / name, index=False, sep=sep, encoding=encoding)
    assert_frame_equal(scoring.read_sheet(tmp_path / name), GOLD)
    assert_frame_equal(eg.score(SHEET, str(tmp_path / name)), eg.score(SHEET, GOLD))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a CSV or TSV table"),
        ("sid,持有者".encode("gbk"), "not UTF-8 text; save it as CSV UTF-8"),
        ("sid,holder".encode("utf-16"), "not UTF-8 text"),
        (b"sid,holder\n1#1,some\n2#1,some,one,many\n", "not a CSV or TSV table"),
    ],
)
def test_files_that_are_no_sheets_raise(tmp_path, content, reason):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(eg.EgdataError, match=f"a.csv: {reason}"):
        scoring.read_sheet(tmp_path / "a.csv")


def test_files_that_are_not_there_raise(tmp_path):
    with pytest.raises(eg.EgdataError, match="cannot be read"):
        eg.score(tmp_path / "none.csv", GOLD)
    with pytest.raises(eg.EgdataError, match="cannot be read"):
        eg.score(GOLD, tmp_path)
