"""What people are to hear of, kept until they have read it.

Reading goes through the scope the reader has now: what they may not see any more is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tix.domain.notifications import Kept

if TYPE_CHECKING:
    from tix.domain.notifications import Notice
    from tix.domain.permissions import Scope
    from tix.domain.tickets.ticket import Ticket
    from tix.store.connection import Store


def add(store: Store, ticket: Ticket, told: Iterable[Notice]) -> None:
    """Keeps what a write tells; its items are stored already."""
    for login, reason, item in told:
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
    """Who has a notice of one of these items of a ticket, by login; read or not."""
    ids = f"[{','.join(map(str, items))}]"
    return [login for (login,) in store.run("notices_told", ticket_id=ticket.id, items=ids).fetchall()]


def of(store: Store, login: str, scope: Scope, *, every: bool = False, limit: int = -1) -> Iterator[Kept]:
    """Somebody's notices, newest first: those unread, or ``every`` one; -1 is no limit."""
    name = "notices" if every else "notices_unread"
    return (Kept(*row) for row in store.scoped(name, scope, login=login, limit=limit).fetchall())


def get(store: Store, login: str, scope: Scope, id: int) -> Kept | None:
    """One of somebody's notices, or None."""
    row = store.scoped("notice_of", scope, login=login, id=id).fetchone()
    return None if row is None else Kept(*row)


def unread(store: Store, login: str, scope: Scope) -> int:
    """How many somebody has not read."""
    (number,) = store.scoped("notices_counted", scope, login=login).fetchone()
    return int(number)


def mark(store: Store, login: str, ids: Iterable[int], now: int) -> None:
    """Notices of somebody's are read; what was read already keeps its time."""
    store.run_many("notice_read", [{"key": id, "owner": login, "now": now} for id in ids])
