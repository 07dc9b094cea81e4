"""Schedules on the command line: parsing their options and printing them."""

from __future__ import annotations

from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.writes import written
from tix.domain.names import name_key
from tix.render.records.schedules import _INSTANTS, FIELDS, value
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.desk.context import Desk
    from tix.desk.schedules.schedules import Times
    from tix.desk.tickets.request import TicketRequest
    from tix.domain.schedules.schedule import Schedule


# ------------------------------------------------------------------------------------------ what flags say


def times(every: str | None, start: str | None, zone: str | None) -> Times:
    """When, and the zone of who types it."""
    from tix.cli.timezone import local_zone
    from tix.desk.schedules.schedules import Times

    return Times(local_zone(), every, start, zone)


def asked(desk: Desk, words: dict[str, Any], times: Times, subject: str, body: str) -> TicketRequest:
    """What flags say, parsed as those of ``tix new`` are."""
    from tix.desk.schedules.schedules import parse_due
    from tix.desk.tickets import request
    from tix.domain.names import is_none

    due = (
        None
        if words["due_at"] is None or is_none(words["due_at"])
        else parse_due(desk, words["due_at"], times.here)
    )
    # A schedule may leave the priority to its topic; a ticket has one.
    priority = None if is_none(words["priority"] or "") else words["priority"]
    parsed = request.parse(desk, {**words, "due_at": None, "priority": priority})
    return parsed._replace(subject=subject, body=body, due=due)


def overlaid(
    old: Schedule, said: dict[str, Any], remove_tag: list[str] | None, remove_asset: list[str] | None
) -> dict[str, Any]:
    """The words that would make the schedule as it is, with those that are given in their place."""
    from tix.domain.values import split

    plain = "topic type category priority client requester department sla email phone notify_email about"
    held: dict[str, Any] = {name: getattr(old, name) for name in plain.split()}
    held |= {"due_at": old.due, "assignee": old.assignee if old.team is None else f"team:{old.team}"}
    answers = dict(old.fields) | (said["answers"] or {})
    gone = {word.lower() for word in split(remove_tag)}
    less = {name_key(word) for word in remove_asset or ()}
    return {
        **said,
        **{name: word for name, word in held.items() if said[name] is None},
        "answers": {key: value for key, value in answers.items() if value},
        "tags": [word for word in (*old.tags, *split(said["tags"])) if word.lower() not in gone],
        "assets": [word for word in (*old.assets, *(said["assets"] or ())) if name_key(word) not in less],
    }


# -------------------------------------------------------------------------------------------- what is said


def told(one: Schedule) -> dict[str, Any]:
    """A schedule as a list prints it."""
    return {name: value(one, name) for name in FIELDS}


def change(
    session: Session,
    printer: Printer,
    name: str,
    act: Callable[[Desk], tuple[Schedule, bool]],
    verb: str | None = None,
    undo: list[str] | None = None,
    *,
    coming: bool = False,
) -> None:
    """Change a schedule and print what changed; with a ``verb`` it says that, ``Paused``."""
    from tix.desk.schedules import schedules
    from tix.errors import NotFound

    desk = session.writer()
    with desk.store.writing():
        try:
            before = told(schedules.get(desk, name))
        except NotFound:
            before = {}  # it is refused
        made, changed = act(desk)
    after = told(made)
    more = coming_words(made) if coming else ""
    from tix.domain.times import instant
    from tix.render.records.effects import differences

    said = f"{verb} schedule {made.name}{more}."
    if verb is None:
        found = [one for one in differences(before, after) if one["field"] != "next_at"]
        said = f"Schedule {made.name}: {written.words(found)}{more}."
    if (before.get("next_at") or "9") <= instant(desk.now):
        undo = None  # a date that has come is not caught up
    written.updated(
        session, printer, before, after, f"Schedule {made.name}", said=said, undo=undo, changed=changed
    )


def coming_words(one: Schedule) -> str:
    """``; next ticket on Sun 31 Jan 2027 00:00``; nothing where it does not come."""
    if one.next_at is None:
        return ""
    return f"; next ticket on {_said(one.next_at)}"


def _said(at: int) -> str:
    """``Sun 31 Jan 2027 00:00``, by the person's own clock."""
    from tix.cli.output import zone
    from tix.render.words import clock, day

    return f"{day(at, zone())} {clock(at, zone())}"


def local(record: dict[str, Any]) -> dict[str, Any]:
    """A record as people read it: their own time, a line for each of several."""
    from tix.domain.times import parse_instant

    told = dict(record)
    for name in _INSTANTS & record.keys():
        told[name] = None if record[name] is None else _said(parse_instant(record[name]))
    if "next" in record:
        told["next"] = [_said(parse_instant(at)) for at in record["next"]]
        told["fields"] = [f"{key}: {value}" for key, value in record["fields"].items()]
        told["body"] = record["body"].split("\n")
    return told


def table(printer: Printer, records: list[dict[str, Any]]) -> None:
    """Draws several for a person."""
    from tix.render.terminal import tables

    columns = printer.columns or printer.kind.fields
    tables.draw_records([local(record) for record in records], columns, console=printer.console())


def card(printer: Printer, record: dict[str, Any]) -> None:
    """Draws one for a person."""
    from tix.render.terminal import cards

    cards.draw_card(local(record), console=printer.console())


def clock_there(at: int, zone: Any) -> str:
    """``Sun 2027-01-31 09:00``, by the clocks of the schedule."""
    from datetime import datetime

    return f"{datetime.fromtimestamp(at, zone):%a %Y-%m-%d %H:%M}"
