"""Priorities: how urgent a ticket can be; the higher the rank, the earlier in the queue."""

from tix.cli import resource_commands
from tix.desk.resources.catalog import PRIORITY

KIND, SHOWN = resource_commands.kinds(PRIORITY)
COMMANDS = resource_commands.commands(PRIORITY)
