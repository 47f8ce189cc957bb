"""The judge beside the rules: what it weighs, what it learns, and how sure it is. Every sentence is invented."""

import dataclasses

import pytest

import egdata as eg
from egdata.codebook.codebook import read_codebook
from egdata.coding import learning
from egdata.coding.chain import read_governors
from egdata.coding.classifier import (
    ALWAYS,
    Classifier,
    Verdict,
    Weights,
    read_classifier,
    read_holder_weights,
    read_words,
    stance_features,
    who_holds,
)
from egdata.coding.learning import Example, Judged, Material, classes_of, fit, fit_holders, rows_of, scores_of
from egdata.coding.positions import certainties
from egdata.reading.report import sentences_report

DRUMS = {ALWAYS: (-1.0,), "drum": (12.0,), "rules=found": (2.0,)}
STANCES = {"deplor": (3.0, -3.0), "deplor ◆": (2.0, -2.0), "rules=for": (-0.5, 0.5)}


@pytest.fixture(scope="module")
def governors():
    return {lang: read_governors(read_codebook(), lang) for lang in ("en", "zh")}


@pytest.fixture
def classifier(governors):
    return Classifier("en", governors["en"], Weights(("drums",), DRUMS), Weights(("against", "for"), STANCES))


def test_words_are_weighed_by_their_stems_in_chinese_by_characters(governors):
    assert {"support", "support the drum", "."} <= read_words(
        "Supported the drums.", "en", governors["en"]
    ).grams.keys()
    assert {"鼓", "反对鼓"} <= read_words("反对鼓", "zh", governors["zh"]).grams.keys()
    assert read_words("Some drums.", "en", governors["en"]).grams["drum"] == (5, 10)


def test_the_target_stands_as_one_sign_among_its_neighbours(governors):
    words = read_words("Some deplored the drums.", "en", governors["en"])
    features = stance_features(words, "drums", {"drums": Verdict("for", "chain", (14, 23))})
    assert {"deplor ◆", "◆ .", "drums|deplor", "drums", "rules=for", "rules=chain=for"} <= features.keys()
    seen = stance_features(words, "drums", {"drums": Verdict("for", "chain", (14, 23))}, is_known=False)
    assert not [name for name in seen if name.startswith("rules")]


def test_the_order_of_valences_counts_whatever_the_words(governors):
    verdicts = {"drums": Verdict("against", "chain", (20, 25)), "flutes": Verdict("for", "chain", (41, 47))}
    features = [
        stance_features(read_words(text, "en", governors["en"]), "drums", verdicts).keys()
        for text in (
            "They never rejected drums, and supported flutes.",
            "They hardly opposed drums, but endorsed flutes.",
        )
    ]
    assert {"~not reject ◆ ,", "~◆ , approve ◇"} <= features[0] & features[1]


def test_weights_find_turn_and_drop(classifier):
    verdicts = dict(classifier.judge(classifier.read("Some deplored the drums."), {}))
    assert verdicts["drums"].stance == "against"
    text = "Some deplored the drums" + " and the noise that others had made" * 3
    turned = dict(classifier.judge(classifier.read(text), {"drums": Verdict("for", "chain", (14, 23))}))
    assert turned["drums"].stance == "against"
    assert turned["drums"].chance > 0.5 < verdicts["drums"].chance
    assert not dict(classifier.judge(classifier.read("Some deplored the noise."), {}))


def test_in_a_short_statement_what_the_rules_found_stands(classifier):
    kept = dict(
        classifier.judge(classifier.read("Some deplored the drums."), {"drums": Verdict("for", "chain", (14, 23))})
    )
    assert kept["drums"].stance == "for"
    assert kept["drums"].chance < 0.5
    turned = dict(
        classifier.judge(classifier.read("Some deplored the drums."), {"drums": Verdict("for", "default", (14, 23))})
    )
    assert turned["drums"].stance == "against"


def test_the_words_that_weigh_most_are_told(classifier):
    text = "Some deplored the drums."
    assert [words for _, words, _ in classifier.weighed(classifier.read(text), "drums", "")] == ["drums"]
    assert [words for _, words, _ in classifier.weighed(classifier.read(text), "drums", "against")] == ["deplored"]


def example(text, stances, governors, holder="some"):
    return Example("s", read_words(text, "en", governors["en"]), stances, {}, True, holder, "unattributed")


