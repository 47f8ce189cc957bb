"""Discourse networks of any tidy frame, by the definitions of Discourse Network Analyzer: matrices, polarisation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import EgdataError, check_option
from egdata.base.frames import need_one

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy import sparse

#: The numbers of the stances, so that their sum is 'for − against'.
STANCE_SCALE = {"for": 1, "conditional": 0, "neutral": 0, "against": -1}

#: What each mode takes, as in Exporter.java of Discourse Network Analyzer 3.
AGGREGATIONS = {
    "onemode": ("ignore", "congruence", "conflict", "subtract"),
    "twomode": ("ignore", "subtract", "combine"),
}
NORMALIZATIONS = {"onemode": ("no", "average", "jaccard", "cosine"), "twomode": ("no", "activity", "prominence")}


def discourse_network(
    statements: pd.DataFrame,
    *,
    actor: str,
    concept: str,
    qualifier: str | None = None,
    mode: str = "twomode",
    aggregation: str = "ignore",
    normalization: str = "no",
    duplicates: str = "include",
    isolates: bool = False,
    scale: Mapping[object, float] | None = None,
) -> pd.DataFrame:
    """Count who shares concepts with whom, or who uses which concept, as Discourse Network Analyzer 3 does.

    Parameters
    ----------
    statements : DataFrame
        One row per statement, such as :func:`event_list`.
    actor, concept : str
        Its columns with actors and concepts.
    qualifier : str, optional
        Its column with the position: booleans, numbers or words. 0 and 1 alone are taken for booleans, the stances of
        the codebook for the numbers of ``STANCE_SCALE``, words that are numbers for numbers. Other words are categories
        without an order.
    mode : {'twomode', 'onemode'}
        Actors × concepts, or actors × actors.
    aggregation : str
        One-mode: ``ignore``, ``congruence``, ``conflict``, ``subtract``. Two-mode: ``ignore``, ``subtract``,
        ``combine``.
    normalization : str
        One-mode: ``no``, ``average``, ``jaccard``, ``cosine``. Two-mode: ``no``, ``activity``, ``prominence``.
    duplicates : str
        ``include`` counts every statement. The name of a column, with or without ``_id`` (``unit``, ``section``,
        ``document``), counts equal statements once for each value of it; ``acrossrange`` once. Statements are equal if
        actor, concept and, unless ignored, qualifier are.
    isolates : bool
        Keep actors and concepts all of whose statements lack a concept, an actor or a qualifier.
    scale : mapping, optional
        Numbers for the values of the qualifier.

    Returns
    -------
    DataFrame
        Floats; rows are the actors, columns the actors or the concepts, both sorted by code point. For ``combine``,
        ``attrs["combinations"]`` says which values of the qualifier each number stands for. Without statements it has
        no rows.

    Raises
    ------
    EgdataError
        If an option is none of those above, or a column is missing or holds what cannot be used.

    Notes
    -----
    n(a, c, k) is the number of statements of actor a on concept c with value k of the qualifier, n(a, c) and n(a) are
    sums of it, and d(k, l) is the distance of k and l over the range. The range is 1 for booleans, that of the scale if
    there is one, else that of the values in ``statements``; if it is 0, so is d. One-mode, from
    ``computeOneModeMatrix`` of DNA's Exporter.java, with a zero diagonal:

    - ``ignore``: Σ_c n(a, c) n(b, c)
    - ``congruence``: Σ_c Σ_k Σ_l n(a, c, k) n(b, c, l) (1 − d(k, l)); ``conflict``: the same with d(k, l)
    - categories: ``congruence`` Σ_c Σ_k n(a, c, k) n(b, c, k); ``conflict`` m10 + m01 as below
    - ``subtract``: congruence − conflict
    - ``average``: divided by the mean of both actors' numbers of statements
    - ``jaccard``: divided by m10 + m01 + m11 over pairs (c, k): a's statements where b has none, b's where a has none,
      and the product where both have some. It is taken over k even if the aggregation ignores the qualifier.
    - ``cosine``: divided by √(n(a)²) √(n(b)²), the product of the numbers of statements. DNA calls it so.

    Normalisation follows aggregation and is the same for all four. Two-mode, from ``computeTwoModeMatrix``:

    - ``ignore``: n(a, c); ``subtract``: n(a, c, 1) − n(a, c, 0) for booleans, Σ_k k n(a, c, k) for numbers (so for −
      against for stances), n(a, c) for categories, of which none is negative
    - ``combine``: each set of values that occurs has a number of its own (``lexRank``): Σ_k 2^(K − 1 − position of k)
      over the K values in ascending order; for booleans 1 yes, 2 no, 3 both
    - ``activity``: divided by the actor's number of statements; ``prominence``: by the concept's. With ``combine`` by
      the number of filled cells, which cannot be interpreted; DNA warns, too, and its own code for ``prominence`` takes
      the cells of another column.

    A zero denominator gives 0. From ``filterStatements``: statements without actor or concept are left out, and those
    without a value of the qualifier unless it is ignored. An actor without any tie stays.

    References
    ----------
    Leifeld, P., Discourse Network Analyzer 3, https://github.com/leifeld/dna, ``dna/export/Exporter.java``.
    Leifeld, P. (2017). Discourse network analysis: policy debates as dynamic networks. In The Oxford Handbook of
    Political Networks.

    Examples
    --------
    >>> import pandas as pd
    >>> said = pd.DataFrame({"who": ["A", "A", "B"], "what": ["x", "y", "x"], "yes": [1, 1, 0]})
    >>> discourse_network(said, actor="who", concept="what", qualifier="yes", aggregation="subtract").values.tolist()
    [[1.0, 1.0], [-1.0, 0.0]]
    >>> options = {"mode": "onemode", "aggregation": "conflict"}
    >>> discourse_network(said, actor="who", concept="what", qualifier="yes", **options).values.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    import numpy as np
    import pandas as pd

    check_option("mode", mode, tuple(AGGREGATIONS))
    check_option(f"aggregation of a {mode} network", aggregation, AGGREGATIONS[mode])
    check_option(f"normalization of a {mode} network", normalization, NORMALIZATIONS[mode])
    if qualifier is None and aggregation != "ignore":
        raise EgdataError(f"aggregation {aggregation!r} needs a qualifier; name its column or take 'ignore'")
    if scale is not None and qualifier is None:
        raise EgdataError("scale needs a qualifier; name its column")
    check_columns(statements, actor=actor, concept=concept, qualifier=qualifier)
    if len({actor, concept, qualifier}) < 3:
        raise EgdataError(f"actor {actor!r}, concept {concept!r} and qualifier {qualifier!r} must be three columns")

    levels = _levels(statements, qualifier, scale)
    cube = _cube(statements, actor, concept, levels, aggregation, duplicates, isolates)
    if mode == "onemode":
        columns = cube.actors.rename(actor)
        matrix, combinations = _onemode(cube, aggregation), None
        denominator = _onemode_denominator(cube, normalization)
        np.fill_diagonal(matrix, 0)
    else:
        columns = cube.concepts.rename(concept)
        matrix, combinations = _twomode(cube, aggregation)
        denominator = _twomode_denominator(cube, matrix, aggregation, normalization)
    if denominator is not None:
        matrix = np.divide(matrix, denominator, out=np.zeros_like(matrix), where=denominator != 0)
    network = pd.DataFrame(matrix, index=cube.actors.rename(actor), columns=columns, copy=False)
    if combinations is not None:
        network.attrs["combinations"] = combinations
    return network


