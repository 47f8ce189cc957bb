"""The actors of the codebook: the States against maintained libraries, names against the words they hide in."""

from __future__ import annotations

import pycountry
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from egdata.codebook.codebook import read_codebook
from egdata.codebook.matcher import BLOCKED, find_matches
from egdata.coding.coding import code
from egdata.reading.report import sentences_report

# ISO 3166 codes of what is neither a Member nor a non-member observer State of the United Nations
NO_UN_STATES = """
    ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT
    JEY MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VGB VIR WLF
"""
OBSERVERS = {"PSE", "VAT"}
# where United Nations usage differs from pycountry, taken before its comma ('Korea, Republic of')
UN_NAMES_EN = {
    "BOL": "Bolivia (Plurinational State of)",
    "COD": "Democratic Republic of the Congo",
    "FSM": "Micronesia (Federated States of)",
    "GBR": "United Kingdom of Great Britain and Northern Ireland",
    "IRN": "Iran (Islamic Republic of)",
    "KOR": "Republic of Korea",
    "MDA": "Republic of Moldova",
    "PRK": "Democratic People's Republic of Korea",
    "PSE": "State of Palestine",
    "TZA": "United Republic of Tanzania",
    "USA": "United States of America",
    "VAT": "Holy See",
    "VEN": "Venezuela (Bolivarian Republic of)",
}
# where United Nations usage differs from CLDR, the names of babel
UN_NAMES_ZH = {
    "BOL": "多民族玻利维亚国",
    "BRN": "文莱达鲁萨兰国",
    "COD": "刚果民主共和国",
    "COG": "刚果",
    "FSM": "密克罗尼西亚联邦",
    "GBR": "大不列颠及北爱尔兰联合王国",
    "IRN": "伊朗伊斯兰共和国",
    "KOR": "大韩民国",
    "LAO": "老挝人民民主共和国",
    "MDA": "摩尔多瓦共和国",
    "PRK": "朝鲜民主主义人民共和国",
    "PSE": "巴勒斯坦国",
    "RUS": "俄罗斯联邦",
    "SYR": "阿拉伯叙利亚共和国",
    "TZA": "坦桑尼亚联合共和国",
    "USA": "美利坚合众国",
    "VAT": "教廷",
    "VEN": "委内瑞拉玻利瓦尔共和国",
}
# conferences that are named by the convention they belong to, which is a mention of its own
NAMED_BY_CONVENTION = {"untoc-cop", "uncac-cosp"}

CODEBOOK = read_codebook()
ACTORS = CODEBOOK.codes("actors")
STATES = [actor for actor in ACTORS.values() if actor["kind"] == "state"]


def actors_in(text, lang="zh"):
    """``words=code`` for each actor found in the text, in its order."""
    matches = find_matches(CODEBOOK.rules("actor_rules", lang), text)
    return [f"{text[match.start : match.end]}={match.rule.code}" for match in matches]


def test_states_are_the_members_and_observers_of_the_united_nations():
    wanted = {country.alpha_3 for country in pycountry.countries} - {*NO_UN_STATES.split()}
    assert sorted(state["iso3"] for state in STATES) == sorted(wanted)
    assert len(STATES) == 193 + len(OBSERVERS)
    assert {state["iso3"] for state in STATES if "observer" in state["definition"]} == OBSERVERS


@pytest.mark.parametrize("state", STATES, ids=lambda state: state["id"])
def test_state_names_agree_with_the_libraries(state):
    country = pycountry.countries.get(alpha_3=state["iso3"])
    assert state["id"] == country.alpha_3.lower()
    assert state["label_en"] == UN_NAMES_EN.get(country.alpha_3, country.name.split(", ")[0])
    assert state["label_zh"] == UN_NAMES_ZH.get(country.alpha_3, Locale("zh").territories[country.alpha_2])


def test_tables_of_differences_hold_only_differences():
    for iso3, name in UN_NAMES_EN.items():
        assert name != pycountry.countries.get(alpha_3=iso3).name.split(", ")[0]
    for iso3, name in UN_NAMES_ZH.items():
        assert name != Locale("zh").territories[pycountry.countries.get(alpha_3=iso3).alpha_2]


def test_only_states_have_iso_codes():
    assert {actor["kind"] for actor in ACTORS.values()} == {"state", "body", "group"}
    assert all(bool(actor["iso3"]) == (actor["kind"] == "state") for actor in ACTORS.values())
    assert all(actor[column] for actor in ACTORS.values() for column in ("label_en", "label_zh", "definition"))


@pytest.mark.parametrize(("lang", "label"), [("zh", "label_zh"), ("en", "label_en")])
def test_every_label_is_found_whole(lang, label):
    for actor_id, actor in ACTORS.items():
        if actor_id not in NAMED_BY_CONVENTION:
            assert actors_in(actor[label], lang) == [f"{actor[label]}={actor_id}"]


