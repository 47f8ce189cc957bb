"""Learning from coded sentences: the weights of :mod:`.classifier`, and how often it is right when it is so sure."""

from __future__ import annotations

import csv
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from egdata.base.errors import EgdataError
from egdata.base.frames import frame_of, grouped, records
from egdata.base.paths import data_path
from egdata.base.vocabulary import CERTAINTIES, LANGS, UNATTRIBUTED
from egdata.codebook.codebook import TABLES, Codebook
from egdata.coding.benchmark import open_sets, read_gold, read_gold_text
from egdata.coding.chain import read_governors
from egdata.coding.classifier import (
    Classifier,
    Judgement,
    Verdict,
    Weights,
    Words,
    gram_features,
    holder_features,
    issue_features,
    names_of,
    read_words,
    stance_features,
    who_holds,
)
from egdata.coding.coding import Coding, code
from egdata.coding.positions import findings_of, verdict_of
from egdata.coding.scoring import SID, read_sheet
from egdata.reading.languages import detect_lang
from egdata.reading.report import read_report, sentences_report

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

#: Sentences with a feature that are too few to learn its weight from. Who speaks is told by few and common words.
_RARE, _RARE_OF_HOLDERS = 7, 30
_ISSUE_C, _CLASS_C = 10.0, 1.0  # how freely weights grow, by scikit-learn's name
_TELLS_NOTHING = 0.1  # how freely one grows of a feature that is as common with a class as with others
_SLIGHT, _SLIGHT_OF_HOLDERS = 0.15, 0.5  # weights that are left out
_KEPT = 3000  # weights of an issue
_FOLDS = 5
_LEAST = 200  # positions of a language, below which weights would do harm


class Example(NamedTuple):
    """A statement with its codes, and what the rules say of it."""

    set: str
    words: Words
    stances: Mapping[str, str]  # issue → stance
    verdicts: Mapping[str, Verdict]
    is_unseen: bool  # whether the rules were written without it: only then is what they say learnt from
    holder: str  # its class; empty if there are several
    holder_by_rules: str


class Judged(NamedTuple):
    """An example, and what weights that have not seen it make of it."""

    example: Example
    said: Mapping[str, Judgement]
    holder: str


class Learnt(NamedTuple):
    """What was learnt: the tables of the codebook, and what they are worth."""

    issues: pd.DataFrame
    stances: pd.DataFrame
    holders: pd.DataFrame
    classes: pd.DataFrame
    scores: pd.DataFrame


def learn(codebook: Codebook, sheets: Iterable[str | Path] = ()) -> Learnt:
    """Learn weights from the sentences in ``data/training`` and ``data/gold``, and from the bundled report.

    Parameters
    ----------
    codebook : Codebook
        Whose rules say what they find.
    sheets : iterable of path, optional
        Further coding sheets with a column ``text``, such as a person has corrected; of one with a column ``asked``
        the rows that are asked for their ``position``.

    Returns
    -------
    Learnt
        ``issues``: a row per language, issue and feature: ``lang``, ``issue``, ``feature``, ``weight``. ``stances``: a
        row per language and feature: ``lang``, ``feature`` and a weight for each stance. ``holders``: the same for each
        class of holder. ``classes``: a row per language and class of certainty: ``lang``, ``certainty``; ``at_least``,
        the lowest chance of the class; ``n`` positions of it and their ``precision``. ``scores``: a row per language:
        ``lang``, ``n`` positions, ``rules`` and ``learnt``, the F1 of positions without and with the weights, and
        ``holders_by_rules`` and ``holders``, the share of statements with a position whose holder is right. Classes
        and scores are of the sentences that the rules were written without, but for plain ones and pairs, a fifth of
        the sets at a time by weights that were learnt from the others.

    Raises
    ------
    EgdataError
        If scikit-learn is not installed, a sheet has no column ``text``, or no language has enough positions.
    """
    import pandas as pd

    corrected = [row for sheet in sheets for row in rows_of(sheet)]
    parts: list[tuple[pd.DataFrame, ...]] = []
    for lang in LANGS:
        rules = codebook.without_weights()
        own = [row for row in corrected if row["lang"] == lang]
        material = Material([*_examples(rules, lang), *_sentences(_SHEETS, own, rules, lang, is_unseen=False)])
        if len(material.positions) < _LEAST:
            continue
        unseen = {example.set for example in material.examples if example.is_unseen}
        sets = sorted(name for name in unseen if _kind(name) not in _NO_MEASURE)
        judged = []
        for fold in range(_FOLDS):
            held_out = set(sets[fold::_FOLDS])
            classifier, holders = fit(material, held_out), fit_holders(material, held_out)
            judged += [
                _judged(example, classifier, holders) for example in material.examples if example.set in held_out
            ]
        whole, holders = fit(material), fit_holders(material)
        tables = [_classes_table(lang, weights) for weights in (whole.issues, whole.stances, holders)]
        parts.append((*tables, classes_of(lang, judged), scores_of(lang, judged)))
    if not parts:
        raise EgdataError(
            f"too little to learn from: fewer than {_LEAST} positions on issues of this codebook; correct more sheets"
        )
    return Learnt(*(pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True)))


