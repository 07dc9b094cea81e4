"""``tix hold``."""

from tix.cli.pulling import verb

command = verb("hold", "Put tickets on hold.")
