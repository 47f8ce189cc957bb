"""The one matcher: the longest match wins, nothing overlaps, blocked contexts count and are dropped."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from egdata.codebook.matcher import BLOCKED, Rule, Rules, all_matches, find_matches, longest


def rule_of(rule_id, code, pattern):
    needed = max(re.findall(r"\w+(?![?*+])", re.sub(r"\(\?.*?\)|\[.*?\]|\\.", " ", pattern)), key=len, default="")
    return Rule(rule_id, code, {}, frozenset({needed.lower()}) - {""}, pattern, re.compile)


def rules(*pairs):
    """Rules r1, r2, … of (code, pattern)."""
    return [rule_of(f"r{n}", code, pattern) for n, (code, pattern) in enumerate(pairs, start=1)]


def coded_spans(pairs, text, *span):
    """Start, end and code of each match; rules that know their words find what those that do not find."""
    plain = rules(*pairs)
    matches, same = find_matches(plain, text, *span), find_matches(Rules(plain), text, *span)
    assert [match[:3] for match in matches] == [match[:3] for match in same]
    return [(match.start, match.end, match.rule.code) for match in matches]


def test_the_longest_match_wins_whatever_the_order_of_the_rules():
    # 'the Council of Europe Convention': no mention of the Council of Europe (欧洲委员会)
    pairs = [("council", "欧洲委员会"), ("convention", "《欧洲委员会网络犯罪公约》")]
    text = "欧洲委员会和《欧洲委员会网络犯罪公约》"
    assert coded_spans(pairs, text) == [(0, 5, "council"), (6, 19, "convention")]
    assert coded_spans(pairs[::-1], text) == [(0, 5, "council"), (6, 19, "convention")]


def test_a_blocked_context_takes_its_words_away():
    # 发展中国家 'developing countries' holds 中国 'China'
    pairs = [("china", "中国"), (BLOCKED, "发展中国家")]
    assert coded_spans(pairs, "中国和发展中国家") == [(0, 2, "china")]


def test_a_blocked_context_loses_to_a_longer_match():
    pairs = [("long", "发展中国家集团"), (BLOCKED, "发展中国家"), ("china", "中国")]
    assert coded_spans(pairs, "发展中国家集团") == [(0, 7, "long")]


def test_of_two_overlapping_matches_of_one_length_the_earlier_stays():
    assert coded_spans([("late", "bc"), ("early", "ab")], "abc") == [(0, 2, "early")]


def test_of_two_matches_of_the_same_words_the_rule_that_comes_first_stays():
    assert coded_spans([("first", "ab"), ("second", "a.")], "ab") == [(0, 2, "first")]
    assert coded_spans([("second", "a."), ("first", "ab")], "ab") == [(0, 2, "second")]


def test_matches_come_in_text_order():
    assert coded_spans([("b", "bbb"), ("a", "a"), ("c", "cc")], "ccabbb") == [(0, 2, "c"), (2, 3, "a"), (3, 6, "b")]


def test_what_a_loser_leaves_uncovered_is_not_given_to_it():
    # 'abc' loses to 'bcde'; the 'a' before it stays free for another rule
    assert coded_spans([("abc", "abc"), ("bcde", "bcde"), ("a", "a")], "abcde") == [(0, 1, "a"), (1, 5, "bcde")]


def test_a_span_keeps_matches_inside_and_lookarounds_outside():
    pairs = [("x", "(?<=第)一"), ("y", "二")]
    assert coded_spans(pairs, "第一二第一", 1, 2) == [(1, 2, "x")]
    assert coded_spans(pairs, "第一二第一", 2) == [(2, 3, "y"), (4, 5, "x")]
    assert coded_spans(pairs, "第一二", 0, 0) == []
    assert coded_spans([("x", "一二?"), ("any", ".三?")], "一二三", 0, 1) == [(0, 1, "x")]
    assert coded_spans([("x", "一二?"), ("any", ".三?")], "一二三", 1, 2) == [(1, 2, "any")]


def test_matches_of_nothing_are_no_matches():
    assert coded_spans([("empty", "x*")], "aaa") == []
    assert coded_spans([], "aaa") == []
    assert coded_spans([("a", "a")], "") == []


def test_all_matches_keeps_what_overlaps():
    every = all_matches(rules(("ab", "ab"), ("b", "b")), "abb")
    assert [(match.start, match.end, match.rule.code) for match in every] == [(0, 2, "ab"), (1, 2, "b"), (2, 3, "b")]


def test_many_rules_match_as_few_do():
    # support, the new convention, and words of all lengths beside rules of which nothing stands in the text
    few = rules(
        ("any", "."), ("one", "支"), ("two", "支持"), ("three", "新公约"), ("long", "支持新公约"), ("case", "(?i:Pact)")
    )
    many = Rules([*few, *rules(*(("other", f"{n}甲乙丙") for n in range(20)))])
    for text in ("", "支", "支持新公约", "新公约支", "PACT pact", "甲乙丙"):
        for span in ((0, None), (1, 4)):
            assert [match[:3] for match in all_matches(many, text, *span)] == [
                match[:3] for match in all_matches(few, text, *span)
            ]


def test_only_rules_of_which_a_word_stands_in_the_text_are_compiled():
    triple = Rules(rules(("new", "新.?公约"), ("old", "旧公约"), ("any", "[^约]约")))  # the new convention, the old one
    assert [match.rule.code for match in find_matches(triple, "新公约旧", 0, 3)] == ["new"]
    assert ["pattern" in vars(rule) for rule in triple] == [True, False, True]


def test_a_match_hands_on_its_groups():
    (match,) = find_matches(rules(("ga", r"第(?P<session>\d+)/(?P<number>\d+)号")), "第74/247号")
    assert (match.words["session"], match.words["number"]) == ("74", "247")


PATTERNS = st.lists(st.tuples(st.sampled_from(["x", "y", BLOCKED]), st.text("abc", min_size=1, max_size=4)), max_size=6)


@given(PATTERNS, st.text("abc", max_size=30))
def test_no_overlap_text_order_and_nothing_longer_left_out(pairs, text):
    every = all_matches(rules(*pairs), text)
    kept = longest(every)
    assert all(left.end <= right.start for left, right in pairwise(kept))
    for match in every:  # what was dropped overlaps something at least as long
        if match not in kept:
            rivals = [other for other in kept if other.start < match.end and match.start < other.end]
            assert max(other.end - other.start for other in rivals) >= match.end - match.start
    spans = [(match.start, match.end) for match in kept if match.rule.code != BLOCKED]
    assert [(match.start, match.end) for match in find_matches(rules(*pairs), text)] == spans
