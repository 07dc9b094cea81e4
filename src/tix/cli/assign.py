"""``tix assign``: WHO is the last word."""

from typing import TYPE_CHECKING

from tix.cli import arguments
from tix.cli.arguments import Bulk, Note, Output, References
from tix.cli.session import Session
from tix.cli.writing import write
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.cli.writing import Action
    from tix.desk.context import Desk
    from tix.domain.tickets.ticket import Ticket


@arguments.command
def command(
    session: Session,
    references: References,
    note: Note = None,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Give tickets to somebody, or to nobody."""
    from tix.cli.text import checked
    from tix.domain.tickets.references import looks_like_reference

    who = references[-1]
    if len(references) < 2 or looks_like_reference(who) or who == "-":
        raise UsageError(
            "who is missing", hint="tix assign 12 sam; @me is you, team:NAME a team, none is nobody"
        )
    internal = None if note is None else checked(note)
    action = giver(session.reader(), who, internal)
    return write(
        session,
        references[:-1],
        output,
        bulk,
        action,
        lambda ticket: f"is {_holder(ticket)}",
        lambda ticket: f"is {_holder(ticket)} already",
    )


def giver(desk: "Desk", who: str, internal: str | None = None) -> "Action":
    """What gives a ticket to ``who``: a login, ``@me``, ``team:NAME`` or ``none``. Raises UnknownName."""
    from tix.desk.tickets import assign, change

    if not desk.actor.is_staff:  # a refusal tells nobody which names there are
        return lambda desk, reference: change.refuse(desk, reference, "assign")
    if who.startswith("team:"):
        from tix.desk.resources.organisation import TEAM
        from tix.desk.resources.resource import known

        team = known(desk, TEAM, who.removeprefix("team:")).name
        return lambda desk, reference: assign.assign_team(desk, reference, team, internal)
    person = None if who == "none" else desk.person(who)
    return lambda desk, reference: assign.assign(desk, reference, person, internal)


def _holder(ticket: "Ticket") -> str:
    """``sam's``, ``the team network's``, ``nobody's``."""
    if ticket.assignee is not None:
        return f"{ticket.assignee}'s"
    return "nobody's" if ticket.team is None else f"the team {ticket.team}'s"
