"""Taking back or correcting one's own words: for a short time, and only while nobody has answered or got them by mail.

Pure. The text that was replaced is the ``old`` of the event that says so, which only admins read.
"""

from __future__ import annotations

from collections.abc import Sequence

from tix.domain.tickets.timeline import Author, Item, event
from tix.errors import Refused
from tix.typing import Literal
from tix.words.sentence import Said

Kind = Literal["reply", "note"]

# Events whose ``old`` is a text that somebody has taken back.
OLD_TEXTS = frozenset({"edited", "retracted"})
# What stands in the place of a note that was taken back.
WITHDRAWN = "(withdrawn)"


def last_of(lines: Sequence[Item], login: str, via: str | None, kind: Kind, ref: str) -> Item:
    """Return the newest reply or note that somebody wrote on a ticket. Raises Refused where there is none."""
    kinds = ("note",) if kind == "note" else ("reply", "message")
    for place in reversed(range(len(lines))):
        item = lines[place]
        if item.by == login and item.via == via and item.kind in kinds:
            if place == 0:
                break
            if item.internal == (kind == "note") and item.body != WITHDRAWN:
                return item
    raise Refused(
        Said("you have written no {kind} on {ref}", kind=Said.named("entry", kind), ref=ref),
        hint=f"tix show {ref}",
        ref=ref,
    )


def refuse(item: Item, lines: Sequence[Item], *, ref: str, now: int, window: int, left: str | None) -> None:
    """Raise Refused, naming the reason, where an entry can no longer be changed by who wrote it.

    ``window`` is the seconds within which it can (0: never), ``left`` says which mail about it has left.
    """
    kind = "note" if item.kind == "note" else "reply"
    hint = f"write another one: tix {kind} {ref}"
    why = None
    after = [one for one in lines if (one.id or 0) > (item.id or 0) and one.kind != "event"]
    answer = next((one for one in after if one.by != item.by), None)
    if now - item.at >= window:
        why = "never" if window == 0 else f"only within {_minutes(window)}"
        why = f"your {kind} on {ref} can be changed {why} (undo.text_window)"
    elif answer is not None:
        why = f"{answer.by} has written on {ref} since your {kind}"
    elif left is not None:
        why = f"your {kind} on {ref} cannot be changed: {left}"
    if why is not None:
        raise Refused(why, hint=hint, ref=ref)


def _minutes(seconds: int) -> str:
    minutes = seconds // 60
    return f"{seconds} seconds" if minutes == 0 else f"{minutes} minute{'s' * (minutes != 1)}"


def edited(item: Item, author: Author, version: int) -> Item:
    """Return the event that an entry has another text now. A note's does not count as a change of the ticket."""
    sets = {"version": version} if item.kind == "note" else None
    return event("edited", author, field=item.kind, old=item.body, sets=sets)


def retracted(item: Item, author: Author, version: int) -> Item:
    """Return the event that an entry was taken back."""
    sets = {"version": version} if item.kind == "note" else None
    return event("retracted", author, field=item.kind, old=item.body, sets=sets)
