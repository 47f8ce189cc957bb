"""Who took the floor: States, bodies and persons, by the formulae in which UN reports list them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from egdata.codebook import Codebook, read_codebook
from egdata.match import find_matches
from egdata.report import split_sentences

if TYPE_CHECKING:
    import pandas as pd

    from egdata.report import Report

COLUMNS = ("name_zh", "name_en", "iso3", "role", "person", "unit_id", "start", "end", "quote")


class _Formula(NamedTuple):
    """The wordings of one language."""

    listed: re.Pattern[str]  # head, colon, list
    speaks: re.Pattern[str]  # a head that says they spoke
    panel: re.Pattern[str]  # a head that says they were panellists
    roles: tuple[tuple[str, re.Pattern[str]], ...]  # what the listed are; the first that is found in the head
    inline: tuple[re.Pattern[str], ...]  # list, who spoke for them, verb
    behalf: re.Pattern[str]  # for whom else
    chairs: tuple[re.Pattern[str], ...]
    comma: re.Pattern[str]
    conjunction: re.Pattern[str]
    before: re.Pattern[str]  # what may stand before a name and is none of it
    after: re.Pattern[str]


_SPOKE_ZH = (
    r"(?:[作做发](?:了|出了?)?(?:开幕|闭幕|介绍性|一般性|专题|简短|口头|最后|主旨)*(?:发言|陈述|说明|介绍|讲话)"
    r"|发了言|发言(?![者人稿权时中]))"
)
_SPOKE_EN = (
    r"(?:(?:made|delivered|gave)\s(?:an?\s|the\s|their\s)?(?:[a-z]+\s){0,2}?(?:statements?|presentations?|interventions?)"
    r"|took\sthe\sfloor|spoke)\b"
)
_NOUN_EN = r"(?P<noun>representatives?|experts?|observers?|delegations?|delegates?)\s(?P<preposition>of|from|for)\s(?:the\s(?=following))?"
_PERSON = r"(?P<person>[A-Z][^（）()，,。；;：:、]{1,60}?|[\u4e00-\u9fff·]{2,12}?)(?:先生|女士|教授|博士)?"
_FORMULAE = {
    "zh": _Formula(
        listed=re.compile(
            rf"(?P<head>[^。；：:]*(?:(?:以下|下列)[^。；：:]*|{_SPOKE_ZH}的[^。；：:]*))[：:](?P<list>(?:(?!；[^；。：:]*[：:]).)+)"
        ),
        speaks=re.compile(rf"{_SPOKE_ZH}(?:如下|的[^，]*)?$"),
        panel=re.compile(r"嘉宾|小组成员|主讲人|演讲人|演讲者|发言人|主持人"),
        roles=(
            ("observer-state", re.compile(r"观察员国|非会员国|非成员国")),
            ("member-state", re.compile(r"会员国|成员国|缔约[国方]|签署国|国家")),
            ("organization", re.compile(r"组织|机构|机关|机制|实体|集团|基金|方案|专门|部门|公司|企业|学术")),
            ("observer", re.compile(r"观察员")),
        ),
        inline=(
            re.compile(
                r"(?P<list>[^。；：:]*?)的?(?:[一两二三四五六七八九十几多数]+[位名个])?"
                r"(?P<noun>代表团团长|代表团|代表|专家|观察员)?们?(?:也|还|均|都|又|并|随后|先后|分别|最后|首先|接着)*"
                r"(?:代表(?P<behalf>[^，。；：:]+?)|以(?P<name>[^，。；：:]+?)的?名义)?"
                rf"{_SPOKE_ZH}"
            ),
        ),
        behalf=re.compile(r"代表(?P<behalf>[^，。；：:）]+)|以(?P<name>[^，。；：:）]+?)的?名义"),
        chairs=(re.compile(rf"(?P<role>副?主席)(?:兼报告员)?\s?{_PERSON}\s?[（(](?P<country>[^（）()]+)[）)]"),),
        comma=re.compile(r"[、，,；;]"),
        conjunction=re.compile(r"以及|[和及与]"),
        before=re.compile(r"\s*(?:以及|[和及与])?\s*(?:非会员)?(?:(?:观察员|会员|成员)国(?=.))?"),
        after=re.compile(r"(?:等(?:国|国家|组织|机构)?)?\s*$"),
    ),
    "en": _Formula(
        listed=re.compile(r"(?P<head>[^;:]*\bfollowing\b[^;:]*):\s*(?P<list>(?:(?!;[^;:]*\bfollowing\b[^;:]*:).)+)", re.I),
        speaks=re.compile(
            rf"{_SPOKE_EN}|\b(?:statements?|presentations?|interventions?)\s(?:was|were)\s(?:[a-z]+\s)?(?:made|delivered|given)\b",
            re.I,
        ),
        panel=re.compile(r"panel(?:l)?ists?|keynote speakers?|moderators?|facilitators?|presenters?", re.I),
        roles=(
            ("organization", re.compile(r"organi[sz]ations|bodies|entities|agencies|institut|programmes|sector|groups", re.I)),
            ("observer-state", re.compile(r"observer States?|non-member|observers? for the following (?:States|countries)", re.I)),
            ("member-state", re.compile(r"States|countries|parties|Governments", re.I)),
            ("observer", re.compile(r"observers?", re.I)),
        ),
        inline=(
            re.compile(
                rf"\b{_NOUN_EN}(?P<list>(?!following)[^;:]+?),?\s(?:also\s|then\s|subsequently\s|each\s)*{_SPOKE_EN}", re.I
            ),
            re.compile(  # passive: a statement was made by …, and by …
                rf"(?:(?<=\bby\s)|(?<=\band\s)|(?<=\bthe\s)|(?<=\ban\s)|(?<=\ba\s)){_NOUN_EN}(?P<list>(?!following)[^;:]+?)"
                r"(?=,?\s(?:and\s|as\swell\sas\s)(?:also\s)?(?:by\s)?(?:the\s|an?\s|one\s)?"
                r"(?:representatives?|experts?|observers?|delegations?|delegates?)\s(?:of|from|for)\s|[.]?$)",
                re.I,
            ),
            re.compile(r"\b(?:made|delivered|given)\sby\s(?:the\s)?(?P<list>(?-i:[A-Z])[^;:]+?)(?=[.]?$)", re.I),
        ),
        behalf=re.compile(
            rf"\bon\sbehalf\sof\s(?P<behalf>[^;:()]+?)(?=,?\s(?:also\s|then\s)*{_SPOKE_EN}|\)|,\s(?!and\b)|[.]?$)", re.I
        ),
        chairs=(
            re.compile(
                r"(?P<role>(?:Vice-)?Chair)(?:man|person|woman)?(?:\sof\sthe\s[A-Z][\w\s-]*?)?,?\s"
                r"(?P<person>[A-Z][^,;:()]{1,60}?)\s\((?P<country>(?:[^()]|\([^()]*\))+)\)"
            ),
            re.compile(
                r"(?P<person>[A-Z][\w.’'-]*(?:\s[\w.’'-]+){0,6}?)\s\((?P<country>(?:[^()]|\([^()]*\))+)\),\s(?:the\s)?"
                r"(?P<role>(?:Vice-)?Chair)"
            ),
        ),
        comma=re.compile(r"[,;]"),
        conjunction=re.compile(r"\band\b|\bas well as\b"),
        before=re.compile(r"\s*(?:as well as\b|and\b)?\s*(?:also\b)?\s*(?:by\b|from\b)?\s*(?:the\b|an?\b(?=\s[a-z]))?\s*"),
        after=re.compile(r"\s*[.]?\s*$"),
    ),
}
# a name that only says what kind of thing it is, such as the apposition in 'the State of Palestine, a non-member State'
_GENERIC = re.compile(
    r"(?:the |an? |one |some |other |several |many )*(?:non-member |observer |Member )*(?:observer )?"
    r"(?:States?|Governments?|delegations?|speakers?|representatives?|countries)(?: parties)?|[a-z].*"
)
_ORGANIZED = ("国", "组织", "联盟", "会", "署", "院", "所", "大学", "中心", "网", "网络", "集团", "共同体", "论坛", "局", "处", "公司")


def find_speakers(report: Report, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find who is said to have taken the floor.

    Parameters
    ----------
    report : Report
    codebook : Codebook, optional
        Names, ISO codes and short forms come from its tables ``actors`` and ``actor_rules``.

    Returns
    -------
    DataFrame
        One row per State, body or person in a unit and a role, in text order: ``name_zh`` and ``name_en`` as in the
        codebook; ``iso3``, empty for what is no State; ``role`` (``member-state``, ``observer-state``,
        ``organization``, ``observer``, ``panellist``, ``chair``, ``vice-chair``, ``spoken-for``: somebody else spoke
        on its behalf); ``person``, as printed; ``unit_id``, for a footnote the unit of its anchor; ``start``, ``end``,
        ``quote``. A name outside the codebook stands in both name columns as printed, with an empty ``iso3``; so does
        a person without a country. No rows for a report that names no speaker.

    Notes
    -----
    Three formulae are known in Chinese and English: a list after a colon whose head says that those named spoke or
    were panellists; names directly before 'the representative(s) … made a statement', in English also after 'made
    by'; a chair with a country in brackets. Who only attended is not listed. Names in a list are never dropped; names
    before a verb are taken only if the codebook knows one of them or they follow 来自 (from) or a capital, since
    'some speakers' names nobody. States that the codebook defines as observers are ``observer-state`` unless a list
    says otherwise.

    Examples
    --------
    'Experts from the following Member States made statements: Japan and Peru.'

    >>> from egdata.report import sentences_report
    >>> speakers = find_speakers(sentences_report(["以下会员国的专家作了发言：日本和秘鲁。"]))
    >>> speakers[["name_en", "iso3", "role", "quote"]].values.tolist()
    [['Japan', 'JPN', 'member-state', '日本'], ['Peru', 'PER', 'member-state', '秘鲁']]
    """
    import pandas as pd

    rows: dict[tuple[str, ...], dict] = {}
    reader = _Reader(report, codebook or read_codebook())
    for start, end, unit_id in _sentences(report):
        for row in reader.read(start, end):
            key = (unit_id, row["role"], row["name_zh"], row["name_en"], row["person"])
            rows.setdefault(key, {**row, "unit_id": unit_id, "quote": report.text[row["start"] : row["end"]]})
    frame = pd.DataFrame(list(rows.values()), columns=list(COLUMNS)).astype({"start": "int64", "end": "int64"})
    return frame.sort_values("start", kind="stable", ignore_index=True)


