"""Charts, each drawn from one table. The only place that knows fonts and style."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import need_one
from egdata.base.vocabulary import REPORT_ID
from egdata.codebook.codebook import Codebook, read_codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ALPHA = 0.05  # below it a difference is called one
FEWEST = 3  # sentences about both themes of a pair; fewer are an accident
LEAST = 10  # sentences; a share of fewer says little


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
#: (colour, line style, points) of a link by its stance; the styles tell them apart in print.
LINKS = {
    "for": ("#0072b2", "-", 2.2),
    "conditional": ("#0072b2", (0, (6, 1.5, 1.2, 1.5)), 1.8),
    "neutral": ("#7a7a7a", "-", 1.1),
    "mixed": (INK, (0, (1, 1)), 2.2),
    "against": ("#d55e00", (0, (3.5, 1.5)), 2.2),
    "": ("#7a7a7a", (0, (1, 2)), 1.1),
}
#: (colour, line style) of a pair of actors, by what prevails between them.
TIES = {
    "balanced": (FAINT, "-"),
    "congruence": ("#0072b2", "-"),
    "conflict": ("#d55e00", (0, (3.5, 1.5))),
}
#: (colour, line style, points) of a step from one report to the next.
TRENDS = {"rises": ("#0072b2", "-", 2.2), "falls": ("#d55e00", (0, (3.5, 1.5)), 2.2), "unclear": (FAINT, "-", 1.2)}
#: (marker, filled) of each report, in their order.
REPORTS = (("o", False), ("o", True), ("s", False), ("s", True), ("^", False), ("^", True), ("D", False), ("D", True))
#: (marker, filled) of a theme by where it stands, and of a pair of themes as found and as expected.
STANDS = {"proposals": (">", False), "both": ("o", True), "summary": ("<", False)}
PAIRS = {"observed": ("o", True), "expected": ("o", False)}
#: Colours of the two parts that keyness compares.
KEYS = {"target": "#0072b2", "reference": "#d55e00"}
VOICES = {"proposals": ("o", True), "chair-summary": ("s", False), "procedure": ("^", False)}
INSTRUMENT = {"instrument": ("s", False)}
FORMS = {"named": ("o", True), "short": ("o", True), "generic": ("D", False), "anaphor": ("^", False)}
TITLE, SUBTITLE, LABEL, SMALL = 14, 10, 9.5, 8.5  # points
LEADING = 1.25  # times the type size
ROW, MARGIN = 0.27, 0.2  # inches

#: English for headings that reports of expert groups share; any other is shown as it stands.
HEADINGS = {
    "导言": "Introduction",
    "报告员汇编的初步建议和结论清单": "Preliminary recommendations and conclusions",
    "国际合作": "International cooperation",
    "预防": "Prevention",
    "审议情况概要（主席的总结）": "Summary of deliberations by the Chair",
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
        "report_row": "{n_coded} of {n_sentences} sentences, {n_units} paragraphs or items",
        "themes": "What each section is about",
        "themes_sub": "Per cent of its sentences about a theme; a sentence may have up to three themes",
        "themes_rest": "Not shown: procedure, and sections of fewer than {least} sentences ({sections}).",
        "shares": "What proposals and summary are about",
        "shares_sub": "Per cent of sentences about a theme, with 95% intervals; a sentence may have up to three themes",
        "shares_apart": "Intervals lie wholly apart for {n} of {total} themes. Shares may differ where intervals meet.",
        "voice_n": "{label} ({n} sentences)",
        "map": "Who is for and against what",
        "map_sub": "One mark per position, with its paragraph; the shape says who is said to hold it",
        "together": "{voices} together; the same view may stand in both.\n",
        "voice_paragraphs": "{label} ({first}–{last})",
        "contested": "Contested points",
        "contested_sub": "Positions on each issue; to the left of the line those against, to the right all others",
        "opposed": "opposed",
        "qualified": "qualified",
        "": "not contested",
        "no_position": "no position",
        "voice_side": "{label}\nn = {n}",
        "references_title": "References to the {instruments}",
        "references_sub": "By paragraph, in the order of the report, with holder and stance on: {issue}",
        "article": "art. {article}({paragraph})",
        "whole_article": "art. {article}",
        "network": "Who speaks of which instrument",
        "network_sub": "Holders, by their place in the text; instruments of several statements, with their number",
        "network_cited": "{label} ({n})",
        "unlinked": "No line, as the sentence does not mention the instrument: {positions}.\n",
        "unlinked_position": "{actor}, {stance} ({instrument})",
        "unlinked_list": "; ",
        "identities": "The same statements, three networks",
        "identities_sub": "When are two holders one actor? Three answers",
        "identities_note": "Line width: statements; number: actors who speak of the instrument. Instruments of one "
        "statement are left out.\n",
        "identity": "{name}\n{actors} actors, {links} links",
        "mention": "Only if 'they' links them",
        "unit": "Also if of one class in a paragraph",
        "merged": "Also if of one class anywhere",
        "statements": "{n} references by statements with a holder",
        "comparison": "What rises and falls from report to report",
        "comparison_sub": "Per cent of sentences on each, with 95% intervals; in each row reports from top to bottom",
        "kinds": {"issue": "Issues", "instrument": "Instruments", "theme": "Themes"},
        "trends": {"rises": "rises", "falls": "falls", "unclear": "may be chance"},
        "agreement": "Who agrees with whom",
        "agreement_sub": "Holders by class and sentence, ordered by issue and stance; line width: how far one prevails",
        "pairs": "{n} pairs of holders with an issue in common",
        "congruence": "more agreement",
        "conflict": "more conflict",
        "balanced": "as much of both",
        "mixed": "several stances",
        "none": "no stance",
        "keyness": "Key words: {target} and {reference}",
        "key_themes": "Key themes: {target} and {reference}",
        "keyness_sub": "Bar length: log-likelihood (G²); beside it the occurrences on the left : on the right",
        "tokens": "{n:,} tokens",
        "key": "p < 0.05 after correction for {n} tests",
        "no_key": "p ≥ 0.05",
        "key_rest": "Of either side the {most} strongest at most, the strongest first; others that pass the test: {n}.",
        "instruments": "Which instruments the sections refer to",
        "instruments_sub": "References; the filled part names the instrument, the rest points to it or describes it",
        "instruments_rest": "Not shown: sections without a reference ({sections}).",
        "pairs_title": "Themes that go together",
        "pairs_sub": "Sentences about both themes, and in brackets those expected by chance; {passing}",
        "pairs_pass": "{n} of {total} pairs pass the corrected test",
        "pairs_none": "none of {total} pairs passes the corrected test",
        "pair": "{a} + {b}",
        "observed": "sentences about both",
        "expected": "expected by chance",
        "differences": "Where proposals and summary differ",
        "differences_sub": "Share of the proposals minus share of the summary, in percentage points; heavy where the "
        "95% interval is without 0",
        "differences_rest": "Rows from proposals to summary by the mean of their differences; no mark: in neither.\n"
        "{n} of {total} intervals are without 0, where chance alone would give about {chance:.1f}.",
        "side": "more in {label}\n{section}n = {n}",
        "side_section": "{section}, ",
        "both": "in both",
        "proposals": "only in the proposals",
        "summary": "only in the summary",
        "footnote": r", footnote \1",
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
        "report_row": "{n_coded}/{n_sentences}句，{n_units}个段落或分项",
        "themes": "各节谈什么",
        "themes_sub": "各节中谈及某一主题的句子所占百分比；一句至多计三个主题",
        "themes_rest": "未列出程序部分和不足{least}句的各节（{sections}）。",
        "shares": "会员国建议与主席总结谈什么",
        "shares_sub": "谈及某一主题的句子所占百分比及其95%区间；一句至多计三个主题",
        "shares_apart": "{total}个主题中，区间完全分开的有{n}个。区间重叠，份额仍可能不同。",
        "voice_n": "{label}（{n}句）",
        "map": "谁赞成什么，谁反对什么",
        "map_sub": "每个标记为一个立场，旁注段次；形状表示立场由谁持有",
        "together": "{voices}合计；同一意见可能两处都有。\n",
        "voice_paragraphs": "{label}（第{first}至{last}段）",
        "contested": "有争议的议题",
        "contested_sub": "各议题上的立场数，按立场区分；线左为反对，线右为其余各类",
        "opposed": "对立",
        "qualified": "有保留",
        "": "无争议",
        "no_position": "没有立场",
        "voice_side": "{label}\nn = {n}",
        "references_title": "报告何处提及{instruments}",
        "references_sub": "按段次排列，注明持有者及其对“{issue}”的立场",
        "article": "第{article}条第{paragraph}款",
        "whole_article": "第{article}条",
        "network": "谁谈到哪项文书",
        "network_sub": "持有者及其在文中的出处，以及不止一项陈述谈到的文书（括号内为陈述数）",
        "network_cited": "{label}（{n}）",
        "unlinked": "句中未提及该文书，故无连线：{positions}。\n",
        "unlinked_position": "{actor}，{stance}（{instrument}）",
        "unlinked_list": "；",
        "identities": "同样的陈述，三个网络",
        "identities_sub": "两个持有者何时视为同一行为体：三种取法",
        "identities_note": "线宽为陈述数，数字为谈到该文书的行为体数；仅列不止一项陈述谈到的文书。\n",
        "identity": "{name}\n{actors}个行为体，{links}条连线",
        "mention": "仅限“他们”等回指",
        "unit": "另加同段同类",
        "merged": "凡同类",
        "statements": "{n}处提及（限有持有者的陈述）",
        "comparison": "各报告之间何者上升，何者下降",
        "comparison_sub": "谈及各项的句子所占百分比及其95%区间；各行中报告自上而下依次排列",
        "kinds": {"issue": "议题", "instrument": "文书", "theme": "主题"},
        "trends": {"rises": "上升", "falls": "下降", "unclear": "可能出于偶然"},
        "agreement": "谁与谁立场一致",
        "agreement_sub": "按类别和句次区分的持有者，依议题和立场排列；线宽表示一致与冲突之差",
        "pairs": "{n}对有共同议题的持有者",
        "congruence": "一致较多",
        "conflict": "冲突较多",
        "balanced": "两者相等",
        "mixed": "多种立场",
        "none": "无立场",
        "keyness": "{target}与{reference}各自的关键词",
        "key_themes": "{target}与{reference}各自的关键主题",
        "keyness_sub": "条长为对数似然值（G²）；旁注左侧部分 : 右侧部分的出现次数",
        "tokens": "{n}个词次",
        "key": "p < 0.05（经{n}次检验校正）",
        "no_key": "p ≥ 0.05",
        "key_rest": "两侧各列至多{most}项，由强到弱；未列出而通过检验的：{n}项。",
        "instruments": "各节提及哪些文书",
        "instruments_sub": "提及次数；实心部分为以名称提及，其余为回指或描述",
        "instruments_rest": "未列出没有提及任何文书的各节（{sections}）。",
        "pairs_title": "哪些主题同时出现",
        "pairs_sub": "同时谈及两个主题的句数，括号内为随机相遇时的预期句数；{passing}",
        "pairs_pass": "{total}对中有{n}对通过校正后的检验",
        "pairs_none": "{total}对中没有一对通过校正后的检验",
        "pair": "{a} + {b}",
        "observed": "同时谈及两者的句子",
        "expected": "随机预期",
        "differences": "会员国建议与主席总结何处不同",
        "differences_sub": "建议所占份额减去总结所占份额（百分点）；95%区间不含0者为粗线",
        "differences_rest": "各行按差的平均值排列，由建议较多到总结较多；无标记者两者均未谈及。\n"
        "{total}个区间中有{n}个不含0，仅凭偶然也会有约{chance:.1f}个。",
        "side": "{label}较多\n{section}n = {n}",
        "side_section": "{section}，",
        "both": "两者都有",
        "proposals": "仅见于建议",
        "summary": "仅见于总结",
        "footnote": r"、脚注\1",
        "named": "以名称提及",
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
    """The citation without the document: ``13(b)``, ``annex I, 3``."""
    return citation.partition(", ")[2].replace("para. ", "")


def _need(frame: pd.DataFrame, *columns: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")
    need_one(frame, "the chart")


def _source(frame: pd.DataFrame, words: dict[str, str], counted: str, n: int) -> str:
    """The line below a chart: which report, and how many of what."""
    symbols = [frame.attrs["symbol"]] if "symbol" in frame.attrs else []
    if not symbols and "citation" in frame.columns:
        symbols = list(dict.fromkeys(citation.partition(", ")[0] for citation in frame["citation"]))
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


def _columns(ax: Axes, places: Iterable[float], labels: Iterable[str], ha: str = "left") -> None:
    """Column heads above the axes."""
    ax.set_xticks(list(places), list(labels), ha=ha, va="baseline", linespacing=LEADING)
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


def _mark(
    ax: Axes,
    x: float,
    y: float,
    code: str,
    markers: dict[str, tuple[str, bool]],
    where: str = "data",
    color: str = INK,
) -> None:
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
    ax: Axes,
    size: _Size,
    entries: list[tuple[int, float, str, str]],
    markers: dict[str, tuple[str, bool]],
    colors: dict[str, str] | None = None,
) -> None:
    """What the shapes mean, below the axes."""
    for line, at, code, label in entries:
        x, y = (MARGIN + 0.06 - size.left + at) / size.width, -(0.22 + line * 0.25) / size.height
        _mark(ax, x, y, code, markers, "axes", (colors or {}).get(code, INK))
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
            if row.n_sentences:
                ax.barh(y, row.n_sentences, 0.66, color="white", edgecolor=colors[y], linewidth=0.9)
            ax.barh(y, row.n_coded, 0.66, color=colors[y], linewidth=0)
            _put(ax, row.n_sentences + 0.07, y, texts[y])
        _rows(ax, size, range(len(labels)), labels)
        _brackets(ax, size, beside, colors)
    return ax


def _report_row(row: dict, words: dict[str, str]) -> str:
    """The numbers of a section; none for a heading with nothing directly under it."""
    text = words["report_row"].format(**row) if row["n_sentences"] else ""
    return re.sub(r"\b1 (sentence|paragraph)s( or item)?(?:s\b)?", r"1 \1\2", text)


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
    shown = _substantial(frame)
    cells = shown.assign(
        row=shown["theme_id"],
        total=shown["n_sentences"],
        length=shown["share"],
        filled=shown["share"],
        number=[f"{100 * share:.0f}" for share in shown["share"]],
    )
    n = shown.drop_duplicates("section_id")["n_sentences"].sum()
    source = _rest(frame, shown, words) + _source(frame, words, "sentences", n)
    text = _Text(words["themes"], words["themes_sub"], source)
    return _plot_by_section(cells, ax, lang, codebook, text, _labels(codebook, "themes", lang))


def plot_instruments(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw how often each section refers to each instrument.

    Parameters
    ----------
    frame : DataFrame
        As :func:`count_instruments` gives it: ``section_id``, ``title``, ``voice``, ``instrument_id``, ``n``,
        ``n_named``; ``attrs["without"]``, if set, names the sections that refer to none.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per instrument, that of most references first; one column per section. The part of a bar for
        references by name is filled.
    """
    _need(frame, "section_id", "title", "voice", "instrument_id", "n", "n_named")
    words, codebook = _words(lang), codebook or read_codebook()
    cells = frame.assign(
        row=frame["instrument_id"],
        total=frame.groupby("section_id")["n"].transform("sum"),
        length=frame["n"],
        filled=frame["n_named"],
        number=frame["n"].astype(str),
    )
    without = words["list"].join(frame.attrs.get("without", []))
    source = words["instruments_rest"].format(sections=without) + "\n" if without else ""
    source += _source(frame, words, "references", frame["n"].sum())
    text = _Text(words["instruments"], words["instruments_sub"], source)
    return _plot_by_section(cells, ax, lang, codebook, text, _labels(codebook, "instruments", lang))


