"""Which holders agree and which conflict on the issues that they have in common."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from egdata.analysis.layouts import agreement_layout
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import (
    BLUE,
    DASHED,
    FAINT,
    HOLDERS,
    MARGIN,
    SMALL,
    SOLID,
    VERMILLION,
    Canvas,
    Look,
    Size,
    widest,
)
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: (colour, line style) of a pair of actors, by what prevails between them.
TIES = {"balanced": (FAINT, SOLID), "congruence": (BLUE, SOLID), "conflict": (VERMILLION, DASHED)}
NAMED = ("congruence", "conflict", "balanced")  # in legend and alternative text

WORDS = {
    "title": ("Who agrees with whom", "谁与谁立场一致"),
    "subtitle": (
        "Holders by class and sentence, ordered by issue and stance; line width: how far one prevails",
        "按类别和句次区分的持有者，依议题和立场排列；线宽表示一致与冲突之差",
    ),
    "pairs": ("{n} pairs of holders with an issue in common", "{n}对有共同议题的持有者"),
    "congruence": ("more agreement", "一致较多"),
    "conflict": ("more conflict", "冲突较多"),
    "balanced": ("as much of both", "两者相等"),
    "tie_count": ("{n} {label}", "{label}{n}对"),
    "pair": ("{a} and {b} ({tie})", "{a}与{b}（{tie}）"),
    "described": (
        "Ring of {actors} holders, linked where they take a stance on the same issue. Pairs: {ties}. On: "
        "{issues}. Strongest: {strongest}.",
        "{actors}个持有者排成一圈，对同一议题持有立场者相连。{pairs}对中：{ties}。议题：{issues}。最强：{strongest}。",
    ),
}


@drawn_from(agreement_layout)
def plot_agreement(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw which actors agree and which conflict on the issues that they have in common.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`agreement_layout` gives it: ``source_holder``, ``target_holder``, ``source_label_en`` and the other
        three labels, ``balance``, ``source_place``, ``target_place``. Or the report or coding to lay out.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        Actors on a ring, shaped by holder; a line for each row of the frame: solid where congruence prevails, dashed
        where conflict does, the wider the more, and faint where neither does.
    """
    words, ends = Words(WORDS, lang, codebook), ("source", "target")
    need(frame, "balance", *(f"{end}_{name}" for end in ends for name in ("holder", "place", f"label_{lang}")))
    actors = {
        row[f"{end}_place"]: (row[f"{end}_holder"], row[f"{end}_label_{lang}"])
        for row in frame.to_dict("records")
        for end in ends
    }
    shapes = words.labels("holders").only(holder for holder, _ in actors.values())
    ties = _ties(frame)
    slots = max(len(actors) + len(actors) % 2, 4)  # even, so that no actor stands at the very top or bottom
    half = math.pi / slots
    radius = max(2.2, 0.22 / (math.cos(half) - math.cos(3 * half)))  # inches; a line of type between two labels
    angles = [(2 * place + 1) * half for place in range(slots)]
    points = [(radius * math.sin(angle), radius * math.cos(angle)) for angle in angles]
    beside, edge = widest((label for _, label in actors.values()), SMALL) + MARGIN, radius + 0.25
    size = Size(2 * edge, 2 * edge, left=beside + MARGIN, right=beside + MARGIN, top=1.0, bottom=1.15)
    source = words.source(frame, "pairs", len(frame))
    with Canvas.on(ax, size, words, source) as canvas:
        canvas.ax.set(xlim=(-edge, edge), ylim=(-edge, edge))
        drawn = sorted(
            zip(ties, frame["balance"], frame["source_place"], frame["target_place"], strict=True),
            key=lambda tie: (list(TIES).index(tie[0]), abs(tie[1])),
        )
        for tie, balance, *places in drawn:
            canvas.link(*zip(*(points[place] for place in places), strict=True), _look(tie, abs(balance)))
        for place, (holder, label) in sorted(actors.items()):
            (x, y), is_right = points[place], place < slots / 2
            canvas.mark(x, y, holder, HOLDERS)
            outward = 1 + 0.16 / radius  # off the lines, which are all inside
            canvas.text(x * outward, y * outward, label, ha="left" if is_right else "right")
        canvas.legend(shapes, HOLDERS)
        lines = {tie: words[tie] for tie in NAMED if tie in set(ties)}
        canvas.link_legend(lines, {tie: _look(tie, 1) for tie in TIES})
    return canvas.ax


def _ties(frame: pd.DataFrame) -> pd.Series:
    """What prevails between the actors of each pair."""
    return frame["balance"].map(lambda n: "congruence" if n > 0 else "conflict" if n < 0 else "balanced").astype(object)


def _look(tie: str, excess: float) -> Look:
    return *TIES[tie], 0.7 + 0.8 * (excess if tie != "balanced" else 0)


def _describe(frame: pd.DataFrame, words: Words) -> str:
    ties, issues = _ties(frame), words.labels("issues")
    strongest = frame[frame["balance"].abs() == frame["balance"].abs().max()]
    counts = [words["tie_count"].format(n=(ties == tie).sum(), label=words[tie]) for tie in NAMED]
    shared = [(n, issues[issue]) for issue, n in frame["issues"].str.split(";").explode().value_counts().items()]
    pairs = [
        words["pair"].format(a=row[f"source_label_{words.lang}"], b=row[f"target_label_{words.lang}"], tie=words[tie])
        for row, tie in zip(strongest.to_dict("records"), ties[strongest.index], strict=True)
    ]
    return words["described"].format(
        actors=len({*frame["source"], *frame["target"]}),
        pairs=len(frame),
        ties=words["list"].join(counts),
        issues=words.counted(shared),
        strongest=words["semicolon"].join(pairs),
    )


AGREEMENT = Chart(
    name="agreement",
    plot=plot_agreement,
    describe=_describe,
    words=WORDS,
    caption="Which holders say compatible things on the same issue, and which the opposite; holders whose issue "
    "nobody else takes up are left out. Conditional and neutral count as the same, so that two who set "
    "conditions or take no side agree. Only an anaphor makes two holders one here, so two marks may be the "
    "same speakers, and agreement is no alliance.",
)
