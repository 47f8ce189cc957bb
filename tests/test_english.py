"""English sentences in the style of United Nations reports; every one is invented."""

from __future__ import annotations

import pytest

import egdata as eg
from egdata.coding.statements import split_clauses
from egdata.reading.report import parse_report, sentences_report
from egdata.tables.build import checked_tables


def code(text):
    """The coding sheet of one English sentence."""
    return eg.code_sentences([text], lang="en")


def stances(text):
    """Issue → stance of one sentence; of two holders the last."""
    sheet = code(text)
    return {issue: stance for issue, stance in zip(sheet["issue"], sheet["stance"], strict=True) if issue}


def in_one_unit(text):
    """Statements of one paragraph."""
    return eg.find_statements(parse_report(f"1. {text}", "en"))


# ---- holders --------------------------------------------------------------------------------------------------------

HOLDERS = [
    # quantifier × noun × verb
    ("One delegation disagreed.", "one"),
    ("Another representative recalled the deadline.", "one"),
    ("A delegate from a small island State asked for help.", "one"),
    ("One of the panellists explained the procedure.", "one"),
    ("A group of States expressed regret.", "one"),
    ("Some speakers were concerned about the costs.", "some"),
    ("Certain delegations reserved their position.", "some"),
    ("Several delegations stressed the urgency of the matter.", "several"),
    ("A number of participants gave examples of good practice.", "several"),
    ("A few delegations were opposed.", "several"),
    ("Two delegations sought clarification.", "several"),
    ("Many Member States supported the idea.", "many"),
    ("Most speakers, including several groups of States, underlined the need for training.", "many"),
    ("The majority of delegations favoured the first option.", "many"),
    ("A large number of experts reported delays.", "many"),
    ("Nearly all delegations welcomed the text.", "general"),
    ("Delegations generally agreed with the Chair.", "general"),
    ("No delegation disputed that time was short.", "general"),
    ("There was general agreement that time was short.", "general"),
    ("It was widely recognized that victims needed support.", "general"),
    ("Other speakers preferred the second option.", "other"),
    ("Others noted that the matter was not urgent.", "other"),
    ("The other delegations did not comment but called for patience.", "other"),
    # who acts in a passive clause, by a bare number or a name
    ("A shorter period was preferred by some.", "some"),
    ("The budget was questioned by several.", "several"),
    ("Earlier reports were cited by many as proof.", "many"),
    ("The cost of travel was pointed out by the Secretariat.", "named"),
    ("A pause was suggested by the delegation of Ghana.", "named"),
    ("Gratitude was voiced on behalf of the Asia-Pacific Group.", "named"),
    ("A third course, put forward by one delegation, was to wait.", "one"),
    ("In the judgement of those participants, nothing had changed.", "speakers"),
    # opinions as nouns
    ("The objections of two delegations were of principle.", "several"),
    ("The preference of many delegations was for a later date.", "many"),
    ("A wish for brevity was evident in most statements.", "many"),
    ("Satisfaction with the venue was general.", "general"),
    ("The role of the host was common to all delegations.", "general"),
    ("The question of seating was discussed at length.", "impersonal"),
    ("Marked divergence was apparent.", "impersonal"),
    ("According to an opposing argument, time was short.", "impersonal"),
    ("To that criticism it was answered that time was short.", "impersonal"),
    # who is counted among the speakers speaks, whatever the verb
    ("One delegation toyed with the idea.", "one"),
    ("Several speakers fretted over the deadline.", "several"),
    ("A few representatives hinted that they might leave.", "several"),
    ("One of them marvelled at the pace.", "one"),
    ("Most of those grumbled about the noise.", "many"),
    ("Two experts attended the opening.", "unattributed"),
    ("Some participants were elected to the bureau.", "unattributed"),
    ("The observer for a trade association warned of costs.", "one"),
    ("There were also delegations that saw no hurry.", "speakers"),
    # number not stated
    ("Participants noted that resources were scarce.", "speakers"),
    ("Delegations expressed their gratitude to the host.", "speakers"),
    ("Members of the Committee emphasized the importance of prevention.", "speakers"),
    ("According to speakers, the law was outdated.", "speakers"),
    # a source between commas or at the end
    ("The proposal was, in the judgement of several delegations, premature.", "several"),
    ("The text should, from the point of view of the representative of Japan, be shorter.", "named"),
    ("The law was outdated, according to most speakers.", "many"),
    ("The proposal was unacceptable to some delegations.", "some"),
    ("In one speaker's view, the law was outdated.", "one"),
    # what is told, shown or discussed, but no procedure
    ("The observer for INTERPOL demonstrated new software.", "named"),
    ("The Secretariat provided information on the status of ratification.", "named"),
    ("The Office provided support to States.", "unattributed"),
    ("Two delegations exchanged information on their laws.", "several"),
    ("Delegates debated the possible scope of the text.", "speakers"),
    ("Delegates discussed agenda item 3.", "unattributed"),
    # nobody is named
    ("It was noted that resources were scarce.", "impersonal"),
    ("It was, however, suggested that the text be shortened.", "impersonal"),
    ("The view was expressed that the text was too long.", "impersonal"),
    ("Another view was that the text was too short.", "impersonal"),
    ("Reference was made to the previous session.", "impersonal"),
    ("Concern was expressed about the deadline.", "impersonal"),
    ("Clarification was sought as to the budget.", "impersonal"),
    ("The importance of training was also underscored.", "impersonal"),
    ("Information was exchanged on training.", "impersonal"),
    ("The question whether more time was needed was discussed.", "impersonal"),
    ("Examples mentioned in that regard included training courses.", "impersonal"),
    ("There were calls for restraint.", "impersonal"),
    ("Differing views were expressed on that point.", "impersonal"),
    ("States are encouraged to share their experience.", "impersonal"),
    ("It was agreed that the item would be deferred.", "impersonal"),
    # the agent of a passive
    ("That suggestion was supported by several delegations.", "several"),
    ("Concern was expressed by some delegations about the deadline.", "some"),
    ("That view was contested by two delegations.", "several"),
    ("The draft was explained by the representative of Chile.", "named"),
    ("An overview was given by the observer for the Council of Europe.", "named"),
    ("The proposal was brought up by other speakers.", "other"),
    ("Training, other speakers felt, was vital.", "other"),
    ("Training was, for many delegations, vital.", "many"),
    ("To several experts, training was vital.", "several"),
    ("Training was vital, one speaker submitted, above all for judges.", "one"),
    ("Some delegations had no difficulty with the draft.", "some"),
    ("A number of speakers were at ease with the draft.", "several"),
    ("Two panellists showed how such data were traced.", "several"),
    ("Time was short, and getting shorter, observed two delegations.", "several"),
    ("Delegates debated what could be done in the time that was left.", "speakers"),
    ("Other representatives answered that time was short.", "other"),
    ("The delegation holding this view also said that time was short.", "one"),
    ("UNCTAD pointed out that time was short.", "named"),
    ("Another of them was flexible as to the date.", "one"),
    ("Two speakers held a middle position, namely that time was short.", "several"),
    ("Participants discussed the difficulty of translating the text.", "speakers"),
    ("Some delegations were unable to support the draft.", "some"),
    ("His delegation would like to know why time was short.", "named"),
    ("The question was put whether time was short.", "impersonal"),
    ("The length of the term was also touched upon.", "impersonal"),
    ("The present report provides an overview of progress.", "unattributed"),
    ("Many delegations saw in a longer term the only way forward.", "many"),
    ("Most of those who spoke supported the proposal.", "many"),
    ("Representatives of several States welcomed the report.", "several"),
    ("The Secretariat introduced the manual.", "named"),
    ("The panellist from Ghana described the manual.", "named"),
    ("The expert from INTERPOL explained the manual.", "named"),
    ("The Secretariat presented the new edition of its guide.", "named"),
    ("One speaker summed up the discussion.", "one"),
    # by name
    ("The representative of Norway, speaking on behalf of the Nordic countries, said that the text was balanced.", "named"),
    ("The Group of 77 and China called for more resources.", "named"),
    ("The African Group reiterated its position.", "named"),
    ("The Secretariat clarified the rules of procedure.", "named"),
    ("The Committee, recalling its earlier decision, recommended a review.", "named"),
    ("The Secretary-General indicates that the post is vacant.", "named"),
    ("The observer for Palestine thanked the Chair.", "named"),
    ("Japan pointed out that the law had been amended.", "named"),
    ("The Secretariat briefed the participants on the budget.", "named"),
    ("Her delegation welcomed the report.", "named"),
    ("He regretted the delay.", "named"),
    ("UNODC reported on its courses for judges.", "named"),
    ("The representative of Fiji presented the training on offer.", "named"),
    ("Speakers differed on whether more time was needed.", "speakers"),
    ("Participants discussed whether more time was needed.", "speakers"),
    ("Delegations were unanimous in the view that time was short.", "general"),
    ("Participants voiced general concern at the delay.", "general"),
    ("The definitions were widely seen as too narrow.", "general"),
    ("The sense of the meeting was that time was short.", "general"),
    # support that somebody gave
    ("The second option attracted considerable interest.", "impersonal"),
    ("Some interest was shown in the second option.", "impersonal"),
    ("The prevailing view, however, was that time was short.", "many"),
    ("The complainant claims that time was short.", "one"),
    ("The Subsidiary Body for Technological Advice (SBTA) noted with concern that time was short.", "named"),
    ("The observer for Palau made a statement in which she deplored the delay.", "named"),
    ("The Working Party agreed to establish a drafting group.", "unattributed"),
    ("Before the vote, statements in explanation of position were made by the delegates of Cuba.", "unattributed"),
    ("There was a certain amount of support for the second option.", "impersonal"),
    ("No agreement could be reached on the second option.", "impersonal"),
    ("The centre received considerable support from donors.", "unattributed"),
    # what a rule lets somebody do
    ("A delegation may, at any time, propose an adjournment.", "unattributed"),
    ("One speaker recounted how the case had been solved.", "one"),
    # the text itself speaks
    ("States should cooperate closely.", "unattributed"),
    ("The meeting was attended by representatives of 60 States.", "unattributed"),
    ("Statements were made by the representatives of France and Mali.", "unattributed"),
    ("Statements after the vote were made by the representatives of France and Mali.", "unattributed"),
    ("Several delegations made statements.", "unattributed"),
    ("The Committee adopted its agenda.", "unattributed"),
    ("Many States rely on old equipment.", "unattributed"),
    ("It is necessary to update the law.", "unattributed"),
    ("States should be encouraged to cooperate.", "unattributed"),
    ("In its resolution 60/177, the General Assembly requested the Commission to report.", "unattributed"),
    ("The Council, in its resolution 22/7, urged States to cooperate.", "unattributed"),
    ("Statements on criminalization were made by the representatives of Brazil and Egypt.", "unattributed"),
    ("Delegations will be invited to speak.", "unattributed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "holder"), HOLDERS)
def test_holder(text, holder):
    assert list(code(text)["holder"]) == [holder]


@pytest.mark.parametrize(
    "text",
    [
        "Encourages Member States to strengthen the protection of witnesses;",
        "10. Also requests the Secretary-General to report on the matter, and invites the Committee to consider it;",
        "Once again calls upon all States to ratify the Convention;",
        "Recalling that several delegations expressed concern,",
        "Deeply concerned that speakers have reported an increase in such crimes,",
        "Takes note of the view expressed by the Committee that States should cooperate;",
        "Calls upon States to refrain from unilateral sanctions and to negotiate a new convention;",
    ],
)
def test_a_clause_of_a_resolution_reports_nobody_and_takes_no_side(text):
    sheet = code(text)
    assert list(sheet["holder"]) == ["unattributed"]
    assert list(sheet["issue"]) == [""]


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        ("While some speakers supported the draft, others felt that it was too long.", ["some", "other"]),
        ("One delegation proposed a break, but several delegations preferred to continue.", ["one", "several"]),
        ("The rules are clear; it was noted that they were not applied.", ["unattributed", "impersonal"]),
        ("Some speakers stressed training, while others gave priority to equipment.", ["some", "other"]),
        ("Some speakers were in favour; one speaker, for her part, would rather see it dropped.", ["some", "one"]),
        ("One delegation asked for more time, a request supported by many speakers.", ["one", "many"]),
        ("The draft was welcomed by many delegations, although one speaker found it too long.", ["many", "one"]),
        ("The draft met with general approval, but some participants asked for more time.", ["general", "some"]),
    ],
)
def test_two_holders(text, holders):
    assert list(eg.find_statements(sentences_report([text], "en"))["holder"]) == holders


