"""The ``egdata`` command. Whatever it says goes to stderr; exit code 1 is a failed check, 2 bad input."""

from __future__ import annotations

import atexit
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

import egdata as eg
from egdata.base.errors import EgdataError

if TYPE_CHECKING:
    import pandas as pd

    from egdata.codebook.codebook import Codebook
    from egdata.coding.coding import Coding
    from egdata.coding.models import Plan
    from egdata.reading.report import Report


class _Commands(TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        for before, argument in pairwise(args):  # an empty path would be the folder at hand
            if not argument or re.fullmatch("--[a-z]+=", argument):
                raise EgdataError(
                    f"{argument.rstrip('=') or before}: what follows is empty; name something or leave it out"
                )
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except EgdataError as error:
            _fail(str(error))
        except OSError as error:
            _fail(f"{error.filename or 'a file'}: {error.strerror or error}")


def _fail(reason: str) -> None:
    _say(" ".join(reason.split()))
    raise typer.Exit(2)


def _say(line: str) -> None:
    typer.echo(f"egdata: {line}", err=True)


def _many(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help needs no rich, and keeps [REPORT] as it is
    pretty_exceptions_enable=False,
)


codebook_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Start and check a codebook of your own.")
app.add_typer(codebook_app, name="codebook")


def _path(option: str, metavar: str, help: str) -> Any:
    return Annotated[Path | None, typer.Option(option, metavar=metavar, help=help)]


ReportFile = Annotated[
    Path | None, typer.Argument(metavar="REPORT", help="Text, PDF, Word or web page; else the bundled one.")
]
ReportFiles = Annotated[
    list[Path] | None,
    typer.Argument(metavar="REPORT", help="Text, PDF, Word or web page, or folders of them; else the bundled one."),
]
Codes = _path("--codebook", "DIR", "Folder of codebook tables; else that of EGDATA_CODEBOOK, else the bundled one.")
Corrections = _path("--corrections", "FILE", "Coding sheet with cells that you changed, CSV, TSV or Excel.")
OtherCoder = _path(
    "--coder", "FILE", "Recorded answers (.jsonl) or a person's sheet (.csv, .tsv, .xlsx) instead of the rules."
)
Second = _path(
    "--second", "FILE", "The same of a second coder, or the report in another language, for the column second_opinion."
)
Excel = Annotated[
    bool, typer.Option("--excel", help="Write for Excel: a byte order mark, and ' before what it would calculate.")
]


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"egdata {eg.__version__}")
        raise typer.Exit


@app.callback()
def _about(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version to cite.")
    ] = False,
) -> None:
    """Tidy tables of positions from the reports of UN expert groups.

    \b
    egdata build                               every table, figure, brief and notebook of the project
    egdata report report.pdf --out about/      all there is about a report: brief, reader, figures, tables, notebooks
    egdata tables report.pdf --out tables/     the tables of a report, or of several
    egdata flat report.pdf --out flat.xlsx     its positions in one table, with words and citation
    egdata corpus reports/ --out corpus/       the tables of thousands of reports, in parallel
    egdata sheet report.txt --out sheet.csv    its coding sheet
    egdata code report.txt --out a.jsonl       ask a language model to code it too
    egdata compare-coders report.txt           rules, model, person side by side
    egdata compare-versions a.pdf b.pdf        two language versions side by side
    egdata score sheet.csv gold.tsv            how far two coding sheets agree
    egdata reader --out reader.html            the report with its coding, as a page to read
    egdata network --out network.graphml       who speaks of which instruments, for visone or Gephi
    egdata site                                notebooks, figures and tables as a website
    egdata check tables/                       are tables whole and true to the text?
    egdata codebook new my-codebook/           code another subject
    """


