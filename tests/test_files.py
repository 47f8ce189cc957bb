"""From file to text: encodings, PDF, Word; what is refused, in one line.

The files are made here, byte by byte, so that each has the one property that is tested. 甲乙丙 are place-holders as A, B,
C in English; 会议报告 is 'report of the meeting', 导言 'introduction', 完 'end'.
"""

from __future__ import annotations

import doctest
import hashlib
import io
import random
import re
import sys
import zipfile
import zlib
from xml.sax.saxutils import escape

import pytest
from docx import Document
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner

import egdata.reading.docx
import egdata.reading.formats
from egdata import cli
from egdata.base.errors import ReportError
from egdata.reading.docx import format_number
from egdata.reading.formats import read_file, strange_share
from egdata.reading.report import read_report

GOOD = "会议报告\n一. 导言\n1. 甲。\n2. 完。\n"
ENGLISH = "Report\nI. Introduction\n1. Some speakers noted the State’s view, and Türkiye’s.\n2. The meeting ended.\n"


@pytest.fixture
def read(tmp_path):
    """A function: bytes, name → what read_file makes of such a file."""

    def read(raw, name="report.txt"):
        (tmp_path / name).write_bytes(raw)
        return read_file(tmp_path / name)

    return read


@pytest.fixture
def refused(read):
    """A function: bytes, name → the one line with which such a file is refused."""

    def refused(raw, name="report.txt"):
        with pytest.raises(ReportError) as error:
            read(raw, name)
        assert "\n" not in str(error.value)
        assert str(error.value).startswith(name)
        return str(error.value)

    return refused


# ---- plain text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [GOOD, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize(
    ("encoding", "mark", "notices"),
    [
        ("utf-8", b"", []),
        ("utf-8", b"\xef\xbb\xbf", []),
        ("utf-16-le", b"\xff\xfe", ["read as UTF-16"]),
        ("utf-16-be", b"\xfe\xff", ["read as UTF-16"]),
        ("utf-16-le", b"", ["read as UTF-16"]),
        ("utf-16-be", b"", ["read as UTF-16"]),
    ],
)
def test_unicode_is_read_with_and_without_a_mark(read, text, encoding, mark, notices):
    assert (read(mark + text.encode(encoding))[0], read(mark + text.encode(encoding))[2]) == (text, notices)


def test_gb18030_is_read_and_said(read, real):
    assert read(GOOD.encode("gbk"))[0] == GOOD
    text, _, notices, *_ = read(real.source.encode("gb18030"))
    assert (text, notices) == (real.source, ["read as GB18030"])
    traditional = (
        "會議報告\n1. 網絡犯罪問題專家組認為，各國應當加強國際合作。\n"  # 'States should strengthen cooperation'
    )
    assert read(traditional.encode("gb18030"))[0] == traditional


def test_prose_of_windows_is_read_and_said(read):
    text = (
        ENGLISH
        + "3. The lamps of the lighthouse – at dusk – were “lit” by the keepers, and the oil was paid for in Málaga.\n"
        * 2
    )
    assert read(text.encode("cp1252"))[:3:2] == (text, ["read as CP1252"])


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (ENGLISH.encode("cp1252"), 3),
        ("1. The State’s view.\n".encode("cp1252"), 1),  # ’s alone is a Han character in GB18030
        ("1. Coopération, Türkiye.\n".encode("cp1252"), 1),
        ("1. Le célèbre élu élit.\n".encode("cp1252"), 1),  # read as GB18030, frequent characters: 閘鑒
        ("1. 網絡犯罪問題專家組認為，各國應當加強國際合作。\n".encode("big5"), 1),
        (GOOD.encode() + "甲。\n".encode("gbk"), 5),
        (GOOD.encode("gbk") + "乙。乙。乙。乙。\n".encode(), 1),
        (GOOD.encode()[:-3], 4),  # cut in the middle of a character
        (bytes(range(1, 256)), 2),
    ],
)
def test_what_is_in_no_known_encoding_is_refused_with_its_line(refused, raw, line):
    assert refused(raw).startswith(f"report.txt:{line}: not UTF-8")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\xff\xfe", "the file is empty"),
        ("\u200b\u2060\n".encode(), "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a picture (PNG)"),
        (b"\xff\xfe" + GOOD.encode("utf-16-le")[:-1], "begins like UTF-16"),
        (b"\xff\xfe" + random.Random(1).randbytes(400), "begins like UTF-16"),
        (GOOD.encode("utf-32-le"), "binary, not text"),
        (b"{\\rtf1\\ansi 1. A.}", "rich text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .docx"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a picture (JPEG), no text; run OCR"),
        (b"GIF89a\x01\x00", "a picture (GIF)"),
        (b"II*\x00\x08\x00", "a picture (TIFF)"),
        (b"\x00\x00\x00\x18ftypheic", "a picture (HEIC)"),
        (b"\x00\x00\x00\x18ftypmp42", "a recording"),
        (b"\x1f\x8b\x08\x00", "an archive"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b'<?xml version="1.0"?><office/>', "XML, no report"),
    ],
)
def test_what_is_no_text_is_refused(refused, raw, words):
    assert words in refused(raw)


def test_the_content_counts_and_not_the_name(read, refused):
    assert read(GOOD.encode(), "report")[0] == read(GOOD.encode(), "report.rst")[0] == GOOD
    assert read(pdf_of("1. A."), "report.txt")[0] == "1. A."
    assert read(docx(paragraph("1. A.")), "report.bin")[0] == "1. A."
    assert "no .pdf file" in refused(GOOD.encode(), "report.pdf")
    assert "no .docx file" in refused(GOOD.encode(), "report.docx")
    assert "save it as .docx" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "report.doc")


def test_a_large_file_is_refused_unread(tmp_path, monkeypatch):
    file = tmp_path / "report.txt"
    with file.open("wb") as stream:
        stream.truncate(200 * 10**6)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.open", lambda *_: pytest.fail("read"))
        with pytest.raises(ReportError, match=r"^report\.txt: 200 MB, more than the 50 MB"):
            read_file(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_what_has_no_size_or_no_possible_name_is_refused():
    with pytest.raises(ReportError, match="endless, more than the 50 MB"):
        read_file("/dev/zero")
    with pytest.raises(ReportError, match="cannot be read: File name too long"):
        read_file("x" * 5000)


def test_strange_is_what_reports_do_not_have():
    assert strange_share("") == strange_share("网络犯罪 網絡犯罪 Türkiye – “ő” ①：№ Nguyễn") == 0
    assert strange_share("會ab") == 0
    assert strange_share("\ue000\U0010ffff\ufffd\x00䂔㻣黵") == 1
    assert strange_share("甲乙丙\ue000") == 0.25


# ---- PDF ------------------------------------------------------------------------------------------------------------


def is_wide(character):
    return character > "\u2e80"


def pdf(pages, shown=lambda character: character, with_map=True):
    """A PDF of pages of (x, y, size, text), every character half or all of an em wide.

    ``shown`` is what the character map of its font says each character is.
    """
    characters = sorted({character for page in pages for *_, text in page for character in text})
    codes = {character: f"{code:04x}" for code, character in enumerate(characters, start=1)}
    widths = " ".join(f"{code} [{1000 if is_wide(c) else 500}]" for code, c in enumerate(characters, start=1))
    pairs = "\n".join(f"<{code}> <{shown(c).encode('utf-16-be').hex()}>" for c, code in codes.items())
    cmap = f"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange {len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap"
    streams = [
        "\n".join(
            f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{''.join(codes[c] for c in text)}> Tj ET" for x, y, size, text in page
        )
        for page in pages
    ]
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R]{' /ToUnicode 5 0 R' * with_map} >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [{widths}] >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for n, stream in enumerate(streams):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents {7 + 2 * n} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    out, offsets = b"%PDF-1.7\n", []
    for number, obj in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{obj}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return out + f"{head}startxref\n{len(out)}\n%%EOF\n".encode("ascii")


