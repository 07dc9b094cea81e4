"""``tix why``: why a ticket is due then."""

from typing import TYPE_CHECKING, Any

from tix.cli import app
from tix.cli.options import Output, Reference
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.render.records.formats import Kind

if TYPE_CHECKING:
    from tix.desk.tickets.why import Reasons

FIELDS = Kind(
    "ref due_at overdue source plan calendar clock_at grace_seconds running_seconds paused_seconds "
    "outside_hours_seconds holiday_seconds segments".split(),
    None,
    "ref",
)


@app.reading
def command(
    session: Session,
    reference: Reference,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Explain a ticket's due date."""
    from tix.desk.tickets import why
    from tix.domain.tickets.references import parse_reference

    printer = Printer(session, output, FIELDS)
    desk = session.reader()
    reasons = why.why(desk, parse_reference(reference))
    record = _record(reasons, desk.now)
    printer.one(record, lambda record: _draw(printer, record, desk.now))


def _record(reasons: "Reasons", now: int) -> dict[str, Any]:
    from tix.domain.times import instant

    ticket = reasons.ticket
    sums = {"running": 0, "paused": 0, "outside hours": 0, "holiday": 0}
    for segment in reasons.segments:
        sums[segment.kind] += segment.seconds
    return {
        "ref": ticket.ref,
        "due_at": None if ticket.due_at is None else instant(ticket.due_at),
        "overdue": ticket.is_overdue(now),
        "source": reasons.source,
        "plan": reasons.plan,
        "calendar": reasons.calendar,
        "clock_at": instant(reasons.clock_at),
        "grace_seconds": reasons.grace_seconds,
        **{f"{kind.replace(' ', '_')}_seconds": seconds for kind, seconds in sums.items()},
        "segments": [
            {
                "kind": segment.kind,
                "from": instant(segment.start),
                "to": instant(segment.end),
                "seconds": segment.seconds,
                "why": segment.why,
            }
            for segment in reasons.segments
        ],
    }


def _draw(printer: Printer, record: dict[str, Any], now: int) -> None:
    from tix.cli.output import zone
    from tix.render.terminal import why

    why.draw_reasons(record, now=now, zone=zone(), console=printer.console())
