"""The brief: who is for, against and on what condition on each contested issue, in the report's own words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from egdata.analysis.contested import find_contested
from egdata.base.archives import undated
from egdata.base.csv_files import csv_bytes
from egdata.base.frames import frame_of, grouped, records
from egdata.base.vocabulary import AGREES, CERTAINTIES, DIFFERS, LANGS, NO_HOLDER, PERSON, RULES, STANCES
from egdata.charts.words import Words, blind_f1, paragraph_of
from egdata.coding.coding import Coding, coding_of
from egdata.coding.corrections import decided_words
from egdata.coding.notices import notices_of
from egdata.coding.speakers_named import NAMED
from egdata.pages.templates import render
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import pandas as pd
    from docx.document import Document

ROOM = 18  # quotes, which with their glosses fill two pages; what is left of a side is cited
MOST = 3  # quotes of one side
SIDES = ("for", "conditional", "against")
ARTICLE = ("issue", "stance", "holder", "words", "gloss_en", "citation")
#: What XML cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

WORDS = {
    "title": ("Brief", "简报"),
    "about": ("Brief: {source}.", "简报：{source}。"),
    "lead": (
        "Positions: {n}. Issues: {n_issues}, contested: {n_contested}.",
        "立场{n}个，议题{n_issues}个，其中有争议{n_contested}个。",
    ),
    "none": (
        "No position on an issue of this codebook was found.",
        "未发现关于本编码手册任何议题的立场。",
    ),
    "nothing": ("On no issue do the views reported differ.", "所述意见在任何议题上均无分歧。"),
    "also": ("Also: {places}.", "另见：{places}。"),
    "paragraph": ("para. {n}", "第{n}段"),
    "paragraphs": ("paras. {n}", "第{n}段"),
    "notice": ("Note: {notice}.", "注意：{notice}。"),
    "neutral": ("Takes no side: {places}.", "不持立场：{places}。"),
    "instruments": ("Instruments: {names}.", "所提文书：{names}。"),
    "certainty": ("Certainty: {counts}.", "编码把握：{counts}。"),
    "sure": ("sure", "确定"),
    "likely": ("likely", "较可能"),
    "check": ("to be checked", "待核"),
    "second": (
        "A second coder agrees on {agrees} and differs on {differs}.",
        "另一编码者对{agrees}个立场意见相同，对{differs}个不同。",
    ),
    "decided": ("decided by a person", "由人判定"),
    "undisputed": ("Not contested: {issues}.", "无争议：{issues}。"),
    "sure_title": ("How sure this is", "可信程度"),
    "measured": (
        "Coded by a program, which errs: in sentences that nothing was learnt from, the F1 of positions was {f1:.2f} "
        "on average. Read the words before you cite a position.",
        "由程序编码，编码会出错：在未用于学习的句子中，立场的F1平均为{f1:.2f}。引用前请核对原文。",
    ),
    "unmeasured": (
        "Coded by a program with a codebook of its own; how often it errs has not been measured. Read the words before "
        "you cite a position.",
        "由程序按自备编码手册编码，其误差未经测量。引用前请核对原文。",
    ),
    "coder": ("Coded by {coder}.", "由{coder}编码。"),
    "heads": (
        "Counted are statements, never States: 'some speakers' is one statement of a group of unknown size. That "
        "something stands in the report does not say that it was agreed.",
        "所计为陈述数而非国家数：“一些发言者”是人数不明的一组人的一次陈述。载入报告不等于已达成一致。",
    ),
    "article": ("Positions", "立场一览"),
    "issue": ("Issue", "议题"),
    "stance": ("Stance", "立场"),
    "holder": ("Holder", "持有者"),
    "words": ("Words", "原文"),
    "gloss_en": ("Gloss", "英文释义"),
    "citation": ("Citation", "出处"),
}


class Said(NamedTuple):
    """Words of the report that take a side."""

    holder: str
    quote: str
    gloss: str
    place: str
    is_decided: bool


class Side(NamedTuple):
    stance: str
    n: int
    said: list[Said]
    also: str


class Point(NamedTuple):
    """A contested issue: who is on which side, and what is to be known of it."""

    issue: str
    definition: str
    sides: list[Side]
    notes: list[str]


class Brief(NamedTuple):
    """What the pages say, in one language."""

    lang: str
    words: Words
    title: str
    source: str
    lead: str
    points: list[Point]
    undisputed: str
    caveats: list[str]


@one_report
def make_brief(report: Report | Coding, lang: str = "en") -> Brief:
    """Put together what a brief says: contested issues first, those of most positions before others.

    Parameters
    ----------
    report : Report or Coding
    lang : {'en', 'zh'}
    """
    coding = coding_of(report)
    words = Words(WORDS, lang, coding.codebook)
    contested = find_contested(coding)
    contested["n"] = contested[[f"n_{stance}" for stance in STANCES]].sum(axis=1)
    contested = contested[contested["n"] > 0].sort_values("n", ascending=False, kind="stable")
    labels, stances = words.labels("issues"), words.labels("stances")
    disputed = contested.loc[contested["is_contested"], "issue_id"]
    calm = contested[~contested["is_contested"]]
    told = [
        words["bracketed"].format(
            label=labels[row["issue_id"]],
            n=words.counted((row[f"n_{stance}"], stances[stance]) for stance in STANCES if row[f"n_{stance}"]),
        )
        for row in calm.to_dict("records")
    ]
    n_sides = int(contested.loc[contested["is_contested"], [f"n_{stance}" for stance in SIDES]].gt(0).sum().sum())
    n_quotes = min(max(ROOM // max(n_sides, 1), 1), MOST)
    counts = {"n": len(coding.positions), "n_issues": len(contested), "n_contested": len(disputed)}
    lead = [words["about"].format(source=coding.report.name)]
    lead += [words["lead"].format(**counts)] if len(contested) else [words["none"]]
    lead += [words["nothing"]] if len(contested) and not len(disputed) else []
    return Brief(
        lang=lang,
        words=words,
        title=coding.report.meta.get(f"title_{lang}") or coding.report.meta["title"] or coding.report.name,
        source=coding.report.name,
        lead=words["space"].join(lead),
        points=[_point(coding, issue, n_quotes, words) for issue in disputed],
        undisputed=words["undisputed"].format(issues=words["semicolon"].join(told)) if told else "",
        caveats=list(_caveats(coding, words)),
    )


@one_report
def article_table(report: Report | Coding, lang: str = "en") -> pd.DataFrame:
    """Make a table of all positions that is ready for an article.

    Parameters
    ----------
    report : Report or Coding
    lang : {'en', 'zh'}
        Of the labels.

    Returns
    -------
    DataFrame
        One row per position, by issue and stance in the order of the codebook, then in text order: ``issue``,
        ``stance``, ``holder``, ``words`` as printed, ``gloss_en`` of the sentence, empty where none is known, and
        ``citation``.
    """
    coding = coding_of(report)
    words = Words(WORDS, lang, coding.codebook)
    labels = {name: words.labels(table) for name, table in (("issue_id", "issues"), ("stance", "stances"))}
    places = {name: list(known) for name, known in labels.items()}
    positions = coding.positions.to_dict("records")
    positions.sort(key=lambda row: [places[name].index(row[name]) for name in places])
    holders = _holders(coding, words)
    rows = [
        {
            "issue": labels["issue_id"][row["issue_id"]],
            "stance": labels["stance"][row["stance"]],
            "holder": holders[row["statement_id"]],
            "words": row["quote"],
            "gloss_en": coding.report.glosses.get(row["sentence_id"], ""),
            "citation": row["citation"],
        }
        for row in positions
    ]
    return frame_of(rows, ARTICLE)


def brief_files(report: Report | Coding) -> dict[str, bytes]:
    """Brief and table of positions in both languages, by their names as files: the same coding gives the same bytes."""
    coding = coding_of(report)
    files = {}
    for lang in LANGS:
        brief, table = make_brief(coding, lang), article_table(coding, lang)
        files[f"brief.{lang}.html"] = brief_html(brief).encode()
        files[f"brief.{lang}.docx"] = brief_docx(brief)
        files[f"article.{lang}.csv"] = csv_bytes(table, excel=True)
        files[f"article.{lang}.docx"] = article_docx(table, brief)
    return files


def brief_html(brief: Brief) -> str:
    """The brief as a page that needs nothing outside itself."""
    return render("brief.html", brief=brief, words=brief.words, lang=brief.lang)


def brief_docx(brief: Brief) -> bytes:
    """The brief as a Word document."""
    document, words = _document(brief.title), brief.words
    document.add_heading(ILLEGAL.sub("", brief.title), 1)
    _add(document, brief.lead)
    for point in brief.points:
        document.add_heading(point.issue, 2)
        _add(document, point.definition, italic=True, keep=True)
        for side in point.sides:
            _add(document, words["bracketed"].format(label=side.stance, n=side.n), bold=True, keep=True)
            for said in side.said:
                paragraph = document.add_paragraph(style="List Bullet")
                marked = f" [{words['decided']}]" * said.is_decided
                cited = words["bracketed"].format(label=f"“{said.quote}”", n=said.place)
                paragraph.add_run(ILLEGAL.sub("", f"{said.holder}{words['colon']}{cited}{marked}"))
                if said.gloss and brief.lang == "en":
                    paragraph.add_run(ILLEGAL.sub("", f" — {said.gloss}")).italic = True
            if side.also:
                _add(document, side.also, "List Bullet")
        for note in point.notes:
            _add(document, note)
    if brief.undisputed:
        _add(document, brief.undisputed)
    document.add_heading(words["sure_title"], 2)
    for caveat in brief.caveats:
        _add(document, caveat)
    return _saved(document)


def article_docx(table: pd.DataFrame, brief: Brief) -> bytes:
    """The table of :func:`article_table` as a Word document in landscape."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement

    document, words = _document(brief.title), brief.words
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    document.add_heading(ILLEGAL.sub("", f"{words['article']}{words['colon']}{brief.title}"), 1)
    columns = [name for name in table if name != "gloss_en" or table[name].any()]
    grid = document.add_table(rows=1, cols=len(columns), style="Light Grid")
    for cell, name in zip(grid.rows[0].cells, columns, strict=True):
        cell.text = words[name]
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # it stands on every page
    for row in records(table, *columns):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = ILLEGAL.sub("", text)
    for caveat in brief.caveats:
        _add(document, caveat)
    return _saved(document)


