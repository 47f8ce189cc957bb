"""Who took the floor, by the formulae of UN reports."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from egdata.codebook.codebook import read_codebook
from egdata.coding.finders import find_speakers
from egdata.coding.speakers import COLUMNS
from egdata.reading.report import parse_report, read_report, sentences_report

ACTORS = read_codebook().codes("actors")
STATES = [actor for actor in ACTORS.values() if actor["kind"] == "state"]
SHORT = ["role", "iso3", "name_en", "person", "quote"]


def speakers(text, lang="zh"):
    """The rows of one sentence as ``role|iso3|name_en|person|quote``."""
    frame = find_speakers(sentences_report([text], lang=lang))
    return ["|".join(row) for row in frame[SHORT].itertuples(index=False)]


def test_frame_of_a_list():
    # 'The experts of the following Member States made statements: Peru, Wakanda and the United Kingdom.'
    report = sentences_report(["以下会员国的专家作了发言：秘鲁、瓦坎达和联合王国。"])
    wanted = pd.DataFrame(
        [
            ("秘鲁", "Peru", "PER", "member-state", "", "0", 13, 15, "秘鲁"),
            ("瓦坎达", "瓦坎达", "", "member-state", "", "0", 16, 19, "瓦坎达"),
            (
                "大不列颠及北爱尔兰联合王国",
                "United Kingdom of Great Britain and Northern Ireland",
                *("GBR", "member-state", "", "0", 20, 24, "联合王国"),
            ),
        ],
        columns=list(COLUMNS),
    )
    assert_frame_equal(find_speakers(report), wanted)


def test_no_speakers_no_rows():
    frame = find_speakers(sentences_report(["许多发言者强调了能力建设。"]))  # many speakers stressed
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == 0
    assert str(frame["start"].dtype) == "int64"
    assert len(find_speakers(sentences_report([]))) == 0


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # names with 'and' inside; two States called Congo
        (
            "下列国家的代表发了言：特立尼达和多巴哥、波斯尼亚和黑塞哥维那、刚果以及刚果民主共和国。",
            [
                "member-state|TTO|Trinidad and Tobago||特立尼达和多巴哥",
                "member-state|BIH|Bosnia and Herzegovina||波斯尼亚和黑塞哥维那",
                "member-state|COG|Congo||刚果",
                "member-state|COD|Democratic Republic of the Congo||刚果民主共和国",
            ],
        ),
        # two lists in one sentence; 'World Peace Organization' is one name
        (
            "以下会员国作了发言：加纳、日本；以下政府间组织的代表也作了发言：欧洲联盟和世界和平组织。",
            [
                "member-state|GHA|Ghana||加纳",
                "member-state|JPN|Japan||日本",
                "organization||European Union||欧洲联盟",
                "organization||世界和平组织||世界和平组织",
            ],
        ),
        # remarks in brackets: on whose behalf, or part of the name
        (
            "以下会员国的代表作了发言：埃及（代表非洲集团）、古巴（以77国集团和中国的名义）和香港（中国）。",
            [
                "member-state|EGY|Egypt||埃及",
                "spoken-for||African Group||非洲集团",
                "member-state|CUB|Cuba||古巴",
                "spoken-for||Group of 77 and China||77国集团和中国",
                "member-state||香港（中国）||香港（中国）",
            ],
        ),
        # 'An expert of the non-member observer State of Palestine made a statement.'
        (
            "非会员观察员国巴勒斯坦国的一位专家作了发言。",
            ["observer-state|PSE|State of Palestine||巴勒斯坦国"],
        ),
        ("以下观察员国作了发言：教廷。", ["observer-state|VAT|Holy See||教廷"]),
        # 'An observer from Wakanda University'; 'the observer of the Council of Europe'
        ("来自瓦坎达大学的一名观察员作了发言。", ["observer||瓦坎达大学||瓦坎达大学"]),
        ("欧洲委员会观察员作了发言。", ["organization||Council of Europe||欧洲委员会"]),
        # 'The observer of the State of Palestine also spoke on behalf of the Group of 77 and China.'
        (
            "巴勒斯坦国观察员也代表77国集团和中国作了发言。",
            [
                "observer-state|PSE|State of Palestine||巴勒斯坦国",
                "spoken-for||Group of 77 and China||77国集团和中国",
            ],
        ),
        # the noun and the verb 'represent' are one word: 'Egypt's representative, representing the African Group'
        (
            "埃及代表代表非洲集团作了发言。",
            ["member-state|EGY|Egypt||埃及", "spoken-for||African Group||非洲集团"],
        ),
        (
            "埃及代表非洲集团作了发言。",
            ["member-state|EGY|Egypt||埃及", "spoken-for||African Group||非洲集团"],
        ),
        # 'At the first meeting, the representatives of Japan and Peru and of the European Union made statements.'
        (
            "在第一次会议上，日本、秘鲁的专家和欧洲联盟的代表作了发言。",
            [
                "member-state|JPN|Japan||日本",
                "member-state|PER|Peru||秘鲁",
                "organization||European Union||欧洲联盟",
            ],
        ),
        # panellists: of a State, of a body, of a university, of nothing
        (
            "讨论由以下专题讨论嘉宾主持：Ana María Ruiz（智利）、Li Wei（毒品和犯罪问题办公室）、王某某（某某大学）和张某。",
            [
                "panellist|CHL|Chile|Ana María Ruiz|Ana María Ruiz（智利）",
                "panellist||United Nations Office on Drugs and Crime|Li Wei|Li Wei（毒品和犯罪问题办公室）",
                "panellist||某某大学|王某某|王某某（某某大学）",
                "panellist||张某|张某|张某",
            ],
        ),
        # the chair opens the meeting and lets the vice-chair preside
        (
            "专家组主席Jane Roe（加纳）宣布会议开幕，授权副主席李某（中国）主持。",
            ["chair|GHA|Ghana|Jane Roe|Jane Roe（加纳）", "vice-chair|CHN|China|李某|李某（中国）"],
        ),
        # nobody named: several representatives; attendance; an agenda; points made; a statement spoken of
        ("多位会员国代表作了发言。", []),
        ("以下会员国派代表出席了会议：加纳和日本。", []),
        ("专家组通过了以下议程：国际合作、预防。", []),
        ("专题小组成员强调了以下几点：加强合作、分享信息。", []),
        ("一些发言者欢迎中国代表在发言中提到的做法。", []),
    ],
)
def test_chinese_formulae(text, rows):
    assert speakers(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Statements were made by experts from the following Member States: Antigua and Barbuda, "
            "Iran (Islamic Republic of), Wakanda, Trinidad and Tobago and the United States.",
            [
                "member-state|ATG|Antigua and Barbuda||Antigua and Barbuda",
                "member-state|IRN|Iran (Islamic Republic of)||Iran (Islamic Republic of)",
                "member-state||Wakanda||Wakanda",
                "member-state|TTO|Trinidad and Tobago||Trinidad and Tobago",
                "member-state|USA|United States of America||United States",
            ],
        ),
        (
            "Statements were also made by representatives of the following intergovernmental organizations: "
            "Council of Europe and INTERPOL.",
            [
                "organization||Council of Europe||Council of Europe",
                "organization||International Criminal Police Organization||INTERPOL",
            ],
        ),
        (
            "An expert from the State of Palestine, a non-member observer State, made a statement.",
            ["observer-state|PSE|State of Palestine||State of Palestine"],
        ),
        (
            "Statements were made by the representatives of Chile, the Congo and Peru and by the observers for "
            "Colombia and the European Union.",
            [
                "member-state|CHL|Chile||Chile",
                "member-state|COG|Congo||Congo",
                "member-state|PER|Peru||Peru",
                "observer-state|COL|Colombia||Colombia",
                "organization||European Union||European Union",
            ],
        ),
        (
            "A statement was made by an observer from Wakanda University.",
            ["observer||Wakanda University||Wakanda University"],
        ),
        (
            "The representative of Egypt, speaking on behalf of the African Group, made a statement.",
            ["member-state|EGY|Egypt||Egypt", "spoken-for||African Group||African Group"],
        ),
        (
            "The observer for the State of Palestine also made a statement on behalf of the Group of 77 and China.",
            [
                "observer-state|PSE|State of Palestine||State of Palestine",
                "spoken-for||Group of 77 and China||Group of 77 and China",
            ],
        ),
        (
            "The discussion was facilitated by the following panellists: Ana R. Ruiz (Chile) and Jo Roe (Japan).",
            [
                "panellist|CHL|Chile|Ana R. Ruiz|Ana R. Ruiz (Chile)",
                "panellist|JPN|Japan|Jo Roe|Jo Roe (Japan)",
            ],
        ),
        (
            "The Chair of the Expert Group, Jane Roe (Ghana), authorized the Vice-Chair, Li Wei (China), to preside.",
            ["chair|GHA|Ghana|Jane Roe|Jane Roe (Ghana)", "vice-chair|CHN|China|Li Wei|Li Wei (China)"],
        ),
        ("Representatives of Member States made statements.", []),
        ("The following Member States were represented: Japan and Peru.", []),
        ("Some speakers welcomed the statement made by China.", []),
        ("The representative of Norway said that the text was clear.", []),
    ],
)
def test_english_formulae(text, rows):
    assert speakers(text, "en") == rows


@given(st.lists(st.sampled_from(STATES), min_size=2, max_size=20, unique_by=lambda state: state["id"]))
def test_lists_of_any_states_come_back(states):
    *first, last = [state["label_zh"] for state in states]
    chinese = find_speakers(sentences_report([f"以下会员国的代表作了发言：{'、'.join(first)}和{last}。"]))
    *first, last = [state["label_en"] for state in states]
    text = f"The representatives of the following States made statements: {', '.join(first)} and {last}."
    english = find_speakers(sentences_report([text], lang="en"))
    for frame in (chinese, english):
        assert list(frame["iso3"]) == [state["iso3"] for state in states]
        assert set(frame["role"]) == {"member-state"}


def test_footnote_speaks_of_the_unit_of_its_anchor():
    # '1. An expert of the State of Palestine made a statement.' Footnote: 'It also spoke for the Arab Group.'
    text = "\n".join(
        [
            "一次会议的报告",
            "一. 发言情况",
            "1. 巴勒斯坦国的一位专家作了发言。1",
            "__________",
            "1 巴勒斯坦国观察员也代表阿拉伯集团作了发言。",
        ]
    )
    report = parse_report(text)
    frame = find_speakers(report)
    assert frame[["unit_id", "role", "quote"]].values.tolist() == [
        ["1", "observer-state", "巴勒斯坦国"],
        ["1", "spoken-for", "阿拉伯集团"],
    ]
    footnote = report.footnotes.iloc[0]
    assert footnote["start"] <= frame["start"].iloc[1] < footnote["end"]


# The States of paragraph 67 of the report, copied by hand in their order
PARAGRAPH_67 = """
    DZA ARG ARM AUS AUT AZE BRA CAN CHN CHL COL CUB DOM ECU EGY EST FRA DEU GRC GTM HND HUN IND IDN IRN IRQ ISR ITA JPN
    LBN MYS MEX MNG NLD NZL NGA NOR PRY PER PHL POL PRT ROU RUS ZAF ESP THA GBR VEN VNM USA
