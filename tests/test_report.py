"""Reading a report: what is found, what typesetting must not change, what is refused.

The invented report is glossed in data/README.md. In the short fixtures 甲乙丙丁戊己庚辛壬癸 are place-holders as A, B, C
in English; 会议报告 is 'report of the meeting', 导言 'introduction', 结论 'conclusion', 完 'end', 注 'note'.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from egdata.base.errors import EgdataError, ReportError
from egdata.codebook.matcher import Rule
from egdata.coding.coding import code
from egdata.reading.labels import next_item
from egdata.reading.languages import detect_lang
from egdata.reading.report import parse_report, read_report, sentences_report
from egdata.reading.sentences import split_sentences

TITLE = "《欧洲委员会网络犯罪公约》"  # the Convention on Cybercrime
HEAD = "会议报告\n一. 导言\n"


@pytest.fixture
def real():
    """The bundled report, read anew: reading is what these tests are about."""
    return read_report()


@pytest.fixture
def invented():
    return read_report(Path(__file__).parent / "data" / "report.txt")


def units(source, lang=None):
    report = parse_report(source, lang)
    return dict(zip(report.units["unit_id"], report.units["text"], strict=True))


def headings(source):
    return list(parse_report(source).sections["text"])


def letters(text):
    """The characters of a text that are not blank, counted."""
    return Counter(character for character in text if not character.isspace())


# ---- the real report ------------------------------------------------------------------------------------------------


def test_real_report_has_73_paragraphs_and_117_items_in_sequence(real):
    frame = real.units
    assert len(frame) == 190
    assert list(frame.loc[frame["item"] == "", "para"]) == list(range(1, 74))
    for para, last, n in ((13, "ooo", 67), (14, "xx", 50)):
        items = list(frame.loc[(frame["para"] == para) & (frame["item"] != ""), "item"])
        assert (len(items), items[-1]) == (n, last)
        for item, following in pairwise(["", *items]):
            assert following == next_item(item)
    assert set(frame.loc[frame["item"] != "", "para"]) == {13, 14}
    assert frame["unit_id"].is_unique
    assert [*frame["unit_id"][12:15], *frame["unit_id"].tail(1)] == ["13", "13(a)", "13(b)", "73"]


def test_real_report_has_a_title_and_15_headings(real):
    frame = real.sections
    assert list(frame["level"]) == [0, 1, 1, 2, 2, 1, 2, 2, 2, 1, 2, 2, 2, 2, 2, 1]
    assert dict(zip(frame["section_id"], frame["title"], strict=True)) == {
        "0": "2020年7月27日至29日在维也纳举行的全面研究网络犯罪问题专家组会议的报告",
        "I": "导言",
        "II": "报告员汇编的初步建议和结论清单",
        "II.A": "国际合作",
        "II.B": "预防",
        "III": "审议情况概要（主席的总结）",
        "III.A": "国际合作",
        "III.B": "预防",
        "III.C": "其他事项",
        "IV": "会议安排",
        "IV.A": "会议开幕",
        "IV.B": "通过议程和其他组织事项",
        "IV.C": "发言情况",
        "IV.D": "出席情况",
        "IV.E": "文件",
        "V": "通过报告",
    }
    assert list(frame["label"]) == ["", "一", "二", "A", "B", "三", "A", "B", "C", "四", *"ABCDE", "五"]


def test_real_report_tells_whose_voice_a_section_has(real):
    voices = real.units.groupby("section_id", sort=False)["voice"].unique().str.join(",")
    assert dict(voices) == {
        "I": "procedure",
        "II": "proposals",
        "II.A": "proposals",
        "II.B": "proposals",
        "III": "chair-summary",
        "III.A": "chair-summary",
        "III.B": "chair-summary",
        "III.C": "chair-summary",
        **dict.fromkeys(["IV.A", "IV.B", "IV.C", "IV.D", "IV.E", "V"], "procedure"),
    }


def test_real_report_has_two_footnotes_with_their_anchors(real):
    notes = real.footnotes.set_index("footnote_id")
    assert list(notes["unit_id"]) == ["13(a)", "68"]
    first, second = notes["anchor"]
    assert real.text[first - 6 : first + 1] == "儿童色情制品和"  # 'child pornography'¹ 'and'
    assert real.text[second - 4 : second] == "作了发言。"[-4:]
    assert second == real.units.set_index("unit_id").loc["68", "end"]
    assert notes.loc["1", "text"].startswith("“儿童色情制品”这一术语牢牢植根于")
    assert notes.loc["1", "text"].endswith("（纽约，2015年），第10页）。")
    assert notes.loc["2", "text"] == "巴勒斯坦国观察员也代表77国集团和中国作了发言。"


def test_real_report_names_the_convention_14_times(real):
    assert real.text.count(TITLE) == 14
    assert real.source.count(TITLE) == 10  # four are wrapped


def test_real_report_keeps_what_lines_were_wrapped_in(real):
    text = dict(zip(real.units["unit_id"], real.units["text"], strict=True))
    assert "Stephen McGlynn（澳大利亚）和Sheri L. Shepherd-Pratt（美国）。" in text["17"]
    assert "（UNODC/CCPCJ/EG.4/2018/CRP.1）。" in text["7"]
    assert text["16"].startswith("16. 在2020年7月27日和28日第一场、")
    assert "如国际刑警组织建立的I-24/7全球警用安全通讯系统" in text["27"]
    assert "COVID-19大流行带来的挑战" in text["18"]
    assert text["66"].endswith("：1.组织事项：(a)会议开幕；(b)通过议程。2.国际合作。3.预防。4.其他事项。5.通过报告。")


def test_nothing_of_the_real_report_is_lost(real):
    furniture = re.compile(r"http://undocs\.org/\S+|UNODC/CCPCJ/EG\.4/2020/2|5/20 V\.20-04479|_+")
    kept = [line for line in real.source.split("\n") if not furniture.fullmatch(line.strip())]
    dropped = letters("1212")  # two anchors and the two numbers of the footnotes
    frames = (real.sections, real.units, real.footnotes)
    assert letters("".join("".join(frame["text"]) for frame in frames)) == letters("".join(kept)) - dropped
    assert letters(real.text) == letters("".join(kept)) - dropped


def test_real_report_knows_its_metadata(real):
    assert real.lang == "zh"
    assert real.notices == [
        "set aside as no text: addresses: 13 lines, 404 characters, first 'http://undocs.org/A/RES/65/230' in line 61; "
        "heads and feet of pages: 2 lines, 37 characters, first 'UNODC/CCPCJ/EG.4/2020/2' in line 327"
    ]
    assert real.coverage.line(1) == (
        "read 97 % of the characters and 78 of 78 numbers; 1 notice (egdata check --notices)"
    )
    assert real.meta["symbol"] == "UNODC/CCPCJ/EG.4/2020/2"
    assert real.meta["title"] == real.sections["title"][0]
    assert (real.meta["meeting_start"], real.meta["meeting_end"]) == ("2020-07-27", "2020-07-29")
    assert real.citation("13(b)") == "UNODC/CCPCJ/EG.4/2020/2, para. 13(b)"
    assert repr(real) == "Report('UNODC/CCPCJ/EG.4/2020/2', zh, 190 units)"


# ---- invariants -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["real", "invented"])
def any_report(request):
    return request.getfixturevalue(request.param)


def test_every_span_gives_its_text(any_report):
    for frame in (any_report.sections, any_report.units, any_report.sentences, any_report.footnotes):
        for start, end, text in zip(frame["start"], frame["end"], frame["text"], strict=True):
            assert any_report.text[start:end] == text


def test_the_canonical_text_is_headings_and_units_then_footnotes_a_line_each(any_report):
    body = [*any_report.sections.itertuples(), *any_report.units.itertuples()]
    lines = [*sorted(body, key=lambda row: row.start), *any_report.footnotes.itertuples()]
    assert any_report.text == "\n".join(row.text for row in lines)


def test_sentences_tile_their_units(any_report):
    sentences = dict(list(any_report.sentences.groupby("unit_id", sort=False)))
    assert list(sentences) == list(any_report.units["unit_id"])
    for unit in any_report.units.itertuples():
        of_unit = sentences[unit.unit_id]
        label = f"({unit.item}) " if unit.item else f"{unit.para}. "
        assert unit.text.startswith(label)
        assert [*of_unit["start"], unit.end] == [unit.start + len(label), *of_unit["end"]]
        assert list(of_unit["sentence_id"]) == [f"{unit.unit_id}#{n}" for n in range(1, len(of_unit) + 1)]


def test_every_unit_stands_in_a_section(any_report):
    assert set(any_report.units["section_id"]) <= set(any_report.sections["section_id"])
    assert any_report.sections["section_id"].is_unique


def test_locate_leads_every_character_back_to_itself(any_report):
    last = -1
    for at, character in enumerate(any_report.text):
        if not character.isspace():
            start, end = any_report.locate(at, at + 1)
            assert any_report.source[start:end] == character
            assert start > last or any_report.footnotes["start"].eq(at).any()  # footnotes come last in the text
            last = start


def test_locate_leads_a_span_back_through_wraps(real):
    at = real.text.index("Stephen McGlynn")
    start, end = real.locate(at, at + len("Stephen McGlynn"))
    assert real.source[start:end].split() == ["Stephen", "McGlynn"]
    for start, end, text in real.sentences[["start", "end", "text"]].itertuples(index=False):
        first, last = real.locate(start, end)
        assert letters(text) <= letters(real.source[first:last])


@pytest.mark.parametrize("span", [(5, 5), (6, 5), (-1, 3), (0, 10**6)])
def test_locate_refuses_what_is_no_span(real, span):
    with pytest.raises(ValueError, match="empty or outside"):
        real.locate(*span)


# ---- the invented report --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sections", "units", "sentences", "footnotes"])
def test_invented_report_gives_the_expected_table(invented, expected, name):
    frame = getattr(invented, name)
    assert_frame_equal(frame, expected(name, frame))


def test_invented_report_gives_the_expected_text(invented, request):
    canonical = (request.path.parent / "data" / "canonical.txt").read_text(encoding="utf-8")
    assert invented.text + "\n" == canonical
    assert invented.meta["symbol"] == "UNODC/CCPCJ/EG.9/2031/2"
    assert [notice.partition(":")[0] for notice in invented.notices] == ["set aside as no text"]


# ---- typesetting must not change the text ---------------------------------------------------------------------------

_LABEL = re.compile(r"\d{1,3}[.．、]|[(（][a-z]{1,4}[)）]|[一二三四五六七八九十A-Z]{1,3}[.．、]")
_HEAD = re.compile(r"(?:\d{1,3}\.|\([a-z]{1,4}\)|[一二三四五六七八九十A-Z]{1,3}\.) ")
_BLANKS = (" ", "  ", "\u3000", "\u00a0", "\t")
_SHORTEST_LINE = 8


def is_wide(character):
    return character >= "\u2e80" or character in "“”‘’—–…·"


def blocks_of(report):
    """The canonical lines as on a page: (text, {offset: anchor}, number of a footnote, whether it is a heading)."""
    anchors = {note.anchor: note.footnote_id for note in report.footnotes.itertuples()}
    notes = {note.unit_id: note for note in report.footnotes.itertuples()}
    rows = [*report.sections.itertuples(), *report.units.itertuples()]
    for row in sorted(rows, key=lambda row: row.start):
        inside = {at - row.start: number for at, number in anchors.items() if row.start < at <= row.end}
        yield row.text, inside, "", hasattr(row, "level")
        if note := notes.get(getattr(row, "unit_id", None)):
            yield note.text, {}, note.footnote_id, False


def typeset(report, rng, symbol):
    """The report as it might have come out of a PDF.

    Lines are wrapped at any place beside a Han character, at the blanks of Latin words and after a slash; blanks stand
    beside Han characters; page furniture stands between any two lines. Blank lines stand between blocks and, in a text
    of many wraps, between any two lines but those of a heading.
    """
    furniture = [
        ["http://undocs.org/A/RES/74/247"],
        ["https://undocs.org/E/CN.15/2011/19 http://undocs.org/A/RES/65/230"],
        [symbol],
        ["5/20 V.20-04479"],
        ["V.20-04479     5/20"],
        ["http://undocs.org/A/RES/70/174", "V.20-04479 6/20", symbol],
    ]
    newline = rng.choice(["\n", "\r\n"])
    density, untidiness, pages = rng.random(), rng.random() / 2, rng.random() / 4
    lines = []  # each with whether a blank line may stand behind it
    for text, anchors, note, is_heading in blocks_of(report):
        if note:
            lines += [("_" * 18, True)]
            text = f"{note}{rng.choice([' ', '  '])}{text}"
        *first, last = wrapped(text, anchors, rng, density, untidiness)
        lines += [*((line, density > 0.3 and not is_heading) for line in first), (last, True)]
    out = [symbol]  # a running symbol runs: it stands on two pages or more
    for line, may_stand_apart in lines:
        if rng.random() > 1 - pages:
            out += rng.choice(furniture)
        indent = rng.choice(["", "", " ", "   "])
        n_blank = rng.choice([0, 0, 1, 2]) if may_stand_apart else 0
        out += [indent + line + rng.choice(["", " "]), *[rng.choice(["", "  "])] * n_blank]
    return newline.join([*out, symbol])


def wrapped(text, anchors, rng, density, untidiness):
    head = _HEAD.match(text)
    first = head.end() if head else 2
    lines, line = [], text[:first]
    for at in range(first, len(text)):
        before, after = text[at - 1], text[at]
        number = anchors.get(at, "")
        line += number
        beside = is_wide(before) or is_wide(after)
        # after these a wrap before '(a)' reads as an item, to people too
        reads_as_label = before in "：；。" and _LABEL.match(text, at)
        may_wrap = (beside or after == " " or before == "/") and before != " " and not reads_as_label
        if may_wrap and len(line) > _SHORTEST_LINE and len(text) - at > 1 and rng.random() > 1 - density / 4:
            lines, line = [*lines, line], "" if after == " " else after
            continue
        if re.search("[\u4e00-\u9fff]", before + after) and rng.random() > 1 - untidiness:
            line += rng.choice(_BLANKS)
        line += after
    return [*lines, line + anchors.get(len(text), "")]


SEEDS = st.integers(0, 2**32 - 1)  # of a whole layout: hypothesis cannot draw tens of thousands of choices one by one


def same_report(left, right):
    assert left.text.split("\n") == right.text.split("\n")
    for name in ("sections", "units", "sentences", "footnotes"):
        assert_frame_equal(getattr(left, name), getattr(right, name))


@pytest.mark.slow
def test_typesetting_leaves_the_invented_report_unchanged(invented):
    @settings(max_examples=300)
    @given(seed=SEEDS)
    def check(seed):
        source = typeset(invented, random.Random(seed), invented.meta["symbol"])
        report = parse_report(source, "zh")
        same_report(report, invented)
        for at in range(0, len(report.text), 7):
            if not report.text[at].isspace():
                start, end = report.locate(at, at + 1)
                assert source[start:end] == report.text[at]

    check()


@pytest.mark.slow
def test_typesetting_leaves_the_real_report_unchanged(real):
    @given(seed=SEEDS)
    def check(seed):
        same_report(parse_report(typeset(real, random.Random(seed), real.meta["symbol"]), "zh"), real)

    check()


@pytest.mark.parametrize(
    "edit",
    [
        lambda lines: [line.rstrip() for line in lines],
        lambda lines: [line.strip() for line in lines if line.strip()],
        lambda lines: [line for line in lines if line.strip()],
        lambda lines: [f"    {line.strip()}    " for line in lines],
        lambda lines: [line.replace(" ", "\u00a0") for line in lines],
        lambda lines: [line for text in lines for line in (text, "", "")],
        lambda lines: [*lines, "", "_" * 12, ""],
    ],
    ids=["no blank at line ends", "no blank lines or indents", "no blank lines", "indents", "hard blanks", "more blank lines", "end rule"],
)  # fmt: skip
def test_what_editors_do_leaves_the_text_unchanged(any_report, edit):
    source = "\n".join(edit(any_report.source.split("\n")))
    same_report(parse_report(source, "zh"), any_report)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028"], ids=["CR LF", "CR", "LS"])
def test_other_line_ends_are_line_ends(invented, newline):
    same_report(parse_report(invented.source.replace("\n", newline), "zh"), invented)


def test_invisible_characters_are_no_text(invented):
    same_report(parse_report("\ufeff" + invented.source.replace("海底", "海\u200b底"), "zh"), invented)


# ---- page furniture -------------------------------------------------------------------------------------------------

SYMBOL = "UNODC/CCPCJ/EG.9/2031/2"


@pytest.mark.parametrize(
    "furniture",
    [
        "http://undocs.org/A/RES/65/230",
        "https://undocs.org/A/RES/65/230 https://undocs.org/E/CN.15/2011/19",
        SYMBOL,
        "5/20 V.20-04479",
        "V.20-04479 5/20",
        "V.20-04479",
        "V.20-04479 (C)",
        "V.20-04479 (C)    310720    030820",  # the foot of a first page carries its dates
        "*2004479*",
        "\f",
        f"\f{SYMBOL}",
        "- 5 -",
        "V.20-04479\n\n5/20",
        f"5/20\n\nV.20-04479\n\n{SYMBOL}",
    ],
)
def test_furniture_inside_a_paragraph_is_no_text(furniture):
    for line in ("甲", "甲、", "甲和", "甲（", "甲，", "甲。", "大会第74/"):
        source = f"{SYMBOL}\n\n{HEAD}1. {line}\n\n{furniture}\n\n247乙）。\n\n{SYMBOL}\n\n2. 完。"
        assert units(source, "zh") == {"1": f"1. {line}247乙）。", "2": "2. 完。"}


def test_a_symbol_that_breaks_at_a_slash_is_text_even_if_its_rest_stands_alone_twice():
    source = f"{SYMBOL}\n\n{HEAD}1. 草案（E/\nCN.15/2030/7\n）。\n\n2. 报告（E/\nCN.15/2030/7\n）。"
    assert units(source, "zh") == {"1": "1. 草案（E/CN.15/2030/7）。", "2": "2. 报告（E/CN.15/2030/7）。"}


@pytest.mark.parametrize("furniture", [SYMBOL, "5/20 V.20-04479", "http://undocs.org/A/RES/65/230"])
def test_furniture_about_headings_is_no_text(furniture):
    source = "\n".join(f"{line}\n{furniture}" for line in ("会议", "报告", "一. 导", "言", "A. 甲", "乙", "1. 丙。"))
    report = parse_report(source, "zh")
    assert list(report.sections["text"]) == ["会议报告", "一. 导言", "A. 甲乙"]
    assert list(report.units["text"]) == ["1. 丙。"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("甲（\nE/CN.15/2011/19\n）。", "甲（E/CN.15/2011/19）。"),
        ("甲（E/CN.15/2011/18、\nE/CN.15/2011/19\n）。", "甲（E/CN.15/2011/18、E/CN.15/2011/19）。"),
        ("甲（UNODC/CCPCJ/EG.4/\n2018/CRP.1）。", "甲（UNODC/CCPCJ/EG.4/2018/CRP.1）。"),
        ("甲依据\nA/RES/65/230\n开展工作。", "甲依据A/RES/65/230开展工作。"),  # 'A works on the basis of A/RES/65/230'
    ],
)
def test_a_symbol_of_the_text_on_a_line_of_its_own_is_text(lines, text):
    source = f"{SYMBOL}\n{HEAD}1. {lines}\n2/9 V.31-00417\n{SYMBOL}\n2. 完。\n{SYMBOL}"
    assert units(source)["1"] == f"1. {text}"


def test_a_symbol_that_is_known_runs_though_it_stands_once():
    report = parse_report(f"{HEAD}1. 甲\n{SYMBOL}\n乙。\n2. 完。", meta={"symbol": SYMBOL})
    assert (report.meta["symbol"], report.units["text"][0]) == (SYMBOL, "1. 甲乙。")


def test_the_running_symbol_is_the_symbol_of_the_report():
    assert parse_report(f"{HEAD}1. 甲（\nE/CN.15/2011/19\n）。\n{SYMBOL}\n2. 完。\n{SYMBOL}\n").meta["symbol"] == SYMBOL
    assert parse_report(f"{HEAD}1. 甲（\nE/CN.15/2011/19\n）。").meta["symbol"] == ""  # no running symbol
    assert parse_report(f"{HEAD}1. 甲。").meta["symbol"] == ""


@pytest.mark.parametrize("wrap", ["\n", " \n", "\n\n", " \n \n ", "\r\n"])
@pytest.mark.parametrize("name", ["Global Programme on Cybercrime", "Ole B. Lund", "Stephen McGlynn", "Cybernet 2030"])
def test_latin_words_keep_the_blank_where_they_are_wrapped(name, wrap):
    for at in [blank.start() for blank in re.finditer(" ", name)]:
        source = f"{HEAD}1. 甲{name[:at]}{wrap}{name[at + 1 :]}乙。"
        assert units(source)["1"] == f"1. 甲{name}乙。"


# ---- footnotes ------------------------------------------------------------------------------------------------------

RULE = "__________________"


def footnotes(source, lang=None):
    """(number, unit, the unit's text with ^ at the anchor, text of the note) of each footnote."""
    report = parse_report(source, lang)
    text = report.text
    spans = report.units.set_index("unit_id")
    return [
        (note.footnote_id, note.unit_id, f"{text[spans.start[note.unit_id] : note.anchor]}^"
         f"{text[note.anchor : spans.end[note.unit_id]]}", note.text)
        for note in report.footnotes.itertuples()
    ]  # fmt: skip


def test_a_footnote_between_paragraphs():
    source = f"{HEAD}1. 甲1和乙。\n{RULE}\n1 注甲，\n注乙。\n2. 丙。2\n{RULE}\n  2  注丙。\n3. 完。"
    assert footnotes(source) == [("1", "1", "1. 甲^和乙。", "注甲，注乙。"), ("2", "2", "2. 丙。^", "注丙。")]
    assert units(source) == {"1": "1. 甲和乙。", "2": "2. 丙。", "3": "3. 完。"}


def test_two_footnotes_under_one_rule():
    source = f"{HEAD}1. 甲1和乙2。\n{RULE}\n1 注甲。\n2 注乙。\n2. 完。"
    assert footnotes(source) == [("1", "1", "1. 甲^和乙。", "注甲。"), ("2", "1", "1. 甲和乙^。", "注乙。")]


def test_a_footnote_on_the_page_after_its_unit():
    source = f"{HEAD}1. 甲1和乙。\n2. 丙。\n3. 丁。\n{RULE}\n1 注。\n4. 完。"
    assert footnotes(source) == [("1", "1", "1. 甲^和乙。", "注。")]


@pytest.mark.parametrize("note", ["1 注。", "1 注甲，\n注乙。", "1 注甲。注乙。"])
def test_a_footnote_inside_a_paragraph_that_goes_on_after_the_page(note):
    source = f"{HEAD}1. 甲乙1丙\n{RULE}\n{note}\n5/20 V.20-04479\n{SYMBOL}\n丁戊。\n2. 完。"
    text = note[2:].replace("\n", "")
    assert footnotes(source) == [("1", "1", "1. 甲乙^丙丁戊。", text)]
    assert units(source) == {"1": "1. 甲乙丙丁戊。", "2": "2. 完。"}


def test_a_footnote_inside_a_paragraph_with_no_page_end_is_told_of():
    report = parse_report(f"{HEAD}1. 甲乙1丙\n{RULE}\n1 注。\n丁戊。\n2. 完。")
    assert len(report.notices) == 1
    assert report.notices[0].startswith("line 7: a footnote interrupts paragraph 1")


def test_a_footnote_of_several_paragraphs():
    source = f"{HEAD}1. 甲：\n(a) 乙1；\n{RULE}\n1 注甲。\n\n  注乙。\n(b) 丙。\n2. 完。"
    assert footnotes(source) == [("1", "1(a)", "(a) 乙^；", "注甲。注乙。")]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("花费 1 000 美元。", "花费1 000美元。"),  # 'it cost 1 000 dollars'
        ("另外 1 国发言。", "另外1国发言。"),  # 'another 1 State spoke'
        ("见议程项目 1。", "见议程项目1。"),  # 'see agenda item 1'
        ("见第 1 段。", "见第1段。"),  # 'see paragraph 1'
        ("方案 1 和方案 2。", "方案1和方案2。"),  # 'options 1 and 2'
    ],
)
def test_the_anchor_is_the_number_glued_to_a_word(text, canonical):
    source = f"{HEAD}1. 甲1和乙。\n2. {text}\n{RULE}\n1 注。\n3. 完。"
    assert footnotes(source) == [("1", "1", "1. 甲^和乙。", "注。")]
    assert units(source)["2"] == f"2. {canonical}"


