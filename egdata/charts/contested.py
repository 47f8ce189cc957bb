"""Contested points: how many positions on each issue are for and against it, by voice.

Reason: it tells which issues divide the meeting, and that most do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.contested import find_contested
from egdata.charts.chart import Chart, drawn_from, issue_rows, need
from egdata.charts.style import INK, LABEL, ROW, SOFT, STANCES, Canvas, Size, widest
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COUNTS = [f"n_{stance}" for stance in STANCES]
KINDS = ("opposed", "qualified", "")
UNIT = 0.14  # inches per position

WORDS = {
    "title": ("Both for and against: {issues}", "有赞成也有反对：{issues}"),
    "no_title": ("On no issue is one for and another against", "没有任何议题既有赞成又有反对"),
    "subtitle": (
        "Positions on each issue by stance, each voice of the report by itself",
        "各议题上的立场数，按立场区分，不同性质的文本分列",
    ),
    "together_subtitle": (
        "Positions on each issue by stance; a view told in proposals and summary counts once",
        "各议题上的立场数，按立场区分；建议与总结中重复的意见只计一次",
    ),
    "opposed": ("opposed", "对立"),
    "qualified": ("qualified", "有保留"),
    "": ("not contested", "无争议"),
    "described": (
        "Bars of the positions on {n} issues, a column for each stance. {issues}.",
        "{n}个议题上立场数的条形图，每种立场一栏。{issues}。",
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
        One row per issue that has positions, and in it one per voice if the frame has them; one column per stance.
        Opposed issues come first, then qualified ones, then the rest, and among them that of most positions.
    """
    need(frame, "issue_id", "kind", *COUNTS)
    words, has_voices = Words(WORDS, lang, codebook), "voice" in frame.columns
    issues, stances = words.labels("issues"), words.labels("stances")
    if has_voices:  # in the order of a report
        order = ["", *words.labels("voices")]
        frame = frame.sort_values("voice", key=lambda voices: voices.map(order.index), kind="stable")
    drawn = frame.assign(n=frame[COUNTS].sum(axis=1), order=frame["kind"].map(KINDS.index)).query("n > 0")
    order = drawn.groupby("issue_id", sort=False).agg(order=("order", "min"), n=("n", "sum"))
    order = order.sort_values(["order", "n"], ascending=[True, False], kind="stable").index
    rows = [row for issue in order for row in drawn[drawn["issue_id"] == issue].to_dict("records")]
    widths = [
        max(UNIT * max([row[f"n_{stance}"] for row in rows] + [0]) + 0.45, widest([stances[stance]]) + 0.3)
        for stance in STANCES
    ]
    lefts = [sum(widths[:number]) for number in range(len(widths))]
    kinds = widest(words[kind] for kind in KINDS)
    layout = issue_rows([(row["issue_id"], row.get("voice")) for row in rows], words, issues)
    size = Size(sum(widths) + kinds + 0.2, ROW * max(len(rows), 1), left=layout.left, top=1.15, bottom=0.65)
    if not has_voices:
        words["subtitle"] = words["together_subtitle"]
    words["title"] = _title(drawn, words)
    source = words.source(frame, "positions", drawn["n"].sum(), "position")
    with Canvas.on(ax, size, words, source, n_rows=max(len(rows), 1)) as canvas:
        layout.draw(canvas)
        for left, (stance, color) in zip(lefts, STANCES.items(), strict=True):
            for y, row in enumerate(rows):
                if n := row[f"n_{stance}"]:
                    canvas.ax.barh(y, n * UNIT, 0.62, left=left, color=color, linewidth=0)
                    canvas.text(left + n * UNIT + 0.05, y, str(n))
            canvas.upright(left, len(rows), SOFT)
        for y, row in enumerate(rows):
            canvas.text(sum(widths) + 0.1, y, words[row["kind"]], size=LABEL, color=INK if row["kind"] else SOFT)
        canvas.label_columns(lefts, [stances[stance] for stance in STANCES])
    return canvas.ax


def _title(drawn: pd.DataFrame, words: Words) -> str:
    """Which issues have positions for and against them, in one voice or another."""
    issues = words.labels("issues").only(drawn.loc[drawn["kind"] == "opposed", "issue_id"])
    return words["title"].format(issues=words.some_of(list(issues.values()))) if issues else words["no_title"]


def _describe(frame: pd.DataFrame, words: Words) -> str:
    drawn, issues, stances = frame[frame[COUNTS].sum(axis=1) > 0], words.labels("issues"), words.labels("stances")
    parts = []
    for voice, rows in drawn.groupby("voice", sort=False):
        named = [
            words["bracketed"].format(
                label=issues[row["issue_id"]],
                n=words.counted((row[f"n_{stance}"], stances[stance]) for stance in STANCES if row[f"n_{stance}"]),
            )
            for row in rows.to_dict("records")
        ]
        parts.append(words.voice(voice) + words["colon"] + words["semicolon"].join(named))
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
