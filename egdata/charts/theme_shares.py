"""What proposals and summary are about: shares of themes with intervals, by voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_themes
from egdata.charts.chart import Chart, drawn_from, need, substantial
from egdata.charts.style import (
    COLORS,
    ROW,
    SOFT,
    Size,
    Text,
    draw_legend,
    draw_line,
    draw_mark,
    draw_upright,
    label_columns,
    label_rows,
    margin_for,
    percent_scale,
    shade_rows,
    sheet,
)
from egdata.charts.words import labels_of, most_frequent, source_line, words_in
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VOICES = {"proposals": ("o", True), "chair-summary": ("s", False), "procedure": ("^", False)}

WORDS = {
    "en": {
        "title": "What proposals and summary are about",
        "subtitle": "Per cent of sentences about a theme, with 95% intervals; a sentence may have up to three themes",
        "apart": "Intervals lie wholly apart for {n} of {total} themes. Shares may differ where intervals meet.",
        "described": "Shares of themes with intervals, by whose text it is. Most frequent: {most}. {apart}",
    },
    "zh": {
        "title": "会员国建议与主席总结谈什么",
        "subtitle": "谈及某一主题的句子所占百分比及其95%区间；一句至多计三个主题",
        "apart": "{total}个主题中，区间完全分开的有{n}个。区间重叠，份额仍可能不同。",
        "described": "按文本性质列出各主题所占份额及区间。最常见的主题：{most}。{apart}",
    },
}


@drawn_from(lambda coding: count_themes(coding, by="voice"))
def plot_theme_shares(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
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
    words, voices, themes = (
        words_in(lang, WORDS),
        labels_of(codebook, "voices", lang),
        labels_of(codebook, "themes", lang),
    )
    shown = substantial(frame)
    drawn = list(shown["voice"].drop_duplicates())
    order = shown.groupby("theme_id", sort=False)["share"].max().sort_values(ascending=False, kind="stable").index
    labels = [themes[theme] for theme in order]
    n_rows, width = max(len(labels), 1), 5.0
    scale, last = percent_scale(max(shown["high"], default=0), width)
    size = Size(width, ROW * 1.25 * n_rows, left=margin_for(labels), right=0.4, top=1.15, bottom=1.05)
    sizes = shown.drop_duplicates("voice").set_index("voice")["n_sentences"]
    source = f"{_apart(frame, words)}\n" + source_line(frame, words, "sentences", int(sizes.sum()))
    with sheet(ax, size, Text(words["title"], words["subtitle"], source)) as ax:
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        shade_rows(ax, len(labels))
        ticks = range(0, last + 1, 10)
        for tick in ticks:
            draw_upright(ax, tick * scale, n_rows)
        for row in shown.itertuples():
            y = list(order).index(row.theme_id) + 0.22 * (2 * drawn.index(row.voice) - len(drawn) + 1)
            color = COLORS.get(row.voice, SOFT)
            draw_line(ax, [100 * row.low * scale, 100 * row.high * scale], [y, y], color, 1.6)
            draw_mark(ax, 100 * row.share * scale, y, row.voice, VOICES, color=color)
        label_rows(ax, size, labels)
        label_columns(ax, [tick * scale for tick in ticks], [f"{tick}%" for tick in ticks], ha="center")
        named = {voice: words["voice_n"].format(label=voices[voice], n=sizes[voice]) for voice in drawn}
        draw_legend(ax, size, named, VOICES, colors=COLORS)
    return ax


def _apart(frame: pd.DataFrame, words: dict[str, str]) -> str:
    """Of how many themes two intervals have nothing in common."""
    ends = substantial(frame).groupby("theme_id").agg({"low": "max", "high": "min"})
    return words["apart"].format(n=(ends["low"] > ends["high"]).sum(), total=len(ends))


def describe_theme_shares(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    """What the chart shows, for those who cannot see it."""
    words, voices, themes = (
        words_in(lang, WORDS),
        labels_of(codebook, "voices", lang),
        labels_of(codebook, "themes", lang),
    )
    most = [
        most_frequent(rows, voices[voice], themes, words)
        for voice, rows in substantial(frame).groupby("voice", sort=False)
    ]
    return words["described"].format(most=words["semicolon"].join(most), apart=_apart(frame, words))


THEME_SHARES = Chart(
    "theme_shares",
    plot_theme_shares,
    describe_theme_shares,
    "Which themes stand in the proposals and which in the Chair's summary. The intervals say how little so few "
    "sentences can show: that two of them overlap does not show that the shares are alike.",
)