def test_a_raised_number_is_the_anchor_but_where_it_is_all_that_a_paragraph_has():
    source = f"Report\n\nThey met on 1 May.\n\n1\n{RULE}\n1 A note.\n\fThey left.\n"
    alone, inside = source.index("\n1\n") + 1, source.index("1 May")
    units = ["They met on 1 May.", "1", "They left."]
    assert list(parse_report(source, raised=[(alone, alone + 1)]).units["text"]) == units
    report = parse_report(source, raised=[(inside, inside + 1), (alone, alone + 1)])
    assert list(report.units["text"]) == ["They met on May.", *units[1:]]
    assert list(report.footnotes["unit_id"]) == ["0/u1"]


def test_blanks_do_not_move_the_anchor():
    for text in ("1. 甲1和每周 1 天。", "1. 甲1和每周1天。"):  # 'A¹ and 1 day a week'
        assert footnotes(f"{HEAD}{text}\n{RULE}\n1 注。\n2. 完。") == [("1", "1", "1. 甲^和每周1天。", "注。")]


def test_a_footnote_without_an_anchor_is_told_of_and_takes_no_digit_away():
    report = parse_report(f"{HEAD}1. 每周 1 天。\n{RULE}\n1 注。\n2. 完。")  # '1 day a week'
    assert list(report.units["text"]) == ["1. 每周1天。", "2. 完。"]
    assert list(report.footnotes["unit_id"]) == [""]
    assert report.footnotes["anchor"].isna().all()
    assert report.notices == ["line 5: footnote 1 has no anchor in the paragraphs before it"]


