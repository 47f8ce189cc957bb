"""What was found in a report: the one object that everything after the coding takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from egdata.base.errors import EgdataError
from egdata.base.frames import frame_of, records
from egdata.base.vocabulary import RULES, SPEAKER
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.actors import actors_of
from egdata.coding.coders import REFUSALS, Coder, checked_answer, statements_to_code
from egdata.coding.corrections import ACTOR, STATEMENT, apply_corrections, count_decided, own_rows
from egdata.coding.ledger import with_ledger
from egdata.coding.mentions import mentions_of
from egdata.coding.notices import notices_of
from egdata.coding.positions import positions_of
from egdata.coding.speakers import speakers_of
from egdata.coding.speakers_named import with_named_speakers
from egdata.coding.statements import statements_of, with_learnt_holders
from egdata.coding.themes import themes_of
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Coding:
    """One report as coded with one codebook; :func:`code` makes it.

    Every frame is made when it is first asked for, and then kept: nothing is found twice. The frames are not to be
    changed in place.

    Attributes
    ----------
    report : Report
    codebook : Codebook
    corrections : DataFrame or None
        The rows of the coding sheet with which a person corrected it; :meth:`correct` puts others in their place.
    before : Coding or None
        What it was before a person corrected it.
    coder : str
        Who found the positions: ``rules``, ``person``, or the name of another coder.
    coder_notices : list of str
        What a reader should know about the answers of another coder: how many were refused, what was left out.
    notices : list of str
        ``report.notices``, why the codebook may find nothing in it, and these.
    mentions, statements, positions, themes, speakers, actors : DataFrame
        As :func:`find_mentions` and its siblings give them.
    told, held : DataFrame
        The statements as the rules alone find them, and the positions without their holders.
    sentences : DataFrame
        ``report.sentences`` with the ledger: ``status`` (``coded`` or ``uncoded``) and ``reason`` (empty, ``no-view``,
        ``no-issue`` or ``list-head``; of another coder than the rules also ``no-answer`` and ``refused``).
    left_out : dict of str to str
        The sentences that another coder left uncoded so, with the reason.
    n_decided : int
        How many codes the corrections decided.
    to_code : DataFrame
        The statements as another coder is given them.
    refused : DataFrame
        One row per answer of another coder that was not believed: ``statement_id, issue, stance, quote, reason``.
    flat : DataFrame
        One row per position with what most people want: see :attr:`flat`.
    """

    report: Report
    codebook: Codebook = field(repr=False)
    corrections: pd.DataFrame | None = field(default=None, repr=False)
    before: Coding | None = field(default=None, repr=False)
    coder: str = RULES
    coder_notices: list[str] = field(default_factory=list, repr=False)
    left_out: Mapping[str, str] = field(default_factory=dict, repr=False)  # sentences that the coder left uncoded
    n_decided: int = 0
    _given: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)  # frames that the rules did not make

    def correct(self, sheet: pd.DataFrame | str | Path) -> None:
        """Take a person's sheet in place of the one so far; all frames follow. Nothing else changes a coding.

        Raises
        ------
        EgdataError
            As :func:`code` does; the coding is then as it was.
        """
        corrected = _corrected(self.before or replace(self), sheet)
        # In one step: a frame that another thread is making meanwhile is kept in the old dict, and goes with it.
        object.__setattr__(self, "__dict__", vars(corrected))

    @cached_property
    def mentions(self) -> pd.DataFrame:
        return self._found("mentions", mentions_of)

    @cached_property
    def told(self) -> pd.DataFrame:
        return self._found("statements", statements_of)

    @cached_property
    def statements(self) -> pd.DataFrame:
        if "statements" in self._given:
            return self.told
        statements = with_learnt_holders(self.report.folded, self.codebook, self.told, self.held, self.mentions)
        return self._as_printed(statements)

    @cached_property
    def held(self) -> pd.DataFrame:
        return self._found("positions", positions_of, "told", "mentions")

    @cached_property
    def positions(self) -> pd.DataFrame:
        import pandas as pd

        positions = self.held
        statements = self.statements.drop_duplicates("statement_id").set_index("statement_id")
        sentences = positions["statement_id"].map(statements["sentence_id"]).astype(str)
        positions = positions.assign(
            sentence_id=sentences,
            holder=positions["statement_id"].map(statements["holder"]).astype(str),
            voice=sentences.map(self.places["voice"]).astype(str),
        )
        blank = [name for name in ("certainty", "second_opinion") if name not in positions]
        return positions.assign(**{name: pd.Series("", positions.index, dtype=str) for name in blank})

    @cached_property
    def themes(self) -> pd.DataFrame:
        held = any(row["themes"] for row in self.codebook.codes("issues").values())  # else positions have no say
        return self._found("sentence_themes", themes_of, *(("positions",) if held else ()))

    @cached_property
    def speakers(self) -> pd.DataFrame:
        return self._found("speakers", speakers_of)

    @cached_property
    def actors(self) -> pd.DataFrame:
        actors = self._found("actors", actors_of, "statements", "mentions")
        if self.corrections is None or not {ACTOR, STATEMENT} <= set(self.corrections):
            return actors
        return with_named_speakers(actors, self.corrections, self.codebook)

    def _found(self, name: str, find: Callable[..., pd.DataFrame], *needed: str) -> pd.DataFrame:
        """A frame that was given, or what the rules find in simplified characters, quoted as printed."""
        if name in self._given:
            return self._given[name]
        return self._as_printed(find(self.report.folded, self.codebook, *(getattr(self, frame) for frame in needed)))

    def _as_printed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What was found in simplified characters, in the words of the report."""
        if self.report.folded is self.report:
            return frame
        words = {
            "quote": ("start", "end"),
            "holder_quote": ("holder_start", "holder_end"),
            "predicate": ("predicate_start", "predicate_end"),
        }
        for name, ends in words.items():
            if name in frame:  # a holder that is not named has no place
                spans = records(frame, *ends)
                printed = [self.report.text[start:end] if isinstance(start, int) else "" for start, end in spans]
                frame = frame.assign(**{name: printed})
        return frame

    @cached_property
    def notices(self) -> list[str]:
        """What a reader should know about the report, about how codebook and report fit together, and its coder."""
        return [*self.report.notices, *notices_of(self.report, self.codebook), *self.coder_notices]

    @cached_property
    def sentences(self) -> pd.DataFrame:
        return with_ledger(self.report.sentences, self.statements, self.positions, self.left_out)

    @cached_property
    def to_code(self) -> pd.DataFrame:
        return statements_to_code(self.report, self.statements)

    @cached_property
    def refused(self) -> pd.DataFrame:
        return self._given["refused"] if "refused" in self._given else frame_of([], REFUSALS)

    @cached_property
    def places(self) -> pd.DataFrame:
        """Where each sentence stands: ``unit_id``, ``section_id`` and ``voice`` by ``sentence_id``."""
        units = self.report.units[["unit_id", "section_id", "voice"]]
        return self.report.sentences[["sentence_id", "unit_id"]].merge(units, on="unit_id").set_index("sentence_id")

    @cached_property
    def instruments(self) -> pd.Series:
        """The instruments of each sentence, in text order, joined by ``;``, by ``sentence_id``."""
        mentions = self.mentions
        known = mentions["entity_id"].isin(self.codebook.codes("instruments")) & mentions["sentence_id"].ne("")
        return joined(mentions[known], "entity_id")

    @cached_property
    def flat(self) -> pd.DataFrame:
        """One row per position, in text order, with the words that it rests on.

        ``position_id``, ``sentence_id``, ``section_id``, ``voice``; ``holder``, its class; ``actor``, the English names
        of a holder that is named, joined by ``;``; ``issue_id``, ``stance``, ``modality``; ``instruments`` of the
        sentence, joined by ``;``; ``quote``; ``text``, the whole sentence; ``citation``; ``coded_by``; ``certainty``
        and ``second_opinion``, empty where there is none. All are strings.
        """
        named = self.actors[self.actors["node_type"].ne("anonymous") & self.actors["role"].eq(SPEAKER)]
        frame = self.positions.merge(self.statements[["statement_id", "modality"]], on="statement_id")
        sentences = self.report.sentences.set_index("sentence_id")["text"]
        frame = frame.assign(
            section_id=frame["sentence_id"].map(self.places["section_id"]).astype(str),
            actor=looked_up(frame["statement_id"], joined(named, "name_en", by="statement_id")),
            instruments=looked_up(frame["sentence_id"], self.instruments),
            text=frame["sentence_id"].map(sentences).astype(str),
        )
        columns = [
            "position_id", "sentence_id", "section_id", "voice", "holder", "actor", "issue_id", "stance", "modality",
            "instruments", "quote", "text", "citation", "coded_by", "certainty", "second_opinion",
        ]  # fmt: skip
        return frame[columns]


