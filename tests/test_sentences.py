"""Sentences with their codes, in ``sentences.tsv``: one row per sentence, more where it has several positions.

The columns are those of the coding sheet, beside them the language, the text, an English gloss of Chinese and in ``asked``
what is to be compared, several joined by ``;``: ``holder``, ``position`` (issue and stance), ``instruments``, ``modality``.
A sentence that is asked for its position and has no issue must have none.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import egdata as eg
from egdata.coding.scoring import read_sheet
from egdata.reading.report import sentences_report

SENTENCES = read_sheet(Path(__file__).parent / "sentences.tsv")
COLUMNS = {"position": ["issue", "stance"]}
ASKED = ("holder", "position", "instruments", "modality")
PAIRS = sorted({(row.lang, name) for row in SENTENCES.itertuples() for name in row.asked.split(";")})


@pytest.fixture(scope="module")
def codings():
    """The coding of the sentences of each language."""
    texts = SENTENCES.groupby("lang")["text"].unique()
    return {lang: eg.code(sentences_report(texts[lang], lang)) for lang in texts.index}


def sheet_of(coding):
    """The coding sheet with the texts as they were given."""
    texts = coding.report.source.split("\n")
    sheet = eg.coding_sheet(coding)
    return sheet.assign(text=[texts[int(sid)] for sid in sheet["sid"]])


def codes(sheet, variable):
    """Text → what it is coded as."""
    columns = COLUMNS.get(variable, [variable])
    values = sheet[columns].apply(lambda row: " ".join(row).strip(), axis=1)
    return values.groupby(sheet["text"]).agg(lambda cells: tuple(sorted(set(cells) - {""}))).to_dict()


@pytest.mark.parametrize(("lang", "variable"), PAIRS)
def test_sentences_are_coded_as_they_should_be(codings, lang, variable):
    asked = SENTENCES[
        SENTENCES["lang"].eq(lang) & SENTENCES["asked"].str.split(";").map(lambda names: variable in names)
    ]
    right, coded = codes(asked, variable), codes(sheet_of(codings[lang]), variable)
    wrong = {text: f"{coded[text]} in place of {right[text]}" for text in right if coded[text] != right[text]}
    assert not wrong


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_quote_is_in_the_text(codings, lang):
    coding = codings[lang]
    for frame in (coding.statements, coding.mentions, coding.positions):
        for start, end, quote in zip(frame["start"], frame["end"], frame["quote"], strict=True):
            assert coding.report.text[start:end] == quote


def test_every_row_asks_for_something_and_chinese_has_a_gloss():
    assert SENTENCES["asked"].str.split(";").map(lambda names: set(names) <= set(ASKED) and bool(names)).all()
    assert SENTENCES["lang"].isin(["zh", "en"]).all()
