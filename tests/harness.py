"""What a person or a script meets: pipes, exit codes, terminals.

A `Shell` is one desk in one temporary folder and nothing of the machine's own settings. Its commands run inside
this process (`tests.in_process`) unless a test is about the process itself; `TIX_REAL=1` makes each a real one.
A `Terminal` is one program on a pseudo-terminal, with a screen that can be looked at as a grid; tix there is a process
forked from one that has loaded it (`tests.forks`), unless all are to be real. The time limits
are nets for a program that hangs, never a statement about speed.
"""

import json
import os
import re
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, NamedTuple, Self

import pyte

from tests import contract, engines, forks, in_process, replays
from tix.cli.messages import wants_json

PATIENCE_SECONDS = 60.0

TIX = (sys.executable, "-m", "tix")

# Whether every command is to be a process, as on somebody's machine.
ALL_REAL = bool(os.environ.get("TIX_REAL"))

# What only the start of an interpreter reads.
_OF_THE_START = ("PYTHON", "LANG", "LC_", "LD_")

# Makes the terminal on stdin the controlling one (for ctrl-c), then becomes the program. A process of its own
# does it, because code between fork and exec is not safe beside the threads of a test runner.
# A terminal's programs hear of its end, also where the tests themselves were started under nohup.
_ON_TERMINAL = (
    "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    "os.login_tty(0); os.execvp(sys.argv[1], sys.argv[1:])"
)

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\)"  # OSC, DCS and the like: titles, links
    r"|\x1b[ -/]*[0-~]",  # two-byte sequences
    re.DOTALL,
)


# Until ``cli/__init__.py`` has run its first statement, ctrl-c is Python's own.
_FIRST_LINES = re.compile(rb"/tix/(__main__|cli/__init__)\.py")


def is_our_traceback(err: bytes) -> bool:
    """Whether standard error holds a traceback that tix could have kept from showing."""
    ours = (b"/tix/" in line and not _FIRST_LINES.search(line) for line in err.splitlines())
    return b"Traceback" in err and any(ours)


