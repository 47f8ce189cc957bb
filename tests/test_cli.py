"""The command from outside: what it writes, what it says, how it ends."""

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import networkx as nx
import pandas as pd
import pytest
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.pages import notebooks
from egdata.tables.files import read_tables
from egdata.tables.schema import SCHEMA

# Report of the Expert Group. I. Summary of deliberations. 1. Some speakers noted that States should do more training.
# 2. The meeting opened on Monday.
REPORT = """专家组的报告

一. 讨论情况摘要

1. 一些发言者指出，各国应加强培训。

2. 会议于星期一开幕。
"""
COMMANDS = [
    "build",
    "report",
    "tables",
    "flat",
    "corpus",
    "sheet",
    "score",
    "code",
    "compare-coders",
    "compare-versions",
    "network",
    "reader",
    "figures",
    "notebooks",
    "site",
    "check",
]


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def report(tmp_path):
    file = tmp_path / "report.txt"
    file.write_text(REPORT, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """A folder with a report and what was written of it: tables and a coding sheet, which no failure may touch."""
    folder = tmp_path_factory.mktemp("earlier")
    (folder / "report.txt").write_text(REPORT, encoding="utf-8")
    assert run("tables", folder / "report.txt", "--out", folder / "out").exit_code == 0
    assert run("sheet", folder / "report.txt", "--out", folder / "sheet.csv").exit_code == 0
    return folder


def _bytes(folder):
    return {file.name: file.read_bytes() for file in Path(folder).iterdir() if file.is_file()}


# ---- codebooks -----------------------------------------------------------------------------------------------


def _put(folder, table, line, **cells):
    """Change cells of one line of a table of the codebook."""
    file = folder / f"{table}.csv"
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    for column, value in cells.items():
        frame.loc[line - 2, column] = value
    frame.to_csv(file, index=False, lineterminator="\n")


def test_a_new_codebook_is_checked_and_codes_a_report(report, tmp_path):
    folder = tmp_path / "mine" / "codebook"
    result = run("codebook", "new", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"egdata: wrote a starter codebook to {folder}; begin with {folder / 'README.md'}\n"
    result = run("codebook", "check", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    rules = pd.concat(pd.read_csv(file) for file in folder.glob("*_rules.csv"))
    n_examples = rules[["example", "counterexample"]].notna().sum().sum()
    assert result.stderr == f"egdata: {folder}: {len(rules)} rules, {n_examples} examples, none failed\n"
    assert run("sheet", report, "--codebook", folder, "--out", tmp_path / "sheet.csv").exit_code == 0
    assert "some" in set(pd.read_csv(tmp_path / "sheet.csv")["holder"])


def test_examples_that_fail_are_a_line_each(small_codebook):
    _put(small_codebook, "theme_rules", 2, example="火")
    _put(small_codebook, "voice_rules", 2, counterexample="鼓声")
    result = run("codebook", "check", small_codebook)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "theme_rules.csv:2: column example: '火' is not matched by rule t-1; found instead: nothing",
        "voice_rules.csv:2: column counterexample: '鼓声' is matched by rule v-1: '鼓声'",
        f"egdata: {small_codebook}: 8 rules, 16 examples, 2 failed",
    ]


@pytest.mark.parametrize(
    ("table", "line", "cells", "reason"),
    [
        ("issue_rules", 2, {"code": "harbour-fund"}, "issue_rules.csv:2: column code: unknown code 'harbour-fund'"),
        ("stance_rules", 2, {"issue": "fund"}, "stance_rules.csv:2: column issue: 'fund' is not in issues.csv"),
        ("theme_rules", 2, {"phrase": "(fund"}, "theme_rules.csv:2: column phrase: '(fund': '(' is not closed"),
        (
            "theme_rules",
            2,
            {"phrase": "{fund}"},
            "theme_rules.csv:2: column phrase: '{fund}': {fund} is a name in neither",
        ),
        ("issues", 2, {"remark": "x"}, "issues.csv:1: column remark: unknown; the table has id, "),
    ],
)
def test_what_is_wrong_with_a_codebook_is_a_line_each(small_codebook, table, line, cells, reason):
    _put(small_codebook, table, line, **cells)
    result = run("codebook", "check", small_codebook)
    assert (result.exit_code, result.stdout) == (1, "")
    said, summary = result.stderr.splitlines()
    assert said.startswith(reason)
    assert summary.endswith(", 1 failed")


def test_a_table_in_another_encoding_is_one_line(small_codebook):
    file = small_codebook / "issues.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    result = run("codebook", "check", small_codebook)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "issues.csv:2: not UTF-8; save it as CSV UTF-8"


# ---- help ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples_and_the_codebook_option(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Examples:\n    egdata {command}" in result.stdout
    assert ("--codebook DIR" in result.stdout) == (command != "site")  # it shows what others have made


def test_help_lists_every_command():
    result = run("--help")
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.split("Commands:\n")[1].splitlines()]
    assert listed == [*COMMANDS, "codebook"]


@pytest.mark.parametrize("command", ["new", "check"])
def test_help_on_codebooks_shows_examples(command):
    result = run("codebook", command, "--help")
    assert result.exit_code == 0
    assert f"Examples:\n    egdata codebook {command}" in result.stdout


def test_help_loads_nothing_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "egdata.cli", "--help"]
    imported = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "typer" in imported
    assert not {"pandas", "numpy", "rich", "jieba", "matplotlib"} & {
        line.split("|")[-1].strip() for line in imported.splitlines()
    }


