"""The pipeline against jieba and spaCy, corpora as they grow, and the start of the command, as ratios in one run.

``make bench`` runs it; no test does. Of what is warm the least of several times of the processor is taken, which other
programs hardly touch, and so for each report of a corpus; of two workers and of commands it is the time from their start
to their end, for which nothing else should run.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import jieba
import pandas as pd
import psutil
import spacy

import egdata as eg
from egdata.analysis.keyness import term_keyness
from egdata.coding.mentions import mentions_of
from egdata.coding.positions import positions_of
from egdata.coding.statements import statements_of
from egdata.coding.themes import themes_of
from egdata.tables.build import build_tables

ROOT = Path(__file__).parents[1]
WARM = 25  # runs of which the least counts


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, nargs="+", default=[10, 100], help="sizes of the corpora")
    options.add_argument("--out", type=Path, default=ROOT / "build" / "bench_pipeline.csv", help="CSV file to write")
    given = options.parse_args()
    jieba.setLogLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        rows = [*pipeline(), *corpora(Path(folder), given.reports), *starts(Path(folder))]
    frame = pd.DataFrame(rows, columns=["what", "compared_with", "ratio"]).round({"ratio": 2})
    given.out.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(given.out, index=False, lineterminator="\n")
    print(frame.to_string(index=False))
    print(f"written to {given.out}")


# ---- one report ------------------------------------------------------------------------------------------------------


def pipeline():
    """Each step on the bundled report, warm."""
    report, codebook = eg.read_report(), eg.read_codebook()
    coding = eg.code(report, codebook)
    statements, mentions, positions = coding.statements, coding.mentions, coding.positions
    texts = list(report.sentences["text"])
    ruler = ruled_pipeline(codebook)
    runs = {
        "jieba segmentation": lambda: [jieba.lcut(text) for text in texts],
        "spaCy, jieba and EntityRuler": lambda: [doc.ents for doc in ruler.pipe(texts)],
        "reading": lambda: eg.read_report(codebook=codebook),
        "mentions": lambda: mentions_of(report, codebook),
        "statements": lambda: statements_of(report, codebook),
        "positions": lambda: positions_of(report, codebook, statements, mentions),
        "themes": lambda: themes_of(report, codebook, positions),
        "term counts": lambda: term_keyness(report, codebook),
        "all tables": lambda: build_tables(report, codebook),
    }
    taken = least(runs, time.process_time)
    taken["all coding"] = sum(taken[name] for name in ("mentions", "statements", "positions", "themes"))
    floor, other = list(runs)[:2]
    yield from ((name, floor, taken[name] / taken[floor]) for name in taken if name != floor)
    yield other, "mentions", taken[other] / taken["mentions"]


def ruled_pipeline(codebook):
    """Blank Chinese with the names that the rules for instruments and actors stand for, as phrases."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    names = [
        {"label": table, "pattern": name, "id": rule.code}
        for table in ("instrument_rules", "actor_rules")
        for rule in codebook.rules(table, "zh")
        for name in plain_names(rule)  # spaCy's phrases know no expressions
    ]
    nlp.add_pipe("entity_ruler").add_patterns(names)
    return nlp


def plain_names(rule) -> list[str]:
    """The alternatives of a rule that are words, and what it matches in its example."""
    names = {name for name in rule.row["phrase"].split("/") if name.isalnum()}
    return sorted(names | {rule.pattern.search(rule.row["example"])[0]})


