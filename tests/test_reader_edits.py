"""The reader as an editor: corrected by keyboard and mouse, kept, saved as a sheet, opened again, in two windows."""

from __future__ import annotations

import io
import json
import zipfile

import pandas as pd
import pytest
from openpyxl import load_workbook
from pandas.testing import assert_frame_equal
from playwright.sync_api import expect

import egdata as eg
from egdata.base.errors import EgdataError
from egdata.coding.scoring import read_sheet
from egdata.coding.sheet import sheet_bytes
from egdata.pages.reader import write_reader
from egdata.reading.report import parse_report

pytestmark = pytest.mark.browser

#: Some speakers supported a new convention, others opposed it; then the group's mandate; then nothing of the kind.
TEXT = """1. Some speakers supported a new convention on cybercrime, while other speakers opposed a new convention.
2. Many speakers supported a new convention on cybercrime.
3. One speaker noted that training was useful.
4. The secretariat thanked all speakers.
"""
HOSTILE = """1. Some speakers supported a new convention <script>window.ran = 1</script> on cybercrime.
2. <img src=x onerror="window.ran = 2"> Many speakers opposed a new convention </textarea><b onclick="ran()">.
"""
FRAMES = ("statements", "positions", "mentions", "themes")


def code(report, **options):
    """By the rules alone, to which no position is surer than another."""
    return eg.code(report, eg.read_codebook().without_weights(), **options)


@pytest.fixture(scope="module")
def report():
    return parse_report(TEXT, "en")


@pytest.fixture(scope="module")
def coding(report):
    return code(report)


class Desk:
    """A browser with nothing in it, and the pages that a person opens there."""

    def __init__(self, context, folder):
        self.context, self.folder, self.said = context, folder, []

    def write(self, source, name="reader.html", **options):
        write_reader(code(source) if isinstance(source, eg.Report) else source, self.folder / name, **options)
        return self.open(name)

    def open(self, name="reader.html"):
        page = self.context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith(("file:", "data:", "blob:")) or self.said.append(request.url),
        )
        page.goto((self.folder / name).as_uri())
        return page

    def saved(self, page, name="sheet.csv"):
        with page.expect_download() as download:
            page.keyboard.press("S" if name.endswith(".xlsx") else "s")
        download.value.save_as(self.folder / name)
        return self.folder / name


@pytest.fixture
def desk(chromium, tmp_path):
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    desk = Desk(context, tmp_path)
    yield desk
    context.close()
    assert desk.said == []


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def choose(page, field, text):
    """Choose in a field by its key and the first letters, and go back to the text."""
    page.keyboard.press(field)
    page.keyboard.type(text)
    press(page, "Escape")


def go_to(page, entry):
    page.locator(f"#queue [data-entry='{entry}']").click()


def decided(page):
    return page.locator("#n-decided").inner_text()


def kept(page):
    """What the browser keeps: sentence → whether its rows are decided."""
    stored = page.evaluate("Object.entries(localStorage)")
    return {key.rpartition(":")[2]: [row["decided"] for row in json.loads(value)["rows"]] for key, value in stored}


def same_tables(left, right):
    for name in FRAMES:
        assert_frame_equal(getattr(left, name), getattr(right, name), check_like=True)


def n_by_person(coding):
    return sum((getattr(coding, name)["coded_by"] == "person").sum() for name in FRAMES)


# ---- keys, undo, what is kept ---------------------------------------------------------------------------------------


def test_forty_corrections_by_keyboard_are_kept_and_saved(desk):
    report = parse_report(
        "\n".join(f"{n}. Some speakers supported a new convention on cybercrime." for n in range(1, 43)), "en"
    )
    page = desk.write(report)
    for number in range(40):
        press(page, "j" if number == 0 else "Enter", str(number % 3 + 2))  # what stays 'for' is no correction
    press(page, "Enter")
    assert decided(page) == "40 of 42"
    queue, current = (page.locator(f"#queue{part}").bounding_box() for part in ("", " [aria-current]"))
    assert queue["y"] <= current["y"] < queue["y"] + queue["height"]
    page.close()
    page = desk.open()
    assert decided(page) == "40 of 42"
    corrected = code(report, corrections=desk.saved(page))
    stances = ["conditional", "neutral", "against"]
    assert list(corrected.positions["stance"]) == [stances[number % 3] for number in range(40)] + ["for", "for"]
    assert (corrected.positions["coded_by"] == "person").sum() == 40


ADDED = """() => {
  window.added = 0;
  new MutationObserver((records) => records.forEach((record) => { window.added += record.addedNodes.length; }))
    .observe(document.getElementById("reader"), { childList: true, subtree: true });
}"""