def _plot_by_section(
    cells: pd.DataFrame, ax: Axes | Figure | None, lang: str, codebook: Codebook, text: _Text, names: _Labels
) -> Axes:
    """Rows by what is counted, that of most first, columns by section; in each cell a bar with its number.

    ``cells`` has ``section_id``, ``title``, ``voice``, ``row``, ``n``, ``length`` and ``filled`` of the bar, its
    ``number``, and ``total``, the n of the section.
    """
    voices = _labels(codebook, "voices", lang)
    sections = cells.drop_duplicates("section_id").to_dict("records")
    totals = cells.groupby("row", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    places = {code: y for y, code in enumerate(totals.index)}
    labels = [_wrap(names[code], 4) for code in places]
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
        max(ROW, _height(labels)) * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        top=1 + over + _height(label for *_, label in groups),
        bottom=0.5 + 0.15 * text.source.count("\n"),
    )
    with _style(ax) as ax:
        ax = _begin(ax, size, text)
        ax.set(xlim=(0, n_columns), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(labels) + 1)])
        scale = (1 - (gap + 0.3) / column) / max(cells["length"].max(), 0.01) if len(cells) else 1
        for x, section in enumerate(sections):
            _line(ax, [x, x], [-0.5, len(labels) - 0.5], SOFT, 0.8)
            for row in cells[cells["section_id"] == section["section_id"]].itertuples():
                y, length, color = places[row.row], scale * row.length, COLORS.get(row.voice, SOFT)
                if row.filled < row.length:
                    ax.barh(y, length, 0.62, left=x, color="white", edgecolor=color, linewidth=0.9)
                if row.filled or row.filled == row.length:
                    ax.barh(y, scale * row.filled, 0.62, left=x, color=color, linewidth=0)
                _put(ax, x + length + 0.03, y, row.number, color=INK if row.n else SOFT)
        is_wrapped = any("\n" in label for label in labels)
        _rows(ax, size, places.values(), labels, va="center" if is_wrapped else "center_baseline")
        _columns(ax, range(len(sections)), heads)
        line = 1 + over / size.height
        for first, last, voice, label in groups:
            _line(ax, [first, last + 1 - gap / column], [line] * 2, COLORS.get(voice, SOFT), 2.5, "columns")
            _put(ax, first, line + 0.09 / size.height, label, "columns", LABEL, va="baseline")
    return ax


