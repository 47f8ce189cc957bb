"""Charts: right numbers, nothing overlapping, no missing glyph, the same bytes every time."""

from __future__ import annotations

import itertools
import re
import warnings
import xml.etree.ElementTree as ET
from dataclasses import replace
from unittest import mock

import matplotlib
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import egdata as eg
from egdata.analysis import parallels
from egdata.analysis.counts import count_instruments, count_sections, count_themes, find_references, theme_differences
from egdata.analysis.layouts import network_layout
from egdata.base.errors import EgdataError
from egdata.base.vocabulary import LANGS
from egdata.charts import gallery, network
from egdata.charts.chart import LEAST, drawn_from
from egdata.charts.style import BAR, HOLDERS, STANCES
from egdata.charts.words import Words
from egdata.coding import coding
from egdata.coding.coding import code
from egdata.pages.brief import brief_files
from egdata.reading.report import parse_report, sentences_report

#: Enough for a row in every chart. I.A.1. States should combat cybercrime by mutual legal assistance and
#: extradition, use electronic evidence, accede to the Budapest Convention, and collect evidence by mutual legal
#: assistance (nine times). I.B.2. They should build capacity and raise awareness. II.A.3. Some speakers supported
#: the Budapest Convention, which helps to collect evidence. Others were against it and in favour of a new
#: convention. 4. Several stressed the Convention against Organized Crime, extradition and electronic evidence.
#: Others supported it and the Budapest Convention. II.B.5. Many stressed capacity-building and awareness. They also
#: stressed training (nine times).
SMALL = f"""网络犯罪问题专家组的报告

一. 报告员汇编的初步建议和结论清单

A. 国际合作

1. 会员国应通过司法协助和引渡打击网络犯罪，并利用电子证据。会员国应加入《布达佩斯公约》。{"会员国应通过司法协助收集电子证据。" * 9}

B. 预防

2. 会员国应为预防网络犯罪开展公众宣传和能力建设。

二. 审议情况概要（主席的总结）

A. 国际合作

3. 一些发言者支持《布达佩斯公约》，认为该公约有助于收集电子证据。但其他发言者反对《布达佩斯公约》，赞成拟订一项新公约。

4. 若干发言者强调《打击跨国有组织犯罪公约》、引渡和电子证据的重要性。另一些发言者支持《布达佩斯公约》和《打击跨国有组织犯罪公约》。

B. 预防

5. 许多发言者强调能力建设和公众宣传对预防网络犯罪的重要性。{"他们还强调培训的重要性。" * 9}
"""


@pytest.fixture(scope="module")
def small():
    return parse_report(SMALL)


@pytest.fixture(scope="module")
def small_coding(small):
    return code(small)


@pytest.fixture(scope="module")
def tables(real_coding):
    """The table of each chart of the bundled report, by name."""
    return {chart.name: chart.table(real_coding) for chart in gallery.CHARTS}


# ---- how they are drawn --------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=itertools.product(gallery.CHARTS, LANGS), ids=lambda p: f"{p[0].name}.{p[1]}")
def drawn(request, tables):
    """Frame, language and axes of a chart; a glyph that the font lacks fails here."""
    chart, lang = request.param
    frame = tables[chart.name]
    figure = Figure(dpi=gallery.DPI)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = chart.plot(frame, figure, lang)
        FigureCanvasAgg(figure).draw()
    return frame, lang, ax


def texts(ax):
    shown = [text for text in ax.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    renderer = ax.figure.canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in shown]


def overlaps(boxes):
    return [(a, b) for (a, left), (b, right) in itertools.combinations(boxes, 2) if left.overlaps(right)]


def test_no_two_labels_overlap(drawn):
    assert overlaps(texts(drawn[2])) == []


def test_every_label_is_inside_the_figure(drawn):
    ax = drawn[2]
    assert [
        text
        for text, box in texts(ax)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > ax.figure.bbox.x1 or box.y1 > ax.figure.bbox.y1
    ] == []


