"""Writing files: whole under a kill, one writer at a time, nobody else's files touched."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from egdata.base import output
from egdata.base.output import write_files

NAMES = [f"{number:02}.csv" for number in range(25)]  # as many as there are tables

#: Writes 25 files over and over, all of one letter in one run; prints a letter when its files are in place.
WRITER = """
import sys
from itertools import cycle
from pathlib import Path
from egdata.base.output import write_files

folder, letters, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for _, letter in zip(range(rounds), cycle(letters)):
    write_files(folder, {f"{number:02}.csv": letter.encode() * 5000 for number in range(25)}, beside=folder.parent)
    print(letter, flush=True)
"""


def _writer(folder, letters, rounds=10**6):
    command = [sys.executable, "-c", WRITER, str(folder), letters, str(rounds)]
    environment = os.environ | {"PYTHONPATH": str(Path(output.__file__).parents[1])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def _contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name in NAMES}


def _is_whole(folder):
    contents = _contents(folder)
    return set(contents) == set(NAMES) and len(set(contents.values())) == 1


def _is_left(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(output.PREFIX)]


# ---- killed ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the files are moved in one by one")
def test_a_kill_leaves_the_old_files_or_the_new(tmp_path):
    chance, folder, interrupted = random.Random(7), tmp_path / "tables", 0
    for _ in range(30):
        with _writer(folder, "ab") as writer:
            writer.stdout.readline()  # at work
            time.sleep(chance.uniform(0, 0.02))
            writer.send_signal(signal.SIGKILL)
        assert _is_whole(folder)
        interrupted += bool(_is_left(tmp_path))
    assert interrupted > 5  # so that the kills did fall into the writing
    write_files(folder, dict.fromkeys(NAMES, b"c"), beside=tmp_path)
    assert set(_contents(folder).values()) == {b"c"}
    assert _is_left(tmp_path) == []


@pytest.mark.parametrize("step", range(4))
def test_a_kill_at_any_step_of_a_swap_leaves_whole_files(tmp_path, monkeypatch, step):
    """As if the power went off at a step: nothing after it happens, no cleaning up either."""
    folder = tmp_path / "tables"
    write_files(folder, {"a": b"old", "b": b"old"}, beside=tmp_path)
    steps = iter(range(step))

    def dying(function):
        def run(*args, **options):
            if next(steps, None) is None:
                raise KeyboardInterrupt
            return function(*args, **options)

        return run

    monkeypatch.setattr("pathlib.Path.write_bytes", dying(Path.write_bytes))
    monkeypatch.setattr(output, "_exchange", dying(output._exchange))
    monkeypatch.setattr(output, "_discard", dying(output._discard))
    with pytest.raises(KeyboardInterrupt):
        write_files(folder, {"a": b"new", "b": b"new"}, beside=tmp_path)
    assert {file.read_bytes() for file in folder.iterdir()} == {b"new" if step > 2 else b"old"}
    assert len(_is_left(tmp_path)) == 1
    monkeypatch.undo()
    write_files(folder, {"a": b"next", "b": b"next"}, beside=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_what_a_killed_run_left_goes_only_if_egdata_wrote_it(tmp_path):
    for name, file in (("ours", "a"), ("mixed", "a"), ("mixed", "mine.txt")):
        (tmp_path / f"{output.PREFIX}{name}").mkdir(exist_ok=True)
        (tmp_path / f"{output.PREFIX}{name}" / file).write_text("x")
    (tmp_path / f"{output.PREFIX}file").write_text("mine")
    write_files(tmp_path / "tables", {"a": b"new"}, beside=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".egdata-file", ".egdata-mixed", "tables"]
    assert [path.name for path in (tmp_path / ".egdata-mixed").iterdir()] == ["mine.txt"]


# ---- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="no lock there")
@pytest.mark.parametrize("foreign", [False, True])
def test_two_writers_at_once_do_not_mix(tmp_path, foreign):
    folder = tmp_path / "tables"
    folder.mkdir()
    if foreign:
        (folder / "notes.md").write_text("mine")
    with _writer(folder, "a", 60) as one, _writer(folder, "b", 60) as other:
        printed = [writer.communicate()[0].split() for writer in (one, other)]
    assert printed == [[b"a"] * 60, [b"b"] * 60]
    assert _is_whole(folder)
    assert _is_left(tmp_path) == []
    assert (folder / "notes.md").exists() == foreign


# ---- other people's files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notes.md", ".hidden", "drafts/a"])
def test_other_files_stay(tmp_path, name):
    folder = tmp_path / "tables"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("mine")
    for content in (b"old", b"new"):
        write_files(folder, {"a": content, "b": content}, beside=tmp_path)
        assert (folder / name).read_text() == "mine"
        assert (folder / "a").read_bytes() == (folder / "b").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_file_put_there_during_the_swap_stays(tmp_path, monkeypatch):
    folder, exchange = tmp_path / "tables", output._exchange
    write_files(folder, {"a": b"old"}, beside=tmp_path)

    def slow(one, other):
        (folder / "mine.txt").write_text("mine")
        exchange(one, other)

    monkeypatch.setattr(output, "_exchange", slow)
    write_files(folder, {"a": b"new"}, beside=tmp_path)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {"a": b"new", "mine.txt": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_linked_folder_stays_linked(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "tables").symlink_to(tmp_path / "disk")
    for content in (b"old", b"new"):
        write_files(tmp_path / "tables", {"a": content}, beside=tmp_path)
        assert (tmp_path / "disk" / "a").read_bytes() == content
    assert (tmp_path / "tables").is_symlink()


def test_the_rights_of_the_folder_stay(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir(mode=0o750)
    inode = folder.stat().st_ino
    write_files(folder, {"a": b"x"}, beside=tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o750
    assert (folder.stat().st_ino != inode) == (sys.platform == "linux")  # so it was swapped
