"""``tix demo``: a populated throw-away desk."""

import os
import sys
import tempfile
from pathlib import Path

from tix.cli import app
from tix.cli.commands import list_
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.tickets import queue_table
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.render.records import queue


@app.command
def command(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """A populated throw-away desk.

    Shows its queue and how to go on with it.
    """
    from tix.desk import demo
    from tix.render.safe import safe_line
    from tix.store import open as store_open

    printer = Printer(session, output, list_.KIND)
    path = Path(tempfile.mkdtemp(prefix="tix-demo-")) / "desk.db"
    desk = session.adopt(store_open.create_store(path))
    demo.populate(desk.store, desk.actor.person, desk.now)
    chosen = select.queue(desk, Filters(), [])
    limit = printer.rows
    records = queue.records(desk, chosen._replace(limit=limit))
    printer.records(records, lambda found: queue_table.draw(printer, desk, chosen, found, limit))
    sys.stdout.flush()
    words = sys.stdout if printer.is_table else sys.stderr
    words.write(
        f"\nA desk of a small company, made just now. To go on with it:\n\n  export TIX_STORE={safe_line(str(path))}\n"
    )
    words.write("  tix show 1\n  tix --as lan list --mine\n")
    if os.environ.get("TIX_STORE"):
        own = safe_line(os.environ["TIX_STORE"])
        words.write(f"\nYour own desk is untouched; back to it: export TIX_STORE={own}\n")
