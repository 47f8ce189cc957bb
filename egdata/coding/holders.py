"""Who is said to hold the views of a sentence, and which words of it each holder governs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import NamedTuple

from egdata.base.vocabulary import ANAPHOR
from egdata.codebook.matcher import BLOCKED, Rule, all_matches, find_matches
from egdata.coding.clauses import Clause, without_blanks
from egdata.coding.grammar import BODIES, Frame, Grammar, Reporting, by_part

#: Parts of holder_rules, as far as they are believed at the head of a clause: people before what needs no people.
_PEOPLE = ("plural", "one", "pronoun", "pronoun-body", "strong")
_PHRASES = ("clause", "clause-one")
_HEADS = ("head", "head-operative")  # believed where nothing but adjuncts stands before
_SUBJECT = 2  # words before a predicate: 'while it was opposed by'
_NEAR = 16  # characters that tell in which frame somebody stands: 'acceptable to others'
_COUNTED = {"one", "several", "some", "many", "other", "general"}
_SPEAKING = _COUNTED | {"named"}
_SET_AGAINST = _SPEAKING | {"speakers"}  # who may answer the agent of a passive
_LONE = _SPEAKING - {"one"}  # 'one' may be a thing where nobody stands before: 'One related to costs'
_MET_LATER = _COUNTED - {"general"}  # whoever is all is not set against some
_MET = {"strong": _SPEAKING | {BLOCKED}, "present": {"speakers"}}
_SEMICOLON, _COLON = "；;", "：:"
_PLURAL = re.compile(r"s$| and ")
_SINGULAR = re.compile(r"\w+[^s]s\b.*")
_RUN_IN = re.compile(r"[a-z] (?=The [A-Z])")
_OFFICE = 6  # characters of an office behind the name of its body
_JOINED = 20  # bodies after the first that one verb may have


@dataclass
class Attribution:
    """The words that name a holder: their span, the reporting verb after them, and where their statement begins."""

    clause: int
    start: int
    end: int
    holder: str
    part: str
    verb_start: int
    verb_end: int
    rule_id: str


class _Sentence(NamedTuple):
    text: str
    clauses: list[Clause]
    grammar: Grammar
    rules: dict[str, list[Rule]]  # holder rules by part, as far as their words stand in the sentence


class _Subject(NamedTuple):
    rule: Rule
    end: int
    verb: tuple[int, int]


def find_attributions(text: str, clauses: list[Clause], grammar: Grammar) -> list[Attribution]:
    """The holders named in one sentence, in their order; none where the text itself speaks."""
    attributions: list[Attribution] = []
    # 'Encourages Member States', 'In its resolution 65/230, the Assembly requested', 'are as follows:' report nobody
    begin = grammar.begin.match(text).end("marker")
    if not text.strip() or any(grammar.words[name].match(text, begin) for name in ("operative", "record", "procedure")):
        return attributions
    sentence = _Sentence(text, clauses, grammar, by_part(grammar.holders.standing_in(text)))
    is_list = False  # whether a colon stands before: what follows is told by whoever speaks before it
    only_adjuncts = True  # whether nothing but adjuncts stands before this clause since the last semicolon
    for index, (start, end) in enumerate(clauses):
        attribution = _at_head(sentence, index, only_adjuncts, bool(attributions), is_list) or (
            attributions and _joined(sentence, index, attributions[-1])
        )
        if attribution and not (
            attributions and _adds_nothing(sentence, (start, end), attributions[-1], attribution, is_list)
        ):
            attributions.append(attribution)
        is_list = is_list or text[end - 1] in _COLON
        only_adjuncts = (text[end - 1] in _SEMICOLON and not is_list) or (
            only_adjuncts and not attribution and bool(grammar.words["adjunct"].match(text, start, end))
        )
    # 要求缔约的提议，日本代表反对: what is asked at the head of a sentence is what others speak of
    topic = [
        attribution
        for attribution in attributions[:1]
        if attribution.part == "head-operative" and set(_SEMICOLON).isdisjoint(text[: attribution.start])
    ]
    attributions = attributions[len(topic) :]
    if not attributions:
        agents = _passive(sentence, len(text))
        met = agents + _answering(sentence, agents[0]) if agents else _participle(sentence)
        met = met or _anywhere(sentence, len(text))
        # who is spoken of in what shall be done holds no view
        is_enacted = met and grammar.words["enacted"].match(text, 0, met[0].start)
        return [] if is_enacted else _with_opponents(sentence, met) or topic
    before = _passive(sentence, clauses[attributions[0].clause][0]) if attributions[0].clause else []
    if before and attributions[0].holder == ANAPHOR:  # 得到了许多代表团的支持，它们认为: 'they' are those named before
        return before + _answering(sentence, before[0])
    # some stood …, in their view
    if attributions[0].holder == ANAPHOR and (met := _anywhere(sentence, attributions[0].start)):
        return met
    if before and before[0].holder != "impersonal":  # 'was supported by several delegations, while others opposed it'
        attributions.insert(0, before[0])
    return _with_opponents(sentence, attributions)


def _adds_nothing(
    sentence: _Sentence, clause: Clause, before: Attribution, attribution: Attribution, is_list: bool
) -> bool:
    """Whether a clause names nobody beside the holder before: that one speaks on, is told of, or has its details."""
    speaks_on = (  # 会上指出…，会上还强调…; 一些代表团表示…，它们才会接受…
        before.holder == attribution.holder == "impersonal"
        or attribution.holder == ANAPHOR
        or attribution.part.startswith("head")
    )
    is_detail = is_list and sentence.text[attribution.start].isdigit()  # 'most replied: 9 (60 per cent) said that'
    return speaks_on or is_detail or _is_apposition(sentence, clause, before, attribution)


def _is_apposition(sentence: _Sentence, clause: Clause, before: Attribution, attribution: Attribution) -> bool:
    """Whether a clause only tells of the holder before: 'Peru, an observer, said', 'Chad, for several States, said'"""
    text, (start, end) = sentence.text, clause
    is_aside = before.verb_start >= end and not text[start : attribution.start].strip()
    is_same = before.verb_start == attribution.verb_start
    return is_aside and (is_same or bool(sentence.grammar.words["for_whom"].match(text, attribution.start)))


def _at_head(sentence: _Sentence, index: int, only_adjuncts: bool, later: bool, is_list: bool) -> Attribution | None:
    """The holder at the head of a clause, before or behind what introduces it."""
    text, grammar = sentence.text, sentence.grammar
    start, end = sentence.clauses[index]
    begin = grammar.begin.match(text, start, end)
    first = begin.start("lead")
    places = (first, begin.end()) if begin.end() > first else (first,)
    frames = (grammar.at_start if only_adjuncts else ()) + grammar.at_head
    for part, place, rule, stop in _standing(sentence, _PEOPLE + _PHRASES, places, end):
        verb = None if part in _PHRASES else _verb(sentence, stop, rule, index)
        if rule.code == BLOCKED or (part in _PEOPLE and _is_idle(sentence, stop, end, verb)):
            return None
        if part in _PHRASES:
            owner = rule.code == "impersonal" and (
                _framed_at(sentence, index, places, frames) or _in_clause(sentence, index)
            )
            return owner or Attribution(index, place, stop, rule.code, part, place, stop, rule.rule_id)
        if verb:
            return Attribution(index, place, stop, rule.code, part, *verb, rule.rule_id)
    if attribution := _framed_at(sentence, index, places, frames):
        return attribution
    # a body named inside what somebody else says is no new speaker, unless it is set against that speaker
    is_free = (
        not later or bool(text[begin.end("marker") : first].strip()) or (text[start - 1] in _SEMICOLON and not is_list)
    )
    for place in places if later else (*places, *_inside(sentence, start, end)):
        attribution = _body(sentence, place, index)
        if attribution and (is_free or attribution.holder in _COUNTED or _is_set_against(text, attribution, grammar)):
            return attribution
    if only_adjuncts and (attribution := _doing(sentence, index, places, _SPEAKING if later else _LONE)):
        return attribution
    for part, place, rule, stop in _standing(sentence, _HEADS if only_adjuncts else (), places, end):
        # 'Welcoming …,' at the very head of a resolution's clause reports nobody
        if not (part == "head-operative" and not index and grammar.words["operative_end"].search(text)):
            return Attribution(index, place, stop, rule.code, part, place, stop, rule.rule_id)
    return None


def _inside(sentence: _Sentence, start: int, end: int) -> Iterator[int]:
    """Where a name may stand inside a clause: behind an adjunct that no comma ends ('During the plenary Peru said'),
    or behind a heading that runs into the sentence ('Fish stocks The Committee noted')."""
    yield from (heading.end() for heading in _RUN_IN.finditer(sentence.text, start, end))
    if sentence.grammar.words["adjunct"].match(sentence.text, start, end):
        bound = sentence.grammar.words["before_name"]
        places = (capital.start() for capital in sentence.grammar.name_begins.finditer(sentence.text, start, end))
        yield from (place for place in places if not bound.search(sentence.text, start, place))


def _standing(
    sentence: _Sentence, parts: tuple[str, ...], places: tuple[int, ...], end: int
) -> Iterator[tuple[str, int, Rule, int]]:
    """Of each part and place the rule that matches most there, with where it ends."""
    for part in parts:
        for place in places:
            rule, stop = _longest(sentence, (part,), place, end)
            if rule:
                yield part, place, rule, stop


def _longest(sentence: _Sentence, parts: tuple[str, ...], start: int, end: int) -> tuple[Rule | None, int]:
    best, stop = None, start
    for part in parts:
        for rule in sentence.rules.get(part, ()):
            match = rule.pattern.match(sentence.text, start, end)
            if match and match.end() > stop:
                best, stop = rule, match.end()
    return best, stop


# ---- subjects -------------------------------------------------------------------------------------------------------


def _verb(sentence: _Sentence, start: int, subject: Rule, index: int) -> tuple[int, int] | None:
    """The reporting verb of a subject that ends at ``start``; none if it only owns the subject.

    Who is counted among the speakers (one delegation) or speaks for somebody speaks, whatever the verb.
    """
    text, clauses, grammar, _ = sentence
    end = clauses[index][1]
    if grammar.words["possessive"].match(text, start, end):
        return None
    if (predicate := grammar.follows.match(text, start, end)) and predicate["verb"]:
        return predicate.span("verb")
    # in 'Norway, while not opposed to it, said that' the main clause reports
    later = sorted(
        clauses[index + 1 : index + 3], key=lambda clause: bool(grammar.words["subordinate"].match(text, *clause))
    )
    for first, last in ((start, end), *later):
        if said := grammar.said.search(text, first, last):
            return said.span("verb")
    deed = subject.code in _SPEAKING and grammar.deed.match(text, start, end)
    return deed.span("verb") if deed else None


def _body(sentence: _Sentence, start: int, index: int) -> Attribution | None:
    """A body that is a speaker only where a reporting verb follows, if need be after a comma: 委员会根据…，建议…"""
    text, clauses, grammar, _ = sentence
    # 'The Union, a party to it, welcomed': an English aside stands between two commas
    reach = 9 if text.endswith(",", 0, clauses[index][1]) else 1
    end = clauses[min(index + reach, len(clauses) - 1)][1]
    if grammar.words["no_subject"].match(text, start, end):
        return None
    subject = _subject(sentence, start, end, BODIES)
    if subject is None or _is_idle(sentence, subject.end, end, subject.verb):
        return None
    return Attribution(index, start, subject.end, subject.rule.code, "weak", *subject.verb, subject.rule.rule_id)


def _is_idle(sentence: _Sentence, start: int, end: int, verb: Clause | None) -> bool:
    """Whether who stands before ``start`` only does something, and does not go on to speak: 'met and noted that …'."""
    text, words = sentence.text, sentence.grammar.words
    if not words["no_view"].match(text, start, end):
        return False
    return not (verb and words["second_predicate"].match(text, start))  # a clause may end before the second


def _doing(sentence: _Sentence, index: int, places: tuple[int, ...], codes: set[str]) -> Attribution | None:
    """Some who need no noun, or a State, whatever they do: 'Others confined their remarks to …'"""
    text, clauses, grammar, _ = sentence
    of_party = grammar.words["deed_of_party"]
    deeds = {"bare": grammar.words["lone_deed"], "state": of_party, "weak": of_party}
    for part, place, rule, stop in _standing(sentence, tuple(deeds), places, clauses[index][1]):
        deed = rule.code in (codes & _COUNTED if part == "weak" else codes) and deeds[part].match(text, stop)
        if deed:
            return Attribution(index, place, stop, rule.code, "bare", *without_blanks(text, *deed.span()), rule.rule_id)
    return None


def _subject(sentence: _Sentence, start: int, end: int, parts: tuple[str, ...], more: int = _JOINED) -> _Subject | None:
    """A body with its reporting verb, or several joined by 'and': it is of the class of the first."""
    for part in parts:
        for rule in sentence.rules.get(part, ()):
            subject = sentence.grammar.reporting(rule, sentence.text, start, end)
            if subject is None or (subject.follows["verb"] or "")[:1].isupper():  # 'The Observer’s Report' is a heading
                continue
            if subject.follows["verb"]:
                if part == "bare" and rule.code in _LONE and _SINGULAR.fullmatch(subject.follows["verb"]):
                    continue  # 'some values', 'many requests'
                if part == "name" and _is_fact(sentence, start, end, subject, is_single=more == _JOINED):
                    continue
                return _Subject(rule, subject.end, subject.follows.span("verb"))
            names_only = subject.follows["and"] == ","  # 'Overall, participants noted'
            further_parts = ("name",) if names_only else ("strong", *BODIES)
            if more and (further := _subject(sentence, subject.follows.end(), end, further_parts, more - 1)):
                return further._replace(rule=rule)
    return None


def _is_fact(sentence: _Sentence, start: int, end: int, subject: Reporting, is_single: bool) -> bool:
    """Whether a name reports nothing: 'The Fund supported 40 schools', or with a noun 'UNSOS support will continue'."""
    text, words = sentence.text, sentence.grammar.words
    if words["fact"].match(text, subject.end, end):
        return True
    verb = subject.follows.span("verb")
    is_next = not text[subject.end : verb[0]].strip()
    is_one = is_single and not _PLURAL.search(text, start, subject.end)
    return is_one and is_next and bool(words["bare_verb"].fullmatch(text, *verb))


def _participle(sentence: _Sentence) -> list[Attribution]:
    """Who reports only beside what he does: 'Noting the delay, the Chair adjourned'; 委员会审议了该报告，强调…"""
    text, clauses, grammar, _ = sentence
    places = [grammar.begin.match(text, *clause).end() for clause in clauses]
    verbs = [grammar.words["participle"].match(text, place) for place in places]
    first = next((index for index, verb in enumerate(verbs) if verb), 0)
    provision = grammar.words["provision"]
    # the subject stands behind a participle that leads the sentence, before one that follows
    for index in range(first) if first else range(1, len(clauses) if verbs[0] else 0):
        (_, end), place = clauses[index], places[index]
        is_heading = text[end - 1] in _COLON
        rule, stop = (None, place) if is_heading else _longest(sentence, (*_PEOPLE, *BODIES), place, end)
        is_thing = rule and rule.row["part"] == "bare" and grammar.words["thing"].match(text, stop)
        if rule and rule.code not in (BLOCKED, ANAPHOR) and not is_thing and not provision.match(text, stop):
            span = verbs[first].span()
            return [Attribution(index, place, stop, rule.code, "passive", *span, rule.rule_id)]
        if not (is_heading or grammar.words["adjunct"].match(text, *clauses[index])):
            break
    return []


def _anywhere(sentence: _Sentence, last: int) -> list[Attribution]:
    """People who stand in no frame, where a meeting is told of: 'was, to several delegations, tolerable'."""
    text, clauses, grammar, rules = sentence
    if grammar.words["no_speech"].search(text):
        return []
    for part, codes in _MET.items():
        met = [rule for rule in rules.get(part, ()) if rule.code in codes]
        for start, end, rule, _ in find_matches(met, text, 0, last):
            start, end = without_blanks(text, start, end)
            # '17 staff members' are a figure, 'a judge' is anybody
            if text[start].isdigit() or grammar.words["unmet"].match(text, start, end):
                continue
            is_told = grammar.words["told"].search(text) or grammar.deed.match(text, end)
            if is_told and not grammar.words["no_view"].match(text, end):
                place = _clause_at(clauses, start)
                return [Attribution(place, start, end, rule.code, "passive", start, end, rule.rule_id)]
    return []


def _is_set_against(text: str, attribution: Attribution, grammar: Grammar) -> bool:
    """Whether a body speaks against or in answer to the speaker before: 埃及代表团则反对, 秘书处答复说."""
    is_against = any(
        grammar.words[name].search(text, attribution.end, attribution.verb_start)
        for name in ("contrast", "adversative")
    )
    return bool(is_against or grammar.words["reply"].match(text, attribution.verb_start))


# ---- holders who are not the subject --------------------------------------------------------------------------------


def _framed_at(
    sentence: _Sentence, index: int, places: tuple[int, ...], frames: tuple[Frame, ...]
) -> Attribution | None:
    """The first holder whom a frame holds that begins at one of the places."""
    attributions = (_framed(sentence, index, place, frame, "clause") for place in places for frame in frames)
    return next((attribution for attribution in attributions if attribution), None)


def _framed(sentence: _Sentence, index: int, start: int, frame: Frame, part: str) -> Attribution | None:
    """A holder in a frame that begins at ``start``: according to several delegations, in the view of Norway."""
    text, end = sentence.text, sentence.clauses[index][1]
    before = frame.before.match(text, start, end)
    if before is None:
        return None
    candidates = (_longest(sentence, (part,), before.end(), end) for part in frame.parts)
    rule, stop = next((candidate for candidate in candidates if candidate[0]), (None, 0))
    if rule is None or rule.code == BLOCKED:
        return None
    after = frame.after.match(text, stop)
    if after is None and rule.row["part"] == "name":  # which may end later: 秘书处 | 法律顾问的意见是
        later = (frame.after.match(text, at) for at in range(stop + 1, min(stop + _OFFICE, end)))
        ends = [place for place in later if place and place[0].strip()]
        names = product(ends, sentence.rules.get("name", ()))
        whole = ((place, name) for place, name in names if name.pattern.fullmatch(text, before.end(), place.start()))
        after, rule = next(whole, (None, rule))
    kind = rule.row["part"] if rule.code == ANAPHOR else part
    if after is None:
        return None
    is_alone = after[0].strip() or sentence.grammar.words["alone"].match(text, after.start())
    if rule.row["part"] == "bare" and not is_alone:  # by some means
        return None
    span = without_blanks(text, start, after.end())
    return Attribution(index, *span, rule.code, kind, *span, rule.rule_id)


def _in_clause(sentence: _Sentence, index: int) -> Attribution | None:
    """The first holder whom a frame holds anywhere in a clause: was proposed by some delegations."""
    attributions = (
        _framed(sentence, index, before.start(), frame, "passive")
        for frame in sentence.grammar.anywhere
        for before in frame.before.finditer(sentence.text, *sentence.clauses[index])
    )
    return min(
        (attribution for attribution in attributions if attribution),
        key=lambda attribution: (attribution.start, -attribution.end),
        default=None,
    )


def _joined(sentence: _Sentence, index: int, before: Attribution) -> Attribution | None:
    """A holder who joins the one before in the same words: 'The Chair, supported by some delegations, said'."""
    text, clauses, grammar, _ = sentence
    start, end = clauses[index]
    is_beside = before.clause == index - 1 or end == len(text) or text[end - 1] in _SEMICOLON
    attribution = _framed(sentence, index, grammar.begin.match(text, start, end).end(), grammar.joined, "joined")
    if not (attribution and is_beside):
        return None
    attribution.clause = before.clause
    return attribution


def _passive(sentence: _Sentence, end: int) -> list[Attribution]:
    """The first holder who is the agent of a passive, or an impersonal passive, up to ``end``."""
    text, clauses, _, rules = sentence
    attributions: list[Attribution] = []
    for match in all_matches(rules.get("passive", ()), text, 0, end):
        span = without_blanks(text, match.start, match.end)
        attributions.append(
            Attribution(_clause_at(clauses, span[0]), *span, match.rule.code, "passive", *span, match.rule.rule_id)
        )
    framed = (_in_clause(sentence, index) for index, (_, last) in enumerate(clauses) if last <= end)
    attributions += islice(filter(None, framed), 1)
    return sorted(attributions, key=lambda attribution: (attribution.start, -attribution.end))[:1]


def _with_opponents(sentence: _Sentence, attributions: list[Attribution]) -> list[Attribution]:
    return sorted([*attributions, *_set_against(sentence, attributions)], key=lambda attribution: attribution.start)


def _set_against(sentence: _Sentence, attributions: list[Attribution]) -> Iterator[Attribution]:
    """Who is set against those found, of a class of their own, whatever verb follows: 'some expressed relief, others
    horror'; 得到几个代表团的推崇，却遭到许多代表团的非议 (praised by several, criticized by many)."""
    text, clauses, grammar, rules = sentence
    if not attributions or attributions[0].holder not in _SET_AGAINST:
        return
    known, held = (
        {attribution.holder for attribution in attributions},
        {attribution.clause for attribution in attributions},
    )
    people = [rule for part in ("strong", "bare") for rule in rules.get(part, ()) if rule.code in _MET_LATER]
    for start, end, rule, _ in find_matches(people, text, attributions[0].end):
        place = _clause_at(clauses, start)
        is_known = rule.code in known or any(
            attribution.start < end and start < attribution.end for attribution in attributions
        )
        is_idle = is_known or grammar.words["no_view"].match(text, end)
        if not is_idle and _stands_against(sentence, clauses[place], (start, end), rule, attributions[0]):
            part = "answered" if place in held else rule.row["part"]
            yield Attribution(place, start, end, rule.code, part, start, end, rule.rule_id)
            known.add(rule.code)
            held.add(place)


