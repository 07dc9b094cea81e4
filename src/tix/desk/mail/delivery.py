"""The outbox from a sender's side: leases, the bytes of a mail, and what the relay said of it."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.mail import letters
from tix.domain.mail import delivery
from tix.domain.mail.delivery import Delivery, Outcome
from tix.domain.mail.letter import Letter
from tix.domain.mail.outbox import CREATED, DECLINED, QueuedMail
from tix.domain.permissions import require
from tix.errors import StoreBusy
from tix.store.mail import outbox as rows
from tix.typing import NamedTuple

# A lease is longer than the longest transaction: ten minutes of patience at the final dot, and what comes before.
LEASE_SECONDS = 15 * 60
_EXPIRED = "it waited for more than two days"


class Leased(NamedTuple):
    """A mail that this sender alone may send, until its lease ends. ``raw`` is None before the first attempt."""

    mail: QueuedMail
    raw: bytes | None
    by: str
    envelope_sender: str


def due(desk: Desk, now: int, limit: int) -> list[int]:
    """Return the ids of mails to be sent now. Raises NotAllowed."""
    require(desk.actor, "mail")
    return rows.due(desk.store, now, limit)


def lease(desk: Desk, id: int, by: str, now: int) -> Leased | None:
    """Take a mail; None where another sender has it, or where it is settled right away.

    A lease that ended at the final dot is counted as an uncertain attempt: its sender was killed, and the mail may have
    arrived. What has waited for two days without an attempt is given up: mail was set up after it was written. Raises
    Refused where the desk has no address to send from.
    """
    # First: a mail that is taken and cannot be sent would wait for its lease to end.
    own = letters.from_address(desk)
    found = rows.lease(desk.store, id, by, now, now + LEASE_SECONDS)
    if found is None:
        return None
    mail, raw = found
    leased = Leased(mail, raw, by, "" if mail.rule in (CREATED, DECLINED) else own)
    if mail.phase == "dot":
        settle(desk, leased, "uncertain", now, 0.5, "the sender stopped while the relay was answering", None)
        return None
    if now - mail.at >= delivery.LAST_ATTEMPT and mail.attempts == 0 and mail.uncertain == 0:
        _end(desk, leased, "expired", _EXPIRED, now)
        return None
    return leased


def is_wanted(desk: Desk, leased: Leased) -> bool:
    """Return whether the recipient of a written mail should still get it."""
    return not isinstance(letters.letter(desk, leased.mail), letters.Unwanted)


def letter(desk: Desk, leased: Leased, now: int) -> Letter | None:
    """Return a mail ready to be written; one that nobody should get by now is cancelled, and None."""
    found = letters.letter(desk, leased.mail)
    if isinstance(found, letters.Unwanted):
        _end(desk, leased, "cancelled", found.reason, now)
        return None
    return found._replace(values=found.values | letters.links(desk, leased.mail, now))


def keep(desk: Desk, leased: Leased, raw: bytes, message_id: str) -> None:
    """Keep the bytes of a mail, which every attempt sends unchanged. Raises StoreBusy where the lease is lost."""
    if not rows.made(desk.store, leased.mail.id, leased.by, raw, message_id.strip("<>")):
        raise _lost(leased)


def at_dot(desk: Desk, leased: Leased, now: int) -> None:
    """Record that from now on the mail may arrive, and renew the lease. Raises StoreBusy where the lease is lost."""
    if not rows.reached(desk.store, leased.mail.id, leased.by, "dot", now + LEASE_SECONDS):
        raise _lost(leased)


def _lost(leased: Leased) -> StoreBusy:
    return StoreBusy(f"another process is sending mail {leased.mail.id}", hint="tix mail outbox")


def give_back(desk: Desk, leased: Leased) -> None:
    """End a lease without an attempt: the relay could not be used, which says nothing about the mail."""
    mail = leased.mail
    rows.settle(
        desk.store,
        mail.id,
        leased.by,
        state="queued",
        next_at=mail.next_at,
        attempts=mail.attempts,
        uncertain=mail.uncertain,
        error=mail.error,
    )


def fail(desk: Desk, leased: Leased, error: str, now: int) -> None:
    """Give a mail up."""
    _end(desk, leased, "failed", error, now)


def settle(
    desk: Desk,
    leased: Leased,
    outcome: Outcome,
    now: int,
    random: float,
    error: str | None,
    relay_id: str | None,
) -> None:
    """Record the result of an attempt and when the next one is; ``random`` is in [0, 1).

    Nothing is recorded where the lease is lost: another sender has the mail by now, and its result counts.
    """
    mail = leased.mail
    before = Delivery("sending", mail.at, mail.next_at, mail.attempts, mail.uncertain)
    after = delivery.settle(before, outcome, now, random)
    done = after.state != "queued"
    recorded = rows.settle(
        desk.store,
        mail.id,
        leased.by,
        state=after.state,
        next_at=mail.next_at if after.due is None else after.due,
        attempts=after.attempts,
        uncertain=after.doubts,
        error="it may have arrived, and is not sent again" if after.state == "uncertain" else error,
        relay_id=None if relay_id is None else relay_id.strip("<>"),
        done_at=now if done else None,
    )
    if recorded and after.state == "sent":
        with desk.store.writing():
            rows.forget(desk.store, mail.id)


def _end(desk: Desk, leased: Leased, state: str, error: str, now: int) -> None:
    """Record that a mail is done with, without an attempt."""
    mail = leased.mail
    rows.settle(
        desk.store,
        mail.id,
        leased.by,
        state=state,
        next_at=mail.next_at,
        attempts=mail.attempts,
        uncertain=mail.uncertain,
        error=error,
        done_at=now,
    )
