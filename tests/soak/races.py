"""Many processes at one store at once."""

import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.harness import TIX, Result, Shell

# A lock call that takes three milliseconds: what makes a narrow race wide.
SLOW_LOCKS = ("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fcntl",
              "-e", "inject=fcntl:delay_exit=3000")  # fmt: skip


@contextmanager
def held(store: Path, how: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
    """Another program that holds the lock of the store."""
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute(f"BEGIN {how}")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.close()


def together(desk: Shell, commands: Sequence[tuple[str | None, Sequence[str]]]) -> list[Result]:
    """Commands that all wait for one lock, which is then let go: as much at once as can be."""
    started: list[subprocess.Popen[bytes]] = []
    with held(desk.store):
        for as_, words in commands:
            started.append(desk.start(*words, as_=as_))
        time.sleep(0.4)
    return [Result(tuple(process.args), *process.communicate(), process.returncode) for process in started]


def crowd(
    desk: Shell,
    writers: int,
    each: int,
    words: Callable[[int, int], Sequence[str]],
    prefix: Sequence[str] = (),
) -> list[Result]:
    """`writers` people who type `each` commands one after another, all at the same time."""

    def types(writer: int) -> list[Result]:
        return [desk.run(*prefix, *TIX, *words(writer, turn), check=None) for turn in range(each)]

    with ThreadPoolExecutor(writers) as pool:
        return [result for results in pool.map(types, range(writers)) for result in results]


def replies_on(desk: Shell, writers: int, each: int, tickets: int, prefix: Sequence[str] = ()) -> None:
    """Asserts that everybody's replies are all there, once, in the order each wrote them; nobody was refused."""
    results = crowd(
        desk,
        writers,
        each,
        lambda writer, turn: ["reply", str(1 + (writer + turn) % tickets), "-m", f"<{writer}/{turn}>"],
        prefix,
    )
    for result in results:
        assert result.code == 0, str(result)
        assert "lock" not in result.err
        assert len(result.refs) == 1
    found: list[str] = []
    for number in range(1, tickets + 1):
        thread = desk.tix("show", number, "--json").json["thread"]
        said = [item["body"] for item in thread if item["body"] and item["body"].startswith("<")]
        for writer in range(writers):
            mine = [int(word.strip("<>").split("/")[1]) for word in said if word.startswith(f"<{writer}/")]
            assert mine == sorted(mine)
        found += said
    assert sorted(found) == sorted(f"<{w}/{t}>" for w in range(writers) for t in range(each))
    desk.tix("doctor")


def claims(desk: Shell, ticket: str, people: Sequence[str]) -> None:
    """Exactly one of several claimants wins; the others are told who."""
    results = together(desk, [(login, ["claim", ticket]) for login in people])
    winners = [login for login, result in zip(people, results, strict=True) if result.code == 0]
    assert len(winners) == 1, [str(result) for result in results]
    for result in results:
        assert result.code in {0, 5}, str(result)
        assert result.code == 0 or winners[0] in result.err, str(result)
    shown = desk.tix("show", ticket, "--json").json
    assert shown["assignee"] == winners[0]
    assert [item["event"]["new"] for item in shown["thread"] if _is(item, "assigned")] == winners


def ratings(desk: Shell, ticket: str, requester: str) -> None:
    """One rating is kept, for good; the others are exit 5."""
    results = together(desk, [(requester, ["rate", ticket, str(stars)]) for stars in (1, 2, 4, 5)])
    assert sorted(result.code for result in results) == [0, 5, 5, 5], [str(result) for result in results]
    winner = next(stars for stars, result in zip((1, 2, 4, 5), results, strict=True) if result.code == 0)
    shown = desk.tix("show", ticket, "--json").json
    assert shown["rating"] == winner
    assert len([item for item in shown["thread"] if _is(item, "rated")]) == 1


def closings(desk: Shell, ticket: str, people: Sequence[str]) -> None:
    """All succeed, and one has closed it; the text of each is there."""
    results = together(desk, [(login, ["close", ticket]) for login in people])
    assert [result.code for result in results] == [0] * len(people), [str(result) for result in results]
    assert sum("already" in result.err for result in results) == len(people) - 1
    shown = desk.tix("show", ticket, "--json").json
    assert shown["status"] == "closed"
    assert shown["closed_by"] in people
    assert len([item for item in shown["thread"] if _is(item, "status-changed")]) == 1


def _is(item: dict[str, object], kind: str) -> bool:
    event = item["event"]
    return isinstance(event, dict) and event["type"] == kind