def _stands_against(sentence: _Sentence, clause: Clause, span: Clause, rule: Rule, first: Attribution) -> bool:
    """Whether people stand where somebody new is told of: at the head of a clause, behind 'which', 'and by', 却遭到."""
    text, words = sentence.text, sentence.grammar.words
    begin, near = sentence.grammar.begin.match(text, *clause), max(clause[0], span[0] - _NEAR)
    is_led = bool(words["before_met"].search(text, near, span[0]))
    is_placed = is_led or span[0] in (begin.start("lead"), begin.end())
    if rule.code == "other":
        return is_placed or (first.holder in _COUNTED and bool(words["before_others"].search(text, near, span[0])))
    if rule.row["part"] == "bare":
        return is_placed and rule.code != "one" and bool(words["lone_deed"].match(text, span[1]))
    return is_led or (is_placed and rule.code != "one")  # 'Peru, an observer, said'


def _answering(sentence: _Sentence, agent: Attribution) -> list[Attribution]:
    """Who answers the agent of a passive: was favoured by some and opposed by one; …, it was rejected by others."""
    text, clauses, grammar, _ = sentence
    attributions: list[Attribution] = []
    for index in range(agent.clause, len(clauses)):
        start, end = max(clauses[index][0], agent.end), clauses[index][1]
        for frame in grammar.answered:
            places = (before.start() for before in frame.before.finditer(text, start, end))
            attributions += filter(None, (_framed(sentence, index, place, frame, "answered") for place in places))
        attribution = _in_clause(sentence, index) if index > agent.clause else None
        if attribution and len(text[start : attribution.start].split()) <= _SUBJECT:
            attributions.append(attribution)
    return [attribution for attribution in attributions if attribution.holder in _SET_AGAINST]


