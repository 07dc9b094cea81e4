"""Write to a merged ticket: the entry goes to the ticket that has its thread now."""

from __future__ import annotations

import itertools

from tix.desk import notifications
from tix.desk.context import Desk
from tix.domain.tickets import followers, lifecycle, merge, snooze
from tix.domain.tickets.merge import alike, refuse_merged
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item
from tix.errors import Merged
from tix.store.tickets import merge as ticket_merge
from tix.store.tickets import tickets
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.tickets.outcome import Decide, Outcome

# Commands that act on the merged ticket itself, and commands that write to the ticket with its thread.
_ITSELF = frozenset({"rate"})
_ELSEWHERE = frozenset({"reply", "note", "attach add", "mail"})


def place_of(desk: Desk, merged: Ticket, verb: str) -> Ticket:
    """Return the ticket to write to. Raises Merged for commands that change the merged ticket.

    Also for a staff reply that another requester would receive.
    """
    if verb in _ITSELF:
        return merged
    place = ticket_merge.holder(desk.store, merged)
    if verb not in _ELSEWHERE or place.number == merged.number:
        refuse(desk, merged)
    if verb == "reply" and desk.actor.is_staff:
        merge.refuse_reply(merged, place, seen=sees(desk, place))
    return place


def stays_apart(desk: Desk, merged: Ticket, place: Ticket) -> bool:
    """Return whether what the actor writes stays on the ticket they named.

    It does where they may not see the merge target, so that they still see it, and where the target belongs to
    somebody else, so that nobody reads more than before the merge.
    """
    if desk.actor.is_staff or place.number == merged.number:
        return False
    return not (alike(merged, place) and sees(desk, place))


def write_apart(
    desk: Desk, stored: Ticket, stored_target: Ticket, verb: str, decide: Decide, *, notify: bool
) -> Outcome:
    """Write to a merged ticket whose target is hidden from the actor; the target shows it to who may read it.

    A resolved or closed target is reopened by it, otherwise nobody would notice.
    """
    from tix.desk.tickets.outcome import Outcome, saved

    desk.after(stored, stored_target)
    passed = lifecycle.settle(stored, desk.now)
    passed_there = lifecycle.settle(stored_target, desk.now)
    source, target = play(stored, passed), play(stored_target, passed_there)
    way = ticket_merge.way(desk.store, stored)
    hidden_by = next((one for one, into in itertools.pairwise(way) if not alike(stored, into)), None)
    hidden = hidden_by is not None
    said = decide(target)
    if target.snoozed_until is not None:
        said = snooze.awakened(target, said)
    words, events = merge.parted(said, hidden=hidden)
    brought = [item.new for item in said if item.type == "followed" and item.new is not None]
    words += followers.follow(source, brought, desk.author())
    deed = desk.deed(verb)
    before = ticket_merge.standing(desk.store, target)
    new, kept = saved(desk, stored, [*passed, *words], deed)
    ticket_merge.add(desk.store, new, target, hidden_by)
    now = merge.difference(before, ticket_merge.standing(desk.store, target))
    noted = merge.received(target, source, desk.author(), now, hidden=hidden)
    there, kept_there = saved(desk, stored_target, [*passed_there, noted, *events], deed)
    if passed_there:
        notifications.of_change(desk, stored_target, there, kept_there[: len(passed_there)])
    if notify:
        heard = [_for(item, hidden=hidden) for item in kept[len(passed) :] if item.kind != "event"]
        notifications.of_change(desk, target, there, [*heard, *kept_there[len(passed_there) + 1 :]])
        notifications.of_change(
            desk, source, new, kept[len(passed) :], audience=lambda person: not person.is_staff
        )
    return Outcome(new, tuple(words))


def _for(item: Item, *, hidden: bool) -> Item:
    return item._replace(internal=True) if hidden else item


def told(desk: Desk, merged: Ticket, outcome: Outcome) -> Outcome:
    """Return the outcome to report: who may not see the target gets the ticket they named."""
    place = outcome.ticket
    if not sees(desk, place):
        return outcome._replace(ticket=merged)
    return outcome._replace(merged=merged.ref, place=place.ref)


def refuse(desk: Desk, ticket: Ticket) -> None:
    """Raise Merged for a ticket that is merged; the target is named only to who may see it."""
    if ticket.merged_into is not None:
        place = ticket_merge.numbered(desk.store, ticket.merged_into)
        seen = place is not None and sees(desk, place)
        refuse_merged(ticket, seen=seen, staff=desk.actor.is_staff)


def refuse_shared(desk: Desk, ticket: Ticket) -> None:
    """Raise Merged for a ticket that is merged, and for one that others are merged into."""
    refuse(desk, ticket)
    for other in ticket_merge.sources(desk.store, ticket):
        raise Merged(
            Said(
                "{ref} is merged into {ref2}; its entries would be deleted too",
                ref=other.ref,
                ref2=ticket.ref,
            ),
            hint=f"tix unmerge {other.number}, then repeat the delete",
        )


def sees(desk: Desk, ticket: Ticket) -> bool:
    """Return whether the actor may see a ticket."""
    return tickets.get(desk.store, ticket.number, desk.scope) is not None
