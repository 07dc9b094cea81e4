"""Commands on a terminal as processes of their own, forked from one that has loaded what they load.

To load it took nine tenths of a sitting's time. A fork has its own memory, descriptors, session, environment and
signals, and starts where `python -m tix` is after its imports. What it has not is a start of Python: that is for tests
marked `real`, and for whatever names a program.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

# Reads, again and again, what is to run, with two descriptors: its terminal, and where to write its number and its end.
# Of each it forks one that waits for it.
_PARENT = r"""
import gc, importlib, json, os, signal, socket, sys, time
from tix.cli import main
for name in sys.argv[2:]:
    importlib.import_module(name)
gc.freeze()

def begin(terminal, words, env, folder):
    os.login_tty(terminal)
    os.closerange(3, 256)
    for number in (signal.SIGHUP, signal.SIGCHLD, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    os.umask(0o022)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv = ["tix", *words]
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = open(number, mode, closefd=False, encoding="utf-8", errors="surrogateescape")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stderr.reconfigure(line_buffering=True, errors="backslashreplace")
    main.program()

requests = socket.socket(fileno=int(sys.argv[1]))
while True:
    data, descriptors, _, _ = socket.recv_fds(requests, 1 << 20, 2)
    if not data:
        break
    terminal, told = descriptors
    if not os.fork():
        requests.close()
        child = os.fork()
        if not child:
            os.close(told)
            try:
                begin(terminal, *json.loads(data))
            finally:
                os._exit(70)
        os.close(terminal)
        os.write(told, b"%d\n" % child)
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        os._exit(0)
    os.close(terminal)
    os.close(told)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
"""

# What sittings load, besides the command line.
_LOADED = (
    "_uuid ctypes platform prompt_toolkit.input.vt100 prompt_toolkit.key_binding.bindings.search questionary rich.console "
    "rich.live rich.table rich.text sqlite3 termios tty urllib.parse uuid "
    "tix.cli.commands.edit tix.cli.commands.list_ tix.cli.commands.new tix.cli.commands.reply tix.cli.commands.show "
    "tix.cli.commands.triage tix.cli.desks.standing_view tix.cli.desks.triage tix.cli.desks.undo tix.cli.input.drafts "
    "tix.cli.input.editor tix.cli.input.keys tix.cli.input.saved tix.cli.input.text tix.cli.input.ticket_form "
    "tix.cli.local_nouns tix.cli.output tix.cli.terminal.pager tix.cli.tickets.queue_output tix.cli.triage.decisions "
    "tix.cli.triage.screen tix.cli.visits tix.desk.mail.quoted tix.desk.notifications tix.desk.queue.select "
    "tix.desk.resources.registry tix.desk.tickets.new tix.desk.tickets.possible tix.desk.tickets.read "
    "tix.desk.tickets.reply tix.domain.workflows.shipped tix.render.records.show tix.render.terminal.queue_table "
    "tix.render.terminal.timeline tix.store.open tix.store.search.queue tix.store.tickets.timeline"
).split()


class Fork:
    """A command that runs, as a `Popen` is."""

    def __init__(self, argv: Sequence[str], told: int) -> None:
        self.args = list(argv)
        self.returncode: int | None = None
        self._told = os.fdopen(told, "rb", buffering=0)
        self.pid = int(self._line())

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        if (code := self._ended(timeout)) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], timeout)[0]:
            self.returncode = int(self._line())
            self._told.close()
        return self.returncode

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            if not (read := self._told.read(1)):
                raise ChildProcessError(f"who forks commands has ended; {self.args} could not be told")
            line += read
        return line


def on_terminal(terminal: int, words: Sequence[str], env: Mapping[str, str], folder: Path) -> Fork:
    """Start `tix words` as the first process of a terminal, which is given as a descriptor."""
    told, telling = os.pipe()
    try:
        data = json.dumps([[*words], {**env}, str(folder)]).encode()
        socket.send_fds(_parent(), [data], [terminal, telling])
    finally:
        os.close(telling)
    return Fork(("tix", *words), told)


@cache
def _parent() -> socket.socket:
    """The process that forks, of which there is one for all tests of this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    env = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    process = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(theirs.fileno()), *_LOADED],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=env,
        cwd="/",
        start_new_session=True,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(60)

    atexit.register(end)
    return ours
