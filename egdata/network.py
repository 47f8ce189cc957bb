"""Actor–instrument and discourse networks: edges, matrices, graphs, and what depends on who counts as one actor."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.codebook import Codebook, read_codebook
from egdata.errors import EgdataError, TableError
from egdata.mentions import find_mentions
from egdata.positions import find_positions
from egdata.reports import need_one, one_report, over_reports
from egdata.statements import find_statements

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    import pandas as pd
    from scipy import sparse

    from egdata.report import Report

#: Who counts as one actor, from the narrowest reading to the widest.
IDENTITIES = ("mention", "unit", "merged")
RELATIONS = ("speaks-of", "mentioned-with")
#: Statements that name no holder. They make nodes of their own types, which are no actors.
NO_HOLDER = ("impersonal", "unattributed")
ACTOR_TYPES = ("anonymous", "named", "state", "group", "body", *NO_HOLDER)
STANCES = ("for", "conditional", "neutral", "against")
#: The numbers of the stances, so that their sum is 'for − against'.
STANCE_SCALE = {"for": 1, "conditional": 0, "neutral": 0, "against": -1}

#: What each mode takes, as in Exporter.java of Discourse Network Analyzer 3.
AGGREGATIONS = {
    "onemode": ("ignore", "congruence", "conflict", "subtract"),
    "twomode": ("ignore", "subtract", "combine"),
}
NORMALIZATIONS = {"onemode": ("no", "average", "jaccard", "cosine"), "twomode": ("no", "activity", "prominence")}


# ---- actors and instruments ------------------------------------------------------------------------------------------


@over_reports
def actor_instrument_edges(
    report: Report,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    relations: Iterable[str] = RELATIONS,
    codebook: Codebook | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Connect those who speak, and those who are named, with the instruments.

    Parameters
    ----------
    report : Report or list of Report
    identity : {'mention', 'unit', 'merged'}
        When two holders are one actor. ``mention``: only if an anaphor (这些发言者) links them; ``unit``: also if they
        are of one class (``some``) and stand in one unit; ``merged``: if they are of one class. States, groups of
        States and bodies are the same actor under every policy; a named holder that the codebook does not know goes by
        its words.
    exclude : iterable of str
        Types of nodes to leave out, of ``ACTOR_TYPES``; ``('impersonal', 'unattributed')`` leaves those who speak.
    relations : iterable of str
        Of ``speaks-of`` and ``mentioned-with``.
    codebook : Codebook, optional
    tables : mapping of str to DataFrame, optional
        ``mentions``, ``statements`` and ``positions``, if they are at hand.

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

    Statements that name no holder are kept unless excluded: most references to instruments in a UN report are theirs,
    and a network without them would look as if speakers had made it. Their types tell them from actors.

    Examples
    --------
    'Some speakers supported the Convention against Corruption.'

    >>> from egdata.report import sentences_report
    >>> report = sentences_report(["一些发言者支持《联合国反腐败公约》。"])
    >>> actor_instrument_edges(report, "merged")[["actor_id", "instrument_id", "relation", "weight"]].values.tolist()
    [['some', 'uncac', 'speaks-of', 1]]
    """
    return _network(report, identity, exclude, relations, codebook, tables).edges


