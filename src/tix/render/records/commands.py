"""Records of commands that changed tickets, as ``tix undo --list`` prints them."""

from __future__ import annotations

from tix.render.records.fields import at
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.redo import PastCommand

FIELDS = ("id", "at", "verb", "tickets", "undone", "obstacle")


def record(command: PastCommand) -> dict[str, Any]:
    """Return the record of a command."""
    return {**command._asdict(), "at": at(command.at)}
