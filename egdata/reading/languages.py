"""Which language a text is in."""

from __future__ import annotations

import re
from collections import Counter

from egdata.base.errors import ReportError

LANGUAGES = {"zh": "Chinese", "en": "English"}  # that are read
_MIN_WORDS = 25  # of a text that is long enough to tell
_SCRIPTS = {
    "Japanese": r"[\u3040-\u30ff]",
    "Korean": r"[\uac00-\ud7af]",
    "Russian": r"[\u0400-\u04ff]",
    "Arabic": r"[\u0600-\u06ff]",
    "Greek": r"[\u0370-\u03ff]",
    "Hebrew": r"[\u0590-\u05ff]",
    "Thai": r"[\u0e00-\u0e7f]",
    "Hindi": r"[\u0900-\u097f]",
}
#: Words that every fifth word of its prose is, and that the others do not have.
_WORDS = {
    "English": "the of and to in that",
    "French": "le les des et du une est dans que pour qui par sur",
    "Spanish": "el los las del y en que una por con para se",
    "Portuguese": "os as dos das do da e em que uma não com para ao",
    "German": "der die das und den des dem mit für von ist zu auf nicht",
    "Italian": "il gli della delle di e che per una dei nel con sono",
}


def language_of(text: str) -> str:
    """The language that a text seems to be in, by its script and its smallest words.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Its English name, such as 'Chinese', 'English' or 'French'; 'another language' for words of none that is known;
        '' for a text too short to tell.

    Examples
    --------
    'Report of the meeting', and the same in French

    >>> language_of("会议报告"), language_of("Le rapport de la réunion des experts")
    ('Chinese', '')
    """
    letters = len(re.findall(r"[^\W\d_]", text))
    scripts = {name: len(re.findall(script, text)) for name, script in _SCRIPTS.items()}
    if scripts["Japanese"] * 10 > letters:
        return "Japanese"
    if len(re.findall(r"[\u4e00-\u9fff]", text)) * 10 > letters:
        return "Chinese"
    script = max(scripts, key=scripts.__getitem__)
    if scripts[script] * 2 > letters:
        return script
    words = _words_of(text)
    if words.total() < _MIN_WORDS:
        return ""
    counts = _small_words(words)
    best = max(counts, key=counts.__getitem__)
    if counts["English"] * 50 >= words.total() and counts["English"] * 4 > counts[best]:
        return "English"
    if counts[best] * 20 >= words.total():
        return best
    return "another language" if words.total() >= 2 * _MIN_WORDS else ""


def likely_language(text: str) -> str:
    """The language that more of the smallest words of a text are of than of English; '' if none stands out.

    >>> likely_language("Le rapport de la réunion des experts"), likely_language("Report of the experts' meeting")
    ('French', '')
    """
    counts = _small_words(_words_of(text))
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= counts["English"] + 2 else ""


def _words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]+", text.lower()))


def _small_words(words: Counter[str]) -> dict[str, int]:
    return {name: sum(words[word] for word in small.split()) for name, small in _WORDS.items()}


def detect_lang(text: str) -> str:
    """``zh`` if Han characters are at least a tenth of the letters, ``en`` otherwise.

    Raises
    ------
    ReportError
        For a text of some length in another language; it says in which.
    """
    language = language_of(text)
    if language not in ("Chinese", "English", ""):
        raise ReportError(
            f"it seems to be in {language}, and there are rules for Chinese and English; take one of these versions"
        )
    return "zh" if language == "Chinese" else "en"


def foreign_paragraphs(paragraphs: list[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    """Of paragraphs, given as id and text, those in another language that are long enough to tell: id and language."""
    told = ((name, language_of(text)) for name, text in paragraphs)
    return [(name, language) for name, language in told if language not in ("", LANGUAGES[lang])]