# ---- what there is to learn from -----------------------------------------------------------------------------------

_BUNDLED, _SHEETS, _PLAIN, _PAIRS, _SYNTAX = "bundled report", "sheets", "plain", "pairs", "syntax"
#: How many sentences one of a kind of set counts for. The codes of the first two have been read one by one, the last is
#: nearest to real prose; more of the others costs F1 of held-out sets, or buys none for more weights.
_COUNTS = {_BUNDLED: 80, _SHEETS: 5, _PLAIN: 0.05, _PAIRS: 0.3, _SYNTAX: 2}
_NO_MEASURE = {_BUNDLED, _SHEETS, _PLAIN, _PAIRS}  # kinds that do not show what weights are worth


def _kind(name: str) -> str:
    return name.partition("-")[0]


def _examples(codebook: Codebook, lang: str) -> Iterator[Example]:
    for gold in open_sets():
        if lang in gold.langs and gold.card["kind"] == "sentences":  # reports show what a second coder is worth
            coding = code(read_gold_text(gold.folder, lang, codebook), codebook)
            is_unseen = not gold.card.get("seen_by_rules", False)
            yield from _coded(gold.name, coding, read_gold(gold.folder, lang).to_dict("records"), is_unseen)
    yield from _sentences(_PLAIN, list(plain_rows(lang)), codebook, lang, is_unseen=True)
    for name, rows in grouped((row["set"], row) for row in _training(lang)).items():
        yield from _sentences(name, rows, codebook, lang, is_unseen=True)
    report = read_report()
    if report.lang == lang:  # its rules have been read against it, so it is learnt from as they code it
        yield from _coded(_BUNDLED, code(report, codebook), None, is_unseen=True)


