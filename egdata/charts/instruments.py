"""Which instruments the sections refer to, and how often without naming them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_instruments
from egdata.charts.by_section import plot_by_section
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import Text
from egdata.charts.words import counted_list, labels_of, source_line, words_in
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "en": {
        "title": "Which instruments the sections refer to",
        "subtitle": "References; the filled part names the instrument, the rest points to it or describes it",
        "rest": "Not shown: sections without a reference ({sections}).\n",
        "described": "Bars for {instruments} instruments in {sections} sections. Most references: {most}. "
        "By section: {by_section}.",
        "section": "{section_id}",
    },
    "zh": {
        "title": "各节提及哪些文书",
        "subtitle": "提及次数；实心部分为以名称提及，其余为回指或描述",
        "rest": "未列出没有提及任何文书的各节（{sections}）。\n",
        "described": "{sections}节中{instruments}项文书的条形图。提及最多：{most}。各节：{by_section}。",
        "section": "{section_id}节",
    },
}


@drawn_from(count_instruments)
def plot_instruments(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
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
    words = words_in(lang, WORDS)
    cells = frame.assign(
        row=frame["instrument_id"],
        total=frame.groupby("section_id")["n"].transform("sum"),
        length=frame["n"],
        filled=frame["n_named"],
        number=frame["n"].astype(str),
    )
    without = words["list"].join(frame.attrs.get("without", []))
    source = words["rest"].format(sections=without) if without else ""
    source += source_line(frame, words, "references", frame["n"].sum())
    text = Text(words["title"], words["subtitle"], source)
    instruments, voices = labels_of(codebook, "instruments", lang), labels_of(codebook, "voices", lang)
    return plot_by_section(cells, ax, lang, text, instruments, voices)


def describe_instruments(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    """What the chart shows, for those who cannot see it."""
    words, names = words_in(lang, WORDS), labels_of(codebook, "instruments", lang)
    totals = frame.groupby("instrument_id", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    sections = frame.groupby("section_id", sort=False)["n"].sum()
    most = [(n, names[instrument]) for instrument, n in totals.head(5).items()]
    by_section = [(n, words["section"].format(section_id=section_id)) for section_id, n in sections.items()]
    return words["described"].format(
        instruments=len(totals),
        sections=len(sections),
        most=counted_list(most, words),
        by_section=counted_list(by_section, words),
    )


INSTRUMENTS = Chart(
    "instruments",
    plot_instruments,
    describe_instruments,
    "Which treaties, resolutions and guides each section refers to, and how often without naming them: by an "
    "anaphor such as 该公约 ('that Convention') or a description such as 现有文书 ('existing instruments').",
)
