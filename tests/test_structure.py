"""UN documents in general: annexes, unnumbered text, drafts, summary records, resolutions, and what must hold for any.

All texts are invented. 会议报告 is 'report of the meeting', 导言 'introduction', 结论 'conclusion', 附件 'annex',
议事规则 'rules of procedure', 大会 'the General Assembly'; 甲乙丙丁戊己 are place-holders as A, B, C in English.
"""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import egdata as eg
from egdata.base.errors import ReportError
from egdata.reading.furniture import INVISIBLE
from egdata.reading.labels import ROMAN
from egdata.reading.report import parse_report
from egdata.tables.files import check_tables, write_tables


def units(source, lang=None):
    return [(row.unit_id, row.text) for row in parse_report(source, lang).units.itertuples()]


def ids(source):
    return list(parse_report(source).units["unit_id"])


def sections(source):
    return [(row.section_id, row.level, row.title) for row in parse_report(source).sections.itertuples()]


STATEMENT = """United Nations A/CONF.9/2031/9*
General Assembly Distr.: General 14 September 2031
Original: English
31-21828* (E) 141131
Conference on lighthouses Second session
Statement by the President of the conference
I wish to offer an account of the session, which was held in
Port Ellen. Some delegations noted that a new convention was needed.
Many delegations underscored the progress made and called for
* Reissued for technical reasons on 14 November 2031.
31-21828 2/3
more time.
Ann Lund
President of the conference
31-21828 3/3
Annex
Oral reports of the facilitators
I. Lighthouses
1. There was progress:
(a) On article 1;
(b) On article 2.
2. Some delegations disagreed.
General matters
3. There was no time.
"""

REPORT = """A/86/9
Report of the expert group on lighthouses
Contents
I. Introduction ............ 2
II. Proceedings, with a title that runs over
two lines ............ 3
\f31-00417 2/4
I. Introduction
1. The group met in Port Ellen, 1 the seat of
________
1 Formerly Port Askaig, and the seat of the
\fA/86/9
3/4 31-00417
________
lighthouse authority.
\fA/86/9
31-00417 4/4
the authority.
2. It adopted its agenda.
II. Proceedings, with a title that runs over
two lines
A. Sessions
1. First session
3. The first session was held in May.
2. Second session
4. The second session was held in June.
(a) Other sessions
5. There was none.
Annex I

Rules of procedure

Rule 1
Purpose

These rules apply to:
(a) The group;
(b) Its bodies.

Rule 2
Meetings

1. Meetings are public.1
2. They are in May.
________
1 Or on the radio.

Annex II

Financial rules

1. Scope

1.1 The rules govern the fund.
1.2 They are published.

2. Period

The period is a year.
"""

DRAFT = """Draft report
I. Introduction
1. The group met.
II. Summary of deliberations
A. Lighthouses
xx. Some speakers noted that a new convention was needed.
xx. Other speakers stated that:
(a) It was not;
(b) It was costly.
2. The report was adopted.
"""

RECORD = """United Nations A/C.9/86/SR.3
Distr.: General
Original: English
Summary record of the 3rd meeting
Held at Headquarters, New York, on Monday, 1 May 2031, at 10 a.m.
Chair: Ms. Lund (Norland)
Contents
Agenda item 7: Lighthouses .......... 2
Agenda item 8: Other matters ........ 5
The meeting was called to order at 10 a.m.
Agenda item 7: Lighthouses (A/86/7)
1. Mr. Berg (Norland) said that lighthouses should be kept lit. A new convention was needed.
2. Ms. Costa (Sudria), speaking on behalf of the Southern Group, said that she agreed.
Agenda item 8: Other matters
3. The Chair said that the meeting would be suspended.
The meeting was suspended at 11 a.m. and resumed at noon.
4. Mr. Dahl (Westland) said that he agreed.
The meeting rose at 1 p.m.
"""

RESOLUTION = """United Nations A/RES/86/907
Distr.: General
Original: English
Resolution adopted by the General Assembly on 4 May 2031
86/907. Keeping lighthouses lit
The General Assembly,
Recalling the view expressed by many delegations that a new convention on cybercrime should be elaborated,
Noting that some States oppose a new convention on cybercrime,
1. Decides to elaborate a new convention on cybercrime;
2. Encourages Member States, as some speakers suggested:
(a) To train their keepers;
(b) To report thereon.
"""

RESOLUTION_ZH = """大会决议
大会，
回顾许多代表团认为应拟订一项新的网络犯罪公约，
1. 决定拟订一项打击网络犯罪的新公约；
2. 鼓励会员国：
(a) 培训灯塔看守人员；
(b) 就此提交报告。
"""

PLAIN = """Report of the working group on lighthouses

The working group met in Port Ellen on 3 and 4 May 2031. It was attended by
twenty delegations.

Some speakers noted that a new convention was needed. Other
speakers disagreed.

Deliberations

Many delegations supported the proposal.
"""

PLAIN_ZH = "会议报告\n\n甲乙丙。丁戊。\n\n己。\n"

EVERY = {
    "statement": STATEMENT,
    "report": REPORT,
    "draft": DRAFT,
    "record": RECORD,
    "resolution": RESOLUTION,
    "resolution-zh": RESOLUTION_ZH,
    "plain": PLAIN,
    "plain-zh": PLAIN_ZH,
}


def read_or_told(source, lang=None):
    """The report, or the message with which it is refused."""
    try:
        return parse_report(source, lang), ""
    except ReportError as error:
        return None, str(error)


def letters(text):
    return Counter(character for character in text if not character.isspace())


def assert_sound(report):
    """What must hold for any report: spans give their texts, in order, apart; ids are unique; locate leads back."""
    for frame, key in (
        (report.sections, "section_id"),
        (report.units, "unit_id"),
        (report.sentences, "sentence_id"),
        (report.footnotes, "footnote_id"),
    ):
        assert frame[key].is_unique
        for start, end, text in zip(frame["start"], frame["end"], frame["text"], strict=True):
            assert report.text[start:end] == text
    spans = [(row.start, row.end) for frame in (report.sections, report.units) for row in frame.itertuples()]
    spans.sort()
    assert all(left[1] < right[0] for left, right in pairwise(spans))
    assert set(report.units["section_id"]) <= {"", *report.sections["section_id"]}
    assert set(report.sentences["unit_id"]) <= set(report.units["unit_id"])
    for at, character in enumerate(report.text):
        if not character.isspace():
            start, end = report.locate(at, at + 1)
            assert report.source[start:end] == character


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_every_kind_of_document_is_sound_and_its_tables_check(tmp_path, name):
    report = parse_report(EVERY[name])
    assert_sound(report)
    write_tables(report, tmp_path / "out")
    assert check_tables(tmp_path / "out", report) == []


# ---- numbering ------------------------------------------------------------------------------------------------------


