"""``tix hold``."""

from tix.cli.tickets.transitions import verb

command = verb("hold", "Put tickets on hold.")
