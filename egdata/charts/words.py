"""Words that several charts use, in both languages, and labels; the words of one chart alone stand in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError, check_option
from egdata.base.vocabulary import LANGS
from egdata.codebook.codebook import Codebook, is_bundled
from egdata.coding.benchmark import read_scores
from egdata.coding.corrections import decided_words
from egdata.reading.report import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

HEADING = 80  # characters of a heading that are shown

#: (English, Chinese) of what several charts say.
SHARED = {
    "source": ("Source: {symbol}. ", "资料来源：{symbol}。"),
    "n": ("n = {n}.", "n = {n}。"),
    "trust": (
        "The coding errs: in sentences not learnt from, F1 of {what} was {zh} in Chinese and {en} in English.",
        "编码会出错：在未用于学习的句子中，{what}的F1值中文为{zh}，英文为{en}。",
    ),
    "unmeasured": ("The coding errs: look at the words in the report.", "编码会出错：请核对报告原文。"),
    "position": ("positions", "立场"),
    "position+holder": ("positions with their holders", "立场及其持有者"),
    "instruments": ("instruments", "文书"),
    "themes": ("themes", "主题"),
    "and_more": ("{named} and {n} more", "{named}等{total}项"),
    "sentences": ("{n} sentences", "{n}句"),
    "positions": ("{n} positions", "{n}个立场"),
    "references": ("{n} references", "{n}处提及"),
    "links": ("{n} pairs of a statement and an instrument", "{n}对陈述与文书"),
    "voice_n": ("{label} ({n} sentences)", "{label}（{n}句）"),
    "bracketed": ("{label} ({n})", "{label}（{n}）"),
    "none": ("no stance", "无立场"),
    "and": (" and the ", "及"),
    "also": (" and ", "、"),
    "list": (", ", "、"),
    "comma": (", ", "，"),
    "semicolon": ("; ", "；"),
    "colon": (": ", "："),
    "stop": (". ", "。"),
    "space": (" ", ""),
    "count": ("{n} {label}", "{label}{n}"),
}


class Labels(dict):
    """Code → label; a code that the codebook does not have is an error."""

    def __missing__(self, code: str) -> str:
        raise EgdataError(f"unknown code {code!r}; the codebook has {', '.join(self)}")

    def only(self, codes: Iterable[str]) -> dict[str, str]:
        """The labels of those codes that occur, in the order of the codebook."""
        present = set(codes)
        return {code: label for code, label in self.items() if code in present}


class Words(dict):
    """The words of a chart and those that all share, in one language, and what is made of them.

    ``words`` has English and Chinese by key; the labels are those of the codebook.
    """

    def __init__(self, words: Mapping[str, tuple[str, str]], lang: str, codebook: Codebook | None = None):
        check_option("lang", lang, LANGS)
        super().__init__({key: pair[lang == "zh"] for key, pair in {**SHARED, **words}.items()})
        self.lang, self.codebook = lang, codebook

    def labels(self, table: str) -> Labels:
        """The labels of the codes of a table, in its order."""
        frame = self.codebook.tables[table]
        return Labels(zip(frame["id"], frame[f"label_{self.lang}"], strict=True))

    def heading(self, title: str) -> str:
        """A heading of the report, as much as a chart has room for; in English if the codebook's glossary has it."""
        if len(title) > HEADING:
            title = title[: HEADING - 1].rstrip() + "…"
        if self.lang != "en":
            return title
        glossary = self.codebook.tables["glossary"]
        gloss = dict(zip(glossary["term"], glossary["gloss_en"], strict=True)).get(title, title)
        return gloss[:1].upper() + gloss[1:]

    def source(self, frame: pd.DataFrame, counted: str, n: int, measured: str) -> str:
        """The lines below a chart: report, how many of what, what a person decided; how far to trust ``measured``."""
        symbols = [frame.attrs["symbol"]] if "symbol" in frame.attrs else []
        if not symbols and "citation" in frame.columns:
            symbols = list(dict.fromkeys(citation.partition(", ")[0] for citation in frame["citation"]))
        source = self["source"].format(symbol="; ".join(symbols)) if symbols else ""
        told = source + self["n"].format(n=self[counted].format(n=n))
        decided = decided_words(frame.attrs.get("n_decided", 0), self.lang)
        return told + self["space"] * bool(decided) + decided + "\n" + self._trust(measured)

    def _trust(self, measured: str) -> str:
        scores = blind_f1(measured, self.codebook)
        known = {lang: f"{scores[lang]:.2f}" for lang in LANGS if lang in scores}
        return self["trust"].format(what=self[measured], **known) if len(known) == len(LANGS) else self["unmeasured"]

    def voice(self, voice: str) -> str:
        """The label of a voice; a dash where no heading tells, since nothing is known of its status."""
        return "–" if voice in ("", UNKNOWN) else self.labels("voices")[voice]

    def some_of(self, names: Sequence[str], most: int = 4) -> str:
        """The first few of some names, and how many more there are."""
        named = self["list"].join(names[:most])
        n = len(names) - most
        return self["and_more"].format(named=named, n=n, total=len(names)) if n > 0 else named

    def counted(self, counts: Iterable[tuple[int, str]]) -> str:
        """Numbers and what they count: ``3 for, 1 against``."""
        return self["list"].join(self["count"].format(n=n, label=label) for n, label in counts)

    def most_frequent(self, rows: pd.DataFrame, head: str) -> str:
        """The three themes of the largest shares, under a head."""
        top, themes = rows.sort_values("share", ascending=False, kind="stable").head(3), self.labels("themes")
        named = [f"{themes[row.theme_id]} {100 * row.share:.0f}%" for row in top.itertuples()]
        return head + self["colon"] + self["list"].join(named)


def blind_f1(measured: str, codebook: Codebook | None = None) -> dict[str, float]:
    """The mean F1, by language, on the sets that nothing has been learnt from, each when it was first scored.

    Empty for another codebook, which nobody has measured, or if nothing was recorded.
    """
    if codebook and not is_bundled(codebook):
        return {}
    scores = read_scores(unlearnt=True)
    return scores[measured].astype(float).groupby(scores["lang"]).mean().to_dict()


def paragraph_of(citation: str) -> str:
    """The citation without the document: ``13(b)``, ``annex I, 3``."""
    return citation.partition(", ")[2].replace("para. ", "")
