"""``tix resolve``."""

from tix.cli.tickets.transitions import verb

command = verb("resolve", "Say that tickets are solved.")