@one_report
def code(
    report: Report,
    codebook: Codebook | None = None,
    corrections: pd.DataFrame | str | Path | None = None,
    coder: Coder = RULES,
) -> Coding:
    """Code a report.

    Parameters
    ----------
    report : Report
    codebook : Codebook, optional
        The bundled one if omitted.
    corrections : DataFrame or path, optional
        A coding sheet with cells or rows that a person changed, as :func:`apply_corrections` takes it.
    coder : path or function, optional
        Who finds the positions, if not the rules: recorded answers (``.jsonl``) of ``egdata code``; a person's coding
        sheet (``.csv``, ``.tsv``, ``.xlsx``), as a whole coding; or a function. It is given ``Coding.to_code`` and the
        codebook, and gives a DataFrame or list of dicts with ``statement_id``, ``issue``, ``stance``, ``quote`` and, if
        it has one, ``certainty`` (``sure``, ``likely``, ``check``). Statements, holders, mentions and themes stay those
        of the rules.

    Returns
    -------
    Coding
        Its frames are made when they are first asked for.

    Raises
    ------
    EgdataError
        If the corrections cannot be read or do not fit the report: names sentence, column and value. If the coder
        cannot be read.

    Notes
    -----
    No answer of a coder is believed unless its codes exist, its quote stands in its statement word for word, and it
    is the only one on its issue; the others stand in ``Coding.refused`` with the reason.

    Examples
    --------
    'Some speakers supported a new convention.'

    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["一些发言者支持制定一项新公约。"])
    >>> code(report).flat[["holder", "issue_id", "stance", "quote"]].values.tolist()
    [['some', 'new-convention', 'for', '支持制定一项新公约']]
    >>> def doubter(statements, codebook):
    ...     said = {"issue": "new-convention", "stance": "neutral", "quote": "新公约"}
    ...     return [{"statement_id": statement_id, **said} for statement_id in statements["statement_id"]]
    >>> code(report, coder=doubter).flat[["holder", "stance", "quote", "coded_by"]].values.tolist()
    [['some', 'neutral', '新公约', 'doubter']]
    """
    if not isinstance(report, Report):
        raise TypeError(f"code takes a Report, not {type(report).__name__}; read a file with read_report first")
    coding = with_coder(Coding(report, codebook or read_codebook()), coder)
    return coding if corrections is None else _corrected(coding, corrections)


