"""Statements: who is said to speak, with which verb and modality, linked to whom, set against whom."""

from __future__ import annotations

import itertools

import pytest
from pandas.testing import assert_frame_equal

from egdata.codebook.codebook import read_codebook
from egdata.coding.clauses import read_clause_marks, split_clauses
from egdata.coding.finders import find_statements
from egdata.reading.report import parse_report, sentences_report

COLUMNS = [
    "statement_id", "sentence_id", "holder", "holder_rank", "holder_start", "holder_end", "holder_quote", "group_id",
    "antecedent_id", "verb", "modality", "is_contrast", "start", "end", "quote", "rule_id", "coded_by",
]  # fmt: skip


def holders(texts, lang="zh"):
    """The holders of bare sentences, several of one sentence joined by a blank."""
    frame = find_statements(sentences_report(texts, lang))
    return list(frame.groupby("sentence_id", sort=False)["holder"].agg(" ".join))


def in_one_unit(text):
    """Statements of one paragraph."""
    return find_statements(parse_report(f"1. {text}", "zh"))


# ---- quantifier × noun × verb ---------------------------------------------------------------------------------------

QUANTIFIERS = {
    "one": ["一位", "一名", "另一位", "另有一名", "有一位"],  # one, another
    "several": ["多位", "若干", "几个", "好几个", "数名", "少数", "两位", "三个", "几位"],  # several, a few, two, three
    "some": ["一些", "有些", "部分", "某些"],
    "many": ["许多", "很多", "大多数", "绝大多数", "多数", "不少"],  # many, most
    "general": ["所有", "全体"],  # all
    "other": ["其他", "其余"],
}
# speakers, delegations, representatives, experts, participants, observers, Member States, States, parties, members
NOUNS = ["发言者", "代表团", "代表", "专家", "与会者", "观察员", "会员国", "国家", "缔约国", "成员"]
VERBS = [
    "认为，这一点很重要",  # held that this was important
    "指出，情况有所变化",  # noted that things had changed
    "强调，时间有限",  # stressed that time was short
    "表示支持这项提案",  # expressed support for the proposal
    "建议推迟会议",  # proposed postponing the meeting
    "欢迎这项提案",  # welcomed the proposal
    "呼吁各国加强合作",  # called upon States to cooperate
]


@pytest.mark.parametrize("holder", list(QUANTIFIERS))
@pytest.mark.parametrize("noun", NOUNS)
def test_every_quantifier_goes_with_every_noun_and_verb(holder, noun):
    texts = [f"{quantifier}{noun}{verb}。" for quantifier, verb in itertools.product(QUANTIFIERS[holder], VERBS)]
    wrong = {text: code for text, code in zip(texts, holders(texts), strict=True) if code != holder}
    assert not wrong


