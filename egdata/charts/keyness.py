"""Which words set two subjects of the report apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.analysis.counts import theme_differences
from egdata.analysis.keyness import COUNTS, MEASURES, keyness
from egdata.analysis.sources import sign
from egdata.charts.chart import ALPHA, Chart, drawn_from, need
from egdata.charts.style import (
    BLUE,
    INK,
    LABEL,
    ROW,
    SMALL,
    SOFT,
    VERMILLION,
    Canvas,
    Size,
    margin_for,
    tallest,
    widest,
)
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Colours of the two parts that are compared.
SIDES = {"target": BLUE, "reference": VERMILLION}

WORDS = {
    "term": ("Key words: {target} and {reference}", "{target}与{reference}各自的关键词"),
    "theme_id": ("Key themes: {target} and {reference}", "{target}与{reference}各自的关键主题"),
    "subtitle": (
        "Bar length: log-likelihood (G²); beside it the occurrences on the left : on the right",
        "条长为对数似然值（G²）；旁注左侧部分 : 右侧部分的出现次数",
    ),
    "tokens": ("{n:,} tokens", "{n}个词次"),
    "key": ("p < 0.05 after correction for {n} tests", "p < 0.05（经{n}次检验校正）"),
    "no_key": ("p ≥ 0.05", "p ≥ 0.05"),
    "rest": (
        "Of either side the {most} strongest at most, the strongest first; others that pass the test: {n}.\n",
        "两侧各列至多{most}项，由强到弱；未列出而通过检验的：{n}项。\n",
    ),
    "side": ("{head}, {n} pass the test, the strongest: {top}", "{head}，{n}个通过检验，最强的是{top}"),
    "described": (
        "Diverging bars of terms more frequent in one part. {sides}.",
        "在某一部分出现较多的词语的双向条形图。{sides}。",
    ),
}


def keyness_of_subjects(coding: Coding) -> pd.DataFrame:
    """The keyness of the first subject against the second, of those on which proposals and summary have a section."""
    import pandas as pd

    pairs = theme_differences(coding)[["section_proposals", "section_summary"]].drop_duplicates()
    if len(pairs) < 2:
        frame = pd.DataFrame(columns=["term", *COUNTS, *MEASURES], dtype=float)
        frame.attrs = {"target": ({}, 0), "reference": ({}, 0)}
        return sign(frame, coding)
    return keyness(coding, *(list(pair) for pair in pairs.head(2).to_numpy()))


@drawn_from(keyness_of_subjects)
def plot_keyness(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    most: int = 12,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw which terms or themes set two parts of a report apart.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`keyness` gives it: ``term`` or ``theme_id``, ``n_target``, ``n_reference``, ``per_1000_target``,
        ``per_1000_reference``, ``log_likelihood``, ``p_adjusted``, with its ``attrs``. Or the report or coding, of
        which the first two subjects that proposals and summary share are compared.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    most : int
        How many rows to draw for either part.
    codebook : Codebook, optional
        For the labels; its glossary says what a Chinese term means in English.

    Returns
    -------
    Axes
        One bar per row, to the right for the target and then to the left for the reference, the strongest of either
        first. A bar is filled where ``p_adjusted`` is below 0.05; a line below says how many more pass.

    Raises
    ------
    ValueError
        If the frame has no ``attrs`` that name its parts, as when it was read from a file.
    """
    key = "theme_id" if "theme_id" in frame.columns else "term"
    need(frame, key, "n_target", "n_reference", "per_1000_target", "per_1000_reference")
    need(frame, "log_likelihood", "p_adjusted")
    if not {"target", "reference"} <= set(frame.attrs):
        raise ValueError("the frame does not say what it compares; pass it as keyness gives it")
    words, counted = Words(WORDS, lang, codebook), "tokens" if key == "term" else "sentences"
    is_target = _is_target(frame)
    shown = frame.loc[[*frame.index[is_target][:most], *frame.index[~is_target][::-1][:most]]]
    labels = _row_labels(shown[key], words)
    sizes = {side: frame.attrs[side][1] for side in ("reference", "target")}
    heads = {
        side: f"{_part_label(frame.attrs[side][0], words)}\n{words[counted].format(n=n)}" for side, n in sizes.items()
    }
    numbers = [f"{row.n_reference} : {row.n_target}" for row in shown.itertuples()]
    beside = widest(numbers, SMALL) + 0.15
    strongest = [max([*shown.loc[is_target[shown.index] == side, "log_likelihood"], 0]) for side in (False, True)]
    scale = 4.2 / max(sum(strongest), 1)  # inches
    left, right = (
        max(g2 * scale + beside, widest([head]) + 0.2) for g2, head in zip(strongest, heads.values(), strict=True)
    )
    n_rows = max(len(shown), 1)
    top = 1.0 + tallest(heads.values())
    size = Size(left + right, ROW * n_rows, left=margin_for(labels), top=top, bottom=1.05)
    parts = {side: _part_label(frame.attrs[side][0], words, with_ids=False) for side in sizes}
    words["title"] = words[key].format(**parts)
    n_more = (frame["p_adjusted"].drop(shown.index) < ALPHA).sum()
    source = words["rest"].format(most=most, n=n_more) + words.source(frame, counted, sum(sizes.values()))
    with Canvas.on(ax, size, words, source, x=(-left, right), n_rows=n_rows) as canvas:
        canvas.shade_rows(len(shown))
        for y, (row, number) in enumerate(zip(shown.itertuples(), numbers, strict=True)):
            side, way = ("target", 1) if row.per_1000_target > row.per_1000_reference else ("reference", -1)
            length = way * row.log_likelihood * scale
            canvas.ax.barh(y, length, 0.62, **_fill(SIDES[side], row.p_adjusted < ALPHA))
            canvas.text(length + way * 0.07, y, number, ha="left" if way > 0 else "right")
        canvas.upright(0, n_rows, INK, 1.2)
        for (side, head), x in zip(heads.items(), (-0.1, 0.1), strict=True):
            ha = "right" if x < 0 else "left"
            canvas.text(x, 1 + 0.12 / size.height, head, "columns", LABEL, SIDES[side], ha=ha, va="bottom")
        canvas.label_rows(labels)
        fills = {"key": _fill(SOFT, True), "no_key": _fill(SOFT, False)}
        canvas.swatches({code: words[code].format(n=len(frame)) for code in fills}, fills)
    return canvas.ax