@app.command()
def build(
    corrections: Corrections = None,
    codebook: Codes = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make everything, changed or not.")] = False,
) -> None:
    """Make tables, figures, brief and notebooks anew.

    Works in a checkout: it writes data/tables, data/brief, data/README.md, figures and notebooks, and leaves those as
    they are for which the report, the codebook, the code and the pinned packages are as they were. Of the figures those
    are drawn whose tables have changed. Corrections go into all of them.

    \b
    Examples:
      egdata build
      egdata build --fresh
      egdata build --codebook my-codebook/
      egdata build --corrections sheet.csv
    """
    from egdata.pages.build import build_project

    root = _checkout()
    with _steps() as tell:
        built = build_project(root, codebook, corrections, fresh, tell)
    for line in built.read:
        _say(line)
    made = [f"wrote {_many(len(built.tables), 'table')}"] if built.tables else []
    made += [f"drew {', '.join(built.figures)}"] if built.figures else []
    made += ["wrote the brief"] if built.briefs else []
    made += [f"executed {_many(len(built.notebooks), 'notebook')}"] if built.notebooks else []
    _say("; ".join(made) or "nothing has changed: tables, figures, brief and notebooks are up to date")
    _say(f"open {root / 'notebooks' / 'index.ipynb'}, {root / 'figures' / 'README.md'} or {root / 'data' / 'tables'}")


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to; made if need be.")],
    reports: ReportFiles = None,
    corrections: Corrections = None,
    second: Second = None,
    codebook: Codes = None,
) -> None:
    """Write all there is about a report in one folder.

    A brief for Word and browser (who is for, against and on what condition, in the report's words), a table of
    positions for an article, reader, figures, tables, a coding sheet to correct, and the notebooks run on it. What the
    report does not bear, a chart without data or a notebook, is left out and named. Of several reports each has a
    folder; one that cannot be read is named, and exit code 1 says so.

    \b
    Examples:
      egdata report report.pdf --out about/
      egdata report report.pdf --corrections about/sheet.xlsx --out about/
      egdata report report.zh.pdf --second report.en.pdf --out about/
      egdata report reports/ --codebook my-codebook/ --out about/
    """
    from egdata.pages.report import INDEX, write_report

    with _steps() as tell:
        made = write_report(reports, out, codebook, corrections, second, tell)
    for outcome in made:
        name = f"{outcome.report_id}: " * (len(made) > 1)
        for line in filter(None, [*outcome.lines[:1], outcome.refused]):
            _say(name + line)
        if outcome.left_out:
            _say(f"{name}left out {', '.join(outcome.left_out)}; {INDEX} says why")
    _say(f"open {out / INDEX}")
    if any(outcome.refused for outcome in made):
        raise typer.Exit(1)


@app.command()
def tables(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to; made if need be.")],
    reports: ReportFiles = None,
    excel: Excel = False,
    corrections: Corrections = None,
    coder: OtherCoder = None,
    second: Second = None,
    codebook: Codes = None,
) -> None:
    """Write every table of a report, or of several, as CSV.

    Its text and a data package are written beside them. Other files in the folder are left alone. If anything
    goes wrong, earlier tables stay whole. Of several reports each table has them all, in the order given, with
    report_id first; comparison.csv says what rises and falls from each to the next. If one cannot be read, nothing
    is written. --excel puts an apostrophe before text that begins with = + - @, a tab or a line break, which Excel
    would calculate; egdata takes it away again when it reads such tables.

    \b
    Examples:
      egdata tables --out tables/
      egdata tables report.docx --out tables/ --excel
      egdata tables 2019.pdf 2020.pdf --out tables/
      egdata tables --corrections sheet.csv --out tables/
      egdata tables report.txt --second answers.jsonl --out tables/
    """
    read, rules = _read_all(reports, codebook)
    written = eg.write_tables(_coded(read, rules, coder, corrections, second), out, rules, excel)
    of_several = f" of {_many(len(read), 'report')}" if isinstance(read, list) else ""
    _say(f"wrote {_many(len(written), 'table')}{of_several} to {out}")
    _say_read(read, rules)


@app.command()
def flat(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write, .csv, .tsv or .xlsx.")],
    report: ReportFile = None,
    corrections: Corrections = None,
    codebook: Codes = None,
) -> None:
    """Write the positions of a report in one table.

    One row per position with holder, words and citation: of what `egdata tables` writes that which most people want.

    \b
    Examples:
      egdata flat --out positions.xlsx
      egdata flat report.txt --out positions.csv
    """
    read, rules = _read(report, codebook)
    coding = eg.code(read, rules, corrections)
    eg.write_flat(coding, out)
    _say(f"wrote {_many(len(coding.flat), 'position')} to {out}")
    _say_read(read, rules)


@app.command()
def corpus(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to, or to go on with.")],
    reports: Annotated[
        list[Path], typer.Argument(metavar="REPORT", help="Text, PDF, Word or web page, or folders of them.")
    ],
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Number of processes; else one for each processor.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers to use instead.")
    ] = None,
    corrections: Corrections = None,
    codebook: Codes = None,
) -> None:
    """Write the tables of many reports as Parquet, in parallel.

    One file for each table and report, as positions/REPORT.parquet; pandas.read_parquet("DIR/positions") reads those
    of all. manifest.csv lists every report and, if it was refused, why; exit code 1 says that one was. Run it again to
    go on after an interruption or with more reports: what is done is passed over, unless its file, the codebook, the
    corrections or the version of egdata has changed.

    \b
    Examples:
      egdata corpus reports/ --out corpus/ --workers 4
      egdata corpus reports/ --out corpus/ --scheduler tcp://10.0.0.1:8786
    """
    with _steps("reports") as tell:
        manifest = eg.write_corpus(
            reports, out, workers=workers, scheduler=scheduler, codebook=codebook, corrections=corrections, tell=tell
        )
    refused = manifest[manifest["status"] == "refused"]
    for file, error in zip(refused["file"], refused["error"], strict=True):
        _say(f"{file}: {error}")
    _say(f"wrote {_many(len(manifest) - len(refused), 'report')} to {out}, {len(refused) or 'none'} refused")
    if len(refused):
        raise typer.Exit(1)


