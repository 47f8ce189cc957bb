"""The brief: contested issues with the words on each side, as a page and as a document; the table for an article."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx
import pandas as pd
import pytest

import egdata as eg
from egdata.charts.words import blind_f1
from egdata.pages.brief import (
    MOST,
    article_docx,
    article_table,
    brief_docx,
    brief_files,
    brief_html,
    make_brief,
    render,
)
from egdata.pages.report import LINKS, Made

# Some speakers supported elaborating a new convention against cybercrime. / Other speakers opposed elaborating one. / One speaker
# noted that a new convention against cybercrime must not conflict with existing instruments. / Some speakers supported the Budapest
# Convention.
TEXT = """一. 讨论情况摘要

1. 一些发言者支持拟订一项打击网络犯罪的新公约。

2. 其他发言者反对拟订一项打击网络犯罪的新公约。

3. 一位发言者指出，打击网络犯罪的任何新公约都不应与现有文书冲突。

4. 一些发言者支持将《欧洲委员会网络犯罪公约》作为标准。
"""
CORRECTED = {"sid": ["2#1"], "holder": ["other"], "issue": ["new-convention"], "stance": ["conditional"]}


@pytest.fixture(scope="module")
def report():
    report = eg.parse_report(TEXT, meta={"symbol": "A/1", "report_id": "a"})
    report.glosses = {"1#1": "Some supported a <new> convention."}
    return report


@pytest.fixture(scope="module")
def corrected(report):
    return eg.code(report, corrections=pd.DataFrame(CORRECTED))


def text_of(document):
    opened = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_a_contested_issue_has_its_sides_with_words_and_places(report):
    brief = make_brief(report)
    assert brief.lead == "Brief: A/1. Positions: 4. Issues: 2, contested: 1."
    (point,) = brief.points
    assert point.issue == "New UN convention"
    assert [(side.stance, side.n) for side in point.sides] == [("for", 1), ("conditional", 1), ("against", 1)]
    said = [saying for side in point.sides for saying in side.said]
    assert [saying.place for saying in said] == ["para. 1", "para. 3", "para. 2"]
    assert [saying.holder for saying in said] == [
        "some (一些发言者)",
        "one speaker (一位发言者)",
        "others (其他发言者)",
    ]
    assert all(saying.quote in TEXT for saying in said)
    assert said[0].gloss == "Some supported a <new> convention."
    assert brief.undisputed == "Not contested: Budapest Convention as standard (1 for)."


def test_words_that_do_not_fit_are_cited():
    paragraphs = "\n\n".join(f"{n}. 一些发言者支持拟订一项打击网络犯罪的新公约。" for n in range(1, 7))
    against = "7. 其他发言者反对拟订一项打击网络犯罪的新公约。"
    (point,) = make_brief(eg.parse_report(f"一. 讨论情况摘要\n\n{paragraphs}\n\n{against}")).points
    first = point.sides[0]
    assert (first.n, len(first.said)) == (6, MOST)
    assert first.also == "Also: paras. 4, 5, 6."


def test_what_a_person_decided_is_said(corrected):
    brief = make_brief(corrected)
    (point,) = brief.points
    assert [(side.stance, side.n) for side in point.sides] == [("for", 1), ("conditional", 2)]
    assert [saying.is_decided for saying in point.sides[1].said] == [True, False]
    assert "A person decided 1 code." in brief.caveats
    assert "[decided by a person]" in brief_html(brief)
    assert "[decided by a person]" in text_of(brief_docx(brief))
    assert "其中1项编码由人判定。" in make_brief(corrected, "zh").caveats


def test_how_sure_it_is_follows_the_codebook_and_the_second_opinion(report, book, tmp_path):
    measured = blind_f1("position")["zh"]
    assert f"was {measured:.2f} on average" in make_brief(report).caveats[0]
    mine = replace(book, folder=tmp_path)
    assert "has not been measured" in make_brief(eg.code(report, mine)).caveats[0]

    def doubter(statements, codebook):
        said = {"issue": "new-convention", "stance": "for", "certainty": "check"}
        return [
            {"statement_id": row["statement_id"], **said, "quote": row["text"]} for row in statements.to_dict("records")
        ]

    other = eg.code(report, coder=doubter)
    notes = make_brief(eg.with_second_opinion(eg.code(report), other)).points[0].notes
    assert "A second coder agrees on 1 and differs on 2." in notes
    assert make_brief(other).caveats[0] == "Coded by doubter."
    assert make_brief(other).points == []


def test_page_and_document_say_the_same_and_no_markup_gets_through(report):
    for lang in ("en", "zh"):
        brief = make_brief(report, lang)
        page, document = brief_html(brief), text_of(brief_docx(brief))
        for point in brief.points:
            for said in (saying for side in point.sides for saying in side.said):
                assert said.quote in page
                assert said.quote in document
    page = brief_html(make_brief(report))
    assert "a &lt;new&gt; convention" in page
    assert not re.search(r"<script|src=|https?://", page)


def test_places_are_cited_in_the_language_of_the_brief():
    paragraphs = "\n\n".join(f"{n}. 一些发言者支持拟订一项打击网络犯罪的新公约。" for n in range(1, 7))
    against = "7. 其他发言者反对拟订一项打击网络犯罪的新公约。"  # others opposed what some supported in 1 to 6
    brief = make_brief(eg.parse_report(f"一. 讨论情况摘要\n\n{paragraphs}\n\n{against}"), "zh")
    (point,) = brief.points
    assert [said.place for said in point.sides[0].said] == ["第1段", "第2段", "第3段"]
    assert point.sides[0].also == "另见：第4、5、6段。"
    assert "（第7段）" in brief_html(brief)


def test_documents_do_not_say_when_they_were_written(report):
    for name, content in brief_files(report).items():
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert {part.date_time[0] for part in archive.infolist()} == {1980}
                assert b"<dcterms" not in archive.read("docProps/core.xml")


def test_a_document_takes_characters_that_xml_does_not():
    report = eg.parse_report(TEXT.replace("新公约", "新\x01公约", 1), meta={"title": "a\x02b", "report_id": "a"})
    brief = make_brief(report)
    assert "ab" in text_of(brief_docx(brief))
    assert text_of(article_docx(article_table(report), brief))


def test_a_report_without_positions_has_a_brief():
    report = eg.parse_report("一. 组织事项\n\n1. 会议于星期一开幕。")  # the meeting opened on Monday
    brief = make_brief(report)
    assert brief.lead.endswith("No position on an issue of this codebook was found.")
    assert any("subject" in caveat for caveat in brief.caveats)
    assert text_of(brief_docx(brief))
    assert article_table(report).empty
    assert text_of(article_docx(article_table(report), brief))


def test_the_table_for_an_article_is_in_the_order_of_issues_and_stances(report):
    table = article_table(report)
    assert list(table.columns) == ["issue", "stance", "holder", "words", "gloss_en", "citation"]
    assert table["citation"].tolist() == [f"A/1, para. {number}" for number in (1, 3, 2, 4)]
    assert table.loc[0, "gloss_en"] == "Some supported a <new> convention."
    told = text_of(article_docx(table, make_brief(report)))
    assert all(words in told for words in table["words"])
    assert "立场" in text_of(article_docx(article_table(report, "zh"), make_brief(report, "zh")))


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_brief_and_index_are_accessible_and_fit_a_phone(chromium, corrected, tmp_path, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    made = Made("a", "A/1", "A report", ["read all"], [], ["02_contested"], {"figure 03": "no data"})
    pages = {f"brief.{lang}": brief_html(make_brief(corrected, lang)) for lang in ("en", "zh")}
    pages |= {"one": render("report.html", made=[made], links=LINKS)}
    pages |= {"several": render("report.html", made=[made, made._replace(refused="bad.txt: no text")], links=LINKS)}
    look = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    page = chromium.new_context(**look).new_page()
    for name, html in pages.items():
        (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
        page.goto((tmp_path / f"{name}.html").as_uri())
        assert Axe().run(page).response["violations"] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Note: the report is about another subject"), ("zh", "注意：报告属于另一主题")]
)
def test_what_to_know_is_told_in_the_language_of_the_brief(lang, words):
    # 'I. Introduction', 'Some delegations supported a fishing quota.'
    other = eg.parse_report("一. 导言\n\n1. 一些代表团支持捕鱼配额。\n")
    assert any(line.startswith(words) for line in make_brief(other, lang=lang).caveats)
