"""What leaves egdata: positions as files, citations, networks of every kind with the colours of stances."""

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from openpyxl import load_workbook

import egdata as eg
from egdata.analysis.exports import NETWORKS
from egdata.base.csv_files import frame_bytes
from egdata.base.vocabulary import STANCE_COLORS
from egdata.reading.report import parse_report

# 'Some speakers supported a new convention. Several opposed a new convention. Many supported a new convention. Norway
# spoke of the Convention against Corruption and the Charter of the United Nations.'
TEXT = (
    "1. 一些发言者支持制定打击网络犯罪的新公约。若干发言者反对制定新公约。许多发言者支持制定新公约。"
    "挪威代表提到《联合国反腐败公约》和《联合国宪章》。\n"
)
FOR, AGAINST = STANCE_COLORS["for"], STANCE_COLORS["against"]


@pytest.fixture(scope="module")
def coding():
    return eg.code(parse_report(TEXT, meta={"symbol": "A/1"}))


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
def test_positions_are_read_again_as_they_were_written(coding, tmp_path, ending):
    file = tmp_path / f"flat.{ending}"
    eg.write_flat(coding, file)
    how = {"dtype": str, "keep_default_na": False}
    again = (
        pd.read_excel(file, **how)
        if ending == "xlsx"
        else pd.read_csv(file, sep="\t" * (ending == "tsv") or ",", **how)
    )
    pd.testing.assert_frame_equal(again, coding.flat, check_dtype=False)


def test_a_workbook_has_no_formula_and_no_control_character(tmp_path):
    file = tmp_path / "frame.xlsx"
    file.write_bytes(frame_bytes(pd.DataFrame({"a": ["=1+1", "b\x07c"]}), Path("frame.xlsx")))
    cells = load_workbook(file).active["A"][1:]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), ("b\ufffdc", "s")]


def test_another_ending_is_refused(coding, tmp_path):
    with pytest.raises(eg.TableError, match=r"flat\.doc: a table can be written as \.csv, \.tsv or \.xlsx"):
        eg.write_flat(coding, tmp_path / "flat.doc")


def test_a_position_is_cited_in_one_line(coding):
    line = eg.cite(coding, "1#2/s1/new-convention", lang="zh")
    assert line.startswith("A/1, para. 1：“反对制定新公约”（若干；反对：新公约）。以egdata")
    with pytest.raises(eg.EgdataError, match="no position '1#9'"):
        eg.cite(coding, "1#9")


def lines(graph):
    return sorted((*sorted(edge), color) for *edge, color in graph.edges(data="color"))


def test_who_takes_a_position_on_which_issue(coding):
    graph = eg.network_graph(coding, "actor-issue", "merged")
    expected = [
        ("new-convention", "some", FOR),
        ("new-convention", "several", AGAINST),
        ("many", "new-convention", FOR),
    ]
    assert lines(graph) == sorted(expected)
    assert graph.nodes["new-convention"]["node_type"] == "issue"
    assert graph.nodes["several"]["label"] == "several"


@pytest.mark.parametrize(
    ("kind", "pairs"), [("congruence", [("many", "some")]), ("conflict", [("many", "several"), ("several", "some")])]
)
def test_who_agrees_and_who_differs(coding, kind, pairs):
    graph = eg.network_graph(coding, kind, "merged")
    assert sorted(tuple(sorted(edge)) for edge in graph.edges) == pairs
    assert "several" in eg.network_graph(coding, kind, "merged", isolates=True)


def test_lines_of_the_actor_instrument_network_have_the_colour_of_their_stance(coding):
    graph = eg.network_graph(coding, identity="merged")
    assert ("new-convention", "several", AGAINST) in lines(graph)
    assert ("new-convention", "some", FOR) in lines(graph)


def test_which_instruments_are_spoken_of_together(coding):
    graph = eg.network_graph(coding, "instrument-instrument")
    assert {frozenset(edge) for edge in graph.edges} == {frozenset({"un-charter", "uncac"})}
    assert graph.edges["un-charter", "uncac"]["statement_ids"] == "1#4/s1"
    everything = eg.network_graph(coding, "instrument-instrument", isolates=True)
    assert set(everything) == {"un-charter", "uncac", "new-convention"}


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_every_network_is_read_again(coding, tmp_path, kind, suffix):
    graph = eg.network_graph(coding, kind, "merged")
    file = tmp_path / f"network.{suffix}"
    eg.write_graph(graph, file)
    again = nx.read_graphml(file) if suffix == "graphml" else nx.read_gexf(file)
    assert set(again) == set(graph)
    assert again.number_of_edges() == graph.number_of_edges() > 0
    if suffix == "gexf" and kind == "actor-issue":
        assert file.read_text(encoding="utf-8").count('<viz:color r="213" g="94" b="0" a="1.0" />') == 1


def test_an_unknown_kind_is_named(coding):
    with pytest.raises(eg.EgdataError, match="kind is 'friends'; it can be 'actor-instrument'"):
        eg.network_graph(coding, "friends")


def test_a_report_without_positions_gives_networks_without_lines():
    silent = eg.code(parse_report("1. 会议休会。\n"))  # the meeting rose
    assert [eg.network_graph(silent, kind).number_of_edges() for kind in NETWORKS] == [0] * len(NETWORKS)
