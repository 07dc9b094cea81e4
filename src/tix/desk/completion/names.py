"""Complete the names of resources and custom fields.

Only what the actor may list is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tix.desk.completion.suggestion import MOST, Suggestion
from tix.desk.context import Desk
from tix.desk.resources import registry
from tix.domain.permissions import NO, permission
from tix.store.tickets import tickets as repository
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.topics import Field


def named(desk: Desk, kind: str, typed: str, *, every: bool = False) -> Iterator[Suggestion]:
    """Yield the names of a kind of resource that start with ``typed``, as far as the actor may list it.

    Active ones only; with ``every`` inactive ones, too.
    """
    if permission(f"{kind} list", desk.actor.person.role) == NO:
        return iter(())
    fitting = (
        Suggestion(one.name, _said(kind, one))
        for one in registry.visible(desk, kind)
        if one.name.startswith(typed) and (every or getattr(one, "active", True))
    )
    return islice(fitting, MOST)


def views(desk: Desk, typed: str) -> Iterator[Suggestion]:
    """Yield the actor's views that start with ``typed``, with their filters."""
    from tix.desk.queue import views as saved

    found = {one.name: one.filters for one in reversed(saved.visible(desk))}
    return (Suggestion(name, found[name]) for name in sorted(found) if name.startswith(typed))


def tokens(desk: Desk, typed: str) -> Iterator[Suggestion]:
    """Yield the API keys the actor may list whose names start with ``typed``, with their users and scopes."""
    from tix.desk import tokens as keys

    fitting = (
        Suggestion(one.name, f"{one.login}, {one.scope}")
        for one in keys.listed(desk)
        if one.name.startswith(typed)
    )
    return islice(fitting, MOST)


def _said(kind: str, one: Any) -> str:
    """Return a short description of a resource."""
    if kind == "asset":
        return ", ".join(word for word in (one.kind, one.serial, one.client) if word)
    if kind == "client":
        return ", ".join(one.domains)
    if kind == "sla":
        from tix.domain.times import format_duration

        return format_duration(one.grace_seconds)
    return str(one.zone) if kind == "calendar" else ""


# ------------------------------------------------------------------------------------------- custom fields


def questions(desk: Desk, topic: str | None = None) -> Iterator[Suggestion]:
    """Yield the field keys of a topic, with their labels; without a topic, of every topic, past ones included."""
    labels = {field.key: field.label for field in _asked(desk, topic)}
    if topic is None:
        from tix.desk.queue import names

        labels = {key: labels.get(key, "") for key in names.keys(desk)}
    return (Suggestion(key, label) for key, label in labels.items())


def answers(desk: Desk, key: str, topic: str | None = None) -> Iterator[Suggestion]:
    """Yield the choices of a field that has some."""
    found: dict[str, None] = {}
    for field in _asked(desk, topic):
        if field.key == key:
            found |= dict.fromkeys(("yes", "no") if field.kind == "boolean" else field.choices)
    return map(Suggestion, found)


def _asked(desk: Desk, topic: str | None) -> list[Field]:
    from tix.store.setup import topics

    fields = topics.all_fields(desk.store) if topic is None else desk.asked(topic)
    return [field for field in fields if desk.actor.is_staff or not field.staff_only]


def topic_of(desk: Desk, number: int) -> str | None:
    """Return the topic of a ticket visible to the actor."""
    ticket = repository.get(desk.store, number, desk.scope)
    return None if ticket is None else ticket.topic


def own_questions(desk: Desk, topic: str) -> Iterator[Suggestion]:
    """Yield the keys of a topic's own fields."""
    from tix.store.setup import topics

    fields = topics.own_fields(desk.store, " ".join(topic.split()))
    return (Suggestion(one.key, one.label) for one in fields if desk.actor.is_staff or not one.staff_only)
