"""Turn a letter of the outbox into the bytes of a mail."""

from __future__ import annotations

from datetime import UTC

from tix.domain.mail import texts
from tix.domain.mail.letter import Earlier, Letter
from tix.domain.mail.quotes import MARKER
from tix.mail.compose import Outgoing, render
from tix.render.event_phrases import change_words
from tix.render.records.tickets import item_record
from tix.render.words import local


def raw(letter: Letter, now: int) -> bytes:
    """Return the bytes of a letter, dated ``now`` (UTC seconds). Raises InvalidValue, NotAsMeant."""
    return render(
        Outgoing(
            sender=letter.sender,
            envelope_sender=letter.envelope_sender,
            to=(letter.recipient,),
            subject=letter.subject,
            text=_text(letter),
            message_id=letter.message_id,
            kind=letter.kind,
            date=now,
            reply_to=letter.reply_to,
            in_reply_to=letter.in_reply_to,
            references=letter.references,
            attachments=letter.files,
        )
    )


def _text(letter: Letter) -> str:
    """The text, and below the marker what it answers; the marker tells where the history begins, also to tix itself."""
    values = dict(letter.values)
    item = letter.item
    if item is not None and item.type is not None:
        values["change"] = change_words(item_record(item, letter.by_name), zone=UTC)
    written = texts.filled(letter.text, values)
    history = "".join(_quoted(one) for one in letter.earlier)
    return f"{written}\n{MARKER}\n\n{history}" if history else written


def _quoted(entry: Earlier) -> str:
    at = local(entry.at, UTC)
    lines = "".join(f"> {line}".rstrip() + "\n" for line in entry.body.splitlines())
    return f"{entry.by_name} wrote on {at} UTC:\n{lines}\n"
