"""The flat coding sheet: its columns, its ids, one row or several for a sentence."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from pandas.testing import assert_frame_equal

from egdata.base.errors import EgdataError
from egdata.coding.coding import code
from egdata.coding.scoring import read_sheet
from egdata.coding.sheet import code_sentences, coding_sheet, sheet_bytes
from egdata.reading.report import read_report, sentences_report
from egdata.tables.build import codings_of

COLUMNS = [
    "sid",
    "section",
    "holder",
    "issue",
    "stance",
    "instruments",
    "modality",
    "themes",
    "statement",
    "quote",
    "text",
    "certainty",
    "gloss_en",
]


def rows(texts, columns, lang="zh"):
    return [tuple(row) for row in code_sentences(texts, lang)[columns].itertuples(index=False)]


def test_a_report_gives_a_row_or_more_for_every_sentence(real, real_coding):
    sheet = coding_sheet(real_coding)
    assert list(sheet.columns) == COLUMNS
    assert list(dict.fromkeys(sheet["sid"])) == list(real.sentences["sentence_id"])
    assert sheet.index.equals(pd.RangeIndex(len(sheet)))
    assert all(isinstance(value, str) for value in sheet.to_numpy().ravel())
    assert not sheet.duplicated(["sid", "holder", "issue"]).any()


def test_a_sheet_has_codes_of_the_codebook_only(real_coding, book):
    sheet = coding_sheet(real_coding)
    for column, table in {"holder": "holders", "modality": "modalities"}.items():
        assert set(sheet[column]) <= set(book.codes(table))
    for column, table in {"issue": "issues", "stance": "stances"}.items():
        assert set(sheet[column]) <= {"", *book.codes(table)}
    for column, table in {"instruments": "instruments", "themes": "themes"}.items():
        for cell in sheet[column]:
            codes = cell.split(";") if cell else []
            assert set(codes) <= set(book.codes(table))
            assert len(set(codes)) == len(codes)
    assert sheet["themes"].str.count(";").max() <= 2  # up to three
    assert ((sheet["issue"] == "") == (sheet["stance"] == "")).all()
    assert "anaphor" not in set(sheet["holder"])


def test_instruments_modality_and_themes_belong_to_the_sentence(real_coding):
    sheet = coding_sheet(real_coding)
    for column in ("section", "instruments", "modality", "themes"):
        assert (sheet.groupby("sid")[column].nunique() == 1).all()


def test_the_invented_report_as_a_sheet(invented):
    sheet = coding_sheet(invented)
    assert list(sheet.columns) == COLUMNS
    columns = ["sid", "section", "holder", "instruments", "modality"]
    got = sheet[columns].drop_duplicates().set_index("sid")
    assert tuple(got.loc["3(b)#1"]) == ("II.A", "impersonal", "untoc", "encourage")
    assert tuple(got.loc["5#2"]) == ("III", "some", "untoc", "may")  # 该公约 'that Convention' goes back to 5#1
    assert tuple(got.loc["6#1"]) == ("III", "other", "new-convention;existing-instruments", "should")
    assert list(got.loc["8#1", "holder"]) == ["several", "one"]


def test_bare_sentences_have_their_index_as_id():
    texts = [
        "一些发言者支持《联合国反腐败公约》。",  # some speakers supported the Convention against Corruption
        "各国必须尊重主权。",  # States must respect sovereignty
        "会上指出，网络犯罪增加。",  # it was noted that cybercrime was increasing
    ]
    assert rows(texts, ["sid", "section", "holder", "instruments", "modality"]) == [
        ("0", "", "some", "uncac", "recommend"),
        ("1", "", "unattributed", "", "must"),
        ("2", "", "impersonal", "", "none"),
    ]


def test_a_sentence_with_two_holders_has_two_rows():
    # some speakers mentioned regional networks, and another speaker mentioned the exercise
    texts = ["一些发言者提到了区域网络，另有一名发言者提到了演习。", "各国应合作。"]
    assert rows(texts, ["sid", "holder"]) == [("0", "some"), ("0", "one"), ("1", "unattributed")]


def test_a_sentence_on_two_issues_has_two_rows():
    # some speakers held that a United Nations convention should be drawn up and the Expert Group's mandate extended
    sheet = code_sentences(["一些发言者认为，应拟订一项联合国网络犯罪公约，并应延长专家组的任务期限。"])
    assert list(sheet["sid"]) == ["0", "0"]
    assert set(sheet["issue"]) == {"new-convention", "expert-group-mandate"}
    assert set(sheet["stance"]) == {"for"}


def test_instruments_stand_in_text_order_and_once():
    texts = ["《联合国反腐败公约》和《联合国宪章》；《联合国反腐败公约》第2条；该公约；大会第74/247号决议；现有文书。"]
    # the Convention against Corruption and the Charter; article 2 of the Convention; that Convention; a resolution
    assert rows(texts, ["instruments"]) == [("uncac;un-charter;ga-74-247;existing-instruments",)]


def test_an_instrument_outside_the_codebook_is_left_out():
    # resolution 55/63, a title that the codebook does not know, and an anaphor to nothing
    assert rows(["大会第55/63号决议、《京都宣言》；该公约。"], ["instruments"]) == [("",)]


def test_english_sentences():
    texts = ["Some speakers supported the Convention against Corruption.", "States must respect sovereignty."]
    assert rows(texts, ["sid", "instruments"], "en") == [("0", "uncac"), ("1", "")]


def test_no_sentences():
    sheet = code_sentences([])
    assert list(sheet.columns) == COLUMNS
    assert sheet.empty


@pytest.mark.parametrize("blank", ["", " ", "\n", "1. ", "(a) ", "。"])
def test_an_empty_sentence_is_unattributed(blank):
    assert rows([blank, "会上指出，时间有限。", blank], ["sid", "holder", "instruments", "modality"]) == [
        ("0", "unattributed", "", "none"),
        ("1", "impersonal", "", "none"),  # it was noted that time was short
        ("2", "unattributed", "", "none"),
    ]


def test_a_row_names_its_statements_and_has_their_words():
    texts = [
        # many speakers support a new convention, and support the Expert Group's going on after 2021
        "许多发言者支持拟订新公约，并支持专家组在2021年后继续工作。",
        "一位发言者介绍了情况，另一位发言者表示感谢。",  # one speaker described the situation, another expressed thanks
    ]
    assert rows(texts, ["issue", "statement", "quote", "text"]) == [
        ("new-convention", "0/s1", "支持拟订新公约", texts[0]),
        ("expert-group-mandate", "0/s1", "支持专家组在2021年后继续工作", texts[0]),
        ("", "1/s1;1/s2", "一位发言者介绍了情况，", texts[1]),
    ]


def test_every_statement_stands_in_the_sheet(real, real_coding):
    sheet = coding_sheet(real_coding)
    names = sheet["statement"].str.split(";").explode()
    assert set(names) == set(real_coding.statements["statement_id"])
    assert (names.str.rpartition("/")[0] == sheet["sid"].loc[names.index]).all()
    assert all(quote in text for quote, text in zip(sheet["quote"], sheet["text"], strict=True))


def test_any_iterable_of_sentences_will_do():
    texts = ["各国应合作。", "会上指出，时间有限。"]  # States should cooperate; it was noted that time was short
    for iterable in (tuple(texts), iter(texts), pd.Series(texts, index=[7, 8])):
        assert_frame_equal(code_sentences(iterable), code_sentences(texts))


# quantifiers, nouns, verbs, modals, instruments, punctuation: whatever they add up to
_WORDS = st.sampled_from(
    ["一些", "一位", "其他", "所有", "发言者", "代表团", "会员国", "他们", "认为", "指出", "建议", "鼓励", "不", "应", "可", "必须",
     "考虑", "该公约", "该决议", "《联合国反腐败公约》", "《某某》", "《", "》", "第2条", "第74/247号决议", "新公约", "专家组", "会上",
     "得到", "强调", "，", "；", "：", "。", "“", "”", "（", "）", " ", "的", "1. "]
)  # fmt: skip


@given(st.lists(st.lists(_WORDS, max_size=12).map("".join), max_size=3))
def test_any_sentence_is_coded(texts):
    sheet = code_sentences(texts)
    assert list(dict.fromkeys(sheet["sid"])) == [str(number) for number in range(len(texts))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_may_be_a_list_a_series_or_a_frame(lang):
    texts = {
        "zh": ["一些发言者支持新公约。", "会议结束。"],  # some speakers supported a new convention; the meeting ended
        "en": ["Some speakers supported a new convention on cybercrime.", "The meeting ended."],
    }[lang]
    sheet = code_sentences(texts, lang)
    assert sheet[["sid", "holder", "stance"]].values.tolist() == [["0", "some", "for"], ["1", "unattributed", ""]]
    series = pd.Series(texts, index=[7, 3])
    assert_frame_equal(code_sentences(series, lang), sheet)
    assert_frame_equal(code_sentences(series.to_frame("text").assign(more=1), lang), sheet)
    assert_frame_equal(code_sentences(texts[0], lang), sheet.iloc[:1])


def test_what_is_no_sentence_is_named():
    with pytest.raises(EgdataError, match=r"text 1 is nan"):
        code_sentences(["会议结束。", float("nan")])
    with pytest.raises(EgdataError, match=r"no column 'text'; it has sentence"):
        code_sentences(pd.DataFrame({"sentence": []}))


# ---- files ------------------------------------------------------------------------------------------------------------

#: Some speakers support a new convention. / Other speakers oppose one, and support the Budapest Convention.
DEBATE = ["一些发言者支持拟订新公约。", "其他发言者反对拟订新公约，支持《布达佩斯公约》。"]
KEYS = ["sid", "issue", "stance"]


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def workbook_of(sheet, book, tmp_path):
    """The sheet as egdata writes it for Excel, opened as a person does."""
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(sheet_bytes(sheet, file, book))
    return file, load_workbook(file)


def cells_of(workbook):
    return [[cell.value or "" for cell in row] for row in workbook.worksheets[0].iter_rows()]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx"])
@pytest.mark.parametrize("excel", [False, True])
def test_a_sheet_that_is_written_is_read_again(book, tmp_path, suffix, excel):
    sheet = code_sentences([*DEBATE, "=1+1 一些发言者支持拟订新公约。"])
    file = tmp_path / f"sheet{suffix}"
    file.write_bytes(sheet_bytes(sheet, file, book, excel))
    assert_frame_equal(read_sheet(file), sheet.astype(str), check_dtype=False)


def test_another_ending_is_refused(book, tmp_path):
    with pytest.raises(EgdataError, match=r"sheet.ods: a table can be written as .csv, .tsv or .xlsx"):
        sheet_bytes(code_sentences(DEBATE), tmp_path / "sheet.ods", book)


def test_a_workbook_offers_the_codes_and_calculates_nothing(book, tmp_path):
    sheet = code_sentences(["=1+1 一些发言者支持拟订新公约。"])
    _, workbook = workbook_of(sheet, book, tmp_path)
    coding = workbook.worksheets[0]
    assert [sheet.sheet_state for sheet in workbook.worksheets] == ["visible", "visible", "hidden"]
    assert coding.freeze_panes == "B2"
    assert coding["K2"].value.startswith("=1+1")
    assert all(cell.data_type != "f" and cell.alignment.wrap_text for cell in coding[2])
    offered = {}
    for choice in coding.data_validations.dataValidation:
        column = coding[f"{str(choice.sqref).split(':')[0][0]}1"].value
        codes = workbook[choice.formula1.split("!")[0]][choice.formula1.split("!")[1].replace("$", "")]
        offered[column] = [row[0].value for row in codes], choice.showErrorMessage
    assert offered["stance"] == (list(book.codes("stances")), True)
    assert offered["holder"] == ([code for code in book.codes("holders") if code != "anaphor"], True)
    assert offered["themes"] == (list(book.codes("themes")), False)  # more than one may stand in a cell


def test_a_row_that_is_taken_away_takes_its_position(book, tmp_path):
    report = sentences_report(DEBATE)
    sheet = coding_sheet(report)
    assert sheet[KEYS].values.tolist() == [
        ["0", "new-convention", "for"],
        ["1", "new-convention", "against"],
        ["1", "budapest-standard", "for"],
    ]
    file, workbook = workbook_of(sheet, book, tmp_path)
    workbook.worksheets[0].delete_rows(2, 2)  # the only row of one sentence, and one of two of the other
    workbook.save(file)
    corrected = code(report, corrections=file)
    assert corrected.positions[["position_id", "coded_by"]].values.tolist() == [["1/s1/budapest-standard", "rules"]]
    assert corrected.n_decided == 2
    assert len(corrected.statements) == 2


def named(report, report_id):
    return replace(report, meta=report.meta | {"report_id": report_id})


def test_of_a_sheet_of_several_reports_each_has_its_rows(book, tmp_path):
    reports = [named(sentences_report([text]), name) for name, text in zip("ab", DEBATE, strict=True)]
    file, workbook = workbook_of(coding_sheet(reports), book, tmp_path)
    workbook.worksheets[0]["F3"] = "neutral"
    workbook.worksheets[0].delete_rows(2)  # the only row of its report
    workbook.save(file)
    corrected = codings_of(reports, book, file)
    assert [list(coding.positions["stance"]) for coding in corrected] == [[], ["neutral", "for"]]
    assert [coding.n_decided for coding in corrected] == [1, 1]
    workbook.worksheets[0]["F3"] = "pro"
    workbook.save(file)
    with pytest.raises(EgdataError, match=r"^sheet.xlsx: row 3, 0: column stance: 'pro' is no code"):
        codings_of(reports, book, file)
    with pytest.raises(EgdataError, match=r"^sheet.xlsx: column report_id: no such report: 'b'"):
        codings_of(reports[:1], book, file)
    with pytest.raises(EgdataError, match=r"^sheet.xlsx: column report_id: no row is about 'c', but about a, b"):
        code(named(reports[0], "c"), corrections=file)


def test_what_does_not_fit_in_a_workbook_names_row_and_column(book, tmp_path):
    report = sentences_report(DEBATE)
    file, workbook = workbook_of(coding_sheet(report), book, tmp_path)
    workbook.worksheets[0]["E4"] = "pro"
    workbook.save(file)
    with pytest.raises(EgdataError, match=r"^sheet.xlsx: row 4, 1: column stance: 'pro' is no code"):
        code(report, corrections=file)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 not a workbook", "not an Excel workbook"),
        (zipped({"xl/workbook.xml": "<not xml"}), "not an Excel workbook"),
        (None, "its first row is empty"),
    ],
)
def test_a_file_that_is_no_workbook_is_named(tmp_path, content, reason):
    file = tmp_path / "sheet.xlsx"
    Workbook().save(file)
    if content:
        file.write_bytes(content)
    with pytest.raises(EgdataError, match=rf"sheet.xlsx: {reason}"):
        read_sheet(file)


def test_numbers_in_a_workbook_are_read_as_they_look(tmp_path):
    workbook = Workbook()
    for row in (["sid", None, "holder"], [0, "left", "one"], [1.0, "out", None]):
        workbook.active.append(row)
    workbook.save(tmp_path / "sheet.xlsx")
    assert read_sheet(tmp_path / "sheet.xlsx").to_dict("list") == {"sid": ["0", "1"], "holder": ["one", ""]}


def test_what_a_person_keeps_beside_the_codes_stays():
    report = sentences_report(DEBATE)
    sheet = coding_sheet(report).assign(decided=["", "yes", ""], note=["", "", "ask again"])
    again = coding_sheet(code(report, corrections=sheet))
    assert_frame_equal(again, sheet)
    assert code(report, corrections=sheet).n_decided == 1


def test_a_gloss_stands_beside_its_sentence(tmp_path):
    (tmp_path / "debate.txt").write_text("一. 讨论情况摘要\n\n1. " + "".join(DEBATE), encoding="utf-8")
    (tmp_path / "debate.gloss.csv").write_text("sentence_id,gloss_en\n1#1,Some supported one.\n", encoding="utf-8-sig")
    sheet = coding_sheet(read_report(tmp_path / "debate.txt"))
    assert sheet["gloss_en"].tolist() == ["Some supported one.", ""]
    (tmp_path / "debate.gloss.csv").write_text("sid,english\n", encoding="utf-8")
    with pytest.raises(EgdataError, match=r"debate.gloss.csv: has no columns sentence_id and gloss_en"):
        read_report(tmp_path / "debate.txt")


def test_every_position_of_the_bundled_report_has_a_gloss_and_every_gloss_a_sentence(real, real_coding):
    assert set(real_coding.positions["sentence_id"]) <= set(real.glosses) <= set(real.sentences["sentence_id"])
