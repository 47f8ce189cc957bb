"""Whole corpora: the same bytes however they are made, and no report stops another or is lost."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import shutil
import signal
from contextlib import nullcontext

import pandas as pd
import pytest
from typer.testing import CliRunner

import egdata as eg
from egdata import cli
from egdata.base.errors import EgdataError
from egdata.base.paths import data_path
from egdata.tables import corpus
from egdata.tables.schema import CODE_TABLES, OF_REPORT, SEVERAL

N_GOOD = 4
# Report of the Expert Group. I. Summary of deliberations. 1. Some speakers supported training, for the {n}th time.
# 2. Other speakers did not support the Budapest Convention.
REPORT = "专家组的报告\n\n一. 讨论情况摘要\n\n1. 一些发言者支持第{n}次培训。\n\n2. 其他发言者不支持《布达佩斯公约》。\n"


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A folder of good reports with an empty one among them."""
    folder = tmp_path_factory.mktemp("reports")
    for n in range(N_GOOD):
        (folder / f"r{n}.txt").write_text(REPORT.format(n=n), encoding="utf-8")
    (folder / "r1-bad.txt").write_text("\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(reports, tmp_path_factory):
    """The corpus that one process wrote without interruption."""
    folder = tmp_path_factory.mktemp("whole") / "corpus"
    corpus.write_corpus(reports, folder, workers=1)
    return folder


@pytest.fixture
def inline(monkeypatch):
    """Reports are written in this process; gives the ids of those that are."""
    written = []

    def run(pool, workers, tasks):
        for task in tasks:
            written.append(task.report_id)
            yield task, corpus.write_one(task)

    monkeypatch.setattr(corpus, "_pool", lambda workers, tasks: nullcontext())
    monkeypatch.setattr(corpus, "_in_processes", run)
    return written


def bytes_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same_bytes(folder, other):
    left, right = bytes_of(folder), bytes_of(other)
    assert set(left) == set(right)
    assert [name for name in left if left[name] != right[name]] == []


def deadly(task):
    """In place of write_one: one report ends the process that reads it."""
    if task.report_id == "r2":
        os.kill(os.getpid(), signal.SIGKILL)
    return REAL(task)


REAL = corpus.write_one


# ---- what is written -------------------------------------------------------------------------------------------------


def test_the_tables_are_those_of_read_reports(reports, whole):
    good = [file for file in sorted(reports.iterdir()) if file.name != "r1-bad.txt"]
    expected = eg.build_tables(eg.read_reports(good))
    for name in (*OF_REPORT, *CODE_TABLES):
        pd.testing.assert_frame_equal(pd.read_parquet(whole / name), expected[name])
    listed = pd.read_parquet(whole / "reports")
    assert list(listed.columns) == SEVERAL["reports"].names
    for row in listed.itertuples():
        text = (whole / row.text_file).read_bytes().decode()
        quotes = pd.read_parquet(whole / "statements" / f"{row.report_id}.parquet")
        assert len(quotes) == 2
        assert all(text[quote.start : quote.end] == quote.quote for quote in quotes.itertuples())


def test_the_bad_report_is_in_the_manifest_with_its_error(reports, whole):
    manifest = pd.read_csv(whole / "manifest.csv", keep_default_na=False)
    assert manifest["report_id"].tolist() == ["r0", "r1-bad", "r1", "r2", "r3"]
    assert manifest["status"].tolist() == ["read with notices", "refused", *["read with notices"] * 3]
    assert manifest.loc[1, "error"] == "r1-bad.txt: the file is empty"
    assert manifest["error"].ne("").sum() == 1
    assert manifest["file"].tolist() == [file.as_posix() for file in sorted(reports.iterdir())]
    assert set(manifest["egdata"]) == {eg.__version__}


def test_notices_are_in_the_manifest_after_a_second_run_too(tmp_path, inline):
    # I. Summary. 7. Some speakers supported training. Numbering does not begin at 1.
    (tmp_path / "r.txt").write_text("一. 摘要\n\n7. 一些发言者支持培训。\n", encoding="utf-8")
    notices = "; ".join(eg.code(eg.read_report(tmp_path / "r.txt")).notices)
    assert notices
    for _ in range(2):
        manifest = corpus.write_corpus(tmp_path / "r.txt", tmp_path / "out")
        assert manifest[["status", "notices"]].values.tolist() == [["read with notices", notices]]
    assert inline == ["r"]


def test_a_broken_codebook_is_an_error_before_anything_is_written(reports, tmp_path):
    codebook = shutil.copytree(data_path("codebook"), tmp_path / "codebook")
    (codebook / "voices.csv").unlink()
    with pytest.raises(EgdataError, match=r"voices.csv: missing"):
        corpus.write_corpus(reports, tmp_path / "out", codebook=codebook, workers=1)
    assert not (tmp_path / "out").exists()


# ---- the same bytes --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_workers_give_the_same_bytes_as_one_and_progress_is_told(reports, whole, tmp_path):
    told = []
    corpus.write_corpus(reports, tmp_path / "corpus", workers=2, tell=lambda *args: told.append(args))
    same_bytes(tmp_path / "corpus", whole)
    assert [(n, total) for n, total, _ in told] == [(n, N_GOOD + 1) for n in range(N_GOOD + 2)]
    assert sorted(name for _, _, name in told[1:]) == ["r0", "r1", "r1-bad", "r2", "r3"]


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nothing_but_time(reports, whole, tmp_path):
    killed = []

    def tell(n_ready, n_reports, report_id):
        if report_id and not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    corpus.write_corpus(reports, tmp_path / "corpus", workers=2, tell=tell)
    assert killed
    same_bytes(tmp_path / "corpus", whole)


@pytest.mark.slow
def test_a_report_that_ends_its_process_fails_alone(reports, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "write_one", deadly)
    manifest = corpus.write_corpus(reports, tmp_path / "corpus", workers=2).set_index("report_id")
    assert manifest.index[manifest["status"] == "refused"].tolist() == ["r1-bad", "r2"]
    assert manifest.loc["r2", "error"].startswith("the process that read it was ended twice")
    wanted = {name for name in bytes_of(whole) if not name.endswith(("/r2.parquet", "/r2.txt"))}
    assert set(bytes_of(tmp_path / "corpus")) == wanted


@pytest.mark.slow
def test_on_a_dask_cluster_a_worker_that_is_killed_costs_nothing_but_time(reports, whole, tmp_path):
    from distributed import LocalCluster

    killed = []
    with LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50) as cluster:

        def tell(n_ready, n_reports, report_id):
            if report_id and not killed:
                killed.append(next(worker.pid for worker in cluster.workers.values()))
                os.kill(killed[0], signal.SIGKILL)

        corpus.write_corpus(reports, tmp_path / "corpus", scheduler=cluster.scheduler_address, tell=tell)
    assert killed
    same_bytes(tmp_path / "corpus", whole)