def pdf_of(*pages, **options):
    """A PDF of pages of text, line under line."""
    return pdf([[(50, 800 - 20 * n, 12, line) for n, line in enumerate(page.split("\n"))] for page in pages], **options)


def rc4(key, data):
    state, at, out = list(range(256)), 0, bytearray()
    for n in range(256):
        at = (at + state[n] + key[n % len(key)]) % 256
        state[n], state[at] = state[at], state[n]
    first = second = 0
    for byte in data:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        out.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(out)


def encrypted(raw, password):
    """The PDF with its streams encrypted as in PDF 1.4: RC4, keys of 40 bits."""

    def key_of(data):
        return hashlib.md5(data, usedforsecurity=False).digest()

    pad = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    user, owner = ((secret.encode() + pad)[:32] for secret in (password, "owner"))
    hidden = rc4(key_of(owner)[:5], user)
    key = key_of(user + hidden + (-4).to_bytes(4, "little", signed=True))[:5]

    def hide(match):
        own = key_of(key + int(match[1]).to_bytes(3, "little") + bytes(2))[:10]
        return match[0][: match.start(2) - match.start()] + rc4(own, match[2]) + b"\nendstream"

    raw = re.sub(rb"(?s)(\d+) 0 obj\n<< /Length \d+ >>\nstream\n(.*?)\nendstream", hide, raw)
    filters = f"/Filter /Standard /V 1 /R 2 /O <{hidden.hex()}> /U <{rc4(key, pad).hex()}> /P -4"
    return raw.replace(b"/Root", f"/ID [<> <>] /Encrypt << {filters} >> /Root".encode())


@pytest.mark.parametrize("text", [GOOD, ENGLISH], ids=["zh", "en"])
def test_pages_and_lines_of_a_pdf_are_kept(read, text):
    first, second = text.rstrip().rsplit("\n", 1)
    text, _, notices, *_ = read(pdf_of(first, second), "report.pdf")
    assert (text, notices) == (f"{first}\f{second}", [])


def test_a_pdf_is_read_from_top_to_bottom_in_whatever_order_it_was_drawn(read):
    page = [(50, 400, 12, "last"), (50, 600, 12, "the middle"), (116, 600, 12, "of it"), (300, 800, 12, "A/CONF.1/2")]
    assert [line.strip() for line in read(pdf([page]))[0].split("\n") if line] == [
        "A/CONF.1/2",
        "the middle of it",
        "last",
    ]


def test_a_gap_on_a_page_is_one_blank_line(read):
    assert read(pdf([[(50, 800, 12, "1. A."), (50, 786, 12, "B."), (50, 200, 12, "2. C.")]]))[0] == "1. A.\nB.\n\n2. C."


def test_a_single_row_of_figures_in_a_pdf_is_a_table_with_its_head(read):
    page = [(50, 800, 12, "1. The costs grew."), (300, 770, 12, "Variance")]
    page += [(50, 750, 12, "Staff"), (280, 750, 12, "($14 115.9)"), (380, 750, 12, "(49.4%)")]
    page.append((50, 720, 12, "2. They were paid."))
    text, _, _, tables, *_ = read(pdf([page]))
    assert [text[start:end] for start, end in tables] == ["Variance", "Staff\t($14 115.9)\t(49.4%)"]


def test_columns_of_a_pdf_are_read_one_after_the_other(read):
    columns = [[f"{side} column, line {n} of {side}" for n in range(9)] for side in ("left", "right")]
    page = [(50 + 250 * side, 800 - 20 * n, 12, line) for side in (0, 1) for n, line in enumerate(columns[side])]
    assert read(pdf([page]))[0].split("\n") == [*columns[0], *columns[1]]


def test_the_gap_above_a_column_is_a_blank_line(read):
    page = [(50, 800, 12, "A title over both columns, as wide as the two of them are together")]
    page += [
        (50 + 250 * side, 760 - 14 * n, 12, f"{n} the column of the States that met")
        for side in (0, 1)
        for n in range(9)
    ]
    lines = read(pdf([page]))[0].split("\n")
    assert (lines[1], lines.count("")) == ("", 1)


@pytest.mark.parametrize("shift", [0, 4, 7, 10])
@pytest.mark.parametrize("n_columns", [2, 3])
def test_columns_whose_lines_stand_at_other_heights_are_not_mixed(read, shift, n_columns):
    columns = [[f"{side} the {n} States agreed" for n in range(6)] for side in "ABC"[:n_columns]]
    page = [(50, 800, 14, "A title over the columns, as wide as all of them are together, and no less")]
    for at, column in enumerate(columns):
        page += [(50 + 180 * at, 760 - shift * at - 14 * n, 12, line) for n, line in enumerate(column)]
    page.append((50, 600, 12, "Below the columns a line goes on that is as wide as all of them together"))
    text, _, notices, tables, *_ = read(pdf([page]))
    lines = [line for line in text.split("\n") if line]
    assert lines == [page[0][3], *(line for column in columns for line in column), page[-1][3]]
    assert (notices, tables) == ([], [])


def test_texts_beside_each_other_that_are_no_columns_are_said(read):
    page = [(50 + 300 * (n % 2), 800 - 7 * n, 12, f"No {n}") for n in range(16)]
    assert read(pdf([page])).notices == [
        "page 1: texts stand side by side, at heights of their own; compare the order of lines"
    ]


def test_rows_of_a_table_of_a_pdf_are_told(read):
    rows = [
        ("Item", "2024", "2025"),
        ("Staff", "37 339.0", "48 442.5"),
        ("Travel", "8.0", "(11 103.5)"),
        ("Total", "45.0", "–"),
    ]
    page = [(50, 800, 12, "1. The costs are these:")]
    page += [(50 + 150 * at, 780 - 14 * n, 12, cell) for n, row in enumerate(rows) for at, cell in enumerate(row)]
    page.append((50, 700, 12, "2. The Group took note of them."))
    text, _, _, tables, *_ = read(pdf([page, page]))
    assert [text[start:end] for start, end in tables] == ["\t".join(row) for row in rows] * 2
    assert [line for line in text.split("\n") if "\t" not in line and line] == [
        "1. The costs are these:", "2. The Group took note of them.\f1. The costs are these:", "2. The Group took note of them.",
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["•", "–", "(a)", "12.", "II."])
def test_paragraphs_behind_their_labels_are_no_table(read, label):
    page = [(50 + 40 * at, 800 - 14 * n, 12, (label, "The Group noted it")[at]) for n in range(6) for at in (0, 1)]
    text, _, _, tables, *_ = read(pdf([page]))
    assert (text.split("\n"), tables) == ([f"{label} The Group noted it"] * 6, [])


