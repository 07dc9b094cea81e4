"""The values of a ticket's fields for one reader: what ``tickets`` makes dictionaries of, and ``ticket_encoder`` text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from tix.domain.json_columns import loads
from tix.domain.tickets import fields
from tix.domain.tickets.fields import TicketField
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.domain.times import instant
from tix.typing import Any

_REMEMBERED = 10_000

Picker = Callable[[tuple[Any, ...]], tuple[Any, ...]]

# What no column holds as a reader gets it; the answers are read from the ticket itself, where they are wanted.
_WORKED_OUT = (
    "ref",
    "requester_name",
    "requester_email",
    "overdue",
    "entries",
    "attachments",
    "fields",
    "nothing",
)
_POSITIONS = {name: position for position, name in enumerate((*FIELDS, *_WORKED_OUT))}

LISTED = fields.LISTED
# All of `show` but the thread, which no column holds.
WHOLE = tuple(field for field in fields.FIELDS if field.kind != "thread")


def values(t: Ticket, name: str | None, email: str | None, staff: bool, now: int) -> tuple[Any, ...]:
    """The columns of a settled ticket and what is worked out of them, for ``picker`` to choose from."""
    entries, attachments = t.entries, t.attachments
    if staff:
        entries += t.notes
        attachments += t.internal_attachments
    overdue = t.is_overdue(now)
    return t + (f"{t.prefix}{t.number}", name, email, overdue, entries, attachments, t, None)  # noqa: RUF005  # half the time


def picker(chosen: Sequence[TicketField], staff: bool) -> Picker:
    """What picks these fields out of ``values``, as far as the reader reads them."""
    return itemgetter(*(_POSITIONS[_column(field, staff)] for field in chosen))


def _column(field: TicketField, staff: bool) -> str:
    if staff:
        return field.name
    return "nothing" if field.requester == "nothing" else field.read_as


class Remembered(dict[Any, Any]):
    """What is made of values, once of each: the same few come in many tickets."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        if len(self) > _REMEMBERED:
            self.clear()
        made = self[value] = self._make(value)
        return made


def at(moment: int | None) -> str | None:
    """An instant as it is printed."""
    return None if moment is None else instant(moment)


def _tags(text: str | None) -> list[str]:
    return text.split() if text else []


def _names(text: str | None) -> list[str]:
    return list(loads(text)) if text else []


def _links(text: str | None) -> list[dict[str, str]]:
    return [{"relation": relation, "ref": ref} for relation, ref in loads(text)] if text else []


# What makes the values that are not printed as they are stored, by kind.
SHAPES: dict[str, Callable[[Any], Any]] = {
    "instant": Remembered(at).__getitem__,
    "flag": {None: None, 0: False, 1: True}.__getitem__,
    "tags": _tags,
    "names": _names,
    "links": _links,
}
