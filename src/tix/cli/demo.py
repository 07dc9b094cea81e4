"""``tix demo``: a populated throw-away desk."""

import os
import sys
import tempfile
from pathlib import Path

from tix.cli import arguments, list_, selecting
from tix.cli.arguments import Output
from tix.cli.filters import Filters
from tix.cli.printing import Printer
from tix.cli.session import Session


@arguments.command
def command(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """A populated throw-away desk.

    Shows its queue and how to go on with it.
    """
    from tix.desk import demo
    from tix.store import open as store_open

    printer = Printer(session, output, list_.KIND)
    path = Path(tempfile.mkdtemp(prefix="tix-demo-")) / "desk.db"
    desk = session.adopt(store_open.create_store(path))
    demo.populate(desk.store, desk.actor.person, desk.now)
    chosen = selecting.queue(desk, Filters(), [])
    limit = list_.TABLE_ROWS if printer.is_table else -1
    records = selecting.records(desk, chosen._replace(limit=limit))
    printer.records(records, lambda found: selecting.draw(printer, desk, chosen, found, limit))
    sys.stdout.flush()
    words = sys.stdout if printer.is_table else sys.stderr
    words.write(
        f"\nA desk of a small company, made just now. To go on with it:\n\n  export TIX_STORE={path}\n"
    )
    words.write("  tix show 1\n  tix --as lan list --mine\n")
    if os.environ.get("TIX_STORE"):
        words.write(f"\nYour own desk is untouched; back to it: export TIX_STORE={os.environ['TIX_STORE']}\n")
