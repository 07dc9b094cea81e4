"""Full-text search: matching tickets, their score, and a snippet of the matching text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.domain.permissions import require
from tix.store.search import fulltext
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.select import Row, Selection
    from tix.domain.search import Query


class Hit(NamedTuple):
    """A matching ticket and its score: higher is better, 0 is unranked. ``snippet`` is None where not requested."""

    row: Row
    score: float
    snippet: str | None = None


def query(desk: Desk, words: Sequence[str], without: Sequence[str]) -> Query:
    """Parse a search, ``without`` being words to exclude. Raises NotAllowed, InvalidValue."""
    from tix.domain.search import parse_query

    require(desk.actor, "search")
    return parse_query(list(words), list(without))


def count(desk: Desk, wanted: Query, chosen: Selection, column: str | None = None) -> int:
    """Count the matching tickets of a selection, ignoring its limit; ``column`` is ``subject``, or None for all text."""
    every = chosen._replace(limit=-1)
    return len(fulltext.search(desk.store, desk.scope, wanted, every, desk.now, column))


def hits(
    desk: Desk, wanted: Query, chosen: Selection, column: str | None = None, *, snippets: bool = False
) -> Iterator[Hit]:
    """Yield the matching tickets of a selection, best first, or in its own order.

    ``column`` is ``subject``, or None for all text. With ``snippets`` each has a snippet of the best match, read from
    its entry only when the iterator reaches it.
    """
    found = fulltext.search(desk.store, desk.scope, wanted, chosen, desk.now, column)
    if not snippets:
        return (Hit(one.row, one.score) for one in found)
    return _with_snippets(desk, wanted, fulltext.located(desk.store, desk.scope, wanted, found, column))


def _with_snippets(desk: Desk, wanted: Query, found: Sequence[fulltext.Hit]) -> Iterator[Hit]:
    from tix.domain.search import snippet

    words = [word for term in wanted.wanted for word in term.words]
    for one in found:
        text = None
        if one.document is not None:
            text = snippet(fulltext.document(desk.store, desk.scope, one.row.ticket, one.document), words)
        yield Hit(one.row, one.score, text)
