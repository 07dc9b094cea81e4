"""ServiceNow: the CSV export of a list of incidents (labels or column names), and its event log (a row a change)."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

_WORDS = {
    "status": {
        "Active": "in-progress", "Awaiting User Info": "on-hold", "Awaiting Problem": "on-hold",
        "Awaiting Vendor": "on-hold", "Awaiting Evidence": "on-hold", "Work in Progress": "in-progress",
        "-100": "open", "1": "open", "2": "in-progress", "3": "on-hold", "6": "resolved", "7": "closed", "8": "closed",
        "Canceled": "closed", "Closed Complete": "closed", "Closed Incomplete": "closed", "Closed Skipped": "closed",
    },
    "requester": {"?": "none"}, "assignee": {"?": "none"}, "team": {"?": "none"}, "category": {"?": "none"},
}  # fmt: skip

PRESET = Preset(
    "servicenow",
    "ServiceNow, CSV export of incidents",
    named(
        {
            "ref": "Number",
            "subject": "Short description|short_description",
            "body": "Description",
            "status": "State|Incident state|incident_state",
            "priority": "Priority",
            "requester": "Caller|caller_id|Opened for",
            "creator": "Opened by|opened_by",
            "assignee": "Assigned to|assigned_to",
            "team": "Assignment group|assignment_group",
            "category": "Category",
            "tags": "Tags",
            "created_at": "Opened|opened_at|Created|sys_created_on|sys_created_at",
            "updated_at": "Updated|sys_updated_on|sys_updated_at",
            "resolved_at": "Resolved|resolved_at",
            "closed_at": "Closed|closed_at",
            "closed_by": "Closed by|closed_by",
            "due_at": "Due date|due_date",
            "comment": "Additional comments|comments|comments_and_work_notes",
            "internal_comment": "Work notes|work_notes",
            "client": "Company",
        }
    ),
    folded_all("short_description|Short description|Assignment group|assignment_group|caller_id|Caller"),
    "servicenow",
    layout=Layout(words=_WORDS),
    without=folded_all("sys_id|sys_mod_count|sys_class_name|sys_domain"),
)

LOG = Preset(
    "servicenow-log",
    "ServiceNow, event log of incidents",
    named(
        {
            "ref": "number",
            "subject": "short_description|u_symptom",
            "status": "incident_state|state",
            "priority": "priority",
            "requester": "caller_id",
            "assignee": "assigned_to",
            "team": "assignment_group",
            "category": "category",
            "created_at": "opened_at",
            "updated_at": "sys_updated_at|sys_updated_on",
            "resolved_at": "resolved_at",
            "closed_at": "closed_at",
            "comment_by": "sys_updated_by",
        }
    ),
    folded_all("sys_mod_count|reassignment_count|made_sla"),
    "servicenow",
    fewest=8,
    layout=Layout(words=_WORDS, day_first=True, group_by="number"),
    without=folded_all(
        "active|sys_mod_count|made_sla|notify|knowledge|sys_created_by|sys_created_at|opened_by"
    ),
)