def test_a_chart_of_the_width_of_a_page_can_be_read(drawn):
    figure = drawn[2].figure
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    at_700_pixels = 700 / (figure.get_size_inches()[0] * 72)  # pixels per point
    assert min(sizes) * at_700_pixels >= 8.75


def test_no_mark_is_on_a_label(drawn):
    ax = drawn[2]
    marks = [
        collection.get_offset_transform().transform(place)
        for collection in ax.collections
        for place in collection.get_offsets()
    ]
    assert [text for text, box in texts(ax) for x, y in marks if box.contains(x, y)] == []


def test_a_chart_says_what_it_shows_from_which_report_and_how_many(drawn):
    frame, lang, ax = drawn
    words = [text for text, _ in texts(ax)]
    assert ax.get_title()
    assert any("UNODC/CCPCJ/EG.4/2020/2" in text and re.search(r"n = \d+", text) for text in words)
    assert any(re.search(r"F1 of .* 0\.\d\d in Chinese|F1值中文为0\.\d\d", " ".join(text.split())) for text in words)
    han = [text for text in words if re.search(r"[\u4e00-\u9fff]", text)]
    if lang == "en" and "quote" in frame.columns:  # the words of the report, as they stand there
        han = [text for text in han if not any(text.removesuffix("…") in quote for quote in frame["quote"])]
    assert (len(han) > 10) if lang == "zh" else (han == [])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("chart", gallery.CHARTS, ids=lambda chart: chart.name)
def test_a_chart_is_described_to_those_who_cannot_see_it(tables, book, chart, lang):
    text = chart.alternative_text(tables[chart.name], book, lang)
    assert len(text) > 40
    assert text.endswith({"en": ".", "zh": "。"}[lang])
    assert "{" not in text
    assert re.search("[\u4e00-\u9fff]", text) if lang == "zh" else text.isascii()


def test_rows_and_numbers_of_the_theme_chart(real_coding):
    frame = count_themes(real_coding)
    ax = eg.plot_themes(frame, Figure())
    shown = frame[(frame["n_sentences"] >= LEAST) & (frame["voice"] != "procedure")]
    totals = shown.groupby("theme_id")["n"].sum()
    assert len(ax.get_yticklabels()) == len(totals)
    first = ax.get_yticklabels()[0].get_text()
    labels = eg.read_codebook().tables["themes"].set_index("id")["label_en"]
    assert first == labels[totals.idxmax()]
    heads = [label.get_text().split("\n")[0] for label in ax.get_xticklabels()]
    assert heads == list(shown["section_id"].unique())
    numbers = [text.get_text() for text in ax.texts if text.get_text().isdigit()]
    assert sorted(numbers) == sorted(f"{100 * share:.0f}" for share in shown.loc[shown["n"] > 0, "share"])
    lengths = [patch.get_width() for patch in ax.patches if round(patch.get_height(), 6) == 0.62]
    assert len(lengths) == (shown["n"] > 0).sum()
    assert max(lengths) < 1


def test_the_position_map_has_a_mark_and_a_paragraph_for_every_position(real_coding):
    frame = eg.find_positions(real_coding)
    ax = eg.plot_positions(frame, Figure())
    paragraphs = [citation.split("para. ")[1] for citation in frame["citation"]]
    labels = [text.get_text() for text in ax.texts]
    assert sorted(label for label in labels if re.fullmatch(r"\d+(\([a-z]+\))?", label)) == sorted(paragraphs)
    holders = frame["holder"].nunique()
    assert len(ax.collections) == len(frame) + holders  # and the legend
    shapes = {HOLDERS[holder] for holder in frame["holder"].unique()}
    assert len(shapes) == holders  # legible without colour


COUNTS = ["n_against", "n_neutral", "n_conditional", "n_for"]


