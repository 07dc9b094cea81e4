"""Add, edit, pause and resume schedules of recurring tickets."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.resources import resource
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Resource, parse_name
from tix.desk.tickets import routing
from tix.desk.tickets.parties import ensure_requester
from tix.desk.tickets.request import TicketRequest
from tix.domain.moments import parse_moment
from tix.domain.names import is_none
from tix.domain.permissions import require
from tix.domain.schedules import recurrence
from tix.domain.schedules.recurrence import Recurrence
from tix.domain.schedules.schedule import Schedule
from tix.domain.tickets.edit import refuse_unassignable
from tix.domain.tickets.ticket import NEVER
from tix.errors import AlreadyExists, InvalidValue
from tix.store.setup.schedules import SCHEDULES
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import tzinfo

# How many dates `show` lists.
FEW = 5

SCHEDULE: Resource[Schedule] = Resource(
    "schedule",
    (),
    lambda name: Schedule(name, "", "", "", "monthly", 0, "UTC", ""),
    ("name", "every", "next_at", "last_at", "paused", "subject"),
)


class Times(NamedTuple):
    """The dates of a schedule as typed, and the actor's time zone; None where not given."""

    here: tzinfo
    every: str | None = None
    start: str | None = None
    zone: str | None = None


def listed(desk: Desk) -> list[Schedule]:
    """Return every schedule, by name; for staff. Raises NotAllowed."""
    require(desk.actor, "schedule list")
    return SCHEDULES.all(desk.store)


def get(desk: Desk, word: str) -> Schedule:
    """Return the schedule a command is about; for staff. Raises NotFound, NotAllowed."""
    require(desk.actor, "schedule list")
    return resource.get(desk, SCHEDULE, word)


# ------------------------------------------------------------------------------------------------- changing


def add(desk: Desk, word: str, request: TicketRequest, times: Times) -> Schedule:
    """Add a schedule; its content is checked like a ticket created now.

    It starts today unless given. Raises InvalidValue, UnknownName, NotAllowed, Refused, AlreadyExists.
    """
    name = parse_name(word, SCHEDULE.title)
    rhythm = _rhythm(desk, times)
    next_at = _first(desk, rhythm, None)
    _check(desk, request)
    require(desk.actor, SCHEDULE.verb)
    _refuse_holder(request)
    with desk.store.writing():
        if SCHEDULES.get(desk.store, name) is not None:
            raise AlreadyExists(f"schedule {name} already exists", hint=f"tix schedule edit '{name}'")
        blank = Schedule(name, desk.actor.login, "", "", *rhythm, requester="", next_at=next_at)
        made = blank._replace(**_columns(desk, request))
        SCHEDULES.add(desk.store, made)
    return made


def edit(desk: Desk, word: str, request: TicketRequest | None, times: Times) -> tuple[Schedule, bool]:
    """Change the content, the dates, or both; return the schedule and whether anything changed.

    A ticket that is already due stays due, unless a new start is given. Raises as ``add``, and NotFound.
    """
    old = _changing(desk, word)
    _moved(desk, old, times)
    if request is not None:
        _check(desk, request)
        _refuse_holder(request)
    with desk.store.writing():
        old = get(desk, word)
        new = _moved(desk, old, times)
        if request is not None:
            new = new._replace(**_columns(desk, request))
        if new != old:
            SCHEDULES.save(desk.store, new)
    return new, new != old


def pause(desk: Desk, word: str) -> tuple[Schedule, bool]:
    """Pause a schedule, tickets already due included; return it and whether it was running."""
    _changing(desk, word)
    with desk.store.writing():
        old = get(desk, word)
        new = old._replace(paused=True, next_at=None)
        if new != old:
            SCHEDULES.save(desk.store, new)
    return new, new != old


def resume(desk: Desk, word: str) -> tuple[Schedule, bool]:
    """Resume a schedule at its next date; missed runs are not caught up. Return it and whether it was paused."""
    _changing(desk, word)
    with desk.store.writing():
        old = get(desk, word)
        if not old.paused:
            return old, False
        new = old._replace(paused=False, next_at=recurrence.first(old.rhythm, desk.now))
        SCHEDULES.save(desk.store, new)
    return new, True


def dates(desk: Desk, one: Schedule, count: int) -> list[int]:
    """Return the next dates of a schedule, UTC seconds, one already due first; of a paused one, as if it ran."""
    if one.paused:
        return recurrence.upcoming(one.rhythm, desk.now, count)
    if one.next_at is None:
        return []
    return [one.next_at, *recurrence.upcoming(one.rhythm, max(one.next_at, desk.now), count - 1)][:count]


def _changing(desk: Desk, word: str) -> Schedule:
    """Return the schedule to change. Raises NotFound to who may list schedules, else NotAllowed."""
    found = get(desk, word)
    require(desk.actor, SCHEDULE.verb)
    return found


# ----------------------------------------------------------------------------------------------------- when


def _rhythm(desk: Desk, times: Times) -> Recurrence:
    from tix.domain.sla.calendars import parse_zone

    zone = recurrence.zone_name(times.here, desk.now) if times.zone is None else parse_zone(times.zone)
    if times.every is None:
        raise InvalidValue(
            "a schedule needs a value for --every",
            hint="for example --every weekly, or --every 'FREQ=WEEKLY;BYDAY=MO'",
        )
    start_at = parse_moment(times.start or "today", desk.now, recurrence.zone_of(zone))
    rhythm = Recurrence(recurrence.parse_every(times.every), start_at, zone)
    recurrence.refuse_idle(rhythm)
    return rhythm


