"""The people the desk knows."""

from __future__ import annotations

from collections.abc import Iterable

from tix.domain.json_columns import dumps, loads
from tix.domain.people import Person
from tix.errors import AlreadyExists
from tix.store.connection import Store
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.store.setup.repository import Use


def _person(row: Any) -> Person:
    contact, departments, teams = row[9:12]
    return Person(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        bool(row[6]),
        row[7],
        row[8],
        () if contact is None else tuple(contact.split()),
        None if departments is None else tuple(loads(departments)),
        () if teams is None else tuple(loads(teams)),
        row[12],
        row[13],
        bool(row[14]),
    )


def columns(person: Person) -> dict[str, Any]:
    """Return a person as the row holds them, without id, login and creation time."""
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "role": person.role,
        "active": int(person.active),
        "client": person.client,
        "manager": person.manager,
        "contact": f" {' '.join(person.contact)} " if person.contact else None,
        "departments": None if person.departments is None else dumps(person.departments) or "[]",
        "teams": dumps(person.teams),
        "away_until": person.away_until,
        "merged_into": person.merged_into,
    }


# A person in an export: the row's columns, in order, without the id.
FACTS = (
    "login name email phone role active client manager created_at "
    "contact departments teams away_until merged_into"
).split()


def facts(row: Any) -> dict[str, Any]:
    """Return a row of ``people_whole`` as an export holds it: lists for columns with several values."""
    told = dict(zip(FACTS, row[1:], strict=True))
    told["contact"] = (told["contact"] or "").split()
    for name in ("departments", "teams"):
        told[name] = None if told[name] is None else loads(told[name])
    return told


def by_login(store: Store, login: str) -> Person | None:
    """Return the person with that login, or None. Logins are stored in lower case."""
    row = store.row("person_by_login", login=login)
    return None if row is None else _person(row)


def by_email(store: Store, address: str) -> Person | None:
    """Return the person with that address, or None."""
    row = store.row("person_by_email", email=address)
    return None if row is None else _person(row)


def everybody(store: Store) -> list[Person]:
    """Return all people, by login."""
    return [_person(row) for row in store.run("people")]


def some(store: Store, statement: str, **values: Any) -> list[Person]:
    """Return the people found by a statement that selects people."""
    return [_person(row) for row in store.run(statement, **values).fetchall()]


def beginning(store: Store, typed: str, limit: int) -> list[Person]:
    """Return active people whose login begins with ``typed``, by login."""
    return some(store, "people_beginning", first=typed, last=f"{typed}\U0010ffff", limit=limit)


def members(store: Store, *, department: str | None = None, team: str | None = None) -> list[Person]:
    """Return the active staff assigned to a department by name, or the members of a team."""
    return [
        person
        for person in some(store, "staff")
        if person.active
        and (department is None or department in (person.departments or ()))
        and (team is None or team in person.teams)
    ]


def named(store: Store, logins: Iterable[str]) -> dict[str, Person]:
    """Return the people with these logins, by login."""
    rows = store.run("people_named", logins=_array(logins))
    return {row[1]: _person(row) for row in rows}


def _array(logins: Iterable[str]) -> str:
    """Return a JSON array of logins, whose letters need no quoting; loading json costs 1.5 ms."""
    quoted = [f'"{login}"' for login in sorted(logins)]
    return f"[{','.join(quoted)}]"


def add(store: Store, person: Person, now: int) -> Person:
    """Store a new person and return them with their id. Raises AlreadyExists if the login or address is taken."""
    if by_login(store, person.login) is not None:
        raise AlreadyExists(
            f"the login {person.login} is already taken",
            hint=f"change that person: tix user edit {person.login}",
        )
    _refuse_taken_address(store, person.email, person.login)
    cursor = store.run("person_add", login=person.login, created_at=now, **columns(person))
    assert cursor.lastrowid is not None
    return person._replace(id=cursor.lastrowid)


def save(store: Store, person: Person) -> None:
    """Store what has changed of a person. Raises AlreadyExists if the address belongs to somebody else."""
    _refuse_taken_address(store, person.email, person.login)
    changed = {f"new_{name}": value for name, value in columns(person).items()}
    store.run("person_edit", key=person.login, **changed)


def _refuse_taken_address(store: Store, email: str | None, login: str) -> None:
    if email is None:
        return
    owner = by_email(store, email)
    if owner is not None and owner.login != login:
        raise AlreadyExists(f"the e-mail address {email} already belongs to {owner.login}")


def uses(store: Store, login: str) -> list[Use]:
    """Return what refers to the person."""
    from tix.store.setup.repository import Use

    return [Use(what, count) for what, count in store.run("person_uses", key=login) if count]


def remove(store: Store, login: str) -> None:
    """Remove a person that nothing refers to."""
    store.run("views_of_person_drop", owner=login)
    store.run("person_drop", key=login)


def admins(store: Store) -> int:
    """Return the number of active admins."""
    return int(store.value("admins"))


def count(store: Store) -> int:
    """Return the number of people on the desk."""
    return int(store.value("person_count"))
