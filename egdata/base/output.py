"""Files written all or none, one writer at a time; what egdata did not write stays."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from egdata.base.errors import TableError

#: Begins the names of folders in which files are made ready; one that is still there was left by a killed run.
PREFIX = ".egdata-"


def write_file(file: Path, content: bytes) -> None:
    """Write one file, or leave what was there: it is written beside it first."""
    write_files(file.parent, {file.name: content}, beside=file.parent)


def write_files(folder: Path, files: dict[str, bytes], beside: Path) -> None:
    """Write files, by their paths in the folder, all or none.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    files : dict of str to bytes
        The one that tells whether the others belong together, if there is one, comes first.
    beside : Path
        Where the files are made ready: the folder itself, or one on the same disk.

    Raises
    ------
    TableError
        If they cannot be written; what stood there before is then whole.

    Notes
    -----
    A folder that is new, or (on Linux) has nothing but files of these names, is replaced as a whole: whoever kills
    the program finds it as before or as afterwards. Otherwise the files are moved in one by one, in their order, in
    about a millisecond. Writers that use the same ``beside`` wait for one another, but not on Windows and some network
    drives. What a killed run left is removed by the next that writes the same files.
    """
    try:
        beside.mkdir(parents=True, exist_ok=True)
        with _alone(beside) as is_alone:
            for left in beside.glob(f"{PREFIX}*") if is_alone else ():
                _discard(left, files)
            ready = beside / f"{PREFIX}{secrets.token_hex(4)}"
            ready.mkdir()
            try:
                for name, content in files.items():
                    (ready / name).parent.mkdir(parents=True, exist_ok=True)
                    (ready / name).write_bytes(content)
                if not _swap(ready, folder, files):
                    _move(ready, folder, files)
            finally:
                _discard(ready, files)
    except OSError as error:
        raise TableError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Wait until no other writer is at work in a folder; False where the system cannot say."""
    try:
        import fcntl
    except ImportError:
        yield False
        return
    while True:
        handle = os.open(folder, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)  # ends with the process, however that ends
                is_locked = True
            except OSError:
                is_locked = False
            if os.path.samestat(os.fstat(handle), os.stat(folder)):  # not swapped while we waited
                yield is_locked
                return
        finally:
            os.close(handle)


def _swap(ready: Path, folder: Path, names: Collection[str]) -> bool:
    """Put the folder that is ready in the place of the other in one step; False where that cannot be done."""
    try:
        if not os.path.lexists(folder):
            os.rename(ready, folder)
            return True
        if folder.is_symlink() or not all(is_file and name in names for name, is_file in _entries(folder)):
            return False
        shutil.copymode(folder, ready)
        now, before = os.stat(ready), os.stat(folder)
        if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
            return False
        _exchange(ready, folder)
    except OSError:
        return False
    for name, _ in _entries(ready):
        if name not in names:  # somebody put it there just now
            os.rename(ready / name, folder / name)
    return True


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """Name of everything in a folder, and whether it is a plain file."""
    with os.scandir(folder) as entries:
        return [(entry.name, entry.is_file(follow_symlinks=False)) for entry in entries]


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step, for which Python has no function."""
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if not hasattr(libc, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _move(ready: Path, folder: Path, names: Collection[str]) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory", str(folder / name))
    for name in names:
        os.replace(ready / name, folder / name)


def _discard(ready: Path, names: Collection[str]) -> None:
    """Remove a folder in which files of these names were made ready; if there is anything else in it, that stays."""
    for root, _, files in os.walk(ready, topdown=False):
        for file in files:
            if (Path(root, file).relative_to(ready)).as_posix() in names:
                Path(root, file).unlink()
        with contextlib.suppress(OSError):
            os.rmdir(root)
