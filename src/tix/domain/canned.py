"""Canned replies: texts with placeholders, which are looked up in a fixed table and never evaluated.

Only what a requester may read has a name here, so that no placeholder can tell them more. What is put in is
plain text: braces in a subject stay braces.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.domain.times import instant
from tix.errors import InvalidValue

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LONGEST_NAMED = 40


class Canned(NamedTuple):
    """A canned reply; one that is not ``active`` is kept and not offered."""

    name: str
    body: str
    active: bool = True


class Facts(NamedTuple):
    """What a text is filled in from: the ticket, whose it is, who writes, and when (UTC seconds)."""

    ticket: Ticket
    requester: Person | None
    author: Person
    now: int


def _first(name: str) -> str:
    return (name.split(maxsplit=1) or [name])[0]


def _moment(at: int | None) -> str:
    return "" if at is None else instant(at)


def _requester(facts: Facts, part: Callable[[Person], str | None]) -> str:
    return "" if facts.requester is None else part(facts.requester) or ""


PLACEHOLDERS: Mapping[str, Callable[[Facts], str]] = {
    "ticket.ref": lambda facts: facts.ticket.ref,
    "ticket.subject": lambda facts: facts.ticket.subject,
    "ticket.status": lambda facts: facts.ticket.status,
    "ticket.priority": lambda facts: facts.ticket.priority,
    "ticket.type": lambda facts: facts.ticket.type or "",
    "ticket.topic": lambda facts: facts.ticket.topic or "",
    "ticket.department": lambda facts: facts.ticket.department or "",
    "ticket.client": lambda facts: facts.ticket.client or "",
    "ticket.assignee": lambda facts: facts.ticket.assignee or "",
    "ticket.about": lambda facts: facts.ticket.about or "",
    "ticket.created_at": lambda facts: _moment(facts.ticket.created_at),
    "ticket.due_at": lambda facts: _moment(facts.ticket.due_at),
    "requester.name": lambda facts: _requester(facts, lambda one: one.name),
    "requester.first_name": lambda facts: _requester(facts, lambda one: _first(one.name)),
    "requester.login": lambda facts: facts.ticket.requester,
    "requester.email": lambda facts: _requester(facts, lambda one: one.email),
    "agent.name": lambda facts: facts.author.name,
    "agent.login": lambda facts: facts.author.login,
    "today": lambda facts: instant(facts.now)[:10],
}


def checked(body: str) -> str:
    """A text all of whose placeholders are known. Raises InvalidValue naming the valid ones."""
    for written in _PLACEHOLDER.findall(body):
        if written.strip() not in PLACEHOLDERS:
            named = " ".join(written.split())[:_LONGEST_NAMED]
            raise InvalidValue(
                f"there is no placeholder '{{{{ {named} }}}}'", hint="one of " + ", ".join(PLACEHOLDERS)
            )
    return body


def rendered(body: str, facts: Facts) -> str:
    """The text for one ticket; a placeholder this version does not know stays as it stands."""

    def filled(found: re.Match[str]) -> str:
        value = PLACEHOLDERS.get(found[1].strip())
        return found[0] if value is None else value(facts)

    return _PLACEHOLDER.sub(filled, body)
