"""Words that several charts use, in both languages, and labels; the words of one chart alone stand in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from egdata.codebook.codebook import Codebook
from egdata.coding.corrections import decided_words

if TYPE_CHECKING:
    import pandas as pd

LANGS = ("en", "zh")

#: (English, Chinese) of what several charts say.
SHARED = {
    "source": ("Source: {symbol}. ", "资料来源：{symbol}。"),
    "n": ("n = {n}. Coded with egdata.", "n = {n}。以egdata编码。"),
    "sentences": ("{n} sentences", "{n}句"),
    "positions": ("{n} positions", "{n}个立场"),
    "references": ("{n} references", "{n}处提及"),
    "statements": ("{n} references by statements with a holder", "{n}处提及（限有持有者的陈述）"),
    "voice_n": ("{label} ({n} sentences)", "{label}（{n}句）"),
    "bracketed": ("{label} ({n})", "{label}（{n}）"),
    "none": ("no stance", "无立场"),
    "and": (" and the ", "及"),
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
        raise ValueError(f"unknown code {code!r}; the codebook has {', '.join(self)}")

    def only(self, codes: Iterable[str]) -> dict[str, str]:
        """The labels of those codes that occur, in the order of the codebook."""
        present = set(codes)
        return {code: label for code, label in self.items() if code in present}


class Words(dict):
    """The words of a chart and those that all share, in one language, and what is made of them.

    ``words`` has English and Chinese by key; the labels are those of the codebook.
    """

    def __init__(self, words: Mapping[str, tuple[str, str]], lang: str, codebook: Codebook | None = None):
        if lang not in LANGS:
            raise ValueError(f"lang={lang!r}: it is one of {', '.join(LANGS)}")
        super().__init__({key: pair[LANGS.index(lang)] for key, pair in {**SHARED, **words}.items()})
        self.lang, self.codebook = lang, codebook

    def labels(self, table: str) -> Labels:
        """The labels of the codes of a table, in its order."""
        frame = self.codebook.tables[table]
        return Labels(zip(frame["id"], frame[f"label_{self.lang}"], strict=True))

    def heading(self, title: str) -> str:
        """A heading of the report, in English if the codebook's glossary has it."""
        if self.lang != "en":
            return title
        glossary = self.codebook.tables["glossary"]
        gloss = dict(zip(glossary["term"], glossary["gloss_en"], strict=True)).get(title, title)
        return gloss[:1].upper() + gloss[1:]

    def source(self, frame: pd.DataFrame, counted: str, n: int) -> str:
        """The line below a chart: which report, how many of what, and what a person decided."""
        symbols = [frame.attrs["symbol"]] if "symbol" in frame.attrs else []
        if not symbols and "citation" in frame.columns:
            symbols = list(dict.fromkeys(citation.partition(", ")[0] for citation in frame["citation"]))
        source = self["source"].format(symbol="; ".join(symbols)) if symbols else ""
        decided = decided_words(frame.attrs.get("n_decided", 0), self.lang)
        return source + self["n"].format(n=self[counted].format(n=n)) + self["space"] * bool(decided) + decided

    def counted(self, counts: Iterable[tuple[int, str]]) -> str:
        """Numbers and what they count: ``3 for, 1 against``."""
        return self["list"].join(self["count"].format(n=n, label=label) for n, label in counts)

    def most_frequent(self, rows: pd.DataFrame, head: str) -> str:
        """The three themes of the largest shares, under a head."""
        top, themes = rows.sort_values("share", ascending=False, kind="stable").head(3), self.labels("themes")
        named = [f"{themes[row.theme_id]} {100 * row.share:.0f}%" for row in top.itertuples()]
        return head + self["colon"] + self["list"].join(named)


def paragraph_of(citation: str) -> str:
    """The citation without the document: ``13(b)``, ``annex I, 3``."""
    return citation.partition(", ")[2].replace("para. ", "")
