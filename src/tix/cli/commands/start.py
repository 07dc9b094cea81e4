"""``tix start``."""

from __future__ import annotations

from tix.cli.tickets.transitions import verb

command = verb("start", "Mark tickets as in progress.")
