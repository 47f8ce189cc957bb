"""Targets, cues and how they combine into a stance. Every sentence is invented; glosses in English."""

import pytest

import egdata as eg
from egdata.coding.positions import read_rules
from egdata.reading.report import parse_report, sentences_report
from egdata.tables.files import check_tables, write_tables


def debate(lang: str, text: str) -> eg.Report:
    """A report whose first paragraph is the text, and the second on cybercrime."""
    head = {"zh": "会议报告\n一. 导言\n1. ", "en": "Report\nI. Introduction\n1. "}[lang]
    tail = {"zh": "\n2. 打击网络犯罪。\n", "en": "\n2. Cybercrime was debated.\n"}[lang]
    return parse_report(head + text + tail, lang)


def stances(text: str) -> dict[str, str]:
    """Issue → stance of one sentence; of two holders the last."""
    positions = eg.find_positions(sentences_report([text]))
    return dict(zip(positions["issue_id"], positions["stance"], strict=True))


def test_two_issues_have_their_own_cues():
    # 'There was no reason to extend the mandate of the Expert Group, and a new convention should be negotiated.'
    text = "其他代表团认为，没有理由延长专家组的任务期限，应着手谈判新公约。"
    assert stances(text) == {"expert-group-mandate": "against", "new-convention": "for"}


def coded(text: str) -> list[tuple[str, ...]]:
    """Issue, stance and words of the positions of one sentence, by the rules alone."""
    positions = eg.find_positions(sentences_report([text]), eg.read_codebook().without_weights())
    return [tuple(row) for row in positions[["issue_id", "stance", "quote"]].values.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 'Some delegations supported a new convention; others were opposed': an answer to what was said before
        (
            "一些代表团支持拟订新公约，其他代表团反对。",
            [
                ("new-convention", "for", "支持拟订新公约"),
                ("new-convention", "against", "其他代表团反对"),
            ],
        ),
        # '… while others considered a new convention premature' names its target
        (
            "一些代表团支持拟订新公约，而其他代表团则认为新公约为时过早。",
            [
                ("new-convention", "for", "支持拟订新公约"),
                ("new-convention", "against", "新公约为时过早"),
            ],
        ),
        # 'Another supported the continuation of the Expert Group' is about something else
        (
            "一些代表团赞成拟订新公约，其他代表团支持专家组继续工作。",
            [
                ("new-convention", "for", "赞成拟订新公约"),
                ("expert-group-mandate", "for", "支持专家组继续工作"),
            ],
        ),
        # '… others spoke' and '… others spoke on this view' take no side
        (
            "一些代表团支持拟订新公约，其他代表团发了言。",
            [("new-convention", "for", "支持拟订新公约")],
        ),
        (
            "一些发言者支持拟订新公约，其他发言者则就这一看法发了言。",
            [("new-convention", "for", "支持拟订新公约")],
        ),
        # what is only mentioned is neutral: 'For the negotiation of the new convention see the annex.'
        ("新公约的谈判情况见附件。", [("new-convention", "neutral", "新公约的谈判情况见附件")]),
        ("单边制裁议题见附件。", [("unilateral-measures", "neutral", "单边制裁议题见附件")]),
        # and beside a stance on another issue it is no position
        (
            "一些代表团支持专家组继续工作，新公约的谈判情况见附件。",
            [("expert-group-mandate", "for", "支持专家组继续工作")],
        ),
        # two issues in one clause
        (
            "一些代表团支持专家组继续工作和新公约的谈判。",
            [
                ("expert-group-mandate", "for", "支持专家组继续工作和新公约的谈判"),
                ("new-convention", "for", "支持专家组继续工作和新公约的谈判"),
            ],
        ),
        # what stands before a semicolon is said of something else: 'objected to cuts; for the negotiation see the annex'
        (
            "会议反对削减预算；新公约的谈判情况见附件。",
            [("new-convention", "neutral", "新公约的谈判情况见附件")],
        ),
        # unless the semicolons are those of a list: 'supported: cooperation; a new convention'
        (
            "会上支持：加强合作；新公约。",
            [("new-convention", "for", "加强合作；新公约")],
        ),
        # the cue behind the turn decides: 'many did not take part, and so it is no suitable model'
        (
            "一些发言者认为，许多国家未参加起草，因此《布达佩斯公约》算不上合适的范本。",
            [("budapest-standard", "against", "《布达佩斯公约》算不上合适的范本")],
        ),
        # without a turn the first of two alike does: 'Cooperation should extend to service providers.'
        ("合作应扩大到服务提供商。", [("direct-cooperation", "for", "合作应扩大到服务提供商")]),
        (
            "平台必须及时答复执法请求。",
            [("provider-duties", "for", "平台必须及时答复执法请求")],
        ),
        # of two in one scope a rejection weighs more: 'Some supported the new convention, some opposed it.'
        (
            "有的支持新公约，有的反对新公约。",
            [("new-convention", "against", "反对新公约")],
        ),
        # a drawback in the reason for something else is none of it: 'given the burden, … should negotiate'
        (
            "会上指出，鉴于负担沉重，会员国应拟订新公约。",
            [("new-convention", "for", "应拟订新公约")],
        ),
        (
            "鉴于网络犯罪造成负担，新公约的谈判情况见附件。",
            [("new-convention", "neutral", "新公约的谈判情况见附件")],
        ),
        # one that is conceded does not: 'although it would be a burden, its negotiation was most necessary'
        (
            "一位代表认为，虽然新公约会造成负担，但谈判十分必要。",
            [("new-convention", "for", "新公约会造成负担，但谈判十分必要")],
        ),
        # 'Some opposed direct cooperation; others supported this practice and set out their views': no view is shared
        (
            "一些发言者反对与外国服务提供商直接合作，其他发言者支持这种做法，并阐述了看法。",
            [
                ("direct-cooperation", "against", "反对与外国服务提供商直接合作"),
                ("direct-cooperation", "for", "支持这种做法"),
            ],
        ),
        # 'to mention' or 'to discuss' unilateral measures approves of nothing
        ("会上讨论了单方面制裁。", [("unilateral-measures", "neutral", "讨论了单方面制裁")]),
    ],
)
def test_what_is_found_with_which_rules_in_which_words(text, expected):
    assert coded(text) == expected


