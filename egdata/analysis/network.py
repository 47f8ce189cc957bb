"""Who speaks of which instruments, and who is named beside them: edges, nodes, and positions as a list of events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.analysis.actor_positions import actor_positions
from egdata.analysis.parallels import retellings_of
from egdata.base.csv_files import frame_bytes
from egdata.base.errors import EgdataError, TableError, check_option, check_options
from egdata.base.frames import grouped, grouped_records, records
from egdata.base.output import write_file
from egdata.base.vocabulary import ACTOR_TYPES, IDENTITIES, NO_HOLDER, RELATIONS, STANCES
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.names import KNOWN
from egdata.coding.several import over_reports
from egdata.reading.report import Report, one_report

if TYPE_CHECKING:
    import pandas as pd


# ---- actors and instruments ------------------------------------------------------------------------------------------


@over_reports
def actor_instrument_edges(
    report: Report | Coding,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    relations: Iterable[str] = RELATIONS,
    count_retellings: bool = False,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Connect those who speak, and those who are named, with the instruments.

    Parameters
    ----------
    report : Report, Coding or list of them
    identity : {'mention', 'unit', 'merged'}
        When two holders are one actor. ``mention``: only if an anaphor (这些发言者) links them; ``unit``: also if they
        are of one class (``some``) and stand in one unit; ``merged``: if they are of one class. Whoever is named is the
        same actor under every policy, and goes by its name where the codebook does not know it.
    exclude : iterable of str
        Types of nodes to leave out, of ``ACTOR_TYPES``; ``('impersonal', 'unattributed')`` leaves those who speak.
    relations : iterable of str
        Of ``speaks-of`` and ``mentioned-with``.
    count_retellings : bool
        Whether a view that stands in the proposals and again in the Chair's summary counts twice (Notes).
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per actor, instrument and relation, ``speaks-of`` first and then in text order: ``identity``;
        ``actor_id``, ``instrument_id``, ids of :func:`actor_instrument_nodes`; ``relation``; ``weight`` (statements);
        ``signed_weight`` (positions for minus positions against); ``n_for``, ``n_conditional``, ``n_neutral``,
        ``n_against`` (positions); ``stances``, those that occur, ``statement_ids`` and ``citations``, several joined
        with ``;``. No rows for a report without instruments.

    Raises
    ------
    EgdataError
        If an option is none of those above.

    Notes
    -----
    ``speaks-of``: a statement of the holder refers to the instrument, by name or anaphor. A stance is counted only if
    its issue is about that instrument (column ``instrument`` of issues.csv): to speak against a new convention while
    citing another one says nothing against the other. ``mentioned-with``: a State, group or body stands in the sentence
    of a statement that refers to the instrument. It takes no stance. A named holder stands in its sentence, too, so the
    two relations overlap and must not be added up. Mentions in footnotes belong to no statement and are left out.

    A view told in proposals and summary (the same stance on the same issue in parallel sentences, see
    :func:`egdata.find_parallels`) counts once: where it names a holder, else as a proposal. A statement all of whose
    positions are told elsewhere is left out whole.
    Everybody whom :func:`egdata.find_actors` finds in a statement with a holder speaks of its instruments: supporters,
    and those with and for whom somebody speaks, with the stance of the statement; opponents with the opposite, or with
    none where it is ``conditional`` or ``neutral``.

    Statements that name no holder are kept unless excluded: most references to instruments in a UN report are theirs,
    and a network without them would look as if speakers had made it. Their types tell them from actors.

    Examples
    --------
    'Some speakers supported the Convention against Corruption.'

    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["一些发言者支持《联合国反腐败公约》。"])
    >>> actor_instrument_edges(report, "merged")[["actor_id", "instrument_id", "relation", "weight"]].values.tolist()
    [['some', 'uncac', 'speaks-of', 1]]
    """
    return build_network(report, (identity,), exclude, relations, codebook, count_retellings=count_retellings).edges


