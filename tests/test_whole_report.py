"""``egdata report``: everything of one report or of several in one folder, and what a person corrects in all of it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import docx
import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.base import paths
from egdata.charts import gallery
from egdata.charts.contested import CONTESTED
from egdata.charts.references import BUDAPEST
from egdata.charts.report import REPORT
from egdata.pages import build, report
from egdata.pages.notebooks import execute_notebook, run_notebook
from egdata.pages.report import write_report

ROOT = Path(eg.__file__).parents[1]
#: Some speakers supported elaborating a new convention against cybercrime. / Other speakers opposed elaborating one.
DEBATE = "一. 讨论情况摘要\n\n1. 一些发言者支持拟订一项打击网络犯罪的新公约。\n\n2. 其他发言者反对拟订一项打击网络犯罪的新公约。\n"
#: Some speakers thanked the Secretariat.
THANKS = "一. 讨论情况摘要\n\n1. 一些发言者感谢秘书处。\n"
CORRECTION = "report_id,sid,holder,issue,stance\nfirst,2#1,other,new-convention,conditional\n"


def notebook_of(*sources):
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    cells[0]["metadata"] = {"tags": ["parameters"]}
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def sources_of(notebook):
    return ["".join(cell["source"]) for cell in json.loads(notebook.read_bytes())["cells"]]


def outputs_of(notebook):
    cells = json.loads(notebook.read_bytes())["cells"]
    return "".join("".join(output.get("text", [])) for cell in cells for output in cell.get("outputs", []))


@pytest.fixture
def quick(monkeypatch):
    """Three charts, and notebooks that are copied without being run; one of them fails on every report."""

    def run(notebook, target, parameters, codebook=None, note=""):
        if notebook.stem == "05_trust":
            raise eg.EgdataError(f"{notebook.name}: KeyError: 'x'")
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps([parameters, codebook, note]))

    monkeypatch.setattr(report, "run_notebook", run)
    monkeypatch.setattr(gallery, "CHARTS", (REPORT, CONTESTED, BUDAPEST))


@pytest.fixture
def first(tmp_path):
    file = tmp_path / "first.txt"
    file.write_text(DEBATE, encoding="utf-8")
    return file


def linked(page):
    """The files that a page leads to."""
    links = re.findall(r'(?:href|src)="([^"#]+)"', page.read_text(encoding="utf-8"))
    return [page.parent / unquote(path) for path in links if not path.startswith("data:")]


# ---- one report ------------------------------------------------------------------------------------------------------


def test_a_folder_holds_all_of_a_report_and_says_what_was_left_out(quick, first, tmp_path):
    told = []
    (made,) = write_report([first], tmp_path / "about", tell=lambda *step: told.append(step))
    assert made.figures == ["01_report", "02_contested"]
    assert made.left_out == {
        "figure 03_budapest_convention": "the report has no data for it",
        "notebook 05_trust": "does not run on this report: 05_trust.ipynb: KeyError: 'x'",
    }
    files = linked(tmp_path / "about" / "index.html")
    assert files
    assert all(file.is_file() for file in files)
    page = (tmp_path / "about" / "index.html").read_text(encoding="utf-8")
    assert "figure 03_budapest_convention: the report has no data for it" in page
    assert [step for *_, step in told][:4] == ["tables", "figures", "reader", "brief"]
    assert [n for n, *_ in told] == list(range(len(told)))
    assert {total for _, total, _ in told} == {len(told)}
    parameters, codebook, note = json.loads((tmp_path / "about" / "notebooks" / "index.ipynb").read_text())
    assert parameters == {"report": "../sources/first.txt", "lang": "zh"}
    assert codebook is None
    assert "Run by `egdata report` on first.txt" in note
    for path in parameters["report"], "../sources/first.txt":
        assert (tmp_path / "about" / "notebooks" / path).read_text(encoding="utf-8") == DEBATE


def test_the_sheet_in_the_folder_corrects_the_next_run(quick, first, tmp_path):
    about = tmp_path / "about"
    write_report([first], about)
    workbook = load_workbook(about / "sheet.xlsx")
    sheet = workbook.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(row for row in range(2, 4) if sheet.cell(row, columns["stance"]).value == "against")
    sheet.cell(row, columns["stance"]).value = "conditional"
    sheet.cell(1, len(columns) + 1).value = "note"
    sheet.cell(row, len(columns) + 1).value = "if asked"
    workbook.save(tmp_path / "mine.xlsx")
    write_report([first], about, corrections=tmp_path / "mine.xlsx")
    positions = pd.read_csv(about / "tables" / "positions.csv")
    assert positions[["stance", "coded_by"]].values.tolist() == [["for", "rules"], ["conditional", "person"]]
    words = "A person decided 1 code."
    for file in ("index.html", "brief.en.html", "reader.html", "figures/02_contested.en.svg", "notebooks/index.ipynb"):
        assert words in (about / file).read_text(encoding="utf-8"), file
    assert words in "\n".join(paragraph.text for paragraph in docx.Document(about / "brief.en.docx").paragraphs)
    parameters = json.loads((about / "notebooks" / "index.ipynb").read_text())[0]
    assert parameters["corrections"] == "../sources/corrections.csv"
    debate = eg.read_report(first)
    left, right = (
        eg.code(debate, corrections=file) for file in (about / "sources" / "corrections.csv", tmp_path / "mine.xlsx")
    )
    assert left.flat.equals(right.flat)
    assert "if asked" in set(left.corrections["note"])
    assert left.n_decided == right.n_decided == 1


def test_another_language_version_is_a_second_opinion(quick, first, tmp_path):
    other = tmp_path / "first.en.txt"
    supported = "Some speakers supported the elaboration of a new convention against cybercrime."
    other.write_text(f"I. Summary of deliberations\n\n1. {supported}\n\n2. {supported}\n", encoding="utf-8")
    write_report([first], tmp_path / "about", second=other)
    page = (tmp_path / "about" / "brief.en.html").read_text(encoding="utf-8")
    assert "A second coder agrees on 1 and differs on 1." in page
    assert '"coders":["rules","English version"]' in (tmp_path / "about" / "reader.html").read_text(encoding="utf-8")
    with pytest.raises(eg.EgdataError, match="a second opinion is about one report"):
        write_report([first, other], tmp_path / "more", second=other)


def test_what_is_not_ours_is_left_alone(quick, first, tmp_path):
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / "index.html").write_text("mine")
    with pytest.raises(eg.EgdataError, match=r"index.html: exists and is not egdata's own"):
        write_report([first], tmp_path / "about")
    assert [file.name for file in (tmp_path / "about").iterdir()] == ["index.html"]


# ---- several reports -------------------------------------------------------------------------------------------------


def test_several_reports_have_a_folder_each_and_one_that_is_bad_stops_no_other(quick, first, tmp_path):
    (tmp_path / "bad.txt").write_text("")
    (tmp_path / "second.txt").write_text(THANKS, encoding="utf-8")
    (tmp_path / "sheet.csv").write_text(CORRECTION)
    arguments = ["report", *(str(tmp_path / f"{name}.txt") for name in ("first", "bad", "second"))]
    arguments += ["--corrections", str(tmp_path / "sheet.csv"), "--out", str(tmp_path / "about")]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 1, result.stderr
    assert "egdata: bad: bad.txt: " in result.stderr
    assert (
        "egdata: first: left out figure 03_budapest_convention, notebook 05_trust; index.html says why" in result.stderr
    )
    assert f"egdata: open {tmp_path / 'about' / 'index.html'}" in result.stderr
    assert all(file.is_file() for file in linked(tmp_path / "about" / "index.html"))
    tables = eg.read_tables(tmp_path / "about" / "tables")
    assert tables["reports"]["report_id"].tolist() == ["first", "second"]
    assert tables["positions"][["report_id", "stance", "coded_by"]].values.tolist() == [
        ["first", "for", "rules"],
        ["first", "conditional", "person"],
    ]
    (tmp_path / "sheet.csv").write_text(CORRECTION.replace("report_id", "name"))
    with pytest.raises(eg.EgdataError, match=r"sheet.csv: of several reports it needs a column report_id"):
        write_report([first, tmp_path / "second.txt"], tmp_path / "more", corrections=tmp_path / "sheet.csv")


# ---- notebooks -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notebook_runs_on_another_report_and_goes_on_from_there(first, tmp_path):
    notebook = tmp_path / "one.ipynb"
    notebook.write_text(
        notebook_of(
            "report = lang = corrections = None",
            "import egdata as eg\ncoding = eg.code(eg.read_report(report, lang), corrections=corrections)",
            "print(len(coding.positions), coding.n_decided, coding.codebook.folder.name)",
        )
    )
    (tmp_path / "sheet.csv").write_text(CORRECTION)
    mine = shutil.copytree(eg.read_codebook().folder, tmp_path / "mine")
    parameters = {"report": "../first.txt", "lang": "zh", "corrections": "../sheet.csv"}
    target = tmp_path / "notebooks" / "one.ipynb"
    run_notebook(notebook, target, parameters, "../mine", "> a note")
    assert outputs_of(target) == "2 1 mine\n"
    assert sources_of(target)[:2] == ["> a note", "import os\n\nos.environ[\"EGDATA_CODEBOOK\"] = '../mine'"]
    execute_notebook(target)  # as it stands, where it stands
    assert outputs_of(target) == "2 1 mine\n"
    before = sources_of(notebook)
    notebook.write_text(notebook.read_text().replace("eg.read_report(report, lang)", f"eg.read_report({str(first)!r})"))
    execute_notebook(notebook, mine, tmp_path / "sheet.csv")
    assert outputs_of(notebook) == "2 1 mine\n"
    assert len(sources_of(notebook)) == len(before)  # the sheet may be anywhere


def test_the_site_as_a_person_has_it_leaves_the_project_as_it_is(first, tmp_path, monkeypatch):
    project = tmp_path / "project"
    for name in ("codebook", "reports", "gold"):
        shutil.copytree(ROOT / "data" / name, project / "data" / name)
    (project / "data" / "reports" / "eg4-2020-2.zh.txt").write_text(DEBATE, encoding="utf-8")
    (project / "notebooks").mkdir()
    (project / "notebooks" / "index.ipynb").write_text(notebook_of("corrections = None", "print(bool(corrections))"))
    monkeypatch.setattr(paths, "PACKAGE", project / "egdata")
    monkeypatch.setattr(gallery, "CHARTS", (CONTESTED,))
    seen = []
    monkeypatch.setattr(
        build,
        "write_site",
        lambda folder, root, coding: seen.append(
            (
                folder,
                coding.n_decided,
                outputs_of(root / "notebooks" / "index.ipynb"),
                (root / "figures" / "01_contested.en.svg").read_text(),
            )
        ),
    )
    (tmp_path / "sheet.csv").write_text(CORRECTION.replace("first", "eg4-2020-2"))
    before = {file: file.read_bytes() for file in project.rglob("*") if file.is_file()}
    build.write_corrected_site(tmp_path / "site", project, tmp_path / "sheet.csv")
    assert {file: file.read_bytes() for file in project.rglob("*") if file.is_file()} == before
    ((folder, n_decided, printed, figure),) = seen
    assert (folder, n_decided, printed) == (tmp_path / "site", 1, "True\n")
    assert "A person decided 1 code." in figure


@pytest.mark.slow
def test_a_correction_is_seen_in_figure_reader_notebook_and_brief(real, real_coding, tmp_path, monkeypatch):
    """Paragraph 22, sentence 1, against a new convention, corrected to conditional: one command, and all say so."""
    sheet = eg.coding_sheet(real_coding)
    at = sheet.index[(sheet["sid"] == "22#1") & (sheet["issue"] == "new-convention")]
    assert sheet.loc[at, "stance"].tolist() == ["against"]
    sheet.loc[at, "stance"] = "conditional"
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    contested = tuple(chart for chart in gallery.CHARTS if chart.name == "contested")
    monkeypatch.setattr(gallery, "CHARTS", contested)
    run = report.run_notebook
    contested = lambda notebook, *rest: run(notebook, *rest) if notebook.stem == "02_contested_points" else None  # noqa: E731
    monkeypatch.setattr(report, "run_notebook", contested)
    result = CliRunner().invoke(
        cli.app, ["report", "--corrections", str(tmp_path / "sheet.csv"), "--out", str(tmp_path / "about")]
    )
    assert result.exit_code == 0, result.stderr
    coding = eg.code(real, corrections=tmp_path / "sheet.csv")
    n = eg.find_contested(coding).set_index("issue_id").loc["new-convention"]
    assert (n["n_against"], n["kind"]) == (0, "qualified")
    figure = (tmp_path / "about" / "figures" / "01_contested.en.svg").read_text(encoding="utf-8")
    notebook = (tmp_path / "about" / "notebooks" / "02_contested_points.ipynb").read_text(encoding="utf-8")
    reader = (tmp_path / "about" / "reader.html").read_text(encoding="utf-8")
    brief = (tmp_path / "about" / "brief.en.html").read_text(encoding="utf-8")
    for said in (figure, notebook, reader, brief):
        assert "A person decided 1 code." in said
    in_summary = re.search(r"Chair's summary: New UN convention \(([^)]*)\)", figure)[1]
    assert "conditional" in in_summary
    assert "against" not in in_summary
    row = re.search(r'\{"sid":"22#1"[^{}]*"issue":"new-convention"[^{}]*\}', reader)[0]
    assert '"stance":"conditional"' in row
    convention = brief.split("<h2>New UN convention</h2>")[1].split("<h2>")[0]
    assert "<h3>against" not in convention
    assert "para. 22)" in convention.split("<h3>conditional")[1]
    assert "against" not in "".join(re.findall(r"22#1/s1/new-convention[^\n]*", notebook))
