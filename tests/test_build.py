"""``egdata build``: what has changed is made anew, and nothing else is.

The reports of these projects are short, and their code is a copy of nothing: only its checksum matters.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.base import fingerprints, paths
from egdata.pages import build
from egdata.pages.build import FINGERPRINTS, build_project
from egdata.tables.files import read_tables
from egdata.tables.schema import SCHEMA

ROOT = Path(eg.__file__).parents[1]
# 1. Some speakers were in favour of a new convention against cybercrime. 2. But other speakers were against one and supported the Budapest
# Convention. 3. States should do more training. It was noted that the Convention against Corruption is in force.
REPORT = (
    "专家组的报告\n\n一. 讨论情况摘要\n\n1. 一些发言者赞成拟订一项打击网络犯罪的新公约。\n\n"
    "2. 但其他发言者反对新公约，支持《布达佩斯公约》。\n\n3. 各国应加强培训。会上指出，《联合国反腐败公约》已生效。\n"
)
NOTEBOOKS = ("index", "one")
NOTHING = ([], [], [], [], [])
READ = ["read 100 % of the characters and 3 of 3 numbers; no notices"]


def bytes_of(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def patch_paths(monkeypatch, root):
    for module in (paths, fingerprints):
        monkeypatch.setattr(module, "PACKAGE", root / "egdata")


def make_quickly(monkeypatch, book):
    """Rules are compiled already, images a few bytes that say what they show, and notebooks count their executions."""

    def savefig(self, target, format, metadata, **options):
        shown = [text.get_text() for ax in self.axes for text in ax.texts]
        target.write(f"<svg {format} {metadata['Description']} {shown}</title>".encode())

    def execute(notebook, codebook=None, corrections=None):
        content = json.loads(notebook.read_bytes())
        content["cells"][0]["execution_count"] = (content["cells"][0]["execution_count"] or 0) + 1
        notebook.write_text(json.dumps(content))

    monkeypatch.setattr(build, "read_codebook", lambda folder: book)
    monkeypatch.setattr(Figure, "savefig", savefig)
    monkeypatch.setattr(build, "execute_notebook", execute)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout with a short report, the bundled codebook and two notebooks."""
    root = tmp_path_factory.mktemp("checkout") / "project"
    for name in ("data/codebook", "data/reports", "data/starter"):
        shutil.copytree(ROOT / name, root / name)
    (root / "data" / "reports" / "eg4-2020-2.zh.txt").write_text(REPORT, encoding="utf-8")
    (root / "data" / "gold").mkdir()
    (root / "data" / "gold" / "gold.tsv").write_text("sid\n")
    (root / "data" / "coders").mkdir()
    for package in ("base", "charts", "coding"):
        (root / "egdata" / package).mkdir(parents=True)
        (root / "egdata" / package / "code.py").write_text(f"# {package}\n")
    (root / "pyproject.toml").touch()
    (root / "requirements.txt").write_text("typer==1\n")
    (root / "notebooks").mkdir()
    cell = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [], "execution_count": None}
    for name in NOTEBOOKS:
        content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(content))
    return root


@pytest.fixture(scope="module")
def first(checkout, book):
    """What the first build of the checkout made, and what it told."""
    told = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        patch_paths(monkeypatch, checkout)
        make_quickly(monkeypatch, book)
        return build_project(checkout, tell=lambda *step: told.append(step)), told


@pytest.fixture
def root(checkout, first, book, tmp_path, monkeypatch):
    """A copy of the checkout, built."""
    root = shutil.copytree(checkout, tmp_path / "project")
    patch_paths(monkeypatch, root)
    make_quickly(monkeypatch, book)
    return root


def outputs(root):
    """Tables, but for the checksum of the report, briefs and figures."""
    folders = ("data/tables", "data/brief", "figures")
    made = {name: content for name, content in bytes_of(root).items() if name.startswith(folders)}
    made["data/tables/datapackage.json"] = json.loads(made["data/tables/datapackage.json"])["resources"]
    return made


