"""How tickets belong together: relations, each with its inverse on the other ticket.

Pure. ``tix link 3 blocks 5`` reads as it is written: 3 blocks 5, 3 is the parent of 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.domain.json_columns import dumps
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, Item, event
from tix.errors import InvalidValue, Refused

# A relation, what it is from the other side, and how a sentence says it.
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
# Whoever follows one of these never comes back to where they began.
_FORWARD = {"blocks", "parent", "duplicates"}


def parse_relation(text: str) -> str:
    """``text`` as a relation. Raises InvalidValue naming those there are."""
    relation = text.strip().lower()
    if relation not in INVERSE:
        raise InvalidValue(f"'{text}' is not a relation", hint="use one of " + ", ".join(INVERSE))
    return relation


def refuse_circle(
    ticket: Ticket, relation: str, other: Ticket, linked: Callable[[str], Iterable[tuple[str, str]]]
) -> None:
    """Raises Refused for a link to itself, and for one that would lead back to where it starts.

    ``linked`` gives the links of a ticket by its reference.
    """
    if ticket.number == other.number:
        raise Refused(f"{ticket.ref} cannot be linked to itself")
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
    """The event that links ``ticket`` to ``other``; empty where it is so already."""
    links = ticket.link_list()
    if (relation, other) in links:
        return []
    sets = {"links": dumps([*map(list, links), [relation, other]])}
    return [event("linked", author, field=relation, new=other, sets=sets)]


def unlink(ticket: Ticket, relation: str, other: str, author: Author) -> list[Item]:
    """The event that takes the link away; empty where there is none."""
    links = ticket.link_list()
    if (relation, other) not in links:
        return []
    left = [list(one) for one in links if one != (relation, other)]
    return [event("unlinked", author, field=relation, old=other, sets={"links": dumps(left)})]


def blockers(ticket: Ticket) -> list[str]:
    """The references of what blocks a ticket."""
    return [ref for relation, ref in ticket.link_list() if relation == "blocked-by"]
