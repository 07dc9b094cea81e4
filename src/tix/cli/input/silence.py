"""Say what is read from stdin where nothing comes: an open pipe that is silent looks like a command that hangs."""

from __future__ import annotations

import sys

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.session import Session

PATIENCE_SECONDS = 1.0


def tell_if_silent(session: Session, what: str) -> None:
    """Wait a second for something on stdin; if nothing has come, print a line that names ``what`` is expected."""
    if sys.stdin is None or session.options.quiet:
        return
    try:
        import select

        ready, _, _ = select.select([sys.stdin.fileno()], [], [], PATIENCE_SECONDS)
    except (OSError, ValueError):
        return  # it is no file
    if not ready:
        end = " (ctrl-d ends it)" if sys.stdin.isatty() else ""
        session.say(f"Waiting for {what} on stdin{end} …")
