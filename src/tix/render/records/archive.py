"""A ticket as one line of an export: the object of ``show``, and for staff what makes it whole.

For staff each item also has ``sets`` (the columns it changed); where it put down time that is still there, ``work``;
where a merge has brought it among readers it is not for, ``apart``, the ticket whose merge that was. An item that
came with a merge (``origin`` says from where) stands on the line of the ticket it was written on too. Each file its ``kind`` and, where bytes are at hand, ``data`` in base64; and ``row`` holds the
columns of the ticket as stored that the rest does not show. What time has done and nobody recorded shows in
the fields, as in ``show``, while ``row`` keeps what is stored; such events are not written, because whoever
reads the line works them out again.

Written as text, key by key: a line of three entries takes 21 µs, through dictionaries 42. A test compares
it with what ``show`` prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter

from tix.domain.json_columns import quoted
from tix.domain.tickets.fields import ARCHIVED, DERIVED
from tix.domain.tickets.lifecycle import settle
from tix.domain.tickets.ticket import FIELDS, Ticket, play
from tix.domain.tickets.timeline import Item, is_untrusted
from tix.render.records.fields import WHOLE
from tix.render.records.ticket_encoder import Listed, encode, text
from tix.render.records.tickets import item_record
from tix.typing import Any

Row = Sequence[Any]
Bytes = Callable[[str], bytes | None]

_LEADS = tuple(f'"{name}": ' for name in ARCHIVED)
_archived = attrgetter(*ARCHIVED)


class Lines:
    """Writes lines for one reader. ``names`` are people's names, ``data`` gives the bytes of a file."""

    def __init__(self, names: Mapping[str, str], data: Bytes, *, staff: bool, now: int) -> None:
        self._names = names
        self._data = data
        self._staff = staff
        self._now = now
        self._listed = Listed(WHOLE, staff=staff, now=now)
        self._words = self._listed.words
        self._moments = self._listed.moments
        self._name: dict[str | None, str] = {}

    def line(
        self, row: Row, items: Sequence[Row], files: Mapping[int, Sequence[Row]], facts: Any = None
    ) -> Iterator[str]:
        """One object, in pieces, without the line's end; ``facts`` is the desk's, on the first line."""
        ticket = Ticket(*row[:-2])
        passed = settle(ticket, self._now)
        head = self._fields(play(ticket, passed) if passed else ticket, row[-2], row[-1])
        if any(item[13] in files for item in items):
            yield head
            separator = ""
            for item in items:
                yield separator + self._start(item)
                yield from self._files(files.get(item[13], ()))
                yield self._end(item)
                separator = ", "
        else:
            yield head + ", ".join([self._start(item) + self._end(item) for item in items])
        if self._staff:
            yield f'], "row": {_stored(ticket, passed)}'
        else:
            yield from self._virtual(passed)
            yield "]"
        yield "}" if facts is None else f', "desk": {encode(facts)}}}'

    def _fields(self, t: Ticket, name: str | None, email: str | None) -> str:
        """The fields of ``show``, up to and with the bracket that opens the thread; ``t`` is settled."""
        return f'{self._listed.fields(t, name, email)}, "thread": ['

    def _start(self, item: Row) -> str:
        """An item up to its files."""
        kind, at, by, via, side, internal, body = item[:7]
        # As in `show`; the staff's lines are lossless and keep it.
        id = item[13] if self._staff or side != "system" else "null"
        return (
            f'{{"id": {id}, "at": {self._moments[at]}, "kind": "{kind}", "by": {self._words[by]}, '
            f'"by_name": {self._named(by)}, "via": {self._words[via]}, "side": "{side}", '
            f'"body": {text(body)}, "internal": {"true" if internal else "false"}, "attachments": ['
        )

    def _end(self, item: Row) -> str:
        """What follows the files of an item."""
        type, field, old, new, reason, sets = item[7:13]
        if type is None:
            event = "null"
        else:
            event = (
                f'{{"type": "{type}", "field": {text(field)}, "old": {text(old)}, '
                f'"new": {text(new)}, "reason": {text(reason)}}}'
            )
        origin = "null" if item[15] is None else text(item[15])
        came = f'], "event": {event}, "origin": {origin}, "untrusted": {_flag(is_untrusted(item[4]))}'
        if not self._staff:
            return f"{came}}}"
        apart = "" if item[20] is None else f', "apart": {text(item[20])}'
        # Stored as compact JSON, ASCII: it goes out as it is.
        return f'{came}, "sets": {sets or "null"}{self._work(item)}{apart}}}'

    def _work(self, item: Row) -> str:
        """The time entry of an item, where it still exists."""
        if item[17] is None:
            return ""
        at, seconds, billable, invoice = item[16:20]
        return (
            f', "work": {{"at": {self._moments[at]}, "seconds": {seconds}, "billable": {_flag(billable)}, '
            f'"invoice": {"null" if invoice is None else invoice}}}'
        )

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

    def _virtual(self, passed: Sequence[Item]) -> Iterator[str]:
        """Automatic events not recorded yet, for requesters, who have nothing but the line."""
        for item in passed:
            if not item.internal:
                yield ", " + encode(item_record(item, None))

    def _named(self, login: str | None) -> str:
        """The name of a login, ready to be written."""
        found = self._name.get(login)
        if found is None:
            name = None if login is None else self._names.get(login)
            found = self._name[login] = text(name)
        return found


def _flag(value: int | None) -> str:
    return "null" if value is None else "true" if value else "false"


def _stored(ticket: Ticket, passed: Sequence[Item]) -> str:
    """The columns that the fields do not show, and those that show what nobody recorded yet, as an object."""
    columns = [lead + _value(value) for lead, value in zip(_LEADS, _archived(ticket), strict=True)]
    if passed:
        shown = play(ticket, passed)
        pairs = zip(FIELDS, ticket, shown, strict=True)
        columns += [
            f'"{name}": {_value(stored)}'
            for name, stored, played in pairs
            if stored != played and name not in ARCHIVED and name not in DERIVED
        ]
    return f"{{{', '.join(columns)}}}"


def _value(value: int | str | None) -> str:
    """A column as JSON: there are numbers and texts in a row, and nothing else."""
    return "null" if value is None else quoted(value) if isinstance(value, str) else f"{value:d}"
