"""Help topics as a noun, and their fields."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Given, Noun, Part, get, parse_name
from tix.domain.names import is_none
from tix.domain.permissions import require
from tix.domain.topics import FIELD_KINDS, Field, FieldKind, Topic, parse_value
from tix.domain.values import parse_line
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound
from tix.store.setup import topics

_KEY = r"[a-z][a-z0-9_-]{0,39}"


def _path(text: str, title: str) -> str:
    """The name of a topic: its parts between slashes. Raises InvalidValue."""
    return "/".join(parse_name(part, title) for part in text.split("/"))


def _assignee(desk: Desk, text: str) -> str:
    person = desk.person(text, active=True)
    if not person.is_staff:
        raise InvalidValue(
            f"{person.login} is a requester; only agents and admins hold tickets", hint="tix user list"
        )
    return person.login


def _status(desk: Desk, text: str) -> str:
    status = desk.find_status(text)
    if status.phase != "open":
        raise InvalidValue(f"a new ticket cannot be {status.name}", hint="a status of the open phase")
    return status.name


def _check(desk: Desk, old: Topic | None, new: Topic) -> Topic:
    """A new topic comes last; the topics it lies in come with it, before it."""
    if old is not None:
        return new
    for name in reversed(new.parents):
        if topics.TOPICS.get(desk.store, name) is None:
            topics.TOPICS.add(desk.store, Topic(name, position=_last(desk)))
    return new._replace(position=_last(desk))


def _last(desk: Desk) -> int:
    return 1 + max((one.position for one in topics.TOPICS.all(desk.store)), default=-1)


def _settle(desk: Desk, old: Topic | None, new: Topic, given: Given) -> bool:
    """One that goes takes its fields with it."""
    if given.get("removed"):
        desk.store.run("topic_fields_drop", topic_name=new.name)
    return False


def _more(desk: Desk, topic: Topic) -> dict[str, Any]:
    asked = topics.fields(desk.store, topic)
    return {"fields": [field_record(field) for field in asked if desk.actor.is_staff or not field.staff_only]}


TOPIC = Noun(
    "topic",
    (
        Part(
            "department",
            "NAME",
            "Where its tickets go.",
            lambda desk, text: spelled(desk, "department", text),
        ),
        Part("assignee", "WHO", "Who gets them.", _assignee),
        Part("team", "NAME", "Which team gets them.", lambda desk, text: spelled(desk, "team", text)),
        Part("priority", "P", "How urgent they are.", lambda desk, text: desk.priority(text).name),
        Part("sla", "PLAN", "Their plan.", lambda desk, text: spelled(desk, "sla", text)),
        Part("status", "S", "The status they begin in.", _status),
    ),
    Topic,
    ("name", "department", "assignee", "team", "priority", "sla", "status", "active"),
    ("fields",),
    check=_check,
    settle=_settle,
    more=_more,
    tickets="topic",
    internal=("assignee", "team", "sla"),
    parse_name=_path,
)

FIELD_COLUMNS = "key topic label kind choices required required_to_close staff_only default".split()


def field_record(field: Field) -> dict[str, Any]:
    """A field as the record that is printed."""
    record = field._asdict()
    return {name: list(record[name]) if name == "choices" else record[name] for name in FIELD_COLUMNS}


class FieldChange(NamedTuple):
    """What somebody wants of a field; None for what stays as it is."""

    label: str | None = None
    kind: str | None = None
    choices: tuple[str, ...] | None = None
    required: bool | None = None
    required_to_close: bool | None = None
    staff_only: bool | None = None
    default: str | None = None


def fields(desk: Desk, word: str) -> list[Field]:
    """What is asked under a topic. Raises NotFound."""
    return [
        field
        for field in topics.fields(desk.store, get(desk, TOPIC, word))
        if desk.actor.is_staff or not field.staff_only
    ]


def add_field(desk: Desk, word: str, key: str, wanted: FieldChange) -> Field:
    """A new field of a topic. Raises InvalidValue, NotAllowed, NotFound, AlreadyExists."""
    name = key.strip().lower()
    if not re.fullmatch(_KEY, name):
        raise InvalidValue(
            f"'{key}' cannot be the key of a field", hint="letters, digits, _ and -, from a letter on"
        )
    blank = Field("", name, name.replace("_", " ").replace("-", " ").capitalize())
    field = _changed(blank, wanted)
    require(desk.actor, TOPIC.verb)
    with desk.store.writing():
        topic = get(desk, TOPIC, word)
        own = topics.own_fields(desk.store, topic.name)
        if any(one.key == name for one in own):
            raise AlreadyExists(
                f"{topic.name} has a field {name} already", hint="tix topic field edit changes it"
            )
        position = 1 + max((one.position for one in own), default=-1)
        field = field._replace(topic=topic.name, position=position)
        topics.put_field(desk.store, field)
    return field


def edit_field(desk: Desk, word: str, key: str, wanted: FieldChange) -> tuple[Field, bool]:
    """Changes a field; whether anything changed. Raises as ``add_field``, and NotFound, InUse."""
    require(desk.actor, TOPIC.verb)
    with desk.store.writing():
        old = _own(desk, word, key)
        new = _changed(old, wanted)
        if old.staff_only != new.staff_only and old.key in topics.keys_in_use(desk.store):
            raise InUse(
                f"tickets have answers to {old.key}, so who reads them stays as it is",
                hint="add another field instead",
            )
        topics.put_field(desk.store, new)
    return new, new != old


def remove_field(desk: Desk, word: str, key: str) -> Field:
    """Takes a field out of a topic. Answers that tickets have stay with them. Raises NotAllowed, NotFound."""
    require(desk.actor, TOPIC.verb)
    with desk.store.writing():
        field = _own(desk, word, key)
        topics.drop_field(desk.store, field)
    return field


def checked_field(field: Field) -> Field:
    """A field as it would be, had somebody typed it. Raises InvalidValue."""
    if not re.fullmatch(_KEY, field.key):
        raise InvalidValue(f"'{field.key}' cannot be the key of a field")
    return _changed(field, FieldChange(label=field.label, kind=field.kind, default=field.default))


def _own(desk: Desk, word: str, key: str) -> Field:
    topic = get(desk, TOPIC, word)
    for field in topics.own_fields(desk.store, topic.name):
        if field.key == key.strip().lower():
            return field
    raise NotFound(
        f"{topic.name} has no field '{key}' of its own", hint=f"tix topic field list '{topic.name}'"
    )


def _changed(old: Field, wanted: FieldChange) -> Field:
    """``old`` with what is wanted, if the two make sense together. Raises InvalidValue."""
    changes = {name: value for name, value in wanted._asdict().items() if value is not None}
    if "kind" in changes:
        changes["kind"] = _kind(changes["kind"])
    if "label" in changes:
        changes["label"] = parse_line(changes["label"])
    if is_none(changes.get("default") or ""):
        changes["default"] = None
    new = old._replace(**changes)
    if new.kind == "choice" and not new.choices:
        raise InvalidValue(f"{new.key} has nothing to choose from", hint="--choices North,South")
    if new.kind != "choice" and new.choices:
        raise InvalidValue(f"{new.key} is a {new.kind}; only a choice has choices", hint="--kind choice")
    if new.default is not None:
        parse_value(new, new.default)
    return new


def _kind(text: str) -> FieldKind:
    for kind in FIELD_KINDS:
        if text.strip().lower() == kind:
            return kind
    raise InvalidValue(f"'{text}' is not a kind of field", hint="one of " + ", ".join(FIELD_KINDS))