def test_a_step_draws_as_little_of_a_long_report_as_of_a_short_one(desk):
    """By what is drawn, which is the same on every machine; ``make bench`` says how long it takes on this one."""
    drawn = {}
    for n in (10, 200):
        text = "\n".join(
            f"{number}. Some speakers supported a new convention on cybercrime." for number in range(1, n + 1)
        )
        page = desk.write(parse_report(text, "en"), f"{n}.html")
        page.evaluate(ADDED)
        drawn[n] = []
        for key in ("j", "2", "Enter", "x", "u", "k"):
            press(page, key)
            drawn[n].append(page.evaluate("[window.added, window.added = 0][0]"))
    assert drawn[10] == drawn[200]
    assert min(drawn[10]) > 0


def test_undo_to_the_start_leaves_no_correction(desk, report, coding):
    page = desk.write(report)
    assert decided(page) == "0 of 5"
    press(page, "j", "2", "Enter", "x", "Enter")
    choose(page, "h", "sev")
    assert decided(page) == "3 of 5"
    shown = page.locator("#matrix").inner_text()
    for _ in range(9):
        press(page, "u")
    assert decided(page) == "0 of 5"
    assert kept(page) == {}
    assert page.locator("#undo").is_disabled()
    corrected = code(report, corrections=desk.saved(page))
    same_tables(corrected, coding)
    for _ in range(9):
        press(page, "Shift+U")
    assert page.locator("#matrix").inner_text() == shown


def test_a_saved_sheet_gives_the_same_tables_as_changes_by_hand(desk, report, coding):
    page = desk.write(report)
    go_to(page, "1#1|1")  # other speakers opposed
    press(page, "2")
    choose(page, "h", "several")
    go_to(page, "2#1|0")
    choose(page, "i", "Budapest")
    choose(page, "m", "may")
    page.keyboard.press("e")
    page.keyboard.type("Budapest\n")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.type("capacity\n")
    press(page, "Escape")
    go_to(page, "3#1|0")
    press(page, "+", "Home")
    page.keyboard.press("Control+a")
    press(page, "Shift+Enter")  # another holder
    page.keyboard.type("named")
    press(page, "Escape", "1")  # the stance asks for its issue
    page.keyboard.type("Expert")
    press(page, "Escape")
    go_to(page, "1#1|0")
    press(page, "x")
    by_hand = eg.coding_sheet(coding)
    by_hand.loc[by_hand["sid"].eq("1#1") & by_hand["stance"].eq("against"), ["holder", "stance"]] = [
        "several",
        "conditional",
    ]
    by_hand.loc[by_hand["sid"].eq("1#1") & by_hand["stance"].eq("for"), ["issue", "stance"]] = ""
    second = by_hand["sid"].eq("2#1")
    by_hand.loc[second, "issue"] = "budapest-standard"
    by_hand.loc[second, "modality"] = "may"
    by_hand.loc[second, "instruments"] += ";budapest"
    by_hand.loc[second, "themes"] += ";capacity-building"
    third = by_hand[by_hand["sid"].eq("3#1")]
    added = {
        "holder": "named",
        "issue": "expert-group-mandate",
        "stance": "for",
        "statement": "",
        "quote": third["text"].iloc[0],
    }
    by_hand.loc[len(by_hand)] = {**third.iloc[0], **added}
    same_tables(code(report, corrections=desk.saved(page)), code(report, corrections=by_hand))
    assert n_by_person(code(report, corrections=by_hand)) >= 6


def test_what_was_taken_away_comes_back(desk, report):
    page = desk.write(report)
    go_to(page, "1#1|1")
    press(page, "x")
    assert page.locator("#codes .rows [aria-current]").inner_text().startswith("others · no position")
    assert code(report, corrections=desk.saved(page)).n_decided == 1
    press(page, "x")
    assert page.locator("#codes .warn").inner_text() == "Taken away."
    press(page, "x")
    assert "against" in page.locator("#codes .rows [aria-current]").inner_text()
    press(page, "3")
    go_to(page, "2#1|0")
    press(page, "u")  # shows what it gives back
    assert "against" in page.locator("#codes .rows [aria-current]").inner_text()


def test_words_marked_in_the_text_become_a_position(desk, report):
    page = desk.write(report)
    box = page.locator(".statement[data-statement='2']").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2, steps=4)
    expect(page.locator("#mark")).to_be_enabled()
    page.mouse.up()
    words = page.evaluate("getSelection().toString().trim()")
    page.locator("#mark").click()
    page.get_by_role("button", name="Add to this holder").click()
    page.locator("[data-field=issue]").select_option("expert-group-mandate")
    page.locator("[data-field=stance-against]").click()
    assert page.locator("#codes blockquote").first.inner_text() == words
    assert page.locator(".statement[data-statement='2'] .sign.changed").is_visible()  # the other position is open
    positions = code(report, corrections=desk.saved(page)).positions
    added = positions[positions["issue_id"] == "expert-group-mandate"].squeeze()
    assert (added["quote"], added["stance"], added["holder"]) == (words, "against", "many")
    assert report.text[added["start"] : added["end"]] == words
    statements = page.locator(".statement")
    statements.nth(2).drag_to(statements.nth(3), source_position={"x": 60, "y": 9}, target_position={"x": 60, "y": 9})
    press(page, "+")  # as far as they are of one sentence
    words = page.evaluate("getSelection().toString()")
    assert words.endswith("on cybercrime.")
    assert not words.startswith("Many")
    statements.nth(3).click()
    press(page, "+")  # others than those that were marked before
    assert page.evaluate("getSelection().toString()") == "One speaker noted that training was useful."


