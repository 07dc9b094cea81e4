"""A schedule: a ticket that is to be raised again and again."""

from typing import NamedTuple

from tix.domain.schedules.recurrence import Rhythm


class Schedule(NamedTuple):
    """What its tickets say, when they are raised, and when the next one is due.

    ``owner`` is who made it and raises its tickets. ``next_at`` is None while it is paused and when it has come to its
    end; ``last_at`` is the moment the last ticket was raised for. Of ``topic``, ``department``, ``team``,
    ``assignee`` and ``sla`` None was not said, and ``none`` is nothing. ``due`` is as it was typed, to be read from
    each ticket's beginning; ``fields`` are pairs of a key and a text.
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
    def rhythm(self) -> Rhythm:
        return Rhythm(self.every, self.start_at, self.zone)
