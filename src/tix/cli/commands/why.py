"""``tix why``: why a ticket is due then."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Output, Reference
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.render.records.formats import Kind
from tix.typing import Any

FIELDS = Kind(
    "ref due_at overdue source plan calendar clock_at grace_seconds running_seconds paused_seconds "
    "outside_hours_seconds holiday_seconds segments".split(),
    None,
    "ref",
)


@app.prints(FIELDS)
@app.reading
def command(
    session: Session,
    reference: Reference,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Explain a ticket's due date."""
    from tix.domain.tickets.references import parse_reference

    printer = Printer(session, output, FIELDS)
    reasons = session.records.why(parse_reference(reference))
    printer.one(reasons, lambda found: _draw(printer, found, session.now))


def _draw(printer: Printer, record: dict[str, Any], now: int) -> None:
    from tix.cli.output import zone
    from tix.render.terminal import why

    why.draw_reasons(record, now=now, zone=zone(), console=printer.console())
