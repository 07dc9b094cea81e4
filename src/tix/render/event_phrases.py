"""Events of a ticket in words for people, as its timeline shows them.

Every text returned is safe for a terminal and on one line, and knows how to be said in another language. A phrase is
what follows the name of who did it. To add a kind of event, add a name to ``domain.tickets.timeline.EventType`` and a
phrase here.
"""

from __future__ import annotations

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
from tix.words.sentence import Said

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
    return Said("{kind}: {text}", kind=kind, text=shorten(safe_line(body), 200))


def sentence(item: Event, *, zone: tzinfo, labels: Mapping[str, str] = LABELS) -> str:
    """Who did what: ``sam changed the status from open to answered``; automatic changes are by ``tix``."""
    who = "tix" if item["by"] is None else safe_line(item["by"])
    what = phrase(item, zone=zone, labels=labels)
    if item["via"]:
        return Said("{who} (typed by {via}) {what}", who=who, via=safe_line(item["via"]), what=what)
    return Said("{who} {what}", who=who, what=what)


def phrase(item: Event, *, zone: tzinfo, labels: Mapping[str, str] = LABELS) -> str:
    """What was done, without who did it: ``changed the status from open to answered``."""
    event = item["event"]
    said = PHRASES.get(event["type"])
    if said is None:  # made by a newer tix
        return Said("did something this version of tix does not know: {type}", type=safe_line(event["type"]))
    is_back = event["reason"] in (UNDONE, REDONE)
    what = said(_Change(item, {**event, "reason": None} if is_back else event, zone, labels))
    if event["reason"] == UNDONE:
        what = Said("{what} (undo)", what=what)
    if event["reason"] == REDONE:
        what = Said("{what} (redo)", what=what)
    due = _moved_due(event, zone)
    return what if due is None else Said("{what}; {due}", what=what, due=due)


def change_words(item: Event, *, zone: tzinfo) -> str:
    """A change without who made it, as short as it can be said: ``priority urgent → low``, ``added tag vip``."""
    event = item["event"]
    if event is None:
        kind = entry_kind(item)
        if item["internal"]:
            return Said("added an {kind}", kind=kind)
        return Said("added a {kind}", kind=kind)
    change = _Change(item, event, zone, LABELS)
    due = _moved_due(event, zone)
    if event["type"] in _SHORT:
        return _SHORT[event["type"]](change.new or change.old)
    if event["type"] not in ("assigned", "field-changed", "status-changed"):
        return phrase(item, zone=zone)
    what = _assigned_to(change) if event["type"] == "assigned" else _new_value(change)
    return what if due is None else Said("{what} ({due})", what=what, due=due)


_SHORT: dict[str, Callable[[str | None], str]] = {
    "tag-added": lambda name: Said("added tag {name}", name=name),
    "tag-removed": lambda name: Said("removed tag {name}", name=name),
    "asset-added": lambda name: Said("added asset {name}", name=name),
    "asset-removed": lambda name: Said("removed asset {name}", name=name),
}


def _assigned_to(change: _Change) -> str:
    new = change.new
    if new is None:
        return Said("unassigned")
    if change.event["field"] == "team":
        return Said("assigned to team {team}", team=new)
    return Said("assigned to {who}", who=new)


def _new_value(change: _Change) -> str:
    old, new, event = change.old, change.new, change.event
    field = Said.named("field", "status") if event["type"] == "status-changed" else change.label
    if new is None:
        return Said("{field} cleared", field=field)
    if old is None:
        return Said("{field} {new}", field=field, new=new)
    return Said("{field} {old} → {new}", field=field, old=old, new=new)


def _moved_due(event: Mapping[str, Any], zone: tzinfo) -> str | None:
    """What a change has made of the due date, where it has."""
    if event.get("due_at"):
        return Said("due {at}", at=local(parse_instant(event["due_at"]), zone))
    return Said("no longer due") if "due_at" in event else None


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
        kind = "status" if self.event["type"] == "status-changed" else self.event["field"]
        if kind in ("status", "priority", "type") and " " not in short:
            return Said.named(kind, short)
        return f"“{short}”" if " " in short else short


def _status_changed(change: _Change) -> str:
    reason = change.event["reason"]
    if reason == "reopened":
        return Said("reopened the ticket")
    if reason == "solution-not-accepted":
        return Said("reopened the ticket: the solution was not accepted")
    old, new = change.old, change.new
    if reason == "elapsed":
        if new == "closed":
            return Said("closed the ticket automatically")
        return Said("changed the status from {old} to {new} automatically", old=old, new=new)
    if reason and reason != IMPORTED:
        return Said(
            "changed the status from {old} to {new}: {reason}", old=old, new=new, reason=safe_line(reason)
        )
    return Said("changed the status from {old} to {new}", old=old, new=new)


def _assigned(change: _Change) -> str:
    old, new = change.old, change.new
    if new is None:
        if old in (None, change.by):
            return Said("unassigned the ticket")
        return Said("unassigned the ticket (was {old})", old=old)
    if change.event["field"] == "team":
        if old:
            return Said("assigned the ticket to team {new} (was {old})", new=new, old=old)
        return Said("assigned the ticket to team {new}", new=new)
    if new == change.by:
        return Said("took the ticket over from {old}", old=old) if old else Said("took the ticket")
    if old:
        return Said("assigned the ticket to {new} (was {old})", new=new, old=old)
    return Said("assigned the ticket to {new}", new=new)


