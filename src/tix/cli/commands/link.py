"""``tix link``."""

from tix.cli.tickets.link_commands import verb

command = verb("link", "Link two tickets.")
