"""What the tests share: the bundled report and codebook, an invented report, one hypothesis profile."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from egdata.codebook.codebook import read_codebook
from egdata.coding.coding import code
from egdata.reading.report import read_report, sentences_report

DATA = Path(__file__).parent / "data"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

# The same examples on every run and machine: a failure can be repeated, and a slow machine is no failure.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def real():
    """The bundled report."""
    return read_report()


def browser_path():
    """The browser of the system. Without one there is nothing to test, which a server must not pass over."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser: install chromium (looked for {', '.join(BROWSERS)})"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return path


@pytest.fixture(scope="module")
def chromium():
    """The browser of the system; for one module only, because no event loop can run in a test beside it."""
    path = browser_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def found(real):
    """The bundled report as the rules code it."""
    return code(real)


@pytest.fixture(scope="session")
def few():
    """Bare sentences that speak of instruments."""
    return sentences_report(
        [
            "一些发言者支持《联合国反腐败公约》。",  # some speakers support the Convention against Corruption
            "一些发言者指出《联合国反腐败公约》很重要。",  # some speakers noted that it is important
            "美利坚合众国代表团认为《联合国宪章》适用。",  # the United States delegation held that the Charter applies
            "各国应遵守《联合国宪章》。",  # States should observe the Charter: nobody is reported
            "会上指出，中国和日本是《联合国反腐败公约》缔约国。",  # it was noted that China and Japan are parties
        ]
    )


@pytest.fixture(scope="session")
def book():
    """The bundled codebook."""
    return read_codebook()


@pytest.fixture(scope="session")
def invented():
    """The report of tests/data, ten paragraphs that nobody wrote."""
    return read_report(DATA / "report.txt")


@pytest.fixture(scope="session")
def expected():
    """A function: name of a table → the table that the invented report must give, typed like the frame beside it."""

    def read(name: str, like: pd.DataFrame) -> pd.DataFrame:
        frame = pd.read_csv(DATA / f"expected_{name}.csv", dtype=str, keep_default_na=False)
        for column in frame:
            wanted = like.dtypes[column]
            if wanted == "bool":
                frame[column] = frame[column] == "True"
            elif pd.api.types.is_integer_dtype(wanted):
                frame[column] = pd.to_numeric(frame[column]).astype(wanted)
        return frame

    return read