def test_a_statement_with_a_numbered_annex():
    report = parse_report(STATEMENT)
    assert report.meta["symbol"] == "A/CONF.9/2031/9"
    assert list(report.units["unit_id"]) == ["0/u1", "0/u2", "0/u3", "1", "1(a)", "1(b)", "2", "3"]
    assert report.units["text"][1] == "Many delegations underscored the progress made and called for more time."
    assert list(report.sections["section_id"]) == ["0", "annex", "annex.I", "annex.I.h1"]
    assert report.meta["title"].endswith("Statement by the President of the conference")
    assert list(report.footnotes["text"]) == ["Reissued for technical reasons on 14 November 2031."]
    assert report.citation("0/u2") == "A/CONF.9/2031/9, 2nd paragraph"
    assert report.citation("1(b)") == "A/CONF.9/2031/9, annex, para. 1(b)"  # bare, being the first that are numbered


def test_a_report_with_annexes_that_number_anew():
    report = parse_report(REPORT)
    assert list(report.units["unit_id"]) == [
        *"12345", "annex-I.rule-1/u1", "annex-I.rule-1/u1(a)", "annex-I.rule-1/u1(b)", "annex-I.rule-2/1",
        "annex-I.rule-2/2", "annex-II/1.1", "annex-II/1.2", "annex-II.2/u1",
    ]  # fmt: skip
    assert list(report.units["para"]) == [1, 2, 3, 4, 5, 0, 0, 0, 1, 2, 1, 1, 0]
    assert report.units["text"][0] == "1. The group met in Port Ellen, the seat of the authority."
    assert [(row.section_id, row.level) for row in report.sections.itertuples()] == [
        ("0", 0), ("I", 1), ("II", 1), ("II.A", 2), ("II.A.1", 3), ("II.A.2", 3), ("II.A.2.a", 4), ("annex-I", 1),
        ("annex-I.rule-1", 2), ("annex-I.rule-2", 2), ("annex-II", 1), ("annex-II.1", 2), ("annex-II.2", 2),
    ]  # fmt: skip
    assert report.sections["text"][2] == "II. Proceedings, with a title that runs over two lines"
    notes = [(row.footnote_id, row.unit_id, row.text) for row in report.footnotes.itertuples()]
    assert notes == [
        ("1", "1", "Formerly Port Askaig, and the seat of the lighthouse authority."),
        ("annex-I/1", "annex-I.rule-2/1", "Or on the radio."),
    ]
    assert "line 46: the paragraph numbers begin again at 1, in all 1 times" in "\n".join(report.notices)


@pytest.mark.parametrize(
    ("unit", "citation"),
    [
        ("13(b)", "para. 13(b)"),
        ("0/u1", "1st paragraph"),
        ("III.A/u3", "sect. III.A, 3rd paragraph"),
        ("III.A/u3(a)", "sect. III.A, 3rd paragraph(a)"),
        ("table-2", "table 2"),
        ("decision-3-CMP-1/4", "decision 3/CMP.1, para. 4"),
        ("annex-I/3", "annex I, para. 3"),
        ("annex-I.II.rule-4/2", "annex I, sect. II, rule 4, para. 2"),
        ("annex-V/3.3(b)", "annex V, para. 3.3(b)"),
        ("annex-II.annex/1", "annex II, annex, para. 1"),
    ],
)
def test_citations(unit, citation):
    assert parse_report("会议报告\n1. 甲。").citation(unit) == f"report, {citation}"


def test_text_without_a_number_is_cited_by_its_heading_as_printed():
    report = parse_report(
        "Report\n\nThey met.\n\nWay forward\n\nThey left.\n\nThey wrote.\n\nAnnex\n\nOil\n\nThey paid.\n"
    )
    assert [report.citation(unit) for unit in report.units["unit_id"]] == [
        "report, 1st paragraph",
        "report, under “Way forward”, 1st paragraph",
        "report, under “Way forward”, 2nd paragraph",
        "report, under “Annex Oil”, 1st paragraph",
    ]


def test_parts_that_number_anew():
    source = "会议报告\n第一部分\n甲\n1. 乙。\n2. 丙。\n第二部分\n丁\n1. 戊。\n2. 己。"
    assert ids(source) == ["1", "2", "part-II/1", "part-II/2"]
    assert [name for name, *_ in sections(source)] == ["0", "part-I", "part-II"]


def test_an_annex_that_goes_on_with_the_numbers():
    report = parse_report("会议报告\n1. 甲。\n附件\n乙\n2. 丙。")
    assert list(report.units["unit_id"]) == ["1", "annex/2"]
    assert report.notices[0] == "line 5: the first paragraph is numbered 2, not 1"


def test_a_gap_in_an_annex_is_told_of():
    report = parse_report("会议报告\n1. 甲。\n附件一\n乙\n1. 丙。\n3. 丁。\n附件二\n戊\n1. 己。")
    assert list(report.units["unit_id"]) == ["1", "annex-I/1", "annex-I/3", "annex-II/1"]
    assert "line 6: paragraph 3 comes where 2 is expected" in report.notices


def test_a_gap_in_a_list_under_text_without_a_number_is_told_of():
    report = parse_report("会议报告\n\n没有编号的一段话：\n(a) 甲；\n(c) 乙。\n")
    assert list(report.units["unit_id"]) == ["0/u1", "0/u1(a)", "0/u1(c)"]
    assert report.notices[0].startswith("line 5: item 0/u1(c) comes where 0/u1(b) is expected")


@pytest.mark.parametrize("heading", ["附件", "附件一", "Annex", "ANNEX II", "Annex I. Agenda", "附件一：议程"])
def test_headings_of_annexes(heading):
    assert len(sections(f"会议报告\n1. 甲。\n{heading}\n1. 乙。")) == 2


@pytest.mark.parametrize(
    "words", ["Annex I contains the agenda.", "附件一载有议程。", "The rules\nAnnex I\nof the report apply."]
)
def test_an_annex_that_a_sentence_names_is_no_heading(words):
    assert len(sections(f"会议报告\n1. 甲。{words}\n2. 乙。")) == 1


def test_paragraphs_for_some_bodies_and_undecided_numbers():
    source = "Report\n1. A.\nAnnex\nRules\n(ALL)1. B.\n(STB)2. C.\n(ICC)2. D:\n(a) E;\n(b) F.\n[4][2]. G."
    assert ids(source)[1:] == [
        "annex/(ALL)1", "annex/(STB)2", "annex/(ICC)2", "annex/(ICC)2(a)", "annex/(ICC)2(b)", "annex/[4][2]",
    ]  # fmt: skip


def test_a_decimal_number_in_running_text_is_no_label():
    assert ids("会议报告\n1. 甲。\n3.5 万美元。\n2. 乙。") == ["1", "2"]  # '35 000 dollars'


# ---- text without numbers -------------------------------------------------------------------------------------------


