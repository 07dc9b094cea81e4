"""Counts kept in step with the tickets, so that nobody has to read a million of them to know how it goes.

Worked out from the ticket's row alone, under the day (UTC) it was raised; ``tix doctor`` compares the two. Times are
counted in classes that grow by a quarter of an octave: whatever is read from them is at most 9 % off.
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
_STEPS = 4  # classes an octave


def of(ticket: Ticket) -> set[Key]:
    """Where a ticket counts, once each."""
    day = ticket.created_at // DAY
    found = {("status", day, f"{ticket.phase}:{ticket.status}")}
    if ticket.phase == "open":
        found |= {
            ("assignee", day, ticket.assignee or ""),
            ("department", day, ticket.department or ""),
            ("priority", day, ticket.priority),
        }
    for name, at in (("response", ticket.first_response_at), ("resolution", ticket.resolved_at)):
        if at is not None:
            found.add((name, day, str(class_of(at - ticket.created_at))))
    for name in ("response_met", "resolution_met", "rating"):
        value = getattr(ticket, name)
        if value is not None:
            found.add((name, day, str(value)))
    return found


def class_of(seconds: int) -> int:
    """The class of a time: 0 up to a second, else so many quarters of an octave."""
    return 0 if seconds <= 1 else 1 + int(math.log2(seconds) * _STEPS)


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


def summed(store: Store, first: int, last: int) -> Counter[tuple[str, str]]:
    """How many tickets raised between two days have each value of each name."""
    rows = store.run("tallies_summed", first=first, last=last).fetchall()
    return Counter({(name, value): count for name, value, count in rows})


def by_day(store: Store, name: str, first: int, last: int) -> Counter[int]:
    """How many tickets have a value of that name, by the day they were raised."""
    return Counter(dict(store.run("tallies_by_day", name=name, first=first, last=last).fetchall()))


def read(store: Store, first: int, last: int) -> Iterator[tuple[Key, int]]:
    """The counts of the tickets raised between two days, both included."""
    for name, day, value, count in store.run("tallies", first=first, last=last).fetchall():
        yield (name, day, value), count