def test_what_goes_with_a_stance_is_learnt(governors):
    texts = {"for": "Number {} cherished the drums.", "against": "Number {} loathed the drums."}
    examples = [
        example(text.format(number), {"drums": stance}, governors)
        for stance, text in texts.items()
        for number in range(20)
    ]
    examples += [example(f"Number {number} arrived.", {}, governors) for number in range(20)]
    classifier = fit(Material(examples))
    judged = {
        text: dict(classifier.judge(classifier.read(text), {})) for text in ("They loathed the drums.", "They arrived.")
    }
    assert [said["drums"].stance for said in judged.values() if said] == ["against"]


def test_the_surest_third_is_right_most_often(classifier, governors):
    texts = ["Some deplored the drums.", "Some heard the drums.", "Some drums."] * 4
    examples = [example(text, {"drums": "against"} if "deplored" in text else {}, governors) for text in texts]
    judged = [Judged(case, dict(classifier.judge(case.words, {})), "some") for case in examples]
    classes = classes_of("en", judged)
    assert list(classes["certainty"]) == ["sure", "likely", "check"]
    assert classes["n"].astype(int).sum() == 12
    assert classes["precision"].iloc[0] == "1.00"
    (scores,) = scores_of("en", judged).to_dict("records")
    f1 = {"rules": 0.0, "learnt": pytest.approx(2 * 4 / (12 + 4))}
    assert scores == {"lang": "en", "n": 4} | f1 | {"holders_by_rules": 0.0, "holders": 1.0}


def test_who_holds_what_nobody_is_found_to_say_is_learnt(governors):
    texts = {"many": "To hosts of drummers {} drums mattered.", "unattributed": "In spring {} drums were sold."}
    examples = [
        example(text.format(number), {"drums": "for"}, governors, holder)
        for holder, text in texts.items()
        for number in range(30)
    ]
    holder, (start, end) = who_holds(
        read_words("To hosts of pipers, drums do matter.", "en", governors["en"]), fit_holders(Material(examples))
    )
    assert holder == "many"
    assert "to hosts of".startswith("To hosts of pipers"[start:end].lower())


def test_who_is_learnt_to_hold_a_position_is_quoted():
    weights = {
        "learnt_issues": b"lang,feature,new-convention\nen,always,9\n",
        "learnt_stances": b"lang,feature,against,for\nen,always,0,5\n",
        "learnt_holders": b"lang,feature,many,named,unattributed\nen,roomful,9,0,0\nen,ochr,0,12,0\nen,always,0,0,1\n",
    }
    codebook = dataclasses.replace(eg.read_codebook(), learnt=weights)
    for text, expected in {
        "A new convention in a roomful.": ("many", "roomful", "learnt"),
        "A new convention in ochre Chile.": ("named", "Chile", "learnt"),
        "A new convention in ochre.": ("unattributed", "", ""),  # nobody is named
        "A new convention somewhere.": ("unattributed", "", ""),
    }.items():
        statements = eg.code(sentences_report([text], "en"), codebook).statements
        assert tuple(statements.loc[0, ["holder", "holder_quote", "rule_id"]]) == expected


def test_a_sheet_to_learn_from_needs_its_sentences(tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "sid,text,holder,issue,stance\n0,Some drums.,some,drums,for\n0,有人击鼓。,speakers,drums,for\n", "utf-8"
    )
    assert [row["lang"] for row in rows_of(sheet)] == ["en", "zh"]
    sheet.write_text("sid,holder,issue,stance\n0,some,drums,for\n", "utf-8")
    with pytest.raises(eg.EgdataError, match="no column text"):
        rows_of(sheet)


def test_from_a_few_positions_nothing_is_learnt(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "open_sets", list)
    monkeypatch.setattr(learning, "data_path", lambda *parts: tmp_path / parts[-1])
    for name in ("zh", "en", "propositions", "frames"):
        (tmp_path / f"{name}.tsv").write_text("set\tsid\ttext\tholder\tissue\tstance\n", "utf-8")
    with pytest.raises(eg.EgdataError, match="fewer than 200 positions"):
        learning.learn(eg.read_codebook())


def test_every_frame_takes_every_proposition(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "data_path", lambda *parts: tmp_path / parts[-1])
    (tmp_path / "propositions.tsv").write_text(
        "lang\tissue\tproposition\nen\tlamps\tlamps\nen\tdrums\tdrums\n", "utf-8"
    )
    (tmp_path / "frames.tsv").write_text(
        "lang\tholder\tstance\tframe\nen\tsome\tagainst\t{} displeased some.\n", "utf-8"
    )
    composed = learning.plain_rows("en")
    assert [(row["text"], row["issue"], row["stance"], row["holder"]) for row in composed] == [
        ("Lamps displeased some.", "lamps", "against", "some"),
        ("Drums displeased some.", "drums", "against", "some"),
    ]


