"""The codebook tables → compiled, validated rules. The only place that reads ``data/codebook``."""

from __future__ import annotations

import csv
import functools
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import StringIO
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.checksums import files_sha256
from egdata.base.errors import CodebookError
from egdata.base.paths import data_path
from egdata.base.vocabulary import LANGS
from egdata.codebook.examples import find_failures, met_by
from egdata.codebook.matcher import BLOCKED, Rule, Rules
from egdata.codebook.notation import NEVER, NotationError, Phrase, any_of, read_phrase, whole_words

if TYPE_CHECKING:
    import pandas as pd

LABELS = ("id", "label_en", "label_zh", "definition")
RULE = ("rule_id", "code", "lang", "phrase", "example", "counterexample")

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
    "words": ("name", "lang", "word"),
    "phrases": ("name", "lang", "phrase", "example"),
    "terms": ("term", "lang"),
    "stopwords": ("term", "lang"),
    "glossary": ("term", "gloss_en"),  # English for Chinese terms, for charts in English
    # learnt, not written: how often positions are right of which the weights are so sure
    "certainty_classes": ("lang", "certainty", "at_least", "n", "precision"),
}
CODEBOOK = "EGDATA_CODEBOOK"  # environment variable: the folder to read where none is named
OPTIONAL = ("glossary", "certainty_classes")  # tables that a codebook may lack
#: Weights, read when they are needed; a codebook may lack them.
LEARNT = ("learnt_issues", "learnt_stances", "learnt_holders")
#: The columns of every table, in their order; any table may have a column ``NOTE`` beside them.
TABLES: dict[str, tuple[str, ...]] = {
    **{name: LABELS + extra for name, extra in CODES.items()},
    **{name: RULE + extra for name, (_, extra) in RULES.items()},
    **LISTS,
}
#: What names a row of a table: no two rows have the same.
KEYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CODES, ("id",)),
    **dict.fromkeys(RULES, ("rule_id",)),
    "words": ("name", "lang", "word"),
    "phrases": ("name", "lang", "phrase"),
    "terms": ("term", "lang"),
    "stopwords": ("term", "lang"),
    "glossary": ("term",),
}
NOTE = "note"  # remarks for the reader of a table, which mean nothing to egdata