@app.command()
def sheet(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write, .csv, .tsv or .xlsx.")],
    reports: ReportFiles = None,
    excel: Excel = False,
    corrections: Corrections = None,
    coder: OtherCoder = None,
    codebook: Codes = None,
) -> None:
    """Write the coding sheet of a report, or of several.

    One row per sentence, more if it has several holders or issues. Of several reports report_id comes first. A
    workbook (.xlsx) has lists to choose the codes from; change it there and pass it on with --corrections. A row that
    is taken away takes its position with it; in CSV the last row of a sentence has to be emptied instead.

    \b
    Examples:
      egdata sheet --out sheet.xlsx
      egdata sheet report.txt --out sheet.tsv --excel
    """
    from egdata.base.output import write_file
    from egdata.coding.sheet import sheet_bytes

    read, rules = _read_all(reports, codebook)
    source = _coded(read, rules, coder, corrections) if coder or corrections else read
    frame = eg.coding_sheet(source, rules)
    write_file(out, sheet_bytes(frame, out, rules, excel))
    _say(f"wrote {_many(len(frame), 'row')} to {out}")
    _say_read(read, rules)


@app.command()
def score(
    sheet: Annotated[
        Path | None, typer.Argument(metavar="SHEET", help="Coding sheet to measure, CSV, TSV or Excel.")
    ] = None,
    gold: Annotated[Path | None, typer.Argument(metavar="GOLD", help="Coding sheet to measure it against.")] = None,
    out: _path("--out", "FILE", "Write the scores too, .csv, .tsv or .xlsx.") = None,
    errors: _path("--errors", "FILE", "Write where the two differ, .csv, .tsv or .xlsx.") = None,
    report: _path("--report", "FILE", "Report whose sentences --errors shows; else the bundled one.") = None,
    every: Annotated[bool, typer.Option("--all", help="The rules on every set of data/gold but sealed ones.")] = False,
    record: Annotated[
        str | None, typer.Option("--record", metavar="SET", help="The rules on a new set, once; kept in scores.csv.")
    ] = None,
    codebook: Codes = None,
) -> None:
    """Print how far two coding sheets agree.

    Per variable and position, with the number of sentences and 95% intervals. Only sentences of GOLD count;
    SHEET must have them all. In place of two sheets the rules and coded sets: the F1 of each variable.

    \b
    Examples:
      egdata score sheet.csv data/gold/positions.dev.tsv
      egdata score sheet.csv gold.tsv --out scores.csv --errors errors.csv
      egdata score --all
    """
    from egdata.coding.benchmark import record_score
    from egdata.coding.scoring import read_sheet

    _need_tables(out, errors)
    rules = eg.read_codebook(codebook)
    if (record is not None) + every + (sheet is not None) != 1 or (sheet is None) != (gold is None):
        raise EgdataError("name two sheets, SHEET and GOLD; or --all; or --record SET")
    if sheet is None:
        scores = record_score(record, rules) if record else eg.score_sets(codebook=rules)
        if out:
            _write(scores.round(4), out)
        _print_sets(scores)
        return
    sheet, gold = read_sheet(sheet), read_sheet(gold)
    scores = eg.score(sheet, gold, rules)
    if out:
        _write(scores.round(4), out)
    if errors:
        texts = _read(report, codebook)[0].sentences.set_index("sentence_id")["text"]
        _write(eg.score_errors(sheet, gold, texts, rules), errors)
    _print(scores)


@app.command()
def code(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Answers to write or go on with, .jsonl.")],
    report: ReportFile = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Model to ask; with --answers, who answered.")
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Its server: http://localhost:11434/v1")] = None,
    answers: _path("--answers", "FILE", "What came back from prompts that were asked by hand.") = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask without waiting for a yes.")] = False,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Calls at most; run again to go on.")] = None,
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Statements in a call.")] = 20,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="How long a call may take.")] = 300,
    no_temperature: Annotated[
        bool, typer.Option("--no-temperature", help="Leave the temperature, else 0, to the server.")
    ] = False,
    codebook: Codes = None,
) -> None:
    """Ask a language model to code a report.

    Its answers are recorded. The statements of the report are sent, with the codebook's definitions, to a server that
    speaks OpenAI's protocol: a local Ollama, llama.cpp or vLLM, or one for hire. Before that it says how many calls and
    about how many tokens that takes, and waits for a yes. The key, if one is needed, stands in the variable
    OPENAI_API_KEY and is written nowhere. Run it again to go on after a break, or to ask again what was left out. No
    other command sends anything.

    `egdata tables`, `sheet` and `compare-coders` take the file as --coder, `tables`, `reader` and `report` as --second.
    What a prompt of `egdata codebook prompt` brought back elsewhere is
    recorded with --answers.

    \b
    Examples:
      egdata code report.txt --model qwen3:8b --url http://localhost:11434/v1 --out answers.jsonl
      egdata code report.txt --answers replies.txt --out answers.jsonl
    """
    from egdata.coding import models

    if out.suffix.lower() != ".jsonl":
        raise EgdataError(f"{out}: name it .jsonl")
    if answers is None and not (model and url):
        raise EgdataError("name a model and its server, --model NAME --url URL; or what came back, --answers FILE")
    read, rules = _read_text(report, codebook)
    coding = eg.code(read, rules)
    if answers:
        models.record_replies(coding, answers, out, model or answers.stem)
    else:
        temperature = None if no_temperature else 0.0
        plan = models.plan_calls(coding, out, model, batch=batch, temperature=temperature, limit=limit)
        if plan.calls and not (yes or _consents(plan, url)):
            _say("nothing was asked")
            raise typer.Exit(1)
        with _steps("calls", len(plan.calls)) as tell:
            models.ask_model(coding, plan, out, url, timeout=timeout, tell=tell)
    coding = _coded(read, rules, out)
    _say(f"{out}: {_many(len(coding.positions), 'position')} by {coding.coder}")


