"""Who speaks of which instrument, and with which stance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from egdata.analysis.layouts import network_layout
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import (
    BLUE,
    DASHED,
    ENDLESS,
    GREY,
    HOLDERS,
    INK,
    INSTRUMENT,
    LABEL,
    MARGIN,
    ROW,
    SOLID,
    VERMILLION,
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
    "for": (BLUE, SOLID, 2.2),
    "conditional": (BLUE, (0, (6, 1.5, 1.2, 1.5)), 1.8),
    "neutral": (GREY, SOLID, 1.1),
    "mixed": (INK, (0, (1, 1)), 2.2),
    "against": (VERMILLION, DASHED, 2.2),
    "": (GREY, (0, (1, 2)), 1.1),
}

WORDS = {
    "title": ("Who speaks of which instrument", "谁谈到哪项文书"),
    "subtitle": (
        "Holders, by their place in the text; instruments of several statements, with their number",
        "持有者及其在文中的出处，以及不止一项陈述谈到的文书（括号内为陈述数）",
    ),
    "mixed": ("several stances", "多种立场"),
    "unlinked": (
        "No line, as the sentence does not mention the instrument: {positions}.",
        "句中未提及该文书，故无连线：{positions}。",
    ),
    "unlinked_position": ("{actor}, {stance} ({instrument})", "{actor}，{stance}（{instrument}）"),
    "described": (
        "Lines from {actors} actors to the {instruments} instruments that they speak of. Statements: {counts}.",
        "{actors}个行为体与其谈到的{instruments}项文书之间的连线。陈述数：{counts}。",
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
        As :func:`network_layout` gives it for one policy: ``actor_label_en``, ``actor_label_zh``, ``holder``,
        ``instrument_label_en``, ``instrument_label_zh``, ``stance``, ``weight``, ``actor_place``,
        ``instrument_place``. ``attrs["unlinked"]``, if set, are the positions to name below the chart. Or the report or
        coding to lay out.
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
    stances = {**words.labels("stances"), "mixed": words["mixed"], "": words["none"]}
    actors = frame.drop_duplicates("actor_place").sort_values("actor_place").to_dict("records")
    labels = [actor[f"actor_label_{lang}"] for actor in actors]
    instruments = [wrap(words["bracketed"].format(label=label, n=n), 2.2) for n, label in _cited(frame, words)]
    n_rows = max(len(actors), 1)
    heights = spread(frame.groupby("instrument_place")["actor_place"].mean().tolist(), n_rows)
    size = Size(3.6, ROW * n_rows, left=margin_for(labels) + 0.1, right=margin_for(instruments))
    source = _unlinked(frame, words, size.left + size.width + size.right - 2 * MARGIN)
    source += "\n" * bool(source) + words.source(frame, "statements", frame["weight"].sum())
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


def _unlinked(frame: pd.DataFrame, words: Words, width: float = ENDLESS) -> str:
    """The positions on a drawn instrument that have no line, wrapped to a width in inches."""
    stances = words.labels("stances")
    positions = [
        words["unlinked_position"].format(
            actor=row[f"actor_label_{words.lang}"],
            stance=stances[row["stance"]],
            instrument=row[f"instrument_label_{words.lang}"],
        )
        for row in frame.attrs.get("unlinked", ())
    ]
    return wrap(words["unlinked"].format(positions=words["semicolon"].join(positions)), width) if positions else ""


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
    cited = _cited(frame, words)
    described = words["described"].format(
        actors=frame["actor_id"].nunique(), instruments=len(cited), counts=words.counted(cited)
    )
    unlinked = _unlinked(frame, words)
    return f"{described}{words['space']}{unlinked}" if unlinked else described


NETWORK = Chart(
    name="network",
    plot=plot_network,
    describe=_describe,
    words=WORDS,
    caption="Actors here are the single groups and speakers that the text brings in, linked by its anaphora alone, "
    "and only those who hold something: impersonal and unattributed statements are left out. The stance is "
    "that on the issue about the instrument; a position whose sentence does not mention the instrument has "
    "no line and is named below the chart.",
)
