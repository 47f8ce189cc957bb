"""The site: what it shows, that it loads nothing from outside, that every link leads somewhere, whose files it touches."""

import json
import re
import shutil
from urllib.parse import unquote

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.analysis.kwic import kwic
from egdata.base.errors import EgdataError
from egdata.base.paths import data_path
from egdata.pages import site
from egdata.reading.report import sentences_report
from egdata.tables.schema import SCHEMA

ROOT = data_path().parent
CHART = "ax = eg.plot_themes(frame, lang='zh')"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture(scope="module")
def real_site(tmp_path_factory):
    """The site of this project."""
    folder = tmp_path_factory.mktemp("real") / "site"
    site.write_site(folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def real_pages(real_site):
    """Its pages by the names of their files, without the reader."""
    return {file.name: read(file) for file in pages_of(real_site)}


@pytest.fixture
def root(tmp_path):
    """A checkout with two notebooks, one figure and tables of a line each."""
    root = tmp_path / "root"
    for folder in ("notebooks", "figures", "data/tables"):
        (root / folder).mkdir(parents=True)
    write_notebook(root, "index", "# Start\n\n[on](one.ipynb#Part)")
    frame = pd.DataFrame({"n": [1], "text": ["一些发言者支持新公约。"]})  # 'Some speakers support a new convention.'
    report = sentences_report(["会上，一些发言者支持新公约。"])
    outputs = [frame._repr_html_(), eg.show(kwic(report, "新公约"), report)._repr_html_()]
    write_notebook(root, "one", "# One & only\n\n## Part\n\n[back](index.ipynb)", outputs)
    (root / "figures" / "README.md").write_text("# Figures\n\n![Bars.](01.png)\n\n[SVG](01.svg)\n", encoding="utf-8")
    for kind in ("svg", "png"):
        (root / "figures" / f"01.{kind}").write_text(SVG, encoding="utf-8")
    for name in ("report.txt", "datapackage.json", *(f"{name}.csv" for name in SCHEMA)):
        (root / "data" / "tables" / name).write_text("x\n", encoding="utf-8")
    return root


def write_notebook(root, name, markdown, html=(), **changes):
    new = nbformat.v4
    cells = [new.new_markdown_cell(markdown)]
    for number, output in enumerate(html, start=1):
        outputs = [new.new_output("execute_result", {"text/html": output, "text/plain": "x"}, execution_count=number)]
        cells.append(new.new_code_cell(f"cell{number}", execution_count=number, outputs=outputs))
    chart = new.new_output("display_data", {"image/png": PNG, "text/plain": "x"})
    cells.append(new.new_code_cell(CHART, **{"execution_count": len(cells), "outputs": [chart], **changes}))
    nbformat.write(new.new_notebook(cells=cells), root / "notebooks" / f"{name}.ipynb")


def pages_of(folder):
    """The pages without the reader, which has its own tests."""
    return [file for file in sorted(folder.glob("*.html")) if file.name != site.READER_FILE]


def read(file):
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


# ---- the site of this project ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_notebook_has_a_page_with_all_its_words(real_pages):
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        words = re.sub(r"\W", "", real_pages[f"{path.stem}.html"].find("main").get_text())
        for cell in nbformat.read(path, as_version=4).cells:
            source = (
                cell.source
                if cell.cell_type == "code"
                else re.sub(r"\]\(.*?\)|^\W*-{3}.*$", "", cell.source, flags=re.M)
            )
            for line in source.splitlines():
                assert re.sub(r"\W", "", line) in words, (path.name, line)


def test_every_output_is_shown(real_pages):
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        outputs = [
            output["data"] for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", ())
        ]
        page = real_pages[f"{path.stem}.html"]
        words = re.sub(r"\s", "", page.get_text())
        for data in outputs:
            if "text/html" in data:
                shown = BeautifulSoup(re.sub(r"<style.*?</style>", "", data["text/html"], flags=re.S), "html.parser")
                assert re.sub(r"\s", "", shown.get_text()) in words
        images = [image["src"].partition("base64,")[2] for image in page.find_all("img")]
        assert [image.strip() for image in images] == [
            data["image/png"].strip() for data in outputs if "image/png" in data
        ]


def test_nothing_is_loaded_from_outside_and_nothing_runs(real_site):
    """Read as plain text, apart from what the site itself checks."""
    files = [file for file in real_site.rglob("*") if file.suffix in {".html", ".css", ".svg", ".js"}]
    files.remove(real_site / site.READER_FILE)
    assert {file.suffix for file in files} == {".html", ".css", ".svg"}
    for file in files:
        text = file.read_text(encoding="utf-8")
        loaded = re.findall(r"""\b(?:src|srcset|data|poster|action|href)\s*=\s*["']?([^"'\s>]+)""", text)
        loaded += re.findall(r"""url\(\s*["']?([^"')]+)""", text)
        allowed = set(re.findall(r'<a href="(https?:[^"]+)"', text))  # followed only if a reader clicks
        assert not [address for address in loaded if re.match(r"(?:[a-z]+:)?//", address) and address not in allowed], (
            file
        )
        assert not re.search(r"@import|<script|<iframe|<object|<embed|\son[a-z]+=", text), file


def test_every_link_leads_somewhere(real_site, real_pages):
    n = 0
    for name, page in real_pages.items():
        for tag in page.find_all(["a", "img", "link"]):
            address = tag.get("href") or tag.get("src")
            if re.match(r"data:|https?:", address):
                continue
            path, mark, fragment = address.partition("#")
            assert (real_site / (path or name)).is_file(), (name, address)
            assert not mark or real_pages[path or name].find(id=unquote(fragment)), (name, address)
            n += 1
    assert n > len(real_pages) ** 2  # each has at least a link to every other


def test_every_page_has_title_language_navigation_and_described_images(real_pages):
    assert len({page.title.get_text() for page in real_pages.values()}) == len(real_pages)
    for name, page in real_pages.items():
        assert page.html["lang"] == "en"
        assert page.title.get_text() == f"{page.h1.get_text().removesuffix('¶')} · egdata"
        links = page.nav.find_all("a")
        assert {link["href"] for link in links} == {*real_pages, site.READER_FILE}
        assert links[0]["href"] == "index.html"
        assert [link["href"] for link in links if link.get("aria-current") == "page"] == [name]
        assert all(len(image["alt"]) > 20 and "No description" not in image["alt"] for image in page.find_all("img"))
        assert all("scroll" in table.parent["class"] for table in page.find_all("table"))


def test_figures_and_tables_are_copied(real_site, real_pages):
    for where, folder in (("figures", ROOT / "figures"), ("tables", data_path("tables"))):
        copied = contents(real_site / where)
        assert copied
        assert copied == {name: content for name, content in contents(folder).items() if name != "README.md"}
    gallery = real_pages["figures.html"]
    assert len(gallery.find_all("img")) == len(list((ROOT / "figures").glob("*.en.svg")))
    dictionary = real_pages["tables.html"]
    for name, table in SCHEMA.items():
        columns = dictionary.find(id=name).find_next("tbody").find_all("tr")
        assert [row.td.get_text() for row in columns] == [column.name for column in table.columns]


def test_chinese_is_readable_without_a_chinese_font(real_site, real_pages):
    import base64
    import io

    from fontTools.ttLib import TTFont

    (data,) = re.findall(r'url\("data:font/woff;base64,([^"]+)"', (real_site / "style.css").read_text(encoding="utf-8"))
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    text = "".join(page.get_text() for page in real_pages.values())
    assert set(map(ord, re.findall(r"[\u3001-\u9fff]", text))) <= set(font.getBestCmap())
    assert "OFL" in font["name"].getDebugName(13) + font["name"].getDebugName(14)


@pytest.mark.slow
def test_a_second_run_gives_the_same_bytes(real_site, tmp_path):
    site.write_site(tmp_path / "again", ROOT)
    assert contents(tmp_path / "again") == contents(real_site)


def test_colours_are_readable_in_light_and_dark():
    """Contrast of 4.5, WCAG 2.2 AA, of every colour of text on the grounds that it stands on."""
    text = site.asset(site.STYLE_FILE)
    light, dark = text.split("prefers-color-scheme: dark")
    for part in (light, dark):
        colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]+)", part))
        assert {"ground", "soft", "text"} <= set(colours)
        for name in set(colours) - {"ground", "soft", "line", "mark"}:
            for ground in ("ground", "soft"):
                lighter, darker = sorted(map(luminance, (colours[name], colours[ground])), reverse=True)
                assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (name, ground)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ---- pages -------------------------------------------------------------------------------------------------------------


