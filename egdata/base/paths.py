"""Where the data files are, in a checkout and in an installed package."""

from pathlib import Path

from egdata.base.errors import EgdataError

PACKAGE = Path(__file__).resolve().parent.parent


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder below ``data/``.

    An installed package carries ``data/codebook`` and ``data/reports`` inside itself; a checkout has
    all of ``data/`` beside the package.

    Parameters
    ----------
    *parts : str
        Names below ``data/``, such as ``"reports", "reports.csv"``. None gives ``data/`` itself.

    Returns
    -------
    pathlib.Path
        An absolute path. Only ``data/`` is checked: the file named may still have to be written.

    Raises
    ------
    EgdataError
        If there is no ``data/`` with a codebook or reports in either place.

    Examples
    --------
    >>> data_path("reports", "reports.csv").name
    'reports.csv'
    """
    for folder in (PACKAGE / "data", PACKAGE.parent / "data"):
        # Any package may have a folder called data; only ours has these two.
        if (folder / "codebook").is_dir() or (folder / "reports").is_dir():
            return folder.joinpath(*parts)
    raise EgdataError(f"no data folder in {PACKAGE} or {PACKAGE.parent}: reinstall egdata or clone it whole")
