"""Tables of an invented report, whose findings are written out here: the rules have tests of their own."""

import csv
import json
import os
import re
import shutil
from io import StringIO
from types import SimpleNamespace

import frictionless
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import egdata as eg
from egdata.base.csv_files import csv_bytes, read_csv
from egdata.base.output import write_file
from egdata.codebook.matcher import Rule
from egdata.coding.ledger import with_ledger
from egdata.reading.report import parse_report
from egdata.tables.check import find_problems
from egdata.tables.dictionary import write_dictionary
from egdata.tables.files import PACKAGE_FILE, check_tables, read_tables, write_tables
from egdata.tables.schema import SCHEMA, data_package

# Report of the Expert Group. I. Summary of deliberations. 1. Some speakers were in favour of elaborating a new
# convention. But other speakers were against a new convention. 2. The meeting made the following proposals:
# (a) States should do more training; (b) The meeting opened on Monday.
SOURCE = """专家组的报告

一. 讨论情况摘要

1. 一些发言者赞成拟订一项新公约。但其他发言者
反对新公约。

2. 会议提出下列建议：

(a) 各国应加强培训；

(b) 会议于星期一开幕。
"""


def _span(text: str, words: str, prefix: str = "") -> dict:
    start = text.index(words)
    return {f"{prefix}start": start, f"{prefix}end": start + len(words), f"{prefix}quote": words}


def _statement(
    text: str, number: str, holder: str, words: str, named: str = "", modality: str = "none", **more
) -> dict:
    nobody = {"holder_start": None, "holder_end": None, "holder_quote": ""}
    return {
        "statement_id": f"{number}/s1",
        "sentence_id": number,
        "holder": holder,
        "holder_rank": {"some": 2}.get(holder),
        **(_span(text, named, "holder_") if named else nobody),
        "group_id": f"{number}/s1",
        "antecedent_id": "",
        "verb": "",
        "modality": modality,
        "is_contrast": False,
        **_span(text, words),
        "rule_id": "a-holder" if named else "",
        "coded_by": "rules",
        **more,
    }


def _actor(text: str, number: str, words: str, verb: str) -> dict:
    return {
        "statement_id": f"{number}/s1",
        "sentence_id": number,
        "actor_id": f"{number}/s1",
        "node_type": "anonymous",
        "name_en": f"somebody ({number})",
        "name_zh": words,
        "role": "speaker",
        "predicate": verb,
        "predicate_start": text.index(verb),
        "predicate_end": text.index(verb) + len(verb),
        "polarity": "affirmed",
        "message": "",
        **_span(text, words),
    }


def _position(text: str, number: str, stance: str, words: str) -> dict:
    return {
        "position_id": f"{number}/s1/p1",
        "statement_id": f"{number}/s1",
        "issue_id": "new-convention",
        "stance": stance,
        **_span(text, words),
        "rule_id": "a-target+a-cue",
        "citation": "report, para. 1",
        "coded_by": "rules",
    }


