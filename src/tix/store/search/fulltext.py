"""Full-text search: each word is matched separately, and the matches are intersected by ticket.

Ranking is bounded (docs/decisions/0010-ranking.md). Readers who see every ticket get bm25 for words with at most
``CAP`` matches. bm25 counts words in the whole index, so readers who see a part of the desk would learn from it what
the rest contains: for them a ticket is ranked by its own documents, and only if they have at most ``MOST_RANKED``
results. Beyond that the newest tickets come first. How often a word occurs in tickets out of sight decides nothing
except which way of reading is faster.

A common word is not read to its end: candidates come in the order of the result, a few hundred at a time, and the
index is asked whether the common word is in each, until there are enough.

A document belongs to the ticket it was written on and, after a merge, also to the ticket that it was merged into.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from tix.domain.permissions import Scope
from tix.domain.search import Query, parse_query
from tix.domain.tickets.ticket import Ticket
from tix.store.connection import Store
from tix.store.search import queue
from tix.store.search.index import SHIFT
from tix.store.search.plan import Filters
from tix.store.search.words import LAST_DOCUMENT, Match, WordIndex
from tix.typing import NamedTuple

# bm25 looks up every match: 2 µs each, and a whole search has some 15 ms (measured).
CAP = 1_000
# Up to so many results are examined one by one: 10 µs per word each.
MOST_RANKED = 200
_MOST_TAGGED = 20_000
# The tickets of a reader who sees at most so many are looked up first; that takes some 2 ms at most.
_MOST_SEEN = 2_000
_CHUNK, _LARGEST_CHUNK = 200, 4_000


class Hit(NamedTuple):
    """A ticket that matches, its score (more is better, 0 is unranked), and the rowid of its best document.

    The document is None until it has been looked up (``located``).
    """

    row: queue.TicketRow
    score: float
    document: int | None


def search(
    store: Store,
    scope: Scope,
    query: Query,
    selection: queue.Selection,
    now: int,
    column: str | None = None,
    cap: int = CAP,
) -> list[Hit]:
    """Return the tickets of ``selection`` that ``query`` matches, best first, at most ``selection.limit``.

    ``column`` restricts the words to ``subject``. A query without a word matches nothing. If the selection has a sort
    order of its own, that is used.
    """
    selection = queue.narrowed(store, selection)
    base = _base(store, scope, selection.filters)
    words = WordIndex(store, scope, column, cap)
    if scope.kind != "all":
        return _of_a_part(store, scope, query, selection, now, words, base)
    candidates = words.candidates(query, base)
    if selection.sort is not None:
        found = {match.id: match for match in candidates}
        return _sorted(store, scope, selection, now, found)
    hits: list[Hit] = []
    # Without filters the first chunk is the result.
    first = selection.limit if not selection.filters else _CHUNK
    for chunk in _chunks(candidates, first if selection.limit >= 0 else 20 * _CHUNK):
        hits += _rows(store, scope, selection.filters, now, chunk)
        if 0 <= selection.limit <= len(hits):
            return hits[: selection.limit]
    return hits


def _of_a_part(
    store: Store,
    scope: Scope,
    query: Query,
    selection: queue.Selection,
    now: int,
    words: "WordIndex",
    base: set[int] | None,
) -> list[Hit]:
    """Return the same for a reader who sees a part of the desk, from that part alone."""
    limit, most = selection.limit, min(words.cap, MOST_RANKED)
    enough = None if limit < 0 or selection.sort is not None else max(limit, most + 1)
    ids = list(islice(_seen(store, scope, selection.filters, now, words.newest(query, base)), enough))
    matches = [words.match(query, id) for id in ids] if len(ids) <= most else [Match(id) for id in ids]
    if selection.sort is not None:
        return _sorted(store, scope, selection, now, {match.id: match for match in matches})
    matches.sort(key=lambda match: (-match.score, -match.id))
    return _rows(store, scope, selection.filters, now, matches if limit < 0 else matches[:limit])


def _sorted(
    store: Store, scope: Scope, selection: queue.Selection, now: int, found: dict[int, Match]
) -> list[Hit]:
    wanted = selection._replace(filters={**selection.filters, "ids": list(found)})
    return [Hit(row, *found[row.ticket.id or 0][1:]) for row in queue.page(store, scope, wanted, now)]


def _rows(store: Store, scope: Scope, filters: Filters, now: int, matches: Sequence[Match]) -> list[Hit]:
    """Return the matches that pass the filters, in their order."""
    wanted = queue.Selection({**filters, "ids": [match.id for match in matches]}, "number")
    rows = {row.ticket.id: row for row in queue.page(store, scope, wanted, now)}
    return [Hit(rows[match.id], match.score, match.document) for match in matches if match.id in rows]


def _seen(store: Store, scope: Scope, filters: Filters, now: int, ids: Iterator[int]) -> Iterator[int]:
    """Yield those of ``ids`` that ``scope`` sees and that pass the filters, in their order."""
    size = _CHUNK
    while chunk := list(islice(ids, size)):
        wanted = queue.Selection({**filters, "ids": chunk}, "number")
        left = {id for (id,) in store.execute(*queue.assemble(store.texts, scope, wanted, now))}
        yield from (id for id in chunk if id in left)
        size = min(2 * size, _LARGEST_CHUNK)


def matching(store: Store, scope: Scope, query: Query, now: int, column: str | None = None) -> list[int]:
    """Return the ids of the tickets a query matches: for ``list WORDS``, which checks the scope of each."""
    ids = WordIndex(store, scope, column, CAP).newest(query, _base(store, scope, {}))
    return list(ids if scope.kind == "all" else _seen(store, scope, {}, now, ids))


def having(*asked: tuple[Query, str | None]) -> "queue.Words":
    """Return the ``words`` of a selection whose tickets match each query, in ``subject`` or (None) everywhere."""
    return lambda *more: _selected(asked, *more)


def _selected(
    asked: Sequence[tuple[Query, str | None]],
    store: Store,
    scope: Scope,
    selection: queue.Selection,
    now: int,
) -> queue.Selection:
    """Return the selection with ids in place of its words: of all matching tickets, or only of its page.

    If the words are common and a limit is given, tickets come in the order of the selection, a few hundred at a time,
    and the index is asked about each until there are enough.
    """
    finders = [(WordIndex(store, scope, column, CAP), query) for query, column in asked]
    selection = selection._replace(words=None)
    ids = _base(store, scope, selection.filters)
    common = not any(words.has_rare(query) for words, query in finders)
    if ids is None and selection.limit >= 0 and common and all(query.wanted for _, query in finders):
        asks = [words.question(query) for words, query in finders]
        found = _first(store, scope, selection, now, lambda id: all(ask(id) for ask in asks))
        return selection._replace(filters={**selection.filters, "ids": found})
    for words, query in finders:
        ids = set(words.newest(query, ids))
    return selection._replace(filters={**selection.filters, "ids": sorted(ids or ())})


def _first(
    store: Store, scope: Scope, selection: queue.Selection, now: int, ask: Callable[[int], bool]
) -> list[int]:
    """Return the first ids of a selection, up to its limit, for which ``ask`` is true."""
    found: list[int] = []
    selection = queue.narrowed(store, selection)
    done, size = 0, max(4 * selection.limit, _CHUNK)
    with store.reading():
        while True:
            sql, values = queue.assemble(store.texts, scope, selection._replace(limit=size), now)
            ids = [id for (id,) in store.execute(sql, values)]
            found += islice(filter(ask, ids[done:]), selection.limit - len(found))
            if len(found) >= selection.limit or len(ids) < size:
                return found
            done, size = len(ids), 8 * size


def tagged(store: Store, tags: Sequence[str]) -> list[int] | None:
    """Return tickets that include all with one of ``tags``; None if there are too many to be useful.

    Tags are in the subject column of the internal heads. The result still has to be compared word for word.
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


def located(
    store: Store, scope: Scope, query: Query, hits: Sequence[Hit], column: str | None = None
) -> list[Hit]:
    """Return the same hits, each with its best document."""
    words = WordIndex(store, scope, column, CAP)
    return [
        hit
        if hit.document is not None
        else hit._replace(document=words.match(query, hit.row.ticket.id or 0).document)
        for hit in hits
    ]


def document(store: Store, scope: Scope, ticket: Ticket, place: int) -> str:
    """Return the original text of the document at rowid ``place``, for a snippet; the subject if the head matched."""
    origin, ordinal = place >> SHIFT, place & LAST_DOCUMENT
    if ordinal == 0:
        return ticket.subject
    values = {"ticket_id": ticket.id, "origin": origin, "ordinal": ordinal}
    row = store.scoped("item_by_ordinal", scope, **values).fetchone()
    return ticket.subject if row is None or row[0] is None else str(row[0])


def _base(store: Store, scope: Scope, filters: Filters) -> set[int] | None:
    """Return the tickets to search if they are few: those given by id, else all that the reader sees.

    If they are many, the scope is applied to the matches.
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