@pytest.mark.parametrize(
    "text",
    [
        "The representative of Chile, supported by several delegations, said that time was short.",
        "The representative of Chile, echoed by a number of others, asked for more time.",
        "The representative of Chile proposed a pause, supported by several speakers.",
    ],
)
def test_who_joins_a_holder_governs_the_same_words(text):
    found = eg.find_statements(sentences_report([text], "en"))
    assert list(zip(found["holder"], found["quote"], strict=True)) == [("named", text), ("several", text)]


@pytest.mark.parametrize("blank", [" ", "\n", "\n\n"])
def test_no_quote_begins_or_ends_with_a_blank(blank):
    second = (
        f"recalled the history of the question{blank}and stressed that it was old;{blank}other speakers opposed it."
    )
    report = parse_report(
        f"I. Summary\n\n1. Some speakers supported a new convention;{blank}one speaker {second}", "en"
    )
    quotes = checked_tables(eg.code(report))["statements"]["quote"]
    assert len(quotes) > 2
    assert list(quotes) == [quote.strip() for quote in quotes]


def test_anaphora_inside_a_unit():
    found = in_one_unit(
        "Some speakers welcomed the draft. They also thanked the Chair. One delegation disagreed. "
        "That delegation proposed a pause. Those speakers insisted."
    )
    assert list(found["holder"]) == ["some", "some", "one", "one", "some"]
    assert list(found["group_id"]) == ["1#1/s1", "1#1/s1", "1#3/s1", "1#3/s1", "1#1/s1"]


