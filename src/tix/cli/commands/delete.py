"""``tix delete``: delete tickets permanently."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Output
from tix.cli.session import Session
from tix.cli.tickets import references as ticket_references
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.typing import TYPE_CHECKING, Any, cast
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.cli.errors import Results
    from tix.cli.output import Printer
    from tix.cli.tickets.on_server import Written
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Parsed, Reference


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Delete tickets permanently."""
    from tix.cli.errors import Results
    from tix.cli.input.confirmation import confirmed
    from tix.cli.output import Printer
    from tix.cli.writes.trial import key_of
    from tix.desk.tickets import bulk as many
    from tix.desk.tickets import delete, read, unchanged
    from tix.render.records import show as show_record
    from tix.render.records.effects import effects

    printer = Printer(session, output, WRITTEN)
    parsed = ticket_references.parse(references)
    agreed = bulk.yes or bulk.dry_run
    results = Results(session, parsed.single)
    if not confirmed(
        session,
        "delete",
        len(parsed.references),
        lambda: _question(session, parsed),
        agreed=agreed,
        kept="Nothing was deleted.",
        name=lambda: _name(session, parsed),
        given=bulk.confirm,
    ):
        return 0
    if session.remote is not None:
        return _delete_there(session, printer, parsed, bulk, results)
    wanted = many.expand(session.reader(), parsed)
    desk = session.writer()
    was: dict[str, dict[str, Any]] = {}

    def action(desk: Desk, reference: Reference) -> Outcome:
        with desk.store.writing():
            record = show_record.record(desk, read.whole(desk, reference))
            if bulk.if_version is None:
                outcome = delete.delete(desk, reference)
            else:
                outcome = unchanged.at_version(desk, reference, bulk.if_version, delete.delete)
        was[outcome.ticket.ref] = record | effects(outcome, rehearsed=bulk.dry_run)
        return outcome

    gone: list[Outcome] = []
    before: list[str] = []
    keyed = key_of(session, bulk.idempotency_key)
    if bulk.dry_run or bulk.atomic:
        found, _ = many.at_once_for_key(desk, keyed, wanted, action, len, rehearsal=bulk.dry_run)
        before += [one.ref for one in found if one.outcome is None and one.error is None]
        gone = results.add(found)
        results.tell()
        if bulk.atomic and results.status:
            results.none_done()
            session.say(Said("Nothing was deleted: --atomic deletes all tickets or none."))
            gone = []
        _tell(session, printer, gone, was, bulk=bulk, single=parsed.single, before=before)
        return results.status
    try:
        for part in many.in_parts_for_key(desk, keyed, wanted, action):
            before += [one.ref for one in part if one.outcome is None and one.error is None]
            gone += results.add(part)
            results.tell()
    finally:
        # Also where the store failed on the way: what is gone is said.
        if gone or before or not parsed.single:
            _tell(session, printer, gone, was, bulk=bulk, single=parsed.single, before=before)
    return results.status


def _delete_there(session: Session, printer: Printer, parsed: Parsed, bulk: Bulk, results: Results) -> int:
    """Delete them on a server."""
    from tix.cli.tickets.on_server import OfServer

    remote = session.remote
    assert remote is not None
    tickets = OfServer(remote, parsed.references, "delete", version=bulk.if_version, key=bulk.idempotency_key)
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
            session.say(Said("Nothing was deleted: --atomic deletes all tickets or none."))
            gone = []
    finally:
        if gone or not parsed.single:
            was = {record["ref"]: record for record in tickets.records(gone, rehearsed=bulk.dry_run)}
            _tell(session, printer, gone, was, bulk=bulk, single=parsed.single)
    return results.status


def _tell(
    session: Session,
    printer: Printer,
    gone: list[Outcome],
    was: dict[str, dict[str, Any]],
    *,
    bulk: Bulk,
    single: bool,
    before: Sequence[str] = (),
) -> None:
    """A line for each that is gone, and what it was."""
    from tix.cli.input import drafts

    for outcome in gone:
        if not bulk.dry_run:
            drafts.forget(outcome.ticket.ref)
        if printer.is_table:
            ref = outcome.ticket.ref
            if bulk.dry_run:
                session.say(Said("Would delete {ref} permanently.", ref=ref))
            else:
                session.say(Said("Deleted {ref} permanently.", ref=ref))
    records = [was[one.ticket.ref] for one in gone]
    _print(printer, [*records, *(_earlier(printer, ref) for ref in before)], single=single)


def _earlier(printer: Printer, ref: str) -> dict[str, Any]:
    """The answer to a repetition: of a ticket that was deleted under the key before, nothing but its reference is left."""
    from tix.render.records.effects import UNCHANGED

    printer.session.say(Said("{ref}: done before with this key; nothing was written.", ref=ref))
    return {**dict.fromkeys(printer.kind.fields), "ref": ref, **UNCHANGED}


def _print(printer: Printer, gone: list[dict[str, Any]], *, single: bool) -> None:
    """What they were; the references when piped."""
    if printer.format in ("plain", "ids") and printer.columns is None:
        sys.stdout.writelines(f"{record['ref']}\n" for record in gone)
    elif single and printer.format == "json" and gone:
        printer.one(gone[0])
    elif not (printer.is_table and printer.columns is None):
        printer.records(gone)


def _name(session: Session, parsed: Parsed) -> str:
    """What is deleted: the reference of a single ticket, else how many they are. Raises as ``_question``."""
    wanted, _ = _looked_up(session, parsed)
    return wanted[0] if len(wanted) == 1 else f"{len(wanted):,}"


def _looked_up(session: Session, parsed: Parsed) -> tuple[list[str], str | None]:
    return _named(session, parsed) if session.remote is None else _named_there(session, parsed)


def _question(session: Session, parsed: Parsed) -> str:
    """What is asked before they are deleted. Raises NotAllowed, and NotFound for a single ticket."""
    wanted, subject = _looked_up(session, parsed)
    if subject is not None:
        what = f"{wanted[0]} ({subject})"
    else:
        rest = f" and {len(wanted) - 5} more" if len(wanted) > 5 else ""
        what = f"{len(wanted)} tickets ({', '.join(wanted[:5])}{rest})"
    return f"Delete {what} permanently, with all messages and files?"


def _named(session: Session, parsed: Parsed) -> tuple[list[str], str | None]:
    """The tickets as they were named; of a single one the reference and the subject."""
    from tix.desk.tickets.bulk import expand
    from tix.desk.tickets.read import find
    from tix.domain.permissions import require

    desk = session.reader()
    wanted = expand(desk, parsed)
    require(desk.actor, "delete")
    if len(wanted) != 1:
        return [one.text for one in wanted], None
    ticket = find(desk, wanted[0])
    return [ticket.ref], ticket.subject


def _named_there(session: Session, parsed: Parsed) -> tuple[list[str], str | None]:
    """The same on a server: what deleting them would do."""
    from tix.cli.tickets.on_server import rehearsed
    from tix.errors import NotAllowed

    assert session.remote is not None
    results = rehearsed(session.remote, parsed.references, "delete")
    for one in results:
        if one.error is not None and (len(results) == 1 or isinstance(one.error, NotAllowed)):
            raise one.error
    if len(results) == 1:
        record = cast("Written", results[0].outcome).record
        return [record["ref"]], record["subject"]
    texts = {one.number: one.text for one in parsed.references}
    return [texts.get(int(one.ref.rpartition("-")[2]), one.ref) for one in results], None
