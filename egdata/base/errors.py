"""The errors egdata raises: each says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class EgdataError(Exception):
    """Anything egdata cannot go on with; the base of all errors it raises."""


class ReportError(EgdataError):
    """A report that cannot be read, or whose structure does not add up."""


class CodebookError(EgdataError):
    """A codebook table that is missing, malformed or contradicts itself."""


class TableError(EgdataError):
    """A table whose columns, values or references do not fit its schema."""


def check_option(name: str, value: object, allowed: Sequence[object]) -> None:
    """Raise an :class:`EgdataError` that names the choices if a value is none of them."""
    if value not in allowed:
        raise EgdataError(f"{name} is {value!r}; it can be {', '.join(map(repr, allowed))}")


def check_options(name: str, values: Iterable[str], allowed: Sequence[object]) -> tuple[str, ...]:
    """Several values, or one alone, as a tuple; raise as :func:`check_option` does."""
    values = (values,) if isinstance(values, str) else tuple(values)
    for value in values:
        check_option(name, value, allowed)
    return values
