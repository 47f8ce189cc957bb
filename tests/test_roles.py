"""Who takes part in a statement, as which words say: subjects, supporters, opponents, principals; invented sentences."""

from __future__ import annotations

import pandas as pd
import pytest

from egdata.coding.finders import find_actors
from egdata.reading.report import sentences_report

MARKS = {"speaker": "", "on-behalf-of": "for ", "with": "with ", "supporter": "+", "opponent": "-"}


def told(text: str, lang: str = "en") -> dict[str, list[str]]:
    """Predicate and message → who takes part in it, as ``+Peru`` for a supporter; ``not`` before what is negated."""
    actors: dict[str, list[str]] = {}
    for row in find_actors(sentences_report([text], lang)).itertuples():
        is_negated = (row.polarity == "negated") != (row.role == "opponent")
        key = f"{'not ' if is_negated else ''}{row.predicate}: {row.message}"
        actors.setdefault(key, []).append(MARKS[row.role] + row.quote)
    return actors


def test_a_row_has_all_that_is_known_of_an_actor():
    actors = find_actors(sentences_report(["Peru, opposed by Grand Lake, did not support the fee."], "en"))
    columns = ["statement_id", "sentence_id", "actor_id", "node_type", "name_en", "name_zh", "role"]
    said = ["support", 37, 44]
    lake = "Grand Lake"
    expected = pd.DataFrame(
        [
            ["0/s1", "0", "per", "state", "Peru", "秘鲁", "speaker", *said, "negated", "the fee", 0, 4, "Peru"],
            ["0/s1", "0", lake, "named", lake, lake, "opponent", *said, "affirmed", "the fee", 17, 27, lake],
        ],
        columns=[
            *columns,
            "predicate",
            "predicate_start",
            "predicate_end",
            "polarity",
            "message",
            "start",
            "end",
            "quote",
        ],
    ).astype({"predicate_start": "Int64", "predicate_end": "Int64"})
    pd.testing.assert_frame_equal(actors, expected, check_dtype=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PERU, CHILE and the EU proposed a toll.", {"proposed: a toll": ["PERU", "CHILE", "EU"]}),
        ("The G-77/China noted delays.", {"noted: delays": ["G-77", "China"]}),
        (
            "Peru, supported by Chile and Cuba, and opposed by Fiji, called for a toll.",
            {"called: for a toll": ["Peru", "+Chile", "+Cuba", "-Fiji"]},
        ),
        ("Peru proposed, opposed by Fiji, to adjourn.", {"proposed: to adjourn": ["Peru", "-Fiji"]}),
        ("Peru proposed a toll, supported by Fiji.", {"proposed: a toll": ["Peru", "+Fiji"]}),
        ("Supported by Fiji, Peru asked for time.", {"asked: for time": ["+Fiji", "Peru"]}),
        (
            "Kenya, for the African Group, and Nauru, for AOSIS, said tides rise.",
            {"said: tides rise": ["Kenya", "for African Group", "Nauru", "for AOSIS"]},
        ),
        (
            "Peru, on behalf of Chile and Cuba, with Fiji, urged calm.",
            {"urged: calm": ["Peru", "for Chile", "for Cuba", "with Fiji"]},
        ),
        ("The representative of Peru said no.", {"said: no": ["Peru"]}),
        (
            "Peru noted delays, and called for tolls.",
            {"noted: delays": ["Peru"], "called: for tolls": ["Peru"]},
        ),
        (
            "Peru liked it, while Fiji, with Cuba, opposed it.",
            {"liked: it": ["Peru"], "opposed: it": ["Fiji", "with Cuba"]},
        ),
        ("Noting delays, Peru asked for time.", {"Noting: delays": ["Peru"], "asked: for time": ["Peru"]}),
        ("Peru objected, stressing costs.", {"objected: ": ["Peru"], "stressing: costs": ["Peru"]}),
        ("Some parties met, with Peru calling for calm.", {"calling: for calm": ["Peru"]}),
        (
            "Peru supported, and Fiji opposed, the toll.",
            {"supported: the toll": ["Peru"], "opposed: the toll": ["Fiji"]},
        ),
        ("Peru was of the opinion that tides rise.", {"was of the opinion: that tides rise": ["Peru"]}),
        ("Peru did not agree to tolls.", {"not agree: to tolls": ["Peru"]}),
        ("The toll was opposed by Peru, Chile and Fiji.", {"opposed: The toll": ["Peru", "Chile", "Fiji"]}),
        ("“Tides rise,” said Peru.", {"said: “Tides rise,”": ["Peru"]}),
        ("It urged Peru to wait.", {}),
        ("Tolls, Peru insisted, were due.", {"insisted: Tolls were due": ["Peru"]}),
        ("Tolls, insisted Peru, were due.", {"insisted: Tolls were due": ["Peru"]}),
        ("Noting delays, Peru adjourned.", {"Noting: delays": ["Peru"]}),
        ("Speakers recalled Peru's concern about tolls.", {"concern: about tolls": ["Peru"]}),
        ("Speakers backed the proposal by PERU and FIJI to wait.", {"proposal: to wait": ["PERU", "FIJI"]}),
        ("A toll was opposed by PERU.", {"opposed: A toll": ["PERU"]}),
        ("According to Peru, tides rise.", {"According: tides rise": ["Peru"]}),
        ("Answering Fiji, Peru said no.", {"said: no": ["Peru"]}),
        ("At Suva, Fiji, speakers agreed on a toll.", {}),
        ("Mr. Diaz, Minister of Transport, Peru, said no.", {"said: no": ["Mr. Diaz"]}),
        (
            "Tolls were proposed by Egypt on behalf of the Arab Group.",
            {"proposed: Tolls": ["Egypt", "for Arab Group"]},
        ),
        (
            "Tolls were opposed by Peru and supported by Fiji.",
            {"opposed: Tolls": ["Peru"], "supported: Tolls": ["Fiji"]},
        ),
        ("Tolls were proposed by Peru and opposed by Fiji.", {"proposed: Tolls": ["Peru", "-Fiji"]}),
        (
            "The proposal by Peru, supported by Chile and opposed by Fiji, would raise tolls.",
            {"proposal: would raise tolls": ["Peru", "+Chile", "-Fiji"]},
        ),
        (
            "Tolls met with strong opposition from the Umbrella Group.",
            {"met with strong opposition: Tolls": ["Umbrella Group"]},
        ),
        ("Tolls met with the approval of Peru.", {"met with the approval: Tolls": ["Peru"]}),
        (
            "Algeria, for the Group of 77 and China, and Nauru, for AOSIS, said no.",
            {"said: no": ["Algeria", "for Group of 77", "for China", "Nauru", "for AOSIS"]},
        ),
        ("Ms. Petrova (Bulgaria) said no.", {"said: no": ["Ms. Petrova (Bulgaria)"]}),
        ("Peru, which has not signed the treaty, urged care.", {"urged: care": ["Peru"]}),
        (
            "Some States that had not signed the treaty supported tolls.",
            {"supported: tolls": ["Some States that had not signed the treaty"]},
        ),
        (
            "Parties met, with Peru stressing costs, Chile noting delays and Fiji warning of tides.",
            {"stressing: costs": ["Peru"], "noting: delays": ["Chile"], "warning: of tides": ["Fiji"]},
        ),
        (
            "Peru did not support tolls, and neither did Fiji.",
            {"not support: tolls": ["Peru"], "not neither did: tolls": ["Fiji"]},
        ),
        (
            "Peru supported tolls, and Chile and Fiji did too.",
            {"supported: tolls": ["Peru"], "did too: tolls": ["Chile", "Fiji"]},
        ),
        ("Such requests were high, Peru said.", {"said: Such requests were high": ["Peru"]}),
    ],
)
def test_roles_in_english(text, expected):
    actors = told(text)
    assert {said: who for said, who in actors.items() if not any("peakers" in name for name in who)} == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ICPO and the Andean Community said no.", ["ICPO", "Andean Community"]),
        ("Chair Ann Roe (Fiji) proposed a break.", ["Chair Ann Roe"]),
        ("The Coalition for Calm Seas urged care.", ["Coalition for Calm Seas"]),
        ("The Umbrella group urged care.", ["Umbrella group"]),
        ("Article 3 states that tolls are due.", []),
        ("Discussions focused on tolls.", []),
        ("A member urged care.", []),
    ],
)
def test_names_outside_the_codebook(text, names):
    actors = find_actors(sentences_report([text], "en"))
    assert list(actors.loc[actors["node_type"].eq("named"), "name_en"]) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the delegation of Peru, with the support of Chile and Cuba, proposed to adjourn
        ("秘鲁代表团在智利和古巴支持下提议休会。", {"提议: 休会": ["秘鲁", "+智利", "+古巴"]}),
        # the representative of Kenya, in the name of the African Group, stressed capacity
        ("肯尼亚代表以非洲集团的名义强调能力。", {"强调: 能力": ["肯尼亚", "for 非洲集团"]}),
        (
            "秘鲁与斐济一道呼吁克制。",
            {"呼吁: 克制": ["秘鲁", "with 斐济"]},
        ),  # Peru together with Fiji called for restraint
        # Peru proposed to adjourn, was supported by Chile and Cuba; met with the opposition of Fiji
        ("秘鲁提议休会，得到智利、古巴的支持。", {"提议: 休会": ["秘鲁", "+智利", "+古巴"]}),
        ("秘鲁提议休会，遭到斐济反对。", {"提议: 休会": ["秘鲁", "-斐济"]}),
        ("秘鲁不支持休会。", {"not 支持: 休会": ["秘鲁"]}),  # Peru did not support an adjournment
        # Egypt, for the Arab Group, said it was late, and called for restraint
        (
            "埃及代表阿拉伯集团指出，时间已晚，并呼吁克制。",
            {"指出: 时间已晚": ["埃及", "for 阿拉伯集团"], "呼吁: 克制": ["埃及", "for 阿拉伯集团"]},
        ),
        ("该提案得到秘鲁、斐济的支持。", {"支持: 该提案": ["秘鲁", "斐济"]}),  # the proposal had their support
        ("该提案得到秘鲁、斐济等国响应。", {"响应: 该提案": ["秘鲁", "斐济"]}),  # Peru, Fiji and others took it up
        # Peru, speaking for Chile and Cuba as well, welcomed an adjournment; Peru took the floor against it
        ("秘鲁也代表智利和古巴发言，欢迎休会。", {"欢迎: 休会": ["秘鲁", "for 智利", "for 古巴"]}),
        ("秘鲁的代表发言反对休会。", {"反对: 休会": ["秘鲁"]}),
        # Kenya, for Rwanda and Uganda at the same time; in brackets; proposed by Egypt for the Arab Group
        ("肯尼亚同时代表卢旺达和乌干达发言，支持休会。", {"支持: 休会": ["肯尼亚", "for 卢旺达", "for 乌干达"]}),
        ("加拿大代表（同时代表澳大利亚和新西兰）支持休会。", {"支持: 休会": ["加拿大", "for 澳大利亚", "for 新西兰"]}),
        ("由埃及代表阿拉伯集团提议休会。", {"提议: 休会": ["埃及", "for 阿拉伯集团"]}),
        # the proposal met with the opposition of Laos, but had the support of Togo
        ("该提案遭到老挝反对，但得到多哥支持。", {"反对: 该提案": ["老挝"], "支持: 该提案": ["多哥"]}),
        ("77国集团和中国呼吁克制。", {"呼吁: 克制": ["77国集团", "中国"]}),
        ("伊藤先生（日本）呼吁克制。", {"呼吁: 克制": ["伊藤先生（日本）"]}),  # Mr. Ito (Japan)
        ("尼泊尔代表最不发达国家呼吁克制。", {"呼吁: 克制": ["尼泊尔"]}),  # for the least developed countries
        ("秘鲁连同斐济呼吁克制。", {"呼吁: 克制": ["秘鲁", "斐济"]}),  # Peru along with Fiji
        # Peru did not support an adjournment, nor did Norway and Iceland
        (
            "秘鲁不支持休会，挪威和冰岛亦然。",
            {"not 支持: 休会": ["秘鲁"], "not 亦然: 休会": ["挪威", "冰岛"]},
        ),
        ("一个次区域集团呼吁克制。", {"呼吁: 克制": ["一个次区域集团"]}),  # a subregional group: a class
    ],
)
def test_roles_in_chinese(text, expected):
    assert told(text, "zh") == expected


