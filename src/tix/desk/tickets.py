"""What happens to one ticket: answered, noted, moved, rated, assigned, edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tix.desk import noticing
from tix.desk.context import Desk
from tix.desk.files import Upload, keep
from tix.desk.reading import find, on_their_side
from tix.domain.people import Contact, Person, Side, newcomer
from tix.domain.permissions import YES, permission, require
from tix.domain.tickets import edit, lifecycle
from tix.domain.tickets import snooze as ticket_snooze
from tix.domain.tickets.followers import follow
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Author, Item, Work
from tix.domain.workflows.workflow import Trigger, Who
from tix.errors import NotAllowed
from tix.store import people
from tix.store.setup import repository
from tix.store.tickets import tickets


class Outcome(NamedTuple):
    """What a write left: the ticket as it now is, the items it added; ``already`` when it was so before.

    ``merged`` is the reference that was named where that ticket is merged: it was written on ``place``, where its
    thread is now.
    """

    ticket: Ticket
    items: tuple[Item, ...] = ()
    already: bool = False
    merged: str | None = None
    place: str | None = None


def ensure_requester(desk: Desk, contact: Contact | None, client: str | None = None) -> Person:
    """Who a ticket is for: the actor, somebody known, or a requester made on the fly by staff.

    A new one is of ``client``, else of the client whose domain the address has. Raises UnknownName for a login
    nobody has and for somebody inactive; NotAllowed where a requester raises it for who is not one of their
    people.
    """
    if contact is None:
        return desk.actor.person
    if contact.email is None or not desk.actor.is_staff:
        return desk.person(contact.email or contact.login or "", active=True)
    known = people.by_email(desk.store, contact.email) or people.by_login(desk.store, contact.email)
    if known is not None:
        return desk.living(desk.present(known))
    fresh = newcomer(contact.email, contact.name, contact.email)._replace(
        client=client or client_of(desk, contact.email)
    )
    return people.add(desk.store, fresh, desk.now)


def client_of(desk: Desk, address: str) -> str | None:
    """The client whose domain an address is of, or None."""
    domain = address.rpartition("@")[2]
    for one in repository.CLIENTS.all(desk.store):
        if one.active and domain in one.domains:
            return one.name
    return None


# -------------------------------------------------------------------------------------------- changing

Decide = Callable[[Ticket], list[Item]]


def change(desk: Desk, reference: Reference, verb: str, decide: Decide, *, notify: bool = True) -> Outcome:
    """One write to one ticket: find it, may they, settle, decide, save, tell; all in one transaction.

    ``decide`` gets the settled ticket and gives the items; none means it is so already, and then nothing is
    recorded. What time has done is told as if it had been recorded before. What is written to a merged ticket
    goes where its thread is (``desk.redirecting``). Raises NotFound, NotAllowed, Merged and what ``decide``
    raises.
    """
    with desk.store.writing():
        named = stored = find(desk, reference)
        require(desk.actor, verb)
        if named.merged_into is not None:
            from tix.desk import redirecting

            stored, decide = redirecting.redirected(desk, named, verb, decide)
        desk.after(stored)
        passed = lifecycle.settle(stored, desk.now)
        ticket = play(stored, passed)
        items = decide(ticket)
        if ticket.snoozed_until is not None:
            items = ticket_snooze.awakened(ticket, items)
        if not items:
            return Outcome(ticket, already=True)
        new, kept = saved(desk, stored, [*passed, *items], desk.deed(verb))
        if passed:
            noticing.of_change(desk, stored, new, kept[: len(passed)])
        if notify:
            noticing.of_change(desk, ticket, new, kept[len(passed) :])
    outcome = Outcome(new, tuple(items))
    return outcome if stored is named else redirecting.told(desk, named, outcome)


def refuse(desk: Desk, reference: Reference, verb: str) -> Outcome:
    """What ``change`` says to who may not: nothing there, or not allowed, before any name is looked up."""
    return change(desk, reference, verb, lambda ticket: [])


def saved(
    desk: Desk, stored: Ticket, items: list[Item], deed: int | None = None
) -> tuple[Ticket, list[Item]]:
    """Stores the items; the ticket they make of ``stored``, and the items with their ids."""
    ticket = play(stored, items)
    return ticket, tickets.save(desk.store, stored, ticket, items, deed)


def speaker(desk: Desk, ticket: Ticket) -> Author:
    """Staff speak for the staff, but on a ticket of their own they are its requester."""
    own = ticket.requester == desk.actor.login
    side: Side = "staff" if desk.actor.is_staff and not own else "requester"
    return desk.author(side)


def _who(desk: Desk) -> Who:
    return "staff" if desk.actor.is_staff else "requester"


def reply(
    desk: Desk,
    reference: Reference,
    body: str,
    uploads: Sequence[Upload] = (),
    status: str | None = None,
    verb: str = "reply",
    *,
    notify: bool = True,
    work: Work | None = None,
    watchers: Sequence[str] = (),
) -> Outcome:
    """A public answer, or a message; with ``status`` in the same transaction, and then that alone decides.

    ``work`` is the time that went into it (staff), ``watchers`` are brought in.
    """
    if status is not None:
        desk.find_statuses(status)

    def decide(ticket: Ticket) -> list[Item]:
        if work is not None:
            require(desk.actor, "time")
        rules = desk.rules_of(ticket)
        target = None if status is None else rules.workflow.find_status(status)
        if target is not None and permission("edit", desk.actor.person.role) != YES:
            raise NotAllowed(
                f"{desk.actor.login} may not set a status by name: that takes an agent or an admin"
            )
        author = speaker(desk, ticket)
        files = keep(desk, uploads)
        if target is None:
            answered = lifecycle.reply(ticket, rules, author, body, files)
            return _worked(desk, ticket, [*answered, *follow(ticket, watchers, desk.author())], work)
        if ticket.phase != "open" and target.phase == "open":
            # As `reopen -m` does it: the words stand on the open ticket, and answer it.
            items = lifecycle.set_status(ticket, rules, target, desk.author())
            items.append(lifecycle.speak(play(ticket, items), rules, author, body, files))
        else:
            items = [lifecycle.speak(ticket, rules, author, body, files)]
            items += lifecycle.set_status(play(ticket, items), rules, target, desk.author())
        items += lifecycle.claim_by_reply(ticket, rules, author)
        items += follow(ticket, watchers, desk.author())
        return _worked(desk, ticket, items, work)

    return change(desk, reference, verb, decide, notify=notify)


def note(
    desk: Desk, reference: Reference, body: str, uploads: Sequence[Upload] = (), work: Work | None = None
) -> Outcome:
    """An internal note; ``work`` is the time that went into it."""

    def decide(ticket: Ticket) -> list[Item]:
        said = lifecycle.note(ticket, desk.rules_of(ticket), desk.author(), body, keep(desk, uploads))
        return _worked(desk, ticket, [said], work)

    return change(desk, reference, "note", decide)


def _worked(desk: Desk, ticket: Ticket, items: list[Item], work: Work | None) -> list[Item]:
    """``items`` and the time that went into them: before a status that takes none."""
    if work is None:
        return items
    from tix.desk.timekeeping import put_down

    return [items[0], put_down(desk, ticket, work), *items[1:]]


def pull(
    desk: Desk,
    reference: Reference,
    trigger: Trigger,
    message: str | None = None,
    internal: str | None = None,
) -> Outcome:
    """Start, hold, resolve, close or reopen; with a public text, a note, or both, in the same transaction."""

    def decide(ticket: Ticket) -> list[Item]:
        items: list[Item] = []
        rules = desk.rules_of(ticket)
        if not desk.actor.is_staff and not on_their_side(desk, ticket):
            raise NotAllowed(f"{desk.actor.login} follows {ticket.ref}, but may not {trigger} it")
        if internal is not None and not desk.actor.is_staff:
            require(desk.actor, "note")
        moved = lifecycle.pull(ticket, rules, trigger, desk.author(), _who(desk))
        if trigger == "reopen":
            items += moved
        if message is not None:
            author, now = speaker(desk, ticket), play(ticket, items)
            said = lifecycle.speak(now, rules, author, message)
            items += [said, *lifecycle.claim_by_reply(now, rules, author)]
        if internal is not None:
            items.append(lifecycle.note(ticket, rules, desk.author(), internal))
        if trigger != "reopen" and moved:
            # Decided again on what the words left: they may have moved the wait of a resolved ticket.
            items += lifecycle.pull(play(ticket, items), rules, trigger, desk.author(), _who(desk))
        return items

    return change(desk, reference, trigger, decide)


def rate(desk: Desk, reference: Reference, stars: int, comment: str | None) -> Outcome:
    """The requester's judgement."""

    def decide(ticket: Ticket) -> list[Item]:
        if ticket.requester != desk.actor.login:
            raise NotAllowed(f"only {ticket.requester}, who raised {ticket.ref}, may rate it")
        return [lifecycle.rate(ticket, desk.rules_of(ticket), desk.author("requester"), stars, comment)]

    return change(desk, reference, "rate", decide)


