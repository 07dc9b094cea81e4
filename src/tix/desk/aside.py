"""What a screen shows beside a ticket: where its due date comes from, what to do next, what is folded."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.desk.context import Desk
    from tix.desk.tickets.read import FullTicket

# The verbs a person is likely to want next, by what they may do; a trigger only where it would do something.
_TRIGGERS = ("start", "resolve", "close", "reopen")


class Aside(NamedTuple):
    """``due_words`` say where the due date comes from; ``labels`` are what the topic calls its fields, by key.

    ``folds`` say where the quoted rest of an entry begins, in characters, by its id; ``next_commands`` are those that a
    person is likely to type next.
    """

    due_words: str
    labels: dict[str, str]
    folds: dict[int, int]
    next_commands: list[str]


class Shown(NamedTuple):
    """A whole ticket as a record, and what finds out what a screen shows beside it."""

    record: dict[str, Any]
    aside: Callable[[], Aside]


def aside(desk: Desk, whole: FullTicket, *, with_commands: bool = True) -> Aside:
    """Return what is shown beside a whole ticket, as far as its scope may see it."""
    from tix.desk.mail.quoted import folds

    ticket, due_words, labels = whole.ticket, "", {}
    if whole.scope.staff and ticket.due_at is not None:
        from tix.desk.tickets.why import in_short
        from tix.domain.tickets.lifecycle import settled

        due_words = in_short(desk, settled(ticket, desk.now))
    if ticket.topic is not None:
        shown = ticket.field_values(staff=whole.scope.staff)
        labels = {field.key: field.label for field in desk.asked(ticket.topic)} if shown else {}
    return Aside(due_words, labels, folds(desk, whole), next_commands(desk, whole) if with_commands else [])


def next_commands(desk: Desk, whole: FullTicket) -> list[str]:
    """Return the commands a person looking at the ticket is likely to type next."""
    from tix.desk.tickets.possible import possible

    ticket, may = whole.ticket, possible(desk, whole)
    number = ticket.number
    if whole.merged:
        shown = [] if ticket.merged_into is None else [f"tix show {ticket.merged_into}"]
        return [*shown, f"tix unmerge {number}"] if desk.actor.is_staff else [f"tix reply {number}"]
    if may.final:
        return [f'tix new --about ticket:{number} "…"']
    commands = [f"tix reply {number}"]
    if may.claim:
        commands.append(f"tix claim {number}")
    commands += [f"tix {verb} {number}" for verb in _TRIGGERS if verb in may.triggers]
    if may.rate:
        commands.append(f"tix rate {number} 5")
    return commands
