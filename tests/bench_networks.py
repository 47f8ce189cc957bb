"""Networks of a million statements, as ratios to a pandas crosstab of the same statements in the same run.

``make bench`` runs it; no test does. Peak memory is that of the process until then.
"""

from __future__ import annotations

import itertools
import resource
import sys
import time

import numpy as np
import pandas as pd

from egdata.analysis.discourse import AGGREGATIONS, NORMALIZATIONS, discourse_network

STATEMENTS, ACTORS, CONCEPTS = 1_000_000, 5_000, 500


def main() -> None:
    random = np.random.default_rng(0)
    columns = {"actor": ACTORS, "concept": CONCEPTS, "agreement": 2}
    frame = pd.DataFrame({name: random.integers(n, size=STATEMENTS).astype(str) for name, n in columns.items()})
    frame["agreement"] = frame["agreement"].astype("int64")
    floor = seconds(lambda: pd.crosstab(frame["actor"], [frame["concept"], frame["agreement"]]))
    rows = []
    for mode in AGGREGATIONS:
        for aggregation, normalization in itertools.product(AGGREGATIONS[mode], NORMALIZATIONS[mode]):
            options = {"mode": mode, "aggregation": aggregation, "normalization": normalization}
            taken = seconds(
                lambda options=options: discourse_network(
                    frame, actor="actor", concept="concept", qualifier="agreement", **options
                )
            )
            rows.append({**options, "ratio_to_crosstab": round(taken / floor, 2), "peak_mib": peak_mib()})
    print(f"{STATEMENTS:,} statements, {ACTORS:,} actors, {CONCEPTS:,} concepts")
    print(pd.DataFrame(rows).to_string(index=False))


def seconds(run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def peak_mib() -> int:
    """Kibibytes on Linux, bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 2 ** (20 if sys.platform == "darwin" else 10)


if __name__ == "__main__":
    main()
