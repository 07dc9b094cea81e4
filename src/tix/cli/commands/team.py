"""Teams: people who share tickets."""

from tix.cli import resource_commands
from tix.desk.resources.organisation import TEAM

KIND, SHOWN = resource_commands.kinds(TEAM)
COMMANDS = resource_commands.commands(TEAM)