def test_two_mentions_are_two_groups():
    found = in_one_unit("Some speakers welcomed the draft. Some speakers thanked the Chair.")
    assert list(found["group_id"]) == ["1#1/s1", "1#2/s1"]


def test_asides_end_no_clause():
    text = "It was, however, noted that States should, where possible, act."
    assert split_clauses(text) == [(0, len(text))]
    assert len(split_clauses("It was, in the view of one speaker, late.")) == 3  # a source speaks


# ---- modality -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("States must preserve data.", "must"),
        ("Parties shall cooperate.", "must"),
        ("The delegate of Norway, while not opposed to the text, said that it must be shorter.", "must"),
        ("Providers should be obliged to keep logs.", "should"),
        ("It was deemed necessary to train judges.", "should"),
        ("The Group did not have to wait.", "should"),
        ("The establishment of a network was welcomed.", "encourage"),
        ("A party may not invoke bank secrecy.", "must"),
        ("Speakers said that it was imperative to act.", "must"),
        ("It was noted that courts should act swiftly.", "should"),
        ("One speaker stressed the need to train judges.", "should"),
        ("Networks need to be strengthened.", "should"),
        ("Victims ought to be heard.", "should"),
        ("States should consider joining the network.", "consider"),
        ("Consideration might also be given to joining the network.", "consider"),
        ("Countries may wish to consider a fund.", "consider"),
        ("It was recommended that States should set up units.", "recommend"),
        ("Several delegations supported the proposal.", "recommend"),
        ("States are encouraged to share information.", "encourage"),
        ("One speaker called for closer cooperation.", "encourage"),
        ("One speaker noted the delay and urged patience.", "encourage"),
        ("The rule that courts must agree was welcomed by two delegations.", "encourage"),
        ("Speakers reported that the tools in which prosecutors could trust were few.", "none"),
        ("The guide can be used by prosecutors.", "may"),
        ("It was mentioned that the convention could contain a chapter on training.", "may"),
        ("The Group reiterated its support for the proposal.", "recommend"),
        ("Additional training was needed, according to several speakers, in particular for judges.", "should"),
        ("States may request assistance.", "may"),
        ("In that case, they may request assistance.", "may"),
        # what limits a demand does not govern it, and of a concession and a main clause the latter decides
        ("States may extend jurisdiction to acts committed abroad, but must respect sovereignty.", "may"),
        ("Although many speakers welcomed the proposal, they insisted that it should be shortened.", "should"),
        ("One delegation said that it would support the request.", "recommend"),
        ("Two delegations condemned the attacks and stressed that they must cease.", "must"),
        ("Two delegations rejected the text and held that it had to be shortened.", "must"),
        ("That view was not shared by one delegation, which argued that States should act.", "should"),
        ("The meeting had had to be cancelled, the Chair said.", "none"),
        ("Two delegations rejected the text, insisting that it must be shortened.", "must"),
        ("One speaker praised the draft and was in favour of its adoption.", "recommend"),
        ("One speaker said that such information needed to be shared at once.", "should"),
        ("One delegation asked whether a vote must be taken.", "none"),
        ("Views differed as to whether and how the term should be extended.", "none"),
        ("One speaker said that an extension was therefore not necessary.", "should"),
        ("One speaker noted the delay and expressed strong support for an extension.", "recommend"),
        ("The words “must be” were deleted.", "none"),
        ("Several proposals for a shorter text were made.", "recommend"),
        ("One speaker deplored the delay and supported an extension.", "recommend"),
        ("It was noted that cooperation had improved.", "none"),
        ("The session was held in May 2020.", "none"),
    ],
)
def test_modality(text, modality):
    assert list(code(text)["modality"]) == [modality]


