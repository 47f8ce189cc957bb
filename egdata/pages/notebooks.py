"""Notebooks executed in place, so that a rebuild of the same thing gives the same bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.output import write_file
from egdata.codebook.codebook import CODEBOOK

if TYPE_CHECKING:
    from nbformat import NotebookNode

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


def execute_notebook(notebook: Path, codebook: str | Path | None = None) -> None:
    """Execute a notebook in place.

    Parameters
    ----------
    notebook : Path
    codebook : path, optional
        The codebook that the notebook reads where it names none.

    Raises
    ------
    EgdataError
        If what executes it is not installed, or a cell fails; the notebook is then left as it was.
    """
    write_file(notebook, _executed(notebook, codebook))


def _executed(path: Path, codebook: str | Path | None) -> bytes:
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError as error:
        raise EgdataError(f"notebooks need {error.name}: python -m pip install 'egdata[notebooks]'") from None
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError, AttributeError) as error:
        raise EgdataError(f"{path.name}: not a notebook: {str(error).splitlines()[0]}") from None
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        coalesce_streams=True,  # how output is cut into messages differs from run to run
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no warning of how it talks to us
    )
    try:
        client.execute(env=_environment(codebook))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        reason = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
        raise EgdataError(f"{path.name}: {reason}") from None
    return (nbformat.writes(normalise(notebook)).rstrip("\n") + "\n").encode()


def _environment(codebook: str | Path | None) -> dict[str, str]:
    """Ours, without what makes outputs differ. A kernel under Agg shows no charts."""
    inherited = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    codebook = codebook or os.environ.get(CODEBOOK)
    named = {CODEBOOK: str(Path(codebook).resolve())} if codebook else {}  # for it runs in another folder
    return inherited | named | {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONUTF8": "1"}


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Take out of a notebook what differs between runs and machines and says nothing to a reader."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat_minor = 5  # the first with cell ids
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:02d}"
        kept = {name: cell.metadata[name] for name in ("tags",) if name in cell.metadata}
        cell.metadata = kept
    return notebook
