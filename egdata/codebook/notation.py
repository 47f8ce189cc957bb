"""The notation of phrases: what a lawyer writes in the codebook → a pattern, and words that it cannot do without.

What each sign means says ``data/codebook/README.md``. A phrase is read into nodes, and the nodes become a pattern.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import NamedTuple

RAW = "re:"  # begins a phrase that is a regular expression

_JOINED = 32  # words kept apart where two stretches meet; a phrase with more is told by one stretch of it
_SPELT = 100  # ways in which what stands before a phrase is written out
_LONG = 4  # a word this long is rare enough
_WIDEST = 999  # characters of a gap; a longer one has swallowed the digits of the number after it

Words = frozenset[str]
_CONDITION = re.compile(r"\(\?<?[!=]")  # in a pattern
_NOTHING: Words = frozenset({""})
NONE: Words = frozenset()

#: Where a clause and a sentence end: language → for ``…``, for ``……``. A Chinese sentence has no full stop before its
#: end but in a quotation, and a class of two marks is compiled in a twentieth of the time that three take.
_STOPS = {"zh": ("，；", "。；"), "en": (",.;:", ".;:"), "*": ("，。；,.;:", "。；.;:")}
#: Letters that complete a word, and words, all bounded: a pattern may not run on.
_LETTERS = {"zh": "[A-Za-z]{0,40}", "en": r"\w{0,40}", "*": r"\w{0,40}"}
#: A word, and one that a comma may follow: ``_``, ``__``.
_WORDS = {"_": "[\\w’'/-]{1,40}", "__": "[\\w’'/().-]{1,40},?"}
_ALIKE = {"'": "'’", "’": "'’", "“": '“"', "”": '”"'}  # printed one way or the other


class NotationError(ValueError):
    """What is wrong with a phrase."""


class Phrase(NamedTuple):
    """A phrase, or a stretch of one, as a pattern, and what is known of all that it matches."""

    pattern: str
    exact: Words | None = None  # all that it matches, case folded; None if that is too much
    needed: Words = NONE  # whatever it matches holds one of these; empty if there are no such words
    begins: str = "w"  # with a letter or digit (w), with something else (o), either (m); "" if it takes no room
    ends: str = "w"
    is_nothing: bool = False  # whether it matches nothing as well


NEVER = Phrase("(?!)")  # a name that a language has no words for
Named = Callable[[str], Phrase]


# ---- reading ------------------------------------------------------------------------------------------------------


class _Node(NamedTuple):
    kind: str
    text: str = ""
    branches: tuple[tuple[_Node, ...], ...] = ()  # what stands in brackets: its alternatives
    least: int = 0
    most: int | None = None
    before: bool = False  # whether the blank before it is its own
    after: bool = False
    is_last: bool = False  # whether nothing may follow it


_TOKEN = re.compile(
    r'"(?P<exact>[^"]+)"'
    r"|(?P<gap>……?)(?:(?:(?P<least>\d+)-)?(?P<most>\d+))?(?P<gap_but>-\()?"
    r"|(?P<words>__?)(?P<number>\d+)?(?P<words_but>-\()?"
    r"|(?P<look><?[!<](?=\()|>(?=\())\("
    r"|\{(?P<name>[^\W\d]\w*)(?::(?P<group>[a-z]+))?\}"
    r"|\](?P<times>\d+)?"
    r"|(?P<blank> +)"
    r"|(?P<mark>[(\[)/*#^$])"
    r'|(?P<text>[^"…_{}()\[\]/*#^$<>! ]+)'
)
_NAME = re.compile(r"\{([^\W\d]\w*)(?::[a-z]+)?\}")
_MARKS = {"*": "letters", "#": "number", "^": "start", "$": "end"}
_SKIPPABLE = ("option", "words")
_WITHOUT_ROOM = ("ahead", "behind", "look", "start", "end")


def _tokens(phrase: str) -> list[re.Match[str]]:
    """The signs and words of a phrase, the next one last."""
    tokens, at = [], 0
    while at < len(phrase):
        token = _TOKEN.match(phrase, at)
        if not token:
            raise NotationError(f"{phrase[at : at + 9]!r} means nothing here; in straight quotes it is read as printed")
        tokens.append(token)
        at = token.end()
    return tokens[::-1]


def _read(phrase: str) -> tuple[tuple[_Node, ...], ...]:
    tokens = _tokens(phrase)
    branches = _branches(tokens)
    if tokens:
        raise NotationError(f"{tokens[-1][0]!r} closes nothing")
    return branches


def _branches(tokens: list[re.Match[str]]) -> tuple[tuple[_Node, ...], ...]:
    """The alternatives up to what closes them; takes their tokens off the list."""
    branches = [_nodes(tokens)]
    while tokens and tokens[-1][0] == "/":
        tokens.pop()
        branches.append(_nodes(tokens))
    return tuple(branches)


def _nodes(tokens: list[re.Match[str]]) -> tuple[_Node, ...]:
    nodes = []
    while tokens and tokens[-1][0][0] not in "/)]":
        nodes.append(_node(tokens.pop(), tokens))
    return tuple(nodes)


def _node(token: re.Match[str], tokens: list[re.Match[str]]) -> _Node:
    kind, text = token.lastgroup, token[0]
    if kind in ("text", "exact", "blank"):
        return _Node(kind, token[kind])
    if token["gap"]:
        if int(token["most"] or 0) > _WIDEST:
            raise NotationError(f"{token[0]!r} is too wide a gap; a number that follows a gap is put in round brackets")
        without = _inside(token, tokens)[0] if token["gap_but"] else ()
        return _Node("gap", token["gap"], without, int(token["least"] or 0), token["most"] and int(token["most"]))
    if token["words"]:
        without = _inside(token, tokens)[0] if token["words_but"] else ()
        return _Node("words" if token["number"] else "word", token["words"], without, 0, int(token["number"] or 1))
    if token["look"]:
        return _Node("behind" if "<" in token["look"] else "ahead", token["look"], _inside(token, tokens)[0])
    if token["name"]:
        return _Node("name", token["name"] + (f":{token['group']}" if token["group"] else ""))
    if text == "(":
        return _Node("group", "", _inside(token, tokens)[0])
    if text == "[":
        branches, times = _inside(token, tokens)
        return _Node("option", "", branches, 0, int(times or 1))
    return _Node(_MARKS[text])


def _inside(opened: re.Match[str], tokens: list[re.Match[str]]) -> tuple[tuple[tuple[_Node, ...], ...], str | None]:
    """What stands in brackets that have been opened, and how often it may."""
    branches = _branches(tokens)
    if not tokens or tokens[-1][0][0] != ("]" if opened[0] == "[" else ")"):
        raise NotationError(f"{opened[0]!r} is not closed")
    return branches, tokens.pop()["times"]


# ---- compiling ----------------------------------------------------------------------------------------------------


def read_phrase(phrase: str, lang: str, named: Named, *, alone: bool = True) -> Phrase:
    """Read a phrase; what ``{name}`` stands for is asked of ``named``.

    A gap takes as little as it can, but all that it can at the end of a phrase that stands alone.

    Raises
    ------
    NotationError
        If it is not written in the notation.

    Examples
    --------
    'Some or many speakers … support':

    >>> read = read_phrase("(一些/许多)发言[者]…9支持", "zh", dict)
    >>> read.pattern
    '(?:一些|许多)发言者?[^，；]{0,9}?支持'
    >>> sorted(read.needed)
    ['一些发言', '许多发言']
    """
    if phrase.isalnum():
        return _just(phrase)
    if phrase.startswith(RAW):
        pattern = _NAME.sub(lambda match: named(match[1]).pattern, phrase.removeprefix(RAW))
        return Phrase(f"(?:{pattern})", begins="o", ends="o")
    return any_of(_Compiler(lang, named).sequence(nodes, alone) for nodes in _read(phrase))


def names_used(phrase: str) -> frozenset[str]:
    """The names of words and phrases that a phrase uses."""
    return frozenset(_NAME.findall(phrase))


def any_of(phrases: Iterable[Phrase]) -> Phrase:
    """One phrase or the other."""
    phrases = list(phrases)
    if len(phrases) == 1:
        return phrases[0]
    exact = [phrase.exact for phrase in phrases]
    needed = [phrase.needed for phrase in phrases]
    return Phrase(
        f"(?:{'|'.join(phrase.pattern for phrase in phrases)})",
        NONE.union(*exact) if None not in exact and sum(map(len, exact)) <= _SPELT else None,
        NONE.union(*needed) if all(needed) else NONE,
        _common(phrase.begins for phrase in phrases),
        _common(phrase.ends for phrase in phrases),
        any(phrase.is_nothing for phrase in phrases),
    )


def whole_words(phrase: Phrase, lang: str) -> str:
    """The pattern of a phrase that stands alone: in English it begins and ends where words do."""
    return phrase.pattern if lang == "zh" else f"{_begin(phrase)}{phrase.pattern}{_end(phrase)}"


def fold(text: str) -> str:
    """Case folded to as many characters, so that all that a pattern may take for one letter is one."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    if len(folded) != len(text):  # ß becomes ss
        folded = "".join(character.casefold()[:1] for character in text)
    return folded.replace("ı", "i")


