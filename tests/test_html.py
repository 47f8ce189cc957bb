"""Web pages to text: what is kept, what is left out and said, and how its lists are numbered.

甲 is a place-holder as A in English; 会议报告 is 'report of the meeting'.
"""

from __future__ import annotations

import pytest

from egdata.base.errors import ReportError
from egdata.reading.folders import report_files
from egdata.reading.formats import read_file
from egdata.reading.report import read_report

PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body>{}</body></html>".format


@pytest.fixture
def read(tmp_path):
    """A function: the body of a page (or a whole file as bytes), name → what read_file makes of it."""

    def read(page, name="report.html"):
        raw = page if isinstance(page, bytes) else PAGE(page).encode()
        (tmp_path / name).write_bytes(raw)
        return read_file(tmp_path / name)

    return read


def test_headings_paragraphs_and_breaks_are_lines(read):
    page = "<h1>Report of <b>the\n  meeting</b></h1>\n<div>I. Introduction<p>1. The Group<sup>1</sup> met.<br>It ended.</p></div>2. A."
    assert read(page).text == "Report of the meeting\n\nI. Introduction\n\n1. The Group1 met.\nIt ended.\n\n2. A."


def test_lists_give_their_numbers(read):
    page = (
        "<ol start=3><li>A<ol type=a><li>B<li value=4>C</ol><li><p>D</p><p>E</p></ol>"
        "<ol reversed><li>F</li><li>G</li></ol><ul><li>H</ul>"
        '<ol style="list-style-type: upper-roman"><li>I</ol><ol style="list-style: none"><li>J</ol><ol><li>(a) K</ol>'
    )
    lines = ["3. A", "a. B", "d. C", "4. D", "E", "2. F", "1. G", "• H", "I. I", "J", "(a) K"]
    assert [line for line in read(page).text.split("\n") if line] == lines


def test_rows_of_tables_are_lines_with_tabs(read):
    page = "<p>1. A.<table><caption>Costs</caption><tr><th>Item<th>in <br>dollars<tr><td>Staff<td>7</table><p>2. B."
    text, _, notices, tables, *_ = read(page)
    assert text.split("\n\n") == ["1. A.", "Costs", "Item\tin dollars\nStaff\t7", "2. B."]
    assert ([text[start:end] for start, end in tables], notices) == (["Item\tin dollars", "Staff\t7"], [])


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("<tr><td>1.<td>The Group met.<tr><td>2.<td><p>It ended.</p>", ["1. The Group met.", "2. It ended."]),
        ("<tr><td><h2>I. A</h2><p>1. B</p><td>C", ["I. A", "1. B", "C"]),
        ("<tr><td>A<table><tr><td>B<td>C</table><td>D", ["A", "B\tC", "D"]),
        (f"<tr><td>{'A' * 401}<td>B", ["A" * 401, "B"]),
    ],
    ids=["numbers", "heading", "nested", "prose"],
)
def test_a_table_that_only_lays_out_is_lines(read, table, lines):
    assert [line for line in read(f"<table>{table}</table>").text.split("\n") if line] == lines


def test_what_is_no_text_of_the_page_is_left_out_and_said(read):
    page = (
        "<header><nav><a>Home</a><script>var a</script></nav></header><style>p{}</style><p>1. A.</p>"
        '<div style="display:none">menu</div><p hidden>seen</p><form><input value=x><button>Go</button></form>'
    )
    assert read(page)[:3:2] == (
        "1. A.",
        ["left out of the page: menus, forms, footers and what it hides, 14 characters"],
    )


def test_a_list_of_links_and_a_footer_are_no_text(read):
    page = '<ul><li><a href="/">Home</a><li><a href="/a">Map</a></ul><ol><li>They <a href="/b">met</a>.</ol><footer>(c)</footer>'
    assert read(page)[:3:2] == (
        "1. They met.",
        ["left out of the page: menus, forms, footers and what it hides, 10 characters"],
    )


def test_of_a_page_that_marks_its_main_part_that_is_read(read):
    text, _, notices, *_ = read(
        "<div>Site of the Group</div><main><h1>Report</h1><p>1. A.</p></main><footer>Map</footer>"
    )
    assert (text, notices) == (
        "Report\n\n1. A.",
        ["left out of the page: menus, forms, footers and what it hides, 17 characters"],
    )


@pytest.mark.parametrize(
    ("encoding", "declared", "notices"),
    [
        ("utf-8", "", []),
        ("utf-8", '<meta charset="utf-8">', []),
        ("gb18030", '<meta http-equiv=Content-Type content="text/html; charset=gb2312">', ["read as GB18030"]),
        ("gb18030", "", ["read as GB18030"]),
        ("utf-16", '<meta charset="utf-16">', ["read as UTF-16"]),
    ],
)
def test_a_page_is_read_in_its_encoding(read, encoding, declared, notices):
    page = f"<html>{declared}<p>会议报告</p><p>1. 甲。</p></html>".encode(encoding)
    assert read(page)[:3:2] == ("会议报告\n\n1. 甲。", notices)


def test_windows_latin_is_read_where_the_page_says_so(read):
    page = '<html><meta charset="iso-8859-1"><p>1. The State’s view, Türkiye’s.'.encode("cp1252")
    assert read(page)[:3:2] == ("1. The State’s view, Türkiye’s.", ["read as CP1252"])


def test_a_page_saved_in_one_file_is_read(read):
    saved = (
        'From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<html><p>1. The long =\r\nline=E2=80=99s end</html>\r\n--B\r\nContent-Type: text/css\r\n\r\np{}\r\n--B--\r\n"
    )
    assert read(saved.encode(), "report.mhtml").text == "1. The long line’s end"


@pytest.mark.parametrize("page", ["", "<script>a</script>", "<nav>Home</nav>", "<!-- -->"])
def test_a_page_without_text_is_refused(read, page):
    with pytest.raises(ReportError, match=r"^report\.html: a web page without text of its own"):
        read(page)


def test_text_with_angle_brackets_is_no_page(read):
    assert read(b"Report <of> the meeting\n1. A.\n", "report.txt").text == "Report <of> the meeting\n1. A.\n"


def test_elements_in_elements_to_any_depth(read):
    assert read("<div>" * 900 + "1. A." + "</div>" * 900 + "<p>2. B.").text == "1. A.\n\n2. B."


def test_a_report_is_read_from_a_page_and_found_in_a_folder(tmp_path):
    for name in ("a.html", "b.HTM", "c.css"):
        (tmp_path / name).write_text(
            PAGE("<h1>Report</h1><h2>I. Introduction</h2><ol><li>Some speakers noted it.<li>It ended.</ol>")
        )
    assert [file.name for file in report_files(tmp_path)] == ["a.html", "b.HTM"]
    report = read_report(tmp_path / "a.html")
    assert list(report.units["unit_id"]) == ["1", "2"]
    assert list(report.sections["text"]) == ["Report", "I. Introduction"]
