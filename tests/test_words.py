"""Keyness and keyword in context."""

from __future__ import annotations

import ast
import doctest
import marshal
import math
import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import egdata.analysis.terms as module
from egdata.analysis.keyness import keyness, term_keyness
from egdata.analysis.kwic import kwic
from egdata.analysis.statistics import compare_counts, fisher_exact
from egdata.analysis.terms import term_frequencies
from egdata.base.errors import EgdataError
from egdata.reading.report import parse_report, sentences_report

# Target (I): 8 tokens, hash 5, salt 2, lime 1. Reference (II): 16 tokens, hash 1, salt 4, lime 0, moss 6, filler 5.
TINY = """Report on the tiny meeting
I. Recommendations
1. Hash hash hash hash hash salt salt lime.
II. Summary
A. Salt
2. Hash salt salt salt salt moss moss moss moss moss moss.
B. Numbers
3. 12 27 2020 31 45.
"""
COLUMNS = ["n_target", "n_reference", "per_1000_target", "per_1000_reference", "log_likelihood", "log_ratio"]


@pytest.fixture(scope="module")
def tiny():
    return parse_report(TINY, lang="en")


def g2(a, b, n_a, n_b):
    """Dunning's statistic in the form 2 (Σ x ln x − row sums − column sums + total), without expected values."""

    def part(*counts):
        return sum(count * math.log(count) for count in counts if count)

    cells = part(a, b, n_a - a, n_b - b)
    return 2 * (cells - part(a + b, n_a + n_b - a - b) - part(n_a, n_b) + part(n_a + n_b))


def fisher(a, b, n_a, n_b):
    """Fisher's two-sided p: all tables with the same margins that are no more probable than this one."""
    n, total = a + b, n_a + n_b
    ways = [math.comb(n_a, x) * math.comb(n_b, n - x) for x in range(n + 1)]
    return sum(way for way in ways if way <= ways[a]) / math.comb(total, n)


# ---- keyness --------------------------------------------------------------------------------------------------------


def test_keyness_is_what_the_closed_form_gives(tiny):
    counts = {"hash": (5, 1), "salt": (2, 4), "moss": (0, 6)}  # lime comes once only
    rows = []
    for term, (a, b) in counts.items():
        ratio = math.log2((a + 0.5) / 8 / ((b + 0.5) / 16))
        rates = round(1000 * a / 8, 4), round(1000 * b / 16, 4)
        rows.append((term, a, b, *rates, round(g2(a, b, 8, 16), 4), round(ratio, 4)))
    # salt is as frequent in both: 2 of 8, 4 of 16
    expected = pd.DataFrame(rows, columns=["term", *COLUMNS])
    frame = keyness(tiny, target="I", reference="II")
    assert_frame_equal(frame[["term", *COLUMNS]], expected, check_dtype=False)


def test_p_is_that_of_fishers_exact_test_and_adjusted_by_benjamini_and_hochberg(tiny):
    frame = keyness(tiny, target="I", reference="II").set_index("term")
    p = {"hash": fisher(5, 1, 8, 16), "salt": fisher(2, 4, 8, 16), "moss": fisher(0, 6, 8, 16)}
    assert frame["p"].to_dict() == pytest.approx(p, rel=1e-3)
    assert p["hash"] < p["moss"] < p["salt"] == 1
    adjusted = {"hash": p["hash"] * 3 / 1, "moss": p["moss"] * 3 / 2, "salt": 1.0}
    adjusted["hash"] = min(adjusted["hash"], adjusted["moss"])
    assert frame["p_adjusted"].to_dict() == pytest.approx(adjusted, rel=1e-3)


def test_the_closed_form_is_that_of_the_textbook():
    # 10 of 1,000 against 5 of 2,000: expected 5 and 10 of the term, 995 and 1,990 of the rest
    cells = 10 * math.log(10 / 5) + 5 * math.log(5 / 10) + 990 * math.log(990 / 995) + 1995 * math.log(1995 / 1990)
    assert g2(10, 5, 1000, 2000) == pytest.approx(2 * cells)
    assert fisher(3, 1, 4, 4) == pytest.approx(34 / 70)  # the lady who tasted tea: 1 + 16 + 16 + 1 of 70