def test_a_contents_list_is_no_table(read):
    page = [(50, 800 - 14 * n, 12, f"{n}. Heading") for n in range(5)]
    page += [(130, 800 - 14 * n, 12, "." * 40) for n in range(5)] + [(500, 800 - 14 * n, 12, f"{n}") for n in range(5)]
    text, _, _, tables, *_ = read(pdf([page]))
    assert (text.split("\n")[4], tables) == (f"4. Heading {'.' * 40} 4", [])


def test_lines_that_say_the_same_are_all_read(read):
    page = [(50, 800 - 14 * n, 12, "the experts of the same States were present there") for n in range(4)]
    assert read(pdf([page])).text.split("\n") == [page[0][3]] * 4


def test_text_drawn_twice_for_bold_print_is_read_once(read):
    assert read(pdf([[(50, 800, 12, "The Chair"), (50.3, 800, 12, "The Chair")]])).text == "The Chair"


def test_what_is_drawn_far_off_the_page_does_no_harm(read):
    assert read(pdf([[(50, 800, 12, "1. A."), (900_000, 780, 12, "B."), (50, 760, 12, "C.")]])).text.split() == [
        "1.",
        "A.",
        "C.",
        "B.",
    ]


def test_a_number_raised_behind_a_year_does_not_change_it(read):
    assert read(pdf([[(50, 800, 12, "in 2024"), (92.5, 805, 7, "3")]])).text == "in 2024 3"


def test_the_drawn_line_above_notes_is_read_as_underscores(read):
    page = [(50, 800, 12, "1. The Group met,1 and ended."), (50, 100, 9, "1 See A/80/1."), (50, 780, 12, "2. A.")]
    raw = pdf([page])
    drawn = raw.replace(b" Tj ET", b" Tj ET 50 115 144 0.5 re f", 1)
    text = ["1. The Group met,1 and ended.", "2. A.", "1 See A/80/1."]
    assert [line for line in read(raw, "report.pdf").text.split("\n") if line] == text
    assert [line for line in read(drawn, "report.pdf").text.split("\n") if line] == [*text[:2], "_" * 18, text[2]]


def deflated(raw, number, change):
    """The PDF with one object's stream packed, and that changed."""
    head, stream, tail = re.split(rb"(?s)(?<=\n%d 0 obj\n)(.*?endstream)" % number, raw, maxsplit=1)
    packed = change(zlib.compress(re.search(rb"(?s)stream\n(.*)\nendstream", stream)[1]))
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    return head + body + tail


@pytest.mark.parametrize(
    ("change", "notices"),
    [
        (lambda packed: packed, []),
        (lambda packed: packed[:40], ["page 1 is damaged: what draws it, 40 bytes, breaks off; {}"]),
        (lambda packed: packed[:30] + b"XXXX" + packed[34:], ["page 1 is damaged: what draws it, {} bytes, cannot be unpacked; {}"]),
    ],
    ids=["sound", "cut", "changed"],
)  # fmt: skip
def test_a_damaged_page_is_said(read, refused, change, notices):
    raw = deflated(pdf_of("1. The Group met in Vienna.\n2. It ended.", "3. The Chair thanked it."), 7, change)
    content = read(raw, "report.pdf")
    assert content.text.endswith("\f3. The Chair thanked it.")
    assert len(content.notices) == len(notices)
    for notice, pattern in zip(content.notices, notices, strict=True):
        assert re.fullmatch(pattern.replace("{}", ".+"), notice)
        assert notice.endswith("get the file again")
    if notices:
        alone = deflated(pdf_of("1. The Group met in Vienna.\n2. It ended."), 7, change)
        assert "a damaged PDF (page 1: what draws it, " in refused(alone, "report.pdf")


def test_a_missing_page_is_said(read):
    raw = pdf_of("1. A.", "2. B.")
    for gone in (raw.replace(b"/Contents 7 0 R", b"/Contents 70 0 R"), raw.replace(b"/Kids [6 0 R", b"/Kids [60 0 R")):
        text, _, notices, *_ = read(gone, "report.pdf")
        assert (text, len(notices)) == ("\f2. B.", 1)
        assert re.match(r"page 1 is damaged: .*; nothing was read", notices[0])


def test_a_font_that_is_nowhere_is_said(read, refused):
    page = [(50, 800 - 14 * n, 12, "\u0378") for n in range(8)]  # a code point without a character
    assert "a PDF without its fonts, so that its 8 texts cannot be read" in refused(pdf([page]), "report.pdf")
    assert read(pdf([page, [(50, 800, 12, "1. A.")]])).notices == [
        "page 1: 8 texts are in fonts that are not in the file and are not read"
    ]


def test_characters_that_are_lost_within_a_page_are_said(read):
    line = [(50, 800, 12, "1. The Group met in Vienna and heard a report."), (50, 780, 12, "2. It ended.")]
    lost = [(50 + 11 * n, 760, 12, "\u0378") for n in range(6)]
    apart = [(50 + 60 * n, 740, 12, "\u0378") for n in range(6)]  # as blanks stand
    assert read(pdf([[*line, *apart]])).notices == []
    assert read(pdf([[*line, *lost, *apart]])).notices == [
        "page 1: 6 characters in a row have no outline that can be read, and are left out"
    ]


def test_a_text_that_is_cut_is_said(read):
    assert "longer than 32767 bytes and cut there; only 16384" in read(pdf_of("A" * 20_000)).notices[0]


def test_a_landscape_table_is_read_beside_upright_text(read):
    raw = pdf([[(50, 800, 12, "A/CONF.1/2"), (100, 100, 9, "1. The meeting"), (112, 100, 9, "ended.")]])
    turned = raw.replace(b"/F 9 Tf 1 0 0 1", b"/F 9 Tf 0 1 -1 0")
    assert read(turned).text.split("\n") == ["1. The meeting", "ended.", "A/CONF.1/2"]


def test_turned_text_is_not_lost(read):
    raw = pdf([[(50, 800, 12, "1. The report"), (30, 200, 9, "turned")]])
    turned = raw.replace(b"/F 9 Tf 1 0 0 1 30", b"/F 9 Tf 0 1 -1 0 30")
    assert read(turned)[0].split() == ["1.", "The", "report", "turned"]


def test_a_raised_number_is_glued_to_its_word(read):
    page = [(50, 800, 12, "the Agreement,"), (138, 805, 7, "1"), (146, 800, 12, "and 12 States")]
    assert read(pdf([page]))[0] == "the Agreement,1 and 12 States"


def test_the_raised_number_is_the_anchor_wherever_it_stands_in_a_pdf(tmp_path):
    page = [(50, 800, 12, "Report of the group"), (50, 770, 12, "I. Costs"), (105, 776, 7, "1")]
    page += [(50, 740, 12, "1. Option 1 was chosen. They saw phase 2"), (292, 746, 7, "2"), (50, 720, 12, "of it.")]
    page += [(50, 120, 12, "_" * 18), (50, 100, 9, "1 In dollars."), (50, 85, 9, "2 In March.")]
    (tmp_path / "a.pdf").write_bytes(pdf([page]))
    report = read_report(tmp_path / "a.pdf")
    assert list(report.sections["text"]) == ["Report of the group", "I. Costs"]
    assert list(report.units["text"]) == ["1. Option 1 was chosen. They saw phase 2 of it."]
    anchors = [report.text[:anchor].rpartition(" ")[2] for anchor in report.footnotes["anchor"]]
    assert (anchors, list(report.footnotes["unit_id"])) == (["Costs", "2"], ["", "1"])
    assert len(report.notices) == 0


