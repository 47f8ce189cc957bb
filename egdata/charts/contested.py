"""Contested points: how many positions on each issue are for and against it, by voice."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from egdata.analysis.contested import find_contested
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import BLUE, INK, LABEL, ROW, SOFT, VERMILLION, Canvas, Size, margin_for, widest
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Fill of each stance, from left to right; in print the hatch tells them apart.
FILLS = {
    stance: {"color": color, "hatch": hatch, "edgecolor": INK, "linewidth": 0.6}
    for stance, color, hatch in (
        ("against", VERMILLION, "////"),
        ("neutral", "#d9d9d9", ""),
        ("conditional", "#8ec6e6", "...."),
        ("for", BLUE, ""),
    )
}
COUNTS = [f"n_{stance}" for stance in FILLS]
KINDS = ("opposed", "qualified", "")

WORDS = {
    "title": ("Contested points", "有争议的议题"),
    "subtitle": (
        "Positions on each issue; to the left of the line those against, to the right all others",
        "各议题上的立场数，按立场区分；线左为反对，线右为其余各类",
    ),
    "opposed": ("opposed", "对立"),
    "qualified": ("qualified", "有保留"),
    "": ("not contested", "无争议"),
    "no_position": ("no position", "没有立场"),
    "voice_side": ("{label}\nn = {n}", "{label}\nn = {n}"),
    "described": (
        "Bars of the positions on {n} issues by voice, those against to the left. {issues}.",
        "{n}个议题上立场数的条形图，按文本性质分列，反对者在左。{issues}。",
    ),
}


@drawn_from(lambda coding: find_contested(coding, by="voice"))
def plot_contested(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw how many positions on each issue are for it, for it on conditions, neutral and against it.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`find_contested` gives it: ``issue_id``, ``n_for``, ``n_conditional``, ``n_neutral``,
        ``n_against``, ``kind``; with ``voice``, if it counts by voice. ``attrs["symbol"]``, if set, names the source.
        Or the report or coding to count by voice.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue that has positions, one column per voice if the frame has them: opposed issues first, then
        qualified ones, then the rest, and among them that of most positions first.
    """
    need(frame, "issue_id", "kind", *COUNTS)
    words, has_voices = Words(WORDS, lang, codebook), "voice" in frame.columns
    issues, stances = words.labels("issues"), words.labels("stances")
    voices = words.labels("voices") if has_voices else {"": ""}
    drawn = frame.assign(n=frame[COUNTS].sum(axis=1), order=frame["kind"].map(KINDS.index)).query("n > 0")
    drawn = drawn if has_voices else drawn.assign(voice="")
    order = drawn.groupby("issue_id", sort=False).agg(order=("order", "min"), n=("n", "sum"))
    order = order.sort_values(["order", "n"], ascending=[True, False], kind="stable").index
    panels = {voice: drawn[drawn["voice"] == voice] for voice in voices if voice in set(drawn["voice"])}
    heads = [words["voice_side"].format(label=voices[voice], n=rows["n"].sum()) for voice, rows in panels.items()]
    labels, n_rows = [issues[issue] for issue in order], max(len(order), 1)
    unit = 0.27 if len(panels) < 2 else 0.22  # inches per position
    beside = widest([words[kind] for kind in KINDS] + [words["no_position"]]) + 0.4
    extents = [(rows["n_against"].max(), (rows["n"] - rows["n_against"]).max()) for rows in panels.values()]
    widths = [
        max(unit * (sum(extent) + 0.2) + beside, widest([head])) for extent, head in zip(extents, heads, strict=True)
    ]
    lefts = [0, *itertools.accumulate(widths)]
    top = 1.3 if has_voices else 0.85
    size = Size(max(lefts[-1], 5.0), ROW * 1.15 * n_rows, left=margin_for(labels), top=top, bottom=0.9)
    source = words.source(frame, "positions", drawn["n"].sum())
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        canvas.shade_rows(len(order))
        for left, (against, others), rows in zip(lefts, extents, panels.values(), strict=False):
            zero, cells = left + unit * (against + 0.1), rows.set_index("issue_id").to_dict("index")
            for y, issue in enumerate(order):
                row = cells.get(issue)
                at = zero - unit * row["n_against"] if row else zero
                for stance in FILLS if row else ():
                    _draw_bar(canvas, at, y, row[f"n_{stance}"], stance, unit)
                    at += unit * row[f"n_{stance}"]
                kind = words[row["kind"]] if row else words["no_position"]
                color = INK if row and row["kind"] else SOFT
                canvas.text(zero + unit * others + 0.12, y, kind, size=LABEL, color=color)
            canvas.upright(zero, len(order), INK, 1.2)
        canvas.label_rows(labels)
        if has_voices:
            canvas.label_columns(lefts[: len(heads)], heads)
        canvas.swatches({stance: stances[stance] for stance in FILLS}, FILLS)
    return canvas.ax


def _draw_bar(canvas: Canvas, left: float, y: float, n: int, stance: str, unit: float) -> None:
    """A bar of one stance, with its number on a plain ground; ``unit`` is the width of one."""
    if n:
        canvas.ax.barh(y, n * unit, 0.7, left=left, **FILLS[stance])
        ground = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        canvas.text(left + n * unit / 2, y, str(n), ha="center", bbox=ground)


def _describe(frame: pd.DataFrame, words: Words) -> str:
    issues, voices = words.labels("issues"), words.labels("voices")
    drawn, parts = frame[frame[COUNTS].sum(axis=1) > 0], []
    for voice in voices.only(drawn["voice"]):
        kinds = {kind: rows["issue_id"] for kind, rows in drawn[drawn["voice"] == voice].groupby("kind")}
        named = [
            words[kind] + words["colon"] + words["list"].join(issues[issue] for issue in kinds[kind])
            for kind in KINDS
            if kind in kinds
        ]
        parts.append(voices[voice] + words["colon"] + words["semicolon"].join(named))
    return words["described"].format(n=drawn["issue_id"].nunique(), issues=words["stop"].join(parts))


CONTESTED = Chart(
    name="contested",
    plot=plot_contested,
    describe=_describe,
    words=WORDS,
    caption="On which issues views differ: opposed where some are for and some against, qualified where they differ "
    "otherwise. Proposals and summary are counted apart, because the same view may stand in both. The "
    "codebook counts a preference for existing instruments as against a new convention.",
)
