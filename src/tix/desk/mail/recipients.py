"""To whom a mail was sent: the department it is for, and those who become followers."""

from __future__ import annotations

from collections.abc import Collection

from tix.desk.context import Desk
from tix.errors import TixError
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.mail.received import Message

# How many people of Cc become followers.
_MOST_COPIED = 20


def department(desk: Desk, mail: Message) -> str | None:
    """Return the department to whose address the mail was sent, or None."""
    from tix.store.setup import repository

    to = set(mail.recipients)
    for one in repository.DEPARTMENTS.all(desk.store):
        if one.active and one.email is not None and one.email.lower() in to:
            return one.name
    return None


def copied(me: Desk, mail: Message, ours: Collection[str], sender: str | None) -> tuple[str, ...]:
    """Return the followers a mail adds: the people in its Cc, as its sender ``me`` could name them.

    ``ours`` are the desk's addresses, ``sender`` is the sender's. To is left out: it is the desk's, and a desk that does
    not know its own address yet must not follow its tickets.
    """
    from tix.desk.tickets import followers

    if not me.settings.flag("mail.watch_cc"):
        return ()
    found: list[str] = []
    delivered = {one.lower() for one in mail.delivered_to}
    for one in mail.cc[:_MOST_COPIED]:
        address = one.address.lower()
        if address in ours or address in delivered or address == sender or _is_plus(address, ours):
            continue
        try:
            found += [word for word in followers.copied(me, [address]) if word != me.actor.login]
        except TixError:
            continue  # not an address, or nobody who may follow: the mail is taken all the same
    return tuple(dict.fromkeys(found))


def _is_plus(address: str, ours: Collection[str]) -> bool:
    """Whether an address is one of ours with something after a plus."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in ours