@pytest.mark.parametrize(
    ("lang", "frame"),
    [
        ("zh", "{}支持新公约。"),
        ("zh", "会上，{}表示新公约有必要。"),
        ("zh", "新公约得到了{}的支持。"),
        ("en", "{} supported a new convention."),
        ("en", "The representative of {} said that a new convention was needed."),
        ("en", "In the view of {}, a new convention was needed."),
    ],
)
def test_every_state_and_group_can_speak(lang, frame):
    actors = [row for row in ACTORS.values() if row["kind"] != "body"]
    article = {"state": "", "group": "the " if lang == "en" else ""}
    said = [frame.format(article[row["kind"]] + row[f"label_{lang}"]) for row in actors]
    coding = code(sentences_report([text[0].upper() + text[1:] for text in said], lang))
    assert coding.statements.loc[coding.statements["holder"] != "named", "quote"].tolist() == []
    wanted = [actor_id for row in actors for actor_id in ([row["id"], "chn"] if row["id"] == "g77" else [row["id"]])]
    assert coding.actors["actor_id"].tolist() == wanted  # 'the Group of 77 and China' are two


@given(st.lists(st.sampled_from(STATES), min_size=1, max_size=12))
def test_lists_of_states_are_found_in_order(states):
    chinese, english = ([(state[label], state["id"]) for state in states] for label in ("label_zh", "label_en"))
    assert actors_in("、".join(name for name, _ in chinese)) == ["=".join(pair) for pair in chinese]
    assert actors_in(", ".join(name for name, _ in english), "en") == ["=".join(pair) for pair in english]