# ---- tables and sheet ----------------------------------------------------------------------------------------


def test_tables_are_written_and_pass_the_check(report, tmp_path):
    result = run("tables", report, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    written, read = result.stderr.splitlines()
    assert written == f"egdata: wrote {len(SCHEMA)} tables to {tmp_path / 'out'}"
    assert re.fullmatch(r"egdata: read \d+ % of the characters and .* notices? \(egdata check --notices\)", read)
    assert (tmp_path / "out" / "report.txt").read_text(encoding="utf-8").startswith("专家组的报告\n")
    result = run("check", tmp_path / "out", "--report", report)
    assert (result.exit_code, result.stdout) == (0, "")
    head, date = result.stderr.split("; written ")
    assert head == f"egdata: {tmp_path / 'out'}: no problems"
    assert datetime.now() - timedelta(hours=1) < datetime.fromisoformat(date.strip()) <= datetime.now()


def test_a_report_without_headings_footnotes_or_findings_has_tables_too(report, tmp_path):
    report.write_text("1. 会议于星期一开幕。\n", encoding="utf-8")  # 'The meeting opened on Monday.'
    assert run("tables", report, "--out", tmp_path / "out").exit_code == 0
    assert run("check", tmp_path / "out", "--report", report).exit_code == 0
    frames = read_tables(tmp_path / "out")
    names = ("sections", "units", "sentences", "footnotes", "statements", "positions")
    assert [len(frames[name]) for name in names] == [0, 1, 1, 0, 1, 0]


def test_check_names_the_problem_and_fails(report, tmp_path):
    run("tables", report, "--out", tmp_path / "out")
    file = tmp_path / "out" / "units.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("星期一", "星期二"), encoding="utf-8")
    result = run("check", tmp_path / "out")
    assert result.exit_code == 1
    changed, first, last = result.stderr.splitlines()
    assert changed.startswith("units.csv: changed, or of another run")
    assert first.startswith("units.csv:3: column text: '2. 会议于星期二开幕。', but report.txt has '2. 会议于星期一")
    assert last == f"egdata: 2 problems in {tmp_path / 'out'}"


def test_check_of_another_report_fails(report, tmp_path):
    run("tables", report, "--out", tmp_path / "out")
    report.write_text(REPORT.replace("星期一", "星期二"), encoding="utf-8")
    result = run("check", tmp_path / "out", "--report", report)
    assert result.exit_code == 1
    assert "report.txt: not the text of" in result.stderr


@pytest.mark.parametrize(
    ("suffix", "sep", "excel"),
    [("csv", ",", False), ("tsv", "\t", False), ("csv", ",", True), ("TSV", "\t", True)],
)
def test_the_sheet_is_written_by_its_suffix(report, tmp_path, suffix, sep, excel):
    out = tmp_path / f"sheet.{suffix}"
    result = run("sheet", report, "--out", out, *(["--excel"] if excel else []))
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf") == excel
    text = out.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].split(sep) == [
        "sid", "section", "holder", "issue", "stance", "instruments", "modality", "themes", "statement", "quote", "text",
        "certainty", "gloss_en",
    ]  # fmt: skip
    assert [line.split(sep)[0] for line in text.splitlines()[1:]] == ["1#1", "2#1"]


