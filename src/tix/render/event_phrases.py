"""Events of a ticket in words for people, as its timeline shows them.

Every text returned is safe for a terminal and on one line. To add a kind of event, add a name to
``domain.tickets.timeline.EventType`` and a phrase here.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo

from tix.domain.tickets.links import WORDS
from tix.domain.tickets.timeline import DECLINED, IMPORTED, REDONE, UNDONE, EventType
from tix.domain.times import parse_instant
from tix.errors import InvalidValue
from tix.render import billing_phrases
from tix.render.safe import safe_line, shorten
from tix.render.words import LABELS, entry_kind, file_words, label, local, stars
from tix.typing import Any, NamedTuple

Event = Mapping[str, Any]  # an item of ``thread`` whose kind is ``event``

_LONGEST_VALUE = 60


def summary(item: Event, *, zone: tzinfo = UTC) -> str:
    """What an item of any kind is, without who made it: a phrase, or the kind and how the text begins."""
    if item["event"] is not None:
        return phrase(item, zone=zone)
    kind = entry_kind(item)
    body = (item["body"] or "").strip()
    if not body:
        body = ", ".join(file["name"] for file in item["attachments"])
    return f"{kind}: {shorten(safe_line(body), 200)}"


def sentence(item: Event, *, zone: tzinfo, labels: Mapping[str, str] = LABELS) -> str:
    """Who did what: ``sam changed the status from open to answered``; automatic changes are by ``tix``."""
    who = "tix" if item["by"] is None else safe_line(item["by"])
    typed = f" (typed by {safe_line(item['via'])})" if item["via"] else ""
    return f"{who}{typed} {phrase(item, zone=zone, labels=labels)}"


def phrase(item: Event, *, zone: tzinfo, labels: Mapping[str, str] = LABELS) -> str:
    """What was done, without who did it: ``changed the status from open to answered``."""
    event = item["event"]
    said = PHRASES.get(event["type"])
    if said is None:  # made by a newer tix
        return f"did something this version of tix does not know: {safe_line(event['type'])}"
    back = {UNDONE: " (undo)", REDONE: " (redo)"}.get(event["reason"], "")
    change = _Change(item, {**event, "reason": None} if back else event, zone, labels)
    return f"{said(change)}{back}{_moved_due(event, zone)}"


def change_words(item: Event, *, zone: tzinfo) -> str:
    """A change without who made it, as short as it can be said: ``priority urgent → low``, ``added tag vip``."""
    event = item["event"]
    if event is None:
        kind = entry_kind(item)
        return f"added {'an' if item['internal'] else 'a'} {kind}"
    change = _Change(item, event, zone, LABELS)
    old, new = change.old, change.new
    due = _moved_due(event, zone).removeprefix("; ")
    due = f" ({due})" if due else ""
    if event["type"] in ("tag-added", "tag-removed", "asset-added", "asset-removed"):
        what, _, how = event["type"].partition("-")
        return f"{how} {what} {new or old}"
    if event["type"] == "assigned":
        team = "team " if event["field"] == "team" else ""
        return ("unassigned" if new is None else f"assigned to {team}{new}") + due
    if event["type"] not in ("field-changed", "status-changed"):
        return phrase(item, zone=zone)
    name = "status" if event["type"] == "status-changed" else change.label
    if new is None:
        return f"{name} cleared{due}"
    return (f"{name} {new}" if old is None else f"{name} {old} → {new}") + due


def _moved_due(event: Mapping[str, Any], zone: tzinfo) -> str:
    """What a change has made of the due date, where it has."""
    if event.get("due_at"):
        return f"; due {local(parse_instant(event['due_at']), zone)}"
    return "; no longer due" if "due_at" in event else ""


class _Change(NamedTuple):
    """An event about to be put into words."""

    item: Event
    event: Mapping[str, Any]
    zone: tzinfo
    labels: Mapping[str, str]

    @property
    def by(self) -> str | None:
        login: str | None = self.item["by"]
        return login

    @property
    def label(self) -> str:
        return label(self.event["field"] or "ticket", self.labels)

    @property
    def old(self) -> str | None:
        return self._value("old")

    @property
    def new(self) -> str | None:
        return self._value("new")

    def _value(self, end: str) -> str | None:
        """A value in one short line; an instant as the person's own clock shows it."""
        value = self.event[end]
        if value is None or value == "":
            return None
        text = str(value)
        try:
            return local(parse_instant(text), self.zone)
        except InvalidValue:
            pass
        short = shorten(safe_line(text), _LONGEST_VALUE)
        return f"“{short}”" if " " in short else short


