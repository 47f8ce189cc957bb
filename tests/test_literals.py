"""Words that patterns need: by hand, and never one too many."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egdata.literals import fold, needed_words
from egdata.match import Rule, Rules, all_matches


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?:一些|许多)发言者", {"一些发", "许多发"}),  # some, many speakers
        ("不?支持", {"支持", "不支持"}),  # support, or not
        ("[支坚]持", {"支持", "坚持"}),  # support, insist
        ("支.{0,9}持新公约", {"持新公"}),  # a gap, and the longer word behind it
        ("(?:a|b)?", set()),
        ("a|b*", set()),
        ("(?:ab)+", {"ab"}),
        ("(?:ab){0,3}", set()),
        ("x(?!yz)(?<=ab)", {"x"}),  # what stands around is no part of the match
        ("(?i:Straße)", {"str"}),
        ("[a-z]\\d", set()),
        ("", set()),
    ],
)
def test_words_by_hand(pattern, words):
    assert needed_words(re.compile(pattern)) == words


def test_every_example_has_a_word_of_its_rule(book):
    for lang in ("zh", "en"):
        for table in ("actor_rules", "holder_rules", "instrument_rules", "issue_rules", "stance_rules", "theme_rules"):
            for rule in book.rules(table, lang):
                words = needed_words(rule.pattern)
                assert words, rule.rule_id  # or it would be tried on every sentence
                for found in rule.pattern.finditer(rule.row["example"]):
                    assert any(word in fold(found[0]) for word in words), rule.rule_id


@st.composite
def patterns(draw):
    """Small patterns of a few letters, some with two cases."""
    piece = st.recursive(
        st.sampled_from(["a", "B", "c", "[ab]", "[^a]", ".", "^", r"\b", "支", "持", "ß", "ı"]),
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


@settings(max_examples=30)
@given(st.lists(patterns(), min_size=20, max_size=24), st.text("aAbBcC支持ßsSıiIİ", max_size=12))
def test_rules_that_know_their_words_match_as_if_they_did_not(many, text):
    plain = [Rule(f"r{number}", "x", pattern, {}) for number, pattern in enumerate(many)]
    for span in ((0, None), (2, 9)):
        found, wanted = all_matches(Rules(plain), text, *span), all_matches(plain, text, *span)
        assert [match[:3] for match in found] == [match[:3] for match in wanted]