def plot_theme_shares(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw how often each theme occurs in the texts of each voice, with intervals.

    Parameters
    ----------
    frame : DataFrame
        As :func:`count_themes` gives it with ``by="voice"``: ``voice``, ``theme_id``, ``n``, ``n_sentences``,
        ``share``, ``low``, ``high``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per theme, that of the largest share first; in it a mark and an interval for each voice but procedure.
    """
    _need(frame, "voice", "theme_id", "n", "n_sentences", "share", "low", "high")
    words, codebook = _words(lang), codebook or read_codebook()
    voices, themes = _labels(codebook, "voices", lang), _labels(codebook, "themes", lang)
    shown = _substantial(frame)
    drawn = list(shown["voice"].drop_duplicates())
    order = shown.groupby("theme_id", sort=False)["share"].max().sort_values(ascending=False, kind="stable").index
    labels = [themes[theme] for theme in order]
    n_rows, width = max(len(labels), 1), 5.0
    scale = width / (10 * max(-(-shown["high"].max() // 0.1), 1)) if len(shown) else width / 10  # inches per per cent
    size = _Size(width, ROW * 1.25 * n_rows, left=_widest(labels) + 2 * MARGIN, right=0.4, top=1.15, bottom=1.05)
    sizes = shown.drop_duplicates("voice").set_index("voice")["n_sentences"]
    apart = words["shares_apart"].format(n=_n_apart(shown), total=len(order))
    source = f"{apart}\n" + _source(frame, words, "sentences", int(sizes.sum()))
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["shares"], words["shares_sub"], source))
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(labels) + 1)])
        ticks = range(0, int(size.width / scale) + 1, 10)
        for tick in ticks:
            _line(ax, [tick * scale] * 2, [-0.5, n_rows - 0.5], FAINT, 0.8)
        for row in shown.itertuples():
            y = list(order).index(row.theme_id) + 0.22 * (2 * drawn.index(row.voice) - len(drawn) + 1)
            color = COLORS.get(row.voice, SOFT)
            _line(ax, [100 * row.low * scale, 100 * row.high * scale], [y, y], color, 1.6)
            _mark(ax, 100 * row.share * scale, y, row.voice, VOICES, color=color)
        _rows(ax, size, range(len(labels)), labels)
        _columns(ax, [tick * scale for tick in ticks], [f"{tick}%" for tick in ticks], ha="center")
        named = [(voice, words["voice_n"].format(label=voices[voice], n=sizes[voice])) for voice in drawn]
        _legend(ax, size, _flow(named, float("inf")), VOICES, COLORS)
    return ax


def _n_apart(shown: pd.DataFrame) -> int:
    """Themes of which two intervals have nothing in common."""
    ends = shown.groupby("theme_id").agg({"low": "max", "high": "min"})
    return int((ends["low"] > ends["high"]).sum())


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
            f"n = {section['total']}",
        ]
    )


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
    frame : DataFrame
        As :func:`count_theme_pairs` gives it: ``theme_a``, ``theme_b``, ``n``, ``n_sentences``, ``expected``,
        ``p_adjusted``.
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
    _need(frame, "theme_a", "theme_b", "n", "n_sentences", "expected", "p_adjusted")
    words, codebook = _words(lang), codebook or read_codebook()
    themes = _labels(codebook, "themes", lang)
    shown = _surplus(frame).head(most)
    labels = [
        words["pair"].format(a=themes[a], b=themes[b]) for a, b in zip(shown["theme_a"], shown["theme_b"], strict=True)
    ]
    width, n_rows = 4.0, max(len(shown), 1)
    scale = (width - 0.7) / max([*shown["n"], 1])  # inches per sentence
    size = _Size(width, ROW * n_rows, left=_widest(labels) + 2 * MARGIN, bottom=0.9)
    subtitle = words["pairs_sub"].format(passing=_passing(frame, words))
    source = _source(frame, words, "sentences", frame["n_sentences"].max() if len(frame) else 0)
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["pairs_title"], subtitle, source))
        ax.set(xlim=(-0.1, width), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(shown) + 1)])
        _line(ax, [0, 0], [-0.5, n_rows - 0.5], SOFT, 0.8)
        for y, row in enumerate(shown.itertuples()):
            _line(ax, [row.expected * scale, row.n * scale], [y, y], SOFT, 1.6)
            _mark(ax, row.expected * scale, y, "expected", PAIRS)
            _mark(ax, row.n * scale, y, "observed", PAIRS)
            _put(ax, row.n * scale + 0.1, y, f"{row.n} ({row.expected:.1f})")
        _rows(ax, size, range(len(labels)), labels)
        _legend(ax, size, _flow([(code, words[code]) for code in PAIRS], float("inf")), PAIRS)
    return ax


def _surplus(frame: pd.DataFrame) -> pd.DataFrame:
    """Pairs of themes that meet more often than by chance, and not only once or twice; the widest apart first."""
    surplus = (frame["n"] - frame["expected"])[frame["n"] >= FEWEST].sort_values(ascending=False, kind="stable")
    return frame.loc[surplus[surplus > 0].index]


def _passing(frame: pd.DataFrame, words: dict[str, str]) -> str:
    """How many pairs of themes pass the test."""
    n = int((frame["p_adjusted"] < ALPHA).sum())
    return words["pairs_pass" if n else "pairs_none"].format(n=n, total=len(frame))


def plot_theme_differences(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw which themes the Member States' proposals have more often than the Chair's summary, and the other way round.

    Parameters
    ----------
    frame : DataFrame
        As :func:`theme_differences` gives it: ``theme_id``, ``n_sentences_proposals``, ``n_sentences_summary``,
        ``difference``, ``low``, ``high``, ``stands_in``; with ``title``, ``section_proposals`` and
        ``section_summary`` where sections are compared.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per theme, from that of the proposals to that of the summary by the mean of its differences, and one
        column per pair of sections. The shape of a mark says where the theme stands; an interval without 0 is drawn
        heavy.
    """
    needed = ["theme_id", "n_sentences_proposals", "n_sentences_summary", "difference", "low", "high", "stands_in"]
    _need(frame, *needed)
    words, codebook = _words(lang), codebook or read_codebook()
    themes, voices = _labels(codebook, "themes", lang), _labels(codebook, "voices", lang)
    shown = frame[frame["stands_in"] != "neither"]
    panels = list(shown.groupby("title", sort=False)) if "title" in shown else [("", shown)] if len(shown) else []
    order = shown.groupby("theme_id", sort=False)["difference"].mean().sort_values(ascending=False, kind="stable").index
    places, labels = {theme: y for y, theme in enumerate(order)}, [themes[theme] for theme in order]
    heads = [_heading(title, lang) for title, _ in panels]
    sides = [_panel_sides(panel.iloc[0], voices, words) for _, panel in panels]
    reach = max([*shown["low"].abs(), *shown["high"].abs(), 0.1])
    column = max(2 * _widest(itertools.chain(*sides), SMALL) + 0.5, _widest(heads) + 0.3, 3.4)
    scale, step = (column - 0.3) / 2 / reach, 10 if reach < 0.45 else 20  # inches per unit; points from tick to tick
    n_rows = max(len(labels), 1)
    size = _Size(
        column * max(len(panels), 1),
        ROW * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        top=1.75,
        bottom=1.2,
    )
    n = sum(panel[["n_sentences_proposals", "n_sentences_summary"]].iloc[0].sum() for _, panel in panels)
    n_apart = ((shown["low"] > 0) | (shown["high"] < 0)).sum()
    note = words["differences_rest"].format(n=n_apart, total=len(shown), chance=len(shown) * ALPHA)
    source = f"{note}\n" + _source(frame, words, "sentences", n)
    text = _Text(words["differences"], words["differences_sub"], source)
    with _style(ax) as ax:
        ax = _begin(ax, size, text)
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(labels) + 1)])
        for number, (head, pair, (_, panel)) in enumerate(zip(heads, sides, panels, strict=True)):
            middle = (number + 0.5) * column
            last = int(100 * reach) // step * step
            for tick in range(-last, last + 1, step):
                x = middle + tick / 100 * scale
                _line(ax, [x, x], [-0.5, n_rows - 0.5], FAINT if tick else INK, 0.8)
                _put(
                    ax,
                    x,
                    1 + 0.13 / size.height,
                    f"{tick:+d}".replace("-", "−") if tick else "0",
                    "columns",
                    color=SOFT,
                    ha="center",
                )
            for row in panel.itertuples():
                y, is_apart = places[row.theme_id], row.low > 0 or row.high < 0
                xs = [middle + row.low * scale, middle + row.high * scale]
                _line(ax, xs, [y, y], INK if is_apart else SOFT, 3 if is_apart else 0.9)
                _mark(ax, middle + row.difference * scale, y, row.stands_in, STANDS)
            for label, ha, x in zip(pair, ("right", "left"), (middle - 0.1, middle + 0.1), strict=True):
                _put(ax, x, 1 + 0.26 / size.height, label, "columns", ha=ha, va="bottom")
            _put(ax, middle, 1 + 0.68 / size.height, head, "columns", LABEL, ha="center", va="bottom")
        _rows(ax, size, range(len(labels)), labels)
        _legend(ax, size, _flow([(code, words[code]) for code in STANDS], float("inf")), STANDS)
    return ax


