"""The tables of a database: which are there, and making those of a desk."""

from __future__ import annotations

from tix.store import first_rows
from tix.store.compiled import postgresql
from tix.store.connection import Store
from tix.store.copy.tables import MARKS
from tix.typing import Any

_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p', 'v', 'm', 'f')"


def tables(store: Store) -> set[str]:
    """Return the names of the tables and views that are there."""
    return {name for (name,) in store.execute(_TABLES).fetchall()}


def fill(store: Store) -> None:
    """Create the schema and what a new desk starts with, inside the transaction that is open. Raises FileExistsError."""
    if {"tix_format", MARKS} & tables(store):
        store.execute("ROLLBACK")
        raise FileExistsError(store.place)
    for statement in postgresql.SCHEMA:
        store.execute(statement)
    store.execute(
        "INSERT INTO tix_format (version) VALUES (:version)", {"version": postgresql.SCHEMA_VERSION}
    )

    def run(name: str, values: dict[str, Any]) -> None:
        store.run(name, **values)

    first_rows.add(run)
