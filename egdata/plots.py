"""Charts, and the tables that they show. The only place that knows fonts and style."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.codebook import Codebook, read_codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from egdata.report import Report

LANGS = ("en", "zh")
LEAST = 10  # sentences; a share of fewer says little
DPI = 150  # of the PNG files


# ---- the tables that are drawn ------------------------------------------------------------------------------


def count_sections(report: Report, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count the units and sentences of each section.

    Parameters
    ----------
    report : Report
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per section, in the order of the report, without its title:

        - ``section_id``, ``title``, ``voice`` : str
        - ``n_units``, ``n_sentences`` : int, directly in the section, not in those below it
        - ``n_coded`` : int, sentences that carry a position

        Empty if the report has no headings. ``attrs["symbol"]`` is the symbol of the report.
    """
    from egdata.positions import find_positions
    from egdata.statements import find_statements

    codebook = codebook or read_codebook()
    statements = find_statements(report, codebook)
    positions = find_positions(report, codebook, statements=statements)
    carrying = statements["statement_id"].isin(positions["statement_id"])
    sentences = report.sentences.assign(section_id=_section_of(report, report.sentences["unit_id"]))
    coded = sentences[sentences["sentence_id"].isin(statements.loc[carrying, "sentence_id"])]
    frame = report.sections.loc[report.sections["level"] > 0, ["section_id", "title", "voice"]]
    for column, counted in (("n_units", report.units), ("n_sentences", sentences), ("n_coded", coded)):
        counts = frame["section_id"].map(counted["section_id"].value_counts())
        frame = frame.assign(**{column: counts.fillna(0).astype("int64")})
    return _signed(frame.reset_index(drop=True), report)


