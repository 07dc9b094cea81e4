"""The nouns of a desk on a server, as records: what ``cli.local_nouns`` is for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from urllib.parse import quote

from tix.cli.remote import checked, offered, shapes
from tix.cli.remote.lists import PAGE, begun, pages
from tix.errors import NotFound
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo

    from tix.cli.remote.address import Address
    from tix.cli.remote.connection import Connection
    from tix.desk.resources.resource import Resource
    from tix.domain.billing.invoices import Invoice
    from tix.domain.tickets.references import Reference

Record = dict[str, Any]

# Tickets that one answer names; more are asked for as a list.
_MOST_NAMED = 1000


def is_relative(text: str) -> bool:
    """Return whether a moment is sent as typed: what is so much time from now is the same everywhere.

    What a day is depends on where the person is, and which days are business days on the desk's calendar.
    """
    words = text.lower().rstrip()
    return words.startswith(("+", "-")) or words.removesuffix(" ago").endswith(
        ("bd", "business days", "working days")
    )


class Nouns:
    """What ``cli.remote.desk`` has beside tickets."""

    address: Address
    connection: Connection
    _now: Callable[[], int]

    @property
    def moment_zone(self) -> tzinfo:
        """The person's time zone."""
        from tix.cli.timezone import local_zone

        return local_zone()

    def instant(self, text: str | None, *, past: bool = False, ends: bool = False) -> str | None:
        """A moment in the person's own words as an instant. Raises InvalidValue."""
        if text is None or is_relative(text):
            return text
        from tix.domain.times import instant

        return instant(self.moment(text, past=past, ends=ends))

    def moment(self, text: str, *, past: bool = False, ends: bool = False) -> int:
        """A moment in the person's own words in UTC seconds. Raises InvalidValue."""
        from tix.cli.date_order import date_order
        from tix.domain.moments import parse_moment

        return parse_moment(text, self._now(), self.moment_zone, past=past, ends=ends, order=date_order())

    def due(self, text: str | None) -> str | None:
        """A due date in the person's own words as an instant or a day; ``none`` stays. Raises InvalidValue."""
        from tix.cli.date_order import date_order
        from tix.domain.moments import BusinessDays, parse_when
        from tix.domain.names import is_none
        from tix.domain.times import instant

        if text is None or is_none(text) or is_relative(text):
            return text
        found = parse_when(text, self._now(), self.moment_zone, order=date_order())
        if isinstance(found, int):
            return instant(found)
        assert not isinstance(found, BusinessDays)  # is_relative
        from datetime import datetime

        days = [
            datetime.fromtimestamp(at, self.moment_zone).date().isoformat() for at in (found.start, found.end)
        ]
        return "/".join(dict.fromkeys(days))

    def due_span(self, word: str) -> str:
        """A due date to filter by as an instant, a day or several; ``overdue`` and ``none`` stay. Raises InvalidValue."""
        from tix.domain.moments import parse_when
        from tix.domain.times import Day, instant

        sign, text = ("!", word[1:].strip()) if word.startswith("!") else ("", word)
        if text.lower() in ("overdue", "none") or is_relative(text):
            return word
        found = parse_when(text, self._now(), self.moment_zone)
        if isinstance(found, Day) and found.closing:
            return sign + instant(found.end)
        return f"{sign}{self.due(text)}"

    def _several(self, path: str, query: Record, kinds: checked.Kinds, what: str) -> Iterator[Record]:
        return begun(pages(self.connection, path, query, kinds, what))

    def _one(self, path: str, query: Record, kinds: checked.Kinds, what: str) -> Record:
        return checked.one(self.connection.get(path, query).body, kinds, what, self.connection.malformed)

    # ------------------------------------------------------------------------------------------- people

    def people(self, role: str | None, client: str | None) -> Iterator[Record]:
        """The people of the desk."""
        from tix.desk import people

        wanted = None if role is None else people.parse_role(role)
        query = {name: value for name, value in (("role", wanted), ("client", client)) if value is not None}
        return self._several("people", query, shapes.PERSON, "a person")

    def person(self, login: str) -> Record:
        """One person, with who answers to them and how many tickets they have."""
        return self._one(_path("people", login), {}, shapes.WHOLE_PERSON, "the person")

    # ---------------------------------------------------------------------------------------- resources

    def resources(self, noun: Resource[Any]) -> Iterator[tuple[Record, bool]]:
        """The records of a resource, and whether each is active."""
        kinds = checked.plain(tuple(noun.fields))
        found = self._several(offered.NOUNS[noun.name], {}, kinds, f"a {noun.name}")
        return ((one, one.get("active") is not False) for one in found)

    def resource(self, noun: Resource[Any], name: str, most: int) -> Record:
        """One of a resource; at most ``most`` of its tickets are named, -1 is no limit."""
        query = {"tickets": _MOST_NAMED if most < 0 else most} if noun.names_tickets else {}
        path = _path(offered.NOUNS[noun.name], name)
        found = self._one(path, query, shapes.resource(noun), f"the {noun.name}")
        if most < 0 and noun.names_tickets and len(found["tickets"]) > _MOST_NAMED:
            listed = {noun.name: [found["name"]], "all": True, "sort": "-last_activity_at", "fields": "ref"}
            kinds = {"ref": checked.is_reference}
            lines = self.connection.lines("tickets", listed)
            refs = (checked.one(one, kinds, "a ticket", self.connection.malformed)["ref"] for one in lines)
            found = {**found, "tickets": list(refs)}
        return found

    def canned(self, name: str, reference: Reference | None) -> Record:
        """A canned reply, filled in for a ticket if one is named."""
        query = {} if reference is None else {"ticket": reference.text}
        return self._one(_path("canned", name), query, shapes.CANNED, "the canned reply")

    def topic_fields(self, topic: str) -> Iterator[Record]:
        """The custom fields of a topic, inherited ones first."""
        return self._several("topic-fields", {"topic": topic}, shapes.TOPIC_FIELD, "a custom field")

    def workflows(self) -> Iterator[Record]:
        """The workflows of the desk."""
        return self._several("workflows", {}, shapes.WORKFLOW, "a workflow")

    def workflow(self, name: str | None) -> Record:
        """A workflow, by default the one in use."""
        if name is None:
            name = next((str(one["name"]) for one in self.workflows() if one["current"]), "")
        return self._one(_path("workflows", name), {}, shapes.WHOLE_WORKFLOW, "the workflow")

    # -------------------------------------------------------------------------------------------- views

    def views(self) -> Iterator[Record]:
        """The person's own views, then the shared ones."""
        return self._several("views", {}, shapes.VIEW, "a view")

    def view(self, name: str, *, shared: bool) -> Record:
        """The view a command is about. Raises NotFound."""
        return self._one(_path("views", name), {"shared": True} if shared else {}, shapes.VIEW, "the view")

    def saved(self, name: str) -> Record:
        """The view an option names. Raises UnknownName."""
        try:
            return self.view(name, shared=False)
        except NotFound as error:
            from tix.desk.queue import views

            raise views.unknown(name, [str(one["name"]) for one in self.views()]) from error

    # ------------------------------------------------------------------------------------------- figures

    def stats(self, since: str | None, until: str | None) -> Record:
        """Counts, times and ratings."""
        return self._one("stats", self._window(since, until), shapes.STATS, "the figures")

    def report(self, name: str, since: str | None, until: str | None, columns: Sequence[str]) -> list[Record]:
        """The rows of a report, which have these columns."""
        found = self.connection.get(_path("reports", name), self._window(since, until)).body
        kinds = shapes.report(columns)
        return checked.several(found, kinds, "a row of the report", self.connection.malformed)

    def _window(self, since: str | None, until: str | None) -> Record:
        from tix.domain.schedules.recurrence import zone_name

        query = {
            "since": self.instant(since, past=True),
            "until": self.instant(until, past=True, ends=True),
            "zone": zone_name(self.moment_zone, self._now()),
        }
        return {name: value for name, value in query.items() if value is not None}

    # ------------------------------------------------------------------------- time, invoices, schedules

    def time_entries(
        self,
        reference: Reference | None,
        by: str | None,
        since: str | None,
        until: str | None,
        *,
        unbilled: bool,
        limit: int,
    ) -> Iterator[Record]:
        """Time entries, latest work first; at most ``limit``, or all where that is -1."""
        said = {
            "ticket": None if reference is None else reference.text,
            "by": by,
            "since": self.instant(since, past=True),
            "until": self.instant(until, past=True, ends=True),
            "unbilled": unbilled or None,
            "limit": limit if 0 < limit <= PAGE else None,
        }
        query = {name: value for name, value in said.items() if value is not None}
        found = self.connection.lines("time", query)
        entries = (checked.one(one, shapes.ENTRY, "a time entry", self.connection.malformed) for one in found)
        return begun(entries if limit < 0 else islice(entries, limit))

    def timers(self) -> Iterator[Record]:
        """The timers that run, the longest running first."""
        return self._several("timers", {}, shapes.TIMER, "a timer")

    def invoices(self, client: str | None) -> Iterator[Record]:
        """Invoices, newest first."""
        query = {} if client is None else {"client": client}
        return self._several("invoices", query, shapes.INVOICE, "an invoice")

    def invoice(self, number: int) -> Invoice:
        """One invoice, to be drawn or written as a document."""
        from tix.render.records.invoices import parse

        return parse(self._one(f"invoices/{number}", {}, shapes.INVOICE, "the invoice"))

    def invoice_texts(self) -> tuple[str | None, str | None]:
        """The issuer of invoices and the note at their foot."""
        from tix.domain.names import is_none

        found = [self.setting(f"billing.{key}")["value"] for key in ("issuer", "note")]
        issuer, note = (None if is_none(one) else one for one in found)
        return issuer, note

    def schedules(self) -> Iterator[Record]:
        """The schedules of recurring tickets."""
        return self._several("schedules", {}, shapes.SCHEDULE, "a schedule")

    def schedule(self, name: str, count: int | None = None) -> Record:
        """One schedule with ``count`` of its next dates; without a number a few, of a paused one none."""
        query = {} if count is None else {"next": count}
        return self._one(_path("schedules", name), query, shapes.WHOLE_SCHEDULE, "the schedule")

    # ------------------------------------------------------------------------------------------ settings

    def settings(self) -> Iterator[Record]:
        """The desk's settings."""
        return self._several("settings", {}, shapes.SETTING, "a setting")

    def setting(self, key: str) -> Record:
        """One setting of the desk."""
        return self._one(_path("settings", key), {}, shapes.SETTING, "the setting")


def _path(noun: str, name: str) -> str:
    """The path of what a word names; slashes are parts of names, too."""
    return f"{noun}/{quote(name, safe='/')}"
