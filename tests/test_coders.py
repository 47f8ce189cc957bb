"""Coders beside the rules: a function, a person's sheet, recorded answers; what is refused and what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import egdata as eg
from egdata.coding.answers import HEADER, read_answers
from egdata.reading.report import sentences_report
from egdata.tables.check import find_problems
from egdata.tables.schema import SCHEMA

TEXTS = (
    "一些发言者支持制定一项新公约。",  # some speakers supported the elaboration of a new convention
    "一些发言者反对跨境获取数据，其他发言者表示支持。",  # some opposed transborder access to data, others supported it
    "网络犯罪问题会议于星期一开幕。",  # the meeting on cybercrime opened on Monday
)


@pytest.fixture(scope="module")
def report():
    return sentences_report(TEXTS)


@pytest.fixture(scope="module")
def numbered():
    """The same in paragraphs, which tables need."""
    paragraphs = "\n\n".join(f"{number}. {text}" for number, text in enumerate(TEXTS, start=1))
    return eg.parse_report(f"一. 讨论情况摘要\n\n{paragraphs}\n", "zh")


def said(statement_id="0/s1", issue="new-convention", stance="for", quote="支持制定一项新公约", **more):
    return {"statement_id": statement_id, "issue": issue, "stance": stance, "quote": quote, **more}


def coder(*rows):
    def tester(statements, codebook):
        return list(rows)

    return tester


def answers(file, *calls, **header):
    """A file of recorded answers; each call is the ids asked and the reply, as text or not yet."""
    lines = [dict.fromkeys(HEADER, "") | {"model": "tester", "parameters": {}} | header]
    for ids, reply in calls:
        lines.append({"ids": ids, "raw": reply if isinstance(reply, str) else json.dumps({"answers": reply})})
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def item(statement_id, *positions):
    return {"id": statement_id, "positions": [{k: v for k, v in p.items() if k != "statement_id"} for p in positions]}


def reasons(coding):
    return coding.refused["reason"].tolist()


# ---- what a coder is given -------------------------------------------------------------------------------------------


def test_a_coder_sees_every_statement_with_what_was_said_before():
    text = "一. 摘要\n\n1. 甲指出一。乙指出二。丙指出三。丁指出四。\n\n2. 会议开幕。\n"
    seen = []
    eg.code(eg.parse_report(text, "zh"), coder=lambda statements, codebook: seen.append(statements) or [])
    assert list(seen[0]) == ["statement_id", "text", "before", "holder", "unit_id", "voice"]
    rows = seen[0].drop_duplicates("text").set_index("text")
    assert rows["before"].to_dict() == {
        "甲指出一。": "",
        "乙指出二。": "甲指出一。",
        "丙指出三。": "甲指出一。乙指出二。",
        "丁指出四。": "乙指出二。丙指出三。",
        "会议开幕。": "",
    }
    assert rows["unit_id"].tolist() == ["1", "1", "1", "1", "2"]


def test_who_speaks_second_in_a_sentence_has_the_first_before_him(report):
    given = eg.code(report).to_code.set_index("statement_id")
    assert given.loc["1/s2", "before"] == given.loc["1/s1", "text"]


def test_a_coder_cannot_change_what_egdata_holds(report):
    def vandal(statements, codebook):
        statements.loc[:, "text"] = "变"
        return [said()]

    assert eg.code(report, coder=vandal).positions["quote"].tolist() == ["支持制定一项新公约"]


# ---- a function ------------------------------------------------------------------------------------------------------


def test_a_function_codes_a_report(report):
    coding = eg.code(report, coder=coder(said(certainty="likely"), said("1/s2", "transborder-access", quote="支持")))
    assert coding.coder == "tester"
    assert coding.coder_notices == []
    columns = ["position_id", "holder", "stance", "quote", "rule_id", "coded_by", "certainty", "second_opinion"]
    assert coding.positions[columns].values.tolist() == [
        ["0/s1/new-convention", "some", "for", "支持制定一项新公约", "coder", "tester", "likely", ""],
        ["1/s2/transborder-access", "other", "for", "支持", "coder", "tester", "", ""],
    ]
    for start, end, quote in coding.positions[["start", "end", "quote"]].values.tolist():
        assert report.text[start:end] == quote
    assert coding.sentences["status"].tolist() == ["coded", "coded", "uncoded"]
    assert coding.sentences["reason"].tolist() == ["", "", "no-view"]


def test_what_the_rules_find_beside_positions_stays(report):
    by_rules, coding = eg.code(report), eg.code(report, coder=coder())
    for name in ("statements", "mentions", "actors", "to_code"):
        pd.testing.assert_frame_equal(getattr(by_rules, name), getattr(coding, name))
    assert len(by_rules.positions)
    assert len(coding.positions) == 0


def test_a_frame_is_as_good_as_dicts(report):
    def framer(statements, codebook):
        return pd.DataFrame([said(), said("1/s1", None, None, None)])

    coding = eg.code(report, coder=framer)
    assert coding.positions["stance"].tolist() == ["for"]
    assert reasons(coding) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (said("9/s1"), "no such statement"),
        (said(7), "no such statement"),
        (said(issue="world-peace"), "no such issue"),
        (said(issue=["new-convention"]), "no such issue"),
        (said(stance="maybe"), "no such stance"),
        (said(stance=None), "no such stance"),
        (said(quote=""), "no quote"),
        (said(quote="反对制定一项新公约"), "quote not in the statement"),
        (said(quote="会议于星期一"), "quote not in the statement"),
        (said(quote="\ud800"), "quote not in the statement"),
        (said(certainty=0.9), "no such certainty"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_reason(report, row, reason):
    coding = eg.code(report, coder=coder(row, said("1/s1", "transborder-access", "against", "反对跨境获取数据")))
    assert coding.positions["statement_id"].tolist() == ["1/s1"]
    assert reasons(coding) == [reason]
    assert coding.notices == [*report.notices, *coding.coder_notices]
    assert coding.coder_notices == [f"tester: refused 1 of 2 answers (1 {reason})"]
    assert coding.sentences["reason"].tolist()[0] == ("no-issue" if "such statement" in reason else "refused")
    coding.refused.to_csv().encode()


def test_two_stances_on_one_issue_are_none(report):
    coding = eg.code(report, coder=coder(said(), said(stance="against")))
    assert coding.positions.empty
    assert reasons(coding) == ["two stances on one issue"] * 2


def test_the_same_said_twice_counts_once(report):
    coding = eg.code(report, coder=coder(said(), said(quote="新公约")))
    assert coding.positions["quote"].tolist() == ["支持制定一项新公约"]
    assert reasons(coding) == ["said twice"]


def test_positions_stand_in_text_order(report):
    coding = eg.code(report, coder=coder(said("1/s1", "transborder-access", "against", "反对"), said()))
    assert coding.positions["statement_id"].tolist() == ["0/s1", "1/s1"]


@pytest.mark.parametrize("answer", [None, "for", [["0/s1", "for"]], {"statement_id": "0/s1"}])
def test_what_a_function_must_give(report, answer):
    with pytest.raises(eg.EgdataError, match="a coder gives a DataFrame or a list of dicts"):
        eg.code(report, coder=lambda statements, codebook: answer)


def test_no_coder_takes_the_name_of_another(report, tmp_path):
    def rules(statements, codebook):
        return []

    with pytest.raises(eg.EgdataError, match="cannot be called 'rules'"):
        eg.code(report, coder=rules)
    with pytest.raises(eg.EgdataError, match="cannot be called 'person'"):
        eg.code(report, coder=answers(tmp_path / "a.jsonl", model="person"))


@pytest.mark.parametrize("who", ["rule", Path("answers.txt"), 7, None])
def test_an_unknown_coder_is_an_error(report, who):
    with pytest.raises(eg.EgdataError, match=f"coder is '{who}'; it can be"):
        eg.code(report, coder=who)


# ---- recorded answers ------------------------------------------------------------------------------------------------


def test_recorded_answers_are_read(report, tmp_path):
    given = eg.code(report).to_code["statement_id"].tolist()
    items = [item("0/s1", said(certainty="sure")), *(item(statement_id) for statement_id in given[1:])]
    coding = eg.code(report, coder=answers(tmp_path / "a.jsonl", (given, items)))
    assert coding.positions[["stance", "coded_by", "certainty"]].values.tolist() == [["for", "tester", "sure"]]
    assert coding.sentences["reason"].tolist() == ["", "no-issue", "no-view"]
    assert coding.left_out == {}


def test_what_was_not_answered_is_in_the_ledger(numbered, tmp_path):
    report = numbered
    file = answers(tmp_path / "a.jsonl", (["1#1/s1", "2#1/s1"], [item("1#1/s1", said())]))
    coding = eg.code(report, coder=file)
    assert coding.sentences["reason"].tolist() == ["", "no-answer", "no-answer"]
    assert "tester left 3 of 4 statements without an answer" in coding.coder_notices
    tables = eg.build_tables(coding)
    assert find_problems(tables, report.text, report, coding.codebook) == []


def test_the_last_answer_counts(report, tmp_path):
    calls = [(["0/s1"], [item("0/s1", said(stance=stance))]) for stance in ("against", "for")]
    assert eg.code(report, coder=answers(tmp_path / "a.jsonl", *calls)).positions["stance"].tolist() == ["for"]


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I cannot help with that.",
        "[1, 2]",
        '{"answers": "none"}',
        '{"answers": [{"id": "0/s1", "positions": [{"issue": "new-conv',  # broken off
        '{"a":' * 100_000,
        "{" * 100_000,
        '{"' * 100_000,
    ],
)
def test_no_json_is_not_believed(report, tmp_path, reply):
    coding = eg.code(report, coder=answers(tmp_path / "a.jsonl", (["0/s1"], reply)))
    assert coding.positions.empty
    assert coding.sentences["reason"].tolist()[0] == "no-answer"
    assert "a.jsonl: call 1: its answer is no JSON of the form that was asked for; not believed" in coding.coder_notices


def test_words_around_an_answer_do_no_harm(report, tmp_path):
    reply = json.dumps({"answers": [item("0/s1", said())]})
    file = answers(tmp_path / "a.jsonl", (["0/s1"], f"Here {{you}} are:\n```json\n{reply}\n```\nAnything else?"))
    assert eg.code(report, coder=file).positions["stance"].tolist() == ["for"]


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([item("1/s1", said())], "not asked"),
        ([{"positions": []}], "no statement named"),
        (["0/s1"], "no statement named"),
        ([{"id": "0/s1", "positions": "none"}], "no list of positions"),
        ([{"id": "0/s1"}], "no list of positions"),
        ([{"id": "0/s1", "positions": ["for"]}], "no position"),
    ],
)
def test_an_answer_of_another_form_is_refused(report, tmp_path, items, reason):
    coding = eg.code(report, coder=answers(tmp_path / "a.jsonl", (["0/s1"], items)))
    assert coding.positions.empty
    assert reasons(coding) == [reason]


def test_a_line_that_a_killed_program_left_is_passed_over(report, tmp_path):
    file = answers(tmp_path / "a.jsonl", (["0/s1"], [item("0/s1", said())]))
    with file.open("a", encoding="utf-8") as handle:
        handle.write('{"ids": ["1/s1"], "raw": "{')
    coding = eg.code(report, coder=file)
    assert "a.jsonl:3: no recorded call; passed over" in coding.coder_notices
    assert coding.positions["stance"].tolist() == ["for"]


@pytest.mark.parametrize("content", [b"", b"{}\n", b"not json\n", b"[]\n", b"\xff\xfe\n"])
def test_a_file_without_a_header_is_an_error(report, tmp_path, content):
    file = tmp_path / "a.jsonl"
    file.write_bytes(content)
    with pytest.raises(eg.EgdataError, match=r"a\.jsonl"):
        read_answers(file)


def test_a_missing_file_is_an_error(report, tmp_path):
    with pytest.raises(eg.EgdataError, match="cannot be read"):
        eg.code(report, coder=tmp_path / "none.jsonl")


def test_answers_about_another_text_are_told(tmp_path):
    file = answers(tmp_path / "a.jsonl", (["0/s1"], [item("0/s1", said())]))
    coding = eg.code(sentences_report(["会议开幕。"]), coder=file)
    assert coding.positions.empty
    assert reasons(coding) == ["quote not in the statement"]
    assert any("asked about another text" in notice for notice in coding.coder_notices)


# ---- a person's sheet ------------------------------------------------------------------------------------------------


def sheet(file, *rows, columns="sid holder issue stance"):
    pd.DataFrame(rows, columns=columns.split()).to_csv(file, index=False)
    return file


def test_a_persons_sheet_is_a_whole_coding(report, tmp_path):
    file = sheet(
        tmp_path / "s.csv",
        ("0", "some", "new-convention", "conditional"),
        ("1", "some", "transborder-access", "against"),
        ("1", "other", "transborder-access", "for"),
        ("2", "unattributed", "", ""),
    )
    coding = eg.code(report, coder=file)
    assert coding.coder == "person"
    assert coding.positions[["statement_id", "stance", "rule_id", "coded_by"]].values.tolist() == [
        ["0/s1", "conditional", "person", "person"],
        ["1/s1", "against", "person", "person"],
        ["1/s2", "for", "person", "person"],
    ]
    assert coding.left_out == {}
    assert coding.refused.empty


def test_the_coding_sheet_of_a_report_codes_it_again(report, tmp_path):
    coding = eg.code(report)
    eg.coding_sheet(coding).to_csv(tmp_path / "s.csv", index=False)
    again = eg.code(report, coder=tmp_path / "s.csv")
    columns = ["statement_id", "issue_id", "stance"]
    assert again.positions[columns].values.tolist() == coding.positions[columns].values.tolist()


def test_a_sheet_may_name_statement_and_words(report, tmp_path):
    columns = "sid holder issue stance statement quote"
    row = ("1", "", "transborder-access", "for", "1/s2", "支持")
    file = sheet(tmp_path / "s.tsv", row, (*row[:-2], "1/s2", "赞成"), columns=columns)
    coding = eg.code(report, coder=file)
    assert coding.positions[["statement_id", "quote"]].values.tolist() == [["1/s2", "支持"]]
    assert reasons(coding) == ["quote not in the statement"]
    assert coding.sentences["reason"].tolist() == ["no-answer", "", "no-answer"]


def test_rows_of_a_sheet_that_fit_nowhere_are_refused(report, tmp_path):
    rows = [("7", "some", "new-convention", "for"), ("1", "many", "transborder-access", "for")]
    coding = eg.code(report, coder=sheet(tmp_path / "s.csv", *rows))
    assert sorted(reasons(coding)) == ["no statement of this holder", "no such sentence"]


def test_a_sheet_of_another_report_is_an_error(report, tmp_path):
    rows = [("99#1", "some", "new-convention", "for"), ("99#2", "some", "", "")]
    with pytest.raises(eg.EgdataError, match=r"s.csv: the report has none of its sentences; is it a sheet of another"):
        eg.code(report, coder=sheet(tmp_path / "s.csv", *rows))


def test_a_sheet_without_positions_is_an_error(report, tmp_path):
    with pytest.raises(eg.EgdataError, match="no column issue"):
        eg.code(report, coder=sheet(tmp_path / "s.csv", ("0", "some"), columns="sid holder"))


def test_corrections_go_on_top_of_a_coder(report):
    corrections = pd.DataFrame({"sid": ["0"], "holder": ["some"], "issue": ["new-convention"], "stance": ["against"]})
    rows = said(certainty="check"), said("1/s1", "transborder-access", "against", "反对", certainty="sure")
    coding = eg.code(report, corrections=corrections, coder=coder(*rows))
    assert coding.positions[["stance", "coded_by", "certainty"]].values.tolist() == [
        ["against", "person", ""],
        ["against", "tester", "sure"],
    ]


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_the_tables_hold_what_a_coder_says(numbered):
    report = numbered
    own = eg.code(report, coder=coder(said("1#1/s1", certainty="sure")))
    coding = eg.with_second_opinion(own, eg.code(report))
    tables = eg.build_tables(coding)
    assert list(tables["positions"]) == SCHEMA["positions"].names
    assert tables["positions"].iloc[0][["coded_by", "certainty", "second_opinion"]].tolist() == [
        "tester",
        "sure",
        "agrees",
    ]
    assert find_problems(tables, report.text, report, coding.codebook) == []


def test_the_rules_have_no_second_opinion_of_themselves(real_coding):
    assert set(real_coding.positions["second_opinion"]) == {""}
    assert real_coding.refused.empty
    assert (real_coding.coder, real_coding.coder_notices) == ("rules", [])
    assert list(real_coding.flat)[-3:] == ["coded_by", "certainty", "second_opinion"]


# ---- side by side ----------------------------------------------------------------------------------------------------


@pytest.fixture
def codings(report):
    mine = coder(said(), said("1/s1", "transborder-access", "against", "反对跨境获取数据"))
    yours = coder(said(stance="conditional", quote="新公约"), said("1/s1", "transborder-access", "against", "反对"))
    return [eg.code(report, coder=tester) for tester in (mine, yours)]


def test_differences_are_listed_with_the_words(report, codings):
    compared = eg.compare_coders(report, codings)
    assert compared.differences.to_dict("records") == [
        {
            "coder_a": "tester",
            "coder_b": "tester#2",
            "statement_id": "0/s1",
            "sentence_id": "0",
            "holder": "some",
            "issue_id": "new-convention",
            "stance_a": "for",
            "stance_b": "conditional",
            "quote_a": "支持制定一项新公约",
            "quote_b": "新公约",
            "text": TEXTS[0],
        }
    ]
    agreement = compared.agreement.set_index(["variable", "measure"])["value"]
    assert agreement["position", "agreement"] == pytest.approx(2 / 3)
    assert agreement["position", "f1"] == pytest.approx(1 / 2)
    assert agreement["issue", "alpha"] == 1
    assert compared.scores.empty


def test_where_both_agree_precision_and_share(report, codings):
    gold = eg.coding_sheet(codings[0])
    scores = eg.compare_coders(report, codings, gold).scores.set_index(["coder", "variable", "measure"])["value"]
    assert scores["tester", "position", "f1"] == 1
    assert scores["tester#2", "position", "precision"] == pytest.approx(1 / 2)
    assert scores["tester & tester#2", "position", "precision"] == 1
    assert scores["tester & tester#2", "position", "recall"] == pytest.approx(1 / 2)


def test_what_one_left_out_is_no_difference(report, codings, tmp_path):
    silent = answers(tmp_path / "a.jsonl", (["0/s1"], [item("0/s1", said())]), model="silent")
    compared = eg.compare_coders(report, [codings[0], silent])
    assert compared.differences.empty
    assert set(compared.agreement["n"]) == {1}


def test_the_rules_beside_a_function(report):
    compared = eg.compare_coders(report, ["rules", coder(said())])
    assert set(compared.agreement["coder_a"]) == {"rules"}
    assert set(compared.differences["coder_b"]) == {"tester"}
    assert set(compared.differences["stance_b"]) == {""}


def test_one_coder_is_not_enough(report):
    with pytest.raises(eg.EgdataError, match="two coders or more"):
        eg.compare_coders(report, ["rules"])


def test_codings_of_two_texts_are_not_compared(report, few):
    with pytest.raises(eg.EgdataError, match="two texts"):
        eg.compare_coders(report, [eg.code(report), eg.code(few)])


def test_a_second_opinion(report, codings, tmp_path):
    assert eg.with_second_opinion(*codings).positions["second_opinion"].tolist() == ["differs", "agrees"]
    silent = eg.code(report, coder=answers(tmp_path / "a.jsonl", (["0/s1"], [item("0/s1", said())])))
    assert eg.with_second_opinion(codings[0], silent).flat["second_opinion"].tolist() == ["agrees", ""]


def test_any_number_of_sheets_is_compared_pair_by_pair_under_their_names(report, tmp_path):
    sheet = eg.coding_sheet(report)
    files = {}
    for name in ("ann", "bob", "eve"):
        files[name] = tmp_path / f"{name}.csv"
        mine = sheet.assign(stance=sheet["stance"].replace("for", "against")) if name == "eve" else sheet
        mine.to_csv(files[name], index=False)
    compared = eg.compare_coders(report, files)
    pairs = [("ann", "bob"), ("ann", "eve"), ("bob", "eve")]
    agreement = compared.agreement.query("variable == 'position' and measure == 'agreement'")
    assert list(zip(agreement["coder_a"], agreement["coder_b"], strict=True)) == pairs
    assert agreement["value"].iloc[0] == 1 > agreement["value"].iloc[1] == agreement["value"].iloc[2]
    assert set(zip(compared.differences["coder_a"], compared.differences["coder_b"], strict=True)) == set(pairs[1:])
