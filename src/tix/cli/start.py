"""``tix start``."""

from tix.cli.pulling import verb

command = verb("start", "Say that work has begun.")
