"""The demo desk: a week at a small company, written with the same use cases as every command."""

from __future__ import annotations

from collections.abc import Callable

from tix.desk.context import Desk
from tix.desk.resources import resource, topics
from tix.desk.resources.catalog import ASSET
from tix.desk.resources.organisation import CLIENT, DEPARTMENT, TEAM
from tix.desk.resources.sla import CALENDAR, PLAN
from tix.desk.resources.topics import TOPIC, FieldChange
from tix.desk.tickets import assign, edit, reply, status
from tix.desk.tickets import new as raising
from tix.desk.tickets.request import TicketRequest
from tix.domain.people import Actor, Person, Role, newcomer
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.references import Reference
from tix.store import people
from tix.store.connection import Store
from tix.typing import NamedTuple

_PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("sam", "Sam Okafor", "agent"),
    ("kim", "Kim Lindqvist", "agent"),
    ("lan", "Lan Nguyen", "requester"),
    ("ana", "Ana Duarte", "requester"),
    ("ben", "Ben Weiss", "requester"),
)
# The client of the requesters and the assets.
_CLIENT = "Hillside"
_HOUR = 3600
_DAY = 24 * _HOUR


class Opening(NamedTuple):
    """A ticket to create: hours ago, requester and content."""

    hours: int
    by: str
    subject: str
    body: str
    priority: str = "medium"
    type: str = "issue"
    due_hours: int | None = None
    about: str | None = None
    assignee: str | None = None
    topic: str | None = None
    answers: dict[str, str] | None = None
    assets: tuple[str, ...] = ()


_OPENINGS = (
    Opening(
        150,
        "lan",
        "VPN drops every few minutes",
        "Since Monday the VPN disconnects after about five minutes.\nI am on the new laptop, Wi-Fi at home.",
        "high",
        assignee="sam",
        topic="Network",
        answers={"place": "Home office"},
        assets=("LT-0042",),
    ),
    Opening(120, "ana", "New starter on 1 December: account and laptop", "Her name is Noor Haddad, sales.", type="request", due_hours=140),
    Opening(96, "ben", "Invoice PDF shows last year's address", "See page 2 of any invoice since October.", assignee="kim"),
    Opening(50, "lan", "Printer on the 2nd floor: paper jam again", "It says 'tray 3', but tray 3 is empty.", "low", topic="Printing", assets=("PR-2F",)),
    Opening(30, "ana", "Phishing mail 'Your parcel is waiting'", "Three of us got it. I clicked, sorry. 😳", "urgent", "analyzed-email", due_hours=28, about="email:m-881", assignee="kim"),
    Opening(20, "ben", "印刷できません / cannot print from the tablet", "プリンターが見つかりません。\nThe printer is not found.", "medium"),
    Opening(6, "lan", "Access to the shared folder 'Contracts'", "My manager approved it, see below.", type="request", assignee="sam"),
    Opening(2, "ana", "Screen flickers when docked", "Only on the left dock, the right one is fine.", "high", topic="Hardware"),
)  # fmt: skip


def populate(store: Store, admin: Person, now: int) -> Desk:
    """Fill an empty desk with a week of work; return the desk as its admin sees it now."""
    staff = {}
    start = Desk(store, Actor(admin), now - 30 * _DAY)
    resource.add(start, CLIENT, _CLIENT, {"domain": ["hillside.example"]})
    with store.writing():
        for login, name, role in _PEOPLE:
            company = "demo" if role == "agent" else "hillside"
            person = newcomer(login, name, f"{login}@{company}.example", role)
            client = None if role == "agent" else _CLIENT
            staff[login] = people.add(store, person._replace(client=client), start.now)

    _set_up(start)

    def acting(login: str, hours: float) -> Desk:
        return Desk(store, Actor(staff[login]), now - int(hours * _HOUR))

    for opening in _OPENINGS:
        _open(acting, staff, opening)
    _work(acting)
    return Desk(store, Actor(admin), now)


def _set_up(desk: Desk) -> None:
    """Add business hours, an SLA plan, a department, a team, topics and assets."""
    office = {"hours": "mon-fri 08:00-18:00", "zone": "Europe/Berlin", "country": None}
    resource.add(desk, CALENDAR, "office", office)
    resource.add(desk, PLAN, "office-day", {"grace": "10h", "response": "2h", "calendar": "office"})
    resource.add(desk, DEPARTMENT, "it", {"sla": "office-day", "calendar": "office"})
    resource.add(desk, TEAM, "hardware", {"member": ["sam", "kim"]})
    for name in ("Network", "Printing", "Hardware"):
        team = "hardware" if name == "Hardware" else None
        resource.add(desk, TOPIC, name, {"department": "it", "team": team})
    place = FieldChange("Where are you?", "choice", ("Office", "Home office", "On the road"), required=True)
    topics.add_field(desk, "Network", "place", place)
    for name, kind in (("LT-0042", "laptop"), ("PR-2F", "printer")):
        resource.add(desk, ASSET, name, {"kind": kind, "client": _CLIENT})


def _open(acting: Callable[[str, float], Desk], staff: dict[str, Person], opening: Opening) -> None:
    desk = acting(opening.by, opening.hours)
    values = {
        "priority": desk.priority(opening.priority),
        "type": opening.type,
        "about": opening.about,
    }
    request = TicketRequest(
        subject=opening.subject,
        body=opening.body,
        values=values,
        topic=opening.topic,
        answers=opening.answers or {},
        assets=opening.assets,
    )
    ticket = raising.open_ticket(desk, request).ticket
    if opening.due_hours is not None:
        due_at = desk.now + opening.due_hours * _HOUR
        edit.edit(acting("sam", opening.hours), Reference(None, ticket.number), Edit(due_at=(due_at,)))
    if opening.assignee is not None:
        sam = acting("sam", opening.hours - 0.3)
        assign.assign(sam, Reference(None, ticket.number), staff[opening.assignee])


def _work(acting: Callable[[str, float], Desk]) -> None:
    one, three, four, five, seven = (Reference(None, number) for number in (1, 3, 4, 5, 7))
    reply.reply(acting("sam", 148), one, "Hello Lan, does it also happen on a cable?")
    reply.reply(acting("lan", 140), one, "On a cable it is stable. So it is the Wi-Fi?")
    reply.note(acting("sam", 139), one, "Known problem with this driver, see the vendor's note of last week.")
    reply.reply(acting("sam", 100), one, "Please install the update from the software centre and restart.")
    status.pull(acting("sam", 90), one, "resolve", None, "driver 22.190 fixes it")
    reply.reply(acting("lan", 40), one, "It came back this morning, sorry.")
    reply.reply(acting("kim", 94), three, "Thank you, we have found the template and corrected it.")
    status.pull(acting("kim", 93), three, "resolve")
    status.rate(acting("ben", 80), three, 5, "quick!")
    assign.claim(acting("sam", 45), four)
    status.pull(acting("sam", 44), four, "hold", "A new roller is on its way, it comes on Friday.")
    reply.note(acting("kim", 29), five, "Password reset forced for all three, mailbox rules checked: clean.")
    status.pull(acting("kim", 28), five, "start")
    reply.reply(acting("sam", 5), seven, "Which of the two folders do you need, 2025 or 2026?")
