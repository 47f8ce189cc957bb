"""The tables, figures and notebooks of a checkout, each made anew only if what it was made from has changed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from egdata.base.fingerprints import Fingerprints, code_sha256, digest, file_sha256, folder_sha256, versions
from egdata.base.paths import data_path
from egdata.charts.gallery import save_figures
from egdata.charts.known import KnownFigures
from egdata.codebook.codebook import codebook_sha256, read_codebook
from egdata.coding.coding import Coding, code
from egdata.pages.notebooks import execute_notebook, find_notebooks
from egdata.reading.report import read_report
from egdata.tables.dictionary import write_dictionary
from egdata.tables.files import PACKAGE_FILE, write_tables
from egdata.tables.schema import TEXT_FILE

FINGERPRINTS = ".egdata-build.json"  # in the checkout; git ignores it


class Built(NamedTuple):
    """What a build made: names of tables, figures and notebooks; and how much of the report was read, if it was."""

    tables: list[str]
    figures: list[str]
    notebooks: list[str]
    read: list[str]


def build_project(
    root: Path,
    codebook: Path | None = None,
    corrections: Path | None = None,
    fresh: bool = False,
    tell: Callable[[int, int, str], None] | None = None,
) -> Built:
    """Make those tables, figures and notebooks of a checkout anew for which something has changed.

    Parameters
    ----------
    root : Path
        The checkout. What its outputs were made from is kept in its file ``.egdata-build.json``; without it everything
        is made.
    codebook : path, optional
    corrections : path, optional
        A coding sheet that a person corrected. Tables and figures follow it; the notebooks show what the rules found.
    fresh : bool
        Make everything, changed or not.
    tell : function, optional
        Called with the number of steps that are done, of all, and what is made next.

    Returns
    -------
    Built
        Empty lists if nothing has changed.

    Raises
    ------
    EgdataError
        If the codebook, the corrections or a notebook are wrong, or something cannot be written. What was made before
        stands, and is not made again by the next build.

    Notes
    -----
    Tables and notebooks are made from the reports, the coded sets, the recorded answers, the codebook, the code, the
    version of Python and the pinned packages as they are installed; notebooks from their own cells, too. A figure is
    made from its table, the labels of the codebook, the code that draws it, and the packages. An output that was
    changed by hand is made anew.
    """
    known = Fingerprints(root / FINGERPRINTS, fresh)
    packages = versions(root / "requirements.txt")
    data = [folder_sha256(data_path(name)) for name in ("reports", "gold", "coders")]
    source = digest(packages, code_sha256(), codebook_sha256(codebook), *data)
    corrected = digest(source, f"corrected by {file_sha256(corrections)}") if corrections else source
    built = Built([], [], [], [])

    @functools.cache
    def coding() -> Coding:
        rules = read_codebook(codebook)
        report = read_report(codebook=rules)
        coding = code(report, rules, corrections)
        built.read.append(report.coverage.line(len(coding.notices)))
        return coding

    def tables() -> list[Path]:
        folder = root / "data" / "tables"
        built.tables.extend(write_tables(coding(), folder))
        return [folder / name for name in (PACKAGE_FILE, TEXT_FILE, *(f"{table}.csv" for table in built.tables))]

    def dictionary() -> list[Path]:
        write_dictionary(root / "data" / "README.md")
        return [root / "data" / "README.md"]

    def figures() -> list[Path]:
        charts = KnownFigures(known, coding().codebook, packages)
        files = save_figures(root / "figures", coding(), known=charts)
        built.figures.extend(charts.drawn)
        return files

    def notebook(path: Path) -> list[Path]:
        execute_notebook(path, codebook)
        built.notebooks.append(path.stem)
        return [path]

    steps = {"tables": (corrected, tables), "dictionary": (source, dictionary), "figures": (corrected, figures)}
    for path in find_notebooks(root / "notebooks"):
        steps[f"notebook {path.stem}"] = (source, functools.partial(notebook, path))
    outdated = [name for name, (made_from, _) in steps.items() if not known.is_current(name, made_from)]
    for n_done, name in enumerate(outdated):
        if tell:
            tell(n_done, len(outdated), name)
        made_from, make = steps[name]
        known.keep(name, made_from, make())
    return built
