"""``tix start``."""

from tix.cli.tickets.transitions import verb

command = verb("start", "Mark tickets as in progress.")