def _found(text: str, name: str) -> pd.DataFrame:
    """What the finders would say about the report, as literal rows."""
    rows = {
        "mentions": [
            {"mention_id": "1#1/m1", "sentence_id": "1#1", "footnote_id": "", "entity_id": "new-convention",
             "kind": "instrument", "form": "generic", "locator": "", "antecedent_id": "", **_span(text, "一项新公约"),
             "rule_id": "an-instrument", "coded_by": "rules"},
        ],
        "statements": [
            _statement(text, "1#1", "some", "一些发言者赞成拟订一项新公约。", "一些发言者", verb="赞成"),
            _statement(text, "1#2", "other", "但其他发言者反对新公约。", "其他发言者", is_contrast=True),
            _statement(text, "2#1", "unattributed", "会议提出下列建议："),
            _statement(text, "2(a)#1", "unattributed", "各国应加强培训；", modality="should"),
            _statement(text, "2(b)#1", "unattributed", "会议于星期一开幕。"),
        ],
        "actors": [
            _actor(text, "1#1", "一些发言者", "赞成"),
            _actor(text, "1#2", "其他发言者", "反对"),
        ],
        "positions": [
            _position(text, "1#1", "for", "赞成拟订一项新公约"),
            _position(text, "1#2", "against", "反对新公约"),
        ],
        "contested": [
            {"issue_id": "new-convention", "n_for": 1, "n_conditional": 0, "n_neutral": 0, "n_against": 1,
             "is_contested": True, "kind": "opposed"},
            {"issue_id": "budapest-standard", "n_for": 0, "n_conditional": 0, "n_neutral": 0, "n_against": 0,
             "is_contested": False, "kind": ""},
        ],
        "contrasts": [{"from_id": "1#2/s1", "to_id": "1#1/s1", "issue_id": "new-convention", "marker": "但其他发言者", **_span(text, "但其他发言者")}],
        "sentence_themes": [{"sentence_id": "2(a)#1", "theme_id": "capacity-building", "rank": 1, "n_hits": 1,
                             "coded_by": "rules"}],
        "speakers": [
            {"name_zh": "挪威", "name_en": "Norway", "iso3": "NOR", "role": "member-state", "person": "",
             "unit_id": "2(b)", **_span(text, "会议于星期一开幕")},
        ],
        "terms": [{"term": "新公约", "section_id": "I", "n": 2, "per_1000": 83.3333, "n_rest": 0, "per_1000_rest": 0.0,
                   "log_likelihood": None, "log_ratio": None, "p": None, "p_adjusted": None}],
    }  # fmt: skip
    return pd.DataFrame(rows[name])


#: What stands in for the rules, and where it is looked up.
FINDERS = {
    "mentions": "coding.coding.mentions_of",
    "statements": "coding.coding.statements_of",
    "actors": "coding.coding.actors_of",
    "positions": "coding.coding.positions_of",
    "sentence_themes": "coding.coding.themes_of",
    "speakers": "coding.coding.speakers_of",
    "contested": "tables.build.find_contested",
    "contrasts": "tables.build.find_contrasts",
    "terms": "tables.build.term_keyness",
}


def _rule(rule_id, code, pattern):
    return Rule(rule_id, code, {}, frozenset(), pattern, re.compile)


RULES = {
    "a-holder": _rule("a-holder", "some", "发言者"),
    "an-instrument": _rule("an-instrument", "new-convention", "新公约"),
    "a-target": _rule("a-target", "new-convention", "新公约"),
    "a-cue": _rule("a-cue", "for", "赞成|反对(?=新公约。)"),
    "no-cue": _rule("no-cue", "for", "欢迎"),
}


def _stand_in(monkeypatch, **frames):
    """Let these frames be found, whatever the rules say."""
    for name, frame in frames.items():
        monkeypatch.setattr(f"egdata.{FINDERS[name]}", lambda *_, frame=frame, **__: frame)


def _read(monkeypatch):
    """The report, of which those frames are found."""
    rule = eg.Codebook.rule
    monkeypatch.setattr(eg.Codebook, "rule", lambda self, rule_id: RULES.get(rule_id) or rule(self, rule_id))
    read = parse_report(SOURCE)
    _stand_in(monkeypatch, **{name: _found(read.text, name) for name in FINDERS})
    return read


@pytest.fixture
def report(monkeypatch):
    return _read(monkeypatch)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "tables"
    with pytest.MonkeyPatch.context() as monkeypatch:
        write_tables(_read(monkeypatch), folder)
    return folder


@pytest.fixture
def folder(report, written, tmp_path):
    """The tables of the report, to break."""
    return shutil.copytree(written, tmp_path / "tables")


CHANGED = "changed, or of another run, one of which was broken off; write the tables anew"


def _edit(folder, name, old, new):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


# ---- building ------------------------------------------------------------------------------------------------


