"""Freshdesk and Freshservice, the CSV export of the ticket list."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

PRESET = Preset(
    "freshdesk-csv",
    "Freshdesk, CSV export",
    named(
        {
            "ref": "Ticket ID|Ticket Id",
            "subject": "Subject",
            "body": "Description",
            "status": "Status",
            "priority": "Priority",
            "source": "Source",
            "type": "Type",
            "assignee": "Agent",
            "team": "Group|Agent Group",
            "department": "Department",
            "requester_name": "Full name|Requester Name|Contact Name",
            "requester_email": "Email|Requester Email|Contact Email",
            "client": "Company name|Company",
            "phone": "Work phone|Mobile phone|Contact phone",
            "created_at": "Created time|Created Date",
            "due_at": "Due by Time|Due by",
            "resolved_at": "Resolved time|Resolved Date",
            "closed_at": "Closed time|Closed Date",
            "updated_at": "Last update time|Last Updated Time|Last updated",
            "tags": "Tags",
            "category": "Category",
        }
    ),
    folded_all("Due by Time|Last update time|Agent interactions|Customer interactions|Initial response time|Resolution status"),
    "freshdesk",
    layout=Layout(
        words={
            "status": {"Waiting on Customer": "on-hold", "Waiting on Third Party": "on-hold", "Pending": "on-hold"},
            "source": {"Email": "email", "Portal": "web", "Phone": "phone", "Chat": "chat", "Feedback widget": "web",
                       "Feedback Widget": "web", "*": "other"},
            "assignee": {"No Agent": "none", "--": "none"}, "team": {"No Group": "none", "--": "none"},
            "client": {"No Company": "none", "--": "none"},
        },
    ),
    without=folded_all("Contact ID"),
)  # fmt: skip
