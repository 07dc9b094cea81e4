"""Header fields of outgoing mail as the lines that go on the wire.

Written by hand, because the header classes of the standard library write long ids as encoded words
(python/cpython#100991), differ between versions of Python, and take 28 ms to import. Every value is cleaned first:
no control character reaches a line, so no value can begin another header. Lines are folded at 76 characters where
that is possible; an id stands on a line of its own, unchanged.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable, Sequence

from tix.domain.mail.received import Address
from tix.domain.texts import normal
from tix.errors import InvalidValue

LONGEST_NAME = 64  # characters of a display name
LONGEST_LINE = 76
MOST_REFERENCES = 10  # kept at each end
_LONGEST_ID = 900  # octets; a line may have 998


# ------------------------------------------------------------------------------------------- clean values

# Controls, line and paragraph separators, bidi embeddings and isolates, surrogates.
_UNSENDABLE = "[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"


def clean_line(text: str) -> str:
    """Return ``text`` on one line, without control and bidi control characters, runs of blanks as one.

    A surrogate becomes U+FFFD.
    """
    return " ".join(re.sub(_UNSENDABLE, _replacement, text).split())


def clean_name(text: str) -> str:
    """Return a display name as it is sent: ``clean_line``, at most 64 characters."""
    return clean_line(text)[:LONGEST_NAME].rstrip()


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else " "


# ASCII as RFC 5322, 3.2.3; beyond it everything but blanks, controls, bidi controls and other invisible characters.
_ATOM = (
    r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
    "|[^\x00-\xa0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff\ud800-\udfff])+"
)
_LOCAL = rf"{_ATOM}(?:\.{_ATOM})*"
_QUOTED_LOCAL = r'"(?:[ !#-\[\]-~]|\\[ -~]){1,62}"'


def clean_address(text: str) -> str:
    """Return an address as it is sent: its domain in ASCII, in the ``xn--`` form where it has other letters.

    A local part with letters outside ASCII stays; such mail needs a relay with SMTPUTF8 (RFC 6531). Raises
    InvalidValue for what is not an address that SMTP can carry.
    """
    local, _, domain = text.strip(" ").rpartition("@")
    known = re.fullmatch(_LOCAL, local) or re.fullmatch(_QUOTED_LOCAL, local)
    host = ascii_domain(domain)
    if not known or host is None or len(local.encode()) > 64 or len(local.encode()) + len(host) > 253:
        raise InvalidValue(f"'{clean_line(text)[:100]}' is not an e-mail address that mail can be sent to")
    return f"{local}@{host}"


def ascii_domain(text: str) -> str | None:
    """Return a domain as A-labels (RFC 5890), None if it is none.

    Labels are encoded as they are, in NFC and lower case; Python's ``idna`` codec is of 2003 and turns ß into ss,
    which is another domain.
    """
    if text.isascii():
        return text if _is_host(text) else None
    from unicodedata import category

    labels = normal("NFC", text.lower().replace("\u3002", ".")).split(".")
    if not all(char == "-" or category(char)[0] in "LMN" for label in labels for char in label):
        return None
    host = ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels
    )
    return host if _is_host(host) else None


def _is_host(text: str) -> bool:
    if text.startswith("[") and text.endswith("]"):  # an address literal
        return re.fullmatch(r"\[(?:IPv6:)?[0-9A-Fa-f.:]{2,45}\]", text) is not None
    return all(
        0 < len(label) <= 63 and label.replace("-", "a").replace("_", "a").isalnum() and label[0] != "-"
        for label in text.split(".")
    )


_ID = rf"<[!-;=?-~]{{1,{_LONGEST_ID - 2}}}>"


def clean_ids(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids that can be sent as they are, each once: ``<…>`` in printable ASCII, at most 900 octets.

    Of ids that came in, others are left out: changed they would match nothing.
    """
    return tuple(dict.fromkeys(id for id in ids if re.fullmatch(_ID, id)))


def kept_references(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the references that are sent: the first, which is the thread's root, and the last ten."""
    known = clean_ids(ids)
    return known if len(known) <= MOST_REFERENCES + 1 else (known[0], *known[-MOST_REFERENCES:])


# -------------------------------------------------------------------------------------------------- lines


def text_field(name: str, text: str) -> str:
    """Return a field of free text, such as Subject. Words outside ASCII become encoded words (RFC 2047)."""
    return _folded(name, _pieces(clean_line(text)))


def address_field(name: str, addresses: Sequence[Address]) -> str:
    """Return a field of mailboxes, one on a line. Raises InvalidValue for what is not an address."""
    written = [_mailbox(one) for one in addresses]
    return f"{name}: " + ",\r\n ".join(written) + "\r\n"


def id_field(name: str, ids: Sequence[str]) -> str:
    """Return a field of message ids, one raw id a line; ``ids`` are clean."""
    return f"{name}: " + "\r\n ".join(ids) + "\r\n"


def file_name_parameter(name: str) -> str:
    """Return ``; filename=…`` of a clean file name, on lines of its own; RFC 2231 where it needs it."""
    if re.fullmatch(r"[\w !#$&'()+.@\[\]^`{}~-]{1,50}", name, re.ASCII):
        return f';\r\n filename="{name}"'
    encoded = "".join(
        chr(octet) if octet < 128 and chr(octet) in _ATTRIBUTE_CHARS else f"%{octet:02X}"
        for octet in name.encode()
    )
    whole = f"filename*=utf-8''{encoded}"
    if len(whole) < LONGEST_LINE:
        return f";\r\n {whole}"
    parts: list[str] = []
    at = 0
    while at < len(encoded):
        end = at + 50
        end -= next((back for back in (1, 2) if encoded[end - back : end - back + 1] == "%"), 0)
        head = "utf-8''" if at == 0 else ""
        parts.append(f";\r\n filename*{len(parts)}*={head}{encoded[at:end]}")
        at = end
    return "".join(parts)


_ATTRIBUTE_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-.^_`{|}~")


def _mailbox(one: Address) -> str:
    name, address = clean_name(one.name), clean_address(one.address)
    if not name:
        return address
    if name.isascii() and "=?" not in name:
        plain = re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*", name)
        shown = name if plain else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"{shown}\r\n <{address}>"
    return "\r\n ".join((*_encoded_words(name), f"<{address}>"))


def _pieces(text: str) -> list[str]:
    """The words of a clean text; runs of words that must be encoded as encoded words."""
    pieces: list[str] = []
    run: list[str] = []
    for word in text.split(" "):
        if word.isascii() and len(word) <= 60 and "=?" not in word:
            if run:
                pieces.extend(_encoded_words(" ".join(run)))
                run = []
            pieces.append(word)
        else:
            run.append(word)
    if run:
        pieces.extend(_encoded_words(" ".join(run)))
    return pieces


def _encoded_words(text: str) -> list[str]:
    """``text`` as encoded words of at most 60 characters, each of whole characters (RFC 2047, 2 and 5)."""
    words, octets = [], b""
    for char in text:
        encoded = char.encode()
        if len(octets) + len(encoded) > 36:  # 48 characters of base64: room for the field's name before them
            words.append(octets)
            octets = b""
        octets += encoded
    return [f"=?utf-8?b?{b2a_base64(part, newline=False).decode()}?=" for part in (*words, octets)]


def _folded(name: str, pieces: Iterable[str]) -> str:
    lines, line = [], f"{name}:"
    for piece in pieces:
        if len(line) + 1 + len(piece) > LONGEST_LINE and line != f"{name}:":
            lines.append(line)
            line = ""
        line = f"{line} {piece}"
    return "\r\n".join((*lines, line)) + "\r\n"
