"""Restore a desk's setup: resources, people, types, priorities, settings, the numbers of deleted tickets.

An admin's import into an untouched desk restores everything as it was. Into a desk in use it adds unknown
resources and people as the file has them; existing ones stay as they are. An agent's import adds people as
requesters with only a name and an e-mail address, and no resources.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tix.desk.context import Desk
from tix.desk.transfer import billing
from tix.desk.transfer.billing import InvoicesAndTimers
from tix.desk.transfer.validate import SetupInFile
from tix.domain.json_columns import dumps
from tix.domain.organisation import Priority, TicketType
from tix.domain.people import ROLES, kept_login, parse_email
from tix.domain.settings import SETTINGS
from tix.domain.tickets.timeline import Item
from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.archive import HIGHEST_ID, HIGHEST_NUMBER, Facts
from tix.importers.fields import Record
from tix.store import people
from tix.store.setup import repository, rows
from tix.store.setup import settings as setup_settings
from tix.store.tickets.bulk import Loader
from tix.typing import Any, NamedTuple

_PEOPLE_OF_SCHEDULES = ("owner", "requester", "assignee")


class Setup(NamedTuple):
    """The setup in an export, parsed and checked."""

    people: dict[str, dict[str, Any]]
    types: list[TicketType]
    priorities: list[Priority]
    settings: dict[str, str]
    next_number: int
    tombstones: list[dict[str, Any]]
    nouns: rows.Nouns
    books: InvoicesAndTimers


def untouched(desk: Desk) -> bool:
    """Return whether the desk is unused: no ticket ever, nobody but its first admin, no setting."""
    store = desk.store
    return (
        people.count(store) <= 1
        and setup_settings.last_number(store) == 0
        and store.value("ticket_count") == 0
        and store.value("tombstone_count") == 0
        and not setup_settings.settings(store)
    )


def parse(desk: Desk, facts: Facts, *, whole: bool) -> Setup:
    """Parse the setup of a file; ``whole`` as in ``restore``. Raises BrokenRecord, InvalidValue."""
    persons = {one["login"]: one for one in map(_person, facts.people)}
    setup = Setup(
        persons,
        [_type(one, place) for place, one in enumerate(facts.types)],
        [_priority(one) for one in facts.priorities],
        {key: _setting(key, value) for key, value in facts.settings.items()},
        facts.next_number,
        [_tombstone(one) for one in facts.tombstones],
        rows.check(desk.store, facts.nouns),
        InvoicesAndTimers(),
    )
    for row in setup.nouns.get("schedule", ()):
        row |= {
            name: kept_login(row[name]) for name in _PEOPLE_OF_SCHEDULES if row[name] not in (None, "none")
        }
    if desk.actor.is_admin:
        SetupInFile(desk, setup.nouns, persons, whole=whole).check(setup.settings)
    if desk.actor.is_admin and whole:
        clients = {row["name"] for row in setup.nouns.get("client", ())}
        setup = setup._replace(books=billing.parse(facts.invoices, facts.timers, clients))
    return setup


def _person(told: Record) -> dict[str, Any]:
    name = _known_login(told, "login")
    email = read.text(told, "email")
    role = read.text(told, "role") or "requester"
    if role not in ROLES:
        raise BrokenRecord(f"'{role[:40]}' is not a role")
    return {
        "login": name,
        "name": read.one_line(read.text(told, "name")) or name,
        "email": parse_email(email) if email else None,
        "phone": read.text(told, "phone") or None,
        "role": role,
        "active": _flag(told, "active"),
        "client": read.text(told, "client") or None,
        "manager": _login(told, "manager"),
        "contact": tuple(_words(told, "contact")),
        "departments": None if told.get("departments") is None else tuple(_words(told, "departments")),
        "teams": tuple(_words(told, "teams")),
        "away_until": None if told.get("away_until") is None else _number(told, "away_until", 2**53),
        "merged_into": _login(told, "merged_into"),
        "created_at": _number(told, "created_at", 2**53) if told.get("created_at") is not None else None,
    }


def _flag(told: Record, name: str) -> int:
    value = told.get(name, True)
    if type(value) not in (bool, int) or value not in (0, 1):
        raise BrokenRecord(f"'{name}' is neither true nor false")
    return int(value)


def _words(told: Record, name: str) -> list[str]:
    words = told.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BrokenRecord(f"'{name}' is not a list of texts")
    return words


def _name(told: Record) -> str:
    name = read.one_line(read.text(told, "name"))
    if not name:
        raise BrokenRecord("a ticket type or a priority has no name")
    return name


def _type(told: Record, place: int) -> TicketType:
    position = place if told.get("position") is None else _number(told, "position", 10**9)
    return TicketType(_name(told), bool(told.get("active", True)), position)


def _priority(told: Record) -> Priority:
    aliases = tuple(_words(told, "aliases"))
    return Priority(_name(told), _number(told, "rank", 10**9), aliases, bool(told.get("active", True)))


def _setting(key: str, value: object) -> str:
    known = SETTINGS.get(key)
    if known is None:
        raise BrokenRecord(f"this version of tix has no setting '{key[:40]}'")
    return known.parse(value if isinstance(value, str) else "")


def _number(told: Record, name: str, most: int) -> int:
    value = told.get(name)
    if type(value) is not int or not 0 <= value <= most:
        raise BrokenRecord(f"'{name}' is not a whole number from 0 to {most}")
    return value


def _tombstone(told: Record) -> dict[str, Any]:
    items = [
        Item(
            read.text(one, "kind"),  # type: ignore[arg-type]  # what is left of an item is only shown
            _number(one, "at", 2**53),
            _login(one, "by"),
            _login(one, "via"),
            read.text(one, "side"),  # type: ignore[arg-type]  # as above
            bool(one.get("internal")),
            type=read.text(one, "type") or None,  # type: ignore[arg-type]  # as above
            id=_number(one, "id", 2**53),
        )
        for one in read.records(told, "items")
    ]
    return {
        "id": _number(told, "id", HIGHEST_ID),
        "uid": read.text(told, "uid"),
        "prefix": read.text(told, "prefix"),
        "number": _number(told, "number", HIGHEST_NUMBER),
        "created_at": _number(told, "created_at", 2**53),
        "deleted_at": _number(told, "deleted_at", 2**53),
        "deleted_by": _login(told, "deleted_by"),
        "via": _login(told, "via"),
        "items": items,
    }


def _login(told: Record, name: str) -> str | None:
    return None if told.get(name) is None else _known_login(told, name)


def _known_login(told: Record, name: str) -> str:
    return kept_login(read.text(told, name).strip().lower())


# ---------------------------------------------------------------------------------------------- writing


def restore(desk: Desk, setup: Setup, *, whole: bool) -> None:
    """Restore the setup; ``whole`` is for an admin and an untouched desk."""
    store = desk.store
    if whole:
        _replace_catalog(desk, setup)
    if desk.actor.is_admin:
        rows.write(store, setup.nouns, replace=whole)
        desk.forget_settings()
    for login, person in setup.people.items():
        if whole and people.by_login(store, login) is not None:
            values = {f"new_{name}": value for name, value in _row(desk, person).items() if name != "login"}
            store.run("person_restore", key=login, **values)
    for person in setup.people.values():
        ensure(desk, person)
    for login in setup.books.people:
        ensure(desk, stranger(login))


# Only an admin's import sets these.
_RIGHTS = ("client", "manager", "contact", "departments", "teams", "away_until", "merged_into")


def _row(desk: Desk, person: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person as the columns of a row, as far as the actor may set them."""
    blank = stranger(person["login"])
    row = dict(person)
    if not desk.actor.is_admin:
        row |= {name: blank[name] for name in _RIGHTS} | {"role": "requester"}
    elif person["login"] == desk.actor.login:
        # The importing admin stays an admin of the desk.
        row |= {"role": "admin", "active": 1, "merged_into": None}
        if person["role"] != "admin":
            row |= {name: blank[name] for name in _RIGHTS}
    return row | {
        "created_at": desk.now if row["created_at"] is None else row["created_at"],
        "contact": f" {' '.join(row['contact'])} " if row["contact"] else None,
        "departments": None if row["departments"] is None else dumps(row["departments"]) or "[]",
        "teams": dumps(row["teams"]),
    }


