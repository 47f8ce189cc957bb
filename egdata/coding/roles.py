"""Who says what in a sentence, for whom, with whom, and against whom: names, verbs and commas as a grammar."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from egdata.base.vocabulary import BEHALF, OPPONENT, SPEAKER, SUPPORTER, WITH
from egdata.codebook.codebook import Codebook
from egdata.coding.names import Name, after_blanks


class Token(NamedTuple):
    """A word, or a few that are one in the grammar; its kind is a letter."""

    kind: str
    start: int
    end: int
    name: Name | None = None


class Participant(NamedTuple):
    """Somebody in a role; without a name an anonymous class or a pronoun."""

    role: str
    start: int
    end: int
    name: Name | None


@dataclass
class Said:
    """One predicate of a sentence with everybody who takes part in it; places are places in the report."""

    begin: int  # where its clause begins
    start: int
    end: int  # the predicate
    is_negated: bool
    participants: list[Participant]
    is_embedded: bool = False  # inside what another one says
    stop: int | None = None  # where its message ends, if not at the next clause
    before: tuple[int, int] | None = None  # where its message stands, if not behind it
    asides: list[tuple[int, int]] = field(default_factory=list)  # stretches that are no part of what is said
    message: str = ""


#: The letters of the grammar, and the word lists of the codebook that they stand for; N is the name of a State, G
#: another name. What has no letter is passed over. Of two that begin at one place the first is read.
_LISTS = {
    "en": {
        "c": "according_to", "s": "backed_by", "o": "resisted_by", "b": "told_by", "g": "saying", "v": "say",
        "V": "position_verb", "R": "met_with", "p": "pronoun", "f": "for_whom", "w": "beside", "e": "among_them",
        "/": "joined_closely", "z": "did_too", "Z": "so_did", "-": "negated_by", "B": "be_verb", "&": "joined_by",
        "u": "turned_by", "t": "that", "y": "of_whom", "i": "governs_name", "x": "aux", "d": "adv", "a": "nameless",
        "k": "position_noun",
    },
    "zh": {
        "s": "backed_by", "o": "resisted_by", "b": "by_whom", "v": "say", "R": "met_with", "n": "in_whose_name",
        "p": "pronoun", "f": "for_whom", "w": "beside", "-": "negated_by", "z": "did_too", "/": "joined_closely",
        "u": "turned_by", "i": "governs_name", "r": "along", "d": "adverb",
    },
}  # fmt: skip
#: Letters for signs, read before the words: a comma, the end of a clause, a quotation mark, the mark of a genitive.
_SIGNS = {
    "en": {",": ",", ";": r"[;:]|[.?!](?=\s|$)", "q": '[“”"]', "'": r"['’]s?(?=\s)"},
    "zh": {",": "，", ";": "[；。：]"},
}
_BRACKETS = {"en": r"\((?!{})[^()]*\)|[()]", "zh": "（(?!{})[^（）]*）|[（）]"}  # but those of 'Peru (for the EU)'
_OTHER = {"en": r"[\w’'&+.-]*[\w+]|.", "zh": "."}  # a word that is in no list

ANONYMOUS = "anonymous"  # the kind of a name that is the words of a class, 区域集团 of 一个区域集团


@dataclass(frozen=True)
class Grammar:
    """How letters make sentences: patterns over the letters of a sentence."""

    lexer: re.Pattern[str]
    before_name: re.Pattern[str]  # 'the representative of'
    behind_name: re.Pattern[str]  # 的代表
    behalf: re.Pattern[str]
    enclosed: re.Pattern[str]  # 在X支持下: the word behind the names says in which role they are
    clause: re.Pattern[str]  # a subject and its verb
    owner: re.Pattern[str]  # a subject that does something else
    leading: re.Pattern[str]  # 'Supported by X,'
    trailing: re.Pattern[str]  # ', opposed by X'
    passive: re.Pattern[str]
    goes_on: re.Pattern[str]  # ', and called for'
    participle: re.Pattern[str]
    absolute: re.Pattern[str]  # 'with X calling for'
    inverted: re.Pattern[str]  # ', said X'
    noun: re.Pattern[str]  # "X's concern about"
    noun_by: re.Pattern[str]  # 'a proposal by X to'
    echo: re.Pattern[str]  # 'neither did X'
    according: re.Pattern[str]  # 'according to X'
    past: re.Pattern[str]  # of words, as all below: a verb of the past
    predicate: re.Pattern[str]  # 'called' of 'called for', 支持 of 的支持下
    parted: re.Pattern[str]  # 'proposed, and parties agreed, | to, '
    unfinished: re.Pattern[str]  # 'expressed concern over', before ', and Chile opposed,'
    edges: re.Pattern[str]  # what is no part of a message at its ends
    plural: re.Pattern[str]  # 'they'


@functools.lru_cache(maxsize=8)
def read_grammar(codebook: Codebook, lang: str) -> Grammar:
    """The grammar of one language with the words of a codebook."""
    lists = {letter: codebook.written(name, lang) for letter, name in _LISTS[lang].items()}
    if lang == "en":
        lists |= {letter: lists[letter] + r"(?! by\b)" for letter in "vV"}  # 'was opposed by' is no state of mind
    else:
        lists["v"] += "[说称道了]?"
    lists["p"] += f"|{codebook.written('same_delegation', lang)}"  # points back like a pronoun to who spoke
    passed_over = rf"{_BRACKETS[lang].format(lists['f'])}|\s+|{codebook.written('passed_over', lang)}"
    kinds = {"": passed_over, **_SIGNS[lang], **lists, ".": _OTHER[lang]}
    lexer = "|".join(f"(?P<k{ord(kind) if kind else ''}>{pattern})" for kind, pattern in kinds.items())
    patterns = _ENGLISH if lang == "en" else _CHINESE
    return Grammar(
        re.compile(lexer, re.IGNORECASE | re.DOTALL),
        codebook.pattern("sent_for", lang),
        codebook.pattern("sender", lang),
        past=codebook.pattern("past_tense", lang),
        plural=codebook.pattern("plural_pronoun", lang),
        **{name: re.compile(pattern) for name, pattern in patterns.items()},
        **_word_patterns(codebook, lang, passed_over),
    )


def _word_patterns(codebook: Codebook, lang: str, passed_over: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a grammar that are over words."""
    names = "leads_to_message", "resumed_by", "joined_by", "turned_by", "said_of_name"
    leads, resumed, joined, turned, relative = (codebook.written(name, lang) for name in names)
    sign = r"[\s,，:：;；.。]"
    turned = turned if lang == "en" else f"(?<=，){turned}"
    patterns = {
        "predicate": rf"的?(?P<verb>.+?)下?(?: {leads})*\s*",
        "parted": rf"\A({leads}),\s+",
        "unfinished": rf"(?:\A|{leads})\Z",
        "edges": rf"\A(?:{sign}|{resumed}|{passed_over})+|(?:{sign}|{joined}|{turned}|, {relative})+\Z",
    }
    return {name: re.compile(pattern, re.IGNORECASE | re.DOTALL) for name, pattern in patterns.items()}