#: What a cell may hold, as a pattern; cells of columns that are not named here are free.
_FORMS = r"named|short|generic|anaphor"
_PARTS = r"plural|one|pronoun(?:-body)?|strong|weak|bare|name|state|present|clause(?:-one)?|head(?:-operative)?|passive"
_KINDS = r"convention|protocol|charter|resolution|declaration|guidance|unnamed|title|anaphor"
CELLS: dict[tuple[str, str], str] = {
    **{(name, "rule_id"): r"[^+]+" for name in RULES},  # a + joins the rules of a position: target+cue
    ("holders", "rank"): r"\d*",
    ("modalities", "rank"): r"\d+",
    ("actors", "kind"): r"state|body|group",
    ("instruments", "kind"): _KINDS,
    ("issues", "mentioned"): r"|none|neutral",
    ("holder_rules", "part"): _PARTS,
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
#: Where a holder stands who is not the subject, between the words ``before_<place>`` and ``after_<place>``.
PLACES = (
    "position", "dative", "owner", "source", "eyes", "inverted", "agent", "named_agent", "reaction", "aside", "joined",
    "answered", "attitude", "cleft", "related", "greeted", "opinion",
)  # fmt: skip
#: Lists that sentences are read with, to tell who speaks in them.
SENTENCE_WORDS = (
    "adjunct", "lead", "no_view", "possessive", "no_subject", "operative_end", "contrast", "adversative", "reply",
    "addition", "subordinate", "relative", "topic_verb", "that", "operative", "record", "procedure", "participle",
    "joint", "no_speech", "lone_deed", "deed_of_party", "bare_verb", "second_predicate", "own_delegation",
    "provision", "enacted", "unmet", "for_whom",
)  # fmt: skip
#: Names of words and phrases that egdata itself asks for, beside those that phrases use.
ASKED = (
    *SENTENCE_WORDS,
    "connective", "concession", "turn", "back_reference", "view", "subject", "alone", "thing", "fact", "coordination",
    "told", "before_others", "before_met", "before_name", "before_verb", "say_verb", "before_said", "said",
    "before_deed", "deed",
    *(f"{side}_{place}" for side in ("before", "after") for place in PLACES),
    "say", "aux", "adv", "adverb", "position_verb", "position_noun", "saying", "told_by", "backed_by", "resisted_by",
    "in_whose_name", "beside", "among_them", "according_to", "met_with", "by_whom", "along", "nameless",
    "begins_clause", "no_clause",
    "pronoun", "plural_pronoun", "same_delegation", "sent_for", "sender", "no_name", "document_name", "opponent",
    "negated_by", "joined_by", "joined_closely", "turned_by", "resumed_by", "be_verb", "of_whom", "governs_name",
    "past_tense", "did_too", "so_did", "passed_over", "leads_to_message", "title", "capital_letter", "name_particle",
    "kind_of_body",
    "office_of_body", "before_short_name", "before_class", "begins_description", "said_of_name",
    "words_before_holder", "words_after_holder", "favouring_noun",
    "listed_here", "panel", "panel_was", "spoke_formally", "statements_made_by", "delegates", "digit_of_people",
    "before_spoke", "ends_as_a_body", "kind_observer_state", "kind_member_state", "kind_organization",
    "kind_observer", "kind_delegate",
    "chain_approve", "chain_reject", "chain_end", "chain_harm", "chain_warn", "chain_good", "chain_bad", "chain_worth",
    "chain_not", "chain_must", "chain_may", "chain_open", "chain_sole", "chain_matter", "joint_aside", "joint_asked",
    "joint_asked_after", "joint_attribute", "joint_auxiliary", "joint_claim", "joint_claimed",
    "joint_complement_end", "joint_considered", "joint_example", "joint_exception", "joint_follows", "joint_goes_on",
    "joint_no_predicate", "joint_reason", "joint_taken_up", "joint_that", "joint_told", "joint_topic",
    "joint_and_to", "joint_and_that", "joint_and_ing", "joint_and_finite",
    "joint_form_to", "joint_form_that", "joint_form_ing", "joint_form_finite",
)  # fmt: skip
#: Codes that are given without a rule: from nobody, from whom an anaphor may mean that points to nobody; by no heading.
NEEDED = {
    "holders": ("one", "named", "speakers", "unattributed"),
    "modalities": ("none",),
    "voices": ("procedure", "unknown"),
}


class _Tables(Mapping[str, "pd.DataFrame"]):
    """The tables as frames, each made when it is asked for: words and phrases hardly ever are."""

    def __init__(self, rows: dict[str, Rows]) -> None:
        self._rows = rows
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        import pandas as pd

        if name not in self._frames:
            rows = [row for _, row in self._rows[name]]
            self._frames[name] = pd.DataFrame(rows, columns=list(TABLES[name]))
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, eq=False)
class Codebook:
    """The codebook: its tables as frames of strings, and its rules.

    Attributes
    ----------
    folder : Path
        Where it was read from.
    tables : mapping of str to DataFrame
        Every table by its file name without ``.csv``.
    """

    folder: Path
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    patterns: Patterns = field(repr=False)
    learnt: dict[str, bytes] = field(default_factory=dict, repr=False)  # the tables of weights as files, not yet read
    _rules: dict[tuple[str, str], Rules] = field(default_factory=dict, repr=False)
    _codes: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict, repr=False)
    _words: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def rules(self, table: str, lang: str) -> tuple[Rule, ...]:
        """The compiled rules of one table for one language, in file order."""
        if (table, lang) not in self._rules:
            compiled = self.patterns.rules(table, (lang, "*"))
            self._rules[table, lang] = Rules(rule for _, rule in compiled)
        return self._rules[table, lang]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id, of whichever table; None if there is none."""
        return self.patterns.rule(rule_id)

    def ranks(self, table: str) -> dict[str, int | None]:
        """The rank of each code of a table; None beside the scale."""
        return {code: int(row["rank"]) if row["rank"] else None for code, row in self.codes(table).items()}

    def pattern(self, name: str, lang: str) -> re.Pattern[str]:
        """The words and phrases with one name, compiled; a pattern that never matches where the language has none."""
        return self.patterns.named(name, lang)

    def written(self, name: str, lang: str) -> str:
        """The words and phrases with one name as a pattern, for one that they are part of."""
        return self.patterns.written(name, lang)

    def has(self, name: str, lang: str | None = None) -> bool:
        """Whether there are words or phrases with this name, in a language or in any."""
        return self.patterns.has(name, lang)

    def without_weights(self) -> Codebook:
        """The same codebook, which judges by its rules alone."""
        return replace(self, learnt={})

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
    To compile and try thousands of rules takes seconds. The rules of a folder that is named, here or by the variable,
    are all tried when it is read. Those of the bundled codebook are tried by the tests and by ``egdata codebook
    check``: here only its cells are checked, and a rule is compiled when a word that it needs stands in a text.
    """
    is_named = folder is not None or bool(os.environ.get(CODEBOOK))
    return _read_and_try(*read_files(folder)) if is_named else codebook_of(*read_files(None))


