"""Build the bytes of one outgoing mail, and prove that they say what was meant.

The bytes are made once, stored, and sent unchanged at every attempt. They are plain ASCII, unless an address has
letters outside ASCII before its ``@``: then the header holds it in UTF-8, and the relay must offer SMTPUTF8.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from time import gmtime

from tix.domain.files.attachments import clean_name as clean_file_name
from tix.domain.mail.message_id import LONGEST_ID
from tix.domain.mail.received import Address, Attachment
from tix.errors import InvalidValue, NotAsMeant
from tix.mail.alternative import html_of
from tix.mail.fields import (
    address_field,
    clean_address,
    clean_ids,
    clean_line,
    clean_name,
    file_name_parameter,
    id_field,
    kept_references,
    text_field,
)
from tix.mail.reread import Reread, reread
from tix.typing import Literal, NamedTuple

Kind = Literal["reply", "acknowledgement", "notice"]

# RFC 3834, 5: automatic mail says so; X-Auto-Response-Suppress is Exchange's, and keeps its robots quiet. What a
# person wrote is not automatic; still no absence note of others is wanted on a ticket.
_BY_KIND: dict[Kind, tuple[tuple[str, str], ...]] = {
    "reply": (("X-Auto-Response-Suppress", "OOF, AutoReply"),),
    "acknowledgement": (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
    "notice": (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")),
}

LONGEST_SUBJECT = 2_000  # characters, after cleaning


class Outgoing(NamedTuple):
    """What a mail is to say.

    ``envelope_sender`` gets delivery reports: empty (``<>``) for an acknowledgement, an address for a reply; it is not
    part of the bytes. ``message_id`` is ours; ``references`` begins with the id of the ticket's thread, then has the
    ids of its mails, oldest first. ``in_reply_to`` may be empty. ``date`` is UTC seconds, ``language`` a language tag
    (RFC 5646) or empty. ``html`` says whether an alternative in HTML is made from the text.
    """

    sender: Address
    envelope_sender: str
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    kind: Kind
    date: int
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    html: bool = True


def render(outgoing: Outgoing) -> bytes:
    """Return the bytes of the mail, lines ended by CRLF, the last one too.

    Names, subject, text and file names are cleaned of control characters; ids of others that cannot be sent as they
    are, are left out. Raises InvalidValue for an address, date, language or id of ours that cannot be sent, a mail
    without recipients, or an envelope sender that does not fit the kind; NotAsMeant if the bytes, read again, differ.
    """
    _require(outgoing)
    lines = [f"Date: {_date(outgoing.date)}\r\n", address_field("From", (outgoing.sender,))]
    for name, addresses in (("To", outgoing.to), ("Cc", outgoing.cc)):
        if addresses:
            lines.append(address_field(name, addresses))
    if outgoing.reply_to is not None:
        lines.append(address_field("Reply-To", (outgoing.reply_to,)))
    lines.append(text_field("Subject", sent_subject(outgoing.subject)))
    lines.append(id_field("Message-ID", (outgoing.message_id,)))
    for name, ids in (
        ("In-Reply-To", clean_ids((outgoing.in_reply_to,))),
        ("References", kept_references(outgoing.references)),
    ):
        if ids:
            lines.append(id_field(name, ids))
    lines += [f"{name}: {value}\r\n" for name, value in _BY_KIND[outgoing.kind]]
    if outgoing.language:
        lines.append(f"Content-Language: {outgoing.language}\r\n")
    lines.append("MIME-Version: 1.0\r\n")
    raw = "".join(lines).encode() + _content(outgoing)
    check(raw, outgoing)
    return raw


def sent_subject(subject: str) -> str:
    """Return a subject as it is sent: on one line, without control characters, at most 2,000 characters."""
    return clean_line(subject)[:LONGEST_SUBJECT].rstrip()


def sent_text(text: str) -> str:
    """Return a text as it is sent: lines ended by newlines, without control characters but tabs, never without an end.

    A surrogate becomes U+FFFD.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    clean = re.sub(_UNSENDABLE, lambda found: "\ufffd" if found[0] >= "\ud800" else "", lines)
    return clean if clean.endswith("\n") else clean + "\n"


