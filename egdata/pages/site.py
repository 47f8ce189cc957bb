"""Notebooks, figures, tables and reader as a website that loads nothing from outside: it opens from a memory stick."""

from __future__ import annotations

import functools
import inspect
import json
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from egdata.base.errors import EgdataError
from egdata.base.output import is_empty, write_files
from egdata.coding.coding import Coding
from egdata.pages.fonts import han_font
from egdata.pages.notebooks import normalise
from egdata.pages.reader import reader_page
from egdata.pages.templates import STYLE_FILE, asset, template
from egdata.reading.report import read_report
from egdata.tables.files import PACKAGE_FILE
from egdata.tables.schema import SCHEMA, TEXT_FILE, data_dictionary

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from nbformat import NotebookNode

MANIFEST = "site.json"  # what egdata wrote; only that is ever replaced or deleted
READER_FILE = "reader.html"
#: Words that load something from outside where they stand in a style sheet or an attribute.
OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|url\(\s*['\"]?(?!data:|#)|@import", re.I)
HAN, LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]")
LONG = 60  # Latin letters; a cell with more text gets a least width


class _Page(NamedTuple):
    source: str  # path in the project, to which its links are relative
    name: str  # file of the site
    title: str
    soup: BeautifulSoup


def write_site(folder: str | Path, root: str | Path, coding: Coding | None = None) -> list[Path]:
    """Write the executed notebooks, the figures and the tables of a checkout, and the reader, as a website.

    Parameters
    ----------
    folder : path
        Made if it does not exist. One that is not empty must be an earlier site: of that, only the files that egdata
        wrote are replaced or deleted, and others are left alone.
    root : path
        The checkout, with ``notebooks``, ``figures`` and ``data/tables``.
    coding : Coding, optional
        That of the reader; else the rules' of the bundled report.

    Returns
    -------
    list of Path
        What was written. The same notebooks, figures and tables give the same bytes.

    Raises
    ------
    EgdataError
        If something is missing, a notebook is not executed, a link leads nowhere, a page would load something from
        outside, or the folder is not egdata's to write to. What stood in the folder before is then whole.

    Notes
    -----
    Pages have no scripts, so a formula is shown as it was typed and a widget is refused. Only the reader of the bundled
    report has one, which its own policy keeps from loading anything.
    """
    root, folder = Path(root), Path(folder)
    pages = [*_notebooks(root), _gallery(root), _tables(root)]
    downloads = _downloads(root)
    names = {page.source: page.name for page in pages} | {source: name for source, name, _ in downloads}
    for page in pages:
        _link(page, names)
        _check_inside(page)
    _check_anchors(pages)
    shared = {"pages": pages, "style_file": STYLE_FILE, "reader_file": READER_FILE}
    files, layout = {}, template("site.html")
    for back, page, on in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        body = str(page.soup).strip()
        files[page.name] = layout.render(page=page, body=body, back=back, on=on, **shared).encode()
    files |= {name: content for _, name, content in downloads}
    files[READER_FILE] = (reader_page(coding) if coding else _reader_of_rules()).encode()
    font = han_font("".join(page.soup.get_text() for page in pages))
    files[STYLE_FILE] = font + asset(STYLE_FILE).encode()
    return _write(folder, files)


# ---- pages -------------------------------------------------------------------------------------------------------


def _notebooks(root: Path) -> list[_Page]:
    """The notebooks as pages, the index first."""
    paths = sorted((root / "notebooks").glob("*.ipynb"), key=lambda path: (path.stem != "index", path.name))
    if not paths or paths[0].stem != "index":
        raise EgdataError(f"{root / 'notebooks' / 'index.ipynb'}: missing; the site begins with it")
    return [_page(f"notebooks/{path.name}", f"{path.stem}.html", _body(path)) for path in paths]


def _body(path: Path) -> str:
    try:
        import nbformat
        from nbconvert import HTMLExporter
    except ImportError as error:
        raise EgdataError(f"the site needs {error.name}: python -m pip install 'egdata[notebooks]'") from None
    try:
        notebook = normalise(nbformat.read(path, as_version=4))
    except (ValueError, nbformat.ValidationError, AttributeError) as error:
        raise EgdataError(f"{path}: not a notebook: {str(error).splitlines()[0]}") from None
    _check_executed(path, notebook)
    _describe(notebook)
    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    return exporter.from_notebook_node(notebook)[0]


def _check_executed(path: Path, notebook: NotebookNode) -> None:
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count is None:
            raise EgdataError(f"{path}: cell {number} is not executed: run `egdata notebooks`")
        if any(output.output_type == "error" for output in cell.outputs):
            raise EgdataError(f"{path}: cell {number} ends in an error: mend it and run `egdata notebooks`")


def _describe(notebook: NotebookNode) -> None:
    """Give every chart the alternative text that it has not: what its function draws, and where its numbers stand."""
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = ([heading, *re.findall(r"^#+ (.+)$", cell.source, re.M)])[-1]
        for output in cell.get("outputs", ()):
            for kind in output.get("data", {}):
                if kind.startswith("image/"):
                    output.metadata.setdefault(kind, {}).setdefault("alt", _alternative(cell.source, heading))


def _alternative(code: str, heading: str) -> str:
    import egdata

    drawn = heading
    if call := re.search(r"\beg\.(plot_\w+)\(", code):
        drawn = inspect.getdoc(getattr(egdata, call[1])).splitlines()[0].removeprefix("Draw ").rstrip(".")
    labels = " with Chinese labels" if re.search(r"lang=['\"]zh", code) else ""
    return f"Chart{labels}: {drawn}. Its numbers stand in the table above it."


def _gallery(root: Path) -> _Page:
    """The figures with their captions; SVG, which stays sharp, in place of PNG."""
    page = _page("figures/README.md", "figures.html", _markdown(_read(root / "figures" / "README.md").decode()))
    for image in page.soup.find_all("img"):
        image["src"] = re.sub(r"\.png$", ".svg", image["src"])
    return page


TABLES = """# Tables

What egdata finds in the report, as CSV files in the folder `tables` beside this page. They are in UTF-8, which Excel
needs to be told. With them stand the [text that the positions refer to](data/tables/{text}) and a
[data package](data/tables/{package}) that describes every column for programs (Frictionless).

## Columns

{dictionary}
"""


def _tables(root: Path) -> _Page:
    dictionary = data_dictionary()
    for name in SCHEMA:
        size = len(_read(root / "data" / "tables" / f"{name}.csv")) / 1000
        heading = f"### `{name}`\n"
        download = f"[{name}.csv](data/tables/{name}.csv) ({size:.1f} kB)\n"
        dictionary = dictionary.replace(heading, f"{heading}\n{download}", 1)
    text = TABLES.format(text=TEXT_FILE, package=PACKAGE_FILE, dictionary=dictionary)
    return _page("tables.md", "tables.html", _markdown(text))


def _downloads(root: Path) -> list[tuple[str, str, bytes]]:
    """Path in the project, path on the site, and content of what is copied."""
    figures = sorted(path.name for kind in ("svg", "png") for path in (root / "figures").glob(f"*.{kind}"))
    tables = [TEXT_FILE, PACKAGE_FILE, *(f"{name}.csv" for name in SCHEMA)]
    files = {"figures": figures, "data/tables": tables}
    return [
        (f"{where}/{name}", f"{posixpath.basename(where)}/{name}", _read(root / where / name))
        for where, names in files.items()
        for name in names
    ]


@functools.cache
def _reader_of_rules() -> str:
    return reader_page(read_report())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise EgdataError(f"{path}: missing; run `egdata build`") from None


def _markdown(text: str) -> str:
    from nbconvert.filters import markdown2html

    return markdown2html(text)


def _page(source: str, name: str, body: str) -> _Page:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(body, "html.parser")
    first = soup.find("h1")
    if first is None:
        raise EgdataError(f"{source}: has no heading of level 1 to be the title of its page")
    for anchor in soup.find_all("a", class_="anchor-link"):  # a pilcrow on every heading is no help to a listener
        anchor.attrs |= {"aria-hidden": "true", "tabindex": "-1"}
    for style in soup.find_all("style", scoped=True):  # of pandas, the same in every table
        style.decompose()
    for table in soup.find_all("table"):
        table.attrs = {}
    for wide in soup.find_all(["table", "img"]):
        wide.wrap(soup.new_tag("span" if wide.name == "img" else "div", attrs={"class": "scroll"}))
    for row in soup.find_all("tr", style=True):
        del row["style"]
    for block in soup.find_all(["td", "th", "p", "li"]):
        text = block.get_text()
        n_han = len(HAN.findall(text))
        if n_han > len(LATIN.findall(text)):
            block["lang"] = "zh-Hans"
        if block.name == "td" and len(text) + n_han > LONG:
            block["class"] = "long"
    for table in soup.find_all("table"):
        if table.find("td", class_="long"):
            _label_cells(table)
    return _Page(source, name, first.get_text().removesuffix("¶"), soup)


def _label_cells(table: Tag) -> None:
    """Tell each cell the name of its column, which stands beside it on a narrow screen: there a row is a card."""
    header = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.select("thead tr")]
    names = [next(filter(str.strip, cells), "") for cells in zip(*header, strict=False)]  # of an index in a second row
    for row in table.select("tbody tr"):
        cells = row.find_all(["th", "td"])
        for name, cell in zip(names[-len(cells) :], cells, strict=False):  # on the left, a cell may span rows
            cell["data-label"] = name
    table["class"] = "cards"


