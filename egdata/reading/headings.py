"""Which lines are headings, and the ids of their sections."""

from __future__ import annotations

import re
from dataclasses import replace

from egdata.reading.blocks import Block, Heading, Reading
from egdata.reading.furniture import SYMBOL, Line
from egdata.reading.labels import (
    BARE,
    BULLETS,
    CAPTION,
    CLAUSE,
    COLON,
    COMPLETE,
    COMPOUND,
    HAN,
    HEADING_1,
    HEADING_2,
    HEADING_ALONE,
    HEADING_HAN,
    ITEM,
    ITS_ITEM,
    LEADS_ON,
    LIST_NUMBER,
    NAMED,
    OPENING,
    PARA,
    ROMAN,
    SENTENCE,
    TITLE,
    next_item,
    starts_upper,
)
from egdata.reading.numbering import misfit, open_unnumbered, suspend
from egdata.reading.outlook import LONGEST_HEADING

#: What stands lower belongs to what stands above; those of :data:`egdata.reading.labels.NAMED` stand between.
_RANK = {"roman": 4, "letter": 5, "number": 6, "item": 6.5, "none": 8}
_HEAD_LINES = 12
_SHORT_HEADING = 40  # of a letter that is not the next: 'F. Kennedy' may be a name


def begin_named(reading: Reading, line: Line) -> bool:
    """'Annex II', 'Rule 4', 'Part one', alone on its line or with its title."""
    for rank, name, pattern in NAMED:
        match = pattern.match(line.text, line.text.startswith("["))
        if not match:
            continue
        number = next(filter(None, match.groups()), "")
        may_begin = (
            reading.current.complete
            # a signature has no full stop, and an annex may follow it
            or (rank <= 2 and (reading.is_top or reading.body.kind == "text"))
            # behind a blank line the next of its kind ends whatever stands before it
            or (line.after_blank and 1 < _value(number) == _count(reading, rank, name) + 1)
        )
        if not may_begin or (reading.body.kind == "title" and ITS_ITEM.fullmatch(line.text)):
            return False
        if name == "annex" and not number and reading.annex:  # the annex of an annex
            rank = 2
        title = line.text[match.end() :]
        goes_on = len(line.text) > LONGEST_HEADING or _is_article_text(name, title)
        is_apart = not title or (TITLE.fullmatch(title) and not SENTENCE.search(title))
        is_apart = is_apart and not goes_on and not reading.outlook.is_sentence(reading.at)
        if is_apart or _is_glued(reading, line, rank, name, number, title):
            _open_named(reading, line, rank, name, number, len(title.lstrip(" .:：—–")) if goes_on else 0)
            return True
    return False


def _open_named(reading: Reading, line: Line, rank: float, name: str, number: str, n_text: int) -> None:
    """Open a heading; the last characters of its line may be its text already."""
    for heading in reading.path:
        heading.counts[name] = _value(number)
    number = ROMAN[HAN.index(number)] if number in HAN else number
    part = re.sub(r"[ /.]+", "-", f"{name} {number}".strip())
    cut = len(line.text) - n_text
    _open(reading, replace(line, text=line.text[:cut].rstrip()) if n_text else line, rank, part, is_named=True)
    if n_text:
        reading.head_end = reading.at
        open_unnumbered(reading, "text", replace(line, text=line.text[cut:], start=line.start + cut))
    if rank <= 2:  # it has a numbering of its own
        suspend(reading.numbering)


def _is_glued(reading: Reading, line: Line, rank: float, name: str, number: str, title: str) -> bool:
    """Whether a title follows without a stop, or its text does: the number is the next of its kind."""
    if not number or not (title[0] in " .:：—–" or "\u4e00" <= title[0] <= "\u9fff"):
        return False
    words = title.lstrip(" .:：—–-")
    if not words or not starts_upper(words) or (words == title and words[0] in "第款和与及或至的之所规"):
        return False
    begins_anew = _value(number) == 1 and not reading.parent(rank).counts[name]
    if not begins_anew and _value(number) != _count(reading, rank, name) + 1:
        return False
    is_head = _is_title(line)
    if "\u4e00" <= words[0] <= "\u9fff":
        return _is_article_text(name, title) or (is_head and not re.search("[，。；]", words))
    is_apart = line.after_blank and (reading.outlook.has_gaps or _value(number) > 1)
    if name == "annex" and _value(number) == 1 and not reading.outlook.has_annexes:
        return False  # 'Annex I Parties' speaks of another one
    return is_apart or (is_head and rank > 2 and len(line.text) < 0.7 * reading.outlook.width)


def _is_article_text(name: str, title: str) -> bool:
    """Whether what stands behind 第一条 and a blank is its text, and no title."""
    return name == "article" and bool(re.match(r"\s", title)) and bool(re.search("[，。；]", title))


