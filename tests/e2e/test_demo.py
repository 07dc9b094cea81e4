"""`tix demo` makes a desk, and every command line it prints runs as it is printed."""

import re
from pathlib import Path

import pytest

from tests.harness import TIX, Shell


def _printed(text: str) -> list[str]:
    """The command lines among the words: those that are indented."""
    return re.findall(r"^  (\S.*)$", text, re.MULTILINE)


@pytest.fixture
def folder(desk: Shell) -> Path:
    """Where temporary folders are made: a path that a shell takes apart unless it is quoted."""
    folder = desk.folder / "a b'c$HOME"
    folder.mkdir()
    return folder


@pytest.mark.needs("bash")
@pytest.mark.parametrize("own", [None, "my own.db"])
def test_the_lines_that_the_demo_prints_can_be_pasted(desk: Shell, folder: Path, own: str | None):
    environment = {"TMPDIR": str(folder), "PATH": "/usr/bin:/bin"}
    desk.env.pop("TIX_STORE")
    if own is not None:
        environment["TIX_STORE"] = own
    made = desk.run(*TIX, "demo", env=environment)
    lines = _printed(made.err.partition("To try it")[2])
    assert [line.split()[0] for line in lines] == [
        "export",
        "export",
        "tix",
        "tix",
        *lines[4].split()[:1],
        "rm",
    ]
    script = "".join(f"{line} || exit 9\n" for line in lines[:-2])
    shown = desk.run("bash", "-c", f"cd /; {script}", env=environment)
    assert "VPN drops every few minutes" in shown.out

    left = desk.run("bash", "-c", "\n".join([*lines, 'echo "now ${TIX_STORE-unset}"']), env=environment)
    assert left.out.endswith(f"now {own or 'unset'}\n")
    assert list(folder.iterdir()) == []


def test_a_tix_on_the_path_needs_no_line(desk: Shell):
    programs = desk.folder / "programs"
    programs.mkdir()
    (programs / "tix").symlink_to(Path(TIX[0]).with_name("tix"))
    path = desk.env["PATH"]
    made = desk.run(*TIX, "demo", env={"PATH": f"{programs}:{path}"})
    assert "export PATH" not in made.err
    other = desk.folder / "other"
    other.mkdir()
    (other / "tix").write_text("#!/bin/sh\n")
    (other / "tix").chmod(0o755)
    made = desk.run(*TIX, "demo", env={"PATH": f"{other}:{programs}:{path}"})
    assert "export PATH" in made.err
