"""The desk in a file, as records: what a command asks for, prints and draws. ``cli.remote.desk`` is the same for a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tix.cli.local_nouns import LocalNouns
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.aside import Aside, Shown
    from tix.desk.completion.suggestion import Suggestion, Wanted
    from tix.desk.context import Desk
    from tix.desk.queue.filters import Filters
    from tix.desk.queue.select import Selection
    from tix.desk.tickets.new import Form
    from tix.domain.tickets.references import Parsed, Reference

Record = dict[str, Any]


class Files(NamedTuple):
    """The files of a ticket as records, with the ticket's reference."""

    ref: str
    files: list[Record]


class Local(LocalNouns):
    """The desk in a file, opened for reading with the first call."""

    def whoami(self) -> Record:
        """Who acts, for whom, and in which file; ``rank`` is their column of the table of permissions."""
        from tix.domain.permissions import rank_of

        desk, actor = self._desk, self._desk.actor
        return {
            "login": actor.login,
            "name": actor.person.name,
            "email": actor.person.email,
            "role": actor.person.role,
            "via": actor.via_login,
            "store": desk.store.place if desk.store.exists else None,
            "rank": rank_of(actor.person),
        }

    def notifications(self, *, every: bool, limit: int) -> Iterator[Record]:
        """The person's notifications, newest first."""
        from tix.desk import notifications
        from tix.render.records.notifications import record

        return map(record, notifications.listed(self._desk, every=every, limit=limit))

    def unread(self) -> int:
        """How many notifications the person has not read."""
        from tix.desk import notifications

        return notifications.unread(self._desk)

    def complete(self, wanted: Wanted) -> Iterator[Suggestion]:
        """What can stand where something is being typed."""
        from tix.desk.completion import kinds

        return kinds.complete(self._desk, wanted)

    def form(self, said: Mapping[str, Any]) -> Form:
        """What to ask for a new ticket of which these words are known. Raises what they are refused with."""
        from tix.desk.tickets import new, request

        return new.form(self._desk, request.parse(self._desk, said))

    def questions(self) -> list[str]:
        """The keys of custom fields whose answers the person may read."""
        from tix.desk.queue import names

        return names.keys(self._desk)

    def listing(self, filters: Filters, words: list[str], view: str | None = None) -> Listing:
        """The tickets that filters and words select, and with ``view`` a saved view as well."""
        from tix.desk.queue import select

        desk, viewed = self._desk, None
        if view is not None:
            from tix.desk.queue import views

            viewed = views.through(desk, views.known(desk, view))
        return Listing(desk, select.queue(desk, filters, words, viewed), (filters, words, view))

    def expand(self, parsed: Parsed) -> list[Reference]:
        """The tickets that are named, each once; of a range only those that are there."""
        from tix.desk.tickets import bulk

        return bulk.expand(self._desk, parsed)

    def called(self, reference: Reference) -> str:
        """The reference of a named ticket, whether or not it exists: ``TIX-12`` for ``12``."""
        from tix.desk.tickets import bulk

        return bulk.called(self._desk, reference)

    def whole(self, reference: Reference, *, as_requester: bool = False) -> Shown | None:
        """A whole ticket. Raises NotFound."""
        from tix.desk.aside import Shown
        from tix.desk.tickets import read
        from tix.render.records import show

        desk = self._desk
        whole = read.whole(desk, reference)
        if as_requester:
            whole = read.as_requester(desk, whole)

        def aside() -> Aside:
            from tix.desk import aside

            return aside.aside(desk, whole)

        return Shown(show.record(desk, whole), aside)

    def splittable(self, reference: Reference) -> list[Record]:
        """The entries of a ticket that can be split off. Raises NotFound, NotAllowed; Refused for none."""
        from tix.desk.tickets import split
        from tix.render.records.tickets import item_record

        return [item_record(item, None) for item in split.offered(self._desk, reference)]

    def why(self, reference: Reference) -> Record:
        """Why a ticket is due when it is."""
        from tix.desk.tickets import why
        from tix.render.records.why import record

        return record(why.why(self._desk, reference), self._desk.now)

    def found(
        self,
        words: Sequence[str],
        without: Sequence[str],
        filters: Filters,
        *,
        only_subject: bool,
        limit: int,
        answers: bool,
        snippets: bool,
    ) -> Iterator[Record]:
        """Tickets that contain all words, best first."""
        from tix.desk.queue import search, select
        from tix.render.records import queue

        desk = self._desk
        query = search.query(desk, words, without)
        chosen = select.found(desk, filters)._replace(limit=limit)
        column = "subject" if only_subject else None
        return queue.found(desk, search.hits(desk, query, chosen, column, snippets=snippets), answers=answers)

    def found_page(
        self,
        asked: tuple[Sequence[str], Sequence[str], Filters],
        limit: int,
        cursor: str | None,
        *,
        only_subject: bool,
        answers: bool,
    ) -> tuple[list[Record], str | None]:
        """At most ``limit`` tickets that contain all words, behind a cursor. Raises InvalidCursor."""
        from tix.desk.queue import pages, search, select
        from tix.render.records import queue

        words, without, filters = asked
        desk = self._desk
        place = filters._replace(limit=None)
        query = pages.query_of(desk, "search", list(words), list(without), place, only_subject)
        after = pages.read(cursor, query)
        wanted = search.query(desk, words, without)
        column = "subject" if only_subject else None
        found = pages.hits(desk, wanted, select.found(desk, filters), limit, after, column)
        return list(queue.found(desk, found.found, answers=answers)), pages.following(found, query)

    def log_page(
        self, reference: Reference | None, since: str | None, by: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Record], str | None]:
        """At most ``limit`` entries of ``log`` behind a cursor: older ones than those before. Raises InvalidCursor."""
        from tix.desk.queue import pages

        query = pages.query_of(self._desk, "log", reference and reference.number, since, by)
        if reference is not None:
            # Its last entries come first, but each page is in the order of time.
            lines = list(self.log(reference, since, by, -1))[::-1]
            found = pages.cut(lines, _place, limit, pages.read(cursor, query))
            return found.found[::-1], pages.following(found, query)
        after = pages.read(cursor, query)
        found = pages.streamed(lambda most: self.log(None, since, by, most), _place, limit, after)
        return found.found, pages.following(found, query)

    def count_found(
        self, words: Sequence[str], without: Sequence[str], filters: Filters, *, only_subject: bool
    ) -> int:
        """How many tickets a search finds."""
        from tix.desk.queue import search, select

        desk = self._desk
        query = search.query(desk, words, without)
        return search.count(desk, query, select.found(desk, filters), "subject" if only_subject else None)

    def log(
        self, reference: Reference | None, since: str | None, by: str | None, limit: int
    ) -> Iterator[Record]:
        """What happened to a ticket, oldest first; or on the desk, newest first."""
        from tix.desk.tickets import read
        from tix.render.records.tickets import item_record

        desk = self._desk
        start = None if since is None else desk.moment(since, past=True)
        author = None
        if by is not None:
            from tix.desk.queue import names

            author = names.login(desk, by)
        if reference is None:
            found = read.log(desk, start, author, limit)
            return (item_record(line.item, line.by_name, line.ref) for line in found)
        lines = read.log_of(read.whole(desk, reference), start, author)
        some = lines if limit < 0 else lines[-limit:]
        return (item_record(line.item, line.by_name, line.ref, line.origin) for line in some)

    def inbox(self, most: int) -> Record:
        """The person's open tickets, unread notifications, and how many there are."""
        from tix.desk import notifications
        from tix.desk.queue import home, select
        from tix.render.records import queue
        from tix.render.records.notifications import record

        desk = self._desk
        chosen = home.inbox(desk)
        with desk.store.reading():
            tickets = list(queue.records(desk, chosen._replace(limit=most)))
            news = list(map(record, notifications.listed(desk, limit=most)))
        counts = {"tickets": len(tickets), "overdue": 0, "unread": len(news)}
        if most >= 0:  # for people
            counts["tickets"], counts["overdue"] = select.left_out(desk, chosen, len(tickets), most)
            counts["unread"] = notifications.unread(desk)
        return {"tickets": tickets, "notifications": news, "counts": counts}

    def attachments(self, reference: Reference) -> Files:
        """The files of a ticket."""
        from tix.desk.tickets import attachments, read
        from tix.render.records.attachments import record

        whole = read.whole(self._desk, reference)
        return Files(whole.ticket.ref, [record(one) for one in attachments.files_of(whole)])

    def content(self, _reference: Reference, file: Record) -> bytes:
        """The bytes of a file of ``attachments``."""
        from tix.desk.tickets import attachments

        return attachments.content(self._desk, file["sha256"])


