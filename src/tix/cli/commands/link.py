"""``tix link``."""

from __future__ import annotations

from tix.cli.tickets.link_commands import verb

command = verb("link", "Link two tickets.")
