"""The codebook tables → compiled, validated rules. The only place that reads ``data/codebook``."""

from __future__ import annotations

import csv
import functools
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import CodebookError
from egdata.base.paths import data_path
from egdata.codebook.growth import LIMIT, baits, growth
from egdata.codebook.literals import ANYTHING, Stretch, read_words
from egdata.codebook.matcher import BLOCKED, Rule, Rules, all_matches, find_matches, longest

if TYPE_CHECKING:
    import pandas as pd

LABELS = ("id", "label_en", "label_zh", "definition")
RULE = ("rule_id", "code", "lang", "pattern", "example", "counterexample")

#: Code tables: what may be coded. File name → columns beside ``LABELS``.
CODES: dict[str, tuple[str, ...]] = {
    "holders": ("rank",),
    "modalities": ("rank",),
    "stances": (),
    "issues": ("instrument", "mentioned", "themes"),
    "instruments": ("kind",),
    "actors": ("kind", "iso3"),
    "themes": (),
    "voices": (),
}
#: Rule tables: how it is found in the text. File name → (code table that ``code`` refers to, columns beside ``RULE``).
RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "actor_rules": ("actors", ("form",)),  # first: their names are words of the others
    "holder_rules": ("holders", ("part",)),
    "modality_rules": ("modalities", ("part",)),
    "instrument_rules": ("instruments", ("form", "kinds")),
    "theme_rules": ("themes", ("weight",)),
    "issue_rules": ("issues", ("polarity", "default", "blocks", "form")),
    "stance_rules": ("stances", ("issue", "strength")),
    "voice_rules": ("voices", ()),
}
#: Word lists.
LISTS: dict[str, tuple[str, ...]] = {
    "lexicon": ("name", "lang", "pattern"),
    "terms": ("term", "lang"),
    "stopwords": ("term", "lang"),
    "glossary": ("term", "gloss_en"),  # English for Chinese terms, for charts in English
}
CODEBOOK = "EGDATA_CODEBOOK"  # environment variable: the folder to read where none is named
OPTIONAL = ("glossary",)  # tables that a codebook may lack
#: The columns of every table, in their order; any table may have a column ``NOTE`` beside them.
TABLES: dict[str, tuple[str, ...]] = {
    **{name: LABELS + extra for name, extra in CODES.items()},
    **{name: RULE + extra for name, (_, extra) in RULES.items()},
    **LISTS,
}
NOTE = "note"  # remarks for the reader of a table, which mean nothing to egdata
LANGS = ("zh", "en")

#: What a cell may hold, as a pattern; cells of columns that are not named here are free.
_FORMS = r"named|short|generic|anaphor"
_KINDS = r"convention|protocol|charter|resolution|declaration|guidance|unnamed|title|anaphor"
CELLS: dict[tuple[str, str], str] = {
    **{(name, "rule_id"): r"[^+]+" for name in RULES},  # a + joins the rules of a position: target+cue
    ("holders", "rank"): r"\d*",
    ("modalities", "rank"): r"\d+",
    ("actors", "kind"): r"state|body|group",
    ("instruments", "kind"): _KINDS,
    ("issues", "mentioned"): r"|none|neutral",
    ("holder_rules", "part"): r"plural|one|pronoun|strong|weak|clause|clause-one|head|head-operative|joined|passive",
    ("modality_rules", "part"): r"verb|word",
    ("instrument_rules", "form"): _FORMS,
    ("instrument_rules", "kinds"): rf"|(?:{_KINDS})(?:;(?:{_KINDS}))*",
    ("actor_rules", "form"): _FORMS,
    ("theme_rules", "weight"): r"\d+(\.\d+)?",
    ("issue_rules", "polarity"): r"direct|inverse|fixed|open",
    ("issue_rules", "form"): r"|apart|short|direction",
    ("stance_rules", "strength"): r"first|then|last",
}
#: Cells that name codes, several with ``;`` between them: (table, column) → (code table, column of it).
REFERENCES: dict[tuple[str, str], tuple[str, str]] = {
    ("issues", "instrument"): ("instruments", "id"),
    ("issues", "themes"): ("themes", "id"),
    ("issue_rules", "default"): ("stances", "id"),
    ("issue_rules", "blocks"): ("issues", "id"),
    ("stance_rules", "issue"): ("issues", "id"),
}
#: Codes that a statement gets without a rule: from nobody, from whom an anaphor may mean that points to nobody.
NEEDED = {"holders": ("one", "named", "speakers", "unattributed"), "modalities": ("none",)}