@app.command("compare-coders")
def compare_coders(
    coder: Annotated[
        list[str],
        typer.Option("--coder", metavar="CODER", help="rules, answers (.jsonl) or a sheet; give two or more."),
    ],
    report: ReportFile = None,
    gold: Annotated[
        str | None, typer.Option(metavar="SET", help="Set of data/gold, or a sheet, to measure by.")
    ] = None,
    out: _path("--out", "FILE", "Write where they differ, .csv, .tsv or .xlsx, instead of printing it.") = None,
    corrections: Corrections = None,
    codebook: Codes = None,
) -> None:
    """Put several coders of a report side by side.

    Agreement and Krippendorff's alpha of each pair, with 95% intervals; with --gold also how far each is right, and how
    far they are where two agree; then every statement on which they differ, with both codings and the words. As REPORT
    the text of a coded set may be named, data/gold/SET/text.zh.txt. Corrections are those of the coder `rules`.

    \b
    Examples:
      egdata compare-coders report.txt --coder rules --coder answers.jsonl --out differences.csv
      egdata compare-coders --coder rules --coder sheet.csv
    """
    from egdata.base.vocabulary import PERSON, RULES

    _need_tables(out)
    read, rules = _read_text(report, codebook)
    if corrections and RULES not in coder:
        raise EgdataError("corrections are those of the coder rules; name it, too: --coder rules")
    codings = [_coded(read, rules, source, corrections if source == RULES else None) for source in coder]
    names = [
        Path(source).name if coding.coder == PERSON else coding.coder
        for source, coding in zip(coder, codings, strict=True)
    ]
    codings = dict(zip(names, codings, strict=True)) if len({*names}) == len(names) else codings
    compared = eg.compare_coders(read, codings, gold, rules)
    _print(compared.agreement)
    if len(compared.scores):
        _print(compared.scores)
    if out:
        _write(compared.differences, out)
    else:
        for row in compared.differences.itertuples():
            sides = (
                f"{coder} {stance or 'none'}{f' ({quote})' if quote else ''}"
                for coder, stance, quote in (
                    (row.coder_a, row.stance_a, row.quote_a),
                    (row.coder_b, row.stance_b, row.quote_b),
                )
            )
            typer.echo(f"{row.statement_id} {row.issue_id}: {'; '.join(sides)}")
    _say(f"{_many(len(compared.differences), 'difference')}{f' in {out}' if out else ''}")