def test_every_sentence_is_coded_or_has_a_reason(report):
    expected = pd.DataFrame(
        [
            ("1#1", "1", 20, 35, "一些发言者赞成拟订一项新公约。", "coded", ""),
            ("1#2", "1", 35, 47, "但其他发言者反对新公约。", "coded", ""),
            ("2#1", "2", 51, 60, "会议提出下列建议：", "uncoded", "list-head"),
            ("2(a)#1", "2(a)", 65, 73, "各国应加强培训；", "uncoded", "no-issue"),
            ("2(b)#1", "2(b)", 78, 87, "会议于星期一开幕。", "uncoded", "no-view"),
        ],
        columns=["sentence_id", "unit_id", "start", "end", "text", "status", "reason"],
    )
    assert_frame_equal(eg.build_tables(report)["sentences"], expected)


def test_a_reported_view_on_no_issue_has_that_reason():
    sentences = pd.DataFrame({"sentence_id": ["1#1"], "text": ["一位发言者介绍了经验。"]})  # 'one spoke of experience'
    stated = pd.DataFrame({"statement_id": ["1#1/s1"], "sentence_id": ["1#1"], "holder": ["one"], "modality": ["none"]})
    ledger = with_ledger(sentences, stated, pd.DataFrame({"statement_id": []}))
    assert list(ledger["reason"]) == ["no-issue"]


def test_tables_have_the_columns_and_order_of_the_schema(report):
    tables = eg.build_tables(report)
    assert list(tables) == list(SCHEMA)
    assert {name: list(frame.columns) for name, frame in tables.items()} == {
        name: table.names for name, table in SCHEMA.items()
    }


def test_tables_are_in_document_order(report, monkeypatch):
    _stand_in(monkeypatch, positions=_found(report.text, "positions").iloc[::-1])
    assert list(eg.build_tables(report)["positions"]["position_id"]) == ["1#1/s1/p1", "1#2/s1/p1"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("modality", "", "statements.csv:2: column modality: empty"),
        ("coded_by", "nobody", "statements.csv:2: column coded_by: 'nobody' is not one of rules, person"),
        ("holder_rank", 0, "statements.csv:2: column holder_rank: 0 is less than 1"),
        ("holder_rank", "x", "statements.csv:2: column holder_rank: 'x' is no integer"),
        ("start", None, "statements.csv:6: column start: empty"),  # no place in the text: the last row
        ("statement_id", "1#2/s1", "statements.csv:3: column statement_id: '1#2/s1' stands twice"),
    ],
)
def test_a_value_outside_the_schema_raises(report, monkeypatch, column, value, reason):
    frame = _found(report.text, "statements").astype({column: object})
    frame.loc[0, column] = value
    _stand_in(monkeypatch, statements=frame)
    with pytest.raises(eg.TableError) as error:
        eg.build_tables(report)
    assert str(error.value) == reason


def test_edges_and_nodes_under_every_policy(report):
    tables = eg.build_tables(report)
    ends = [("mention", "1#1/s1"), ("unit", "some@1"), ("merged", "some")]
    edges = pd.DataFrame(
        [(*end, "new-convention", "speaks-of", 1, 1, 1, 0, 0, 0, "for", "1#1/s1", "report, para. 1") for end in ends],
        columns=SCHEMA["edges"].names,
    )
    assert_frame_equal(tables["edges"], edges)
    labels = [("some (1#1)", "一些（1#1）"), ("some (1)", "一些（1）"), ("some", "一些")]
    rows = [
        row
        for (identity, actor), names in zip(ends, labels, strict=True)
        for row in (
            (identity, actor, "anonymous", "some", *names, 1),
            (identity, "new-convention", "instrument", "new-convention", "New UN convention", "新公约", 1),
        )
    ]
    assert_frame_equal(tables["nodes"], pd.DataFrame(rows, columns=SCHEMA["nodes"].names))