def test_blocked_contexts_stand_first():
    """Of two matches of one length the first rule wins, so a block must come before the names."""
    codes = list(CODEBOOK.tables["actor_rules"]["code"])
    assert codes.count(BLOCKED) == codes.index(next(code for code in codes if code != BLOCKED))


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        # developing countries, African countries, in it international cooperation; then China's national centre
        ("发展中国家和非洲国家，其中国际合作，中国国家中心", ["中国=chn"]),
        (
            "印度尼西亚、印度洋、印度和西印度大学",
            ["印度尼西亚=idn", "印度=ind"],
        ),  # the Indian Ocean, the West Indies
        ("索马里、马里和北马里亚纳群岛", ["索马里=som", "马里=mli"]),  # the Northern Marianas
        (
            "赤道几内亚、几内亚比绍、巴布亚新几内亚、几内亚和几内亚湾",  # the Gulf of Guinea
            ["赤道几内亚=gnq", "几内亚比绍=gnb", "巴布亚新几内亚=png", "几内亚=gin"],
        ),
        ("多米尼加共和国、多米尼加、多米尼克", ["多米尼加共和国=dom", "多米尼加=dom", "多米尼克=dma"]),
        (
            "南苏丹和苏丹；文莱苏丹陛下",
            ["南苏丹=ssd", "苏丹=sdn", "文莱=brn"],
        ),  # His Majesty the Sultan of Brunei
        (
            "大不列颠及北爱尔兰联合王国、联合王国、爱尔兰，北爱尔兰警方",  # the police of Northern Ireland
            ["大不列颠及北爱尔兰联合王国=gbr", "联合王国=gbr", "爱尔兰=irl"],
        ),
        (
            "刚果民主共和国、刚果、刚果（布）、刚果（金）、刚果河",  # the Congo river
            ["刚果民主共和国=cod", "刚果=cog", "刚果（布）=cog", "刚果（金）=cod"],
        ),
        (
            "朝鲜民主主义人民共和国、朝鲜、大韩民国、韩国、朝鲜半岛",  # the Korean Peninsula
            ["朝鲜民主主义人民共和国=prk", "朝鲜=prk", "大韩民国=kor", "韩国=kor"],
        ),
        ("尼日尔、尼日利亚、尼日尔河三角洲", ["尼日尔=ner", "尼日利亚=nga"]),  # the Niger Delta
        ("拉美国家与北美国际机构；美国国务院", ["美国=usa"]),  # Latin American States; the State Department
        ("执法国家、司法国际合作、法国国家警察", ["法国=fra"]),  # law enforcement; the French national police
        ("约旦河西岸、约旦、乍得湖、乍得", ["约旦=jor", "乍得=tcd"]),  # the West Bank, Lake Chad
        ("2020年7月29日本次会议；日本的代表", ["日本=jpn"]),  # on 29 July this meeting
        (
            "沿海地区、海地、增加纳税、加纳、明智利用、智利",
            ["海地=hti", "加纳=gha", "智利=chl"],
        ),  # coast, taxes, wisely
        (
            "联合国家警察、联合国际社会、联合国",
            ["联合国=un"],
        ),  # together with the national police, the community
        (
            "西欧盟国、中东盟国、欧盟和东盟",
            ["欧盟=eu", "东盟=asean"],
        ),  # allies in western Europe, in the Middle East
        (
            "捷克斯洛伐克、捷克、圣萨尔瓦多、萨尔瓦多",
            ["捷克=cze", "萨尔瓦多=slv"],
        ),  # Czechoslovakia, San Salvador
        ("跨越南北、越南、内蒙古、蒙古", ["越南=vnm", "蒙古=mng"]),  # across north and south, Inner Mongolia
        ("被占领的巴勒斯坦领土、巴勒斯坦国", ["巴勒斯坦国=pse"]),  # the occupied territory
        (
            "《欧洲委员会网络犯罪公约》的缔约方和欧洲委员会",
            ["欧洲委员会=council-of-europe"],
        ),  # the convention's title
        (
            "《太平洋岛屿论坛关于区域安全的波伊宣言》、太平洋岛屿论坛",
            ["太平洋岛屿论坛=pif"],
        ),  # the Forum's declaration
        ("一项联合国公约、《联合国宪章》和联合国", ["联合国=un"]),  # a United Nations convention, the Charter
        (
            "联合国毒品和犯罪问题办公室（毒品和犯罪问题办公室）和毒品和犯罪问题办公室",
            ["联合国毒品和犯罪问题办公室（毒品和犯罪问题办公室）=unodc", "毒品和犯罪问题办公室=unodc"],
        ),
        (
            "该委员会、委员会和欧洲联盟委员会",
            ["欧洲联盟委员会=european-commission"],
        ),  # a committee is no actor
        ("77国集团和中国、七国集团、中国", ["77国集团和中国=g77", "七国集团=g7", "中国=chn"]),
        ("欧洲联盟及其成员国、欧洲联盟", ["欧洲联盟及其成员国=eu-members", "欧洲联盟=eu"]),
        ("日本网络犯罪控制中心和日本", ["日本网络犯罪控制中心=jp-cybercrime-control-centre", "日本=jpn"]),
        ("扩大会议、世界卫生大会、大会决定", ["大会=ga"]),  # an enlarged meeting, the World Health Assembly
        (
            "由专家组成的小组、专家组成员",
            ["专家组=expert-group"],
        ),  # a panel made up of experts; the group's members
        ("该公约秘书处和秘书处", ["秘书处=secretariat"]),  # the secretariat of the Convention
        (
            "国际刑警组织的全球网络犯罪方案",
            ["国际刑警组织=interpol"],
        ),  # a programme of INTERPOL, not of UNODC
        (
            "毒品和犯罪问题办公室全球网络犯罪方案",
            ["毒品和犯罪问题办公室=unodc", "全球网络犯罪方案=global-programme"],
        ),
    ],
)
def test_names_and_the_words_they_hide_in(text, actors):
    assert actors_in(text) == actors


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Niger, Nigeria and the Niger Delta", ["Niger=ner", "Nigeria=nga"]),
        (
            "Guinea, Guinea-Bissau, Equatorial Guinea, Papua New Guinea, the Gulf of Guinea, a guinea pig",
            ["Guinea=gin", "Guinea-Bissau=gnb", "Equatorial Guinea=gnq", "Papua New Guinea=png"],
        ),
        ("Georgia; the Georgia Institute of Technology; South Georgia", ["Georgia=geo"]),
        ("Dominica and the Dominican Republic", ["Dominica=dma", "Dominican Republic=dom"]),
        (
            "the Congo, the Democratic Republic of the Congo, the Congo Basin",
            ["Congo=cog", "Democratic Republic of the Congo=cod"],
        ),
        (
            "the Republic of Korea, the Democratic People’s Republic of Korea, the Korean Peninsula",
            ["Republic of Korea=kor", "Democratic People’s Republic of Korea=prk"],
        ),
        ("Oman, Romania, a woman and the Sea of Oman", ["Oman=omn", "Romania=rou"]),
        ("Mali and Somalia; a small group, normally", ["Mali=mli", "Somalia=som"]),
        ("the Sudan and South Sudan", ["Sudan=sdn", "South Sudan=ssd"]),
        ("Ireland and Northern Ireland", ["Ireland=irl"]),
        ("the US told us; 5 million United States dollars; US$ 5", ["US=usa"]),
        ("States who agree; WHO; a turkey; Turkey; Türkiye", ["WHO=who", "Turkey=tur", "Türkiye=tur"]),
        ("the South China Sea and China", ["China=chn"]),
        ("Mexico City, New Mexico and Mexico", ["Mexico=mex"]),
        ("the Council of Europe Convention on Cybercrime; the Council of Europe", ["Council of Europe=council-of-europe"]),
        ("the Charter of the United Nations; a United Nations convention; the United Nations", ["United Nations=un"]),
        ("the Group of 77 and China, the Group of Seven", ["Group of 77 and China=g77", "Group of Seven=g7"]),
        ("the Commonwealth of Independent States and the Commonwealth", ["Commonwealth of Independent States=cis", "Commonwealth=commonwealth"]),
        ("Iran (Islamic Republic of), Iraq and Iran", ["Iran (Islamic Republic of)=irn", "Iraq=irq", "Iran=irn"]),
        ("a group of experts; the Expert Group", ["Expert Group=expert-group"]),
    ],
)  # fmt: skip
def test_english_names_and_the_words_they_hide_in(text, actors):
    assert actors_in(text, "en") == actors
