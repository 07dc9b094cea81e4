"""``tix delete``: for good."""

from typing import Annotated

import typer

from tix.cli import arguments, referring
from tix.cli.arguments import Output, References
from tix.cli.session import Session
from tix.errors import UsageError


@arguments.command
def command(
    session: Session,
    references: References,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Delete tickets for good."""
    from tix.cli import drafts, showing
    from tix.cli.printing import Printer
    from tix.cli.writing import Bulk, print_outcomes
    from tix.desk import reading, tickets

    printer = Printer(session, output, showing.KIND)
    parsed = referring.parse(references)
    if not yes and not session.may_ask:
        raise UsageError("deleting is for good", hint="say that you mean it with --yes")
    desk = session.reader()
    bulk = Bulk(session, parsed.single, "delete")
    wanted = referring.expand(desk, parsed)
    if not yes and not _confirmed(desk, wanted):
        session.say("nothing was deleted")
        return 0
    gone = []
    desk = session.writer()
    for reference in wanted:
        with bulk.item(reference.text):
            whole = reading.whole(desk, reference)
            record = showing.record(desk, whole)
            gone.append((tickets.delete(desk, reference), record))
            drafts.forget(whole.ticket.ref)
            if printer.is_table:
                session.say(f"{whole.ticket.ref} is deleted for good")
    if printer.format in ("table", "plain", "ids") and printer.columns is None:
        print_outcomes(printer, desk, [outcome for outcome, _ in gone], parsed.single)
    elif parsed.single and printer.format == "json":
        printer.one(gone[0][1])
    else:
        printer.records(record for _, record in gone)
    return bulk.status


def _confirmed(desk: object, wanted: list) -> bool:  # type: ignore[type-arg]  # of references
    from tix.cli import ask
    from tix.desk.context import Desk
    from tix.desk.tickets import find
    from tix.domain.policy import require

    assert isinstance(desk, Desk)
    require(desk.actor, "delete")
    if len(wanted) == 1:
        ticket = find(desk, wanted[0])
        what = f"{ticket.ref} ({ticket.subject})"
    else:
        named = ", ".join(reference.text for reference in wanted[:5])
        rest = f" and {len(wanted) - 5} more" if len(wanted) > 5 else ""
        what = f"{len(wanted)} tickets ({named}{rest})"
    return ask.confirm(f"Delete {what} for good, with all texts and files?")
