"""What staff do with a ticket besides answering: assigning, claiming, editing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tix.domain.events import Author, Item, event, system
from tix.domain.lifecycle import Rules, assigned, refuse_final, set_status
from tix.domain.moments import instant
from tix.domain.people import Person
from tix.domain.ticket import Ticket, play, tags_text
from tix.domain.workflow import Status
from tix.errors import AlreadyClaimed, Refused, StaleVersion


class Priority(NamedTuple):
    """How urgent: the higher the rank, the earlier in the queue."""

    name: str
    rank: int
    aliases: tuple[str, ...] = ()
    active: bool = True


class Edit(NamedTuple):
    """The fields somebody wants changed: each a wanted value, or absent.

    ``fields`` holds plain text columns (None clears). ``due_at`` is a pair so that "no due date" can be told
    from "not mentioned".
    """

    fields: Mapping[str, str | None] = MappingProxyType({})
    priority: Priority | None = None
    status: Status | None = None
    due_at: tuple[int | None] | None = None
    tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


def assign(ticket: Ticket, rules: Rules, author: Author, who: Person | None) -> list[Item]:
    """Gives the ticket to ``who``, or to nobody. Empty when it is theirs already.

    Raises FinalStatus, and Refused for somebody who is inactive or no staff.
    """
    refuse_final(ticket, rules)
    login = None if who is None else who.login
    if login == ticket.assignee:
        return []
    if who is not None:
        refuse_unassignable(who)
    return [assigned(ticket, login, author)]


def refuse_unassignable(who: Person) -> None:
    """Raises Refused for somebody who is inactive or no staff."""
    if not who.active:
        raise Refused(f"{who.login} is inactive and takes no tickets")
    if not who.is_staff:
        raise Refused(f"{who.login} is a requester; only agents and admins hold tickets")


def claim(ticket: Ticket, rules: Rules, author: Author) -> list[Item]:
    """Takes the ticket if nobody has it. Raises AlreadyClaimed naming the holder, and FinalStatus."""
    refuse_final(ticket, rules)
    if ticket.assignee == author.by:
        return []
    if ticket.assignee is not None:
        raise AlreadyClaimed(
            f"{ticket.ref} is {ticket.assignee}'s", hint=f"tix assign {ticket.number} @me takes it over"
        )
    return [assigned(ticket, author.by, author)]


def check_version(ticket: Ticket, version: int | None) -> None:
    """Raises StaleVersion when somebody changed the ticket since ``version`` was read."""
    if version is not None and version != ticket.version:
        raise StaleVersion(
            f"{ticket.ref} has changed: it is version {ticket.version}, not {version}",
            hint=f"look at it again: tix show {ticket.number}",
        )


def edit(ticket: Ticket, rules: Rules, author: Author, wanted: Edit) -> list[Item]:
    """One event for each field that really changes. Raises FinalStatus, IllegalTransition."""
    refuse_final(ticket, rules)
    items: list[Item] = []
    for field, value in wanted.fields.items():
        old = getattr(ticket, field)
        if value != old:
            items.append(_field_changed(author, field, old, value, {field: value}))
    if wanted.priority is not None and wanted.priority.name != ticket.priority:
        new = wanted.priority
        sets: dict[str, Any] = {"priority": new.name, "rank": new.rank}
        items.append(_field_changed(author, "priority", ticket.priority, new.name, sets))
    if wanted.due_at is not None:
        items.extend(_due(ticket, author, wanted.due_at[0]))
    items.extend(_tags(ticket, author, wanted.tags, wanted.remove_tags))
    if wanted.status is not None:
        items.extend(set_status(play(ticket, items), rules, wanted.status, author))
    return items


def _field_changed(
    author: Author, field: str, old: str | None, new: str | None, sets: dict[str, Any]
) -> Item:
    return event("field-changed", author, field=field, old=old, new=new, sets=sets)


def _due(ticket: Ticket, author: Author, due_at: int | None) -> list[Item]:
    """A due date by hand. One that has passed already makes the ticket overdue from this moment."""
    if due_at == ticket.due_at:
        return []
    old = None if ticket.due_at is None else instant(ticket.due_at)
    new = None if due_at is None else instant(due_at)
    late = ticket._replace(due_at=due_at)
    sets = {"due_at": due_at, "due_by_hand": int(due_at is not None), "overdue_at": None}
    items = [_field_changed(author, "due_at", old, new, sets)]
    return [*items, overdue_already(author.at)] if late.is_overdue(author.at) else items


def overdue_already(at: int) -> Item:
    """The mark of a due date that had passed when it was set."""
    return event("overdue", system(at), sets={"overdue_at": at})


def _tags(ticket: Ticket, author: Author, add: Iterable[str], remove: Iterable[str]) -> list[Item]:
    items = []
    tags = set(ticket.tag_list())
    for tag in dict.fromkeys(add):
        if tag not in tags:
            tags.add(tag)
            items.append(event("tag-added", author, field="tags", new=tag, sets={"tags": tags_text(tags)}))
    for tag in dict.fromkeys(remove):
        if tag in tags:
            tags.discard(tag)
            items.append(event("tag-removed", author, field="tags", old=tag, sets={"tags": tags_text(tags)}))
    return items