def test_a_word_that_was_drawn_in_pieces_is_one(read):
    assert read(pdf([[(50, 800, 12, "Co"), (62.3, 800, 12, "-Chairs met")]]))[0] == "Co-Chairs met"


def test_glyphs_of_a_pdf_become_characters(read):
    # ⽹⻔ are radicals in the shape of 网门; ﬁ and ﬄ are ligatures
    assert read(pdf_of("1. ⽹⻔, ﬁnal aﬄuent"))[0] == "1. 网门, final affluent"


def test_what_is_no_character_in_a_pdf_is_marked(read):
    text = read(pdf_of("1. The speakers noted it on 4 March, and left #.", shown=lambda c: "\x01" if c == "#" else c))[
        0
    ]
    assert text == "1. The speakers noted it on 4 March, and left \ufffd."


def test_a_pdf_without_a_usable_character_map_is_refused(refused, real):
    text = "\n".join(real.text.split("\n")[:30])
    moved = pdf_of(text, shown=lambda c: chr(0x3400 + ord(c) % 4000) if is_wide(c) else c)
    private = pdf_of(text, shown=lambda c: chr(0xE000 + ord(c) % 6000) if is_wide(c) else c)
    latin = pdf_of(ENGLISH, shown=lambda c: chr(0xF000 + ord(c)))
    for raw in (moved, private, latin):
        reason = refused(raw, "report.pdf")
        assert re.match(r"report.pdf: \d\d\d?% of its characters are rare", reason)
        assert "no usable character map" in reason
        assert "run OCR on it, or use the Word file" in reason


def test_simplified_and_traditional_chinese_pass(read, real):
    text = "\n".join(line[:40] for line in real.text.split("\n")[:30])
    assert read(pdf_of(text))[0] == text
    traditional = "1. 網絡犯罪問題專家組認為，各國應當加強國際合作，會員國應當考慮擬訂綜合公約。"
    assert read(pdf_of(traditional))[0] == traditional


def test_a_page_without_text_is_said(read, real):
    assert read(pdf([[(50, 800, 12, "1. A.")], []]))[2] == ["page 2 has no text"]
    pages = [*["\n".join(line[:40] for line in real.text.split("\n")[:30])] * 2, "一\ue000\ue001"]
    assert read(pdf_of(*pages))[2] == ["page 3: 67% of its characters are rare; compare it"]


def test_a_pdf_that_opens_without_a_password_is_read(read, refused):
    assert read(encrypted(pdf_of("1. A."), ""), "report.pdf")[0] == "1. A."
    assert "a PDF with a password" in refused(encrypted(pdf_of("1. A."), "secret"), "report.pdf")


def test_an_encryption_that_cannot_be_undone_is_said(refused):
    keys = f"/O <{'00' * 48}> /U <{'00' * 48}> /OE <{'00' * 32}> /UE <{'00' * 32}> /Perms <{'00' * 16}> /P -4"
    filters = "/CF << /A << /CFM /AESV3 /Length 32 >> >> /StmF /A /StrF /A"
    encrypt = f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 {filters} {keys} >> /Root"
    reason = refused(pdf_of("1. A.").replace(b"/Root", encrypt.encode()), "report.pdf")
    assert re.search("a PDF with a password|that needs the package cryptography", reason)  # where it is installed


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (pdf([[], []]), "a PDF without text, as a scanner makes it; run OCR"),
        (pdf([]), "a PDF without pages"),
        (pdf_of("1. A.")[:-300], "an incomplete PDF, its end is missing"),
        (pdf([[(50, 800, 12, "A" * 1_300_000)]]), "page 1 is drawn with more than 5 MB"),
        (b"%PDF-1.7\n", "an incomplete PDF"),
        (b"%PDF-1.7\n%%EOF\n", "a damaged PDF"),
        (pdf_of("1. A.").replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), "PDF"),  # the pages are their own child
        (pdf_of("1. A.").replace(b"/Root 1 0 R", b"/Root 9 0 R").replace(b"/Catalog", b"/Cattle!"), "a damaged PDF"),
    ],
)
def test_an_unusable_pdf_is_refused(refused, raw, words):
    assert words in refused(raw, "report.pdf")


def test_a_pdf_that_can_be_mended_is_read_in_silence(read, caplog, capfd):
    broken = re.sub(rb"startxref\n\d+", b"startxref\n1", pdf_of("1. A."))
    assert read(broken, "report.pdf")[:3:2] == ("1. A.", [])
    assert (caplog.records, *capfd.readouterr()) == ([], "", "")


# ---- Word -----------------------------------------------------------------------------------------------------------

_NAMES = "http://schemas.openxmlformats.org"
_SPACES = f'xmlns:w="{_NAMES}/wordprocessingml/2006/main" xmlns:mc="{_NAMES}/markup-compatibility/2006" xmlns:m="{_NAMES}/officeDocument/2006/math" xmlns:a="{_NAMES}/drawingml/2006/main" xmlns:r="{_NAMES}/officeDocument/2006/relationships" xmlns:v="urn:schemas-microsoft-com:vml"'


def docx(body, prologue="", **parts):
    """A Word file of the XML of its body and of the parts styles, numbering, footnotes, endnotes."""
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in [("document", "document.main"), *((part, part) for part in parts)]
    )
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{_NAMES}/officeDocument/2006/relationships/{name}" Target="{name}.xml"/>'
        for name in parts
    )
    content = {
        "[Content_Types].xml": f'<Types xmlns="{_NAMES}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_NAMES}/package/2006/relationships"><Relationship Id="r" Type="{_NAMES}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_NAMES}/package/2006/relationships">{relations}</Relationships>',
        "word/document.xml": f"{prologue}<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
    } | {f"word/{name}.xml": f"<w:{name} {_SPACES}>{xml}</w:{name}>" for name, xml in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in content.items():
            archive.writestr(name, xml)
    return out.getvalue()


def run(text):
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*content, number=None, level=None, style=None):
    """Text and runs in a paragraph, if need be of a list and a style."""
    runs = "".join(piece if piece.startswith("<") else run(piece) for piece in content)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    level = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
    listed = f'<w:numPr>{level}<w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    return f"<w:p><w:pPr>{styled}{listed}</w:pPr>{runs}</w:p>"


def numbering(*levels, lists="", more=""):
    """A list definition: its levels are (format, text, other XML); list 1 is it, 'lists' are more lists."""
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{xml}<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text, xml) in enumerate(levels)
    )
    first = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>{more}{first}{lists}'


def field(code, result):
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    code = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return mark("begin") + code + mark("separate") + result + mark("end")


def note(kind, number, *paragraphs):
    return f'<w:{kind} w:id="{number}">{"".join(map(paragraph, paragraphs))}</w:{kind}>'