@pytest.mark.parametrize(
    "text",
    [
        "大会决定设立专家组。",  # decides to establish
        "注意到专家组的报告，",  # takes note of the report,
        "欢迎专家组的工作，",  # welcoming the work,
        "请秘书处提交报告；",  # requests the Secretariat to report;
        "回顾其第65/230号决议，",  # recalling its resolution,
        "大会第74/173号决议承认专家组的工作十分重要。",  # the resolution recognizes that the work is important
        "在《多哈宣言》中，会员国欢迎专家组的工作。",  # in the Declaration, Member States welcomed the work
        "委员会在该决议中请专家组继续开会。",  # in that resolution the Commission requested the Group to go on meeting
        "7. 促请会员国批准该文书，并请秘书处提交报告；",  # 7. Urges Member States to ratify it, and requests …;
        "又指出委员会建议各国批准该文书，",  # noting also that the Commission recommended States to ratify it,
        "大会在其第65/230号决议中请委员会设立专家组。",  # in its resolution the Assembly requested the Commission
        # a proposal spoken of is no proposal made
        "本段载有会员国提出的建议，并非按重要性排序：",  # this section has the proposals put forward, in no order
        "会员国提出的建议列于下文。",  # the proposals put forward by Member States are listed below
        "报告载有专家组提出的建议。",  # the report has the recommendations made by the Expert Group
    ],
)
def test_nobody_is_reported_in_the_clauses_of_a_resolution_or_where_a_proposal_is_spoken_of(text):
    assert holders([text]) == ["unattributed"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a body named inside what somebody says is no new speaker …
        # 'Some delegations noted that the Committee proposed an extension.'
        ("一些代表团指出，委员会建议延长任期。", [("some", "指出", "一些代表团指出，委员会建议延长任期。")]),
        # … but it is behind a semicolon, a connective after it or not, and where it is set against who spoke before
        (
            "一些代表团指出，应加强合作；委员会建议延长任期。",
            [("some", "指出", "一些代表团指出，应加强合作；"), ("named", "建议", "委员会建议延长任期。")],
        ),
        (
            "一些代表团支持该提案，秘书处则反对。",
            [("some", "支持", "一些代表团支持该提案，"), ("named", "反对", "秘书处则反对。")],
        ),
        (
            "一些代表团支持该提案，秘书处答复说，时间有限。",
            [("some", "支持", "一些代表团支持该提案，"), ("named", "答复说", "秘书处答复说，时间有限。")],
        ),
        # 'States are encouraged': at the head, behind adjuncts or a semicolon, not behind a clause of its own
        ("建议各国加强合作。", [("impersonal", "建议", "建议各国加强合作。")]),
        ("在会议上，为此，建议各国加强合作。", [("impersonal", "建议", "在会议上，为此，建议各国加强合作。")]),
        ("时间有限，建议各国加强合作。", [("unattributed", "", "时间有限，建议各国加强合作。")]),
        (
            "时间有限；建议各国加强合作。",
            [("unattributed", "", "时间有限；"), ("impersonal", "建议", "建议各国加强合作。")],
        ),
        # a holder only speaks on: 'Some delegations noted that time was short and encouraged States'
        (
            "一些代表团指出，时间有限；建议各国加强合作。",
            [("some", "指出", "一些代表团指出，时间有限；建议各国加强合作。")],
        ),
    ],
)
def test_who_speaks_where_in_a_sentence(text, expected):
    frame = find_statements(sentences_report([text]))
    assert list(frame[["holder", "verb", "quote"]].itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Chair, supported by some delegations, said that time was short.",
            [
                ("named", "The Chair", "said"),
                ("some", "supported by some delegations", "supported by some delegations"),
            ],
        ),
        (
            "The Chair said that time was short, supported by some delegations.",
            [
                ("named", "The Chair", "said"),
                ("some", "supported by some delegations", "supported by some delegations"),
            ],
        ),
        (
            "The Chair said that time was short, that it was late, supported by some delegations; others disagreed.",
            [
                ("named", "The Chair", "said"),
                ("some", "supported by some delegations", "supported by some delegations"),
                ("other", "others", "disagreed"),
            ],
        ),
        # far from the Chair and in the middle of a sentence nobody joins
        (
            "The Chair said that time was short, that it was late, and, supported by some delegations, left.",
            [("named", "The Chair", "said")],
        ),
        ("The Committee, a party to it, welcomed the proposal.", [("named", "The Committee", "welcomed")]),
        ("Recalling its resolution, the Committee welcomed it.", [("named", "the Committee", "welcomed")]),
        ("Welcoming the report,", [("unattributed", "", "")]),
        ("To wait would, in Peru's opinion, be unwise.", [("named", "in Peru's opinion", "in Peru's opinion")]),
        ("Mr. Šturma said that time was short.", [("named", "Mr. Šturma", "said")]),
        ("Chad, for several States, said that time was short.", [("named", "Chad", "said")]),
        ("A Party making an objection to it shall give reasons.", [("unattributed", "", "")]),
        ("Several obstacles emerged, underscoring the need for time.", [("unattributed", "", "")]),
        ("The roster shall list trainers proposed by some States.", [("unattributed", "", "")]),
        (
            "A clause that roads shall be built was supported by some States.",
            [("some", *["was supported by some States"] * 2)],
        ),
        ("Access was, provided that a judge agreed, open.", [("unattributed", "", "")]),
        ("19. Written comments were also sent in by observers for banks.", [("unattributed", "", "")]),
        (
            "Most States reported delays: 9 States (60 per cent) stated that these were long.",
            [("many", "Most States", "reported")],
        ),
        ("The Fund will have two windows, while maintaining high standards.", [("unattributed", "", "")]),
        ("It was noted with concern that time was short.", [("impersonal", *["It was noted with concern"] * 2)]),
        (
            "The meeting was reminded that time was short.",
            [("impersonal", *["The meeting was reminded that"] * 2)],
        ),
        ("WHO stressed that time was short.", [("named", "WHO", "stressed")]),
        ("In talks with WHO time was short.", [("unattributed", "", "")]),
    ],
)
def test_who_speaks_where_in_an_english_sentence(text, expected):
    frame = find_statements(sentences_report([text], "en"))
    assert list(frame[["holder", "holder_quote", "verb"]].itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("关于此事，秘书处法律顾问的意见是，时间有限。", "秘书处法律顾问的意见是"),  # the adviser of the secretariat
        ("总干事在回应评论时表示，时间有限。", "总干事"),  # 应 within 回应 ('reply') is no 'should'
        ("智利、法国等国主张推迟。", "智利、法国等国"),
        ("专家组赞赏地注意到该报告。", "专家组"),  # the Expert Group, and no experts
        ("副主席范利罗普解释说，时间有限。", "副主席范利罗普"),  # the Vice-Chair and his name
        ("委员会请执行主任探讨该办法。", "委员会"),  # requested
        ("秘鲁，除其他外，要求推迟。", "秘鲁"),  # inter alia
    ],
)
def test_a_name_is_a_holder_in_chinese_frames(text, quote):
    (row,) = find_statements(sentences_report([text])).to_dict("records")
    assert (row["holder"], row["holder_quote"]) == ("named", quote)