def _begin(phrase: Phrase) -> str:
    return {"w": r"\b", "m": r"(?:\b|(?!\w))"}.get(phrase.begins, "")


def _end(phrase: Phrase) -> str:
    return {"w": r"\b", "m": r"(?:\b|(?<!\w))"}.get(phrase.ends, "")


def _common(kinds: Iterable[str]) -> str:
    kinds = set(kinds)
    return kinds.pop() if len(kinds) == 1 else "m"


@dataclass(frozen=True)
class _Compiler:
    """Makes a pattern of nodes, in one language."""

    lang: str
    named: Named

    def sequence(self, nodes: Sequence[_Node], is_last: bool = False) -> Phrase:
        """What stands one after the other; ``is_last`` if nothing may follow it."""
        if len(nodes) == 1 and nodes[0].kind != "blank":  # as most alternatives are
            return self.stretch(nodes[0]._replace(is_last=True) if is_last else nodes[0])
        kinds, has_edges = [self.kind(node) for node in nodes], self.lang != "zh"
        owners = {at: _owner(kinds, at) for at, kind in enumerate(kinds) if kind == "blank"}
        stretches = []
        for at, node in enumerate(nodes):
            if node.kind != "blank":
                before, after = owners.get(at - 1) == at, owners.get(at + 1) == at
                if has_edges and stretches and (node.kind == "gap" or (node.kind == "ahead" and before)):
                    stretches.append(self.edge(_end(stretches[-1])))
                if before or after or (is_last and at == len(nodes) - 1):
                    node = node._replace(before=before, after=after, is_last=is_last and at == len(nodes) - 1)
                stretches.append(self.stretch(node))
                if "gap" in kinds[max(at - 2, 0) : at] and (kinds[at - 1] == "gap" or owners.get(at - 1) == at - 2):
                    stretches.insert(-1, self.edge(_begin(stretches[-1])))
            elif owners[at] is None:
                stretches.append(_just(" "))
        return _joined(stretches)

    def edge(self, pattern: str) -> Phrase:
        """Where a word begins or ends, in a language that has blanks between words."""
        return _place("" if self.lang == "zh" else pattern)

    def kind(self, node: _Node) -> str:
        """The kind of a node; a name may stand for what takes no room."""
        return "look" if node.kind == "name" and self.name(node).begins == "" else node.kind

    def stretch(self, node: _Node) -> Phrase:
        """One node, with the blanks that are its own."""
        return getattr(self, node.kind)(node)

    def alternatives(self, node: _Node, is_last: bool = False) -> Phrase:
        return any_of(self.sequence(branch, is_last) for branch in node.branches)

    def group(self, node: _Node) -> Phrase:
        return self.alternatives(node, node.is_last)

    def text(self, node: _Node) -> Phrase:
        return _just(node.text)

    def exact(self, node: _Node) -> Phrase:
        just = _just(node.text)
        pattern = _escaped(node.text)
        return just._replace(pattern=f"(?-i:{pattern})" if self.lang == "en" else pattern)

    def name(self, node: _Node) -> Phrase:
        name, _, group = node.text.partition(":")
        phrase = self.named(name)
        return phrase._replace(pattern=f"(?P<{group}>{phrase.pattern})") if group else phrase

    def letters(self, node: _Node) -> Phrase:
        return Phrase(_LETTERS[self.lang], ends="o")

    def number(self, node: _Node) -> Phrase:
        return Phrase(r"(?<!\d)(\d+)(?!\d)")

    def start(self, node: _Node) -> Phrase:
        return _place(r"\A", "o")

    def end(self, node: _Node) -> Phrase:
        return _place("$", "o")

    def word(self, node: _Node) -> Phrase:
        without = f"(?!{whole_words(self.alternatives(node), self.lang)})" if node.branches else ""
        return Phrase(without + _WORDS[node.text])

    def words(self, node: _Node) -> Phrase:
        word = self.word(node).pattern
        if not node.before and not node.after:
            return Phrase(f"(?:{word}(?: {word}){{0,{node.most - 1}}}?)?", is_nothing=True)
        repeated = f"{{0,{node.most}}}" + ("" if node.before else "?")
        return Phrase(f"(?:{' ' * node.before}{word}{' ' * node.after}){repeated}", is_nothing=True)

    def option(self, node: _Node) -> Phrase:
        blank = _just(" ")
        phrase = _joined([*[blank] * node.before, self.alternatives(node, node.is_last), *[blank] * node.after])
        repeated = "?" if node.most == 1 else f"{{0,{node.most}}}"
        exact = phrase.exact | _NOTHING if phrase.exact is not None and node.most == 1 else None
        pattern = phrase.pattern
        is_group = len(node.branches) > 1 and not (node.before or node.after)
        if not (is_group or (len(pattern) == 1 and pattern.isalnum())):
            pattern = f"(?:{pattern})"
        return phrase._replace(pattern=pattern + repeated, exact=exact, needed=NONE, is_nothing=True)

    def gap(self, node: _Node) -> Phrase:
        character = f"[^{_STOPS[self.lang][len(node.text) - 1]}]"
        if node.branches:
            character = f"(?:(?!{self.alternatives(node).pattern}){character})"
        repeated = "*" if node.most is None else f"{{{node.least},{node.most}}}" + "?" * (not node.is_last)
        return Phrase(character + repeated, begins="o", ends="o")

    def ahead(self, node: _Node) -> Phrase:
        phrase = self.alternatives(node)
        end = _end(phrase) if self.lang == "en" else ""
        sign = "!" if node.text == "!" else "="
        return _place(f"(?{sign}{' ' * node.before}{phrase.pattern}{end})")

    def behind(self, node: _Node) -> Phrase:
        """Python wants to know how long it is what stands before, so that is written out."""
        begin = r"\b" if self.lang == "en" else ""
        written: set[tuple[int, str]] = set()
        for phrase in (self.sequence(branch) for branch in node.branches):
            has_condition = _CONDITION.search(phrase.pattern)  # of its own: <!(<!(日)本)
            if phrase.exact is None or (has_condition and len(phrase.exact) > 1):
                raise NotationError(f"'{node.text}(…)' holds what may be of any length; list words that stand before")
            for word in phrase.exact:
                spelt = (begin if word[:1].isalnum() else "") + _escaped(word + " " * node.after)
                written.add((len(word), phrase.pattern if has_condition else spelt))
        by_length = groupby(sorted(written), key=lambda word: word[0])
        same = ["|".join(word for _, word in words) for _, words in by_length]
        if node.text == "<!":
            return _place("".join(f"(?<!{words})" for words in same))
        return _place(f"(?:{'|'.join(f'(?<={words})' for words in same)})")


