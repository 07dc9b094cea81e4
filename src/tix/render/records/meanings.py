"""What the fields of records hold, in words: for ``--json help``. Their types are those of ``shapes``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.render.records import shapes
from tix.render.records.effects import EFFECT_FIELDS

_TICKET = {
    "ref": "Reference, e.g. TIX-12.",
    "number": "Number of the ticket.",
    "subject": "Subject line, as the requester wrote it.",
    "status": "Status of the workflow.",
    "phase": "open, resolved or closed.",
    "priority": "Priority, e.g. high.",
    "type": "Type, e.g. issue.",
    "topic": "Help topic.",
    "department": "Department.",
    "team": "Team that it is assigned to.",
    "assignee": "Login of who works on it.",
    "requester": "Login of who asked.",
    "requester_name": "Their name.",
    "requester_email": "Their e-mail address.",
    "client": "Client that it belongs to.",
    "creator": "Login of who created it.",
    "source": "How it came in: cli, phone, email, web, api or other.",
    "about": "What it concerns, KIND:REF.",
    "tags": "Tags.",
    "due_at": "Due date.",
    "overdue": "Whether the due date has passed.",
    "answered": "Whether staff have answered since the requester wrote.",
    "entries": "Number of messages, replies and notes.",
    "attachments": "Number of files.",
    "rating": "Stars, 1 to 5.",
    "created_at": "When it was created.",
    "updated_at": "When anything changed last.",
    "last_activity_at": "When it was last written to in public, or changed its status.",
    "last_replier": "Login of who wrote last in public, after the opening message.",
    "resolved_at": "When it was resolved.",
    "closed_at": "When it was closed.",
    "closed_by": "Login of who closed it.",
    "version": "Number for --if-version.",
    "snippet": "Part of the text that was found.",
    "matches": "Where the words are in the snippet.",
    "score": "How well it matches; more is better.",
    "uid": "Id that stays the same through export and import.",
    "prefix": "What stands before the number.",
    "email": "E-mail address for this ticket.",
    "phone": "Phone number for this ticket.",
    "notify_email": "Where an assignee without an account is told.",
    "sla": "SLA plan.",
    "assets": "Assets that it is about.",
    "fields": "Answers to the questions of its topic.",
    "watchers": "Logins of its followers.",
    "links": "Links to other tickets.",
    "merged_into": "Reference of the ticket that it was merged into.",
    "reopened": "How many times it was reopened.",
    "lapses_at": "When it closes by itself.",
    "snoozed_until": "Until when it is hidden from the queue.",
    "time_seconds": "Time spent.",
    "unbilled_seconds": "Time spent that is on no invoice.",
    "rating_comment": "What was said with the rating.",
    "rated_at": "When it was rated.",
    "idempotency_key": "Key that it was created with.",
    "category": "Category.",
    "response_due_at": "Until when a first answer is due.",
    "response_met": "Whether the first answer came in time.",
    "resolution_met": "Whether it was resolved in time.",
    "thread": "Messages, replies, notes and events, in order.",
}
_WRITE = {
    "effect": "What the write did, e.g. updated or would_update.",
    "changes": "Fields that changed, each with the old and the new value.",
    "undo": "Command line that takes it back.",
}
_TYPES = {
    "int": "number",
    "count": "number",
    "flag": "true/false",
    "at": "time",
    "ref": "reference",
    "any": "any",
    "counts": "object",
    "answers": "object",
}


def rows(fields: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and meaning of each field of a record; no meaning where its name says it."""
    is_written = tuple(fields[-len(EFFECT_FIELDS) :]) == EFFECT_FIELDS
    own = tuple(fields[: -len(EFFECT_FIELDS)] if is_written else fields)
    try:
        words = [word.partition(":") for word in shapes.RECORDS[shapes.name_of(own)].split()]
    except KeyError:  # a report, say, whose columns are not all that it prints
        words = [(name, ":", "any") for name in own]
    meanings = _TICKET if "ref" in own and "subject" in own and "status" in own else {}
    for name, _, kind in words:
        yield name, _type(kind), meanings.get(name, "")
    if is_written:
        yield from zip(
            _WRITE, ("text", "list of objects", "list of text or null"), _WRITE.values(), strict=True
        )


def _type(kind: str) -> str:
    bare = kind.rstrip("*")
    can_be_null = bare.endswith("?")
    bare = bare.removesuffix("?")
    is_list = bare.endswith("[]")
    bare = bare.removesuffix("[]")
    word = _TYPES.get(bare, "object" if bare[:1].isupper() else bare)
    if is_list:
        word = f"list of {'objects' if word == 'object' else word}"
    return f"{word} or null" if can_be_null else word