# ---- links and what is loaded --------------------------------------------------------------------------------------


def _link(page: _Page, names: dict[str, str]) -> None:
    """Turn links between files of the project into links between files of the site."""
    links = [(tag, "href") for tag in page.soup.find_all("a", href=True)]
    for tag, attribute in [*links, *((tag, "src") for tag in page.soup.find_all("img", src=True))]:
        address = tag[attribute]
        if re.match(r"(?:https?|mailto|data):|//|#", address):
            continue
        path, mark, fragment = address.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), unquote(path)))
        if target not in names:
            raise EgdataError(f"{page.source}: link to {address!r}, which is no part of the site")
        tag[attribute] = names[target] + mark + fragment


def _check_inside(page: _Page) -> None:
    """Nothing is loaded from outside, and no script runs. A reader may follow a link of the text."""
    for tag in page.soup.find_all(True):
        if tag.name in ("script", "iframe", "link", "object", "embed"):
            raise EgdataError(f"{page.source}: has a <{tag.name}>, and pages of the site run and load nothing")
        values = [str(value) for name, value in tag.attrs.items() if (tag.name, name) != ("a", "href")]
        for value in [*values, *([tag.get_text()] if tag.name == "style" else [])]:
            if OUTSIDE.search(value):
                raise EgdataError(f"{page.source}: <{tag.name}> would load {value[:60]!r} from outside the site")


