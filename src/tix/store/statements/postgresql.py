"""What only PostgreSQL is told: where ids begin, the rows of files, and the tables of the search index.

The index has the words of each document, split as FTS5 splits them (``store.postgresql.text_index``), without the positions and
the configurations of ``to_tsvector``, which would find other documents; and its words between spaces, in which phrases are
looked up and occurrences counted.
"""

from __future__ import annotations

from typing import Any

from tix.store.statements.dialects import POSTGRESQL, tables

INDEXES = ("public_text", "internal_text")

STATEMENTS: dict[str, Any] = {}

TEXTS: dict[str, str] = {
    "blob_size": "SELECT length(data) FROM blob WHERE sha256 = :sha256",
    "blob_piece": "SELECT substring(data FROM CAST(:start AS INTEGER) FOR CAST(:size AS INTEGER)) FROM blob WHERE sha256 = :sha256",
    "ticket_last_id": "SELECT id FROM highest_id WHERE name = 'ticket'",
    "ticket_ids_begin": "INSERT INTO highest_id (name, id) VALUES ('ticket', :id::BIGINT)",
    "ticket_ids_spent": "UPDATE highest_id SET id = :id::BIGINT WHERE name = 'ticket' AND id < :id::BIGINT",
}


_RANGES = (
    "(SELECT place - 1 AS key, one AS value FROM "
    "jsonb_array_elements(CAST(:ranges AS jsonb)) WITH ORDINALITY AS each_one(one, place)) AS part"
)
# What the assembled queries are spelled with (``sqlite.SPELLINGS``): the planner chooses the index.
SPELLINGS = {
    "indexed": "{table}",
    "unindexed": "{table}",
    "same": "({key}) IS NOT DISTINCT FROM {value}",
    "limit": "nullif(:limit, -1)",
    "ranges": _RANGES,
    "raised": f"{_RANGES} CROSS JOIN ticket",
}


def schema() -> list[str]:
    """Return the statements that create a store."""
    return [*tables(POSTGRESQL), *_index_tables()]


def other_tables() -> list[str]:
    """Return the names of the tables that are not in the schema's classes."""
    return [*INDEXES, "commit_key", "highest_id", "search_total", "search_word", "tix_format"]


def _index_tables() -> list[str]:
    made = []
    for name in INDEXES:
        made += [
            (
                f'CREATE TABLE {name} (rowid BIGINT PRIMARY KEY, subject TEXT COLLATE "C" NOT NULL, body TEXT COLLATE "C" NOT NULL, '
                "size BIGINT NOT NULL, wide BOOLEAN NOT NULL, words TSVECTOR NOT NULL)"
            ),
            f"CREATE INDEX {name}_words ON {name} USING gin (words) WITH (fastupdate = off)",
            f"CREATE INDEX {name}_wide ON {name} (rowid) WHERE wide",
        ]
    return [
        *made,
        # How many documents and words there are: a row for each change, summed when asked, so that no writer waits.
        'CREATE TABLE search_total (name TEXT COLLATE "C" NOT NULL, documents BIGINT NOT NULL, words BIGINT NOT NULL)',
        # The words that have been indexed, for the other forms of a word; one that is in no document any more does no harm.
        'CREATE TABLE search_word (name TEXT COLLATE "C" NOT NULL, word TEXT COLLATE "C" NOT NULL, PRIMARY KEY (name, word))',
        # The highest id that a ticket ever had.
        'CREATE TABLE highest_id (name TEXT COLLATE "C" PRIMARY KEY, id BIGINT NOT NULL)',
        "CREATE TABLE tix_format (version BIGINT NOT NULL)",
        # A row for each transaction of the last day: whether one was committed whose commit was not answered.
        "CREATE TABLE commit_key (key UUID PRIMARY KEY, made_at TIMESTAMPTZ NOT NULL DEFAULT now())",
        "CREATE INDEX commit_key_made_at ON commit_key (made_at)",
    ]
