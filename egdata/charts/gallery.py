"""The gallery: every chart in both languages as SVG and PNG, with captions and alternative texts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from egdata.analysis.contested import find_contested
from egdata.analysis.counts import (
    count_instruments,
    count_sections,
    count_theme_pairs,
    count_themes,
    find_references,
    sign,
    theme_differences,
)
from egdata.analysis.keyness import COUNTS, MEASURES, keyness
from egdata.analysis.layouts import agreement_layout, network_layout
from egdata.base.errors import EgdataError
from egdata.base.output import write_files
from egdata.base.vocabulary import IDENTITIES
from egdata.charts.known import KnownFigures
from egdata.charts.plots import (
    ALPHA,
    STANCES,
    WORDS,
    _key_labels,
    _labels,
    _n_apart,
    _part_label,
    _passing,
    _section_label,
    _style,
    _substantial,
    _surplus,
    _ties,
    _unlinked,
    plot_agreement,
    plot_contested,
    plot_identities,
    plot_instruments,
    plot_keyness,
    plot_network,
    plot_positions,
    plot_references,
    plot_report,
    plot_theme_differences,
    plot_theme_pairs,
    plot_theme_shares,
    plot_themes,
)
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import Report, read_report

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


LANGS = ("en", "zh")
DPI = 150  # of the PNG files


class _Chart(NamedTuple):
    """A chart of the gallery: its table, how it is drawn, and the words that go with it, by language."""

    name: str
    table: Callable[[Coding], pd.DataFrame]
    plot: Callable[..., Axes]
    describe: Callable[[pd.DataFrame, Codebook, str], str]  # alternative text
    caption: str


def _contested(coding: Coding) -> pd.DataFrame:
    return sign(find_contested(coding, by="voice"), coding.report)


def _subjects(coding: Coding) -> pd.DataFrame:
    """The keyness of the first subject against the second, of those on which proposals and summary have a section."""
    import pandas as pd

    pairs = theme_differences(coding)[["section_proposals", "section_summary"]].drop_duplicates()
    if len(pairs) < 2:
        frame = pd.DataFrame(columns=["term", *COUNTS, *MEASURES], dtype=float)
        frame.attrs = {"target": ({}, 0), "reference": ({}, 0)}
        return sign(frame, coding.report)
    return keyness(coding, *(list(pair) for pair in pairs.head(2).to_numpy()))


def _theme_pairs(coding: Coding) -> pd.DataFrame:
    """Pairs of themes in all that is not procedure."""
    substance = [voice for voice in coding.report.units["voice"].drop_duplicates() if voice != "procedure"]
    return count_theme_pairs(coding, within=substance or None)


def save_figures(
    folder: str | Path,
    report: Report | Coding | None = None,
    codebook: Codebook | None = None,
    known: KnownFigures | None = None,
) -> list[Path]:
    """Draw every chart of a report in English and in Chinese, as SVG and as PNG, with a gallery.

    Parameters
    ----------
    folder : path
        Made if it does not exist. Other files in it are left alone.
    report : Report or Coding, optional
        The bundled one if omitted.
    codebook : Codebook, optional
    known : KnownFigures, optional
        Charts that need not be drawn again; those that are drawn are added to it.

    Returns
    -------
    list of Path
        The gallery: ``<nn>_<name>.<lang>.<svg|png>``, then ``README.md`` with captions and alternative
        texts. The same report and codebook give the same bytes.

    Raises
    ------
    EgdataError
        If the folder cannot be written, or has a README.md that egdata did not write. Nothing is written
        before every chart is drawn.
    """
    from matplotlib.figure import Figure

    coding = coding_of(report or read_report(codebook=codebook), codebook)
    codebook = coding.codebook
    files: dict[str, bytes] = {}
    names: list[str] = []
    drawn: dict[str, tuple[pd.DataFrame, str]] = {}
    gallery = [LIMITS]
    for number, chart in enumerate(CHARTS, start=1):
        frame = chart.table(coding)
        if frame.empty:
            continue
        stem = f"{number:02d}_{chart.name}"
        names += [f"{stem}.{lang}.{kind}" for lang in LANGS for kind in ("svg", "png")]
        if known and (entry := known.entry(stem, frame)):
            gallery.append(entry)
            continue
        described = {}
        for lang in LANGS:
            figure = Figure(dpi=DPI)
            ax = chart.plot(frame, figure, lang, codebook=codebook)
            described[lang] = chart.describe(frame, codebook, lang)
            for kind in ("svg", "png"):
                files[f"{stem}.{lang}.{kind}"] = _image(figure, kind, ax.get_title(), described[lang])
            if lang == "en":
                title = ax.get_title()
        drawn[stem] = frame, _entry(stem, title, chart.caption, described)
        gallery.append(drawn[stem][1])
    files["README.md"] = ("\n".join([GALLERY.format(symbol=coding.report.name), *gallery])).encode()
    folder = Path(folder)
    ours = GALLERY.partition("}")[2].encode()
    if (folder / "README.md").exists() and ours not in (folder / "README.md").read_bytes():
        raise EgdataError(f"{folder / 'README.md'}: exists and is not egdata's own; choose another folder")
    write_files(folder, files)
    for stem, (frame, entry) in drawn.items() if known else ():
        known.keep(stem, frame, [folder / name for name in names if name.startswith(f"{stem}.")], entry)
    return [folder / name for name in (*names, "README.md")]


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
LIMITS = """Coded by rules, which err: on unseen test sentences written by language models the F1 of positions was about
0.8 (notebook `05_trust`). Look at the quote before you cite a count.
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
    return f"{len(frame)}节的条形图。按文本性质的句数：{'，'.join(parts)}。"


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


