"""The resources client, department and team."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Attribute, Given, Resource, words
from tix.domain.organisation import Client, Department, Team
from tix.domain.people import Person, parse_email
from tix.domain.values import parse_line
from tix.errors import AlreadyExists, InvalidValue
from tix.store import people
from tix.store.setup import repository
from tix.typing import Any


def _line(desk: Desk, text: str) -> str:
    return parse_line(text)


# ------------------------------------------------------------------------------------------------- clients


def _domain(desk: Desk, text: str) -> str:
    word = text.strip().lower().removeprefix("@")
    try:
        return parse_email(f"x@{word}").partition("@")[2]
    except InvalidValue as error:
        raise InvalidValue(f"'{text}' is not an e-mail domain", hint="for example acme.example") from error


def _rate(desk: Desk, text: str) -> str:
    from tix.domain.billing.invoices import parse_rate

    return parse_rate(text)


def _currency(desk: Desk, text: str) -> str:
    from tix.domain.billing.invoices import parse_currency

    return parse_currency(text)


def _check_client(desk: Desk, old: Client | None, new: Client) -> Client:
    for other in repository.CLIENTS.all(desk.store):
        taken = set(other.domains) & set(new.domains)
        if other.name != new.name and taken:
            raise AlreadyExists(f"the e-mail domain {min(taken)} already belongs to client {other.name}")
    return new


def _contacts(desk: Desk, client: Client) -> dict[str, Any]:
    who = people.some(desk.store, "people_of_client", client=client.name)
    return {
        "contacts": [
            person.login + (f" ({', '.join(person.contact)})" if person.contact else "")
            for person in who
            if person.active
        ]
    }


CLIENT = Resource(
    "client",
    (
        Attribute(
            "domain", "D,…", "E-mail domain of the client's people, e.g. acme.example.", _domain, many=True
        ),
        Attribute("rate", "MONEY", "Hourly rate, e.g. 90.00.", _rate),
        Attribute("currency", "CODE", "Currency of the rate, e.g. EUR.", _currency),
        Attribute("notes", "TEXT", "Notes about the client.", _line),
    ),
    Client,
    ("name", "domains", "rate", "currency", "notes", "active"),
    ("contacts",),
    check=_check_client,
    more=_contacts,
    tickets="client",
    names_tickets=True,
)


# ------------------------------------------------------------------------------------- departments and teams


def _staff(desk: Desk, text: str, *, active: bool = False) -> Person:
    person = desk.person(text, active=active)
    if not person.is_staff:
        raise InvalidValue(
            f"{person.login} is a requester; only agents and admins can be members", hint="tix user list"
        )
    return person


def _member(desk: Desk, text: str) -> str:
    return _staff(desk, text, active=True).login


_MEMBER = Attribute(
    "member", "LOGIN,…", "Member, an agent or admin, e.g. sam.", _member, many=True, apart=True
)


def _workflow(desk: Desk, text: str) -> str:
    return desk.workflow(text).name


def _mapping(desk: Desk, text: str) -> tuple[str, str]:
    old, equals, new = (word.strip().lower() for word in text.partition("="))
    if not equals or not old or not new:
        raise InvalidValue(f"'{text}' is not OLD=NEW", hint="for example --map in-progress=working")
    return old, new


def _settle_department(desk: Desk, old: Department | None, new: Department, given: Given) -> bool:
    from tix.desk import reconfigure

    if given.get("removed"):
        return False
    changed = _settle_members(desk, new.name, given, "departments")
    if old is not None and (old.workflow, old.calendar) != (new.workflow, new.calendar):
        reconfigure.department_changed(desk, old, new)
    return changed


def _settle_team(desk: Desk, old: Team | None, new: Team, given: Given) -> bool:
    return not given.get("removed") and _settle_members(desk, new.name, given, "teams")


def _settle_members(desk: Desk, name: str, given: Given, column: str) -> bool:
    """Add and remove the members of a department or a team; return whether anything changed.

    An agent who could see all departments then sees only those they are a member of.
    """
    changed = False
    for flag, wanted in (("member", True), ("remove-member", False)):
        for word in words(given.get(flag)):
            person = _staff(desk, word)
            held = tuple(getattr(person, column) or ())
            if (name in held) != wanted:
                held = (*held, name) if wanted else tuple(one for one in held if one != name)
                named: dict[str, Any] = {column: held}
                people.save(desk.store, person._replace(**named))
                changed = True
    return changed


def _check_department(desk: Desk, old: Department | None, new: Department) -> Department:
    workflow = desk.workflow(new.workflow) if new.workflow else desk.rules.workflow
    kept = {}
    for status, place in new.mapping:
        if (status, place) in (() if old is None else old.mapping) and not workflow.knows(place):
            continue  # it belongs to the previous workflow
        kept[status] = workflow.find_status(place).name
    return new._replace(mapping=tuple(kept.items()))


def _members(column: str) -> Any:
    def more(desk: Desk, one: Department | Team) -> dict[str, Any]:
        return {"members": [who.login for who in people.members(desk.store, **{column: one.name})]}

    return more


DEPARTMENT = Resource(
    "department",
    (
        _MEMBER,
        Attribute(
            "sla",
            "PLAN",
            "SLA plan for new tickets of the department.",
            lambda desk, text: spelled(desk, "sla", text),
        ),
        Attribute(
            "calendar",
            "NAME",
            "Calendar with the business hours of the department.",
            lambda desk, text: spelled(desk, "calendar", text),
        ),
        Attribute(
            "workflow", "NAME", "Workflow for the department's tickets, instead of the desk's.", _workflow
        ),
        Attribute(
            "map",
            "OLD=NEW",
            "Status that replaces OLD when a ticket moves in from another workflow.",
            _mapping,
            many=True,
            into="mapping",
        ),
        Attribute("email", "ADDR", "E-mail address of the department.", lambda desk, text: parse_email(text)),
    ),
    Department,
    ("name", "members", "sla", "calendar", "workflow", "mapping", "email", "active"),
    check=_check_department,
    settle=_settle_department,
    more=_members("department"),
    tickets="department",
    internal=("members", "sla", "calendar", "mapping"),
)

TEAM = Resource(
    "team",
    (_MEMBER,),
    Team,
    ("name", "members", "active"),
    settle=_settle_team,
    more=_members("team"),
    tickets="team",
)