def test_text_without_numbers():
    report = parse_report(PLAIN)
    assert list(report.units["unit_id"]) == ["0/u1", "0/u2", "h1/u1"]
    assert report.units["text"][1] == "Some speakers noted that a new convention was needed. Other speakers disagreed."
    assert sections(PLAIN) == [("0", 0, "Report of the working group on lighthouses"), ("h1", 1, "Deliberations")]
    assert report.notices == ["no paragraph is numbered; they are counted under their headings, as 0/u1 or I/u1"]


@pytest.mark.parametrize(
    ("source", "unit_ids"),
    [
        ("一段话。\n又一段话。", ["0/u1", "0/u2"]),
        ("会议报告\n一. 导言\n没有编号的一段话。\n1. 甲。", ["I/u1", "1"]),
        ("会议报告\n一. 导言\n1. 甲。\n二. 结论\n没有编号的一段话。\n又一段话。", ["1", "II/u1", "II/u2"]),
        ("会议报告\n一. 导言\nA. 甲\n没有编号的一段话：\n(a) 乙；\n(b) 丙。", ["I.A/u1", "I.A/u1(a)", "I.A/u1(b)"]),
    ],
)
def test_unnumbered_text_is_counted_under_its_heading(source, unit_ids):
    assert ids(source) == unit_ids


def test_wrapped_lines_of_unnumbered_text_are_one_paragraph():
    lines = "The group met in the town of Port Ellen and there\nit heard a report. It took note of it and of the words\nof the Chair. It then went home."
    assert [text for _, text in units(f"Report\n\n{lines}\n\n Another paragraph.")] == [
        lines.replace("\n", " "),
        "Another paragraph.",
    ]


def test_a_heading_without_a_number_before_a_paragraph():
    source = "Report\nI. Introduction\n1. A.\nInstitutional arrangements and the settlement\nof disputes\n2. B."
    assert sections(source)[-1] == ("I.h1", 2, "Institutional arrangements and the settlement of disputes")
    assert ids(source) == ["1", "2"]


def test_numbers_of_a_draft_that_are_not_given_yet():
    report = parse_report(DRAFT)
    assert list(report.units["unit_id"]) == ["1", "II.A/u1", "II.A/u2", "II.A/u2(a)", "II.A/u2(b)", "2"]
    assert report.sentences["text"][1] == "Some speakers noted that a new convention was needed."
    assert report.notices == ["paragraphs whose number is not given yet (xx.): 2; counted under their headings"]


def test_a_summary_record():
    report = parse_report(RECORD)
    assert report.meta["symbol"] == "A/C.9/86/SR.3"
    assert list(report.units["unit_id"]) == ["0/u1", "1", "2", "3", "item-8/u1", "4", "item-8/u2"]
    assert list(report.sections["section_id"]) == ["0", "item-7", "item-8"]
    assert report.units["text"][0] == "The meeting was called to order at 10 a.m."
    assert report.units["text"][1].startswith("1. Mr. Berg (Norland) said")


@pytest.mark.parametrize("source", [RESOLUTION, RESOLUTION_ZH], ids=["en", "zh"])
def test_a_resolution_reports_nobody_and_takes_no_side(source):
    sheet = eg.coding_sheet(parse_report(source))
    assert set(sheet["holder"]) == {"unattributed"}
    assert set(sheet["issue"]) == set(sheet["stance"]) == {""}
    assert sheet["sid"].tolist()[:2] == ["0/u1#1", "0/u2#1"]


@pytest.mark.parametrize(
    ("heading", "voice"),
    [
        ("List of recommendations", "proposals"),
        ("Chair’s summary", "chair-summary"),
        ("Oral reports of the facilitators", "chair-summary"),
        ("List of participants", "procedure"),
    ],
)
def test_voices_of_annexes(heading, voice):
    report = parse_report(f"Report\nI. Summary of deliberations\n1. A.\nAnnex\n{heading}\n1. B.")
    assert list(report.units["voice"]) == ["chair-summary", voice]


# ---- page furniture -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "furniture",
    ["A/AC.9/2031/9\n2/81\n31-06383", "31-06383 2/81", "3/81 31-06383", "31-06383* (E) 180631", "*3106383*", "V.31-04479", "Page 3 of 9", "第 3 页"],
)  # fmt: skip
def test_furniture_of_any_office_is_no_text(furniture):
    source = f"A/AC.9/2031/9\nReport\n1. A group\n{furniture}\nmet.\n2. B.\nA/AC.9/2031/9"
    assert units(source) == [("1", "1. A group met."), ("2", "2. B.")]


def test_an_address_that_the_text_leads_to_is_text():
    source = "Report\n1. The list is available at\nhttps://example.org/list-\nb.pdf.\nhttps://example.org/other\n2. B."
    assert units(source)[0] == ("1", "1. The list is available at https://example.org/list-b.pdf.")


def test_lines_that_come_back_on_most_pages_are_no_text():
    pages = [f"Expert group, third session\n{n}. The group\nmet.\n{n}" for n in range(1, 7)]
    assert units("Report\n" + "\f".join(pages)) == [(str(n), f"{n}. The group met.") for n in range(1, 7)]


def test_sentences_that_come_back_on_most_pages_are_text():
    pages = [f"{n}. The group met.\nNobody spoke." for n in range(1, 7)]
    assert len(units("Report\n" + "\f".join(pages))) == 6
    assert "".join(text for _, text in units("Report\n" + "\f".join(pages))).count("Nobody spoke.") == 6


@pytest.mark.parametrize(
    "contents",
    [
        "Contents\nI. Introduction ...... 2\nII. Work ...... 3",
        "目录\n一. 导言……………… 2\n二. 结论……………… 3",
        "CONTENTS\nI. Introduction 2\nII. Work of the group\nat its session 3",
    ],
)
def test_a_table_of_contents_is_no_text(contents):
    report = parse_report(f"Report\n{contents}\nI. Introduction\n1. The group met.")
    assert report.text == "Report\nI. Introduction\n1. The group met."


def test_text_after_contents_that_ends_with_a_number_is_text():
    source = (
        "Report\nContents\nI. Introduction 2\nII. Work 3\nI. Introduction\n1. The group met in room 7\nand in room 8."
    )
    assert units(source) == [("1", "1. The group met in room 7 and in room 8.")]


def test_nothing_but_furniture_is_lost():
    lost = letters("".join(row.text for row in parse_report(REPORT).footnotes.itertuples()))
    report = parse_report(REPORT)
    kept = letters(report.text)
    gone = letters(REPORT) - kept
    contents = (
        "Contents I. Introduction ............ 2 II. Proceedings, with a title that runs over two lines ............ 3"
    )
    furniture = contents + "A/86/9" * 3 + "31-00417 2/4 3/4 31-00417 31-00417 4/4" + "_" * 24 + "11" * 2
    assert gone == letters(furniture)
    assert lost <= kept


