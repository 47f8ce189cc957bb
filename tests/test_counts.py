"""Tables for the charts: numbers that add up, references in order, places in a layout."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import egdata as eg
from egdata.analysis.counts import (
    count_instruments,
    count_sections,
    count_theme_pairs,
    count_themes,
    find_references,
    theme_differences,
)
from egdata.analysis.layouts import network_layout
from egdata.base.errors import EgdataError
from egdata.base.vocabulary import IDENTITIES, NO_HOLDER
from egdata.reading.report import parse_report, sentences_report

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
    by_theme = frame[(frame["section_id"] == "I.A") & (frame["n"] > 0)].set_index("theme_id")
    assert dict(by_theme["n"]) == {"capacity-building": 1, "electronic-evidence": 1}
    assert set(by_theme["n_sentences"]) == {2}
    assert set(by_theme["share"]) == {0.5}


def test_shares_have_the_interval_of_wilson(real_coding):
    from scipy.stats import binomtest

    for row in count_themes(real_coding, by="voice").itertuples():
        interval = binomtest(row.n, row.n_sentences).proportion_ci(method="wilson")
        assert (row.low, row.high) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_themes_by_voice_are_the_sums_of_those_by_section(real_coding):
    sections = count_themes(real_coding).groupby(["voice", "theme_id"])[["n", "n_sentences"]].sum()
    voices = count_themes(real_coding, by="voice").set_index(["voice", "theme_id"])[["n", "n_sentences"]]
    assert_frame_equal(voices.sort_index(), sections.sort_index())
    with pytest.raises(EgdataError, match="by is 'unit'; it can be 'section', 'voice'"):
        count_themes(real_coding, by="unit")


def test_the_counts_of_the_report_add_up(real, real_coding):
    sections, themes = count_sections(real_coding), count_themes(real_coding)
    assert sections["n_units"].sum() == len(real.units)
    assert sections["n_sentences"].sum() == len(real.sentences)
    assert (sections["n_coded"] <= sections["n_sentences"]).all()
    assert themes["n"].sum() == len(eg.find_themes(real_coding))
    sizes = sections.set_index("section_id")["n_sentences"]
    assert (themes["n_sentences"] == themes["section_id"].map(sizes)).all()
    assert (themes["share"] * themes["n_sentences"] - themes["n"]).abs().max() < 1e-9


#: Training, evidence, both, both, a strategy; two sections with one heading, and one without a fellow.
TWO_SIDES = """一. 初步建议和结论清单

A. 国际合作

1. 各国应开展培训。应使用电子证据。应就电子证据开展培训。应制定国家战略。

二. 审议情况概要

A. 国际合作

2. 一些发言者强调开展培训。一些发言者谈到就电子证据开展培训。

B. 其他事项

3. 会上提到培训。
"""


def test_theme_differences_sets_sections_of_one_heading_side_by_side():
    frame = theme_differences(parse_report(TWO_SIDES))
    assert set(zip(frame["title"], frame["section_proposals"], frame["section_summary"], strict=True)) == {
        ("国际合作", "I.A", "II.A")
    }
    by_theme = frame.set_index("theme_id")
    where = {"capacity-building": "both", "electronic-evidence": "both", "strategy-policy": "proposals"}
    assert dict(by_theme.loc[by_theme["stands_in"] != "neither", "stands_in"]) == where
    counts = ["n_proposals", "n_summary", "n_sentences_proposals", "n_sentences_summary"]
    assert by_theme.loc["capacity-building", counts].tolist() == [2, 2, 4, 2]
    assert by_theme.loc["capacity-building", "difference"] == 0.5 - 1.0
    assert set(by_theme["p_adjusted"].dropna().index) == set(where)  # what stands nowhere is not tested
    by_voice = theme_differences(parse_report(TWO_SIDES), by="voice").set_index("theme_id")
    assert by_voice.loc["capacity-building", counts].tolist() == [2, 3, 4, 3]
    assert theme_differences(sentences_report(["应开展培训。"])).empty


# Themes that the two sides name more or less unequally, so that p is small and not so small.
UNEQUAL_SIDES = f"""一. 初步建议和结论清单

A. 国际合作

1. {"各国应开展培训。" * 8}{"应使用电子证据。" * 6}{"应制定国家战略。" * 4}

二. 审议情况概要

A. 国际合作

