"""Tickets and timeline items as records: the JSON keys, column names and CSV heads of the interface page.

A record is a dictionary in the page's order; absent is None. What a requester may not know is None here, in
one place, whatever the format.
"""

from __future__ import annotations

from typing import Any

from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item
from tix.domain.times import instant

# Fields of `list` and `search` (section 6), in order.
LIST_FIELDS = (
    "ref number subject status phase priority type topic department team assignee requester requester_name "
    "requester_email client creator source about tags due_at overdue answered entries attachments rating "
    "created_at updated_at last_activity_at last_replier resolved_at closed_at closed_by version"
).split()
SHOW_FIELDS = (
    "uid prefix email phone notify_email sla assets fields watchers links merged_into reopened lapses_at "
    "snoozed_until time_seconds unbilled_seconds rating_comment rated_at idempotency_key category "
    "response_due_at response_met resolution_met thread"
).split()

# What only staff read; a requester gets None (interface page, end of section 6).
_STAFF_FIELDS = "version team sla notify_email time_seconds unbilled_seconds snoozed_until idempotency_key"


def _at(moment: int | None) -> str | None:
    return None if moment is None else instant(moment)


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def ticket_record(
    ticket: Ticket, name: str | None, email: str | None, staff: bool, now: int
) -> dict[str, Any]:
    """The record of ``list``; the ticket is settled first, whether or not that is stored."""
    t = settled(ticket, now)
    attachments, entries = t.attachments, t.entries
    if staff:
        attachments += t.internal_attachments
        entries += t.notes
    return {
        "ref": f"{t.prefix}{t.number}",
        "number": t.number,
        "subject": t.subject,
        "status": t.status,
        "phase": t.phase,
        "priority": t.priority,
        "type": t.type,
        "topic": t.topic,
        "department": t.department,
        "team": t.team if staff else None,
        "assignee": t.assignee,
        "requester": t.requester,
        "requester_name": name,
        "requester_email": email,
        "client": t.client,
        "creator": t.creator,
        "source": t.source,
        "about": t.about,
        "tags": t.tag_list() if staff else [],
        "due_at": _at(t.due_at),
        "overdue": t.is_overdue(now),
        "answered": bool(t.answered),
        "entries": entries,
        "attachments": attachments,
        "rating": t.rating,
        "created_at": instant(t.created_at),
        "updated_at": instant(t.updated_at if staff else t.last_activity_at),
        "last_activity_at": instant(t.last_activity_at),
        "last_replier": t.last_replier,
        "resolved_at": _at(t.resolved_at),
        "closed_at": _at(t.closed_at),
        "closed_by": t.closed_by,
        "version": t.version if staff else None,
    }


def full_record(
    ticket: Ticket, name: str | None, email: str | None, staff: bool, now: int, thread: list[dict[str, Any]]
) -> dict[str, Any]:
    """The record of ``show``, thread included."""
    t = settled(ticket, now)
    record = ticket_record(ticket, name, email, staff, now)
    record |= {
        "uid": t.uid,
        "prefix": t.prefix,
        "email": t.email,
        "phone": t.phone,
        "notify_email": t.notify_email if staff else None,
        "sla": t.sla if staff else None,
        "assets": t.asset_list(),
        "fields": t.field_values(staff=staff),
        # Whom else it concerns, and what else there is, is not for a requester to learn here.
        "watchers": t.watcher_list() if staff else [],
        "links": [{"relation": relation, "ref": ref} for relation, ref in t.link_list()] if staff else [],
        "merged_into": t.merged_into,
        "reopened": t.reopened,
        "lapses_at": _at(t.lapses_at),
        "snoozed_until": _at(t.snoozed_until) if staff else None,
        "time_seconds": t.time_seconds if staff else None,
        "unbilled_seconds": t.unbilled_seconds if staff else None,
        "rating_comment": t.rating_comment,
        "rated_at": _at(t.rated_at),
        "idempotency_key": t.idempotency_key if staff else None,
        "category": t.category,
        "response_due_at": _at(t.response_due_at) if staff else None,
        "response_met": _flag(t.response_met) if staff else None,
        "resolution_met": _flag(t.resolution_met) if staff else None,
        "thread": thread,
    }
    return record


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
            event["due_at"] = _at(item.sets["due_at"])
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
    }
    return record
