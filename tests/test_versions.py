"""Two language versions of one report: how they are aligned, where their codings differ, and what that is worth."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.coding.alignment import align, align_sentences
from egdata.reading.report import sentences_report

HEAD = {"zh": "一. 讨论情况摘要\n\n", "en": "I. Summary of deliberations\n\n"}
#: The numbers, and what each language says. The Chinese of 2 is against a new convention, the English of 3 has two
#: sentences for one.
ZH = [
    "一些发言者支持拟订一项打击网络犯罪的新公约。",  # some speakers supported elaborating a new convention against cybercrime
    "其他发言者反对拟订一项打击网络犯罪的新公约。",  # other speakers opposed elaborating one
    "各国应加强培训，并应为此目的提供资源和技术援助。",  # States should do more training, and give resources for it
]
EN = [
    "Some speakers supported the elaboration of a new convention against cybercrime.",
    "Other speakers supported the elaboration of a new convention against cybercrime.",
    "States should do more training. They should provide resources and technical assistance for it.",
]


def report_of(lang, paragraphs, numbers=True):
    told = (f"{n}. {text}" if numbers else text for n, text in enumerate(paragraphs, start=1))
    return eg.parse_report(HEAD[lang] + "\n\n".join(told), lang, meta={"report_id": lang})


@pytest.fixture(scope="module")
def versions():
    return eg.compare_versions(report_of("zh", ZH), report_of("en", EN))


@pytest.mark.parametrize(
    ("a", "b", "beads"),
    [
        ([], [], []),
        ([30], [], [([0], [])]),
        ([20, 40, 20], [20, 40, 20], [([0], [0]), ([1], [1]), ([2], [2])]),
        ([40, 20], [22, 19, 20], [([0], [0, 1]), ([1], [2])]),
        ([20, 200, 20], [20, 20], [([0], [0]), ([1], []), ([2], [1])]),
    ],
)
def test_texts_are_paired_by_their_lengths(a, b, beads):
    assert align(a, b) == beads


def test_numbers_decide_and_where_they_are_lost_order_and_length_do():
    sides = report_of("zh", ZH), report_of("en", EN[1:])
    renumbered = eg.parse_report(HEAD["en"] + f"2. {EN[1]}\n\n3. {EN[2]}", "en", meta={"report_id": "en"})
    assert align_sentences(sides[0], renumbered) == [
        (["1#1"], []),
        (["2#1"], ["2#1"]),
        (["3#1"], ["3#1", "3#2"]),
    ]
    lost = align_sentences(sides[0], report_of("en", EN, numbers=False))
    assert [left for left, _ in lost] == [["1#1"], ["2#1"], ["3#1"]]
    assert [len(right) for _, right in lost] == [1, 1, 2]


def test_what_differs_is_listed_with_both_texts(versions):
    columns = ["sentence_a", "sentence_b", "variable", "issue_id", "code_a", "code_b"]
    stances = versions.differences.query("variable == 'stance'")
    assert stances[columns].values.tolist() == [["2#1", "2#1", "stance", "new-convention", "against", "for"]]
    assert stances[["text_a", "text_b"]].values.tolist() == [[ZH[1], EN[1]]]
    assert versions.aligned["differs"].str.contains("stance").tolist() == [False, True, False]


def test_the_other_version_is_a_second_opinion(versions):
    for coding in versions[:2]:
        assert coding.positions["second_opinion"].tolist() == ["agrees", "differs"]
    alone = eg.compare_versions(report_of("zh", ZH[:2]), report_of("en", [EN[2]])).a
    assert set(alone.positions["second_opinion"]) <= {"", "differs"}


def test_one_text_is_no_second_version():
    with pytest.raises(eg.EgdataError, match="are one text; name two language versions"):
        eg.compare_versions(report_of("zh", ZH), report_of("zh", ZH))


def test_an_unrelated_text_is_told_of_or_an_error():
    """'The kettle was cold.'"""
    other = sentences_report(["The kettle was cold."], "en")
    assert eg.compare_versions(report_of("zh", ZH), report_of("en", EN)).b.coder_notices == []
    (notice,) = eg.compare_versions(sentences_report(ZH, "zh"), other).b.coder_notices
    assert notice == f"{other.name} has a counterpart of 33% of the sentences only; is it another report?"
    with pytest.raises(eg.EgdataError, match=r"says nothing that .+ says; name a version of it in another language"):
        eg.compare_versions(report_of("zh", ZH), sentences_report([], "en"))


def test_the_command_lists_differences_and_the_tables_have_the_opinion(tmp_path):
    files = [tmp_path / f"report.{lang}.txt" for lang in ("zh", "en")]
    for file, lang, texts in zip(files, HEAD, (ZH, EN), strict=True):
        told = "\n\n".join(f"{n}. {text}" for n, text in enumerate(texts, start=1))
        file.write_text(HEAD[lang] + told, encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["compare-versions", *map(str, files)])
    assert result.exit_code == 0, result.stderr
    assert f"2#1, stance new-convention: against | for\n  {ZH[1]}\n  {EN[1]}\n" in result.stdout
    assert "of 3 sentences coded alike; differences: holder 0, stance 1" in result.stderr
    (tmp_path / "sheet.csv").write_text("sid,issue,stance\n2#1,new-convention,for\n")
    corrected = ["compare-versions", *map(str, files), "--corrections", str(tmp_path / "sheet.csv")]
    result = CliRunner().invoke(cli.app, corrected)
    assert result.stderr.splitlines()[0] == "egdata: A person decided 1 code."
    assert "differences: holder 0, stance 0" in result.stderr
    out = ["--out", str(tmp_path / "differences.csv")]
    assert CliRunner().invoke(cli.app, ["compare-versions", *map(str, files), *out]).exit_code == 0
    assert ZH[1] in (tmp_path / "differences.csv").read_text(encoding="utf-8")
    tables = ["tables", str(files[0]), "--second", str(files[1]), "--out", str(tmp_path / "tables")]
    assert CliRunner().invoke(cli.app, tables).exit_code == 0
    opinions = eg.read_tables(tmp_path / "tables")["positions"]["second_opinion"]
    assert opinions.tolist() == ["agrees", "differs"]


@pytest.mark.slow
def test_looking_where_versions_differ_brings_the_coded_reports_nearer_to_right():
    frame = eg.compare_versions_on_gold()
    assert set(frame["set"]) == {"report-1", "report-2", "report-3"}
    assert (frame["f1_reviewed"] >= frame["f1_alone"]).all()
    assert (frame["f1_reviewed"] - frame["f1_alone"]).mean() > 0.03
    assert frame["share_differing"].between(0, 0.5).all()