def _panel_sides(row: pd.Series, voices: dict[str, str], words: dict[str, str]) -> list[str]:
    """What stands on the left and on the right of 0, and how many sentences that is a share of."""
    labels = []
    for side, voice in (("summary", "chair-summary"), ("proposals", "proposals")):
        section = words["side_section"].format(section=row[f"section_{side}"]) if f"section_{side}" in row else ""
        n = row[f"n_sentences_{side}"]
        labels.append(words["side"].format(label=voices[voice], section=section, n=n))
    return labels


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
    frame : DataFrame
        As :func:`keyness` gives it: ``term`` or ``theme_id``, ``n_target``, ``n_reference``, ``per_1000_target``,
        ``per_1000_reference``, ``log_likelihood``, ``p_adjusted``, with its ``attrs``.
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
    _need(frame, key, "n_target", "n_reference", "per_1000_target", "per_1000_reference")
    _need(frame, "log_likelihood", "p_adjusted")
    if not {"target", "reference"} <= set(frame.attrs):
        raise ValueError("the frame does not say what it compares; pass it as keyness gives it")
    words, codebook = _words(lang), codebook or read_codebook()
    voices, counted = _labels(codebook, "voices", lang), "tokens" if key == "term" else "sentences"
    is_target = frame["per_1000_target"] > frame["per_1000_reference"]
    shown = frame.loc[[*frame.index[is_target][:most], *frame.index[~is_target][::-1][:most]]]
    labels = _key_labels(shown[key], codebook, lang)
    sizes = {side: frame.attrs[side][1] for side in ("reference", "target")}
    heads = {
        side: f"{_part_label(frame.attrs[side][0], voices, words, lang)}\n{words[counted].format(n=n)}"
        for side, n in sizes.items()
    }
    numbers = [f"{row.n_reference} : {row.n_target}" for row in shown.itertuples()]
    beside = _widest(numbers, SMALL) + 0.15
    strongest = [max([*shown.loc[is_target[shown.index] == side, "log_likelihood"], 0]) for side in (False, True)]
    scale = 4.2 / max(sum(strongest), 1)  # inches
    left, right = (
        max(g2 * scale + beside, _widest([head]) + 0.2) for g2, head in zip(strongest, heads.values(), strict=True)
    )
    n_rows = max(len(shown), 1)
    size = _Size(
        left + right,
        ROW * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        top=1.0 + _height(heads.values()),
        bottom=1.05,
    )
    parts = {side: _part_label(frame.attrs[side][0], voices, words, lang, with_ids=False) for side in sizes}
    title = words["keyness" if key == "term" else "key_themes"].format(**parts)
    n_more = int((frame["p_adjusted"].drop(shown.index) < ALPHA).sum())
    rest = words["key_rest"].format(most=most, n=n_more)
    source = f"{rest}\n" + _source(frame, words, counted, sum(sizes.values()))
    text = _Text(title, words["keyness_sub"], source)
    with _style(ax) as ax:
        ax = _begin(ax, size, text)
        ax.set(xlim=(-left, right), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(shown) + 1)])
        for y, (row, number) in enumerate(zip(shown.itertuples(), numbers, strict=True)):
            side, way = ("target", 1) if row.per_1000_target > row.per_1000_reference else ("reference", -1)
            length = way * row.log_likelihood * scale
            ax.barh(y, length, 0.62, **_key_fill(side, row.p_adjusted < ALPHA))
            _put(ax, length + way * 0.07, y, number, ha="left" if way > 0 else "right")
        _line(ax, [0, 0], [-0.5, n_rows - 0.5], INK, 1.2)
        for (side, head), x in zip(heads.items(), (-0.1, 0.1), strict=True):
            ha = "right" if x < 0 else "left"
            _put(ax, x, 1 + 0.12 / size.height, head, "columns", LABEL, KEYS[side], ha=ha, va="bottom")
        _rows(ax, size, range(len(labels)), labels)
        fills = [(_key_fill("", is_key), words[word]) for is_key, word in ((True, "key"), (False, "no_key"))]
        _swatches(ax, size, [(fill, label.format(n=len(frame))) for fill, label in fills])
    return ax


