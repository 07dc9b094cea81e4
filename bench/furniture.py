"""The resources of a measured desk, and a desk with them, built in this process.

Twelve departments, fifty clients of which one is large, teams, assets, a topic whose custom field has a value on
two tickets in five, and a plan in business hours on one in three. There is one person for each way of seeing a
part of it.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import desks

from tix.cli.session import os_login
from tix.desk.context import Desk
from tix.desk.transfer.import_ import Import
from tix.desk.transfer.people import PeopleMap
from tix.desk.transfer.replay import ReplayContext, played
from tix.domain.json_columns import dumps
from tix.domain.organisation import Asset, Client, Department, Team
from tix.domain.people import Actor, Person, Role, newcomer
from tix.domain.sla.calendars import Calendar, parse_hours
from tix.domain.sla.plans import Plan
from tix.domain.tickets.due_dates import first_dates
from tix.domain.tickets.ticket import fold
from tix.domain.times import parse_instant
from tix.domain.topics import Field, Topic
from tix.importers import github
from tix.importers.archive import ArchiveRecord
from tix.importers.record import ImportedTicket
from tix.store import people
from tix.store.open import open_store
from tix.store.setup import repository, sla, topics

DEPARTMENTS = tuple(f"Department {number:02}" for number in range(12))
TEAMS = tuple(f"Team {number}" for number in range(6))
LARGE_CLIENT = "Large"
CLIENTS = (LARGE_CLIENT, *(f"Client {number:02}" for number in range(1, 50)))
ASSETS = tuple(f"asset-{number:03}" for number in range(200))
RARE_ASSET = "asset-rare"  # on three tickets
TOPIC, BRANDS, RARE_BRAND = "Returns", ("North", "South", "East", "West"), "Atlantis"
PLAN, CALENDAR = "contract", "office"

# So much working time that tickets of the first hours of the year are just due at the time of measuring.
_GRACE_SECONDS = 2_256 * 3600
_LARGE_TICKETS, _REPORTS, _TICKETS_A_REQUESTER = 20_000, 500, 10

MANAGER, CONTACT = "manager", "contact"  # of 500 people; of the large client
LIMITED, TEAMED = "limited", "teamed"  # an agent of two departments; an agent in two teams


class _Shares(NamedTuple):
    """Who requesters belong to.

    The first belong to the large client, those from the middle on report to the manager.
    """

    requesters: int
    large: int
    reports: range

    def client(self, requester: int) -> str | None:
        """Return the client of a requester; half of those outside the large client have none."""
        if requester < self.large:
            return LARGE_CLIENT
        return CLIENTS[requester % 98 + 1] if requester % 98 < 49 else None


def build(path: Path, count: int) -> None:
    """Fill an empty desk with that many tickets."""
    store = open_store(path)
    me = people.by_login(store, os_login())
    assert me is not None
    desk = Desk(store, Actor(me), parse_instant(desks.NOW))
    shares = _shares(count)
    with store.writing():
        _set_up(desk)
        for person in _people(shares):
            people.add(store, person, desk.now)
    wanted = Import(desk)
    faults = wanted.gather(_tickets(desk, count, shares))
    if faults:
        raise SystemExit(f"bench: {faults[0].message}")
    wanted.write()
    store.close()


def _shares(count: int) -> _Shares:
    requesters = max(1, count // _TICKETS_A_REQUESTER)
    large = min(_LARGE_TICKETS // _TICKETS_A_REQUESTER, requesters // 5)
    middle = requesters // 2
    return _Shares(requesters, large, range(middle, middle + min(_REPORTS, requesters - middle)))


def _set_up(desk: Desk) -> None:
    store = desk.store
    for department in DEPARTMENTS:
        repository.DEPARTMENTS.add(store, Department(department))
    for client in CLIENTS:
        repository.CLIENTS.add(store, Client(client))
    for team in TEAMS:
        repository.TEAMS.add(store, Team(team))
    for asset in (*ASSETS, RARE_ASSET):
        repository.ASSETS.add(store, Asset(asset))
    sla.CALENDARS.add(store, _calendar())
    sla.PLANS.add(store, _plan())
    topics.TOPICS.add(store, Topic(TOPIC, department=DEPARTMENTS[0], sla=PLAN))
    choices = (*BRANDS, RARE_BRAND)
    topics.put_field(store, Field(TOPIC, "brand", "Brand", "choice", choices, default=BRANDS[0]))


def _calendar() -> Calendar:
    return Calendar(CALENDAR, "Europe/Berlin", parse_hours("mon-fri 09:00-17:00"), {}, None, True)


def _plan() -> Plan:
    return Plan(PLAN, _GRACE_SECONDS, 4 * 3600, CALENDAR)


def _people(shares: _Shares) -> Iterator[Person]:
    yield _person(MANAGER)
    yield _person(CONTACT)._replace(client=LARGE_CLIENT, contact=("technical",))
    yield _person(LIMITED, "agent")._replace(departments=DEPARTMENTS[:2])
    yield _person(TEAMED, "agent")._replace(teams=TEAMS[:2])
    for requester in range(shares.requesters):
        manager = MANAGER if requester in shares.reports else None
        yield _person(f"user{requester:06}")._replace(client=shares.client(requester), manager=manager)


def _person(login: str, role: Role = "requester") -> Person:
    return newcomer(login, login.capitalize(), None, role)


def _tickets(desk: Desk, count: int, shares: _Shares) -> Iterator[ArchiveRecord]:
    """Yield the issues of that size, each with what this desk adds to its opening."""
    chance = random.Random(-count)
    cast = PeopleMap(lambda login: people.by_login(desk.store, login), lambda email: None)
    known = repository.PRIORITIES.all(desk.store)
    usual = next(one for one in known if one.name == "medium")
    stage = ReplayContext(desk.rules, known, usual, desk.settings.text("prefix"), desk.actor.login)
    plan, calendar = _plan(), _calendar()
    for number, issue in enumerate(desks.issues(count), start=1):
        story = github.told(issue, f"issue {number}", None)
        assert isinstance(story, ImportedTicket)
        uid = str(uuid5(NAMESPACE_URL, f"tix:bench:{count}:{number}"))
        ticket, items = played(story, uid, stage, cast)
        added = _added(number, count, chance)
        added["client"] = shares.client(int(ticket.requester.removeprefix("user")))
        if added.get("sla"):
            added |= first_dates(plan, calendar, ticket.priority, ticket.created_at)
        sets = (items[0].sets or {}) | {name: value for name, value in added.items() if value is not None}
        timeline = (items[0]._replace(sets=sets), *items[1:])
        yield ArchiveRecord(fold(number, stage.prefix, uid, timeline), timeline, (), {}, {}, 0, number)


def _added(number: int, count: int, chance: random.Random) -> dict[str, Any]:
    rare = number in desks.rare_ones(count)
    asset = RARE_ASSET if rare else chance.choice(ASSETS)
    brand = RARE_BRAND if rare else chance.choice(BRANDS)
    answered = rare or chance.random() < 0.4
    return {
        "department": chance.choice(DEPARTMENTS) if chance.random() < 0.95 else None,
        "team": chance.choice(TEAMS) if chance.random() < 0.15 else None,
        "topic": TOPIC if answered else None,
        "fields": dumps({"brand": brand}) if answered else None,
        "assets": dumps([asset]) if rare or chance.random() < 0.1 else None,
        "sla": PLAN if chance.random() < 1 / 3 else None,
    }