_NEVER = "(?!)(?P<verb>)(?P<who>)"
_ONE, _BEFORE_VERB = "[NG](?:/[NG])*", "(?:,?[dx-])*"
_BEHALF = f"f(?:N(?:,N)*,?&N|{_ONE}|a(?:y{_ONE})?)"
_MEMBER = f"(?:{_ONE}(?:,?{_BEHALF},?)?|[ap])"
# lists are bounded, so that time grows with the length of a sentence and little faster
_ALL = f"{_MEMBER}(?:(?:,{_MEMBER}){{0,60}}(?:,?&{_MEMBER}){{1,9}}|(?:,N){{2,60}})?"
_ENGLISH = {
    "behalf": _BEHALF,
    "enclosed": _NEVER,
    "clause": f"-?(?<![iybc])(?P<who>{_ALL}(?:,?&?,?d*[sowe]{_ALL})*)"
    f"(?P<aside>,[^,;vVqNG]{{1,20}},|,[.idg][^,;vV]{{1,20}},|(?:,[NG]){{1,2}}(?=,)|,?[.de]{{0,2}};\\.?)?,?{_BEFORE_VERB}(?P<verb>[vV])",
    "owner": f"(?<=,)(?P<who>{_ALL})[dx]*\\.",
    "leading": f"&?d*(?P<who>[sowf]{_ALL}(?:,?&?d*[sow]{_ALL})*),",
    "trailing": f",?&?,?d*(?P<who>[so]{_ALL})|,(?P<beside>w{_ALL}),",
    "passive": f"(?P<be>[xd-]*B[xBd-]*|d*(?=R))?(?P<verb>[bsoR])(?P<who>{_ALL})",
    # of 'noted delays, stressed costs, and asked for time' the second only because of the third
    "goes_on": f"(?:;[&u]?\\.?|,?[&u]|,(?=[^;]*&[dx]*[vV]))(?:,?(?P<who>[sow]{_ALL}),)?{_BEFORE_VERB}(?P<verb>[vV])",
    "participle": "(?:,?[&u]|,q?)?d*-?(?P<verb>g)",
    "absolute": f"(?P<first>,?w|,?&|,)(?P<who>{_ALL})d*(?P<verb>g)",
    "inverted": f"(?<=[,q])(?P<verb>v)(?P<who>{_ALL})(?=[,;]|$)",
    "noun": f"(?P<who>{_ONE})(?:'[d.]{{0,2}})?(?P<verb>k)(?=[iyftw]|,[so])",
    "noun_by": f"(?P<verb>k)y(?P<who>{_ALL})(?=[ift]|,[so])",
    "according": f"(?P<verb>c)(?P<who>{_ALL})",
    "echo": f",?[&u]?(?:{_ALL}z(?=[;,]|$)|Z{_ALL}(?=;|$|,[&u]))",
}
_ALL_ZH = "[NGap](?:/[NGa]){0,40}"
_WITH_ZH = f"(?:r{_ALL_ZH}[so]|/{_ALL_ZH}w|f{_ALL_ZH}|r{_ALL_ZH}n|R{_ALL_ZH}[so])"
_CHINESE = {
    "behalf": "f[NG](?:/N(?!f))*",
    "enclosed": f"[rR/]{_ALL_ZH}(?P<close>[sown])",
    "clause": f"(?<![ivb/])(?P<who>{_ALL_ZH}(?:,?d*{_WITH_ZH})*)"
    f"(?P<aside>,[^,;v]{{1,12}},|[ri][^,;v]{{1,24}},?(?=[dx-]*[vso][^;]))?,?{_BEFORE_VERB}(?P<verb>[vso])",
    "leading": f"(?P<who>{_WITH_ZH}),?",
    "trailing": f",?[du]*(?P<who>R{_ALL_ZH}[so])(?P<beside>)",
    "passive": f"(?P<be>[bR])(?P<who>{_ALL_ZH}(?:f{_ALL_ZH})?){_BEFORE_VERB}(?P<verb>[vso])",
    "goes_on": f"[,;]u?(?:(?P<who>{_WITH_ZH}),?)?{_BEFORE_VERB}(?P<verb>[vso])",
    "echo": f"[,;]?u?{_ALL_ZH}z(?=[;,]|$)",
    **dict.fromkeys(("owner", "participle", "absolute", "inverted", "noun", "noun_by", "according"), _NEVER),
}


