"""Writes to one ticket or to many: a result each, one exit status. How they are done: ``desk.tickets.bulk``.

Nothing is said of any before it is on disk, or taken back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tix.cli.errors import report
from tix.cli.messages import wants_json
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import references
from tix.cli.tickets import show as ticket_show
from tix.desk.tickets import bulk as many
from tix.domain.tickets.references import Parsed
from tix.errors import TixError
from tix.render.records import show
from tix.typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from tix.cli import options
    from tix.cli.options import Output
    from tix.cli.remote.connection import Upload as Sent
    from tix.desk.context import Desk
    from tix.desk.tickets.bulk import Result
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Reference
    from tix.domain.tickets.ticket import Ticket

Sentence = Callable[["Ticket"], str]
Look = Callable[["list[Outcome]"], "list[dict[str, Any]]"]


class Item:
    """The block of work on one of several tickets."""

    def __init__(self, results: Results, name: str | Callable[[], str]) -> None:
        self._results = results
        self._name = name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        return self._results.left(error, self._name)


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

    def item(self, name: str | Callable[[], str]) -> Item:
        """The work on one of them; what it is called, or how to find out where it fails."""
        return Item(self, name)

    def left(self, error: BaseException | None, name: str | Callable[[], str]) -> bool:
        """Count what came of one of them; return whether its failure is told at the end."""
        if error is None:
            self._done += 1
            return False
        if not isinstance(error, TixError) or self._single or not many.concerns_one(error):
            return False
        self._failed(error, name if isinstance(name, str) else name())
        return True

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


class Change(NamedTuple):
    """A write to tickets: what makes the desk's action of it; or the ``verb`` and the ``body`` for a server.

    ``files`` go with it, ``version`` is the one that tickets must have. ``noted`` is told of each ticket what a server
    has added to it, as records; the action tells it itself.
    """

    action: Callable[[], Action]
    verb: str
    body: Mapping[str, Any] = MappingProxyType({})
    files: Sequence[Sent] = ()
    version: int | None = None
    noted: Callable[[str, list[dict[str, Any]]], None] | None = None


def write(
    session: Session,
    words: list[str],
    output: Output,
    bulk: options.Bulk,
    change: Change,
    done: Sentence,
    already: Sentence,
) -> int:
    """Make a change to each ticket that ``words`` name and print what is left; the exit status."""
    remote = session.remote
    action = change.action() if remote is None else None
    if bulk.if_version is not None and change.version is None:
        change = change._replace(version=bulk.if_version)
        action = None if action is None else _at_version(action, bulk.if_version)
    printer = Printer(session, output, ticket_show.WRITTEN)
    tickets: Tickets
    if action is not None:
        parsed = references.parse(words)
        desk = session.writer()
        tickets = _OfDesk(desk, many.expand(desk, parsed), action)
    else:
        from tix.cli.tickets.on_server import OfServer

        assert remote is not None
        named = references.spread(words)
        parsed = references.parse(named) if named else Parsed((), False)
        parsed = parsed._replace(single=parsed.single and "-" not in words)
        tickets = OfServer(remote, parsed.references, *change[1:])
    if tickets.count > _MANY and not _agreed(session, tickets.count, bulk, change):
        return 0
    writer = _Writer(session, printer, tickets, parsed.single, (done, already))
    if bulk.dry_run or bulk.atomic:
        writer.at_once(rehearsal=bulk.dry_run)
    else:
        writer.in_parts()
    return writer.results.status


# Fewer never ask (``domain.confirmation``).
_MANY = 1


def _agreed(session: Session, count: int, bulk: options.Bulk, change: Change) -> bool:
    """Whether a write to so many tickets goes on."""
    from tix.cli.input.confirmation import confirmed

    question = f"Change {count:,} {'ticket' if count == 1 else 'tickets'}?"
    says = bool(change.body.get("message") or change.body.get("canned"))
    act = "bulk text" if says or change.verb in ("replies", "notes") else "bulk"
    return confirmed(session, act, count, question, agreed=bulk.yes or bulk.dry_run)


def _at_version(action: Action, version: int) -> Action:
    """Return the action for tickets that are still at a version."""
    from tix.desk.tickets import unchanged

    return lambda desk, reference: unchanged.at_version(desk, reference, version, action)


class Tickets(Protocol):
    """The tickets of one write, in a file or on a server."""

    @property
    def count(self) -> int:
        """How many they are, at most."""

    def in_parts(self) -> Iterator[list[Result]]:
        """Write to each; the results of some once they are written."""

    def at_once(self, look: Look, *, rehearsal: bool) -> tuple[list[Result], list[dict[str, Any]]]:
        """Write to all or to none; ``look`` makes records of the outcomes before they are taken back."""

    def records(self, outcomes: list[Outcome], *, rehearsed: bool = False) -> Iterator[dict[str, Any]]:
        """The tickets as they now are, and what the write did to them."""

    def blockers(self, ticket: Ticket) -> Iterable[tuple[str, str]]:
        """The open tickets that block a ticket, and their status, as far as the person may see them."""


class _OfDesk:
    """Those of a file."""

    def __init__(self, desk: Desk, wanted: Sequence[Reference], action: Action) -> None:
        self._desk, self._wanted, self._action = desk, wanted, action
        self.count = len(wanted)

    def in_parts(self) -> Iterator[list[Result]]:
        return many.in_parts(self._desk, self._wanted, self._action)

    def at_once(self, look: Look, *, rehearsal: bool) -> tuple[list[Result], list[dict[str, Any]]]:
        return many.at_once(self._desk, self._wanted, self._action, look, rehearsal=rehearsal)

    def records(self, outcomes: list[Outcome], *, rehearsed: bool = False) -> Iterator[dict[str, Any]]:
        return records_of(self._desk, outcomes, rehearsed=rehearsed)

    def blockers(self, ticket: Ticket) -> Iterable[tuple[str, str]]:
        from tix.desk.tickets.links import open_blockers

        if not self._desk.actor.is_staff:
            return []
        return [(other.ref, other.status) for other in open_blockers(self._desk, ticket)]


class _Writer:
    """What one command says of its tickets."""

    def __init__(
        self,
        session: Session,
        printer: Printer,
        tickets: Tickets,
        single: bool,
        sentences: tuple[Sentence, Sentence],
    ) -> None:
        self._session = session
        self._printer = printer
        self._tickets = tickets
        self._single = single
        self._done, self._already = sentences
        self.results = Results(session, single)

    def in_parts(self) -> None:
        """Write several tickets per transaction and report them once on disk."""
        outcomes: list[Outcome] = []
        is_whole = False
        try:
            for results in self._tickets.in_parts():
                part = self.results.add(results)
                outcomes += part
                self._tell(part)
            is_whole = True
        finally:
            # Also where the store failed on the way: what is on disk is said.
            if is_whole and not self.results.status:
                self._session.early.typed = None  # the desk has it
            if outcomes or not self._single:
                print_shown(self._printer, outcomes, self._shown(outcomes), self._single)

    def _shown(self, outcomes: list[Outcome], *, rehearsed: bool = False) -> Iterator[dict[str, Any]]:
        return (
            self._tickets.records(outcomes, rehearsed=rehearsed)
            if prints_records(self._printer)
            else iter(())
        )

    def at_once(self, *, rehearsal: bool) -> None:
        """Write all tickets or none; a rehearsal writes none."""

        def look(outcomes: list[Outcome]) -> list[dict[str, Any]]:
            return list(self._shown(outcomes, rehearsed=rehearsal))

        results, records = self._tickets.at_once(look, rehearsal=rehearsal)
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
            if ticket.links is not None and outcome.ended:
                for ref, status in self._tickets.blockers(ticket):
                    self._session.say(f"{ticket.ref} is still blocked by {ref} ({status}).")
            if outcome.already:
                self._session.say(self._already(ticket))
            elif reopened(outcome):
                # Also to a script: whoever writes on a solved ticket may not know what that does.
                self._session.say(f"Reopened {ticket.ref}; status is now {ticket.status}.")
            elif self._printer.is_table:
                self._session.say(self._done(ticket))
        self.results.tell()


def done_to(session: Session, reference: Reference, change: Change) -> tuple[Outcome, Callable[[], Any]]:
    """Make a change to one ticket; its outcome, and what finds the records of tickets as they now are."""
    tickets: Tickets
    if (remote := session.remote) is None:
        desk, action = session.writer(), change.action()
        tickets = _OfDesk(desk, [reference], action)
        outcome = action(desk, reference)
    else:
        from tix.cli.tickets.on_server import OfServer

        tickets = OfServer(remote, [reference], *change[1:])
        ((result,),) = tickets.in_parts()
        if result.error is not None:
            raise result.error
        assert result.outcome is not None
        outcome = result.outcome
    return outcome, lambda: tickets.records([outcome])


def print_one(printer: Printer, outcome: Outcome, records: Callable[[], Any]) -> None:
    """The reference of one ticket when piped; with a record format the ticket as it now is."""
    print_shown(printer, [outcome], records() if prints_records(printer) else (), single=True)


def say_where(session: Session, outcome: Outcome) -> None:
    """That a write is on another ticket than the one that was named: also to a script."""
    if outcome.merged is not None:
        session.say(f"{outcome.merged} is merged into {outcome.place}; written to {outcome.place} instead.")


def reopened(outcome: Outcome) -> bool:
    """Whether the write has opened a ticket that was over."""
    return any(item.reason in ("reopened", "solution-not-accepted") for item in outcome.items)


def print_created(printer: Printer, record: dict[str, Any]) -> None:
    """A new ticket on a server as ``print_outcomes`` prints one: its reference when piped, else its record."""
    if printer.format in ("plain", "ids") and printer.columns is None:
        sys.stdout.write(record["ref"] + "\n")
    elif printer.format == "json":
        printer.one(record)
    else:
        printer.records([record])


def print_outcomes(printer: Printer, desk: Desk, outcomes: list[Outcome], single: bool) -> None:
    """The references when piped; with a record format the tickets as they now are."""
    print_shown(printer, outcomes, shown(printer, desk, outcomes), single)


def prints_records(printer: Printer) -> bool:
    """Whether ``print_shown`` prints records, and not references or nothing."""
    return printer.columns is not None or printer.format not in ("table", "plain", "ids")


def shown(printer: Printer, desk: Desk, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """The records of the tickets as they now are, as far as ``print_shown`` prints them."""
    return records_of(desk, outcomes) if prints_records(printer) else iter(())


def records_of(desk: Desk, outcomes: list[Outcome], *, rehearsed: bool = False) -> Iterator[dict[str, Any]]:
    """The records of the tickets as they now are."""
    for one in outcomes:
        yield show.written(desk, one, rehearsed=rehearsed)


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
