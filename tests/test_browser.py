"""The notebooks as a reader sees them: opened and run in JupyterLab, in the browser of the system."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pandas as pd
import pytest
from conftest import browser_path

import egdata as eg
from egdata.base.paths import data_path

pytestmark = pytest.mark.browser

FOLDER = data_path().parent / "notebooks"
NOTEBOOKS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.ipynb"))}
THEMES = ("JupyterLab Light", "JupyterLab Dark")
WAIT = 240  # seconds; long, for a machine that does other things too
TOKEN = "reader"
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is drawn, not only those in sight
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},  # no question over the page
}
NOTEBOOK = "jupyterapp.shell.currentWidget"
IDLE = f"{NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'"
#: WCAG's contrast of each text with what is behind it; the browser itself lays colour over colour, on a canvas.
CONTRASTS = """selector => {
  const brush = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const luminance = colour => {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...brush.getImageData(0, 0, 1, 1).data].map(value => value / 255)
      .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll(selector)].map(element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(getComputedStyle(e).backgroundColor);
    const behind = ["white", ...layers].map(luminance).at(-1);
    const text = luminance(getComputedStyle(element).color);
    return (Math.max(behind, text) + 0.05) / (Math.min(behind, text) + 0.05);
  });
}"""


@pytest.fixture(scope="module")
def browser(chromium):
    """One context, so that its cache serves all tests."""
    return chromium.new_context(viewport={"width": 1200, "height": 1000})


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory):
    """Address of a JupyterLab of its own, with copies of the notebooks, one that shows quotes, and an index to an empty one."""
    home = tmp_path_factory.mktemp("jupyter")
    shutil.copytree(FOLDER, home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    write_notebook(home / "notebooks" / "quotes.ipynb", quotes_cell())
    for name, paragraphs in REVIEWED.items():
        write_notebook(home / "notebooks" / f"{name}.ipynb", *review_cells(name, paragraphs))
    write_notebook(home / "notebooks" / "explored.ipynb", explored_cell())
    write_notebook(home / "notebooks" / "empty" / "05_trust.ipynb")
    shutil.copy(FOLDER / "index.ipynb", home / "notebooks" / "empty")
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    folders = {
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    }
    environment = os.environ | {name: str(home / name) for name in folders}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "PYTHONUTF8": "1"}
    environment.pop("MPLBACKEND", None)  # under Agg a kernel shows no charts
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    command += ["--port=0", f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={home / 'notebooks'}"]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield address(process, home)
    finally:
        process.terminate()  # and with it the kernels
        process.wait(WAIT)


def address(process, home):
    """Where the server answers, from the file that it writes once it does."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        for file in home.glob("JUPYTER_RUNTIME_DIR/jpserver-*.json"):
            if (text := file.read_text(encoding="utf-8")).rstrip().endswith("}"):
                return json.loads(text)["url"]
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab does not start:\n{(home / 'log').read_text()}")


def quotes_cell():
    """A cell with saved quotes, each set against others, as it comes from somebody else: not trusted."""
    code = "import egdata as eg\neg.show(eg.find_contrasts(eg.read_report()).head(3))"
    html = eg.show(eg.find_contrasts(eg.read_report()).head(3))._repr_html_()
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/html": html}}
    cell = {"cell_type": "code", "id": "cell-01", "metadata": {}, "source": code, "execution_count": 1}
    return cell | {"outputs": [output]}


SUPPORTED = "Some speakers supported a new convention on cybercrime."
#: Name of a notebook → paragraphs of the report that is corrected in it.
REVIEWED = {"review": [SUPPORTED, "Many speakers opposed a new convention."], "forty": [SUPPORTED] * 42}


