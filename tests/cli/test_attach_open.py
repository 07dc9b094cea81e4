"""``attach open`` starts the person's program on a private copy; ``attach add -`` takes a file from stdin."""

import os
import stat
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.domain.files.filetypes import KINDS
from tix.domain.files.openable import opens_safely

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.tix("new", "Printer", "-m", "It hums.")
    viewer = tmp_path / "viewer"
    viewer.write_text(f'#!/bin/sh\nfor one; do echo "$one" >> {tmp_path}/seen; done\n')
    viewer.chmod(0o755)
    shell.env["BROWSER"] = str(viewer)
    yield shell
    shell.close()


def attach(desk: Shell, name: str, data: bytes) -> None:
    (desk.folder / name).write_bytes(data)
    desk.tix("attach", "add", 1, name)


def seen(desk: Shell) -> list[str]:
    path = desk.folder / "seen"
    return path.read_text().splitlines() if path.exists() else []


def test_a_file_is_opened_from_a_folder_that_nobody_else_can_enter(desk: Shell) -> None:
    attach(desk, "a b;c.png", PNG)
    opened = desk.tix("attach", "open", 1)
    (path,) = seen(desk)
    assert opened.out == f"{path}\n"
    assert Path(path).name == "a b;c.png"
    assert Path(path).read_bytes() == PNG
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700


def test_what_the_program_prints_is_not_our_output(desk: Shell) -> None:
    attach(desk, "a.png", PNG)
    opened = desk.tix("attach", "open", 1, "--json", env={"BROWSER": "echo"}, process=True)
    assert [one["name"] for one in opened.json] == ["a.png"]


def test_one_of_several_by_name(desk: Shell) -> None:
    for name in ("a.png", "b.png"):
        attach(desk, name, PNG)
    desk.tix("attach", "open", 1, "b.png")
    assert [Path(one).name for one in seen(desk)] == ["b.png"]
    desk.tix("attach", "open", 1, "c.png", check=3)


HOSTILE = {
    "run.sh": b"#!/bin/sh\nrm -rf ~\n", "page.html": b"<script>1</script>", "image.svg": b"<svg onload='x'/>",
    "app.desktop": b"[Desktop Entry]\nExec=sh\n", "photo.png": b"#!/bin/sh\n", "notes.txt.sh": b"hello\n", "program": b"\x7fELF" + b"\0" * 60,
    "photo.exe": PNG, "macro.docm": b"PK\x03\x04", "archive.zip": b"PK\x05\x06" + b"\0" * 18, "no-ending": b"hello\n",
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), HOSTILE.items(), ids=HOSTILE)
def test_what_may_run_something_is_confirmed(desk: Shell, name: str, data: bytes) -> None:
    attach(desk, name, data)
    failed = desk.tix("attach", "open", 1, "--json", check=2)
    assert failed.error["code"] == "unconfirmed"
    assert failed.error["fix"] == ["tix", "attach", "open", "1", "--json", "--yes"]
    assert seen(desk) == []
    desk.tix("attach", "open", 1, "--yes")
    assert len(seen(desk)) == 1


def test_on_a_terminal_it_is_asked(desk: Shell) -> None:
    attach(desk, "page.html", b"<script>1</script>")
    for keys, count in (("\r", 0), ("y\r", 1)):
        terminal = desk.terminal("attach", "open", 1)
        terminal.expect("Open it?")
        terminal.send(keys)
        terminal.wait(0)
        assert len(seen(desk)) == count


def test_no_type_that_is_not_known_opens_by_itself() -> None:
    """Only what shows something; an ending that says otherwise counts."""
    assert opens_safely("a.png", "image/png")
    assert opens_safely("A.JPG", "image/jpeg")
    assert opens_safely("notes.txt", "text/plain")
    assert not opens_safely("a.png.html", "image/png")
    assert not opens_safely("a.svg", "image/svg+xml")
    assert not opens_safely("a", "text/plain")
    safe = {kind for kind, mime in KINDS.items() if opens_safely(f"a.{kind}", mime)}
    assert safe.isdisjoint({"zip", "docm", "xlsm", "ps", "exe", "elf", "script", "html", "svg", "rtf"})
    assert {"png", "pdf", "mp4", "mp3"} <= safe


def test_a_program_that_is_missing_or_fails_says_where_the_file_is(desk: Shell) -> None:
    attach(desk, "a.png", PNG)
    failed = desk.tix("attach", "open", 1, check=2, env={"BROWSER": "no-such-program"})
    assert "cannot start no-such-program" in failed.err
    assert "a.png" in failed.err
    failed = desk.tix("attach", "open", 1, check=2, env={"BROWSER": "false"})
    assert "false failed with status 1" in failed.err
    empty = desk.folder / "empty"
    empty.mkdir()
    failed = desk.tix("attach", "open", 1, check=2, env={"BROWSER": "", "PATH": str(empty)})
    assert "no program to open files with" in failed.err


def test_the_program_of_the_desktop_and_a_pattern(desk: Shell) -> None:
    attach(desk, "a.png", PNG)
    desk.tix("attach", "open", 1, env={"BROWSER": f"{desk.env['BROWSER']} --file=%s"})
    assert seen(desk)[0].startswith("--file=/")
    folder = desk.folder / "bin"
    folder.mkdir()
    (folder / "xdg-open").symlink_to(desk.env["BROWSER"])
    desk.tix("attach", "open", 1, env={"BROWSER": "", "PATH": f"{folder}:{os.environ['PATH']}"})
    assert len(seen(desk)) == 2


def test_nothing_to_open(desk: Shell) -> None:
    assert "TIX-1 has no attachments." in desk.tix("attach", "open", 1).err


# ------------------------------------------------------------------------------------------------- stdin


def test_a_file_on_stdin_has_the_name_it_is_given(desk: Shell) -> None:
    (desk.folder / "b.txt").write_text("b")
    desk.tix("attach", "add", 1, "b.txt", "-", "--name", "x.log", stdin=b"one\ntwo\n")
    assert [one["name"] for one in desk.tix("attach", "list", 1, "--json").json] == ["b.txt", "x.log"]
    desk.tix("attach", "save", 1, "x.log", "--dir", ".")
    assert (desk.folder / "x.log").read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("-",), b"x", "a file on stdin needs a name"),
        (("-", "-", "--name", "x"), b"x", "only once"),
        (("-", "--name", "../x"), b"x", "'../x' is not the name of a file"),
        (("-", "--name", " "), b"x", "' ' is not the name of a file"),
        (("b.txt", "--name", "x"), b"x", "--name is for a file on stdin"),
        (("-", "--name", "x"), b"", "nothing on stdin"),
        (("-", "--name", "x"), None, "nothing on stdin"),
    ],
)
def test_what_is_no_file_on_stdin_is_refused(
    desk: Shell, words: tuple[str, ...], stdin: bytes | None, said: str
) -> None:
    (desk.folder / "b.txt").write_text("b")
    assert said in desk.tix("attach", "add", 1, *words, stdin=stdin, check=2).err
    assert desk.tix("attach", "list", 1, "--json").json == []
