"""What tickets belong to and are about: clients, departments, teams, assets.

Each is known by its name, which is what tickets hold. ``active`` is False where it is kept for the tickets it
has but takes no new ones.
"""

from typing import NamedTuple


class Client(NamedTuple):
    """An organisation. People with an address in one of ``domains`` are its; ``rate`` is money an hour."""

    name: str
    domains: tuple[str, ...] = ()
    rate: str | None = None
    currency: str | None = None
    notes: str | None = None
    active: bool = True


class Department(NamedTuple):
    """Where tickets go.

    ``sla`` is the plan of new tickets, ``calendar`` the hours their clocks run in, ``workflow`` its own one.
    ``mapping`` says where statuses of other workflows go when a ticket is moved here, pairs of names.
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
    """How urgent: the higher the rank, the earlier in the queue."""

    name: str
    rank: int
    aliases: tuple[str, ...] = ()
    active: bool = True


class Asset(NamedTuple):
    """A thing tickets are about."""

    name: str
    client: str | None = None
    kind: str | None = None
    serial: str | None = None
    notes: str | None = None
    active: bool = True
