"""How far a coding sheet agrees with another: per variable and position, with intervals and the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.frames import need_one
from egdata.base.workbook import read_xlsx
from egdata.codebook.codebook import Codebook, read_codebook

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Labels = dict[str, frozenset]  # sentence → its labels
#: What is compared: variable → the columns of the sheet whose values make a label.
VARIABLES: dict[str, tuple[str, ...]] = {
    "holder": ("holder",),
    "issue": ("issue",),
    "stance": ("stance",),
    "modality": ("modality",),
    "instruments": ("instruments",),
    "themes": ("themes",),
    "position": ("issue", "stance"),
    "position+holder": ("holder", "issue", "stance"),
}
JOINED = ("instruments", "themes")  # several values in a cell, with ; between them
CODES = {"holder": "holders", "issue": "issues", "stance": "stances", "modality": "modalities"} | {
    name: name for name in JOINED
}
SID = "sid"
SHEETS = (".csv", ".tsv", ".xlsx")  # how files of sheets end
ZIPPED = b"PK"  # how a workbook begins
RESAMPLES = 1000
SEED = 20200727  # the first day of the first report's meeting


def score(
    sheet: pd.DataFrame | str | Path, gold: pd.DataFrame | str | Path, codebook: Codebook | None = None
) -> pd.DataFrame:
    """Compare a coding sheet with a gold sheet.

    Parameters
    ----------
    sheet, gold : DataFrame or path
        One row per sentence, or more where it has several holders or issues: ``sid`` and any of ``holder,
        issue, stance, instruments, modality, themes``. A path is read as CSV or TSV. The sheet must have
        every sentence and column of the gold; its other sentences and variables do not count.
    codebook : Codebook, optional
        Says which codes there are.

    Returns
    -------
    DataFrame
        One row per variable × measure:

        - ``variable``: a column of the sheet; ``position`` is (sentence, issue, stance), ``position+holder``
          is (sentence, holder, issue, stance)
        - ``measure``:

          - ``n_gold``, ``n_sheet``: how many values the sheets have
          - ``agreement``: share of sentences with the same set of values
          - ``alpha``: Krippendorff's, nominal; of stances over the issues of a sentence that both sheets have
          - ``precision``, ``recall``, ``f1``: of the values, over all sentences
          - ``macro_f1``: mean F1 of the stances that occur, neutral among them, over (sentence, issue)

        - ``n``: sentences compared; (sentence, issue) pairs for ``alpha`` and ``macro_f1`` of stances
        - ``value``, ``low``, ``high``: the measure and its 95% bootstrap interval over sentences; missing
          where it is not defined, as precision is for a sheet without values. The counts have no interval.

    Raises
    ------
    EgdataError
        If a sheet cannot be read, has a code that the codebook does not know or an issue without a stance, or
        lacks a column or sentence of the gold.

    Notes
    -----
    The bootstrap draws sentences as if they were independent; those of a paragraph are not quite. Its seed is
    fixed.

    Examples
    --------
    >>> import pandas as pd
    >>> gold = pd.DataFrame({"sid": ["1#1", "2#1"], "holder": ["some", "one"]})
    >>> score(gold.assign(holder="some"), gold).set_index("measure")["value"].to_dict()["agreement"]
    0.5
    """
    import numpy as np
    import pandas as pd

    coded, right = _labels(sheet, gold, codebook)
    sids = list(next(iter(right.values())))
    n = len(sids)
    draws = np.random.default_rng(SEED).multinomial(n, [1 / n] * n, size=RESAMPLES)
    weights = np.vstack([np.ones(n), draws])  # the first row is the sample itself
    sides = {name: [[labels[name][sid] for sid in sids] for labels in (coded, right)] for name in right}
    rows = []
    for variable in right:
        measures = list(_measures(variable, *sides[variable], weights))
        if variable == "stance" and "position" in right:
            measures += _stance_measures(*sides["position"], weights)
        rows += [(variable, name, cases, values[0], *_interval(values[1:])) for name, cases, values in measures]
    return pd.DataFrame(rows, columns=["variable", "measure", "n", "value", "low", "high"])


def score_errors(
    sheet: pd.DataFrame | str | Path,
    gold: pd.DataFrame | str | Path,
    texts: Mapping[str, str] | None = None,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """List where a coding sheet differs from a gold sheet.

    Parameters
    ----------
    sheet, gold : DataFrame or path
        As for :func:`score`.
    texts : mapping of str to str, optional
        The sentences by ``sid``; a dict or a Series.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per sentence × variable with different values, in the order of the gold: ``sid, variable,
        gold, sheet, text``. Issue and stance are compared together, as ``position``. Several values are
        joined with ``;``.
    """
    import pandas as pd

    coded, right = _labels(sheet, gold, codebook)
    told = ("position+holder", *(("issue", "stance") if "position" in right else ()))  # by other variables
    variables = [name for name in right if name not in told]
    texts = {} if texts is None else texts
    rows = [
        (sid, variable, _join(right[variable][sid]), _join(coded[variable][sid]), texts.get(sid, ""))
        for sid in right[variables[0]]
        for variable in variables
        if right[variable][sid] != coded[variable][sid]
    ]
    return pd.DataFrame(rows, columns=["sid", "variable", "gold", "sheet", "text"])


def _join(labels: frozenset) -> str:
    return ";".join(sorted(" ".join(label) for label in labels))


# ---- sheets ------------------------------------------------------------------------------------------------


def read_sheet(sheet: pd.DataFrame | str | Path) -> pd.DataFrame:
    """Read a coding sheet, CSV, TSV or an Excel workbook, every cell as text; one that is read already stays as it is.

    Raises
    ------
    EgdataError
        If there is no such file, or it is no UTF-8 table and no workbook.

    Notes
    -----
    Of a workbook the first sheet is read. What parts the cells of a CSV file is seen in its first line.
    """
    from egdata.base.csv_files import read_csv

    if not isinstance(sheet, (str, Path)):
        return sheet
    path = Path(sheet)
    try:
        content = path.read_bytes()
        if content.startswith(ZIPPED):
            return read_xlsx(content)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EgdataError(f"{path}: not UTF-8 text; save it as CSV UTF-8") from None
    except OSError as error:
        raise EgdataError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise EgdataError(f"{path}: {error}") from None
    header = text.split("\n", 1)[0]
    sep = max("\t,;", key=header.count)  # the suffix may lie, and Excel writes ; in half of Europe
    try:
        return read_csv(content, sep)
    except ValueError as error:
        raise EgdataError(f"{path}: not a CSV or TSV table: {' '.join(str(error).split())}") from None


def _labels(
    sheet: pd.DataFrame | str | Path, gold: pd.DataFrame | str | Path, codebook: Codebook | None
) -> tuple[dict[str, Labels], dict[str, Labels]]:
    """For each variable of the gold what each of its sentences is coded as: in the sheet, in the gold."""
    codebook = codebook or read_codebook()
    coded, right = _checked(sheet, "sheet", codebook), _checked(gold, "gold", codebook)
    variables = [name for name, columns in VARIABLES.items() if set(columns) <= set(right.columns)]
    if right.empty or not variables:
        raise EgdataError(f"the gold has no coded sentence; it needs sid and one of {', '.join(CODES)}")
    for column in CODES:
        if column in right.columns and column not in coded.columns:
            raise EgdataError(f"the sheet has no column {column}, which the gold has")
    sids = list(dict.fromkeys(right[SID]))
    known = set(coded[SID])
    missing = [sid for sid in sids if sid not in known]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise EgdataError(f"the sheet has no sentence {missing[0]}{more}, which the gold has")
    return tuple({name: _sets(frame, name, sids) for name in variables} for frame in (coded, right))


def _checked(table: pd.DataFrame | str | Path, which: str, codebook: Codebook) -> pd.DataFrame:
    """The sheet as text, with codes that the codebook knows."""
    frame = read_sheet(table)
    if SID not in frame.columns:
        raise EgdataError(f"the {which} has no column {SID}; it has {', '.join(map(str, frame.columns))}")
    need_one(frame, f"the {which}")
    frame = frame[[SID, *(column for column in CODES if column in frame.columns)]]
    frame = frame.astype(object).where(frame.notna(), "").astype(str)
    for column in frame.columns.drop(SID):
        is_known = _is_known(column, codebook)
        for sid, cell in zip(frame[SID], frame[column], strict=True):
            for value in _split(column, cell):
                if not is_known(value):
                    raise EgdataError(f"{which}, {sid}: column {column}: unknown code {value!r}")
    if {"issue", "stance"} <= set(frame.columns):
        for sid, issue, stance in zip(frame[SID], frame["issue"], frame["stance"], strict=True):
            if bool(issue) != bool(stance):
                raise EgdataError(f"{which}, {sid}: an issue needs a stance, and a stance an issue")
    return frame


def known_codes(gold: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The rows of a gold sheet with those codes only that a codebook has, for it can be measured on no others."""
    kept = gold.copy()
    for column in kept.columns.intersection(CODES):
        is_known = _is_known(column, codebook)
        kept[column] = [";".join(filter(is_known, _split(column, cell))) for cell in gold[column]]
    if {"issue", "stance"} <= set(kept.columns):
        kept["stance"] = kept["stance"].where(kept["issue"] != "", "")
    return kept