def test_a_cue_evaluates_the_issues_that_its_row_names(book):
    read_rules.cache_clear()  # so that the rules are gathered anew
    rules = read_rules(book, "zh")
    for cue in book.rules("stance_rules", "zh"):
        listed = cue.row["issue"].removeprefix("-").split(";") if cue.row["issue"] else []
        for issue, cues in rules.cues.items():
            is_named = issue in listed
            assert (cue in cues) == (not listed or is_named != cue.row["issue"].startswith("-")), (cue.rule_id, issue)
            is_condition = cue.code == "conditional" and cue.row["strength"] == "first"
            assert (cue in rules.conditions[issue]) == (cue in cues and is_condition)


@pytest.mark.parametrize(("n_others", "n_positions"), [(9, 2), (10, 1)])
def test_a_report_is_on_the_subject_if_one_sentence_in_ten_is_and_else_a_paragraph_may_be(n_others, n_positions):
    # 'Some speakers supported a new convention against cybercrime.' 'Others opposed a new convention.' 'It was adjourned.'
    texts = [
        "一些发言者支持拟订一项打击网络犯罪的新公约。",
        "其他发言者反对拟订新公约。",
        *["会议休会。"] * (n_others - 1),
    ]
    source = "一. 讨论情况\n\n" + "".join(f"{number}. {text}\n\n" for number, text in enumerate(texts, start=1))
    assert len(eg.find_positions(parse_report(source))) == n_positions


def test_two_holders_in_one_sentence():
    # 'Some delegations supported a new convention, while others considered it premature.'
    text = "一些代表团支持拟订新公约，而其他代表团则认为新公约为时过早。"
    positions = eg.find_positions(sentences_report([text]))
    assert positions[["statement_id", "stance"]].values.tolist() == [["0/s1", "for"], ["0/s2", "against"]]


