"""Issues as ``gh issue list --json …`` prints them, with their comments.

Tags are labels; so is a priority, as GitHub has none. A resolved ticket is closed. Internal notes are left out, because a
comment on GitHub is for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.render.exports.format import Format, array
from tix.render.exports.tickets import Attached, Entry, ExportedTicket, Person, Tickets, with_files
from tix.typing import Any

_COLOR = "ededed"  # what GitHub gives a label that was made without one


def pieces(tickets: Tickets) -> Iterator[str]:
    """Yield the array of all issues."""
    return array(_issue(ticket, tickets.url) for ticket in tickets)


def _issue(ticket: ExportedTicket, url: str | None) -> dict[str, Any]:
    fields = ticket.fields
    merged = fields["merged_into"] is not None
    labels = [*fields["tags"], f"priority: {fields['priority']}"]
    kind = fields["type"]
    return {
        "assignees": [] if ticket.assignee is None else [_person(ticket.assignee)],
        "author": _person(ticket.requester) | {"is_bot": False},
        "body": "" if ticket.opening is None else with_files(ticket.opening, _link),
        "closed": not ticket.is_open,
        "closedAt": ticket.ended_at,
        "comments": [_comment(entry) for entry in ticket.replies],
        "createdAt": fields["created_at"],
        "id": fields["uid"],
        "isPinned": False,
        "issueType": None if kind is None else {"id": "", "name": kind, "description": "", "color": ""},
        "labels": [{"id": "", "name": name, "description": "", "color": _COLOR} for name in labels],
        "milestone": None,
        "number": fields["number"],
        "state": "OPEN" if ticket.is_open else "CLOSED",
        "stateReason": "" if ticket.is_open else "DUPLICATE" if merged else "COMPLETED",
        "title": fields["subject"],
        "updatedAt": fields["updated_at"],
        "url": "" if url is None else f"{url.rstrip('/')}/tickets/{fields['number']}",
    }


def _comment(entry: Entry) -> dict[str, Any]:
    return {
        "id": "" if entry.id is None else str(entry.id),
        "author": None if entry.by is None else {"login": entry.by.login},
        "authorAssociation": "MEMBER" if entry.kind == "reply" else "NONE",
        "body": with_files(entry, _link),
        "createdAt": entry.at,
        "includesCreatedEdit": False,
        "isMinimized": False,
        "minimizedReason": "",
        "reactionGroups": [],
        "url": "",
        "viewerDidAuthor": False,
    }


def _person(person: Person) -> dict[str, Any]:
    return {"id": "", "login": person.login, "name": person.name}


def _link(file: Attached) -> str:
    """Return a file as a link of Markdown, where it is beside."""
    if file.path is None:
        return file.name
    from urllib.parse import quote

    name = file.name.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"[{name}]({quote(file.path)})"


FORMAT = Format("github", "GitHub issues, as gh prints them", "json", keeps_notes=False, pieces=pieces)
