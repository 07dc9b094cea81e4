"""Daily counts, kept in step with the tickets, so that reports need not read a million of them.

They are computed from the ticket's row alone, under the day (UTC) it was created; ``tix doctor`` compares the two.
Durations are counted in classes of a quarter of an octave each: whatever is read from them is at most 9 % off.
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
BANDS = 5  # of age; the last one has no end
_STEPS = 4  # classes per octave
_LONGEST = 2**38  # seconds: more than between any two valid instants


def of(ticket: Ticket) -> set[Key]:
    """Return the keys under which a ticket is counted, once each.

    ``store.statements.counts`` says the same in SQL.
    """
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
    """Return whether the response and the resolution were in time (1, 0, or - if undecided), and by which plan.

    Without a plan's name, not even an empty one, if there is no target any more.
    """
    response, resolution = ticket.response_met, ticket.resolution_met
    judged = f"{'-' if response is None else response}{'-' if resolution is None else resolution}"
    if ticket.sla is not None or ticket.due_at is not None or resolution is not None:
        return f"{judged}:{ticket.sla or ''}"
    return None if response is None else judged


def class_of(seconds: int) -> int:
    """Return the class of a duration: 0 up to a second, else the number of quarters of an octave."""
    return 0 if seconds <= 1 else 1 + int(math.log2(seconds) * _STEPS)


def first_seconds() -> list[tuple[int, int]]:
    """Return where each class above 0 begins, and its number; without classes that contain no whole second."""
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
    """Return the duration that stands for a class: its geometric middle, in seconds."""
    return 0 if number == 0 else round(2 ** ((number - 0.5) / _STEPS))


def changed(store: Store, old: Ticket | None, new: Ticket | None) -> None:
    """Update the counts for a ticket that is new, changed or deleted."""
    before = set() if old is None else of(old)
    after = set() if new is None else of(new)
    for keys, step in ((before - after, -1), (after - before, 1)):
        for name, day, value in keys:
            store.run("tally_move", name=name, day=day, value=value, count=step)
            if step < 0:
                store.run("tally_drop", key=name, of_day=day, of_value=value)


def add(store: Store, tickets: Iterable[Ticket]) -> None:
    """Count many new tickets at once."""
    found: Counter[Key] = Counter()
    for ticket in tickets:
        found.update(of(ticket))
    store.run_many(
        "tally_move",
        [{"name": n, "day": d, "value": v, "count": count} for (n, d, v), count in found.items()],
    )


def read(store: Store) -> Iterator[tuple[Key, int]]:
    """Yield every count."""
    for name, day, value, count in store.run("tallies"):
        yield (name, day, value), count