def _place(pattern: str, edges: str = "") -> Phrase:
    """What takes no room."""
    return Phrase(pattern, _NOTHING, begins=edges, ends=edges, is_nothing=True)


def _owner(kinds: Sequence[str], blank: int) -> int | None:
    """The number of the node that a blank goes with, of nodes of these kinds; None if it stands for itself."""
    kinds = ["", *kinds, "", ""]
    before, after = kinds[blank], kinds[blank + 2]
    if "gap" in (before, after):
        return blank - 1 if before == "gap" else blank + 1
    if after == "ahead" and kinds[blank + 3] in ("", "blank"):
        return blank + 1
    if before == "behind":
        return blank - 1
    segment = kinds[blank + 2 :]
    segment = segment[: segment.index("gap")] if "gap" in segment else segment
    is_followed = any(kind and kind not in ("blank", *_SKIPPABLE, *_WITHOUT_ROOM) for kind in segment)
    preceding = [kind for kind in kinds[:blank] if kind not in _WITHOUT_ROOM]
    if before in _SKIPPABLE and is_followed and (before == "words" or preceding[-1] in ("", "blank", "gap")):
        return blank - 1
    if after in _SKIPPABLE and not is_followed:
        return blank + 1
    return None


@functools.lru_cache(maxsize=4096)
def _just(text: str) -> Phrase:
    """A text as printed; quotes and apostrophes may be printed one way or the other."""
    if text.isalnum():  # as most words are
        word = frozenset((fold(text),))
        return Phrase(text, word, word)
    pattern = "".join(f"[{_ALIKE[mark]}]" if mark in _ALIKE else _escaped(mark) for mark in text)
    words = frozenset(map("".join, product(*(_ALIKE.get(mark, mark) for mark in fold(text)))))
    kinds = ("w" if character.isalnum() else "o" for character in (text[0], text[-1]))
    return Phrase(pattern, words, words, *kinds)