def _is_known(column: str, codebook: Codebook) -> Callable[[str], bool]:
    """Whether a codebook has a code; rules may make codes of instruments of their own: ga-*, title-*."""
    known = set(codebook.codes(CODES[column]))
    rules = codebook.tables["instrument_rules"]["code"] if column == "instruments" else ()
    made = {code for code in rules if "*" in code}
    return lambda value: value in known or any(fnmatchcase(value, pattern) for pattern in made)


def _split(column: str, cell: str) -> list[str]:
    return [value for value in (cell.split(";") if column in JOINED else [cell]) if value]


def _sets(frame: pd.DataFrame, variable: str, sids: list[str]) -> Labels:
    """For each sentence the set of its labels, each a tuple of values, none of them empty."""
    columns = VARIABLES[variable]
    sets: dict[str, set] = {sid: set() for sid in sids}
    for sid, *cells in zip(frame[SID], *(frame[column] for column in columns), strict=True):
        if sid in sets:
            values = [_split(column, cell) for column, cell in zip(columns, cells, strict=True)]
            sets[sid].update(product(*values))
    return {sid: frozenset(labels) for sid, labels in sets.items()}


# ---- measures ----------------------------------------------------------------------------------------------

Sets = Sequence[frozenset]  # for each case its labels
Measure = tuple[str, int, "np.ndarray"]  # name, cases, its value for each row of weights


