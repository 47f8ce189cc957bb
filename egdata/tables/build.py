"""Every table of one report or of several."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.analysis.comparison import compare_tables
from egdata.analysis.contested import find_contested, find_contrasts
from egdata.analysis.keyness import term_keyness
from egdata.analysis.network import network_tables
from egdata.analysis.parallels import parallels_of
from egdata.base.errors import TableError
from egdata.base.frames import stack
from egdata.base.vocabulary import REPORT_ID
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of, report_of
from egdata.coding.corrections import reports_in
from egdata.coding.several import Source, for_each, several
from egdata.tables.fit import fitted
from egdata.tables.schema import CODE_TABLES, OF_REPORT, SCHEMA, SEVERAL

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


def build_tables(
    report: Report | Coding, codebook: Codebook | None = None, corrections: pd.DataFrame | str | Path | None = None
) -> dict[str, pd.DataFrame]:
    """Make every table of a report, or of several.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    corrections : DataFrame or path, optional
        As for :func:`egdata.code`; of several reports a sheet with ``report_id``.

    Returns
    -------
    dict of str to DataFrame
        The tables of ``SCHEMA`` by name, with exactly its columns, in document order. Of a list of reports those of
        ``SEVERAL``: each of the same tables holds all reports, one after the other, with ``report_id`` first in columns
        and keys; those of codes stay as they are; ``reports`` lists the reports, and ``comparison`` is that of
        :func:`egdata.compare_reports`.

    Raises
    ------
    TableError
        If a table does not fit its schema. The message names table, row, column and reason.
    """
    if (sources := several(report, "build_tables")) is not None:
        return _of_several(codings_of(sources, codebook, corrections))
    coding = coding_of(report, codebook, corrections)
    frames = {
        **{name: getattr(coding.report, name) for name in ("sections", "units", "footnotes")},
        **{name: getattr(coding, name) for name in ("sentences", "mentions", "statements", "speakers")},
        "actors_of_statements": coding.actors,
        "positions": coding.positions[SCHEMA["positions"].names],
        "sentence_themes": coding.themes,
        "contested": find_contested(coding),
        "contrasts": find_contrasts(coding),
        "parallels": parallels_of(coding),
        "terms": term_keyness(coding),
    }
    tables = fitted(frames) | code_tables(coding.codebook)
    tables |= fitted(network_tables(coding))
    return {name: tables[name] for name in SCHEMA}


def codings_of(
    sources: list[Source], codebook: Codebook | None, corrections: pd.DataFrame | str | Path | None
) -> list[Coding]:
    """The codings of several reports; of corrections each has the rows of its ``report_id``."""
    ids = [report_of(source).meta[REPORT_ID] for source in sources]
    corrected = set() if corrections is None else reports_in(corrections, ids)
    return [
        coding_of(source, codebook, corrections if report_id in corrected else None)
        for source, report_id in zip(sources, ids, strict=True)
    ]


def _of_several(codings: list[Coding]) -> dict[str, pd.DataFrame]:
    import pandas as pd

    by_report = for_each(codings, build_tables)
    codebook = codings[0].codebook
    listed = []
    for report_id, coding in zip(by_report, codings, strict=True):
        if Path(report_id).name != report_id:
            raise TableError(f"report_id {report_id!r}: no name for a file; it must not be empty or have a /")
        listed.append(coding.report.meta | {"text_file": f"{report_id}.txt"})
    tables = fitted(
        {
            "reports": pd.DataFrame(listed).reindex(columns=SEVERAL["reports"].names),
            **{name: stack({report_id: tables[name] for report_id, tables in by_report.items()}) for name in OF_REPORT},
            "comparison": compare_tables(by_report, codebook.tables),
        },
        SEVERAL,
    )
    return tables | code_tables(codebook)


def code_tables(codebook: Codebook) -> dict[str, pd.DataFrame]:
    """The tables of codes, which are the same for every report."""
    return {name: frame.copy() for name, frame in _code_tables(codebook).items()}


@functools.lru_cache(maxsize=8)
def _code_tables(codebook: Codebook) -> dict[str, pd.DataFrame]:
    return fitted({name: codebook.tables[name][SCHEMA[name].names] for name in CODE_TABLES})
