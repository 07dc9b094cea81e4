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


def traced(desk: Shell, argv: list[str], log: Path, options: list[str], as_: str | None = None) -> Result:
    """Runs a command under strace with those options."""
    strace = ("strace", "-f", "--seccomp-bpf", "-o", str(log), *options)
    env = {"PYTHONSAFEPATH": "1"}  # or Python looks for modules in the folder whose calls are disturbed
    return desk.run(*strace, *TIX, *argv, as_=as_, now=NOW, check=None, env=env)


def inject(one: Trial, call: str, fault: str, count: int) -> Injected | None:
    """The write with a fault at the `count`-th such call on the store's files; None where there is none."""
    desk = one.desk
    reset(desk, one.base)
    log = desk.folder / "strace.log"
    # Python opens hundreds of files before it runs; what it writes is nothing, so there every call counts.
    near = (desk.store, f"{desk.store}-journal", desk.folder) if call == "openat" else ()
    paths = [word for path in near for word in ("-P", str(path))]
    trace = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={count}"]
    result = traced(desk, one.argv, log, [*paths, *trace], one.write.as_)
    if not re.search(r"INJECTED|killed by", log.read_text(errors="replace")):
        return None
    code = -signal.SIGKILL if "SIGKILL" in fault else result.code
    assert "Traceback" not in result.err, str(result)
    said = result.err.strip().split("\n")[0]
    if code >= 0:
        assert code in {0, 6, 7, 8}, f"{call} {fault} {count}\n{result}"
    return Injected(call, fault, count, judge(one, code, result.raw_out), said)


def sweep(one: Trial, call: str, fault: str, step: int = 1) -> Iterator[Injected]:
    """The fault at the first such call, the next, and so on until the write makes no more of them."""
    count = 1
    while (found := inject(one, call, fault, count)) is not None:
        yield found
        count += step
