"""Words that patterns cannot do without: by hand, and never one too many."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egdata.codebook.codebook import LANGS, RULES
from egdata.codebook.literals import fold, read_words
from egdata.codebook.matcher import Rule, Rules, all_matches


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("(?:一些|许多)发言者", {"一些发言者", "许多发言者"}),  # some, many speakers
        ("(?:一些|许多)发言者?", {"一些发言", "许多发言"}),
        ("不?支持", {"支持"}),  # support, or not
        ("[支坚]持", {"支持", "坚持"}),  # support, insist
        ("支.{0,9}拟订新公约", {"拟订新公约"}),  # a gap, and the longer word behind it
        ("(?:不.{1,3})?支持", {"支持"}),
        ("(?:不.*|.)支持", {"支持"}),
        ("公约?", {"公"}),
        ("公约*", {"公"}),
        ("新公约{0}", {"新公"}),
        ("公约{2}", {"公"}),
        ("公约+书", {"公"}),  # of words as long, the first
        (r"第\d条", {"第"}),
        ("(?:a|b)?", set()),
        ("a|b*", set()),
        ("(?:ab)+", {"ab"}),
        ("(?:ab){0,3}", set()),
        ("(?:ab){,3}", set()),
        ("x(?!yz)(?<=ab)(?#cd)$", {"x"}),  # what stands around is no part of the match
        ("(?P<x>ab)(?P=x)", {"ab"}),
        ("(ab)?(?(1)cd|ef)", set()),
        ("(ab)(?(1)cd|ef)", {"ab"}),
        ("(?i:Straße)", {"strase"}),
        ("(?x: ab )", set()),  # its blanks are none
        (r"A/RES\.", {"a/res"}),
        (r"\x41|\1|\N{DIGIT ONE}|[^a]|[a-z]|[a\d]", set()),
        ("[]a]b", {"]b", "ab"}),
        ("{big}锣|{big}鼓", {"大锣", "大鼓"}),  # a big gong, a big drum
        ("{ab}{1x", {"大{1x"}),
        ("", set()),
        ("ab)c", set()),  # which Python refuses
    ],
)
def test_words_by_hand(pattern, needed):
    assert read_words(pattern, lambda name: read_words("大", dict)).needed == needed


def test_every_example_has_a_word_of_its_rule(book):
    for lang in LANGS:
        for table in ("actor_rules", "holder_rules", "instrument_rules", "issue_rules", "stance_rules", "theme_rules"):
            for rule in book.rules(table, lang):
                if rule.row.get("part") == "name" and not rule.needed:  # of a name nothing is known but its capitals
                    continue
                assert rule.needed, rule.rule_id  # or it would be tried on every sentence
                for found in rule.pattern.finditer(rule.row["example"]):
                    assert any(word in fold(found[0]) for word in rule.needed), rule.rule_id


#: Small patterns of a few letters, some with two cases.
PATTERNS = st.tuples(
    st.recursive(
        st.sampled_from(
            ["a", "B", "c", "[ab]", "[^a]", ".", "^", r"\b", "支", "持", "ß", "ı", r"\d", "5", "{x}", "B*"]
        ),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda many: f"(?:{'|'.join(many)})"),
            inner.map(lambda one: f"(?:{one})?"),
            inner.map(lambda one: f"(?:{one})+?"),
            inner.map(lambda one: f"(?:{one}){{2}}"),
            inner.map(lambda one: f"(?={one})"),
        ),
        max_leaves=6,
    ),
    st.sampled_from([0, re.IGNORECASE]),
)


def rule_of(number, pattern, flags):
    named = {"x": "支持|A"}
    return Rule(
        rule_id=f"r{number}",
        code="x",
        row={},
        needed=read_words(pattern, lambda name: read_words(named[name], dict)).needed,
        compiled=lambda: re.compile(pattern.replace("{x}", f"(?:{named['x']})"), flags),
    )


@settings(max_examples=60)
@given(st.lists(PATTERNS, min_size=20, max_size=24), st.text("aAbBcC支持ßsSıiIİ5٥", max_size=12))
def test_rules_that_know_their_words_match_as_if_they_did_not(many, text):
    plain = [rule_of(number, *pattern) for number, pattern in enumerate(many)]
    for span in ((0, None), (2, 9)):
        found, wanted = all_matches(Rules(plain), text, *span), all_matches(plain, text, *span)
        assert [match[:3] for match in found] == [match[:3] for match in wanted]


def test_rules_that_know_their_words_find_what_all_of_them_find_in_real_sentences(book, real):
    for lang in LANGS:
        for table in RULES:
            rules = book.rules(table, lang)
            for text in (*real.sentences["text"][::8], *(rule.row["example"] for rule in rules[::4])):
                found, wanted = all_matches(rules, text), all_matches(list(rules), text)
                assert [match[:3] for match in found] == [match[:3] for match in wanted], text
