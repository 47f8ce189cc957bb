"""Tables in a notebook."""

from __future__ import annotations

import pandas as pd

import egdata as eg


def test_numbers_are_short_words_escaped_and_what_is_missing_is_blank():
    frame = pd.DataFrame({"share": [0.25, float("nan")], "quote": ["a < b", None], "n": [1, 20]})
    html = eg.wrapped(frame)._repr_html_()
    cells = [part.partition("</td>")[0] for part in html.split(" >")[1:] if "</td>" in part]
    assert cells == ["0.25", "a &lt; b", "1", "", "", "20"]
    assert repr(eg.wrapped(frame)) == "share\tquote\tn\n0.25\ta < b\t1\n\t\t20"


def test_without_rows_it_says_so():
    shown = eg.wrapped(pd.DataFrame(columns=["quote"]))
    assert (repr(shown), shown._repr_html_()) == ("No rows.", "<p>No rows.</p>")