def count_themes(report: Report, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count the sentences about each theme, section by section.

    Parameters
    ----------
    report : Report
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per section that has sentences × theme of the codebook, in the order of the report and of the
        codebook, zeros included:

        - ``section_id``, ``title``, ``voice``, ``theme_id`` : str
        - ``n`` : int, sentences of the section about the theme
        - ``n_sentences`` : int, all sentences of the section
        - ``share`` : float, ``n / n_sentences``

        Empty if the report has no headings. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    A sentence has up to three themes, so that the shares of a section do not add up to 1.
    """
    from egdata.themes import find_themes

    codebook = codebook or read_codebook()
    themes = find_themes(report, codebook).merge(
        report.sentences[["sentence_id", "unit_id"]], on="sentence_id"
    )
    counts = themes.assign(section_id=_section_of(report, themes["unit_id"]))
    counts = counts.groupby(["section_id", "theme_id"]).size().rename("n").reset_index()
    sizes = _section_of(report, report.sentences["unit_id"]).value_counts()
    sections = report.sections.loc[report.sections["level"] > 0, ["section_id", "title", "voice"]]
    sections = sections[sections["section_id"].isin(sizes.index)]
    grid = sections.merge(codebook.tables["themes"][["id"]].rename(columns={"id": "theme_id"}), how="cross")
    frame = grid.merge(counts, on=["section_id", "theme_id"], how="left")
    frame["n"] = frame["n"].fillna(0).astype("int64")
    frame["n_sentences"] = frame["section_id"].map(sizes).astype("int64")
    frame["share"] = frame["n"] / frame["n_sentences"]
    return _signed(frame, report)


def find_references(
    report: Report, entities: str | Sequence[str], codebook: Codebook | None = None
) -> pd.DataFrame:
    """Find every reference to an instrument, by name or by anaphor, with the stance taken there.

    Parameters
    ----------
    report : Report
    entities : str or sequence of str
        Ids of instruments, such as ``"budapest"``.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per reference, in the order of the report, that in a footnote where its anchor stands:

        - ``mention_id``, ``entity_id``, ``form``, ``locator`` : str, as in :func:`find_mentions`
        - ``unit_id``, ``section_id``, ``voice`` : str, where it stands
        - ``stance``, ``holder`` : str, those of the position that the sentence takes on the issue of the instrument
          (the first if there are more); no stance and the sentence's first holder if it takes none; both empty in
          a footnote
        - ``quote`` : str, the words that refer to it
        - ``citation`` : str

        Empty if nothing refers to it. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    The stance is that of the sentence towards the proposition of the codebook (that the Budapest Convention is a
    suitable standard), not towards the instrument as such.
    """
    from egdata.mentions import find_mentions
    from egdata.positions import find_positions
    from egdata.statements import find_statements

    codebook = codebook or read_codebook()
    wanted = [entities] if isinstance(entities, str) else list(entities)
    statements = find_statements(report, codebook)
    positions = find_positions(report, codebook, statements=statements)
    positions = positions.merge(statements[["statement_id", "sentence_id", "holder"]], on="statement_id")
    issues = codebook.tables["issues"]
    positions = positions[positions["issue_id"].isin(issues.loc[issues["instrument"].isin(wanted), "id"])]
    positions = positions.drop_duplicates("sentence_id").set_index("sentence_id")
    holders = statements.drop_duplicates("sentence_id").set_index("sentence_id")["holder"]

    frame = find_mentions(report, codebook).query("entity_id in @wanted")
    notes = report.footnotes.set_index("footnote_id")
    is_note = frame["footnote_id"] != ""
    units = frame["sentence_id"].map(report.sentences.set_index("sentence_id")["unit_id"])
    frame["unit_id"] = units.where(~is_note, frame["footnote_id"].map(notes["unit_id"]))
    frame["place"] = frame["start"].where(~is_note, frame["footnote_id"].map(notes["anchor"]))
    frame = frame.sort_values("place", kind="stable").reset_index(drop=True)
    issue_of = dict(zip(issues["instrument"], issues["id"], strict=True))
    about = frame["entity_id"].map(issue_of) == frame["sentence_id"].map(positions["issue_id"])
    frame["stance"] = frame["sentence_id"].map(positions["stance"]).where(about).fillna("")
    holder = frame["sentence_id"].map(positions["holder"]).where(about)
    frame["holder"] = holder.fillna(frame["sentence_id"].map(holders)).fillna("")
    frame["section_id"] = _section_of(report, frame["unit_id"])
    frame["voice"] = frame["unit_id"].map(report.units.set_index("unit_id")["voice"])
    note = [f", footnote {number}" if number else "" for number in frame["footnote_id"]]
    frame["citation"] = [report.citation(unit) for unit in frame["unit_id"]]
    frame["citation"] += note
    columns = (
        "mention_id",
        "entity_id",
        "form",
        "locator",
        "unit_id",
        "section_id",
        "voice",
        "stance",
        "holder",
    )
    return _signed(frame[[*columns, "quote", "citation"]], report)


def _section_of(report: Report, unit_ids: pd.Series) -> pd.Series:
    return unit_ids.map(report.units.set_index("unit_id")["section_id"])


def _signed(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """A chart names its source: the frame keeps the symbol of the report."""
    frame.attrs["symbol"] = report.meta["symbol"] or report.meta["report_id"]
    return frame


# ---- style --------------------------------------------------------------------------------------------------

INK, SOFT, FAINT, BAND = "#1a1a1a", "#5c5c5c", "#c4c4c4", "#f3f3f3"
#: Okabe and Ito's blue, vermillion and a grey: different for every kind of colour vision, and as greys.
COLORS = {"proposals": "#0072b2", "chair-summary": "#d55e00", "procedure": "#7a7a7a"}
#: (fill, hatch) of each stance; in print the hatch tells them apart.
STANCES = {
    "against": ("#d55e00", "////"),
    "neutral": ("#d9d9d9", ""),
    "conditional": ("#8ec6e6", "...."),
    "for": ("#0072b2", ""),
}
#: (marker, filled) of each holder: filled on the scale from one to general, open where it has no number.
MARKERS = {
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
FORMS = {"named": ("o", True), "short": ("o", True), "generic": ("D", False), "anaphor": ("^", False)}
TITLE, SUBTITLE, LABEL, SMALL = 14, 10, 9.5, 8.5  # points
ROW = 0.27  # inches

#: English for headings that reports of expert groups share; any other is shown as it stands.
HEADINGS = {
    "导言": "Introduction",
    "报告员汇编的初步建议和结论清单": "Recommendations compiled by the Rapporteur",
    "国际合作": "International cooperation",
    "预防": "Prevention",
    "审议情况概要（主席的总结）": "Summary of deliberations",
    "其他事项": "Other matters",
    "会议安排": "Organization of the meeting",
    "会议开幕": "Opening of the meeting",
    "通过议程和其他组织事项": "Adoption of the agenda",
    "发言情况": "Statements",
    "出席情况": "Attendance",
    "文件": "Documentation",
    "通过报告": "Adoption of the report",
}

WORDS = {
    "en": {
        "source": "Source: {symbol}. {n}. Coded with egdata.",
        "n": "n = {n}",
        "sentences": "{n} sentences",
        "positions": "{n} positions",
        "references": "{n} references",
        "report": "The report at a glance",
        "report_sub": "Sentences of each section, in the order of the report; filled: those that carry a position",
        "report_row": "{n_coded} of {n_sentences} sentences, {n_units} units",
        "themes": "What each section is about",
        "themes_sub": "Share of its sentences about a theme, in per cent; a sentence may have up to three themes",
        "themes_rest": "Not shown: procedure, and sections of fewer than {least} sentences ({sections}).",
        "map": "Who is for and against what",
        "map_sub": "One mark per position, with its paragraph; the shape says who is said to hold it",
        "contested": "Contested points",
        "contested_sub": "Positions on each issue, by stance; to the left of the line those against",
        "opposed": "opposed",
        "qualified": "qualified",
        "": "not contested",
        "references_title": "References to the {instruments}",
        "references_sub": "In the order of the report, with the holder; the column is the stance taken there on: {issue}",
        "none": "no stance",
        "footnote": "footnote",
        "named": "by name",
        "short": "by short name",
        "generic": "unnamed",
        "anaphor": "by anaphor",
        "and": " and the ",
        "list": ", ",
    },
    "zh": {
        "source": "资料来源：{symbol}。{n}。以egdata编码。",
        "n": "n = {n}",
        "sentences": "共{n}句",
        "positions": "共{n}个立场",
        "references": "共{n}处提及",
        "report": "报告概览",
        "report_sub": "各节的句数，按报告顺序；实心部分为载有立场的句子",
        "report_row": "{n_sentences}句中的{n_coded}句，{n_units}个单元",
        "themes": "各节谈什么",
        "themes_sub": "各节中谈及某一主题的句子所占百分比；一句至多计三个主题",
        "themes_rest": "未列出程序部分和不足{least}句的各节（{sections}）。",
        "map": "谁赞成什么，谁反对什么",
        "map_sub": "每个标记为一个立场，旁注段次；形状表示立场由谁持有",
        "contested": "有争议的问题",
        "contested_sub": "各问题上的立场数，按立场区分；线左为反对",
        "opposed": "对立",
        "qualified": "有保留",
        "": "无争议",
        "references_title": "报告何处提及{instruments}",
        "references_sub": "按报告顺序，旁注持有者；所在列为该处对“{issue}”的立场",
        "none": "无立场",
        "footnote": "脚注",
        "named": "具名",
        "short": "简称",
        "generic": "不具名",
        "anaphor": "回指",
        "and": "及",
        "list": "、",
    },
}


@functools.cache
def _font() -> str:
    """The name of a font with Latin and Chinese glyphs; a clean machine has none."""
    import pylopdf_fonts_zh_cn
    from matplotlib import font_manager

    path = str(pylopdf_fonts_zh_cn.sans_path())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@contextmanager
def _style() -> Iterator[None]:
    import matplotlib

    settings = {
        "font.family": _font(),
        "text.color": INK,
        "hatch.linewidth": 0.6,
        "svg.fonttype": "path",
        "svg.hashsalt": "egdata",
    }
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a matplotlibrc of one's own must not change a chart
        matplotlib.rcParams.update(settings)
        yield


class _Size(NamedTuple):
    """The size of a chart's axes and of the margins around them, in inches."""

    width: float
    height: float
    left: float = 0.2
    right: float = 0.2
    top: float = 0.8
    bottom: float = 0.5


def _figure_axes(figure, size: _Size) -> Axes:
    """The axes of a figure made for them."""
    width, height = size.left + size.width + size.right, size.top + size.height + size.bottom
    figure.set_size_inches(width, height)
    return figure.add_axes(
        (size.left / width, size.bottom / height, size.width / width, size.height / height)
    )


def _begin(ax: Axes | Figure | None, size: _Size) -> Axes:
    from matplotlib.figure import Figure

    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.figure(dpi=100)
    if isinstance(ax, Figure):
        ax = _figure_axes(ax, size)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0, labelsize=LABEL, labelcolor=INK)
    return ax


