"""Ticket types, priorities and assets as nouns: what a ticket can be, and what it can be about."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Noun, Part
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


TYPE = Noun(
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
    raise InvalidValue(f"'{text}' is not a rank", hint="low is 10, medium 20, high 30, urgent 40")


def _check_priority(desk: Desk, old: Priority | None, new: Priority) -> Priority:
    if old is not None and old.rank != new.rank:
        raise Refused(f"the rank of {old.name} is in its tickets and stays")
    if not new.active and desk.settings.text("default_priority") == new.name:
        raise Refused(f"{new.name} is the default priority", hint="tix config set default_priority …")
    for other in repository.PRIORITIES.all(desk.store):
        if other.name == new.name:
            continue
        for name in (new.name, *new.aliases):
            if name == other.name or name in other.aliases:
                raise AlreadyExists(f"'{name}' is the priority {other.name} already")
        if other.rank == new.rank:
            raise AlreadyExists(
                f"the rank {new.rank} is {other.name}'s", hint="ranks order the queue; choose another"
            )
    return new


PRIORITY = Noun(
    "priority",
    (
        Part("rank", "N", "low is 10, medium 20, high 30, urgent 40.", _rank, needed=True),
        Part(
            "alias",
            "WORD,…",
            "Another word for it.",
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


ASSET = Noun(
    "asset",
    (
        Part("client", "NAME", "Whose it is.", lambda desk, text: spelled(desk, "client", text)),
        Part("kind", "WORD", "What it is, as laptop.", _line),
        Part("serial", "NUMBER", "Its serial number.", _line),
        Part("notes", "TEXT", "What to know.", _line),
    ),
    Asset,
    ("name", "client", "kind", "serial", "notes", "active"),
    tickets="asset",
    internal=("notes",),
)
