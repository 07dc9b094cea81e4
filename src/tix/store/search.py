"""Full-text search: each word is matched apart, the matches are intersected by ticket.

Ranking is bounded (performance page): a word with at most ``CAP`` matches is ranked by bm25; of a commoner one
the newest ``CAP`` matches are taken, newest first. That bound never loses a ticket: where filters, a scope or
another word leave too few, the word is walked to its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tix.domain.policy import Scope
from tix.domain.searching import Query, Term
from tix.domain.ticket import Ticket
from tix.store import queues
from tix.store.connection import Store
from tix.store.documents import SHIFT, rowid

CAP = 20_000
# With so few candidates it is cheaper to ask the index about each than to walk a common word's matches.
_PROBES = 500
_LAST_DOCUMENT = (1 << SHIFT) - 1


class Hit(NamedTuple):
    """A ticket that matches, how well (more is better), and the ordinal of the document that says so."""

    row: queues.Row
    score: float
    ordinal: int


class _Match(NamedTuple):
    score: float
    ordinal: int


class _Matches(NamedTuple):
    """Tickets a term is in; ``whole`` is False when only the newest were taken."""

    tickets: dict[int, _Match]
    whole: bool


def search(
    store: Store, scope: Scope, query: Query, selection: queues.Selection, now: int, column: str | None = None
) -> list[Hit]:
    """The tickets of ``selection`` that ``query`` matches, best first; ``selection.limit`` bounds them.

    ``column`` restricts the words to ``subject``. A query without a word matches nothing.
    """
    if not query.wanted:
        return []
    tables = ("public_text", "internal_text") if scope.staff else ("public_text",)
    words = _Words(store, tables, column)
    base = None if scope.kind == "all" else _visible_ids(store, scope, selection, now)
    bounded = selection.limit >= 0
    found, whole = words.intersection(query, base, CAP if bounded else None)
    hits = _rows(store, scope, selection, found, now)
    if not whole and len(hits) < selection.limit:
        found, _ = words.intersection(query, base, None)
        hits = _rows(store, scope, selection, found, now)
    return hits if selection.limit < 0 else hits[: selection.limit]


def matching(
    store: Store, scope: Scope, query: Query, selection: queues.Selection, now: int, column: str | None = None
) -> list[int]:
    """The ids of the tickets a query matches, whatever filters say: for ``list WORDS``."""
    tables = ("public_text", "internal_text") if scope.staff else ("public_text",)
    base = None if scope.kind == "all" else _visible_ids(store, scope, selection, now)
    found, _ = _Words(store, tables, column).intersection(query, base, None)
    return list(found)


def _visible_ids(store: Store, scope: Scope, selection: queues.Selection, now: int) -> set[int]:
    inner, values = queues.assemble(scope, selection._replace(sort="number", limit=-1), now)
    return {id for (id,) in store.execute(inner, values)}


def _rows(
    store: Store, scope: Scope, selection: queues.Selection, found: dict[int, _Match], now: int
) -> list[Hit]:
    """The found tickets that pass scope and filters, in the order asked for: by score, or ``--sort``."""
    hits = []
    ranked = sorted(found, key=lambda id: (-found[id].score, -id))
    step = CAP if selection.sort is not None or selection.limit < 0 else max(4 * selection.limit, 200)
    for start in range(0, len(ranked), step):
        ids = ranked[start : start + step] if selection.sort is None else ranked
        wanted = selection._replace(filters={**selection.filters, "ids": ids}, limit=-1)
        if selection.sort is None:
            wanted = wanted._replace(sort="number")
        page = {row.ticket.id: row for row in queues.page(store, scope, wanted, now)}
        order: Iterable[int | None] = page if selection.sort is not None else ids
        hits += [Hit(page[id], *found[id]) for id in order if id is not None and id in page]
        if selection.sort is not None or 0 <= selection.limit <= len(hits):
            break
    return hits


class _Words:
    """The terms of a query against the full-text tables a reader may ask."""

    def __init__(self, store: Store, tables: tuple[str, ...], column: str | None) -> None:
        self._store = store
        self._tables = tables
        self._column = column

    def intersection(
        self, query: Query, base: set[int] | None, cap: int | None
    ) -> tuple[dict[int, _Match], bool]:
        """The tickets every wanted term is in and no unwanted one; whether that is all of them."""
        terms = [(term, self._count(term)) for term in query.wanted]
        terms.sort(key=lambda pair: pair[1])
        found: dict[int, _Match] | None = None if base is None else {id: _Match(0.0, 0) for id in base}
        whole = True
        for term, count in terms:
            if found is not None and count > CAP and len(found) <= _PROBES:
                matches = self._probe(term, found)
            else:
                matches, complete = self._matches(term, count, cap)
                whole = whole and complete
            found = matches if found is None else _both(found, matches)
        assert found is not None
        for term in query.unwanted:
            if len(found) <= _PROBES:
                gone = self._probe(term, found)
            else:
                gone, _ = self._matches(term, CAP + 1, None)
            found = {id: match for id, match in found.items() if id not in gone}
        return found, whole

    def _expression(self, term: Term) -> str:
        return term.text if self._column is None else f"{self._column} : ({term.text})"

    def _count(self, term: Term) -> int:
        """How many documents a term is in, up to a little more than ``CAP``."""
        return sum(
            len(
                self._store.run(
                    f"{table}_matches", expression=self._expression(term), limit=CAP + 1
                ).fetchall()
            )
            for table in self._tables
        )

    def _matches(self, term: Term, count: int, cap: int | None) -> _Matches:
        expression = self._expression(term)
        tickets: dict[int, _Match] = {}
        ranked = count <= CAP
        for table in self._tables:
            if ranked:
                rows = self._store.run(f"{table}_ranked", expression=expression)
                scored = [(place, -score) for place, score in rows]
            else:
                limit = -1 if cap is None else cap
                rows = self._store.run(f"{table}_matches", expression=expression, limit=limit)
                scored = [(place, 0.0) for (place,) in rows]
            for place, score in scored:
                id = place >> SHIFT
                if id not in tickets or score > tickets[id].score:
                    tickets[id] = _Match(score, place & _LAST_DOCUMENT)
        return _Matches(tickets, ranked or cap is None)

    def _probe(self, term: Term, candidates: Iterable[int]) -> dict[int, _Match]:
        found = {}
        expression = self._expression(term)
        for id in candidates:
            for table in self._tables:
                row = self._store.row(
                    f"{table}_within",
                    expression=expression,
                    first=rowid(id, 0),
                    last=rowid(id, _LAST_DOCUMENT),
                )
                if row is not None:
                    found[id] = _Match(0.0, row[0] & _LAST_DOCUMENT)
                    break
        return found


def _both(one: dict[int, _Match], other: dict[int, _Match]) -> dict[int, _Match]:
    """The tickets in both: the scores add up, the document is the better one."""
    common = {}
    for id in one.keys() & other.keys():
        a, b = one[id], other[id]
        best = a if a.score >= b.score and a.score > 0 else b
        common[id] = _Match(a.score + b.score, best.ordinal)
    return common


def document(store: Store, scope: Scope, ticket: Ticket, ordinal: int) -> str:
    """The original text of a document, for a snippet; the subject where the head matched."""
    if ordinal == 0:
        return ticket.subject
    row = store.scoped("item_by_ordinal", scope, ticket_id=ticket.id, ordinal=ordinal).fetchone()
    return ticket.subject if row is None or row[0] is None else str(row[0])
