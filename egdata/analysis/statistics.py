"""Tests and intervals for counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

TIE = 1e-7  # two probabilities that differ by less are the same, whatever their last bits (as in R's fisher.test)


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
    from scipy.stats import false_discovery_control

    cells = np.array([a, b, total_a - a, total_b - b])
    p = fisher_exact(cells.astype(int)) if len(a) else np.array([])
    adjusted = np.zeros(len(p))
    family = adjusted if family is None else family
    for one in np.unique(family):
        adjusted[family == one] = false_discovery_control(p[family == one])
    return _log_likelihood(cells).round(4), four_digits(p), four_digits(adjusted)


def fisher_exact(cells: np.ndarray) -> np.ndarray:
    """Two-sided p of each table, as scipy.stats.fisher_exact has it for one: all tables in one go are far faster."""
    import numpy as np
    from scipy.special import gammaln

    a, b, c, d = cells
    least = np.minimum(a, d)  # by how much the first cell may shrink with the margins as they are
    sizes = least + np.minimum(b, c) + 1  # how many tables have these margins
    table, begin = np.repeat(np.arange(len(a)), sizes), sizes.cumsum() - sizes
    more = np.arange(len(table)) - (begin + least)[table]
    log_odds = -sum(gammaln(cell[table] + sign * more + 1) for cell, sign in zip(cells, (1, -1, -1, 1), strict=True))
    weight = np.exp(log_odds - np.maximum.reduceat(log_odds, begin)[table])
    is_as_rare = weight <= weight[begin + least][table] * (1 + TIE)
    total, rare = (np.bincount(table, one, len(a)) for one in (weight, weight * is_as_rare))
    return rare / total


def _log_likelihood(cells: np.ndarray) -> np.ndarray:
    """G² over the four cells of each table."""
    import numpy as np
    from scipy.stats import power_divergence

    rows, columns = cells[:2] + cells[2:], (cells[0] + cells[1], cells[2] + cells[3])
    expected = np.concatenate([rows * column / rows.sum(axis=0) for column in columns])
    expected = np.maximum(expected, np.finfo(float).tiny)  # a cell that must be empty adds nothing: 0 ln(0 / tiny)
    return np.maximum(power_divergence(cells, expected, axis=0, lambda_="log-likelihood").statistic, 0.0)


def four_digits(values: np.ndarray) -> list[float]:
    """To 4 digits, so that no library's last bit shows."""
    return [float(f"{value:.4g}") for value in values]