def test_a_rare_term_of_one_part_only_does_not_pass_as_it_would_by_chi_squared():
    (statistic,), (p,), _ = compare_counts(np.array([0]), np.array([4]), 5000, 2500)
    assert math.erfc(math.sqrt(statistic / 2)) < 0.004
    assert p == pytest.approx(fisher(0, 4, 5000, 2500), rel=1e-3)
    assert p > 0.01


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_any_table_gives_the_closed_form(a, b, other_a, other_b):
    n_a, n_b = a + other_a, b + other_b
    if not n_a or not n_b:
        return
    (statistic,), (p,), _ = compare_counts(np.array([a]), np.array([b]), n_a, n_b)
    assert statistic == pytest.approx(g2(a, b, n_a, n_b), abs=1e-4)
    assert p == pytest.approx(fisher(a, b, n_a, n_b), rel=1e-3)


def test_exchanging_target_and_reference_turns_the_signs(tiny):
    there, back = keyness(tiny, "I", "II"), keyness(tiny, "II", "I")
    assert list(there["term"]) == list(back["term"])[::-1]
    assert list(there["log_ratio"]) == [-value for value in back["log_ratio"][::-1]]
    assert list(there["log_likelihood"]) == list(back["log_likelihood"][::-1])


def test_min_n_counts_both_parts(tiny):
    assert set(keyness(tiny, "I", "II", min_n=1)["term"]) == {"hash", "salt", "moss", "lime"}
    none = keyness(tiny, "I", "II", min_n=99)
    assert none.empty
    assert none.dtypes.to_dict() == keyness(tiny, "I", "II").dtypes.to_dict()


def test_a_section_brings_those_below_it_and_lists_add_up(tiny):
    assert_frame_equal(keyness(tiny, "I", "II"), keyness(tiny, ["I"], ["II.A", "II.B"]))
    assert keyness(tiny, "I", "II.A").set_index("term").loc["moss", "per_1000_reference"] == round(6000 / 11, 4)


def test_a_section_is_no_prefix_of_a_longer_number(real):
    chapters = keyness(real, "II", "III")["n_target"].sum()
    assert chapters == keyness(real, ["II", "II.A", "II.B"], "III")["n_target"].sum()
    with pytest.raises(EgdataError, match=r"'IV\.' is neither"):
        keyness(real, "IV.", "III")


@pytest.mark.parametrize(
    ("target", "reference", "message"),
    [
        (
            "IX",
            "II",
            r"target: 'IX' is neither a section nor a voice of this report. It has sections 0, I, II, II.A, II.B",
        ),
        ("I", ["II", "nobody"], "reference: 'nobody'.*voices"),
        ("", "II", "target: '' is neither"),
        ([], "II", "target: an empty list has no sentences"),
        ("0", "II", "target: '0' has no sentences"),  # the title
        ("II", "II.A", "overlap, in 1 sentences: 2#1"),
    ],
)
def test_parts_that_cannot_be_compared(tiny, target, reference, message):
    with pytest.raises(EgdataError, match=message):
        keyness(tiny, target, reference)


def test_a_report_without_sections_has_nothing_to_compare():
    with pytest.raises(EgdataError, match=r"sections \(none\); voices \(none\)"):
        keyness(sentences_report(["电子证据。"]), "II", "III")  # electronic evidence


def test_only_terms_and_themes_are_counted(tiny):
    with pytest.raises(EgdataError, match="of is 'verbs'; it can be 'terms', 'themes'"):
        keyness(tiny, "I", "II", of="verbs")


def test_themes_are_counted_by_the_sentence(real, book):
    from egdata.coding.finders import find_themes

    frame = keyness(real, "proposals", "chair-summary", of="themes", codebook=book).set_index("theme_id")
    voices = real.sentences.merge(real.units[["unit_id", "voice"]], on="unit_id").set_index("sentence_id")["voice"]
    themes = find_themes(real, book)
    counts = themes.groupby(["theme_id", themes["sentence_id"].map(voices)]).size()
    n = voices.value_counts()
    for theme in frame.index:
        a, b = counts.get((theme, "proposals"), 0), counts.get((theme, "chair-summary"), 0)
        assert (frame.loc[theme, "n_target"], frame.loc[theme, "n_reference"]) == (a, b)
        assert frame.loc[theme, "log_likelihood"] == round(g2(a, b, n["proposals"], n["chair-summary"]), 4)


