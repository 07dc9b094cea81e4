"""The outbox: mails are queued in the transaction of their cause; ``tix.mail.send`` sends them later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from tix.desk.context import Desk
from tix.domain.mail.outbox import MailPolicy, NewMail, QueuedMail, mails
from tix.domain.notifications import Notice
from tix.domain.permissions import require
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.errors import NotFound, Refused
from tix.store import people
from tix.store.mail import outbox as rows


def policy(desk: Desk) -> MailPolicy:
    """Return what the desk mails."""
    settings = desk.settings
    return MailPolicy(
        settings.flag("notify.requester_created"),
        settings.flag("notify.requester_closed"),
        settings.name("notify.new_ticket_to"),
        frozenset(settings.words("notify.not_mailed")),
    )


def queue(
    desk: Desk,
    old: Ticket | None,
    new: Ticket,
    items: Sequence[Item],
    notices: Sequence[Notice],
    undone: Collection[int] = (),
) -> None:
    """Queue the mails of a write, inside its transaction; ``old`` is None for a new ticket, ``items`` as stored.

    A mail about an item that is ``undone`` and was not sent yet is cancelled, and who would have got it hears nothing.
    """
    unheard: set[str] = set()
    if undone and new.id is not None:
        unheard = rows.cancel_items(desk.store, new.id, undone, desk.now)
    found = mails(old, new, items, notices, lambda login: people.by_login(desk.store, login), policy(desk))
    add(desk, new, [mail for mail in found if mail.address not in unheard])


def add(desk: Desk, ticket: Ticket | None, found: Sequence[NewMail], *, at_once: bool = False) -> None:
    """Queue these mails; they are held back for ``mail.hold``, unless ``at_once``."""
    if found:
        due = desk.now if at_once else desk.now + desk.settings.seconds("mail.hold")
        ticket_id = None if ticket is None else ticket.id
        rows.add(desk.store, found, ticket_id=ticket_id, now=desk.now, due=due)


def listed(desk: Desk, *, state: str | None = None, limit: int = -1) -> Iterator[QueuedMail]:
    """Yield the mails of the outbox about tickets the actor may see, newest first. Raises NotAllowed."""
    require(desk.actor, "mail")
    return rows.listed(desk.store, desk.scope, state=state, limit=limit)


def get(desk: Desk, id: int) -> QueuedMail:
    """Return one mail. Raises NotFound, NotAllowed."""
    require(desk.actor, "mail")
    found = rows.get(desk.store, desk.scope, id)
    if found is None:
        raise NotFound(f"no mail {id} in the outbox", hint="tix mail outbox")
    return found


def retry(desk: Desk, id: int) -> QueuedMail:
    """Make a mail due now, one that was given up, too. Raises NotFound; Refused for one that is sent or cancelled."""
    with desk.store.writing():
        found = get(desk, id)
        if not rows.hurry(desk.store, id, desk.now):
            raise Refused(f"mail {id} is already {found.state}", hint="tix mail outbox")
        return get(desk, id)


def cancel(desk: Desk, id: int) -> QueuedMail:
    """Cancel a mail that nobody has begun to send. Raises NotFound, Refused."""
    with desk.store.writing():
        found = get(desk, id)
        if not rows.cancel(desk.store, id, desk.now):
            raise Refused(f"mail {id} is already {found.state}", hint="tix mail outbox")
        return get(desk, id)
