"""``tix assign``: WHO is the last word."""

from typing import TYPE_CHECKING

from tix.cli import app
from tix.cli.options import Bulk, Note, Output, References
from tix.cli.session import Session
from tix.cli.tickets.bulk import write
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.domain.tickets.ticket import Ticket


@app.command
def command(
    session: Session,
    references: References,
    note: Note = None,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Assign tickets to a person or a team, or unassign them."""
    from tix.cli.input.content import checked
    from tix.desk.tickets.reply import assignment
    from tix.domain.tickets.references import looks_like_reference

    who = references[-1]
    if len(references) < 2 or looks_like_reference(who) or who == "-":
        raise UsageError(
            "who is missing", hint="tix assign 12 sam; @me is you, team:NAME a team, none is nobody"
        )
    internal = None if note is None else checked(note)
    action = assignment(session.reader(), who, internal)
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
