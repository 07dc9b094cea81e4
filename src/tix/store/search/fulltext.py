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

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from tix.domain.permissions import Scope
from tix.domain.search import Query, Term, parse_query, relevance
from tix.domain.tickets.ticket import Ticket
from tix.store.connection import Store
from tix.store.search import queue
from tix.store.search.index import SHIFT, rowid
from tix.store.search.plan import Filters, array

# bm25 looks up every match: 2 µs each, and a whole search has some 15 ms (measured).
CAP = 1_000
# Up to so many results are examined one by one: 10 µs per word each.
MOST_RANKED = 200
_MOST_TAGGED = 20_000
# The tickets of a reader who sees at most so many are looked up first; that takes some 2 ms at most.
_MOST_SEEN = 2_000
_CHUNK, _LARGEST_CHUNK = 200, 4_000
# After so many single lookups of a word it is cheaper to read all its matches once.
_QUESTIONS = 2_000
_LAST_DOCUMENT = (1 << SHIFT) - 1
# The weight of a word in a subject; bm25 uses the same.
_SUBJECT_WEIGHT = 4


class Hit(NamedTuple):
    """A ticket that matches, its score (more is better, 0 is unranked), and the rowid of its best document.

    The document is None until it has been looked up (``located``).
    """

    row: queue.Row
    score: float
    document: int | None


class Match(NamedTuple):
    """A ticket that a query finds, before filters."""

    id: int
    score: float = 0.0
    document: int | None = None


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
    words = _Words(store, scope, column, cap)
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
    words: "_Words",
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
        left = {id for (id,) in store.execute(*queue.assemble(scope, wanted, now))}
        yield from (id for id in chunk if id in left)
        size = min(2 * size, _LARGEST_CHUNK)


def matching(store: Store, scope: Scope, query: Query, now: int, column: str | None = None) -> list[int]:
    """Return the ids of the tickets a query matches: for ``list WORDS``, which checks the scope of each."""
    ids = _Words(store, scope, column, CAP).newest(query, _base(store, scope, {}))
    return list(ids if scope.kind == "all" else _seen(store, scope, {}, now, ids))


def having(*asked: tuple[Query, str | None]) -> "queue.Words":
    """Return the ``words`` of a selection whose tickets match each query, in ``subject`` or (None) everywhere."""
    return partial(_selected, asked)


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
    finders = [(_Words(store, scope, column, CAP), query) for query, column in asked]
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
            sql, values = queue.assemble(scope, selection._replace(limit=size), now)
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
    words = _Words(store, scope, column, CAP)
    return [
        hit
        if hit.document is not None
        else hit._replace(document=words.match(query, hit.row.ticket.id or 0).document)
        for hit in hits
    ]


def document(store: Store, scope: Scope, ticket: Ticket, place: int) -> str:
    """Return the original text of the document at rowid ``place``, for a snippet; the subject if the head matched."""
    origin, ordinal = place >> SHIFT, place & _LAST_DOCUMENT
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


