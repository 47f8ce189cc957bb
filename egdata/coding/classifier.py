"""A judge beside the rules, learnt from coded sentences: on which issues a statement takes a stance, and which.

The rules read what they were written for exactly, and what they were not written for badly: in sentences that they had
not seen they turned three stances of ten. So the last word before a person's has a linear model over words. It weighs
the **n-grams** of a statement (stems in English, characters in Chinese), alone and together with the issue; the n-grams
around the **target** that the rules found, which stands as ``◆`` in them (``opposed ◆``, ``不支持◆``); the order of the
words of the **valence lists** whatever words they are (``~not reject ◆``, see :mod:`.chain`); and what the **rules**
say. States and groups of States are all one word, since who speaks is no reason for a stance. Each n-gram has a weight
for each issue and each stance, and the weights of a statement's n-grams are added up. Where they speak for an issue
that the rules did not find, or for another stance than theirs, they win; the sum is also how certain a position is. Of
a position whose holder the rules do not find they say who holds it.

The weights stand in ``learnt_issues.csv``, ``learnt_stances.csv`` and ``learnt_holders.csv`` of the codebook. Nobody
writes them: ``egdata codebook learn`` makes them (:mod:`.learning`). Who disagrees adds coded sentences and learns
again. A codebook without them is judged by its rules alone. :func:`egdata.explain` shows which words weighed most.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import CodebookError
from egdata.base.frames import records
from egdata.base.vocabulary import UNATTRIBUTED
from egdata.codebook.codebook import Codebook
from egdata.coding.chain import Governors, read_governors, read_sentence
from egdata.coding.clauses import Clause, beginning_in, split_clauses

if TYPE_CHECKING:
    import pandas as pd

LEARNT = "learnt"  # the rule of a position, stance or holder that the weights decide
TARGET, OTHER_TARGET = "◆", "◇"
VALENCE = "~"  # before what is an n-gram of valence lists
FIRST = "^"  # before the n-gram that a statement begins with
ALWAYS = "always"
NAME = "◯"  # in place of a State or a group of States
_TOKENS = {"zh": re.compile(r"\S"), "en": re.compile(r"[a-z]+(?:['’][a-z]+)?|[0-9]+|[^\w\s]")}
_BETWEEN = {"zh": "", "en": " "}  # tokens of an n-gram
_LENGTHS = {"zh": (1, 2, 3, 4), "en": (1, 2, 3)}  # of n-grams, in tokens
_WITH_ISSUE = {"zh": (2, 3), "en": (1, 2)}  # of those that are also weighed together with the issue
_WITH_TARGET = (2, 3, 4, 5)
_VALENCES = (1, 2, 3, 4)  # words of the valence lists, targets, ends of clauses and of reasons
_ENDINGS = ("ing", "ed", "es", "s", "ly")
#: What an n-gram counts: there are many of them, and the rules say one thing.
_GRAM, _ISSUE_GRAM, _TARGET_GRAM, _VALENCE_GRAM, _RULES = 0.4, 0.3, 0.5, 0.5, 1.0
_CREDIBLE = 0.45  # chance of a position, below which it is left out: more certainty costs F1 of held-out sets

#: Tokens below which a statement has too few words to weigh, and what the rules found in it stands: in unseen sentences
#: they are right about as often there, and less often in longer ones.
_SHORT = {"zh": 30, "en": 16}

Token = tuple[str, int, int]  # as it is weighed, and where it stands


class Verdict(NamedTuple):
    """What the rules say of an issue."""

    stance: str
    decided_by: str
    target: Clause


class Judgement(NamedTuple):
    """What the weights say of an issue."""

    stance: str
    chance: float  # that both issue and stance are right


@dataclass(frozen=True)
class Weights:
    """What features weigh for each of some classes."""

    classes: tuple[str, ...]
    by_feature: Mapping[str, Sequence[float] | str]  # or as a table has them, since few are ever asked for
    _told: dict[str, Sequence[float]] = field(default_factory=dict, repr=False, compare=False)

    def of(self, feature: str) -> Sequence[float]:
        """What a feature weighs for each class; empty if nothing."""
        weights = self.by_feature.get(feature, ())
        if not isinstance(weights, str):
            return weights
        try:
            numbers = [float(cell) if cell else 0.0 for cell in weights.split(",")]
        except ValueError:
            numbers = []
        if len(numbers) != len(self.classes):
            reason = f"{weights!r} is not a number for each of {', '.join(self.classes)}"
            raise CodebookError(f"weights of {feature!r}: {reason}; egdata codebook learn makes them anew")
        return numbers

    def sums(self, features: Mapping[str, float]) -> list[float]:
        """What features weigh together for each class."""
        rows: dict[float, list[Sequence[float]]] = {}  # those of the features that count the same
        for name in filter(self.by_feature.__contains__, features):
            if name not in self._told:
                self._told[name] = self.of(name)
            rows.setdefault(features[name], []).append(self._told[name])
        sums = [0.0] * len(self.classes)
        for value, counted in rows.items():
            sums = [total + value * sum(column) for total, column in zip(sums, zip(*counted, strict=True), strict=True)]
        return sums

    def chances(self, features: Mapping[str, float]) -> dict[str, float]:
        """How probable each class is, of which one is right."""
        sums = self.sums(features)
        highest = max(sums)
        shares = [math.exp(total - highest) for total in sums]
        return {name: share / sum(shares) for name, share in zip(self.classes, shares, strict=True)}

    def heaviest(self, words: Words, features: Mapping[str, float], name: str) -> list[tuple[float, str, Clause]]:
        """The n-grams of a statement that speak for a class, those that weigh most first."""
        number = self.classes.index(name)
        by_span: dict[Clause, float] = {}
        for feature, value in features.items():
            span, weights = words.grams.get(feature.rpartition("|")[2].removeprefix(FIRST)), self.of(feature)
            if span and weights and weights[number] > 0:
                by_span[span] = by_span.get(span, 0.0) + weights[number] * value
        return sorted(((weight, words.text[slice(*span)], span) for span, weight in by_span.items()), reverse=True)

    def only(self, classes: Collection[str]) -> Weights:
        """Those of some classes."""
        numbers = [number for number, name in enumerate(self.classes) if name in classes]
        if len(numbers) == len(self.classes):
            return self
        kept = {feature: tuple(self.of(feature)[number] for number in numbers) for feature in self.by_feature}
        return Weights(tuple(self.classes[number] for number in numbers), kept)


@dataclass(frozen=True)
class Classifier:
    """The weights of one language."""

    lang: str
    governors: Governors
    issues: Weights
    stances: Weights

    def read(self, text: str, names: Sequence[Clause] = ()) -> Words:
        """What is weighed of a statement."""
        return read_words(text, self.lang, self.governors, names)

    def judge(self, words: Words, verdicts: Mapping[str, Verdict]) -> Iterator[tuple[str, Judgement]]:
        """The issues that a statement takes a stance on, and which."""
        is_short = len(words.tokens) < _SHORT[self.lang]
        unfound = self.issues.sums(issue_features("", verdicts))  # of issues that the rules do not find
        for number, told in enumerate(self.issues.sums(gram_features(words))):
            issue = self.issues.classes[number]
            by_rules = self.issues.sums(issue_features(issue, verdicts)) if issue in verdicts else unfound
            chance = 1 / (1 + math.exp(-(told + by_rules[number])))
            verdict = verdicts.get(issue)
            is_plain = is_short and verdict is not None and verdict.decided_by != "default"
            if chance >= _CREDIBLE or is_plain:
                chances = self.stances.chances(stance_features(words, issue, verdicts))
                stance = verdict.stance if is_plain else max(chances, key=chances.__getitem__)
                both = chance * chances.get(stance, 0.0)
                if both >= _CREDIBLE or is_plain:
                    yield issue, Judgement(stance, both)

    def weighed(self, words: Words, issue: str, stance: str) -> list[tuple[float, str, Clause]]:
        """The n-grams of a statement that speak for an issue, or for a stance on it, those that weigh most first."""
        if stance:
            return self.stances.heaviest(words, stance_features(words, issue, {}), stance)
        return self.issues.heaviest(words, gram_features(words), issue)


@functools.lru_cache(maxsize=8)
def read_classifier(codebook: Codebook, lang: str) -> Classifier | None:
    """The weights of a codebook for one language; None if it has none."""
    issues, stances = _weights(codebook, "learnt_issues", lang), _weights(codebook, "learnt_stances", lang)
    if issues is None or stances is None:
        return None
    known = codebook.codes("issues")  # one that a codebook has given up is not found any more
    return Classifier(lang, read_governors(codebook, lang), issues.only(known), stances)


@functools.lru_cache(maxsize=8)
def read_holder_weights(codebook: Codebook, lang: str) -> Weights | None:
    """What words weigh for each class of holder; None if a codebook has not learnt it."""
    return _weights(codebook, "learnt_holders", lang)


def _weights(codebook: Codebook, table: str, lang: str) -> Weights | None:
    """What a table weighs in one language; None if it has no such rows.

    Not read by :mod:`csv`, on which a start would spend most of the time that it takes for the weights.
    """
    content, begin = codebook.learnt.get(table, b"").replace(b"\r\n", b"\n"), f"\n{lang},".encode()
    if begin not in content:
        return None
    header = content.partition(b"\n")[0].decode("utf-8-sig")
    if not header.startswith("lang,feature,"):
        raise CodebookError(f"{table}.csv:1: its columns are {header}; egdata codebook learn makes it anew")
    end = content.find(b"\n", content.rfind(begin) + 1)  # what stands beyond is in other languages
    text = content[content.find(begin) : None if end < 0 else end].decode()
    by_feature = dict(re.findall(rf'^{lang},(".*"|[^,\n]*),(.*)$', text, re.MULTILINE))
    for cell in [cell for cell in by_feature if cell.startswith('"')]:
        by_feature[cell[1:-1].replace('""', '"')] = by_feature.pop(cell)
    return Weights(tuple(header.split(",")[2:]), by_feature)


def who_holds(words: Words, weights: Weights) -> tuple[str, Clause]:
    """The class of holder of a position in whose statement the rules find nobody, and the words that tell most."""
    features = holder_features(words)
    chances = weights.chances(features)
    holder = max(chances, key=chances.__getitem__)
    told = weights.heaviest(words, features, holder)
    return holder, next((span for _, _, span in told), (0, len(words.text)))


# ---- features -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """The tokens of a statement, and its n-grams with the place where each first stands."""

    text: str
    lang: str
    governors: Governors
    tokens: list[Token]
    grams: dict[str, Clause]

    @property
    def first(self) -> int:
        """Where its first token stands."""
        return self.tokens[0][1] if self.tokens else 0

    @functools.cached_property
    def valences(self) -> list[tuple[int, str]]:
        """Its words with a valence, the ends of its clauses and those of its reasons, each with where it stands.

        Found only for a stance: most statements take none.
        """
        clauses = split_clauses(self.text, self.governors.marks)
        sentence = read_sentence(self.text, clauses, self.governors)
        valences = [(operator.start, operator.kind.removeprefix("chain_")) for operator in sentence.operators]
        valences += [(end - 1, ",") for start, end in clauses[:-1] if not self.text[start:end].isspace()]
        valences += [mark for start, end in sentence.reasons for mark in ((start, "("), (end - 1, ")"))]
        return valences


def names_of(mentions: pd.DataFrame) -> Callable[[int, int], list[Clause]]:
    """Where States and groups of States are named between two places of a report, counted from the first of them."""
    spans = sorted(records(mentions[mentions["kind"].isin(("state", "group"))], "start", "end"))

    def between(start: int, end: int) -> list[Clause]:
        return [(first - start, last - start) for first, last in beginning_in(spans, start, end)]

    return between


def read_words(text: str, lang: str, governors: Governors, names: Sequence[Clause] = ()) -> Words:
    tokens = [token for token in _tokens(text, lang) if not any(first <= token[1] < last for first, last in names)]
    tokens = sorted([*tokens, *((NAME, first, last) for first, last in names)], key=itemgetter(1))
    return Words(text, lang, governors, tokens, _grams(tokens, lang, _LENGTHS[lang]))


def gram_features(words: Words) -> dict[str, float]:
    """What is weighed of a statement whatever the issue."""
    return {ALWAYS: 1.0} | dict.fromkeys(words.grams, _GRAM)


def issue_features(issue: str, verdicts: Mapping[str, Verdict]) -> dict[str, float]:
    """What the rules say, as far as it tells whether a statement takes a stance on an issue."""
    if issue not in verdicts:
        return {"rules=other" if verdicts else "rules=none": 1.0}
    is_default = verdicts[issue].decided_by == "default"
    return {"rules=found": 1.0} | ({"rules=default": 1.0} if is_default else {})


def stance_features(
    words: Words, issue: str, verdicts: Mapping[str, Verdict], is_known: bool = True
) -> dict[str, float]:
    """What is weighed for a stance; without what the rules say if it is not known."""
    lang = words.lang
    verdict = verdicts.get(issue)
    features = gram_features(words) | {issue: 1.0}
    with_issue = _grams(words.tokens, lang, _WITH_ISSUE[lang])
    features |= dict.fromkeys((f"{issue}|{gram}" for gram in with_issue), _ISSUE_GRAM)
    features |= dict.fromkeys((f"{VALENCE}{gram}" for gram in _valence_grams(words, issue, verdicts)), _VALENCE_GRAM)
    if verdict:
        first, last = verdict.target
        before = (token for token in words.tokens if token[2] <= first)
        behind = (token for token in words.tokens if token[1] >= last)
        around = [*before, (TARGET, first, last), *behind]
        features |= {gram: _TARGET_GRAM for gram in _grams(around, lang, _WITH_TARGET) if TARGET in gram}
    if is_known:
        features[f"rules={verdict.stance if verdict else 'none'}"] = _RULES
        if verdict:
            features[f"rules={verdict.decided_by}={verdict.stance}"] = _RULES
    return features


def holder_features(words: Words, by_rules: str = UNATTRIBUTED) -> dict[str, float]:
    """What is weighed for the holder of a statement; without what the rules say if that is empty."""
    features = gram_features(words)
    features |= dict.fromkeys((f"{FIRST}{gram}" for gram, span in words.grams.items() if span[0] == words.first), _GRAM)
    return features | ({f"rules={by_rules}": _RULES} if by_rules else {})


def _valence_grams(words: Words, issue: str, verdicts: Mapping[str, Verdict]) -> dict[str, Clause]:
    """The n-grams of valence lists with the targets between them, whose own words do not count."""
    first, last = verdicts[issue].target if issue in verdicts else (0, 0)
    marks = [(place, kind) for place, kind in words.valences if not first <= place < last]
    marks += [(said.target[0], TARGET if name == issue else OTHER_TARGET) for name, said in verdicts.items()]
    return _grams([(kind, place, place) for place, kind in sorted(marks)], "en", _VALENCES)


def _tokens(text: str, lang: str) -> list[Token]:
    matches = _TOKENS[lang].finditer(text.lower())
    return [(_stem(match[0]) if lang == "en" else match[0], *match.span()) for match in matches]


def _grams(tokens: list[Token], lang: str, lengths: tuple[int, ...]) -> dict[str, Clause]:
    between = _BETWEEN[lang]
    words, starts, ends = zip(*tokens, strict=True) if tokens else ((), (), ())
    grams: dict[str, Clause] = {}
    for length in lengths:
        runs = map(between.join, zip(*(words[first:] for first in range(length)), strict=False))
        for gram, start, end in zip(runs, starts, ends[length - 1 :], strict=False):
            grams.setdefault(gram, (start, end))
    return grams


def _stem(word: str) -> str:
    """A word without its ending, near enough for an n-gram."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word
