"""The network of the same statements under each identity policy, side by side."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from egdata.analysis.layouts import network_layout
from egdata.base.vocabulary import IDENTITIES as POLICIES
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import HOLDERS, INSTRUMENT, SOFT, Canvas, Size, margin_for, widest, wrap
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "title": ("The same statements, three networks", "同样的陈述，三个网络"),
    "subtitle": ("When are two holders one actor? Three answers", "两个持有者何时视为同一行为体：三种取法"),
    "note": (
        "Line width: statements; number: actors who speak of the instrument. Instruments of one statement are "
        "left out.\n",
        "线宽为陈述数，数字为谈到该文书的行为体数；仅列不止一项陈述谈到的文书。\n",
    ),
    "identity": ("{name}\n{actors} actors, {links} links", "{name}\n{actors}个行为体，{links}条连线"),
    "mention": ("Only if 'they' links them", "仅限“他们”等回指"),
    "unit": ("Also if of one class in a paragraph", "另加同段同类"),
    "merged": ("Also if of one class anywhere", "凡同类"),
    "most": ("most actors speak of {instruments}", "谈及者最多：{instruments}"),
    "described": (
        "{n} networks of the same statements, side by side. {networks}.",
        "同样陈述的{n}个网络，并列。{networks}。",
    ),
}


@drawn_from(lambda coding: network_layout(coding, POLICIES))
def plot_identities(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw the network of the same statements under several identity policies, side by side.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`network_layout` gives it for several policies: ``identity``, ``actor_id``, ``holder``,
        ``instrument_label_en``, ``instrument_label_zh``, ``weight``, ``actor_place``, ``instrument_place``. Or the
        report or coding to lay out under all three.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per instrument; one column per policy with the instruments on its left, each with the number of
        its actors, and the actors on its right, shaped by holder; lines as wide as there are statements.
    """
    words = Words(WORDS, lang, codebook)
    need(frame, "identity", "actor_id", "holder", f"instrument_label_{lang}", "weight")
    need(frame, "actor_place", "instrument_place")
    rows = frame.drop_duplicates("instrument_place").sort_values("instrument_place")
    labels = [wrap(label, 2.2) for label in rows[f"instrument_label_{lang}"]]
    panels = dict(list(frame.groupby("identity", sort=False)))
    heads = [_head(identity, panel, words) for identity, panel in panels.items()]
    column = max(widest(heads) + 0.3, 2.3)
    n_columns, row = max(len(panels), 1), 0.75  # inches
    size = Size(column * n_columns, row * max(len(labels), 1), left=margin_for(labels), top=1.3, bottom=1.05)
    first = frame[frame["identity"] == frame["identity"].iloc[0]] if len(frame) else frame
    source = words["note"] + words.source(frame, "statements", first["weight"].sum())
    with Canvas.on(ax, size, words, source) as canvas:
        for left, panel in zip(itertools.count(0, column), panels.values(), strict=False):
            step = size.height / (panel["actor_place"].max() + 1)
            for link in panel.itertuples():
                ys = [(link.instrument_place + 0.5) * row, (link.actor_place + 0.5) * step]
                canvas.line([left + 0.3, left + column - 0.35], ys, SOFT, 0.6 + 0.6 * link.weight)
            for place, actors in panel.groupby("instrument_place")["actor_id"]:
                canvas.mark(left + 0.3, (place + 0.5) * row, "instrument", INSTRUMENT)
                canvas.text(left + 0.2, (place + 0.5) * row, str(actors.nunique()), ha="right")
            for actor in panel.drop_duplicates("actor_place").itertuples():
                canvas.mark(left + column - 0.35, (actor.actor_place + 0.5) * step, actor.holder, HOLDERS)
        canvas.label_rows(labels, [(place + 0.5) * row for place in range(len(labels))], va="center")
        canvas.label_columns([place * column + 0.1 for place in range(len(heads))], heads)
        canvas.legend(words.labels("holders").only(frame["holder"]), HOLDERS)
    return canvas.ax


def _head(identity: str, panel: pd.DataFrame, words: Words) -> str:
    return words["identity"].format(name=words[identity], actors=panel["actor_id"].nunique(), links=len(panel))


def _describe(frame: pd.DataFrame, words: Words) -> str:
    parts = []
    for identity, panel in frame.groupby("identity", sort=False):
        degrees = panel.groupby(["instrument_place", f"instrument_label_{words.lang}"])["actor_id"].nunique()
        top = [label for (_, label), n in degrees.items() if n == degrees.max()]
        most = words["most"].format(instruments=words["list"].join(top))
        parts.append(words["comma"].join([*_head(identity, panel, words).split("\n"), most]))
    return words["described"].format(n=len(parts), networks=words["semicolon"].join(parts))


IDENTITIES = Chart(
    name="identities",
    plot=plot_identities,
    describe=_describe,
    words=WORDS,
    caption="How much of a network is the text's, and how much a decision about who is one actor. What does not hold "
    "in all three pictures depends on that decision.",
)
