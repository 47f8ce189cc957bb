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


@pytest.mark.parametrize(
    ("text", "issue", "stance"),
    [
        # 'Some speakers supported / did not support the elaboration of a new convention.'
        ("一些发言者支持拟订一项打击网络犯罪的新公约。", "new-convention", "for"),
        ("一些发言者不支持拟订一项打击网络犯罪的新公约。", "new-convention", "against"),
        # 'It was noted that there was no need for a new convention' / 'that existing instruments were sufficient'
        ("会上指出，没有必要谈判新公约。", "new-convention", "against"),
        ("有代表团认为，现有国际文书已经足够。", "new-convention", "against"),
        # 'Any new instrument should not conflict with existing treaties' / 'provided it is adopted by consensus'
        ("与会者强调，任何新文书都不得与现有条约冲突。", "new-convention", "conditional"),
        ("几个代表团可以接受新公约，前提是以协商一致方式通过。", "new-convention", "conditional"),
        # 'The question whether a new convention was needed was discussed.'
        ("会上讨论了是否需要一项新公约的问题。", "new-convention", "neutral"),
        # double negation: 'Nobody denied the need for a new convention'
        ("没有人否认拟订新公约的必要性。", "new-convention", "for"),
        # concession: 'although the negotiation would be difficult, a new convention was necessary'
        ("一位发言者认为，虽然谈判困难重重，但新公约十分必要。", "new-convention", "for"),
        ("多位发言者认为，《布达佩斯公约》是国际合作的良好基础。", "budapest-standard", "for"),
        ("一位代表认为，《布达佩斯公约》已经过时，不能作为全球标准。", "budapest-standard", "against"),
        ("一位代表询问《布达佩斯公约》是否适合作为标准。", "budapest-standard", "neutral"),
        ("若干代表团建议延长专家组的任务期限。", "expert-group-mandate", "for"),
        ("若干代表团认为，专家组应于2021年结束工作。", "expert-group-mandate", "against"),
        ("特设委员会应等专家组提出建议之后再开始工作。", "committee-timing", "for"),
        ("特设委员会不必等待专家组的建议，应尽早开始工作。", "committee-timing", "against"),
        ("主管机关应能直接向外国服务提供商索取数据。", "direct-cooperation", "for"),
        ("一些代表团反对执法机关绕过中央机关直接联系外国服务提供商。", "direct-cooperation", "against"),
        ("只要有司法监督，一些代表团便同意与外国服务提供商直接合作。", "direct-cooperation", "conditional"),
        ("未经所在国同意，不得调取位于境外的数据。", "transborder-access", "against"),
        ("应允许侦查人员调取存储在另一国的数据。", "transborder-access", "for"),
        ("各国应将管辖权延伸至在境外实施的网络犯罪。", "extraterritorial-jurisdiction", "for"),
        ("有与会者反对长臂管辖，认为其侵犯他国主权。", "extraterritorial-jurisdiction", "against"),
        # the proposition is to refrain: to reject the measures is to be for it
        ("许多代表团反对单边制裁。", "unilateral-measures", "for"),
        ("一个代表团认为，单方面措施有时是正当的。", "unilateral-measures", "against"),
        ("必须谴责国家支持的网络攻击。", "state-conduct", "for"),
        # 'could obtain data without asking that State' / 'rules must not stifle competition' / 'awareness alone …'
        ("有代表认为，主管部门应可直接调取有关数据，而不必事先取得数据所在国的许可。", "transborder-access", "for"),
        ("一名代表强调，新的法规不得扼杀竞争。", "new-regulation", "conditional"),
        ("据指出，单靠培训无法预防此类犯罪，还需制定新的法律。", "new-regulation", "for"),
        # 'regional, and should not be a world standard'; 'rather than draft a new treaty, improve cooperation'
        ("一位代表说，《布达佩斯公约》是少数国家起草的区域性文书，不宜作为世界标准。", "budapest-standard", "against"),
        ("多位代表认为，与其再起草新文书，不如改进合作。", "new-convention", "against"),
        # 'insisted that formal channels were the only way'; 'a unique forum, so its mandate should go on'
        ("另一些代表坚持认为，外交途径始终是获取境外数据的唯一途径。", "transborder-access", "against"),
        ("一些代表指出，专家组是难得的交流场所，因此其授权应予延长。", "expert-group-mandate", "for"),
        ("一位代表问，要不要将专家组的任务延长到2021年之后。", "expert-group-mandate", "neutral"),
        ("有代表团强调，眼下最要紧的是切实执行《布达佩斯公约》和《联合国反腐败公约》。", "budapest-standard", "for"),
        ("少数代表虽不反对拟订新公约，但强调这要等各方达成共识。", "new-convention", "conditional"),
        # 'jurisdiction must not stop at the border', 'where the victims are nationals'; 'applying laws abroad'
        ("各国对此类犯罪的管辖权不应局限于本国领土。", "extraterritorial-jurisdiction", "for"),
        ("一些代表认为，只要被害人是本国国民，法院对境外行为就应行使管辖权。", "extraterritorial-jurisdiction", "for"),
        ("多位代表不赞成把本国法律适用范围延伸到境外的网络犯罪。", "extraterritorial-jurisdiction", "against"),
        # 'a matter for others, not for this group'; 'was understandable'; 'in favour of a text modelled on'
        ("两位代表指出，国家在网络空间的行为是第一委员会的议题，因此不宜在专家组内讨论。", "state-conduct", "neutral"),
        ("一位代表说，单边措施在紧急时是可以理解的。", "unilateral-measures", "against"),
        ("几位代表主张以《反腐败公约》为范本起草新公约。", "new-convention", "for"),
        # 'State conduct must be bound by …'; 'such a treaty fills gaps', 'takes years'; 'if open to all, it could serve'
        ("国家在网络空间的行为应当受不干涉内政和不使用武力等原则约束。", "state-conduct", "for"),
        ("一些代表指出，这样一项条约可填补空白。", "new-convention", "for"),
        ("另一位代表指出，起草一项新条约需时多年。", "new-convention", "against"),
        ("一位代表说，没有任何理由禁止主管机关与境外服务提供商直接合作。", "direct-cooperation", "for"),
        ("多位代表认为，国家在网络空间的行为已由另一工作组审议，因此不必在专家组讨论。", "state-conduct", "neutral"),
        ("主席忆及大会决议请专家组在2021年之后继续工作。", "expert-group-mandate", "neutral"),
        ("一些代表说，不必增加监管即可预防犯罪。", "new-regulation", "against"),
        (
            "有代表认为，如对所有国家开放修订，《欧洲委员会网络犯罪公约》可以作为全球标准。",
            "budapest-standard",
            "conditional",
        ),
        ("一些代表答称，单方面措施不属于专家组的职权，专家组不宜就此表态。", "unilateral-measures", "neutral"),
        ("一位代表认为，现行国内法已经足够，无须为预防犯罪另行立法。", "new-regulation", "against"),
        # 'data abroad must be asked for through legal assistance'; 'discussed whether before or after'
        ("调取存储在他国的数据，仍须经由中央机关提出请求。", "transborder-access", "against"),
        ("会上审议了特设委员会应在专家组提出建议之前还是之后启动工作的问题。", "committee-timing", "neutral"),
        # 'without new rules prevention is out of the question'; 'data may be obtained past the State they lie in'
        ("一名代表认为，若无新的立法，预防便无从着手。", "new-regulation", "for"),
        ("若干代表认为，此类数据可不经所在国而直接调取。", "transborder-access", "for"),
        ("一些代表团认为，给服务提供商加码只会妨碍创新。", "provider-duties", "against"),
        # 'the existing treaties should come first'
        ("一些代表团认为，应优先落实现有条约。", "new-convention", "against"),
        ("服务提供商应承担保存日志的义务。", "provider-duties", "for"),
        ("一些代表团认为，不应给服务提供商施加过重的义务。", "provider-duties", "against"),
        ("预防网络犯罪需要制定新的法规。", "new-regulation", "for"),
        ("预防网络犯罪不需要新的法律。", "new-regulation", "against"),
        # a reproach denied: 'no reason to say that it is unsuitable' / 'refuted the claim that it was outdated' / 'denied'
        ("几位发言者认为，没有理由说《布达佩斯公约》不适合其他区域。", "budapest-standard", "for"),
        ("一些代表驳斥了《布达佩斯公约》已经过时的说法。", "budapest-standard", "for"),
        ("一位代表否认《布达佩斯公约》可以作为全球标准。", "budapest-standard", "against"),
        ("一名发言者否认国家在网络空间的行为受主权原则约束。", "state-conduct", "against"),
        # mentions: 'also on the agenda of another group' / 'discussed without a conclusion' / 'asked whether'
        ("据回顾，违反国际法的单边措施问题已列入另一工作组的议程。", "unilateral-measures", "neutral"),
        ("会上讨论了由国家支持的网络攻击问题，但未得出结论。", "state-conduct", "neutral"),
        # 'sooner or later a convention is needed; rather than delay, start drafting' / 'support hinges on its content'
        ("一位代表认为，迟早要有一部打击网络犯罪的新公约，与其拖延，不如现在就起草。", "new-convention", "for"),
        ("一名代表说，是否支持新公约，取决于其内容。", "new-convention", "conditional"),
        # 'agreed, but only where there was a link' / 'if the State bore the cost, it was reasonable'
        (
            "几位发言者同意对境外犯罪行使管辖权，但仅限于与本国有联系的情形。",
            "extraterritorial-jurisdiction",
            "conditional",
        ),
        ("一些发言者表示，如果国家承担费用，要求服务提供商保存日志是合理的。", "provider-duties", "conditional"),
        # a permission rejected is no reproach denied: 'did not agree that any State may bypass the others'
        ("多数与会者不同意任何国家绕过他国政府调取存储在他国的数据。", "transborder-access", "against"),
        # 'no objection to its starting before' / 'education is better than new rules' / 'a loss if it ended'
        ("一些代表团不反对特设委员会在专家组提出建议之前开始工作。", "committee-timing", "against"),
        ("一些发言者认为，宣传比出台新法规更能有效预防网络犯罪。", "new-regulation", "against"),
        ("一位代表认为，让专家组在2021年后停止工作将是一种损失。", "expert-group-mandate", "for"),
        # 'to prohibit it altogether is unrealistic' / 'without further legislation prevention would hardly work'
        ("有人认为，一概禁止调取存储在境外的数据既不现实，也无益处。", "transborder-access", "for"),
        ("会上指出，没有进一步的立法，预防网络犯罪的措施就难以落实。", "new-regulation", "for"),
        # refused any clause that allows it / by no means a framework for all / would rather use what exists
        ("若干代表团拒绝接受任何准许不经该国同意即获取境外数据的规定。", "transborder-access", "against"),
        ("许多国家未参加起草，因此《布达佩斯公约》算不上合适的范本。", "budapest-standard", "against"),
        ("一位发言者宁可利用现有条约。", "new-convention", "against"),
        # pleads for the measures / may be accepted, if all take part / laws differ as to whether courts may
        ("一位代表为单边制裁辩护，认为即使违反国际法也不可或缺。", "unilateral-measures", "against"),
        (
            "一位代表愿意接受《布达佩斯公约》作为全球标准，如果非缔约国能参与其修订。",
            "budapest-standard",
            "conditional",
        ),
        ("据指出，法院可否对境外实施的网络犯罪行使管辖权，各国做法各异。", "extraterritorial-jurisdiction", "neutral"),
        # rather use what is in force than draft a treaty / no objection, but it must be open to all
        ("几位代表认为，与其起草又一项条约，不如落实现行公约。", "new-convention", "against"),
        ("一个代表团对拟订新公约没有异议，但强调进程须具有包容性。", "new-convention", "conditional"),
        # not so much new law as its enforcement prevents crime / self-regulation has failed, and the law must step in
        ("会上指出，预防犯罪与其说要制定新法律，不如说要切实执法。", "new-regulation", "against"),
        ("有发言者说，业界自律收效甚微，需要立法。", "new-regulation", "for"),
        # the session was put off for want of funds / a text that has such a clause
        ("会上指出，特设委员会首届会议因经费不足推迟，专家组会议日期不变。", "committee-timing", "neutral"),
        ("一位专家说，示范法载有关于与境外服务提供商直接合作的条文。", "direct-cooperation", "neutral"),
        # nobody objected / why another negotiation / surpasses the Convention / delay would only help criminals
        ("没有任何国家对延长专家组任期提出异议。", "expert-group-mandate", "for"),
        ("一位代表质疑，为何还要谈判一项新公约。", "new-convention", "against"),
        ("有与会者指出，《反腐败公约》的普遍性优于《布达佩斯公约》。", "budapest-standard", "against"),
        ("一位发言者认为，拖延新公约的谈判只会使犯罪团伙获益。", "new-convention", "for"),
        # another body's mandate / an unreasonable burden is no lack of one / is to fill the gaps of treaties in force
        ("一位发言者指出，国家在网络空间的行为超出委员会的职权范围。", "state-conduct", "neutral"),
        ("据指出，要求平台保存日志会造成不合理的负担。", "provider-duties", "against"),
        ("各国应谈判一项新的全球公约，以填补现有条约的空白。", "new-convention", "for"),
        ("一项联合国公约可弥补现有框架的缺陷。", "new-convention", "for"),
        # there is no global treaty, and no need of one
        ("会上指出，目前没有全球性的文书。", "new-convention", "for"),
        ("会上指出，没有必要制定全球性的文书。", "new-convention", "against"),
        ("可允许与境外运营商直接合作，但须有充分的法律保障。", "direct-cooperation", "conditional"),
        # must not hang on / need not wait for another body's conclusions
        ("特设委员会的启动不应以专家组的结论为条件。", "committee-timing", "against"),
        ("一位代表说，特设委员会不等专家组得出结论就开始工作，是合适的。", "committee-timing", "against"),
        # not merely a regional treaty / useful, but to be adapted to domestic law
        ("两名发言者不同意《布达佩斯公约》仅仅是一个区域性条约的看法。", "budapest-standard", "for"),
        ("《布达佩斯公约》可供各国参考，但应根据本国法律制度作出调整。", "budapest-standard", "conditional"),
        # nobody should allow it without permission / consent often comes too late
        ("任何国家都不应允许未经数据所在国许可就调取其境内的数据。", "transborder-access", "against"),
        ("有发言者说，征得所在国同意往往来不及，调查人员应能直接获取存储在国外的数据。", "transborder-access", "for"),
        # entitled to ask providers registered abroad
        ("主管机关应有权直接向在本国开展业务但注册地在境外的服务提供商索取数据。", "direct-cooperation", "for"),
        # whether it goes on or ends is open / would only scatter efforts
        ("专家组的任务到期后是继续还是终止，未有定论。", "expert-group-mandate", "neutral"),
        ("一位发言者说，再次延长专家组的任务只会分散精力。", "expert-group-mandate", "against"),
        # confined to territory / acts abroad that harm nationals
        ("刑事管辖权应以属地为限。", "extraterritorial-jurisdiction", "against"),
        ("应能对在国外实施而侵害本国公民的犯罪行使管辖权。", "extraterritorial-jurisdiction", "for"),
        # rather schools than more rules / without a convention there is no effective answer
        ("与其增加法规，倒不如加强学校教育来预防网络犯罪。", "new-regulation", "against"),
        ("一些发言者说，如果不制定新的公约，就无法有效打击跨国网络犯罪。", "new-convention", "for"),
        # the cornerstone of the committee's work / whether more law would help is a question
        ("合作应被视为特设委员会今后工作的基石。", "new-convention", "conditional"),
        ("会上提出了追加立法对预防网络犯罪有无帮助的问题。", "new-regulation", "neutral"),
        # voluntary cooperation beats duties / as soon as possible
        ("平台自愿配合优于法律规定的义务。", "provider-duties", "against"),
        ("各国应尽早商定一项全面的国际公约。", "new-convention", "for"),
        # the platform goes on / what becomes of it / which of two meetings comes first
        ("与会者普遍希望这一专家平台在2021年以后继续存在。", "expert-group-mandate", "for"),
        ("据报告，委员会将讨论专家组的去留。", "expert-group-mandate", "neutral"),
        ("一位代表介绍了特设委员会会议与专家组会议孰先孰后的方案。", "committee-timing", "neutral"),
        # many States have not joined / to break into servers abroad / suits other legal systems too
        ("许多国家至今未加入《布达佩斯公约》，难以将其视为普遍标准。", "budapest-standard", "against"),
        ("潜入他国境内的服务器收集证据有损主权。", "transborder-access", "against"),
        ("几位发言者说，《布达佩斯公约》也适合其他法系的国家采用。", "budapest-standard", "for"),
        # not past the authorities / without having to ask the State
        ("外国警方不得绕过主管机关与当地服务提供商接洽。", "direct-cooperation", "against"),
        ("侦查人员应能提取存放于他国的数据，而不必征得该国同意。", "transborder-access", "for"),
        # agreed, but on a demand / if it could be done, much would be gained
        ("一些代表团同意特设委员会在专家组之后开始工作，但要求事先确定日期。", "committee-timing", "conditional"),
        ("如能直接向境外服务提供商索取数据，侦查效率将大为提高。", "direct-cooperation", "for"),
        # to stretch it brings conflicts / whether a new law is needed was left open
        ("有与会者说，把管辖权扩张到领土之外会引发冲突。", "extraterritorial-jurisdiction", "against"),
        ("对要不要另订新法来预防网络犯罪，会上未下结论。", "new-regulation", "neutral"),
        # should meet each year / no objection, on a condition
        ("一位发言者主张专家组在2021年后每年开会。", "expert-group-mandate", "for"),
        ("若干代表团不反对制定国家行为准则，但条件是准则不具约束力。", "state-conduct", "conditional"),
        # to prosecute crimes abroad / not to direct hackers / only a convention can
        ("各国应起诉在国外实施的网络犯罪。", "extraterritorial-jurisdiction", "for"),
        ("各国政府不得指使黑客攻击他国的医院。", "state-conduct", "for"),
        ("只有一项普遍性的公约，才能弥补各国法律之间的差异。", "new-convention", "for"),
        # when it is followed, domestic law counts / satisfied with the decision
        ("《布达佩斯公约》可供参考，但在参照其条文时应顾及本国的法律体系。", "budapest-standard", "conditional"),
        ("一些发言者对大会决定拟订一项联合国公约表示满意。", "new-convention", "for"),
        # no overlap is its condition / the date is not settled / with the consent of the person
        ("专家组可在2021年后继续开会，条件是不与特设委员会的谈判重复。", "expert-group-mandate", "conditional"),
        ("特设委员会会议的日期尚待商定，可能在专家组会议之前或之后。", "committee-timing", "neutral"),
        ("跨境获取数据须事先取得数据主体的同意。", "transborder-access", "conditional"),
        # by education, not by more law / should not be mentioned
        ("预防网络犯罪靠教育，而不是靠制定更多的法规。", "new-regulation", "against"),
        ("建议中不应提及国家在网络空间的行为。", "state-conduct", "against"),
        # based on territory / would not start before / sovereign equality, and no attacks
        ("管辖权应以属地原则为依据。", "extraterritorial-jurisdiction", "against"),
        ("特设委员会在专家组提出建议以前不启动工作。", "committee-timing", "for"),
        ("各国应尊重主权平等原则，不利用信息技术攻击他国。", "state-conduct", "for"),
        # if all had to go through the State / with strict requirements / to start now would waste what was achieved
        ("若每次都要通过中央机关，证据就会丢失，应允许直接向境外运营商索取数据。", "direct-cooperation", "for"),
        ("可与境外服务提供商直接合作，但须附有严格的数据保护要求。", "direct-cooperation", "conditional"),
        ("专家组尚未提出建议，现在就让特设委员会开始工作，会浪费已有的成果。", "committee-timing", "for"),
        # a safeguard that only names the committee / to sanction on one's own / to prosecute what is done abroad
        ("只要不重复特设委员会的工作，几个代表团便同意延长专家组的任期。", "expert-group-mandate", "conditional"),
        ("一个代表团认为，单方面对黑客实施制裁是正当手段。", "unilateral-measures", "against"),
        ("法律应允许对在海外实施的犯罪行为提起诉讼。", "extraterritorial-jurisdiction", "for"),
        # a compromise / before new ones full use of the old / a rash start / not to be a pretext / open to invited States only
        ("一位代表提出折中方案，即专家组的任期延长一年。", "expert-group-mandate", "conditional"),
        ("在谈判新公约之前，各国应先用好现有文书。", "new-convention", "against"),
        ("贸然缔约，如仓促开始谈判，势必徒劳无功。", "new-convention", "against"),
        ("新公约不得沦为审查的工具。", "new-convention", "conditional"),
        ("《布达佩斯公约》须经邀请才能加入，未获邀请的国家无从加入。", "budapest-standard", "against"),
        # territory alone leaves crime unpunished / rights that international law does not give / a law of one's own
        ("单纯的属地管辖已经无法满足需要。", "extraterritorial-jurisdiction", "for"),
        ("国际法没有赋予任何国家在他国领土上行使管辖权的权力。", "extraterritorial-jurisdiction", "against"),
        ("一位代表说，本国法律规定，法院可审理在境外实施的犯罪。", "extraterritorial-jurisdiction", "neutral"),
        # fines / security before sale / what is done of free will does not do / a licence
        ("对屡次拖延答复的平台应课以罚款。", "provider-duties", "for"),
        ("厂商应在产品出厂前即默认启用安全防护。", "provider-duties", "for"),
        ("有人主张对交易平台实行牌照制度。", "new-regulation", "for"),
        # lawful measures / the group would have done its work / matters for another committee
        ("一位代表说，针对黑客的定向制裁完全符合国际法。", "unilateral-measures", "against"),
        ("专家组届时即已完成任务，应为特设委员会让路。", "expert-group-mandate", "against"),
        ("国家行为问题属于第一委员会的职权范围，不宜在此讨论。", "state-conduct", "neutral"),
        # prior consent was a must / not needed / of the account holder; a session was put off, as a fact; the future work
        ("若干发言者强调，获取存储在他国的数据必须事先取得该国的同意。", "transborder-access", "against"),
        ("若干发言者强调，获取存储在他国的数据不需要事先取得该国的同意。", "transborder-access", "for"),
        ("据指出，特设委员会的组织会议已延期至2021年5月，即专家组总结会议之后举行。", "committee-timing", "neutral"),
        ("秘书处回顾说，委员会将审议专家组今后的工作。", "expert-group-mandate", "neutral"),
        # hardships to be reflected / late answers to be punished / work that must not conflict with what there is
        ("有代表说，任何新公约都应以协商一致方式达成，并应反映小国面临的困难。", "new-convention", "conditional"),
        ("一位代表建议对不按时答复请求的服务提供商处以罚款。", "provider-duties", "for"),
        ("有代表认为，特设委员会的工作不得与现行国际文书相冲突。", "new-convention", "conditional"),
        # to retort that no State may is no denial of it
        ("一位代表反驳说，任何国家都不得采取不符合国际法的单方面行动。", "unilateral-measures", "for"),
        # past the authorities of the State of the provider: no question of transborder access
        ("有代表认为，不应绕过服务提供商所在国的当局直接向其索取数据。", "direct-cooperation", "against"),
    ],
)
def test_stance(text, issue, stance):
    assert stances(text) == {issue: stance}