@over_reports
def actor_instrument_nodes(
    report: Report,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    relations: Iterable[str] = RELATIONS,
    isolates: bool = False,
    codebook: Codebook | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """List the nodes of the actor–instrument network.

    Parameters
    ----------
    report, identity, exclude, relations, codebook, tables
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
    return _network(report, identity, exclude, relations, codebook, tables, isolates).nodes


@one_report
def network_tables(
    report: Report, codebook: Codebook | None = None, *, tables: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, pd.DataFrame]:
    """Edges and nodes under every identity policy, one below the other.

    Returns
    -------
    dict of str to DataFrame
        ``edges`` and ``nodes``, as :func:`actor_instrument_edges` and :func:`actor_instrument_nodes` give them.
    """
    import pandas as pd

    codebook = codebook or read_codebook()
    tables = _found(report, codebook, tables)
    networks = [_network(report, identity, (), RELATIONS, codebook, tables) for identity in IDENTITIES]
    return {
        "edges": pd.concat([network.edges for network in networks], ignore_index=True),
        "nodes": pd.concat([network.nodes for network in networks], ignore_index=True),
    }


class _Network(NamedTuple):
    edges: pd.DataFrame
    nodes: pd.DataFrame


_COUNTS = [f"n_{stance}" for stance in STANCES]


def _network(
    report: Report,
    identity: str,
    exclude: Iterable[str],
    relations: Iterable[str],
    codebook: Codebook | None,
    tables: Mapping[str, pd.DataFrame] | None,
    isolates: bool = False,
) -> _Network:
    import pandas as pd

    codebook = codebook or read_codebook()
    _check("identity", identity, IDENTITIES)
    exclude = _chosen("exclude", exclude, ACTOR_TYPES)
    relations = _chosen("relations", relations, RELATIONS)
    found = _found(report, codebook, tables)
    referring = _references(found)
    holders = _holders(report, found, identity, codebook)
    bodies = _bodies(found["mentions"], codebook)

    speaks = referring.merge(holders, on="statement_id").assign(relation="speaks-of")
    speaks = speaks.merge(_stances(found["positions"], codebook), on=["statement_id", "instrument_id"], how="left")
    beside = bodies.drop_duplicates(["sentence_id", "actor_id"])
    beside = referring.merge(beside, on="sentence_id").assign(relation="mentioned-with")
    links = pd.concat([speaks, beside.reindex(columns=speaks.columns)], ignore_index=True)
    links = links[links["relation"].isin(relations) & ~links["node_type"].isin(exclude)]
    links[_COUNTS] = links[_COUNTS].astype("float64").fillna(0).astype("int64")
    units = report.sentences.set_index("sentence_id")["unit_id"]
    links["citation"] = [report.citation(units[sentence]) for sentence in links["sentence_id"]]

    edges = _edges(links).assign(identity=identity)
    actors = pd.concat([holders, bodies], ignore_index=True) if isolates else links
    texts = referring if isolates else links
    nodes = _nodes(actors[~actors["node_type"].isin(exclude)], texts["instrument_id"], links, codebook)
    return _Network(
        edges[["identity", *(name for name in edges.columns if name != "identity")]],
        nodes.assign(identity=identity)[["identity", *nodes.columns]],
    )


def _found(report: Report, codebook: Codebook, tables: Mapping[str, pd.DataFrame] | None) -> dict[str, pd.DataFrame]:
    """Mentions, statements and positions: those at hand, and the others found."""
    found = dict(tables or {})
    if "mentions" not in found:
        found["mentions"] = find_mentions(report, codebook)
    if "statements" not in found:
        found["statements"] = find_statements(report, codebook)
    if "positions" not in found:
        at_hand = {name: found[name] for name in ("statements", "mentions")}
        found["positions"] = find_positions(report, codebook, **at_hand)
    return found


def _references(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The instruments that each statement refers to, each once."""
    mentions = found["mentions"]
    is_resolved = mentions["entity_id"].ne("") & mentions["sentence_id"].ne("")
    mentions = mentions[mentions["kind"].eq("instrument") & is_resolved]
    mentions = mentions.rename(columns={"entity_id": "instrument_id"})[["sentence_id", "instrument_id", "start"]]
    spans = found["statements"][["statement_id", "sentence_id", "start", "end"]]
    pairs = mentions.merge(spans, on="sentence_id", suffixes=("", "_statement"))
    inside = pairs["start"].ge(pairs["start_statement"]) & pairs["start"].lt(pairs["end"])
    pairs = pairs[inside].sort_values("start", kind="stable")
    return pairs.drop_duplicates(["statement_id", "instrument_id"])[["statement_id", "sentence_id", "instrument_id"]]


_ACTOR = ["actor_id", "node_type", "code", "label_en", "label_zh"]


def _bodies(mentions: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The States, groups and bodies named in sentences, a row per mention, with their spans."""
    known = codebook.codes("actors")
    mentions = mentions[mentions["kind"].isin(("state", "group", "body")) & mentions["sentence_id"].ne("")]
    frame = mentions[["sentence_id", "start", "end"]].assign(
        actor_id=mentions["entity_id"], node_type=mentions["kind"], code=mentions["entity_id"]
    )
    for label in ("label_en", "label_zh"):
        frame[label] = [known[entity][label] for entity in frame["actor_id"]]
    return frame


def _holders(report: Report, found: Mapping[str, pd.DataFrame], identity: str, codebook: Codebook) -> pd.DataFrame:
    """Who makes each statement: one row per statement and actor; several where several are named."""
    import pandas as pd

    statements = found["statements"]
    classes = codebook.codes("holders")
    units = report.sentences.set_index("sentence_id")["unit_id"]
    first = {row.statement_id: row for row in statements.itertuples()}
    named: dict[str, list] = {}
    for body in _bodies(found["mentions"], codebook).itertuples():
        named.setdefault(body.sentence_id, []).append(body)

    rows = []
    for statement in statements.itertuples():
        group = first[statement.group_id or statement.statement_id]  # who an anaphor points back to
        key, names = group.holder, (classes[group.holder]["label_en"], classes[group.holder]["label_zh"])
        node_type = key if key in NO_HOLDER else "anonymous"
        if key == "named":
            bodies = [
                body
                for body in named.get(group.sentence_id, ())
                if pd.notna(group.holder_start)  # a person's correction names no words
                and group.holder_start <= body.start
                and body.end <= group.holder_end
            ]
            rows += [(statement.statement_id, *(getattr(body, name) for name in _ACTOR)) for body in bodies]
            if bodies:
                continue
            node_type = "named"
            if group.holder_quote:
                key, names = group.holder_quote, (group.holder_quote, group.holder_quote)
        unit = units[group.sentence_id]
        actor_id, place = {
            "mention": (group.statement_id, group.statement_id.removesuffix("/s1")),
            "unit": (f"{key}@{unit}", unit),
            "merged": (key, ""),
        }[identity]
        labels = (f"{names[0]} ({place})", f"{names[1]}（{place}）") if place else names
        rows.append((statement.statement_id, actor_id, node_type, key, *labels))
    return pd.DataFrame(rows, columns=["statement_id", *_ACTOR], dtype=object).drop_duplicates(ignore_index=True)


def _stances(positions: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """How many positions of each stance a statement takes towards an instrument."""
    about = {issue: row["instrument"] for issue, row in codebook.codes("issues").items() if row["instrument"]}
    positions = positions[positions["issue_id"].isin(about)]
    frame = positions[["statement_id"]].assign(instrument_id=positions["issue_id"].map(about))
    for stance, count in zip(STANCES, _COUNTS, strict=True):
        frame[count] = positions["stance"].eq(stance).astype("int64")
    return frame.groupby(["statement_id", "instrument_id"], as_index=False, sort=False).sum()


def _edges(links: pd.DataFrame) -> pd.DataFrame:
    """Links between statements and instruments summed up by actor."""
    import pandas as pd

    rows = []
    order = {relation: number for number, relation in enumerate(RELATIONS)}
    keys = ["actor_id", "instrument_id", "relation"]
    for (actor, instrument, relation), group in links.groupby(keys, sort=False):
        counts = [int(group[count].sum()) for count in _COUNTS]
        rows.append(
            {
                **dict(zip(keys, (actor, instrument, relation), strict=True)),
                "weight": len(group),
                "signed_weight": counts[STANCES.index("for")] - counts[STANCES.index("against")],
                **dict(zip(_COUNTS, counts, strict=True)),
                "stances": ";".join(stance for stance, count in zip(STANCES, counts, strict=True) if count),
                "statement_ids": ";".join(group["statement_id"]),
                "citations": ";".join(dict.fromkeys(group["citation"])),
            }
        )
    rows.sort(key=lambda row: order[row["relation"]])
    numbers = ["weight", "signed_weight", *_COUNTS]
    frame = pd.DataFrame(rows, columns=[*keys, *numbers, "stances", "statement_ids", "citations"])
    return frame.astype(dict.fromkeys(numbers, "int64"))


def _nodes(actors: pd.DataFrame, instruments: pd.Series, links: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    import pandas as pd

    rows = actors.drop_duplicates("actor_id")[_ACTOR].rename(columns={"actor_id": "node_id"})
    texts = [_instrument(entity, codebook) for entity in dict.fromkeys(instruments)]
    frame = pd.concat([rows, pd.DataFrame(texts, columns=rows.columns)], ignore_index=True)
    twice = frame.loc[frame["node_id"].duplicated(), "node_id"]
    if len(twice):
        raise EgdataError(f"{twice.iloc[0]!r} is the id of an actor and of an instrument; rename one in the codebook")
    spoken = links[links["relation"].eq("speaks-of")]
    counts = pd.concat([spoken.groupby(end)["statement_id"].nunique() for end in ("actor_id", "instrument_id")])
    return frame.assign(n_statements=frame["node_id"].map(counts).astype("float64").fillna(0).astype("int64"))


def _instrument(entity: str, codebook: Codebook) -> tuple[str, ...]:
    """An instrument's node. Families of the codebook (``ga-*``) give theirs the name that they have in it."""
    codes = codebook.codes("instruments")
    row = codes.get(entity)
    if row is None:
        family = next((code for code in codes if code.endswith("*") and entity.startswith(code[:-1])), None)
        if family is None:
            raise TableError(f"mentions: unknown instrument {entity!r}; add it to the codebook's instruments.csv")
        rest = entity[len(family) - 1 :]
        rest = rest.replace("-", "/") if codes[family]["kind"] == "resolution" else rest  # 55-63: resolution 55/63
        row = {label: codes[family][label].replace("*", rest) for label in ("label_en", "label_zh")}
    return entity, "instrument", entity, row["label_en"], row["label_zh"]


def _check(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise EgdataError(f"{name} is {value!r}; it can be {', '.join(map(repr, allowed))}")


def _chosen(name: str, values: Iterable[str], allowed: Sequence[str]) -> tuple[str, ...]:
    values = (values,) if isinstance(values, str) else tuple(values)
    for value in values:
        _check(name, value, allowed)
    return values


# ---- event list ------------------------------------------------------------------------------------------------------


@over_reports
def event_list(
    report: Report,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    codebook: Codebook | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """List the positions as Discourse Network Analyzer lists statements; :func:`discourse_network` builds on it.

    Parameters
    ----------
    report, identity, exclude, codebook, tables
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
    that loses. ``statement_id`` stands twice if a statement takes a position on two issues.
    """
    codebook = codebook or read_codebook()
    _check("identity", identity, IDENTITIES)
    exclude = _chosen("exclude", exclude, ACTOR_TYPES)
    found = _found(report, codebook, tables)
    places = report.sentences[["sentence_id", "unit_id"]].merge(report.units[["unit_id", "section_id"]], on="unit_id")
    holders = _holders(report, found, identity, codebook)
    statements = found["statements"][["statement_id", "sentence_id", "holder", "quote", "start", "end"]]
    frame = found["positions"][["statement_id", "issue_id", "stance"]].merge(statements, on="statement_id")
    frame = frame.merge(holders, on="statement_id").merge(places, on="sentence_id")
    frame = frame[~frame["node_type"].isin(exclude)].sort_values("start", kind="stable", ignore_index=True)
    frame["document"] = report.meta["symbol"] or report.meta["report_id"]
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
    """Write :func:`event_list` as CSV (UTF-8, LF).

    Parameters
    ----------
    report, identity
        As for :func:`event_list`; so are further options.
    file : path
    excel : bool
        Begin with a byte order mark, without which Excel garbles Chinese.

    Raises
    ------
    TableError
        If the file cannot be written.
    """
    from egdata.tables import csv_bytes, write_file

    write_file(Path(file), csv_bytes(event_list(report, identity, **options), excel))


# ---- discourse networks ----------------------------------------------------------------------------------------------


def discourse_network(
    statements: pd.DataFrame,
    *,
    actor: str,
    concept: str,
    qualifier: str | None = None,
    mode: str = "twomode",
    aggregation: str = "ignore",
    normalization: str = "no",
    duplicates: str = "include",
    isolates: bool = False,
    scale: Mapping[object, float] | None = None,
) -> pd.DataFrame:
    """Count who shares concepts with whom, or who uses which concept, as Discourse Network Analyzer 3 does.

    Parameters
    ----------
    statements : DataFrame
        One row per statement, such as :func:`event_list`.
    actor, concept : str
        Its columns with actors and concepts.
    qualifier : str, optional
        Its column with the position: booleans, numbers or words. 0 and 1 alone are taken for booleans, the stances of
        the codebook for the numbers of ``STANCE_SCALE``, words that are numbers for numbers. Other words are categories
        without an order.
    mode : {'twomode', 'onemode'}
        Actors × concepts, or actors × actors.
    aggregation : str
        One-mode: ``ignore``, ``congruence``, ``conflict``, ``subtract``. Two-mode: ``ignore``, ``subtract``,
        ``combine``.
    normalization : str
        One-mode: ``no``, ``average``, ``jaccard``, ``cosine``. Two-mode: ``no``, ``activity``, ``prominence``.
    duplicates : str
        ``include`` counts every statement. The name of a column, with or without ``_id`` (``unit``, ``section``,
        ``document``), counts equal statements once for each value of it; ``acrossrange`` once. Statements are equal if
        actor, concept and, unless ignored, qualifier are.
    isolates : bool
        Keep actors and concepts all of whose statements lack a concept, an actor or a qualifier.
    scale : mapping, optional
        Numbers for the values of the qualifier.

    Returns
    -------
    DataFrame
        Floats; rows are the actors, columns the actors or the concepts, both sorted by code point. For ``combine``,
        ``attrs["combinations"]`` says which values of the qualifier each number stands for. Without statements it has
        no rows.

    Raises
    ------
    EgdataError
        If an option is none of those above, or a column is missing or holds what cannot be used.

    Notes
    -----
    n(a, c, k) is the number of statements of actor a on concept c with value k of the qualifier, n(a, c) and n(a) are
    sums of it, and d(k, l) is the distance of k and l over the range. The range is 1 for booleans, that of the scale if
    there is one, else that of the values in ``statements``; if it is 0, so is d. One-mode, from
    ``computeOneModeMatrix`` of DNA's Exporter.java, with a zero diagonal:

    - ``ignore``: Σ_c n(a, c) n(b, c)
    - ``congruence``: Σ_c Σ_k Σ_l n(a, c, k) n(b, c, l) (1 − d(k, l)); ``conflict``: the same with d(k, l)
    - categories: ``congruence`` Σ_c Σ_k n(a, c, k) n(b, c, k); ``conflict`` m10 + m01 as below
    - ``subtract``: congruence − conflict
    - ``average``: divided by the mean of both actors' numbers of statements
    - ``jaccard``: divided by m10 + m01 + m11 over pairs (c, k): a's statements where b has none, b's where a has none,
      and the product where both have some. It is taken over k even if the aggregation ignores the qualifier.
    - ``cosine``: divided by √(n(a)²) √(n(b)²), the product of the numbers of statements. DNA calls it so.

    Normalisation follows aggregation and is the same for all four. Two-mode, from ``computeTwoModeMatrix``:

    - ``ignore``: n(a, c); ``subtract``: n(a, c, 1) − n(a, c, 0) for booleans, Σ_k k n(a, c, k) for numbers (so for −
      against for stances), n(a, c) for categories, of which none is negative
    - ``combine``: each set of values that occurs has a number of its own (``lexRank``): Σ_k 2^(K − 1 − position of k)
      over the K values in ascending order; for booleans 1 yes, 2 no, 3 both
    - ``activity``: divided by the actor's number of statements; ``prominence``: by the concept's. With ``combine`` by
      the number of filled cells, which cannot be interpreted; DNA warns, too, and its own code for ``prominence`` takes
      the cells of another column.

    A zero denominator gives 0. From ``filterStatements``: statements without actor or concept are left out, and those
    without a value of the qualifier unless it is ignored. An actor without any tie stays.

    References
    ----------
    Leifeld, P., Discourse Network Analyzer 3, https://github.com/leifeld/dna, ``dna/export/Exporter.java``.
    Leifeld, P. (2017). Discourse network analysis: policy debates as dynamic networks. In The Oxford Handbook of
    Political Networks.

    Examples
    --------
    >>> import pandas as pd
    >>> said = pd.DataFrame({"who": ["A", "A", "B"], "what": ["x", "y", "x"], "yes": [1, 1, 0]})
    >>> discourse_network(said, actor="who", concept="what", qualifier="yes", aggregation="subtract").values.tolist()
    [[1.0, 1.0], [-1.0, 0.0]]
    >>> options = {"mode": "onemode", "aggregation": "conflict"}
    >>> discourse_network(said, actor="who", concept="what", qualifier="yes", **options).values.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    import numpy as np
    import pandas as pd

    _check("mode", mode, tuple(AGGREGATIONS))
    _check(f"aggregation of a {mode} network", aggregation, AGGREGATIONS[mode])
    _check(f"normalization of a {mode} network", normalization, NORMALIZATIONS[mode])
    if qualifier is None and aggregation != "ignore":
        raise EgdataError(f"aggregation {aggregation!r} needs a qualifier; name its column or take 'ignore'")
    if scale is not None and qualifier is None:
        raise EgdataError("scale needs a qualifier; name its column")
    for role, name in (("actor", actor), ("concept", concept), ("qualifier", qualifier)):
        _check_column(statements, role, name)
    if len({actor, concept, qualifier}) < 3:
        raise EgdataError(f"actor {actor!r}, concept {concept!r} and qualifier {qualifier!r} must be three columns")

    levels = _levels(statements, qualifier, scale)
    cube = _cube(statements, actor, concept, levels, aggregation, duplicates, isolates)
    combinations = None
    if mode == "onemode":
        matrix = _onemode(cube, aggregation)
        matrix = _divide(matrix, _onemode_denominator(cube, normalization))
        np.fill_diagonal(matrix, 0)
    else:
        matrix, combinations = _twomode(cube, aggregation)
        matrix = _divide(matrix, _twomode_denominator(cube, matrix, aggregation, normalization))
    columns = cube.actors.rename(actor) if mode == "onemode" else cube.concepts.rename(concept)
    network = pd.DataFrame(matrix, index=cube.actors.rename(actor), columns=columns, copy=False)
    if combinations is not None:
        network.attrs["combinations"] = combinations
    return network


class _Levels(NamedTuple):
    """The values of a qualifier in their order, and which of them each statement has."""

    codes: np.ndarray  # −1 for none
    values: list
    numbers: np.ndarray | None  # none for categories
    span: float  # largest possible distance
    is_boolean: bool


class _Cube(NamedTuple):
    """n(a, c, k) as a sparse matrix with one row per actor; the concepts of each value stand side by side."""

    actors: pd.Index
    concepts: pd.Index
    levels: _Levels
    counts: sparse.csr_array

    def layers(self) -> list[sparse.csr_array]:
        """n(a, c, k), one matrix for each k."""
        width = len(self.concepts)
        columns = self.counts.tocsc()
        return [columns[:, width * k : width * (k + 1)].tocsr() for k in range(len(self.levels.values))]

    def total(self) -> sparse.csr_array:
        """n(a, c)"""
        from scipy import sparse

        cells = self.counts.tocoo()
        row, column = cells.coords
        shape = (len(self.actors), len(self.concepts))
        return sparse.coo_array((cells.data, (row, column % max(shape[1], 1))), shape).tocsr()

    def activity(self) -> np.ndarray:
        """n(a)"""
        return self.counts.sum(axis=1)


def _check_column(statements: pd.DataFrame, role: str, name: str | None) -> None:
    if name is not None and name not in statements.columns:
        raise EgdataError(f"{role} is {name!r}, which is no column; there are {', '.join(map(str, statements))}")
    need_one(statements, "a network")


def _levels(statements: pd.DataFrame, qualifier: str | None, scale: Mapping[object, float] | None) -> _Levels:
    import numpy as np

    if qualifier is None:
        return _Levels(np.zeros(len(statements), dtype=np.int64), [None], None, 0.0, False)
    numbers, span, is_boolean = _numbers(statements[qualifier], scale)
    if numbers is None:
        codes, values = _factorize(statements[qualifier])
        return _Levels(codes, list(values), None, 0.0, False)
    known = np.array([0.0, 1.0]) if is_boolean else np.unique(numbers[~np.isnan(numbers)])
    codes = np.where(np.isnan(numbers), -1, np.searchsorted(known, numbers))
    values = [int(value) if value.is_integer() else value for value in known.tolist()]
    return _Levels(codes, values, known, span, is_boolean)


def _numbers(values: pd.Series, scale: Mapping[object, float] | None) -> tuple[np.ndarray | None, float, bool]:
    """The qualifier as numbers with their range, and whether it is boolean; no numbers for categories."""
    import numpy as np
    import pandas as pd

    values = _plain(values)
    given = values.dropna()
    if scale is None and len(given) and given.isin(list(STANCE_SCALE)).all():
        scale = STANCE_SCALE
    if scale is not None:
        strange = given[~given.isin(list(scale))]
        if len(strange):
            raise EgdataError(f"scale has no number for {strange.tolist()[0]!r} in column {values.name!r}")
        try:
            scale = {value: float(number) for value, number in scale.items()}
        except (TypeError, ValueError):
            scale = {None: math.nan}
        if not all(map(math.isfinite, scale.values())):
            raise EgdataError(f"scale gives {values.name!r} something else than finite numbers")
        numbers = values.map(scale).to_numpy(dtype="float64", na_value=np.nan)
        return numbers, max(scale.values(), default=0.0) - min(scale.values(), default=0.0), False
    if not (pd.api.types.is_bool_dtype(given) or pd.api.types.is_numeric_dtype(given)):
        words = given.astype(str).str.lower().map({"true": 1.0, "false": 0.0})
        read = words.fillna(pd.to_numeric(given, errors="coerce").astype("float64"))
        if read.isna().any():
            return None, 0.0, False
        values = read.reindex(values.index)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(numbers).any():
        raise EgdataError(f"column {values.name!r} holds {numbers[np.isinf(numbers)][0]}; a qualifier must be finite")
    known = numbers[~np.isnan(numbers)]
    if np.isin(known, (0, 1)).all():
        return numbers, 1.0, True
    return numbers, float(np.ptp(known)), False


def _plain(values: pd.Series) -> pd.Series:
    """A column numbered from 0, its categories and empty words undone."""
    import pandas as pd

    values = values.reset_index(drop=True)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    return values if pd.api.types.is_numeric_dtype(values) else values.where(values.ne(""))


def _factorize(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Each value's number in the sorted list of values, −1 for none."""
    import numpy as np
    import pandas as pd

    codes, known = pd.factorize(_plain(values))
    known = list(known)
    try:
        order = sorted(range(len(known)), key=known.__getitem__)
    except TypeError:
        kinds = sorted({type(value).__name__ for value in known})
        raise EgdataError(f"column {values.name!r} mixes {' and '.join(kinds)}; make them all words") from None
    places = np.full(len(known) + 1, -1)
    places[order] = np.arange(len(known))
    return places[codes], pd.Index([known[place] for place in order])


def _cube(
    statements: pd.DataFrame,
    actor: str,
    concept: str,
    levels: _Levels,
    aggregation: str,
    duplicates: str,
    isolates: bool,
) -> _Cube:
    import numpy as np
    import pandas as pd
    from scipy import sparse

    actors, actor_labels = _factorize(statements[actor])
    concepts, concept_labels = _factorize(statements[concept])
    values = levels.codes
    used = (actors >= 0) & (concepts >= 0)
    if aggregation == "ignore":  # no value is a value of its own
        values = np.where(values < 0, len(levels.values), values)
    used &= values >= 0
    if duplicates != "include":
        kept = pd.DataFrame({"actor": actors, "concept": concepts, "used": used})
        if aggregation != "ignore":
            kept["value"] = values
        if duplicates != "acrossrange":
            kept["within"] = _factorize(statements[_within(statements, duplicates)])[0]
        used &= ~kept.duplicated().to_numpy()
    actors, concepts, values = actors[used], concepts[used], values[used]
    if not isolates:
        actor_labels, actors = _only(actor_labels, actors)
        concept_labels, concepts = _only(concept_labels, concepts)
    width = len(concept_labels)
    shape = (len(actor_labels), width * (len(levels.values) + (aggregation == "ignore")))
    counts = sparse.coo_array((np.ones(len(actors)), (actors, values * width + concepts)), shape)
    return _Cube(actor_labels, concept_labels, levels, counts.tocsr())


def _within(statements: pd.DataFrame, duplicates: str) -> str:
    """The column inside whose values duplicates are dropped."""
    for name in (duplicates, f"{duplicates}_id"):
        if name in statements.columns:
            return name
    raise EgdataError(
        f"duplicates is {duplicates!r}; it can be 'include', 'acrossrange' or a column of the statements: "
        f"{', '.join(map(str, statements))}"
    )


def _only(labels: pd.Index, codes: np.ndarray) -> tuple[pd.Index, np.ndarray]:
    """The labels that occur, and the codes numbered anew."""
    import numpy as np

    kept, codes = np.unique(codes, return_inverse=True)
    return labels[kept], codes


_WELL_FILLED = 0.01  # the share of filled cells from which a dense product is faster than a sparse one
_BLOCK = 2**23  # cells of a matrix that are made dense at a time


def _cross(left: sparse.csr_array, right: sparse.csr_array) -> np.ndarray:
    """``left @ right.T`` as a dense array of actors × actors."""
    import numpy as np

    height, width = left.shape
    if min(left.nnz, right.nnz) < _WELL_FILLED * height * width:
        return (left @ right.T).toarray()
    product = np.zeros((height, height))
    step = max(_BLOCK // max(height, 1), 1)
    for at in range(0, width, step):
        some = left[:, at : at + step].toarray()
        product += some @ (some if right is left else right[:, at : at + step].toarray()).T
    return product


def _onemode(cube: _Cube, aggregation: str) -> np.ndarray:
    total = cube.total()
    if aggregation == "ignore":
        return _cross(total, total)
    if cube.levels.numbers is None:
        congruence = 0 if aggregation == "conflict" else _cross(cube.counts, cube.counts)
        conflict = 0 if aggregation == "congruence" else _apart(cube.counts)
        return {"congruence": congruence, "conflict": conflict}.get(aggregation, congruence - conflict)
    # |k − l| is the sum of the gaps between k and l: for each gap, those below times those above
    span = cube.levels.span or 1.0
    distance = _distance(cube, total)
    if aggregation == "conflict":
        return distance / span
    product = _cross(total, total) * span
    return (product - distance * (1 if aggregation == "congruence" else 2)) / span


def _distance(cube: _Cube, total: sparse.csr_array) -> np.ndarray:
    """Σ_c Σ_k Σ_l n(a, c, k) n(b, c, l) |k − l|"""
    import numpy as np

    numbers, layers = cube.levels.numbers, cube.layers()
    distance = np.zeros((len(cube.actors),) * 2)
    below = 0 * total
    for number, larger, layer in zip(numbers[:-1], numbers[1:], layers[:-1], strict=True):
        below = below + layer
        product = _cross(below, total - below)
        product *= larger - number
        distance += product
        distance += product.T
    return distance


def _apart(counts: sparse.csr_array) -> np.ndarray:
    """m10 + m01: the statements of either on pairs (concept, value) where the other has none."""
    import numpy as np

    filled = counts.copy()
    filled.data = np.ones_like(filled.data)
    alone = counts.sum(axis=1)[:, None] - _cross(counts, filled)
    return alone + alone.T


def _onemode_denominator(cube: _Cube, normalization: str) -> np.ndarray | None:
    import numpy as np

    if normalization == "average":
        return np.add.outer(cube.activity(), cube.activity()) / 2
    if normalization == "cosine":
        return np.multiply.outer(cube.activity(), cube.activity())
    if normalization == "jaccard":
        return _apart(cube.counts) + _cross(cube.counts, cube.counts)
    return None


def _twomode(cube: _Cube, aggregation: str) -> tuple[np.ndarray, dict[int, list] | None]:
    import numpy as np

    levels = cube.levels
    if aggregation == "combine":
        weights = [2 ** (len(levels.values) - 1 - place) for place in range(len(levels.values))]
        if len(weights) > 53:
            raise EgdataError(f"combine: the qualifier has {len(weights)} values; it has room for 53")
        matrix = np.zeros((len(cube.actors), len(cube.concepts)))
        for weight, layer in zip(weights, cube.layers(), strict=True):
            matrix += weight * (layer.toarray() > 0)
        return matrix, {
            int(number): [value for weight, value in zip(weights, levels.values, strict=True) if int(number) & weight]
            for number in np.unique(matrix)
            if number
        }
    if aggregation == "ignore" or levels.numbers is None:
        return cube.total().toarray(), None
    signs = (-1.0, 1.0) if levels.is_boolean else levels.numbers
    matrix = np.zeros((len(cube.actors), len(cube.concepts)))
    for sign, layer in zip(signs, cube.layers(), strict=True):
        matrix += sign * layer.toarray()
    return matrix, None


def _twomode_denominator(cube: _Cube, matrix: np.ndarray, aggregation: str, normalization: str) -> np.ndarray | None:
    if normalization == "no":
        return None
    axis = 1 if normalization == "activity" else 0
    if aggregation == "combine":
        sums = (matrix > 0).sum(axis=axis)
    else:
        sums = cube.activity() if normalization == "activity" else cube.total().sum(axis=0)
    return sums[:, None] if axis else sums[None, :]


def _divide(matrix: np.ndarray, denominator: np.ndarray | None) -> np.ndarray:
    import numpy as np

    if denominator is None:
        return matrix
    return np.divide(matrix, denominator, out=np.zeros_like(matrix), where=denominator != 0)


def polarization(
    statements: pd.DataFrame,
    *,
    actor: str,
    concept: str,
    qualifier: str,
    scale: Mapping[object, float] | None = None,
) -> pd.DataFrame:
    """Measure how far the actors stand apart on each concept.

    Parameters
    ----------
    statements, actor, concept, qualifier, scale
        As for :func:`discourse_network`; the qualifier must be numbers.

    Returns
    -------
    DataFrame
        One row per concept, sorted: ``concept``; ``n_actors``; ``mean``, of their opinions; ``polarization``, in 0–1.

    Notes
    -----
    An actor's opinion is the mean of its statements, and the polarisation the variance of the opinions over the largest
    possible, (range / 2)²: 1 if one half stands at each end, 0 if all agree. This is the dispersion of DiMaggio, Evans
    and Bryson, scaled. With a handful of actors it says little.

    References
    ----------
    DiMaggio, P., Evans, J. and Bryson, B. (1996). Have Americans' social attitudes become more polarized? American
    Journal of Sociology 102(3), 690–755.
    """
    import pandas as pd

    for role, name in (("actor", actor), ("concept", concept), ("qualifier", qualifier)):
        _check_column(statements, role, name)
    numbers, span, _ = _numbers(statements[qualifier], scale)
    if numbers is None:
        raise EgdataError(f"qualifier {qualifier!r} holds words; give a scale that says where they stand")
    frame = pd.DataFrame(
        {"actor": _plain(statements[actor]), "concept": _plain(statements[concept]), "number": numbers}
    ).dropna()
    opinions = frame.groupby(["concept", "actor"])["number"].mean().groupby("concept")
    found = opinions.agg(n_actors="size", mean="mean", polarization=lambda of: of.var(ddof=0)).reset_index()
    found["polarization"] = found["polarization"] / ((span / 2) ** 2 or 1)
    return found.astype({"n_actors": "int64", "mean": "float64", "polarization": "float64"})


# ---- graphs ----------------------------------------------------------------------------------------------------------


@one_report
def actor_instrument_graph(
    report: Report,
    identity: str = "mention",
    *,
    exclude: Iterable[str] = (),
    relations: Iterable[str] = RELATIONS,
    isolates: bool = False,
    lang: str = "en",
    codebook: Codebook | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> nx.MultiGraph:
    """Make a graph of the actor–instrument network.

    Parameters
    ----------
    report, identity, exclude, relations, isolates, codebook, tables
        As for :func:`actor_instrument_edges` and :func:`actor_instrument_nodes`.
    lang : {'en', 'zh'}
        Whose label is the node's ``label``, which Gephi and visone show.

    Returns
    -------
    networkx.MultiGraph
        Bipartite; an edge per row of the edges, whose ``id`` and key is ``actor|relation|instrument``. Nodes and edges
        carry the columns of their tables, nodes also ``label`` and ``bipartite`` (0 actor, 1 instrument). What is empty
        is left out, since GraphML cannot hold it.
    """
    import networkx as nx

    _check("lang", lang, ("en", "zh"))
    edges, nodes = _network(report, identity, exclude, relations, codebook, tables, isolates)
    graph = nx.MultiGraph(identity=identity)
    for row in nodes.drop(columns="identity").to_dict("records"):
        side = int(row["node_type"] == "instrument")
        graph.add_node(row.pop("node_id"), label=row[f"label_{lang}"], bipartite=side, **_filled(row))
    for row in edges.drop(columns="identity").to_dict("records"):
        actor, instrument = row.pop("actor_id"), row.pop("instrument_id")
        key = f"{actor}|{row['relation']}|{instrument}"
        graph.add_edge(actor, instrument, key=key, id=key, **_filled(row))
    return graph


def _filled(row: dict) -> dict:
    return {name: value for name, value in row.items() if value != ""}


def network_edges(network: pd.DataFrame) -> pd.DataFrame:
    """Turn a matrix of :func:`discourse_network` into a list of edges.

    Returns
    -------
    DataFrame
        One row per cell that is not 0, of an actor × actor matrix one per pair: ``source``, ``target``, ``weight``.
    """
    import numpy as np
    import pandas as pd

    cells = network.to_numpy()
    row, column = np.nonzero(np.triu(cells) if _is_onemode(network) else cells)
    return pd.DataFrame(
        {"source": network.index[row], "target": network.columns[column], "weight": cells[row, column]}
    ).rename_axis(columns=None)


def _is_onemode(network: pd.DataFrame) -> bool:
    return network.index.equals(network.columns) and network.index.name == network.columns.name


def discourse_graph(network: pd.DataFrame, nodes: pd.DataFrame | None = None, *, lang: str = "en") -> nx.Graph:
    """Make a graph of a matrix of :func:`discourse_network`.

    Parameters
    ----------
    network : DataFrame
    nodes : DataFrame, optional
        Attributes by ``node_id``, such as :func:`actor_instrument_nodes` with ``isolates=True``.
    lang : {'en', 'zh'}
        Whose label of ``nodes`` is the node's ``label``.

    Returns
    -------
    networkx.Graph
        An edge for each cell that is not 0, with ``weight`` and ``id``. A two-mode graph has ``bipartite`` 0 and 1.

    Raises
    ------
    EgdataError
        If an actor of a two-mode matrix has the name of a concept.
    """
    import networkx as nx

    _check("lang", lang, ("en", "zh"))
    known = {}
    if nodes is not None:
        known = nodes.drop(columns="identity", errors="ignore").set_index("node_id").to_dict("index")
    graph = nx.Graph()
    sides = [network.index] if _is_onemode(network) else [network.index, network.columns]
    for side, names in enumerate(sides):
        for name in names:
            if name in graph:
                raise EgdataError(f"{name!r} is an actor and a concept; rename one")
            row = _filled(known.get(name, {}))
            place = {"bipartite": side} if len(sides) > 1 else {}
            graph.add_node(name, label=str(row.get(f"label_{lang}", name)), **place, **row)
    for source, target, weight in network_edges(network).itertuples(index=False):
        graph.add_edge(source, target, id=f"{source}|{target}", weight=float(weight))
    return graph


def write_graph(graph: nx.Graph, file: str | Path) -> None:
    """Write a graph as GraphML (visone, igraph) or GEXF (Gephi).

    Parameters
    ----------
    graph : networkx graph
    file : path
        Its ending, ``.graphml`` or ``.gexf``, says which.

    Raises
    ------
    EgdataError
        If the ending is another one, or the file cannot be written.

    Notes
    -----
    The same graph gives the same bytes: no date and no version of a program stands in the file.
    """
    from egdata.tables import write_file

    write_file(Path(file), _markup(graph, Path(file)).encode())


def _markup(graph: nx.Graph, file: Path) -> str:
    import networkx as nx

    if file.suffix.lower() == ".graphml":
        lines = nx.generate_graphml(graph.copy(), edge_id_from_attribute="id")
    elif file.suffix.lower() == ".gexf":
        lines = nx.generate_gexf(graph)
    else:
        raise EgdataError(f"{file.name}: a graph can be written as .graphml or .gexf")
    text = "\n".join(["<?xml version='1.0' encoding='utf-8'?>", *lines, ""])
    text = re.sub(r"\s*<meta .*?</meta>", "", text, count=1, flags=re.DOTALL)  # a date and a version
    return re.sub(r"&#(\d{3,});", lambda found: chr(int(found[1])), text)  # GEXF: Chinese as it is


# ---- measures --------------------------------------------------------------------------------------------------------


def network_measures(graph: nx.Graph) -> pd.DataFrame:
    """Measure the nodes of a bipartite graph, such as :func:`actor_instrument_graph`.

    Returns
    -------
    DataFrame
        One row per node, in the order of the graph: ``node_id``; ``node_type``, ``label_en``, ``label_zh``;
        ``degree``, nodes it is tied to; ``weighted_degree``, the sum of its weights; ``betweenness``, in 0–1, of the
        bipartite graph without weights, over the largest possible on its side (Borgatti and Halgin 2011).

    Notes
    -----
    On one report these are weak evidence: see which results :func:`network_sensitivity` leaves standing.
    """
    import networkx as nx
    import pandas as pd

    simple = nx.Graph(graph)
    between = _betweenness(simple)
    weights = dict(graph.degree(weight="weight"))
    rows = [
        {
            "node_id": node,
            **{name: data.get(name, "") for name in ("node_type", "label_en", "label_zh")},
            "degree": simple.degree(node),
            "weighted_degree": weights[node],
            "betweenness": between[node],
        }
        for node, data in graph.nodes(data=True)
    ]
    columns = ["node_id", "node_type", "label_en", "label_zh", "degree", "weighted_degree", "betweenness"]
    numbers = {"degree": "int64", "weighted_degree": "float64", "betweenness": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def _actor_side(graph: nx.Graph) -> list:
    return [node for node, side in graph.nodes(data="bipartite") if side == 0]


def _betweenness(graph: nx.Graph) -> dict:
    import networkx as nx

    actors = _actor_side(graph)
    others = len(graph) - len(actors)
    if min(len(actors), others) > 1:
        return nx.bipartite.betweenness_centrality(graph, actors)
    found = nx.betweenness_centrality(graph, normalized=False)  # a star, or nothing: only its centre can be between
    most = math.comb(max(len(actors), others), 2) or 1
    return {node: value / most for node, value in found.items()}


def find_clusters(network: pd.DataFrame, *, seed: int = 0, resolution: float = 1.0) -> pd.DataFrame:
    """Find groups of actors that are tied more closely than chance would have it.

    Parameters
    ----------
    network : DataFrame
        A one-mode matrix of :func:`discourse_network` without negative weights: ``congruence`` for camps that agree,
        ``conflict`` for arenas of dispute.
    seed : int
    resolution : float
        Above 1 for smaller clusters.

    Returns
    -------
    DataFrame
        One row per actor, in the order of the matrix: ``actor``; ``cluster``, 1 for the largest; ``size``, its number
        of actors. An actor without ties is a cluster of its own.

    Notes
    -----
    Modularity maximised by the Louvain method (``networkx.community.louvain_communities``).

    References
    ----------
    Blondel, V. D. et al. (2008). Fast unfolding of communities in large networks. J. Stat. Mech., P10008.
    """
    import networkx as nx
    import numpy as np
    import pandas as pd

    if not _is_onemode(network):
        raise EgdataError("clusters need an actor × actor matrix; take mode='onemode'")
    cells = network.to_numpy()
    if (cells < 0).any():
        raise EgdataError(f"clusters need weights of 0 or more, not {cells.min()}; take 'congruence' or 'conflict'")
    # numbers for nodes: sets of words come in another order in every run
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network)))
    row, column = np.nonzero(np.triu(cells, 1))
    graph.add_weighted_edges_from(zip(row.tolist(), column.tolist(), cells[row, column].tolist(), strict=True))
    found = nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
    found = sorted(found, key=lambda members: (-len(members), min(members)))
    place = {node: number for number, members in enumerate(found, start=1) for node in members}
    clusters = [place[node] for node in range(len(network))]
    sizes = [len(found[cluster - 1]) for cluster in clusters]
    frame = pd.DataFrame({"actor": network.index, "cluster": clusters, "size": sizes})
    return frame.astype({"cluster": "int64", "size": "int64"})


def disparity_backbone(
    edges: pd.DataFrame, *, source: str = "source", target: str = "target", weight: str = "weight", alpha: float = 0.05
) -> pd.DataFrame:
    """Keep the edges that are too heavy for chance, given what else their ends are tied to.

    Parameters
    ----------
    edges : DataFrame
        One row per pair: columns ``source`` and ``target`` with the ends and ``weight``, above 0.
    source, target, weight : str
        Names of these columns; ``actor_id`` and ``instrument_id`` for :func:`actor_instrument_edges`, of which one
        relation should be chosen.
    alpha : float
        Level of significance, in 0–1; 1 keeps all edges.

    Returns
    -------
    DataFrame
        The rows kept, with ``p_value``: the smaller of (1 − weight / strength)^(degree − 1) at both ends.

    Notes
    -----
    The disparity filter: under chance, the weights of a node split its strength uniformly. An end with one edge cannot
    tell, and its p-value is 1.

    References
    ----------
    Serrano, M. Á., Boguñá, M. and Vespignani, A. (2009). Extracting the multiscale backbone of complex weighted
    networks. PNAS 106(16), 6483–6488.
    """
    import numpy as np
    import pandas as pd

    for role, name in (("source", source), ("target", target), ("weight", weight)):
        _check_column(edges, role, name)
    if not 0 < alpha <= 1:
        raise EgdataError(f"alpha is {alpha!r}; it must be above 0 and at most 1")
    weights = edges[weight].to_numpy(dtype="float64")
    if len(weights) and not weights.min() > 0:
        raise EgdataError(f"column {weight!r} holds {weights.min()}; the filter needs weights above 0")
    ends = pd.concat([edges[source], edges[target]], ignore_index=True)
    both = pd.Series(np.tile(weights, 2)).groupby(ends)
    strength, degree = both.transform("sum").to_numpy(), both.transform("size").to_numpy()
    p_values = (1 - np.minimum(np.tile(weights, 2) / strength, 1)) ** (degree - 1)
    kept = edges.assign(p_value=p_values.reshape(2, -1).min(axis=0))
    return kept[kept["p_value"].lt(alpha) | (alpha == 1)]


# ---- what survives ---------------------------------------------------------------------------------------------------


@over_reports
def network_summary(
    report: Report, codebook: Codebook | None = None, *, tables: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Compare the networks under the identity policies, with and without statements that name no holder.

    Parameters
    ----------
    report : Report or list of Report
    codebook : Codebook, optional
    tables : mapping of str to DataFrame, optional
        As for :func:`actor_instrument_edges`.

    Returns
    -------
    DataFrame
        One row per policy and choice: ``identity``; ``has_no_holder``, whether impersonal and unattributed statements
        are in. Of the edges ``speaks-of``: ``n_actors``, ``n_instruments``, ``n_edges``, ``weight``, ``density``,
        ``n_components``. Of the positions, actor × actor: ``n_agreeing`` and ``n_opposed``, the pairs with more
        congruence than conflict and with less; ``n_clusters`` of two or more actors by congruence.
    """
    import networkx as nx
    import pandas as pd

    rows = []
    for setting in _settings(report, codebook, tables):
        graph = nx.Graph(setting.graph)
        actors = _actor_side(graph)
        cells = len(actors) * (len(graph) - len(actors))
        balance = network_edges(_between(setting.events, "subtract"))["weight"]
        rows.append(
            {
                "identity": setting.identity,
                "has_no_holder": setting.has_no_holder,
                "n_actors": len(actors),
                "n_instruments": len(graph) - len(actors),
                "n_edges": graph.number_of_edges(),
                "weight": sum(weight for *_, weight in setting.graph.edges(data="weight")),
                "density": graph.number_of_edges() / cells if cells else 0.0,
                "n_components": nx.number_connected_components(graph),
                "n_agreeing": int(balance.gt(0).sum()),
                "n_opposed": int(balance.lt(0).sum()),
                "n_clusters": _n_clusters(setting.events),
            }
        )
    return pd.DataFrame(rows)


@over_reports
def network_sensitivity(
    report: Report,
    codebook: Codebook | None = None,
    *,
    lang: str = "en",
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Ask of each headline result whether it survives another reading of who is an actor.

    Parameters
    ----------
    report : Report or list of Report
    codebook : Codebook, optional
    lang : {'en', 'zh'}
        Language of the labels in the cells.
    tables : mapping of str to DataFrame, optional
        As for :func:`actor_instrument_edges`.

    Returns
    -------
    DataFrame
        One row per result: ``result``; what it is under each policy, ``mention``, ``unit``, ``merged``, and without
        statements that name no holder, ``mention_held``, ``unit_held``, ``merged_held``, several joined with ``; ``;
        ``survives_identity``, the first three agree; ``survives_no_holder``, each agrees with its own ``_held``;
        ``is_robust``, both.

    Notes
    -----
    Results: ``most_cited_instrument`` (statements; no policy can change it), ``instrument_of_most_actors``,
    ``most_central_actor`` (betweenness over ``speaks-of``), ``agreeing_holders`` and ``opposed_holders`` (pairs of
    different classes whose actors, after ``average`` normalisation, have more congruence than conflict over all, or
    less), ``n_clusters`` and ``most_polarized_issue``. What is impersonal or unattributed is never the most central
    actor nor one of a pair; so only the former can change without it. Holders are compared by class, because the
    policies give them different ids; ties are kept, so a result survives only with all of them.
    """
    import pandas as pd

    _check("lang", lang, ("en", "zh"))
    codebook = codebook or read_codebook()
    results: dict[str, dict[str, tuple[str, ...]]] = {}
    labels: dict[str, str] = {row["id"]: row[f"label_{lang}"] for row in codebook.codes("issues").values()}
    for setting in _settings(report, codebook, tables):
        labels |= dict(zip(setting.nodes["code"], _bare(setting.nodes, codebook, lang), strict=True))
        name = setting.identity + ("" if setting.has_no_holder else "_held")
        for result, value in _headlines(setting).items():
            results.setdefault(result, {})[name] = value

    def shown(code: str) -> str:
        return " – ".join(labels.get(part, part) for part in code.split("\t"))

    rows = []
    for result, values in results.items():
        by_identity = len({values[identity] for identity in IDENTITIES}) == 1
        by_holder = all(values[identity] == values[f"{identity}_held"] for identity in IDENTITIES)
        columns = [*IDENTITIES, *(f"{identity}_held" for identity in IDENTITIES)]
        rows.append(
            {
                "result": result,
                **{column: "; ".join(map(shown, values[column])) for column in columns},
                "survives_identity": by_identity,
                "survives_no_holder": by_holder,
                "is_robust": by_identity and by_holder,
            }
        )
    return pd.DataFrame(rows)


class _Setting(NamedTuple):
    """The networks under one policy, with or without statements that name no holder."""

    identity: str
    has_no_holder: bool
    nodes: pd.DataFrame
    graph: nx.MultiGraph
    events: pd.DataFrame


def _settings(
    report: Report, codebook: Codebook | None, tables: Mapping[str, pd.DataFrame] | None
) -> Iterable[_Setting]:
    codebook = codebook or read_codebook()
    tables = _found(report, codebook, tables)
    for exclude in ((), NO_HOLDER):
        more = {"exclude": exclude, "codebook": codebook, "tables": tables}
        for identity in IDENTITIES:
            yield _Setting(
                identity,
                not exclude,
                actor_instrument_nodes(report, identity, isolates=True, **more),
                actor_instrument_graph(report, identity, relations="speaks-of", **more),
                event_list(report, identity, **more),
            )


def _between(events: pd.DataFrame, aggregation: str, normalization: str = "no") -> pd.DataFrame:
    return discourse_network(
        events,
        actor="organization",
        concept="concept",
        qualifier="stance",
        mode="onemode",
        aggregation=aggregation,
        normalization=normalization,
    )


def _n_clusters(events: pd.DataFrame) -> int:
    clusters = find_clusters(_between(events, "congruence", "average"))
    return clusters.loc[clusters["size"] > 1, "cluster"].nunique()


def _headlines(setting: _Setting) -> dict[str, tuple[str, ...]]:
    """Each result as sorted codes; the two of a pair are joined by a tab."""
    measures = network_measures(setting.graph)
    codes = setting.nodes.set_index("node_id")["code"]
    n_statements = measures["node_id"].map(setting.nodes.set_index("node_id")["n_statements"])
    is_instrument = measures["node_type"].eq("instrument")
    is_actor = ~is_instrument & ~measures["node_type"].isin(NO_HOLDER)

    def top(which: pd.Series, values: pd.Series) -> tuple[str, ...]:
        best = which & values.eq(values[which].max()) & values.gt(0)
        return tuple(sorted(set(measures.loc[best, "node_id"].map(codes))))

    held = setting.events[~setting.events["node_type"].isin(NO_HOLDER)]
    pairs = network_edges(_between(held, "subtract", "average"))
    ends = zip(pairs["source"].map(codes), pairs["target"].map(codes), strict=True)
    pairs["pair"] = ["\t".join(sorted(pair)) if len(set(pair)) > 1 else "" for pair in ends]
    balance = pairs[pairs["pair"].ne("")].groupby("pair")["weight"].sum()
    spread = polarization(setting.events, actor="organization", concept="concept", qualifier="stance")
    widest = spread["polarization"].eq(spread["polarization"].max()) & spread["polarization"].gt(0)
    return {
        "most_cited_instrument": top(is_instrument, n_statements),
        "instrument_of_most_actors": top(is_instrument, measures["degree"]),
        "most_central_actor": top(is_actor, measures["betweenness"]),
        "agreeing_holders": tuple(balance[balance > 1e-9].index),
        "opposed_holders": tuple(balance[balance < -1e-9].index),
        "n_clusters": (str(_n_clusters(setting.events)),),
        "most_polarized_issue": tuple(spread.loc[widest, "concept"]),
    }


def _bare(nodes: pd.DataFrame, codebook: Codebook, lang: str) -> list[str]:
    """The labels of nodes without the place of a holder."""
    classes = codebook.codes("holders")
    return [
        classes[code][f"label_{lang}"] if code in classes else code if kind == "named" else label
        for code, kind, label in zip(nodes["code"], nodes["node_type"], nodes[f"label_{lang}"], strict=True)
    ]
