"""What proposals and summary are about: shares of themes with intervals, by voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_themes
from egdata.charts.chart import Chart, drawn_from, need, substantial
from egdata.charts.style import COLORS, ROW, SOFT, Canvas, Size, margin_for, percent_scale
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VOICES = {"proposals": ("o", True), "chair-summary": ("s", False), "procedure": ("^", False)}

WORDS = {
    "title": ("What proposals and summary are about", "会员国建议与主席总结谈什么"),
    "subtitle": (
        "Per cent of sentences about a theme, with 95% intervals; a sentence may have up to three themes",
        "谈及某一主题的句子所占百分比及其95%区间；一句至多计三个主题",
    ),
    "apart": (
        "Intervals lie wholly apart for {n} of {total} themes. Shares may differ where intervals meet.",
        "{total}个主题中，区间完全分开的有{n}个。区间重叠，份额仍可能不同。",
    ),
    "described": (
        "Shares of themes with intervals, by whose text it is. Most frequent: {most}. {apart}",
        "按文本性质列出各主题所占份额及区间。最常见的主题：{most}。{apart}",
    ),
}


@drawn_from(lambda coding: count_themes(coding, by="voice"))
def plot_theme_shares(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw how often each theme occurs in the texts of each voice, with intervals.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`count_themes` gives it with ``by="voice"``: ``voice``, ``theme_id``, ``n``, ``n_sentences``,
        ``share``, ``low``, ``high``. Or the report or coding to count.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per theme, that of the largest share first; in it a mark and an interval for each voice but procedure.
    """
    need(frame, "voice", "theme_id", "n", "n_sentences", "share", "low", "high")
    words = Words(WORDS, lang, codebook)
    voices, themes = words.labels("voices"), words.labels("themes")
    shown = substantial(frame)
    drawn = list(shown["voice"].drop_duplicates())
    order = shown.groupby("theme_id", sort=False)["share"].max().sort_values(ascending=False, kind="stable").index
    labels = [themes[theme] for theme in order]
    n_rows, width = max(len(labels), 1), 5.0
    scale, last = percent_scale(max(shown["high"], default=0), width)
    size = Size(width, ROW * 1.25 * n_rows, left=margin_for(labels), right=0.4, top=1.15, bottom=1.05)
    sizes = shown.drop_duplicates("voice").set_index("voice")["n_sentences"]
    source = f"{_apart(frame, words)}\n" + words.source(frame, "sentences", int(sizes.sum()))
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        canvas.shade_rows(len(labels))
        ticks = range(0, last + 1, 10)
        for tick in ticks:
            canvas.upright(tick * scale, n_rows)
        for row in shown.itertuples():
            y = list(order).index(row.theme_id) + 0.22 * (2 * drawn.index(row.voice) - len(drawn) + 1)
            color = COLORS.get(row.voice, SOFT)
            canvas.line([100 * row.low * scale, 100 * row.high * scale], [y, y], color, 1.6)
            canvas.mark(100 * row.share * scale, y, row.voice, VOICES, color=color)
        canvas.label_rows(labels)
        canvas.label_columns([tick * scale for tick in ticks], [f"{tick}%" for tick in ticks], ha="center")
        named = {voice: words["voice_n"].format(label=voices[voice], n=sizes[voice]) for voice in drawn}
        canvas.legend(named, VOICES, colors=COLORS)
    return canvas.ax


def _apart(frame: pd.DataFrame, words: Words) -> str:
    """Of how many themes two intervals have nothing in common."""
    ends = substantial(frame).groupby("theme_id").agg({"low": "max", "high": "min"})
    return words["apart"].format(n=(ends["low"] > ends["high"]).sum(), total=len(ends))


def _describe(frame: pd.DataFrame, words: Words) -> str:
    voices = words.labels("voices")
    most = [words.most_frequent(rows, voices[voice]) for voice, rows in substantial(frame).groupby("voice", sort=False)]
    return words["described"].format(most=words["semicolon"].join(most), apart=_apart(frame, words))


THEME_SHARES = Chart(
    name="theme_shares",
    plot=plot_theme_shares,
    describe=_describe,
    words=WORDS,
    caption="Which themes stand in the proposals and which in the Chair's summary. The intervals say how little so "
    "few sentences can show: that two of them overlap does not show that the shares are alike.",
)
