"""Where the nodes of the networks stand in a chart. Nothing is drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from egdata.analysis.network import actor_instrument_edges, actor_instrument_nodes, event_list
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


from egdata.analysis.counts import sign
from egdata.base.vocabulary import NO_HOLDER
from egdata.codebook.codebook import Codebook
from egdata.reading.report import Report


@one_report
def network_layout(
    report: Report | Coding,
    identities: str | Sequence[str] = "mention",
    *,
    least: int = 2,
    exclude: Iterable[str] = NO_HOLDER,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Place actors and instruments in two columns, so that few lines between them cross.

    Parameters
    ----------
    report : Report
    identities : str or sequence of str
        Policies of :func:`actor_instrument_edges`: ``mention``, ``unit``, ``merged``.
    least : int
        Instruments that fewer statements speak of are left out, with their links.
    exclude : iterable of str
        Types of actors to leave out: those who are no holders, if omitted.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per policy, actor and instrument that it speaks of, from the top down:

        - ``identity``, ``actor_id``, ``actor_type`` : str, as in :func:`actor_instrument_nodes`
        - ``holder`` : str, the class of the actor; ``named`` for States, groups and bodies
        - ``actor_label_en``, ``actor_label_zh``, ``instrument_label_en``, ``instrument_label_zh`` : str
        - ``instrument_id`` : str
        - ``stance`` : str, that of the positions taken; ``mixed`` if they differ, empty if there are none
        - ``weight`` : int, statements that speak of the instrument; 0 where an actor takes a position on it in
          sentences that do not mention it
        - ``actor_place``, ``instrument_place`` : int, rows from the top, from 0 in each column and policy

        Empty if nobody speaks of such an instrument. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    Instruments of most statements come first. An actor stands as high as, on average, its instruments do; of two as
    high, the one that the report names first. Nothing is drawn by lot.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    report, codebook = coding.report, coding.codebook
    identities = [identities] if isinstance(identities, str) else list(identities)
    holders = codebook.codes("holders")
    frames = []
    for identity in identities:
        chosen = {"exclude": tuple(exclude)}
        edges = actor_instrument_edges(coding, identity, relations=("speaks-of",), **chosen)
        nodes = actor_instrument_nodes(coding, identity, isolates=True, **chosen).set_index("node_id").to_dict("index")
        cited = edges.groupby("instrument_id", sort=False)["weight"].sum().sort_values(ascending=False, kind="stable")
        places = {instrument: place for place, instrument in enumerate(cited[cited >= least].index)}
        links = pd.concat([edges, _unmentioned(event_list(coding, identity, **chosen), edges, codebook)])
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
        for lang in ("en", "zh"):
            frame[f"instrument_label_{lang}"] = [nodes[name][f"label_{lang}"] for name in frame["instrument_id"]]
        frame["stance"] = ["mixed" if ";" in stances else stances for stances in frame["stances"]]
        frames.append(frame.sort_values(["actor_place", "instrument_place"], kind="stable"))
    columns = ["identity", "actor_id", "actor_type", "holder", "actor_label_en", "actor_label_zh", "instrument_id"]
    columns += ["instrument_label_en", "instrument_label_zh", "stance", "weight", "actor_place", "instrument_place"]
    numbers = dict.fromkeys(("weight", "actor_place", "instrument_place"), "int64")
    return sign(pd.concat(frames, ignore_index=True)[columns].astype(numbers), report)


def _unmentioned(events: pd.DataFrame, edges: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Links of the positions on an instrument whose actor nowhere mentions it, in the columns of the edges."""
    import pandas as pd

    about = {issue: row["instrument"] for issue, row in codebook.codes("issues").items()}
    linked = set(zip(edges["actor_id"], edges["instrument_id"], strict=True))
    frame = events.assign(instrument_id=events["concept"].map(about), actor_id=events["organization"])
    pairs = zip(frame["actor_id"], frame["instrument_id"], strict=True)
    is_missing = pd.Series([bool(pair[1]) and pair not in linked for pair in pairs], frame.index, dtype=bool)
    frame = frame[is_missing]
    stances = frame.groupby(["actor_id", "instrument_id"], sort=False)["stance"].agg(
        lambda taken: ";".join(dict.fromkeys(taken))
    )
    return stances.rename("stances").reset_index().assign(weight=0)


def _english(actor: dict[str, str], named: str) -> str:
    """The English label of an actor; one outside the codebook goes by its words, which are those of the report."""
    is_unknown = actor["node_type"] == "named"
    return named + actor["label_en"].removeprefix(actor["code"]) if is_unknown else actor["label_en"]