Files = tuple[tuple[str, bytes], ...]  # name, content
Place = tuple[str, int, str]  # file, line in it, word or phrase that stands there
Places = list[Place]


def is_bundled(codebook: Codebook) -> bool:
    """Whether it is the codebook that comes with egdata, with which the rules were measured."""
    return Path(codebook.folder).resolve() == data_path("codebook").resolve()


def read_files(folder: str | Path | None) -> tuple[Path, Files]:
    folder = Path((os.environ.get(CODEBOOK) or data_path("codebook")) if folder is None else folder)
    if not folder.is_dir():
        raise CodebookError(f"{folder}: no such folder; a codebook is a folder of CSV tables such as data/codebook")
    return folder, tuple((file.name, file.read_bytes()) for file in sorted(folder.glob("*.csv")))


def codebook_sha256(folder: str | Path | None = None) -> str:
    """The checksum of all tables of a codebook, as for :func:`read_codebook`."""
    return files_sha256(read_files(folder)[1])


def tried_codebook(folder: str | Path | None, sha256: str) -> Codebook:
    """The codebook with this checksum, which another process has read: patterns are compiled as needed, and not tried.

    Raises
    ------
    CodebookError
        If the folder holds another codebook, or none.
    """
    folder, files = read_files(folder)
    if files_sha256(files) != sha256:
        raise CodebookError(f"{folder}: is not the codebook that was named; run it again with one codebook for all")
    return codebook_of(folder, files)


@functools.lru_cache(maxsize=8)
def _read_and_try(folder: Path, files: Files) -> Codebook:
    """The codebook, once for the same bytes, if all its examples hold."""
    codebook = codebook_of(folder, files)
    for broken in find_broken(codebook.patterns):
        raise CodebookError(broken)
    for name in RULES:
        for failure in find_failures(f"{name}.csv", codebook.patterns.rules(name, met_by("*"))):
            raise CodebookError(failure)
    return codebook


@functools.lru_cache(maxsize=8)
def codebook_of(folder: Path, files: Files) -> Codebook:
    """The codebook, its patterns and examples not yet tried."""
    given = {f"{name}.csv": ",".join(TABLES[name]).encode() for name in OPTIONAL} | dict(files)
    rows = {name: read_rows(f"{name}.csv", given, columns) for name, columns in TABLES.items()}
    for slip in find_slips(rows):
        raise CodebookError(slip)
    learnt = {name: given[f"{name}.csv"] for name in LEARNT if f"{name}.csv" in given}
    return Codebook(folder, _Tables(rows), Patterns(rows), learnt)


def find_broken(patterns: Patterns) -> Iterator[str]:
    """A line for each word and phrase that cannot be compiled."""
    told = set()
    for table in ("words", "phrases", *RULES):
        for line, row in patterns.rows[table]:
            try:
                patterns.compiled(table, line, row)
            except CodebookError as error:  # the same for all that use it
                if str(error) not in told:
                    told.add(str(error))
                    yield str(error)


Rows = list[tuple[int, dict[str, str]]]  # line in the file, row


