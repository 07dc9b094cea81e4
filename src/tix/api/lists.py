"""The log of the desk, and one's notifications."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from tix.api import problems
from tix.api.tickets import Answer, Call
from tix.api.writes.bulk import PARTIAL
from tix.desk import notifications as notices
from tix.desk.mail import muted
from tix.desk.queue import pages
from tix.desk.tickets import read as reading
from tix.domain.tickets.references import parse_reference
from tix.errors import InvalidValue
from tix.render.records.notifications import record as notice_record
from tix.render.records.notifications import rule as rule_record
from tix.render.records.tickets import item_record

if TYPE_CHECKING:
    from tix.domain.tickets.timeline import ThreadLine

NOTIFICATION = ("id", "at", "ref", "subject", "reason", "by", "read")

RULE = ("reason", "what", "who", "mailed")
MARKED = ("id", "state", "notification", "error")


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


def read_each(call: Call) -> Answer:
    """Mark notifications as read, with a result for each."""
    return _each(call, ())


def each_again(call: Call, numbers: list[int]) -> Answer:
    """Answer a request that has marked notifications before: ``numbers`` are those that were unread then."""
    return _each(call, numbers)


def _each(call: Call, before: Collection[int]) -> Answer:
    marked = list(notices.read_each(call.desk, dict.fromkeys(call.body.ids)))
    told = [
        {
            "id": one.id,
            "state": _state(one, before),
            "notification": None if one.notice is None else notice_record(one.notice),
            "error": None if one.error is None else problems.problem(one.error),
        }
        for one in marked
    ]
    failed = any(one.error is not None for one in marked)
    return Answer(
        told, status=PARTIAL if failed else 200, about=tuple(one.id for one in marked if one.was_unread)
    )


def _state(one: notices.Marked, before: Collection[int]) -> str:
    if one.error is not None:
        return "failed"
    return "done" if one.was_unread or one.id in before else "already"


def rules(call: Call) -> Answer:
    """Who is notified of what, and whether the key's owner gets mail of it."""
    return Answer([rule_record(*one) for one in muted.listed(call.desk)])


def mute(call: Call) -> Answer:
    """Stop mail about rules to the key's owner; answer with all that are muted."""
    return Answer({"muted": muted.mute(call.desk, call.body.rules)})


def unmute(call: Call) -> Answer:
    """Send the key's owner mail about rules again; answer with all that are muted."""
    return Answer({"muted": muted.unmute(call.desk, call.body.rules)})


def muted_now(call: Call, _numbers: list[int]) -> Answer:
    """Answer a request that has muted before: with what is muted now."""
    return Answer({"muted": muted.muted(call.desk)})


def read_again(_call: Call, _numbers: list[int]) -> Answer:
    """Answer a request that has marked its notifications before: none of them is unread."""
    return Answer([])