# ---- instruments ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "instruments"),
    [
        ("Parties to the Council of Europe Convention on Cybercrime met.", "budapest"),
        ("The Convention against Corruption was cited.", "uncac"),
        ("They referred to the Organized Crime Convention and to that Convention's article 18.", "untoc"),
        ("Speakers discussed a new global treaty on cybercrime.", "new-convention"),
        ("The United Nations should elaborate a universal convention.", "new-convention"),
        ("Use was made of existing regional instruments.", "existing-instruments"),
        ("They relied on existing instruments and frameworks, such as the Budapest Convention.", "budapest"),
        ("General Assembly resolution 74/247 and Commission resolution 26/4 were recalled.", "ga-74-247;ccpcj-26-4"),
        ("Measures contrary to the Charter of the United Nations were condemned.", "un-charter"),
        ("A convention centre was built under a new contract.", ""),
    ],
)
def test_instruments(text, instruments):
    assert list(code(text)["instruments"]) == [instruments]


# ---- positions ------------------------------------------------------------------------------------------------------

POSITIONS = [
    ("Some speakers supported the elaboration of a new convention on cybercrime.", "new-convention", "for"),
    ("Some speakers did not support the elaboration of a new convention on cybercrime.", "new-convention", "against"),
    ("It was noted that there was no need to negotiate a new convention.", "new-convention", "against"),
    ("A new treaty should neither conflict with earlier instruments nor weaken the protection they gave.",
     "new-convention", "conditional"),
    ("The Budapest Convention could hardly be regarded as a worldwide model.", "budapest-standard", "against"),
    ("The Budapest Convention was not a worldwide standard.", "budapest-standard", "against"),
    ("The Budapest Convention was not the only possible basis.", "budapest-standard", "conditional"),
    ("Police should not retrieve data stored in another country without the approval of that country.",
     "transborder-access", "against"),
    ("Police did not have to request approval to retrieve data stored in another country.", "transborder-access", "for"),
    ("One speaker outlined her country's good experience with direct requests to foreign service providers.",
     "direct-cooperation", "for"),
    ("New laws should be enacted to prevent the abuse of such devices.", "new-regulation", "for"),
    ("There was no reason for the Group to convene again after 2021.", "expert-group-mandate", "against"),
    ("The Expert Group ought to be kept going beyond 2021.", "expert-group-mandate", "for"),
    ("The ad hoc committee should meet at once and not wait for the Expert Group.", "committee-timing", "against"),
    ("A speaker doubted that sovereignty applied to State conduct in cyberspace.", "state-conduct", "against"),
    ("Some speakers agreed that State conduct in cyberspace should be bound by sovereignty, with an important caveat.",
     "state-conduct", "conditional"),
    ("One delegation had no objection to direct requests to foreign providers if national law was respected.",
     "direct-cooperation", "conditional"),
    ("Several speakers accepted obligations of providers to keep logs, though only under judicial control.",
     "provider-duties", "conditional"),
    ("Burdening providers with new duties would force smaller ones out of the market.", "provider-duties", "against"),
    ("Hope was expressed that all States would join in the negotiation of the new convention.", "new-convention", "for"),
    ("Awareness, and not new legislation, was the key to prevention.", "new-regulation", "against"),
    ("Best use should rather be made of existing international treaties.", "new-convention", "against"),
    ("Some delegations did not share that view and stressed that the Budapest Convention had proved its worth.",
     "budapest-standard", "for"),
    ("Fuller use ought to be made of the Budapest Convention.", "budapest-standard", "for"),
    ("A new convention was needed, since no current instrument was comprehensive.", "new-convention", "for"),
    ("The continuation of the work of the Expert Group had lost nothing of its value.", "expert-group-mandate", "for"),
    ("The Chair recalled that, by its resolution 26/4, the Commission had invited the Expert Group to continue its work"
     " after 2021.", "expert-group-mandate", "neutral"),
    ("Security by default should be left to industry.", "provider-duties", "against"),
    ("Participants discussed the date at which the ad hoc committee was to begin.", "committee-timing", "neutral"),
    ("The view that a new convention was needed was not shared by other delegations.", "new-convention", "against"),
    ("State conduct in cyberspace was discussed elsewhere and should not be taken up.", "state-conduct", "neutral"),
    ("The timing of the sessions of an ad hoc committee was raised.", "committee-timing", "neutral"),
    ("Article 32 (b) of the Budapest Convention violated sovereignty.", "transborder-access", "against"),
    ("Prevention should rest on education, no new laws being required.", "new-regulation", "against"),
    ("The Budapest Convention was applied in 90 countries, several of which had not acceded to it.",
     "budapest-standard", "for"),
    ("Better use of the Budapest Convention was needed, which should be used to the fullest.",
     "budapest-standard", "for"),
    ("The Commission should extend the term of the Expert Group beyond 2021.", "expert-group-mandate", "for"),
    ("One speaker reported on direct requests to providers abroad without stating any position.",
     "direct-cooperation", "neutral"),
    ("The first session of the ad hoc committee was due for June 2021.", "committee-timing", "neutral"),
    ("Other speakers felt that formal channels were the only legitimate way of obtaining data located abroad.",
     "transborder-access", "against"),
    ("As to jurisdiction, some speakers opposed any extension beyond national borders.",
     "extraterritorial-jurisdiction", "against"),
    ("Searching computers abroad without notifying the State in which they stood was alluded to.",
     "transborder-access", "neutral"),
    ("The first session of the ad hoc committee had been deferred because of the pandemic and would be held after the"
     " meeting of the Expert Group.", "committee-timing", "neutral"),
    ("It was argued that existing international instruments were sufficient.", "new-convention", "against"),
    ("Full use should be made of existing treaties rather than negotiating a new one.", "new-convention", "against"),
    ("Any new instrument must not conflict with existing treaties.", "new-convention", "conditional"),
    ("Several delegations could accept a new convention, provided that it was adopted by consensus.",
     "new-convention", "conditional"),
    ("Clarification was sought as to the scope of a new convention.", "new-convention", "neutral"),
    ("No delegation opposed the drafting of a new convention.", "new-convention", "for"),
    ("One speaker did not agree that a new convention was unnecessary.", "new-convention", "for"),
    ("Although negotiations would be difficult, a new convention was needed.", "new-convention", "for"),
    ("Many speakers regarded the Budapest Convention as an effective international standard.",
     "budapest-standard", "for"),
    ("It was stated that the Budapest Convention was outdated and could not serve as a global standard.",
     "budapest-standard", "against"),
    ("One speaker said that the Budapest Convention needed to be updated.", "budapest-standard", "conditional"),
    ("Several delegations proposed extending the mandate of the Expert Group.", "expert-group-mandate", "for"),
    ("Others saw no reason to extend the mandate of the Expert Group.", "expert-group-mandate", "against"),
    ("The ad hoc committee should begin its work only after the Expert Group has submitted its recommendations.",
     "committee-timing", "for"),
    ("The ad hoc committee should start immediately and need not wait for the Expert Group.",
     "committee-timing", "against"),
    ("Authorities should be able to request data directly from foreign service providers.",
     "direct-cooperation", "for"),
    ("Direct requests to service providers abroad were opposed, as they circumvented the central authorities.",
     "direct-cooperation", "against"),
    ("Direct cooperation with service providers in other countries is acceptable only with judicial authorization.",
     "direct-cooperation", "conditional"),
    ("Investigators should be allowed to access data stored in another State.", "transborder-access", "for"),
    ("No authority may obtain data located in another State without the consent of that State.",
     "transborder-access", "against"),
    ("States should extend their jurisdiction to offences committed abroad.",
     "extraterritorial-jurisdiction", "for"),
    ("Extraterritorial jurisdiction was rejected as a violation of sovereignty.",
     "extraterritorial-jurisdiction", "against"),
    ("States should refrain from unilateral coercive measures.", "unilateral-measures", "for"),
    ("One delegation said that unilateral sanctions were a legitimate response.", "unilateral-measures", "against"),
    ("State-sponsored attacks should be condemned.", "state-conduct", "for"),
    # that it is outside a mandate says nothing of whether the conduct should be bound
    ("Some speakers stated that State behaviour was outside the mandate of the Expert Group.",
     "state-conduct", "neutral"),
    ("Service providers should be required to keep logs.", "provider-duties", "for"),
    ("It was cautioned that excessive obligations on service providers would stifle innovation.",
     "provider-duties", "against"),
    ("Additional regulations are needed to prevent online fraud.", "new-regulation", "for"),
    ("No further legislation was needed for prevention.", "new-regulation", "against"),
    ("There was no reason to believe, one speaker said, that the Budapest Convention was unsuitable.",
     "budapest-standard", "for"),
    ("One speaker denied that the Budapest Convention could serve as a global standard.", "budapest-standard", "against"),
    ("Several delegations disputed that a new convention would duplicate existing instruments.",
     "new-convention", "for"),
    ("One speaker contended that the conduct of States in cyberspace was not bound by sovereignty.",
     "state-conduct", "against"),
    ("Another speaker disagreed with the demand that States abstain from unilateral measures.",
     "unilateral-measures", "against"),
    ("It was recalled that unilateral measures contrary to international law were on the agenda of another body.",
     "unilateral-measures", "neutral"),
    ("Questions were raised as to whether data held in another State could be copied without going through it.",
     "transborder-access", "neutral"),
    ("One speaker saw nothing wrong with direct cooperation between prosecutors and service providers abroad.",
     "direct-cooperation", "for"),
    ("Some had no objection to the Ad Hoc Committee starting its work before the Expert Group had reported.",
     "committee-timing", "against"),
    ("No unilateral measures should be taken except with the authorization of the Security Council.",
     "unilateral-measures", "conditional"),
    ("It would be a loss if the Expert Group ceased to exist after 2021.", "expert-group-mandate", "for"),
    ("The Commission would take up the future work of the Expert Group in May, the Chair said.",
     "expert-group-mandate", "neutral"),
    ("A new convention was welcomed by States whose difficulties had not been taken into account before.",
     "new-convention", "for"),
    ("One delegation proposed that rules be adopted to impose security requirements on the makers of devices.",
     "new-regulation", "for"),
    ("It was suggested that transborder access to data be allowed in emergencies only.",
     "transborder-access", "conditional"),
    ("Requests should always be sent to the central authorities of the State in which the provider had its seat.",
     "direct-cooperation", "against"),
    ("Its support for a new convention hinged on its contents, one delegation said.", "new-convention", "conditional"),
    ("The Ad Hoc Committee need not await the recommendations of the Expert Group before meeting.",
     "committee-timing", "against"),
    ("Evidence could be seized in the cloud, and police should obtain it without sending a request to another State.",
     "transborder-access", "for"),
    ("Two delegations could accept no rule permitting prosecutors to copy data held abroad without asking the State.",
     "transborder-access", "against"),
    ("Others would prefer existing instruments to be applied.", "new-convention", "against"),
    ("One delegation was prepared to accept the Budapest Convention as a standard if non-parties could amend it.",
     "budapest-standard", "conditional"),
    ("Chad voiced the wish that all States would take part in negotiating the new convention.",
     "new-convention", "for"),
    ("Chile was not opposed to a new convention so long as it did not weaken existing treaties.",
     "new-convention", "conditional"),
    ("Peru did not object to a new convention but insisted that it be adopted by consensus.",
     "new-convention", "conditional"),
    ("The claim that the Budapest Convention was obsolete was rejected by many speakers.", "budapest-standard", "for"),
    ("Investigators should be able to turn directly to foreign providers, since formal channels were cumbersome.",
     "direct-cooperation", "for"),
    ("Prevention depended less on new legislation than on education.", "new-regulation", "against"),
    ("Others noted that the Budapest Convention did not reflect the concerns of all.", "budapest-standard", "against"),
    ("The Budapest Convention could not be regarded as a global standard.", "budapest-standard", "against"),
    ("One speaker said that self-regulation had failed and that new rules for online platforms were needed.",
     "new-regulation", "for"),
    ("The resolution contained no such precondition, and the Committee should begin its work without waiting for the "
     "Expert Group.", "committee-timing", "against"),
    ("States should not resort in cyberspace to unilateral measures contrary to international law.",
     "unilateral-measures", "for"),
    ("One speaker said that States could not be expected to renounce unilateral measures.",
     "unilateral-measures", "against"),
    ("It was said that jurisdiction over cybercrime should not be limited to the territory of the State.",
     "extraterritorial-jurisdiction", "for"),
    ("One speaker held that only a treaty drafted under the auspices of the United Nations could bridge the "
     "remaining gaps.", "new-convention", "for"),
    ("Jurisdiction should be extended to offences committed abroad, so that perpetrators find no safe havens.",
     "extraterritorial-jurisdiction", "for"),
    ("Some delegations warned against a broad interpretation of jurisdiction.",
     "extraterritorial-jurisdiction", "against"),
    ("Several speakers supported extending jurisdiction to acts committed outside the territory rather than "
     "confining it to territoriality.", "extraterritorial-jurisdiction", "for"),
    ("Investigators should be able to secure data irrespective of the country in which the servers were located, "
     "without having to send a request.", "transborder-access", "for"),
    ("The question whether investigators could retrieve data held abroad was discussed, but no conclusion was reached.",
     "transborder-access", "neutral"),
    ("Information was exchanged on the periods for which service providers were required to keep logs.",
     "provider-duties", "neutral"),
    ("One delegation recalled the draft protocol, which would cover direct cooperation with service providers in "
     "other parties.", "direct-cooperation", "neutral"),
    ("Many delegations considered the Expert Group to be the best platform for exchanges and supported the renewal "
     "of its mandate.", "expert-group-mandate", "for"),
    ("One speaker said that making the sessions of the Ad Hoc Committee dependent on the Expert Group would lead to "
     "long delays.", "committee-timing", "against"),
    ("Existing legislation was no longer adequate and stricter regulation of platforms was needed.",
     "new-regulation", "for"),
    ("The Commission could consider prolonging the workplan of the Expert Group past 2021 so that practitioners "
     "could exchange information on cybercrime.", "expert-group-mandate", "for"),
    ("The Budapest Convention had for many years served as the standard for national laws.",
     "budapest-standard", "for"),
    ("It was suggested that the ad hoc committee established pursuant to General Assembly resolution 74/247 should "
     "start its work only after the Expert Group had submitted its recommendations.", "committee-timing", "for"),
    ("Two speakers welcomed the adoption by the Assembly of its resolution 74/247.", "new-convention", "for"),
    ("Participants exchanged views on the fate of the Expert Group.", "expert-group-mandate", "neutral"),
    ("States may allow foreign police to contact service providers without an intermediary.",
     "direct-cooperation", "for"),
    ("Some speakers reported on the duties that their laws placed on service providers.", "provider-duties", "neutral"),
    ("Direct requests to foreign service providers were allowed in some countries and prohibited in others.",
     "direct-cooperation", "neutral"),
    ("One speaker said that negotiating a United Nations treaty would consume scarce resources.",
     "new-convention", "against"),
    ("Investigators might look into computers abroad, provided that the State concerned was notified.",
     "transborder-access", "conditional"),
    ("Several speakers saw a need to focus on implementing the resolution, the negotiation of a new convention and "
     "making good use of resources.", "new-convention", "for"),
    ("New frameworks or instruments on cybercrime should not weaken existing treaties.",
     "new-convention", "conditional"),
    ("Member States should ensure that information and communications technologies are used exclusively for "
     "peaceful purposes.", "state-conduct", "for"),
    ("Elements such as definitions and jurisdiction should be covered in a possible new convention.",
     "new-convention", "neutral"),
    ("The duties of service providers to detect and disrupt cybercrime should be defined.", "provider-duties", "for"),
    ("One speaker expressed the hope that the protocol would make direct cooperation with service providers abroad "
     "possible.", "direct-cooperation", "for"),
    ("Training should be one of the foundations of the work of the ad hoc committee.", "new-convention", "conditional"),
    ("It was difficult to counter cybercrime without a universal treaty.", "new-convention", "for"),
    ("Those who carried out attacks with the support of Governments must be condemned.", "state-conduct", "for"),
    ("The protocol was expected to cover direct requests to service providers in other parties.",
     "direct-cooperation", "neutral"),
    ("The application of national laws to acts committed in another State was incompatible with sovereignty.",
     "extraterritorial-jurisdiction", "against"),
    ("The Budapest Convention was open for accession and technologically neutral.", "budapest-standard", "for"),
    ("Rules of conduct for States in cyberspace were acceptable provided that they were not binding.",
     "state-conduct", "conditional"),
    ("Any future treaty should neither overlap nor conflict with existing instruments.", "new-convention", "conditional"),
    ("Others saw a need for binding rules on the security of devices.", "new-regulation", "for"),
    ("Restrictive measures taken by individual States were contrary to the Charter.", "unilateral-measures", "for"),
    ("Courts should be able to try cybercriminals regardless of where they acted.", "extraterritorial-jurisdiction", "for"),
    ("One speaker was opposed to the competence of courts over acts committed entirely abroad.",
     "extraterritorial-jurisdiction", "against"),
    ("Searches extending into foreign systems should be allowed.", "transborder-access", "for"),
    ("Nothing in the resolution made the start of the Ad Hoc Committee dependent on the Expert Group.",
     "committee-timing", "against"),
    ("National legislation should be amended with rules on the prevention of cybercrime.", "new-regulation", "for"),
    ("Prevention depended on education rather than on the enactment of further laws.", "new-regulation", "against"),
    ("Speakers described different national approaches to the duties of service providers.", "provider-duties", "neutral"),
    ("One speaker said that sanctions imposed by individual States were lawful.", "unilateral-measures", "against"),
    ("It was noted that attacks on hospitals and power plants conducted by States must be condemned.",
     "state-conduct", "for"),
    ("Some delegations voiced concern about unilateral coercive measures and called upon States to refrain from "
     "measures that were not in conformity with international law.", "unilateral-measures", "for"),
    ("As a compromise, it was suggested that the Expert Group meet once more after 2021.",
     "expert-group-mandate", "conditional"),
    ("Full use should be made of treaties in force before considering new instruments.", "new-convention", "against"),
    ("An agreement of worldwide reach was called for.", "new-convention", "for"),
    ("The draft convention should not be adopted by a slim majority.", "new-convention", "conditional"),
    ("States that were not party to it had used the Budapest Convention as a model.", "budapest-standard", "for"),
    ("His country had had no say in the drafting of the Budapest Convention.", "budapest-standard", "against"),
    ("The Expert Group's retention beyond 2021 would be welcome.", "expert-group-mandate", "for"),
    ("It would be short-sighted to abolish a forum such as the Expert Group.", "expert-group-mandate", "for"),
    ("One speaker reported that the law of her country extended to offences committed abroad.",
     "extraterritorial-jurisdiction", "neutral"),
    ("Strict territoriality left offenders unpunished.", "extraterritorial-jurisdiction", "for"),
    ("Orders should go straight to the provider concerned.", "direct-cooperation", "for"),
    ("Investigators should be able to copy the data without knowing in which country they were stored.",
     "transborder-access", "for"),
    ("Steps of a unilateral nature must be condemned.", "unilateral-measures", "for"),
    ("A minimum retention period of six months was proposed.", "provider-duties", "for"),
    ("Minimum requirements for devices should be set by legislation.", "new-regulation", "for"),
    ("A further statute would be of little use for prevention.", "new-regulation", "against"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "issue", "stance"), POSITIONS)
