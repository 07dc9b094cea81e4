"""Due dates as an iCalendar file (RFC 5545), which calendars import and subscribe to.

Each open ticket with a due date is an event at that moment. Its ``UID`` stays the same, so that importing the file
again moves the event instead of adding another. An event takes up no time (``TRANSPARENT``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tix import __version__
from tix.domain.times import instant
from tix.typing import Any

_FOLD_OCTETS = 75  # §3.1
# §3.3.11: TEXT has no control characters but the tab.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FACTS = (
    ("Status", "status"),
    ("Priority", "priority"),
    ("Requester", "requester_name"),
    ("Assigned to", "assignee"),
    ("Client", "client"),
)


class Calendar:
    """Writes a calendar of ticket records; ``count`` says how many events it has."""

    def __init__(self, now: int) -> None:
        self._now = _moment(instant(now))
        self.count = 0

    def text(self, records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """Yield the content lines, folded, each with its end."""
        yield from map(_line, ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//tix//tix {__version__}//EN"))
        yield _line("X-WR-CALNAME:Due dates")
        for record in records:
            if record["due_at"] is not None and record["phase"] == "open":
                yield from map(_line, self._event(record))
                self.count += 1
        yield _line("END:VCALENDAR")

    def _event(self, record: Mapping[str, Any]) -> Iterator[str]:
        facts = [f"{label}: {record[name]}" for label, name in _FACTS if record.get(name)]
        yield "BEGIN:VEVENT"
        yield f"UID:{record['uid']}@tix"
        yield f"DTSTAMP:{self._now}"
        yield f"CREATED:{_moment(record['created_at'])}"
        yield f"LAST-MODIFIED:{_moment(record['updated_at'])}"
        yield f"SEQUENCE:{record['version']}"
        yield f"DTSTART:{_moment(record['due_at'])}"
        yield f"SUMMARY:{_escaped(record['ref'] + ': ' + record['subject'])}"
        yield f"DESCRIPTION:{_escaped(chr(10).join(facts))}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _moment(at: str) -> str:
    """Return ``20261122T090000Z`` of an instant of the records."""
    return at.replace("-", "").replace(":", "")


def _escaped(text: str) -> str:
    """Return a TEXT value (§3.3.11)."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _line(content: str) -> str:
    """Return a content line folded to 75 octets, never inside a character (§3.1)."""
    pieces: list[str] = []
    piece, octets = "", 0
    for char in content:
        size = len(char.encode())
        if octets + size > _FOLD_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += char
        octets += size
    return "\r\n".join([*pieces, piece]) + "\r\n"