def read_rows(file: str, files: dict[str, bytes], wanted: tuple[str, ...]) -> Rows:
    if file not in files:
        raise CodebookError(f"{file}: missing; a codebook needs every table of data/codebook")
    try:
        text = files[file].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = files[file].count(b"\n", 0, error.start) + 1
        raise CodebookError(f"{file}:{line}: not UTF-8; save it as CSV UTF-8") from None
    first = text.partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","  # as Excel writes where the comma is for decimals
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
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
        places = [(column, header.index(column)) for column in wanted]
        begin = reader.line_num + 1
        for cells in reader:
            if cells:
                if len(cells) != len(header):
                    raise CodebookError(f"{file}:{begin}: {len(cells)} cells where the header has {len(header)}")
                rows.append((begin, {column: cells[at] for column, at in places}))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise CodebookError(f"{file}:{reader.line_num}: not a CSV table: {error}") from None
    return rows


def find_slips(rows: dict[str, Rows]) -> Iterator[str]:
    """A line for each key that stands twice, code that is missing, and cell that does not hold what it may."""
    for find in (_find_taken, _find_odd, _find_needed, _find_unknown, _find_dangling, _find_kindless):
        yield from find(rows)


def _find_taken(rows: dict[str, Rows]) -> Iterator[str]:
    langs = {*LANGS, "*"}
    for name, key in KEYS.items():
        key_of, seen = itemgetter(*key, key[0]), set()  # of two columns and more it makes a tuple
        for line, row in rows[name]:
            value = key_of(row)
            if value in seen or not value[0]:
                reason = f"{value[0]!r} stands twice" if value[0] else "empty"
                yield f"{name}.csv:{line}: column {key[0]}: {reason}; every row needs an id of its own"
            seen.add(value)
            if row.get("lang", "*") not in langs:
                yield f"{name}.csv:{line}: column lang: {row['lang']!r} is none of {', '.join(LANGS)}, *"


def _find_odd(rows: dict[str, Rows]) -> Iterator[str]:
    for (name, column), pattern in CELLS.items():
        for line, row in rows[name]:
            if row.get("code") != BLOCKED and not re.fullmatch(pattern, row[column]):
                yield f"{name}.csv:{line}: column {column}: {row[column]!r} is not of the form {pattern}"


def _find_needed(rows: dict[str, Rows]) -> Iterator[str]:
    for name, codes in NEEDED.items():
        known = {row["id"] for _, row in rows[name]}
        for code in codes if known else ():
            if code not in known:
                yield f"{name}.csv: no row with the id {code!r}; it stands for what no rule says"


def _find_unknown(rows: dict[str, Rows]) -> Iterator[str]:
    for name, (codes, _) in RULES.items():
        known = {*(row["id"] for _, row in rows[codes]), BLOCKED}
        for line, row in rows[name]:
            if row["code"] not in known:
                listed = ", ".join(sorted(known))
                yield f"{name}.csv:{line}: column code: unknown code {row['code']!r}; known are {listed}"


def _find_dangling(rows: dict[str, Rows]) -> Iterator[str]:
    for (name, column), (target, key) in REFERENCES.items():
        known = {row[key] for _, row in rows[target]} | {"", "none"}
        for line, row in rows[name]:
            for value in row[column].removeprefix("-").split(";"):
                if value not in known:
                    yield f"{name}.csv:{line}: column {column}: {value!r} is not in {target}.csv"


def _find_kindless(rows: dict[str, Rows]) -> Iterator[str]:
    for line, row in rows["instrument_rules"]:
        if row["code"] == "anaphor" and not row["kinds"]:
            yield f"instrument_rules.csv:{line}: column kinds: empty; of which kind is its antecedent?"