def test_a_slow_click_out_of_a_field_is_heard(desk, report):
    """What the button was pressed on is still there when it is released, though the field that is left has changed."""
    page = desk.write(report)
    slow = {"delay": 150}
    go_to(page, "3#1|0")
    page.locator("[data-field=issue]").focus()
    page.keyboard.type("Expert Group")
    page.locator("[data-field=stance-against]").click(**slow)
    page.locator("input[data-field=themes]").fill("sovereignty")
    page.locator("button[data-field=themes]").click(**slow)  # another theme is taken away
    page.locator("[data-field=note]").fill("a doubt")
    page.locator("#queue [data-entry='2#1|0']").click(**slow)
    assert page.locator("#codes blockquote").first.inner_text() == "supported a new convention on cybercrime"
    row = read_sheet(desk.saved(page)).set_index("sid").loc["3#1"]  # says so above all else, which moves down
    codes = ["issue", "stance", "themes", "note"]
    assert row[codes].tolist() == ["expert-group-mandate", "against", "sovereignty-jurisdiction", "a doubt"]
    page.locator("input[data-field=themes]").fill("no such theme")
    page.locator("[data-field=stance-neutral]").click(**slow)
    page.get_by_text("no code of the codebook: “no such theme”").wait_for()
    assert page.locator("[data-field=stance-neutral]").get_attribute("aria-pressed") == "true"
    page.locator("#switch").click(**slow)
    page.get_by_text("编码手册中没有此代码").wait_for()  # the same in Chinese
    page.locator("[data-field=note]").fill("again")
    page.locator("#mark").click(**slow)
    expect(page.locator("#adding textarea")).to_be_focused()
    page.locator("#help").hover()
    page.mouse.down(button="right")  # a menu may hear that it is released
    press(page, "4")
    assert page.locator("[data-field=stance-against]").get_attribute("aria-pressed") == "true"


def focused(page):
    return page.evaluate("document.activeElement.dataset.field ?? document.activeElement.id")


def test_the_focus_arrives_where_a_person_goes(desk, report):
    page = desk.write(report)
    go_to(page, "1#1|0")
    page.locator("[data-field=holder]").focus()
    page.keyboard.type("named")
    press(page, "Tab")
    assert focused(page) == "actor"
    page.keyboard.type("Norway; Chad")
    press(page, "Tab")
    assert focused(page) == "issue"
    page.locator("input[data-field=instruments]").click()
    page.keyboard.type("salvador")
    page.locator("input[data-field=themes]").click(delay=100)
    page.keyboard.type("aware")
    expect(page.locator("input[data-field=themes]")).to_have_value("aware")
    press(page, "Tab")
    page.keyboard.type("a doubt")
    press(page, "Shift+Tab")
    assert focused(page) == "themes"
    page.keyboard.type("capacity")
    press(page, "Escape")  # takes back what is half written
    page.locator("[data-field=row-1]").press("Enter")
    assert focused(page) == "row-1"
    page.locator("[data-field=note]").fill("half a note")
    page.reload()
    row = read_sheet(desk.saved(page)).set_index("statement")
    cells = ["actor", "instruments", "themes", "note"]
    themes = "existing-instruments;treaty-making;awareness-education"
    assert row.loc["1#1/s1", cells].tolist() == ["nor;tcd", "new-convention;salvador-declaration", themes, "a doubt"]
    assert row.loc["1#1/s2", "note"] == "half a note"
    press(page, "A", "u")
    for button in ("#redo", "#undo"):
        page.locator(button).click()
        assert focused(page) == "evidence"  # they have no more to do


def test_keys_after_a_choice_by_mouse_do_not_choose_again(desk, report):
    page = desk.write(report)
    go_to(page, "2#1|0")
    holder = page.locator("[data-field=holder]")
    holder.dispatch_event("pointerdown")  # a list of the system opens
    holder.focus()
    holder.select_option("one")
    press(page, "2", "u", "u")
    assert kept(page) == {}
    page.locator("button[data-field=themes]").first.click()
    press(page, "u")
    assert kept(page) == {}
    page.locator("[data-field=stance-against]").click()
    press(page, "Enter", "Enter")
    assert kept(page) == {"2#1": [True], "3#1": [True]}


def test_an_actor_is_named(desk, report):
    page = desk.write(report)
    go_to(page, "3#1|0")
    choose(page, "h", "named")
    for name in ("Norw", "Somebody new"):
        page.keyboard.press("a")
        page.keyboard.type(f"{name}\n")
        press(page, "Escape")
    actors = code(report, corrections=desk.saved(page)).actors
    named = actors[actors["statement_id"] == "3#1/s1"]
    assert named[["actor_id", "node_type", "name_en"]].values.tolist() == [
        ["nor", "state", "Norway"],
        ["Somebody new", "named", "Somebody new"],
    ]


