"""``tix inbox``: one step to what concerns me."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.commands import notification
from tix.cli.commands.list_ import KIND as TICKETS
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import queue_output
from tix.render.records import formats
from tix.render.records.formats import Kind
from tix.typing import Any
from tix.words.sentence import Said

KIND = Kind(("tickets", "notifications"))
_PARTS = {"tickets": TICKETS, "notifications": notification.KIND}


@app.prints(KIND)
@app.reading
def command(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """Show my open tickets and unread notifications."""
    printer = Printer(session, output, KIND)
    whole = session.records.inbox(printer.rows)
    found = {name: whole[name] for name in KIND.fields}
    wanted = printer.columns or list(found)
    match printer.format:
        case "json":
            printer.one(found)
        case "jsonl":
            formats.write_jsonl([found], printer.columns, sys.stdout)
        case "ids":
            refs = dict.fromkeys(one["ref"] for name in wanted for one in found[name])
            formats.write_ids(({"ref": ref} for ref in refs), "ref", sys.stdout)
        case "table":
            _draw(printer, {name: found[name] for name in wanted}, whole["counts"])
        case _:
            _blocks(printer, {name: found[name] for name in wanted})


def _blocks(printer: Printer, found: dict[str, list[dict[str, Any]]]) -> None:
    """Rows: one block after the other, an empty line between them."""
    for place, (name, records) in enumerate(found.items()):
        if place:
            sys.stdout.write("\n")
        printer.rows_of(records, _PARTS[name])


def _draw(printer: Printer, found: dict[str, list[dict[str, Any]]], counts: dict[str, int]) -> None:
    from tix.render.terminal import home

    tickets, news = found.get("tickets"), found.get("notifications")
    console = printer.console()
    if tickets is not None:
        home.draw_heading(
            Said("Tickets"), Said("You have no open tickets.") if not tickets else None, console
        )
        shown = Printer(printer.session, Output(output="table"), TICKETS)
        if tickets:
            queue_output.draw(shown, tickets, (counts["tickets"], counts["overdue"]))
    if tickets is not None and news is not None:
        sys.stdout.write("\n")
    if news is not None:
        home.draw_heading(Said("Notifications"), Said("No new notifications.") if not news else None, console)
        if news:
            notification.draw(printer, news, printer.session.now, every=False)
            waiting = counts["unread"]
            hint = Said("To mark all as read: tix notification read --all")
            if waiting > len(news):
                hint = Said("Showing {shown} of {n}. {hint}", shown=len(news), n=waiting, hint=hint)
            home.draw_hint(hint, console)