@pytest.mark.parametrize("by", [None, "voice"])
def test_contested_points_come_first_and_their_numbers_are_those_of_the_table(real_coding, by):
    frame = eg.find_contested(real_coding, by=by)
    ax = eg.plot_contested(frame, Figure())
    opposed = set(frame.loc[frame["kind"] == "opposed", "issue_id"])
    issues = eg.read_codebook().tables["issues"].set_index("id")["label_en"]
    labels = [" ".join(label.get_text().split()) for label in ax.get_yticklabels()]
    assert set(labels[: len(opposed)]) == set(issues[sorted(opposed)])
    numbers = [int(text.get_text()) for text in ax.texts if text.get_text().isdigit()]
    assert sorted(numbers) == sorted(n for n in frame[COUNTS].to_numpy().ravel().tolist() if n)
    said = pd.Series([text.get_text() for text in ax.texts]).value_counts()
    assert said["opposed"] == (frame["kind"] == "opposed").sum()


def test_every_stance_of_an_issue_begins_at_a_line_of_its_own(real_coding):
    ax = eg.plot_contested(eg.find_contested(real_coding), Figure())
    bars = {matplotlib.colors.to_hex(bar.get_facecolor()): set() for bar in ax.patches if bar.get_height() == 0.62}
    for bar in ax.patches:
        if bar.get_height() == 0.62:
            bars[matplotlib.colors.to_hex(bar.get_facecolor())].add(round(bar.get_x(), 6))
    assert set(bars) == set(STANCES.values())
    assert [len(lefts) for lefts in bars.values()] == [1] * 4
    assert len(set.union(*bars.values())) == 4


def row(issue, **counts):
    return dict.fromkeys(COUNTS, 0) | {"issue_id": issue, "kind": "opposed" if len(counts) > 1 else ""} | counts


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "On no issue is one for and another against"),
        ([row("new-convention", n_neutral=2)], "On no issue is one for and another against"),
        ([row("new-convention", n_for=1, n_against=1)], "Both for and against: New UN convention"),
    ],
)
def test_the_title_of_contested_points_is_true_of_any_table(rows, title):
    frame = pd.DataFrame(rows, columns=["issue_id", "kind", *COUNTS])
    assert eg.plot_contested(frame, Figure()).get_title() == title


def test_a_heading_as_long_as_a_paragraph_makes_no_wide_chart():
    section = {
        "section_id": "I",
        "title": "Rules of procedure " * 40,
        "voice": "unknown",
        "n_sentences": 3,
        "n_coded": 1,
    }
    ax = eg.plot_report(pd.DataFrame([section]), Figure())
    assert ax.figure.get_figwidth() < 12
    assert "I " + ("Rules of procedure " * 40)[:79] + "…" in drawn_words(ax)


# 'A general exchange of views. Some speakers supported a new convention. But others were against it.'
UNKNOWN = "一. 一般性意见交换\n1. 一些发言者支持制定打击网络犯罪的新公约。但其他发言者反对制定新公约。\n"


def test_nothing_is_said_of_the_status_of_a_text_that_nobody_knows():
    unknown = code(parse_report(UNKNOWN))
    label = eg.read_codebook().tables["voices"].set_index("id").at["unknown", "label_en"]
    for chart in gallery.CHARTS:
        assert label not in drawn_words(chart.plot(unknown, Figure()))
        assert label not in chart.alternative_text(chart.table(unknown), unknown.codebook, "en")
    assert "–" in drawn_words(eg.plot_positions(unknown, Figure()))
    assert eg.plot_report(unknown, Figure()).get_title() == "2 of 2 sentences carry a position"


def test_stances_alone_have_the_colours_of_stances(real_coding, tables):
    for chart in gallery.CHARTS:
        if "stance" not in tables[chart.name].columns and chart.name != "contested":
            ax = chart.plot(tables[chart.name], Figure())
            colors = {matplotlib.colors.to_hex(bar.get_facecolor()) for bar in ax.patches}
            colors |= {matplotlib.colors.to_hex(line.get_color()) for line in ax.lines}
            assert not colors & (set(STANCES.values()) - {STANCES["neutral"]}), chart.name
    assert BAR not in STANCES.values()


