"""Assets: things tickets are about."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.catalog import ASSET

KIND, SHOWN = resource_commands.kinds(ASSET)
COMMANDS = resource_commands.commands(ASSET)