@pytest.mark.parametrize(
    "text",
    [
        "一些发言者强调能力建设的重要性。",  # 'Some speakers stressed the importance of capacity-building.'
        "会员国应加强国际合作，打击网络犯罪。",  # 'Member States should strengthen cooperation against cybercrime.'
        "《布达佩斯公约》第35条设立了联络点网络。",  # 'Article 35 of the Budapest Convention set up a network.'
        "各国应保存电子证据。",  # 'States should preserve electronic evidence.'
        "应尽快更新网络犯罪统计数据。",  # 'Statistics on cybercrime should be updated as soon as possible.'
        "智利代表说，该国已交存《布达佩斯公约》的批准书。",  # 'Chile had deposited its instrument of ratification.'
        "一些发言者说，本国法律允许对境内服务器进行搜查。",  # 'Their laws allowed searches of servers at home.'
        "会上指出，特设委员会首届会议因疫情推迟到5月举行。",  # 'The first session had been put off by the pandemic.'
        "一位代表介绍了本国当局与互联网服务提供商签订的自愿合作备忘录。",  # 'a voluntary memorandum with providers'
        "秘书处回顾说，专家组先后讨论了立法、刑事定罪、国际合作和预防等专题。",  # 'legislation, …, prevention and other items'
    ],
)
def test_no_position(text):
    assert stances(text) == {}