def test_a_pronoun_means_who_spoke_before_in_the_unit():
    from egdata.reading.report import parse_report

    report = parse_report("1. Peru said that tides rise. She urged calm.\n2. He asked for time.", lang="en")
    actors = find_actors(report)
    assert actors[["sentence_id", "node_type", "actor_id", "predicate", "quote"]].values.tolist() == [
        ["1#1", "state", "per", "said", "Peru"],
        ["1#2", "state", "per", "urged", "She"],
        ["2#1", "anonymous", "2#1/s1", "asked", "He"],
    ]


@pytest.mark.parametrize(
    ("text", "lang", "actor"),
    [
        ("The African Group tabled a draft. Peru urged calm. The Group stressed costs.", "en", "african-group"),
        ("The Umbrella Group urged calm. The Group stressed costs.", "en", "Umbrella Group"),
        ("Peru urged calm. The Group stressed costs.", "en", "Group"),
        ("Peru urged calm. His delegation stressed costs.", "en", "per"),
        ("Ms. Petrova (Bulgaria) urged calm. Her delegation stressed costs.", "en", "bgr"),
        ("非洲集团提交了一份草案。该集团强调能力。", "zh", "african-group"),  # that group stressed capacity
        ("国际刑警组织呼吁克制。该组织强调能力。", "zh", "interpol"),  # that organization
        ("秘鲁呼吁克制。其代表团强调能力。", "zh", "per"),  # its delegation
    ],
)
def test_a_group_or_delegation_is_the_one_named_before(text, lang, actor):
    from egdata.reading.report import parse_report

    actors = find_actors(parse_report(f"1. {text}", lang=lang))
    last = actors[actors["sentence_id"].eq(actors["sentence_id"].iloc[-1])]
    assert last["actor_id"].tolist() == [actor]


