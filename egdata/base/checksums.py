"""Checksums of several files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def files_sha256(files: Iterable[tuple[str, bytes]]) -> str:
    """The checksum of what ``sha256sum`` writes of files, given as name and content, in their order."""
    listed = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files)
    return hashlib.sha256(listed.encode()).hexdigest()
