"""The subject and the text of an entry made from a mail."""

from __future__ import annotations

import hashlib

from tix.domain.mail import message_id
from tix.domain.values import LONGEST_SUBJECT, parse_subject
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.mail.received import Message
    from tix.domain.tickets.ticket import Ticket


def subject_of(mail: Message, *, bare: bool = False) -> str:
    """Return the subject of a new ticket, on one line, cut to what a subject may have; ``bare`` is without tags."""
    written = message_id.bare_subject(mail.subject) if bare else mail.subject
    words = " ".join(written.replace("\0", "").split())
    return parse_subject(
        (words[: LONGEST_SUBJECT - 1] + "…") if len(words) > LONGEST_SUBJECT else words or "(no subject)"
    )


def body_of(mail: Message) -> str:
    """Return the text of an entry."""
    return mail.text.strip("\r\n") if mail.text.strip() else "(no text)"


def digest_of(mail: Message) -> str:
    """Return the digest of the text, apart from blanks, and of the files: a mail with other files is no repetition."""
    words = "".join(mail.text.split())
    digest = hashlib.sha256(words.encode("utf-8", "replace"))
    for one in mail.attachments:
        digest.update(hashlib.sha256(one.content).digest())
    return digest.hexdigest()


def is_same_subject(mail: Message, ticket: Ticket) -> bool:
    """Return whether a mail has the subject of the ticket, whatever stands before it, or none at all."""
    bare = message_id.bare_subject(mail.subject)
    return not bare or bare.casefold() == message_id.bare_subject(ticket.subject).casefold()


def is_note(mail: Message) -> bool:
    """Return whether a mail says that it is an internal note of an exported ticket."""
    return "note" in mail.header("x-tix-entry")