@pytest.mark.parametrize("text", ["延期没有意义。", "这样的调取侵犯主权。", "他们反对此类接触。"])
def test_a_short_form_stands_for_nothing_where_nothing_was_debated(text):
    # the extension was of no use; such retrieval violated sovereignty; they objected to such contacts
    assert stances(text) == {}


def test_a_back_reference_takes_the_issue_before():
    # 'Some supported direct cooperation with foreign providers; others considered that it violated sovereignty.'
    text = "一些发言者支持与外国服务提供商直接合作，其他发言者则认为这种做法侵犯主权。"
    positions = eg.find_positions(sentences_report([text]))
    assert positions["stance"].tolist() == ["for", "against"]
    assert positions["issue_id"].unique().tolist() == ["direct-cooperation"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        # what was proposed is remembered over a sentence on something else, up to the end of its paragraph
        (
            "zh",
            "一些代表主张直接联系境外服务提供商。这些代表列举了统计数据。另一位代表只有在当事国同意后才能接受此种做法。",
            [("some", "for"), ("some", ""), ("one", "conditional")],
        ),
        (
            "zh",
            "多位代表认为，服务提供商应保存日志。其他代表反对此类义务。有人指出，上述要求应以尊重人权为基础。",
            [("several", "for"), ("other", "against"), ("speakers", "conditional")],
        ),
        (
            "zh",
            "一位专题小组成员介绍了统计数字。该小组成员还介绍了培训。在他们看来，时间有限。",
            [("one", ""), ("one", ""), ("speakers", "")],
        ),
        (
            "en",
            "Some speakers proposed that the ad hoc committee begin after the Expert Group had reported."
            " They quoted the workplan. Two delegations could accept that timetable, provided that it was respected.",
            [("some", "for"), ("some", ""), ("several", "conditional")],
        ),
        (
            "en",
            "Many delegations called for direct requests to foreign service providers. In their view, time was short."
            " One speaker accepted it only if national law was respected.",
            [("many", "for"), ("many", ""), ("one", "conditional")],
        ),
        # words that stand for an issue only because it is debated: 'the extension was of no use', 'that timetable'
        (
            "zh",
            "许多代表支持延长专家组的任期。其中一名表示，该国愿意提供资金。另一位代表认为，延期没有意义。",
            [("many", "for"), ("one", ""), ("one", "against")],
        ),
        (
            "zh",
            "会上讨论了跨境调取数据问题。几位代表认为，这样的调取侵犯主权。一位代表介绍了统计数字。",
            [("impersonal", "neutral"), ("several", "against"), ("one", "")],
        ),
        (
            "en",
            "The Expert Group should continue after 2021. Another delegation was able to support an extension only if it was"
            " paid for. In its view, time was short. One of the panellists showed how crime had grown.",
            [("unattributed", "for"), ("one", "conditional"), ("one", ""), ("one", "")],
        ),
        (
            "zh",
            "一位代表主张将管辖权延伸到境外。另一位代表也持这一看法。几位代表反对作此延伸。",
            [("one", "for"), ("one", "for"), ("several", "against")],
        ),
        (
            "zh",
            "几位代表认为，应等专家组提出建议后再设立特设委员会。一位代表说，两个进程可以同时推进。",
            [("several", "for"), ("one", "against")],
        ),
        (
            "en",
            "Some speakers favoured extraterritorial jurisdiction. For them, time was short. Others saw in it a risk."
            " Two speakers made their consent to such an extension dependent on a genuine link.",
            [("some", "for"), ("some", ""), ("other", "against"), ("several", "conditional")],
        ),
        (
            "zh",
            "有代表主张对境外犯罪行使管辖权。另一位代表认为，这样做侵犯主权。发言者中的一位补充了资料。",
            [("speakers", "for"), ("one", "against"), ("one", "")],
        ),
        (
            "en",
            "One delegation said that requests could be sent to foreign providers directly. Two delegations objected to it as"
            " a violation of sovereignty. According to one of them, time was short. It could be accepted where a judge agreed.",
            [("one", "for"), ("several", "against"), ("one", ""), ("unattributed", "conditional")],
        ),
        (
            "en",
            "Some speakers rejected unilateral sanctions. One of them quoted figures. Two speakers objected to a ban on such"
            " measures.",
            [("some", "for"), ("one", ""), ("several", "against")],
        ),
        # who only judges goes on about what was said before, and shares a condition
        (
            "zh",
            "许多代表赞成拟订新公约。一位代表有保留，担心操之过急。另一位代表以协商一致为条件。几位代表支持这一立场。",
            [("many", "for"), ("one", "against"), ("one", "conditional"), ("several", "conditional")],
        ),
        (
            "en",
            "Some speakers wished that the Expert Group be kept in existence after 2021. Two delegations could go along on the"
            " understanding that costs were met. That stance was endorsed by one speaker. Another speaker quoted figures.",
            [("some", "for"), ("several", "conditional"), ("one", "conditional"), ("one", "")],
        ),
        (
            "en",
            "One speaker pleaded for direct requests to foreign providers. Others deplored that as an encroachment."
            " A few delegations had not yet taken a position. Reference was made to the Lanzarote Convention.",
            [("one", "for"), ("other", "against"), ("several", "neutral"), ("impersonal", "")],
        ),
        (
            "zh",
            "多位代表主张将管辖权扩及境外。一位代表询问，冲突如何处理。该代表介绍了培训。",
            [("several", "for"), ("one", "neutral"), ("one", "")],
        ),
        (
            "en",
            "Providers should keep traffic logs. Such obligations must be proportionate.",
            [("unattributed", "for"), ("unattributed", "conditional")],
        ),
    ],
)
def test_a_debate_in_a_paragraph(lang, text, expected):
    sheet = eg.coding_sheet(debate(lang, text))
    assert list(zip(sheet["holder"], sheet["stance"], strict=True))[:-1] == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "zh",
            "许多代表赞成拟订新公约。一位代表有保留，担心操之过急。几位代表支持这一立场。总结会议召开之前，谈判不应开始。",
        ),
        (
            "en",
            "One speaker pleaded for direct requests to foreign providers. Others deplored that. Two feared an encroachment.",
        ),
    ],
)
def test_tables_of_a_debate_hold_together(lang, text, tmp_path):
    report = debate(lang, text)
    tables = write_tables(report, tmp_path / "tables")
    assert tables["positions"]["rule_id"].str.startswith("topic+").any()
    assert check_tables(tmp_path / "tables", report) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # some opposed a new convention; others shared / did not share that view; some were for it, others objected to it
        ("一些发言者反对拟订新公约，其他发言者赞同这一看法。", ["against", "against"]),
        ("一些发言者反对拟订新公约，其他发言者不同意这一看法。", ["against", "for"]),
        ("一些发言者支持拟订新公约，其他发言者对此持有异议。", ["for", "against"]),
        ("许多代表团主张拟订新公约，一些代表团则持相反意见。", ["for", "against"]),
        # some opposed it, and others agreed with this / one proposed an extension, and several seconded it
        ("一些发言者反对拟订新公约，其他发言者对此表示赞同。", ["against", "against"]),
        ("一位发言者建议延长专家组任期，若干代表团附议。", ["for", "for"]),
        # several asked that States refrain from unilateral measures; others opposed this
        ("几位发言者要求各国避免采取单方面措施，其他代表团则对此表示反对。", ["for", "against"]),
    ],
)
def test_who_shares_or_disputes_a_view_answers_it(text, expected):
    assert eg.find_positions(sentences_report([text]))["stance"].tolist() == expected


