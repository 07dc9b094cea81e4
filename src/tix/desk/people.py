"""Add, edit, merge and remove the people of a desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tix.desk import held_tickets
from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import words
from tix.desk.settle import settle_desk
from tix.domain.json_columns import dumps
from tix.domain.names import is_none
from tix.domain.people import CONTACTS, ROLES, Actor, Person, Role, newcomer, parse_email, parse_login
from tix.domain.permissions import require
from tix.domain.tickets.lifecycle import assigned
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import SET_UP, Item, event
from tix.domain.values import parse_line
from tix.errors import InUse, InvalidValue, NotAllowed, NotFound, Refused
from tix.store import accounts, people
from tix.store.connection import Store
from tix.store.search import index
from tix.store.tickets import tickets
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said, use_one_of

Given = Mapping[str, Any]


def parse_role(text: str) -> Role:
    """Parse a role. Raises InvalidValue with the valid ones."""
    for role in ROLES:
        if text.strip().lower() == role:
            return role
    raise InvalidValue(Said("'{text}' is not a role", text=text), hint=use_one_of(ROLES))


def get(desk: Desk, word: str) -> Person:
    """Return the person a command is about. Raises NotFound."""
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
        raise NotFound(Said("no person named '{word}'", word=word), hint="tix user list")
    return person


def holders(desk: Desk) -> list[Person]:
    """Return the people tickets can be assigned to: active staff. Raises NotAllowed."""
    require(desk.actor, "user list")
    return [person for person in people.some(desk.store, "staff") if person.active]


def listed(desk: Desk, role: Role | None = None, client: str | None = None) -> list[Person]:
    """Return people, inactive ones included: all, or of a role or client. Raises UnknownName, NotAllowed."""
    if client is not None:
        client = spelled(desk, "client", client, inactive=True)
    require(desk.actor, "user list")
    found = (
        people.everybody(desk.store)
        if client is None
        else people.some(desk.store, "people_of_client", client=client)
    )
    return [person for person in found if role in (None, person.role)]


class PersonDetails(NamedTuple):
    """A person with their reports, and the number of their tickets visible to the actor."""

    person: Person
    reports: tuple[str, ...]
    open_tickets: int
    tickets: int


def whole(desk: Desk, word: str) -> PersonDetails:
    """Return a person with reports and ticket counts; everybody may read themselves. Raises NotFound, NotAllowed."""
    from tix.store.search import queue

    mine = word in ("@me", desk.actor.login)
    require(desk.actor, "whoami" if mine else "user list")
    person = get(desk, word)
    filters: dict[str, Any] = {"user": [person.login]}
    still_open, every = queue.Selection({**filters, "open": None}), queue.Selection(filters)
    return PersonDetails(
        person,
        tuple(one.login for one in people.some(desk.store, "reports_of", login=person.login)),
        queue.count(desk.store, desk.scope, still_open, desk.now),
        queue.count(desk.store, desk.scope, every, desk.now),
    )


# ------------------------------------------------------------------------------------------------ parsing


def _contact(desk: Desk, text: str) -> tuple[str, ...]:
    kinds = words([text.lower()])
    unknown = [kind for kind in kinds if kind not in CONTACTS]
    if unknown:
        raise InvalidValue(
            Said("'{text}' is not a kind of contact", text=unknown[0]), hint=use_one_of(CONTACTS)
        )
    return tuple(kind for kind in CONTACTS if kind in kinds)


def _manager(desk: Desk, text: str) -> str:
    return desk.person(text, active=True).login


def _departments(desk: Desk, text: str) -> tuple[str, ...] | None:
    """Parse department names; ``all`` is None, ``none`` is empty: only their own tickets."""
    if text.strip().lower() in ("all", "none"):
        return None if text.strip().lower() == "all" else ()
    return tuple(dict.fromkeys(spelled(desk, "department", word) for word in words([text])))


def _teams(desk: Desk, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelled(desk, "team", word) for word in words([text])))


_PARSERS: dict[str, Callable[[Desk, str], Any]] = {
    "name": lambda desk, text: parse_line(text),
    "email": lambda desk, text: parse_email(text),
    "phone": lambda desk, text: parse_line(text),
    "role": lambda desk, text: parse_role(text),
    "client": lambda desk, text: spelled(desk, "client", text),
    "contact": _contact,
    "manager": _manager,
    "departments": _departments,
    "teams": _teams,
}
_EMPTY: dict[str, Any] = {"contact": (), "teams": (), "departments": ()}


def changes(desk: Desk, given: Given) -> dict[str, Any]:
    """Parse the options of a person; ``none`` clears. ``away_until`` and ``active`` come parsed; ``back``: not away.

    Raises InvalidValue, UnknownName.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if name == "back":
            found["away_until"] = None
        elif name not in _PARSERS:
            found[name] = value
        elif is_none(value) and name not in ("name", "role"):
            found[name] = _EMPTY.get(name)
        else:
            found[name] = _PARSERS[name](desk, value)
    return found