def test_references_have_their_sentence_and_words_and_no_column_is_empty(real_coding):
    frame = find_references(real_coding, "budapest")
    ax = eg.plot_references(frame, Figure())
    heads = [label.get_text() for label in ax.get_xticklabels()]
    stances = set(frame["stance"])
    assert len(heads) == len(stances) < 5
    labels = [label.get_text() for label in ax.get_yticklabels()]
    for label, sentence_id in zip(labels, frame["sentence_id"], strict=True):
        assert label.startswith(sentence_id)
    said = [text.get_text() for text in ax.texts]
    assert all(said.count(quote) >= (frame["quote"] == quote).sum() for quote in frame["quote"] if len(quote) < 14)


def test_a_position_in_a_sentence_that_does_not_name_the_instrument_has_its_line():
    # Some speakers called for a new convention. Some others supported it. But others were for existing instruments.
    text = "一些发言者支持制定打击网络犯罪的新公约。若干发言者赞成制定新公约。但其他发言者赞成充分利用现有文书。"
    layout = network_layout(sentences_report([text]))
    silent = layout[layout["weight"] == 0]
    assert silent[["holder", "instrument_id", "stance"]].values.tolist() == [["other", "new-convention", "against"]]


def test_the_network_has_a_line_for_every_link_and_stances_differ_in_print(real_coding):
    frame = network_layout(real_coding)
    ax = eg.plot_network(frame.drop(columns=["identity", "actor_id", "actor_type", "instrument_id"]), Figure())
    assert len(ax.lines) == len(frame) + frame["stance"].nunique()  # and the legend
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == list(frame.drop_duplicates("actor_id")["actor_label_en"])
    assert len({(str(style), width) for _, style, width in network.LINKS.values()}) == len(network.LINKS)


def test_instruments_have_a_bar_for_their_references_and_a_filled_one_for_those_by_name(real_coding):
    frame = count_instruments(real_coding)
    ax = eg.plot_instruments(frame, Figure())
    totals = frame.groupby("instrument_id")["n"].sum()
    labels = eg.read_codebook().tables["instruments"].set_index("id")["label_en"]
    assert ax.get_yticklabels()[0].get_text() == labels[totals.idxmax()]
    assert sum(int(text.get_text()) for text in ax.texts if text.get_text().isdigit()) == frame["n"].sum()
    bars = [patch for patch in ax.patches if round(patch.get_height(), 6) == 0.62]
    unit = max(patch.get_width() for patch in bars) / frame["n"].max()
    white = [patch.get_facecolor()[:3] == (1, 1, 1) for patch in bars]
    filled = sum(patch.get_width() for patch, is_white in zip(bars, white, strict=True) if not is_white)
    assert filled / unit == pytest.approx(frame["n_named"].sum())
    assert sum(white) == (frame["n_named"] < frame["n"]).sum()
    (without,) = said(ax, r"sections without a reference \(([^)]+)\)")
    assert "III.B" in without.split(", ")
    sizes = count_sections(real_coding).set_index("section_id")["n_sentences"]
    assert {*without.split(", "), *frame["section_id"]} == set(sizes[sizes > 0].index)


@pytest.fixture
def scores():
    """First scores of four made-up texts, as text, as they are recorded."""
    rows = [
        ("letters", "sentences", "en", "40", "0.5", "0.3"),
        ("letters", "sentences", "zh", "40", "0.8", "0.8"),
        ("speeches", "sentences", "zh", "9", "0.6", "0.0"),
        ("minutes", "report", "zh", "30", "1.0", "1.0"),
    ]
    return pd.DataFrame(rows, columns=["set", "kind", "lang", "n", "position", "position+holder"])


