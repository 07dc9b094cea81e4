"""``tix unlink``."""

from __future__ import annotations

from tix.cli.tickets.link_commands import verb

command = verb("unlink", "Remove a link between two tickets.")
