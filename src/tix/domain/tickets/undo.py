"""Undoing a command: what can be undone, and the events that do it.

Pure. Nothing is removed from a timeline: each change is answered by the opposite event, the last change first, and
then the ticket's row is as it was. What people wrote, attached or rated cannot be undone, and neither can the rest of
such a command. The exception is a reply whose mails are all held back: it is hidden from everybody but staff, and the
event ``retracted`` says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from tix.domain.tickets import own_words
from tix.domain.tickets.edit import overdue_already
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import FIELDS, Ticket, evolve, opened, play
from tix.domain.tickets.timeline import SET_UP, UNDONE, Author, EventType, Item, Work, event
from tix.domain.times import instant
from tix.errors import FinalStatus, Refused, WordsStay
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said

# What can be undone, and the type of the event that does it. ``woken`` is undone by another ``snoozed``.
OPPOSITE: Mapping[EventType, EventType] = MappingProxyType(
    {
        "status-changed": "status-changed",
        "assigned": "assigned",
        "field-changed": "field-changed",
        "tag-added": "tag-removed",
        "tag-removed": "tag-added",
        "asset-added": "asset-removed",
        "asset-removed": "asset-added",
        "followed": "followed",
        "linked": "unlinked",
        "unlinked": "linked",
        "snoozed": "snoozed",
        "woken": "snoozed",
        "time-added": "time-removed",
    }
)

# What cannot be undone, by kind or type: the reason, and the way out (``{ref}`` is the ticket).
STAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "opening": (
            "creating a ticket cannot be undone",
            "close it: tix close {ref}; an admin can delete it: tix delete {ref}",
        ),
        "message": ("a sent message cannot be undone", "send another one: tix reply {ref}"),
        "reply": ("a sent reply cannot be undone", "send a correction: tix reply {ref}"),
        "note": ("a note cannot be undone", "add a correction: tix note {ref}"),
        "edited": (
            "changing a text cannot be undone",
            "change it again: tix reply {ref} --edit-last, or tix note {ref} --edit-last",
        ),
        "retracted": ("taking back a text cannot be undone", "write it again: tix reply {ref}"),
        "attached": (
            "attaching or removing a file cannot be undone",
            "remove a file for good: tix attach rm {ref} NAME",
        ),
        "rated": ("a rating cannot be undone", "write to the requester: tix reply {ref}"),
        "unmerged": ("undoing a merge cannot be undone", "merge them again: tix merge"),
        "split": ("splitting a ticket cannot be undone", "merge them again: tix merge"),
        "time-removed": ("deleting a time entry cannot be undone", "log the time again: tix time add {ref}"),
        "deleted": (
            "deleting a ticket cannot be undone",
            "restore a backup if there is one: tix db restore FILE",
        ),
    }
)

# Commands that change more than tickets: the configuration, invoices, or imported data.
BEYOND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        SET_UP: ("it changed the desk's configuration, not only tickets", "change the configuration back"),
        "invoice": ("invoices have a command of their own for that", "tix invoice void NUMBER"),
        "import": ("an import cannot be undone", "restore a backup if there is one: tix db restore FILE"),
    }
)

# The verb of a command that switched the desk to another workflow, with the name of the one before.
_SWITCHING = "workflow:"


def switching(before: str) -> str:
    """Return the verb of a command that switches the desk from the workflow ``before`` to another."""
    return f"{_SWITCHING}{before}"


def workflow_before(verb: str) -> str | None:
    """Return the workflow that such a command left, or None for any other command."""
    return verb.removeprefix(_SWITCHING) if verb.startswith(_SWITCHING) else None


def in_words(verb: str) -> str:
    """Return the verb of a command as people know it."""
    return verb if workflow_before(verb) is None else "workflow use"


# Columns an undo never touches: identity, counts, and what only entries and ratings change.
_KEPT = frozenset(
    "id uid prefix number creator created_at updated_at last_activity_at due_key last_replier entries notes "
    "attachments internal_attachments documents version first_response_at rating rating_comment rated_at "
    "idempotency_key".split()
)
RESTORED = tuple(name for name in FIELDS if name not in _KEPT)


# What a redo cannot bring back, by the type of the event that undid it: the reason, and the way out.
NOT_REDONE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "retracted": ("a text that was taken back cannot be redone", "write it again: tix {kind} {ref}"),
        "unmerged": ("a merge cannot be redone", "merge them again: tix merge"),
        "time-removed": ("a time entry cannot be redone", "log the time again: tix time add {ref}"),
    }
)


class UndoStep(NamedTuple):
    """One item of a command, and the ticket before it."""

    item: Item
    before: Ticket


def refuse_whole(verb: str) -> None:
    """Raise Refused for a command that did more than change tickets."""
    if verb in BEYOND:
        why, hint = BEYOND[verb]
        raise Refused(f"the last command cannot be undone: {why}", hint=hint)


def refuse_item(
    item: Item,
    ref: str,
    *,
    opening: bool,
    work: Work | None,
    unsent: Sequence[int] = (),
    held: bool = False,
    seen: str | None = None,
    own: bool = False,
) -> None:
    """Raise Refused, naming the reason, for an item that cannot be undone.

    ``own`` is a note that can be taken back (``own_words``). ``unsent`` are the mails about it that wait in the outbox: those can be cancelled. A reply whose mails are all
    ``held`` back can be undone. ``seen`` says why somebody may have seen it.
    """
    kind = "opening" if opening else item.type or item.kind
    if (kind == "reply" and held and seen is None) or (kind == "note" and own):
        return
    if kind in STAYS:
        why, hint = STAYS[kind]
        if seen is not None:
            why = f"{why}: {seen}"
        elif unsent and kind in ("message", "reply"):
            why = f"a {kind} stays in its ticket, but its mail is not sent yet"
            hint = f"cancel the mail: tix mail outbox cancel {' '.join(map(str, unsent))}"
        if kind in ("message", "reply", "note"):
            raise WordsStay(why, hint=hint.format(ref=ref), ref=ref)
        raise Refused(f"{why} ({ref})", hint=hint.format(ref=ref), ref=ref)
    if item.type == "time-added" and work is None:
        raise Refused(Said("the time entry on {ref} no longer exists", ref=ref), ref=ref)
    if work is not None and work.invoice is not None:
        raise Refused(
            Said("the time entry on {ref} is on invoice {invoice}", ref=ref, invoice=work.invoice),
            hint=Said("void the invoice first: tix invoice void {invoice}", invoice=work.invoice),
            ref=ref,
        )


def refuse_redo(item: Item, ref: str) -> None:
    """Raise Refused, naming the reason, for an item of an undo that cannot be taken back again."""
    if item.type is not None and item.type in NOT_REDONE:
        why, hint = NOT_REDONE[item.type]
        raise Refused(f"{why} ({ref})", hint=hint.format(ref=ref, kind=item.field or "reply"), ref=ref)


def hidden(ticket: Ticket, lines: Sequence[Item], replies: Collection[int]) -> tuple[Ticket, list[Item]]:
    """Return a ticket and its timeline with these replies (ids) visible to staff only.

    Only the columns that follow from who can see an entry change: counts, last activity, first response, answered.
    """
    hiding = [item._replace(internal=True) if item.id in replies else item for item in lines]
    before, after = (
        play(opened(ticket.number, ticket.prefix, ticket.uid, some[0]), some[1:]) for some in (lines, hiding)
    )
    changed = {name: getattr(after, name) for name in FIELDS if getattr(after, name) != getattr(before, name)}
    return ticket._replace(**changed), hiding


def goal(ticket: Ticket, rules: TicketPolicy, before: Ticket, after: Ticket, now: int) -> Ticket:
    """Return what ``ticket`` is to become: as it was ``before``, with what time alone has done to that since.

    ``rules`` are those of before. A date that passed meanwhile is not included: that is recorded anew. Raises
    FinalStatus if time has given it a final status, Refused if its workflow no longer has the old status.
    """
    status = next((one for one in rules.workflow.statuses if one.name == before.status), None)
    fits = status is not None and status.phase == before.phase
    if status is None or not fits or status.pauses != (before.paused_at is not None):
        raise Refused(
            Said(
                "{ref} was {status}, which is no longer a status of its workflow",
                ref=ticket.ref,
                status=before.status,
            ),
            hint=Said("set a status: tix edit {number} --status S", number=ticket.number),
            ref=ticket.ref,
        )
    here = next((one for one in rules.workflow.statuses if one.name == ticket.status), None)
    if here is not None and here.final and ticket.status != after.status:
        raise FinalStatus(
            Said("{ref} has been closed since and cannot be reopened", ref=ticket.ref),
            hint=Said("create a related ticket: tix new --about ticket:{number}", number=ticket.number),
            ref=ticket.ref,
        )
    return settled(before, now)._replace(overdue_at=before.overdue_at)


def taken_back(
    ticket: Ticket,
    steps: Sequence[UndoStep],
    wanted: Ticket,
    author: Author,
    works: Mapping[int, Work],
    reason: str = UNDONE,
) -> list[Item]:
    """Return the events that turn ``ticket`` into ``wanted``, the last change first.

    ``works`` are the time entries the command logged, by the id of their item; ``reason`` is UNDONE or REDONE.
    """
    items: list[Item] = []
    for place, step in reversed(list(enumerate(steps))):
        target = step.before if place else wanted
        sets = {
            name: getattr(target, name) for name in RESTORED if getattr(target, name) != getattr(ticket, name)
        }
        if step.item.field == "workflow" and place:
            continue  # it came with a change of the department, which comes before it
        is_text = step.item.kind in ("reply", "note")
        if not sets and not is_text:
            continue
        if "phase" in sets or "paused_at" in sets:
            sets |= {"clock_at": target.clock_at, "pauses": target.pauses}
        work = works.get(step.item.id or 0)
        said = _taken_back_text(step.item, ticket, author) if is_text else None
        if said is not None and said.sets is not None and not work:
            sets = {**said.sets, **sets}
        item = (said or _opposite(step.item, ticket, target, author, reason))._replace(
            sets=sets or None, work=work
        )
        items.append(item)
        ticket = evolve(ticket, item)
    if ticket.overdue_at is None and ticket.is_overdue(author.at):
        items.append(overdue_already(author.at))
    return items


def _taken_back_text(item: Item, ticket: Ticket, author: Author) -> Item:
    """Return the event that a reply was left to staff alone, or that a note lost its text."""
    if item.kind == "reply":
        return event("retracted", author, reason=UNDONE)
    return own_words.retracted(item, author, ticket.version)._replace(reason=UNDONE)


# Fields whose events name an instant.
_INSTANTS = frozenset({"due_at", "snoozed_until"})


def _opposite(item: Item, ticket: Ticket, target: Ticket, author: Author, reason: str) -> Item:
    """Return the event that answers ``item``, still without ``sets``."""
    assert item.type is not None
    kind, old, new = OPPOSITE[item.type], item.new, item.old
    values: tuple[Any, Any] | None = None
    if item.type == "status-changed":
        old, new = ticket.status, target.status
    elif item.field in _INSTANTS:
        values = getattr(ticket, item.field), getattr(target, item.field)
        old, new = (None if value is None else instant(value) for value in values)
        if item.field == "snoozed_until" and new is None:
            kind = "woken"
    return event(kind, author, field=item.field, old=old, new=new, reason=reason)
