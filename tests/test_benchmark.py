"""Coded sets: read, scored, recorded once."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.codebook.codebook import Codebook
from egdata.coding import benchmark

# Some speakers supported a new convention. Others opposed transborder access to data.
TEXTS = {
    "zh": "一些发言者支持制定一项新公约。\n其他发言者反对跨境获取数据。\n",
    "en": "Some speakers supported a new convention on cybercrime.\nThe meeting opened on Monday.\n",
}
CODES = {
    "zh": "0\tsome\tnew-convention\tfor\n1\tother\ttransborder-access\tconditional\n",  # the second is not so
    "en": "0\tsome\tnew-convention\tfor\n1\tunattributed\t\t\n",
}
CARD = """kind = "sentences"
state = "sealed"  # until it is scored
written_by = "nobody"
"""


@pytest.fixture
def gold(tmp_path, monkeypatch):
    """A folder of sets in the place of data/gold, with one of two sentences in each language."""
    folder = tmp_path / "gold"
    (folder / "tiny").mkdir(parents=True)
    for lang in TEXTS:
        (folder / "tiny" / f"text.{lang}.txt").write_text(TEXTS[lang], encoding="utf-8")
        codes = "sid\tholder\tissue\tstance\n" + CODES[lang]
        (folder / "tiny" / f"codes.{lang}.tsv").write_text(codes, encoding="utf-8")
    (folder / "tiny" / "card.toml").write_text(CARD, encoding="utf-8")
    monkeypatch.setattr(benchmark, "data_path", lambda *parts: tmp_path.joinpath(*parts))
    return folder


@pytest.fixture
def opened(gold):
    card = gold / "tiny" / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("sealed", "open"), encoding="utf-8")
    return gold


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_without_a_name_it_is_the_sentences_of_the_bundled_report():
    assert len(eg.read_gold()["sid"].drop_duplicates()) == 130


def test_a_set_is_read_by_its_name_or_its_folder(gold):
    codes = eg.read_gold("tiny", "zh")
    assert codes["stance"].tolist() == ["for", "conditional"]
    pd.testing.assert_frame_equal(codes, eg.read_gold(gold / "tiny", "zh"))
    text = eg.read_gold_text("tiny", "en")
    assert text.sentences["sentence_id"].tolist() == ["0", "1"]
    assert (text.lang, text.meta["report_id"]) == ("en", "tiny.en")


def test_codes_that_a_codebook_does_not_have_are_left_out(gold, book):
    table = book.tables["issues"]
    tables = {**book.tables, "issues": table[table["id"] != "new-convention"].reset_index(drop=True)}
    codes = eg.read_gold("tiny", "zh", Codebook(book.folder, tables, book.patterns))
    assert codes["issue"].tolist() == ["", "transborder-access"]
    assert codes["stance"].tolist() == ["", "conditional"]
    assert codes["holder"].tolist() == ["some", "other"]
    pd.testing.assert_frame_equal(eg.read_gold("tiny", "zh", book), eg.read_gold("tiny", "zh"))


def test_a_report_is_read_as_a_report(opened):
    card = opened / "tiny" / "card.toml"
    card.write_text('kind = "report"\nstate = "open"\n', encoding="utf-8")
    (opened / "tiny" / "text.zh.txt").write_text("一. 摘要\n\n1. 发言者支持一项新公约。会议结束。\n", encoding="utf-8")
    assert eg.read_gold_text("tiny", "zh").sentences["sentence_id"].tolist() == ["1#1", "1#2"]


@pytest.mark.parametrize(
    ("name", "lang", "reason"),
    [
        ("none", "zh", "no coded set 'none'; there are: tiny"),
        ("tiny", None, "say for which language: it has codes in en and zh"),
        ("tiny", "fr", "say for which language"),
    ],
)
def test_what_is_not_there_is_an_error(gold, name, lang, reason):
    with pytest.raises(eg.EgdataError, match=reason):
        eg.read_gold(name, lang)


@pytest.mark.parametrize("card", ['kind = "novel"\nstate = "open"', 'kind = "report"', "kind = ", ""])
def test_a_card_must_say_what_the_set_is(gold, card):
    (gold / "tiny" / "card.toml").write_text(card, encoding="utf-8")
    with pytest.raises(eg.EgdataError, match=r"card\.toml"):
        eg.read_gold("tiny", "zh")


def test_a_sealed_set_is_not_scored_in_passing(gold):
    assert eg.score_sets().empty
    with pytest.raises(eg.EgdataError, match="tiny is sealed; score it once"):
        eg.score_sets(["tiny"])
    assert run("score", "--all").exit_code == 0


def test_the_scores_are_those_of_the_sheets(opened):
    scores = eg.score_sets().set_index("lang")
    assert scores.loc["zh", "position"] == pytest.approx(1 / 2)
    assert scores.loc["en", "position"] == 1
    assert scores["n"].tolist() == [2, 2]
    assert scores["n_missing"].tolist() == [0, 0]
    assert scores["modality"].isna().all()  # nobody coded it
    sheet = eg.code_sentences(TEXTS["zh"].splitlines())
    f1 = eg.score(sheet, eg.read_gold("tiny", "zh")).query("variable == 'position' and measure == 'f1'")
    assert f1[["low", "high"]].values.tolist() == [scores.loc["zh", ["position_low", "position_high"]].tolist()]


def test_one_changed_code_changes_the_score(opened):
    file = opened / "tiny" / "codes.zh.tsv"
    file.write_text(file.read_text(encoding="utf-8").replace("conditional", "against"), encoding="utf-8")
    assert eg.score_sets().set_index("lang").loc["zh", "position"] == 1


def test_a_sentence_that_the_rules_do_not_find_counts_as_not_coded(opened):
    file = opened / "tiny" / "codes.en.tsv"
    file.write_text(file.read_text(encoding="utf-8") + "2\tsome\tnew-convention\tfor\n", encoding="utf-8")
    scores = eg.score_sets().set_index("lang")
    assert scores.loc["en", "n_missing"] == 1
    assert scores.loc["en", "position"] == pytest.approx(2 / 3)


def test_a_set_is_recorded_once(gold):
    card = gold / "tiny" / "card.toml"
    result = run("score", "--record", "tiny")
    assert result.exit_code == 0, result.stderr
    assert "tiny" in result.stdout
    assert card.read_text(encoding="utf-8") == CARD.replace('"sealed"', '"scored"')
    written = (gold / "scores.csv").read_bytes()
    rows = eg.read_scores(gold / "scores.csv")
    assert rows["lang"].tolist() == ["en", "zh"]
    assert rows["state"].tolist() == ["sealed", "sealed"]
    assert rows["position"].tolist() == ["1.0", "0.5"]
    assert rows["modality"].tolist() == ["", ""]
    assert rows[["codebook_sha256", "code_sha256", "set_sha256"]].map(len).eq(64).all(axis=None)
    again = run("score", "--record", "tiny")
    assert again.exit_code == 2
    assert "no set has a second one" in again.stderr
    assert (gold / "scores.csv").read_bytes() == written
    assert len(eg.score_sets()) == 2  # it is no longer sealed


def test_the_next_set_stands_below(gold):
    eg_rows = benchmark.record_score("tiny")
    (gold / "tiny").rename(gold / "other")
    benchmark.record_score("other")
    rows = eg.read_scores(gold / "scores.csv")
    assert rows["set"].tolist() == ["tiny", "tiny", "other", "other"]
    assert rows["position"].tolist()[:2] == eg_rows["position"].astype(str).tolist()
    assert eg.read_scores(gold / "scores.csv", unlearnt=True)["set"].tolist() == ["other", "other"]  # the set is gone
    card = gold / "other" / "card.toml"
    card.write_text(card.read_text("utf-8").replace('"scored"', '"open"'), "utf-8")  # may be learnt from
    assert eg.read_scores(gold / "scores.csv", unlearnt=True).empty


def test_a_set_that_changed_since_it_was_sealed_is_not_recorded(gold):
    card, codes = gold / "tiny" / "card.toml", gold / "tiny" / "codes.zh.tsv"
    card.write_text(f'{CARD}sha256 = "{benchmark.gold_set("tiny").sha256}"\n', encoding="utf-8")
    codes.write_text(codes.read_text(encoding="utf-8").replace("conditional", "against"), encoding="utf-8")
    with pytest.raises(eg.EgdataError, match="changed since it was sealed"):
        benchmark.record_score("tiny")
    assert not (gold / "scores.csv").exists()


def test_a_set_is_coded_by_others_too(opened, tmp_path):
    text = opened / "tiny" / "text.zh.txt"
    result = run("codebook", "prompt", text)
    assert result.exit_code == 0, result.stderr
    assert '"id": "1/s1"' in result.stdout
    sheet = tmp_path / "sheet.csv"
    eg.read_gold("tiny", "zh").to_csv(sheet, index=False)
    result = run("compare-coders", text, "--coder", "rules", "--coder", sheet, "--gold", opened / "tiny")
    assert result.exit_code == 0, result.stderr
    assert "rules & sheet.csv" in result.stdout
    compared = eg.compare_coders(eg.read_gold_text("tiny", "zh"), ["rules", sheet], "tiny")
    f1 = compared.scores.query("variable == 'position' and measure == 'f1'").set_index("coder")["value"]
    assert f1.to_dict() == {"rules": 0.5, "person": 1, "rules & person": pytest.approx(2 / 3)}


@pytest.mark.parametrize("words", [[], ["a.csv"], ["--all", "--record", "tiny"], ["a.csv", "b.csv", "--all"]])
def test_the_command_scores_one_thing(gold, words):
    result = run("score", *words)
    assert result.exit_code == 2
    assert "SHEET and GOLD; or --all; or --record SET" in result.stderr