@dataclass(frozen=True, eq=False)
class Codebook:
    """The codebook: its tables as frames of strings, and its rules.

    Attributes
    ----------
    folder : Path
        Where it was read from.
    tables : dict of str to DataFrame
        Every table by its file name without ``.csv``.
    """

    folder: Path
    tables: dict[str, pd.DataFrame] = field(repr=False)
    _patterns: _Patterns = field(repr=False)
    _rules: dict[tuple[str, str], Rules] = field(default_factory=dict, repr=False)
    _codes: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict, repr=False)
    _words: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def rules(self, table: str, lang: str) -> tuple[Rule, ...]:
        """The compiled rules of one table for one language, in file order."""
        if (table, lang) not in self._rules:
            compiled = self._patterns.rules(table, (lang, "*"))
            self._rules[table, lang] = Rules(rule for _, rule in compiled)
        return self._rules[table, lang]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id, of whichever table; None if there is none."""
        return self._patterns.rule(rule_id)

    def pattern(self, name: str, lang: str) -> re.Pattern[str]:
        """One pattern of ``lexicon.csv``, compiled; one that never matches where the language has none."""
        return self._patterns.named(name, lang) or self._patterns.named(name, "*") or _NEVER

    def codes(self, table: str) -> dict[str, dict[str, str]]:
        """The rows of one code table by their id, in file order; made once, so not to be changed."""
        if table not in self._codes:
            self._codes[table] = {row["id"]: row for row in self.tables[table].to_dict("records")}
        return self._codes[table]

    def words(self, table: str, lang: str) -> list[str]:
        """One of the word lists ``terms`` or ``stopwords`` for one language."""
        if (table, lang) not in self._words:
            frame = self.tables[table]
            self._words[table, lang] = tuple(frame.loc[frame["lang"].isin((lang, "*")), "term"])
        return list(self._words[table, lang])


def read_codebook(folder: str | Path | None = None) -> Codebook:
    """Read and check a codebook.

    Parameters
    ----------
    folder : path, optional
        A folder with the tables of ``data/codebook``. If omitted, the one that the environment variable
        ``EGDATA_CODEBOOK`` names, as ``egdata build --codebook`` does for notebooks; else the bundled one.

    Returns
    -------
    Codebook

    Raises
    ------
    CodebookError
        Names file, row, column and reason: a missing table or column, an unknown code, a duplicate id, a broken
        pattern, an example that its rule does not match, a counterexample that it does.

    Notes
    -----
    To compile and try thousands of rules takes seconds. The rules of a folder that is named are all tried when it is
    read. Those of the bundled codebook are tried by the tests and by ``egdata codebook check``: here only its cells are
    checked, and a rule is compiled when a word that it needs stands in a text.
    """
    return _read_tables(*_read_files(None)) if folder is None else _read_and_try(*_read_files(folder))


class Check(NamedTuple):
    """What came of trying a codebook: a line for each failure, and how many rules and examples there are."""

    failures: list[str]
    n_rules: int
    n_examples: int


def check_codebook(folder: str | Path | None = None) -> Check:
    """Run every example and counterexample of a codebook, and look for patterns that would hang.

    Parameters
    ----------
    folder : path, optional
        As for :func:`read_codebook`, which stops at the first example that fails.

    Returns
    -------
    Check
        ``failures``, one line each: file and line, column, the example, the rule and what was found instead, or the
        words over which a pattern takes ever longer; ``n_rules``; ``n_examples``, counterexamples included.

    Raises
    ------
    CodebookError
        If the tables cannot be read, so that there are no rules to try.

    Notes
    -----
    The time of a pattern is measured on its example said again and again. Patterns of the bundled codebook are not
    measured: the tests do that.
    """
    codebook = _read_tables(*_read_files(folder))
    compiled = _compile_all(codebook)
    failures = [line for name, rules in compiled.items() for line in _find_failures(f"{name}.csv", rules)]
    failures += find_slow(codebook, but=read_codebook())
    n_rules = sum(map(len, compiled.values()))
    return Check(failures, n_rules, len(_EXAMPLES) * n_rules)


def find_slow(codebook: Codebook, but: Codebook | None = None) -> Iterator[str]:
    """A line for each pattern whose time grows faster than the text; those of another codebook are left out."""
    known = {expanded for *_, expanded in but._patterns.expanded()} if but else set()
    for file, line, row, expanded in codebook._patterns.expanded():
        if expanded in known:
            continue
        known.add(expanded)
        search = re.compile(*expanded).findall
        for repeated in baits(row.get("example", ""), row["lang"]):
            if growth(search, repeated) > LIMIT:
                where = f"{file}:{line}: column pattern"
                yield f"{where}: takes ever longer on {repeated!r}, said again and again; bound what repeats in it"
                break


Files = tuple[tuple[str, bytes], ...]  # name, content
Compiled = list[tuple[int, Rule]]  # line in the file, rule
Expanded = tuple[str, int]  # a pattern as Python takes it, and its flags


def _read_files(folder: str | Path | None) -> tuple[Path, Files]:
    folder = Path((os.environ.get(CODEBOOK) or data_path("codebook")) if folder is None else folder)
    if not folder.is_dir():
        raise CodebookError(f"{folder}: no such folder; a codebook is a folder of CSV tables such as data/codebook")
    return folder, tuple((file.name, file.read_bytes()) for file in sorted(folder.glob("*.csv")))


def codebook_sha256(folder: str | Path | None = None) -> str:
    """The checksum of all tables of a codebook, as for :func:`read_codebook`."""
    return _sha256(_read_files(folder)[1])


def _sha256(files: Files) -> str:
    listed = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files)
    return hashlib.sha256(listed.encode()).hexdigest()


def tried_codebook(folder: str | Path | None, sha256: str) -> Codebook:
    """The codebook with this checksum, which another process has read: patterns are compiled as needed, and not tried.

    Raises
    ------
    CodebookError
        If the folder holds another codebook, or none.
    """
    folder, files = _read_files(folder)
    if _sha256(files) != sha256:
        raise CodebookError(f"{folder}: is not the codebook that was named; run it again with one codebook for all")
    return _read_tables(folder, files)


@functools.lru_cache(maxsize=8)
def _read_and_try(folder: Path, files: Files) -> Codebook:
    """The codebook, once for the same bytes, if all its examples hold."""
    codebook = _read_tables(folder, files)
    for name, rules in _compile_all(codebook).items():
        for failure in _find_failures(f"{name}.csv", rules):
            raise CodebookError(failure)
    return codebook


@functools.lru_cache(maxsize=8)
def _read_tables(folder: Path, files: Files) -> Codebook:
    """The codebook, its patterns and examples not yet tried."""
    import pandas as pd

    given = {f"{name}.csv": ",".join(TABLES[name]).encode() for name in OPTIONAL} | dict(files)
    rows = {name: _read_rows(f"{name}.csv", given, columns) for name, columns in TABLES.items()}
    _check_cells(rows)
    tables = {
        name: pd.DataFrame([row for _, row in rows[name]], columns=list(columns)) for name, columns in TABLES.items()
    }
    return Codebook(folder, tables, _Patterns(rows))


def _compile_all(codebook: Codebook) -> dict[str, Compiled]:
    """Every rule of each table, with its line; all patterns are compiled, those of the lexicon too."""
    patterns = codebook._patterns
    for _, row in patterns.rows["lexicon"]:
        patterns.named(row["name"], row["lang"])
    compiled = {name: patterns.rules(name, (*LANGS, "*")) for name in RULES}
    for rules in compiled.values():
        for _, rule in rules:
            rule.pattern  # compiles it, or says what is broken  # noqa: B018
    return compiled


Rows = list[tuple[int, dict[str, str]]]  # line in the file, row


def _read_rows(file: str, files: dict[str, bytes], wanted: tuple[str, ...]) -> Rows:
    if file not in files:
        raise CodebookError(f"{file}: missing; a codebook needs every table of data/codebook")
    try:
        text = files[file].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = files[file].count(b"\n", 0, error.start) + 1
        raise CodebookError(f"{file}:{line}: not UTF-8; save it as CSV UTF-8") from None
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: Rows = []
    try:
        header = next(reader, [])
        for column in wanted:
            if header.count(column) != 1:
                reason = "stands twice" if column in header else f"missing; the table has {', '.join(header) or 'none'}"
                raise CodebookError(f"{file}:1: column {column}: {reason}")
        for column in header:
            if column not in (*wanted, NOTE):
                known = f"the table has {', '.join(wanted)} and may have {NOTE}"
                raise CodebookError(f"{file}:1: column {column}: unknown; {known}")
        begin = reader.line_num + 1
        for cells in reader:
            if cells:
                if len(cells) != len(header):
                    raise CodebookError(f"{file}:{begin}: {len(cells)} cells where the header has {len(header)}")
                row = dict(zip(header, cells, strict=True))
                rows.append((begin, {column: row[column] for column in wanted}))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise CodebookError(f"{file}:{reader.line_num}: not a CSV table: {error}") from None
    return rows


def _check_cells(rows: dict[str, Rows]) -> None:
    """Keys stand once, languages are known, and cells hold what their column may hold."""
    keys = dict.fromkeys(CODES, ("id",)) | dict.fromkeys(RULES, ("rule_id",))
    keys |= {
        "lexicon": ("name", "lang"),
        "terms": ("term", "lang"),
        "stopwords": ("term", "lang"),
        "glossary": ("term",),
    }
    for name, key in keys.items():
        seen = set()
        for line, row in rows[name]:
            value = tuple(row[column] for column in key)
            if value in seen or not value[0]:
                reason = f"{value[0]!r} stands twice" if value[0] else "empty"
                raise CodebookError(f"{name}.csv:{line}: column {key[0]}: {reason}; every row needs an id of its own")
            seen.add(value)
            if "lang" in row and row["lang"] not in (*LANGS, "*"):
                raise CodebookError(f"{name}.csv:{line}: column lang: {row['lang']!r} is none of {', '.join(LANGS)}, *")
    for (name, column), pattern in CELLS.items():
        for line, row in rows[name]:
            if row.get("code") != BLOCKED and not re.fullmatch(pattern, row[column]):
                raise CodebookError(f"{name}.csv:{line}: column {column}: {row[column]!r} is not of the form {pattern}")
    for name, codes in NEEDED.items():
        known = {row["id"] for _, row in rows[name]}
        for code in codes if known else ():
            if code not in known:
                raise CodebookError(f"{name}.csv: no row with the id {code!r}; it stands for what no rule says")
    for name, (codes, _) in RULES.items():
        known = {*(row["id"] for _, row in rows[codes]), BLOCKED}
        for line, row in rows[name]:
            if row["code"] not in known:
                listed = ", ".join(sorted(known))
                raise CodebookError(f"{name}.csv:{line}: column code: unknown code {row['code']!r}; known are {listed}")
    for (name, column), (target, key) in REFERENCES.items():
        known = {row[key] for _, row in rows[target]} | {"", "none"}
        for line, row in rows[name]:
            for value in row[column].removeprefix("-").split(";"):
                if value not in known:
                    raise CodebookError(f"{name}.csv:{line}: column {column}: {value!r} is not in {target}.csv")
    for line, row in rows["instrument_rules"]:
        if row["code"] == "anaphor" and not row["kinds"]:
            raise CodebookError(f"instrument_rules.csv:{line}: column kinds: empty; of which kind is its antecedent?")


def _actor_names(rows: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    """``{actor}`` in a pattern stands for the name of any body or State, longest first."""
    names: dict[tuple[str, str], str] = {("actor", lang): "(?!)" for lang in ("zh", "en")}
    for lang in ("zh", "en"):
        patterns = [row["pattern"] for row in rows if row["lang"] in (lang, "*") and row["code"] != BLOCKED]
        if patterns:
            names["actor", lang] = "|".join(sorted(patterns, key=len, reverse=True))
    return names


NAME = re.compile(r"\{([a-z_]\w*)\}")  # of lexicon.csv, in a pattern
_NEVER = re.compile(r"(?!)")


class _Patterns:
    """Compiles the patterns of rules and lexicon, each once and when it is asked for."""

    def __init__(self, rows: dict[str, Rows]) -> None:
        self.rows = rows
        self._lines = {(row["name"], row["lang"]): (line, row) for line, row in rows["lexicon"]}
        self._lexicon = {key: row["pattern"] for key, (_, row) in self._lines.items()}
        self._lexicon |= _actor_names([row for _, row in rows["actor_rules"]])
        self._places = {row["rule_id"]: (table, line, row) for table in RULES for line, row in rows[table]}
        self._named: dict[tuple[str, str], re.Pattern[str]] = {}
        self._rules: dict[tuple[str, int], Rule] = {}
        self._words = functools.cache(self._read_words)

    def rules(self, table: str, langs: tuple[str, ...]) -> Compiled:
        """The rules of a table in some languages, in file order."""
        return [(line, self._rule(table, line, row)) for line, row in self.rows[table] if row["lang"] in langs]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with an id."""
        return self._rule(*self._places[rule_id]) if rule_id in self._places else None

    def named(self, name: str, lang: str) -> re.Pattern[str] | None:
        """The pattern of ``lexicon.csv`` for a name in just this language."""
        key = (name, lang)
        if key not in self._named and key in self._lines:
            self._named[key] = self._compile("lexicon.csv", *self._lines[key])
        return self._named.get(key)

    def _rule(self, table: str, line: int, row: dict[str, str]) -> Rule:
        if (table, line) not in self._rules:
            self._rules[table, line] = Rule(
                rule_id=row["rule_id"],
                code=row["code"],
                row=row,
                needed=read_words(row["pattern"], lambda name: self._words(name, row["lang"])).needed,
                compiled=lambda: self._compile(f"{table}.csv", line, row),
            )
        return self._rules[table, line]

    def _standing_for(self, name: str, lang: str) -> str | None:
        return self._lexicon.get((name, lang)) or self._lexicon.get((name, "*"))

    def _read_words(self, name: str, lang: str) -> Stretch:
        """The words of what a name stands for; none are needed where it stands for nothing, or for itself."""
        try:
            return read_words(self._standing_for(name, lang) or "", lambda inner: self._words(inner, lang))
        except RecursionError:  # which is told when the pattern is compiled
            return ANYTHING

    def expanded(self) -> Iterator[tuple[str, int, dict[str, str], Expanded]]:
        """File, line and row of every pattern of lexicon and rules, and what is compiled of it."""
        for table in ("lexicon", *RULES):
            for line, row in self.rows[table]:
                yield f"{table}.csv", line, row, self._expanded(f"{table}.csv", line, row)

    def _expanded(self, file: str, line: int, row: dict[str, str]) -> Expanded:
        """The pattern of a row with every ``{name}`` replaced by the pattern that lexicon.csv has for it."""

        def expand(found: re.Match[str]) -> str:
            word = self._standing_for(found[1], row["lang"])
            if word is None:
                raise CodebookError(f"{file}:{line}: column pattern: {found[0]} is not a name in lexicon.csv")
            return f"(?:{re.sub(NAME, expand, word)})"

        try:
            pattern = re.sub(NAME, expand, row["pattern"])
        except RecursionError:
            raise CodebookError(f"{file}:{line}: column pattern: {row['pattern']!r} refers to itself") from None
        pattern = re.sub(r"^\(\?([imsx]+)\)(.*)", r"(?\1:\2)", pattern)  # rules are put together with others
        return pattern, re.IGNORECASE if row["lang"] == "en" else 0

    def _compile(self, file: str, line: int, row: dict[str, str]) -> re.Pattern[str]:
        try:
            pattern = re.compile(*self._expanded(file, line, row))
        except (re.error, OverflowError) as error:  # an overflow is a repetition such as a{99999999999}
            raise CodebookError(f"{file}:{line}: column pattern: {row['pattern']!r} is broken: {error}") from None
        if "rule_id" in row and pattern.search(""):
            raise CodebookError(f"{file}:{line}: column pattern: {row['pattern']!r} matches the empty text")
        return pattern


