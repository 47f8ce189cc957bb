"""How well texts were coded that nothing had been learnt from. No chart of the gallery, which is of a report.

Reason: whoever cites a count must see first how often the coding errs, and how little a set of sentences says of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.charts.chart import need
from egdata.charts.style import FAINT, SOFT, Canvas, Size, margin_for
from egdata.charts.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: (marker, filled) of each score.
MEASURES = {"position": ("o", True), "position+holder": ("o", False)}
APART = 0.22  # rows, from the middle of a row to each of its marks
MEAN = 0.17  # rows, half the height of the line at a mean

WORDS = {
    "title": ("F1 of positions, mean of all first scores: {means}", "立场F1值，各次首次评分的平均：{means}"),
    "mean": ("{f1:.2f} in {lang}", "{lang}{f1:.2f}"),
    "no_title": ("The coding has not been scored on any text", "编码尚未在任何文本上评分"),
    "subtitle": (
        "A mark is the first score on a set, a line the mean; 1 is every position found and none too many",
        "每个标记为一套文本的首次评分，竖线为平均；1表示立场全部找到且无误报",
    ),
    "zh": ("Chinese", "中文"),
    "en": ("English", "英文"),
    "of_sentences": ("{n} sets of sentences", "{n}套句子"),
    "of_report": ("{n} invented reports", "{n}份虚构的报告"),
    "gold": (
        "Source: coded sets of sentences and reports, each scored once. ",
        "资料来源：已编码的句子集和报告，各评分一次。",
    ),
}


def plot_scores(frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en") -> Axes:
    """Draw how well texts were coded that nothing had been learnt from.

    Parameters
    ----------
    frame : DataFrame
        As :func:`egdata.read_scores` or :func:`egdata.score_sets` gives it: ``set``, ``kind``, ``lang``, ``n``,
        ``position`` and ``position+holder``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.

    Returns
    -------
    Axes
        One row per language and kind of text, Chinese first; in it for each set a filled mark for positions and an
        open one for positions with their holders, and a line at the mean of either.
    """
    need(frame, "set", "kind", "lang", "n", *MEASURES)
    numbers = {"n": int} | dict.fromkeys(MEASURES, float)  # what was recorded is text
    words, frame = Words(WORDS, lang), frame.astype(numbers).sort_values("lang", ascending=False, kind="stable")
    rows = list(frame.groupby(["lang", "kind"], sort=False))
    labels = [words[f"of_{kind}"].format(n=len(sets)) for (_, kind), sets in rows]
    beside = [words[code] for (code, _), _ in rows]
    n_rows, width = max(len(rows), 1), 5.0
    size = Size(width, 0.75 * n_rows, margin_for(labels), right=margin_for(beside), top=1.15, bottom=0.85)
    means = frame.groupby("lang", sort=False)["position"].mean()
    named = words["comma"].join(words["mean"].format(f1=f1, lang=words[code]) for code, f1 in means.items())
    words["title"] = words["title"].format(means=named) if named else words["no_title"]
    source = words["gold"] + words["n"].format(n=words["sentences"].format(n=frame["n"].sum()))
    ticks = [fifth / 5 for fifth in range(6)]
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        canvas.shade_rows(len(rows))
        for tick in ticks:
            canvas.upright(tick * width, n_rows, FAINT)
        for y, (_, sets) in enumerate(rows):
            for measure, place in zip(MEASURES, (y - APART, y + APART), strict=True):
                for value in sets[measure]:
                    canvas.mark(value * width, place, measure, MEASURES)
                mean = sets[measure].mean() * width
                canvas.line([mean, mean], [place - MEAN, place + MEAN], SOFT, 2.0)
        canvas.label_rows(labels)
        canvas.label_columns([tick * width for tick in ticks], [f"{tick:.1f}" for tick in ticks], "center")
        canvas.brackets(beside)
        canvas.legend({measure: words[measure] for measure in MEASURES}, MEASURES)
    return canvas.ax
