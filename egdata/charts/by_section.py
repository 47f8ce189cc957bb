"""The drawing that two charts share: rows by what is counted, columns by section, in each cell a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.charts.style import (
    COLORS,
    INK,
    LABEL,
    ROW,
    SOFT,
    Size,
    Text,
    draw_line,
    draw_upright,
    label_columns,
    label_rows,
    margin_for,
    put_text,
    runs,
    shade_rows,
    sheet,
    tallest,
    wrap,
)
from egdata.charts.words import Labels, heading

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMN, GAP = 1.6, 0.15  # inches


def plot_by_section(
    cells: pd.DataFrame, ax: Axes | Figure | None, lang: str, text: Text, names: Labels, voices: Labels
) -> Axes:
    """Draw a row for each thing that is counted, that of most first, and a column for each section.

    ``cells`` has ``section_id``, ``title``, ``voice``, ``row``, ``n``, ``length`` and ``filled`` of the bar, its
    ``number``, and ``total``, the n of the section; ``names`` are those of the rows.
    """
    sections = cells.drop_duplicates("section_id").to_dict("records")
    totals = cells.groupby("row", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    places = {code: y for y, code in enumerate(totals.index)}
    labels = [wrap(names[code], 4) for code in places]
    heads = [_column_head(section, lang) for section in sections]
    groups = [
        (first, last, voice, wrap(voices[voice], COLUMN * (last - first + 1) - GAP))
        for first, last, voice in runs(section["voice"] for section in sections)
    ]
    over = tallest(heads) + 0.15
    n_columns, n_rows = max(len(sections), 1), max(len(labels), 1)
    size = Size(
        COLUMN * n_columns,
        max(ROW, tallest(labels)) * n_rows,
        left=margin_for(labels),
        top=1 + over + tallest(label for *_, label in groups),
        bottom=0.5 + 0.15 * text.source.count("\n"),
    )
    with sheet(ax, size, text) as ax:
        ax.set(xlim=(0, n_columns), ylim=(n_rows - 0.5, -0.5))
        shade_rows(ax, len(labels))
        scale = (1 - (GAP + 0.3) / COLUMN) / max(cells["length"].max(), 0.01) if len(cells) else 1
        for x, section in enumerate(sections):
            draw_upright(ax, x, len(labels), SOFT)
            for row in cells[cells["section_id"] == section["section_id"]].itertuples():
                y, length, color = places[row.row], scale * row.length, COLORS.get(row.voice, SOFT)
                if row.filled < row.length:
                    ax.barh(y, length, 0.62, left=x, color="white", edgecolor=color, linewidth=0.9)
                if row.filled or row.filled == row.length:
                    ax.barh(y, scale * row.filled, 0.62, left=x, color=color, linewidth=0)
                put_text(ax, x + length + 0.03, y, row.number, color=INK if row.n else SOFT)
        is_wrapped = any("\n" in label for label in labels)
        label_rows(ax, size, labels, va="center" if is_wrapped else "center_baseline")
        label_columns(ax, range(len(sections)), heads)
        above = 1 + over / size.height
        for first, last, voice, label in groups:
            draw_line(ax, [first, last + 1 - GAP / COLUMN], [above] * 2, COLORS.get(voice, SOFT), 2.5, "columns")
            put_text(ax, first, above + 0.09 / size.height, label, "columns", LABEL, va="baseline")
    return ax


def _column_head(section: dict, lang: str) -> str:
    title = wrap(heading(section["title"], lang), COLUMN - GAP)
    return f"{section['section_id']}\n{title}\nn = {section['total']}"
