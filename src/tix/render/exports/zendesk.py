"""Tickets as a CSV file with the columns of Zendesk's own exports, and with the text, which those leave out.

``Comments`` is a JSON array with the keys of Zendesk's API. Each comment says whether it is public, so staff get internal
notes as well. A custom field is a column ``KEY [txt]``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tix.importers import vocabulary
from tix.render.exports.format import Format, row
from tix.render.exports.tickets import Entry, ExportedTicket, Tickets, with_files
from tix.typing import Any

_PRIORITIES = {"low": "Low", "medium": "Normal", "high": "High", "urgent": "Urgent", "usual": "Normal"}
# `answered` waits for the requester, which is Zendesk's pending.
_STATUSES = {"answered": "Pending", "open": "Open", "in-progress": "Open", "on-hold": "On-hold"}
_PHASES = {"open": "Open", "resolved": "Solved", "closed": "Closed"}
_TYPES = {"incident", "problem", "question", "task"}

_COLUMNS: dict[str, Callable[[ExportedTicket], str | None]] = {
    "Id": lambda t: str(t.fields["number"]),
    "Requester": lambda t: t.requester.name,
    "Requester external id": lambda t: t.requester.login,
    "Requester email": lambda t: t.requester.email,
    "Submitter": lambda t: t.creator.address,
    "Assignee": lambda t: None if t.assignee is None else t.assignee.name,
    "Assignee email": lambda t: None if t.assignee is None else t.assignee.email,
    "Group": lambda t: t.fields["team"] or t.fields["department"],
    "Subject": lambda t: t.fields["subject"],
    "Tags": lambda t: " ".join(t.fields["tags"]),
    "Status": lambda t: _status(t.fields),
    "Priority": lambda t: _priority(t.fields["priority"]),
    "Via": lambda t: t.fields["source"],
    "Ticket type": lambda t: _type(t.fields["type"]),
    "Created at": lambda t: t.fields["created_at"],
    "Updated at": lambda t: t.fields["updated_at"],
    "Organization": lambda t: t.fields["client"],
    "Due date": lambda t: t.fields["due_at"],
    "Solved at": lambda t: t.ended_at,
    "Satisfaction Score": lambda t: None if t.fields["rating"] is None else f"{t.fields['rating']}",
    "Reopens": lambda t: str(t.fields["reopened"]),
    "Replies": lambda t: str(sum(entry.kind == "reply" for entry in t.replies)),
    "Topic": lambda t: t.fields["topic"],
    "Description": lambda t: None if t.opening is None else with_files(t.opening, lambda file: file.name),
    "Comments": lambda t: _comments(t),  # noqa: PLW0108  # it comes below
}
_compact = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def pieces(tickets: Tickets) -> Iterator[str]:
    """Yield the header, then a row for each ticket."""
    keys: dict[str, None] = {}
    for ticket in tickets:
        keys.update(dict.fromkeys(ticket.fields["fields"]))
    yield row([*_COLUMNS, *(f"{key} [txt]" for key in keys)])
    for ticket in tickets:
        answers = ticket.fields["fields"]
        cells = [cell(ticket) or "" for cell in _COLUMNS.values()]
        yield row(cells + ["" if answers.get(key) is None else str(answers[key]) for key in keys])


def _comments(ticket: ExportedTicket) -> str | None:
    found = [_comment(entry) for entry in ticket.replies]
    return _compact(found) if found else None


def _comment(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "author": None if entry.by is None else entry.by.address,
        "created_at": entry.at,
        "public": not entry.internal,
        "body": entry.body,
        "attachments": [
            {
                "file_name": file.name,
                "content_type": file.mime,
                "size": file.size,
                **({} if file.path is None else {"path": file.path}),
            }
            for file in entry.files
        ],
    }


def _status(fields: Any) -> str:
    if fields["phase"] != "open":
        return _PHASES[fields["phase"]]
    word = fields["status"]
    return _STATUSES.get(word) or _STATUSES.get(vocabulary.status(word) or "", "Open")


def _priority(word: str) -> str:
    return _PRIORITIES.get(vocabulary.priority(word) or "", word)


def _type(word: str | None) -> str | None:
    return word.capitalize() if word in _TYPES else word


FORMAT = Format("zendesk", "CSV with Zendesk's columns", "csv", keeps_notes=True, pieces=pieces)
