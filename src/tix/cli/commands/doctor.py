"""``tix doctor``: is the desk healthy, and what is in force."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.render.records.formats import Kind
from tix.typing import Any

KIND = Kind(("name", "status", "detail"))


@app.prints(KIND)
@app.reading
def command(session: Session, output: Output = Output()) -> int:  # noqa: B008  # an immutable value
    """Check the health of the store and the setup."""
    from tix.desk import doctor

    printer = Printer(session, output, KIND)
    with Progress(session, "Checking the desk"):
        facts: list[dict[str, Any]] = [finding._asdict() for finding in doctor.findings(session.reader())]
    printer.records(facts)
    failed = [fact["name"] for fact in facts if fact["status"] == "failed"]
    if failed:
        session.say(f"Failed checks: {', '.join(failed)}.")
    return 8 if failed else 0