# ---- corrections ---------------------------------------------------------------------------------------------

# 1. Some speakers supported the Convention against Corruption. They were in favour of elaborating a new convention.
# But other speakers were against a new convention.
DEBATE = "1. 一些发言者支持《联合国反腐败公约》。这些发言者赞成拟订一项新公约。但其他发言者反对拟订一项新公约。\n"


@pytest.fixture
def debate(tmp_path):
    file = tmp_path / "debate.txt"
    file.write_text(DEBATE, encoding="utf-8")
    return file


@pytest.fixture
def corrected(debate, tmp_path):
    """A coding sheet in which a person changed two cells: several speakers, and on a condition."""
    run("sheet", debate, "--out", tmp_path / "sheet.csv")
    sheet = pd.read_csv(tmp_path / "sheet.csv", dtype=str, keep_default_na=False)
    assert sheet[["sid", "holder", "issue", "stance"]].values.tolist() == [
        ["1#1", "some", "", ""],
        ["1#2", "some", "new-convention", "for"],
        ["1#3", "other", "new-convention", "against"],
    ]
    sheet.loc[1, "stance"] = "conditional"
    sheet.loc[2, "holder"] = "several"
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    return tmp_path / "sheet.csv"


def test_corrections_flow_into_the_tables(debate, corrected, tmp_path):
    for out, options in (("found", ()), ("decided", ("--corrections", corrected))):
        result = run("tables", debate, "--out", tmp_path / out, *options)
        assert (result.exit_code, result.stdout) == (0, "")
        assert run("check", tmp_path / out, "--report", debate).exit_code == 0
    uncorrected, decided = (read_tables(tmp_path / out) for out in ("found", "decided"))
    assert set(uncorrected["statements"]["coded_by"]) == {"rules"}
    assert decided["statements"][["sentence_id", "holder", "coded_by"]].values.tolist() == [
        ["1#1", "some", "rules"],
        ["1#2", "some", "rules"],
        ["1#3", "several", "person"],
    ]
    assert decided["positions"][["statement_id", "stance", "coded_by"]].values.tolist() == [
        ["1#2/s1", "conditional", "person"],
        ["1#3/s1", "against", "rules"],
    ]
    counts = ["issue_id", "n_for", "n_conditional", "n_neutral", "n_against", "is_contested", "kind"]
    assert uncorrected["contested"][counts].values.tolist()[0] == ["new-convention", 1, 0, 0, 1, True, "opposed"]
    assert decided["contested"][counts].values.tolist()[0] == ["new-convention", 0, 1, 0, 1, True, "qualified"]
    merged = [frames["edges"][frames["edges"]["identity"] == "merged"] for frames in (uncorrected, decided)]
    ends = ["actor_id", "instrument_id", "stances"]
    assert merged[0][ends].values.tolist() == [
        ["some", "uncac", ""], ["some", "new-convention", "for"], ["other", "new-convention", "against"],
    ]  # fmt: skip
    assert merged[1][ends].values.tolist() == [
        ["some", "uncac", ""], ["some", "new-convention", "conditional"], ["several", "new-convention", "against"],
    ]  # fmt: skip
    for name in ("units", "sentences", "mentions", "sentence_themes", "terms"):
        assert (tmp_path / "found" / f"{name}.csv").read_bytes() == (tmp_path / "decided" / f"{name}.csv").read_bytes()


