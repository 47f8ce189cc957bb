"""Which themes the proposals have more often than the Chair's summary, and the other way round.

Reason: what a summary leaves out is seen only beside what was proposed on the same subject.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from egdata.analysis.counts import theme_differences
from egdata.base.vocabulary import PROPOSALS, SUMMARY
from egdata.charts.chart import ALPHA, Chart, drawn_from, need
from egdata.charts.style import FAINT, INK, LABEL, ROW, SMALL, SOFT, Canvas, Size, margin_for, widest
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: (marker, filled) of a theme by where it stands.
STANDS = {"proposals": (">", False), "both": ("o", True), "summary": ("<", False)}

WORDS = {
    "title": (
        "{n} of {total} differences between proposals and summary are more than chance",
        "建议与总结之间{total}项差异中，{n}项非偶然可解释",
    ),
    "not_both": ("No subject stands in both proposals and summary", "没有任何主题项目同时见于建议和总结"),
    "no_title": (
        "Proposals and summary differ on no theme by more than chance",
        "建议与总结之间没有主题的差异超出偶然",
    ),
    "subtitle": (
        "Share of the proposals minus share of the summary, in percentage points; heavy where the 95% interval "
        "is without 0",
        "建议所占份额减去总结所占份额（百分点）；95%区间不含0者为粗线",
    ),
    "rest": (
        "Rows from proposals to summary by the mean of their differences; no mark: in neither.\n"
        "{n} of {total} intervals are without 0, where chance alone would give about {chance:.1f}.\n",
        "各行按差的平均值排列，由建议较多到总结较多；无标记者两者均未谈及。\n"
        "{total}个区间中有{n}个不含0，仅凭偶然也会有约{chance:.1f}个。\n",
    ),
    "side": ("more in\n{label}\n{section}n = {n}", "{label}较多\n{section}n = {n}"),
    "side_section": ("{section}, ", "{section}，"),
    "both": ("in both", "两者都有"),
    "proposals": ("only in the proposals", "仅见于建议"),
    "summary": ("only in the summary", "仅见于总结"),
    "theme": (
        "{label} ({proposals}, {summary}) {points:+.0f} points",
        "{label} ({proposals}, {summary}) {points:+.0f}个百分点",
    ),
    "no_theme": ("none", "无"),
    "described": (
        "Differences of shares with intervals. Themes: {counts}. Interval without 0: {apart}.",
        "份额之差及区间。主题：{counts}。区间不含0：{apart}。",
    ),
}


@drawn_from(theme_differences)
def plot_theme_differences(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw which themes the Member States' proposals have more often than the Chair's summary, and the other way round.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`theme_differences` gives it: ``theme_id``, ``n_sentences_proposals``, ``n_sentences_summary``,
        ``difference``, ``low``, ``high``, ``p_adjusted``, ``stands_in``; with ``title``, ``section_proposals`` and
        ``section_summary`` where sections are compared. Or the report or coding whose sections to compare.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per theme, from that of the proposals to that of the summary by the mean of its differences, and one
        column per pair of sections. The shape of a mark says where the theme stands; an interval without 0 is drawn
        heavy.
    """
    need(frame, "theme_id", "n_sentences_proposals", "n_sentences_summary", "difference", "low", "high", "p_adjusted")
    need(frame, "stands_in")
    words = Words(WORDS, lang, codebook)
    themes, voices = words.labels("themes"), words.labels("voices")
    shown = frame[frame["stands_in"] != "neither"]
    panels = list(shown.groupby("title", sort=False)) if "title" in shown else [("", shown)] if len(shown) else []
    order = shown.groupby("theme_id", sort=False)["difference"].mean().sort_values(ascending=False, kind="stable").index
    places, labels = {theme: y for y, theme in enumerate(order)}, [themes[theme] for theme in order]
    heads = [words.heading(title) for title, _ in panels]
    sides = [_panel_sides(panel.iloc[0], voices, words) for _, panel in panels]
    reach = max([*shown["low"].abs(), *shown["high"].abs(), 0.1])
    column = max(2 * widest(itertools.chain(*sides), SMALL) + 0.5, widest(heads) + 0.3, 3.4)
    scale, step = (column - 0.3) / 2 / reach, 10 if reach < 0.45 else 20  # inches per unit; points from tick to tick
    last, n_rows = int(100 * reach) // step * step, max(len(labels), 1)
    size = Size(column * max(len(panels), 1), ROW * n_rows, left=margin_for(labels), top=1.93, bottom=1.35)
    n = sum(panel[["n_sentences_proposals", "n_sentences_summary"]].iloc[0].sum() for _, panel in panels)
    source = words["rest"].format(n=_is_apart(shown).sum(), total=len(shown), chance=len(shown) * ALPHA)
    source += words.source(frame, "sentences", n, "themes")
    n_clear = (shown["p_adjusted"] < ALPHA).sum()
    title = "not_both" if shown.empty else "title" if n_clear else "no_title"
    words["title"] = words[title].format(n=n_clear, total=len(shown))
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        canvas.shade_rows(len(labels))
        for number, (head, pair, (_, panel)) in enumerate(zip(heads, sides, panels, strict=True)):
            middle = (number + 0.5) * column
            for tick in range(-last, last + 1, step):
                x, label = middle + tick / 100 * scale, f"{tick:+d}".replace("-", "−") if tick else "0"
                canvas.upright(x, n_rows, FAINT if tick else INK)
                canvas.text(x, 1 + 0.13 / size.height, label, "columns", color=SOFT, ha="center")
            for row, is_apart in zip(panel.itertuples(), _is_apart(panel), strict=True):
                y, xs = places[row.theme_id], [middle + row.low * scale, middle + row.high * scale]
                canvas.line(xs, [y, y], INK if is_apart else SOFT, 3 if is_apart else 0.9)
                canvas.mark(middle + row.difference * scale, y, row.stands_in, STANDS)
            for label, ha, x in zip(pair, ("right", "left"), (middle - 0.1, middle + 0.1), strict=True):
                canvas.text(x, 1 + 0.26 / size.height, label, "columns", ha=ha, va="bottom")
            canvas.text(middle, 1 + 0.86 / size.height, head, "columns", LABEL, ha="center", va="bottom")
        canvas.label_rows(labels)
        canvas.legend({code: words[code] for code in STANDS}, STANDS)
    return canvas.ax