def _inches(ax: Axes) -> tuple[float, float]:
    """The width and height of the axes."""
    box = ax.get_position()
    width, height = ax.get_figure().get_size_inches()
    return box.width * width, box.height * height


def _write(ax: Axes, size: _Size, title: str, subtitle: str, source: str) -> None:
    """Title and subtitle above, the source below, all from the left edge of the row labels."""
    width, height = _inches(ax)
    x = (0.2 - size.left) / width
    top = (size.top - 0.42) / height
    ax.set_title(title, fontsize=TITLE, x=x, y=1 + top, ha="left", pad=0)
    ax.text(
        x, 1 + top - 0.07 / height, subtitle, transform=ax.transAxes, fontsize=SUBTITLE, color=SOFT, va="top"
    )
    foot = -(size.bottom - 0.15) / height
    ax.text(x, foot, source, transform=ax.transAxes, fontsize=SMALL, color=SOFT, va="bottom", linespacing=1.4)


def _rows(
    ax: Axes, places: Iterable[float], labels: Iterable[str], size: _Size, va: str = "center_baseline"
) -> None:
    """Row labels, flush left in the left margin."""
    ax.set_yticks(list(places), list(labels), ha="left", va=va, linespacing=1.25)
    ax.tick_params(axis="y", pad=(size.left - 0.2) * 72)


def _columns(ax: Axes, places: Iterable[float], labels: Iterable[str]) -> None:
    """Column headings above the axes."""
    ax.set_xticks(list(places), list(labels), ha="left", va="baseline", linespacing=1.25)
    ax.tick_params(axis="x", top=True, bottom=False, labeltop=True, labelbottom=False, pad=7)


def _bands(ax: Axes, edges: Sequence[float]) -> None:
    """Shade every other row, for the eye to follow."""
    for number, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
        if number % 2 == 0:
            ax.axhspan(low, high, color=BAND, linewidth=0, zorder=0)


@functools.cache
def _inch(line: str, size: float = LABEL) -> float:
    """The width of one line of text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=_font(), size=size)
    return text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] / 72


def _widest(texts: Iterable[str], size: float = LABEL) -> float:
    """The width of the widest line of all texts in inches."""
    return max((_inch(line, size) for text in texts for line in text.split("\n")), default=0.0)


def _height(texts: Iterable[str], size: float = LABEL) -> float:
    """The height of the tallest text in inches."""
    return max((text.count("\n") + 1 for text in texts), default=0) * size * 1.25 * 1.25 / 72


def _wrap(text: str, width: float) -> str:
    """Wrapped to a width in inches: between words, in Chinese anywhere but before punctuation."""
    pieces = re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，、。；：）》”]*\s*", text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and _inch(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def _words(lang: str) -> dict[str, str]:
    if lang not in WORDS:
        raise ValueError(f"lang={lang!r}: it is one of {', '.join(WORDS)}")
    return WORDS[lang]


def _labels(codebook: Codebook, table: str, lang: str) -> dict[str, str]:
    frame = codebook.tables[table]
    return dict(zip(frame["id"], frame[f"label_{lang}"], strict=True))


def _heading(title: str, lang: str) -> str:
    return HEADINGS.get(title, title) if lang == "en" else title


def _need(frame: pd.DataFrame, *columns: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")


def _source(frame: pd.DataFrame, lang: str, n: str) -> str:
    symbol = frame.attrs.get("symbol", "")
    if not symbol and "citation" in frame.columns:
        symbol = "; ".join(dict.fromkeys(citation.split(", para.")[0] for citation in frame["citation"]))
    return _words(lang)["source"].format(symbol=symbol or "–", n=n)


def _runs(values: Iterable[str]) -> list[tuple[int, int, str]]:
    """Stretches of equal values: first and last index, and the value."""
    runs: list[tuple[int, int, str]] = []
    for index, value in enumerate(values):
        if runs and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], index, value)
        else:
            runs.append((index, index, value))
    return runs


# ---- charts -------------------------------------------------------------------------------------------------


def plot_report(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw the sections of a report: how long each is, whose text it is, and how much of it is coded.

    Parameters
    ----------
    frame : DataFrame
        As :func:`count_sections` gives it: ``section_id``, ``title``, ``voice``, ``n_units``, ``n_sentences``,
        ``n_coded``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
    """
    _need(frame, "section_id", "title", "voice", "n_units", "n_sentences", "n_coded")
    words, voices = _words(lang), _labels(codebook or read_codebook(), "voices", lang)
    labels = [_section_label(*row, lang) for row in zip(frame["section_id"], frame["title"], strict=True)]
    texts = [_report_row(row, words) if row["n_sentences"] else "" for row in frame.to_dict("records")]
    unit = 4 / max(frame["n_sentences"].max(), 1) if len(frame) else 1  # inches a sentence
    ends = [n * unit + _widest([text], SMALL) for n, text in zip(frame["n_sentences"], texts, strict=True)]
    beside = [_wrap(voices.get(voice, voice), 1.6) for voice in frame["voice"]]
    size = _Size(
        max(ends, default=4) + 0.2,
        ROW * max(len(frame), 1),
        left=_widest(labels) + 0.4,
        right=_widest(beside) + 0.4,
    )
    with _style():
        ax = _begin(ax, size)
        ax.set(xlim=(0, size.width), ylim=(max(len(frame), 1) - 0.5, -0.5), xticks=[])
        for y, row in enumerate(frame.itertuples()):
            color = COLORS.get(row.voice, SOFT)
            ax.barh(y, row.n_sentences * unit, 0.66, color="white", edgecolor=color, linewidth=0.9)
            ax.barh(y, row.n_coded * unit, 0.66, color=color, linewidth=0)
            ax.text(row.n_sentences * unit + 0.07, y, texts[y], fontsize=SMALL, va="center_baseline")
        _rows(ax, range(len(labels)), labels, size)
        _brackets(ax, size, beside, [COLORS.get(voice, SOFT) for voice in frame["voice"]])
        n = words["n"].format(n=words["sentences"].format(n=frame["n_sentences"].sum()))
        _write(ax, size, words["report"], words["report_sub"], _source(frame, lang, n))
    return ax


