"""The queue as a table on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.desk.queue.select import count

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.desk.context import Desk
    from tix.store.search import queue as search_queue


def draw(
    printer: Printer, desk: Desk, chosen: search_queue.Selection, found: list[dict[str, Any]], most: int
) -> None:
    """The table, and under it what it leaves out."""
    from tix.cli.output import zone
    from tix.render.terminal import tables

    footer = None
    if 0 <= most <= len(found):
        from tix.store.search import queue

        chosen = queue.resolved(desk.store, desk.scope, chosen, desk.now)
    total = len(found) if most < 0 or len(found) < most else count(desk, chosen)
    if total > len(found):
        late = count(desk, chosen._replace(filters={**chosen.filters, "overdue": None}))
        footer = f"{len(found)} of {total} tickets" + (f", {late} overdue" if late else "")
    tables.draw_tickets(
        found, printer.columns, now=desk.now, zone=zone(), console=printer.console(), footer=footer
    )
