"""The queue as a table on a terminal."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said, listed

if TYPE_CHECKING:
    from tix.cli.local import Listing
    from tix.cli.output import Printer
    from tix.cli.session import Session


def mark_unread(session: Session, found: list[dict[str, Any]], chosen: Listing) -> None:
    """Mark the tickets on which others have done what the person was notified of, and has not looked at since."""
    news = chosen.unread([one["number"] for one in found])
    if not news:
        return
    from tix.cli import visits

    seen = visits.visits(*visits.visitor(session))
    for one in found:
        one["unread"] = news.get(one["ref"], 0) > seen.get(one["ref"], 0)


def draw(
    printer: Printer,
    found: list[dict[str, Any]],
    whole: tuple[int, int],
    group: str | None = None,
    snoozed: int = 0,
    *,
    standing: str | None = None,
) -> None:
    """The table, and under it what it leaves out of the ``whole``: so many tickets, so many of them overdue.

    ``snoozed`` are those that come back to the queue by themselves; ``standing`` is the view that the person uses.
    """
    from tix.cli.output import zone
    from tix.render.terminal import queue_table

    footer = None
    total, late = whole
    if total > len(found):
        footer = Said.counted("{shown} of {n} tickets", "{shown} of {n} tickets", total, shown=len(found))
        if late:
            footer = Said("{tickets}, {n} overdue", tickets=footer, n=late)
    parts: list[str] = [] if footer is None else [footer]
    if snoozed:
        parts.append(
            Said.counted(
                "{n:,} snoozed (tix list --open shows it)",
                "{n:,} snoozed (tix list --open shows them)",
                snoozed,
            )
        )
    if standing is not None:
        parts.append(Said("view {view} (tix view use none ends it)", view=standing))
    queue_table.draw(
        found,
        printer.columns,
        now=printer.session.now,
        zone=zone(),
        console=printer.console(),
        footer=listed(parts) or None,
        group=group,
    )
