"""How charts look: fonts, colours, marks, and the sheet on which they are drawn.

Every chart is a table: row labels on the left, column heads above, marks or bars in the cells. Axes and margins are
measured in inches, from the labels that they hold, so that nothing overlaps in either language.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, FAINT, BAND = "#1a1a1a", "#5c5c5c", "#c4c4c4", "#f3f3f3"
#: Okabe and Ito's blue, vermillion and a grey: different for every kind of colour vision, and as greys.
BLUE, VERMILLION, GREY = "#0072b2", "#d55e00", "#7a7a7a"
COLORS = {"proposals": BLUE, "chair-summary": VERMILLION, "procedure": GREY}
#: (marker, filled) of each holder: filled on the scale from one to general, open where it has no number.
HOLDERS = {
    "one": ("^", True),
    "some": ("s", True),
    "several": ("D", True),
    "many": ("P", True),
    "general": ("*", True),
    "other": ("X", True),
    "speakers": ("o", True),
    "named": ("v", False),
    "impersonal": ("o", False),
    "unattributed": ("s", False),
}
INSTRUMENT = {"instrument": ("s", False)}
SOLID, DASHED = "-", (0, (3.5, 1.5))  # line styles
TITLE, SUBTITLE, LABEL, SMALL = 14, 10, 9.5, 8.5  # points
LEADING = 1.25  # times the type size
ROW, MARGIN = 0.27, 0.2  # inches
ENDLESS = float("inf")  # inches

Markers = Mapping[str, tuple[str, bool]]
Look = tuple[str, object, float]  # colour, line style and points of a link


# ---- settings ----------------------------------------------------------------------------------------------


@functools.cache
def _font() -> str:
    """The name of a font with Latin and Chinese glyphs; a clean machine has none."""
    import locale

    import pylopdf_fonts_zh_cn
    from matplotlib import font_manager

    path = str(pylopdf_fonts_zh_cn.sans_path())
    font_manager.fontManager.addfont(path)
    # The first text that is set decides by the locale which forms of the glyphs a process draws, and how wide they are
    ours = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    font_manager.get_font(path).set_text("0")
    locale.setlocale(locale.LC_CTYPE, ours)
    return font_manager.FontProperties(fname=path).get_name()


@contextmanager
def our_settings() -> Iterator[None]:
    """Our settings for a while; a matplotlibrc of one's own must not change a chart."""
    import matplotlib

    settings = {
        "font.family": _font(),
        "text.color": INK,
        "hatch.linewidth": 0.6,
        "svg.fonttype": "path",
        "svg.hashsalt": "egdata",
    }
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        yield


# ---- measures ----------------------------------------------------------------------------------------------