2. {"一些发言者谈到电子证据。" * 6}{"一些发言者谈到国家战略。" * 9}{"一些发言者谈到开展培训。"}
"""


@pytest.mark.parametrize("by", ["section", "voice"])
def test_differences_are_tested_exactly_and_corrected_for_their_number(real_coding, by):
    from scipy.stats import false_discovery_control, fisher_exact

    for report in (real_coding, parse_report(UNEQUAL_SIDES)):
        frame = theme_differences(report, by=by)
        rows = frame[frame["stands_in"] != "neither"]
        pairs = rows[["n_proposals", "n_sentences_proposals", "n_summary", "n_sentences_summary"]].to_numpy()
        p = [fisher_exact([[a, n_a - a], [b, n_b - b]]).pvalue for a, n_a, b, n_b in pairs]
        assert list(rows["p_adjusted"]) == pytest.approx(list(false_discovery_control(p)), rel=1e-3)
        assert frame["p_adjusted"].notna().sum() == len(rows)
    assert rows["p_adjusted"].min() < 0.1
    assert rows["p_adjusted"].nunique() > 2


def test_differences_have_the_interval_of_newcombe(small):
    from egdata.analysis.statistics import with_interval

    # Newcombe 1998, table II, method 10: 56/70 - 48/80 is 0.2000, from 0.0524 to 0.3339
    counts = pd.DataFrame({"voice": ["proposals", "chair-summary"], "n": [56, 48], "n_sentences": [70, 80]})
    counts = with_interval(counts.assign(theme_id="a", share=counts["n"] / counts["n_sentences"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("egdata.analysis.counts.count_themes", lambda coding, by: counts)
        (row,) = theme_differences(small, by="voice").to_dict("records")
    assert [round(row[name], 4) for name in ("difference", "low", "high")] == [0.2, 0.0524, 0.3339]


def test_pairs_of_themes_have_the_closed_form():
    import math

    report = parse_report(TWO_SIDES)
    frame = count_theme_pairs(report, within="proposals").set_index(["theme_a", "theme_b"])
    assert list(frame.index) == [
        ("electronic-evidence", "capacity-building"),
        ("electronic-evidence", "strategy-policy"),
        ("capacity-building", "strategy-policy"),
    ]
    pair = frame.loc[("electronic-evidence", "capacity-building")]
    assert pair[["n", "n_a", "n_b", "n_sentences", "expected", "phi"]].tolist() == [1, 2, 2, 4, 1.0, 0.0]
    assert pair[["log_likelihood", "p", "p_adjusted"]].tolist() == [0.0, 1.0, 1.0]
    apart = frame.loc[("electronic-evidence", "strategy-policy")]  # cells 0, 2, 1, 1 of 4
    assert apart["phi"] == round((0 * 1 - 2 * 1) / math.sqrt(2 * 2 * 1 * 3), 4)
    g2 = 2 * (2 * math.log(2 / 1.5) + math.log(1 / 0.5) + math.log(1 / 1.5))
    assert apart["log_likelihood"] == pytest.approx(g2, abs=1e-4)
    assert apart["p"] == 1.0  # 0 or 1 sentence about both: 2 of 4 ways each
    assert count_theme_pairs(report, within="II.B").empty  # one theme alone
    with pytest.raises(eg.EgdataError, match="within: 'IX' is neither"):
        count_theme_pairs(report, within="IX")


def test_pairs_of_themes_are_those_of_the_sentences(real, real_coding):
    frame = count_theme_pairs(real_coding)
    sizes = eg.find_themes(real_coding).groupby("sentence_id").size()
    assert frame["n"].sum() == (sizes * (sizes - 1) // 2).sum()
    assert set(frame["n_sentences"]) == {len(real.sentences)}
    assert ((frame["phi"] > 0) == (frame["n"] > frame["expected"])).all()
    tables = frame[["n", "n_a", "n_b", "n_sentences"]].to_numpy()
    from scipy.stats import chi2_contingency, fisher_exact  # an independent way to the same numbers

    for (n, a, b, total), row in list(zip(tables, frame.to_dict("records"), strict=True))[::25]:
        cells = [[n, a - n], [b - n, total - a - b + n]]
        test = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
        assert row["log_likelihood"] == pytest.approx(test.statistic, abs=1e-4)
        assert row["p"] == pytest.approx(fisher_exact(cells).pvalue, rel=1e-3)


def test_instruments_are_counted_by_section_and_those_named_apart(real_coding, small):
    frame = count_instruments(small)
    assert frame.to_dict("records") == [
        {
            "section_id": "II",
            "title": "审议情况概要",
            "voice": "chair-summary",
            "instrument_id": "budapest",
            "n": 2,  # by name, then 'that Convention'
            "n_named": 1,
        }
    ]
    frame = count_instruments(real_coding)
    assert len(frame) == frame["section_id"].nunique() * frame["instrument_id"].nunique()
    budapest = frame[frame["instrument_id"] == "budapest"]
    assert (budapest["n"].sum(), budapest["n_named"].sum()) == (17, 11)
    assert count_instruments(sentences_report([])).empty
    sizes = count_sections(real_coding).set_index("section_id")["n_sentences"]
    assert frame.attrs["without"] == [
        section_id for section_id in sizes[sizes > 0].index if section_id not in set(frame["section_id"])
    ]


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


def test_an_unknown_instrument_is_an_error_and_one_that_nothing_refers_to_is_not(small):
    with pytest.raises(EgdataError, match="'budapst' is no instrument of the codebook"):
        find_references(small, ["budapest", "budapst"])
    assert find_references(small, ["ga-65-230", "title-塔林手册", "untoc-cop"]).empty


def test_references_of_the_report_stand_in_its_order(real, real_coding):
    frame = find_references(real_coding, "budapest")
    units = list(real.units["unit_id"])
    places = [units.index(unit) for unit in frame["unit_id"]]
    assert places == sorted(places)
    assert dict(frame["form"].value_counts()) == {"named": 11, "anaphor": 6}
    notes = frame[frame["citation"].str.contains("footnote")]
    assert list(zip(notes["unit_id"], notes["locator"], notes["stance"], notes["holder"], strict=True)) == [
        ("13(a)", "art. 9(2)", "", "")
    ]
    both = find_references(real_coding, ["budapest", "budapest-protocol-2"])
    assert_frame_equal(both[both["entity_id"] == "budapest"].reset_index(drop=True), frame)
    assert set(both.loc[both["entity_id"] != "budapest", "stance"]) == {""}  # there is no issue about it


# ---- layout of networks --------------------------------------------------------------------------------------


def test_network_layout_has_a_row_for_every_actor_and_instrument(small):
    frame = network_layout(small)
    assert frame.drop(columns=["actor_label_zh", "instrument_label_zh"]).to_dict("records") == [
        {
            "identity": "mention",
            "actor_id": "2#1/s1",
            "actor_type": "anonymous",
            "holder": "some",
            "actor_label_en": "some (2#1)",
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


def test_a_position_whose_statement_does_not_mention_the_instrument_is_a_link_without_statements():
    # 'Some speakers supported a new convention.' 'Others favoured making the most of existing international instruments.'
    report = sentences_report(["一些发言者支持新公约。", "但其他发言者赞成最大限度地利用现有国际文书。"])
    frame = network_layout(report, least=1)
    links = frame.loc[frame["instrument_id"] == "new-convention", ["actor_label_en", "stance", "weight"]]
    assert links.values.tolist() == [["some (0)", "for", 1], ["others (1)", "against", 0]]
    assert network_layout(report).empty  # nothing that several speak of


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_layout_holds_the_links_of_the_network(real_coding, identity):
    frame = network_layout(real_coding, identity, least=1)
    edges = eg.actor_instrument_edges(real_coding, identity, exclude=NO_HOLDER, relations=("speaks-of",))
    keys = ["actor_id", "instrument_id", "weight"]
    assert sorted(frame.loc[frame["weight"] > 0, keys].values.tolist()) == sorted(edges[keys].values.tolist())
    for side in ("actor", "instrument"):
        places = frame.drop_duplicates(f"{side}_id")[f"{side}_place"]
        assert sorted(places) == list(range(len(places)))  # nobody stands on another
        assert frame.groupby(f"{side}_id")[f"{side}_place"].nunique().eq(1).all()
    cited = frame.groupby("instrument_place")["weight"].sum()
    assert cited.is_monotonic_decreasing
    heights = frame.groupby("actor_place")["instrument_place"].mean()
    assert heights.is_monotonic_increasing


def test_rarely_cited_instruments_are_left_out_under_every_policy_alike(real_coding):
    frame = pd.concat([network_layout(real_coding, identity) for identity in IDENTITIES])
    sums = frame.groupby(["identity", "instrument_id"])["weight"].sum().unstack("identity")
    assert (sums.nunique(axis=1) == 1).all()  # who is one actor changes no statement
    assert (sums >= 2).all(axis=None)
