"""What the flags of ``tix new`` say, parsed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.cli import selecting
from tix.errors import InvalidValue, NotAllowed

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.files import Upload
    from tix.domain.organisation import Priority
    from tix.domain.people import Contact, Person

SOURCES = ("cli", "phone", "email", "web", "api", "other")
# A requester sets what concerns them.
STAFF_FLAGS = ("category", "for", "assign", "notify-email", "due", "tag", "source")

Given = dict[str, Any]


class Told(NamedTuple):
    """What the ticket says, from flags or answers; ``priority`` None where it was not asked."""

    subject: str
    body: str
    uploads: list[Upload]
    priority: Priority | None = None


class Opening(NamedTuple):
    """A ticket to be, but for its subject, text and files."""

    values: dict[str, Any]
    requester: Contact | None
    assignee: Person | None
    tags: tuple[str, ...]
    idempotency_key: str | None


def parse(desk: Desk, given: Given) -> Opening:
    """The flags' values; ``given`` has each flag by its name, None where it was not given.

    Raises InvalidValue or UnknownName for the first that is wrong.
    """
    from tix.desk.values import parse_tag

    assign, key = given["assign"], given["idempotency-key"]
    return Opening(
        _values(desk, given),
        _requester(desk, given["for"]),
        None if assign is None or assign == "none" else desk.person(assign),
        tuple(parse_tag(one) for one in selecting.split(given["tag"])),
        None if key is None else _key(key),
    )


def refuse(desk: Desk, given: Given, parsed: Opening) -> None:
    """What the desk would refuse whatever the text says, before somebody writes one.

    Raises NotAllowed when a requester uses a flag of the staff's, Refused for who takes no tickets.
    """
    from tix.domain.handling import refuse_unassignable
    from tix.domain.policy import require

    require(desk.actor, "new")
    for name in STAFF_FLAGS if not desk.actor.is_staff else ():
        if given[name] is not None and not (name == "for" and _is_me(desk, given[name])):
            raise NotAllowed(f"{desk.actor.login} may not use --{name}: that takes an agent or an admin")
    if parsed.assignee is not None:
        refuse_unassignable(parsed.assignee)


def _values(desk: Desk, given: Given) -> dict[str, Any]:
    from tix.desk.values import parse_about, parse_line
    from tix.domain.people import parse_email

    parsers: dict[str, tuple[str, Callable[[str], Any]]] = {
        "type": ("type", desk.ticket_type),
        "category": ("category", parse_line),
        "priority": ("priority", desk.priority),
        "email": ("email", parse_email),
        "phone": ("phone", parse_line),
        "notify-email": ("notify_email", parse_email),
        "due": ("due_at", lambda value: selecting.moment(desk, value)),
        "about": ("about", parse_about),
        "source": ("source", _source),
    }
    return {
        column: parse(given[name])
        for name, (column, parse) in parsers.items()
        if given[name] is not None and given[name] != "none"
    }


def _source(word: str) -> str:
    if word not in SOURCES:
        raise InvalidValue(f"'{word}' is not a source", hint="one of " + ", ".join(SOURCES))
    return word


def _is_me(desk: Desk, word: str) -> bool:
    return word.lower() in ("@me", desk.actor.login, desk.actor.person.email)


def _requester(desk: Desk, word: str | None) -> Contact | None:
    from tix.domain.people import parse_contact

    if word is None or _is_me(desk, word):
        return None
    contact = parse_contact(word)
    if contact.email is None:
        desk.person(word)
    return contact


def _key(text: str) -> str:
    key = text.strip()
    if not key or len(key) > 255 or not key.isprintable():
        raise InvalidValue("the idempotency key is empty or has control characters")
    return key