@over_reports
def actor_instrument_nodes(
    report: Report | Coding,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    relations: Iterable[str] = RELATIONS,
    isolates: bool = False,
    count_retellings: bool = False,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """List the nodes of the actor–instrument network.

    Parameters
    ----------
    report, identity, exclude, relations, count_retellings, codebook
        As for :func:`actor_instrument_edges`.
    isolates : bool
        Also list holders who speak of no instrument and bodies named beside none.

    Returns
    -------
    DataFrame
        One row per node, actors first, each in text order: ``identity``; ``node_id``: ``22#1/s1`` (mention),
        ``some@22`` (unit) or ``some`` (merged) for a holder, the codebook's id for a State, group, body or instrument;
        ``node_type``: ``anonymous``, ``named`` (outside the codebook), ``state``, ``group``, ``body``, ``impersonal``,
        ``unattributed`` or ``instrument``; ``code``: the class of the holder or the id in the codebook, the same under
        every policy; ``label_en``, ``label_zh``; ``n_statements`` that speak of an instrument, or of this one.
    """
    return build_network(report, (identity,), exclude, relations, codebook, isolates, count_retellings).nodes


@one_report
def network_tables(report: Report | Coding, codebook: Codebook | None = None) -> dict[str, pd.DataFrame]:
    """Edges and nodes under every identity policy, one below the other.

    Returns
    -------
    dict of str to DataFrame
        ``edges`` and ``nodes``, as :func:`actor_instrument_edges` and :func:`actor_instrument_nodes` give them.
    """
    return build_network(report, IDENTITIES, (), RELATIONS, codebook)._asdict()


class _Network(NamedTuple):
    edges: pd.DataFrame
    nodes: pd.DataFrame


_COUNTS = [f"n_{stance}" for stance in STANCES]


def build_network(
    report: Report | Coding,
    identities: tuple[str, ...],
    exclude: Iterable[str],
    relations: Iterable[str],
    codebook: Codebook | None = None,
    isolates: bool = False,
    count_retellings: bool = False,
) -> _Network:
    """Edges and nodes under some identity policies, one below the other, with the options of the public functions."""
    import pandas as pd

    check_options("identity", identities, IDENTITIES)
    exclude = check_options("exclude", exclude, ACTOR_TYPES)
    relations = check_options("relations", relations, RELATIONS)
    coding = coding_of(report, codebook)
    report, codebook = coding.report, coding.codebook
    statements, positions = _counted(coding, count_retellings)
    referring, bodies = _references(statements, coding.mentions), _bodies(coding.mentions, codebook)
    holders = _holders(coding, identities)
    holders = holders[holders["statement_id"].isin(statements["statement_id"])]

    speaks = referring.merge(holders, on="statement_id")
    speaks = speaks.merge(_stances(positions, codebook), on=["statement_id", "key", "instrument_id"], how="left")
    speaks = speaks.assign(relation="speaks-of")
    bodies = bodies.merge(pd.DataFrame({"identity": identities}), how="cross")
    beside = bodies.drop_duplicates(["identity", "sentence_id", "actor_id"])
    beside = referring.merge(beside, on="sentence_id").assign(relation="mentioned-with")
    links = pd.concat([speaks, beside.reindex(columns=speaks.columns)], ignore_index=True)
    links = links[links["relation"].isin(relations) & ~links["node_type"].isin(exclude)]
    links[_COUNTS] = links[_COUNTS].astype("float64").fillna(0).astype("int64")
    units = dict(records(report.sentences, "sentence_id", "unit_id"))
    links["citation"] = [report.citation(units[sentence]) for sentence in links["sentence_id"]]

    actors = pd.concat([holders, bodies], ignore_index=True) if isolates else links
    texts = referring if isolates else links
    return _Network(
        _edges(links, identities),
        _nodes(actors[~actors["node_type"].isin(exclude)], texts["instrument_id"], links, identities, codebook),
    )


def _counted(coding: Coding, count_retellings: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements and held positions, without those that only tell again what the other voice tells."""
    statements, held = coding.statements, _held(coding)
    if not count_retellings:
        told_elsewhere = retellings_of(coding)
        taken = coding.positions
        kept = set(taken.loc[~taken["position_id"].isin(told_elsewhere), "statement_id"])
        silent = set(taken["statement_id"]) - kept
        statements = statements[~statements["statement_id"].isin(silent)]
        held = held[~held["position_id"].isin(told_elsewhere)]
    return statements, held


def _references(statements: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The instruments that each statement refers to, each once."""
    is_resolved = mentions["entity_id"].ne("") & mentions["sentence_id"].ne("")
    mentions = mentions[mentions["kind"].eq("instrument") & is_resolved]
    mentions = mentions.sort_values("start", kind="stable")
    firsts, lasts = (mentions["start"].searchsorted(statements[edge]) for edge in ("start", "end"))
    inside = [number for span in zip(firsts, lasts, strict=True) for number in range(*span)]
    pairs = statements[["statement_id", "sentence_id"]].loc[statements.index.repeat(lasts - firsts)]
    pairs = pairs.assign(instrument_id=mentions["entity_id"].iloc[inside].to_numpy(), number=inside)
    pairs = pairs.sort_values("number", kind="stable").drop(columns="number")
    return pairs.drop_duplicates(["statement_id", "instrument_id"], ignore_index=True)


_ACTOR = ["actor_id", "node_type", "code", "label_en", "label_zh"]


def _bodies(mentions: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The States, groups and bodies named in sentences, a row per mention."""
    known = codebook.codes("actors")
    mentions = mentions[mentions["kind"].isin(KNOWN) & mentions["sentence_id"].ne("")]
    entities = mentions["entity_id"]
    frame = mentions[["sentence_id"]].assign(actor_id=entities, node_type=mentions["kind"], code=entities)
    for label in ("label_en", "label_zh"):
        frame[label] = [known[entity][label] for entity in frame["actor_id"]]
    return frame


def _holders(coding: Coding, identities: Iterable[str]) -> pd.DataFrame:
    """Who makes each statement: one row per policy, statement and actor; several where several are named."""
    import pandas as pd

    classes = coding.codebook.codes("holders")
    units = coding.places["unit_id"].to_dict()
    columns = ["statement_id", "sentence_id", "group_id", "holder"]
    statements = list(coding.statements[columns].itertuples(index=False))
    first = {row.statement_id: row for row in statements}
    actors = grouped_records(coding.actors, "statement_id", "actor_id", "node_type", "name_en", "name_zh")
    rows = []
    for statement in statements:
        group = first[statement.group_id or statement.statement_id]  # who an anaphor points back to
        named = actors.get(statement.statement_id, []) if group.holder not in NO_HOLDER else []
        for key, node_type, *names in named or [("", group.holder, "", "")]:
            if key and key not in first:  # somebody named is one under every policy
                code = key if node_type in KNOWN else "named"
                rows += [(policy, statement.statement_id, key, key, node_type, code, *names) for policy in identities]
                continue
            names = classes[group.holder]["label_en"], classes[group.holder]["label_zh"]
            unit = units[group.sentence_id]
            ids = {
                "mention": (group.statement_id, group.statement_id.removesuffix("/s1")),
                "unit": (f"{group.holder}@{unit}", unit),
                "merged": (group.holder, ""),
            }
            for identity in identities:
                actor_id, place = ids[identity]
                labels = (f"{names[0]} ({place})", f"{names[1]}（{place}）") if place else names
                rows.append((identity, statement.statement_id, key, actor_id, node_type, group.holder, *labels))
    columns = ["identity", "statement_id", "key", *_ACTOR]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=columns, dtype=object)


def _held(coding: Coding) -> pd.DataFrame:
    """Every position with the key of who holds it in :func:`_holders`; empty for nobody."""
    import pandas as pd

    held = actor_positions(coding).rename(columns={"actor_id": "key"})
    nobody = coding.positions[coding.positions["holder"].isin(NO_HOLDER)].assign(key="")
    columns = ["position_id", "statement_id", "key", "issue_id", "stance"]
    held = pd.concat([held[columns], nobody[columns]])
    return coding.positions[["position_id"]].merge(held, on="position_id")


def _stances(positions: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """How many positions of each stance somebody takes in a statement towards an instrument."""
    about = {issue: row["instrument"] for issue, row in codebook.codes("issues").items() if row["instrument"]}
    positions = positions[positions["issue_id"].isin(about)]
    frame = positions[["statement_id", "key"]].assign(instrument_id=positions["issue_id"].map(about))
    for stance, count in zip(STANCES, _COUNTS, strict=True):
        frame[count] = positions["stance"].eq(stance).astype("int64")
    return frame.groupby(["statement_id", "key", "instrument_id"], as_index=False, sort=False).sum()


def _edges(links: pd.DataFrame, identities: Sequence[str]) -> pd.DataFrame:
    """Links between statements and instruments summed up by actor."""
    import pandas as pd

    rows = []
    keys = ["identity", "actor_id", "instrument_id", "relation"]
    told = records(links, "statement_id", "citation", *_COUNTS)
    for group, entries in grouped(zip(records(links, *keys), told, strict=True)).items():
        statements, citations, *columns = zip(*entries, strict=True)
        counts = list(map(sum, columns))
        rows.append(
            {
                **dict(zip(keys, group, strict=True)),
                "weight": len(entries),
                "signed_weight": counts[STANCES.index("for")] - counts[STANCES.index("against")],
                **dict(zip(_COUNTS, counts, strict=True)),
                "stances": ";".join(stance for stance, count in zip(STANCES, counts, strict=True) if count),
                "statement_ids": ";".join(statements),
                "citations": ";".join(dict.fromkeys(citations)),
            }
        )
    rows.sort(key=lambda row: (identities.index(row["identity"]), RELATIONS.index(row["relation"])))
    numbers = ["weight", "signed_weight", *_COUNTS]
    frame = pd.DataFrame(rows, columns=[*keys, *numbers, "stances", "statement_ids", "citations"])
    return frame.astype(dict.fromkeys(numbers, "int64"))


def _nodes(
    actors: pd.DataFrame, instruments: pd.Series, links: pd.DataFrame, identities: Sequence[str], codebook: Codebook
) -> pd.DataFrame:
    import pandas as pd

    texts = [
        (entity, "instrument", entity, *instrument_labels(entity, codebook)) for entity in dict.fromkeys(instruments)
    ]
    rows: dict[tuple[str, str], tuple] = {}  # policy and id → the rest
    for identity, node_id, *rest in records(actors, "identity", *_ACTOR):
        rows.setdefault((identity, node_id), tuple(rest))
    statements: dict[tuple[str, str], set[str]] = {}
    spoken = links[links["relation"].eq("speaks-of")]
    for identity, statement, *ends in records(spoken, "identity", "statement_id", "actor_id", "instrument_id"):
        for end in ends:
            statements.setdefault((identity, end), set()).add(statement)
    nodes = []
    for identity in identities:
        if twice := next((text[0] for text in texts if (identity, text[0]) in rows), None):
            raise EgdataError(f"{twice!r} is the id of an actor and of an instrument; rename one in the codebook")
        held = [(node_id, *rest) for (policy, node_id), rest in rows.items() if policy == identity]
        nodes += [(identity, *row, len(statements.get((identity, row[0]), ()))) for row in (*held, *texts)]
    columns = ["identity", "node_id", *_ACTOR[1:]]
    return pd.DataFrame(nodes, columns=[*columns, "n_statements"]).astype(
        dict.fromkeys(columns, str) | {"n_statements": "int64"}
    )


def instrument_labels(entity: str, codebook: Codebook) -> tuple[str, str]:
    """The English and the Chinese label of an instrument. Families of the codebook (``ga-*``) give theirs its name."""
    codes = codebook.codes("instruments")
    row = codes.get(entity)
    if row is None:
        family = next((code for code in codes if code.endswith("*") and entity.startswith(code[:-1])), None)
        if family is None:
            raise TableError(f"mentions: unknown instrument {entity!r}; add it to the codebook's instruments.csv")
        rest = entity[len(family) - 1 :]
        rest = rest.replace("-", "/") if codes[family]["kind"] == "resolution" else rest  # 55-63: resolution 55/63
        row = {label: codes[family][label].replace("*", rest) for label in ("label_en", "label_zh")}
    return row["label_en"], row["label_zh"]


# ---- event list ------------------------------------------------------------------------------------------------------

#: Its columns as :func:`discourse_network` takes them.
OF_EVENTS = {"actor": "organization", "concept": "concept", "qualifier": "stance"}


@over_reports
def event_list(
    report: Report | Coding,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    count_retellings: bool = False,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """List the positions as Discourse Network Analyzer lists statements; :func:`discourse_network` builds on it.

    Parameters
    ----------
    report, identity, exclude, count_retellings, codebook
        As for :func:`actor_instrument_edges`.

    Returns
    -------
    DataFrame
        One row per position and actor, in text order: ``statement_id``; ``document``, its symbol; ``section``, the
        section's id; ``unit_id``; ``organization``, the actor; ``node_type``; ``holder``, its class; ``concept``, the
        issue; ``agreement``, 1 for, 0 against, missing for what is neither; ``stance``; ``text``, the statement;
        ``start``, ``end``, where it stands. No rows for a report without positions.

    Notes
    -----
    The grain is that of DNA (actor, concept, agreement). ``agreement`` is its boolean qualifier; ``stance`` keeps what
    that loses. Both are the actor's own: who opposes a statement for an issue is against it. A view that stands in
    proposals and summary is listed once unless ``count_retellings``, and counts once in networks built on the list.
    ``statement_id`` stands more than once if a statement takes a position on two issues, or has more than one actor.
    """
    check_option("identity", identity, IDENTITIES)
    exclude = check_options("exclude", exclude, ACTOR_TYPES)
    coding = coding_of(report, codebook)
    report = coding.report
    places = coding.places[["unit_id", "section_id"]].reset_index()
    holders = _holders(coding, (identity,)).drop(columns="identity")
    statements, positions = _counted(coding, count_retellings)
    statements = statements[["statement_id", "sentence_id", "holder", "quote", "start", "end"]]
    frame = positions.merge(statements, on="statement_id")
    frame = frame.merge(holders, on=["statement_id", "key"]).merge(places, on="sentence_id")
    frame = frame[~frame["node_type"].isin(exclude)].sort_values("start", kind="stable", ignore_index=True)
    frame["document"] = report.name
    frame["agreement"] = frame["stance"].map({"for": 1, "against": 0}).astype("Int64")
    names = {"section_id": "section", "actor_id": "organization", "issue_id": "concept", "quote": "text"}
    columns = [
        "statement_id", "document", "section", "unit_id", "organization", "node_type", "holder", "concept", "agreement",
        "stance", "text", "start", "end",
    ]  # fmt: skip
    return frame.rename(columns=names)[columns]


def write_event_list(
    report: Report, file: str | Path, identity: str = "mention", *, excel: bool = False, **options
) -> None:
    """Write :func:`event_list` as CSV (UTF-8, LF) or as an Excel workbook, as the ending of the file says.

    Parameters
    ----------
    report, identity
        As for :func:`event_list`; so are further options.
    file : path
    excel : bool
        Write it for Excel, as :func:`egdata.write_tables` does.

    Raises
    ------
    TableError
        If the file cannot be written, or has another ending than ``.csv``, ``.tsv`` and ``.xlsx``.
    """
    write_file(Path(file), frame_bytes(event_list(report, identity, **options), Path(file), excel))
