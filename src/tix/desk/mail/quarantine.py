"""Mail that did not become a ticket: list it, read it, release it, delete it."""

from __future__ import annotations

from collections.abc import Iterator

from tix.desk.context import Desk
from tix.domain.mail.intake import Decision
from tix.domain.mail.kept import KeptMail
from tix.domain.permissions import require
from tix.errors import NotFound, Refused
from tix.store.mail import received
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.tickets.ticket import Ticket

WAITING = ("ignored", "quarantined")


def listed(desk: Desk, *, every: bool = False, limit: int = -1) -> Iterator[KeptMail]:
    """Yield the mails in quarantine, newest first; with ``every`` all kept mails. Raises NotAllowed."""
    require(desk.actor, "mail")
    return received.listed(desk.store, desk.scope, waiting=not every, limit=limit)


def get(desk: Desk, id: int) -> KeptMail:
    """Return a mail in quarantine. Raises NotFound, Refused for one that has left it."""
    kept = kept_mail(desk, id)
    if kept.outcome not in WAITING:
        raise Refused(f"mail {id} is not in quarantine: it was {kept.outcome}", hint="tix mail quarantine")
    return kept


def kept_mail(desk: Desk, id: int) -> KeptMail:
    """Return a kept mail. Raises NotFound, NotAllowed."""
    require(desk.actor, "mail")
    kept = received.get(desk.store, desk.scope, id)
    if kept is None:
        raise NotFound(f"no mail {id}", hint="tix mail quarantine")
    return kept


def raw(desk: Desk, id: int) -> bytes:
    """Return the bytes of a kept mail. Raises NotFound, NotAllowed; Refused where they are deleted."""
    kept_mail(desk, id)
    found = received.raw(desk.store, id)
    if found is None:
        raise Refused(f"the text of mail {id} is deleted")
    return found


def raw_of_item(desk: Desk, item_id: int) -> bytes:
    """Return the bytes of the mail that an entry was made from. Raises NotFound, NotAllowed, Refused."""
    require(desk.actor, "mail")
    kept = received.of_item(desk.store, desk.scope, item_id)
    if kept is None:
        raise NotFound(f"entry {item_id} did not come by mail", hint="tix mail quarantine --all")
    return raw(desk, kept.id)


def delete(desk: Desk, id: int) -> KeptMail:
    """Delete the text of a mail in quarantine; that it came is remembered. Raises NotFound, Refused, NotAllowed."""
    with desk.store.writing():
        get(desk, id)
        received.delete(desk.store, id)
        return kept_mail(desk, id)


def settle(
    desk: Desk, kept: KeptMail, decision: Decision, ticket: Ticket | None, item_id: int | None, at: int | None
) -> None:
    """Record what became of a mail that was released."""
    received.settle(
        desk.store,
        kept.id,
        outcome=decision.outcome,
        reason=decision.reason,
        ticket_id=None if ticket is None else ticket.id,
        item_id=item_id,
        folded_at=at,
    )


def unreadable(id: int) -> Refused:
    """Return the error for the release of a mail that cannot be read."""
    return Refused(
        f"mail {id} cannot be read, so no ticket can be made of it",
        hint=f"tix mail quarantine show {id} --raw-mail",
    )


def stays(id: int, reason: str) -> Refused:
    """Return the error for the release of a mail that stays where it is; ``reason`` follows "because"."""
    return Refused(f"mail {id} stays in quarantine, because {reason}", hint=f"tix mail quarantine show {id}")
