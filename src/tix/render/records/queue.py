"""Records of the tickets a list shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.desk.queue import select
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.search import Hit


def records(desk: Desk, chosen: select.Selection, *, answers: bool = False) -> Iterator[dict[str, Any]]:
    """The selected tickets as records; with ``answers`` also what their topics asked, as in ``show``."""
    return of_rows(desk, select.page(desk, chosen), answers=answers)


def of_rows(desk: Desk, rows: Iterable[select.Row], *, answers: bool = False) -> Iterator[dict[str, Any]]:
    """The tickets of a page as records, as ``records``."""
    from tix.render.records.tickets import ticket_record

    staff, now = desk.scope.staff, desk.now
    for row in rows:
        record = ticket_record(row.ticket, row.requester_name, row.requester_email, staff, now)
        if answers:
            record["fields"] = row.ticket.field_values(staff=staff)
        yield record


def found(desk: Desk, hits: Iterable[Hit], *, answers: bool = False) -> Iterator[dict[str, Any]]:
    """What a search has found, as ``records``, each with its score and a snippet; the latter None where it has none."""
    from tix.render.records.tickets import ticket_record

    staff, now = desk.scope.staff, desk.now
    for row, score, snippet, matches in hits:
        record = ticket_record(row.ticket, row.requester_name, row.requester_email, staff, now)
        record["snippet"] = snippet
        record["matches"] = [list(place) for place in matches]
        record["score"] = round(score, 4)
        if answers:
            record["fields"] = row.ticket.field_values(staff=staff)
        yield record


def lines(desk: Desk, chosen: select.Selection) -> Iterator[str]:
    """The selected tickets as JSON, one a line: for a whole desk a third of the time of ``records``."""
    from tix.render.records.ticket_encoder import Listed

    listed = Listed(staff=desk.scope.staff, now=desk.now)
    for row in select.page(desk, chosen):
        yield listed.line(row.ticket, row.requester_name, row.requester_email) + "\n"
