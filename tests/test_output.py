"""Writing files: each whole, one writer at a time, nobody else's files, links and modes touched."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from egdata.base import output
from egdata.base.errors import TableError
from egdata.base.output import write_file, write_files

NAMES = [f"{number:02}.csv" for number in range(25)]  # as many as there are tables

#: Writes 25 files over and over, all of one letter in one run; prints a letter when its files are in place.
WRITER = """
import sys
from itertools import cycle
from pathlib import Path
from egdata.base.output import write_files

folder, letters, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for _, letter in zip(range(rounds), cycle(letters)):
    write_files(folder, {f"{number:02}.csv": letter.encode() * 5000 for number in range(25)})
    print(letter, flush=True)
"""


def _writer(folder, letters, rounds):
    command = [sys.executable, "-c", WRITER, str(folder), letters, str(rounds)]
    environment = os.environ | {"PYTHONPATH": str(Path(output.__file__).parents[2])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def _left(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(output.PREFIX)]


# ---- broken off ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", range(7))
def test_a_kill_at_any_step_leaves_each_file_old_or_new_and_the_first_tells(tmp_path, monkeypatch, step):
    """As if the power went off at a step: nothing after it happens, no cleaning up either."""
    old, new, following = (dict.fromkeys("abc", content) for content in (b"old", b"new", b"next"))
    write_files(tmp_path, old)
    steps = iter(range(step))

    def dying(function):
        def run(*args, **options):
            if next(steps, None) is None:
                raise KeyboardInterrupt
            return function(*args, **options)

        return run

    monkeypatch.setattr("pathlib.Path.write_bytes", dying(Path.write_bytes))
    monkeypatch.setattr("os.replace", dying(os.replace))
    monkeypatch.setattr(output, "_discard", dying(output._discard))
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, new)
    n_moved = max(step - 3, 0)
    assert [(tmp_path / name).read_bytes() for name in "abc"] == [b"new"] * n_moved + [b"old"] * (3 - n_moved)
    assert len(_left(tmp_path)) == 1
    monkeypatch.undo()
    write_files(tmp_path, following)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == following


def test_what_a_killed_run_left_goes_only_if_egdata_wrote_it(tmp_path):
    for name, file in (("ours", "a"), ("mixed", "a"), ("mixed", "mine.txt")):
        (tmp_path / f"{output.PREFIX}{name}").mkdir(exist_ok=True)
        (tmp_path / f"{output.PREFIX}{name}" / file).write_text("x")
    (tmp_path / f"{output.PREFIX}file").write_text("mine")
    write_files(tmp_path, {"a": b"new"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".egdata-file", ".egdata-mixed", "a"]
    assert [path.name for path in (tmp_path / ".egdata-mixed").iterdir()] == ["mine.txt"]


def test_where_one_file_cannot_be_written_the_others_stay(tmp_path):
    write_files(tmp_path, {"a": b"old"})
    (tmp_path / "b").mkdir()
    with pytest.raises(TableError, match=r"b: cannot be written: Is a directory"):
        write_files(tmp_path, {"a": b"new", "b": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert _left(tmp_path) == []


# ---- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="no lock there")
def test_two_writers_at_once_do_not_mix(tmp_path):
    (tmp_path / "notes.md").write_text("mine")
    with _writer(tmp_path, "a", 60) as first, _writer(tmp_path, "b", 60) as second:
        printed = [writer.communicate()[0].split() for writer in (first, second)]
    assert printed == [[b"a"] * 60, [b"b"] * 60]
    contents = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert contents.pop("notes.md") == b"mine"
    assert set(contents) == set(NAMES)
    assert len(set(contents.values())) == 1


# ---- other people's files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notes.md", ".hidden", "drafts/a"])
def test_other_files_stay(tmp_path, name):
    folder = tmp_path / "tables"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("mine")
    for content in (b"old", b"new"):
        write_files(folder, {"a": content, "b": content})
        assert (folder / name).read_text() == "mine"
        assert (folder / "a").read_bytes() == (folder / "b").read_bytes() == content
    assert {path.relative_to(folder).parts[0] for path in folder.iterdir()} == {"a", "b", Path(name).parts[0]}
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_linked_folder_stays_linked(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "tables").symlink_to(tmp_path / "disk")
    for content in (b"old", b"new"):
        write_files(tmp_path / "tables", {"a": content})
        assert (tmp_path / "disk" / "a").read_bytes() == content
    assert (tmp_path / "tables").is_symlink()


@pytest.mark.parametrize("stands", [True, False])
def test_a_link_stays_and_the_file_that_it_leads_to_is_written(tmp_path, stands):
    target, link = tmp_path / "disk" / "sheet.csv", tmp_path / "desk" / "a.csv"
    for folder in (target.parent, link.parent):
        folder.mkdir()
    if stands:
        target.write_bytes(b"old")
    link.symlink_to(Path("..", "disk", "sheet.csv"))
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert [path.name for path in target.parent.iterdir()] == ["sheet.csv"]


@pytest.mark.parametrize("reason", [errno.EXDEV, errno.EBUSY])
def test_a_file_on_another_disk_or_mounted_by_itself_is_written_in_place(tmp_path, monkeypatch, reason):
    def replace(source, target):
        raise OSError(reason, os.strerror(reason), source, None, target)

    (tmp_path / "a").write_bytes(b"old")
    inode = (tmp_path / "a").stat().st_ino
    monkeypatch.setattr("os.replace", replace)
    write_file(tmp_path / "a", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"new")]
    assert (tmp_path / "a").stat().st_ino == inode


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_the_modes_of_folder_and_files_stay(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir(mode=0o750)
    write_files(folder, {"a": b"old"})
    (folder / "a").chmod(0o600)
    (tmp_path / "fresh").write_bytes(b"")
    write_files(folder, {"a": b"new", "b": b"new"})
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "a")] == [0o750, 0o600]
    assert (folder / "b").stat().st_mode == (tmp_path / "fresh").stat().st_mode