def _clause_at(clauses: list[Clause], place: int) -> int:
    return next(index for index, (_, last) in enumerate(clauses) if place < last)


# ---- what they govern -----------------------------------------------------------------------------------------------

Stretch = tuple[int, int, Attribution | None]


def split_statements(text: str, clauses: list[Clause], grammar: Grammar) -> list[Stretch]:
    """Cut a sentence into the stretches that its holders govern."""
    attributions = find_attributions(text, clauses, grammar)
    if not attributions:
        return [(0, len(text), None)]
    starts = [
        attribution.start if attribution.part == "answered" else clauses[attribution.clause][0]
        for attribution in attributions
    ]
    stretches: list[Stretch] = []
    before = text[: starts[0]].rstrip()
    if attributions[0].part != "passive" and before.endswith(tuple(_SEMICOLON)):
        stretches.append((0, len(before), None))
    else:  # A；B，一位发言者说: who is named only behind the semicolon's clause says it all
        starts[0] = 0
    starts = [
        starts[0] if attribution.clause == attributions[0].clause and attribution.part != "answered" else start
        for attribution, start in zip(attributions, starts, strict=True)
    ]
    ends = [*starts, len(text)]
    # who joins the holder before governs the same stretch
    for attribution, start in zip(attributions, starts, strict=True):
        stretches.append((*without_blanks(text, start, ends[bisect_right(starts, start)]), attribution))
    return stretches