def review_cells(name, paragraphs):
    """Cells that show the reader as a widget, and what the coding then is."""
    text = "\\n".join(f"{number}. {paragraph}" for number, paragraph in enumerate(paragraphs, start=1))
    sheet = f"{name}.csv"
    codes = [
        f'import egdata as eg\ncoding = eg.code(eg.parse_report("{text}", "en"))\neg.review(coding, "{sheet}")',
        f"print(*coding.positions['stance'], len(coding.corrections), len(open('{sheet}').readlines()))",
    ]
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    return [cell | {"id": f"cell-0{number}", "source": code} for number, code in enumerate(codes)]


def explored_cell():
    """A cell with the saved table that a reader may choose rows of."""
    frame = 'pd.DataFrame({"issue": ["a", "a", "b"], "quote": ["one", "two", "three"]})'
    code = f'import pandas as pd\nimport egdata as eg\neg.explored({frame}, "issue")'
    html = eg.wrapped(pd.DataFrame({"quote": ["as saved"]}))._repr_html_()
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/html": html}}
    cell = {"cell_type": "code", "id": "cell-01", "metadata": {}, "source": code, "execution_count": 1}
    return cell | {"outputs": [output]}


def write_notebook(file, *cells):
    file.parent.mkdir(exist_ok=True)
    notebook = NOTEBOOKS["index.ipynb"] | {"cells": cells}
    file.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def page(browser, server):
    """A page that must be left without an error in the browser's console; the kernels end with it."""
    page = browser.new_page()
    page.set_default_timeout(WAIT * 1000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    seen = errors.copy()  # ending kernels is none of the notebooks' business
    page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
    page.close()
    assert seen == []


def open_notebook(page, server, name):
    page.goto(f"{server}lab/tree/{name}?reset&token={TOKEN}")
    page.wait_for_function(f"window.jupyterapp?.shell.currentWidget?.context?.isReady && {IDLE}")


def run_all(page):
    """Clear what is saved, run every cell, and return the notebook as it then stands."""
    page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.wait_for_function("!document.querySelector('.jp-OutputArea-output')")
    run = "jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.hasRun = true })"
    page.evaluate(f"() => {{ {run} }}")  # not waited for here: only a wait of the page has a time limit
    page.wait_for_function(f"window.hasRun && {IDLE}")
    return page.evaluate(f"{NOTEBOOK}.context.model.toJSON()")


def outputs(notebook):
    return [output for cell in notebook["cells"] if cell["cell_type"] == "code" for output in cell["outputs"]]


def count_images(notebook):
    return sum("image/png" in output.get("data", ()) for output in outputs(notebook))


def shown_images(page):
    """Widths of the images in the outputs; 0 for one that is broken or not to be seen."""
    return page.evaluate(
        """Promise.all([...document.querySelectorAll(".jp-OutputArea-output img")].map(image =>
             image.decode().then(() => image.checkVisibility() ? image.naturalWidth : 0, () => 0)))"""
    )


def change_theme(page, theme):
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)


# ---- the notebooks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_shows_its_saved_images(page, server, name):
    open_notebook(page, server, name)
    assert_images_shown(page, count_images(NOTEBOOKS[name]))


