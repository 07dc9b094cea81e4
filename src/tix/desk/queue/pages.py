"""Pages of lists, each followed by a cursor: where the next one begins.

A cursor is opaque text. It holds the sort keys of the last record, and not how many came before it, so that writes
between two pages neither repeat nor skip a record whose keys stay as they are. It is bound to its query: a cursor of
another one is refused.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import islice

from tix.errors import InvalidCursor
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.search import Hit
    from tix.desk.queue.select import Row, Selection
    from tix.domain.search import Query

_CHECK_BYTES = 9
# Ranked results past this one are not paged through.
MOST_RANKED = 10_000

Place = tuple[Any, ...]


class Page(NamedTuple):
    """Some records of a list, and the place of the last one if more come after it."""

    found: list[Any]
    next: Place | None = None


def write(place: Place, query: bytes) -> str:
    """Return the cursor for what comes after a place in the list that ``query`` asks for."""
    text = json.dumps(place, separators=(",", ":")).encode()
    return urlsafe_b64encode(_check(text, query) + text).decode().rstrip("=")


def read(cursor: str | None, query: bytes) -> Place | None:
    """Return the place of a cursor; None without one. Raises InvalidCursor for a malformed one or another query's."""
    if cursor is None:
        return None
    try:
        whole = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (ValueError, binascii.Error):
        raise invalid() from None
    text = whole[_CHECK_BYTES:]
    if whole[:_CHECK_BYTES] != _check(text, query):
        raise invalid()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise invalid() from None
    if not isinstance(found, list):
        raise invalid()
    return tuple(found)


def query_of(desk: Desk, what: str, *asked: Any) -> bytes:
    """Return what a cursor of the command line belongs to: who asks for what, in the words that were typed."""
    return json.dumps([what, desk.actor.login, *asked]).encode()


def following(page: Page, query: bytes) -> str | None:
    """Return the cursor of the page that follows, or None."""
    return None if page.next is None else write(page.next, query)


def _keys(place: Place | None) -> Place | None:
    """Return a place whose parts are values of SQL. Raises InvalidCursor; the check is no signature."""
    for part in place or ():
        if isinstance(part, int) and not -(2**63) <= part < 2**63:
            raise invalid()
        if not (part is None or isinstance(part, (int, float, str))):
            raise invalid()
        # JSON can say half of a surrogate pair, which is no character.
        if isinstance(part, str) and any("\ud800" <= char <= "\udfff" for char in part):
            raise invalid()
    return place


def count(place: Place | None, parts: int) -> int:
    """Return how many records came before a place of so many parts. Raises InvalidCursor."""
    if place is None:
        return 0
    if len(place) != parts or not isinstance(place[0], int) or not 0 <= place[0] < 2**53:
        raise invalid()
    return place[0]


def _check(text: bytes, query: bytes) -> bytes:
    return sha256(len(text).to_bytes(4, "big") + text + query).digest()[:_CHECK_BYTES]


def invalid() -> InvalidCursor:
    """Return the failure of every cursor that is not one of the query's."""
    return InvalidCursor(
        Said("the cursor is not one of this query"), hint=Said("start again without a cursor")
    )


def tickets(desk: Desk, chosen: Selection, limit: int, after: Place | None) -> Page:
    """Return at most ``limit`` tickets of a selection, from after a place on."""
    from tix.desk.queue import select
    from tix.store.search import queue

    after = _keys(after)
    with desk.store.reading():
        rows: list[Row] = list(select.page(desk, chosen._replace(limit=limit + 1, after=after)))
        if len(rows) <= limit:
            return Page(rows)
        last = rows[limit - 1].ticket.id
        assert last is not None
        return Page(rows[:limit], queue.position(desk.store, desk.scope, chosen, last, desk.now))


def hits(
    desk: Desk, wanted: Query, chosen: Selection, limit: int, after: Place | None, column: str | None = None
) -> Page:
    """Return at most ``limit`` tickets that match, from after a place on; ``column`` is ``subject``, or None.

    A rank has no key that stays: without an order of its own, the place is how many came before.
    """
    from tix.desk.queue import search
    from tix.store.search import queue

    with desk.store.reading():
        if chosen.sort is not None:
            some = chosen._replace(limit=limit + 1, after=_keys(after))
            found: list[Hit] = list(search.hits(desk, wanted, some, column, snippets=True))
            if len(found) <= limit:
                return Page(found)
            last = found[limit - 1].row.ticket.id
            assert last is not None
            return Page(found[:limit], queue.position(desk.store, desk.scope, chosen, last, desk.now))
        start = min(count(after, 1), MOST_RANKED)
        ranked = search.hits(desk, wanted, chosen._replace(limit=start + limit + 1), column, snippets=True)
        found = list(islice(ranked, start, start + limit + 1))
        more = len(found) > limit and start + limit < MOST_RANKED
        return Page(found[:limit], (start + limit,) if more else None)


def cut(records: Sequence[Any], key: Callable[[Any], Any], limit: int | None, after: Place | None) -> Page:
    """Return at most ``limit`` of a list that is there whole; the place is the key of a record, and where it was.

    Where that record is gone, the page begins where it was.
    """
    start = count(after, 2)
    if after is not None:
        start = next((at + 1 for at, one in enumerate(records) if key(one) == after[1]), start)
    end = len(records) if limit is None else start + limit
    found = list(records[start:end])
    return Page(found, (end, key(found[-1])) if end < len(records) and found else None)


def streamed(
    read: Callable[[int], Iterable[Any]], key: Callable[[Any], Any], limit: int, after: Place | None
) -> Page:
    """Return at most ``limit`` of a list whose first records are read anew: ``read`` yields so many of them.

    What was added since the last page comes before its place, so it is read on until the page is whole.
    """
    most = limit + 1 + count(after, 2)
    while True:
        records = list(islice(read(most), most))
        is_there = after is None or any(key(one) == after[1] for one in records)
        page = cut(records, key, limit, after)
        if len(records) < most or (is_there and page.next is not None):
            return page
        most *= 2