def test_a_small_site(root, tmp_path):
    written = site.write_site(tmp_path / "site", root)
    assert sorted(file for file in (tmp_path / "site").rglob("*") if file.is_file()) == sorted(written)
    index, page = read(tmp_path / "site" / "index.html"), read(tmp_path / "site" / "one.html")
    assert [link["href"] for link in index.nav.find_all("a")] == [
        "index.html",
        "one.html",
        "figures.html",
        "tables.html",
        "reader.html",
    ]
    assert index.find("a", string="on")["href"] == "one.html#Part"
    assert index.find(rel="next")["href"] == "one.html"
    assert page.title.get_text() == "One & only · egdata"
    assert page.find("td", lang="zh-Hans").get_text() == "一些发言者支持新公约。"
    assert page.find("mark").get_text() == "新公约"
    assert page.find("img")["alt"] == (
        "Chart with Chinese labels: how much of each section is about each theme. Its numbers stand in the table above it."
    )
    assert read(tmp_path / "site" / "figures.html").find("img")["src"] == "figures/01.svg"


def test_a_table_with_quotes_tells_each_cell_its_column(root, tmp_path):
    quote = "一些发言者支持新公约，而其他发言者反对。" * 3  # some speakers support a new convention, others oppose it
    index = pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["issue", "n"])
    frame = pd.DataFrame({"holder": ["some", "other"], "quote": [quote, quote]}, index=index)
    write_notebook(root, "two", "# Two", [frame._repr_html_()])
    site.write_site(tmp_path / "site", root)
    rows = read(tmp_path / "site" / "two.html").select("table.cards tbody tr")
    labels = [[cell["data-label"] for cell in row.find_all(["th", "td"])] for row in rows]
    assert labels == [["issue", "n", "holder", "quote"], ["n", "holder", "quote"]]
    assert not read(tmp_path / "site" / "one.html").select("table.cards")


