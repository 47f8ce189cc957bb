"""Contested issues and contrasts, on an invented report and on the real one."""

import pandas as pd
import pytest

import egdata as eg
from egdata.reading.report import parse_report

# 'Some speakers supported a new convention. / But other speakers considered it premature. / Other speakers mentioned
# cryptocurrencies. / However, one speaker also noted the duty of providers to keep logs.'
TEXT = """一. 主席的总结
1. 一些发言者支持拟订打击网络犯罪的新公约。
2. 但其他发言者认为，新公约为时过早。
3. 其他发言者提到了加密货币造成的挑战。
4. 然而，一位发言者还指出，服务提供商应承担保存日志的义务。
"""


@pytest.fixture(scope="module")
def report():
    return parse_report(TEXT)


def test_contested(report):
    contested = eg.find_contested(report).set_index("issue_id")
    row = contested.loc["new-convention"]
    assert row.to_dict() == {
        "n_for": 1, "n_conditional": 0, "n_neutral": 0, "n_against": 1, "is_contested": True, "kind": "opposed",
    }  # fmt: skip
    assert contested.loc["provider-duties", ["n_for", "is_contested", "kind"]].tolist() == [1, False, ""]
    assert contested.index.tolist() == list(eg.read_codebook().codes("issues"))


def test_qualified_where_nobody_is_against():
    text = "1. 一些发言者支持拟订打击网络犯罪的新公约。\n2. 其他发言者指出，新公约不应与现有条约冲突。\n"
    row = eg.find_contested(parse_report(text)).set_index("issue_id").loc["new-convention"]
    assert (row["is_contested"], row["kind"]) == (True, "qualified")


def test_by_holder_and_voice_add_up(report):
    total = eg.find_contested(report)[["n_for", "n_against"]].sum()
    for by in ("holder", "voice"):
        counts = eg.find_contested(report, by=by)
        assert counts[["n_for", "n_against"]].sum().equals(total)
        assert by in counts.columns
    with pytest.raises(eg.EgdataError, match="'section'"):
        eg.find_contested(report, by="section")


def test_contrast_answers_and_other_speakers_who_add_do_not(report):
    contrasts = eg.find_contrasts(report)
    expected = pd.DataFrame(
        {"from_id": ["2#1/s1"], "to_id": ["1#1/s1"], "issue_id": ["new-convention"], "marker": ["但其他发言者"]}
    )
    pd.testing.assert_frame_equal(contrasts[expected.columns.tolist()], expected)


def test_a_contrast_reaches_three_units_back_and_no_further():
    # 'Some speakers supported a new convention. / The meeting rose. / The meeting resumed. / Other speakers opposed …'
    three = ["一些发言者支持拟订打击网络犯罪的新公约。", "会议休会。", "会议复会。", "其他发言者反对拟订新公约。"]
    for units, pairs in ((three, [("4#1/s1", "1#1/s1")]), ([*three[:3], "会议休会。", three[3]], [])):
        text = "\n".join(f"{number}. {unit}" for number, unit in enumerate(units, start=1))
        contrasts = eg.find_contrasts(parse_report(text))
        assert list(contrasts[["from_id", "to_id"]].itertuples(index=False, name=None)) == pairs


def test_no_contrast_in_an_empty_report():
    assert eg.find_contrasts(parse_report("1. 会议于星期一开始讨论网络犯罪。\n")).empty


def test_contested_points_of_the_real_report():
    contested = eg.find_contested(eg.read_report()).set_index("issue_id")
    for issue in (
        "new-convention", "budapest-standard", "expert-group-mandate", "transborder-access",
        "extraterritorial-jurisdiction", "new-regulation",
    ):  # fmt: skip
        assert contested.loc[issue, "is_contested"], issue


def test_contrasts_of_the_real_report():
    contrasts = eg.find_contrasts(eg.read_report())
    units = {
        (later.split("#")[0], earlier.split("#")[0])
        for later, earlier in contrasts[["from_id", "to_id"]].itertuples(index=False)
    }
    assert {("13(b)", "13(b)"), ("13(ww)", "13(uu)"), ("13(zz)", "13(xx)"), ("22", "21"), ("45", "45")} <= units
    assert not {"28", "51", "23"} & {unit for pair in units for unit in pair}
