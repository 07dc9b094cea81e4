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
    """A matching ticket and its score: higher is better, 0 is unranked. ``snippet`` is None where not requested.

    ``matches`` are the places of the words in the snippet: start and end, in characters.
    """

    row: Row
    score: float
    snippet: str | None = None
    matches: Sequence[tuple[int, int]] = ()


def query(desk: Desk, words: Sequence[str], without: Sequence[str]) -> Query:
    """Parse a search, ``without`` being words to exclude. Raises NotAllowed, InvalidValue."""
    from tix.desk.queue.word_forms import inflected
    from tix.domain.search import parse_query

    require(desk.actor, "search")
    found = inflected(desk, parse_query(list(words), list(without)))
    return found._replace(reference=words[0] if len(words) == 1 else None)


def count(desk: Desk, wanted: Query, chosen: Selection, column: str | None = None) -> int:
    """Count the matching tickets of a selection, ignoring its limit; ``column`` is ``subject``, or None for all text."""
    every = chosen._replace(limit=-1)
    return len(_found(desk, wanted, every, column))


def hits(
    desk: Desk, wanted: Query, chosen: Selection, column: str | None = None, *, snippets: bool = False
) -> Iterator[Hit]:
    """Yield the matching tickets of a selection, best first, or in its own order.

    ``column`` is ``subject``, or None for all text. With ``snippets`` each has a snippet of the best match, read from
    its entry only when the iterator reaches it.
    """
    found = _found(desk, wanted, chosen, column)
    if not snippets:
        return (Hit(one.row, one.score) for one in found)
    return _with_snippets(desk, wanted, fulltext.located(desk.store, desk.scope, wanted, found, column))


def _found(desk: Desk, wanted: Query, chosen: Selection, column: str | None) -> list[fulltext.Hit]:
    """Return the matching tickets; before them the one that a reference names, if it is in the selection."""
    found = fulltext.search(desk.store, desk.scope, wanted, chosen, desk.now, column)
    if wanted.reference is None or column is not None or chosen.sort is not None:
        return found
    from tix.desk.queue import known_words, select

    id = known_words.reference_id(desk, wanted.reference)
    ids = chosen.filters.get("ids")
    if id is None or (isinstance(ids, list) and id not in ids):
        return found
    named = chosen._replace(filters={**chosen.filters, "ids": [id]}, sort="number", after=None)
    first = [
        fulltext.Hit(row, found[0].score + 1 if found else 1.0, None) for row in select.page(desk, named)
    ]
    whole = [*first, *(one for one in found if one.row.ticket.id != id)]
    return whole if chosen.limit < 0 else whole[: chosen.limit]


def _with_snippets(desk: Desk, wanted: Query, found: Sequence[fulltext.Hit]) -> Iterator[Hit]:
    from tix.domain.search import marked, snippet

    words = [word for term in wanted.wanted for word in term.words]
    for one in found:
        text, matches = None, []
        if one.document is not None:
            text = snippet(fulltext.document(desk.store, desk.scope, one.row.ticket, one.document), words)
            matches = marked(text, words)
        yield Hit(one.row, one.score, text, matches)
