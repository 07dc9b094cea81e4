"""osTicket, the CSV export of a queue."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

PRESET = Preset(
    "osticket-csv",
    "osTicket, CSV export of a queue",
    named(
        {
            "ref": "Ticket Number|Number|Ticket",
            "subject": "Subject|Issue Summary",
            "status": "Current Status|Status|Ticket Status",
            "priority": "Priority|Priority Level",
            "requester_name": "From|User|User / Owner|Name",
            "requester_email": "From Email|Email|Email Address",
            "phone": "Phone Number|Phone",
            "department": "Department",
            "topic": "Help Topic",
            "source": "Source",
            "client": "Organization",
            "assignee": "Agent Assigned|Assigned To",
            "team": "Team Assigned",
            "created_at": "Date Created|Create Date|Created",
            "updated_at": "Last Updated|Last Update",
            "due_at": "Due Date|SLA Due Date|Est Due Date",
            "closed_at": "Closed Date|Close Date",
            "sla": "SLA Plan",
        }
    ),
    folded_all("Help Topic|Agent Assigned|Thread Count|From Email|Issue Summary|Current Status"),
    "osticket",
    layout=Layout(
        words={
            "source": {"Web": "web", "Email": "email", "Phone": "phone", "API": "api", "*": "other"},
            "priority": {"Emergency": "urgent", "Normal": "medium"},
        },
    ),
    without=folded_all(
        "Overdue|Answered|Thread Count|Reopen Count|Attachment Count|Task Count|Transfer Count"
    ),
)
