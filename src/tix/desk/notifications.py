"""Notices are kept with what they are about: who is to hear of it is ``domain.notifications``'s to say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from tix.desk.context import Desk
from tix.domain.notifications import Kept, notices
from tix.domain.people import Actor, Person
from tix.domain.permissions import require, scope_of
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.errors import NotFound
from tix.store import notifications as shelf
from tix.store import people
from tix.store.tickets import tickets


def of_new(desk: Desk, ticket: Ticket, items: Sequence[Item]) -> None:
    """Somebody has raised a ticket; ``items`` as they are stored."""
    _tell(desk, None, ticket, items)


def of_change(
    desk: Desk,
    old: Ticket,
    new: Ticket,
    items: Sequence[Item],
    undone: Collection[int] = (),
    audience: Callable[[Person], bool] = lambda person: True,
) -> None:
    """Something has been written on a ticket, or changed; ``items`` as they are stored.

    ``undone`` are the ids of the items that these take back: whoever has a notice of one of them gets one now.
    Who is not of the ``audience`` hears nothing.
    """
    _tell(desk, old, new, items, undone, audience)


def _tell(
    desk: Desk,
    old: Ticket | None,
    new: Ticket,
    items: Sequence[Item],
    undone: Collection[int] = (),
    audience: Callable[[Person], bool] = lambda person: True,
) -> None:
    store = desk.store

    def find(kind: str, name: str) -> Iterable[Person]:
        if kind == "person":
            found = people.by_login(store, name)
            return () if found is None else (found,)
        if kind == "told":
            return people.named(store, shelf.told(store, new, undone)).values()
        if kind == "watchers":
            return people.named(store, new.watcher_list()).values()
        return people.members(store, **{kind: name})

    def sees(person: Person) -> bool:
        if not audience(person):
            return False
        scope = scope_of(Actor(person))
        return scope.kind == "all" or tickets.get(store, new.number, scope) is not None

    shelf.add(store, new, notices(old, new, items, find, sees))


def listed(desk: Desk, *, every: bool = False, limit: int = -1) -> Iterator[Kept]:
    """Their notices, newest first: those unread, or ``every`` one; -1 is no limit."""
    require(desk.actor, "notification list")
    return shelf.of(desk.store, desk.actor.login, desk.scope, every=every, limit=limit)


def unread(desk: Desk) -> int:
    """How many they have not read."""
    return shelf.unread(desk.store, desk.actor.login, desk.scope)


def read(desk: Desk, id: int) -> tuple[Kept, bool]:
    """One of them is read; whether it was not yet. Raises NotFound for one that is not theirs."""
    require(desk.actor, "notification read")
    with desk.store.writing():
        found = shelf.get(desk.store, desk.actor.login, desk.scope, id)
        if found is None:
            raise NotFound(f"no notification {id}", hint="tix notification list shows what there is")
        if found.read_at is not None:
            return found, False
        shelf.mark(desk.store, desk.actor.login, [id], desk.now)
    return found._replace(read_at=desk.now), True


def read_all(desk: Desk) -> list[Kept]:
    """All that they can see now are read; those that were not yet."""
    require(desk.actor, "notification read")
    with desk.store.writing():
        found = list(shelf.of(desk.store, desk.actor.login, desk.scope))
        shelf.mark(desk.store, desk.actor.login, [one.id for one in found], desk.now)
    return [one._replace(read_at=desk.now) for one in found]
