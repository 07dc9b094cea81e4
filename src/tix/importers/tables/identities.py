"""Which rows of a table belong to one ticket."""

from __future__ import annotations

from collections.abc import Iterator

IDENTITIES = frozenset({"ref", "uid", "number"})
_ORDER = ("uid", "ref", "number")
_BITS = 1 << 27  # 16 MB; of a million rows about ten are taken for repeated ones
_PROBES = 3


class Identities:
    """What identifies the tickets of the rows of one table."""

    def __init__(self, fields: list[str | None]) -> None:
        self._places = [(name, fields.index(name)) for name in _ORDER if name in fields]
        # The refs of two desks can be the same.
        self._born = [fields.index(name) for name in ("created_at", "subject") if name in fields]

    def of(self, row: list[str]) -> tuple[str, str, str] | None:
        """Return the field, its cell and what else tells a ticket from others; None for a row without any such cell."""
        for name, place in self._places:
            cell = row[place].strip() if place < len(row) else ""
            if cell:
                return name, cell, self._began(row) if name == "ref" else ""
        return None

    def _began(self, row: list[str]) -> str:
        return next(
            (row[place].strip() for place in self._born if place < len(row) and row[place].strip()), ""
        )


class Repeated:
    """Tells which values of many may have been there before, in memory that does not grow; it is wrong now and then."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, value: object) -> bool:
        """Return whether a value may have been added before, and add it."""
        is_there = True
        for place in self._probes(hash(value)):
            byte, bit = place >> 3, 1 << (place & 7)
            if not self._bits[byte] & bit:
                is_there = False
                self._bits[byte] |= bit
        return is_there

    @staticmethod
    def _probes(mixed: int) -> Iterator[int]:
        for step in range(_PROBES):
            yield (mixed >> (step * 20)) % _BITS
