"""``tix reopen``."""

from tix.cli.tickets.transitions import verb

command = verb("reopen", "Reopen tickets.")
