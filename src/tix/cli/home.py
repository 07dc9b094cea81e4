"""``tix`` alone: an overview of my tickets; without a desk, an introduction; piped, the help."""

from __future__ import annotations

from tix.cli.app import Command
from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.session import Session
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS
from tix.words.sentence import Said


def home(session: Session) -> int:
    """The first screen, on a terminal."""
    from tix.desk.queue.home import overview
    from tix.render.records import queue
    from tix.render.terminal import home as terminal_home

    printer = Printer(session, Output(), Kind(LIST_FIELDS, None, "ref"))
    desk = session.reader()
    if not desk.store.exists:
        terminal_home.draw_welcome(printer.console())
        return 0
    counts, urgent, is_mine = overview(desk)
    tickets = list(queue.records(desk, urgent))
    if desk.actor.is_staff:
        commands = [
            ("tix list --unassigned", Said("list unassigned tickets")),
            ("tix show ID", Said("show a ticket and its thread")),
            ("tix reply ID", Said("reply to a ticket")),
        ]
    else:
        commands = [
            ("tix new", Said("create a ticket")),
            ("tix list --all", Said("list all your tickets")),
            ("tix show ID", Said("show a ticket and its thread")),
        ]
    if tickets and not is_mine:
        number = tickets[0]["number"]
        commands = [
            (f"tix claim {number}", Said("assign the most urgent one to yourself")),
            (f"tix show {number}", Said("show it and its thread")),
            ("tix list --unassigned", Said("list all unassigned tickets")),
        ]
    if counts["unread"]:
        commands = [("tix inbox", Said("show your tickets and notifications")), *commands[:2]]
    terminal_home.draw_home(
        name=desk.actor.person.name,
        counts=counts,
        tickets=tickets,
        is_mine=is_mine,
        next_commands=commands,
        now=desk.now,
        zone=zone(),
        console=printer.console(),
    )
    return 0


command = Command(home)
