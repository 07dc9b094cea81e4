"""The desk as a person's own account reads it: the same statements, on the views of that account, and no writes.

The views stand under the names of the tables in a schema of their own (``store/statements/reader_views.py``). Statements name it where
they name a table, because a pooler would hand a search path that is set to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tix.errors import NotAllowed, StorageFailure
from tix.store.compiled import reader_views
from tix.store.postgresql.connection import PostgresStore
from tix.store.postgresql.failures import is_forbidden
from tix.store.postgresql.text_index import MOST_ROWID, TextIndex
from tix.store.postgresql.words import Expression, Phrase, vector_query
from tix.typing import Any, NoReturn

_FROM = re.compile(rf"\b(FROM|JOIN) ({'|'.join(reader_views.VIEWS)})\b(?!\()")


class Reader(PostgresStore):
    """An open desk that only reads, as the person whose account it is: ``reader``, "" for nobody any more."""

    def execute(self, sql: str, values: Any = ()) -> Any:
        try:
            return super().execute(on_views(sql), values)
        except StorageFailure as error:
            if not is_forbidden(error):
                raise
            raise needs_whole(self) from error

    def begin(self) -> NoReturn:
        raise only_reads(self)

    def make(self) -> NoReturn:
        raise only_reads(self)


class ReaderIndex(TextIndex):
    """The index, asked through functions that know which documents the account may read."""

    def _source(
        self, table: str, asked: Expression, first: int = 0, last: int = MOST_ROWID, most: int = -1
    ) -> tuple[str, str, dict[str, Any]]:
        phrases = asked.phrases
        queries = [vector_query(phrase) for phrase in phrases]
        values: dict[str, Any] = asked.needles() | {
            "wanted": " | ".join(f"({query})" for query in queries),
            "queries": queries,
            "needles": [phrase.needle for phrase in phrases],
            "looked": [asked.is_looked_up(phrase) for phrase in phrases],
            "subjects": "subject" in asked.columns,
            "bodies": "body" in asked.columns,
            "from_row": first,
            "to_row": last,
            "most": most,
        }
        source = (
            f"{reader_views.SCHEMA}.{table}_documents(CAST(:wanted AS tsquery), CAST(:queries AS tsquery[]), CAST(:needles AS TEXT[]), "
            "CAST(:looked AS BOOLEAN[]), :subjects, :bodies, :from_row::BIGINT, :to_row::BIGINT, :most::BIGINT) AS document"
        )
        return source, "TRUE" if phrases else "FALSE", values

    def beginning_with(self, table: str, low: str, high: str, limit: int) -> list[str]:
        rows = self._store.execute(
            f"SELECT word FROM {reader_views.SCHEMA}.{table}_words(CAST(:beginning AS tsquery), :low, :high, :limit::BIGINT) ORDER BY word",
            {"beginning": vector_query(Phrase([low], prefix=True)), "low": low, "high": high, "limit": limit},
        )
        return [word for (word,) in rows]


def on_views(sql: str) -> str:
    """Return a statement that reads the views in the place of the tables."""
    return _FROM.sub(rf"\1 {reader_views.SCHEMA}.\2", sql)


def only_reads(store: PostgresStore) -> NotAllowed:
    """Return what a write is refused with."""
    return NotAllowed(
        f"the account {store.wire.info.user} of {store.place} only reads",
        hint="to write, use tix serve, or the account of the desk itself",
    )


def needs_whole(store: PostgresStore) -> NotAllowed:
    """Return what a command is refused with that reads what no person's account reads."""
    return NotAllowed(
        f"this needs the account of the desk itself: {store.wire.info.user} only reads what its person may see",
        hint="name another account in TIX_STORE or --store",
    )


def adopted(store: PostgresStore) -> Reader | None:
    """Return the desk as the account of the connection reads it; None where the account was granted nothing."""
    schema = "to_regnamespace(:schema)"
    sql = f"SELECT {schema} IS NOT NULL AND has_schema_privilege(CAST({schema} AS oid), 'USAGE')"
    if not store.execute(sql, {"schema": reader_views.SCHEMA}).fetchone()[0]:
        return None
    # Compiling the plan of a view takes longer than running it. Left behind in a pooler, this does no harm.
    store.execute("SET jit = off")
    found = Reader(store.wire, store.address)
    found.text_index = ReaderIndex(found)
    rows: Sequence[Any] = found.execute(f"SELECT login FROM {reader_views.SCHEMA}.me()").fetchall()
    found.reader = rows[0][0] if rows else ""
    return found
