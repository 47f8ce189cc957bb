"""Whatever the text: a report whose tables hold together or an EgdataError, in time that grows with its length."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import egdata as eg
from egdata.base.csv_files import csv_bytes, read_csv
from egdata.codebook.check import WITH_PHRASES, find_slow
from egdata.codebook.codebook import read_codebook
from egdata.codebook.growth import LIMIT, growth, least_ratio
from egdata.coding.coding import code
from egdata.coding.finders import find_speakers
from egdata.coding.sheet import coding_sheet
from egdata.pages.reader import reader_page
from egdata.reading.report import parse_report, sentences_report
from egdata.tables.build import build_tables
from egdata.tables.check import find_problems
from egdata.tables.schema import CODE_TABLES

# ---- any text --------------------------------------------------------------------------------------------------------

#: What UN reports are made of, so that the rules find something, and what breaks parsers.
FRAGMENTS = [
    "\n", "\n\n", "\r\n", "\f", "\x00", "\x1b", "\u2028", "\u3000", "\ufeff", "\u200b", "\u0301", " ", "\t", "=", "-", "'",
    "1. ", "2. ", "3. ", "13. ", "(a) ", "(b) ", "(i) ", "（a）", "一. ", "二、", "I. ", "II. ", "A. ", "1 ", "¹", "__",
    "。", "；", "：", "，", "、", "《", "》", "“", "”", "（", "）", "(", ")", ". ", "; ", ": ", ", ", "…", "？",
    "一些发言者", "其他发言者", "一位发言者", "会上指出", "会议", "专家组", "各国", "日本", "秘鲁", "欧洲联盟", "代表", "的专家",
    "作了发言", "赞成", "反对", "但", "该公约", "《布达佩斯公约》", "《联合国打击跨国有组织犯罪公约》第18条第3款", "大会第74/247号决议",
    "拟订一项新公约", "应加强能力建设", "建议", "没有必要", "这些发言者", "以下会员国",
    "Some speakers ", "Other speakers ", "One speaker ", "It was noted that ", "The Group ", "States ", "Japan ", "Peru ",
    "made a statement", "supported ", "opposed ", "but ", "the Convention ", "the Budapest Convention ", "article 18 ",
    "General Assembly resolution 74/247", "a new convention ", "should enhance capacity-building", "those speakers ",
    "UNODC/CCPCJ/EG.4/2020/2", "V.20-02345", "12/15", "GE.20-1", "联合国", "United Nations",
]  # fmt: skip
TEXTS = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(exclude_categories=("Cs",)), max_size=6)), max_size=40
).map("".join)

#: Numbered paragraphs, some with a heading before them: what a report needs so that it is read at all.
REPORTS = st.builds(
    lambda head, texts: head + "\n\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1)),
    st.sampled_from(("", "专家组的报告\n\n一. 讨论情况摘要\n\n", "Report\n\nI. Summary\n\n")),
    st.lists(TEXTS, min_size=1, max_size=4),
)

QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


@pytest.mark.slow
@QUICK
@given(st.one_of(TEXTS, REPORTS, REPORTS, REPORTS), st.sampled_from((None, "zh", "en")))
def test_any_text_is_a_report_that_holds_together_or_an_error(text, lang):
    codebook = read_codebook()
    try:
        check_report(parse_report(text, lang), codebook)
    except eg.EgdataError:
        return


def check_report(report, codebook):
    """All that is made of a report holds together, and what is written of it is read again."""
    coding = code(report, codebook)
    tables = build_tables(coding)
    assert find_problems(tables, report.text, report, codebook) == []
    assert set(coding_sheet(coding)["sid"]) == set(report.sentences["sentence_id"])
    for name in tables.keys() - {*CODE_TABLES}:
        frame = tables[name]
        for excel in (False, True):
            cells = read_csv(csv_bytes(frame, excel))
            for column in frame.columns[frame.dtypes == "str"]:
                assert list(cells[column]) == list(frame[column])
    assert reader_page(coding).encode()


@QUICK
@given(st.lists(TEXTS, max_size=3), st.sampled_from(("zh", "en")))
def test_any_sentences_are_coded_or_an_error(texts, lang):
    try:
        sheet = eg.code_sentences(texts, lang)
    except eg.EgdataError:
        return
    assert list(dict.fromkeys(sheet["sid"])) == [str(index) for index in range(len(texts))]


# ---- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("table", WITH_PHRASES)
def test_the_time_of_every_pattern_grows_with_the_length_of_the_text(table):
    assert list(find_slow(read_codebook().patterns, table)) == []


SPEAKERS = {
    "zh": ["各国应加强合作以打击网络犯罪", "各国，", "日本、", "日本和", "某国和", "代表", "以下", "以", "主席", "（", "：", "一", "也"],
    "en": ["States should cooperate ", "representatives of ", "Japan, ", "Japan and ", "on behalf of ", "A", "(", "following ", ": "],
}  # fmt: skip


@pytest.mark.parametrize(("lang", "bait"), [(lang, bait) for lang, baits in SPEAKERS.items() for bait in baits])
def test_speakers_are_found_in_time_that_grows_with_the_length_of_a_clause(lang, bait):
    codebook = read_codebook()
    end = {"zh": "，日本作了发言。", "en": ", the representative of Japan made a statement."}[lang]

    def search(text):
        find_speakers(sentences_report([f"{text}{end}"], lang), codebook)

    assert growth(search, bait) < LIMIT


# one paragraph, or many, of what tables and page are made from: holders, anaphors, mentions, speakers, brackets, headings
LONG_REPORTS = {
    "holders": lambda n: (
        "1. 会上讨论了打击网络犯罪的新公约" + "，一些发言者支持该公约，其他发言者则表示反对" * n + "。\n"
    ),
    "anaphors": lambda n: (
        "1. 一些发言者支持打击网络犯罪的《布达佩斯公约》。"
        + "这些发言者还指出，该公约是打击网络犯罪的良好基础。" * n
        + "\n"
    ),
    "mentions": lambda n: "1. 会上提到" + "《联合国打击跨国有组织犯罪公约》第18条第3款、" * n + "大会决议。\n",
    "speakers": lambda n: "1. 以下会员国的专家作了发言：" + "日本、秘鲁、" * n + "智利。\n",
    "brackets": lambda n: "1. 会上指出，各国应打击网络犯罪" + "（例如培训" * n + "。\n",
    "paragraphs": lambda n: "".join(
        f"{k}. 一些发言者支持打击网络犯罪的新公约，其他发言者反对。\n\n" for k in range(1, n + 1)
    ),
    "headings": lambda n: "".join(f"议题{k}\n\n{k}. 会上讨论了打击网络犯罪的新公约。\n\n" for k in range(1, n + 1)),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LONG_REPORTS)
def test_the_time_of_tables_and_page_grows_with_the_length_of_a_report(kind):
    codebook = read_codebook()

    def seconds(n):
        report = parse_report(f"一. 讨论情况摘要\n\n{LONG_REPORTS[kind](n)}", "zh", codebook=codebook)
        start = time.process_time()
        coding = code(report, codebook)
        build_tables(coding)
        reader_page(coding)
        return time.process_time() - start

    seconds(1)  # what is loaded when first used
    assert least_ratio(lambda: seconds(2000), lambda: seconds(500)) < LIMIT
