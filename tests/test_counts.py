"""Tables for the charts: numbers that add up, references in order, places in a layout."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import egdata as eg
from egdata.counts import NO_HOLDER, agreement_layout, count_sections, count_themes, find_references, network_layout
from egdata.network import IDENTITIES
from egdata.report import parse_report, sentences_report

#: A list of proposals under 'I. Preliminary recommendations', a summary under 'II. Summary of deliberations'.
SMALL = """一. 初步建议和结论清单

A. 国际合作

1. 各国应开展培训。应使用电子证据。

二. 审议情况概要

2. 一些发言者认为《欧洲委员会网络犯罪公约》提供了适当框架。他们指出，该公约第18条第3款的适用范围有限。
"""


@pytest.fixture(scope="module")
def small():
    return parse_report(SMALL)


def test_count_sections_counts_what_stands_directly_in_a_section(small):
    assert_frame_equal(
        count_sections(small),
        pd.DataFrame(
            {
                "section_id": ["I", "I.A", "II"],
                "title": ["初步建议和结论清单", "国际合作", "审议情况概要"],
                "voice": ["proposals", "proposals", "chair-summary"],
                "n_units": [0, 1, 1],
                "n_sentences": [0, 2, 2],
                "n_coded": [0, 0, 2],
            }
        ),
    )


def test_count_themes_has_a_row_for_every_section_with_sentences_and_theme(small, book):
    frame = count_themes(small)
    themes = list(book.codes("themes"))
    assert list(frame["theme_id"]) == themes * 2
    assert list(frame["section_id"].unique()) == ["I.A", "II"]
    found = frame[(frame["section_id"] == "I.A") & (frame["n"] > 0)].set_index("theme_id")
    assert dict(found["n"]) == {"capacity-building": 1, "electronic-evidence": 1}
    assert set(found["n_sentences"]) == {2}
    assert set(found["share"]) == {0.5}


def test_shares_have_the_interval_of_wilson(real):
    from scipy.stats import binomtest

    for row in count_themes(real, by="voice").itertuples():
        interval = binomtest(row.n, row.n_sentences).proportion_ci(method="wilson")
        assert (row.low, row.high) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_themes_by_voice_are_the_sums_of_those_by_section(real):
    sections = count_themes(real).groupby(["voice", "theme_id"])[["n", "n_sentences"]].sum()
    voices = count_themes(real, by="voice").set_index(["voice", "theme_id"])[["n", "n_sentences"]]
    assert_frame_equal(voices.sort_index(), sections.sort_index())
    with pytest.raises(ValueError, match="by='unit': it is 'section' or 'voice'"):
        count_themes(real, by="unit")


def test_the_counts_of_the_report_add_up(real):
    sections, themes = count_sections(real), count_themes(real)
    assert sections["n_units"].sum() == len(real.units)
    assert sections["n_sentences"].sum() == len(real.sentences)
    assert (sections["n_coded"] <= sections["n_sentences"]).all()
    assert themes["n"].sum() == len(eg.find_themes(real))
    sizes = sections.set_index("section_id")["n_sentences"]
    assert (themes["n_sentences"] == themes["section_id"].map(sizes)).all()
    assert (themes["share"] * themes["n_sentences"] - themes["n"]).abs().max() < 1e-9


def test_find_references_tells_form_article_and_stance(small):
    frame = find_references(small, "budapest")
    assert frame.drop(columns=["mention_id", "citation"]).to_dict("list") == {
        "entity_id": ["budapest", "budapest"],
        "form": ["named", "anaphor"],
        "locator": ["", "art. 18(3)"],
        "sentence_id": ["2#1", "2#2"],
        "unit_id": ["2", "2"],
        "section_id": ["II", "II"],
        "voice": ["chair-summary", "chair-summary"],
        "stance": ["for", "against"],
        "holder": ["some", "some"],
        "quote": ["《欧洲委员会网络犯罪公约》", "该公约"],
    }


def test_references_of_the_report_stand_in_its_order(real):
    frame = find_references(real, "budapest")
    units = list(real.units["unit_id"])
    places = [units.index(unit) for unit in frame["unit_id"]]
    assert places == sorted(places)
    assert dict(frame["form"].value_counts()) == {"named": 11, "anaphor": 5}
    notes = frame[frame["citation"].str.contains("footnote")]
    assert list(zip(notes["unit_id"], notes["locator"], notes["stance"], notes["holder"], strict=True)) == [
        ("13(a)", "art. 9(2)", "", "")
    ]
    both = find_references(real, ["budapest", "budapest-protocol-2"])
    assert_frame_equal(both[both["entity_id"] == "budapest"].reset_index(drop=True), frame)
    assert set(both.loc[both["entity_id"] != "budapest", "stance"]) == {""}  # there is no issue about it


# ---- layout of networks --------------------------------------------------------------------------------------


def test_network_layout_has_a_row_for_every_actor_and_instrument(small):
    frame = network_layout(small)
    assert frame.drop(columns=["actor_label_zh", "instrument_label_zh"]).to_dict("records") == [
        {
            "identity": "unit",
            "actor_id": "some@2",
            "actor_type": "anonymous",
            "holder": "some",
            "actor_label_en": "some (2)",
            "instrument_id": "budapest",
            "instrument_label_en": "Budapest Convention",
            "stance": "mixed",  # 'an adequate framework', then 'limited in application'
            "weight": 2,
            "actor_place": 0,
            "instrument_place": 0,
        }
    ]
    assert frame.attrs["symbol"]
    assert network_layout(small, least=3).empty
    assert network_layout(sentences_report([])).empty


def test_a_named_holder_outside_the_codebook_has_no_chinese_in_its_english_label():
    report = sentences_report(
        ["行业协会的代表支持《联合国反腐败公约》。"] * 2
    )  # 'The representative of an industry association supported …'
    frame = network_layout(report)
    assert not frame["actor_label_en"].str.contains(r"[\u4e00-\u9fff]").any()
    assert frame["actor_label_zh"].str.contains("协会").all()


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_layout_holds_the_links_of_the_network(real, identity):
    frame = network_layout(real, identity, least=1)
    edges = eg.actor_instrument_edges(real, identity, exclude=NO_HOLDER, relations=("speaks-of",))
    keys = ["actor_id", "instrument_id", "weight"]
    assert sorted(frame[keys].values.tolist()) == sorted(edges[keys].values.tolist())
    for side in ("actor", "instrument"):
        places = frame.drop_duplicates(f"{side}_id")[f"{side}_place"]
        assert sorted(places) == list(range(len(places)))  # nobody stands on another
        assert frame.groupby(f"{side}_id")[f"{side}_place"].nunique().eq(1).all()
    cited = frame.groupby("instrument_place")["weight"].sum()
    assert cited.is_monotonic_decreasing
    heights = frame.groupby("actor_place")["instrument_place"].mean()
    assert heights.is_monotonic_increasing


def test_rarely_cited_instruments_are_left_out_under_every_policy_alike(real):
    frame = network_layout(real, IDENTITIES)
    assert list(frame["identity"].unique()) == list(IDENTITIES)
    sums = frame.groupby(["identity", "instrument_id"])["weight"].sum().unstack("identity")
    assert (sums.nunique(axis=1) == 1).all()  # who is one actor changes no statement
    assert (sums >= 2).all(axis=None)


#: For a new convention; for it, under a condition, against it.
STANCES = ["一些发言者支持制定一项新公约。", "若干发言者支持制定一项新公约。", "其他发言者反对制定一项新公约。"]


def test_pairs_agree_or_conflict_and_stand_from_for_to_against():
    report = sentences_report([STANCES[2], STANCES[0], STANCES[1]])
    assert list(eg.find_positions(report)["stance"]) == ["against", "for", "for"]
    frame = agreement_layout(report)
    columns = ["source_holder", "target_holder", "issues", "congruence", "conflict", "balance"]
    assert frame[columns].values.tolist() == [
        ["some", "several", "new-convention", 1.0, 0.0, 1.0],
        ["some", "other", "new-convention", 0.0, 1.0, -1.0],
        ["several", "other", "new-convention", 0.0, 1.0, -1.0],
    ]
    assert frame[["source_place", "target_place"]].values.tolist() == [[0, 1], [0, 2], [1, 2]]


def test_one_side_alone_has_nobody_to_agree_with():
    assert agreement_layout(sentences_report(STANCES[:1])).empty


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_ring_holds_the_pairs_of_the_summary(real, identity):
    frame = agreement_layout(real, identity)
    summary = eg.network_summary(real).query("not has_no_holder").set_index("identity").loc[identity]
    assert (frame["balance"] > 0).sum() == summary["n_agreeing"]
    assert (frame["balance"] < 0).sum() == summary["n_opposed"]
    assert (frame["source_place"] < frame["target_place"]).all()
    ends = [frame[[side, f"{side}_place"]].set_axis(["actor", "place"], axis=1) for side in ("source", "target")]
    places = pd.concat(ends).drop_duplicates()["place"]
    assert sorted(places) == list(range(len(places)))  # nobody stands on another