# nbval and a fresh build run all of them
@pytest.mark.parametrize("name", ["00_report.ipynb", "04_actor_instrument_network.ipynb"])
def test_a_notebook_that_is_run_anew_shows_its_images_and_no_error(page, server, name):
    open_notebook(page, server, name)
    notebook = run_all(page)
    assert {output["output_type"] for output in outputs(notebook)} <= {"execute_result", "display_data"}, notebook
    assert page.locator("[data-mime-type*=stderr], [data-mime-type*=error]").count() == 0
    counts = [cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert_images_shown(page, count_images(NOTEBOOKS[name]))


def assert_images_shown(page, n_images):
    widths = shown_images(page)
    assert len(widths) == n_images
    assert all(widths)


def test_a_link_of_the_index_opens_another_notebook(page, server):
    """``test_notebooks.py`` follows every link; here one is clicked."""
    open_notebook(page, server, "empty/index.ipynb")
    name = "05_trust.ipynb"
    page.locator(f".jp-RenderedMarkdown a[href*='{name}']:visible").first.click()
    page.wait_for_function(f"{NOTEBOOK}.context?.path === 'empty/{name}' && {NOTEBOOK}.context.isReady")


# ---- quotes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trusted", [False, True])
def test_quotes_are_readable_in_both_themes(page, server, trusted):
    open_notebook(page, server, "quotes.ipynb")
    if trusted:
        run_all(page)
    # JupyterLab takes the style out of what it does not trust
    assert page.locator(".egdata-quotes style").count() == trusted
    assert page.locator(".egdata-quotes mark strong:visible").count() == 3
    for theme in THEMES:
        change_theme(page, theme)
        contrasts = page.evaluate(CONTRASTS, ".egdata-quotes :is(figcaption, cite, blockquote, strong)")
        assert len(contrasts) == 3 * (2 + 2 + 2 + 1)
        assert min(contrasts) >= 4.5, theme  # WCAG 2, level AA


# ---- the reader as a widget ---------------------------------------------------------------------------------------


def test_what_is_corrected_in_the_widget_reaches_the_coding(page, server):
    open_notebook(page, server, "review.ipynb")
    run_cell(page, 0)
    page.locator(".statement[data-statement='0']").click()
    page.locator("[data-field=row-0]").click()  # is drawn anew
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("x")  # in JupyterLab, cut the cell
    url = page.url
    page.locator("#codes").get_by_role("link").click()  # in JupyterLab, to another address
    assert page.url == url
    page.get_by_text("2 of 2").first.wait_for()
    wait_to_be_told(page, "conditional 2 3")
    assert page.evaluate(f"{NOTEBOOK}.content.widgets.length") == 2
    run_cell(page, 0)  # goes on with the sheet
    page.locator(".statement[data-statement='1'] .sign.changed").wait_for()


def test_forty_corrections_in_the_widget_are_there_when_the_notebook_is_opened_again(page, server):
    open_notebook(page, server, "forty.ipynb")
    run_cell(page, 0)
    page.locator(".statement[data-statement='0']").click()
    for number in range(40):
        page.keyboard.press(str(number % 3 + 2))
        page.keyboard.press("Enter")
    page.get_by_text("40 of 42").first.wait_for()
    stances = [("conditional", "neutral", "against")[number % 3] for number in range(40)]
    wait_to_be_told(page, f"{' '.join(stances)} for for 42 43")
    open_notebook(page, server, "forty.ipynb")
    run_cell(page, 0)
    page.get_by_text("40 of 42").first.wait_for()


def wait_to_be_told(page, words):
    """Run the second cell until it says this: an edit is sent when the kernel has answered the one before."""
    told = page.locator(".jp-OutputArea-output", has_text=words)
    for _ in range(WAIT):
        run_cell(page, 1)
        page.wait_for_timeout(1000)
        page.locator(".jp-InputPrompt", has_text="*").first.wait_for(state="hidden")  # else further runs would queue
        if told.count():
            break
    assert told.count() == 1


def test_rows_of_a_table_are_chosen(page, server):
    open_notebook(page, server, "explored.ipynb")
    cells = page.locator(".jp-OutputArea-output td")
    assert cells.all_text_contents() == ["as saved"]
    run_cell(page, 0)
    page.get_by_text("3 of 3 rows").wait_for()
    choice = page.locator(".jp-OutputArea-output select")
    assert choice.input_value() == "all"
    choice.select_option("b")
    page.get_by_text("1 of 3 rows").wait_for()
    assert cells.all_text_contents() == ["b", "three"]


def run_cell(page, number):
    page.locator(".jp-CodeCell .cm-content").nth(number).click()
    page.keyboard.press("Control+Enter")


# ---- without a browser ---------------------------------------------------------------------------------------


def test_without_a_browser_a_server_fails_and_a_desk_skips(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="install chromium"):
        browser_path()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="install chromium"):
        browser_path()