@pytest.mark.parametrize(
    ("text", "lang", "actor"),
    [
        ("A new fund is something that the Lummi Nation has tried to get.", "en", "Lummi Nation"),
        # as the commission on AIDS and the law had suggested, the parties should act
        (
            "如艾滋病毒和法律问题全球委员会所建议的那样，各国应当采取措施。",
            "zh",
            "艾滋病毒和法律问题全球委员会",
        ),
        ("The Moroccan delegate would be unhappy to see a toll.", "en", "The Moroccan delegate"),
        ("在理事会看来，各国应当采取措施。", "zh", "理事会"),  # as the council saw it
    ],
)
def test_an_actor_is_the_name_alone(text, lang, actor):
    assert list(find_actors(sentences_report([text], lang))["actor_id"]) == [actor]


def test_a_few_may_oppose():
    actors = find_actors(sentences_report(["Some suggested, opposed by a few, to adjourn."], "en"))
    assert actors[["node_type", "role", "polarity"]].values.tolist() == [
        ["anonymous", "speaker", "affirmed"],
        ["anonymous", "opponent", "negated"],
    ]


def test_a_pronoun_that_points_to_nobody_is_an_actor_of_its_class():
    actors = find_actors(sentences_report(["The reform was welcome; they therefore supported a new convention."], "en"))
    assert actors[["actor_id", "node_type", "quote"]].values.tolist() == [["0/s2", "anonymous", "they"]]