def _training(name: str) -> list[dict[str, str]]:
    with data_path("training", f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def plain_rows(lang: str) -> Iterator[dict[str, str]]:
    """Every frame with every proposition: what each predicate does to a stance, whatever it is about.

    The rules read such plain sentences, and the weights learn where to trust them; none shows how good these are.
    """
    propositions = [row for row in _training("propositions") if row["lang"] == lang]
    for frame in _training("frames"):
        for row in propositions if frame["lang"] == lang else ():
            text = frame["frame"].format(row["proposition"])
            yield row | frame | {"text": text[0].upper() + text[1:]}


def rows_of(sheet: str | Path) -> list[dict[str, str]]:
    """The rows of a coding sheet that may be learnt from, each with its language."""
    frame = read_sheet(sheet)
    if "text" not in frame:
        raise EgdataError(
            f"{sheet}: no column text; what is learnt from needs its sentences (egdata sheet writes them)"
        )
    rows = [row for row in frame.to_dict("records") if "position" in row.get("asked", "position").split(";")]
    return [row | {"lang": row.get("lang") or detect_lang(row["text"])} for row in rows]


def _sentences(
    name: str, rows: list[dict[str, str]], codebook: Codebook, lang: str, *, is_unseen: bool
) -> Iterator[Example]:
    """Sentences that stand each for themselves."""
    numbers = {text: str(number) for number, text in enumerate(dict.fromkeys(row["text"] for row in rows))}
    coding = code(sentences_report(list(numbers), lang), codebook)
    return _coded(name, coding, [row | {SID: numbers[row["text"]]} for row in rows], is_unseen)


def _coded(name: str, coding: Coding, rows: list[dict[str, str]] | None, is_unseen: bool) -> Iterator[Example]:
    """The statements of a coding with the codes that rows of a sheet give them, or the rules themselves.

    Of a sentence with several statements each takes the rows of its class of holder; if these do not tell them apart,
    the sentence is left out. A stance that is not one is left out as well.
    """
    report, issues = coding.report.folded, coding.codebook.codes("issues")
    governors, names = read_governors(coding.codebook, report.lang), names_of(coding.mentions)
    by_rules: dict[str, dict[str, Verdict]] = {}
    starts = dict(records(coding.told, "statement_id", "start"))
    for statement_id, finding in findings_of(report, coding.codebook, coding.told, coding.mentions):
        by_rules.setdefault(statement_id, {})[finding.issue_id] = verdict_of(finding, starts[statement_id])
    given = grouped((str(row[SID]), row) for row in rows or ())
    for sentence_id, told in coding.told.groupby("sentence_id", sort=False):
        statements = list(records(told, "statement_id", "start", "end", "holder"))
        codes = given.get(sentence_id) or given.get(sentence_id.partition("#")[0], [])
        if rows is not None and not codes:
            continue
        holders = [holder for *_, holder in statements]
        if rows is not None and len(statements) > 1 and sorted(holders) != sorted({row["holder"] for row in codes}):
            continue
        for statement_id, start, end, holder in statements:
            verdicts = by_rules.get(statement_id, {})
            if rows is None:
                stances = {issue: verdict.stance for issue, verdict in verdicts.items()}
            else:
                own = [row for row in codes if len(statements) == 1 or row["holder"] == holder]
                stances = _one_each((row["issue"], row["stance"]) for row in own if row["issue"] in issues)
            known = {holder} if rows is None else {row["holder"] for row in own}
            words = read_words(report.text[start:end], report.lang, governors, names(start, end))
            yield Example(name, words, stances, verdicts, is_unseen, known.pop() if len(known) == 1 else "", holder)


def _one_each(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The issues with a stance; one that has two keeps its issue and an empty stance."""
    stances: dict[str, str] = {}
    for issue, stance in pairs:
        stances[issue] = stance if stances.get(issue, stance) == stance else ""
    return stances


# ---- weights --------------------------------------------------------------------------------------------------------


class Features(NamedTuple):
    """What is weighed of examples, which show stances, a stance or a holder: a row each, and a column per feature."""

    rows: np.ndarray  # the numbers of the examples
    shown: np.ndarray
    names: np.ndarray
    values: csr_matrix


@dataclass(frozen=True)
class Material:
    """The examples of a language, whose features are gathered once for all folds."""

    examples: Sequence[Example]

    @functools.cached_property
    def positions(self) -> list[tuple[int, str, str]]:
        """Number of the example, issue and stance; not of an issue that has two stances."""
        return [
            (n, issue, stance)
            for n, example in enumerate(self.examples)
            for issue, stance in example.stances.items()
            if stance
        ]

    @functools.cached_property
    def grams(self) -> Features:
        """Of the examples that tell whether there is a position: nearly all pairs have one."""
        told = [n for n, example in enumerate(self.examples) if _kind(example.set) != _PAIRS]
        features = _table(gram_features(self.examples[n].words) for n in told)
        return Features(_array(told), _array(self.examples[n].stances for n in told), *features)

    @functools.cached_property
    def stances(self) -> Features:
        """Of the positions."""
        held = ((self.examples[n], issue) for n, issue, _ in self.positions)
        features = _table(
            stance_features(example.words, issue, example.verdicts, example.is_unseen) for example, issue in held
        )
        stances = _array(stance for *_, stance in self.positions)
        return Features(_array(n for n, *_ in self.positions), stances, *features)

    @functools.cached_property
    def holders(self) -> Features:
        """Of the examples with a position and one holder."""
        held = [n for n, example in enumerate(self.examples) if example.stances and example.holder]
        examples = (self.examples[n] for n in held)
        by_rules = ((example.words, example.holder_by_rules if example.is_unseen else "") for example in examples)
        features = _table(holder_features(words, holder) for words, holder in by_rules)
        return Features(_array(held), _array(self.examples[n].holder for n in held), *features)

    def known(self, features: Features, held_out: Collection[str], rare: int) -> Features:
        """The rows that are not of the sets that are held out, without the features that are rare in them."""
        rows = _array(self.examples[n].set not in held_out for n in features.rows)
        values = features.values[rows]
        kept = values.getnnz(axis=0) >= rare
        return Features(features.rows[rows], features.shown[rows], features.names[kept], values[:, kept])

    def counts(self, features: Features) -> np.ndarray:
        """How many invented sentences each row counts for."""
        return _array(_COUNTS.get(_kind(self.examples[n].set), 1) for n in features.rows)


def fit(material: Material, held_out: Collection[str] = ()) -> Classifier:
    """The weights that make what is known most probable, less a penalty on their squares; without some sets."""
    words = material.examples[0].words
    features = material.known(material.stances, held_out, _RARE)
    stances = _against_others(features, material.counts(features), _SLIGHT)
    return Classifier(words.lang, words.governors, _of_issues(material, held_out), stances)


def fit_holders(material: Material, held_out: Collection[str] = ()) -> Weights:
    """The same for who holds the positions of a statement."""
    features = material.known(material.holders, held_out, _RARE_OF_HOLDERS)
    return _against_others(features, material.counts(features), _SLIGHT_OF_HOLDERS)


def _of_issues(material: Material, held_out: Collection[str]) -> Weights:
    from scipy.sparse import hstack

    features = material.known(material.grams, held_out, _RARE)
    examples, counts = [material.examples[n] for n in features.rows], material.counts(features)
    issues = sorted({issue for stances in features.shown for issue in stances})
    weights: dict[str, list[float]] = {}
    for number, issue in enumerate(issues):
        told = (issue_features(issue, example.verdicts) if example.is_unseen else {} for example in examples)
        names, by_rules = _table(told)
        is_told = _array(issue in stances for stances in features.shown)
        fitted = _fitted(hstack([features.values, by_rules]), is_told, _ISSUE_C, counts).round(2)
        weighed = zip([*features.names, *names], fitted, strict=True)
        for name, weight in sorted(weighed, key=lambda pair: -abs(pair[1]))[:_KEPT]:
            weights.setdefault(name, [0.0] * len(issues))[number] = weight
    return Weights(tuple(issues), weights)


def _against_others(features: Features, counts: np.ndarray, slight: float) -> Weights:
    """The weights of each class that is shown against the others."""
    import numpy as np
    from scipy.sparse import diags_array

    classes = sorted(set(features.shown.tolist()))
    by_class = []
    for name in classes:
        telling = diags_array(_telling(features.values, features.shown == name))
        by_class.append(_fitted(features.values @ telling, features.shown == name, _CLASS_C, counts) @ telling)
    rounded = np.array(by_class).T.round(2)
    weighed = zip(features.names, rounded, strict=True)
    return Weights(
        tuple(classes), {name: tuple(weights) for name, weights in weighed if np.abs(weights).max() >= slight}
    )


def _table(features: Iterable[dict[str, float]]) -> tuple[np.ndarray, csr_matrix]:
    """Their names, and a row of values for each example."""
    try:
        from sklearn.feature_extraction import DictVectorizer
    except ImportError:
        raise EgdataError("learning needs scikit-learn: pip install 'egdata[learning]'") from None
    vectorizer = DictVectorizer()
    values = vectorizer.fit_transform(features)
    kept = values.getnnz(axis=0) >= _RARE  # what is rare in all is so in some of them
    return vectorizer.get_feature_names_out()[kept], values[:, kept]


def _array(values: Iterable[Any]) -> np.ndarray:
    import numpy as np

    return np.array(list(values))


def _fitted(values: csr_matrix, is_true: np.ndarray, freedom: float, counts: np.ndarray) -> np.ndarray:
    """The weight of each feature."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=freedom, solver="liblinear", fit_intercept=False)
    return model.fit(values, is_true, sample_weight=counts).coef_[0]


def _telling(values: csr_matrix, is_true: np.ndarray) -> np.ndarray:
    """How much each feature tells what is true from what is not: the ratio of its shares, as a logarithm.

    What tells little may weigh little, and short texts are told better so: Wang and Manning, 'Baselines and bigrams'
    (ACL 2012).
    """
    import numpy as np

    counts = [1 + values[rows].getnnz(axis=0) for rows in (is_true, ~is_true)]
    shares = [np.log(count / count.sum()) for count in counts]
    return _TELLS_NOTHING + np.abs(shares[0] - shares[1])


def _classes_table(lang: str, weights: Weights) -> pd.DataFrame:
    rows = [
        {"lang": lang, "feature": feature}
        | {name: f"{weight:.2f}" if weight else "" for name, weight in zip(weights.classes, values, strict=True)}
        for feature, values in sorted(weights.by_feature.items())
    ]
    return frame_of(rows, ("lang", "feature", *weights.classes))


# ---- what it is worth -----------------------------------------------------------------------------------------------


def _judged(example: Example, classifier: Classifier, holders: Weights) -> Judged:
    said = dict(classifier.judge(example.words, example.verdicts))
    holder = example.holder_by_rules
    if holder == UNATTRIBUTED:
        holder, _ = who_holds(example.words, holders)
    return Judged(example, said, holder)


def classes_of(lang: str, judged: Sequence[Judged]) -> pd.DataFrame:
    import numpy as np

    outcomes = [
        (said.chance, case.example.stances.get(issue) == said.stance)
        for case in judged
        for issue, said in case.said.items()
    ]
    if not outcomes:
        return frame_of([], TABLES["certainty_classes"])
    chances, right = map(np.array, zip(*outcomes, strict=True))
    least = [*(np.floor(1000 * np.quantile(chances, [2 / 3, 1 / 3])) / 1000), 0.0]  # rounded down, as written
    rows = []
    for name, low, high in zip(CERTAINTIES, least, [2.0, *least[:-1]], strict=True):
        inside = (chances >= low) & (chances < high)
        counted = {"n": str(inside.sum()), "precision": f"{right[inside].mean():.2f}" if inside.any() else ""}
        rows.append({"lang": lang, "certainty": name, "at_least": f"{low:.3f}"} | counted)
    return frame_of(rows, TABLES["certainty_classes"])


def scores_of(lang: str, judged: Sequence[Judged]) -> pd.DataFrame:
    columns = ("lang", "n", "rules", "learnt", "holders_by_rules", "holders")
    if not judged:
        return frame_of([], columns)

    def f1(said: list[set[tuple[str, str]]]) -> float:
        known = [set(example.stances.items()) for example in examples]
        n_right = sum(len(ours & theirs) for ours, theirs in zip(said, known, strict=True))
        return 2 * n_right / (sum(map(len, said)) + sum(map(len, known)))

    examples = [case.example for case in judged]
    held = [case for case in judged if case.example.stances and case.example.holder]
    row = {
        "lang": lang,
        "n": sum(len(example.stances) for example in examples),
        "rules": f1([{(issue, said.stance) for issue, said in example.verdicts.items()} for example in examples]),
        "learnt": f1([{(issue, said.stance) for issue, said in case.said.items()} for case in judged]),
        "holders_by_rules": sum(case.example.holder_by_rules == case.example.holder for case in held)
        / max(len(held), 1),
        "holders": sum(case.holder == case.example.holder for case in held) / max(len(held), 1),
    }
    return frame_of([row], columns)
