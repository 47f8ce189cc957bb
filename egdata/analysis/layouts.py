"""Where the nodes of the networks stand in a chart. Nothing is drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from egdata.analysis.discourse import STANCE_SCALE, discourse_network, network_edges
from egdata.analysis.network import actor_instrument_edges, actor_instrument_nodes, event_list
from egdata.base.vocabulary import STANCES
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import one_report

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


from egdata.analysis.sources import sign
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
        - ``weight`` : int, statements
        - ``actor_place``, ``instrument_place`` : int, rows from the top, from 0 in each column and policy

        Empty if nobody speaks of such an instrument. ``attrs["symbol"]`` is the symbol of the report;
        ``attrs["unlinked"]`` lists the positions of the first policy on an instrument here whose statement does not
        mention it, which have no row: ``statement_id``, ``actor_label_*``, ``stance``, ``instrument_label_*``.

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
    frames, unlinked = [], []
    for identity in identities:
        chosen = {"exclude": tuple(exclude), "relations": ("speaks-of",)}
        edges = actor_instrument_edges(coding, identity, **chosen)
        nodes = actor_instrument_nodes(coding, identity, **chosen).set_index("node_id").to_dict("index")
        cited = edges.groupby("instrument_id", sort=False)["weight"].sum().sort_values(ascending=False, kind="stable")
        places = {instrument: place for place, instrument in enumerate(cited[cited >= least].index)}
        frame = edges[edges["instrument_id"].isin(places)]
        frame = frame.assign(instrument_place=[places[instrument] for instrument in frame["instrument_id"]])
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
        if identity == identities[0]:
            everybody = actor_instrument_nodes(coding, identity, isolates=True, exclude=tuple(exclude))
            events = event_list(coding, identity, exclude=tuple(exclude))
            unlinked = _unlinked(events, frame, everybody.set_index("node_id"), codebook)
    columns = ["identity", "actor_id", "actor_type", "holder", "actor_label_en", "actor_label_zh", "instrument_id"]
    columns += ["instrument_label_en", "instrument_label_zh", "stance", "weight", "actor_place", "instrument_place"]
    numbers = dict.fromkeys(("weight", "actor_place", "instrument_place"), "int64")
    layout = sign(pd.concat(frames, ignore_index=True)[columns].astype(numbers), coding)
    layout.attrs["unlinked"] = unlinked
    return layout


def _unlinked(
    events: pd.DataFrame, edges: pd.DataFrame, nodes: pd.DataFrame, codebook: Codebook
) -> list[dict[str, str]]:
    """Positions on an instrument of the edges in statements that do not mention it."""
    about = {issue: row["instrument"] for issue, row in codebook.codes("issues").items()}
    linked = {(name, row.instrument_id) for row in edges.itertuples() for name in row.statement_ids.split(";")}
    named = codebook.codes("holders")["named"]["label_en"]
    return [
        {
            "statement_id": event.statement_id,
            "actor_label_en": _english(nodes.loc[event.organization], named),
            "actor_label_zh": nodes.at[event.organization, "label_zh"],
            "stance": event.stance,
            "instrument_label_en": nodes.at[about[event.concept], "label_en"],
            "instrument_label_zh": nodes.at[about[event.concept], "label_zh"],
        }
        for event in events.itertuples()
        if about[event.concept] in set(edges["instrument_id"])
        and (event.statement_id, about[event.concept]) not in linked
    ]


@one_report
def agreement_layout(
    report: Report | Coding,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = NO_HOLDER,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Pair the actors who take a stance on the same issue, and place them on a ring.

    Parameters
    ----------
    report : Report
    identity : {'mention', 'unit', 'merged'}
        As for :func:`actor_instrument_edges`.
    exclude : iterable of str
        Types of actors to leave out: those who are no holders, if omitted.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per pair of actors with an issue in common, in the order of the ring:

        - ``identity``, ``source``, ``target`` : str, ids of :func:`actor_instrument_nodes`
        - ``source_holder``, ``target_holder`` : str, the class of the actor; ``named`` for States, groups and bodies
        - ``source_label_en``, ``source_label_zh``, ``target_label_en``, ``target_label_zh`` : str
        - ``issues`` : str, those in common, joined with ``;``
        - ``congruence``, ``conflict`` : float, as :func:`discourse_network` counts them, not normalised
        - ``balance`` : float, congruence − conflict
        - ``source_place``, ``target_place`` : int, from 0 clockwise

        Empty if no two actors take a stance on one issue. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    For and against are a whole conflict; for (or against) beside conditional or neutral is half a congruence and half
    a conflict, so that its balance is 0. The ring goes by the issue of most positions of an actor, in the order of
    the codebook, then from for to against, then by the text. Nothing is drawn by lot.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    report, codebook = coding.report, coding.codebook
    holders, issues = codebook.codes("holders"), list(codebook.codes("issues"))
    events = event_list(coding, identity, exclude=tuple(exclude))
    nodes = (
        actor_instrument_nodes(coding, identity, isolates=True, exclude=tuple(exclude))
        .set_index("node_id")
        .to_dict("index")
    )
    how = {"actor": "organization", "concept": "concept", "qualifier": "stance", "mode": "onemode"}
    how["scale"] = STANCE_SCALE  # its range is that of all stances, whichever occur
    cells = {name: discourse_network(events, aggregation=name, **how) for name in ("ignore", "congruence", "conflict")}
    pairs = network_edges(cells["ignore"])[["source", "target"]].values.tolist()

    keys = {}
    for actor, said in events.groupby("organization", sort=False):
        main = said.groupby("concept", sort=False).size().idxmax()
        stance = said.loc[said["concept"] == main, "stance"].map(STANCES.index).mean()
        keys[actor] = (issues.index(main), stance, said.index[0])
    paired = {actor for pair in pairs for actor in pair}
    places = {actor: place for place, actor in enumerate(sorted(paired, key=keys.__getitem__))}
    pairs = [sorted(pair, key=places.__getitem__) for pair in pairs]
    spoken = events.groupby("organization")["concept"].agg(set).to_dict()
    rows = []
    for ends in sorted(pairs, key=lambda pair: [places[actor] for actor in pair]):
        row = {"identity": identity}
        for side, actor in zip(("source", "target"), ends, strict=True):
            node = nodes[actor]
            row |= {side: actor, f"{side}_place": places[actor], f"{side}_label_zh": node["label_zh"]}
            row[f"{side}_label_en"] = _english(node, holders["named"]["label_en"])
            row[f"{side}_holder"] = node["code"] if node["code"] in holders else "named"
        row["issues"] = ";".join(sorted(spoken[ends[0]] & spoken[ends[1]], key=issues.index))
        row |= {name: float(cells[name].at[tuple(ends)]) for name in ("congruence", "conflict")}
        rows.append(row | {"balance": row["congruence"] - row["conflict"]})
    columns = ["identity", "source", "target", "source_holder", "target_holder", "source_label_en", "source_label_zh"]
    columns += ["target_label_en", "target_label_zh", "issues", "congruence", "conflict", "balance"]
    columns += ["source_place", "target_place"]
    numbers = dict.fromkeys(("congruence", "conflict", "balance"), "float64")
    numbers |= dict.fromkeys(("source_place", "target_place"), "int64")
    return sign(pd.DataFrame(rows, columns=columns).astype(numbers), coding)


def _english(actor: dict[str, str], named: str) -> str:
    """The English label of an actor; one outside the codebook goes by its words, which are those of the report."""
    is_unknown = actor["node_type"] == "named"
    return named + actor["label_en"].removeprefix(actor["code"]) if is_unknown else actor["label_en"]
