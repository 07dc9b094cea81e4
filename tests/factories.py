"""What tests are made of: people, tickets, rules, and a desk on a real store in this process.

Plain functions with defaults; a test names only what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tix.desk.context import Desk
from tix.desk.tickets import new as new_ticket
from tix.desk.tickets import read
from tix.desk.tickets.files import Upload, upload
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain.people import Actor, Contact, Person, newcomer
from tix.domain.permissions import STAFF_FIELDS
from tix.domain.tickets.lifecycle import open_ticket
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.references import Reference, parse_reference
from tix.domain.tickets.ticket import Ticket, opened
from tix.domain.tickets.timeline import Author
from tix.domain.workflows.shipped import SHIPPED
from tix.store import people
from tix.store.connection import Store
from tix.store.open import create_store

# 2026-11-20T09:00:00Z, a Friday.
T0 = 1_795_165_200
HOUR = 3600

# Who there is in a `World`. The first is the admin who made the desk.
CAST = (
    ("root", "admin"),
    ("ann", "agent"),
    ("ben", "agent"),
    ("rita", "requester"),
    ("rolf", "requester"),
)


def person(login: str = "ann", role: str = "agent", *, active: bool = True, **given: Any) -> Person:
    """Somebody."""
    values = {"name": login.capitalize(), "email": f"{login}@x.example", "phone": None} | given
    return Person(1, login, role=role, active=active, **values)  # type: ignore[arg-type]  # a Role


def actor(login: str = "ann", role: str = "agent") -> Actor:
    """Somebody who acts."""
    return Actor(person(login, role))


def author(by: str | None = "ann", side: str = "staff", at: int = T0, via: str | None = None) -> Author:
    """The stamp of an item."""
    return Author(by, via, side, at)  # type: ignore[arg-type]  # a Side


def rules(
    workflow: str = "standard", window: int | None = None, *, claims: bool | None = None
) -> TicketPolicy:
    """What a desk has settled on, the workflow's own unless said."""
    table = SHIPPED[workflow]
    return TicketPolicy(
        table,
        table.window_seconds if window is None else window,
        table.claims if claims is None else claims,
    )


def ticket(workflow: str = "standard", number: int = 1, **values: Any) -> Ticket:
    """A ticket of rita's, just opened; ``values`` replace columns of its row."""
    first = SHIPPED[workflow].first
    opening = open_ticket(
        author("rita", "requester"),
        "It does not work.",
        {
            "subject": "Printer",
            "status": first.name,
            "phase": first.phase,
            "priority": "medium",
            "rank": 20,
            "requester": "rita",
        },
    )
    made = opened(number, "TIX-", f"uid-{number}", opening)._replace(id=number)
    if "status" in values:
        status = SHIPPED[workflow].status(values["status"])
        values = {"phase": status.phase, "paused_at": T0 if status.pauses else None} | values
    return made._replace(**values)


class World:
    """A desk in a real SQLite file, and a clock that the test moves.

    Syncing to disk is off: these tests are about answers, not about power cuts.
    """

    def __init__(self, folder: Path, workflow: str = "standard", now: int = T0) -> None:
        self.now = now
        self.path = folder / "desk.db"
        self.store: Store = create_store(self.path)
        with self.store.writing():
            for login, role in CAST:
                somebody = newcomer(login, login.capitalize(), f"{login}@x.example", role)
                people.add(self.store, somebody, now)
            if workflow != "standard":
                self.store.run("setting_put", key="workflow", value=workflow)
        self.store.connection.execute("PRAGMA synchronous=OFF")

    def desk(self, login: str = "ann") -> Desk:
        """The desk as ``login`` meets it now, with nothing remembered from before."""
        me = people.by_login(self.store, login)
        assert me is not None
        return Desk(self.store, Actor(me), self.now)

    def new(
        self, login: str = "rita", subject: str = "Printer", body: str = "It smokes.", **asked: Any
    ) -> int:
        """A new ticket's number. ``values`` (columns), ``tags``, ``uploads``, ``requester`` … as in TicketRequest.

        It goes by ``route``, nowhere unless said: no default of the desk's puts it under a plan.
        What only staff say of a requester's ticket, root says for them.
        """
        values = asked.pop("values", {})
        who = asked.pop("requester", None)
        route = asked.pop("route", Route())
        if not self.desk(login).actor.is_staff and (STAFF_FIELDS.keys() & (values.keys() | asked.keys())):
            login, who = "root", login
        contact = None if who is None else Contact(who, None, None)
        request = TicketRequest(subject=subject, body=body, values=values, requester=contact, **asked)
        made = new_ticket.open_ticket(self.desk(login), request, route)
        return made.ticket.number

    def stored(self, number: int) -> Ticket:
        """The row as it stands in the store."""
        return read.find(self.desk("root"), ref(number))

    def close(self) -> None:
        """Gives the file back."""
        self.store.close()


@contextmanager
def world(folder: Path, workflow: str = "standard", now: int = T0) -> Iterator[World]:
    """A ``World`` that is closed at the end."""
    made = World(folder, workflow, now)
    try:
        yield made
    finally:
        made.close()


def ref(number: int) -> Reference:
    """A ticket by its number."""
    return parse_reference(str(number))


def file(name: str = "log.txt", data: bytes = b"line one\n") -> Upload:
    """Something to attach."""
    return upload(name, data)
