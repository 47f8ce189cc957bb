"""Tables for the charts: what each section holds, its themes, what instruments it names, references to one of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from egdata.analysis.keyness import sentences_of
from egdata.analysis.sources import sign
from egdata.analysis.statistics import compare_counts, with_interval
from egdata.base.errors import EgdataError, check_option
from egdata.base.frames import records
from egdata.base.vocabulary import VOICES
from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


@over_reports
def count_sections(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count the units and sentences of each section.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per section, in the order of the report, without its title:

        - ``section_id``, ``title``, ``voice`` : str
        - ``n_units``, ``n_sentences`` : int, directly in the section, not in those below it
        - ``n_coded`` : int, sentences that carry a position

        Empty if the report has no headings. ``attrs["symbol"]`` is the symbol of the report.
    """
    coding = coding_of(report, codebook)
    report = coding.report
    frame = _headings(report)
    sentences = coding.sentences["sentence_id"].map(coding.places["section_id"])
    coded = sentences[coding.sentences["status"] == "coded"]
    sections = {"n_units": report.units["section_id"], "n_sentences": sentences, "n_coded": coded}
    for column, counted in sections.items():
        frame[column] = frame["section_id"].map(counted.value_counts()).fillna(0).astype("int64")
    return sign(frame, coding)


@over_reports
def count_themes(report: Report | Coding, codebook: Codebook | None = None, *, by: str = "section") -> pd.DataFrame:
    """Count the sentences about each theme, section by section or voice by voice.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    by : {'section', 'voice'}
        What is counted apart. Sections have headings; a report without any has voices all the same.

    Returns
    -------
    DataFrame
        One row per section (or voice) that has sentences × theme of the codebook, in the order of the report and
        of the codebook, zeros included:

        - ``section_id``, ``title`` (not with ``by='voice'``), ``voice``, ``theme_id`` : str
        - ``n`` : int, sentences about the theme
        - ``n_sentences`` : int, all sentences of the section or voice
        - ``share`` : float, ``n / n_sentences``
        - ``low``, ``high`` : float, Wilson's 95 per cent interval of the share

        Empty if the report has no headings, or no sentences. ``attrs["symbol"]`` is the symbol of the report.

    Raises
    ------
    EgdataError
        If ``by`` is neither.

    Notes
    -----
    A sentence has up to three themes, so that the shares of a section do not add up to 1. The interval takes the
    sentences for independent draws, which those of a report are not: it says what a small number is worth, and no more.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association 22(158), 209–212.
    """
    check_option("by", by, ("section", "voice"))
    coding = coding_of(report, codebook)
    report = coding.report
    key = "section_id" if by == "section" else "voice"
    groups = coding.places[key]
    counts = coding.themes.assign(group=coding.themes["sentence_id"].map(groups)).groupby(["group", "theme_id"]).size()
    sizes = groups.value_counts()
    frame = _headings(report) if by == "section" else report.units[["voice"]].drop_duplicates()
    frame = frame[frame[key].isin(sizes.index)]
    frame = frame.merge(coding.codebook.tables["themes"]["id"].rename("theme_id"), how="cross")
    frame["n"] = _counted(counts, frame[[key, "theme_id"]])
    frame["n_sentences"] = frame[key].map(sizes).astype("int64")
    frame["share"] = frame["n"] / frame["n_sentences"]
    return sign(with_interval(frame), coding)


