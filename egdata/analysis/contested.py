"""Issues on which holders differ, and the pairs of statements that the report sets against each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from egdata.analysis.actor_positions import actor_positions
from egdata.analysis.parallels import retellings_of
from egdata.analysis.sources import sign
from egdata.base.errors import check_option
from egdata.base.vocabulary import NO_HOLDER, STANCES
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

#: Holders that can be set against others; a single speaker who qualifies (然而，一位发言者还指出) is no contrast group.
_GROUPS = {"some", "several", "many", "other", "named"}
#: How many units back within its section a contrast may reach: (ww) answers (uu) over (vv).
_REACH = 3


@over_reports
def find_contested(
    report: Report | Coding,
    codebook: Codebook | None = None,
    *,
    by: str | None = None,
    count_retellings: bool = False,
) -> pd.DataFrame:
    """Count who stands on which side of each issue.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    by : {'holder', 'voice', 'actor_id'}, optional
        Count each side by holder class, by the status of the text (Member States' proposals, Chair's summary), or by
        actor: then an issue is contested if one actor stands on more than one side of it.
    count_retellings : bool
        Whether a view that stands in the proposals and again in the summary counts twice. By voice it always does.

    Returns
    -------
    DataFrame
        One row per issue of the codebook, in its order (with ``by``, one per issue and value that occurs):
        ``issue_id``, ``n_for``, ``n_conditional``, ``n_neutral``, ``n_against`` (statements), ``is_contested``: at
        least two statements take different stances other than neutral; ``kind``: ``opposed`` where one is for and one
        against, ``qualified`` where they differ otherwise, else empty.

    Notes
    -----
    Statements are counted, never heads: 'some speakers' is one statement of a group of unknown size. Unless counted by
    voice, proposals and summary are taken together, and a view told in both (the same stance on the same issue in
    parallel sentences, see :func:`egdata.find_parallels`) counts once: where it names a holder, else as a proposal.
    By actor, whoever supports a statement counts with it and whoever opposes it against it, as
    :func:`actor_positions` says; statements that name nobody count for none.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    check_option("by", by, (None, "holder", "voice", "actor_id"))
    keys = ["issue_id", by] if by else ["issue_id"]
    left_out = () if count_retellings or by == "voice" else retellings_of(coding)
    positions = actor_positions(coding) if by == "actor_id" else coding.positions
    positions = positions[~positions["position_id"].isin(left_out)]
    counts = positions.groupby([*keys, "stance"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(STANCES), fill_value=0).add_prefix("n_")
    issues = list(coding.codebook.codes("issues"))
    if by is None:
        counts = counts.reindex(issues, fill_value=0)
    counts = counts.reset_index().rename_axis(columns=None)
    taken = counts[["n_for", "n_conditional", "n_against"]].gt(0)
    counts["is_contested"] = taken.sum(axis=1) > 1
    opposed = counts["n_for"].gt(0) & counts["n_against"].gt(0)
    counts["kind"] = opposed.map({True: "opposed", False: "qualified"}).where(counts["is_contested"], "")
    order = pd.Categorical(counts["issue_id"], issues)
    return sign(counts.iloc[order.argsort(kind="stable")].reset_index(drop=True).astype({"kind": object}), coding)


@over_reports
def find_contrasts(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find the pairs of statements that are set against each other.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per pair and issue, in text order: ``from_id``, the statement that answers; ``to_id``, the one it is set
        against; ``issue_id``; ``marker``, the words that set them apart (但其他发言者); ``start``, ``end``, ``quote``,
        the same words in the text. No rows where nobody is set against anybody.

    Notes
    -----
    A contrast needs a group (其他发言者, or one with 但, 同时, 另有) and a different stance on the same issue
    before it, in its unit or up to three units back in its section. So 其他发言者 that merely adds a point is none.
    Of several statements before it the nearest that names a holder is taken, else the nearest.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    report = coding.report
    unit_number = {unit: number for number, unit in enumerate(report.units["unit_id"])}
    held = coding.positions.drop(columns=["sentence_id", "holder"])
    held = held.merge(coding.statements, on="statement_id", suffixes=("", "_statement"))
    held["section_id"] = held["sentence_id"].map(coding.places["section_id"])
    held["unit"] = held["sentence_id"].map(coding.places["unit_id"]).map(unit_number)

    rows = []
    earlier: dict[tuple[str, str, int], list] = {}  # issue, section and unit → positions so far
    for answer in held.itertuples():
        place = answer.issue_id, answer.section_id
        earlier.setdefault((*place, answer.unit), []).append(answer)
        if answer.holder not in _GROUPS or not (answer.holder == "other" or answer.is_contrast):
            continue
        others = [
            position
            for unit in range(answer.unit, answer.unit - _REACH - 1, -1)
            for position in reversed(earlier.get((*place, unit), ()))
            if position.stance != answer.stance and position.start_statement < answer.start_statement
        ]
        if not others:
            continue
        named = [position for position in others if position.holder not in NO_HOLDER]
        start, end = _marker(report.text, answer)
        quote = report.text[start:end]
        rows.append((answer.statement_id, (named or others)[0].statement_id, answer.issue_id, quote, start, end, quote))
    columns = ["from_id", "to_id", "issue_id", "marker", "start", "end", "quote"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "int64", "end": "int64"})


def _marker(text: str, answer) -> tuple[int, int]:
    """The holder with what stands before it in its clause: 但其他发言者."""
    if answer.holder_quote == "":  # a person's correction names no words
        return answer.start_statement, answer.end_statement
    start, end = int(answer.holder_start), int(answer.holder_end)
    clause = re.split("[，；：。]", text[answer.start_statement : start])[-1]
    return start - len(clause), end
