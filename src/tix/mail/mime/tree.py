"""The tree of parts of a received message.

The parser of the standard library cuts the bytes at the boundaries and does nothing else. It is given a class of
parts of which it cuts multiparts only: a forwarded message, a delivery report and ``winmail.dat`` stay bytes, as they
came. What a message may cost is looked at while it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.feedparser import FeedParser
from email.message import Message
from email.policy import Compat32, Policy

from tix.errors import Unreadable
from tix.mail.mime.headers import parameters
from tix.mail.mime.limits import Limits
from tix.typing import Any


class Part(Message):
    """A part as the parser of the standard library builds it; only multiparts are cut further."""

    _payload: Any  # what the parser set; ``get_payload`` changes bytes that are not ASCII

    def __init__(self, tally: _Tally, policy: Policy) -> None:
        super().__init__(policy)
        self._tally = tally
        self._declared: tuple[str, dict[str, str]] | None = None
        self._count = 0  # of headers

    @property
    def declared(self) -> tuple[str, dict[str, str]]:
        """The declared media type and its parameters; ``text/plain`` where there is none (RFC 2045, section 5.2)."""
        if self._declared is None:
            self._declared = _declared(self)
            self._tally.count(is_container=self._declared[0].startswith("multipart/"))
        return self._declared

    def set_raw(self, name: str, value: str) -> None:
        """Add a header; the parser calls this for each."""
        self._count += 1
        self._tally.count_header(self._count)
        super().set_raw(name, value)

    def get_content_type(self) -> str:
        """Return what the parser decides by: a multipart is cut, all else is not."""
        return self.declared[0] if self.declared[0].startswith("multipart/") else "text/plain"

    def get_content_maintype(self) -> str:
        return self.get_content_type().partition("/")[0]

    def get_boundary(self, failobj: object = None) -> str | None:  # type: ignore[override]
        boundary = self.declared[1].get("boundary", "").rstrip()
        return boundary.encode().decode("latin-1") or None  # as the lines are

    @property
    def content(self) -> bytes:
        """The bytes of the part as they were sent, with their transfer encoding; empty for a multipart."""
        return self._payload.encode("latin-1") if isinstance(self._payload, str) else b""

    @property
    def outside(self) -> bytes:
        """What stands before the first part of a multipart and after the last."""
        texts = [text for text in (self.preamble, self.epilogue) if text and text.strip()]
        return "\n\n".join(text.strip("\r\n") for text in texts).encode("latin-1")

    @property
    def children(self) -> list[Part]:
        """The parts of a multipart, in order; none if its boundary does not occur."""
        payload = self._payload if isinstance(self._payload, list) else []
        return [child for child in payload if isinstance(child, Part)]

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield the headers with their raw values, in order."""
        for name, value in self.raw_items():
            raw = str(value)
            yield name, raw if raw.isascii() else raw.encode("latin-1").decode("ascii", "surrogateescape")

    def field(self, name: str) -> str | None:
        """Return the raw value of the first header with this name in lower case."""
        return next((value for key, value in self.fields() if key.lower() == name), None)

    def structured(self, name: str) -> str | None:
        """Return the same of a header with parameters; None if it is too long."""
        raw = self.field(name) or ""
        return raw if self._tally.allows(raw) else None


class _Tally:
    """What the parser has met so far. Raises Unreadable when it is too much."""

    def __init__(self, lines: int, limits: Limits) -> None:
        self.limits = limits
        self.lines = lines
        self.parts = -1  # the parser makes one part that it throws away
        self.containers = 0
        self.headers = 0
        self.parameters = 0  # bytes of all headers with parameters

    def allows(self, raw: str) -> bool:
        """Return whether a header with parameters is short enough to be read."""
        self.parameters += len(raw)
        return len(raw) <= self.limits.field and self.parameters <= _MOST_LONG_FIELDS * self.limits.field

    def part(self, policy: Policy) -> Part:
        self.parts += 1
        if self.parts > self.limits.parts:
            raise Unreadable(f"the message has more than {self.limits.parts} parts")
        return Part(self, policy)

    def count_header(self, place: int) -> None:
        """Count the header of a part at this place among its headers."""
        self.headers += 1
        if place > self.limits.headers or self.headers > _MOST_LONG_BLOCKS * self.limits.headers:
            raise Unreadable("the parts of the message have too many headers")

    def count(self, *, is_container: bool) -> None:
        """Count a part whose headers are complete."""
        self.containers += is_container
        if self.containers > self.limits.containers:
            raise Unreadable(f"the message has more than {self.limits.containers} multiparts")
        if self.containers * self.lines > self.limits.work:
            raise Unreadable(f"the message has {self.containers} multiparts in {self.lines:,} lines")


_MOST_LONG_FIELDS = 64
_MOST_LONG_BLOCKS = 10
_CHUNK = 1 << 16


def parse(raw: bytes, lines: int, limits: Limits) -> Part:
    """Return the tree of ``raw``, which has so many ``lines``. Raises Unreadable if it is larger than the limits."""
    make: Any = _Tally(lines, limits).part
    parser: FeedParser[Part] = FeedParser(make, policy=Compat32())
    for start in range(0, len(raw), _CHUNK):  # in Latin-1, where a character takes one byte of memory
        parser.feed(raw[start : start + _CHUNK].decode("latin-1"))
    return parser.close()


def _declared(part: Part) -> tuple[str, dict[str, str]]:
    raw = part.structured("content-type")
    if raw is None:
        return "application/octet-stream", {}
    if not raw:
        return part.get_default_type(), {}  # text/plain, in a digest message/rfc822 (RFC 2046, section 5.1.5)
    mime, options = parameters(raw)
    return (mime if _MIME.fullmatch(mime) else "text/plain"), options


_MIME = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