# 'if the Chair holds otherwise', 'to learn from participants', 'the draft that the group recommends is annexed'
# 'the Secretary-General shall provide that', 'the contractor may, with the consent of the Authority'
@pytest.mark.parametrize(
    "text",
    [
        "如主席认为不妥，应推迟。",
        "目的是从与会者那里了解情况。",
        "专家组建议委员会审议的草案载于附件。",
        "秘书长应规定，有关人员须作出声明，表示知情。",
        "承包者经管理局同意，可调整计划。",
        "如果与会者同意，可编写报告。",  # if participants agree
        "该热线为各国提供信息。",  # for States
    ],
)
def test_nobody_reports_in_a_condition_an_aim_or_a_noun(text):
    assert holders([text]) == ["unattributed"]


# ---- the words and the scale ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quote", "verb", "rank"),
    [
        ("一位发言者指出，时间有限。", "一位发言者", "指出", 1),
        ("一些代表团认为，时间有限。", "一些代表团", "认为", 2),
        ("多位会员国代表欢迎该提案。", "多位会员国代表", "欢迎", 3),
        ("许多发言者强调，时间有限。", "许多发言者", "强调", 4),
        ("所有与会者赞成该提案。", "所有与会者", "赞成", 5),
        ("在这方面，一些发言者指出，时间有限。", "一些发言者", "指出", 2),  # in this regard, some speakers
        ("此外，一位发言者认为，时间有限。", "一位发言者", "认为", 1),  # moreover, one speaker
        ("一些发言者特别针对这一点着重指出，时间有限。", "一些发言者", "指出", 2),  # on this in particular
    ],
)
def test_the_words_that_name_holder_and_verb(text, quote, verb, rank):
    (row,) = find_statements(sentences_report([text])).itertuples()
    assert (row.holder_quote, row.verb, row.holder_rank) == (quote, verb, rank)
    assert text[row.holder_start : row.holder_end] == quote
    assert row.quote == text


@pytest.mark.parametrize(
    ("text", "verb"),
    [("会上指出，时间有限。", "指出"), ("与会者普遍认为，时间有限。", "认为"), ("据指出，时间有限。", "指出")],
)
def test_the_verb_is_the_verb_alone(text, verb):
    assert list(find_statements(sentences_report([text]))["verb"]) == [verb]


def test_nobody_off_the_scale_has_a_rank():
    texts = [
        "其他发言者指出，时间有限。",
        "发言者指出，时间有限。",
        "秘书处指出，时间有限。",
        "会上指出，时间有限。",
        "时间有限。",
    ]
    frame = find_statements(sentences_report(texts))
    assert frame["holder_rank"].isna().all()
    assert frame["holder_rank"].dtype == "Int64"


# ---- identity -------------------------------------------------------------------------------------------------------


def test_two_groups_of_some_speakers_are_two():
    frame = in_one_unit("一些发言者指出，时间有限。一些发言者强调，经费有限。")
    assert list(frame["group_id"]) == ["1#1/s1", "1#2/s1"]
    assert list(frame["antecedent_id"]) == ["", ""]