def test_a_codebook_that_has_learnt_nothing_is_judged_by_its_rules():
    codebook = eg.read_codebook()
    rules = dataclasses.replace(
        codebook, learnt={}, tables={**codebook.tables, "certainty_classes": codebook.tables["certainty_classes"][:0]}
    )
    report = sentences_report(["Some speakers supported a new convention on cybercrime."], "en")
    assert read_classifier(rules, "en") is None
    assert eg.code(report, rules).positions["certainty"].tolist() == [""]
    assert certainties([0.9, None], rules, "en") == ["", ""]
    assert set(eg.code(report, codebook).positions["certainty"]) <= {"sure", "likely", "check"}


@pytest.mark.parametrize(
    ("issues", "reason"),
    [
        (b"lang,feature,new-convention\nen,always,9\nen,drum,loud\n", "'drum': 'loud' is not a number for each of"),
        (b"lang,feature,new-convention\nen,always,9\nen,drum,1,2\n", "'drum': '1,2' is not a number for each of"),
        (b"lang,feature,new-convention,provider-duties\nen,always,9\n", "'always': '9' is not a number for each of"),
        (b"lang,issue,feature,weight\nen,new-convention,always,9\n", "learnt_issues.csv:1: its columns are lang,issue"),
    ],
)
def test_weights_that_are_none_are_told(issues, reason):
    weights = {"learnt_issues": issues, "learnt_stances": b"lang,feature,against,for\nen,always,0,5\n"}
    codebook = dataclasses.replace(eg.read_codebook(), learnt=weights)
    with pytest.raises(eg.CodebookError, match=reason):
        eg.code_sentences(["The drum was beaten."], "en", codebook)


def test_weights_may_come_from_a_spreadsheet():
    weights = {
        "learnt_issues": b"\xef\xbb\xbflang,feature,new-convention,new-regulation\r\nen,always,9,-9\r\nen,drum,1,\r\n",
        "learnt_stances": b"lang,feature,against,for\r\nen,always,0,5\r\n",
    }
    codebook = dataclasses.replace(eg.read_codebook(), learnt=weights)
    assert list(eg.code_sentences(["The drum was beaten."], "en", codebook)["issue"]) == ["new-convention"]


def test_what_only_the_weights_find_counts_where_a_report_is_about_it():
    weights = {
        "learnt_issues": b"lang,feature,provider-duties\nen,always,5\n",
        "learnt_stances": b"lang,feature,against,for\nen,always,0,5\n",
    }
    codebook = dataclasses.replace(eg.read_codebook(), learnt=weights)
    cyber = "1. Some spoke of cyber attacks on the internet."
    positions = [
        eg.find_positions(eg.parse_report(f"I. General exchange of views\n\n{cyber}\n\n{rest}", lang="en"), codebook)
        for rest in ("", "\n\n".join(f"{number}. Some spoke of fish." for number in range(2, 40)))
    ]
    assert positions[0][["issue_id", "stance", "rule_id"]].values.tolist() == [["provider-duties", "for", "learnt"]]
    assert positions[1].empty


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_bundled_weights_are_of_codes_of_the_codebook(lang):
    codebook = eg.read_codebook()
    classifier = read_classifier(codebook, lang)
    assert set(classifier.issues.classes) == set(codebook.codes("issues"))
    assert set(classifier.stances.classes) == set(codebook.codes("stances"))
    assert set(read_holder_weights(codebook, lang).classes) == set(codebook.codes("holders")) - {"anaphor"}


def test_what_points_back_is_left_to_the_rules_and_worth_a_look():
    text = "1. Some speakers supported a new convention on cybercrime. Others disagreed with that view."
    positions = eg.find_positions(eg.parse_report(text, lang="en"))
    assert positions["stance"].tolist() == ["for", "against"]
    assert positions["certainty"].iloc[-1] == "check"


def test_what_the_weights_find_is_quoted_by_its_clauses():
    text = (
        "As to what should follow, it was felt by Fiji that the Group's lifetime ought to stretch well beyond the year."
    )
    (position,) = eg.find_positions(sentences_report([text], "en")).to_dict("records")
    assert position["rule_id"] == "learnt"
    assert (
        position["quote"]
        == text[position["start"] : position["end"]]
        == text.removeprefix("As to what should follow, ")[:-1]
    )


def test_who_speaks_is_no_reason_for_a_stance(governors):
    text = "China and the Group of 77 deplored the drums."
    words = read_words(text, "en", governors["en"], [(0, 5), (14, 25)])
    assert [word for word, *_ in words.tokens] == ["◯", "and", "the", "◯", "deplor", "the", "drum", "."]
    assert words.grams["◯ and"] == (0, 9)
