"""What outputs were made from, so that only those are made again for which something has changed."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from egdata.base.checksums import files_sha256
from egdata.base.output import write_file
from egdata.base.paths import PACKAGE


class Fingerprints:
    """For each output the checksum of what it was made from, and of each of its files, in a file that git ignores.

    Parameters
    ----------
    file : Path
        The files of outputs are named from its folder on. If it is not there, or damaged, no output is known.
    fresh : bool
        Take no output for known.
    """

    def __init__(self, file: Path, fresh: bool = False) -> None:
        self.file = file
        try:
            known = {} if fresh else json.loads(file.read_bytes())
        except (OSError, ValueError):
            known = {}
        self._known: dict[str, dict] = known if isinstance(known, dict) else {}

    def is_current(self, name: str, made_from: str) -> bool:
        """Whether an output was made from just this, and all its files are as they were written."""
        known = self._known.get(name, {})
        return known.get("made_from") == made_from and all(
            file_sha256(self.file.parent / path) == sha256 for path, sha256 in known["files"].items()
        )

    def words(self, name: str) -> str:
        """The words that were kept with an output."""
        return self._known[name]["words"]

    def keep(self, name: str, made_from: str, files: Iterable[Path], words: str = "") -> None:
        """Say of an output what it was made from, once its files are written; those that it has no more are removed."""
        folder = self.file.parent
        written = {file.relative_to(folder).as_posix(): file_sha256(file) for file in files}
        for path, sha256 in self._known.get(name, {}).get("files", {}).items():
            file = folder / path
            is_ours = file.resolve().is_relative_to(folder.resolve()) and file_sha256(file) == sha256
            if path not in written and is_ours:
                file.unlink()
        self._known[name] = {"made_from": made_from, "files": written, "words": words}
        write_file(self.file, (json.dumps(self._known, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def digest(*parts: str | bytes) -> str:
    """One checksum of several parts."""
    checksums = (hashlib.sha256(part.encode() if isinstance(part, str) else part).hexdigest() for part in parts)
    return hashlib.sha256("\n".join(checksums).encode()).hexdigest()


def file_sha256(file: Path) -> str:
    """The checksum of a file; empty if it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def folder_sha256(folder: Path) -> str:
    """The checksum of the names and contents of all files in a folder, but for hidden and compiled ones."""
    files = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    files = [file for file in files if not any(part.startswith(".") or part == "__pycache__" for part in file.parts)]
    return files_sha256((file.as_posix(), (folder / file).read_bytes()) for file in files)


def code_sha256(*packages: str) -> str:
    """The checksum of the code of egdata, or of some of its packages."""
    return digest(*map(folder_sha256, [PACKAGE / package for package in packages] or [PACKAGE]))


def versions(requirements: Path) -> str:
    """The versions of Python and of the packages that a file pins, as they are installed, one a line."""
    text = requirements.read_text(encoding="utf-8") if requirements.exists() else ""
    pinned = re.findall(r"^([\w.-]+)==", text, re.M)
    return "\n".join([sys.version, *(f"{name} {_version(name)}" for name in pinned)])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # not needed on this system
        return ""
