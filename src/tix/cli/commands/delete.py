"""``tix delete``: for good."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import app
from tix.cli.options import Bulk, Output, References
from tix.cli.session import Session
from tix.cli.tickets import references as ticket_references
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.cli.tickets.bulk import Results
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Reference


@app.command
def command(
    session: Session,
    references: References,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Delete tickets permanently."""
    from tix.cli.input import drafts
    from tix.cli.output import Printer
    from tix.cli.tickets import show
    from tix.cli.tickets.bulk import TOGETHER, Results, batched

    printer = Printer(session, output, show.KIND)
    parsed = ticket_references.parse(references)
    yes = yes or bulk.dry_run
    if not yes and not session.may_ask:
        raise UsageError("deleting is permanent", hint="confirm it with --yes")
    desk = session.reader()
    results = Results(session, parsed.single)
    wanted = ticket_references.expand(desk, parsed)
    if not yes and not _confirmed(desk, wanted):
        session.say("Nothing was deleted.")
        return 0
    desk = session.writer()
    gone: list[tuple[Outcome, dict[str, Any]]] = []
    size = len(wanted) if bulk.dry_run or bulk.atomic else TOGETHER
    for some in batched(wanted, size):
        with desk.store.together() as whole:
            part = _deleted(desk, some, results)
            failed = bulk.atomic and bool(results.status)
            if bulk.dry_run or failed:
                whole.take_back()
        results.tell()
        if failed:
            results.none_done()
            session.say("Nothing was deleted: --atomic deletes all tickets or none.")
            part = []
        gone += part
    for outcome, _ in gone:
        if not bulk.dry_run:
            drafts.forget(outcome.ticket.ref)
        if printer.is_table:
            session.say(f"{'Would delete' if bulk.dry_run else 'Deleted'} {outcome.ticket.ref} permanently.")
    if bulk.dry_run:
        session.say("Nothing was written (--dry-run).")
    _print(printer, gone, single=parsed.single)
    return results.status


def _deleted(
    desk: "Desk", some: "Sequence[Reference]", results: "Results"
) -> "list[tuple[Outcome, dict[str, Any]]]":
    """Those that could be deleted, each with what it was."""
    from tix.desk.tickets import delete, read
    from tix.render.records import show

    gone = []
    for reference in some:
        with results.item(partial(ticket_references.called, desk, reference)):
            record = show.record(desk, read.whole(desk, reference))
            gone.append((delete.delete(desk, reference), record))
    return gone


def _print(printer: "Printer", gone: "list[tuple[Outcome, dict[str, Any]]]", *, single: bool) -> None:
    """What they were; the references when piped."""
    if printer.format in ("plain", "ids") and printer.columns is None:
        sys.stdout.writelines(f"{outcome.ticket.ref}\n" for outcome, _ in gone)
    elif single and printer.format == "json" and gone:
        printer.one(gone[0][1])
    elif not (printer.is_table and printer.columns is None):
        printer.records(record for _, record in gone)


def _confirmed(desk: object, wanted: list) -> bool:  # type: ignore[type-arg]  # of references
    from tix.cli.input import ask
    from tix.desk.context import Desk
    from tix.desk.tickets.read import find
    from tix.domain.permissions import require

    assert isinstance(desk, Desk)
    require(desk.actor, "delete")
    if len(wanted) == 1:
        ticket = find(desk, wanted[0])
        what = f"{ticket.ref} ({ticket.subject})"
    else:
        named = ", ".join(reference.text for reference in wanted[:5])
        rest = f" and {len(wanted) - 5} more" if len(wanted) > 5 else ""
        what = f"{len(wanted)} tickets ({named}{rest})"
    return ask.confirm(f"Delete {what} permanently, with all messages and files?")
