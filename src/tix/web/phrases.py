"""Events of a ticket in words, as they stand between the entries of a thread: ``Status: open → answered``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tix.domain.times import parse_instant
from tix.errors import InvalidValue
from tix.web import moments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from tix.web.catalog import Words

# Fields whose values are names that tix ships, hence in the reader's language.
_NAMED = {"status": "status", "priority": "priority", "type": "type"}
# Why a status has changed, where the page says so.
_REASONS = frozenset({"solution-not-accepted", "elapsed", "undone", "redone"})


def phrase(event: Mapping[str, Any], words: Words, zone: tzinfo, labels: Mapping[str, str]) -> str:
    """Return what an event of a thread says; ``labels`` are those of the topic's fields."""
    kind, field = event["type"], event["field"] or ""
    old, new = (_value(event[end], field, words, zone) for end in ("old", "new"))
    if kind in ("status-changed", "field-changed"):
        said = _changed(field, old, new, words, labels)
        reason = event["reason"]
        return f"{said} ({words(f'reason.{reason}')})" if reason in _REASONS else said
    if kind == "assigned" and field == "team":
        return _changed(field, None, new, words, labels)
    key = f"event.{kind}" if new is not None else f"event.{kind}.no"
    if not words.has(key):
        key = f"event.{kind}"
    if not words.has(key):  # made by a newer tix
        return str(kind).replace("-", " ")
    return words(key, old=old or "–", new=new or "–")


def _changed(field: str, old: str | None, new: str | None, words: Words, labels: Mapping[str, str]) -> str:
    name = labels.get(field.removeprefix("fields.")) or words.name("field", field.replace("_", "-"))
    arrow = "" if old is None else f"{old} → "
    return f"{name[:1].upper()}{name[1:]}: {arrow}{'–' if new is None else new}"


def _value(value: Any, field: str, words: Words, zone: tzinfo) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)
    if field in _NAMED:
        return words.name(_NAMED[field], text)
    with suppress(InvalidValue):
        parse_instant(text)
        return moments.whole(text, words, zone)
    return text if len(text) <= 80 else text[:79] + "…"
