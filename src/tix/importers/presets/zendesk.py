"""Zendesk, the CSV export of a view (Admin Center's "Export view as CSV")."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

PRESET = Preset(
    "zendesk-csv",
    "Zendesk, CSV export of a view",
    named(
        {
            "ref": "Id|Ticket ID|Ticket",
            "subject": "Subject|Ticket subject",
            "body": "Description|Comment",
            "status": "Status|Ticket status",
            "priority": "Priority|Ticket priority",
            "type": "Ticket type|Type",
            "requester": "Requester|Requester name",
            "requester_email": "Requester email",
            "creator": "Submitter|Submitter name",
            "assignee": "Assignee|Assignee name",
            "team": "Group|Ticket group|Assignee group",
            "client": "Organization|Ticket organization name|Requester organization",
            "tags": "Tags|Ticket tags",
            "source": "Via|Ticket channel|Channel",
            "created_at": "Created at|Requested|Ticket created - Timestamp|Created",
            "updated_at": "Updated at|Updated|Ticket updated - Timestamp",
            "resolved_at": "Solved at|Solved|Ticket solved - Timestamp",
            "due_at": "Due date|Due at|Ticket due - Date",
        }
    ),
    folded_all(
        "Summation column|Requester domain|Requester external id|Initially assigned at|Group stations|Satisfaction Score|"
        "Assignee stations|Ticket ID|Submitter|Ticket subject"
    ),
    "zendesk",
    layout=Layout(
        words={
            "status": {"Hold": "on-hold", "Pending": "on-hold", "Deleted": "closed"},
            "source": {"Web form": "web", "Mail": "email", "Email": "email", "Phone": "phone", "API": "api",
                       "Web Service": "api", "Chat": "chat", "*": "other"},
            "priority": {"-": "none"}, "type": {"-": "none"}, "assignee": {"-": "none"}, "team": {"-": "none"},
            "client": {"-": "none"},
        },
    ),
    without=folded_all("Summation column|Requester id|Requester external id|Requester domain"),
)  # fmt: skip