@app.command("compare-versions")
def compare_versions(
    version: Annotated[Path, typer.Argument(metavar="REPORT", help="Text, PDF, Word or web page.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="The same report in another language.")],
    out: _path("--out", "FILE", "Write where they differ, with both texts, .csv, .tsv or .xlsx.") = None,
    corrections: Corrections = None,
    codebook: Codes = None,
) -> None:
    """Put two language versions of a report side by side.

    The other version is a second coder that costs nothing: where the two are coded differently, one of them is wrong.
    Paragraphs are aligned by their numbers, or by their order and length where numbers are lost. Lists where holder,
    stance on an issue or instruments differ. The other version can also be named as --second of `egdata tables`,
    `reader` and `report`. Corrections are of REPORT: what a person decided in it is put beside the other version.

    \b
    Examples:
      egdata compare-versions report.zh.pdf report.en.pdf
      egdata compare-versions report.zh.pdf report.en.pdf --out differences.csv
    """
    from egdata.coding.versions import VARIABLES

    _need_tables(out)
    read, rules = _read_text(version, codebook)
    coding = eg.code(read, rules, corrections)
    _say_decided(coding)
    compared = eg.compare_versions(coding, _read_text(other, codebook)[0], rules)
    _say_notices(compared.b)
    if out:
        _write(compared.differences, out)
    else:
        for row in compared.differences.itertuples():
            aspect = f"{row.variable} {row.issue_id}".strip()
            places = " = ".join(dict.fromkeys(place or "nothing" for place in (row.sentence_a, row.sentence_b)))
            typer.echo(f"{places}, {aspect}: {row.code_a or 'none'} | {row.code_b or 'none'}")
            typer.echo(f"  {row.text_a}\n  {row.text_b}")
    counts = compared.differences["variable"].value_counts()
    told = ", ".join(f"{variable} {counts.get(variable, 0)}" for variable in VARIABLES)
    n_alike = int(compared.aligned["differs"].eq("").sum())
    _say(f"{n_alike} of {_many(len(compared.aligned), 'sentence')} coded alike; differences: {told}")


@app.command()
def network(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="File to write, .graphml or .gexf; .csv or .xlsx for events.")
    ],
    report: ReportFile = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="One of those above.")] = "actor-instrument",
    identity: Annotated[
        str, typer.Option(metavar="POLICY", help="When two holders are one actor: mention, unit or merged.")
    ] = "mention",
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="TYPE", help="Type of actors to leave out; may be given repeatedly.")
    ] = None,
    isolates: Annotated[bool, typer.Option("--isolates", help="Keep actors linked with no instrument.")] = False,
    lang: Annotated[str, typer.Option(metavar="LANG", help="Language of the label that is shown: en or zh.")] = "en",
    corrections: Corrections = None,
    codebook: Codes = None,
) -> None:
    """Write a network of actors as a graph.

    Kinds are actor-instrument (who speaks of which instrument), actor-issue (who takes a position on which issue),
    congruence and conflict (who agrees with whom, or differs), and instrument-instrument (which are spoken of
    together). Lines that are stances have their colours. A file that ends in .csv or .xlsx gets the list of events,
    one position a row, as Discourse Network Analyzer has it.

    GraphML opens in visone and igraph, GEXF in Gephi. Two mentions of 'some speakers' are one actor only if an
    anaphor links them (mention), also if they stand in one paragraph or item (unit), or always (merged). Types of
    actors are anonymous, named, state, group, body, impersonal and unattributed; leave the last two out to keep
    those who speak. `egdata tables` writes the same as edges.csv and nodes.csv.

    \b
    Examples:
      egdata network --out network.graphml
      egdata network report.txt --out network.gexf --identity merged
      egdata network --out network.gexf --exclude impersonal --exclude unattributed --lang zh
      egdata network --out conflict.gexf --kind conflict
      egdata network --out events.xlsx
    """
    from egdata.analysis.graphs import GRAPHS
    from egdata.base.csv_files import TABLES

    is_graph = out.suffix.lower() in GRAPHS
    if not is_graph and out.suffix.lower() not in TABLES:
        raise EgdataError(f"{out}: name it {' or '.join(GRAPHS)}, or {', '.join(TABLES)} for the list of events")
    if not is_graph and (kind != "actor-instrument" or isolates or lang != "en"):
        raise EgdataError(f"{out}: --kind, --isolates and --lang are of a graph; name it {' or '.join(GRAPHS)}")
    read, rules = _read(report, codebook)
    coding = eg.code(read, rules, corrections)
    _say_decided(coding)
    if not is_graph:
        events = eg.event_list(coding, identity, exclude=exclude or ())
        _write(events, out)
        _say(f"wrote {_many(len(events), 'event')} to {out}")
    else:
        graph = eg.network_graph(coding, kind, identity, exclude=exclude or (), isolates=isolates, lang=lang)
        eg.write_graph(graph, out)
        _say(f"wrote {_many(len(graph), 'node')} and {_many(graph.number_of_edges(), 'edge')} to {out}")
    _say_read(read, rules)


@app.command()
def reader(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write, .html.")],
    report: ReportFile = None,
    lang: Annotated[str, typer.Option(metavar="LANG", help="Language of the page when it opens: en or zh.")] = "en",
    corrections: Corrections = None,
    seconds: Annotated[
        list[Path] | None,
        typer.Option(
            "--second",
            metavar="FILE",
            help="Answers or sheet of another coder, or the report in another language; may be given repeatedly.",
        ),
    ] = None,
    codebook: Codes = None,
) -> None:
    """Write a page to read and correct a coding.

    One HTML file that needs nothing else and can be handed on: the text with every statement and mention marked,
    filters with counts, who is for and against what, and the evidence with its citation. What you correct there is
    kept in the browser and saved as a coding sheet for --corrections. What other coders say otherwise comes first.

    \b
    Examples:
      egdata reader --out reader.html
      egdata reader report.txt --corrections sheet.csv --second answers.jsonl --out reader.html
      egdata reader report.txt --second ann.csv --second report.en.txt --out reader.html
      egdata reader report.txt --out reader.html --lang zh
    """
    from egdata.coding.versions import coder_name

    if out.suffix.lower() not in (".html", ".htm"):
        raise EgdataError(f"{out}: name it .html")
    read, rules = _read(report, codebook)
    coding, others = eg.code(read, rules, corrections), {}
    for second in seconds or ():
        _, other = _with_second(coding, second)
        name = coder_name(coding, other)
        others[f"{name} ({second.name})" if name in others else name] = other
    eg.write_reader(coding, out, lang, others=others)
    _say(f"wrote {out}")
    _say_decided(coding)
    _say_read(read, rules)


