"""Who took the floor: States, bodies and persons, by the formulae in which UN reports list them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.frames import records
from egdata.codebook.codebook import Codebook
from egdata.codebook.matcher import find_matches
from egdata.reading.sentences import split_sentences

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report

COLUMNS = ("name_zh", "name_en", "iso3", "role", "person", "unit_id", "start", "end", "quote")


class _Formula(NamedTuple):
    """The wordings of one language."""

    head: re.Pattern[str]  # before a colon: who is listed behind it
    speaks: re.Pattern[str]  # a head that says they spoke
    panel: re.Pattern[str]  # a head that says they were panellists
    roles: tuple[tuple[str, re.Pattern[str]], ...]  # of what is listed; '' if it depends on the name
    stop: re.Pattern[str]  # no names beyond it are before a verb
    spoke: re.Pattern[str]  # that verb
    active: re.Pattern[str]  # names, for whom else, verb
    passive: re.Pattern[str]  # the verb that names follow
    agents: tuple[re.Pattern[str], ...]  # the names that follow it
    behalf: re.Pattern[str]
    chairs: tuple[re.Pattern[str], ...]
    comma: re.Pattern[str]
    conjunction: re.Pattern[str]
    before: re.Pattern[str]  # what may stand before a name and is none of it
    after: re.Pattern[str]


_NEVER = re.compile(r"(?!)")
#: The roles of what is listed, and the word lists of their heads; '' if it depends on the name.
_ROLES = {"observer-state": "observer_state", "member-state": "member_state", "organization": "organization",
          "observer": "observer", "": "delegate"}  # fmt: skip


@functools.lru_cache(maxsize=8)
def _read_formula(codebook: Codebook, lang: str) -> _Formula:
    """The wordings of one language, with the words of a codebook."""
    return (_chinese if lang == "zh" else _english)(functools.partial(codebook.written, lang=lang))


# Repeats are bounded where a match may fail behind them, so that time grows with the length of a text and no faster.


def _chinese(written: Callable[[str], str]) -> _Formula:
    listed, spoke, delegates, also = map(written, ("listed_here", "spoke_formally", "delegates", "before_spoke"))
    letter = written("capital_letter")
    count = f"(?:{written('digit_of_people')}{{1,9}}[位名个])"
    return _Formula(
        head=re.compile(f"{listed}(?:(?!{listed}).)*$|{written('panel_was')}.*|{spoke}的.*"),
        speaks=re.compile(f"{spoke}(?:如下|的[^，]*)?$"),
        panel=re.compile(written("panel")),
        roles=tuple((role, re.compile(written(f"kind_{kind}"))) for role, kind in _ROLES.items()),
        stop=re.compile("[。；：:]|$"),
        spoke=re.compile(spoke),
        active=re.compile(
            rf"(?<![^。；：:，,\s])(?P<list>[^。；：:]*?)的?{count}?(?P<noun>{delegates})?们?{also}{{0,3}}"
            r"(?:代表(?P<behalf>[^，。；：:]{1,99}?)|以(?P<name>[^，。；：:]{1,99}?)的?名义)?"
            rf"{spoke}"
        ),
        passive=_NEVER,
        agents=(),
        behalf=re.compile(r"代表(?P<behalf>[^，。；：:）]+)|以(?P<name>[^，。；：:）]{1,99}?)的?名义"),
        chairs=(
            re.compile(
                r"(?P<role>副?主席)(?![团国])\s?"
                rf"(?P<person>{letter}[^（）()，,。；;：:、]{{1,60}}?|[\u4e00-\u9fff]{{2,4}}?"
                r"|[\u4e00-\u9fff]{1,20}·[\u4e00-\u9fff·]{1,40}?)"
                rf"{written('title')}?\s?[（(](?P<country>[^（）()]+)[）)]"
            ),
        ),
        comma=re.compile(r"[、，,；;]"),
        conjunction=re.compile(r"以及|和{1,2}|[及与]"),
        before=re.compile(r"\s*(?:以及|[和及与])?\s*(?:非会员)?(?:(?:观察员|会员|成员)国(?=.))?"),
        after=re.compile(f"(?:的?{count}?{delegates}们?)?(?:等(?:国|国家|组织|机构)?)?$"),
    )


def _english(written: Callable[[str], str]) -> _Formula:
    listed, spoke, delegates, also = map(written, ("listed_here", "spoke_formally", "delegates", "before_spoke"))
    made_by, letter, particle = map(written, ("statements_made_by", "capital_letter", "name_particle"))
    names = rf"(?P<noun>{delegates})\s(?P<from>of|from|for)\s(?!(?:the\s)?{listed})(?P<list>[^;:]"
    behalf = r",?\s\(?(?:also\s)?(?:speaking\s)?(?:also\s)?on\sbehalf\sof\s"
    capitalised = rf"{letter}[\w.’'-]*"
    person = rf"\b{capitalised}(?:\s(?:{capitalised}|{particle})){{0,6}}"
    country = r"\((?P<country>(?:[^()]|\([^()]*\))+)\)"
    return _Formula(
        head=re.compile(rf"(?:{delegates}\s(?:of|for|from)\sthe\s)?{listed}.*|{written('panel_was')}.*", re.I),
        speaks=re.compile(f"{spoke}|{made_by}", re.I),
        panel=re.compile(written("panel"), re.I),
        roles=tuple((role, re.compile(written(f"kind_{kind}"), re.I)) for role, kind in _ROLES.items()),
        stop=re.compile("[;:]|$"),
        spoke=re.compile(rf"\s{spoke}", re.I),
        active=re.compile(rf"{names}+?)(?:{behalf}[^;:]+?)?,?\s(?:{also}\s){{0,2}}{spoke}", re.I),
        passive=re.compile(made_by, re.I),
        agents=(
            re.compile(
                rf"{names}{{1,4000}}?)(?={behalf}|,?\s(?:and|as\swell\sas)\s(?:also\s)?(?:by\s)?(?:the\s|an?\s|one\s)?"
                rf"{delegates}\s(?:of|from|for)\s|[.]?$)",
                re.I,
            ),
            re.compile(rf"(?<=\bby)\s(?:the\s)?(?P<list>(?-i:{letter})[^;:]{{1,4000}}?)(?={behalf}|[.]?$)", re.I),
        ),
        behalf=re.compile(
            rf"\bon\sbehalf\sof\s(?P<behalf>[^;:()]{{1,400}}?)(?=,?\s(?:{also}\s){{0,2}}{spoke}|\)|,\s(?!and\b)|[.]?$)"
            r"(?P<name>)",
            re.I,
        ),
        chairs=(
            re.compile(
                rf"(?P<role>(?:Vice-)?Chair)(?:man|person|woman)?(?:\sof\sthe\s{letter}[\w\s-]*?)?,?\s"
                rf"(?P<person>{person})\s{country}"
            ),
            re.compile(rf"(?P<person>{person})\s{country},\s(?:the\s)?(?P<role>(?:Vice-)?Chair)"),
        ),
        comma=re.compile(r"[,;]"),
        conjunction=re.compile(r"\band\b|\bas\swell\sas\b"),
        before=re.compile(
            r"\s*(?:as\swell\sas\b|and\b)?\s*(?:also\b)?\s*(?:by\b|from\b)?\s*(?:the\b|an?\b(?=\s[a-z]))?\s*"
        ),
        after=re.compile(r"(?:(?<=\))\s(?:for|on)\s.*|\s?[.])?$"),
    )


# no name but a kind of thing, such as the apposition in 'the State of Palestine, a non-member State'
_GENERIC = re.compile(
    r"(?:the |an? |one |some |other |several |many )*(?:non-member |observer |Member )*(?:observer )?"
    r"(?:States?|Governments?|delegations?|speakers?|representatives?|countries)(?: parties)?|[a-z].*"
)


def speakers_of(report: Report, codebook: Codebook) -> pd.DataFrame:
    """The speakers of a report; :func:`egdata.find_speakers` says what the columns hold."""
    import pandas as pd

    rows: dict[tuple[str, ...], dict] = {}
    reader = _Reader(report, codebook)
    for start, end, unit_id in _sentences(report):
        for row in reader.read(start, end):
            key = (unit_id, row["role"], row["name_zh"], row["name_en"], row["person"])
            rows.setdefault(key, {**row, "unit_id": unit_id, "quote": report.text[row["start"] : row["end"]]})
    frame = pd.DataFrame(list(rows.values()), columns=list(COLUMNS))
    frame = frame.astype({"start": "int64", "end": "int64"})
    return frame.sort_values("start", kind="stable", ignore_index=True)


def _sentences(report: Report) -> Iterator[tuple[int, int, str]]:
    """The spans of all sentences, those of footnotes last, each with its unit."""
    for frame in (report.sentences, report.footnotes):  # bare sentences may have to be cut, too
        for start, text, unit_id in records(frame, "start", "text", "unit_id"):
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
        self.formula = _read_formula(codebook, report.lang)
        self.body_end = re.compile(rf"{codebook.written('ends_as_a_body', report.lang)}\Z")
        self.listed = codebook.pattern("listed_here", report.lang)
        self.rules = codebook.rules("actor_rules", report.lang)
        self.actors = codebook.codes("actors")

    def read(self, start: int, end: int) -> Iterator[dict]:
        """The rows of one sentence."""
        yield from self._listed(start, end)
        yield from self._inline(start, end)
        yield from self._chairs(start, end)

    # ---- the three formulae ----

    def _listed(self, start: int, end: int) -> Iterator[dict]:
        formula, text = self.formula, self.text
        end = self._close(end)
        heads, first = [], start
        for mark in re.finditer("[；;：:]", text[start:end]):
            at = start + mark.start()
            if mark[0] in "：:" and (kind := formula.head.search(text, first, at)):
                heads.append((first, at, kind[0]))
            first = at + 1
        for (first, at, kind), (last, *_) in zip(heads, [*heads[1:], (end,)], strict=False):
            role = next((role for role, nouns in formula.roles if nouns.search(kind)), None)
            if formula.panel.search(kind):
                role = "panellist"
            elif role is None or not formula.speaks.search(text, first, at):
                continue
            for item in self._items(at + 1, last):
                if role != "panellist" or not text[item.start].islower():  # no name, but more about the one before
                    yield from self._rows(item, role or self._role(item, "", False))

    def _inline(self, start: int, end: int) -> Iterator[dict]:
        last = self._close(end)
        matches = [
            match for part in self._with_verb(start, last) for match in self.formula.active.finditer(self.text, *part)
        ]
        if passive := self.formula.passive.search(self.text, start, last):
            for names in self.formula.agents:
                matches += names.finditer(self.text, passive.end(), last)
        rows = [row for match in matches for row in self._named_before_verb(match)]
        yield from rows
        for behalf in self.formula.behalf.finditer(self.text, start, end) if rows else ():
            yield from self._spoken_for(behalf)

    def _with_verb(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a sentence in which names may stand before a verb, each up to its last verb."""
        for stop in self.formula.stop.finditer(self.text, start, end):
            for verb in list(self.formula.spoke.finditer(self.text, start, stop.start()))[-1:]:
                yield start, verb.end()
            start = stop.end()

    def _named_before_verb(self, match: re.Match[str]) -> Iterator[dict]:
        groups = match.groupdict()
        start, end = match.span("list")
        start = max([start, *(self.text.rfind(mark, start, end) + 1 for mark in "，：；")])
        origin = self.text.rfind("来自", start, end)
        is_origin = origin >= 0 or groups.get("from") == "from"
        start = origin + 2 if origin >= 0 else start
        if self.listed.search(self.text, start, end):
            return
        items = [self._at_end(item) for item in self._items(start, end)]
        items = [item for item in items if item.actor or not _GENERIC.fullmatch(self.text, item.start, item.end)]
        if is_origin or any(item.actor for item in items):
            for item in items:
                yield from self._rows(item, self._role(item, groups.get("noun") or "", is_origin))

    def _chairs(self, start: int, end: int) -> Iterator[dict]:
        for pattern in self.formula.chairs:
            for chair in pattern.finditer(self.text, start, end):
                actor = self._actor(*chair.span("country"))
                if actor and not self._actor(*chair.span("person")):
                    role = "vice-chair" if chair["role"] in ("副主席", "Vice-Chair") else "chair"
                    yield self._row(actor, role, chair.start("person"), chair.end("country") + 1, chair["person"])

    # ---- rows ----

    def _rows(self, item: _Item, role: str) -> Iterator[dict]:
        """The row of a name, and rows for those it spoke for."""
        text = self.text
        name, note = text[item.start : item.end], item.note
        behalf = self.formula.behalf.search(text, *note) if note else None
        if item.actor or behalf or not note:
            is_person = role == "panellist" and not item.actor
            yield self._row(item.actor, role, item.start, item.end, name if is_person else "")
        elif role in ("panellist", "observer"):
            affiliation = text[slice(*note)].strip()
            yield self._row(self._actor(*note), role, item.start, note[1] + 1, name, affiliation)
        else:  # 香港（中国）: the brackets belong to the name
            yield self._row("", role, item.start, note[1] + 1)
        if behalf:
            yield from self._spoken_for(behalf)

    def _spoken_for(self, behalf: re.Match[str]) -> Iterator[dict]:
        span = behalf.span("behalf") if behalf["behalf"] else behalf.span("name")
        for match in find_matches(self.rules, self.text, *span):
            yield self._row(match.rule.code, "spoken-for", match.start, match.end)

    def _row(self, code: str, role: str, start: int, end: int, person: str = "", name: str = "") -> dict:
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
        actor = self.actors.get(item.actor, {"kind": "", "definition": ""})
        is_observer = noun.lower().startswith(("观察员", "observer"))
        if actor["kind"] == "state":
            has_observed = is_observer or "observer" in actor["definition"]
            return "observer-state" if has_observed else "member-state"
        return "observer" if is_observer and is_origin else "organization"

    # ---- names ----

    def _close(self, end: int) -> int:
        """The end of a sentence without its full stop."""
        return end - 1 if self.text[end - 1 : end] in ("。", ".", "；", ";") else end

    def _actor(self, start: int, end: int) -> str:
        """The State, or else the first actor, that a span names."""
        codes = [match.rule.code for match in find_matches(self.rules, self.text, start, end)]
        states = [code for code in codes if self.actors[code]["kind"] == "state"]
        return next(iter(states + codes), "")

    def _items(self, start: int, end: int) -> list[_Item]:
        """Cut a list into names. No cut inside a known name (特立尼达和多巴哥) or in brackets."""
        matches = find_matches(self.rules, self.text, start, end)
        known = {(match.start, match.end): match.rule.code for match in matches}
        begin_of, end_of = {b: a for a, b in known}, dict(known.keys())
        inside = bytearray(end - start)
        for first, last in (*known, *_brackets(self.text, start, end)):
            inside[first - start : last - start] = b"\x01" * (last - first)

        def cuts(mark: re.Pattern[str], first: int, last: int) -> list[tuple[int, int]]:
            spans = [match.span() for match in mark.finditer(self.text, first, last)]
            return [cut for cut in spans if not all(inside[cut[0] - start : cut[1] - start])]

        def pieces(first: int, last: int, at: list[tuple[int, int]]) -> list[tuple[int, int]]:
            edges = [first, *(edge for cut in at for edge in cut), last]
            return list(zip(edges[::2], edges[1::2], strict=True))

        parts = pieces(start, end, cuts(self.formula.comma, start, end))
        items = []
        for index, (first, last) in enumerate(parts):
            conjunctions = cuts(self.formula.conjunction, first, last)
            before = [first, *(cut[1] for cut in conjunctions)]
            behind = [*(cut[0] for cut in conjunctions[1:]), last]
            chosen = [
                cut
                for a, cut, b in zip(before, conjunctions, behind, strict=False)
                if self._joins(a, cut, b, begin_of, end_of)
            ]
            if not chosen and index == len(parts) - 1:  # the last two of a list, neither of them known
                chosen = [cut for cut in conjunctions[-1:] if self._may_join(cut, first, last, bool(index))]
            items += [self._item(*piece, known) for piece in pieces(first, last, chosen)]
        return [item for item in items if item.start < item.end]

    def _joins(
        self, first: int, cut: tuple[int, int], last: int, begin_of: dict[int, int], end_of: dict[int, int]
    ) -> bool:
        """Whether a conjunction has a known name, or the bracket behind a name, on either side."""
        left, right = self._trim(first, cut[0]), self._trim(cut[1], last)
        name_before = left[0] <= begin_of.get(left[1], -1)
        name_behind = right[0] in end_of
        return name_before or name_behind or self.text[left[0] : left[1]].endswith(("）", ")"))

    def _may_join(self, cut: tuple[int, int], first: int, last: int, is_list: bool) -> bool:
        """世界和平组织 (one name) is not cut, since its first half does not end like a name."""
        halves = [self.text[slice(*self._trim(*span))] for span in ((first, cut[0]), (cut[1], last))]
        left, right = (bool(self.body_end.search(half)) for half in halves)
        return all(halves) and ((left and right) or (is_list and (left or not right)))

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        start = self.formula.before.match(self.text, start, end).end()
        end = start + len(self.text[start:end].rstrip())
        end = start + len(self.text[start : self.formula.after.search(self.text, start, end).start()].rstrip())
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
        """Drop the words before a known name that ends the item: 会议期间日本. In English 'of' cuts them."""
        for match in () if item.actor else find_matches(self.rules, self.text, item.start, item.end):
            if match.end == item.end and not self.text[match.start - 1].isspace():
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
