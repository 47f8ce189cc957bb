"""Where in the text the numbers of the footnotes stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from egdata.reading.blocks import Block

Span = tuple[int, int]
Anchors = dict[int, dict[int, Span]]  # index of a unit's block → index of the note's block → span of the source

#: By language a footnote's number in the text, glued to a word or stop; not before a measure word, digits or a letter.
_ANCHOR = {
    "zh": re.compile(
        r"(?<=[\u3000-\u9fff。，；：”》）a-z.,;:!?)])(?:\d{1,3}|\*)"
        r"(?!\s?[\d年月日号条款项次届个名位场段节页点时分至天周国种类份期起件万亿倍元人/%.．\-–A-Za-z])"
    ),
    "en": re.compile(r"(?<=[a-z.,;:!?)”’\"\]])(?:\d{1,3}|\*)(?![\dA-Za-z%/\-–]|[.,]\d)"),
}
#: What PDF leaves of a raised number in English: a blank before it, behind a stop or bracket.
_SET_OFF = re.compile(
    r"(?<=[,.;:)”])\s(?:\d{1,3})(?![\dA-Za-z%/\-–]|[.,]\d|\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)
_NO_ANCHOR_BEFORE = {
    "zh": re.compile(
        r"(?:第|项目|附件|表|图|附录|议程|约|近|方案|选项|备选|[每共有达至及]|[一二三四五六七八九十百千]|\d[.,]?)$"
    ),
    "en": re.compile(r"(?:\d[.,]?|[A-Z/]\.|\b(?:[Nn]os?|[Aa]rts?|[Pp]aras?|pp?|[Vv]ol)\.)\s?$"),
}
_UNITS = ("para", "item", "text")
_NEAR = 24  # units before a footnote in which its number may stand


def find_anchors(
    source: str, blocks: list[Block], lang: str, notices: list[str], raised: Sequence[Span] = ()
) -> Anchors:
    """Where the number of each footnote stands.

    A number that is known to be raised counts before all others, wherever it stands. Of the others the nearest unit
    before the note counts, for notes at the end of the text the first from that of the note before; and in it a number
    at its end, or else the last one. A note whose number is found nowhere gets a notice.
    """
    anchors: Anchors = defaultdict(dict)
    marked: dict[str, list[tuple[int, Span]]] = defaultdict(list)  # raised numbers before the note
    candidates: dict[int, dict[str, list[Span]]] = {}
    units: list[int] = []
    n_units = sum(block.kind in _UNITS for block in blocks)
    anchored = 0  # place among the units of the last that has an anchor
    for index, block in enumerate(blocks):
        if block.kind in _UNITS:
            units.append(index)
        if block.kind != "footnote":
            head = _end_of_label(source, block)
            for first, last in block.spans:
                for span in raised[bisect_left(raised, (first, first)) : bisect_left(raised, (last, last))]:
                    if span[0] >= head:
                        marked[source[slice(*span)]].append((index, span))
            continue
        number = re.sub(r"-\d+$", "", block.id.rpartition("/")[2])
        if marked[number]:
            unit, span = marked[number].pop()
            anchors[unit][index] = span
            continue
        is_end = len(units) == n_units
        for place in range(anchored, n_units) if is_end else reversed(range(len(units))[-_NEAR:]):
            unit = units[place]
            if unit not in candidates:
                candidates[unit] = _candidates(source, blocks[unit], lang)
            if spans := candidates[unit].get(number):
                anchors[unit][index] = spans.pop()
                anchored = place
                break
        else:
            notices.append(f"line {block.line}: footnote {block.id} has no anchor in the paragraphs before it")
    return anchors


def _candidates(source: str, block: Block, lang: str) -> dict[str, list[Span]]:
    """The numbers of a unit that may be anchors, each with its spans, the likeliest last."""
    candidates: dict[str, list[tuple[bool, bool, Span]]] = defaultdict(list)
    head = _end_of_label(source, block)
    for pattern in (_ANCHOR[lang], _SET_OFF) if lang == "en" else (_ANCHOR[lang],):
        for first, last in block.spans:
            for match in pattern.finditer(source, first, last):
                before = source[max(match.start() - 8, first) : match.start()]
                if before and not _NO_ANCHOR_BEFORE[lang].search(before) and match.start() >= head:
                    rank = (pattern is not _SET_OFF, match.end() == block.spans[-1][1], match.span())
                    candidates[match[0].strip()].append(rank)
    return {number: [span for *_, span in sorted(ranked)] for number, ranked in candidates.items()}


def _end_of_label(source: str, block: Block) -> int:
    """Where an anchor may begin in a block: behind its label or its first character."""
    label = block.marker.match(source, *block.spans[0]) if block.marker else None
    return label.end() if label else block.spans[0][0] + 1


def without(spans: list[Span], holes: Iterable[Span]) -> list[Span]:
    """The spans with the holes cut out."""
    for start, end in holes:
        spans = [
            piece
            for first, last in spans
            for piece in ([(first, start), (end, last)] if first <= start and end <= last else [(first, last)])
            if piece[0] < piece[1]
        ]
    return spans
