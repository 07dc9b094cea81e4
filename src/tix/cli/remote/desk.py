"""The desk on a server, as records: what ``cli.local`` is for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tix.cli.remote import checked, keys, offered
from tix.cli.remote.connection import Connection, Event, Upload, new_key
from tix.cli.remote.lists import PAGE, begun, page, pages
from tix.cli.remote.nouns import Nouns, is_relative
from tix.cli.remote.queue import Listing
from tix.desk.aside import Aside, Shown
from tix.errors import NotFound, TixError
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.cli.remote.address import Address
    from tix.desk.completion.suggestion import Suggestion, Wanted
    from tix.desk.queue.filters import Filters
    from tix.desk.tickets.new import Form
    from tix.domain.tickets.references import Parsed, Reference

Record = dict[str, Any]

# Tickets that a range of ``show`` may name, each of them a request.
_MOST_SHOWN = 1000
# Numbers of tickets on the command line that completion leaves out.
_MOST_NAMED = 500
_BASICS = ("login", "name", "email", "role", "rank", "prefix", "message_required")


class Files(NamedTuple):
    """The files of a ticket as records, with the ticket's reference."""

    ref: str
    files: list[Record]


class Remote(Nouns):
    """The desk on a server. Nothing is asked before a call needs it.

    ``begin_write`` is called before each request that writes, ``now`` is the moment of the command.
    """

    def __init__(self, address: Address, now: Callable[[], int], begin_write: Callable[[], None]) -> None:
        self.address, self._now, self._begin_write = address, now, begin_write
        self.connection = Connection(address, keys.key_for(address))
        self._me: Record | None = None

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def refuse(self, what: str, given: object) -> None:
        """Refuse an option that was given, because a server does not offer it. Raises NotOffered."""
        if given not in (None, False, [], ()):
            raise offered.refusal(what, self.address)

    # ------------------------------------------------------------------------------------------ the person

    def whoami(self) -> Record:
        """Who the key acts as, asked once."""
        if self._me is None:
            found = self.connection.get("whoami").body
            self._me = checked.named(found, _BASICS, "the person", self.connection.malformed)
        names = (*_BASICS[:4], "rank")
        return {**{name: self._me[name] for name in names}, "via": None, "store": self.address.url}

    @property
    def needs_message(self) -> bool:
        """Whether a new ticket has to have a message."""
        self.whoami()
        assert self._me is not None
        return bool(self._me["message_required"])

    @property
    def prefix(self) -> str:
        """The prefix of the desk's references."""
        self.whoami()
        assert self._me is not None
        return str(self._me["prefix"])

    @property
    def is_staff(self) -> bool:
        """Whether the key's owner is staff."""
        return self.whoami()["role"] in ("agent", "admin")

    def until(self, text: str) -> str:
        """When a snooze ends, in the person's own words, as an instant; ``none`` stays. Raises InvalidValue."""
        from tix.domain.tickets.snooze import parse_until
        from tix.domain.times import instant

        at = parse_until(text, self._now(), self.moment)
        return "none" if at is None else text if is_relative(text) else instant(at)

    # --------------------------------------------------------------------------------------------- reading

    def form(self, said: Mapping[str, Any]) -> Form:
        """What to ask for a new ticket of which these words are known. Raises what they are refused with."""
        query = {
            **said,
            "due_at": self.due(said.get("due_at")),
            "answers": [f"{key}={text}" for key, text in (said.get("answers") or {}).items()],
            "idempotency_key": None,
        }
        from tix.cli.remote import form

        known = {name: value for name, value in query.items() if value is not None}
        return form.form(self.connection.get("form", known).body, self.connection.malformed)

    def complete(self, wanted: Wanted) -> Iterator[Suggestion]:
        """What can stand where something is being typed."""
        from tix.desk.completion.suggestion import Suggestion

        said = {**wanted._asdict(), "without": sorted(wanted.without)[:_MOST_NAMED]}
        query = {name: value for name, value in said.items() if value not in (None, "", [], False)}
        kinds = dict.fromkeys(Suggestion._fields, checked.is_word)
        found = self.connection.get("completion", query).body
        known = checked.several(found, kinds, "a suggestion", self.connection.malformed)
        return (Suggestion(one["value"], one["about"]) for one in known)

    def questions(self) -> list[str]:
        """The keys of custom fields whose answers the person may read."""
        found = self.connection.get("questions").body
        known = checked.several(found, {"key": checked.is_word}, "a question", self.connection.malformed)
        return [one["key"] for one in known]

    def listing(self, filters: Filters, words: list[str], view: str | None = None) -> Listing:
        """The tickets that filters and words select, and with ``view`` a saved view as well."""
        seen = {} if view is None else {"view": view}
        return Listing(self.connection, {**self.query(filters, words), **seen})

    def query(self, filters: Filters, words: list[str]) -> Record:
        """Filters and words as parameters. Raises InvalidValue for moments that are none."""
        said = {
            **filters._asdict(),
            "since": self.instant(filters.since, past=True),
            "until": self.instant(filters.until, past=True, ends=True),
            "created_since": self.instant(filters.created_since, past=True),
            "created_until": self.instant(filters.created_until, past=True, ends=True),
            "due": None if filters.due is None else [self.due_span(word) for word in filters.due],
            "q": " ".join(words) or None,
        }
        for name in ("limit", "only_count"):
            del said[name]
        unset = {**filters._field_defaults, "q": None}
        return {name: value for name, value in said.items() if value is not None and value != unset[name]}

    def expand(self, parsed: Parsed) -> list[Reference]:
        """The tickets that are named, each once; those of a range are looked for one by one."""
        if len(parsed.references) > _MOST_SHOWN:
            raise offered.refusal(f"more than {_MOST_SHOWN:,} tickets at once", self.address)
        return list({one.number: one for one in reversed(parsed.references)}.values())[::-1]

    def called(self, reference: Reference) -> str:
        """The reference of a named ticket, whether or not it exists: ``TIX-12`` for ``12``."""
        return f"{reference.prefix or self.prefix}{reference.number}"

    def whole(self, reference: Reference, *, as_requester: bool = False) -> Shown | None:
        """A whole ticket; None where a range names one that is not there. Raises NotFound."""
        query = {"as_requester": True} if as_requester else {}
        try:
            found = self.connection.get(f"tickets/{reference.text}", query).body
        except NotFound:
            if reference.ranged:
                return None
            raise
        record = checked.one(found, checked.TICKET, "a ticket", self.connection.malformed)
        return Shown(record, lambda: self.aside(record, as_requester=as_requester))

    def aside(self, record: Record, *, as_requester: bool = False) -> Aside:
        """What a screen shows beside a ticket."""
        query = {"as_requester": True} if as_requester else {}
        found = self.connection.get(f"tickets/{record['ref']}/aside", query).body
        return checked.aside(found, self.connection.malformed)

    def splittable(self, reference: Reference) -> list[Record]:
        """The entries of a ticket that can be split off. Raises NotFound, NotAllowed; Refused for none."""
        found = self.connection.get(f"tickets/{reference.text}/split").body
        if not found:
            raise self.connection.malformed("the entries of a ticket")
        return checked.several(found, checked.ITEM, "an entry", self.connection.malformed)

    def why(self, reference: Reference) -> Record:
        """Why a ticket is due when it is."""
        found = self.connection.get(f"tickets/{reference.text}/why").body
        return checked.one(found, checked.WHY, "the due date", self.connection.malformed)

    def found(
        self,
        words: Sequence[str],
        without: Sequence[str],
        filters: Filters,
        *,
        only_subject: bool,
        limit: int,
        answers: bool,
        snippets: bool,  # they always come
    ) -> Iterator[Record]:
        """Tickets that contain all words, best first."""
        query = self._search(words, without, filters, only_subject=only_subject)
        kinds = {**checked.FOUND, **(checked.ANSWERED if answers else {})}
        extra = {"answers": True} if answers else {}
        return self._pages("search", {**query, **extra}, kinds, "a ticket", limit)

    def found_page(
        self,
        asked: tuple[Sequence[str], Sequence[str], Filters],
        limit: int,
        cursor: str | None,
        *,
        only_subject: bool,
        answers: bool,
    ) -> tuple[list[Record], str | None]:
        """At most ``limit`` tickets that contain all words, behind a cursor."""
        query = self._search(*asked, only_subject=only_subject)
        kinds = {**checked.FOUND, **(checked.ANSWERED if answers else {})}
        query |= {"answers": True} if answers else {}
        return page(self.connection, "search", query, kinds, limit, cursor)

    def log_page(
        self, reference: Reference | None, since: str | None, by: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Record], str | None]:
        """At most ``limit`` entries of ``log`` behind a cursor, on the desk: that of a ticket has no pages there."""
        if reference is not None and cursor is not None:
            raise offered.refusal("--cursor with the log of one ticket", self.address)
        if reference is not None:
            return list(self.log(reference, since, by, limit)), None
        said = {"since": self.instant(since, past=True), "by": by}
        query = {name: value for name, value in said.items() if value is not None}
        return page(self.connection, "log", query, checked.LOGGED, limit, cursor)

    def count_found(
        self, words: Sequence[str], without: Sequence[str], filters: Filters, *, only_subject: bool
    ) -> int:
        """How many tickets a search finds."""
        query = self._search(words, without, filters, only_subject=only_subject)
        found = self.connection.get("search/count", query).body
        return int(checked.one(found, checked.COUNTED, "a number", self.connection.malformed)["tickets"])

    def _search(
        self, words: Sequence[str], without: Sequence[str], filters: Filters, *, only_subject: bool
    ) -> Record:
        query = {**self.query(filters, list(words)), "without": list(without)}
        return {**query, "only_subject": True} if only_subject else query

    def export(self, filters: Filters, limit: int, *, files: bool) -> Iterator[tuple[str, Record]]:
        """Whole tickets, each as a line and as a record; of no ticket a record of the desk alone."""
        asked = {**self.query(filters, []), "files": files}
        asked |= {"limit": limit} if limit > 0 else {}
        return begun(self._exported(line) for line in self.connection.raw_lines("export", asked))

    def _exported(self, line: bytes) -> tuple[str, Record]:
        record = self.connection.parsed(line)
        text = line.decode()
        is_desk = isinstance(record, dict) and record.keys() == {"desk"}
        if not is_desk:
            checked.one(record, checked.EXPORTED, "a ticket", self.connection.malformed)
        if not (text.isascii() and text.removesuffix("\n").isprintable()):
            raise self.connection.malformed("a line of the export")
        return text, record

    def count_exported(self, filters: Filters) -> int:
        """How many tickets an export has: those of every phase, unless a filter differs."""
        anywhere = {} if filters.open or filters.closed or filters.all else {"all": True}
        return Listing(self.connection, {**self.query(filters, []), **anywhere}).count()

    def log(
        self, reference: Reference | None, since: str | None, by: str | None, limit: int
    ) -> Iterator[Record]:
        """What happened to a ticket, oldest first; or on the desk, newest first."""
        start = self.instant(since, past=True)
        said = {"ticket": None if reference is None else reference.text, "since": start, "by": by}
        query = {name: value for name, value in said.items() if value is not None}
        found = self._pages("log", query, checked.LOGGED, "an entry", limit if reference is None else -1)
        if reference is None or limit < 0:
            return found
        return iter(list(found)[-limit:])

    def events(self, last: str | None) -> Iterator[Event]:
        """What happens, as it happens: on a connection of its own, so that others can be asked meanwhile."""
        stream = Connection(self.address, keys.key_for(self.address))
        try:
            yield from stream.events(last)
        finally:
            stream.close()

    def entry(self, value: Any) -> Record:
        """The entry that an event tells of."""
        return checked.one(value, checked.LOGGED, "an entry", self.connection.malformed)

    def inbox(self, most: int) -> Record:
        """The person's open tickets, unread notifications, and how many there are."""
        query = {"limit": most} if most > 0 else {"limit": PAGE}
        found = self.connection.get("inbox", query).body
        return checked.inbox(found, self.connection.malformed)

    def notifications(self, *, every: bool, limit: int) -> Iterator[Record]:
        """The person's notifications, newest first."""
        query = {"all": True} if every else {}
        return self._pages("notifications", query, checked.NOTIFICATION, "a notification", limit)

    def unread(self) -> int:
        """How many notifications the person has not read."""
        return int(self.inbox(1)["counts"]["unread"])

    def attachments(self, reference: Reference) -> Files:
        """The files of a ticket."""
        found = self.connection.get(f"tickets/{reference.text}/attachments").body
        files = checked.several(found, checked.ATTACHMENT, "a file", self.connection.malformed)
        return Files(self.called(reference), files)

    def content(self, reference: Reference, file: Record) -> bytes:
        """The bytes of a file, which are those that its digest is of."""
        data = self.connection.data(f"tickets/{reference.text}/attachments/{file['id']}")
        import hashlib

        if hashlib.sha256(data).hexdigest() != file["sha256"]:
            raise self.connection.malformed(f"the file {file['name']}")
        return data

    def _pages(self, path: str, query: Record, kinds: Any, what: str, limit: int) -> Iterator[Record]:
        return begun(pages(self.connection, path, query, kinds, what, limit))

    # --------------------------------------------------------------------------------------------- writing

    def create(self, body: Record, files: list[Upload], key: str | None) -> tuple[Record, bool]:
        """Create a ticket; it, and whether the key that was given has created it before."""
        self._begin_write()
        answer = self.connection.write("POST", "tickets", body, key=key or new_key(), files=files)
        record = checked.one(answer.body, checked.TICKET, "the ticket", self.connection.malformed)
        return record, key is not None and "idempotency-replayed" in answer.headers

    def write(
        self,
        verb: str,
        words: Sequence[str],
        body: Record,
        files: list[Upload],
        *,
        key: str | None = None,
        **how: Any,
    ) -> list[Record]:
        """Do a verb to tickets; a result for each."""
        said = {name: value for name, value in body.items() if value not in (None, [], (), {})}
        request = {"verb": verb, "tickets": list(words), "body": said, **how}
        if how.get("dry_run"):
            key = None
        else:
            self._begin_write()
            key = key or new_key()
        answer = self.connection.write("POST", "tickets/bulk", request, key=key, files=files)
        return checked.several(answer.body, checked.RESULT, "a result", self.connection.malformed)

    def send(self, method: str, path: str, body: Record | None = None, *, is_kept: bool = True) -> Any:
        """Write, once however often it is sent; return what the server answers. ``is_kept``: it is no dry run."""
        if is_kept:
            self._begin_write()
        return self.connection.write(method, path, body, key=new_key() if is_kept else None).body

    def error_of(self, result: Record) -> TixError:
        """What a write to one ticket failed with."""
        return self.connection.problem(result["error"])
