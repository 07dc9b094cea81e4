"""Create, list and read notifications. Who is notified of what is decided in ``domain.notifications``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from tix.desk import outbox
from tix.desk.context import Desk
from tix.domain.notifications import StoredNotification, notices
from tix.domain.people import Actor, Person
from tix.domain.permissions import require, scope_of
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.errors import NotFound, TixError
from tix.store import notifications as rows
from tix.store import people
from tix.store.tickets import tickets
from tix.typing import NamedTuple


def of_new(desk: Desk, ticket: Ticket, items: Sequence[Item]) -> None:
    """Notify people of a new ticket; ``items`` as stored."""
    _tell(desk, None, ticket, items)


def of_change(
    desk: Desk,
    old: Ticket,
    new: Ticket,
    items: Sequence[Item],
    undone: Collection[int] = (),
    audience: Callable[[Person], bool] = lambda person: True,
) -> None:
    """Notify people of a change to a ticket; ``items`` as stored.

    ``undone`` are the ids of items these undo: whoever was notified of one of them is notified now, too. Only people
    for whom ``audience`` is true are notified.
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
    if desk.is_past:
        return
    store = desk.store

    def find(kind: str, name: str) -> Iterable[Person]:
        if kind == "person":
            found = people.by_login(store, name)
            return () if found is None else (found,)
        if kind == "told":
            return people.named(store, rows.told(store, new, undone)).values()
        if kind == "watchers":
            return people.named(store, new.watcher_list()).values()
        if kind == "agents":
            return people.some(store, "staff")
        return people.members(store, **{kind: name})

    def is_visible(person: Person, ticket: Ticket) -> bool:
        scope = scope_of(Actor(person))
        return scope.kind == "all" or tickets.get(store, ticket.number, scope) is not None

    def sees(person: Person) -> bool:
        return audience(person) and is_visible(person, new)

    def sees_target(person: Person) -> bool:
        from tix.store.tickets import merge

        return is_visible(person, merge.holder(store, new))

    found = notices(old, new, items, find, sees, sees_target=sees_target)
    rows.add(store, new, found)
    outbox.queue(desk, old, new, items, found, undone)


def listed(desk: Desk, *, every: bool = False, limit: int = -1) -> Iterator[StoredNotification]:
    """Yield the actor's notifications, newest first: unread ones, or with ``every`` all; limit -1 is none."""
    require(desk.actor, "notification list")
    return rows.of(desk.store, desk.actor.login, desk.scope, every=every, limit=limit)


def unread(desk: Desk) -> int:
    """Return the number of unread notifications."""
    return rows.unread(desk.store, desk.actor.login, desk.scope)


def read(desk: Desk, id: int) -> tuple[StoredNotification, bool]:
    """Mark a notification as read; return it and whether it was unread. Raises NotFound for another person's."""
    require(desk.actor, "notification read")
    with desk.store.writing():
        # SQLite has no number that is larger, so nothing can be found by one.
        is_number = 0 < id < 2**63
        found = rows.get(desk.store, desk.actor.login, desk.scope, id) if is_number else None
        if found is None:
            raise NotFound(f"no notification {id}", hint="tix notification list --all")
        if found.read_at is not None:
            return found, False
        rows.mark(desk.store, desk.actor.login, [id], desk.now)
    return found._replace(read_at=desk.now), True


class Marked(NamedTuple):
    """What became of one of several: the notification and whether it was unread, or the error it failed with."""

    id: int
    notice: StoredNotification | None
    was_unread: bool
    error: TixError | None = None


def read_each(desk: Desk, ids: Iterable[int]) -> Iterator[Marked]:
    """Mark notifications as read one by one: a failure of one is its own."""
    for id in ids:
        try:
            yield Marked(id, *read(desk, id))
        except TixError as error:
            yield Marked(id, None, was_unread=False, error=error)


def read_all(desk: Desk) -> list[StoredNotification]:
    """Mark all visible notifications as read; return those that were unread."""
    require(desk.actor, "notification read")
    with desk.store.writing():
        found = list(rows.of(desk.store, desk.actor.login, desk.scope))
        rows.mark(desk.store, desk.actor.login, [one.id for one in found], desk.now)
    return [one._replace(read_at=desk.now) for one in found]