def test_show_has_its_colours_from_the_site(root, tmp_path):
    site.write_site(tmp_path / "site", root)
    shown = (tmp_path / "site" / "one.html").read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--jp-[a-z0-9-]+)", shown))
    assert used
    assert used <= set(re.findall(r"(--jp-[a-z0-9-]+):", (tmp_path / "site" / "style.css").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"execution_count": None, "outputs": []}, "one.ipynb: cell 2 is not executed: run `egdata notebooks`"),
        (
            {"outputs": [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]},
            "one.ipynb: cell 2 ends in an error: mend it and run `egdata notebooks`",
        ),
    ],
)
def test_a_notebook_that_is_not_executed_is_named(root, tmp_path, changes, message):
    write_notebook(root, "one", "# One\n\n## Part", **changes)
    with pytest.raises(EgdataError, match=re.escape(message)):
        site.write_site(tmp_path / "site", root)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("[x](two.ipynb)", "notebooks/one.ipynb: link to 'two.ipynb', which is no part of the site"),
        ("[x](../../secret.txt)", "link to '../../secret.txt', which is no part of the site"),
        ("[x](index.ipynb#Nowhere)", "link to 'index.html#Nowhere', but there is no such place on that page"),
        ("![x](https://example.org/a.png)", "<img> would load 'https://example.org/a.png' from outside the site"),
        ("<script>1</script>", "has a <script>"),
        ('<p style="background: url(//example.org/a)">x</p>', "<p> would load"),
        ("<style>@import 'a.css';</style>", "<style> would load"),
    ],
)
def test_a_link_to_nowhere_or_something_from_outside_is_refused(root, tmp_path, markdown, message):
    write_notebook(root, "one", f"# One\n\n## Part\n\n{markdown}")
    with pytest.raises(EgdataError, match=re.escape(message)):
        site.write_site(tmp_path / "site", root)


def test_a_citation_may_be_linked(root, tmp_path):
    write_notebook(root, "one", "# One\n\n## Part\n\n[paper](https://example.org/paper)")
    site.write_site(tmp_path / "site", root)
    assert read(tmp_path / "site" / "one.html").find("a", string="paper")["href"] == "https://example.org/paper"


@pytest.mark.parametrize("missing", ["notebooks/index.ipynb", "figures/README.md", "data/tables/units.csv"])
def test_what_is_missing_is_named(root, tmp_path, missing):
    (root / missing).unlink()
    with pytest.raises(EgdataError, match=f"{missing}: missing"):
        site.write_site(tmp_path / "site", root)


def test_a_notebook_without_a_title_is_named(root, tmp_path):
    write_notebook(root, "one", "## Part")
    with pytest.raises(EgdataError, match=r"notebooks/one\.ipynb: has no heading of level 1"):
        site.write_site(tmp_path / "site", root)


