"""Measure whole processes: on pipes, on a terminal, in pairs with the floor, and their memory."""

import os
import select
import statistics
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

PATIENCE_SECONDS = 120.0

# The peak of a process includes the memory of the process that started it, so a small one has to start it.
_PEAK = """
import os, sys
null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
_, status, used = os.wait4(child, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


class DidNotRun(Exception):
    """A measured command failed; the time of a failure means nothing."""


class Ratio(NamedTuple):
    """The time of one work relative to the floor, from interleaved pairs."""

    median_ms: float
    floor_ms: float
    median: float
    lower_quartile: float

    def above(self, budget: float) -> bool:
        """Return whether both the median and the lower quartile exceed the budget: noise moves only one of them."""
        return self.median > budget and self.lower_quartile > budget


def paired(
    work: Callable[[int], float], floors: Sequence[Callable[[int], float]], rounds: int
) -> list[Ratio]:
    """Measure `work` and each of `floors` in turn, in the other order every other time; return a ratio to each.

    All take the number of the round and return seconds. Round 0 warms up and does not count.
    """
    found: list[list[float]] = []
    for number in range(rounds + 1):
        order = [work, *floors]
        taken = {one: one(number) for one in (reversed(order) if number % 2 else order)}
        if number:
            found.append([taken[one] for one in order])
    return [_ratio([(row[0], row[place]) for row in found]) for place in range(1, len(floors) + 1)]


def _ratio(pairs: Sequence[tuple[float, float]]) -> Ratio:
    ratios = [taken / beneath for taken, beneath in pairs]
    return Ratio(
        median_ms=1000 * statistics.median(taken for taken, _ in pairs),
        floor_ms=1000 * statistics.median(beneath for _, beneath in pairs),
        median=statistics.median(ratios),
        lower_quartile=statistics.quantiles(ratios, n=4)[0],
    )


def seconds(argv: Sequence[str], env: Mapping[str, str]) -> float:
    """Return how many seconds the program takes on pipes, from start to end."""
    begun = time.perf_counter()
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    taken = time.perf_counter() - begun
    if done.returncode != 0:
        raise DidNotRun(_told(done.returncode, done.stderr))
    return taken


def seconds_of_output(argv: Sequence[str], env: Mapping[str, str]) -> float:
    """Return the same for a program that prints a lot, with its output discarded."""
    begun = time.perf_counter()
    done = subprocess.run(
        argv,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    taken = time.perf_counter() - begun
    if done.returncode != 0:
        raise DidNotRun(_told(done.returncode, done.stderr))
    return taken


def seconds_on_terminal(argv: Sequence[str], env: Mapping[str, str], until: bytes | None = None) -> float:
    """Return the seconds on a terminal of 120 columns: to the end, or until it has printed `until`."""
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (50, 120))
    begun = time.perf_counter()
    process = subprocess.Popen(argv, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    try:
        printed = _read_terminal(master, until)
        if until is not None:
            taken = time.perf_counter() - begun
            if until not in printed:
                raise DidNotRun(f"never printed {until!r}: {_last_line(printed)}")
            return taken
        code = process.wait()
        taken = time.perf_counter() - begun
        if code != 0:
            raise DidNotRun(_told(code, printed))
        return taken
    finally:
        process.kill()
        process.wait()
        os.close(master)


def peak_megabytes(argv: Sequence[str], env: Mapping[str, str]) -> float:
    """Return the most memory the program used at once."""
    small = [sys.executable, "-I", "-S", "-c", _PEAK, *argv]
    done = subprocess.run(small, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise DidNotRun(_told(done.returncode, done.stderr))
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024  # KB there, bytes here
    return int(done.stdout) / unit


def seconds_and_megabytes(argv: Sequence[str], env: Mapping[str, str]) -> tuple[float, float]:
    """Return both for one run of a program that takes long."""
    begun = time.perf_counter()
    megabytes = peak_megabytes(argv, env)
    return time.perf_counter() - begun, megabytes


def _read_terminal(master: int, until: bytes | None) -> bytes:
    """Return everything printed until the program ends, or until `until` has been printed."""
    printed = bytearray()
    while until is None or until not in printed:
        ready, _, _ = select.select([master], [], [], PATIENCE_SECONDS)
        if not ready:
            raise DidNotRun(f"silent for {PATIENCE_SECONDS} s: {_last_line(printed)}")
        try:
            chunk = os.read(master, 65536)
        except OSError:  # EIO: the other end is closed
            break
        if not chunk:
            break
        printed += chunk
    return bytes(printed)


def _told(code: int, text: bytes) -> str:
    return f"exit {code}: {_last_line(text)}"


def _last_line(text: bytes | bytearray) -> str:
    lines = [line for line in bytes(text).decode(errors="replace").splitlines() if line.strip()]
    problem = next((line for line in lines if line.startswith("tix:")), lines[-1] if lines else "")
    return ascii(problem[:100])[1:-1]
