"""People as records."""

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.people import PersonDetails
    from tix.domain.people import Person


FIELDS = (
    *("login", "name", "email", "phone", "role", "active", "client", "contact", "manager", "departments"),
    *("teams", "away_until", "merged_into"),
)


def record(person: "Person") -> dict[str, Any]:
    """Return a person as a record."""
    from tix.domain.times import instant

    return {
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "role": person.role,
        "active": person.active,
        "client": person.client,
        "contact": list(person.contact),
        "manager": person.manager,
        "departments": _departments(person),
        "teams": list(person.teams),
        "away_until": None if person.away_until is None else instant(person.away_until),
        "merged_into": person.merged_into,
    }


def whole_record(found: "PersonDetails") -> dict[str, Any]:
    """The same with who answers to them, and how many tickets they have."""
    return {
        **record(found.person),
        "reports": list(found.reports),
        "open_tickets": found.open_tickets,
        "tickets": found.tickets,
    }


def _departments(person: "Person") -> list[str]:
    """``all`` for an agent to whom none is named."""
    if not person.is_staff:
        return []
    return ["all"] if person.departments is None else list(person.departments)
