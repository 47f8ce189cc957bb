"""English sentences in the style of United Nations reports; every one is invented."""

from __future__ import annotations

import pytest

import egdata as eg
from egdata.coding.clauses import read_clause_marks, split_clauses
from egdata.reading.report import parse_report, sentences_report
from egdata.tables.build import build_tables


def code(text):
    """The coding sheet of one English sentence."""
    return eg.code_sentences([text], lang="en")


def stances(text):
    """Issue → stance of one sentence; of two holders the last."""
    sheet = code(text)
    return {issue: stance for issue, stance in zip(sheet["issue"], sheet["stance"], strict=True) if issue}


def in_one_unit(text):
    """Statements of one paragraph."""
    return eg.find_statements(parse_report(f"1. {text}", "en"))


# ---- holders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        ("While some speakers supported the draft, others felt that it was too long.", ["some", "other"]),
        ("One delegation proposed a break, but several delegations preferred to continue.", ["one", "several"]),
        ("The rules are clear; it was noted that they were not applied.", ["unattributed", "impersonal"]),
        ("Some speakers stressed training, while others gave priority to equipment.", ["some", "other"]),
        ("Some speakers were in favour; one speaker, for her part, would rather see it dropped.", ["some", "one"]),
        ("One delegation asked for more time, a request supported by many speakers.", ["one", "many"]),
        ("The draft was welcomed by many delegations, although one speaker found it too long.", ["many", "one"]),
        ("The draft met with general approval, but some participants asked for more time.", ["general", "some"]),
    ],
)
def test_two_holders(text, holders):
    assert list(eg.find_statements(sentences_report([text], "en"))["holder"]) == holders


@pytest.mark.parametrize(
    "text",
    [
        "The representative of Chile, supported by several delegations, said that time was short.",
        "The representative of Chile, echoed by a number of others, asked for more time.",
        "The representative of Chile proposed a pause, supported by several speakers.",
    ],
)
def test_who_joins_a_holder_governs_the_same_words(text):
    statements = eg.find_statements(sentences_report([text], "en"))
    assert list(zip(statements["holder"], statements["quote"], strict=True)) == [("named", text), ("several", text)]


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        # a figure, a person asked, a place and a verb that somebody else owns report nothing
        ("In the second quarter, 17 staff members were deployed to the coast.", "unattributed"),
        ("In the second quarter, two speakers were against the move.", "several"),
        ("The pressure was on delegates to finish in time.", "unattributed"),
        ("The parties to the dispute shall make every effort to settle it.", "unattributed"),
        ("Some values may be hard to measure.", "unattributed"),
        ("Some value training.", "some"),
        ("There was little doubt that time was short.", "unattributed"),
        ("There was little support for the deadline.", "impersonal"),
        ("The Vienna Charter states that time is short.", "unattributed"),
        ("The Ombudsman states that time is short.", "named"),
        ("Chair Okello declared the tenth round closed at noon.", "unattributed"),
        ("States are invited to register.", "unattributed"),
        # who did something else before speaks all the same
        ("The Committee considered the report on its budget.", "unattributed"),
        ("The Committee considered the report on its budget and took note of the delay.", "named"),
        ("Chair Okello opened the plenary saying that time was short.", "named"),
        ("Women and Gender said that time was short.", "named"),
        ("Parties reached agreement on the deadline.", "speakers"),
        ("Diverging views still persisted on the deadline.", "impersonal"),
        ("On the definition of 'noon,' Peru supported the second option.", "named"),
    ],
)
def test_who_speaks_in_an_account_of_a_meeting(text, holder):
    assert list(eg.find_statements(sentences_report([text], "en"))["holder"]) == [holder]


@pytest.mark.parametrize("blank", [" ", "\n", "\n\n"])
def test_no_quote_begins_or_ends_with_a_blank(blank):
    second = (
        f"recalled the history of the question{blank}and stressed that it was old;{blank}other speakers opposed it."
    )
    report = parse_report(
        f"I. Summary\n\n1. Some speakers supported a new convention;{blank}one speaker {second}", "en"
    )
    quotes = build_tables(eg.code(report))["statements"]["quote"]
    assert len(quotes) > 2
    assert list(quotes) == [quote.strip() for quote in quotes]


