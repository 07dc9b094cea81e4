"""Help topics: the defaults they set for tickets, and their custom fields.

A topic's name is its path, ``Report a Problem/Business Critical Outage``. It inherits defaults and fields that it
does not set itself from its parents.
"""

from collections.abc import Iterable, Mapping, Sequence

from tix.domain.names import name_key
from tix.domain.texts import is_blank
from tix.errors import InvalidValue, Refused
from tix.typing import Any, Literal, NamedTuple
from tix.words.sentence import Said

FieldKind = Literal["text", "choice", "number", "date", "boolean", "email", "url"]
FIELD_KINDS: tuple[FieldKind, ...] = ("text", "choice", "number", "date", "boolean", "email", "url")

LONGEST_VALUE = 10_000
_TRUE, _FALSE = frozenset({"true", "yes", "y", "on", "1"}), frozenset({"false", "no", "n", "off", "0"})


class Topic(NamedTuple):
    """A help topic, and the defaults of its tickets. ``position`` orders topics in lists."""

    name: str
    department: str | None = None
    assignee: str | None = None
    team: str | None = None
    priority: str | None = None
    sla: str | None = None
    status: str | None = None
    position: int = 0
    active: bool = True

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the names of the topics above it, nearest first."""
        parts = self.name.split("/")
        return tuple("/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))


class Field(NamedTuple):
    """A custom field of a topic. ``default`` is text as somebody would type it."""

    topic: str
    key: str
    label: str
    kind: FieldKind = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    required_to_close: bool = False
    staff_only: bool = False
    default: str | None = None
    position: int = 0


Value = str | int | float | bool
Values = Mapping[str, Value]


def inherited(topic: Topic, others: Iterable[Topic]) -> Topic:
    """Return ``topic`` with its unset defaults taken from its parents, nearest first."""
    known = {name_key(other.name): other for other in others}
    for name in topic.parents:
        parent = known.get(name_key(name))
        if parent is None:
            continue
        missing = {
            part: getattr(parent, part)
            for part in ("department", "priority", "sla", "status")
            if getattr(topic, part) is None
        }
        if topic.assignee is None and topic.team is None:
            missing |= {"assignee": parent.assignee, "team": parent.team}
        topic = topic._replace(**missing)
    return topic


# ------------------------------------------------------------------------------------------- one value


def parse_value(field: Field, text: str) -> Value:
    """Return the value that ``text`` stands for in ``field``.

    Raises InvalidValue naming the field and what it accepts.
    """
    word = text.strip()
    if is_blank(word):
        raise InvalidValue(Said("{key} is empty", key=field.key), hint=f"{field.label}: {expects(field)}")
    if len(word) > LONGEST_VALUE:
        raise InvalidValue(
            Said(
                "{key} has {n:,} characters; the limit is {longest_value:,}",
                key=field.key,
                n=len(word),
                longest_value=LONGEST_VALUE,
            )
        )
    try:
        return _parse(field, word)
    except InvalidValue as error:
        raise InvalidValue(f"{field.key}: {error.message}", hint=error.hint or expects(field)) from error


def expects(field: Field) -> str:
    """Return what a field accepts, in words."""
    match field.kind:
        case "choice":
            return Said("one of {names}", names=", ".join(field.choices))
        case "number":
            return Said("a number")
        case "date":
            return Said("a date, e.g. 2026-12-31")
        case "boolean":
            return Said("yes or no")
        case "email":
            return Said("an e-mail address, e.g. name@example.org")
        case "url":
            return Said("a web address that begins with http:// or https://")
        case _:
            return Said("text")


def _parse(field: Field, word: str) -> Value:
    match field.kind:
        case "choice":
            return _choice(field, word)
        case "number":
            return _number(word)
        case "date":
            return _date(word)
        case "boolean":
            return _boolean(word)
        case "email":
            from tix.domain.people import parse_email

            return parse_email(word)
        case "url":
            return _url(word)
        case "text":
            return word.replace("\0", "")


def _choice(field: Field, word: str) -> str:
    for choice in field.choices:
        if choice.casefold() == word.casefold():
            return choice
    raise InvalidValue(
        Said("'{word}' is not one of the choices", word=word),
        hint=Said("use one of {names}", names=", ".join(field.choices)),
    )


def _number(word: str) -> int | float:
    import re

    if re.fullmatch(r"[+-]?\d{1,15}", word, re.ASCII):
        return int(word)
    if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,15}", word, re.ASCII):
        return float(word)
    raise InvalidValue(Said("'{word}' is not a number", word=word))


def _date(word: str) -> str:
    from datetime import date

    try:
        if len(word) == 10:
            return date.fromisoformat(word).isoformat()
    except ValueError:
        pass
    raise InvalidValue(Said("'{word}' is not a date", word=word))


def _boolean(word: str) -> bool:
    if word.casefold() in _TRUE:
        return True
    if word.casefold() in _FALSE:
        return False
    raise InvalidValue(Said("'{word}' is neither yes nor no", word=word))


def _url(word: str) -> str:
    scheme, _, rest = word.partition("://")
    host = rest.split("/", 1)[0]
    if scheme.lower() not in ("http", "https") or not host or any(char.isspace() for char in word):
        raise InvalidValue(Said("'{word}' is not a web address", word=word))
    return word


def text_of(value: Value) -> str:
    """Return the text that stands for a value: in events, filters and the index."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


