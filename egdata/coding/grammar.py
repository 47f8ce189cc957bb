"""The grammar of one language: who may speak, where a speaker stands in a sentence, and which verbs report."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from egdata.base.frames import grouped
from egdata.codebook.codebook import SENTENCE_WORDS, Codebook, flags_of
from egdata.codebook.matcher import Rule, Rules
from egdata.coding.clauses import ClauseMarks, read_clause_marks

#: Parts of holder_rules: people, bodies that speak only where a reporting verb follows, and those with a name.
PEOPLE, BODIES = ("strong", "plural", "one"), ("weak", "bare", "name")
_ANYBODY, _NO_NAME = PEOPLE + BODIES, (*PEOPLE, "weak", "bare")
#: Where a holder stands who is not the subject, between the words ``before_<name>`` and ``after_<name>``, and who may.
_AT_START = {"dative": ("name",)}  # only where nothing but adjuncts stands before
_AT_HEAD = {
    "dative": ("bare",), "position": _ANYBODY, "owner": _NO_NAME, "source": _ANYBODY, "eyes": _ANYBODY,
    "inverted": _ANYBODY, "attitude": ("name",), "greeted": _ANYBODY,
}  # fmt: skip
_ANYWHERE = {
    "agent": _NO_NAME, "named_agent": ("name",), "reaction": _ANYBODY, "source": _ANYBODY, "aside": _ANYBODY,
    "cleft": (*_ANYBODY, "pronoun", "pronoun-body"), "related": _NO_NAME, "opinion": _ANYBODY,

}  # fmt: skip
# '(16) The Meeting', '25. 有人', '• Participants'
_MARKER = r"(?:[•⚫●▪◦‣–—-]\s*)?(?:\d{1,3}(?:\.\d{1,3})+\s+|[(（]?\d{1,3}[.)）]\s*|[(（][a-z]{1,3}[)）]\s*)?"
_BEFORE_NOUN = re.compile(r"\b(?:the|an?|its|their|of)\s*$", re.IGNORECASE)  # 'parties to the | dispute'


class Frame(NamedTuple):
    """A place in a sentence that a holder fills: the reservations of …, according to …, was proposed by …"""

    before: re.Pattern[str]
    after: re.Pattern[str]
    parts: tuple[str, ...]  # of holder_rules


class Reporting(NamedTuple):
    """A subject with its predicate, or with the 'and' of a further subject."""

    end: int  # of the subject
    follows: re.Match[str]  # with the group ``verb`` or ``and``


@dataclass(frozen=True)
class Grammar:
    """What the sentence coder needs of the codebook in one language."""

    holders: Rules
    marks: ClauseMarks
    words: dict[str, re.Pattern[str]]
    name_begins: re.Pattern[str]  # a capital letter behind a small one
    begin: re.Pattern[str]  # what may stand in a clause before its subject: a number, a connective, then 'lead'
    follows: re.Pattern[str]  # what follows a subject: that it reports, up to its verb, or an 'and'
    deed: re.Pattern[str]  # what follows a subject that does something, up to its verb
    said: re.Pattern[str]  # a reporting verb
    reporting: Callable[[Rule, str, int, int], Reporting | None]  # a subject that begins there, with what follows it
    at_start: tuple[Frame, ...]
    at_head: tuple[Frame, ...]
    anywhere: tuple[Frame, ...]
    joined: Frame
    answered: tuple[Frame, ...]  # who answers the agent of a passive: and opposed by others
    modality: dict[str, Rules]  # modality rules by part
    rank: dict[str, int]

    def word(self, name: str, text: str, start: int, end: int) -> int:
        """Where the word that begins at ``start`` ends; ``start`` if it does not stand there."""
        match = self.words[name].match(text, start, end)
        return match.end() if match else start


@functools.lru_cache(maxsize=8)
def read_grammar(codebook: Codebook, lang: str) -> Grammar:
    """Gather holder rules, modality rules and word classes of one language."""

    blank = " " if lang == "en" else ""

    def written(name: str) -> str:
        return f"(?:{codebook.written(name, lang)})"

    def optional(name: str) -> str:
        return written(name) if codebook.has(name, lang) else ""

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, flags_of(lang))

    def frame(name: str, parts: tuple[str, ...]) -> Frame:
        return Frame(compiled(rf"{optional(f'before_{name}')}\s*"), compiled(rf"\s*{optional(f'after_{name}')}"), parts)

    def frames(places: dict[str, tuple[str, ...]]) -> tuple[Frame, ...]:
        known = (name for name in places if any(codebook.has(f"{side}_{name}", lang) for side in ("before", "after")))
        return tuple(frame(name, places[name]) for name in known)

    reports = f"{written('before_verb')}{blank}(?P<verb>{written('say_verb')})"
    follows = compiled(f"{reports}|(?P<and>{written('coordination')}){blank}")

    def reporting(rule: Rule, text: str, start: int, end: int) -> Reporting | None:
        def is_no_noun(place: re.Match[str]) -> bool:
            return not (place["verb"] and _BEFORE_NOUN.search(text, start, place.start("verb")))

        subject = rule.pattern.match(text, start, end)
        if not subject:
            return None
        if (predicate := follows.match(text, subject.end(), end)) and is_no_noun(predicate):
            return Reporting(subject.end(), predicate)
        # a subject may end elsewhere: sooner, or later
        places = sorted(
            filter(is_no_noun, _overlapping(follows, text, start, end)),
            key=lambda place: (place.start() > subject.end(), abs(place.start() - subject.end())),
        )
        ends = (place for place in places if rule.pattern.fullmatch(text, start, place.start()))
        return next((Reporting(place.start(), place) for place in ends), None)

    parts = by_part(codebook.rules("modality_rules", lang))
    return Grammar(
        holders=Rules(codebook.rules("holder_rules", lang)),
        marks=read_clause_marks(codebook, lang),
        words={name: codebook.pattern(name, lang) for name in SENTENCE_WORDS}
        | {name: compiled(rf"\s*{written(name)}") for name in ("alone", "thing", "connective", "fact")}
        | {"told": compiled(optional("told"))}
        | {name: compiled(rf"{optional(name)}\s*$") for name in ("before_others", "before_met", "before_name")},
        name_begins=re.compile(rf"(?<=[a-z] ){codebook.written('capital_letter', lang)}"),
        begin=compiled(
            rf"\s*(?P<marker>{_MARKER})(?:{written('connective')}\s*){{0,2}}(?P<lead>(?:{written('lead')})?)\s*"
        ),
        follows=follows,
        deed=compiled(f"{written('before_deed')}{blank}(?P<verb>{written('deed')})"),
        said=compiled(f"{optional('before_said')}{blank}(?P<verb>{written('said')})"),
        reporting=reporting,
        at_start=frames(_AT_START),
        at_head=frames(_AT_HEAD),
        anywhere=frames(_ANYWHERE),
        joined=frame("joined", (*PEOPLE, "bare")),
        answered=frames({"answered": (*PEOPLE, "bare")}),
        modality={part: Rules(parts.get(part, ())) for part in ("verb", "word")},
        rank=codebook.ranks("modalities"),
    )


def _overlapping(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What a pattern finds, from every place on."""
    while match := pattern.search(text, start, end):
        yield match
        start = match.start() + 1


def by_part(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Rules by the part of a sentence that they are for."""
    return grouped((rule.row["part"], rule) for rule in rules)