def test_what_is_said_of_an_instrument_may_stand_in_the_clause_after_it():
    # 'the Budapest Convention is open to all and has become a model for many laws; there is no need for a new one'
    text = "多位代表指出，《布达佩斯公约》对各国开放，已成为许多国内法的范本，因此没有必要谈判新公约。"
    assert [row[:2] for row in coded(text)] == [("budapest-standard", "for"), ("new-convention", "against")]


def test_an_instrument_named_in_a_condition_is_not_judged():
    # 'Provided that it does not affect the Budapest Convention, some delegations could accept a new convention.'
    text = "在不影响《布达佩斯公约》义务的前提下，一些代表团可以接受新公约。"
    assert [row[:2] for row in coded(text)] == [("new-convention", "conditional")]


def test_columns_and_empty_frame():
    positions = eg.find_positions(sentences_report(["会议于星期一开始。"]))  # 'The meeting began on Monday.'
    assert positions.empty
    assert positions.columns.tolist() == [
        "position_id", "statement_id", "issue_id", "stance", "start", "end", "quote", "rule_id", "citation", "coded_by",
        "certainty", "sentence_id", "holder", "voice", "second_opinion",
    ]  # fmt: skip


def test_a_report_on_another_subject_has_no_positions():
    # 'Some speakers supported the elaboration of a new convention on the high seas.'
    text = "一. 海洋\n1. 一些发言者支持拟订一项关于公海的新公约。\n2. 会上讨论了渔业。\n3. 会上讨论了航运。\n"
    assert eg.find_positions(parse_report(text)).empty


