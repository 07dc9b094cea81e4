"""The search documents of a ticket: what is indexed, and where.

A ticket has a head (its subject; its people, what it is about and its category) and one document for each entry.
What a requester may see is in ``public_text``; notes, tags and staff addresses are in ``internal_text``. The tables
are contentless: to change a document its old text has to be given word for word, so every text here is a function
of the ticket's row and of the people it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tix.domain.json_columns import loads
from tix.domain.people import Person
from tix.domain.search import fold
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.store.connection import Store
from tix.typing import Any

# A document's rowid: the ticket's id, then twenty bits for its number within the ticket.
SHIFT = 20
_HEAD_COLUMNS = (
    "subject requester assignee about category tags email phone fields internal_fields assets".split()
)


def rowid(ticket_id: int, ordinal: int) -> int:
    """Return the rowid of a document."""
    return (ticket_id << SHIFT) | ordinal


def head_public(ticket: Ticket, people: Mapping[str, Person]) -> tuple[str, str]:
    """Return subject and rest of the head, by which everybody who sees the ticket may find it."""
    words = [ticket.about, ticket.category, ticket.email, ticket.phone]
    requester = people.get(ticket.requester)
    words += [ticket.requester] if requester is None else [requester.login, requester.name, requester.email]
    if ticket.assignee is not None:
        holder = people.get(ticket.assignee)
        words += [ticket.assignee] if holder is None else [holder.login, holder.name]
    if ticket.fields is not None:
        words += _answers(ticket.field_values(staff=False))
    if ticket.assets is not None:
        words += ticket.asset_list()
    return fold(ticket.subject), _apart(words)


def _answers(values: Mapping[str, Any]) -> list[str]:
    from tix.domain.topics import text_of

    return [text_of(value) for value in values.values() if not isinstance(value, bool)]


def head_internal(ticket: Ticket, people: Mapping[str, Person]) -> tuple[str, str]:
    """Return the head's words for staff only: its tags in place of the subject.

    The assignee's address, internal fields.
    """
    holder = None if ticket.assignee is None else people.get(ticket.assignee)
    email = None if holder is None else holder.email
    words = [email]
    if ticket.internal_fields is not None:
        words += _answers(loads(ticket.internal_fields))
    return _apart(ticket.tag_list()), _apart(words)


def entry_text(body: str | None, file_names: Iterable[str]) -> str:
    """Return the document of an entry: its text and the names of its files."""
    return _apart([body, *file_names])


def _apart(texts: Iterable[str | None]) -> str:
    """Return texts normalised, with a word between them that nobody writes, so that no phrase spans two texts."""
    return " \ue000 ".join(fold(text) for text in texts if text)


def add_head(store: Store, ticket: Ticket, people: Mapping[str, Person]) -> None:
    """Index the head of a ticket."""
    _head(store, "add", ticket, people)


def forget_head(store: Store, ticket: Ticket, people: Mapping[str, Person]) -> None:
    """Remove the head from the index; ``ticket`` and ``people`` are as they were when it was indexed."""
    _head(store, "forget", ticket, people)


def _head(store: Store, verb: str, ticket: Ticket, people: Mapping[str, Person]) -> None:
    assert ticket.id is not None
    place = rowid(ticket.id, 0)
    subject, body = head_public(ticket, people)
    store.run(f"public_text_{verb}", rowid=place, subject=subject, body=body)
    subject, body = head_internal(ticket, people)
    if subject or body:
        store.run(f"internal_text_{verb}", rowid=place, subject=subject, body=body)


def head_differs(old: Ticket, new: Ticket) -> bool:
    """Return whether a change affects the head."""
    return any(getattr(old, name) != getattr(new, name) for name in _HEAD_COLUMNS)


def add_entry(store: Store, ticket_id: int, ordinal: int, item: Item) -> None:
    """Index an entry."""
    text = entry_text(item.body, [file.name for file in item.files])
    table = "internal_text" if item.internal else "public_text"
    store.run(f"{table}_add", rowid=rowid(ticket_id, ordinal), subject="", body=text)


def forget_entry(
    store: Store, ticket_id: int, ordinal: int, internal: bool, body: str | None, names: list[str]
) -> None:
    """Remove an entry from the index; its text is as it was when it was indexed."""
    table = "internal_text" if internal else "public_text"
    store.run(f"{table}_forget", rowid=rowid(ticket_id, ordinal), subject="", body=entry_text(body, names))


def hide_entry(store: Store, ticket_id: int, item: Item) -> None:
    """Make a public entry internal, in its row and in the index."""
    names = file_names(store, item)
    ordinal = store.value("item_ordinal", id=item.id)
    forget_entry(store, ticket_id, ordinal, False, item.body, names)
    store.run("item_hide", key=item.id)
    store.run(
        "internal_text_add",
        rowid=rowid(ticket_id, ordinal),
        subject="",
        body=entry_text(item.body, names),
    )


def rewrite_entry(store: Store, item: Item, body: str) -> None:
    """Give an entry another text, in its row and in the index."""
    names = file_names(store, item)
    origin, ordinal = store.row("item_document", id=item.id)
    forget_entry(store, origin, ordinal, item.internal, item.body, names)
    store.run("item_rewrite", key=item.id, new_body=body)
    table = "internal_text" if item.internal else "public_text"
    store.run(f"{table}_add", rowid=rowid(origin, ordinal), subject="", body=entry_text(body, names))


def drop_file(store: Store, ticket_id: int, item: Item, attachment_id: int | None, digest: str) -> None:
    """Remove a file from the store and its name from the index; an event has no document."""
    before = file_names(store, item)
    store.run("attachment_drop", id=attachment_id)
    store.run("blob_drop", digest=digest)
    if item.kind == "event":
        return
    ordinal = store.value("item_ordinal", id=item.id)
    forget_entry(store, ticket_id, ordinal, item.internal, item.body, before)
    table = "internal_text" if item.internal else "public_text"
    text = entry_text(item.body, file_names(store, item))
    store.run(f"{table}_add", rowid=rowid(ticket_id, ordinal), subject="", body=text)


def file_names(store: Store, item: Item) -> list[str]:
    """Return the names of the files attached to an item, in the order they were attached."""
    return file_names_of(store, item.id)


def file_names_of(store: Store, item_id: int | None) -> list[str]:
    """The same by the item's id."""
    return [name for (name,) in store.run("item_file_names", id=item_id).fetchall()]


def optimize(store: Store) -> None:
    """Merge the index into one piece: until then deleted words stay in its pages (tried)."""
    store.run("public_text_optimize")
    store.run("internal_text_optimize")
