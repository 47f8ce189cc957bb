"""All that is wrong with a codebook, at once: each line names file, row and reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from egdata.base.errors import CodebookError
from egdata.base.paths import data_path
from egdata.base.vocabulary import LANGS
from egdata.codebook.codebook import (
    ASKED,
    RULES,
    TABLES,
    Codebook,
    Patterns,
    Rows,
    codebook_of,
    find_broken,
    find_slips,
    read_files,
    read_rows,
)
from egdata.codebook.examples import EXAMPLES, find_failures, met_by
from egdata.codebook.growth import LIMIT, baits, growth
from egdata.codebook.notation import RAW, names_used
from egdata.codebook.starter import placeholders

WITH_PHRASES = ("phrases", *RULES)
PHRASES = {"words": "word", **dict.fromkeys(WITH_PHRASES, "phrase")}  # tables in the notation → column
LONGEST_PHRASE = 120  # characters
LONGEST_WORD = {"en": 3, "zh": 8}  # words, characters: no clause hides in a list of words


class Check(NamedTuple):
    """What came of trying a codebook: a line for each failure, and how many rules and examples there are."""

    failures: list[str]
    n_rules: int
    n_examples: int


def check_codebook(folder: str | Path | None = None) -> Check:
    """Look for all that is wrong with a codebook, and run every example and counterexample.

    Parameters
    ----------
    folder : path, optional
        As for :func:`egdata.read_codebook`, which stops at the first thing that is wrong.

    Returns
    -------
    Check
        ``failures``, one line each with file, line and column: a table that cannot be read, a cell that does not hold
        what it may, a phrase that is broken, a word or phrase that is too long, a list of words that nothing uses, what
        is left of the starter, an example that its rule does not match, a phrase that would hang on a long sentence;
        ``n_rules``; ``n_examples``, counterexamples included. Examples are run if the rest is in order.

    Raises
    ------
    CodebookError
        If there is no such folder.

    Notes
    -----
    The time of a phrase is measured on its example said again and again. Phrases of the bundled codebook are not
    measured: the tests do that.
    """
    folder, files = read_files(folder)
    rows: dict[str, Rows] = {}
    failures = []
    for name, columns in TABLES.items():
        try:
            rows[name] = read_rows(f"{name}.csv", dict(files), columns)
        except CodebookError as error:
            failures.append(str(error))
    if failures:
        return Check(failures, 0, 0)
    slips = list(find_slips(rows))
    patterns = Patterns(rows) if slips else codebook_of(folder, files).patterns
    broken = list(find_broken(patterns))
    failures = [*slips, *broken, *_find_long(rows), *_find_idle(rows), *_find_leftovers(rows)]
    n_rules = sum(len(rows[name]) for name in RULES)
    n_examples = sum(bool(row[column]) for name in RULES for _, row in rows[name] for column, _ in EXAMPLES)
    if slips or broken:
        return Check(failures, n_rules, n_examples)
    for name in RULES:
        failures += find_failures(f"{name}.csv", patterns.rules(name, met_by("*")))
    bundled = codebook_of(*read_files(data_path("codebook")))
    failures += _find_unlike(patterns)
    for name in WITH_PHRASES:
        failures += find_slow(patterns, name, but=bundled.patterns)
    return Check(failures, n_rules, n_examples)


def count_phrases(codebook: Codebook) -> dict[tuple[str, str], int]:
    """How many words, phrases and rules a codebook has, by table and language; ``re:`` counts regular expressions."""
    rows = [
        (table, row["lang"], row[column])
        for table, column in PHRASES.items()
        for _, row in codebook.patterns.rows[table]
    ]
    counted = Counter((table, lang) for table, lang, _ in rows)
    counted += Counter((RAW, lang) for _, lang, written in rows if written.startswith(RAW))
    return dict(counted)


def _find_long(rows: dict[str, Rows]) -> Iterator[str]:
    for table, column in PHRASES.items():
        for line, row in rows[table]:
            written = row[column]
            where = f"{table}.csv:{line}: column {column}: {written!r}"
            if table == "words" and _length(written) > LONGEST_WORD["zh" if _is_chinese(written) else "en"]:
                yield f"{where} is no word: more than three words, or eight characters; phrases.csv is for phrases"
            elif len(written) > LONGEST_PHRASE and not written.startswith(RAW):
                yield f"{where} is longer than {LONGEST_PHRASE} characters; put its alternatives into a list of words"


def _length(word: str) -> int:
    """Words of English, characters of Chinese; of endings in brackets the longest counts."""
    whole = re.sub(r"[\[(]([^][()]*)[\])]", lambda endings: max(endings[1].split("/"), key=len), word)
    return len(whole) if _is_chinese(word) else len(whole.split())


def _is_chinese(word: str) -> bool:
    return re.search("[\u4e00-\u9fff]", word) is not None


def _find_idle(rows: dict[str, Rows]) -> Iterator[str]:
    """A line for each name that neither a phrase nor egdata uses, and for a subject that is missing."""
    used = dict.fromkeys(met_by("*"), frozenset(ASKED))
    for table, column in PHRASES.items():
        for _, row in rows[table]:
            for lang in met_by(row["lang"]) if row["lang"] in LANGS else used:
                used[lang] |= names_used(row[column])
    listed: set[tuple[str, str]] = set()
    for table in ("words", "phrases"):
        for line, row in rows[table]:
            name, lang = row["name"], row["lang"]
            if (name, lang) not in listed and name not in used.get(lang, ()):
                yield f"{table}.csv:{line}: column name: no phrase uses {{{name}}} in {lang!r}"
            listed.add((name, lang))
    if rows["issues"] and "subject" not in {name for name, _ in listed}:
        yield "words.csv: no row with the name 'subject': which words show that a report is on the subject at all?"


def _find_leftovers(rows: dict[str, Rows]) -> Iterator[str]:
    """A line for each issue of the starter that is still there."""
    starters = placeholders()
    is_begun = any(row["id"] not in starters for _, row in rows["issues"])
    for line, row in rows["issues"]:
        if is_begun and row["id"] in starters:
            yield f"issues.csv:{line}: column id: {row['id']!r} is left of the starter; replace it by one of your own"


def _find_unlike(patterns: Patterns) -> Iterator[str]:
    """A line for each phrase with a name that its example does not hold."""
    for line, row in patterns.rows["phrases"]:
        if not row["example"]:
            yield f"phrases.csv:{line}: column example: empty; every phrase needs one"
        elif not patterns.compiled("phrases", line, row).search(row["example"]):
            yield f"phrases.csv:{line}: column example: {row['example']!r} is not matched by {row['phrase']!r}"


def find_slow(patterns: Patterns, table: str, but: Patterns | None = None) -> Iterator[str]:
    """A line for each phrase of a table whose time grows faster than the text, but for those of another codebook."""
    known = {text for *_, text in _texts(but, table)} if but else set()
    for line, row, text in _texts(patterns, table):
        if text in known:
            continue
        known.add(text)
        for repeated in baits(row["example"], row["lang"]):
            if growth(patterns.compiled(table, line, row).findall, repeated) > LIMIT:
                where = f"{table}.csv:{line}: column phrase"
                yield f"{where}: takes ever longer on {repeated!r}, said again and again; bound what repeats in it"
                break


def _texts(patterns: Patterns, table: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Line and row of every phrase of a table, and its pattern."""
    for line, row in patterns.rows[table]:
        yield line, row, patterns.text(table, line, row)
