"""The resources ticket type, priority and asset."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Attribute, Resource
from tix.domain.organisation import Asset, Priority, TicketType
from tix.domain.values import parse_line
from tix.errors import AlreadyExists, InvalidValue, Refused
from tix.store.setup import repository


def _line(desk: Desk, text: str) -> str:
    return parse_line(text)


# -------------------------------------------------------------------------------------- types and priorities


def _slug(text: str, title: str) -> str:
    from tix.domain.values import parse_slug

    return parse_slug(text, title)


def _check_type(desk: Desk, old: TicketType | None, new: TicketType) -> TicketType:
    if old is not None:
        return new
    return new._replace(
        position=1 + max((one.position for one in repository.TYPES.all(desk.store)), default=-1)
    )


TYPE = Resource(
    "type",
    (),
    TicketType,
    ("name", "active"),
    check=_check_type,
    tickets="type",
    parse_name=_slug,
)


def _rank(desk: Desk, text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 1_000_000 and len(text) <= 7:
        return int(text)
    raise InvalidValue(
        f"'{text}' is not a rank", hint="use a whole number from 1 to 1000000; low is 10, urgent is 40"
    )


def _check_priority(desk: Desk, old: Priority | None, new: Priority) -> Priority:
    if old is not None and old.rank != new.rank:
        raise Refused(f"the rank of priority {old.name} cannot be changed: it is stored with its tickets")
    if not new.active and desk.settings.text("default_priority") == new.name:
        raise Refused(
            f"{new.name} is the default priority and cannot be made inactive",
            hint="tix config set default_priority NAME",
        )
    for other in repository.PRIORITIES.all(desk.store):
        if other.name == new.name:
            continue
        for name in (new.name, *new.aliases):
            if name == other.name or name in other.aliases:
                raise AlreadyExists(f"'{name}' is already a name of priority {other.name}")
        if other.rank == new.rank:
            raise AlreadyExists(
                f"rank {new.rank} is already taken by priority {other.name}", hint="choose another --rank"
            )
    return new


PRIORITY = Resource(
    "priority",
    (
        Attribute(
            "rank",
            "N",
            "Rank in the queue, higher is more urgent, e.g. 30 (low is 10, urgent is 40).",
            _rank,
            needed=True,
        ),
        Attribute(
            "alias",
            "WORD,…",
            "Another name for the priority, e.g. p1.",
            lambda desk, text: _slug(text, "a priority"),
            many=True,
            into="aliases",
        ),
    ),
    lambda name: Priority(name, 0),
    ("name", "rank", "aliases", "active"),
    check=_check_priority,
    tickets="rank",
    parse_name=_slug,
)


# -------------------------------------------------------------------------------------------------- assets


ASSET = Resource(
    "asset",
    (
        Attribute(
            "client", "NAME", "Client the asset belongs to.", lambda desk, text: spelled(desk, "client", text)
        ),
        Attribute("kind", "WORD", "Kind of asset, e.g. laptop.", _line),
        Attribute("serial", "NUMBER", "Serial number.", _line),
        Attribute("notes", "TEXT", "Notes, for staff only.", _line),
    ),
    Asset,
    ("name", "client", "kind", "serial", "notes", "active"),
    tickets="asset",
    internal=("notes",),
)
