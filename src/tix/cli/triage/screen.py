"""A ticket as ``tix triage`` shows it: its head and the newest part of its thread."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from tix.cli.input import ask
from tix.cli.output import Printer, zone
from tix.cli.tickets import show
from tix.cli.triage.actions import ShownTicket
from tix.render.records import show as record_show
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.ticket import Ticket
    from tix.domain.tickets.timeline import ThreadLine

# How much of a thread is shown, the most that fits on the screen: entries, and whether with events. All by a key.
_SHARES = ((3, True), (3, False), (2, False), (1, False))
# What the head takes, and the line of keys below.
_AROUND = 17


def look(desk: Desk, printer: Printer, ticket: Ticket, *, whole: bool) -> ShownTicket:
    """Show a ticket and return what was shown. Raises NotFound where it no longer exists."""
    from tix.cli.tickets.reply_context import thread_of
    from tix.desk.aside import aside
    from tix.desk.tickets import read
    from tix.domain.tickets.references import Reference

    found = read.whole(desk, Reference(ticket.prefix, ticket.number))
    seen = max((line.item.id or 0 for line in found.lines), default=0)
    record = record_show.record(desk, found)
    left_out = 0 if whole else _shorten(record, *shutil.get_terminal_size())
    show.draw(printer, record, aside(desk, found, with_commands=False))
    if left_out:
        ask.tell(f"{left_out} more in the thread; press v to show all.")
    return ShownTicket(found.ticket, seen, thread_of(found))


def show_changes(desk: Desk, printer: Printer, lines: Sequence[ThreadLine]) -> None:
    """Who did what to it meanwhile."""
    from tix.render.records.tickets import item_record
    from tix.render.terminal import timeline

    sys.stdout.write("\n")
    items = [item_record(line.item, line.by_name, line.ref) for line in lines]
    timeline.draw_log(items, now=desk.now, zone=zone(), console=printer.console())


def _shorten(record: dict[str, Any], cells: int, rows: int) -> int:
    """Leaves the newest entries, and what happened since the first of them; how many items are left out."""
    thread = record["thread"]
    for newest, with_events in _SHARES:
        entries = [place for place, item in enumerate(thread) if item["kind"] != "event"]
        start = entries[-newest] if len(entries) > newest else 0
        kept = [item for item in thread[start:] if with_events or item["kind"] != "event"]
        if sum(_height(item, cells) for item in kept) <= rows - _AROUND:
            break
    record["thread"] = kept
    return len(thread) - len(kept)


def _height(item: dict[str, Any], cells: int) -> int:
    """About how many lines an item takes."""
    if item["kind"] == "event":
        return 1
    return 4 + sum(1 + len(line) // max(cells - 2, 1) for line in (item["body"] or "").split("\n"))