_UNSENDABLE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"


def _require(outgoing: Outgoing) -> None:
    if not outgoing.to and not outgoing.cc:
        raise InvalidValue("the mail has no recipient")
    if outgoing.kind == "acknowledgement" and outgoing.envelope_sender:
        raise InvalidValue("an acknowledgement is sent with an empty envelope sender")
    if outgoing.kind == "reply" and not outgoing.envelope_sender:
        raise InvalidValue("a reply needs an envelope sender, to which delivery reports go")
    if outgoing.envelope_sender:
        clean_address(outgoing.envelope_sender)
    if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}", outgoing.language or "en"):
        raise InvalidValue(f"'{clean_line(outgoing.language)}' is not a language tag, e.g. de or en-GB")
    own = outgoing.message_id
    if clean_ids((own,)) != (own,) or "@" not in own or len(own) > LONGEST_ID:
        raise InvalidValue(
            f"'{clean_line(own)[:100]}' is not a Message-ID of at most {LONGEST_ID} characters"
        )


def _date(at: int) -> str:
    """``at`` (UTC seconds) in the form of RFC 5322, 3.3, whatever the locale."""
    if not 0 <= at < 253_402_300_800:  # the year 10000
        raise InvalidValue(f"{at} is not a date that a mail can have")
    time = gmtime(at)
    day, month = _DAYS[time.tm_wday], _MONTHS[time.tm_mon - 1]
    clock = f"{time.tm_hour:02}:{time.tm_min:02}:{time.tm_sec:02}"
    return f"{day}, {time.tm_mday:02} {month} {time.tm_year} {clock} +0000"


_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


# ------------------------------------------------------------------------------------------------- content


def _content(outgoing: Outgoing) -> bytes:
    """The header fields and the body of the content, after the fields of the mail."""
    text = sent_text(outgoing.text)
    content = _text_part("plain", text)
    if outgoing.html:
        html = _text_part("html", html_of(text.removesuffix("\n"), outgoing.language))
        content = _multipart("alternative", (content, html))
    if outgoing.attachments:
        content = _multipart("mixed", (content, *map(_file_part, outgoing.attachments)))
    return content


def _text_part(subtype: str, text: str) -> bytes:
    """A text, always quoted-printable: no line is too long, every relay passes it, and people can read it raw.

    Never ``format=flowed``, which joins the lines of people who do not write it (nodemailer/buildmail#6).
    """
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + quoted_printable(text)


def _multipart(subtype: str, parts: tuple[bytes, ...]) -> bytes:
    # "=_" stands in no quoted-printable and no base64 text, so no boundary can stand in a part (RFC 2045, 6.7).
    boundary = f"=_tix_{subtype}_"
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    between = f"--{boundary}\r\n".encode()
    body = b"".join(between + part + b"\r\n" for part in parts)
    return head + body + f"--{boundary}--\r\n".encode()


def _file_part(file: Attachment) -> bytes:
    name, type = sent_file_name(file.name), sent_type(file.mime)
    charset = "; charset=utf-8" if type.startswith("text/") and _is_utf8(file.content) else ""
    head = (
        f"Content-Type: {type}{charset}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment{file_name_parameter(name)}\r\n\r\n"
    )
    return head.encode() + _base64(file.content)


def sent_file_name(name: str) -> str:
    """Return the name a file is sent under: a label without path, control and bidi characters, never empty."""
    return clean_file_name(clean_line(name)).lstrip("-. ") or "file"