def _joined(stretches: list[Phrase]) -> Phrase:
    """Stretches one after the other."""
    if len(stretches) == 1:
        return stretches[0]
    exact: Words | None = _NOTHING
    run, needed = _NOTHING, NONE
    for stretch in stretches:
        exact = _product(exact, stretch.exact, _SPELT)
        needed = max(needed, stretch.needed, key=_worth)
        longer = None if _worth(run)[0] == _LONG else _product(run, stretch.exact, _JOINED)
        if longer is None:
            needed = max(needed, run, key=_worth)
            longer = stretch.exact or _NOTHING
            if len(longer) > _JOINED:
                longer = _NOTHING
        run = longer
    return Phrase(
        "".join(stretch.pattern for stretch in stretches),
        exact,
        max(needed, run, key=_worth) - _NOTHING,
        _outermost((stretch.begins, stretch.is_nothing) for stretch in stretches),
        _outermost((stretch.ends, stretch.is_nothing) for stretch in reversed(stretches)),
        all(stretch.is_nothing for stretch in stretches),
    )


def _outermost(stretches: Iterable[tuple[str, bool]]) -> str:
    """With what a sequence begins, or ends, whose first stretches may be left out."""
    kinds = set()
    for kind, is_nothing in stretches:
        kinds |= {kind} - {""}
        if not is_nothing:
            break
    return _common(kinds) if kinds else "o"


def _escaped(text: str) -> str:
    return re.sub(r"[^\w ]", r"\\\g<0>", text)


def _product(before: Words | None, after: Words | None, most: int) -> Words | None:
    if before is None or after is None or len(before) * len(after) > most:
        return None
    return frozenset([a + b for a in before for b in after])


@functools.lru_cache(maxsize=4096)
def _worth(words: Words) -> tuple[int, int]:
    """Long words are rare; of words as long, few are better."""
    return min((_LONG, *map(len, words))) if words else 0, -len(words)
