"""``tix mail send``: the outbox is sent."""

from __future__ import annotations

import time
from collections.abc import Callable

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.render.records.formats import Kind
from tix.typing import Annotated

FIELDS = ("sent", "later", "failed", "uncertain", "cancelled")
KIND = Kind(FIELDS, None, "sent")


@app.prints(KIND)
@app.command
def send(
    session: Session,
    limit: Annotated[int | None, Option("--limit", min=1, metavar="N", help="Send at most N mails.")] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Send the mails of the outbox that are due."""
    from tix.mail import send as sending

    printer = Printer(session, output, KIND)
    done = sending.send(session.writer(), clock=clock(session), most=limit)
    session.say(done.words)
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(done._asdict())
    return 9 if done.failed or done.uncertain else 0


def clock(session: Session) -> Callable[[], int]:
    """Return what tells the time: the fixed one of TIX_NOW, else the clock."""
    import os

    return (lambda: session.now) if os.environ.get("TIX_NOW") else (lambda: int(time.time()))