def test_a_column_that_is_missing_or_unknown_raises(report, monkeypatch):
    frame = _found(report.text, "terms").rename(columns={"n": "count"})
    _stand_in(monkeypatch, terms=frame)
    with pytest.raises(eg.TableError, match=r"^terms.csv:1: column n: missing \(and 1 more\)$"):
        eg.build_tables(report)


# ---- writing and reading -------------------------------------------------------------------------------------


def test_what_is_read_is_what_was_built(report, folder):
    built, read = eg.build_tables(report), read_tables(folder)
    assert list(read) == list(built)
    for name in built:
        assert_frame_equal(read[name], built[name])


def test_a_missing_number_is_an_empty_cell(folder):
    third = (folder / "statements.csv").read_text(encoding="utf-8").splitlines()[3]
    assert third == "2#1/s1,2#1,unattributed,,,,,2#1/s1,,,none,False,51,60,会议提出下列建议：,,rules"


def test_the_text_is_written_for_the_offsets(report, folder):
    assert (folder / "report.txt").read_bytes().decode() == report.text


@pytest.mark.parametrize("excel", [False, True])
def test_files_are_the_same_bytes_on_every_run(report, tmp_path, excel):
    runs = [tmp_path / name for name in ("first", "second")]
    for run in runs:
        write_tables(report, run, excel=excel)
    first, second = ({file.name: file.read_bytes() for file in run.iterdir()} for run in runs)
    assert first == second
    assert set(first) == {*(f"{name}.csv" for name in SCHEMA), "report.txt", "datapackage.json"}
    assert not any(b"\r" in content for content in first.values())


def test_excel_gets_a_byte_order_mark(report, folder, tmp_path):
    write_tables(report, tmp_path / "excel", excel=True)
    plain, marked = ((path / "units.csv").read_bytes() for path in (folder, tmp_path / "excel"))
    assert marked == b"\xef\xbb\xbf" + plain
    assert check_tables(tmp_path / "excel", report) == []
    read = read_tables(tmp_path / "excel")
    for name, frame in read_tables(folder).items():
        assert_frame_equal(read[name], frame)


CELLS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''-", "'", "'a", "", "a=1", "各国"]


@pytest.mark.parametrize("sep", [",", "\t"])
def test_no_cell_is_calculated_by_a_spreadsheet(sep):
    frame = pd.DataFrame({"text": CELLS, "n": range(-7, 8)}).astype({"text": "str"})
    safe = csv_bytes(frame, excel=True, sep=sep)
    cells = [row[0] for row in csv.reader(StringIO(safe.decode("utf-8-sig"), newline=""), delimiter=sep)][1:]
    assert cells == [f"'{cell}" for cell in CELLS[:10]] + CELLS[10:]
    assert [row.rsplit(sep, 1)[1] for row in safe.decode().split("\n")[1:3]] == ["-7", "-6"]  # numbers are no text
    for content in (safe, csv_bytes(frame, sep=sep)):
        assert list(read_csv(content, sep)["text"]) == CELLS


def test_without_excel_cells_are_verbatim():
    assert csv_bytes(pd.DataFrame({"text": ["=1", "'-"]})) == b"text\n=1\n'-\n"


def test_tables_for_excel_hold_together(report, tmp_path, monkeypatch):
    named = _found(report.text, "mentions").assign(locator="=art. 1", rule_id="@an-instrument")
    monkeypatch.setitem(RULES, "@an-instrument", _rule("@an-instrument", "new-convention", "新公约"))
    _stand_in(monkeypatch, mentions=named)
    tables = write_tables(report, tmp_path / "tables", excel=True)
    assert ",'=art. 1," in (tmp_path / "tables" / "mentions.csv").read_text(encoding="utf-8")
    assert check_tables(tmp_path / "tables", report) == []
    assert_frame_equal(read_tables(tmp_path / "tables")["mentions"], tables["mentions"])