def _field_changed(change: _Change) -> str:
    old, new = change.old, change.new
    if change.event["field"] == "unbilled_seconds":
        return billing_phrases.rebilled(change.event)
    if change.event["field"] == "entries":
        return Said("wrote to the ticket through {other}", other=new or Said("a merged ticket"))
    field = change.label
    if new is None:
        if old:
            return Said("cleared the {field} (was {old})", field=field, old=old)
        return Said("cleared the {field}", field=field)
    if old is None:
        return Said("set the {field} to {new}", field=field, new=new)
    return Said("changed the {field} from {old} to {new}", field=field, old=old, new=new)


def _attached(change: _Change) -> str:
    files = [file_words(file["name"], file["size"]) for file in change.item["attachments"]]
    if files:
        return Said("attached {files}", files=", ".join(files))
    if change.new is None and change.old is not None:
        return Said("removed the file {name}", name=change.old)
    return Said("attached {files}", files=change.new or Said("a file"))


def _rated(change: _Change) -> str:
    given = change.event["new"]
    if given in ("1", "2", "3", "4", "5"):
        return Said("rated the ticket {given} of 5 ({stars})", given=given, stars=stars(int(given)))
    return Said("rated the ticket")


def _unmerged(change: _Change) -> str:
    if change.event["field"] == "merged_into" or (change.new is None and change.old is not None):
        return Said("unmerged the ticket from {other}", other=change.old or _another())
    return Said("unmerged {other} from the ticket", other=change.new or _another())


def _merged(change: _Change) -> str:
    if change.new or change.event["field"] == "merged_into":
        return Said("merged the ticket into {other}", other=change.new or _another())
    return Said("merged {other} into the ticket", other=change.old or _another())


def _split(change: _Change) -> str:
    if change.new:
        return Said("split off {other}", other=change.new)
    return Said("split the ticket off from {other}", other=change.old or _another())


def _another() -> str:
    return Said("another ticket")


def _relation(change: _Change) -> str:
    field = change.event["field"] or "relates"
    return Said.named("relation", WORDS[field]) if field in WORDS else label(field.replace("-", "_"))


def _linked(change: _Change) -> str:
    if not change.new:
        return Said("added the link: {relation}", relation=_relation(change))
    return Said("added the link: {relation} {other}", relation=_relation(change), other=change.new)


def _unlinked(change: _Change) -> str:
    other = change.old or change.new
    if not other:
        return Said("removed the link: {relation}", relation=_relation(change))
    return Said("removed the link: {relation} {other}", relation=_relation(change), other=other)


def _followed(change: _Change) -> str:
    old, new = change.old, change.new
    if new is None:
        if old in (None, change.by):
            return Said("stopped following the ticket")
        return Said("removed the follower {who}", who=old)
    return Said("follows the ticket") if new == change.by else Said("added the follower {who}", who=new)


def _mailed(change: _Change) -> str:
    """``declined a mail from Ana <ana@example.org>: Printer``; or an automatic mail, and how it was recognised."""
    if change.event["reason"] == DECLINED:
        return Said("declined a mail, since the ticket is closed for good: {mail}", mail=change.new)
    sign = shorten(safe_line(change.event["reason"] or ""), _LONGEST_VALUE)
    return Said("recorded an automatic mail ({sign}): {mail}", sign=sign, mail=change.new)


PHRASES: dict[EventType, Callable[[_Change], str]] = {
    "status-changed": _status_changed,
    "assigned": _assigned,
    "field-changed": _field_changed,
    "tag-added": lambda it: Said("added the tag {name}", name=it.new),
    "tag-removed": lambda it: Said("removed the tag {name}", name=it.old),
    "asset-added": lambda it: Said("added the asset {name}", name=it.new),
    "asset-removed": lambda it: Said("removed the asset {name}", name=it.old),
    "attached": _attached,
    "rated": _rated,
    "merged": _merged,
    "unmerged": _unmerged,
    "split": _split,
    "linked": _linked,
    "unlinked": _unlinked,
    "followed": _followed,
    "snoozed": lambda it: (
        Said("snoozed the ticket until {until}", until=it.new) if it.new else Said("ended the snooze")
    ),
    "woken": lambda _: Said("returned the ticket to the queue"),
    "overdue": lambda _: Said("marked the ticket as overdue"),
    "time-added": lambda it: billing_phrases.added(it.event),
    "time-removed": lambda it: billing_phrases.removed(it.event),
    "deleted": lambda _: Said("deleted the ticket"),
    "imported": lambda _: Said("imported the ticket"),
    "mailed": _mailed,
    "retracted": lambda it: (
        Said("took the note back")
        if it.event["field"] == "note"
        else Said("took the reply back before it was sent; only staff can see it")
    ),
    "edited": lambda it: (
        Said("changed the text of the note")
        if it.event["field"] == "note"
        else Said("changed the text of the reply")
    ),
}
