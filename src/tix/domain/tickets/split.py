"""Entries of a ticket that become one of their own.

Pure. They leave its timeline for the new one's, so both stay the fold of their own; what the old ticket's row
keeps all the same is in the event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tix.domain.tickets.ticket import FIELDS, Ticket, fold, play
from tix.domain.tickets.timeline import Author, Item, event
from tix.errors import InvalidValue, Refused


def parse_entries(text: str) -> list[tuple[int, int]]:
    """``12,15-18`` as ranges of ids, ends included. Raises InvalidValue."""
    spans = []
    for word in text.split(","):
        first, dash, last = word.strip().partition("-")
        ends = (first, last if dash else first)
        if not all(end.isascii() and end.isdigit() and len(end) <= 16 for end in ends):
            raise InvalidValue(
                f"'{word.strip()}' is not the id of an entry",
                hint="--entry 12,15-18; ids are in: tix show ID --json",
            )
        low, high = int(ends[0]), int(ends[1])
        if high < low:
            raise InvalidValue(f"the range '{word.strip()}' runs backwards", hint=f"write {high}-{low}")
        spans.append((low, high))
    return spans


def chosen(
    ticket: Ticket, thread: Sequence[Item], foreign: Collection[int], spans: Sequence[tuple[int, int]]
) -> list[Item]:
    """The entries that the ranges name, in the thread's order; events inside a range are passed over.

    ``foreign`` are the ids of entries that came with a merge. Raises InvalidValue for what is no entry of the
    ticket; Refused for the opening message, for all of it, for what came with a merge, and where what was first
    written is a note: a ticket begins with something its requester reads.
    """
    entries = _entries(thread)
    ids = {item.id for item in entries}
    for low, high in spans:
        if low == high and low not in ids:
            if any(item.id == low for item in thread):
                raise InvalidValue(f"{low} is an event of {ticket.ref}, not an entry", hint=_hint(ticket))
            raise InvalidValue(f"{ticket.ref} has no entry {low}", hint=_hint(ticket))
        if not any(low <= (id or 0) <= high for id in ids):
            raise InvalidValue(f"{ticket.ref} has no entry between {low} and {high}", hint=_hint(ticket))
    found = [item for item in entries if any(low <= (item.id or 0) <= high for low, high in spans)]
    if len(found) == len(entries):
        raise Refused(f"{ticket.ref} would have no entry left", hint="leave at least its opening message")
    if _opening(entries, foreign) in found:
        raise Refused(
            f"{ticket.ref} would lose its opening message", hint="a ticket keeps what it began with"
        )
    if any(item.id in foreign for item in found):
        raise Refused("some of these entries came with a merge", hint="tix unmerge takes that back")
    if found[0].internal:
        raise Refused(
            f"a ticket cannot begin with what only staff read, as {found[0].id} is",
            hint="split it off together with an earlier message or reply",
        )
    return found


def offered(thread: Sequence[Item], foreign: Collection[int]) -> list[Item]:
    """The entries that can be chosen, in the thread's order: not the opening message, nor what came with a merge."""
    entries = _entries(thread)
    opening = _opening(entries, foreign)
    return [item for item in entries if item is not opening and item.id not in foreign]


def _entries(thread: Sequence[Item]) -> list[Item]:
    return [item for item in thread if item.kind != "event"]


def _opening(entries: Sequence[Item], foreign: Collection[int]) -> Item:
    return next(item for item in entries if item.id not in foreign)


def _hint(ticket: Ticket) -> str:
    return f"its entries have their ids in: tix show {ticket.number} --json"


def as_opening(first: Item, values: dict[str, Any]) -> Item:
    """The entry a new ticket begins with: a message of the requester's side, whoever wrote it."""
    return first._replace(kind="message", side="requester", sets=values)


def left_over(
    ticket: Ticket, written: Sequence[Item], changed: dict[str, Any], author: Author, new: str
) -> tuple[Ticket, Item]:
    """The old ticket without what left, and what is written on it: it stays as it was but for ``changed``.

    ``written`` is what is left of its own timeline. What follows from that is not repeated in the item.
    """
    said = event("split", author, field="entries", new=new)
    after = ticket._replace(
        **changed, version=ticket.version + 1, updated_at=max(ticket.updated_at, author.at)
    )
    told = play(fold(ticket.number, ticket.prefix, ticket.uid, written), [said])
    sets = {
        name: getattr(after, name)
        for name in FIELDS
        if name not in ("id", "due_key") and getattr(after, name) != getattr(told, name)
    }
    return after, said._replace(sets=sets or None)
