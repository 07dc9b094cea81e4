"""Notices are kept with what they are about: who is to hear of it is ``domain.notices``'s to say."""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk.context import Desk
from tix.domain.events import Item
from tix.domain.ticket import Ticket


def of_new(desk: Desk, ticket: Ticket) -> None:
    """Somebody has raised a ticket."""


def of_change(desk: Desk, old: Ticket, new: Ticket, items: Sequence[Item]) -> None:
    """Something has been written on a ticket, or changed."""
