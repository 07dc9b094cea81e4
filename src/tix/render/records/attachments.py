"""Files of tickets as records."""

from __future__ import annotations

from tix.domain.times import instant
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.tickets.attachments import Attached


def record(one: Attached) -> dict[str, Any]:
    """A file, with who attached it and when."""
    return {
        "id": one.file.id,
        "name": one.file.name,
        "size": one.file.size,
        "mime": one.file.mime,
        "sha256": one.file.sha256,
        "by": one.item.by,
        "at": instant(one.item.at),
        "internal": one.item.internal,
    }
