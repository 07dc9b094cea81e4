"""What only SQLite is told: where ids begin, the rows of files, and full-text search by FTS5."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Text, column, func, insert, literal_column, select, table, update

from tix.store.schema.tickets import FULL_TEXT
from tix.store.statements.dialects import SQLITE, tables
from tix.store.statements.expressions import b, blob

_sequence = table("sqlite_sequence", column("name"), column("seq"))

STATEMENTS: dict[str, Any] = {
    "ticket_last_id": select(_sequence.c.seq).where(_sequence.c.name == "ticket"),
    "ticket_ids_begin": insert(_sequence).values(name="ticket", seq=b("id")),
    "ticket_ids_spent": update(_sequence)
    .where(_sequence.c.name == "ticket", _sequence.c.seq < b("id"))
    .values(seq=b("id")),
    "blob_row": select(literal_column("rowid", Integer)).where(blob.sha256 == b("sha256")),
}


def _text_table(name: str) -> Any:
    return table(name, column("rowid"), column("subject"), column("body"))


def _search_statements(name: str) -> dict[str, Any]:
    """Return the statements for one full-text table. ``expression`` is an FTS5 query, already quoted."""
    text_table = _text_table(name)
    here = literal_column(name, Text)
    hit = here.op("MATCH")(b("expression"))
    rowid = text_table.c.rowid
    return {
        f"{name}_add": insert(text_table).values(rowid=b("rowid"), subject=b("subject"), body=b("body")),
        f"{name}_matches": select(rowid)
        .where(hit)
        .order_by(rowid.desc())
        .limit(b("limit"))
        .select_from(text_table),
        f"{name}_count": select(func.count()).select_from(
            select(rowid).where(hit).limit(b("limit")).select_from(text_table).subquery()
        ),
        f"{name}_ranked": select(rowid, func.bm25(here, literal_column("4.0"), literal_column("1.0")))
        .where(hit)
        .select_from(text_table),
        f"{name}_within": select(rowid)
        .where(hit, rowid >= b("first"), rowid <= b("last"))
        .select_from(text_table)
        .order_by(rowid)
        .limit(b("limit")),
    }


for _name in ("public_text", "internal_text"):
    STATEMENTS |= _search_statements(_name)

_INDEXES = [statement.split()[3] for statement in FULL_TEXT]

# FTS5's commands are inserts into a column named like the table: text, because no library can express them.
TEXTS: dict[str, str] = {
    f"{name}_{verb}": sql
    for name in ("public_text", "internal_text")
    for verb, sql in (
        (
            "forget",
            f"INSERT INTO {name} ({name}, rowid, subject, body) VALUES ('delete', :rowid, :subject, :body)",
        ),
        ("optimize", f"INSERT INTO {name} ({name}) VALUES ('optimize')"),
        ("clear", f"INSERT INTO {name} ({name}) VALUES ('delete-all')"),
        ("documents", f"SELECT id FROM {name}_docsize"),
        ("check", f"INSERT INTO {name} ({name}) VALUES ('integrity-check')"),
    )
}

# FTS5 keeps an index without contents in tables of its own.
_KEPT = [f"{index}_{part}" for index in _INDEXES for part in ("config", "data", "docsize", "idx")]


# What the assembled queries are spelled with: an index that is named, or none; whether two values are the same, NULL or not; a limit, -1 for none; and
# the tickets that were raised in some ranges. The order of their join is forced, because the planner does not know how short they are.
SPELLINGS = {
    "indexed": "{table} INDEXED BY {index}",
    "unindexed": "{table} NOT INDEXED",
    "same": "({key}) IS {value}",
    "limit": ":limit",
    "ranges": "json_each(:ranges) AS part",
    "raised": "json_each(:ranges) AS part CROSS JOIN ticket INDEXED BY by_created",
}


def schema() -> list[str]:
    """Return the statements that create a store."""
    return [*tables(SQLITE), *FULL_TEXT]


def other_tables() -> list[str]:
    """Return the names of the tables that are not in the schema's classes."""
    return [*_INDEXES, *_KEPT]
