"""Programs on the path that are commands: ``tix-foo`` is ``tix foo``."""

import json
import sys
from pathlib import Path

import pytest

from tests.harness import Shell

TELL = f"""#!{sys.executable}
import json, os, sys
names = ("TIX_STORE", "TIX_USER", "TIX_READ_ONLY", "TIX_NO_INPUT", "TIX_PAGER", "TIX_PROFILE", "TZ", "NO_COLOR", "FORCE_HYPERLINK")
print(json.dumps([sys.argv[1:], {{name: os.environ[name] for name in names if name in os.environ}}]))
sys.exit(7)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.tix("new", "Printer", "-m", "It hums.")
    (tmp_path / "bin").mkdir()
    shell.env["PATH"] = f"{tmp_path}/bin:{shell.env['PATH']}"
    write(shell, "foo", TELL)
    yield shell
    shell.close()


def write(desk: Shell, name: str, text: str, folder: str = "bin", mode: int = 0o755) -> None:
    path = desk.folder / folder / f"tix-{name}"
    path.write_text(text)
    path.chmod(mode)


def told(desk: Shell, *words: object) -> tuple[list[str], dict[str, str]]:
    argv, environment = json.loads(desk.tix(*words, check=7, process=True).out)
    return argv, environment


def test_a_program_gets_the_words_behind_its_name_and_the_desk(desk: Shell):
    """Options too, also ours, --help among them; its exit status is that of the command."""
    argv, environment = told(desk, "foo", "a b", "--json", "--", "-x", "--help")
    assert argv == ["a b", "--json", "--", "-x", "--help"]
    assert environment["TIX_STORE"] == str(desk.store)
    assert "TIX_USER" not in environment


def test_general_options_before_the_name_are_variables(desk: Shell):
    desk.people("sam:agent")
    desk.tix("config", "set", "profiles.work.timezone", "Asia/Tokyo")
    _, environment = told(
        desk, "--store", "desk.db", "--as", "sam", "--read-only", "--no-input", "--no-pager", "--tz", "Europe/Berlin",
        "--color", "never", "--hyperlinks=always", "--profile", "work", "foo",
    )  # fmt: skip
    assert environment == {
        "TIX_STORE": str(desk.store), "TIX_USER": "sam", "TIX_READ_ONLY": "1", "TIX_NO_INPUT": "1", "TIX_PAGER": "cat",
        "TZ": "Europe/Berlin", "NO_COLOR": "1", "FORCE_HYPERLINK": "1", "TIX_PROFILE": "work",
    }  # fmt: skip
    refused = desk.tix("--timeout", "5", "foo", check=2).err
    assert "tix foo is the program tix-foo, which takes no --timeout of tix" in refused
    assert "no profile named 'nope'" in desk.tix("--profile", "nope", "foo", check=2).err


def test_a_program_can_use_tix(desk: Shell):
    write(desk, "count", f'#!/bin/sh\nexec {sys.executable} -m tix list --count "$@"\n')
    assert desk.tix("count", process=True).out == "1\n"
    assert desk.tix("count", "--closed", process=True).out == "0\n"
    assert desk.tix("--as", "nobody", "count", check=2, process=True).code == 2


def test_commands_and_aliases_come_first(desk: Shell):
    for name in ("list", "ls", "bar", "12", "tix-1"):
        write(desk, name, "#!/bin/sh\necho program\n")
    desk.tix("alias", "set", "bar", "list -o ids")
    for words in (
        ("list", "-o", "ids"),
        ("ls", "-o", "ids"),
        ("bar",),
        ("1", "-o", "ids"),
        ("TIX-1", "-o", "ids"),
    ):
        assert desk.tix(*words, process=True).out == "TIX-1\n"
    desk.tix("12", check=3)
    desk.tix("alias", "set", "f", "foo x")
    assert told(desk, "f", "y")[0] == ["x", "y"]


@pytest.mark.parametrize("path", ["", ".", "bin", "{home}:"])
def test_a_mistyped_command_runs_nothing_of_this_folder(desk: Shell, path: str):
    write(desk, "lits", "#!/bin/sh\necho program\n", folder=".")
    refused = desk.tix("lits", env={"PATH": path.format(home=desk.home)}, check=2)
    assert "did you mean tix list?" in refused.err
    assert refused.out == ""


def test_what_cannot_be_run_is_a_sentence(desk: Shell):
    write(desk, "plain", "echo\n", mode=0o644)
    (desk.folder / "bin" / "tix-folder").mkdir()
    for name in ("plain", "folder", "../bin/tix-foo", "foo/../foo"):
        assert "is not a command" in desk.tix(name, check=2).err
    write(desk, "broken", "no interpreter\n")
    assert "cannot run" in desk.tix("broken", check=2).err


def test_a_signal_that_ends_a_program_is_told_as_the_shell_does(desk: Shell):
    write(desk, "dies", "#!/bin/sh\nkill -TERM $$\n")
    desk.tix("dies", check=143, process=True)


def test_programs_are_in_the_help_and_completed(desk: Shell):
    assert "Programs on your path" in desk.tix("--help").out
    assert f"foo is the program {desk.folder}/bin/tix-foo" in " ".join(desk.tix("help", "foo").out.split())
    assert f"foo\t{desk.folder}/bin/tix-foo\n" in desk.tix("__complete", "--", "fo").out
    (desk.folder / "bin" / "tix-foo").unlink()
    assert "Programs" not in desk.tix("--help").out
    desk.tix("help", "foo", check=3)
