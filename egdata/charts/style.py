"""How charts look: fonts, colours, marks, and the canvas on which they are drawn.

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

from egdata.base.vocabulary import STANCE_COLORS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, FAINT, BAND = "#1a1a1a", "#5c5c5c", "#c4c4c4", "#f3f3f3"
STANCES = STANCE_COLORS
BAR = "#4d4d4d"  # of what has no stance
#: (marker, filled) of each holder: filled on the scale from one to general, open where it has no number.
HOLDERS = {
    "one": ("^", True),
    "some": ("s", True),
    "several": ("D", True),
    "many": ("P", True),
    "general": ("*", True),
    "other": ("h", True),
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
LEAST_WIDTH = 7.0  # inches of a figure, so that a title has room
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

    settings = {"font.family": _font(), "text.color": INK, "svg.fonttype": "path", "svg.hashsalt": "egdata"}
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


def wrap(text: str, width: float, size: float = LABEL) -> str:
    """Wrapped to a width in inches: between words, in Chinese anywhere but before punctuation."""
    pieces = re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，、。；：）》”]*\s*", text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and widest([lines[-1] + piece.rstrip()], size) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def runs(values: Iterable[str]) -> list[tuple[int, int, str]]:
    """Stretches of equal values: first and last index, and the value."""
    groups = [list(group) for _, group in itertools.groupby(enumerate(values), key=lambda pair: pair[1])]
    return [(group[0][0], group[-1][0], group[0][1]) for group in groups]


# ---- the canvas --------------------------------------------------------------------------------------------


class Size(NamedTuple):
    """The size of the axes and of the margins around them, in inches."""

    width: float
    height: float
    left: float
    right: float = MARGIN
    top: float = 0.85
    bottom: float = 0.5


class Canvas(NamedTuple):
    """Axes and their size, and what charts draw on them.

    ``where`` says what coordinates mean: ``data``, ``axes``, or the data along one of them: ``rows``, ``columns``.
    """

    ax: Axes
    size: Size

    @classmethod
    @contextmanager
    def on(
        cls,
        ax: Axes | Figure | None,
        size: Size,
        words: Mapping[str, str],
        source: str,
        n_rows: int,
        x: tuple[float, float] | None = None,
    ) -> Iterator[Canvas]:
        """Axes without a frame, with title, subtitle and source around them, to be drawn on with our settings.

        Rows are numbered from the top; along them places are in inches, unless there are ends of the x axis.
        """
        from matplotlib.figure import Figure

        if ax is None:  # not under our settings: pyplot's first figure turns on interactive mode in a notebook
            import matplotlib.pyplot as plt

            ax = plt.figure(dpi=100, facecolor="white")
        with our_settings():
            size = size._replace(right=max(size.right, LEAST_WIDTH - size.left - size.width))
            room = size.left + size.width + size.right - 2 * MARGIN
            title, subtitle = wrap(words["title"], room, TITLE), wrap(words["subtitle"], room, SUBTITLE)
            lines = [wrap(line, room, SMALL) for line in source.split("\n")]
            source = "\n".join(lines)
            top, bottom = size.top + _more([subtitle], SUBTITLE), size.bottom + _more(lines, SMALL)
            size = size._replace(top=top, bottom=bottom)
            if isinstance(ax, Figure):
                ax = _axes_of(ax, size._replace(top=size.top + _more([title], TITLE)))
            canvas = cls(ax, size)
            for spine in ax.spines.values():
                spine.set_visible(False)
            ax.tick_params(length=0, labelsize=LABEL, labelcolor=INK)
            ax.set(xticks=[], yticks=[])
            left, above = (MARGIN - size.left) / size.width, 1 + (size.top - 0.42) / size.height
            ax.set_title(title, fontsize=TITLE, x=left, y=above, ha="left", pad=0, linespacing=LEADING)
            canvas.text(left, above - 0.09 / size.height, subtitle, "axes", SUBTITLE, SOFT, va="top")
            canvas.text(left, (0.15 - size.bottom) / size.height, source, "axes", SMALL, SOFT, va="bottom")
            ax.set(xlim=x or (0, size.width), ylim=(n_rows - 0.5, -0.5))
            yield canvas

    def _transform(self, where: str):
        transforms = {
            "data": self.ax.transData,
            "axes": self.ax.transAxes,
            "rows": self.ax.get_yaxis_transform(),
            "columns": self.ax.get_xaxis_transform(),
        }
        return transforms[where]

    def text(
        self, x: float, y: float, text: str, where: str = "data", size: float = SMALL, color: str = INK, **more
    ) -> None:
        """Words at a place."""
        more = {"va": "center_baseline", "linespacing": LEADING} | more
        self.ax.text(x, y, text, transform=self._transform(where), fontsize=size, color=color, **more)

    def line(self, xs: Sequence[float], ys: Sequence[float], color: str, width: float, where: str = "data") -> None:
        """A line of a width in points, cut off at its ends."""
        how = {"color": color, "linewidth": width, "clip_on": False, "solid_capstyle": "butt"}
        self.ax.plot(xs, ys, transform=self._transform(where), **how)

    def upright(self, x: float, n_rows: int, color: str = FAINT) -> None:
        """A line from the first of n rows to the last."""
        self.line([x, x], [-0.5, n_rows - 0.5], color, 0.8)

    def link(self, xs: Sequence[float], ys: Sequence[float], look: Look, where: str = "data") -> None:
        """A line between two marks."""
        color, style, width = look
        how = {"color": color, "linewidth": width, "linestyle": style, "clip_on": False, "zorder": 2}
        self.ax.plot(xs, ys, transform=self._transform(where), **how)

    def mark(self, x: float, y: float, code: str, markers: Markers, where: str = "data", color: str = INK) -> None:
        """The mark of a code."""
        marker, is_filled = markers.get(code, ("d", False))  # a holder of a codebook of one's own
        area = {"*": 75, "D": 30, "P": 55, "h": 50}.get(marker, 42)
        edge = {"edgecolors": color, "linewidths": 0.9 if color == INK else 1.4, "zorder": 3, "clip_on": False}
        face = color if is_filled else "white"
        self.ax.scatter(x, y, area, face, marker=marker, transform=self._transform(where), **edge)

    def label_rows(
        self, labels: Sequence[str], places: Sequence[float] | None = None, va: str = "center_baseline"
    ) -> None:
        """Row labels, flush left in the left margin."""
        places = range(len(labels)) if places is None else places
        self.ax.set_yticks(places, labels, ha="left", va=va, linespacing=LEADING)
        self.ax.tick_params(axis="y", pad=(self.size.left - MARGIN) * 72)

    def label_columns(self, places: Sequence[float], labels: Sequence[str], ha: str = "left") -> None:
        """Column heads above the axes."""
        self.ax.set_xticks(places, labels, ha=ha, va="baseline", linespacing=LEADING)
        self.ax.tick_params(axis="x", top=True, bottom=False, labeltop=True, labelbottom=False, pad=7)

    def shade(self, edges: Iterable[float]) -> None:
        """Shade every other row between the edges, for the eye to follow."""
        for low, high in list(itertools.pairwise(edges))[::2]:
            self.ax.axhspan(low, high, color=BAND, linewidth=0, zorder=0)

    def shade_rows(self, n: int) -> None:
        """Shade every other of n rows."""
        self.shade([y - 0.5 for y in range(n + 1)])

    def brackets(self, labels: Iterable[str]) -> None:
        """Beside the rows, what a stretch of them has in common."""
        for first, last, label in runs(labels):
            x = 1 + 0.06 / self.size.width
            self.line([x, x], [first - 0.35, last + 0.35], SOFT, 1.6, "rows")
            self.text(1 + 0.16 / self.size.width, (first + last) / 2, label, "rows", LABEL, va="center")

    def legend(self, labels: Mapping[str, str], markers: Markers, width: float = ENDLESS) -> None:
        """What the shapes of the codes mean, below the axes, in lines of a width in inches."""
        for (code, label), (line, at) in zip(labels.items(), _flow(labels.values(), width), strict=True):
            x, y = self._below(at + 0.06, 0.22 + line * 0.25)
            self.mark(x, y, code, markers, "axes")
            self.text(x + 0.11 / self.size.width, y, label, "axes", LABEL)

    def link_legend(self, labels: Mapping[str, str], looks: Mapping[str, Look], below: float = 0.5) -> None:
        """What the links of the codes mean, ``below`` the axes in inches."""
        for (code, label), (_, at) in zip(labels.items(), _flow(f"    {n}" for n in labels.values()), strict=True):
            x, y = self._below(at, below)
            self.link([x, x + 0.38 / self.size.width], [y, y], looks[code], "axes")
            self.text(x + 0.46 / self.size.width, y, label, "axes", LABEL)

    def _below(self, at: float, below: float) -> tuple[float, float]:
        """A place below the axes, in inches from the left margin and from the axes."""
        return (MARGIN - self.size.left + at) / self.size.width, -below / self.size.height


def _more(texts: Iterable[str], size: float) -> float:
    """The height of all lines after the first of each text, in inches."""
    return sum(text.count("\n") for text in texts) * size * LEADING * 1.2 / 72


def _axes_of(figure: Figure, size: Size) -> Axes:
    """Make a figure as large as axes and margins, and the axes in it."""
    width, height = size.left + size.width + size.right, size.top + size.height + size.bottom
    figure.set_size_inches(width, height)
    place = size.left / width, size.bottom / height, size.width / width, size.height / height
    return figure.add_axes(place)


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
