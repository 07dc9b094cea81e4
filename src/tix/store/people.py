"""The people the desk knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tix.domain.people import Person
from tix.errors import AlreadyExists
from tix.store.connection import Store


def _person(row: Any) -> Person:
    return Person(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))


def by_login(store: Store, login: str) -> Person | None:
    """The person of that login, or None. Logins are stored in lower case."""
    row = store.row("person_by_login", login=login)
    return None if row is None else _person(row)


def by_email(store: Store, address: str) -> Person | None:
    """The person of that address, or None."""
    row = store.row("person_by_email", email=address)
    return None if row is None else _person(row)


def everybody(store: Store) -> list[Person]:
    """All people, by login."""
    return [_person(row) for row in store.run("people")]


def named(store: Store, logins: Iterable[str]) -> dict[str, Person]:
    """The people of these logins."""
    rows = store.run("people_named", logins=json.dumps(sorted(logins)))
    return {row[1]: _person(row) for row in rows}


def add(
    store: Store,
    login: str,
    *,
    now: int,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    role: str = "requester",
    active: bool = True,
) -> Person:
    """A new person. Raises AlreadyExists for a login or an address somebody has."""
    if by_login(store, login) is not None:
        raise AlreadyExists(
            f"there is somebody with the login {login} already", hint=f"tix user edit {login}"
        )
    _refuse_taken_address(store, email, login)
    cursor = store.run(
        "person_add",
        login=login,
        name=name or login,
        email=email,
        phone=phone,
        role=role,
        active=int(active),
        client=None,
        manager=None,
        created_at=now,
    )
    assert cursor.lastrowid is not None
    return Person(cursor.lastrowid, login, name or login, email, phone, role, active)  # type: ignore[arg-type]  # a Role


def save(store: Store, person: Person) -> None:
    """Changes name, address, phone, role and whether active. Raises AlreadyExists for somebody's address."""
    _refuse_taken_address(store, person.email, person.login)
    store.run(
        "person_edit",
        key=person.login,
        new_name=person.name,
        new_email=person.email,
        new_phone=person.phone,
        new_role=person.role,
        new_active=int(person.active),
    )


def _refuse_taken_address(store: Store, email: str | None, login: str) -> None:
    if email is None:
        return
    owner = by_email(store, email)
    if owner is not None and owner.login != login:
        raise AlreadyExists(f"the address {email} is {owner.login}'s")


def mentions(store: Store, login: str) -> tuple[int, int]:
    """How many tickets and how many timeline items name the person."""
    return (
        store.value("person_tickets", key=login),
        store.value("person_items", key=login),
    )


def remove(store: Store, login: str) -> None:
    """Takes out somebody nothing mentions."""
    store.run("person_drop", key=login)


def admins(store: Store) -> int:
    """How many active admins there are."""
    return int(store.value("admins"))


def count(store: Store) -> int:
    """How many people the desk knows."""
    return int(store.value("person_count"))
