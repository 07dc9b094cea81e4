"""``tix start``."""

from tix.cli.tickets.transitions import verb

command = verb("start", "Say that work has begun.")
