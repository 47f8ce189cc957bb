"""Quotes shown in their context."""

from __future__ import annotations

import doctest
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

import egdata.pages.evidence
from egdata.analysis.contested import find_contrasts
from egdata.analysis.kwic import kwic
from egdata.base.errors import EgdataError
from egdata.coding.coding import code
from egdata.pages.evidence import show
from egdata.reading.report import parse_report, sentences_report

VOID = {"br", "img", "hr"}


class Page(HTMLParser):
    """The tags of a page, its text, the marked words; fails where tags do not nest."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.marked, self.quoted = [], [], [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "blockquote":
            self.quoted.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "mark" in self.open:
            self.marked.append(data)
        if "blockquote" in self.open:
            self.quoted[-1] += data


def spans(report, *words):
    """A table of the first place of each word."""
    rows = [(report.text.index(word), report.text.index(word) + len(word), word) for word in words]
    return pd.DataFrame(rows, columns=["start", "end", "quote"])


@pytest.fixture(scope="module")
def tables(real, book):
    coding = code(real, book)
    return {
        "statements": coding.statements,
        "positions": coding.positions,
        "mentions": coding.mentions,
        "contrasts": find_contrasts(coding),
        "kwic": kwic(real, "公约"),
        "sentences": real.sentences,
        "units": real.units,
        "footnotes": real.footnotes,
        "sections": real.sections,
    }


def test_plain_text():
    report = sentences_report(
        ["会上，一些发言者支持新公约。", "没有公约。"]
    )  # some support a new convention · there is none
    frame = spans(report, "新公约", "没有").assign(stance=["for", ""], issue_id=["new-convention", "no-such-issue"])
    assert repr(show(frame, report)) == (
        "sentences, para. 0 · issue: New UN convention · stance: for\n"
        "    会上，一些发言者支持【新公约】。\n"
        "\n"
        "sentences, para. 1 · issue: no-such-issue\n"
        "    【没有】公约。"
    )


def test_english_words_stand_in_square_brackets():
    report = sentences_report(["Some speakers supported a new convention."], "en")
    assert repr(show(spans(report, "new convention"), report)).endswith("supported a [new convention].")


@pytest.mark.parametrize(
    "name", ["statements", "positions", "mentions", "contrasts", "kwic", "sentences", "units", "footnotes", "sections"]
)
def test_every_table_of_spans_is_shown_as_it_stands(tables, real, name):
    frame = tables[name]
    shown = show(frame, real)
    assert len(shown) == len(frame) > 0
    words = frame[next(column for column in ("quote", "keyword", "text") if column in frame)]
    page = Page(shown._repr_html_())
    assert page.marked == list(words)
    for quote in shown.quotes:
        assert quote.before + quote.words + quote.after in real.text
        assert quote.citation.startswith("UNODC/CCPCJ/EG.4/2020/2, ")
    if "citation" in frame:
        assert [quote.citation for quote in shown.quotes] == list(frame["citation"])


def test_a_position_is_shown_in_its_sentence(tables, real):
    for quote in show(tables["positions"].query("issue_id == 'new-convention'"), real).quotes:
        assert quote.before + quote.words + quote.after in set(real.sentences["text"])


def test_the_bundled_report_is_taken_if_none_is_given(tables, real):
    frame = tables["positions"].head(2)
    assert show(frame) == show(frame, real)


def test_one_row_of_a_table(tables, real):
    assert show(tables["statements"].iloc[5], real) == show(tables["statements"].iloc[[5]], real)


def test_a_contrast_comes_with_what_it_is_set_against(tables, real):
    row = tables["contrasts"].iloc[0]
    (quote,) = show(row, real).quotes
    sentence = real.sentences.set_index("sentence_id").loc[row["to_id"].split("/")[0]]
    assert quote.answers == (real.citation(sentence["unit_id"]), sentence["text"])
    assert "\n  set against UNODC/CCPCJ" in repr(show(row, real))
    assert Page(show(row, real)._repr_html_()).quoted[1] == sentence["text"]
    with pytest.raises(EgdataError, match="to_id '999#1/s1' is no statement"):
        show(tables["contrasts"].head(1).assign(to_id="999#1/s1"), real)


def test_words_in_footnotes_and_headings_are_cited_as_such(tables, real):
    notes = [quote.citation for quote in show(tables["footnotes"], real).quotes]
    assert notes[0] == "UNODC/CCPCJ/EG.4/2020/2, para. 13(a), footnote 1"
    headings = [quote.citation for quote in show(tables["sections"], real).quotes]
    assert headings[0] == "UNODC/CCPCJ/EG.4/2020/2, title"
    assert "UNODC/CCPCJ/EG.4/2020/2, section II.A" in headings


def test_details_have_the_labels_of_the_codebook(tables, real, book):
    row = tables["mentions"].query("entity_id == 'budapest'").iloc[0]
    (quote,) = show(row, real, book).quotes
    assert quote.details[0] == "refers to: Budapest Convention"


EVIL = "<script>alert(\"1\")</script> & <b onmouseover='x'>convention</b>"


def test_what_a_report_says_is_text_and_nothing_else():
    report = sentences_report([f"They said {EVIL} here."], "en")
    for words in ("convention", EVIL, "<script>"):
        frame = spans(report, words).assign(stance="<img src=x onerror=1>")
        html = show(frame, report)._repr_html_()
        page = Page(html)
        assert {tag for tag, _ in page.tags} == {
            "div",
            "style",
            "figure",
            "figcaption",
            "cite",
            "blockquote",
            "mark",
            "strong",
        }
        assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
        assert page.marked == [words]
        assert page.quoted == [f"They said {EVIL} here."]
        assert "<script" not in html


def test_a_symbol_is_text_too():
    text = "Report on the meeting\nI. Summary\n1. They agreed on a convention.\n"
    report = parse_report(text, "en", meta={"symbol": "A/<script>/1", "report_id": "r"})
    assert "<script" not in show(spans(report, "convention"), report)._repr_html_()


def test_words_are_marked_by_more_than_a_colour_and_colours_follow_the_theme():
    html = show(spans(report := sentences_report(["新公约。"]), "公约"), report)._repr_html_()
    assert "新<mark><strong>公约</strong></mark>。" in html
    rules = dict(re.findall(r"\.egdata-quotes ?(\w*) \{([^}]*)\}", html))
    assert "border-bottom" in rules["mark"]
    assert "color: inherit" in rules["mark"]
    for value in re.findall(r"#[0-9a-f]{3,6}", html):
        assert f", {value})" in html  # only where the theme has none
    assert '<blockquote lang="zh">' in html


def test_an_empty_table_says_so(tables, real):
    none = show(tables["positions"].head(0), real)
    assert (len(none), repr(none)) == (0, "No quotes.")
    assert "<p>No quotes.</p>" in none._repr_html_()


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(0, 2, "公约"), (-3, -1, "公约"), (2, 2, ""), (99, 101, "公约"), (1, 3, "约")],
)
def test_words_that_are_not_there(start, end, quote):
    report = sentences_report(["新公约。"])  # a new convention
    frame = pd.DataFrame({"start": [start], "end": [end], "quote": [quote]}, index=[7])
    with pytest.raises(EgdataError, match=r"row 7: .* is not in Report\('sentences', zh, 1 units\).*pass the report"):
        show(frame, report)


def test_a_table_of_another_report(tables):
    with pytest.raises(EgdataError, match="pass the report that the table was made from"):
        show(tables["positions"], sentences_report(["新公约。"]))


def test_a_row_without_a_span():
    frame = pd.DataFrame({"start": [pd.NA], "end": [pd.NA], "quote": [""]})
    with pytest.raises(EgdataError, match="row 0: '' has no span"):
        show(frame, sentences_report(["新公约。"]))


def test_words_beyond_a_paragraph():
    report = sentences_report(["新公约。", "没有。"])
    with pytest.raises(EgdataError, match="goes beyond one paragraph"):
        show(spans(report, "约。\n没"), report)


@pytest.mark.parametrize("frame", [pd.DataFrame({"issue_id": ["x"]}), pd.DataFrame({"quote": ["x"]}), None, "quote"])
def test_a_table_without_spans(frame):
    with pytest.raises(EgdataError, match="needs the columns start, end and quote"):
        show(frame)


def test_docstrings():
    assert doctest.testmod(egdata.pages.evidence).failed == 0
