"""What a store holds, so that two can be compared: every row of every table, without what chance decides."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.harness import Shell
from tix.store.connection import uri

NOW = "2026-11-22T09:00:00Z"
Contents = dict[str, list[tuple[Any, ...]]]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def contents(path: Path) -> Contents:
    """The rows of all tables but the virtual ones (whose own tables are here), UUIDs replaced by a word."""
    with closing(sqlite3.connect(uri(path, "rw"), uri=True)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        ).fetchall()
        return {
            name: [tuple(map(_plain, row)) for row in connection.execute(f'SELECT * FROM "{name}"')]
            for (name,) in tables
        }


def differences(one: Contents, other: Contents) -> list[str]:
    """The tables in which two stores differ, with the first rows that do."""
    found = []
    for name in sorted(one.keys() | other.keys()):
        left, right = one.get(name, []), other.get(name, [])
        if left != right:
            rows = [row for row in left + right if row not in left or row not in right][:2]
            found.append(f"{name}: {len(left)} and {len(right)} rows, such as {rows}")
    return found


def is_whole(path: Path) -> bool:
    """What SQLite itself says."""
    with closing(sqlite3.connect(uri(path, "rw"), uri=True)) as connection:
        keys = connection.execute("PRAGMA foreign_key_check").fetchall()
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)] and not keys


def furnished(folder: Path) -> Shell:
    """A desk with an agent, a requester and twelve tickets in several states; the clock stands still."""
    folder.mkdir(exist_ok=True)
    shell = Shell(folder)
    shell.now = NOW
    shell.tix("new", "First", "-m", "The first of all.", "--tag", "a,b")
    shell.people("ann:agent", "rob:requester")
    (folder / "old.txt").write_text("an old file\n" * 50)
    (folder / "big.txt").write_text("0123456789abcde\n" * 20_000)
    shell.tix("new", "Mine", "-m", "From rob.", "--for", "rob", "--attach", folder / "old.txt")
    shell.tix("new", "Over", "-m", "Solved.", "--for", "rob")
    shell.tix("close", 3)
    for number in range(9):
        shell.tix("new", f"Another {number}", "-m", "Word " * 200, "--for", "rob")
    shell.tix("reply", "2", "4-6", "-m", "We look into it.")
    return shell


def reset(desk: Shell, base: Path | None) -> None:
    """The store as in `base` again, or none; whatever else a command left beside it is gone."""
    for path in [*desk.folder.glob(f"{desk.store.name}*"), *desk.folder.glob(f".{desk.store.name}*")]:
        path.unlink()
    if base is not None:
        shutil.copyfile(base, desk.store)
        desk.store.chmod(0o600)


def _plain(value: Any) -> Any:
    return _UUID.sub("a-uuid", value) if isinstance(value, str) else value