def test_the_manifest_has_no_formulas(tmp_path, inline, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "=1+1.txt").write_text(REPORT.format(n=1), encoding="utf-8")
    (tmp_path / "-empty.txt").write_text("", encoding="utf-8")
    manifest = corpus.write_corpus([tmp_path / "=1+1.txt", "-empty.txt"], tmp_path / "out").set_index("report_id")
    assert manifest["file"]["-empty"] == "-empty.txt"
    written = pd.read_csv(tmp_path / "out" / "manifest.csv", dtype=str)
    assert written["report_id"].tolist() == ["'=1+1", "'-empty"]
    assert written["file"].tolist() == [(tmp_path / "=1+1.txt").as_posix(), "'-empty.txt"]
    assert corpus.write_corpus([tmp_path / "=1+1.txt", "-empty.txt"], tmp_path / "out")["status"].tolist() == [
        "read with notices",
        "refused",
    ]
    assert inline == ["=1+1", "-empty", "-empty"]


# ---- going on --------------------------------------------------------------------------------------------------------


@pytest.fixture
def begun(reports, whole, tmp_path):
    """Copies of the reports and of their corpus, to change."""
    shutil.copytree(whole, tmp_path / "corpus")
    return shutil.copytree(reports, tmp_path / "reports"), tmp_path / "corpus"


def test_only_what_has_changed_is_written_again(begun, inline):
    mine, folder = begun
    (mine / "r2.txt").write_text(REPORT.format(n=9), encoding="utf-8")
    (mine / "r9.txt").write_text(REPORT.format(n=10), encoding="utf-8")
    corpus.write_corpus(mine, folder)
    assert inline == ["r1-bad", "r2", "r9"]
    assert "第9次" in (folder / "texts" / "r2.txt").read_text(encoding="utf-8")


