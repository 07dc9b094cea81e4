"""``tix close``."""

from tix.cli.tickets.transitions import verb

command = verb("close", "Close tickets.")
