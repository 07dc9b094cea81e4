"""Splitting a ticket: some of its entries become a new one.

Pure. The entries leave the old timeline for the new one, so each row still matches its own timeline; what the old
row keeps in spite of that is recorded in the event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tix.domain.tickets.ticket import FIELDS, Ticket, fold, play
from tix.domain.tickets.timeline import Author, Item, event
from tix.errors import InvalidValue, Refused
from tix.typing import Any
from tix.words.sentence import Said


def parse_entries(text: str) -> list[tuple[int, int]]:
    """Return ``12,15-18`` as ranges of ids, ends included. Raises InvalidValue."""
    spans = []
    for word in text.split(","):
        first, dash, last = word.strip().partition("-")
        ends = (first, last if dash else first)
        if not all(end.isascii() and end.isdigit() and len(end) <= 16 for end in ends):
            raise InvalidValue(
                f"'{word.strip()}' is not the id of an entry",
                hint=Said("write --entry 12,15-18; see the ids: tix show ID --json"),
            )
        low, high = int(ends[0]), int(ends[1])
        if high < low:
            raise InvalidValue(
                f"the range '{word.strip()}' is backwards",
                hint=Said("write {high}-{low}", high=high, low=low),
            )
        spans.append((low, high))
    return spans


def chosen(
    ticket: Ticket, thread: Sequence[Item], foreign: Collection[int], spans: Sequence[tuple[int, int]]
) -> list[Item]:
    """Return the entries in the ranges, in the thread's order; events inside a range are skipped.

    ``foreign`` are the ids of entries that came from merged tickets. Raises InvalidValue for an id that is not an
    entry of the ticket; Refused for the opening message, for all entries, for entries of merged tickets, and if
    the first one is a note: a ticket begins with something its requester can read.
    """
    entries = _entries(thread)
    ids = {item.id for item in entries}
    for low, high in spans:
        if low == high and low not in ids:
            if any(item.id == low for item in thread):
                raise InvalidValue(
                    Said("{low} is an event of {ref}, not an entry", low=low, ref=ticket.ref),
                    hint=_hint(ticket),
                )
            raise InvalidValue(Said("{ref} has no entry {low}", ref=ticket.ref, low=low), hint=_hint(ticket))
        if not any(low <= (id or 0) <= high for id in ids):
            raise InvalidValue(
                Said("{ref} has no entry between {low} and {high}", ref=ticket.ref, low=low, high=high),
                hint=_hint(ticket),
            )
    found = [item for item in entries if any(low <= (item.id or 0) <= high for low, high in spans)]
    if len(found) == len(entries):
        raise Refused(
            Said("{ref} would have no entry left", ref=ticket.ref),
            hint=Said("keep at least the opening message"),
        )
    if _opening(entries, foreign) in found:
        raise Refused(
            Said("{ref} would lose its opening message", ref=ticket.ref),
            hint=Said("the opening message stays; choose later entries"),
        )
    if any(item.id in foreign for item in found):
        raise Refused(
            Said("some of these entries came from a merged ticket"),
            hint=Said("undo the merge first: tix unmerge ID"),
        )
    if found[0].internal:
        raise Refused(
            Said("a ticket cannot begin with the note {id}, which only staff can read", id=found[0].id),
            hint=Said("include an earlier message or reply"),
        )
    return found


def offered(thread: Sequence[Item], foreign: Collection[int]) -> list[Item]:
    """Return the entries that can be split off, in the thread's order.

    The opening message and entries of merged tickets cannot.
    """
    entries = _entries(thread)
    opening = _opening(entries, foreign)
    return [item for item in entries if item is not opening and item.id not in foreign]


def _entries(thread: Sequence[Item]) -> list[Item]:
    return [item for item in thread if item.kind != "event"]


def _opening(entries: Sequence[Item], foreign: Collection[int]) -> Item:
    return next(item for item in entries if item.id not in foreign)


def _hint(ticket: Ticket) -> str:
    return f"see the ids of its entries: tix show {ticket.number} --json"


def as_opening(first: Item, values: dict[str, Any]) -> Item:
    """Return the entry a new ticket begins with: a message of the requester's side, whoever wrote it."""
    return first._replace(kind="message", side="requester", sets=values)


def left_over(
    ticket: Ticket, written: Sequence[Item], changed: dict[str, Any], author: Author, new: str
) -> tuple[Ticket, Item]:
    """Return the old ticket without the entries that left, and the event written on it.

    The ticket stays as it was except for ``changed``. ``written`` is the rest of its own timeline. What follows from
    that is not repeated in the event.
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
