"""PostgreSQL beside SQLite in one run: the hot commands, search, writers at once, and `tix serve`. `make bench-postgresql`.

Starts a server of its own from the distribution's packages, with its settings as they come: every commit is synced. A desk is
copied into it by `tix db copy`. The program `psycopg` that is measured beside the commands only imports the driver, after what a
command has loaded anyway: the last column is what PostgreSQL costs without it.
"""

import argparse
import compileall
import json
import math
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import desks
import measure
import server

from tests.postgresql.cluster import Cluster, cluster, programs
from tix.desk import people
from tix.desk.context import Desk
from tix.desk.queue import search, select
from tix.desk.queue.filters import Filters
from tix.errors import InvalidValue
from tix.store import open as opening

# As PostgreSQL comes, but on a socket and with room for the clients.
SETTINGS = ("fsync=on", "max_connections=200")
WRITERS, CONNECTIONS = 16, 64
VERBS = {
    "list": ("list", "--limit", "50"),
    "show": ("show", "7"),
    "search": ("search", desks.MIDDLING_WORD, "--limit", "20"),
    "note": ("note", "7", "-m", "Seen by the vendor."),
    "reply": ("reply", "8", "-m", "We are looking into it."),
    "new": ("new", "No sound", "-m", "Since the update."),
}
# What a command has loaded before it opens a database: the driver shares some of it.
_LOADED = "tix.cli.main, tix.cli.commands.list_, tix.cli.commands.reply, tix.store.open"
LINE = "{:<10} {:>10} {:>12} {:>8} {:>12} {:>14}"


class Place(NamedTuple):
    """One desk twice: as a file, and in a database."""

    file: Path
    database: str


