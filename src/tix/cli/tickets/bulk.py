"""Writes to one ticket or to many: a result each, one exit status. How they are done: ``desk.tickets.bulk``.

Nothing is said of any before it is on disk, or taken back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tix.cli.errors import report, wants_json
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import references
from tix.cli.tickets import show as ticket_show
from tix.desk.tickets import bulk as many
from tix.errors import TixError
from tix.render.records import show

if TYPE_CHECKING:
    from tix.cli import options
    from tix.cli.options import Output
    from tix.desk.context import Desk
    from tix.desk.tickets.bulk import Result
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Reference
    from tix.domain.tickets.ticket import Ticket

Sentence = Callable[["Ticket"], str]


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
            if self._single or not many.concerns_one(error):
                raise
            self._failed(error, name if isinstance(name, str) else name())

    def add(self, results: Sequence[Result]) -> list[Outcome]:
        """What a bulk write made of them; the outcomes. Raises what a single one failed with."""
        for one in results:
            if one.error is None:
                self._done += 1
            elif self._single:
                raise one.error
            else:
                self._failed(one.error, one.ref)
        return many.outcomes(results)

    def _failed(self, error: TixError, ref: str) -> None:
        error.ref = error.ref or ref
        self._untold.append(error)
        self._failures.append(error.exit_status)

    def tell(self) -> None:
        """A line for each failure that has not had one."""
        for error in self._untold:
            report(error, wants_json(self._session.early.argv))
        self._untold.clear()

    def none_done(self) -> None:
        """Record that all changes were rolled back."""
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
    """Does ``action`` to each ticket that ``words`` name and prints what is left; the exit status."""
    printer = Printer(session, output, ticket_show.KIND)
    parsed = references.parse(words)
    desk = session.writer()
    wanted = many.expand(desk, parsed)
    writer = _Writer(session, printer, desk, parsed.single, (done, already))
    if bulk.dry_run or bulk.atomic:
        writer.at_once(wanted, action, rehearsal=bulk.dry_run)
    else:
        writer.in_parts(wanted, action)
    return writer.results.status


class _Writer:
    """What one command says of its tickets."""

    def __init__(
        self,
        session: Session,
        printer: Printer,
        desk: Desk,
        single: bool,
        sentences: tuple[Sentence, Sentence],
    ) -> None:
        self._session = session
        self._printer = printer
        self._desk = desk
        self._single = single
        self._done, self._already = sentences
        self.results = Results(session, single)

    def in_parts(self, wanted: Sequence[Reference], action: Action) -> None:
        """Write several tickets per transaction and report them once on disk."""
        outcomes: list[Outcome] = []
        try:
            for results in many.in_parts(self._desk, wanted, action):
                part = self.results.add(results)
                outcomes += part
                self._tell(part)
        finally:
            # Also where the store failed on the way: what is on disk is said.
            if not self.results.status and len(outcomes) == len(wanted):
                self._session.early.typed = None  # the desk has it
            if outcomes or not self._single:
                print_outcomes(self._printer, self._desk, outcomes, self._single)

    def at_once(self, wanted: Sequence[Reference], action: Action, *, rehearsal: bool) -> None:
        """Write all tickets or none; a rehearsal writes none."""

        def look(outcomes: list[Outcome]) -> list[dict[str, Any]]:
            return list(shown(self._printer, self._desk, outcomes))

        results, records = many.at_once(self._desk, wanted, action, look, rehearsal=rehearsal)
        outcomes = self.results.add(results)
        if self.results.status and not rehearsal:
            self.results.none_done()
            self.results.tell()
            self._session.say("Nothing was written: --atomic changes all tickets or none.")
            sys.stdout.write("[]\n" if self._printer.format == "json" else "")
            return
        self._tell(outcomes)
        if rehearsal:
            self._session.say("Nothing was written (--dry-run).")
        else:
            self._session.early.typed = None
        print_shown(self._printer, outcomes, records, self._single)

    def _tell(self, outcomes: list[Outcome]) -> None:
        """Print a line for each ticket, where there is something to say."""
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
        self.results.tell()

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
    print_shown(printer, outcomes, shown(printer, desk, outcomes), single)


def shown(printer: Printer, desk: Desk, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """The records of the tickets as they now are, as far as ``print_shown`` prints them."""
    if printer.columns is not None or printer.format not in ("table", "plain", "ids"):
        from tix.desk.tickets import read

        for one in outcomes:
            yield show.record(desk, read.of(desk, one.ticket, desk.scope))


def print_shown(
    printer: Printer, outcomes: list[Outcome], records: Iterable[dict[str, Any]], single: bool
) -> None:
    """The references when piped; with a record format the ``records`` of the tickets."""
    if printer.is_table and printer.columns is None:
        return
    if printer.format in ("plain", "ids") and printer.columns is None:
        for outcome in outcomes:
            sys.stdout.write(outcome.ticket.ref + "\n")
    elif single and printer.format == "json":
        printer.one(next(iter(records)))
    else:
        printer.records(records)
