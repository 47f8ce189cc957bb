"""The reader as a widget: what it sends reaches the coding and the file; in a real JupyterLab it can be used."""

from __future__ import annotations

import builtins

import pandas as pd
import pytest

import egdata as eg
from egdata.base.errors import EgdataError
from egdata.coding.statements import statements_of
from egdata.reading.report import parse_report

TEXT = """1. Some speakers supported a new convention on cybercrime.
2. Many speakers opposed a new convention on cybercrime.
"""


@pytest.fixture
def coding():
    return eg.code(parse_report(TEXT, "en"))


def sheet_with(coding, stance):
    """The sheet as the page sends it, with another stance in its first row."""
    sheet = eg.coding_sheet(coding.before or coding)
    sheet.loc[0, "stance"] = stance
    return "\ufeff" + sheet.assign(decided=["changed", ""], note="").to_csv(index=False)


def test_the_coding_follows_the_widget(coding, tmp_path):
    widget = eg.review(coding, tmp_path / "sheet.csv")
    assert list(coding.positions["stance"]) == ["for", "against"]  # and cached
    widget.sheet = sheet_with(coding, "neutral")
    assert list(coding.positions["stance"]) == ["neutral", "against"]
    assert list(eg.find_contested(coding).query("issue_id == 'new-convention'")["n_neutral"]) == [1]
    assert list(coding.corrections["decided"]) == ["changed", ""]
    again = eg.code(coding.report, corrections=tmp_path / "sheet.csv")
    assert list(again.positions["stance"]) == ["neutral", "against"]
    widget.sheet = sheet_with(coding, "for")  # undone
    assert list(coding.positions["coded_by"]) == ["rules", "rules"]
    assert widget.notice == ""


def test_a_sheet_that_exists_is_gone_on_with(coding, tmp_path):
    (tmp_path / "sheet.csv").write_text(sheet_with(coding, "neutral"), encoding="utf-8")
    widget = eg.review(coding, tmp_path / "sheet.csv")
    assert list(coding.positions["stance"]) == ["neutral", "against"]
    assert [row["stance"] for row in widget.data["sheet"]] == ["neutral", "against"]
    assert [row["stance"] for sentence in widget.data["sentences"] for row in sentence["rows"]] == ["for", "against"]


def test_a_file_that_something_else_has_changed_is_left_alone(coding, tmp_path):
    file = tmp_path / "sheet.csv"
    widget = eg.review(coding, file)
    widget.sheet = sheet_with(coding, "neutral")
    file.write_text("mine", encoding="utf-8")
    widget.sheet = sheet_with(coding, "conditional")
    assert file.read_text(encoding="utf-8") == "mine"
    assert "something else has changed it" in widget.notice


def test_without_a_file_only_the_coding_follows(coding):
    widget = eg.review(coding)
    widget.sheet = sheet_with(coding, "neutral")
    assert list(coding.positions["stance"]) == ["neutral", "against"]


def test_what_cannot_be_corrected_is_said_and_changes_nothing(coding):
    widget = eg.review(coding)
    widget.sheet = sheet_with(coding, "pro")
    assert "'pro'" in widget.notice
    assert list(coding.positions["stance"]) == ["for", "against"]
    assert coding.corrections is None


def test_without_anywidget_it_says_what_to_install(coding, monkeypatch):
    real_import = builtins.__import__

    def import_without(name, *args, **kwargs):
        if name == "anywidget":
            raise ModuleNotFoundError("No module named 'anywidget'", name="anywidget")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", import_without)
    with pytest.raises(EgdataError, match=r"review needs anywidget: .*egdata\[notebooks\]"):
        eg.review(coding)


def test_a_report_is_no_coding():
    with pytest.raises(TypeError, match="takes a Coding"):
        eg.review(parse_report(TEXT, "en"))


def test_corrections_take_the_place_of_earlier_ones(coding):
    first, second = (pd.DataFrame({"sid": [sid], "holder": ["one"]}) for sid in ("1#1", "2#1"))
    coding.correct(first)
    coding.correct(second)
    assert list(coding.statements["holder"]) == ["some", "one"]
    assert coding.before.corrections is None
    assert list(coding.before.statements["holder"]) == ["some", "many"]
    with pytest.raises(EgdataError, match="nobody"):
        coding.correct(second.assign(holder="nobody"))
    assert list(coding.statements["holder"]) == ["some", "one"]


def test_a_correction_in_the_midst_of_a_cell_is_not_lost(coding, monkeypatch):
    """JupyterLab lets a thread beside that of the cells take what the widget sends."""

    def find(*args):
        monkeypatch.undo()
        coding.correct(pd.DataFrame({"sid": ["1#1"], "holder": ["one"]}))
        return statements_of(*args)

    monkeypatch.setattr("egdata.coding.coding.statements_of", find)
    assert len(coding.statements) == 2
    assert list(coding.statements["holder"]) == ["one", "many"]