@app.command()
def figures(
    report: ReportFile = None,
    out: _path("--out", "DIR", "Folder to write to; else figures/.") = None,
    corrections: Corrections = None,
    codebook: Codes = None,
) -> None:
    """Draw the figures of a report.

    A chart for which the report has no data is left out and named.

    \b
    Examples:
      egdata figures
      egdata figures report.txt --out charts/
    """
    from egdata.charts.gallery import save_figures, undrawn

    if out is None and report is not None:
        raise EgdataError("name a folder for the figures of your report: --out DIR")
    out = out or _checkout() / "figures"
    read, rules = _read(report, codebook)
    coding = eg.code(read, rules, corrections)
    left_out = undrawn(save_figures(out, coding))
    _say(f"drew the figures in {out}")
    if left_out:
        _say(f"left out {', '.join(left_out)}: the report has no data for them")
    _say_decided(coding)
    _say_read(read, rules)


@app.command()
def notebooks(corrections: Corrections = None, codebook: Codes = None) -> None:
    """Execute the project's notebooks in place.

    \b
    Examples:
      egdata notebooks
      egdata notebooks --codebook my-codebook/
    """
    from egdata.pages.notebooks import execute_notebook, find_notebooks

    eg.read_codebook(codebook)
    folder = _checkout() / "notebooks"
    notebooks = find_notebooks(folder)
    with _steps("notebooks", len(notebooks)) as tell:
        for n_done, notebook in enumerate(notebooks):
            tell(n_done)
            execute_notebook(notebook, codebook, corrections)
    _say(f"executed the notebooks in {folder}")


@app.command()
def site(out: _path("--out", "DIR", "Folder to write to; else site/.") = None, corrections: Corrections = None) -> None:
    """Write notebooks, figures and tables as a website.

    Nothing is loaded from outside: it opens from a memory stick. The notebooks are shown as they were last executed;
    with corrections all is made anew for the site, and the project stays as it is. A folder that is not empty must be
    an earlier site, and files in it that egdata did not write are left alone.

    \b
    Examples:
      egdata site
      egdata site --out /media/stick/egdata/
    """
    from egdata.pages.build import write_corrected_site
    from egdata.pages.site import write_site

    root = _checkout()
    out = out or root / "site"
    if corrections:
        with _steps() as tell:
            write_corrected_site(out, root, corrections, tell)
    else:
        write_site(out, root)
    _say(f"wrote the site: open {out / 'index.html'}")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Tables; else data/tables.")] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option("--report", metavar="FILE", help="Also lead every span back to this report; may be repeated."),
    ] = None,
    notices: Annotated[
        bool, typer.Option("--notices", help="Only print what is to be known about the report and how it was read.")
    ] = False,
    codebook: Codes = None,
) -> None:
    """Check written tables against the schema and the text.

    Checked are whether the files are of one run, columns, keys and references, every quote against the text, the
    ledger of sentences, the counts, the edges, and how several reports compare. Prints one line per problem and exits
    with 1 if there is any. Without DIR the project's own tables are checked, and also led back to the report as
    received.

    \b
    Examples:
      egdata check
      egdata check tables/ --report report.txt
      egdata check --report report.txt --notices
    """
    from egdata.tables.files import PACKAGE_FILE

    if notices:
        _say_read(*_read_all(report, codebook), with_notices=True)
        return
    rules = eg.read_codebook(codebook)
    source = _read_all(report, codebook)[0] if report or folder is None else None
    folder = folder or _checkout() / "data" / "tables"
    problems = eg.check_tables(folder, source, rules)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        _say(f"{_many(len(problems), 'problem')} in {folder}")
        raise typer.Exit(1)
    # when, so that one sees whether a run that was broken off had come so far
    written = datetime.fromtimestamp((folder / PACKAGE_FILE).stat().st_mtime)
    _say(f"{folder}: no problems; written {written.isoformat(' ', 'seconds')}")


@codebook_app.command("new")
def codebook_new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to; new or empty.")],
) -> None:
    """Write a starter codebook for a subject of your own.

    It has the grammar of UN reports in Chinese and English, a placeholder subject to replace, and a README that
    explains every table.

    \b
    Examples:
      egdata codebook new my-codebook/
      egdata sheet report.txt --codebook my-codebook/ --out sheet.csv
    """
    from egdata.codebook.starter import write_starter

    write_starter(folder)
    _say(f"wrote a starter codebook to {folder}; begin with {folder / 'README.md'}")


