"""Linear and Plane, the CSV exports of issues."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

_STATUSES = {
    "Backlog": "open", "Todo": "open", "Triage": "open", "Unstarted": "open", "Started": "in-progress",
    "In Review": "in-progress", "Canceled": "closed", "Cancelled": "closed", "Duplicate": "closed", "Done": "closed",
}  # fmt: skip

LINEAR = Preset(
    "linear",
    "Linear, CSV export",
    named(
        {
            "ref": "ID",
            "subject": "Title",
            "body": "Description",
            "status": "Status",
            "priority": "Priority",
            "creator": "Creator",
            "requester": "Requester",
            "assignee": "Assignee",
            "tags": "Labels",
            "created_at": "Created",
            "updated_at": "Updated",
            "closed_at": "Completed",
            "resolved_at": "Canceled",
            "due_at": "Due Date",
            "link.child": "Parent issue",
            "link.blocked-by": "Blocked by",
            "link.duplicates": "Duplicate of",
            "link.relates": "Related to",
        }
    ),
    folded_all("Cycle Number|Cycle Name|Triaged|Canceled|Project Milestone ID"),
    "linear",
    fewest=5,
    layout=Layout(words={"status": _STATUSES, "priority": {"No priority": ""}}),
    without=folded_all("UUID|Project ID|Project Milestone ID|Time in status (minutes)|Archived"),
)

PLANE = Preset(
    "plane",
    "Plane, CSV export",
    named(
        {
            "ref": "ID",
            "subject": "Name",
            "body": "Description",
            "status": "State",
            "priority": "Priority",
            "creator": "Created By",
            "assignee": "Assignee|Assignees",
            "tags": "Labels",
            "created_at": "Created At",
            "updated_at": "Updated At",
            "closed_at": "Completed At",
            "due_at": "Target Date",
        }
    ),
    folded_all("Target Date|Module Name|Cycle Name|Completed At"),
    "plane",
    fewest=6,
    layout=Layout(words={"status": _STATUSES}),
    without=folded_all("Archived At"),
)
