"""A font for Chinese characters that a page brings along."""

from __future__ import annotations

import base64
import functools
import io

FROM_CJK = "\u2e80"  # from here on characters that a reader's machine may have no font for


def han_font(text: str) -> bytes:
    """Style with a font for the Chinese characters of the text, for machines that have none.

    In the style sheet itself, because browsers do not let a page on a memory stick load a font file. Its licence stands
    in its own metadata, as the OFL asks.
    """
    return _font_of("".join(sorted({character for character in text if character >= FROM_CJK})))


@functools.lru_cache(maxsize=4)  # the pages of a report have the same characters in both languages
def _font_of(characters: str) -> bytes:
    import pylopdf_fonts_zh_cn
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    with TTFont(pylopdf_fonts_zh_cn.sans_path(), recalcTimestamp=False) as font:
        subsetter = Subsetter(Options(name_IDs=["*"], layout_features=[]))
        subsetter.populate(text=characters)
        subsetter.subset(font)
        font.flavor = "woff"
        target = io.BytesIO()
        font.save(target)
    data = base64.b64encode(target.getvalue()).decode()
    # Browsers that take it for a last resort draw boxes until it is there, and some of them go on to.
    own = f"unicode-range: U+{ord(FROM_CJK):X}-FFFF"
    return f'@font-face {{ font-family: "egdata Han"; {own}; src: url("data:font/woff;base64,{data}"); }}\n'.encode()