def _key_fill(side: str, is_key: bool) -> dict:
    color = KEYS.get(side, SOFT)
    return {"facecolor": color if is_key else "white", "edgecolor": color, "linewidth": 0.9}


def _key_labels(codes: pd.Series, codebook: Codebook, lang: str) -> list[str]:
    """The labels of themes; terms as they are, with the English that the glossary has for them."""
    if codes.name == "theme_id":
        themes = _labels(codebook, "themes", lang)
        return [themes[code] for code in codes]
    english = dict(codebook.tables["glossary"].itertuples(index=False, name=None)) if lang == "en" else {}
    return [f"{term} {english[term]}" if term in english else term for term in codes]


def _part_label(
    part: dict[str, str], voices: dict[str, str], words: dict[str, str], lang: str, with_ids: bool = True
) -> str:
    """Voices by their labels; sections by their headings, each once, with their ids."""
    names = dict.fromkeys(voices[code] if code in voices else _heading(title, lang) for code, title in part.items())
    sections = [code for code in part if code not in voices]
    label = words["list"].join(names)
    return (
        words["network_cited"].format(label=label, n=words["list"].join(sections)) if with_ids and sections else label
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
        Positions with the holder of their statement: ``issue_id``, ``stance``, ``holder``, ``citation``. With
        ``voice``, too, a line says that texts of several voices are shown together.
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
    source = _together(frame, codebook, words, lang) + _source(frame, words, "positions", len(frame))
    bottom = 0.6 + 0.25 * (1 + max((line for line, *_ in legend), default=0)) + 0.15 * source.count("\n")
    size = _Size(lefts[-1], max(tops[-1], line), left=left, top=1.15, bottom=bottom)
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


def _together(frame: pd.DataFrame, codebook: Codebook, words: dict[str, str], lang: str) -> str:
    """A line that names the voices of a frame and their paragraphs, if there are several."""
    if "voice" not in frame.columns or frame["voice"].nunique() < 2:
        return ""
    labels, parts = _labels(codebook, "voices", lang), []
    for voice, rows in frame.groupby("voice", sort=False):
        paragraphs = [_paragraph(citation).partition("(")[0] for citation in rows["citation"]]
        place = {"label": labels[voice], "first": paragraphs[0], "last": paragraphs[-1]}
        parts.append(words["voice_paragraphs"].format(**place))
    return words["together"].format(voices=words["and"].join(parts))


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
        ``n_against``, ``kind``; with ``voice``, if it counts by voice. ``attrs["symbol"]``, if set, names the source.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per issue that has positions, one column per voice if the frame has them: opposed issues first, then
        qualified ones, then the rest, and among them that of most positions first.
    """
    columns = [f"n_{stance}" for stance in STANCES]
    _need(frame, "issue_id", "kind", *columns)
    words, codebook = _words(lang), codebook or read_codebook()
    issues, names = _labels(codebook, "issues", lang), _labels(codebook, "stances", lang)
    voices = _labels(codebook, "voices", lang) if "voice" in frame.columns else {"": ""}
    kinds = ("opposed", "qualified", "")
    drawn = frame.assign(n=frame[columns].sum(axis=1), order=frame["kind"].map(kinds.index)).query("n > 0")
    drawn = drawn if "voice" in drawn.columns else drawn.assign(voice="")
    order = drawn.groupby("issue_id", sort=False).agg(order=("order", "min"), n=("n", "sum"))
    order = order.sort_values(["order", "n"], ascending=[True, False], kind="stable").index
    panels = {voice: drawn[drawn["voice"] == voice] for voice in voices if voice in set(drawn["voice"])}
    heads = [words["voice_side"].format(label=voices[voice], n=rows["n"].sum()) for voice, rows in panels.items()]
    labels, n_rows = [issues[issue] for issue in order], max(len(order), 1)
    unit = 0.27 if len(panels) < 2 else 0.22  # inches per position
    beside = _widest([words[kind] for kind in kinds] + [words["no_position"]]) + 0.4
    extents = [(rows["n_against"].max(), (rows["n"] - rows["n_against"]).max()) for rows in panels.values()]
    widths = [
        max(unit * (sum(extent) + 0.2) + beside, _widest([head])) for extent, head in zip(extents, heads, strict=True)
    ]
    lefts = [0, *itertools.accumulate(widths)]
    size = _Size(
        max(lefts[-1], 5.0),
        ROW * 1.15 * n_rows,
        left=_widest(labels) + 2 * MARGIN,
        top=1.3 if "voice" in frame.columns else 0.85,
        bottom=0.9,
    )
    source = _source(frame, words, "positions", drawn["n"].sum())
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["contested"], words["contested_sub"], source))
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(order) + 1)])
        for left, (against, others), rows in zip(lefts, extents, panels.values(), strict=False):
            zero, cells = left + unit * (against + 0.1), rows.set_index("issue_id").to_dict("index")
            for y, issue in enumerate(order):
                row = cells.get(issue)
                at = zero - unit * row["n_against"] if row else zero
                for stance in STANCES if row else ():
                    _stance_bar(ax, at, y, row[f"n_{stance}"], stance, unit)
                    at += unit * row[f"n_{stance}"]
                kind = words[row["kind"]] if row else words["no_position"]
                _put(ax, zero + unit * others + 0.12, y, kind, size=LABEL, color=INK if row and row["kind"] else SOFT)
            _line(ax, [zero, zero], [-0.5, len(order) - 0.5], INK, 1.2)
        _rows(ax, size, range(len(labels)), labels)
        if "voice" in frame.columns:
            _columns(ax, lefts[: len(heads)], heads)
        _swatches(ax, size, [(_fill(stance), names[stance]) for stance in STANCES])
    return ax


def _fill(stance: str) -> dict:
    color, hatch = STANCES[stance]
    return {"color": color, "hatch": hatch, "edgecolor": INK, "linewidth": 0.6}


def _swatches(ax: Axes, size: _Size, entries: Iterable[tuple[dict, str]]) -> None:
    """What the fills of the bars mean, below the axes."""
    fills, labels = zip(*entries, strict=True)
    for fill, (_, at, _, label) in zip(fills, _flow([("", label) for label in labels], float("inf")), strict=True):
        x, y = (MARGIN - size.left + at) / size.width, -0.22 / size.height
        bar = {"left": x, "transform": ax.transAxes, "clip_on": False}
        ax.barh(y, 0.28 / size.width, 0.16 / size.height, **bar, **fill)
        _put(ax, x + 0.34 / size.width, y, label, "axes", LABEL)


def _stance_bar(ax: Axes, left: float, y: float, n: int, stance: str, unit: float) -> None:
    """A bar of one stance, with its number on a plain ground; ``unit`` is the width of one."""
    if n:
        ax.barh(y, n * unit, 0.7, left=left, **_fill(stance))
        ground = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        _put(ax, left + n * unit / 2, y, str(n), ha="center", bbox=ground)


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
    paragraph = re.sub(", footnote (.+)", words["footnote"], _paragraph(row["citation"]))
    other = instruments.get(row["entity_id"], row["entity_id"]) if row["entity_id"] != first else ""
    article = re.sub(
        r"art\. (\d+)(?:\((\d+)\))?",
        lambda found: words["article" if found[2] else "whole_article"].format(article=found[1], paragraph=found[2]),
        row["locator"],
    )
    return words["list"].join(part for part in (paragraph, article, other) if part)


def plot_network(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw who speaks of which instrument, and with which stance.

    Parameters
    ----------
    frame : DataFrame
        As :func:`network_layout` gives it for one policy: ``actor_label_en``, ``actor_label_zh``, ``holder``,
        ``instrument_label_en``, ``instrument_label_zh``, ``stance``, ``weight``, ``actor_place``,
        ``instrument_place``. ``attrs["unlinked"]``, if set, are the positions to name below the chart.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        Actors on the left, shaped by holder; instruments on the right, with the number of statements; a line for
        each row of the frame, by stance.
    """
    _need(frame, "holder", "stance", "weight", "actor_place", "instrument_place")
    _need(frame, f"actor_label_{lang}", f"instrument_label_{lang}") if lang in WORDS else _words(lang)
    words, codebook = _words(lang), codebook or read_codebook()
    stances = _labels(codebook, "stances", lang) | {"mixed": words["mixed"], "": words["none"]}
    actors = frame.drop_duplicates("actor_place").sort_values("actor_place").to_dict("records")
    labels = [actor[f"actor_label_{lang}"] for actor in actors]
    cited = frame.groupby(["instrument_place", f"instrument_label_{lang}"])["weight"].sum().reset_index()
    named = [
        _wrap(words["network_cited"].format(label=label, n=n), 2.2)
        for label, n in zip(cited[f"instrument_label_{lang}"], cited["weight"], strict=True)
    ]
    n_rows = max(len(actors), 1)
    heights = _spread(frame.groupby("instrument_place")["actor_place"].mean().tolist(), n_rows)
    lines = [(stance, label) for stance, label in stances.items() if stance in set(frame["stance"])]
    lines.sort(key=lambda line: list(LINKS).index(line[0]))
    holders = _labels(codebook, "holders", lang)
    shapes = [(holder, label) for holder, label in holders.items() if holder in set(frame["holder"])]
    size = _Size(
        3.6,
        ROW * n_rows,
        left=_widest(labels) + 2 * MARGIN + 0.1,
        right=_widest(named) + 2 * MARGIN,
    )
    source = _unlinked(frame, stances, words, lang, size.left + size.width + size.right - 2 * MARGIN)
    source += _source(frame, words, "statements", frame["weight"].sum())
    size = size._replace(bottom=1.15 + 0.15 * source.count("\n"))
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["network"], words["network_sub"], source))
        ax.set(xlim=(0, 1), ylim=(n_rows - 0.5, -0.5))
        for row in frame.to_dict("records"):
            _link(ax, [0, 1], [row["actor_place"], heights[row["instrument_place"]]], row["stance"])
        for y, actor in enumerate(actors):
            _mark(ax, 0, y, actor["holder"], MARKERS)
        for y, label in zip(heights, named, strict=True):
            _mark(ax, 1, y, "instrument", INSTRUMENT)
            _put(ax, 1 + 0.16 / size.width, y, label, "rows", LABEL, va="center")
        _rows(ax, size, range(len(labels)), labels)
        _legend(ax, size, _flow(shapes, float("inf")), MARKERS)
        for _, at, stance, label in _flow([(stance, f"    {label}") for stance, label in lines], float("inf")):
            x, y = (MARGIN - size.left + at) / size.width, -0.5 / size.height
            _link(ax, [x, x + 0.38 / size.width], [y, y], stance, "axes")
            _put(ax, x + 0.46 / size.width, y, label.strip(), "axes", LABEL)
    return ax


