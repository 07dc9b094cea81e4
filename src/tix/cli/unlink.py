"""``tix unlink``."""

from tix.cli.linking import verb

command = verb("unlink", "Take a link away.")
