"""Notices are kept with what they are about: who is to hear of it is ``domain.notifications``'s to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tix.desk.context import Desk
from tix.domain.notifications import notices
from tix.domain.people import Actor, Person
from tix.domain.permissions import scope_of
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.store import notifications as shelf
from tix.store import people
from tix.store.tickets import tickets


def of_new(desk: Desk, ticket: Ticket, items: Sequence[Item]) -> None:
    """Somebody has raised a ticket; ``items`` as they are stored."""
    _tell(desk, None, ticket, items)


def of_change(desk: Desk, old: Ticket, new: Ticket, items: Sequence[Item]) -> None:
    """Something has been written on a ticket, or changed; ``items`` as they are stored."""
    _tell(desk, old, new, items)


def _tell(desk: Desk, old: Ticket | None, new: Ticket, items: Sequence[Item]) -> None:
    store = desk.store

    def find(kind: str, name: str) -> Iterable[Person]:
        if kind == "person":
            found = people.by_login(store, name)
            return () if found is None else (found,)
        if kind == "watchers":
            return people.named(store, new.watcher_list()).values()
        return people.members(store, **{kind: name})

    def sees(person: Person) -> bool:
        scope = scope_of(Actor(person))
        return scope.kind == "all" or tickets.get(store, new.number, scope) is not None

    shelf.add(store, new, notices(old, new, items, find, sees))
