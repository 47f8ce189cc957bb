"""Frames made of rows, gone through by rows, and put one below the other; what belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from egdata.base.errors import EgdataError
from egdata.base.vocabulary import REPORT_ID

if TYPE_CHECKING:
    import pandas as pd

Key, Value = TypeVar("Key"), TypeVar("Value")


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """The values of each key, both in the order in which they come.

    >>> grouped([("a", 1), ("b", 2), ("a", 3)])
    {'a': [1, 3], 'b': [2]}
    """
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def records(frame: pd.DataFrame, *columns: str) -> Iterator[tuple]:
    """The rows of a few columns as Python's own values; to go through the columns themselves takes far longer."""
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def grouped_records(frame: pd.DataFrame, key: str, *columns: str) -> dict[str, list[tuple]]:
    """The rows of a few columns by another one."""
    return grouped(zip(frame[key].tolist(), records(frame, *columns), strict=True))


def frame_of(rows: Sequence[dict], columns: Iterable[str], **types: str) -> pd.DataFrame:
    """Rows as a frame, of strings where no other type is given; by columns, since rows take pandas twice as long."""
    import pandas as pd

    values = {name: [row[name] for row in rows] or pd.Series(dtype=str) for name in columns}
    return pd.DataFrame(values | {name: pd.array(values[name], dtype=dtype) for name, dtype in types.items()})


def stack(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other, with ``report_id`` in front."""
    import pandas as pd

    named = [frame.assign(**{REPORT_ID: report_id}) for report_id, frame in frames.items()]
    # the columns of a frame without rows may have no proper dtype, and would spoil that of the others
    stacked = pd.concat([frame for frame in named if len(frame)] or named[:1], ignore_index=True)
    symbols = [frame.attrs["symbol"] for frame in named if "symbol" in frame.attrs]
    n_decided = sum(frame.attrs.get("n_decided", 0) for frame in named)
    stacked.attrs = {"symbol": "; ".join(symbols), "n_decided": n_decided} if symbols else {}
    stacked = stacked.astype({REPORT_ID: str})
    return stacked[[REPORT_ID, *stacked.columns.drop(REPORT_ID)]]


def need_one(frame: pd.DataFrame, name: str) -> None:
    """Raise if the rows of a frame are of several reports, in which the same ids mean different things."""
    ids = list(frame[REPORT_ID].drop_duplicates()) if REPORT_ID in frame.columns else []
    if len(ids) > 1:
        raise EgdataError(
            f"{name} takes rows of one report, and these are of {len(ids)}, in which the same ids may mean different "
            f"things: choose with frame[frame['{REPORT_ID}'] == {ids[0]!r}]; or drop the column, if they do not"
        )