def _is_target(frame: pd.DataFrame) -> pd.Series:
    """Which rows are more frequent in the target."""
    return frame["per_1000_target"] > frame["per_1000_reference"]


def _fill(color: str, is_key: bool) -> dict:
    return {"facecolor": color if is_key else "white", "edgecolor": color, "linewidth": 0.9}


def _row_labels(codes: pd.Series, words: Words) -> list[str]:
    """The labels of themes; terms as they are, with the English that the glossary has for them."""
    if codes.name == "theme_id":
        themes = words.labels("themes")
        return [themes[code] for code in codes]
    english = dict(words.codebook.tables["glossary"].itertuples(index=False, name=None)) if words.lang == "en" else {}
    return [f"{term} {english[term]}" if term in english else term for term in codes]


def _part_label(part: dict[str, str], words: Words, with_ids: bool = True) -> str:
    """Voices by their labels; sections by their headings, each once, with their ids."""
    voices = words.labels("voices")
    names = dict.fromkeys(voices[code] if code in voices else words.heading(title) for code, title in part.items())
    sections = [code for code in part if code not in voices]
    label = words["list"].join(names)
    return words["bracketed"].format(label=label, n=words["list"].join(sections)) if with_ids and sections else label


def _describe(frame: pd.DataFrame, words: Words) -> str:
    is_target, sides = _is_target(frame), []
    for side, rows in (("target", frame[is_target]), ("reference", frame[~is_target][::-1])):
        head = _part_label(frame.attrs[side][0], words)
        top = words["list"].join(_row_labels(rows["term"].head(5), words))
        sides.append(words["side"].format(head=head, n=(rows["p_adjusted"] < ALPHA).sum(), top=top))
    return words["described"].format(sides=words["semicolon"].join(sides))


KEYNESS = Chart(
    name="keyness",
    plot=plot_keyness,
    describe=_describe,
    words=WORDS,
    caption="Which words set international cooperation apart from prevention, proposals and summary taken together. "
    "A word comes again and again in one paragraph: the test ranks the words, and proves nothing.",
)
