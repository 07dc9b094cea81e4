"""What may be done to a ticket now: the commands a terminal suggests and the forms a web page shows."""

from __future__ import annotations

from tix.desk.tickets.read import on_their_side
from tix.domain.permissions import NO, permission, rank_of
from tix.domain.tickets import lifecycle
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.read import FullTicket
    from tix.domain.workflows.workflow import Status, Trigger


class Possible(NamedTuple):
    """What the actor may do to a ticket as it is now; the use cases decide again when it is done.

    ``triggers`` would change the status; ``statuses`` are those that may be set by name. ``final``: nothing can be
    added to the ticket any more.
    """

    reply: bool = False
    note: bool = False
    assign: bool = False
    claim: bool = False
    rate: bool = False
    triggers: tuple[Trigger, ...] = ()
    statuses: tuple[Status, ...] = ()
    final: bool = False


def possible(desk: Desk, whole: FullTicket) -> Possible:
    """Return what the actor may do to a ticket that they have read."""
    ticket = lifecycle.settled(whole.ticket, desk.now)
    rules = desk.rules_of(ticket)
    workflow, staff = rules.workflow, desk.actor.is_staff
    rate = (
        ticket.requester == desk.actor.login and ticket.rating is None and ticket.phase in workflow.rated_in
    )
    if whole.merged:
        return Possible(reply=not staff, rate=rate)
    if workflow.status(ticket.status).final:
        return Possible(rate=rate, final=True)

    def may(verb: str) -> bool:
        return permission(verb, rank_of(desk.actor.person)) != NO

    triggers = workflow.possible(ticket.status, "staff" if staff else "requester")
    if not staff and not on_their_side(desk, ticket):
        triggers = ()  # who only follows it does not move it
    return Possible(
        reply=may("reply"),
        note=may("note"),
        assign=may("assign"),
        claim=may("claim") and ticket.assignee is None,
        rate=rate,
        triggers=triggers,
        statuses=lifecycle.settable(ticket, workflow) if may("edit") else (),
    )