def _count(reading: Reading, rank: float, name: str) -> int:
    """The number of the last heading of a kind, which may go on from part to part."""
    heading = reading.parent(rank)
    return heading.counts[name] or (reading.path[0].counts[name] if rank > 3 else 0)


def _value(number: str) -> int:
    """A number in figures, Roman or Han; 0 for none."""
    if number in ROMAN:
        return ROMAN.index(number) + 1
    if number in HAN:
        return HAN.index(number) + 1
    digits = re.match(r"\d+", number)
    return int(digits[0]) if digits else 0


def begin_counted(reading: Reading, line: Line) -> bool:
    """'1. Laws', '1 Laws' or '(a) Laws' before paragraph 15: short, without a full stop, not the next number."""
    number, letter = PARA.match(line.text) or (line.after_blank and BARE.match(line.text)), ITEM.match(line.text)
    numbering, outlook = reading.numbering, reading.outlook
    is_listed = numbering.item if letter else any(style == "1" for style, _ in numbering.lists)
    heads_next = outlook.heads_paragraph(reading.at, reading.expected)
    if not (number or letter) or is_listed or not _may_head(reading, line, ends_text=bool(number) and heads_next):
        return False
    kind, label = ("number", number[1]) if number else ("item", letter[1])
    parent = reading.parent(_RANK[kind])
    count = parent.counts[kind]
    expected = str(count + 1) if number else next_item("" if not count else chr(ord("a") + count - 1))
    is_next = bool(number) and number.re in outlook.styles and numbering.para > 0 and int(label) == numbering.para + 1
    if label != expected and not (number and heads_next and not is_next):
        return False
    following, n_lines = outlook.after_head(reading.at)
    heads = n_lines and (_leads_to_paragraph(reading, reading.at + n_lines) or outlook.is_apart(reading.at, following))
    if is_next and not _is_next_paragraph(reading, following):
        heads = False
    goes_on = number and count and numbering.section != parent.id and int(label) != numbering.para + 1
    if not (heads or goes_on):
        return False
    if label != expected:
        reading.tell(line, misfit(f"heading {label}", expected, bool(number) and int(label) <= count))
    parent.counts[kind] = int(label) if number else count + 1
    _open(reading, line, _RANK[kind], label, marker=number.re if number else ITEM)
    return True


def begin_parted(reading: Reading, line: Line) -> bool:
    """'2.1 Background': a number in parts and a title that ends far before the margin, with no full stop."""
    match = COMPOUND.match(line.text)
    if not match or not match[1][0].isdigit() or not _may_head(reading, line, ends_text=line.after_blank):
        return False
    outlook, below = reading.outlook, reading.below
    is_short = below and ((line.after_blank and below.after_blank) or len(line.text) < 0.7 * outlook.width)
    leads = below and (outlook.is_label(below.text) or below.after_blank or starts_upper(below.text))
    if not (is_short and leads and starts_upper(line.text[match.end() :])):
        return False
    head, _, last = match[1].rpartition(".")
    if reading.body.marker is COMPOUND and reading.numbering.label == f"{head}.{int(last) - 1}":
        return False  # the next paragraph, however short
    parent = next((heading for heading in reading.path if f".{heading.id}".endswith(f".{head}")), None)
    rank = parent.rank + 0.1 if parent else _RANK["number"] + 0.1 * match[1].count(".")
    _open(reading, line, rank, last if parent else match[1].replace(".", "-"), marker=COMPOUND)
    reading.head_end = reading.at + 1
    while reading.head_end < len(outlook.lines) and outlook.lines[reading.head_end].text[0].islower():
        reading.head_end += 1  # its title goes on
    return True


def begin_lettered(reading: Reading, line: Line) -> bool:
    """'II. Title' or 'B. Title'."""
    outlook = reading.outlook
    may_begin = reading.current.complete or outlook.heads_paragraph(reading.at, reading.expected)
    may_begin = may_begin or _is_next_roman(reading, line) or (_is_title(line) and follows_gap(reading, line))
    may_begin = may_begin or (reading.is_top and reading.body.kind == "text")
    if not may_begin or line.text.endswith(tuple("。；，：;,:")) or outlook.is_sentence(reading.at):
        return False
    if match := HEADING_HAN.match(line.text):
        return _begin_han(reading, line, match[1])
    if (match := HEADING_1.match(line.text)) and _begin_roman(reading, line, match[1]):
        return True
    if line.after_blank and line.text == _next_roman(reading, ROMAN):
        return _begin_roman(reading, line, line.text, HEADING_ALONE)
    if match := HEADING_2.match(line.text):
        parent = reading.parent(_RANK["letter"])
        count = parent.counts["letter"]
        index = ord(match[1]) - ord("A")
        if index != count and not _begins_extract(reading, parent):
            later = next(outlook.following(reading.at, HEADING_2), "")
            may_skip = parent.rank == _RANK["roman"] and (later == chr(ord(match[1]) + 1) or 0 < index - count < 3)
            if not may_skip or len(line.text) >= _SHORT_HEADING or COMPLETE.search(line.text):
                return False
            reading.tell(line, misfit(f"heading {match[1]}", chr(ord("A") + count), index < count))
        parent.counts["letter"] = index + 1
        _open(reading, line, _RANK["letter"], match[1], marker=HEADING_2)
        return True
    return False