def _unlinked(frame: pd.DataFrame, stances: dict[str, str], words: dict[str, str], lang: str, width: float) -> str:
    """The positions on a drawn instrument that have no line, wrapped to a width in inches."""
    positions = [
        words["unlinked_position"].format(
            actor=row[f"actor_label_{lang}"], stance=stances[row["stance"]], instrument=row[f"instrument_label_{lang}"]
        )
        for row in frame.attrs.get("unlinked", ())
    ]
    note = words["unlinked"].format(positions=words["unlinked_list"].join(positions))
    return _wrap(note.rstrip(), width) + "\n" if positions else ""


def _link(ax: Axes, xs: Sequence[float], ys: Sequence[float], stance: str, where: str = "data") -> None:
    color, style, width = LINKS[stance]
    (line,) = ax.plot(xs, ys, transform=_transform(ax, where), color=color, linewidth=width, clip_on=False, zorder=2)
    line.set_linestyle(style)


def _spread(wanted: Sequence[float], n_rows: int) -> list[float]:
    """Heights in the order given, as near as can be to those wanted and with room for a label of two lines."""
    room = min(2.2, n_rows / max(len(wanted), 1))
    heights: list[float] = []
    for height in wanted:
        heights.append(max(height, heights[-1] + room) if heights else max(height, 0.0))
    for index in reversed(range(len(heights))):  # pushed back up from the lower edge
        below = heights[index + 1] - room if index + 1 < len(heights) else n_rows - 1.0
        heights[index] = min(heights[index], below)
    return heights