# ---- tokens ---------------------------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"(?:the|a|an)\b", re.IGNORECASE)


def _tokens(text: str, start: int, end: int, names: Sequence[Name], grammar: Grammar) -> list[Token]:
    """The words of a sentence with their kinds; what stands in brackets and blanks have none."""
    at_start = {name.start: name for name in names}
    named = dict(at_start)  # where the words that name somebody begin, article and office included
    for before in (_ARTICLE, grammar.before_name):
        for match in before.finditer(text, start, end):
            if name := at_start.get(after_blanks(text, match.end())):
                named[match.start()] = name
    tokens: list[Token] = []
    at = start
    while at < end:
        name = named.get(at)
        if name:
            stop = name.end
            sent = grammar.behind_name.match(text, stop, end)
            if sent and sent.end() not in at_start:
                stop = sent.end()
            tokens.append(Token("N" if name.node_type == "state" else "G", at, stop, name))
            at = stop
            continue
        word = grammar.lexer.match(text, at, end)
        kind = word.lastgroup
        if kind != "k":
            tokens.append(Token(chr(int(kind[1:])), at, word.end()))
        at = word.end()
    return tokens


# ---- sentences ------------------------------------------------------------------------------------------------------

_FRESH = set(",;&uq")  # what may stand before a clause that is not embedded in another


def find_said(
    text: str, start: int, end: int, names: Sequence[Name], grammar: Grammar, earlier: Sequence[Participant] = ()
) -> list[Said]:
    """Everything that somebody says in a sentence, in its order.

    'He' or 'they' may mean those who spoke ``earlier``, in the sentence before.
    """
    reader = _Reader(text, _tokens(text, start, end, names, grammar), grammar, earlier)
    reader.read()
    return _with_messages(text, start, end, reader.said, grammar)