@over_reports
def theme_differences(
    report: Report | Coding, codebook: Codebook | None = None, *, by: str = "section"
) -> pd.DataFrame:
    """Set the themes of the Member States' proposals against those of the Chair's summary.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    by : {'section', 'voice'}
        What is compared: sections with the same heading, such as II.A and III.A, or all of either voice.

    Returns
    -------
    DataFrame
        One row per pair of sections × theme (with ``by='voice'`` one per theme), in the order of
        :func:`count_themes`:

        - ``title``, ``section_proposals``, ``section_summary`` (not with ``by='voice'``), ``theme_id`` : str
        - ``n_proposals``, ``n_summary`` : int, sentences about the theme
        - ``n_sentences_proposals``, ``n_sentences_summary`` : int, all sentences
        - ``share_proposals``, ``share_summary`` : float
        - ``difference`` : float, share of the proposals − share of the summary
        - ``low``, ``high`` : float, Newcombe's 95 per cent interval of the difference
        - ``p_adjusted`` : float, the p of Fisher's exact test by Benjamini and Hochberg over the rows of the frame that
          are not ``neither``, where it is missing
        - ``stands_in`` : str, ``both``, ``proposals``, ``summary`` or ``neither``

        Empty if no heading stands in both. ``attrs["symbol"]`` is the symbol of the report.

    Notes
    -----
    Newcombe's interval (his method 10) is made of Wilson's intervals of the two shares, and takes sentences for
    independent draws as they do. It is not corrected for the number of themes: of twenty such intervals one is
    without 0 by chance alone.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Statistics in Medicine 17(8), 873–890.
    """
    import pandas as pd

    coding = coding_of(report, codebook)
    counts = count_themes(coding, by=by)
    keys = ["title", "theme_id"] if by == "section" else ["theme_id"]
    sides = [counts[counts["voice"] == voice].drop(columns="voice") for voice in VOICES]
    frame = sides[0].merge(sides[1], on=keys, suffixes=("_proposals", "_summary"))
    shares = [frame["share_proposals"], frame["share_summary"]]
    below = [frame["share_proposals"] - frame["low_proposals"], frame["high_summary"] - frame["share_summary"]]
    above = [frame["high_proposals"] - frame["share_proposals"], frame["share_summary"] - frame["low_summary"]]
    frame["difference"] = shares[0] - shares[1]
    frame["low"] = frame["difference"] - (below[0] ** 2 + below[1] ** 2) ** 0.5
    frame["high"] = frame["difference"] + (above[0] ** 2 + above[1] ** 2) ** 0.5
    where = {(True, True): "both", (True, False): "proposals", (False, True): "summary", (False, False): "neither"}
    present = zip(frame["n_proposals"] > 0, frame["n_summary"] > 0, strict=True)
    frame["stands_in"] = [where[pair] for pair in present]
    compared = frame[frame["stands_in"] != "neither"]
    numbers = ("n_proposals", "n_summary", "n_sentences_proposals", "n_sentences_summary")
    *_, p = compare_counts(*(compared[name].to_numpy() for name in numbers))
    frame["p_adjusted"] = pd.Series(p, index=compared.index, dtype=float)
    frame = frame.rename(columns={"section_id_proposals": "section_proposals", "section_id_summary": "section_summary"})
    columns = ["title", "section_proposals", "section_summary"] if by == "section" else []
    columns += ["theme_id", *numbers, "share_proposals", "share_summary"]
    columns += ["difference", "low", "high", "p_adjusted", "stands_in"]
    return sign(frame[columns], coding)