class _Levels(NamedTuple):
    """The values of a qualifier in their order, and which of them each statement has."""

    codes: np.ndarray  # −1 for none
    values: list
    numbers: np.ndarray | None  # none for categories
    span: float  # largest possible distance
    is_boolean: bool


class _Cube(NamedTuple):
    """n(a, c, k) as a sparse matrix with one row per actor; the concepts of each value stand side by side."""

    actors: pd.Index
    concepts: pd.Index
    levels: _Levels
    counts: sparse.csr_array

    def layers(self) -> list[sparse.csr_array]:
        """n(a, c, k), one matrix for each k."""
        width = len(self.concepts)
        columns = self.counts.tocsc()
        return [columns[:, width * k : width * (k + 1)].tocsr() for k in range(len(self.levels.values))]

    def total(self) -> sparse.csr_array:
        """n(a, c)"""
        from scipy import sparse

        cells = self.counts.tocoo()
        row, column = cells.coords
        shape = (len(self.actors), len(self.concepts))
        return sparse.coo_array((cells.data, (row, column % max(shape[1], 1))), shape).tocsr()

    def activity(self) -> np.ndarray:
        """n(a)"""
        return self.counts.sum(axis=1)


def check_columns(statements: pd.DataFrame, **columns: str | None) -> None:
    for role, name in columns.items():
        if name is not None and name not in statements.columns:
            raise EgdataError(f"{role} is {name!r}, which is no column; there are {', '.join(map(str, statements))}")
        need_one(statements, "a network")


