"""Tasks for ``task import``: an array in Taskwarrior's JSON format.

An open ticket is pending, a snoozed one waits, a finished one is completed. Messages and replies are annotations; internal
notes are left out. What Taskwarrior has no attribute for (``ticket``, ``requester``, ``assignee``, ``client`` …) is kept by it as
an attribute that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tix.importers import vocabulary
from tix.render.exports.format import Format, array
from tix.render.exports.tickets import Entry, ExportedTicket, Tickets, linked, with_files
from tix.typing import Any

_PRIORITIES = {"low": "L", "medium": "M", "usual": "M", "high": "H", "urgent": "H"}
_FORM = "%Y%m%dT%H%M%SZ"


def pieces(tickets: Tickets) -> Iterator[str]:
    """Yield the array of all tasks."""
    wanted = {ref for ticket in tickets for ref in linked(ticket.fields, "blocked-by")}
    uuids = {t.fields["ref"]: t.fields["uid"] for t in tickets if t.fields["ref"] in wanted} if wanted else {}
    return array(_task(ticket, uuids) for ticket in tickets)


def _task(ticket: ExportedTicket, uuids: dict[str, str]) -> dict[str, Any]:
    fields = ticket.fields
    waits = fields["snoozed_until"] if ticket.is_open else None
    tags = [tag for tag in fields["tags"] if tag]
    depends = [uuids[ref] for ref in linked(fields, "blocked-by") if ref in uuids]
    wanted = {
        "uuid": fields["uid"],
        "description": fields["subject"],
        "status": "waiting" if waits else "pending" if ticket.is_open else "completed",
        "entry": _time(fields["created_at"]),
        "modified": _time(fields["updated_at"]),
        "end": _time(ticket.ended_at),
        "due": _time(fields["due_at"]),
        "wait": _time(waits),
        "priority": _PRIORITIES.get(vocabulary.priority(fields["priority"]) or ""),
        "project": (fields["topic"] or fields["department"] or "").replace("/", "."),
        "tags": tags,
        "depends": depends,
        "annotations": list(_annotations(ticket)),
        "ticket": fields["ref"],
        "ticket_status": fields["status"],
        "ticket_priority": fields["priority"],
        "type": fields["type"],
        "requester": ticket.requester.address,
        "assignee": None if ticket.assignee is None else ticket.assignee.address,
        "client": fields["client"],
    }
    return {name: value for name, value in wanted.items() if value}


def _annotations(ticket: ExportedTicket) -> Iterator[dict[str, str]]:
    """Yield what was written. Taskwarrior keeps one annotation for each second, so times are moved on where two are equal."""
    last: datetime | None = None
    for entry in ticket.entries:
        text = with_files(entry, lambda file: file.name)
        if not text.strip():
            continue
        at = datetime.fromisoformat(entry.at)
        last = at if last is None or at > last else last + timedelta(seconds=1)
        yield {"entry": last.astimezone(UTC).strftime(_FORM), "description": _said(ticket, entry, text)}


def _said(ticket: ExportedTicket, entry: Entry, text: str) -> str:
    if entry.by is None or entry.by.login == ticket.requester.login:
        return text
    return f"{entry.by.name}: {text}"


def _time(instant: str | None) -> str | None:
    """Return ``2026-11-22T12:00:00Z`` as ``20261122T120000Z``."""
    return None if instant is None else instant.replace("-", "").replace(":", "")


FORMAT = Format("taskwarrior", "JSON for task import", "json", keeps_notes=False, pieces=pieces)