def charts(root):
    """Names of the charts that stand in the project."""
    return sorted({file.name.split(".")[0] for file in (root / "figures").glob("*.svg")})


def append(file, text="\n"):
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)


def run(*arguments):
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr.splitlines()


# ---- nothing has changed ---------------------------------------------------------------------------------------------


def test_everything_is_made_once_and_a_second_build_does_nothing(root, first):
    built, told = first
    assert built.tables == list(SCHEMA)
    assert built.figures == charts(root)
    assert len(built.figures) > 5
    assert built.notebooks == list(NOTEBOOKS)
    assert sorted(built.briefs) == sorted(file.name for file in (root / "data" / "brief").iterdir())
    steps = ["tables", "dictionary", "figures", "brief", "notebook index", "notebook one"]
    assert told == [(n_done, 6, step) for n_done, step in enumerate(steps)]
    before = {file: file.stat().st_mtime_ns for file in root.rglob("*")}
    assert build_project(root, tell=lambda *step: told.append(step)) == NOTHING
    assert {file: file.stat().st_mtime_ns for file in root.rglob("*")} == before
    assert len(told) == 6


def test_a_build_that_does_nothing_loads_nothing_heavy(root):
    program = (
        "import sys; from pathlib import Path\n"
        "from egdata.base import fingerprints, paths\n"
        "root = Path(sys.argv[1]); paths.PACKAGE = fingerprints.PACKAGE = root / 'egdata'\n"
        "from egdata.pages.build import build_project\n"
        "print(*build_project(root), sorted({'pandas', 'numpy', 'matplotlib', 'jieba'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", program, str(root)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout == "[] [] [] [] [] []\n"


# ---- something has changed -------------------------------------------------------------------------------------------

SOURCES = {
    "egdata/coding/code.py": "\n",
    "data/reports/eg4-2020-2.zh.txt": "\n",
    "data/gold/gold.tsv": "\n",
    "data/codebook/themes.csv": "zoo,Zoos,动物园,Zoos.\n",
    "requirements.txt": "ruff==1\n",
}


@pytest.mark.parametrize("name", SOURCES)
def test_tables_figures_and_notebooks_follow_what_they_are_made_from(root, monkeypatch, name):
    """What makes them is of no matter here."""
    monkeypatch.setattr(build, "write_tables", lambda coding, folder: SCHEMA)
    monkeypatch.setattr(build, "save_figures", lambda folder, coding, known: known.drawn.append("all") or [])
    monkeypatch.setattr(build, "brief_files", lambda coding: {"brief": b""})
    append(root / name, SOURCES[name])
    assert build_project(root) == (list(SCHEMA), ["all"], ["brief"], list(NOTEBOOKS), READ)
    assert build_project(root) == NOTHING


def test_code_that_draws_changes_figures_and_other_code_only_those_whose_tables_change(root, first):
    before = outputs(root)
    append(root / "egdata" / "coding" / "code.py")
    assert build_project(root) == (first[0].tables, [], first[0].briefs, first[0].notebooks, READ)
    append(root / "egdata" / "charts" / "code.py")
    assert build_project(root) == first[0]
    assert outputs(root) == before


def test_a_notebook_that_changes_is_executed(root):
    append(root / "notebooks" / "one.ipynb")
    assert build_project(root) == ([], [], [], ["one"], [])
    assert build_project(root) == NOTHING


def test_what_was_changed_by_hand_is_made_anew(root, first):
    before = outputs(root)
    for name in (
        "data/tables/positions.csv",
        "data/README.md",
        "data/brief/brief.en.docx",
        "figures/README.md",
        "figures/01_report.en.svg",
    ):
        append(root / name)
    (root / "figures" / "03_positions.zh.png").unlink()
    assert build_project(root) == (first[0].tables, ["01_report", "03_positions"], first[0].briefs, [], READ)
    assert outputs(root) == before
    assert build_project(root) == NOTHING


def test_corrections_go_into_tables_and_figures_and_out_again(root, first, tmp_path):
    before = outputs(root)
    (tmp_path / "sheet.csv").write_text("sid,holder,issue,stance\n1#1,some,new-convention,conditional\n")
    built = build_project(root, corrections=tmp_path / "sheet.csv")
    assert built[:4] == first[0][:4]  # every chart says that a person decided something
    assert read_tables(root / "data" / "tables")["positions"]["coded_by"].eq("person").sum() == 1
    assert build_project(root, corrections=tmp_path / "sheet.csv") == NOTHING
    with pytest.raises(eg.EgdataError, match=r"none.csv: cannot be read"):
        build_project(root, corrections=tmp_path / "none.csv")
    assert build_project(root).figures == built.figures
    assert outputs(root) == before


def test_a_build_that_is_broken_off_goes_on(root, first, monkeypatch):
    def broken(notebook, codebook=None, corrections=None):
        raise eg.EgdataError(f"{notebook.name}: broken")

    told = []
    (root / FINGERPRINTS).unlink()  # as in a fresh clone
    with monkeypatch.context() as patched:
        patched.setattr(build, "execute_notebook", broken)
        with pytest.raises(eg.EgdataError, match=r"index.ipynb: broken"):
            build_project(root, tell=lambda *step: told.append(step))
    assert told == first[1][:5]
    assert build_project(root) == ([], [], [], list(NOTEBOOKS), [])


@pytest.mark.slow
def test_of_a_changed_rule_the_figures_change_and_no_others_and_they_are_right(checkout, tmp_path, monkeypatch):
    """With real images and, to compare with, those that are drawn without knowing any earlier ones."""
    root = shutil.copytree(
        checkout, tmp_path / "project", ignore=shutil.ignore_patterns("tables", "figures", FINGERPRINTS)
    )
    for weights in (root / "data" / "codebook").glob("learnt_*.csv"):
        weights.unlink()  # they would find again what the rule found
    patch_paths(monkeypatch, root)
    monkeypatch.setattr(build, "execute_notebook", lambda notebook, codebook=None, corrections=None: None)
    build_project(root)
    before = bytes_of(root / "figures")
    file = root / "data" / "codebook" / "instrument_rules.csv"
    rules = pd.read_csv(file, dtype=str, keep_default_na=False)
    rules[rules["code"] != "budapest"].to_csv(file, index=False)
    built = build_project(root)
    after = bytes_of(root / "figures")
    changed = {name.split(".")[0] for name in before | after if before.get(name) != after.get(name)} - {"README"}
    gone = {name.split(".")[0] for name in before if name not in after}
    assert gone == {"05_budapest_convention"}
    assert changed == {*built.figures} | gone
    assert "07_instruments" in changed
    assert not {"01_report", "02_themes"} & changed
    assert built.notebooks == list(NOTEBOOKS)
    shutil.rmtree(root / "figures")
    build_project(root, fresh=True)
    assert bytes_of(root / "figures") == after


# ---- what the command says -------------------------------------------------------------------------------------------


def test_the_command_says_what_it_makes_and_what_to_open(root, first):
    end = f"egdata: open {root / 'notebooks' / 'index.ipynb'}, {root / 'figures' / 'README.md'} or {root / 'data' / 'tables'}"
    nothing = "egdata: nothing has changed: tables, figures, brief and notebooks are up to date"
    assert run("build") == (0, "", [nothing, end])
    (root / "figures" / "01_report.en.svg").unlink()
    append(root / "notebooks" / "one.ipynb")
    assert run("build") == (0, "", [f"egdata: {READ[0]}", "egdata: drew 01_report; executed 1 notebook", end])
    summary = f"egdata: wrote 24 tables; drew {', '.join(first[0].figures)}; wrote the brief; executed 2 notebooks"
    assert run("build", "--fresh") == (0, "", [f"egdata: {READ[0]}", summary, end])
