"""The resource help topic, and the custom fields of topics."""

from __future__ import annotations

import re

from tix.desk.context import Desk
from tix.desk.resources.registry import spelled
from tix.desk.resources.resource import Attribute, Given, Resource, get, parse_name
from tix.domain.names import is_none
from tix.domain.permissions import require
from tix.domain.topics import FIELD_KINDS, Field, FieldKind, Topic, parse_value
from tix.domain.values import parse_line
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound
from tix.store.setup import topics
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said

_KEY = r"[a-z][a-z0-9_-]{0,39}"


def _path(text: str, title: str) -> str:
    """Return the name of a topic, e.g. ``Hardware/Laptop``: names between slashes. Raises InvalidValue."""
    return "/".join(parse_name(part, title) for part in text.split("/"))


def _assignee(desk: Desk, text: str) -> str:
    person = desk.person(text, active=True)
    if not person.is_staff:
        raise InvalidValue(
            Said(
                "{login} is a requester; tickets can only be assigned to agents and admins",
                login=person.login,
            ),
            hint="tix user list",
        )
    return person.login


def _status(desk: Desk, text: str) -> str:
    status = desk.find_status(text)
    if status.phase != "open":
        raise InvalidValue(
            Said(
                "a new ticket cannot have status {name}: it is not an open status",
                name=Said.named("status", status.name),
            ),
            hint="tix workflow show",
        )
    return status.name


def _check(desk: Desk, old: Topic | None, new: Topic) -> Topic:
    """Put a new topic last; parent topics that do not exist are added before it."""
    if old is not None:
        return new
    for name in reversed(new.parents):
        if topics.TOPICS.get(desk.store, name) is None:
            topics.TOPICS.add(desk.store, Topic(name, position=_last(desk)))
    return new._replace(position=_last(desk))


def _last(desk: Desk) -> int:
    return 1 + max((one.position for one in topics.TOPICS.all(desk.store)), default=-1)


def _settle(desk: Desk, old: Topic | None, new: Topic, given: Given) -> bool:
    """Remove the fields of a topic that is removed."""
    if given.get("removed"):
        desk.store.run("topic_fields_drop", topic_name=new.name)
    return False


def _more(desk: Desk, topic: Topic) -> dict[str, Any]:
    asked = topics.fields(desk.store, topic)
    return {"fields": [field_record(field) for field in asked if desk.actor.is_staff or not field.staff_only]}