class Result(NamedTuple):
    """What one run of a program left behind."""

    argv: tuple[str, ...]
    raw_out: bytes
    raw_err: bytes
    code: int

    @property
    def out(self) -> str:
        """Standard output as text; a byte that is not UTF-8 shows as an escape."""
        return self.raw_out.decode(errors="backslashreplace")

    @property
    def err(self) -> str:
        """Standard error as text."""
        return self.raw_err.decode(errors="backslashreplace")

    @property
    def lines(self) -> list[str]:
        """The lines of standard output, without their ends."""
        return self.out.split("\n")[:-1] if self.out.endswith("\n") else self.out.split("\n")

    @property
    def rows(self) -> list[list[str]]:
        """The lines of `plain`, cut at the tabs."""
        return [line.split("\t") for line in self.out.split("\n") if line]

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.raw_out)

    @property
    def jsonl(self) -> list[Any]:
        """The JSON values on standard output, one a line."""
        return [json.loads(line) for line in self.raw_out.splitlines()]

    @property
    def refs(self) -> list[str]:
        """What a write prints when piped: references, one a line."""
        return self.out.split()

    @property
    def ref(self) -> str:
        """The one reference a write printed."""
        assert len(self.refs) == 1, f"not one reference:\n{self}"
        return self.refs[0]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The error objects `--json` puts on standard error, one a line."""
        found = [json.loads(line) for line in self.raw_err.splitlines() if line.startswith(b'{"error"')]
        return [item["error"] for item in found]

    @property
    def error(self) -> dict[str, Any]:
        """The one error object."""
        assert len(self.errors) == 1, f"not one error object:\n{self}"
        return self.errors[0]

    def __str__(self) -> str:
        command = " ".join(self.argv)
        return f"$ {command}\n[exit {self.code}]\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Shell:
    """A desk in a folder of its own, and the environment its commands run in.

    Change `env` or `now` to change them for all commands that follow.
    """

    # Whether each command of every desk is a process: in a test marked `real`, and where TIX_REAL says so.
    real: ClassVar[bool] = ALL_REAL

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.store = folder / "desk.db"
        self.now: str | None = None
        self.env = _clean_environment(self.home) | {"TIX_STORE": str(self.store)}
        self._terminals: list[Terminal] = []
        self._started: list[subprocess.Popen[bytes]] = []

    def tix(
        self,
        *args: object,
        as_: str | None = None,
        now: str | None = None,
        stdin: str | bytes | None = None,
        check: int | None = 0,
        env: dict[str, str] | None = None,
        process: bool = False,
    ) -> Result:
        """Run `tix` on pipes. `check` is the exit code it has to have; None accepts any.

        Without `stdin` the command reads from nowhere. `process` makes it a process of its own, for tests about
        just that: its bytes and its end, its locks and signals, what the disk has of it.
        """
        environment = self.environment(env=env)
        if process or Shell.real or _wants_a_process(environment):
            return self.run(*TIX, *args, as_=as_, now=now, stdin=stdin, check=check, env=env)
        return self.inside(*args, as_=as_, now=now, stdin=stdin, check=check, env=env)

    def inside(
        self,
        *args: object,
        as_: str | None = None,
        now: str | None = None,
        stdin: str | bytes | None = None,
        check: int | None = 0,
        env: dict[str, str] | None = None,
    ) -> Result:
        """Run `tix` in this process, whatever it is about."""
        words = tuple(str(word) for word in args)
        given = stdin.encode() if isinstance(stdin, str) else stdin
        environment = self.environment(as_=as_, now=now, env=env)

        def really() -> replays.Ran:
            code, out, err = in_process.run(words, env=environment, folder=self.folder, stdin=given)
            _compared(Result(("tix", *words), out, err, code))
            return code, out, err

        code, out, err = replays.run(words, environment, self.folder, given, really)
        return _expected(Result(("tix", *words), out, err, code), check)

    def run(
        self,
        *argv: object,
        as_: str | None = None,
        now: str | None = None,
        stdin: str | bytes | None = None,
        check: int | None = 0,
        env: dict[str, str] | None = None,
    ) -> Result:
        """Run any program in the environment of this desk."""
        words = tuple(str(word) for word in argv)
        done = subprocess.run(
            words,
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            cwd=self.folder,
            env=engines.of_a_process(self.environment(as_=as_, now=now, env=env)),
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return _checked(Result(words, done.stdout, done.stderr, done.returncode), check)

    def start(
        self,
        *args: object,
        as_: str | None = None,
        now: str | None = None,
        env: dict[str, str] | None = None,
        **popen: Any,
    ) -> "subprocess.Popen[bytes]":
        """Start `tix` and do not wait: for races and for kills. What still runs at the end is killed."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(
            [*TIX, *(str(word) for word in args)],
            cwd=self.folder,
            env=engines.of_a_process(self.environment(as_=as_, now=now, env=env)),
            **(pipes | popen),
        )
        self._started.append(process)
        return process

    def terminal(
        self,
        *args: object,
        rows: int = 24,
        cols: int = 80,
        as_: str | None = None,
        now: str | None = None,
        env: dict[str, str] | None = None,
        program: tuple[str, ...] = TIX,
    ) -> "Terminal":
        """Run `tix` (or another program) on a pseudo-terminal of that size."""
        argv = (*program, *(str(word) for word in args))
        environment = {"TERM": "xterm-256color", "TIX_PAGER": "cat"} | self.environment(
            as_=as_, now=now, env=env
        )
        terminal = Terminal(argv, engines.of_a_process(environment), self.folder, rows=rows, cols=cols)
        self._terminals.append(terminal)
        return terminal

    def people(self, *who: str) -> None:
        """Add people, each written `login:role`."""
        for word in who:
            login, role = word.split(":")
            name, email = login.capitalize(), f"{login}@x.example"
            self.tix("user", "add", login, "--role", role, "--name", name, "--email", email)

    def environment(
        self, *, as_: str | None = None, now: str | None = None, env: dict[str, str] | None = None
    ) -> dict[str, str]:
        """The environment of one command: the desk's, who acts, and the clock."""
        made = dict(self.env)
        if as_ is not None:
            made["TIX_USER"] = as_
        if (clock := now or self.now) is not None:
            made["TIX_NOW"] = clock
        return made | (env or {})

    def close(self) -> None:
        """End what still runs."""
        for terminal in self._terminals:
            terminal.close()
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()