@pytest.mark.parametrize(
    ("first", "anaphor", "holder"),
    [
        ("一些发言者", "这些发言者", "some"),  # some speakers … these speakers
        ("多位代表", "这些代表", "several"),
        ("许多代表团", "他们", "many"),
        ("其他发言者", "他们", "other"),
        ("一位发言者", "该发言者", "one"),  # one speaker … that speaker
        ("另一位发言者", "这位发言者", "one"),
        ("一位代表", "该代表", "one"),
        ("一位发言者", "她", "one"),
    ],
)
def test_an_anaphor_links_two_mentions(first, anaphor, holder):
    frame = in_one_unit(f"{first}指出，时间有限。各国应合作。{anaphor}还强调，经费有限。")
    assert list(frame["holder"]) == [holder, "unattributed", holder]
    assert list(frame["antecedent_id"]) == ["", "", "1#1/s1"]
    assert list(frame["group_id"]) == ["1#1/s1", "1#2/s1", "1#1/s1"]
    assert list(frame["holder_quote"])[::2] == [first, anaphor]


@pytest.mark.parametrize(
    ("anaphor", "holder"), [("这些发言者", "speakers"), ("他们", "speakers"), ("该发言者", "one"), ("他", "one")]
)
def test_an_anaphor_to_nobody_counts_by_its_number(anaphor, holder):
    # 'these speakers', 'they', 'that speaker', 'he', with nobody named before
    frame = in_one_unit(f"{anaphor}指出，时间有限。")
    assert frame[["holder", "antecedent_id", "group_id"]].values.tolist() == [[holder, "", "1#1/s1"]]


def test_an_anaphor_may_point_to_a_named_speaker():
    # 'The representative of China noted that time was short. She also stressed that funds were.'
    frame = in_one_unit("中国代表指出，时间有限。她还强调，经费有限。")
    assert list(frame["holder"]) == ["named", "named"]
    assert list(frame["antecedent_id"]) == ["", "1#1/s1"]


def test_anaphors_make_a_chain_of_one_group():
    frame = in_one_unit("一些发言者指出，时间有限。这些发言者强调，经费有限。他们认为，应延长任期。")
    assert list(frame["antecedent_id"]) == ["", "1#1/s1", "1#2/s1"]
    assert list(frame["group_id"]) == ["1#1/s1"] * 3


def test_what_is_so_for_a_speaker_is_said_by_that_speaker():
    # 'One speaker supported the text. For that speaker, time was short.'
    frame = in_one_unit("一位发言者支持该案文。对该发言者来说，时间有限。")
    assert list(frame["holder"]) == ["one", "one"]
    assert list(frame["antecedent_id"]) == ["", "1#1/s1"]


def test_a_word_in_a_quotation_is_no_reporting_verb():
    # 'The Expert Group considered at its seventh session the item “Stocktaking of conclusions and recommendations”.'
    frame = in_one_unit("专家组在第七次会议上审议了题为“盘点结论和建议”的议程项目。")
    assert frame[["holder", "modality"]].values.tolist() == [["unattributed", "none"]]


def test_an_anaphor_looks_for_its_number():
    # some speakers …, one representative …, these speakers …, that representative …
    frame = in_one_unit(
        "一些发言者指出，时间有限。一位代表强调，经费有限。这些发言者认为，应延长任期。该代表表示支持。"
    )
    assert list(frame["antecedent_id"]) == ["", "", "1#1/s1", "1#2/s1"]
    assert list(frame["holder"]) == ["some", "one", "some", "one"]


def test_an_anaphor_does_not_look_beyond_its_unit():
    frame = find_statements(parse_report("1. 一些发言者指出，时间有限。\n2. 这些发言者强调，经费有限。", "zh"))
    assert list(frame["antecedent_id"]) == ["", ""]
    assert list(frame["group_id"]) == ["1#1/s1", "2#1/s1"]
    assert list(frame["holder"]) == ["some", "speakers"]


