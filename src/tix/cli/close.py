"""``tix close``."""

from tix.cli.pulling import verb

command = verb("close", "Close tickets.")