def _begin_roman(reading: Reading, line: Line, label: str, marker: re.Pattern[str] = HEADING_1) -> bool:
    labels = HAN if label[0] in HAN else ROMAN
    if label not in labels:
        return False
    parent = reading.parent(_RANK["roman"])
    count, index = parent.counts["roman"], labels.index(label)
    if index and _begins_extract(reading, parent):
        reading.tell(line, f"the first heading is numbered {label}")
    elif label == "I" and reading.parent(_RANK["letter"]).counts["letter"] == 8:  # after H.
        return False
    elif index != count:
        is_sure = labels is HAN or len(label) > 1  # V. and I. may be letters
        if not is_sure or len(line.text) >= LONGEST_HEADING:
            return False
        if line.ends(SENTENCE) and not marker.fullmatch(line.text):
            return False
        expected = labels[count] if count < len(labels) else "none"
        reading.tell(line, misfit(f"heading {label}", expected, index < count))
    parent.counts["roman"] = index + 1
    _open(reading, line, _RANK["roman"], ROMAN[index], marker=marker)
    return True


def _is_next_roman(reading: Reading, line: Line) -> bool:
    """Whether a short line has the next label of its level, so that the text before it ends, with or without a stop."""
    match = HEADING_1.match(line.text)
    is_next = bool(match) and match[1] == _next_roman(reading, ROMAN if match[1] in ROMAN else HAN)
    return is_next and starts_upper(line.text[match.end() :] or "a") and len(line.text) <= LONGEST_HEADING


def _next_roman(reading: Reading, labels: tuple[str, ...]) -> str:
    count = reading.parent(_RANK["roman"]).counts["roman"]
    return labels[count] if count < len(labels) else ""


def _begin_han(reading: Reading, line: Line, label: str) -> bool:
    """（一）and a title; with a stop behind it, or the next of its kind, it is an item of a list."""
    parent = reading.parent(_RANK["letter"])
    count = parent.counts["letter"]
    following, _ = reading.outlook.after_head(reading.at)
    if not _may_head(reading, line) or (label,) != HAN[count : count + 1]:
        return False
    if not following or HEADING_HAN.match(following.text):
        return False
    parent.counts["letter"] = count + 1
    _open(reading, line, _RANK["letter"], str(count + 1), marker=HEADING_HAN)
    return True


def begin_opening(reading: Reading, line: Line) -> bool:
    """'Introduction' or 'Summary' below the title."""
    is_below = reading.body.kind == "title" and reading.blocks and reading.current.complete
    if not (is_below and OPENING.fullmatch(line.text) and reading.below):
        return False
    _open_bare(reading, line, n_lines=1)
    return True


def begin_bare(reading: Reading, line: Line) -> bool:
    """A short line without a label or full stop that the next paragraph follows, or blank lines on both sides."""
    outlook, body = reading.outlook, reading.body
    if _is_loud(reading, line):
        _open_bare(reading, line, n_lines=1)
        return True
    has_ended = line.after_blank and bool(SENTENCE.search(body.last))  # with a bracket that nobody closed
    if body.kind == "title" or reading.current is not body or not _may_head(reading, line, ends_text=has_ended):
        return False
    if reading.at < reading.head_end or SYMBOL.match(line.text) or not starts_upper(LIST_NUMBER.sub("", line.text)):
        return False
    if CAPTION.fullmatch(line.text):
        below = reading.below
        _open_bare(reading, line, n_lines=1 + bool(below and not below.after_blank and _is_title(below)))
        return True
    if _is_short(reading, line):
        _open_bare(reading, line, n_lines=1)
        return True
    following, n_lines = outlook.after_head(reading.at)
    if not following:
        return False
    is_apart = line.after_blank and following.after_blank and outlook.has_text_soon(reading.at + n_lines)
    may_end = reading.annex or not body.para or (outlook.has_gaps and len(line.text) < 0.7 * outlook.width)
    in_text = body.kind == "heading" or (may_end and bool(SENTENCE.search(body.last) or follows_gap(reading, line)))
    if not (_is_next_paragraph(reading, following) or (is_apart and in_text)):
        return False
    _open_bare(reading, line, n_lines)
    return True


