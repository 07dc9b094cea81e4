"""Recurring tickets: what they say, when they come, and the changes of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.desk.context import Desk
from tix.desk.resources import resource
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Noun, parse_name
from tix.desk.tickets import routing
from tix.desk.tickets.parties import ensure_requester
from tix.desk.tickets.routing import Wanted
from tix.domain.names import is_none
from tix.domain.people import Contact, Person
from tix.domain.permissions import require
from tix.domain.schedules import recurrence
from tix.domain.schedules.recurrence import Rhythm
from tix.domain.schedules.schedule import Schedule
from tix.domain.tickets.edit import refuse_unassignable
from tix.domain.tickets.ticket import NEVER
from tix.domain.times import parse_moment
from tix.errors import AlreadyExists, InvalidValue
from tix.store.setup.schedules import SCHEDULES

if TYPE_CHECKING:
    from datetime import tzinfo

# How many dates `show` tells.
FEW = 5

SCHEDULE: Noun[Schedule] = Noun(
    "schedule",
    (),
    lambda name: Schedule(name, "", "", "", "monthly", 0, "UTC", ""),
    ("name", "every", "next_at", "last_at", "paused", "subject"),
)


class Sheet(NamedTuple):
    """What the tickets of a schedule are to say, parsed; ``due`` as it was typed."""

    subject: str
    body: str
    values: Mapping[str, Any]
    requester: Contact | None
    assignee: Person | None
    tags: tuple[str, ...]
    wanted: Wanted
    answers: Mapping[str, str]
    assets: tuple[str, ...]
    due: str | None = None


class Times(NamedTuple):
    """When, as somebody typed it, and the zone of where they stand; None was not said."""

    here: tzinfo
    every: str | None = None
    start: str | None = None
    zone: str | None = None


def get(desk: Desk, word: str) -> Schedule:
    """The schedule a verb is about; for staff. Raises NotFound, NotAllowed."""
    require(desk.actor, "schedule list")
    return resource.get(desk, SCHEDULE, word)


# ------------------------------------------------------------------------------------------------- changing


def add(desk: Desk, word: str, sheet: Sheet, times: Times) -> Schedule:
    """A new one, its tickets checked as one would be that is raised now.

    It begins today unless said. Raises InvalidValue, UnknownName, NotAllowed, Refused, AlreadyExists.
    """
    name = parse_name(word, SCHEDULE.title)
    rhythm = _rhythm(desk, times)
    next_at = _first(desk, rhythm, None)
    _check(desk, sheet)
    require(desk.actor, SCHEDULE.verb)
    _refuse_holder(sheet)
    with desk.store.writing():
        if SCHEDULES.get(desk.store, name) is not None:
            raise AlreadyExists(f"there is a schedule {name} already", hint=f"tix schedule edit '{name}'")
        blank = Schedule(name, desk.actor.login, "", "", *rhythm, requester="", next_at=next_at)
        made = blank._replace(**_columns(desk, sheet))
        SCHEDULES.add(desk.store, made)
    return made


def edit(desk: Desk, word: str, sheet: Sheet | None, times: Times) -> tuple[Schedule, bool]:
    """Changes what is said, when, or both; whether anything changed.

    A ticket that is owed stays owed, unless a new beginning is given. Raises as ``add``, and NotFound.
    """
    old = _changing(desk, word)
    _moved(desk, old, times)
    if sheet is not None:
        _check(desk, sheet)
        _refuse_holder(sheet)
    with desk.store.writing():
        old = get(desk, word)
        new = _moved(desk, old, times)
        if sheet is not None:
            new = new._replace(**_columns(desk, sheet))
        if new != old:
            SCHEDULES.save(desk.store, new)
    return new, new != old


def pause(desk: Desk, word: str) -> tuple[Schedule, bool]:
    """No tickets until it is resumed, none of those that are owed either; whether that is new."""
    _changing(desk, word)
    with desk.store.writing():
        old = get(desk, word)
        new = old._replace(paused=True, next_at=None)
        if new != old:
            SCHEDULES.save(desk.store, new)
    return new, new != old


def resume(desk: Desk, word: str) -> tuple[Schedule, bool]:
    """It goes on with its next moment; nothing is made up for. Whether it was paused."""
    _changing(desk, word)
    with desk.store.writing():
        old = get(desk, word)
        if not old.paused:
            return old, False
        new = old._replace(paused=False, next_at=recurrence.first(old.rhythm, desk.now))
        SCHEDULES.save(desk.store, new)
    return new, True


def dates(desk: Desk, one: Schedule, count: int) -> list[int]:
    """The next moments of a schedule, one that is owed first; of a paused one those there would be."""
    if one.paused:
        return recurrence.upcoming(one.rhythm, desk.now, count)
    if one.next_at is None:
        return []
    return [one.next_at, *recurrence.upcoming(one.rhythm, max(one.next_at, desk.now), count - 1)][:count]


def _changing(desk: Desk, word: str) -> Schedule:
    """What it is now, for who may change it. Raises NotFound to who may list them, else NotAllowed."""
    found = get(desk, word)
    require(desk.actor, SCHEDULE.verb)
    return found


# ----------------------------------------------------------------------------------------------------- when


def _rhythm(desk: Desk, times: Times) -> Rhythm:
    from tix.domain.sla.calendars import parse_zone

    zone = recurrence.zone_name(times.here, desk.now) if times.zone is None else parse_zone(times.zone)
    if times.every is None:
        raise InvalidValue(
            "a schedule needs --every", hint="--every weekly, or --every 'FREQ=WEEKLY;BYDAY=MO'"
        )
    start_at = parse_moment(times.start or "today", desk.now, recurrence.zone_of(zone))
    rhythm = Rhythm(recurrence.parse_every(times.every), start_at, zone)
    recurrence.refuse_idle(rhythm)
    return rhythm


def _moved(desk: Desk, old: Schedule, times: Times) -> Schedule:
    """``old`` at other times, as far as somebody says so."""
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


def _first(desk: Desk, rhythm: Rhythm, last_at: int | None) -> int:
    """Its first moment from this day on, but after the last one. Raises InvalidValue where there is none."""
    since = recurrence.day_start(desk.now, rhythm.zone) - 1
    found = recurrence.first(rhythm, since if last_at is None else max(since, last_at))
    if found is None:
        raise InvalidValue(f"{rhythm.every} is over: it falls on no day any more")
    return found


# ---------------------------------------------------------------------------------------------------- what


def parse_due(desk: Desk, text: str, here: tzinfo) -> str:
    """A due date that is counted from each ticket's beginning: ``+3d``, ``fri 14:00``. Raises InvalidValue."""
    first, second = (parse_moment(text, at, here) for at in (desk.now, desk.now + 400 * 86_400))
    if first == second:
        raise InvalidValue(
            f"'{text}' is one day alone, and the tickets are many",
            hint="--due is counted from each of them: +3d, fri 14:00",
        )
    return " ".join(text.split())