def _describe_shares(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    themes, voices = _labels(codebook, "themes", lang), _labels(codebook, "voices", lang)
    parts = []
    for voice, rows in _substantial(frame).groupby("voice", sort=False):
        top = rows.sort_values("share", ascending=False, kind="stable").head(3)
        named = [f"{themes[row.theme_id]} {100 * row.share:.0f}%" for row in top.itertuples()]
        parts.append(f"{voices[voice]}: {', '.join(named)}" if lang == "en" else f"{voices[voice]}：{'、'.join(named)}")
    apart = WORDS[lang]["shares_apart"].format(n=_n_apart(_substantial(frame)), total=frame["theme_id"].nunique())
    if lang == "en":
        return f"Shares of themes with intervals, by whose text it is. Most frequent: {'; '.join(parts)}. {apart}"
    return f"按文本性质列出各主题所占份额及区间。最常见的主题：{'；'.join(parts)}。{apart}"


def _describe_positions(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    issues, stances = _labels(codebook, "issues", lang), _labels(codebook, "stances", lang)
    counts = frame.groupby(["issue_id", "stance"]).size()
    parts = []
    for issue in frame["issue_id"].value_counts().index:
        named = [(counts[issue, stance], label) for stance, label in stances.items() if (issue, stance) in counts]
        parts.append(_listed(issues[issue], named, lang))
    if lang == "en":
        return f"Map of {len(frame)} positions on {len(parts)} issues, one mark each. {'; '.join(parts)}."
    return f"{len(parts)}个议题上{len(frame)}个立场的分布图，每个立场一个标记。{'；'.join(parts)}。"


def _listed(head: str, counts: list[tuple[int, str]], lang: str) -> str:
    if lang == "en":
        return f"{head}: {', '.join(f'{n} {label}' for n, label in counts)}"
    return f"{head}：{'、'.join(f'{label}{n}' for n, label in counts)}"


def _describe_contested(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    issues, voices, words = _labels(codebook, "issues", lang), _labels(codebook, "voices", lang), WORDS[lang]
    drawn = frame[frame[[f"n_{stance}" for stance in STANCES]].sum(axis=1) > 0]
    colon, parts = ": " if lang == "en" else "：", []
    for voice in (voice for voice in voices if voice in set(drawn["voice"])):
        kinds = {kind: rows["issue_id"] for kind, rows in drawn[drawn["voice"] == voice].groupby("kind")}
        named = [
            f"{words[kind]}{colon}{words['list'].join(issues[issue] for issue in kinds[kind])}"
            for kind in ("opposed", "qualified", "")
            if kind in kinds
        ]
        parts.append(f"{voices[voice]}{colon}{('; ' if lang == 'en' else '；').join(named)}")
    n_issues = drawn["issue_id"].nunique()
    if lang == "en":
        return f"Bars of the positions on {n_issues} issues by voice, those against to the left. {'. '.join(parts)}."
    return f"{n_issues}个议题上立场数的条形图，按文本性质分列，反对者在左。{'。'.join(parts)}。"


def _describe_references(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    stances = _labels(codebook, "stances", lang) | {"": WORDS[lang]["none"]}
    counts = [(n, stances[stance]) for stance, n in frame["stance"].value_counts().items()]
    anaphors = int((frame["form"] == "anaphor").sum())
    if lang == "en":
        head = f"{len(frame)} references in the order of the report, {anaphors} of them by anaphor"
        return f"{head}. {_listed('References by the stance of their sentence', counts, lang)}."
    head = f"按报告顺序列出{len(frame)}处提及，其中{anaphors}处为回指"
    return f"{head}。{_listed('提及次数，按所在句的立场', counts, lang)}。"


def _describe_network(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    n_actors = frame["actor_id"].nunique()
    cited = frame.groupby(["instrument_place", f"instrument_label_{lang}"])["weight"].sum()
    counts = [(n, label) for (_, label), n in cited.items()]
    unlinked = _unlinked(frame, _labels(codebook, "stances", lang), WORDS[lang], lang, float("inf")).strip()
    if lang == "en":
        head = f"Lines from {n_actors} actors to the {len(counts)} instruments that they speak of"
        return f"{head}. {_listed('Statements', counts, lang)}.{unlinked and ' ' + unlinked}"
    return f"{n_actors}个行为体与其谈到的{len(counts)}项文书之间的连线。{_listed('陈述数', counts, lang)}。{unlinked}"


def _describe_identities(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    words = WORDS[lang]
    parts = []
    for identity, panel in frame.groupby("identity", sort=False):
        head = words["identity"].format(name=words[identity], actors=panel["actor_id"].nunique(), links=len(panel))
        degrees = panel.groupby(["instrument_place", f"instrument_label_{lang}"])["actor_id"].nunique()
        top = [label for (_, label), n in degrees.items() if n == degrees.max()]
        most = "most actors speak of" if lang == "en" else "谈及者最多："
        separator = ", " if lang == "en" else "，"
        space = " " if lang == "en" else ""
        parts.append(head.replace("\n", separator) + separator + most + space + words["list"].join(top))
    if lang == "en":
        return f"{len(parts)} networks of the same statements, side by side. {'; '.join(parts)}."
    return f"同样陈述的{len(parts)}个网络，并列。{'；'.join(parts)}。"


def _describe_agreement(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    words, ties, issues = WORDS[lang], _ties(frame), _labels(codebook, "issues", lang)
    n_actors = len({*frame["source"], *frame["target"]})
    strongest = frame[frame["balance"].abs() == frame["balance"].abs().max()]
    counts = [(int((ties == tie).sum()), words[tie]) for tie in ("congruence", "conflict", "balanced")]
    shared = [(n, issues[issue]) for issue, n in frame["issues"].str.split(";").explode().value_counts().items()]
    pairs = [
        f"{row[f'source_label_{lang}']}{' and ' if lang == 'en' else '与'}{row[f'target_label_{lang}']}"
        + (" ({})" if lang == "en" else "（{}）").format(words[tie])
        for row, tie in zip(strongest.to_dict("records"), ties[strongest.index], strict=True)
    ]
    if lang == "en":
        head = f"Ring of {n_actors} holders, linked where they take a stance on the same issue"
        return (
            f"{head}. {_listed('Pairs', counts, lang)}. {_listed('On', shared, lang)}. Strongest: {'; '.join(pairs)}."
        )
    head = f"{n_actors}个持有者排成一圈，对同一议题持有立场者相连"
    counted = "、".join(f"{label}{n}对" for n, label in counts)
    return f"{head}。{len(frame)}对中：{counted}。{_listed('议题', shared, lang)}。最强：{'；'.join(pairs)}。"


def _describe_keyness(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    words, voices = WORDS[lang], _labels(codebook, "voices", lang)
    is_target = frame["per_1000_target"] > frame["per_1000_reference"]
    parts = []
    for side, rows in (("target", frame[is_target]), ("reference", frame[~is_target][::-1])):
        head = _part_label(frame.attrs[side][0], voices, words, lang)
        top = words["list"].join(_key_labels(rows["term"].head(5), codebook, lang))
        n = int((rows["p_adjusted"] < ALPHA).sum())
        parts.append(
            f"{head}, {n} pass the test, the strongest: {top}"
            if lang == "en"
            else f"{head}，{n}个通过检验，最强的是{top}"
        )
    if lang == "en":
        return f"Diverging bars of terms more frequent in one part. {'; '.join(parts)}."
    return f"在某一部分出现较多的词语的双向条形图。{'；'.join(parts)}。"


def _describe_instruments(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    names = _labels(codebook, "instruments", lang)
    totals = frame.groupby("instrument_id", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    sections = frame.groupby("section_id", sort=False)["n"].sum()
    most = [(n, names[instrument]) for instrument, n in totals.head(5).items()]
    here = [(n, section if lang == "en" else f"{section}节") for section, n in sections.items()]
    if lang == "en":
        head = f"Bars for {len(totals)} instruments in {len(sections)} sections"
        return f"{head}. {_listed('Most references', most, lang)}. {_listed('By section', here, lang)}."
    head = f"{len(sections)}节中{len(totals)}项文书的条形图"
    return f"{head}。{_listed('提及最多', most, lang)}。{_listed('各节', here, lang)}。"


def _describe_pairs(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    themes = _labels(codebook, "themes", lang)
    top = _surplus(frame).head(5)
    passing = _passing(frame, WORDS[lang])
    rows = [(themes[row.theme_a], themes[row.theme_b], row.n, f"{row.expected:.1f}") for row in top.itertuples()]
    if lang == "en":
        pairs = "; ".join(f"{a} and {b}: {n}, expected {chance}" for a, b, n, chance in rows)
        return f"Marks for sentences about two themes, found and expected: {pairs}; {passing}."
    pairs = "；".join(f"{a}与{b}：{n}句，预期{chance}句" for a, b, n, chance in rows)
    return f"同时谈及两个主题的句数及预期句数。{pairs}；{passing}。"


def _describe_differences(frame: pd.DataFrame, codebook: Codebook, lang: str) -> str:
    themes = _labels(codebook, "themes", lang)
    parts = []
    for row in frame[(frame["low"] > 0) | (frame["high"] < 0)].itertuples():
        name = f"{themes[row.theme_id]} ({row.section_proposals}, {row.section_summary})"
        parts.append(f"{name} {100 * row.difference:+.0f}" + (" points" if lang == "en" else "个百分点"))
    only = frame["stands_in"].value_counts()
    counts = [(int(only.get(code, 0)), WORDS[lang][code]) for code in ("both", "proposals", "summary")]
    if lang == "en":
        head = f"Differences of shares with intervals. {_listed('Themes', counts, lang)}"
        return f"{head}. Interval without 0: {', '.join(parts) or 'none'}."
    return f"份额之差及区间。{_listed('主题', counts, lang)}。区间不含0：{'、'.join(parts) or '无'}。"


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
        lambda coding: coding.positions,
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
        "they differ otherwise. Proposals and summary are counted apart, because the same view may stand in both. The "
        "codebook counts a preference for existing instruments as against a new convention.",
    ),
    _Chart(
        "budapest_convention",
        lambda coding: find_references(coding, "budapest"),
        plot_references,
        _describe_references,
        "Where the report speaks of the Budapest Convention, by its title or by an anaphor such as "
        "该公约 ('that Convention'), and the stance taken there on it as a standard. References are counted: a "
        "sentence with two counts twice. Where the Convention is one example of existing instruments to be used, "
        "that is coded as for it, too.",
    ),
    _Chart(
        "network",
        network_layout,
        plot_network,
        _describe_network,
        "Actors here are the single groups and speakers that the text brings in, linked by its anaphora alone, and "
        "only those who hold something: impersonal and unattributed statements are left out. The stance is that on the "
        "issue about the instrument; a position whose sentence does not mention the instrument has no line and "
        "is named below the chart.",
    ),
    _Chart(
        "identities",
        lambda coding: network_layout(coding, IDENTITIES),
        plot_identities,
        _describe_identities,
        "How much of a network is the text's, and how much a decision about who is one actor. What does not hold in "
        "all three pictures depends on that decision.",
    ),
    _Chart(
        "theme_shares",
        lambda coding: count_themes(coding, by="voice"),
        plot_theme_shares,
        _describe_shares,
        "Which themes stand in the proposals and which in the Chair's summary. The intervals say how little so few "
        "sentences can show: that two of them overlap does not show that the shares are alike.",
    ),
    _Chart(
        "agreement",
        agreement_layout,
        plot_agreement,
        _describe_agreement,
        "Which holders say compatible things on the same issue, and which the opposite; holders whose issue nobody "
        "else takes up are left out. Conditional and neutral count as the same, so that two who set conditions or "
        "take no side agree. Only an anaphor makes two holders one here, so two marks may be the same speakers, and "
        "agreement is no alliance.",
    ),
    _Chart(
        "keyness",
        _subjects,
        plot_keyness,
        _describe_keyness,
        "Which words set international cooperation apart from prevention, proposals and summary taken together. A word "
        "comes again and again in one paragraph: the test ranks the words, and proves nothing.",
    ),
    _Chart(
        "instruments",
        count_instruments,
        plot_instruments,
        _describe_instruments,
        "Which treaties, resolutions and guides each section refers to, and how often without naming them: by an "
        "anaphor such as 该公约 ('that Convention') or a description such as 现有文书 ('existing instruments').",
    ),
    _Chart(
        "theme_pairs",
        _theme_pairs,
        plot_theme_pairs,
        _describe_pairs,
        "Themes that share sentences of the proposals and the Chair's summary more often than by chance. Of so many "
        "pairs some always do: read the whole, and no pair that does not pass the corrected test as a result.",
    ),
    _Chart(
        "theme_differences",
        theme_differences,
        plot_theme_differences,
        _describe_differences,
        "Which themes stand in the proposals and not in the Chair's summary on the same subject, and the other way "
        "round. A theme of one or two sentences that the other side lacks is no omission.",
    ),
)