def _measures(variable: str, ours: Sets, theirs: Sets, weights: np.ndarray) -> Iterator[Measure]:
    """The measures that compare sets of labels sentence by sentence."""
    import numpy as np

    n = len(theirs)
    both, coded, right = (weights @ counts for counts in _counts(ours, theirs))
    yield "n_gold", n, right[:1]
    yield "n_sheet", n, coded[:1]
    same = np.array([mine == yours for mine, yours in zip(ours, theirs, strict=True)])
    yield "agreement", n, weights @ same / n
    if variable in ("holder", "issue", "modality"):  # one value a sentence, or nearly always
        yield "alpha", n, _alpha(ours, theirs, weights)
    yield "precision", n, _ratio(both, coded)
    yield "recall", n, _ratio(both, right)
    yield "f1", n, _ratio(2 * both, coded + right)


def _stance_measures(ours: Sets, theirs: Sets, weights: np.ndarray) -> Iterator[Measure]:
    """The measures that compare stances issue by issue; a label is (issue, stance)."""
    import numpy as np

    pairs = [_by_issue(mine, yours) for mine, yours in zip(ours, theirs, strict=True)]
    shared = [(at, *stances) for at, pair in enumerate(pairs) for stances in pair if all(stances)]
    if shared:
        places, mine, yours = zip(*shared, strict=True)
        yield "alpha", len(shared), _alpha(mine, yours, weights[:, places])
    stances = sorted({stance for labels in (*ours, *theirs) for _, stance in labels})
    scores = []
    for stance in stances:
        only = ([{label for label in labels if label[1] == stance} for labels in side] for side in (ours, theirs))
        both, coded, right = (weights @ counts for counts in _counts(*only))
        scores.append(_ratio(2 * both, coded + right))
    if scores:
        missing = np.isnan(scores)  # a stance that a resample does not have is left out of its mean
        yield "macro_f1", sum(map(len, pairs)), _ratio(np.nansum(scores, axis=0), (~missing).sum(axis=0))


def _by_issue(ours: frozenset, theirs: frozenset) -> list[tuple[frozenset, frozenset]]:
    """For each issue that either side has, the stances of both."""

    def stances(side: frozenset, about: str) -> frozenset:
        return frozenset(stance for issue, stance in side if issue == about)

    issues = sorted({issue for issue, _ in ours | theirs})
    return [(stances(ours, issue), stances(theirs, issue)) for issue in issues]


def _counts(ours: Sets, theirs: Sets) -> np.ndarray:
    """For each sentence the labels in both, in ours, in theirs."""
    import numpy as np

    pairs = zip(ours, theirs, strict=True)
    return np.array([[len(mine & yours), len(mine), len(yours)] for mine, yours in pairs]).T


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """``part / whole``, missing where the whole is 0."""
    import numpy as np

    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _alpha(ours: Sets, theirs: Sets, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's nominal alpha of two coders for each row of weights; a set of labels is a value."""
    import krippendorff
    import numpy as np

    values = {value: at for at, value in enumerate(dict.fromkeys([*theirs, *ours]))}
    codes = np.array([[values[value] for value in side] for side in (ours, theirs)])
    if len(values) == 1:  # nothing that chance could have got wrong
        return np.full(len(weights), np.nan)
    each = (codes[:, :, None] == np.arange(len(values))).sum(axis=0)  # case × value: how many coders
    n_value, n_all = weights @ each, 2 * weights.sum(axis=1)
    observed = weights @ (codes[0] != codes[1]) * 2 * (n_all - 1)
    alphas = 1 - _ratio(observed, n_all**2 - (n_value**2).sum(axis=1))
    # The package has no bootstrap; the formula above is its own for two coders without gaps, as a test shows.
    alphas[0] = krippendorff.alpha(reliability_data=codes, level_of_measurement="nominal")
    return alphas


def _interval(values: np.ndarray) -> tuple[float, float]:
    """The middle 95% of the resamples in which the measure is defined."""
    import numpy as np

    values = values[~np.isnan(values)]
    return tuple(np.percentile(values, [2.5, 97.5])) if len(values) else (np.nan, np.nan)