def test_english_anchors_leave_no_blank():
    source = (
        f"Report\nI. Introduction\n1. The group noted cybercrime1, and 1 other matter.\n{RULE}\n1 A note.\n2. The end."
    )
    assert footnotes(source) == [("1", "1", "1. The group noted cybercrime^, and 1 other matter.", "A note.")]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"{HEAD}1. 甲1。乙2。\n{RULE}\n2 注。\n2. 完。", 5),
        (f"{HEAD}1. 甲1。乙3。\n{RULE}\n1 注。\n3 注。\n2. 完。", 6),
        (f"{HEAD}1. 甲1。\n{RULE}\n1 注。\n2. 乙2。\n{RULE}\n1 注。\n3. 完。", 8),
    ],
    ids=["first lost", "second lost", "repeated"],
)
def test_a_gap_or_repeat_of_footnotes_is_told_of(source, line):
    report = parse_report(source)
    assert any(re.match(rf"line {line}: footnote \d (?:comes where|repeats)", notice) for notice in report.notices)
    assert set(report.footnotes["text"]) == {"注。"}


def test_a_rule_that_is_followed_by_no_footnote_is_a_mere_line():
    source = f"会议报告\n{RULE}\n一. 导言\n1. 甲。\n{RULE}\n2. 乙丙\n丁戊。\n{RULE}\n二. 结论\n3. 完。\n{RULE}\n"
    assert units(source) == {"1": "1. 甲。", "2": "2. 乙丙丁戊。", "3": "3. 完。"}
    assert headings(source) == ["会议报告", "一. 导言", "二. 结论"]


