"""Long reads on a terminal go through the pager, and tix waits for it."""

import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.harness import Shell

pytestmark = pytest.mark.long

LONG = ("list --all --limit 0", "log --limit 0", "search printer --limit 0", "whoami --permissions", "stats", "show 1 2 3",
        "time list", "user list", "config list", "notification rules", "workflow show", "type list", "report summary",
        "inbox", "list --all --json")  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.tix("import", "-", stdin="subject,message\n" + "".join(f"printer {n},m\n" for n in range(40)))
    for number in range(1, 4):
        shell.tix("time", "add", number, "5m")
    yield shell
    shell.close()


def test_every_long_read_is_paged(desk: Shell) -> None:
    """On a terminal of two lines; what stderr says of it stands in the page."""
    desk.env["TIX_PAGER"] = f"cat > {desk.folder}/page"
    page = desk.folder / "page"
    for words in LONG:
        page.unlink(missing_ok=True)
        terminal = desk.terminal(*words.split(), rows=2, cols=100)
        terminal.wait(None)
        assert page.exists(), words
        assert terminal.text.strip() == "", words


def test_what_fits_and_what_goes_on_is_not(desk: Shell) -> None:
    desk.env["TIX_PAGER"] = f"cat > {desk.folder}/page"
    desk.terminal("list", "--limit", 2).wait()
    watched = desk.terminal("list", "--watch", "60", rows=10)
    watched.expect("ctrl-c stops")
    watched.send("\x03")
    watched.wait(None)
    assert not (desk.folder / "page").exists()


def test_ctrl_c_is_the_pager_s(desk: Shell) -> None:
    """As with git: tix waits until the pager ends, and then the command has succeeded."""
    pager = desk.folder / "pager"
    pager.write_text(
        "#!/bin/sh\ntrap 'echo interrupted' INT\ncat > /dev/null\necho reading\n"
        f'while [ ! -e "{desk.folder}/done" ]; do sleep 0.05; done\necho bye\n'
    )
    pager.chmod(0o755)
    desk.env["TIX_PAGER"] = str(pager)
    terminal = desk.terminal("list", "--limit", 0)
    terminal.expect("reading")
    terminal.send("\x03")
    terminal.expect("interrupted")
    assert terminal.process.poll() is None
    (desk.folder / "done").touch()
    terminal.expect("bye")
    terminal.wait(0)


def test_a_pager_that_quits_early_is_no_failure(desk: Shell) -> None:
    desk.env["TIX_PAGER"] = "true"
    desk.terminal("list", "--limit", 0).wait(0)


@pytest.mark.parametrize(
    ("env", "setting", "flag", "chosen"),
    [
        ({"TIX_PAGER": "p1", "PAGER": "p3"}, "p2", (), "p1"),
        ({"TIX_PAGER": None, "PAGER": "p3"}, "p2", (), "p2"),
        ({"TIX_PAGER": None, "PAGER": "p3"}, None, (), "p3"),
        ({"TIX_PAGER": None}, None, (), "less"),
        ({"TIX_PAGER": "", "PAGER": "p3"}, "p2", (), None),
        ({"TIX_PAGER": "cat", "PAGER": "p3"}, "p2", (), None),
        ({"TIX_PAGER": None, "PAGER": "p3"}, "cat", (), None),
        ({"TIX_PAGER": "p1"}, None, ("--no-pager",), None),
        ({"TIX_PAGER": "p1", "TERM": "dumb"}, None, (), None),
        ({"TIX_PAGER": "p1", "CI": "true"}, None, (), None),
        ({"TIX_PAGER": "p1", "CI": "false"}, None, (), "p1"),
        ({"TIX_PAGER": "p1", "ACCESSIBLE": "1"}, None, (), None),
    ],
)
def test_which_pager(
    desk: Shell, env: dict[str, str | None], setting: str | None, flag: tuple[str, ...], chosen: str | None
) -> None:
    """Each of them writes its name; without one, the list itself is on the terminal."""
    for name in ("p1", "p2", "p3", "less"):
        program = desk.folder / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\ncat > /dev/null\necho paged by {name} with $LESS\n")
        program.chmod(0o755)
    desk.env["PATH"] = f"{desk.folder}/bin:{desk.env['PATH']}"
    if setting is not None:
        desk.tix("config", "set", "pager", setting)
    command = ["sh", "-c", 'unset TIX_PAGER; exec "$0" "$@"', sys.executable, "-m", "tix"]
    unset = [name for name, value in env.items() if value is None]
    terminal = desk.terminal(
        "list", *flag, env={name: value for name, value in env.items() if value is not None},
        program=tuple(command if unset else command[3:]), rows=5,
    )  # fmt: skip
    terminal.wait(0)
    if chosen is None:
        assert "printer 0" in terminal.text
    else:
        assert f"paged by {chosen} with FRX" in terminal.text
        assert "printer 0" not in terminal.text


@pytest.mark.parametrize(
    ("pager", "why"),
    [
        ("no-such-pager -R", "No such file or directory"),
        ("no-such-pager | cat >&2", None),
        ("./a-folder", "Permission denied"),
        ("false", "status 1"),
        ("sh -c 'kill -9 $$'", "killed by signal 9"),
        ("sh -c 'no-such-pager-in-a-shell'", "no such program"),
    ],
)
def test_a_pager_that_fails_loses_nothing(desk: Shell, pager: str, why: str | None) -> None:
    """One warning, then the text itself; the command has done what it was asked for."""
    (desk.folder / "a-folder").mkdir()
    desk.env["TIX_PAGER"] = pager
    terminal = desk.terminal("list", "--limit", 0, rows=5)
    terminal.wait(0)
    assert "Traceback" not in terminal.text
    if why is not None:
        assert terminal.text.count(f"failed ({why}); here is its text.") == 1
        assert "printer 0" in terminal.text
        assert "printer 39" in terminal.text


def test_less_is_left_by_q(desk: Shell) -> None:
    """As with git: no message, and success."""
    terminal = desk.terminal("list", "--limit", 0, program=("sh", "-c", f"unset TIX_PAGER; exec {sys.executable} -m tix \"$@\"", "sh"))  # fmt: skip
    terminal.expect(":")
    terminal.send("q")
    terminal.wait(0)
    assert "Traceback" not in terminal.text
    assert "tix:" not in terminal.text


# ---------------------------------------------------------------------------------- a terminal that goes away


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_text_is_saved_when_the_terminal_goes_while_the_store_is_held(
    desk: Shell, number: signal.Signals
) -> None:
    """The write waits for the lock; what was typed is kept as it is on ctrl-c."""
    other = sqlite3.connect(desk.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    terminal = desk.terminal("reply", 1, "-m", "a long answer")
    terminal.expect("waiting")
    terminal.process.send_signal(number)
    terminal.wait(128 + number)
    other.close()
    drafts = list((desk.home / ".local" / "state" / "tix" / "drafts").iterdir())
    assert [draft.read_text() for draft in drafts] == ["a long answer"]
    assert drafts[0].name in terminal.text.replace("\n", "")


def test_nohup_stays_what_it_is(desk: Shell) -> None:
    """A command that was started to outlive its terminal does."""
    done = desk.run(
        "sh", "-c", "trap '' HUP; exec \"$0\" -c 'import os, signal; from tix.cli.signals import listen; listen(); "
        "os.kill(os.getpid(), signal.SIGHUP); print(\"went on\")'", sys.executable,
    )  # fmt: skip
    assert done.out == "went on\n"
