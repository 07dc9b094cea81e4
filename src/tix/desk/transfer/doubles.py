"""Find records that an earlier file of the same tracker brought under another origin.

A CSV export of a tracker often does not name its host, and its JSON does: ``jira:SHOP-7`` and ``jira:jira.example#SHOP-7``.
Where number and subject agree, and both were created within a day of each other (exports differ in time zones), they are
one record. Without these times, or where ``--source`` says that it is another system, they are possible doubles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tix.desk.context import Desk
from tix.desk.transfer.report import Tally
from tix.domain.tickets.ticket import Ticket
from tix.typing import Any, NamedTuple

_SAME_DAY = 26 * 3600  # seconds: zones of UTC-12 and UTC+14 are that far apart
_TABLE = "csv"  # the kind of tables that no tracker wrote


class Match(NamedTuple):
    """A ticket here that a new record is like; ``is_same``: it is that record."""

    here: Ticket
    is_same: bool


class Doubles:
    """Finds the records of one import that are here already. ``is_named``: its source was named by the person importing."""

    def __init__(self, desk: Desk, *, is_named: bool) -> None:
        self._desk = desk
        self._is_named = is_named
        self._hosts: dict[str, tuple[str, ...]] = {}
        # The uids of records, and of the tickets that they are.
        self.uids: dict[str, str] = {}
        self.possible = Tally()

    def matches(self, told: Sequence[Ticket]) -> dict[str, Match]:
        """Return by uid the new records that are like a ticket here."""
        wanted = [(ticket, about) for ticket in told for about in self._others(ticket.about)]
        if not wanted:
            return {}
        abouts = json.dumps(list({about for _, about in wanted}))
        rows = self._desk.store.run("tickets_about", abouts=abouts).fetchall()
        here: dict[str, list[Ticket]] = {}
        for row in rows:
            ticket = Ticket(*row)
            here.setdefault(ticket.about or "", []).append(ticket)
        found: dict[str, Match] = {}
        for ticket, about in wanted:
            for other in here.get(about, ()):
                if _words(other.subject) == _words(ticket.subject) and ticket.uid not in found:
                    is_near = abs(other.created_at - ticket.created_at) <= _SAME_DAY
                    found[ticket.uid] = Match(other, is_near and not self._is_named)
        self.uids |= {uid: match.here.uid for uid, match in found.items() if match.is_same}
        return found

    def _others(self, about: str | None) -> Iterator[str]:
        """Yield what the same record may be called with a host, or without one."""
        kind, colon, rest = (about or "").partition(":")
        if not colon or kind == _TABLE:
            return
        host, mark, number = rest.rpartition("#")
        if mark and host:
            yield f"{kind}:{number}"
        elif not mark:
            yield from (f"{kind}:{host}#{rest}" for host in self._of_kind(kind))

    def _of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the hosts of the tickets of a tracker that are here."""
        if kind not in self._hosts:
            rows = self._desk.store.run("objects_beginning", first=f"{kind}:", last=f"{kind};")
            found: dict[str, None] = {}
            for (about,) in rows:
                host, mark, _ = str(about).removeprefix(f"{kind}:").rpartition("#")
                if mark:
                    found[host] = None
            self._hosts[kind] = tuple(found)
        return self._hosts[kind]


def resolved(links: list[Any], uids: dict[str, str]) -> list[Any]:
    """Return links between records with the uids of the tickets that they are."""
    return [(uids.get(one, one), relation, uids.get(other, other)) for one, relation, other in links]


def _words(subject: str) -> str:
    return " ".join(subject.casefold().split())