def _check_new_side(person: Person, open_tickets: int) -> None:
    """Raise InvalidValue where somebody becomes staff or a requester and keeps what only the other may have."""
    kept = {
        "departments": () if person.is_staff else person.departments or (),
        "teams": () if person.is_staff else person.teams,
        "client": (person.client,) if person.is_staff and person.client is not None else (),
        "contact": person.contact if person.is_staff else (),
    }
    held = {name: values for name, values in kept.items() if values}
    said = "; ".join(f"{name}: {', '.join(values)}" for name, values in held.items())
    flags = [f"--{name} none" for name in held]
    if open_tickets and not person.is_staff:
        said = f"{said}{'; ' * bool(said)}{open_tickets:,} open ticket{'s' * (open_tickets != 1)}"
        flags.append("--tickets-to LOGIN (or none)")
    if flags and said:
        raise InvalidValue(
            f"{person.login} cannot be {_ROLE_NAMES[person.role]} and keep {said}",
            hint=f"tix user edit {person.login} --role {person.role} " + " ".join(flags),
        )


_ROLE_NAMES = {"admin": "an admin", "agent": "an agent", "requester": "a requester"}


def _check(desk: Desk, person: Person, old: Person | None = None, open_tickets: int = 0) -> None:
    """Check that a person's values fit together; ``old`` is the person before. Raises InvalidValue, Refused."""
    if old is not None and old.is_staff != person.is_staff:
        _check_new_side(person, open_tickets)
    who = {"who": person.login}
    if person.contact and person.client is None:
        raise InvalidValue(
            Said("{who} needs a client to be its contact", **who),
            hint=Said("add --client NAME, or --contact none"),
        )
    if person.is_staff and person.client is not None:
        raise InvalidValue(
            f"{person.login} is {_ROLE_NAMES[person.role]} and cannot belong to a client",
            hint=Said("add --role requester, or leave out --client"),
        )
    if not person.is_staff and (person.teams or person.departments):
        raise InvalidValue(
            Said("{who} is a requester; only agents and admins can be in departments and teams", **who),
            hint=Said("add --role agent, or leave out --departments and --teams"),
        )
    above, seen = person.manager, {person.login}
    while above is not None:
        if above in seen:
            through = "" if person.manager == person.login else f", through {person.manager}"
            wrong = f"{person.login} would be their own manager{through}"
            raise Refused(wrong, hint=f"tix user show {person.manager}")
        seen.add(above)
        manager = people.by_login(desk.store, above)
        above = None if manager is None else manager.manager


# ---------------------------------------------------------------------------------------------------- changing


def add(desk: Desk, word: str, given: Given) -> Person:
    """Add a person, by default a requester. Raises InvalidValue, UnknownName, NotAllowed, AlreadyExists."""
    login = parse_login(word)
    wanted = changes(desk, given)
    if wanted.get("email") is None and "@" in login:
        wanted["email"] = parse_email(login)
    person = newcomer(login)._replace(**wanted)
    require(desk.actor, "user change")
    with desk.store.writing():
        _check(desk, person)
        return people.add(desk.store, person, desk.now)


def edit(desk: Desk, word: str, given: Given, tickets_to: str | None = None) -> tuple[Person, bool]:
    """Change a person; return them and whether anything changed. ``tickets_to`` gets their open tickets (``none``: nobody).

    Raises InvalidValue, UnknownName, NotFound, NotAllowed, AlreadyExists for an e-mail address in use, Refused for
    the last admin and for circular managers.
    """
    wanted = changes(desk, given)
    _refuse(desk, word)
    with desk.store.writing():
        old = get(desk, word)
        new = old._replace(**wanted)
        moved = 0 if tickets_to is None else held_tickets.hand_over(desk, old.login, tickets_to)
        if new == old:
            return old, moved > 0
        open_tickets = held_tickets.held(desk, old.login) if old.is_staff and not new.is_staff else ()
        _check(desk, new, old, len(open_tickets))
        loses = old.role == "admin" and old.active and (new.role != "admin" or not new.active)
        if loses and people.admins(desk.store) == 1:
            raise Refused(
                _only_admin(old),
                hint=Said("make somebody else an admin first: tix user edit LOGIN --role admin"),
            )
        _save(desk, old, new)
    return new, True


def _refuse(desk: Desk, word: str) -> None:
    """Raise NotAllowed for who may not change people; to staff, NotFound first for an unknown person."""
    if desk.actor.is_staff:
        get(desk, word)
    require(desk.actor, "user change")


