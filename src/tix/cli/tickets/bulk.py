"""Writes to one ticket or to many: a result each, one exit status. How they are done: ``desk.tickets.bulk``.

Nothing is said of any before it is on disk, or taken back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tix.cli.errors import Results
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import bulk_words, references
from tix.cli.tickets import show as ticket_show
from tix.desk.tickets import bulk as many
from tix.domain.tickets.references import Parsed
from tix.errors import Unchanged
from tix.render.records import show
from tix.typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli import options
    from tix.cli.options import Output
    from tix.cli.remote.connection import Upload as Sent
    from tix.desk.context import Desk
    from tix.desk.idempotency import Keyed
    from tix.desk.tickets.bulk import Result
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Reference
    from tix.domain.tickets.ticket import Ticket

Sentence = Callable[["Ticket"], str]
Look = Callable[["list[Outcome]"], "list[dict[str, Any]]"]


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
        action = None if action is None else at_version(action, bulk.if_version)
    if bulk.strict and action is not None:
        action = _strict(action, already)
    printer = Printer(session, output, ticket_show.WRITTEN)
    tickets: Tickets
    if action is not None:
        parsed = references.parse(words)
        desk = session.writer()
        keyed = None if bulk.idempotency_key is None else _keyed(session, bulk.idempotency_key, words, parsed)
        tickets = OfDesk(desk, many.expand(desk, parsed), action, keyed)
    else:
        from tix.cli.tickets.on_server import OfServer

        assert remote is not None
        if bulk.strict:
            remote.refuse("--strict with --atomic", bulk.atomic)
            remote.refuse("--strict with --idempotency-key", bulk.idempotency_key)
        named = references.spread(words)
        parsed = references.parse(named) if named else Parsed((), False)
        parsed = parsed._replace(single=parsed.single and "-" not in words)
        tickets = OfServer(
            remote,
            parsed.references,
            *change[1:],
            key=bulk.idempotency_key,
            already=already if bulk.strict else None,
        )
    if (tickets.count > _MANY or bulk.confirm is not None) and not _agreed(
        session, tickets.count, bulk, change
    ):
        return 0
    writer = _Writer(session, printer, tickets, parsed.single, (done, already), is_brief=not bulk.verbose)
    if bulk.dry_run or bulk.atomic:
        writer.at_once(rehearsal=bulk.dry_run)
    else:
        writer.in_parts()
    return writer.results.status


def _keyed(session: Session, key: str, words: list[str], parsed: Parsed) -> Keyed | None:
    from tix.cli.writes import trial

    return trial.key_of(session, key, [one.text for one in parsed.references] if "-" in words else ())


# Fewer never ask (``domain.confirmation``).
_MANY = 1


def _agreed(session: Session, count: int, bulk: options.Bulk, change: Change) -> bool:
    """Whether a write to so many tickets goes on."""
    from tix.cli.input.confirmation import confirmed

    question = Said.counted("Change {n:,} ticket?", "Change {n:,} tickets?", count)
    says = bool(change.body.get("message") or change.body.get("canned"))
    act = "bulk text" if says or change.verb in ("replies", "notes") else "bulk"
    agreed = bulk.yes or bulk.dry_run
    return confirmed(session, act, count, question, agreed=agreed, given=bulk.confirm)


def at_version(action: Action, version: int) -> Action:
    """Return the action for tickets that are still at a version."""
    from tix.desk.tickets import unchanged

    return lambda desk, reference: unchanged.at_version(desk, reference, version, action)


def _strict(action: Action, already: Sentence) -> Action:
    """Return the action for tickets that it changes: it fails for one that is so already."""

    def do(desk: Desk, reference: Reference) -> Outcome:
        outcome = action(desk, reference)
        if outcome.already:
            raise Unchanged(already(outcome.ticket).removesuffix("."), ref=outcome.ticket.ref)
        return outcome

    return do


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

    def can_undo(self, outcome: Outcome) -> bool:
        """Whether ``tix undo`` takes a write back."""


class OfDesk:
    """Those of a file."""

    def __init__(
        self, desk: Desk, wanted: Sequence[Reference], action: Action, keyed: Keyed | None = None
    ) -> None:
        self._desk, self._wanted, self._action, self._keyed = desk, wanted, action, keyed
        self.count = len(wanted)

    def in_parts(self) -> Iterator[list[Result]]:
        return many.in_parts_for_key(self._desk, self._keyed, self._wanted, self._action)

    def at_once(self, look: Look, *, rehearsal: bool) -> tuple[list[Result], list[dict[str, Any]]]:
        return many.at_once_for_key(
            self._desk, self._keyed, self._wanted, self._action, look, rehearsal=rehearsal
        )

    def can_undo(self, outcome: Outcome) -> bool:
        from tix.render.records.effects import effects

        return effects(outcome, may_undo=self._desk.actor.is_staff)["undo"] is not None

    def records(self, outcomes: list[Outcome], *, rehearsed: bool = False) -> Iterator[dict[str, Any]]:
        return records_of(self._desk, outcomes, rehearsed=rehearsed)

    def blockers(self, ticket: Ticket) -> Iterable[tuple[str, str]]:
        from tix.desk.tickets.links import open_blockers

        if not self._desk.actor.is_staff:
            return []
        return [(other.ref, other.status) for other in open_blockers(self._desk, ticket)]


# So many tickets have a line each on a terminal; of more, one line says how many.
_MOST_TOLD = 5


class _Writer:
    """What one command says of its tickets."""

    def __init__(
        self,
        session: Session,
        printer: Printer,
        tickets: Tickets,
        single: bool,
        sentences: tuple[Sentence, Sentence],
        *,
        is_brief: bool = True,
    ) -> None:
        self._session = session
        self._printer = printer
        self._tickets = tickets
        self._single = single
        self._done, self._already = sentences
        self._is_brief = is_brief and printer.is_table and tickets.count > _MOST_TOLD
        self.results = Results(session, single)

    def in_parts(self) -> None:
        """Write several tickets per transaction and report them once on disk."""
        outcomes: list[Outcome] = []
        gone: list[str] = []
        is_whole = False
        try:
            for results in self._tickets.in_parts():
                part = self.results.add(results)
                outcomes += part
                gone += [one.ref for one in results if one.outcome is None and one.error is None]
                self._tell(part)
            is_whole = True
        finally:
            # Also where the store failed on the way: what is on disk is said.
            if is_whole and not self.results.status:
                self._session.early.typed = None  # the desk has it
            if gone and self._single:
                self._print_gone(gone[0])
            elif outcomes or not self._single:
                self._tell_sum(outcomes, is_whole=is_whole)
                print_shown(self._printer, outcomes, self._shown(outcomes), self._single)

    def _print_gone(self, ref: str) -> None:
        """The answer to a repetition about a ticket that has been deleted since."""
        self._session.say(bulk_words.repeated(ref))
        if prints_records(self._printer):
            from tix.render.records.effects import UNCHANGED

            self._printer.one({**dict.fromkeys(self._printer.kind.fields), "ref": ref, **UNCHANGED})

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
            self._session.say(Said("Nothing was written: --atomic changes all tickets or none."))
            sys.stdout.write("[]\n" if self._printer.format == "json" else "")
            return
        self._tell(outcomes)
        self._tell_sum(outcomes)
        if not rehearsal:
            self._session.early.typed = None
        print_shown(self._printer, outcomes, records, self._single)

    def _tell(self, outcomes: list[Outcome]) -> None:
        """Print a line for each ticket, where there is something to say."""
        for outcome in outcomes:
            ticket = outcome.ticket
            bulk_words.say_where(self._session, outcome)
            if ticket.links is not None and outcome.ended:
                for ref, status in self._tickets.blockers(ticket):
                    self._session.say(bulk_words.blocked(ticket.ref, ref, status))
            if self._is_brief:
                continue
            if outcome.repeated:
                self._session.say(bulk_words.repeated(ticket.ref))
            elif outcome.already:
                self._session.say(self._already(ticket))
            elif reopened(outcome):
                # Also to a script: whoever writes on a solved ticket may not know what that does.
                self._session.tell_done(bulk_words.reopened(ticket.ref, ticket.status))
            elif self._printer.is_table:
                self._session.tell_done(self._done(ticket))
        self.results.tell()

    def _tell_sum(self, outcomes: list[Outcome], *, is_whole: bool = True) -> None:
        """One line about many tickets: what was done, what did not need it, and how it is taken back."""
        if not is_whole and self._tickets.count > len(outcomes):
            self._session.say(bulk_words.stopped(len(outcomes), self._tickets.count))
        if not self._is_brief:
            return
        written = [one for one in outcomes if not one.already]
        rehearses = self._session.rehearses
        back = bool(written) and not rehearses and all(map(self._tickets.can_undo, written))
        so = len(outcomes) - len(written)
        self._session.say(bulk_words.summed(len(written), so, rehearses=rehearses, has_way_back=back))


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


def print_outcomes(
    printer: Printer, desk: Desk, outcomes: list[Outcome], single: bool, *, rehearsed: bool = False
) -> None:
    """The references when piped; with a record format the tickets as they now are."""
    print_shown(printer, outcomes, shown(printer, desk, outcomes, rehearsed=rehearsed), single)


def prints_records(printer: Printer) -> bool:
    """Whether ``print_shown`` prints records, and not references or nothing."""
    return printer.columns is not None or printer.format not in ("table", "plain", "ids")


def shown(
    printer: Printer, desk: Desk, outcomes: list[Outcome], *, rehearsed: bool = False
) -> Iterator[dict[str, Any]]:
    """The records of the tickets as they now are, as far as ``print_shown`` prints them."""
    return records_of(desk, outcomes, rehearsed=rehearsed) if prints_records(printer) else iter(())


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
