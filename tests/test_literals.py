"""Words that patterns begin with and need: by hand, and never one too many."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egdata.codebook.codebook import RULES
from egdata.codebook.literals import fold, read_literals
from egdata.codebook.matcher import Rule, Rules, all_matches


@pytest.mark.parametrize(
    ("pattern", "first", "needed"),
    [
        ("(?:一些|许多)发言者", {"一些发言", "许多发言"}, {"一些发言", "许多发言"}),  # some, many speakers
        ("不?支持", {"支持", "不支持"}, {"支持", "不支持"}),  # support, or not
        ("[支坚]持", {"支持", "坚持"}, {"支持", "坚持"}),  # support, insist
        ("支.{0,9}拟订新公约", {"支"}, {"拟订新公"}),  # a gap, and the longer word behind it
        ("[^，]{0,9}新公约", set(), {"新公约"}),  # a gap before it
        ("(?:不.{1,3})?支持", {"不", "支持"}, {"支持"}),
        ("(?:不.*|.)支持", set(), {"支持"}),
        ("公约?", {"公"}, {"公", "公约"}),  # what begins with 公约 begins with 公
        (r"第\d条", {"第0条"}, {"第0条"}),  # any digit is one letter
        ("(?:a|b)?", set(), set()),
        ("a|b*", set(), set()),
        ("(?:ab)+", {"ab"}, {"ab"}),
        ("(?:ab){0,3}", set(), set()),
        ("x(?!yz)(?<=ab)", {"x"}, {"x"}),  # what stands around is no part of the match
        ("(?i:Straße)", {"stra"}, {"stra"}),
        ("[a-z]\\d", set(), {"0"}),
        ("", set(), set()),
    ],
)
def test_words_by_hand(pattern, first, needed):
    assert read_literals(re.compile(pattern)) == (first, needed)


def test_every_example_has_a_word_of_its_rule(book):
    for lang in ("zh", "en"):
        for table in ("actor_rules", "holder_rules", "instrument_rules", "issue_rules", "stance_rules", "theme_rules"):
            for rule in book.rules(table, lang):
                first, needed = read_literals(rule.pattern)
                assert needed, rule.rule_id  # or it would be tried on every sentence
                for found in rule.pattern.finditer(rule.row["example"]):
                    assert any(word in fold(found.string[found.start() :]) for word in needed), rule.rule_id
                    assert not first or fold(found[0]).startswith(tuple(first)), rule.rule_id


@st.composite
def patterns(draw):
    """Small patterns of a few letters, some with two cases."""
    piece = st.recursive(
        st.sampled_from(["a", "B", "c", "[ab]", "[^a]", ".", "^", r"\b", "支", "持", "ß", "ı", r"\d", "5"]),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda many: f"(?:{'|'.join(many)})"),
            inner.map(lambda one: f"(?:{one})?"),
            inner.map(lambda one: f"(?:{one})+?"),
            inner.map(lambda one: f"(?:{one}){{2}}"),
            inner.map(lambda one: f"(?={one})"),
        ),
        max_leaves=6,
    )
    return re.compile(draw(piece), draw(st.sampled_from([0, re.IGNORECASE])))


@settings(max_examples=60)
@given(st.lists(patterns(), min_size=20, max_size=24), st.text("aAbBcC支持ßsSıiIİ5٥", max_size=12))
def test_rules_that_know_their_words_match_as_if_they_did_not(many, text):
    plain = [Rule(f"r{number}", "x", pattern, {"part": "ab"[number % 2]}) for number, pattern in enumerate(many)]
    for span in ((0, None), (2, 9)):
        found, wanted = all_matches(Rules(plain), text, *span), all_matches(plain, text, *span)
        assert [match[:3] for match in found] == [match[:3] for match in wanted]
    for place in range(len(text)):
        starting = Rules(plain).starting(text)(place)
        for part in "ab":
            some, tried = (rule for rule in plain if rule.row["part"] == part), starting.get(part, [])
            assert [rule for rule in some if rule in tried or rule.pattern.match(text, place)] == tried


def test_rules_that_know_their_words_find_what_all_of_them_find_in_real_sentences(book, real):
    for lang in ("zh", "en"):
        for table in RULES:
            rules = book.rules(table, lang)
            for text in (*real.sentences["text"][::4], *(rule.row["example"] for rule in rules)):
                found, wanted = all_matches(rules, text), all_matches(list(rules), text)
                assert [match[:3] for match in found] == [match[:3] for match in wanted], text