LEVELS = [("decimal", "%1.", ""), ("lowerLetter", "(%2)", ""), ("lowerRoman", "(%3)", "")]


def lines(raw, read):
    return [line for line in read(raw, "report.docx")[0].split("\n") if line]


def test_what_python_docx_writes_is_read(read, tmp_path):
    document = Document()
    document.add_heading("Report", 0)
    document.add_heading("I. Introduction", 1)
    document.add_paragraph("The meeting was opened.", style="List Number")
    document.add_paragraph("A bullet", style="List Bullet")
    document.add_paragraph("It ended.", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, "ABCD", strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    document.sections[0].header.paragraphs[0].text = "A/CONF.1/2"
    document.sections[0].footer.paragraphs[0].text = "V.20-1234"
    document.save(tmp_path / "made.docx")
    text, _, notices, *_ = read_file(tmp_path / "made.docx")
    blocks = ["Report", "I. Introduction", "1. The meeting was opened.", "• A bullet", "2. It ended.", "A\tB\nC D"]
    assert (text.split("\n\n"), notices) == (blocks, [])


def test_levels_of_a_list_are_counted_and_restart(read):
    body = [("A", 0), ("B", 1), ("C", 1), ("D", 2), ("E", 1), ("F", 2), ("G", 0), ("H", 1)]
    raw = docx("".join(paragraph(text, number=1, level=level) for text, level in body), numbering=numbering(*LEVELS))
    assert lines(raw, read) == ["1. A", "(a) B", "(b) C", "(i) D", "(c) E", "(i) F", "2. G", "(a) H"]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([("upperRoman", "%1.", ""), ("decimal", "%1.%2", "")], ["I. A", "I.1 B", "I.2 C"]),
        ([("upperRoman", "%1.", ""), ("decimal", "%1.%2", "<w:isLgl/>")], ["I. A", "1.1 B", "1.2 C"]),
        (
            [("chineseCounting", "%1.", ""), ("upperLetter", "%2.", '<w:suff w:val="nothing"/>')],
            ["一. A", "A.B", "B.C"],
        ),
        ([("none", "", ""), ("bullet", "\uf0b7", "")], ["A", "• B", "• C"]),
        ([("none", "Annex", ""), ("decimalZero", "%2)", "")], ["Annex A", "01) B", "02) C"]),
    ],
)
def test_numbers_are_written_as_word_shows_them(read, levels, expected):
    body = paragraph("A", number=1, level=0) + paragraph("B", number=1, level=1) + paragraph("C", number=1, level=1)
    assert lines(docx(body, numbering=numbering(*levels)), read) == expected


def test_start_restart_and_override(read):
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'.format
    lists = f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{override(7)}</w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    levels = [("decimal", "%1.", ""), ("lowerLetter", "(%2)", '<w:lvlRestart w:val="0"/>')]
    body = [("A", 1, 0), ("B", 1, 1), ("C", 3, 0), ("D", 3, 1), ("E", 2, 0), ("F", 2, 0), ("G", 1, 0)]
    raw = docx(
        "".join(paragraph(text, number=number, level=level) for text, number, level in body),
        numbering=numbering(*levels, lists=lists),
    )
    # list 3 counts on in the same definition, list 2 starts at 7 once, and level 1 never restarts
    assert lines(raw, read) == ["1. A", "(a) B", "2. C", "(b) D", "7. E", "8. F", "9. G"]


def test_a_number_without_a_text_counts_and_is_not_written(read):
    body = paragraph("A", number=1) + paragraph("", number=1) + paragraph("B", number=1) + paragraph(" ", number=1)
    assert lines(docx(body, numbering=numbering(*LEVELS)), read) == ["1. A", "3. B"]


def test_numbers_come_from_styles_and_can_be_switched_off(read):
    styles = (
        '<w:style w:type="paragraph" w:styleId="Para"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heir"><w:basedOn w:val="Para"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Item"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    levels = [LEVELS[0], ("lowerLetter", "(%2)", '<w:pStyle w:val="Item"/>')]
    body = (
        paragraph("A", style="Para")
        + paragraph("B", style="Item")
        + paragraph("C", style="Heir")
        + paragraph("D", style="Para", number=0)
        + paragraph("E", style="Loop")
        + paragraph("F", style="none")
        + paragraph("G", number=8)
    )
    raw = docx(body, styles=styles, numbering=numbering(*levels))
    assert lines(raw, read) == ["1. A", "(a) B", "2. C", "D", "E", "F", "G"]


def test_numbers_come_from_the_default_style(read):
    styles = (
        '<w:style w:type="character" w:default="1" w:styleId="Font"/>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    assert lines(docx(paragraph("A"), styles=styles, numbering=numbering(*LEVELS)), read) == ["1. A"]


def test_numbers_come_from_a_list_style(read):
    styles = (
        '<w:style w:type="numbering" w:styleId="List"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    more = '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="List"/></w:abstractNum>'
    lists = '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    raw = docx(paragraph("A", number=2), styles=styles, numbering=numbering(*LEVELS, more=more, lists=lists))
    assert lines(raw, read) == ["1. A"]


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (26, "lowerLetter", "z"),
        (27, "lowerLetter", "aa"),
        (53, "upperLetter", "AAA"),
        (44, "lowerRoman", "xliv"),
        (1999, "upperRoman", "MCMXCIX"),
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (0, "lowerRoman", "0"),
        (3, "ganada", "3"),
    ],
)
def test_a_number_in_every_style(number, style, text):
    assert format_number(number, style) == text


def test_tracked_changes_are_read_as_accepted(read):
    gone = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
    body = (
        paragraph("A", f"<w:ins>{run('B')}</w:ins>", "<w:del><w:r><w:delText>C</w:delText></w:r></w:del>", number=1)
        + f"<w:p>{gone}<w:del><w:r><w:delText>D</w:delText></w:r></w:del></w:p>"
        + paragraph("E", f"<w:moveFrom>{run('F')}</w:moveFrom>", f"<w:moveTo>{run('G')}</w:moveTo>", number=1)
        + f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('H')}</w:tc></w:tr><w:tr><w:tc>{paragraph('I')}</w:tc></w:tr></w:tbl>"
    )
    assert lines(docx(body, numbering=numbering(*LEVELS)), read) == ["1. AB", "2. EG", "I"]


def test_a_paragraph_whose_mark_is_deleted_runs_on(read):
    stops = '<w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs>'
    body = (
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('A ')}</w:p><w:p><w:pPr>{stops}</w:pPr>{run('B')}</w:p>"
        + f"<w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr>{run('C')}</w:p>{paragraph('D', number=1)}"
    )
    assert lines(docx(body, numbering=numbering(*LEVELS)), read) == ["A B", "1. CD"]


def test_fields_give_their_result_but_tables_of_contents_do_not(read):
    body = (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC \\o</w:instrText><w:fldChar w:fldCharType="separate"/></w:r>', "Introduction", field("PAGEREF _1", run("3")))
        + paragraph("Conclusions", '<w:r><w:fldChar w:fldCharType="end"/></w:r>', number=1)
        + f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{paragraph("Contents")}</w:sdtContent></w:sdt>'
        + f"<w:sdt><w:sdtContent>{paragraph('1. Kept.')}</w:sdtContent></w:sdt>"
        + paragraph("2. See para. ", field("REF _2", run("1")), '<w:fldSimple w:instr=" PAGE ">', run("9"), "</w:fldSimple>", ".")
    )  # fmt: skip
    text_lines = lines(docx(body, numbering=numbering(*LEVELS)), read)
    assert [line for line in text_lines if line] == ["1. Kept.", "2. See para. 1."]