class _Words:
    """The terms of a query against the full-text tables a reader may use."""

    def __init__(self, store: Store, scope: Scope, column: str | None, cap: int) -> None:
        self._store = store
        self._column = column
        self._staff = int(scope.staff)
        self.cap = cap
        # The subject column of the internal table holds tags.
        internal = scope.staff and column is None
        self._tables = ("public_text", "internal_text") if internal else ("public_text",)
        # Whether merges have moved documents to other tickets. Heads, which hold the subjects, never move.
        self._has_moved = column is None and store.value("moved_any") is not None
        self._counts: dict[Term, int] = {}
        self._read: dict[Term, dict[int, list[tuple[str, int]]]] = {}
        self._subjects: dict[tuple[Term, str], set[int]] = {}
        self._found_holders: list[int] | None = None

    # ------------------------------------------------------------------------------- the order of the result

    def candidates(self, query: Query, base: set[int] | None) -> Iterator[Match]:
        """Yield the tickets with all wanted terms and no unwanted one, in the order of the result.

        For a reader who sees everything.
        """
        rare, common = self._parted(query.wanted)
        if not rare:
            return (Match(id) for id in self.newest(query, base))
        stream = iter(self._ranked(rare, base))
        for term in common:
            stream = _having(self._asker(term), stream)
        for term in query.unwanted:
            stream = _lacking(self._asker(term), stream)
        return stream

    def newest(self, query: Query, base: set[int] | None) -> Iterator[int]:
        """Yield the same tickets, newest first."""
        if not query.wanted:
            return iter(())
        rare, common = self._parted(query.wanted)
        if rare:
            found = set.intersection(*(set(self._places(term)) for term in rare))
            stream = iter(sorted(found if base is None else found & base, reverse=True))
        elif base is not None:
            stream = iter(sorted(base, reverse=True))
        else:
            stream = self._newest(common.pop(0))
        for term in common:
            stream = filter(self._asker(term), stream)
        for term in query.unwanted:
            stream = _without(self._asker(term), stream)
        return stream

    def match(self, query: Query, id: int) -> Match:
        """Return how well a ticket matches, by its own documents alone, and its best document."""
        score = 0.0
        weights: Counter[int] = Counter()
        for term in query.wanted:
            found: Counter[int] = Counter()
            places = self._places(term).get(id, []) if self._is_rare(term) else self._places_in(term, id)
            for table, place in places:
                found[place] += _SUBJECT_WEIGHT if self._is_subject(term, table, place) else 1
            score += relevance(found.total())
            weights.update(found)
        best = min(
            weights,
            key=lambda place: (-weights[place], place >> SHIFT != id, place),
            default=rowid(id, 0),
        )
        return Match(id, score, best)

    def has_rare(self, query: Query) -> bool:
        """Return whether the tickets of a query are few enough to be read at once."""
        return any(self._is_rare(term) for term in query.wanted)

    def question(self, query: Query) -> Callable[[int], bool]:
        """Return a function that says whether a query matches a ticket."""
        wanted = [self._asker(term) for term in query.wanted]
        unwanted = [self._asker(term) for term in query.unwanted]
        return lambda id: all(ask(id) for ask in wanted) and not any(ask(id) for ask in unwanted)

    def _parted(self, terms: Sequence[Term]) -> tuple[list[Term], list[Term]]:
        """Return the rare terms, and the common ones, the least common first."""
        rare = [term for term in terms if self._is_rare(term)]
        common = [term for term in terms if not self._is_rare(term)]
        return rare, sorted(common, key=lambda term: self._counts[term])

    def _is_rare(self, term: Term) -> bool:
        """Return whether a term is in so few documents that it is best to read all of them."""
        if term not in self._counts:
            values = {"expression": self._expression(term), "limit": self.cap + 1}
            self._counts[term] = sum(self._store.value(f"{table}_count", **values) for table in self._tables)
        return self._counts[term] <= self.cap

    def _expression(self, term: Term) -> str:
        return term.text if self._column is None else f"{self._column} : ({term.text})"

    # ------------------------------------------------------------------------------------ where a term occurs

    def _places(self, term: Term) -> dict[int, list[tuple[str, int]]]:
        """Return the tickets that contain a term, each with the tables and rowids of its documents."""
        if term not in self._read:
            found: dict[int, list[tuple[str, int]]] = {}
            where = [(table, place) for table in self._tables for place in self._rowids(table, term)]
            holders = self._moved({place >> SHIFT for _, place in where})
            for table, place in where:
                found.setdefault(place >> SHIFT, []).append((table, place))
                if place in holders:
                    found.setdefault(holders[place], []).append((table, place))
            self._read[term] = found
        return self._read[term]

    def _places_in(self, term: Term, id: int) -> list[tuple[str, int]]:
        """Return the tables and rowids of the documents of one ticket that contain a term."""
        expression = self._expression(term)
        found = []
        for table in self._tables:
            for origin, ordinals in self._stretches(id):
                first, last = rowid(origin, 0), rowid(origin, _LAST_DOCUMENT)
                values = {"expression": expression, "first": first, "last": last, "limit": -1}
                for (place,) in self._store.run(f"{table}_within", **values):
                    if ordinals is None or place & _LAST_DOCUMENT in ordinals:
                        found.append((table, place))
        return found

    def _has(self, term: Term, id: int) -> bool:
        expression = self._expression(term)
        values = {"first": rowid(id, 0), "last": rowid(id, _LAST_DOCUMENT), "limit": 1}
        if any(self._store.row(f"{table}_within", expression=expression, **values) for table in self._tables):
            return True
        return self._has_moved and id in self._holders() and bool(self._places_in(term, id))

    def _rowids(self, table: str, term: Term) -> Iterator[int]:
        """Yield the rowids of the documents with a term, newest first."""
        cursor = self._store.run(f"{table}_matches", expression=self._expression(term), limit=-1)
        return (place for (place,) in cursor)

    def _is_subject(self, term: Term, table: str, place: int) -> bool:
        """Return whether a document that contains a term has it in its subject (its tags, in the internal table)."""
        if place & _LAST_DOCUMENT:
            return False
        expression = f"subject : ({term.text})"
        if not self._is_rare(term):
            values = {"first": place, "last": place, "limit": 1}
            return self._store.row(f"{table}_within", expression=expression, **values) is not None
        if (term, table) not in self._subjects:
            cursor = self._store.run(f"{table}_matches", expression=expression, limit=-1)
            self._subjects[term, table] = {there for (there,) in cursor}
        return place in self._subjects[term, table]

    # ---------------------------------------------------------------------------------- what merges have moved

    def _moved(self, origins: set[int]) -> dict[int, int]:
        """Return the documents written on ``origins`` that a merge has moved: rowid, and present ticket."""
        if not self._has_moved:
            return {}
        values = {"ids": array(sorted(origins)), "staff": self._staff}
        rows = self._store.run("moved_documents_of", **values)
        return {rowid(origin, ordinal): holder for origin, ordinal, holder in rows}

    def _stretches(self, id: int) -> list[tuple[int, set[int] | None]]:
        """Return the tickets whose documents belong to a ticket: itself, with all, and others with some ordinals."""
        found: dict[int, set[int]] = {}
        if self._has_moved:
            for origin, ordinal, _ in self._store.run("moved_documents_on", ticket_id=id, staff=self._staff):
                found.setdefault(origin, set()).add(ordinal)
        return [(id, None), *found.items()]

    def _holders(self) -> list[int]:
        """Return the tickets that have documents of merged tickets, newest first."""
        if self._found_holders is None:
            rows = self._store.run("moved_holders") if self._has_moved else ()
            self._found_holders = sorted((id for (id,) in rows), reverse=True)
        return self._found_holders

    # ------------------------------------------------------------------------------------------- rare terms

    def _ranked(self, terms: list[Term], base: set[int] | None) -> list[Match]:
        """Return the tickets with all of ``terms``, by the sum of their best scores, then newest first."""
        scores: dict[int, tuple[float, float, int]] | None = None
        for term in terms:
            best = self._best(term)
            if scores is None:
                scores = {id: (score, score, place) for id, (score, place) in best.items()}
                continue
            both = {}
            for id in scores.keys() & best.keys():
                total, top, where = scores[id]
                score, place = best[id]
                both[id] = (total + score, *((top, where) if top >= score else (score, place)))
            scores = both
        found = [
            Match(id, total, place)
            for id, (total, _, place) in (scores or {}).items()
            if base is None or id in base
        ]
        found.sort(key=lambda match: (-match.score, -match.id))
        return found

    def _best(self, term: Term) -> dict[int, tuple[float, int]]:
        """Return each ticket with a term, with the score and the rowid of its best document."""
        rows = [
            row
            for table in self._tables
            for row in self._store.run(f"{table}_ranked", expression=self._expression(term))
        ]
        holders = self._moved({place >> SHIFT for place, _ in rows})
        best: dict[int, tuple[float, int]] = {}
        for place, rank in rows:
            for id in (place >> SHIFT, holders.get(place)):
                if id is not None and (id not in best or -rank > best[id][0]):
                    best[id] = (-rank, place)
        return best

    # ----------------------------------------------------------------------------------------- common terms

    def _newest(self, term: Term) -> Iterator[int]:
        """Yield the tickets with a common term, newest first; read only as far as needed."""
        import heapq

        streams: list[Iterator[int]] = [
            (place >> SHIFT for place in self._rowids(table, term)) for table in self._tables
        ]
        streams.append(id for id in self._holders() if self._places_in(term, id))
        last = None
        for id in heapq.merge(*streams, reverse=True):
            if id != last:
                last = id
                yield id

    def _asker(self, term: Term) -> Callable[[int], bool]:
        """Return a function that says whether the term is in a ticket."""
        if self._is_rare(term):
            return self._places(term).__contains__
        asked = 0
        known: set[int] | None = None

        def ask(id: int) -> bool:
            nonlocal asked, known
            if known is None:
                asked += 1
                if asked <= _QUESTIONS:
                    return self._has(term, id)
                known = self._all(term)
            return id in known

        return ask

    def _all(self, term: Term) -> set[int]:
        """Return all tickets with a term."""
        places = [place for table in self._tables for place in self._rowids(table, term)]
        found = {place >> SHIFT for place in places}
        if self._has_moved:
            there = set(places)
            rows = self._store.run("moved_documents", staff=self._staff)
            found.update(holder for origin, ordinal, holder in rows if rowid(origin, ordinal) in there)
        return found


def _having(ask: Callable[[int], bool], stream: Iterator[Match]) -> Iterator[Match]:
    return (match for match in stream if ask(match.id))


def _lacking(ask: Callable[[int], bool], stream: Iterator[Match]) -> Iterator[Match]:
    return (match for match in stream if not ask(match.id))


def _without(ask: Callable[[int], bool], stream: Iterator[int]) -> Iterator[int]:
    return (id for id in stream if not ask(id))