# ---- two holders in a sentence --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        # some speakers mentioned …, and another speaker mentioned …
        (
            "一些发言者提到了区域网络，另有一名发言者提到了演习。",
            [("some", "一些发言者提到了区域网络，"), ("one", "另有一名发言者提到了演习。")],
        ),
        # several speakers welcomed the proposal; one speaker was concerned about the costs
        (
            "多位发言者欢迎该提案；一位发言者对经费表示关切。",
            [("several", "多位发言者欢迎该提案；"), ("one", "一位发言者对经费表示关切。")],
        ),
        # some supported, but other delegations opposed
        (
            "一些发言者支持该提案，但其他代表团反对。",
            [("some", "一些发言者支持该提案，"), ("other", "但其他代表团反对。")],
        ),
        # Norway supported; the delegation of Egypt, however, opposed this
        (
            "挪威代表团支持该提案，埃及代表团则对此表示反对。",
            [("named", "挪威代表团支持该提案，"), ("named", "埃及代表团则对此表示反对。")],
        ),
        # one speaker asked when; the Secretariat replied
        (
            "一位发言者询问何时开会，秘书处答复说尚未确定。",
            [("one", "一位发言者询问何时开会，"), ("named", "秘书处答复说尚未确定。")],
        ),
        # many delegations, in a passive clause, supported it, and one speaker was against
        (
            "该提案得到许多代表团的支持，但一位发言者表示反对。",
            [("many", "该提案得到许多代表团的支持，"), ("one", "但一位发言者表示反对。")],
        ),
        # another State's representative, and one of them; a source named inside what somebody says is no holder
        (
            "另一国代表反对延期，据称费用过高；其中一位支持延期。",
            [("one", "另一国代表反对延期，据称费用过高；"), ("one", "其中一位支持延期。")],
        ),
        # States should act; one speaker noted …
        (
            "各国应采取行动；一位发言者指出，时间有限。",
            [("unattributed", "各国应采取行动；"), ("one", "一位发言者指出，时间有限。")],
        ),
    ],
)
def test_two_holders_in_one_sentence(text, statements):
    frame = find_statements(sentences_report([text]))
    assert list(zip(frame["holder"], frame["quote"], strict=True)) == statements
    assert list(frame["statement_id"]) == ["0/s1", "0/s2"]


def test_who_is_named_behind_the_clause_of_a_semicolon_says_it_all():
    text = "没有命令，推迟无妨；有了命令，一位发言者指出，时间有限。"  # no order, no harm; with one, a speaker noted, …
    assert list(find_statements(sentences_report([text]))["quote"]) == [text]


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        ("要求延期，一些代表团认为为时过早。", ["some"]),  # to ask for a delay some delegations found premature
        (
            "认为可以延期的看法遭到几个代表团的否定。",
            ["several"],
        ),  # the view that it may be delayed was rejected by several
        ("认为可以延期。", ["impersonal"]),  # it was felt that it might be delayed
        ("各国应合作；此外还指出，各方负有责任。", ["unattributed", "impersonal"]),  # …; it was further noted
    ],
)
def test_what_is_asked_at_the_head_of_a_sentence_may_be_what_others_speak_of(text, holders):
    assert list(find_statements(sentences_report([text]))["holder"]) == holders


@pytest.mark.parametrize(
    "text",
    [
        "工作十分重要；网络犯罪被认为是威胁。",  # the work was important; cybercrime was considered a threat
        "网络犯罪被认为是威胁；工作十分重要。",
    ],
)
def test_a_passive_governs_the_whole_sentence(text):
    frame = find_statements(sentences_report([text]))
    assert frame[["holder", "holder_quote", "quote"]].values.tolist() == [["impersonal", "被认为", text]]


def test_the_words_that_name_a_holder_begin_with_no_blank():
    # in a mixed text: Poland expressed support; … the representative of Greece presented the law of her country
    frame = find_statements(sentences_report(["波兰表示支持; It was noted that希腊的代表介绍了本国立法。"]))
    assert not frame["holder_quote"].str.startswith(" ").any()
    assert list(frame["holder_quote"])[-1].endswith("希腊的代表")


def test_who_supports_a_proposal_is_meant_by_they():
    # the proposal was supported by many delegations, which considered that it served the interests of all
    text = "关于推迟会议的提议得到了许多代表团的支持，它们认为这符合各方的利益。"
    frame = find_statements(sentences_report([text]))
    assert list(zip(frame["holder"], frame["quote"], strict=True)) == [("many", text)]


@pytest.mark.parametrize(
    "text",
    [
        "挪威代表团提议推迟会议，得到若干代表团的支持。",  # Norway proposed …, with the support of several delegations
        "挪威代表团提议推迟会议，这一建议得到若干与会者赞同。",  # …, a proposal to which several participants agreed
    ],
)
def test_who_joins_a_holder_governs_the_same_words(text):
    frame = find_statements(sentences_report([text]))
    assert list(zip(frame["holder"], frame["quote"], strict=True)) == [("named", text), ("several", text)]


