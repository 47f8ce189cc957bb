"""Several reports at once, two invented ones in Chinese and English: the same as each by itself, with report_id."""

from __future__ import annotations

import functools
import inspect
import itertools
import json
import shutil
import warnings
from importlib import import_module

import frictionless
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.analysis.comparison import compare_tables
from egdata.analysis.counts import count_sections
from egdata.charts.style import INK
from egdata.tables.files import read_tables
from egdata.tables.schema import CODE_TABLES, OF_REPORT, SEVERAL

# Report of the Expert Group on cybercrime. I. Summary of deliberations. 1. Some speakers were in favour of a new
# convention on cybercrime. But other speakers were against a new convention. 2. One speaker said that States should
# do more training. 3. The meeting opened on Monday.
ZH = """网络犯罪问题专家组的报告

一. 讨论情况摘要

1. 一些发言者赞成拟订一项新的网络犯罪公约。但其他发言者反对新公约。

2. 一位发言者指出，各国应加强培训。

3. 会议于星期一开幕。
"""
EN = """Report of the Expert Group on cybercrime

I. Summary of deliberations

1. Several speakers supported a new United Nations convention on cybercrime.

2. The meeting was opened on Monday.
"""


def _files(folder):
    folder.mkdir()
    for name, text in (("2019.txt", ZH), ("2020.txt", EN)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "2019.txt", folder / "2020.txt"


@pytest.fixture
def files(tmp_path):
    return _files(tmp_path / "in")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    return eg.read_reports(_files(tmp_path_factory.mktemp("read") / "in"))


# ---- reading -------------------------------------------------------------------------------------------------


def test_reports_are_read_in_the_order_given(files):
    reports = eg.read_reports(reversed(files))
    assert [(report.meta["report_id"], report.lang) for report in reports] == [("2020", "en"), ("2019", "zh")]


def test_a_folder_is_read_by_name_and_only_its_reports(files):
    folder = files[0].parent
    for name in ("notes.md", ".hidden.txt"):
        (folder / name).write_text("no report", encoding="utf-8")
    (folder / "more").mkdir()
    assert [report.meta["report_id"] for report in eg.read_reports(folder)] == ["2019", "2020"]


def test_a_single_path_gives_a_list(files):
    assert [report.meta["report_id"] for report in eg.read_reports(str(files[1]))] == ["2020"]


def test_files_that_agree_up_to_the_first_dot_go_by_their_whole_name(tmp_path):
    for name, text in (("a.zh.txt", ZH), ("a.en.txt", EN), ("b.en.txt", EN + "\n3. It closed.\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [report.meta["report_id"] for report in eg.read_reports(tmp_path)] == ["a.en", "a.zh", "b"]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (("x/a.txt", "y/a.txt"), ["a", "a-2"]),
        (("a.txt", "y/A.txt"), ["a", "A-2"]),
        (("a.zh.txt", "a.zh.md", "a-2.txt"), ["a.zh-txt", "a.zh-md", "a-2"]),
    ],
)
def test_files_of_one_name_get_ids_of_their_own(tmp_path, names, ids):
    files = [tmp_path / name for name in names]
    for n, file in enumerate(files):
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{EN}\n3. It closed {n} times.\n", encoding="utf-8")
    assert [report.meta["report_id"] for report in eg.read_reports(files)] == ids


def test_the_same_file_twice_is_an_error(files, tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_bytes(files[0].read_bytes())
    with pytest.raises(eg.ReportError, match=r"2019\.txt and .*copy\.txt are the same file"):
        eg.read_reports([files[0], copy])


def test_no_reports_are_an_error(tmp_path):
    with pytest.raises(eg.ReportError, match="no report in this folder"):
        eg.read_reports(tmp_path)
    with pytest.raises(eg.ReportError, match="no reports given"):
        eg.read_reports([])


# ---- asking --------------------------------------------------------------------------------------------------

MORE = {"keyness": {"target": "I", "reference": "I"}, "kwic": {"keyword": "c|约", "regex": True}}
MORE |= {"find_references": {"entities": "new-convention"}, "write_event_list": {"file": "x.csv"}}
FRAMES = [
    "find_mentions", "find_statements", "find_positions", "find_themes", "find_contested", "find_contrasts",
    "find_speakers", "find_actors", "find_references", "coding_sheet", "term_frequencies", "kwic", "count_sections", "count_themes",
    "count_theme_pairs", "count_instruments", "term_keyness", "theme_differences",
    "position_traces", "find_parallels", "parallel_texts", "find_unparalleled", "count_parallels",
    "actor_instrument_edges", "actor_instrument_nodes", "event_list", "network_summary", "network_sensitivity",
]  # fmt: skip


@pytest.fixture(scope="module")
def frame_of(reports):
    """A function: name of a function → what it gives of both reports."""
    return functools.cache(lambda name: getattr(eg, name)(reports, **MORE.get(name, {})))


@pytest.mark.parametrize("name", FRAMES)
def test_several_reports_give_what_each_gives_with_its_id_in_front(reports, frame_of, name):
    function, more, frame = getattr(eg, name), MORE.get(name, {}), frame_of(name)
    assert frame.columns[0] == "report_id"
    assert set(frame["report_id"]) <= {"2019", "2020"}
    assert list(frame.index) == list(range(len(frame)))
    for report in reports:
        alone = function(report, **more)
        rows = frame[frame["report_id"] == report.meta["report_id"]].drop(columns="report_id")
        # a frame without rows may have other dtypes than one with them, and keeps its columns
        assert_frame_equal(rows.reset_index(drop=True), alone, check_dtype=len(alone) > 0)


def test_the_rows_that_are_compared_are_there(frame_of):
    """The test above would also hold for frames without rows."""
    assert [name for name in FRAMES if frame_of(name).empty] == [
        "find_speakers", "theme_differences", "find_parallels", "parallel_texts", "find_unparalleled", "count_parallels",
    ]  # fmt: skip


def test_frames_without_rows_keep_their_columns(reports):
    frame = eg.find_speakers(reports)
    assert list(frame) == ["report_id", *eg.find_speakers(reports[0])]
    assert len(frame) == 0


def test_numbers_that_may_be_missing_stay_so(reports):
    frame = eg.find_statements(reports)
    assert str(frame["holder_rank"].dtype) == "Int64"
    assert frame.loc[frame["report_id"] == "2019", "holder_rank"].isna().tolist() == [False, True, False, True]


def test_every_public_function_of_a_report_takes_several_or_says_that_it_does_not(reports, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    functions = {name: getattr(import_module(f"egdata.{eg._MODULE_OF[name]}"), name) for name in eg.__all__}
    of_report = [
        name for name, function in functions.items()
        if inspect.isfunction(function) and "report" in inspect.signature(function).parameters
    ]  # fmt: skip
    elsewhere = {"compare_coders", "build_tables", "write_tables", "check_tables", "keyness", "write_event_list"}
    said = {
        "apply_corrections": ({}, eg.coding_sheet(reports[0])),
        "show": (pd.DataFrame(),),
        "find_problems": ({}, ""),
    }
    for name in set(of_report) - set(FRAMES) - elsewhere:
        with pytest.raises(eg.EgdataError, match=f"^{name} takes one report at a time; call it for each of them$"):
            functions[name](*said.get(name, ()), report=reports)
    assert set(of_report) >= {*FRAMES, *said, *elsewhere, "network_layout", "actor_instrument_graph"}


def test_a_wrapped_function_looks_as_before():
    assert eg.find_contested.__name__ == "find_contested"
    assert eg.find_contested.__doc__.startswith("Count who stands on which side")
    assert list(inspect.signature(eg.find_contested).parameters) == ["report", "codebook", "by", "count_retellings"]


def test_codings_are_taken_in_place_of_their_reports(reports):
    codings = [eg.code(report) for report in reports]
    for name in ("find_positions", "find_contested", "event_list", "count_themes", "coding_sheet"):
        assert_frame_equal(getattr(eg, name)(codings), getattr(eg, name)(reports))
    # without the position of the second report nothing is left of it; that of the first stays
    codings[1].__dict__["positions"] = codings[1].positions.iloc[:0]
    contested = eg.find_contested(codings).set_index(["report_id", "issue_id"])
    sides = ["n_for", "n_against", "kind"]
    assert contested.loc[("2019", "new-convention"), sides].tolist() == [1, 1, "opposed"]
    assert contested.loc[("2020", "new-convention"), sides].tolist() == [0, 0, ""]


def test_what_is_no_report_is_a_type_error(files):
    for wrong in (str(files[0]), files[0], list(files), pd.DataFrame({"text": ["a"]})):
        with pytest.raises(TypeError, match="find_themes takes a Report or Coding, or several"):
            eg.find_themes(wrong)
    with pytest.raises(eg.EgdataError, match="find_themes: no reports given"):
        eg.find_themes([])


def test_two_reports_with_one_id_are_an_error():
    twice = [eg.parse_report("1. 会议于星期一开幕。"), eg.parse_report("1. The meeting was opened on Monday.")]
    with pytest.raises(eg.EgdataError, match="2 reports have the report_id 'report'"):
        eg.find_themes(twice)


def test_an_error_names_its_report(reports):
    with pytest.raises(eg.EgdataError, match=r"^2019: target: 'II' is neither a section nor a voice"):
        eg.keyness(reports, target="II", reference="I")


def test_charts_networks_and_scores_refuse_the_rows_of_several_reports(reports):
    events = eg.event_list(reports)
    with pytest.raises(eg.EgdataError, match="the chart takes rows of one report"):
        eg.plot_report(count_sections(reports))
    with pytest.raises(eg.EgdataError, match=r"choose with frame\[frame\['report_id'\] == '2019'\]"):
        eg.discourse_network(events, actor="organization", concept="concept")
    with pytest.raises(eg.EgdataError, match="the sheet takes rows of one report"):
        eg.score(eg.coding_sheet(reports), eg.coding_sheet(reports[0]))
    assert eg.code(reports[0], corrections=eg.coding_sheet(reports)).n_decided == 0  # which takes its own
    pooled = eg.discourse_network(events.drop(columns="report_id"), actor="document", concept="concept")
    assert pooled.to_dict() == {"new-convention": {"2019.txt": 2.0, "2020.txt": 1.0}}


# ---- comparing -----------------------------------------------------------------------------------------------

CODES = {
    table: pd.DataFrame({"id": ids, "label_en": ids, "label_zh": ids})
    for table, ids in {"issues": ["i"], "instruments": ["t"], "themes": ["a", "b", "c"]}.items()
}


def _tables(a, b, issue, mentions, n=10):
    """Ten sentences, so many of them about theme a and b, with a position on i, and these (sentence, instrument)."""
    themes = [(place, "a") for place in range(a)] + [(place, "b") for place in range(b)]
    held = [(str(place), "i") for place in range(issue) for _ in range(2)]  # two positions in each sentence
    return {
        "sentences": pd.DataFrame({"sentence_id": map(str, range(n))}),
        "sentence_themes": pd.DataFrame(themes, columns=["sentence_id", "theme_id"]).astype(str),
        "statements": pd.DataFrame({"sentence_id": map(str, range(n)), "statement_id": map(str, range(n))}),
        "positions": pd.DataFrame(held, columns=["statement_id", "issue_id"]).astype(str),
        "mentions": pd.DataFrame(mentions, columns=["sentence_id", "entity_id"]).astype(str),
    }


def test_shares_are_compared_with_the_report_before():
    mentions = [("1", "t"), ("1", "t"), ("2", "t"), ("", "t"), ("3", "title-unknown")]  # one in a footnote
    tables = {
        "x": _tables(a=0, b=5, issue=2, mentions=mentions),
        "y": _tables(a=10, b=5, issue=0, mentions=[]),
        "z": _tables(a=0, b=5, issue=0, mentions=[]),
    }
    frame = compare_tables(tables, CODES)
    assert list(zip(frame["report_id"], frame["kind"], frame["id"], strict=True)) == [
        (report, kind, code)
        for report in "xyz"
        for kind, code in (("issue", "i"), ("instrument", "t"), ("theme", "a"), ("theme", "b"))  # c occurs nowhere
    ]
    assert frame["n"].tolist() == [2, 2, 0, 5, 0, 0, 10, 5, 0, 0, 0, 5]
    assert frame["n_sentences"].eq(10).all()
    assert frame["share"].tolist() == [0.2, 0.2, 0, 0.5, 0, 0, 1, 0.5, 0, 0, 0, 0.5]
    square = 1.959963984540054**2  # Wilson's interval of 0 of n ends at z² / (n + z²)
    assert frame.loc[2, ["low", "high"]].tolist() == [0.0, round(square / (10 + square), 6)]
    assert frame["change"].tolist()[4:] == [-0.2, -0.2, 1, 0, 0, 0, -1, 0]
    # Of the 184756 ways to choose 10 of 20 sentences two are as one-sided as 10 and 0; of the 190 pairs of sentences
    # 45 stand both in one report, and 45 in the other.
    sided, two = 2 / 184756, 90 / 190
    assert frame["p"].tolist()[4:] == pytest.approx(
        [two, two, sided, 1, float("nan"), float("nan"), sided, 1], rel=1e-3, nan_ok=True
    )
    # six tests: the smallest two tie, then p of the next two is taken times 6 / 4
    adjusted = [two * 6 / 4, two * 6 / 4, sided * 6 / 2, 1, float("nan"), float("nan"), sided * 6 / 2, 1]
    assert frame["p_adjusted"].tolist()[4:] == pytest.approx(adjusted, rel=1e-3, nan_ok=True)
    assert frame["trend"].tolist() == [""] * 4 + ["unclear", "unclear", "rises", "unclear", "", "", "falls", "unclear"]
    assert frame[["change", "p", "p_adjusted"]][:4].isna().all(axis=None)


def test_two_reports_compared(reports):
    frame = eg.compare_reports(reports).set_index(["kind", "id", "report_id"]).sort_index()
    sentences = {report.meta["report_id"]: len(report.sentences) for report in reports}
    assert sentences == {"2019": 4, "2020": 2}
    assert frame.loc[("issue", "new-convention"), "n"].to_dict() == {"2019": 2, "2020": 1}
    assert frame.loc[("instrument", "new-convention"), "n"].to_dict() == {"2019": 2, "2020": 1}
    assert frame.loc[("theme", "capacity-building"), "n"].to_dict() == {"2019": 1, "2020": 0}
    assert frame.loc[("theme", "capacity-building"), "label_zh"].unique().tolist() == ["能力建设"]
    assert frame.loc[("theme", "capacity-building", "2020"), "change"] == -0.25


def test_the_order_of_the_reports_is_that_of_the_comparison(reports):
    forth, back = eg.compare_reports(reports), eg.compare_reports(reversed(reports))
    key = ["kind", "id"]
    forth, back = (frame.dropna(subset="change").set_index(key) for frame in (forth, back))
    assert (forth["change"] == -back["change"]).all()
    assert (forth["p"].dropna() == back["p"].dropna()).all()


def test_one_report_alone_has_nothing_to_be_compared_with(reports):
    frame = eg.compare_reports(reports[:1])
    assert set(frame["trend"]) == {""}
    with pytest.raises(TypeError, match="compare_reports takes several reports"):
        eg.compare_reports(reports[0])


def test_a_report_without_any_code_is_compared_too():
    empty = eg.parse_report("1. 会议于星期一开幕。", meta={"report_id": "empty"})  # The meeting opened on Monday.
    frame = eg.compare_reports([empty])
    assert len(frame) == 0
    assert list(frame)[:3] == ["report_id", "kind", "id"]


# ---- tables --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(reports, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "out"
    eg.write_tables(reports, folder)
    return folder


@pytest.fixture
def folder(written, tmp_path):
    """The tables of both reports, to break."""
    return shutil.copytree(written, tmp_path / "out")


def _replace(file, old, new, count=-1):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8")


def test_the_tables_of_several_reports_are_those_of_each(reports, folder):
    tables = read_tables(folder)
    assert list(tables) == list(SEVERAL)
    assert_frame_equal(tables["comparison"], eg.compare_reports(reports))
    assert tables["reports"][["report_id", "lang", "text_file"]].values.tolist() == [
        ["2019", "zh", "2019.txt"], ["2020", "en", "2020.txt"],
    ]  # fmt: skip
    for report in reports:
        alone = eg.build_tables(report)
        for name in OF_REPORT:
            rows = tables[name][tables[name]["report_id"] == report.meta["report_id"]].drop(columns="report_id")
            assert_frame_equal(rows.reset_index(drop=True), alone[name])
        for name in CODE_TABLES:
            assert_frame_equal(tables[name], alone[name])
        assert (folder / f"{report.meta['report_id']}.txt").read_text(encoding="utf-8") == report.text


def test_the_package_of_several_reports_is_valid(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert frictionless.validate("datapackage.json").flatten(["name", "rowNumber", "fieldName", "note"]) == []
    # and its foreign keys bite: a sentence of the other report is none of this one
    _replace(folder / "statements.csv", "2020,2#1/s1,2#1", "2020,2#1/s1,3#1")
    problems = frictionless.validate("datapackage.json").flatten(["type", "rowNumber"])
    assert ["foreign-key", 7] in problems


def test_the_tables_of_several_reports_pass_the_check(reports, folder):
    assert eg.check_tables(folder) == []
    assert eg.check_tables(folder, reports) == []
    assert eg.check_tables(folder, reports[1]) == []


def test_excel_files_are_checked_too(reports, tmp_path):
    eg.write_tables(reports, tmp_path / "excel", excel=True)
    assert (tmp_path / "excel" / "reports.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert eg.check_tables(tmp_path / "excel") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("units.csv", "opened on Monday", "opened on Friday",
         "units.csv:6: column text: '2. The meeting was opened on Friday.', but 2020.txt has '2. The meeting was opened"),
        ("2020.txt", "opened on Monday", "opened on Friday", "units.csv:6: column text: '2. The meeting was opened on Monday.'"),
        ("units.csv", "2020,2,", "2021,2,", "units.csv:6: column report_id: '2021' is not in reports.csv"),
        ("statements.csv", "2020,2#1/s1,2#1", "2020,2#1/s1,3#1",
         "statements.csv:7: column sentence_id: '3#1' is not in sentences.csv"),
        ("units.csv", "2020,2,", "2020,1,", "units.csv:6: column report_id, unit_id: '2020, 1' stands twice"),
        ("contested.csv", "2020,new-convention,1", "2020,new-convention,2",
         "contested.csv:13: column n_for: 2, but positions.csv has 1"),
        ("contested.csv", "2020,new-convention,1,0,0,0,False,\n", "",
         "contested.csv: column issue_id: 'new-convention' has positions and no row (report 2020)"),
        ("comparison.csv", ",0.25,", ",0.26,", "comparison.csv:5: column share: 0.26 should be 0.25 by the other tables"),
        ("comparison.csv", "2020,issue,new-convention,", "2020,issue,budapest-standard,",
         "comparison.csv: column id: not the reports and codes of the other tables; write them anew"),
        ("issues.csv", "budapest-standard", "lisbon-standard", "issues.csv: column id: not the codes of this codebook"),
    ],
)  # fmt: skip
def test_a_problem_is_named_with_its_line_in_the_tables_of_all(folder, file, old, new, problem):
    _replace(folder / file, old, new, 1)
    problems = eg.check_tables(folder)
    assert any(message.startswith(problem) for message in problems), problems
    assert len(problems) == len(set(problems))


def test_a_missing_text_or_list_is_named(folder):
    (folder / "2020.txt").unlink()
    assert eg.check_tables(folder) == ["2020.txt: missing; write the tables anew"]
    (folder / "reports.csv").unlink()
    assert "reports.csv: missing; write the tables anew" in eg.check_tables(folder)


def test_a_report_that_is_not_in_the_tables_is_named(folder, real):
    assert eg.check_tables(folder, real) == [f"reports.csv: {real.name} is not in it"]


def test_tables_of_one_report_and_of_several_do_not_mix(reports, folder, tmp_path):
    with pytest.raises(eg.TableError, match="out: holds the tables of several reports; choose another folder"):
        eg.write_tables(reports[0], folder)
    eg.write_tables(reports[0], tmp_path / "one")
    with pytest.raises(eg.TableError, match="one: holds the tables of one report; choose another folder"):
        eg.write_tables(reports, tmp_path / "one")
    assert eg.check_tables(tmp_path / "one", reports) == [
        f"{tmp_path / 'one'}: holds the tables of one report; name one"
    ]


def test_a_text_of_ones_own_is_not_replaced_by_that_of_a_report(reports, folder):
    """A report may lie beside the tables of others: its canonical text would have its name."""
    third = eg.parse_report(EN, meta={"report_id": "2021"})
    (folder / "2021.txt").write_text(EN, encoding="utf-8")
    with pytest.raises(eg.TableError, match=r"2021\.txt: exists and is not egdata's own"):
        eg.write_tables([*reports, third], folder)
    assert (folder / "2021.txt").read_text(encoding="utf-8") == EN
    eg.write_tables(reports[::-1], folder)  # its own it may write again
    assert eg.check_tables(folder) == []


def test_a_report_id_must_be_a_file_name(reports):
    symbol = eg.parse_report(EN, meta={"report_id": "A/75/1"})
    with pytest.raises(eg.TableError, match="report_id 'A/75/1': no name for a file"):
        eg.build_tables([reports[0], symbol])


def test_corrections_of_several_reports_say_which_each_is_about(reports):
    with pytest.raises(eg.EgdataError, match="of several reports it needs a column report_id"):
        eg.build_tables(reports, corrections=eg.coding_sheet(reports[0]))


def test_the_tables_are_the_same_on_every_run(reports, folder, tmp_path):
    eg.write_tables(reports, tmp_path / "again")
    again = {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()}
    assert again == {file.name: file.read_bytes() for file in folder.iterdir()}
    assert json.loads(again["datapackage.json"])["texts"] == ["2019.txt", "2020.txt"]


# ---- command -------------------------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_the_command_writes_and_checks_several_reports(files, tmp_path):
    result = run("tables", *files, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"egdata: wrote {len(SEVERAL)} tables of 2 reports to {tmp_path / 'out'}\n")
    result = run("check", tmp_path / "out", "--report", files[1], "--report", files[0])
    assert result.exit_code == 0
    assert result.stderr.startswith(f"egdata: {tmp_path / 'out'}: no problems; written ")
    result = run("tables", files[0].parent, "--out", tmp_path / "same")
    assert result.exit_code == 0
    for file in (tmp_path / "out").iterdir():
        assert file.read_bytes() == (tmp_path / "same" / file.name).read_bytes()


def test_a_report_that_cannot_be_read_is_named_and_nothing_is_written(files, tmp_path):
    (tmp_path / "broken.txt").write_text("Report\n", encoding="utf-8")
    for bad, reason in ((tmp_path / "broken.txt", "broken.txt: "), (tmp_path / "gone.txt", "gone.txt: no such file")):
        result = run("tables", files[0], bad, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert reason in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert not (tmp_path / "out").exists()


def test_notices_name_their_report(files, tmp_path):
    files[1].write_text(EN.replace("1. Several", "7. Several").replace("2. The", "8. The"), encoding="utf-8")
    result = run("tables", *files, "--out", tmp_path / "out")
    assert result.stderr.splitlines()[1:] == [
        "egdata: 2019: read 100 % of the characters and 3 of 3 numbers; no notices",
        "egdata: 2020: read 100 % of the characters and 2 of 2 numbers; 1 notice (egdata check --notices)",
    ]
    result = run("check", "--notices", "--report", files[1])
    assert result.stdout == "line 5: the first paragraph is numbered 7, not 1\n"


def test_one_sheet_of_several_reports(files, tmp_path):
    assert run("sheet", *files, "--out", tmp_path / "sheet.csv").exit_code == 0
    sheet = pd.read_csv(tmp_path / "sheet.csv", dtype=str, keep_default_na=False)
    assert list(sheet)[:2] == ["report_id", "sid"]
    assert sheet.groupby("report_id")["holder"].agg(list).to_dict() == {
        "2019": ["some", "other", "one", "unattributed"],
        "2020": ["several", "unattributed"],
    }


# ---- chart ---------------------------------------------------------------------------------------------------


@pytest.fixture(params=["en", "zh"])
def chart(request):
    """A made-up comparison of three reports, and its chart."""
    tables = {
        "2019": _tables(a=0, b=5, issue=2, mentions=[("1", "t")]),
        "2020": _tables(a=10, b=5, issue=0, mentions=[]),
        "2021": _tables(a=0, b=8, issue=0, mentions=[]),
    }
    frame = compare_tables(tables, CODES)
    figure = Figure()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks
        ax = eg.plot_comparison(frame, figure, request.param)
        FigureCanvasAgg(figure).draw()
    return frame, request.param, ax


def test_the_chart_has_a_mark_for_every_share_at_its_place(chart):
    frame, _, ax = chart
    marks = [
        tuple(points.get_offsets()[0]) for points in ax.collections if points.get_offset_transform() == ax.transData
    ]
    assert len(marks) == len(frame)
    inches = ax.get_xlim()[1]  # the longest interval ends at 100 per cent
    assert sorted(x / inches for x, _ in marks) == pytest.approx(sorted(frame["share"]))
    order = [label.get_text() for label in ax.get_yticklabels()]
    assert order == ["i", "t", "b", "a"]  # kinds in their order, in each the largest rise first
    rows = {round(y) for x, y in marks if x == inches}
    assert rows == {order.index("a")}


def test_the_chart_tells_rises_from_falls(chart):
    _, _, ax = chart
    steps = [line for line in ax.lines if line.get_transform() == ax.transData and line.get_linewidth() > 1]
    kinds = [(line.get_color(), line.get_linestyle()) for line in steps]
    assert kinds.count((INK, "-")) == 1
    assert kinds.count((INK, "--")) == 1
    assert len(steps) == 4 * 2


def test_no_two_labels_of_the_chart_overlap_or_leave_it(chart):
    _, lang, ax = chart
    renderer = ax.figure.canvas.get_renderer()
    labels = [text for text in ax.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [text.get_window_extent(renderer) for text in labels]
    assert not any(left.overlaps(right) for left, right in itertools.combinations(boxes, 2))
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= ax.figure.bbox.x1 for box in boxes)
    words = [text.get_text() for text in labels]
    assert {"en": "2020 (10 sentences)", "zh": "2020（10句）"}[lang] in words


def test_the_chart_says_what_it_cannot_draw(reports):
    frame = eg.compare_reports(reports)
    many = pd.concat([frame.assign(report_id=str(year)) for year in range(9)])
    with pytest.raises(eg.EgdataError, match="the frame has 9 reports; choose 8 at most"):
        eg.plot_comparison(many, Figure())
    with pytest.raises(eg.EgdataError, match="the frame has no column share"):
        eg.plot_comparison(frame.drop(columns="share"), Figure())
    assert len(eg.plot_comparison(frame[:0], Figure()).get_yticklabels()) == 0
    ax = eg.plot_comparison(frame, Figure())
    assert any("Source: 2019.txt; 2020.txt. n = 6 sentences" in text.get_text() for text in ax.texts)