def _levels(statements: pd.DataFrame, qualifier: str | None, scale: Mapping[object, float] | None) -> _Levels:
    import numpy as np

    if qualifier is None:
        return _Levels(np.zeros(len(statements), dtype=np.int64), [None], None, 0.0, False)
    numbers, span, is_boolean = _numbers(statements[qualifier], scale)
    if numbers is None:
        codes, values = _factorize(statements[qualifier])
        return _Levels(codes, list(values), None, 0.0, False)
    known = np.array([0.0, 1.0]) if is_boolean else np.unique(numbers[~np.isnan(numbers)])
    codes = np.where(np.isnan(numbers), -1, np.searchsorted(known, numbers))
    values = [int(value) if value.is_integer() else value for value in known.tolist()]
    return _Levels(codes, values, known, span, is_boolean)


def _numbers(values: pd.Series, scale: Mapping[object, float] | None) -> tuple[np.ndarray | None, float, bool]:
    """The qualifier as numbers with their range, and whether it is boolean; no numbers for categories."""
    import numpy as np
    import pandas as pd

    values = _plain(values)
    given = values.dropna()
    if scale is None and len(given) and given.isin(list(STANCE_SCALE)).all():
        scale = STANCE_SCALE
    if scale is not None:
        strange = given[~given.isin(list(scale))]
        if len(strange):
            raise EgdataError(f"scale has no number for {strange.tolist()[0]!r} in column {values.name!r}")
        try:
            scale = {value: float(number) for value, number in scale.items()}
        except (TypeError, ValueError):
            scale = {None: math.nan}
        if not all(map(math.isfinite, scale.values())):
            raise EgdataError(f"scale gives {values.name!r} something else than finite numbers")
        numbers = values.map(scale).to_numpy(dtype="float64", na_value=np.nan)
        return numbers, max(scale.values(), default=0.0) - min(scale.values(), default=0.0), False
    if not (pd.api.types.is_bool_dtype(given) or pd.api.types.is_numeric_dtype(given)):
        words = given.astype(str).str.lower().map({"true": 1.0, "false": 0.0})
        read = words.fillna(pd.to_numeric(given, errors="coerce").astype("float64"))
        if read.isna().any():
            return None, 0.0, False
        values = read.reindex(values.index)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(numbers).any():
        raise EgdataError(f"column {values.name!r} holds {numbers[np.isinf(numbers)][0]}; a qualifier must be finite")
    known = numbers[~np.isnan(numbers)]
    if np.isin(known, (0, 1)).all():
        return numbers, 1.0, True
    return numbers, float(np.ptp(known)), False


def _plain(values: pd.Series) -> pd.Series:
    """A column numbered from 0, its categories and empty words undone."""
    import pandas as pd

    values = values.reset_index(drop=True)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    return values if pd.api.types.is_numeric_dtype(values) else values.where(values.ne(""))


