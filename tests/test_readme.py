"""The README: its snippets run and print what it shows, its links lead somewhere, its numbers are those of the code."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.charts.words import blind_f1

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
PROSE = re.sub(r"^```\w+\n.*?^```$", "", README, flags=re.M | re.S)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = dict(re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)*)", MAKEFILE, re.M))
LICENSE = re.search(r"Copyright \(c\) (\d{4})", (ROOT / "LICENSE").read_text(encoding="utf-8"))[1]
#: The position that the README opens with, and the F1 that it gives.
OPENING = re.search(
    r"From para\. (?P<paragraph>\S+),.*:\n\n> '(?P<holder>.+)' · (?P<issue>.+) · (?P<stance>\w+) · (?P<quote>.+)\n",
    README,
).groupdict()
MEASURED = re.search(
    r"F1 of positions was (\d\.\d\d) on average in Chinese and (\d\.\d\d) in English, with the holder (\d\.\d\d) and"
    r" (\d\.\d\d).+?unlike all that was learnt from it was (\d\.\d\d) and (\d\.\d\d)",
    " ".join(README.split()),
)
WHOLE = ("build", "figures", "notebooks")  # these work on the checkout itself


def run(*arguments):
    return CliRunner().invoke(cli.app, list(arguments))


def commands(block):
    """Each command line of a block as a list of words."""
    return [words for line in block.splitlines() if (words := shlex.split(line, comments=True))]


SHELL = [words for language, block in BLOCKS if language == "sh" for words in commands(block)]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with what a reader has: a report of their own, and the data of a checkout."""
    for name in ("codebook", "gold"):
        shutil.copytree(ROOT / "data" / name, tmp_path / "data" / name)
    # I. Summary of deliberations. 1. Some speakers supported a new convention against cybercrime.
    (tmp_path / "report.txt").write_text(
        "一. 讨论情况摘要\n\n1. 一些发言者支持打击网络犯罪的新公约。\n", encoding="utf-8"
    )
    # 1. Many speakers thanked the Secretariat.
    (tmp_path / "later.txt").write_text("一. 讨论情况摘要\n\n1. 许多发言者感谢秘书处。\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- snippets ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_snippets_run_in_order_and_print_what_is_shown(place):
    names, ran = {}, []
    for language, block in BLOCKS:
        if language == "python":
            test = doctest.DocTestParser().get_doctest(block, names, "README.md", "README.md", None)
            assert test.examples, block
            failed = []
            doctest.DocTestRunner(verbose=False).run(test, out=failed.append, clear_globs=False)
            assert not failed, "".join(failed)
            names = test.globs
        elif language == "sh":
            for words in commands(block):
                if words[0] == "egdata" and words[1] not in WHOLE:
                    result = run(*words[1:])
                    assert result.exit_code == 0, (words, result.stderr)
                    ran.append(words[1])
                elif words[:2] == ["cp", "-r"]:
                    shutil.copytree(*words[2:])
    assert {"tables", "check", "sheet", "score", "network"} <= set(ran)
    assert names["positions"]["stance"].tolist() == ["for"]  # of the reader's own report
    for words in SHELL:
        if "--out" in words:
            assert (place / words[words.index("--out") + 1]).exists(), words


def test_no_command_line_is_left_unchecked():
    for words in SHELL:
        assert words[0] in {"make", "egdata", "cp", "python3.11", ".venv/bin/python", ".venv/bin/egdata"}, words


def test_commands_on_the_checkout_exist_with_their_options():
    lines = [words for words in SHELL if words[0].endswith("egdata") and words[1] in WHOLE]
    assert lines
    for words in lines:
        result = run(*words[1:], "--help")  # an unknown command or option is an error all the same
        assert result.exit_code == 0, words


def test_make_targets_exist_and_call_what_exists():
    named = {words[1] for words in SHELL if words[0] == "make"} | set(re.findall(r"`make ([a-z-]+)`", PROSE))
    assert {"build", "test"} <= named <= set(TARGETS)
    for target in named:
        for command in re.findall(r"\$\(BIN\)/egdata ([a-z]+)", TARGETS[target]):
            assert run(command, "--help").exit_code == 0, target
    for target in ("build", "site"):
        assert f"$(BIN)/egdata {target}" in TARGETS[target]


def test_the_way_without_make_is_that_of_the_makefile():
    pip = re.search(r"^PIP := .*-m pip (.*)$", MAKEFILE, re.M)[1]
    pytest_line = re.search(r"^PYTEST := (.*)$", MAKEFILE, re.M)[1]
    made = MAKEFILE.replace("$(PIP)", "$(BIN)/python -m pip").replace("$(PYTEST)", pytest_line)
    made = made.replace("$(BIN)", ".venv/bin").replace(pip, "").replace('"', "")
    lines = [" ".join(words) for words in SHELL if words[0].startswith(".venv/")]
    assert len(lines) == 5
    for line in lines:
        assert line in made, line
    windows = [block for language, block in BLOCKS if language == "powershell"]
    assert len(windows) == 1
    windows_lines = windows[0].replace("\\Scripts\\", "/bin/").replace('"', "").splitlines()
    assert [line for line in windows_lines if line.startswith(".venv/")] == lines


def test_every_command_is_listed_with_what_its_help_says():
    listed = re.findall(r"^\| `egdata ([a-z-]+)` \| (.+) \|$", PROSE, re.M)
    helped = re.findall(r"^  ([a-z-]+) +(.+)$", run("--help").stdout.split("Commands:\n")[1], re.M)
    assert listed == [(name, text.strip().removesuffix(".")) for name, text in helped]


# ---- words -----------------------------------------------------------------------------------------------------------------


def test_every_link_and_folder_is_there():
    links = re.findall(r"\]\(([^)]+)\)", PROSE)
    folders = re.findall(r"^\| (`[a-z/]+/`(?:, `[a-z/]+/`)*) \|", PROSE, re.M)
    assert len(re.findall(r"!\[[^]]{20,}\]\(figures/[^)]+\.en\.svg\)", PROSE)) == 2
    assert len(folders) > 5
    for path in [*links, *(path for row in folders for path in re.findall(r"`([^`]+)`", row))]:
        assert not path.startswith(("/", "http")), path
        assert (ROOT / path).exists(), path


def test_every_name_of_the_library_is_public():
    assert set(re.findall(r"\beg\.(\w+)", README)) <= set(eg.__all__)


def test_every_number_comes_from_somewhere():
    """A count in the prose would go stale; those in the snippets are compared when they run."""
    meta = eg.read_report().meta
    python = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    known = " ".join([*map(str, meta.values()), python, eg.__version__, LICENSE, OPENING["quote"], *MEASURED.groups()])
    known += " " + " ".join(eg.read_report().citation(unit) for unit in ("13(b)", OPENING["paragraph"]))
    numbers = re.findall(r"\d+(?:\.\d+)*", re.sub(r"\]\([^)]+\)", "]", PROSE))
    assert numbers
    assert set(numbers) <= set(re.findall(r"\d+(?:\.\d+)*", known))


def test_the_opening_is_a_position_of_the_report():
    report = eg.read_report()
    positions = eg.find_positions(report)
    issues = eg.read_codebook().tables["issues"].set_index("id")["label_en"].str.lower()
    rows = positions[
        positions["citation"].eq(report.citation(OPENING["paragraph"]))
        & positions["issue_id"].map(issues).eq(OPENING["issue"].lower())
        & positions["stance"].eq(OPENING["stance"])
    ]
    assert rows["quote"].tolist() == [OPENING["quote"]]
    assert OPENING["holder"].startswith(rows["holder"].iloc[0])


def test_the_f1_is_that_of_the_first_scores():
    mean = {name: blind_f1(name) for name in ("position", "position+holder")}
    gold = ROOT / "data" / "gold"
    unlike = [card.parent.name for card in gold.glob("*/card.toml") if "resemble no training" in card.read_text()]
    scores = pd.read_csv(gold / "scores.csv")
    hardest = scores[scores["set"].isin(unlike)].groupby("lang")["position"].mean()
    right = [means[lang] for means in (*mean.values(), hardest) for lang in ("zh", "en")]
    assert MEASURED.groups() == tuple(f"{value:.2f}" for value in right)


def test_the_report_is_named_as_in_its_data():
    meta = eg.read_report().meta
    text = " ".join(PROSE.split())
    assert meta["symbol"] in text
    assert meta["place_en"] in text
    assert "Expert Group to Conduct a Comprehensive Study on Cybercrime" in meta["title_en"]
    assert "Expert Group to Conduct a Comprehensive Study on Cybercrime" in text


def test_the_citation_is_that_of_the_citation_file():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == eg.__version__
    authors = ", ".join(author["name"] for author in cited["authors"])
    assert f"> {authors} ({LICENSE}). *{cited['title']}*. Version {cited['version']}." in README
