"""``tix assign``: WHO is the last word."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, Note, Output
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.errors import UsageError
from tix.typing import TYPE_CHECKING, Annotated
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.tickets.ticket import Ticket

_References = Annotated[
    list[str],
    Argument(
        metavar="ID…",
        usage="ID… WHO",
        help="Tickets, e.g. 12, TIX-12, 12-18 (-: from stdin), then WHO: a login, @me, team:NAME or none.",
        needed=False,
    ),
]


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: _References,
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
            Said("no assignee given"),
            hint=Said("add it as the last word: tix assign 12 sam (or @me, team:NAME, none)"),
        )
    internal = None if note is None else checked(note)
    return write(
        session,
        references[:-1],
        output,
        bulk,
        Change(
            lambda: assignment(session.reader(), who, internal), "assign", {"assignee": who, "note": internal}
        ),
        _assigned,
        _unchanged,
    )


def _assigned(ticket: Ticket) -> str:
    to = _assignee(ticket)
    if to is None:
        return Said("Unassigned {ref}.", ref=ticket.ref)
    return Said("Assigned {ref} to {who}.", ref=ticket.ref, who=to)


def _unchanged(ticket: Ticket) -> str:
    to = _assignee(ticket)
    if to is None:
        return Said("{ref} is already unassigned.", ref=ticket.ref)
    return Said("{ref} is already assigned to {who}.", ref=ticket.ref, who=to)


def _assignee(ticket: Ticket) -> str | None:
    """``sam``, ``team network``; None where the ticket is unassigned."""
    if ticket.assignee is not None:
        return ticket.assignee
    return None if ticket.team is None else Said("team {team}", team=ticket.team)