def ensure(desk: Desk, person: Mapping[str, Any]) -> bool:
    """Add an unknown person, with rights only for an admin; return whether they were unknown."""
    store = desk.store
    if people.by_login(store, person["login"]) is not None:
        return False
    email = person["email"]
    if email is not None and people.by_email(store, email) is not None:
        email = None
    store.run("person_add", **{**_row(desk, person), "email": email})
    return True


def _replace_catalog(desk: Desk, setup: Setup) -> None:
    store = desk.store
    if setup.types:
        repository.TYPES.clear(store)
        for kind in setup.types:
            repository.TYPES.add(store, kind)
    if setup.priorities:
        repository.PRIORITIES.clear(store)
        for priority in setup.priorities:
            repository.PRIORITIES.add(store, priority)
    for key, value in setup.settings.items():
        setup_settings.put_setting(store, key, value)
    setup_settings.raise_number(store, setup.next_number - 1)
    desk.forget_settings()


def bury(desk: Desk, setup: Setup, loader: Loader) -> None:
    """Record deleted tickets, so that neither they nor their numbers come back."""
    store = desk.store
    for one in setup.tombstones:
        values = {name: value for name, value in one.items() if name not in ("id", "items")}
        known = _known(desk, one["uid"], one["number"])
        if not known:
            for login in {
                one["deleted_by"],
                one["via"],
                *(w for i in one["items"] for w in (i.by, i.via)),
            } - {None}:
                ensure(desk, stranger(login))
            store.run("tombstone_add", ticket_id=loader.bare(one["id"], one["items"]), **values)
            setup_settings.raise_number(store, max(setup_settings.last_number(store), one["number"]))


def _known(desk: Desk, uid: str, number: int) -> bool:
    store = desk.store
    uids = store.run("uids_known", uids=json.dumps([uid])).fetchall()
    return bool(uids) or bool(store.run("numbers_taken", numbers=json.dumps([number])).fetchall())


def stranger(login: str, name: str | None = None, email: str | None = None) -> dict[str, Any]:
    """Return a person with only a login, a name and an e-mail address."""
    return {
        "login": login,
        "name": name or login,
        "email": email,
        "phone": None,
        "role": "requester",
        "active": 1,
        "client": None,
        "manager": None,
        "contact": (),
        "departments": None,
        "teams": (),
        "away_until": None,
        "merged_into": None,
        "created_at": None,
    }
