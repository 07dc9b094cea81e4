"""What a new desk starts with: types, priorities, and plans with their times in seconds."""

from __future__ import annotations

from collections.abc import Callable

from tix.typing import Any

# What a new desk starts with.
_FIRST_TYPES = ("issue", "request", "campaign", "emulation", "analyzed-email", "leaked-credentials")
_FIRST_PRIORITIES = (
    ("low", 10, ""),
    ("medium", 20, " normal med "),
    ("high", 30, ""),
    ("urgent", 40, " emergency critical "),
)
# Name, seconds to a resolution, seconds to a response.
_FIRST_PLANS = (
    ("sev-a", 4 * 3600, 1800),
    ("sev-b", 8 * 3600, 7200),
    ("sev-c", 3 * 86400, 8 * 3600),
    ("default", 2 * 86400, None),
)


def add(run: Callable[[str, dict[str, Any]], Any]) -> None:
    """Give an empty desk what a new one starts with; ``run`` executes a statement by its name."""
    run("counter_add", {"name": "number", "value": 0})
    for name, grace, response in _FIRST_PLANS:
        row = {"name": name, "grace_seconds": grace, "response_seconds": response}
        run("sla_add", {**row, "calendar": None, "overrides": None, "active": 1})
    for position, name in enumerate(_FIRST_TYPES):
        run("type_add", {"name": name, "active": 1, "position": position})
    for name, rank, aliases in _FIRST_PRIORITIES:
        run("priority_add", {"name": name, "rank": rank, "aliases": aliases, "active": 1})
