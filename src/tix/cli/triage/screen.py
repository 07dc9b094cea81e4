"""A ticket as ``tix triage`` shows it: its head and the newest part of its thread."""

from __future__ import annotations

import shutil
import sys

from tix.cli.desks.triage import last_of
from tix.cli.input import ask
from tix.cli.output import Printer, zone
from tix.cli.tickets import show
from tix.cli.triage.actions import ShownTicket
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.desks.triage import Triage

# How much of a thread is shown, the most that fits on the screen: entries, and whether with events. All by a key.
_SHARES = ((3, True), (3, False), (2, False), (1, False))
# What the head takes, and the line of keys below.
_AROUND = 17


def look(desk: Triage, printer: Printer, ref: str, *, whole: bool) -> ShownTicket:
    """Show a ticket and return what was shown. Raises NotFound where it no longer exists."""
    from tix.cli.tickets.reply_context import thread_of_record
    from tix.domain.tickets.references import parse_reference

    found = desk.show(parse_reference(ref))
    record = found.record
    shown = ShownTicket(record, last_of(record["thread"]), thread_of_record(record))
    drawn = dict(record)
    left_out = 0 if whole else _shorten(drawn, *shutil.get_terminal_size())
    show.draw(printer, drawn, found.aside())
    if left_out:
        ask.tell(Said("{left_out} more in the thread; press v to show all.", left_out=left_out))
    return shown


def show_changes(printer: Printer, items: list[dict[str, Any]]) -> None:
    """Who did what to it meanwhile."""
    from tix.render.terminal import timeline

    sys.stdout.write("\n")
    timeline.draw_log(items, now=printer.session.now, zone=zone(), console=printer.console())


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
