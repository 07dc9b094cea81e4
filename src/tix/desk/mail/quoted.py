"""Where the quoted rest of an entry begins that came by mail. The entry itself holds the whole text."""

from __future__ import annotations

from tix.store.mail import received
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.read import FullTicket


def folds(desk: Desk, whole: FullTicket) -> dict[int, int]:
    """Return where the quoted rest begins, in characters, by the id of the entry."""
    ids = [line.item.id for line in whole.lines if line.item.body and line.item.id is not None]
    return received.folds(desk.store, ids)
