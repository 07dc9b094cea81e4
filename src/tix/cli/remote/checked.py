"""Records of a server, checked before anything is made of them: a server is not trusted to be one of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tix.desk.aside import Aside
from tix.domain.tickets import fields
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.errors import TixError

    Malformed = Callable[[str], TixError]

Record = dict[str, Any]

_INSTANT = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z"
)
_REF = re.compile(r"[A-Z][A-Z0-9]{0,9}-[0-9]{1,16}")


def is_text(value: Any) -> bool:
    """Return whether it is a text or nothing."""
    return value is None or isinstance(value, str)


def is_word(value: Any) -> bool:
    """Return whether it is a text."""
    return isinstance(value, str)


def is_count(value: Any) -> bool:
    """Return whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def is_number(value: Any) -> bool:
    """Return whether it is a number or nothing."""
    return value is None or isinstance(value, float) or is_count(value)


def is_flag(value: Any) -> bool:
    """Return whether it is true, false or nothing."""
    return value is None or isinstance(value, bool)


def is_instant(value: Any) -> bool:
    """Return whether it is an instant or nothing."""
    return value is None or (isinstance(value, str) and _INSTANT.fullmatch(value) is not None)


def are_places(value: Any) -> bool:
    """Whether the value is a list of pairs of a start and an end in a text."""
    return isinstance(value, list) and all(
        isinstance(place, list) and len(place) == 2 and all(map(is_count, place)) for place in value
    )