@pytest.mark.parametrize("lang", LANGS)
def test_scores_have_a_mark_for_every_text_and_measure_and_a_line_at_their_mean(scores, lang):
    figure = Figure(dpi=gallery.DPI)
    ax = eg.plot_scores(scores, figure, lang)
    FigureCanvasAgg(figure).draw()
    assert overlaps(texts(ax)) == []
    title = {
        "en": "F1 of positions, mean of all first scores: 0.80 in Chinese, 0.50 in English",
        "zh": "中文0.80，英文0.50",
    }
    assert ax.get_title().endswith(title[lang])
    rows = {"en": ["2 sets of sentences", "1 invented reports", "1 sets of sentences"]}
    rows["zh"] = ["2套句子", "1份虚构的报告", "1套句子"]
    assert [label.get_text() for label in ax.get_yticklabels()] == rows[lang]
    unit = 5  # inches that an F1 of 1 is away from 0
    places = [collection.get_offsets()[0] for collection in ax.collections]
    drawn = [(round(y), x / unit) for x, y in places[:-2]]  # without the legend
    expected = [(0, 0.8), (0, 0.6), (0, 0.8), (0, 0.0), (1, 1.0), (1, 1.0), (2, 0.5), (2, 0.3)]
    assert drawn == [(y, pytest.approx(x)) for y, x in expected]
    means = [line.get_xdata()[0] / unit for line in ax.lines if line.get_linewidth() == 2.0]
    assert means == [pytest.approx(mean) for mean in (0.7, 0.4, 1.0, 1.0, 0.5, 0.3)]
    assert said(ax, r"n = (\d+)") == ["119"]


def test_without_a_score_the_chart_says_so(scores):
    assert eg.plot_scores(scores[:0], Figure()).get_title() == "The coding has not been scored on any text"


def said(ax, pattern):
    """What the pattern finds in the words around a chart."""
    return [match for text in ax.texts for match in re.findall(pattern, text.get_text())]


@pytest.mark.parametrize("by", ["section", "voice"])
def test_differences_have_a_mark_where_the_theme_stands_and_a_heavy_line_where_they_are_clear(real_coding, by):
    frame = theme_differences(real_coding, by=by)
    ax = eg.plot_theme_differences(frame, Figure())
    shown = frame[frame["stands_in"] != "neither"]
    assert len(ax.collections) == len(shown) + 3  # and the legend
    heavy = [line for line in ax.lines if line.get_linewidth() == 3]
    assert len(heavy) == ((frame["low"] > 0) | (frame["high"] < 0)).sum() > 0
    mean = shown.groupby("theme_id")["difference"].mean()
    labels = eg.read_codebook().tables["themes"].set_index("id")["label_en"]
    ticks = [label.get_text() for label in ax.get_yticklabels()]
    assert (ticks[0], ticks[-1]) == (labels[mean.idxmax()], labels[mean.idxmin()])
    ((n, total, chance),) = said(ax, r"(\d+) of (\d+) intervals are without 0, where chance alone .* (\d+\.\d)")
    assert (int(n), int(total)) == (len(heavy), len(shown))
    assert float(chance) == pytest.approx(len(shown) / 20, abs=0.051)


# ---- what they take ------------------------------------------------------------------------------------------


def drawn_words(ax):
    return [text.get_text() for text in ax.figure.findobj(Text)]


@pytest.mark.parametrize("chart", gallery.CHARTS, ids=lambda chart: chart.name)
def test_a_chart_takes_a_report_or_a_coding_in_place_of_its_table(small, small_coding, chart):
    expected = drawn_words(chart.plot(chart.table(small_coding), Figure(), "zh"))
    source = small if chart is gallery.CHARTS[0] else small_coding  # to code takes longer than to draw
    assert drawn_words(chart.plot(source, Figure(), "zh")) == expected


def test_every_chart_of_a_report_is_in_the_gallery():
    public = {getattr(eg, name) for name in eg.__all__ if name.startswith("plot_")}
    assert public - {eg.plot_comparison, eg.plot_scores} == {chart.plot for chart in gallery.CHARTS}


def test_positions_are_drawn_as_they_are_found(small, small_coding):
    ax = eg.plot_positions(eg.find_positions(small), Figure())
    assert drawn_words(ax) == drawn_words(eg.plot_positions(small_coding, Figure()))
    assert {"Member States' proposals", "Chair's summary"} <= set(drawn_words(ax))


def test_a_coding_brings_its_codebook(small, book):
    themes = book.tables["themes"].assign(label_en=lambda frame: frame["label_en"].str.upper())
    coded = code(small, replace(book, tables={**book.tables, "themes": themes}))
    labels = [label.get_text() for label in eg.plot_themes(coded, Figure()).get_yticklabels()]
    assert labels == [label.upper() for label in labels] != []
    with pytest.raises(EgdataError, match="a coding has its own codebook"):
        eg.plot_themes(coded, Figure(), codebook=book)


