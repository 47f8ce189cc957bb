"""What a reader should know about how a codebook and a report fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.codebook.codebook import Codebook
from egdata.codebook.starter import placeholders
from egdata.coding.positions import is_on_subject, read_rules

if TYPE_CHECKING:
    from egdata.reading.report import Report

_TOLD = {
    "no-subject": {
        "en": "the codebook names no `subject` in words.csv: every report is coded as if it were on it",
        "zh": "编码手册未在words.csv中列出`subject`（主题词）：任何报告均视同属于该主题加以编码",
    },
    "other-subject": {
        "en": (
            "the report is about another subject: fewer than 1 sentence in 10 has a word of the codebook's `subject`"
            " (words.csv); only paragraphs on the subject, where 1 in 3 has one, are coded into positions"
        ),
        "zh": (
            "报告属于另一主题：含有编码手册主题词（words.csv中的`subject`）的句子不足十分之一；"
            "仅对三分之一句子含有主题词的段落进行立场编码"
        ),
    },
    "starter": {
        "en": "the codebook still has issues of the starter: {issues}; replace them by your own",
        "zh": "编码手册仍含有起始模板的议题：{issues}；请换成自己的议题",
    },
}


def notices_of(report: Report, codebook: Codebook, lang: str = "en") -> list[str]:
    """Why a codebook may find nothing in a report, or too much, in a language of presentation."""
    rules = read_rules(codebook, report.lang)
    notices = []
    if rules.subject is None:
        notices.append(_TOLD["no-subject"][lang])
    elif not is_on_subject(report, rules):
        notices.append(_TOLD["other-subject"][lang])
    if left := [issue for issue in placeholders() if issue in codebook.codes("issues")]:
        notices.append(_TOLD["starter"][lang].format(issues=", ".join(left)))
    return notices
