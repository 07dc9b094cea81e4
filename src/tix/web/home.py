"""The first page: the two things that requesters come for, and for staff what waits in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.desk import notifications
from tix.desk.queue import home as overviews
from tix.domain.times import instant
from tix.web.lists import counts
from tix.web.visit import Html, Redirect

if TYPE_CHECKING:
    from tix.web.visit import Answer, Visit

MOST_NOTICES = 20


def home(visit: Visit) -> Html:
    """Show the way to a new ticket and to one's own tickets, with what has happened since."""
    desk = visit.desk
    notices = [
        {"ref": one.ref, "subject": one.subject, "reason": one.reason, "by": one.by, "at": instant(one.at)}
        for one in notifications.listed(desk, limit=MOST_NOTICES)
    ]
    waiting = None
    if desk.actor.is_staff:
        waiting = dict(overviews.overview(desk).counts)
    return Html("home.html", {"counts": counts(desk), "waiting": waiting, "notices": notices})


def read(visit: Visit) -> Answer:
    """Mark all notifications as read."""
    notifications.read_all(visit.desk)
    return Redirect("/")