# ---- any text -------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["1. A.\n", "2. B\n", "1. ", "3.1 C.\n", "(a) d;\n", "(b) e.\n", "(ALL)1. F.\n", "xx. G.\n", "I. Head\n", "A. Sub\n",
     "Annex\n", "Annex II\n", "Rule 4\n", "Part II\n", "附件一\n", "一. 导言\n", "1. 甲。\n", "甲乙\n", "乙，\n", "大会，\n",
     "Some text\n", "text goes on.\n", "Heading\n", "\n", "\f", "31-06383 2/81\n", "A/86/9\n", "____\n", "1 Note.\n", "* Note.\n",
     "Contents\n", "I. Head .... 3\n", "The meeting rose at 1 p.m.\n", " ", "（", "”", "Agenda item 7: X\n", "[", "]", "•x\n"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=400)
@given(st.lists(_PIECES, max_size=40).map("".join), st.sampled_from(["zh", "en"]))
def test_any_document_is_sound_or_refused_in_one_line(source, lang):
    report, message = read_or_told(source, lang)
    assert report is not None or message.startswith(("line ", "no paragraph found"))
    if report is not None:
        assert_sound(report)
        for character in "甲乙" * ("Contents" not in source and "...." not in source):  # never furniture but there
            assert report.text.count(character) == source.count(character)
        for unit in report.units["unit_id"]:
            assert report.citation(unit).startswith(report.meta["symbol"] or "report")


_HEAD = "Report\nI. Introduction\n1. As follows:\n"


@pytest.mark.parametrize(
    "source",
    [
        _HEAD + "a" * 1_000_000,
        _HEAD + "(" * 10_000 + "\n" + "(a) b（\n" * 10_000,
        _HEAD + "(a) b\n(b) c\n" * 10_000,
        _HEAD + "a:\n1. b:\n" * 30_000,
        "http://a" * 100_000 + " b\n" + _HEAD,
        _HEAD + "." * 300_000 + "b",
        "1. a.\n" + "Annex\nb.\n" * 5_000,
        _HEAD + "a1," * 100_000 + "\n____\n" + "".join(f"{n} Note.\n" for n in range(1, 99)),
    ],
    ids=["one line", "brackets", "items", "lists", "addresses", "dots", "annexes", "anchors"],
)
def test_long_and_hostile_texts_take_linear_time(source):
    begin = time.process_time()
    report, message = read_or_told(source, "en")
    assert report is not None or message.startswith("line ")
    assert time.process_time() - begin < 20  # a second or two; what is quadratic takes many minutes


# ---- layouts of other houses ----------------------------------------------------------------------------------------


def test_headings_of_several_levels_before_a_paragraph():
    source = (
        "Report\nI. Matters\nA. Prevention\n1. Laws\n(a) Crimes\n1. One.\n(b) Courts\n2. Two.\n2. Schools\n(a) Towns\n"
        "3. Three.\nB. Other matters\n1. Money\n4. Four.\n"
    )
    pairs = list(parse_report(source).units[["unit_id", "section_id"]].itertuples(index=False, name=None))
    assert pairs == [("1", "I.A.1.a"), ("2", "I.A.1.b"), ("3", "I.A.2.a"), ("4", "I.B.1")]


def test_a_chinese_report_with_three_kinds_of_headings():
    # 会议概况 'the meeting', 讨论内容 'the discussion', 国际合作 'cooperation', 司法协助 'legal aid', 预防 'prevention'
    text = "一些代表认为应当加强合作，另一些代表不同意。"  # some delegates thought that …, others disagreed
    heads = ("一、会议概况", "二、讨论内容", "（一）国际合作", "1. 司法协助", "（二）预防")
    source = "会议报告\n\n" + "".join(f"{head}\n\n{text}\n\n" for head in heads)
    assert [name for name, *_ in sections(source)] == ["0", "I", "II", "II.1", "II.1.1", "II.2"]
    assert units(source) == [(f"{name}/u1", text) for name in ("I", "II", "II.1", "II.1.1", "II.2")]


def test_a_list_with_bracketed_han_numbers_is_no_heading():
    source = "会议报告\n一、导言\n1. 甲建议：\n（一）乙\n（二）丙。\n2. 丁。\n"
    assert units(source) == [("1", "1. 甲建议：（一）乙（二）丙。"), ("2", "2. 丁。")]


def test_paragraphs_put_in_after_the_numbers_were_given():
    source = "Draft report\n[A. Introduction]\n1. One.\n[1 bis. More.]\n2. Two.\n2 alt. Other.\n3. Not\n2 bis. here.\n"
    report = parse_report(source)
    assert list(report.units["unit_id"]) == ["1", "1bis", "2", "2alt", "3"]
    assert list(report.sentences["text"]) == ["One.", "More.]", "Two.", "Other.", "Not 2 bis. here."]
    assert report.citation("1bis") == "report, para. 1 bis"
    assert sections(source)[1] == ("A", 1, "Introduction]")


def test_an_extract_begins_with_any_heading_and_paragraph():
    report = parse_report("III. Lighthouses\nB. Lamps\n15. One.\n16. Two.\nC. Oil\n17. Three.\n")
    assert list(report.units["section_id"]) == ["III.B", "III.B", "III.C"]
    assert report.notices == [
        "line 1: the first heading is numbered III",
        "line 3: the first paragraph is numbered 15, not 1",
    ]


def test_i_after_h_is_a_letter():
    heads = "".join(f"{letter}. Lamps\n{number}. One.\n" for number, letter in enumerate("ABCDEFGHIJ", start=1))
    report = parse_report(f"Lighthouses\n{heads}")
    assert list(report.sections["section_id"]) == ["0", *"ABCDEFGHIJ"]


def test_a_heading_with_number_1_in_an_extract_is_no_paragraph():
    report = parse_report("III. Lighthouses\nB. Lamps\n1. Oil lamps\n15. One.\n2. Gas lamps\n16. Two.\n17. Three.\n")
    assert list(report.units["unit_id"]) == ["15", "16", "17"]
    assert [title for *_, title in sections(report.text)][-2:] == ["Oil lamps", "Gas lamps"]


@pytest.mark.parametrize(
    "head",
    [
        "United Nations A/RES/86/907\nGeneral Assembly Distr.: General\n4 May 2031\n",
        "A/86/907\nDistr.: General\n4 May 2031\nOriginal: Arabic/English/\nFrench/Spanish\n",
        "A/86/907\nDistr.: General\n4 May 2031\nEnglish\nOriginal: Chinese and English\n",
    ],
)
def test_the_masthead_is_no_title(head):
    report = parse_report(f"{head}Eighty-sixth session\nAgenda item 107\nLighthouses\n1. One.\n")
    assert report.meta["title"] == "Eighty-sixth session Agenda item 107 Lighthouses"
    assert report.meta["symbol"].startswith("A/")
    assert list(report.units["section_id"]) == [""]


