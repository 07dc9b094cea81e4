"""``tix link``."""

from tix.cli.linking import verb

command = verb("link", "Say how tickets belong together.")
