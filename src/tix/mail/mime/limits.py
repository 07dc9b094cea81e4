"""What a received message may cost: limits looked at before and while it is read."""

from __future__ import annotations

import re

from tix.domain.files.sizes import format_size
from tix.errors import Unreadable
from tix.typing import NamedTuple


class Limits(NamedTuple):
    """The largest message that is read; sizes are bytes unless said otherwise.

    ``work`` is lines times containers: the parser compares every line with the boundary of every container that
    is open. ``field`` is the size of a header with a structure (Content-Type, Content-Disposition, addresses,
    ids), ``shown`` the size of the text of all parts together, ``addresses`` the number of addresses in one header.
    """

    size: int = 30 * 2**20
    header_block: int = 256 * 2**10
    headers: int = 1_000
    lines: int = 1_000_000
    containers: int = 60
    work: int = 8_000_000
    depth: int = 30
    parts: int = 500
    field: int = 16 * 2**10
    shown: int = 5 * 2**20
    addresses: int = 200


DEFAULT = Limits()

# A line of a header block, as the parser of the standard library decides it.
_HEADER_LINE = re.compile(rb"(?:From |[!-9;-~]*:|[ \t])[^\r\n]*(?:\r\n|\r|\n|\Z)")


def check(raw: bytes, limits: Limits) -> int:
    """Return the number of lines of ``raw``. Raises Unreadable if it is too large to be given to the parser."""
    if len(raw) > limits.size:
        raise Unreadable(f"the message is larger than {format_size(limits.size)}")
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") + 1
    if lines > limits.lines:
        raise Unreadable(f"the message has more than {limits.lines:,} lines")
    _check_header_block(raw, limits)
    return lines


def _check_header_block(raw: bytes, limits: Limits) -> None:
    end = headers = 0
    while (line := _HEADER_LINE.match(raw, end)) is not None and line.end() > end:
        headers += raw[end] not in b" \t"
        end = line.end()
        if end > limits.header_block:
            raise Unreadable(f"the headers are larger than {format_size(limits.header_block)}")
        if headers > limits.headers:
            raise Unreadable(f"the message has more than {limits.headers:,} headers")
