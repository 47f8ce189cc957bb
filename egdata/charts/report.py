"""The report at a glance: where positions stand.

Reason: before any number, a reader must see whose text it is, and how little of it takes a position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_sections
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import BAR, ROW, SMALL, Canvas, Size, margin_for, widest, wrap
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook
from egdata.reading.report import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BARS = 3.2  # inches of the longest

WORDS = {
    "title": ("{parts} carry a position", "{parts}载有立场"),
    "part": ("{n_coded} of {n_sentences} sentences of the {label}", "{label}{n_sentences}句中有{n_coded}句"),
    "other_part": ("{n_coded} of {n_sentences} sentences", "{n_sentences}句中有{n_coded}句"),
    "no_title": ("The report has no headings, and so no sections", "报告没有标题，因此不分节"),
    "left_out": (
        "Not shown: procedure without a position ({sections}).\n",
        "未列出没有立场的程序部分（{sections}）。\n",
    ),
    "subtitle": (
        "Sentences of each section; the filled part is those that carry a position",
        "各节的句数；实心部分为载有立场的句子",
    ),
    "row": ("{n_coded} of {n_sentences}", "{n_coded}/{n_sentences}"),
    "described": (
        "Bars for {n} sections. Sentences by voice: {voices}.",
        "{n}节的条形图。按文本性质的句数：{voices}。",
    ),
    "voice": ("{label} {n_sentences} ({n_coded} coded)", "{label}{n_sentences}句（{n_coded}句载有立场）"),
}


@drawn_from(count_sections)
def plot_report(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw the sections of a report: how long each is, whose text it is, and how much of it is coded.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`count_sections` gives it: ``section_id``, ``title``, ``voice``, ``n_sentences``, ``n_coded``. Or the
        report or coding to count.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One bar per section, in the order of the frame.
    """
    need(frame, "section_id", "title", "voice", "n_sentences", "n_coded")
    words = Words(WORDS, lang, codebook)
    shown = _shown(frame)
    sections = zip(shown["section_id"], shown["title"], strict=True)
    labels = [f"{section_id} {words.heading(title)}" for section_id, title in sections]
    # a heading with nothing directly under it has no number
    numbers = [words["row"].format(**row) if row["n_sentences"] else "" for row in shown.to_dict("records")]
    beside = [wrap(words.voice(voice), 1.8) for voice in shown["voice"]]
    bars = shown[["n_sentences", "n_coded"]] * BARS / max([*shown["n_sentences"], 1])  # inches
    ends = [n + widest([text], SMALL) for n, text in zip(bars["n_sentences"], numbers, strict=True)]
    n_rows = max(len(shown), 1)
    words["title"] = words["title" if len(shown) else "no_title"].format(parts=_parts(shown, words))
    left_out = frame.loc[~frame["section_id"].isin(shown["section_id"]) & frame["n_sentences"].gt(0), "section_id"]
    source = words["left_out"].format(sections=words["list"].join(left_out)) if len(left_out) else ""
    source += words.source(frame, "sentences", shown["n_sentences"].sum(), "position")
    size = Size(max(ends, default=BARS) + 0.2, ROW * n_rows, left=margin_for(labels), right=margin_for(beside))
    size = size._replace(bottom=0.5 + 0.15 * source.count("\n"))
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        for y, row in enumerate(bars.itertuples()):
            if row.n_sentences:
                canvas.ax.barh(y, row.n_sentences, 0.66, color="white", edgecolor=BAR, linewidth=0.9)
            canvas.ax.barh(y, row.n_coded, 0.66, color=BAR, linewidth=0)
            canvas.text(row.n_sentences + 0.07, y, numbers[y])
        canvas.label_rows(labels)
        canvas.brackets(beside)
    return canvas.ax


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """All sections but those on procedure in which nothing is coded; all, if there are no others."""
    shown = frame[frame["voice"].ne("procedure") | frame["n_coded"].gt(0)]
    return shown if len(shown) else frame


def _parts(frame: pd.DataFrame, words: Words) -> str:
    """How many sentences of each voice carry a position; a voice that nobody knows has no name."""
    counts = frame.groupby("voice", sort=False)[["n_sentences", "n_coded"]].sum()
    parts = []
    for voice, row in counts.iterrows():
        part = words["part" if voice != UNKNOWN else "other_part"]
        parts.append(part.format(label=words.labels("voices")[voice], **row))
    return words["also"].join(parts)


def _describe(frame: pd.DataFrame, words: Words) -> str:
    shown = _shown(frame)
    counts = shown.groupby("voice", sort=False)[["n_sentences", "n_coded"]].sum()
    parts = [words["voice"].format(label=words.voice(voice), **row) for voice, row in counts.iterrows()]
    return words["described"].format(n=len(shown), voices=words["comma"].join(parts))


REPORT = Chart(
    name="report",
    plot=plot_report,
    describe=_describe,
    words=WORDS,
    caption="How long each section is and whose text it is. The group did not endorse the Member States' proposals, "
    "and the Chair's summary was not negotiated: do not add the two up.",
)