# ---- what it says ----------------------------------------------------------------------------------------------------


def _point(coding: Coding, issue: str, n_quotes: int, words: Words) -> Point:
    rows = coding.positions[coding.positions["issue_id"] == issue].to_dict("records")
    holders, stances = _holders(coding, words), words.labels("stances")
    sides = []
    for stance in SIDES:
        own = [row for row in rows if row["stance"] == stance]
        best = sorted(own, key=_weight)[:n_quotes]
        said = [
            Said(
                holder=holders[row["statement_id"]],
                quote=row["quote"],
                gloss=coding.report.glosses.get(row["sentence_id"], ""),
                place=_places([row], words),
                is_decided=row["coded_by"] == PERSON,
            )
            for row in best
        ]
        places = _places([row for row in own if row not in best], words)
        also = words["also"].format(places=places) if places else ""
        if own:
            sides.append(Side(stances[stance], len(own), said, also))
    codes = coding.codebook.tables["issues"].set_index("id").loc[issue]
    return Point(
        issue=codes[f"label_{words.lang}"],
        definition=codes["definition"] if words.lang == "en" else "",
        sides=sides,
        notes=list(_notes(coding, rows, words)),
    )


def _weight(row: dict) -> tuple[bool, ...]:
    """What is quoted first: what a person decided, what is rather sure, what somebody holds."""
    return row["coded_by"] != PERSON, row["certainty"] == "check", row["holder"] in NO_HOLDER


