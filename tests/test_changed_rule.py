"""A changed rule does not go unnoticed: nbval fails on a saved notebook whose kernel reads another codebook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from egdata.base.paths import data_path

NOTEBOOK = data_path().parent / "notebooks" / "03_budapest_convention.ipynb"


def check_notebook(codebook, home):
    """Run nbval on the notebook with a kernel that reads the codebook where none is named."""
    startup = home / "profile_default" / "startup" / "codebook.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(f"from egdata.pages.notebooks import use_codebook\n\nuse_codebook({str(codebook)!r})\n", encoding="utf-8")
    environment = os.environ | {"IPYTHONDIR": str(home)}
    environment.pop("MPLBACKEND", None)  # under Agg a kernel shows no charts
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-p",
        "no:cacheprovider",
        str(NOTEBOOK),
    ]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def codebook(tmp_path):
    return shutil.copytree(data_path("codebook"), tmp_path / "codebook")


def test_a_copy_of_the_codebook_changes_no_output(codebook, tmp_path):
    run = check_notebook(codebook, tmp_path / "ipython")
    assert run.returncode == 0, run.stdout


def test_a_rule_left_out_changes_the_outputs(codebook, tmp_path):
    mentions = pd.read_csv(data_path("tables", "mentions.csv"), dtype=str)
    rule = mentions.query("entity_id == 'budapest' and form == 'named'")["rule_id"].iloc[0]
    file = codebook / "instrument_rules.csv"
    rules = pd.read_csv(file, dtype=str, keep_default_na=False)
    rules[rules["rule_id"] != rule].to_csv(file, index=False)
    run = check_notebook(codebook, tmp_path / "ipython")
    assert run.returncode == 1, run.stdout
    assert "Cell outputs differ" in run.stdout
