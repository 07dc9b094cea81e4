"""Links between tickets: relations, each with its inverse on the other ticket.

Pure. ``tix link 3 blocks 5`` means what it says: 3 blocks 5; ``tix link 3 parent 5``: 3 is the parent of 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.domain.json_columns import dumps
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, Item, event
from tix.errors import InvalidValue, Refused
from tix.words.sentence import Said

# A relation and its inverse; and its words in a sentence.
INVERSE = {
    "blocks": "blocked-by",
    "blocked-by": "blocks",
    "parent": "child",
    "child": "parent",
    "duplicates": "duplicated-by",
    "duplicated-by": "duplicates",
    "relates": "relates",
}
WORDS = {
    "blocks": "blocks",
    "blocked-by": "is blocked by",
    "parent": "is the parent of",
    "child": "is a child of",
    "duplicates": "duplicates",
    "duplicated-by": "is duplicated by",
    "relates": "relates to",
}
# Following links of one of these relations never leads back to the start.
_FORWARD = {"blocks", "parent", "duplicates"}


def parse_relation(text: str) -> str:
    """Return ``text`` as a relation. Raises InvalidValue naming the relations."""
    relation = text.strip().lower()
    if relation not in INVERSE:
        raise InvalidValue(
            Said("'{text}' is not a relation", text=text),
            hint=Said("use one of {names}", names=", ".join(INVERSE)),
        )
    return relation


def refuse_circle(
    ticket: Ticket, relation: str, other: Ticket, linked: Callable[[str], Iterable[tuple[str, str]]]
) -> None:
    """Raise Refused for a link to the ticket itself, and for one that would make a circle.

    ``linked`` returns the links of a ticket, given its reference.
    """
    if ticket.number == other.number:
        raise Refused(Said("{ref} cannot be linked to itself", ref=ticket.ref))
    if relation == "relates":
        return
    forward = relation if relation in _FORWARD else INVERSE[relation]
    start, end = (ticket, other) if relation in _FORWARD else (other, ticket)
    seen, ahead = {end.ref}, [end.ref]
    while ahead:
        for found, ref in linked(ahead.pop()):
            if found != forward or ref in seen:
                continue
            if ref == start.ref:
                raise Refused(
                    f"{end.ref} already {WORDS[forward]} {start.ref}, directly or through other tickets; the link would make a circle"
                )
            seen.add(ref)
            ahead.append(ref)


def link(ticket: Ticket, relation: str, other: str, author: Author) -> list[Item]:
    """Return the event that links ``ticket`` to ``other``; empty if they are linked already."""
    links = ticket.link_list()
    if (relation, other) in links:
        return []
    sets = {"links": dumps([*map(list, links), [relation, other]])}
    return [event("linked", author, field=relation, new=other, sets=sets)]


def unlink(ticket: Ticket, relation: str, other: str, author: Author) -> list[Item]:
    """Return the event that removes the link; empty if there is none."""
    links = ticket.link_list()
    if (relation, other) not in links:
        return []
    left = [list(one) for one in links if one != (relation, other)]
    return [event("unlinked", author, field=relation, old=other, sets={"links": dumps(left)})]


def blockers(ticket: Ticket) -> list[str]:
    """Return the references of the tickets that block it."""
    return [ref for relation, ref in ticket.link_list() if relation == "blocked-by"]
