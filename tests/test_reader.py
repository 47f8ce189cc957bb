"""The reader page as HTML: the text is whole, the report's words stay words, nothing lies outside the file."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from egdata import reader
from egdata.cli import app
from egdata.errors import EgdataError
from egdata.reader import FACETS, reader_page
from egdata.report import parse_report, sentences_report

HOSTILE = """1. 一些发言者支持新公约<script>alert("1")</script>，并提到</script><img src=x onerror="alert(2)">。
2. 会上指出，&lt;b&gt; 和 {{ 7 * 7 }} 与 ]]> 是文字。
"""  # some speakers supported a new convention <script>…; it was noted that &lt;b&gt; … are words


class Page(HTMLParser):
    """What the tests ask of a page: its elements, the text of its article, its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.scripts: list[str] = []
        self.article: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "img"):
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if "script" in self.open:
            self.scripts[-1] += text
        elif "article" in self.open and not {"sup", "a"} & set(self.open):
            self.article.append(text)

    def data(self) -> dict:
        return json.loads(self.scripts[0])

    def having(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


@pytest.fixture(scope="module")
def page(real, found):
    return Page(reader_page(real, tables=found))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_whole_text_stands_on_the_page(page, real):
    title = real.sections.loc[real.sections["level"] == 0, "text"].iloc[0]
    assert squeezed("".join(page.article)) == squeezed(real.text).removeprefix(squeezed(title))


def test_all_statements_and_mentions_are_marked(page, found):
    statements, mentions = found["statements"], found["mentions"]
    assert {int(number) for number in page.having("data-statement")} == set(range(len(statements)))
    assert {int(number) for number in page.having("data-mention")} == set(range(len(mentions)))
    assert [row["quote"] for row in page.data()["mentions"]] == list(mentions.sort_values("start")["quote"])


def test_data_are_those_of_the_tables(page, found):
    data = page.data()
    positions = found["positions"]
    told = [position for statement in data["statements"] for position in statement["positions"]]
    assert len(told) == len(positions)
    assert {(p["issue"], p["stance"], p["quote"], p["citation"]) for p in told} == set(
        positions[["issue_id", "stance", "quote", "citation"]].itertuples(index=False, name=None)
    )
    assert [s["holder"] for s in data["statements"]] == list(found["statements"]["holder"])
    for facet in FACETS:
        for label in data["facets"][facet].values():
            assert label["en"]
            assert label["zh"]


def test_paragraphs_can_be_linked_to(page, real):
    ids = page.having("id")
    assert len(ids) == len(set(ids))
    assert set(real.units["unit_id"]) <= set(ids)
    for target in page.having("href"):
        assert (target.startswith("#") and target[1:] in ids) or target == "data:,", target


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_outside_the_file(real, found, lang):
    html = reader_page(real, lang, tables=found)
    assert len(html.encode()) < 1_500_000
    style_and_script = "".join(re.findall(r"<(?:style|script)>.*?</(?:style|script)>", html, re.DOTALL))
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"^\s*//.*| // .*", "", style_and_script, flags=re.M))
    page = Page(html)
    assert not page.having("src")
    assert page.elements[0] == ("html", {"lang": lang})
    assert reader_page(real, lang, tables=found) == html


def test_the_report_is_data():
    page = Page(reader_page(parse_report(HOSTILE)))
    assert len(page.scripts) == 2  # ours: data and code
    assert "img" not in [tag for tag, _ in page.elements]
    text = "".join(page.article)
    assert '<script>alert("1")</script>' in text
    assert "&lt;b&gt;和{{ 7 * 7 }}与]]>是文字" in text
    assert any("<script>" in statement["quote"] for statement in page.data()["statements"])


def test_policy_names_the_style_and_the_script(real, found):
    html = reader_page(real, tables=found)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    for tag in ("style", "script"):
        assert reader._hash(re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]) in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_word_of_the_page_stands_in_both_languages():
    folder = Path(reader.__file__).parent / "page"
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    assert words["en"].keys() == words["zh"].keys()
    assert all(text for lang in words.values() for text in lang.values())
    code = "".join((folder / name).read_text(encoding="utf-8") for name in ("reader.html", "reader.js"))
    used = set(re.findall(r'data-word="(\w+)"|word\("(\w+)"\)|row\("(\w+)"', code))
    used = {name for names in used for name in names if name} | {*FACETS}
    assert used - {"facet"} <= words["en"].keys()
    assert words["en"].keys() <= used


def test_footnotes_and_bare_sentences():
    page = Page(reader_page(sentences_report(["一些发言者支持新公约。", "会议结束。"])))
    assert len(page.data()["statements"]) == 2
    notes = "1. 会上提到《联合国宪章》。1\n2. 会议结束。\n_________\n1 见《联合国反腐败公约》。\n"  # with a footnote
    page = Page(reader_page(parse_report(notes)))
    assert "#fn1" in page.having("href")
    assert [mention["citation"] for mention in page.data()["mentions"]][-1].endswith("footnote 1")


def test_wrong_language_is_named(real, found):
    with pytest.raises(EgdataError, match="lang is 'fr'"):
        reader_page(real, "fr", tables=found)


def test_command(tmp_path):
    (tmp_path / "report.txt").write_text(HOSTILE, encoding="utf-8")
    run = CliRunner().invoke(
        app, ["reader", str(tmp_path / "report.txt"), "--out", str(tmp_path / "r.html"), "--lang", "zh"]
    )
    assert run.exit_code == 0, run.output
    assert '<html lang="zh">' in (tmp_path / "r.html").read_text(encoding="utf-8")
    wrong = CliRunner().invoke(app, ["reader", "--out", str(tmp_path / "r.pdf")])
    assert wrong.exit_code == 2
    assert "name it .html" in wrong.output
