"""What a reader should know about how a codebook and a report fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.codebook.codebook import Codebook
from egdata.codebook.starter import placeholders
from egdata.coding.positions import is_on_subject, read_rules

if TYPE_CHECKING:
    from egdata.reading.report import Report


def notices_of(report: Report, codebook: Codebook) -> list[str]:
    """Why a codebook may find nothing in a report, or too much."""
    rules = read_rules(codebook, report.lang)
    notices = []
    if rules.subject is None:
        notices.append("the codebook names no `subject` in words.csv: every report is coded as if it were on it")
    elif not is_on_subject(report, rules):
        notices.append(
            "the report is about another subject: fewer than 1 sentence in 10 has a word of the codebook's `subject`"
            " (words.csv); only paragraphs on the subject, where 1 in 3 has one, are coded into positions"
        )
    if left := [issue for issue in placeholders() if issue in codebook.codes("issues")]:
        notices.append(f"the codebook still has issues of the starter: {', '.join(left)}; replace them by your own")
    return notices