# --------------------------------------------------------------------------------------------- all values


def parse_values(fields: Sequence[Field], given: Mapping[str, str]) -> dict[str, Value]:
    """Return the given values, parsed field by field. Raises InvalidValue for a key the topic does not have."""
    known = {field.key: field for field in fields}
    found = {}
    for key, text in given.items():
        field = known.get(key)
        if field is None:
            hint = "its fields: " + ", ".join(known) if known else "the topic has no custom fields"
            raise InvalidValue(Said("the topic has no custom field '{key}'", key=key), hint=hint)
        found[key] = parse_value(field, text)
    return found


def completed(fields: Sequence[Field], values: Values, *, staff: bool) -> dict[str, Value]:
    """Return ``values`` with defaults for what is missing. Raises InvalidValue naming the missing required fields.

    A requester does not have to fill in fields that only staff see.
    """
    whole = dict(values)
    for field in fields:
        if field.key not in whole and field.default is not None:
            whole[field.key] = parse_value(field, field.default)
    missing = [
        field
        for field in fields
        if field.required and field.key not in whole and (staff or not field.staff_only)
    ]
    if missing:
        first = missing[0]
        raise InvalidValue(
            f"{', '.join(field.key for field in missing)} {'is' if len(missing) == 1 else 'are'} missing",
            hint=f"--field {first.key}=…  ({first.label}: {expects(first)})",
        )
    return whole


def fitting(fields: Sequence[Field], values: Values) -> dict[str, Value]:
    """Return the values that are still valid under ``fields``."""
    known = {field.key: field for field in fields}
    kept: dict[str, Value] = {}
    for key, value in values.items():
        if key in known:
            try:
                kept[key] = parse_value(known[key], text_of(value))
            except InvalidValue:
                continue
    return kept


def refuse_unfinished(fields: Sequence[Field], values: Values, ref: str) -> None:
    """Raise Refused while a field required for resolving or closing has no value."""
    missing = [field for field in fields if field.required_to_close and field.key not in values]
    if missing:
        first = missing[0]
        raise Refused(
            Said(
                "{ref} cannot be resolved or closed without {names}",
                ref=ref,
                names=", ".join(field.key for field in missing),
            ),
            hint=f"tix edit {ref} --field {first.key}=…  ({first.label}: {expects(first)})",
        )


def split(fields: Sequence[Field], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values that everybody may read, and those that only staff may read."""
    hidden = {field.key for field in fields if field.staff_only}
    public = {key: value for key, value in values.items() if key not in hidden}
    return public, {key: value for key, value in values.items() if key in hidden}
