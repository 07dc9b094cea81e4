"""Writes to one ticket or to many: one transaction a ticket, a result each, one exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tix.cli import referring, showing
from tix.cli.printing import Printer
from tix.cli.session import Session, report, wants_json
from tix.domain.references import Reference
from tix.errors import TixError

if TYPE_CHECKING:
    from tix.cli.arguments import Output
    from tix.desk.context import Desk
    from tix.desk.tickets import Outcome
    from tix.domain.ticket import Ticket

Action = Callable[["Desk", Reference], "Outcome"]
Sentence = Callable[["Ticket"], str]


class Bulk:
    """Several tickets in one command: a failure of one is reported and the others go on.

    With a single reference the failure is the command's own. ``status`` is 0 if all went well, the common
    code if all failed with one, else 9 (interface page).
    """

    def __init__(self, session: Session, single: bool, verb: str) -> None:
        self._session = session
        self._single = single
        self._verb = verb
        self._failures: list[int] = []
        self._done = 0

    @contextmanager
    def item(self, name: str) -> Iterator[None]:
        """The work on one of them, by what it was called."""
        try:
            yield
            self._done += 1
        except TixError as error:
            if self._single or error.exit_status in (6, 7, 8):
                raise
            error.ref = error.ref or name
            report(error, wants_json(self._session.early.argv))
            self._failures.append(error.exit_status)

    @property
    def status(self) -> int:
        """The exit status of the whole command."""
        if not self._failures:
            return 0
        alike = len(set(self._failures)) == 1
        return self._failures[0] if alike and not self._done else 9


def write(
    session: Session,
    words: list[str],
    output: Output,
    verb: str,
    action: Action,
    done: Sentence,
    already: Sentence,
) -> int:
    """Runs ``action`` on each ticket that ``words`` name and prints what is left; the exit status."""
    printer = Printer(session, output, showing.KIND)
    parsed = referring.parse(words)
    desk = session.writer()
    bulk = Bulk(session, parsed.single, verb)
    outcomes = []
    for reference in referring.expand(desk, parsed):
        with bulk.item(reference.text):
            outcome = action(desk, reference)
            outcomes.append(outcome)
            if outcome.already:
                session.say(f"{outcome.ticket.ref} {already(outcome.ticket)}")
            elif reopened(outcome):
                # Also to a script: whoever writes on a solved ticket may not know what that does.
                session.say(f"{outcome.ticket.ref} is open again")
            elif printer.is_table:
                session.say(f"{outcome.ticket.ref} {done(outcome.ticket)}")
    if not bulk.status:
        session.early.typed = None  # the desk has it
    print_outcomes(printer, desk, outcomes, parsed.single)
    return bulk.status


def reopened(outcome: Outcome) -> bool:
    """Whether the write has opened a ticket that was over."""
    return any(item.reason in ("reopened", "solution-not-accepted") for item in outcome.items)


def print_outcomes(printer: Printer, desk: Desk, outcomes: list[Outcome], single: bool) -> None:
    """The references when piped; with a record format the tickets as they now are."""
    if printer.is_table and printer.columns is None:
        return
    if printer.format in ("plain", "ids") and printer.columns is None:
        for outcome in outcomes:
            sys.stdout.write(outcome.ticket.ref + "\n")
        return
    from tix.desk import reading

    records = (showing.record(desk, reading.of(desk, one.ticket, desk.scope)) for one in outcomes)
    if single and printer.format == "json":
        printer.one(next(records))
    else:
        printer.records(records)
