"""Two language versions of one report: which of their units and sentences say the same, by ids, order and length."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from egdata.base.frames import grouped_records
from egdata.reading.report import Report

Bead = tuple[list[int], list[int]]  # places on one side, and those on the other that say the same
#: How likely it is that so many sentences are translated as so many (Gale and Church 1993, table 5).
LIKELY = {(1, 1): 0.89, (1, 0): 0.00495, (0, 1): 0.00495, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
COUNTED = re.compile(r"(?:^|/)u\d+[^/]*$")  # the id of a paragraph without a number
VARIANCE = 6.8  # of the length of a translation, per character (as there)


def align_sentences(a: Report, b: Report) -> list[tuple[list[str], list[str]]]:
    """Sentence ids of one version, and those of the other that say the same, in text order.

    Units of the same id are the same, if their order is; those between them whose numbers were lost are aligned by
    their lengths, and so are the sentences within units. A sentence without a counterpart stands beside none.

    References
    ----------
    Gale, W. A. and Church, K. W. (1993). A program for aligning sentences in bilingual corpora. Computational
    Linguistics 19(1), 75–102.
    """
    ratio = len(b.text) / max(len(a.text), 1)
    by_unit = (grouped_records(report.sentences, "unit_id", "sentence_id", "text") for report in (a, b))
    sides = [list(sentences.items()) for sentences in by_unit]
    ids = [[unit for unit, _ in side] for side in sides]
    pairs = []
    for units in _same_units(*ids, *([sum(len(text) for _, text in own) for _, own in side] for side in sides), ratio):
        mine, yours = (
            [sentence for place in places for sentence in side[place][1]]
            for side, places in zip(sides, units, strict=True)
        )
        lengths = ([len(text) for _, text in sentences] for sentences in (mine, yours))
        for left, right in align(*lengths, ratio):
            pairs.append(([mine[place][0] for place in left], [yours[place][0] for place in right]))
    return pairs


def align(a: Sequence[int], b: Sequence[int], ratio: float = 1.0) -> list[Bead]:
    """The likeliest way to pair texts of these lengths in their order; a text of ``a`` is ``ratio`` as long in ``b``.

    >>> align([10, 50, 30], [10, 51, 12, 19])
    [([0], [0]), ([1], [1]), ([2], [2, 3])]
    """
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            ways = [
                (best[i - m, j - n][0] + _cost(sum(a[i - m : i]), sum(b[j - n : j]), ratio) - math.log(likely), (m, n))
                for (m, n), likely in LIKELY.items()
                if i >= m and j >= n
            ]
            if ways:
                best[i, j] = min(ways)
    beads, i, j = [], len(a), len(b)
    while i or j:
        m, n = best[i, j][1]
        beads.append((list(range(i - m, i)), list(range(j - n, j))))
        i, j = i - m, j - n
    return beads[::-1]


def _cost(a: int, b: int, ratio: float) -> float:
    """How unlikely a translation of this length is, as a negative logarithm; what is left out cannot be judged."""
    if not a or not b:
        return 0.0
    mean = (a + b / ratio) / 2
    away = abs(b - a * ratio) / math.sqrt(mean * VARIANCE * ratio)
    return -math.log(max(math.erfc(away / math.sqrt(2)), 1e-300))


def _same_units(a: list[str], b: list[str], a_lengths: list[int], b_lengths: list[int], ratio: float) -> list[Bead]:
    """Units of the same id, and between them those that stand in their place."""
    printed = ([unit for unit in side if not COUNTED.search(unit)] for side in (a, b))
    numbers = set.intersection(*map(set, printed))  # those without a number are told apart by a count, which may differ
    ours, theirs = ([unit if unit in numbers else (name, unit) for unit in side] for name, side in (("a", a), ("b", b)))
    matches = SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_matching_blocks()  # the last one is empty, at the end
    anchors = [(block.a + at, block.b + at) for block in matches for at in range(block.size)]
    beads: list[Bead] = []
    for (i, j), (k, m) in pairwise([(-1, -1), *anchors, (len(a), len(b))]):
        between = align(a_lengths[i + 1 : k], b_lengths[j + 1 : m], ratio)
        beads += [([i + 1 + at for at in left], [j + 1 + at for at in right]) for left, right in between]
        beads += [([k], [m])] * (k < len(a))
    return beads
