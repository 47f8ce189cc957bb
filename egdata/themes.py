"""What a sentence is about: themes by the codebook's dictionary, and the terms a report uses."""

from __future__ import annotations

import functools
import re
import warnings
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from egdata.codebook import Codebook, read_codebook
from egdata.match import Match, find_matches
from egdata.positions import find_positions
from egdata.report import frame_of, records
from egdata.reports import over_reports

if TYPE_CHECKING:
    import jieba
    import pandas as pd

    from egdata.report import Report

MOST = 3  # themes a sentence may carry (codebook)
HELD = 5.0  # what a position weighs as evidence of the themes of its issue: the most that a rule weighs
SHARE = 0.5  # of the weight of the most central theme that another one must reach
#: Words that point back to the preceding sentence.
POINTS_BACK = {
    "zh": re.compile(r"此类|这|该(?!国)|上述|前述|他们|它们|(?<![因如彼除从据])此"),
    "en": re.compile(r"\b(?:this|these|those|such|they|them)\b", re.IGNORECASE),
}
#: The same as the whole subject of a sentence, behind 'one speaker added' or a connective at most.
THIS = {
    "zh": re.compile(
        r"^(?:[^，]{1,20}[称出为示说调加]，|(?:此外|因此|同时|而且)，)?这(?=最好|应|将|会|可|也|样|有助|需|不|是)"
    ),
    "en": re.compile(r"^(?:[^,]{1,60} that |\w+, )?this (?=should|would|will|could|can|may|is|has)", re.IGNORECASE),
}
BY = {"section": "section_id", "voice": "voice", "report": None}


