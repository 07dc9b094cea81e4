"""Ticket types: what kinds of ticket there are."""

from tix.cli import resource_commands
from tix.desk.resources.catalog import TYPE

KIND, SHOWN = resource_commands.kinds(TYPE)
COMMANDS = resource_commands.commands(TYPE)
