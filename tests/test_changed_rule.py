"""A changed rule does not go unnoticed: nbval fails on a saved notebook whose kernel reads another codebook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from egdata.base.paths import data_path
from egdata.codebook.codebook import CODEBOOK
from egdata.pages.notebooks import execute_notebook

CELL = (
    'import egdata as eg\n\neg.find_references(eg.read_report(), "budapest")[["citation", "form", "stance", "quote"]]'
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook as it is saved when it was executed with the bundled codebook."""
    file = tmp_path_factory.mktemp("saved") / "references.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), file)
    execute_notebook(file)
    return file


@pytest.fixture
def codebook(tmp_path):
    return shutil.copytree(data_path("codebook"), tmp_path / "codebook")


def check_notebook(notebook, codebook):
    """Run nbval on the notebook with a kernel that reads the codebook where none is named."""
    environment = os.environ | {CODEBOOK: str(codebook)}
    environment.pop("MPLBACKEND", None)  # as `make test` does: under Agg a kernel shows no charts
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", notebook]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_a_copy_of_the_codebook_changes_no_output(notebook, codebook):
    run = check_notebook(notebook, codebook)
    assert run.returncode == 0, run.stdout


def test_a_rule_left_out_changes_the_outputs(notebook, codebook):
    mentions = pd.read_csv(data_path("tables", "mentions.csv"), dtype=str)
    rule = mentions.query("entity_id == 'budapest' and form == 'named'")["rule_id"].iloc[0]
    file = codebook / "instrument_rules.csv"
    rules = pd.read_csv(file, dtype=str, keep_default_na=False)
    rules[rules["rule_id"] != rule].to_csv(file, index=False)
    run = check_notebook(notebook, codebook)
    assert run.returncode == 1, run.stdout
    assert "Cell outputs differ" in run.stdout