def test_several_reports_are_compared_and_not_drawn_as_one():
    texts = {"2019": "1. 会议于星期一开幕。", "2020": "1. 各国应加强培训。"}  # the meeting opened; step up training
    reports = [parse_report(text, meta={"report_id": year}) for year, text in texts.items()]
    ax = eg.plot_comparison(reports, Figure())
    assert drawn_words(ax) == drawn_words(eg.plot_comparison(eg.compare_reports(reports), Figure()))
    with pytest.raises(EgdataError, match="plot_report takes one report at a time"):
        eg.plot_report(reports, Figure())
    with pytest.raises(TypeError, match="takes a Report or a Coding, not str"):
        eg.plot_report("report.txt", Figure())
    with pytest.raises(TypeError, match="takes several reports"):
        eg.plot_comparison(reports[0], Figure())


# ---- what else may go wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [[], [0.0], [9.0, 9.0], [0.0, 0.0, 0.0], [5.0, 1.0, 8.0]])
def test_labels_beside_each_other_get_room(wanted):
    heights = network.spread(wanted, 10)
    assert all(b - a >= 2.2 - 1e-9 for a, b in itertools.pairwise(heights))
    assert all(-0.5 <= height <= 9.5 for height in heights)


def test_an_empty_table_gives_an_empty_chart(book):
    empty = code(sentences_report([]), book)
    for chart in gallery.CHARTS:
        ax = chart.plot(empty, Figure(), "zh")
        FigureCanvasAgg(ax.figure).draw()
        assert ax.get_title()


def test_a_glyph_that_no_font_has_is_noticed(real_coding):
    frame = count_sections(real_coding).replace({"国际合作": "\U0001f600"})
    figure = Figure()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eg.plot_report(frame, figure)
        FigureCanvasAgg(figure).draw()
    assert any("missing from font" in str(warning.message) for warning in caught)


def test_an_overlap_is_noticed():
    figure = Figure()
    ax = figure.subplots()
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "two")
    FigureCanvasAgg(figure).draw()
    assert overlaps(texts(ax)) == [("one", "two")]


def test_a_chart_draws_in_axes_of_ones_own_and_in_a_new_pyplot_figure(real_coding):
    import matplotlib.pyplot as plt

    plt.switch_backend("Agg")
    frame = count_sections(real_coding)
    before = dict(matplotlib.rcParams)
    figure = Figure()
    ax = figure.subplots()
    assert eg.plot_report(frame, ax) is ax
    new = eg.plot_report(frame)
    assert plt.get_fignums() == [new.figure.number]
    plt.close(new.figure)
    assert dict(matplotlib.rcParams) == before


def test_what_cannot_be_drawn_is_named(real_coding, book):
    frame = count_sections(real_coding)
    with pytest.raises(EgdataError, match="'fr'; it can be 'zh', 'en'"):
        eg.plot_report(frame, Figure(), "fr")
    with pytest.raises(EgdataError, match="no column n_coded"):
        eg.plot_report(frame.drop(columns="n_coded"), Figure())
    with pytest.raises(EgdataError, match="unknown code 'rumour'; the codebook has proposals"):
        eg.plot_report(frame.replace({"procedure": "rumour"}), Figure())