@codebook_app.command("check")
def codebook_check(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Codebook; else the bundled one.")] = None,
    unneeded: Annotated[bool, typer.Option("--unneeded", help="List what the benchmark does not need.")] = False,
) -> None:
    """Look for all that is wrong with a codebook, and run its examples.

    Prints one line, with file and row, for all that is wrong, and exits with 1 if there is anything.

    \b
    Examples:
      egdata codebook check
      egdata codebook check my-codebook/
      egdata codebook check --unneeded      # rules and phrases that match nothing in data/gold and the bundled report
    """
    from egdata.codebook.check import check_codebook, count_phrases

    checked = check_codebook(folder)
    for failure in checked.failures:
        typer.echo(failure, err=True)
    ran = f"{_many(checked.n_rules, 'rule')}, {_many(checked.n_examples, 'example')}"
    _say(f"{folder or 'the bundled codebook'}: {ran}, {len(checked.failures) or 'none'} failed")
    if checked.failures:
        raise typer.Exit(1)
    if unneeded:
        from egdata.coding.unneeded import find_unneeded

        codebook = eg.read_codebook(folder)
        for line in find_unneeded(codebook):
            typer.echo(line)
        for (table, lang), n in count_phrases(codebook).items():
            _say(f"{table} ({lang}): {n}")


@codebook_app.command("learn")
def codebook_learn(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Codebook to write to.")],
    sheets: Annotated[
        list[Path] | None, typer.Argument(metavar="[SHEET]...", help="Coding sheets to learn from as well.")
    ] = None,
) -> None:
    """Learn from coded sentences what the rules get wrong, and how certain each position is.

    Learns from data/training, the open sets of data/gold, the bundled report, and sheets that a person has corrected.
    Writes the tables learnt_… and certainty_classes.csv into the codebook. Needs scikit-learn. To be run again when
    rules change.

    \b
    Examples:
      egdata codebook learn data/codebook tests/sentences.tsv
      egdata codebook learn my-codebook corrected.csv
    """
    from egdata.base.csv_files import csv_bytes
    from egdata.base.output import write_file
    from egdata.coding.learning import learn

    learnt = learn(eg.read_codebook(folder), sheets or ())
    weights = {f"learnt_{name}": getattr(learnt, name) for name in ("issues", "stances", "holders")}
    for name, table in {**weights, "certainty_classes": learnt.classes}.items():
        write_file(folder / f"{name}.csv", csv_bytes(table))
    for row in learnt.classes.itertuples():
        _say(f"{row.lang}: {row.certainty}, {row.n} positions, {row.precision} of them right")
    for row in learnt.scores.itertuples():
        scores = f"F1 {row.rules:.2f} by rules, {row.learnt:.2f} with weights"
        holders = f"holders right {row.holders_by_rules:.2f} and {row.holders:.2f}"
        _say(f"{row.lang}: {row.n} positions new to the rules: {scores}; {holders}")


@codebook_app.command("prompt")
def codebook_prompt(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR] [REPORT]", help="Codebook, else the bundled; report, if any.")
    ] = None,
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Statements in a call.")] = 20,
) -> None:
    """Print what a language model is asked, so that anybody can ask by hand.

    First the instructions, made from issues.csv, stances.csv and decisions.md; then, of a report, its statements, call
    by call. The instructions and one of the calls together make a question; `egdata code --answers FILE` reads the
    replies, one behind the other in a file.

    \b
    Examples:
      egdata codebook prompt
      egdata codebook prompt my-codebook/ report.txt
    """
    from egdata.coding.prompts import calls, instructions

    folders, files = ([path for path in paths or () if path.is_dir() == is_folder] for is_folder in (True, False))
    if len(folders) > 1 or len(files) > 1:
        raise EgdataError("name one codebook and one report at most")
    codebook = folders[0] if folders else None
    asked = calls(eg.code(*_read_text(files[0], codebook)).to_code, batch) if files else []
    typer.echo(instructions(eg.read_codebook(codebook)))
    for number, call in enumerate(asked, start=1):
        typer.echo(f"---- call {number} of {len(asked)} ----\n\n{call.prompt}")


# ---- helpers -----------------------------------------------------------------------------------------------


def _checkout() -> Path:
    from egdata.base.paths import data_path

    root = data_path().parent
    if not (root / "pyproject.toml").is_file():
        raise EgdataError("this needs a checkout of the project; elsewhere use `egdata tables --out DIR`")
    return root


def _read(path: Path | None, codebook: Path | None) -> tuple[Report, Codebook]:
    rules = eg.read_codebook(codebook)
    report = eg.read_report(path, codebook=rules)
    _warn(report)
    return report, rules


def _read_all(paths: list[Path] | None, codebook: Path | None) -> tuple[Report | list[Report], Codebook]:
    """One report, or a list if several or a folder are named."""
    if not paths or (len(paths) == 1 and not paths[0].is_dir()):
        return _read(paths[0] if paths else None, codebook)
    rules = eg.read_codebook(codebook)
    reports = eg.read_reports(paths, codebook=rules)
    for report in reports:
        _warn(report)
    return reports, rules


def _read_text(path: Path | None, codebook: Path | None) -> tuple[Report, Codebook]:
    """A report; a text of a coded set as the set's card says that it is read."""
    from egdata.coding.benchmark import CARD

    if path is None or not (path.parent / CARD).is_file():
        return _read(path, codebook)
    rules = eg.read_codebook(codebook)
    return eg.read_gold_text(path.parent, path.name.split(".")[1], rules), rules