def with_coder(coding: Coding, coder: Coder) -> Coding:
    """A coding by the rules with the positions of another coder; nothing else is found twice."""
    if isinstance(coder, str) and coder == RULES:
        return coding
    answer = checked_answer(coder, coding.report, coding.codebook, coding.statements)
    frames = {"statements": coding.statements, "mentions": coding.mentions}
    given = frames | {"positions": answer.positions, "refused": answer.refused}
    return replace(coding, coder=answer.coder, coder_notices=answer.notices, left_out=answer.left_out, _given=given)


def _corrected(coding: Coding, corrections: pd.DataFrame | str | Path) -> Coding:
    """A coding with what a person corrected in it."""
    import pandas as pd

    sheet = own_rows(corrections, coding.report)
    frames = {
        "mentions": coding.mentions,
        "statements": coding.statements,
        "positions": coding.positions,
        "sentence_themes": coding.themes,
    }
    corrected = apply_corrections(frames, corrections, coding.report, coding.codebook)
    sure = coding.positions.set_index(["position_id", "stance"])["certainty"].to_dict()
    decided = corrected["positions"]
    kept = [sure.get(key, "") for key in zip(decided["position_id"], decided["stance"], strict=True)]
    corrected["positions"] = decided.assign(certainty=pd.Series(kept, decided.index, dtype=str))
    n_decided = count_decided(frames, corrected, sheet)
    given = {**coding._given, **corrected}
    return replace(coding, corrections=sheet, before=coding, n_decided=n_decided, _given=given)


def coding_of(
    source: Report | Coding,
    codebook: Codebook | None = None,
    corrections: pd.DataFrame | str | Path | None = None,
) -> Coding:
    """The coding itself, or that of a report.

    Raises
    ------
    EgdataError
        If there are a codebook or corrections beside a coding, which has its own.
    TypeError
        If it is neither.
    """
    if isinstance(source, Report):
        return code(source, codebook, corrections)
    if not isinstance(source, Coding):
        raise TypeError(f"takes a Report or a Coding, not {type(source).__name__}; read a file with read_report first")
    if corrections is not None or codebook not in (None, source.codebook):
        raise EgdataError("a coding has its own codebook and corrections; leave them out, or pass the report")
    return source


def report_of(source: Report | Coding) -> Report:
    """The report that it is, or of which it is a coding."""
    return source.report if isinstance(source, Coding) else source


def joined(frame: pd.DataFrame, column: str, by: str = "sentence_id") -> pd.Series:
    """The distinct values of each sentence (or other key), in their order, joined by ``;``."""
    distinct = frame[[by, column]].drop_duplicates()
    return distinct.groupby(by, sort=False)[column].agg(";".join)


def looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key; an empty text where there is none."""
    return keys.map(values).astype(object).fillna("").astype(str)
