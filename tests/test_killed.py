"""Runs that are killed while they write: every file is old or new, ``egdata check`` says which, the next run ends well.

Kills of single workers of a corpus, which the run itself outlives, are in ``test_corpus.py``; the steps of one writing,
broken off one after the other, in ``test_output.py``.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import egdata as eg
from egdata.base.output import PREFIX
from egdata.reading.report import parse_report
from egdata.tables.files import PACKAGE_FILE, check_tables, write_tables

ROOT = Path(eg.__file__).parents[1]
KILLS = 30

#: The report of the project, before and after it is changed. 1. Some speakers supported a new convention. 2. Others …
REPORTS = [
    "专家组的报告\n\n一. 讨论情况摘要\n\n1. 一些发言者赞成拟订一项新公约。\n",
    "专家组的报告\n\n一. 讨论情况摘要\n\n1. 一些发言者赞成拟订一项新公约。\n\n2. 其他发言者反对新公约。\n",
]

#: The command with all modules loaded, so that it is at work at once. Each line is a file for what it says, and its
#: arguments; the number of the process is printed and, when that has ended, its exit code.
COMMAND = """
import os, sys
from egdata import cli
from egdata.pages import build
from egdata.reading import report
from egdata.tables import files
files.write_tables(report.read_report(), "warm")
files.check_tables("warm", report.read_report())
for line in sys.stdin:
    out, *args = line.split()
    pid = os.fork()
    if not pid:
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        cli.app(args, prog_name="egdata")
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def bytes_of(folder):
    """The files of a folder, without those that are being made ready, which may go while one looks."""
    files = {}
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(PREFIX)]
        files |= {Path(root, name).relative_to(folder).as_posix(): Path(root, name) for name in names}
    return {name: file.read_bytes() for name, file in files.items()}


class Project:
    """A checkout with a short report and a notebook without cells, and the command at work in it."""

    def __init__(self, root):
        for name in ("egdata", "data/codebook", "data/reports", "data/starter"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (root / "pyproject.toml").touch()
        (root / "notebooks").mkdir()
        empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (root / "notebooks" / "index.ipynb").write_text(json.dumps(empty), encoding="utf-8")
        self.root, self.tables, self.out = root, root / "data" / "tables", root / "said"
        self.put_report(0)
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONWARNINGS": "ignore"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.command = subprocess.Popen([sys.executable, "-c", COMMAND], cwd=root, env=environment, text=True, **pipes)

    def put_report(self, number):
        file = self.root / "data" / "reports" / "eg4-2020-2.zh.txt"
        file.write_text(REPORTS[number], encoding="utf-8")

    def start(self, *args):
        """Start the command; the number of its process."""
        self.command.stdin.write(" ".join([str(self.out), *map(str, args)]) + "\n")
        self.command.stdin.flush()
        return int(self.command.stdout.readline())

    def end(self):
        """Wait until the command has ended; its exit code and what it said."""
        return int(self.command.stdout.readline()), self.out.read_text(encoding="utf-8")

    def run(self, *args):
        self.start(*args)
        return self.end()

    def ready(self):
        """The folders in which tables are made ready, or were by a run that was killed."""
        return {name for name in os.listdir(self.tables) if name.startswith(PREFIX)}


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path / "project")
    yield project
    project.command.stdin.close()
    project.command.wait()


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end