def _notes(coding: Coding, rows: list[dict], words: Words) -> Iterator[str]:
    neutral = [row for row in rows if row["stance"] == "neutral"]
    if neutral:
        yield words["neutral"].format(places=_places(neutral, words))
    labels = words.labels("instruments")
    named = coding.instruments.reindex(dict.fromkeys(row["sentence_id"] for row in rows)).dropna().str.split(";")
    counts = named.explode().value_counts(sort=True)
    if len(counts):
        names = words["list"].join(words["bracketed"].format(label=labels[name], n=n) for name, n in counts.items())
        yield words["instruments"].format(names=names)
    sure = [(sum(row["certainty"] == name for row in rows), words[name]) for name in CERTAINTIES]
    if any(n for n, _ in sure):
        yield words["certainty"].format(counts=words.counted(pair for pair in sure if pair[0]))
    opinions = [row["second_opinion"] for row in rows]
    if any(opinions):
        yield words["second"].format(agrees=opinions.count(AGREES), differs=opinions.count(DIFFERS))


def _places(rows: list[dict], words: Words) -> str:
    """The citations without the document, which the brief names once: ``paras. 13(b), 21``."""
    places = dict.fromkeys(paragraph_of(row["citation"]) for row in rows)
    numbers = [place for place in places if place[:1].isdigit()]
    word = words["paragraphs" if len(numbers) > 1 else "paragraph"]
    told = [word.format(n=words["list"].join(numbers))] if numbers else []
    return words["list"].join([*told, *(place for place in places if place not in numbers)])


