"""What the acting person is to hear of: listed, counted, read."""

from __future__ import annotations

from collections.abc import Iterator

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.errors import NotFound
from tix.store import notifications
from tix.store.notifications import Kept


def listed(desk: Desk, *, every: bool = False, limit: int = -1) -> Iterator[Kept]:
    """Their notices, newest first: those unread, or ``every`` one; -1 is no limit."""
    require(desk.actor, "notification list")
    return notifications.of(desk.store, desk.actor.login, desk.scope, every=every, limit=limit)


def unread(desk: Desk) -> int:
    """How many they have not read."""
    return notifications.unread(desk.store, desk.actor.login, desk.scope)


def read(desk: Desk, id: int) -> tuple[Kept, bool]:
    """One of them is read; whether it was not yet. Raises NotFound for one that is not theirs."""
    require(desk.actor, "notification read")
    with desk.store.writing():
        found = notifications.get(desk.store, desk.actor.login, desk.scope, id)
        if found is None:
            raise NotFound(f"no notification {id}", hint="tix notification list shows what there is")
        if found.read_at is not None:
            return found, False
        notifications.mark(desk.store, desk.actor.login, [id], desk.now)
    return found._replace(read_at=desk.now), True


def read_all(desk: Desk) -> list[Kept]:
    """All that they can see now are read; those that were not yet."""
    require(desk.actor, "notification read")
    with desk.store.writing():
        found = list(notifications.of(desk.store, desk.actor.login, desk.scope))
        notifications.mark(desk.store, desk.actor.login, [one.id for one in found], desk.now)
    return [one._replace(read_at=desk.now) for one in found]
