"""The drawing that two charts share: rows by what is counted, columns by section, in each cell a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.charts.style import BAR, LABEL, ROW, SOFT, Canvas, Size, margin_for, runs, tallest, wrap
from egdata.charts.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMN, GAP = 1.3, 0.15  # inches


def plot_by_section(cells: pd.DataFrame, ax: Axes | Figure | None, words: Words, source: str, table: str) -> Axes:
    """Draw a row for each thing that is counted, that of most first, and a column for each section.

    ``cells`` has ``section_id``, ``title``, ``voice``, ``row``, ``n``, ``length`` and ``filled`` of the bar, its
    ``number``, and ``total``, the n of the section; ``table`` of the codebook has the labels of the rows.
    """
    names = words.labels(table)
    sections = cells.drop_duplicates("section_id").to_dict("records")
    totals = cells.groupby("row", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    places = {code: y for y, code in enumerate(totals.index)}
    labels = [wrap(names[code], 4) for code in places]
    heads = [_column_head(section, words) for section in sections]
    groups = [
        (first, last, wrap(words.voice(voice), COLUMN * (last - first + 1) - GAP))
        for first, last, voice in runs(section["voice"] for section in sections)
    ]
    over = tallest(heads) + 0.15
    n_columns, n_rows = max(len(sections), 1), max(len(labels), 1)
    size = Size(
        COLUMN * n_columns,
        max(ROW, tallest(labels)) * n_rows,
        left=margin_for(labels),
        top=1 + over + tallest(label for *_, label in groups),
        bottom=0.5 + 0.15 * source.count("\n"),
    )
    with Canvas.on(ax, size, words, source, x=(0, n_columns), n_rows=n_rows) as canvas:
        canvas.shade_rows(len(labels))
        scale = (1 - (GAP + 0.3) / COLUMN) / max(cells["length"].max(), 0.01) if len(cells) else 1
        for x, section in enumerate(sections):
            canvas.upright(x, len(labels), SOFT)
            for row in cells[(cells["section_id"] == section["section_id"]) & cells["n"].gt(0)].itertuples():
                y, length = places[row.row], scale * row.length
                if row.filled < row.length:
                    canvas.ax.barh(y, length, 0.62, left=x, color="white", edgecolor=BAR, linewidth=0.9)
                if row.filled or row.filled == row.length:
                    canvas.ax.barh(y, scale * row.filled, 0.62, left=x, color=BAR, linewidth=0)
                canvas.text(x + length + 0.03, y, row.number)
        is_wrapped = any("\n" in label for label in labels)
        canvas.label_rows(labels, va="center" if is_wrapped else "center_baseline")
        canvas.label_columns(range(len(sections)), heads)
        above = 1 + over / size.height
        for first, last, label in groups:
            canvas.line([first, last + 1 - GAP / COLUMN], [above] * 2, SOFT, 1.6, "columns")
            canvas.text(first, above + 0.09 / size.height, label, "columns", LABEL, va="baseline")
    return canvas.ax


def _column_head(section: dict, words: Words) -> str:
    title = wrap(words.heading(section["title"]), COLUMN - GAP)
    return f"{section['section_id']}\n{title}\nn = {section['total']}"