def test_a_failed_run_leaves_the_old_tables_whole(report, folder, monkeypatch):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    frame = _found(report.text, "positions").assign(certainty="perhaps")
    _stand_in(monkeypatch, positions=frame)
    with pytest.raises(eg.TableError, match=r"positions.csv:2: column certainty: .perhaps."):
        write_tables(report, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["tables"]


def test_a_disk_error_leaves_the_old_tables_whole(report, folder, monkeypatch):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device", "units.csv")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(eg.TableError, match=r"units\.csv: cannot be written: No space"):
        write_tables(report, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["tables"]


def test_other_files_in_the_folder_are_left_alone(report, folder):
    (folder / "notes.md").write_text("mine")
    write_tables(report, folder)
    assert (folder / "notes.md").read_text() == "mine"


def test_a_file_that_egdata_did_not_write_is_not_replaced(report, tmp_path):
    (tmp_path / "terms.csv").write_text("mine")
    with pytest.raises(eg.TableError, match=r"terms.csv: exists and is not egdata's own"):
        write_tables(report, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["terms.csv"]
    assert (tmp_path / "terms.csv").read_text() == "mine"


def test_a_file_in_place_of_the_folder_is_an_error(report, tmp_path):
    (tmp_path / "tables").write_text("mine")
    with pytest.raises(eg.TableError, match="cannot be written"):
        write_tables(report, tmp_path / "tables")
    assert (tmp_path / "tables").read_text() == "mine"


def test_a_folder_in_place_of_a_file_is_an_error(report, folder):
    (folder / "terms.csv").unlink()
    (folder / "terms.csv").mkdir()
    before = (folder / "datapackage.json").stat().st_mtime_ns
    with pytest.raises(eg.TableError, match=r"terms\.csv: cannot be written: Is a directory"):
        write_tables(report, folder)
    assert (folder / "datapackage.json").stat().st_mtime_ns == before


def test_a_single_file_is_written_from_its_own_folder(tmp_path, monkeypatch):
    made, replace = [], os.replace
    monkeypatch.setattr(os, "replace", lambda ready, file: made.append(ready) or replace(ready, file))
    write_file(tmp_path / "new" / "a.csv", b"x")
    assert (tmp_path / "new" / "a.csv").read_bytes() == b"x"
    assert [file.parent.parent for file in made] == [tmp_path / "new"]


def test_reading_no_folder_or_a_broken_one_raises(folder, tmp_path):
    with pytest.raises(eg.TableError, match="nowhere: no such folder"):
        read_tables(tmp_path / "nowhere")
    (folder / "units.csv").unlink()
    with pytest.raises(eg.TableError, match=r"^units.csv: missing; write the tables anew$"):
        read_tables(folder)


# ---- checks --------------------------------------------------------------------------------------------------


def test_tables_as_written_have_no_problem(report, folder):
    assert check_tables(folder) == []
    assert check_tables(folder, report) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("units.csv", "unit_id,section_id", "unit,section_id", "units.csv:1: column unit_id: missing"),
        ("units.csv", "chair-summary,17,", "chair-summary,x,", "units.csv:2: column start: 'x' is no integer"),
        ("contested.csv", "True", "yes", "contested.csv:2: column is_contested: 'yes' is no boolean"),
        ("terms.csv", "83.3333", "-1", "terms.csv:2: column per_1000: -1.0 is less than 0"),
        ("sentences.csv", "2(b)#1,2(b)", "2(b)#1,2(z)", "sentences.csv:6: column unit_id: '2(z)' is not in units.csv"),
        ("statements.csv", "1#1,some", "1#1,whoever", "statements.csv:2: column holder: 'whoever' is not in holders.csv"),
        ("contrasts.csv", "1#1/s1", "9#1/s1", "contrasts.csv:2: column to_id: '9#1/s1' is not in statements.csv"),
        ("mentions.csv", "一项新公约", "该公约", "mentions.csv:2: column quote: '该公约', but report.txt has '一项新公约' at 29:34"),
        ("statements.csv", "一些发言者,", "两位发言者,",
         "statements.csv:2: column holder_quote: '两位发言者', but report.txt has '一些发言者' at 20:25"),
        ("positions.csv", "1#1/s1/p1,1#1/s1", "1#1/s1/p1,2#1/s1",
         "positions.csv:2: column start: the span lies outside statement_id 2#1/s1"),
        ("sentences.csv", "list-head", "no-view", "sentences.csv:4: column reason: 'no-view' should be 'list-head' by its positions"),
        ("sentences.csv", "uncoded,no-issue", "coded,", "sentences.csv:5: column status: 'coded' should be 'uncoded' by its positions"),
        ("contested.csv", "new-convention,1", "new-convention,2", "contested.csv:2: column n_for: 2, but positions.csv has 1"),
        ("contested.csv", "True,opposed", "True,qualified",
         "contested.csv:2: column kind: 'qualified' should be 'opposed' by the counts"),
        ("contested.csv", "new-convention,1,0,0,1,True,opposed\n", "",
         "contested.csv: column issue_id: 'new-convention' has positions and no row"),
        ("sentences.csv", "1#2,1,35,47,但其他发言者反对新公约。,coded,\n", "",
         "units.csv:2: column text: '但其他发言者反对新公约。' stands in no sentence"),
        ("units.csv", "2(b),I,2,b,chair-summary,74,87,(b) 会议于星期一开幕。\n", "",
         "report.txt: '\\n(b) 会议于星期一开幕。' stands in no heading, unit or footnote"),
        ("statements.csv", "2#1/s1,2#1,unattributed,,,,,2#1/s1,,,none,False,51,60,会议提出下列建议：,,rules\n", "",
         "sentences.csv:4: column sentence_id: '2#1' has no row in statements.csv"),
        ("positions.csv", "赞成拟订一项新公约,a-target+a-cue", "赞成拟订一项新公约,a-target+no-cue",
         "positions.csv:2: column quote: '赞成拟订一项新公约' has no words of rule no-cue"),
        ("positions.csv", "25,34,赞成拟订一项新公约", "29,34,一项新公约",
         "positions.csv:2: column quote: '一项新公约' has no words of rule a-cue"),
        ("mentions.csv", "an-instrument", "a-name", "mentions.csv:2: column rule_id: 'a-name' is no rule of this codebook"),
        ("edges.csv", "mention,1#1/s1", "mention,9#1/s1",
         "edges.csv:2: column identity, actor_id: 'mention', '9#1/s1' is not in nodes.csv"),
        ("nodes.csv", "merged,new-convention", "merged,untoc",
         "edges.csv:4: column identity, instrument_id: 'merged', 'new-convention' is not in nodes.csv"),
        ("edges.csv", "merged,some,new-convention,speaks-of,1,1,", "merged,some,new-convention,speaks-of,2,1,",
         "edges.csv:4: column weight: 2 should be 1 by the other columns"),
        ("edges.csv", "merged,some,new-convention,speaks-of,1,1,", "merged,some,new-convention,speaks-of,1,0,",
         "edges.csv:4: column signed_weight: 0 should be 1 by the other columns"),
        ("edges.csv", "mention,1#1/s1,new-convention,speaks-of,1,1,1,0,0,0,for", "mention,1#1/s1,new-convention,speaks-of,1,1,1,0,0,0,",
         "edges.csv:2: column stances: '' should be 'for' by the other columns"),
        ("edges.csv", "mention,1#1/s1,new-convention,speaks-of,1,1,1,0,0,0,for,1#1/s1",
         "mention,1#1/s1,new-convention,speaks-of,1,1,1,0,0,0,for,9#1/s1",
         "edges.csv:2: column statement_ids: '9#1/s1' is not in statements.csv"),
        ("edges.csv", "mention,1#1/s1,new-convention,speaks-of", "mention,1#1/s1,new-convention,cites",
         "edges.csv:2: column relation: 'cites' is not one of speaks-of, mentioned-with"),
        ("stances.csv", "neutral,neutral", "undecided,neutral", "stances.csv: column id: not the codes of this codebook; name the tables' own"),
    ],
)  # fmt: skip
def test_a_broken_cell_is_named(folder, file, old, new, problem):
    _edit(folder, file, old, new)
    assert problem in check_tables(folder)


def test_a_missing_or_other_text_is_a_problem(report, folder):
    (folder / "report.txt").write_text(report.text[:30] + "某" + report.text[31:], encoding="utf-8", newline="")
    changed, *problems = check_tables(folder)
    assert changed == f"report.txt: {CHANGED}"
    assert len(problems) == 5  # unit, sentence, mention, statement and position around the character
    (folder / "report.txt").unlink()
    assert check_tables(folder) == ["report.txt: missing; write the tables anew"]


def test_files_of_two_runs_are_told_apart(report, folder, tmp_path):
    other = tmp_path / "other"
    write_tables(parse_report(SOURCE.replace("专家组", "工作组")), other)  # as consistent as the first
    assert check_tables(other) == []
    ready = [PACKAGE_FILE, *(file.name for file in sorted(other.iterdir()) if file.name != PACKAGE_FILE)]
    for name in ready[:9]:  # the package is moved in first; then a kill
        (folder / name).write_bytes((other / name).read_bytes())
    assert check_tables(folder) == [f"sections.csv: {CHANGED}", f"report.txt: {CHANGED}"]  # no other file differs
    write_tables(report, folder)
    assert check_tables(folder) == []


def test_a_missing_package_is_a_problem(folder):
    (folder / PACKAGE_FILE).write_text('{"generator": "egdata"}')
    assert check_tables(folder) == ["datapackage.json: not as egdata writes it; write the tables anew"]
    (folder / PACKAGE_FILE).unlink()
    assert check_tables(folder) == ["datapackage.json: missing; write the tables anew"]


def test_a_file_that_is_no_csv_is_a_problem(folder):
    (folder / "units.csv").write_bytes("编号".encode("gbk"))
    (folder / "terms.csv").write_bytes(b"")
    problems = check_tables(folder)
    assert problems[:2] == [f"units.csv: {CHANGED}", f"terms.csv: {CHANGED}"]
    assert [problem.split(":")[:2] for problem in problems[2:]] == [
        ["units.csv", " not a UTF-8 CSV table"],
        ["terms.csv", " not a UTF-8 CSV table"],
    ]


def test_spans_are_led_back_to_the_source(report, folder):
    other = parse_report(SOURCE.replace("星期一", "星期二"))
    assert check_tables(folder, other) == [
        f"report.txt: not the text of {other.name}; name the report that they were made from"
    ]
    stand_in = SimpleNamespace(text=report.text, source=report.source, locate=lambda start, end: (start, end))
    problems = check_tables(folder, stand_in)
    assert (
        "units.csv:2: column text: '1. 一些发言者赞成拟订一项新公约。但其他发言者反对新公约。' is not in the source at 17:47"
        in problems
    )


# ---- data package and dictionary -----------------------------------------------------------------------------


@pytest.mark.parametrize("excel", [False, True])
def test_the_data_package_is_valid(report, tmp_path, excel, monkeypatch):
    write_tables(report, tmp_path / "tables", excel=excel)
    monkeypatch.chdir(tmp_path / "tables")
    outcome = frictionless.validate("datapackage.json")
    assert outcome.flatten(["name", "rowNumber", "fieldName", "note"]) == []
    assert {task.name for task in outcome.tasks} == set(SCHEMA)


def test_the_data_package_finds_a_broken_reference(folder, monkeypatch):
    _edit(folder, "contrasts.csv", "1#1/s1", "9#1/s1")
    _edit(folder, "mentions.csv", "generic,,,", "generic,,1#1/m9,")
    _edit(folder, "edges.csv", "unit,some@1", "unit,some")  # a node, but of another identity
    monkeypatch.chdir(folder)
    problems = frictionless.validate("datapackage.json").flatten(["type", "rowNumber"])
    assert [problem for problem in problems if problem[1]] == [
        ["foreign-key", 2],
        ["foreign-key", 2],
        ["foreign-key", 3],
    ]


def test_the_data_package_describes_every_column(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [resource["path"] for resource in package["resources"]] == [f"{name}.csv" for name in SCHEMA]
    (spans,) = (resource["schema"] for resource in package["resources"] if resource["name"] == "positions")
    assert spans["fields"][4] == {
        "name": "start",
        "type": "integer",
        "description": "first code point in report.txt, from 0",
        "unit": "code points",
        "constraints": {"required": True, "minimum": 0},
    }
    assert spans["foreignKeys"][0] == {
        "fields": ["statement_id"],
        "reference": {"resource": "statements", "fields": ["statement_id"]},
    }
    (edges,) = (resource["schema"] for resource in package["resources"] if resource["name"] == "edges")
    assert edges["foreignKeys"] == [
        {"fields": ["identity", end], "reference": {"resource": "nodes", "fields": ["identity", "node_id"]}}
        for end in ("actor_id", "instrument_id")
    ]
    assert not {"created", "version"} & set(package)


@pytest.mark.parametrize(
    ("report_id", "name"),
    [("EG4-2020-2", "eg4-2020-2"), ("My report (2)", "my-report-2"), ("报告", "report")],
)
def test_the_data_package_has_a_valid_name(report_id, name):
    assert data_package([{"report_id": report_id}])["name"] == name


def test_every_reference_is_to_a_whole_key():
    for table in SCHEMA.values():
        for columns, refers in table.references:
            assert len(columns) == len(SCHEMA[refers].key)
            assert set(columns) <= set(table.names)


def test_the_dictionary_keeps_what_people_wrote(tmp_path):
    file = tmp_path / "README.md"
    write_dictionary(file)
    first = file.read_text(encoding="utf-8")
    assert first.startswith("# Data\n\n## Tables\n\n<!-- generated")
    assert "| `stance` | string |  | stance towards the proposition; see `stances` |" in first
    file.write_text(
        first.replace("# Data\n", "# Data\n\nMine.\n").replace("| `stance` |", "| old |") + "\nAlso mine.\n"
    )
    write_dictionary(file)
    assert file.read_text(encoding="utf-8") == first.replace("# Data\n", "# Data\n\nMine.\n") + "\nAlso mine.\n"


# ---- the bundled report --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundled():
    report = eg.read_report()
    return report, eg.build_tables(report)


def test_bundled_tables_hold_together(bundled):
    report, tables = bundled
    assert find_problems(tables, report.text, report, eg.read_codebook()) == []


def test_bundled_package_is_valid(bundled, tmp_path, monkeypatch):
    write_tables(bundled[0], tmp_path / "tables")
    monkeypatch.chdir(tmp_path / "tables")
    assert frictionless.validate("datapackage.json").flatten(["name", "rowNumber", "fieldName", "note"]) == []


def test_bundled_ledger_loses_no_sentence(bundled):
    report, tables = bundled
    sentences = tables["sentences"]
    assert list(sentences["sentence_id"]) == list(report.sentences["sentence_id"])
    assert ((sentences["status"] == "coded") == (sentences["reason"] == "")).all()
    assert set(tables["statements"]["sentence_id"]) == set(sentences["sentence_id"])


@pytest.mark.parametrize("style", ["{}. ", "[{}] ", "({}) ", "{}) ", "{} ", "para. {}: "])
def test_a_number_that_the_reader_knows_is_no_gap_in_a_unit(style):
    said = ["The Group met in Vienna.", "Some speakers supported a treaty.", "Others objected.", "The Chair closed it."]
    lines = [style.format(number) + text for number, text in enumerate(said, start=1)]
    report = eg.parse_report("\n".join(["I. Introduction", *lines]), lang="en")
    assert report.units["para"].tolist() == [1, 2, 3, 4]
    assert eg.find_problems(eg.build_tables(report), report.text, report) == []
