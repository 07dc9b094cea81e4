"""``tix resolve``."""

from tix.cli.tickets.transitions import verb

command = verb("resolve", "Mark tickets as resolved.")
