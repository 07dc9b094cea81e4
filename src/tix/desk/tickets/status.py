"""Start, hold, resolve, close and reopen tickets; rate and snooze them."""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk.context import Desk
from tix.desk.tickets.change import change
from tix.desk.tickets.files import Upload, keep
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.parties import acting_side, speaker
from tix.desk.tickets.read import on_their_side
from tix.domain.permissions import require
from tix.domain.tickets import lifecycle
from tix.domain.tickets import snooze as ticket_snooze
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item
from tix.domain.workflows.workflow import Trigger
from tix.errors import InvalidValue, NotAllowed
from tix.words.sentence import Said


def pull(
    desk: Desk,
    reference: Reference,
    trigger: Trigger,
    message: str | None = None,
    internal: str | None = None,
    uploads: Sequence[Upload] = (),
) -> Outcome:
    """Start, hold, resolve, close or reopen a ticket; with a public reply, a note, or both, in one transaction.

    ``uploads`` are files of the reply; those of the requester's side may come without a text. Raises InvalidValue for
    files of staff without one.
    """

    def decide(ticket: Ticket) -> list[Item]:
        items: list[Item] = []
        rules = desk.rules_of(ticket)
        if not desk.actor.is_staff and not on_their_side(desk, ticket):
            raise NotAllowed(
                Said(
                    "{login} is only a follower of {ref} and cannot {trigger} it",
                    login=desk.actor.login,
                    ref=ticket.ref,
                    trigger=trigger,
                )
            )
        if internal is not None and not desk.actor.is_staff:
            require(desk.actor, "note")
        moved = lifecycle.pull(ticket, rules, trigger, desk.author(), acting_side(desk))
        if trigger == "reopen":
            items += moved
        if message is not None or uploads:
            author, now = speaker(desk, ticket), play(ticket, items)
            if message is None and author.side == "staff":
                raise InvalidValue(Said("files need a message that they go with"))
            said = lifecycle.speak(now, rules, author, message or "", keep(desk, uploads))
            items += [said, *lifecycle.claim_by_reply(now, rules, author)]
        if internal is not None:
            items.append(lifecycle.note(ticket, rules, desk.author(), internal))
        if trigger != "reopen" and moved:
            # Decide again after the reply: it may have moved the auto-close date of a resolved ticket.
            items += lifecycle.pull(play(ticket, items), rules, trigger, desk.author(), acting_side(desk))
        return items

    return change(desk, reference, trigger, decide)


def rate(desk: Desk, reference: Reference, stars: int, comment: str | None) -> Outcome:
    """Record the requester's rating, 1 to 5 stars."""

    def decide(ticket: Ticket) -> list[Item]:
        if ticket.requester != desk.actor.login:
            raise NotAllowed(
                Said(
                    "only {requester}, the requester of {ref}, can rate it",
                    requester=ticket.requester,
                    ref=ticket.ref,
                )
            )
        return [lifecycle.rate(ticket, desk.rules_of(ticket), desk.author("requester"), stars, comment)]

    return change(desk, reference, "rate", decide)


def parse_until(desk: Desk, text: str) -> int | None:
    """Return a moment to snooze a ticket until (UTC seconds), None for ``none``. Raises InvalidValue, also for the past."""
    return ticket_snooze.parse_until(text, desk.now, desk.moment)


def snooze(desk: Desk, reference: Reference, until: int | None) -> Outcome:
    """Snooze the ticket until a future moment (UTC seconds); None ends the snooze."""
    return change(
        desk,
        reference,
        "snooze",
        lambda ticket: ticket_snooze.snooze(ticket, desk.rules_of(ticket), desk.author(), until),
    )
