"""``tix resolve``."""

from tix.cli.pulling import verb

command = verb("resolve", "Say that tickets are solved.")
