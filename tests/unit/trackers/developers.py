"""Small files of the trackers that developers use: GitLab, Redmine, Bugzilla."""

from tests.unit.trackers.samples import as_json, as_lines

ANN = {"id": 5, "name": "Ann Lee"}
BOB = {"id": 6, "name": "Bob Ray"}

GITLAB = {
    "id": 901,
    "iid": 7,
    "project_id": 3,
    "title": "Printer on fire",
    "description": "It burns.",
    "state": "closed",
    "created_at": "2026-01-05T10:00:00.000Z",
    "updated_at": "2026-01-05T16:00:00.000Z",
    "closed_at": "2026-01-05T15:00:00.000Z",
    "closed_by": {"id": 2, "username": "bob", "name": "Bob Ray"},
    "labels": ["hot"],
    "milestone": {"title": "May"},
    "assignees": [{"username": "bob", "name": "Bob Ray"}, {"username": "ann", "name": "Ann Lee"}],
    "author": {"username": "ann", "name": "Ann Lee"},
    "user_notes_count": 1,
    "due_date": "2026-01-06",
    "web_url": "https://gitlab.example/Acme/shop/-/issues/7",
    "time_stats": {"human_total_time_spent": "2h"},
    "issue_links": [{"iid": 8, "link_type": "is_blocked_by"}],
    "notes": [
        {
            "body": "Water?",
            "author": {"username": "ann", "name": "Ann Lee"},
            "created_at": "2026-01-05T11:00:00Z",
            "system": False,
        },
        {
            "body": "closed",
            "author": {"username": "bob", "name": "Bob Ray"},
            "created_at": "2026-01-05T12:00:00Z",
            "system": True,
        },
        {
            "body": "reopened",
            "author": {"username": "ann", "name": "Ann Lee"},
            "created_at": "2026-01-05T13:00:00Z",
            "system": True,
        },
        {
            "body": "Between us",
            "internal": True,
            "author": {"username": "bob", "name": "Bob Ray"},
            "created_at": "2026-01-05T14:00:00Z",
            "system": False,
        },
    ],
}
GITLAB_PROJECT = {
    "description": "",
    "visibility_level": 10,
    "labels": [{"title": "hot"}],
    "issues": [
        {
            "iid": 7,
            "title": "Printer on fire",
            "author_id": 4,
            "description": "It burns.",
            "state": "opened",
            "created_at": "2026-01-05T10:00:00.000Z",
            "updated_at": "2026-01-05T16:00:00.000Z",
            "label_links": [{"label": {"title": "hot"}}],
            "issue_assignees": [{"user_id": 9}],
            "notes": [
                {
                    "note": "Water?",
                    "author": {"name": "Ann Lee"},
                    "created_at": "2026-01-05T11:00:00Z",
                    "system": False,
                }
            ],
        }
    ],
    "merge_requests": [
        {
            "iid": 7,
            "title": "Pour",
            "source_branch": "pour",
            "state": "merged",
            "author_id": 4,
            "created_at": "2026-01-05T10:00:00.000Z",
        }
    ],
}
REDMINE = {
    "id": 12,
    "project": {"id": 1, "name": "Office"},
    "tracker": {"id": 1, "name": "Support"},
    "status": {"id": 9, "name": "Erledigt", "is_closed": True},
    "priority": {"id": 4, "name": "Urgent"},
    "author": ANN,
    "assigned_to": BOB,
    "category": {"id": 1, "name": "Printers"},
    "parent": {"id": 3},
    "subject": "Printer on fire",
    "description": "It burns.",
    "start_date": "2026-01-05",
    "due_date": "2026-01-06",
    "done_ratio": 50,
    "spent_hours": 1.5,
    "custom_fields": [{"id": 2, "name": "Level", "value": "Gold"}],
    "created_on": "2026-01-05T10:00:00Z",
    "updated_on": "2026-01-05T16:00:00Z",
    "closed_on": "2026-01-05T15:00:00Z",
    "attachments": [
        {
            "filename": "fire.jpg",
            "filesize": 1234,
            "content_url": "https://redmine.example/attachments/1/fire.jpg",
        }
    ],
    "relations": [
        {"issue_id": 12, "issue_to_id": 13, "relation_type": "blocks"},
        {"issue_id": 14, "issue_to_id": 12, "relation_type": "duplicates"},
    ],
    "journals": [
        {
            "user": BOB,
            "notes": "",
            "created_on": "2026-01-05T11:00:00Z",
            "details": [{"property": "attr", "name": "status_id", "old_value": "1", "new_value": "2"}],
        },
        {"user": ANN, "notes": "Water?", "created_on": "2026-01-05T12:00:00Z", "details": []},
        {"user": BOB, "notes": "Between us", "private_notes": True, "created_on": "2026-01-05T13:00:00Z"},
        {
            "user": BOB,
            "notes": "Wet.",
            "created_on": "2026-01-05T15:00:00Z",
            "details": [{"property": "attr", "name": "status_id", "old_value": "2", "new_value": "9"}],
        },
    ],
}
BUGZILLA = {
    "id": 7,
    "summary": "Printer on fire",
    "status": "VERIFIED",
    "resolution": "WONTFIX",
    "is_open": False,
    "product": "Office",
    "component": "Printers",
    "severity": "critical",
    "priority": "--",
    "creator": "ann@acme.example",
    "creator_detail": {
        "id": 1,
        "name": "ann@acme.example",
        "real_name": "Ann Lee",
        "email": "ann@acme.example",
    },
    "assigned_to": "bob",
    "assigned_to_detail": {"id": 2, "name": "bob", "real_name": "Bob Ray", "email": "bob"},
    "creation_time": "2026-01-05T10:00:00Z",
    "last_change_time": "2026-01-05T16:00:00Z",
    "keywords": ["hot"],
    "depends_on": [8],
    "blocks": [9],
    "dupe_of": None,
    "cc": ["cy@acme.example"],
    "whiteboard": "[fire]",
    "cf_color": "red",
    "cf_empty": "---",
    "comments": [
        {"text": "It burns.", "creator": "ann@acme.example", "time": "2026-01-05T10:00:00Z", "count": 0},
        {
            "text": "Water?",
            "creator": "ann@acme.example",
            "creation_time": "2026-01-05T11:00:00Z",
            "is_private": False,
        },
        {"text": "Between us", "creator": "bob", "time": "2026-01-05T12:00:00Z", "is_private": True},
    ],
    "history": [
        {
            "when": "2026-01-05T13:00:00Z",
            "who": "bob",
            "changes": [{"field_name": "status", "removed": "NEW", "added": "ASSIGNED"}],
        },
        {
            "when": "2026-01-05T14:00:00Z",
            "who": "bob",
            "changes": [{"field_name": "status", "removed": "ASSIGNED", "added": "RESOLVED"}],
        },
        {
            "when": "2026-01-05T15:00:00Z",
            "who": "ann@acme.example",
            "changes": [{"field_name": "bug_status", "removed": "RESOLVED", "added": "VERIFIED"}],
        },
    ],
}

SAMPLES = [
    ("gitlab", as_json([GITLAB])),
    ("gitlab", as_json(GITLAB)),
    ("gitlab", as_lines(*GITLAB_PROJECT["issues"])),
    ("gitlab", as_json(GITLAB_PROJECT)),
    ("redmine", as_json({"issues": [REDMINE], "total_count": 1, "offset": 0, "limit": 25})),
    ("redmine", as_json({"issue": REDMINE})),
    ("redmine", as_json([REDMINE])),
    ("redmine", as_lines(REDMINE, REDMINE)),
    ("bugzilla", as_json({"bugs": [BUGZILLA]})),
    ("bugzilla", as_json([BUGZILLA])),
]
