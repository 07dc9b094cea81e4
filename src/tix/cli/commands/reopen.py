"""``tix reopen``."""

from __future__ import annotations

from tix.cli.tickets.transitions import verb

command = verb("reopen", "Reopen tickets.")
