"""``tix tick``: for cron; safe to run twice or never."""

from tix.cli import arguments
from tix.cli.arguments import Output
from tix.cli.printing import Kind, Printer
from tix.cli.session import Session

FIELDS = ("closed", "overdue", "woken")


@arguments.command
def command(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """Record everything that has fallen due."""
    from tix.desk.ticking import tick

    printer = Printer(session, output, Kind(FIELDS, None, "closed"))
    desk = session.reader()
    done = tick(desk)
    record = {"closed": done["status-changed"], "overdue": done["overdue"], "woken": done["woken"]}
    session.say(f"{record['closed']} closed, {record['overdue']} overdue, {record['woken']} woken")
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(record)
