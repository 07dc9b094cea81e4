"""``tix tick``: for cron; safe to run twice or never."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tix.cli import app
from tix.cli.errors import report, wants_json
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.errors import TixError
from tix.render.records.formats import Kind

if TYPE_CHECKING:
    from tix.desk.context import Desk

FIELDS = ("closed", "overdue", "woken", "scheduled", "sent")
_EVENTS = ("status-changed", "overdue", "woken", "scheduled")


@app.command
def command(session: Session, output: Output = Output()) -> int:  # noqa: B008  # an immutable value
    """Apply everything that is due (for cron)."""
    from tix.desk.tick import tick

    printer = Printer(session, output, Kind(FIELDS, None, "closed"))
    desk = session.reader()
    failures: list[TixError] = []
    done = tick(desk, failures.append)
    record = {name: done[event] for name, event in zip(FIELDS, _EVENTS, strict=False)}
    record["sent"] = _sent(session, desk, failures.append)
    session.say(", ".join(f"{count} {name}" for name, count in record.items()))
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(record)
    for error in failures:
        report(error, wants_json(session.early.argv))
    return 9 if failures else 0


def _sent(session: Session, desk: "Desk", failed: "Callable[[TixError], None]") -> int:
    """Send the outbox where a server for it is set; return how many mails were sent."""
    if desk.settings.name("mail.smtp.host") is None:
        return 0
    from tix.cli.mail.send import clock
    from tix.mail.send import send

    try:
        return send(desk, clock=clock(session)).sent
    except TixError as error:
        failed(error)
        return 0