def test_hidden_text_rubies_boxes_and_breaks(read):
    body = (
        paragraph("1. A", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>", '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>B</w:t></w:r>')
        + paragraph("2.", "<w:r><w:tab/><w:t>C</w:t><w:br/><w:t>D</w:t><w:noBreakHyphen/><w:t>E</w:t></w:r>")
        + paragraph("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>")
        + paragraph(f"<w:r><w:ruby><w:rt>{run('yin')}</w:rt><w:rubyBase>{run('音')}</w:rubyBase></w:ruby></w:r>")
        + paragraph("F", f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{paragraph('in a box')}</w:txbxContent></mc:Choice><mc:Fallback><v:pict><w:txbxContent>{paragraph('in a box')}</w:txbxContent></v:pict></mc:Fallback></mc:AlternateContent></w:r>")
    )  # fmt: skip
    assert lines(docx(body), read) == ["1. AB", "2.\tC", "D-E", "x=1", "音", "F", "in a box"]


MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
UNCLOSED = ["fields without an end: 1; the text behind them is kept"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph("A", MARK("begin"), "<w:r><w:instrText>REF _1</w:instrText></w:r>", "B") + paragraph("C"), ["AB", "C"]),
        (paragraph("A", MARK("begin"), "<w:r><w:instrText>TOC</w:instrText></w:r>", MARK("separate"), "B") + paragraph("C"), ["AB", "C"]),
        (paragraph("A", MARK("begin")) + paragraph("B ", field("REF _1", run("1")), " C"), ["A", "B 1 C"]),
        (paragraph(MARK("begin"), "<w:r><w:instrText>TOC</w:instrText></w:r>", MARK("separate"), "Entry", MARK("begin")) + paragraph(MARK("end"), "A"), ["A"]),
    ],
    ids=["code", "result", "before a sound one", "within another"],
)  # fmt: skip
def test_a_field_without_an_end_swallows_nothing(read, body, text):
    assert lines(docx(body), read) == text
    assert read(docx(body)).notices == UNCLOSED


def test_symbols_are_the_letters_that_they_show(read):
    symbol = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'.format
    body = paragraph("1. ", symbol("Symbol", "F061"), symbol("Wingdings", "F0FC"), symbol("Arial", "00E9"))
    assert read(docx(body))[:3:2] == ("1. α✓é", [])
    content = read(docx(paragraph("1. ", symbol("Webdings", "F044"))))
    assert content[:3:2] == ("1. \ufffd", ["characters of symbol fonts that are no letters: 1, read as \ufffd"])


def test_text_of_drawings_is_read_wherever_it_is(read):
    box = f"<w:txbxContent>{paragraph('in a box')}</w:txbxContent>"
    body = (
        paragraph("A", '<w:r><w:pict><v:shape><v:textpath string="WordArt"/></v:shape></w:pict></w:r>')
        + paragraph("B", f"<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>")
        + paragraph("C", f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>")
        + paragraph("D", "<w:r><w:drawing><a:p><a:r><a:t>canvas</a:t></a:r></a:p></w:drawing></w:r>")
    )  # fmt: skip
    assert lines(docx(body), read) == ["AWordArt", "B", "in a box", "C", "in a box", "Dcanvas"]


def test_text_hidden_by_a_style_is_left_out(read):
    hides = "<w:rPr><w:vanish/></w:rPr>"
    styles = (
        f'<w:style w:type="character" w:styleId="Ink">{hides}</w:style>'
        f'<w:style w:type="paragraph" w:styleId="Base">{hides}</w:style>'
        '<w:style w:type="paragraph" w:styleId="Heir"><w:basedOn w:val="Base"/></w:style>'
    )
    body = (
        paragraph("A", '<w:r><w:rPr><w:rStyle w:val="Ink"/></w:rPr><w:t>hidden</w:t></w:r>', "B", number=1)
        + paragraph("hidden", number=1, style="Heir")
        + paragraph("C", number=1)
        + paragraph('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>D</w:t></w:r>', "hidden", number=1, style="Heir")
    )
    assert lines(docx(body, styles=styles, numbering=numbering(*LEVELS)), read) == ["1. AB", "2. C", "3. D"]


def table(*rows):
    """A table of rows of cells, each the XML of its paragraphs."""
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_rows_of_a_table_are_lines_with_tabs(read):
    merged = "<w:tcPr><w:vMerge/></w:tcPr>"
    body = paragraph("The costs:", number=1) + table(
        (paragraph("Item"), paragraph("2024\tnet"), paragraph("in") + paragraph("dollars")),
        (paragraph("Staff", number=1), paragraph("7", number=1), merged + paragraph("x")),
    ) + paragraph("After.", number=1)  # fmt: skip
    text, _, notices, tables, *_ = read(docx(body, numbering=numbering(*LEVELS)))
    assert [text[start:end] for start, end in tables] == ["Item\t2024 net\tin dollars", "2. Staff\t3. 7\t"]
    assert [line for line in text.split("\n") if "\t" not in line and line] == ["1. The costs:", "4. After."]
    assert notices == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (table((paragraph("United Nations"), paragraph("A/80/1"))), ["United Nations", "A/80/1"]),
        (paragraph("A") + table((paragraph("1."), paragraph("The Group met.")), (paragraph("2."), paragraph("It ended."))), ["A", "1. The Group met.", "2. It ended."]),
        (paragraph("A") + table((paragraph("", number=1), paragraph("The Group met."))), ["A", "1. The Group met."]),
        (paragraph("A") + table((paragraph("box"),), (paragraph("more"),)), ["A", "box", "more"]),
        (paragraph("A") + table((paragraph("B" * 1001), paragraph("C"))), ["A", "B" * 1001, "C"]),
    ],
    ids=["masthead", "numbers", "automatic numbers", "one column", "prose"],
)  # fmt: skip
def test_a_table_that_only_lays_out_is_lines(read, body, text):
    raw = docx(body, numbering=numbering(*LEVELS))
    assert (lines(raw, read), read(raw).tables) == (text, [])


def test_a_table_within_one_that_lays_out_is_read_once(read):
    inner = table((paragraph("Item"), paragraph("2024")), (paragraph("Staff"), paragraph("7")))
    text, _, _, tables, *_ = read(docx(paragraph("A") + table((paragraph("1. The costs:") + inner,))))
    assert [text[start:end] for start, end in tables] == ["Item\t2024", "Staff\t7"]
    assert [line for line in text.split("\n") if line] == ["A", "1. The costs:", "Item\t2024", "Staff\t7"]


def test_questions_and_long_answers_in_columns_are_rows(read):
    rows = [(paragraph(f"Question {n}"), paragraph("An answer. " * 120)) for n in range(3)]
    assert len(read(docx(paragraph("A") + table(*rows))).tables) == 3
    assert read(docx(paragraph("A") + table(*rows[:2]))).tables == []  # two texts beside two others


