"""Merge tickets, and undo a merge; each is one transaction over both tickets."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets import redirect
from tix.desk.tickets.outcome import Action, Outcome, saved
from tix.desk.tickets.read import Named, find
from tix.domain.permissions import Scope, require
from tix.domain.tickets import lifecycle
from tix.domain.tickets import merge as ticket_merge
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item
from tix.errors import Refused, Unconfirmed
from tix.store import people
from tix.store.tickets import merge as store_merge
from tix.store.tickets import tickets, timeline
from tix.words.sentence import Said

EVERYTHING = Scope("all", "", staff=True)


def disclosures(desk: Desk, references: Iterable[Reference], into: Reference) -> list[str]:
    """Return what requesters will see after the merge, one line for each merge that needs confirmation.

    Tickets hidden from the actor are left for ``merge`` to refuse. Raises NotAllowed, NotFound for ``into``.
    """
    target = find(desk, into)
    require(desk.actor, "merge")
    found = []
    for reference in references:
        source = tickets.get(desk.store, reference.number, desk.scope)
        if source is not None and source.number != target.number and source.merged_into is None:
            found += [] if ticket_merge.alike(source, target) else [ticket_merge.disclosure(source, target)]
    return found


def merge(
    desk: Desk, reference: Reference, into: Reference, internal: str | None = None, *, agreed: bool = False
) -> Outcome:
    """Move the thread of one ticket into another and close it; ``internal`` is a note on the target.

    ``agreed``: the actor has confirmed what requesters of different clients will see. Raises NotFound, NotAllowed,
    Refused, and Unconfirmed where that confirmation is missing. The outcome is the ticket that was merged.
    """
    with desk.store.writing():
        stored, stored_target = find(desk, reference), find(desk, into)
        require(desk.actor, "merge")
        desk.after(stored, stored_target)
        passed = lifecycle.settle(stored, desk.now)
        source = play(stored, passed)
        if source.merged_into == stored_target.ref and internal is None:
            return Outcome(source, already=True)
        for one in (source, stored_target):
            if one.merged_into is not None and not Named(desk.store, desk.scope).sees(one.merged_into):
                redirect.refuse(desk, one)
        ticket_merge.refuse(source, stored_target, desk.rules_of(stored_target))
        if not agreed and not ticket_merge.alike(source, stored_target):
            raise Unconfirmed(
                ticket_merge.disclosure(source, stored_target),
                hint=Said("to merge anyway, add --yes"),
                ref=source.ref,
            )
        stored_target, target = _settled(desk, stored_target)
        ticket_merge.refuse(source, target, desk.rules_of(target))
        _refuse_timers(desk, source, target)
        author = desk.author()
        known = people.named(desk.store, source.watcher_list())
        staff = {login for login, person in known.items() if person.is_staff}
        come = ticket_merge.travelling(source, staff, together=ticket_merge.alike(source, target))
        items = ticket_merge.closing(source, desk.rules_of(source), author)
        # From now on the source shows only its own entries and files.
        own = {k: v for k, v in store_merge.own_counts(desk.store, source).items() if getattr(source, k) != v}
        items.append(ticket_merge.merged_away(play(source, items), target, author, come, own))
        new, kept = saved(desk, stored, [*passed, *items], desk.deed("merge"))
        notifications.of_change(desk, source, new, kept[len(passed) :])
        before = store_merge.standing(desk.store, target)
        unlike = [one for one in store_merge.family(desk.store, new) if not ticket_merge.alike(one, target)]
        store_merge.move(desk.store, new, target, unlike)
        now = ticket_merge.difference(before, store_merge.standing(desk.store, target))
        said = [ticket_merge.merged_in(target, source, author, come, now)]
        if internal is not None:
            said.append(lifecycle.note(target, desk.rules_of(target), author, internal))
        _write(desk, stored_target, target, said, "merge")
    return Outcome(new, tuple(items))


def into(target: Reference, internal: str | None = None, *, agreed: bool = False) -> Action:
    """Return the action that merges tickets into ``target``, which gets the note once."""
    untold = internal

    def action(desk: Desk, reference: Reference) -> Outcome:
        nonlocal untold
        outcome = merge(desk, reference, target, untold, agreed=agreed)
        untold = None
        return outcome

    return action


def unmerge(desk: Desk, reference: Reference, *, verb: str = "unmerge") -> Outcome:
    """Undo a merge: both tickets get their own thread again; what came since stays where it was written.

    ``verb`` is the command this is part of. Raises NotFound, NotAllowed; Refused for a ticket that is not merged,
    and where its target is itself merged.
    """
    with desk.store.writing():
        stored = find(desk, reference)
        require(desk.actor, "unmerge")
        place = store_merge.holder(desk.store, stored)
        desk.after(stored, place)
        passed = lifecycle.settle(stored, desk.now)
        source = play(stored, passed)
        if source.merged_into is None:
            raise Refused(Said("{ref} is not merged into another ticket", ref=source.ref))
        if place.ref != source.merged_into:
            first = place.ref if place.number == source.number else source.merged_into
            raise Refused(
                Said(
                    "{ref} is merged into {merged_into}, which is itself merged or does not exist",
                    ref=source.ref,
                    merged_into=source.merged_into,
                ),
                hint=f"tix unmerge {first}, then repeat this command",
            )
        stored_target, target = _settled(desk, place)
        family = store_merge.family(desk.store, source)
        author = desk.author()
        ids = [one.id for one in (source, target) if one.id is not None]
        written = timeline.timelines(desk.store, ids, EVERYTHING)
        time = store_merge.worked(desk.store, target, family)
        before = store_merge.standing(desk.store, target)
        store_merge.bring_back(desk.store, source, target, family)
        now = ticket_merge.difference(before, store_merge.standing(desk.store, target))
        rules = desk.rules_of(source)
        back = ticket_merge.taken_out(source, rules, [*written[ids[0]], *passed], author, time)
        out = ticket_merge.gone_out(target, source, written[ids[1]], author, now, time)
        new, kept = saved(desk, stored, [*passed, *back], desk.deed(verb))
        notifications.of_change(
            desk, source, new, kept[len(passed) :], ticket_merge.items_of(written[ids[0]], source)
        )
        _write(desk, stored_target, target, [out], verb, ticket_merge.items_of(written[ids[1]], source))
    return Outcome(new, tuple(kept[len(passed) :]))


def _settled(desk: Desk, stored: Ticket) -> tuple[Ticket, Ticket]:
    """Record what is due on a ticket; return the stored ticket twice."""
    passed = lifecycle.settle(stored, desk.now)
    if not passed:
        return stored, stored
    new, kept = saved(desk, stored, passed)
    notifications.of_change(desk, stored, new, kept)
    return new, new


def _write(
    desk: Desk, stored: Ticket, ticket: Ticket, items: list[Item], verb: str, undone: Collection[int] = ()
) -> None:
    new, kept = saved(desk, stored, items, desk.deed(verb))
    notifications.of_change(desk, ticket, new, kept, undone)


def _refuse_timers(desk: Desk, source: Ticket, target: Ticket) -> None:
    both = store_merge.with_both_timers(desk.store, source, target)
    if both:
        raise Refused(
            f"{both[0]} has a running timer on both {source.ref} and {target.ref}",
            hint=f"tix time stop {source.number}, then repeat the merge",
        )
