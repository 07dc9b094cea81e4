"""What became of each of several tickets, as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.api import problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.desk.tickets.bulk import Result


def record(one: Result, ticket: dict[str, Any] | None) -> dict[str, Any]:
    """Return a result as a record, with its ticket as it is now."""
    return {
        "ref": one.ref,
        "state": one.state,
        "ticket": ticket,
        "error": None if one.error is None else problems.problem(one.error),
        "items": _items(ticket, one.items),
        "merged": None if one.outcome is None else one.outcome.merged,
        "written_to": None if one.outcome is None else one.outcome.place,
        "ended": one.outcome is not None and one.outcome.ended,
    }


def _items(ticket: dict[str, Any] | None, ids: Sequence[int]) -> list[dict[str, Any]]:
    """What a write has added to the thread, as far as the key's owner may see it."""
    return [] if ticket is None else [one for one in ticket["thread"] if one["id"] in ids]
