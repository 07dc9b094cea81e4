"""Departments: where tickets go, and who works there."""

from tix.cli import resource_commands
from tix.desk.resources.organisation import DEPARTMENT

KIND, SHOWN = resource_commands.kinds(DEPARTMENT)
COMMANDS = resource_commands.commands(DEPARTMENT)