# ---- what stands around a line ---------------------------------------------------------------------------------------


def follows_gap(reading: Reading, line: Line) -> bool:
    """Whether a blank line ends the text without a number that stands before a line; it may have no full stop."""
    is_text = reading.current is reading.body and reading.body.kind == "text"
    return reading.outlook.has_gaps and line.after_blank and is_text


def _may_head(reading: Reading, line: Line, ends_text: bool = False) -> bool:
    """Whether a line may be a heading by how it ends and by what stands before it, or because the text ends anyway."""
    return (
        (reading.current.complete or follows_gap(reading, line) or ends_text)
        and not (reading.body.kind in ("para", "item") and COLON.search(reading.body.last))
        and _is_title(line)
    )


def _is_next_paragraph(reading: Reading, line: Line | None) -> bool:
    """Whether a line begins the paragraph whose number is expected, or the first of a new numbering."""
    if not line:
        return False
    if pair := reading.outlook.number(line):
        number = int(pair[1][1])
        return number == reading.expected or (number == 1 and bool(reading.annex))
    return bool(COMPOUND.match(line.text) and (reading.annex or reading.outlook.is_parted))


def _leads_to_paragraph(reading: Reading, at: int) -> bool:
    """Whether the next paragraph begins at a line, or below further labelled headings ('1. Laws', '(a) Courts')."""
    for line in reading.outlook.lines[at : at + 3]:
        if _is_next_paragraph(reading, line):
            return True
        if not (PARA.match(line.text) or ITEM.match(line.text)) or not _is_title(line):
            break
    return False


def _is_loud(reading: Reading, line: Line) -> bool:
    """Whether a line in capitals stands by itself in text without numbers; a colon may stand behind it."""
    below = reading.below
    return (
        line.text.isupper()
        and line.after_blank
        and below is not None
        and below.after_blank
        and not below.text.isupper()
        and reading.body.kind != "title"
        and not reading.body.para
        and reading.at >= reading.head_end
        and len(line.text) <= LONGEST_HEADING
        and (reading.current.complete or follows_gap(reading, line))
    )


def _is_short(reading: Reading, line: Line) -> bool:
    """Whether a line of text without numbers ends far before the margin, between a full stop and a full line.

    Where lines are paragraphs, any sentence will do for the full line.
    """
    body, outlook, below = reading.body, reading.outlook, reading.below
    if below is None or body.para or not (body.kind == "heading" or SENTENCE.search(body.last)):
        return False
    is_full = len(below.text) >= 0.8 * outlook.width or (outlook.is_unwrapped and below.ends(CLAUSE))
    is_short = len(line.text) < 0.6 * outlook.width and not (line.text[-1] in "-‑" or line.ends(LEADS_ON))
    return (
        is_short
        and bool(is_full)
        and starts_upper(below.text.lstrip(f"{BULLETS} "))
        and not outlook.is_label(below.text)
    )


def _begins_extract(reading: Reading, parent: Heading) -> bool:
    """Whether no heading or paragraph stands before this line, so that any label may be the first."""
    return not reading.numbering.has_begun and not parent.counts


# ---- opening ---------------------------------------------------------------------------------------------------------


def _open(
    reading: Reading, line: Line, rank: float, part: str, is_named: bool = False, marker: re.Pattern[str] | None = None
) -> None:
    while reading.path[-1].rank >= rank:
        reading.path.pop()
    parent = reading.path[-1].id
    name = reading.unique("section", f"{parent}.{part}" if parent else part)
    reading.path.append(Heading(rank, name, is_named))
    reading.numbering.item, reading.numbering.lists = "", []
    reading.open(Block("heading", line.number, name, level=len(reading.path) - 1, marker=marker), line)
    below = reading.below
    is_bare = is_named and not re.search(r"[.:：—–]\s?\S", line.text) and bool(below and below.after_blank)
    reading.head_end = reading.outlook.end_of_head(reading.at, _HEAD_LINES, n_chunks=1 + is_bare)
    if marker in (HEADING_1, HEADING_ALONE) and marker.fullmatch(line.text) and below and _is_title(below):
        reading.head_end = reading.at + 2  # '一.' alone on its line, and its title on the next


def _is_title(line: Line) -> bool:
    return len(line.text) <= LONGEST_HEADING and not line.ends(CLAUSE)


def _open_bare(reading: Reading, line: Line, n_lines: int) -> None:
    parent = reading.parent(_RANK["none"])
    parent.counts["none"] += 1
    _open(reading, line, _RANK["none"], f"h{parent.counts['none']}")
    reading.head_end = reading.at + n_lines
