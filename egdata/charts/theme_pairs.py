"""Which themes go together more often than by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import count_theme_pairs
from egdata.charts.chart import ALPHA, Chart, drawn_from, need
from egdata.charts.style import ROW, SOFT, Canvas, Size, margin_for
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEWEST = 3  # sentences about both themes of a pair; fewer are an accident
#: (marker, filled) of a pair as found and as expected.
MARKS = {"observed": ("o", True), "expected": ("o", False)}

WORDS = {
    "title": ("Themes that go together", "哪些主题同时出现"),
    "subtitle": (
        "Sentences about both themes, and in brackets those expected by chance; {passing}",
        "同时谈及两个主题的句数，括号内为随机相遇时的预期句数；{passing}",
    ),
    "some_pass": ("{n} of {total} pairs pass the corrected test", "{total}对中有{n}对通过校正后的检验"),
    "none_passes": ("none of {total} pairs passes the corrected test", "{total}对中没有一对通过校正后的检验"),
    "observed": ("sentences about both", "同时谈及两者的句子"),
    "expected": ("expected by chance", "随机预期"),
    "pair": ("{a} and {b}: {n}, expected {expected:.1f}", "{a}与{b}：{n}句，预期{expected:.1f}句"),
    "described": (
        "Marks for sentences about two themes, found and expected: {pairs}; {passing}.",
        "同时谈及两个主题的句数及预期句数。{pairs}；{passing}。",
    ),
}


def pairs_of_substance(coding: Coding) -> pd.DataFrame:
    """Pairs of themes in all that is not procedure."""
    substance = [voice for voice in coding.report.units["voice"].drop_duplicates() if voice != "procedure"]
    return count_theme_pairs(coding, within=substance or None)


@drawn_from(pairs_of_substance)
def plot_theme_pairs(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    most: int = 12,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw which themes go together more often than by chance.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`count_theme_pairs` gives it: ``theme_a``, ``theme_b``, ``n``, ``n_sentences``, ``expected``,
        ``p_adjusted``. Or the report or coding to count without what is procedure.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    most : int
        How many pairs to draw.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per pair with a mark for the sentences found and one for those expected, the widest apart first. Pairs
        that meet in fewer than three sentences, or not more often than by chance, are left out.
    """
    need(frame, "theme_a", "theme_b", "n", "n_sentences", "expected", "p_adjusted")
    words = Words(WORDS, lang, codebook)
    themes = words.labels("themes")
    shown = _surplus(frame).head(most)
    labels = [f"{themes[row.theme_a]} + {themes[row.theme_b]}" for row in shown.itertuples()]
    width, n_rows = 4.0, max(len(shown), 1)
    scale = (width - 0.7) / max([*shown["n"], 1])  # inches per sentence
    size = Size(width, ROW * n_rows, left=margin_for(labels), bottom=0.9)
    words["subtitle"] = words["subtitle"].format(passing=_passing(frame, words))
    source = words.source(frame, "sentences", frame["n_sentences"].max() if len(frame) else 0)
    with Canvas.on(ax, size, words, source, x=(-0.1, width), n_rows=n_rows) as canvas:
        canvas.shade_rows(len(shown))
        canvas.upright(0, n_rows, SOFT)
        for y, row in enumerate(shown.itertuples()):
            canvas.line([row.expected * scale, row.n * scale], [y, y], SOFT, 1.6)
            canvas.mark(row.expected * scale, y, "expected", MARKS)
            canvas.mark(row.n * scale, y, "observed", MARKS)
            canvas.text(row.n * scale + 0.1, y, f"{row.n} ({row.expected:.1f})")
        canvas.label_rows(labels)
        canvas.legend({code: words[code] for code in MARKS}, MARKS)
    return canvas.ax


def _surplus(frame: pd.DataFrame) -> pd.DataFrame:
    """Pairs of themes that meet more often than by chance, and not only once or twice; the widest apart first."""
    surplus = (frame["n"] - frame["expected"])[frame["n"] >= FEWEST].sort_values(ascending=False, kind="stable")
    return frame.loc[surplus[surplus > 0].index]


def _passing(frame: pd.DataFrame, words: Words) -> str:
    """How many pairs of themes pass the test."""
    n = (frame["p_adjusted"] < ALPHA).sum()
    return words["some_pass" if n else "none_passes"].format(n=n, total=len(frame))


def _describe(frame: pd.DataFrame, words: Words) -> str:
    themes = words.labels("themes")
    pairs = [
        words["pair"].format(a=themes[row.theme_a], b=themes[row.theme_b], n=row.n, expected=row.expected)
        for row in _surplus(frame).head(5).itertuples()
    ]
    return words["described"].format(pairs=words["semicolon"].join(pairs), passing=_passing(frame, words))


THEME_PAIRS = Chart(
    name="theme_pairs",
    plot=plot_theme_pairs,
    describe=_describe,
    words=WORDS,
    caption="Themes that share sentences of the proposals and the Chair's summary more often than by chance. Of so "
    "many pairs some always do: read the whole, and no pair that does not pass the corrected test as a "
    "result.",
)
