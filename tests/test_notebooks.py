"""Notebooks: their conventions as they are saved, and that every sentence stays true on another report or coding.

That their outputs are those of a new run is nbval's to check (``make test``).
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import egdata as eg
from egdata.base.paths import data_path
from egdata.codebook.codebook import CODEBOOK
from egdata.pages.commentary import Commentary
from egdata.pages.display import Explored

FOLDER = data_path().parent / "notebooks"
NOTEBOOKS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.ipynb"))}
NAMES = ["report", "theme_frequency", "contested_points", "budapest_convention", "actor_instrument_network", "trust"]
OTHER = Path(__file__).parent / "other_subject"
ISSUE = "new-convention"
NO_COMMENTARY = "*No commentary"
COMMENTED = ("02", "03", "05", "06")  # notebooks with sentences that hold for one table only
PARAMETERS = "parameters"


def cells(name, kind):
    return ["".join(cell["source"]) for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == kind]


def links(name):
    """Notebook, #, and anchor of each link of a notebook."""
    return [link.partition("#") for text in cells(name, "markdown") for link in re.findall(r"\]\((.+?)\)", text)]


def is_prose(source):
    """Whether a code cell is a sentence that takes figures or fits one table only."""
    return re.match(r'(?:Markdown\(f|eg\.commentary\(\s*)"', source) is not None


# ---- as they are saved ----------------------------------------------------------------------------------------------


