"""Where the report refers to an instrument, and the stance taken there.

Reason: it is the list to cite from when one asks how an instrument is used.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from egdata.analysis.counts import find_references
from egdata.charts.chart import Chart, drawn_from, need
from egdata.charts.style import INK, ROW, SMALL, SOFT, STANCES, Canvas, Size, margin_for, widest, wrap
from egdata.charts.words import Words, paragraph_of
from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DRAWN = "budapest"  # the instrument whose references are drawn of a report
MOST_WORDS = 14  # characters of a reference that are shown
#: (marker, filled) of each form of a reference.
FORMS = {"named": ("o", True), "short": ("o", True), "generic": ("D", False), "anaphor": ("^", False)}

WORDS = {
    "title": ("References to the {instruments}: {counts}", "提及{instruments}：{counts}"),
    "no_title": ("No references", "没有提及"),
    "subtitle": (
        "By sentence, with the words that refer to it, and holder and stance of the sentence on: {issue}",
        "按句次排列，列出所用词语、持有者及该句对“{issue}”的立场",
    ),
    "plain_subtitle": (
        "By sentence, with the words that refer to it, and the holder of the sentence",
        "按句次排列，列出所用词语和该句的持有者",
    ),
    "article": ("art. {article}({paragraph})", "第{article}条第{paragraph}款"),
    "whole_article": ("art. {article}", "第{article}条"),
    "footnote": (", footnote \\1", "、脚注\\1"),
    "named": ("by name", "以名称提及"),
    "short": ("by short name", "简称"),
    "generic": ("unnamed", "不具名"),
    "anaphor": ("by anaphor", "回指"),
    "described": (
        "{n} references in the order of the report, {anaphors} of them by anaphor. References by the stance of "
        "their sentence: {counts}.",
        "按报告顺序列出{n}处提及，其中{anaphors}处为回指。提及次数，按所在句的立场：{counts}。",
    ),
}


@drawn_from(lambda coding: find_references(coding, [DRAWN] if DRAWN in coding.codebook.codes("instruments") else []))
def plot_references(
    frame: pd.DataFrame, ax: Axes | Figure | None = None, lang: str = "en", *, codebook: Codebook | None = None
) -> Axes:
    """Draw the references to an instrument along the report, and the stance taken at each.

    Parameters
    ----------
    frame : DataFrame, Report or Coding
        As :func:`find_references` gives it: ``entity_id``, ``form``, ``locator``, ``sentence_id``, ``section_id``,
        ``voice``, ``stance``, ``holder``, ``quote``, ``citation``. Or the report or coding whose references to the
        Budapest Convention to draw.
    ax : Axes or Figure, optional
        Where to draw. A Figure, and pyplot's new one if omitted, gets axes of the size that the chart needs.
    lang : {'en', 'zh'}
        Language of the words in the chart.
    codebook : Codebook, optional
        For the labels.

    Returns
    -------
    Axes
        One row per reference in the order of the frame, labelled with its sentence, the article cited and the words
        that refer; in the column of the stance, of those that occur, a mark, shaped by the form of the reference, with
        the holder.
    """
    need(frame, "entity_id", "form", "locator", "sentence_id", "section_id", "voice", "stance", "holder")
    need(frame, "quote", "citation")
    words = Words(WORDS, lang, codebook)
    instruments = dict(words.labels("instruments"))
    stances = {"": words["none"]} | words.labels("stances")
    names = {"": ""} | words.labels("holders")
    order = [stance for stance in ("", *STANCES) if stance in set(frame["stance"])]
    entities = list(dict.fromkeys(frame["entity_id"]))
    labels = [_label(row, entities[0], instruments, words) for row in frame.to_dict("records")]
    places = zip(frame["section_id"], frame["voice"], strict=True)
    beside = [wrap(f"{section} {words.voice(voice)}", 1.3) for section, voice in places]
    quotes = [quote if len(quote) <= MOST_WORDS else f"{quote[:MOST_WORDS]}…" for quote in frame["quote"]]
    quoted = widest(quotes, SMALL) + 0.25  # inches
    widths = [
        max(widest(map(names.get, frame.loc[frame["stance"] == stance, "holder"]), SMALL), widest([stances[stance]]))
        + 0.35
        for stance in order
    ]
    *lefts, end = itertools.accumulate(widths, initial=quoted)
    n_rows = max(len(frame), 1)
    left, right = margin_for(labels), margin_for(beside)
    size = Size(end, ROW * n_rows, left=left, right=right, top=1.15, bottom=1.0)
    issues = codebook.tables["issues"].query("instrument in @entities")[f"label_{lang}"]
    title = words["and"].join(instruments.get(entity, entity) for entity in entities)
    counts = words.counted(((frame["stance"] == stance).sum(), stances[stance]) for stance in reversed(order))
    words["title"] = words["title" if order else "no_title"].format(instruments=title, counts=counts)
    words["subtitle"] = words["subtitle" if len(issues) else "plain_subtitle"].format(issue=words["list"].join(issues))
    source = words.source(frame, "references", len(frame), "position")
    with Canvas.on(ax, size, words, source, n_rows=n_rows) as canvas:
        canvas.shade_rows(len(frame))
        for left in lefts:
            canvas.upright(left, len(frame))
        for y, row in enumerate(frame.itertuples()):
            x = lefts[order.index(row.stance)] + 0.15
            canvas.text(0.05, y, quotes[y], color=SOFT)
            canvas.mark(x, y, row.form, FORMS, color=STANCES.get(row.stance, INK))
            canvas.text(x + 0.11, y, names[row.holder])
        canvas.label_rows(labels)
        canvas.label_columns([left + 0.08 for left in lefts], [stances[stance] for stance in order])
        canvas.brackets(beside)
        canvas.legend({form: words[form] for form in FORMS if form in set(frame["form"])}, FORMS)
    return canvas.ax


def _label(row: dict, first: str, instruments: dict[str, str], words: Words) -> str:
    """Sentence or footnote and article, and which instrument where it is not the first one."""
    place = row["sentence_id"] or re.sub(", footnote (.+)", words["footnote"], paragraph_of(row["citation"]))
    other = instruments.get(row["entity_id"], row["entity_id"]) if row["entity_id"] != first else ""
    article = re.sub(
        r"art\. (\d+)(?:\((\d+)\))?",
        lambda match: words["article" if match[2] else "whole_article"].format(article=match[1], paragraph=match[2]),
        row["locator"],
    )
    return words["list"].join(part for part in (place, article, other) if part)


def _describe(frame: pd.DataFrame, words: Words) -> str:
    stances = words.labels("stances") | {"": words["none"]}
    counts = [(n, stances[stance]) for stance, n in frame["stance"].value_counts().items()]
    anaphors = (frame["form"] == "anaphor").sum()
    return words["described"].format(n=len(frame), anaphors=anaphors, counts=words.counted(counts))


BUDAPEST = Chart(
    name="budapest_convention",
    plot=plot_references,
    describe=_describe,
    words=WORDS,
    caption="Where the report speaks of the Budapest Convention, by its title or by an anaphor such as 该公约 ('that "
    "Convention'), and the stance taken there on it as a standard. References are counted: a sentence with "
    "two counts twice. Where the Convention is one example of existing instruments to be used, that is coded "
    "as for it, too.",
)
