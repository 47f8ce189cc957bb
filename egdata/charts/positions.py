"""The position map: who is said to be for and against what, and where the report says so."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import FAINT, HOLDERS, MARGIN, SMALL, Canvas, Size, legend_lines, margin_for, widest, wrap
from egdata.charts.words import Words, paragraph_of
from egdata.codebook.codebook import Codebook
from egdata.coding.finders import find_positions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "title": ("Who is for and against what", "谁赞成什么，谁反对什么"),
    "subtitle": (
        "One mark per position, with its paragraph; the shape says who is said to hold it",
        "每个标记为一个立场，旁注段次；形状表示立场由谁持有",
    ),
    "together": ("{voices} together; the same view may stand in both.\n", "{voices}合计；同一意见可能两处都有。\n"),
    "voice_paragraphs": ("{label} ({first}–{last})", "{label}（第{first}至{last}段）"),
    "described": (
        "Map of {positions} positions on {issues} issues, one mark each. {counts}.",
        "{issues}个议题上{positions}个立场的分布图，每个立场一个标记。{counts}。",
    ),
}


@drawn_from(find_positions)
def plot_positions(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw the position map: who is said to be for and against what, and where the report says so.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`find_positions` gives it: ``issue_id``, ``stance``, ``holder``, ``citation``. With ``voice``, too, a
        line says that texts of several voices are shown together. Or the report or coding whose positions to draw.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue, that of most positions first; one column per stance; one mark per row of the frame,
        in its order, shaped by holder and labelled with its paragraph.
    """
    need(frame, "issue_id", "stance", "holder", "citation")
    words = Words(WORDS, lang, codebook)
    stances = words.labels("stances")
    issues, holders = words.labels("issues"), words.labels("holders")
    order = list(reversed(stances))  # from against to for
    cells = dict(list(frame.groupby(["issue_id", "stance"], sort=False)))
    counts = frame.groupby("issue_id").size()
    known = {issue: issues[issue] for issue in counts.index}
    rows = sorted((issue for issue in issues if issue in known), key=lambda issue: -counts[issue])
    labels = [wrap(known[issue], 2.4) for issue in rows]

    step = widest(map(paragraph_of, frame["citation"]), SMALL) + 0.3  # inches from mark to mark
    line, gap = 0.22, 0.16  # inches: a line of marks, and between rows
    longest = {stance: max([len(cells.get((issue, stance), ())) for issue in rows] + [1]) for stance in order}
    across = {stance: min(longest[stance], 3) for stance in order}
    widths = [max(across[stance] * step + 0.15, widest([stances[stance]]) + 0.3) for stance in order]
    lefts = [0, *itertools.accumulate(widths)]
    lines = [max(-(-len(cells.get((issue, stance), ())) // across[stance]) for stance in order) for issue in rows]
    heights = [max(n, label.count("\n") + 1) * line + gap for n, label in zip(lines, labels, strict=True)]
    tops = [0, *itertools.accumulate(heights)]
    left = margin_for(labels)
    shapes = holders.only(frame["holder"])
    below = left - MARGIN + lefts[-1]  # inches for the legend
    source = _together(frame, words) + words.source(frame, "positions", len(frame))
    bottom = 0.6 + 0.25 * legend_lines(shapes.values(), below) + 0.15 * source.count("\n")
    size = Size(lefts[-1], max(tops[-1], line), left=left, top=1.15, bottom=bottom)
    with Canvas.on(ax, size, words, source) as canvas:
        canvas.shade(tops)
        for place in lefts[:-1]:
            canvas.line([place, place], [0, size.height], FAINT, 0.8)
        for (issue, stance), cell in cells.items():
            for at, (holder, citation) in enumerate(zip(cell["holder"], cell["citation"], strict=True)):
                down, right = divmod(at, across[stance])
                x = lefts[order.index(stance)] + 0.16 + right * step
                y = tops[rows.index(issue)] + gap / 2 + (down + 0.5) * line
                canvas.mark(x, y, holder, HOLDERS)
                canvas.text(x + 0.09, y, paragraph_of(citation))
        canvas.label_rows(labels, [top + gap / 2 + 0.045 for top in tops[:-1]], va="top")
        canvas.label_columns([place + 0.09 for place in lefts[:-1]], [stances[stance] for stance in order])
        canvas.legend(shapes, HOLDERS, below)
    return canvas.ax


def _together(frame: pd.DataFrame, words: Words) -> str:
    """A line that names the voices of a frame and their paragraphs, if there are several."""
    if "voice" not in frame.columns or frame["voice"].nunique() < 2:
        return ""
    labels, parts = words.labels("voices"), []
    for voice, rows in frame.groupby("voice", sort=False):
        paragraphs = [paragraph_of(citation).partition("(")[0] for citation in rows["citation"]]
        place = {"label": labels[voice], "first": paragraphs[0], "last": paragraphs[-1]}
        parts.append(words["voice_paragraphs"].format(**place))
    return words["together"].format(voices=words["and"].join(parts))


def _describe(frame: pd.DataFrame, words: Words) -> str:
    stances = words.labels("stances")
    issues, counts = words.labels("issues"), frame.groupby(["issue_id", "stance"]).size()
    parts = []
    for issue in frame["issue_id"].value_counts().index:
        named = [(counts[issue, stance], label) for stance, label in stances.items() if (issue, stance) in counts]
        parts.append(issues[issue] + words["colon"] + words.counted(named))
    return words["described"].format(positions=len(frame), issues=len(parts), counts=words["semicolon"].join(parts))


POSITIONS = Chart(
    name="positions",
    plot=plot_positions,
    describe=_describe,
    words=WORDS,
    caption="Every position that the rules find. Two marks of the same shape need not be the same speakers, and no "
    "mark is a number of States.",
)
