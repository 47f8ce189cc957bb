"""The codebook tables → compiled, validated rules. The only place that reads ``data/codebook``."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.errors import CodebookError
from egdata.match import BLOCKED, Rule, find_matches
from egdata.paths import data_path

if TYPE_CHECKING:
    import pandas as pd

LABELS = ("id", "label_en", "label_zh", "definition")
RULE = ("rule_id", "code", "lang", "pattern", "example", "counterexample")

#: Code tables: what may be coded. File name → columns beside ``LABELS``.
CODES: dict[str, tuple[str, ...]] = {
    "holders": ("rank",),
    "modalities": ("rank",),
    "stances": (),
    "issues": ("instrument", "mentioned"),
    "instruments": ("kind",),
    "actors": ("kind", "iso3"),
    "themes": (),
    "voices": (),
}
#: Rule tables: how it is found in the text. File name → (code table that ``code`` refers to, columns beside ``RULE``).
RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "holder_rules": ("holders", ("part",)),
    "modality_rules": ("modalities", ("part",)),
    "instrument_rules": ("instruments", ("form",)),
    "actor_rules": ("actors", ("form",)),
    "theme_rules": ("themes", ("weight",)),
    "issue_rules": ("issues", ("polarity", "default", "blocks")),
    "stance_rules": ("stances", ("issue", "strength")),
    "voice_rules": ("voices", ()),
}
#: Word lists: (columns)
LISTS: dict[str, tuple[str, ...]] = {
    "lexicon": ("name", "lang", "pattern"),
    "terms": ("term", "lang"),
    "stopwords": ("term", "lang"),
}


@dataclass(frozen=True, eq=False)
class Codebook:
    """The codebook: its tables as frames of strings, its rules compiled.

    Attributes
    ----------
    folder : Path
        Where it was read from.
    tables : dict of str to DataFrame
        Every table by its file name without ``.csv``.
    """

    folder: Path
    tables: dict[str, pd.DataFrame] = field(repr=False)
    _rules: dict[tuple[str, str], tuple[Rule, ...]] = field(repr=False)
    _lexicon: dict[tuple[str, str], re.Pattern[str]] = field(repr=False)

    def rules(self, table: str, lang: str) -> tuple[Rule, ...]:
        """The compiled rules of one table for one language, in file order."""
        return self._rules.get((table, lang), ())

    def pattern(self, name: str, lang: str) -> re.Pattern[str]:
        """One pattern of ``lexicon.csv``, compiled; one that never matches where the language has none."""
        return self._lexicon.get((name, lang), _NEVER)

    def codes(self, table: str) -> dict[str, dict[str, str]]:
        """The rows of one code table by their id, in file order."""
        return {row["id"]: row for row in self.tables[table].to_dict("records")}

    def words(self, table: str, lang: str) -> list[str]:
        """One of the word lists ``terms`` or ``stopwords`` for one language."""
        frame = self.tables[table]
        return list(frame.loc[frame["lang"] == lang, "term"])


def read_codebook(folder: str | Path | None = None) -> Codebook:
    """Read and check a codebook.

    Parameters
    ----------
    folder : path, optional
        A folder with the tables of ``data/codebook``; the bundled one if omitted.

    Returns
    -------
    Codebook

    Raises
    ------
    CodebookError
        Names file, row, column and reason: a missing table or column, an unknown code, a duplicate id, a broken
        pattern, an example that its rule does not match, a counterexample that it does.
    """
    return _read_codebook(data_path("codebook") if folder is None else Path(folder))


@functools.lru_cache(maxsize=8)
def _read_codebook(folder: Path) -> Codebook:
    if not folder.is_dir():
        raise CodebookError(f"{folder}: no such folder; a codebook is a folder of CSV tables such as data/codebook")
    columns = {
        **{name: LABELS + extra for name, extra in CODES.items()},
        **{name: RULE + extra for name, (_, extra) in RULES.items()},
        **LISTS,
    }
    tables = {name: _read_table(folder / f"{name}.csv", wanted) for name, wanted in columns.items()}
    for name in CODES:
        _check_unique(f"{name}.csv", tables[name], "id")
    lexicon = {(row["name"], row["lang"]): row["pattern"] for row in tables["lexicon"].to_dict("records")}
    lexicon |= _actor_names(tables["actor_rules"].to_dict("records"))
    compiled_lexicon = {
        (row["name"], row["lang"]): _compile_pattern("lexicon.csv", line, row, lexicon)
        for line, row in enumerate(tables["lexicon"].to_dict("records"), start=2)
    }
    rules: dict[tuple[str, str], tuple[Rule, ...]] = {}
    for name, (codes, _) in RULES.items():
        _check_unique(f"{name}.csv", tables[name], "rule_id")
        known = {*tables[codes]["id"], BLOCKED}
        compiled = [
            _compile(f"{name}.csv", line, row, known, lexicon)
            for line, row in enumerate(tables[name].to_dict("records"), start=2)
        ]
        for lang in dict.fromkeys(rule.row["lang"] for rule in compiled if rule.row["lang"] != "*"):
            rules[name, lang] = tuple(rule for rule in compiled if rule.row["lang"] in (lang, "*"))
        _check_examples(f"{name}.csv", compiled)
    return Codebook(folder, tables, rules, compiled_lexicon)


def _actor_names(rows: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    """``{actor}`` in a pattern stands for the name of any body or State, longest first."""
    names: dict[tuple[str, str], str] = {("actor", lang): "(?!)" for lang in ("zh", "en")}
    for lang in ("zh", "en"):
        patterns = [row["pattern"] for row in rows if row["lang"] in (lang, "*") and row["code"] != BLOCKED]
        if patterns:
            names["actor", lang] = "|".join(sorted(patterns, key=len, reverse=True))
    return names


def _read_table(path: Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise CodebookError(f"{path.name}: missing; a codebook needs every table of data/codebook") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise CodebookError(f"{path.name}: not a UTF-8 CSV table: {error}") from None
    for column in wanted:
        if column not in frame.columns:
            raise CodebookError(f"{path.name}:1: column {column}: missing; it has {', '.join(frame.columns)}")
    return frame


def _check_unique(file: str, frame: pd.DataFrame, column: str) -> None:
    for line, (value, again) in enumerate(zip(frame[column], frame[column].duplicated(), strict=True), start=2):
        if again or not value:
            reason = f"{value!r} stands twice" if value else "empty"
            raise CodebookError(f"{file}:{line}: column {column}: {reason}; every row needs an id of its own")


def _compile(file: str, line: int, row: dict[str, str], known: set[str], lexicon: dict[tuple[str, str], str]) -> Rule:
    if row["code"] not in known:
        raise CodebookError(
            f"{file}:{line}: column code: unknown code {row['code']!r}; known are {', '.join(sorted(known))}"
        )
    return Rule(row["rule_id"], row["code"], _compile_pattern(file, line, row, lexicon), row)


_NAME = re.compile(r"\{([a-z_]+)\}")
_NEVER = re.compile(r"(?!)")


def _compile_pattern(file: str, line: int, row: dict[str, str], lexicon: dict[tuple[str, str], str]) -> re.Pattern[str]:
    """The pattern of a row with every ``{name}`` replaced by the pattern that lexicon.csv has for it."""

    def expand(found: re.Match[str]) -> str:
        word = lexicon.get((found[1], row["lang"])) or lexicon.get((found[1], "*"))
        if word is None:
            raise CodebookError(f"{file}:{line}: column pattern: {found[0]} is not a name in lexicon.csv")
        return f"(?:{re.sub(_NAME, expand, word)})"

    try:
        pattern = re.compile(re.sub(_NAME, expand, row["pattern"]), re.IGNORECASE if row["lang"] == "en" else 0)
    except re.error as error:
        raise CodebookError(f"{file}:{line}: column pattern: {row['pattern']!r} is broken: {error}") from None
    except RecursionError:
        raise CodebookError(f"{file}:{line}: column pattern: {row['pattern']!r} refers to itself") from None
    if "rule_id" in row and pattern.search(""):
        raise CodebookError(f"{file}:{line}: column pattern: {row['pattern']!r} matches the empty text")
    return pattern


def _scope(rule: Rule) -> tuple[str | None, str | None]:
    """Rules compete for the same words only within one part of a table."""
    return rule.row.get("part"), rule.row.get("issue")


def _check_examples(file: str, compiled: list[Rule]) -> None:
    for line, rule in enumerate(compiled, start=2):
        lang = rule.row["lang"]
        rivals = [other for other in compiled if lang in (other.row["lang"], "*") and _scope(other) == _scope(rule)]
        for column, wanted in (("example", True), ("counterexample", False)):
            text = rule.row[column]
            if not text:
                raise CodebookError(f"{file}:{line}: column {column}: empty; every rule needs one")
            hit = bool(rule.pattern.search(text))
            if hit and rule.code != BLOCKED:  # it may still lose to a longer match
                hit = any(match.rule is rule for match in find_matches(rivals, text))
            if hit != wanted:
                verb = "is not matched" if wanted else "is matched"
                raise CodebookError(f"{file}:{line}: column {column}: {text!r} {verb} by rule {rule.rule_id}")
