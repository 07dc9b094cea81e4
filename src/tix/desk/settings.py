"""Read and change the settings of a desk."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.settle import settle_desk
from tix.desk.workflows import use_workflow
from tix.domain.durations import parse_duration
from tix.domain.permissions import require
from tix.domain.settings import SETTINGS, find
from tix.domain.tickets import workflow_change
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import SET_UP
from tix.domain.times import format_duration
from tix.errors import InvalidValue, Refused
from tix.store.setup import settings
from tix.store.tickets import tickets
from tix.typing import NamedTuple

# --------------------------------------------------------------------------------------------- settings


def current(desk: Desk, key: str) -> tuple[str, str]:
    """Return the value of a setting and its origin, ``desk`` or ``default``. Raises UnknownName."""
    setting = find(key)
    if key == "next_number":
        number = settings.last_number(desk.store) + 1
        return str(number), "desk" if number > 1 else "default"
    given = desk.settings.given
    if key == "auto_close_after" and key not in given:
        own = desk.rules.workflow.window_seconds
        return setting.default if own == parse_duration(setting.default) else format_duration(own), "default"
    return given.get(key, setting.default), "desk" if key in given else "default"


class Current(NamedTuple):
    """A setting and its value; ``source`` is where the value comes from: ``desk`` or ``default``."""

    name: str
    value: str
    default: str
    source: str
    summary: str


def get(desk: Desk, key: str) -> Current:
    """Return a setting. Raises UnknownName, NotAllowed."""
    setting = find(key)
    require(desk.actor, "config internal" if setting.internal else "config get")
    value, source = current(desk, key)
    return Current(key, value, setting.default, source, setting.summary)


def listed(desk: Desk) -> list[Current]:
    """Return every setting the actor may read. Raises NotAllowed."""
    return [get(desk, key) for key, one in SETTINGS.items() if desk.actor.is_staff or not one.internal]


def changeable(desk: Desk) -> dict[str, str]:
    """Return the values of all settings, for who may change them. Raises NotAllowed."""
    require(desk.actor, "config set")
    return {key: current(desk, key)[0] for key in SETTINGS}


def put(desk: Desk, key: str, text: str) -> bool:
    """Change a setting; return whether anything changed.

    Raises UnknownName, InvalidValue, NotAllowed; Refused for a workflow that lacks a status in use.
    """
    setting = find(key)
    value = setting.parse(text)
    value = _known(desk, key, value)
    require(desk.actor, "config set")
    if key == "workflow":
        return use_workflow(desk, value, {})
    with desk.store.writing():
        desk.forget_settings()
        if current(desk, key)[0] == value and (key in desk.settings.given or key == "next_number"):
            return False
        if key == "next_number":
            if int(value) <= settings.last_number(desk.store):
                raise InvalidValue(
                    f"number {value} is already used; next_number can only be raised",
                    hint=f"use {settings.last_number(desk.store) + 1} or more",
                )
            settings.raise_number(desk.store, int(value) - 1)
            return True
        _apply(desk, key, value)
    return True


def _known(desk: Desk, key: str, value: str) -> str:
    """Return the value of a setting, a name as the desk spells it. Raises InvalidValue, UnknownName."""
    from tix.desk.resources.registry import spelled

    if key == "workflow":
        return desk.workflow(value).name
    if key == "default_priority":
        return desk.priority(value).name
    if value == "none" or not key.startswith("default_"):
        return value
    return spelled(desk, key.removeprefix("default_"), value)


def unset(desk: Desk, key: str) -> bool:
    """Reset a setting to its default; return whether anything changed. Raises as ``put``."""
    find(key)
    require(desk.actor, "config set")
    if key == "next_number":
        raise Refused("next_number has no default and cannot be unset")
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
        desk.deed(SET_UP)
    if value is None:
        settings.drop_setting(desk.store, key)
    else:
        settings.put_setting(desk.store, key, value)
    desk.forget_settings()
    if key == "auto_close_after":
        for ticket in tickets.many(desk.store, "lapsing_reset"):
            desk.after(ticket)
            items = workflow_change.rewait(ticket, desk.rules_of(ticket), desk.author())
            if items:
                tickets.save(desk.store, ticket, play(ticket, items), items, desk.deed(SET_UP))


# --------------------------------------------------------------------------------------------- workflows
