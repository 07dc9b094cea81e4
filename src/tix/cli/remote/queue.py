"""The tickets that a query selects on a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tix.cli.remote import checked
from tix.cli.remote.connection import Connection
from tix.cli.remote.lists import PAGE, begun, page
from tix.typing import Any

Record = dict[str, Any]


class Listing:
    """The tickets that a query selects: counted, or as records."""

    def __init__(self, connection: Connection, query: Record) -> None:
        self._connection, self._query = connection, query

    def count(self) -> int:
        """How many they are."""
        return self._counts()[0]

    def _counts(self) -> tuple[int, int]:
        connection = self._connection
        found = connection.get("tickets/count", {k: v for k, v in self._query.items() if k != "sort"}).body
        record = checked.one(found, checked.COUNTED, "a number", connection.malformed)
        return record["tickets"], record.get("overdue", 0)

    def records(self, limit: int, *, answers: bool) -> Iterator[Record]:
        """At most ``limit`` of them, or all where that is -1."""
        connection = self._connection
        query = {**self._query, "answers": True} if answers else dict(self._query)
        if 0 < limit <= PAGE:
            query["limit"] = limit
        kinds = {**checked.LISTED, **(checked.ANSWERED if answers else {})}
        found: Iterable[Any] = connection.lines("tickets", query)
        some = found if limit < 0 or "limit" in query else islice(found, limit)
        return begun(checked.one(one, kinds, "a ticket", connection.malformed) for one in some)

    def page(self, limit: int, cursor: str | None, *, answers: bool) -> tuple[list[Record], str | None]:
        """At most ``limit`` of them behind a cursor."""
        query = {**self._query, "answers": True} if answers else dict(self._query)
        kinds = {**checked.LISTED, **(checked.ANSWERED if answers else {})}
        return page(self._connection, "tickets", query, kinds, limit, cursor)

    def lines(self, limit: int) -> Iterator[str]:
        """The same as lines of JSON."""
        import json

        return (f"{json.dumps(one)}\n" for one in self.records(limit, answers=False))

    def left_out(self, shown: int, most: int) -> tuple[int, int]:
        """How many tickets there are, and how many overdue ones, where ``shown`` of at most ``most`` are not all."""
        if most < 0 or shown < most:
            return shown, 0
        total, late = self._counts()
        return (total, late) if total > shown else (shown, 0)
