"""What blocks begin with and end with: numbers, letters, names of headings, stops."""

from __future__ import annotations

import re

from egdata.reading.numbers import format_number


def bracket_depth(text: str) -> tuple[int, int]:
    """By how much a text opens more quotes and brackets than it closes, and the lowest that this is inside it."""
    depth = lowest = 0
    for character in text:
        depth += _BRACKETS.get(character, 0)
        lowest = min(lowest, depth)
    return depth, lowest


_BRACKETS = {**dict.fromkeys("“（(《「", 1), **dict.fromkeys("”）)》」", -1)}
_AFTER_STOP = r"[”’\"）)》\]]?(?:\d{0,3}|\[\d{1,3}\])\s?$"  # an anchor may stand behind it
_AND = r"[;；,，]\d{0,2}\s?(?:and|or|和|或者?|以及|并且?)$"
COMPLETE = re.compile(rf"[。；：！？.;:!?…]{_AFTER_STOP}|\]$|{_AND}")
CLAUSE = re.compile(rf"[。；：！？.;:!?…,，]{_AFTER_STOP}|{_AND}")  # of a preamble
SENTENCE = re.compile(rf"[。！？.!?]{_AFTER_STOP}")
LEADS_ON = re.compile(
    r"\b(?:of|the|an?|in|on|at|by|to|for|from|with|under|and|or|that|which|this|these|its|their|was|were|is|are|be|not)$"
)
#: Of what is no heading; 'at 10 a.m.' and '3/CMP.1' may be in one.
STOP = re.compile(rf"(?<![ap]\.m)(?<!/[A-Z]{{3}})(?<!/[A-Z]{{2}})[。！？.!?:：;；]{_AFTER_STOP}")
HAN_STOP = re.compile(r"[。；]")  # that no heading holds, not within it either
CLOSING = "，。、；：！？”’）》」,;:!?)"  # that no block begins with
BULLETS = "•·–—"
COLON = re.compile(r"[：:]\d{0,2}$")  # an anchor may stand behind it
PARA = re.compile(r"\[?(\d{1,4})[.．、](?!\d)\s*(?=\S|\Z)")
YEARS = range(1900, 2100)  # a line may begin with the end of a date
#: Other ways to number paragraphs: 'para. 18:', and (16), 16), [16] and 16 where a document numbers so.
WORDED = re.compile(r"(?:[Pp]ara(?:graph)?\.?|第)\s?(\d{1,4})\s?段?\s?[:：]\s*(?=\S)")
BRACKETED = re.compile(r"[(（\[]?(\d{1,3})[)）\]]\s*(?=\S)")
BARE = re.compile(r"(\d{1,3})\s+(?=[A-Z“\"][A-Za-z]|[\u4e00-\u9fff])")
#: 12 bis, 12 alt: put in after the numbers were given.
INSERTED = re.compile(r"\[?(\d{1,3}\s?(?:bis|ter|quater|quinquies|alt|之[二三四五]))[.．、]\s*(?=\S)")
DRAFT = re.compile(r"(?:x{2,3}|X{2,3}|×{1,3})[.．、]\s*(?=\S)")  # a number that is not given yet
#: A number in parts (3.2), for some ((ABS)9.1.) or not decided ([4][2].); such a numbering may skip and repeat.
COMPOUND = re.compile(
    r"(\([A-Z]{2,8}\)\s?\d{1,3}(?:\.\d{1,2})*(?=\.)|(?:\[\d{1,2}\]){1,3}(?=\.)|\d{1,2}(?:\.\d{1,2})+)\.?(?:\s+(?=\S)|\Z)"
)
ITEM = re.compile(r"\[?[(（]([a-z]{1,4})[)）]\s*(?=\S|\Z)")
#: All that may number a unit; no sentence holds it.
UNIT_NUMBERS = (INSERTED, COMPOUND, PARA, WORDED, BRACKETED, BARE, DRAFT, ITEM)
NO_ITEM = re.compile(r"[(（][a-z]{1,4}[)）]\s*(?:项|款|目|和|或|、|,|of\b)")  # 第32条 / (b)项
FIRST_ITEM = re.compile(r"\s*[(（]a[)）]")
HEADING_1 = re.compile(r"\[?([一二三四五六七八九十]{1,3}|[IVXL]+)(?:[.．、)]|\s[-–—]\s)\s*(?=\S|\Z)")
HEADING_ALONE = re.compile(r"([IVXL]+)(?!\S)")  # on its line, with its title on the next
HEADING_2 = re.compile(r"\[?([A-Z])[.．、](?!\d)\s*(?=\S)")
HEADING_HAN = re.compile(r"[(（]([一二三四五六七八九十]{1,3})[)）]\s*(?=\S)")  # （一）, between 一、 and 1.
OPENING = re.compile(
    r"Introduction|Background|Overview|Foreword|Preface|(?:Executive )?[Ss]ummary|SUMMARY|INTRODUCTION"
    r"|导言|導言|引言|前言|序言|概述|背景|(?:内容)?[摘提]要"
)  # the first heading of a text where headings have no number
CAPTION = re.compile(r"(?:Table|Figure|Box|TABLE|FIGURE|BOX|表|图)\s?(?:\d|[IVX]+\b)[\d.IVX]{0,6}")  # its title below
NOTE = re.compile(r"(\d{1,3})(?!\d)(?!\s?[年月日/.])\s*(?=\S)|(\*{1,3}|\uf02a)\s*(?=\S)")  # the star of a symbol font
NOTES = re.compile(r"(?:End|Foot)?[Nn]otes|NOTES|[尾脚]?注释?")  # the heading of notes at the end
NOTE_ALONE = re.compile(r"(\d{1,3})")  # its text on the next line
LIST_NUMBER = re.compile(r"^[(（]?(?:\d{1,2}|[a-z])[)）]\s*(?=\S)")  # 1), a) or （1）
DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日")
HAN, ROMAN = (
    tuple(format_number(number, style) for number in range(1, 50)) for style in ("chineseCounting", "upperRoman")
)
_NUMBER = r"[一二三四五六七八九十]{1,3}|\d{1,3}|[IVXL]+|[A-Z]"
#: What may stand behind the name of a heading: a star, or its title behind a colon, full stop or dash.
TITLE = re.compile(r"\*|[:：]|\s?[.:：—–]\s?\S.*")
#: Headings that say what they are: (rank, name in the id, pattern). What has a low rank stands above the others.
NAMED = tuple(
    (rank, name, re.compile(pattern, re.I if name == "annex" else 0))
    for rank, name, pattern in (
        (0.5, "decision", r"(?:Draft )?(?:Decision|DECISION) (?P<n>\d{1,3}/[A-Z]{2,4}\.\d{1,3})"),
        (0.5, "resolution", r"(?:Draft )?(?:Resolution|RESOLUTION) (?P<n>\d{1,3}/(?:[A-Z]{2,4}\.)?\d{1,3})"),
        (1, "annex", rf"(?:附件|Annex(?:es)?(?=\s|\W?$))\s?(?P<n>(?:{_NUMBER})(?![a-z]))?"),
        (2, "appendix", rf"(?:附录|(?:Appendix|APPENDIX)(?=\s|\W?$))\s?(?P<n>(?:{_NUMBER})(?![a-z]))?"),
        (
            7,
            "draft-resolution",
            rf"(?:Draft resolution|DRAFT RESOLUTION)\s(?P<n>{_NUMBER})(?!\w)|决议草案(?P<m>{_NUMBER})",
        ),
        (7, "draft-decision", rf"(?:Draft decision|DRAFT DECISION)\s(?P<n>{_NUMBER})(?!\w)|决定草案(?P<m>{_NUMBER})"),
        (
            3,
            "part",
            rf"(?:Part|PART)\s(?P<n>{_NUMBER}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our)(?!\w)|第\s?(?P<m>{_NUMBER})\s?部分",
        ),
        (3, "chapter", rf"(?:Chapter|CHAPTER)\s(?P<n>{_NUMBER})(?!\w)|第\s?(?P<m>{_NUMBER})\s?章"),
        (3.5, "section", rf"(?:Section|SECTION)\s(?P<n>{_NUMBER})(?!\w)|第\s?(?P<m>{_NUMBER})\s?节"),
        (7, "rule", r"(?:Rule|规则|细则)\s?(?P<n>\d{1,3}(?:\sbis|\ster)?)(?!\w)"),
        (7, "article", rf"(?:Article|ARTICLE)\s(?P<n>(?:{_NUMBER})(?:\sbis|\ster)?)(?!\w)|第\s?(?P<m>{_NUMBER})\s?条"),
        (7, "regulation", r"(?:Regulation|REGULATION)\s(?P<n>\d{1,3}(?:\sbis|\ster)?)(?!\w)"),
        (7, "principle", rf"(?:Principle|PRINCIPLE)\s(?P<n>{_NUMBER})(?!\w)"),
        (7, "guideline", rf"(?:Guideline|GUIDELINE)\s(?P<n>{_NUMBER})(?!\w)"),
        (7, "recommendation", rf"(?:Recommendation|RECOMMENDATION|建议)\s?(?P<n>{_NUMBER})(?!\w)"),
        (7.5, "option", rf"(?:Option|OPTION|备选案文|方案)\s?(?P<n>{_NUMBER})(?!\w)"),
        (7, "item", r"(?:(?:Agenda )?[Ii]tem|ITEM|议程项目)\s?(?P<n>\d{1,3})(?![\d(])"),
    )
)
#: The item of the agenda that a document is for, in its head.
ITS_ITEM = re.compile(r"(?:Agenda items? \d|议程项目\s?\d)[\d ,()a-z和、]*")
TABLE_NOTE = re.compile(r"[a-z]\s[A-Z]|\*\s?\S")  # 'a Conversion.', below a table
#: Words of a summary record between the numbered paragraphs.
MEETING = re.compile(
    r"The (?:\w+ )?meeting (?:was (?:called to order|suspended|resumed|adjourned)|rose)\b.{0,60}"
    r"|\d{1,3}(?:st|nd|rd|th) (?:\([a-z]+\) )?(?:plenary )?meeting|第\s?\d{1,3}\s?次(?:全体)?会议"  # of a resolution
    r"|(?:会议于?)?(?:上午|下午|中午|晚上).{1,12}(?:开会|散会|休会|复会|宣布开会)。?"
)
#: The body that speaks in a resolution, or who concludes a treaty, before its preamble.
SPEAKS = re.compile(
    r"The [A-Z][\w ’'-]*(?:Assembly|Council|Commission|Committee|Conference|Board|Parties),"
    r"|The (?:States )?Parties to [^.,;:]{3,80},|[\u4e00-\u9fff]{0,20}(?:大会|理事会|委员会|会议|缔约国|缔约方)，"
)
#: How the paragraphs of a record begin, where they have no number: 'Mr. Berg (Norland) said', 'The Chair said'.
SPOKEN = re.compile(
    r"(?:The \w+(?: \w+)?|(?:Mr|Mrs|Ms|Dr|Sir|Dame|Prince|Baroness|Archbishop)\.? [^()]{2,40} \([^()]{3,80}\))"
    r",? (?:[^.]{0,80}, )?(?:said|asked|noted|recalled|thanked|introduced|drew|welcomed|stressed|expressed|suggested)\b"
)
#: How the paragraphs of a preamble begin, each behind a comma.
PREAMBLE = re.compile(
    r"(?:(?:Also|Further|Deeply|Gravely|Fully|Strongly) )?"
    r"(?:[A-Z]?[a-z]+ing|[Cc]onvinced|[Cc]oncerned|[Gg]uided|[Mm]indful|[Aa]ware|[Dd]etermined|[Aa]larmed) "
)


def next_item(label: str) -> str:
    """The letter after: ``z`` → ``aa``, ``zz`` → ``aaa``; ``''`` → ``a``.

    >>> next_item("z"), next_item("bb"), next_item("")
    ('aa', 'cc', 'a')
    """
    if not label:
        return "a"
    return "a" * (len(label) + 1) if label[0] == "z" else chr(ord(label[0]) + 1) * len(label)


def starts_upper(text: str) -> bool:
    """Whether a text begins like a heading: with a capital or a Han character."""
    first = text.lstrip("“‘\"'《「")[:1]
    return first.isupper() or "\u4e00" <= first <= "\u9fff"
