"""Notifications in the store.

Reading applies the reader's present scope: a ticket they may no longer see is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.domain.notifications import StoredNotification
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.notifications import Notice
    from tix.domain.permissions import Scope
    from tix.domain.tickets.ticket import Ticket
    from tix.store.connection import Store


def add(store: Store, ticket: Ticket, told: Iterable[Notice]) -> None:
    """Store the notifications of a write for those who have an account; its items are stored already."""
    for login, reason, item, _ in told:
        if login is None:
            continue
        assert item.id is not None
        store.run(
            "notice_add",
            login=login,
            ticket_id=ticket.id,
            item_id=item.id,
            reason=reason,
            at=item.at,
            read_at=None,
        )


def told(store: Store, ticket: Ticket, items: Iterable[int]) -> list[str]:
    """Return the logins of those notified of one of these items of a ticket, whether read or not."""
    ids = f"[{','.join(map(str, items))}]"
    return [login for (login,) in store.run("notices_told", ticket_id=ticket.id, items=ids).fetchall()]


def read_by(store: Store, ticket_id: int, items: Iterable[int]) -> str | None:
    """Return the login of a requester who has read their notification of one of these items, or None."""
    ids = f"[{','.join(map(str, items))}]"
    row = store.row("notices_read_by_requesters", ticket_id=ticket_id, items=ids)
    return None if row is None else str(row[0])


def of(
    store: Store, login: str, scope: Scope, *, every: bool = False, limit: int = -1
) -> Iterator[StoredNotification]:
    """Yield somebody's notifications, newest first: the unread ones, or ``every`` one; -1 is no limit."""
    name = "notices" if every else "notices_unread"
    return (
        StoredNotification(*row) for row in store.scoped(name, scope, login=login, limit=limit).fetchall()
    )


def get(store: Store, login: str, scope: Scope, id: int) -> StoredNotification | None:
    """Return one of somebody's notifications, or None."""
    row = store.scoped("notice_of", scope, login=login, id=id).fetchone()
    return None if row is None else StoredNotification(*row)


def unread(store: Store, login: str, scope: Scope) -> int:
    """Return how many unread notifications somebody has."""
    (number,) = store.scoped("notices_counted", scope, login=login).fetchone()
    return int(number)


def mark(store: Store, login: str, ids: Iterable[int], now: int) -> None:
    """Mark notifications of ``login`` as read at ``now``; those already read keep their time."""
    store.run_many("notice_read", [{"key": id, "owner": login, "now": now} for id in ids])
