"""Saved views as records."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.views import View


def record(view: View) -> dict[str, Any]:
    """Return a view as a record: its owner and its saved options."""
    words = view.words
    return {
        "name": view.name,
        "shared": view.owner is None,
        "owner": view.owner,
        "filters": view.filters,
        "columns": words.get("columns"),
        "sort": words.get("sort"),
        "limit": words.get("limit"),
    }
