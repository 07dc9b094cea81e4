"""Read the bytes of a received message.

Bytes in, a record out; whatever a message is, the result is a ``Message`` or an ``Unreadable`` with the reason for the
quarantine. The parser of the standard library makes the tree only: on 1,106 real and hostile messages its modern
policy fails on some headers (python/cpython#151857, #148518) and needs seconds on others of 50 KB, and its older one in
plain use loses 8-bit subjects.
"""

from __future__ import annotations

import re

from tix.domain.mail.received import Address, Attachment, Message
from tix.errors import Unreadable
from tix.mail.mime import headers, parts
from tix.mail.mime.addresses import addresses, guessed_address, is_unambiguous
from tix.mail.mime.limits import DEFAULT, Limits, check
from tix.mail.mime.tree import Part, parse

__all__ = ["Address", "Attachment", "Limits", "Message", "Unreadable", "read"]


# What ``Message.flags`` may say.
FLAGS = frozenset(
    {
        "charset guessed",  # the text or its charset may be wrong; the raw bytes are right
        "several senders",
        "sender guessed",  # From is damaged, or missing and Sender was taken
        "addresses cut",
        "only a preamble",  # the text stands outside the parts
        "raw body",  # no part has a text
        "damaged multipart",  # its boundary does not occur
        "text cut",  # the whole is an attachment, or the original HTML
        "binary labelled as text",  # is an attachment
        "winmail.dat",  # sent by Outlook as TNEF: text and files may be inside
        "signed and not readable",  # S/MIME with the text inside the signature
    }
)
_LONGEST_SUBJECT = 998


def read(raw: bytes, *, limits: Limits = DEFAULT) -> Message:
    """Return the message that ``raw`` is. Raises Unreadable, and nothing else, for what cannot be read within the limits."""
    try:
        return _read(raw, limits)
    except Unreadable:
        raise
    except RecursionError as error:
        raise Unreadable("the message is nested too deep") from error
    except MemoryError as error:
        raise Unreadable("the message needs too much memory") from error
    except Exception as error:  # one bad message never stops the others
        raise Unreadable(f"the message cannot be read ({type(error).__name__})") from error


def _read(raw: bytes, limits: Limits) -> Message:
    raw = _BEFORE_HEADERS.sub(b"", raw, count=1)
    root = parse(raw, check(raw, limits), limits)
    fields = _Fields(root, limits)
    body = parts.body(root, limits)
    text, is_cut = _text(body, limits.shown)
    if is_cut:
        fields.flags.append("text cut")
    sender, sure = fields.sender()
    ids = fields.ids("message-id")
    return_paths = fields.raw("return-path")
    return Message(
        id=ids[0] if ids else None,
        in_reply_to=fields.ids("in-reply-to"),
        references=fields.ids("references"),
        sender=sender,
        sender_sure=sure,
        reply_to=fields.addresses("reply-to"),
        to=fields.addresses("to"),
        cc=fields.addresses("cc"),
        delivered_to=tuple(
            dict.fromkeys(one.address for name in _DELIVERED for one in fields.addresses(name))
        ),
        return_path=headers.return_path(return_paths[0]) if return_paths else None,
        subject=headers.words(next(iter(fields.raw("subject")), ""))[:_LONGEST_SUBJECT],
        date=next((headers.date(value) for value in fields.raw("date")), None),
        text=text,
        html=body.html,
        attachments=body.attachments,
        headers=fields.all,
        content_types=body.types,
        encrypted=body.encrypted,
        flags=tuple(dict.fromkeys([*fields.flags, *body.flags])),
    )


# A byte order mark, blank lines, and the line that mbox writers put before a message that was one of a mailbox.
_BEFORE_HEADERS = re.compile(rb"\A(?:\xef\xbb\xbf)?[\r\n]{0,100}(?:>From [^\r\n]{0,1000}(?:\r\n|\r|\n))?")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to")

# Headers whose syntax has no encoded words: decoding would let text from outside change their meaning.
_VERBATIM = frozenset(
    """
    authentication-results arc-authentication-results arc-message-signature arc-seal received-spf dkim-signature
    received return-path message-id in-reply-to references content-type content-disposition content-id
    content-transfer-encoding date delivered-to x-original-to envelope-to auto-submitted precedence
    """.split()
)


class _Fields:
    """The headers of a message by name."""

    def __init__(self, root: Part, limits: Limits) -> None:
        self.flags: list[str] = []
        self._limits = limits
        self._raw: dict[str, list[str]] = {}
        decoded = []
        for name, value in root.fields():
            key = name.lower()
            self._raw.setdefault(key, []).append(value)
            decoded.append((name, headers.verbatim(value) if key in _VERBATIM else headers.words(value)))
        self.all = tuple(decoded)

    def raw(self, name: str) -> list[str]:
        """Return the raw values of a header, each cut at the limit of a structured header."""
        return [value[: self._limits.field] for value in self._raw.get(name, [])]

    def ids(self, name: str) -> tuple[str, ...]:
        return tuple(one for value in self._raw.get(name, [])[:4] for one in headers.message_ids(value))

    def addresses(self, name: str) -> tuple[Address, ...]:
        found = tuple(one for value in self.raw(name)[:_MOST_REPEATS] for one in addresses(value))
        if len(found) > self._limits.addresses or any(
            len(value) > self._limits.field for value in self._raw.get(name, [])
        ):
            self.flags.append("addresses cut")
        return found[: self._limits.addresses]

    def sender(self) -> tuple[Address | None, bool]:
        """Return who wrote the message, and whether the header is in order and names only that one."""
        found = self.addresses("from")
        if len(found) > 1:
            self.flags.append("several senders")
        if found:
            return found[0], len(self._raw["from"]) == 1 and is_unambiguous(self.raw("from")[0])
        guesses = [guess for value in self.raw("from") if (guess := guessed_address(value))]
        guesses += self.addresses("sender")
        if not guesses:
            return None, False
        self.flags.append("sender guessed")
        return guesses[0], False


_MOST_REPEATS = 20


def _text(body: parts.Body, longest: int) -> tuple[str, bool]:
    """Return the texts of a message as one, and whether it was cut; HTML that repeats a plain text is left out."""
    texts: list[str] = []
    said: set[str] = set()
    is_cut = False
    for piece in body.pieces:
        text = piece.text
        if piece.is_html:
            from tix.importers.markup import html

            is_cut = is_cut or len(text) > html.LONGEST
            text = html.text(text)
            if _NOT_WORDS.sub("", text) in said:
                continue
        text = text.rstrip().lstrip("\n")
        if text:
            texts.append(text)
            if len(body.pieces) > 1:
                said.add(_NOT_WORDS.sub("", text))
    joined = "\n\n".join(texts)
    return joined[:longest], is_cut or len(joined) > longest


_NOT_WORDS = re.compile(r"\W+")