@over_reports
def find_themes(
    report: Report, codebook: Codebook | None = None, *, positions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Find what each sentence is about.

    Parameters
    ----------
    report : Report or list of Report
    codebook : Codebook, optional
        Its ``theme_rules`` say which words speak of which theme and how much each weighs as evidence of it; its
        ``issues`` say which themes a position on an issue is about.
    positions : DataFrame, optional
        The result of :func:`find_positions`, if it is at hand.

    Returns
    -------
    DataFrame
        One row per sentence × theme, in the order of the text and then of ``rank``:

        - ``sentence_id``, ``theme_id`` : str
        - ``rank`` : int, 1 for the most central theme of the sentence, 3 at most
        - ``n_hits`` : int, matches of the theme's rules in the sentence; 0 where only a position is about it, and
          where it is taken over (Notes)
        - ``coded_by`` : str, ``rules``

        A sentence in which no rule matches has no row; a report without sentences gives an empty frame.

    Notes
    -----
    The weight of a theme in a sentence is that of its matches: the heaviest whole, the next half, a third,
    and so on. A theme that does not reach half the weight of the heaviest is a passing mention and is left
    out, so that general words (国际合作, 预防) only speak where nothing more specific does. Of equally heavy
    themes the one named first comes first. A position is about the themes of its issue, whatever its words are: it
    weighs as much as a word that is always about them, and they are no passing mention.

    A sentence without a theme that points back (这些工具, 此类责任) takes over the themes of the preceding
    sentence of its unit; one whose whole subject is 这 takes over the most central one beside its own.

    The rules see words, not their sense: what is denied or said in words the codebook lacks is lost on them.

    Examples
    --------
    >>> from egdata.report import sentences_report
    >>> text = "应加强培训，以便更好地保全电子证据。"  # enhance training, to preserve evidence better
    >>> themes = find_themes(sentences_report([text]))
    >>> list(themes["theme_id"])
    ['capacity-building', 'electronic-evidence']
    """
    codebook = codebook or read_codebook()
    about = {issue: row["themes"].split(";") for issue, row in codebook.codes("issues").items() if row["themes"]}
    if about and positions is None:
        positions = find_positions(report, codebook)
    held: dict[str, list[str]] = {}  # sentence → themes of the issues on which it takes a position
    for statement_id, issue in records(positions, "statement_id", "issue_id") if about else ():
        held.setdefault(statement_id.rpartition("/")[0], []).extend(about.get(issue, ()))
    rules = codebook.rules("theme_rules", report.lang)
    weights = {rule.rule_id: float(rule.row["weight"]) for rule in rules}
    rows = []
    before: tuple[str, list[tuple[str, int]]] = ("", [])  # unit and themes of the preceding sentence
    for unit_id, sentence_id, start, end in records(report.sentences, "unit_id", "sentence_id", "start", "end"):
        ranked = _rank(find_matches(rules, report.text, start, end), weights, held.get(sentence_id, ()))
        if before[0] == unit_id:
            ranked = _take_over(ranked, before[1], report.text[start:end], report.lang)
        before = unit_id, ranked
        rows += [
            {"sentence_id": sentence_id, "theme_id": theme, "rank": rank, "n_hits": n_hits, "coded_by": "rules"}
            for rank, (theme, n_hits) in enumerate(ranked, start=1)
        ]
    columns = ["sentence_id", "theme_id", "rank", "n_hits", "coded_by"]
    return frame_of(rows, columns, rank="int64", n_hits="int64")


def _rank(matches: list[Match], weights: dict[str, float], held: Collection[str]) -> list[tuple[str, int]]:
    """The themes of one sentence with their hits, most central first; ``held`` are those of its positions."""
    hits: dict[str, list[float]] = {}  # in the order in which the themes come up
    for match in matches:
        hits.setdefault(match.rule.code, []).append(weights[match.rule.rule_id])
    if not held and len(hits) < 2:  # which nothing can outweigh
        return [(theme, len(values)) for theme, values in hits.items()]
    n_hits = {theme: len(values) for theme, values in hits.items()}
    for theme in held:
        hits.setdefault(theme, [HELD])
    heavy = {theme: _saturated(values) for theme, values in hits.items()}
    ranked = sorted(heavy, key=heavy.__getitem__, reverse=True)
    least = SHARE * heavy[ranked[0]] if ranked else 0
    kept = [theme for theme in ranked if heavy[theme] >= least or theme in held]
    spare = [theme for theme in reversed(kept) if theme not in held][: max(len(kept) - MOST, 0)]
    return [(theme, n_hits.get(theme, 0)) for theme in kept if theme not in spare][:MOST]


def _saturated(weights: list[float]) -> float:
    """The heaviest whole, the next half, a third: a long list of one kind must not push out the rest."""
    if len(weights) == 1:
        return weights[0]
    return sum(weight / place for place, weight in enumerate(sorted(weights, reverse=True), start=1))


def _take_over(
    ranked: list[tuple[str, int]], before: list[tuple[str, int]], sentence: str, lang: str
) -> list[tuple[str, int]]:
    """Add what a sentence points back to with 这 or 此类: all of it if the sentence names no theme itself."""
    if not ranked:
        return [(theme, 0) for theme, _ in before] if POINTS_BACK[lang].search(sentence) else []
    known = {theme for theme, _ in ranked}
    if before and before[0][0] not in known and THIS[lang].search(sentence):
        return [*ranked, (before[0][0], 0)][:MOST]
    return ranked


@over_reports
def term_frequencies(
    report: Report, by: str = "section", codebook: Codebook | None = None, *, stopwords: bool = True
) -> pd.DataFrame:
    """Count the terms of a report.

    Parameters
    ----------
    report : Report or list of Report
    by : {'section', 'voice', 'report'}
        What is counted apart: the section a sentence stands in, the voice it speaks with, or nothing.
    codebook : Codebook, optional
        Its ``terms`` are kept whole (司法协助, not 司法 and 协助), its ``stopwords`` left out.
    stopwords : bool
        Whether to leave the stop words out.

    Returns
    -------
    DataFrame
        One row per term × section (or voice), the sections in the order of the report, within each the most
        frequent first, then by code point:

        - ``term`` : str, lower case
        - ``section_id`` : str; ``voice`` for ``by='voice'``; no such column for ``by='report'``
        - ``n`` : int, occurrences
        - ``per_1000`` : float, occurrences per 1,000 tokens of that section, rounded to 4 places

        A report without sentences gives an empty frame.

    Raises
    ------
    ValueError
        If ``by`` is none of the three.

    Notes
    -----
    Only sentences are counted, neither headings nor footnotes. Tokens, the base of ``per_1000``, are all
    words, numbers and single characters; punctuation is none. Of these, terms are the codebook's terms and
    the words of two characters or more without a digit, in Chinese text those of Han characters only.
    Chinese is cut by jieba's dictionary without its guesses at unknown words, so that every term is a word
    somebody wrote down.

    Examples
    --------
    >>> from egdata.report import sentences_report
    >>> report = sentences_report(["电子证据和司法协助", "电子证据"])  # electronic evidence; legal assistance
    >>> term_frequencies(report, by="report").to_dict("list")
    {'term': ['电子证据', '司法协助'], 'n': [2, 1], 'per_1000': [500.0, 250.0]}
    """
    if by not in BY:
        raise ValueError(f"by={by!r}: it is one of {', '.join(BY)}")
    column = BY[by]
    frame = frequencies(*count_terms(report, column, codebook or read_codebook(), stopwords), column or "group")
    return frame if column else frame.drop(columns="group")


def count_terms(
    report: Report, column: str | None, codebook: Codebook, stopwords: bool = True
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """For each group of sentences, by a column of their units or all in one, the terms and the number of tokens."""
    stop = set(codebook.words("stopwords", report.lang)) if stopwords else set()
    kept = {term.casefold() for term in codebook.words("terms", report.lang)}
    is_term = TERM[report.lang].fullmatch
    groups = _groups(report, column)
    tokens: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for (start, end), group in zip(records(report.sentences, "start", "end"), groups, strict=True):
        words = _words(report.text[start:end], report.lang, codebook)
        tokens[group] += len(words)
        counts.setdefault(group, Counter()).update(
            word for word in words if word not in stop and (word in kept or is_term(word))
        )
    return counts, tokens


def frequencies(counts: dict[str, Counter[str]], tokens: Counter[str], column: str) -> pd.DataFrame:
    """What was counted as a frame, the most frequent terms of each group first."""
    import pandas as pd

    rows = [
        (term, group, n, round(1000 * n / tokens[group], 4))
        for group, terms in counts.items()
        for term, n in sorted(terms.items(), key=lambda item: (-item[1], item[0]))
    ]
    frame = pd.DataFrame(rows, columns=["term", column, "n", "per_1000"])
    return frame.astype({"term": str, column: str, "n": int, "per_1000": float})


#: No digits; in Chinese no Latin letters either, which are from document symbols and foreign names.
TERM = {
    "zh": re.compile(r"[\u3400-\u9fff]{2,}"),
    "en": re.compile(r"[^\W\d_](?:[^\W\d_]|[-'’])*[^\W\d_]"),
}
_WORD = re.compile(r"\w")


def _groups(report: Report, column: str | None) -> list[str]:
    """For each sentence the section or voice of its unit."""
    if column is None:
        return [""] * len(report.sentences)
    groups = dict(records(report.units, "unit_id", column))
    return [groups[unit_id] for unit_id in report.sentences["unit_id"].tolist()]


def _words(text: str, lang: str, codebook: Codebook) -> list[str]:
    """The tokens of a text in lower case, punctuation left out."""
    terms = tuple(codebook.words("terms", lang))
    if lang == "en":
        return [word.casefold() for word in _english(terms).findall(text)]
    return [word.casefold() for word in _tokenizer(terms).cut(text, HMM=False) if _WORD.search(word)]


@functools.lru_cache(maxsize=8)
def _english(terms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join([*(rf"\b{re.escape(term)}\b" for term in longest_first), r"\w+(?:[-'’]\w+)*"]), re.I)


@functools.lru_cache(maxsize=8)
def _tokenizer(terms: tuple[str, ...]) -> jieba.Tokenizer:
    """A tokenizer of our own: user words in jieba's global one would change every other user's results."""
    import logging

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 imports pkg_resources and has invalid escape sequences
        import jieba
    level = jieba.default_logger.level
    jieba.setLogLevel(logging.WARNING)  # it reports how long its dictionary took
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for term in terms:
        tokenizer.add_word(term)
    jieba.setLogLevel(level)
    return tokenizer
