"""What the description says of each route by hand: the codes of its problem documents, and an example of its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.api.routes import Route

# Of every route.
_ALWAYS = {
    401: ("unauthorized",),
    403: ("not-allowed",),
    422: ("invalid-value", "unknown-name"),
    429: ("throttled",),
    500: ("error",),
    503: ("overloaded", "store-busy", "store-unusable", "store-damaged", "store-foreign", "store-newer"),
    507: ("storage",),
}
# What a rule or the state of the ticket says no with, of every write to one, and of some.
_REFUSED = ("refused", "final-status", "merged")
_OF_STATUS = ("illegal-transition",)
# Of these, a parameter or the body names what may not be there.
_NAMING = frozenset(
    {"bulk", "notifications-read", "log", "triage", "topic-fields", "time-entries", "canned-one"}
)
# Of these the names come with the program: another one is an invalid value.
_FIXED = frozenset({"report", "setting"})
_OWN: dict[str, tuple[str, ...]] = {
    "claim": ("already-claimed",),
    "view-add": ("already-exists",),
    "rating": ("already-rated", *_OF_STATUS),
    **dict.fromkeys(("edit", "replies", "start", "hold", "resolve", "close", "reopen"), _OF_STATUS),
}


def codes(route: Route) -> dict[int, tuple[str, ...]]:
    """Return the codes of a route's problem documents, by status, in order."""
    found = dict(_ALWAYS)
    names_one = "{id}" in route.path or "{entry:" in route.path
    names_some = ("{name:path}" in route.path and route.name not in _FIXED) or route.name in _NAMING
    if names_one or names_some:
        found[404] = ("not-found",)
    if route.has_pages:
        found[400] = ("invalid-cursor",)
        found[422] += ("usage",)
    if route.name in ("merge", "bulk"):
        found[422] += ("unconfirmed",)
    if route.writes:
        refused = _REFUSED if names_one or route.name in ("undo", "redo") else ("refused",)
        own = refused + _OWN.get(route.name, ())
        found[409] = (*own, "key-reused")
    if route.body is not None or route.takes_files:
        found |= {
            400: (*found.get(400, ()), "invalid-value"),
            413: ("invalid-value",),
            415: ("invalid-value",),
        }
    if route.heeds_version:
        found[412] = ("stale-version",)
    if route.needs_version:
        found[428] = ("version-required",)
    return dict(sorted(found.items()))


# A body for each route that takes one, by the name of the route.
EXAMPLES: dict[str, dict[str, Any]] = {
    "new": {"subject": "No sound", "message": "Since the update.", "priority": "high"},
    "edit": {"priority": "low", "add_tags": ["vip"], "note": "As agreed by phone."},
    "replies": {"message": "Please restart it.", "time": "10m"},
    "notes": {"message": "The cable is loose."},
    "time": {"time": "25m", "note": "On site.", "at": "2026-11-30"},
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
    "redo": {"dry_run": True},
    "view-add": {
        "name": "hot",
        "priority": ["high", "urgent"],
        "sort": "due_at",
        "columns": ["ref", "subject"],
    },
    "view-edit": {"sort": "none", "mine": True},
    "notifications-read": {"all": True},
    "notifications-bulk": {"ids": [7, 8]},
    "notifications-mute": {"rules": ["changed"]},
    "notifications-unmute": {"rules": ["all"]},
}
