"""A person's corrected sheet: what it changes in the frames, and that nothing else does."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import egdata as eg
from egdata.coding.coding import Coding, code
from egdata.coding.corrections import FRAMES, apply_corrections
from egdata.coding.positions import COLUMNS
from egdata.reading.report import sentences_report
from egdata.tables.schema import SCHEMA

TEXTS = [
    # One speaker favours elaborating a UN convention against cybercrime; another opposes elaborating a new one.
    "一位发言者赞成拟订一项打击网络犯罪的联合国公约；另一位发言者反对拟订一项新公约。",
    # One speaker favours a new convention, and one supports the Expert Group's going on after 2021.
    "一位发言者赞成拟订一项新公约，另有一位发言者支持专家组在2021年后继续工作。",
    # Some speakers support a new convention, while other speakers oppose it.
    "一些发言者支持拟订新公约，而其他发言者反对拟订新公约。",
    # Many speakers support a new convention, and support the Expert Group's going on after 2021.
    "许多发言者支持拟订新公约，并支持专家组在2021年后继续工作。",
    # The Convention against Transnational Organized Crime and that against Corruption should be strengthened.
    "应加强《联合国打击跨国有组织犯罪公约》和《联合国反腐败公约》。",
    # One speaker described the situation, another one expressed thanks.
    "一位发言者介绍了情况，另一位发言者表示感谢。",
]
#: Some speakers support a new convention. These speakers noted that it must be consensus-based. They called for training.
LINKED = "1. 一些发言者支持拟订新公约。这些发言者指出，该公约必须以协商一致为基础。他们还呼吁开展培训。"
POSITIONS = ["holder", "issue", "stance"]
SORTED = ["sid", *POSITIONS]


def find_all(report, book=None):
    """The frames that a sheet corrects, as the rules find them."""
    coding = code(report, book)
    names = {"sentence_themes": "themes"}
    return {name: getattr(coding, names.get(name, name)) for name in FRAMES} | {
        "positions": coding.positions[list(COLUMNS)]
    }


def sheet_of(report, frames, book):
    return eg.coding_sheet(Coding(report, book, _given=frames))


@pytest.fixture(scope="module")
def bare():
    return sentences_report(TEXTS)


@pytest.fixture(scope="module")
def uncorrected(bare):
    return find_all(bare)


@pytest.fixture(scope="module")
def correct(uncorrected, bare):
    """A function: the rows of a sheet, and its columns after ``sid`` → the frames; ``s1`` is short for ``2/s1``."""

    def apply(*rows: tuple, columns=("statement", *POSITIONS)):
        sheet = pd.DataFrame(rows, columns=["sid", *columns])
        if "statement" in columns:
            cells = zip(sheet["sid"], sheet["statement"], strict=True)
            sheet["statement"] = [cell.replace("s", f"{sid}/s") for sid, cell in cells]
        return apply_corrections(uncorrected, sheet, bare)

    return apply


def statements_of(frames, sid):
    """Id without the sentence, holder, and who says so."""
    frame = frames["statements"]
    rows = frame.loc[frame["sentence_id"] == sid, ["statement_id", "holder", "coded_by"]]
    return [(name.partition("/")[2], holder, coder) for name, holder, coder in rows.itertuples(index=False)]


def positions_of(frames, sid):
    frame = frames["positions"]
    rows = frame.loc[frame["statement_id"].str.startswith(f"{sid}/"), ["position_id", "stance", "coded_by"]]
    return [(name.partition("/")[2], stance, coder) for name, stance, coder in rows.itertuples(index=False)]


def row_of(frame, column, value):
    return frame.loc[frame[column] == value].squeeze().to_dict()


# ---- nothing changed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["real", "invented", "bare"])
def test_the_own_sheet_of_the_rules_changes_nothing(request, book, name):
    report = request.getfixturevalue(name)
    uncorrected = find_all(report, book)
    sheet = sheet_of(report, uncorrected, book)
    unnamed = sheet.drop(columns="statement")
    parts = (sheet, sheet.iloc[:0], sheet[["sid", "themes"]], unnamed, unnamed.drop(columns="holder"))
    for given_sheet in (*parts, sheet[::-1], sheet.assign(statement="")):
        corrected = apply_corrections(uncorrected, given_sheet, report, book)
        for name, frame in uncorrected.items():
            assert_frame_equal(
                corrected[name].drop(columns="coded_by"), frame.drop(columns="coded_by", errors="ignore")
            )
            assert set(corrected[name]["coded_by"]) <= {"rules"}


def test_the_frames_given_are_left_alone_and_others_passed_on(uncorrected, bare):
    before = {name: frame.copy() for name, frame in uncorrected.items()}
    sheet = pd.DataFrame({"sid": ["4"], "holder": ["one"], "modality": ["must"], "instruments": [""], "themes": [""]})
    corrected = apply_corrections({**uncorrected, "terms": uncorrected["mentions"]}, sheet, bare)
    for name, frame in before.items():
        assert_frame_equal(uncorrected[name], frame)
    assert corrected["terms"] is uncorrected["mentions"]


def test_a_sheet_of_no_sentences_of_a_report_of_none():
    report = sentences_report([])
    uncorrected = find_all(report)
    sheet = sheet_of(report, uncorrected, eg.read_codebook())
    assert all(frame.empty for frame in apply_corrections(uncorrected, sheet, report).values())


# ---- holders --------------------------------------------------------------------------------------------------------


def test_a_row_says_who_the_holder_of_its_statement_is(correct, uncorrected):
    frames = correct(("2", "s2", "several", "new-convention", "against"), ("2", "s1", "some", "new-convention", "for"))
    assert statements_of(frames, "2") == [("s1", "some", "rules"), ("s2", "several", "person")]
    assert positions_of(frames, "2") == [
        ("s1/new-convention", "for", "rules"),
        ("s2/new-convention", "against", "rules"),
    ]
    was, now = (row_of(tables["statements"], "statement_id", "2/s2") for tables in (uncorrected, frames))
    assert now == {**was, "holder": "several", "holder_rank": 3, "coded_by": "person"}


def test_holders_that_change_places_are_two_changes(correct):
    frames = correct(("2", "s1", "other", "new-convention", "for"), ("2", "s2", "some", "new-convention", "against"))
    assert statements_of(frames, "2") == [("s1", "other", "person"), ("s2", "some", "person")]
    assert {coder for _, _, coder in positions_of(frames, "2")} == {"rules"}


def test_a_row_that_names_no_statement_adds_one(correct, bare):
    rows = [("3", "s1", "many", "new-convention", "for"), ("3", "s1", "many", "expert-group-mandate", "for")]
    frames = correct(*rows, ("3", "", "general", "expert-group-mandate", "for"))
    assert statements_of(frames, "3") == [("s1", "many", "rules"), ("p1", "general", "person")]
    start, end = bare.sentences.set_index("sentence_id").loc["3", ["start", "end"]]
    added = row_of(frames["statements"], "statement_id", "3/p1")
    assert pd.isna(added.pop("holder_start"))
    assert pd.isna(added.pop("holder_end"))
    assert added == {
        "statement_id": "3/p1",
        "sentence_id": "3",
        "holder": "general",
        "holder_rank": 5,
        "holder_quote": "",
        "group_id": "3/p1",
        "antecedent_id": "",
        "verb": "",
        "modality": "recommend",
        "is_contrast": False,
        "start": start,
        "end": end,
        "quote": TEXTS[3],
        "rule_id": "person",
        "coded_by": "person",
    }
    assert row_of(frames["positions"], "position_id", "3/p1/expert-group-mandate") == {
        "position_id": "3/p1/expert-group-mandate",
        "statement_id": "3/p1",
        "issue_id": "expert-group-mandate",
        "stance": "for",
        "start": start,
        "end": end,
        "quote": TEXTS[3],
        "rule_id": "person",
        "citation": "sentences, para. 3",
        "coded_by": "person",
        "certainty": "",
    }


def test_what_is_added_has_the_words_that_the_person_quotes(correct, bare):
    words = "支持专家组在2021年后继续工作"  # support the Expert Group's going on after 2021
    columns = ["statement", *POSITIONS, "quote"]
    rows = [
        ("3", "s1", "many", "new-convention", "for", "whatever"),
        ("3", "", "one", "committee-timing", "for", words),
    ]
    frames = correct(*rows, ("3", "s1", "many", "budapest-standard", "for", words), columns=columns)
    for name, key, value in (
        ("statements", "statement_id", "3/p1"),
        ("positions", "position_id", "3/p1/committee-timing"),
        ("positions", "position_id", "3/s1/budapest-standard"),
    ):
        row = row_of(frames[name], key, value)
        assert bare.text[row["start"] : row["end"]] == row["quote"] == words
    # a position whose statement has no such words has all that it has
    frames = correct(("2", "s1", "some", "budapest-standard", "for", TEXTS[2]), columns=columns)
    statement = row_of(frames["statements"], "statement_id", "2/s1")
    assert row_of(frames["positions"], "statement_id", "2/s1")["quote"] == statement["quote"] != TEXTS[2]


def test_a_statement_without_rows_is_dropped(correct):
    frames = correct(("2", "s2", "other", "new-convention", "against"))
    assert statements_of(frames, "2") == [("s2", "other", "rules")]
    assert positions_of(frames, "2") == [("s2/new-convention", "against", "rules")]


def test_the_rank_follows_the_holder(correct):
    frames = correct(("3", "impersonal"), ("4", "one"), columns=["holder"])
    ranks = frames["statements"].set_index("statement_id")["holder_rank"]
    assert pd.isna(ranks["3/s1"])
    assert ranks["4/s1"] == 1
    assert ranks.dtype == "Int64"


def test_holders_alone_leave_the_positions_with_their_statements(correct):
    frames = correct(("2", "s1", "several"), ("2", "s2", "one"), ("2", "", "named"), columns=["statement", "holder"])
    assert statements_of(frames, "2") == [
        ("s1", "several", "person"),
        ("p1", "named", "person"),
        ("s2", "one", "person"),
    ]
    assert positions_of(frames, "2") == [
        ("s1/new-convention", "for", "rules"),
        ("s2/new-convention", "against", "rules"),
    ]


def test_a_row_stands_for_every_statement_that_it_names(correct):
    assert statements_of(correct(("5", "s1;s2", "one", "", "")), "5") == [
        ("s1", "one", "rules"),
        ("s2", "one", "rules"),
    ]
    frames = correct(("5", "s1; s2", "several", "", ""))
    assert statements_of(frames, "5") == [("s1", "several", "person"), ("s2", "several", "person")]
    frames = correct(("5", "s1", "one", "", ""), ("5", "s2", "several", "", ""))
    assert statements_of(frames, "5") == [("s1", "one", "rules"), ("s2", "several", "person")]


def test_added_statements_keep_their_ids_in_a_sheet_of_the_result(uncorrected, bare, book):
    sheet = pd.DataFrame(
        [
            ("2", "2/s2", "other", "new-convention", "against", ""),
            ("2", "", "named", "", "", "一些发言者"),  # some speakers
            ("2", "", "many", "", "", ""),
        ],
        columns=["sid", "statement", *POSITIONS, "quote"],
    )
    frames = apply_corrections(uncorrected, sheet, bare, book)
    assert [name for name, _, _ in statements_of(frames, "2")] == ["p1", "p2", "s2"]
    again = apply_corrections(uncorrected, sheet_of(bare, frames, book), bare, book)
    for name in FRAMES:
        assert_frame_equal(again[name], frames[name])


def test_a_coding_has_all_that_was_corrected(bare):
    sheet = pd.DataFrame(
        {"sid": ["4"], "holder": ["one"], "modality": ["must"], "instruments": [""], "themes": ["standards"]}
    )
    coding = code(bare, corrections=sheet)
    row = eg.coding_sheet(coding).set_index("sid").loc["4"]
    assert row[["holder", "modality", "instruments", "themes"]].tolist() == ["one", "must", "", "standards"]


# ---- positions ------------------------------------------------------------------------------------------------------


def test_a_changed_stance_keeps_its_words(correct, uncorrected):
    frames = correct(
        ("3", "s1", "many", "new-convention", "neutral"), ("3", "s1", "many", "expert-group-mandate", "for")
    )
    was, now = (row_of(tables["positions"], "position_id", "3/s1/new-convention") for tables in (uncorrected, frames))
    assert now == {**was, "stance": "neutral", "coded_by": "person"}
    assert positions_of(frames, "3")[1] == ("s1/expert-group-mandate", "for", "rules")
    assert statements_of(frames, "3") == [("s1", "many", "rules")]


def test_positions_come_and_go(correct):
    assert positions_of(correct(("3", "s1", "many", "", "")), "3") == []
    frames = correct(("3", "s1", "many", "budapest-standard", "against"))
    assert positions_of(frames, "3") == [("s1/budapest-standard", "against", "person")]
    frames = correct(("2", "s1", "some", "", ""), ("2", "s2", "other", "new-convention", "against"))
    assert positions_of(frames, "2") == [("s2/new-convention", "against", "rules")]


def test_a_row_without_an_issue_beside_one_with_it_says_nothing(correct):
    frames = correct(("3", "s1", "many", "", ""), ("3", "s1", "many", "expert-group-mandate", "for"))
    assert statements_of(frames, "3") == [("s1", "many", "rules")]
    assert positions_of(frames, "3") == [("s1/expert-group-mandate", "for", "rules")]


def test_two_stances_on_one_issue_are_two_statements(correct):
    rows = [("3", "s1", "many", "new-convention", "for"), ("3", "s1", "many", "expert-group-mandate", "for")]
    frames = correct(*rows, ("3", "", "many", "new-convention", "against"))
    assert statements_of(frames, "3") == [("s1", "many", "rules"), ("p1", "many", "person")]
    assert positions_of(frames, "3")[2:] == [("p1/new-convention", "against", "person")]


# ---- sheets that name no statement ----------------------------------------------------------------------------------


def test_rows_of_a_sentence_with_one_statement_need_not_name_it(correct):
    frames = correct(("3", "several", "new-convention", "neutral"), columns=POSITIONS)
    assert statements_of(frames, "3") == [("s1", "several", "person")]
    assert positions_of(frames, "3") == [("s1/new-convention", "neutral", "person")]
    rows = [("3", "general", "new-convention", "against"), ("3", "many", "new-convention", "for")]
    frames = correct(*rows, columns=POSITIONS)
    assert statements_of(frames, "3") == [("s1", "many", "rules"), ("p1", "general", "person")]
    frames = correct(("3", "budapest-standard", "for"), columns=["issue", "stance"])
    assert positions_of(frames, "3") == [("s1/budapest-standard", "for", "person")]


def test_a_changed_sentence_with_several_statements_must_say_which_one(correct):
    said = "2: column statement: {}; the sentence has the statements 2/s1 and 2/s2, say which of them each row is about"
    with pytest.raises(eg.EgdataError, match=said.format("missing") + "; egdata sheet writes"):
        correct(("2", "other", "new-convention", "against"), columns=POSITIONS)
    with pytest.raises(eg.EgdataError, match=said.format("missing")):
        correct(("2", "budapest-standard", "for"), columns=["issue", "stance"])
    with pytest.raises(eg.EgdataError, match=said.format("empty")):
        correct(("2", "", "other", "new-convention", "against"))


# ---- links ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def linked():
    report = eg.parse_report(LINKED)
    uncorrected = find_all(report)
    assert list(uncorrected["statements"]["antecedent_id"]) == ["", "1#1/s1", "1#2/s1"]

    def apply(**columns):
        return apply_corrections(uncorrected, pd.DataFrame(columns), report)["statements"][
            ["statement_id", "holder", "group_id", "antecedent_id"]
        ].values.tolist()

    return apply


def test_links_to_a_dropped_statement_are_cut():
    # Some speakers support a new convention, other speakers oppose it. These speakers noted that training is due.
    report = eg.parse_report("1. 一些发言者支持拟订新公约，其他发言者反对拟订新公约。这些发言者指出，应开展培训。")
    uncorrected = find_all(report)
    assert list(uncorrected["statements"]["antecedent_id"]) == ["", "", "1#1/s2"]
    sheet = pd.DataFrame({"sid": ["1#1"], "statement": ["1#1/s1"], "holder": ["some"]})
    statements = apply_corrections(uncorrected, sheet, report)["statements"]
    assert statements[["statement_id", "group_id", "antecedent_id", "coded_by"]].values.tolist() == [
        ["1#1/s1", "1#1/s1", "", "rules"],
        ["1#2/s1", "1#2/s1", "", "rules"],
    ]


def test_a_group_stays_where_the_one_that_introduced_it_is_renamed(linked):
    assert linked(sid=["1#1"], holder=["several"]) == [
        ["1#1/s1", "several", "1#1/s1", ""],
        ["1#2/s1", "some", "1#1/s1", "1#1/s1"],
        ["1#3/s1", "some", "1#1/s1", "1#2/s1"],
    ]


def test_one_who_is_renamed_apart_from_the_antecedent_introduces_a_group(linked):
    assert linked(sid=["1#2"], holder=["other"]) == [
        ["1#1/s1", "some", "1#1/s1", ""],
        ["1#2/s1", "other", "1#2/s1", ""],
        ["1#3/s1", "some", "1#2/s1", "1#2/s1"],
    ]
    assert linked(sid=["1#1", "1#2"], holder=["other", "other"])[1] == ["1#2/s1", "other", "1#1/s1", "1#1/s1"]


def test_a_mention_points_back_to_no_dropped_one():
    # The Convention against Corruption is in force. Some speakers noted that that convention suffices.
    report = eg.parse_report("1. 《联合国反腐败公约》已经生效。一些发言者指出，该公约已经足够。")
    uncorrected = find_all(report)
    assert list(uncorrected["mentions"]["antecedent_id"]) == ["", "1#1/m1"]
    corrected = apply_corrections(uncorrected, pd.DataFrame({"sid": ["1#1"], "instruments": [""]}), report)["mentions"]
    pointing = uncorrected["mentions"].iloc[[1]].reset_index(drop=True)
    assert_frame_equal(corrected, pointing.assign(antecedent_id="").astype(pointing.dtypes), check_dtype=False)
    assert list(corrected["coded_by"]) == ["rules"]


# ---- what belongs to the sentence -----------------------------------------------------------------------------------


def test_modality_is_set_on_every_statement_of_the_sentence(correct):
    statements = correct(("2", "must"), columns=["modality"])["statements"]
    assert set(statements.loc[statements["sentence_id"] == "2", "modality"]) == {"must"}
    assert list(statements["sentence_id"][statements["coded_by"] == "person"]) == ["2", "2"]


def test_instruments_come_and_go(correct, uncorrected, bare):
    mentions = correct(("4", "budapest;uncac"), columns=["instruments"])["mentions"]
    of_sentence = mentions[mentions["sentence_id"] == "4"].to_dict("records")
    start, end = bare.sentences.set_index("sentence_id").loc["4", ["start", "end"]]
    kept = uncorrected["mentions"][
        (uncorrected["mentions"]["sentence_id"] == "4") & (uncorrected["mentions"]["entity_id"] == "uncac")
    ]
    assert of_sentence == [
        {
            "mention_id": "4/m3",
            "sentence_id": "4",
            "footnote_id": "",
            "entity_id": "budapest",
            "kind": "instrument",
            "form": "named",
            "locator": "",
            "antecedent_id": "",
            "start": start,
            "end": end,
            "quote": TEXTS[4],
            "rule_id": "person",
            "coded_by": "person",
        },
        {**kept.squeeze().to_dict(), "coded_by": "rules"},
    ]


def test_what_the_sheet_does_not_show_of_the_mentions_stays(real, book):
    uncorrected = find_all(real, book)
    mentions = uncorrected["mentions"]
    hidden = mentions[~mentions["entity_id"].isin(book.codes("instruments")) & mentions["sentence_id"].ne("")]
    sids = list(hidden["sentence_id"].unique())
    corrected = apply_corrections(uncorrected, pd.DataFrame({"sid": sids, "instruments": ""}), real, book)["mentions"]
    left = corrected[corrected["sentence_id"].isin(sids)]
    assert list(left["mention_id"]) == list(hidden["mention_id"])
    notes = mentions["footnote_id"].ne("")
    assert list(corrected.loc[corrected["footnote_id"].ne(""), "mention_id"]) == list(mentions[notes]["mention_id"])


def test_themes_are_the_list_of_the_person(correct, uncorrected):
    before = uncorrected["sentence_themes"].set_index(["sentence_id", "theme_id"])["n_hits"]
    themes = correct(("3", "expert-group; standards;treaty-making"), columns=["themes"])["sentence_themes"]
    rows = themes.loc[themes["sentence_id"] == "3", ["theme_id", "rank", "n_hits", "coded_by"]]
    assert rows.values.tolist() == [
        ["expert-group", 1, before["3", "expert-group"], "person"],
        ["standards", 2, 0, "person"],
        ["treaty-making", 3, before["3", "treaty-making"], "person"],
    ]
    assert "3" not in set(correct(("3", ""), columns=["themes"])["sentence_themes"]["sentence_id"])


# ---- files and errors -----------------------------------------------------------------------------------------------


def test_a_sheet_is_read_from_a_file(uncorrected, bare, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("sid;holder;note\n 4 ; one ;unsure\n;;\n", encoding="utf-8-sig")  # as Excel writes it
    assert statements_of(apply_corrections(uncorrected, file, bare), "4") == [("s1", "one", "person")]
    file.write_text("sid,holder\n4,everyone\n", encoding="utf-8")
    with pytest.raises(eg.EgdataError, match=r"^mine.csv: row 2, 4: column holder: 'everyone' is no code"):
        apply_corrections(uncorrected, str(file), bare)
    with pytest.raises(eg.EgdataError, match=r"none.csv: cannot be read"):
        apply_corrections(uncorrected, tmp_path / "none.csv", bare)


def test_sentences_may_be_numbers_and_cells_missing(uncorrected, bare):
    sheet = pd.DataFrame({"sid": [4], "holder": ["one"], "issue": [None], "stance": [float("nan")]})
    assert statements_of(apply_corrections(uncorrected, sheet, bare), "4") == [("s1", "one", "person")]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"sid": ["99"], "holder": ["one"]}, "corrections: row 2, '99': column sid: the report has no such sentence"),
        ({"sid": [""], "holder": ["one"]}, "corrections: row 2, '': column sid: the report has no such sentence"),
        ({"sid": ["4"], "holder": ["nobody"]}, "4: column holder: 'nobody' is no code of the codebook's table holders"),
        ({"sid": ["4"], "holder": ["anaphor"]}, "4: column holder: 'anaphor' is no code"),
        ({"sid": ["4"], "holder": [""]}, "4: column holder: empty"),
        ({"sid": ["4"], "modality": [""]}, "4: column modality: empty"),
        ({"sid": ["4"], "modality": ["shall"]}, "4: column modality: 'shall' is no code"),
        ({"sid": ["4"], "instruments": ["uncac;ga-55-63"]}, "4: column instruments: 'ga-55-63' is no code"),
        ({"sid": ["4"], "instruments": ["ga-*"]}, r"4: column instruments: 'ga-\*' is no code"),
        ({"sid": ["4"], "themes": ["standards;cyber"]}, "4: column themes: 'cyber' is no code"),
        (
            {"sid": ["4"], "holder": ["one"], "issue": ["new-treaty"], "stance": ["for"]},
            "4: column issue: 'new-treaty' is no code",
        ),
        (
            {"sid": ["4"], "holder": ["one"], "issue": ["new-convention"], "stance": ["pro"]},
            "4: column stance: 'pro' is no code",
        ),
        (
            {"sid": ["4"], "holder": ["one"], "issue": ["new-convention"], "stance": [""]},
            "4: column stance: empty beside the issue 'new-convention'",
        ),
        (
            {"sid": ["4"], "holder": ["one"], "issue": [""], "stance": ["for"]},
            "4: column issue: empty beside the stance 'for'",
        ),
        ({"sid": ["4"], "holder": ["one"], "issue": ["new-convention"]}, "column stance: missing"),
        (
            {"sid": ["4", "4"], "modality": ["must", "may"]},
            "4: column modality: 'must' in row 2 and 'may' in row 3",
        ),
        (
            {"sid": ["4", "3", "4"], "instruments": ["uncac", "", ""]},
            "row 2, 4, 4: column instruments: 'uncac' in row 2 and '' in row 4",
        ),
        (
            {"sid": ["4", "4"], "themes": ["standards;civil-society", "civil-society;standards"]},
            "4: column themes: 'standards;civil-society' in row 2 and 'civil-society;standards' in row 3",
        ),
        (
            {"sid": ["4"], "statement": ["4/s2"], "holder": ["one"]},
            "4: column statement: '4/s2' is no statement of this sentence; leave the cell empty to add one",
        ),
        ({"sid": ["4"], "statement": ["3/s1"], "holder": ["one"]}, "4: column statement: '3/s1' is no statement"),
        (
            {"sid": ["3", "3"], "statement": ["3/s1", "3/s1"], "holder": ["one", "some"]},
            "3: column holder: 'one' in row 2 and 'some' in row 3; it belongs to 3/s1",
        ),
        (
            {"sid": ["4"] * 2, "holder": ["one"] * 2, "issue": ["new-convention"] * 2, "stance": ["for", "against"]},
            "4: column stance: 'for' in row 2 and 'against' in row 3; it belongs to 4/s1/new-convention",
        ),
        (
            {
                "sid": ["4"] * 2,
                "statement": ["4/s1", ""],
                "holder": ["one"] * 2,
                "quote": ["", "没有这句话"],
            },  # no such words
            "4: column quote: '没有这句话' does not stand in the sentence",
        ),
        (
            {"sid": ["4"] * 2, "statement": ["4/s1", ""], "issue": ["new-convention"] * 2, "stance": ["for"] * 2},
            "4: column holder: missing; a statement that is added needs one",
        ),
        ({"sid": ["4"], "holders": ["one"]}, "it has the columns sid, holders; it needs sid and one of holder"),
        ({"id": ["4"], "holder": ["one"]}, "it has the columns id, holder; it needs sid"),
    ],
)
def test_a_sheet_that_cannot_be_right_is_refused(uncorrected, bare, rows, message):
    with pytest.raises(eg.EgdataError, match=message):
        apply_corrections(uncorrected, pd.DataFrame(rows), bare)


def test_instruments_in_another_order_do_not_contradict(uncorrected, bare):
    sheet = pd.DataFrame({"sid": ["4", "4"], "instruments": ["untoc;uncac", "uncac;untoc"]})
    assert set(apply_corrections(uncorrected, sheet, bare)["mentions"]["coded_by"]) == {"rules"}


# ---- any corrections ------------------------------------------------------------------------------------------------


def plain(sheet: pd.DataFrame) -> pd.DataFrame:
    """The codes of a sheet in one order of rows and instruments."""
    sheet = sheet[["sid", *POSITIONS, "instruments", "modality", "themes"]].astype(str)
    sheet["instruments"] = [";".join(sorted(cell.split(";"))) for cell in sheet["instruments"]]
    return sheet.drop_duplicates().sort_values(SORTED).reset_index(drop=True)


def edits(sheet: pd.DataFrame, book) -> st.SearchStrategy[pd.DataFrame]:
    """Some sentences of a sheet, with statements changed, added and taken away, in another order."""

    def code(table: str) -> st.SearchStrategy[str]:
        known = [name for name in book.codes(table) if name != "anaphor" and "*" not in name]
        return st.sampled_from(known[:6] if table in ("holders", "issues") else known)  # few, so that they meet

    def joined(table: str, most: int) -> st.SearchStrategy[str]:
        return st.lists(code(table), max_size=most, unique=True).map(";".join)

    several = list(sheet.loc[sheet["sid"].duplicated(), "sid"].unique())
    sids = st.sampled_from(list(sheet["sid"].unique()))
    sids = sids | st.sampled_from(several) if several else sids

    @st.composite
    def edit(draw):
        edited = []
        for sid in draw(st.lists(sids, min_size=1, max_size=6, unique=True)):
            rows = sheet[sheet["sid"] == sid].to_dict("records")
            statements = {}  # id, or none for one that is added → holder, stances by issue
            for row in rows:
                for name in row["statement"].split(";"):
                    statements.setdefault(name, (row["holder"], {}))[1][row["issue"]] = row["stance"]
            kept = draw(st.lists(st.sampled_from(list(statements)), min_size=1, unique=True))
            of_sentence = {
                "modality": draw(code("modalities") | st.just(rows[0]["modality"])),
                "instruments": draw(joined("instruments", 3) | st.just(rows[0]["instruments"])),
                "themes": draw(joined("themes", 3) | st.just(rows[0]["themes"])),
            }
            told = []
            for name in kept:
                holder, stances = statements[name]
                if draw(st.booleans()):
                    holder = draw(code("holders"))
                if draw(st.booleans()):
                    stances = draw(st.dictionaries(code("issues"), code("stances"), max_size=2)) or {"": ""}
                told += [(name, holder, *position, "") for position in stances.items()]
            for _ in range(draw(st.integers(0, 2))):
                position = draw(st.tuples(code("issues"), code("stances")) | st.just(("", "")))
                told.append(("", draw(code("holders")), *position, draw(st.sampled_from(["", rows[0]["text"][:5]]))))
            names = ("statement", *POSITIONS, "quote")
            edited += [
                {"sid": sid, **dict(zip(names, row, strict=True)), **of_sentence} for row in draw(st.permutations(told))
            ]
        return pd.DataFrame(edited)

    return edit()  # without arguments, of which it would make a text of half a megabyte


def check_frames(frames, report):
    """Keys are unique, references resolve, words stand where they are said to."""
    sentences = report.sentences.set_index("sentence_id")
    ids = {"sentences": set(sentences.index)}
    for name, frame in frames.items():
        assert frame[list(SCHEMA[name].key)].duplicated().sum() == 0
        ids[name] = set(frame[SCHEMA[name].key[0]])
    statements, positions, mentions = (frames[name] for name in ("statements", "positions", "mentions"))
    assert set(statements["sentence_id"]) == ids["sentences"]
    assert set(statements["group_id"]) | set(statements["antecedent_id"]) <= {"", *ids["statements"]}
    assert set(positions["statement_id"]) <= ids["statements"]
    assert set(mentions["antecedent_id"]) <= {"", *ids["mentions"]}
    assert list(statements["start"]) == sorted(statements["start"])
    assert list(mentions["start"]) == sorted(mentions["start"])
    assert not positions.duplicated(["statement_id", "issue_id"]).any()
    for frame in (statements, positions, mentions):
        for start, end, quote in frame[["start", "end", "quote"]].itertuples(index=False):
            assert report.text[start:end] == quote != ""
    within = positions.merge(statements, on="statement_id")
    assert (within["start_x"] >= within["start_y"]).all()
    assert (within["end_x"] <= within["end_y"]).all()
    for sid, start, end in statements[["sentence_id", "start", "end"]].itertuples(index=False):
        assert sentences.at[sid, "start"] <= start < end <= sentences.at[sid, "end"]
    for _, themes in frames["sentence_themes"].groupby("sentence_id"):
        assert list(themes["rank"]) == list(range(1, len(themes) + 1))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "examples"), [("real", 3), ("invented", 6), ("bare", 15)])
def test_the_sheet_of_the_result_is_the_sheet_of_the_person(request, book, name, examples):
    report = request.getfixturevalue(name)
    uncorrected = find_all(report, book)
    sheet = sheet_of(report, uncorrected, book)
    links = ["group_id", "antecedent_id"]

    @settings(max_examples=examples)
    @given(edits(sheet, book), st.data())
    def check(first, data):
        frames, old_sheet = uncorrected, sheet
        for edited in (first, None):
            if edited is None:
                edited = data.draw(edits(old_sheet, book))
            before = {name: frame.assign(coded_by=frame.get("coded_by", "rules")) for name, frame in frames.items()}
            frames = apply_corrections(frames, edited, report, book)
            new_sheet = sheet_of(report, frames, book)
            touched = new_sheet["sid"].isin(edited["sid"])
            assert_frame_equal(plain(new_sheet[touched]), plain(edited))
            untouched = old_sheet[~old_sheet["sid"].isin(edited["sid"])].reset_index(drop=True)
            assert_frame_equal(new_sheet[~touched].reset_index(drop=True), untouched)
            check_frames(frames, report)
            for frame, old in before.items():
                assert list(frames[frame].columns) == list(old.columns)
                assert (frames[frame].dtypes.drop("coded_by") == old.dtypes.drop("coded_by")).all()
                by_rules = frames[frame][frames[frame]["coded_by"] == "rules"].drop(columns=links, errors="ignore")
                was = set(old.drop(columns=links, errors="ignore").astype(str).itertuples(index=False, name=None))
                assert set(by_rules.astype(str).itertuples(index=False, name=None)) <= was
            again = apply_corrections(frames, new_sheet[touched], report, book)
            for frame in frames:
                assert_frame_equal(again[frame], frames[frame])
            old_sheet = new_sheet

    check()
