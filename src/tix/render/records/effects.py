"""What a write did, as keys of its record: its effect, what it changed, and the command that takes it back."""

from __future__ import annotations

from tix.domain.tickets.timeline import UNDONE
from tix.render.records.fields import at
from tix.typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.timeline import Item
    from tix.render.records.formats import Kind

# The keys, in order, and what `effect` says of a write that would happen.
EFFECT_FIELDS = ("effect", "changes", "undo")
_WOULD = {"created": "would_create", "updated": "would_update", "deleted": "would_delete"}


def with_effects(kind: Kind) -> Kind:
    """Return what a write prints of a kind: its fields, and what the write did."""
    if "effect" in kind.fields:
        return kind
    return kind._replace(fields=(*kind.fields, *EFFECT_FIELDS), plain=kind.plain or kind.fields)


# Of a write that has happened before.
UNCHANGED: dict[str, Any] = {"effect": "unchanged", "changes": [], "undo": None}

# The field of the ticket's record that an event changes, where the event does not name it.
_FIELDS = {
    "status-changed": "status",
    "assigned": "assignee",
    "tag-added": "tags",
    "tag-removed": "tags",
    "asset-added": "assets",
    "asset-removed": "assets",
    "attached": "attachments",
    "rated": "rating",
    "merged": "merged_into",
    "unmerged": "merged_into",
    "linked": "links",
    "unlinked": "links",
    "followed": "watchers",
    "snoozed": "snoozed_until",
    "woken": "snoozed_until",
    "time-added": "time_seconds",
    "time-removed": "time_seconds",
}
# Of these the event names something else: the relation, the merged ticket's own column.
_NAMED = ("field-changed", "assigned")


def effects(outcome: Outcome, *, may_undo: bool = False, rehearsed: bool = False) -> dict[str, Any]:
    """Return ``effect``, ``changes`` and ``undo`` of a write to a ticket; ``rehearsed``: of one that was taken back.

    The items of the outcome are those that the reader may see; ``may_undo``: the reader may undo commands.
    """
    effect = "unchanged" if outcome.already else outcome.effect
    can_undo = may_undo and bool(outcome.items) and all(map(_can_undo, outcome.items))
    return {
        "effect": _WOULD.get(effect, effect) if rehearsed else effect,
        "changes": [] if effect != "updated" else changes(outcome),
        "undo": ["tix", "undo"] if effect == "updated" and can_undo and not rehearsed else None,
    }


def _can_undo(item: Item) -> bool:
    from tix.domain.tickets.undo import OPPOSITE  # no read needs it

    return (item.type == "merged" or item.type in OPPOSITE) and item.reason != UNDONE


def changes(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what a write changed: each field with its old and new value, as the timeline has them.

    Of what is added to a list or taken from it the other value is None. Of an entry, ``thread``, the new value is
    its id.
    """
    found: list[dict[str, Any]] = []
    for item in outcome.items:
        if item.type is None:
            found.append(_change("thread", None, item.id))
            continue
        field = item.field if item.type in _NAMED and item.field else _FIELDS.get(item.type, item.type)
        found.append(_change(field, item.old, item.new))
        found += _moved_due(outcome, item)
    return found


def _moved_due(outcome: Outcome, item: Item) -> list[dict[str, Any]]:
    if not item.sets or "due_at" not in item.sets or item.field == "due_at":
        return []
    old = None if outcome.before is None else at(outcome.before.due_at)
    return [_change("due_at", old, at(item.sets["due_at"]))]


def _change(field: str, old: Any, new: Any) -> dict[str, Any]:
    return {"field": field, "old": old, "new": new}


# ---------------------------------------------------------------------------------- of what is no ticket


def done(
    effect: Literal["created", "updated", "deleted"],
    record: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    undo: list[str] | None = None,
    rehearsed: bool = False,
    is_changed: bool | None = None,
) -> dict[str, Any]:
    """Return a record with what a write did to it; ``before`` is the record of what was updated.

    ``is_changed`` says whether it was, where no field of the record shows it.
    """
    found = [] if before is None else differences(before, record)
    if effect == "updated" and not (found if is_changed is None else is_changed or found):
        return {**record, **UNCHANGED}
    return {
        **record,
        "effect": _WOULD[effect] if rehearsed else effect,
        "changes": found if effect == "updated" else [],
        "undo": None if rehearsed else undo,
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields in which two records of one thing differ, with both values."""
    return [_change(name, before.get(name), new) for name, new in after.items() if before.get(name) != new]
