"""Who speaks of which instrument, and with which stance.

Reason: it shows which texts the sides share, and that most who speak of one take no side on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from egdata.analysis.layouts import network_layout
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import (
    DASHED,
    FAINT,
    HOLDERS,
    INK,
    INSTRUMENT,
    LABEL,
    ROW,
    SOLID,
    STANCES,
    Canvas,
    Size,
    margin_for,
    wrap,
)
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: (colour, line style, points) of a link by its stance; the styles tell them apart in print.
LINKS = {
    "for": (STANCES["for"], SOLID, 2.2),
    "conditional": (STANCES["conditional"], (0, (6, 1.5, 1.2, 1.5)), 2.2),
    "neutral": (STANCES["neutral"], SOLID, 1.4),
    "mixed": (INK, (0, (1, 1)), 2.2),
    "against": (STANCES["against"], DASHED, 2.2),
    "": (FAINT, SOLID, 1.0),
}

WORDS = {
    "title": (
        "Spoken of or judged by most holders: {instruments}, by {n} of {total}",
        "谈及或表态者最多：{instruments}（{total}个持有者中有{n}个）",
    ),
    "no_title": (
        "No instrument that several statements with a holder speak of",
        "没有任何文书为多项有持有者的陈述所谈及",
    ),
    "subtitle": (
        "Holders, by their place in the text; instruments of several statements, with their number; a view told in "
        "proposals and summary stands once",
        "持有者及其在文中的出处，以及不止一项陈述谈到的文书（括号内为陈述数）；建议与总结中重复的意见只列一次",
    ),
    "mixed": ("several stances", "多种立场"),
    "described": (
        "Lines from {actors} actors to the {instruments} instruments that they speak of. Statements: {counts}. "
        "By stance: {stances}.",
        "{actors}个行为体与其谈到的{instruments}项文书之间的连线。陈述数：{counts}。按立场：{stances}。",
    ),
}


@drawn_from(network_layout)
def plot_network(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw who speaks of which instrument, and with which stance.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`network_layout` gives it: ``actor_label_en``, ``actor_label_zh``, ``holder``,
        ``instrument_label_en``, ``instrument_label_zh``, ``stance``, ``weight``, ``actor_place``,
        ``instrument_place``. Or the report or coding to lay out.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        Actors on the left, shaped by holder; instruments on the right, with the number of statements; a line for
        each row of the frame, by stance.
    """
    words = Words(WORDS, lang, codebook)
    need(frame, "holder", "stance", "weight", "actor_place", "instrument_place")
    need(frame, f"actor_label_{lang}", f"instrument_label_{lang}")
    stances = _stances(words)
    actors = frame.drop_duplicates("actor_place").sort_values("actor_place").to_dict("records")
    labels = [actor[f"actor_label_{lang}"] for actor in actors]
    instruments = [wrap(words["bracketed"].format(label=label, n=n), 2.2) for n, label in _cited(frame, words)]
    n_rows = max(len(actors), 1)
    heights = spread(frame.groupby("instrument_place")["actor_place"].mean().tolist(), n_rows)
    size = Size(3.6, ROW * n_rows, left=margin_for(labels) + 0.1, right=margin_for(instruments))
    words["title"] = _title(frame, words)
    source = words.source(frame, "links", frame["weight"].sum(), "position+holder")
    size = size._replace(bottom=1.15 + 0.15 * source.count("\n"))
    with Canvas.on(ax, size, words, source, x=(0, 1), n_rows=n_rows) as canvas:
        for row in frame.to_dict("records"):
            canvas.link([0, 1], [row["actor_place"], heights[row["instrument_place"]]], LINKS[row["stance"]])
        for y, actor in enumerate(actors):
            canvas.mark(0, y, actor["holder"], HOLDERS)
        for y, label in zip(heights, instruments, strict=True):
            canvas.mark(1, y, "instrument", INSTRUMENT)
            canvas.text(1 + 0.16 / size.width, y, label, "rows", LABEL, va="center")
        canvas.label_rows(labels)
        canvas.legend(words.labels("holders").only(frame["holder"]), HOLDERS)
        lines = {stance: stances[stance] for stance in LINKS if stance in set(frame["stance"])}
        canvas.link_legend(lines, LINKS)
    return canvas.ax


def _cited(frame: pd.DataFrame, words: Words) -> list[tuple[int, str]]:
    """How many statements speak of each instrument, from the top down."""
    weights = frame.groupby(["instrument_place", f"instrument_label_{words.lang}"])["weight"].sum()
    return [(n, label) for (_, label), n in weights.items()]


def _title(frame: pd.DataFrame, words: Words) -> str:
    """The instrument that most actors have a line to; of a tie each."""
    actors = frame.groupby(["instrument_place", f"instrument_label_{words.lang}"])["actor_place"].nunique()
    if actors.empty:
        return words["no_title"]
    most = [label for (_, label), n in actors.items() if n == actors.max()]
    return words["title"].format(instruments=words.some_of(most), n=actors.max(), total=frame["actor_place"].nunique())


def spread(wanted: Sequence[float], n_rows: int) -> list[float]:
    """Heights in the order given, as near as can be to those wanted and with room for a label of two lines."""
    room = min(2.2, n_rows / max(len(wanted), 1))
    heights: list[float] = []
    for height in wanted:
        heights.append(max(height, heights[-1] + room) if heights else max(height, 0.0))
    for index in reversed(range(len(heights))):  # pushed back up from the lower edge
        below = heights[index + 1] - room if index + 1 < len(heights) else n_rows - 1.0
        heights[index] = min(heights[index], below)
    return heights


def _describe(frame: pd.DataFrame, words: Words) -> str:
    cited, stances = _cited(frame, words), _stances(words)
    by_stance = [(n, stances[stance]) for stance, n in frame["stance"].value_counts().items()]
    return words["described"].format(
        actors=frame["actor_place"].nunique(),
        instruments=len(cited),
        counts=words.counted(cited),
        stances=words.counted(by_stance),
    )


def _stances(words: Words) -> dict[str, str]:
    return {**words.labels("stances"), "mixed": words["mixed"], "": words["none"]}


NETWORK = Chart(
    name="network",
    plot=plot_network,
    describe=_describe,
    words=WORDS,
    caption="Actors here are the single groups and speakers that the text brings in, linked by its anaphora alone, "
    "and only those who hold something: impersonal and unattributed statements are left out. The stance is "
    "that on the issue about the instrument, also where the sentence does not name it.",
)