def whole_tables(project, number):
    """The tables of a report, and how long it takes to make them."""
    project.put_report(number)
    begin = time.monotonic()
    assert project.run("tables", "--out", project.tables)[0] == 0
    assert not project.ready()
    return bytes_of(project.tables), time.monotonic() - begin


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
def test_a_build_that_is_killed_leaves_whole_files_and_the_check_says_which(project):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    (old, _), (new, seconds) = whole_tables(project, 0), whole_tables(project, 1)
    wanted, n_interrupted, ends = (old, new), 0, set()
    for kill in range(KILLS):
        project.put_report(kill % 2)
        right, other = wanted[kill % 2], wanted[1 - kill % 2]
        before, left = bytes_of(project.tables), project.ready()
        pid = project.start("build")
        delay = chance.uniform(0, 2 * seconds)
        if kill % 3:  # while the tables are written, or soon after
            wait_for(lambda left=left, right=right: project.ready() - left or bytes_of(project.tables) == right)
            delay = 10 ** chance.uniform(-4, -0.5)  # most in the few milliseconds that it takes
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        where = f"seed {seed}, kill {kill} after {delay:.4f} s"
        assert project.end()[0] == -signal.SIGKILL, where
        n_interrupted += bool(project.ready())
        now = bytes_of(project.tables)
        assert set(now) == set(before), where
        assert all(content in (before[name], right[name]) for name, content in now.items()), where
        code, said = project.run("check")
        if now == right:
            assert (code, "no problems; written" in said) == (0, True), f"{where}: {said}"
            ends.add("new")
        elif now == other:
            assert (code, said.startswith("report.txt: not the text of")) == (1, True), f"{where}: {said}"
            ends.add("old")
        else:
            assert (code, "of another run, one of which was broken off" in said) == (1, True), f"{where}: {said}"
    assert ends == {"old", "new"}, f"seed {seed}"
    assert n_interrupted, f"seed {seed}"  # so that some kills did fall into the writing
    # What was broken off is made at the next build, and at none after it.
    project.put_report(1)
    code, said = project.run("build")
    assert code == 0, said
    assert bytes_of(project.tables) == new
    outputs = bytes_of(project.root)
    code, said = project.run("build")
    assert (code, "nothing has changed" in said) == (0, True), said
    outputs["said"] = project.out.read_bytes()
    assert bytes_of(project.root) == outputs
    code, said = project.run("build", "--fresh")
    assert (code, "wrote 24 tables; drew " in said) == (0, True), said
    assert not project.ready()  # what a killed run left goes with the next that writes
    assert bytes_of(project.root) == outputs | {"said": project.out.read_bytes()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The folders of tables of two runs."""
    folders = [tmp_path_factory.mktemp("run") / "tables" for _ in REPORTS]
    for folder, text in zip(folders, REPORTS, strict=True):
        write_tables(parse_report(text), folder)
    return folders


@pytest.mark.parametrize("n_moved", [0, 1, 2, 12, 25, 26])
def test_files_of_two_runs_are_told_by_the_check(runs, tmp_path, n_moved):
    folder, new = shutil.copytree(runs[0], tmp_path / "tables"), bytes_of(runs[1])
    names = [PACKAGE_FILE, *(resource["path"] for resource in json.loads(new[PACKAGE_FILE])["resources"]), "report.txt"]
    assert set(names) == set(new)
    assert len(names) == 26
    for name in names[:n_moved]:
        (folder / name).write_bytes(new[name])
    told = any("of another run, one of which was broken off" in problem for problem in check_tables(folder))
    assert told == (0 < n_moved < 26)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
def test_a_corpus_that_is_killed_goes_on_to_the_same_bytes(project):
    reports, whole, folder = (project.root / name for name in ("reports", "whole", "corpus"))
    reports.mkdir()
    for number in range(4):  # 1. Some speakers supported training, for the nth time.
        text = f"专家组的报告\n\n一. 讨论情况摘要\n\n1. 一些发言者支持第{number}次培训。\n"
        (reports / f"r{number}.txt").write_text(text, encoding="utf-8")
    (reports / "r1-bad.txt").write_text("\n", encoding="utf-8")
    assert project.run("corpus", reports, "--out", whole, "--workers", 1)[0] == 1
    pid = project.start("corpus", reports, "--out", folder, "--workers", 1)
    wait_for(lambda: list(folder.glob("reports/*.parquet")))
    os.kill(pid, signal.SIGKILL)
    assert project.end()[0] == -signal.SIGKILL
    done = {file: file.stat().st_mtime_ns for file in folder.glob("reports/*.parquet")}
    assert 0 < len(done) < 4
    code, said = project.run("corpus", reports, "--out", folder, "--workers", 1)
    assert (code, f"wrote 4 reports to {folder}, 1 refused" in said) == (1, True), said
    assert bytes_of(folder) == bytes_of(whole)
    assert {file: file.stat().st_mtime_ns for file in done} == done