@pytest.mark.parametrize(
    "text",
    [
        "会上指出，时间有限，会上还强调，经费有限。",  # it was noted …, and it was also stressed …
        "一些发言者认为，时间有限，指出经费不足，并建议推迟会议。",  # some speakers held …, noted …, and proposed …
        "一位发言者指出，一些国家缺乏能力。",  # one speaker noted that some States lacked capacity
        "一些发言者提到了其他发言者的意见。",  # some speakers mentioned what other speakers had said
    ],
)
def test_one_holder_who_speaks_on(text):
    assert len(find_statements(sentences_report([text]))) == 1


# ---- contrast -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "但其他发言者指出，时间有限。",  # but other speakers
        "但是，一些发言者指出，时间有限。",  # however,
        "然而，一位发言者指出，时间有限。",  # however,
        "然而，一位发言者还指出，时间有限。",  # however, one speaker also
        "不过，一些代表团认为，时间有限。",  # however,
        "同时其他发言者指出，时间有限。",  # at the same time other speakers
        "其他发言者则认为，时间有限。",  # other speakers, in turn,
        "另一方面，一些发言者认为，时间有限。",  # on the other hand,
        "另有与会者指出，时间有限。",  # yet other participants
    ],
)
def test_a_contrast(text):
    assert list(find_statements(sentences_report([text]))["is_contrast"]) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "其他发言者指出，时间有限。",  # 'other speakers' alone is no contrast
        "其他发言者还指出，时间有限。",
        "一些发言者指出，时间有限。",
        "此外，一些发言者指出，时间有限。",  # moreover,
        "在这方面，一位发言者指出，时间有限。",  # in this regard,
        "各国应合作，但不应重复工作。",  # States should cooperate but not duplicate work
        "会上指出，时间有限，但可以延长。",  # it was noted that time was short but could be extended
        "同时其他发言者还指出，时间有限。",  # at the same time other speakers also
        "时限因其作用而被认为是适当的。",  # because of its effect it was considered appropriate
    ],
)
def test_no_contrast(text):
    assert not find_statements(sentences_report([text]))["is_contrast"].any()


@pytest.mark.parametrize(
    "text",
    [
        "一些发言者支持该提案，但其他代表团反对。",  # …, but other delegations opposed
        "许多发言者欢迎该提案，而一位发言者认为时机不成熟。",  # …, while one speaker held that it was too early
        "一些发言者支持该提案，另一些发言者表示反对。",  # some supported, others opposed
    ],
)
def test_the_second_holder_is_set_against_the_first(text):
    assert list(find_statements(sentences_report([text]))["is_contrast"]) == [False, True]


# ---- modality -------------------------------------------------------------------------------------------------------


# ---- invariants -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["real", "invented"])
def test_invariants(name, request, book):
    report = request.getfixturevalue(name)
    frame = find_statements(report)
    assert list(frame.columns) == COLUMNS
    assert frame["statement_id"].is_unique
    assert list(dict.fromkeys(frame["sentence_id"])) == list(report.sentences["sentence_id"])
    assert set(frame["holder"]) <= set(book.codes("holders")) - {"anaphor"}
    assert set(frame["modality"]) <= set(book.codes("modalities"))
    assert set(frame["coded_by"]) == {"rules"}
    assert set(frame["rule_id"]) <= {"", *book.tables["holder_rules"]["rule_id"]}
    rank = {code: row["rank"] for code, row in book.codes("holders").items()}
    assert [str(value) if value is not None else "" for value in frame["holder_rank"].astype(object).where(frame["holder_rank"].notna(), None)] == [
        rank[holder] for holder in frame["holder"]
    ]  # fmt: skip
    for row in frame.itertuples():
        assert report.text[row.start : row.end] == row.quote
        assert (row.holder == "unattributed") == (row.holder_quote == "") == (row.rule_id == "")
        if row.holder_quote:
            assert report.text[row.holder_start : row.holder_end] == row.holder_quote
            assert row.verb
            assert row.start <= row.holder_start < row.holder_end <= row.end


@pytest.mark.parametrize("name", ["real", "invented"])
def test_statements_tile_their_sentences(name, request):
    report = request.getfixturevalue(name)
    sentences = report.sentences.set_index("sentence_id")
    for sentence_id, frame in find_statements(report).groupby("sentence_id", sort=False):
        start, end = sentences.loc[sentence_id, ["start", "end"]]
        assert [*frame["start"], end] == [start, *frame["end"]]
        assert list(frame["statement_id"]) == [f"{sentence_id}/s{n}" for n in range(1, len(frame) + 1)]