@pytest.mark.slow
def test_another_codebook_or_version_makes_all_anew(begun, inline, small_codebook, tmp_path, monkeypatch):
    mine, folder = begun
    corpus.write_corpus(mine, folder, codebook=small_codebook)
    assert len(inline) == N_GOOD + 1
    copy = shutil.copytree(small_codebook, tmp_path / "copy")
    corpus.write_corpus(mine, folder, codebook=copy)
    assert inline[N_GOOD + 1 :] == ["r1-bad"]  # a copy is the same codebook
    rules = copy / "theme_rules.csv"
    rules.write_text("\n".join(rules.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    corpus.write_corpus(mine, folder, codebook=copy)
    assert len(inline) == 1 + 2 * (N_GOOD + 1)
    monkeypatch.setattr(corpus, "__version__", "0.0.0")
    corpus.write_corpus(mine, folder, codebook=copy)
    assert len(inline) == 1 + 3 * (N_GOOD + 1)


def test_a_corrected_report_alone_is_made_anew(begun, inline, tmp_path):
    mine, folder = begun
    good = [file for file in sorted(mine.iterdir()) if file.name != "r1-bad.txt"]
    sheet = eg.coding_sheet(eg.read_reports(good))
    sheet = sheet[sheet["report_id"] == "r2"].assign(holder="many")
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    corpus.write_corpus(mine, folder, corrections=tmp_path / "sheet.csv")
    corpus.write_corpus(mine, folder, corrections=tmp_path / "sheet.csv")
    assert inline == ["r1-bad", "r2", "r1-bad"]
    statements = pd.read_parquet(folder / "statements")
    expected = eg.build_tables(eg.read_reports(good), corrections=tmp_path / "sheet.csv")["statements"]
    pd.testing.assert_frame_equal(statements, expected)
    assert set(statements.loc[statements["holder"] == "many", "report_id"]) == {"r2"}
    corpus.write_corpus(mine, folder)
    assert inline[3:] == ["r1-bad", "r2"]  # without corrections it is what the rules say again
    assert "many" not in set(pd.read_parquet(folder / "statements")["holder"])


def test_corrections_of_another_report_are_an_error_before_anything_is_written(reports, tmp_path):
    (tmp_path / "sheet.csv").write_text("report_id,sid,holder\nelsewhere,1#1,many\n", encoding="utf-8")
    with pytest.raises(EgdataError, match="no such report: 'elsewhere'"):
        corpus.write_corpus(reports, tmp_path / "corpus", corrections=tmp_path / "sheet.csv")
    assert not (tmp_path / "corpus").exists()


def test_tables_of_what_a_report_was_do_not_stay_when_it_fails(begun, inline):
    mine, folder = begun
    (mine / "r2.txt").write_text("\n\n", encoding="utf-8")  # found when it is read
    shutil.copy(mine / "r0.txt", mine / "r3.txt")  # found before
    manifest = corpus.write_corpus(mine, folder).set_index("report_id")
    assert manifest.loc["r2", "error"] == "r2.txt: the file is empty"
    assert manifest.loc["r3", "error"] == f"is the same file as {mine / 'r0.txt'}; name it once"
    assert pd.read_parquet(folder / "units")["report_id"].unique().tolist() == ["r0", "r1"]
    assert sorted(file.name for file in (folder / "texts").iterdir()) == ["r0.txt", "r1.txt"]


def test_a_folder_of_other_reports_or_files_is_refused(begun, inline, tmp_path):
    mine, folder = begun
    (mine / "r2.txt").unlink()
    with pytest.raises(EgdataError, match="holds the tables of r2, not among these reports"):
        corpus.write_corpus(mine, folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(EgdataError, match=r"is not empty and has no manifest\.csv of egdata"):
        corpus.write_corpus(mine, tmp_path / "other")
    assert inline == []


def test_ids_that_would_be_lost_fail(tmp_path, inline):
    for n, name in enumerate(["a.txt", "A.x.txt", "b.zh.txt", "b.en.txt", "_c.txt", "sub/a.txt"]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(REPORT.format(n=n), encoding="utf-8")
    manifest = corpus.write_corpus([tmp_path, tmp_path / "sub", tmp_path / "none.txt"], tmp_path / "out")
    errors = manifest.set_index("file")["error"].rename(lambda file: file.removeprefix(f"{tmp_path.as_posix()}/"))
    assert sorted(inline) == ["A.x", "a", "a-2", "b.en", "b.zh"]
    assert errors["_c.txt"].startswith("readers of Parquet pass over names that begin with _")
    assert manifest.set_index("report_id")["file"]["a-2"] == (tmp_path / "sub" / "a.txt").as_posix()
    assert errors["none.txt"] == "cannot be read: No such file or directory"
    assert (errors != "").sum() == 2


def test_an_error_that_nobody_foresaw_is_in_the_manifest(reports, tmp_path, inline, monkeypatch):
    def broken(*args, **kwargs):
        raise KeyError("/Root")

    monkeypatch.setattr(corpus, "read_report", broken)
    manifest = corpus.write_corpus(reports / "r0.txt", tmp_path / "corpus")
    assert manifest["error"].tolist() == ["KeyError: '/Root'"]


# ---- what is needed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("package", "extra"), [("pyarrow", "corpus"), ("distributed", "distributed")])
def test_a_package_that_is_not_installed_is_named(reports, tmp_path, monkeypatch, package, extra):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else there(name))
    with pytest.raises(EgdataError, match=rf"needs the package {package}: .* 'egdata\[{extra}\]'"):
        corpus.write_corpus(reports, tmp_path / "corpus", scheduler="tcp://127.0.0.1:1")


def test_workers_and_a_scheduler_exclude_each_other(reports, tmp_path):
    with pytest.raises(EgdataError, match="left out with a scheduler"):
        corpus.write_corpus(reports, tmp_path / "corpus", workers=2, scheduler="tcp://127.0.0.1:1")


def test_the_command_ends_with_1_if_a_report_failed_and_with_0_else(reports, tmp_path, inline):
    runner = CliRunner()
    result = runner.invoke(cli.app, ["corpus", str(reports), "--out", str(tmp_path / "corpus")])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"egdata: {(reports / 'r1-bad.txt').as_posix()}: r1-bad.txt: the file is empty",
        f"egdata: wrote {N_GOOD} reports to {tmp_path / 'corpus'}, 1 refused",
    ]
    result = runner.invoke(cli.app, ["corpus", str(reports / "r0.txt"), "--out", str(tmp_path / "one")])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"egdata: wrote 1 report to {tmp_path / 'one'}, none refused\n"
