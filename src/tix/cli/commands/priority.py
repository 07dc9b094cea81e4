"""Priorities: how urgent tickets are; tickets of a higher rank come first in the queue."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.catalog import PRIORITY

KIND, SHOWN = resource_commands.kinds(PRIORITY)
COMMANDS = resource_commands.commands(PRIORITY)
