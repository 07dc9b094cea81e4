"""``tix close``."""

from __future__ import annotations

from tix.cli.tickets.transitions import verb

command = verb("close", "Close tickets.")
