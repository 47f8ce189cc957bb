"""Tables in a notebook."""

from __future__ import annotations

import re
import sys

import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output

import egdata as eg
from egdata.pages.display import LIVE
from egdata.pages.notebooks import normalise


def test_numbers_are_short_words_escaped_and_what_is_missing_is_blank():
    frame = pd.DataFrame({"share": [0.25, float("nan")], "quote": ["a < b", None], "n": [1, 20]})
    html = eg.wrapped(frame)._repr_html_()
    cells = [part.partition("</td>")[0] for part in html.split(" >")[1:] if "</td>" in part]
    assert cells == ["0.25", "a &lt; b", "1", "", "", "20"]
    assert repr(eg.wrapped(frame)) == "share\tquote\tn\n0.25\ta < b\t1\n\t\t20"


def test_without_rows_it_says_so():
    shown = eg.wrapped(pd.DataFrame(columns=["quote"]))
    assert (repr(shown), shown._repr_html_()) == ("No rows.", "<p>No rows.</p>")


# ---- with controls ------------------------------------------------------------------------------------------------

SAID = pd.DataFrame({"issue": ["a", "a", "b"], "holder": ["one", "some", "some"], "quote": ["x", "y", "z"]})


def chosen(widget, *values):
    """How many rows are said to be there, and their cells, when these values are chosen."""
    (*choices, n), table = widget.children[0].children, widget.children[1]
    for choice, value in zip(choices, values, strict=True):
        choice.value = value or "all"
    return n.value, re.findall(r">([^<>\s]+)</td>", table.value)


def test_rows_are_chosen_by_each_column():
    widget = eg.explored(SAID, "issue", "holder").controls()
    assert chosen(widget, None, None) == ("3 of 3 rows", ["a", "one", "x", "a", "some", "y", "b", "some", "z"])
    assert chosen(widget, "a", "some") == ("1 of 3 rows", ["a", "some", "y"])
    assert chosen(widget, "b", None) == ("1 of 3 rows", ["b", "some", "z"])
    assert chosen(widget, "b", "one") == ("0 of 3 rows", [])


def test_without_widgets_it_is_the_whole_table(monkeypatch):
    shown, plain = eg.explored(SAID, "issue"), eg.wrapped(SAID)
    assert LIVE in shown._repr_mimebundle_()
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert shown._repr_mimebundle_() == {}
    assert (repr(shown), shown._repr_html_()) == (repr(plain), plain._repr_html_())


def test_a_notebook_is_saved_with_the_table_and_without_the_widget():
    data = {LIVE: {"model_id": "1"}, "text/html": "<table></table>"}
    output = new_output("execute_result", data, execution_count=1)
    notebook = normalise(new_notebook(cells=[new_code_cell("x", outputs=[output])]))
    assert notebook.cells[0].outputs[0].data == {"text/html": "<table></table>"}
