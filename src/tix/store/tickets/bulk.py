"""Add many tickets at once: prepared rows, one ``executemany`` per table and batch, inside one transaction.

Ids are kept if the store has never held a ticket, so that an export imported into an empty desk makes the same
desk; otherwise new ones are handed out, in the order given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.errors import InvalidValue
from tix.store.connection import Store
from tix.store.engines import ConstraintViolation
from tix.store.search import counts, facets, index
from tix.typing import Any, NamedTuple

_compact = json.JSONEncoder(separators=(",", ":")).encode


class Load(NamedTuple):
    """A ticket to add, with its items in the order they were written.

    ``aparts`` maps places of items hidden by a merge to references (``importers.archive_thread``). ``strays`` are
    merged-in items from a ticket that is not imported: item, that ticket's reference, whether it is hidden.
    """

    ticket: Ticket
    items: Sequence[Item]
    aparts: Mapping[int, str] = MappingProxyType({})
    strays: Sequence[tuple[Item, str, bool]] = ()


class Highest(NamedTuple):
    """The highest ids in the incoming data; new ones are handed out above them."""

    ticket: int = 0
    item: int = 0
    file: int = 0


class Loader:
    """Adds tickets to a store; for use inside ``Store.writing``."""

    def __init__(self, store: Store, highest: Highest) -> None:
        self._store = store
        last = [store.value(f"{name}_last_id") or 0 for name in ("ticket", "item", "attachment")]
        self.keeps_ids = not any(last)
        self._next = [1 + max(pair) for pair in zip(last, highest, strict=True)]
        self._blobs: set[str] = set()
        # The tickets whose merge hid something, by reference; until all are there, their place here, negated,
        # stands for their id.
        self.aparts: dict[str, int] = {}
        store.prepare_bulk()

    def add(
        self, loads: Iterable[Load], people: Mapping[str, Person], data: Callable[[str], bytes]
    ) -> list[int]:
        """Add tickets with their items and files; ``data`` returns a file's bytes. Return the tickets' ids.

        Raises InvalidValue if they contradict each other or the store.
        """
        tickets: list[Any] = []
        items: list[Any] = []
        files: list[Any] = []
        works: list[Any] = []
        found: list[Any] = []
        texts: dict[str, list[Any]] = {"public_text": [], "internal_text": []}
        ids = []
        for load in loads:
            ticket = load.ticket._replace(id=self._id(0, load.ticket.id))
            assert ticket.id is not None
            ids.append(ticket.id)
            tickets.append(ticket)
            self._head(ticket, people, texts)
            begin = len(items)
            self._items(ticket.id, load, items, files, texts)
            self._strays(ticket.id, load, items, files, texts)
            written = (*load.items, *(item for item, _, _ in load.strays))
            works += [
                (id, item.by, item.work.at, item.work.seconds, int(item.work.billable), item.work.invoice)
                for (id, *_), item in zip(items[begin:], written, strict=True)
                if item.work is not None
            ]
            found += [(name, value, ticket.id) for name, value in facets.of(ticket)]
        self._many("ticket_add", tickets)
        self._many("item_add_numbered", items)
        for digest in {row[-1] for row in files} - self._blobs:
            self._store.run("blob_add", sha256=digest, data=data(digest))
            self._blobs.add(digest)
        self._many("attachment_add_numbered", files)
        self._many("facet_add", found)
        counts.add(self._store, tickets)
        self._many("work_add", works)
        for table, rows in texts.items():
            self._many(f"{table}_add", rows)
        return ids

    def bare(self, ticket_id: int | None, items: Sequence[Item]) -> int:
        """Add what is left of the timeline of a deleted ticket, and return its ticket id."""
        id = self._id(0, ticket_id)
        self._spend(id)
        rows = [_item_row(self._id(1, item.id), id, id, item, None) for item in items]
        self._many("item_add_numbered", rows)
        return id

    def _id(self, table: int, wanted: int | None) -> int:
        if wanted is not None and self.keeps_ids:
            return wanted
        self._next[table] += 1
        return self._next[table] - 1

    def _spend(self, id: int) -> None:
        """Make sure no ticket gets this id: a timeline has it, although the ticket does not exist."""
        if self._store.value("ticket_last_id") is None:
            self._store.run("ticket_ids_begin", id=id)
        else:
            self._store.run("ticket_ids_spent", id=id)

    def _head(self, ticket: Ticket, people: Mapping[str, Person], texts: dict[str, list[Any]]) -> None:
        assert ticket.id is not None
        place = index.rowid(ticket.id, 0)
        texts["public_text"].append((place, *index.head_public(ticket, people)))
        subject, body = index.head_internal(ticket, people)
        if subject or body:
            texts["internal_text"].append((place, subject, body))

    def _items(
        self, ticket_id: int, load: Load, items: list[Any], files: list[Any], texts: dict[str, list[Any]]
    ) -> None:
        ordinal = 0
        for place, item in enumerate(load.items):
            id = self._id(1, item.id)
            number = None
            if item.kind != "event":
                number = ordinal = ordinal + 1
                text = index.entry_text(item.body, [file.name for file in item.files])
                table = "internal_text" if item.internal else "public_text"
                texts[table].append((index.rowid(ticket_id, ordinal), "", text))
            ref = load.aparts.get(place)
            apart = None if ref is None else -self.aparts.setdefault(ref, len(self.aparts) + 1)
            items.append(_item_row(id, ticket_id, ticket_id, item, number, apart))
            files += [
                (self._id(2, file.id), id, file.name, file.size, file.mime, file.kind, file.sha256)
                for file in item.files
            ]

    def _strays(
        self, ticket_id: int, load: Load, items: list[Any], files: list[Any], texts: dict[str, list[Any]]
    ) -> None:
        """Add merged-in items whose ticket is not imported: each such ticket gets an id that no other ticket gets."""
        origins: dict[str, int] = {}
        for item, ref, apart in load.strays:
            if ref not in origins:
                origins[ref] = self._id(0, None)
                self._spend(origins[ref])
            id = self._id(1, item.id)
            items.append(_item_row(id, ticket_id, origins[ref], item, None, origins[ref] if apart else None))
            files += [
                (self._id(2, file.id), id, file.name, file.size, file.mime, file.kind, file.sha256)
                for file in item.files
            ]

    def _many(self, name: str, rows: list[Any]) -> None:
        if not rows:
            return
        try:
            self._store.add_rows(name, rows)
        except ConstraintViolation as error:
            raise InvalidValue(
                "the file contains a record twice, or a record refers to a missing person",
                hint="export the file again",
            ) from error


def _item_row(
    id: int, ticket_id: int, origin_id: int, item: Item, ordinal: int | None, apart: int | None = None
) -> tuple[Any, ...]:
    sets = None if item.sets is None else _compact(item.sets)
    return (
        id, ticket_id, origin_id, item.at, item.kind, item.by, item.via, item.side, int(item.internal), item.body,
        item.type, item.field, item.old, item.new, item.reason, sets, ordinal, None, apart,
    )  # fmt: skip
