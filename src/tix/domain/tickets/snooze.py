"""Snoozing a ticket: it is out of the queue until a time, or until the requester writes."""

from tix.domain.names import is_none
from tix.domain.tickets.lifecycle import refuse_final
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Author, Item, event
from tix.domain.times import instant
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Callable


def parse_until(text: str, now: int, moment: "Callable[[str], int]") -> int | None:
    """Return a moment to snooze a ticket until (UTC seconds), None for ``none``; ``moment`` parses it.

    Raises InvalidValue, also for the past.
    """
    if is_none(text):
        return None
    at = moment(text)
    if at <= now:
        raise InvalidValue(
            Said("'{text}' is in the past", text=text),
            hint=Said("tix snooze 12 --until 'tomorrow 9am', or +3d"),
        )
    return at


def snooze(ticket: Ticket, rules: TicketPolicy, author: Author, until: int | None) -> list[Item]:
    """Return the event that snoozes a ticket until a time (UTC seconds), or with None unsnoozes it.

    Empty if nothing changes. Raises FinalStatus.
    """
    refuse_final(ticket, rules)
    if until == ticket.snoozed_until:
        return []
    if until is None:
        return [_woken(ticket, author)]
    old = None if ticket.snoozed_until is None else instant(ticket.snoozed_until)
    sets = {"snoozed_until": until}
    return [event("snoozed", author, field="snoozed_until", old=old, new=instant(until), sets=sets)]


def awakened(ticket: Ticket, items: list[Item]) -> list[Item]:
    """Return ``items`` and the event that ends a snooze, after a message of the requester's side or a reopening."""
    after = play(ticket, items)
    if after.snoozed_until is None or after.snoozed_until != ticket.snoozed_until:
        return items
    reopened = ticket.phase != "open" and after.phase == "open"
    cause = next((item for item in items if item.kind == "message" or reopened), None)
    if cause is None:
        return items
    return [*items, _woken(after, Author(cause.by, cause.via, cause.side, cause.at))]


def _woken(ticket: Ticket, author: Author) -> Item:
    assert ticket.snoozed_until is not None
    return event(
        "woken",
        author,
        field="snoozed_until",
        old=instant(ticket.snoozed_until),
        sets={"snoozed_until": None},
    )
