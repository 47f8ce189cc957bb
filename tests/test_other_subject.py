"""A report on another subject, space debris, coded with a codebook made from the starter.

The report is invented; its expected positions were written down before the rules were run on it. ``codebook/`` has only
the rows that differ from the starter.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from egdata.analysis.contested import find_contested
from egdata.base.paths import data_path
from egdata.codebook.check import check_codebook
from egdata.codebook.codebook import RULES, read_codebook
from egdata.codebook.starter import write_starter
from egdata.coding.finders import find_positions
from egdata.coding.sheet import coding_sheet
from egdata.reading.report import read_report
from egdata.tables.files import check_tables, write_tables

FOLDER = Path(__file__).parent / "other_subject"
LANGS = ("zh", "en")
POSITION = ["sid", "holder", "issue", "stance", "instruments"]


def read_table(file):
    return pd.read_csv(file, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What an author makes of the starter: the rows of the placeholder deleted, rows of the subject written on top."""
    folder = tmp_path_factory.mktemp("space") / "codebook"
    write_starter(folder)
    for file in (FOLDER / "codebook").glob("*.csv"):
        table, placeholder = read_table(folder / file.name), read_table(data_path("starter", file.name))
        key = list(table.columns[: 3 if file.name == "words.csv" else 2])
        keys = pd.MultiIndex.from_frame(placeholder[key])
        kept = table[~pd.MultiIndex.from_frame(table[key]).isin(keys)]
        own = pd.concat([read_table(file), kept]).fillna("")
        own.to_csv(folder / file.name, index=False, lineterminator="\n")
    return folder


@pytest.fixture(scope="module")
def space(folder):
    return read_codebook(folder)


@pytest.fixture(scope="module", params=LANGS)
def report(request, space):
    return read_report(FOLDER / f"report.{request.param}.txt", codebook=space)


@pytest.fixture(scope="module")
def expected(report):
    return read_table(FOLDER / f"expected.{report.lang}.csv")


@pytest.mark.slow
def test_its_codebook_holds(folder, space):
    failures, n_rules, _ = check_codebook(folder)
    assert failures == []
    assert n_rules == sum(len(space.tables[table]) for table in RULES)
    assert not any("lighthouse" in code for table in ("issues", "instruments", "themes") for code in space.codes(table))


def test_the_positions_are_those_that_a_reader_finds(report, space, expected):
    sheet = coding_sheet(report, space)
    coded, wanted = (frame.loc[frame["issue"].ne(""), POSITION] for frame in (sheet, expected))
    assert {*wanted["issue"]} == {*space.codes("issues")}
    assert {*wanted["stance"]} == {*space.codes("stances")}
    assert coded.to_numpy().tolist() == wanted.to_numpy().tolist()


def test_the_other_sentences_are_coded_alike(report, space, expected):
    sheet = coding_sheet(report, space)
    rows = [set(map(tuple, frame[POSITION].to_numpy())) for frame in (sheet, expected)]
    assert {sid for sid, *_ in rows[0] ^ rows[1]} == set()


def test_both_languages_have_the_same_positions_but_for_who_asked(space):
    zh, en = (find_positions(read_report(FOLDER / f"report.{lang}.txt", codebook=space), space) for lang in LANGS)
    assert list(zh["position_id"]) == list(en["position_id"])
    assert list(zh["stance"]) == list(en["stance"])


def test_every_issue_with_opposed_speakers_is_contested(report, space):
    contested = find_contested(report, space).set_index("issue_id")["is_contested"]
    assert contested.to_dict() == dict.fromkeys(space.codes("issues"), True)


def test_its_tables_are_written_and_whole(report, space, tmp_path):
    write_tables(report, tmp_path / "tables", space)
    assert check_tables(tmp_path / "tables", report, space) == []


def test_the_bundled_codebook_finds_no_position_in_it(report, book):
    assert find_positions(report, book).empty
