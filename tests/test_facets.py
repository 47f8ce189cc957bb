"""What the reader shows of an invented debate: contrasts from both sides, facets that count beside their own choice."""

from __future__ import annotations

import json
import re

import pytest

from egdata.pages.reader import reader_page
from egdata.reading.report import parse_report

#: 'Some speakers supported a new convention on cybercrime and opposed an extension of the Expert Group's mandate.'
#: 'But other speakers opposed a new convention.'
TEXT = "1. 一些发言者支持拟订打击网络犯罪的新公约，反对延长专家组的任务期限。\n2. 但其他发言者反对拟订新公约。\n"


@pytest.fixture(scope="module")
def html():
    return reader_page(parse_report(TEXT))


def test_both_statements_of_a_contrast_tell_of_it(html):
    data = json.loads(re.search(r'<script[^>]* id="data"[^>]*>(.*?)</script>', html, re.DOTALL)[1])
    assert [statement["contrasts"] for statement in data["statements"]] == [[1], [0]]


@pytest.mark.browser
def test_a_choice_leaves_the_counts_of_its_own_facet(chromium, html, tmp_path):
    (tmp_path / "reader.html").write_text(html, encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "reader.html").as_uri())

    def counts(facet):
        boxes = page.locator(f"[data-facet={facet}] li").all()
        return {box.locator("input").get_attribute("value"): int(box.locator(".n").inner_text()) for box in boxes}

    assert counts("stance") == {"for": 1, "against": 2}
    page.locator("[data-facet=stance] input[value=for]").check()
    assert page.locator("#n-shown").inner_text() == "1"
    assert counts("stance") == {"for": 1, "against": 2}  # what each would leave in place of the other
    assert counts("holder") == {"some": 1, "other": 0}
    page.locator("#clear").click()
    page.locator("[data-facet=holder] input[value=other]").check()
    assert counts("holder") == {"some": 1, "other": 1}
    assert counts("stance") == {"for": 0, "against": 1}
    page.close()
