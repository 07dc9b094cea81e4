"""What is shown while a command is at work: on a terminal, after a second, and gone at the end."""

import sys
from pathlib import Path

import pytest

from tests.harness import Shell

# A block of two steps; it goes on when it may, so that nothing here depends on the speed of the machine.
WORK = """
import os, sys, time
from tix.cli.options import Globals
from tix.cli.session import Invocation, Session
from tix.cli.terminal.progress import Progress
from tix.cli.signals import listen
listen()
session = Session(Invocation(sys.argv[2:]), Globals(quiet="--quiet" in sys.argv))
def wait(name):
    while not os.path.exists(f"{sys.argv[1]}/{name}"):
        time.sleep(0.02)
with Progress(session, "Exporting") as progress:
    wait("one")
    progress("tickets", 1200, 5000)
    wait("two")
sys.stdout.write("done\\n")
"""


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    yield shell
    shell.close()


def test_it_moves_and_is_gone_at_the_end(desk: Shell) -> None:
    terminal = desk.terminal("-c", WORK, desk.folder, program=(sys.executable,))
    terminal.expect("Exporting")
    (desk.folder / "one").touch()
    terminal.expect("1200/5000")
    (desk.folder / "two").touch()
    terminal.expect("done")
    terminal.wait(0)
    assert terminal.screen[0] == "done"
    assert "Exporting" not in "\n".join(terminal.screen)


@pytest.mark.parametrize("env", [{"ACCESSIBLE": "1"}, {"CI": "1"}, {"TERM": "dumb"}], ids=str)
def test_where_nothing_may_move_it_is_told_in_words(desk: Shell, env: dict[str, str]) -> None:
    terminal = desk.terminal("-c", WORK, desk.folder, program=(sys.executable,), env=env)
    terminal.expect("Exporting …\n")
    (desk.folder / "one").touch()
    (desk.folder / "two").touch()
    terminal.wait(0)
    assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("words", ["--quiet", "--json"])
def test_nothing_is_shown_where_nobody_wants_it(desk: Shell, words: str) -> None:
    (desk.folder / "one").touch()
    (desk.folder / "two").touch()
    slow = WORK.replace('wait("two")', "time.sleep(1.3)")
    terminal = desk.terminal("-c", slow, desk.folder, words, program=(sys.executable,))
    terminal.wait(0)
    assert terminal.text == "done\n"


def test_a_pipe_gets_nothing_and_starts_no_thread(desk: Shell) -> None:
    slow = WORK.replace('wait("one")', "time.sleep(1.2)").replace(
        'wait("two")', "assert 'rich' not in sys.modules"
    )
    done = desk.run(sys.executable, "-c", slow, desk.folder)
    assert (done.out, done.err) == ("done\n", "")


def test_ctrl_c_takes_it_away(desk: Shell) -> None:
    """And the cursor comes back."""
    terminal = desk.terminal("-c", WORK, desk.folder, program=(sys.executable,))
    terminal.expect("Exporting")
    terminal.send("\x03")
    terminal.wait(None)
    assert terminal.raw.count(b"\x1b[?25l") == terminal.raw.count(b"\x1b[?25h"), terminal
