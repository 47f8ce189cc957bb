"""Graphs: files reopened, the same bytes in every process, measures by hand."""

from __future__ import annotations

import os
import subprocess
import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from egdata.analysis.discourse import discourse_network, network_edges
from egdata.analysis.graphs import (
    actor_instrument_graph,
    discourse_graph,
    disparity_backbone,
    find_clusters,
    network_measures,
    write_graph,
)
from egdata.analysis.network import actor_instrument_edges, actor_instrument_nodes, event_list
from egdata.base.errors import EgdataError
from egdata.base.vocabulary import IDENTITIES
from egdata.coding.coding import code

TRIANGLES = pd.DataFrame(
    [[0, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 0], [1, 1, 0, 0.1, 0, 0], [0, 0, 0.1, 0, 1, 0], [0, 0, 0, 1, 0, 0], [0] * 6],
    index=list("abcdef"),
    columns=list("abcdef"),
)


def matrix(names):
    return pd.DataFrame([[2, 0], [-1, 1]], names, ["x", "y"])


def test_clusters():
    clusters = find_clusters(TRIANGLES)
    wanted = {"actor": list("abcdef"), "cluster": [1, 1, 1, 2, 2, 3], "size": [3, 3, 3, 2, 2, 1]}
    assert_frame_equal(clusters, pd.DataFrame(wanted))
    assert find_clusters(TRIANGLES.iloc[:0, :0]).empty
    with pytest.raises(EgdataError, match="-1"):
        find_clusters(-TRIANGLES)
    with pytest.raises(EgdataError, match="onemode"):
        find_clusters(matrix(["A", "B"]))


def test_backbone_by_hand():
    edges = pd.DataFrame({"source": ["a", "a", "a", "b"], "target": ["x", "y", "z", "x"], "weight": [8, 1, 1, 8]})
    backbone = disparity_backbone(edges, alpha=0.05)
    # a–x: (1 − 8/10)² at a, (1 − 8/16)¹ at x; b has one edge and cannot tell
    assert_frame_equal(backbone, edges.iloc[:1].assign(p_value=(1 - 8 / 10) ** 2))
    everything = disparity_backbone(edges, alpha=1)
    np.testing.assert_allclose(everything["p_value"], [0.04, 0.81, 0.81, 0.5])
    assert disparity_backbone(edges.iloc[:0]).empty
    for alpha in (0, 1.5):
        with pytest.raises(EgdataError, match=str(alpha)):
            disparity_backbone(edges, alpha=alpha)
    with pytest.raises(EgdataError, match="weights above 0"):
        disparity_backbone(edges.assign(weight=0))
    with pytest.raises(EgdataError, match="'actor'"):
        disparity_backbone(edges, source="actor")


def opened(path):
    read = nx.read_graphml if path.suffix == ".graphml" else nx.read_gexf
    return parts(read(path))


def parts(graph):
    """Nodes and edges with their attributes; the order of an edge's ends says nothing."""
    edges = [(frozenset((a, b)), tuple(sorted(data.items()))) for a, b, data in graph.edges(data=True)]
    return dict(graph.nodes(data=True)), sorted(edges, key=str)


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("identity", IDENTITIES)
def test_graph_files_reload(real, real_coding, tmp_path, ending, lang, identity):
    graph = actor_instrument_graph(real_coding, identity, lang=lang)
    assert nx.is_bipartite(graph)
    assert graph.number_of_edges() == len(actor_instrument_edges(real_coding, identity))
    path = tmp_path / f"network{ending}"
    write_graph(graph, path)
    nodes, edges = opened(path)
    assert (nodes, edges) == parts(graph)
    assert nodes["budapest"]["label_zh"] == "《欧洲委员会网络犯罪公约》"
    assert all(node["label"] == node[f"label_{lang}"] for node in nodes.values())
    assert "《欧洲委员会网络犯罪公约》" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", [".graphml", ".gexf"])
def test_one_mode_graph_files_reload(real, real_coding, tmp_path, ending):
    events = event_list(real_coding)
    options = {"actor": "organization", "concept": "concept", "qualifier": "stance", "mode": "onemode"}
    ties = discourse_network(events, **options, aggregation="subtract", normalization="average")
    nodes = actor_instrument_nodes(real_coding, isolates=True)
    graph = discourse_graph(ties, nodes, lang="zh")
    assert all("label_en" in data for _, data in graph.nodes(data=True))
    write_graph(graph, tmp_path / f"ties{ending}")
    assert opened(tmp_path / f"ties{ending}") == parts(graph)


