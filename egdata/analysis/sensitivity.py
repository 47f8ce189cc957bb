"""Which results of the networks survive another reading of who is an actor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from egdata.analysis.discourse import discourse_network, network_edges, polarization
from egdata.analysis.graphs import actor_instrument_graph, actor_side, network_measures
from egdata.analysis.network import OF_EVENTS, actor_instrument_nodes, event_list
from egdata.base.errors import check_option
from egdata.base.vocabulary import IDENTITIES, LANGS, NO_HOLDER
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from egdata.reading.report import Report


@over_reports
def network_summary(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Compare the networks under the identity policies, with and without statements that name no holder.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per policy and choice: ``identity``; ``has_no_holder``, whether impersonal and unattributed statements
        are in. Of the edges ``speaks-of``: ``n_actors``, ``n_instruments``, ``n_edges``, ``weight``, ``density``,
        ``n_components``. Of the positions, actor × actor: ``n_agreeing`` and ``n_opposed``, the pairs with more
        congruence than conflict and with less.
    """
    import networkx as nx
    import pandas as pd

    rows = []
    for setting in _settings(coding_of(report, codebook)):
        graph = nx.Graph(setting.graph)
        actors = actor_side(graph)
        cells = len(actors) * (len(graph) - len(actors))
        balance = network_edges(_between(setting.events))["weight"]
        rows.append(
            {
                "identity": setting.identity,
                "has_no_holder": setting.has_no_holder,
                "n_actors": len(actors),
                "n_instruments": len(graph) - len(actors),
                "n_edges": graph.number_of_edges(),
                "weight": sum(weight for *_, weight in setting.graph.edges(data="weight")),
                "density": graph.number_of_edges() / cells if cells else 0.0,
                "n_components": nx.number_connected_components(graph),
                "n_agreeing": int(balance.gt(0).sum()),
                "n_opposed": int(balance.lt(0).sum()),
            }
        )
    return pd.DataFrame(rows)


@over_reports
def network_sensitivity(report: Report | Coding, codebook: Codebook | None = None, *, lang: str = "en") -> pd.DataFrame:
    """Ask of each headline result whether it survives another reading of who is an actor.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    lang : {'en', 'zh'}
        Language of the labels in the cells.

    Returns
    -------
    DataFrame
        One row per result: ``result``; what it is under each policy, ``mention``, ``unit``, ``merged``, and without
        statements that name no holder, ``mention_held``, ``unit_held``, ``merged_held``, several joined with ``; ``;
        ``survives_identity``, the first three agree; ``survives_no_holder``, each agrees with its own ``_held``;
        ``is_robust``, both.

    Notes
    -----
    Results: ``most_cited_instrument`` (statements; no policy can change it), ``instrument_of_most_actors``,
    ``most_central_actor`` (betweenness over ``speaks-of``), ``agreeing_holders`` and ``opposed_holders`` (pairs of
    different classes whose actors, after ``average`` normalisation, have more congruence than conflict over all, or
    less) and ``most_polarized_issue``. What is impersonal or unattributed is never the most central actor nor one of a
    pair; so only the former can change without it. Holders are compared by class, because the policies give them
    different ids; ties are kept, so a result survives only with all of them. Clusters are no result: they follow the
    issues, and one may have somebody for and somebody against (see :func:`find_clusters`).
    """
    import pandas as pd

    check_option("lang", lang, LANGS)
    coding = coding_of(report, codebook)
    codebook = coding.codebook
    results: dict[str, dict[str, tuple[str, ...]]] = {}
    labels: dict[str, str] = {row["id"]: row[f"label_{lang}"] for row in codebook.codes("issues").values()}
    for setting in _settings(coding):
        labels |= dict(zip(setting.nodes["code"], _bare(setting.nodes, codebook, lang), strict=True))
        name = setting.identity + ("" if setting.has_no_holder else "_held")
        for result, value in _headlines(setting).items():
            results.setdefault(result, {})[name] = value

    def shown(code: str) -> str:
        return " – ".join(labels.get(part, part) for part in code.split("\t"))

    columns = [*IDENTITIES, *(f"{identity}_held" for identity in IDENTITIES)]
    rows = []
    for result, values in results.items():
        by_identity = len({values[identity] for identity in IDENTITIES}) == 1
        by_holder = all(values[identity] == values[f"{identity}_held"] for identity in IDENTITIES)
        rows.append(
            {
                "result": result,
                **{column: "; ".join(map(shown, values[column])) for column in columns},
                "survives_identity": by_identity,
                "survives_no_holder": by_holder,
                "is_robust": by_identity and by_holder,
            }
        )
    return pd.DataFrame(rows)


class _Setting(NamedTuple):
    """The networks under one policy, with or without statements that name no holder."""

    identity: str
    has_no_holder: bool
    nodes: pd.DataFrame
    graph: nx.MultiGraph
    events: pd.DataFrame


def _settings(coding: Coding) -> Iterable[_Setting]:
    for exclude in ((), NO_HOLDER):
        for identity in IDENTITIES:
            yield _Setting(
                identity,
                not exclude,
                actor_instrument_nodes(coding, identity, isolates=True, exclude=exclude),
                actor_instrument_graph(coding, identity, relations="speaks-of", exclude=exclude),
                event_list(coding, identity, exclude=exclude),
            )


def _between(events: pd.DataFrame, normalization: str = "no") -> pd.DataFrame:
    return discourse_network(events, **OF_EVENTS, mode="onemode", aggregation="subtract", normalization=normalization)


def _headlines(setting: _Setting) -> dict[str, tuple[str, ...]]:
    """Each result as sorted codes; the two of a pair are joined by a tab."""
    measures = network_measures(setting.graph)
    codes = setting.nodes.set_index("node_id")["code"]
    n_statements = measures["node_id"].map(setting.nodes.set_index("node_id")["n_statements"])
    is_instrument = measures["node_type"].eq("instrument")
    is_actor = ~is_instrument & ~measures["node_type"].isin(NO_HOLDER)

    def top(which: pd.Series, values: pd.Series) -> tuple[str, ...]:
        best = which & values.eq(values[which].max()) & values.gt(0)
        return tuple(sorted(set(measures.loc[best, "node_id"].map(codes))))

    held = setting.events[~setting.events["node_type"].isin(NO_HOLDER)]
    pairs = network_edges(_between(held, "average"))
    ends = zip(pairs["source"].map(codes), pairs["target"].map(codes), strict=True)
    pairs["pair"] = ["\t".join(sorted(pair)) if len(set(pair)) > 1 else "" for pair in ends]
    balance = pairs[pairs["pair"].ne("")].groupby("pair")["weight"].sum()
    spread = polarization(setting.events, **OF_EVENTS)
    widest = spread["polarization"].eq(spread["polarization"].max()) & spread["polarization"].gt(0)
    return {
        "most_cited_instrument": top(is_instrument, n_statements),
        "instrument_of_most_actors": top(is_instrument, measures["degree"]),
        "most_central_actor": top(is_actor, measures["betweenness"]),
        "agreeing_holders": tuple(balance[balance > 1e-9].index),
        "opposed_holders": tuple(balance[balance < -1e-9].index),
        "most_polarized_issue": tuple(spread.loc[widest, "concept"]),
    }


def _bare(nodes: pd.DataFrame, codebook: Codebook, lang: str) -> list[str]:
    """The labels of nodes without the place of a holder."""
    classes = codebook.codes("holders")
    return [
        classes[code][f"label_{lang}"] if code in classes else code if kind == "named" else label
        for code, kind, label in zip(nodes["code"], nodes["node_type"], nodes[f"label_{lang}"], strict=True)
    ]
