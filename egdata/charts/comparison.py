"""Which issues, instruments and themes rise and fall from report to report. No chart of the gallery, which has one.

Reason: a series of reports is read for what changes, and few changes are more than chance.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from egdata.analysis.comparison import compare_reports
from egdata.base.errors import TableError
from egdata.base.vocabulary import REPORT_ID
from egdata.charts.chart import need
from egdata.charts.style import (
    DASHED,
    FAINT,
    INK,
    SOFT,
    SOLID,
    Canvas,
    Size,
    legend_lines,
    margin_for,
)
from egdata.charts.words import Words
from egdata.coding.coding import Coding
from egdata.reading.report import Report

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: (colour, line style, points) of a step from one report to the next.
TRENDS = {"rises": (INK, SOLID, 2.2), "falls": (INK, DASHED, 2.2), "unclear": (FAINT, SOLID, 1.2)}
#: (marker, filled) of each report, in their order.
REPORTS = tuple((marker, is_filled) for marker in ("o", "s", "^", "D") for is_filled in (False, True))

#: How far to trust a chart of several kinds is said of the first of them, which is the hardest to find.
MEASURED = {"issue": "position", "instrument": "instruments", "theme": "themes"}

WORDS = {
    "title": (
        "From report to report: clear rises {rises}, clear falls {falls}",
        "各报告之间：明显上升{rises}项，明显下降{falls}项",
    ),
    "subtitle": (
        "Per cent of sentences on each, with 95% intervals; in each row reports from top to bottom",
        "谈及各项的句子所占百分比及其95%区间；各行中报告自上而下依次排列",
    ),
    "issue": ("Issues", "议题"),
    "instrument": ("Instruments", "文书"),
    "theme": ("Themes", "主题"),
    "rises": ("rises", "上升"),
    "falls": ("falls", "下降"),
    "unclear": ("may be chance", "可能出于偶然"),
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
    TableError
        If there are more than eight reports.
    """
    import pandas as pd

    frame = frame if isinstance(frame, pd.DataFrame) else compare_reports(frame)
    words, label = Words(WORDS, lang), f"label_{lang}"
    if REPORT_ID not in frame.columns:
        raise TableError(f"the frame has no column {REPORT_ID}; it is made by compare_reports")
    sizes = frame.drop_duplicates(REPORT_ID).set_index(REPORT_ID)["n_sentences"]
    if len(sizes) > len(REPORTS):
        raise TableError(f"the frame has {len(sizes)} reports; choose {len(REPORTS)} at most")
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
    tens = max(-(-max(frame["high"], default=1) // 0.1), 1)  # of per cent, up to which the scale goes
    scale, last = width / (10 * tens), int(10 * tens)
    left, right = margin_for(labels), margin_for(beside)
    named = {report_id: words["voice_n"].format(label=report_id, n=n) for report_id, n in sizes.items()}
    below = 0.25 * legend_lines(named.values(), left + width)  # inches of legend
    size = Size(width, row * n_rows, left=left, right=right, top=1.15, bottom=below + 1.05)
    words["title"] = words["title"].format(**{trend: (frame["trend"] == trend).sum() for trend in TRENDS})
    source = words.source(frame, "sentences", int(sizes.sum()), next((MEASURED[kind] for kind in kinds), "position"))
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        canvas.shade_rows(len(codes))
        ticks = range(0, last + 1, 10 if last < 60 else 20)
        for tick in ticks:
            canvas.upright(tick * scale, n_rows)
        for y, rows in enumerate(codes):
            points = []
            for share in rows.to_dict("records"):
                report_id = share[REPORT_ID]
                points.append((100 * share["share"] * scale, y + places[report_id] * step / row))
                canvas.line([100 * share[end] * scale for end in ("low", "high")], [points[-1][1]] * 2, SOFT, 0.9)
                canvas.mark(*points[-1], report_id, markers)
            for pair, trend in zip(itertools.pairwise(points), rows["trend"].iloc[1:], strict=True):
                canvas.link(*zip(*pair, strict=True), TRENDS[trend or "unclear"])
        canvas.label_rows(labels)
        canvas.label_columns([tick * scale - 0.03 for tick in ticks], [f"{tick}%" for tick in ticks])
        canvas.brackets(beside)
        canvas.legend(named, markers, left + width)
        lines = {trend: words[trend] for trend in TRENDS if trend in set(frame["trend"])}
        canvas.link_legend(lines, TRENDS, below + 0.25)
    return canvas.ax
