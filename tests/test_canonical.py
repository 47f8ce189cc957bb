"""The canonical text: what each of its characters comes from."""

from __future__ import annotations

from egdata.reading.canonical import Canonical
from egdata.reading.report import parse_report


def test_a_line_break_comes_from_where_the_line_before_it_ends():
    canonical = Canonical("  甲乙\n丙", "zh")
    assert [canonical.add(span) for span in ([(2, 4)], [(5, 6)])] == [(0, 2), (3, 4)]
    assert canonical.text(0, 4) == "甲乙\n丙"
    assert list(canonical.map) == [2, 3, 3, 5]


def test_a_line_break_is_found_again_in_the_source():
    source = "1. 会议开始。\n2. 会议结束。\n"  # the meeting began; the meeting ended
    report = parse_report(source)
    at = report.text.index("\n")
    start, end = report.locate(at, at + 2)
    assert source[start:end] == "。\n2"
