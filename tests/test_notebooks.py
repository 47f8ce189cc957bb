"""Notebooks as they are saved: their conventions, and that no quote of the tables is left without an English gloss.

That their outputs are those of a new run is nbval's to check (``make test``).
"""

from __future__ import annotations

import ast
import json
import re

import pytest

import egdata as eg
from egdata.base.paths import data_path

FOLDER = data_path().parent / "notebooks"
NOTEBOOKS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.ipynb"))}


def cells(name, kind):
    return ["".join(cell["source"]) for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == kind]


def glossed(name, *headings):
    """Sentences in the gloss tables of a notebook, in the parts under the headings if there are any."""
    found, heading = set(), ""
    for text in cells(name, "markdown"):
        for line in text.splitlines():
            heading = line.lstrip("# ") if line.startswith("#") else heading
            if (row := re.match(r"\| (\d+\S*#\d+) \| \S", line)) and (not headings or heading in headings):
                found.add(row[1])
    return found


@pytest.fixture(scope="module")
def tables(real):
    return eg.build_tables(real)


def test_there_are_notebooks():
    names = [
        "report",
        "theme_frequency",
        "contested_points",
        "budapest_convention",
        "actor_instrument_network",
        "trust",
    ]
    assert set(NOTEBOOKS) == {f"{number:02d}_{name}.ipynb" for number, name in enumerate(names)} | {"index.ipynb"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_keeps_to_the_conventions(name):
    code = cells(name, "code")
    assert "import egdata as eg" in code[0]
    for cell in code:
        assert sum(bool(line) for line in cell.splitlines()) <= 3, cell
        assert not re.search(r"^\s*(?:def|for|while|class|with|if) |open\(|[\w.]+/[\w.]+\.(?:csv|tsv|txt)", cell, re.M)
        assert "plot_" not in cell or re.search(r"^ax = eg\.plot_", cell, re.M), cell
    first, last = cells(name, "markdown")[0], cells(name, "markdown")[-1]
    if name != "index.ipynb":
        assert "**Question.**" in first
        assert "**Source.**" in first
        assert re.match(r"## What .*cannot", last)
        assert sum(cell.startswith('Markdown(f"""**Answer.**') for cell in code) == 1


@pytest.mark.parametrize("name", ["00_report.ipynb", "01_theme_frequency.ipynb", "05_trust.ipynb", "index.ipynb"])
def test_code_can_be_read_without_scrolling_and_has_no_hidden_loops(name):
    loops = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
    for cell in cells(name, "code"):
        assert max(map(len, cell.splitlines())) <= 120, cell
        assert not [node for node in ast.walk(ast.parse(cell)) if isinstance(node, loops)], cell


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_executed_in_order_and_without_errors(name):
    code = [cell for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"execute_result", "display_data"}
    plotted = [cell for cell in code if "plot_" in "".join(cell["source"])]
    for cell in plotted:
        assert any("image/png" in output["data"] for output in cell["outputs"])
    assert "0x" not in "".join(str(output["data"].get("text/plain")) for output in outputs)  # an address in memory


def test_the_index_links_to_every_other_notebook():
    links = re.findall(r"\]\(([^)]+)\)", "".join(cells("index.ipynb", "markdown")))
    assert sorted(links) == sorted(set(NOTEBOOKS) - {"index.ipynb"})


#: The heading in 02_contested_points above the positions on an issue.
POINTS = {
    "new-convention": "A new United Nations convention",
    "budapest-standard": "The Budapest Convention as a standard",
    "expert-group-mandate": "The Expert Group after 2021",
    "new-regulation": "Further regulation for prevention",
    "direct-cooperation": "Direct cooperation with service providers",
    "transborder-access": "Access to data abroad",
    "extraterritorial-jurisdiction": "Jurisdiction beyond the territory",
}


def test_every_position_on_a_contested_issue_has_a_gloss_and_no_other_sentence(tables):
    positions = tables["positions"].merge(tables["statements"][["statement_id", "sentence_id"]], on="statement_id")
    contested = tables["contested"].query("is_contested")["issue_id"]
    assert set(contested) == set(POINTS)
    code = "".join(cells("02_contested_points.ipynb", "code"))
    for issue, heading in POINTS.items():
        sentences = set(positions.loc[positions["issue_id"] == issue, "sentence_id"])
        assert glossed("02_contested_points.ipynb", heading) == sentences, issue
        assert f'evidence.loc[["{issue}"]]' in code


def test_every_position_on_any_other_issue_has_a_gloss_and_no_other_sentence(tables):
    positions = tables["positions"].merge(tables["statements"][["statement_id", "sentence_id"]], on="statement_id")
    others = set(positions.loc[~positions["issue_id"].isin(list(POINTS)), "sentence_id"])
    assert others
    assert glossed("02_contested_points.ipynb", "Where nobody is on the other side") == others


def test_every_marker_of_a_contrast_has_a_gloss(tables):
    text = "\n".join(cells("02_contested_points.ipynb", "markdown"))
    assert set(tables["contrasts"]["marker"]) == set(re.findall(r"^\| ([\u4e00-\u9fff]+) \| \w", text, re.M))


@pytest.mark.parametrize(
    ("name", "word", "heading"),
    [
        ("01_theme_frequency.ipynb", "公私伙伴关系", "A word in its place"),  # public-private partnership
        ("03_budapest_convention.ipynb", "新公约", "The convention that has no name yet"),  # new convention
    ],
)
def test_every_sentence_with_a_word_in_context_has_a_gloss(real, name, word, heading):
    assert f'eg.kwic(report, "{word}", window=12)' in "".join(cells(name, "code"))
    assert glossed(name, heading) == set(eg.kwic(real, word)["sentence_id"])


def test_every_sentence_in_the_table_of_errors_has_a_gloss(real):
    texts = real.sentences.set_index("sentence_id")["text"]
    errors = eg.score_errors(eg.coding_sheet(real), eg.read_gold(), texts)
    is_theme = errors["variable"] == "themes"
    assert """variable == 'themes'").head(6)""" in "".join(cells("05_trust.ipynb", "code"))
    assert glossed("05_trust.ipynb", "The errors") == {*errors[~is_theme]["sid"], *errors[is_theme].head(6)["sid"]}


def test_both_sides_of_every_contrast_have_a_gloss(tables):
    contrasts = tables["contrasts"]
    statements = {*contrasts["from_id"], *contrasts["to_id"]}
    assert {statement.partition("/")[0] for statement in statements} <= glossed("02_contested_points.ipynb")


def test_every_term_in_the_tables_of_keyness_has_a_gloss(real, book):
    known = set(book.tables["glossary"]["term"])
    terms = eg.term_frequencies(real)
    shown = terms[terms["section_id"].isin(["II.A", "II.B", "III.A", "III.B"])].groupby("section_id").head(8)["term"]
    for parts, n in (((["II.A", "III.A"], ["II.B", "III.B"]), 10), (("proposals", "chair-summary"), 6)):
        frame = eg.keyness(real, *parts)["term"]
        shown = [*shown, *frame.head(n), *frame.tail(n)]
    assert set(shown) <= known


def test_every_reference_to_the_budapest_convention_has_a_gloss(real):
    for entity, heading in (
        ("budapest", "In their sentences"),
        ("budapest-protocol-2", "The second additional protocol"),
    ):
        sentences = set(eg.find_references(real, entity)["sentence_id"]) - {""}
        assert glossed("03_budapest_convention.ipynb", heading) == sentences
