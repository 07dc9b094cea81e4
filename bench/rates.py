"""Rates and memory: import compared with raw `executemany`, exports, and the memory of a list."""

import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import desks
import measure

CHUNK = 10_000
SMALLEST = 20_000  # below that, the rate mostly measures the start of the program
EXPORT_PER_SECOND, LIST_PER_SECOND = 15_000, 40_000
LIST_MEGABYTES, IMPORT_MEGABYTES = 30, 200
IMPORT_SHARE = 0.25


class Figure(NamedTuple):
    """One figure with its bound; `at_least` says whether the bound is a lower or an upper one."""

    name: str
    value: float
    unit: str
    bound: float
    at_least: bool

    @property
    def kept(self) -> bool:
        """Return whether the figure is within its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def import_figures(count: int, folder: Path) -> list[Figure]:
    """Import that many issues of JSON, and insert the same rows into the same schema with the plain driver."""
    archive = folder / "archive.json"
    desks.write_archive(archive, count)
    return _import_figures("import", archive, "github", count, folder)


def table_figures(count: int, folder: Path) -> list[Figure]:
    """Do the same with a table (CSV) of that many rows."""
    table = folder / "table.csv"
    desks.write_table(table, count)
    return _import_figures("import of a table", table, "csv", count, folder)


def _import_figures(name: str, file: Path, shape: str, count: int, folder: Path) -> list[Figure]:
    empty, imported = folder / "empty.db", folder / "imported.db"
    empty.unlink(missing_ok=True)
    desks.new_desk(empty)
    shutil.copyfile(empty, imported)
    words = (*desks.TIX, "import", "--yes", "--from", shape, str(file))
    taken, megabytes = measure.seconds_and_megabytes(words, desks.environment(imported))
    raw = _raw_seconds(imported, folder / "raw.db")
    print(f"{name} of {count:,}: {count / taken:,.0f} tickets/s; raw executemany {count / raw:,.0f}")
    return [
        Figure(f"{name}, share of raw executemany", raw / taken, "", IMPORT_SHARE, at_least=True),
        Figure(f"{name} of {count:,}, peak memory", megabytes, "MB", IMPORT_MEGABYTES, at_least=False),
    ]


def export_figures(store: Path, count: int) -> list[Figure]:
    """Measure how fast a desk is exported, with threads and as a flat list."""
    env = desks.environment(store)
    export = _median(lambda: measure.seconds_of_output((*desks.TIX, "export"), env))
    flat = _median(
        lambda: measure.seconds_of_output((*desks.TIX, "list", "--all", "--limit", "0", "-o", "jsonl"), env)
    )
    return [
        Figure("export with threads", count / export, "tickets/s", EXPORT_PER_SECOND, at_least=True),
        Figure("list --all -o jsonl", count / flat, "rows/s", LIST_PER_SECOND, at_least=True),
    ]


def memory_figures(store: Path) -> list[Figure]:
    """Measure the most memory the everyday list uses."""
    words = (*desks.TIX, "list", "--limit", "50")
    peak = measure.peak_megabytes(words, desks.environment(store))
    return [Figure("list --limit 50, peak memory", peak, "MB", LIST_MEGABYTES, at_least=False)]


def _median(once: Callable[[], float]) -> float:
    return statistics.median(once() for _ in range(3))


def _raw_seconds(source: Path, target: Path) -> float:
    """Fill the same tables and indexes with the same rows; only the writing is timed."""
    target.unlink(missing_ok=True)
    reader = sqlite3.connect(source)
    writer = sqlite3.connect(target, isolation_level=None)
    statements = reader.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    full_text = [name for name, sql in statements if sql.startswith("CREATE VIRTUAL TABLE")]
    # An index creates its shadow tables itself; sqlite_sequence comes with the first AUTOINCREMENT.
    shadows = tuple(f"{name}_" for name in full_text)
    for name, sql in statements:
        if not name.startswith((*shadows, "sqlite_")):
            writer.execute(sql)
    ordinary = [
        name
        for name, sql in statements
        if sql.startswith("CREATE TABLE") and not name.startswith((*shadows, "sqlite_"))
    ]
    writer.execute("PRAGMA synchronous=FULL")
    writer.execute("BEGIN IMMEDIATE")
    taken = 0.0
    for table in ordinary:
        rows = reader.execute(f'SELECT * FROM "{table}"')
        marks = ", ".join("?" * len(rows.description))
        taken += _write(writer, f'INSERT INTO "{table}" VALUES ({marks})', rows)
    for index in full_text:
        statement = f"INSERT INTO {index} (rowid, subject, body) VALUES (?, ?, ?)"
        taken += _write(writer, statement, reader.execute(_documents(index)))
    begun = time.perf_counter()
    writer.execute("COMMIT")
    return taken + time.perf_counter() - begun


def _documents(index: str) -> str:
    """Return the query for the documents of a full-text index: a ticket's head is number 0, its items follow."""
    return f"""
        SELECT document.id, ticket.subject, item.body
        FROM {index}_docsize AS document
        LEFT JOIN ticket ON document.id & 1048575 = 0 AND ticket.id = document.id >> 20
        LEFT JOIN item ON document.id & 1048575 > 0
            AND item.ticket_id = document.id >> 20 AND item.ordinal = document.id & 1048575
    """


def _write(writer: sqlite3.Connection, statement: str, rows: sqlite3.Cursor) -> float:
    taken = 0.0
    for chunk in _chunks(rows):
        begun = time.perf_counter()
        writer.executemany(statement, chunk)
        taken += time.perf_counter() - begun
    return taken


def _chunks(rows: sqlite3.Cursor) -> Iterator[list[Any]]:
    while chunk := rows.fetchmany(CHUNK):
        yield chunk
