"""Where in the text the number of a footnote stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from egdata.structure import Block

#: After a number that is no anchor: a measure word, more digits, a letter. Before one: 第, 项目 and the like.
_NO_ANCHOR_AFTER = r"(?!\s?[\d年月日号条款项次届个名位场段节页点时分至天周国种类份期起件万亿倍元人/%.．\-–A-Za-z])"
_ANCHOR = r"(?<=[\u3000-\u9fff。，；：”》）a-z.,;:!?)]){number}" + _NO_ANCHOR_AFTER
_NO_ANCHOR_BEFORE = re.compile(
    r"(?:第|项目|附件|表|图|附录|议程|约|近|方案|选项|备选|[每共有达至及]|[一二三四五六七八九十百千]|\d[.,]?)$"
)


def find_anchors(source: str, blocks: list[Block], notices: list[str]) -> dict[str, tuple[int, int]]:
    """For each footnote the source span of the number glued to a word before it; a notice where there is none."""
    anchors: dict[str, tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for index, block in enumerate(blocks):
        if block.kind != "footnote":
            continue
        before = [other for other in blocks[:index] if other.kind in ("para", "item")][-8:]
        for other in reversed(before):
            if found := _anchor_in(source, other.spans, "*" if block.label.startswith("*") else block.label, taken):
                taken.add(found)
                anchors[block.label] = found
                break
        else:
            notices.append(f"line {block.line}: footnote {block.label} has no anchor in the paragraphs before it")
    return anchors


def _anchor_in(
    source: str, spans: list[tuple[int, int]], number: str, taken: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The last glued number of a block, one at its end first."""
    pattern = re.compile(_ANCHOR.format(number=re.escape(number)))
    candidates = [
        (found.end() == spans[-1][1], found.span())
        for first, last in spans
        for found in pattern.finditer(source, first, last)
        if found.start() > first
        and found.span() not in taken
        and not _NO_ANCHOR_BEFORE.search(source, first, found.start())
    ]
    return max(candidates)[1] if candidates else None


def without(spans: list[tuple[int, int]], holes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with the holes cut out."""
    for start, end in holes:
        spans = [
            piece
            for first, last in spans
            for piece in ([(first, start), (end, last)] if first <= start and end <= last else [(first, last)])
            if piece[0] < piece[1]
        ]
    return spans