def _coded(
    report: Report | list[Report],
    codebook: Codebook,
    coder: Path | str | None,
    corrections: Path | None = None,
    second: Path | None = None,
) -> Coding | list[Coding]:
    """A report as another coder has it, or reports as a person corrected them; says what was refused or left out."""
    from egdata.base.vocabulary import RULES

    if isinstance(report, list):
        from egdata.tables.build import codings_of

        if coder or second:
            raise EgdataError("a coder's answers are about one report; name that one")
        codings = codings_of(report, codebook, corrections)
        _say_decided(*codings)
        return codings
    coding = eg.code(report, codebook, corrections, coder or RULES)
    _say_notices(coding)
    if second:
        coding, _ = _with_second(coding, second)
    _say_decided(coding)
    return coding


def _with_second(coding: Coding, second: Path) -> tuple[Coding, Coding]:
    """The coding with the opinion of a second one, and that one; says what was refused or left out of it."""
    from egdata.coding.versions import ask_second

    coding, other = ask_second(coding, second)
    _say_notices(other)
    return coding, other


def _say_notices(coding: Coding) -> None:
    for notice in coding.coder_notices:
        _say(f"note: {notice}")


def _say_decided(*codings: Coding) -> None:
    from egdata.coding.corrections import decided_words

    if n_decided := sum(coding.n_decided for coding in codings):
        _say(decided_words(n_decided))


def _consents(plan: Plan, url: str) -> bool:
    calls = f"{_many(len(plan.calls), 'call')} to {plan.header['model']} at {url}"
    tokens = f"about {plan.n_read:,} tokens to read and {plan.n_written:,} to write"
    try:
        return typer.confirm(f"egdata: {calls}, {tokens}; go on?", err=True)
    except typer.Abort:  # nobody is there to say yes
        return False


def _warn(report: Report) -> None:
    if report.coverage.is_poor:
        _say(f"{report.name} looks badly read: compare the text with the file")


def _say_read(reports: Report | list[Report], rules: Codebook, with_notices: bool = False) -> None:
    """How much was read of each report, and what is to be known about it if that is asked; with ids if several are."""
    from egdata.coding.notices import notices_of

    several = reports if isinstance(reports, list) else [reports]
    for report in several:
        name = f"{report.meta['report_id']}: " * (len(several) > 1)
        notices = report.notices + notices_of(report, rules)
        for notice in notices if with_notices else ():
            typer.echo(name + notice)
        _say(name + report.coverage.line(len(notices)))


def _need_tables(*files: Path | None) -> None:
    from egdata.base.csv_files import need_table

    for file in filter(None, files):
        need_table(file)


def _write(frame: pd.DataFrame, file: Path) -> None:
    from egdata.base.csv_files import frame_bytes
    from egdata.base.output import write_file

    write_file(file, frame_bytes(frame, file))


@contextmanager
def _steps(label: str = "", n: int | None = None) -> Iterator[Callable[..., None]]:
    """What to tell how many steps are done; of how many, and what is made next, if that changes."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=n)
        yield lambda n_done, total=None, step=None: progress.update(
            task, completed=n_done, total=total, description=step
        )


def _print(scores: pd.DataFrame) -> None:
    """A row per measure, whatever stands in front of it."""
    names = [name for name in scores.columns if name not in ("n", "value", "low", "high")]
    rows = []
    for row in scores.to_dict("records"):
        decimals = 0 if row["measure"].startswith("n_") else 3
        numbers = (f"{row[name]:.{decimals}f}".replace("nan", "") for name in ("value", "low", "high"))
        rows.append([*(row[name] for name in names), str(row["n"]), *numbers])
    _print_rows([*names, "n", "value", "low", "high"], rows, len(names))


def _print_sets(scores: pd.DataFrame) -> None:
    """A row per set and language: F1 with its interval."""
    from egdata.coding.benchmark import MEASURED

    def cell(row: dict[str, Any], name: str) -> str:
        f1, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
        return f"{f1:.2f} ({low:.2f} to {high:.2f})".replace("nan", "-") if f1 == f1 else ""

    names = ["set", "lang", "kind", "state"]
    rows = [
        [*(row[name] for name in names), str(row["n"]), *(cell(row, name) for name in MEASURED)]
        for row in scores.to_dict("records")
    ]
    _print_rows([*names, "n", *MEASURED], rows, len(names))


def _print_rows(header: list[str], rows: list[list[str]], n_names: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*header, box=None)
    for column in table.columns[n_names:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def main() -> None:
    """Run the command; the console entry point."""
    gc.set_threshold(1_000_000)  # a start makes many objects that all stay; looking for garbage took a tenth of it
    atexit.register(gc.freeze)  # at the end all memory goes back at once; what is garbage in it does not matter
    app(prog_name="egdata")


if __name__ == "__main__":
    main()
