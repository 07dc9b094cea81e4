"""What a reader of a foreign file gets, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tix.importers.record import Fault, ImportedTicket, Notice
from tix.importers.tables.layout import Layout
from tix.typing import BinaryIO, NamedTuple

Told = ImportedTicket | Fault | Notice


class Request(NamedTuple):
    """What a reader gets: the open file, how it is to be read if it is a table, and the present time in UTC seconds.

    ``source`` names the repository or system if the file does not. ``path`` is where the file is, for readers that need
    the files beside it.
    """

    stream: BinaryIO
    layout: Layout
    now: int
    source: str | None = None
    path: Path | None = None


Reader = Callable[[Request], Iterator[Told]]
