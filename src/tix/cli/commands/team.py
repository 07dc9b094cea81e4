"""Teams: people who share tickets."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.organisation import TEAM

KIND, SHOWN = resource_commands.kinds(TEAM)
COMMANDS = resource_commands.commands(TEAM)