def _moved(desk: Desk, old: Schedule, times: Times) -> Schedule:
    """Return ``old`` with the given dates."""
    from tix.domain.sla.calendars import parse_zone

    rhythm = old.rhythm
    if times.zone is not None:
        rhythm = recurrence.in_zone(rhythm, parse_zone(times.zone))
    if times.every is not None:
        rhythm = rhythm._replace(every=recurrence.parse_every(times.every))
    if times.start is not None:
        start_at = parse_moment(times.start, desk.now, recurrence.zone_of(rhythm.zone))
        rhythm = rhythm._replace(start_at=start_at)
    if rhythm == old.rhythm:
        return old
    recurrence.refuse_idle(rhythm)
    new = old._replace(every=rhythm.every, start_at=rhythm.start_at, zone=rhythm.zone)
    owed = old.next_at is not None and old.next_at <= desk.now and times.start is None
    if old.paused or owed:
        return new
    return new._replace(next_at=_first(desk, rhythm, old.last_at))


def _first(desk: Desk, rhythm: Recurrence, last_at: int | None) -> int:
    """Return its first date from today on, after the last run. Raises InvalidValue where there is none."""
    since = recurrence.day_start(desk.now, rhythm.zone) - 1
    found = recurrence.first(rhythm, since if last_at is None else max(since, last_at))
    if found is None:
        raise InvalidValue(f"{rhythm.every} has no date from today on")
    return found


# ---------------------------------------------------------------------------------------------------- what


def parse_due(desk: Desk, text: str, here: tzinfo) -> str:
    """Parse a due date relative to each ticket's creation: ``+3d``, ``fri 14:00``. Raises InvalidValue."""
    first, second = (parse_moment(text, at, here) for at in (desk.now, desk.now + 400 * 86_400))
    if first == second:
        raise InvalidValue(
            f"'{text}' is a fixed date, but every ticket of the schedule needs its own",
            hint="use a relative date, for example --due +3d or --due 'fri 14:00'",
        )
    return " ".join(text.split())


def check_kept(desk: Desk, one: Schedule) -> None:
    """Raise InvalidValue for a schedule of an import file that could not have been typed."""
    from tix.domain.people import parse_email
    from tix.domain.times import LATEST
    from tix.domain.values import parse_about, parse_line, parse_subject, parse_tag

    parsers: dict[str, Any] = {
        "subject": parse_subject,
        "category": parse_line,
        "phone": parse_line,
        "email": parse_email,
        "notify_email": parse_email,
        "about": parse_about,
        "every": recurrence.parse_every,
    }
    for name, parse in parsers.items():
        held = getattr(one, name)
        if held is not None and parse(held) != held:
            raise InvalidValue(f"its {name} is not a valid value")
    if any(parse_tag(tag) != tag for tag in one.tags) or not all(key.strip() for key, _ in one.fields):
        raise InvalidValue("its tags or custom fields are not valid")
    if max(one.start_at, one.next_at or 0, one.last_at or 0) > LATEST or (
        one.paused and one.next_at is not None
    ):
        raise InvalidValue("its dates are not valid")
    if one.due is not None:
        parse_due(desk, one.due, recurrence.zone_of(one.zone))
    recurrence.refuse_idle(one.rhythm)


def _check(desk: Desk, request: TicketRequest) -> None:
    """Check the content like a ticket created now. Raises InvalidValue, UnknownName."""
    route = routing.routed(desk, request)
    routing.answered(desk, route.topic, request.answers)
    contact = request.requester
    requester = desk.actor.person
    if contact is not None and contact.email is None:
        requester = desk.person(contact.login or "", active=True)
    client = request.values.get("client") or requester.client
    routing.refuse_foreign(desk, client, requester, request.assets)


def _refuse_holder(request: TicketRequest) -> None:
    """Raise Refused for an assignee who can never take tickets; one who is away will be back."""
    if request.assignee is not None:
        refuse_unassignable(request.assignee, NEVER)


def _columns(desk: Desk, request: TicketRequest) -> dict[str, Any]:
    """Return the content as columns of a schedule; an unknown requester is added now."""
    values = request.values
    priority = values.get("priority")
    return {
        **{name: values.get(name) for name in ("type", "category", "client", "email", "phone", "notify_email", "about")},
        "subject": request.subject,
        "body": request.body,
        "requester": ensure_requester(desk, request.requester, values.get("client")).login,
        "topic": _spelled(desk, "topic", request.topic),
        "priority": None if priority is None else priority.name,
        "department": _spelled(desk, "department", request.department),
        "team": _spelled(desk, "team", request.team),
        "assignee": _holder(request),
        "sla": _spelled(desk, "sla", request.sla),
        "due": request.due,
        "assets": request.assets,
        "tags": tuple(dict.fromkeys(request.tags)),
        "fields": tuple(request.answers.items()),
    }  # fmt: skip


def _holder(request: TicketRequest) -> str | None:
    return "none" if request.nobody else None if request.assignee is None else request.assignee.login


def _spelled(desk: Desk, name: str, word: str | None) -> str | None:
    """Return the name an option gives, as the desk spells it; ``none`` stays."""
    if word is None or is_none(word):
        return None if word is None else "none"
    return spelled(desk, name, word)
