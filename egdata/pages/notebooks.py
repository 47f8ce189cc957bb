"""Notebooks executed in place, so that a rebuild of the same thing gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.output import write_file
from egdata.codebook.codebook import CODEBOOK
from egdata.pages.display import LIVE

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED = "injected-parameters"  # papermill's tag
TIMEOUT = 600  # seconds that one cell may take


def find_notebooks(folder: Path) -> list[Path]:
    """The notebooks of a folder, in the order of their names.

    Raises
    ------
    EgdataError
        If there is none.
    """
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise EgdataError(f"{folder}: no notebook there")
    return notebooks


def execute_notebook(notebook: Path, codebook: str | Path | None = None, corrections: str | Path | None = None) -> None:
    """Execute a notebook in place.

    Parameters
    ----------
    notebook : Path
    codebook : path, optional
        The codebook that the notebook reads where it names none.
    corrections : path, optional
        The coding sheet that is its parameter ``corrections``. The notebook is saved without the parameter, since the
        sheet may be anywhere; its charts say that there were corrections.

    Raises
    ------
    EgdataError
        If what executes it is not installed, or a cell fails; the notebook is then left as it was.
    """
    given = {"corrections": str(Path(corrections).resolve())} if corrections else {}
    executed = _executed(notebook, _parameterized(_read(notebook), given), notebook.parent, codebook)
    if given:
        executed.cells = [cell for cell in executed.cells if INJECTED not in cell.metadata["tags"]]
    write_file(notebook, _bytes(executed))


def run_notebook(
    notebook: Path, target: Path, parameters: Mapping[str, str], codebook: str | None = None, note: str = ""
) -> None:
    """Execute a copy of a notebook for another report, and save it with its parameters, so that one goes on from there.

    Parameters
    ----------
    notebook, target : Path
        The notebook, and where its copy goes; it is executed in the folder of the copy.
    parameters : mapping of str to str
        ``report``, ``lang``, ``corrections``; paths lead on from the folder of the copy.
    codebook : str, optional
        Path of the codebook, likewise.
    note : str
        Markdown to stand at the top.

    Raises
    ------
    EgdataError
        As :func:`execute_notebook`; nothing is written then.
    """
    copy = _parameterized(_read(notebook), parameters)
    from nbformat.v4 import new_code_cell, new_markdown_cell

    if codebook:
        source = f'import os\n\nos.environ["{CODEBOOK}"] = {codebook!r}'
        copy.cells.insert(0, new_code_cell(source, metadata={"tags": [INJECTED]}))
    copy.cells[:0] = [new_markdown_cell(note)] if note else []
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, _bytes(_executed(notebook, copy, target.parent, None)))


def _read(path: Path) -> NotebookNode:
    try:
        import nbclient  # noqa: F401 -- it executes them
        import nbformat
        import papermill  # noqa: F401 -- it sets their parameters
    except ImportError as error:
        raise EgdataError(f"notebooks need {error.name}: python -m pip install 'egdata[notebooks]'") from None
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError, AttributeError) as error:
        raise EgdataError(f"{path.name}: not a notebook: {str(error).splitlines()[0]}") from None


def _parameterized(notebook: NotebookNode, parameters: Mapping[str, str]) -> NotebookNode:
    """The notebook with a cell that sets the parameters, behind the one that is tagged with them."""
    if not parameters:
        return notebook
    from papermill.parameterize import parameterize_notebook

    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill takes every cell for tagged
    return parameterize_notebook(notebook, dict(parameters), kernel_name="python3", language="python")


def _executed(path: Path, notebook: NotebookNode, folder: Path, codebook: str | Path | None) -> NotebookNode:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        coalesce_streams=True,  # how output is cut into messages differs from run to run
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no warning of how it talks to us
    )
    try:
        client.execute(env=_environment(codebook))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        reason = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
        raise EgdataError(f"{path.name}: {reason}") from None
    return notebook


def _bytes(notebook: NotebookNode) -> bytes:
    import nbformat

    return (nbformat.writes(normalise(notebook)).rstrip("\n") + "\n").encode()


def _environment(codebook: str | Path | None) -> dict[str, str]:
    """Ours, without what makes outputs differ. A kernel under Agg shows no charts."""
    inherited = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    codebook = codebook or os.environ.get(CODEBOOK)
    named = {CODEBOOK: str(Path(codebook).resolve())} if codebook else {}  # for it runs in another folder
    return inherited | named | {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONUTF8": "1"}


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Take out of a notebook what differs between runs and machines and says nothing to a reader, as widgets do."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat_minor = 5  # the first with cell ids
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:02d}"
        tags = cell.metadata.get("tags")
        cell.metadata = {"tags": tags} if tags else {}
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(LIVE, None)
    return notebook
