"""The tables, figures, brief and notebooks of a checkout, each made anew only if what it was made from has changed."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from egdata.base.fingerprints import Fingerprints, code_sha256, digest, file_sha256, folder_sha256, versions
from egdata.base.output import write_files
from egdata.base.paths import data_path
from egdata.charts.gallery import save_figures
from egdata.charts.known import KnownFigures
from egdata.codebook.codebook import codebook_sha256, read_codebook
from egdata.coding.coding import Coding, code
from egdata.pages.brief import brief_files
from egdata.pages.notebooks import execute_notebook, find_notebooks
from egdata.pages.site import write_site
from egdata.reading.report import read_report
from egdata.tables.dictionary import write_dictionary
from egdata.tables.files import PACKAGE_FILE, write_tables
from egdata.tables.schema import TEXT_FILE

FINGERPRINTS = ".egdata-build.json"  # in the checkout; git ignores it


class Built(NamedTuple):
    """What a build made: tables, figures, briefs and notebooks by name; how much of the report was read, if it was."""

    tables: list[str]
    figures: list[str]
    briefs: list[str]
    notebooks: list[str]
    read: list[str]


def build_project(
    root: Path,
    codebook: Path | None = None,
    corrections: Path | None = None,
    fresh: bool = False,
    tell: Callable[[int, int, str], None] | None = None,
) -> Built:
    """Make those tables, figures, briefs and notebooks of a checkout anew for which something has changed.

    Parameters
    ----------
    root : Path
        The checkout. What its outputs were made from is kept in its file ``.egdata-build.json``; without it everything
        is made.
    codebook : path, optional
    corrections : path, optional
        A coding sheet that a person corrected, which all of them follow.
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
    built = Built([], [], [], [], [])

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

    def brief() -> list[Path]:
        files = brief_files(coding())
        write_files(root / "data" / "brief", files)
        built.briefs.extend(files)
        return [root / "data" / "brief" / name for name in files]

    def notebook(path: Path) -> list[Path]:
        execute_notebook(path, codebook, corrections)
        built.notebooks.append(path.stem)
        return [path]

    steps = {"tables": (corrected, tables), "dictionary": (source, dictionary), "figures": (corrected, figures)}
    steps["brief"] = (corrected, brief)
    for path in find_notebooks(root / "notebooks"):
        steps[f"notebook {path.stem}"] = (corrected, functools.partial(notebook, path))
    outdated = [name for name, (made_from, _) in steps.items() if not known.is_current(name, made_from)]
    for n_done, name in enumerate(outdated):
        if tell:
            tell(n_done, len(outdated), name)
        made_from, make = steps[name]
        known.keep(name, made_from, make())
    return built


def write_corrected_site(
    folder: Path, root: Path, corrections: Path, tell: Callable[[int, int, str], None] | None = None
) -> None:
    """Write the website of a checkout as a person's corrections have it; the checkout itself stays as it is.

    Raises
    ------
    EgdataError
        As :func:`egdata.pages.site.write_site`, or if the corrections are wrong.
    """
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        coding = code(read_report(), corrections=corrections)
        write_tables(coding, copy / "data" / "tables")
        save_figures(copy / "figures", coding)
        shutil.copytree(root / "notebooks", copy / "notebooks")
        notebooks = find_notebooks(copy / "notebooks")
        for n_done, path in enumerate(notebooks):
            if tell:
                tell(n_done, len(notebooks), f"notebook {path.stem}")
            execute_notebook(path, corrections=corrections)
        write_site(folder, copy, coding)
