"""``tix assign``: WHO is the last word."""

from tix.cli import arguments
from tix.cli.arguments import Note, Output, References
from tix.cli.session import Session
from tix.cli.writing import write
from tix.errors import UsageError


@arguments.command
def command(
    session: Session,
    references: References,
    note: Note = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Give tickets to somebody, or to nobody."""
    from tix.cli.text import checked
    from tix.desk import tickets
    from tix.domain.references import looks_like_reference

    who = references[-1]
    if len(references) < 2 or looks_like_reference(who) or who == "-":
        raise UsageError("who is missing", hint="tix assign 12 sam; @me is you, none is nobody")
    internal = None if note is None else checked(note)
    person = None if who == "none" else session.reader().person(who)
    return write(
        session,
        references[:-1],
        output,
        "assign",
        lambda desk, reference: tickets.assign(desk, reference, person, internal),
        lambda ticket: f"is {ticket.assignee}'s" if ticket.assignee else "is nobody's",
        lambda ticket: f"is {ticket.assignee}'s already" if ticket.assignee else "is nobody's already",
    )
