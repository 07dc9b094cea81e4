"""``tix demo``: make a temporary desk with made-up tickets."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tix.cli import app
from tix.cli.commands import list_
from tix.cli.messages import wants_json
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.cli.tickets import queue_output
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.render.records import queue


@app.prints(list_.KIND)
@app.unpaged
def command(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """Make a demo desk with made-up tickets.

    It goes into a temporary folder. Shows its queue and the commands to try next.
    """
    from tix.desk import demo
    from tix.render.safe import safe_line

    printer = Printer(session, output, list_.KIND)
    path = Path(tempfile.mkdtemp(prefix="tix-demo-")) / "desk.db"
    desk = session.create(path)
    with Progress(session, "Making the desk"):
        demo.populate(desk.store, desk.actor.person, desk.now)
    chosen = select.queue(desk, Filters(), [])
    limit = printer.rows
    records = queue.records(desk, chosen._replace(limit=limit))
    printer.records(
        records,
        lambda found: queue_output.draw(printer, found, select.left_out(desk, chosen, len(found), limit)),
    )
    sys.stdout.flush()
    if wants_json(session.early.argv):
        session.say("\n".join(_next_steps(path)).strip())
        return
    words = sys.stdout if printer.is_table else sys.stderr
    words.write("".join(f"{safe_line(line)}\n" for line in _next_steps(path)))


def _next_steps(path: Path) -> list[str]:
    """The lines below the queue; each indented one is a command that can be pasted into a shell."""
    own = os.environ.get("TIX_STORE")
    return [
        "",
        "This is a demo desk with made-up tickets. To try it, paste:",
        "",
        *_on_path(),
        f"  export TIX_STORE={shlex.quote(str(path))}",
        "  tix show 1",
        "  tix --as lan list --mine",
        "",
        "Your own desk is not touched. To go back to it and delete the demo:",
        "",
        f"  export TIX_STORE={shlex.quote(own)}" if own else "  unset TIX_STORE",
        f"  rm -r {shlex.quote(str(path.parent))}",
    ]


def _on_path() -> list[str]:
    """The line that makes `tix` this program in the reader's shell; none where it is already."""
    started = Path(sys.argv[0])
    program = (
        started if started.name == "tix" and started.is_file() else Path(sys.executable).with_name("tix")
    )
    if not program.is_file():
        return [f'  tix() {{ {shlex.quote(sys.executable)} -m tix "$@"; }}']
    found = shutil.which("tix")
    if found is not None and Path(found).samefile(program):
        return []
    return [f'  export PATH={shlex.quote(str(program.parent.absolute()))}:"$PATH"']
