"""The desk's people: added, changed, taken out; and how many tickets they have."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.values import parse_line
from tix.domain.people import ROLES, Person, Role, parse_email, parse_login
from tix.domain.policy import require
from tix.errors import InUse, InvalidValue, NotFound, Refused
from tix.store import documents, people, tickets


def parse_role(text: str) -> Role:
    """``text`` as a role. Raises InvalidValue naming the valid ones."""
    for role in ROLES:
        if text.strip().lower() == role:
            return role
    raise InvalidValue(f"'{text}' is not a role", hint="one of " + ", ".join(ROLES))


def get(desk: Desk, word: str) -> Person:
    """The person a verb is about. Raises NotFound; NotAllowed for a requester, who sees nobody."""
    person = None
    if word == "@me":
        return desk.actor.person
    try:
        person = people.by_login(desk.store, parse_login(word))
    except InvalidValue:
        person = None
    if person is None and "@" in word:
        person = people.by_email(desk.store, word.strip().lower())
    if person is None:
        raise NotFound(f"there is nobody called '{word}'", hint="tix user list shows who there is")
    return person


def add(
    desk: Desk,
    word: str,
    *,
    name: str | None,
    email: str | None,
    phone: str | None,
    role: str | None,
    active: bool = True,
) -> Person:
    """A new person, a requester unless said. Raises InvalidValue, NotAllowed, AlreadyExists."""
    login = parse_login(word)
    address = None if email is None else parse_email(email)
    if address is None and "@" in login:
        address = parse_email(login)
    wanted = "requester" if role is None else parse_role(role)
    name, phone = (None if text is None else parse_line(text) for text in (name, phone))
    require(desk.actor, "user change")
    with desk.store.writing():
        return people.add(
            desk.store, login, now=desk.now, name=name, email=address, phone=phone, role=wanted, active=active
        )


def edit(desk: Desk, word: str, changes: dict[str, object]) -> tuple[Person, bool]:
    """Changes name, email, phone, role or active; whether anything changed.

    Raises NotFound, NotAllowed, AlreadyExists for somebody's address, Refused for the last admin.
    """
    require(desk.actor, "user change")
    with desk.store.writing():
        old = get(desk, word)
        new = old._replace(**changes)  # type: ignore[arg-type]  # the command has parsed each
        if new == old:
            return old, False
        loses = old.role == "admin" and old.active and (new.role != "admin" or not new.active)
        if loses and people.admins(desk.store) == 1:
            raise Refused(
                f"{old.login} is the last admin of this desk", hint="make somebody else an admin first"
            )
        reindex = (old.name, old.email) != (new.name, new.email)
        named = tickets.many(desk.store, "tickets_of_person", key=old.login) if reindex else ()
        for ticket in named:
            documents.forget_head(desk.store, ticket, people.named(desk.store, _people(ticket)))
        people.save(desk.store, new)
        for ticket in named:
            documents.add_head(desk.store, ticket, people.named(desk.store, _people(ticket)))
    return new, True


def _people(ticket: object) -> set[str]:
    from tix.domain.ticket import Ticket

    assert isinstance(ticket, Ticket)
    return {login for login in (ticket.requester, ticket.assignee) if login is not None}


def remove(desk: Desk, word: str) -> Person:
    """Takes out somebody nothing mentions. Raises NotFound, NotAllowed, InUse."""
    require(desk.actor, "user change")
    with desk.store.writing():
        person = get(desk, word)
        held, written = people.mentions(desk.store, person.login)
        if held or written:
            raise InUse(
                f"{person.login} is named by {held} tickets and {written} items of their history",
                hint=f"tix user edit {person.login} --inactive keeps them and lets them do nothing",
            )
        if person.role == "admin" and people.admins(desk.store) == 1:
            raise Refused(f"{person.login} is the last admin of this desk")
        people.remove(desk.store, person.login)
    return person
