"""The ticket repository: get, add, save, delete. Every write happens inside ``Store.writing``.

What only a write needs (JSON, the search documents) is loaded by the write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tix.domain.permissions import Scope
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.domain.tickets.timeline import Author, Item
from tix.errors import StoreBusy
from tix.store import people
from tix.store.connection import Store
from tix.typing import Any


def get(store: Store, number: int, scope: Scope) -> Ticket | None:
    """Return the ticket with that number if ``scope`` sees it, else None."""
    row = store.scoped("ticket_get", scope, number=number).fetchone()
    return None if row is None else Ticket(*row)


def by_id(store: Store, id: int) -> Ticket | None:
    """Return the ticket with that id, whoever asks: for lookups of the store itself."""
    row = store.row("ticket_by_id", id=id)
    return None if row is None else Ticket(*row)


def numbers(store: Store, first: int, last: int, scope: Scope) -> list[tuple[int, str]]:
    """Return numbers and prefixes of the tickets ``scope`` sees between two numbers."""
    return store.scoped("numbers_visible", scope, first=first, last=last).fetchall()


def add(store: Store, ticket: Ticket, opening: Item, deed: int | None = None) -> tuple[Ticket, Item]:
    """Store a new ticket with its opening message; return both with their ids.

    ``deed`` is the audit entry of the command, by which it can be undone; also below.
    """
    from tix.store.search import counts, facets, index

    cursor = store.run("ticket_add", **ticket._asdict())
    assert cursor.lastrowid is not None
    stored = ticket._replace(id=cursor.lastrowid)
    kept = _add_item(store, stored, opening, ordinal=1, deed=deed)
    index.add_head(store, stored, people.named(store, _people_of(stored)))
    facets.add(store, stored)
    counts.changed(store, None, stored)
    return stored, kept


def save(
    store: Store, old: Ticket, new: Ticket, items: Iterable[Item], deed: int | None = None
) -> list[Item]:
    """Store what changed and the items that changed it; return the items with their ids.

    The row is updated only if it is still as ``old`` (judged by the row count), else StoreBusy is raised: with BEGIN
    IMMEDIATE that cannot happen on SQLite.
    """
    from tix.store.search import counts, facets, index

    assert old.id is not None
    ordinal = old.documents
    kept = []
    for item in items:
        if item.kind != "event":
            ordinal += 1
        kept.append(_add_item(store, new, item, ordinal=ordinal if item.kind != "event" else None, deed=deed))
    changed = [name for name in FIELDS if getattr(old, name) != getattr(new, name)]
    if changed:
        # Only what changed: SQLite does not touch an index none of whose columns are named.
        assignments = ", ".join(f'"{name}" = :{name}' for name in changed)
        cursor = store.execute(
            f"UPDATE ticket SET {assignments} WHERE id = :id AND version = :key_version "
            "AND updated_at = :key_updated_at",
            {**new._asdict(), "key_version": old.version, "key_updated_at": old.updated_at},
        )
        if cursor.rowcount != 1:
            raise StoreBusy(f"{old.ref} was changed by somebody else at the same time", hint="try again")
    if index.head_differs(old, new):
        known = people.named(store, _people_of(old) | _people_of(new))
        index.forget_head(store, old, known)
        index.add_head(store, new, known)
    facets.changed(store, old, new)
    counts.changed(store, old, new)
    return kept


def hide(store: Store, ticket_id: int, entries: Iterable[Item]) -> None:
    """Leave public entries of a ticket to staff, in the transaction of the event that says so (``retracted``)."""
    from tix.store.search import index

    for item in entries:
        index.hide_entry(store, ticket_id, item)


def rewrite(store: Store, item: Item, body: str) -> None:
    """Give an entry another text, in the transaction of the event that says so (``edited``, ``retracted``)."""
    from tix.store.search import index

    index.rewrite_entry(store, item, body)


def delete(store: Store, ticket: Ticket, author: Author, deed: int | None = None) -> None:
    """Remove text, files and personal data; number, times, kinds and actors stay (lifecycle page)."""
    from tix.store.search import counts, index

    assert ticket.id is not None
    counts.changed(store, ticket, None)
    index.forget_head(store, ticket, people.named(store, _people_of(ticket)))
    names, digests = _files_of(store, ticket.id)
    for id, body, internal, ordinal in store.run("items_to_index", ticket_id=ticket.id).fetchall():
        index.forget_entry(store, ticket.id, ordinal, bool(internal), body, names.get(id, []))
    store.run("attachments_drop", ticket_id=ticket.id)
    for digest in digests:
        store.run("blob_drop", digest=digest)
    store.run("items_wiped", ticket=ticket.id)
    store.run("idempotent_forget", ticket_id=ticket.id)
    store.run("notices_drop", ticket=ticket.id)
    store.run("outbox_drop", ticket=ticket.id)
    store.run("mails_drop", ticket=ticket.id)
    store.run("facets_drop", ticket=ticket.id)
    for statement in ("works_drop", "timers_drop", "invoice_subjects_wipe"):
        store.run(statement, ticket=ticket.id)
    store.run("ticket_drop", id=ticket.id)
    store.run(
        "tombstone_add",
        ticket_id=ticket.id,
        uid=ticket.uid,
        prefix=ticket.prefix,
        number=ticket.number,
        created_at=ticket.created_at,
        deleted_at=author.at,
        deleted_by=author.by,
        via=author.via,
    )
    gone = Item("event", author.at, author.by, author.via, author.side, True, type="deleted")
    _add_item(store, ticket, gone, ordinal=None, deed=deed)
    index.optimize(store)


def _files_of(store: Store, ticket_id: int) -> tuple[dict[int, list[str]], set[str]]:
    names: dict[int, list[str]] = {}
    digests = set()
    for item_id, name, _, _, digest, *_ in store.run("thread_files", ticket_id=ticket_id, staff=1):
        names.setdefault(item_id, []).append(name)
        digests.add(digest)
    return names, digests


def _people_of(ticket: Ticket) -> set[str]:
    return {login for login in (ticket.requester, ticket.assignee) if login is not None}


def _add_item(store: Store, ticket: Ticket, item: Item, ordinal: int | None, deed: int | None) -> Item:
    assert ticket.id is not None
    # What time alone did belongs to no command.
    mine = None if item.side == "system" else deed
    cursor = store.run("item_add", **item_values(item, ticket.id, ordinal), deed_id=mine)
    for file in item.files:
        store.run("attachment_add", item_id=cursor.lastrowid, **file_values(file))
    if item.work is not None:
        _keep_books(store, item, cursor.lastrowid)
    if ordinal is not None:
        from tix.store.search import index

        index.add_entry(store, ticket.id, ordinal, item)
    return item._replace(id=cursor.lastrowid)


def _keep_books(store: Store, item: Item, id: int | None) -> None:
    """Store the time entry of an item, or delete the one it removes."""
    from tix.store.billing import work_values

    assert item.work is not None
    assert id is not None
    if item.type == "time-removed":
        store.run("work_drop", key=item.work.id)
    else:
        store.run("work_add", **work_values(item.work, id, item.by))


def item_values(item: Item, ticket_id: int, ordinal: int | None) -> dict[str, Any]:
    """Return an item as its row."""
    from tix.domain.json_columns import compact

    return {
        "ticket_id": ticket_id,
        "origin_id": ticket_id,
        "at": item.at,
        "kind": item.kind,
        "by": item.by,
        "via": item.via,
        "side": item.side,
        "internal": int(item.internal),
        "body": item.body,
        "type": item.type,
        "field": item.field,
        "old": item.old,
        "new": item.new,
        "reason": item.reason,
        "sets": None if item.sets is None else compact(item.sets),
        "ordinal": ordinal,
        "apart": None,
    }


def file_values(file: Any) -> dict[str, Any]:
    """Return an attachment as its row, without its item."""
    return {"name": file.name, "size": file.size, "mime": file.mime, "kind": file.kind, "sha256": file.sha256}


def add_blob(store: Store, digest: str, data: bytes) -> None:
    """Store the bytes of a file, once."""
    store.run("blob_add", sha256=digest, data=data)


def due(store: Store, now: int) -> list[Ticket]:
    """Return the tickets that time has changed without a record of it yet."""
    return [Ticket(*row) for row in store.run("due_now", now=now).fetchall()]


def raised(store: Store, since: int, until: int) -> Iterator[Ticket]:
    """Yield the tickets created between two times (UTC seconds), both included, as they are stored."""
    for row in store.run("tickets_raised", since=since, until=until).fetchall():
        yield Ticket(*row)


def many(store: Store, name: str, **values: Any) -> Sequence[Ticket]:
    """Return the tickets found by a statement that selects whole rows."""
    return [Ticket(*row) for row in store.run(name, **values).fetchall()]
