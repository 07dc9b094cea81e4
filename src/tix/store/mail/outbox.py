"""The outbox in the store. Listing applies the reader's scope: mail about a ticket they may not see is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.domain.mail.outbox import QueuedMail
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.mail.outbox import NewMail
    from tix.domain.permissions import Scope
    from tix.store.connection import Store


def add(store: Store, mails: Iterable[NewMail], *, ticket_id: int | None, now: int, due: int) -> None:
    """Queue mails, to be sent from ``due`` (UTC seconds) on, in the transaction of their cause."""
    for mail in mails:
        store.run(
            "outbox_add",
            **mail._asdict(),
            ticket_id=ticket_id,
            state="queued",
            at=now,
            next_at=due,
            **dict.fromkeys(_LATER),
            attempts=0,
            uncertain=0,
        )


_LATER = ("phase", "lease", "lease_until", "message_id", "relay_id", "raw", "error", "done_at")


def listed(store: Store, scope: Scope, *, state: str | None = None, limit: int = -1) -> Iterator[QueuedMail]:
    """Yield the rows, newest first, of one ``state`` or all; limit -1 is none."""
    return (QueuedMail(*row) for row in store.scoped("outbox", scope, state=state, limit=limit).fetchall())


def get(store: Store, scope: Scope, id: int) -> QueuedMail | None:
    """Return one row, or None."""
    row = store.scoped("outbox_of", scope, id=id).fetchone()
    return None if row is None else QueuedMail(*row)


def counts(store: Store) -> dict[str, int]:
    """Return how many mails are in each state."""
    return dict(store.run("outbox_counts").fetchall())


def due(store: Store, now: int, limit: int) -> list[int]:
    """Return the ids of mails to send now, the longest waiting first, without those another process is sending."""
    return [id for (id,) in store.run("outbox_due", now=now, limit=limit).fetchall()]


def lease(store: Store, id: int, by: str, now: int, until: int) -> tuple[QueuedMail, bytes | None] | None:
    """Take a mail to send until ``until``; return it and its bytes, or None where another process has it."""
    with store.writing():
        if store.run("outbox_lease", key=id, by=by, now=now, until=until).rowcount != 1:
            return None
        *row, raw = store.row("outbox_leased", id=id, by=by)
    return QueuedMail(*row), raw


def made(store: Store, id: int, by: str, raw: bytes, message_id: str) -> bool:
    """Keep the bytes of a leased mail; return whether the lease was still ours."""
    with store.writing():
        return store.run("outbox_made", key=id, by=by, bytes=raw, new_id=message_id).rowcount == 1


def reached(store: Store, id: int, by: str, phase: str, until: int) -> bool:
    """Record how far sending is, and keep the mail until ``until``; return whether the lease was still ours."""
    with store.writing():
        return store.run("outbox_phase", key=id, by=by, new_phase=phase, until=until).rowcount == 1


def settle(
    store: Store,
    id: int,
    by: str,
    *,
    state: str,
    next_at: int,
    attempts: int,
    uncertain: int,
    error: str | None = None,
    relay_id: str | None = None,
    done_at: int | None = None,
) -> bool:
    """Record the result of an attempt; return whether the lease was still ours."""
    values = {
        "new_state": state,
        "new_next_at": next_at,
        "new_attempts": attempts,
        "new_uncertain": uncertain,
        "new_error": error,
        "new_relay_id": relay_id,
        "new_done_at": done_at,
    }
    with store.writing():
        return store.run("outbox_result", key=id, by=by, **values).rowcount == 1


def hurry(store: Store, id: int, now: int) -> bool:
    """Make a mail due now, also one that was given up; return whether it was there to be sent."""
    return store.run("outbox_hurry", key=id, now=now).rowcount == 1


def cancel(store: Store, id: int, now: int) -> bool:
    """Cancel a mail nobody has begun to send; return whether that was so."""
    return store.run("outbox_cancel", key=id, now=now).rowcount == 1


def cancel_items(store: Store, ticket_id: int, items: Iterable[int], now: int) -> set[str]:
    """Cancel the mails about these items of a ticket that nobody has begun to send; return their addresses."""
    ids = f"[{','.join(map(str, items))}]"
    rows = store.run("outbox_cancel_items", ticket=ticket_id, items=ids, now=now).fetchall()
    return {address for (address,) in rows}


def about(store: Store, ticket_id: int, items: Iterable[int]) -> list[QueuedMail]:
    """Return the mails about these items of a ticket, whatever their state."""
    ids = f"[{','.join(map(str, items))}]"
    return [QueuedMail(*row) for row in store.run("outbox_about", ticket_id=ticket_id, items=ids).fetchall()]


def unsent(store: Store, ticket_id: int, items: Iterable[int]) -> list[int]:
    """Return the ids of the mails about these items of a ticket that nobody has begun to send."""
    ids = f"[{','.join(map(str, items))}]"
    rows = store.run("outbox_unsent", ticket_id=ticket_id, items=ids).fetchall()
    return [id for (id,) in rows]


def forget(store: Store, id: int) -> None:
    """Remove the bytes of a mail that is done with; what it was and when it went stays."""
    store.run("outbox_forget", key=id)


def answers(store: Store, address: str, since: int) -> int:
    """Return how many automatic answers were written to an address since then."""
    return int(store.value("outbox_answers_to", address=address, since=since))


def answers_of_domain(store: Store, domain: str, since: int) -> int:
    """Return how many automatic answers were written to a domain since then."""
    return int(store.value("outbox_answers_of_domain", domain=f"@{domain}", since=since))


def was_answered(store: Store, ticket_id: int, address: str, rule: str) -> bool:
    """Return whether an address had this automatic answer about a ticket."""
    return bool(store.value("outbox_answered", ticket_id=ticket_id, address=address, rule=rule))


def ids(store: Store, ticket_id: int, address: str, limit: int) -> list[str]:
    """Return the Message-IDs of mails about a ticket to an address, newest first, with those a relay gave instead."""
    rows = store.run("outbox_ids_of", ticket_id=ticket_id, address=address, limit=limit).fetchall()
    return [id for row in rows for id in row if id is not None and "@" in id]


def withdraw(store: Store, ticket_id: int, rule: str) -> None:
    """Remove the queued mails of a rule about a ticket, in the transaction that queued them."""
    store.run("outbox_withdraw", ticket=ticket_id, which=rule)


def drop(store: Store, ticket_id: int) -> None:
    """Remove all mails about a ticket."""
    store.run("outbox_drop", ticket=ticket_id)