def test_stance(text, issue, stance):
    assert stances(text) == {issue: stance}


@pytest.mark.parametrize(
    "text",
    [
        "States should strengthen international cooperation against cybercrime.",
        "Some speakers stressed the importance of training for judges.",
        "The Convention against Corruption could serve as a legal basis for extradition.",
        "National legislation should criminalize online fraud.",
        "Cooperation with service providers should be improved.",
        "The Expert Group adopted its report.",
        "The ad hoc committee elected its officers.",
        "Countries should foster standards for cross-border evidence retrieval.",
        "States should share subscriber information, as defined in article 18 of the Budapest Convention.",
        "States should standardize orders for the preservation of data and transborder access.",
        "Remote searches must be authorized by a judge.",
    ],
)
def test_no_issue(text):
    assert stances(text) == {}


def test_two_issues_in_one_sentence():
    text = "Other speakers favoured using existing instruments, such as the Budapest Convention, to the full extent."
    assert stances(text) == {"budapest-standard": "for", "new-convention": "against"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Some speakers rejected the idea of a new convention, while others held the opposite view.",
            ["against", "for"],
        ),
        ("Some speakers opposed a new convention; other speakers did not share that view.", ["against", "for"]),
        ("Some speakers opposed a new convention; others shared that view.", ["against", "against"]),
        ("Norway supported a new convention, while Egypt opposed this.", ["for", "against"]),
        ("One delegation opposed a new convention; others agreed.", ["against", "against"]),
        ("One delegation opposed a new convention, a position shared by many speakers.", ["against", "against"]),
        (
            "Several speakers demanded that States refrain from unilateral measures; others disagreed.",
            ["for", "against"],
        ),
    ],
)
def test_who_shares_or_disputes_a_view_answers_it(text, expected):
    assert list(code(text)["stance"]) == expected