def sent_type(type: str) -> str:
    """Return the media type a file is sent as.

    What is no type, and messages and multiparts (which must not be base64: RFC 2046, 5.2.1), are octet streams.
    """
    lower = type.strip().lower()
    known = re.fullmatch(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}", lower)
    if known is None or lower.startswith(("message/", "multipart/")):
        return "application/octet-stream"
    return lower


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _base64(content: bytes) -> bytes:
    size = 57  # 76 characters
    return b"".join(
        b2a_base64(content[at : at + size], newline=False) + b"\r\n" for at in range(0, len(content), size)
    )


def quoted_printable(text: str) -> bytes:
    """Return UTF-8 ``text`` as quoted-printable with CRLF, in lines of at most 76 characters (RFC 2045, 6.7).

    A dot or ``From `` at the start of a line is encoded too: careless relays and mbox files change those.
    """
    out: list[str] = []
    for line in text.split("\n"):
        encoded = line.encode().decode("latin-1").translate(_QUOTED)
        if encoded.endswith((" ", "\t")):
            encoded = f"{encoded[:-1]}={ord(encoded[-1]):02X}"
        at = 0
        while True:
            first = "=2E" if encoded.startswith(".", at) else "=46" if encoded.startswith("From ", at) else ""
            at += bool(first)
            if len(encoded) - at + len(first) <= 76:
                break
            end = at + 75 - len(first)
            end -= next((back for back in (1, 2) if encoded[end - back] == "="), 0)
            out.append(f"{first}{encoded[at:end]}=\r\n")
            at = end
        out.append(f"{first}{encoded[at:]}\r\n")
    return "".join(out).removesuffix("\r\n").encode()


_QUOTED = {code: f"={code:02X}" for code in range(256) if not (32 <= code < 127 or code == 9) or code == 61}


# ------------------------------------------------------------------------------------------------- check


def check(raw: bytes, outgoing: Outgoing) -> None:
    """Raise NotAsMeant unless ``raw``, read again, has just the header fields, recipients, texts and files meant."""
    try:
        said = reread(raw)
    except (ValueError, LookupError) as error:
        raise NotAsMeant(f"the mail was not built as meant: {error}") from error
    for name, found, meant in zip(Reread._fields, said, _meant(outgoing), strict=True):
        if found != meant:
            raise NotAsMeant(f"the mail was not built as meant: not the same {name.replace('_', ' ')}")
    if max(map(len, raw.split(b"\r\n"))) > 998 or re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw):
        raise NotAsMeant("the mail was not built as meant: a line is too long or badly ended")


def _meant(outgoing: Outgoing) -> Reread:
    text = sent_text(outgoing.text)
    texts = [("text/plain", text)]
    if outgoing.html:
        texts.append(("text/html", html_of(text.removesuffix("\n"), outgoing.language)))
    return Reread(
        _expected_fields(outgoing),
        _sent((outgoing.sender,)),
        _sent(outgoing.to),
        _sent(outgoing.cc),
        _sent(() if outgoing.reply_to is None else (outgoing.reply_to,)),
        sent_subject(outgoing.subject),
        ((outgoing.message_id,), clean_ids((outgoing.in_reply_to,)), kept_references(outgoing.references)),
        tuple(texts),
        tuple((sent_file_name(one.name), sent_type(one.mime), one.content) for one in outgoing.attachments),
    )


def _sent(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    return tuple(Address(clean_name(one.name), clean_address(one.address)) for one in addresses)


def _expected_fields(outgoing: Outgoing) -> tuple[str, ...]:
    optional = {
        "To": outgoing.to,
        "Cc": outgoing.cc,
        "Reply-To": outgoing.reply_to,
        "In-Reply-To": clean_ids((outgoing.in_reply_to,)),
        "References": kept_references(outgoing.references),
        "Content-Language": outgoing.language,
    }
    names = (
        "Date From To Cc Reply-To Subject Message-ID In-Reply-To References "
        f"{' '.join(name for name, _ in _BY_KIND[outgoing.kind])} Content-Language MIME-Version Content-Type"
    ).split()
    if not outgoing.html and not outgoing.attachments:
        names.append("Content-Transfer-Encoding")
    return tuple(name for name in names if optional.get(name, True))
