"""The log of the desk, and one's notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.api.tickets import Answer, Call
from tix.desk import notifications as notices
from tix.desk.queue import pages
from tix.desk.tickets import read as reading
from tix.domain.tickets.references import parse_reference
from tix.errors import InvalidValue
from tix.render.records.notifications import record as notice_record
from tix.render.records.tickets import item_record

if TYPE_CHECKING:
    from tix.domain.tickets.timeline import ThreadLine

NOTIFICATION = ("id", "at", "ref", "subject", "reason", "by", "read")


def log(call: Call) -> Answer:
    """What happened on the desk, as far as the key's owner may see it, newest first."""
    desk, asked, after = call.desk, call.query, call.after
    since = None if asked.since is None else desk.moment(asked.since, past=True)
    by = None
    if asked.by is not None:
        from tix.desk.queue import names

        by = names.login(desk, asked.by)
    if asked.ticket is not None:
        whole = reading.whole(desk, parse_reference(asked.ticket))
        thread = reading.log_of(whole, since, by)
        page = pages.cut(thread, _place, asked.limit, after)
        return call.page(
            page, [item_record(one.item, one.by_name, one.ref, one.origin) for one in page.found]
        )
    page = pages.streamed(lambda most: reading.log(desk, since, by, most), _place, asked.limit, after)
    return call.page(page, [item_record(one.item, one.by_name, one.ref) for one in page.found])


def _place(line: ThreadLine) -> list[Any]:
    return [line.item.at, line.item.id, line.ref, line.item.type]


def notifications(call: Call) -> Answer:
    """The key owner's notifications, newest first: unread ones, or all."""
    records = [notice_record(one) for one in notices.listed(call.desk, every=call.query.all)]
    page = pages.cut(records, lambda one: one["id"], call.query.limit, call.after)
    return call.page(page, page.found)


def read(call: Call) -> Answer:
    """Mark notifications as read: those named, or all; answer with those that were unread."""
    if bool(call.body.ids) == call.body.all:
        raise InvalidValue("name notifications, or all of them", hint='for example {"all": true}')
    if call.body.all:
        found = notices.read_all(call.desk)
    else:
        with call.desk.store.writing():
            marked = [notices.read(call.desk, id) for id in call.body.ids]
        found = [one for one, was_unread in marked if was_unread]
    return Answer([notice_record(one) for one in found])


def read_again(_call: Call, _numbers: list[int]) -> Answer:
    """Answer a request that has marked its notifications before: none of them is unread."""
    return Answer([])