BAD_CORRECTIONS = {
    "unknown-sentence.csv": ("sid,holder\n999#1,some\n", "'999#1': column sid: the report has no such sentence"),
    "unknown-code.csv": ("sid,holder\n1#1,somebody\n", "1#1: column holder: 'somebody' is no code of the codebook's"),
    "no-stance.csv": ("sid,issue\n1#2,new-convention\n", "column stance: missing"),
    "no-sid.csv": ("holder\nsome\n", "it needs sid"),
    "missing.csv": (None, "missing.csv: cannot be read"),
}


@pytest.mark.parametrize("name", BAD_CORRECTIONS)
def test_bad_corrections_are_one_line_and_leave_earlier_output_whole(debate, earlier, tmp_path, project, name):
    content, reason = BAD_CORRECTIONS[name]
    before = _bytes(earlier / "out")
    if content:
        (tmp_path / name).write_text(content, encoding="utf-8")
    for arguments in (
        ("tables", debate, "--out", earlier / "out"),
        ("network", debate, "--out", tmp_path / "out.gexf"),
        ("build",),
    ):
        result = run(*arguments, "--corrections", tmp_path / name)
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("egdata: ")
        assert name in line
        assert reason in line
    assert _bytes(earlier / "out") == before
    assert not (tmp_path / "out.gexf").exists()
    assert not (project / "data" / "tables").exists()


# ---- network -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_the_network_is_written_as_a_graph(debate, tmp_path, suffix):
    out = tmp_path / f"network.{suffix}"
    result = run("network", debate, "--out", out, "--identity", "merged", "--lang", "zh")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"egdata: wrote 4 nodes and 3 edges to {out}\negdata: read 100 % of the characters")
    graph = nx.read_graphml(out) if suffix == "graphml" else nx.read_gexf(out)
    assert set(graph) == {"some", "other", "uncac", "new-convention"}
    assert graph.nodes["new-convention"]["label"] == "新公约"
    assert {(*edge, stances) for *edge, stances in graph.edges(data="stances")} == {
        ("some", "uncac", None),
        ("some", "new-convention", "for"),
        ("other", "new-convention", "against"),
    }


def test_the_network_by_its_options(debate, corrected, tmp_path):
    def network(*options):
        result = run("network", debate, "--out", tmp_path / "network.graphml", *options)
        assert result.exit_code == 0, result.stderr
        return nx.read_graphml(tmp_path / "network.graphml")

    assert set(network()) == {"1#1/s1", "1#3/s1", "uncac", "new-convention"}
    assert set(network("--identity", "unit")) == {"some@1", "other@1", "uncac", "new-convention"}
    assert "several" in network("--identity", "merged", "--corrections", corrected)
    debate.write_text(
        "1. 各国应遵守《联合国宪章》。会上指出，《联合国反腐败公约》已生效。许多发言者表示关切。\n", encoding="utf-8"
    )
    # States should observe the Charter. It was noted that the Convention is in force. Many speakers were concerned.
    merged = ("--identity", "merged")
    assert set(network(*merged)) == {"unattributed", "impersonal", "un-charter", "uncac"}
    assert set(network(*merged, "--exclude", "impersonal")) == {"unattributed", "un-charter"}
    leave_out = ("--exclude", "impersonal", "--exclude", "unattributed")
    assert set(network(*merged, *leave_out)) == set()
    assert set(network(*merged, *leave_out, "--isolates")) == {"many", "un-charter", "uncac"}


@pytest.mark.parametrize("kind", ["actor-issue", "congruence", "conflict"])
def test_networks_of_other_kinds(debate, tmp_path, kind):
    result = run("network", debate, "--out", tmp_path / "network.graphml", "--kind", kind, "--identity", "merged")
    assert result.exit_code == 0, result.stderr
    edges = {tuple(sorted(edge)) for edge in nx.read_graphml(tmp_path / "network.graphml").edges}
    issue = {("new-convention", "other"), ("new-convention", "some")}
    assert edges == {"actor-issue": issue, "congruence": set(), "conflict": {("other", "some")}}[kind]


