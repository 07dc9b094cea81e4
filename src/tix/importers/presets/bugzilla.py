"""Bugzilla, the CSV of a search: with the names of its columns, or their titles."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

PRESET = Preset(
    "bugzilla-csv",
    "Bugzilla, CSV of a search",
    named(
        {
            "ref": "bug_id|Bug ID|ID",
            "subject": "short_desc|Summary",
            "status": "bug_status|Status",
            "priority": "priority",
            "type": "bug_type|Type",
            "requester": "reporter",
            "requester_name": "reporter_realname|Reporter Real Name",
            "assignee": "assigned_to|Assignee",
            "category": "component",
            "tags": "keywords",
            "created_at": "opendate|creation_ts|Opened",
            "updated_at": "changeddate|delta_ts|Changed",
            "due_at": "deadline",
        }
    ),
    folded_all("bug_id|Bug ID|bug_severity|changeddate|short_desc"),
    "bugzilla",
    layout=Layout(
        words={
            "status": {"UNCONFIRMED": "open", "CONFIRMED": "open", "ASSIGNED": "in-progress", "IN_PROGRESS": "in-progress",
                       "REOPENED": "open", "VERIFIED": "closed", "NEEDINFO": "on-hold"},
            "priority": {"--": "", "---": "", "normal": "medium", "enhancement": "low"},
            "assignee": {"Nobody; OK to take it and work on it": "none", "nobody@mozilla.org": "none",
                         "unassigned-bugs": "none"},
        },
    ),
)  # fmt: skip
