"""Complete people, statuses, priorities, settings and other values.

Everything goes through the scope of the actor: completion is another access path to the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from tix.desk.completion.suggestion import MOST, Suggestion
from tix.desk.completion.tickets import by_urgency
from tix.desk.context import Desk
from tix.domain.settings import SETTINGS
from tix.errors import InvalidValue
from tix.store import people as directory
from tix.store.setup import repository as setup_repository

# ------------------------------------------------------------------------------------------------ tickets


# ------------------------------------------------------------------------------------------------- people


def people(desk: Desk, typed: str, *, staff: bool = False) -> Iterator[Suggestion]:
    """Yield active people whose login starts with ``typed``, with their names; with ``staff`` only agents and admins.

    A requester may not list people: they get themselves and the people on tickets they see.
    """
    me = desk.actor.person
    known: Iterable[Suggestion]
    if desk.actor.is_staff:
        if staff:  # few among many people
            found = [person for person in directory.some(desk.store, "staff") if person.active]
        else:
            found = directory.beginning(desk.store, typed, MOST)
        known = (Suggestion(person.login, person.name) for person in found)
    else:
        seen = islice(by_urgency(desk, "any"), MOST)
        named = {login for ticket in seen for login in (ticket.assignee, ticket.requester) if login}
        known = [Suggestion(me.login, me.name), *map(Suggestion, sorted(named - {me.login}))]
    everybody = chain([Suggestion("@me", me.name)], known)
    return islice((one for one in everybody if one.value.startswith(typed)), MOST)


# ------------------------------------------------------------------------------------------------------- setup


def statuses(desk: Desk) -> Iterator[Suggestion]:
    """Yield the statuses of the workflows in use, with their labels."""
    found = {
        status.name: status.label for workflow in desk.workflows_in_use() for status in workflow.statuses
    }
    return (Suggestion(name, label) for name, label in found.items())


def priorities(desk: Desk) -> Iterator[Suggestion]:
    """Yield the active priorities, highest first, with their aliases."""
    return (Suggestion(one.name, ", ".join(one.aliases)) for one in reversed(desk.priorities()))


def types(desk: Desk) -> Iterator[Suggestion]:
    """Yield the active ticket types."""
    return (Suggestion(kind.name) for kind in setup_repository.TYPES.all(desk.store) if kind.active)


def tags(desk: Desk) -> Iterator[Suggestion]:
    """Yield the tags of the most urgent tickets; none for a requester."""
    if not desk.scope.staff:
        return iter(())
    found = chain.from_iterable(ticket.tag_list() for ticket in islice(by_urgency(desk, "any"), 4 * MOST))
    return (Suggestion(tag) for tag in sorted(set(found)))


def workflows(desk: Desk | None = None) -> Iterator[Suggestion]:
    """Yield the shipped workflows, then the desk's own, with their titles."""
    from tix.domain.workflows.shipped import SHIPPED

    yield from (Suggestion(workflow.name, workflow.title) for workflow in SHIPPED.values())
    if desk is not None:
        from tix.store.setup import workflows as own

        yield from (Suggestion(workflow.name, workflow.title) for workflow in own.WORKFLOWS.all(desk.store))


def settings() -> Iterator[Suggestion]:
    """Yield the desk's settings, with their descriptions."""
    return (Suggestion(setting.key, setting.summary) for setting in SETTINGS.values())


def setting_values(desk: Desk, key: str) -> Iterator[Suggestion]:
    """Yield the valid values of a setting that has a list of them; the default is marked."""
    if key == "workflow":
        return workflows(desk)
    if key in ("default_department", "default_sla", "default_topic"):
        from tix.desk.completion.names import named

        return chain(named(desk, key.removeprefix("default_"), ""), [Suggestion("none")])
    if key == "default_priority":
        return priorities(desk)
    if key not in SETTINGS:
        return iter(())
    default = SETTINGS[key].default
    return (Suggestion(word, "default" if word == default else "") for word in _choices(key))


def _choices(key: str) -> list[str]:
    """Return the valid values of a setting, from the hint of its error, the one place that lists them."""
    try:
        SETTINGS[key].parse("\0")
    except InvalidValue as refusal:
        hint = (refusal.hint or "").removeprefix("use ")
        return hint.removeprefix("one of ").split(", ") if hint.startswith("one of ") else []
    return []


def notifications(desk: Desk) -> Iterator[Suggestion]:
    """Yield the unread notifications, newest first."""
    from tix.desk import notifications as desk_notifications

    for one in desk_notifications.listed(desk, limit=MOST):
        yield Suggestion(str(one.id), f"{one.ref} {one.reason}: {one.subject}")
