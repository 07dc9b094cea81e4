"""Read a mail of our own again, with the standard library: the witness of ``compose.check``.

Only for bytes that tix has just made; mail from elsewhere is never read by this.
"""

from __future__ import annotations

import re

from tix.domain.mail.received import Address
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email.message import Message


class Reread(NamedTuple):
    """What a mail says, as far as it is compared; addresses and ids in their order.

    ``fields`` are the names of all header fields; ``ids`` those of Message-ID, In-Reply-To and References; ``texts``
    pairs of media type and text, with lines ended by newlines; ``files`` have name, media type and bytes.
    """

    fields: tuple[str, ...]
    sender: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    ids: tuple[tuple[str, ...], ...]
    texts: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, bytes], ...]


def reread(raw: bytes) -> Reread:
    """Return what ``raw`` says. Raises ValueError or LookupError if it is damaged."""
    from email import message_from_bytes

    mail: Message = message_from_bytes(raw)
    names, values = [], dict[str, str]()
    for name, value in mail.raw_items():
        names.append(name)
        values[name] = re.sub(r"\r?\n", "", str(value)).encode("ascii", "surrogateescape").decode()
    texts, files = [], []
    for part in mail.walk():
        if part.defects:
            raise ValueError(f"a part has defects: {part.defects}")
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        if part.get_content_disposition() == "attachment":
            files.append((part.get_filename() or "", part.get_content_type(), data))
        else:
            texts.append(
                (
                    part.get_content_type(),
                    data.decode(part.get_content_charset("ascii")).replace("\r\n", "\n"),
                )
            )
    return Reread(
        fields=tuple(names),
        sender=_addresses(values.get("From", "")),
        to=_addresses(values.get("To", "")),
        cc=_addresses(values.get("Cc", "")),
        reply_to=_addresses(values.get("Reply-To", "")),
        subject=_decoded(values.get("Subject", "")),
        ids=tuple(
            tuple(values.get(name, "").split()) for name in ("Message-ID", "In-Reply-To", "References")
        ),
        texts=tuple(texts),
        files=tuple(files),
    )


def _addresses(value: str) -> tuple[Address, ...]:
    from email import utils

    # Strict reading, of newer versions of Python, refuses address literals: a@[192.0.2.1].
    if getattr(utils, "supports_strict_parsing", False):
        found = utils.getaddresses([value], strict=False)
    else:
        found = utils.getaddresses([value])
    return tuple(Address(_decoded(name), address) for name, address in found if address)


def _decoded(value: str) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except HeaderParseError as error:
        raise ValueError(str(error)) from error
