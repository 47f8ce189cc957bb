"""Where the nodes of the networks stand in a chart. Nothing is drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from egdata.analysis.network import actor_instrument_edges, actor_instrument_nodes, event_list
from egdata.analysis.sources import sign
from egdata.base.vocabulary import LANGS, NO_HOLDER
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import pandas as pd


@one_report
def network_layout(
    report: Report | Coding,
    identity: str = "mention",
    *,
    least: int = 2,
    exclude: Iterable[str] = NO_HOLDER,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Place actors and instruments in two columns, so that few lines between them cross.

    Parameters
    ----------
    report : Report
    identity : {'mention', 'unit', 'merged'}
        As in :func:`actor_instrument_edges`.
    least : int
        Instruments that fewer statements speak of are left out, with their links.
    exclude : iterable of str
        Types of actors to leave out: those who are no holders, if omitted.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per actor and instrument that it speaks of, from the top down:

        - ``identity``, ``actor_id``, ``actor_type`` : str, as in :func:`actor_instrument_nodes`
        - ``holder`` : str, the class of the actor; ``named`` for States, groups and bodies
        - ``actor_label_en``, ``actor_label_zh``, ``instrument_label_en``, ``instrument_label_zh`` : str
        - ``instrument_id`` : str
        - ``stance`` : str, that of the positions taken; ``mixed`` if they differ, empty if there are none
        - ``weight`` : int, statements that speak of the instrument; 0 where an actor takes a position on it in
          sentences that do not mention it
        - ``actor_place``, ``instrument_place`` : int, rows from the top, from 0 in each column

        Empty if nobody speaks of such an instrument. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    Instruments of most statements come first. An actor stands as high as, on average, its instruments do; of two as
    high, the one that the report names first. Nothing is drawn by lot.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    holders = coding.codebook.codes("holders")
    chosen = {"exclude": tuple(exclude)}
    edges = actor_instrument_edges(coding, identity, relations=("speaks-of",), **chosen)
    nodes = actor_instrument_nodes(coding, identity, isolates=True, **chosen).set_index("node_id").to_dict("index")
    cited = edges.groupby("instrument_id", sort=False)["weight"].sum().sort_values(ascending=False, kind="stable")
    places = {instrument: place for place, instrument in enumerate(cited[cited >= least].index)}
    taken = _stances(event_list(coding, identity, **chosen), coding.codebook)
    spoken = edges.set_index(["actor_id", "instrument_id"])["weight"]
    silent = taken.index.difference(spoken.index, sort=False)  # positions in sentences that do not mention it
    links = pd.concat([spoken, pd.Series(0, silent, name="weight")]).to_frame()
    links["stance"] = taken.reindex(links.index).fillna("").astype(object)
    links = links.rename_axis(["actor_id", "instrument_id"]).reset_index()
    frame = links[links["instrument_id"].isin(places)]
    frame = frame.assign(
        identity=identity, instrument_place=[places[instrument] for instrument in frame["instrument_id"]]
    )
    heights = frame.groupby("actor_id", sort=False)["instrument_place"].mean().sort_values(kind="stable")
    above = {actor: place for place, actor in enumerate(heights.index)}
    actors = [nodes[actor] for actor in frame["actor_id"]]
    frame["actor_place"] = [above[actor] for actor in frame["actor_id"]]
    frame["actor_type"] = [actor["node_type"] for actor in actors]
    frame["holder"] = [actor["code"] if actor["code"] in holders else "named" for actor in actors]
    frame["actor_label_en"] = [_english(actor, holders["named"]["label_en"]) for actor in actors]
    frame["actor_label_zh"] = [actor["label_zh"] for actor in actors]
    for lang in LANGS:
        frame[f"instrument_label_{lang}"] = [nodes[name][f"label_{lang}"] for name in frame["instrument_id"]]
    frame = frame.sort_values(["actor_place", "instrument_place"], kind="stable", ignore_index=True)
    columns = ["identity", "actor_id", "actor_type", "holder", "actor_label_en", "actor_label_zh", "instrument_id"]
    columns += ["instrument_label_en", "instrument_label_zh", "stance", "weight", "actor_place", "instrument_place"]
    numbers = dict.fromkeys(("weight", "actor_place", "instrument_place"), "int64")
    return sign(frame[columns].astype(numbers), coding)


def _stances(events: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """What each actor says of the proposition about an instrument, by both: a stance, or ``mixed``."""
    about = {issue: row["instrument"] for issue, row in codebook.codes("issues").items() if row["instrument"]}
    events = events[events["concept"].isin(about)].assign(instrument_id=lambda frame: frame["concept"].map(about))
    groups = events.groupby(["organization", "instrument_id"], sort=False)["stance"]
    return groups.first().where(groups.nunique() == 1, "mixed")


def _english(actor: dict[str, str], named: str) -> str:
    """The English label of an actor; of one whose only name is Chinese, the class."""
    is_chinese = actor["node_type"] == "named" and "\u4e00" <= max(actor["label_en"]) <= "\u9fff"
    return named if is_chinese else actor["label_en"]