def test_labels_of_a_drawing_are_rows_and_prose_in_a_box_is_text(read):
    boxes = [
        "".join(paragraph(line) for line in lines)
        for lines in (("Chair", "(3 posts)"), ("The Chair keeps", "the lamps lit."))
    ]
    body = paragraph("A", *(f"<w:r><w:txbxContent>{box}</w:txbxContent></w:r>" for box in boxes)) + paragraph("B")
    text, _, _, tables, *_ = read(docx(body))
    assert [line for line in text.split("\n") if line] == [
        "A",
        "Chair\t(3 posts)",
        "The Chair keeps",
        "the lamps lit.",
        "B",
    ]
    assert [text[start:end] for start, end in tables] == ["Chair\t(3 posts)"]


def test_a_label_in_a_cell_marks_no_other_line_as_a_row(read):
    label = f"<w:r><w:txbxContent>{paragraph('Lamp')}</w:txbxContent></w:r>"
    rows = [(paragraph("Item", label), paragraph("2024")), (paragraph("Staff"), paragraph("7"))]
    text, _, _, tables, *_ = read(docx(paragraph("A") + table(*rows)))
    assert [text[start:end] for start, end in tables] == ["Item Lamp\t2024", "Staff\t7"]


def with_parts(raw, **parts):
    """A Word file with further parts, put in by their names as ``document/…``."""
    out, content = io.BytesIO(raw), {}
    with zipfile.ZipFile(out) as archive:
        content = {name: archive.read(name).decode() for name in archive.namelist()}
    relations = ""
    for name, (kind, mode, target, text) in parts.items():
        relations += f'<Relationship Id="{name}" Type="{_NAMES}/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'
        if text is not None:
            content[f"word/{target}"] = text
    content["word/_rels/document.xml.rels"] = content["word/_rels/document.xml.rels"].replace(
        "</Relationships>", relations + "</Relationships>"
    )
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        "</Types>",
        '<Default Extension="html" ContentType="text/html"/><Default Extension="bin" ContentType="application/x"/><Default Extension="xml" ContentType="application/xml"/></Types>',
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_documents_put_in_are_read_or_said(read):
    body = (
        paragraph("A")
        + '<w:altChunk r:id="h"/><w:altChunk r:id="b"/><w:altChunk r:id="x"/><w:subDoc r:id="s"/>'
        + paragraph("B")
    )
    external = ' TargetMode="External"'
    raw = with_parts(
        docx(body),
        h=("aFChunk", "", "chunk.html", "<p>1. put in</p><ol start=2><li>too</ol>"),
        b=("aFChunk", "", "chunk.bin", "{\\rtf1 text}"),
        x=("aFChunk", external, "else.html", None),
        s=("subDocument", external, "part-2.docx", None),
        d=("diagramData", "", "data.xml", "<d><a:t>nine words</a:t></d>"),
    )
    assert lines(raw, read) == ["A", "1. put in", "2. too", "B"]
    assert read(raw).notices == [
        "a document put in, chunk.bin of 12 bytes, is not read; save the file in Word anew",
        "a document put in, else.html, is not in the file; name it beside it",
        "a sub-document, part-2.docx, is not read; name it as a file of its own",
        "a diagram with 10 characters in it is not read",
    ]


def test_a_word_file_with_macros_is_read(read):
    ordinary = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("1. A")))) as archive, zipfile.ZipFile(out, "w") as changed:
        for name in archive.namelist():
            macros = (
                archive.read(name).decode().replace(ordinary, "application/vnd.ms-word.document.macroEnabled.main+xml")
            )
            changed.writestr(name, macros)
    assert ordinary.encode() not in out.getvalue()
    assert read(out.getvalue(), "report.docm").text == "1. A"


def test_notes_stand_below_a_rule_before_the_next_numbered_paragraph(read):
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'.format
    body = (
        paragraph("The meeting ended.", reference(5), " Indeed,", reference(9), number=1)
        + paragraph("continued")
        + paragraph("Nothing.", "<w:del>" + reference(5) + "</w:del>", number=1)
        + paragraph("Annex", '<w:r><w:endnoteReference w:id="5"/></w:r>', '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="7"/><w:t>*</w:t></w:r>', '<w:r><w:footnoteReference w:id="99"/></w:r>')
    )  # fmt: skip
    raw = docx(
        body,
        numbering=numbering(*LEVELS),
        footnotes=note("footnote", 5, " See 甲.", "And 乙.")
        + note("footnote", 7, "* See 丙.")
        + note("footnote", 9, "Ibid."),
        endnotes=note("endnote", 5, "See 丁."),
    )
    rule = "_" * 18
    assert lines(raw, read) == [
        "1. The meeting ended.1 Indeed,2", "continued", rule, "1 See 甲.", "And 乙.", "2 Ibid.",
        "2. Nothing.", "Annex3*", rule, "3 See 丁.", "* See 丙.",
    ]  # fmt: skip


def test_a_reference_in_a_heading_or_a_table_is_the_anchor(tmp_path):
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'.format
    rows = table((paragraph("Item"), paragraph("Sum", reference(8))), (paragraph("Staff 2"), paragraph("7")))
    body = paragraph("Report") + paragraph("I. Costs", reference(7)) + paragraph("1. They grew.") + rows
    notes = note("footnote", 7, run("In 2030.")) + note("footnote", 8, run("In dollars."))
    (tmp_path / "a.docx").write_bytes(docx(body + paragraph("2. Part 2 of it went."), footnotes=notes))
    report = read_report(tmp_path / "a.docx")
    assert list(report.sections["text"]) == ["Report", "I. Costs"]
    assert list(report.units["text"]) == ["1. They grew.", "Item Sum Staff 2 7", "2. Part 2 of it went."]
    anchors = [report.text[:anchor].split()[-1] for anchor in report.footnotes["anchor"]]
    assert (anchors, list(report.footnotes["unit_id"])) == (["Costs", "Sum"], ["", "table-1"])


def test_a_note_does_not_cut_a_list_of_small_roman_numbers(read):
    reference = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    levels = zip(("Lamps:", "Red;", "Oil."), (1, 2, 1), strict=True)
    items = [paragraph(text, *([reference] if text == "Lamps:" else []), number=1, level=at) for text, at in levels]
    raw = docx("".join(items), numbering=numbering(*LEVELS), footnotes=note("footnote", 5, "Not all."))
    assert lines(raw, read) == ["(a) Lamps:1", "(i) Red;", "_" * 18, "1 Not all.", "(b) Oil."]


BOMB = '<!DOCTYPE w [<!ENTITY a "1. A.">' + "".join(
    f'<!ENTITY {outer} "{f"&{inner};" * 30}">' for inner, outer in zip("abcdefg", "bcdefgh", strict=True)
)


