"""Commentary that is shown only beside the table that it was written for."""

import doctest

import pandas as pd
import pytest

import egdata as eg
import egdata.pages.commentary

STANCES = pd.DataFrame({"n": [3, 1]}, index=["for", "against"])


def key_of(table):
    return eg.commentary("", table, "").text.rpartition("(")[2].removesuffix(").*")


def test_commentary_stands_beside_the_table_it_was_written_for():
    assert eg.commentary("Most are **for** it.", STANCES, key_of(STANCES)).text == "Most are **for** it."


@pytest.mark.parametrize(
    "changed",
    [STANCES.assign(n=[2, 1]), STANCES.iloc[:0], STANCES.iloc[::-1], STANCES.rename(index={"for": "neutral"})],
    ids=["a value", "no row", "the order", "a label"],
)
def test_another_table_has_no_commentary_but_says_its_key(changed):
    told = eg.commentary("Most are for it.", changed, key_of(STANCES))
    assert "Most are for it." not in told.text
    assert key_of(changed) in told._repr_markdown_()
    assert key_of(changed) != key_of(STANCES)


def test_the_examples_hold():
    assert doctest.testmod(egdata.pages.commentary).failed == 0


def test_no_markup_of_a_report_gets_through():
    report = eg.parse_report(
        "1. Some speakers supported a new convention.", "en", meta={"title": "<img src=x> on A & B's"}
    )
    assert "*&lt;img src=x&gt; on A &amp; B's*" in repr(eg.source_note(eg.code(report)))
    assert eg.listed(["<b>", "A's"]) == "&lt;b&gt; and A's"
