"""Networks as networkx graphs: files for Gephi and visone, measures, clusters, backbone."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from egdata.analysis.discourse import check_columns, is_onemode, network_edges
from egdata.analysis.network import build_network
from egdata.base.errors import EgdataError, check_option
from egdata.base.output import write_file
from egdata.base.vocabulary import LANGS, RELATIONS, STANCE_COLORS
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.corrections import decided_words
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

GRAPHS = (".graphml", ".gexf")  # how the name of a file ends that a graph is written to
SEVERAL, NONE = "#1a1a1a", "#c4c4c4"  # colours of what has several stances or none


@one_report
def actor_instrument_graph(
    report: Report | Coding,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    relations: Iterable[str] = RELATIONS,
    isolates: bool = False,
    count_retellings: bool = False,
    lang: str = "en",
    codebook: Codebook | None = None,
) -> nx.MultiGraph:
    """Make a graph of the actor–instrument network.

    Parameters
    ----------
    report, identity, exclude, relations, isolates, count_retellings, codebook
        As for :func:`actor_instrument_edges` and :func:`actor_instrument_nodes`.
    lang : {'en', 'zh'}
        Whose label is the node's ``label``, which Gephi and visone show.

    Returns
    -------
    networkx.MultiGraph
        Bipartite; an edge per row of the edges, whose ``id`` and key is ``actor|relation|instrument``. Nodes and edges
        carry the columns of their tables, nodes also ``label`` and ``bipartite`` (0 actor, 1 instrument), edges also
        ``color``, that of their stance. What is empty is left out, since GraphML cannot hold it. ``graph["decided"]``
        says how many codes a person decided, if any.
    """
    import networkx as nx

    check_option("lang", lang, LANGS)
    coding = coding_of(report, codebook)
    edges, nodes = build_network(coding, (identity,), exclude, relations, None, isolates, count_retellings)
    decided = {"decided": words} if (words := decided_words(coding.n_decided, lang)) else {}
    graph = nx.MultiGraph(identity=identity, **decided)
    for row in nodes.drop(columns="identity").to_dict("records"):
        side = int(row["node_type"] == "instrument")
        graph.add_node(row.pop("node_id"), label=row[f"label_{lang}"], bipartite=side, **filled(row))
    for row in edges.drop(columns="identity").to_dict("records"):
        actor, instrument = row.pop("actor_id"), row.pop("instrument_id")
        key = f"{actor}|{row['relation']}|{instrument}"
        graph.add_edge(actor, instrument, key=key, id=key, color=stance_color(row["stances"]), **filled(row))
    return graph


def filled(row: dict) -> dict:
    """The attributes that are not empty, which GraphML cannot hold."""
    return {name: value for name, value in row.items() if value != ""}


def stance_color(stances: str) -> str:
    """The colour of an edge by its stances, ``;`` between them: black for several, light grey for none."""
    return STANCE_COLORS.get(stances, SEVERAL if stances else NONE)


def discourse_graph(network: pd.DataFrame, nodes: pd.DataFrame | None = None, *, lang: str = "en") -> nx.Graph:
    """Make a graph of a matrix of :func:`discourse_network`.

    Parameters
    ----------
    network : DataFrame
    nodes : DataFrame, optional
        Attributes by ``node_id``, such as :func:`actor_instrument_nodes` with ``isolates=True``.
    lang : {'en', 'zh'}
        Whose label of ``nodes`` is the node's ``label``.

    Returns
    -------
    networkx.Graph
        An edge for each cell that is not 0, with ``weight`` and ``id``. A two-mode graph has ``bipartite`` 0 and 1.

    Raises
    ------
    EgdataError
        If an actor of a two-mode matrix has the name of a concept.
    """
    import networkx as nx

    check_option("lang", lang, LANGS)
    known = {}
    if nodes is not None:
        known = nodes.drop(columns="identity", errors="ignore").set_index("node_id").to_dict("index")
    graph = nx.Graph()
    sides = [network.index] if is_onemode(network) else [network.index, network.columns]
    for side, names in enumerate(sides):
        for name in names:
            if name in graph:
                raise EgdataError(f"{name!r} is an actor and a concept; rename one")
            row = filled(known.get(name, {}))
            place = {"bipartite": side} if len(sides) > 1 else {}
            graph.add_node(name, label=str(row.get(f"label_{lang}", name)), **place, **row)
    for source, target, weight in network_edges(network).itertuples(index=False):
        graph.add_edge(source, target, id=f"{source}|{target}", weight=float(weight))
    return graph


def write_graph(graph: nx.Graph, file: str | Path) -> None:
    """Write a graph as GraphML (visone, igraph) or GEXF (Gephi).

    Parameters
    ----------
    graph : networkx graph
    file : path
        Its ending, ``.graphml`` or ``.gexf``, says which.

    Raises
    ------
    EgdataError
        If the ending is another one, or the file cannot be written.

    Notes
    -----
    The same graph gives the same bytes: no date and no version of a program stands in the file.
    """
    write_file(Path(file), _markup(graph, Path(file)).encode())


def _markup(graph: nx.Graph, file: Path) -> str:
    import networkx as nx

    if file.suffix.lower() == ".graphml":
        lines = nx.generate_graphml(graph.copy(), edge_id_from_attribute="id")
    elif file.suffix.lower() == ".gexf":
        lines = nx.generate_gexf(_with_gexf_colors(graph))
    else:
        raise EgdataError(f"{file.name}: a graph can be written as .graphml or .gexf")
    text = "\n".join(["<?xml version='1.0' encoding='utf-8'?>", *lines, ""])
    decided = graph.graph.get("decided", "")
    told = f"\n  <meta><description>{escape(decided)}</description></meta>" * bool(decided)
    text = re.sub(r"\s*<meta .*?</meta>", lambda _: told, text, count=1, flags=re.DOTALL)  # not a date and a version
    return re.sub(r"&#(\d{3,});", lambda match: chr(int(match[1])), text)  # GEXF: Chinese as it is


def _with_gexf_colors(graph: nx.Graph) -> nx.Graph:
    """The graph with the colours of its edges as Gephi reads them."""
    graph = graph.copy()
    for *_, edge in graph.edges(data=True):
        if "color" in edge:
            red, green, blue = bytes.fromhex(edge["color"].removeprefix("#"))
            edge["viz"] = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}}
    return graph


# ---- measures --------------------------------------------------------------------------------------------------------


def network_measures(graph: nx.Graph) -> pd.DataFrame:
    """Measure the nodes of a bipartite graph, such as :func:`actor_instrument_graph`.

    Returns
    -------
    DataFrame
        One row per node, in the order of the graph: ``node_id``; ``node_type``, ``label_en``, ``label_zh``;
        ``degree``, nodes it is tied to; ``weighted_degree``, the sum of its weights; ``betweenness``, in 0–1, of the
        bipartite graph without weights, over the largest possible on its side (Borgatti and Halgin 2011).

    Notes
    -----
    On one report these are weak evidence: see which results :func:`network_sensitivity` leaves standing.
    """
    import networkx as nx
    import pandas as pd

    simple = nx.Graph(graph)
    between = _betweenness(simple)
    weights = dict(graph.degree(weight="weight"))
    labels = ("node_type", "label_en", "label_zh")
    rows = [
        (node, *(data.get(name, "") for name in labels), simple.degree(node), weights[node], between[node])
        for node, data in graph.nodes(data=True)
    ]
    numbers = {"degree": "int64", "weighted_degree": "float64", "betweenness": "float64"}
    return pd.DataFrame(rows, columns=["node_id", *labels, *numbers]).astype(numbers)


def actor_side(graph: nx.Graph) -> list:
    return [node for node, side in graph.nodes(data="bipartite") if side == 0]


def _betweenness(graph: nx.Graph) -> dict:
    import networkx as nx

    actors = actor_side(graph)
    others = len(graph) - len(actors)
    if min(len(actors), others) > 1:
        return nx.bipartite.betweenness_centrality(graph, actors)
    scores = nx.betweenness_centrality(graph, normalized=False)  # a star, or nothing: only its centre can be between
    most = math.comb(max(len(actors), others), 2) or 1
    return {node: value / most for node, value in scores.items()}


def find_clusters(network: pd.DataFrame, *, seed: int = 0, resolution: float = 1.0) -> pd.DataFrame:
    """Find groups of actors that are tied more closely than chance would have it.

    Parameters
    ----------
    network : DataFrame
        A one-mode matrix of :func:`discourse_network` without negative weights: ``congruence`` for actors who agree,
        ``conflict`` for arenas of dispute.
    seed : int
    resolution : float
        Above 1 for smaller clusters.

    Returns
    -------
    DataFrame
        One row per actor, in the order of the matrix: ``actor``; ``cluster``, 1 for the largest; ``size``, its number
        of actors. An actor without ties is a cluster of its own.

    Notes
    -----
    Modularity maximised by the Louvain method (``networkx.community.louvain_communities``). Where most actors take one
    position, clusters by congruence are issues rather than camps: who is for and who is against are both half congruent
    with who sets a condition, and may so stand in one cluster.

    References
    ----------
    Blondel, V. D. et al. (2008). Fast unfolding of communities in large networks. J. Stat. Mech., P10008.
    """
    import networkx as nx
    import numpy as np
    import pandas as pd

    if not is_onemode(network):
        raise EgdataError("clusters need an actor × actor matrix; take mode='onemode'")
    cells = network.to_numpy()
    if (cells < 0).any():
        raise EgdataError(f"clusters need weights of 0 or more, not {cells.min()}; take 'congruence' or 'conflict'")
    # numbers for nodes: sets of words come in another order in every run
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network)))
    row, column = np.nonzero(np.triu(cells, 1))
    graph.add_weighted_edges_from(zip(row.tolist(), column.tolist(), cells[row, column].tolist(), strict=True))
    groups = nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
    groups = sorted(groups, key=lambda members: (-len(members), min(members)))
    place = {node: number for number, members in enumerate(groups, start=1) for node in members}
    clusters = [place[node] for node in range(len(network))]
    sizes = [len(groups[cluster - 1]) for cluster in clusters]
    frame = pd.DataFrame({"actor": network.index, "cluster": clusters, "size": sizes})
    return frame.astype({"cluster": "int64", "size": "int64"})


def disparity_backbone(
    edges: pd.DataFrame, *, source: str = "source", target: str = "target", weight: str = "weight", alpha: float = 0.05
) -> pd.DataFrame:
    """Keep the edges that are too heavy for chance, given what else their ends are tied to.

    Parameters
    ----------
    edges : DataFrame
        One row per pair: columns ``source`` and ``target`` with the ends and ``weight``, above 0.
    source, target, weight : str
        Names of these columns; ``actor_id`` and ``instrument_id`` for :func:`actor_instrument_edges`, of which one
        relation should be chosen.
    alpha : float
        Level of significance, in 0–1; 1 keeps all edges.

    Returns
    -------
    DataFrame
        The rows kept, with ``p_value``: the smaller of (1 − weight / strength)^(degree − 1) at both ends.

    Notes
    -----
    The disparity filter: under chance, the weights of a node split its strength uniformly. An end with one edge cannot
    tell, and its p-value is 1.

    References
    ----------
    Serrano, M. Á., Boguñá, M. and Vespignani, A. (2009). Extracting the multiscale backbone of complex weighted
    networks. PNAS 106(16), 6483–6488.
    """
    import numpy as np
    import pandas as pd

    check_columns(edges, source=source, target=target, weight=weight)
    if not 0 < alpha <= 1:
        raise EgdataError(f"alpha is {alpha!r}; it must be above 0 and at most 1")
    weights = edges[weight].to_numpy(dtype="float64")
    if len(weights) and not weights.min() > 0:
        raise EgdataError(f"column {weight!r} holds {weights.min()}; the filter needs weights above 0")
    ends = pd.concat([edges[source], edges[target]], ignore_index=True)
    both = pd.Series(np.tile(weights, 2)).groupby(ends)
    strength, degree = both.transform("sum").to_numpy(), both.transform("size").to_numpy()
    p_values = (1 - np.minimum(np.tile(weights, 2) / strength, 1)) ** (degree - 1)
    kept = edges.assign(p_value=p_values.reshape(2, -1).min(axis=0))
    return kept[kept["p_value"].lt(alpha) | (alpha == 1)]