def test_footnotes_marked_with_asterisks():
    source = f"{HEAD}1. 甲*和乙。\n{RULE}\n* 注甲。\n2. 丙*。\n{RULE}\n* 注乙。\n3. 完。"
    report = parse_report(source)
    assert report.footnotes["footnote_id"].is_unique
    assert list(report.footnotes["unit_id"]) == ["1", "2"]
    assert list(report.footnotes["text"]) == ["注甲。", "注乙。"]
    assert list(report.units["text"]) == ["1. 甲和乙。", "2. 丙。", "3. 完。"]


# ---- lists inside units ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, 1, 2, 3, 8], ids=lambda n: f"in paragraph {n + 1}")
@pytest.mark.parametrize("n", [1, 2, 4, 6], ids=lambda n: f"of {n}")
def test_a_numbered_list_stays_inside_its_paragraph(before, n):
    # 'the following agenda was adopted: 1. A. 2. A. …'
    lines = [f"{i}. 乙。" for i in range(1, before + 1)] + [f"{before + 1}. 通过了以下议程："]
    lines += [f"  {i}. 甲。" for i in range(1, n + 1)] + [f"{before + 2}. 丙。", f"{before + 3}. 完。"]
    got = units(HEAD + "\n".join(lines))
    assert list(got) == [str(i) for i in range(1, before + 4)]
    assert got[str(before + 1)] == f"{before + 1}. 通过了以下议程：" + "".join(f"{i}.甲。" for i in range(1, n + 1))


def test_a_list_inside_a_list():
    source = f"{HEAD}1. 甲：\n1. 乙：\n(a) 丙；\n(b) 丁。\n2. 戊。\n3. 己。\n2. 庚。\n3. 完。"
    assert units(source) == {"1": "1. 甲：1.乙：(a)丙；(b)丁。2.戊。3.己。", "2": "2. 庚。", "3": "3. 完。"}


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9, 25], ids=lambda n: f"after item {n}")
@pytest.mark.parametrize("style", [["i", "ii", "iii"], ["a", "b"]], ids=["roman", "letters"])
def test_a_lettered_list_stays_inside_its_item(n, style):
    labels = [""]
    for _ in range(n + 2):
        labels.append(next_item(labels[-1]))
    items = labels[1:]
    if style == ["a", "b"] and n == 2:
        pytest.skip("(a), (b) under (b), then (c): nobody can tell which list goes on")
    lines = [f"({label}) 甲；" for label in items]
    lines[n - 1] = f"({items[n - 1]}) 乙："
    lines[n:n] = [f"  ({label}) 丙；" for label in style]
    got = units(f"{HEAD}1. 建议如下：\n" + "\n".join(lines) + "\n2. 完。")  # 'recommended as follows:'
    assert list(got) == ["1", *[f"1({label})" for label in items], "2"]
    assert got[f"1({items[n - 1]})"] == f"({items[n - 1]}) 乙：" + "".join(f"({label})丙；" for label in style)


# ---- items ----------------------------------------------------------------------------------------------------------

_ITEMS = {"1(a)": "(a) 甲；", "1(b)": "(b) 乙；", "1(c)": "(c) 丙。"}


@pytest.mark.parametrize("colon", ["：", ":"])
@pytest.mark.parametrize("brackets", ["()", "（）"])
def test_items_follow_a_colon(colon, brackets):
    opening, closing = brackets
    source = f"{HEAD}1. 建议如下{colon}\n{opening}a{closing} 甲；\n{opening}b{closing} 乙。\n2. 完。"
    assert list(units(source)) == ["1", "1(a)", "1(b)", "2"]


