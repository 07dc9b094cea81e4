"""Which tickets have the words of a query, among the documents a reader may see."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from tix.domain.permissions import Scope
from tix.domain.search import Query, Term, relevance
from tix.store.connection import Store
from tix.store.search.index import SHIFT, rowid
from tix.store.search.plan import array
from tix.typing import NamedTuple

# After so many single lookups of a word it is cheaper to read all its matches once.
_QUESTIONS = 2_000
LAST_DOCUMENT = (1 << SHIFT) - 1
# The weight of a word in a subject; bm25 uses the same.
_SUBJECT_WEIGHT = 4


class Match(NamedTuple):
    """A ticket that a query finds, before filters."""

    id: int
    score: float = 0.0
    document: int | None = None


class WordIndex:
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
                first, last = rowid(origin, 0), rowid(origin, LAST_DOCUMENT)
                values = {"expression": expression, "first": first, "last": last, "limit": -1}
                for (place,) in self._store.run(f"{table}_within", **values):
                    if ordinals is None or place & LAST_DOCUMENT in ordinals:
                        found.append((table, place))
        return found

    def _has(self, term: Term, id: int) -> bool:
        expression = self._expression(term)
        values = {"first": rowid(id, 0), "last": rowid(id, LAST_DOCUMENT), "limit": 1}
        if any(self._store.row(f"{table}_within", expression=expression, **values) for table in self._tables):
            return True
        return self._has_moved and id in self._holders() and bool(self._places_in(term, id))

    def _rowids(self, table: str, term: Term) -> Iterator[int]:
        """Yield the rowids of the documents with a term, newest first."""
        cursor = self._store.run(f"{table}_matches", expression=self._expression(term), limit=-1)
        return (place for (place,) in cursor)

    def _is_subject(self, term: Term, table: str, place: int) -> bool:
        """Return whether a document that contains a term has it in its subject (its tags, in the internal table)."""
        if place & LAST_DOCUMENT:
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
