"""What the Chair's summary tells again of the proposals: parallel sentences, what stands alone, views told twice."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from egdata.base.frames import frame_of, grouped, records
from egdata.base.vocabulary import NO_HOLDER, PROPOSALS, SUMMARY, VOICES
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of, joined, looked_up
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

LEAST_SCORE = 0.16  # chosen on the summary's section III.B by hand, where .14 to .18 give much the same
CODE_WEIGHT = 2  # a code that two sentences share says more than a pair of characters
EMPTY = ("no-view", "list-head")  # reasons for which a sentence says nothing that could be told again
MOST_STRETCHES = 3  # of words, that are listed as shared

_TOKEN = {"zh": re.compile(r"\w|[^\w\s]"), "en": re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")}
_SPACE = {"zh": "", "en": " "}

Value = TypeVar("Value")
Feature = tuple[str, ...]  # a code, with what it is in front; or one or two words
Features = dict[str, set[Feature]]  # by sentence


@over_reports
def find_parallels(
    report: Report | Coding, codebook: Codebook | None = None, *, least: float = LEAST_SCORE
) -> pd.DataFrame:
    """Find the sentences of the Chair's summary that say again what a proposal says.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    least : float
        The lowest score that makes a pair.

    Returns
    -------
    DataFrame
        One row per pair, in the order of the summary and then of the proposals: ``summary_id``, ``proposal_id``, ids of
        sentences; ``score``, from 0 to 1, rounded to 3 places; ``shared``, what both have, ``; `` between: positions
        (``new-convention for``), instruments, themes, and the three rarest stretches of words. No rows for a report
        that lacks either voice.

    Notes
    -----
    A sentence is a set of features: its positions, instruments, themes and words (pairs of characters in Chinese,
    words and pairs of words in English). Each weighs as much as it is rare among the sentences of the report, a code
    twice, and the score is the cosine of two sentences. Two that both take positions, but none in common, say different
    things; a sentence of the summary that reports nobody and asks for nothing (a session was held) says nothing again.
    No model is asked, so that the same point in other words is missed, and the same matter taken for the same point.

    Examples
    --------
    'List of recommendations: States should train judges and prosecutors. Chair's summary: Some speakers said that
    judges and prosecutors should be trained. The meeting rose.'

    >>> from egdata.reading.report import parse_report
    >>> proposals, summary = "1. 各国应培训法官和检察官。", "2. 一些发言者说，应培训法官和检察官。会议休会。"
    >>> report = parse_report("\\n".join(["一. 建议清单", proposals, "二. 主席的总结", summary]))
    >>> find_parallels(report).values.tolist()
    [['2#1', '1#1', 0.333, 'capacity-building; 应培训法官和检察官']]
    """
    coding = coding_of(report, codebook)
    sentences, lang = coding.sentences, coding.report.lang
    voices = sentences["sentence_id"].map(coding.places["voice"])
    says = voices.eq(SUMMARY) & ~sentences["reason"].isin(EMPTY)
    said, proposed = (list(sentences.loc[which, "sentence_id"]) for which in (says, voices.eq(PROPOSALS)))
    rows = []
    if said and proposed:
        texts = records(sentences, "sentence_id", "text")
        tokens = {name: _TOKEN[lang].findall(text.casefold()) for name, text in texts}
        codes, words = _codes(coding), {name: _words(token_list, lang) for name, token_list in tokens.items()}
        features = {name: codes[name] | words[name] for name in tokens}
        weights = _weights(features, is_code=set().union(*codes.values()))
        sides = ([features[name] for name in side] for side in (said, proposed))
        for a, b, score in _cosines(*sides, weights, least):
            summary_id, proposal_id = said[a], proposed[b]
            if not _are_other_views(codes[summary_id], codes[proposal_id]):
                shared = [" ".join(code[1:]) for code in sorted(codes[summary_id] & codes[proposal_id])]
                shared += _shared_stretches(tokens[summary_id], words[proposal_id], weights, _SPACE[lang])
                rows.append(
                    {"summary_id": summary_id, "proposal_id": proposal_id, "score": score, "shared": "; ".join(shared)}
                )
    return frame_of(rows, ("summary_id", "proposal_id", "score", "shared"), score="float64")


def _codes(coding: Coding) -> Features:
    """The positions, instruments and themes of each sentence, each with what it is in front."""
    codes: Features = {sentence_id: set() for sentence_id in coding.sentences["sentence_id"]}
    for sentence_id, *position in records(coding.positions, "sentence_id", "issue_id", "stance"):
        codes[sentence_id].add(("1 position", *position))
    for sentence_id, instruments in coding.instruments.items():
        codes[sentence_id] |= {("2 instrument", code) for code in instruments.split(";")}
    for sentence_id, theme in records(coding.themes, "sentence_id", "theme_id"):
        codes[sentence_id].add(("3 theme", theme))
    return codes


def _words(tokens: list[str], lang: str) -> set[Feature]:
    """Pairs of words or characters with no punctuation between, and in English single words."""
    pairs = {pair for pair in pairwise(tokens) if all(map(_is_word, pair))}
    return pairs | {(token,) for token in tokens if lang == "en" and _is_word(token)}


def _is_word(token: str) -> bool:
    return token[0].isalnum()


def _weights(features: Features, is_code: set[Feature]) -> dict[Feature, float]:
    """How much each feature says: the rarer among the sentences, the more."""
    n_with = Counter(feature for feature_set in features.values() for feature in feature_set)
    return {
        feature: (CODE_WEIGHT if feature in is_code else 1) * math.log(len(features) / n_with[feature])
        for feature in sorted(n_with)
    }


def _cosines(
    said: list[set[Feature]], proposed: list[set[Feature]], weights: Mapping[Feature, float], least: float
) -> Iterator[tuple[int, int, float]]:
    """The number of a sentence on either side and the cosine of the two, if it is large enough."""
    parts = ((b, _unit(features, weights).items()) for b, features in enumerate(proposed))
    having = grouped((feature, (b, part)) for b, unit in parts for feature, part in unit)
    for a, features in enumerate(said):
        cosines: dict[int, float] = {}
        for feature, part in _unit(features, weights).items():
            for b, other in having.get(feature, ()):
                cosines[b] = cosines.get(b, 0.0) + part * other
        for b, cosine in sorted(cosines.items()):
            if (score := round(cosine, 3)) >= least:
                yield a, b, score


def _unit(features: set[Feature], weights: Mapping[Feature, float]) -> dict[Feature, float]:
    """The weights of a sentence's features, as a vector of length 1."""
    ordered = sorted(features)  # the order of a set, and so the last digit, varies
    length = math.hypot(*(weights[feature] for feature in ordered)) or 1.0
    return {feature: weights[feature] / length for feature in ordered}


