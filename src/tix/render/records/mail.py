"""Mails as records: of the outbox, and those that came in."""

from __future__ import annotations

from tix.domain.times import instant
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.mail.intake import Taken
    from tix.domain.mail.kept import KeptMail
    from tix.domain.mail.outbox import QueuedMail

OUTBOX = (
    "id",
    "to",
    "subject",
    "state",
    "attempts",
    "error",
    "ref",
    "rule",
    "login",
    "created_at",
    "next_at",
    "done_at",
    "message_id",
)
KEPT = ("id", "from", "subject", "outcome", "reason", "ref", "at", "channel", "message_id")
TAKEN = ("outcome", "reason", "ref", "id", "from", "subject")


def outbox_record(mail: QueuedMail) -> dict[str, Any]:
    """A mail of the outbox; ``next_at`` is when it is sent, null once it is done with."""
    waits = mail.state in ("queued", "sending")
    return {
        "id": mail.id,
        "to": mail.address,
        "subject": mail.subject,
        "state": mail.state,
        "attempts": mail.attempts + mail.uncertain,
        "error": mail.error,
        "ref": mail.ref,
        "rule": mail.rule,
        "login": mail.login,
        "created_at": instant(mail.at),
        "next_at": instant(mail.next_at) if waits else None,
        "done_at": None if mail.done_at is None else instant(mail.done_at),
        "message_id": mail.message_id,
    }


def kept_record(mail: KeptMail) -> dict[str, Any]:
    """A mail that came in, and what became of it."""
    return {
        "id": mail.id,
        "from": mail.sender,
        "subject": mail.subject,
        "outcome": mail.outcome,
        "reason": mail.reason,
        "ref": mail.ref,
        "at": instant(mail.at),
        "channel": mail.channel,
        "message_id": mail.message_id,
    }


def taken_record(taken: Taken) -> dict[str, Any]:
    """What became of a mail that was just taken."""
    return {
        "outcome": taken.outcome,
        "reason": taken.reason,
        "ref": taken.ref,
        "id": taken.id,
        "from": taken.sender,
        "subject": taken.subject,
    }
