"""Lists of a server: their records page by page, with the first one asked for before anything is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from tix.cli.remote import checked
from tix.typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tix.cli.remote.checked import Check
    from tix.cli.remote.connection import Connection

Record = dict[str, Any]
T = TypeVar("T")

# Records of one page of a list that has pages.
PAGE = 1000


def begun(records: Iterator[T]) -> Iterator[T]:
    """The same records, the first of them asked for: a refusal comes before anything is printed."""
    first = next(records, None)
    return iter(()) if first is None else chain([first], records)


def pages(
    connection: Connection, path: str, query: Record, kinds: Mapping[str, Check], what: str, limit: int = -1
) -> Iterator[Record]:
    """The records of a list, page by page; at most ``limit``, or all where that is -1."""
    left = limit
    while True:
        size = PAGE if left < 0 else min(left, PAGE)
        answer = connection.get(path, {**query, "limit": size})
        page = checked.several(answer.body, kinds, what, connection.malformed)
        yield from page if left < 0 else islice(page, left)
        left = left if left < 0 else left - len(page)
        cursor = _next(answer.headers.get("link", ""))
        if cursor is None or left == 0 or not page:
            return
        query = {**query, "cursor": cursor}


def page(
    connection: Connection,
    path: str,
    query: Record,
    kinds: Mapping[str, Check],
    limit: int,
    cursor: str | None,
) -> tuple[list[Record], str | None]:
    """At most ``limit`` records of a list behind a cursor, no more than a server sends at once, and the next cursor."""
    asked = {**query, "limit": min(limit, PAGE), **({} if cursor is None else {"cursor": cursor})}
    answer = connection.get(path, asked)
    found = checked.several(answer.body, kinds, "a record", connection.malformed)
    return list(found), _next(answer.headers.get("link", ""))


def _next(link: str) -> str | None:
    """The cursor of the next page, from the header Link (RFC 8288)."""
    if 'rel="next"' not in link:
        return None
    from urllib.parse import parse_qs, urlsplit

    try:
        return parse_qs(urlsplit(link.partition("<")[2].partition(">")[0]).query).get("cursor", [None])[0]
    except ValueError:
        return None