@functools.cache
def _inch(line: str, size: float) -> float:
    """The width of one line of text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=_font(), size=size)
    return text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] / 72


def widest(texts: Iterable[str], size: float = LABEL) -> float:
    """The width of the widest line of all texts in inches."""
    return max((_inch(line, size) for text in texts for line in text.split("\n")), default=0.0)


def tallest(texts: Iterable[str]) -> float:
    """The height of the tallest label in inches."""
    return max((text.count("\n") + 1 for text in texts), default=0) * LABEL * LEADING * 1.2 / 72


def margin_for(labels: Iterable[str]) -> float:
    """The margin that holds labels, in inches."""
    return widest(labels) + 2 * MARGIN


def wrap(text: str, width: float) -> str:
    """Wrapped to a width in inches: between words, in Chinese anywhere but before punctuation."""
    pieces = re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，、。；：）》”]*\s*", text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and widest([lines[-1] + piece.rstrip()]) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def runs(values: Iterable[str]) -> list[tuple[int, int, str]]:
    """Stretches of equal values: first and last index, and the value."""
    stretches: list[tuple[int, int, str]] = []
    for index, value in enumerate(values):
        if stretches and stretches[-1][2] == value:
            stretches[-1] = (stretches[-1][0], index, value)
        else:
            stretches.append((index, index, value))
    return stretches


def percent_scale(highest: float, width: float) -> tuple[float, int]:
    """Inches per per cent, and the per cent at which a scale for shares up to the highest ends."""
    tens = max(-(-highest // 0.1), 1)
    return width / (10 * tens), int(10 * tens)


# ---- the sheet ---------------------------------------------------------------------------------------------


class Size(NamedTuple):
    """The size of the axes and of the margins around them, in inches."""

    width: float
    height: float
    left: float
    right: float = MARGIN
    top: float = 0.85
    bottom: float = 0.5


class Text(NamedTuple):
    """What stands above and below a chart."""

    title: str
    subtitle: str
    source: str


@contextmanager
def sheet(ax: Axes | Figure | None, size: Size, text: Text) -> Iterator[Axes]:
    """Axes without a frame, with the words around them, to be drawn on with our settings."""
    if ax is None:  # not under our settings: pyplot's first figure turns on interactive mode in a notebook
        import matplotlib.pyplot as plt

        ax = plt.figure(dpi=100, facecolor="white")
    with our_settings():
        yield _begin(ax, size, text)


def _begin(ax: Axes | Figure, size: Size, text: Text) -> Axes:
    from matplotlib.figure import Figure

    if isinstance(ax, Figure):
        needed = max(widest([text.title], TITLE), widest([text.subtitle], SUBTITLE), widest([text.source], SMALL))
        ax = _axes_of(ax, size._replace(right=max(size.right, needed + 2 * MARGIN - size.left - size.width)))
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0, labelsize=LABEL, labelcolor=INK)
    ax.set(xticks=[], yticks=[])
    left = (MARGIN - size.left) / size.width
    above = 1 + (size.top - 0.42) / size.height
    ax.set_title(text.title, fontsize=TITLE, x=left, y=above, ha="left", pad=0)
    put_text(ax, left, above - 0.09 / size.height, text.subtitle, "axes", SUBTITLE, SOFT, va="top")
    put_text(ax, left, (0.15 - size.bottom) / size.height, text.source, "axes", SMALL, SOFT, va="bottom")
    return ax


def _axes_of(figure: Figure, size: Size) -> Axes:
    """Make a figure as large as axes and margins, and the axes in it."""
    width, height = size.left + size.width + size.right, size.top + size.height + size.bottom
    figure.set_size_inches(width, height)
    place = size.left / width, size.bottom / height, size.width / width, size.height / height
    return figure.add_axes(place)


# ---- what is drawn on it -----------------------------------------------------------------------------------


def _transform(ax: Axes, where: str):
    """Coordinates by name: of the data, of the axes, or data along one of them ('rows', 'columns')."""
    transforms = {
        "data": ax.transData,
        "axes": ax.transAxes,
        "rows": ax.get_yaxis_transform(),
        "columns": ax.get_xaxis_transform(),
    }
    return transforms[where]


def put_text(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    where: str = "data",
    size: float = SMALL,
    color: str = INK,
    **alignment: str,
) -> None:
    """Words at a place; the coordinates are those of :func:`_transform`."""
    more = {"va": "center_baseline", "linespacing": LEADING} | alignment
    ax.text(x, y, text, transform=_transform(ax, where), fontsize=size, color=color, **more)


def draw_line(
    ax: Axes, xs: Sequence[float], ys: Sequence[float], color: str, width: float, where: str = "data"
) -> None:
    """A line of a width in points, cut off at its ends."""
    transform = _transform(ax, where)
    ax.plot(xs, ys, transform=transform, color=color, linewidth=width, clip_on=False, solid_capstyle="butt")


def draw_upright(ax: Axes, x: float, n_rows: int, color: str = FAINT, width: float = 0.8) -> None:
    """A line from the first row to the last."""
    draw_line(ax, [x, x], [-0.5, n_rows - 0.5], color, width)


def draw_link(ax: Axes, xs: Sequence[float], ys: Sequence[float], look: Look, where: str = "data") -> None:
    """A line between two marks."""
    color, style, width = look
    transform = _transform(ax, where)
    ax.plot(xs, ys, transform=transform, color=color, linewidth=width, linestyle=style, clip_on=False, zorder=2)


def draw_mark(ax: Axes, x: float, y: float, code: str, markers: Markers, where: str = "data", color: str = INK) -> None:
    """The mark of a code."""
    marker, filled = markers.get(code, ("d", False))  # a holder of a codebook of one's own
    area = {"*": 75, "D": 30, "P": 55, "X": 50}.get(marker, 42)
    face, transform = color if filled else "white", _transform(ax, where)
    ax.scatter(
        x,
        y,
        area,
        face,
        marker=marker,
        edgecolors=color,
        linewidths=0.9 if color == INK else 1.4,
        zorder=3,
        transform=transform,
        clip_on=False,
    )


def label_rows(
    ax: Axes, size: Size, labels: Sequence[str], places: Iterable[float] | None = None, va: str = "center_baseline"
) -> None:
    """Row labels, flush left in the left margin."""
    ax.set_yticks(list(range(len(labels)) if places is None else places), labels, ha="left", va=va, linespacing=LEADING)
    ax.tick_params(axis="y", pad=(size.left - MARGIN) * 72)


def label_columns(ax: Axes, places: Iterable[float], labels: Iterable[str], ha: str = "left") -> None:
    """Column heads above the axes."""
    ax.set_xticks(list(places), list(labels), ha=ha, va="baseline", linespacing=LEADING)
    ax.tick_params(axis="x", top=True, bottom=False, labeltop=True, labelbottom=False, pad=7)


def shade(ax: Axes, edges: Iterable[float]) -> None:
    """Shade every other row between the edges, for the eye to follow."""
    for low, high in list(itertools.pairwise(edges))[::2]:
        ax.axhspan(low, high, color=BAND, linewidth=0, zorder=0)


def shade_rows(ax: Axes, n: int) -> None:
    """Shade every other of n rows."""
    shade(ax, [y - 0.5 for y in range(n + 1)])


def draw_brackets(ax: Axes, size: Size, labels: Iterable[str], colors: Sequence[str]) -> None:
    """Beside the rows, what a stretch of them has in common."""
    for first, last, label in runs(labels):
        draw_line(ax, [1 + 0.06 / size.width] * 2, [first - 0.35, last + 0.35], colors[first], 2.5, "rows")
        put_text(ax, 1 + 0.16 / size.width, (first + last) / 2, label, "rows", LABEL, va="center")


# ---- legends -----------------------------------------------------------------------------------------------


def _flow(labels: Iterable[str], width: float = ENDLESS) -> list[tuple[int, float]]:
    """Where the entries of a legend stand in lines of a width in inches: line, and place in it."""
    places: list[tuple[int, float]] = []
    line, at = 0, 0.0
    for label in labels:
        step = 0.55 + widest([label])
        if at and at + step > width:
            line, at = line + 1, 0.0
        places.append((line, at))
        at += step
    return places


def legend_lines(labels: Iterable[str], width: float) -> int:
    """How many lines of a width in inches a legend takes, one at least."""
    return 1 + max((line for line, _ in _flow(labels, width)), default=0)


def draw_legend(
    ax: Axes,
    size: Size,
    labels: Mapping[str, str],
    markers: Markers,
    width: float = ENDLESS,
    colors: Mapping[str, str] | None = None,
) -> None:
    """What the shapes of the codes mean, below the axes."""
    for (code, label), (line, at) in zip(labels.items(), _flow(labels.values(), width), strict=True):
        x, y = (MARGIN + 0.06 - size.left + at) / size.width, -(0.22 + line * 0.25) / size.height
        draw_mark(ax, x, y, code, markers, "axes", (colors or {}).get(code, INK))
        put_text(ax, x + 0.11 / size.width, y, label, "axes", LABEL)


def draw_link_legend(
    ax: Axes, size: Size, labels: Mapping[str, str], looks: Mapping[str, Look], below: float = 0.5
) -> None:
    """What the links of the codes mean, ``below`` the axes in inches."""
    for (code, label), (_, at) in zip(labels.items(), _flow(f"    {label}" for label in labels.values()), strict=True):
        x, y = (MARGIN - size.left + at) / size.width, -below / size.height
        draw_link(ax, [x, x + 0.38 / size.width], [y, y], looks[code], "axes")
        put_text(ax, x + 0.46 / size.width, y, label, "axes", LABEL)


def draw_swatches(ax: Axes, size: Size, labels: Mapping[str, str], fills: Mapping[str, dict]) -> None:
    """What the fills of the bars mean, below the axes."""
    for (code, label), (_, at) in zip(labels.items(), _flow(labels.values()), strict=True):
        x, y = (MARGIN - size.left + at) / size.width, -0.22 / size.height
        bar = {"left": x, "transform": ax.transAxes, "clip_on": False}
        ax.barh(y, 0.28 / size.width, 0.16 / size.height, **bar, **fills[code])
        put_text(ax, x + 0.34 / size.width, y, label, "axes", LABEL)