def test_half_a_position_is_none(desk, report, coding):
    page = desk.write(report)
    go_to(page, "3#1|0")
    press(page, "1", "Escape")
    assert "needs an issue" in page.locator("#codes .warn").inner_text()
    assert page.locator("[data-facet=stance] li").first.inner_text().split() == ["for", "2"]
    go_to(page, "2#1|0")
    press(page, "+", "Enter", "Escape")
    assert "needs an issue" in page.locator("#codes .warn").inner_text()
    sheet = desk.saved(page)
    assert len(read_sheet(sheet)) == 5
    same_tables(code(report, corrections=sheet), coding)
    press(page, "x")  # the sentence stays chosen
    assert page.locator("#codes .rows [aria-current]").inner_text().startswith("many · New UN convention: for")


def test_a_holder_is_that_of_all_positions_of_a_statement(desk):
    text = "1. The representative of Norway supported a new convention on cybercrime and opposed the Budapest Convention.\n"
    report = parse_report(text, "en")
    page = desk.write(report)
    assert page.locator("[data-facet=actor] li").count() == 1
    press(page, "j")
    choose(page, "h", "some")
    assert decided(page) == "2 of 2"
    assert page.locator("[data-facet=actor] li").count() == 0
    sheet = desk.saved(page)
    assert "named" not in set(code(report, corrections=sheet).actors["node_type"])
    assert "nor" not in set(code(report, corrections=sheet).actors["actor_id"])
    page.locator("#file").set_input_files(sheet)
    assert decided(page) == "2 of 2"


# ---- sheets ---------------------------------------------------------------------------------------------------------


def test_a_sheet_goes_on_where_one_stopped(desk, chromium, tmp_path, report):
    page = desk.write(report)
    press(page, "j", "2", "Enter", "Enter")
    page.keyboard.press("c")
    page.keyboard.type('see "note 3"; ask\n')
    press(page, "Escape")
    sheet = desk.saved(page)
    other = Desk(chromium.new_context(offline=True), tmp_path)  # another browser
    again = other.open()
    assert decided(again) == "0 of 5"
    again.locator("#file").set_input_files(sheet)
    again.get_by_text("Opened the sheet").wait_for()
    assert decided(again) == decided(page) == "2 of 5"
    assert other.saved(again, "again.csv").read_text() == sheet.read_text()
    again.keyboard.press("u")
    assert decided(again) == "0 of 5"
    other.context.close()
    assert other.said == []


