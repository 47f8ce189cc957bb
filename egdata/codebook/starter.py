"""A starter codebook: the grammar of UN reports from the bundled codebook, and a placeholder where its subject was."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import CodebookError
from egdata.base.paths import data_path
from egdata.codebook.codebook import ASKED, RULES, TABLES, read_codebook
from egdata.codebook.examples import met_by
from egdata.codebook.notation import names_used

if TYPE_CHECKING:
    import pandas as pd

#: Tables that speak of nothing but their subject.
SUBJECT_TABLES = ("issues", "issue_rules", "themes", "theme_rules", "terms", "glossary", "certainty_classes")
#: Instruments that reports on any subject refer to.
INSTRUMENTS = (
    "un-charter", "existing-instruments", "ga-*", "ecosoc-*", "hrc-*", "sc-*", "cop-*", "title-*", "anaphor",
)  # fmt: skip
#: Bodies whose names, or the short forms of them (专家组, GGE), belong to the subject of the bundled codebook.
NOT_ACTORS = (
    "expert-group", "expert-group-bureau", "ad-hoc-committee", "gge", "oewg-ict", "t-cy", "glacy", "ec3", "ejcn",
    "aiamp-cybernet", "gfce", "first", "global-programme", "us-cyber-crimes-centre", "jp-cybercrime-control-centre",
    "gb-ncsc", "no-more-ransom", "iwg-sec",
)  # fmt: skip
#: A cue that evaluates so many issues of the bundled codebook speaks of proposals in general.
_MANY_ISSUES = 5


def placeholders() -> list[str]:
    """The issues of the placeholder subject, which an author replaces."""
    with data_path("starter", "issues.csv").open(encoding="utf-8", newline="") as rows:
        return [row["id"] for row in csv.DictReader(rows)]


def write_starter(folder: str | Path) -> None:
    """Write a starter codebook for a subject of your own.

    Parameters
    ----------
    folder : path
        A new folder, or an empty one.

    Raises
    ------
    CodebookError
        If the folder has anything in it.
    TableError
        If it cannot be written.

    Notes
    -----
    The tables of ``data/starter`` hold the placeholder subject and a README. What does not depend on a subject comes
    from the bundled codebook, so that nothing is kept twice: holders, verbs, modality, voices, States and bodies, the
    Charter and resolutions, and the cues that evaluate any issue.
    """
    from egdata.base.csv_files import csv_bytes
    from egdata.base.output import is_empty, write_files

    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or not is_empty(folder)):
        raise CodebookError(f"{folder}: exists and is not an empty folder; choose another one")
    files = {f"{name}.csv": csv_bytes(table) for name, table in starter_tables().items()}
    files["README.md"] = data_path("starter", "README.md").read_bytes()
    write_files(folder, files)


def starter_tables() -> dict[str, pd.DataFrame]:
    """Every table of the starter: the rows of ``data/starter``, then those of the bundled codebook that are general.

    The subject's own rows stand first: of two matches of one length the higher row wins.
    """
    import pandas as pd

    bundled = read_codebook().tables
    tables = {}
    for name, table in _general_tables(bundled).items():
        file = data_path("starter", f"{name}.csv")
        own = pd.read_csv(file, dtype=str, keep_default_na=False) if file.is_file() else table.iloc[:0]
        tables[name] = pd.concat([own, table], ignore_index=True).fillna("")
    used = _names(tables)
    for name in ("words", "phrases"):
        listed = tables[name]
        keys = zip(listed["name"], listed["lang"], strict=True)
        tables[name] = listed[[key in used for key in keys]]
    return tables


def _general_tables(bundled: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows of the bundled codebook that hold for any subject."""
    tables = {name: bundled[name].iloc[: 0 if name in SUBJECT_TABLES else None] for name in TABLES}
    instruments, actors = tables["instruments"], tables["actors"]
    tables["instruments"] = instruments[instruments["id"].isin(INSTRUMENTS)]
    tables["actors"] = actors[~actors["id"].isin(NOT_ACTORS)]
    for name in ("instrument_rules", "actor_rules"):
        dropped = set(bundled[RULES[name][0]]["id"]) - set(tables[RULES[name][0]]["id"])
        tables[name] = tables[name][~tables[name]["code"].isin(dropped)]
    cues = tables["stance_rules"]
    issues = cues["issue"]
    is_general = issues.eq("") | issues.str.startswith("-") | issues.str.count(";").ge(_MANY_ISSUES - 1)
    tables["stance_rules"] = cues[is_general].assign(issue="")
    for name in ("words", "phrases"):
        tables[name] = tables[name][tables[name]["name"].ne("subject")]
    return tables


def _names(tables: dict[str, pd.DataFrame]) -> set[tuple[str, str]]:
    """The names of lists, with their language, that egdata asks for or rules use, if only through others."""
    inner: dict[tuple[str, str], set[str]] = {}
    for table, column in (("phrases", "phrase"), ("words", "word")):
        for name, lang, written in tables[table][["name", "lang", column]].itertuples(index=False):
            inner.setdefault((name, lang), set()).update(names_used(written))
    rows = [row for table in RULES for row in tables[table][["lang", "phrase"]].itertuples(index=False)]
    new = {(name, own) for lang, phrase in rows for name in names_used(phrase) for own in met_by(lang)}
    new |= {(name, lang) for name in ASKED for lang in met_by("*")}
    names: set[tuple[str, str]] = set()
    while new:
        names |= new
        new = {(name, own) for key in new for name in inner.get(key, ()) for own in met_by(key[1])} - names
    return names
