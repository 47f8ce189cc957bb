"""Which terms and themes set one part of a report apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from egdata.analysis.sources import sign
from egdata.analysis.statistics import compare_counts
from egdata.analysis.terms import count_terms, frequencies
from egdata.base.errors import EgdataError, check_option
from egdata.base.frames import records
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from egdata.reading.report import Report

OF = {"terms": "term", "themes": "theme_id"}
COUNTS = ["n_target", "n_reference", "per_1000_target", "per_1000_reference"]
MEASURES = ["log_likelihood", "log_ratio", "p", "p_adjusted"]
ADDED = 0.5  # to both frequencies of the log ratio, so that it is finite for one that is nought


@over_reports
def keyness(
    report: Report | Coding,
    target: str | Sequence[str],
    reference: str | Sequence[str],
    *,
    of: str = "terms",
    codebook: Codebook | None = None,
    min_n: int = 3,
) -> pd.DataFrame:
    """Compare two parts of a report: what is said more often in one than in the other.

    Parameters
    ----------
    report : Report, Coding or list of them
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
        If a section or voice is not in the report, if a part has no sentences, if the parts overlap, or if ``of`` is
        neither of the two.

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

    >>> from egdata.reading.report import read_report
    >>> frame = keyness(read_report(), target="proposals", reference="chair-summary")
    >>> frame.set_index("term").loc[["工作计划", "挑战"], "log_ratio"].gt(0).to_dict()
    {'工作计划': True, '挑战': False}
    """
    import pandas as pd

    check_option("of", of, tuple(OF))
    coding = coding_of(report, codebook)
    report = coding.report
    parts = [sentences_of(report, target, "target"), sentences_of(report, reference, "reference")]
    if both := sorted(set(parts[0]["sentence_id"]) & set(parts[1]["sentence_id"])):
        raise EgdataError(
            f"target {target!r} and reference {reference!r} overlap, in {len(both)} sentences: {both[0]} …"
        )
    count = _count_terms if of == "terms" else _count_themes
    (in_target, n_target), (in_reference, n_reference) = (count(coding, part) for part in parts)
    keys = sorted(key for key, n in (in_target + in_reference).items() if n >= min_n)
    frame = pd.DataFrame(
        {
            OF[of]: pd.Series(keys, dtype=str),
            "n_target": pd.Series([in_target[key] for key in keys], dtype="int64"),
            "n_reference": pd.Series([in_reference[key] for key in keys], dtype="int64"),
        }
    )
    frame = _measured(frame, n_target, n_reference)
    frame.attrs = {
        "target": (_headings(report, target), n_target),
        "reference": (_headings(report, reference), n_reference),
    }
    return sign(frame, coding)


def _headings(report: Report, wanted: str | Sequence[str]) -> dict[str, str]:
    """Sections and voices with their headings; a voice has none."""
    titles = dict(zip(report.sections["section_id"], report.sections["title"], strict=True))
    return {part: titles.get(part, "") for part in ([wanted] if isinstance(wanted, str) else wanted)}


@over_reports
def term_keyness(report: Report | Coding, codebook: Codebook | None = None, *, min_n: int = 3) -> pd.DataFrame:
    """Count the terms of each section and compare it with the rest of the report.

    Parameters
    ----------
    report : Report, Coding or list of them
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

    coding = coding_of(report, codebook)
    counts, tokens = count_terms(coding.report, "section_id", coding.codebook)
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
    sections = [section for section in dict.fromkeys([*report.sections["section_id"], *section_of]) if section]
    voices = [voice for voice in dict.fromkeys(voice_of) if voice]
    for part in wanted:
        if part not in sections and part not in voices:
            exist = f"sections {', '.join(sections) or '(none)'}; voices {', '.join(voices) or '(none)'}"
            raise EgdataError(f"{role}: {part!r} is neither a section nor a voice of this report. It has {exist}")
    below = tuple(f"{part}." for part in wanted if part in sections)
    chosen = section_of.isin(wanted) | section_of.str.startswith(below) | voice_of.isin(wanted)
    sentences = report.sentences[report.sentences["unit_id"].isin(report.units.loc[chosen, "unit_id"])]
    if sentences.empty:
        raise EgdataError(f"{role}: {', '.join(map(repr, wanted)) or 'an empty list'} has no sentences")
    return sentences


def _count_terms(coding: Coding, sentences: pd.DataFrame) -> tuple[Counter[str], int]:
    """Occurrences of each term, and tokens."""
    counts, tokens = count_terms(replace(coding.report, sentences=sentences), None, coding.codebook)
    return sum(counts.values(), Counter()), tokens.total()


def _count_themes(coding: Coding, sentences: pd.DataFrame) -> tuple[Counter[str], int]:
    """Sentences about each theme, and sentences."""
    themes = coding.themes
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
