"""Help topics and their custom fields."""

from __future__ import annotations

from collections.abc import Sequence

from tix.domain.json_columns import dumps
from tix.domain.topics import Field, Topic
from tix.store.connection import Store
from tix.store.setup.repository import Repository, words
from tix.typing import Any


def _topic(row: Sequence[Any]) -> Topic:
    return Topic(*row)._replace(active=bool(row[-1]))


TOPICS = Repository("topic", _topic, lambda one: {**one._asdict(), "active": int(one.active)})


def field_of(row: Sequence[Any]) -> Field:
    """Return a field from its row."""
    topic, key, label, kind, choices, required, to_close, staff_only, default, position = row
    return Field(
        topic,
        key,
        label,
        kind,
        words(choices),
        bool(required),
        bool(to_close),
        bool(staff_only),
        default,
        position,
    )


def all_fields(store: Store) -> list[Field]:
    """Return every field of every topic, by topic, in their order."""
    return [field_of(row) for row in store.run("topic_fields").fetchall()]


def own_fields(store: Store, topic: str) -> list[Field]:
    """Return the fields a topic defines itself."""
    return [field_of(row) for row in store.run("topic_fields_of", name=topic).fetchall()]


def fields(store: Store, topic: Topic) -> list[Field]:
    """Return the custom fields of a topic: its parents' fields, the outermost first, then its own.

    A nearer field with the same key replaces the other.
    """
    found: dict[str, Field] = {}
    for name in (*reversed(topic.parents), topic.name):
        for field in own_fields(store, name):
            found[field.key] = field
    return list(found.values())


def put_field(store: Store, field: Field) -> None:
    """Store a field, new or changed."""
    row = {**field._asdict(), "choices": dumps(field.choices)}
    store.run(
        "topic_field_put",
        **{name: int(part) if isinstance(part, bool) else part for name, part in row.items()},
    )


def drop_field(store: Store, field: Field) -> None:
    """Remove a field."""
    store.run("topic_field_drop", topic_name=field.topic, field_key=field.key)


def keys_in_use(store: Store) -> list[str]:
    """Return the keys of all fields for which tickets have a value."""
    return [name.removeprefix("field.") for (name,) in store.run("facet_keys").fetchall()]
