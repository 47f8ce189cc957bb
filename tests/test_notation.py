"""The notation of phrases: every sign matches what the page of the codebook says, and the words it needs are needed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egdata.base.vocabulary import LANGS
from egdata.codebook.codebook import RULES
from egdata.codebook.matcher import Rules, all_matches
from egdata.codebook.notation import NotationError, Phrase, fold, names_used, read_phrase, whole_words

LISTS = {("drum", "zh"): "鼓/大鼓", ("drum", "en"): "kettledrum/drum[s]", ("nothing", "en"): "!(x)"}


def read(phrase, lang):
    return read_phrase(phrase, lang, lambda name: read_phrase(LISTS[name, lang], lang, dict, alone=False))


def first_match(phrase, lang, text):
    """What a phrase finds first; None if nothing."""
    flags = re.IGNORECASE if lang == "en" else 0
    match = re.search(whole_words(read(phrase, lang), lang), text, flags)
    return match and match[0]


@pytest.mark.parametrize(
    ("phrase", "text", "match"),
    [
        ("law", "The Law of the lawyers", "Law"),
        ("law", "lawyers", None),
        ("law*", "the lawyers", "lawyers"),
        ("*ly", "he fully agreed", "fully"),
        ("law/treaty", "a treaty", "treaty"),
        ("(law/treaty) on drums", "a treaty on drums", "treaty on drums"),
        ("the [new] law", "the law, the new law", "the law"),
        ("the [new] law", "the new law", "the new law"),
        ("law [now]", "the law now", "law now"),
        ("law[s]", "the laws", "laws"),
        ("[very]2 good", "very very very good", "very very good"),
        ("the _2 law", "the law", "the law"),
        ("the _2 law", "the very new law", "the very new law"),
        ("the _2 law", "the very new old law", None),
        ("the _2 law", "the new, old law", None),
        ("the __2 law", "the new, old law", "the new, old law"),
        ("the _ law", "the law of the new law", "the new law"),
        ("the _2-(not) law", "the not new law", None),
        ("said …20 that", "said in short that", "said in short that"),
        ("said …20 that", "said that", "said that"),
        ("said …20 that", "said, in short, that", None),
        ("said ……20 that", "said, in short, that", "said, in short, that"),
        ("said ……20 that", "said so. In that", None),
        ("said …20-(not) that", "said not that", None),
        ("said …2-20 that", "said that", None),
        ("said …", "he said so at length, and left", "said so at length"),
        ("need !(for/of)", "need for, need to", "need"),
        ("need !(for/of)", "need for", None),
        ("need !(for/of)", "need forty", "need"),
        ("need >(to)", "need of", None),
        ("<!(the/any) need", "the need", None),
        ("<!(the/any) need", "some need", "need"),
        ("<(urgent) need", "urgent need", "need"),
        ("{drum}", "The Drums", "Drums"),
        ("a {drum}{nothing}", "a drum", "a drum"),
        ('"may" !(not)', "may, but in May", "may"),
        ('"may"', "in May", None),
        ('"and/or"', "laws and/or treaties", "and/or"),
        ("State’s", "a State's", "State's"),
        ("“so”", 'he said "so"', '"so"'),
        ("^law", "by law", None),
        ("law$", "by law", "law"),
        ("article #", "article 32 bis", "article 32"),
        ("re:la+w", "laaw", "laaw"),
        ("re:big {drum}", "big drums", "big drums"),
    ],
)
def test_english(phrase, text, match):
    assert first_match(phrase, "en", text) == match


@pytest.mark.parametrize(
    ("phrase", "text", "match"),
    [
        ("不[太]支持", "不支持", "不支持"),  # do not (quite) support
        ("反对…4公约", "反对一项公约", "反对一项公约"),  # oppose a convention
        ("反对…4公约", "反对，公约", None),
        ("反对……4公约", "反对，公约", "反对，公约"),
        ("反对……4公约", "反对；公约", None),
        ("反对…4-(旧)公约", "反对旧公约", None),  # not the old one
        ("反对…", "反对一项公约，但", "反对一项公约"),
        ("公约!(草案)", "公约草案", None),  # the draft of a convention
        ("<!(新/旧的)公约", "旧的公约", None),
        ("<(新)公约", "新公约", "公约"),
        ("<!(<!(日)本)支持", "日本支持", "支持"),  # not after 'this', which 日本 (Japan) ends in
        ("<!(<!(日)本)支持", "基本支持", None),
        ('第#"/"#号', "第74/247号", "第74/247号"),
        ("大{drum}", "大大鼓", "大大鼓"),
        ("打{drum}声", "打大鼓声", "打大鼓声"),
    ],
)
def test_chinese(phrase, text, match):
    assert first_match(phrase, "zh", text) == match


def test_numbers_and_named_lists_are_handed_on():
    pattern = re.compile(read('第#"/"#号{drum:what}', "zh").pattern)
    match = pattern.search("第74/247号大鼓")
    assert (match.groups(), match["what"]) == (("74", "247", "大鼓"), "大鼓")


@pytest.mark.parametrize(
    "phrase",
    [
        "(一",
        "[一",
        "一]",
        "一)",
        "(一]",
        "{一",
        "一>二",
        '"一',
        "<(一…)二",
        "<!(x*) y",
        "<!(!(一)[二]三)四",
        "一…402021年",
    ],
)
def test_what_is_not_in_the_notation_is_refused(phrase):
    with pytest.raises(NotationError):
        read(phrase, "en")


def test_the_names_of_a_phrase():
    assert names_used("{drum} and {gong:what}") == {"drum", "gong"}


@pytest.mark.parametrize(
    ("phrase", "needed"),
    [
        ("(一些/许多)发言者", {"一些发言者", "许多发言者"}),  # some, many speakers
        ("[不]支持", {"支持"}),  # support, or not
        ("支…9拟订新公约", {"拟订新公约"}),  # a gap, and the longer word behind it
        ("公[约]", {"公"}),
        ("[一]3", set()),
        ("一/[二]", set()),
        ("{drum}声", {"鼓声", "大鼓声"}),
        ("!(一)二", {"二"}),
        ("re:一", set()),
    ],
)
def test_words_that_are_needed(phrase, needed):
    assert read(phrase, "zh").needed == needed


def test_every_example_has_a_word_of_its_rule(book):
    for lang in LANGS:
        for table in RULES:
            for rule in book.rules(table, lang):
                assert not rule.needed or any(word in fold(rule.row["example"]) for word in rule.needed), rule.rule_id


def test_rules_that_know_their_words_find_what_those_that_do_not_find(book, real):
    for table in ("actor_rules", "holder_rules", "stance_rules"):
        rules = book.rules(table, "zh")
        text = real.text[:4000]
        assert [match[:3] for match in all_matches(rules, text)] == [match[:3] for match in all_matches([*rules], text)]
        assert len(Rules(rules).standing_in(text)) < len(rules)


@given(st.text('ab (/)[]…_3*<>!{}"#', max_size=12))
def test_whatever_is_written_is_read_or_refused(phrase):
    try:
        read = read_phrase(phrase, "en", lambda name: Phrase("x", frozenset("x"), frozenset("x")))
    except NotationError:
        return
    re.compile(whole_words(read, "en"))
