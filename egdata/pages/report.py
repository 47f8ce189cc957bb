"""All that egdata has to say of a report, of any report or of several, in one folder that can be handed on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import NamedTuple

from egdata.base.csv_files import csv_bytes
from egdata.base.errors import EgdataError
from egdata.base.output import write_file, write_files
from egdata.base.paths import data_path
from egdata.base.vocabulary import REPORT_ID
from egdata.charts.gallery import save_figures, undrawn
from egdata.codebook.codebook import is_bundled, read_codebook
from egdata.coding.coding import Coding, code
from egdata.coding.corrections import decided_words, reports_in
from egdata.coding.sheet import coding_sheet, sheet_bytes
from egdata.coding.versions import ask_second, coder_name
from egdata.pages.brief import brief_files
from egdata.pages.notebooks import run_notebook
from egdata.pages.reader import write_reader
from egdata.pages.templates import render
from egdata.reading.folders import report_files, report_ids
from egdata.reading.glosses import SUFFIX
from egdata.reading.report import BUNDLED, read_report
from egdata.tables.files import write_tables

INDEX = "index.html"
OURS = b'<meta name="generator" content="egdata">'
#: What an index links, in its order: path, and what it is.
LINKS = (
    ("brief.en.html", "Brief: who is for, against and on what condition, with the words"),
    ("brief.en.docx", "the same for Word"),
    ("brief.zh.html", "简报"),
    ("brief.zh.docx", "简报（Word）"),
    ("reader.html", "Reader: the text with its coding, filters and evidence"),
    ("article.en.docx", "Positions as a table for an article (Word)"),
    ("article.en.csv", "the same as CSV"),
    ("article.zh.docx", "立场一览（Word）"),
    ("article.zh.csv", "立场一览（CSV）"),
    ("figures/README.md", "Figures, as SVG and PNG in English and Chinese, with captions"),
    ("tables/positions.csv", "Tables: positions, and all others beside them"),
    ("sheet.xlsx", "Coding sheet: correct it, and name it with --corrections"),
)
NOTE = """> **Run by `egdata report` on {name}.** {decided} What stands here is made from this report as it is coded;
> a reading that a person wrote of another table is left out, with a note in its place."""


class Made(NamedTuple):
    """What was made of one report, what was left out and why, and why nothing was made, if so."""

    report_id: str
    name: str
    title: str
    lines: list[str]
    figures: list[str]
    notebooks: list[str]
    left_out: dict[str, str]
    refused: str = ""


def write_report(
    paths: Iterable[str | Path] | None,
    folder: str | Path,
    codebook: str | Path | None = None,
    corrections: str | Path | None = None,
    second: str | Path | None = None,
    tell: Callable[[int, int, str], None] | None = None,
) -> list[Made]:
    """Write tables, figures, reader, notebooks, brief and an index of a report, or of several.

    Parameters
    ----------
    paths : iterable of path, optional
        Files and folders; the bundled report if omitted.
    folder : path
        Made if it does not exist. Of several reports each has a folder of its own in it, named by its id.
    codebook : path, optional
    corrections : path, optional
        A coding sheet that a person corrected; of several reports with a column ``report_id``.
    second : path, optional
        Of one report: the same in another language, or answers of another coder, for a second opinion on its positions.
    tell : function, optional
        Called with the number of steps that are done, of all, and what is made next.

    Returns
    -------
    list of Made
        One per report, in the order given.

    Raises
    ------
    EgdataError
        If codebook or corrections are wrong, or something cannot be written.

    Notes
    -----
    Charts without data, and notebooks that do not run on a report, are left out and named. Reports, sheet and codebook
    are copied to ``sources``, so that the notebooks run again wherever the folder is.
    """
    folder, rules = Path(folder), read_codebook(codebook)
    _check_ours(folder / INDEX)
    files = report_files(paths) if paths else [data_path("reports", f"{BUNDLED}.zh.txt")]
    is_several = len(files) > 1
    if is_several and second:
        raise EgdataError("a second opinion is about one report; name that one")
    ids = report_ids(files)
    corrected = reports_in(corrections, ids) if is_several and corrections else set(ids)
    notebooks = sorted((data_path().parent / "notebooks").glob("*.ipynb"))  # none in an installed package
    made, codings = [], []
    for number, (file, report_id) in enumerate(zip(files, ids, strict=True)):
        told = functools.partial(_tell, tell, number, len(files), len(notebooks), f"{report_id}: " * is_several)
        own = folder / report_id if is_several else folder
        try:
            report = read_report(file, codebook=rules)
            if is_several:
                report = replace(report, meta=report.meta | {REPORT_ID: report_id})
            coding = code(report, rules, corrections if report_id in corrected else None)
            parameters, own_codebook = _copied(file, own / "sources", coding)
            others = {}
            if second:
                coding, other = ask_second(coding, second)
                others = {coder_name(coding, other): other}
            made.append(_write_one(coding, others, own, parameters, own_codebook, notebooks, told))
            codings.append(coding)
        except EgdataError as error:
            if not is_several:
                raise
            made.append(Made(report_id, file.name, file.name, [], [], [], {}, refused=str(error)))
    if is_several:
        if codings:
            write_tables(codings, folder / "tables")
        _write_index(folder, made)
    return made


def _tell(
    tell: Callable[[int, int, str], None] | None, number: int, n: int, n_notebooks: int, name: str, step: int, part: str
) -> None:
    """Say how many steps are done of all: four, and the notebooks, for each report."""
    n_steps = 4 + n_notebooks
    if tell:
        tell(number * n_steps + step, n * n_steps, name + part)


def _write_one(
    coding: Coding,
    others: dict[str, Coding],
    folder: Path,
    parameters: dict[str, str],
    own_codebook: str | None,
    notebooks: list[Path],
    told: Callable[[int, str], None],
) -> Made:
    report = coding.report
    told(0, "tables")
    write_tables(coding, folder / "tables")
    write_file(folder / "sheet.xlsx", sheet_bytes(coding_sheet(coding), folder / "sheet.xlsx", coding.codebook))
    told(1, "figures")
    drawn = save_figures(folder / "figures", coding)
    left_out = {f"figure {stem}": "the report has no data for it" for stem in undrawn(drawn)}
    told(2, "reader")
    write_reader(coding, folder / "reader.html", report.lang, others=others)
    told(3, "brief")
    write_files(folder, brief_files(coding))
    is_as_typed = report.meta.get("file") == f"{BUNDLED}.zh.txt" and not (own_codebook or "corrections" in parameters)
    note = "" if is_as_typed else NOTE.format(name=escape(report.name), decided=decided_words(coding.n_decided))
    ran = []
    for step, notebook in enumerate(notebooks, start=4):
        told(step, f"notebook {notebook.stem}")
        target = folder / "notebooks" / notebook.name
        target.unlink(missing_ok=True)  # what an earlier run left is of another coding
        try:
            run_notebook(notebook, target, parameters, own_codebook, note)
            ran.append(notebook.stem)
        except EgdataError as error:
            left_out[f"notebook {notebook.stem}"] = f"does not run on this report: {error}"
    lines = [report.coverage.line(len(coding.notices)), decided_words(coding.n_decided), *coding.notices]
    lines += [notice for other in others.values() for notice in other.coder_notices]
    title = report.meta.get("title_en") or report.meta["title"] or report.name
    figures = sorted({file.name.partition(".")[0] for file in drawn} - {"README"})
    made = Made(report.meta[REPORT_ID], report.name, title, [line for line in lines if line], figures, ran, left_out)
    _write_index(folder, [made])
    return made


def _write_index(folder: Path, made: list[Made]) -> None:
    """The page that links all: that of one report, or that of several which leads to theirs."""
    _check_ours(folder / INDEX)
    write_file(folder / INDEX, render("report.html", made=made, links=LINKS).encode())


def _check_ours(file: Path) -> None:
    if file.exists() and OURS not in file.read_bytes():
        raise EgdataError(f"{file}: exists and is not egdata's own; choose another folder")


def _copied(file: Path, folder: Path, coding: Coding) -> tuple[dict[str, str], str | None]:
    """Copy report, glosses, codebook and corrected sheet; parameters and codebook of notebooks that run beside them."""
    parameters, own_codebook = {"report": f"../sources/{file.name}", "lang": coding.report.lang}, None
    files = {path.name: path.read_bytes() for path in (file, file.with_suffix(SUFFIX)) if path.is_file()}
    if not is_bundled(coding.codebook):
        root, own_codebook = coding.codebook.folder, "../sources/codebook"
        tables = (path for path in root.rglob("*") if path.is_file())
        files |= {f"codebook/{path.relative_to(root).as_posix()}": path.read_bytes() for path in tables}
    if coding.corrections is not None:
        parameters["corrections"] = "../sources/corrections.csv"
        files["corrections.csv"] = csv_bytes(coding_sheet(coding))
    write_files(folder, files)
    return parameters, own_codebook
