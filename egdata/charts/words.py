"""Words that several charts use, in both languages, and labels; the words of one chart alone stand in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from egdata.codebook.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd

LANGS = ("en", "zh")

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

SHARED = {
    "en": {
        "source": "Source: {symbol}. ",
        "n": "n = {n}. Coded with egdata.",
        "sentences": "{n} sentences",
        "positions": "{n} positions",
        "references": "{n} references",
        "statements": "{n} references by statements with a holder",
        "voice_n": "{label} ({n} sentences)",
        "bracketed": "{label} ({n})",
        "none": "no stance",
        "and": " and the ",
        "list": ", ",
        "comma": ", ",
        "semicolon": "; ",
        "colon": ": ",
        "stop": ". ",
        "space": " ",
        "count": "{n} {label}",
    },
    "zh": {
        "source": "资料来源：{symbol}。",
        "n": "n = {n}。以egdata编码。",
        "sentences": "{n}句",
        "positions": "{n}个立场",
        "references": "{n}处提及",
        "statements": "{n}处提及（限有持有者的陈述）",
        "voice_n": "{label}（{n}句）",
        "bracketed": "{label}（{n}）",
        "none": "无立场",
        "and": "及",
        "list": "、",
        "comma": "，",
        "semicolon": "；",
        "colon": "：",
        "stop": "。",
        "space": "",
        "count": "{label}{n}",
    },
}


class Labels(dict):
    """Code → label; a code that the codebook does not have is an error."""

    def __missing__(self, code: str) -> str:
        raise ValueError(f"unknown code {code!r}; the codebook has {', '.join(self)}")

    def only(self, codes: Iterable[str]) -> dict[str, str]:
        """The labels of those codes that occur, in the order of the codebook."""
        present = set(codes)
        return {code: label for code, label in self.items() if code in present}


def labels_of(codebook: Codebook, table: str, lang: str) -> Labels:
    """The labels of the codes of a table, in its order."""
    frame = codebook.tables[table]
    return Labels(zip(frame["id"], frame[f"label_{lang}"], strict=True))


def words_in(lang: str, words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The words of a chart and those that all share, in one language."""
    if lang not in LANGS:
        raise ValueError(f"lang={lang!r}: it is one of {', '.join(LANGS)}")
    return {**SHARED[lang], **words[lang]}


def heading(title: str, lang: str) -> str:
    """A heading of the report, in English where it is a usual one."""
    return HEADINGS.get(title, title) if lang == "en" else title


def paragraph_of(citation: str) -> str:
    """The citation without the document: ``13(b)``, ``annex I, 3``."""
    return citation.partition(", ")[2].replace("para. ", "")


def source_line(frame: pd.DataFrame, words: Mapping[str, str], counted: str, n: int) -> str:
    """The line below a chart: which report, and how many of what."""
    symbols = [frame.attrs["symbol"]] if "symbol" in frame.attrs else []
    if not symbols and "citation" in frame.columns:
        symbols = list(dict.fromkeys(citation.partition(", ")[0] for citation in frame["citation"]))
    source = words["source"].format(symbol="; ".join(symbols)) if symbols else ""
    return source + words["n"].format(n=words[counted].format(n=n))


def counted_list(counts: Iterable[tuple[int, str]], words: Mapping[str, str]) -> str:
    """Numbers and what they count: ``3 for, 1 against``."""
    return words["list"].join(words["count"].format(n=n, label=label) for n, label in counts)


def most_frequent(rows: pd.DataFrame, head: str, themes: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The three themes of the largest shares, under a head."""
    top = rows.sort_values("share", ascending=False, kind="stable").head(3)
    named = [f"{themes[row.theme_id]} {100 * row.share:.0f}%" for row in top.itertuples()]
    return head + words["colon"] + words["list"].join(named)
