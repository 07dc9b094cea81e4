"""Parse the options of a new ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.domain import values as domain_values
from tix.errors import InvalidValue, NotAllowed

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.routing import Wanted
    from tix.domain.people import Contact, Person

SOURCES = ("cli", "phone", "email", "web", "api", "other")
# The field an option sets, where the names differ.
_FIELDS = {
    "for": "requester",
    "assign": "assignee",
    "notify-email": "notify_email",
    "due": "due_at",
    "tag": "tags",
    "no-notify": "notify",
}
# Options everybody may use.
_EVERYBODYS = frozenset({"topic", "department", "field", "asset", "cc", "idempotency-key"})

Given = dict[str, Any]


class Opening(NamedTuple):
    """A ticket to create, without its subject, text and files."""

    values: dict[str, Any]
    requester: Contact | None
    assignee: Person | None
    tags: tuple[str, ...]
    idempotency_key: str | None
    wanted: Wanted
    answers: dict[str, str]
    assets: tuple[str, ...]
    watchers: tuple[str, ...] = ()


def parse(desk: Desk, given: Given) -> Opening:
    """Parse the options; ``given`` has each option by its name, None where it was not given.

    Raises InvalidValue or UnknownName for the first invalid one.
    """
    from tix.desk.tickets.routing import Wanted, asset_of
    from tix.domain.names import is_none
    from tix.domain.values import parse_tag

    assign, key = given["assign"], given["idempotency-key"]
    team = None
    if assign is not None and assign.startswith("team:"):
        team, assign = assign.removeprefix("team:"), None
    return Opening(
        _values(desk, given),
        _requester(desk, given["for"]),
        None if assign is None or is_none(assign) else desk.person(assign),
        tuple(parse_tag(one) for one in domain_values.split(given["tag"])),
        None if key is None else _key(key),
        Wanted(given["topic"], given["department"], team, given["sla"], given["assign"] is not None),
        pairs(given["field"]),
        tuple(dict.fromkeys(asset_of(desk, one) for one in given["asset"] or ())),
        () if given["cc"] is None else tuple(_copied(desk, given["cc"])),
    )


def _copied(desk: Desk, words: list[str]) -> list[str]:
    from tix.desk.tickets.followers import copied

    return copied(desk, words)


def pairs(words: list[str] | None) -> dict[str, str]:
    """Parse ``KEY=VALUE`` words; the value is empty for ``KEY=``. Raises InvalidValue."""
    found = {}
    for word in words or ():
        key, equals, value = word.partition("=")
        if not equals or not key.strip():
            raise InvalidValue(f"'{word}' is not KEY=VALUE", hint="for example --field brand=North")
        found[key.strip().lower().removeprefix("field.")] = value.strip()
    return found


def refuse(desk: Desk, given: Given, parsed: Opening) -> None:
    """Refuse what the desk would refuse whatever the message, before anybody writes one.

    Raises NotAllowed where a requester uses a staff option, Refused for an assignee who cannot take tickets.
    """
    from tix.domain.permissions import require
    from tix.domain.tickets.edit import refuse_unassignable

    require(desk.actor, "new")
    if not desk.actor.is_staff:
        _refuse_staff_fields(desk, given, parsed)
    if parsed.assignee is not None:
        refuse_unassignable(parsed.assignee, desk.now)


def _refuse_staff_fields(desk: Desk, given: Given, parsed: Opening) -> None:
    from tix.desk.tickets.routing import topic_of
    from tix.domain.permissions import require_answers, require_fields

    said = {name for name, value in given.items() if value not in (None, False)} - _EVERYBODYS
    whose = desk.actor.person.sees_others and parsed.requester is not None
    if parsed.requester is None or whose:
        said.discard("for")
    require_fields(desk.actor, {_FIELDS.get(name, name) for name in said})
    if whose:
        _refuse_stranger(desk, given["for"])
    if parsed.answers:
        topic = topic_of(desk, parsed.wanted.topic)
        require_answers(desk.actor, parsed.answers, desk.asked(topic.name) if topic else ())


def _refuse_stranger(desk: Desk, word: str) -> None:
    """Raise NotAllowed unless the actor is the person's manager or a contact of their client."""
    try:
        desk.person(word, active=True)
    except NotAllowed as error:
        raise NotAllowed(
            f"{desk.actor.login} can use --for only for their reports and their client's people"
        ) from error


def _values(desk: Desk, given: Given) -> dict[str, Any]:
    from tix.desk.resources.registry import spelled
    from tix.domain.names import is_none
    from tix.domain.people import parse_email
    from tix.domain.values import parse_about, parse_line

    parsers: dict[str, tuple[str, Callable[[str], Any]]] = {
        "type": ("type", desk.ticket_type),
        "category": ("category", parse_line),
        "priority": ("priority", desk.priority),
        "email": ("email", parse_email),
        "phone": ("phone", parse_line),
        "client": ("client", lambda value: spelled(desk, "client", value)),
        "notify-email": ("notify_email", parse_email),
        "due": ("due_at", desk.due),
        "about": ("about", parse_about),
        "source": ("source", _source),
    }
    return {
        column: parse(given[name])
        for name, (column, parse) in parsers.items()
        if given[name] is not None
        and (name == "priority" or not is_none(given[name]))  # a ticket always has a priority
    }


def _source(word: str) -> str:
    if word not in SOURCES:
        raise InvalidValue(f"'{word}' is not a source", hint="use one of " + ", ".join(SOURCES))
    return word


def _is_me(desk: Desk, word: str) -> bool:
    return word.lower() in ("@me", desk.actor.login, desk.actor.person.email)


def _requester(desk: Desk, word: str | None) -> Contact | None:
    from tix.domain.people import parse_contact

    if word is None or _is_me(desk, word):
        return None
    contact = parse_contact(word)
    if contact.email is None and desk.actor.is_staff:
        desk.person(word, active=True)
    return contact


def _key(text: str) -> str:
    key = text.strip()
    if not key or len(key) > 255 or not key.isprintable():
        raise InvalidValue(
            "the idempotency key is empty, longer than 255 characters, or has control characters"
        )
    return key
