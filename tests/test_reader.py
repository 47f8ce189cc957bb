"""The reader page as HTML: the text is whole, the report's words stay words, nothing lies outside the file."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

import egdata as eg
from egdata.base.errors import EgdataError
from egdata.cli import app
from egdata.pages import reader
from egdata.pages.reader import FACETS, reader_page
from egdata.reading.report import parse_report, sentences_report

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
def htmls(real_coding):
    """The page of the bundled report in each language."""
    return {lang: reader_page(real_coding, lang) for lang in ("en", "zh")}


@pytest.fixture(scope="module")
def page(htmls):
    return Page(htmls["en"])


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_whole_text_stands_on_the_page(page, real):
    title = real.sections.loc[real.sections["level"] == 0, "text"].iloc[0]
    assert squeezed("".join(page.article)) == squeezed(real.text).removeprefix(squeezed(title))


def test_all_statements_and_mentions_are_marked(page, real_coding):
    statements, mentions = real_coding.statements, real_coding.mentions
    assert {int(number) for number in page.having("data-statement")} == set(range(len(statements)))
    assert {int(number) for number in page.having("data-mention")} == set(range(len(mentions)))
    assert [row["quote"] for row in page.data()["mentions"]] == list(mentions.sort_values("start")["quote"])


def test_data_are_those_of_the_tables(page, real_coding):
    data = page.data()
    rows = [row | {"citation": sentence["citation"]} for sentence in data["sentences"] for row in sentence["rows"]]
    told = [row for row in rows if row["issue"]]
    assert len(told) == len(real_coding.positions)
    columns = ["statement_id", "holder", "issue_id", "stance", "quote", "citation"]
    assert {(p["statement"], p["holder"], p["issue"], p["stance"], p["quote"], p["citation"]) for p in told} == set(
        real_coding.positions[columns].itertuples(index=False, name=None)
    )
    assert list(dict.fromkeys(row["statement"] for row in rows)) == list(real_coding.statements["statement_id"])
    sheet = eg.coding_sheet(real_coding).drop_duplicates("sid").set_index("sid")
    for sentence in data["sentences"]:
        row = sheet.loc[sentence["sid"]]
        assert ";".join(sentence["instruments"]) == row["instruments"]
        assert ";".join(sentence["themes"]) == row["themes"]
        assert (sentence["modality"], sentence["text"]) == (row["modality"], row["text"])
    for codes in data["codes"].values():
        for label in codes.values():
            assert label["en"]
            assert label["zh"]


def test_paragraphs_can_be_linked_to(page, real):
    ids = page.having("id")
    assert len(ids) == len(set(ids))
    assert set(real.units["unit_id"]) <= set(ids)
    for target in page.having("href"):
        assert (target.startswith("#") and target[1:] in ids) or target == "data:,", target


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_outside_the_file(htmls, real_coding, lang):
    html = htmls[lang]
    assert len(html.encode()) < 1_500_000
    style_and_script = "".join(re.findall(r"<(?:style|script type=\"module\")>.*?</(?:style|script)>", html, re.DOTALL))
    style_and_script = re.sub(r'url\("data:[^"]*"\)|"http://schemas.openxmlformats.org"', "", style_and_script)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"^\s*//.*| // .*", "", style_and_script, flags=re.M))
    page = Page(html)
    assert not page.having("src")
    assert page.elements[0] == ("html", {"lang": lang})
    assert reader_page(real_coding, lang) == html


def test_the_report_is_data():
    page = Page(reader_page(parse_report(HOSTILE)))
    assert len(page.scripts) == 2  # ours: data and code
    assert "img" not in [tag for tag, _ in page.elements]
    text = "".join(page.article)
    assert '<script>alert("1")</script>' in text
    assert "&lt;b&gt;和{{ 7 * 7 }}与]]>是文字" in text
    assert any("<script>" in statement["quote"] for statement in page.data()["statements"])


def test_policy_names_the_style_and_the_script(htmls):
    html = htmls["en"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    for tag, opening in (("style", "<style>"), ("script", '<script type="module">')):
        assert reader._hash(re.search(rf"{opening}(.*?)</{tag}>", html, re.DOTALL)[1]) in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_word_of_the_page_stands_in_both_languages():
    folder = Path(reader.__file__).parent / "assets"
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    assert words["en"].keys() == words["zh"].keys()
    assert all(text for lang in ("en", "zh") for text in words[lang].values())
    code = "".join(file.read_text(encoding="utf-8") for file in folder.iterdir() if file.suffix in (".html", ".js"))
    asked = set(re.findall(r'(?:data-word=|data-title=|\bword\(|\bsay\(|Error\()"(\w+)"', code))
    asked -= {"byPerson"}  # how many codes a person decided
    asked |= {*FACETS, *reader.VOICES, *(word for _, word in reader.SHORTCUTS)}
    assert asked - words["en"].keys() == set()
    spoken = {name for name in words["en"] if f'"{name}"' in code} | asked | {"search_zh", "search_en"}
    assert words["en"].keys() == spoken


def test_modules_are_one_script(page):
    script = page.scripts[1]
    assert not re.search(r"^(?:import|export (?!default))", script, re.MULTILINE)
    for file in (Path(reader.__file__).parent / "assets").glob("*.js"):  # each after those that it needs
        for name in re.findall(r'from "\./(\w+)\.js"', file.read_text(encoding="utf-8")):
            opening = [(file.parent / f"{stem}.js").read_text(encoding="utf-8")[:60] for stem in (name, file.stem)]
            assert script.index(opening[0]) < script.index(opening[1])


def test_footnotes_and_bare_sentences():
    page = Page(reader_page(sentences_report(["一些发言者支持新公约。", "会议结束。"])))
    assert len(page.data()["statements"]) == 2
    notes = "1. 会上提到《联合国宪章》。1\n2. 会议结束。\n_________\n1 见《联合国反腐败公约》。\n"  # with a footnote
    page = Page(reader_page(parse_report(notes)))
    assert "#fn1" in page.having("href")
    assert [mention["citation"] for mention in page.data()["mentions"]][-1].endswith("footnote 1")


def test_wrong_language_is_named(real, real_coding):
    with pytest.raises(EgdataError, match="lang is 'fr'"):
        reader_page(real_coding, "fr")


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


def test_command_with_several_coders(tmp_path):
    text = "1. Some speakers supported a new convention on cybercrime.\n"
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    sheet = eg.coding_sheet(parse_report(text, "en")).assign(stance="neutral")
    sheet.to_csv(tmp_path / "mine.csv", index=False)
    sheet.assign(stance="for").to_csv(tmp_path / "yours.csv", index=False)
    files = [str(tmp_path / name) for name in ("report.txt", "mine.csv", "yours.csv", "r.html")]
    run = CliRunner().invoke(app, ["reader", files[0], "--second", files[1], "--second", files[2], "--out", files[3]])
    assert run.exit_code == 0, run.output
    data = Page((tmp_path / "r.html").read_text(encoding="utf-8")).data()
    assert data["coders"] == ["rules", "person", "person (yours.csv)"]
    said = [data["opinions"][coder]["1#1/s1"]["new-convention"][0] for coder in data["coders"][1:]]
    assert said == ["neutral", "for"]


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory, real):
    file = tmp_path_factory.mktemp("reader") / "reader.html"
    reader.write_reader(real, file)
    return file.as_uri()


@pytest.fixture
def opened(chromium, address):
    """A function that opens the page; it must be left without a complaint and without a request."""
    said = []
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"], offline=True)

    def open_page(hash="", **options):
        page = context.new_page() if not options else chromium.new_page(**options)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: request.url.startswith(("file:", "data:")) or said.append(request.url))
        page.goto(address + hash)
        return page

    yield open_page
    context.close()
    assert said == []


def counts(page, facet):
    """The codes of a facet with their numbers, as they stand beside the boxes."""
    rows = page.evaluate(
        """facet => [...document.querySelectorAll(`[data-facet="${facet}"] li`)]
             .map(row => [row.querySelector("input").value, Number(row.querySelector(".n").textContent)])""",
        facet,
    )
    return dict(rows)


def n_by(frame, column):
    """How many statements have each code."""
    return frame.groupby(column)["statement_id"].nunique().to_dict()


@pytest.mark.browser
def test_counts_are_those_of_the_tables(opened, real, real_coding):
    page = opened()
    statements, positions = real_coding.statements, real_coding.positions
    places = real.sentences.merge(real.units[["unit_id", "voice"]], on="unit_id")
    themes = real_coding.themes.merge(statements[["statement_id", "sentence_id"]], on="sentence_id")
    pairs = real_coding.mentions.merge(statements[["statement_id", "sentence_id"]], on="sentence_id")
    pairs = pairs[pairs["kind"].eq("instrument")]
    assert counts(page, "issue") == n_by(positions, "issue_id")
    assert counts(page, "stance") == n_by(positions, "stance")
    assert counts(page, "holder") == n_by(statements, "holder")
    assert counts(page, "voice") == n_by(statements.merge(places, on="sentence_id"), "voice")
    assert counts(page, "theme") == n_by(themes, "theme_id")
    assert counts(page, "instrument") == n_by(pairs[pairs["entity_id"].ne("")], "entity_id")
    told = positions
    cells = {"|".join(key): f" {len(group)}" for key, group in told.groupby(["issue_id", "stance", "holder"])}
    shown = page.evaluate(
        "[...document.querySelectorAll('[data-cell]')].map(cell => [cell.dataset.cell, cell.textContent])"
    )
    assert {cell for cell, _ in shown} == set(cells)
    assert all(text.endswith(cells[cell]) for cell, text in shown)


@pytest.mark.browser
def test_filters_agree_with_the_tables_and_the_back_button_undoes_them(opened, real_coding):
    told = real_coding.positions
    page = opened()
    page.locator("[data-facet=issue] input[value=new-convention]").check()
    of_issue = told[told["issue_id"] == "new-convention"]
    assert counts(page, "stance") == {code: n_by(of_issue, "stance").get(code, 0) for code in counts(page, "stance")}
    page.locator("[data-facet=stance] input[value=for]").check()
    both = of_issue[of_issue["stance"] == "for"]
    assert page.locator("#n-shown").inner_text() == str(both["statement_id"].nunique())
    # a statement for one thing and against another is not for that other one
    assert counts(page, "holder") == {code: n_by(both, "holder").get(code, 0) for code in counts(page, "holder")}
    assert page.evaluate(
        "new Set([...document.querySelectorAll('.is-hit')].map(e => e.dataset.statement)).size"
    ) == len(both)
    shared = page.url
    page.go_back()
    expect(page.locator("#n-shown")).to_have_text(str(of_issue["statement_id"].nunique()))
    assert not page.locator("[data-facet=stance] input[value=for]").is_checked()
    page.go_forward()
    expect(page.locator("#n-shown")).to_have_text(str(len(both)))
    page.locator("#clear").click()
    assert page.locator("#n-shown").inner_text() == str(len(real_coding.statements))
    again = opened(shared.partition("#")[1] + shared.partition("#")[2])  # the address can be sent to a colleague
    assert again.locator("#n-shown").inner_text() == str(len(both))


@pytest.mark.browser
def test_words_are_searched_and_only_matches_shown(opened, real_coding):
    page = opened()
    page.locator("#search").fill("新公约")  # new convention
    n = real_coding.statements["quote"].str.contains("新公约").sum()
    assert page.locator("#n-shown").inner_text() == str(n)
    page.locator("#only").check()
    texts = page.locator(".unit:visible").all_inner_texts()
    assert texts
    assert all("新公约" in text for text in texts)
    page.locator("#search").fill("no such words")
    assert page.locator("#nothing").is_visible()


@pytest.mark.browser
def test_a_cell_jumps_to_its_evidence_and_the_quote_can_be_copied(opened, real_coding):
    page = opened()
    told = real_coding.positions.merge(real_coding.statements[["statement_id", "quote"]], on="statement_id")
    row = told[(told["issue_id"] == "budapest-standard") & (told["stance"] == "against")].iloc[0]
    page.locator(f"[data-cell='budapest-standard|against|{row['holder']}']").click()
    codes = page.locator("#codes")
    assert row["rule_id"] in codes.inner_text()
    assert row["citation"] in codes.inner_text()
    assert page.locator(".statement.is-chosen").first.is_visible()
    assert page.evaluate("document.activeElement.classList.contains('is-chosen')")
    codes.locator("button.copy").click()
    expect(codes.locator("button.copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"“{row['quote_y']}” ({row['citation']})"


@pytest.mark.browser
def test_paragraphs_open_by_their_address(opened, real):
    for unit in ("21", "13(b)"):
        page = opened(f"#{unit}")
        assert page.evaluate("document.querySelector('.unit:target').id") == unit
        top = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        assert 0 <= top < 200


@pytest.mark.browser
def test_keys_alone_are_enough(opened):
    page = opened()
    page.keyboard.press("n")
    first = page.evaluate("document.activeElement.dataset.statement")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.dataset.statement") != first
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.dataset.statement") == first
    page.keyboard.press("Escape")
    assert page.locator("#close").is_hidden()
    assert page.evaluate("document.activeElement.dataset.statement") == first
    page.keyboard.press("Enter")
    assert page.locator("#close").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


@pytest.mark.browser
def test_nothing_is_asked_that_the_report_does_not_answer(chromium, tmp_path):
    reader.write_reader(parse_report("1. 会议结束。"), tmp_path / "short.html")  # the meeting ended
    page = chromium.new_page()
    page.goto((tmp_path / "short.html").as_uri())
    assert page.locator("[data-facet=holder]").is_visible()
    for hidden in ("[data-facet=issue]", "[data-facet=stance]", "#matrix-box"):
        assert page.locator(hidden).is_hidden()
    page.close()


@pytest.mark.browser
def test_holders_who_join_another_share_its_words(chromium, tmp_path):
    text = "1. The representative of Norway, supported by several delegations, opposed a new convention on cybercrime."
    reader.write_reader(parse_report(text, "en"), tmp_path / "joined.html")
    page = chromium.new_page()
    page.goto((tmp_path / "joined.html").as_uri())
    assert page.locator("#n-all").inner_text() == "2"
    page.locator("[data-cell='new-convention|against|several']").click()
    assert page.locator(".statement.is-chosen.is-hit").count() == 1
    assert page.locator("#codes .rows li").count() == 2
    page.close()


@pytest.mark.browser
def test_the_filter_finds_whoever_takes_part_by_name(chromium, tmp_path):
    text = (
        "1. Kenya, for the African Group, with Mali, supported by Chile and opposed by Fiji, wanted a new convention."
    )
    reader.write_reader(parse_report(text, "en"), tmp_path / "parts.html")
    page = chromium.new_page()
    page.goto((tmp_path / "parts.html").as_uri())
    assert counts(page, "actor") == dict.fromkeys(("ken", "african-group", "mli", "chl", "fji"), 1)
    rows = Page((tmp_path / "parts.html").read_text(encoding="utf-8")).data()["sentences"][0]["rows"]
    assert [row["actor"] for row in rows] == [[], ["ken"]]  # only who speaks stands in a sheet
    page.close()


@pytest.mark.browser
def test_page_speaks_two_languages(opened):
    page = opened()
    assert page.locator("#filters-title").inner_text() == "Filters"
    page.locator("#switch").click()
    assert page.locator("#filters-title").inner_text() == "筛选"
    assert page.locator("[data-facet=stance] li").first.inner_text().startswith("赞成")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_no_serious_barrier_and_nothing_wider_than_the_screen(opened, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    page = opened("#?stance=against", viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.locator(".statement.against").first.click()
    violations = Axe().run(page).response["violations"]
    assert [
        (violation["id"], violation["nodes"][0]["html"])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ] == []
    root = "document.documentElement"
    assert not page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")
    page.close()