def _report_row(row: dict, words: dict[str, str]) -> str:
    text = words["report_row"].format(**row)
    return re.sub(r"\b1 (sentence|unit)s", r"1 \1", text)


def _brackets(ax: Axes, size: _Size, labels: list[str], colors: list[str]) -> None:
    """Beside the rows, what a stretch of them has in common."""
    for first, last, label in _runs(labels):
        ax.plot(
            [1 + 0.06 / size.width] * 2,
            [first - 0.35, last + 0.35],
            transform=ax.get_yaxis_transform(),
            clip_on=False,
            color=colors[first],
            linewidth=2.5,
            solid_capstyle="butt",
        )
        ax.text(
            1 + 0.16 / size.width,
            (first + last) / 2,
            label,
            transform=ax.get_yaxis_transform(),
            fontsize=LABEL,
            va="center",
            linespacing=1.25,
        )


def plot_themes(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw how much of each section is about each theme.

    Parameters
    ----------
    frame : DataFrame
        As :func:`count_themes` gives it: ``section_id``, ``title``, ``voice``, ``theme_id``, ``n``,
        ``n_sentences``, ``share``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One column per section, one row per theme, that of most sentences first. Sections of fewer than ten
        sentences are named below the chart instead.
    """
    _need(frame, "section_id", "title", "voice", "theme_id", "n", "n_sentences", "share")
    words, codebook = _words(lang), codebook or read_codebook()
    voices, themes = _labels(codebook, "voices", lang), _labels(codebook, "themes", lang)
    shown = _substantial(frame)
    sections = shown.drop_duplicates("section_id").to_dict("records")
    totals = shown.groupby("theme_id", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    labels = [themes.get(theme, theme) for theme in totals.index]
    column, gap = 1.6, 0.15
    longest = max(shown["share"].max(), 0.01) if len(shown) else 1
    heads = [_column_head(section, lang, column - gap) for section in sections]
    groups = [
        (first, last, voice, _wrap(voices.get(voice, voice), column * (last - first + 1) - gap))
        for first, last, voice in _runs(section["voice"] for section in sections)
    ]
    head_height = _height(heads) + 0.15
    size = _Size(
        column * max(len(sections), 1),
        ROW * max(len(labels), 1),
        left=_widest(labels) + 0.4,
        top=0.95 + head_height + _height(label for *_, label in groups),
        bottom=0.65,
    )
    with _style():
        ax = _begin(ax, size)
        ax.set(xlim=(0, max(len(sections), 1)), ylim=(max(len(labels), 1) - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(labels) + 1)])
        places = {theme: y for y, theme in enumerate(totals.index)}
        for x, section in enumerate(sections):
            rows = shown[shown["section_id"] == section["section_id"]]
            ys = [places[theme] for theme in rows["theme_id"]]
            lengths = rows["share"] / longest * (1 - (gap + 0.3) / column)
            ax.barh(ys, lengths, 0.62, left=x, color=COLORS.get(section["voice"], SOFT), linewidth=0)
            ax.plot([x, x], [-0.5, len(labels) - 0.5], color=SOFT, linewidth=0.8)
            for y, length, share in zip(ys, lengths, rows["share"], strict=True):
                ax.text(
                    x + length + 0.03,
                    y,
                    f"{100 * share:.0f}",
                    fontsize=SMALL,
                    va="center_baseline",
                    color=INK if share else SOFT,
                )
        _rows(ax, range(len(labels)), labels, size)
        _columns(ax, range(len(sections)), heads)
        line = 1 + head_height / size.height
        for first, last, voice, label in groups:
            ax.plot(
                [first, last + 1 - gap / column],
                [line, line],
                transform=ax.get_xaxis_transform(),
                clip_on=False,
                color=COLORS.get(voice, SOFT),
                linewidth=2.5,
                solid_capstyle="butt",
            )
            ax.text(
                first,
                line + 0.06 / size.height,
                label,
                transform=ax.get_xaxis_transform(),
                fontsize=LABEL,
                va="bottom",
                linespacing=1.25,
            )
        n = words["n"].format(
            n=words["sentences"].format(n=sum(section["n_sentences"] for section in sections))
        )
        rest = [
            section
            for section in dict.fromkeys(frame["section_id"])
            if section not in set(shown["section_id"])
        ]
        note = (
            words["themes_rest"].format(least=LEAST, sections=words["list"].join(rest)) + "\n" if rest else ""
        )
        _write(ax, size, words["themes"], words["themes_sub"], note + _source(frame, lang, n))
    return ax


def _substantial(frame: pd.DataFrame) -> pd.DataFrame:
    """The sections with enough sentences for a share; those on procedure only if there are no others."""
    long_enough = frame[frame["n_sentences"] >= LEAST]
    substance = long_enough[long_enough["voice"] != "procedure"]
    return substance if len(substance) else long_enough


def _section_label(section_id: str, title: str, lang: str) -> str:
    return f"{section_id} {_heading(title, lang)}"


def _column_head(section: dict, lang: str, width: float) -> str:
    lines = _wrap(_heading(section["title"], lang), width)
    return f"{section['section_id']}\n{lines}\n{_words(lang)['n'].format(n=section['n_sentences'])}"


def plot_positions(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw the position map: who is said to be for and against what, and where the report says so.

    Parameters
    ----------
    frame : DataFrame
        Positions with the holder of their statement: ``issue_id``, ``stance``, ``holder``, ``citation``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue, that of most positions first, one column per stance, one mark per row of the frame in the
        order of the frame, shaped by holder and labelled with its paragraph.
    """
    _need(frame, "issue_id", "stance", "holder", "citation")
    words, codebook = _words(lang), codebook or read_codebook()
    issues, holders = _labels(codebook, "issues", lang), _labels(codebook, "holders", lang)
    stances = _labels(codebook, "stances", lang)
    order = list(reversed(stances))  # from against to for
    counts = frame["issue_id"].value_counts()
    rows = sorted(counts.index, key=lambda issue: (-counts[issue], list(issues).index(issue)))
    labels = [_wrap(issues[issue], 2.4) for issue in rows]
    cells = {
        (issue, stance): part for (issue, stance), part in frame.groupby(["issue_id", "stance"], sort=False)
    }
    across = {
        stance: min(max([len(cells.get((issue, stance), ())) for issue in rows] + [1]), 3) for stance in order
    }
    mark_width, line, gap = _widest(map(_paragraph, frame["citation"]), SMALL) + 0.3, 0.22, 0.16
    widths = [max(across[stance] * mark_width + 0.15, _inch(stances[stance]) + 0.3) for stance in order]
    lefts = [sum(widths[:at]) for at in range(len(order))]
    heights = [
        max(
            [-(-len(cells.get((issue, stance), ())) // across[stance]) for stance in order]
            + [label.count("\n") + 1]
        )
        * line
        + gap
        for issue, label in zip(rows, labels, strict=True)
    ]
    tops = [sum(heights[:at]) for at in range(len(rows) + 1)]
    used = [holder for holder in MARKERS if holder in set(frame["holder"])]
    left, width = _widest(labels) + 0.4, sum(widths)
    legend = _flow([(holder, holders[holder]) for holder in used], left - 0.2 + width)
    size = _Size(width, max(tops[-1], line), left=left, top=1.1, bottom=0.5 + 0.25 * len(legend) + 0.1)
    with _style():
        ax = _begin(ax, size)
        ax.set(xlim=(0, size.width), ylim=(size.height, 0))
        _bands(ax, tops)
        for left in lefts:
            ax.plot([left, left], [0, size.height], color=FAINT, linewidth=0.8)
        for (issue, stance), part in cells.items():
            left, top = lefts[order.index(stance)], tops[rows.index(issue)]
            for at, (holder, citation) in enumerate(zip(part["holder"], part["citation"], strict=True)):
                down, right = divmod(at, across[stance])
                x, y = left + 0.16 + right * mark_width, top + gap / 2 + (down + 0.5) * line
                _mark(ax, x, y, holder, MARKERS)
                ax.text(x + 0.09, y, _paragraph(citation), fontsize=SMALL, va="center_baseline")
        _rows(ax, [top + gap / 2 + 0.02 for top in tops[:-1]], labels, size, va="top")
        _columns(ax, [left + 0.09 for left in lefts], [stances[stance] for stance in order])
        _legend(ax, size, legend, MARKERS)
        n = words["n"].format(n=words["positions"].format(n=len(frame)))
        _write(ax, size, words["map"], words["map_sub"], _source(frame, lang, n))
    return ax


def _paragraph(citation: str) -> str:
    return citation.rpartition("para. ")[2]


def _mark(ax: Axes, x: float, y: float, code: str, markers: dict[str, tuple[str, bool]], **more) -> None:
    marker, filled = markers.get(code, ("$?$", True))
    area = {"*": 75, "D": 30, "P": 55, "X": 50}.get(marker, 42)
    ax.scatter(
        x,
        y,
        area,
        marker=marker,
        color=INK if filled else "white",
        edgecolors=INK,
        linewidths=0.9,
        zorder=3,
        **more,
    )


def _flow(entries: Iterable[tuple[str, str]], width: float) -> list[list[tuple[float, str, str]]]:
    """The entries of a legend in lines of a width in inches, each with its place in the line."""
    lines: list[list[tuple[float, str, str]]] = [[]]
    at = 0.0
    for code, label in entries:
        step = 0.4 + _inch(label)
        if lines[-1] and at + step > width:
            lines.append([])
            at = 0.0
        lines[-1].append((at, code, label))
        at += step
    return lines


def _legend(
    ax: Axes, size: _Size, lines: list[list[tuple[float, str, str]]], markers: dict[str, tuple[str, bool]]
) -> None:
    """What the shapes mean, below the axes."""
    for down, line in enumerate(lines):
        y = -(0.22 + down * 0.25) / size.height
        for at, code, label in line:
            x = (0.26 - size.left + at) / size.width
            _mark(ax, x, y, code, markers, transform=ax.transAxes, clip_on=False)
            ax.text(
                x + 0.11 / size.width, y, label, transform=ax.transAxes, fontsize=LABEL, va="center_baseline"
            )


def plot_contested(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw how many positions on each issue are for it, for it under conditions, neutral and against it.

    Parameters
    ----------
    frame : DataFrame
        As :func:`find_contested` gives it: ``issue_id``, ``n_for``, ``n_conditional``, ``n_neutral``, ``n_against``,
        ``kind``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue: opposed ones first, then qualified ones, then the rest, within each that of most positions
        first.
    """
    stances = ("against", "neutral", "conditional", "for")
    _need(frame, "issue_id", "kind", *(f"n_{stance}" for stance in stances))
    words, codebook = _words(lang), codebook or read_codebook()
    issues, names = _labels(codebook, "issues", lang), _labels(codebook, "stances", lang)
    total = frame[[f"n_{stance}" for stance in stances]].sum(axis=1)
    kinds = ("opposed", "qualified", "")
    frame = frame.assign(n=total, order=frame["kind"].map(kinds.index)).sort_values(
        ["order", "n"], ascending=[True, False], kind="stable"
    )
    frame = frame[frame["n"] > 0]
    labels = [issues[issue] for issue in frame["issue_id"]]
    unit = 0.27  # inches a position
    against = max(frame["n_against"].max(), 1) if len(frame) else 1
    others = max((frame["n"] - frame["n_against"]).max(), 1) if len(frame) else 1
    size = _Size(
        max(unit * (against + others), 5.0),
        ROW * 1.15 * max(len(frame), 1),
        left=_widest(labels) + 0.4,
        right=_widest(words[kind] for kind in kinds) + 0.4,
        bottom=0.9,
    )
    legend = _flow([(stance, names[stance]) for stance in stances], size.left - 0.4 + size.width)[0]
    with _style():
        ax = _begin(ax, size)
        ax.set(xlim=(-against, size.width / unit - against), ylim=(max(len(frame), 1) - 0.5, -0.5), xticks=[])
        _bands(ax, [y - 0.5 for y in range(len(frame) + 1)])
        for y, row in enumerate(frame.to_dict("records")):
            x = 0.0
            for stance in stances:
                n = row[f"n_{stance}"]
                if not n:
                    continue
                left = -n if stance == "against" else x
                _bar(ax, left, y, n, stance)
                x += 0 if stance == "against" else n
            ax.text(
                1.01,
                y,
                words[row["kind"]],
                transform=ax.get_yaxis_transform(),
                fontsize=LABEL,
                va="center_baseline",
                color=INK if row["kind"] else SOFT,
            )
        ax.plot([0, 0], [-0.5, len(frame) - 0.5], color=INK, linewidth=1)
        _rows(ax, range(len(labels)), labels, size)
        for number, (at, stance, label) in enumerate(legend):
            x, y = (0.2 - size.left + at + number * 0.2) / size.width, -0.22 / size.height
            fill, hatch = STANCES[stance]
            ax.barh(
                y,
                0.28 / size.width,
                0.16 / size.height,
                left=x,
                transform=ax.transAxes,
                clip_on=False,
                color=fill,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.6,
            )
            ax.text(
                x + 0.34 / size.width, y, label, transform=ax.transAxes, fontsize=LABEL, va="center_baseline"
            )
        n = words["n"].format(n=words["positions"].format(n=frame["n"].sum()))
        _write(ax, size, words["contested"], words["contested_sub"], _source(frame, lang, n))
    return ax


def _bar(ax: Axes, left: float, y: float, n: int, stance: str) -> None:
    """A bar of one stance with its number on a plain ground."""
    fill, hatch = STANCES[stance]
    ax.barh(y, n, 0.7, left=left, color=fill, hatch=hatch, edgecolor=INK, linewidth=0.6)
    ax.text(
        left + n / 2,
        y,
        str(n),
        fontsize=SMALL,
        ha="center",
        va="center_baseline",
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
    )


def plot_references(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw the references to an instrument along the report, and the stance taken at each.

    Parameters
    ----------
    frame : DataFrame
        As :func:`find_references` gives it: ``entity_id``, ``form``, ``locator``, ``section_id``, ``voice``,
        ``stance``, ``holder``, ``citation``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per reference in the order of the frame, labelled with its paragraph and the article cited; a mark in
        the column of the stance.
    """
    _need(frame, "entity_id", "form", "locator", "section_id", "voice", "stance", "holder", "citation")
    words, codebook = _words(lang), codebook or read_codebook()
    names = _labels(codebook, "holders", lang)
    voices, stances = _labels(codebook, "voices", lang), _labels(codebook, "stances", lang)
    instruments = _labels(codebook, "instruments", lang)
    entities = list(dict.fromkeys(frame["entity_id"]))
    labels = [_reference_label(row, entities, instruments, words) for row in frame.to_dict("records")]
    order = ["", *reversed(stances)]
    heads = [stances.get(stance, words["none"]) for stance in order]
    holders = [names.get(holder, holder) for holder in frame["holder"]]
    column = max(_widest(holders, SMALL) + 0.35, _widest(heads) + 0.25)
    beside = [
        _wrap(f"{section} {voices.get(voice, voice)}", 1.8)
        for section, voice in zip(frame["section_id"], frame["voice"], strict=True)
    ]
    size = _Size(
        column * len(order),
        ROW * max(len(frame), 1),
        left=_widest(labels) + 0.4,
        right=_widest(beside) + 0.4,
        top=1.1,
        bottom=0.85,
    )
    shapes = {form: words[form] for form in FORMS if form in set(frame["form"])}
    legend = _flow(shapes.items(), size.left - 0.2 + size.width)
    issue = codebook.tables["issues"].query("instrument in @entities")[f"label_{lang}"]
    with _style():
        ax = _begin(ax, size)
        ax.set(xlim=(0, size.width), ylim=(max(len(frame), 1) - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(frame) + 1)])
        for number in range(len(order)):
            ax.plot([number * column] * 2, [-0.5, len(frame) - 0.5], color=FAINT, linewidth=0.8)
        for y, (stance, form, holder) in enumerate(zip(frame["stance"], frame["form"], holders, strict=True)):
            x = order.index(stance) * column + 0.15
            _mark(ax, x, y, form, FORMS)
            ax.text(x + 0.11, y, holder, fontsize=SMALL, va="center_baseline")
        _rows(ax, range(len(labels)), labels, size)
        _columns(ax, [number * column + 0.08 for number in range(len(order))], heads)
        _brackets(ax, size, beside, [COLORS.get(voice, SOFT) for voice in frame["voice"]])
        _legend(ax, size, legend, FORMS)
        title = words["references_title"].format(
            instruments=words["and"].join(instruments[e] for e in entities)
        )
        subtitle = words["references_sub"].format(issue=words["list"].join(issue))
        n = words["n"].format(n=words["references"].format(n=len(frame)))
        _write(ax, size, title, subtitle, _source(frame, lang, n))
    return ax


def _reference_label(
    row: dict, entities: list[str], instruments: dict[str, str], words: dict[str, str]
) -> str:
    paragraph = _paragraph(row["citation"]).replace("footnote", words["footnote"])
    other = instruments[row["entity_id"]] if row["entity_id"] != entities[0] else ""
    return ", ".join(part for part in (paragraph, row["locator"], other) if part)


# ---- files --------------------------------------------------------------------------------------------------


class _Chart(NamedTuple):
    """A chart of the gallery: its table, how it is drawn, and the words that go with it, by language."""

    name: str
    table: Callable[[Report, Codebook], pd.DataFrame]
    plot: Callable[..., Axes]
    describe: Callable[[pd.DataFrame, Codebook, str], str]  # alternative text
    caption: str


def _positions_with_holders(report: Report, codebook: Codebook) -> pd.DataFrame:
    from egdata.positions import find_positions
    from egdata.statements import find_statements

    statements = find_statements(report, codebook)
    positions = find_positions(report, codebook, statements=statements)
    return positions.merge(statements[["statement_id", "holder"]], on="statement_id")


def _contested(report: Report, codebook: Codebook) -> pd.DataFrame:
    from egdata.contested import find_contested

    return _signed(find_contested(report, codebook), report)


def save_figures(
    folder: str | Path, report: Report | None = None, codebook: Codebook | None = None
) -> list[Path]:
    """Draw every chart of a report in English and in Chinese, as SVG and as PNG, with a gallery.

    Parameters
    ----------
    folder : path
        Made if it does not exist. Other files in it are left alone.
    report : Report, optional
        The bundled one if omitted.
    codebook : Codebook, optional

    Returns
    -------
    list of Path
        What was written: ``<nn>_<name>.<lang>.<svg|png>``, then ``README.md`` with captions and alternative texts.
        The same report and codebook give the same bytes.

    Raises
    ------
    TableError
        If the folder cannot be written. Nothing is written before every chart is drawn.
    """
    from matplotlib.figure import Figure

    from egdata.report import read_report
    from egdata.tables import write_file

    codebook = codebook or read_codebook()
    report = report or read_report(codebook=codebook)
    files: dict[str, bytes] = {}
    gallery = []
    for number, chart in enumerate(CHARTS, start=1):
        frame = chart.table(report, codebook)
        if frame.empty:
            continue
        stem = f"{number:02d}_{chart.name}"
        described = {}
        for lang in LANGS:
            figure = Figure(dpi=DPI)
            ax = chart.plot(frame, figure, lang, codebook=codebook)
            described[lang] = chart.describe(frame, codebook, lang)
            for kind in ("svg", "png"):
                files[f"{stem}.{lang}.{kind}"] = _image(figure, kind, ax.get_title(), described[lang])
            if lang == "en":
                title = ax.get_title()
        gallery.append(_entry(stem, title, chart.caption, described))
    symbol = report.meta["symbol"] or report.meta["report_id"]
    files["README.md"] = ("\n".join([GALLERY.format(symbol=symbol), *gallery])).encode()
    for name, content in files.items():
        write_file(Path(folder) / name, content)
    return [Path(folder) / name for name in files]


def _image(figure: Figure, kind: str, title: str, description: str) -> bytes:
    """The figure as a file that says what it shows and nothing of when or by which version it was made."""
    metadata = {"Title": title, "Description": description}
    metadata |= {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    target = io.BytesIO()
    with _style():
        figure.savefig(target, format=kind, dpi=DPI, metadata=metadata)
    if kind == "png":
        return target.getvalue()
    # Screen readers look for a description beside the title, not in the metadata.
    text = target.getvalue().decode()
    text = text.replace("</title>", f"</title>\n <desc>{_escaped(description)}</desc>", 1)
    return text.replace("<svg ", '<svg role="img" ', 1).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


GALLERY = """# Figures

Drawn from {symbol} by `egdata figures`; do not edit them. Each chart stands here in English and in Chinese, as SVG
and as PNG, with its alternative text.
"""


def _entry(stem: str, title: str, caption: str, described: dict[str, str]) -> str:
    files = " · ".join(
        f"[{name} {kind.upper()}]({stem}.{lang}.{kind})"
        for lang, name in (("en", "English"), ("zh", "中文"))
        for kind in ("svg", "png")
    )
    alt = re.sub(r"[\[\]]", "", described["en"])
    return (
        f"## {title}\n\n![{alt}]({stem}.en.png)\n\n{caption}\n\n{files}\n\n"
        f"Alternative text: {described['en']}\n\n替代文字：{described['zh']}\n"
    )


def _describe_report(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    voices = _labels(codebook, "voices", lang)
    counts = frame.groupby("voice", sort=False)[["n_sentences", "n_coded"]].sum()
    if lang == "en":
        parts = [
            f"{voices[voice]} {row.n_sentences} ({row.n_coded} coded)" for voice, row in counts.iterrows()
        ]
        return f"Bar chart of {len(frame)} sections in the order of the report. Sentences by voice: {', '.join(parts)}."
    parts = [
        f"{voices[voice]}{row.n_sentences}句（{row.n_coded}句载有立场）" for voice, row in counts.iterrows()
    ]
    return f"条形图，按报告顺序列出{len(frame)}节。各类文字的句数：{'，'.join(parts)}。"


def _describe_themes(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    themes = _labels(codebook, "themes", lang)
    shown = _substantial(frame)
    parts = []
    for section, rows in shown.groupby("section_id", sort=False):
        top = rows.sort_values("share", ascending=False, kind="stable").head(3)
        named = [f"{themes[row.theme_id]} {100 * row.share:.0f}%" for row in top.itertuples()]
        title = _section_label(section, rows["title"].iloc[0], lang)
        parts.append(f"{title}: {', '.join(named)}" if lang == "en" else f"{title}：{'、'.join(named)}")
    size = shown["section_id"].nunique(), shown["theme_id"].nunique()
    if lang == "en":
        return f"Bars for {size[1]} themes in {size[0]} sections. Most frequent themes: {'; '.join(parts)}."
    return f"{size[0]}节中{size[1]}个主题的条形图。最常见的主题：{'；'.join(parts)}。"


def _describe_positions(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    issues, stances = _labels(codebook, "issues", lang), _labels(codebook, "stances", lang)
    counts = frame.groupby(["issue_id", "stance"]).size()
    parts = []
    for issue in frame["issue_id"].value_counts(sort=True).index:
        named = [
            f"{counts[issue, stance]} {label}"
            for stance, label in stances.items()
            if (issue, stance) in counts
        ]
        parts.append(
            f"{issues[issue]}: {', '.join(named)}" if lang == "en" else f"{issues[issue]}：{'、'.join(named)}"
        )
    if lang == "en":
        return f"Map of {len(frame)} positions on {len(parts)} issues, one mark each. {'; '.join(parts)}."
    return f"{len(parts)}个问题上{len(frame)}个立场的分布图，每个立场一个标记。{'；'.join(parts)}。"


def _describe_contested(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    issues, words = _labels(codebook, "issues", lang), WORDS[lang]
    parts = []
    for kind, rows in frame.groupby("kind", sort=True):
        named = words["list"].join(issues[issue] for issue in rows["issue_id"])
        parts.append(f"{words[kind]}: {named}" if lang == "en" else f"{words[kind]}：{named}")
    parts = [*parts[1:], *parts[:1]] if "" in set(frame["kind"]) else parts
    if lang == "en":
        return f"Diverging bars of the positions on {len(frame)} issues. {'; '.join(parts).capitalize()}."
    return f"{len(frame)}个问题上立场数的双向条形图。{'；'.join(parts)}。"


def _describe_references(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    stances, words = _labels(codebook, "stances", lang) | {"": WORDS[lang]["none"]}, WORDS[lang]
    named = [f"{n} {stances[stance]}" for stance, n in frame["stance"].value_counts(sort=True).items()]
    anaphors = int((frame["form"] == "anaphor").sum())
    if lang == "en":
        return (
            f"{len(frame)} references in the order of the report, {anaphors} of them by anaphor. "
            f"Stance taken there: {', '.join(named)}."
        )
    return (
        f"按报告顺序列出{len(frame)}处提及，其中{anaphors}处为回指。该处的立场：{words['list'].join(named)}。"
    )


CHARTS = (
    _Chart(
        "report",
        count_sections,
        plot_report,
        _describe_report,
        "How long each section is and whose text it is. The Member States' proposals were not endorsed by the group, "
        "and the Chair's summary was not negotiated: do not add the two up.",
    ),
    _Chart(
        "themes",
        count_themes,
        plot_themes,
        _describe_themes,
        "What the sections are about, by the themes of the codebook. A share is emphasis in the text, not in the room.",
    ),
    _Chart(
        "positions",
        _positions_with_holders,
        plot_positions,
        _describe_positions,
        "Every position that the rules find. Two marks of the same shape are not the same speakers, and no mark is a "
        "number of States.",
    ),
    _Chart(
        "contested",
        _contested,
        plot_contested,
        _describe_contested,
        "On which issues the report sets views against each other: opposed where some are for and some against, "
        "qualified where they differ otherwise.",
    ),
    _Chart(
        "references",
        lambda report, codebook: find_references(report, "budapest", codebook),
        plot_references,
        _describe_references,
        "Where the report speaks of the Budapest Convention, by its title or by an anaphor such as 该公约 "
        "('that Convention'), and what is said of it there.",
    ),
)