BYTES = """
import hashlib, sys
from pathlib import Path
from egdata.analysis.graphs import *
from egdata.analysis.graphs import _markup
from egdata.reading.report import sentences_report
report = sentences_report(["一些发言者支持《联合国反腐败公约》。", "中国代表团支持《联合国宪章》。", "其他发言者反对新公约。"])
graph = actor_instrument_graph(report)
text = "".join(_markup(graph, Path("x" + ending)) for ending in (".graphml", ".gexf"))
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_graph_files_have_the_same_bytes_in_every_process(capsys):
    exec(BYTES, {})
    seed = str(hash("some speakers") % 1000)  # another one than here
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
    run = subprocess.run([sys.executable, "-c", BYTES], env=environment, capture_output=True, check=True, text=True)
    assert run.stdout == capsys.readouterr().out


def test_graph_files_have_no_date(tmp_path, few):
    write_graph(actor_instrument_graph(few), tmp_path / "a.gexf")
    text = (tmp_path / "a.gexf").read_text(encoding="utf-8")
    assert "lastmodified" not in text
    assert "NetworkX" not in text


def test_graph_cannot_be_written(tmp_path, few):
    graph = actor_instrument_graph(few)
    with pytest.raises(EgdataError, match=r"a\.dot.*\.graphml or \.gexf"):
        write_graph(graph, tmp_path / "a.dot")
    (tmp_path / "file").touch()
    with pytest.raises(EgdataError, match="cannot be written"):
        write_graph(graph, tmp_path / "file" / "a.gexf")
    with pytest.raises(EgdataError, match="lang is 'fr'"):
        actor_instrument_graph(few, lang="fr")


def test_matrix_as_edges_and_graph():
    assert_frame_equal(
        network_edges(TRIANGLES).iloc[:2], pd.DataFrame({"source": "a", "target": ["b", "c"], "weight": 1.0})
    )
    graph = discourse_graph(matrix(["A", "B"]))
    assert sorted(graph.edges(data="weight")) == [("A", "x", 2), ("B", "x", -1), ("B", "y", 1)]
    assert dict(graph.nodes(data="bipartite")) == {"A": 0, "B": 0, "x": 1, "y": 1}
    with pytest.raises(EgdataError, match="'x' is an actor and a concept"):
        discourse_graph(matrix(["A", "x"]))


def test_a_discourse_graph_has_the_labels_of_its_language():
    nodes = pd.DataFrame({"node_id": ["A", "x"], "label_en": ["some", "treaty"], "label_zh": ["一些", "条约"]})
    for lang, labels in (("en", ["some", "B", "treaty", "y"]), ("zh", ["一些", "B", "条约", "y"])):
        graph = discourse_graph(matrix(["A", "B"]), nodes, lang=lang)
        assert [label for _, label in graph.nodes(data="label")] == labels


def test_measures_by_hand():
    graph = nx.MultiGraph()
    graph.add_nodes_from("ab", bipartite=0)
    graph.add_nodes_from("xyz", bipartite=1)
    graph.add_weighted_edges_from([("a", "x", 2), ("a", "y", 1), ("a", "y", 3), ("b", "y", 1)])
    measures = network_measures(graph).set_index("node_id")
    assert measures["degree"].to_dict() == {"a": 2, "b": 1, "x": 1, "y": 2, "z": 0}
    assert measures["weighted_degree"].to_dict() == {"a": 6, "b": 1, "x": 2, "y": 5, "z": 0}
    simple = nx.Graph(graph)
    assert measures["betweenness"].to_dict() == nx.bipartite.betweenness_centrality(simple, ["a", "b"])


@pytest.mark.parametrize(("actors", "instruments"), [("a", "x"), ("a", "xyz"), ("abc", "x"), ("a", ""), ("", "")])
def test_betweenness_of_a_star(actors, instruments):
    graph = nx.complete_bipartite_graph(len(actors), len(instruments))
    betweenness = network_measures(graph)["betweenness"]
    assert betweenness.between(0, 1).all()
    assert betweenness.max() == 1 if max(len(actors), len(instruments)) > 1 else not betweenness.any()


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_a_graph_says_what_a_person_decided(few, tmp_path, suffix):
    corrections = pd.DataFrame({"sid": ["0"], "holder": ["many"]})
    for coding, told in ((code(few), 0), (code(few, corrections=corrections), 1)):
        file = tmp_path / f"graph{suffix}"
        write_graph(actor_instrument_graph(coding), file)
        assert file.read_text(encoding="utf-8").count("A person decided 1 code.") == told