def test_positions_and_events_are_written_as_tables(debate, tmp_path):
    flat, events = run("flat", debate, "--out", tmp_path / "flat.xlsx"), tmp_path / "events.csv"
    assert flat.stderr.startswith(f"egdata: wrote 2 positions to {tmp_path / 'flat.xlsx'}\n")
    assert pd.read_excel(tmp_path / "flat.xlsx")["stance"].tolist() == ["for", "against"]
    assert run("network", debate, "--out", events).stderr.startswith(f"egdata: wrote 2 events to {events}\n")
    assert pd.read_csv(events)["agreement"].tolist() == [1, 0]


# ---- score ---------------------------------------------------------------------------------------------------


@pytest.fixture
def sheets(tmp_path):
    gold = pd.DataFrame({"sid": ["1#1", "2#1"], "holder": ["some", "unattributed"]})
    gold.to_csv(tmp_path / "gold.tsv", sep="\t", index=False)
    gold.assign(holder="some").to_csv(tmp_path / "sheet.csv", index=False)
    return tmp_path / "sheet.csv", tmp_path / "gold.tsv"


def test_scores_are_printed_and_written(sheets, tmp_path, report):
    result = run(
        "score",
        *sheets,
        "--out",
        tmp_path / "scores.csv",
        "--errors",
        tmp_path / "errors.xlsx",
        "--report",
        report,
    )
    assert (result.exit_code, result.stderr) == (0, "")
    printed = [line.split() for line in result.stdout.splitlines()]
    assert printed[0] == ["variable", "measure", "n", "value", "low", "high"]
    assert printed[1] == ["holder", "n_gold", "2", "2"]
    assert printed[3] == ["holder", "agreement", "2", "0.500", "0.000", "1.000"]
    scores = (tmp_path / "scores.csv").read_text().splitlines()
    assert scores[:2] == ["variable,measure,n,value,low,high", "holder,n_gold,2,2.0,,"]
    assert len(scores) == len(printed)
    errors = pd.read_excel(tmp_path / "errors.xlsx", dtype=str)
    assert errors.to_dict("records") == [
        {"sid": "2#1", "variable": "holder", "gold": "unattributed", "sheet": "some", "text": "会议于星期一开幕。"}
    ]


def test_a_sentence_that_is_missing_is_bad_input(sheets):
    result = run("score", *reversed(sheets))
    assert result.exit_code == 0
    sheets[0].write_text("sid,holder\n1#1,some\n")
    result = run("score", *sheets)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "egdata: the sheet has no sentence 2#1, which the gold has\n"