def test_a_preamble_without_blank_lines_and_the_meeting_below_the_resolution():
    source = (
        "Resolution\nThe General Assembly,\nRecalling its resolutions of last year,\nNoting what was said, in particular,\n"
        "by some States,\nDeeply concerned by storms,\n1. Decides to meet.\n79th plenary meeting\n4 May 2031\n"
    )
    assert [text for _, text in units(source)] == [
        "The General Assembly,",
        "Recalling its resolutions of last year,",
        "Noting what was said, in particular, by some States,",
        "Deeply concerned by storms,",
        "1. Decides to meet.",
        "79th plenary meeting 4 May 2031",
    ]


def test_the_meeting_below_a_chinese_resolution():
    # 第79次全体会议 '79th plenary meeting'
    source = "决议\n大会，\n回顾甲，\n1. 决定乙。\n2031年5月4日\n第79次全体会议\n"
    assert units(source)[-1] == ("0/u3", "2031年5月4日第79次全体会议")


def test_contents_without_page_numbers():
    source = (
        "Summary record\n\nContents\n\nAgenda item 7: Lighthouses (continued)\n\nThis record may be corrected.\n\n"
        "Agenda item 7: Lighthouses (continued) (A/86/7)\n\n1. Mr. Berg said so.\n"
    )
    assert sections(source)[1:] == [("item-7", 1, "Agenda item 7: Lighthouses (continued) (A/86/7)")]
    assert units(source)[0] == ("0/u1", "This record may be corrected.")


@pytest.mark.parametrize("word", ["Introduction", "Summary", "Background"])
def test_the_first_heading_without_a_number_is_no_title(word):
    assert sections(f"Report\n{word}\nThey met in May. They left.\n")[1] == ("h1", 1, word)


LONG = "Many delegations stressed that the lamps of the lighthouses had to be kept lit.\n"


def test_a_line_that_ends_far_before_the_margin_is_a_heading_in_text_without_numbers():
    source = f"Report of the dialogue on the lighthouses\n{LONG}Main points\n{LONG * 2}It ended.\nNext steps\n{LONG}Ann Lund\nChair\n"
    assert [title for *_, title in sections(source)][1:] == ["Main points", "Next steps"]
    assert units(source)[-1][1] == "Ann Lund Chair"


def test_blank_lines_set_headings_apart():
    source = (
        f"Report\n\n1. {LONG}\nAnnex I\n\nList of documents\n\nA/1/2 Agenda\nA/1/3 Note\n\nAnnex II\n\nReplies\n\nNorland\n\n"
        f"[4 May 2031]\n\n{LONG}\n1. Measures\n\nA law was made.\n\n1) Courts\n\nThere is one.\n"
    )
    assert [(name, title) for name, _, title in sections(source)[1:]] == [
        ("annex-I", "Annex I List of documents"),
        ("annex-II", "Annex II Replies"),
        ("annex-II.h1", "Norland"),
        ("annex-II.1", "Measures"),
        ("annex-II.1.h1", "1) Courts"),
    ]
    assert units(source)[1] == ("annex-I/u1", "A/1/2 Agenda A/1/3 Note")


def test_names_set_apart_by_blank_lines_are_no_headings():
    source = "Report\n\nThey met.\n\nThose present:\n\nAnn Lund\n\nOle Berg\n\nEva Dahl\n\nJan Holm\n"
    assert len(sections(source)) == 1


def test_a_list_goes_on_behind_a_footnote():
    source = "Report\n1. They saw:\n(a) Lamps:1\n(i) Red;\n______\n1 Not all.\n(ii) Blue;\n(b) Oil.\n2. They left.\n"
    report = parse_report(source)
    assert list(report.units["text"])[1] == "(a) Lamps: (i) Red; (ii) Blue;"
    assert list(report.footnotes["text"]) == ["Not all."]


def test_rules_of_procedure_report_nobody_and_take_no_side():
    rule = (
        "1. One member of the Bureau shall report to the States. If amendments are proposed, some speakers may speak."
    )
    source = f"Rules of procedure\nI. Officers\nRule 1\nThe Bureau\n{rule}\n"
    assert set(eg.coding_sheet(parse_report(source))["holder"]) == {"unattributed"}
    assert "impersonal" in set(eg.coding_sheet(parse_report(source.replace("Rule 1", "A. Bureau")))["holder"])


PAGES = "Report\n1. They met in Port{}\nEllen. They were to\n1 See the notes of the year.\nThey are long.\n{}\fleave.\n2. Three.\n"


def test_a_footnote_whose_rule_was_drawn():
    report = parse_report(PAGES.format("1", ""))
    assert list(report.units["text"]) == ["1. They met in Port Ellen. They were to leave.", "2. Three."]
    assert list(report.footnotes["text"]) == ["See the notes of the year. They are long."]


@pytest.mark.parametrize(("anchor", "below"), [("", ""), ("1", "(a) They stayed.\n")])
def test_a_number_at_the_foot_of_a_page_without_an_anchor_or_with_items_below_it_is_text(anchor, below):
    assert parse_report(PAGES.format(anchor, below)).footnotes.empty


def test_a_list_number_alone_on_its_line_is_text():
    assert units("Report\n\nThey met in May.\n\n1)\n\nThey left.\n")[0] == ("0/u1", "They met in May.")


# ---- numbers as they come -------------------------------------------------------------------------------------------


def outcome(source, lang="en"):
    """The ids of the units, and whether every visible character was read as something."""
    report = parse_report(source, lang)
    visible = sum(not (character.isspace() or character in INVISIBLE) for character in source)
    assert report.coverage.characters == visible
    assert_sound(report)
    return " ".join(report.units["unit_id"])


@pytest.mark.parametrize(
    ("source", "unit_ids"),
    [
        ("Report\n13.1 They met.\n13.2 They\n13.3 spoke.\n13.4 They left.\n", "13.1 13.2 13.3 13.4"),
        ("Report\n(1) They met:\n6. Lamps\n7. Oil\n(2) They spoke.\n(3) They left.\n(4) They wrote.\n", "1 2 3 4"),
        ("Report\n15 They met.\n16 They spoke.\n17 They left.\n", "15 16 17"),
        ("Report\npara. 18: They met.\npara. 21: They left.\n", "18 21"),
        ("第18段：甲。\n第19段：乙。\n", "18 19"),
        ("Report\n998. They met.\n999. They spoke.\n1000. They left.\n1001. They wrote.\n", "998 999 1000 1001"),
        ("18. They met.\n25. They spoke.\n", "18 25"),
        ("They met. They spoke.\n", "0/u1"),
        ("Report\n\n13.1\n\nThey met.\n\n13.2\n\nThey left.\n\n13.3\n\nThey wrote.\n", "13.1 13.2 13.3"),
        ("Report\n\n1) They met.\n\n2) They spoke.\n\n3) They left.\n", "1 2 3"),
        ("Report\n\n[1] They met.\n\n[2] They spoke.\n\n[3] They left.\n", "1 2 3"),
        # a list that runs on in the line
        ("Report\n1. They saw two things:\n(a) lamps; and (b) oil.\n2. They left.\n", "1 2"),
        # a resolution within a report, behind which the report goes on
        ("I. Work\n7. A.\n8. B.\nII. Text\n1. C.\n2. D.\nIII. Close\n9. E.\n", "7 8 II/1 II/2 9"),
        # a numbering that goes on from section to section of an annex
        (
            "Report\n1. A.\nAnnex I\nForm\nSection I. Name\n1. B.\n2. C.\nSection II. Oil\n3. D.\nAnnex II\nE\n1. F.\n",
            "1 annex-I/1 annex-I/2 annex-I/3 annex-II/1",
        ),
    ],
)  # fmt: skip
def test_paragraphs_are_numbered_in_many_ways(source, unit_ids):
    assert outcome(source, "zh" if "段" in source else "en") == unit_ids


