"""Charts, and the tables that they show. The only place that knows fonts and style."""

from __future__ import annotations

import functools
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from egdata.codebook import Codebook, read_codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from egdata.report import Report

LANGS = ("en", "zh")
LEAST = 10  # sentences; a share of fewer says little
DPI = 150  # of the PNG files


# ---- the tables that are drawn -----------------------------------------------------------------------------


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
    import pandas as pd

    from egdata.themes import find_themes

    codebook = codebook or read_codebook()
    themes = find_themes(report, codebook).merge(report.sentences[["sentence_id", "unit_id"]], on="sentence_id")
    counts = themes.assign(section_id=_section_of(report, themes["unit_id"]))
    counts = counts.groupby(["section_id", "theme_id"]).size()
    sizes = _section_of(report, report.sentences["unit_id"]).value_counts()
    sections = report.sections.loc[report.sections["level"] > 0, ["section_id", "title", "voice"]]
    sections = sections[sections["section_id"].isin(sizes.index)]
    frame = sections.merge(codebook.tables["themes"][["id"]].rename(columns={"id": "theme_id"}), how="cross")
    keys = zip(frame["section_id"], frame["theme_id"], strict=True)
    frame["n"] = pd.Series([counts.get(key, 0) for key in keys], dtype="int64")
    frame["n_sentences"] = frame["section_id"].map(sizes).astype("int64")
    frame["share"] = frame["n"] / frame["n_sentences"]
    return _signed(frame, report)


