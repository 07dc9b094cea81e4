"""``tix unlink``."""

from tix.cli.tickets.link_commands import verb

command = verb("unlink", "Take a link away.")
