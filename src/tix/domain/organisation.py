"""What tickets belong to and are about: clients, departments, teams, assets, types, priorities.

Each is known by its name, which is what tickets store. ``active`` is False if it is kept only for the tickets it
already has and takes no new ones.
"""

from tix.typing import NamedTuple


class Client(NamedTuple):
    """An organisation.

    People with an address in one of ``domains`` belong to it; ``rate`` is its hourly rate as text.
    """

    name: str
    domains: tuple[str, ...] = ()
    rate: str | None = None
    currency: str | None = None
    notes: str | None = None
    active: bool = True


class Department(NamedTuple):
    """A department that handles tickets.

    ``sla`` is the plan of new tickets, ``calendar`` the business hours of their SLA, ``workflow`` the
    department's own. ``mapping`` maps statuses of other workflows for tickets that are moved here, as pairs of
    names.
    """

    name: str
    sla: str | None = None
    calendar: str | None = None
    workflow: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    email: str | None = None
    active: bool = True


class Team(NamedTuple):
    """People who share tickets."""

    name: str
    active: bool = True


class TicketType(NamedTuple):
    """A type of ticket."""

    name: str
    active: bool = True
    position: int = 0


class Priority(NamedTuple):
    """A priority: the higher the rank, the earlier in the queue."""

    name: str
    rank: int
    aliases: tuple[str, ...] = ()
    active: bool = True


class Asset(NamedTuple):
    """An asset that tickets are about."""

    name: str
    client: str | None = None
    kind: str | None = None
    serial: str | None = None
    notes: str | None = None
    active: bool = True