def test_items_follow_a_full_stop():
    assert units(f"{HEAD}1. 提出以下建议。\n(a) 甲；\n(b) 乙；\n(c) 丙。\n2. 完。") == {
        "1": "1. 提出以下建议。",
        **_ITEMS,
        "2": "2. 完。",
    }


def test_items_follow_an_anchored_colon():
    source = f"{HEAD}1. 建议如下：1\n(a) 甲；\n{RULE}\n1 注。\n(b) 乙；\n(c) 丙。\n2. 完。"
    assert units(source) == {"1": "1. 建议如下：", **_ITEMS, "2": "2. 完。"}


def read_or_refused(source):
    """The ids of units and sections; none if the report is refused, which is the other way of losing nothing."""
    try:
        report = parse_report(source)
    except ReportError as error:
        message = str(error)
    else:
        return [*report.units["unit_id"], *report.sections["section_id"]]
    assert re.match(r"line \d+: ", message)
    return None


@pytest.mark.parametrize("slip", ["甲", "甲（乙)；", "甲（乙；", "甲“乙；", "“甲；", "甲，", "甲（“乙。”）"])
def test_a_slip_at_the_end_of_an_item_does_not_swallow_the_next(slip):
    source = f"{HEAD}1. 建议如下：\n(a) {slip}\n(b) 丙；\n(c) 丁。\n2. 完。\n二. 结论\n3. 完。"
    assert read_or_refused(source) in (None, ["1", "1(a)", "1(b)", "1(c)", "2", "3", "0", "I", "II"])


@pytest.mark.parametrize("slip", ["甲", "甲（乙)。", "甲（乙。", "甲“乙。", "甲（“乙。”）"])
def test_a_slip_at_the_end_of_a_paragraph_does_not_swallow_a_heading(slip):
    source = f"会议报告\n一. 导言\nA. 甲\n1. {slip}\nB. 乙\n2. 丙。\n二. 结论\n3. 完。"
    assert read_or_refused(source) in (None, ["1", "2", "3", "0", "I", "I.A", "I.B", "II"])


def test_quotes_that_are_open_at_a_wrap_hold_the_text_together():
    source = f"{HEAD}1. 甲“乙：\n(a)丙；\n(b)丁。”戊（己。\n庚）。\n2. 完。"
    assert units(source) == {"1": "1. 甲“乙：(a)丙；(b)丁。”戊（己。庚）。", "2": "2. 完。"}


@pytest.mark.parametrize("rest", ["；\n(b) 乙；\n(c) 丙。", "；\n(b) 乙。", "。"])
@pytest.mark.parametrize("wrap", ["\n", " \n \n", "\n5/20 V.20-04479\n"])
def test_a_letter_of_an_article_is_no_item(wrap, rest):
    # 'under article 32, subparagraph (b), States cooperate', wrapped before the letter
    source = f"{HEAD}1. 建议如下：\n(a) 根据《公约》第 32 条{wrap}(b)项，各国开展合作{rest}\n2. 完。"
    got = units(source)
    assert got["1(a)"] == f"(a) 根据《公约》第32条(b)项，各国开展合作{rest[0]}"
    assert list(got) == ["1", "1(a)", *["1(b)", "1(c)"][: rest.count("(")], "2"]


def test_a_letter_of_an_english_article_is_no_item():
    source = "Report\nI. Introduction\n1. As follows:\n(a) Under article 32\n(b) of the Convention;\n(b) B.\n2. End."
    assert list(units(source)) == ["1", "1(a)", "1(b)", "2"]


def test_a_number_or_letter_alone_on_its_line_swallows_nothing():
    items = read_or_refused(f"{HEAD}1. 建议如下：\n(a)\n甲；\n(b)\n乙。\n2. 完。")
    assert items in (None, ["1", "1(a)", "1(b)", "2", "0", "I"])
    paragraphs = read_or_refused(f"{HEAD}1.\n甲。\n2.\n乙。")
    assert paragraphs in (None, ["1", "2", "0", "I"])
    report = parse_report("(a)\n1. 甲。", "zh")
    assert [*report.sections["title"], *report.units["text"]] == ["(a)", "1. 甲。"]


def test_a_list_with_han_numbers_stays_inside_its_paragraph_or_is_refused():
    # 'recommended as follows: one, A; two, B.'
    for head in ("会议报告\n", HEAD):
        source = f"{head}1. 建议如下：\n一、甲；\n二、乙。\n2. 完。"
        try:
            text = units(source)["1"]
        except ReportError as error:
            text = str(error)
        assert text.startswith(("1. 建议如下：一、甲；二、乙。", "line "))


def test_a_sentence_that_begins_with_an_initial_is_no_heading():
    source = f"{HEAD}1. 甲发言。\nA. Smith（英国）也发言。\n2. 完。"  # 'A spoke. A. Smith (United Kingdom) also spoke.'
    assert read_or_refused(source) in (None, ["1", "2", "0", "I"])


def test_an_annex_is_not_taken_for_the_last_paragraph():
    source = f"{HEAD}1. 甲。\n2. 完。\n附件\n与会者名单"  # 'Annex. List of participants'
    try:
        text = units(source)["2"]
    except ReportError as error:
        text = str(error)
    assert text == "2. 完。" or text.startswith("line 5: ")


# ---- plain layouts --------------------------------------------------------------------------------------------------

_ROMAN = dict(zip("一二三四五", ["I", "II", "III", "IV", "V"], strict=True))


def plain(report, roman=True, separator="\n"):
    """The report as most people paste it: one paragraph a line, no furniture, no footnotes."""
    rows = sorted([*report.sections.itertuples(), *report.units.itertuples()], key=lambda row: row.start)
    lines = [row.text for row in rows]
    if roman:
        lines = [re.sub(r"^[一二三四五](?=\. )", lambda label: _ROMAN[label[0]], line) for line in lines]
    return separator.join(lines) + "\n"


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("roman", [True, False])
def test_a_plain_layout_reads_to_the_same_units(any_report, roman, separator):
    report = parse_report(plain(any_report, roman, separator))
    columns = ["unit_id", "section_id", "para", "item", "voice", "text"]
    assert_frame_equal(report.units[columns], any_report.units[columns])
    columns = ["section_id", "level", "title", "voice"]
    assert_frame_equal(report.sections[columns], any_report.sections[columns])
    columns = ["sentence_id", "unit_id", "text"]
    assert_frame_equal(report.sentences[columns], any_report.sentences[columns])
    assert report.footnotes.empty
    assert report.notices == []


@pytest.mark.parametrize("dot", [".", "．", "、"])
def test_other_dots_after_a_number(dot):
    source = f"会议报告\n一{dot}导言\nA{dot}甲\n1{dot}乙。\n2{dot}完。"
    assert list(units(source)) == ["1", "2"]
    assert list(parse_report(source).sections["section_id"]) == ["0", "I", "I.A"]


def test_tabs_after_numbers():
    source = "会议报告\n一.\t导言\n1.\t甲：\n\t(a)\t乙；\n\t(b)\t丙。\n2.\t完。"
    assert units(source) == {"1": "1. 甲：", "1(a)": "(a) 乙；", "1(b)": "(b) 丙。", "2": "2. 完。"}


def test_a_report_without_title_or_headings():
    report = parse_report("1. 甲。\n2. 乙。")
    assert report.meta == {"report_id": "report", "symbol": "", "title": "", "lang": "zh"}
    assert repr(report) == "Report('report', zh, 2 units)"
    assert list(report.units["unit_id"]) == ["1", "2"]
    assert report.sections.empty
    assert set(report.units["section_id"]) == {""}


