"""The position map: who is said to be for and against what, and where the report says so.

Reason: it is the whole coding on one page, every mark with the paragraph to look up.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from egdata.charts.chart import Chart, drawn_from, issue_rows, need
from egdata.charts.style import FAINT, HOLDERS, MARGIN, SMALL, STANCES, Canvas, Size, legend_lines, widest
from egdata.charts.words import Words, paragraph_of
from egdata.codebook.codebook import Codebook
from egdata.coding.finders import find_positions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 0.24  # inches, a line of marks

WORDS = {
    "title": (
        "On {n} of {total} issues there are positions for and against",
        "{total}个议题中，有{n}个既有赞成也有反对",
    ),
    "no_title": ("On no issue is one for and another against", "没有任何议题既有赞成又有反对"),
    "subtitle": (
        "One mark per position, with its paragraph; the shape says who is said to hold it",
        "每个标记为一个立场，旁注段次；形状表示立场由谁持有",
    ),
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
        As :func:`find_positions` gives it: ``issue_id``, ``stance``, ``holder``, ``citation``; with ``voice``, each
        voice has its own line. Or the report or coding whose positions to draw.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue, that of most positions first, and in it one per voice; one column per stance; one mark per
        row of the frame, in its order, shaped by holder and labelled with its paragraph.
    """
    need(frame, "issue_id", "stance", "holder", "citation")
    words = Words(WORDS, lang, codebook)
    stances, issues, holders = words.labels("stances"), words.labels("issues"), words.labels("holders")
    drawn = frame if "voice" in frame.columns else frame.assign(voice="")
    cells = dict(list(drawn.groupby(["issue_id", "voice", "stance"], sort=False)))
    counts = drawn.groupby("issue_id").size()
    order = sorted(issues.only(counts.index), key=lambda issue: -counts[issue])
    voices = list(drawn["voice"].drop_duplicates())
    step = widest(map(paragraph_of, drawn["citation"]), SMALL) + 0.24  # inches from mark to mark
    longest = {stance: max([len(cell) for key, cell in cells.items() if key[2] == stance] + [1]) for stance in STANCES}
    across = {stance: min(longest[stance], 2) for stance in STANCES}
    widths = [max(across[stance] * step + 0.12, widest([stances[stance]]) + 0.3) for stance in STANCES]
    lefts = dict(zip(STANCES, itertools.accumulate(widths, initial=0.0), strict=False))
    rows = []  # a line of marks for each issue and voice, or more
    tops = {}
    for issue, voice in itertools.product(order, voices):
        sizes = {stance: len(cells.get((issue, voice, stance), ())) for stance in STANCES}
        tops[issue, voice] = len(rows)
        lines = max(-(-n // across[stance]) for stance, n in sizes.items())
        rows += [(issue, voice)] + [(issue, None)] * (lines - 1) if lines else []
    layout = issue_rows(rows, words, issues)
    shapes = holders.only(frame["holder"])
    n_rows, width = max(len(rows), 1), sum(widths)
    below = layout.left - MARGIN + width  # inches for the legend
    words["title"] = _title(frame, words)
    source = words.source(frame, "positions", len(frame), "position+holder")
    bottom = 0.6 + 0.25 * legend_lines(shapes.values(), below) + 0.15 * source.count("\n")
    size = Size(width, LINE * n_rows, left=layout.left, top=1.15, bottom=bottom)
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        layout.draw(canvas)
        for place in lefts.values():
            canvas.upright(place, n_rows, FAINT)
        for (issue, voice, stance), cell in cells.items():
            for at, (holder, citation) in enumerate(zip(cell["holder"], cell["citation"], strict=True)):
                down, right = divmod(at, across[stance])
                x, y = lefts[stance] + 0.16 + right * step, tops[issue, voice] + down
                canvas.mark(x, y, holder, HOLDERS, color=STANCES[stance])
                canvas.text(x + 0.09, y, paragraph_of(citation))
        canvas.label_columns([place + 0.09 for place in lefts.values()], [stances[stance] for stance in STANCES])
        canvas.legend(shapes, HOLDERS, below)
    return canvas.ax


def _title(frame: pd.DataFrame, words: Words) -> str:
    """On how many issues there is a position for and one against."""
    taken = frame.groupby("issue_id")["stance"].agg(set)
    n = sum({"for", "against"} <= stances for stances in taken)
    return words["title"].format(n=n, total=len(taken)) if n else words["no_title"]


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
    caption="Every position that was found. Two marks of the same shape need not be the same speakers, and no "
    "mark is a number of States.",
)
