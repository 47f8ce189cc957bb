"""Whether every rule of a codebook matches its example, and does not match its counterexample."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from egdata.base.vocabulary import LANGS
from egdata.codebook.matcher import BLOCKED, Rule, Rules, all_matches, find_matches, longest


def scope(rule: Rule) -> tuple[str | None, str | None]:
    """Rules compete for the same words only within one part of a table."""
    return rule.row.get("part"), rule.row.get("issue")


def met_by(lang: str) -> tuple[str, ...]:
    """The languages of the rows that a row of one language meets, in a text or in a phrase."""
    return (*LANGS, "*") if lang == "*" else (lang, "*")


EXAMPLES = (("example", True), ("counterexample", False))  # column, whether the rule must match it; the latter may lack


def find_failures(file: str, compiled: Sequence[tuple[int, Rule]]) -> Iterator[str]:
    """A line for each example that its rule does not match and each counterexample that it does."""

    @functools.cache
    def rivals(own: tuple[str | None, str | None], lang: str) -> Rules:
        return Rules(rule for _, rule in compiled if scope(rule) == own and rule.row["lang"] in met_by(lang))

    for line, rule in compiled:
        others = rivals(scope(rule), rule.row["lang"])
        for column, wanted in EXAMPLES:
            text = rule.row[column]
            where = f"{file}:{line}: column {column}: "
            if not text:
                if wanted:
                    yield f"{where}empty; every rule needs one"
                continue
            words = rule.pattern.search(text)
            if rule.code == BLOCKED:
                matched = [words[0]] if words else []
            else:  # it may still lose to a longer match
                matched = [match.words[0] for match in find_matches(others, text) if match.rule is rule]
            if matched and not wanted:
                yield f"{where}{text!r} is matched by rule {rule.rule_id}: {matched[0]!r}"
            elif wanted and not matched:
                winners = longest(all_matches(others, text))
                instead = ", ".join(f"{match.words[0]!r} by {match.rule.rule_id}" for match in winners) or "nothing"
                yield f"{where}{text!r} is not matched by rule {rule.rule_id}; found instead: {instead}"