@pytest.mark.parametrize("name", ["real", "invented"])
def test_links_stay_inside_their_unit_and_keep_the_class(name, request):
    frame = find_statements(request.getfixturevalue(name))
    by_id = frame.set_index("statement_id")
    for row in frame.itertuples():
        if row.antecedent_id:
            back = by_id.loc[row.antecedent_id]
            assert row.antecedent_id.split("#")[0] == row.statement_id.split("#")[0]
            assert (row.holder, row.group_id) == (back.holder, back.group_id)
            assert back.end <= row.start
        else:
            assert row.group_id == row.statement_id


def test_invented_report_gives_the_expected_table(invented, expected):
    wanted = [
        "statement_id", "sentence_id", "holder", "holder_rank", "holder_quote", "group_id", "antecedent_id", "modality",
        "is_contrast", "start", "end", "quote",
    ]  # fmt: skip
    frame = find_statements(invented)[wanted]
    assert_frame_equal(frame, expected("statements", frame))


def test_groups_of_the_real_report(real_coding):
    frame = real_coding.statements.set_index("statement_id")
    in_22 = frame[frame["sentence_id"].str.startswith("22#")]
    assert list(in_22["holder"]) == ["other", "some", "one", "one"]  # but other speakers, some, one, that speaker
    assert list(in_22["antecedent_id"]) == ["", "", "", "22#3/s1"]
    assert list(in_22["is_contrast"]) == [True, False, False, False]
    in_23 = frame[frame["sentence_id"].str.startswith("23#")]
    assert list(in_23["holder"]) == ["some", "some", "some", "one"]  # some, these speakers, they, one
    assert list(in_23["group_id"].iloc[:3]) == ["23#1/s1"] * 3


@pytest.mark.parametrize("sentence", ["28#4", "51#2"])
def test_other_speakers_without_a_contrast_in_the_real_report(real_coding, sentence):
    frame = real_coding.statements
    assert list(
        frame.loc[frame["sentence_id"] == sentence, ["holder", "is_contrast"]].itertuples(index=False, name=None)
    ) == [("other", False)]


# ---- English and nothing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("会上指出，各国应合作；", ["会上指出，", "各国应合作；"]),
        ("《甲，乙》丙，丁。", ["《甲，乙》丙，", "丁。"]),
        ("甲（乙，丙）丁，戊", ["甲（乙，丙）丁，", "戊"]),
        ("甲“乙，丙。”丁，戊", ["甲“乙，丙。”丁，", "戊"]),
        ("1,000人，甲", ["1,000人，", "甲"]),
        ("甲", ["甲"]),
    ],
)
def test_clauses(text, clauses):
    marks = read_clause_marks(read_codebook(), "zh")
    assert [text[start:end] for start, end in split_clauses(text, marks)] == clauses


@pytest.mark.parametrize("texts", [[], ["各国应合作。"]])
def test_columns_and_types(texts):
    frame = find_statements(sentences_report(texts))
    assert list(frame.columns) == COLUMNS
    assert len(frame) == len(texts)
    for column in ("holder_rank", "holder_start", "holder_end"):
        assert frame[column].dtype == "Int64"
    assert frame["start"].dtype == frame["end"].dtype == "int64"
    assert frame["is_contrast"].dtype == bool


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        (
            "该提议受到一个区域集团的支持，但遭到其他代表团的反对。",
            ["one", "other"],
        ),  # backed by one group, opposed by others
        ("该提议受到一个区域集团的支持，却遭到法国的反对。", ["one", "named"]),  # …, but by France
        ("该提议得到几个代表团的推崇，却遭到许多代表团的非议。", ["several", "many"]),  # praised, censured
        ("Many delegations asked for drums, though a few demurred.", ["many", "several"]),
        ("Most of the members wanted flutes, whereas a handful preferred drums.", ["many", "several"]),
        ("Participants warned of drums, which two of the experts, by contrast, admired.", ["speakers", "several"]),
        ("The Chair, an observer, welcomed the drums.", ["named"]),
    ],
)
def test_who_is_set_against_the_agent_of_a_passive_is_told_once(text, holders):
    assert find_statements(sentences_report([text], "zh" if "。" in text else "en"))["holder"].tolist() == holders