def test_numbering_that_does_not_begin_at_one_is_told_of():
    report = parse_report("会议报告\n15. 甲。\n16. 乙。")
    assert list(report.units["unit_id"]) == ["15", "16"]
    assert report.notices == ["line 2: the first paragraph is numbered 15, not 1"]


def test_an_english_report():
    report = parse_report(
        "Report of the meeting\nI. Introduction\n1. The group met. It noted resolution 74/247 (see para. 3 below).\n"
        "II. List of preliminary recommendations\nA. Cooperation\n2. The following were put forward:\n"
        "(a) States should act;\n(b) States should not hesitate.\nIII. Adoption of the report\n3. The report was\nadopted."
    )
    assert report.lang == "en"
    assert list(zip(report.units["unit_id"], report.units["section_id"], report.units["voice"], strict=True)) == [
        ("1", "I", "procedure"),
        ("2", "II.A", "proposals"),
        ("2(a)", "II.A", "proposals"),
        ("2(b)", "II.A", "proposals"),
        ("3", "III", "procedure"),
    ]
    assert list(report.sentences["text"].head(2)) == [
        "The group met.",
        "It noted resolution 74/247 (see para. 3 below).",
    ]
    assert report.units["text"].iloc[-1] == "3. The report was adopted."


def test_an_english_wrap_is_a_blank_between_numbers_and_brackets_too():
    source = "Report\n1. It met in 2031\n20 times (\nin all).\n2. It ended."
    assert units(source)["1"] == "1. It met in 2031 20 times ( in all)."
    assert sentences_report(["It met ( in May)."], "en").text == "It met ( in May)."


def test_a_heading_without_a_voice_of_its_own_has_that_of_the_heading_above_it():
    source = (
        "Report\nI. Introduction\n1. A.\nII. Meeting\nA. List of recommendations\n2. B.\nB. Courts\n3. C.\n"
        "III. Summary of deliberations\n4. D.\nA. Courts\n5. E.\nIV. Courts\n6. F."
    )
    voices = ["procedure", "proposals", "unknown", "chair-summary", "chair-summary", "unknown"]
    assert list(parse_report(source).units["voice"]) == voices


def voice_rule(code, pattern):
    return Rule("v", code, {}, frozenset(), pattern, re.compile)


def test_voices_follow_the_codebook_that_is_given():
    source = "会议报告\n一. 灯塔\n1. 甲。"  # 灯塔 'lighthouses'
    book = SimpleNamespace(rules=lambda table, lang: [voice_rule(f"{table}-{lang}", "灯塔")])
    assert list(parse_report(source).units["voice"]) == ["unknown"]
    assert list(parse_report(source, codebook=book).units["voice"]) == ["voice_rules-zh"]


def test_the_label_of_a_heading_has_no_dot():
    romans = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    source = "会议报告\n" + "".join(f"{roman}. 甲\n{n}. 乙。\n" for n, roman in enumerate(romans, start=1))
    assert list(parse_report(source).sections["label"]) == ["", *romans]


def test_a_subsection_with_the_letter_of_a_roman_number():
    labels = "ABCDEFGHIJ"
    source = (
        "会议报告\nI. 导言\n" + "".join(f"{c}. 甲\n{n}. 乙。\n" for n, c in enumerate(labels, 1)) + "II. 结论\n11. 完。"
    )
    assert list(parse_report(source).sections["section_id"]) == ["0", "I", *[f"I.{c}" for c in labels], "II"]


# ---- gaps and repeats -----------------------------------------------------------------------------------------------


def dropped(source, label):
    """The source without the line of a label, its number in the source, and the number of the label's next line."""
    lines = source.split("\n")
    at = next(n for n, line in enumerate(lines) if line.strip().startswith(label))
    return "\n".join(lines[:at] + lines[at + 1 :]), at + 1


@pytest.mark.parametrize(
    ("label", "following", "words"),
    [
        ("30. ", "31. ", "paragraph 31 comes where 30 is expected"),
        ("(k) ", "(l) ", r"item 13\(l\) comes where 13\(k\) is expected"),
        ("(bb) ", "(cc) ", r"item 13\(cc\) comes where 13\(bb\) is expected"),
        ("二. ", "三. ", "heading 三 comes where 二 is expected"),
        ("A. ", "B. ", "heading B comes where A is expected"),
    ],
)
def test_what_is_lost_from_the_real_report_is_missed(real, label, following, words):
    source, _ = dropped(real.source, label)
    line = next(n for n, text in enumerate(source.split("\n"), start=1) if text.strip().startswith(following))
    report = parse_report(source)
    assert any(re.match(rf"line {line}: {words}", notice) for notice in report.notices)
    assert letters(report.text) == letters(real.text) - letters(label) - letters(_rest(real, label))


def _rest(report, label):
    """The text of the line of a label, but for the label."""
    line = next(text for text in report.source.split("\n") if text.strip().startswith(label))
    return line.strip().removeprefix(label.strip())


@pytest.mark.parametrize("label", ["30. ", "(k) ", "二. ", "A. 国"])
def test_what_is_doubled_in_the_real_report_is_noticed(real, label):
    lines = real.source.split("\n")
    at = next(n for n, line in enumerate(lines) if line.strip().startswith(label))
    stop = next(n for n, line in enumerate(lines) if n > at and line.strip().endswith(("。", "；", "清单", "国际合作")))
    lines[stop + 1 : stop + 1] = lines[at : stop + 1]
    report = parse_report("\n".join(lines))
    told = rf"line {stop + 2}: .*repeats a number or comes out of order"
    assert any(re.match(told, notice) for notice in report.notices)
    assert report.units["unit_id"].is_unique


@pytest.mark.parametrize(
    ("source", "line", "words", "unit_ids"),
    [
        ("会议报告\n一. 导言\n1. 甲。\n3. 乙。", 4, "paragraph 3 comes where 2 is expected", "1 3"),
        ("会议报告\n一. 导言\n1. 甲。\n2. 乙。\n2. 丙。", 5, "paragraph 2 repeats a number", "1 2 2-2"),
        ("会议报告\n一. 导言\n1. 甲。\n2. 乙。\n1. 丙。", 5, "paragraph 1 repeats a number", "1 2 I/1"),
        ("会议报告\n一. 导言\n1. 甲。\n2. 乙。\n3. 丙。\n2. 丁。\n4. 戊。", 6, "paragraph 2 .*text of 3", "1 2 3 4"),
        ("会议报告\n一. 导言\n1. 甲。\n2. 乙。\n1. 丙。\n2. 丁。", 5, "paragraph 1 repeats", "1 2 I/1 I/2"),
        ("会议报告\n一. 导言\n1. 甲。\n200. 乙。\n2. 丙。", 4, "paragraph 200 comes where 2 .*kept as text of 1", "1 2"),
        ("会议报告\n一. 导言\n1. 甲：\n(a) 乙；\n(c) 丙。", 5, r"item 1\(c\) comes where 1\(b\) is expected", "1 1(a) 1(c)"),
        ("会议报告\n一. 导言\n1. 甲：\n(a) 乙；\n(b) 丙；\n(b) 丁。", 6, r"item 1\(b\) repeats", "1 1(a) 1(b) 1(b)-2"),
        ("会议报告\n一. 导言\n1. 甲。\n(b) 乙；\n(c) 丙。", 4, r"item 1\(b\) comes where 1\(a\) is", "1 1(b) 1(c)"),
        ("会议报告\n一. 导言\n1. 甲：\n(b) 乙；\n(c) 丙。", 4, r"item 1\(b\) comes where 1\(a\) is", "1 1(b) 1(c)"),
        ("会议报告\n一. 导言\n1. 甲。\n三. 结论\n2. 乙。", 4, "heading 三 comes where 二 is expected", "1 2"),
        ("会议报告\n一. 导言\n1. 甲。\n一. 结论\n2. 乙。", 4, "heading 一 repeats a number", "1 2"),
        ("会议报告\nI. 导言\n1. 甲。\nIII. 结论\n2. 乙。", 4, "heading III comes where II is expected", "1 2"),
        ("会议报告\nI. 导言\n1. 甲。\nII. 乙\n2. 丙。\nII. 结论\n3. 丁。", 6, "heading II repeats a number", "1 2 3"),
        ("会议报告\nII. 导言\n1. 甲。", 2, "the first heading is numbered II", "1"),
        ("会议报告\n一. 导言\nA. 甲\n1. 乙。\nC. 丙\n2. 丁。", 5, "heading C comes where B is expected", "1 2"),
    ],
)  # fmt: skip
def test_a_gap_or_repeat_is_a_notice_with_its_line_and_the_text_is_kept(source, line, words, unit_ids):
    report = parse_report(source)
    assert any(re.match(rf"line {line}: .*{words}", notice) for notice in report.notices)
    assert list(report.units["unit_id"]) == unit_ids.split()
    assert letters(source) == letters(report.text)