def main() -> int:
    """Measure what the command line names; 1 if an answer differs or a write is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=int, action="append", metavar="N", help="tickets (repeatable)")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20, help="of writers at once")
    parser.add_argument("--only", choices=("verbs", "search", "writers", "serve"), action="append")
    asked = parser.parse_args()
    if programs() is None:
        raise SystemExit("bench: PostgreSQL is not installed (apt-get install postgresql)")
    compileall.compile_dir(desks.ROOT / "src", quiet=1)
    wanted = asked.only or ["verbs", "search", "writers", "serve"]
    counts = asked.desk or [1000, 100_000]
    wrong = 0
    with cluster(*SETTINGS) as running, tempfile.TemporaryDirectory(dir=desks.cache()) as folder:
        for count in counts:
            place = _place(running, count, Path(folder))
            print(f"\n{count:,} tickets", flush=True)
            if "verbs" in wanted:
                _verbs(place, asked.rounds)
            if "search" in wanted:
                wrong += _searches(place, count, asked.queries)
        if "writers" in wanted:
            wrong += _writers(_place(running, counts[0], Path(folder)), asked.seconds)
        if "serve" in wanted:
            _served(_place(running, counts[-1], Path(folder)), Path(folder))
    return 1 if wrong else 0


def _place(running: Cluster, count: int, folder: Path) -> Place:
    file = desks.room_for(desks.desk(count), folder / f"{time.monotonic_ns()}.db")
    address = running.database()
    begun = time.perf_counter()
    subprocess.run(
        [*desks.TIX, "db", "copy", str(file), address],
        env=desks.environment(file), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    print(f"copied {count:,} tickets in {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    return Place(file, address)


# ------------------------------------------------------------------------------------------------- commands


def _verbs(place: Place, rounds: int) -> None:
    """Print each hot command on both, as whole processes in turn."""
    print(LINE.format("command", "SQLite ms", "PostgreSQL ms", "ratio", "psycopg ms", "ratio without"))
    for name, words in VERBS.items():

        def once(store: str, words: Iterable[str] = words) -> float:
            env = desks.environment(store)
            return measure.seconds((*desks.TIX, *words), env)

        def imports() -> float:
            own, driver = f"import {_LOADED}", f"import {_LOADED}, psycopg"
            env = desks.environment(place.file)
            return measure.seconds((sys.executable, "-c", driver), env) - measure.seconds(
                (sys.executable, "-c", own), env
            )

        rows = [(once(str(place.file)), once(place.database), imports()) for _ in range(rounds + 1)][1:]
        one, other, driver = (1000 * statistics.median(row[at] for row in rows) for at in range(3))
        ratio, without = other / one, (other - driver) / one
        figures = (f"{one:.0f}", f"{other:.0f}", f"{ratio:.2f}", f"{driver:.0f}", f"{without:.2f}")
        print(LINE.format(name, *figures), flush=True)


# --------------------------------------------------------------------------------------------------- search


def _queries(count: int, number: int) -> dict[str, list[tuple[list[str], list[str]]]]:
    """Words to search for, by kind: what is searched for, and what is excluded."""
    chance = random.Random(number)
    texts = [issue["body"].split() for _, issue in zip(range(400), desks.issues(count), strict=False)]
    texts = [words for words in texts if len(words) > 5]

    def word() -> str:
        return str(chance.choice(chance.choice(texts))).strip(".,;:!?\"'()")

    def phrase() -> str:
        words = chance.choice(texts)
        start = chance.randrange(len(words) - 3)
        return '"' + " ".join(words[start : start + chance.choice((2, 3))]).replace('"', "") + '"'

    kinds: dict[str, Callable[[], tuple[list[str], list[str]]]] = {
        "a word": lambda: ([word()], []),
        "two words": lambda: ([word(), word()], []),
        "a prefix": lambda: ([word()[: chance.choice((2, 3, 4))] + "*"], []),
        "a phrase": lambda: ([phrase()], []),
        "without": lambda: ([word()], [word()]),
        "common": lambda: ([desks.COMMON_WORD, *([word()] if chance.random() < 0.5 else [])], []),
    }
    return {name: [make() for _ in range(number // len(kinds) + 1)] for name, make in kinds.items()}


def _searches(place: Place, count: int, number: int) -> int:
    """Print the times of each kind of query on both; return how many answers differ."""
    now = int(desks.FIRST_DAY.timestamp()) + 400 * 86400
    stores = [opening.for_reading(str(place.file)), opening.for_reading(place.database)]
    searchers = [Desk(store, people.actor_of(store, desks.AGENTS[0]), now) for store in stores]
    wrong = 0
    print(
        "{:<10} {:>8} {:>12} {:>15} {:>8}".format("search", "queries", "SQLite ms", "PostgreSQL ms", "ratio")
    )
    for kind, asked in _queries(count, number).items():
        took = [0.0, 0.0]
        answers: list[list[Any]] = [[], []]
        for words in asked:
            for at, desk in enumerate(searchers):
                begun = time.perf_counter()
                answers[at].append(_hits(desk, *words))
                took[at] += time.perf_counter() - begun
        differ = 0
        for words, one, other in zip(asked, *answers, strict=True):
            if not _are_same(one, other):
                differ += 1
                print(f"{words}: {one[:3]} … {other[:3]} …", file=sys.stderr)
        wrong += differ
        ms = [1000 * seconds / len(asked) for seconds in took]
        row = "{:<10} {:>8} {:>12.2f} {:>15.2f} {:>8.2f}".format(kind, len(asked), *ms, ms[1] / ms[0])
        print(row + (f"  {differ} ANSWERS DIFFER" if differ else ""), flush=True)
    for store in stores:
        store.close()
    return wrong


def _are_same(one: list[Any], other: list[Any]) -> bool:
    """The same tickets in the same order, and scores that differ by rounding alone."""
    return [id for id, _ in one] == [id for id, _ in other] and all(
        math.isclose(first, second, rel_tol=1e-9) for (_, first), (_, second) in zip(one, other, strict=True)
    )


def _hits(desk: Desk, words: list[str], without: list[str]) -> list[tuple[int | None, float]]:
    try:
        wanted = search.query(desk, words, without)
    except InvalidValue:  # nothing but punctuation
        return []
    chosen = select.found(desk, Filters())._replace(limit=20)
    return [(hit.row.ticket.id, hit.score) for hit in search.hits(desk, wanted, chosen)]


# ---------------------------------------------------------------------------------------------- writers at once


def _writers(place: Place, seconds: int) -> int:
    """Print what 16 processes acknowledge a second on each; return how many entries are lost or doubled."""
    print(f"\n{WRITERS} writers, {seconds} s", flush=True)
    wrong = 0
    for name, store in (("SQLite", str(place.file)), ("PostgreSQL", place.database)):
        said: list[str] = []
        env = desks.environment(store)
        until = time.monotonic() + seconds

        def write(
            number: int, env: dict[str, str] = env, until: float = until, said: list[str] = said
        ) -> None:
            turn = 0
            while time.monotonic() < until:
                text = f"writer-{number}-{turn}"
                argv = [*desks.TIX, "note", str(number + 1), "-m", text]
                done = subprocess.run(argv, env=env, capture_output=True, check=False)
                if done.returncode == 0:
                    said.append(text)
                turn += 1

        threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        there: list[str] = []
        for number in range(WRITERS):
            words = [*desks.TIX, "show", str(number + 1), "--json"]
            shown = json.loads(subprocess.run(words, env=env, capture_output=True, check=True).stdout)
            there += [
                one["body"] for one in shown["thread"] if str(one.get("body", "")).startswith("writer-")
            ]
        lost, doubled = set(said) - set(there), len(there) - len(set(there))
        wrong += len(lost) + doubled
        print(
            f"{name:<12} {len(said) / seconds:6.1f} acknowledged a second, {len(lost)} lost, {doubled} doubled",
            flush=True,
        )
    return wrong


# ---------------------------------------------------------------------------------------------------- serve


def _served(place: Place, folder: Path) -> None:
    """Print what a server answers with 64 connections, on each."""
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is not installed (apt-get install wrk)")
    for name, store in (("SQLite", str(place.file)), ("PostgreSQL", place.database)):
        print(f"\ntix serve on {name}", flush=True)
        made = subprocess.run(
            [*desks.TIX, "token", "add", "load", "--scope", "write", "--json"],
            env=desks.environment(store), check=True, capture_output=True,
        )  # fmt: skip
        server.measure(store, json.loads(made.stdout)["key"], 1, server.SECONDS, folder, (1, CONNECTIONS))


if __name__ == "__main__":
    sys.exit(main())