def least(runs, clock, n_runs: int = WARM) -> dict[str, float]:
    """Seconds of each; they take turns, so that a slow moment of the machine is none of one alone."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(n_runs):
        for name, run in runs.items():
            start = clock()
            run()
            best[name] = min(best[name], clock() - start)
    return best


# ---- corpora ---------------------------------------------------------------------------------------------------------


def corpora(folder: Path, sizes: list[int]):
    """Time and memory for each report, and two workers against one."""
    units = eg.read_report().units["text"].str.replace(r"^(?:\d+\.|[(（][a-z]+[)）])\s*", "", regex=True)
    for n_reports in sizes:
        write_reports(folder / f"{n_reports}", list(units), n_reports)
    runs = {n: run_corpus(folder, n) for n in (1, *sizes)}
    first = sizes[0]
    # the process, its imports and the codebook are the same for any number of reports
    each = {n: (runs[n].processor - runs[1].processor) / (n - 1) for n in sizes}
    for n_reports in sizes[1:]:
        yield f"time for each of {n_reports} reports", f"each of {first}", each[n_reports] / each[first]
        yield f"peak memory of {n_reports} reports", f"{first}", runs[n_reports].peak / runs[first].peak
    last = sizes[min(1, len(sizes) - 1)]
    turns = [[_run_corpus(folder, last, workers).wall for workers in (1, 2)] for _ in range(3)]
    single, double = map(min, zip(*turns, strict=True))
    yield f"1 worker, {last} reports", "2 workers", single / double


def write_reports(folder: Path, units: list[str], n_reports: int) -> None:
    """Reports with the same units in another order each."""
    folder.mkdir()
    for n in range(n_reports):
        random.Random(n).shuffle(units)
        paragraphs = "".join(f"{number}. {text}\n\n" for number, text in enumerate(units, start=1))
        (folder / f"r{n}.txt").write_text(f"一. 讨论情况摘要\n\n{paragraphs}", encoding="utf-8")


class Run(NamedTuple):
    """Seconds, and the most memory of the command and its workers together."""

    wall: float
    processor: float
    peak: int


def run_corpus(folder: Path, n_reports: int) -> Run:
    """The least of three runs of one worker."""
    runs = [_run_corpus(folder, n_reports, workers=1) for _ in range(3)]
    return Run(*map(min, zip(*runs, strict=True)))


def _run_corpus(folder: Path, n_reports: int, workers: int) -> Run:
    reports = [folder / f"{n_reports}"] if n_reports > 1 else [next(folder.glob("*/r0.txt"))]
    command = [sys.executable, "-m", "egdata.cli", "corpus", *map(str, reports), "--workers", str(workers)]
    with tempfile.TemporaryDirectory(dir=folder) as out:
        start, used = time.perf_counter(), children_time()
        with subprocess.Popen([*command, "--out", out], stderr=subprocess.PIPE, encoding="utf-8") as process:
            peak = [0]
            watcher = threading.Thread(target=watch_memory, args=(psutil.Process(process.pid), peak))
            watcher.start()
            said = process.communicate()[1]
            taken = time.perf_counter() - start
            watcher.join()
        if process.returncode:
            sys.exit(said)
        return Run(taken, children_time() - used, peak[0])


def children_time() -> float:
    """Seconds of the processor that commands and their own processes have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def watch_memory(process: psutil.Process, peak: list[int]) -> None:
    while True:
        try:
            family = [process, *process.children(recursive=True)]
            peak[0] = max(peak[0], sum(member.memory_info().rss for member in family))
            if process.status() == psutil.STATUS_ZOMBIE:
                return
        except psutil.NoSuchProcess:
            if not process.is_running():
                return
        time.sleep(0.25)  # more often it would take time from the workers


# ---- start -----------------------------------------------------------------------------------------------------------


def starts(folder: Path):
    """The command on nothing and on the bundled report, from its start to its end and by the time of the processor."""
    egdata = ["-m", "egdata.cli"]
    commands = {
        "import pandas": ["-c", "import pandas"],
        "egdata --help": [*egdata, "--help"],
        "egdata sheet": [*egdata, "sheet", "--out", str(folder / "sheet.csv")],
        "egdata tables": [*egdata, "tables", "--out", str(folder / "tables")],
    }
    runs = {name: lambda words=words: python(*words) for name, words in commands.items()}
    for kind, clock in (("", time.perf_counter), (", processor", children_time)):
        taken = least(runs, clock, n_runs=5)
        yield from ((f"{name}{kind}", "import pandas", taken[name] / taken["import pandas"]) for name in list(runs)[1:])
    code = (
        "import json, sys; sys.argv[1:] = ['--help']; from egdata import cli\n"
        "try: cli.main()\n"
        "except SystemExit: print(json.dumps(sorted({n.partition('.')[0] for n in sys.modules} - sys.stdlib_module_names)))"
    )
    loaded = json.loads(python("-c", code).splitlines()[-1])
    print("egdata --help loads, beside Python's own:", ", ".join(name for name in loaded if name != "__main__"))


def python(*words: str) -> str:
    return subprocess.run([sys.executable, *words], capture_output=True, encoding="utf-8", check=True).stdout


if __name__ == "__main__":
    main()
