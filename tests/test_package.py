"""The package as it is imported and installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

import egdata

ROOT = Path(__file__).parents[1]
HEAVY = ("pandas", "numpy", "scipy", "jieba", "matplotlib", "networkx", "krippendorff", "typer", "rich")


def python(*arguments, executable=sys.executable, **options):
    run = subprocess.run(
        [executable, *map(str, arguments)], capture_output=True, encoding="utf-8", check=False, **options
    )
    assert run.returncode == 0, run.stderr
    return run


def import_times():
    """Microseconds that each of four imports takes in one interpreter, with all that it brings."""
    code = "import egdata, pandas, matplotlib.pyplot, jieba"
    lines = python("-W", "ignore", "-X", "importtime", "-c", code).stderr.splitlines()
    fields = [line.removeprefix("import time:").split("|") for line in lines if line.startswith("import time:")]
    times = {name.strip(): int(total) for _, total, name in fields[1:] if not name.startswith("  ")}
    return {name: times[name] for name in ("egdata", "pandas", "matplotlib.pyplot", "jieba")}


def test_import_takes_less_than_a_third_of_what_it_leaves_for_later():
    def ratio():
        times = import_times()
        return times.pop("egdata") / sum(times.values())

    assert any(ratio() < 1 / 3 for _ in range(3))  # the machine may be busy


def test_import_loads_nothing_heavy():
    code = "import json, sys, egdata; print(json.dumps([n for n in sys.modules if '.' not in n]))"
    loaded = set(json.loads(python("-c", code).stdout))
    assert not loaded & set(HEAVY)


def test_reading_a_codebook_and_a_report_draws_nothing():
    code = (
        "import json, sys, egdata; egdata.read_report(); egdata.read_codebook(); print(json.dumps(list(sys.modules)))"
    )
    loaded = set(json.loads(python("-c", code).stdout))
    assert not loaded & {"jieba", "matplotlib", "networkx", "scipy"}


@pytest.mark.parametrize("name", egdata.__all__)
def test_every_public_name_resolves(name):
    assert getattr(egdata, name) is not None
    assert name in dir(egdata)


def test_every_public_name_says_what_it_is():
    for name in egdata.__all__:
        assert (getattr(egdata, name).__doc__ or "").strip(), name


def test_the_names_that_users_call_are_public():
    assert set(egdata.__all__) >= {
        "read_report", "read_codebook", "find_mentions", "find_statements", "find_positions", "find_themes",
        "find_speakers", "coding_sheet", "code_sentences", "score", "term_frequencies", "build_tables", "write_tables",
        "EgdataError",
    }  # fmt: skip


def test_what_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'egdata' has no attribute 'no_such_name'"):
        egdata.no_such_name  # noqa: B018


def test_the_files_that_mutants_are_made_of_and_tried_with_exist():
    mutants = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    named = [*mutants["source_paths"], *mutants["only_mutate"], *mutants["also_copy"]]
    named += mutants["pytest_add_cli_args_test_selection"]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.slow
def test_a_wheel_reads_its_own_report_and_codebook(tmp_path):
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("egdata-*.whl")
    python("-m", "venv", "--without-pip", tmp_path / "venv")
    installed = next((tmp_path / "venv").glob("bin/python*" if os.name != "nt" else "Scripts/python.exe"))
    python("-m", "pip", "--python", installed, "install", "--no-deps", "--no-index", "--quiet", wheel)
    # what egdata depends on is that of these tests; a path in a .pth file brings no editable install with it
    site = python(
        "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", executable=installed
    ).stdout.strip()
    parents = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(site) / "parent.pth").write_text("\n".join(parents) + "\n", encoding="utf-8")
    code = (
        "import egdata as eg, json;"
        "report, book = eg.read_report(), eg.read_codebook();"
        "sheet = eg.code_sentences(['一些发言者支持《联合国反腐败公约》。']);"
        "print(json.dumps([eg.__file__, str(book.folder), len(report.units), report.meta['symbol'], len(eg.find_mentions(report)),"
        " *sheet.loc[0, ['holder', 'instruments']]]))"
    )
    run = python("-I", "-X", "utf8", "-c", code, executable=installed, cwd=tmp_path)
    file, folder, units, symbol, mentions, *row = json.loads(run.stdout)
    assert Path(file).is_relative_to(tmp_path)
    assert Path(folder).is_relative_to(tmp_path)
    assert (units, symbol) == (190, "UNODC/CCPCJ/EG.4/2020/2")
    assert mentions == len(egdata.find_mentions(egdata.read_report()))
    assert row == ["some", "uncac"]
    command = next((tmp_path / "venv").glob("bin/egdata" if os.name != "nt" else "Scripts/egdata.exe"))
    assert "egdata" in python("--help", executable=command).stdout
    python("codebook", "new", tmp_path / "codebook", executable=command)
    assert "none failed" in python("codebook", "check", tmp_path / "codebook", executable=command).stderr
    assert (tmp_path / "codebook" / "README.md").is_file()