def test_a_class_is_an_actor_of_its_mention():
    actors = find_actors(sentences_report(["Some delegations called for tolls.", "Some delegations objected."], "en"))
    assert actors[["actor_id", "node_type", "role", "predicate"]].values.tolist() == [
        ["0/s1", "anonymous", "speaker", "called"],
        ["1/s1", "anonymous", "speaker", "objected"],
    ]


def test_the_agent_of_it_was_said_is_no_pronoun():
    (row,) = find_actors(sentences_report(["It was stressed by speakers that tolls were useful."], "en")).itertuples()
    assert (row.actor_id, row.node_type, row.predicate) == ("0/s1", "anonymous", "stressed")


def test_who_is_named_among_a_class_speaks_too():
    actors = find_actors(sentences_report(["Many delegations, including Peru and Fiji, favoured tolls."], "en"))
    named = actors[actors["node_type"].eq("state")]
    assert named[["name_en", "role", "predicate"]].values.tolist() == [
        ["Peru", "speaker", "favoured"],
        ["Fiji", "speaker", "favoured"],
    ]


def test_a_holder_speaks_beside_others_who_speak_inside_what_he_says():
    actors = told("The workshop noted that the toll, as recommended by Peru, was high.")
    assert [*actors.values()] == [["The workshop"], ["Peru"]]


def test_what_is_made_by_somebody_is_said_only_where_it_is_a_proposal():
    assert [*told("Fiji welcomed the progress made by Peru.").values()] == [["Fiji"]]
    assert [*told("Fiji welcomed the proposal made by Peru.").values()] == [["Fiji"], ["Peru"]]