@pytest.mark.parametrize("source", ["", "  \n \n", "会议报告", "会议报告\n一. 导言\n", "2020 年", RULE, "\f"])
def test_a_text_without_paragraphs_is_refused(source):
    with pytest.raises(ReportError, match="no paragraph found"):
        parse_report(source)


_FRAGMENTS = st.sampled_from(
    ["1. ", "2. ", "3. ", "(a) ", "(b) ", "(i) ", "一. ", "二. ", "A. ", "I. ", "1 ", "甲", "乙。", "；", "：", "“", "”", "（",
     "）", "\n", "\n\n", RULE + "\n", SYMBOL + "\n", "5/20 V.20-04479\n", "http://undocs.org/A/1\n", "Ole ", "74/247", "\f"]
)  # fmt: skip


@given(st.lists(_FRAGMENTS, max_size=40).map("".join))
def test_any_text_is_read_whole_or_refused(fragments):
    source = HEAD + "1. 甲。\n" + fragments
    try:
        report = parse_report(source)
    except ReportError as error:
        message = str(error)
    else:
        message = ""
    if message:
        assert re.match(r"line \d+: ", message)
        return
    for frame in (report.sections, report.units, report.sentences, report.footnotes):
        for start, end, text in zip(frame["start"], frame["end"], frame["text"], strict=True):
            assert report.text[start:end] == text
    for character in "甲乙":  # place-holders of the text, never furniture
        assert report.text.count(character) == source.count(character)


# ---- files ----------------------------------------------------------------------------------------------------------

GOOD = "会议报告\n一. 导言\n1. 甲。\n2. 完。\n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "report.txt: the file is empty"),
        (b" \n\t\r\n ", "report.txt: the file is empty"),
        ("会议报告\n一. 导言\n".encode(), "report.txt: no paragraph found"),
        (b"\xef\xbb\xbf", "report.txt: "),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path, raw, words):
    file = tmp_path / "report.txt"
    file.write_bytes(raw)
    with pytest.raises(ReportError, match=f"^{words}") as error:
        read_report(file)
    assert "\n" not in str(error.value)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(ReportError, match="a directory, not a report"):
        read_report(tmp_path)
    with pytest.raises(ReportError, match=r"missing\.txt: no such file"):
        read_report(tmp_path / "missing.txt")


def test_a_byte_order_mark_is_no_text(tmp_path):
    file = tmp_path / "report.txt"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    report = read_report(str(file))
    assert report.text == "会议报告\n一. 导言\n1. 甲。\n2. 完。"
    assert report.meta["report_id"] == "report"


def test_a_file_tells_what_is_known_of_its_report(tmp_path):
    file = tmp_path / "annual.zh.txt"
    file.write_text(f"{SYMBOL}\n{GOOD}{SYMBOL}\n", encoding="utf-8")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert read_report(file).meta == {
        "report_id": "annual", "file": "annual.zh.txt", "symbol": SYMBOL, "title": "会议报告", "lang": "zh", "sha256": digest,
    }  # fmt: skip


def test_a_file_is_read_in_the_language_and_with_the_codebook_that_are_given(tmp_path):
    file = tmp_path / "report.txt"
    file.write_text(GOOD, encoding="utf-8")
    book = SimpleNamespace(rules=lambda table, lang: [voice_rule(f"{table}-{lang}", "导言")])
    report = read_report(file, "en", codebook=book)
    assert (report.lang, *report.units["voice"].unique()) == ("en", "voice_rules-en")


def test_notices_of_the_file_come_before_those_of_the_text(tmp_path):
    file = tmp_path / "report.txt"
    file.write_bytes("会议报告\n15. 本次会议讨论了网络犯罪问题。\n16. 会议结束。".encode("gb18030"))
    notices = ["read as GB18030", "line 2: the first paragraph is numbered 15, not 1"]
    assert read_report(file).notices == notices


def test_soft_hyphens_are_no_text():
    source = "Re\xadport\n1. The com\xadmittee and the dele\xad\r\ngations met.\n2. A\xad b.\n"
    assert units(source) == {"1": "1. The committee and the delegations met.", "2": "2. A b."}


def test_half_a_character_is_refused_with_its_line():
    with pytest.raises(ReportError, match=r"^line 2: half a character"):
        parse_report("1. 甲。\n2. 乙\ud800。\n")
    with pytest.raises(ReportError, match=r"^line 1: half a character"):
        sentences_report(["甲\udc80"])


@pytest.mark.parametrize("invisible", ["\u200b", " \u200b ", "\ufeff\xad", "\u3000\u2060\xad"])
def test_a_line_without_a_visible_character_is_blank(invisible):
    source = "会议报告\n一. @\n@\n1. 甲。\n@\n____\n1 @\n@\n2. 乙@\n"
    report, plain = (parse_report(source.replace("@", blank), "zh") for blank in (invisible, ""))
    assert report.text == plain.text
    assert_frame_equal(report.units, plain.units)


def test_language_follows_the_script():
    assert detect_lang("会议报告，UNODC/CCPCJ/EG.4/2020/2") == "zh"
    assert detect_lang("Report of the meeting (报告)") == "en"
    assert detect_lang("") == "en"
    assert parse_report(GOOD, "en").lang == "en"


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        # 'several speakers noted that States should cooperate more closely', in other languages
        ("Plusieurs orateurs ont souligné que les États devraient coopérer plus étroitement.", "French"),
        ("Varios oradores señalaron que los Estados debían cooperar más estrechamente.", "Spanish"),
        ("Несколько ораторов отметили, что государства должны теснее сотрудничать.", "Russian"),
        ("أشار عدة متكلمين إلى أنه ينبغي للدول أن تتعاون على نحو أوثق.", "Arabic"),
        ("Mehrere Redner betonten, dass die Staaten mit den anderen enger zusammenarbeiten sollten.", "German"),
        ("数名の発言者は、各国がより緊密に協力すべきであると指摘した。", "Japanese"),
        ("여러 발언자는 국가들이 더욱 긴밀히 협력해야 한다고 지적했다.", "Korean"),
        ("Usemaji kadhaa walisema mataifa yashirikiane kwa karibu zaidi.", "another language"),
    ],
)
def test_a_language_without_rules_is_refused_by_its_name(tmp_path, sentence, language):
    file = tmp_path / "report.txt"
    file.write_text("\n\n".join(f"{number}. {sentence}" for number in range(1, 11)), encoding="utf-8")
    with pytest.raises(ReportError, match=f"^report.txt: it seems to be in {language}, and there are rules for"):
        read_report(file)
    assert len(read_report(file, "en").units) == 10


@pytest.mark.parametrize(
    ("text", "notices"),
    [
        # 'several speakers noted that States should cooperate'
        ("Plusieurs orateurs ont souligné que les États devraient coopérer.", ["French"]),
        ("Several speakers noted that States should cooperate as a rule.", []),
        ("几位发言者指出，各国应合作。", []),
    ],
)
def test_a_text_too_short_to_tell_its_language_is_told_of_if_it_looks_foreign(text, notices):
    told = "seems to be in {}, but is too short to tell: read as English"
    assert parse_report(f"1. {text}\n").notices == [told.format(language) for language in notices]