def plot_identities(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw the network of the same statements under several identity policies, side by side.

    Parameters
    ----------
    frame : DataFrame
        As :func:`network_layout` gives it for several policies: ``identity``, ``actor_id``, ``holder``,
        ``instrument_label_en``, ``instrument_label_zh``, ``weight``, ``actor_place``, ``instrument_place``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per instrument; one column per policy with the instruments on its left, each with the number of
        its actors, and the actors on its right, shaped by holder; lines as wide as there are statements.
    """
    words, codebook = _words(lang), codebook or read_codebook()
    _need(frame, "identity", "actor_id", "holder", f"instrument_label_{lang}", "weight")
    _need(frame, "actor_place", "instrument_place")
    rows = frame.drop_duplicates("instrument_place").sort_values("instrument_place")
    labels = [_wrap(label, 2.2) for label in rows[f"instrument_label_{lang}"]]
    panels = dict(list(frame.groupby("identity", sort=False)))
    heads = [
        words["identity"].format(name=words[identity], actors=panel["actor_id"].nunique(), links=len(panel))
        for identity, panel in panels.items()
    ]
    holders = _labels(codebook, "holders", lang)
    shapes = [(holder, label) for holder, label in holders.items() if holder in set(frame["holder"])]
    column = max(_widest(heads) + 0.3, 2.3)
    n_columns, row = max(len(panels), 1), 0.75  # inches
    size = _Size(
        column * n_columns,
        row * max(len(labels), 1),
        left=_widest(labels) + 2 * MARGIN,
        top=1.3,
        bottom=1.05,
    )
    first = frame[frame["identity"] == frame["identity"].iloc[0]] if len(frame) else frame
    source = words["identities_note"] + _source(frame, words, "statements", first["weight"].sum())
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["identities"], words["identities_sub"], source))
        ax.set(xlim=(0, size.width), ylim=(size.height, 0))
        for left, panel in zip(itertools.count(0, column), panels.values(), strict=False):
            step = size.height / (panel["actor_place"].max() + 1)
            for link in panel.itertuples():
                ys = [(link.instrument_place + 0.5) * row, (link.actor_place + 0.5) * step]
                _line(ax, [left + 0.3, left + column - 0.35], ys, SOFT, 0.6 + 0.6 * link.weight)
            for place, actors in panel.groupby("instrument_place")["actor_id"]:
                _mark(ax, left + 0.3, (place + 0.5) * row, "instrument", INSTRUMENT)
                _put(ax, left + 0.2, (place + 0.5) * row, str(actors.nunique()), ha="right")
            for actor in panel.drop_duplicates("actor_place").itertuples():
                _mark(ax, left + column - 0.35, (actor.actor_place + 0.5) * step, actor.holder, MARKERS)
        _rows(ax, size, [(place + 0.5) * row for place in range(len(labels))], labels, va="center")
        _columns(ax, [place * column + 0.1 for place in range(len(heads))], heads)
        _legend(ax, size, _flow(shapes, float("inf")), MARKERS)
    return ax


def plot_agreement(
    frame: pd.DataFrame,
    ax: Axes | Figure | None = None,
    lang: str = "en",
    *,
    codebook: Codebook | None = None,
) -> Axes:
    """Draw which actors agree and which conflict on the issues that they have in common.

    Parameters
    ----------
    frame : DataFrame
        As :func:`agreement_layout` gives it: ``source_holder``, ``target_holder``, ``source_label_en`` and the other
        three labels, ``balance``, ``source_place``, ``target_place``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        Actors on a ring, shaped by holder; a line for each row of the frame: solid where congruence prevails, dashed
        where conflict does, the wider the more, and faint where neither does.
    """
    words, codebook = _words(lang), codebook or read_codebook()
    ends = ("source", "target")
    _need(frame, "balance", *(f"{end}_{name}" for end in ends for name in ("holder", "place", f"label_{lang}")))
    actors = {
        row[f"{end}_place"]: (row[f"{end}_holder"], row[f"{end}_label_{lang}"])
        for row in frame.to_dict("records")
        for end in ends
    }
    holders = _labels(codebook, "holders", lang)
    present = {holder for holder, _ in actors.values()}
    shapes = [(holder, label) for holder, label in holders.items() if holder in present]
    ties = _ties(frame)
    slots = max(len(actors) + len(actors) % 2, 4)  # even, so that no actor stands at the very top or bottom
    half = math.pi / slots
    radius = max(2.2, 0.22 / (math.cos(half) - math.cos(3 * half)))  # inches; a line of type between two labels
    angles = [(2 * place + 1) * half for place in range(slots)]
    points = [(radius * math.sin(angle), radius * math.cos(angle)) for angle in angles]
    beside, edge = _widest((label for _, label in actors.values()), SMALL) + MARGIN, radius + 0.25
    size = _Size(2 * edge, 2 * edge, left=beside + MARGIN, right=beside + MARGIN, top=1.0, bottom=1.15)
    source = _source(frame, words, "pairs", len(frame))
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["agreement"], words["agreement_sub"], source))
        ax.set(xlim=(-edge, edge), ylim=(-edge, edge))
        drawn = sorted(
            zip(ties, frame["balance"], frame["source_place"], frame["target_place"], strict=True),
            key=lambda tie: (list(TIES).index(tie[0]), abs(tie[1])),
        )
        for tie, balance, *places in drawn:
            _tie(ax, *zip(*(points[place] for place in places), strict=True), tie, abs(balance))
        for place, (holder, label) in sorted(actors.items()):
            (x, y), is_right = points[place], place < slots / 2
            _mark(ax, x, y, holder, MARKERS)
            outward = 1 + 0.16 / radius  # off the lines, which are all inside
            _put(ax, x * outward, y * outward, label, ha="left" if is_right else "right")
        _legend(ax, size, _flow(shapes, float("inf")), MARKERS)
        lines = [(tie, f"    {words[tie]}") for tie in ("congruence", "conflict", "balanced") if tie in set(ties)]
        for _, at, tie, label in _flow(lines, float("inf")):
            x, y = (MARGIN - size.left + at) / size.width, -0.5 / size.height
            _tie(ax, [x, x + 0.38 / size.width], [y, y], tie, 1, "axes")
            _put(ax, x + 0.46 / size.width, y, label.strip(), "axes", LABEL)
    return ax


def _ties(frame: pd.DataFrame) -> pd.Series:
    """What prevails between the actors of each pair."""
    return frame["balance"].map(lambda n: "congruence" if n > 0 else "conflict" if n < 0 else "balanced").astype(object)


def _tie(ax: Axes, xs: Sequence[float], ys: Sequence[float], tie: str, excess: float, where: str = "data") -> None:
    color, style = TIES[tie]
    width = 0.7 + 0.8 * (excess if tie != "balanced" else 0)
    (line,) = ax.plot(xs, ys, transform=_transform(ax, where), color=color, linewidth=width, clip_on=False, zorder=2)
    line.set_linestyle(style)


def plot_comparison(frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en") -> Axes:
    """Draw which issues, instruments and themes rise and fall from report to report.

    Parameters
    ----------
    frame : DataFrame
        As :func:`egdata.compare_reports` gives it, of at most eight reports: ``report_id``, ``kind``, ``id``,
        ``label_en`` or ``label_zh``, ``n_sentences``, ``share``, ``low``, ``high``, ``trend``. Choose rows for a
        smaller chart: ``frame[frame["kind"] == "theme"]``.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.

    Returns
    -------
    Axes
        One row per code, within its kind that of the largest rise from the first to the last report first; in it a
        mark and an interval for each report, and between two a line: solid for a rise, dashed for a fall, faint for
        what may be chance.

    Raises
    ------
    ValueError
        If there are more than eight reports.
    """
    words = _words(lang)
    label = f"label_{lang}"
    if REPORT_ID not in frame.columns:
        raise ValueError(f"the frame has no column {REPORT_ID}; it is made by compare_reports")
    sizes = frame.drop_duplicates(REPORT_ID).set_index(REPORT_ID)["n_sentences"]
    if len(sizes) > len(REPORTS):
        raise ValueError(f"the frame has {len(sizes)} reports; choose {len(REPORTS)} at most")
    # several reports are what it shows, so that the others' check for one must not see them
    _need(frame.drop(columns=REPORT_ID), "kind", "id", label, "n_sentences", "share", "low", "high", "trend")
    markers = dict(zip(sizes.index, REPORTS, strict=False))
    places = {report_id: place - (len(sizes) - 1) / 2 for place, report_id in enumerate(sizes.index)}
    codes = [rows for _, rows in frame.groupby(["kind", "id"], sort=False)]
    kinds = list(frame["kind"].drop_duplicates())
    codes.sort(key=lambda rows: (kinds.index(rows["kind"].iloc[0]), rows["share"].iloc[0] - rows["share"].iloc[-1]))
    labels = [rows[label].iloc[0] for rows in codes]
    beside = [words["kinds"][rows["kind"].iloc[0]] for rows in codes]
    step, n_rows, width = 0.15, max(len(codes), 1), 5.0
    row = step * len(sizes) + 0.14  # inches
    top = max(-(-frame["high"].max() // 0.1), 1) if len(frame) else 10  # tens of per cent
    scale = width / (10 * top)  # inches per per cent
    left, right = _widest(labels) + 2 * MARGIN, _widest(beside) + 2 * MARGIN
    named = _flow([(one, words["voice_n"].format(label=one, n=n)) for one, n in sizes.items()], left + width)
    below = 0.25 * (max((line for line, *_ in named), default=0) + 1)  # inches of legend
    size = _Size(width, row * n_rows, left=left, right=right, top=1.15, bottom=below + 0.9)
    source = _source(frame, words, "sentences", int(sizes.sum()))
    with _style(ax) as ax:
        ax = _begin(ax, size, _Text(words["comparison"], words["comparison_sub"], source))
        ax.set(xlim=(0, size.width), ylim=(n_rows - 0.5, -0.5))
        _bands(ax, [y - 0.5 for y in range(len(codes) + 1)])
        ticks = range(0, int(10 * top) + 1, 10 if top < 6 else 20)
        for tick in ticks:
            _line(ax, [tick * scale] * 2, [-0.5, n_rows - 0.5], FAINT, 0.8)
        for y, rows in enumerate(codes):
            points = []
            for one in rows.to_dict("records"):
                points.append((100 * one["share"] * scale, y + places[one[REPORT_ID]] * step / row))
                _line(ax, [100 * one[end] * scale for end in ("low", "high")], [points[-1][1]] * 2, SOFT, 0.9)
                _mark(ax, *points[-1], one[REPORT_ID], markers)
            for pair, trend in zip(itertools.pairwise(points), rows["trend"].iloc[1:], strict=True):
                _step(ax, *zip(*pair, strict=True), trend or "unclear")
        _rows(ax, size, range(len(labels)), labels)
        _columns(ax, [tick * scale - 0.03 for tick in ticks], [f"{tick}%" for tick in ticks])
        _brackets(ax, size, beside, [SOFT] * len(beside))
        _legend(ax, size, named, markers)
        lines = [(trend, f"    {words['trends'][trend]}") for trend in TRENDS if trend in set(frame["trend"])]
        for _, at, trend, name in _flow(lines, float("inf")):
            x, y = (MARGIN - size.left + at) / size.width, -(below + 0.25) / size.height
            _step(ax, [x, x + 0.38 / size.width], [y, y], trend, "axes")
            _put(ax, x + 0.46 / size.width, y, name.strip(), "axes", LABEL)
    return ax


def _step(ax: Axes, xs: Sequence[float], ys: Sequence[float], trend: str, where: str = "data") -> None:
    color, style, width = TRENDS[trend]
    transform = _transform(ax, where)
    ax.plot(xs, ys, transform=transform, color=color, linewidth=width, linestyle=style, clip_on=False, zorder=2)