def zipped(**content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name.replace("__", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (zipped(report__txt=GOOD), "a zip archive, no Word file"),
        (zipped(**{"content__xml": "<o/>"}), "an OpenDocument file (.odt); open it in Word or LibreOffice"),
        (zipped(**{"xl/workbook__xml": "<o/>"}), "an Excel file"),
        (docx("")[:900], "cannot be read as a Word file"),
        (docx(""), "a Word file without text"),
        (docx("<w:p>"), "cannot be read as a Word file"),
        (docx(run("A" * 12_000_000)), "unpacks to 12 MB"),
        (docx(paragraph(random.Random(1).randbytes(26_000_000).hex())), "unpacks to 52 MB"),
        (docx(paragraph("A"), numbering='<w:num w:numId="1"><w:abstractNumId/></w:num>') .replace(b"word/numbering", b"word/nothing!!"), "cannot be read as a Word file"),
        (docx("<w:p><w:r><w:t>&h;</w:t></w:r></w:p>", BOMB + "]>"), "cannot be read as a Word file"),
    ],
    ids=["zip", "odt", "xlsx", "truncated", "empty", "not XML", "ratio", "size", "missing part", "entities"],
)  # fmt: skip
def test_an_unusable_word_file_is_refused(refused, raw, words):
    assert words in refused(raw, "report.docx")


def test_no_entity_reads_another_file(read, tmp_path):
    (tmp_path / "secret").write_text("secret")
    prologue = f'<!DOCTYPE w [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    assert read(docx(paragraph("1. A", "<w:r><w:t>&s;</w:t></w:r>"), prologue), "report.docx")[0] == "1. A"


# ---- one report in every kind of file -------------------------------------------------------------------------------


def rows_of(report):
    """Headings and units in their order: (label, text behind it, offset of an anchor in it, number and text of its note)."""
    notes = {note.anchor: (note.footnote_id, note.text) for note in report.footnotes.itertuples()}
    for row in sorted([*report.sections.itertuples(), *report.units.itertuples()], key=lambda row: row.start):
        label = re.match(r"(?:\w{1,3}\. |\([a-z]\) )?", row.text)[0]
        first = row.start + len(label)
        anchor = next((at for at in notes if first < at <= row.end), None)
        yield label, report.text[first : row.end], anchor and anchor - first, notes.get(anchor)


def as_docx(report):
    """Numbers are Word's own, notes too."""
    body, footnotes = "", ""
    for label, text, anchor, footnote in rows_of(report):
        level = next(
            n for n, kind in enumerate((r"[一二三四五]", r"[A-Z]", r"\d", r"\(", r"")) if re.match(kind, label)
        )
        number = {} if level == 4 else {"number": 1, "level": level}
        if footnote:
            mark = f'<w:r><w:footnoteReference w:id="{footnote[0]}"/></w:r>'
            body += paragraph(*filter(None, (text[:anchor], mark, text[anchor:])), **number)
            footnotes += note("footnote", footnote[0], f" {footnote[1]}")
        else:
            body += paragraph(text, **number)
    levels = [
        ("chineseCounting", "%1.", ""),
        ("upperLetter", "%2.", ""),
        ("decimal", "%3.", '<w:lvlRestart w:val="0"/>'),
        ("lowerLetter", "(%4)", ""),
    ]
    return docx(body, numbering=numbering(*levels), footnotes=footnotes)


def wrapped(text, width):
    """Lines of about so many characters with their offsets, wrapped beside Han characters and blanks."""
    first = 0
    for at in range(1, len(text)):
        if at - first >= width and (is_wide(text[at]) or text[at - 1] == " "):
            yield first, text[first:at]
            first = at
    yield first, text[first:]


def as_pdf(report, width=30, height=24):
    """Lines are wrapped, anchors are raised, every page has a symbol, drawn last, and its number."""
    pages, page, y = [], [], 760
    for label, text, anchor, footnote in rows_of(report):
        texts = [(label + text, anchor and anchor + len(label))]
        if footnote:
            texts += [("_" * 18, None), (f"{footnote[0]} {footnote[1]}", None)]
        for text, anchor in texts:
            for at, line in wrapped(text, width):
                if y < 100:
                    pages, page, y = [*pages, page], [], 760
                if anchor and at < anchor <= at + len(line):
                    before, after = line[: anchor - at], line[anchor - at :]
                    edge = 60 + sum(12 if is_wide(c) else 6 for c in before)
                    page += [(60, y, 12, before), (edge, y + 5, 7, footnote[0]), (edge + 4, y, 12, after)]
                else:
                    page.append((60, y, 12, line))
                y -= height
    symbol = report.meta["symbol"]
    return pdf(
        [
            [*lines, (60, 40, 9, f"{n}/9 V.31-00417"), (350, 800, 9, symbol)]
            for n, lines in enumerate([*pages, page], start=1)
        ]
    )


KINDS = {
    "report.docx": (as_docx, []),
    "report.pdf": (as_pdf, []),
    "utf16.txt": (lambda report: report.source.encode("utf-16"), ["read as UTF-16"]),
    "gb.txt": (lambda report: report.source.encode("gb18030"), ["read as GB18030"]),
}


@pytest.mark.parametrize("name", KINDS)
def test_one_report_gives_the_same_tables_from_every_kind_of_file(invented, tmp_path, name):
    make, notices = KINDS[name]
    (tmp_path / name).write_bytes(make(invented))
    report = read_report(tmp_path / name)
    assert report.text.split("\n") == invented.text.split("\n")
    for frame in ("sections", "units", "sentences", "footnotes"):
        assert_frame_equal(getattr(report, frame), getattr(invented, frame))
    told = [notice for notice in report.notices if not notice.startswith("set aside as no text")]
    assert told == notices


# ---- the command ----------------------------------------------------------------------------------------------------

HOSTILE = {
    "corrupt.pdf": pdf_of(GOOD * 3, shown=lambda c: chr(0x3400 + ord(c) % 4000)),
    "scanned.pdf": pdf([[]]),
    "encrypted.pdf": encrypted(pdf_of(GOOD), "secret"),
    "truncated.pdf": pdf_of(GOOD)[:900],
    "pageless.pdf": pdf([]),
    "renamed.docx": zipped(report__txt=GOOD),
    "bomb.docx": docx(run("A" * 12_000_000)),
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "windows.txt": ENGLISH.encode("cp1252"),
    "binary.bin": random.Random(2).randbytes(3000),
    "empty.txt": b"",
    "folder": None,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_command_refuses_in_one_line_and_writes_nothing(tmp_path, name):
    if HOSTILE[name] is None:
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(HOSTILE[name])
    result = CliRunner().invoke(cli.app, ["tables", str(tmp_path / name), "--out", str(tmp_path / "out")])
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("egdata: ")
    assert name in line
    assert {file.name for file in tmp_path.iterdir()} == {name}


# ---- damage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report.pdf", "report.docx"])
def test_whatever_is_damaged_is_read_or_refused(invented, tmp_path, name):
    whole, rng, file = KINDS[name][0](invented), random.Random(7), tmp_path / name
    for _ in range(60):
        raw = bytearray(whole)
        for _ in range(rng.choice([1, 3, 30])):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        file.write_bytes(raw[: rng.choice([len(raw), rng.randrange(len(raw))])])
        try:
            said = read_file(file)[0]
        except ReportError as error:
            said = str(error).replace("\n", "\udc0a")  # a line end in it would fail below
        assert said.encode()


def test_examples():
    assert doctest.testmod(egdata.reading.formats).failed == 0
    assert doctest.testmod(egdata.reading.docx).failed == 0
