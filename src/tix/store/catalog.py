"""What the desk is set up with: settings, counters, ticket types, priorities."""

from __future__ import annotations

from typing import NamedTuple

from tix.domain.organisation import Priority
from tix.store.connection import Store


class TicketType(NamedTuple):
    """A type of ticket; inactive ones are kept for the tickets that have them."""

    name: str
    active: bool = True
    position: int = 0


def settings(store: Store) -> dict[str, str]:
    """The settings that are not at their defaults, as text."""
    return dict(store.run("settings").fetchall())


def put_setting(store: Store, key: str, value: str) -> None:
    """Keeps a setting."""
    store.run("setting_put", key=key, value=value)


def drop_setting(store: Store, key: str) -> None:
    """Returns a setting to its default."""
    store.run("setting_drop", key=key)


def take_numbers(store: Store, count: int = 1) -> int:
    """The first of ``count`` ticket numbers that nobody else will get."""
    cursor = store.run("counter_take", counter="number", step=count)
    (last,) = cursor.fetchone()
    cursor.close()
    return int(last) - count + 1


def last_number(store: Store) -> int:
    """The highest number handed out."""
    return int(store.value("counter_get", name="number"))


def raise_number(store: Store, last: int) -> None:
    """Makes ``last`` the highest number handed out."""
    store.run("counter_set", counter="number", wanted=last)


def types(store: Store) -> list[TicketType]:
    """All ticket types, in their order."""
    return [TicketType(name, bool(active), position) for name, active, position in store.run("types")]


def add_type(store: Store, name: str) -> None:
    """A new type, after the others."""
    position = 1 + max((kind.position for kind in types(store)), default=-1)
    store.run("type_add", name=name, active=1, position=position)


def save_type(store: Store, kind: TicketType) -> None:
    """Changes whether a type is active. Its name is in the history of tickets and stays."""
    store.run("type_edit", key=kind.name, new_active=int(kind.active))


def type_used(store: Store, name: str) -> int:
    """How many tickets are of that type."""
    return int(store.value("type_used", key=name))


def remove_type(store: Store, name: str) -> None:
    """Takes out a type no ticket is of."""
    store.run("type_drop", key=name)


def priorities(store: Store) -> list[Priority]:
    """All priorities, lowest first."""
    rows = store.run("priorities")
    return [
        Priority(name, rank, tuple(aliases.split()), bool(active)) for name, rank, aliases, active in rows
    ]


def add_priority(store: Store, priority: Priority) -> None:
    """A new priority; its rank places it in the queue."""
    store.run(
        "priority_add",
        name=priority.name,
        rank=priority.rank,
        aliases=_words(priority.aliases),
        active=int(priority.active),
    )


def save_priority(store: Store, priority: Priority) -> None:
    """Changes aliases and whether active; the rank is in every ticket and stays."""
    store.run(
        "priority_edit",
        key=priority.name,
        new_aliases=_words(priority.aliases),
        new_active=int(priority.active),
    )


def priority_used(store: Store, name: str) -> int:
    """How many tickets have that priority."""
    return int(store.value("priority_used", key=name))


def remove_priority(store: Store, name: str) -> None:
    """Takes out a priority no ticket has."""
    store.run("priority_drop", key=name)


def _words(words: tuple[str, ...]) -> str:
    return f" {' '.join(words)} " if words else ""