class Patterns:
    """Compiles the phrases of rules, and words and phrases with a name, each once and when it is asked for."""

    def __init__(self, rows: dict[str, Rows]) -> None:
        self.rows = rows
        self._lists: dict[tuple[str, str], Places] = {}
        for table, column in (("phrases", "phrase"), ("words", "word")):
            for line, row in rows[table]:
                self._lists.setdefault((row["name"], row["lang"]), []).append((f"{table}.csv", line, row[column]))
        kinds = {row["id"]: row["kind"] for _, row in rows["actors"]}
        for line, row in rows["actor_rules"]:
            names = () if row["code"] == BLOCKED else ("actor",) if kinds[row["code"]] == "body" else ("actor", "state")
            for name in names:
                self._lists.setdefault((name, row["lang"]), []).append(("actor_rules.csv", line, row["phrase"]))
        self._places = {row["rule_id"]: (table, line, row) for table in RULES for line, row in rows[table]}
        self._rules: dict[tuple[str, int], Rule] = {}
        self._named = functools.cache(self._read_named)
        self.named = functools.cache(self._compile_named)

    def rules(self, table: str, langs: tuple[str, ...]) -> list[tuple[int, Rule]]:
        """The rules of a table in some languages, each with its line, in file order."""
        return [(line, self._rule(table, line, row)) for line, row in self.rows[table] if row["lang"] in langs]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with an id."""
        return self._rule(*self._places[rule_id]) if rule_id in self._places else None

    def has(self, name: str, lang: str | None = None) -> bool:
        """Whether there are words or phrases with a name, in a language or in any."""
        return any(known == name and lang in (None, written) for known, written in self._lists)

    def compiled(self, table: str, line: int, row: dict[str, str]) -> re.Pattern[str]:
        """The pattern of a row of words, phrases or rules, alone."""
        if table in RULES:
            return self._rule(table, line, row).pattern
        return self._compile(f"{table}.csv", line, row, self.text(table, line, row))

    def text(self, table: str, line: int, row: dict[str, str]) -> str:
        """The pattern of a row of words, phrases or rules, not yet compiled."""
        if table in RULES:
            return self._rule(table, line, row).text
        phrase = self._read((f"{table}.csv", line, row[_column(f"{table}.csv")]), row["lang"])
        return whole_words(phrase, row["lang"])

    def written(self, name: str, lang: str) -> str:
        """The words and phrases with a name, not yet compiled."""
        return whole_words(self._named(name, lang), lang)

    def _compile_named(self, name: str, lang: str) -> re.Pattern[str]:
        return re.compile(self.written(name, lang), flags_of(lang))

    def _rule(self, table: str, line: int, row: dict[str, str]) -> Rule:
        if (table, line) not in self._rules:
            phrase = self._read((f"{table}.csv", line, row["phrase"]), row["lang"])
            self._rules[table, line] = Rule(
                rule_id=row["rule_id"],
                code=row["code"],
                row=row,
                needed=phrase.needed,
                text=whole_words(phrase, row["lang"]),
                compiled=functools.partial(self._compile, f"{table}.csv", line, row),
            )
        return self._rules[table, line]

    def _read_named(self, name: str, lang: str) -> Phrase:
        """Any of the words and phrases with a name, the longest first, since the first one wins."""
        phrases = []
        for place in [*self._lists.get((name, lang), ()), *self._lists.get((name, "*"), ())]:
            phrase = self._read(place, lang, alone=False)
            phrases.append((max(map(len, phrase.exact or place[-1:])), phrase))
        return any_of(phrase for _, phrase in sorted(phrases, key=lambda pair: -pair[0])) if phrases else NEVER

    def _read(self, place: Place, lang: str, *, alone: bool = True) -> Phrase:
        file, line, written = place

        def named(name: str) -> Phrase:
            if (name, lang) not in self._lists and (name, "*") not in self._lists:
                raise NotationError(f"{{{name}}} is a name in neither words.csv nor phrases.csv")
            return self._named(name, lang)

        try:
            return read_phrase(written, lang, named, alone=alone)
        except NotationError as error:
            raise CodebookError(f"{file}:{line}: column {_column(file)}: {written!r}: {error}") from None
        except RecursionError:
            raise CodebookError(f"{file}:{line}: column {_column(file)}: {written!r} refers to itself") from None

    def _compile(self, file: str, line: int, row: dict[str, str], text: str) -> re.Pattern[str]:
        try:
            pattern = re.compile(text, flags_of(row["lang"]))
        except (re.error, OverflowError) as error:  # an overflow is a repetition such as a{99999999999}
            column = _column(file)
            raise CodebookError(f"{file}:{line}: column {column}: {row[column]!r} is broken: {error}") from None
        if "rule_id" in row and pattern.search(""):
            raise CodebookError(f"{file}:{line}: column phrase: {row['phrase']!r} matches the empty text")
        return pattern


def _column(file: str) -> str:
    return "word" if file == "words.csv" else "phrase"


def flags_of(lang: str) -> int:
    """With what the patterns of a language are compiled."""
    return re.IGNORECASE if lang == "en" else 0