def test_a_second_verb_has_a_subject_of_its_own():
    text = "Some speakers opposed a new convention and regarded the Budapest Convention as the appropriate standard."
    assert stances(text) == {"new-convention": "against", "budapest-standard": "for"}


def test_two_holders_take_two_sides():
    sheet = code("Some speakers supported a new convention, while others opposed such a convention.")
    assert list(zip(sheet["holder"], sheet["issue"], sheet["stance"], strict=True)) == [
        ("some", "new-convention", "for"),
        ("other", "new-convention", "against"),
    ]


def test_contrast_between_paragraphs():
    report = parse_report(
        "1. Some speakers supported a new convention on cybercrime.\n"
        "2. However, other speakers opposed such a convention.",
        "en",
    )
    contrasts = eg.find_contrasts(report)
    assert list(zip(contrasts["from_id"], contrasts["to_id"], strict=True)) == [("2#1/s1", "1#1/s1")]


@pytest.mark.parametrize("text", [text for text, *_ in POSITIONS])
def test_every_quote_is_in_the_text(text):
    report = sentences_report([text], "en")
    for frame in (eg.find_statements(report), eg.find_mentions(report), eg.find_positions(report)):
        for start, end, quote in zip(frame["start"], frame["end"], frame["quote"], strict=True):
            assert report.text[start:end] == quote


def test_the_words_that_name_a_holder_begin_with_no_blank():
    report = sentences_report(["Time was short; early ratification is recommended."], "en")
    assert list(eg.find_statements(report)["holder_quote"]) == ["early ratification is recommended"]


def test_the_words_of_a_position_end_with_no_blank():
    # a condition takes in so many letters of what follows, wherever that ends
    texts = [
        f"Transborder access to data was acceptable, subject to {'x' * n} and y and z {'x' * 60}." for n in range(60)
    ]
    quotes = eg.find_positions(sentences_report(texts, "en"))["quote"]
    assert len(quotes) == len(texts)
    assert not quotes.str.endswith(" ").any()
