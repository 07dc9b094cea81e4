"""Addresses as in From, To and Cc (RFC 5322, section 3.4), also of damaged headers; in one pass, and without errors."""

from __future__ import annotations

import re

from tix.domain.mail.received import Address
from tix.mail.mime.headers import unfold, verbatim, words
from tix.typing import NamedTuple


def addresses(raw: str) -> tuple[Address, ...]:
    """Return the addresses of a header's raw value.

    A semicolon separates as a comma does, a group gives its members, a part without an address is left out. A name with
    a comma that should have been quoted (``Doe, John <john@x.example>``) is put together again.
    """
    found = []
    pending = ""
    for part in _parts(unfold(raw)):
        address = _address(part, pending)
        pending = ""
        if address is not None:
            found.append(address)
        elif "@" not in part.plain and part.angle is None and part.separator == ",":
            pending = part.plain.strip()
    return tuple(found)


def guessed_address(raw: str) -> Address | None:
    """Return the only address-like word of a header in which ``addresses`` finds nothing; it is never to be trusted."""
    raw = unfold(raw)
    if raw.count("@") != 1:
        return None
    match = _ADDRESS_LIKE.search(raw)
    if match is None:
        return None
    return Address(words(raw.replace(match[0], "")).strip(' <>"'), match[0])


def is_unambiguous(raw: str) -> bool:
    """Return whether every reader finds the same one address in a header: nothing else in it looks like one.

    A display name in quotes may hold another address; between angles and outside quotes there is only this one.
    """
    parts = [part for part in _parts(unfold(raw)) if part.plain.strip() or part.angle is not None]
    found = addresses(raw)
    if (
        len(parts) != 1
        or len(found) != 1
        or parts[0].angles > 1
        or (parts[0].angle or "").lstrip()[:1] == "@"
    ):
        return False
    others = [word for word in _QUOTED.sub(" ", parts[0].plain).split() if "@" in word]
    return all(word.lower() == found[0].address.lower() for word in others)


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESS_LIKE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
# A quoted character, a run without signs, or a sign.
_PIECE = re.compile(r'\\.|[^\\"()<>,;:]+|.', re.DOTALL)


class _Part(NamedTuple):
    """A part of a list: its text outside angles and comments, the text between the last angles, its last comment."""

    plain: str
    angle: str | None
    comment: str
    separator: str
    angles: int


def _parts(raw: str) -> list[_Part]:
    reader = _Reader()
    for piece in _PIECE.findall(raw):
        reader.read(piece)
    reader.end_part("")
    return reader.parts


class _Reader:
    """Cuts a list at its separators; knows whether it is in a quoted string, a comment or between angles."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self._plain: list[str] = []
        self._angle: list[str] | None = None
        self._angles = 0
        self._comment: list[str] = []
        self._inside = ""  # the sign that opened what it is in: a quote or an angle
        self._depth = 0  # of comments, which may stand between angles too

    def end_part(self, separator: str) -> None:
        angle = None if self._angle is None else "".join(self._angle)
        self.parts.append(_Part("".join(self._plain), angle, "".join(self._comment), separator, self._angles))
        self._plain, self._angle, self._comment, self._angles = [], None, [], 0

    def read(self, piece: str) -> None:
        if self._inside == '"':
            self._plain.append(piece)
            self._inside = "" if piece == '"' else '"'
        elif self._depth or piece == "(":
            self._read_comment(piece)
        elif self._inside == "<":
            self._read_angle(piece)
        elif piece in (",", ";"):
            self.end_part(piece)
        elif piece == ":" and self._angle is None and "@" not in "".join(self._plain[-2:]):
            self._plain.clear()  # the name of a group
        else:
            self._open(piece)

    def _open(self, piece: str) -> None:
        self._inside = piece if piece in ('"', "<") else ""
        if piece == "<":
            self._angle = []
            self._angles += 1
        else:
            self._plain.append(piece)

    def _read_comment(self, piece: str) -> None:
        if self._depth == 0:
            self._comment.clear()
        self._depth += (piece == "(") - (piece == ")")
        if self._depth and (self._comment or piece != "("):
            self._comment.append(piece)

    def _read_angle(self, piece: str) -> None:
        if piece == ">":
            self._inside = ""
        elif piece != "<" and self._angle is not None:
            self._angle.append(piece)


def _address(part: _Part, pending: str) -> Address | None:
    if part.angle is not None:
        address = _spec(part.angle)
        if address is not None:
            name = _phrase(f"{pending}, {part.plain.strip()}" if pending else part.plain)
            return Address(name or _phrase(part.comment), address)
    candidates = [word for word in part.plain.split() if "@" in word]
    if len(candidates) != 1:
        return None
    address = _spec(candidates[0])
    if address is None:
        return None
    rest = " ".join(word for word in part.plain.split() if "@" not in word)
    return Address(_phrase(rest) or _phrase(part.comment), address)


def _spec(text: str) -> str | None:
    """Return ``text`` as an address, or None if it is none; a route before it is dropped (RFC 5322, section 4.4)."""
    address = verbatim(text).strip()
    if not address.startswith('"'):
        address = "".join(address.split())
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]
    address = address.removeprefix("mailto:")
    local, _, domain = address.rpartition("@")
    is_valid = len(address) <= _LONGEST_ADDRESS and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    return address if is_valid else None


_LONGEST_ADDRESS = 320
_DOMAIN = re.compile(r"\[[^\[\]\s]{1,100}\]|[^\s\[\]()<>,;:\\\"@!/]{1,255}")
_LOCAL = re.compile(r'"[^"<>]{1,64}"|[^<>()\[\]:;,\s"@]{1,255}')


def _phrase(text: str) -> str:
    """Return a display name: quotes dropped, then encoded words decoded, as senders put them inside quotes too."""
    text = text.strip()
    quoted = _QUOTED.fullmatch(text)
    text = text[1:-1] if quoted else _BARE_QUOTE.sub("", text)
    return words(_QUOTED_PAIR.sub(r"\1", text)).strip(" '")


_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_BARE_QUOTE = re.compile(r'(?<!\\)"')