def find_references(report: Report, entities: str | Sequence[str], codebook: Codebook | None = None) -> pd.DataFrame:
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
        - ``stance``, ``holder`` : str, those of the first position that the sentence takes on the issue of
          the instrument; if it takes none, no stance and its first holder; both empty in a footnote
        - ``quote`` : str, the words that refer to it
        - ``citation`` : str

        Empty if nothing refers to it. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    The stance is that of the sentence towards the proposition of the codebook (the Budapest Convention is a
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
    positions = positions.drop_duplicates(["sentence_id", "issue_id"]).set_index(["sentence_id", "issue_id"])
    holders = statements.drop_duplicates("sentence_id").set_index("sentence_id")["holder"]
    issues = codebook.tables["issues"]
    issue_of = dict(zip(issues["instrument"], issues["id"], strict=True))

    frame = find_mentions(report, codebook)
    frame = frame[frame["entity_id"].isin(wanted)]
    notes = report.footnotes.set_index("footnote_id")
    in_note = frame["footnote_id"] != ""
    units = frame["sentence_id"].map(report.sentences.set_index("sentence_id")["unit_id"])
    frame = frame.assign(
        unit_id=units.where(~in_note, frame["footnote_id"].map(notes["unit_id"])),
        place=frame["start"].where(~in_note, frame["footnote_id"].map(notes["anchor"])),
    )
    frame = frame.sort_values("place", kind="stable").reset_index(drop=True)
    keys = list(zip(frame["sentence_id"], frame["entity_id"].map(issue_of), strict=True))
    frame["stance"] = [positions["stance"].get(key, "") for key in keys]
    frame["holder"] = [positions["holder"].get(key, holders.get(key[0], "")) for key in keys]
    frame["section_id"] = _section_of(report, frame["unit_id"])
    frame["voice"] = frame["unit_id"].map(report.units.set_index("unit_id")["voice"])
    frame["citation"] = [
        report.citation(unit) + (f", footnote {note}" if note else "")
        for unit, note in zip(frame["unit_id"], frame["footnote_id"], strict=True)
    ]
    found = ["mention_id", "entity_id", "form", "locator", "sentence_id", "unit_id", "section_id", "voice"]
    return _signed(frame[[*found, "stance", "holder", "quote", "citation"]], report)


def _section_of(report: Report, unit_ids: pd.Series) -> pd.Series:
    return unit_ids.map(report.units.set_index("unit_id")["section_id"])


def _signed(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """A chart names its source: the frame keeps the symbol of the report."""
    frame.attrs["symbol"] = report.meta["symbol"] or report.meta["report_id"]
    return frame


# ---- style -------------------------------------------------------------------------------------------------

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
LEADING = 1.25  # times the type size
ROW, MARGIN = 0.27, 0.2  # inches

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
        "source": "Source: {symbol}. ",
        "n": "n = {n}. Coded with egdata.",
        "sentences": "{n} sentences",
        "positions": "{n} positions",
        "references": "{n} references",
        "report": "The report at a glance",
        "report_sub": "Sentences of each section; the filled part is those that carry a position",
        "report_row": "{n_coded} of {n_sentences} sentences, {n_units} units",
        "themes": "What each section is about",
        "themes_sub": "Per cent of its sentences about a theme; a sentence may have up to three themes",
        "themes_rest": "Not shown: procedure, and sections of fewer than {least} sentences ({sections}).",
        "map": "Who is for and against what",
        "map_sub": "One mark per position, with its paragraph; the shape says who is said to hold it",
        "contested": "Contested points",
        "contested_sub": "Positions on each issue, by stance; to the left of the line those against",
        "opposed": "opposed",
        "qualified": "qualified",
        "": "not contested",
        "references_title": "References to the {instruments}",
        "references_sub": "In the order of the report, with holder and stance on: {issue}",
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
        "source": "资料来源：{symbol}。",
        "n": "n = {n}。以egdata编码。",
        "sentences": "{n}句",
        "positions": "{n}个立场",
        "references": "{n}处提及",
        "report": "报告概览",
        "report_sub": "各节的句数；实心部分为载有立场的句子",
        "report_row": "{n_coded}/{n_sentences}句，{n_units}个单元",
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
        "references_sub": "按报告顺序，注明持有者及其对“{issue}”的立场",
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
def _style(ax: Axes | Figure | None) -> Iterator[Axes | Figure]:
    """Our settings for a while, and where to draw."""
    import matplotlib

    if ax is None:  # not under our settings: pyplot's first figure turns on interactive mode in a notebook
        import matplotlib.pyplot as plt

        ax = plt.figure(dpi=100, facecolor="white")
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
        yield ax


# ---- words -------------------------------------------------------------------------------------------------


class _Labels(dict):
    """Code → label; a code that the codebook does not have is an error."""

    def __missing__(self, code: str) -> str:
        raise ValueError(f"unknown code {code!r}; the codebook has {', '.join(self)}")


def _labels(codebook: Codebook, table: str, lang: str) -> _Labels:
    frame = codebook.tables[table]
    return _Labels(zip(frame["id"], frame[f"label_{lang}"], strict=True))


def _words(lang: str) -> dict[str, str]:
    if lang not in WORDS:
        raise ValueError(f"lang={lang!r}: it is one of {', '.join(WORDS)}")
    return WORDS[lang]


def _section_label(section_id: str, title: str, lang: str) -> str:
    return f"{section_id} {_heading(title, lang)}"


def _heading(title: str, lang: str) -> str:
    return HEADINGS.get(title, title) if lang == "en" else title


def _paragraph(citation: str) -> str:
    return citation.rpartition("para. ")[2]


def _need(frame: pd.DataFrame, *columns: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")


def _source(frame: pd.DataFrame, words: dict[str, str], counted: str, n: int) -> str:
    """The line below a chart: which report, and how many of what."""
    symbols = [frame.attrs["symbol"]] if "symbol" in frame.attrs else []
    if not symbols and "citation" in frame.columns:
        symbols = list(dict.fromkeys(citation.split(", para.")[0] for citation in frame["citation"]))
    source = words["source"].format(symbol="; ".join(symbols)) if symbols else ""
    return source + words["n"].format(n=words[counted].format(n=n))


@functools.cache
def _inch(line: str, size: float) -> float:
    """The width of one line of text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=_font(), size=size)
    return text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] / 72


def _widest(texts: Iterable[str], size: float = LABEL) -> float:
    """The width of the widest line of all texts in inches."""
    return max((_inch(line, size) for text in texts for line in text.split("\n")), default=0.0)


def _height(texts: Iterable[str]) -> float:
    """The height of the tallest label in inches."""
    return max((text.count("\n") + 1 for text in texts), default=0) * LABEL * LEADING * 1.2 / 72


def _wrap(text: str, width: float) -> str:
    """Wrapped to a width in inches: between words, in Chinese anywhere but before punctuation."""
    pieces = re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，、。；：）》”]*\s*", text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and _widest([lines[-1] + piece.rstrip()]) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def _runs(values: Iterable[str]) -> list[tuple[int, int, str]]:
    """Stretches of equal values: first and last index, and the value."""
    runs: list[tuple[int, int, str]] = []
    for index, value in enumerate(values):
        if runs and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], index, value)
        else:
            runs.append((index, index, value))
    return runs


# ---- the sheet on which a chart is drawn -------------------------------------------------------------------
# Every chart is a table: row labels on the left, column heads above, marks or bars in the cells. Axes and
# margins are measured in inches, from the labels that they hold, so that nothing overlaps in either language.


class _Size(NamedTuple):
    """The size of the axes and of the margins around them, in inches."""

    width: float
    height: float
    left: float
    right: float = MARGIN
    top: float = 0.85
    bottom: float = 0.5


class _Text(NamedTuple):
    """What stands above and below a chart."""

    title: str
    subtitle: str
    source: str


def _begin(ax: Axes | Figure, size: _Size, text: _Text) -> Axes:
    """Axes without a frame, with the words around them."""
    from matplotlib.figure import Figure

    if isinstance(ax, Figure):
        needed = max(_widest([text.title], TITLE), _widest([text.subtitle], SUBTITLE), _widest([text.source], SMALL))
        ax = _axes_of(ax, size._replace(right=max(size.right, needed + 2 * MARGIN - size.left - size.width)))
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0, labelsize=LABEL, labelcolor=INK)
    ax.set(xticks=[], yticks=[])
    left = (MARGIN - size.left) / size.width
    above = 1 + (size.top - 0.42) / size.height
    ax.set_title(text.title, fontsize=TITLE, x=left, y=above, ha="left", pad=0)
    _put(ax, left, above - 0.09 / size.height, text.subtitle, "axes", SUBTITLE, SOFT, va="top")
    _put(ax, left, (0.15 - size.bottom) / size.height, text.source, "axes", SMALL, SOFT, va="bottom")
    return ax


def _axes_of(figure: Figure, size: _Size) -> Axes:
    """Make a figure as large as axes and margins, and the axes in it."""
    width, height = size.left + size.width + size.right, size.top + size.height + size.bottom
    figure.set_size_inches(width, height)
    place = size.left / width, size.bottom / height, size.width / width, size.height / height
    return figure.add_axes(place)


def _transform(ax: Axes, where: str):
    """Coordinates by name: of the data, of the axes, or data along one of them ('rows', 'columns')."""
    transforms = {
        "data": ax.transData,
        "axes": ax.transAxes,
        "rows": ax.get_yaxis_transform(),
        "columns": ax.get_xaxis_transform(),
    }
    return transforms[where]


def _put(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    where: str = "data",
    size: float = SMALL,
    color: str = INK,
    **alignment: str,
) -> None:
    more = {"va": "center_baseline", "linespacing": LEADING} | alignment
    ax.text(x, y, text, transform=_transform(ax, where), fontsize=size, color=color, **more)


def _line(ax: Axes, xs: Sequence[float], ys: Sequence[float], color: str, width: float, where: str = "data") -> None:
    transform = _transform(ax, where)
    ax.plot(xs, ys, transform=transform, color=color, linewidth=width, clip_on=False, solid_capstyle="butt")


def _rows(ax: Axes, size: _Size, places: Iterable[float], labels: Iterable[str], va: str = "center_baseline") -> None:
    """Row labels, flush left in the left margin."""
    ax.set_yticks(list(places), list(labels), ha="left", va=va, linespacing=LEADING)
    ax.tick_params(axis="y", pad=(size.left - MARGIN) * 72)


def _columns(ax: Axes, places: Iterable[float], labels: Iterable[str]) -> None:
    """Column heads above the axes."""
    ax.set_xticks(list(places), list(labels), ha="left", va="baseline", linespacing=LEADING)
    ax.tick_params(axis="x", top=True, bottom=False, labeltop=True, labelbottom=False, pad=7)


def _bands(ax: Axes, edges: Iterable[float]) -> None:
    """Shade every other row, for the eye to follow."""
    for low, high in list(itertools.pairwise(edges))[::2]:
        ax.axhspan(low, high, color=BAND, linewidth=0, zorder=0)


def _brackets(ax: Axes, size: _Size, labels: Iterable[str], colors: Sequence[str]) -> None:
    """Beside the rows, what a stretch of them has in common."""
    for first, last, label in _runs(labels):
        _line(ax, [1 + 0.06 / size.width] * 2, [first - 0.35, last + 0.35], colors[first], 2.5, "rows")
        _put(ax, 1 + 0.16 / size.width, (first + last) / 2, label, "rows", LABEL, va="center")


def _mark(ax: Axes, x: float, y: float, code: str, markers: dict[str, tuple[str, bool]], where: str = "data") -> None:
    marker, filled = markers.get(code, ("d", False))  # a holder of a codebook of one's own
    area = {"*": 75, "D": 30, "P": 55, "X": 50}.get(marker, 42)
    face, transform = INK if filled else "white", _transform(ax, where)
    ax.scatter(
        x,
        y,
        area,
        face,
        marker=marker,
        edgecolors=INK,
        linewidths=0.9,
        zorder=3,
        transform=transform,
        clip_on=False,
    )


def _flow(entries: Iterable[tuple[str, str]], width: float) -> list[tuple[int, float, str, str]]:
    """The entries of a legend in lines of a width in inches: line, place in it, code and label."""
    placed: list[tuple[int, float, str, str]] = []
    line, at = 0, 0.0
    for code, label in entries:
        step = 0.55 + _widest([label])
        if at and at + step > width:
            line, at = line + 1, 0.0
        placed.append((line, at, code, label))
        at += step
    return placed


def _legend(
    ax: Axes, size: _Size, entries: list[tuple[int, float, str, str]], markers: dict[str, tuple[str, bool]]
) -> None:
    """What the shapes mean, below the axes."""
    for line, at, code, label in entries:
        x, y = (MARGIN + 0.06 - size.left + at) / size.width, -(0.22 + line * 0.25) / size.height
        _mark(ax, x, y, code, markers, "axes")
        _put(ax, x + 0.11 / size.width, y, label, "axes", LABEL)


# ---- charts ------------------------------------------------------------------------------------------------


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
        As :func:`count_sections` gives it: ``section_id``, ``title``, ``voice``, ``n_units``,
        ``n_sentences``, ``n_coded``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One bar per section, in the order of the frame.
    """
    _need(frame, "section_id", "title", "voice", "n_units", "n_sentences", "n_coded")
    words, voices = _words(lang), _labels(codebook or read_codebook(), "voices", lang)
    labels = [_section_label(*row, lang) for row in zip(frame["section_id"], frame["title"], strict=True)]
    texts = [_report_row(row, words) for row in frame.to_dict("records")]
    colors = [COLORS.get(voice, SOFT) for voice in frame["voice"]]
    beside = [_wrap(voices[voice], 1.8) for voice in frame["voice"]]
    bars = frame[["n_sentences", "n_coded"]] * 4 / max([*frame["n_sentences"], 1])  # inches
    ends = [n + _widest([text], SMALL) for n, text in zip(bars["n_sentences"], texts, strict=True)]
    n_rows = max(len(frame), 1)
    size = _Size(
        max(ends, default=4) + 0.2,
        ROW * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        right=_widest(beside) + 2 * MARGIN,
    )
    source = _source(frame, words, "sentences", frame["n_sentences"].sum())
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["report"], words["report_sub"], source))
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        for y, row in enumerate(bars.itertuples()):
            ax.barh(y, row.n_sentences, 0.66, color="white", edgecolor=colors[y], linewidth=0.9)
            ax.barh(y, row.n_coded, 0.66, color=colors[y], linewidth=0)
            _put(ax, row.n_sentences + 0.07, y, texts[y])
        _rows(ax, size, range(len(labels)), labels)
        _brackets(ax, size, beside, colors)
    return ax


def _report_row(row: dict, words: dict[str, str]) -> str:
    """The numbers of a section; none for a heading with nothing directly under it."""
    text = words["report_row"].format(**row) if row["n_sentences"] else ""
    return re.sub(r"\b1 (sentence|unit)s", r"1 \1", text)


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
        One row per theme, that of most sentences first; one column per section. Sections on procedure and
        those of fewer than ten sentences are named below the chart instead.
    """
    _need(frame, "section_id", "title", "voice", "theme_id", "n", "n_sentences", "share")
    words, codebook = _words(lang), codebook or read_codebook()
    voices, themes = _labels(codebook, "voices", lang), _labels(codebook, "themes", lang)
    shown = _substantial(frame)
    sections = shown.drop_duplicates("section_id").to_dict("records")
    totals = shown.groupby("theme_id", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    places = {theme: y for y, theme in enumerate(totals.index)}
    labels = [themes[theme] for theme in places]
    column, gap = 1.6, 0.15
    heads = [_column_head(section, lang, column - gap) for section in sections]
    groups = [
        (first, last, voice, _wrap(voices[voice], column * (last - first + 1) - gap))
        for first, last, voice in _runs(section["voice"] for section in sections)
    ]
    over = _height(heads) + 0.15
    n_columns, n_rows = max(len(sections), 1), max(len(labels), 1)
    size = _Size(
        column * n_columns,
        ROW * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        top=1 + over + _height(label for *_, label in groups),
        bottom=0.65,
    )
    source = _source(frame, words, "sentences", sum(section["n_sentences"] for section in sections))
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["themes"], words["themes_sub"], _rest(frame, shown, words) + source))
        ax.set(xlim=(0, n_columns), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(labels) + 1)])
        room = 1 - (gap + 0.3) / column
        for x, section in enumerate(sections):
            _line(ax, [x, x], [-0.5, len(labels) - 0.5], SOFT, 0.8)
            for row in shown[shown["section_id"] == section["section_id"]].itertuples():
                y, length = places[row.theme_id], room * row.share / max(shown["share"].max(), 0.01)
                ax.barh(y, length, 0.62, left=x, color=COLORS.get(row.voice, SOFT), linewidth=0)
                _put(ax, x + length + 0.03, y, f"{100 * row.share:.0f}", color=INK if row.n else SOFT)
        _rows(ax, size, places.values(), labels)
        _columns(ax, range(len(sections)), heads)
        line = 1 + over / size.height
        for first, last, voice, label in groups:
            _line(ax, [first, last + 1 - gap / column], [line] * 2, COLORS.get(voice, SOFT), 2.5, "columns")
            _put(ax, first, line + 0.06 / size.height, label, "columns", LABEL, va="bottom")
    return ax


def _substantial(frame: pd.DataFrame) -> pd.DataFrame:
    """The sections with enough sentences for a share; those on procedure only if there are no others."""
    long_enough = frame[frame["n_sentences"] >= LEAST]
    substance = long_enough[long_enough["voice"] != "procedure"]
    return substance if len(substance) else long_enough


def _rest(frame: pd.DataFrame, shown: pd.DataFrame, words: dict[str, str]) -> str:
    """A line that names the sections that are not shown."""
    rest = frame.loc[~frame["section_id"].isin(shown["section_id"]), "section_id"].drop_duplicates()
    line = words["themes_rest"].format(least=LEAST, sections=words["list"].join(rest))
    return f"{line}\n" if len(rest) else ""


def _column_head(section: dict, lang: str, width: float) -> str:
    return "\n".join(
        [
            section["section_id"],
            _wrap(_heading(section["title"], lang), width),
            f"n = {section['n_sentences']}",
        ]
    )


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
        One row per issue, that of most positions first; one column per stance; one mark per row of the frame,
        in its order, shaped by holder and labelled with its paragraph.
    """
    _need(frame, "issue_id", "stance", "holder", "citation")
    words, codebook = _words(lang), codebook or read_codebook()
    issues, holders = _labels(codebook, "issues", lang), _labels(codebook, "holders", lang)
    stances = _labels(codebook, "stances", lang)
    order = list(reversed(stances))  # from against to for
    cells = dict(list(frame.groupby(["issue_id", "stance"], sort=False)))
    counts = frame.groupby("issue_id").size()
    known = {issue: issues[issue] for issue in counts.index}
    rows = sorted((issue for issue in issues if issue in known), key=lambda issue: -counts[issue])
    labels = [_wrap(known[issue], 2.4) for issue in rows]

    step = _widest(map(_paragraph, frame["citation"]), SMALL) + 0.3  # inches from mark to mark
    line, gap = 0.22, 0.16  # inches: a line of marks, and between rows
    longest = {stance: max([len(cells.get((issue, stance), ())) for issue in rows] + [1]) for stance in order}
    across = {stance: min(longest[stance], 3) for stance in order}
    widths = [max(across[stance] * step + 0.15, _widest([stances[stance]]) + 0.3) for stance in order]
    lefts = [0, *itertools.accumulate(widths)]
    lines = [max(-(-len(cells.get((issue, stance), ())) // across[stance]) for stance in order) for issue in rows]
    heights = [max(n, label.count("\n") + 1) * line + gap for n, label in zip(lines, labels, strict=True)]
    tops = [0, *itertools.accumulate(heights)]
    left = _widest(labels) + 2 * MARGIN
    shapes = [(holder, label) for holder, label in holders.items() if holder in set(frame["holder"])]
    legend = _flow(shapes, left - MARGIN + lefts[-1])
    bottom = 0.6 + 0.25 * (1 + max((line for line, *_ in legend), default=0))
    size = _Size(lefts[-1], max(tops[-1], line), left=left, top=1.15, bottom=bottom)
    source = _source(frame, words, "positions", len(frame))
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["map"], words["map_sub"], source))
        ax.set(xlim=(0, size.width), ylim=(size.height, 0))
        _bands(ax, tops)
        for place in lefts[:-1]:
            _line(ax, [place, place], [0, size.height], FAINT, 0.8)
        for (issue, stance), cell in cells.items():
            for at, (holder, citation) in enumerate(zip(cell["holder"], cell["citation"], strict=True)):
                down, right = divmod(at, across[stance])
                x = lefts[order.index(stance)] + 0.16 + right * step
                y = tops[rows.index(issue)] + gap / 2 + (down + 0.5) * line
                _mark(ax, x, y, holder, MARKERS)
                _put(ax, x + 0.09, y, _paragraph(citation))
        _rows(ax, size, [top + gap / 2 + 0.045 for top in tops[:-1]], labels, va="top")
        _columns(ax, [place + 0.09 for place in lefts[:-1]], [stances[stance] for stance in order])
        _legend(ax, size, legend, MARKERS)
    return ax


def plot_contested(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw how many positions on each issue are for it, for it on conditions, neutral and against it.

    Parameters
    ----------
    frame : DataFrame
        As :func:`find_contested` gives it: ``issue_id``, ``n_for``, ``n_conditional``, ``n_neutral``,
        ``n_against``, ``kind``. ``attrs["symbol"]``, if set, names the source.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue that has positions: opposed ones first, then qualified ones, then the rest, and
        among them that of most positions first.
    """
    columns = [f"n_{stance}" for stance in STANCES]
    _need(frame, "issue_id", "kind", *columns)
    words, codebook = _words(lang), codebook or read_codebook()
    issues, names = _labels(codebook, "issues", lang), _labels(codebook, "stances", lang)
    kinds = ("opposed", "qualified", "")
    drawn = frame.assign(n=frame[columns].sum(axis=1), order=frame["kind"].map(kinds.index)).query("n > 0")
    drawn = drawn.sort_values(["order", "n"], ascending=[True, False], kind="stable")
    labels = [issues[issue] for issue in drawn["issue_id"]]
    against, others = drawn["n_against"].max(), (drawn["n"] - drawn["n_against"]).max()
    against, others = (against, others) if len(drawn) else (0, 1)
    width, n_rows = max(0.27 * (against + others), 5.0), max(len(drawn), 1)
    size = _Size(
        width,
        ROW * 1.15 * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        right=_widest(words[kind] for kind in kinds) + 2 * MARGIN,
        bottom=0.9,
    )
    source = _source(frame, words, "positions", drawn["n"].sum())
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["contested"], words["contested_sub"], source))
        ax.set(xlim=(-against - 0.1, others + 0.1), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(drawn) + 1)])
        for y, row in enumerate(drawn.to_dict("records")):
            left = -row["n_against"]
            for stance in STANCES:
                _stance_bar(ax, left, y, row[f"n_{stance}"], stance)
                left += row[f"n_{stance}"]
            kind_color = INK if row["kind"] else SOFT
            _put(ax, 1 + 0.1 / size.width, y, words[row["kind"]], "rows", LABEL, kind_color)
        _line(ax, [0, 0], [-0.5, len(drawn) - 0.5], INK, 1.2)
        _rows(ax, size, range(len(labels)), labels)
        for _, at, stance, label in _flow([(stance, names[stance]) for stance in STANCES], float("inf")):
            x, y = (MARGIN - size.left + at) / size.width, -0.22 / size.height
            fill = _fill(stance)
            ax.barh(
                y,
                0.28 / size.width,
                0.16 / size.height,
                left=x,
                transform=ax.transAxes,
                clip_on=False,
                **fill,
            )
            _put(ax, x + 0.34 / size.width, y, label, "axes", LABEL)
    return ax


def _fill(stance: str) -> dict:
    color, hatch = STANCES[stance]
    return {"color": color, "hatch": hatch, "edgecolor": INK, "linewidth": 0.6}


def _stance_bar(ax: Axes, left: float, y: float, n: int, stance: str) -> None:
    """A bar of one stance, with its number on a plain ground."""
    if n:
        ax.barh(y, n, 0.7, left=left, **_fill(stance))
        ground = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        _put(ax, left + n / 2, y, str(n), ha="center", bbox=ground)


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
        One row per reference in the order of the frame, labelled with its paragraph and the article cited; in
        the column of the stance a mark, shaped by the form of the reference, with the holder.
    """
    _need(frame, "entity_id", "form", "locator", "section_id", "voice", "stance", "holder", "citation")
    words, codebook = _words(lang), codebook or read_codebook()
    voices, instruments = _labels(codebook, "voices", lang), dict(_labels(codebook, "instruments", lang))
    stances = {"": words["none"]} | _labels(codebook, "stances", lang)
    names = {"": ""} | _labels(codebook, "holders", lang)
    order = ["", *list(stances)[:0:-1]]  # none, then from against to for
    entities = list(dict.fromkeys(frame["entity_id"]))
    labels = [_reference_label(row, entities[0], instruments, words) for row in frame.to_dict("records")]
    beside = [
        _wrap(f"{section} {voices[voice]}", 1.8)
        for section, voice in zip(frame["section_id"], frame["voice"], strict=True)
    ]
    column = max(_widest([names[holder] for holder in frame["holder"]], SMALL) + 0.35, _widest(stances.values()) + 0.25)
    n_rows = max(len(frame), 1)
    size = _Size(
        column * len(order),
        ROW * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        right=_widest(beside) + 2 * MARGIN,
        top=1.15,
        bottom=0.85,
    )
    title = words["and"].join(instruments.get(entity, entity) for entity in entities)
    issues = codebook.tables["issues"].query("instrument in @entities")[f"label_{lang}"]
    text = _Text(
        words["references_title"].format(instruments=title),
        words["references_sub"].format(issue=words["list"].join(issues)),
        _source(frame, words, "references", len(frame)),
    )
    with _style(ax) as ax:
        ax = _begin(ax, size, text)
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(frame) + 1)])
        lefts = [number * column for number in range(len(order))]
        for place in lefts:
            _line(ax, [place, place], [-0.5, len(frame) - 0.5], FAINT, 0.8)
        for y, row in enumerate(frame.itertuples()):
            x = lefts[order.index(row.stance)] + 0.15
            _mark(ax, x, y, row.form, FORMS)
            _put(ax, x + 0.11, y, names[row.holder])
        _rows(ax, size, range(len(labels)), labels)
        _columns(ax, [place + 0.08 for place in lefts], [stances[stance] for stance in order])
        _brackets(ax, size, beside, [COLORS.get(voice, SOFT) for voice in frame["voice"]])
        shapes = [(form, words[form]) for form in FORMS if form in set(frame["form"])]
        _legend(ax, size, _flow(shapes, float("inf")), FORMS)
    return ax


