"""Full-text search: each word is matched apart, the matches are intersected by ticket.

Ranking is bounded: words with at most ``CAP`` matches are ranked by bm25; where every word is commoner, the
newest tickets come first (docs/decisions/0010-ranking.md). A common word is not read to its end: candidates come in the order
of the answer, a few hundred at a time, and the index is asked whether the common word is in each, until there
are enough.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tix.domain.permissions import Scope
from tix.domain.search import Query, Term, parse_query
from tix.domain.tickets.ticket import Ticket
from tix.store.connection import Store
from tix.store.search import queue
from tix.store.search.index import SHIFT, rowid
from tix.store.search.plan import Filters

# bm25 looks every match up: 2 µs each, and a whole search has some 15 ms (measured).
CAP = 1_000
_MOST_TAGGED = 20_000
# A reader of so many tickets is told theirs beforehand; to look them up takes some 2 ms at most.
_MOST_SEEN = 2_000
_CHUNK = 200
# After so many single questions about a word it is cheaper to read all its matches once.
_QUESTIONS = 2_000
_LAST_DOCUMENT = (1 << SHIFT) - 1


class Hit(NamedTuple):
    """A ticket that matches, how well (more is better, 0 is not ranked), and the ordinal of its document."""

    row: queue.Row
    score: float
    ordinal: int


class Match(NamedTuple):
    """A ticket that a query finds, before filters."""

    id: int
    score: float
    ordinal: int


def search(
    store: Store,
    scope: Scope,
    query: Query,
    selection: queue.Selection,
    now: int,
    column: str | None = None,
    cap: int = CAP,
) -> list[Hit]:
    """The tickets of ``selection`` that ``query`` matches, best first; ``selection.limit`` bounds them.

    ``column`` restricts the words to ``subject``. A query without a word matches nothing. With a sort of its
    own the selection is sorted by that.
    """
    selection = queue.narrowed(store, selection)
    base = _base(store, scope, selection.filters)
    candidates = _Words(store, scope, column, cap).candidates(query, base)
    if selection.sort is not None:
        found = {match.id: match for match in candidates}
        wanted = selection._replace(filters={**selection.filters, "ids": list(found)})
        return [Hit(row, *found[row.ticket.id or 0][1:]) for row in queue.page(store, scope, wanted, now)]
    hits: list[Hit] = []
    # Where nothing is filtered out the first chunk is the answer.
    first = selection.limit if scope.kind == "all" and not selection.filters else _CHUNK
    for chunk in _chunks(candidates, first if selection.limit >= 0 else 20 * _CHUNK):
        ids = [match.id for match in chunk]
        wanted = queue.Selection({**selection.filters, "ids": ids}, "number")
        rows = {row.ticket.id: row for row in queue.page(store, scope, wanted, now)}
        hits += [Hit(rows[match.id], match.score, match.ordinal) for match in chunk if match.id in rows]
        if 0 <= selection.limit <= len(hits):
            return hits[: selection.limit]
    return hits


def matching(store: Store, scope: Scope, query: Query, now: int, column: str | None = None) -> list[int]:
    """The ids of the tickets a query matches: for ``list WORDS``, which asks the scope of each."""
    base = _base(store, scope, {})
    ids = [match.id for match in _Words(store, scope, column, CAP).candidates(query, base)]
    if base is not None or scope.kind == "all":
        return ids
    inner, values = queue.assemble(scope, queue.Selection({"ids": ids}, "number"), now)
    return [id for (id,) in store.execute(inner, values)]


def tagged(store: Store, tags: Sequence[str]) -> list[int] | None:
    """Tickets among which are all that bear one of ``tags``; None where there are too many to be worth it.

    Tags are the subject column of the internal heads. What is found still has to be compared word for word.
    """
    found: set[int] = set()
    for tag in tags:
        terms = parse_query([f'"{tag}"']).wanted
        if len(terms) != 1:
            return None
        expression = f"subject : ({terms[0].text})"
        rows = store.run("internal_text_matches", expression=expression, limit=_MOST_TAGGED + 1).fetchall()
        if len(rows) > _MOST_TAGGED:
            return None
        found.update(place >> SHIFT for (place,) in rows)
    return sorted(found)


def document(store: Store, scope: Scope, ticket: Ticket, ordinal: int) -> str:
    """The original text of a document, for a snippet; the subject where the head matched."""
    if ordinal == 0:
        return ticket.subject
    row = store.scoped("item_by_ordinal", scope, ticket_id=ticket.id, ordinal=ordinal).fetchone()
    return ticket.subject if row is None or row[0] is None else str(row[0])


def _base(store: Store, scope: Scope, filters: Filters) -> set[int] | None:
    """The tickets to look in, where they are few: those asked for by their ids, else all that a reader sees.

    Where they are many the scope picks from what is found.
    """
    given = filters.get("ids")
    return set(given) if isinstance(given, list) else queue.seen(store, scope, _MOST_SEEN)


def _chunks(matches: Iterator[Match], size: int) -> Iterator[list[Match]]:
    chunk: list[Match] = []
    for match in matches:
        chunk.append(match)
        if len(chunk) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Words:
    """The terms of a query against the full-text tables a reader may ask."""

    def __init__(self, store: Store, scope: Scope, column: str | None, cap: int) -> None:
        self._store = store
        self._column = column
        self._cap = cap
        # The subject column of the internal table holds tags.
        internal = scope.staff and column is None
        self._tables = ("public_text", "internal_text") if internal else ("public_text",)

    def candidates(self, query: Query, base: set[int] | None) -> Iterator[Match]:
        """The tickets that all wanted terms and no unwanted one are in, in the order of the answer."""
        if not query.wanted:
            return iter(())
        counts = {term: self._count(term) for term in query.wanted}
        rare = [term for term in query.wanted if counts[term] <= self._cap]
        common = [term for term in query.wanted if counts[term] > self._cap]
        if rare:
            stream = iter(self._ranked(rare, base))
        elif base is not None:
            stream = iter(Match(id, 0.0, 0) for id in sorted(base, reverse=True))
        else:
            common.sort(key=lambda term: counts[term])
            stream = self._newest(common.pop(0))
        for term in common:
            stream = self._having(term, stream)
        for term in query.unwanted:
            stream = self._lacking(term, stream)
        return stream

    def _expression(self, term: Term) -> str:
        return term.text if self._column is None else f"{self._column} : ({term.text})"

    def _places(self, term: Term, limit: int) -> Iterator[int]:
        """Where a term is, the newest first in each table."""
        for table in self._tables:
            cursor = self._store.run(f"{table}_matches", expression=self._expression(term), limit=limit)
            for (place,) in cursor:
                yield place

    def _count(self, term: Term) -> int:
        """How many documents a term is in, up to a little more than the cap."""
        values = {"expression": self._expression(term), "limit": self._cap + 1}
        return sum(self._store.value(f"{table}_count", **values) for table in self._tables)

    def _ranked(self, terms: list[Term], base: set[int] | None) -> list[Match]:
        """The tickets all of ``terms`` are in, by the sum of their best scores, then the newest first."""
        scores: dict[int, tuple[float, float, int]] | None = None
        for term in terms:
            best = self._best(term)
            if scores is None:
                scores = {id: (score, score, ordinal) for id, (score, ordinal) in best.items()}
                continue
            both = {}
            for id in scores.keys() & best.keys():
                total, top, where = scores[id]
                score, ordinal = best[id]
                both[id] = (total + score, *((top, where) if top >= score else (score, ordinal)))
            scores = both
        found = [
            Match(id, total, ordinal)
            for id, (total, _, ordinal) in (scores or {}).items()
            if base is None or id in base
        ]
        found.sort(key=lambda match: (-match.score, -match.id))
        return found

    def _best(self, term: Term) -> dict[int, tuple[float, int]]:
        """Each ticket a term is in, with the score and the ordinal of its best document."""
        best: dict[int, tuple[float, int]] = {}
        for table in self._tables:
            for place, rank in self._store.run(f"{table}_ranked", expression=self._expression(term)):
                id = place >> SHIFT
                if id not in best or -rank > best[id][0]:
                    best[id] = (-rank, place & _LAST_DOCUMENT)
        return best

    def _newest(self, term: Term) -> Iterator[Match]:
        """The tickets a common term is in, newest first; read only as far as somebody asks."""
        import heapq

        streams = [
            self._store.run(f"{table}_matches", expression=self._expression(term), limit=-1)
            for table in self._tables
        ]
        last = None
        for (place,) in heapq.merge(*streams, reverse=True):
            id = place >> SHIFT
            if id != last:
                last = id
                yield Match(id, 0.0, place & _LAST_DOCUMENT)

    def _having(self, term: Term, stream: Iterator[Match]) -> Iterator[Match]:
        ask = self._asker(term)
        return (
            match if match.score else match._replace(ordinal=ordinal)
            for match in stream
            if (ordinal := ask(match.id)) is not None
        )

    def _lacking(self, term: Term, stream: Iterator[Match]) -> Iterator[Match]:
        ask = self._asker(term)
        return (match for match in stream if ask(match.id) is None)

    def _asker(self, term: Term) -> Callable[[int], int | None]:
        """A question: in which document of a ticket is the term? None for in none."""
        asked = 0
        known: dict[int, int] | None = None

        def ask(id: int) -> int | None:
            nonlocal asked, known
            if known is None:
                asked += 1
                if asked <= _QUESTIONS:
                    return self._within(term, id)
                known = {place >> SHIFT: place & _LAST_DOCUMENT for place in self._places(term, -1)}
            return known.get(id)

        return ask

    def _within(self, term: Term, id: int) -> int | None:
        first, last = rowid(id, 0), rowid(id, _LAST_DOCUMENT)
        for table in self._tables:
            row = self._store.row(
                f"{table}_within", expression=self._expression(term), first=first, last=last
            )
            if row is not None:
                return int(row[0]) & _LAST_DOCUMENT
        return None
