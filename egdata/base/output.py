"""Files made ready first and then moved in, one writer at a time; what egdata did not write stays."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from egdata.base.errors import TableError

#: Begins the names of folders in which files are made ready; one that is still there was left by a killed run.
PREFIX = ".egdata-"


def write_file(file: Path, content: bytes) -> None:
    """Write one file, or leave what was there."""
    write_files(file.parent, {file.name: content})


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files, by their paths in the folder, when all of them are ready.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    files : dict of str to bytes
        The one that tells whether the others belong together, if there is one, comes first.

    Raises
    ------
    TableError
        If they cannot be written; what stood there before is then whole.

    Notes
    -----
    The files are made ready in a folder inside the folder and moved in one by one, in their order, in about a
    millisecond. Whoever kills the program before finds the old files, and within that millisecond each file old or
    new. A file that is replaced keeps its mode, and a link to a file its place: the file that it leads to is written.
    Writers of one folder wait for one another, but not on Windows and some network drives. What a killed run left is
    removed by the next that writes the same files.
    """
    if folder.is_file():
        raise TableError(f"{folder}: cannot be written: it is a file, not a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder) as is_alone:
            for left in folder.glob(f"{PREFIX}*") if is_alone else ():
                _discard(left, files)
            ready = folder / f"{PREFIX}{secrets.token_hex(4)}"
            ready.mkdir()
            try:
                for name, content in files.items():
                    _make_ready(ready / name, folder / name, content)
                for name in files:
                    _move(ready / name, folder / name)
            finally:
                _discard(ready, files)
    except OSError as error:
        raise TableError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None


def is_empty(folder: Path) -> bool:
    """Whether nothing stands in a folder but what a killed run left."""
    return all(path.name.startswith(PREFIX) for path in folder.iterdir())


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Wait until no other writer is at work in a folder; False where the system cannot say."""
    try:
        import fcntl
    except ImportError:  # on Windows
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)  # ends with the process, however that ends
            is_locked = True
        except OSError:
            is_locked = False
        yield is_locked
    finally:
        os.close(handle)


def _make_ready(ready: Path, target: Path, content: bytes) -> None:
    for folder in (ready.parent, target.parent):
        folder.mkdir(parents=True, exist_ok=True)
    ready.write_bytes(content)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(target))
    if target.exists():
        shutil.copymode(target, ready)


def _move(ready: Path, target: Path) -> None:
    try:
        os.replace(ready, os.path.realpath(target))
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EBUSY):
            raise
        shutil.copyfile(ready, target)  # on another disk, or mounted by itself: it cannot be replaced in one step


def _discard(ready: Path, names: Collection[str]) -> None:
    """Remove a folder in which files of these names were made ready; if there is anything else in it, that stays."""
    for root, _, files in os.walk(ready, topdown=False):
        for file in files:
            if (Path(root, file).relative_to(ready)).as_posix() in names:
                Path(root, file).unlink()
        with contextlib.suppress(OSError):
            os.rmdir(root)