def _save(desk: Desk, old: Person, new: Person) -> None:
    """Save a person, and index their tickets by the new name and e-mail address."""
    reindex = (old.name, old.email) != (new.name, new.email)
    named = tickets.many(desk.store, "tickets_of_person", key=old.login) if reindex else ()
    for ticket in named:
        index.forget_head(desk.store, ticket, people.named(desk.store, _people(ticket)))
    people.save(desk.store, new)
    if old.active and not new.active:
        accounts.sign_out(desk.store, new.login)
    elif old.email != new.email:
        accounts.drop_entries(
            desk.store, new.login
        )  # they were mailed to an address that may be somebody else's now
    for ticket in named:
        index.add_head(desk.store, ticket, people.named(desk.store, _people(ticket)))


def _people(ticket: Ticket) -> set[str]:
    return {login for login in (ticket.requester, ticket.assignee) if login is not None}


def merge(desk: Desk, word: str, into: str) -> Person:
    """Merge a person into another: tickets and reports move to the target, and the old login finds the target.

    What the person wrote keeps their name; they become inactive. Raises NotFound, UnknownName, NotAllowed, Refused.
    """
    _refuse(desk, word)
    with desk.store.writing():
        gone, target = _merged(desk, word, into)
        settle_desk(desk)
        for ticket in tickets.many(desk.store, "tickets_of_person", key=gone.login):
            items = _taken_over(desk, ticket, gone, target)
            tickets.save(desk.store, ticket, play(ticket, items), items, desk.deed(SET_UP))
        desk.store.run("notices_move", owner=gone.login, heir=target.login)
        for report in people.some(desk.store, "reports_of", login=gone.login):
            manager = None if report.login == target.login else target.login
            people.save(desk.store, report._replace(manager=manager))
        people.save(desk.store, gone._replace(active=False, merged_into=target.login, manager=None))
        accounts.forget(desk.store, gone.login)
    return target


class Merging(NamedTuple):
    """What merging a person into another would do: how many ``tickets`` name the first."""

    gone: Person
    target: Person
    tickets: int


def merging(desk: Desk, word: str, into: str) -> Merging:
    """Return what a merge would do. Raises what ``merge`` raises."""
    _refuse(desk, word)
    gone, target = _merged(desk, word, into)
    return Merging(
        gone, target, sum(1 for _ in tickets.many(desk.store, "tickets_of_person", key=gone.login))
    )


def _merged(desk: Desk, word: str, into: str) -> tuple[Person, Person]:
    """Return who is merged into whom. Raises NotFound, UnknownName, Refused."""
    gone, target = get(desk, word), desk.person(into)
    if gone.login == target.login or gone.merged_into is not None:
        raise Refused(f"{gone.login} and {target.login} are already the same person")
    if gone.role == "admin" and gone.active and people.admins(desk.store) == 1:
        raise Refused(_only_admin(gone))
    if gone.is_staff and not target.is_staff:
        raise Refused(
            f"{gone.login} is an agent or admin, but {target.login} is a requester",
            hint=f"tix user edit {target.login} --role {gone.role}",
        )
    return gone, target


def _taken_over(desk: Desk, ticket: Ticket, gone: Person, target: Person) -> list[Item]:
    desk.after(ticket)
    author, items = desk.author(), []
    if ticket.requester == gone.login:
        items.append(
            event(
                "field-changed",
                author,
                field="requester",
                old=gone.login,
                new=target.login,
                reason="merged",
                sets={"requester": target.login},
            )
        )
    if ticket.assignee == gone.login:
        items.append(assigned(ticket, target.login, author))
    watchers = ticket.watcher_list()
    if gone.login in watchers:
        heirs = dumps(list(dict.fromkeys(target.login if one == gone.login else one for one in watchers)))
        items.append(
            event(
                "followed",
                author,
                field="watchers",
                old=gone.login,
                new=target.login,
                reason="merged",
                sets={"watchers": heirs},
            )
        )
    return items


def remove(desk: Desk, word: str) -> Person:
    """Remove a person no ticket refers to. Raises NotFound, NotAllowed, InUse, Refused."""
    _refuse(desk, word)
    with desk.store.writing():
        person = get(desk, word)
        uses = people.uses(desk.store, person.login)
        if uses:
            raise InUse(
                f"{person.login} is in use: " + ", ".join(f"{use.many:,} {use.what}" for use in uses),
                hint=Said("to lock them out instead: tix user edit {login} --inactive", login=person.login),
            )
        if person.role == "admin" and people.admins(desk.store) == 1:
            raise Refused(_only_admin(person))
        people.remove(desk.store, person.login)
    return person


def actor_of(store: Store, login: str) -> Actor:
    """Return the actor for somebody who acted before, as they are now. Raises NotAllowed where they may no longer act."""
    person = people.by_login(store, login)
    if person is None or not person.active:
        raise NotAllowed(Said("{login} is not on this desk any more, or inactive", login=login))
    return Actor(person)


def _only_admin(person: Person) -> Said:
    return Said("{login} is the only admin of this desk", login=person.login)
