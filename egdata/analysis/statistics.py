"""Tests and intervals for counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

TIE = 1e-7  # two probabilities that differ by less are the same, whatever their last bits (as in R's fisher.test)
_DEVIATIONS = 20  # so far from the mean a count has a probability of nought


def with_interval(frame: pd.DataFrame) -> pd.DataFrame:
    """The share with Wilson's interval."""
    z, n = 1.959963984540054, frame["n_sentences"]  # 95 per cent of a normal distribution
    middle = (frame["share"] + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (frame["share"] * (1 - frame["share"]) / n + z**2 / (4 * n**2)) ** 0.5
    return frame.assign(low=(middle - half).clip(lower=0.0), high=(middle + half).clip(upper=1.0))


def compare_counts(
    a: np.ndarray,
    b: np.ndarray,
    total_a: int | np.ndarray,
    total_b: int | np.ndarray,
    family: np.ndarray | None = None,
) -> tuple[np.ndarray, list[float], list[float]]:
    """G² of each pair of counts, to 4 places; Fisher's exact p, and that by Benjamini and Hochberg, to 4 digits.

    The p of one family are adjusted together; without families, all are.
    """
    import numpy as np

    cells = np.array([a, b, total_a - a, total_b - b])
    p = fisher_exact(cells.astype(int)) if len(a) else np.array([])
    adjusted = np.zeros(len(p))
    _, family = np.unique(adjusted if family is None else family, return_inverse=True)
    order = np.argsort(family, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(family[order])) + 1):
        adjusted[members] = benjamini_hochberg(p[members])
    return _log_likelihood(cells).round(4), four_digits(p), four_digits(adjusted)


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Each p times how many times it would be as small by chance, were all equal; never less than a smaller one."""
    import numpy as np

    largest_first = np.argsort(p)[::-1]
    adjusted = np.empty(len(p))
    scale = len(p) / np.arange(len(p), 0, -1)
    adjusted[largest_first] = np.minimum.accumulate(p[largest_first] * scale).clip(max=1.0)
    return adjusted


def fisher_exact(cells: np.ndarray) -> np.ndarray:
    """Two-sided p of each table, as scipy.stats.fisher_exact has it for one: all tables in one go are far faster.

    Of the tables with the same margins those are left out that add nothing to 4 digits, so that the time grows with
    the counts and not with the number of tables times the counts.
    """
    import numpy as np

    a, b, c, d = cells
    mean = (a + b) * ((a + c) / (a + b + c + d))  # of the first cell, with the margins as they are
    reach = 2 * np.abs(a - mean) + _DEVIATIONS * np.sqrt(mean) + _DEVIATIONS
    least = np.minimum(np.minimum(a, d), (a - mean + reach).astype(int))  # by how much the first cell may shrink
    most = np.minimum(np.minimum(b, c), (mean - a + reach).astype(int))
    sizes = least + most + 1
    table, begin = np.repeat(np.arange(len(a)), sizes), sizes.cumsum() - sizes
    more = np.arange(len(table)) - (begin + least)[table]
    log_factorial = np.fromiter(map(math.lgamma, range(1, cells.max() + max(most.max(), least.max()) + 2)), float)
    log_odds = -sum(log_factorial[cell[table] + sign * more] for cell, sign in zip(cells, (1, -1, -1, 1), strict=True))
    weight = np.exp(log_odds - np.maximum.reduceat(log_odds, begin)[table])
    is_as_rare = weight <= weight[begin + least][table] * (1 + TIE)
    total, rare = (np.bincount(table, weights, len(a)) for weights in (weight, weight * is_as_rare))
    return rare / total


def _log_likelihood(cells: np.ndarray) -> np.ndarray:
    """G² over the four cells of each table; one that is empty adds nothing."""
    import numpy as np

    rows, columns = cells[:2] + cells[2:], (cells[0] + cells[1], cells[2] + cells[3])
    expected = np.concatenate([rows * column / rows.sum(axis=0) for column in columns])
    ratio = np.divide(cells, expected, out=np.ones(cells.shape), where=cells > 0)
    return np.maximum(2 * (cells * np.log(ratio)).sum(axis=0), 0.0)


def four_digits(values: np.ndarray) -> list[float]:
    """To 4 digits, so that no library's last bit shows."""
    return [float(f"{value:.4g}") for value in values]
