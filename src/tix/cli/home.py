"""``tix`` alone: one screen of what concerns me; without a desk what tix is; piped, the help."""

import sys
from typing import Any

from tix.cli.options import Output
from tix.cli.output import Kind, Printer, zone
from tix.cli.session import Session
from tix.render.records.tickets import LIST_FIELDS


def home(session: Session, ctx: Any) -> int:
    """The first screen."""
    if not session.on_terminal:
        sys.stdout.write(ctx.get_help() + "\n")
        return 0
    from tix.desk import notifications
    from tix.desk.queue import select
    from tix.render.records import queue as record_queue
    from tix.render.terminal import home as terminal_home
    from tix.store.search import queue

    printer = Printer(session, Output(), Kind(LIST_FIELDS, None, "ref"))
    desk = session.reader()
    if not desk.store.exists:
        terminal_home.draw_welcome(printer.console())
        return 0

    def count(**filters: Any) -> int:
        return select.count(desk, queue.Selection({desk.queue: None, **filters}))

    counts = {"open": count(), "overdue": count(overdue=None)}
    mine: dict[str, Any] = {desk.queue: None}
    if desk.actor.is_staff:
        counts |= {"unassigned": count(unassigned=None), "mine": count(mine=None)}
        mine["mine"] = None
        commands = [
            ("tix list --unassigned", "list unassigned tickets"),
            ("tix show ID", "show a ticket and its thread"),
            ("tix reply ID", "reply to a ticket"),
        ]
    else:
        commands = [
            ("tix new", "create a ticket"),
            ("tix list --all", "list all your tickets"),
            ("tix show ID", "show a ticket and its thread"),
        ]
    news = notifications.unread(desk)
    counts["unread"] = news
    if news:
        commands = [("tix inbox", "show your tickets and notifications"), *commands[:2]]
    urgent = list(record_queue.records(desk, queue.Selection(mine, None, 5)))
    terminal_home.draw_home(
        name=desk.actor.person.name,
        counts=counts,
        tickets=urgent,
        next_commands=commands,
        now=desk.now,
        zone=zone(),
        console=printer.console(),
    )
    return 0
