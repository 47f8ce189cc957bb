"""Where the sentences of a unit end."""

from __future__ import annotations

import re

_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "「": "」", "[": "]", '"': '"'}
_CLOSING = '”’")]'
_ABBREVIATION = re.compile(
    r"\b(?:arts?|paras?|Nos?|pp|vols?|chaps?|sects?|figs?|Mr|Mrs|Ms|Dr|Prof|Jr|Sr|Gen|Add|Corr|Rev|cf|al|vs|St|Inc|Ltd"
    r"|[a-z])\.$",
    re.I,
)
_ENDS_TOO = re.compile(r"\b(?:[ap]\.m|no)\.$")  # 'at 10 a.m. It rose'; 'they said no. It rose', but 'no. 5'


def split_sentences(text: str, lang: str = "zh") -> list[tuple[int, int]]:
    """Cut a unit into sentences.

    Parameters
    ----------
    text : str
        The text of one unit, without its number.
    lang : {'zh', 'en'}
        In Chinese a sentence ends at ``。``, ``！`` or ``？`` or with the unit, in English at a full stop before a
        capital that is no abbreviation, or at a closing quote or bracket behind one. ``；`` does not end it,
        nor does anything inside quotes or brackets.

    Returns
    -------
    list of (int, int)
        Half-open spans, in order, without blanks at their ends; none for a blank text.

    Examples
    --------
    'They noted this. The State said: "No. Never."'

    >>> split_sentences("会上指出这一点。各国应合作；“不得。”不再重复。")
    [(0, 8), (8, 24)]
    """
    closers = _closers(text)
    ends, stack = [], []
    for at, character in enumerate(text):
        if character in closers:
            if stack and stack[-1] == character:
                stack.pop()
            elif character in _PAIRS:
                stack.append(_PAIRS[character])
        if not stack and (_ends_sentence(text, at, lang)):
            ends.append(at + 1)
    spans, start = [], 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = end
    return spans


def _closers(text: str) -> set[str]:
    """The quotes and brackets that pair up in the text; a stray one must not swallow what follows it."""
    return {
        character
        for opening, closing in _PAIRS.items()
        if (text.count(opening) == text.count(closing) if opening != closing else text.count(opening) % 2 == 0)
        for character in (opening, closing)
    }


def _ends_sentence(text: str, at: int, lang: str) -> bool:
    if text[at] in "。！？":
        return text[at + 1 : at + 2] not in tuple("。！？”’）")  # stray closing marks stay with their sentence
    stop = at - (text[at] in _CLOSING and at > 0)
    if lang != "en" or text[stop] not in ".!?":
        return False
    after, before = text[at + 1 : at + 3], text[max(stop - 12, 0) : stop + 1]
    if len(after) < 2 or after[0] != " " or after[1].islower() or before.endswith("...."):  # leaders are no stop
        return False
    return not _ABBREVIATION.search(before) or (after[1].isupper() and bool(_ENDS_TOO.search(before)))
