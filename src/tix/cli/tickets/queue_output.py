"""The queue as a table on a terminal."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.output import Printer


def draw(
    printer: Printer,
    found: list[dict[str, Any]],
    whole: tuple[int, int],
    group: str | None = None,
    snoozed: int = 0,
) -> None:
    """The table, and under it what it leaves out of the ``whole``: so many tickets, so many of them overdue.

    ``snoozed`` are those that come back to the queue by themselves.
    """
    from tix.cli.output import zone
    from tix.render.terminal import queue_table

    footer = None
    total, late = whole
    if total > len(found):
        footer = f"{len(found)} of {total} tickets" + (f", {late} overdue" if late else "")
    if snoozed:
        asleep = f"{snoozed:,} snoozed (tix list --open shows {'it' if snoozed == 1 else 'them'})"
        footer = asleep if footer is None else f"{footer}, {asleep}"
    queue_table.draw(
        found,
        printer.columns,
        now=printer.session.now,
        zone=zone(),
        console=printer.console(),
        footer=footer,
        group=group,
    )