def _reference_label(row: dict, first: str, instruments: dict[str, str], words: dict[str, str]) -> str:
    """Paragraph and article, and which instrument where it is not the first one."""
    paragraph = _paragraph(row["citation"]).replace("footnote", words["footnote"])
    other = instruments.get(row["entity_id"], row["entity_id"]) if row["entity_id"] != first else ""
    return ", ".join(part for part in (paragraph, row["locator"], other) if part)


# ---- files -------------------------------------------------------------------------------------------------


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


def save_figures(folder: str | Path, report: Report | None = None, codebook: Codebook | None = None) -> list[Path]:
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
        What was written: ``<nn>_<name>.<lang>.<svg|png>``, then ``README.md`` with captions and alternative
        texts. The same report and codebook give the same bytes.

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
    with _style(figure):
        figure.savefig(target, format=kind, dpi=DPI, metadata=metadata)
    if kind == "png":
        return target.getvalue()
    # Screen readers look for a description beside the title, not in the metadata.
    text = target.getvalue().decode()
    text = text.replace("</title>", f"</title>\n <desc>{escape(description)}</desc>", 1)
    return text.replace("<svg ", '<svg role="img" ', 1).encode()


GALLERY = """# Figures

Drawn from {symbol} by `egdata figures`; not to be edited. Each chart stands here in English
and in Chinese, as SVG and as PNG, with its alternative text.
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
        parts = [f"{voices[voice]} {row.n_sentences} ({row.n_coded} coded)" for voice, row in counts.iterrows()]
        return f"Bars for {len(frame)} sections. Sentences by voice: {', '.join(parts)}."
    parts = [f"{voices[voice]}{row.n_sentences}句（{row.n_coded}句载有立场）" for voice, row in counts.iterrows()]
    return f"{len(frame)}节的条形图。各类文字的句数：{'，'.join(parts)}。"


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
    for issue in frame["issue_id"].value_counts().index:
        named = [(counts[issue, stance], label) for stance, label in stances.items() if (issue, stance) in counts]
        parts.append(_listed(issues[issue], named, lang))
    if lang == "en":
        return f"Map of {len(frame)} positions on {len(parts)} issues, one mark each. {'; '.join(parts)}."
    return f"{len(parts)}个问题上{len(frame)}个立场的分布图，每个立场一个标记。{'；'.join(parts)}。"


def _listed(head: str, counts: list[tuple[int, str]], lang: str) -> str:
    if lang == "en":
        return f"{head}: {', '.join(f'{n} {label}' for n, label in counts)}"
    return f"{head}：{'、'.join(f'{label}{n}' for n, label in counts)}"


def _describe_contested(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    issues, words = _labels(codebook, "issues", lang), WORDS[lang]
    drawn = frame[frame[[f"n_{stance}" for stance in STANCES]].sum(axis=1) > 0]
    parts = []
    for kind in ("opposed", "qualified", ""):
        named = [issues[issue] for issue in drawn.loc[drawn["kind"] == kind, "issue_id"]]
        if named:
            parts.append(f"{words[kind]}{': ' if lang == 'en' else '：'}{words['list'].join(named)}")
    if lang == "en":
        return f"Bars of the positions on {len(drawn)} issues, those against to the left; {'; '.join(parts)}."
    return f"{len(drawn)}个问题上立场数的条形图，反对者在左；{'；'.join(parts)}。"


def _describe_references(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    stances = _labels(codebook, "stances", lang) | {"": WORDS[lang]["none"]}
    counts = [(n, stances[stance]) for stance, n in frame["stance"].value_counts().items()]
    anaphors = int((frame["form"] == "anaphor").sum())
    if lang == "en":
        head = f"{len(frame)} references in the order of the report, {anaphors} of them by anaphor"
        return f"{head}. {_listed('Stance taken there', counts, lang)}."
    head = f"按报告顺序列出{len(frame)}处提及，其中{anaphors}处为回指"
    return f"{head}。{_listed('该处的立场', counts, lang)}。"


CHARTS = (
    _Chart(
        "report",
        count_sections,
        plot_report,
        _describe_report,
        "How long each section is and whose text it is. The group did not endorse the Member States' "
        "proposals, and the Chair's summary was not negotiated: do not add the two up.",
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
        "Every position that the rules find. Two marks of the same shape need not be the same "
        "speakers, and no mark is a number of States.",
    ),
    _Chart(
        "contested",
        _contested,
        plot_contested,
        _describe_contested,
        "On which issues views differ: opposed where some are for and some against, qualified where "
        "they differ otherwise.",
    ),
    _Chart(
        "budapest_convention",
        lambda report, codebook: find_references(report, "budapest", codebook),
        plot_references,
        _describe_references,
        "Where the report speaks of the Budapest Convention, by its title or by an anaphor such as "
        "该公约 ('that Convention'), and the stance taken there on it as a standard.",
    ),
)