def _scope(rule: Rule) -> tuple[str | None, str | None]:
    """Rules compete for the same words only within one part of a table."""
    return rule.row.get("part"), rule.row.get("issue")


_EXAMPLES = (("example", True), ("counterexample", False))  # column, whether the rule must match it


def _find_failures(file: str, compiled: Compiled) -> Iterator[str]:
    """A line for each example that its rule does not match and each counterexample that it does."""

    @functools.cache
    def rivals(scope: tuple[str | None, str | None], lang: str) -> Rules:
        langs = (*LANGS, "*") if lang == "*" else (lang, "*")
        return Rules(rule for _, rule in compiled if _scope(rule) == scope and rule.row["lang"] in langs)

    for line, rule in compiled:
        others = rivals(_scope(rule), rule.row["lang"])
        for column, wanted in _EXAMPLES:
            text = rule.row[column]
            where = f"{file}:{line}: column {column}: "
            if not text:
                yield f"{where}empty; every rule needs one"
                continue
            hit = rule.pattern.search(text)
            if rule.code == BLOCKED:
                matched = [hit[0]] if hit else []
            else:  # it may still lose to a longer match
                matched = [match.found[0] for match in find_matches(others, text) if match.rule is rule]
            if matched and not wanted:
                yield f"{where}{text!r} is matched by rule {rule.rule_id}: {matched[0]!r}"
            elif wanted and not matched:
                winners = longest(all_matches(others, text))
                instead = ", ".join(f"{match.found[0]!r} by {match.rule.rule_id}" for match in winners) or "nothing"
                yield f"{where}{text!r} is not matched by rule {rule.rule_id}; found instead: {instead}"
