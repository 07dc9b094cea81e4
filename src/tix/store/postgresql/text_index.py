"""The search index in PostgreSQL: the statements that FTS5 answers on SQLite, under the same names, with the same answers.

A document's words are a vector without positions, in an index; phrases are looked up, and occurrences counted, in the text.
The score is FTS5's bm25 (k1 1.2, b 0.75, the subject weighs 4): the same to nine digits (studied over 432 terms).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from tix.store.connection import Store
from tix.store.postgresql.words import MOST_BYTES, Expression, cut, parse, spaced, split
from tix.typing import Any

TABLES = ("public_text", "internal_text")
_K1, _B = 1.2, 0.75
_SUBJECT_WEIGHT = 4.0
# A common word is read in pages of so many, then of four times as many.
_PAGE = 250
MOST_ROWID = 1 << 62
# Documents that are added at once.
_DOCUMENTS = 100
_TOTALS = (
    "SELECT CAST(sum(documents) AS BIGINT), CAST(sum(words) AS BIGINT) FROM search_total WHERE name = :name"
)


class TextIndex:
    """The index of one store; ``run`` answers a statement by its name, ``public_text_add`` for example."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._verbs: dict[str, Callable[..., Any]] = {
            "add": self._add,
            "forget": self._forget,
            "matches": self._matches,
            "count": self._count,
            "within": self._within,
            "ranked": self._ranked,
            "documents": self._documents,
            "clear": self._clear,
            "check": self._check,
            "optimize": self._optimize,
        }

    def run(self, name: str, values: dict[str, Any]) -> Any:
        """Answer a statement. Raises KeyError for one that is not of the index."""
        table, _, verb = name.rpartition("_")
        if table not in TABLES:
            raise KeyError(name)
        return self._verbs[verb](table, **values)

    def add_many(self, table: str, rows: Sequence[tuple[int, str, str]]) -> None:
        """Add many documents, each a rowid of its own, a subject and a body."""
        for start in range(0, len(rows), _DOCUMENTS):
            self._put(table, rows[start : start + _DOCUMENTS])

    # ---------------------------------------------------------------------------------------- writing

    def _add(self, table: str, rowid: int, subject: str, body: str) -> Any:
        return self._put(table, [(rowid, subject, body)])

    def _put(self, table: str, rows: Sequence[tuple[int, str, str]]) -> Any:
        # A rowid that is there is of a ticket that somebody changed meanwhile, which the version of its row will tell.
        documents = [indexed(*row) for row in rows]
        rowids, subjects, bodies, sizes, wides, words = zip(*documents, strict=True)
        return self._store.execute(
            "WITH given AS (SELECT * FROM unnest(CAST(:rowids AS BIGINT[]), CAST(:subjects AS TEXT[]), CAST(:bodies AS TEXT[]), "
            "CAST(:sizes AS BIGINT[]), CAST(:wides AS BOOLEAN[]), CAST(:words AS TEXT[])) "
            "AS one (rowid, subject, body, size, wide, words)), "
            f"added AS (INSERT INTO {table} (rowid, subject, body, size, wide, words) SELECT rowid, subject, body, size, wide, "
            "array_to_tsvector(string_to_array(words, ' ')) FROM given ON CONFLICT (rowid) DO UPDATE SET size = excluded.size RETURNING size), "
            "known AS (INSERT INTO search_word (name, word) SELECT DISTINCT :name, word FROM given, "
            "unnest(string_to_array(given.words, ' ')) AS word ON CONFLICT DO NOTHING) "
            "INSERT INTO search_total (name, documents, words) SELECT :name, count(*), CAST(sum(size) AS BIGINT) FROM added",
            {
                "name": table, "rowids": list(rowids), "subjects": list(subjects), "bodies": list(bodies),
                "sizes": list(sizes), "wides": list(wides), "words": [" ".join(each) for each in words],
            },
        )  # fmt: skip

    def _forget(self, table: str, rowid: int, **_: str) -> Any:
        return self._store.execute(
            f"WITH one AS (DELETE FROM {table} WHERE rowid = :rowid::BIGINT RETURNING size) "
            "INSERT INTO search_total (name, documents, words) SELECT :name, -1, -size FROM one",
            {"name": table, "rowid": rowid},
        )

    def _clear(self, table: str) -> Any:
        for sql in ("search_total", "search_word"):
            self._store.execute(f"DELETE FROM {sql} WHERE name = :name", {"name": table})
        return self._store.execute(f"DELETE FROM {table}")

    def _optimize(self, table: str) -> Any:
        """Fold the rows of totals into one, and forget words that are in no document."""
        documents, words = self._totals(table)
        self._store.execute("DELETE FROM search_total WHERE name = :name", {"name": table})
        self._store.execute(
            "DELETE FROM search_word WHERE name = :name AND NOT EXISTS "
            f"(SELECT 1 FROM {table} WHERE words @@ CAST(quote_literal(search_word.word) AS tsquery))",
            {"name": table},
        )
        return self._store.execute(
            "INSERT INTO search_total (name, documents, words) VALUES (:name, :documents::BIGINT, :words::BIGINT)",
            {"name": table, "documents": documents, "words": words},
        )

    def _check(self, table: str) -> Any:
        """Compare the totals with the documents. Raises DamagedStore where they differ."""
        counted = self._store.execute(
            f"SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM {table}"
        ).fetchone()
        if tuple(counted) != self._totals(table):
            from tix.errors import DamagedStore

            raise DamagedStore(
                f"the totals of the search index of {self._store.place} are wrong", hint="tix doctor --fix"
            )

    # ---------------------------------------------------------------------------------------- reading

    def _documents(self, table: str) -> Any:
        return self._store.execute(f"SELECT rowid FROM {table}")

    def _source(
        self, table: str, asked: Expression, first: int = 0, last: int = MOST_ROWID, most: int = -1
    ) -> tuple[str, str, dict[str, Any]]:
        """Return what the documents with a term are read from, the clause that finds them there, and its values.

        Those from ``first`` to ``last``, and the last ``most``, are all that is wanted of them; there may be others.
        """
        clause, values = asked.clause()
        return table, clause, values

    def _matches(self, table: str, expression: str, limit: int) -> Any:
        asked = parse(expression)
        if limit < 0:
            return self._pages(table, asked)
        source, clause, values = self._source(table, asked, most=limit)
        sql = f"SELECT rowid FROM {source} WHERE {clause} ORDER BY rowid DESC LIMIT :limit"
        return self._store.execute(sql, {**values, "limit": limit})

    def _pages(self, table: str, asked: Expression) -> Iterator[tuple[int]]:
        """Yield the rowids, newest first, read as far as they are asked for."""
        below, size = MOST_ROWID, _PAGE
        while True:
            source, clause, values = self._source(table, asked, last=below - 1, most=size)
            sql = f"SELECT rowid FROM {source} WHERE ({clause}) AND rowid < :below::BIGINT ORDER BY rowid DESC LIMIT :size"
            rows = self._store.execute(sql, {**values, "below": below, "size": size}).fetchall()
            yield from rows
            if len(rows) < size:
                return
            below, size = rows[-1][0], size * 4

    def _count(self, table: str, expression: str, limit: int) -> Any:
        source, clause, values = self._source(table, parse(expression), most=limit)
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {clause} LIMIT :limit) AS few"
        return self._store.execute(sql, {**values, "limit": limit})

    def _within(self, table: str, expression: str, first: int, last: int, limit: int) -> Any:
        source, clause, values = self._source(table, parse(expression), first, last)
        return self._store.execute(
            f"SELECT rowid FROM {source} WHERE ({clause}) AND rowid >= :first::BIGINT AND rowid <= :last::BIGINT "
            "ORDER BY rowid LIMIT nullif(:limit, -1)",
            {**values, "first": first, "last": last, "limit": limit},
        )

    def _ranked(self, table: str, expression: str) -> list[tuple[int, float]]:
        """Return the documents with a term, each with FTS5's rank: the lower, the better."""
        asked = parse(expression)
        documents, total = self._totals(table)
        source, clause, values = self._source(table, asked)
        singles = [asked._replace(phrases=[phrase]) for phrase in asked.phrases]
        hits = []
        for place, single in enumerate(singles):
            hits += [single.hits(column).replace("_0", f"_{place}") for column in ("subject", "body")]
        rows = self._store.execute(
            f"SELECT rowid, size, {', '.join(hits)} FROM {source} WHERE {clause}"
            if hits
            else f"SELECT rowid, size FROM {source} WHERE FALSE",
            values,
        ).fetchall()
        average = total / documents if documents else 1.0
        weights = []
        for place in range(len(singles)):
            having = sum(1 for row in rows if row[2 + 2 * place] or row[3 + 2 * place])
            idf = math.log((documents - having + 0.5) / (having + 0.5))
            weights.append(idf if idf > 0 else 1e-6)
        return [(row[0], -self._score(row, weights, average)) for row in rows]

    @staticmethod
    def _score(row: Sequence[int], weights: list[float], average: float) -> float:
        score = 0.0
        for place, idf in enumerate(weights):
            frequency = _SUBJECT_WEIGHT * row[2 + 2 * place] + row[3 + 2 * place]
            score += idf * (frequency * (_K1 + 1.0) / (frequency + _K1 * (1.0 - _B + _B * row[1] / average)))
        return score

    def _totals(self, table: str) -> tuple[int, int]:
        documents, words = self._store.execute(_TOTALS, {"name": table}).fetchone()
        return documents or 0, words or 0

    def beginning_with(self, table: str, low: str, high: str, limit: int) -> list[str]:
        """Return the words of the index from ``low`` to ``high``, in order."""
        rows = self._store.execute(
            "SELECT word FROM search_word WHERE name = :name AND word >= :low AND word < :high ORDER BY word LIMIT :limit",
            {"name": table, "low": low, "high": high, "limit": limit},
        )
        return [word for (word,) in rows]


def indexed(rowid: int, subject: str, body: str) -> tuple[int, str, str, int, bool, list[str]]:
    """Return a document as the index has it: its text, its number of words, whether they are too many for a vector, and the words."""
    first, second = split(subject), split(body)
    words = cut([*first, *second])
    wide = sum(len(word.encode()) + 4 for word in words) > MOST_BYTES
    return rowid, spaced(first), spaced(second), len(first) + len(second), wide, words