def check_kept(desk: Desk, one: Schedule) -> None:
    """What somebody's file says of a schedule, as far as it could not have been typed. Raises InvalidValue."""
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
            raise InvalidValue(f"its {name} is not as it would be typed")
    if any(parse_tag(tag) != tag for tag in one.tags) or not all(key.strip() for key, _ in one.fields):
        raise InvalidValue("its tags or fields are not as they would be typed")
    if max(one.start_at, one.next_at or 0, one.last_at or 0) > LATEST or (
        one.paused and one.next_at is not None
    ):
        raise InvalidValue("its dates are none it could have")
    if one.due is not None:
        parse_due(desk, one.due, recurrence.zone_of(one.zone))
    recurrence.refuse_idle(one.rhythm)


def _check(desk: Desk, sheet: Sheet) -> None:
    """What a ticket raised now would be refused for. Raises InvalidValue, UnknownName."""
    route = routing.routed(desk, sheet.wanted)
    routing.answered(desk, route.topic, sheet.answers)
    contact = sheet.requester
    requester = desk.actor.person
    if contact is not None and contact.email is None:
        requester = desk.person(contact.login or "", active=True)
    client = sheet.values.get("client") or requester.client
    routing.refuse_foreign(desk, client, requester, sheet.assets)


def _refuse_holder(sheet: Sheet) -> None:
    """Raises Refused for who never takes tickets; one who is away now will be back."""
    if sheet.assignee is not None:
        refuse_unassignable(sheet.assignee, NEVER)


def _columns(desk: Desk, sheet: Sheet) -> dict[str, Any]:
    """A sheet as a schedule keeps it; a requester whom nobody knows is made now."""
    wanted, values = sheet.wanted, sheet.values
    priority = values.get("priority")
    holder = "none" if wanted.assigned and sheet.assignee is None and wanted.team is None else None
    return {
        **{name: values.get(name) for name in ("type", "category", "client", "email", "phone", "notify_email", "about")},
        "subject": sheet.subject,
        "body": sheet.body,
        "requester": ensure_requester(desk, sheet.requester, values.get("client")).login,
        "topic": _spelled(desk, "topic", wanted.topic),
        "priority": None if priority is None else priority.name,
        "department": _spelled(desk, "department", wanted.department),
        "team": _spelled(desk, "team", wanted.team),
        "assignee": holder if sheet.assignee is None else sheet.assignee.login,
        "sla": _spelled(desk, "sla", wanted.sla),
        "due": sheet.due,
        "assets": sheet.assets,
        "tags": tuple(dict.fromkeys(sheet.tags)),
        "fields": tuple(sheet.answers.items()),
    }  # fmt: skip


def _spelled(desk: Desk, name: str, word: str | None) -> str | None:
    """What a flag names, as the desk spells it; ``none`` stays."""
    if word is None or is_none(word):
        return None if word is None else "none"
    return spelled(desk, name, word)
