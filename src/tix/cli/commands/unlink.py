"""``tix unlink``."""

from tix.cli.tickets.link_commands import verb

command = verb("unlink", "Remove a link between two tickets.")
