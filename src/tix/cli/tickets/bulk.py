"""Writes to one ticket or to many: each all or nothing, a result each, one exit status.

Many are written some at a time in one transaction, so that a disk need not be waited for a thousand times; each
is a part of it that may fail alone, and nothing is said of any before all of them are on disk.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from functools import partial
from typing import TYPE_CHECKING

from tix.cli.errors import report, wants_json
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import references
from tix.cli.tickets import show as ticket_show
from tix.domain.tickets.references import Reference
from tix.errors import TixError
from tix.render.records import show

if TYPE_CHECKING:
    from tix.cli import options
    from tix.cli.options import Output
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.ticket import Ticket

Action = Callable[["Desk", Reference], "Outcome"]
Sentence = Callable[["Ticket"], str]

# Tickets in one transaction: enough that syncing does not matter, few enough that nobody waits long.
TOGETHER = 50


class Results:
    """What became of each of several tickets: a failure of one is kept, and the others go on.

    With a single reference the failure is the command's own. ``status`` is 0 if all went well, the common
    code if all failed with one, else 9 (interface page).
    """

    def __init__(self, session: Session, single: bool) -> None:
        self._session = session
        self._single = single
        self._untold: list[TixError] = []
        self._failures: list[int] = []
        self._done = 0

    @contextmanager
    def item(self, name: str | Callable[[], str]) -> Iterator[None]:
        """The work on one of them; what it is called, or how to find out where it fails."""
        try:
            yield
            self._done += 1
        except TixError as error:
            if self._single or error.exit_status in (6, 7, 8):
                raise
            error.ref = error.ref or (name if isinstance(name, str) else name())
            self._untold.append(error)
            self._failures.append(error.exit_status)

    def tell(self) -> None:
        """A line for each failure that has not had one."""
        for error in self._untold:
            report(error, wants_json(self._session.early.argv))
        self._untold.clear()

    def none_done(self) -> None:
        """All of them were taken back."""
        self._done = 0

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
    bulk: options.Bulk,
    action: Action,
    done: Sentence,
    already: Sentence,
) -> int:
    """Runs ``action`` on each ticket that ``words`` name and prints what is left; the exit status."""
    printer = Printer(session, output, ticket_show.KIND)
    parsed = references.parse(words)
    desk = session.writer()
    results = Results(session, parsed.single)
    wanted = references.expand(desk, parsed)
    writer = _Writer(session, printer, desk, results, (action, done, already))
    if bulk.dry_run or bulk.atomic:
        printed = writer.at_once(wanted, parsed.single, rehearsal=bulk.dry_run)
        sys.stdout.write(printed)
    else:
        try:
            writer.some_at_a_time(wanted)
        finally:
            # Also where the store failed on the way: what is on disk is said.
            if not results.status and len(writer.outcomes) == len(wanted):
                session.early.typed = None  # the desk has it
            if writer.outcomes or not parsed.single:
                print_outcomes(printer, desk, writer.outcomes, parsed.single)
    return results.status


class _Writer:
    """The work of one command on its tickets."""

    def __init__(
        self,
        session: Session,
        printer: Printer,
        desk: Desk,
        results: Results,
        how: tuple[Action, Sentence, Sentence],
    ) -> None:
        self._session = session
        self._printer = printer
        self._desk = desk
        self._results = results
        self._action, self._done, self._already = how
        self.outcomes: list[Outcome] = []

    def some_at_a_time(self, wanted: Sequence[Reference]) -> None:
        """Some tickets a transaction, told when they are on disk; a single one as it is."""
        if len(wanted) == 1:
            self._tell(self._work(wanted))
            return
        for some in batched(wanted, TOGETHER):
            with self._desk.store.together():
                outcomes = self._work(some)
            self._tell(outcomes)

    def at_once(self, wanted: Sequence[Reference], single: bool, *, rehearsal: bool) -> str:
        """All of them in one transaction, which is taken back if one fails or it was only to see; the output."""
        printed = io.StringIO()
        with self._desk.store.together() as whole:
            outcomes = self._work(wanted)
            with redirect_stdout(printed):
                print_outcomes(self._printer, self._desk, outcomes, single)
            if rehearsal or self._results.status:
                whole.take_back()
        if rehearsal:
            self._tell(outcomes)
            self._session.say("Nothing was written (--dry-run).")
        elif self._results.status:
            self._results.none_done()
            self._results.tell()
            self._session.say("Nothing was written: --atomic changes all tickets or none.")
            return "[]\n" if self._printer.format == "json" else ""
        else:
            self._tell(outcomes)
            self._session.early.typed = None
        return printed.getvalue()

    def _work(self, wanted: Sequence[Reference]) -> list[Outcome]:
        outcomes = []
        for reference in wanted:
            with self._results.item(partial(references.called, self._desk, reference)):
                outcomes.append(self._action(self._desk, reference))
        return outcomes

    def _tell(self, outcomes: list[Outcome]) -> None:
        """A line for each, where there is something to say."""
        self.outcomes += outcomes
        for outcome in outcomes:
            ticket = outcome.ticket
            say_where(self._session, outcome)
            if ticket.links is not None and ended(outcome):
                self._tell_blocked(ticket)
            if outcome.already:
                self._session.say(self._already(ticket))
            elif reopened(outcome):
                # Also to a script: whoever writes on a solved ticket may not know what that does.
                self._session.say(f"Reopened {ticket.ref}; status is now {ticket.status}.")
            elif self._printer.is_table:
                self._session.say(self._done(ticket))
        self._results.tell()

    def _tell_blocked(self, ticket: Ticket) -> None:
        """What still blocks a ticket that is over."""
        from tix.desk.tickets.links import open_blockers

        if self._desk.actor.is_staff:
            for other in open_blockers(self._desk, ticket):
                self._session.say(f"{ticket.ref} is still blocked by {other.ref} ({other.status}).")


def say_where(session: Session, outcome: Outcome) -> None:
    """That a write is on another ticket than the one that was named: also to a script."""
    if outcome.merged is not None:
        session.say(f"{outcome.merged} is merged into {outcome.place}; written to {outcome.place} instead.")


def batched(wanted: Sequence[Reference], size: int) -> Iterator[Sequence[Reference]]:
    """``wanted`` in parts of at most ``size``."""
    for start in range(0, len(wanted), max(size, 1)):
        yield wanted[start : start + size]


def reopened(outcome: Outcome) -> bool:
    """Whether the write has opened a ticket that was over."""
    return any(item.reason in ("reopened", "solution-not-accepted") for item in outcome.items)


def ended(outcome: Outcome) -> bool:
    """Whether the write has ended an open ticket."""
    return any(
        item.type == "status-changed" and (item.sets or {}).get("resolved_at") is not None
        for item in outcome.items
    )


def print_outcomes(printer: Printer, desk: Desk, outcomes: list[Outcome], single: bool) -> None:
    """The references when piped; with a record format the tickets as they now are."""
    if printer.is_table and printer.columns is None:
        return
    if printer.format in ("plain", "ids") and printer.columns is None:
        for outcome in outcomes:
            sys.stdout.write(outcome.ticket.ref + "\n")
        return
    from tix.desk.tickets import read

    records = (show.record(desk, read.of(desk, one.ticket, desk.scope)) for one in outcomes)
    if single and printer.format == "json":
        printer.one(next(records))
    else:
        printer.records(records)
