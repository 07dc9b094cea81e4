"""Tickets and timeline items as records: the JSON keys, column names and CSV heads of the interface page.

A record is a dictionary in the page's order; absent is None. Which fields there are, and what a requester may
not know of them, is in ``domain.tickets.fields``.
"""

from __future__ import annotations

from collections.abc import Callable

from tix.domain.remembered import Remembered
from tix.domain.tickets import fields
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item, is_untrusted
from tix.domain.times import instant
from tix.render.records.fields import LISTED, SHAPES, WHOLE, Picker, at, picker, values
from tix.typing import Any

# The keys of `list` and `search` (section 6), in order, and those that `show` has besides.
LIST_FIELDS = [field.name for field in fields.LISTED]
SHOW_FIELDS = [field.name for field in fields.SHOWN]


def ticket_record(
    ticket: Ticket, name: str | None, email: str | None, staff: bool, now: int
) -> dict[str, Any]:
    """The record of ``list``; the ticket is settled first, whether or not that is stored."""
    return _record(False, settled(ticket, now), name, email, staff, now)


def full_record(
    ticket: Ticket, name: str | None, email: str | None, staff: bool, now: int, thread: list[dict[str, Any]]
) -> dict[str, Any]:
    """The record of ``show``, thread included."""
    record = _record(True, settled(ticket, now), name, email, staff, now)
    record["thread"] = thread
    return record


def _record(
    whole: bool, t: Ticket, name: str | None, email: str | None, staff: bool, now: int
) -> dict[str, Any]:
    names, pick, shaped = _PLANS[whole, staff]
    record = dict(zip(names, pick(values(t, name, email, staff, now)), strict=True))
    for field, shape in shaped:
        record[field] = shape(record[field])
    return record


def _plan(asked: tuple[bool, bool]) -> tuple[list[str], Picker, list[tuple[str, Callable[[Any], Any]]]]:
    """The names of the fields, what picks their values, and what makes those that are not printed as stored."""
    whole, staff = asked
    chosen = WHOLE if whole else LISTED
    shapes = {**SHAPES, "answers": lambda ticket: ticket.field_values(staff=staff)}
    shaped = [(field.name, shapes[field.kind]) for field in chosen if field.kind in shapes]
    return [field.name for field in chosen], picker(chosen, staff), shaped


_PLANS = Remembered(_plan)


def item_record(
    item: Item, by_name: str | None, ref: str | None = None, origin: str | None = None
) -> dict[str, Any]:
    """An item of ``thread``; with ``ref`` an item of ``log``. ``origin`` is the ticket it came from with a merge."""
    record: dict[str, Any] = {} if ref is None else {"ref": ref}
    event = None
    if item.type is not None:
        event = {
            "type": item.type,
            "field": item.field,
            "old": item.old,
            "new": item.new,
            "reason": item.reason,
        }
        # A plan, a pause or a reopening moves the due date along: then that is a part of what happened.
        if item.sets and "due_at" in item.sets and item.field != "due_at":
            event["due_at"] = at(item.sets["due_at"])
    record |= {
        # What time alone did has no id: it must not show whether, or when, somebody recorded it.
        "id": None if item.side == "system" else item.id,
        "at": instant(item.at),
        "kind": item.kind,
        "by": item.by,
        "by_name": by_name,
        "via": item.via,
        "side": item.side,
        "body": item.body,
        "internal": item.internal,
        "attachments": [
            {"id": file.id, "name": file.name, "size": file.size, "mime": file.mime, "sha256": file.sha256}
            for file in item.files
        ],
        "event": event,
        "origin": origin,
        "untrusted": is_untrusted(item.side),
    }
    return record