# ---- whose files ---------------------------------------------------------------------------------------------------------


def test_only_files_that_egdata_wrote_are_replaced_or_deleted(root, tmp_path):
    out, foreign = tmp_path / "site", ("mine.html", ".hidden", "drafts/old.csv", "zzz.egdata")
    site.write_site(out, root)
    for name in foreign:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("mine", encoding="utf-8")
    (root / "notebooks" / "one.ipynb").unlink()
    write_notebook(root, "index", "# Start")
    written = site.write_site(out, root)
    assert set(contents(out)) == {*(str(file.relative_to(out)) for file in written), *foreign}
    assert not (out / "one.html").exists()
    assert {(out / name).read_text(encoding="utf-8") for name in foreign} == {"mine"}
    write_notebook(root, "mine", "# Mine")
    with pytest.raises(EgdataError, match=r"mine\.html: exists and egdata did not write it"):
        site.write_site(out, root)
    assert (out / "mine.html").read_text(encoding="utf-8") == "mine"


def test_a_site_can_be_written_where_one_was_broken_off(root, tmp_path):
    (tmp_path / "site" / ".egdata-1234").mkdir(parents=True)
    site.write_site(tmp_path / "site", root)
    assert not (tmp_path / "site" / ".egdata-1234").exists()


@pytest.mark.parametrize(
    "manifest", [None, "", "[]", '{"files": []}', '{"generator": "other", "files": ["index.html"]}']
)
def test_a_folder_of_others_is_refused(root, tmp_path, manifest):
    out = tmp_path / "site"
    out.mkdir()
    (out / "index.html").write_text("mine", encoding="utf-8")
    if manifest is not None:
        (out / site.MANIFEST).write_text(manifest, encoding="utf-8")
    before = contents(out)
    with pytest.raises(EgdataError, match="neither empty nor a site that egdata wrote"):
        site.write_site(out, root)
    assert contents(out) == before


def test_a_manifest_cannot_reach_out_of_its_folder(root, tmp_path):
    out = tmp_path / "site"
    site.write_site(out, root)
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    manifest = json.loads((out / site.MANIFEST).read_text(encoding="utf-8"))
    manifest["files"].append("../precious.txt")
    (out / site.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(EgdataError, match=r"lists '\.\./precious\.txt'"):
        site.write_site(out, root)
    assert (tmp_path / "precious.txt").exists()


def test_a_failed_run_leaves_the_earlier_site_whole(root, tmp_path):
    out = tmp_path / "site"
    site.write_site(out, root)
    before = contents(out)
    write_notebook(root, "one", "# Changed\n\n## Part", execution_count=None, outputs=[])
    with pytest.raises(EgdataError, match="not executed"):
        site.write_site(out, root)
    assert contents(out) == before


# ---- the command -----------------------------------------------------------------------------------------------------------


def test_the_command_writes_to_the_checkout_or_to_out(root, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "_checkout", lambda: root)
    for arguments, folder in ([], root / "site"), (["--out", str(tmp_path / "stick")], tmp_path / "stick"):
        result = CliRunner().invoke(cli.app, ["site", *arguments])
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == f"egdata: wrote the site: open {folder / 'index.html'}\n"
        assert (folder / "index.html").is_file()


def test_the_command_says_what_is_wrong(root, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "_checkout", lambda: root)
    shutil.rmtree(root / "notebooks")
    result = CliRunner().invoke(cli.app, ["site", "--out", str(tmp_path / "stick")])
    assert result.exit_code == 2
    assert "index.ipynb: missing; the site begins with it" in result.stderr


# ---- in a browser ------------------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_open_from_a_folder_on_a_narrow_screen(real_site, chromium, scheme):
    """Without a server: no complaint, no failed or outside request, every image there, nothing wider than the screen."""
    said = []
    page = chromium.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("request", lambda request: request.url.startswith(("file:", "data:")) or said.append(request.url))
    for file in sorted(real_site.glob("*.html")):
        page.goto(file.as_uri())
        root = "document.documentElement"
        wide = page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")
        blank = page.evaluate("[...document.images].filter(image => !image.naturalWidth).length")
        assert (said, wide, blank) == ([], False, 0), file.name
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto((real_site / "00_report.html").as_uri())
    hidden = page.locator(".input").first.is_hidden()
    page.check("#show-code")
    shown = page.locator(".input").first.is_visible()
    page.close()
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}[scheme]
    assert (hidden, shown) == (True, True)
