"""The benchmark: coded sets in ``data/gold``, what each is worth, and the first score of the rules on it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from egdata.base.checksums import files_sha256
from egdata.base.csv_files import csv_bytes, read_csv
from egdata.base.errors import EgdataError, check_option
from egdata.base.output import write_file
from egdata.base.paths import PACKAGE, data_path
from egdata.codebook.codebook import Codebook, codebook_sha256, read_codebook
from egdata.coding.coding import code
from egdata.coding.scoring import SID, known_codes, read_sheet, score
from egdata.coding.sheet import coding_sheet
from egdata.reading.report import Report, read_report, sentences_report

if TYPE_CHECKING:
    import pandas as pd

DEVELOPED = "positions.dev.tsv"  # the sentences of the bundled report with which the first rules were made
CARD, SCORES = "card.toml", "scores.csv"
KINDS = ("sentences", "report")
SEALED, SCORED, OPEN = STATES = ("sealed", "scored", "open")
#: What is recorded of each set: its F1 with interval.
MEASURED = ("position", "position+holder", "holder", "modality", "instruments", "themes")


class GoldSet(NamedTuple):
    """A coded set: a folder with ``text.{zh,en}.txt``, ``codes.{zh,en}.tsv`` and ``card.toml``."""

    folder: Path
    card: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def langs(self) -> list[str]:
        return sorted(file.name.split(".")[1] for file in self.folder.glob("codes.*.tsv"))

    @property
    def sha256(self) -> str:
        """The checksum of texts and codes; the card may change."""
        files = [file for pattern in ("text.*.txt", "codes.*.tsv", "coder-*") for file in self.folder.glob(pattern)]
        return _sha256(files, self.folder)


def read_gold(
    name: str | Path | None = None, lang: str | None = None, codebook: Codebook | None = None
) -> pd.DataFrame:
    """Read coded sentences to measure against; ``data/gold/README.md`` says what they are.

    Parameters
    ----------
    name : str or path, optional
        A set of ``data/gold``, or the folder of one. If omitted, the sentences of the bundled report with which the
        rules were developed.
    lang : {'zh', 'en'}, optional
        Needed where the set has both.
    codebook : Codebook, optional
        Codes that it does not have are left out, since it can be measured on no others.

    Returns
    -------
    DataFrame
        One row per sentence, holder and issue, the columns of :func:`egdata.coding_sheet`.

    Raises
    ------
    EgdataError
        If there is no such set, or it has no codes in the language.
    """
    if name is None:
        file = data_path("gold", DEVELOPED)
    else:
        gold = gold_set(name)
        file = gold.folder / f"codes.{_lang(gold, lang)}.tsv"
    return known_codes(read_sheet(file), codebook) if codebook else read_sheet(file)


def read_gold_text(name: str | Path, lang: str | None = None, codebook: Codebook | None = None) -> Report:
    """Read the text of a coded set as the report whose sentences its codes name.

    Parameters
    ----------
    name, lang
        As for :func:`read_gold`.
    codebook : Codebook, optional

    Returns
    -------
    Report
        Of a set of sentences each line is a sentence, named by its number from 0, as by :func:`egdata.code_sentences`.

    Raises
    ------
    EgdataError
        As :func:`read_gold`.
    """
    gold = gold_set(name)
    lang = _lang(gold, lang)
    file = gold.folder / f"text.{lang}.txt"
    if gold.card["kind"] == "report":
        report = read_report(file, lang, codebook=codebook)
    else:
        try:
            lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except OSError as error:
            raise EgdataError(f"{file}: cannot be read: {error.strerror}") from None
        report = sentences_report(lines, lang)
    report.meta["report_id"] = f"{gold.name}.{lang}"
    return report


def gold_set(name: str | Path) -> GoldSet:
    """A set with its card, by its name or folder."""
    folder = Path(name) if (Path(name) / CARD).is_file() else data_path("gold", str(name))
    file = folder / CARD
    try:
        card = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        there = ", ".join(gold.name for gold in gold_sets()) or "none"
        raise EgdataError(f"no coded set {str(name)!r}; there are: {there}") from None
    except ValueError as error:
        raise EgdataError(f"{file}: {error}") from None
    check_option(f"{file}: kind", card.get("kind"), KINDS)
    check_option(f"{file}: state", card.get("state"), STATES)
    return GoldSet(folder, card)


def gold_sets(folder: str | Path | None = None) -> list[GoldSet]:
    """Every set of ``data/gold``, or of another folder, by state and name."""
    folder = data_path("gold") if folder is None else Path(folder)
    sets = [gold_set(card.parent) for card in folder.glob(f"*/{CARD}")]
    return sorted(sets, key=lambda gold: (STATES.index(gold.card["state"]), gold.name))


def gold_cards(folder: str | Path | None = None) -> pd.DataFrame:
    """Read who wrote and coded the sets of ``data/gold``, and how far their coders agreed.

    Parameters
    ----------
    folder : path, optional
        ``data/gold`` if omitted.

    Returns
    -------
    DataFrame
        One row per set, by state and name: ``set``; ``kind`` (``sentences`` or ``report``), ``state``; ``langs``,
        joined by ``;``; ``written_by``, ``how``, ``coded_by``; Krippendorff's alpha of its two coders of ``holder``,
        ``position``, ``modality``, ``instruments`` and ``themes`` as ``alpha_<name>``, missing if it was coded once.
    """
    told, alphas = ("kind", "state", "written_by", "how", "coded_by"), ("holder", "position", *MEASURED[3:])
    rows = [
        {"set": gold.name, "langs": ";".join(gold.langs)}
        | {name: gold.card.get(name, "") for name in told}
        | {f"alpha_{name}": gold.card.get("alpha", {}).get(name) for name in alphas}
        for gold in gold_sets(folder)
    ]
    return _frame(rows, ["set", "kind", "state", "langs", *told[2:], *(f"alpha_{name}" for name in alphas)])


def open_sets() -> list[GoldSet]:
    """The sets of ``data/gold`` that may be learnt from, by name."""
    return [gold for gold in gold_sets() if gold.card["state"] == OPEN]


def score_sets(names: Iterable[str | Path] | None = None, codebook: Codebook | None = None) -> pd.DataFrame:
    """Score the rules on coded sets.

    Parameters
    ----------
    names : iterable of str or path, optional
        Sets or their folders; all of ``data/gold`` but the sealed ones if omitted.
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per set and language, by state and name: ``set``, ``lang``, ``kind``, ``state``; ``n``, sentences;
        ``n_missing``, those of them that the rules do not find in the text, which count as not coded; of
        ``position``, ``position+holder``, ``holder``, ``modality``, ``instruments`` and ``themes`` the F1 under its
        name and its 95% interval as ``<name>_low`` and ``<name>_high``, as :func:`egdata.score` gives them; missing
        where the set has no such codes.

    Raises
    ------
    EgdataError
        If a set is missing or broken, or sealed: that one is scored once, by ``egdata score --record``.
    """
    if names is None:
        sets = [gold for gold in gold_sets() if gold.card["state"] != SEALED]
    else:
        sets = [gold_set(name) for name in names]
        for gold in sets:
            if gold.card["state"] == SEALED:
                raise EgdataError(f"{gold.name} is sealed; score it once, with egdata score --record {gold.name}")
    return _frame([_score(gold, lang, codebook) for gold in sets for lang in gold.langs], _COLUMNS)


def record_score(name: str | Path, codebook: Codebook | None = None) -> pd.DataFrame:
    """Score the rules on a set for the first time, and write that down in ``scores.csv`` beside the sets.

    A sealed set is ``scored`` from then on.

    Parameters
    ----------
    name, codebook
        As for :func:`score_sets`.

    Returns
    -------
    DataFrame
        The rows that were added: those of :func:`score_sets` with ``date`` in front, and behind them the checksums
        ``codebook_sha256``, ``code_sha256`` (of egdata's modules) and ``set_sha256``.

    Raises
    ------
    EgdataError
        If the set has a first score already, is broken, or has changed since it was sealed (``sha256`` of its card).
    """
    gold = gold_set(name)
    file = gold.folder.parent / SCORES
    before = read_scores(file)
    recorded = before[before["set"] == gold.name]
    if len(recorded):
        raise EgdataError(f"{gold.name} had its first score on {recorded['date'].iloc[0]}; no set has a second one")
    if gold.card.get("sha256", gold.sha256) != gold.sha256:
        raise EgdataError(f"{gold.name} has changed since it was sealed; its checksum is {gold.sha256} now")
    codebook = codebook or read_codebook()
    known = {
        "codebook_sha256": codebook_sha256(codebook.folder),
        "code_sha256": _sha256(PACKAGE.rglob("*.py"), PACKAGE),
        "set_sha256": gold.sha256,
    }
    date = {"date": datetime.now(UTC).date().isoformat()}
    rows = [date | _score(gold, lang, codebook) | known for lang in gold.langs]
    added = _frame(rows, ["date", *_COLUMNS, *known])
    text = added.round(4).astype(object).where(added.notna(), "").astype(str)
    write_file(file, csv_bytes(_stack(before, text)))
    card = gold.folder / CARD
    told = card.read_text(encoding="utf-8")
    scored = re.sub(rf'^(state\s*=\s*)"{SEALED}"', rf'\1"{SCORED}"', told, flags=re.M)
    write_file(card, scored.encode())
    return added


def read_scores(file: str | Path | None = None, *, unlearnt: bool = False) -> pd.DataFrame:
    """Read the first scores of the rules on every set, as :func:`record_score` wrote them.

    Parameters
    ----------
    file : path, optional
        ``data/gold/scores.csv`` if omitted.
    unlearnt : bool
        Only those of the sets beside the file that nothing has been learnt from.

    Returns
    -------
    DataFrame
        One row per set and language, in the order of recording; every cell is text. No rows before the first record.
    """
    file = data_path("gold", SCORES) if file is None else Path(file)
    if not file.is_file():
        return _frame([], ["date", *_COLUMNS, "codebook_sha256", "code_sha256", "set_sha256"]).astype(str)
    scores = read_csv(file.read_bytes())
    if not unlearnt:
        return scores
    return scores[scores["set"].isin([gold.name for gold in gold_sets(file.parent) if gold.card["state"] != OPEN])]


_COLUMNS = [
    *("set", "lang", "kind", "state", "n", "n_missing"),
    *(f"{name}{end}" for name in MEASURED for end in ("", "_low", "_high")),
]


def _score(gold: GoldSet, lang: str, codebook: Codebook | None) -> dict[str, Any]:
    right = read_gold(gold.folder, lang)
    sheet = coding_sheet(code(read_gold_text(gold.folder, lang, codebook), codebook))
    sids = right[[SID]].drop_duplicates()
    missing = sids[~sids[SID].isin(sheet[SID])]
    scores = score(_stack(sheet, missing), right, codebook)
    f1 = scores[scores["measure"] == "f1"].set_index("variable")[["value", "low", "high"]].T.to_dict("list")
    row = {"set": gold.name, "lang": lang, "kind": gold.card["kind"], "state": gold.card["state"]}
    row |= {"n": len(sids), "n_missing": len(missing)}
    for name in MEASURED:
        if name in f1:
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), f1[name], strict=True))
    return row


def _lang(gold: GoldSet, lang: str | None) -> str:
    langs = gold.langs
    if lang is None and len(langs) == 1:
        return langs[0]
    if lang not in langs:
        has = " and ".join(langs) or "none"
        raise EgdataError(f"{gold.name}: say for which language: it has codes in {has}, not in {lang!r}")
    return lang


def _frame(rows: list[dict[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _stack(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([frame for frame in (above, below) if len(frame)] or [above], ignore_index=True)


def _sha256(files: Iterable[Path], root: Path) -> str:
    """The checksum of files with their names, in the order of the names."""
    named = sorted((file.relative_to(root).as_posix(), file) for file in files)
    return files_sha256((name, file.read_bytes()) for name, file in named)
