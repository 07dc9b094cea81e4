"""Split entries of a ticket off into a new one."""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets import redirect
from tix.desk.tickets.merge import EVERYTHING
from tix.desk.tickets.new import new_uid, opening_message
from tix.desk.tickets.outcome import Outcome, saved
from tix.desk.tickets.read import find
from tix.desk.tickets.read import whole as read_whole
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain.organisation import Priority
from tix.domain.people import Person
from tix.domain.permissions import require
from tix.domain.tickets import edit, lifecycle, merge
from tix.domain.tickets import split as ticket_split
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, opened, play
from tix.domain.tickets.timeline import Item, ThreadLine, event
from tix.errors import Refused
from tix.store import people
from tix.store.setup import settings
from tix.store.tickets import merge as ticket_merge
from tix.store.tickets import tickets
from tix.store.tickets import timeline as ticket_timeline
from tix.typing import Any
from tix.words.sentence import Said

# Fields copied to the new ticket.
_SAME = "type category source".split()


def split(
    desk: Desk, reference: Reference, spans: Sequence[tuple[int, int]], subject: str | None = None
) -> Outcome:
    """Create a ticket from the entries with ids in ``spans``, by default with the old ticket's subject.

    Its requester is the author of the first entry where that is a requester, else the old ticket's. Raises
    NotFound, NotAllowed, InvalidValue, Refused.
    """
    with desk.store.writing():
        stored = find(desk, reference)
        require(desk.actor, "split")
        desk.after(stored)
        passed = lifecycle.settle(stored, desk.now)
        if passed:
            old = play(stored, passed)
            stored, kept = saved(desk, stored, passed)
            notifications.of_change(desk, old, stored, kept)
        old = stored
        assert old.id is not None
        redirect.refuse(desk, old)
        lines = ticket_timeline.timeline(desk.store, old.id, desk.scope)
        entries = ticket_split.chosen(old, [line.item for line in lines], _foreign(lines), spans)
        lifecycle.refuse_final(old, desk.rules_of(old))
        before = ticket_merge.standing(desk.store, old)
        new = _made(desk, old, entries, subject)
        _left(desk, old, new, merge.difference(before, ticket_merge.standing(desk.store, old)))
    return Outcome(new, effect="created")


def offered(desk: Desk, reference: Reference) -> list[Item]:
    """Return the entries that can be split off, oldest first. Raises NotFound, NotAllowed; Refused for none."""
    whole = read_whole(desk, reference)
    require(desk.actor, "split")
    redirect.refuse(desk, whole.ticket)
    lifecycle.refuse_final(whole.ticket, desk.rules_of(whole.ticket))
    found = ticket_split.offered([line.item for line in whole.lines], _foreign(whole.lines))
    if not found:
        raise Refused(
            Said("{ref} has only its first message, so there is nothing to split off", ref=whole.ticket.ref)
        )
    return found


def _foreign(lines: Sequence[ThreadLine]) -> set[int]:
    """Return the ids of entries that came with a merge."""
    return {line.item.id or 0 for line in lines if line.origin is not None}


def _made(desk: Desk, old: Ticket, entries: Sequence[Item], subject: str | None) -> Ticket:
    """Create the new ticket with its entries."""
    first = entries[0]
    values = _values(desk, old, first, subject)
    opening = ticket_split.as_opening(first, values)
    timeline = [opening, *(item._replace(sets=None) for item in entries[1:])]
    number = settings.take_numbers(desk.store)
    begun = opened(number, desk.settings.text("prefix"), new_uid(), opening)
    named = {login for login in (begun.requester, begun.assignee) if login is not None}
    begun = ticket_merge.split(desk.store, old, begun, timeline, people.named(desk.store, named))
    said = event("split", desk.author(), field="entries", old=old.ref)
    late = [] if begun.due_at is None or begun.due_at > desk.now else [edit.overdue_already(desk.now)]
    new = play(begun, [*timeline[1:], said, *late])
    kept = tickets.save(desk.store, begun, new, [said, *late], desk.deed("split"))
    notifications.of_new(desk, new, [opening, *kept])
    return new


def _values(desk: Desk, old: Ticket, first: Item, subject: str | None) -> dict[str, Any]:
    """Return the first columns of the new ticket, as if it had been created with the first of its entries."""
    requester = _requester(desk, old, first)
    client = requester.client or (old.client if requester.login == old.requester else None)
    holder = None if old.assignee is None else people.by_login(desk.store, old.assignee)
    if holder is not None and (not holder.active or not holder.is_staff or holder.is_away(desk.now)):
        holder = None
    request = TicketRequest(
        subject=subject or old.subject,
        body=first.body or "",
        values={name: getattr(old, name) for name in _SAME}
        | {"priority": Priority(old.priority, old.rank), "client": client},
        assignee=holder,
    )
    route = Route(department=old.department, team=old.team, sla=old.sla, sla_by_hand=bool(old.sla_by_hand))
    then = Desk(desk.store, desk.actor, first.at)
    opening = opening_message(then, request, route, requester, first.files)
    return dict(opening.sets or {})


def _requester(desk: Desk, old: Ticket, first: Item) -> Person:
    writer = None if first.by is None else people.by_login(desk.store, first.by)
    if writer is None or writer.is_staff or not writer.active:
        writer = people.by_login(desk.store, old.requester)
    assert writer is not None
    return writer


def _left(desk: Desk, old: Ticket, new: Ticket, changed: dict[str, Any]) -> None:
    """Save the old ticket without the entries, with the event that records the split."""
    assert old.id is not None
    written = ticket_timeline.timelines(desk.store, [old.id], EVERYTHING)[old.id]
    row, said = ticket_split.left_over(old, written, changed, desk.author(), new.ref)
    kept = tickets.save(desk.store, old, row, [said], desk.deed("split"))
    notifications.of_change(desk, old, row, kept)