def test_there_are_notebooks():
    names = [f"{number:02d}_{name}.ipynb" for number, name in enumerate([*NAMES, "compare"])]
    assert list(NOTEBOOKS) == [*names, "index.ipynb"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_keeps_to_the_conventions(name):
    code, first = cells(name, "code"), cells(name, "markdown")[0]
    tagged = [cell for cell in NOTEBOOKS[name]["cells"] if PARAMETERS in cell["metadata"].get("tags", [])]
    assert "import egdata as eg" in code[0]
    assert ["".join(cell["source"]) for cell in tagged] == [code[1]]
    assert re.match("report = lang = corrections = ", code[1])
    assert "eg.source_note(coding)" in code[2]
    assert first.startswith("# ")
    if name != "index.ipynb":
        assert "**Question.**" in first
        assert re.match(r"## What .*cannot", cells(name, "markdown")[-1])
        assert sum(cell.startswith('Markdown(f"""**Answer.**') for cell in code) == 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_code_can_be_read_without_scrolling_and_has_no_hidden_loops(name):
    loops = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
    statements = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.With, ast.If)
    for cell in cells(name, "code"):
        lines = [line for line in cell.splitlines() if line]
        assert len(lines) <= 3 or is_prose(cell), cell
        assert max(map(len, lines)) <= 120, cell
        assert not [node for node in ast.walk(ast.parse(cell)) if isinstance(node, (*loops, *statements))], cell
        assert not re.search(r"open\(|[\w.]+/[\w.]+\.(?:csv|tsv|txt)", cell), cell
        assert "plot_" not in cell or re.search(r"^ax = eg\.plot_", cell, re.MULTILINE), cell


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_executed_in_order_and_without_errors(name):
    code = [cell for cell in NOTEBOOKS[name]["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"execute_result", "display_data"}
    for cell in code:
        if "plot_" in "".join(cell["source"]):
            assert any("image/png" in output["data"] for output in cell["outputs"])
    words = "".join(str(output["data"].get("text/plain")) for output in outputs)
    assert "0x" not in words  # an address in memory
    assert NO_COMMENTARY not in words  # every typed reading was written for the table beside it


def test_the_index_links_to_every_other_notebook():
    assert {name for name, _, _ in links("index.ipynb")} == set(NOTEBOOKS) - {"index.ipynb"}


def test_a_link_leads_to_a_notebook_and_a_heading_of_it():
    for name in NOTEBOOKS:
        for target, _, anchor in links(name):
            headings = re.findall(r"^#+ (.+)$", "\n".join(cells(target, "markdown")), re.MULTILINE)
            assert not anchor or anchor in [heading.replace(" ", "-") for heading in headings]


# ---- glosses --------------------------------------------------------------------------------------------------------


def test_every_sentence_that_notebooks_quote_has_a_gloss(real, real_coding):
    contrasts = eg.find_contrasts(real_coding)
    errors = eg.score_errors(eg.coding_sheet(real_coding), eg.read_gold())
    model = eg.code(real, coder=eg.recorded_answers(real))
    quoted = {
        *real_coding.positions["sentence_id"],
        *contrasts["from_id"].str.partition("/")[0],
        *eg.find_references(real_coding, "budapest")["sentence_id"],
        *eg.find_unparalleled(real_coding)["sentence_id"],
        *eg.find_parallels(real_coding)["summary_id"],
        *errors.groupby(errors["variable"] == "themes").head(6)["sid"],
        *eg.compare_coders(real, [real_coding, model]).differences["sentence_id"],
    }
    assert quoted - {""} <= set(real.glosses)


def test_no_gloss_is_typed_in_a_notebook():
    assert not [
        name for name in NOTEBOOKS for text in cells(name, "markdown") if re.search(r"^\| \d+\S*#\d", text, re.M)
    ]


# ---- on another report, codebook or coding --------------------------------------------------------------------------


class Shown:
    """What a notebook shows when it is run: its sentences, of them those that are typed, and its tables."""

    def __init__(self, name, parameters):
        import matplotlib.pyplot as plt

        self.sentences, self.typed, self.tables = [], [], []
        names = {}
        for cell in NOTEBOOKS[name]["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                self._keep(source, _run(source, names))
            if PARAMETERS in cell["metadata"].get("tags", []):
                names |= parameters
        plt.close("all")

    def _keep(self, source, value):
        if isinstance(value, Commentary):
            self.sentences.append(value.text)
            self.typed += [value.text] if "eg.commentary(" in source else []
        elif hasattr(value, "_repr_markdown_"):
            self.sentences.append(value._repr_markdown_())
        elif value is not None:
            self.tables.append(value)


def _run(source, names):
    """Run a cell, and return what it shows."""
    *before, last = ast.parse(source).body
    shows = isinstance(last, ast.Expr)
    exec(compile(ast.Module(before if shows else [*before, last], []), source, "exec"), names)
    return eval(compile(ast.Expression(last.value), source, "eval"), names) if shows else None


#: What stands in a sentence where a value should be.
HOLES = r"\b(?:nan|NaN|NaT|None|inf)\b|nan%|\( ?\)|\[\]|, ,|, and ,|  |: ?[.;]|,\s*\.| [,;.](?=\s|$)|\bnone and\b"


@pytest.fixture(scope="module")
def without_an_issue(tmp_path_factory):
    """The bundled codebook without the issue of a new convention."""
    folder = shutil.copytree(data_path("codebook"), tmp_path_factory.mktemp("rules") / "codebook")
    columns = {"issues": ["id"], "issue_rules": ["code", "blocks"], "stance_rules": ["issue"]}
    for name, names in columns.items():
        table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for column in names:
            table = table[table[column].str.lstrip("-") != ISSUE]
            table = table.assign(**{column: table[column].str.replace(rf";{ISSUE}\b|\b{ISSUE};", "", regex=True)})
        table.to_csv(folder / f"{name}.csv", index=False)
    return {CODEBOOK: str(folder)}, {}


@pytest.fixture(scope="module")
def without_against(real_coding, tmp_path_factory):
    """A person took every position against something for none."""
    sheet = eg.coding_sheet(real_coding)
    sheet.loc[sheet["stance"] == "against", ["issue", "stance"]] = ""
    file = tmp_path_factory.mktemp("sheets") / "sheet.csv"
    sheet.to_csv(file, index=False)
    return {}, {"corrections": str(file)}


@pytest.fixture(scope="module")
def english():
    return {}, {"report": str(OTHER / "report.en.txt")}


@pytest.fixture(scope="module")
def chinese():
    return {}, {"report": str(OTHER / "report.zh.txt")}


CONDITIONS = ["english", "chinese", "without_against", "without_an_issue"]


@pytest.fixture(scope="module", autouse=True)
def asked_once():
    """What notebooks ask of the coded sets depends on nothing but the codebook."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("compare_on_gold", "compare_versions_on_gold"):
            patched.setattr(eg, name, functools.cache(getattr(eg, name)))
        yield


@pytest.fixture(scope="module", params=CONDITIONS)
def condition(request):
    return request.param, *request.getfixturevalue(request.param)


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_under_any_condition_and_no_sentence_has_a_hole(name, condition, monkeypatch):
    which, environment, parameters = condition
    for key, value in environment.items():
        monkeypatch.setitem(os.environ, key, value)
    shown = Shown(name, parameters)
    assert shown.sentences
    assert not [text for text in shown.sentences if re.search(HOLES, text)]
    assert bool(shown.typed) == (name[:2] in COMMENTED)
    if which in ("english", "chinese"):
        assert all(text.startswith(NO_COMMENTARY) for text in shown.typed)


def test_one_issue_can_be_asked_for():
    shown = Shown("02_contested_points.ipynb", {"issue": ISSUE})
    (evidence,) = (table for table in shown.tables if isinstance(table, Explored))
    assert set(evidence.frame["issue"]) == {"New UN convention"}


def test_beside_another_report_its_counts_stand_and_beside_another_version_the_passages_that_differ(tmp_path):
    """'Some speakers supported a new convention.'"""
    (tmp_path / "later.txt").write_text("1. 一些发言者支持拟订一项新公约。\n", encoding="utf-8")
    report = str(OTHER / "report.zh.txt")
    for other, has_rows in ((tmp_path / "later.txt", [True, False]), (OTHER / "report.en.txt", [False, True])):
        *_, counts, passages = Shown("06_compare.ipynb", {"report": report, "other": str(other)}).tables
        assert [len(table.frame) > 0 for table in (counts, passages)] == has_rows


@pytest.mark.parametrize(
    "text", ["In nan of them", "held by ()", "by a, , and b", "there is  one", "these: .", "is , held"]
)
def test_a_hole_is_noticed(text):
    assert re.search(HOLES, text)
