"""What outputs were made from: an output is current only if neither that nor any of its files has changed."""

import re
import sys
from importlib.metadata import version

import pytest

from egdata.base.fingerprints import Fingerprints, digest, file_sha256, folder_sha256, versions


@pytest.fixture
def file(tmp_path):
    """Of an output with two files, which is known."""
    for name in "ab":
        (tmp_path / name).write_text(name)
    Fingerprints(tmp_path / "known.json").keep("letters", "x", [tmp_path / "a", tmp_path / "b"], "two letters")
    return tmp_path / "known.json"


def test_an_output_is_current_if_it_was_made_from_the_same(file):
    known = Fingerprints(file)
    assert known.is_current("letters", "x")
    assert known.words("letters") == "two letters"
    assert not known.is_current("letters", "y")
    assert not known.is_current("numbers", "x")
    assert not Fingerprints(file, fresh=True).is_current("letters", "x")


@pytest.mark.parametrize("change", [lambda file: file.write_text("c"), lambda file: file.unlink()])
def test_an_output_of_which_a_file_has_changed_is_not_current(file, change):
    change(file.parent / "b")
    assert not Fingerprints(file).is_current("letters", "x")


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_damaged_file_knows_nothing(file, content):
    file.write_text(content)
    known = Fingerprints(file)
    assert not known.is_current("letters", "x")
    known.keep("letters", "x", [file.parent / "a"])
    assert Fingerprints(file).is_current("letters", "x")


def test_a_file_that_an_output_has_no_more_is_removed_if_nobody_changed_it(file):
    known = Fingerprints(file)
    known.keep("letters", "y", [file.parent / "a"])
    assert sorted(path.name for path in file.parent.iterdir()) == ["a", "known.json"]
    (file.parent / "a").write_text("mine")
    known.keep("letters", "z", [])
    assert (file.parent / "a").read_text() == "mine"


def test_no_file_outside_the_folder_is_removed(file):
    outside = file.parent.parent / "outside.txt"
    outside.write_text("mine")
    recorded = re.sub(r'"a": "\w+"', f'"../outside.txt": "{file_sha256(outside)}"', file.read_text())
    file.write_text(recorded)
    assert Fingerprints(file).is_current("letters", "x")
    Fingerprints(file).keep("letters", "y", [])
    assert outside.read_text() == "mine"
    assert not (file.parent / "b").exists()


def test_a_folder_is_its_names_and_contents_without_what_is_hidden_or_compiled(tmp_path):
    folder = tmp_path / "folder"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "a.py").write_text("1")
    before = folder_sha256(folder)
    for name in ("__pycache__/a.pyc", ".a.swp", ".cache/a"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("1")
    assert folder_sha256(folder) == before
    (folder / "part" / "a.py").rename(folder / "a.py")
    moved = folder_sha256(folder)
    (folder / "a.py").write_text("2")
    assert len({before, moved, folder_sha256(folder)}) == 3


def test_parts_of_a_digest_do_not_run_together():
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest(b"ab", b"c", "")}) == 4
    assert digest("a", b"b") == digest(b"a", "b")


def test_versions_are_those_that_are_installed(tmp_path):
    pinned = "# made by\ntyper==0.0.1 \\\n    --hash=sha256:abc\nno-such-package==1 ; sys_platform == 'x'\n"
    (tmp_path / "requirements.txt").write_text(pinned)
    assert versions(tmp_path / "requirements.txt").splitlines()[-2:] == [
        f"typer {version('typer')}",
        "no-such-package ",
    ]
    assert versions(tmp_path / "missing.txt") == sys.version
