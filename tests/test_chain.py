"""What governs a target: each construction in a sentence of its own, invented; Chinese with a gloss. By rules alone."""

import pytest

import egdata as eg
from egdata.coding.chain import read_governors, read_sentence
from egdata.coding.clauses import split_clauses
from egdata.reading.report import sentences_report


def stance(text: str, lang: str = "en") -> str:
    """The stance of a sentence on its only issue, without the weights that were learnt."""
    rules = eg.read_codebook().without_weights()
    (code,) = eg.find_positions(sentences_report([text], lang), rules)["stance"]
    return code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one word, and what turns it
        ("Some delegations supported a new convention.", "for"),
        ("Some delegations did not support a new convention.", "against"),
        ("Some delegations did not oppose a new convention.", "for"),
        ("No delegation doubted that a new convention was needed.", "for"),
        ("Some speakers regretted the absence of a new convention.", "for"),
        ("Some speakers argued against any plan to dissolve the Expert Group.", "for"),
        ("Some speakers called for the dissolution of the Expert Group.", "against"),
        ("Some speakers saw no reason why the mandate of the Expert Group should not be renewed.", "for"),
        # before and after the target
        ("The idea of a new convention was rejected.", "against"),
        ("A new convention found no favour with some delegations.", "against"),
        ("The view that a new convention was unnecessary was rejected.", "for"),
        ("There was no reason to believe, one speaker said, that the Budapest Convention was unsuitable.", "for"),
        # a coordinator closes what was joined to it
        ("Some speakers opposed any attempt to end the Expert Group or not to renew its mandate.", "for"),
        # in place of another thing
        ("Existing treaties should be used rather than a new convention.", "against"),
        # what is asked or told
        ("Delegations differed on whether a new convention was needed.", "neutral"),
        ("It was questioned whether a new convention was needed.", "against"),
        ("The Chair recalled that the General Assembly had decided to draft a new convention.", "neutral"),
        # conditions, and what a prohibition does not forbid
        ("A new convention was acceptable provided that it was adopted by consensus.", "conditional"),
        ("Any new convention must not weaken existing treaties.", "conditional"),
        # a reason is outside of the chain, and so is who opposes it
        ("A new convention was needed, since the present situation was unacceptable.", "for"),
        ("Some speakers warned that a new convention would be harmful.", "against"),
    ],
)
def test_the_chain_in_english(text, expected):
    assert stance(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一些代表团不反对拟订新公约。", "for"),  # did not oppose
        ("一些代表团不赞成拟订新公约的做法。", "against"),  # did not favour
        ("一些发言者认为没有必要拟订新公约。", "against"),  # saw no need
        ("一位发言者对新公约持保留意见。", "against"),  # had reservations
        ("一位发言者反对终止专家组的工作。", "for"),  # opposed ending the work
        ("没有理由不延长专家组的任期。", "for"),  # no reason not to extend
        ("各方对是否需要新公约意见不一。", "neutral"),  # divided on whether it was needed
        ("任何新文书都应避免与现有条约冲突。", "conditional"),  # should avoid conflicts with existing treaties
        ("一些发言者反对撤销专家组和不再延长其任期的主张。", "for"),  # opposed abolishing it and not extending
    ],
)
def test_the_chain_in_chinese(text, expected):
    assert stance(text, "zh") == expected


def test_words_that_belong_to_the_matter_are_no_operators():
    # 'not only'; 'illegal measures not in line with international law'
    for text, lang, words in (
        ("not only open-ended, but needed", "en", ["needed"]),
        ("避免非法措施", "zh", ["避免"]),
    ):
        governors = read_governors(eg.read_codebook(), lang)
        sentence = read_sentence(text, split_clauses(text, governors.marks), governors)
        assert [text[word.start : word.end] for word in sentence.operators] == words


def test_every_operator_of_a_list_keeps_or_turns():
    text = "no delegation opposed it"
    governors = read_governors(eg.read_codebook(), "en")
    sentence = read_sentence(text, split_clauses(text, governors.marks), governors)
    assert [(word.kind, word.sign) for word in sentence.operators] == [("chain_not", -1), ("chain_reject", -1)]