class Terminal:
    """A program on a pseudo-terminal, and the screen it draws on.

    The screen answers questions about the cursor, as terminals do.
    """

    def __init__(
        self, argv: tuple[str, ...], env: dict[str, str], folder: Path, *, rows: int, cols: int
    ) -> None:
        self.argv = argv
        self.raw = b""
        self._seen = 0
        self._screen = _AnsweringScreen(cols, rows, self._answer)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = os.openpty()
        termios.tcsetwinsize(slave, (rows, cols))
        self.process: subprocess.Popen[bytes] | forks.Fork
        try:
            if argv[: len(TIX)] == TIX and not Shell.real and not _is_foreign(env):
                self.process = forks.on_terminal(slave, argv[len(TIX) :], env, folder)
            else:
                self.process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _ON_TERMINAL, *argv],
                    stdin=slave,
                    stdout=slave,
                    stderr=slave,
                    cwd=folder,
                    env=env,
                )
        finally:
            os.close(slave)

    @property
    def text(self) -> str:
        """Everything printed so far, without escape sequences and carriage returns."""
        return _ESCAPES.sub("", self.raw.decode(errors="backslashreplace")).replace("\r", "")

    @property
    def screen(self) -> list[str]:
        """The rows of the screen as they are now, without blanks at their ends."""
        return [row.rstrip() for row in self._screen.display]

    def expect(self, wanted: str | re.Pattern[str], timeout: float = PATIENCE_SECONDS) -> str:
        """Wait until `wanted` has been printed after what was expected last; return what matched."""
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        deadline = time.monotonic() + timeout
        while not (match := pattern.search(self.text, self._seen)):
            if not self._read(deadline):
                raise AssertionError(f"never saw {pattern.pattern!r}\n{self}")
        self._seen = match.end()
        return match.group()

    def send(self, keys: str) -> None:
        r"""Type; `\r` is the Enter key, `\x03` ctrl-c, `\x04` ctrl-d."""
        os.write(self._master, keys.encode())

    def resize(self, rows: int, cols: int) -> None:
        """Change the size of the window; the program hears of it."""
        termios.tcsetwinsize(self._master, (rows, cols))
        self._screen.resize(rows, cols)

    def wait(self, check: int | None = 0, timeout: float = PATIENCE_SECONDS) -> int:
        """Read until the program ends; return its exit code, which has to be `check` unless that is None."""
        deadline = time.monotonic() + timeout
        while self._read(deadline):
            pass
        try:
            code = self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout} s\n{self}") from None
        assert check is None or code == check, f"expected exit {check}, not {code}\n{self}"
        return code

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __str__(self) -> str:
        grid = "\n".join(self.screen).rstrip()
        return f"$ {' '.join(self.argv)}\n--- screen\n{grid}\n--- bytes\n{self.raw!r}"

    def _read(self, deadline: float) -> bool:
        """Take in what is there, waiting for it; False when there will be no more or the time is over."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # EIO is how Linux says that nobody holds the other end any more
            return False
        self.raw += chunk
        self._stream.feed(chunk)
        return bool(chunk)

    def _answer(self, data: str) -> None:
        os.write(self._master, data.encode())


class _AnsweringScreen(pyte.Screen):
    """A screen whose answers, such as the place of the cursor, are typed to the program."""

    def __init__(self, columns: int, lines: int, answer: Any) -> None:
        super().__init__(columns, lines)
        self._type = answer

    def write_process_input(self, data: str) -> None:
        self._type(data)


def _checked(result: Result, code: int | None) -> Result:
    return _compared(_expected(result, code))


def _expected(result: Result, code: int | None) -> Result:
    assert code is None or result.code == code, f"expected exit {code}\n{result}"
    return result


def _compared(result: Result) -> Result:
    """What was printed is what the contract says."""
    if wants_json(result.argv):
        for line in result.raw_err.splitlines():
            assert line.startswith((b'{"error": {', b'{"notice": {', b'{"warning": {')), f"not JSON\n{result}"
            json.loads(line)
    program, *words = result.argv
    if program == TIX[0]:
        words = words[len(TIX) - 1 :] if result.argv[: len(TIX)] == TIX else []
    if program == "tix" or words:
        try:
            contract.check(words, result.code, result.raw_out, result.raw_err)
        except contract.Broken as broken:
            raise AssertionError(f"{broken}\n{result}") from broken
    return result


def _wants_a_process(env: dict[str, str]) -> bool:
    """Whether this environment, or this thread, means something to a process of its own alone.

    The locale and the like are read when Python starts; and signals, streams and folder belong to the main thread.
    """
    return _is_foreign(env) or threading.current_thread() is not threading.main_thread()


def _is_foreign(env: dict[str, str]) -> bool:
    """Whether an interpreter would start differently in this environment."""
    return any(name.startswith(_OF_THE_START) and value != _LOCALE.get(name) for name, value in env.items())


_LOCALE = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def _clean_environment(home: Path) -> dict[str, str]:
    """Nothing of the machine's settings but where its programs are."""
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_RUNTIME_DIR": home / ".run",
        "XDG_CONFIG_DIRS": home / "etc-xdg",
        "TMPDIR": home / "tmp",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {name: str(folder) for name, folder in folders.items()} | {
        "PATH": os.environ.get("PATH", os.defpath),
        "TZ": "UTC",
        **_LOCALE,
    }