class Listing:
    """The tickets of a selection: counted, or as records."""

    def __init__(self, desk: Desk, chosen: Selection, asked: tuple[Filters, list[str], str | None]) -> None:
        self._desk, self._chosen, self._asked = desk, chosen, asked

    def count(self) -> int:
        """How many they are."""
        from tix.desk.queue import select

        return select.count(self._desk, self._chosen)

    def records(self, limit: int, *, answers: bool) -> Iterator[Record]:
        """At most ``limit`` of them, or all where that is -1."""
        from tix.render.records import queue

        return queue.records(self._desk, self._chosen._replace(limit=limit), answers=answers)

    def page(self, limit: int, cursor: str | None, *, answers: bool) -> tuple[list[Record], str | None]:
        """At most ``limit`` of them behind a cursor. Raises InvalidCursor."""
        from tix.desk.queue import pages
        from tix.render.records import queue

        filters, words, view = self._asked
        query = pages.query_of(self._desk, "list", filters._replace(limit=None), words, view)
        found = pages.tickets(self._desk, self._chosen, limit, pages.read(cursor, query))
        records = list(queue.of_rows(self._desk, found.found, answers=answers))
        return records, pages.following(found, query)

    def lines(self, limit: int) -> Iterator[str]:
        """The same as lines of JSON."""
        from tix.render.records import queue

        return queue.lines(self._desk, self._chosen._replace(limit=limit))

    def left_out(self, shown: int, most: int) -> tuple[int, int]:
        """How many tickets there are, and how many overdue ones, where ``shown`` of at most ``most`` are not all."""
        from tix.desk.queue import select

        return select.left_out(self._desk, self._chosen, shown, most)

    def unread(self, numbers: list[int]) -> dict[str, int]:
        """When (UTC seconds) the person was last notified of tickets and has not read it, by reference."""
        from tix.desk.queue import select

        return select.unread(self._desk, numbers)

    def snoozed(self) -> int:
        """How many tickets are not shown because they are snoozed."""
        from tix.desk.queue import select

        return select.snoozed(self._desk, self._chosen)


def _place(entry: Record) -> list[Any]:
    """Where an entry of the log is: of what time alone did, by its moment and its ticket."""
    return [entry["at"], entry["id"], entry["ref"]]