def test_quotes_lie_in_their_statements_and_hold_the_cue():
    report = eg.read_report()
    codebook = eg.read_codebook()
    statements = eg.find_statements(report).set_index("statement_id")
    cues = {rule.rule_id: rule.pattern for rule in codebook.rules("stance_rules", "zh")}
    positions = eg.find_positions(report)
    assert positions["position_id"].is_unique
    for row in positions.itertuples():
        statement = statements.loc[row.statement_id]
        assert statement["start"] <= row.start < row.end <= statement["end"]
        assert report.text[row.start : row.end] == row.quote
        target, _, cue = row.rule_id.partition("+")
        if cue == "":
            assert row.stance == codebook_default(codebook, target)
        elif cue != "chain":
            assert cues[cue].search(row.quote)


def codebook_default(codebook, rule_id: str) -> str:
    defaults = {rule.rule_id: rule.row["default"] for rule in codebook.rules("issue_rules", "zh")}
    return defaults.get(rule_id, "neutral")


def test_scores_on_the_development_gold():
    """What was reached with the sentences in view; a change that loses it should be seen."""
    scores = eg.score(eg.coding_sheet(eg.read_report()), eg.read_gold()).set_index(["variable", "measure"])["value"]
    assert scores["position", "f1"] >= 0.90
    assert scores["position+holder", "f1"] >= 0.88
    assert scores["stance", "macro_f1"] >= 0.85
    assert scores["holder", "agreement"] >= 0.98
    assert scores["instruments", "f1"] >= 0.98
    assert scores["modality", "agreement"] >= 0.92
    assert scores["themes", "f1"] >= 0.75


def test_of_several_turns_the_last_one_decides():
    # 'The Budapest Convention has few parties, but fails to reflect new trends, but its framework works.'
    text = "一位代表指出，《布达佩斯公约》缔约国数量有限，但未能反映最新技术趋势，但该框架行之有效。"
    # without the weights, which would hide what the turns decide
    for told, stance in ((text, "for"), (text.replace("，但该框架行之有效", ""), "against")):
        assert [position[:2] for position in coded(told)] == [("budapest-standard", stance)]


@pytest.mark.parametrize(
    "state", ["Cuba", "Estonia", "China", "Algeria, on behalf of the Group of 77 and China,", "Norway"]
)
def test_a_stance_is_the_same_whoever_holds_it(state):
    for verb, stance in (("opposed", "against"), ("supported", "for")):
        text = f"{state} {verb} a new convention on cybercrime."
        positions = eg.find_positions(sentences_report([text], "en"))
        assert positions[["issue_id", "stance"]].values.tolist() == [["new-convention", stance]]
