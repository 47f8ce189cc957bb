"""The ledger: every sentence is coded, or has a reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from egdata.base.vocabulary import UNATTRIBUTED

if TYPE_CHECKING:
    import pandas as pd


def with_ledger(
    sentences: pd.DataFrame,
    statements: pd.DataFrame,
    positions: pd.DataFrame,
    left_out: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """Say for each sentence how it is coded: columns ``status`` (``coded``, ``uncoded``) and ``reason``.

    ``left_out`` has the reason of each sentence that a coder other than the rules did not answer, or not so that it
    could be believed.
    """
    says = statements["holder"].ne(UNATTRIBUTED) | statements["modality"].ne("none")
    with_view = set(statements.loc[says, "sentence_id"])
    carrying = statements["statement_id"].isin(positions["statement_id"])
    coded = sentences["sentence_id"].isin(statements.loc[carrying, "sentence_id"])

    def reason(sentence_id: str, text: str, is_coded: bool) -> str:
        if is_coded:
            return ""
        if sentence_id in left_out:
            return left_out[sentence_id]
        if text.endswith(("：", ":")):
            return "list-head"
        return "no-issue" if sentence_id in with_view else "no-view"

    rows = zip(sentences["sentence_id"], sentences["text"], coded, strict=True)
    status = ["coded" if is_coded else "uncoded" for is_coded in coded]
    return sentences.assign(status=status, reason=[reason(*row) for row in rows])
