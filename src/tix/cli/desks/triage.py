"""What ``tix triage`` asks of a desk: its queue, a ticket, what may be chosen, and a write to what was looked at."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tix.cli.remote.desk import Remote
    from tix.cli.session import Session
    from tix.cli.tickets.bulk import Change
    from tix.desk.aside import Shown
    from tix.desk.queue.filters import Filters
    from tix.domain.tickets.references import Reference

Record = dict[str, Any]

# Of a ticket that was written to, what is said of it and what names it.
_TOLD = ("ref", "number", "status", "phase", "priority", "assignee", "team", "version")


class Query(NamedTuple):
    """What chooses the tickets of a queue."""

    words: list[str]
    filters: Filters
    view: str | None


class Done(NamedTuple):
    """A write: its ticket as it now is, ``at`` which moment (UTC seconds), and the id of the last entry then."""

    ticket: Record
    at: int
    last: int
    already: bool


class Changed(Exception):  # not an error: the person is asked what to do
    """Somebody has changed the ticket since: the new entries as records of a log, and the id of the last."""

    def __init__(self, items: list[Record], last: int) -> None:
        super().__init__()
        self.items, self.last = items, last


class Triage(Protocol):
    """The desk of one sitting."""

    @property
    def name(self) -> tuple[str, str]:
        """Which desk it is, and who sits there."""

    def renew(self) -> None:
        """Keep nothing of the store open that was read before."""

    def count(self, query: Query) -> int:
        """How many tickets a queue has. Raises UnknownName, InvalidValue."""

    def queue(self, query: Query, most: int) -> Iterator[Record]:
        """The first tickets of a queue: at most ``most``, where its own limit is not less."""

    def show(self, reference: Reference) -> Shown:
        """A whole ticket. Raises NotFound."""

    def choices(self, reference: Reference | None = None) -> Record:
        """What may be chosen, for a ticket. Raises NotFound, NotAllowed."""

    def do(self, reference: Reference, seen: int, change: Change) -> Done:
        """Write to a ticket that has nothing newer than the entry ``seen``. Raises Changed, and what the write raises."""


def of(session: Session) -> Triage:
    """Return the desk that a command is for."""
    remote = session.remote
    return _OfFile(session) if remote is None else _OfServer(session, remote)


def last_of(thread: list[Record]) -> int:
    """Return the id of the newest entry of a thread; what time alone did has none."""
    return max((item["id"] or 0 for item in thread), default=0)


class _Listing(Protocol):
    """Tickets that are listed: counted, or as records."""

    def count(self) -> int: ...

    def records(self, limit: int, *, answers: bool) -> Iterator[Record]: ...


class _Queue:
    """The queue of a desk, in a file or on a server."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, query: Query) -> int:
        return self._chosen(query)[0].count()

    def queue(self, query: Query, most: int) -> Iterator[Record]:
        found, limit = self._chosen(query)
        return found.records(most if limit < 0 else limit, answers=False)

    def _chosen(self, query: Query) -> tuple[_Listing, int]:
        """What lists the tickets, and the limit of the queue, -1 for none."""
        from tix.desk.queue import select

        desk, filters = self._session.records, query.filters
        if query.view is not None:
            from tix.cli.options import Output
            from tix.cli.tickets import view_options

            filters, _ = view_options.shown(desk.saved(query.view), filters, Output())
        return desk.listing(filters, query.words, query.view), select.limit(filters, -1)


class _OfFile(_Queue):
    @property
    def name(self) -> tuple[str, str]:
        desk = self._session.reader()
        return desk.store.place, desk.actor.login

    def renew(self) -> None:
        self._session.close(failed=True)

    def show(self, reference: Reference) -> Shown:
        from tix.desk.aside import Aside, Shown, aside
        from tix.desk.tickets import read
        from tix.render.records import show

        desk = self._session.reader()
        whole = read.whole(desk, reference)

        def beside() -> Aside:
            return aside(desk, whole, with_commands=False)

        return Shown(show.record(desk, whole), beside)

    def choices(self, reference: Reference | None = None) -> Record:
        from tix.desk.queue.triage import choices

        return choices(self._session.reader(), reference)._asdict()

    def do(self, reference: Reference, seen: int, change: Change) -> Done:
        from tix.desk.tickets import unchanged
        from tix.render.records.tickets import item_record

        self.renew()
        desk = self._session.writer()
        try:
            outcome, last = unchanged.do(desk, reference, seen, change.action())
        except unchanged.ChangedMeanwhile as changed:
            items = [item_record(line.item, line.by_name, line.ref) for line in changed.lines]
            raise Changed(items, changed.last) from None
        ticket = {name: getattr(outcome.ticket, name) for name in _TOLD}
        return Done(ticket, desk.now, last, outcome.already)


class _OfServer(_Queue):
    def __init__(self, session: Session, remote: Remote) -> None:
        super().__init__(session)
        self._remote = remote

    @property
    def name(self) -> tuple[str, str]:
        return self._remote.address.url, self._remote.whoami()["login"]

    def renew(self) -> None:
        pass  # every request reads anew

    def show(self, reference: Reference) -> Shown:
        from tix.desk.aside import Aside, Shown

        found = self._remote.whole(reference)
        assert found is not None  # it is no range

        def beside() -> Aside:
            return found.aside()._replace(next_commands=[])

        return Shown(found.record, beside)

    def choices(self, reference: Reference | None = None) -> Record:
        from tix.cli.remote import checked

        connection = self._remote.connection
        query = {} if reference is None else {"ticket": reference.text}
        return checked.one(
            connection.get("triage", query).body, checked.CHOICES, "a choice", connection.malformed
        )

    def do(self, reference: Reference, seen: int, change: Change) -> Done:
        from tix.domain.times import parse_instant
        from tix.errors import StaleVersion

        (found,) = self._remote.write(change.verb, [reference.text], dict(change.body), [], seen=seen)
        if found["error"] is not None:
            error = self._remote.error_of(found)
            if isinstance(error, StaleVersion):
                self._refuse_changed(reference, seen)
            raise error
        ticket, items = found["ticket"], found["items"]
        if ticket is None:
            raise self._remote.connection.malformed("a result")
        at = parse_instant(items[-1]["at"]) if items else self._session.now
        return Done(ticket, at, last_of(ticket["thread"]), found["state"] == "already")

    def _refuse_changed(self, reference: Reference, seen: int) -> None:
        """Raise Changed with what is newer, where there is something."""
        ticket = self.show(reference).record
        items = [{"ref": ticket["ref"], **item} for item in ticket["thread"] if (item["id"] or 0) > seen]
        if items:
            raise Changed(items, last_of(items)) from None
