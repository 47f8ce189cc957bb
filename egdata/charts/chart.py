"""What every chart has: the parts that the gallery needs, and what its drawing takes in place of a table."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from egdata.analysis.sources import sign
from egdata.base.errors import TableError
from egdata.base.frames import need_one
from egdata.charts.style import SMALL, SOFT, Canvas, margin_for, runs, widest, wrap
from egdata.charts.words import Words
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ALPHA = 0.05  # below it a difference is called one
LEAST = 10  # sentences; a share of fewer says little


class Chart(NamedTuple):
    """A chart of the gallery: its drawing, which knows its table, and the words that go with it."""

    name: str
    plot: Callable[..., Axes]
    describe: Callable[[pd.DataFrame, Words], str]
    words: Mapping[str, tuple[str, str]]
    caption: str
    shown: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame  # the rows of the table that are drawn

    def table(self, coding: Coding) -> pd.DataFrame:
        """What is drawn of a coding."""
        return self.plot.table(coding)

    def alternative_text(self, frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
        """What the chart of a table shows, for those who cannot see it."""
        return self.describe(frame, Words(self.words, lang, codebook))


def drawn_from(table: Callable[[Coding], pd.DataFrame]) -> Callable:
    """Let a drawing of a frame take a Report or Coding in its place, and make the frame by ``table``.

    The drawing gets the codebook of the coding, or else the bundled one.
    """

    def decorate(plot: Callable[..., Axes]) -> Callable[..., Axes]:
        @functools.wraps(plot)
        def call(frame: Any, *args: Any, codebook: Codebook | None = None, **kwargs: Any) -> Axes:
            import pandas as pd

            if not isinstance(frame, pd.DataFrame):
                coding = coding_of(frame, codebook)
                frame, codebook = call.table(coding), coding.codebook
            return plot(frame, *args, codebook=codebook or read_codebook(), **kwargs)

        call.table = lambda coding: sign(table(coding), coding)
        return one_report(call)

    return decorate


def need(frame: pd.DataFrame, *columns: str) -> None:
    """Raise if a frame lacks a column, or has rows of several reports."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise TableError(f"the frame has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")
    need_one(frame, "the chart")


class IssueRows(NamedTuple):
    """Rows by issue, and in each by voice: their labels, and the margin that holds them."""

    issues: list[tuple[int, int, str]]  # first row, last row, label
    voices: list[str]  # label of each row
    left: float  # inches

    def draw(self, canvas: Canvas) -> None:
        """Shade every other issue, and label issues and voices."""
        canvas.shade([-0.5, *(last + 0.5 for _, last, _ in self.issues)])
        canvas.label_rows([label for *_, label in self.issues], [(a + b) / 2 for a, b, _ in self.issues], "center")
        for y, voice in enumerate(self.voices):
            canvas.text(-0.1 / canvas.size.width, y, voice, "rows", color=SOFT, ha="right")


def issue_rows(rows: Sequence[tuple[str, str | None]], words: Words, issues: Mapping[str, str]) -> IssueRows:
    """The rows of a chart by issue and voice; a voice that is None has no label."""
    voices = [words.voice(voice) if voice else "" for _, voice in rows]
    stretches = runs(issue for issue, _ in rows)
    labels = [(first, last, wrap(issues[issue], 1.9 if last > first else 3.5)) for first, last, issue in stretches]
    beside = widest(voices, SMALL) + 0.25 if any(voices) else 0.0
    return IssueRows(labels, voices, margin_for(label for *_, label in labels) + beside)


def substantial(frame: pd.DataFrame) -> pd.DataFrame:
    """The sections with enough sentences for a share; those on procedure only if there are no others."""
    long_enough = frame[frame["n_sentences"] >= LEAST]
    substance = long_enough[long_enough["voice"] != "procedure"]
    return substance if len(substance) else long_enough
