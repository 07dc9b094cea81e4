"""``tix tick``: for cron; safe to run twice or never."""

from __future__ import annotations

from tix.cli import app
from tix.cli.errors import report
from tix.cli.messages import wants_json
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.errors import TixError
from tix.render.records.formats import Kind

FIELDS = ("closed", "overdue", "woken", "scheduled", "sent")
EVENTS = ("status-changed", "overdue", "woken", "scheduled", "sent")


@app.prints(Kind(FIELDS, None, "closed"))
@app.command
def command(session: Session, output: Output = Output()) -> int:  # noqa: B008  # an immutable value
    """Apply everything that is due (for cron)."""
    from tix.cli.mail.send import clock
    from tix.mail.tick import tick

    printer = Printer(session, output, Kind(FIELDS, None, "closed"))
    desk = session.reader()
    failures: list[TixError] = []
    done = tick(desk, clock=clock(session), failed=failures.append)
    record = {name: done[event] for name, event in zip(FIELDS, EVENTS, strict=True)}
    session.say(", ".join(f"{count} {name}" for name, count in record.items()))
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(record)
    for error in failures:
        report(error, wants_json(session.early.argv))
    return 9 if failures else 0
