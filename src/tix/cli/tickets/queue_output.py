"""The queue as a table on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.desk.queue import select

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.desk.context import Desk


def draw(
    printer: Printer, desk: Desk, chosen: select.Selection, found: list[dict[str, Any]], most: int
) -> None:
    """The table, and under it what it leaves out."""
    from tix.cli.output import zone
    from tix.render.terminal import queue_table

    footer = None
    total, late = select.left_out(desk, chosen, len(found), most)
    if total > len(found):
        footer = f"{len(found)} of {total} tickets" + (f", {late} overdue" if late else "")
    queue_table.draw(
        found, printer.columns, now=desk.now, zone=zone(), console=printer.console(), footer=footer
    )
