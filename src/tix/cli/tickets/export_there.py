"""Write what a server exports, as ``tix export`` writes it from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tix.render.records.archive import opening_text
from tix.typing import Any

Record = dict[str, Any]


class Exported:
    """The lines of an export; ``count`` says how many tickets of it have been written."""

    def __init__(self, lines: Iterable[tuple[str, Record]]) -> None:
        self._lines = lines
        self.count = 0

    def write_lines(self, write: Callable[[str], Any]) -> None:
        """Write whole tickets, a line each."""
        for line, record in self._lines:
            write(line)
            self.count += "ref" in record

    def write_array(self, write: Callable[[str], Any]) -> None:
        """Write whole tickets as one array, a line each."""
        for line, record in self._lines:
            if "ref" in record:
                write((",\n" if self.count else "[\n") + line.removesuffix("\n"))
                self.count += 1
        write("\n]\n" if self.count else "[]\n")

    def records(self) -> Iterator[Record]:
        """Yield each ticket with the text of its opening message."""
        for _, record in self._lines:
            if "ref" in record:
                yield record | {"body": opening_text(record)}
                self.count += 1
