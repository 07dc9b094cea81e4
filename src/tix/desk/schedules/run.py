"""What schedules do when their moment comes: a ticket each, once, whoever ticks and however often.

A ticket is raised by the maker of its schedule, in the transaction in which the schedule goes on. Runs that were
missed are made up for by one ticket; what is not there any more is left out of it. A note says both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.schedules import draft as schedule_draft
from tix.desk.schedules.schedules import SCHEDULE, get
from tix.desk.tickets import new
from tix.desk.tickets.change import saved
from tix.desk.tickets.outcome import Outcome
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
from tix.store.setup import schedules as shelf

# Tickets in one transaction, each a part of it that may fail alone.
_BATCH = 100
# So many missed moments are told one by one.
_TOLD = 10
_LOST = frozenset({6, 7, 8})  # the store's own failures: nothing else would go better


def fire(desk: Desk, names: list[str], failed: Callable[[TixError], None]) -> int:
    """A ticket for each of these schedules whose moment has come; how many. ``failed`` hears of those that cannot."""
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
    """One ticket at once, raised by whoever says so; the rhythm stays as it is. Raises NotFound, NotAllowed."""
    one = get(desk, word)
    require(desk.actor, SCHEDULE.verb)
    with desk.store.writing():
        outcome, left = schedule_draft.raised(desk, one, notify=True)
        ticket, note = _noted(desk, outcome.ticket, _told(one, [], left))
        notifications.of_change(desk, outcome.ticket, ticket, note)
    return Outcome(ticket, (*outcome.items, *note))


class _Absent(Desk):
    """The desk as the maker of a schedule meets it, who types nothing: it is no command of theirs."""

    def deed(self, verb: str) -> None:  # type: ignore[override]  # nothing that could be taken back
        return None


class _Makers:
    """The desk as each maker meets it, with an admin's rights: a schedule was an admin's to make."""

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
    """The ticket of one schedule, if it is still due now that nobody else writes."""
    one = shelf.SCHEDULES.get(desk.store, name)
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
        if not shelf.advance(desk.store, one, next_at, moments[-1]):
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
    """What there is to say is said, whatever else cannot be."""
    values = schedule_draft.plain_values(one)
    request = TicketRequest(subject=one.subject, body=one.body, values=values, notify=False)
    left = [f"everything but the text: {error.message}"]
    _keep(desk, new.open_ticket(desk, request, Route(), {}), _told(one, moments, left))


def _keep(desk: Desk, outcome: Outcome, words: str) -> None:
    """Adds the note, and tells people: the maker too, who did not know that it would be now."""
    ticket, note = _noted(desk, outcome.ticket, words)
    items = [item._replace(by=None, via=None) for item in (*outcome.items, *note)]
    notifications.of_new(desk, ticket, items)


def _noted(desk: Desk, ticket: Ticket, words: str) -> tuple[Ticket, list[Item]]:
    """The ticket with a note for the staff; requesters know of no schedules."""
    return saved(desk, ticket, [entry("note", words, desk.author())], desk.deed("new"))


def _told(one: Schedule, moments: list[int], left: list[str]) -> str:
    """What the note says: where the ticket is from, which runs it makes up for, what was left out."""
    if not moments:
        lines = [f"Raised at once from the schedule {one.name}."]
    else:
        zone = recurrence.zone_of(one.zone)
        dates = ", ".join(_clock(at, zone) for at in moments[:_TOLD])
        more = f" and {len(moments) - _TOLD:,} more" if len(moments) > _TOLD else ""
        several = f" {len(moments):,} runs that were missed, made up for once:" if len(moments) > 1 else ""
        lines = [f"Raised by the schedule {one.name} for{several} {dates}{more}."]
    if left:
        lines += ["", "Left out of what it says:", *[f"- {words}" for words in left]]
    return "\n".join(lines)


def _clock(at: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"
