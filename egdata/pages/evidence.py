"""Evidence on the screen: the quotes of a table in their sentences, with the words marked."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import Report, one_report, read_report

if TYPE_CHECKING:
    import pandas as pd

WORDS = ("quote", "keyword", "text")  # the column with the words of a span, in this order
#: What is said of a quote: column of the table → name, and the code tables that have its label.
DETAILS = {
    "issue_id": ("issue", ("issues",)),
    "stance": ("stance", ("stances",)),
    "entity_id": ("refers to", ("instruments", "actors")),
    "locator": ("locator", ()),
    "holder": ("holder", ("holders",)),
    "modality": ("modality", ("modalities",)),
    "name_en": ("speaker", ()),
}
MARKS = {"zh": "【】", "en": "[]"}
#: Colours are those of the theme of JupyterLab; marked words are bold and underlined too.
STYLE = """<style>
.egdata-quotes { color: var(--jp-content-font-color1, inherit); max-width: 60em; }
.egdata-quotes figure { margin: 0 0 1em; }
.egdata-quotes blockquote { margin: 0; padding: 0 0 0 .8em; line-height: 1.6;
  border-left: 3px solid var(--jp-border-color1, currentColor); }
.egdata-quotes figcaption { color: var(--jp-content-font-color2, inherit); font-size: .9em; }
.egdata-quotes cite { font-style: normal; font-weight: 600; }
.egdata-quotes mark { color: inherit; background: transparent;
  background: color-mix(in srgb, var(--jp-warn-color1, #f57c00) 25%, transparent);
  border-bottom: 2px solid var(--jp-warn-color1, currentColor); }
</style>"""


@dataclass(frozen=True)
class Quote:
    """One quote in its context: ``before + words + after`` is the passage as it stands in the report."""

    citation: str
    before: str
    words: str
    after: str
    details: tuple[str, ...] = ()
    answers: tuple[str, str] | None = None  # citation and text of the sentence that a contrast is set against


@dataclass(frozen=True, repr=False)
class Quotes:
    """What :func:`show` returns: HTML in a notebook, plain text elsewhere.

    Attributes
    ----------
    quotes : tuple of Quote
    lang : str
        Language of the report.
    """

    quotes: tuple[Quote, ...]
    lang: str

    def __len__(self) -> int:
        return len(self.quotes)

    def __repr__(self) -> str:
        opening, closing = MARKS[self.lang]
        blocks = []
        for quote in self.quotes:
            lines = [" · ".join([quote.citation, *quote.details])]
            lines += [f"    {quote.before}{opening}{quote.words}{closing}{quote.after}"]
            if quote.answers:
                lines += [f"  set against {quote.answers[0]}", f"    {quote.answers[1]}"]
            blocks.append("\n".join(lines))
        return "\n\n".join(blocks) or "No quotes."

    def _repr_html_(self) -> str:
        figures = "\n".join(self._figure(quote) for quote in self.quotes) or "<p>No quotes.</p>"
        # the second class: dollars in a report are no formula
        return f'<div class="egdata-quotes tex2jax_ignore">\n{STYLE}\n{figures}\n</div>'

    def _figure(self, quote: Quote) -> str:
        details = "".join(f" · {escape(detail)}" for detail in quote.details)
        lines = [
            "<figure>",
            f"<figcaption><cite>{escape(quote.citation)}</cite>{details}</figcaption>",
            f'<blockquote lang="{self.lang}">{escape(quote.before)}<mark><strong>{escape(quote.words)}</strong></mark>'
            f"{escape(quote.after)}</blockquote>",
        ]
        if quote.answers:
            citation, text = map(escape, quote.answers)
            lines += [
                f"<figcaption>set against <cite>{citation}</cite></figcaption>",
                f'<blockquote lang="{self.lang}">{text}</blockquote>',
            ]
        return "\n".join([*lines, "</figure>"])


@one_report
def show(frame: pd.DataFrame, report: Report | Coding | None = None, codebook: Codebook | None = None) -> Quotes:
    """Show the quotes of a table where they stand in the report.

    Parameters
    ----------
    frame : DataFrame
        Positions, statements, mentions, contrasts, or any other table with ``start``, ``end`` and ``quote``
        (``keyword`` of :func:`egdata.kwic`, ``text`` of sentences); a part of one, or one row of it.
    report : Report or Coding, optional
        What the table was made from; the bundled one if omitted.
    codebook : Codebook, optional
        Has the labels of issues, stances, holders and instruments. A code that it lacks is shown as it is.

    Returns
    -------
    Quotes
        One quote per row, in the order of the table, each in its sentence and with its citation. In a notebook the
        words are marked, bold and underlined; ``print`` puts them between 【 and 】, in an English report between
        [ and ]. A contrast comes with the sentence that it is set against. An empty table gives no quotes.

    Raises
    ------
    EgdataError
        If a column is missing, or if the words of a row are not in the report at its ``start`` and ``end``, as when
        the table was made from another report.

    Notes
    -----
    Words in a footnote are shown in the whole footnote, words in a heading in the heading, and words that go beyond
    a sentence in the whole paragraph.

    Examples
    --------
    'Some speakers support a new convention.'

    >>> from egdata.reading.report import sentences_report
    >>> from egdata.analysis.kwic import kwic
    >>> report = sentences_report(["会上，一些发言者支持新公约。"])
    >>> show(kwic(report, "新公约"), report)
    sentences, para. 0
        会上，一些发言者支持【新公约】。
    """
    if getattr(frame, "ndim", None) == 1:
        frame = frame.to_frame().T
    words = next((column for column in WORDS if column in getattr(frame, "columns", ())), None)
    if words is None or not {"start", "end"} <= set(frame.columns):
        raise EgdataError(
            "the table needs the columns start, end and quote, as positions, statements and mentions have"
        )
    coding = coding_of(report or read_report(codebook=codebook), codebook)
    report, labels = coding.report, _labels(coding.codebook)
    quotes = []
    for name, row in zip(frame.index, frame.to_dict("records"), strict=True):
        start, end = _span(report, row["start"], row["end"], row[words], name)
        citation, first, last = _place(report, start, end)
        passage = report.text[first:start], report.text[start:end], report.text[end:last]
        quotes.append(Quote(citation, *passage, _details(row, labels), _answers(report, row.get("to_id"))))
    return Quotes(tuple(quotes), report.lang)


def _span(report: Report, start: object, end: object, words: str, name: object) -> tuple[int, int]:
    """The span of a row, if the words are there."""
    where = f"row {name!r}: {str(words)[:40]!r}"
    try:
        start, end = int(start), int(end)
    except (TypeError, ValueError):
        raise EgdataError(f"{where} has no span: {start!r} to {end!r}") from None
    stands = report.text[start:end] if 0 <= start < end else ""
    if not stands or stands != words:
        raise EgdataError(
            f"{where} is not in {report!r} at {start}:{end}, where {stands[:40]!r} stands; "
            "pass the report that the table was made from as report="
        )
    return start, end


def _place(report: Report, start: int, end: int) -> tuple[str, int, int]:
    """Citation and span of the passage that holds a span."""
    for table in (report.sentences, report.units, report.footnotes, report.sections):
        held = table[(table["start"] <= start) & (table["end"] >= end)]
        if held.empty:
            continue
        row = held.iloc[0]
        citation = report.citation(row["unit_id"]) if row.get("unit_id") else report.name
        if table is report.footnotes:
            citation += f", footnote {row['footnote_id']}"
        elif table is report.sections:
            citation += f", section {row['section_id']}" if row["level"] else ", title"
        return citation, int(row["start"]), int(row["end"])
    raise EgdataError(f"{start}:{end} goes beyond one paragraph: {report.text[start:end][:30]!r} …")


def _labels(codebook: Codebook) -> dict[str, dict[str, str]]:
    """For each column of ``DETAILS`` the English label of each code."""
    return {
        column: {code: row["label_en"] for table in tables for code, row in codebook.codes(table).items()}
        for column, (_, tables) in DETAILS.items()
    }


def _details(row: dict, labels: dict[str, dict[str, str]]) -> tuple[str, ...]:
    values = {column: row.get(column) for column in DETAILS}
    return tuple(
        f"{DETAILS[column][0]}: {labels[column].get(value, value)}"
        for column, value in values.items()
        if isinstance(value, str) and value
    )


def _answers(report: Report, statement_id: object) -> tuple[str, str] | None:
    """The sentence of the statement that a contrast is set against."""
    if not isinstance(statement_id, str):
        return None
    sentences = report.sentences[report.sentences["sentence_id"] == statement_id.rpartition("/")[0]]
    if sentences.empty:
        raise EgdataError(f"to_id {statement_id!r} is no statement of {report!r}")
    row = sentences.iloc[0]
    return report.citation(row["unit_id"]), report.text[row["start"] : row["end"]]
