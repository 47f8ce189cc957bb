"""What the tests share: the bundled report and codebook, an invented report, one hypothesis profile."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from egdata.codebook.codebook import TABLES, read_codebook
from egdata.coding.coding import code
from egdata.reading.report import read_report, sentences_report

DATA = Path(__file__).parent / "data"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

VOICES = [
    ("calm", "calm", "平静", "a calm voice"),
    ("loud", "loud", "响亮", "a loud voice"),
    ("procedure", "procedure", "程序", "how it was done"),
    ("unknown", "unknown", "不明", "no heading tells"),
]

#: Lamps and drums.
SMALL = {
    "holders": [
        ("one", "one speaker", "一位", "a single speaker", "1"),
        ("named", "named", "具名", "a body with a name", ""),
        ("speakers", "speakers", "发言者", "no number is said", ""),
        ("unattributed", "nobody", "无", "the text itself", ""),
    ],
    "modalities": [("none", "none", "无", "no modality", "0"), ("must", "must", "必须", "an obligation", "6")],
    "stances": [("for", "for", "赞成", "accepts the proposition")],
    "issues": [("lamps", "more lamps", "增灯", "More lamps should be lit.", "lamp-charter", "none", "light")],
    "instruments": [
        ("lamp-charter", "Lamp Charter", "灯宪章", "a charter", "charter"),
        ("anaphor", "that text", "该文", "points back", "anaphor"),
    ],
    "actors": [("utopia", "Utopia", "乌有国", "a State that is nowhere", "state", "")],
    "themes": [("light", "light", "光", "whatever shines")],
    "voices": VOICES,
    "actor_rules": [("a-1", "utopia", "zh", "乌有国", "乌有国", "有国", "named")],
    "holder_rules": [("h-1", "one", "zh", "一位发言者", "一位发言者", "发言者", "one")],
    "modality_rules": [("m-1", "must", "zh", "必须", "必须", "须", "word")],
    "instrument_rules": [("i-1", "lamp-charter", "zh", "灯宪章", "灯宪章", "宪章", "named", "")],
    "theme_rules": [("t-1", "light", "zh", "灯/光", "灯", "火", "1")],
    "issue_rules": [("g-1", "lamps", "zh", "增灯", "增灯", "灯", "direct", "none", "", "")],
    "stance_rules": [("s-1", "for", "zh", "支持", "支持", "持", "lamps", "then")],
    "voice_rules": [("v-1", "loud", "zh", "[{beat}之]{drum}声", "鼓声", "锣声")],
    "words": [("drum", "zh", "鼓"), ("subject", "zh", "灯")],
    "phrases": [("beat", "zh", "击[大]{drum}", "击鼓")],
    "terms": [("锣鼓", "zh")],
    "stopwords": [("的", "zh")],
    "glossary": [("鼓", "drum")],
}

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
def real_coding(real):
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


def write_rows(folder, table, rows):
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_codebook(folder, **rows):
    """A codebook with the rows given; every other table has its header only."""
    folder.mkdir(exist_ok=True)
    for name, columns in TABLES.items():
        write_rows(folder, name, [columns, *rows.get(name, [])])
    return folder


@pytest.fixture
def small_codebook(tmp_path):
    """The folder of a small codebook with rows in every table, to break."""
    return write_codebook(tmp_path / "codebook", **SMALL)


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
