"""How a desk is set up: its settings and its workflow."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tix.desk import routing
from tix.desk.context import Desk
from tix.desk.ticking import settle_desk
from tix.domain.permissions import require
from tix.domain.settings import find
from tix.domain.tickets import workflow_change
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import SET_UP
from tix.domain.times import format_duration, parse_duration
from tix.domain.workflows.workflow import Workflow
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound, Refused, UnknownName
from tix.store.setup import settings, workflows
from tix.store.tickets import tickets

_SLUG = r"[a-z0-9][a-z0-9._-]{0,49}"


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
    from tix.desk.nouns import known

    if key == "workflow":
        return desk.workflow(value).name
    if key == "default_priority":
        return desk.priority(value).name
    if value == "none" or not key.startswith("default_"):
        return value
    if key == "default_sla":
        from tix.desk.clocks import PLAN

        return known(desk, PLAN, value).name
    if key == "default_topic":
        from tix.desk.topics import TOPIC

        return known(desk, TOPIC, value).name
    from tix.desk.organisation import DEPARTMENT

    return known(desk, DEPARTMENT, value).name


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


def workflow(desk: Desk, name: str) -> Workflow:
    """The workflow a verb is about. Raises NotFound naming those there are."""
    try:
        return desk.workflow(name)
    except UnknownName as error:
        raise NotFound(error.message, hint=error.hint) from error


def use_workflow(desk: Desk, name: str, mapping: Mapping[str, str]) -> bool:
    """Moves the whole desk to another workflow in one transaction; whether it was another.

    Departments with a workflow of their own stay in theirs. Raises InvalidValue for a mapping that names no
    status, Refused with the list of statuses in use that have no place in the new workflow.
    """
    wanted = desk.workflow(name)
    for old, new in mapping.items():
        desk.rules.workflow.find_status(old)
        wanted.find_status(new)
    places = {desk.rules.workflow.find_status(old).name: new.strip().lower() for old, new in mapping.items()}
    require(desk.actor, "workflow change")
    with desk.store.writing():
        desk.forget_settings()
        if desk.rules.workflow.name == wanted.name:
            return False
        settle_desk(desk)
        desk.deed(SET_UP)
        elsewhere = routing.elsewhere(desk)
        in_use = [status for status, _ in desk.store.run("statuses_in_use", elsewhere=elsewhere).fetchall()]
        targets = routing.homes(wanted, in_use, places)
        settings.put_setting(desk.store, "workflow", wanted.name)
        desk.forget_settings()
        for status, place in targets.items():
            found = tickets.many(desk.store, "tickets_in_status", status=status, elsewhere=elsewhere)
            for ticket in found:
                desk.after(ticket)
                items = workflow_change.adopt(ticket, desk.rules_of(ticket), place, desk.author())
                if items:
                    tickets.save(desk.store, ticket, play(ticket, items), items, desk.deed(SET_UP))
    return True


def add_workflow(desk: Desk, wanted: Workflow) -> Workflow:
    """Keeps a workflow somebody wrote. Raises InvalidValue while it has problems, NotAllowed, AlreadyExists."""
    from tix.domain.workflows.shipped import SHIPPED
    from tix.domain.workflows.validation import problems

    found = problems(wanted)
    if found:
        raise InvalidValue(
            f"the workflow {wanted.name} is not sound: {found[0]}", hint="tix workflow check FILE"
        )
    require(desk.actor, "workflow change")
    if wanted.name in SHIPPED:
        raise AlreadyExists(f"{wanted.name} is a workflow that tix ships", hint="give yours another name")
    with desk.store.writing():
        if workflows.get(desk.store, wanted.name) is not None:
            raise AlreadyExists(
                f"there is a workflow {wanted.name} already",
                hint=f"tix workflow rm {wanted.name}, or another name",
            )
        workflows.SHELF.add(desk.store, wanted)
    return wanted


def remove_workflow(desk: Desk, word: str) -> Workflow:
    """Takes out a workflow that nothing uses. Raises NotFound, NotAllowed, InUse; Refused for a shipped one."""
    from tix.domain.workflows.shipped import SHIPPED

    workflow(desk, word)
    require(desk.actor, "workflow change")
    with desk.store.writing():
        found = workflow(desk, word)
        if found.name in SHIPPED:
            raise Refused(
                f"{found.name} is a workflow that tix ships; it stays", hint="tix workflow use NAME"
            )
        uses = workflows.SHELF.uses(desk.store, found.name)
        if uses:
            said = ", ".join(
                f"{use.many} departments" if use.what == "department" else "the desk" for use in uses
            )
            raise InUse(f"the workflow {found.name} is in use: {said}", hint="tix workflow use NAME moves on")
        workflows.SHELF.drop(desk.store, found.name)
    return found


def parse_slug(text: str, what: str) -> str:
    """A name of letters, digits, dots and dashes, in lower case. Raises InvalidValue."""
    name = text.strip().lower()
    if not re.fullmatch(_SLUG, name) or name == "none":
        raise InvalidValue(
            f"'{text}' cannot name {what}", hint="letters, digits, dots and dashes, at most 50"
        )
    return name
