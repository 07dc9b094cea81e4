"""Desks of a given size for measuring: three entries per ticket, 20 % open, always the same for one size.

Generated once and kept outside the repository, in `$XDG_CACHE_HOME/tix-bench`. A hash of the generator and the
schema is part of a desk's name, so a change of either makes a new desk and deletes the old one. The resources of a
desk are in `furniture.py`.
"""

import csv
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from tix.store.compiled.sqlite import SCHEMA

ROOT = Path(__file__).resolve().parents[1]
TIX = (str(Path(sys.executable).with_name("tix")),)

# 1 January 2026; the tickets of a desk are spread over the year that follows.
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
YEAR_SECONDS = 365 * 24 * 3600
# "Now" for every command measured, a little after the last entry, so that a desk does not age.
NOW = "2027-02-01T09:00:00Z"

AGENTS = tuple(f"agent{number:02}" for number in range(50))
COMMON_WORD = "printer"  # in 40 % of the tickets
RARE_WORD = "quokka"  # in three
LABELS = ("network", "hardware", "billing", "access", "mail", "urgent-customer", "vpn", "training")
RARE_LABEL = "solar-flare"  # on three tickets
LONG_THREAD = 5000

_SYLLABLES = tuple(c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "or", "is"))
_WORDS = tuple(
    _SYLLABLES[n % 112] + _SYLLABLES[n * 7 % 109] + _SYLLABLES[n // 112 % 112] for n in range(4000)
)
# The n-th word occurs about once in n words, as in real text.
_WEIGHTS = tuple(accumulate(1 / (rank + 3) for rank in range(len(_WORDS))))
MIDDLING_WORD = _WORDS[400]  # in some 2 % of the tickets


def write_archive(path: Path, count: int) -> None:
    """Write `count` issues as one JSON array, in the shape the GitHub CLI prints."""
    with path.open("w", encoding="utf-8") as file:
        for place, issue in enumerate(issues(count)):
            file.write("[\n" if place == 0 else ",\n")
            json.dump(issue, file, separators=(",", ":"))
        file.write("\n]\n")


def write_table(path: Path, count: int) -> None:
    """Write the same issues as a table that another program might export: no threads, and the author's address."""
    head = "number subject body requester requester_email status priority created_at closed_at tags".split()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        for place, issue in enumerate(issues(count)):
            who = issue["author"]["login"]
            labels = ";".join(label["name"] for label in issue["labels"])
            priority = ("low", "medium", "high", "urgent")[place % 4]
            row = (issue["number"], issue["title"], issue["body"], who, f"{who}@acme.example")
            table.writerow((*row, issue["state"], priority, issue["createdAt"], issue["closedAt"], labels))


def issues(count: int) -> Iterator[dict[str, Any]]:
    """Yield the issues of a desk of that size, oldest first; the last one has the long thread."""
    chance = random.Random(count)
    for number in range(1, count + 1):
        yield _issue(number, count, chance)


def rare_ones(count: int) -> set[int]:
    """Return the three tickets with the rare values."""
    return {count // 4, count // 2, count * 3 // 4}


def desk(count: int) -> Path:
    """Return the store with that many tickets, built if it does not exist. Nobody may write to it."""
    name = f"desk-{count}"
    folder = cache()
    store = folder / f"{name}-{_recipe()}.db"
    if store.exists():
        return store
    for old in folder.glob(f"{name}-*"):
        old.unlink()
    print(f"bench: building a desk of {count:,} tickets", file=sys.stderr)
    import furniture  # imports this module, and the program itself

    unfinished = folder / f"{name}-unfinished.db"
    new_desk(unfinished)
    furniture.build(unfinished, count)
    unfinished.rename(store)
    return store


def new_desk(store: Path) -> None:
    """Return an empty desk with its agents; other people in an import become requesters."""
    tix(store, "init")
    for login in AGENTS:
        tix(store, "user", "add", login, "--role", "agent", "--name", login.capitalize())


def tix(store: Path, *args: str, as_: str | None = None) -> str:
    """Run one command on a store and return what it printed."""
    done = subprocess.run(
        [*TIX, *args], env=environment(store, as_), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"bench: tix {' '.join(args)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def environment(store: Path | str, as_: str | None = None) -> dict[str, str]:
    """Return an environment without the machine's settings: the store, a fixed clock, and who acts."""
    home = cache() / "home"
    home.mkdir(exist_ok=True)
    given = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    made = {"HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm-256color", "TZ": "UTC", "TIX_NOW": NOW}
    return given | made | {"TIX_STORE": str(store)} | ({"TIX_USER": as_} if as_ else {})


def cache() -> Path:
    """Return the folder outside the repository where desks are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(home) / "tix-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def room_for(store: Path, copy: Path) -> Path:
    """Return a copy of a store that may be written to."""
    shutil.copyfile(store, copy)
    copy.chmod(0o600)
    return copy


def _issue(number: int, count: int, chance: random.Random) -> dict[str, Any]:
    created = FIRST_DAY + timedelta(seconds=YEAR_SECONDS * number // count)
    is_open = number % 5 == 0
    last = number == count
    agent = AGENTS[chance.randrange(len(AGENTS))]
    author = f"user{chance.randrange(max(1, count // 10)):06}"
    rare = number in rare_ones(count)
    opening = _sentence(chance, 30)
    if chance.random() < 0.4:
        opening += f" {COMMON_WORD}"
    if rare:
        opening += f" {RARE_WORD}"
    pause = timedelta(minutes=1 if last else 30)
    comments = [
        {
            "author": {"login": author if turn % 2 else agent},
            "body": _sentence(chance, 20),
            "createdAt": _moment(created + pause * (turn + 1)),
        }
        for turn in range(LONG_THREAD - 1 if last else 2)
    ]
    updated = comments[-1]["createdAt"]
    labels = [RARE_LABEL] if rare else []
    labels += chance.sample(LABELS, chance.randrange(3))
    return {
        "number": number,
        "title": _sentence(chance, 6).capitalize(),
        "body": opening,
        "state": "OPEN" if is_open and not last else "CLOSED",
        "createdAt": _moment(created),
        "updatedAt": updated,
        "closedAt": None if is_open and not last else updated,
        "author": {"login": author},
        "assignees": [{"login": agent}] if chance.random() < 0.7 else [],
        "labels": [{"name": label} for label in labels],
        "comments": comments,
        "url": f"https://github.com/example/desk/issues/{number}",
    }


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, cum_weights=_WEIGHTS, k=words))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _recipe() -> str:
    """Return a hash of what a desk is made from: the generator and the schema."""
    made_by = hashlib.sha256("\n".join(SCHEMA).encode())
    for name in ("desks.py", "furniture.py"):
        made_by.update(Path(__file__).with_name(name).read_bytes())
    return made_by.hexdigest()[:12]
