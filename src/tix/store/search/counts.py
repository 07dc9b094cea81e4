"""Counts kept in step with the tickets, so that nobody has to read a million of them to know how it goes.

Worked out from the ticket's row alone, under the day (UTC) it was raised; ``tix doctor`` compares the two. Times are
counted in classes that grow by a quarter of an octave: whatever is read from them is at most 9 % off.
``store.reports`` reads them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from tix.domain.tickets.ticket import Ticket
from tix.store.connection import Store

# Name, day since 1970, value.
Key = tuple[str, int, str]

DAY = 86_400
BANDS = 5  # of age, but for the last, which has no end
_STEPS = 4  # classes an octave
_LONGEST = 2**38  # seconds: no two instants that can be written are further apart


def of(ticket: Ticket) -> set[Key]:
    """Where a ticket counts, once each. ``store.statements.counts`` says the same in SQL."""
    day = ticket.created_at // DAY
    holder = ticket.assignee or ""
    found = {("status", day, f"{ticket.phase}:{ticket.status}")}
    if ticket.phase == "open":
        found |= {
            ("assignee", day, holder),
            ("department", day, ticket.department or ""),
            ("priority", day, ticket.priority),
        }
    else:
        found.add(("over", day, holder))
    for name, at in (("response", ticket.first_response_at), ("resolution", ticket.resolved_at)):
        if at is not None:
            number = class_of(at - ticket.created_at)
            found |= {(name, day, str(number)), (f"{name}_of", day, f"{number}:{holder}")}
    promise = _promise(ticket)
    if promise is not None:
        found.add(("promise", day, promise))
    if ticket.rating is not None:
        found.add(("rating", day, f"{ticket.rating}:{holder}"))
    if ticket.reopened > 0:
        found.add(("reopened", day, "1"))
    return found


def _promise(ticket: Ticket) -> str | None:
    """Whether the response and the resolution were in time (1, 0, or - where that is open), and by which plan.

    Without a plan's name, not even an empty one, where nothing is promised any more.
    """
    response, resolution = ticket.response_met, ticket.resolution_met
    judged = f"{'-' if response is None else response}{'-' if resolution is None else resolution}"
    if ticket.sla is not None or ticket.due_at is not None or resolution is not None:
        return f"{judged}:{ticket.sla or ''}"
    return None if response is None else judged


def class_of(seconds: int) -> int:
    """The class of a time: 0 up to a second, else so many quarters of an octave."""
    return 0 if seconds <= 1 else 1 + int(math.log2(seconds) * _STEPS)


def first_seconds() -> list[tuple[int, int]]:
    """Where each class above 0 begins, and its number; those that no whole second falls in are left out."""
    found = []
    seconds = 2
    while seconds < _LONGEST:
        number = class_of(seconds)
        found.append((seconds, number))
        low, high = seconds, 2 * seconds + 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if class_of(middle) == number else (low, middle)
        seconds = high
    return found


def seconds_of(number: int) -> int:
    """The time that stands for a class: its middle, as ratios go."""
    return 0 if number == 0 else round(2 ** ((number - 0.5) / _STEPS))


def changed(store: Store, old: Ticket | None, new: Ticket | None) -> None:
    """Keeps the counts in step with a ticket that is new, has changed or is gone."""
    before = set() if old is None else of(old)
    after = set() if new is None else of(new)
    for keys, step in ((before - after, -1), (after - before, 1)):
        for name, day, value in keys:
            store.run("tally_move", name=name, day=day, value=value, count=step)
            if step < 0:
                store.run("tally_drop", key=name, of_day=day, of_value=value)


def add(store: Store, tickets: Iterable[Ticket]) -> None:
    """Counts many new tickets at once."""
    found: Counter[Key] = Counter()
    for ticket in tickets:
        found.update(of(ticket))
    store.run_many(
        "tally_move",
        [{"name": n, "day": d, "value": v, "count": count} for (n, d, v), count in found.items()],
    )


def read(store: Store) -> Iterator[tuple[Key, int]]:
    """Every count there is."""
    for name, day, value, count in store.run("tallies"):
        yield (name, day, value), count
