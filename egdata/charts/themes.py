"""What each section is about, by the themes of the codebook.

Reason: it shows what the report is about, of which the disputes are a small part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_themes
from egdata.base.frames import grouped
from egdata.charts.by_section import plot_by_section
from egdata.charts.chart import LEAST, Chart, drawn_from, need, substantial
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "title": ("Most frequent: {tops}", "最常见的主题：{tops}"),
    "top": ("{themes} ({sections})", "{themes}（{sections}）"),
    "no_title": (
        "No section of {least} sentences or more has a theme",
        "没有任何{least}句以上的节有主题",
    ),
    "subtitle": (
        "Per cent of its sentences about a theme; a sentence may have up to three themes",
        "各节中谈及某一主题的句子所占百分比；一句至多计三个主题",
    ),
    "rest": (
        "Not shown: procedure, and sections of fewer than {least} sentences ({sections}).\n",
        "未列出程序部分和不足{least}句的各节（{sections}）。\n",
    ),
    "described": (
        "Bars for {themes} themes in {sections} sections. Most frequent themes: {most}.",
        "{sections}节中{themes}个主题的条形图。最常见的主题：{most}。",
    ),
}


@drawn_from(count_themes)
def plot_themes(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw how much of each section is about each theme.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`count_themes` gives it: ``section_id``, ``title``, ``voice``, ``theme_id``, ``n``,
        ``n_sentences``, ``share``. Or the report or coding to count.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per theme, that of most sentences first; one column per section. Sections on procedure and
        those of fewer than ten sentences are named below the chart instead.
    """
    need(frame, "section_id", "title", "voice", "theme_id", "n", "n_sentences", "share")
    words, shown = Words(WORDS, lang, codebook), substantial(frame)
    cells = shown.assign(
        row=shown["theme_id"],
        total=shown["n_sentences"],
        length=shown["share"],
        filled=shown["share"],
        number=[f"{100 * share:.0f}" for share in shown["share"]],
    )
    rest = frame.loc[~frame["section_id"].isin(shown["section_id"]), "section_id"].drop_duplicates()
    source = words["rest"].format(least=LEAST, sections=words["list"].join(rest)) if len(rest) else ""
    source += words.source(frame, "sentences", shown.drop_duplicates("section_id")["n_sentences"].sum(), "themes")
    words["title"] = _title(shown, words)
    return plot_by_section(cells, ax, words, source, "themes")


def _title(shown: pd.DataFrame, words: Words) -> str:
    """The theme of most sentences in each section, sections that agree together; of a tie all."""
    labels, sections = words.labels("themes"), shown[shown["n"] > 0].groupby("section_id", sort=False)
    most = grouped((tuple(rows.loc[rows["n"] == rows["n"].max(), "theme_id"]), name) for name, rows in sections)
    tops = [
        words["top"].format(themes=words["list"].join(labels[theme] for theme in top), sections=words["list"].join(ids))
        for top, ids in most.items()
    ]
    return words["title" if tops else "no_title"].format(tops=words["comma"].join(tops), least=LEAST)


def _describe(frame: pd.DataFrame, words: Words) -> str:
    shown = substantial(frame)
    most = [
        words.most_frequent(rows, f"{section_id} {words.heading(title)}")
        for (section_id, title), rows in shown.groupby(["section_id", "title"], sort=False)
    ]
    return words["described"].format(
        themes=shown["theme_id"].nunique(), sections=len(most), most=words["semicolon"].join(most)
    )


THEMES = Chart(
    name="themes",
    plot=plot_themes,
    describe=_describe,
    words=WORDS,
    caption="What the sections are about, by the themes of the codebook. A share is emphasis in the text, not in the "
    "room.",
    shown=substantial,
)