def _status_changed(change: _Change) -> str:
    reason = change.event["reason"]
    if reason == "reopened":
        return "reopened the ticket"
    if reason == "solution-not-accepted":
        return "reopened the ticket: the solution was not accepted"
    if reason == "elapsed":
        if change.new == "closed":
            return "closed the ticket automatically"
        return f"changed the status from {change.old} to {change.new} automatically"
    because = f": {safe_line(reason)}" if reason and reason != IMPORTED else ""
    return f"changed the status from {change.old} to {change.new}{because}"


def _assigned(change: _Change) -> str:
    old, new = change.old, change.new
    if new is None:
        return "unassigned the ticket" + (f" (was {old})" if old not in (None, change.by) else "")
    if change.event["field"] == "team":
        return f"assigned the ticket to team {new}" + (f" (was {old})" if old else "")
    if new == change.by:
        return "took the ticket" + (f" over from {old}" if old else "")
    return f"assigned the ticket to {new}" + (f" (was {old})" if old else "")


def _field_changed(change: _Change) -> str:
    old, new = change.old, change.new
    if change.event["field"] == "unbilled_seconds":
        return billing_phrases.rebilled(change.event)
    if change.event["field"] == "entries":
        return f"wrote to the ticket through {new or 'a merged ticket'}"
    if new is None:
        return f"cleared the {change.label}" + (f" (was {old})" if old else "")
    if old is None:
        return f"set the {change.label} to {new}"
    return f"changed the {change.label} from {old} to {new}"


def _attached(change: _Change) -> str:
    files = [file_words(file["name"], file["size"]) for file in change.item["attachments"]]
    if files:
        return "attached " + ", ".join(files)
    if change.new is None and change.old is not None:
        return f"removed the file {change.old}"
    return f"attached {change.new or 'a file'}"


def _rated(change: _Change) -> str:
    given = change.event["new"]
    if given in ("1", "2", "3", "4", "5"):
        return f"rated the ticket {given} of 5 ({stars(int(given))})"
    return "rated the ticket"


def _unmerged(change: _Change) -> str:
    if change.event["field"] == "merged_into" or (change.new is None and change.old is not None):
        return f"unmerged the ticket from {change.old or 'another ticket'}"
    return f"unmerged {change.new or 'another ticket'} from the ticket"


def _relation(change: _Change) -> str:
    field = change.event["field"] or "relates"
    return WORDS.get(field) or label(field.replace("-", "_"))


def _followed(change: _Change) -> str:
    old, new = change.old, change.new
    if new is None:
        return "stopped following the ticket" if old in (None, change.by) else f"removed the follower {old}"
    return "follows the ticket" if new == change.by else f"added the follower {new}"


def _mailed(change: _Change) -> str:
    """``declined a mail from Ana <ana@example.org>: Printer``; or an automatic mail, and how it was recognised."""
    if change.event["reason"] == DECLINED:
        return f"declined a mail, since the ticket is closed for good: {change.new}"
    sign = shorten(safe_line(change.event["reason"] or ""), _LONGEST_VALUE)
    return f"recorded an automatic mail ({sign}): {change.new}"


PHRASES: dict[EventType, Callable[[_Change], str]] = {
    "status-changed": _status_changed,
    "assigned": _assigned,
    "field-changed": _field_changed,
    "tag-added": lambda it: f"added the tag {it.new}",
    "tag-removed": lambda it: f"removed the tag {it.old}",
    "asset-added": lambda it: f"added the asset {it.new}",
    "asset-removed": lambda it: f"removed the asset {it.old}",
    "attached": _attached,
    "rated": _rated,
    "merged": lambda it: (
        f"merged the ticket into {it.new or 'another ticket'}"
        if it.new or it.event["field"] == "merged_into"
        else f"merged {it.old or 'another ticket'} into the ticket"
    ),
    "unmerged": _unmerged,
    "split": lambda it: (
        f"split off {it.new}" if it.new else f"split the ticket off from {it.old or 'another ticket'}"
    ),
    "linked": lambda it: f"added the link: {_relation(it)} {it.new or ''}".rstrip(),
    "unlinked": lambda it: f"removed the link: {_relation(it)} {it.old or it.new or ''}".rstrip(),
    "followed": _followed,
    "snoozed": lambda it: f"snoozed the ticket until {it.new}" if it.new else "ended the snooze",
    "woken": lambda _: "returned the ticket to the queue",
    "overdue": lambda _: "marked the ticket as overdue",
    "time-added": lambda it: billing_phrases.added(it.event),
    "time-removed": lambda it: billing_phrases.removed(it.event),
    "deleted": lambda _: "deleted the ticket",
    "imported": lambda _: "imported the ticket",
    "mailed": _mailed,
    "retracted": lambda it: (
        "took the note back"
        if it.event["field"] == "note"
        else "took the reply back before it was sent; only staff can see it"
    ),
    "edited": lambda it: f"changed the text of {'the note' if it.event['field'] == 'note' else 'the reply'}",
}