# ---- figures, notebooks, build -------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A checkout with one notebook, and figures that draw quickly."""
    root = tmp_path / "project"
    (root / "notebooks").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "pyproject.toml").touch()
    cells = [
        nbformat.v4.new_markdown_cell("A codebook."),
        nbformat.v4.new_code_cell("import egdata as eg\neg.read_codebook().folder.name"),
        nbformat.v4.new_code_cell("import sys, os\nprint(1, flush=True)\nprint(2)\nos.environ.get('MPLBACKEND')"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "00_codebook.ipynb")

    def save_figures(folder, coding, known=None):
        Path(folder).mkdir(exist_ok=True)
        (Path(folder) / "figure.txt").write_text(f"{len(coding.report.units)} {coding.codebook.folder.name}")
        return [Path(folder) / "figure.txt"]

    monkeypatch.setattr("egdata.charts.gallery.save_figures", save_figures)
    monkeypatch.setattr("egdata.pages.build.save_figures", save_figures)
    monkeypatch.setattr(cli, "_checkout", lambda: root)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    return root


def _outputs(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    return [
        output.get("text") or output["data"]["text/plain"]
        for cell in cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def test_build_makes_everything_and_a_second_one_changes_nothing(project):
    result = run("build")
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert f"wrote {len(SCHEMA)} tables; wrote the brief; executed 1 notebook\n" in result.stderr
    folders = [project / name for name in ("data", "data/tables", "data/brief", "figures", "notebooks")]
    first = [_bytes(folder) for folder in folders]
    assert [len(files) for files in first] == [1, len(SCHEMA) + 2, 8, 1, 1]
    assert (project / "figures" / "figure.txt").read_text() == "190 codebook"
    assert _outputs(project / "notebooks" / "00_codebook.ipynb") == [
        "'codebook'",
        "1\n2\n",
        "'module://matplotlib_inline.backend_inline'",  # and not Agg, under which charts are not shown
    ]
    assert "nothing has changed" in run("build").stderr
    assert [_bytes(folder) for folder in folders] == first
    assert run("check").exit_code == 0


def test_figures_and_notebooks_use_the_codebook_that_is_named(project, small_codebook, tmp_path):
    small_codebook.rename(tmp_path / "mine")
    for command in ("figures", "notebooks"):
        assert run(command, "--codebook", tmp_path / "mine").exit_code == 0
    assert (project / "figures" / "figure.txt").read_text() == "190 mine"
    assert _outputs(project / "notebooks" / "00_codebook.ipynb")[0] == "'mine'"
    assert eg.read_codebook().folder.name == "codebook"
    result = run("figures", "--out", tmp_path / "charts")
    assert result.exit_code == 0
    assert "egdata: left out 01_report, 02_themes, " in result.stderr  # this gallery has one figure only
    assert (tmp_path / "charts" / "figure.txt").read_text() == "190 codebook"


def test_a_notebook_that_fails_is_left_as_it_was(project):
    notebook = project / "notebooks" / "00_codebook.ipynb"
    notebook.write_text(notebook.read_text().replace("eg.read_codebook().folder.name", "1 / 0"))
    before = notebook.read_bytes()
    result = run("notebooks")
    assert result.exit_code == 2
    assert result.stderr == "egdata: 00_codebook.ipynb: ZeroDivisionError: division by zero\n"
    assert notebook.read_bytes() == before


def test_a_file_that_is_no_notebook_is_bad_input(project):
    (project / "notebooks" / "00_codebook.ipynb").write_text("[]")
    result = run("notebooks")
    assert result.exit_code == 2
    assert result.stderr.startswith("egdata: 00_codebook.ipynb: not a notebook")


def test_a_notebook_is_stripped_of_what_differs_between_runs():
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"iopub.status.busy": "now"}, "tags": ["a"]})
    info = {"name": "python", "version": "3.11.7", "codemirror_mode": {"version": 3}}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"language_info": info, "widgets": {}})
    notebooks.normalise(notebook)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert (notebook.cells[0].id, notebook.cells[0].metadata) == ("cell-01", {"tags": ["a"]})
    nbformat.validate(notebook)


def test_build_without_a_checkout_is_bad_input(monkeypatch, tmp_path):
    monkeypatch.setattr("egdata.base.paths.data_path", lambda *parts: tmp_path.joinpath("data", *parts))
    for command in ("build", "notebooks"):
        result = run(command)
        assert result.exit_code == 2
        assert result.stderr.startswith("egdata: this needs a checkout of the project")


# ---- bad input -----------------------------------------------------------------------------------------------

BAD_REPORTS = {
    "empty.txt": b"",
    "mixed.txt": REPORT.encode() + REPORT.encode("gbk"),
    "text.pdf": REPORT.encode(),
    "binary.txt": bytes(range(256)),
    "headings.txt": "会议报告\n一. 导言\n".encode(),  # 'report of the meeting', 'introduction', and no text
    "folder": None,
    "missing.txt": None,
}


