"""How a desk is set up: its settings and its workflow."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.settle import settle_desk
from tix.desk.workflows import use_workflow
from tix.domain.permissions import require
from tix.domain.settings import find
from tix.domain.tickets import workflow_change
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import SET_UP
from tix.domain.times import format_duration, parse_duration
from tix.errors import InvalidValue, Refused
from tix.store.setup import settings
from tix.store.tickets import tickets

# --------------------------------------------------------------------------------------------- settings


def current(desk: Desk, key: str) -> tuple[str, str]:
    """The value of a setting and where it comes from: ``desk`` or ``default``. Raises UnknownName."""
    setting = find(key)
    if key == "next_number":
        number = settings.last_number(desk.store) + 1
        return str(number), "desk" if number > 1 else "default"
    given = desk.settings.given
    if key == "auto_close_after" and key not in given:
        own = desk.rules.workflow.window_seconds
        return setting.default if own == parse_duration(setting.default) else format_duration(own), "default"
    return given.get(key, setting.default), "desk" if key in given else "default"


def put(desk: Desk, key: str, text: str) -> bool:
    """Sets a desk key; whether anything changed.

    Raises UnknownName, InvalidValue, NotAllowed; Refused where the workflow lacks a mapping.
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
                    f"{value} is taken; the next number can only be raised",
                    hint=f"the next ticket is number {settings.last_number(desk.store) + 1}",
                )
            settings.raise_number(desk.store, int(value) - 1)
            return True
        _apply(desk, key, value)
    return True


def _known(desk: Desk, key: str, value: str) -> str:
    """The value of a setting that names something, as it is spelled. Raises InvalidValue, UnknownName."""
    from tix.desk.resources.registry import spelled

    if key == "workflow":
        return desk.workflow(value).name
    if key == "default_priority":
        return desk.priority(value).name
    if value == "none" or not key.startswith("default_"):
        return value
    return spelled(desk, key.removeprefix("default_"), value)


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
