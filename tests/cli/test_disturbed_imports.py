"""An import that is disturbed writes everything or nothing: a file that changes, a full disk, a kill."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli.imports.unchanged import Unchanged
from tix.errors import InvalidValue, StorageFailure
from tix.store.spool import SpillFile

ROWS = 3_000


def _issues(count: int = ROWS) -> str:
    return json.dumps(
        [
            {
                "number": number,
                "title": f"Issue {number}",
                "body": "b" * 500,
                "state": "OPEN",
                "createdAt": "2026-01-01T00:00:00Z",
                "url": f"https://github.com/acme/shop/issues/{number}",
            }
            for number in range(1, count + 1)
        ]
    )


@pytest.mark.parametrize("how", ["longer", "same size", "replaced", "gone"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, how: str):
    path = tmp_path / "a.csv"
    path.write_text("subject\nOne\n")
    watched = Unchanged(path, "a.csv")
    watched.check()
    if how == "longer":
        with path.open("a") as stream:
            stream.write("Two\n")
    elif how == "same size":
        path.write_text("subject\nTwo\n")
        os.utime(path, ns=(0, 0))
    elif how == "replaced":
        other = tmp_path / "b.csv"
        other.write_text("subject\nOne\n")
        other.replace(path)
    else:
        path.unlink()
    with pytest.raises(InvalidValue, match=r"'a\.csv' changed while it was read; nothing was imported"):
        watched.check()


def test_a_file_that_grows_during_an_import_is_refused_and_nothing_written(desk: Shell, monkeypatch):
    """The check comes after the last record was read and before anything is written."""
    path = desk.folder / "a.csv"
    path.write_text("subject\nOne\n")
    from tix.importers import detect

    read = detect.stories

    def growing(*given, **named):
        yield from read(*given, **named)
        with path.open("a") as stream:
            stream.write("Two\n")

    monkeypatch.setattr(detect, "stories", growing)
    failed = desk.inside("import", "a.csv", check=2)
    assert "changed while it was read" in failed.err
    assert desk.tix("list", "--all", "--json").json == []


def test_no_room_for_temporary_files_is_said():
    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    spill = SpillFile()
    spill._values.close()
    spill._values = Full()  # type: ignore[assignment]  # a file on a full disk
    with pytest.raises(StorageFailure, match="temporary files: No space left on device"):
        spill.put((1,))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.long
def test_a_disk_that_fills_up_keeps_what_was_there(desk: Shell, small: Path):
    desk.tix("new", "Before", "-m", "x")
    (desk.folder / "many.json").write_text(_issues())
    before = desk.tix("export").raw_out
    store = small / "desk.db"
    store.write_bytes(desk.store.read_bytes())
    store.chmod(0o600)
    words = ("import", str(desk.folder / "many.json"), "--yes")
    process = desk.start(*words, env={"TMPDIR": str(small)})
    assert process.wait(120) == 7
    assert desk.tix("export").raw_out == before
    process = desk.start(*words, env={"TIX_STORE": str(store)})
    assert process.wait(120) == 7
    there = {"TIX_STORE": str(store)}
    assert desk.tix("export", env=there).raw_out == before
    assert desk.tix("doctor", env=there).code == 0


@pytest.mark.long
@pytest.mark.parametrize("options", [(), ("--update",)])
def test_a_killed_import_is_whole_or_nothing(desk: Shell, options: tuple[str, ...]):
    """Killed at several instants; the next run of the same command completes it."""
    first = json.loads(_issues(400))
    (desk.folder / "many.json").write_text(json.dumps(first))
    if options:
        desk.tix("import", "many.json", "--yes")
        for issue in first:
            issue["title"] += " again"
        (desk.folder / "many.json").write_text(json.dumps(first))
    before = desk.tix("list", "--all", "-o", "csv", "-c", "subject", "--limit", "0").out
    after = {issue["title"] for issue in first}
    words = ("import", str(desk.folder / "many.json"), "--yes", *options)
    for pause in (0.3, 0.6, 0.8, 1.0, 1.2):
        process = desk.start(*words)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        now = desk.tix("list", "--all", "-o", "csv", "-c", "subject", "--limit", "0").out
        assert now == before or set(now.splitlines()[1:]) == after
    desk.tix(*words)
    assert {one["subject"] for one in desk.tix("list", "--all", "--json", "--limit", "0").json} == after
    assert desk.tix("doctor").code == 0
