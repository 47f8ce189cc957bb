"""Learning from the benchmark how certain positions are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.base.frames import frame_of
from egdata.base.vocabulary import CERTAINTIES
from egdata.codebook.codebook import LANGS, TABLES, Codebook
from egdata.coding.benchmark import gold_set, open_sets, read_gold, read_gold_text
from egdata.coding.certainty import FEATURES, features
from egdata.coding.coding import code
from egdata.coding.explain import position_traces
from egdata.coding.scoring import SID

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

PENALTY = 1.0  # on the squared weights: a feature must show itself often to count


def rated_positions(codebook: Codebook | None = None, sets: tuple[str, ...] | None = None) -> pd.DataFrame:
    """The positions that the rules find in coded sets, what each rests on, and whether it is right.

    Parameters
    ----------
    codebook : Codebook, optional
    sets : tuple of str, optional
        Names of ``data/gold``; all that are open if omitted.

    Returns
    -------
    DataFrame
        One row per position: ``set``, ``lang``, ``position_id``; ``is_right``, whether the reference coding has the
        stance on the issue in the sentence; and the features of :data:`FEATURES`.
    """
    rows = []
    for gold in map(gold_set, sets) if sets else open_sets():
        for lang in gold.langs:
            coding = code(read_gold_text(gold.folder, lang, codebook), codebook)
            right = set(read_gold(gold.folder, lang)[[SID, "issue", "stance"]].itertuples(index=False, name=None))
            found = coding.positions[["position_id", "sentence_id", "issue_id", "stance"]]
            said = {name: tuple(position) for name, *position in found.itertuples(index=False, name=None)}
            for trace in position_traces(coding).to_dict("records"):
                position_id = trace["position_id"]
                known = {"set": gold.name, "lang": lang, "position_id": position_id}
                rows.append(known | {"is_right": said[position_id] in right} | features(trace))
    return frame_of(rows, ("set", "lang", "position_id", "is_right", *FEATURES), is_right="bool")


def learn_certainty(rated: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Learn the weights of a logistic regression for each language, and bounds of three classes of equal size.

    Parameters
    ----------
    rated : DataFrame
        As :func:`rated_positions` gives it.

    Returns
    -------
    certainty : DataFrame
        One row per language and feature: ``lang``, ``feature``, ``weight``.
    classes : DataFrame
        One row per language and class: ``lang``, ``certainty``; ``at_least``, the lowest probability of the class;
        ``n`` positions of it and their ``precision``, when each set is rated by a model that learnt from the others.
    """
    import numpy as np

    weights, classes = [], []
    for lang in LANGS:
        rows = rated[rated["lang"] == lang]
        values, right = rows[list(FEATURES)].to_numpy(float), rows["is_right"].to_numpy(float)
        chance = np.zeros(len(rows))
        for name in rows["set"].unique():
            held_out = (rows["set"] == name).to_numpy()
            chance[held_out] = _chances(values[held_out], _fitted(values[~held_out], right[~held_out]))
        learnt = _fitted(values, right)
        weights += [
            {"lang": lang, "feature": name, "weight": f"{weight:.3f}"}
            for name, weight in zip(FEATURES, learnt, strict=True)
        ]
        least = [*(np.floor(1000 * np.quantile(chance, [2 / 3, 1 / 3])) / 1000), 0.0]  # rounded down, as written
        most = [2.0, *least[:-1]]
        for name, low, high in zip(CERTAINTIES, least, most, strict=True):
            inside = (chance >= low) & (chance < high)
            counted = {"n": str(inside.sum()), "precision": f"{right[inside].mean():.2f}" if inside.any() else ""}
            classes.append({"lang": lang, "certainty": name, "at_least": f"{low:.3f}"} | counted)
    return frame_of(weights, TABLES["certainty"]), frame_of(classes, TABLES["certainty_classes"])


def _fitted(values: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The weights that make what is known most probable, less a penalty on their squares."""
    import numpy as np
    from scipy.optimize import minimize

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores, shrunk = values @ weights, np.append(0.0, weights[1:])  # the intercept is free
        missed = np.logaddexp(0, scores) - right * scores
        slope = values.T @ (_chances(values, weights) - right) + PENALTY * shrunk
        return float(missed.sum() + PENALTY * (shrunk @ shrunk) / 2), slope

    return minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B").x


def _chances(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return expit(values @ weights)
