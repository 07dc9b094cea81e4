"""Run schedules that are due: one ticket each, once, no matter who runs ``tick`` and how often.

The owner of the schedule is the creator of the ticket, which is added in the transaction that advances the
schedule. One ticket replaces all missed runs; what no longer exists is left out. An internal note says both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.schedules import draft as schedule_draft
from tix.desk.schedules.schedules import SCHEDULE, get
from tix.desk.tickets import new
from tix.desk.tickets.outcome import Outcome, saved
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain.people import Actor
from tix.domain.permissions import require
from tix.domain.schedules import recurrence
from tix.domain.schedules.schedule import Schedule
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Item, entry
from tix.errors import TixError
from tix.store import people
from tix.store.setup import schedules as rows

# Tickets per transaction; each can fail without the others.
_BATCH = 100
# The most missed runs listed in a note.
_TOLD = 10
_LOST = frozenset({6, 7, 8})  # errors of the store: the other schedules would fail too


def fire(desk: Desk, names: list[str], failed: Callable[[TixError], None]) -> int:
    """Create the tickets of these schedules where due; return how many. ``failed`` is called with each error."""
    made, makers = 0, _Makers(desk)
    for start in range(0, len(names), _BATCH):
        with desk.store.together():
            for name in names[start : start + _BATCH]:
                try:
                    made += _fire(desk, name, makers)
                except TixError as error:
                    if error.exit_status in _LOST:
                        raise
                    error.message = f"schedule {name}: {error.message}"
                    failed(error)
    return made


def run(desk: Desk, word: str) -> Outcome:
    """Create one ticket now, as the actor; the schedule's dates stay. Raises NotFound, NotAllowed."""
    one = get(desk, word)
    require(desk.actor, SCHEDULE.verb)
    with desk.store.writing():
        outcome, left = schedule_draft.raised(desk, one, notify=True)
        ticket, note = _noted(desk, outcome.ticket, _told(one, [], left))
        notifications.of_change(desk, outcome.ticket, ticket, note)
    return outcome._replace(ticket=ticket, items=(*outcome.items, *note))


class _Absent(Desk):
    """The desk of a schedule's owner, who runs no command: nothing is recorded for undo."""

    def deed(self, verb: str) -> None:  # type: ignore[override]  # nothing to undo
        return None


class _Makers:
    """The desk for each owner, with an admin's rights: only admins create schedules."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, Desk] = {}

    def desk_of(self, login: str) -> Desk:
        if login not in self._known:
            found = people.by_login(self._desk.store, login)
            maker = self._desk.actor.person if found is None else self._desk.present(found)
            self._known[login] = _Absent(
                self._desk.store, Actor(maker._replace(role="admin", departments=None)), self._desk.now
            )
        return self._known[login]


def _fire(desk: Desk, name: str, makers: _Makers) -> int:
    """Create the ticket of a schedule, if it is still due under the lock; return the number of tickets."""
    one = rows.SCHEDULES.get(desk.store, name)
    if one is None or one.next_at is None or one.next_at > desk.now:
        return 0
    moments = [one.next_at]
    next_at = None
    for at in recurrence.moments(one.rhythm, one.next_at):
        if at > desk.now:
            next_at = at
            break
        moments.append(at)
    theirs = makers.desk_of(one.owner)
    with desk.store.writing():
        if not rows.advance(desk.store, one, next_at, moments[-1]):
            return 0
        try:
            with desk.store.writing():
                _raise(theirs, one, moments)
        except TixError as error:
            if error.exit_status in _LOST:
                raise
            _raise_bare(theirs, one, moments, error)
    return 1


def _raise(desk: Desk, one: Schedule, moments: list[int]) -> None:
    outcome, left = schedule_draft.raised(desk, one, notify=False)
    _keep(desk, outcome, _told(one, moments, left))


def _raise_bare(desk: Desk, one: Schedule, moments: list[int], error: TixError) -> None:
    """Create the ticket with its subject and text only, where the rest fails."""
    values = schedule_draft.plain_values(one)
    request = TicketRequest(subject=one.subject, body=one.body, values=values, notify=False)
    left = [f"everything except subject and text: {error.message}"]
    _keep(desk, new.open_ticket(desk, request, Route(), {}), _told(one, moments, left))


def _keep(desk: Desk, outcome: Outcome, words: str) -> None:
    """Add the note and notify people, the owner included, who did not run the command."""
    ticket, note = _noted(desk, outcome.ticket, words)
    items = [item._replace(by=None, via=None) for item in (*outcome.items, *note)]
    notifications.of_new(desk, ticket, items)


def _noted(desk: Desk, ticket: Ticket, words: str) -> tuple[Ticket, list[Item]]:
    """Add an internal note: requesters do not see schedules."""
    return saved(desk, ticket, [entry("note", words, desk.author())], desk.deed("new"))


def _told(one: Schedule, moments: list[int], left: list[str]) -> str:
    """Return the text of the note: the schedule, the missed runs, what was left out."""
    if not moments:
        lines = [f"Created by hand from schedule {one.name}."]
    else:
        zone = recurrence.zone_of(one.zone)
        dates = ", ".join(_clock(at, zone) for at in moments[:_TOLD])
        more = f" and {len(moments) - _TOLD:,} more" if len(moments) > _TOLD else ""
        several = f" {len(moments):,} missed runs (one ticket for all):" if len(moments) > 1 else ""
        lines = [f"Created by schedule {one.name} for{several} {dates}{more}."]
    if left:
        lines += ["", "Left out:", *[f"- {words}" for words in left]]
    return "\n".join(lines)


def _clock(at: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"
