"""``tix reopen``."""

from tix.cli.pulling import verb

command = verb("reopen", "Open tickets again.")
