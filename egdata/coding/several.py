"""Several reports asked at once: the answers one below the other, with ``report_id`` in front of every row."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from egdata.base.errors import EgdataError
from egdata.base.frames import stack
from egdata.base.vocabulary import REPORT_ID
from egdata.coding.coding import Coding, report_of
from egdata.reading.folders import folded
from egdata.reading.report import Report

if TYPE_CHECKING:
    import pandas as pd

Function = TypeVar("Function", bound=Callable)
Source = Report | Coding


def over_reports(function: Function) -> Function:
    """Let a function of one report or coding that gives a frame take several, too."""

    @functools.wraps(function)
    def call(report: Any, *args: Any, **kwargs: Any) -> pd.DataFrame:
        sources = several(report, function.__name__)
        if sources is None:
            return function(report, *args, **kwargs)
        return stack(for_each(sources, lambda source: function(source, *args, **kwargs)))

    return call


def several(report: Any, name: str) -> list[Source] | None:
    """The reports or codings as a list; None for a single one."""
    if isinstance(report, Source) or not isinstance(report, (Iterable, os.PathLike)):
        return None
    sources = None if isinstance(report, (str, os.PathLike)) else list(report)
    if sources == []:
        raise EgdataError(f"{name}: no reports given")
    if sources is None or not all(isinstance(source, Source) for source in sources):
        raise TypeError(
            f"{name} takes a Report or Coding, or several; read files with read_report or read_reports first"
        )
    return sources


def for_each(sources: list[Source], function: Callable[[Source], Any]) -> dict[str, Any]:
    """What a function gives for each report, by ``report_id``; its errors name the report."""
    ids = [report_of(source).meta[REPORT_ID] for source in sources]
    for report_id, n in Counter(map(folded, ids)).items():
        if n > 1:
            raise EgdataError(f"{n} reports have the report_id {report_id!r}; read them together with read_reports")
    answers = {}
    for report_id, source in zip(ids, sources, strict=True):
        try:
            answers[report_id] = function(source)
        except EgdataError as error:
            raise type(error)(f"{report_id}: {error}") from None
    return answers
