"""What the first half of an import keeps for the second."""

from __future__ import annotations

from collections import Counter

from tix.desk.transfer.links import TicketReferences
from tix.desk.transfer.report import Tally
from tix.desk.transfer.setup import Setup
from tix.desk.transfer.translation import Translation
from tix.importers.record import Fault, Notice
from tix.store.spool import SpillFile
from tix.store.tickets.bulk import Highest
from tix.typing import IO


class Gathered:
    """The content of a file, ready to write: batches of tickets as plain values, and the bytes of files."""

    def __init__(self, unknown: Counter[str], translation: Translation | None = None) -> None:
        import tempfile

        self.heap = SpillFile()
        # The references of new tickets, one a line.
        self.refs: IO[str] = tempfile.TemporaryFile("w+", prefix="tix-")  # noqa: SIM115  # closed by `close`
        # Resources that tickets refer to and this desk will not have, and how often.
        self.unknown = unknown
        # Translated words of the source, and those that the desk does not know.
        self.translation = translation or Translation()
        # Notices of the reader, how often, and the first lines they are about.
        self.notices: Counter[Notice] = Counter()
        self.noticed: dict[Notice, Tally] = {}
        # Links between records: the uid of one, a relation, the uid of the other.
        self.links: list[tuple[str, str, str]] = []
        # Tickets whose uid two sources may share.
        self.mistakable: set[str] = set()
        self.count = 0
        # Records that cannot be imported, and why: the first of each word, else each.
        self.broken = 0
        self.faults: list[Fault] = []
        self.setup: Setup | None = None
        self.highest = Highest()
        self.highest_number = 0
        self.missing_files = 0
        self.ties = TicketReferences()
        # Ranks of priorities the desk does not have yet.
        self.priorities: dict[str, int] = {}

    def refuse(self, fault: Fault) -> None:
        """Count a record that cannot be imported."""
        self.broken += 1
        self.faults.append(fault)

    def notice(self, one: Notice) -> None:
        """Count what the reader says about some records."""
        kind = one._replace(records=1, line=None)
        self.notices[kind] += one.records
        if one.line is not None:
            self.noticed.setdefault(kind, Tally()).add(f"line {one.line}", one.records)

    def close(self) -> None:
        """Delete the temporary files."""
        self.heap.close()
        self.refs.close()