def _is_apart(frame: pd.DataFrame) -> pd.Series:
    """Which intervals are without 0."""
    return (frame["low"] > 0) | (frame["high"] < 0)


def _panel_sides(row: pd.Series, voices: dict[str, str], words: Words) -> list[str]:
    """What stands on the left and on the right of 0, and how many sentences that is a share of."""
    labels = []
    for side, voice in (("summary", SUMMARY), ("proposals", PROPOSALS)):
        section = words["side_section"].format(section=row[f"section_{side}"]) if f"section_{side}" in row else ""
        labels.append(words["side"].format(label=voices[voice], section=section, n=row[f"n_sentences_{side}"]))
    return labels


def _describe(frame: pd.DataFrame, words: Words) -> str:
    themes = words.labels("themes")
    apart = [
        words["theme"].format(
            label=themes[row.theme_id],
            proposals=row.section_proposals,
            summary=row.section_summary,
            points=100 * row.difference,
        )
        for row in frame[_is_apart(frame)].itertuples()
    ]
    counts = [((frame["stands_in"] == code).sum(), words[code]) for code in ("both", "proposals", "summary")]
    return words["described"].format(counts=words.counted(counts), apart=words["list"].join(apart) or words["no_theme"])


THEME_DIFFERENCES = Chart(
    name="theme_differences",
    plot=plot_theme_differences,
    describe=_describe,
    words=WORDS,
    caption="Which themes stand in the proposals and not in the Chair's summary on the same subject, and the other "
    "way round. A theme of one or two sentences that the other side lacks is no omission.",
)
