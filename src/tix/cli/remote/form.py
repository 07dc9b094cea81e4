"""What a server says that a form for a new ticket asks."""

from __future__ import annotations

from tix.cli.remote import checked
from tix.desk.tickets.new import Form
from tix.domain.files.attachments import FilePolicy
from tix.domain.topics import FIELD_KINDS, Field
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.remote.checked import Check, Malformed


def form(value: Any, malformed: Malformed) -> Form:
    """Return what to ask for a new ticket. Raises what ``malformed`` makes of a value that is not as it should be."""
    what = "what is asked for a new ticket"
    found = checked.one(value, _FORM, what, malformed)
    policy = checked.one(found["files"], _POLICY, what, malformed)
    questions = checked.several(found["questions"], _QUESTION, what, malformed)
    types = policy["types"]
    return Form(
        found["topic"],
        found["topics"],
        found["default_topic"],
        [
            # Without fields that this version does not know.
            Field("", **{name: one[name] for name in _QUESTION}, choices=tuple(one["choices"]))
            for one in questions
        ],
        found["priorities"],
        found["priority"],
        found["message_required"],
        FilePolicy(
            policy["max_total"], None if types is None else frozenset(types), frozenset(policy["denied"])
        ),
        found["left_out"],
    )


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_FORM: dict[str, Check] = {
    **dict.fromkeys(("topic", "default_topic", "left_out"), _is_text),
    **dict.fromkeys(("topics", "priorities"), _are_words),
    "priority": checked.is_word,
    "message_required": _is_flag,
    "files": lambda value: isinstance(value, dict),
    "questions": lambda value: (
        isinstance(value, list)
        and all(isinstance(one, dict) and _are_words(one.get("choices")) for one in value)
    ),
}
_POLICY: dict[str, Check] = {
    "max_total": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "types": lambda value: value is None or _are_words(value),
    "denied": _are_words,
}
# But for the choices.
_QUESTION: dict[str, Check] = {
    **dict.fromkeys(("key", "label"), checked.is_word),
    "kind": lambda value: value in FIELD_KINDS,
    "required": _is_flag,
    "default": _is_text,
}
