"""Priorities: how urgent a ticket can be; the higher the rank, the earlier in the queue."""

from tix.cli import nouns
from tix.desk.resources.catalog import PRIORITY

KIND, SHOWN = nouns.kinds(PRIORITY)
COMMANDS = nouns.commands(PRIORITY)