def test_counts_are_those_of_term_frequencies(real):
    terms = term_frequencies(real, by="voice").set_index(["voice", "term"])
    for row in keyness(real, "proposals", "chair-summary").to_dict("records"):
        for voice, side in (("proposals", "target"), ("chair-summary", "reference")):
            if n := row[f"n_{side}"]:
                known = terms.loc[(voice, row["term"])]
                assert (n, row[f"per_1000_{side}"]) == (known["n"], known["per_1000"])


def test_order_is_by_sign_and_strength(real):
    frame = keyness(real, "II.A", "II.B")
    more = frame["per_1000_target"] > frame["per_1000_reference"]
    signed = frame["log_likelihood"].where(more, -frame["log_likelihood"])
    assert signed.is_monotonic_decreasing
    assert frame["term"].is_unique
    n = frame["n_target"] + frame["n_reference"]
    for _, ties in frame.assign(n=-n).groupby(signed, sort=False):
        assert list(zip(ties["n"], ties["term"], strict=True)) == sorted(zip(ties["n"], ties["term"], strict=True))


@pytest.mark.parametrize(("target", "reference"), [(["II.A", "III.A"], ["II.B", "III.B"]), ("II", "III")])
def test_no_numbers_dates_or_function_words(real, book, target, reference):
    terms = keyness(real, target, reference)["term"]
    assert not any(re.search(r"\d|^.$", term) for term in terms)
    assert not set(terms) & {*book.words("stopwords", "zh"), "年月日", "星期", "第一", "以及", "应当", "这些", "发言者"}


def test_terms_of_the_domain_are_whole_and_lead(real):
    frame = keyness(real, ["II.A", "III.A"], ["II.B", "III.B"])
    # electronic evidence, international cooperation, mutual legal assistance; prevention, strategies
    assert {"电子证据", "国际合作", "司法协助"} <= set(frame.head(6)["term"])
    assert {"预防", "战略"} <= set(frame.tail(3)["term"])


def test_multi_word_terms_come_out_whole(real):
    n = term_frequencies(real, by="report").set_index("term")["n"]
    # mutual legal assistance, electronic evidence, Internet service provider, capacity-building, critical infrastructure
    for term in ("司法协助", "电子证据", "互联网服务提供商", "能力建设", "关键基础设施"):
        assert n.get(term, 0) == sum(text.count(term) for text in real.sentences["text"]) > 0
    leading = keyness(real, ["II.A", "III.A"], ["II.B", "III.B"])
    frequent = set(n[n >= 10].index) & set(leading["term"])
    assert {"网络犯罪公约", "中央机关"} <= frequent  # cybercrime convention, central authority


def test_keyness_says_what_it_compares(tiny):
    attrs = keyness(tiny, "I", ["II.A", "II.B"]).attrs
    assert attrs == {
        "symbol": tiny.meta["report_id"],
        "target": ({"I": "Recommendations"}, 8),
        "reference": ({"II.A": "Salt", "II.B": "Numbers"}, 16),
        "n_decided": 0,
    }


def test_p_of_large_counts_is_that_of_all_tables():
    # the tables that are left out add nothing, however far from the mean the counts are
    tables = [(0, 90, 800, 700), (300, 20, 9000, 9000), (5, 5, 20, 9000), (1000, 1, 3000, 4), (40, 0, 41, 3000)]
    cells = np.array([(a, b, n_a - a, n_b - b) for a, b, n_a, n_b in tables]).T
    assert list(fisher_exact(cells)) == pytest.approx([fisher(*table) for table in tables], rel=1e-6)


def test_time_and_memory_of_the_test_grow_with_the_counts():
    # one frequent term in many sections: by all tables with the same margins it would be 2,000 times 200,000
    n_sections, n = 2000, 100
    rest = np.full(n_sections, n * (n_sections - 1))
    cells = np.array([np.full(n_sections, n), rest, np.full(n_sections, 9 * n), 9 * rest])
    assert fisher_exact(cells) == pytest.approx(1.0)


