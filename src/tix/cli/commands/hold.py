"""``tix hold``."""

from __future__ import annotations

from tix.cli.tickets.transitions import verb

command = verb("hold", "Put tickets on hold.")
