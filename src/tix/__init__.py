"""tix: a help desk that lives in a terminal."""

# A literal: reading the package metadata costs 30 ms, half of a whole command.
__version__ = "0.1.0"
