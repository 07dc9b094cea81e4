"""Change or take back one's own last reply or note, within ``undo.text_window``."""

from __future__ import annotations

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.tickets import undo
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.read import find
from tix.domain.durations import parse_duration
from tix.domain.mail.outbox import departure
from tix.domain.permissions import Scope, require
from tix.domain.tickets import lifecycle, own_words
from tix.domain.tickets import undo as ticket_undo
from tix.domain.tickets.own_words import Kind
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item
from tix.errors import Refused
from tix.store.mail import outbox
from tix.store.tickets import tickets, timeline

_EVERYTHING = Scope("all", "", True)


def edit_last(desk: Desk, reference: Reference, kind: Kind, body: str) -> Outcome:
    """Give the actor's last reply or note on a ticket another text. Raises NotFound, NotAllowed, Refused."""
    with desk.store.writing():
        stored, item, _ = _found(desk, reference, kind)
        if item.body == body:
            return Outcome(stored, already=True)
        said = own_words.edited(item, desk.author(), stored.version)
        passed = lifecycle.settle(stored, desk.now)
        new = play(stored, [*passed, said])
        tickets.rewrite(desk.store, item, body)
        kept = tickets.save(desk.store, stored, new, [*passed, said], desk.deed(f"{kind} --edit-last"))
    return Outcome(new, tuple(kept[len(passed) :]))


def retract(desk: Desk, reference: Reference, kind: Kind) -> Outcome:
    """Take back the actor's last reply or note: a reply is left to staff alone, a note loses its text.

    With the last command of staff goes what came with it, such as a status; else that stays. Raises NotFound,
    NotAllowed, Refused.
    """
    if desk.actor.is_staff and kind == "reply":
        ticket, item, _ = _found(desk, reference, kind)
        if _is_last_command(desk, ticket, item):
            return undo.undo(desk, own=True).outcomes[0]
    with desk.store.writing():
        stored, item, lines = _found(desk, reference, kind)
        assert stored.id is not None
        start, passed = stored, lifecycle.settle(stored, desk.now)
        if item.kind == "note":
            tickets.rewrite(desk.store, item, own_words.WITHDRAWN)
        else:
            start, _ = ticket_undo.hidden(stored, lines, [item.id or 0])
            tickets.hide(desk.store, stored.id, [item])
            outbox.cancel_items(desk.store, stored.id, [item.id or 0], desk.now)
        said = own_words.retracted(item, desk.author(), start.version)
        new = play(start, [*passed, said])
        kept = tickets.save(desk.store, stored, new, [*passed, said], desk.deed(f"{kind} --retract"))
        notifications.of_change(
            desk, stored, new, kept[len(passed) :], [item.id or 0], lambda person: person.is_staff
        )
    return Outcome(new, tuple(kept[len(passed) :]))


def _is_last_command(desk: Desk, ticket: Ticket, item: Item) -> bool:
    """Return whether the actor's last command wrote this entry, and changed no other ticket."""
    who = {"login": desk.actor.login, "via": desk.actor.via_login}
    row = desk.store.row("deed_newest", before=undo.NEWEST, **who)
    if row is None:
        return False
    touched = desk.store.run("deed_items", deed=row[0]).fetchall()
    return item.id in {id for id, _ in touched} and {ticket_id for _, ticket_id in touched} == {ticket.id}


def last_body(desk: Desk, reference: Reference, kind: Kind) -> str:
    """Return the text of the actor's last reply or note, to be edited. Raises NotFound, NotAllowed, Refused."""
    return _found(desk, reference, kind)[1].body or ""


def _found(desk: Desk, reference: Reference, kind: Kind) -> tuple[Ticket, Item, list[Item]]:
    """Return the ticket, the entry, and the ticket's timeline."""
    ticket = find(desk, reference)
    require(desk.actor, kind)
    if ticket.merged_into is not None:
        raise Refused(
            f"{ticket.ref} is merged into {ticket.merged_into}",
            hint=f"tix {kind} {ticket.merged_into} --edit-last",
            ref=ticket.ref,
        )
    assert ticket.id is not None
    lines = timeline.timelines(desk.store, [ticket.id], _EVERYTHING)[ticket.id]
    item = own_words.last_of(lines, desk.actor.login, desk.actor.via_login, kind, ticket.ref)
    left = departure(outbox.about(desk.store, ticket.id, [item.id or 0]))
    window = parse_duration(desk.settings.text("undo.text_window"))
    own_words.refuse(item, lines, ref=ticket.ref, now=desk.now, window=window, left=left)
    return ticket, item, lines
