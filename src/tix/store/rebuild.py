"""Make anew what is computed from the tickets: the search index, the search keys and the daily counts.

For ``tix doctor --fix``; inside ``Store.writing``. Everything else keeps them in step, ticket by ticket.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import File, Item
from tix.store import people
from tix.store.connection import Store
from tix.store.search import counts, facets, index
from tix.store.tickets import tickets

_BATCH = 500
_TABLES = ("public_text", "internal_text")


def missing_documents(store: Store) -> Iterator[str]:
    """Yield what the search index lacks, and what it has of tickets that do not exist."""
    there = {table: {id for (id,) in store.run(f"{table}_documents").fetchall()} for table in _TABLES}
    heads = {index.rowid(id, 0) for (id,) in store.run("ticket_ids").fetchall()}
    public: set[int] = set(heads)
    internal: set[int] = set()
    for origin, ordinal, hidden in store.run("documents_of_entries").fetchall():
        (internal if hidden else public).add(index.rowid(origin, ordinal))
    lacking = len(public - there["public_text"]) + len(internal - there["internal_text"])
    # Only some heads have words for staff.
    left = len(there["public_text"] - public) + len(there["internal_text"] - internal - heads)
    if lacking:
        yield f"the search index lacks {lacking:,} of {len(public) + len(internal):,} texts"
    if left:
        yield f"the search index has {left:,} more than it should"


def rebuild_search(store: Store) -> None:
    """Index every text anew."""
    for table in _TABLES:
        store.run(f"{table}_clear")
    for ticket in _tickets(store):
        index.add_head(store, ticket, people.named(store, _people(ticket)))
    after = 0
    while rows := store.run("entries_to_index", after=after, limit=_BATCH).fetchall():
        for id, origin, ordinal, kind, internal, body in rows:
            files = tuple(File(name, 0, "", "") for name in index.file_names_of(store, id))
            item = Item(kind, 0, None, None, "staff", bool(internal), body, files)
            index.add_entry(store, origin, ordinal, item)
            after = id


def rebuild_keys(store: Store) -> None:
    """Compute the search keys of every ticket anew."""
    store.run("facets_clear")
    for ticket in _tickets(store):
        facets.add(store, ticket)


def rebuild_counts(store: Store) -> None:
    """Count every ticket anew."""
    store.run("tallies_clear")
    batch: list[Ticket] = []
    for ticket in _tickets(store):
        batch.append(ticket)
        if len(batch) == _BATCH:
            counts.add(store, batch)
            batch = []
    counts.add(store, batch)


def _tickets(store: Store) -> Iterator[Ticket]:
    for (id,) in store.run("ticket_ids").fetchall():
        ticket = tickets.by_id(store, id)
        if ticket is not None:
            yield ticket


def _people(ticket: Ticket) -> set[str]:
    return {login for login in (ticket.requester, ticket.assignee) if login is not None}
