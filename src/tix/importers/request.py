"""What a reader of a foreign file gets, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tix.importers.record import Fault, ImportedTicket, Notice
from tix.typing import BinaryIO, NamedTuple

Told = ImportedTicket | Fault | Notice


class Request(NamedTuple):
    """What a reader gets: the open file, the column mapping (CSV), and the present time in UTC seconds.

    ``source`` names the repository or system if the file does not. ``path`` is where the file is, for readers that need
    the files beside it.
    """

    stream: BinaryIO
    mapping: Mapping[str, str]
    now: int
    source: str | None = None
    path: Path | None = None


Reader = Callable[[Request], Iterator[Told]]
