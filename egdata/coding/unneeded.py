"""Which rules of a codebook no sentence of the benchmark needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from egdata.codebook.codebook import RULES, Codebook
from egdata.codebook.examples import scope
from egdata.codebook.matcher import BLOCKED, Rule, Rules, find_matches
from egdata.coding.benchmark import SEALED, gold_sets, read_gold_text
from egdata.reading.report import read_report

#: Names of States, bodies and texts are knowledge, not grammar: they stay whether or not anybody says them.
NAMES = ("actor_rules", "instrument_rules")


def find_unneeded(codebook: Codebook) -> Iterator[str]:
    """A line for each rule that wins no words in the benchmark's sets and the bundled report.

    Notes
    -----
    A rule wins words if no longer match of a rule that competes with it overlaps them. Whether the code of a sentence
    would change without it is not asked. Sealed sets are not looked at.
    """
    texts: dict[str, list[str]] = {}
    sets = [gold for gold in gold_sets() if gold.card["state"] != SEALED]
    for report in (read_report(), *(read_gold_text(gold.folder, lang) for gold in sets for lang in gold.langs)):
        texts.setdefault(report.lang, []).append(report.text)
    needed = {
        match.rule.rule_id
        for table in RULES
        if table not in NAMES
        for lang, reports in texts.items()
        for rivals in _competing(codebook.rules(table, lang))
        for text in reports
        for match in find_matches(rivals, text)
    }
    for table in RULES:
        for line, row in codebook.patterns.rows[table]:
            if table not in NAMES and row["rule_id"] not in needed and row["code"] != BLOCKED:
                yield f"{table}.csv:{line}: no sentence of the benchmark needs {row['rule_id']}"


def _competing(rules: Iterable[Rule]) -> list[Rules]:
    """Rules by what they compete with."""
    scopes: dict[object, list[Rule]] = {}
    for rule in rules:
        scopes.setdefault(scope(rule), []).append(rule)
    return [Rules(rivals) for rivals in scopes.values()]
