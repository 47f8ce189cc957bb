"""Parallel sentences of two voices, what stands in one voice only, and views that are counted once."""

import pandas as pd
import pytest

import egdata as eg
from egdata.analysis.network import actor_instrument_edges, event_list
from egdata.reading.report import parse_report

# 'List of recommendations: 1. States should train judges and prosecutors. 2. A new convention on cybercrime should be
# elaborated. 3. States should set up schools of seafaring. Chair's summary: 4. Some speakers said that judges and
# prosecutors should be trained. 5. Many speakers supported elaborating a new convention on cybercrime. 6. One speaker
# opposed elaborating a new convention on cybercrime. 7. The meeting was held on Monday.'
ZH = """一. 初步建议清单
1. 各国应培训法官和检察官。
2. 应拟订一项打击网络犯罪的新公约。
3. 各国应开办航海学校。
二. 主席的总结
4. 一些发言者说，应培训法官和检察官。
5. 许多发言者支持拟订一项打击网络犯罪的新公约。
6. 一位发言者反对拟订一项打击网络犯罪的新公约。
7. 会议于星期一举行。
"""
EN = """I. List of preliminary recommendations
1. States should train judges and prosecutors.
2. A new convention on cybercrime should be elaborated.
3. States should open schools of seafaring.
II. Summary by the Chair
4. Some speakers said that judges and prosecutors should be trained.
5. Many speakers supported the elaboration of a new convention on cybercrime.
6. One speaker opposed the elaboration of a new convention on cybercrime.
7. The meeting was held on Monday.
"""
REPORTS = {"zh": ZH, "en": EN}


@pytest.fixture(scope="module", params=REPORTS)
def coding(request):
    return eg.code(parse_report(REPORTS[request.param]))


def test_the_same_said_in_other_words_but_not_its_opposite(coding):
    pairs = eg.find_parallels(coding)
    assert pairs[["summary_id", "proposal_id"]].values.tolist() == [["4#1", "1#1"], ["5#1", "2#1"]]
    assert pairs["score"].between(0.16, 1).all()


def test_what_is_shared():
    shared = eg.find_parallels(parse_report(ZH))["shared"].tolist()
    assert shared == [
        "capacity-building; 应培训法官和检察官",
        "new-convention for; new-convention; treaty-making; 拟订一项打击网络犯罪的新公约",
    ]


def test_no_pairs_below_the_least_score(coding):
    assert eg.find_parallels(coding, least=1.01).empty


@pytest.mark.parametrize("text", ["", "1. 各国应培训法官。\n", "一. 主席的总结\n1. 一些发言者说，应培训法官。\n"])
def test_nothing_without_both_voices(text):
    """'States should train judges.' under no heading; 'some speakers said so' in a summary alone."""
    coding = eg.code(parse_report(text or "1. 会议休会。\n"))
    pairs = pd.DataFrame({"summary_id": [], "proposal_id": [], "score": [], "shared": []})
    pd.testing.assert_frame_equal(eg.find_parallels(coding), pairs.astype({"score": float}), check_dtype=False)
    assert eg.find_unparalleled(coding).empty
    assert eg.count_parallels(coding).empty
    assert eg.parallel_texts(coding).empty


def test_side_by_side(coding):
    texts = eg.parallel_texts(coding)
    assert texts["holders"].tolist() == ["some", "many"]
    assert texts["proposal"].tolist() == coding.report.sentences["text"].tolist()[:2]
    assert texts["summary_citation"].str.endswith(("para. 4", "para. 5")).all()


def test_what_stands_in_one_voice_only(coding):
    alone = eg.find_unparalleled(coding)
    expected = pd.DataFrame(
        {
            "sentence_id": ["3#1", "6#1"],
            "voice": ["proposals", "chair-summary"],
            "theme": ["awareness-education", "treaty-making"],
            "positions": ["", "new-convention against"],
            "holders": ["unattributed", "one"],
        }
    )
    pd.testing.assert_frame_equal(alone[expected.columns.tolist()], expected)


def test_how_much_is_told_in_both(coding):
    counts = eg.count_parallels(coding)
    expected = pd.DataFrame(
        {
            "voice": ["proposals", "chair-summary"],
            "n_sentences": [3, 3],
            "n_parallel": [2, 2],
            "share": [2 / 3, 2 / 3],
        }
    )
    pd.testing.assert_frame_equal(counts[expected.columns.tolist()], expected)


def test_told_also_in(coding):
    assert eg.told_also_in(eg.find_parallels(coding)) == {
        "4#1": ["1#1"],
        "1#1": ["4#1"],
        "5#1": ["2#1"],
        "2#1": ["5#1"],
    }


def test_a_view_told_twice_counts_once_where_it_has_a_holder(coding):
    once, twice = (eg.find_contested(coding, count_retellings=count) for count in (False, True))
    counts = [frame.set_index("issue_id").loc["new-convention", ["n_for", "n_against"]] for frame in (once, twice)]
    assert [list(count) for count in counts] == [[1, 1], [2, 1]]
    assert eg.find_contested(coding, by="voice")["n_for"].tolist() == [1, 1]  # nothing is pooled
    assert event_list(coding)["holder"].tolist() == ["many", "one"]
    assert event_list(coding, count_retellings=True)["holder"].tolist() == ["unattributed", "many", "one"]
    edges = actor_instrument_edges(coding, "merged")
    assert edges[["actor_id", "n_for", "n_against"]].values.tolist() == [["many", 1, 0], ["one", 0, 1]]
    assert len(actor_instrument_edges(coding, "merged", count_retellings=True)) == 3


def test_a_view_that_a_correction_changes_is_told_twice_no_more():
    coding = eg.code(parse_report(ZH))
    assert eg.find_contested(coding)["n_for"].sum() == 1
    sheet = eg.coding_sheet(coding)
    sheet.loc[sheet["sid"] == "5#1", "stance"] = "against"
    coding.correct(sheet)
    counts = eg.find_contested(coding).set_index("issue_id").loc["new-convention", ["n_for", "n_against"]]
    assert list(counts) == [1, 2]
    assert eg.build_tables(coding)["parallels"]["summary_id"].tolist() == ["4#1"]


def test_retellings_have_one_partner_each():
    positions = pd.DataFrame(
        [
            ("p1", "1#1", "unattributed", "a", "for"),
            ("s1", "2#1", "some", "a", "for"),
            ("s2", "3#1", "impersonal", "a", "for"),
            ("s3", "4#1", "many", "a", "against"),
        ],
        columns=["position_id", "sentence_id", "holder", "issue_id", "stance"],
    )
    parallels = pd.DataFrame(
        [("2#1", "1#1", 0.4), ("3#1", "1#1", 0.9), ("4#1", "1#1", 1.0)], columns=["summary_id", "proposal_id", "score"]
    )
    # the likest pair is s2 and p1, of which neither names a holder, so that the proposal stays; s1 has no partner left
    assert eg.retellings(positions, parallels) == {"s2"}
    assert eg.retellings(positions, parallels[:1]) == {"p1"}


def test_parallels_of_the_real_report():
    pairs = eg.find_parallels(eg.read_report())
    assert {"59#1", "40#3", "21#3"} <= set(pairs["summary_id"])  # nearly the same words
    assert 45 <= pairs["summary_id"].nunique() <= 75  # a reader found 65
