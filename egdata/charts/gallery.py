"""The gallery: every chart in both languages as SVG and PNG, with captions and alternative texts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from egdata.analysis.parallels import retellings_of
from egdata.base.errors import EgdataError
from egdata.base.output import write_files
from egdata.base.vocabulary import LANGS
from egdata.charts.chart import Chart
from egdata.charts.contested import CONTESTED
from egdata.charts.instruments import INSTRUMENTS
from egdata.charts.known import KnownFigures
from egdata.charts.network import NETWORK
from egdata.charts.positions import POSITIONS
from egdata.charts.references import BUDAPEST
from egdata.charts.report import REPORT
from egdata.charts.style import our_settings
from egdata.charts.theme_differences import THEME_DIFFERENCES
from egdata.charts.themes import THEMES
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import Report, read_report

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: In the order of their numbers.
CHARTS = (REPORT, THEMES, POSITIONS, CONTESTED, BUDAPEST, NETWORK, INSTRUMENTS, THEME_DIFFERENCES)
DPI = 150  # of the PNG files

GALLERY = """# Figures

Drawn from {symbol} by `egdata figures`; not to be edited. Each chart stands here in English
and in Chinese, as SVG and as PNG, with its alternative text.
"""
EXAMPLE = (
    "So, for “{issue}”: {positions} positions in {sentences} sentences; and of the instrument that it is about "
    "{references} references, in {places} sentences. A sentence may name it and take no stance, or the other way round."
)
LIMITS = """The coding errs: notebook `05_trust` says how often on sentences that nothing was learnt from. Look at the
quote before you cite a count.
"""


def save_figures(
    folder: str | Path,
    report: Report | Coding | None = None,
    codebook: Codebook | None = None,
    known: KnownFigures | None = None,
) -> list[Path]:
    """Draw every chart of a report in English and in Chinese, as SVG and as PNG, with a gallery.

    Parameters
    ----------
    folder : path
        Made if it does not exist. Other files in it are left alone.
    report : Report or Coding, optional
        The bundled one if omitted.
    codebook : Codebook, optional
    known : KnownFigures, optional
        Charts that need not be drawn again; those that are drawn are added to it.

    Returns
    -------
    list of Path
        The gallery: ``<nn>_<name>.<lang>.<svg|png>``, then ``README.md`` with captions and alternative
        texts. The same report and codebook give the same bytes.

    Raises
    ------
    EgdataError
        If the folder cannot be written, or has a README.md that egdata did not write. Nothing is written
        before every chart is drawn.
    """
    from matplotlib.figure import Figure

    coding = coding_of(report or read_report(codebook=codebook), codebook)
    codebook = coding.codebook
    files: dict[str, bytes] = {}
    names: list[str] = []
    drawn: dict[str, tuple[pd.DataFrame, str]] = {}
    gallery = [LIMITS, _counted(coding)]
    for stem, chart in _numbered():
        frame = chart.table(coding)
        if chart.shown(frame).empty:
            continue
        names += [f"{stem}.{lang}.{kind}" for lang in LANGS for kind in ("svg", "png")]
        if known and (entry := known.entry(stem, frame)):
            gallery.append(entry)
            continue
        described, titles = {}, {}
        for lang in LANGS:
            figure = Figure(dpi=DPI)
            ax = chart.plot(frame, figure, lang, codebook=codebook)
            described[lang] = chart.alternative_text(frame, codebook, lang)
            titles[lang] = ax.get_title().replace("\n", Words({}, lang)["space"])
            for kind in ("svg", "png"):
                files[f"{stem}.{lang}.{kind}"] = _image(figure, kind, titles[lang], described[lang])
        drawn[stem] = frame, _entry(stem, titles["en"], chart.caption, described)
        gallery.append(drawn[stem][1])
    files["README.md"] = ("\n".join([GALLERY.format(symbol=coding.report.name), *gallery])).encode()
    folder = Path(folder)
    ours = GALLERY.partition("}")[2].encode()
    if (folder / "README.md").exists() and ours not in (folder / "README.md").read_bytes():
        raise EgdataError(f"{folder / 'README.md'}: exists and is not egdata's own; choose another folder")
    write_files(folder, files)
    for stem, (frame, entry) in drawn.items() if known else ():
        known.keep(stem, frame, [folder / name for name in names if name.startswith(f"{stem}.")], entry)
    return [folder / name for name in (*names, "README.md")]


def undrawn(files: Iterable[Path]) -> list[str]:
    """The charts that are not among the files of a gallery, since its report has no data for them."""
    drawn = {file.name.partition(".")[0] for file in files}
    return [stem for stem, _ in _numbered() if stem not in drawn]


def _numbered() -> Iterator[tuple[str, Chart]]:
    """The charts, each with how its files begin."""
    return ((f"{number:02d}_{chart.name}", chart) for number, chart in enumerate(CHARTS, start=1))


def _counted(coding: Coding) -> str:
    """What the charts count, each with its number in the report, and for the issue of most positions."""
    positions, mentions = coding.positions, coding.mentions
    references = mentions[mentions["entity_id"].isin(coding.codebook.codes("instruments"))]
    rows = [
        ("sentences", "as cited, `13(b)#2`", len(coding.report.sentences)),
        ("statements", "a sentence, or the part of it that one holder governs", len(coding.statements)),
        ("positions", "a statement that takes a stance on an issue; on two issues it is two", len(positions)),
        (
            "views told twice",
            "positions that proposals and summary share; both together count once",
            len(retellings_of(coding)),
        ),
        ("references", "mentions of one of the instruments, by name or not, footnotes too", len(references)),
    ]
    lines = [
        "| counted | what it is | in this report |",
        "|---|---|---|",
        *(f"| {a} | {b} | {n} |" for a, b, n in rows),
    ]
    if len(positions):
        issue = coding.codebook.codes("issues")[positions["issue_id"].value_counts().index[0]]
        held = positions[positions["issue_id"] == issue["id"]]
        spoken = references[references["entity_id"] == issue["instrument"]]
        example = EXAMPLE.format(
            issue=issue["label_en"],
            positions=len(held),
            sentences=held["sentence_id"].nunique(),
            references=len(spoken),
            places=spoken["sentence_id"].nunique(),
        )
        lines += ["", example]
    return "\n".join(["## What is counted", "", *lines, ""])


def _image(figure: Figure, kind: str, title: str, description: str) -> bytes:
    """The figure as a file that says what it shows and nothing of when or by which version it was made."""
    metadata = {"Title": title, "Description": description}
    metadata |= {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    target = io.BytesIO()
    with our_settings():
        figure.savefig(target, format=kind, dpi=DPI, metadata=metadata)
    if kind == "png":
        return target.getvalue()
    # Screen readers look for a description beside the title, not in the metadata.
    text = target.getvalue().decode()
    text = text.replace("</title>", f"</title>\n <desc>{escape(description)}</desc>", 1)
    return text.replace("<svg ", '<svg role="img" ', 1).encode()


def _entry(stem: str, title: str, caption: str, described: dict[str, str]) -> str:
    files = " · ".join(
        f"[{name} {kind.upper()}]({stem}.{lang}.{kind})"
        for lang, name in (("en", "English"), ("zh", "中文"))
        for kind in ("svg", "png")
    )
    alt = re.sub(r"[\[\]]", "", described["en"])
    return (
        f"## {title}\n\n![{alt}]({stem}.en.png)\n\n{caption}\n\n{files}\n\n"
        f"Alternative text: {described['en']}\n\n替代文字：{described['zh']}\n"
    )
