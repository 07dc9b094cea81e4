"""Send text in pieces as JSON Lines, with a memory that does not grow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import chain

from anyio import to_thread
from starlette.responses import StreamingResponse

MEDIA_TYPE = "application/x-ndjson"
_PIECE = 65_536


def begun(lines: Iterator[str]) -> Iterator[str]:
    """Return the same lines with the first one read, and with it all that comes from the store: call it in a lane."""
    first = next(lines, "")
    return chain([first], lines)


def response(lines: Iterator[str], headers: dict[str, str]) -> StreamingResponse:
    """Return the answer that sends lines whose first one has been read (``begun``)."""
    return StreamingResponse(_pieces(lines), 200, headers, MEDIA_TYPE)


async def _pieces(lines: Iterator[str]) -> AsyncIterator[bytes]:
    while piece := await to_thread.run_sync(_next, lines):
        yield piece


def _next(lines: Iterator[str]) -> bytes:
    pieces, size = [], 0
    for line in lines:
        pieces.append(line)
        size += len(line)
        if size > _PIECE:
            break
    return "".join(pieces).encode()