class _Reader:
    """Goes over the letters of one sentence once, and collects what is said."""

    def __init__(self, text: str, tokens: list[Token], grammar: Grammar, earlier: Sequence[Participant]) -> None:
        self.text, self.tokens, self.grammar, self.earlier = text, tokens, grammar, earlier
        self.kinds = "".join(token.kind for token in tokens)
        self.said: list[Said] = []
        self.main: Said | None = None  # who goes on to speak in ', and called for'
        self.leading: list[Participant] = []
        self.waiting: list[Said] = []  # 'Noting …,' before its subject
        self.passive: Said | None = None  # that another may follow: 'opposed by X and supported by Y'
        self.absolute: Said | None = None  # 'with X noting … and Y warning …'

    def read(self) -> None:
        grammar, at = self.grammar, 0
        steps = (
            (grammar.echo, self._echo),
            (grammar.clause, self._clause), (grammar.owner, self._owner), (grammar.leading, self._leading),
            (grammar.trailing, self._trailing), (grammar.absolute, self._absolute), (grammar.passive, self._passive),
            (grammar.goes_on, self._goes_on), (grammar.participle, self._participle),
            (grammar.inverted, self._inverted), (grammar.according, self._according), (grammar.noun, self._noun),
            (grammar.noun_by, self._noun),
        )  # fmt: skip
        while at < len(self.kinds):
            matches = ((pattern.match(self.kinds, at), step) for pattern, step in steps)
            at = next((match.end() for match, step in matches if match and step(match, at)), at + 1)

    # Each step says whether what its pattern has found is what it looks like.

    def _clause(self, match: re.Match[str], at: int) -> bool:
        before = self.kinds[at - 1] if at else ""
        if self._is_place(match) or not self._is_finite(match):
            return False
        said = self._add(match, at, self.leading + self._participants(*match.span("who")))
        said.is_embedded = self.main is not None and before not in _FRESH
        if said.is_embedded and set(match["who"]) == {"p"}:  # what he says of himself
            self.said.remove(said)
            return True
        if match["aside"] and "g" in match["aside"]:
            self._say_in_aside(match, said)
        for waiting in self.waiting:
            waiting.participants = list(said.participants)
        self.leading, self.waiting = [], []
        if not said.is_embedded:
            self.main = said
        if self.said == [said]:
            self._enclose(said, at, match.end())
        return True

    def _say_in_aside(self, match: re.Match[str], said: Said) -> None:
        """'Peru, noting delays, asked for time'"""
        start, end = match.span("aside")
        aside = self._add(match, start, list(said.participants), verb=start + match["aside"].index("g"))
        aside.stop, aside.is_embedded = self.tokens[end - 1].start, True

    def _enclose(self, said: Said, first: int, last: int) -> None:
        """What is said stands on both sides: 'Tolls, Peru insisted, were due.'"""
        if first > 1 and self.kinds[first - 1] in ",q" and re.match(",q?[BvVxq]", self.kinds[last:]):
            said.before = self.tokens[0].start, self.tokens[-1].end
            said.asides.append((self.tokens[first - 1].start, self.tokens[last].end))

    def _owner(self, match: re.Match[str], at: int) -> bool:
        """Who does something else than speak in the main clause, but speaks before: 'Noting delays, Peru adjourned.'"""
        if not self.waiting or not self.grammar.past.match(self._verb(match.end() - 1)):
            return False
        for waiting in self.waiting:
            waiting.participants = self._participants(*match.span("who"))
            waiting.stop = self.tokens[at].start
        self.waiting = []
        return True

    def _is_place(self, match: re.Match[str]) -> bool:
        """Whether the comma behind a subject has no reason but that it is no subject: 'in Kyoto, Japan, agreed'."""
        behind = self.kinds[match.end("who") : match.end("who") + 2]
        return not match["aside"] and behind in (",v", ",V") and not set("&sowefn") & set(match["who"])

    def _is_finite(self, match: re.Match[str]) -> bool:
        """Whether the verb is one: 'the EU supports', 'Chile and Peru support', not 'a State request', 专家组建议的."""
        if self.text.startswith("的", self.tokens[match.start("verb")].end):
            return False
        verb = self._verb(match.start("verb"))
        is_bare = not (self.grammar.past.match(verb) or verb.split()[0].endswith("s")) and verb.isascii()
        subject_end = match.end("aside") if match["aside"] else match.end("who")
        return not is_bare or "&" in match["who"] or "x" in self.kinds[subject_end : match.start("verb")]

    def _leading(self, match: re.Match[str], at: int) -> bool:
        if at and self.kinds[at - 1] not in ";u" and (self.main or self.kinds[at - 1] != ","):
            return False
        self.leading = self.leading + self._participants(*match.span("who"))
        return True

    def _trailing(self, match: re.Match[str], at: int) -> bool:
        last = self.said[-1] if self.said else None
        # 'noted, with the EU, that'
        if not last or (match["beside"] and self.tokens[at].start != last.end):
            return False
        if last is self.passive and not match["beside"]:  # both are agents of one passive
            verb = next(place for place in range(at, match.end()) if self.kinds[place] in "so")
            self.passive = self._add(match, at, self._agents(match), verb=verb)
            self.passive.before, self.passive.is_embedded = last.before, last.is_embedded
            return True
        last.participants += self._participants(*match.span("who" if match["who"] else "beside"))
        last.asides.append((self.tokens[at].start, self.tokens[match.end() - 1].end))
        return True

    def _agents(self, match: re.Match[str]) -> list[Participant]:
        """Those by whom something is done, and for whom: 'supported by' makes no supporter of them."""
        agents = self._participants(*match.span("who"))
        return [agent if agent.role == BEHALF else agent._replace(role=SPEAKER) for agent in agents]

    def _absolute(self, match: re.Match[str], at: int) -> bool:
        if "w" not in match["first"] and not (self.said and self.said[-1] is self.absolute):
            return False
        self.absolute = self._add(match, at, self._participants(*match.span("who")))
        return True

    def _echo(self, match: re.Match[str], at: int) -> bool:
        """'Fiji did too', 'neither did Fiji': who says what was said last."""
        number = next(place for place in range(at, match.end()) if self.kinds[place] in "zZ")
        said = self._add(match, at, self._participants(*match.span()), verb=number)
        said.asides.append((said.end, self.tokens[match.end() - 1].end))
        said.is_negated = bool(self.main and self.main.is_negated) or bool(
            re.search(r"\bn(?:ot|either|or)\b", self._verb(number), re.IGNORECASE)
        )
        self.main = said
        return True

    def _passive(self, match: re.Match[str], at: int) -> bool:
        first, told = at, max((said.end for said in self.said if not said.is_embedded), default=0)
        stop = ";u" if match["be"] is not None else ";u,&vVgqit"
        while first and self.kinds[first - 1] not in stop and self.tokens[first - 1].start >= told:
            first -= 1
        is_whole = match["be"] is not None
        said = self._add(match, first if is_whole else at, self._agents(match))
        if first < at or not match["be"]:  # 由秘鲁提议休会: what is said stands behind
            said.before = self.tokens[first].start, self.tokens[at].start
        said.is_embedded = bool(first) or not is_whole
        self.passive = said if is_whole and match["verb"] in "soR" else None
        return True

    def _goes_on(self, match: re.Match[str], at: int) -> bool:
        if not self.main or not self._is_in_tense(self._verb(match.start("verb"))):
            return False
        besides = self._participants(*match.span("who")) if match["who"] else []
        self._add(match, at, self.main.participants + besides)
        return True

    def _is_in_tense(self, verb: str) -> bool:
        first = self.text[self.main.start : self.main.end]
        if not verb.isascii():
            return True
        if self.grammar.past.match(verb):
            return bool(self.grammar.past.match(first)) or "did" in self.text[self.main.begin : self.main.start]
        return verb.split()[0].endswith("s") and first.split()[0].endswith("s")

    def _participle(self, match: re.Match[str], at: int) -> bool:
        if not self.main and (not at or self.kinds[at - 1] in ",;"):
            self.waiting.append(self._add(match, at, []))
        elif self.main and self.kinds[at] == ",":
            self._add(match, at, list(self.main.participants))
        else:
            return False
        return True

    def _inverted(self, match: re.Match[str], at: int) -> bool:
        said = self._add(match, at, self._participants(*match.span("who")))
        said.before = self.tokens[0].start, said.start
        self._enclose(said, at, match.end())
        return True

    def _according(self, match: re.Match[str], at: int) -> bool:
        said = self._add(match, at, self._participants(*match.span("who")))
        said.asides.append((said.end, self.tokens[match.end() - 1].end))
        self.main = self.main or said
        return True

    def _noun(self, match: re.Match[str], at: int) -> bool:
        said = self._add(match, at, self._participants(*match.span("who")))
        said.is_embedded = True
        said.asides.append((said.end, self.tokens[match.end() - 1].end))
        ends = "[B;]" if self.kinds.startswith(",", match.end()) else "[Bx;]"  # ', opposed by X, would'
        behind = re.search(ends, self.kinds[match.end() :])
        said.stop = self.tokens[match.end() + behind.start()].start if behind else None
        return True

    # ---- parts ----

    def _add(self, match: re.Match[str], at: int, participants: list[Participant], *, verb: int | None = None) -> Said:
        number = match.start("verb") if verb is None else verb
        token = self.tokens[number]
        kinds = self.kinds[at:number]
        if verb is None and (aside := match.groupdict().get("aside")):
            kinds = kinds.replace(aside.rstrip("dx-"), "")  # 'Peru, which has not signed, called'
        is_negated = "-" in kinds
        start, end = self.grammar.predicate.fullmatch(self.text, token.start, token.end).span("verb")
        said = Said(self.tokens[at].start, start, end, is_negated, participants)
        self.said.append(said)
        return said

    def _verb(self, at: int) -> str:
        return self.text[self.tokens[at].start : self.tokens[at].end]

    def _participants(self, first: int, last: int) -> list[Participant]:
        """Everybody in a stretch of tokens; 'supported by' and the like say in which role those behind it are."""
        participants: list[Participant] = []
        role, at = SPEAKER, first
        while at < last:
            kind = self.kinds[at]
            behalf = self.grammar.behalf.match(self.kinds, at, last)
            enclosed = self.grammar.enclosed.match(self.kinds, at, last)
            stop = (behalf or enclosed).end() if behalf or enclosed else at + 1
            role = _ROLES[kind] if kind in _ROLES and not enclosed else role
            for token in self.tokens[at:stop]:
                if token.name and token.name.node_type != ANONYMOUS:
                    its = _ROLES[enclosed["close"]] if enclosed else BEHALF if behalf and role == SPEAKER else role
                    participants.append(Participant(its, token.name.start, token.name.end, token.name))
                elif token.kind == "p":
                    pronoun = self.text[token.start : token.end].lower()
                    participants += self._meant(pronoun, role, token)
                elif token.kind == "a" or token.name:
                    participants.append(Participant(role, token.start, token.end, None))
            at = stop
        return participants

    def _meant(self, pronoun: str, role: str, token: Token) -> list[Participant]:
        """Whom a pronoun points back to: in the sentence, or else in the one before."""
        known = self.main.participants if self.main else self.earlier
        known = [participant for participant in known if participant.name and participant.role in (SPEAKER, BEHALF)]
        is_one = not self.grammar.plural.fullmatch(pronoun)
        if is_one and sum(participant.role == SPEAKER for participant in known) > 1:
            return []
        return [
            participant._replace(
                start=token.start, end=token.end, role=role if participant.role == SPEAKER else participant.role
            )
            for participant in known
        ]


