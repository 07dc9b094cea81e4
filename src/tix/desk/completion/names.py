"""What the desk can offer, for a word that is being typed, of its nouns and of what topics ask.

Everything by the rights of the acting person: what they may not list they are not offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from tix.desk.completion.suggestion import MOST, Suggestion
from tix.desk.context import Desk
from tix.desk.resources import registry
from tix.domain.permissions import NO, permission
from tix.store.tickets import tickets as repository

if TYPE_CHECKING:
    from tix.domain.topics import Field


def named(desk: Desk, kind: str, typed: str, *, every: bool = False) -> Iterator[Suggestion]:
    """The names of a kind of noun that go on from ``typed``, as far as the actor may list it.

    Those in use; with ``every`` the others, too.
    """
    if permission(f"{kind} list", desk.actor.person.role) == NO:
        return iter(())
    fitting = (
        Suggestion(one.name, _said(kind, one))
        for one in registry.visible(desk, kind)
        if one.name.startswith(typed) and (every or one.active)
    )
    return islice(fitting, MOST)


def views(desk: Desk, typed: str) -> Iterator[Suggestion]:
    """The views the actor can use that go on from ``typed``, with their filters."""
    from tix.desk.queue import views as saved

    found = {one.name: one.filters for one in reversed(saved.visible(desk))}
    return (Suggestion(name, found[name]) for name in sorted(found) if name.startswith(typed))


def _said(kind: str, one: Any) -> str:
    """What tells one from the others."""
    if kind == "asset":
        return ", ".join(word for word in (one.kind, one.serial, one.client) if word)
    if kind == "client":
        return ", ".join(one.domains)
    if kind == "sla":
        from tix.domain.times import format_duration

        return format_duration(one.grace_seconds)
    return str(one.zone) if kind == "calendar" else ""


# ----------------------------------------------------------------------------------------- what topics ask


def questions(desk: Desk, topic: str | None = None) -> Iterator[Suggestion]:
    """The keys of what a topic asks, with their labels; without a topic of what any asks, or has asked."""
    labels = {field.key: field.label for field in _asked(desk, topic)}
    if topic is None:
        from tix.desk.queue import names

        labels = {key: labels.get(key, "") for key in names.keys(desk)}
    return (Suggestion(key, label) for key, label in labels.items())


def answers(desk: Desk, key: str, topic: str | None = None) -> Iterator[Suggestion]:
    """What can be answered to a question that has a list of answers."""
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
    """The topic of a ticket that the actor sees."""
    ticket = repository.get(desk.store, number, desk.scope)
    return None if ticket is None else ticket.topic


def own_questions(desk: Desk, topic: str) -> Iterator[Suggestion]:
    """The keys of the questions that are a topic's own."""
    from tix.store.setup import topics

    fields = topics.own_fields(desk.store, " ".join(topic.split()))
    return (Suggestion(one.key, one.label) for one in fields if desk.actor.is_staff or not one.staff_only)