def test_a_paragraph_in_another_language_is_told_of():
    french = "Plusieurs orateurs ont souligné que les États devraient coopérer et que la question des moyens est une"
    source = "Report\n1. The group met in the town and it heard of the work.\n2. {} question pour tous les pays du monde qui sont dans le besoin.\n"
    notices = parse_report(source.format(french)).notices
    assert notices == ["paragraphs in French: 1, first 2; the rules of en find little in them"]


TRADITIONAL = "會議報告\n1. 一些發言者贊成擬訂一項新的網絡犯罪公約。\n"  # 'some speakers supported a new convention'


def test_traditional_characters_are_read_as_simplified_ones_and_quoted_as_printed():
    report = parse_report(TRADITIONAL)
    assert (report.lang, len(report.folded.text)) == ("zh", len(report.text))
    assert report.folded.units["text"][0] == "1. 一些发言者赞成拟订一项新的网络犯罪公约。"
    flat = code(report).flat
    assert flat[["holder", "stance", "quote"]].values.tolist() == [["some", "for", "贊成擬訂一項新的網絡犯罪公約"]]
    first, last = code(report).positions[["start", "end"]].iloc[0]
    assert report.text[first:last] == flat["quote"][0]
    assert code(report).statements["holder_quote"].tolist() == ["一些發言者"]
    assert report.notices[0].startswith("in traditional characters (")


def test_a_report_in_simplified_characters_is_not_copied(real):
    assert real.folded is real


def test_a_language_that_nobody_has_heard_of_is_refused():
    for call in (parse_report, lambda source, lang: sentences_report([source], lang)):
        with pytest.raises(EgdataError, match="lang is 'fr'; it can be 'zh', 'en'"):
            call("1. Un.", "fr")


# ---- sentences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("  ", []),
        ("甲。", ["甲。"]),
        ("甲。乙。", ["甲。", "乙。"]),
        ("甲；乙。", ["甲；乙。"]),  # a semicolon separates clauses
        ("甲；乙；", ["甲；乙；"]),
        ("甲：乙，丙。丁", ["甲：乙，丙。", "丁"]),  # the unit ends the last one
        ("甲！乙？丙。", ["甲！", "乙？", "丙。"]),
        ("甲。。乙。", ["甲。。", "乙。"]),
        ("甲……乙。", ["甲……乙。"]),
        ("甲（乙。丙）丁。戊。", ["甲（乙。丙）丁。", "戊。"]),
        ("甲(乙。丙)丁。戊。", ["甲(乙。丙)丁。", "戊。"]),
        ("甲（乙。）丙。丁。", ["甲（乙。）丙。", "丁。"]),
        ("《甲。乙》丙。丁。", ["《甲。乙》丙。", "丁。"]),
        ("甲“乙。丙。”丁。戊。", ["甲“乙。丙。”丁。", "戊。"]),
        ("甲“乙‘丙。’丁。”戊。己。", ["甲“乙‘丙。’丁。”戊。", "己。"]),
        ("「甲。乙。」丙。丁。", ["「甲。乙。」丙。", "丁。"]),
        ("甲说：“乙。”", ["甲说：“乙。”"]),  # 'A said: "B."'
        ('甲说："乙。丙。"丁。戊。', ['甲说："乙。丙。"丁。', "戊。"]),  # typed with straight quotes
        ("甲“乙。丙。", ["甲“乙。", "丙。"]),  # a stray quote swallows nothing
        ("甲）乙。丙。", ["甲）乙。", "丙。"]),
        ("甲（乙)丙。丁。", ["甲（乙)丙。", "丁。"]),
    ],
)
def test_chinese_sentences(text, sentences):
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It met. It adjourned.", ["It met.", "It adjourned."]),
        ("It met (see para. 3 and art. 5). It ended.", ["It met (see para. 3 and art. 5).", "It ended."]),
        ("Mr. Smith and J. Doe spoke. They left.", ["Mr. Smith and J. Doe spoke.", "They left."]),
        ("Version 1.5 of No. 7; it was noted.", ["Version 1.5 of No. 7; it was noted."]),
        ("He said “It ended. It did.” and left. Done.", ["He said “It ended. It did.” and left.", "Done."]),
        ("Why? It ended! Yes.", ["Why?", "It ended!", "Yes."]),
        ("See e.g. the note. 15 States spoke.", ["See e.g. the note.", "15 States spoke."]),
        ("Mr. B. Lund Jr. (Norland) spoke. No. 5 ended.", ["Mr. B. Lund Jr. (Norland) spoke.", "No. 5 ended."]),
        ("They said no. It rose at 1 p.m. It was noon.", ["They said no.", "It rose at 1 p.m.", "It was noon."]),
        ("It rose at 1 p.m. on Monday, see no. 5 of it.", ["It rose at 1 p.m. on Monday, see no. 5 of it."]),
        ("One said: “Why? Never.” It ended.", ["One said: “Why? Never.”", "It ended."]),
        ("[It was late.] They left (all. Yes.) in May.", ["[It was late.]", "They left (all. Yes.) in May."]),
        ("Chair: Mr. Lund ........ (Norland)", ["Chair: Mr. Lund ........ (Norland)"]),
    ],
)
def test_english_sentences(text, sentences):
    assert [text[start:end] for start, end in split_sentences(text, "en")] == sentences


@given(st.text("甲乙。！？；，“”（）《》「」 a.", max_size=40), st.sampled_from(["zh", "en"]))
def test_sentences_leave_nothing_out_and_do_not_overlap(text, lang):
    spans = split_sentences(text, lang)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""


# ---- bare sentences and labels --------------------------------------------------------------------------------------


def test_bare_sentences_are_units_of_their_own():
    report = sentences_report(["会上指出， 各国应在 2021 年合作。", "13. 甲。乙。", "(a) 丙；", ""])
    # 'It was noted that States should cooperate in 2021.'
    assert list(report.sentences["sentence_id"]) == list(report.units["unit_id"]) == ["0", "1", "2", "3"]
    assert list(report.sentences["text"]) == ["会上指出，各国应在2021年合作。", "甲。乙。", "丙；", ""]
    for name, value in {"section_id": "", "para": 0, "item": "", "voice": ""}.items():
        assert list(report.units[name].unique()) == [value]
    assert report.meta == {"report_id": "sentences", "symbol": "", "title": "", "lang": "zh"}
    assert report.notices == []
    assert report.sections.empty
    assert report.footnotes.empty


def test_no_bare_sentences():
    report = sentences_report([])
    assert report.text == ""
    texts = {"section_id", "unit_id", "sentence_id", "footnote_id", "label", "title", "item", "voice", "text"}
    for frame in (report.sections, report.units, report.sentences, report.footnotes):
        assert frame.empty
        types = {name: str(dtype) for name, dtype in frame.dtypes.items() if name not in texts}
        assert types == {name: "Int64" if name == "anchor" else "int64" for name in types}


@given(st.lists(st.text("甲乙 。，\n\t1.(a)Ole", max_size=12), max_size=6))
def test_bare_sentences_go_round(texts):
    report = sentences_report(texts)
    assert list(report.sentences["sentence_id"]) == [str(n) for n in range(len(texts))]
    for start, end, text in report.sentences[["start", "end", "text"]].itertuples(index=False):
        assert report.text[start:end] == text
        for at in range(start, end):
            if not report.text[at].isspace():
                first, last = report.locate(at, at + 1)
                assert report.source[first:last] == report.text[at]


def test_letters_run_from_a_to_zzz():
    label, labels = "", []
    for _ in range(67):
        label = next_item(label)
        labels.append(label)
    assert labels[:3] == ["a", "b", "c"]
    assert labels[24:28] == ["y", "z", "aa", "bb"]
    assert labels[50:54] == ["yy", "zz", "aaa", "bbb"]
    assert labels[-1] == "ooo"
