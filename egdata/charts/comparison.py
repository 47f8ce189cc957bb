"""Which issues, instruments and themes rise and fall from report to report. No chart of the gallery, which has one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from egdata.analysis.comparison import compare_reports
from egdata.base.vocabulary import REPORT_ID
from egdata.charts.chart import need
from egdata.charts.style import (
    BLUE,
    DASHED,
    FAINT,
    SOFT,
    SOLID,
    VERMILLION,
    Size,
    Text,
    draw_brackets,
    draw_legend,
    draw_line,
    draw_link,
    draw_link_legend,
    draw_mark,
    draw_upright,
    label_columns,
    label_rows,
    legend_lines,
    margin_for,
    percent_scale,
    shade_rows,
    sheet,
)
from egdata.charts.words import source_line, words_in
from egdata.coding.coding import Coding
from egdata.reading.report import Report

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: (colour, line style, points) of a step from one report to the next.
TRENDS = {"rises": (BLUE, SOLID, 2.2), "falls": (VERMILLION, DASHED, 2.2), "unclear": (FAINT, SOLID, 1.2)}
#: (marker, filled) of each report, in their order.
REPORTS = tuple((marker, is_filled) for marker in ("o", "s", "^", "D") for is_filled in (False, True))

WORDS = {
    "en": {
        "title": "What rises and falls from report to report",
        "subtitle": "Per cent of sentences on each, with 95% intervals; in each row reports from top to bottom",
        "issue": "Issues",
        "instrument": "Instruments",
        "theme": "Themes",
        "rises": "rises",
        "falls": "falls",
        "unclear": "may be chance",
    },
    "zh": {
        "title": "各报告之间何者上升，何者下降",
        "subtitle": "谈及各项的句子所占百分比及其95%区间；各行中报告自上而下依次排列",
        "issue": "议题",
        "instrument": "文书",
        "theme": "主题",
        "rises": "上升",
        "falls": "下降",
        "unclear": "可能出于偶然",
    },
}


def plot_comparison(
    frame: pd.DataFrame | Iterable[Report | Coding], ax: Axes | Figure | None = None, lang: str = "en"
) -> Axes:
    """Draw which issues, instruments and themes rise and fall from report to report.

    Parameters
    ----------
    frame : DataFrame or several of Report or Coding
        As :func:`egdata.compare_reports` gives it, of at most eight reports: ``report_id``, ``kind``, ``id``,
        ``label_en`` or ``label_zh``, ``n_sentences``, ``share``, ``low``, ``high``, ``trend``. Choose rows for a
        smaller chart: ``frame[frame["kind"] == "theme"]``. Or the reports or codings to compare.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.

    Returns
    -------
    Axes
        One row per code, within its kind that of the largest rise from the first to the last report first; in it a
        mark and an interval for each report, and between two a line: solid for a rise, dashed for a fall, faint for
        what may be chance.

    Raises
    ------
    ValueError
        If there are more than eight reports.
    """
    import pandas as pd

    frame = frame if isinstance(frame, pd.DataFrame) else compare_reports(frame)
    words, label = words_in(lang, WORDS), f"label_{lang}"
    if REPORT_ID not in frame.columns:
        raise ValueError(f"the frame has no column {REPORT_ID}; it is made by compare_reports")
    sizes = frame.drop_duplicates(REPORT_ID).set_index(REPORT_ID)["n_sentences"]
    if len(sizes) > len(REPORTS):
        raise ValueError(f"the frame has {len(sizes)} reports; choose {len(REPORTS)} at most")
    # several reports are what it shows, so that the others' check for one must not see them
    need(frame.drop(columns=REPORT_ID), "kind", "id", label, "n_sentences", "share", "low", "high", "trend")
    markers = dict(zip(sizes.index, REPORTS, strict=False))
    places = {report_id: place - (len(sizes) - 1) / 2 for place, report_id in enumerate(sizes.index)}
    codes = [rows for _, rows in frame.groupby(["kind", "id"], sort=False)]
    kinds = list(frame["kind"].drop_duplicates())
    codes.sort(key=lambda rows: (kinds.index(rows["kind"].iloc[0]), rows["share"].iloc[0] - rows["share"].iloc[-1]))
    labels = [rows[label].iloc[0] for rows in codes]
    beside = [words[rows["kind"].iloc[0]] for rows in codes]
    step, n_rows, width = 0.15, max(len(codes), 1), 5.0
    row = step * len(sizes) + 0.14  # inches
    scale, last = percent_scale(max(frame["high"], default=1), width)
    left, right = margin_for(labels), margin_for(beside)
    named = {report_id: words["voice_n"].format(label=report_id, n=n) for report_id, n in sizes.items()}
    below = 0.25 * legend_lines(named.values(), left + width)  # inches of legend
    size = Size(width, row * n_rows, left=left, right=right, top=1.15, bottom=below + 0.9)
    source = source_line(frame, words, "sentences", int(sizes.sum()))
    with sheet(ax, size, Text(words["title"], words["subtitle"], source)) as ax:
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        shade_rows(ax, len(codes))
        ticks = range(0, last + 1, 10 if last < 60 else 20)
        for tick in ticks:
            draw_upright(ax, tick * scale, n_rows)
        for y, rows in enumerate(codes):
            points = []
            for share in rows.to_dict("records"):
                report_id = share[REPORT_ID]
                points.append((100 * share["share"] * scale, y + places[report_id] * step / row))
                draw_line(ax, [100 * share[end] * scale for end in ("low", "high")], [points[-1][1]] * 2, SOFT, 0.9)
                draw_mark(ax, *points[-1], report_id, markers)
            for pair, trend in zip(itertools.pairwise(points), rows["trend"].iloc[1:], strict=True):
                draw_link(ax, *zip(*pair, strict=True), TRENDS[trend or "unclear"])
        label_rows(ax, size, labels)
        label_columns(ax, [tick * scale - 0.03 for tick in ticks], [f"{tick}%" for tick in ticks])
        draw_brackets(ax, size, beside, [SOFT] * len(beside))
        draw_legend(ax, size, named, markers, left + width)
        lines = {trend: words[trend] for trend in TRENDS if trend in set(frame["trend"])}
        draw_link_legend(ax, size, lines, TRENDS, below + 0.25)
    return ax
