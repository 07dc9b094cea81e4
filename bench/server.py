"""Throughput and latency of `tix serve` on loopback, with wrk (Debian's package) as the load: `make bench-server`.

Prints a line for each route and number of connections: requests a second, latency at the median and the 99th percentile,
CPU time of the server's processes a request, and their memory (proportional set size). Beside them `/healthz`, which
touches nothing of the desk, and `/readyz`, which asks the store one thing on the thread of the readers: what HTTP itself
costs on this machine, in the same run. At last `show` at 16 connections with and without four that reply all the time.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import desks

SECONDS = 3
CONNECTIONS = (1, 16, 128)

# Each request is for the next of a thousand tickets, where the path names one: a thread of a thousand replies is not what
# people have, and the answer holds the thread.
_SCRIPT = """
wrk.headers["Authorization"] = "Bearer {key}"
if '{body}' ~= '' then
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{body}'
end
local ticket = 0
request = function()
  ticket = ticket % 1000 + 1
  return wrk.format(nil, (string.gsub('{path}', 'TICKET', ticket)))
end
"""


class Work(NamedTuple):
    """One kind of request; ``body`` makes it a POST, TICKET in the path is a number that changes with each."""

    name: str
    path: str
    body: str | None = None


WORKS = (
    Work("healthz", "/healthz"),
    Work("readyz", "/readyz"),
    Work("list 50", "/api/v1/tickets?limit=50"),
    Work("show", "/api/v1/tickets/TICKET"),
    Work("search", f"/api/v1/search?q={desks.RARE_WORD}"),
    Work("create", "/api/v1/tickets", '{"subject": "No sound", "message": "Since the update."}'),
    Work("reply", "/api/v1/tickets/TICKET/replies", '{"message": "We are looking into it."}'),
)


def main() -> None:
    """Measure each work at each number of connections, with one process and with two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=int, default=100_000)
    parser.add_argument("--workers", type=int, action="append")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is not installed (apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        for workers in asked.workers or [1, 2]:
            store = desks.room_for(desks.desk(asked.desk), Path(folder) / f"{workers}.db")
            key = json.loads(desks.tix(store, "token", "add", "load", "--scope", "write", "--json"))["key"]
            measure(store, key, workers, asked.seconds, Path(folder))


def measure(
    store: Path | str,
    key: str,
    workers: int,
    seconds: int,
    folder: Path,
    counts: Sequence[int] = CONNECTIONS,
) -> None:
    """Start a server, load it with each number of connections, print, and stop it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*desks.TIX, "serve", "--port", str(port), "--workers", str(workers)],
            env=desks.environment(store), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        wait(port, server)
        for work in WORKS:
            script = folder / "load.lua"
            script.write_text(_SCRIPT.format(key=key, body=work.body or "", path=work.path))
            for connections in counts:
                print(line(work, workers, connections, seconds, port, server.pid, script), flush=True)
        beside_writers(key, workers, seconds, port, server.pid, folder)
    finally:
        server.terminate()
        server.wait(60)


def wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Return once the server answers."""
    while True:
        if server.poll() is not None:
            raise SystemExit("bench: the server did not start")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").read()
            return
        except OSError:
            time.sleep(0.05)


def beside_writers(key: str, workers: int, seconds: int, port: int, pid: int, folder: Path) -> None:
    """Load `show` alone, then while four connections reply."""
    show, reply = (next(work for work in WORKS if work.name == name) for name in ("show", "reply"))
    for work in (show, reply):
        (folder / f"{work.name}.lua").write_text(
            _SCRIPT.format(key=key, body=work.body or "", path=work.path)
        )
    for name in ("alone", "writers"):
        writers = None
        if name == "writers":
            argv = ["wrk", "-t1", "-c4", f"-d{2 * seconds}s", "-s", str(folder / "reply.lua")]
            writers = subprocess.Popen([*argv, f"http://127.0.0.1:{port}"], stdout=subprocess.DEVNULL)
        labelled = show._replace(name=f"show {name}")
        print(
            line(labelled, workers, 16, seconds, port, pid, folder / "show.lua", settled=writers is None),
            flush=True,
        )
        if writers is not None:
            writers.wait()


def line(
    work: Work,
    workers: int,
    connections: int,
    seconds: int,
    port: int,
    pid: int,
    script: Path,
    *,
    settled: bool = True,
) -> str:
    """Load one route and return what was measured, once the server has done what was still waiting if ``settled``."""
    if settled:
        settle(pid)
    before = cpu_seconds(processes(pid))
    argv = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        "--latency",
        "-s",
        str(script),
    ]
    out = subprocess.run(
        [*argv, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    used = cpu_seconds(processes(pid)) - before
    made, took = re.search(r"(\d+) requests in ([\d.]+)s", out).groups()  # type: ignore[union-attr]
    median, slow = (re.search(rf"^\s+{share}%\s+(\S+)", out, re.MULTILINE)[1] for share in (50, 99))  # type: ignore[index]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    broken = re.search(r"Socket errors[^\n]*", out)
    return (
        f"{workers} proc  {work.name:12} {connections:4} conn  {int(made) / float(took):8.0f}/s"
        f"  p50 {median:>9} p99 {slow:>9}  cpu {1e6 * used / max(1, int(made)):7.0f} us"
        f"  {memory_mb(processes(pid)):4} MB  not 2xx: {bad[1] if bad else 0}{'  ' + broken[0] if broken else ''}"
    )


def settle(pid: int) -> None:
    """Return once the server does nothing: requests of clients that have left may still wait in a lane."""
    used = -1.0
    while (now := cpu_seconds(processes(pid))) - used > 0.01:
        used = now
        time.sleep(0.3)


def processes(pid: int) -> list[int]:
    """Return a process and all it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += processes(int(child))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time that processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pids: list[int]) -> int:
    """Return the memory of processes; what they share counts once."""
    kilobytes = 0
    for pid in pids:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return kilobytes // 1024


if __name__ == "__main__":
    main()
