"""How much of a source was read, and what was set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from egdata.base.frames import grouped
from egdata.reading.furniture import Line, visible

_POOR = 0.8  # a smaller share of characters or numbers is no good reading
_QUOTED = 40


@dataclass(frozen=True)
class Coverage:
    """The characters of a source, blanks and invisible marks aside, by what they were read as; and its numbers.

    Attributes
    ----------
    units, headings, notes, tables, furniture : int
        Characters. Labels and the anchors of footnotes count with the text that they stand in.
    numbers : int
        Numbers of paragraphs, headings and lists that stand at line starts.
    numbers_read : int
        Those of them that were read as such.
    """

    units: int = 0
    headings: int = 0
    notes: int = 0
    tables: int = 0
    furniture: int = 0
    numbers: int = 0
    numbers_read: int = 0

    @property
    def characters(self) -> int:
        """All characters."""
        return self.units + self.headings + self.notes + self.tables + self.furniture

    @property
    def share(self) -> float:
        """0–1: the share of the characters that is no furniture; 1 if there are none."""
        return 1 - self.furniture / self.characters if self.characters else 1.0

    @property
    def share_of_numbers(self) -> float:
        """0–1: the share of the numbers that were read as such; 1 if there are none."""
        return self.numbers_read / self.numbers if self.numbers else 1.0

    @property
    def is_poor(self) -> bool:
        """Whether the report looks badly read."""
        return min(self.share, self.share_of_numbers) < _POOR

    def line(self, n_notices: int) -> str:
        """What was read, in one line.

        Parameters
        ----------
        n_notices : int

        Examples
        --------
        >>> Coverage(units=980, furniture=20, numbers=122, numbers_read=118).line(3)
        'read 98 % of the characters and 118 of 122 numbers; 3 notices (egdata check --notices)'
        """
        numbers = f" and {self.numbers_read} of {self.numbers} numbers" if self.numbers else ""
        many = "no notices" if not n_notices else f"{n_notices} notice{'s' * (n_notices > 1)} (egdata check --notices)"
        return f"read {int(100 * self.share)} % of the characters{numbers}; {many}"


_KINDS = {
    "page": "heads and feet of pages",
    "url": "addresses",
    "masthead": "masthead",
    "contents": "contents",
    "mark": "stars and symbols",
}


def furniture_notice(lines: Iterable[Line]) -> list[str]:
    """What was set aside as page furniture: lines and characters of each kind, and the first.

    The rules above footnotes have no text, and are not told of.
    """
    kinds = grouped((line.furniture, line) for line in lines if line.furniture in _KINDS)
    parts = [
        f"{_KINDS[kind]}: {len(group)} line{'s' * (len(group) > 1)}, {sum(visible(line.text) for line in group)} "
        f"characters, first {group[0].text[:_QUOTED]!r} in line {group[0].number}"
        for kind, group in kinds.items()
    ]
    return [f"set aside as no text: {'; '.join(parts)}"] if parts else []
