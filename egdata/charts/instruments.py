"""Which instruments the sections refer to, and how often without naming them.

Reason: a search for names misses what the text only points to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_instruments
from egdata.charts.by_section import plot_by_section
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "title": ("{n} of {total} references are to: {most}", "{total}处提及中，{n}处指：{most}"),
    "no_title": ("No section refers to an instrument", "没有任何一节提及文书"),
    "subtitle": (
        "References; the filled part names the instrument, the rest points to it or describes it",
        "提及次数；实心部分为以名称提及，其余为回指或描述",
    ),
    "rest": (
        "Not shown: sections without a reference ({sections}).\n",
        "未列出没有提及任何文书的各节（{sections}）。\n",
    ),
    "described": (
        "Bars for {instruments} instruments in {sections} sections. Most references: {most}. By section: {by_section}.",
        "{sections}节中{instruments}项文书的条形图。提及最多：{most}。各节：{by_section}。",
    ),
    "section": ("{section_id}", "{section_id}节"),
}


@drawn_from(count_instruments)
def plot_instruments(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw how often each section refers to each instrument.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`count_instruments` gives it: ``section_id``, ``title``, ``voice``, ``instrument_id``, ``n``,
        ``n_named``; ``attrs["without"]``, if set, names the sections that refer to none. Or the report or coding to
        count.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per instrument, that of most references first; one column per section. The part of a bar for
        references by name is filled.
    """
    need(frame, "section_id", "title", "voice", "instrument_id", "n", "n_named")
    words = Words(WORDS, lang, codebook)
    cells = frame.assign(
        row=frame["instrument_id"],
        total=frame.groupby("section_id")["n"].transform("sum"),
        length=frame["n"],
        filled=frame["n_named"],
        number=frame["n"].astype(str),
    )
    without = words["list"].join(frame.attrs.get("without", []))
    source = words["rest"].format(sections=without) if without else ""
    source += words.source(frame, "references", frame["n"].sum(), "instruments")
    words["title"] = _title(frame, words)
    return plot_by_section(cells, ax, words, source, "instruments")


def _title(frame: pd.DataFrame, words: Words) -> str:
    """The instrument of most references; of a tie each."""
    totals, names = frame.groupby("instrument_id", sort=False)["n"].sum(), words.labels("instruments")
    if not totals.any():
        return words["no_title"]
    most = words["list"].join(names[instrument] for instrument in totals.index[totals == totals.max()])
    return words["title"].format(n=totals[totals == totals.max()].sum(), total=totals.sum(), most=most)


def _describe(frame: pd.DataFrame, words: Words) -> str:
    names = words.labels("instruments")
    totals = frame.groupby("instrument_id", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    sections = frame.groupby("section_id", sort=False)["n"].sum()
    most = [(n, names[instrument]) for instrument, n in totals.head(5).items()]
    by_section = [(n, words["section"].format(section_id=section_id)) for section_id, n in sections.items()]
    return words["described"].format(
        instruments=len(totals),
        sections=len(sections),
        most=words.counted(most),
        by_section=words.counted(by_section),
    )


INSTRUMENTS = Chart(
    name="instruments",
    plot=plot_instruments,
    describe=_describe,
    words=WORDS,
    caption="Which treaties, resolutions and guides each section refers to, and how often without naming them: by an "
    "anaphor such as 该公约 ('that Convention') or a description such as 现有文书 ('existing instruments').",
)
