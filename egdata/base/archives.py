"""Word and Excel files without the time at which they were written, so that the same content gives the same bytes."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PROPERTIES = "docProps/core.xml"
_TIMES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)


def undated(content: bytes) -> bytes:
    """The same archive with every part dated 1980, and no time in the properties of the document."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(target, "w") as made:
        for name in archive.namelist():
            part = archive.read(name)
            made.writestr(ZipInfo(name), _TIMES.sub(b"", part) if name == PROPERTIES else part, ZIP_DEFLATED)
    return target.getvalue()
