"""Numbers of lists, as programs write them."""

from __future__ import annotations

import re

#: What stands in a cell, or at the head of an item, when it is but a number or a bullet.
NUMBER = re.compile(r"[(（]?(?:\d{1,4}|[A-Za-z]|[ivxIVX]{1,6}|[一二三四五六七八九十]{1,3})[)）.．、]{1,2}|[•·–—*-]")
RAISED = "\uffff"  # before and behind a raised number: no character of a text, and XML cannot have it
_COUNTING = ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "japaneseCounting", "ideographDigital")
_ROMAN = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


def format_number(number: int, style: str) -> str:
    """A number as Word and web pages write it in a list.

    Parameters
    ----------
    number : int
    style : str
        Word's name: ``decimal``, ``lowerLetter``, ``upperRoman``, ``chineseCounting`` … An unknown one is decimal.

    Returns
    -------
    str

    Examples
    --------
    >>> format_number(28, "lowerLetter"), format_number(14, "upperRoman"), format_number(12, "chineseCounting")
    ('bb', 'XIV', '十二')
    """
    if style == "none":
        return ""
    if style == "decimalZero":
        return f"{number:02}"
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 780:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "lowerLetter" else letter.upper()
    if style in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        return _roman(number) if style == "lowerRoman" else _roman(number).upper()
    if style in _COUNTING and 0 < number < 100:
        tens, units = divmod(number, 10)
        digits = "〇一二三四五六七八九"
        return (digits[tens] if tens > 1 else "") + "十" * (tens > 0) + (digits[units] if units else "")
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN.items():
        text += letters * (number // value)
        number %= value
    return text
