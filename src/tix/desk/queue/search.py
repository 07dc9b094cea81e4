"""What ``search`` finds: the tickets that words match, how well, and a piece of the text where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tix.domain.permissions import require
from tix.store.search import fulltext

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.select import Row, Selection
    from tix.domain.search import Query


class Hit(NamedTuple):
    """A ticket that matches, and how well: more is better, 0 is not ranked. No ``snippet`` where none was asked for."""

    row: Row
    score: float
    snippet: str | None = None


def query(desk: Desk, words: Sequence[str], without: Sequence[str]) -> Query:
    """What somebody looks for, without the words they do not want. Raises NotAllowed, InvalidValue."""
    from tix.domain.search import parse_query

    require(desk.actor, "search")
    return parse_query(list(words), list(without))


def count(desk: Desk, wanted: Query, chosen: Selection, column: str | None = None) -> int:
    """How many tickets of a selection match, whatever its limit; ``column`` is ``subject`` or None for everywhere."""
    every = chosen._replace(limit=-1)
    return len(fulltext.search(desk.store, desk.scope, wanted, every, desk.now, column))


def hits(
    desk: Desk, wanted: Query, chosen: Selection, column: str | None = None, *, snippets: bool = False
) -> Iterator[Hit]:
    """The tickets of a selection that match, best first, or in its own order.

    ``column`` is ``subject`` or None for everywhere. ``snippets``: each with a piece of the text that matches best;
    they are cut from the entries one by one, as they are asked for.
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
