"""Which fields of a record are sent: ``fields=ref,subject``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.domain.tickets import fields
from tix.errors import InvalidValue

if TYPE_CHECKING:
    from tix.api.routes import Route

ITEM = tuple("id at kind by by_name via side body internal attachments event origin".split())
_LISTED = tuple(field.name for field in fields.LISTED)
# By the name of a schema; the fields of a plain ``Record`` are the route's ``columns``.
KNOWN = {
    "Ticket": tuple(field.name for field in fields.FIELDS),
    "ListedTicket": _LISTED,
    "FoundTicket": (*_LISTED, "snippet", "matches", "score"),
    "Item": ITEM,
    "LoggedItem": ("ref", *ITEM),
    "Result": ("ref", "state", "ticket", "error", "items", "merged", "written_to", "ended"),
    "Undone": ("verb", "at", "results", "passed"),
    "Attachment": ("id", "name", "size", "mime", "sha256", "by", "at", "internal"),
}


def wanted(route: Route, text: str | None) -> tuple[str, ...] | None:
    """Return the fields that a request asks for, None for all. Raises InvalidValue for others, naming the known ones."""
    if text is None:
        return None
    if not route.shapes:
        raise InvalidValue("this path answers no records, so it takes no fields")
    names = tuple(dict.fromkeys(word.strip() for word in text.split(",")))
    known = route.columns or KNOWN.get((route.answers or "").removesuffix("[]"), ())
    if known or route.writes:
        _refuse(names, known)
    return names


def shaped(record: Any, names: tuple[str, ...] | None) -> Any:
    """Return a record, or a list of them, with these fields alone. Raises InvalidValue for a field none of them has."""
    if names is None or record is None:
        return record
    if isinstance(record, list):
        return [shaped(one, names) for one in record]
    _refuse(names, tuple(record))
    return {name: record[name] for name in names}


def _refuse(names: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not set(names) <= set(known):
        raise InvalidValue("fields names a field that is not there", hint="use some of " + ", ".join(known))