@pytest.mark.parametrize("mark", sorted(INVISIBLE))
def test_invisible_marks_change_nothing(mark):
    plain = "Report\n1. Some speakers supported a new convention on cybercrime.\n2. They left.\n"
    marked = plain.replace("1.", f"{mark}1{mark}.").replace("convention", f"conv{mark}ention")
    report = parse_report(marked, "en")
    assert report.text == parse_report(plain, "en").text
    start = report.text.index("convention")
    first, last = report.locate(start, start + len("convention"))
    assert report.source[first:last] == f"conv{mark}ention"


def test_a_number_that_is_no_paragraph_is_told_of_and_its_text_is_kept():
    report = parse_report("Report\n1. They met.\n2. They spoke.\n200. Lamps.\n3. They left.\n")
    assert list(report.units["text"]) == ["1. They met.", "2. They spoke. 200. Lamps.", "3. They left."]
    assert report.notices == ["line 4: paragraph 200 comes where 3 is expected; kept as text of 2"]
    assert (
        report.coverage.line(1) == "read 100 % of the characters and 3 of 4 numbers; 1 notice (egdata check --notices)"
    )
    assert report.coverage.is_poor


# ---- headings as they come ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "section_ids"),
    [
        ("Report\n1. A.\nRegulation 1. Lamps\n1. B.\n2. C.\nRegulation 2\n1. D.\n2. E.\n", "regulation-1 regulation-2"),
        ("Decisions\nDecision 3/CMP.1\nLamps\n1. A.\n2. B.\nDecision 4/CMP.1\nOil\n1. C.\n2. D.\n", "decision-3-CMP-1 decision-4-CMP-1"),
        ("规章\n第1条用语\n1. 甲。\n2. 乙。\n第2条探矿\n1. 丙。\n2. 丁。\n", "article-1 article-2"),  # 'use of terms', 'prospecting'
        ("规章\n1. 按照\n第2条规定，甲。\n", ""),  # 'in accordance with article 2'
        ("Report\n1. A.\n2.1 Background\n2. B.\n2.2 Lamps\n3. They met at the end of the year.\n", "2-1 2-2"),
        ("Report\nI. Lamps\n1. A.\nII. Oil\n2. As follows:\n(a) B\n(b) C\nIII. Money\n3. D.\n", "I II III"),
        ("Report\n" + "".join(f"{roman}. The lamps\n{n}. A.\n" for n, roman in enumerate(ROMAN[:25], 1)), " ".join(ROMAN[:25])),
        ("Report\n1. A.\nIII. Lamps\n2. B.\n", "III"),
        ("Report\n1. They are\nAnnex I Parties.\n\nAnnex I Parties spoke of it and of the oil.\n2. B.\n", ""),
        ("Report\n1. A.\nA. The items of the agenda which, under article 12 of\nthe treaty, are for the committee, come first.\n2. B.\n", ""),
        ("Report\n1. One thing\n\n1. Lamps\n\n2. Two.\n\n2. Oil\n\n3. Three.\n", "1 2"),
        ("Report\n\nThey met.\n\nI\n\nLAMPS\n\nThey spoke.\n\nII\n\nOIL\n\nThey left.\n", "I II"),
        ("Report\nA.1. They met.\nA.2. They left.\n", ""),
        ("公约\n第1条 与他约的关系\n1. 甲。\n第2条 和平\n1. 乙。\n", "article-1 article-2"),  # 'relation to other treaties', 'peace'
        ("Articles\n\nArticle 1 - Lamps\n\nThey are lit at dusk by keepers.\n\nArticle 2 - Oil\n\nThey buy it.\n", "article-1 article-2"),
        (
            "Report\n\nA. Proposals\n\n1. A.\n\nDraft resolution I\nLamps\n\nThe General Assembly,\n\nHaving met,\n\n1. Lights them.\n\n"
            "Draft resolution II\nOil\n\nThe General Assembly,\n\n1. Buys it.\n\nB. Money\n\n2. B.\n",
            "A A.draft-resolution-I A.draft-resolution-II B",
        ),
        # 'in order to light the lamps, everyone works together', 'does not apply to oil, but to gas', 'name'
        ("规章\n第一条 为了点灯，甲乙合作。\n第二条 不适用于油，但适用于气。\n第三条 名称\n丙。\n", "article-I article-II article-III"),
    ],
)  # fmt: skip
def test_headings_of_many_kinds(source, section_ids):
    assert " ".join(name for name, level, _ in sections(source) if level) == section_ids


def test_the_body_that_resolves_begins_a_text_of_its_own():
    source = f"Report\n\n1. {LAMPS}\n\n2. {LAMPS}\n\nThe Trade Council,\n\nHaving met,\n\n1. Lights the lamps;\n\n2. Buys oil.\n"
    assert outcome(source) == "1 2 0/u1 0/u2 0/1 0/2"


def test_a_heading_that_no_stop_ends_is_a_line_and_not_the_paragraph_below_it():
    long = "\n".join(
        f"{n} lamps of the lighthouses are kept lit by keepers, and the oil that they burn is" for n in "ABCDEFG"
    )
    source = f"Rules\n\nRule 1\nLamps\n{long}\nbought.\n\nRule 2\nOil\n{long}\nbought.\n"
    assert [title for _, level, title in sections(source) if level] == ["Rule 1 Lamps", "Rule 2 Oil"]


def test_a_date_that_a_line_breaks_is_no_number():
    source = f"Record\n\n{LAMPS} They met on 5 March\n2020. They left the harbour on 7 May\n2021. They rested.\n"
    assert outcome(source) == "0/u1"


@pytest.mark.parametrize("anchor", ["104", "[2]"])
def test_an_anchor_behind_a_stop_does_not_hide_it(anchor):
    source = f"Paper\n\n1. Lamps\n\n{LAMPS}{anchor}\n\n{LAMPS}\n\n2. Oil\n\n{LAMPS}{anchor}\n\n{LAMPS}\n"
    assert outcome(source) == "1/u1 1/u2 2/u1 2/u2"


def test_what_a_browser_prints_above_a_page_is_no_text():
    source = (
        f"11/27/26, 3:45 PM Report on lamps\n\nReport on lamps\n\n1. {LAMPS}\n\f2026/11/27 15:45 Report\n2. {LAMPS}\n"
    )
    assert outcome(source) == "1 2"
    assert parse_report(source).meta["title"] == "Report on lamps"


