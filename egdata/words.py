"""Words in their place: which terms and themes set one part of a report apart, and every place of a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from egdata.codebook import Codebook, read_codebook
from egdata.errors import EgdataError
from egdata.report import records
from egdata.reports import over_reports
from egdata.themes import count_terms, find_themes, frequencies

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from egdata.report import Report

OF = {"terms": "term", "themes": "theme_id"}
COUNTS = ["n_target", "n_reference", "per_1000_target", "per_1000_reference"]
MEASURES = ["log_likelihood", "log_ratio", "p", "p_adjusted"]
ADDED = 0.5  # to both frequencies of the log ratio, so that it is finite for one that is nought
TIE = 1e-7  # two probabilities that differ by less are the same, whatever their last bits (as in R's fisher.test)


# ---- keyness --------------------------------------------------------------------------------------------------------


@over_reports
def keyness(
    report: Report,
    target: str | Sequence[str],
    reference: str | Sequence[str],
    of: str = "terms",
    codebook: Codebook | None = None,
    min_n: int = 3,
) -> pd.DataFrame:
    """Compare two parts of a report: what is said more often in one than in the other.

    Parameters
    ----------
    report : Report or list of Report
    target, reference : str or sequence of str
        Sections and voices of the report. A section brings those below it: ``II`` covers ``II.A``.
    of : {'terms', 'themes'}
        What is counted: the terms of :func:`egdata.term_frequencies`, or the sentences about each theme.
    codebook : Codebook, optional
        Its ``terms`` and ``stopwords``, or its themes.
    min_n : int
        Terms and themes with fewer occurrences in both parts together are left out and not tested.

    Returns
    -------
    DataFrame
        One row per term or theme. Those more frequent in the target come first, the strongest first; then those
        more frequent in the reference, the strongest last; of equally strong ones the most frequent, then by code
        point:

        - ``term`` or ``theme_id`` : str
        - ``n_target``, ``n_reference`` : int, occurrences of the term, or sentences about the theme
        - ``per_1000_target``, ``per_1000_reference`` : float, the same per 1,000 tokens, or per 1,000 sentences
        - ``log_likelihood`` : float, G²
        - ``log_ratio`` : float, binary: 1 is twice as frequent in the target, -1 half as frequent
        - ``p`` : float, of Fisher's exact test, two-sided
        - ``p_adjusted`` : float, by Benjamini and Hochberg over the rows of the frame

        Rounded to 4 places, ``p`` and ``p_adjusted`` to 4 digits. Empty if nothing occurs ``min_n`` times. For a
        chart ``attrs`` has the ``symbol`` of the report, and of ``target`` and ``reference`` their ids with headings
        and their size in tokens (sentences): ``{"II": "…"}, 1234``.

    Raises
    ------
    EgdataError
        If a section or voice is not in the report, if a part has no sentences or if the parts overlap.
    ValueError
        If ``of`` is neither of the two.

    Notes
    -----
    G² is ``2 Σ O ln(O / E)`` over all four cells of the table term or other token × target or reference (Dunning
    1993). The form of Rayson and Garside (2000) leaves the two cells of the other tokens out, which hardly matters
    for rare terms and does for themes, of which many sentences speak.

    ``p`` is not that of G² by the chi-squared distribution, which holds for expected counts of five and more: most
    terms of a report have fewer, and pass too easily. Fisher's test sums the probabilities of all tables with the same
    margins that are no more probable than the one found (Agresti 2013, section 3.5).

    The log ratio is Hardie's (2014) with 0.5 added to both frequencies, so that it is finite for a term that one part
    lacks; there it grows with the count of the other part and is no measured ratio. It is near 0 but may have the other
    sign than the difference of the rates where these hardly differ; the order of the rows follows the rates.

    The test takes tokens (sentences) for independent draws. Those of a report are not: a term comes again and again
    in one paragraph, and many sentences have one author. ``p`` ranks; it does not prove.

    References
    ----------
    - Agresti, A. 2013. Categorical Data Analysis, 3rd ed., section 3.5 (Fisher's exact test). Wiley.
    - Dunning, T. 1993. Accurate Methods for the Statistics of Surprise and Coincidence. Computational Linguistics
      19(1).
    - Rayson, P. and R. Garside. 2000. Comparing Corpora using Frequency Profiling. Workshop on Comparing Corpora.
    - Hardie, A. 2014. Log Ratio: an informal introduction. CASS, Lancaster University.
    - Benjamini, Y. and Y. Hochberg. 1995. Controlling the False Discovery Rate. J. R. Stat. Soc. B 57(1).

    Examples
    --------
    Only the proposals of the bundled report speak of a work plan (工作计划), only the summary of challenges (挑战).

    >>> from egdata.report import read_report
    >>> frame = keyness(read_report(), target="proposals", reference="chair-summary")
    >>> frame.set_index("term").loc[["工作计划", "挑战"], "log_ratio"].gt(0).to_dict()
    {'工作计划': True, '挑战': False}
    """
    import pandas as pd

    if of not in OF:
        raise ValueError(f"of={of!r}: it is one of {', '.join(OF)}")
    codebook = codebook or read_codebook()
    parts = [sentences_of(report, target, "target"), sentences_of(report, reference, "reference")]
    if both := sorted(set(parts[0]["sentence_id"]) & set(parts[1]["sentence_id"])):
        raise EgdataError(
            f"target {target!r} and reference {reference!r} overlap, in {len(both)} sentences: {both[0]} …"
        )
    count = _count_terms if of == "terms" else _count_themes
    (in_target, n_target), (in_reference, n_reference) = (count(report, part, codebook) for part in parts)
    found = sorted(key for key, n in (in_target + in_reference).items() if n >= min_n)
    frame = pd.DataFrame(
        {
            OF[of]: pd.Series(found, dtype=str),
            "n_target": pd.Series([in_target[key] for key in found], dtype="int64"),
            "n_reference": pd.Series([in_reference[key] for key in found], dtype="int64"),
        }
    )
    frame = _measured(frame, n_target, n_reference)
    frame.attrs = {
        "symbol": report.meta["symbol"] or report.meta["report_id"],
        "target": (_headings(report, target), n_target),
        "reference": (_headings(report, reference), n_reference),
    }
    return frame


def _headings(report: Report, wanted: str | Sequence[str]) -> dict[str, str]:
    """Sections and voices with their headings; a voice has none."""
    titles = dict(zip(report.sections["section_id"], report.sections["title"], strict=True))
    return {one: titles.get(one, "") for one in ([wanted] if isinstance(wanted, str) else wanted)}


@over_reports
def term_keyness(report: Report, codebook: Codebook | None = None, min_n: int = 3) -> pd.DataFrame:
    """Count the terms of each section and compare it with the rest of the report.

    Parameters
    ----------
    report : Report or list of Report
    codebook : Codebook, optional
        Its ``terms`` are kept whole, its ``stopwords`` left out.
    min_n : int
        Terms with fewer occurrences in the report are counted and not tested.

    Returns
    -------
    DataFrame
        One row per term × section, in the order of :func:`egdata.term_frequencies`:

        - ``term``, ``section_id`` : str
        - ``n``, ``n_rest`` : int, occurrences in the section and in all others together
        - ``per_1000``, ``per_1000_rest`` : float, the same per 1,000 tokens
        - ``log_likelihood``, ``log_ratio``, ``p``, ``p_adjusted`` : float, as in :func:`keyness`, the section being the
          target; ``p_adjusted`` over the terms of the section. Missing where a term is too rare, and everywhere if
          nothing stands outside the section.

        A report without sentences gives an empty frame.

    Notes
    -----
    A section is what stands directly in it, without those below it.
    """
    import pandas as pd

    codebook = codebook or read_codebook()
    counts, tokens = count_terms(report, "section_id", codebook)
    frame = frequencies(counts, tokens, "section_id")
    total = sum(counts.values(), Counter())
    n_tokens = tokens.total()
    frame["n_rest"] = [total[term] - n for term, n in records(frame, "term", "n")]
    sizes = frame["section_id"].map(dict(tokens)).astype("int64")
    frame["per_1000_rest"] = (1000 * frame["n_rest"] / (n_tokens - sizes).clip(lower=1)).round(4)
    frequent = frame[(frame["n"] + frame["n_rest"] >= min_n) & (sizes < n_tokens)]
    columns = (sizes[frequent.index], frequent["n"], frequent["n_rest"])
    target, a, b = (column.to_numpy(dtype=float) for column in columns)
    measured = _measures(a, b, target, n_tokens - target, frequent["section_id"].to_numpy())
    frame = frame.join(pd.DataFrame(measured, index=frequent.index, columns=MEASURES, dtype=float))
    counted = ["term", "section_id", "n", "per_1000", "n_rest", "per_1000_rest"]
    return frame[[*counted, *MEASURES]].astype(
        {"term": str, "section_id": str, "n_rest": "int64", "per_1000_rest": float}
    )


def sentences_of(report: Report, wanted: str | Sequence[str], role: str) -> pd.DataFrame:
    """The sentences of the sections and voices that are wanted."""
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    section_of, voice_of = (report.units[column] for column in ("section_id", "voice"))
    sections = [one for one in dict.fromkeys([*report.sections["section_id"], *section_of]) if one]
    voices = [one for one in dict.fromkeys(voice_of) if one]
    for one in wanted:
        if one not in sections and one not in voices:
            exist = f"sections {', '.join(sections) or '(none)'}; voices {', '.join(voices) or '(none)'}"
            raise EgdataError(f"{role}: {one!r} is neither a section nor a voice of this report. It has {exist}")
    below = tuple(f"{one}." for one in wanted if one in sections)
    chosen = section_of.isin(wanted) | section_of.str.startswith(below) | voice_of.isin(wanted)
    sentences = report.sentences[report.sentences["unit_id"].isin(report.units.loc[chosen, "unit_id"])]
    if sentences.empty:
        raise EgdataError(f"{role}: {', '.join(map(repr, wanted)) or 'an empty list'} has no sentences")
    return sentences


def _count_terms(report: Report, sentences: pd.DataFrame, codebook: Codebook) -> tuple[Counter[str], int]:
    """Occurrences of each term, and tokens."""
    counts, tokens = count_terms(replace(report, sentences=sentences), None, codebook)
    return sum(counts.values(), Counter()), tokens.total()


def _count_themes(report: Report, sentences: pd.DataFrame, codebook: Codebook) -> tuple[Counter[str], int]:
    """Sentences about each theme, and sentences."""
    themes = find_themes(report, codebook)
    return Counter(themes.loc[themes["sentence_id"].isin(sentences["sentence_id"]), "theme_id"]), len(sentences)


def _measured(frame: pd.DataFrame, total_target: int, total_reference: int) -> pd.DataFrame:
    """The frame of counts with what follows from them, sorted."""
    import numpy as np

    key = frame.columns[0]
    a, b = (frame[column].to_numpy(dtype=float) for column in ("n_target", "n_reference"))
    frame["per_1000_target"] = (1000 * a / total_target).round(4)
    frame["per_1000_reference"] = (1000 * b / total_reference).round(4)
    for name, values in _measures(a, b, total_target, total_reference).items():
        frame[name] = values
    sign = np.sign(a * total_reference - b * total_target)
    order = np.lexsort((frame[key].to_numpy(), -(a + b), -sign * frame["log_likelihood"]))
    return frame.iloc[order].reset_index(drop=True)


def _measures(
    a: np.ndarray, b: np.ndarray, total_a: int | np.ndarray, total_b: int | np.ndarray, family: np.ndarray | None = None
) -> dict[str, Sequence[float]]:
    import numpy as np

    g2, p, p_adjusted = compare_counts(a, b, total_a, total_b, family)
    ratio = (a + ADDED) / total_a * total_b / (b + ADDED)
    log_ratio = np.log2(ratio).round(4) + 0.0  # no -0.0
    return dict(zip(MEASURES, (g2, log_ratio, p, p_adjusted), strict=True))


def compare_counts(
    a: np.ndarray,
    b: np.ndarray,
    total_a: int | np.ndarray,
    total_b: int | np.ndarray,
    family: np.ndarray | None = None,
) -> tuple[np.ndarray, list[float], list[float]]:
    """G² of each pair of counts, to 4 places; Fisher's exact p, and that by Benjamini and Hochberg, to 4 digits.

    The p of one family are adjusted together; without families, all are.
    """
    import numpy as np
    from scipy.stats import false_discovery_control

    cells = np.array([a, b, total_a - a, total_b - b])
    p = fisher_exact(cells.astype(int)) if len(a) else np.array([])
    adjusted = np.zeros(len(p))
    family = adjusted if family is None else family
    for one in np.unique(family):
        adjusted[family == one] = false_discovery_control(p[family == one])
    return _log_likelihood(cells).round(4), _digits(p), _digits(adjusted)


def fisher_exact(cells: np.ndarray) -> np.ndarray:
    """Two-sided p of each table, as scipy.stats.fisher_exact has it for one: all tables in one go are far faster."""
    import numpy as np
    from scipy.special import gammaln

    a, b, c, d = cells
    least = np.minimum(a, d)  # by how much the first cell may shrink with the margins as they are
    sizes = least + np.minimum(b, c) + 1  # how many tables have these margins
    table, begin = np.repeat(np.arange(len(a)), sizes), sizes.cumsum() - sizes
    more = np.arange(len(table)) - (begin + least)[table]
    log_odds = -sum(gammaln(cell[table] + sign * more + 1) for cell, sign in zip(cells, (1, -1, -1, 1), strict=True))
    weight = np.exp(log_odds - np.maximum.reduceat(log_odds, begin)[table])
    is_as_rare = weight <= weight[begin + least][table] * (1 + TIE)
    total, rare = (np.bincount(table, one, len(a)) for one in (weight, weight * is_as_rare))
    return rare / total


def _log_likelihood(cells: np.ndarray) -> np.ndarray:
    """G² over the four cells of each table."""
    import numpy as np
    from scipy.stats import power_divergence

    rows, columns = cells[:2] + cells[2:], (cells[0] + cells[1], cells[2] + cells[3])
    expected = np.concatenate([rows * column / rows.sum(axis=0) for column in columns])
    expected = np.maximum(expected, np.finfo(float).tiny)  # a cell that must be empty adds nothing: 0 ln(0 / tiny)
    return np.maximum(power_divergence(cells, expected, axis=0, lambda_="log-likelihood").statistic, 0.0)


def _digits(values: np.ndarray) -> list[float]:
    """To 4 digits, so that no library's last bit shows."""
    return [float(f"{value:.4g}") for value in values]


# ---- keyword in context ---------------------------------------------------------------------------------------------


@over_reports
def kwic(report: Report, keyword: str, window: int = 12, regex: bool = False) -> pd.DataFrame:
    """Find every place of a word, with the words around it.

    Parameters
    ----------
    report : Report or list of Report
    keyword : str
        A word or phrase; case is ignored. In Chinese it is found inside longer words too (公约 in 新公约), in English
        only as whole words.
    window : int
        How much to show on either side: characters in Chinese, words in English.
    regex : bool
        Whether the keyword is a regular expression. ``^`` and ``$`` are the ends of a sentence.

    Returns
    -------
    DataFrame
        One row per occurrence, in the order of the text:

        - ``left``, ``keyword``, ``right`` : str, as they stand there, cut at the ends of the sentence
        - ``sentence_id``, ``citation`` : str
        - ``start``, ``end`` : int, half-open code points of the keyword: ``report.text[start:end] == keyword``

        Empty if the keyword does not occur.

    Raises
    ------
    EgdataError
        If the keyword is empty, if the regular expression is broken or matches the empty text, or if the window is
        negative.

    Notes
    -----
    Sentences are searched, neither headings nor footnotes. Occurrences do not overlap.

    Examples
    --------
    'Some support a new convention, some oppose the new convention.'

    >>> from egdata.report import sentences_report
    >>> frame = kwic(sentences_report(["有的支持新公约，有的反对新公约。"]), "新公约", window=2)
    >>> frame[["left", "keyword", "right", "start", "end"]].values.tolist()
    [['支持', '新公约', '，有', 4, 7], ['反对', '新公约', '。', 12, 15]]
    """
    import pandas as pd

    if window < 0:
        raise EgdataError(f"window={window!r}: it is 0 or more")
    pattern = _compiled(keyword, report.lang, regex)
    before, after = _around(report.lang, window)
    rows = []
    sentences = report.sentences
    columns = (sentences[column] for column in ("sentence_id", "unit_id", "start", "end"))
    for sentence_id, unit_id, first, last in zip(*columns, strict=True):
        text = report.text[first:last]
        for found in pattern.finditer(text):
            if not found[0]:
                raise EgdataError(f"keyword {keyword!r} matches the empty text; put something into it that must occur")
            left, right = before.search(text[: found.start()])[0], after.match(text[found.end() :])[0]
            place = first + found.start(), first + found.end()
            rows.append((left, found[0], right, sentence_id, report.citation(unit_id), *place))
    names = ["left", "keyword", "right", "sentence_id", "citation"]
    frame = pd.DataFrame(rows, columns=[*names, "start", "end"])
    return frame.astype({**dict.fromkeys(names, str), "start": "int64", "end": "int64"})


def _compiled(keyword: str, lang: str, regex: bool) -> re.Pattern[str]:
    if not keyword.strip():
        raise EgdataError("the keyword is empty; name a word to look for")
    if not regex:
        whole = r"(?<!\w){}(?!\w)" if lang == "en" else "{}"
        return re.compile(whole.format(re.escape(keyword.strip())), re.IGNORECASE)
    try:
        return re.compile(keyword, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise EgdataError(f"keyword {keyword!r} is no regular expression: {error}") from None


def _around(lang: str, window: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of what stands before and after a keyword, up to the window."""
    if lang == "en":  # what sticks to the keyword (a bracket, a comma, e- of e-evidence) is no word of its own
        return (
            re.compile(rf"(?:\S+\s+){{0,{window}}}\S*\Z"),
            re.compile(rf"\S*(?:\s+\S+){{0,{window}}}"),
        )
    return re.compile(rf".{{0,{window}}}\Z", re.DOTALL), re.compile(rf".{{0,{window}}}", re.DOTALL)