def test_anaphora_inside_a_unit():
    statements = in_one_unit(
        "Some speakers welcomed the draft. They also thanked the Chair. One delegation disagreed. "
        "That delegation proposed a pause. Those speakers insisted."
    )
    assert list(statements["holder"]) == ["some", "some", "one", "one", "some"]
    assert list(statements["group_id"]) == ["1#1/s1", "1#1/s1", "1#3/s1", "1#3/s1", "1#1/s1"]


def test_two_mentions_are_two_groups():
    statements = in_one_unit("Some speakers welcomed the draft. Some speakers thanked the Chair.")
    assert list(statements["group_id"]) == ["1#1/s1", "1#2/s1"]


def test_asides_end_no_clause():
    text = "It was, however, noted that States should, where possible, act."
    marks = read_clause_marks(eg.read_codebook(), "en")
    assert split_clauses(text, marks) == [(0, len(text))]
    assert len(split_clauses("It was, in the view of one speaker, late.", marks)) == 3  # a source speaks


# ---- modality -------------------------------------------------------------------------------------------------------


# ---- instruments ----------------------------------------------------------------------------------------------------


# ---- positions ------------------------------------------------------------------------------------------------------


def test_two_issues_in_one_sentence():
    text = "Other speakers favoured using existing instruments, such as the Budapest Convention, to the full extent."
    assert stances(text) == {"budapest-standard": "for", "new-convention": "against"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Some speakers rejected the idea of a new convention, while others held the opposite view.",
            ["against", "for"],
        ),
        ("Some speakers opposed a new convention; other speakers did not share that view.", ["against", "for"]),
        ("Some speakers opposed a new convention; others shared that view.", ["against", "against"]),
        ("Norway supported a new convention, while Egypt opposed this.", ["for", "against"]),
        ("One delegation opposed a new convention; others agreed.", ["against", "against"]),
        ("One delegation opposed a new convention, a position shared by many speakers.", ["against", "against"]),
        (
            "Several speakers demanded that States refrain from unilateral measures; others disagreed.",
            ["for", "against"],
        ),
    ],
)
def test_who_shares_or_disputes_a_view_answers_it(text, expected):
    assert list(code(text)["stance"]) == expected


def test_a_second_verb_has_a_subject_of_its_own():
    text = "Some speakers opposed a new convention and regarded the Budapest Convention as the appropriate standard."
    assert stances(text) == {"new-convention": "against", "budapest-standard": "for"}


def test_two_holders_take_two_sides():
    sheet = code("Some speakers supported a new convention, while others opposed such a convention.")
    assert list(zip(sheet["holder"], sheet["issue"], sheet["stance"], strict=True)) == [
        ("some", "new-convention", "for"),
        ("other", "new-convention", "against"),
    ]


def test_contrast_between_paragraphs():
    report = parse_report(
        "1. Some speakers supported a new convention on cybercrime.\n"
        "2. However, other speakers opposed such a convention.",
        "en",
    )
    contrasts = eg.find_contrasts(report)
    assert list(zip(contrasts["from_id"], contrasts["to_id"], strict=True)) == [("2#1/s1", "1#1/s1")]


def test_the_words_that_name_a_holder_begin_with_no_blank():
    report = sentences_report(["Time was short; early ratification is recommended."], "en")
    assert list(eg.find_statements(report)["holder_quote"]) == ["early ratification is recommended"]


def test_the_words_of_a_position_end_with_no_blank():
    # a condition takes in so many letters of what follows, wherever that ends
    texts = [
        f"Transborder access to data was acceptable, subject to {'x' * n} and y and z {'x' * 60}." for n in range(60)
    ]
    quotes = eg.find_positions(sentences_report(texts, "en"))["quote"]
    assert len(quotes) == len(texts)
    assert not quotes.str.endswith(" ").any()
