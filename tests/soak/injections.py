"""Faults at the n-th system call that touches the store, by strace."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.harness import TIX, Result, Shell
from tests.soak.kills import Trial, Verdict, judge
from tests.soak.states import NOW, reset

# The calls that change the disk, and the one that opens.
CALLS = ("openat", "pwrite64", "fsync", "fdatasync", "unlink", "rename")
FAULTS = ("error=ENOSPC", "error=EIO", "signal=SIGKILL")


class Injected(NamedTuple):
    """One disturbed run: which call, which fault, at which count, and the verdict."""

    call: str
    fault: str
    count: int
    verdict: Verdict
    said: str


@cache
def why_not() -> str | None:
    """Why nothing can be injected here, or None."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-o", "/dev/null", "-e", "inject=getpid:error=EIO", "true"],
        capture_output=True,
        check=False,
    )
    return None if tried.returncode == 0 else f"ptrace is not permitted: {tried.stderr.decode().strip()}"


def traced(
    desk: Shell, argv: list[str], log: Path, options: list[str], as_: str | None = None, *, fast: bool = True
) -> Result:
    """Runs a command under strace with those options. `fast` may not be where a signal is injected."""
    # Measured with strace 6.1: under --seccomp-bpf an injected signal is never delivered, and nothing says so.
    strace = ("strace", "-f", *(["--seccomp-bpf"] if fast else []), "-o", str(log), *options)
    env = {"PYTHONSAFEPATH": "1"}  # or Python looks for modules in the folder whose calls are disturbed
    return desk.run(*strace, *TIX, *argv, as_=as_, now=NOW, check=None, env=env)


def calls_of(one: Trial, call: str) -> int:
    """How many such calls on the store the write makes when nothing disturbs it."""
    log = _log(one)
    reset(one.desk, one.base)
    result = traced(one.desk, one.argv, log, [*_near(one, call), "-e", f"trace={call}"], one.write.as_)
    assert result.code == 0, str(result)
    return len(re.findall(rf"\b{call}\(", log.read_text(errors="replace")))


def inject(one: Trial, call: str, fault: str, count: int) -> Injected:
    """The write with a fault at the `count`-th such call; asserts that the fault did strike."""
    reset(one.desk, one.base)
    log = _log(one)
    trace = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={count}"]
    deadly = fault.startswith("signal=")
    result = traced(one.desk, one.argv, log, [*_near(one, call), *trace], one.write.as_, fast=not deadly)
    struck = "killed by SIGKILL" if deadly else "(INJECTED)"
    assert struck in log.read_text(errors="replace"), f"{call} {fault} {count} did not strike\n{result}"
    assert "Traceback" not in result.err, str(result)
    expected = {-signal.SIGKILL} if deadly else {0, 6, 7, 8}
    assert result.code in expected, f"{call} {fault} {count}\n{result}"
    said = result.err.strip().split("\n")[0]
    return Injected(call, fault, count, judge(one, result.code, result.raw_out), said)


def sweep(one: Trial, call: str, fault: str, step: int = 1) -> Iterator[Injected]:
    """The fault at the first such call, at the next (or the `step`-th next), and so on to the last."""
    for count in range(1, calls_of(one, call) + 1, step):
        yield inject(one, call, fault, count)


def _log(one: Trial) -> Path:
    return one.desk.folder / "strace.log"


def _near(one: Trial, call: str) -> list[str]:
    # Python opens hundreds of files before it runs; what it writes is nothing, so there every call counts.
    desk = one.desk
    near = (desk.store, f"{desk.store}-journal", desk.folder) if call == "openat" else ()
    return [word for path in near for word in ("-P", str(path))]
