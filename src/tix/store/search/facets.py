"""Search keys: finding tickets by what they have several of, their assets, followers and custom field values.

They are computed from the ticket's row; ``tix doctor`` compares the two.
"""

from __future__ import annotations

from tix.domain.tickets.ticket import Ticket
from tix.store.connection import Store

# How many characters of a value are searched; the full value is in the row.
_LONGEST = 200
_COLUMNS = ("assets", "watchers", "fields", "internal_fields")


def of(ticket: Ticket) -> set[tuple[str, str]]:
    """Return the search keys of a ticket as pairs of name and value: ``asset``, ``watcher``, ``field.KEY``."""
    if all(getattr(ticket, column) is None for column in _COLUMNS):
        return set()
    found = {("asset", name) for name in ticket.asset_list()}
    found |= {("watcher", who) for who in ticket.watcher_list()}
    return found | {(f"field.{key}", key_of(value)) for key, value in ticket.field_values().items()}


def key_of(value: object) -> str:
    """Return the text by which a custom field value is found, casefolded."""
    from tix.domain.topics import text_of

    return text_of(value)[:_LONGEST].casefold()  # type: ignore[arg-type]  # what JSON holds


def add(store: Store, ticket: Ticket) -> None:
    """Store the search keys of a new ticket."""
    for name, value in of(ticket):
        store.run("facet_add", name=name, value=value, ticket_id=ticket.id)


def changed(store: Store, old: Ticket, new: Ticket) -> None:
    """Update the search keys of a ticket that has changed."""
    if any(getattr(old, column) != getattr(new, column) for column in _COLUMNS):
        store.run("facets_drop", ticket=new.id)
        add(store, new)