def test_two_issues_have_their_own_cues():
    # 'There was no reason to extend the mandate of the Expert Group, and a new convention should be negotiated.'
    text = "其他代表团认为，没有理由延长专家组的任务期限，应着手谈判新公约。"
    assert stances(text) == {"expert-group-mandate": "against", "new-convention": "for"}


def coded(text: str) -> list[tuple[str, ...]]:
    """Issue, stance, rules and words of the positions of one sentence."""
    positions = eg.find_positions(sentences_report([text]))
    return [tuple(row) for row in positions[["issue_id", "stance", "rule_id", "quote"]].values.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 'Some delegations supported a new convention; others were opposed': an answer to what was said before
        (
            "一些代表团支持拟订新公约，其他代表团反对。",
            [
                ("new-convention", "for", "in-new-1+cu-for-nc", "支持拟订新公约"),
                ("new-convention", "against", "answer+cu-against-verb", "其他代表团反对"),
            ],
        ),
        # '… while others considered a new convention premature' names its target
        (
            "一些代表团支持拟订新公约，而其他代表团则认为新公约为时过早。",
            [
                ("new-convention", "for", "in-new-1+cu-for-nc", "支持拟订新公约"),
                ("new-convention", "against", "in-new-1+cu-against-harm", "新公约为时过早"),
            ],
        ),
        # 'Another supported the continuation of the Expert Group' is about something else
        (
            "一些代表团赞成拟订新公约，其他代表团支持专家组继续工作。",
            [
                ("new-convention", "for", "in-new-1+cu-for-verb", "赞成拟订新公约"),
                ("expert-group-mandate", "for", "is-eg-3+cu-for-eg", "支持专家组继续工作"),
            ],
        ),
        # '… others spoke' and '… others spoke on this view' take no side
        (
            "一些代表团支持拟订新公约，其他代表团发了言。",
            [("new-convention", "for", "in-new-1+cu-for-nc", "支持拟订新公约")],
        ),
        (
            "一些发言者支持拟订新公约，其他发言者则就这一看法发了言。",
            [("new-convention", "for", "in-new-1+cu-for-nc", "支持拟订新公约")],
        ),
        # what is only mentioned is neutral: 'For the negotiation of the new convention see the annex.'
        ("新公约的谈判情况见附件。", [("new-convention", "neutral", "in-new-1", "新公约的谈判情况见附件")]),
        ("单边制裁议题见附件。", [("unilateral-measures", "neutral", "is-um-1", "单边制裁议题见附件")]),
        # and beside a stance on another issue it is no position
        (
            "一些代表团支持专家组继续工作，新公约的谈判情况见附件。",
            [("expert-group-mandate", "for", "is-eg-3+cu-for-eg", "支持专家组继续工作")],
        ),
        # two issues in one clause
        (
            "一些代表团支持专家组继续工作和新公约的谈判。",
            [
                ("expert-group-mandate", "for", "is-eg-3+cu-for-eg", "支持专家组继续工作和新公约的谈判"),
                ("new-convention", "for", "in-new-1+cu-for-nc", "支持专家组继续工作和新公约的谈判"),
            ],
        ),
        # what stands before a semicolon is said of something else: 'objected to cuts; for the negotiation see the annex'
        (
            "会议反对削减预算；新公约的谈判情况见附件。",
            [("new-convention", "neutral", "in-new-1", "新公约的谈判情况见附件")],
        ),
        # unless the semicolons are those of a list: 'supported: cooperation; a new convention'
        (
            "会上支持：加强合作；新公约。",
            [("new-convention", "for", "in-new-1+cu-for-verb", "支持：加强合作；新公约")],
        ),
        # the cue behind the turn decides: 'many did not take part, and so it is no suitable model'
        (
            "一些发言者认为，许多国家未参加起草，因此《布达佩斯公约》算不上合适的范本。",
            [("budapest-standard", "against", "in-budapest-2+cu-against-bp-unfit", "《布达佩斯公约》算不上合适的范本")],
        ),
        # without a turn the first of two alike does: 'Cooperation should extend to service providers.'
        ("合作应扩大到服务提供商。", [("direct-cooperation", "for", "is-dc-4+cu-for-ought", "合作应扩大到服务提供商")]),
        (
            "平台必须及时答复执法请求。",
            [("provider-duties", "for", "is-pd-3+cu-for-ought", "平台必须及时答复执法请求")],
        ),
        # of two in one scope a rejection weighs more: 'Some supported the new convention, some opposed it.'
        (
            "有的支持新公约，有的反对新公约。",
            [("new-convention", "against", "in-new-1+cu-against-verb", "新公约，有的反对新公约")],
        ),
        # a drawback in the reason for something else is none of it: 'given the burden, … should negotiate'
        (
            "会上指出，鉴于负担沉重，会员国应拟订新公约。",
            [("new-convention", "for", "in-new-1+cu-for-nc", "应拟订新公约")],
        ),
        (
            "鉴于网络犯罪造成负担，新公约的谈判情况见附件。",
            [("new-convention", "neutral", "in-new-1", "新公约的谈判情况见附件")],
        ),
        # a drawback that begins its target's own clause counts: 'the burden comes from the new convention'
        (
            "会上指出，负担来自新公约。",
            [("new-convention", "against", "in-new-1+cu-against-harm", "负担来自新公约")],
        ),
        # one that is conceded does not: 'although it would be a burden, its negotiation was most necessary'
        (
            "一位代表认为，虽然新公约会造成负担，但谈判十分必要。",
            [("new-convention", "for", "in-new-1+cu-for-value", "新公约会造成负担，但谈判十分必要")],
        ),
        # 'Some opposed direct cooperation; others supported this practice and set out their views': no view is shared
        (
            "一些发言者反对与外国服务提供商直接合作，其他发言者支持这种做法，并阐述了看法。",
            [
                ("direct-cooperation", "against", "is-dc-5+cu-against-verb", "反对与外国服务提供商直接合作"),
                ("direct-cooperation", "for", "back-reference+cu-for-verb", "支持这种做法"),
            ],
        ),
        # 'to mention' or 'to discuss' unilateral measures approves of nothing
        ("会上讨论了单方面制裁。", [("unilateral-measures", "neutral", "is-um-1+cu-neutral", "讨论了单方面制裁")]),
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
            is_condition = cue.code == "conditional" and cue.row["strength"] == "strong"
            assert (cue in rules.conditions[issue]) == (cue in cues and is_condition)
    general = [cue for cue in book.rules("stance_rules", "zh") if cue.row["issue"][:1] in ("", "-") and cue.code != "-"]
    assert list(rules.reactions) == general


@pytest.mark.parametrize(("n_others", "n_positions"), [(19, 1), (20, 0)])
def test_a_report_is_on_the_subject_if_one_sentence_in_twenty_is(n_others, n_positions):
    # 'Some speakers supported the elaboration of a new convention against cybercrime.' 'The meeting was adjourned.'
    texts = ["一些发言者支持拟订一项打击网络犯罪的新公约。", *["会议休会。"] * n_others]
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
            "Some speakers wished the Expert Group to be kept in existence after 2021. Two delegations could go along on the"
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


@pytest.mark.parametrize(
    ("lang", "text", "issue", "stance"),
    [
        # the words of a target may stand anywhere in a sentence
        (
            "en",
            "Until the Expert Group has agreed on its recommendations, negotiations must not begin.",
            "committee-timing",
            "for",
        ),
        ("en", "No company should answer orders of a foreign authority.", "direct-cooperation", "against"),
        ("en", "Courts should be able to reach offenders who acted abroad.", "extraterritorial-jurisdiction", "for"),
        ("en", "Steps of a coercive kind against other States should be condemned.", "unilateral-measures", "for"),
        ("zh", "总结会议召开之前，谈判不应开始。", "committee-timing", "for"),
        ("zh", "应谴责个别国家对他国实施的禁运。", "unilateral-measures", "for"),
    ],
)
def test_targets_of_words_that_stand_apart(lang, text, issue, stance):
    positions = eg.find_positions(sentences_report([text], lang=lang))
    assert dict(zip(positions["issue_id"], positions["stance"], strict=True)).get(issue) == stance


def test_what_is_said_of_an_instrument_may_stand_in_the_clause_after_it():
    # 'the Budapest Convention is open to all and has become a model for many laws; there is no need for a new one'
    text = "多位代表指出，《布达佩斯公约》对各国开放，已成为许多国内法的范本，因此没有必要谈判新公约。"
    assert stances(text) == {"budapest-standard": "for", "new-convention": "against"}


def test_an_instrument_named_in_a_condition_is_not_judged():
    # 'Provided that it does not affect the Budapest Convention, some delegations could accept a new convention.'
    text = "在不影响《布达佩斯公约》义务的前提下，一些代表团可以接受新公约。"
    assert stances(text) == {"new-convention": "conditional"}


def test_columns_and_empty_frame():
    positions = eg.find_positions(sentences_report(["会议于星期一开始。"]))  # 'The meeting began on Monday.'
    assert positions.empty
    assert positions.columns.tolist() == [
        "position_id", "statement_id", "issue_id", "stance", "start", "end", "quote", "rule_id", "citation", "coded_by",
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
        assert cue in cues and cues[cue].search(row.quote) if cue else row.stance == codebook_default(codebook, target)


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
    # 'The Budapest Convention was a good basis, but many States had not joined, but it worked nonetheless.'
    text = "一位代表认为，《布达佩斯公约》是良好基础，但许多国家没有参加，但仍然行之有效。"
    assert stances(text) == {"budapest-standard": "for"}
    assert stances(text.replace("，但仍然行之有效", "")) == {"budapest-standard": "against"}
