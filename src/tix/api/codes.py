"""Which failures each route answers: the codes of its problem documents, by HTTP status."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.api.routes import Route

# Of every route.
_ALWAYS = {
    401: ("unauthorized",),
    403: ("not-allowed",),
    422: ("invalid-value", "unknown-name"),
    500: ("error",),
    503: ("overloaded", "store-busy", "store-unusable", "store-damaged", "store-foreign", "store-newer"),
    507: ("storage",),
}
# What a rule or the state of the ticket says no with, of every write to one, and of some.
_REFUSED = ("refused", "final-status", "merged")
_OF_STATUS = ("illegal-transition",)
_OWN: dict[str, tuple[str, ...]] = {
    "claim": ("already-claimed",),
    "rating": ("already-rated", *_OF_STATUS),
    **dict.fromkeys(("edit", "replies", "start", "hold", "resolve", "close", "reopen"), _OF_STATUS),
}


def codes(route: Route) -> dict[int, tuple[str, ...]]:
    """Return the codes of a route's problem documents, by status, in order."""
    found = dict(_ALWAYS)
    names_ticket = "{id}" in route.path
    if names_ticket or route.name in ("bulk", "notifications-read"):
        found[404] = ("not-found",)
    if route.has_pages:
        found[400] = ("invalid-cursor",)
        found[422] += ("usage",)
    if route.name in ("merge", "bulk"):
        found[422] += ("unconfirmed",)
    if route.writes:
        own = _REFUSED + _OWN.get(route.name, ()) if names_ticket or route.name == "undo" else ("refused",)
        found[409] = (*own, "key-reused")
    if route.body is not None or route.takes_files:
        found |= {
            400: (*found.get(400, ()), "invalid-value"),
            413: ("invalid-value",),
            415: ("invalid-value",),
        }
    if route.versioned and route.writes and route.name != "new":
        found[412] = ("stale-version",)
    if route.needs_version:
        found[428] = ("version-required",)
    return dict(sorted(found.items()))