def test_a_sheet_can_be_dropped_on_the_page(desk, report, coding):
    page = desk.write(report)
    sheet = (
        eg.coding_sheet(coding)
        .assign(stance=lambda frame: frame["stance"].replace("for", "neutral"))
        .to_csv(index=False)
    )
    page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "dropped.csv"));
          document.querySelector("article").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }""",
        sheet,
    )
    page.get_by_text("Opened the sheet").wait_for()
    assert decided(page) == "2 of 5"


def test_a_workbook_that_the_page_saves_holds_the_sheet_with_lists_of_codes(desk, report, coding):
    page = desk.write(report)
    press(page, "j", "2", "Enter", "x")
    page.keyboard.press("c")
    page.keyboard.type('=1+1 <b>&amp; "a";\n')
    press(page, "Escape")
    file = desk.saved(page, "sheet.xlsx")
    assert_frame_equal(read_sheet(file), read_sheet(desk.saved(page)))
    assert desk.saved(page, "again.xlsx").read_bytes() == file.read_bytes()
    workbook = load_workbook(file)
    assert [(sheet.title, sheet.sheet_state, sheet.freeze_panes) for sheet in workbook] == [
        ("coding", "visible", "B2"),
        ("codes", "visible", "B2"),
        ("written", "hidden", "B2"),
    ]
    cells = workbook["coding"]
    columns = {cell.value: cell.column_letter for cell in cells[1]}
    assert {cell.data_type for cell in cells[columns["note"]]} == {"s"}
    assert all(cell.alignment.wrap_text for cell in cells[2])
    offered = {
        str(choice.sqref)[0]: [
            code for (code,) in workbook["codes"].iter_rows(*rows_of(choice), 2, 2, values_only=True)
        ]
        for choice in cells.data_validations.dataValidation
    }
    assert offered[columns["stance"]] == list(coding.codebook.codes("stances"))
    assert set(offered[columns["themes"]]) == set(coding.codebook.codes("themes"))
    before = decided(page)
    for _ in range(9):
        press(page, "u")
    page.locator("#file").set_input_files(file)
    page.get_by_text("Opened the sheet").wait_for()
    assert decided(page) == before == "2 of 5"
    assert desk.saved(page, "again.xlsx").read_bytes() == file.read_bytes()


def rows_of(choice):
    """First and last row of the codes that a cell offers, from ``codes!$B$2:$B$11``."""
    return [int(part.rpartition("$")[2]) for part in choice.formula1.split(":")]


def test_a_workbook_is_opened_as_python_reads_it(desk, report, coding):
    page = desk.write(report)
    file = desk.folder / "mine.xlsx"
    file.write_bytes(sheet_bytes(eg.coding_sheet(coding), file, coding.codebook))
    workbook = load_workbook(file)
    cells = workbook["coding"]
    columns = {cell.value: cell.column_letter for cell in cells[1]}
    row = next(cell.row for cell in cells["A"] if cell.value == "2#1")
    cells[f"{columns['stance']}{row - 1}"] = "neutral"
    cells.delete_rows(row)  # the only one of its sentence
    workbook.save(file)
    page.locator("#file").set_input_files(file)
    page.get_by_text("Opened the sheet").wait_for()
    assert decided(page) == "2 of 5"
    read = code(report, corrections=file)
    same_tables(code(report, corrections=desk.saved(page)), read)
    assert list(read.positions["stance"]) == ["for", "neutral"]
    page.evaluate("localStorage.clear()")
    assert decided(desk.write(read, "made.html")) == "2 of 5"  # made with the workbook
    cells[f"{columns['stance']}{row - 1}"] = "pro"
    cells.insert_rows(2)  # blank ones count
    workbook.save(file)
    page.locator("#file").set_input_files(file)
    page.get_by_text(f"no code of the codebook: row {row}, column stance: “pro”").wait_for()


def test_a_workbook_that_cannot_be_read_is_named(desk, report):
    page = desk.write(report)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("xl/workbook.xml", "<no xml")
    for content in (b"PK\x03\x04", empty.getvalue()):
        (desk.folder / "mine.xlsx").write_bytes(content)
        press(page, "j", "Enter", "u")  # says nothing any more
        page.locator("#file").set_input_files(desk.folder / "mine.xlsx")
        page.get_by_text("This workbook cannot be read").wait_for()


def test_a_sheet_that_is_saved_as_it_is_changes_nothing_when_opened(desk):
    text = (
        "1. The representative of Norway noted a study on cybercrime and also welcomed a report.\n"  # one of two verbs
    )
    page = desk.write(parse_report(text, "en"))
    page.locator("#file").set_input_files(desk.saved(page))
    page.get_by_text("Opened the sheet").wait_for()
    assert decided(page).startswith("0 of")


@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_sheets_of_spreadsheets_are_opened(desk, report, coding, sep):
    page = desk.write(report)
    sheet = eg.coding_sheet(coding).drop(columns=["statement", "quote"])[["stance", "issue", "holder", "sid", "text"]]
    sheet.loc[sheet["sid"].eq("2#1"), "stance"] = "neutral"
    sheet.to_csv(desk.folder / "mine.csv", sep=sep, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    page.locator("#file").set_input_files(desk.folder / "mine.csv")
    page.get_by_text("Opened the sheet").wait_for()
    assert decided(page) == "1 of 5"
    same_tables(code(report, corrections=desk.saved(page)), code(report, corrections=sheet))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sid": "9#9"}, "The report has no such sentence: row 2, column sid: “9#9”"),
        ({"stance": "<b>pro</b>"}, "This is no code of the codebook: row 2, column stance: “<b>pro</b>”"),
        ({"stance": ""}, "This cell needs a value: row 2, column stance"),
        ({"holder": ""}, "This cell needs a value: row 2, column holder"),
        ({"statement": "2#1/s1"}, "The sentence has no such statement: row 2, column statement: “2#1/s1”"),
        (
            {"modality": "must"},
            "This differs from another row on the same sentence or statement: row 3, column modality: “recommend”",
        ),
    ],
)
def test_what_does_not_fit_names_row_and_column(desk, report, coding, change, message):
    page = desk.write(report)
    sheet = eg.coding_sheet(coding)
    sheet.loc[0, list(change)] = list(change.values())
    sheet.to_csv(desk.folder / "wrong.csv", index=False)
    page.locator("#file").set_input_files(desk.folder / "wrong.csv")
    assert page.locator("#message:not(:empty)").inner_text() == message
    assert decided(page) == "0 of 5"
    with pytest.raises(EgdataError):
        code(report, corrections=desk.folder / "wrong.csv")


def test_of_a_sheet_of_several_reports_the_own_rows_are_opened(desk, report, coding):
    page = desk.write(report)
    sheet = eg.coding_sheet(coding).assign(stance=lambda frame: frame["stance"].replace("for", "neutral"))
    other = sheet.assign(holder="nobody")
    file = desk.folder / "several.xlsx"
    several = pd.concat([other.assign(report_id="other"), sheet.assign(report_id="report")]).iloc[::-1]
    several.insert(0, "report_id", several.pop("report_id"))
    file.write_bytes(sheet_bytes(several, file, coding.codebook))
    page.locator("#file").set_input_files(file)
    page.get_by_text("Opened the sheet").wait_for()
    assert decided(page) == "2 of 5"
    several[several["report_id"].eq("other")].to_csv(desk.folder / "other.csv", index=False)
    page.locator("#file").set_input_files(desk.folder / "other.csv")
    page.get_by_text("This sheet is about other reports: row 2, column report_id: “other”").wait_for()


def test_a_sheet_in_another_encoding_is_refused(desk, report, coding):
    page = desk.write(report)
    eg.coding_sheet(coding).assign(note="备注").to_csv(
        desk.folder / "gbk.csv", index=False, encoding="gb18030"
    )  # 'note'
    page.locator("#file").set_input_files(desk.folder / "gbk.csv")
    page.get_by_text("This is not UTF-8 text").wait_for()


def test_the_page_of_a_corrected_coding_opens_with_its_corrections(desk, report, coding):
    sheet = eg.coding_sheet(coding)
    sheet.loc[sheet["sid"].eq("2#1"), "stance"] = "neutral"
    corrected = code(report, corrections=sheet)
    page = desk.write(corrected)
    assert decided(page) == "1 of 5"
    assert page.locator("footer").inner_text().endswith("A person decided 1 code.")
    assert page.locator("[data-cell='new-convention|neutral|many']").is_visible()
    same_tables(code(report, corrections=desk.saved(page)), corrected)


def test_corrections_kept_in_the_browser_are_not_replaced_silently(desk, report, coding):
    press(desk.write(report), "j", "2")
    sheet = eg.coding_sheet(coding)
    sheet.loc[sheet["sid"].eq("2#1"), "stance"] = "neutral"
    page = desk.write(code(report, corrections=sheet))
    assert "keeps corrections that differ" in page.locator("#message").inner_text()
    assert page.locator("[data-cell='new-convention|conditional|some']").is_visible()
    page.get_by_role("button", name="Take the sheet").click()
    assert page.locator("[data-cell='new-convention|neutral|many']").is_visible()
    press(page, "u")
    assert page.locator("[data-cell='new-convention|conditional|some']").is_visible()


FILE = """window.disk = ""; window.showSaveFilePicker = async () => ({
  name: "chosen.csv", getFile: async () => new Blob([window.disk]),
  createWritable: async () => ({ close: async () => {},
    write: async (bytes) => { window.disk = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes); } }) });"""


def test_a_sheet_is_saved_to_a_file_unless_something_else_has_written_to_it(desk, report):
    desk.context.add_init_script(FILE)
    page = desk.write(report)
    press(page, "j", "2")
    page.locator("#save").click()
    page.get_by_text("Saved to chosen.csv").wait_for()
    press(page, "3")
    page.locator("#save").click()
    page.get_by_text("Saved to chosen.csv").wait_for()
    assert "neutral" in page.evaluate("window.disk")
    page.evaluate("window.disk += 'somebody else'")
    page.locator("#save").click()
    page.get_by_text("Something else has written").wait_for()
    assert page.evaluate("window.disk.endsWith('somebody else')")
    page.get_by_role("button", name="save over it").click()
    page.get_by_text("Saved to chosen.csv").wait_for()
    assert "somebody else" not in page.evaluate("window.disk")


# ---- two windows ----------------------------------------------------------------------------------------------------


def test_two_windows_do_not_lose_each_others_work(desk, report):
    first = desk.write(report)
    second = desk.open()
    go_to(first, "1#1|0")
    press(first, "2")
    expect(second.locator("#n-decided")).to_have_text("1 of 5")
    go_to(second, "2#1|0")
    press(second, "3")
    expect(first.locator("#n-decided")).to_have_text("2 of 5")
    press(first, "u")  # its own work, not the other's
    assert kept(first) == {"2#1": [True]}
    expect(second.locator("#n-decided")).to_have_text("1 of 5")  # the other window has heard of it
    stances = code(report, corrections=desk.saved(second)).positions["stance"]
    assert list(stances) == ["for", "against", "neutral"]


def test_a_window_that_heard_nothing_looks_before_it_writes(desk, report):
    first = desk.write(report)
    second = desk.open()
    second.evaluate("addEventListener('storage', (event) => event.stopImmediatePropagation(), true)")
    deaf = desk.context.new_page()
    deaf.add_init_script(
        "window.addEventListener = new Proxy(window.addEventListener, { apply: (add, it, [name, ...rest]) =>"
        " ['storage', 'focus'].includes(name) || Reflect.apply(add, it, [name, ...rest]) });"
    )
    deaf.goto((desk.folder / "reader.html").as_uri())
    go_to(first, "1#1|0")
    press(first, "2")
    assert decided(deaf) == "0 of 5"
    go_to(deaf, "1#1|1")  # the same sentence
    press(deaf, "3")
    assert "Another window changed the same sentence too" in deaf.locator("#message").inner_text()
    stances = code(report, corrections=desk.saved(deaf)).positions["stance"]
    assert list(stances) == ["conditional", "neutral", "for"]


def test_what_does_not_belong_in_the_store_is_passed_over(desk, report):
    page = desk.write(report)
    press(page, "j", "2")
    spoilt = page.evaluate(
        """() => {
          const [name] = Object.keys(localStorage);
          const junk = ["no JSON", "null", "{}", '{"rows": 1}', '{"rows": [{}]}'];
          junk.forEach((text, number) => localStorage.setItem(name.replace("1#1", `${number + 1}#1`), text));
          return junk.length;
        }"""
    )
    assert spoilt == 5
    assert decided(desk.open()) == "0 of 5"


# ---- queue, filters, other coders -----------------------------------------------------------------------------------


def order(page):
    return [
        entry.partition("|")[0]
        for entry in page.evaluate(
            "[...document.querySelectorAll('#queue button')].map((button) => button.dataset.entry)"
        )
    ]


def test_the_queue_puts_first_what_is_worth_a_look(desk):
    text = "\n".join(
        [
            "1. The secretariat thanked all speakers.",
            "2. One speaker supported the extension of the mandate of the Expert Group beyond 2021.",
            "3. Some speakers supported a new convention on cybercrime.",
            "4. Many speakers opposed a new convention on cybercrime.",
            "5. One speaker supported a new convention on cybercrime.",
        ]
    )
    report = parse_report(text, "en")
    by_rules = code(report)  # none surer than another
    assert order(desk.write(by_rules)) == ["3#1", "4#1", "5#1", "2#1", "1#1"]  # contested, positions, the rest

    def doubter(statements, codebook):
        rows = [("3#1/s1", "for", "sure"), ("4#1/s1", "against", "check"), ("5#1/s1", "for", "likely")]
        quote = "a new convention on cybercrime"
        return [
            {"statement_id": name, "issue": "new-convention", "stance": stance, "quote": quote, "certainty": certainty}
            for name, stance, certainty in rows
        ]

    doubting = code(report, coder=doubter)
    assert order(desk.write(doubting, "doubting.html")) == ["4#1", "5#1", "1#1", "2#1", "3#1"]
    second = eg.with_second_opinion(by_rules, doubting)
    assert list(second.positions["second_opinion"]) == ["differs", "agrees", "agrees", "agrees"]
    page = desk.write(second, "second.html")
    assert order(page) == ["2#1", "3#1", "4#1", "5#1", "1#1"]
    page.locator("#sort").select_option("stance")
    assert order(page)[-2:] == ["4#1", "1#1"]
    page.locator("details.facet:has([data-facet=opinion]) > summary").click()
    page.locator("[data-facet=opinion] input[value=differs]").check()  # hide where all agree
    assert order(page) == ["2#1"]


def test_all_that_the_filter_shows_is_accepted_in_one_step(desk, report):
    page = desk.write(report)
    page.locator("[data-facet=issue] input[value=new-convention]").check()
    page.locator("#accept-all").click()
    assert decided(page) == "3 of 5"
    assert page.locator(".statement .sign.right").count() == 3
    press(page, "u")
    assert decided(page) == "0 of 5"


def test_filters_other_coders_and_all_that_is_shown_are_reached_by_a_key(desk, report, coding):
    sheet = eg.coding_sheet(coding)
    sheet.loc[sheet["sid"].eq("2#1"), "stance"] = "against"
    page = desk.write(coding, others={"mine": code(report, corrections=sheet)})
    press(page, "f")
    page.locator("[data-facet=opinion] input[value=differs]:focus").wait_for()
    press(page, "Space")  # hide where all agree
    assert order(page) == ["2#1"]
    press(page, "j", "d", "Tab", "Tab", "Enter")  # my side for the whole issue, which others agree on but for this
    assert decided(page) == "3 of 5"
    press(page, "f", "Space")
    for _ in range(3):  # from what is left to ask for
        press(page, "Tab")
    press(page, "Enter", "Tab", "Space")  # where the final coding differs from what the rules say
    assert order(page) == ["2#1"]
    press(page, "Space", "A")
    assert decided(page) == "5 of 5"
    press(page, "u")
    assert decided(page) == "3 of 5"


def test_what_is_decided_leaves_a_filter_of_what_is_not(desk, report):
    page = desk.write(report)
    page.locator("details.facet:has([data-facet=decided]) > summary").click()
    page.locator("[data-facet=decided] input[value=open]").check()
    press(page, "j", "Enter", "Enter", "j", "Enter")
    assert order(page) == ["2#1", "4#1"]
    assert kept(page) == {"1#1": [True, True], "3#1": [True]}


def test_the_side_of_another_coder_is_taken_for_a_whole_issue(desk, report, coding):
    def contrary(statements, codebook):
        rows = [("1#1/s1", "against"), ("1#1/s2", "against"), ("3#1/s1", "for")]
        quotes = dict(zip(statements["statement_id"], statements["text"], strict=True))
        return [
            {"statement_id": name, "issue": "new-convention", "stance": stance, "quote": quotes[name]}
            for name, stance in rows
        ]

    other = code(report, coder=contrary)
    page = desk.write(coding, others={"contrary": other})
    assert order(page)[:3] == ["1#1", "2#1", "3#1"]  # where they differ
    press(page, "j")
    page.get_by_role("button", name="Take this coder’s side on the whole issue").click()
    corrected = code(report, corrections=desk.saved(page))
    assert list(corrected.positions["stance"]) == list(other.positions["stance"]) == ["against", "against", "for"]
    page.locator("details.facet:has([data-facet=differs]) > summary").click()
    page.locator("[data-facet=differs] input[value=rules]").check()  # where the rules were not followed
    assert sorted(order(page)) == ["1#1", "2#1", "3#1"]
    press(page, "u")
    same_tables(code(report, corrections=desk.saved(page)), coding)


def test_another_language_version_stands_beside_and_its_side_is_taken(desk):
    zh = "1. 一些发言者支持拟订一项新公约，其他发言者感谢秘书处。\n2. 会上指出，培训很重要。"  # some supported, others thanked
    both = "Some speakers supported elaborating a new convention, while other speakers opposed elaborating one."
    en = f"1. {both}\n2. It was noted that a new convention was not needed.\n"
    coding = code(parse_report(zh, "zh"))
    page = desk.write(coding, others={"English version": code(parse_report(en, "en"))})
    assert order(page) == ["1#1", "2#1", "1#1"]  # where they differ, with a position or without
    press(page, "j", "d", "Tab")
    assert "opposed" in page.locator(".opinions").inner_text()
    press(page, "Enter")
    positions = code(coding.report, corrections=desk.saved(page)).positions
    assert positions[["statement_id", "stance", "coded_by"]].values.tolist() == [
        ["1#1/s1", "for", "rules"],
        ["1#1/s2", "against", "person"],
    ]
    assert all(quote in zh for quote in positions["quote"])


def test_codings_of_two_texts_are_refused(report, tmp_path):
    other = code(parse_report("1. The meeting ended.", "en"))
    with pytest.raises(EgdataError, match="two texts"):
        write_reader(report, tmp_path / "reader.html", others={"other": other})


# ---- hostile text, barriers -----------------------------------------------------------------------------------------


def test_hostile_text_runs_nothing(desk, tmp_path):
    import shutil

    from egdata.base.paths import data_path

    folder = tmp_path / "codebook"
    shutil.copytree(data_path("codebook"), folder)
    issues = (folder / "issues.csv").read_text(encoding="utf-8")
    label = '"<img src=x onerror=""window.ran = 3"">"'
    (folder / "issues.csv").write_text(issues.replace("New UN convention", label, 1), encoding="utf-8")
    report = parse_report(HOSTILE, "en")
    book = eg.read_codebook(folder)
    page = desk.write(eg.code(report, book), "<img src=x onerror=alert(1)>.html")
    sheet = eg.coding_sheet(report, book).assign(note="<script>window.ran = 4</script>", decided="right")
    name = "<img src=x onerror='window.ran = 5'>.csv"
    sheet.to_csv(desk.folder / name, index=False)
    page.locator("#file").set_input_files(desk.folder / name)
    page.get_by_text("Opened the sheet").wait_for()
    press(page, "j", "j", "+", "Enter", "Escape", "2", "Escape", "?", "Escape")
    page.locator("#switch").click()
    workbook = desk.folder / "<b>.xlsx"
    workbook.write_bytes(sheet_bytes(sheet, workbook, book))
    page.locator("#file").set_input_files(workbook)
    page.get_by_text("编码表取代了").wait_for()  # the sheet took the place of what was kept
    assert set(read_sheet(desk.saved(page, "hostile.xlsx"))["note"]) == {"<script>window.ran = 4</script>"}
    page.locator("#switch").click()
    sheet.assign(stance="<img src=x onerror='window.ran = 6'>", issue="").to_csv(desk.folder / name, index=False)
    page.locator("#file").set_input_files(desk.folder / name)
    expect(page.locator("#message")).to_contain_text("<img")
    assert page.evaluate("window.ran") is None
    assert page.locator("img, #reader script, b").count() == 0
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.evaluate("[...document.fonts].every((font) => font.status !== 'error')")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(chromium, tmp_path, coding, width, lang):
    from axe_playwright_python.sync_playwright import Axe

    write_reader(coding, tmp_path / "reader.html", lang, others={"twin": coding})
    context = chromium.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "reader.html").as_uri())
    for keys in (["j"], ["2", "x", "Enter"], ["+"], ["Escape", "h"], ["Escape", "?"]):
        press(page, *keys)
        violations = Axe().run(page).response["violations"]
        assert [(violation["id"], violation["nodes"][0]["html"]) for violation in violations] == [], keys
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
