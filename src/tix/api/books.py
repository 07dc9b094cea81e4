"""Time, invoices and schedules, to read; and the desk's settings."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from tix.api.requests import LISTED, Cursor, Page, Query, Words
from tix.api.tickets import Answer, Call
from tix.desk import settings as desk_settings
from tix.desk.billing import invoices as desk_invoices
from tix.desk.billing import time_entries
from tix.desk.queue import names, pages
from tix.desk.schedules import schedules as desk_schedules
from tix.domain.tickets.references import parse_reference
from tix.errors import NotFound
from tix.render.records import invoices as invoice_records
from tix.render.records import schedules as schedule_records
from tix.render.records import time_entries as time_records
from tix.words.sentence import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tix.domain.billing.time_entries import Entry

ENTRY = ("id", "ref", "at", "by", "worked_seconds", "billable", "invoice", "text")
TIMER = ("ref", "by", "started_at", "running_seconds")
INVOICE = tuple(
    "number client currency lines total subtotal tax tax_percent tax_name created_at created_by voided_at voided_by".split()
)
SCHEDULE = schedule_records.FIELDS
WHOLE_SCHEDULE = tuple(schedule_records.SHOWN.fields)
SETTING = desk_settings.Current._fields

_encode = msgspec.json.Encoder(enc_hook=as_text).encode


class TimeQuery(Query):
    """Parameters of time entries, latest work first."""

    ticket: Words | None = None
    by: Words | None = None
    since: Words | None = None
    until: Words | None = None
    unbilled: bool = False
    limit: Page | None = None
    cursor: Cursor | None = None


class InvoicesQuery(Query):
    """Parameters of invoices, newest first."""

    client: Words | None = None
    limit: Page = LISTED
    cursor: Cursor | None = None


class ScheduleQuery(Query):
    """The parameter of a schedule: so many of its next dates, also of a paused one."""

    next: Annotated[int, Meta(ge=1, le=1000)] | None = None


def times(call: Call) -> Answer:
    """A page of the time entries that the parameters select."""
    limit = call.query.limit or LISTED
    page = pages.streamed(lambda most: _entries(call, most), lambda one: one.id, limit, call.after)
    return call.page(page, list(map(time_records.record, page.found)))


def time_lines(call: Call) -> Answer:
    """The same as JSON Lines: all of it, unless there is a limit."""
    if call.query.cursor is not None:
        raise pages.invalid()
    found = islice(_entries(call, call.query.limit or -1), call.query.limit)
    return Answer(f"{_encode(time_records.record(one)).decode()}\n" for one in found)


def _entries(call: Call, most: int) -> Iterator[Entry]:
    desk, asked = call.desk, call.query
    reference = None if asked.ticket is None else parse_reference(asked.ticket)
    return time_entries.listed(
        desk,
        reference,
        by=None if asked.by is None else names.login(desk, asked.by),
        since=None if asked.since is None else desk.moment(asked.since, past=True),
        until=None if asked.until is None else desk.moment(asked.until, past=True, ends=True),
        unbilled=asked.unbilled,
        limit=most,
    )


def timers(call: Call) -> Answer:
    """The timers that run, the longest running first."""
    page = pages.cut(
        time_entries.running(call.desk), lambda one: [one.ref, one.by], call.query.limit, call.after
    )
    return call.page(page, [time_records.timer(one, call.desk.now) for one in page.found])


def invoices(call: Call) -> Answer:
    """The invoices whose tickets the key's owner may see."""
    client, limit = call.query.client, call.query.limit
    page = pages.streamed(
        lambda _: desk_invoices.listed(call.desk, client), lambda one: one.number, limit, call.after
    )
    return call.page(page, list(map(invoice_records.record, page.found)))


def invoice(call: Call) -> Answer:
    """One invoice with its lines, by its number."""
    word = call.name
    if not (word.isascii() and word.isdigit() and len(word) < 16):
        raise NotFound(f"no invoice {word[:40]}", hint="tix invoice list")
    return Answer(invoice_records.record(desk_invoices.get(call.desk, int(word))))


def schedules(call: Call) -> Answer:
    """List the schedules."""
    page = pages.cut(desk_schedules.listed(call.desk), lambda one: one.name, call.query.limit, call.after)
    return call.page(page, list(map(schedule_records.short_record, page.found)))


def schedule(call: Call) -> Answer:
    """One schedule with its next dates."""
    found = desk_schedules.get(call.desk, call.name)
    return Answer(schedule_records.record(call.desk, found, call.query.next))


def settings(call: Call) -> Answer:
    """The settings that the key's owner may read."""
    page = pages.cut(desk_settings.listed(call.desk), lambda one: one.name, call.query.limit, call.after)
    return call.page(page, [one._asdict() for one in page.found])


def setting(call: Call) -> Answer:
    """One setting."""
    return Answer(desk_settings.get(call.desk, call.name)._asdict())
