"""Trac, the CSV of a query or report."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

PRESET = Preset(
    "trac",
    "Trac, CSV of a query",
    named(
        {
            "ref": "id|Ticket",
            "subject": "Summary",
            "body": "Description",
            "status": "Status",
            "priority": "Priority",
            "type": "Type",
            "requester": "Reporter",
            "assignee": "Owner",
            "category": "Component",
            "tags": "Keywords",
            "created_at": "time|_time|Created",
            "updated_at": "changetime|_changetime|Modified",
        }
    ),
    folded_all("changetime|_changetime|_time|Milestone|Keywords"),
    "trac",
    fewest=6,
    layout=Layout(
        words={
            "status": {"assigned": "in-progress", "accepted": "in-progress", "reopened": "open", "infoneeded": "on-hold"},
            "assignee": {"somebody": "none", "nobody": "none"},
        },
    ),
)  # fmt: skip
