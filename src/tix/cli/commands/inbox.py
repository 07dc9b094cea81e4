"""``tix inbox``: one step to what concerns me."""

import sys
from typing import TYPE_CHECKING, Any

from tix.cli import app
from tix.cli.commands import notification
from tix.cli.commands.list_ import KIND as TICKETS
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import queue_output
from tix.render.records import formats, queue
from tix.render.records import notifications as record_notifications
from tix.render.records.formats import Kind

if TYPE_CHECKING:
    from tix.desk.context import Desk

KIND = Kind(("tickets", "notifications"))
_PARTS = {"tickets": TICKETS, "notifications": notification.KIND}


@app.reading
def command(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """Show my open tickets and unread notifications."""
    from tix.desk import notifications
    from tix.desk.queue.home import inbox

    printer = Printer(session, output, KIND)
    desk = session.reader()
    most = printer.rows
    with desk.store.reading():
        tickets = list(queue.records(desk, inbox(desk)._replace(limit=most)))
        news = list(map(record_notifications.record, notifications.listed(desk, limit=most)))
    found = {"tickets": tickets, "notifications": news}
    wanted = printer.columns or list(found)
    match printer.format:
        case "json":
            formats.write_object(found, printer.columns, sys.stdout)
        case "jsonl":
            formats.write_jsonl([found], printer.columns, sys.stdout)
        case "ids":
            refs = dict.fromkeys(one["ref"] for name in wanted for one in found[name])
            formats.write_ids(({"ref": ref} for ref in refs), "ref", sys.stdout)
        case "table":
            _draw(printer, desk, {name: found[name] for name in wanted})
        case _:
            _blocks(printer, {name: found[name] for name in wanted})


def _blocks(printer: Printer, found: dict[str, list[dict[str, Any]]]) -> None:
    """Plain or CSV: one block after the other, an empty line between them."""
    for place, (name, records) in enumerate(found.items()):
        if place:
            sys.stdout.write("\n")
        kind = _PARTS[name]
        if printer.format == "csv":
            formats.write_csv(records, kind.fields, sys.stdout, printer.raw)
        else:
            formats.write_plain(records, kind.plain or kind.fields, sys.stdout)


def _draw(printer: Printer, desk: "Desk", found: dict[str, list[dict[str, Any]]]) -> None:
    from tix.desk import notifications
    from tix.desk.queue.home import inbox
    from tix.render.terminal import home

    tickets, news = found.get("tickets"), found.get("notifications")
    console = printer.console()
    if tickets is not None:
        home.draw_heading("Tickets", "You have no open tickets." if not tickets else None, console)
        shown = Printer(printer.session, Output(output="table"), TICKETS)
        if tickets:
            queue_output.draw(shown, desk, inbox(desk), tickets, printer.rows)
    if tickets is not None and news is not None:
        sys.stdout.write("\n")
    if news is not None:
        home.draw_heading("Notifications", "No new notifications." if not news else None, console)
        if news:
            notification.draw(printer, news, desk.now, every=False)
            waiting = notifications.unread(desk)
            less = f"Showing {len(news)} of {waiting}. " if waiting > len(news) else ""
            home.draw_hint(f"{less}To mark all as read: tix notification read --all", console)