@pytest.mark.parametrize("name", BAD_REPORTS)
def test_a_bad_report_is_one_line_and_leaves_earlier_output_whole(earlier, tmp_path, name):
    before = _bytes(earlier / "out"), _bytes(earlier)
    (tmp_path / "folder").mkdir()
    if BAD_REPORTS[name] is not None:
        (tmp_path / name).write_bytes(BAD_REPORTS[name])
    for arguments in (
        ("tables", tmp_path / name, "--out", earlier / "out"),
        ("sheet", tmp_path / name, "--out", earlier / "sheet.csv"),
        ("check", earlier / "out", "--report", tmp_path / name),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("egdata: ")
        assert name in line
    assert (_bytes(earlier / "out"), _bytes(earlier)) == before


def test_a_broken_codebook_is_one_line_and_leaves_earlier_output_whole(
    earlier, sheets, project, small_codebook, tmp_path
):
    _put(small_codebook, "theme_rules", 2, code="no-such-theme")
    before = _bytes(earlier / "out"), _bytes(earlier), _bytes(project / "notebooks")
    for arguments in (
        ("tables", earlier / "report.txt", "--out", earlier / "out"),
        ("sheet", earlier / "report.txt", "--out", earlier / "sheet.csv"),
        ("score", *sheets),
        ("check", earlier / "out"),
        ("figures", "--out", tmp_path / "charts"),
        ("notebooks",),
        ("build",),
    ):
        result = run(*arguments, "--codebook", small_codebook)
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("egdata: theme_rules.csv:")
        assert "column code: unknown code 'no-such-theme'" in line
        assert not (project / "figures").exists()
    assert (_bytes(earlier / "out"), _bytes(earlier), _bytes(project / "notebooks")) == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["tables", "{report}", "--out", "{report}"], "report.txt: cannot be written: it is a file, not a folder"),
        (["tables", "{report}", "--out", "x", "--codebook", "none"], "none: no such folder"),
        (["sheet", "{report}", "--out", "sheet.ods"], "sheet.ods: a table can be written as .csv, .tsv or .xlsx"),
        (["score", "none.csv", "{report}"], "none.csv: cannot be read"),
        (["score", "{report}", "{report}", "--out", "x.txt"], "x.txt: a table can be written as .csv, .tsv or .xlsx"),
        (["compare-coders", "{report}", "--coder", "rules"], "name two coders or more to compare, not 1"),
        (["codebook", "prompt", "none"], "none: no such file"),
        (["score", "{report}", "{report}"], "the sheet has no column sid"),
        (["check", "none"], "none: no such folder"),
        (["codebook", "check", "none"], "none: no such folder"),
        (["codebook", "new", "."], "exists and is not an empty folder; choose another one"),
        (["codebook", "new", "{report}/codebook"], "cannot be written: "),
        (["network", "{report}", "--out", "x.net"], "x.net: name it .graphml or .gexf, or .csv, .tsv, .xlsx for"),
        (
            ["network", "{report}", "--out", "x.csv", "--kind", "conflict"],
            "--kind, --isolates and --lang are of a graph",
        ),
        (["network", "{report}", "--out", "x.gexf", "--identity", "all"], "identity is 'all'; it can be 'mention'"),
        (["network", "{report}", "--out", "x.gexf", "--exclude", "nobody"], "exclude is 'nobody'; it can be 'anon"),
        (["network", "{report}", "--out", "x.gexf", "--lang", "fr"], "lang is 'fr'; it can be 'zh', 'en'"),
    ],
)
def test_bad_arguments_are_one_line(report, monkeypatch, arguments, reason):
    monkeypatch.chdir(report.parent)
    before = _bytes(report.parent)
    result = run(*(argument.format(report=report) for argument in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("egdata: ")
    assert reason in line
    assert _bytes(report.parent) == before


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["build", "--codebook", ""], "--codebook"),
        (["check", ""], "check"),
        (["codebook", "new", ""], "new"),
        (["tables", "--out="], "--out"),
        *(
            ([command, "--out", ""], "--out")
            for command in ("report", "tables", "sheet", "corpus", "network", "reader", "figures", "site")
        ),
    ],
)
def test_an_empty_path_is_an_error_and_not_the_folder_at_hand(monkeypatch, tmp_path, arguments, named):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"egdata: {named}: what follows is empty; name something or leave it out\n"
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_that_which_the_readme_asks_to_cite():
    result = run("--version")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"egdata {eg.__version__}\n", "")


def test_a_missing_option_is_a_usage_error():
    result = run("tables")
    assert result.exit_code == 2
    assert "--out" in result.stderr
