"""A ticket as one line of an export: the object of ``show``, and for staff what makes it whole.

For staff each item also has ``sets`` (the columns it changed) and, where it was written on another ticket,
``origin``; each file its ``kind`` and, where bytes are at hand, ``data`` in base64; and ``row`` holds the
columns of the ticket as stored that the rest does not show. What time has done and nobody recorded shows in
the fields, as in ``show``, while ``row`` keeps what is stored; such events are not written, because whoever
reads the line works them out again.

Written as text piece by piece: a line of three entries takes some 40 µs, through dictionaries of items 70.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from tix.domain.events import Item
from tix.domain.lifecycle import settle
from tix.domain.moments import instant
from tix.domain.ticket import FIELDS, Ticket, play
from tix.render.records import full_record, item_record

Row = Sequence[Any]
Bytes = Callable[[str], bytes | None]

# Columns that no field of `show` holds; the others are read back from the fields.
HIDDEN = (
    "id rank sla due_by_hand paused_at overdue_at first_response_at notes internal_attachments lapses_to documents"
).split()
# What one can work out from other columns.
DERIVED = frozenset({"due_key", "entries", "attachments"})

encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False).encode


class Lines:
    """Writes lines for one reader. ``names`` are people's names, ``data`` gives the bytes of a file."""

    def __init__(self, names: Mapping[str, str], data: Bytes, *, staff: bool, now: int) -> None:
        self._names = names
        self._data = data
        self._staff = staff
        self._now = now
        self._people: dict[str | None, tuple[str, str]] = {None: ("null", "null")}

    def line(
        self, row: Row, items: Sequence[Row], files: Mapping[int, Sequence[Row]], facts: Any = None
    ) -> Iterator[str]:
        """One object, in pieces, without the line's end; ``facts`` is the desk's, on the first line."""
        ticket = Ticket(*row[:-2])
        passed = settle(ticket, self._now)
        record = full_record(ticket, row[-2], row[-1], self._staff, self._now, [])
        # `thread` is the last key, so its list is filled by writing before the closing bracket.
        yield encode(record)[:-2]
        separator = ""
        for item in items:
            hung = files.get(item[13])
            yield separator + self._item(item, "" if hung is None else None)
            if hung is not None:
                yield from self._files(hung)
                yield self._end(item)
            separator = ", "
        if not self._staff:
            yield from self._virtual(passed, separator)
        yield "]"
        if self._staff:
            yield f', "row": {encode(_stored(ticket, passed))}'
        if facts is not None:
            yield f', "desk": {encode(facts)}'
        yield "}"

    def _item(self, item: Row, files: str | None) -> str:
        """An item up to its files, or whole where it has none."""
        by, by_name = self._person(item[2])
        body = "null" if item[6] is None else quoted(item[6])
        internal = "true" if item[5] else "false"
        start = (
            f'{{"id": {item[13]}, "at": "{instant(item[1])}", "kind": "{item[0]}", "by": {by}, '
            f'"by_name": {by_name}, "via": {self._person(item[3])[0]}, "side": "{item[4]}", "body": {body}, '
            f'"internal": {internal}, "attachments": ['
        )
        return start if files is None else start + self._end(item)

    def _end(self, item: Row) -> str:
        """What follows the files of an item."""
        if item[7] is None:
            event = "null"
        else:
            old, new, reason = (item[9], item[10], item[11])
            event = (
                f'{{"type": "{item[7]}", "field": {_text(item[8])}, "old": {_text(old)}, '
                f'"new": {_text(new)}, "reason": {_text(reason)}}}'
            )
        if not self._staff:
            return f'], "event": {event}}}'
        origin = "" if item[15] == item[14] else f', "origin": {item[15]}'
        # Stored as compact JSON, ASCII: it goes out as it is.
        return f'], "event": {event}, "sets": {item[12] or "null"}{origin}}}'

    def _files(self, files: Sequence[Row]) -> Iterator[str]:
        separator = ""
        for _, name, size, mime, sha256, kind, id in files:
            start = (
                f'{separator}{{"id": {id}, "name": {quoted(name)}, "size": {size}, "mime": {quoted(mime)}, '
                f'"sha256": {quoted(sha256)}'
            )
            yield f'{start}, "kind": {quoted(kind)}' if self._staff else start
            data = self._data(sha256)
            if data is not None:
                from base64 import b64encode

                yield ', "data": "'
                yield b64encode(data).decode()
                yield '"'
            yield "}"
            separator = ", "

    def _virtual(self, passed: Sequence[Item], separator: str) -> Iterator[str]:
        """What time did and nobody recorded, for a reader to whom the line is all there is."""
        for item in passed:
            if not item.internal:
                yield separator + encode(item_record(item, None))
                separator = ", "

    def _person(self, login: str | None) -> tuple[str, str]:
        """A login and its name, ready to be written."""
        found = self._people.get(login)
        if found is None:
            assert login is not None
            name = self._names.get(login)
            found = self._people[login] = (quoted(login), _text(name))
        return found


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _stored(ticket: Ticket, passed: Sequence[Item]) -> dict[str, Any]:
    """The columns that the fields do not show, and those that show what nobody recorded yet."""
    row = {name: getattr(ticket, name) for name in HIDDEN}
    if passed:
        shown = play(ticket, passed)
        for name in FIELDS:
            if name not in row and name not in DERIVED and getattr(ticket, name) != getattr(shown, name):
                row[name] = getattr(ticket, name)
    return row