def is_list(value: Any) -> bool:
    """Return whether it is a list of texts."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def is_reference(value: Any) -> bool:
    """Return whether it is the reference of a ticket."""
    return isinstance(value, str) and _REF.fullmatch(value) is not None


def _are_links(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and is_word(one.get("relation")) and is_reference(one.get("ref"))
        for one in value
    )


def are_answers(value: Any) -> bool:
    """Return whether it is an object of texts."""
    return isinstance(value, dict) and all(is_text(one) for one in value.values())


def _is_event(value: Any) -> bool:
    if value is None:
        return True
    names = ("type", "field", "old", "new", "reason")
    return (
        isinstance(value, dict)
        and all(name in value and is_text(value[name]) for name in names)
        and is_word(value["type"])
        and is_instant(value.get("due_at"))
    )


def _are_files(value: Any) -> bool:
    return isinstance(value, list) and all(fits(one, _FILE) for one in value)


Check = Callable[[Any], bool]
Kinds = Mapping[str, Check]

_FILE: dict[str, Check] = {
    "id": is_count,
    "name": is_word,
    "size": is_count,
    "mime": is_word,
    "sha256": is_word,
}
ATTACHMENT: dict[str, Check] = {**_FILE, "by": is_text, "at": is_instant, "internal": is_flag}
ITEM: dict[str, Check] = {
    "id": is_number,
    "at": lambda value: value is not None and is_instant(value),
    "kind": is_word,
    "by": is_text,
    "by_name": is_text,
    "via": is_text,
    "side": is_word,
    "body": is_text,
    "internal": lambda value: isinstance(value, bool),
    "attachments": _are_files,
    "event": _is_event,
    "origin": is_text,
    "untrusted": lambda value: isinstance(value, bool),
}
LOGGED: dict[str, Check] = {"ref": is_reference, **ITEM}
NOTIFICATION: dict[str, Check] = {
    "id": is_count,
    "at": ITEM["at"],
    "ref": is_reference,
    "subject": is_text,
    "reason": is_word,
    "by": is_text,
    "read": is_flag,
}

CHOICES: dict[str, Check] = dict.fromkeys(("priorities", "assignees", "canned", "statuses"), is_list)
UNDONE: dict[str, Check] = {
    "verb": is_word,
    "at": ITEM["at"],
    "results": lambda value: isinstance(value, list),
    "passed": is_list,
}
RULE: dict[str, Check] = {"reason": is_word, "what": is_word, "who": is_list, "mailed": is_flag}
MUTED: dict[str, Check] = {"muted": is_list}
MARKED: dict[str, Check] = {
    "id": is_count,
    "state": lambda value: value in ("done", "already", "failed"),
    "notification": lambda value: value is None or (isinstance(value, dict) and fits(value, NOTIFICATION)),
    "error": lambda value: value is None or isinstance(value, dict),
}


def _is_thread(value: Any) -> bool:
    return isinstance(value, list) and all(fits(one, ITEM) for one in value)


_KINDS: dict[str, Check] = {
    "text": is_text,
    "word": is_text,
    "person": is_text,
    "place": is_text,
    "count": is_count,
    "number": is_number,
    "flag": is_flag,
    "instant": is_instant,
    "tags": is_list,
    "names": is_list,
    "links": _are_links,
    "answers": are_answers,
    "thread": _is_thread,
}
# Always there.
_NEEDED: dict[str, Check] = {
    "ref": is_reference,
    "subject": is_word,
    "status": is_word,
    "phase": is_word,
    "priority": is_word,
    "requester": is_word,
}
LISTED: dict[str, Check] = {one.name: _KINDS[one.kind] for one in fields.LISTED} | _NEEDED
TICKET: dict[str, Check] = {one.name: _KINDS[one.kind] for one in fields.FIELDS} | _NEEDED
# A whole ticket of an export: what people wrote there may be long, and is looked at where it is drawn.
EXPORTED: dict[str, Check] = {
    **{one.name: lambda _: True for one in fields.FIELDS},
    "ref": is_reference,
    "fields": are_answers,
    "thread": lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
}
FOUND: dict[str, Check] = {
    **LISTED,
    "snippet": is_text,
    "matches": are_places,
    "score": lambda value: value is not None and is_number(value),
}
ANSWERED: dict[str, Check] = {"fields": are_answers}
RESULT: dict[str, Check] = {
    "ref": is_word,
    "state": lambda value: value in ("done", "already", "failed", "rehearsed", "taken-back"),
    "ticket": lambda value: value is None or fits(value, TICKET),
    "error": lambda value: value is None or isinstance(value, dict),
    "items": _is_thread,
    "merged": lambda value: value is None or is_reference(value),
    "written_to": lambda value: value is None or is_reference(value),
    "ended": is_flag,
}
COUNTED: dict[str, Check] = {"tickets": is_count}
WHY: dict[str, Check] = {
    "ref": is_reference,
    **dict.fromkeys(("due_at", "clock_at"), is_instant),
    "overdue": is_flag,
    **dict.fromkeys(("source", "plan", "calendar"), is_text),
    **dict.fromkeys(
        ("grace_seconds", "running_seconds", "paused_seconds", "outside_hours_seconds", "holiday_seconds"),
        is_number,
    ),
    "segments": lambda value: isinstance(value, list) and all(_is_segment(one) for one in value),
}


def _is_segment(value: Any) -> bool:
    kinds = {"kind": is_word, "from": ITEM["at"], "to": ITEM["at"], "seconds": is_count, "why": is_text}
    return fits(value, kinds)


def fits(value: Any, kinds: Mapping[str, Check]) -> bool:
    """Return whether it is an object whose fields are as they should be."""
    return isinstance(value, dict) and all(
        name in value and check(value[name]) for name, check in kinds.items()
    )


def one(value: Any, kinds: Mapping[str, Check], what: str, malformed: Malformed) -> Record:
    """Return a record whose fields are as they should be. Raises what ``malformed`` makes of ``what``."""
    if not isinstance(value, dict):
        raise malformed(what)
    for name, check in kinds.items():
        if name not in value or not check(value[name]):
            raise malformed(f"{name} of {what}")
    return value


def several(value: Any, kinds: Mapping[str, Check], what: str, malformed: Malformed) -> list[Record]:
    """Return a list of such records. Raises as ``one`` does."""
    if not isinstance(value, list):
        raise malformed(what)
    return [one(found, kinds, what, malformed) for found in value]


def named(value: Any, names: Sequence[str], what: str, malformed: Malformed) -> Record:
    """Return a record that has these fields, with plain values. Raises as ``one`` does."""
    return one(value, dict.fromkeys(names, is_plain), what, malformed)


def plain(names: Sequence[str]) -> dict[str, Check]:
    """Return the checks of a record whose fields hold plain values."""
    return dict.fromkeys(names, is_plain)


def aside(value: Any, malformed: Malformed) -> Aside:
    """Return what a screen shows beside a ticket. Raises as ``one`` does."""
    kinds: dict[str, Check] = {
        "due_words": is_word,
        "labels": are_answers,
        "folds": lambda found: (
            isinstance(found, dict)
            and all(key.isdigit() and len(key) < 20 and is_count(at) for key, at in found.items())
        ),
        "next_commands": is_list,
    }
    found = one(value, kinds, "what is shown beside a ticket", malformed)
    folds = {int(key): at for key, at in found["folds"].items()}
    return Aside(found["due_words"], found["labels"], folds, found["next_commands"])


def inbox(value: Any, malformed: Malformed) -> Record:
    """Return an inbox. Raises as ``one`` does."""
    found = one(value, {"counts": lambda counts: isinstance(counts, dict)}, "the inbox", malformed)
    kinds = dict.fromkeys(("tickets", "overdue", "unread"), is_count)
    one(found["counts"], kinds, "the inbox", malformed)
    several(found.get("tickets"), LISTED, "a ticket", malformed)
    several(found.get("notifications"), NOTIFICATION, "a notification", malformed)
    return found


def is_plain(value: Any) -> bool:
    """Return whether it is a plain value: a text, a number, true, false, nothing, or a list of texts."""
    return is_flag(value) or is_number(value) or isinstance(value, str) or is_list(value)
