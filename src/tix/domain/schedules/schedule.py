"""A schedule: a ticket that is created again and again."""

from tix.domain.schedules.recurrence import Recurrence
from tix.typing import NamedTuple


class Schedule(NamedTuple):
    """The content of the schedule's tickets, when they are created, and when the next one is due.

    ``owner`` made the schedule and is the creator of its tickets. ``next_at`` (UTC seconds) is None while it is
    paused and after its end; ``last_at`` is the time the last ticket was due. For ``topic``, ``department``,
    ``team``, ``assignee`` and ``sla`` None means not given, and ``none`` means explicitly none. ``due`` is text
    as typed, evaluated from the creation of each ticket; ``fields`` are pairs of key and text.
    """

    name: str
    owner: str
    subject: str
    body: str
    every: str
    start_at: int
    zone: str
    requester: str
    next_at: int | None = None
    last_at: int | None = None
    paused: bool = False
    topic: str | None = None
    type: str | None = None
    category: str | None = None
    priority: str | None = None
    client: str | None = None
    department: str | None = None
    team: str | None = None
    assignee: str | None = None
    sla: str | None = None
    due: str | None = None
    email: str | None = None
    phone: str | None = None
    notify_email: str | None = None
    about: str | None = None
    assets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def rhythm(self) -> Recurrence:
        return Recurrence(self.every, self.start_at, self.zone)
