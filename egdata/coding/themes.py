"""What a sentence is about: themes by the codebook's dictionary."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from egdata.base.frames import frame_of, grouped, records
from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import Match, find_matches

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

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


def themes_of(report: Report, codebook: Codebook, positions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The themes of a report; :func:`egdata.find_themes` says what the columns hold."""
    about = {issue: row["themes"].split(";") for issue, row in codebook.codes("issues").items() if row["themes"]}
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
    by_theme = grouped((match.rule.code, weights[match.rule.rule_id]) for match in matches)
    n_hits = {theme: len(values) for theme, values in by_theme.items()}
    for theme in held:
        by_theme.setdefault(theme, [HELD])
    heavy = {theme: _saturated(values) for theme, values in by_theme.items()}
    ranked = sorted(heavy, key=heavy.__getitem__, reverse=True)
    least = SHARE * heavy[ranked[0]] if ranked else 0
    kept = [theme for theme in ranked if heavy[theme] >= least or theme in held]
    spare = [theme for theme in reversed(kept) if theme not in held][: max(len(kept) - MOST, 0)]
    return [(theme, n_hits.get(theme, 0)) for theme in kept if theme not in spare][:MOST]


def _saturated(weights: list[float]) -> float:
    """The heaviest whole, the next half, a third: a long list of one kind must not push out the rest."""
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