def _factorize(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Each value's number in the sorted list of values, −1 for none."""
    import numpy as np
    import pandas as pd

    codes, known = pd.factorize(_plain(values))
    known = list(known)
    try:
        order = sorted(range(len(known)), key=known.__getitem__)
    except TypeError:
        kinds = sorted({type(value).__name__ for value in known})
        raise EgdataError(f"column {values.name!r} mixes {' and '.join(kinds)}; make them all words") from None
    places = np.full(len(known) + 1, -1)
    places[order] = np.arange(len(known))
    return places[codes], pd.Index([known[place] for place in order])


def _cube(
    statements: pd.DataFrame,
    actor: str,
    concept: str,
    levels: _Levels,
    aggregation: str,
    duplicates: str,
    isolates: bool,
) -> _Cube:
    import numpy as np
    import pandas as pd
    from scipy import sparse

    actors, actor_labels = _factorize(statements[actor])
    concepts, concept_labels = _factorize(statements[concept])
    values = levels.codes
    used = (actors >= 0) & (concepts >= 0)
    if aggregation == "ignore":  # no value is a value of its own
        values = np.where(values < 0, len(levels.values), values)
    used &= values >= 0
    if duplicates != "include":
        kept = pd.DataFrame({"actor": actors, "concept": concepts, "used": used})
        if aggregation != "ignore":
            kept["value"] = values
        if duplicates != "acrossrange":
            kept["within"] = _factorize(statements[_within(statements, duplicates)])[0]
        used &= ~kept.duplicated().to_numpy()
    actors, concepts, values = actors[used], concepts[used], values[used]
    if not isolates:
        actor_labels, actors = _only(actor_labels, actors)
        concept_labels, concepts = _only(concept_labels, concepts)
    width = len(concept_labels)
    shape = (len(actor_labels), width * (len(levels.values) + (aggregation == "ignore")))
    counts = sparse.coo_array((np.ones(len(actors)), (actors, values * width + concepts)), shape)
    return _Cube(actor_labels, concept_labels, levels, counts.tocsr())


def _within(statements: pd.DataFrame, duplicates: str) -> str:
    """The column inside whose values duplicates are dropped."""
    for name in (duplicates, f"{duplicates}_id"):
        if name in statements.columns:
            return name
    raise EgdataError(
        f"duplicates is {duplicates!r}; it can be 'include', 'acrossrange' or a column of the statements: "
        f"{', '.join(map(str, statements))}"
    )


def _only(labels: pd.Index, codes: np.ndarray) -> tuple[pd.Index, np.ndarray]:
    """The labels that occur, and the codes numbered anew."""
    import numpy as np

    kept, codes = np.unique(codes, return_inverse=True)
    return labels[kept], codes


_WELL_FILLED = 0.01  # the share of filled cells from which a dense product is faster than a sparse one
_BLOCK = 2**23  # cells of a matrix that are made dense at a time


def _cross(left: sparse.csr_array, right: sparse.csr_array) -> np.ndarray:
    """``left @ right.T`` as a dense array of actors × actors."""
    import numpy as np

    height, width = left.shape
    if min(left.nnz, right.nnz) < _WELL_FILLED * height * width:
        return (left @ right.T).toarray()
    product = np.zeros((height, height))
    step = max(_BLOCK // max(height, 1), 1)
    for at in range(0, width, step):
        block = left[:, at : at + step].toarray()
        product += block @ (block if right is left else right[:, at : at + step].toarray()).T
    return product


def _onemode(cube: _Cube, aggregation: str) -> np.ndarray:
    total = cube.total()
    if aggregation == "ignore":
        return _cross(total, total)
    if cube.levels.numbers is None:
        congruence = 0 if aggregation == "conflict" else _cross(cube.counts, cube.counts)
        conflict = 0 if aggregation == "congruence" else _apart(cube.counts)
        return {"congruence": congruence, "conflict": conflict}.get(aggregation, congruence - conflict)
    # |k − l| is the sum of the gaps between k and l: for each gap, those below times those above
    span = cube.levels.span or 1.0
    distance = _distance(cube, total)
    if aggregation == "conflict":
        return distance / span
    product = _cross(total, total) * span
    return (product - distance * (1 if aggregation == "congruence" else 2)) / span


def _distance(cube: _Cube, total: sparse.csr_array) -> np.ndarray:
    """Σ_c Σ_k Σ_l n(a, c, k) n(b, c, l) |k − l|"""
    import numpy as np

    numbers, layers = cube.levels.numbers, cube.layers()
    distance = np.zeros((len(cube.actors),) * 2)
    below = 0 * total
    for number, larger, layer in zip(numbers[:-1], numbers[1:], layers[:-1], strict=True):
        below = below + layer
        product = _cross(below, total - below)
        product *= larger - number
        distance += product
        distance += product.T
    return distance


def _apart(counts: sparse.csr_array) -> np.ndarray:
    """m10 + m01: the statements of either on pairs (concept, value) where the other has none."""
    import numpy as np

    filled = counts.copy()
    filled.data = np.ones_like(filled.data)
    alone = counts.sum(axis=1)[:, None] - _cross(counts, filled)
    return alone + alone.T


def _onemode_denominator(cube: _Cube, normalization: str) -> np.ndarray | None:
    import numpy as np

    if normalization == "average":
        return np.add.outer(cube.activity(), cube.activity()) / 2
    if normalization == "cosine":
        return np.multiply.outer(cube.activity(), cube.activity())
    if normalization == "jaccard":
        return _apart(cube.counts) + _cross(cube.counts, cube.counts)
    return None


def _twomode(cube: _Cube, aggregation: str) -> tuple[np.ndarray, dict[int, list] | None]:
    import numpy as np

    levels = cube.levels
    if aggregation == "combine":
        weights = [2 ** (len(levels.values) - 1 - place) for place in range(len(levels.values))]
        if len(weights) > 53:
            raise EgdataError(f"combine: the qualifier has {len(weights)} values; it has room for 53")
        matrix = np.zeros((len(cube.actors), len(cube.concepts)))
        for weight, layer in zip(weights, cube.layers(), strict=True):
            matrix += weight * (layer.toarray() > 0)
        return matrix, {
            int(number): [value for weight, value in zip(weights, levels.values, strict=True) if int(number) & weight]
            for number in np.unique(matrix)
            if number
        }
    if aggregation == "ignore" or levels.numbers is None:
        return cube.total().toarray(), None
    signs = (-1.0, 1.0) if levels.is_boolean else levels.numbers
    matrix = np.zeros((len(cube.actors), len(cube.concepts)))
    for sign, layer in zip(signs, cube.layers(), strict=True):
        matrix += sign * layer.toarray()
    return matrix, None


def _twomode_denominator(cube: _Cube, matrix: np.ndarray, aggregation: str, normalization: str) -> np.ndarray | None:
    if normalization == "no":
        return None
    counts = matrix > 0 if aggregation == "combine" else cube.total().toarray()
    return counts.sum(axis=1 if normalization == "activity" else 0, keepdims=True)


def polarization(
    statements: pd.DataFrame,
    *,
    actor: str,
    concept: str,
    qualifier: str,
    scale: Mapping[object, float] | None = None,
) -> pd.DataFrame:
    """Measure how far the actors stand apart on each concept.

    Parameters
    ----------
    statements, actor, concept, qualifier, scale
        As for :func:`discourse_network`; the qualifier must be numbers.

    Returns
    -------
    DataFrame
        One row per concept, sorted: ``concept``; ``n_actors``; ``mean``, of their opinions; ``polarization``, in 0–1.

    Notes
    -----
    An actor's opinion is the mean of its statements, and the polarisation the variance of the opinions over the largest
    possible, (range / 2)²: 1 if one half stands at each end, 0 if all agree. This is the dispersion of DiMaggio, Evans
    and Bryson, scaled. With a handful of actors it says little.

    References
    ----------
    DiMaggio, P., Evans, J. and Bryson, B. (1996). Have Americans' social attitudes become more polarized? American
    Journal of Sociology 102(3), 690–755.
    """
    import pandas as pd

    check_columns(statements, actor=actor, concept=concept, qualifier=qualifier)
    numbers, span, _ = _numbers(statements[qualifier], scale)
    if numbers is None:
        raise EgdataError(f"qualifier {qualifier!r} holds words; give a scale that says where they stand")
    frame = pd.DataFrame(
        {"actor": _plain(statements[actor]), "concept": _plain(statements[concept]), "number": numbers}
    ).dropna()
    opinions = frame.groupby(["concept", "actor"])["number"].mean().groupby("concept")
    concepts = opinions.agg(n_actors="size", mean="mean", polarization=lambda of: of.var(ddof=0)).reset_index()
    concepts["polarization"] = concepts["polarization"] / ((span / 2) ** 2 or 1)
    return concepts.astype({"n_actors": "int64", "mean": "float64", "polarization": "float64"})


def network_edges(network: pd.DataFrame) -> pd.DataFrame:
    """Turn a matrix of :func:`discourse_network` into a list of edges.

    Returns
    -------
    DataFrame
        One row per cell that is not 0, of an actor × actor matrix one per pair: ``source``, ``target``, ``weight``.
    """
    import numpy as np
    import pandas as pd

    cells = network.to_numpy()
    row, column = np.nonzero(np.triu(cells) if is_onemode(network) else cells)
    return pd.DataFrame(
        {"source": network.index[row], "target": network.columns[column], "weight": cells[row, column]}
    ).rename_axis(columns=None)


def is_onemode(network: pd.DataFrame) -> bool:
    return network.index.equals(network.columns) and network.index.name == network.columns.name
