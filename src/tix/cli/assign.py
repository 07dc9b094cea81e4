"""``tix assign``: WHO is the last word."""

from typing import TYPE_CHECKING

from tix.cli import arguments
from tix.cli.arguments import Bulk, Note, Output, References
from tix.cli.session import Session
from tix.cli.writing import write
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets import Outcome
    from tix.domain.references import Reference
    from tix.domain.ticket import Ticket


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
    from tix.desk import tickets
    from tix.domain.references import looks_like_reference

    who = references[-1]
    if len(references) < 2 or looks_like_reference(who) or who == "-":
        raise UsageError(
            "who is missing", hint="tix assign 12 sam; @me is you, team:NAME a team, none is nobody"
        )
    internal = None if note is None else checked(note)
    desk = session.reader()
    if not desk.actor.is_staff:  # a refusal tells nobody which names there are

        def action(desk: "Desk", reference: "Reference") -> "Outcome":
            return tickets.refuse(desk, reference, "assign")
    elif who.startswith("team:"):
        from tix.desk.nouns import known
        from tix.desk.organisation import TEAM

        team = known(desk, TEAM, who.removeprefix("team:")).name

        def action(desk: "Desk", reference: "Reference") -> "Outcome":
            return tickets.assign_team(desk, reference, team, internal)
    else:
        person = None if who == "none" else desk.person(who)

        def action(desk: "Desk", reference: "Reference") -> "Outcome":
            return tickets.assign(desk, reference, person, internal)

    return write(
        session,
        references[:-1],
        output,
        bulk,
        action,
        lambda ticket: f"is {_holder(ticket)}",
        lambda ticket: f"is {_holder(ticket)} already",
    )


def _holder(ticket: "Ticket") -> str:
    """``sam's``, ``the team network's``, ``nobody's``."""
    if ticket.assignee is not None:
        return f"{ticket.assignee}'s"
    return "nobody's" if ticket.team is None else f"the team {ticket.team}'s"
