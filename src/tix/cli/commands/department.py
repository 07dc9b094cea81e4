"""Departments: where tickets go, and who works there."""

from __future__ import annotations

from tix.cli import resource_commands
from tix.desk.resources.organisation import DEPARTMENT

KIND, SHOWN = resource_commands.kinds(DEPARTMENT)
COMMANDS = resource_commands.commands(DEPARTMENT)
