"""The starter codebook: whole, read by the strict reader, of no subject but its placeholder."""

from __future__ import annotations

import re

import pytest

from egdata.base.errors import CodebookError, EgdataError
from egdata.base.paths import data_path
from egdata.codebook.check import check_codebook
from egdata.codebook.codebook import NOTE, RULES, TABLES, read_codebook
from egdata.codebook.starter import INSTRUMENTS, NOT_ACTORS, write_starter
from egdata.coding.sheet import code_sentences


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("starter") / "my" / "codebook"
    write_starter(folder)
    return folder


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def starter(folder):
    return read_codebook(folder)


def test_it_has_every_table_and_a_readme(folder):
    assert {file.name for file in folder.iterdir()} == {*(f"{name}.csv" for name in TABLES), "README.md"}


@pytest.mark.slow
def test_every_example_of_it_holds(folder, starter):
    failures, n_rules, _ = check_codebook(folder)
    assert failures == []
    assert n_rules == sum(len(starter.tables[table]) for table in RULES)


@pytest.mark.parametrize("table", list(RULES))
def test_both_languages_have_rules(starter, table):
    assert all(starter.rules(table, lang) for lang in ("zh", "en"))


@pytest.mark.parametrize(
    "table", ["holders", "holder_rules", "stances", "modalities", "modality_rules", "voices", "voice_rules"]
)
def test_the_grammar_is_that_of_the_bundled_codebook(starter, book, table):
    assert starter.tables[table].equals(book.tables[table])


def test_nothing_of_the_bundled_subject_is_left(starter, book):
    for table in ("issues", "themes"):
        assert not set(starter.tables[table]["id"]) & set(book.tables[table]["id"])
    codes = {code for table in ("instruments", "actors") for code in starter.codes(table)}
    assert not codes & {"budapest", "new-convention", "ga-74-247", "expert-group", "ad-hoc-committee", "t-cy"}
    assert {"un-charter", "ga-*", "existing-instruments", "security-council", "g77", "eu"} <= codes
    assert not starter.pattern("subject", "en").search("cybercrime")


def test_what_is_kept_or_left_out_by_its_name_is_there(book):
    assert set(INSTRUMENTS) <= set(book.codes("instruments"))
    assert set(NOT_ACTORS) <= set(book.codes("actors"))


def test_a_cue_is_of_the_placeholder_or_of_every_issue(starter):
    cues = starter.tables["stance_rules"]
    placeholder = cues["rule_id"].str.contains("fund")
    assert set(cues.loc[placeholder, "issue"]) == {"lighthouse-fund"}
    assert set(cues.loc[~placeholder, "issue"]) == {""}


@pytest.mark.parametrize(
    ("lang", "text", "holder", "issue", "stance", "instruments"),
    [
        # some speakers supported negotiating a convention on lighthouses
        ("zh", "一些发言者支持谈判一项关于灯塔的公约。", "some", "lighthouse-treaty", "for", "lighthouse-treaty"),
        ("en", "Some speakers supported a treaty on lighthouses.", "some", "lighthouse-treaty", "for", "lighthouse-treaty"),
        # other delegations held that no lighthouse fund was needed
        ("zh", "其他代表团认为没有必要设立灯塔基金。", "other", "lighthouse-fund", "against", ""),
        ("en", "Other delegations saw no need for a lighthouse fund.", "other", "lighthouse-fund", "against", ""),
        # one speaker favoured voluntary contributions, the alternative to a fund
        ("zh", "一位发言者赞成自愿捐款。", "one", "lighthouse-fund", "against", ""),
        ("en", "One speaker favoured voluntary contributions.", "one", "lighthouse-fund", "against", ""),
        # several representatives could accept a fund within existing resources
        ("zh", "多位代表认为，可在现有资源范围内设立灯塔基金。", "several", "lighthouse-fund", "conditional", ""),
        ("en", "Several representatives said a fund for lighthouses might be set up within existing resources.", "several", "lighthouse-fund", "conditional", ""),
        # a lighthouse foundation is no fund
        ("zh", "一些发言者支持灯塔基金会。", "some", "", "", ""),
        # the Convention named before, pointed back to
        ("en", "The Harbour Convention was in force, and some speakers welcomed that Convention.", "some", "", "", "harbour-convention"),
    ],
)  # fmt: skip
def test_it_codes_sentences_of_its_placeholder(starter, lang, text, holder, issue, stance, instruments):
    (row,) = code_sentences([text], lang, starter).to_dict("records")
    codes = [row[name] for name in ("holder", "issue", "stance", "instruments")]
    assert codes == [holder, issue, stance, instruments]


# ---- its README -----------------------------------------------------------------------------------------------------


def _sections():
    text = data_path("starter", "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", text, re.MULTILINE))


@pytest.mark.parametrize("table", list(TABLES))
def test_the_readme_explains_every_table_and_column(table):
    sections = _sections()
    assert f"`{table}`" in sections["How to work"]
    own = "".join(text for title, text in sections.items() if re.search(rf"\b{table}\b", title))
    shared = sections["Columns of every rule table" if table in RULES else "Columns of every code table"]
    for column in TABLES[table]:
        assert f"`{column}`" in own + shared, column


def test_every_issue_and_target_of_the_placeholder_has_a_note():
    for table in ("issues", "issue_rules"):
        text = data_path("starter", f"{table}.csv").read_text(encoding="utf-8")
        assert text.partition("\n")[0].endswith(f",{NOTE}")
        assert not re.search(r",$", text, re.MULTILINE)


# ---- writing --------------------------------------------------------------------------------------------------------


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CodebookError, match="exists and is not an empty folder; choose another one"):
        write_starter(tmp_path)
    with pytest.raises(CodebookError, match="exists and is not an empty folder"):
        write_starter(tmp_path / "mine.txt")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("target", [".", "empty"])
def test_an_empty_folder_is_filled(folder, tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    if target == "empty":
        (tmp_path / target).mkdir()
    write_starter(target)
    assert files_of(tmp_path / target) == files_of(folder)


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EgdataError, match="cannot be written: "):
        write_starter(tmp_path / "file" / "codebook")


def test_two_starters_are_alike(folder, tmp_path):
    write_starter(tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(folder)
