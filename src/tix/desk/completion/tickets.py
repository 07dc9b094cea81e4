"""Complete ticket references, with their subjects."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from tix.desk.completion.suggestion import MOST, Suggestion, Which
from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.store.search import queue
from tix.store.setup import settings as setup_settings
from tix.store.tickets import tickets as repository

# The most tickets examined: a limit on the work, not on the suggestions.
_MOST_LOOKED_AT = 200
_FIRST_STRETCH = 1000


def tickets(desk: Desk, typed: str, which: Which, without: Collection[int] = ()) -> Iterator[Suggestion]:
    """Yield references that start with ``typed`` (``12``, ``#1``, ``TIX-``, ``tix-1``), with their subjects.

    The queue in its order, then other open tickets, then the rest by newest activity; by number where ``typed`` has
    digits. ``without`` are numbers already on the command line.
    """
    require(desk.actor, "completion")
    digits = typed.removeprefix("#").rpartition("-")[2]
    found = _numbered(desk, digits) if digits.isascii() and digits.isdigit() else by_urgency(desk, which)
    chosen = (
        Suggestion(reference, ticket.subject)
        for ticket in found
        if ticket.number not in without and _fits(desk, ticket, which)
        if (reference := _continued(ticket, typed)) is not None
    )
    return islice(chosen, MOST)


def _continued(ticket: Ticket, typed: str) -> str | None:
    """Return the reference of ``ticket`` in the form that ``typed`` starts, or None."""
    bare = typed.removeprefix("#")
    whole = str(ticket.number) if typed.startswith("#") or bare.isdigit() else ticket.ref
    return typed + whole[len(bare) :] if whole.lower().startswith(bare.lower()) else None


def _fits(desk: Desk, ticket: Ticket, which: Which) -> bool:
    match which:
        case "any":
            return True
        case "open":
            return ticket.phase == "open"
        case "over":
            return ticket.phase != "open"
        case "unclaimed":
            return ticket.phase == "open" and ticket.assignee is None
        case "rateable":
            over = ticket.phase in desk.rules_of(ticket).workflow.rated_in
            return over and ticket.rating is None and ticket.requester == desk.actor.login


def by_urgency(desk: Desk, which: Which) -> Iterator[Ticket]:
    """Yield tickets in the order of interest, each once, reading only as many as needed."""
    still_open = [queue.Selection({name: None}) for name in dict.fromkeys((desk.queue, "open"))]
    others = [queue.Selection({"closed": None}, "-last_activity_at")]
    selections = {"any": still_open + others, "over": others, "rateable": others}.get(which, still_open)
    seen = set()
    for selection in selections:
        if which == "unclaimed":
            selection = queue.Selection({**selection.filters, "unassigned": None})  # noqa: PLW2901  # narrower
        for row in queue.page(desk.store, desk.scope, selection._replace(limit=_MOST_LOOKED_AT), desk.now):
            if row.ticket.number not in seen:
                seen.add(row.ticket.number)
                yield settled(row.ticket, desk.now)


def _numbered(desk: Desk, digits: str) -> Iterator[Ticket]:
    """Yield tickets whose number starts with ``digits``, smallest first."""
    for number in islice(_numbers(desk, digits), _MOST_LOOKED_AT):
        ticket = repository.get(desk.store, number, desk.scope)
        if ticket is not None:
            yield settled(ticket, desk.now)


def _numbers(desk: Desk, digits: str) -> Iterator[int]:
    """Yield 12, then 120–129, then 1200–1299 …, read in steps that grow where few tickets are found."""
    last = setup_settings.last_number(desk.store)
    if digits.startswith("0") or len(digits) > len(str(last)):
        return
    low = high = int(digits)
    while low <= last:
        first, stretch = low, _FIRST_STRETCH
        while first <= min(high, last):
            end = min(high, last, first + stretch - 1)
            for number, _ in repository.numbers(desk.store, first, end, desk.scope):
                yield number
            first, stretch = end + 1, stretch * 10
        low, high = low * 10, high * 10 + 9