# ---- Chinese words ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def jieba_words(book, tmp_path_factory):
    """The words of jieba itself, which keeps its dictionary in a folder of its own here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escape sequences and pkg_resources
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = tmp_path_factory.mktemp("jieba")
    for term in book.words("terms", "zh"):
        tokenizer.add_word(term)
    return lambda text: [word for word in tokenizer.cut(text, HMM=False) if re.search(r"\w", word)]


def words_of(text, book):
    return module.words_of(text, "zh", book)


def test_words_are_those_that_jieba_finds(real, book, jieba_words):
    for text in real.sentences["text"]:
        assert words_of(text, book) == [word.casefold() for word in jieba_words(text)]


@given(st.text("网络犯罪公约打击电子证据的，。 \r\nA1c+#é２", max_size=40))
def test_words_of_any_text_are_those_that_jieba_finds(book, jieba_words, text):
    assert words_of(text, book) == [word.casefold() for word in jieba_words(text)]


def test_nothing_in_the_folder_of_temporary_files_is_believed(tmp_path):
    # jieba.cache: a dictionary in which 网络 and 犯罪, network and crime, are no words
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"网": 1, "络": 1, "犯": 1, "罪": 1}, 4)))
    before = planted.read_bytes()
    code = (
        "from egdata.analysis.terms import term_frequencies; from egdata.reading.report import sentences_report\n"
        "print(ascii(list(term_frequencies(sentences_report(['打击网络和犯罪。']), by='report')['term'])))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path)),
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert ast.literal_eval(printed) == ["打击", "犯罪", "网络"]
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


# ---- each section against the rest ----------------------------------------------------------------------------------


def test_each_section_is_measured_against_all_others(tiny):
    frame = term_keyness(tiny, min_n=6)
    # I: 8 tokens, II.A: 11, II.B: 5 numbers, which are no terms
    rows = [("hash", "I", 5, 1), ("salt", "I", 2, 4), ("lime", "I", 1, 0)]
    rows += [("moss", "II.A", 6, 0), ("salt", "II.A", 4, 2), ("hash", "II.A", 1, 5)]
    assert frame[["term", "section_id", "n", "n_rest"]].values.tolist() == [list(row) for row in rows]
    for row, (term, section, n, n_rest) in zip(frame.to_dict("records"), rows, strict=True):
        size = {"I": 8, "II.A": 11}[section]
        assert row["per_1000"] == round(1000 * n / size, 4)
        assert row["per_1000_rest"] == round(1000 * n_rest / (24 - size), 4)
        if term == "lime":
            assert math.isnan(row["log_likelihood"])  # too rare to be tested
            continue
        assert row["log_likelihood"] == round(g2(n, n_rest, size, 24 - size), 4)
        assert row["log_ratio"] == round(math.log2((n + 0.5) / size / ((n_rest + 0.5) / (24 - size))), 4)
        assert row["p"] == pytest.approx(fisher(n, n_rest, size, 24 - size), rel=1e-3)
    hash_, salt = frame.loc[0, "p"], frame.loc[1, "p"]  # of two tests in section I
    assert frame.loc[0, "p_adjusted"] == pytest.approx(min(2 * hash_, salt), rel=1e-3)


def test_the_counts_of_a_section_and_of_the_rest_add_up(real):
    frame = term_keyness(real)
    assert_frame_equal(frame[["term", "section_id", "n", "per_1000"]], term_frequencies(real))
    total = frame.groupby("term")["n"].sum()
    assert (frame["n"] + frame["n_rest"] == frame["term"].map(total)).all()
    assert (frame["log_likelihood"].isna() == (frame["n"] + frame["n_rest"] < 3)).all()


def test_without_a_rest_nothing_is_measured():
    frame = term_keyness(sentences_report(["电子证据。"] * 4))  # electronic evidence
    assert frame[["n", "n_rest", "per_1000_rest"]].values.tolist() == [[4, 0, 0]]
    assert frame[["log_likelihood", "log_ratio", "p", "p_adjusted"]].isna().all(axis=None)
    assert term_keyness(sentences_report([])).dtypes.to_dict() == frame.dtypes.to_dict()


# ---- kwic -----------------------------------------------------------------------------------------------------------


def test_kwic_in_chinese():
    # some support a new convention, others are against the new convention · no convention
    report = sentences_report(["有的支持新公约，有的反对新公约。", "没有公约。"])
    expected = pd.DataFrame(
        {
            "left": ["支持", "反对"],
            "keyword": ["新公约", "新公约"],
            "right": ["，有", "。"],
            "sentence_id": ["0", "0"],
            "citation": ["sentences, para. 0"] * 2,
            "start": [4, 12],
            "end": [7, 15],
        }
    )
    assert_frame_equal(kwic(report, "新公约", window=2), expected, check_dtype=False)
    assert list(kwic(report, "公约", window=0)["left"]) == ["", "", ""]  # inside 新公约 too


def test_kwic_in_english_counts_words():
    report = sentences_report(["Some States (not all) would prefer a new Convention, but conventions are slow."], "en")
    (row,) = kwic(report, "convention", window=3).to_dict("records")
    assert (row["left"], row["keyword"], row["right"]) == ("prefer a new ", "Convention", ", but conventions are")
    assert list(kwic(report, r"conventions?", window=1, regex=True)["right"]) == [", but", " are"]
    assert kwic(report, "not", window=1)["left"].item() == "States ("


def test_kwic_shows_what_sticks_to_a_word():
    report = sentences_report(["They admit e-evidence today."], "en")
    assert kwic(report, "evidence", window=1)["left"].item() == "admit e-"


@pytest.mark.parametrize("window", [0, 1, 12, 500])
@pytest.mark.parametrize(("keyword", "regex"), [("新公约", False), ("公约", False), ("《[^》]+》", True)])
def test_kwic_round_trip(real, keyword, regex, window):
    frame = kwic(real, keyword, window=window, regex=regex)
    assert len(frame)
    assert frame["start"].is_monotonic_increasing
    ends = real.sentences.set_index("sentence_id")[["start", "end"]]
    for row in frame.to_dict("records"):
        assert real.text[row["start"] : row["end"]] == row["keyword"]
        left, right = row["start"] - len(row["left"]), row["end"] + len(row["right"])
        assert real.text[left:right] == row["left"] + row["keyword"] + row["right"]
        assert ends.loc[row["sentence_id"], "start"] <= left
        assert right <= ends.loc[row["sentence_id"], "end"]
        assert max(len(row["left"]), len(row["right"])) <= window


def test_kwic_finds_every_occurrence(real):
    frame = kwic(real, "新公约")
    assert len(frame) == sum(text.count("新公约") for text in real.sentences["text"])
    assert frame.loc[0, "citation"] == real.citation(frame.loc[0, "sentence_id"].partition("#")[0])


def test_a_keyword_is_no_pattern_unless_it_is_said_to_be():
    report = sentences_report(["公约（草案）", "公约A草案"])  # convention (draft)
    assert list(kwic(report, "约（草")["sentence_id"]) == ["0"]
    assert list(kwic(report, "约.草")["sentence_id"]) == []
    assert list(kwic(report, "^公约.", regex=True)["keyword"]) == ["公约（", "公约A"]


def test_a_keyword_that_does_not_occur_gives_an_empty_frame(real):
    none = kwic(real, "量子纠缠")  # quantum entanglement
    assert none.empty
    assert none.dtypes.to_dict() == kwic(real, "公约").dtypes.to_dict()


@pytest.mark.parametrize(
    ("keyword", "options", "message"),
    [
        ("", {}, "the keyword is empty"),
        (" \n", {"regex": True}, "the keyword is empty"),
        ("(", {"regex": True}, r"keyword '\(' is no regular expression"),
        ("a{99999999999}", {"regex": True}, r"keyword 'a\{9+\}' is no regular expression"),
        ("新*", {"regex": True}, "matches the empty text"),
        ("新公约", {"window": -1}, "window=-1"),
    ],
)
def test_keywords_that_cannot_be_looked_for(real, keyword, options, message):
    with pytest.raises(EgdataError, match=message):
        kwic(real, keyword, **options)


def test_docstrings():
    assert doctest.testmod(module).failed == 0
