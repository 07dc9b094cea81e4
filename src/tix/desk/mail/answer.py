"""Automatic answers by mail: acknowledgements and refusals, with the caps that end every loop."""

from __future__ import annotations

from tix.desk import outbox
from tix.desk.context import Desk
from tix.domain.mail.automatic import Sign
from tix.domain.mail.outbox import CREATED, DECLINED, NewMail, subject_of
from tix.store.mail import outbox as rows
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.tickets.ticket import Ticket

HOUR, DAY = 3600, 86_400
# The caps of automatic answers: to one address in an hour and in a day, and to all of its domain in an hour.
MOST_AN_HOUR, MOST_A_DAY, MOST_A_DOMAIN = 3, 10, 30


def may_answer(
    desk: Desk, sign: Sign, address: str | None, ticket: Ticket | None = None, rule: str = CREATED
) -> bool:
    """Return whether an automatic answer may go to an address: to a person, within the caps, once about a ticket."""
    if address is None or not sign.may_be_answered:
        return False
    store, now = desk.store, desk.now
    if ticket is not None and ticket.id is not None and rows.was_answered(store, ticket.id, address, rule):
        return False
    return (
        rows.answers(store, address, now - HOUR) < MOST_AN_HOUR
        and rows.answers(store, address, now - DAY) < MOST_A_DAY
        and rows.answers_of_domain(store, address.rpartition("@")[2], now - HOUR) < MOST_A_DOMAIN
    )


def withdraw(desk: Desk, ticket: Ticket) -> None:
    """Take the acknowledgement of a ticket that was just created out of the outbox, in the same transaction."""
    if ticket.id is not None:
        rows.withdraw(desk.store, ticket.id, CREATED)


def decline(desk: Desk, ticket: Ticket, address: str, item_id: int | None) -> None:
    """Tell the sender that their mail did not join a ticket that is closed for good, and how to go on."""
    mail = NewMail(DECLINED, address, None, subject_of(ticket), item_id)
    outbox.add(desk, ticket, [mail], at_once=True)
