"""How binding what a sentence asks for is: the strongest operative word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from egdata.codebook.matcher import find_matches
from egdata.coding.clauses import Clause
from egdata.coding.grammar import Grammar
from egdata.coding.holders import Attribution, Stretch


def find_modality(text: str, clauses: list[Clause], grammar: Grammar, stretch: Stretch) -> str:
    """The strongest operative word that governs the main verb of a sentence.

    A reporting verb that itself proposes or encourages (建议, 呼吁) decides; otherwise the main clauses of what is
    reported are searched, without subordinate clauses and relative clauses.
    """
    start, _, first = stretch
    # 'if amendments are proposed, States must decide' proposes nothing
    is_told = first and not (first.part == "passive" and first.holder == "impersonal")
    verbs = _verb_codes(text, grammar) if is_told else None
    if verbs and (codes := verbs(range(first.verb_start, first.verb_end + 2))):  # 侧重于鼓励
        return codes[0]
    if first and first.part != "passive" and not _is_afterthought(text, clauses, start, first, grammar):
        start = first.verb_end
    return max(("none", *_operatives(text, clauses, start, verbs, grammar)), key=grammar.rank.__getitem__)


def _operatives(
    text: str, clauses: list[Clause], start: int, verbs: Callable[[Iterable[int]], list[str]] | None, grammar: Grammar
) -> list[str]:
    """The modalities of the main clauses from a place on."""
    words = find_matches(grammar.modality["word"], text, start)
    modalities, is_first = [], True
    for clause_start, end in clauses if words or verbs else ():
        at = max(clause_start, start)
        if not text[at:end].strip("，；：。,;: "):
            continue
        # 可考虑扩大管辖权，但须尊重主权: what limits a demand does not govern it
        aside = ("subordinate", "adversative") if modalities else ("subordinate",)
        if at == clause_start and any(grammar.words[name].match(text, at, end) for name in aside):
            continue
        # in 提到各国可采取的措施 it belongs to a noun, in 编写了指南，可供… it hangs on the clause before
        is_topic = 0 < at == start and grammar.words["topic_verb"].search(text, 0, at) is not None
        is_topic = is_topic and not grammar.words["that"].match(text, at)
        if verbs and at == clause_start > start:  # 强调…，并鼓励…: the holder goes on to encourage
            codes = verbs([grammar.begin.match(text, at, end).end()])
            modalities += [code for code in codes if code == "encourage"]  # who supports may be another: 包括…，支持…
        for cue in (word for word in words if at <= word.start < end):
            is_main = (is_first or cue.start > clause_start) and not is_topic
            if cue.rule.code == "may" and (not is_main or grammar.words["relative"].match(text, cue.start, end)):
                continue
            modalities.append(cue.rule.code)
        is_first = is_first and bool(grammar.words["adjunct"].match(text, at, end))
    return modalities


def main_stretch(text: str, clauses: list[Clause], stretches: list[Stretch], grammar: Grammar) -> Stretch:
    """The first stretch, or what follows a concession: 'While many welcomed it, others saw no need.'"""
    first, *others = stretches
    _, end, attribution = first
    if not attribution or not grammar.words["subordinate"].match(text, *clauses[attribution.clause]):
        return first
    if others:
        return others[0]
    after = clauses[attribution.clause][1]
    return (after, end, None) if after < end else first


def _verb_codes(text: str, grammar: Grammar) -> Callable[[Iterable[int]], list[str]]:
    """For places of a text the modalities of the verbs that begin there, in the order of their rules."""
    rules = grammar.modality["verb"]
    standing = rules.standing_in(text)

    def codes(places: Iterable[int]) -> list[str]:
        verb_rules = [rule for at in places for rule in standing if rule.pattern.match(text, at)]
        return [rule.code for rule in sorted(verb_rules, key=rules.index)]

    return codes


def _is_afterthought(text: str, clauses: list[Clause], start: int, attribution: Attribution, grammar: Grammar) -> bool:
    """Whether what is reported begins before its holder is named: 'More training was needed, one speaker said.'"""
    before = [clause for clause in clauses[: attribution.clause] if clause[0] >= start]
    return any(not grammar.words["adjunct"].match(text, *clause) for clause in before)
