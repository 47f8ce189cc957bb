"""Who a person says speaks: the column ``actor`` of a coding sheet put into the actors that the rules found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.base.vocabulary import SPEAKER
from egdata.codebook.codebook import Codebook
from egdata.coding.corrections import ACTOR, STATEMENT

if TYPE_CHECKING:
    import pandas as pd

#: Kinds of actors that have a name.
NAMED = ("named", "state", "group", "body")


def with_named_speakers(actors: pd.DataFrame, sheet: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The actors with the speakers that a person named in the column ``actor`` of a sheet.

    Parameters
    ----------
    actors : DataFrame
        Those of a coding that the sheet has corrected.
    sheet : DataFrame
        With ``statement`` and ``actor``: ids of the codebook's actors or names as they are, joined by ``;``. An empty
        cell says nothing.

    Returns
    -------
    DataFrame
        The same rows, but for the speakers of statements whose named ones differ from those in the sheet.
    """
    import pandas as pd

    wanted = _wanted(sheet)
    known = codebook.codes("actors")
    speaks = actors["role"].eq(SPEAKER)
    parts = []
    for statement_id, rows in actors.groupby("statement_id", sort=False):
        speakers = rows[speaks.loc[rows.index]]
        names = wanted.get(statement_id, ())
        if names and len(speakers) and set(names) != set(speakers.loc[speakers["node_type"].isin(NAMED), "actor_id"]):
            told = speakers.drop_duplicates("statement_id")
            named = [told.assign(**_name(name, known)) for name in names]
            rows = pd.concat([*named, rows.drop(speakers.index)])
        parts.append(rows)
    return pd.concat(parts, ignore_index=True) if parts else actors


def _wanted(sheet: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The actors that a sheet names, by statement."""
    rows = sheet[[STATEMENT, ACTOR]].fillna("").astype(str).drop_duplicates().itertuples(index=False, name=None)
    split = [([part.strip() for part in cell.split(";") if part.strip()] for cell in row) for row in rows]
    return {statement_id: tuple(names) for statements, names in split for statement_id in statements}


def _name(name: str, known: dict[str, dict[str, str]]) -> dict[str, str]:
    row = known.get(name, {"kind": "named", "label_en": name, "label_zh": name})
    return {"actor_id": name, "node_type": row["kind"], "name_en": row["label_en"], "name_zh": row["label_zh"]}
