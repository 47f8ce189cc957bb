"""The network of the same statements under each identity policy, side by side."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from egdata.analysis.layouts import network_layout
from egdata.base.vocabulary import IDENTITIES as POLICIES
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import (
    HOLDERS,
    INSTRUMENT,
    SOFT,
    Size,
    Text,
    draw_legend,
    draw_line,
    draw_mark,
    label_columns,
    label_rows,
    margin_for,
    put_text,
    sheet,
    widest,
    wrap,
)
from egdata.charts.words import labels_of, source_line, words_in
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "en": {
        "title": "The same statements, three networks",
        "subtitle": "When are two holders one actor? Three answers",
        "note": "Line width: statements; number: actors who speak of the instrument. Instruments of one "
        "statement are left out.\n",
        "identity": "{name}\n{actors} actors, {links} links",
        "mention": "Only if 'they' links them",
        "unit": "Also if of one class in a paragraph",
        "merged": "Also if of one class anywhere",
        "most": "most actors speak of {instruments}",
        "described": "{n} networks of the same statements, side by side. {networks}.",
    },
    "zh": {
        "title": "同样的陈述，三个网络",
        "subtitle": "两个持有者何时视为同一行为体：三种取法",
        "note": "线宽为陈述数，数字为谈到该文书的行为体数；仅列不止一项陈述谈到的文书。\n",
        "identity": "{name}\n{actors}个行为体，{links}条连线",
        "mention": "仅限“他们”等回指",
        "unit": "另加同段同类",
        "merged": "凡同类",
        "most": "谈及者最多：{instruments}",
        "described": "同样陈述的{n}个网络，并列。{networks}。",
    },
}


@drawn_from(lambda coding: network_layout(coding, POLICIES))
def plot_identities(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
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
    words = words_in(lang, WORDS)
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
    source = words["note"] + source_line(frame, words, "statements", first["weight"].sum())
    with sheet(ax, size, Text(words["title"], words["subtitle"], source)) as ax:
        ax.set(xlim=(0, size.width), ylim=(size.height, 0))
        for left, panel in zip(itertools.count(0, column), panels.values(), strict=False):
            step = size.height / (panel["actor_place"].max() + 1)
            for link in panel.itertuples():
                ys = [(link.instrument_place + 0.5) * row, (link.actor_place + 0.5) * step]
                draw_line(ax, [left + 0.3, left + column - 0.35], ys, SOFT, 0.6 + 0.6 * link.weight)
            for place, actors in panel.groupby("instrument_place")["actor_id"]:
                draw_mark(ax, left + 0.3, (place + 0.5) * row, "instrument", INSTRUMENT)
                put_text(ax, left + 0.2, (place + 0.5) * row, str(actors.nunique()), ha="right")
            for actor in panel.drop_duplicates("actor_place").itertuples():
                draw_mark(ax, left + column - 0.35, (actor.actor_place + 0.5) * step, actor.holder, HOLDERS)
        label_rows(ax, size, labels, [(place + 0.5) * row for place in range(len(labels))], va="center")
        label_columns(ax, [place * column + 0.1 for place in range(len(heads))], heads)
        draw_legend(ax, size, labels_of(codebook, "holders", lang).only(frame["holder"]), HOLDERS)
    return ax


def _head(identity: str, panel: pd.DataFrame, words: dict[str, str]) -> str:
    return words["identity"].format(name=words[identity], actors=panel["actor_id"].nunique(), links=len(panel))


def describe_identities(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    """What the chart shows, for those who cannot see it."""
    words, parts = words_in(lang, WORDS), []
    for identity, panel in frame.groupby("identity", sort=False):
        degrees = panel.groupby(["instrument_place", f"instrument_label_{lang}"])["actor_id"].nunique()
        top = [label for (_, label), n in degrees.items() if n == degrees.max()]
        most = words["most"].format(instruments=words["list"].join(top))
        parts.append(words["comma"].join([*_head(identity, panel, words).split("\n"), most]))
    return words["described"].format(n=len(parts), networks=words["semicolon"].join(parts))


IDENTITIES = Chart(
    "identities",
    plot_identities,
    describe_identities,
    "How much of a network is the text's, and how much a decision about who is one actor. What does not hold in "
    "all three pictures depends on that decision.",
)