TOPIC = Resource(
    "topic",
    (
        Attribute(
            "department",
            "NAME",
            "Department of new tickets.",
            lambda desk, text: spelled(desk, "department", text),
        ),
        Attribute("assignee", "WHO", "Assignee of new tickets, e.g. sam.", _assignee),
        Attribute("team", "NAME", "Team of new tickets.", lambda desk, text: spelled(desk, "team", text)),
        Attribute(
            "priority",
            "P",
            "Priority of new tickets, e.g. high.",
            lambda desk, text: desk.priority(text).name,
        ),
        Attribute("sla", "PLAN", "SLA plan of new tickets.", lambda desk, text: spelled(desk, "sla", text)),
        Attribute("status", "S", "Status of new tickets, e.g. new.", _status),
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
    """Return a field as the record to print."""
    record = field._asdict()
    return {name: list(record[name]) if name == "choices" else record[name] for name in FIELD_COLUMNS}


class FieldChange(NamedTuple):
    """Changes to a field; None leaves a value as it is."""

    label: str | None = None
    kind: str | None = None
    choices: tuple[str, ...] | None = None
    required: bool | None = None
    required_to_close: bool | None = None
    staff_only: bool | None = None
    default: str | None = None


def fields(desk: Desk, word: str) -> list[Field]:
    """Return the fields of a topic that the actor may see. Raises NotAllowed, NotFound."""
    require(desk.actor, "topic list")
    return [
        field
        for field in topics.fields(desk.store, get(desk, TOPIC, word))
        if desk.actor.is_staff or not field.staff_only
    ]


def add_field(desk: Desk, word: str, key: str, wanted: FieldChange) -> Field:
    """Add a field to a topic. Raises InvalidValue, NotAllowed, NotFound, AlreadyExists."""
    name = key.strip().lower()
    if not re.fullmatch(_KEY, name):
        raise InvalidValue(
            Said("'{key}' cannot be the key of a field", key=key),
            hint=Said("use letters, digits, _ and -, starting with a letter, e.g. cost-center"),
        )
    blank = Field("", name, name.replace("_", " ").replace("-", " ").capitalize())
    field = _changed(blank, wanted)
    require(desk.actor, TOPIC.verb)
    with desk.store.writing():
        topic = get(desk, TOPIC, word)
        own = topics.own_fields(desk.store, topic.name)
        if any(one.key == name for one in own):
            raise AlreadyExists(
                Said("topic {name} already has a field {name2}", name=topic.name, name2=name),
                hint=f"tix topic field edit '{topic.name}' {name}",
            )
        position = 1 + max((one.position for one in own), default=-1)
        field = field._replace(topic=topic.name, position=position)
        topics.put_field(desk.store, field)
    return field


def edit_field(desk: Desk, word: str, key: str, wanted: FieldChange) -> tuple[Field, Field]:
    """Change a field; return it as it was, and as it is. Raises as ``add_field``, and InUse."""
    require(desk.actor, TOPIC.verb)
    with desk.store.writing():
        old = _own(desk, word, key)
        new = _changed(old, wanted)
        if old.staff_only != new.staff_only and old.key in topics.keys_in_use(desk.store):
            raise InUse(
                Said(
                    "tickets already have values for {key}, so who may read them cannot be changed",
                    key=old.key,
                ),
                hint=Said("add another field instead"),
            )
        topics.put_field(desk.store, new)
    return old, new


def remove_field(desk: Desk, word: str, key: str) -> Field:
    """Remove a field from a topic. Tickets keep their values. Raises NotAllowed, NotFound."""
    require(desk.actor, TOPIC.verb)
    with desk.store.writing():
        field = _own(desk, word, key)
        topics.drop_field(desk.store, field)
    return field


def checked_field(field: Field) -> Field:
    """Return a field as ``add_field`` would make it. Raises InvalidValue."""
    if not re.fullmatch(_KEY, field.key):
        raise InvalidValue(Said("'{key}' cannot be the key of a field", key=field.key))
    return _changed(field, FieldChange(label=field.label, kind=field.kind, default=field.default))


def _own(desk: Desk, word: str, key: str) -> Field:
    topic = get(desk, TOPIC, word)
    for field in topics.own_fields(desk.store, topic.name):
        if field.key == key.strip().lower():
            return field
    raise NotFound(
        Said("topic {name} has no field '{key}' of its own", name=topic.name, key=key),
        hint=f"tix topic field list '{topic.name}'",
    )


def _changed(old: Field, wanted: FieldChange) -> Field:
    """Return ``old`` with the wanted changes. Raises InvalidValue where they do not fit together."""
    changes = {name: value for name, value in wanted._asdict().items() if value is not None}
    if "kind" in changes:
        changes["kind"] = _kind(changes["kind"])
    if "label" in changes:
        changes["label"] = parse_line(changes["label"])
    if is_none(changes.get("default") or ""):
        changes["default"] = None
    new = old._replace(**changes)
    if new.kind == "choice" and not new.choices:
        raise InvalidValue(
            Said("field {key} is a choice but has no choices", key=new.key),
            hint=Said("for example --choices North,South"),
        )
    if new.kind != "choice" and new.choices:
        raise InvalidValue(
            f"field {new.key} is a {new.kind}; only a choice field has choices", hint="--kind choice"
        )
    if new.default is not None:
        parse_value(new, new.default)
    return new


def _kind(text: str) -> FieldKind:
    for kind in FIELD_KINDS:
        if text.strip().lower() == kind:
            return kind
    raise InvalidValue(
        Said("'{text}' is not a kind of field", text=text),
        hint=Said("use one of {names}", names=", ".join(FIELD_KINDS)),
    )