def test_a_decision_is_cited_as_printed():
    report = parse_report("Decisions\nDecision 3/CMP.1\nLamps\n1. A.\nDecision 4/CMP.1\nOil\n1. B.\n")
    assert report.citation(report.units["unit_id"].iloc[-1]) == "report, decision 4/CMP.1, para. 1"


@pytest.mark.parametrize(
    "contents",
    [
        "Contents\nPage\nI. Lamps\n6\nII. Oil\n7\n",
        "Contents\n\tParagraphs\tPage\nI.\tLamps\n(Agenda item 1)\t\t1–2\t5\nII.\tOil\n(Agenda item 2)\t\t3\t6\n",
        "Contents\nI. Lamps .......... 5\nII. Oil ………… 6\n",
        "Contents\nI. Lamps\nII. Oil（A/9/1）\n",
        "Contents\nI. Lamps .......... 15\nII. Oil .......... 1\n",  # the second figure of the page is lost
        "Contents\nI.\tLamps of lighthouses,\nof boats,\nof harbours\nand of\nhouses\n(Agenda item 1)\t\t1–2\t5\nII.\tOil\t\t3\t6\n",
    ],
)
def test_contents_of_many_kinds_are_no_headings(contents):
    report = parse_report(
        f"Report\n{contents}I. Lamps\n(Agenda item 1)\n1. A.\n2. B.\nII. Oil\n(Agenda item 2)\n3. C.\n"
    )
    assert list(report.sections["section_id"]) == ["0", "I", "II"]
    assert outcome(report.source) == "1 2 3"
    assert "contents: " in report.notices[-1]


def test_numbered_paragraphs_behind_contents_and_before_an_original_are_text():
    source = "Report\n1. The group met.\n2. It saw two copies.\nOriginal: English\nA/1/2\n3. It left.\n"
    assert outcome(source) == "1 2 3"


# ---- notes, tables and pages as they come ---------------------------------------------------------------------------


def test_numbers_of_footnotes_alone_on_their_lines():
    source = "Report\n1. They met1 in May2\nand left.\n____\n1\nIn Port Ellen.\n2\nOr in June.\n2. They wrote.\n"
    report = parse_report(source)
    assert list(report.footnotes["text"]) == ["In Port Ellen.", "Or in June."]
    assert list(report.units["unit_id"]) == ["1", "2"]


def test_footnotes_above_99():
    notes = "".join(f"{n} Note {n}.\n" for n in range(1, 121))
    report = parse_report("Report\n1. They met.\n____\n" + notes, "en")
    assert list(report.footnotes["footnote_id"]) == [str(n) for n in range(1, 121)]


@pytest.mark.parametrize(
    "cells",
    ["Port\tLamps\tOil\nEllen\t1\t2\nAskaig\t3\t4\n", "| Port | Lamps |\n| 1. Ellen | 2 |\n| 2. Askaig | 3 |\n"],
)
def test_a_table_is_kept_apart_and_its_rows_are_sentences(cells):
    report = parse_report(f"Report\n1. They lit lamps:\n{cells}2. They left.\n")
    assert list(report.units["unit_id"]) == ["1", "table-1", "2"]
    assert list(report.sentences["sentence_id"]) == ["1#1", "table-1#1", "table-1#2", "table-1#3", "2#1"]
    assert report.citation("table-1") == "report, table 1"
    assert report.coverage.tables == len("".join(cells.split()))


def test_rows_of_tables_that_the_format_tells_of():
    source = "Report\n1. They met:\n2. Lamps\n3. Oil\n2. They left.\n"
    first = source.index("2. Lamps")
    report = parse_report(source, tables=[(first, first + 8), (first + 9, first + 15)])
    assert list(report.units["unit_id"]) == ["1", "table-1", "2"]
    assert list(report.sentences["text"]) == ["They met:", "2. Lamps", "3. Oil", "They left."]


@pytest.mark.parametrize(
    "foot", ["3/9\n", "31-00417 (C) 15\n", "15 31-00417 (C)\n", "https://example.org/lamps 3/9\n", "Page 3\n"]
)
def test_feet_of_pages_of_many_kinds(foot):
    pages = "".join(f"{n}. They met in\n{foot}Port Ellen.\n" for n in range(1, 5))
    report = parse_report(f"Report\n{pages}")
    assert list(report.units["text"]) == [f"{n}. They met in Port Ellen." for n in range(1, 5)]
    assert report.coverage.furniture == 4 * len("".join(foot.split()))


def test_what_was_set_aside_is_told_of_once():
    report = parse_report("Report\n1. A group\n31-06383 2/81\nmet.\n31-06383 3/81\n")
    assert report.notices == [
        "set aside as no text: heads and feet of pages: 2 lines, 24 characters, first '31-06383 2/81' in line 3"
    ]


def test_speakers_of_a_record_begin_paragraphs():
    full = "Mr. Berg (Norland) said that the lamps of the lighthouses had to be kept lit at all times."
    source = (
        f"Record\n\n{full}\nMs. Costa (Sudria), for the Southern Group, said that she agreed.\nThe Chair said so.\n"
    )
    assert [name for name, _ in units(source)] == ["0/u1", "0/u2", "0/u3"]


def test_text_that_goes_on_in_the_line_of_a_heading():
    long = "The keepers shall light the lamps of the lighthouses at dusk, and shall put them out at dawn, each day of the year."
    source = f"Rules\n\nRegulation 1. Lamps\n\n1. One.\n\nRegulation 2. Oil {long}\n\nRegulation 3. Money\n\n1. Two.\n"
    assert [name for name, level, _ in sections(source) if level] == ["regulation-1", "regulation-2", "regulation-3"]
    assert ("regulation-2/u1", f"Oil {long}") in units(source)


def test_a_heading_whose_number_stands_alone_on_its_line():
    # 导言 'introduction', 结论 'conclusion'
    assert sections("会议报告\n一.\n导言\n1. 甲。\n二.\n结论\n2. 乙。\n")[1:] == [("I", 1, "导言"), ("II", 1, "结论")]


@pytest.mark.parametrize("heading", ["General exchange of views", "Way forward", "General debate"])
def test_a_heading_that_does_not_tell_whose_view_it_is_has_no_voice(heading):
    report = parse_report(f"Report\nI. {heading}\n1. Some speakers supported the lamps.\n")
    assert list(report.units["voice"]) == ["unknown"]


def test_a_line_in_capitals_is_a_heading_in_text_without_numbers():
    source = "Bulletin\n\nThey met in May.\n\nOIL AND LAMPS:\n\nThey spoke of oil.\n\nMONEY:\n\nThey had none.\n"
    report = parse_report(source, "en")
    assert list(report.sections["text"])[1:] == ["OIL AND LAMPS:", "MONEY:"]
    assert report.citation("h2/u1") == "report, under “MONEY:”, 1st paragraph"