def _are_other_views(said: set[Feature], proposed: set[Feature]) -> bool:
    """Whether both take positions, and none that the other takes."""
    held = [{code for code in codes if code[0] == "1 position"} for codes in (said, proposed)]
    return all(held) and not held[0] & held[1]


def _shared_stretches(
    tokens: list[str], words: set[Feature], weights: Mapping[Feature, float], space: str
) -> list[str]:
    """The longest stretches of a sentence that the words of another cover, those that say most first."""
    stretches: dict[str, float] = {}
    stretch: list[str] = []
    for token, following in pairwise([*tokens, ""]):
        stretch.append(token)
        if (token, following) in words:
            continue
        parts = [part for part in (*pairwise(stretch), *((single,) for single in stretch)) if part in words]
        if parts:
            stretches[space.join(stretch)] = sum(weights[part] for part in parts)
        stretch = []
    return sorted(stretches, key=lambda words: -stretches[words])[:MOST_STRETCHES]


# ---- what stands on either side --------------------------------------------------------------------------------------


@over_reports
def parallel_texts(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Set the sentences of each parallel side by side: who is said to hold what was proposed.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per pair, in the order of :func:`find_parallels`: ``summary_id``; ``holders``, the classes of those
        who hold it there, ``;`` between; ``summary``, ``proposal``, the two sentences; ``summary_citation``,
        ``proposal_citation``; ``proposal_id``, ``score``, ``shared``. No rows for a report that lacks either voice.
    """
    coding = coding_of(report, codebook)
    frame = find_parallels(coding)
    texts = coding.sentences.set_index("sentence_id")
    citations = texts["unit_id"].map(coding.report.citation)
    frame["holders"] = looked_up(frame["summary_id"], joined(coding.statements, "holder"))
    for side in ("summary", "proposal"):
        frame[side] = looked_up(frame[f"{side}_id"], texts["text"])
        frame[f"{side}_citation"] = looked_up(frame[f"{side}_id"], citations)
    columns = ["summary_id", "holders", "summary", "summary_citation", "proposal_id", "proposal", "proposal_citation"]
    return frame[[*columns, "score", "shared"]]


@over_reports
def find_unparalleled(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find what stands in one voice only: proposals that the Chair did not take up, and what the Chair added.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per sentence of either voice without a parallel in the other, in text order: ``sentence_id``,
        ``section_id``, ``voice``; ``theme``, its most central one; ``positions`` (``new-convention for``) and
        ``holders``, their classes, ``; `` between; ``text``, ``citation``. Sentences that report nobody and ask for
        nothing, or only open a list, are left out. No rows for a report that lacks either voice.
    """
    coding = coding_of(report, codebook)
    frame = _compared(coding)
    frame = frame[~frame["has_parallel"]].reset_index(drop=True)
    held = coding.positions.assign(position=coding.positions["issue_id"] + " " + coding.positions["stance"])
    columns = {"positions": joined(held, "position"), "holders": joined(coding.statements, "holder")}
    for column, values in columns.items():
        frame[column] = looked_up(frame["sentence_id"], values).str.replace(";", "; ")
    central = coding.themes.drop_duplicates("sentence_id").set_index("sentence_id")["theme_id"]
    frame["theme"] = looked_up(frame["sentence_id"], central)
    frame["citation"] = frame["unit_id"].map(coding.report.citation)
    return frame[["sentence_id", "section_id", "voice", "theme", "positions", "holders", "text", "citation"]]


@over_reports
def count_parallels(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count how much of the proposals and of the Chair's summary the other tells, too.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per section of either voice with sentences of substance, in the order of the report: ``section_id``,
        ``title``, ``voice``; ``n_sentences``, those of substance (they report somebody or ask for something);
        ``n_parallel``, those of them with a parallel in the other voice; ``share``, of the two. No rows for a report
        that lacks either voice.
    """
    coding = coding_of(report, codebook)
    by_section = _compared(coding).groupby("section_id", sort=False)["has_parallel"]
    counts = by_section.agg(n_sentences="size", n_parallel="sum").reset_index()
    counts["share"] = counts["n_parallel"] / counts["n_sentences"]
    return coding.report.sections[["section_id", "title", "voice"]].merge(counts, on="section_id")


def _compared(coding: Coding) -> pd.DataFrame:
    """The sentences of substance of both voices, and whether each has a parallel; none if a voice is lacking."""
    parallels = find_parallels(coding)
    frame = coding.sentences.merge(coding.places[["section_id", "voice"]].reset_index(), on="sentence_id")
    frame["has_parallel"] = frame["sentence_id"].isin([*parallels["summary_id"], *parallels["proposal_id"]])
    is_compared = set(VOICES) <= set(frame["voice"])
    of_substance = frame["voice"].isin(VOICES) & ~frame["reason"].isin(EMPTY)
    return frame[of_substance & is_compared]


def told_also_in(parallels: pd.DataFrame) -> dict[str, list[str]]:
    """For each sentence of :func:`find_parallels` those of the other voice that say the same, the likest first."""
    likest = parallels.sort_values("score", ascending=False, kind="stable")
    pairs = records(likest, "summary_id", "proposal_id")
    return grouped(pair for said, proposed in pairs for pair in ((said, proposed), (proposed, said)))


# ---- views told twice ------------------------------------------------------------------------------------------------


def retellings(positions: pd.DataFrame, parallels: pd.DataFrame) -> set[str]:
    """Which positions only tell again what the other voice tells, so that a count over both must leave them out.

    Parameters
    ----------
    positions : DataFrame
        One row per position: ``position_id``, ``sentence_id``, ``holder``, ``issue_id``, ``stance``.
    parallels : DataFrame
        As :func:`find_parallels` gives it.

    Returns
    -------
    set of str
        Ids of positions.

    Notes
    -----
    Two positions of parallel sentences on the same issue with the same stance are one view. Each has one partner at
    most, that of the highest score, since two positions of the same voice are never taken for one. Of the two the one
    that names a holder stays, else that of the proposal.
    """
    keys = ["issue_id", "stance"]
    held = positions[["position_id", "sentence_id", "holder", *keys]]
    pairs = parallels.merge(held, left_on="summary_id", right_on="sentence_id")
    pairs = pairs.merge(held, left_on=["proposal_id", *keys], right_on=["sentence_id", *keys], suffixes=("", "_first"))
    pairs = pairs.sort_values("score", ascending=False, kind="stable")
    left_out, met = set(), set()
    for again, first, *holders in records(pairs, "position_id", "position_id_first", "holder", "holder_first"):
        if met.isdisjoint((again, first)):
            met |= {again, first}
            is_first_anonymous = holders[1] in NO_HOLDER and holders[0] not in NO_HOLDER
            left_out.add(first if is_first_anonymous else again)
    return left_out


def kept(find: Callable[[Coding], Value]) -> Callable[[Coding], Value]:
    """Let what is found in a coding be kept among its frames, since a correction discards those."""

    @functools.wraps(find)
    def call(coding: Coding) -> Value:
        if find.__name__ not in vars(coding):
            vars(coding)[find.__name__] = find(coding)
        return vars(coding)[find.__name__]

    return call


parallels_of = kept(find_parallels)  # as the frames of a coding, not to be changed in place


@kept
def retellings_of(coding: Coding) -> frozenset[str]:
    """What :func:`retellings` names of a coding."""
    return frozenset(retellings(coding.positions, parallels_of(coding)))
