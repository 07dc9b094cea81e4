"""The fields of a ticket as JSON, written as text: half the time of a dictionary and an encoder.

For what runs through a whole desk: ``list -o jsonl`` and exports. Tests compare it with ``records``. Which fields
there are is in ``domain.tickets.fields``; of those one formatted string is made and compiled, once for a reader,
which takes half a millisecond. A function called for each value would take half as long again for every ticket
(measured: 7 instead of 5 µs).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring_ascii as quoted

from tix.domain.tickets.fields import TicketField
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.domain.times import instant
from tix.render.records.fields import LISTED, SHAPES, Remembered
from tix.typing import Any

encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False).encode

# How a column is written, by the kind of the field; ``$`` stands for the column, and what it names is in ``_names``.
_WRITTEN = {
    "text": "{text($)}",
    "word": "{word[$]}",
    "person": "{word[$]}",
    "place": "{word[$]}",
    "count": "{$}",
    "number": '{"null" if $ is None else $}',
    "flag": '{"null" if $ is None else "true" if $ else "false"}',
    "instant": "{moment[$]}",
    "tags": '{tags[$] if $ else "[]"}',
    "names": '{"[]" if $ is None else names[$]}',
    "links": '{"[]" if $ is None else links[$]}',
    "answers": "{answers(t)}",
}
# Those that are not as their kind is, because they are there always or are no column.
_BY_NAME = {
    "ref": '"{t.prefix}{t.number}"',
    "subject": "{quoted(t.subject)}",
    "uid": '"{t.uid}"',
    "requester_name": "{text(name)}",
    "requester_email": "{text(email)}",
    "overdue": '{"true" if t.is_overdue(now) else "false"}',
}
_EMPTY = {"tags": "[]", "names": "[]", "links": "[]"}


class Listed:
    """Writes ``chosen`` fields of tickets, those of ``list`` unless said, for one reader at one moment."""

    def __init__(self, chosen: Sequence[TicketField] = LISTED, *, staff: bool, now: int) -> None:
        self._staff = staff
        self._now = now
        self.words = Remembered(text)
        self.moments = Remembered(_moment)
        # The object of a settled ticket without its closing brace, from it and the requester's name and address.
        self.fields: Callable[[Ticket, str | None, str | None], str] = self._compiled(chosen)

    def line(self, ticket: Ticket, name: str | None, email: str | None) -> str:
        """The object of ``list``; the ticket is settled first, whether or not that is stored."""
        return self.fields(settled(ticket, self._now), name, email) + "}"

    def _compiled(self, chosen: Sequence[TicketField]) -> Callable[..., str]:
        pairs = ", ".join(f'"{field.name}": {_written(field, self._staff)}' for field in chosen)
        names = {
            "text": text,
            "quoted": quoted,
            "word": self.words,
            "moment": self.moments,
            "answers": self._answers,
            "now": self._now,
            **{kind: Remembered(_encoder(SHAPES[kind])) for kind in _EMPTY},
        }
        # Made of the tables above and of nothing that anybody typed.
        return eval(f"lambda t, name, email: f'''{{{{{pairs}'''", names)  # type: ignore[no-any-return]  # noqa: S307

    def _answers(self, t: Ticket) -> str:
        """What the topic asked, as far as this reader reads it."""
        if t.fields is None and (t.internal_fields is None or not self._staff):
            return "{}"
        return encode(t.field_values(staff=self._staff))


def _written(field: TicketField, staff: bool) -> str:
    """What of the formatted string is the value of a field."""
    if field.requester == "nothing" and not staff:
        return _EMPTY.get(field.kind, "null")
    if field.name in _BY_NAME:
        return _BY_NAME[field.name]
    column = f"t.{field.name if staff else field.read_as}"
    if field.kind == "count" and field.internal is not None and staff:
        column += f" + t.{field.internal}"
    return _WRITTEN[field.kind].replace("$", column)


def _encoder(shape: Callable[[Any], Any]) -> Callable[[Any], str]:
    return lambda value: encode(shape(value))


def text(value: str | None) -> str:
    """A text, or null."""
    return "null" if value is None else quoted(value)


def _moment(at: int | None) -> str:
    return "null" if at is None else f'"{instant(at)}"'