def test_short_lines_one_below_the_other_are_headings_behind_a_numbered_paragraph():
    lamps = "The lamps of the lighthouses are kept lit by their keepers, who are paid by the harbours for it."
    source = f"Report\n\n1. {lamps}\n\nProgramme\n\nLamps and oil\n\n2. {lamps}\n\nTable 3\nCosts\n\n3. {lamps}\n"
    assert [title for _, level, title in sections(source) if level] == ["Programme", "Lamps and oil", "Table 3 Costs"]
    assert outcome(source) == "1 2 3"


def test_where_lines_are_paragraphs_a_short_one_before_a_sentence_is_a_heading():
    lamps = "The lamps of the lighthouses are kept lit by their keepers, who are paid by the harbours. " * 2 + "So."
    source = f"Report\nIntroduction\n{lamps}\nMoney\nThey had none:\n{lamps} The end\n1. {lamps}\n2. {lamps}\n{lamps}\n"
    assert [title for _, level, title in sections(source) if level] == ["Introduction", "Money"]
    assert [name for name, _ in units(source) if "/" not in name] == ["1", "2"]  # behind a line without a stop


def test_a_table_ends_a_paragraph():
    source = "1. The costs:\n\nStaff\t7\t8\nOil\t9\t7\nLamps\t6\t5\n\nOther means\n\n2. They left.\n"
    assert [title for _, _, title in sections(source)] == ["Other means"]
    assert outcome(source) == "1 table-1 2"


def test_what_the_tops_of_later_pages_repeat_is_no_text():
    title = "Keeping the lamps of the lighthouses lit\nat all times of the year"
    source = (
        f"{title}\n\nThe Assembly,\n\n1. Notes that the\n\f{title} A/86/9\nlamps are lit;\n\n2. Thanks the keepers.\n"
    )
    assert units(source)[-2:] == [("1", "1. Notes that the lamps are lit;"), ("2", "2. Thanks the keepers.")]
    heads = "\f".join(
        f"Report of the workshop on lamps for\nthe lighthouses\n{n}. They met again." for n in range(1, 5)
    )
    assert outcome(heads) == "1 2 3 4"
    assert units(heads)[1] == ("2", "2. They met again.")


@pytest.mark.parametrize("mark", ["\uf0a7", "* * *"])
def test_a_mark_between_paragraphs_is_no_text(mark):
    source = f"1. They met.\n{mark}\nAnnex II\nOil\n1. They left.\n"
    assert outcome(source) == "1 annex-II/1"
    assert "stars and symbols: 1 line" in parse_report(source).notices[-1]


LAMPS = "The keepers of the lighthouses met and agreed that the lamps be lit at all times of the year."


def test_bare_numbers_and_numbers_in_parts_head_text():
    heads = ["1 Lamps", "1.1 Oil", "1.2 Wicks", "2 Keepers", "2.1 Pay", "3 Harbours"]
    source = "Report\n\n" + "".join(f"{head}\n\n{LAMPS}\n\n" for head in heads)
    assert [name for name, *_ in sections(source)] == ["0", "1", "1.1", "1.2", "2", "2.1", "3"]
    source = f"Report\n\n1 Lamps\n\n1. {LAMPS}\n\n2. {LAMPS}\n\n2 Keepers\n\n3. {LAMPS}\n"
    assert [name for name, *_ in sections(source)] == ["0", "1", "2"]
    assert outcome(source) == "1 2 3"


def test_a_letter_behind_a_line_without_a_stop_heads_text():
    source = f"Report\n\nI. Lamps\n\nA. Oil\n\n(Resolution 9/7)\n\nB. Wicks\n\n1. {LAMPS}\n\n2. {LAMPS}\n"
    assert [name for name, *_ in sections(source)] == ["0", "I", "I.A", "I.B"]


def test_notes_at_the_end_have_their_anchors_in_order():
    body = "".join(f"{n}. Lamp {n} was lit,{n} and {LAMPS}\n\n" for n in range(1, 31))
    report = parse_report(f"Report\n\n{body}Notes\n\n" + "".join(f"{n} See A/9/{n}.\n\n" for n in range(1, 31)))
    assert list(report.footnotes["unit_id"]) == [str(n) for n in range(1, 31)]
    assert report.units["text"][0] == f"1. Lamp 1 was lit, and {LAMPS}"


def test_columns_set_with_blanks_are_a_table_and_notes_below_it_paragraphs():
    rows = "Item          2030      2031\nStaff           10        12\nOil a            3         4\n"
    source = f"1. The costs were:\n\n{rows}\na Paid in oil.\n\n2. {LAMPS}\n"
    assert outcome(source) == "1 table-1 0/u1 2"


def test_a_symbol_begins_no_heading():
    source = f"1. {LAMPS}\n\nAnnex\n\nDocuments\n\nA/CONF.9/2031/1 Agenda\n\nA/CONF.9/2031/2 Note on lamps, and how they are lit.\n"
    assert [name for name, *_ in sections(source)] == ["annex"]


def test_sections_options_and_recommendations_are_headings():
    source = "灯塔公约\n\n第 1 节\n灯\n\n第 1 条\n用语\n\n1. 甲。\n\n第 2 节\n人\n\n第 2 条\n薪酬\n\n1. 乙。\n\n2. 丙。\n"  # lamps; terms; keepers; pay
    assert [name for name, *_ in sections(source)][1:] == [
        *("section-1", "section-1.article-1", "section-2", "section-2.article-2")
    ]
    source = f"Article 7\nLamps\nOPTION I:\n1. {LAMPS}\n[OPTION II:\n1. {LAMPS}\n2. {LAMPS}]\n"
    assert outcome(source) == "1 article-7.option-II/1 article-7.option-II/2"
    source = f"Forum\n\nThey met.\n\nRecommendation 1\n\n{LAMPS}\n\nRecommendation 2\n\n{LAMPS}\n"
    assert [name for name, *_ in sections(source)] == ["0", "recommendation-1", "recommendation-2"]


def test_the_first_line_of_a_sentence_is_no_heading():
    source = f"1. Option A: A lamp is lit.\nOption B: “Lamp” means a lamp that the keepers of lighthouses light,\nand keep lit.\n2. {LAMPS}\n"
    assert outcome(source) == "1 2"


def test_who_concludes_a_treaty_ends_its_title():
    source = "Convention on Lamps\n\nThe Parties to this Convention,\n\nRecalling the lamps,\n\nHave agreed as follows:\n\nArticle 1\n\nThey are lit.\n"
    assert [text for _, text in units(source)][:2] == ["The Parties to this Convention,", "Recalling the lamps,"]


def test_a_bracket_that_nobody_closes_keeps_no_heading_away():
    source = f"1. {LAMPS}\n\n2. They were lit (at night. They shone.\n\nKeepers\n\n3. {LAMPS}\n"
    assert [title for _, _, title in sections(source)] == ["Keepers"]
