"""One command line of tix run inside this process: the answer of a real one, without the start of Python.

It has file descriptors of its own for its standard streams, hence so has the editor or the pager it starts; the
environment, folder and time zone it is given and no other; and the warnings, signal handlers and mask of a new
process. What it changes of them is put back before `run` returns. What only a real process has is not here: a
terminal, a death by a signal, the start of the interpreter, a power cut.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

# What any pipe holds, so that nobody has to feed it while the command runs.
_PIPE_BYTES = 16_384

# Whose handlers a command may set, or a library it loads.
_SIGNALS = (
    signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGHUP, signal.SIGPIPE, signal.SIGWINCH, signal.SIGCONT,
    signal.SIGQUIT,
)  # fmt: skip
_STREAMS = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__")


def run(
    argv: Sequence[str], *, env: Mapping[str, str], folder: Path, stdin: bytes | None
) -> tuple[int, bytes, bytes]:
    """The exit status of `tix argv`, its standard output and its standard error.

    Without `stdin` the command reads from nowhere. Only for the main thread: it owns the signals.
    """
    main = _command_line()
    if "__complete" in argv:
        _be_patient()
    with _surroundings(env, folder), _streams(stdin) as told, unsynced():
        status = main(list(argv))
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # as the end of a real process does
                stream.flush()
    out, err = told()
    return status, out, err


@cache
def _command_line() -> Callable[[list[str]], int]:
    """`main` of the command line; what loading it changes of this process is put back."""
    interrupt, often = signal.getsignal(signal.SIGINT), gc.get_threshold()
    from tix.cli import main

    signal.signal(signal.SIGINT, interrupt)
    gc.set_threshold(*often)
    return main.main


@cache
def _be_patient() -> None:
    """A completion that takes too long ends its process; this one is not its own."""
    from tix.cli.commands import complete

    complete._give_up_later = lambda asking: None


@contextmanager
def _surroundings(env: Mapping[str, str], folder: Path) -> Iterator[None]:
    """The environment, the folder and the state of the process that a command has; then the former ones."""
    # By descriptor: the folder of who calls may be gone, or have no name.
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    before, names, hooks = dict(_environment()), sys.argv, (sys.unraisablehook, sys.excepthook)
    temporary, tempfile.tempdir = tempfile.tempdir, None  # else $TMPDIR is read once for all commands
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    mask = os.umask(0o022)
    wakeup = signal.set_wakeup_fd(-1)
    try:
        os.chdir(folder)
        _become({os.fsencode(name): os.fsencode(value) for name, value in env.items()})
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in _SIGNALS[1:]:
            signal.signal(number, signal.SIG_IGN if number == signal.SIGPIPE else signal.SIG_DFL)
        # A warning a user would not see is an error here: nobody else looks for it.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in handlers.items():
            if handler is not None:  # None is one that is not Python's
                signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        sys.argv, (sys.unraisablehook, sys.excepthook) = names, hooks
        tempfile.tempdir = temporary
        _become(before)
        os.umask(mask)
        os.fchdir(here)
        os.close(here)


def _environment() -> dict[bytes, bytes]:
    """What ``os.environ`` keeps: to read and write it there costs a tenth of what its methods do."""
    return os.environ._data  # type: ignore[attr-defined]


def _become(env: Mapping[bytes, bytes]) -> None:
    now = _environment()
    zone = now.get(b"TZ")
    for name in now.keys() - env.keys():
        os.unsetenv(name)
        del now[name]
    for name, value in env.items():
        if now.get(name) != value:
            os.putenv(name, value)
            now[name] = value
    if env.get(b"TZ") != zone:
        time.tzset()


@contextmanager
def _streams(stdin: bytes | None) -> Iterator[Callable[[], tuple[bytes, bytes]]]:
    """Standard streams on descriptors 0, 1 and 2; gives what tells the bytes written, once they are ours again."""
    kept = [_copy(number) for number in (0, 1, 2)]
    former = {name: getattr(sys, name) for name in _STREAMS}
    for name in ("stdout", "stderr"):
        with suppress(AttributeError, ValueError, OSError):
            former[name].flush()
    out, err = _sinks()
    for sink in (out, err):
        sink.seek(0)
        sink.truncate()
    source = _source(stdin)
    made: list[Any] = []
    try:
        for number, descriptor in enumerate((source, out.fileno(), err.fileno())):
            os.dup2(descriptor, number)  # inheritable: an editor writes there too
        os.close(source)
        for number, mode in enumerate(("r", "w", "w")):
            how = {"closefd": False, "encoding": "utf-8", "errors": "surrogateescape"}
            made.append(open(number, mode, **how))  # noqa: SIM115  # closed below
        made[2].reconfigure(line_buffering=True, errors="backslashreplace")
        for place, name in enumerate(_STREAMS):
            setattr(sys, name, made[place % 3])
        yield lambda: (_all_of(out), _all_of(err))
    finally:
        for stream in made:
            with suppress(OSError, ValueError):
                stream.close()
        for name, stream in former.items():
            setattr(sys, name, stream)
        for number, descriptor in enumerate(kept):
            _put_back(descriptor, number)


@cache
def _sinks() -> tuple[BinaryIO, BinaryIO]:
    """Where commands write, one after the other."""
    found = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
    for one in found:
        atexit.register(one.close)
    return found


def _all_of(sink: BinaryIO) -> bytes:
    sink.seek(0)
    return sink.read()


def _source(data: bytes | None) -> int:
    """A descriptor to read from: nowhere, or a pipe with these bytes in it."""
    if data is None:
        return os.open(os.devnull, os.O_RDONLY)
    reading, writing = os.pipe()
    if len(data) <= _PIPE_BYTES:
        os.write(writing, data)
        os.close(writing)
    else:
        threading.Thread(target=_feed, args=(writing, data), daemon=True).start()
    return reading


def _feed(pipe: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(pipe, "wb") as stream:
        stream.write(data)


def _copy(number: int) -> int | None:
    try:
        return os.dup(number)
    except OSError:  # closed
        return None


def _put_back(descriptor: int | None, number: int) -> None:
    if descriptor is None:
        os.close(number)
    else:
        os.dup2(descriptor, number)
        os.close(descriptor)


@contextmanager
def unsynced() -> Iterator[None]:
    """These commands are about answers, not about power cuts; syncing would be most of their time."""
    from tix.store import connection

    before = connection._PRAGMAS
    connection._PRAGMAS = tuple(
        "PRAGMA synchronous=OFF" if pragma.startswith("PRAGMA synchronous") else pragma for pragma in before
    )
    try:
        yield
    finally:
        connection._PRAGMAS = before
