"""What a position rests on, in words and in numbers. Every sentence is invented."""

import pytest

import egdata as eg
from egdata.reading.report import sentences_report


def parts(text: str, issue: str, lang: str = "en") -> list[tuple[str, ...]]:
    explained = eg.explain(f"0/s1/{issue}", sentences_report([text], lang))
    return [tuple(row) for row in explained[["part", "words", "effect"]].values.tolist() if row[0] != "weighs"]


def test_a_double_negation_is_shown_word_by_word():
    assert parts("Some regretted the absence of a new convention.", "new-convention") == [
        ("target", "a new convention", "direct"),
        ("operator", "regretted", "turns"),
        ("operator", "absence of", "turns"),
        ("stance", "for", ""),
    ]


def test_a_condition_is_shown():
    text = "A new convention was acceptable provided that it was adopted by consensus."
    shown = parts(text, "new-convention")
    assert ("operator", "acceptable", "keeps") in shown
    assert any(part == "condition" and words.startswith("provided that") for part, words, _ in shown)
    assert shown[-1] == ("stance", "conditional", "")


def test_words_lie_where_they_are_said_to():
    report = sentences_report(
        ["一位发言者反对终止专家组的工作。"], "zh"
    )  # 'One speaker opposed ending the Group's work.'
    (row,) = eg.find_positions(report).to_dict("records")
    explained = eg.explain(row, report)
    words = explained[explained["part"].ne("stance")]
    spans = zip(words["start"], words["end"], strict=True)
    assert [report.text[start:end] for start, end in spans] == words["words"].tolist()
    assert explained["words"].iloc[-1] == "for"


def test_the_words_that_weighed_most_are_shown_and_speak_for_the_stance():
    report = sentences_report(["Several delegations were strongly opposed to a new convention."], "en")
    explained = eg.explain("0/s1/new-convention", report)
    weighed = explained[explained["part"] == "weighs"]
    assert 1 <= len(weighed) <= 3
    assert weighed["effect"].astype(float).gt(0).all()
    assert any("oppos" in words for words in weighed["words"])


def test_an_unknown_position_is_named():
    with pytest.raises(eg.EgdataError, match="0/s9/x"):
        eg.explain("0/s9/x", sentences_report(["The meeting was opened."], "en"))


def test_traces_count_turns_and_match_the_positions():
    texts = [
        "No delegation doubted that a new convention was needed.",
        "Some speakers supported a new convention.",
        "Reference was made to a new convention.",
    ]
    report = sentences_report(texts, "en")
    traces = eg.position_traces(report)
    assert traces["position_id"].tolist() == eg.find_positions(report)["position_id"].tolist()
    assert traces["n_turns"].tolist()[:2] == [2, 0]
    assert traces["decided_by"].tolist()[:2] == ["chain", "chain"]
    assert (traces["n_conflicting"] <= traces["n_cues"] + 1).all()


def test_no_positions_give_an_empty_frame():
    traces = eg.position_traces(sentences_report(["The meeting was opened."], "en"))
    assert traces.empty
    assert traces["is_weak"].dtype == bool
