"""Where the output goes, and what becomes of it when that place is full, closed or odd."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.harness import TIX, Result, Shell, is_our_traceback
from tests.soak.races import held

pytestmark = pytest.mark.long

ODD = "Grüße, 你好, \N{PILE OF POO}, \x1b[31mred"


@pytest.fixture
def filled(desk: Shell) -> Shell:
    """Enough to print that no pipe holds it."""
    source = desk.folder / "tickets.csv"
    source.write_text("subject,message\n" + "".join(f"Ticket {n} {'x' * 180},Words.\n" for n in range(800)))
    desk.tix("import", source)
    return desk


def _shell(desk: Shell, line: str, check: int | None = 0) -> Result:
    """A line for the shell, in which `tix` is this tix; a failure anywhere in a pipe counts."""
    prelude = f'set -o pipefail; tix() {{ "{TIX[0]}" -m tix "$@"; }}; '
    return desk.run("bash", "-c", prelude + line, check=check)


def _quiet(result: Result) -> None:
    assert "Traceback" not in result.err, str(result)
    assert "Exception ignored" not in result.err, str(result)
    assert "BrokenPipe" not in result.err, str(result)


@pytest.mark.parametrize(
    "words", ["list --all", "list --all --json", "list --all -o csv", "export", "log", "search ticket"]
)
def test_a_closed_pipe_is_success(filled: Shell, words: str) -> None:
    """`| head -1`: the reader has enough."""
    result = _shell(filled, f"tix {words} | head -1")
    assert len(result.lines) == 1
    assert result.err == ""


def test_a_pipe_closed_at_once_is_success(filled: Shell) -> None:
    for words in ("list --all", "--help", "list --help", "show 1", "whoami", "new S -m x", "completion zsh"):
        _quiet(_shell(filled, f"tix {words} | true"))


@pytest.mark.parametrize(
    "words", ["list", "list --json", "show 1", "show 1 --json", "export", "whoami", "--help", "config list"]
)
def test_a_full_device_is_a_failure_of_storage(filled: Shell, words: str) -> None:
    """What could not be printed was not printed: exit 7, one sentence."""
    result = _shell(filled, f"tix {words} >/dev/full", check=7)
    _quiet(result)
    said = [line for line in result.err.splitlines() if line.startswith(("tix: ", '{"error"'))]
    assert len(said) == 1, str(result)


def test_a_write_that_cannot_say_so_has_been_done(filled: Shell) -> None:
    """It is exit 7 for the answer, and the ticket is there once."""
    _quiet(_shell(filled, "tix new Unheard -m x >/dev/full", check=7))
    assert filled.tix("list", "--all", "--title", "Unheard", "--count").out == "1\n"


def test_errors_that_cannot_be_printed_keep_their_exit_code(filled: Shell) -> None:
    for closed in ("2>/dev/full", "2>&-"):
        assert _shell(filled, f"tix show 99999 {closed}", check=3).raw_out == b""
        assert _shell(filled, f"tix list --nonsense {closed}", check=2).raw_out == b""
        assert _shell(filled, f"tix list --all --count {closed}").out == "800\n"


def test_a_closed_stdout_is_no_bug(filled: Shell) -> None:
    """`>&-`: a read has nowhere to go; a write is done."""
    for words in ("list", "list --json", "show 1", "whoami", "--help"):
        result = _shell(filled, f"tix {words} >&-", check=None)
        assert result.code in {0, 7}, str(result)
        _quiet(result)
    result = _shell(filled, "tix new Closed -m x >&-", check=None)
    assert result.code in {0, 7}, str(result)
    assert filled.tix("list", "--all", "--title", "Closed", "--count").out == "1\n"


def test_everything_closed_is_no_bug(filled: Shell) -> None:
    """As a daemon might start it."""
    _shell(filled, "tix note 1 -m x <&- >&- 2>&-; test $? = 0 -o $? = 7")
    assert len(filled.tix("show", "1", "--json").json["thread"]) == 2
    _shell(filled, "tix note 1 <&- >/dev/null 2>&-", check=2)
    _shell(filled, "tix note 1 <&-", check=2)


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "LANG": "C"},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "xx_XX.nonsense"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "utf-16"},
        {"PYTHONUNBUFFERED": "1"},
        {"TERM": "dumb"},
        {"TERM": ""},
        {"TERM": "nonsense"},
        {"COLUMNS": "0", "LINES": "0"},
        {"COLUMNS": "x"},
        {"PAGER": "/no/such/pager"},
        {"TZ": "Nowhere/Land"},
        {"TZ": ":/etc/passwd"},
        {"HOME": "/no/such/home"},
    ],
    ids=str,
)
def test_an_odd_environment_changes_no_byte_of_data(desk: Shell, env: dict[str, str]) -> None:
    """Text goes in and comes out as UTF-8, whatever the locale says."""
    desk.tix("init", env=env)
    desk.tix("new", ODD, "-m", "Naïve — 你好", env=env)
    shown = desk.tix("show", "1", "--json", env=env)
    assert "Grüße, 你好, \N{PILE OF POO}" in shown.json["subject"]
    assert shown.raw_out.isascii()
    assert "你好" in desk.tix("list", env=env).out
    assert "你好" in desk.tix("show", "1", "-o", "table", env=env).out
    desk.tix("show", "2", check=3, env=env)
    terminal = desk.terminal("show", "1", env=env)
    terminal.wait()
    assert "你好" in terminal.text.replace(" ", "")


def test_ascii_arguments_are_not_needed_for_help(desk: Shell) -> None:
    """A Python that was told to believe the locale may refuse what it cannot read, in a sentence."""
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = desk.tix("new", "Grüße", "-m", "x", env=env, check=None)
    assert result.code in {0, 2}
    _quiet(result)
    desk.tix("new", "Plain", "-m", "x", env=env)
    desk.tix("show", "1", env=env)


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_a_dumb_terminal_gets_plain_text(desk: Shell, term: str) -> None:
    desk.tix("new", "Words", "-m", "More.", "-p", "urgent")
    for words in (("list",), ("show", "1"), ("whoami",), ()):
        terminal = desk.terminal(*words, env={"TERM": term})
        terminal.wait()
        assert (b"\x1b" in terminal.raw) is (term != "dumb") or words == ("whoami",)


def test_an_interrupted_command_is_130(desk: Shell) -> None:
    """Waiting for a text, or for a lock; nothing is written, and a text that was typed is kept."""
    desk.tix("new", "Words", "-m", "More.")
    before = desk.store.read_bytes()
    reading = desk.start("note", "1", stdin=subprocess.PIPE)
    time.sleep(1)
    reading.send_signal(signal.SIGINT)
    _, err = reading.communicate()
    assert reading.returncode == 130
    assert b"Traceback" not in err
    with held(desk.store):
        waiting = desk.start("note", "1", "-m", "A long text.")
        time.sleep(1)
        waiting.send_signal(signal.SIGINT)
        _, err = waiting.communicate()
    assert waiting.returncode == 130
    assert b"Traceback" not in err
    assert Path(err.decode().split("your text is saved: ")[1].strip()).read_text() == "A long text."
    assert desk.store.read_bytes() == before


def test_a_terminated_command_is_143_and_keeps_its_text(desk: Shell) -> None:
    """As for ctrl-c: a text that exists nowhere else is not lost."""
    desk.tix("new", "Words", "-m", "More.")
    before = desk.store.read_bytes()
    with held(desk.store):
        waiting = desk.start("note", "1", stdin=subprocess.PIPE)
        assert waiting.stdin is not None
        waiting.stdin.write(b"A text from nowhere else.")
        waiting.stdin.close()
        waiting.stdin = None
        time.sleep(1.5)
        waiting.send_signal(signal.SIGTERM)
        _, err = waiting.communicate()
    assert waiting.returncode in {143, -signal.SIGTERM}
    assert b"Traceback" not in err
    assert desk.store.read_bytes() == before
    assert b"your text is saved: " in err
    assert (
        Path(err.decode().split("your text is saved: ")[1].strip()).read_text() == "A text from nowhere else."
    )


def test_ctrl_c_at_any_moment_shows_no_traceback(desk: Shell) -> None:
    """Also while tix is still being imported; what Python does before tix has run a line is Python's own."""
    desk.tix("new", "Words", "-m", "More.")
    for at in range(12):
        process = desk.start("list", "--all")
        time.sleep(0.02 + at * 0.012)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        assert not is_our_traceback(err), f"after {20 + at * 12} ms\n{err.decode()}"
        if b"Traceback" not in err:
            assert process.returncode in {0, 130, -signal.SIGINT}, err.decode()
