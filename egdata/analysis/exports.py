"""What leaves egdata for other programs and for a text: positions, citations, networks of every kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from egdata import __version__
from egdata.analysis.discourse import discourse_network
from egdata.analysis.graphs import actor_instrument_graph, discourse_graph, filled, stance_color
from egdata.analysis.network import OF_EVENTS, actor_instrument_edges, actor_instrument_nodes, event_list
from egdata.base.csv_files import frame_bytes
from egdata.base.errors import EgdataError, check_option
from egdata.base.frames import grouped, records
from egdata.base.output import write_file
from egdata.base.vocabulary import LANGS, STANCES
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

#: What :func:`network_graph` draws a line between, and what a line says.
NETWORKS = ("actor-instrument", "actor-issue", "congruence", "conflict", "instrument-instrument")
_CITED = {
    "en": "{citation}: “{quote}” ({holder}; {stance}: {issue_id}). Coded with egdata {version}.",
    "zh": "{citation}：“{quote}”（{holder}；{stance}：{issue_id}）。以egdata {version}编码。",
}


@one_report
def write_flat(report: Report | Coding, file: str | Path, codebook: Codebook | None = None) -> None:
    """Write ``Coding.flat``, one row per position with its words, as CSV or as an Excel workbook.

    Parameters
    ----------
    report : Report or Coding
    file : path
        Its ending, ``.csv``, ``.tsv`` or ``.xlsx``, says which.
    codebook : Codebook, optional

    Raises
    ------
    EgdataError
        If the ending is another one, or the file cannot be written.
    """
    write_file(Path(file), frame_bytes(coding_of(report, codebook).flat, Path(file)))


@one_report
def cite(report: Report | Coding, position_id: str, *, lang: str = "en", codebook: Codebook | None = None) -> str:
    """Cite a position: where it stands, its words, and how it is coded by whom.

    Parameters
    ----------
    report : Report or Coding
    position_id : str
        An id of the positions, such as ``22#1/s1/new-convention``.
    lang : {'en', 'zh'}
        Language of the labels; the words stay as printed.
    codebook : Codebook, optional

    Returns
    -------
    str
        One line.

    Raises
    ------
    EgdataError
        If there is no such position.

    Examples
    --------
    'Some speakers supported a new convention.'

    >>> from egdata.reading.report import parse_report
    >>> report = parse_report("1. 一些发言者支持制定一项新公约。", meta={"symbol": "A/1"})
    >>> cite(report, "1#1/s1/new-convention")
    'A/1, para. 1: “支持制定一项新公约” (some; for: New UN convention). Coded with egdata 0.1.0.'
    """
    check_option("lang", lang, LANGS)
    coding = coding_of(report, codebook)
    rows = coding.flat[coding.flat["position_id"] == position_id].to_dict("records")
    if not rows:
        raise EgdataError(f"there is no position {position_id!r}; coding.positions has those that there are")
    (row,) = rows
    tables = {"stance": "stances", "issue_id": "issues", "holder": "holders"}
    labels = {name: coding.codebook.codes(table)[row[name]][f"label_{lang}"] for name, table in tables.items()}
    labels["holder"] = row["actor"] or labels["holder"]
    return _CITED[lang].format(**row | labels, version=__version__)


@one_report
def network_graph(
    report: Report | Coding,
    kind: str = "actor-instrument",
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    isolates: bool = False,
    count_retellings: bool = False,
    lang: str = "en",
    codebook: Codebook | None = None,
) -> nx.Graph:
    """Make a graph of a network of one kind, for :func:`write_graph`.

    Parameters
    ----------
    report : Report or Coding
    kind : str
        ``actor-instrument``: who speaks of which instrument, as :func:`actor_instrument_graph`. ``actor-issue``: who
        takes a position on which issue. ``congruence``, ``conflict``: who agrees with whom on the issues that they
        have in common, or differs, as :func:`discourse_network` counts it. ``instrument-instrument``: which are spoken
        of in the same statement.
    identity, exclude, count_retellings, codebook
        As for :func:`actor_instrument_edges`.
    isolates : bool
        Keep nodes without a line: actors who speak of no instrument or whose issues nobody shares, instruments that are
        spoken of alone.
    lang : {'en', 'zh'}
        Whose label is the node's ``label``.

    Returns
    -------
    networkx.Graph
        Nodes carry the columns of :func:`actor_instrument_nodes`. Edges have ``weight``; where a line is a stance,
        ``stances`` and its ``color``: that of the stance, black for several, light grey for none.

    Raises
    ------
    EgdataError
        If an option is none of those above.
    """
    check_option("kind", kind, NETWORKS)
    check_option("lang", lang, LANGS)
    coding = coding_of(report, codebook)
    chosen = {"exclude": tuple(exclude), "count_retellings": count_retellings}
    if kind == "actor-instrument":
        return actor_instrument_graph(coding, identity, isolates=isolates, lang=lang, **chosen)
    nodes = actor_instrument_nodes(coding, identity, isolates=True, **chosen)
    if kind == "actor-issue":
        return _actor_issue_graph(event_list(coding, identity, **chosen), nodes, coding.codebook, lang)
    if kind == "instrument-instrument":
        edges = actor_instrument_edges(coding, identity, relations=("speaks-of",), **chosen)
        graph = _instrument_graph(edges, nodes, lang)
    else:
        events = event_list(coding, identity, **chosen)
        network = discourse_network(events, **OF_EVENTS, mode="onemode", aggregation=kind)
        graph = discourse_graph(network, nodes, lang=lang)
    if not isolates:
        graph.remove_nodes_from([node for node, degree in dict(graph.degree).items() if not degree])
    return graph


def _actor_issue_graph(events: pd.DataFrame, nodes: pd.DataFrame, codebook: Codebook, lang: str) -> nx.Graph:
    """Actors and the issues on which they take positions, an edge for each pair."""
    import networkx as nx

    graph, issues = nx.Graph(), codebook.codes("issues")
    actors = nodes[nodes["node_type"] != "instrument"]  # of which one may have the id of an issue
    known = actors.drop(columns="identity").set_index("node_id").to_dict("index")
    for (actor, issue), said in events.groupby(["organization", "concept"], sort=False):
        labels = {name: issues[issue][name] for name in ("label_en", "label_zh")}
        if issue in known:
            raise EgdataError(f"{issue!r} is the id of an actor and of an issue; rename one in the codebook")
        graph.add_node(actor, label=known[actor][f"label_{lang}"], bipartite=0, **filled(known[actor]))
        graph.add_node(issue, label=labels[f"label_{lang}"], bipartite=1, node_type="issue", **labels)
        counts = {stance: int((said["stance"] == stance).sum()) for stance in STANCES}
        stances = ";".join(stance for stance, n in counts.items() if n)
        graph.add_edge(
            actor,
            issue,
            id=f"{actor}|{issue}",
            weight=len(said),
            signed_weight=counts["for"] - counts["against"],
            **{f"n_{stance}": n for stance, n in counts.items()},
            stances=stances,
            color=stance_color(stances),
            statement_ids=";".join(said["statement_id"]),
        )
    return graph


def _instrument_graph(edges: pd.DataFrame, nodes: pd.DataFrame, lang: str) -> nx.Graph:
    """Instruments, and an edge for each two that the same statements speak of."""
    import networkx as nx

    graph = nx.Graph()
    for node in nodes[nodes["node_type"] == "instrument"].drop(columns="identity").to_dict("records"):
        graph.add_node(node.pop("node_id"), label=node[f"label_{lang}"], **filled(node))
    links = records(edges, "instrument_id", "statement_ids")
    spoken_of = grouped((statement, instrument) for instrument, ids in links for statement in ids.split(";"))
    together = grouped(
        (pair, statement)
        for statement, instruments in spoken_of.items()
        for pair in itertools.combinations(sorted(set(instruments)), 2)
    )
    for (first, second), statements in sorted(together.items()):
        names = {"id": f"{first}|{second}", "statement_ids": ";".join(statements)}
        graph.add_edge(first, second, weight=len(statements), color=stance_color(""), **names)
    return graph
