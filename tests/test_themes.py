"""Themes and terms: what a sentence is about, and what a report speaks of."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from conftest import write_codebook
from pandas.testing import assert_frame_equal

from egdata.analysis.terms import term_frequencies
from egdata.base.errors import CodebookError, EgdataError
from egdata.codebook.codebook import read_codebook
from egdata.codebook.matcher import BLOCKED
from egdata.coding import themes
from egdata.coding.coding import code
from egdata.coding.finders import find_themes
from egdata.reading.report import sentences_report

THEMES = ["training", "evidence", "police", "general"]
THEME_RULES = [  # rule_id, code, lang, pattern, example, counterexample, weight
    ("t-1", "training", "zh", "培训/能力", "培训法官", "法官", "4"),
    ("t-2", "evidence", "zh", "[电子]证据", "证据", "根据", "4"),
    ("t-3", "police", "zh", "警察", "警察", "检察", "4"),
    ("t-4", "general", "zh", "合作", "合作", "工作", "1"),
    ("t-5", BLOCKED, "zh", "警察学院培训部", "警察学院培训部", "警察培训", "0"),
    ("t-6", "training", "en", "training", "training", "draining", "4"),
    ("t-7", "general", "en", "cooperation", "cooperation", "operation", "1"),
]
TERMS = [("司法协助", "zh"), ("mutual legal assistance", "en")]
STOPWORDS = [("应", "zh"), ("应当", "zh"), ("the", "en"), ("should", "en"), ("of", "en")]


def codebook_of(folder, theme_rules=THEME_RULES):
    """A codebook of four themes; the other tables have a header and no rows."""
    themes = [(theme, theme, theme, theme) for theme in THEMES]
    return read_codebook(
        write_codebook(folder, themes=themes, theme_rules=theme_rules, terms=TERMS, stopwords=STOPWORDS)
    )


@pytest.fixture(scope="module")
def codebook(tmp_path_factory):
    return codebook_of(tmp_path_factory.mktemp("codebook"))


@pytest.fixture(scope="module")
def bundled():
    return read_codebook()


def report_of(*units, lang="zh"):
    """A report of units ``(unit_id, section_id, voice, sentences)``, a line each."""
    text, unit_rows, rows = "", [], []
    for unit_id, section_id, voice, sentences in units:
        unit_rows.append((unit_id, section_id, voice))
        for number, sentence in enumerate(sentences, start=1):
            rows.append((f"{unit_id}#{number}", unit_id, len(text), len(text) + len(sentence), sentence))
            text += sentence
        text += "\n"
    return replace(
        sentences_report([], lang),
        text=text,
        units=pd.DataFrame(unit_rows, columns=["unit_id", "section_id", "voice"]),
        sentences=pd.DataFrame(rows, columns=["sentence_id", "unit_id", "start", "end", "text"]),
    )


def themes_of(text, codebook, lang="zh"):
    return list(find_themes(sentences_report([text], lang=lang), codebook)["theme_id"])


# ---- find_themes ----------------------------------------------------------------------------------------------------


def test_one_row_per_sentence_and_theme(codebook):
    report = sentences_report(
        [
            "警察应接受培训，培训应有证据。",  # police should be trained, the training should have evidence
            "发言者表示感谢。",  # speakers expressed thanks
            "警察合作。",  # police cooperation: the general word is a passing mention
            "应加强合作。",  # cooperation should be strengthened: nothing more specific is said
        ]
    )
    expected = pd.DataFrame(
        {
            "sentence_id": ["0", "0", "0", "2", "3"],
            "theme_id": ["training", "police", "evidence", "police", "general"],
            "rank": [1, 2, 3, 1, 1],
            "n_hits": [2, 1, 1, 1, 1],
            "coded_by": ["rules"] * 5,
        }
    )
    assert_frame_equal(find_themes(report, codebook), expected, check_dtype=False)


def test_of_equally_heavy_themes_the_first_named_comes_first(codebook):
    assert themes_of("证据和警察", codebook) == ["evidence", "police"]  # evidence and police
    assert themes_of("警察和证据", codebook) == ["police", "evidence"]  # police and evidence


def test_a_theme_said_often_does_not_push_out_another(codebook):
    text = "培训、培训、培训、培训、培训和证据"  # training, five times, and evidence: 4 * (1 + … + 1/5) and 4
    assert themes_of(text, codebook) == ["training"]
    assert themes_of("培训、培训、培训和证据", codebook) == ["training", "evidence"]  # three times: 7.3 and 4


def test_blocked_words_carry_no_theme(codebook):
    assert themes_of("警察学院培训部", codebook) == []  # the training department of the police academy


def test_what_a_sentence_points_back_to(codebook):
    report = report_of(
        ("1", "I", "procedure", ["应加强培训和证据。", "此类措施十分重要。", "发言者同意。"]),
        # enhance training and evidence · such measures are important · speakers agreed
        ("2", "I", "procedure", ["此类措施十分重要。"]),  # begins a unit: nothing to point back to
        (
            "3",
            "I",
            "procedure",
            ["应加强培训。", "这应由警察进行。"],
        ),  # enhance training · this should be done by police
    )
    expected = pd.DataFrame(
        [
            ("1#1", "training", 1, 1),
            ("1#1", "evidence", 2, 1),
            ("1#2", "training", 1, 0),
            ("1#2", "evidence", 2, 0),
            ("3#1", "training", 1, 1),
            ("3#2", "police", 1, 1),
            ("3#2", "training", 2, 0),
        ],
        columns=["sentence_id", "theme_id", "rank", "n_hits"],
    ).assign(coded_by="rules")
    assert_frame_equal(find_themes(report, codebook), expected, check_dtype=False)


def test_english(codebook):
    assert themes_of("Training and cooperation", codebook, lang="en") == ["training"]
    assert themes_of("Cooperation", codebook, lang="en") == ["general"]


def test_no_sentences_no_rows(codebook):
    for report in (sentences_report([]), sentences_report(["发言者表示感谢。"])):
        themes = find_themes(report, codebook)
        assert themes.empty
        assert list(themes) == ["sentence_id", "theme_id", "rank", "n_hits", "coded_by"]


def test_a_weight_that_is_no_number_is_named(tmp_path):
    with pytest.raises(CodebookError, match=r"^theme_rules.csv:2: column weight: 'heavy'"):
        codebook_of(tmp_path, [("t-1", "training", "zh", "培训", "培训", "法官", "heavy")])


# ---- the bundled codebook -------------------------------------------------------------------------------------------

BUNDLED = {
    # conduct should be an offence
    "criminalization": "各国应将传播病毒程序的行为定为犯罪。",
    # a new treaty should be drafted
    "treaty-making": "应着手起草一项新条约。",
    # many States have ratified the treaties there are
    "existing-instruments": "多国批准了现行条约。",
    # the group's term should be renewed
    "expert-group": "专家组的任期应予延长。",
    # sovereignty must be respected
    "sovereignty-jurisdiction": "必须尊重各国的主权。",
    # extradition takes too long
    "mutual-legal-assistance": "引渡耗时过长。",
    # judges do not trust digital evidence
    "electronic-evidence": "法官不信任数字证据。",
    # traffic data is deleted soon
    "data-preservation": "流量数据很快就被删除。",
    # each State has a contact point
    "networks-24-7": "各国均设有联络点。",
    # companies that provide services bear responsibility
    "service-providers": "服务提供商负有责任。",
    # privacy must be respected
    "human-rights": "隐私权须得到尊重。",
    # judges need training
    "capacity-building": "法官需要培训。",
    # a specialised body was set up
    "specialised-units": "设立了专门机构。",
    # offenders use the dark web
    "investigation-technology": "犯罪分子利用暗网。",
    # money-laundering is on the rise
    "illicit-finance": "洗钱日益猖獗。",
    # hospitals were attacked
    "critical-infrastructure": "多家医院瘫痪。",
    # early warning is needed
    "incident-response": "需要预警。",
    # force must not be used
    "state-conduct": "不得使用武力。",
    # children are in danger
    "child-protection": "儿童面临危险。",
    # victims need help
    "vulnerable-groups": "受害者需要帮助。",
    # schools should teach it
    "awareness-education": "学校应开设课程。",
    # hate speech spreads
    "harmful-content": "仇恨言论蔓延。",
    # a strategy was adopted
    "strategy-policy": "通过了国家战略。",
    # there are no statistics
    "research-data": "缺少统计数字。",
    # systems are not interoperable
    "standards": "各系统缺乏互操作性。",
    # the digital divide persists
    "digital-divide": "数字鸿沟依然存在。",
    # universities contribute
    "civil-society": "大学作出了贡献。",
}


def test_every_theme_has_rules_in_both_languages(bundled):
    for lang in ("zh", "en"):
        assert {rule.code for rule in bundled.rules("theme_rules", lang)} == {
            BLOCKED,
            *bundled.codes("themes"),
        }
    assert list(BUNDLED) == list(bundled.codes("themes"))


@pytest.mark.parametrize("theme", BUNDLED)
def test_a_plain_sentence_on_every_theme(theme, bundled):
    assert themes_of(BUNDLED[theme], bundled) == [theme]


def test_a_position_is_about_the_theme_of_its_issue_whatever_its_words(bundled):
    report = sentences_report(
        [
            "各方对另起炉灶持保留态度。",  # had reservations about starting anew: a new convention, in no word of the theme
            "犯罪分子利用暗网洗钱，应允许直接向外国公司索取数据。",  # dark web, laundering; foreign companies asked directly
        ]
    )
    themes = find_themes(report, bundled)
    assert themes["theme_id"].tolist()[0] == "treaty-making"
    assert themes["n_hits"].tolist()[0] == 0
    assert "service-providers" in themes.loc[themes["sentence_id"] == "1", "theme_id"].tolist()
    coding = code(report, bundled)
    coding.__dict__["positions"] = coding.positions.iloc[:0]
    assert coding.themes["sentence_id"].eq("1").all()


def test_names_that_mislead(bundled):
    assert themes_of("预防犯罪和刑事司法委员会开幕。", bundled) == []  # the Commission's name is no prevention
    assert themes_of("两国是战略伙伴。", bundled) == []  # partners, no strategy


def test_weights_are_positive_except_for_blocked_words(bundled):
    for rule in (*bundled.rules("theme_rules", "zh"), *bundled.rules("theme_rules", "en")):
        assert (float(rule.row["weight"]) > 0) is (rule.code != BLOCKED)


# ---- term_frequencies -----------------------------------------------------------------------------------------------

REPORT = report_of(
    ("1", "II.A", "proposals", ["各国应加强司法协助。"]),  # States should strengthen mutual legal assistance
    ("2", "III", "chair-summary", ["司法协助和证据，2020年。", "证据和司法协助，司法协助。"]),
    # mutual legal assistance and evidence, 2020 · evidence and mutual legal assistance, mutual legal assistance
)


def test_terms_by_section(codebook):
    expected = pd.DataFrame(
        [
            ("加强", "II.A", 1, 250.0),  # of 各国 应 加强 司法协助
            ("司法协助", "II.A", 1, 250.0),
            ("各国", "II.A", 1, 250.0),
            ("司法协助", "III", 3, 333.3333),  # of 司法协助 和 证据 2020 年, 证据 和 司法协助 司法协助
            ("证据", "III", 2, 222.2222),
        ],
        columns=["term", "section_id", "n", "per_1000"],
    )
    assert_frame_equal(term_frequencies(REPORT, codebook=codebook), expected, check_dtype=False)


def test_terms_by_voice_and_in_the_whole_report(codebook):
    by_voice = term_frequencies(REPORT, by="voice", codebook=codebook)
    assert list(by_voice) == ["term", "voice", "n", "per_1000"]
    assert list(by_voice["voice"].unique()) == ["proposals", "chair-summary"]
    expected = pd.DataFrame(
        [("司法协助", 4, 307.6923), ("证据", 2, 153.8462), ("加强", 1, 76.9231), ("各国", 1, 76.9231)],
        columns=["term", "n", "per_1000"],
    )
    whole = term_frequencies(REPORT, by="report", codebook=codebook)
    assert_frame_equal(whole, expected, check_dtype=False)
    assert by_voice.groupby("term")["n"].sum().to_dict() == dict(zip(whole["term"], whole["n"], strict=True))


def test_stop_words_are_left_out_unless_asked_for(codebook):
    report = sentences_report(["应当采取行动"])  # action ought to be taken
    kept = term_frequencies(report, by="report", codebook=codebook, stopwords=False)
    left = term_frequencies(report, by="report", codebook=codebook)
    assert set(kept["term"]) - set(left["term"]) == {"应当"}


def test_english_terms(codebook):
    report = sentences_report(["The scope of mutual legal assistance should grow; the scope in 2020"], lang="en")
    assert term_frequencies(report, by="report", codebook=codebook).to_dict("list") == {
        "term": ["scope", "grow", "in", "mutual legal assistance"],
        "n": [2, 1, 1, 1],
        "per_1000": [200.0, 100.0, 100.0, 100.0],  # of 10 tokens
    }


def test_the_terms_of_the_bundled_codebook_stay_whole(bundled):
    terms = bundled.words("terms", "zh")
    counted = term_frequencies(sentences_report(terms), by="report", codebook=bundled, stopwords=False)
    assert set(counted["term"]) == set(terms)


def test_the_global_tokenizer_is_left_alone(codebook, caplog):
    import jieba

    term_frequencies(REPORT, codebook=codebook)
    assert "司法协助" not in jieba.dt.user_word_tag_tab
    assert not caplog.records


def test_no_sentences_no_terms(codebook):
    terms = term_frequencies(sentences_report([]), codebook=codebook)
    assert terms.empty
    assert list(terms) == ["term", "section_id", "n", "per_1000"]


def test_an_unknown_grouping_is_named(codebook):
    with pytest.raises(EgdataError, match="by is 'paragraph'; it can be 'section', 'voice', 'report'"):
        term_frequencies(REPORT, by="paragraph", codebook=codebook)


def test_no_sentence_has_more_themes_than_three_whatever_its_positions(bundled):
    report = sentences_report(["各国应合作。"])  # States should cooperate
    issues = ["committee-timing", "transborder-access", "state-conduct"]  # together of five themes
    positions = pd.DataFrame({"statement_id": "0/s1", "issue_id": issues})
    assert themes.themes_of(report, bundled, positions)["rank"].tolist() == [1, 2, 3]
