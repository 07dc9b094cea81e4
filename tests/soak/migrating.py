"""A store of an older format that is opened by ours, disturbed: what it was and becomes, and what is left."""

import random
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.harness import Shell
from tests.soak.injections import traced
from tests.soak.states import Contents, contents, differences, is_whole, reset
from tix.cli.session import os_login

STORES = sorted((Path(__file__).parents[1] / "stores").glob("schema-*.db"))
FIRST = next(path for path in STORES if path.stem == "schema-1")
MIGRATE = ["db", "migrate"]


class Old(NamedTuple):
    """A store of an older format, what it holds before and after, and how long it takes undisturbed."""

    desk: Shell
    base: Path
    before: Contents
    after: Contents
    seconds: float


class Left(NamedTuple):
    """What a disturbed migration left: whether it was done, how it ended, whether a journal had to be rolled back."""

    done: bool
    code: int
    journal: bool
    copies: int


def place(base: Path, path: Path) -> None:
    """A copy of an old store; whoever runs the tests is an admin of it, as root is, who made it."""
    shutil.copyfile(base, path)
    path.chmod(0o600)
    if (login := os_login()) != "root":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "INSERT INTO person (login, name, role, created_at) VALUES (?, ?, 'admin', 0)", (login, login)
            )
            connection.commit()


def put(desk: Shell, base: Path = FIRST) -> None:
    """The desk's store is that old one; whatever else a command left beside it is gone."""
    reset(desk, None)
    place(base, desk.store)


def old(desk: Shell, base: Path = FIRST) -> Old:
    """`base` is migrated once without disturbance."""
    put(desk, base)
    before = contents(desk.store)
    started = time.monotonic()
    desk.tix(*MIGRATE)
    return Old(desk, base, before, contents(desk.store), time.monotonic() - started)


def judge(one: Old, code: int, said: str) -> Left:
    """Looks at what is there, and asserts that it is the old store or the new one, and that tix goes on from it."""
    desk = one.desk
    journal = desk.store.with_name(f"{desk.store.name}-journal")
    has_journal = journal.exists()
    found = _looked_at(one)
    done = found == one.after
    assert done or found == one.before, (
        f"neither old nor new, exit {code}\n"
        f"to old: {differences(found, one.before)}\nto new: {differences(found, one.after)}"
    )
    assert done or (code != 0 and "Upgraded the desk" not in said), f"acknowledged and not done: {said}"
    copies = _copies(one)
    assert copies or not done, "the old store is not kept"
    listed = desk.tix("list", "--all", "--count")
    assert int(listed.out) == len(one.before["ticket"])
    assert ("Upgraded the desk" in listed.err) is not done
    assert contents(desk.store) == one.after
    assert is_whole(desk.store)
    assert len(_copies(one)) == max(1, len(copies)), "a killed attempt's copy is made again"
    assert not list(desk.folder.glob(f".{desk.store.name}*")), "half a copy is left"
    return Left(done, code, has_journal, len(copies))


def _looked_at(one: Old) -> Contents:
    """What the file and its journal hold, worked out on copies: tix itself is to come first on the real ones."""
    desk = one.desk
    look = desk.home / "look.db"
    for ending in ("", "-journal"):
        look.with_name(look.name + ending).unlink(missing_ok=True)
        there = desk.store.with_name(desk.store.name + ending)
        if there.exists():
            shutil.copyfile(there, look.with_name(look.name + ending))
    assert is_whole(look)
    return contents(look)


def _copies(one: Old) -> list[Path]:
    """The copies that were kept, each of which has to be the old store, whole."""
    copies = sorted(one.desk.folder.glob(f"{one.desk.store.name}.schema-*"))
    for copy in copies:
        assert is_whole(copy)
        assert contents(copy) == one.before
    return copies


def kill(one: Old, chance: random.Random) -> Left:
    """SIGKILL at a random instant: at any, or once a copy, half a copy or a journal is seen."""
    desk = one.desk
    put(desk, one.base)
    process = desk.start(*MIGRATE)
    wanted = chance.choice(("*", "*", ".*.part", "*.backup", "*-journal", "*-journal"))
    if wanted == "*":
        time.sleep(one.seconds * chance.uniform(0.2, 1.05))
    else:
        while process.poll() is None and not any(
            desk.folder.glob(f"{wanted[0]}{desk.store.name}{wanted[1:]}")
        ):
            pass
        time.sleep(chance.uniform(0, 0.01))
    process.kill()
    out, err = process.communicate()
    assert b"Traceback" not in err, err.decode()
    return judge(one, process.returncode, (out + err).decode())


def calls_of(one: Old, call: str) -> int:
    """How many such calls an undisturbed migration makes."""
    log = one.desk.home / "strace.log"
    put(one.desk, one.base)
    result = traced(one.desk, MIGRATE, log, [*_near(one, call), "-e", f"trace={call}"])
    assert result.code == 0, str(result)
    return len(re.findall(rf"\b{call}\(", log.read_text(errors="replace")))


def inject(one: Old, call: str, fault: str, count: int) -> Left:
    """A fault at the `count`-th such call; asserts that it did strike and was answered in a sentence."""
    put(one.desk, one.base)
    log = one.desk.home / "strace.log"
    deadly = fault.startswith("signal=")
    trace = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={count}"]
    result = traced(one.desk, MIGRATE, log, [*_near(one, call), *trace], fast=not deadly)
    struck = "killed by SIGKILL" if deadly else "(INJECTED)"
    assert struck in log.read_text(errors="replace"), f"{call} {fault} {count} did not strike\n{result}"
    assert result.code in ({-signal.SIGKILL} if deadly else {0, 6, 7, 8}), f"{call} {fault} {count}\n{result}"
    assert "Traceback" not in result.err, str(result)
    return judge(one, result.code, result.out + result.err)


def sweep(one: Old, call: str, fault: str, step: int = 1) -> Iterator[Left]:
    """The fault at the first such call, at the next (or the `step`-th next), and so on to the last."""
    for count in range(1, calls_of(one, call) + 1, step):
        yield inject(one, call, fault, count)


def _near(one: Old, call: str) -> list[str]:
    # Python opens hundreds of files before it runs; what it writes is nothing, so there every call counts.
    desk = one.desk
    near = (desk.store, f"{desk.store}-journal", desk.folder) if call == "openat" else ()
    return [word for path in near for word in ("-P", str(path))]
