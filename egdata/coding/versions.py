"""Another language version of a report as a second coder, which costs nothing: where the two codings differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from egdata.base.errors import EgdataError
from egdata.base.frames import frame_of, records
from egdata.codebook.codebook import Codebook, read_codebook
from egdata.coding.alignment import align_sentences
from egdata.coding.benchmark import open_sets, read_gold, read_gold_text
from egdata.coding.coding import Coding, code, coding_of
from egdata.coding.scoring import SID, score
from egdata.coding.sheet import coding_sheet
from egdata.coding.side_by_side import with_opinions, with_second_opinion
from egdata.reading.folders import SUFFIXES
from egdata.reading.languages import LANGUAGES
from egdata.reading.report import Report, read_report

if TYPE_CHECKING:
    import pandas as pd

VARIABLES = ("holder", "stance", "instruments")
DIFFERENCES = ("sentence_a", "sentence_b", "variable", "issue_id", "code_a", "code_b", "text_a", "text_b")
_MOSTLY = 0.5  # of the sentences of a report has a counterpart in every version of it in data/gold
MEASURED = ("f1_alone", "share_differing", "f1_reviewed")


class Versions(NamedTuple):
    """What :func:`compare_versions` gives: both codings, and two frames."""

    a: Coding
    b: Coding
    aligned: pd.DataFrame
    differences: pd.DataFrame


def compare_versions(a: Report | Coding, b: Report | Coding, codebook: Codebook | None = None) -> Versions:
    """Put two language versions of one report side by side.

    Parameters
    ----------
    a, b : Report or Coding
        Versions of one report; in what language each is does not matter.
    codebook : Codebook, optional

    Returns
    -------
    Versions
        - ``a``, ``b``: both codings, with ``second_opinion`` in their positions: whether the other version has the same
          stance on the issue where it says the same (``agrees``) or not (``differs``); empty where it says nothing.
          If most of ``a`` has no counterpart, a notice of ``b`` says so
        - ``aligned``: one row per stretch that says the same, in text order: ``sentence_a``, ``sentence_b``, ids joined
          by ``;``, empty where there is no counterpart; ``differs``, the variables on which the codings differ,
          joined by ``;``; ``text_a``, ``text_b``
        - ``differences``: one row per stretch and variable, and for ``stance`` per issue: ``sentence_a``,
          ``sentence_b``; ``variable`` (``holder``, ``stance``, ``instruments``); ``issue_id``, empty for the others;
          ``code_a``, ``code_b``, codes joined by ``;``, empty for none; ``text_a``, ``text_b``

    Raises
    ------
    EgdataError
        If they are one text, or no sentence of one stands beside one of the other.

    Notes
    -----
    Units are aligned by their ids, those whose numbers were lost and the sentences within units by their lengths; see
    :func:`egdata.coding.alignment.align_sentences`. Holders and instruments are compared where both versions say
    something, since a stretch without a counterpart says more of the alignment than of the coding.
    """
    a, b = coding_of(a, codebook), coding_of(b, codebook)
    if a.report.text == b.report.text:
        raise EgdataError(f"{a.report.name} and {b.report.name} are one text; name two language versions")
    texts_a, texts_b = (dict(records(coding.report.sentences, "sentence_id", "text")) for coding in (a, b))
    codes_a, codes_b = _codes(a), _codes(b)
    other_a, other_b = {}, {}  # sentence → the codes of its counterpart
    aligned, differences = [], []
    for left, right in align_sentences(a.report, b.report):
        mine, yours = _united(codes_a, left), _united(codes_b, right)
        if left and right:
            other_a |= dict.fromkeys(left, yours)
            other_b |= dict.fromkeys(right, mine)
        told = {"sentence_a": ";".join(left), "text_a": " ".join(texts_a[sid] for sid in left)}
        told |= {"sentence_b": ";".join(right), "text_b": " ".join(texts_b[sid] for sid in right)}
        differing = list(_differing(mine, yours, bool(left and right)))
        differences += [told | row for row in differing]
        aligned.append(told | {"differs": ";".join(dict.fromkeys(row["variable"] for row in differing))})
    notices = _notices_of_alignment(a.report, b.report, len(other_a) / max(len(texts_a), 1))
    return Versions(
        _opinionated(a, other_a),
        replace(_opinionated(b, other_b), coder_notices=[*b.coder_notices, *notices]),
        frame_of(aligned, ("sentence_a", "sentence_b", "differs", "text_a", "text_b")),
        frame_of(differences, DIFFERENCES),
    )


def ask_second(coding: Coding, file: str | Path) -> tuple[Coding, Coding]:
    """The coding with the opinion of a second one, and that second one.

    Parameters
    ----------
    coding : Coding
    file : path
        The report in another language; or recorded answers or a person's sheet, as :func:`egdata.code` takes them.
    """
    if Path(file).suffix.lower() in SUFFIXES:
        return compare_versions(coding, read_report(file, codebook=coding.codebook))[:2]
    other = code(coding.report, coding.codebook, coder=file)
    return with_second_opinion(coding, other), other


def coder_name(coding: Coding, other: Coding) -> str:
    """What a second coder is called beside a coding: by its name, or by its language where it is another version."""
    lang = other.report.lang
    return other.coder if lang == coding.report.lang else f"{LANGUAGES[lang]} version"


def compare_versions_on_gold(codebook: Codebook | None = None) -> pd.DataFrame:
    """Say of the coded reports that have two languages what the other version is worth as a second coder.

    Parameters
    ----------
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per set and language: ``set``, ``lang``; ``n``, sentences; ``f1_alone``, of positions; the share of
        stretches whose positions differ from those of the other version, ``share_differing``; ``f1_reviewed``, when a
        person, for whom the reference coding stands, looked at these only. Codes that the codebook does not have are
        left out.
    """
    codebook = codebook or read_codebook()
    rows = []
    for gold in (gold for gold in open_sets() if gold.card["kind"] == "report"):
        versions = compare_versions(*(read_gold_text(gold.name, lang, codebook) for lang in gold.langs), codebook)
        differing = versions.aligned[versions.aligned["differs"].str.contains("stance")]
        for lang, side, coding in zip(gold.langs, "ab", versions[:2], strict=True):
            right, sheet = read_gold(gold.name, lang, codebook), coding_sheet(coding)
            looked_at = set(";".join(differing[f"sentence_{side}"]).split(";"))
            reviewed = _replaced(sheet, right, looked_at)
            alone, after = (_f1(coded, right, codebook) for coded in (sheet, reviewed))
            told = {"set": gold.name, "lang": lang, "n": right[SID].nunique()}
            share = len(differing) / len(versions.aligned)
            rows.append(told | dict(zip(MEASURED, (alone, share, after), strict=True)))
    return frame_of(rows, ("set", "lang", "n", *MEASURED), n="int64", **dict.fromkeys(MEASURED, "float64"))


Codes = dict[tuple[str, str], set[str]]  # variable and issue, empty for other variables → codes


def _codes(coding: Coding) -> dict[str, Codes]:
    """What each sentence is coded as."""
    codes: dict[str, Codes] = {}
    positions = records(coding.positions, "sentence_id", "issue_id", "stance")
    instruments = ((sid, entity) for sid, joined in coding.instruments.items() for entity in joined.split(";"))
    for sid, variable, issue, value in [
        *((sid, "holder", "", holder) for sid, holder in records(coding.statements, "sentence_id", "holder")),
        *((sid, "stance", issue, stance) for sid, issue, stance in positions),
        *((sid, "instruments", "", entity) for sid, entity in instruments),
    ]:
        codes.setdefault(sid, {}).setdefault((variable, issue), set()).add(value)
    return codes


def _united(codes: dict[str, Codes], sids: Iterable[str]) -> Codes:
    """The codes of several sentences as those of one."""
    united: Codes = {}
    for sid in sids:
        for key, values in codes.get(sid, {}).items():
            united[key] = united.get(key, set()) | values
    return united


def _differing(a: Codes, b: Codes, is_pair: bool) -> Iterator[dict[str, str]]:
    for variable, issue in sorted({*a, *b}, key=lambda key: (VARIABLES.index(key[0]), key[1])):
        mine, yours = (side.get((variable, issue), set()) for side in (a, b))
        if mine != yours and (is_pair or variable == "stance"):
            codes = {"code_a": ";".join(sorted(mine)), "code_b": ";".join(sorted(yours))}
            yield {"variable": variable, "issue_id": issue, **codes}


def _notices_of_alignment(a: Report, b: Report, share: float) -> list[str]:
    """What to know if few of the sentences have a counterpart; an error if none has."""
    if not share:
        raise EgdataError(f"{b.name} says nothing that {a.name} says; name a version of it in another language")
    if share >= _MOSTLY:
        return []
    return [f"{b.name} has a counterpart of {share:.0%} of the sentences only; is it another report?"]


def _opinionated(coding: Coding, other: dict[str, Codes]) -> Coding:
    """The coding with what the other version says of each position; ``other`` has its codes by our sentences."""

    def heard(_: str, sid: str, issue: str) -> Collection[str] | None:
        return other[sid].get(("stance", issue), ()) if sid in other else None

    return with_opinions(coding, heard)


def _replaced(sheet: pd.DataFrame, by: pd.DataFrame, sids: set[str]) -> pd.DataFrame:
    """The sheet with the rows of another in these sentences."""
    import pandas as pd

    return pd.concat([sheet[~sheet[SID].isin(sids)], by[by[SID].isin(sids)]], ignore_index=True).fillna("")


def _f1(sheet: pd.DataFrame, right: pd.DataFrame, codebook: Codebook | None) -> float:
    columns = [SID, "issue", "stance"]
    scores = score(sheet[columns], right[columns], codebook)
    return float(scores.query("variable == 'position' and measure == 'f1'")["value"].iloc[0])