def _sentences(report: Report) -> Iterator[tuple[int, int, str]]:
    """The spans of all sentences, those of footnotes last, each with its unit."""
    sentences, notes = report.sentences, report.footnotes
    yield from zip(sentences["start"], sentences["end"], sentences["unit_id"], strict=True)
    for start, text, unit_id in zip(notes["start"], notes["text"], notes["unit_id"], strict=True):
        for first, last in split_sentences(text, report.lang):
            yield start + first, start + last, unit_id


class _Item(NamedTuple):
    """One name of a list: its span, that of the remark in brackets behind it, and the actor it is."""

    start: int
    end: int
    note: tuple[int, int] | None
    actor: str


class _Reader:
    """The formulae of the report's language over its text."""

    def __init__(self, report: Report, codebook: Codebook) -> None:
        self.text = report.text
        self.formula = _FORMULAE[report.lang]
        self.rules = codebook.rules("actor_rules", report.lang)
        self.actors = codebook.codes("actors")

    def read(self, start: int, end: int) -> Iterator[dict]:
        """The rows of one sentence."""
        yield from self._listed(start, end)
        if self.formula.speaks.search(self.text, start, end):
            yield from self._inline(start, end)
        yield from self._chairs(start, end)

    # ---- the three formulae ----

    def _listed(self, start: int, end: int) -> Iterator[dict]:
        for found in self.formula.listed.finditer(self.text, start, self._close(start, end)):
            head = found["head"].strip()
            if self.formula.panel.search(head):
                role = "panellist"
            elif self.formula.speaks.search(head):
                role = next((role for role, nouns in self.formula.roles if nouns.search(head)), "")
            else:
                continue
            for item in self._items(*found.span("list")):
                yield from self._rows(item, role or self._role(item, "", ""))

    def _inline(self, start: int, end: int) -> Iterator[dict]:
        text, spoke = self.text, False
        for pattern in self.formula.inline:
            for found in pattern.finditer(text, start, self._close(start, end)):
                first, last = found.span("list")
                clause = max(text.rfind(mark, first, last) for mark in "，：；") + 1
                origin = text.rfind("来自", max(clause, first), last)
                is_origin = origin >= 0 or found.groupdict().get("preposition") == "from"
                first = origin + 2 if origin >= 0 else max(clause, first)
                if re.search(r"以下|下列|\bfollowing\b", text[first:last]):
                    continue
                items = [self._at_end(item) for item in self._items(first, last)]
                items = [item for item in items if item.actor or not _GENERIC.fullmatch(text[item.start : item.end])]
                if not any(item.actor for item in items) and not (is_origin and items):
                    continue
                spoke = True
                for item in items:
                    yield from self._rows(item, self._role(item, found.groupdict().get("noun") or "", is_origin))
        if spoke:
            yield from self._spoken_for(start, end)

    def _chairs(self, start: int, end: int) -> Iterator[dict]:
        for pattern in self.formula.chairs:
            for found in pattern.finditer(self.text, start, end):
                if actor := self._actor(*found.span("country")):
                    role = "vice-chair" if found["role"].lower() in ("副主席", "vice-chair") else "chair"
                    yield self._row(actor, role, *found.span("person"), person=found["person"].strip())

    # ---- rows ----

    def _rows(self, item: _Item, role: str) -> Iterator[dict]:
        """The row of a name, and rows for those it spoke for."""
        text = self.text
        behalf = item.note and self.formula.behalf.search(text, *item.note)
        if item.note and not behalf and not item.actor and role in ("panellist", "observer"):
            actor = self._actor(*item.note)
            name = "" if actor else text[slice(*item.note)].strip()
            person = text[item.start : item.end].strip()
            yield self._row(actor, role, item.start, item.note[1] + 1, person=person, name=name)
        elif item.note and not behalf and not item.actor:  # 香港（中国）: the brackets belong to the name
            yield self._row("", role, item.start, item.note[1] + 1)
        else:
            is_person = role == "panellist" and not item.actor
            person = text[item.start : item.end] if is_person else ""
            yield self._row(item.actor, role, item.start, item.end, person=person)
        if behalf:
            yield from self._for(behalf)

    def _spoken_for(self, start: int, end: int) -> Iterator[dict]:
        for found in self.formula.behalf.finditer(self.text, start, end):
            yield from self._for(found)

    def _for(self, found: re.Match[str]) -> Iterator[dict]:
        span = found.span("behalf") if found["behalf"] else found.span("name")
        for match in find_matches(self.rules, self.text, *span):
            yield self._row(match.rule.code, "spoken-for", match.start, match.end)

    def _row(self, code: str, role: str, start: int, end: int, *, person: str = "", name: str = "") -> dict:
        actor = self.actors.get(code)
        name = name or person or self.text[start:end]
        return {
            "name_zh": actor["label_zh"] if actor else name,
            "name_en": actor["label_en"] if actor else name,
            "iso3": actor["iso3"] if actor else "",
            "role": role,
            "person": person,
            "start": start,
            "end": end,
        }

    def _role(self, item: _Item, noun: str, is_origin: bool) -> str:
        """The role of a name that stands in no list with a head: a State's, or that of a body or observer."""
        actor = self.actors.get(item.actor)
        is_observer = noun.lower().startswith(("观察员", "observer"))
        if actor and actor["kind"] == "state":
            return "observer-state" if is_observer or "observer" in actor["definition"].lower() else "member-state"
        return "observer" if is_observer and is_origin else "organization"

    # ---- names ----

    def _close(self, start: int, end: int) -> int:
        """The end of a sentence without its full stop."""
        return end - 1 if self.text[end - 1 : end] in ("。", ".", "；", ";") else end

    def _actor(self, start: int, end: int) -> str:
        """The State, or else the first actor, that a span names."""
        codes = [match.rule.code for match in find_matches(self.rules, self.text, start, end)]
        states = [code for code in codes if self.actors[code]["kind"] == "state"]
        return next(iter(states + codes), "")

    def _items(self, start: int, end: int) -> list[_Item]:
        """Cut a list into names. No cut inside a known name (特立尼达和多巴哥) or in brackets."""
        known = {(match.start, match.end): match.rule.code for match in find_matches(self.rules, self.text, start, end)}
        whole = [*known, *_brackets(self.text, start, end)]

        def cuts(mark: re.Pattern[str], first: int, last: int) -> list[tuple[int, int]]:
            found = [hit.span() for hit in mark.finditer(self.text, first, last)]
            return [cut for cut in found if not any(a <= cut[0] and cut[1] <= b for a, b in whole)]

        def pieces(first: int, last: int, at: list[tuple[int, int]]) -> list[tuple[int, int]]:
            edges = [first, *(edge for cut in at for edge in cut), last]
            return list(zip(edges[::2], edges[1::2], strict=True))

        parts = pieces(start, end, cuts(self.formula.comma, start, end))
        items = []
        for index, (first, last) in enumerate(parts):
            found = cuts(self.formula.conjunction, first, last)
            chosen = [cut for cut in found if self._joins(first, cut, last, known)]
            if not chosen and index == len(parts) - 1 > 0:  # the last two of a list, neither of them known
                chosen = [cut for cut in found[-1:] if self._may_join(cut, first, last)]
            items += [self._item(*piece, known) for piece in pieces(first, last, chosen)]
        return [item for item in items if item.start < item.end]

    def _joins(self, first: int, cut: tuple[int, int], last: int, known: dict) -> bool:
        """Whether a conjunction has a known name, or the bracket behind a name, on either side."""
        left, right = self._trim(first, cut[0]), self._trim(cut[1], last)
        return (
            any(span[1] == left[1] and span[0] >= left[0] or span[0] == right[0] for span in known)
            or self.text[left[1] - 1] in "）)"
            and left[0] < left[1]
        )

    def _may_join(self, cut: tuple[int, int], first: int, last: int) -> bool:
        """世界和平组织 is one name: its first half does not end like one."""
        left, right = self.text[slice(*self._trim(first, cut[0]))], self.text[slice(*self._trim(cut[1], last))]
        return bool(left and right) and not (right.endswith(_ORGANIZED) and not left.endswith(_ORGANIZED))

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        start = self.formula.before.match(self.text, start, end).end()
        end = max(start, self.formula.after.search(self.text, start, end).start())
        return start, end

    def _item(self, start: int, end: int, known: dict[tuple[int, int], str]) -> _Item:
        start, end = self._trim(start, end)
        if (start, end) in known:
            return _Item(start, end, None, known[start, end])
        brackets = _brackets(self.text, start, end)
        if brackets and brackets[-1][1] == end and brackets[-1][0] > start:
            first, last = brackets[-1]
            name_end = start + len(self.text[start:first].rstrip())
            return _Item(start, name_end, (first + 1, last - 1), known.get((start, name_end), ""))
        return _Item(start, end, None, "")

    def _at_end(self, item: _Item) -> _Item:
        """Drop the words before a known name that ends the item: 会议期间日本 is 日本."""
        for match in () if item.actor else find_matches(self.rules, self.text, item.start, item.end):
            if match.end == item.end:
                return _Item(match.start, match.end, item.note, match.rule.code)
        return item


def _brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The outermost bracketed spans, brackets included."""
    spans, depth, first = [], 0, start
    for at in range(start, end):
        if text[at] in "（(":
            first = first if depth else at
            depth += 1
        elif text[at] in "）)" and depth:
            depth -= 1
            if not depth:
                spans.append((first, at + 1))
    return spans
