"""Writes to one ticket that is named alone: links, files, time, a split."""

from __future__ import annotations

from collections.abc import Callable

from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import bulk_words
from tix.cli.tickets.bulk import Change, OfDesk, Tickets, at_version, print_shown, prints_records
from tix.errors import NotFound
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.options import One
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Reference


def done_to(
    session: Session, reference: Reference, change: Change, how: One
) -> tuple[Outcome, Callable[[], Any]]:
    """Make a change to one ticket; its outcome, and what finds the records of tickets as they now are.

    Raises what the change raises; KeyReused.
    """
    if how.if_version is not None:
        change = change._replace(version=how.if_version)
    from tix.cli.writes import trial

    tickets: Tickets
    if (remote := session.remote) is None:
        desk, action = session.writer(), change.action()
        if how.if_version is not None:
            action = at_version(action, how.if_version)
        tickets = OfDesk(desk, [reference], action, trial.key_of(session, how.idempotency_key))
    else:
        from tix.cli.tickets.on_server import OfServer

        tickets = OfServer(remote, [reference], *change[1:], key=how.idempotency_key)
    records: list[dict[str, Any]] = []
    if how.dry_run:
        results, records = tickets.at_once(
            lambda outcomes: list(tickets.records(outcomes, rehearsed=True)), rehearsal=True
        )
    else:
        results = [one for part in tickets.in_parts() for one in part]
    (result,) = results
    if result.error is not None:
        raise result.error
    outcome = result.outcome
    if outcome is None:
        raise NotFound(
            Said("no ticket {ref}", ref=result.ref),
            hint=Said("the key has written to it before; it was deleted later"),
        )
    if outcome.repeated:
        session.say(bulk_words.repeated(outcome.ticket.ref))
    return outcome, lambda: records or tickets.records([outcome])


def print_one(printer: Printer, outcome: Outcome, records: Callable[[], Any]) -> None:
    """The reference of one ticket when piped; with a record format the ticket as it now is."""
    print_shown(printer, [outcome], records() if prints_records(printer) else (), single=True)
