"""``tix delete``: delete tickets permanently."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from tix.cli import app
from tix.cli.options import Bulk, Output, References
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import references as ticket_references
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.cli.tickets.bulk import Results
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Parsed, Reference


@app.command
def command(
    session: Session,
    references: References,
    yes: Annotated[bool, Option("--yes", help="Delete without asking.")] = False,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Delete tickets permanently."""
    from tix.cli.output import Printer
    from tix.cli.tickets import show
    from tix.cli.tickets.bulk import Results
    from tix.desk.tickets import bulk as many
    from tix.desk.tickets import delete, read
    from tix.render.records import show as show_record

    printer = Printer(session, output, show.KIND)
    parsed = ticket_references.parse(references)
    yes = yes or bulk.dry_run
    if not yes and not session.may_ask:
        raise UsageError("deleting is permanent", hint="confirm it with --yes")
    results = Results(session, parsed.single)
    if session.remote is not None:
        return _delete_there(session, printer, parsed, bulk, results, yes=yes)
    desk = session.reader()
    wanted = many.expand(desk, parsed)
    if not yes and not _confirmed(desk, wanted):
        session.say("Nothing was deleted.")
        return 0
    desk = session.writer()
    was: dict[str, dict[str, Any]] = {}

    def action(desk: "Desk", reference: "Reference") -> "Outcome":
        with desk.store.writing():
            record = show_record.record(desk, read.whole(desk, reference))
            outcome = delete.delete(desk, reference)
        was[outcome.ticket.ref] = record
        return outcome

    gone: list[Outcome] = []
    if bulk.dry_run or bulk.atomic:
        found, _ = many.at_once(desk, wanted, action, len, rehearsal=bulk.dry_run)
        gone = results.add(found)
        results.tell()
        if bulk.atomic and results.status:
            results.none_done()
            session.say("Nothing was deleted: --atomic deletes all tickets or none.")
            gone = []
        _tell(session, printer, gone, was, bulk=bulk, single=parsed.single)
        return results.status
    try:
        for part in many.in_parts(desk, wanted, action):
            gone += results.add(part)
            results.tell()
    finally:
        # Also where the store failed on the way: what is gone is said.
        if gone or not parsed.single:
            _tell(session, printer, gone, was, bulk=bulk, single=parsed.single)
    return results.status


def _delete_there(
    session: Session, printer: "Printer", parsed: "Parsed", bulk: Bulk, results: "Results", *, yes: bool
) -> int:
    """Delete them on a server."""
    from tix.cli.tickets.on_server import OfServer

    remote = session.remote
    assert remote is not None
    if not yes:
        remote.refuse("the question before a ticket is deleted; confirm it with --yes", True)
    tickets = OfServer(remote, parsed.references, "delete")
    if bulk.dry_run or bulk.atomic:
        parts = iter([tickets.at_once(lambda _: [], rehearsal=bulk.dry_run)[0]])
    else:
        parts = tickets.in_parts()
    gone: list[Outcome] = []
    try:
        for part in parts:
            gone += results.add(part)
            results.tell()
        if bulk.atomic and not bulk.dry_run and results.status:
            results.none_done()
            session.say("Nothing was deleted: --atomic deletes all tickets or none.")
            gone = []
    finally:
        if gone or not parsed.single:
            was = {record["ref"]: record for record in tickets.records(gone)}
            _tell(session, printer, gone, was, bulk=bulk, single=parsed.single)
    return results.status


def _tell(
    session: Session,
    printer: "Printer",
    gone: "list[Outcome]",
    was: dict[str, dict[str, Any]],
    *,
    bulk: Bulk,
    single: bool,
) -> None:
    """A line for each that is gone, and what it was."""
    from tix.cli.input import drafts

    for outcome in gone:
        if not bulk.dry_run:
            drafts.forget(outcome.ticket.ref)
        if printer.is_table:
            session.say(f"{'Would delete' if bulk.dry_run else 'Deleted'} {outcome.ticket.ref} permanently.")
    if bulk.dry_run:
        session.say("Nothing was written (--dry-run).")
    _print(printer, [was[one.ticket.ref] for one in gone], single=single)


def _print(printer: "Printer", gone: list[dict[str, Any]], *, single: bool) -> None:
    """What they were; the references when piped."""
    if printer.format in ("plain", "ids") and printer.columns is None:
        sys.stdout.writelines(f"{record['ref']}\n" for record in gone)
    elif single and printer.format == "json" and gone:
        printer.one(gone[0])
    elif not (printer.is_table and printer.columns is None):
        printer.records(gone)


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