def assign(desk: Desk, reference: Reference, who: Person | None, internal: str | None = None) -> Outcome:
    """Gives the ticket to somebody, or to nobody."""

    def decide(ticket: Ticket) -> list[Item]:
        items = edit.assign(ticket, desk.rules_of(ticket), desk.author(), who)
        return with_note(desk, ticket, items, internal)

    return change(desk, reference, "assign", decide)


def assign_team(desk: Desk, reference: Reference, team: str, internal: str | None = None) -> Outcome:
    """Gives the ticket to a team."""

    def decide(ticket: Ticket) -> list[Item]:
        members = {person.login for person in people.members(desk.store, team=team)}
        items = edit.assign_team(ticket, desk.rules_of(ticket), desk.author(), team, members)
        return with_note(desk, ticket, items, internal)

    return change(desk, reference, "assign", decide)


def claim(desk: Desk, reference: Reference) -> Outcome:
    """Takes the ticket if nobody has it."""
    return change(
        desk, reference, "claim", lambda ticket: edit.claim(ticket, desk.rules_of(ticket), desk.author())
    )


def snooze(desk: Desk, reference: Reference, until: int | None) -> Outcome:
    """Puts the ticket away until a moment to come; with None brings it back."""
    return change(
        desk,
        reference,
        "snooze",
        lambda ticket: ticket_snooze.snooze(ticket, desk.rules_of(ticket), desk.author(), until),
    )


def with_note(desk: Desk, ticket: Ticket, items: list[Item], internal: str | None) -> list[Item]:
    """``items`` and the note that goes with them."""
    if internal is None:
        return items
    return [*items, lifecycle.note(ticket, desk.rules_of(ticket), desk.author(), internal)]
