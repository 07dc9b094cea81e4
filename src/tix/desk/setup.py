"""How a desk is set up: settings, the workflow, ticket types, priorities."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tix.desk.context import Desk
from tix.desk.ticking import settle_desk
from tix.domain import adoption
from tix.domain.organisation import Priority
from tix.domain.policy import require
from tix.domain.settings import find
from tix.domain.ticket import play
from tix.domain.workflow import Workflow
from tix.domain.workflows import SHIPPED
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound, Refused
from tix.store import catalog, tickets
from tix.store.catalog import TicketType

_SLUG = r"[a-z0-9][a-z0-9._-]{0,49}"


# --------------------------------------------------------------------------------------------- settings


def current(desk: Desk, key: str) -> tuple[str, str]:
    """The value of a setting and where it comes from: ``desk`` or ``default``. Raises UnknownName."""
    setting = find(key)
    if key == "next_number":
        number = catalog.last_number(desk.store) + 1
        return str(number), "desk" if number > 1 else "default"
    given = desk.settings.given
    return given.get(key, setting.default), "desk" if key in given else "default"


def put(desk: Desk, key: str, text: str) -> bool:
    """Sets a desk key; whether anything changed.

    Raises UnknownName, InvalidValue, NotAllowed; Refused where the workflow lacks a mapping.
    """
    setting = find(key)
    value = setting.parse(text)
    if key == "default_priority":
        value = desk.priority(value).name
    require(desk.actor, "config set")
    if key == "workflow":
        return use_workflow(desk, value, {})
    with desk.store.writing():
        desk.forget_settings()
        if current(desk, key)[0] == value and (key in desk.settings.given or key == "next_number"):
            return False
        if key == "next_number":
            if int(value) <= catalog.last_number(desk.store):
                raise InvalidValue(
                    f"{value} is taken; the next number can only be raised",
                    hint=f"the next ticket is number {catalog.last_number(desk.store) + 1}",
                )
            catalog.raise_number(desk.store, int(value) - 1)
            return True
        _apply(desk, key, value)
    return True


def unset(desk: Desk, key: str) -> bool:
    """Returns a desk key to its default; whether anything changed. Raises as ``put``."""
    find(key)
    require(desk.actor, "config set")
    if key == "next_number":
        raise Refused("the next number cannot be taken back")
    if key not in desk.settings.given:
        return False
    if key == "workflow":
        return use_workflow(desk, find(key).default, {})
    with desk.store.writing():
        _apply(desk, key, None)
    return True


def _apply(desk: Desk, key: str, value: str | None) -> None:
    if key == "auto_close_after":
        settle_desk(desk)
    if value is None:
        catalog.drop_setting(desk.store, key)
    else:
        catalog.put_setting(desk.store, key, value)
    desk.forget_settings()
    if key == "auto_close_after":
        author = desk.author()
        for ticket in tickets.many(desk.store, "lapsing_reset"):
            items = adoption.rewait(ticket, desk.rules, author)
            if items:
                tickets.save(desk.store, ticket, play(ticket, items), items)


# --------------------------------------------------------------------------------------------- workflows


def workflow(name: str) -> Workflow:
    """The shipped workflow of that name. Raises NotFound naming those there are."""
    found = SHIPPED.get(name.strip().lower())
    if found is None:
        raise NotFound(f"there is no workflow '{name}'", hint="workflows: " + ", ".join(SHIPPED))
    return found


def use_workflow(desk: Desk, name: str, mapping: Mapping[str, str]) -> bool:
    """Moves the whole desk to another workflow in one transaction; whether it was another.

    Raises InvalidValue for a mapping that names no status, Refused with the list of statuses in use that
    have no place in the new workflow.
    """
    wanted = workflow(name)
    for old, new in mapping.items():
        desk.rules.workflow.find_status(old)
        wanted.find_status(new)
    places = {desk.rules.workflow.find_status(old).name: new.strip().lower() for old, new in mapping.items()}
    require(desk.actor, "workflow use")
    with desk.store.writing():
        desk.forget_settings()
        if desk.rules.workflow.name == wanted.name:
            return False
        settle_desk(desk)
        in_use = [status for status, _ in desk.store.run("statuses_in_use").fetchall()]
        targets = {status: adoption.target(wanted, status, places) for status in in_use}
        homeless = [status for status, place in targets.items() if place is None]
        if homeless:
            raise Refused(
                f"the workflow {wanted.name} has no status for: {', '.join(homeless)}",
                hint=" ".join(f"--map {status}={wanted.first.name}" for status in homeless),
            )
        catalog.put_setting(desk.store, "workflow", wanted.name)
        desk.forget_settings()
        author = desk.author()
        for status, place in targets.items():
            assert place is not None
            for ticket in tickets.many(desk.store, "tickets_in_status", status=status):
                items = adoption.adopt(ticket, desk.rules, place, author)
                if items:
                    tickets.save(desk.store, ticket, play(ticket, items), items)
    return True


# ------------------------------------------------------------------------------------ types and priorities


def parse_slug(text: str, what: str) -> str:
    """A name of letters, digits, dots and dashes, in lower case. Raises InvalidValue."""
    name = text.strip().lower()
    if not re.fullmatch(_SLUG, name) or name == "none":
        raise InvalidValue(
            f"'{text}' cannot name {what}", hint="letters, digits, dots and dashes, at most 50"
        )
    return name


def get_type(desk: Desk, word: str) -> TicketType:
    """The ticket type of that name. Raises NotFound."""
    for kind in catalog.types(desk.store):
        if kind.name == word.strip().lower():
            return kind
    raise NotFound(f"there is no ticket type '{word}'", hint="tix type list")


def add_type(desk: Desk, word: str) -> TicketType:
    """A new ticket type. Raises InvalidValue, NotAllowed, AlreadyExists."""
    name = parse_slug(word, "a ticket type")
    require(desk.actor, "type change")
    with desk.store.writing():
        if any(kind.name == name for kind in catalog.types(desk.store)):
            raise AlreadyExists(f"there is a ticket type {name} already")
        catalog.add_type(desk.store, name)
        return get_type(desk, name)


def edit_type(desk: Desk, word: str, active: bool) -> tuple[TicketType, bool]:
    """Puts a type in or out of use for new tickets; whether anything changed."""
    require(desk.actor, "type change")
    with desk.store.writing():
        old = get_type(desk, word)
        new = old._replace(active=active)
        catalog.save_type(desk.store, new)
    return new, new != old


def remove_type(desk: Desk, word: str) -> TicketType:
    """Takes out a type no ticket is of. Raises NotFound, NotAllowed, InUse."""
    require(desk.actor, "type change")
    with desk.store.writing():
        kind = get_type(desk, word)
        used = catalog.type_used(desk.store, kind.name)
        if used:
            raise InUse(
                f"{used} tickets are of type {kind.name}", hint=f"tix type edit {kind.name} --inactive"
            )
        catalog.remove_type(desk.store, kind.name)
    return kind


def get_priority(desk: Desk, word: str) -> Priority:
    """The priority of that name. Raises NotFound."""
    key = word.strip().lower()
    for priority in catalog.priorities(desk.store):
        if key == priority.name or key in priority.aliases:
            return priority
    raise NotFound(f"there is no priority '{word}'", hint="tix priority list")


def add_priority(desk: Desk, word: str, rank: int, aliases: tuple[str, ...]) -> Priority:
    """A new priority at a rank of its own. Raises InvalidValue, NotAllowed, AlreadyExists."""
    name = parse_slug(word, "a priority")
    names = (name, *(parse_slug(alias, "a priority") for alias in aliases))
    require(desk.actor, "priority change")
    with desk.store.writing():
        _refuse_taken(catalog.priorities(desk.store), names, rank)
        priority = Priority(name, rank, names[1:], True)
        catalog.add_priority(desk.store, priority)
    return priority


def edit_priority(
    desk: Desk, word: str, aliases: tuple[str, ...] | None, active: bool | None
) -> tuple[Priority, bool]:
    """Changes aliases, or puts a priority in or out of use for new tickets; whether anything changed."""
    names = None if aliases is None else tuple(parse_slug(alias, "a priority") for alias in aliases)
    require(desk.actor, "priority change")
    with desk.store.writing():
        old = get_priority(desk, word)
        new = old._replace(
            aliases=old.aliases if names is None else names, active=old.active if active is None else active
        )
        if not new.active and desk.settings.text("default_priority") == old.name:
            raise Refused(f"{old.name} is the default priority", hint="tix config set default_priority …")
        others = [priority for priority in catalog.priorities(desk.store) if priority.name != old.name]
        _refuse_taken(others, new.aliases, None)
        catalog.save_priority(desk.store, new)
    return new, new != old


def remove_priority(desk: Desk, word: str) -> Priority:
    """Takes out a priority no ticket has. Raises NotFound, NotAllowed, InUse."""
    require(desk.actor, "priority change")
    with desk.store.writing():
        priority = get_priority(desk, word)
        used = catalog.priority_used(desk.store, priority.name)
        if used or desk.settings.text("default_priority") == priority.name:
            why = (
                f"{used} tickets have the priority {priority.name}" if used else "it is the default priority"
            )
            raise InUse(why, hint=f"tix priority edit {priority.name} --inactive")
        catalog.remove_priority(desk.store, priority.name)
    return priority


def _refuse_taken(known: list[Priority], names: tuple[str, ...], rank: int | None) -> None:
    for priority in known:
        for name in names:
            if name == priority.name or name in priority.aliases:
                raise AlreadyExists(f"'{name}' is the priority {priority.name} already")
        if rank == priority.rank:
            raise AlreadyExists(
                f"the rank {rank} is {priority.name}'s", hint="ranks order the queue; choose another"
            )
