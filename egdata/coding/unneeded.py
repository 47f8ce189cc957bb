"""Which rules and phrases of a codebook no sentence of the benchmark needs."""

from __future__ import annotations

from collections.abc import Iterator

from egdata.base.frames import grouped
from egdata.codebook.codebook import RULES, Codebook
from egdata.codebook.examples import scope
from egdata.codebook.matcher import BLOCKED, Rules, find_matches
from egdata.coding.benchmark import SEALED, gold_sets, read_gold_text
from egdata.reading.report import read_report

#: Names of States, bodies and texts are knowledge, not grammar: they stay whether or not anybody says them.
NAMES = ("actor_rules", "instrument_rules")


def find_unneeded(codebook: Codebook) -> Iterator[str]:
    """A line for each rule that wins no words in the benchmark's sets and the bundled report, or phrase without one.

    Notes
    -----
    A rule wins words if no longer match of a rule that competes with it overlaps them. Whether the code of a sentence
    would change without it is not asked. Sealed sets are not looked at.
    """
    sets = [gold for gold in gold_sets() if gold.card["state"] != SEALED]
    reports = (read_report(), *(read_gold_text(gold.folder, lang) for gold in sets for lang in gold.langs))
    texts = grouped((report.lang, report.text) for report in reports)
    needed = {
        match.rule.rule_id
        for table in RULES
        if table not in NAMES
        for lang, own in texts.items()
        for rivals in map(Rules, grouped((scope(rule), rule) for rule in codebook.rules(table, lang)).values())
        for text in own
        for match in find_matches(rivals, text)
    }
    for table in RULES:
        for line, row in codebook.patterns.rows[table]:
            if table not in NAMES and row["rule_id"] not in needed and row["code"] != BLOCKED:
                yield f"{table}.csv:{line}: no sentence of the benchmark needs {row['rule_id']}"
    for line, row in codebook.patterns.rows["phrases"]:
        pattern = codebook.patterns.compiled("phrases", line, row)
        if not any(pattern.search(text) for text in texts.get(row["lang"], ())):
            yield f"phrases.csv:{line}: no sentence of the benchmark needs {row['name']}, as in {row['example']!r}"
