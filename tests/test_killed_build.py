"""``egdata build``, killed at thirty points: the tables are the old or the new ones, and ``egdata check`` says which."""

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
from egdata.charts import gallery
from egdata.reading.report import read_report
from egdata.tables.files import check_tables, write_tables
write_tables(read_report(), "warm")
check_tables("warm", read_report())
for line in sys.stdin:
    out, *args = line.split()
    pid = os.fork()
    if not pid:
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        cli.app(args, prog_name="egdata")
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Project:
    """A checkout with a short report and no notebooks, and the command at work in it."""

    def __init__(self, root):
        for name in ("egdata", "data/codebook", "data/reports"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (root / "pyproject.toml").touch()
        self.root, self.data, self.out = root, root / "data", root / "said"
        self.put_report(0)
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONWARNINGS": "ignore"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.command = subprocess.Popen([sys.executable, "-c", COMMAND], cwd=root, env=environment, text=True, **pipes)

    def put_report(self, number):
        (self.data / "reports" / "eg4-2020-2.zh.txt").write_text(REPORTS[number], encoding="utf-8")

    def start(self, *args):
        """Start the command; the number of its process."""
        self.command.stdin.write(" ".join([str(self.out), *map(str, args)]) + "\n")
        self.command.stdin.flush()
        return int(self.command.stdout.readline())

    def end(self):
        """Wait until the command has ended; its exit code and what it said."""
        return int(self.command.stdout.readline()), self.out.read_text(encoding="utf-8")

    def tables(self):
        folder = self.data / "tables"
        return {file.name: file.read_bytes() for file in folder.iterdir()} if folder.exists() else {}

    def ready(self):
        """The folders in which files are made ready, or were by a run that was killed."""
        return {name for name in os.listdir(self.data) if name.startswith(PREFIX)}

    def wait_for_change(self):
        """Wait until files are made ready, or until they have been moved in."""
        before, deadline = self._folders(), time.monotonic() + 60
        while self._folders() == before:
            assert time.monotonic() < deadline

    def _folders(self):
        tables = self.data / "tables"
        return self.ready(), tables.exists() and tables.stat().st_ino


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path / "project")
    yield project
    project.command.stdin.close()
    project.command.wait()


def _whole(project, number):
    """The tables of a report, and how long it takes to make them."""
    project.put_report(number)
    begin = time.monotonic()
    project.start("tables", "--out", project.data / "tables")
    assert project.end()[0] == 0
    assert not project.ready()
    return project.tables(), time.monotonic() - begin


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the files are moved in one by one")
def test_a_build_that_is_killed_leaves_the_old_tables_or_the_new(project):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    old, _ = _whole(project, 0)
    new, seconds = _whole(project, 1)
    wanted, now, found, interrupted = (old, new), 1, [], 0
    for kill in range(KILLS):
        project.put_report(1 - now)
        pid = project.start("build")
        delay = chance.uniform(0, seconds)
        if kill % 3:  # while the tables are written, or soon after
            project.wait_for_change()
            delay = 10 ** chance.uniform(-4, -0.5)  # most in the few milliseconds that it takes
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        where = f"seed {seed}, kill {kill} after {delay:.4f} s"
        assert project.end()[0] == -signal.SIGKILL, where
        interrupted += bool(project.ready())
        assert project.tables() in wanted, where
        found.append(project.tables() == wanted[1 - now])
        project.start("check")
        code, said = project.end()
        if found[-1]:
            now = 1 - now
            assert (code, "no problems; written" in said) == (0, True), f"{where}: {said}"
        else:
            assert (code, said.startswith("report.txt: not the text of")) == (1, True), f"{where}: {said}"
    assert 0 < sum(found) < KILLS, f"seed {seed}"
    assert interrupted, f"seed {seed}"  # so that some kills did fall into the writing
    assert _whole(project, now)[0] == wanted[now]  # which also takes away what was left