_ROLES = {"s": SUPPORTER, "o": OPPONENT, "w": WITH, "n": BEHALF}


# ---- messages -------------------------------------------------------------------------------------------------------

_ASIDE = re.compile(r"^,[^,]{1,60},\s*(?=that\b)")  # 'argued, in turn, that'


def _with_messages(text: str, start: int, end: int, said: list[Said], grammar: Grammar) -> list[Said]:
    """The words of what is said, for each predicate."""
    said = sorted(said, key=lambda predicate: predicate.start)
    for number, predicate in enumerate(said):
        later = (other.begin for other in said[number + 1 :] if not other.is_embedded and other.begin >= predicate.end)
        first, last = predicate.before or (predicate.end, predicate.stop or next(later, end))
        cuts = [first, *(edge for aside in predicate.asides if first <= aside[0] < last for edge in aside), last]
        words = " ".join(text[a:b].strip() for a, b in zip(cuts[::2], cuts[1::2], strict=True))
        predicate.message = grammar.parted.sub(r"\1 ", grammar.edges.sub("", _ASIDE.sub("", words)))
    for left, right in itertools.pairwise(said):
        if grammar.unfinished.search(left.message) and left.participants != right.participants:
            left.message = f"{left.message} {right.message}".lstrip()
    for before, predicate in itertools.pairwise(said):
        predicate.message = predicate.message or before.message  # ', and India agreed'
    for predicate in said:
        # '“…,” he offered'
        if not predicate.message and text[start : predicate.begin].rstrip().endswith((",", "”", '"', "，")):
            predicate.message = grammar.edges.sub("", text[start : predicate.begin])
    return said