"""


def test_the_report_of_july_2020():
    report = read_report()
    frame = find_speakers(report)
    assert all(
        report.text[start:end] == quote
        for start, end, quote in frame[["start", "end", "quote"]].itertuples(index=False)
    )
    assert not frame.duplicated(["unit_id", "role", "name_en", "person"]).any()
    assert frame["start"].is_monotonic_increasing

    def of(role):
        return frame[frame["role"] == role]

    assert len(PARAGRAPH_67.split()) == 51
    assert list(of("member-state")["iso3"]) == PARAGRAPH_67.split()
    assert set(of("member-state")["unit_id"]) == {"67"}
    assert list(of("observer-state")["iso3"]) == ["PSE"]
    assert list(of("spoken-for")["name_en"]) == ["Group of 77 and China"]
    assert set(of("spoken-for")["unit_id"]) == {"68"}
    assert list(of("organization")["quote"]) == ["欧洲委员会", "欧洲联盟", "国际刑警组织"]
    assert list(of("observer")["name_en"]) == ["Beijing Normal University"]
    assert of("panellist").groupby("unit_id")["iso3"].agg(list).to_dict() == {
        "17": ["NGA", "CHN", "THA", "EST", "RUS", "ARG", "AUS", "USA"],
        "49": ["AGO", "CHN", "THA", "ARG", "DOM", "PRT"],
    }
    assert list(of("panellist")["person"])[6:8] == ["Stephen McGlynn", "Sheri L. Shepherd-Pratt"]
    assert list(of("chair")["person"]) == ["Doctor Mashabane"]
    assert list(of("vice-chair")["person"]) == ["André Rypl"]
    assert len(frame) == 51 + 1 + 1 + 3 + 1 + 14 + 2
