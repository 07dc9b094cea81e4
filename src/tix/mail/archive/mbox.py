"""Read and write mbox files: many messages one after the other, each behind a line that begins with ``From ``.

There is no one format (RFC 4155 describes a default). Body lines that look like such a line get a ``>`` in front: only
``From `` in mboxo, ``>From `` too in mboxrd, none in mboxcl2, which counts bytes instead. Here a line separates only if it
has a time and a year and the next line is a header; Content-Length is not believed, because whoever sends a mail can write
it, and a wrong one would hide the mails behind it. Written is mboxrd, the form that can be undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import asctime, gmtime

from tix.mail.mime import headers
from tix.typing import BinaryIO, NamedTuple


class Found(NamedTuple):
    """A message in an mbox: where its bytes begin and how many they are, with the blank line that ends them.

    ``line`` is that of its ``From ``, counted from 1. ``at`` is the time in it (UTC seconds), None where it has none.
    """

    offset: int
    size: int
    line: int
    at: int | None


class Damage(NamedTuple):
    """Something in an mbox that is no message, and the line where it begins."""

    line: int
    reason: str


_PIECE = 1 << 16  # bytes read at once of a line without an end


def messages(stream: BinaryIO) -> Iterator[Found | Damage]:
    """Yield where the messages of an mbox are, in their order; memory does not grow with the file."""
    return _Scan(stream).run()


def content(stream: BinaryIO, found: Found) -> bytes:
    """Return the bytes of a message, unquoted; fewer than there should be if the file was changed meanwhile."""
    stream.seek(found.offset)
    raw = stream.read(found.size)
    for end in (b"\r\n", b"\n"):
        if raw.endswith(end + end):
            raw = raw[: -len(end)]
            break
    return _QUOTED.sub(rb"\1", raw)


def entry(raw: bytes, sender: str, at: int) -> bytes:
    """Return a message as it is written to an mbox: its lines quoted as mboxrd and ended by LF, a blank line behind it.

    ``sender`` is an address, ``at`` UTC seconds.
    """
    address = sender if re.fullmatch(r"[!-~]+", sender) else "MAILER-DAEMON"
    text = _FROM.sub(rb">\1", raw.replace(b"\r\n", b"\n"))
    end = b"\n" if text.endswith(b"\n") else b"\n\n"
    return f"From {address} {asctime(gmtime(at))}\n".encode() + text + end


_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]{0,10}:|>From ")
_QUOTED = re.compile(rb"(?<=\n)>(>*From )")
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_TIME = re.compile(rb"\b[0-9]{1,2}:[0-9]{2}\b")
_YEAR = re.compile(rb"\b(?:19|20)[0-9]{2}\b")


def _is_dated(line: bytes) -> bool:
    return _TIME.search(line) is not None and _YEAR.search(line) is not None


def _time_of(line: bytes) -> int | None:
    """The time of a ``From `` line, behind the address; without a zone it is read as UTC."""
    return headers.date(line[5:].partition(b" ")[2].decode("ascii", "replace").strip())


class _Separator(NamedTuple):
    """A ``From `` line: where it begins and ends, its number, its first bytes."""

    begin: int
    end: int
    line: int
    text: bytes


class _Scan:
    """One pass over an mbox."""

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        self._stream = stream
        self._open: _Separator | None = None
        # Whether separators have a date in this file: a writer that leaves it out does so everywhere.
        self._dated = True
        self._told = False

    def run(self) -> Iterator[Found | Damage]:
        """Yield the messages, and once what stands before the first."""
        offset = number = 0
        candidate: _Separator | None = None
        at_start = after_blank = True
        stray: int | None = None
        while piece := self._stream.readline(_PIECE):
            if candidate is not None:
                if _HEADER.match(piece):
                    yield from self._closed(candidate.begin)
                    self._open = candidate
                elif self._open is None:
                    stray = stray or candidate.line
                candidate = None
            if at_start:
                number += 1
                candidate = self._candidate(piece, offset, number, after_blank=after_blank)
                after_blank = not piece.strip()
                if self._open is None and candidate is None and not after_blank:
                    stray = stray or number
            if stray is not None and self._open is None and not self._told:
                self._told = True
                yield Damage(stray, "this is no mail, and stands before the first one")
            at_start = piece.endswith(b"\n")
            offset += len(piece)
        if candidate is not None and self._open is None:
            yield Damage(candidate.line, "no mail follows this line")
        yield from self._closed(offset)

    def _candidate(self, piece: bytes, offset: int, number: int, *, after_blank: bool) -> _Separator | None:
        text = piece.removeprefix(b"\xef\xbb\xbf") if offset == 0 else piece
        if not text.startswith(b"From ") or not text.endswith(b"\n"):
            return None
        dated = _is_dated(text[:300])
        if self._open is None and not dated:
            self._dated = False
        if dated or (not self._dated and after_blank):
            return _Separator(offset, offset + len(piece), number, text[:300])
        return None

    def _closed(self, end: int) -> Iterator[Found | Damage]:
        """Yield the message that ends here."""
        opened = self._open
        if opened is not None:
            yield Found(opened.end, end - opened.end, opened.line, _time_of(opened.text))
