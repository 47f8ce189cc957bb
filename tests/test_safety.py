"""What egdata writes betrays nobody's machine, replaces nobody's files, and what it reads is never run."""

import ast
import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import egdata as eg
from egdata.charts.gallery import save_figures
from egdata.codebook.starter import write_starter
from egdata.pages.site import write_site
from egdata.reading.report import parse_report
from egdata.tables.files import write_tables

ROOT = Path(eg.__file__).parents[1]
TELLTALE = "xq7telltale"  # name of user, home, working folder and codebook

# 1. Some speakers were in favour of a new convention. 2. Other speakers were against one. Japan made a statement.
SOURCE = (
    "专家组的报告\n\n一. 讨论情况摘要\n\n1. 一些发言者赞成拟订一项新公约。\n\n"
    "2. 但其他发言者反对新公约，支持《布达佩斯公约》。日本的代表作了发言。\n"
)


def _written(folder):
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


# ---- no path, no name ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp(TELLTALE)
    (home / "report.txt").write_text(SOURCE, encoding="utf-8")
    return home


#: Commands as a process of their own runs them, one after the other; it ends with 1 if one of them fails.
PROGRAM = """
import json, sys
from egdata import cli
sys.exit(any([cli.app(command, standalone_mode=False) for command in json.load(sys.stdin)]))
"""


def _run(home, commands):
    person = dict.fromkeys(("USER", "LOGNAME", "USERNAME"), TELLTALE)
    environment = os.environ | person | {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT)}
    command, given = [sys.executable, "-c", PROGRAM], json.dumps(commands)
    done = subprocess.run(command, input=given, cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _betrays(content):
    """The names of the machine and its user that stand in a file."""
    names = {TELLTALE, str(Path.home()), str(ROOT), getpass.getuser()} - {"/", "/root", "root"}  # too short to tell
    return sorted(name for name in names if name.encode() in content)


@pytest.mark.slow
def test_no_output_names_the_machine_or_its_user(home):
    report = str(home / "report.txt")
    commands = [
        ("codebook", "new", "codebook"),
        ("tables", report, "--out", "out/tables", "--codebook", "codebook"),
        ("tables", report, "--out", "out/excel", "--excel"),
        ("sheet", report, "--out", "out/sheet.csv"),
        ("reader", report, "--out", "out/reader.html", "--codebook", "codebook"),
        ("network", report, "--out", "out/network.graphml"),
        ("network", report, "--out", "out/network.gexf"),
        ("figures", "--out", "out/figures"),
    ]
    _run(home, commands)
    made = {name: file for name, file in _written(home).items() if name.startswith("out/")}
    wanted = {command[command.index("--out") + 1] for command in commands if "--out" in command}
    assert {"/".join(name.split("/")[:2]) for name in made} == wanted
    assert {name: names for name, file in made.items() if (names := _betrays(file.read_bytes()))} == {}


@pytest.mark.slow
def test_the_site_and_what_is_committed_name_no_machine(tmp_path):
    write_site(tmp_path / "site", ROOT)
    committed = {path for folder in ("data", "figures", "notebooks") for path in _written(ROOT / folder).values()}
    files = [*_written(tmp_path / "site").values(), *committed]
    assert len(files) > 50
    assert [file.name for file in files if _betrays(file.read_bytes()) or b"/home/" in file.read_bytes()] == []


# ---- other people's files (those in the folder of a site: test_site.py) --------------------------------------------------------------------------------------------

FOREIGN = ("notes.md", ".hidden", "drafts/old.csv", "zzz.egdata")


def _tables(folder):
    write_tables(parse_report(SOURCE), folder)


def _figures(folder):
    save_figures(folder, parse_report(SOURCE))


@pytest.mark.slow
@pytest.mark.parametrize("write", [_tables, _figures], ids=["tables", "figures"])
def test_files_that_egdata_did_not_write_stay(tmp_path, write):
    folder = tmp_path / "out"
    write(folder)
    ours = {*_written(folder)}
    for name in FOREIGN:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("mine")
    write(folder)
    assert {*_written(folder)} == ours | {*FOREIGN}
    assert {(folder / name).read_text() for name in FOREIGN} == {"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "name"),
    [
        (_tables, "units.csv"), (_tables, "report.txt"), (_tables, "datapackage.json"), (_figures, "README.md"),
        (write_starter, "issues.csv"),
    ],
)  # fmt: skip
def test_a_file_of_the_same_name_is_not_replaced(tmp_path, write, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(eg.EgdataError, match=rf"{tmp_path}"):
        write(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "mine"}


# ---- data is never run -----------------------------------------------------------------------------------------------

RUNS_DATA = {"yaml", "pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
CALLS = {"eval", "exec", "compile", "__import__", "read_pickle", "to_pickle", "load_module"}


def _risks(source):
    """Imports that can load code with data, and calls that run text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in RUNS_DATA)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in RUNS_DATA:
            yield node.module
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            is_regex = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
            if name in CALLS and not is_regex:
                yield name
            yield from (f"{name}({key.arg})" for key in node.keywords if key.arg in ("allow_pickle", "shell"))


def test_no_module_loads_code_with_data():
    modules = sorted(Path(eg.__file__).parent.rglob("*.py"))
    assert len(modules) > 25
    by_module = {module.name: [*_risks(module.read_text(encoding="utf-8"))] for module in modules}
    assert {name: risks for name, risks in by_module.items() if risks} == {}


@pytest.mark.parametrize(
    ("source", "risk"),
    [("import yaml", "yaml"), ("from pickle import loads", "pickle"), ("eval('1')", "eval"), ("pd.read_pickle(x)", "read_pickle"),
     ("import re\nre.compile('a')", None), ("np.load(x, allow_pickle=True)", "load(allow_pickle)")],
)  # fmt: skip
def test_what_loads_code_is_noticed(source, risk):
    assert [*_risks(source)] == ([risk] if risk else [])
