"""What somebody asks for when they create a ticket, and how their words are parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from tix.domain import values as domain_values
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.files import Upload
    from tix.domain.people import Contact, Person
    from tix.domain.tickets.timeline import File

SOURCES = ("cli", "phone", "email", "web", "api", "other")


class TicketRequest(NamedTuple):
    """A ticket to create, from any channel: the shell, a schedule, later mail and HTTP. Build it by keyword.

    ``values`` are parsed columns; None clears one. ``topic``, ``department``, ``team`` and ``sla`` are names as
    typed: None where not given, ``none`` to leave it empty; ``routing.routed`` makes a ``Route`` of them.
    ``nobody``: the ticket is explicitly unassigned. ``requester`` None is the actor. ``answers`` are custom field
    values as typed, by key. ``due`` is a schedule's relative due date, as typed. ``channel`` is the ``source`` of what
    does not come from the shell. ``digest`` is that of what was asked for under the ``idempotency_key`` (see
    ``digest_of``); None where that does not matter.
    """

    subject: str = ""
    body: str = ""
    values: Mapping[str, Any] = MappingProxyType({})
    requester: Contact | None = None
    topic: str | None = None
    department: str | None = None
    team: str | None = None
    assignee: Person | None = None
    nobody: bool = False
    sla: str | None = None
    tags: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    answers: Mapping[str, str] = MappingProxyType({})
    watchers: tuple[str, ...] = ()
    uploads: Sequence[Upload] = ()
    notify: bool = True
    idempotency_key: str | None = None
    digest: str | None = None
    due: str | None = None
    channel: str | None = None


# The keys ``parse`` knows. Tags, assets and watchers are lists of words, answers a mapping, notify a boolean.
_WORDS = frozenset(
    """topic type category priority requester email phone client department assignee notify_email sla due_at about
    source idempotency_key notify tags assets watchers answers""".split()
)


def parse(desk: Desk, words: Mapping[str, Any]) -> TicketRequest:
    """Parse ``words``, by the field each sets; None where not given.

    ``assignee`` is a login, ``team:NAME`` or ``none``; each of ``tags`` may be a comma-separated list. Whether
    the actor may set these fields is for ``new.refuse`` to say. Raises InvalidValue, UnknownName or NotAllowed
    for the first invalid one.
    """
    from tix.desk.idempotency import parse_key
    from tix.desk.resources.registry import spelled
    from tix.domain.names import is_none
    from tix.domain.values import parse_tag

    said = {name: word for name, word in words.items() if word is not None}
    for name in said:
        if name not in _WORDS:
            raise InvalidValue(
                Said("a new ticket has no '{name}'", name=name),
                hint=Said("one of {names}", names=", ".join(sorted(_WORDS))),
            )
    assignee, team = said.get("assignee"), None
    if assignee is not None and assignee.startswith("team:"):
        team, assignee = assignee.removeprefix("team:"), None
    return TicketRequest(
        values=_values(desk, said),
        requester=_requester(desk, said.get("requester")),
        topic=said.get("topic"),
        department=said.get("department"),
        team=team,
        assignee=None if assignee is None or is_none(assignee) else desk.person(assignee),
        nobody=assignee is not None and is_none(assignee),
        sla=said.get("sla"),
        tags=tuple(parse_tag(one) for one in domain_values.split(said.get("tags"))),
        idempotency_key=parse_key(said["idempotency_key"]) if "idempotency_key" in said else None,
        assets=tuple(dict.fromkeys(spelled(desk, "asset", one) for one in said.get("assets", ()))),
        answers=said.get("answers", {}),
        watchers=_watchers(desk, said.get("watchers")),
        notify=said.get("notify", True),
    )


def digest_of(words: Mapping[str, Any], subject: str, message: str, files: Iterable[File]) -> str:
    """Return the digest of what ``parse`` is given, a subject, a message and files, by whatever channel they come.

    It is of the words as typed: ``+3d`` is the same a minute later. What is not given does not count.
    """
    import json
    from hashlib import sha256

    said = {
        name: word
        for name, word in words.items()
        if name != "idempotency_key" and word is not True and word not in (None, [], {})
    }
    whole = [said, subject.strip(), message.strip(), [[file.name, file.sha256] for file in files]]
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def needs_message(desk: Desk) -> bool:
    """Return whether somebody who asks for a ticket has to write a message; a schedule and a mail do as they are."""
    return desk.settings.flag("message_required")


def parse_message(desk: Desk, text: str) -> str:
    """Return the message of a new ticket; empty is none. Raises InvalidValue for none where one is needed."""
    return domain_values.parse_body(text, "message") if text or needs_message(desk) else ""


def pairs(words: Sequence[str] | None) -> dict[str, str]:
    """Parse ``KEY=VALUE`` words; the value is empty for ``KEY=``. Raises InvalidValue."""
    found = {}
    for word in words or ():
        key, equals, value = word.partition("=")
        if not equals or not key.strip():
            raise InvalidValue(
                Said("'{word}' is not KEY=VALUE", word=word), hint=Said("for example --field brand=North")
            )
        found[key.strip().lower().removeprefix("field.")] = value.strip()
    return found


def _values(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Parse the columns; ``none`` clears one, except the priority: a ticket always has one."""
    from tix.desk.resources.registry import spelled
    from tix.domain.names import is_none
    from tix.domain.people import parse_email
    from tix.domain.values import parse_about, parse_line

    parsers: dict[str, Callable[[str], Any]] = {
        "type": desk.ticket_type,
        "category": parse_line,
        "priority": desk.priority,
        "email": parse_email,
        "phone": parse_line,
        "client": lambda word: spelled(desk, "client", word),
        "notify_email": parse_email,
        "due_at": desk.due,
        "about": parse_about,
        "source": _source,
    }
    return {
        name: None if name != "priority" and is_none(said[name]) else parse(said[name])
        for name, parse in parsers.items()
        if name in said
    }


def _watchers(desk: Desk, words: Sequence[str] | None) -> tuple[str, ...]:
    if words is None:
        return ()
    from tix.desk.tickets.followers import copied

    return tuple(copied(desk, list(words)))


def _source(word: str) -> str:
    if word not in SOURCES:
        raise InvalidValue(
            Said("'{word}' is not a source", word=word),
            hint=Said("use one of {names}", names=", ".join(SOURCES)),
        )
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
