"""The nouns of a desk in a file, as records: what is set up, and what is worked out. ``cli.remote.nouns`` is the same for a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.resources.resource import Resource
    from tix.domain.billing.invoices import Invoice
    from tix.domain.tickets.references import Reference

Record = dict[str, Any]


class LocalNouns:
    """What ``cli.local`` has beside tickets."""

    def __init__(self, reader: Callable[[], Desk]) -> None:
        self._reader = reader

    @property
    def _desk(self) -> Desk:
        return self._reader()

    # ------------------------------------------------------------------------------------------- people

    def people(self, role: str | None, client: str | None) -> Iterator[Record]:
        """The people of the desk."""
        from tix.desk import people
        from tix.render.records.people import record

        wanted = None if role is None else people.parse_role(role)
        return map(record, people.listed(self._desk, wanted, client))

    def person(self, login: str) -> Record:
        """One person, with who answers to them and how many tickets they have."""
        from tix.desk import people
        from tix.render.records.people import whole_record

        return whole_record(people.whole(self._desk, login))

    # ---------------------------------------------------------------------------------------- resources

    def resources(self, noun: Resource[Any]) -> Iterator[tuple[Record, bool]]:
        """The records of a resource, and whether each is active."""
        from tix.desk.resources import resource
        from tix.render.records.resources import record

        desk, fields = self._desk, tuple(noun.fields)
        found = resource.listed(desk, noun)
        return ((record(noun, desk, one, fields), getattr(one, "active", True)) for one in found)

    def resource(self, noun: Resource[Any], name: str, most: int) -> Record:
        """One of a resource; at most ``most`` of its tickets are named, -1 is no limit."""
        from tix.render.records.resources import whole_record

        return whole_record(noun, self._desk, name, most)

    def canned(self, name: str, reference: Reference | None) -> Record:
        """A canned reply, filled in for a ticket if one is named."""
        from tix.desk.resources.canned import CANNED
        from tix.desk.resources.resource import shown
        from tix.desk.tickets import canned

        found = shown(self._desk, CANNED, name)
        if reference is not None:
            found = found._replace(body=canned.rendered(self._desk, found.body, reference))
        return found._asdict()

    def topic_fields(self, topic: str) -> Iterator[Record]:
        """The custom fields of a topic, inherited ones first."""
        from tix.desk.resources import topics

        return map(topics.field_record, topics.fields(self._desk, topic))

    def workflows(self) -> Iterator[Record]:
        """The workflows of the desk."""
        from tix.desk import workflows
        from tix.render.records.workflows import record

        desk = self._desk
        found, current = workflows.listed(desk), desk.rules.workflow.name
        return (record(one, current) for one in found)

    def workflow(self, name: str | None) -> Record:
        """A workflow, by default the one in use."""
        from tix.desk import workflows
        from tix.render.records.workflows import whole_record

        return whole_record(workflows.shown(self._desk, name), self._desk.rules.workflow.name)

    # -------------------------------------------------------------------------------------------- views

    def views(self) -> Iterator[Record]:
        """The person's own views, then the shared ones."""
        from tix.desk.queue import views
        from tix.render.records.views import record

        return map(record, views.visible(self._desk))

    def view(self, name: str, *, shared: bool) -> Record:
        """The view a command is about. Raises NotFound."""
        from tix.desk.queue import views
        from tix.render.records.views import record

        return record(views.get(self._desk, name, shared=shared))

    def saved(self, name: str) -> Record:
        """The view an option names. Raises UnknownName."""
        from tix.desk.queue import views
        from tix.render.records.views import record

        return record(views.known(self._desk, name))

    # ------------------------------------------------------------------------------------------- figures

    def stats(self, since: str | None, until: str | None) -> Record:
        """Counts, times and ratings."""
        from tix.desk.reports import stats

        return stats.stats(self._desk, *self._window(since, until))

    def report(
        self, name: str, since: str | None, until: str | None, _columns: Sequence[str]
    ) -> list[Record]:
        """The rows of a report."""
        from tix.desk.reports import reports

        return reports.report(self._desk, name, *self._window(since, until))

    def _window(self, since: str | None, until: str | None) -> tuple[int | None, int | None]:
        """The two moments, where they are given: the start of a day, and the end of one. Raises InvalidValue."""
        desk = self._desk
        return (
            None if since is None else desk.moment(since, past=True),
            None if until is None else desk.moment(until, past=True, ends=True),
        )

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
        from itertools import islice

        from tix.desk.billing import time_entries
        from tix.desk.queue import names
        from tix.render.records.time_entries import record

        login = None if by is None else names.login(self._desk, by)
        start, end = self._window(since, until)
        found = time_entries.listed(
            self._desk, reference, by=login, since=start, until=end, unbilled=unbilled, limit=limit
        )
        return map(record, found if limit < 0 else islice(found, limit))

    def timers(self) -> Iterator[Record]:
        """The timers that run, the longest running first."""
        from tix.desk.billing import time_entries
        from tix.render.records.time_entries import timer

        return (timer(one, self._desk.now) for one in time_entries.running(self._desk))

    def invoices(self, client: str | None) -> Iterator[Record]:
        """Invoices, newest first."""
        from tix.desk.billing import invoices
        from tix.render.records.invoices import record

        return map(record, invoices.listed(self._desk, client))

    def invoice(self, number: int) -> Invoice:
        """One invoice, to be drawn or written as a document."""
        from tix.desk.billing import invoices

        return invoices.get(self._desk, number)

    def invoice_texts(self) -> tuple[str | None, str | None]:
        """The issuer of invoices and the note at their foot."""
        settings = self._desk.settings
        return settings.name("billing.issuer"), settings.name("billing.note")

    def schedules(self) -> Iterator[Record]:
        """The schedules of recurring tickets."""
        from tix.desk.schedules import schedules
        from tix.render.records.schedules import short_record

        return map(short_record, schedules.listed(self._desk))

    def schedule(self, name: str, count: int | None = None) -> Record:
        """One schedule with ``count`` of its next dates; without a number a few, of a paused one none."""
        from tix.desk.schedules import schedules
        from tix.render.records.schedules import record

        return record(self._desk, schedules.get(self._desk, name), count)

    # ------------------------------------------------------------------------------------------ settings

    def settings(self) -> Iterator[Record]:
        """The desk's settings."""
        from tix.desk import settings

        return (one._asdict() for one in settings.listed(self._desk))

    def setting(self, key: str) -> Record:
        """One setting of the desk."""
        from tix.desk import settings

        return settings.get(self._desk, key)._asdict()
