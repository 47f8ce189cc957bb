"""Mentions of instruments, bodies and States: what is named, what is pointed back to, which article is meant."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from egdata.coding.finders import find_mentions
from egdata.reading.report import parse_report, sentences_report

CONVENTION = "《欧洲委员会网络犯罪公约》"  # the Council of Europe Convention on Cybercrime
COLUMNS = [
    "mention_id", "sentence_id", "footnote_id", "entity_id", "kind", "form", "locator", "antecedent_id", "start", "end",
    "quote", "rule_id", "coded_by",
]  # fmt: skip


def mentions(*texts, lang="zh"):
    return find_mentions(sentences_report(texts, lang))


def entities(text, kind="instrument", lang="zh"):
    """(words, entity) of every mention of one kind, in text order."""
    frame = mentions(text, lang=lang)
    frame = frame[frame["kind"].isin([kind])]
    return list(zip(frame["quote"], frame["entity_id"], strict=True))


def locators(text, lang="zh"):
    frame = mentions(text, lang=lang)
    frame = frame[frame["kind"] == "instrument"]
    return list(zip(frame["entity_id"], frame["locator"], strict=True))


@pytest.fixture(scope="module")
def real_mentions(real):
    return find_mentions(real)


def unit_of(frame):
    return frame["sentence_id"].str.split("#").str[0]


# ---- the real report ------------------------------------------------------------------------------------------------


def test_the_convention_is_named_14_times(real, real_mentions):
    named = real_mentions[real_mentions["quote"].str.contains(CONVENTION, regex=False)]
    assert len(named) == real.text.count(CONVENTION) == 14
    protocol = named[named["entity_id"] == "budapest-protocol-2"]
    assert list(unit_of(protocol)) == ["24", "30", "36"]
    convention = named[named["entity_id"] == "budapest"]
    assert set(convention["quote"]) == {CONVENTION}
    assert list(convention["footnote_id"]) == [""] * 10 + ["1"]
    assert len(named) == len(protocol) + len(convention)


def test_that_convention_stands_8_times(real, real_mentions):
    spans = [at for at in range(len(real.text)) if real.text.startswith("该公约", at)]
    assert len(spans) == 8
    rows = real_mentions[real_mentions["quote"].str.startswith("该公约")].copy()
    assert list(rows["start"]) == spans
    assert list(zip(unit_of(rows), rows["entity_id"], rows["form"], strict=True)) == [
        ("13(b)", "budapest-protocol-2", "named"),  # 该公约第二附加议定书, inside the protocol's name
        ("13(ggg)", "budapest", "anaphor"),
        ("22", "untoc", "anaphor"),
        ("22", "untoc", "anaphor"),
        ("23", "budapest", "anaphor"),
        ("23", "budapest", "anaphor"),
        ("23", "budapest", "anaphor"),
        ("23", "budapest", "anaphor"),
    ]


def test_that_instrument_in_22_is_the_organized_crime_convention(real_mentions):
    (mention,) = real_mentions[real_mentions["quote"] == "该文书"].itertuples()
    assert (mention.sentence_id, mention.entity_id) == ("22#4", "untoc")


def test_resolution_74_247_is_named_7_times_and_pointed_back_to_3_times(real_mentions):
    rows = real_mentions[real_mentions["entity_id"] == "ga-74-247"]
    named = rows[rows["form"] == "named"]
    assert list(unit_of(named)) == ["13(b)", "13(vv)", "13(ww)", "13(xx)", "20", "45", "46"]
    assert set(named["quote"]) == {"第74/247号决议"}
    back = rows[rows["form"] == "anaphor"]
    assert list(unit_of(back)) == ["13(ww)", "13(xx)", "45"]
    assert set(back["quote"]) == {"该决议"}


def test_that_resolution_in_6_is_resolution_26_4_of_the_commission(real_mentions):
    rows = real_mentions[(unit_of(real_mentions) == "6") & real_mentions["entity_id"].str.startswith("ccpcj-")]
    assert list(zip(rows["quote"], rows["entity_id"], strict=True)) == [
        ("第26/4号决议", "ccpcj-26-4"),
        ("该决议", "ccpcj-26-4"),
    ]
    assert len(real_mentions[real_mentions["quote"] == "该决议"]) == 4


def test_other_resolutions_and_declarations_of_the_introduction(real_mentions):
    rows = real_mentions[real_mentions["kind"] == "instrument"]
    by_unit = {unit: set(frame["entity_id"]) for unit, frame in rows.groupby(unit_of(rows))}
    assert by_unit["1"] == {"ga-65-230", "salvador-declaration"}
    assert by_unit["3"] == {"ga-65-230"}
    assert by_unit["4"] == {"ga-70-174", "doha-declaration"}
    assert by_unit["6"] == {"ccpcj-26-4", "salvador-declaration", "doha-declaration"}
    assert by_unit["9"] == {"ga-74-173"}
    assert by_unit["39"] >= {"existing-instruments", "boe-declaration"}
    assert by_unit["26"] >= {"untoc", "uncac", "new-convention"}
    assert by_unit["13(m)"] == by_unit["43"] == {"un-charter"}


def test_articles_of_the_real_report(real_mentions):
    rows = real_mentions[real_mentions["locator"] != ""]
    assert list(zip(rows["mention_id"].str.split("[#/]", regex=True).str[0], rows["entity_id"], rows["locator"], strict=True)) == [
        ("1", "salvador-declaration", "para. 42"),
        ("13(z)", "budapest", "art. 18(3)"),
        ("33", "budapest", "art. 32"),
        ("fn1", "opsc", "art. 2"),
        ("fn1", "opsc", "art. 3(c); art. 2"),
        ("fn1", "budapest", "art. 9(2)"),
        ("fn1", "lanzarote", "art. 20(2)"),
        ("fn1", "lanzarote", "art. 20(1)"),
    ]  # fmt: skip


def test_developing_countries_are_not_china(real, real_mentions):
    assert real.text.count("发展中国家") == 13
    china = real_mentions[real_mentions["entity_id"] == "chn"]
    inside = [at + 2 for at in range(len(real.text)) if real.text.startswith("发展中国家", at)]
    assert not china["start"].isin(inside).any()
    assert list(china["sentence_id"]) == ["17#1", "49#1", "67#1"]  # the Group of 77 and China is a group
    assert set(real_mentions.loc[real_mentions["kind"] == "state", "quote"]) >= {
        "伊朗伊斯兰共和国",
        "联合王国",
        "俄罗斯联邦",
    }


def test_the_council_of_europe_in_its_conventions_is_no_mention_of_it(real, real_mentions):
    body = real_mentions[real_mentions["entity_id"] == "council-of-europe"]
    titles = real_mentions[real_mentions["quote"].str.startswith("《欧洲委员会")]
    for start, end in zip(titles["start"], titles["end"], strict=True):
        assert not body["start"].between(start, end).any()
    assert list(unit_of(body)) == ["23", "69"]  # 非欧洲委员会成员国, and who took the floor


def test_the_protocol_is_not_the_convention_too(real_mentions):
    for unit in ("24", "30", "36"):
        rows = real_mentions[(unit_of(real_mentions) == unit) & real_mentions["entity_id"].str.startswith("budapest")]
        assert list(rows["entity_id"]) == ["budapest-protocol-2"], unit


def test_titles_outside_the_codebook_are_instruments_of_their_own(real_mentions):
    rows = real_mentions[real_mentions["entity_id"].str.startswith("title-")]
    assert list(zip(rows["footnote_id"], rows["entity_id"], strict=True)) == [
        ("1", "title-警方互联网相关虐待儿童材料项目综合行动战略规划"),
        ("1", "title-关于新的信息技术对虐待和剥削儿童的影响研究"),
    ]


def test_no_title_of_the_real_report_vanishes(real, real_mentions):
    for at, character in enumerate(real.text):
        if character == "《":
            assert ((real_mentions["start"] <= at) & (real_mentions["end"] > at)).any(), real.text[at : at + 20]


@pytest.mark.parametrize("name", ["real", "invented"])
def test_invariants(name, request, book):
    report = request.getfixturevalue(name)
    frame = find_mentions(report)
    assert list(frame.columns) == COLUMNS
    assert frame["mention_id"].is_unique
    assert [report.text[start:end] for start, end in zip(frame["start"], frame["end"], strict=True)] == list(
        frame["quote"]
    )
    assert (frame["end"].to_numpy()[:-1] <= frame["start"].to_numpy()[1:]).all()  # text order, no overlap
    assert ((frame["sentence_id"] == "") != (frame["footnote_id"] == "")).all()
    assert set(frame["sentence_id"]) <= {"", *report.sentences["sentence_id"]}
    assert set(frame["footnote_id"]) <= {"", *report.footnotes["footnote_id"]}
    assert set(frame["kind"]) <= {"instrument", "body", "group", "state"}
    assert set(frame["form"]) <= {"named", "short", "generic", "anaphor"}
    assert set(frame["rule_id"]) <= {
        *book.tables["instrument_rules"]["rule_id"],
        *book.tables["actor_rules"]["rule_id"],
    }
    assert set(frame["coded_by"]) == {"rules"}
    by_id = frame.set_index("mention_id")
    back = frame[frame["antecedent_id"] != ""]
    assert (back["form"] == "anaphor").all()
    assert list(back["entity_id"]) == list(by_id.loc[back["antecedent_id"], "entity_id"])
    assert (by_id.loc[back["antecedent_id"], "end"].to_numpy() <= back["start"].to_numpy()).all()
    owners = pd.concat([report.sentences.set_index("sentence_id"), report.footnotes.set_index("footnote_id")])
    owner = owners.loc[frame["sentence_id"].where(frame["sentence_id"] != "", frame["footnote_id"])]
    assert (owner["start"].to_numpy() <= frame["start"].to_numpy()).all()
    assert (owner["end"].to_numpy() >= frame["end"].to_numpy()).all()


def test_invented_report_gives_the_expected_table(invented, expected):
    frame = find_mentions(invented)[[name for name in COLUMNS if name not in ("rule_id", "coded_by")]]
    assert_frame_equal(frame, expected("mentions", frame))


# ---- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("《欧洲委员会网络犯罪公约》很有用。", [(CONVENTION, "budapest")]),  # the Convention is useful
        ("《布达佩斯公约》很有用。", [("《布达佩斯公约》", "budapest")]),
        ("《布达佩斯公约》第二附加议定书已经通过。", [("《布达佩斯公约》第二附加议定书", "budapest-protocol-2")]),
        ("《联合国打击跨国有组织犯罪公约》", [("《联合国打击跨国有组织犯罪公约》", "untoc")]),
        ("《打击有组织犯罪公约》", [("《打击有组织犯罪公约》", "untoc")]),
        ("《联合国反腐败公约》和《联合国宪章》", [("《联合国反腐败公约》", "uncac"), ("《联合国宪章》", "un-charter")]),
        ("《兰萨罗特公约》", [("《兰萨罗特公约》", "lanzarote")]),
        ("拟订一项新公约。", [("一项新公约", "new-convention")]),  # to draw up a new convention
        ("拟订一项联合国网络犯罪公约。", [("一项联合国网络犯罪公约", "new-convention")]),
        (
            "充分利用现有国际文书。",
            [("现有国际文书", "existing-instruments")],
        ),  # to make full use of existing instruments
        (
            "利用《布达佩斯公约》等现有国际文书。",
            [("《布达佩斯公约》", "budapest")],
        ),  # to use existing instruments, among them the Convention: it counts under its name
        ("未经会员国谈判的文书", []),  # an instrument that Member States did not negotiate
        ("修订国内法。", []),  # to amend domestic law
        ("完善现有国家法律框架。", []),  # to improve existing national legal frameworks
        ("打击有组织犯罪。", []),  # to fight organized crime
    ],
)
def test_instruments_named(text, words):
    assert entities(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("大会第74/247号决议", [("第74/247号决议", "ga-74-247")]),
        ("大会第 74/247 号决议", [("第74/247号决议", "ga-74-247")]),
        ("A/RES/74/247", [("A/RES/74/247", "ga-74-247")]),
        ("大会第55/63号决议", [("第55/63号决议", "ga-55-63")]),
        ("委员会第26/4号决议", [("第26/4号决议", "ccpcj-26-4")]),
        ("预防犯罪和刑事司法委员会第22/7号决议", [("第22/7号决议", "ccpcj-22-7")]),
        ("经济及社会理事会第2019/19号决议", [("第2019/19号决议", "ecosoc-2019-19")]),
        ("安全理事会第2341（2017）号决议", [("第2341（2017）号决议", "sc-2341")]),
        ("安全理事会第2341(2017)号决议", [("第2341(2017)号决议", "sc-2341")]),
        ("大会第65/230号和第74/173号决议", [("第65/230号", "ga-65-230"), ("第74/173号决议", "ga-74-173")]),
        ("I-24/7系统在2018/2019年使用", []),  # the I-24/7 system was in use in 2018/2019
        ("文件E/CN.15/2011/19", []),  # a document is no resolution
    ],
)
def test_resolutions_in_general(text, words):
    assert entities(text) == words


def test_resolutions_that_share_a_noun():
    # resolutions 65/230, 70/174 and 74/173 of the General Assembly
    codes = [entity for _, entity in entities("大会第65/230、70/174和74/173号决议")]
    assert codes == ["ga-65-230", "ga-70-174", "ga-74-173"]


@pytest.mark.parametrize(
    ("text", "resolution"),
    [
        ("《联合国打击跨国有组织犯罪公约》缔约方会议第9/1号决议", "cop-9-1"),  # of the Conference of the Parties
        ("人权理事会第47/16号决议", "hrc-47-16"),  # of the Human Rights Council
        ("麻醉药品委员会第62/3号决议", "cnd-62-3"),  # of the Commission on Narcotic Drugs
    ],
)
def test_a_resolution_of_another_organ_is_not_the_assemblys_or_the_commissions(text, resolution):
    assert [entity for words, entity in entities(text) if "决议" in words] == [resolution]


def test_a_title_outside_the_codebook_becomes_an_instrument():
    frame = mentions("会上提到《某国数据安全法》和《塔林手册》。")  # a data security act and the Tallinn Manual
    assert list(frame["entity_id"]) == ["title-某国数据安全法", "title-塔林手册"]
    assert list(frame["kind"]) == ["instrument", "instrument"]
    assert list(frame["form"]) == ["named", "named"]


def test_a_state_or_body_inside_a_title_is_not_mentioned():
    assert entities("《中国和欧洲联盟合作计划》", "state") == entities("《中国和欧洲联盟合作计划》", "body") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("中国和泰国发了言。", [("中国", "chn"), ("泰国", "tha")]),
        ("发展中国家需要援助。", []),  # developing countries need assistance
        ("发展中国家和中国", [("中国", "chn")]),
        ("这一过程中国内法应得到遵守。", []),  # in this process domestic law should be respected
        ("大韩民国和刚果民主共和国", [("大韩民国", "kor"), ("刚果民主共和国", "cod")]),
        ("几内亚比绍、赤道几内亚和几内亚", [("几内亚比绍", "gnb"), ("赤道几内亚", "gnq"), ("几内亚", "gin")]),
    ],
)
def test_states(text, words):
    assert entities(text, "state") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("欧洲委员会和欧洲联盟", [("欧洲委员会", "council-of-europe"), ("欧洲联盟", "eu")]),
        ("《欧洲委员会网络犯罪公约》", []),
        ("国际刑事警察组织（国际刑警组织）", [("国际刑事警察组织（国际刑警组织）", "interpol")]),
        ("毒品和犯罪问题办公室", [("毒品和犯罪问题办公室", "unodc")]),
    ],
)
def test_bodies(text, words):
    assert entities(text, "body") == words


def test_groups():
    assert entities("77国集团和中国", "group") == [("77国集团和中国", "g77")]


def test_existing_instruments_that_are_named_count_under_their_names():
    # existing multilateral treaties such as the Convention against Corruption
    for name in ("《联合国反腐败公约》", "《反腐败公约》", "《布达佩斯公约》"):
        codes = [entity for _, entity in entities(f"各国应加入现有多边条约，例如{name}。")]
        assert len(codes) == 1, name
        assert codes != ["existing-instruments"], name
    # existing instruments, and the Convention beside them
    codes = [entity for _, entity in entities("除现有文书外，各国还应执行《联合国反腐败公约》。")]
    assert codes == ["existing-instruments", "uncac"]


def test_a_name_counts_for_two_words_before_it():
    # existing treaties and existing instruments, such as the Convention against Corruption
    assert entities("各国应利用现有条约和现有文书，例如《联合国反腐败公约》。") == [("《联合国反腐败公约》", "uncac")]


# ---- anaphora -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "entity", "antecedent"),
    [
        # they mentioned the Convention against Corruption; that Convention is of use
        ("会上提到《联合国反腐败公约》。该公约很有用。", "该公约", "uncac", "《联合国反腐败公约》"),
        ("会上提到《联合国反腐败公约》。这一公约很有用。", "这一公约", "uncac", "《联合国反腐败公约》"),
        ("会上提到《联合国反腐败公约》。该《公约》很有用。", "该《公约》", "uncac", "《联合国反腐败公约》"),
        ("会上提到《联合国反腐败公约》。该文书很有用。", "该文书", "uncac", "《联合国反腐败公约》"),
        # the right kind, not the nearest
        ("《联合国反腐败公约》和大会第74/247号决议；该公约很有用。", "该公约", "uncac", "《联合国反腐败公约》"),
        ("大会第74/247号决议和《联合国反腐败公约》；该决议很有用。", "该决议", "ga-74-247", "第74/247号决议"),
        # the nearest of two of the right kind
        ("《联合国反腐败公约》和《布达佩斯公约》；该公约很有用。", "该公约", "budapest", "《布达佩斯公约》"),
        # the protocol, not the convention in its name
        (
            "《布达佩斯公约》第二附加议定书；该议定书很有用。",
            "该议定书",
            "budapest-protocol-2",
            "《布达佩斯公约》第二附加议定书",
        ),
        # resolutions and titles outside the codebook
        ("大会第55/63号决议；该决议很有用。", "该决议", "ga-55-63", "第55/63号决议"),
        ("《京都宣言》；该宣言很有用。", "该宣言", "title-京都宣言", "《京都宣言》"),
        # a convention spoken of without a name, when none was named
        ("会上建议拟订一项新公约。该公约应当简明。", "该公约", "new-convention", "一项新公约"),
        # a text named by an example is not what 'that resolution' means when nothing fits
        ("《联合国反腐败公约》；该决议很有用。", "该决议", "", ""),
        ("该公约很有用。", "该公约", "", ""),
    ],
)
def test_anaphora_point_back_to_the_right_kind(text, words, entity, antecedent):
    frame = mentions(text)
    by_id = frame.set_index("mention_id")["quote"]
    (mention,) = frame[frame["quote"] == words].itertuples()
    assert (mention.form, mention.kind, mention.entity_id) == ("anaphor", "instrument", entity)
    assert (by_id[mention.antecedent_id] if mention.antecedent_id else "") == antecedent


def test_anaphora_make_a_chain():
    frame = mentions("《联合国反腐败公约》；该公约；该文书。")
    assert list(frame["entity_id"]) == ["uncac"] * 3
    assert list(frame["antecedent_id"]) == ["", "0/m1", "0/m2"]


def test_anaphora_look_back_over_sentences_but_not_over_units():
    source = "1. 会上提到《联合国反腐败公约》。各国应合作。该公约很有用。\n2. 该公约很有用。"
    frame = find_mentions(parse_report(source))
    frame = frame[frame["kind"] == "instrument"]
    assert list(frame["mention_id"]) == ["1#1/m1", "1#3/m1", "2#1/m1"]
    assert list(frame["entity_id"]) == ["uncac", "uncac", ""]
    assert list(frame["antecedent_id"]) == ["", "1#1/m1", ""]


# ---- articles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "located"),
    [
        ("《联合国反腐败公约》第18条", [("uncac", "art. 18")]),
        ("《联合国反腐败公约》第 18 条第 3 款", [("uncac", "art. 18(3)")]),
        ("《联合国反腐败公约》第18条第3款(a)项", [("uncac", "art. 18(3)(a)")]),
        ("《联合国反腐败公约》第3条(c)项", [("uncac", "art. 3(c)")]),
        ("《联合国反腐败公约》第十八条第三款", [("uncac", "art. 18(3)")]),
        ("《联合国反腐败公约》第二十条", [("uncac", "art. 20")]),
        ("《联合国反腐败公约》第三十二条", [("uncac", "art. 32")]),
        ("《联合国反腐败公约》第一百零五条", [("uncac", "art. 105")]),
        ("《萨尔瓦多宣言》第42段", [("salvador-declaration", "para. 42")]),
        ("《联合国反腐败公约》载有规定（第32条）", [("uncac", "art. 32")]),  # has a provision (article 32)
        ("《联合国反腐败公约》第2条和第3条", [("uncac", "art. 2; art. 3")]),
        ("《联合国反腐败公约》第2条和第2条", [("uncac", "art. 2")]),
        ("《联合国反腐败公约》第2条和《联合国宪章》第51条", [("uncac", "art. 2"), ("un-charter", "art. 51")]),
        ("第2条和《联合国反腐败公约》", [("uncac", "")]),  # article 2 [of something else] and the Convention
        ("《联合国反腐败公约》。第2条。", [("uncac", "art. 2")]),  # bare sentences are not cut
        ("《联合国反腐败公约》和议程项目2", [("uncac", "")]),  # and agenda item 2
        (f"《联合国反腐败公约》第{'1' * 5000}条", [("uncac", "")]),  # no number that Python reads
    ],
)
def test_article_locators(text, located):
    assert locators(text) == located


def test_an_article_belongs_to_its_own_sentence():
    source = "1. 会上提到《联合国反腐败公约》。第2条很有用。该公约第3条也有用。"
    frame = find_mentions(parse_report(source))
    assert list(frame.loc[frame["kind"] == "instrument", "locator"]) == ["", "art. 3"]


def test_a_title_that_is_not_closed_in_its_sentence_is_none():
    # 'the outer space [title opened]. The proposal was adopted (convention [closed] and [opened] the objects.'
    report = parse_report("1. 发言者指出，《外层空间。会上通过了提案（条约》和《空间物体。\n")
    assert len(report.sentences) == 2
    assert find_mentions(report).empty


def test_an_anaphor_has_its_own_article():
    assert locators("《联合国反腐败公约》第2条；该公约第18条第3款。") == [("uncac", "art. 2"), ("uncac", "art. 18(3)")]


# ---- English --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the Council of Europe Convention on Cybercrime", ["budapest"]),
        ("the second additional protocol to the Budapest Convention", ["budapest-protocol-2"]),
        ("the Organized Crime Convention and the Convention against Corruption", ["untoc", "uncac"]),
        ("General Assembly resolution 74/247", ["ga-74-247"]),
        ("Commission resolution 26/4", ["ccpcj-26-4"]),
        ("The Convention against Corruption was useful; that Convention was ratified.", ["uncac", "uncac"]),
        ("a new international convention on cybercrime", ["new-convention"]),
        ("existing international instruments", ["existing-instruments"]),
        ("organized crime groups", []),
    ],
)
def test_english_instruments(text, words):
    assert [entity for _, entity in entities(text, lang="en")] == words


def test_english_articles_stand_before_the_instrument():
    assert locators("Speakers referred to article 18 (3) of the Organized Crime Convention.", "en") == [
        ("untoc", "art. 18(3)")
    ]


# ---- nothing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [[], [""], ["各国应合作。"]])  # States should cooperate
def test_nothing_mentioned(texts):
    frame = mentions(*texts)
    assert list(frame.columns) == COLUMNS
    assert frame.empty
    assert frame["start"].dtype == frame["end"].dtype == "int64"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        # 'praised the Budapest Convention · use the treaties there are, including the Palermo Convention · that Convention'
        ("zh", "1. 代表们称赞《布达佩斯公约》。各国应利用现有条约，包括《打击有组织犯罪公约》。该公约值得借鉴。"),
        (
            "en",
            "1. Delegations praised the Budapest Convention. Existing treaties, such as the Organized Crime Convention, were"
            " used as well. That Convention was a model.",
        ),
    ],
)
def test_an_example_is_not_what_an_anaphor_points_back_to(lang, text):
    mentions = find_mentions(parse_report(text, lang))
    assert mentions.loc[mentions["form"] == "anaphor", "entity_id"].tolist() == ["budapest"]