def _check_anchors(pages: list[_Page]) -> None:
    anchors = {page.name: {tag["id"] for tag in page.soup.find_all(id=True)} for page in pages}
    for page in pages:
        for tag in page.soup.find_all("a", href=True):
            name, mark, fragment = tag["href"].partition("#")
            name = name or page.name
            if mark and name in anchors and unquote(fragment) not in anchors[name]:
                raise EgdataError(f"{page.source}: link to {tag['href']!r}, but there is no such place on that page")


# ---- files -----------------------------------------------------------------------------------------------------------


def _write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write the files and delete those of an earlier site that are no part of this one."""
    earlier = _earlier(folder)
    for name in files:
        if name not in earlier and (folder / name).exists():
            raise EgdataError(f"{folder / name}: exists and egdata did not write it; move it away")
    manifest = json.dumps({"generator": "egdata", "files": [MANIFEST, *files]}, indent=2) + "\n"
    # The manifest first, so that a broken run can be taken up again.
    write_files(folder, {MANIFEST: manifest.encode(), **files})
    for name in earlier - {MANIFEST, *files}:
        (folder / name).unlink(missing_ok=True)
    return [folder / name for name in (MANIFEST, *files)]


def _earlier(folder: Path) -> set[str]:
    """Files of the site that stands in the folder; none if it is empty or not there."""
    if not folder.exists() or (folder.is_dir() and is_empty(folder)):
        return set()
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        names = set(manifest["files"]) if manifest["generator"] == "egdata" else None
    except (OSError, ValueError, KeyError, TypeError):
        names = None
    if names is None:
        raise EgdataError(f"{folder}: neither empty nor a site that egdata wrote; choose another folder")
    if strange := sorted(name for name in names if not (folder / name).resolve().is_relative_to(folder.resolve())):
        raise EgdataError(
            f"{folder / MANIFEST}: lists {strange[0]!r}, which is not in the folder; choose another folder"
        )
    return names