@over_reports
def count_theme_pairs(
    report: Report, codebook: Codebook | None = None, *, within: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Count the sentences about each two themes, and how many there would be by chance.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
    within : str or sequence of str, optional
        Sections and voices of the report; a section brings those below it. All sentences if omitted.

    Returns
    -------
    DataFrame
        One row per pair of themes that occur, pairs that never meet included, in the order of the codebook:

        - ``theme_a``, ``theme_b`` : str
        - ``n`` : int, sentences about both
        - ``n_a``, ``n_b`` : int, sentences about either
        - ``n_sentences`` : int, all sentences
        - ``expected`` : float, ``n_a * n_b / n_sentences``, what chance would give
        - ``phi`` : float, their correlation, from -1 to 1; 0 for what chance would give
        - ``log_likelihood``, ``p``, ``p_adjusted`` : float, G² of the four cells, the p of Fisher's exact test, and
          that by Benjamini and Hochberg over the rows of the frame, as in :func:`egdata.keyness`

        Rounded to 4 places, ``p`` and ``p_adjusted`` to 4 digits. Empty if fewer than two themes occur.
        ``attrs["symbol"]`` is the symbol of the report.

    Raises
    ------
    EgdataError
        If a section or voice is not in the report, or has no sentences.

    Notes
    -----
    A sentence has three themes at most, and a general one (国际合作 for mutual legal assistance, 预防 for strategies)
    only where nothing more specific outweighs it. Both keep themes apart: that two go together is a better founded
    result than that they do not.

    References
    ----------
    - Yule, G. U. (1912). On the methods of measuring association between two attributes. Journal of the Royal
      Statistical Society 75(6), 579–652.
    - Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational Linguistics
      19(1), 61–74.
    """
    import numpy as np
    import pandas as pd

    coding = coding_of(report, codebook)
    report, themes = coding.report, coding.themes
    sentences = report.sentences if within is None else sentences_of(report, within, "within")
    themes = themes[themes["sentence_id"].isin(sentences["sentence_id"])]
    about = {theme: set(ids) for theme, ids in themes.groupby("theme_id")["sentence_id"]}
    order = [theme for theme in coding.codebook.codes("themes") if theme in about]
    rows = [
        (a, b, len(about[a] & about[b]), len(about[a]), len(about[b]), len(sentences))
        for a, b in itertools.combinations(order, 2)
    ]
    names = ["theme_a", "theme_b", "n", "n_a", "n_b", "n_sentences"]
    frame = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[:2], str) | dict.fromkeys(names[2:], "int64"))
    n, a, b, total = (frame[name].to_numpy(dtype=float) for name in names[2:])
    spread = np.sqrt(a * b * (total - a) * (total - b))
    frame["expected"] = (a * b / total).round(4)
    phi = np.divide(n * total - a * b, spread, out=np.zeros_like(n), where=spread > 0)
    frame["phi"] = phi.round(4) + 0.0  # no -0.0
    # of the sentences with and without one theme, those with the other
    frame["log_likelihood"], frame["p"], frame["p_adjusted"] = compare_counts(n, b - n, a, total - a)
    return sign(frame, coding)


@over_reports
def count_instruments(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count the references to each instrument, section by section.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per section that refers to any instrument × instrument that any of them refers to, in the order of the
        report and of the codebook, zeros included:

        - ``section_id``, ``title``, ``voice``, ``instrument_id`` : str
        - ``n`` : int, references, those in footnotes included
        - ``n_named`` : int, those by title or short title; the others are anaphors (该公约 'that Convention') and
          descriptions (现有文书 'existing instruments')

        Empty if the report has no headings or refers to no instrument. ``attrs["symbol"]`` is the symbol of the report,
        ``attrs["without"]`` lists the sections with sentences that refer to none.
    """
    coding = coding_of(report, codebook)
    report, codebook = coding.report, coding.codebook
    references = find_references(coding, list(codebook.codes("instruments")))
    keys = ["section_id", "entity_id"]
    counts = references.groupby(keys).size()
    named = references[references["form"].isin(("named", "short"))].groupby(keys).size()
    frame = _headings(report)
    texts = frame["section_id"].isin(coding.places["section_id"])
    is_there = frame["section_id"].isin(references["section_id"])
    without = frame.loc[texts & ~is_there, "section_id"].tolist()
    instruments = codebook.tables["instruments"]["id"].rename("instrument_id")
    frame = frame[is_there].merge(instruments[instruments.isin(references["entity_id"])], how="cross")
    for column, counted in (("n", counts), ("n_named", named)):
        frame[column] = _counted(counted, frame[["section_id", "instrument_id"]])
    frame = sign(frame, coding)
    frame.attrs["without"] = without
    return frame


@over_reports
def find_references(
    report: Report | Coding, entities: str | Sequence[str], codebook: Codebook | None = None
) -> pd.DataFrame:
    """Find every reference to an instrument, by name or by anaphor, with the stance taken there.

    Parameters
    ----------
    report : Report, Coding or list of them
    entities : str or sequence of str
        Ids of instruments, such as ``"budapest"``.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per reference, in the order of the report, that in a footnote where its anchor stands:

        - ``mention_id``, ``entity_id``, ``form``, ``locator`` : str, as in :func:`find_mentions`
        - ``unit_id``, ``section_id``, ``voice``, ``sentence_id`` : str, where it stands; no sentence in a footnote
        - ``stance``, ``holder`` : str, those of the first position that the sentence takes on the issue of
          the instrument; if it takes none, no stance and its first holder; both empty in a footnote
        - ``quote`` : str, the words that refer to it
        - ``citation`` : str

        Empty if nothing refers to it. ``attrs["symbol"]`` is the symbol of the report.

    Raises
    ------
    EgdataError
        If the codebook has no such instrument, body or State.

    Notes
    -----
    The stance is that of the sentence towards the proposition of the codebook (the Budapest Convention is a
    suitable standard), not towards the instrument as such.
    """
    coding = coding_of(report, codebook)
    report = coding.report
    wanted = [entities] if isinstance(entities, str) else list(entities)
    known = [*coding.codebook.codes("instruments"), *coding.codebook.codes("actors")]
    for entity in wanted:
        if not any(fnmatchcase(entity, code) for code in known):  # of one that ends in * a report completes the code
            raise EgdataError(f"{entity!r} is no instrument of the codebook; instruments.csv has those that there are")
    positions = coding.positions.drop_duplicates(["sentence_id", "issue_id"]).set_index(["sentence_id", "issue_id"])
    holders = coding.statements.drop_duplicates("sentence_id").set_index("sentence_id")["holder"]
    issues = coding.codebook.tables["issues"]
    issue_of = dict(zip(issues["instrument"], issues["id"], strict=True))

    frame = coding.mentions
    frame = frame[frame["entity_id"].isin(wanted)]
    notes = report.footnotes.set_index("footnote_id")
    in_note = frame["footnote_id"] != ""
    units = frame["sentence_id"].map(coding.places["unit_id"])
    frame = frame.assign(
        unit_id=units.where(~in_note, frame["footnote_id"].map(notes["unit_id"])),
        place=frame["start"].where(~in_note, frame["footnote_id"].map(notes["anchor"])),
    )
    frame = frame.sort_values("place", kind="stable").reset_index(drop=True)
    keys = list(zip(frame["sentence_id"], frame["entity_id"].map(issue_of), strict=True))
    frame["stance"] = [positions["stance"].get(key, "") for key in keys]
    frame["holder"] = [positions["holder"].get(key, holders.get(key[0], "")) for key in keys]
    for column in ("section_id", "voice"):
        frame[column] = frame["unit_id"].map(report.units.set_index("unit_id")[column])
    frame["citation"] = [
        report.citation(unit) + (f", footnote {note}" if note else "")
        for unit, note in zip(frame["unit_id"], frame["footnote_id"], strict=True)
    ]
    columns = ["mention_id", "entity_id", "form", "locator", "sentence_id", "unit_id", "section_id", "voice"]
    return sign(frame[[*columns, "stance", "holder", "quote", "citation"]], coding)


def _headings(report: Report) -> pd.DataFrame:
    """The sections, without the title."""
    sections = report.sections
    return sections.loc[sections["level"] > 0, ["section_id", "title", "voice"]].reset_index(drop=True)


def _counted(counts: pd.Series, pairs: pd.DataFrame) -> pd.Series:
    """How often each pair was counted."""
    import pandas as pd

    return pd.Series([counts.get(pair, 0) for pair in records(pairs, *pairs.columns)], pairs.index, "int64")
