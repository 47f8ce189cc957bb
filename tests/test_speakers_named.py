"""Actors that a person names in a sheet take the place of the speakers of a statement, and of nobody else."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import egdata as eg
from egdata.reading.report import sentences_report

#: Norway's representative supported a new convention; one speaker opposed it.
TEXTS = ["The representative of Norway supported a new convention.", "One speaker opposed a new convention."]


@pytest.fixture(scope="module")
def report():
    return sentences_report(TEXTS, "en")


def actors_with(report, **cells):
    sheet = eg.coding_sheet(report).assign(**cells)
    return eg.code(report, corrections=sheet).actors


@pytest.mark.parametrize("actor", [["", ""], ["nor", ""], [" nor ;", None]])
def test_what_says_nothing_new_changes_nothing(report, actor):
    assert_frame_equal(actors_with(report, actor=actor), eg.code(report).actors)


def test_named_actors_take_the_place_of_the_speaker(report):
    uncorrected = eg.code(report).actors
    actors = actors_with(report, actor=["jpn; The host", ""])
    named = actors[actors["statement_id"] == "0/s1"]
    assert named["actor_id"].tolist() == ["jpn", "The host"]
    assert named["name_en"].tolist() == ["Japan", "The host"]
    assert named["name_zh"].tolist() == ["日本", "The host"]
    assert named["node_type"].tolist() == ["state", "named"]
    rest = ["statement_id", "sentence_id", "role", "predicate", "message", "quote"]
    assert named[rest].drop_duplicates().values.tolist() == uncorrected.iloc[:1][rest].values.tolist()
    others = [frame[frame["statement_id"] != "0/s1"].reset_index(drop=True) for frame in (actors, uncorrected)]
    assert_frame_equal(*others)


def test_a_holder_that_is_now_named_has_its_name(report):
    actors = actors_with(report, holder=["named", "named"], actor=["", "jpn"])
    assert actors["name_en"].tolist() == ["Norway", "Japan"]
    coding = eg.code(report, corrections=eg.coding_sheet(report).assign(holder="named", actor=["", "jpn"]))
    assert coding.flat["actor"].tolist() == ["Norway", "Japan"]


def test_a_sheet_of_no_statements(report):
    assert actors_with(report, actor="")["statement_id"].tolist() == ["0/s1", "1/s1"]
    sheet = pd.DataFrame({"sid": ["0"], "holder": ["one"], "actor": ["jpn"]})  # names no statement
    assert eg.code(report, corrections=sheet).actors["node_type"].tolist() == ["anonymous", "anonymous"]
