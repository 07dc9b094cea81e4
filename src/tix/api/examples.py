"""A body for each route that takes one, by the name of the route: for its description."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "new": {"subject": "No sound", "message": "Since the update.", "priority": "high"},
    "edit": {"priority": "low", "add_tags": ["vip"], "note": "As agreed by phone."},
    "replies": {"message": "Please restart it.", "time": "10m"},
    "notes": {"message": "The cable is loose."},
    "time": {"time": "25m", "note": "On site."},
    "time-stop": {"note": "Done."},
    "rating": {"stars": 5, "comment": "Quick."},
    "assign": {"assignee": "@me"},
    "start": {},
    "hold": {"note": "Waits for a part."},
    "resolve": {"message": "It works again."},
    "close": {},
    "reopen": {"message": "It is back."},
    "snooze": {"until": "+3d"},
    "merge": {"into": "2", "yes": True},
    "split": {"entries": [2, "3-5"], "subject": "Another matter"},
    "link": {"relation": "relates", "ticket": "2"},
    "unlink": {"relation": "relates", "ticket": "2"},
    "follow": {"stop": False},
    "bulk": {"verb": "assign", "tickets": ["1-2"], "body": {"assignee": "@me"}, "atomic": True},
    "undo": {"dry_run": True},
    "notifications-read": {"all": True},
}
