"""``tix resolve``."""

from __future__ import annotations

from tix.cli.tickets.transitions import verb

command = verb("resolve", "Mark tickets as resolved.")