def _holders(coding: Coding, words: Words) -> dict[str, str]:
    """Who holds a statement: the actors by name, else the class, with the words as printed."""
    labels = words.labels("holders")
    actors = coding.actors[coding.actors["node_type"].isin(NAMED)]
    named = grouped(records(actors, "statement_id", f"name_{words.lang}"))
    told = {}
    for statement, holder, quote in records(coding.statements, "statement_id", "holder", "holder_quote"):
        name = words["list"].join(dict.fromkeys(named.get(statement, [labels[holder]])))
        printed = quote if isinstance(quote, str) and holder not in NO_HOLDER else ""
        is_news = printed and printed.casefold() != name.casefold()
        told[statement] = words["bracketed"].format(label=name, n=printed) if is_news else name
    return told


def _caveats(coding: Coding, words: Words) -> Iterator[str]:
    """How far to trust the coding: as it was measured, who corrected it, and how codebook and text fit."""
    yield _measured(coding, words)
    if coding.n_decided:
        yield decided_words(coding.n_decided, words.lang)
    notices = notices_of(coding.report, coding.codebook, words.lang)
    yield from (words["notice"].format(notice=notice) for notice in notices)
    yield words["heads"]


def _measured(coding: Coding, words: Words) -> str:
    """How far the coding can be trusted, as it was measured."""
    if coding.coder != RULES:
        return words["coder"].format(coder=coding.coder)
    f1 = blind_f1("position", coding.codebook).get(coding.report.lang)
    return words["unmeasured"] if f1 is None else words["measured"].format(f1=f1)


# ---- documents -------------------------------------------------------------------------------------------------------


def _document(title: str) -> Document:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = docx.Document()
    document.core_properties.title, document.core_properties.author = ILLEGAL.sub("", title)[:255], "egdata"
    for page in document.sections:
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    for style in ("Normal", "Heading 1", "Heading 2"):
        fonts = document.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "SimSun")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9.5)
    normal.paragraph_format.space_after = Pt(3)
    return document


def _add(document: Document, text: str, style: str | None = None, *, keep: bool = False, **looks: bool) -> None:
    """A paragraph, unless there is nothing to say; ``keep`` it with the next one."""
    if text:
        paragraph = document.add_paragraph(style=style)
        paragraph.paragraph_format.keep_with_next = keep
        run = paragraph.add_run(ILLEGAL.sub("", text))
        for name, value in looks.items():
            setattr(run, name, value)


def _saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return undated(target.getvalue())