# ---- files ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coarse():
    """Fewer dots, which are drawn in less time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "DPI", 40)
        yield


@pytest.fixture(scope="module")
def saved(tmp_path_factory, small_coding, coarse):
    folder = tmp_path_factory.mktemp("figures")
    return folder, gallery.save_figures(folder, small_coding)


def test_every_chart_is_written_in_two_languages_and_two_formats(saved):
    folder, written = saved
    names = {
        f"{number:02d}_{chart.name}.{lang}.{kind}"
        for number, chart in enumerate(gallery.CHARTS, start=1)
        for lang in LANGS
        for kind in ("svg", "png")
    }
    assert {path.name for path in written} == names | {"README.md"} == {path.name for path in folder.iterdir()}


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes(saved, tmp_path, small, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 20)  # a style of one's own
    for path in gallery.save_figures("again", small):
        assert path.read_bytes() == (saved[0] / path.name).read_bytes(), path.name


def test_files_say_what_they_show_and_not_when_they_were_made(saved):
    for path in saved[1]:
        if path.suffix == ".png":
            with Image.open(path) as image:
                assert set(image.info) == {"Title", "Description", "dpi"}
                assert image.info["Description"].endswith((".", "。"))
        elif path.suffix == ".svg":
            root = ET.parse(path).getroot()
            assert root.get("role") == "img"
            assert root[0].tag.endswith("title")
            assert root[1].tag.endswith("desc")
            assert len(root[1].text) > 40
            text = path.read_text(encoding="utf-8")
            assert "<text" not in text  # paths need no font
            assert not re.search(r"Matplotlib v\d|<dc:date>", text)


def test_the_gallery_shows_every_figure_with_its_alternative_text(saved):
    folder, written = saved
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert all(re.findall(r"^## .+\n(\n)?", text, re.M))  # a title is one line, wrapped or not
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert set(links) == {path.name for path in written} - {"README.md"}
    for alt, name in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", text):
        with Image.open(folder / name) as image:
            assert image.info["Description"] == alt


def test_nothing_is_written_when_a_chart_fails(tmp_path, small_coding, monkeypatch):
    @drawn_from(count_themes)
    def fail(*args, **more):
        raise ValueError("no")

    monkeypatch.setattr(gallery, "CHARTS", (*gallery.CHARTS[:1], gallery.CHARTS[1]._replace(plot=fail)))
    with pytest.raises(ValueError, match="no"):
        gallery.save_figures(tmp_path / "figures", small_coding)
    assert not (tmp_path / "figures").exists()


FRAMES = ("mentions", "statements", "positions", "themes", "speakers", "actors")


@pytest.fixture
def undrawn(monkeypatch):
    """A gallery that makes every table and draws none."""

    def undrawn(chart):
        return chart._replace(plot=drawn_from(chart.table)(lambda frame, ax, *args, **more: ax.subplots()))

    monkeypatch.setattr(gallery, "CHARTS", tuple(map(undrawn, gallery.CHARTS)))
    monkeypatch.setattr(gallery, "_image", lambda *args: b"")


def test_nothing_is_found_twice_for_tables_gallery_and_brief(tmp_path, small, undrawn, monkeypatch):
    places = {f"{name}_of": coding for name in FRAMES} | {"_cosines": parallels}
    finders = {name: mock.Mock(wraps=getattr(module, name)) for name, module in places.items()}
    for name, module in places.items():
        monkeypatch.setattr(module, name, finders[name])
    coded = code(small)
    eg.build_tables(coded)
    written = gallery.save_figures(tmp_path / "figures", coded)
    assert len(written) == len(gallery.CHARTS) * len(LANGS) * 2 + 1
    brief_files(coded)
    assert {name: finder.call_count for name, finder in finders.items()} == dict.fromkeys(places, 1)


def test_a_chart_without_data_is_left_out(tmp_path, undrawn):
    # A. Training. 1. States should step up training.
    written = gallery.save_figures(tmp_path / "figures", parse_report("一. 培训\n\n1. 各国应加强培训。\n"))
    names = {path.name.split(".")[0] for path in written}
    assert "01_report" in names
    assert not {"02_themes", "05_budapest_convention"} & names  # of too few sentences, and without a reference


def test_how_far_rules_err_is_said_only_with_the_codebook_that_was_measured(book, tmp_path):
    frame = pd.DataFrame({"citation": ["A/1, para. 1"]})
    assert "F1 of themes was" in Words({}, "en", book).source(frame, "sentences", 1, "themes")
    mine = replace(book, folder=tmp_path)
    assert Words({}, "en", mine).source(frame, "sentences", 1, "themes").endswith("look at the words in the report.")
