"""Send the bytes of a file: always as a download, and never as a page of this server.

A file is copied out of the store before the first byte is sent, to a temporary file if it is large. So a slow client
holds neither the store nor memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from tix.domain.files.attachments import file_name
from tix.errors import StorageFailure

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tix.api.server.rates import Shares
    from tix.domain.tickets.timeline import File

# A longer file waits on the disk while it is sent.
MEMORY_BYTES = 1_000_000
PIECE_BYTES = 65_536

# Media types that a browser only ever draws. Everything else is bytes: an SVG or HTML file would run in this origin
# (osTicket/osTicket issue 3764).
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}

Copy = Callable[[Callable[[bytes], Any], int, int], None]


class Download(NamedTuple):
    """A file to send: ``copy(write, start, size)`` hands that part of its bytes to ``write``."""

    file: File
    copy: Copy


class Range(NamedTuple):
    """Bytes ``start`` to before ``end`` of a file."""

    start: int
    end: int


def response(download: Download, asked: Mapping[str, str]) -> Response:
    """Return the answer to a request for a file with the headers ``asked``; its bytes have been read by then.

    Raises NotFound, and StorageFailure where there is no room for a copy.
    """
    file = download.file
    etag = f'"{file.sha256}"'
    headers = {**_HEADERS, "ETag": etag, "Content-Disposition": disposition(file.name)}
    if _matches(asked.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    wanted = asked.get("range") if asked.get("if-range", etag) == etag else None
    part = None if wanted is None else parse_range(wanted, file.size)
    if part is not None and part.start >= part.end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{file.size}"})
    status = 200
    if part is not None:
        status = 206
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
    start, end = part or (0, file.size)
    headers["Content-Length"] = str(end - start)
    copied = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  # closed when it is sent
    try:
        download.copy(copied.write, start, end - start)
        copied.seek(0)
    except OSError as error:
        with suppress(OSError):  # the same disk may be asked to take the rest of it
            copied.close()
        raise StorageFailure(f"the file cannot be copied to send it: {error.strerror}") from error
    except BaseException:
        copied.close()
        raise
    kind = file.mime if file.mime in IMAGES else "application/octet-stream"
    return Copied(copied, status, {**headers, "Content-Type": kind}, is_on_disk=end - start > MEMORY_BYTES)


class Copied(Response):
    """The rest of an open file as an answer; it is closed afterwards. ``is_on_disk``: it is too long for memory."""

    def __init__(
        self, file: SpooledTemporaryFile[bytes], status: int, headers: Mapping[str, str], *, is_on_disk: bool
    ) -> None:
        self._file = file
        self._shares: tuple[Shares, str] | None = None
        self.is_on_disk = is_on_disk
        self.status_code = status
        self.background = None
        self.body = b""
        self.init_headers(headers)

    def count(self, shares: Shares, login: str) -> None:
        """Count it among what a person downloads until it is sent. Raises as ``Shares.take`` does, and closes the file."""
        try:
            shares.take(login)
        except BaseException:
            self._file.close()
            raise
        self._shares = shares, login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._send(scope, send)
        finally:
            if self._shares is not None:
                shares, login = self._shares
                shares.free(login)

    async def _send(self, scope: Scope, send: Send) -> None:
        with self._file as file:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            if scope["method"] != "HEAD":
                while piece := file.read(PIECE_BYTES):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def disposition(name: str) -> str:
    """Return the header that makes a browser save a file under its name (RFC 6266, RFC 8187)."""
    name = file_name(name)
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    exact = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{exact}'


def parse_range(header: str, size: int) -> Range | None:
    """Return the part that a Range header asks for; None for all of the file, empty where it has no such bytes.

    More than one range, another unit and what is no range at all is the whole file (RFC 9110, section 14.2).
    """
    match = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", header.strip())
    if match is None or match[0].endswith("=-"):
        return None
    first, last = match.groups()
    if not first:
        return Range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return Range(int(first), min(size, int(last) + 1) if last else size)


def _matches(header: str | None, etag: str) -> bool:
    """Return whether one of the ETags of an If-None-Match is ``etag``, or it is ``*``."""
    given = [one.strip().removeprefix("W/") for one in (header or "").split(",")]
    return etag in given or given == ["*"]
